"""Flows come into force: the draft, the request for approval, and the second pair of eyes.

Nothing is published that its proofs (`services.flow_proofs`) do not carry. What is kept stands in `resources.flows`;
moving letters is `services.migrating`.
"""

from __future__ import annotations

from datetime import datetime

from intranet_surat.errors import Changed, Invalid, NotAllowed, Unknown
from intranet_surat.resources.flows import REGENCY, Draft, Publication, Trial
from intranet_surat.resources.folder import new_id
from intranet_surat.resources.site import Site
from intranet_surat.services import idempotency, migrating, trials
from intranet_surat.services.depending import depend_on
from intranet_surat.services.flow_proofs import Proofs, fresh, said
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.reader import Reader
from intranet_surat.workflow import nodes
from intranet_surat.workflow.findings import FlowError, Found
from intranet_surat.workflow.view import Actor

WRITES, WRITES_ALL, APPROVES = "perancang_alur", "perancang_alur_kabupaten", "penyetuju_alur"
"""The roles: a designer of the own office, a designer for all, and who puts a flow into force."""
ROLES = frozenset({WRITES, WRITES_ALL, APPROVES})
BEGUN = "mulai konsep alur"
"""What a key was used for that began a draft."""
UNSEEN = "{count} surat belum diperiksa. Minta 'Periksa semua surat' dulu, lalu setujui sesudah selesai."
LONGEST = 1000
"""Characters of a reason: it is kept for ever beside the flow, and read with it."""


def designer(house: House, site: Site, place: str | None, reader: Reader, now: datetime) -> Actor | None:
    """For which position the reader may write flows of a place; None when for none."""
    for actor in own(house, site, reader, now):
        position = site.positions[actor.position]
        if WRITES_ALL in position.roles or (WRITES in position.roles and place and position.office == place):
            return actor
    return None


def approver(house: House, site: Site, draft: Draft, reader: Reader, now: datetime) -> Actor | None:
    """For which position the reader may approve a draft: a person who wrote nothing of it, with another position."""
    if reader.person in (draft.person, *draft.hands):
        return None
    for actor in own(house, site, reader, now):
        if APPROVES in site.positions[actor.position].roles and actor.position != draft.position:
            return actor
    return None


def waiting(house: House, site: Site, reader: Reader, now: datetime) -> int:
    """How many proposed drafts the reader may decide about."""
    # Every page of his asks this: drafts are read only for who approves any.
    if not any(APPROVES in site.positions[actor.position].roles for actor in own(house, site, reader, now)):
        return 0
    proposed = (each for each in site.drafts.values() if each.state == "diajukan")
    return sum(1 for each in proposed if approver(house, site, each, reader, now) is not None)


def refused(house: House, site: Site, reader: Reader, now: datetime) -> tuple[Draft, ...]:
    """The drafts that were sent back to the reader who wrote in them and may go on with them."""
    # The desk of everybody asks this: drafts are read only for who writes any.
    if not any({WRITES, WRITES_ALL} & site.positions[each].roles for each in reader.positions):
        return ()
    mine = (each for each in site.drafts.values() if each.state == "ditolak")
    return tuple(
        each
        for each in mine
        if reader.person in (each.person, *each.hands)
        and designer(house, site, each.place or None, reader, now) is not None
    )


def own(house: House, site: Site, reader: Reader, now: datetime) -> list[Actor]:
    """The actors that the reader is in his own right: nobody publishes for one who is away."""
    org = org_at(house, site, now)
    return [
        actor
        for actor in reader.actors()
        if actor.person in org.persons(actor.position) and org.capacity(actor.person, actor.position) is None
    ]


