"""The shape of a flow: where it starts and ends, what cannot be reached or left, what nobody uses.

Most of these are echoes when something else is wrong; `workflow.check` decides which may be told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from intranet_surat.workflow import cast, own_acts, rules
from intranet_surat.workflow.check_parts import (
    Look,
    Machine,
    acts,
    asked_of_nobody,
    circles,
    deadlines,
    effects,
    machines,
    reach,
    ways,
)
from intranet_surat.workflow.findings import nearest
from intranet_surat.workflow.model import Flow, Mark, State, Who


def check_shape(look: Look) -> None:
    """Start and end of each machine, and acts whose names must be their own."""
    for machine in machines(look.flow):
        if machine.states:
            _ends(look, machine)
        made = {action.fan_out.track for action, _, _ in acts(machine) if action.fan_out is not None}
        for state in machine.states.values():
            _state(look, machine, state)
            track = state.gather.track if state.gather is not None else None
            if track in look.flow.tracks and track not in made:
                message = f"Keadaan '{state.name}' menunggu jalur '{track}', tetapi tidak ada tindakan yang membuatnya."
                mark = look.places.value(*machine.path, state.name, "gather", "track")
                look.found.add(mark, message, rule="fan-out")
    _own_names(look)


def _ends(look: Look, machine: Machine) -> None:
    where = "Alur" if machine.track is None else f"Jalur '{machine.track}'"
    starts = [state.name for state in machine.states.values() if state.start]
    if not starts:
        message = f"{where} tidak mempunyai keadaan awal; beri satu keadaan 'start: true'."
        look.found.add(look.places.key(*machine.path), message, rule="start")
    for name in starts[1:]:
        message = f"{where} sudah bermula di '{starts[0]}'; hanya satu keadaan boleh 'start: true'."
        look.found.add(look.places.key(*machine.path, name, "start"), message, rule="start")
    if not any(state.final for state in machine.states.values()):
        message = f"{where} tidak mempunyai keadaan akhir; beri paling sedikit satu keadaan 'final: true'."
        look.found.add(look.places.key(*machine.path), message, rule="final")


def _state(look: Look, machine: Machine, state: State) -> None:
    mark = look.places.key(*machine.path, state.name)
    busy = state.actions or state.choose or state.route or state.sign or state.gather
    if state.final and busy:
        message = f"Keadaan akhir '{state.name}' tidak dapat memuat tindakan atau jalan keluar."
        look.found.add(look.places.key(*machine.path, state.name, "final"), message, rule="final")
    if machine.track is not None and state.final and state.outcome is None:
        message = f"Keadaan akhir '{state.name}' di sebuah jalur harus memuat 'outcome'."
        look.found.add(mark, message, rule="outcome", accepted=("done", "returned", "withdrawn"))
    if state.outcome is not None and (machine.track is None or not state.final):
        message = f"'outcome' hanya untuk keadaan akhir di sebuah jalur; '{state.name}' bukan."
        look.found.add(look.places.key(*machine.path, state.name, "outcome"), message, rule="outcome")


def _own_names(look: Look) -> None:
    """Acts of route and sign are asked for by name alone: no other act may have it; nor may any have the system's."""
    counts: dict[str, int] = {}
    own: list[tuple[str, tuple[str, ...]]] = []
    chosen: list[tuple[str, Mark]] = []
    for machine in machines(look.flow):
        for action, path, _ in acts(machine):
            counts[action.name] = counts.get(action.name, 0) + 1
            if path[-2] == "actions":
                chosen.append((action.name, look.places.key(*path)))
            else:
                own.append((action.name, (*path, "act")))
        for state in machine.states.values():
            for key, part in (("route", state.route), ("sign", state.sign)):
                if part is not None:
                    counts[part.act] = counts.get(part.act, 0) + 1
                    own.append((part.act, (*machine.path, state.name, key, "act")))
    for name, path in own:
        if counts[name] > 1:
            message = f"Nama tindakan '{name}' dipakai lebih dari sekali; tindakan paraf dan tanda tangan bernama unik."
            look.found.add(look.places.value(*path), message, rule="act-name")
    for name, mark in (*chosen, *((name, look.places.value(*path)) for name, path in own)):
        if name in own_acts.RESERVED:
            message = f"Nama tindakan '{name}' dipakai riwayat untuk '{own_acts.WORDS[name]}'; pakai nama lain."
            look.found.add(mark, message, rule="act-name")


