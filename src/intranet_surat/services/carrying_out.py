"""Carries out what the engine decided: fields, effects, child items, history, lists, jobs.

Nothing here decides whether an act is allowed, or where a letter moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from intranet_surat.resources.document import Attachment
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Disposition, FlowRef, Item, Letter, PaperAct, StoredInitial
from intranet_surat.resources.mandates import ON_BEHALF
from intranet_surat.resources.reads import still
from intranet_surat.resources.site import Site
from intranet_surat.services import absences, deadlines, given_up, notices, search, undecided
from intranet_surat.services.depending import depend_on
from intranet_surat.services.effects import register
from intranet_surat.services.house import EffectCall, House
from intranet_surat.services.itemview import StoredItem, flow_of, org_at, setting, state_of
from intranet_surat.services.scans import comparing
from intranet_surat.services.uploads import Upload
from intranet_surat.workflow import engine, limits, turns
from intranet_surat.workflow.model import Effect, Flow
from intranet_surat.workflow.model_words import AGENDA
from intranet_surat.workflow.own_acts import AUTOMATIC, FIRST
from intranet_surat.workflow.replay_past import PROVIDER_AWAY
from intranet_surat.workflow.rules import asks_provider
from intranet_surat.workflow.view import Actor, NewChild, Outcome


def carry_out(
    house: House,
    site: Site,
    item: Item,
    outcome: Outcome,
    actor: Actor,
    now: datetime,
    *,
    uploads: Sequence[Upload] = (),
    entered: Mapping[str, Any] | None = None,
    proof: Mapping[str, Any] | None = None,
    paper: Mapping[str, str] | None = None,
) -> None:
    """Write everything that an outcome says, then its consequences upwards, the lists and the notices.

    ``entered`` is what was entered when the outcome has no form of its own: the fields of a new letter.
    ``paper`` tells when and on which sheet the actor wrote what his clerk enters: ``written`` and ``sheet``.
    """
    letter, before = item.letter, len(item.letter.history)
    depend_on(house, site, actor, now)
    stored = [attach(letter, upload, now) for upload in uploads]
    for each in stored:
        comparing.watch(site, letter, each, now)
    files = [each.sha256 for each in stored]
    if proof is not None:
        files.append(str(proof["file"]))
    if actor.clerk is not None and paper is not None:
        depend_on(house, site, actor.clerk, now)
        seq, clerk = len(letter.history), actor.clerk.position
        letter.papers = (*letter.papers, PaperAct(seq, item.id, outcome.action, actor.position, clerk, **paper))
    write(house, site, item, outcome, actor, now, files=files, entered=entered, proof=proof, paper=paper)
    rise(house, site, item, outcome, actor, now)
    deadlines.watch(house, site, letter, now)
    newly = search.sync(house, site, letter, now)
    # First, since one state of a letter tells a position once: his signature is gone, and he may have to write anew.
    told = given_up.tell(house, site, item, before, now)
    notices.tell(house, site, letter, newly - {actor.position} - told, now)
    unattended = absences.to_tell(house, site, letter, newly, now)
    notices.tell(house, site, letter, unattended, now, notices.UNATTENDED)


def write(
    house: House,
    site: Site,
    item: Item,
    outcome: Outcome,
    actor: Actor,
    now: datetime,
    *,
    files: Sequence[str] = (),
    entered: Mapping[str, Any] | None = None,
    proof: Mapping[str, Any] | None = None,
    paper: Mapping[str, str] | None = None,
) -> None:
    """One outcome on one item: effects in their order, children, the new state and the act in the history.

    An item that is in no state yet is a letter in the making.
    """
    letter = item.letter
    facts: dict[str, Any] = {"signature": dict(proof)} if proof else comparing.facts(letter)
    if paper is not None:
        facts["paper_written"] = paper["written"]
    state_from = item.state
    _note_provider(house, site, item, now, facts)
    method = _sign(house, site, item, outcome, facts)
    for step in outcome.steps:
        for effect in step.effects:
            run(house, site, letter, item, effect, outcome.form, actor, now, facts)
    sign = state_of(house, site, item).sign if state_from else None
    if turns.leaves(StoredItem(house, site, item), sign, outcome.action, anew=outcome.entered):
        given_up.note(letter, facts)
    if facts.get("number_void") and not (item is letter and outcome.entered):
        letter.frozen = None  # it bears the number, and still waits to be signed; only older flows void it so
    made = [give(house, site, item, child, actor, now, facts) for child in outcome.children]
    if proof is not None and not outcome.entered:
        # The next in turn signs what this one has signed.
        letter.frozen = facts["frozen"] = str(proof["file"])
    if proof is None:
        undecided.give_up(site, item, outcome, actor, now, facts)
    put(item, outcome.state, now, anew=outcome.entered)
    item.initials = tuple(
        StoredInitial(each.level, each.position, each.person, each.version) for each in outcome.initials
    )
    item.acted |= {actor.position}
    if not state_from:
        site.running.add(item)
    if outcome.entered or outcome.due is not None:
        deadlines.begin(house, site, item, outcome.due, now, facts)
    if outcome.final and item.track is None:
        letter.archived_at = now
    elif outcome.final:
        item.outcome = outcome.outcome
        item.ended = len(letter.history)
    if outcome.final:
        site.running.drop(item)
    nobodys = AUTOMATIC if state_from else FIRST
    record(
        house, site, item, outcome.action or nobodys, state_from, outcome.state, actor, now,
        entered={"form": dict(entered or outcome.form), "facts": facts, "items": made}, files=files,
        form=str(letter.fields.get("signing_form") or "") if method is not None else "",
    )  # fmt: skip


def _sign(house: House, site: Site, item: Item, outcome: Outcome, facts: dict[str, Any]) -> str | None:
    """By an act that signs the letter is signed, its number used; answers how, None for any other act."""
    method = signed_by(house, site, item, outcome)
    if method is not None:
        item.letter.fields = {**item.letter.fields, "signed": method}
        register.use(site, item.letter)
        facts["signed"] = method
    return method


def _note_provider(house: House, site: Site, item: Item, now: datetime, facts: dict[str, Any]) -> None:
    """Where a flow asks for the signing provider, the act tells how it was: nothing else will tell it later."""
    flow = flow_of(house, site, item)
    since = setting(house, site, item, now).provider_away
    if since is not None and any(asks_provider(rule.tree, flow) for rule in flow.rules.values()):
        facts[PROVIDER_AWAY] = since.isoformat()
        still(site.breakers[house.settings.signing_provider])


def put(item: Item, state: str, now: datetime, *, anew: bool) -> None:
    """Let an item stand in a state; ``anew`` when a passage begins there, which nobody was told of yet.

    Only an outcome of the engine and `services.migrating` say where. Called before the act is recorded.
    """
    item.state = state
    if anew:
        item.entered = len(item.letter.history)
        item.state_since = now
        item.assigned = item.told = ()


def signed_by(house: House, site: Site, item: Item, outcome: Outcome) -> str | None:
    """The method of the verified signature that the item's state waited for, the last one; None when it is none."""
    sign = state_of(house, site, item).sign if item.state and outcome.entered else None
    return sign.method if sign is not None and sign.act == outcome.action else None


