"""A flow comes into force: by two people, with all proofs, and for ever under its hash."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from flow_office import APPROVER, DESIGNER, NEW, OLD, REGENCY_DESIGNER, WORKFLOWS, check, publish, text, version
from transaction.interfaces import TransientError

from intranet_surat.errors import Changed, Invalid, NotAllowed
from intranet_surat.resources.evolution import know_limits
from intranet_surat.resources.people import Holding
from intranet_surat.resources.site import Site
from intranet_surat.services import flow_proofs, publishing
from intranet_surat.services.flows import FlowMismatch, FlowShelf
from intranet_surat.services.lately import Lately
from intranet_surat.workflow.loader import load

OWN = (("id: surat-masuk\n", "id: surat-masuk-uji\n"),)


def save(desk, written, login=REGENCY_DESIGNER, office=None, **more):
    draft = publishing.save(desk.house, desk.site, office, written, "uji.yaml", desk.as_(login), desk.now, **more)
    desk.commit()
    return draft


def propose(desk, draft, login=REGENCY_DESIGNER, why="Perbaikan"):
    return publishing.propose(desk.house, desk.site, draft, why, desk.as_(login), desk.now, saved=draft.saved)


def approve(desk, draft, login=APPROVER, saved=None):
    seen = draft.saved if saved is None else saved
    return publishing.approve(desk.house, desk.site, draft, desk.as_(login), desk.now, saved=seen)


def rules(proofs):
    return [each.rule for each in proofs.findings]


def test_a_published_flow_says_by_whom_and_why_and_its_text_stands_under_its_hash(desk):
    done, proofs = publish(desk, text("surat_masuk.yaml"), why="Batas lebih pendek")
    stored = desk.site.publications[""][0]
    assert stored == done
    assert (stored.id, stored.version, stored.why) == ("surat-masuk", NEW, "Batas lebih pendek")
    assert desk.site.people[stored.person].login == REGENCY_DESIGNER
    assert desk.site.people[stored.approved_person].login == APPROVER
    assert desk.site.flow_texts[stored.hash].text == proofs.flow.text
    assert stored.summary == proofs.summary


def test_another_process_takes_the_publication_with_its_next_letter(two):
    one, other = two
    other.house = dataclasses.replace(other.house, flows=FlowShelf([]))
    done, _ = publish(one, text("surat_masuk.yaml"))
    other.tm.abort()
    other.tm.begin()
    assert other.register("agendaris.kramatwatu", "KRAMATWATU").flow.hash == done.hash


@pytest.mark.parametrize("places", [0, 200])
def test_a_letter_that_is_begun_while_a_version_is_published_takes_the_new_one(two, places):
    """It chose its flow before the publication; at its commit it collides and is begun again.

    So too when so many offices have flows of their own that they are stored in several pieces.
    """
    one, other = two
    one.site.publications.update({f"KANTOR-{number:03d}": () for number in range(places)})
    one.commit()
    other.tm.abort()
    other.tm.begin()
    old = version("surat_keluar.yaml")
    assert other.house.flows.choose(other.site, "DINKES", "keluar", "surat-dinas").version == old
    publish(one, text("surat_keluar.yaml"))
    with pytest.raises(TransientError):
        other.draft("staf-kesmas.dinkes", "DINKES")
    other.tm.abort()
    other.tm.begin()
    assert other.draft("staf-kesmas.dinkes", "DINKES").flow.version == old + 1


def test_a_release_that_ships_another_text_under_a_published_number_starts_and_changes_nothing(desk):
    """Nobody of the regency can change what a release ships, so that a refusal to start would have no remedy."""
    done, _ = publish(desk, text("surat_masuk.yaml"))
    shipped = text("surat_masuk.yaml", ("title: Surat masuk\n", "title: Surat masuk baru\n"))
    shelf = FlowShelf([(None, load(shipped, "surat_masuk.yaml", desk.house.world))])
    shelf.verify(desk.site)
    assert shelf.choose(desk.site, "SETDA", "masuk", "surat-masuk").hash == done.hash
    assert shelf.bases(desk.site)("surat-masuk", NEW).hash == done.hash


def test_an_offices_publication_goes_before_the_regencys(desk):
    own = text("surat_masuk.yaml", ("id: surat-masuk\n", "id: surat-masuk-dinkes\n"))
    done, _ = publish(desk, own.replace(f"version: {NEW}", "version: 99"), office="DINKES")
    assert desk.house.flows.choose(desk.site, "DINKES", "masuk", "surat-masuk").hash == done.hash
    assert desk.house.flows.choose(desk.site, "SETDA", "masuk", "surat-masuk").version == OLD


def test_a_byte_altered_in_a_published_text_stops_acts_and_start(desk):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    done, _ = publish(desk, text("surat_masuk.yaml"))
    newer = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    desk.site.flow_texts[done.hash].text = desk.site.flow_texts[done.hash].text.replace("agendaris", "agendariS", 1)
    desk.commit()
    fresh = FlowShelf([])
    with pytest.raises(FlowMismatch, match="tidak utuh"):
        fresh.verify(desk.site)
    desk.house = dataclasses.replace(desk.house, flows=fresh)
    with pytest.raises(FlowMismatch, match="tidak utuh"):
        desk.act("agendaris.kramatwatu", newer, "naikkan")
    desk.act("agendaris.kramatwatu", letter, "naikkan")


def test_the_same_version_with_another_text_is_refused_and_both_hashes_are_named(desk):
    done, _ = publish(desk, text("surat_masuk.yaml"))
    other = text("surat_masuk.yaml", ("title: Surat masuk", "title: Surat yang masuk"))
    found = check(desk, other)
    assert rules(found) == ["version"]
    assert done.hash in found.findings[0].message
    assert load(other, "uji.yaml").hash in found.findings[0].message
    with pytest.raises(Invalid):
        publish(desk, other)


def test_findings_of_publishing_stand_at_their_line(desk):
    old = text("surat_masuk.yaml").replace(f"version: {NEW}", f"version: {OLD - 1}")
    found = check(desk, old).findings[0]
    assert (found.rule, found.mark.line) == ("version", 3)
    elsewhere = check(desk, text("surat_masuk.yaml"), office="DINKES").findings[0]
    assert (elsewhere.rule, elsewhere.mark.line) == ("place", 2)
    assert "milik kabupaten" in elsewhere.message
    unknown = check(desk, text("surat_masuk.yaml", *OWN), office="TIDAK-ADA").findings[0]
    assert (unknown.rule, unknown.mark.line) == ("office", 2)


def test_a_flow_that_no_letter_would_take_is_refused(desk):
    never = text("surat_masuk.yaml", *OWN).replace(f"version: {NEW}", "version: 1")
    found = check(desk, never)
    assert rules(found) == ["applies-to"]
    assert found.findings[0].mark.line == 5
    assert f"'surat-masuk' versi {OLD}" in found.findings[0].message


def test_a_post_or_an_office_that_this_regency_does_not_have_is_refused_at_its_line_with_the_words_it_has(desk):
    away, late = "notify: role admin of office}", "to: position sekretaris of office,"
    written = text(
        "surat_masuk.yaml", (away, "notify: role admin of DINKESS}"), (late, "to: position sekretariss of office,")
    )
    line = next(no for no, each in enumerate(written.splitlines(), 1) if "sekretariss" in each)
    found = {each.rule: each for each in check(desk, written).findings}
    assert found["unknown-post"].mark.line == line
    assert (found["unknown-post"].suggestion, found["unknown-office"].suggestion) == ("sekretaris", "DINKES")
    assert {"camat", "sekda"} <= set(found["unknown-post"].accepted)


def test_a_new_number_series_is_told_and_not_refused_since_it_begins_with_its_flow(desk):
    found = check(desk, text("surat_masuk.yaml", ("{number: agenda-masuk}", "{number: agenda-msuk}")))
    (told,) = [each for each in found.warnings if each.rule == "unknown-series"]
    assert told.suggestion == "agenda-masuk"
    assert "dari nomor 1" in told.message
    assert not [each for each in check(desk, text("surat_masuk.yaml")).warnings if each.rule == "unknown-series"]


def test_a_post_that_the_flow_in_force_names_too_does_not_stop_its_next_version(desk):
    for each in list(desk.site.positions.values()):
        each.code = "" if each.code == "sekretaris" else each.code
    found = check(desk, text("surat_masuk.yaml"))
    assert not found.findings
    assert [each.rule for each in found.warnings if each.rule == "unknown-post"]


def test_a_file_with_mistakes_has_no_other_proofs(desk):
    found = check(desk, text("surat_masuk.yaml", ("to: didisposisi", "to: didisposis")))
    assert found.flow is None
    assert not found.ready
    assert "didisposis" in found.reasons[0]


def test_a_failing_test_of_the_file_stops_the_publication_with_its_line(desk):
    written = text("surat_masuk.yaml") + (
        "tests:\n  salah:\n    letter: {security: B}\n    run:\n      - {expect: {state: selesai}}\n"
    )
    found = check(desk, written)
    assert not found.ready
    assert found.reasons[0].startswith(f"uji.yaml:{len(written.splitlines())}: salah: ")


def test_names_that_mean_nobody_in_an_office_are_listed(desk):
    lacks = {(each.office, each.name) for each in check(desk, text("surat_masuk.yaml")).lacks}
    assert ("SETDA", "agendaris") not in lacks
    written = text("surat_masuk.yaml", ("role agendaris of office", "role operator_loket of office"))
    lacks = {(each.office, each.name) for each in check(desk, written).lacks}
    assert ("SETDA", "agendaris") in lacks
    assert "DINKES" not in {office for office, _ in lacks}, "it has a flow of its own"


@pytest.mark.parametrize("login", [APPROVER, "agendaris.dinkes", "kepala.dinkes"])
def test_who_is_no_designer_writes_nothing(desk, login):
    with pytest.raises(NotAllowed, match="tidak merancang"):
        save(desk, text("surat_masuk.yaml"), login)


def test_a_designer_of_an_office_writes_for_it_alone(desk):
    save(desk, text("surat_masuk.yaml"), DESIGNER, "DINKES")
    for office in ("BPKAD", None):
        with pytest.raises(NotAllowed):
            save(desk, text("surat_masuk.yaml"), DESIGNER, office)
    save(desk, text("surat_masuk.yaml"), REGENCY_DESIGNER, "BPKAD")


def test_the_proposer_never_approves_even_with_another_position(desk):
    draft = save(desk, text("surat_masuk.yaml"))
    propose(desk, draft)
    seat = desk.site.positions[desk.post(APPROVER)]
    desk.site.positions.hold(seat, Holding(draft.person, seat.holders[0].since))
    desk.commit()
    with pytest.raises(NotAllowed):
        approve(desk, draft, REGENCY_DESIGNER)
    assert approve(desk, draft).version == NEW


def test_another_person_with_the_same_position_does_not_approve(desk):
    """Two people at one desk are one pair of eyes."""
    draft = save(desk, text("surat_masuk.yaml"))
    propose(desk, draft)
    desk.site.positions[draft.position].roles |= {"penyetuju_alur"}
    second = desk.site.people.login("agendaris.setda")
    position = desk.site.positions[draft.position]
    desk.site.positions.hold(position, Holding(second.id, position.holders[0].since))
    desk.commit()
    with pytest.raises(NotAllowed):
        approve(desk, draft, "agendaris.setda")


def test_what_was_changed_after_the_approver_read_it_is_not_approved(desk):
    draft = save(desk, text("surat_masuk.yaml"))
    propose(desk, draft)
    seen = draft.saved
    save(desk, text("surat_masuk.yaml", ("title: Surat masuk", "title: Lain")), draft=draft, saved=seen)
    with pytest.raises(NotAllowed):
        approve(desk, draft, saved=seen)
    propose(desk, draft)
    with pytest.raises(Changed):
        approve(desk, draft, saved=seen)


def test_a_draft_is_kept_with_its_mistakes_and_nobody_overwrites_it_unseen(desk):
    draft = save(desk, "flow: surat/1\nid: surat-masuk\nversion: {", REGENCY_DESIGNER)
    assert draft.text.endswith("{")
    save(desk, text("surat_masuk.yaml"), draft=draft, saved=1)
    with pytest.raises(Changed, match="naskah Anda belum hilang"):
        save(desk, "flow: surat/1\n", draft=draft, saved=1)
    assert draft.text == text("surat_masuk.yaml")


def test_two_designers_of_one_flow_know_of_each_other_and_the_second_compares(desk):
    first = save(desk, text("surat_masuk.yaml"))
    second = save(desk, text("surat_masuk.yaml", ("title: Surat masuk", "title: Lain")))
    assert publishing.others(desk.site, first) == (second,)
    propose(desk, first)
    approve(desk, first)
    desk.commit()
    with pytest.raises(Invalid, match=f"sudah terbit surat-masuk versi {NEW}"):
        propose(desk, second)
    assert second.text


def test_a_refused_draft_has_its_reason_and_can_be_written_on(desk):
    draft = save(desk, text("surat_masuk.yaml"))
    propose(desk, draft)
    with pytest.raises(Invalid):
        publishing.refuse(desk.house, desk.site, draft, " ", desk.as_(APPROVER), desk.now)
    publishing.refuse(desk.house, desk.site, draft, "Batas terlalu pendek", desk.as_(APPROVER), desk.now)
    assert (draft.state, draft.answer) == ("ditolak", "Batas terlalu pendek")
    with pytest.raises(NotAllowed):
        approve(desk, draft)
    save(desk, text("surat_masuk.yaml"), draft=draft, saved=draft.saved)
    propose(desk, draft)
    assert approve(desk, draft).version == NEW
    with pytest.raises(Invalid, match="sudah terbit"):
        save(desk, "flow: surat/1\n", draft=draft, saved=draft.saved)


def test_an_office_extends_what_was_published_and_hears_when_it_is_superseded(desk):
    publish(desk, text("surat_masuk.yaml"))
    written = (
        f"flow: surat/1\nid: surat-masuk-bpkad\nversion: 1\nextends: surat-masuk@{NEW}\ntitle: Surat masuk BPKAD\n"
    )
    found = check(desk, written, office="BPKAD")
    assert found.reasons == ()
    assert found.flow.base == f"surat-masuk@{NEW}"
    newest = text("surat_masuk.yaml", ("title: Surat masuk", "title: Lain")).replace(
        f"version: {NEW}", f"version: {NEW + 1}"
    )
    publish(desk, newest)
    found = check(desk, written, office="BPKAD")
    assert [each.rule for each in found.warnings] == ["old-base"]
    assert found.warnings[0].mark.line == 4


def test_the_resolved_text_of_an_extension_is_stored_and_letters_run_on_it(desk):
    written = f"flow: surat/1\nid: surat-masuk-dinas\nversion: {NEW + 9}\nextends: surat-masuk@{OLD}\ntitle: Dinas\n"
    done, _ = publish(desk, written, office="BPKAD")
    letter = desk.register("agendaris.bpkad", "BPKAD")
    assert letter.flow.hash == done.hash
    assert done.written == written
    fresh = FlowShelf([]).of(desk.site, letter.flow)
    assert (fresh.title, fresh.hash) == ("Dinas", done.hash)


def test_the_text_of_a_published_draft_is_kept_once_and_still_read(desk):
    written = text("surat_masuk.yaml")
    draft = save(desk, written)
    propose(desk, draft)
    approve(desk, draft)
    assert draft.text == ""
    assert publishing.text_of(desk.site, draft) == written
    draft.text = written
    know_limits(desk.site)
    assert (draft.text, publishing.text_of(desk.site, draft)) == ("", written)


def test_letters_that_a_page_does_not_look_at_are_counted_and_approving_looks_at_them(desk):
    for _ in range(3):
        desk.register("agendaris.kramatwatu", "KRAMATWATU")
    written = text("surat_masuk.yaml", ("dicatat", "tercatat"), migrate="")
    some = flow_proofs.check(desk.house, desk.site, written, "uji.yaml", None, desk.now, most=2)
    assert (len(some.plan.stranded), some.plan.unseen) == (2, 1)
    assert len(check(desk, written).plan.stranded) == 3


def test_a_kept_answer_belongs_to_its_database_and_ends_with_its_time(desk, two):
    lately, found = Lately(), []

    def ask(site, now):
        return lately.get(site, "apa", now, timedelta(minutes=2), lambda: found.append(now) or len(found)).answer

    assert [ask(desk.site, desk.now) for _ in range(2)] == [1, 1]
    assert ask(two[1].site, desk.now) == 1, "another connection of the same database"
    assert ask(desk.site, desk.now + timedelta(minutes=2)) == 2
    assert ask(Site("Surat", "Lain"), desk.now) == 3, "a site that stands in no database keeps nothing"


def test_what_a_text_says_by_itself_is_asked_again_when_its_base_is_another(desk, monkeypatch):
    calls = []
    monkeypatch.setattr(flow_proofs, "decide", lambda flow: calls.append(flow.hash) or ())
    written = f"flow: surat/1\nid: surat-masuk-bpkad\nversion: 1\nextends: surat-masuk@{OLD}\ntitle: BPKAD\n"
    for _ in range(2):
        check(desk, written, office="BPKAD")
    assert len(calls) == 1
    base = (WORKFLOWS / "surat_masuk.yaml").read_text(encoding="utf-8").replace("title: Dicatat", "title: Tercatat")
    shelf = FlowShelf([(None, load(base, "surat_masuk.yaml", desk.house.world))])
    desk.house = dataclasses.replace(desk.house, flows=shelf)
    check(desk, written, office="BPKAD")
    assert len(calls) == len(set(calls)) == 2
