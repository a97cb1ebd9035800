"""A flow that extends another one: the base's tree with the office's changes, as far as the base opens them.

The tree is merged node by node, each with its place, so that a finding and an origin point into the right
file. What counts as narrower is known in `workflow.narrowing`, how a state is inserted in `workflow.inserting`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intranet_surat.workflow import inserting, language
from intranet_surat.workflow.findings import FlowError, quoted
from intranet_surat.workflow.loader_block import Block
from intranet_surat.workflow.loader_reading import Reading
from intranet_surat.workflow.loader_tests import INCLUDE
from intranet_surat.workflow.loader_values import READERS
from intranet_surat.workflow.model import Flow, Mark, Opening
from intranet_surat.workflow.narrowing import Objection, Words, at, narrower, shorter
from intranet_surat.workflow.nodes import Broken, Entry, Items, Node, Pairs, Text, marks

Bases = Callable[[str, int], Flow | None]
"""Finds a flow by id and version; may raise the FlowError of a file that holds it with findings."""

MOST_CHANGES = 200
HEAD = ("flow", "id", "version", "title", "applies_to")
"""Keys that an office's file has of its own; everything else it changes."""
_OWN = (*HEAD, "extends", "change", "tests", "migrate")
_ADDED = ("cast", "rules", "forms")
"""Where an office may add names: nothing of the base refers to them."""
_NOT_INHERITED = ("open", "migrate")
_NAMED_KEYS = ("set", "remove", "insert_between")


def extends(tree: Pairs) -> bool:
    """Whether the file changes another flow."""
    return "extends" in tree.entries


def resolve(reading: Reading, tree: Pairs, bases: Bases | None, words: Words = None) -> tuple[Pairs, str] | None:
    """The whole tree, and ``id@version`` of the base; None when there is no base to change.

    Changes that are refused are findings and left out, so that the rest can still be read.
    """
    base = _base(reading, tree, bases)
    if base is None:
        return None
    root = marks(base.text, base.source)
    _Extension(reading, base, root, words).change(tree)
    return root, f"{base.id}@{base.version}"


def _base(reading: Reading, tree: Pairs, bases: Bases | None) -> Flow | None:
    entry = tree.entries["extends"]
    named = _take(reading, language.ROOT, tree, "extends")
    if named is None:
        return None
    name = f"{named[0]}@{named[1]}"
    try:
        base = bases(*named) if bases is not None else None
    except FlowError as error:
        mark = error.findings[0].mark
        message = f"Alur dasar {quoted(name)} sendiri mempunyai temuan ({mark.file}:{mark.line}); perbaiki itu dulu."
        reading.found.add(entry.value.mark, message, rule="extends")
        return None
    if base is None:
        reading.found.add(entry.value.mark, f"Alur dasar {quoted(name)} tidak ditemukan.", rule="extends")
        return None
    if base.base is not None:
        message = f"Alur {quoted(name)} sendiri mengubah {base.base}; ubahlah {base.base} langsung."
        reading.found.add(entry.value.mark, message, rule="extends", accepted=(base.base,))
        return None
    return base


def _take(reading: Reading, place: str, pairs: Pairs, key: str) -> Any:
    """The value of a key that is there, typed as the table says."""
    keyword = language.at(place)[key]
    return READERS[keyword.type](reading, keyword, pairs.entries[key].value)


