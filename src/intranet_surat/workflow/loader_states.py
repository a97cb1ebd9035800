"""Reading states, tracks and what may happen in them into the model."""

from __future__ import annotations

from intranet_surat.workflow.findings import quoted
from intranet_surat.workflow.loader_block import Block
from intranet_surat.workflow.loader_forms import read_effects
from intranet_surat.workflow.loader_reading import Reading
from intranet_surat.workflow.loader_values import DUE
from intranet_surat.workflow.model import (
    Action,
    Branch,
    Deadline,
    Escalate,
    FanOut,
    Gather,
    Level,
    Remind,
    Route,
    See,
    Sign,
    State,
    Track,
    Unavailable,
    Who,
)
from intranet_surat.workflow.model_words import PADES
from intranet_surat.workflow.nodes import Node, Pairs

MOST_STATES = 300
"""States of a flow, and of each of its tracks; the largest flow seen in an office had 14."""

_WAYS = ("choose", "route", "sign", "gather")


def read_tracks(reading: Reading, node: Node | None) -> dict[str, Track]:
    """The tracks: name -> child flow."""
    tracks: dict[str, Track] = {}
    for name, _, value in reading.named(node, "'tracks'", "jalur"):
        block = Block.of(reading, value, "track", f"jalur '{name}'")
        states = read_states(reading, block.take("states")) if block is not None else {}
        tracks[name] = Track(name, states)
    return tracks


def read_states(reading: Reading, node: Pairs | None) -> dict[str, State]:
    """The states of the letter or of one track."""
    states: dict[str, State] = {}
    if node is not None and not node.entries:
        reading.found.add(node.mark, "'states' tidak memuat satu keadaan pun.", rule="empty")
    if node is not None and len(node.entries) > MOST_STATES:
        message = f"Ada {len(node.entries)} keadaan; sebuah alur paling banyak {MOST_STATES}."
        reading.found.add(node.mark, message, rule="size")
        return states
    for name, key, value in reading.named(node, "'states'", "keadaan", MOST_STATES):
        block = Block.of(reading, value, "state", f"keadaan '{name}'")
        states[name] = _state(block, name) if block is not None else State(name, name, mark=key.mark)
    return states


def _state(block: Block, name: str) -> State:
    reading = block.reading
    actions = {
        action: _action(reading, value, action)
        for action, _, value in reading.named(block.take("actions"), "'actions'", "tindakan")
    }
    choose, route, sign, gather = (block.take(key) for key in _WAYS)
    _one_way(block, name)
    return State(
        name=name,
        title=block.take("title") or name,
        start=block.take("start") or False,
        final=block.take("final") or False,
        outcome=block.take("outcome"),
        edit=block.take("edit") or (),
        see=block.take("see") or See(),
        deadline=_deadline(block),
        on_enter=read_effects(reading, block.items("on_enter")),
        actions={key: action for key, action in actions.items() if action is not None},
        choose=_choose(block, choose) if choose else (),
        route=_route(block) if route is not None else None,
        sign=_sign(block) if sign is not None else None,
        gather=_gather(block) if gather is not None else None,
        mark=block.mark,
    )


def _one_way(block: Block, name: str) -> None:
    """At most one of choose, route, sign, gather; nobody acts where the engine chooses."""
    found = block.reading.found
    if block.take("choose") == []:
        found.add(block.at("choose"), "'choose' tidak memuat satu cabang pun.", rule="choose")
    ways = [key for key in _WAYS if key in block]
    if len(ways) > 1:
        message = f"Keadaan '{name}' memuat {' dan '.join(ways)}; pilih salah satu."
        found.add(block.at(ways[1]), message, rule="state-shape")
    if "choose" in ways and "actions" in block:
        message = f"Keadaan '{name}' memilih sendiri ('choose'); tidak ada yang dapat bertindak di sana."
        found.add(block.at("actions"), message, rule="state-shape")


def _action(reading: Reading, node: Node, name: str) -> Action | None:
    block = Block.of(reading, node, "action", f"tindakan '{name}'")
    if block is None:
        return None
    return Action(
        name=name,
        title=block.take("title") or name,
        by=block.take("by") or (),
        needs=block.take("needs") or (),
        ask=block.take("ask"),
        do=read_effects(reading, block.items("do")),
        fan_out=_fan_out(block),
        to=block.take("to"),
        stand_in=_yes(block, "stand_in", otherwise=True),
        entered_by=block.take("entered_by") or (),
        mark=block.mark,
    )


def _yes(block: Block, key: str, *, otherwise: bool) -> bool:
    value = block.take(key)
    return otherwise if value is None else bool(value)


def _fan_out(block: Block) -> FanOut | None:
    inner = block.block("fan_out")
    if inner is None:
        return None
    track, per = inner.take("track"), inner.take("per")
    return FanOut(track, per) if track and per else None


def _deadline(block: Block) -> Deadline | None:
    inner = block.block("deadline")
    if inner is None:
        return None
    within, paused = inner.take("within"), inner.take("paused_while")
    remind = tuple(one for one in (_remind(each) for each in inner.blocks("remind")) if one is not None)
    escalate = _escalate(inner)
    if within is None:
        return None
    return Deadline(within, remind, escalate, paused[1] if paused else None, inner.at("within"))


def _remind(block: Block) -> Remind | None:
    who, moment = block.take("who"), block.take("at")
    return Remind(who, None if moment == DUE else moment, block.mark) if who and moment is not None else None


def _escalate(block: Block) -> Escalate | None:
    inner = block.block("escalate")
    if inner is None:
        return None
    after, to, do = inner.take("after"), inner.take("to"), inner.take("do")
    return Escalate(after, to, do or "notify", inner.mark) if after is not None and to else None


