"""What a flow says beside its states, against its states: deadlines, stand-ins, promises, openings, moves."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from intranet_surat.workflow import language
from intranet_surat.workflow.check_names import expression, people
from intranet_surat.workflow.check_parts import Look, Machine, Path, asked_of_nobody, deadlines, machines
from intranet_surat.workflow.findings import quoted
from intranet_surat.workflow.model import Deadline, Flow, Mark, Opening, State
from intranet_surat.workflow.nodes import Items, Node, Pairs, Text
from intranet_surat.workflow.rules import Away, deep


def check_terms(look: Look) -> None:
    """Every name and every combination in these parts that the running system could not keep."""
    flow = look.flow
    every = machines(flow)
    for machine in every:
        for state in machine.states.values():
            for deadline, path in deadlines(machine, state):
                _deadline(look, machine, state, deadline, path)
            _entered(look, machine, state)
    for line in flow.absence:
        people(look, every[0], line.notify, acting=True)
    for promise in flow.promises:
        if promise.tree is not None:
            expression(look, promise.tree)
        for state_name in promise.states:
            mark = _word(look, promise.mark, state_name, "to" if promise.within else "always_possible", "promises")
            look.unknown(mark, "Keadaan surat", state_name, flow.states, "unknown-state")
    _provider(look)
    _moves(look)
    for opening in flow.open:
        _opening(look, opening)
    for test in flow.tests:
        for name in test.through:
            mark = look.places.word(name, "tests", test.name, "through")
            look.unknown(mark, "Keadaan", name, _states(flow), "unknown-state")


def _states(flow: Flow) -> list[str]:
    return [name for machine in machines(flow) for name in machine.states]


def _deadline(look: Look, machine: Machine, state: State, deadline: Deadline, path: Path) -> None:
    level = path[-2] == "route" or (state.sign is not None and state.sign.in_turn)
    for one in deadline.remind:
        people(look, machine, one.who, acting=True, level=level)
    if deadline.paused_while is not None:
        expression(look, deadline.paused_while)
    escalate = deadline.escalate
    if escalate is None:
        return
    people(look, machine, escalate.to, acting=True, level=level)
    if escalate.do == "reassign" and (state.route is not None or state.sign is not None):
        message = "Paraf dan tanda tangan tidak dapat dialihkan kepada orang lain; pakai 'do: notify'."
        mark = look.places.value(*path, "escalate", "do")
        look.found.add(mark, message, rule="reassign", accepted=("notify",))


def _entered(look: Look, machine: Machine, state: State) -> None:
    """Nobody signs or initials by what another enters for him."""
    for name, action in state.actions.items():
        signs = any(effect.name == "signed" for effect in action.do)
        if action.entered_by and (signs or state.route is not None or state.sign is not None):
            message = "Paraf dan tanda tangan tidak dapat dimasukkan atas nama orang lain; hapus 'entered_by'."
            mark = look.places.key(*machine.path, state.name, "actions", name, "entered_by")
            look.found.add(mark, message, rule="entered-by")


def _provider(look: Look) -> None:
    """Only what people do may depend on the provider: where a letter stands must follow from the letter."""
    message = (
        "'provider is away' hanya dapat dipakai di `needs` sebuah tindakan, bukan untuk cabang, batas, atau janji."
    )
    trees = [*asked_of_nobody(look.flow)]
    for machine in machines(look.flow):
        named = [branch.when for state in machine.states.values() for branch in state.choose]
        trees += [rule.tree for name, rule in look.flow.rules.items() if name in named]
    for tree in trees:
        for mark in dict.fromkeys(part.mark for part in deep(tree, look.flow) if isinstance(part, Away)):
            look.found.add(mark, message, rule="provider")


def _moves(look: Look) -> None:
    flow, places = look.flow, look.places
    tracks = {name: track.states for name, track in flow.tracks.items()}
    for move in flow.migrate:
        mark = move.mark or places.key("migrate")
        for old, new in move.states.items():
            at = _deep(look, mark, "states", old)
            look.unknown(at, "Keadaan", new, flow.states, "unknown-state")
        for track, names in move.tracks.items():
            if look.unknown(_deep(look, mark, "tracks", track), "Jalur", track, flow.tracks, "unknown-track"):
                continue
            for old, new in names.items():
                look.unknown(_deep(look, mark, "tracks", track, old), "Keadaan", new, tracks[track], "unknown-state")
        for name in move.restart:
            at = _word(look, mark, name, "restart", "migrate")
            look.unknown(at, "Keadaan", name, flow.states, "unknown-state")


def _item(look: Look, mark: Mark, key: str) -> Node | None:
    """The mapping in the list under ``key`` of the flow that stands at, or holds a value at, ``mark``."""
    entry = look.places.tree.entries.get(key)
    for node in entry.value.items if entry is not None and isinstance(entry.value, Items) else ():
        inside = [one.value.mark for one in node] if isinstance(node, Pairs) else []
        if mark in (node.mark, *inside):
            return node
    return None


def _word(look: Look, mark: Mark | None, word: str, key: str, where: str) -> Mark:
    """The place of ``word`` in the value of ``key``, in that item of the list ``where`` which ``mark`` names."""
    node = _item(look, mark, where) if mark is not None else None
    value = node.entries[key].value if isinstance(node, Pairs) and key in node.entries else None
    for one in value.items if isinstance(value, Items) else ():
        if isinstance(one, Text) and one.text == word:
            return one.mark
    if isinstance(value, Text) and word in value.text:
        return Mark(value.mark.file, value.mark.line, value.mark.column + value.text.index(word))
    return mark or look.places.key(where)


def _deep(look: Look, mark: Mark, *path: str) -> Mark:
    """The place of the text under ``path``, else of its last key, in the line of ``migrate`` standing at ``mark``."""
    node, at = _item(look, mark, "migrate"), mark
    for key in path:
        if not isinstance(node, Pairs) or key not in node.entries:
            return mark
        entry = node.entries[key]
        node, at = entry.value, entry.key.mark
    return node.mark if isinstance(node, Text) else at


def _opening(look: Look, opening: Opening) -> None:
    """What is opened must be there, so that a slip of the finger does not leave it locked unnoticed."""
    if opening.between is not None:
        _between(look, opening, opening.between)
        return
    mark = _word(look, opening.mark, ".".join(opening.path), "path", "open")
    offset = 0
    for depth, (word, accepted) in enumerate(
        zip(opening.path, _accepted(look.places.tree, opening.path), strict=False)
    ):
        if not accepted or (word != language.ANY and word not in accepted):
            at = Mark(mark.file, mark.line, mark.column + offset)
            above = ".".join(opening.path[:depth]) or "alur ini"
            message = f"{quoted(word)} tidak ada di {above}."
            look.found.add(at, message, rule="open", accepted=[*accepted], meant=word)
            return
        offset += len(word) + 1


def _accepted(tree: Pairs, path: Path) -> Iterator[Collection[str]]:
    """For each word of the path, what may stand there: keys of the language, and names of the flow."""
    nodes: list[Node] = [tree]
    places: Collection[str] = (language.ROOT,)
    for word in path:
        names = {key: None for node in nodes if isinstance(node, Pairs) for key in node.entries}
        for place in places:
            names.update(dict.fromkeys(language.at(place)))
        yield names
        nodes = [
            entry.value
            for node in nodes
            if isinstance(node, Pairs)
            for entry in node
            if word in (language.ANY, entry.key.text)
        ]
        places = language.inside(places, word)


def _between(look: Look, opening: Opening, between: tuple[str, str]) -> None:
    if any(set(between) <= set(machine.states) for machine in machines(look.flow)):
        return
    for name in between:
        mark = _word(look, opening.mark, name, "insert_between", "open")
        if look.unknown(mark, "Keadaan", name, _states(look.flow), "unknown-state"):
            return
    message = f"'{between[0]}' dan '{between[1]}' bukan keadaan di bagian yang sama."
    look.found.add(opening.mark or look.places.key("open"), message, rule="open")
