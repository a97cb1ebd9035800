"""The tree of dispositions as plain nodes: who gave what to whom, until when, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.resources.letter import Disposition, Item
from intranet_surat.services.house import House
from intranet_surat.services.itemview import flow_of
from intranet_surat.services.org import SiteOrg
from intranet_surat.services.reader import Reader
from intranet_surat.workflow.model import Flow, State

DEEPEST = 4
"""From this depth on a node is told in words ("di bawah ...") instead of by a further indent."""

CLASSES = {"done": "done", "returned": "back", "withdrawn": ""}


@dataclass(frozen=True, slots=True)
class TreeNode:
    """One disposition as its giver sees it; ``item`` is the stored object, for links only."""

    id: str
    item: Disposition
    title: str
    giver: str
    mine: bool
    given_by_me: bool
    main: bool
    state: str
    state_class: str
    open: bool
    instructions: tuple[str, ...]
    note: str
    report_owed: bool
    due: datetime | None
    given_at: datetime | None
    read_at: str
    told: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    agenda: str
    below: str
    nodes: tuple[TreeNode, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """All that one position gave at the top of the tree."""

    title: str
    mine: bool
    at: datetime | None
    note: str
    nodes: tuple[TreeNode, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """The whole tree with its counts."""

    given: tuple[Given, ...]
    open: int
    done: int
    returned: int

    @property
    def counts(self) -> str:
        """The counts in words, those that are nought left out."""
        told = ((self.open, "terbuka"), (self.done, "selesai"), (self.returned, "dikembalikan"))
        return ", ".join(f"{number} {word}" for number, word in told if number)


def state_words(state: State, *, read: bool) -> tuple[str, str]:
    """The words and the class of a disposition's state; the class comes from its meaning, not its name."""
    if state.final:
        return state.title, CLASSES.get(state.outcome or "", "done")
    if state.start:
        return ("Dikerjakan", "work") if read else ("Belum dibaca", "")
    return state.title, "work"


def build(house: House, site: Any, letter: Item, reader: Reader, org: SiteOrg) -> Tree:
    """Make the tree of a letter for one reader."""
    told = _entered_at_end(letter)
    words = house.reference.vocabularies()
    tops: dict[str, list[TreeNode]] = {}
    notes: dict[str, tuple[datetime | None, str]] = {}
    everything: list[TreeNode] = []
    for child in letter.dispositions():
        node = _node(house, site, child, reader, org, told, words, depth=1)
        everything.append(node)
        tops.setdefault(child.giver or "", []).append(node)
        notes.setdefault(child.giver or "", (child.created_at, node.note))
    flat = _flat(everything)
    given = tuple(
        Given(org.title(giver), giver in reader.positions, notes[giver][0], notes[giver][1], tuple(nodes))
        for giver, nodes in tops.items()
    )
    return Tree(
        given,
        open=sum(1 for node in flat if node.open),
        done=sum(1 for node in flat if node.state_class == "done"),
        returned=sum(1 for node in flat if node.state_class == "back"),
    )


def find(tree: Tree, item: str) -> TreeNode | None:
    """Return the node of a disposition by its id."""
    flat = _flat([node for given in tree.given for node in given.nodes])
    return next((node for node in flat if node.id == item), None)


def _flat(nodes: Sequence[TreeNode]) -> list[TreeNode]:
    found: list[TreeNode] = []
    for node in nodes:
        found.append(node)
        found.extend(_flat(node.nodes))
    return found


def _node(
    house: House,
    site: Any,
    item: Disposition,
    reader: Reader,
    org: SiteOrg,
    told: Mapping[str, Mapping[str, Any]],
    words: Mapping[str, Mapping[str, str]],
    *,
    depth: int,
) -> TreeNode:
    flow = flow_of(house, site, item)
    state = flow.tracks[item.track or ""].states[item.state]
    read = item.reads.get(item.holder, "") if item.holder else ""
    state_title, state_class = state_words(state, read=bool(read))
    fields = item.fields
    last = told.get(item.id, {}) if state.final or state.start else {}
    return TreeNode(
        id=item.id,
        item=item,
        title=org.title(item.holder or ""),
        giver=org.title(item.giver or ""),
        mine=org.now(item.holder or "") in reader.positions,
        given_by_me=org.now(item.giver or "") in reader.positions,
        main=_leads(flow, item),
        state=state_title,
        state_class=state_class,
        open=not state.final,
        instructions=_instructions(flow, fields, words),
        note=" ".join(str(each) for each in _values(flow, fields, "text") if each),
        report_owed=True in _values(flow, fields, "yes-no"),
        due=item.due if not state.final and item.paused_since is None else None,
        given_at=item.created_at,
        read_at=read,
        told=_told(flow, last),
        files=_files(flow, last),
        agenda=str(fields.get("agenda_number") or ""),
        below=org.title(item.giver or "") if depth > DEEPEST else "",
        nodes=tuple(
            _node(house, site, child, reader, org, told, words, depth=depth + 1) for child in item.dispositions()
        ),
    )


def _leads(flow: Flow, item: Disposition) -> bool:
    """Whether he was named among others; who alone was given a letter leads nobody."""
    if not any(each is True or (each and each == item.holder) for each in _values(flow, item.fields, "position")):
        return False
    return sum(each.giver == item.giver for each in item.__parent__.dispositions()) > 1


def _values(flow: Flow, fields: Mapping[str, Any], type_: str) -> list[Any]:
    """What an item carries in the fields of a type: the flow names its fields as it likes."""
    asked = {field.name for form in flow.forms.values() for field in form.fields.values() if field.type == type_}
    return [value for name, value in fields.items() if name in asked]


def _instructions(flow: Flow, fields: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """The words of every value that the flow takes from a vocabulary."""
    found: list[str] = []
    for form in flow.forms.values():
        for field in form.fields.values():
            if field.of is None or field.name not in fields:
                continue
            value = fields[field.name]
            terms = words.get(field.of, {})
            found.extend(terms.get(each, each) for each in (value if isinstance(value, list | tuple) else [value]))
    return tuple(dict.fromkeys(str(each) for each in found if each))


def _entered_at_end(letter: Item) -> dict[str, Mapping[str, Any]]:
    """Item id -> what was entered at its last act that changed its state."""
    found: dict[str, Mapping[str, Any]] = {}
    history = letter.letter.history
    for act in history:
        if act.item != letter.id and act.state_from != act.state_to:
            entered = history.entered(act.seq)
            found[act.item] = entered.get("form", {})
    return found


def _told(flow: Flow, entered: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The free texts of the last act with their labels: a report, a reason."""
    found: list[tuple[str, str]] = []
    for form in flow.forms.values():
        for field in form.fields.values():
            value = entered.get(field.name)
            if field.type == "text" and isinstance(value, str) and value:
                pair = (field.title or field.name.replace("_", " ").capitalize(), value)
                if pair not in found and value not in [text for _, text in found]:
                    found.append(pair)
    return tuple(found)


def _files(flow: Flow, entered: Mapping[str, Any]) -> tuple[str, ...]:
    names = {f.name for form in flow.forms.values() for f in form.fields.values() if f.type in {"file", "files"}}
    found: list[str] = []
    for name in names:
        value = entered.get(name)
        found.extend(_shas(value))
    return tuple(found)


def _shas(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [str(value["sha256"])] if value.get("sha256") else []
    if isinstance(value, list | tuple):
        return [sha for each in value for sha in _shas(each)]
    return [value] if isinstance(value, str) and len(value) == 64 else []