def _choose(block: Block, nodes: list[Node]) -> tuple[Branch, ...]:
    """The branches; total: the last is ``else``, no other is."""
    branches: list[Branch] = []
    found = block.reading.found
    for position, node in enumerate(nodes, start=1):
        inner = Block.of(block.reading, node, "branch", "butir 'choose'")
        if inner is None:
            continue
        when, otherwise, to = inner.take("when"), inner.take("else"), inner.take("to")
        if ("when" in inner) == ("else" in inner):
            found.add(inner.mark, "Sebuah cabang memuat 'when' atau 'else', tepat satu.", rule="choose")
        elif "else" in inner and otherwise is False:
            found.add(inner.at("else"), "'else' hanya dapat berisi true.", rule="choose", accepted=("true",))
        elif "else" in inner and position < len(nodes):
            found.add(inner.at("else"), "'else' harus cabang terakhir; cabang sesudahnya mati.", rule="choose")
        elif "when" in inner and position == len(nodes):
            message = "Cabang terakhir harus {else: true, to: ...}, agar selalu ada jalan."
            found.add(inner.mark, message, rule="choose")
        if to is not None:
            branches.append(Branch(when, to, inner.mark))
    return tuple(branches)


def _route(block: Block) -> Route | None:
    inner = block.block("route")
    if inner is None:
        return None
    act, done = inner.take("act"), inner.take("done")
    read = inner.take("levels")
    levels = _levels(inner, read) if isinstance(read, list) else read
    at_most, edit = inner.take("at_most"), inner.take("edit") or False
    changes = inner.take("if_file_changes") or "continue at changer"
    stand_in = _yes(inner, "stand_in", otherwise=False)
    deadline, reject = _deadline(inner), _reject(inner, _by(levels), stand_in=stand_in)
    if act is None or done is None or levels is None:
        return None
    return Route(
        act=act,
        title=inner.take("title") or act,
        levels=levels,
        done=done,
        at_most=at_most,
        edit=edit,
        deadline=deadline,
        if_file_changes=changes,
        reject=reject,
        stand_in=stand_in,
        mark=inner.mark,
    )


def _levels(block: Block, nodes: list[Node]) -> tuple[Level, ...] | None:
    levels = []
    for node in nodes:
        inner = Block.of(block.reading, node, "level", "butir 'levels'")
        who = inner.take("who") if inner is not None else None
        if inner is not None and who is not None:
            levels.append(Level(who, inner.take("need") or "all"))
    if not nodes:
        block.reading.found.add(block.at("levels"), "'levels' tidak memuat satu tingkat pun.", rule="empty")
    return tuple(levels) or None


def _by(levels: Who | tuple[Level, ...] | None) -> tuple[Who, ...]:
    """Those who may reject in a route are those who may initial."""
    if levels is None:
        return ()
    return tuple(level.who for level in levels) if isinstance(levels, tuple) else (levels,)


def _reject(block: Block, by: tuple[Who, ...], *, stand_in: bool) -> Action | None:
    inner = block.block("reject")
    act = inner.take("act") if inner is not None else None
    if inner is None or act is None:
        return None
    return Action(
        name=act,
        title=inner.take("title") or act,
        by=by,
        ask=inner.take("ask"),
        do=read_effects(block.reading, inner.items("do")),
        to=inner.take("to"),
        stand_in=stand_in,
        mark=inner.mark,
    )


def _sign(block: Block) -> Sign | None:
    inner = block.block("sign")
    if inner is None:
        return None
    by, stand_in = inner.take("by") or (), _yes(inner, "stand_in", otherwise=False)
    way, unsigned = inner.block("with"), inner.block("unsigned_at")
    prepare, reject = _prepare(inner, by, stand_in=stand_in), _reject(inner, by, stand_in=stand_in)
    act, done = inner.take("act"), inner.take("done")
    if act is None or done is None or prepare is None:
        return None
    return Sign(
        act=act,
        title=inner.take("title") or act,
        by=by,
        prepare=prepare,
        done=done,
        method=(way.take("method") if way is not None else None) or PADES,
        end_of=unsigned.take("end_of") if unsigned is not None else None,
        number_at_end=unsigned.take("number") if unsigned is not None else None,
        reject=reject,
        stand_in=stand_in,
        batch=way is not None and _yes(way, "batch", otherwise=False),
        unavailable=_unavailable(inner),
        in_turn=_yes(inner, "in_turn", otherwise=False),
        mark=inner.mark,
    )


def _unavailable(block: Block) -> Unavailable | None:
    inner = block.block("unavailable")
    if inner is None:
        return None
    notify, after = inner.take("notify"), inner.take("after")
    return Unavailable(notify, after, inner.mark) if notify and after is not None else None


def _prepare(block: Block, by: tuple[Who, ...], *, stand_in: bool) -> Action | None:
    inner = block.block("prepare")
    act = inner.take("act") if inner is not None else None
    if inner is None or act is None:
        return None
    do = read_effects(block.reading, inner.items("do"))
    if inner.items("do") and not any(effect.name == "freeze" for effect in do):
        message = f"Penyiapan {quoted(act)} tidak membekukan berkas; tambahkan {{freeze: file}} di 'do'."
        block.reading.found.add(inner.at("do"), message, rule="sign")
    return Action(name=act, title=inner.take("title") or act, by=by, do=do, stand_in=stand_in, mark=inner.mark)


def _gather(block: Block) -> Gather | None:
    inner = block.block("gather")
    if inner is None:
        return None
    track, until = inner.take("track"), inner.take("until")
    done, returned = inner.take("done"), inner.take("returned")
    if track is None or until is None or done is None or returned is None:
        return None
    return Gather(track, until, done, returned, inner.mark)
