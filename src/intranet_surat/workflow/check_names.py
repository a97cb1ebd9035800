"""Names of a flow that nobody has: people, states, rules, forms, tracks and what the world provides."""

from __future__ import annotations

from collections.abc import Iterable

from intranet_surat.workflow import cast, rules
from intranet_surat.workflow.check_parts import (
    Look,
    Machine,
    Path,
    acts,
    circles,
    effects,
    inside,
    machines,
    named,
    place_of,
    ways,
)
from intranet_surat.workflow.findings import quoted
from intranet_surat.workflow.model import Duration, Effect, Field, Form, State, Who

# Words of the cast that mean nothing at the place of an act: with ``by: actor`` anybody could act.
_NOT_WHO_ACTS = {
    "actor": "'actor' adalah siapa pun yang sedang bertindak; sebut jabatannya.",
    "form": "Isian formulir belum ada ketika ditanyakan siapa yang boleh bertindak; sebut jabatannya.",
    "level": "'level' hanya berarti pada batas paraf ('route: deadline') dan giliran ('in_turn'); sebut jabatannya.",
}


def check_names(look: Look) -> None:
    """Every name used in the flow, against what the flow and the world have."""
    _world(look)
    for who in look.flow.cast.values():
        _person(look, who)
    for rule in look.flow.rules.values():
        expression(look, rule.tree)
    for form in look.flow.forms.values():
        for field in form.fields.values():
            _field(look, form, field)
    for machine in machines(look.flow):
        for state in machine.states.values():
            _state(look, machine, state)
        _acts(look, machine)
        for effect, _ in effects(machine):
            _effect(look, machine, effect)
    _circles(look)


def _world(look: Look) -> None:
    flow, world, places = look.flow, look.world, look.places
    if flow.calendar:
        look.unknown(places.value("calendar"), "Kalender", flow.calendar, world.calendars, "unknown-calendar")
    kinds = None if world.fields is None else [name for name in world.fields if name not in ("masuk", "keluar")]
    for kind in flow.applies.kinds or ():
        mark = places.word(kind, "applies_to", "kinds")
        look.unknown(mark, "Jenis surat", kind, kinds, "unknown-kind")


def _person(look: Look, who: Who) -> None:
    """The names inside one cast expression."""
    flow, world = look.flow, look.world
    states = [name for machine in machines(flow) for name in machine.states]
    for part in cast.parts(who):
        word = str(part.args[0]) if part.args and isinstance(part.args[0], str) else ""
        if part.op in cast.ROOTS and len(part.args) > 1:
            message = f"Isian '{part.op}.{word}' tidak mempunyai bagian {quoted('.'.join(part.args[1:]))}."
            look.found.add(inside(part.op, part), message, rule="unknown-field")
        if part.op == "name":
            accepted = (*flow.cast, *(() if word in flow.cast else cast.SIMPLE[:1]))
            look.unknown(inside(word, part), "Pelaku", word, accepted, "unknown-person")
        elif part.op == "role":
            look.unknown(inside(word, part), "Peran", word, world.roles, "unknown-role")
        elif part.op == "position":
            look.unknown(inside(word, part), "Kode jabatan", word, world.posts, "unknown-post")
        elif part.op == "office" and word:
            look.unknown(inside(word, part), "Kode kantor", word, world.offices, "unknown-office")
        elif part.op == "actors":
            look.unknown(inside(word, part), "Keadaan", word, states, "unknown-state")
        elif part.op == "letter":
            look.unknown(inside(f"letter.{word}", part), "Isian surat", word, look.letter_fields, "unknown-field")


def people(look: Look, machine: Machine, whos: Iterable[Who], *, acting: bool, level: bool = False) -> None:
    """Cast expressions at a place of the flow: their names, and whether they mean something there."""
    for who in whos:
        _person(look, who)
        for part in cast.parts(who):
            word = str(part.args[0]) if part.op == "name" else ""
            ops = look.words.get(word, frozenset()) | {part.op}
            mark = inside(word or part.op, part)
            if machine.track is None and "item" in ops:
                message = "'item' hanya ada di sebuah jalur (tracks); surat sendiri tidak mempunyainya."
                look.found.add(mark, message, rule="misplaced-word")
            for op, message in _NOT_WHO_ACTS.items():
                if acting and op in ops and not (level and op == "level"):
                    look.found.add(mark, message, rule="misplaced-word")


def expression(look: Look, tree: rules.Node) -> None:
    """The names inside one expression; its fields are looked at elsewhere."""
    flow = look.flow
    every = [name for machine in machines(flow) for name in machine.states]
    for part in rules.walk(tree):
        if isinstance(part, rules.Named):
            look.unknown(part.mark, "Aturan", part.rule, flow.rules, "unknown-rule")
        elif isinstance(part, rules.InState):
            look.unknown(part.mark, "Keadaan", part.state, every, "unknown-state")
        elif isinstance(part, rules.Among):
            _person(look, part.who)
        elif isinstance(part, rules.Children) and not look.unknown(
            part.mark, "Jalur", part.track, flow.tracks, "unknown-track"
        ):
            accepted = ("open", "final", *flow.tracks[part.track].states)
            look.unknown(part.mark, "Keadaan", part.state, accepted, "unknown-state")