def check_reach(look: Look, machine: Machine) -> None:
    """States nobody comes to, states nobody leaves, circles in which nobody acts.

    An unknown target counts as the state that was probably meant; when there is none, nothing is told.
    """
    graph: dict[str, list[str]] = {}
    for state in machine.states.values():
        targets = [
            way.to if way.to in machine.states else nearest(way.to, machine.states) for way in ways(machine, state)
        ]
        graph[state.name] = [target for target in targets if target is not None]
        if len(graph[state.name]) < len(targets):
            return
    starts = [state.name for state in machine.states.values() if state.start]
    reached = {name for start in starts for name in reach(start, graph)}
    for name, state in machine.states.items():
        mark = look.places.key(*machine.path, name)
        if name not in reached:
            look.found.add(mark, f"Keadaan '{name}' tidak pernah tercapai dari keadaan awal.", rule="unreachable")
        elif not state.final and not any(target != name for target in graph[name]):
            message = f"Keadaan '{name}' tidak punya jalan keluar, padahal bukan keadaan akhir."
            look.found.add(mark, message, rule="dead-end")
        elif not state.final and not _ends_well(machine, graph, name):
            message = f"Dari keadaan '{name}' tidak ada jalan ke keadaan akhir."
            look.found.add(mark, message, rule="no-end")
    _automatic(look, machine)


def _ends_well(machine: Machine, graph: dict[str, list[str]], name: str) -> bool:
    """A final state can be reached, or a dead end that is told by itself."""
    return any(machine.states[one].final or set(graph[one]) <= {one} for one in reach(name, graph))


def _automatic(look: Look, machine: Machine) -> None:
    graph = {state.name: [way.to for way in ways(machine, state) if way.automatic] for state in machine.states.values()}
    for circle in circles(graph):
        message = f"Surat dapat berputar tanpa ada yang bertindak: {' -> '.join((*circle, circle[0]))}."
        look.found.add(look.places.key(*machine.path, circle[0]), message, rule="circle")


def check_unused(look: Look, silent: dict[str, frozenset[str] | None]) -> None:
    """Cast members, rules, forms and tracks that nothing refers to.

    ``silent`` maps each of these keys to the names not to tell about, or to None for all of them.
    """
    flow = look.flow
    used: dict[str, set[str]] = {
        "cast": set(_people(flow)),
        "rules": set(_rules(flow)),
        "forms": set(),
        "tracks": set(),
    }
    for machine in machines(flow):
        for action, _, _ in acts(machine):
            used["forms"] |= {action.ask} if action.ask is not None else set()
            # A track that only fans out into itself is never begun.
            if action.fan_out is not None and action.fan_out.track != machine.track:
                used["tracks"].add(action.fan_out.track)
    what = {"cast": "Pelaku", "rules": "Aturan", "forms": "Formulir", "tracks": "Jalur"}
    names: dict[str, Collection[str]] = {
        "cast": flow.cast,
        "rules": flow.rules,
        "forms": flow.forms,
        "tracks": flow.tracks,
    }
    for key, every in names.items():
        quiet = silent.get(key, frozenset())
        for name in every if quiet is not None else ():
            if name not in used[key] and name not in (quiet or ()):
                message = f"{what[key]} '{name}' tidak pernah dipakai; hapus, atau sebut di alur."
                look.found.add(look.places.key(key, name), message, rule="unused")


def _people(flow: Flow) -> Iterator[str]:
    """Every cast name that is named anywhere but in its own line."""
    for name, expression in flow.cast.items():
        yield from (word for word in _words(expression) if word != name)
    for rule in flow.rules.values():
        for part in rules.walk(rule.tree):
            yield from _words(part.who) if isinstance(part, rules.Among) else ()
    for form in flow.forms.values():
        for field in form.fields.values():
            yield from _words(field.source) if isinstance(field.source, Who) else ()
    for tree in asked_of_nobody(flow):
        for part in rules.walk(tree):
            yield from _words(part.who) if isinstance(part, rules.Among) else ()
    for line in flow.absence:
        for who in line.notify:
            yield from _words(who)
    for machine in machines(flow):
        for who in _placed(machine):
            yield from _words(who)


def _placed(machine: Machine) -> Iterator[Who]:
    for state in machine.states.values():
        yield from (*state.edit, *state.see.who, *(state.sign.by if state.sign is not None else ()))
        if state.sign is not None and state.sign.unavailable is not None:
            yield from state.sign.unavailable.notify
        if state.route is not None:
            levels = state.route.levels
            yield from (levels,) if isinstance(levels, Who) else (level.who for level in levels)
        for action in state.actions.values():
            yield from (*action.by, *action.entered_by)
        for deadline, _ in deadlines(machine, state):
            yield from (who for one in deadline.remind for who in one.who)
            yield from deadline.escalate.to if deadline.escalate is not None else ()
    for effect, _ in effects(machine):
        yield from effect.value if effect.name == "notify" else ()


def _words(who: Who) -> Iterator[str]:
    return (str(part.args[0]) for part in cast.parts(who) if part.op == "name")


def _rules(flow: Flow) -> Iterator[str]:
    """Every rule that is needed, chosen by, or named in another expression."""
    for tree in asked_of_nobody(flow):
        yield from (part.rule for part in rules.walk(tree) if isinstance(part, rules.Named))
    for name, rule in flow.rules.items():
        for part in rules.walk(rule.tree):
            if isinstance(part, rules.Named) and part.rule != name:
                yield part.rule
    for machine in machines(flow):
        for action, _, _ in acts(machine):
            yield from action.needs
        for state in machine.states.values():
            yield from (branch.when for branch in state.choose if branch.when is not None)
