"""The one door through which a state changes: an act by a person for a position, decided by the flow.

Everything an act causes stands in one transaction: fields, number, file, child items, history, lists. What
leaves the house (mail, deliveries) is a job written in the same transaction. Registers are locked before
the transaction that numbers begins, and the act is decided again on fresh data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from transaction import TransactionManager

from intranet_surat.errors import Changed, Invalid
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import holds, idempotency, numbering, secrecy, unsigned
from intranet_surat.services.carrying_out import carry_out, signed_by
from intranet_surat.services.effects import register
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, flow_of, setting, state_of
from intranet_surat.services.reader import Reader
from intranet_surat.services.uploads import Upload
from intranet_surat.workflow import cast, engine
from intranet_surat.workflow.model import Effect, Form, Who
from intranet_surat.workflow.model_words import AGENDA
from intranet_surat.workflow.view import Actor, Offer, Outcome


@dataclass(frozen=True, slots=True)
class ActResult:
    """What an act led to. ``repeated`` tells that this very form had already acted; nothing was done again."""

    letter: Letter
    item: Item
    message: str
    outcome: Outcome | None = None
    repeated: bool = False


def offers(house: House, site: Site, item: Item, reader: Reader, now: datetime) -> tuple[Offer, ...]:
    """The actions of the item's state for the reader: allowed for one of his positions, or refused with the reason.

    What must wait is refused too (`services.holds`).
    """
    found = (offer for _, offer in nearest(house, site, item, reader, now).values())
    return holds.held(house, site, item, found, now)


def nearest(house: House, site: Site, item: Item, reader: Reader, now: datetime) -> dict[str, tuple[Actor, Offer]]:
    """For each action the position of the reader that comes nearest to it, and what the flow says to that.

    One that may do it, else one whose turn it is, else the one he sits at.
    """
    found: dict[str, tuple[int, Actor, Offer]] = {}
    flow = flow_of(house, site, item)
    view = StoredItem(house, site, item)
    asked = setting(house, site, item, now)
    for actor in reader.actors():
        for offer in engine.offers(flow, view, actor, asked):
            near = 2 if offer.allowed else int(actor.position in offer.who)
            if offer.action not in found or near > found[offer.action][0]:
                found[offer.action] = near, actor, offer
    return {action: (actor, offer) for action, (_, actor, offer) in found.items()}


def later(house: House, site: Site, item: Item, reader: Reader, now: datetime) -> tuple[Offer, ...]:
    """Refused actions of states still ahead that name one of the reader's positions."""
    flow = flow_of(house, site, item)
    view = StoredItem(house, site, item)
    asked = setting(house, site, item, now)
    found: dict[str, Offer] = {}
    for actor in reader.actors():
        for offer in engine.later(flow, view, actor, asked):
            found.setdefault(offer.action, offer)
    return tuple(found.values())


def decide(
    house: House,
    site: Site,
    item: Item,
    action: str,
    form: Mapping[str, Any],
    reader: Reader,
    now: datetime,
    author: Actor | None = None,
) -> tuple[Actor, Outcome]:
    """Which of the reader's positions acts, or the ``author`` of the paper that he enters, and what the engine answers.

    Raises NotAllowed with the sentence of the flow, or Invalid with messages by field.
    """
    flow = flow_of(house, site, item)
    view = StoredItem(house, site, item)
    asked = setting(house, site, item, now)
    near = nearest(house, site, item, reader, now).get(action)
    chosen = author or (near[0] if near is not None else reader.actor)
    outcome = engine.act(flow, view, action, form, chosen, asked)
    if form.get(engine.SIGNED) is not True:  # a signature ends its own attempt
        holds.demand(house, site, item, action, now)
    return chosen, outcome


def act(
    house: House,
    tm: TransactionManager,
    site: Site,
    item: Item,
    action: str,
    form: Mapping[str, Any],
    reader: Reader,
    now: datetime,
    *,
    key: str,
    version: int | None = None,
    uploads: Sequence[Upload] = (),
    proof: Mapping[str, Any] | None = None,
    author: Actor | None = None,
    paper: Mapping[str, str] | None = None,
) -> ActResult:
    """Do ``action`` on ``item`` for the reader.

    ``key`` makes the same form act once; ``version`` is the version of the text that the page showed.
    ``proof`` is set by `services.signing` alone, once it has judged a signed file: what the history keeps of it.
    ``author`` and ``paper`` are set by `services.proxy` alone: whose paper the reader enters, and which.
    Raises Unknown, NotAllowed, Invalid, Changed, Unavailable (a register stayed locked).
    """
    # What only a service may say is never taken from a form.
    form = {name: value for name, value in form.items() if not name.startswith("_")}
    if proof is not None:
        form[engine.SIGNED] = True
    repeated = already(house, site, item, action, reader, key)
    if repeated is not None:
        return repeated
    secrecy.demand(house, site, item, reader, now)
    unchanged(site, item, version)
    actor, outcome = decide(house, site, item, action, form, reader, now, author)
    locks = registers(house, site, item, outcome, now)
    if locks:
        numbering.hold(house, tm, locks)
        repeated = already(house, site, item, action, reader, key)
        if repeated is not None:
            return repeated
        secrecy.demand(house, site, item, reader, now)
        unchanged(site, item, version)
        actor, outcome = decide(house, site, item, action, form, reader, now, author)
    sign = state_of(house, site, item).sign
    title = next((each.title for each in offers(house, site, item, reader, now) if each.action == action), action)
    carry_out(house, site, item, outcome, actor, now, uploads=uploads, proof=proof, paper=paper)
    unsigned.watch(house, site, item.letter, sign, action, actor, now)
    idempotency.remember(site, reader.person, key, path_of(item), now, use(action))
    return ActResult(item.letter, item, told(house, site, item, title, outcome), outcome)