def run(
    house: House,
    site: Site,
    letter: Letter,
    item: Item,
    effect: Effect,
    form: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    facts: dict[str, Any],
) -> None:
    """Run one effect inside the transaction. What it does outside the house, it writes as a job."""
    if effect.gives_up:
        register.give_up(site, letter, facts)
        return
    house.effects[effect.name](
        EffectCall(
            house=house,
            site=site,
            letter=letter,
            item=item,
            value=effect.value,
            options=effect.options,
            form=form,
            position=actor.position,
            person=actor.person,
            now=now,
            facts=facts,
        )
    )


def give(
    house: House, site: Site, parent: Item, child: NewChild, actor: Actor, now: datetime, facts: dict[str, Any]
) -> str:
    """Make a disposition; in another office it runs that office's track and limit, and takes its agenda number."""
    office = site.positions[child.holder].office
    flow = track_flow(house, site, parent, child, office)
    house.flows.pin(site, flow, now)
    item = Disposition(
        office=office,
        flow=FlowRef(flow.id, flow.version, flow.hash),
        track=child.track,
        state=child.state,
        fields=dict(child.fields),
        author=actor.position,
        giver=actor.position,
        holder=child.holder,
        created_at=now,
        state_since=now,
        entered=len(parent.letter.history),
    )
    parent.add_disposition(item)
    begun = limits.limit(flow.tracks[child.track].states[child.state])
    calendar = setting(house, site, item, now).calendar
    due = limits.begin(begun, StoredItem(house, site, item), now, calendar)
    deadlines.begin(house, site, item, due, now, facts)
    site.running.add(item)
    if office != parent.office:
        run(house, site, item.letter, item, Effect("number", AGENDA), {}, actor, now, {})
    for effect in child.effects:
        run(house, site, item.letter, item, effect, child.fields, actor, now, {})
    return item.id