def _field(look: Look, form: Form, field: Field) -> None:
    places, path = look.places, ("forms", form.name, field.name)
    if field.of is not None:
        look.unknown(places.value(*path, "of"), "Daftar kata", field.of, look.world.vocabularies, "unknown-vocabulary")
    if isinstance(field.source, Who):
        _person(look, field.source)
    elif isinstance(field.source, str):
        others = [
            one.name for one in form.fields.values() if one is not field and one.type in ("position", "positions")
        ]
        look.unknown(places.value(*path, "from"), "Isian jabatan", field.source, others, "unknown-field")
    most, usual = field.at_most, field.default
    if most is not None and isinstance(usual, Duration) and usual.unit == most.unit and usual.amount > most.amount:
        message = f"Isi awal {usual.amount} {usual.unit} melewati batas terlama {most.amount} {most.unit}."
        look.found.add(places.value(*path, "default"), message, rule="deadline")


def _state(look: Look, machine: Machine, state: State) -> None:
    here = (*machine.path, state.name)
    for way in ways(machine, state):
        look.unknown(place_of(look, way), "Keadaan", way.to, machine.states, "unknown-state")
    for branch in state.choose:
        if branch.when is not None:
            mark = look.places.inside(branch.mark, "when", *here, "choose") if branch.mark is not None else None
            look.unknown(mark or look.places.key(*here), "Aturan", branch.when, look.flow.rules, "unknown-rule")
    people(look, machine, (*state.edit, *state.see.who), acting=True)
    if state.route is not None:
        levels = state.route.levels
        who = (levels,) if isinstance(levels, Who) else tuple(level.who for level in levels)
        people(look, machine, who, acting=True)
    if state.sign is not None:
        people(look, machine, state.sign.by, acting=True)
        if state.sign.unavailable is not None:
            people(look, machine, state.sign.unavailable.notify, acting=True)
    if state.gather is not None:
        mark = look.places.value(*here, "gather", "track")
        look.unknown(mark, "Jalur", state.gather.track, look.flow.tracks, "unknown-track")


def _acts(look: Look, machine: Machine) -> None:
    for action, path, _ in acts(machine):
        _act(look, path, action.needs, action.ask)
        if path[-2] == "actions":
            people(look, machine, (*action.by, *action.entered_by), acting=True)
        if action.fan_out is not None:
            mark = look.places.value(*path, "fan_out", "track")
            look.unknown(mark, "Jalur", action.fan_out.track, look.flow.tracks, "unknown-track")


def _act(look: Look, path: Path, needs: tuple[str, ...], ask: str | None) -> None:
    for rule in needs:
        look.unknown(look.places.word(rule, *path, "needs"), "Aturan", rule, look.flow.rules, "unknown-rule")
    if ask is not None:
        look.unknown(look.places.value(*path, "ask"), "Formulir", ask, look.flow.forms, "unknown-form")


def _effect(look: Look, machine: Machine, effect: Effect) -> None:
    """The value of an effect, against what the world provides for it."""
    world, mark = look.world, effect.mark
    if mark is None:
        return
    value = effect.value
    if effect.name == "notify":
        people(look, machine, value, acting=False)
    elif effect.name == "number" and value != "void":
        look.unknown(mark, "Deret nomor", value, world.series, "unknown-series")
    elif effect.name == "pdf":
        look.unknown(mark, "Templat", value, world.templates, "unknown-template")
    elif effect.name == "archive":
        look.unknown(mark, "Cara berkas", value, world.archives, "unknown-archive")
    elif effect.name == "send":
        look.unknown(mark, "Cara kirim", value, world.sends, "unknown-send")
    elif effect.name == "set" and machine.track is None:
        for name in value:
            look.unknown(mark, "Isian surat", name, look.letter_fields, "unknown-field")


def _circles(look: Look) -> None:
    """Cast members and rules that are explained by themselves."""
    flow, places = look.flow, look.places
    for circle in circles(named(flow)):
        message = f"Pelaku ini dijelaskan dengan dirinya sendiri: {' -> '.join((*circle, circle[0]))}."
        look.found.add(places.value("cast", circle[0]), message, rule="circle")
    graph = {
        name: [part.rule for part in rules.walk(rule.tree) if isinstance(part, rules.Named)]
        for name, rule in flow.rules.items()
    }
    for circle in circles(graph):
        message = f"Aturan ini dijelaskan dengan dirinya sendiri: {' -> '.join((*circle, circle[0]))}."
        look.found.add(places.value("rules", circle[0], "if"), message, rule="circle")
