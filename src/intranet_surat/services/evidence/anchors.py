"""Anchors the histories daily: a hash tree over the heads that changed, chained to yesterday's, stamped, kept outside.

Whoever can write the database can write histories anew, with good chains. He cannot take back what stands in a file
elsewhere under the timestamp of a stranger: a history that was cut, changed or lost no longer holds the head that
an anchor names. The offline package carries the `proof` of one letter, which `anchored` checks without a database.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from intranet_surat.resources.anchors import Anchor
from intranet_surat.resources.flows import walk
from intranet_surat.resources.folder import new_id
from intranet_surat.resources.history import GENESIS
from intranet_surat.resources.site import Site
from intranet_surat.services import notices, signing_loop, timestamping, work
from intranet_surat.services.evidence import keepers, merkle, published
from intranet_surat.services.evidence.anchored import FORMAT, LATE, digest, leaf, stamped
from intranet_surat.services.house import House
from intranet_surat.services.timestamping import TimestampUnavailable

JOB = "jangkar-harian"
OUTSIDE = "jangkar-luar"
AFTER = timedelta(minutes=10)
AGAIN = timedelta(hours=1)

logger = logging.getLogger(__name__)


def schedule(house: House, site: Site, now: datetime) -> None:
    """See to it that the job comes in the coming night."""
    work.tonight(house, site, JOB, AFTER, now)


def daily(house: House, site: Site, _args: Mapping[str, Any], now: datetime) -> None:
    """The job: anchor what changed since the last time; on a quiet day too, so that a gap is a loss."""
    if house.settings.timestamps and site.anchors.unstamped():  # since last night
        keepers.tell(site, notices.KEEPING, now)
    make(house, site, now)
    _wake(site, now)
    schedule(house, site, now)


def make(house: House, site: Site, now: datetime) -> Anchor:
    """Add the next anchor, without its timestamp; nothing outside is touched."""
    last = site.anchors.last()
    leaves = site.anchors.changed()
    anchor = Anchor(
        number=last.number + 1 if last is not None else 1,
        day=(house.today(now) - timedelta(days=1)).isoformat(),
        previous=last.digest if last is not None else GENESIS,
        root=merkle.root([leaf(*each) for each in leaves]).hex(),
        leaves=leaves,
        made_at=now,
    )
    anchor.digest = digest(line(anchor))
    return site.anchors.add(anchor)


def outside(house: House, site: Site, _args: Mapping[str, Any], now: datetime) -> None:
    """The job: stamp the anchors that have no timestamp, and append to the file outside those that are not in it.

    It may run again at any time: what is there is not written twice. A lost interval shows by its numbers.
    """
    stamper = timestamping.of_house(house)
    try:
        if stamper is not None:
            for anchor in site.anchors.unstamped():
                token = signing_loop.run(stamper.async_timestamp(bytes.fromhex(anchor.digest), "sha256"))
                anchor.token = token.dump()
    except (TimestampUnavailable, TimeoutError) as error:
        logger.warning("anchors wait for their timestamps: %s", error)
        _wake(site, now + AGAIN)
    _append(house.settings.anchors_file, site)


def line(anchor: Anchor) -> dict[str, Any]:
    """What the digest of an anchor is over."""
    return {
        "v": FORMAT,
        "number": anchor.number,
        "day": anchor.day,
        "previous": anchor.previous,
        "root": anchor.root,
        "letters": len(anchor.leaves),
    }


def proof(site: Site, letter: str) -> dict[str, Any] | None:
    """That the newest anchor of a letter holds its head, as JSON values; None while no anchor has it."""
    anchor = site.anchors.of(letter)
    if anchor is None:
        return None
    index = [name for name, _, _ in anchor.leaves].index(letter)
    beside = merkle.path([leaf(*each) for each in anchor.leaves], index)
    _, head, count = anchor.leaves[index]
    return {
        "anchor": line(anchor),
        "token": anchor.token.hex(),
        "leaf": {"letter": letter, "head": head, "acts": count},
        "index": index,
        "path": [each.hex() for each in beside],
    }


def public(site: Site) -> Iterator[str]:
    """The lines that anybody may have: each anchor and its timestamp, and no word of what is in them."""
    for anchor in site.anchors:
        yield json.dumps({**line(anchor), "digest": anchor.digest})
        if anchor.token:
            yield json.dumps({"number": anchor.number, "digest": anchor.digest, "token": anchor.token.hex()})


def problems(house: House, site: Site) -> Iterator[str]:
    """What is wrong with the anchors and with the histories they name; English, for DKISP's shell."""
    previous, number = GENESIS, 0
    for anchor in site.anchors:
        if anchor.number != number + 1 or anchor.previous != previous or anchor.digest != digest(line(anchor)):
            yield f"anchor {anchor.number}: does not follow the one before"
        if merkle.root([leaf(*each) for each in anchor.leaves]).hex() != anchor.root:
            yield f"anchor {anchor.number}: its letters do not give its root"
        yield from _against_clock(house, anchor)
        previous, number = anchor.digest, anchor.number
    yield from _against_file(house.settings.anchors_file, site)
    yield from _against_histories(site)


