"""The end of a day on which a prepared letter was not signed: its number is kept or given up, as the flow says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from intranet_surat.resources.folder import find
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.reads import still
from intranet_surat.resources.site import Site
from intranet_surat.services import deadlines, numbering, search, signatories, undecided, work
from intranet_surat.services.carrying_out import record
from intranet_surat.services.effects import register
from intranet_surat.services.house import House
from intranet_surat.services.itemview import state_of
from intranet_surat.workflow.model import Sign
from intranet_surat.workflow.own_acts import AUTOMATIC
from intranet_surat.workflow.view import Actor

JOB = "akhir-hari"
REASON = "Tidak ditandatangani sampai akhir hari"


def watch(
    house: House, site: Site, letter: Letter, sign: Sign | None, action: str, actor: Actor, now: datetime
) -> None:
    """After a signature was prepared in a flow that voids unsigned numbers: come back at the end of the day."""
    if sign is None or action != sign.prepare.name or sign.number_at_end != "void":
        return
    at = house.start_of(house.today(now) + timedelta(days=1))
    args = {
        "letter": path_of(letter),
        "number": letter.fields["number"],
        "position": actor.position,
        "person": actor.person,
    }
    site.jobs.add(JOB, args, key=f"{JOB}:{letter.id}:{letter.fields['number']}", at=at)


def end_of_day(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: void the number of a letter that still waits for its signature; it must be prepared anew.

    An attempt of which nobody knows how it ended keeps file and number: then it is asked again a day later.
    """
    letter = find(site, args["letter"])
    if not letter.register:
        return
    numbering.hold(house, work.manager(site), {letter.register})
    waits = state_of(house, site, letter).sign is not None and letter.fields.get("number") == args["number"]
    waits = waits and not signatories.begun(letter)  # under this number somebody has signed already
    found = register.register_of(site, letter)
    if not waits or found is None or found.used(letter.id):
        return
    still(letter.attempts)
    if undecided.of(letter) is not None:
        _again(house, site, letter, args, now)
        return
    found.void(letter.id, REASON)
    letter.fields = {**letter.fields, "number": None, "letter_date": None}
    letter.register = None
    letter.frozen = None
    # A new visit of the state: what was prepared before does not count any more.
    letter.entered = len(letter.history)
    actor = Actor(args["person"], args["position"])
    record(
        house, site, letter, AUTOMATIC, letter.state, letter.state, actor, now,
        entered={"form": {}, "facts": {"number_void": args["number"], "reason": REASON}},
    )  # fmt: skip
    deadlines.watch(house, site, letter, now)
    search.sync(house, site, letter, now)


def _again(house: House, site: Site, letter: Letter, args: Mapping[str, Any], now: datetime) -> None:
    """Come back at the end of the next day; the key names it, for that of the first day is taken."""
    day = house.today(now) + timedelta(days=1)
    key = f"{JOB}:{letter.id}:{args['number']}:{day.isoformat()}"
    site.jobs.add(JOB, args, key=key, at=house.start_of(day))
