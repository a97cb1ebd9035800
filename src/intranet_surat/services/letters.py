"""Letters come into being, are written, read and compared here; what the flow decides is `services.acting`."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from transaction import TransactionManager

from intranet_surat.errors import Invalid, NotAllowed, SuratError
from intranet_surat.kinds.vocabularies import SECURITY
from intranet_surat.resources.folder import find
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import FlowRef, Item, Letter, TextVersion
from intranet_surat.resources.reads import still
from intranet_surat.resources.site import Office, Site, section
from intranet_surat.services import (
    deadlines,
    idempotency,
    mandate_rules,
    numbering,
    private,
    search,
    secrecy,
    undecided,
)
from intranet_surat.services.acting import unchanged
from intranet_surat.services.carrying_out import attach, carry_out, record
from intranet_surat.services.depending import depend_on
from intranet_surat.services.effects import register
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, flow_of, org_at, setting, setting_for
from intranet_surat.services.reader import Reader
from intranet_surat.services.uploads import Upload
from intranet_surat.workflow import engine
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.model_words import AGENDA
from intranet_surat.workflow.own_acts import CORRECTION, READ
from intranet_surat.workflow.view import Actor, Outcome

SECTIONS = {"masuk": "surat-masuk", "keluar": "surat-keluar"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter that is not stored yet, as the engine sees it when it asks who may begin one."""

    id: str
    office: str
    author: str
    fields: Mapping[str, Any]
    kind: str = ""
    track: None = None
    state: str = ""
    entered: int = 0
    version: int = 1
    holder: None = None
    giver: None = None
    children: tuple[()] = ()
    acts: tuple[()] = ()
    initials: tuple[()] = ()
    since: None = None
    due: None = None
    limit_since: None = None
    paused_since: None = None
    pauses: tuple[()] = ()
    assigned: tuple[()] = ()
    told: tuple[()] = ()
    held: tuple[()] = ()

    @property
    def letter(self) -> Draft:
        """The letter of a letter."""
        return self


def creator(
    house: House, site: Site, office: Office, direction: str, kind: str, reader: Reader, now: datetime
) -> tuple[Actor, Flow]:
    """Which of the reader's positions may begin such a letter in this office, and the flow it will take.

    Raises NotAllowed with the titles of those who may, SuratError when no flow applies.
    """
    flow = house.flows.choose(site, office.code, direction, kind)
    asked = setting_for(house, site, flow, now)
    org = asked.org
    start = next(state.name for state in flow.states.values() if state.start)
    who: tuple[str, ...] = ()
    for actor in reader.actors():
        who = engine.editors(flow, Draft("", office.code, actor.position, {}, state=start), asked)
        if org.office_of(actor.position) == office.code and actor.position in who:
            return actor, flow
    titles = ", ".join(sorted(org.title(position) for position in who if org.office_of(position) == office.code))
    raise NotAllowed(
        f"Jabatan Anda tidak mencatat naskah ini di {office.name}." + (f" Dapat: {titles}." if titles else ""),
        action="tambah",
        who=who,
    )


def beginnable(house: House, site: Site, office: Office, direction: str, reader: Reader, now: datetime) -> list[str]:
    """The ids of the kinds of a direction that the reader may begin in this office, in the order they are offered."""
    found = []
    for kind in house.kinds.values():
        if kind.direction == direction:
            with contextlib.suppress(SuratError):
                creator(house, site, office, direction, kind.id, reader, now)
                found.append(kind.id)
    return found


