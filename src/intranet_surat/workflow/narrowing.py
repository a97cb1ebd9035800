"""Whether what an office writes in place of a value of the regency is only narrower, or only shorter.

Values are compared as they stand in the files; what is opened at all is asked in `workflow.extending`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from intranet_surat.workflow import durations
from intranet_surat.workflow.findings import FlowError, quoted
from intranet_surat.workflow.model import Duration, Mark
from intranet_surat.workflow.nodes import Entry, Items, Node, Pairs, Text, plain

SHORTEST_DAY, LONGEST_DAY = 6, 9
"""Office hours of the shortest and the longest day that a calendar is thought to have."""

_NARROWS = frozenset({"at_most", "kinds"})  # keys that narrow by being there
_LENGTHENS = frozenset({"paused_while"})  # keys that lengthen by being there

Words = Mapping[str, frozenset[str]] | None
"""Vocabulary -> its words, or None when they are not known here."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a value is not taken: where, the sentence, and what could stand there."""

    mark: Mark
    message: str
    suggestion: str | None = None


def shorter(old: Node | None, new: Node, key: str) -> Objection | None:
    """None when ``new`` gives no more time than ``old``, and keeps all else that ``old`` says."""
    if key in _LENGTHENS and (old is None or plain(old) != plain(new)):
        return Objection(new.mark, f"'{key}' memperpanjang batas; perangkat daerah hanya boleh memendekkan.")
    if isinstance(new, Pairs) and (old is None or isinstance(old, Pairs)):
        before: dict[str, Entry] = old.entries if old is not None else {}
        for name, entry in before.items():
            if name not in new.entries:
                return Objection(new.mark, f"'{name}' di kabupaten ({at(entry.value)}) tidak boleh dihilangkan.")
        found = (
            shorter(before[name].value if name in before else None, entry.value, name)
            for name, entry in new.entries.items()
        )
        return next((objection for objection in found if objection is not None), None)
    if old is None or plain(old) == plain(new):
        return None
    if isinstance(old, Items) and isinstance(new, Items):
        kept = [plain(item) for item in new.items]
        missing = next((item for item in old.items if plain(item) not in kept), None)
        return Objection(new.mark, f"Butir di {at(missing)} tidak boleh dihilangkan.") if missing is not None else None
    return _in_time(old, new, key)


def _in_time(old: Node, new: Node, key: str) -> Objection | None:
    before, now = _duration(old), _duration(new)
    if before is None or not isinstance(old, Text):
        word = old.text if isinstance(old, Text) else None
        return Objection(new.mark, f"'{key}' di kabupaten ({at(old)}) tidak dapat diganti; hanya lama waktunya.", word)
    if now is not None and at_most_as_long(now, before):
        return None
    text = durations.text(before)
    message = f"Batas di kabupaten {text} ({at(old)}); perangkat daerah hanya boleh memendekkan."
    return Objection(new.mark, message, old.text)


def at_most_as_long(one: Duration, other: Duration) -> bool:
    """Whether ``one`` never ends later than ``other``; days of the calendar compare only with themselves."""
    if one.unit == other.unit:
        return one.amount <= other.amount
    if (one.unit, other.unit) == ("hours", "working days"):
        return one.amount <= other.amount * SHORTEST_DAY
    if (one.unit, other.unit) == ("working days", "hours"):
        # The day on which a duration begins does not count in working days.
        return (one.amount + 1) * LONGEST_DAY <= other.amount
    return False


def narrower(old: Node | None, new: Node, key: str, words: Words) -> Objection | None:
    """None when ``new`` takes nothing that ``old`` does not take."""
    if old is None:
        message = f"'{key}' tidak ada di kabupaten; di sini hanya boleh menyempitkan yang ada."
        return None if key in _NARROWS else Objection(new.mark, message)
    if plain(old) == plain(new):
        return None
    if isinstance(old, Pairs) and isinstance(new, Pairs):
        for name, entry in old.entries.items():
            if name not in new.entries:
                return Objection(new.mark, f"'{name}' di kabupaten ({at(entry.value)}) tidak boleh dihilangkan.")
        pairs = ((old.entries.get(name), entry) for name, entry in new.entries.items())
        found = (
            narrower(before.value if before is not None else None, entry.value, entry.key.text, words)
            for before, entry in pairs
        )
        return next((objection for objection in found if objection is not None), None)
    if isinstance(old, Text) and isinstance(new, Text):
        return None if _less(old, new, key, words) else _wider(old, new, key)
    before, now = _set(old), _set(new)
    return None if now and before and set(now) <= set(before) else _wider(old, new, key)


def _less(old: Text, new: Text, key: str, words: Words) -> bool:
    before, now = _duration(old), _duration(new)
    if before is not None and now is not None:
        return at_most_as_long(now, before)
    if old.text.isdecimal() and new.text.isdecimal():
        return 0 < int(new.text) <= int(old.text)
    if key == "of":
        return words is None or (old.text in words and words.get(new.text, frozenset({""})) <= words[old.text])
    return False


def _wider(old: Node, new: Node, key: str) -> Objection:
    words = _set(old)
    said = f" {quoted(', '.join(words))}" if words else ""
    message = f"'{key}' di kabupaten{said} ({at(old)}); perangkat daerah hanya boleh menyempitkan."
    return Objection(new.mark, message, old.text if isinstance(old, Text) else None)


def _set(node: Node) -> list[str]:
    """The words of one text or of a list of texts; none when there is anything else in it."""
    nodes = node.items if isinstance(node, Items) else [node]
    texts = [one.text for one in nodes if isinstance(one, Text)]
    return texts if len(texts) == len(nodes) else []


def _duration(node: Node) -> Duration | None:
    if not isinstance(node, Text):
        return None
    try:
        return durations.parse(node.text, node.mark)
    except FlowError:
        return None


def at(node: Node) -> str:
    """Where a value stands, as it is named in a sentence."""
    return f"{node.mark.file}:{node.mark.line}"
