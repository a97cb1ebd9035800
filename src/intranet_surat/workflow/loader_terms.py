"""Reading what a flow says beside its states: who stands in, what it promises, what is open, how letters move.

What these mean is known where they are run: `workflow.standing`, `workflow.promises`, `workflow.extending` and
the services.
"""

from __future__ import annotations

from intranet_surat.workflow import durations
from intranet_surat.workflow.loader_block import Block
from intranet_surat.workflow.model import Absence, Move, Opening, Promise

_PROMISES = ("never", "always_possible", "within")
_NOBODY = "none"
MOST_OPENINGS = 50


def read_absence(block: Block) -> tuple[Absence, ...]:
    """The lines of ``absence``, in order; none after ``none``."""
    lines: list[Absence] = []
    found = block.reading.found
    for inner in block.blocks("absence"):
        word, needs, notify = inner.take("stand_in"), inner.take("needs_order"), inner.take("notify") or ()
        if word is None:
            continue
        if lines and lines[-1].stand_in == _NOBODY:
            found.add(inner.mark, "Baris sesudah 'stand_in: none' tidak pernah dicapai.", rule="absence")
        elif word in [line.stand_in for line in lines]:
            found.add(inner.at("stand_in"), f"'{word}' sudah ada di baris sebelumnya.", rule="absence")
        if word == _NOBODY and "notify" not in inner:
            message = "'stand_in: none' harus memuat 'notify': siapa yang diberi tahu bila tidak ada pengganti."
            found.add(inner.mark, message, rule="missing-key")
        if word == _NOBODY and needs is not None:
            found.add(inner.at("needs_order"), "'needs_order' tidak berarti pada 'stand_in: none'.", rule="absence")
        if word != _NOBODY and "notify" in inner:
            found.add(inner.at("notify"), "'notify' hanya untuk 'stand_in: none'.", rule="absence")
        lines.append(Absence(word, needs or False, notify, inner.mark))
    return tuple(lines)


def read_promises(block: Block) -> tuple[Promise, ...]:
    """The promises, each of exactly one kind."""
    read = [_promise(inner) for inner in block.blocks("promises")]
    return tuple(promise for promise in read if promise is not None)


def _promise(block: Block) -> Promise | None:
    kind = block.exactly_one(_PROMISES, "Sebuah janji")
    if kind is None:
        return None
    found, value, says, to = block.reading.found, block.take(kind), block.take("says") or "", block.take("to") or ()
    if (kind == "within") != ("to" in block):
        found.add(block.mark, "'within' dan 'to' selalu bersama di sebuah janji.", rule="missing-key")
        return None
    if kind == "never" and "says" not in block:
        message = "Janji 'never' harus memuat 'says': kalimat bila janji tidak ditepati."
        found.add(block.mark, message, rule="missing-key")
    if value is None:
        return None
    mark = block.at(kind)
    if kind == "within":
        return Promise(kind, durations.text(value), says, states=to, within=value, mark=mark)
    text, content = value
    if kind == "never":
        return Promise(kind, text, says, tree=content, mark=mark)
    return Promise(kind, text, says, states=content, mark=mark)


def read_moves(block: Block) -> tuple[Move, ...]:
    """The lines of ``migrate``, one for each old version."""
    moves: list[Move] = []
    found, version = block.reading.found, block.take("version") if "migrate" in block else None
    for inner in block.blocks("migrate"):
        source = inner.take("from")
        states, tracks, restart = (inner.take(key) for key in ("states", "tracks", "restart"))
        if source is None:
            continue
        if version is not None and source >= version:
            message = f"'from' harus versi sebelum versi ini ({version}), bukan {source}."
            found.add(inner.at("from"), message, rule="migrate")
        if source in [move.source for move in moves]:
            found.add(inner.at("from"), f"Versi {source} sudah ada di baris sebelumnya.", rule="migrate")
        moves.append(Move(source, states or {}, tracks or {}, restart or (), inner.mark))
    return tuple(moves)


def read_openings(block: Block) -> tuple[Opening, ...]:
    """What is open to offices."""
    read = [_opening(inner) for inner in block.blocks("open", MOST_OPENINGS)]
    return tuple(opening for opening in read if opening is not None)


def _opening(block: Block) -> Opening | None:
    kind = block.exactly_one(("path", "insert_between"), "Sebuah bukaan")
    if kind is None:
        return None
    value, change = block.take(kind), block.take("change")
    if (kind == "path") != ("change" in block):
        message = "'path' selalu bersama 'change': free, narrower, atau shorter."
        block.reading.found.add(block.mark, message, rule="missing-key")
        return None
    if value is None or (kind == "path" and change is None):
        return None
    return Opening(value, change, None, block.mark) if kind == "path" else Opening(between=value, mark=block.mark)