def create(
    house: House,
    tm: TransactionManager,
    site: Site,
    office: Office,
    direction: str,
    kind: str,
    fields: Mapping[str, Any],
    reader: Reader,
    now: datetime,
    *,
    key: str,
    uploads: Sequence[Upload] = (),
    secret_fields: Mapping[str, str] | None = None,
    origin: str | None = None,
    reply_to: str | None = None,
) -> Letter:
    """Begin a letter; an incoming one has its agenda number when this returns.

    ``uploads`` with place ``scan`` become the scan. ``secret_fields`` (NIK and the like) are sealed in a record
    of their own. The same ``key`` gives the letter that it made before. Raises NotAllowed, Invalid, Unavailable.
    """
    use = f"tambah {office.code} {direction} {kind}"
    known = made_before(site, reader, key, use)
    if known is not None:
        return known
    not_lowered(site, origin, fields)
    mandate_rules.on_behalf(org_at(house, site, now), fields)
    actor, flow = creator(house, site, office, direction, kind, reader, now)
    letter = blank(office, direction, kind, fields, actor, flow, now)
    register.received(house, letter, now)
    outcome = begin(house, site, letter, flow, actor, now)
    effects = [effect for step in outcome.steps for effect in step.effects]
    locks = register.keys(house, site, letter, effects, now, None)
    if locks:
        numbering.hold(house, tm, locks)
        known = made_before(site, reader, key, use)
        if known is not None:
            return known
        actor, flow = creator(house, site, office, direction, kind, reader, now)
        outcome = begin(house, site, letter, flow, actor, now)
    house.flows.pin(site, flow, now)
    # An incoming letter stands in the year of its receipt, as its agenda number does; others in the year they begin.
    year = register.year(house, letter, AGENDA, now) if direction == "masuk" else house.today(now).year
    section(office, SECTIONS[direction], year)[letter.id] = letter
    site.public[letter.token] = path_of(letter)
    for upload in uploads:
        stored = attach(letter, upload, now)
        if upload.place == "scan":
            letter.fields = {**letter.fields, "scan": stored.sha256}
    if secret_fields:
        letter.private = private.seal(house.settings.private_key, letter.id, secret_fields)
    remember_text(letter, actor, now)
    relate(site, letter, origin, reply_to)
    carry_out(house, site, letter, outcome, actor, now, entered=letter.fields)
    idempotency.remember(site, reader.person, key, path_of(letter), now, use)
    return letter


def not_lowered(site: Site, origin: str | None, fields: Mapping[str, Any]) -> None:
    """Raise Invalid when what a delivery brought would be kept at a lower level of secrecy than its sender gave it."""
    levels = list(SECURITY)
    sent = find(site, origin).security if origin else levels[0]
    if sent in levels and fields.get("security", sent) in levels[: levels.index(sent)]:
        raise Invalid({"security": f"Pengirim memberi sifat {SECURITY[sent]}; sifat itu tidak dapat diturunkan."})


def made_before(site: Site, reader: Reader, key: str, use: str) -> Letter | None:
    """The letter that the same form made before. Raises Invalid for a key that something else was sent with."""
    where = idempotency.seen(site, reader.person, key, use)
    if where is None:
        return None
    found = find(site, where)
    if not isinstance(found, Letter):
        raise Invalid({}, idempotency.OTHER_USE)
    return found


def blank(
    office: Office,
    direction: str,
    kind: str,
    fields: Mapping[str, Any],
    actor: Actor,
    flow: Flow,
    now: datetime,
) -> Letter:
    """A letter that stands nowhere yet."""
    defaults: dict[str, Any] = {"security": "B", "urgency": "biasa"}
    if direction == "masuk":
        defaults |= {"received_at": now.isoformat(), "addressee": office.head}
    given = {name: value for name, value in fields.items() if value is not None}
    return Letter(
        office=office.code,
        direction=direction,
        kind=kind,
        flow=FlowRef(flow.id, flow.version, flow.hash),
        fields=defaults | given,
        author=actor.position,
        created_at=now,
        state_since=now,
        token=secrets.token_urlsafe(16),
    )


def begin(house: House, site: Site, letter: Letter, flow: Flow, actor: Actor, now: datetime) -> Outcome:
    """What entering the start state leads to."""
    asked = setting_for(house, site, flow, now)
    return engine.start(flow, Draft(letter.id, letter.office, actor.position, letter.fields), actor, asked)


def remember_text(letter: Letter, actor: Actor, now: datetime) -> None:
    """Keep the fields as they are now under the letter's version number."""
    letter.versions.append(
        TextVersion(version=letter.version, fields=letter.fields, position=actor.position, person=actor.person, at=now)
    )


def relate(site: Site, letter: Letter, origin: str | None, reply_to: str | None) -> None:
    """Tie a letter to the delivery it came by and to the letter that it answers, both ways."""
    letter.origin = origin
    if reply_to:
        first = _letter(site, reply_to)
        letter.related = (*letter.related, ("balasan-atas", reply_to))
        first.related = (*first.related, ("dibalas-dengan", path_of(letter)))


