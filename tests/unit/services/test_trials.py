"""A move that is too large for a request: the worker looks at all letters, and the approver reads what it found."""

from __future__ import annotations

import pytest
from flow_office import APPROVER, REGENCY_DESIGNER, text, work_off
from lost_objects import lose
from two_desks import FIELDS, disposed

from intranet_surat.errors import Invalid
from intranet_surat.resources.attempts import SignAttempt
from intranet_surat.resources.folder import find, path
from intranet_surat.services import flow_proofs, migrating, publishing, trials

MOVES = text("surat_masuk.yaml", ("didisposisi", "dibagikan"), migrate="states: {didisposisi: dibagikan}")
STRANDS = text("surat_masuk.yaml", ("dicatat", "tercatat"), migrate="")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """A request looks at one letter, the worker at two in a transaction."""
    monkeypatch.setattr(flow_proofs, "MOST_LETTERS", 1)
    monkeypatch.setattr(trials, "PIECE", 2)


def letters(desk, count=5):
    return [desk.register("agendaris.kramatwatu", "KRAMATWATU") for _ in range(count)]


def proposed(desk, written=MOVES):
    reader = desk.as_(REGENCY_DESIGNER)
    draft = publishing.save(desk.house, desk.site, None, written, "uji.yaml", reader, desk.now)
    publishing.propose(desk.house, desk.site, draft, "Lebih cepat", reader, desk.now, saved=draft.saved)
    desk.commit()
    return draft


def approve(desk, draft):
    done = publishing.approve(desk.house, desk.site, draft, desk.as_(APPROVER), desk.now, saved=draft.saved)
    desk.commit()
    return done


def test_a_draft_with_many_letters_is_proposed_at_once_and_approved_when_all_were_looked_at(desk, db):
    made = letters(desk)
    draft = proposed(desk)
    with pytest.raises(Invalid, match="4 surat belum diperiksa"):
        approve(desk, draft)
    assert (draft.trial.seen, draft.trial.total) == (0, 5)
    work_off(desk, db)
    assert (draft.trial.seen, draft.trial.ended) == (5, desk.now)
    approve(desk, draft)
    assert draft.trial is None, "what is published keeps no list of letters"
    work_off(desk, db)
    assert {each.flow.version for each in made} == {desk.house.flows.home(desk.site, "surat-masuk")[1].version}


def test_the_worker_finds_the_same_letters_and_states_as_one_look_at_all(desk, db):
    letters(desk, 2)
    disposed(desk, *FIELDS[:2])
    letters(desk, 2)
    draft = proposed(desk)
    work_off(desk, db)
    alone = flow_proofs.said(desk.house, desk.site, MOVES, "uji.yaml", desk.now).flow
    found, whole = trials.plan_of(draft.trial, alone), migrating.plan(desk.house, desk.site, alone, desk.now)
    assert found.letters == whole.letters == 5
    sets = [
        {(each.version, each.track, each.old, each.new): (set(each.items), set(each.letters)) for each in plan.moves}
        for plan in (found, whole)
    ]
    assert sets[0] == sets[1]


def test_the_letters_that_would_be_stranded_are_told_with_their_line_before_anybody_can_approve(desk, db):
    letters(desk, 3)
    reader = desk.as_(REGENCY_DESIGNER)
    draft = publishing.save(desk.house, desk.site, None, STRANDS, "uji.yaml", reader, desk.now)
    publishing.look_at_all(desk.house, desk.site, draft, reader, desk.now)
    desk.commit()
    work_off(desk, db)
    found = flow_proofs.fresh(desk.house, desk.site, STRANDS, "uji.yaml", None, desk.now, draft.trial)
    whole = flow_proofs.check(desk.house, desk.site, STRANDS, "uji.yaml", None, desk.now)
    assert len(found.plan.stranded) == 3
    assert found.findings == whole.findings
    with pytest.raises(Invalid, match="3 surat akan terdampar"):
        publishing.propose(desk.house, desk.site, draft, "Perlu", reader, desk.now, saved=draft.saved)


def test_what_was_found_for_another_text_or_yesterday_does_not_carry_an_approval(desk, db, clock):
    letters(desk, 3)
    draft = proposed(desk)
    work_off(desk, db)
    clock.forward(hours=25)
    with pytest.raises(Invalid, match="2 surat belum diperiksa"):
        approve(desk, draft)
    publishing.look_at_all(desk.house, desk.site, draft, desk.as_(APPROVER), desk.now)
    desk.commit()
    work_off(desk, db)
    reader = desk.as_(REGENCY_DESIGNER)
    other = MOVES.replace("title: Dicatat", "title: Tercatat")
    publishing.save(desk.house, desk.site, None, other, "uji.yaml", reader, desk.now, draft=draft, saved=draft.saved)
    again = flow_proofs.fresh(desk.house, desk.site, other, "uji.yaml", None, desk.now, draft.trial)
    assert again.plan.unseen == 2