def _against_clock(house: House, anchor: Anchor) -> Iterator[str]:
    """Whether an anchor was stamped when its day was over, and soon: a stranger stamps what he is shown, but today."""
    if not anchor.token:
        yield f"anchor {anchor.number} of {anchor.day}: has no timestamp"
        return
    try:
        when = stamped(anchor.digest, anchor.token, house.roots)
    except TimestampUnavailable as error:
        yield f"anchor {anchor.number}: its timestamp proves nothing: {error.detail}"
        return
    over = house.start_of(date.fromisoformat(anchor.day) + timedelta(days=1))
    if when + timestamping.SKEW < over:
        yield f"anchor {anchor.number} of {anchor.day}: was stamped before its day was over, at {when.isoformat()}"
    elif when > over + LATE:
        yield f"anchor {anchor.number} of {anchor.day}: was stamped {(when - over).days} days after its day"


def _against_file(path: Path, site: Site) -> Iterator[str]:
    known = {anchor.number: anchor for anchor in site.anchors}
    for number, told in published.lines(path) if path.is_file() else ():
        if not told:
            yield f"{path}, line {number}: cannot be read"
    for told in _lines(path):
        anchor = known.get(told["number"])
        if anchor is None:
            yield f"anchor {told['number']} of {told.get('day')} is in {path} only: the database was set back"
        elif anchor.digest != told.get("digest"):
            yield f"anchor {told['number']} of {told.get('day')} differs from {path}: one of the two was written anew"
    written = {told["number"] for told in _lines(path)}
    yield from (f"anchor {number} of {known[number].day} is not in {path}" for number in known if number not in written)


def _against_histories(site: Site) -> Iterator[str]:
    heads: dict[str, list[tuple[str, int]]] = {}
    for anchor in site.anchors:
        for letter, head, count in anchor.leaves:
            heads.setdefault(letter, []).append((head, count))
    for item in walk(site):
        for head, count in heads.pop(item.id, []) if item is item.letter else ():
            if len(item.history) < count or item.history[count - 1].hash != head:
                yield f"letter {item.id}: its history no longer holds act {count} as it was anchored"
    for letter in heads:
        yield f"letter {letter}: anchored once, and gone"


def _append(path: Path, site: Site) -> None:
    """Add the lines that are missing: one for each anchor, and one for its timestamp, which may come later."""
    path.parent.mkdir(parents=True, exist_ok=True)
    anchors = {told["number"] for told in _lines(path)}
    tokens = {told["number"] for told in _lines(path, "token")}
    with path.open("a", encoding="utf-8") as stream:
        if path.stat().st_size and not path.read_bytes().endswith(b"\n"):
            stream.write("\n")  # who wrote last died at it; ours is a line of its own
        for anchor in site.anchors:
            if anchor.number not in anchors:
                told = {**line(anchor), "digest": anchor.digest, "leaves": anchor.leaves}
                stream.write(json.dumps(told) + "\n")
            if anchor.token and anchor.number not in tokens:
                stamp = {"number": anchor.number, "digest": anchor.digest, "token": anchor.token.hex()}
                stream.write(json.dumps(stamp) + "\n")


def _lines(path: Path, kind: str = "leaves") -> list[dict[str, Any]]:
    return [told for _, told in published.lines(path) if kind in told] if path.is_file() else []


def _wake(site: Site, at: datetime) -> None:
    site.jobs.add(OUTSIDE, {}, key=f"{OUTSIDE}:{new_id()}", at=at)