def update(
    house: House,
    site: Site,
    letter: Letter,
    fields: Mapping[str, Any],
    reader: Reader,
    now: datetime,
    *,
    version: int,
    key: str,
    uploads: Sequence[Upload] = (),
) -> int:
    """Store a new version of the text and return its number.

    ``version`` is the one that the page showed. Raises Unknown, NotAllowed (nobody of the reader's positions
    may edit now), Changed (somebody else stored a version meanwhile; nothing is overwritten).
    """
    if stored_before(site, letter, fields, uploads, reader, key):
        return int(letter.version)
    secrecy.demand(house, site, letter, reader, now)
    not_lowered(site, letter.origin, fields)
    actor = editor(house, site, letter, reader, now)
    if actor is None:
        raise NotAllowed("Naskah tidak dapat diubah dalam keadaan sekarang oleh jabatan Anda.", action="ubah")
    unchanged(site, letter, version)
    still(letter.attempts)  # one that begins meanwhile was sent the file of before
    mandate_rules.on_behalf(org_at(house, site, now), {**letter.fields, **fields})
    depend_on(house, site, actor, now)
    changed = {name: value for name, value in fields.items() if letter.fields.get(name) != value}
    files = [attach(letter, upload, now) for upload in uploads]
    letter.fields = {**letter.fields, **fields}
    scans = [each.sha256 for each in files if each.place == "scan"]
    if scans:
        letter.fields = {**letter.fields, "scan": scans[-1]}
    letter.version += 1
    letter.frozen = None
    remember_text(letter, actor, now)
    record(
        house, site, letter, CORRECTION, letter.state, letter.state, actor, now,
        entered={"form": changed, "facts": {"version": letter.version}},
        files=[each.sha256 for each in files],
    )  # fmt: skip
    deadlines.watch(house, site, letter, now)
    search.sync(house, site, letter, now)
    idempotency.remember(site, reader.person, key, path_of(letter), now, CORRECTION)
    return int(letter.version)


def stored_before(
    site: Site, letter: Letter, fields: Mapping[str, Any], uploads: Sequence[Upload], reader: Reader, key: str
) -> bool:
    """Whether the same form stored this very text before; one that was changed since is no repetition.

    Raises Invalid for a key that something else was sent with.
    """
    where = idempotency.seen(site, reader.person, key, CORRECTION)
    if where not in (None, path_of(letter)):
        raise Invalid({}, idempotency.OTHER_USE)
    same = all(letter.fields.get(name) == value for name, value in fields.items())
    return where is not None and same and all(letter.attachment(each.sha256) for each in uploads)


def editor(house: House, site: Site, letter: Letter, reader: Reader, now: datetime) -> Actor | None:
    """Which of the reader's positions may correct the text now; None when none may, as while it is being signed."""
    if undecided.of(letter) is not None:
        return None
    asked = setting(house, site, letter, now)
    allowed = engine.editors(flow_of(house, site, letter), StoredItem(house, site, letter), asked)
    return next((actor for actor in reader.actors() if actor.position in allowed), None)


def mark_read(house: House, site: Site, item: Item, reader: Reader, now: datetime) -> bool:
    """Record once that the position for which the item waits, or its holder, opened it; tell whether it was new."""
    asked = setting(house, site, item, now)
    waiting = engine.waits_for(flow_of(house, site, item), StoredItem(house, site, item), asked)
    for actor in reader.actors():
        concerned = actor.position == asked.org.now(item.holder or "") or actor.position in waiting
        if actor.position in item.reads or not concerned:
            continue
        item.reads = {**item.reads, actor.position: now.isoformat()}
        record(house, site, item, READ, item.state, item.state, actor, now, entered={"form": {}, "facts": {}})
        deadlines.watch(house, site, item.letter, now)
        search.sync(house, site, item.letter, now)
        return True
    return False


def _letter(site: Site, path: str) -> Letter:
    found = find(site, path)
    if not isinstance(found, Letter):
        raise TypeError(path)
    return found