def test_a_text_that_is_saved_meanwhile_ends_the_look_at_the_older_one(desk, db):
    letters(desk)
    draft = proposed(desk)
    begun = draft.trial
    reader = desk.as_(REGENCY_DESIGNER)
    other = MOVES.replace("title: Dicatat", "title: Tercatat")
    publishing.save(desk.house, desk.site, None, other, "uji.yaml", reader, desk.now, draft=draft, saved=draft.saved)
    desk.commit()
    work_off(desk, db)
    assert begun.seen == 0
    assert begun.ended is None


def test_asked_twice_the_letters_are_looked_at_once_and_anew_only_when_the_worker_has_left_it(desk, clock):
    letters(desk)
    draft = proposed(desk)
    first, reader = draft.trial, desk.as_(REGENCY_DESIGNER)
    assert publishing.look_at_all(desk.house, desk.site, draft, reader, desk.now) is first
    clock.forward(minutes=11)
    assert trials.stalled(first, desk.now)
    assert publishing.look_at_all(desk.house, desk.site, draft, reader, desk.now) is not first


def test_a_letter_that_was_begun_after_the_look_is_looked_at_when_it_moves(desk, db):
    letters(desk)
    draft = proposed(desk)
    work_off(desk, db)
    late = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    approve(desk, draft)
    work_off(desk, db)
    assert late.flow.version == desk.house.flows.home(desk.site, "surat-masuk")[1].version


def test_a_proposal_reads_as_many_letters_as_a_page_may_and_none_of_another_flow(desk, db, monkeypatch, amount):
    monkeypatch.undo()
    read = []
    monkeypatch.setattr(migrating, "find", lambda *args: read.append(args) or find(*args))
    moved = amount(8, 5000)
    letters(desk, moved)
    desk.draft("staf-kesmas.dinkes", "DINKES")
    others = [f"/dinkes/surat-keluar/2026/lain{number:05}" for number in range(amount(500, 50_000))]
    desk.site.running._pairs.update(("0" * 64, where) for where in others)
    desk.commit()
    draft = proposed(desk)
    looked = len(read)
    work_off(desk, db)
    assert approve(desk, draft).id == "surat-masuk"
    assert looked == min(moved, flow_proofs.MOST_LETTERS)
    assert not [where for _, where in read if "surat-keluar" in where]


def test_a_dry_run_of_an_older_release_is_begun_anew_and_its_rows_are_not_read(desk, db, clock):
    letters(desk)
    draft = proposed(desk)
    old = draft.trial
    old.add(9, 5, ((1, None, "didisposisi", "dibagikan", "/x", "y", "z", ""),), desk.now)
    old.ended, old.moved = desk.now, desk.now
    del old.progressed
    desk.commit()
    work_off(desk, db)
    assert old.seen == 5, "the worker left it"
    with pytest.raises(Invalid, match="4 surat belum diperiksa"):
        approve(desk, draft)
    clock.forward(minutes=1)
    publishing.look_at_all(desk.house, desk.site, draft, desk.as_(APPROVER), desk.now)
    desk.commit()
    assert draft.trial is not old
    work_off(desk, db)
    approve(desk, draft)


def test_a_letter_that_is_being_signed_waits_in_the_dry_run_and_is_not_called_stranded(desk, db):
    made = letters(desk, 3)
    made[0].attempts = [SignAttempt(id="a", key="a", state="unknown", started=desk.now)]
    draft = proposed(desk)
    work_off(desk, db)
    flow = flow_proofs.said(desk.house, desk.site, MOVES, "uji.yaml", desk.now).flow
    found = trials.plan_of(draft.trial, flow)
    assert ([each.letter for each in found.waiting], found.stranded) == ([made[0].id], ())


def test_a_lost_letter_is_named_by_the_look_at_all_letters_and_keeps_nobody_from_approving(desk, db, storage):
    broken, *others = letters(desk, 3)
    name, where = broken.id, path(broken)
    lose(desk, storage, broken)
    draft = proposed(desk)
    work_off(desk, db)
    found = flow_proofs.fresh(desk.house, desk.site, MOVES, "uji.yaml", None, desk.now, draft.trial)
    assert (draft.trial.seen, found.plan.letters, found.plan.stranded) == (3, 2, ())
    assert [(each.letter, each.path, each.why) for each in found.plan.lost] == [(name, where, migrating.UNREADABLE)]
    assert any(name in each.message for each in found.warnings)
    approve(desk, draft)
    work_off(desk, db)
    assert {each.flow.version for each in others} == {desk.house.flows.home(desk.site, "surat-masuk")[1].version}