def use(action: str) -> str:
    """What a key was used for when it carried this action."""
    return f"aksi {action}"


def already(house: House, site: Site, item: Item, action: str, reader: Reader, key: str) -> ActResult | None:
    """The result of the same form sent before, if it was. Raises Invalid for the key of something else."""
    known = idempotency.seen(site, reader.person, key, use(action))
    if known is None:
        return None
    if known != path_of(item):
        raise Invalid({}, idempotency.OTHER_USE)
    state = state_of(house, site, item)
    return ActResult(item.letter, item, f"Sudah tercatat. Keadaan sekarang: {state.title}.", repeated=True)


def unchanged(site: Site, item: Item, version: int | None) -> None:
    """Raise Changed when the page showed another version of the text than the stored one."""
    letter = item.letter
    if version is None or version == letter.version:
        return
    last = letter.versions[-1] if letter.versions else None
    by = site.positions[last.position].title if last is not None and last.position in site.positions else "jabatan lain"
    raise Changed(
        f"Naskah sudah diubah oleh {by} sejak halaman ini dibuka. Bandingkan lebih dulu, lalu ulangi tindakan Anda.",
        shown=version,
        current=letter.version,
    )


def registers(house: House, site: Site, item: Item, outcome: Outcome, now: datetime) -> list[str]:
    """Keys of the registers that the outcome writes: its own number, and agenda numbers in other offices.

    Raises Invalid for a date of signing that would put the number where it does not belong.
    """
    effects: list[Effect] = [effect for step in outcome.steps for effect in step.effects]
    method = signed_by(house, site, item, outcome)
    if method is not None:
        effects.append(Effect("signed", method))
    register.dated(house, item, outcome.form.get("tanggal_ttd"), now)
    found = set(register.keys(house, site, item, effects, now, outcome.form.get("tanggal_ttd")))
    for child in outcome.children:
        office = site.positions[child.holder].office
        if office != item.office:
            found.add(numbering.key(office, AGENDA, house.today(now).year))
    return sorted(found)


def told(house: House, site: Site, item: Item, title: str, outcome: Outcome) -> str:
    """The result line: the same verb as the button, what came of it, and where the letter is now."""
    state = state_of(house, site, item)
    if outcome.children:
        return f"{title} terkirim ke {len(outcome.children)} jabatan. Keadaan sekarang: {state.title}."
    if not outcome.entered:
        return f"{title}: sudah dicatat."
    return f"{title}: sudah dicatat. Keadaan sekarang: {state.title}."


def choices(
    house: House, site: Site, item: Item, form: Form, reader: Reader, now: datetime
) -> dict[str, list[tuple[str, str, str]]]:
    """For each field of a flow's form that is chosen from a list: value, label and hint, in the order to show.

    Positions directly below the actor come first; the hint of a position names its office when it is another.
    """
    flow = flow_of(house, site, item)
    view = StoredItem(house, site, item)
    asked = setting(house, site, item, now)
    actor = reader.actor
    found: dict[str, list[tuple[str, str, str]]] = {}
    for field in form.fields.values():
        if field.of is not None:
            words = asked.vocabularies.get(field.of, {})
            found[field.name] = [(code, label, "") for code, label in words.items()]
        elif isinstance(field.source, Who):
            for each in reader.actors():
                positions = cast.positions(field.source, flow, view, asked, actor=each)
                if positions:
                    actor = each
                    break
            home = asked.org.office_of(actor.position)
            found[field.name] = [
                (position, asked.org.title(position), _elsewhere(site, asked.org.office_of(position), home))
                for position in positions
            ]
    for field in form.fields.values():
        if isinstance(field.source, str):
            found[field.name] = found.get(field.source.removeprefix("form."), [])
    return found


def _elsewhere(site: Site, office: str | None, home: str | None) -> str:
    """The short name of an office when it is not the own one."""
    if office is None or office == home:
        return ""
    known = site.office(office)
    return (known.short or known.name) if known is not None else ""
