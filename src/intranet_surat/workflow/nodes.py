"""From YAML text to a tree in which every value is text and knows its place.

Read through the parser's events, never constructed: there are no types to guess, no tags, no anchors and
no aliases, and the size is bounded before anything else looks at the tree. What the keys mean is not
known here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from intranet_surat.workflow.findings import Found, quoted
from intranet_surat.workflow.model import Mark

LARGEST_FILE = 512 * 1024
DEEPEST = 64
MOST_NODES = 50_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Control characters, zero-width and direction marks, line separators, surrogates, non-characters: what
# can hide or turn round what a reader of the file believes to read. Tab, line feed and return are YAML's.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ufff9-\uffff]"
)


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, always text. ``mark`` is the place of its first character, after an opening quote."""

    text: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping with its value."""

    key: Text
    value: Node


@dataclass(slots=True)
class Pairs:
    """A mapping, in the order of the file."""

    mark: Mark
    entries: dict[str, Entry] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())


@dataclass(slots=True)
class Items:
    """A sequence."""

    mark: Mark
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Broken:
    """What stood here was refused and told already; whoever meets it stays silent."""

    mark: Mark


Node = Text | Pairs | Items | Broken

# What PyYAML says, and what a designer needs to hear. The first that fits is taken.
_HINTS = (
    ("mapping values are not allowed", "Titik dua di tengah kalimat harus diapit tanda kutip."),
    ("cannot start any token", "Tanda ini tidak dapat mengawali isi; pakai spasi, bukan tab, atau apit dengan kutip."),
    ("unexpected end of stream", "Tanda kutip tidak ditutup."),
    ("found unexpected end", "Tanda kutip tidak ditutup."),
    ("expected ',' or", "Kurung tidak ditutup, atau koma kurang."),
    ("did not find expected ',' or", "Kurung tidak ditutup, atau koma kurang."),
    ("expected <block end>", "Baris ini tidak sejajar dengan baris sebelumnya, atau tanda '- ' kurang."),
    ("did not find expected key", "Baris ini tidak sejajar dengan baris sebelumnya, atau kutip dan kurung kurang."),
    ("could not find expected ':'", "Titik dua sesudah kunci tidak ada."),
    ("tab", "Pakai spasi, bukan tab."),
)


def compose(text: str, source: str, found: Found) -> Pairs | None:
    """The tree of a flow file; what is wrong is added to ``found``.

    Returns None when nothing can be read: too large, not YAML, or no mapping at its root.
    """
    if not _readable(text, source, found):
        return None
    composer = _Composer(source, found)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if not composer.take(event):
                return None
    except yaml.YAMLError as error:
        _not_yaml(error, source, found)
        return None
    root = composer.root
    if isinstance(root, Pairs):
        return root
    if not isinstance(root, Broken):
        mark = root.mark if root is not None else Mark(source, 1, 1)
        found.add(mark, "Berkas alur harus berupa kunci dan isi, misalnya 'flow: surat/1'.", rule="root")
    return None


def plain(node: Node) -> Any:
    """A value as plain text, lists and dictionaries."""
    if isinstance(node, Pairs):
        return {entry.key.text: plain(entry.value) for entry in node}
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return node.text if isinstance(node, Text) else ""


def marks(text: str, source: str) -> Pairs:
    """The tree of a text that was accepted before, for looking up places."""
    return compose(text, source, Found()) or Pairs(Mark(source, 1, 1))


def _readable(text: str, source: str, found: Found) -> bool:
    """Size and characters, before the parser sees the text."""
    if len(text) > LARGEST_FILE or len(text.encode("utf-8", "surrogatepass")) > LARGEST_FILE:
        size = f"{LARGEST_FILE // 1024} kB"
        found.add(Mark(source, 1, 1), f"Berkas alur lebih besar dari {size}; pecah atau ringkas.", rule="size")
        return False
    fine = True
    for number, line in enumerate(text.split("\n"), start=1):
        for match in FORBIDDEN.finditer(line):
            code = f"U+{ord(match[0]):04X}"
            message = f"Tanda tak terlihat {code} tidak boleh ada di berkas alur; hapus tanda itu."
            found.add(Mark(source, number, match.start() + 1), message, rule="characters")
            fine = False
        if not unicodedata.is_normalized("NFC", line):
            message = "Huruf beraksen di baris ini tersusun dari dua tanda; ketik ulang (Unicode NFC)."
            found.add(Mark(source, number, 1), message, rule="characters")
            fine = False
    return fine


def _not_yaml(error: yaml.YAMLError, source: str, found: Found) -> None:
    at = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or "unreadable")
    hint = next((sentence for words, sentence in _HINTS if words in problem), f"Parser: {problem}.")
    place = Mark(source, at.line + 1, at.column + 1) if at is not None else Mark(source, 1, 1)
    found.add(place, f"Berkas berhenti terbaca di sini. {hint}", rule="yaml")


class _Composer:
    """Builds the tree from events on a stack of its own, so that depth costs no recursion."""

    def __init__(self, source: str, found: Found) -> None:
        self.source = source
        self.found = found
        self.root: Node | None = None
        self.stack: list[Pairs | Items] = []
        self.keys: list[Text | Broken | None] = []  # the key that waits for its value, per open mapping
        self.count = 0
        self.documents = 0

    def take(self, event: Any) -> bool:
        """Takes one event; False means that reading on makes no sense."""
        mark = Mark(self.source, event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.DocumentStartEvent):
            return self._document(event, mark)
        if isinstance(event, yaml.ScalarEvent):
            self._decorated(event, mark)
            self._place(self._text(event, mark))
        elif isinstance(event, yaml.AliasEvent):
            message = "Alias (*nama) tidak dipakai di berkas alur; tulis isinya."
            self.found.add(mark, message, rule="anchor")
            self._place(Broken(mark))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._decorated(event, mark)
            return self._open(Pairs(mark) if isinstance(event, yaml.MappingStartEvent) else Items(mark))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._place(self._close())
        return self._bounded(mark)

    def _document(self, event: Any, mark: Mark) -> bool:
        self.documents += 1
        if self.documents > 1:
            message = "Satu berkas memuat satu alur; hapus pemisah '---' atau pindahkan isinya ke berkas lain."
            self.found.add(mark, message, rule="documents")
            return False
        if event.tags:
            self.found.add(mark, "Arahan %TAG tidak dipakai di berkas alur.", rule="tag")
        return True

    def _bounded(self, mark: Mark) -> bool:
        if self.count <= MOST_NODES:
            return True
        message = f"Berkas alur memuat lebih dari {MOST_NODES} isi; sebuah alur jauh lebih kecil."
        self.found.add(mark, message, rule="size")
        return False

    def _decorated(self, event: Any, mark: Mark) -> None:
        if event.anchor is not None:
            self.found.add(mark, "Jangkar (&nama) tidak dipakai di berkas alur; hapus jangkar itu.", rule="anchor")
        if event.tag is not None:
            message = f"Tag {quoted(event.tag)} tidak dipakai di berkas alur; semua isi adalah teks."
            self.found.add(mark, message, rule="tag")

    def _text(self, event: Any, mark: Mark) -> Text | Broken:
        inside = 1 if event.style in ("'", '"') else 0
        at = Mark(mark.file, mark.line, mark.column + inside)
        hidden = FORBIDDEN.search(event.value)
        if hidden is not None or not unicodedata.is_normalized("NFC", event.value):
            code = f"U+{ord(hidden[0]):04X}" if hidden is not None else "di luar Unicode NFC"
            self.found.add(at, f"Isi ini memuat tanda tak terlihat {code}; hapus tanda itu.", rule="characters")
            return Broken(at)
        return Text(event.value, at)

    def _open(self, node: Pairs | Items) -> bool:
        if len(self.stack) >= DEEPEST:
            message = f"Isi bertingkat lebih dari {DEEPEST} kali; sebuah alur jauh lebih datar."
            self.found.add(node.mark, message, rule="size")
            return False
        self.stack.append(node)
        self.keys.append(None)
        return True

    def _close(self) -> Pairs | Items:
        self.keys.pop()
        return self.stack.pop()

    def _place(self, node: Node) -> None:
        """Puts a finished node where it belongs: root, item, key or value."""
        self.count += 1
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if isinstance(top, Items):
            top.items.append(node)
        elif self.keys[-1] is None:
            self.keys[-1] = self._key(node)
        else:
            key, self.keys[-1] = self.keys[-1], None
            if isinstance(key, Text):
                self._entry(top, key, node)

    def _key(self, node: Node) -> Text | Broken:
        if isinstance(node, Text):
            return node
        if not isinstance(node, Broken):
            self.found.add(node.mark, "Kunci harus berupa satu kata.", rule="key")
        return Broken(node.mark)

    def _entry(self, pairs: Pairs, key: Text, value: Node) -> None:
        first = pairs.entries.get(key.text)
        if first is None:
            pairs.entries[key.text] = Entry(key, value)
            return
        message = f"Kunci {quoted(key.text)} sudah ada di baris {first.key.mark.line}; hapus salah satu."
        self.found.add(key.mark, message, rule="duplicate-key")