def save(
    house: House,
    site: Site,
    place: str | None,
    text: str,
    source: str,
    reader: Reader,
    now: datetime,
    *,
    draft: Draft | None = None,
    saved: int = 0,
) -> Draft:
    """Keep a text as it is now, right or wrong. ``saved`` is the count that the page showed.

    Raises NotAllowed, Changed (somebody else stored it meanwhile; nothing is overwritten), Invalid for a text that
    is published already.
    """
    actor, flow = designer(house, site, place, reader, now), flow_id(text, source)
    if actor is None:
        raise NotAllowed("Jabatan Anda tidak merancang alur di sini. Minta perancang alur kantor ini.")
    if draft is None:
        draft = Draft(id=new_id(), place=place or REGENCY)
        home = house.flows.home(site, flow)
        draft.started_from = home[1].hash if home is not None else ""
        site.drafts[draft.id] = draft
    elif not draft.open:
        raise Invalid({}, "Konsep ini sudah terbit. Mulai konsep baru.")
    elif draft.saved != saved:
        name = site.people[draft.person].name
        raise Changed(
            f"Konsep ini sudah disimpan {name} sejak halaman ini dibuka. Bandingkan dulu; naskah Anda belum hilang.",
            shown=saved,
            current=draft.saved,
        )
    depend_on(house, site, actor, now)
    draft.text, draft.source, draft.state = text, source, "ditulis"
    draft.flow = flow
    draft.person, draft.position = actor.person, actor.position
    draft.hands = tuple(dict.fromkeys((*draft.hands, actor.person)))
    draft.saved, draft.saved_at = draft.saved + 1, now
    return draft


def begin(
    house: House, site: Site, place: str | None, text: str, source: str, reader: Reader, now: datetime, *, key: str
) -> Draft:
    """A new draft with a text; the same form sent twice begins one. Raises what `save` raises."""
    known = idempotency.seen(site, reader.person, key, BEGUN)
    if known is not None and known in site.drafts:
        found: Draft = site.drafts[known]
        return found
    draft = save(house, site, place, text, source, reader, now)
    idempotency.remember(site, reader.person, key, draft.id, now, BEGUN)
    return draft


def flow_id(text: str, source: str) -> str:
    """The id that a text gives its flow, as far as it can be read."""
    tree = nodes.compose(text, source, Found())
    entry = tree.entries.get("id") if tree is not None else None
    return entry.value.text if entry is not None and isinstance(entry.value, nodes.Text) else ""


def others(site: Site, draft: Draft) -> tuple[Draft, ...]:
    """The other open drafts of the same flow: two designers should know of each other."""
    return tuple(
        each
        for each in site.drafts.values()
        if each is not draft and each.open and each.flow and (each.place, each.flow) == (draft.place, draft.flow)
    )


def propose(
    house: House,
    site: Site,
    draft: Draft,
    why: str,
    reader: Reader,
    now: datetime,
    *,
    saved: int,
    proofs: Proofs | None = None,
) -> Proofs:
    """Ask for approval of a draft. ``saved`` is the count that the page showed.

    ``proofs`` are those of its text that the caller has made in this transaction, if he has. Raises NotAllowed;
    Changed when somebody stored another text meanwhile; Invalid without a reason, or when the proofs fail.
    """
    actor = designer(house, site, draft.place or None, reader, now)
    if actor is None or not draft.open:
        raise NotAllowed("Jabatan Anda tidak dapat mengajukan konsep ini.")
    if draft.saved != saved:
        raise Changed("Konsep ini diubah sejak Anda membacanya.", shown=saved, current=draft.saved)
    if not 0 < len(why.strip()) <= LONGEST:
        raise Invalid({"why": f"Tulis alasan perubahan ini, paling panjang {LONGEST} huruf."})
    proofs = proved(house, site, draft, now, proofs)
    if proofs.flow is not None and proofs.plan.unseen:
        trials.begin(house, site, draft, proofs.flow, actor.person, now)
    depend_on(house, site, actor, now)
    draft.person, draft.position = actor.person, actor.position
    draft.state, draft.why, draft.proposed_at = "diajukan", why.strip(), now
    return proofs


def look_at_all(house: House, site: Site, draft: Draft, reader: Reader, now: datetime) -> Trial:
    """Let the worker look at all letters that a draft would move. Raises NotAllowed, Invalid for unsound texts."""
    who = designer(house, site, draft.place or None, reader, now) or approver(house, site, draft, reader, now)
    if who is None or not draft.open:
        raise NotAllowed("Jabatan Anda tidak menulis dan tidak menyetujui konsep ini.")
    try:
        flow = said(house, site, draft.text, draft.source, now).flow
    except FlowError as error:
        raise Invalid({}, error.message) from None
    return trials.begin(house, site, draft, flow, who.person, now)


