"""A state put between two others: every way from the one to the other then leads through it.

Works on the tree of a flow file; whether it may be done is asked in `workflow.extending`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from intranet_surat.workflow.findings import Found, quoted
from intranet_surat.workflow.model import Mark
from intranet_surat.workflow.nodes import Entry, Items, Node, Pairs, Text

# Every construct that leads out of a state, as paths of keys; `*` is any name or any item.
_WAYS = (
    ("actions", "*", "to"),
    ("choose", "*", "to"),
    ("route", "done"),
    ("route", "reject", "to"),
    ("sign", "done"),
    ("sign", "reject", "to"),
    ("gather", "done"),
    ("gather", "returned"),
)
# What an inserted state may not be or do: it would end, sign or divide the letter without the regency.
_REFUSED = ("start", "final", "outcome", "sign", "gather")
_EFFECTS = frozenset({"notify"})
_EFFECT_LISTS: tuple[tuple[str, ...], ...] = (
    ("on_enter", "*"),
    ("actions", "*", "do", "*"),
    ("route", "reject", "do", "*"),
)


def insert(root: Pairs, between: tuple[str, str], name: Text, state: Pairs, mark: Mark, found: Found) -> bool:
    """Put ``state`` between the two; False, with a finding, when that cannot be done."""
    before, after = between
    states = next((one for one in _machines(root) if set(between) <= set(one.entries)), None)
    if states is None or before == after:
        found.add(mark, f"{quoted(before)} dan {quoted(after)} bukan dua keadaan di bagian yang sama.", rule="insert")
        return False
    if name.text in states.entries:
        other = states.entries[name.text].key.mark
        message = f"Keadaan {quoted(name.text)} sudah ada ({other.file}:{other.line}); pilih nama lain."
        found.add(name.mark, message, rule="insert")
        return False
    if not _fits(state, name.text, between, found):
        return False
    ways = list(_ways(states.entries[before].value, after))
    if not ways:
        found.add(mark, f"Tidak ada jalan dari '{before}' ke '{after}' di alur dasar.", rule="insert")
        return False
    for lead in ways:
        lead(name)
    entries: dict[str, Entry] = {}
    for key, entry in states.entries.items():
        entries[key] = entry
        if key == before:
            entries[name.text] = Entry(name, state)
    states.entries = entries
    return True


def _machines(root: Pairs) -> Iterator[Pairs]:
    """The mappings of states: the letter's, then those of the tracks."""
    yield from _each(root, ("states",))
    yield from _each(root, ("tracks", "*", "states"))


def _each(node: Node, path: tuple[str, ...]) -> Iterator[Pairs]:
    yield from (one for one in _under(node, path) if isinstance(one, Pairs))


def _under(node: Node, path: tuple[str, ...]) -> Iterator[Node]:
    """The nodes under a path of keys."""
    if not path:
        yield node
        return
    inner: list[Node] = []
    if isinstance(node, Items) and path[0] == "*":
        inner = node.items
    elif isinstance(node, Pairs):
        inner = [entry.value for entry in node if path[0] in ("*", entry.key.text)]
    for one in inner:
        yield from _under(one, path[1:])


def _ways(state: Node, target: str | None) -> Iterator[Callable[[Text], None]]:
    """For each way out of a state to ``target``, what leads it elsewhere."""
    for path in _WAYS:
        for pairs in _each(state, path[:-1]):
            entry = pairs.entries.get(path[-1])
            if entry is not None and isinstance(entry.value, Text) and entry.value.text == target:
                yield _leading(pairs, entry)


def _leading(pairs: Pairs, entry: Entry) -> Callable[[Text], None]:
    def lead(name: Text) -> None:
        pairs.entries[entry.key.text] = Entry(entry.key, name)

    return lead


def _fits(state: Pairs, name: str, between: tuple[str, str], found: Found) -> bool:
    """An inserted state leads on or back, and does nothing that only the regency may let happen."""
    fine = True
    for key in _REFUSED:
        if key in state.entries:
            found.add(state.entries[key].key.mark, f"Keadaan sisipan tidak dapat memuat '{key}'.", rule="insert")
            fine = False
    for path in _WAYS:
        for node in _under(state, path):
            if isinstance(node, Text) and node.text not in (*between, name):
                message = f"Keadaan sisipan hanya menuju '{between[0]}' atau '{between[1]}', bukan {quoted(node.text)}."
                found.add(node.mark, message, rule="insert", accepted=(between[1], between[0]), meant=node.text)
                fine = False
    for pairs in _each(state, ("actions", "*")):
        if "fan_out" in pairs.entries:
            mark = pairs.entries["fan_out"].key.mark
            found.add(mark, "Keadaan sisipan tidak dapat membuat anak surat ('fan_out').", rule="insert")
            fine = False
    for place in _EFFECT_LISTS:
        for effect in _each(state, place):
            for word in (entry.key for entry in effect if entry.key.text not in _EFFECTS):
                message = f"Keadaan sisipan hanya dapat memberi tahu ('notify'), bukan {quoted(word.text)}."
                found.add(word.mark, message, rule="insert", accepted=sorted(_EFFECTS))
                fine = False
    return fine