class _Extension:
    """One office's file being laid over its base; ``root`` is the base's tree and is changed in place."""

    def __init__(self, reading: Reading, base: Flow, root: Pairs, words: Words) -> None:
        self.reading = reading
        self.found = reading.found
        self.base = base
        self.root = root
        self.words = words
        self.opened = tuple(opening for opening in base.open if opening.between is None)
        self.between = tuple(opening.between for opening in base.open if opening.between is not None)
        self.changed: dict[tuple[str, ...], int] = {}
        self.inserted: list[str] = []

    def change(self, tree: Pairs) -> None:
        """All that the office's file says."""
        for entry in tree:
            if entry.key.text not in _OWN:
                self._strange(entry.key)
        if "change" in tree.entries:
            for node in _take(self.reading, language.ROOT, tree, "change")[: MOST_CHANGES + 1]:
                if len(self.changed) >= MOST_CHANGES:
                    message = f"'change' memuat lebih dari {MOST_CHANGES} perubahan; tulislah alur sendiri."
                    self.found.add(node.mark, message, rule="size")
                    break
                self._line(node)
        self._head(tree)
        self._tests(tree)

    def _strange(self, key: Text) -> None:
        known = key.text in language.at(language.ROOT)
        message = (
            f"'{key.text}' milik alur dasar; ubah dengan 'change', misalnya {{set: {key.text}..., to: ...}}."
            if known
            else f"Kunci {quoted(key.text)} tidak dikenal di sini (alur)."
        )
        rule = "extends" if known else "unknown-key"
        self.found.add(key.mark, message, rule=rule, accepted=_OWN, meant=None if known else key.text)

    def _line(self, node: Node) -> None:
        """One item of ``change``."""
        pairs = self.reading.pairs(node, "Sebuah perubahan")
        if pairs is None:
            return
        insertion = "insert_between" in pairs.entries
        mine = {key: one for key, one in pairs.entries.items() if not insertion or key in language.at("change")}
        block = Block(self.reading, Pairs(pairs.mark, mine), "change", "butir 'change'")
        kind = block.exactly_one(_NAMED_KEYS, "Sebuah perubahan")
        value = block.take(kind) if kind is not None else None
        if value is None:
            return
        if ("to" in block) != (kind == "set") or ("state" in block) != (kind == "insert_between"):
            wanted = {"set": "'set' bersama 'to'", "remove": "'remove' sendirian"}
            message = f"Perubahan ini tidak lengkap: {wanted.get(str(kind), 'insert_between bersama state')}."
            self.found.add(pairs.mark, message, rule="missing-key")
        elif kind == "insert_between":
            name, rest = block.take("state"), {key: one for key, one in pairs.entries.items() if key not in mine}
            if name is not None:
                self._insert(value, Text(name, block.at("state")), Pairs(pairs.mark, rest), block.at(kind))
        else:
            new = _take(self.reading, "change", pairs, "to") if kind == "set" else None
            self._edit(value, new, block.at(str(kind)))

    def _insert(self, between: tuple[str, str], name: Text, state: Pairs, mark: Mark) -> None:
        self.changed[("insert", name.text, str(len(self.changed)))] = mark.line
        if between not in self.between:
            message = f"Di antara '{between[0]}' dan '{between[1]}' tidak boleh disisipi: {self._lock()}."
            accepted = [f"[{first}, {last}]" for first, last in self.between]
            self.found.add(mark, message, rule="locked", accepted=accepted, meant=f"[{between[0]}, {between[1]}]")
        elif inserting.insert(self.root, between, name, state, mark, self.found):
            self.inserted.append(name.text)

    def _lock(self) -> str:
        entry = self.root.entries.get("open")
        where = at(entry.value) if entry is not None else self.base.source
        return f"yang terbuka ditulis di {self.base.id}@{self.base.version} ({where})"

    def _edit(self, path: tuple[str, ...], new: Node | None, mark: Mark) -> None:
        """Set or remove (``new`` None) what stands under the path, if that is opened."""
        if path in self.changed:
            message = f"'{'.'.join(path)}' sudah diubah di baris {self.changed[path]}."
            self.found.add(mark, message, rule="duplicate-key")
            return
        self.changed[path] = mark.line
        if isinstance(new, Broken):
            return
        if path[0] in HEAD:
            message = f"'{path[0]}' ditulis langsung di berkas ini, tidak di 'change'."
            self.found.add(mark, message, rule="extends")
            return
        place = self._place(path, mark, making=new is not None)
        if place is None:
            return
        parent, depth = place
        there = parent.entries.get(path[depth])
        old = there.value if there is not None and depth == len(path) - 1 else None
        if not self._permitted(path, old, new, mark):
            return
        if new is None:
            del parent.entries[path[depth]]
            return
        for word in reversed(path[depth + 1 :]):
            new = Pairs(new.mark, {word: Entry(Text(word, mark), new)})
        parent.entries[path[depth]] = Entry(there.key if there is not None else Text(path[depth], mark), new)

    def _place(self, path: tuple[str, ...], mark: Mark, *, making: bool) -> tuple[Pairs, int] | None:
        """The mapping that is changed, and which word of the path is its key; a finding when there is none.

        With ``making`` a key that the base leaves out may be named, as far as the language has it.
        """
        node: Node | None = self.root
        places: tuple[str, ...] = (language.ROOT,)
        found: tuple[Pairs, int] | None = None
        offset = 0
        for depth, word in enumerate(path):
            here = node.entries if isinstance(node, Pairs) else {}
            keys = {key for place in places for key in language.at(place)}
            named = any(place.endswith(language.ANY) for place in places)
            if word not in here and not (making and (word in keys or (named and depth == len(path) - 1))):
                above = f"'{'.'.join(path[:depth])}'" if depth else "alur dasar"
                accepted = [*here, *sorted(keys - set(here) if making else ())]
                at_word = Mark(mark.file, mark.line, mark.column + offset)
                message = f"{quoted(word)} tidak ada di {above}."
                self.found.add(at_word, message, rule="path", accepted=accepted, meant=word)
                return None
            if isinstance(node, Pairs):
                found = node, depth
            node = here[word].value if word in here else None
            places, offset = language.inside(places, word), offset + len(word) + 1
        return found

    def _permitted(self, path: tuple[str, ...], old: Node | None, new: Node | None, mark: Mark) -> bool:
        """Whether one of the openings covers the path and takes the new value; else the finding says which does not."""
        if len(path) == len(("cast", "name")) and path[0] in _ADDED and old is None:
            return True
        objection: Objection | None = None
        for opening in self.opened:
            if _covers(opening, path):
                objection = self._objection(opening.change, old, new, path[-1], mark)
                if objection is None:
                    return True
        if objection is not None:
            self.found.add(
                objection.mark, objection.message, rule=f"not-{self._change(path)}", suggestion=objection.suggestion
            )
            return False
        where = f" ({at(old)})" if old is not None else ""
        message = f"'{'.'.join(path)}' terkunci di kabupaten{where}: {self._lock()}."
        accepted = [".".join(opening.path) for opening in self.opened]
        value = old.text if isinstance(old, Text) and new is not None else None
        self.found.add(mark, message, rule="locked", accepted=accepted, suggestion=value)
        return False

    def _change(self, path: tuple[str, ...]) -> str:
        return next(opening.change for opening in reversed(self.opened) if _covers(opening, path))

    def _objection(self, change: str, old: Node | None, new: Node | None, key: str, mark: Mark) -> Objection | None:
        if change == "free":
            return None
        if new is None:
            where = f" ({at(old)})" if old is not None else ""
            return Objection(mark, f"'{key}' di kabupaten{where} tidak boleh dihapus.")
        return shorter(old, new, key) if change == "shorter" else narrower(old, new, key, self.words)

    def _head(self, tree: Pairs) -> None:
        """What the office's file has of its own."""
        own, base = tree.entries, self.root.entries
        for key in _NOT_INHERITED:
            base.pop(key, None)
        if "applies_to" in own and "applies_to" in base:
            objection = narrower(base["applies_to"].value, own["applies_to"].value, "applies_to", None)
            if objection is not None:
                self.found.add(objection.mark, objection.message, rule="not-narrower", suggestion=objection.suggestion)
        name = own["id"].value if "id" in own else None
        if isinstance(name, Text) and name.text == self.base.id:
            message = f"'id' harus berbeda dari alur dasar, misalnya '{self.base.id}-rsud'."
            self.found.add(name.mark, message, rule="extends")
        for key in ("flow", "id", "version"):
            base.pop(key, None)
        head = {key: own.get(key) or base.get(key) for key in HEAD}
        rest = {key: entry for key, entry in base.items() if key not in HEAD}
        self.root.entries = {key: entry for key, entry in {**head, **rest}.items() if entry is not None}
        self.root.mark = tree.mark
        if "migrate" in own:
            self.root.entries["migrate"] = own["migrate"]

    def _tests(self, tree: Pairs) -> None:
        """The office's tests; with ``include: base`` those of the base first, passing through what was inserted."""
        theirs = self.root.entries.pop("tests", None)
        inherited = theirs.value.entries if theirs is not None and isinstance(theirs.value, Pairs) else {}
        entry = tree.entries.get("tests")
        own = self.reading.pairs(entry.value, "'tests'") if entry is not None else None
        if entry is None or own is None:
            return
        tests = dict(own.entries)
        include = tests.get(INCLUDE)
        if include is not None and isinstance(include.value, Text):
            del tests[INCLUDE]
            if _take(self.reading, "tests", own, INCLUDE) is not None:
                for name in (name for name in inherited if name in tests):
                    mark = tests[name].key.mark
                    self.found.add(mark, f"Uji {quoted(name)} sudah ada di alur dasar.", rule="duplicate-key")
                tests = {**{name: self._through(one, include.value.mark) for name, one in inherited.items()}, **tests}
        self.root.entries["tests"] = Entry(entry.key, Pairs(own.mark, tests))

    def _through(self, test: Entry, mark: Mark) -> Entry:
        """A test of the base that passes the inserted states by their first action."""
        if not self.inserted or not isinstance(test.value, Pairs):
            return test
        there = test.value.entries.get("through")
        names: list[Node] = (
            [] if there is None else there.value.items if isinstance(there.value, Items) else [there.value]
        )
        names = [*names, *(Text(name, mark) for name in self.inserted)]
        through = Entry(Text("through", mark), Items(mark, names))
        return Entry(test.key, Pairs(test.value.mark, {**test.value.entries, "through": through}))


def _covers(opening: Opening, path: tuple[str, ...]) -> bool:
    """Whether the opening's path is the beginning of ``path``."""
    words = zip(opening.path, path, strict=False)
    return len(opening.path) <= len(path) and all(word in (language.ANY, one) for word, one in words)