def proved(house: House, site: Site, draft: Draft, now: datetime, known: Proofs | None = None) -> Proofs:
    """The proofs of a draft as it stands. Raises Invalid with the reasons when they do not carry it."""
    place = draft.place or None
    proofs = known or fresh(house, site, draft.text, draft.source, place, now, draft.trial)
    stale = draft.started_from and proofs.current is not None and proofs.current.hash != draft.started_from
    if stale and proofs.current is not None:
        raise Invalid(
            {},
            f"Sejak konsep ini dimulai sudah terbit {proofs.current.id} versi {proofs.current.version}. "
            "Bandingkan, lalu simpan konsep baru.",
        )
    if not proofs.ready:
        raise Invalid({}, "\n".join(proofs.reasons))
    return proofs


def refuse(house: House, site: Site, draft: Draft, reason: str, reader: Reader, now: datetime) -> None:
    """Send a proposed draft back with a reason. Raises NotAllowed, Invalid."""
    actor = approver(house, site, draft, reader, now)
    if actor is None or draft.state != "diajukan":
        raise NotAllowed("Konsep ini diputuskan penyetuju alur, bukan pengusulnya.")
    if not 0 < len(reason.strip()) <= LONGEST:
        raise Invalid({"reason": f"Tulis alasan penolakan, paling panjang {LONGEST} huruf."})
    depend_on(house, site, actor, now)
    draft.state, draft.answer = "ditolak", reason.strip()
    draft.answered_person, draft.answered_position = actor.person, actor.position


def approve(
    house: House, site: Site, draft: Draft, reader: Reader, now: datetime, *, saved: int, proofs: Proofs | None = None
) -> Publication:
    """Put a proposed draft into force: the text is stored under its hash, new letters take it, old ones move.

    ``saved`` is the count that the approver saw, ``proofs`` as in `propose`. Raises NotAllowed, Changed, Invalid when
    the proofs of this moment do not carry it, FlowMismatch when the version is stored with another text.
    """
    actor = approver(house, site, draft, reader, now)
    if actor is None or draft.state != "diajukan":
        raise NotAllowed("Konsep ini disetujui penyetuju alur lain, bukan pengusulnya.")
    if draft.saved != saved:
        raise Changed("Konsep ini diubah sejak Anda membacanya.", shown=saved, current=draft.saved)
    proofs = proved(house, site, draft, now, proofs)
    if proofs.plan.unseen:
        raise Invalid({}, UNSEEN.format(count=proofs.plan.unseen))
    depend_on(house, site, actor, now)
    flow = proofs.flow
    if flow is None:
        raise Unknown
    publication = Publication(
        id=flow.id,
        version=flow.version,
        hash=flow.hash,
        place=draft.place,
        person=draft.person,
        position=draft.position,
        approved_person=actor.person,
        approved_position=actor.position,
        at=now,
        why=draft.why,
        summary=proofs.summary,
        written=flow.written if flow.written != flow.text else "",
        base=flow.base,
        source=draft.source,
    )
    house.flows.pin(site, flow, now)
    site.publications[draft.place] = (*site.publications.get(draft.place, ()), publication)
    # Its top is written even when the place stands in a leaf: whoever chose a flow meanwhile has read that (`pin`).
    site.publications._p_changed = True  # noqa: SLF001 - the persistence protocol's own attribute
    draft.state, draft.published, draft.text, draft.trial = "terbit", flow.hash, "", None
    draft.answered_person, draft.answered_position = actor.person, actor.position
    migrating.begin(site, flow, actor, now)
    return publication


def publish(
    house: House,
    site: Site,
    text: str,
    source: str,
    office: str | None,
    writer: Reader,
    second: Reader,
    why: str,
    now: datetime,
    proofs: Proofs | None = None,
) -> tuple[Publication, Proofs]:
    """Write, propose and approve at once, for the command line; the proofs are made once. Raises what each raises."""
    draft = save(house, site, office, text, source, writer, now)
    proofs = propose(house, site, draft, why, writer, now, saved=draft.saved, proofs=proofs)
    return approve(house, site, draft, second, now, saved=draft.saved, proofs=proofs), proofs


def text_of(site: Site, draft: Draft) -> str:
    """What was written in a draft; of a published one as the publication keeps it."""
    done = (each for each in site.publications.get(draft.place, ()) if each.hash == draft.published)
    found = next(done, None) if draft.state == "terbit" else None
    return draft.text if found is None else found.written or site.flow_texts[found.hash].text