def track_flow(house: House, site: Site, parent: Item, child: NewChild, office: str) -> Flow:
    """The flow whose track a child runs: of the holder's office if it has that track and start, else the giver's."""
    own = flow_of(house, site, parent)
    if office == parent.office:
        return own
    letter = parent.letter
    theirs = house.flows.choose(site, office, letter.direction, letter.kind)
    track = theirs.tracks.get(child.track)
    if track is not None and child.state in track.states and track.states[child.state].start:
        return theirs
    return own


def rise(house: House, site: Site, item: Item, outcome: Outcome, actor: Actor, now: datetime) -> None:
    """A disposition ended: count it off its parent, and let the parent close when it was the last."""
    if item.track is None or not outcome.final:
        return
    parent = item.__parent__
    # Written by every sibling that ends: two that end at once conflict here, and the second closes the parent.
    parent.open_children -= 1
    closed = engine.gathered(
        flow_of(house, site, parent), StoredItem(house, site, parent), setting(house, site, parent, now)
    )
    if closed is None:
        return
    write(house, site, parent, closed, actor, now)
    rise(house, site, parent, closed, actor, now)


def record(
    house: House,
    site: Site,
    item: Item,
    action: str,
    state_from: str,
    state_to: str,
    actor: Actor,
    now: datetime,
    *,
    entered: Mapping[str, Any],
    files: Sequence[str] = (),
    form: str = "",
) -> None:
    """Append the act to the letter's history with a snapshot of who did it; ``form`` is that of a signature."""
    letter = item.letter
    position = site.positions[actor.position]
    person = site.people[actor.person]
    office = site.office(position.office)
    org = org_at(house, site, now)
    capacity, order = org.capacity_words(actor.person, actor.position)
    behalf = org.behalf(actor.position, form, letter.kind, str(letter.fields.get("security") or "B"))
    mandate = behalf or org.mandate(actor.person, actor.position)
    if mandate is not None:
        mandate.note(now, path_of(letter), len(letter.history))
    if behalf is not None:
        capacity, order = f"{ON_BEHALF[form]} {org.title(behalf.position)}", behalf.order
    letter.history.add(
        at=now,
        letter=letter.id,
        item=item.id,
        state_from=state_from,
        state_to=state_to,
        action=action,
        position=actor.position,
        person=actor.person,
        capacity=capacity,
        order=order,
        flow=item.flow.hash if item.flow is not None else "",
        files=tuple(files),
        entered=dict(entered),
        who={"title": position.title, "office": office.name if office is not None else "", "name": person.name}
        | _clerk(site, actor),
    )
    site.anchors.touch(letter.id, letter.history.head, letter.history.count)


def _clerk(site: Site, actor: Actor) -> dict[str, str]:
    """Who entered the act from its author's paper, as it is remembered beside the author."""
    if actor.clerk is None:
        return {}
    position, person = site.positions[actor.clerk.position], site.people[actor.clerk.person]
    return {"clerk": f"{person.name}, {position.title}"}


def attach(letter: Letter, upload: Upload, now: datetime) -> Attachment:
    """Store an upload beside the letter; the bytes are copied, so that a retried request finds them again."""
    attachment = Attachment(
        upload.path,
        type=upload.type,
        filename=upload.filename,
        pages=upload.pages,
        place=upload.place,
        code=upload.code or "",
        flags=tuple(upload.flags),
        created_at=now,
    )
    letter.attachments.append(attachment)
    return attachment
