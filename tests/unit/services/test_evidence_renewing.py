from __future__ import annotations

import dataclasses
import shutil
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from evidence_stage import Town, new_clock
from lost_objects import lose
from sealing_stage import drafted, seal
from signed_pages import NOW
from signing_stage import SIGNATORY, prepared, sign

from intranet_surat.cli import evidence as command
from intranet_surat.demo.authority import issuing
from intranet_surat.kinds import dates
from intranet_surat.resources.attempts import SignAttempt
from intranet_surat.resources.folder import path
from intranet_surat.resources.renewals import Due, Renewals
from intranet_surat.services import delivery, notices, public, timestamping, verifying, work
from intranet_surat.services.effects import register
from intranet_surat.services.evidence import anchors, checks, keepers, renewing
from intranet_surat.services.house import EffectCall
from intranet_surat.services.providers.pkcs12 import Pkcs12Provider
from intranet_surat.web import evidence_page

DAY, YEAR = timedelta(days=1), timedelta(days=365)


@pytest.fixture
def town(desk, pki):
    """The desk's own authority on a socket; the house knows where it is."""
    made = Town()
    made.servers[""].authority = issuing.kept(pki / issuing.KEPT)
    made.servers[""].clock = lambda: desk.now
    places = tuple(timestamping.place(each) for each in made.urls)
    settings = dataclasses.replace(desk.house.settings, timestamps=places)
    desk.house = dataclasses.replace(desk.house, outbound=made.outbound, settings=settings)
    yield made
    made.close()


@pytest.fixture
def told(desk):
    """What administrators are told."""
    heard = []
    desk.house = dataclasses.replace(desk.house, notice_channels={"uji": lambda _house, notice: heard.append(notice)})
    return heard


def signed(desk):
    letter = prepared(desk)
    sign(desk, letter)
    return letter


def carries(desk, login):
    """Let the post of somebody keep the evidence of the regency."""
    person = next(each for each in desk.site.people.values() if each.login == login)
    post = next(each for each in desk.site.positions.values() if any(one.person == person.id for one in each.holders))
    post.roles |= {keepers.KEEPER}
    return post.id


def run(desk, db):
    """Run what is due by the desk's clock."""
    desk.commit()
    done = work.run_due(desk.house, db, desk.now)
    desk.tm.abort()
    desk.tm.begin()
    return done


def due(desk, letter):
    return desk.site.renewals.get(path(letter))


def files(letter):
    return [each for each in letter.renditions if each.kind == "signed"]


def test_on_the_day_of_signing_the_letter_gets_its_evidence(desk, db, town):
    letter = signed(desk)
    assert renewing.told(desk.house, desk.site, letter, desk.now).startswith("Bukti jangka panjang belum dibuat")
    run(desk, db)
    first, second = files(letter)
    assert second.previous == first.sha256
    assert second.content().startswith(first.content())
    assert second.verdict["overall"] == "sah"
    assert second.verdict["signatory"] == first.verdict["signatory"]
    assert delivery.final_file(letter) is second
    assert due(desk, letter).stamps == 1
    assert "lengkap sampai" in renewing.told(desk.house, desk.site, letter, desk.now)


def test_a_sealed_document_gets_its_evidence_too_and_still_counts_as_sealed(desk, db, town):
    settings = dataclasses.replace(desk.house.settings, sealed_kinds=frozenset({"sertifikat"}))
    desk.house = dataclasses.replace(desk.house, settings=settings)
    certificate = drafted(desk)
    desk.act(SIGNATORY, certificate, "siapkan")
    seal(desk, certificate)
    run(desk, db)
    first, second = files(certificate)
    assert second.verdict["overall"] == "sah"
    assert second.verdict["seals"] == first.verdict["seals"] != []
    told = public.facts(desk.house, desk.site, certificate.token, desk.now)
    assert told.seals == set(first.verdict["seals"])
    assert told.verdict.signatures[0].level == "LTA"


def test_the_file_that_was_sent_before_is_still_the_letter(desk, db, town):
    letter = signed(desk)
    run(desk, db)
    assert len(files(letter)) == 2
    for file, archive in zip(files(letter), ("without-evidence", "same"), strict=True):
        for token in (letter.token, ""):
            seen = public.compare(desk.house, desk.site, file.content(), desk.now, token=token)
            assert (seen.verdict.overall, seen.archive) == ("sah", archive), seen.verdict.reasons


def test_while_an_authority_is_away_the_letter_stays_valid_and_is_tried_again_at_longer_pauses(desk, db, clock, town):
    letter = signed(desk)
    town.away.add("/tsa")
    pauses = []
    for _ in range(9):
        run(desk, db)
        pauses.append(due(desk, letter).at - clock())
        clock.now = due(desk, letter).at
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (renewing.FIRST_PAUSE, renewing.LONGEST_PAUSE)
    assert "503" in due(desk, letter).problem
    assert len(files(letter)) == 1
    assert verifying.verdict(files(letter)[0].content(), desk.house.roots, now=clock()).overall == "sah"
    assert "belum dibuat; dicoba lagi" in renewing.told(desk.house, desk.site, letter, clock())
    town.away.clear()
    run(desk, db)
    assert due(desk, letter).stamps == 1


def test_administrators_are_told_after_a_day_in_vain_and_long_before_the_last_useful_day(desk, db, clock, town, told):
    keeper = carries(desk, "arsiparis.bpkad")
    letter = signed(desk)
    town.away.add("/tsa")
    run(desk, db)
    renewing.nightly(desk.house, desk.site, {}, desk.now)
    run(desk, db)
    assert [each for each in told if each.about == notices.EVIDENCE] == []
    clock.forward(days=1)
    for _ in range(2):  # a job that runs twice tells nobody twice
        renewing.nightly(desk.house, desk.site, {}, desk.now)
        run(desk, db)
    heard = [each for each in told if each.about == notices.EVIDENCE]
    assert len(heard) == 1
    (keeping,) = [each for each in told if each.about == notices.KEEPING]
    assert (keeping.position, keeping.url.endswith("/@@bukti")) == (keeper, True), "who can mend it is told where"
    assert heard[0].position in desk.site.positions
    assert "admin" in desk.site.positions[heard[0].position].roles
    assert renewing.state(due(desk, letter), desk.now) == "late"
    assert due(desk, letter).ends - desk.now > 600 * DAY
    assert "DKISP sudah diberi tahu" in renewing.told(desk.house, desk.site, letter, desk.now)


def test_after_the_last_useful_day_it_is_called_lost_and_not_tried_any_more(desk, db, clock, town):
    letter = signed(desk)
    town.away.add("/tsa")
    run(desk, db)
    clock.now = due(desk, letter).ends + DAY
    asked = len(town.asked)
    run(desk, db)
    assert len(town.asked) == asked
    assert renewing.state(due(desk, letter), desk.now) == "lost"
    assert "tidak dapat dibuat lagi" in renewing.told(desk.house, desk.site, letter, desk.now)


def test_a_letter_whose_file_is_lost_keeps_no_other_from_its_evidence(desk, db, clock, town, told, pki):
    broken, others = signed(desk), []
    whole = Path(delivery.final_file(broken).blob.committed())
    away = whole.rename(pki / "away")
    for _ in range(2):
        clock.forward(minutes=10)
        others.append(signed(desk))
    run(desk, db)
    assert [due(desk, each).stamps for each in others] == [1, 1]
    assert (len(files(broken)), due(desk, broken).stamps) == (1, 0)
    assert renewing.state(due(desk, broken), desk.now) == "broken"
    assert "galat pada sistem" in renewing.told(desk.house, desk.site, broken, desk.now)
    assert next(desk.site.jobs.parked(), None) is None
    light, line = lights(desk, desk.now)["evidence"]
    assert (light, line.figures["broken"]) == ("bad", "1")
    listed = [(renewing.state(each, desk.now), each) for each in desk.site.renewals]
    assert next(command.listed(listed, desk.now)).startswith(f"broken   {path(broken)} ")
    renewing.nightly(desk.house, desk.site, {}, desk.now)
    run(desk, db)
    assert [each for each in told if each.about == notices.EVIDENCE]
    away.rename(whole)
    clock.now = due(desk, broken).at
    run(desk, db)
    assert (due(desk, broken).stamps, due(desk, broken).broken) == (1, False)


@pytest.mark.parametrize("lost", ["letter", "folder"])
def test_a_letter_that_the_database_lost_keeps_what_is_due_and_is_told(desk, db, storage, clock, town, told, lost):
    keeper = carries(desk, "arsiparis.bpkad")
    letter = signed(desk)
    where, kept = path(letter), due(desk, letter)
    found = lose(desk, storage, letter if lost == "letter" else letter.__parent__._items)
    run(desk, db)
    now_due = desk.site.renewals.get(where)
    assert (now_due.ends, now_due.broken, now_due.problem) == (kept.ends, True, "POSKeyError")
    assert renewing.state(now_due, desk.now) == "broken"
    renewing.nightly(desk.house, desk.site, {}, desk.now)
    run(desk, db)
    assert keeper in {each.position for each in told if each.about == notices.KEEPING}
    assert desk.site.renewals.get(where).ends == kept.ends
    page = evidence_page.build(desk.house, desk.site, desk.as_(SIGNATORY), looked(desk), desk.now)
    assert [(each.state, each.name, each.url) for each in page.rows] == [("Galat pada sistem", "", "")]
    found()
    clock.now = desk.site.renewals.get(where).at
    run(desk, db)
    assert (desk.site.renewals.get(where).stamps, desk.site.renewals.get(where).broken) == (1, False)


def test_a_letter_that_is_gone_is_due_no_more(desk, db, town):
    letter = signed(desk)
    where = path(letter)
    del letter.__parent__[letter.__name__]
    run(desk, db)
    assert desk.site.renewals.get(where) is None


def test_what_ended_for_a_letter_that_is_paper_now_or_was_given_up_raises_no_alarm_for_ever(
    desk, db, storage, clock, town
):
    given_up, paper, proven = signed(desk), signed(desk), signed(desk)
    ended = {each: dataclasses.replace(due(desk, each), ends=desk.now) for each in (given_up, paper, proven)}
    register.give_up(desk.site, given_up, {})
    paper.fields = {**paper.fields, "signed": "wet"}
    for each in ended.values():
        desk.site.renewals.put(each)  # as they were left before
    revoked = dataclasses.replace(due(desk, paper), letter="/dinkes/surat-keluar/2026/tiada", revoked=True)
    desk.site.renewals.put(revoked)
    asked = len(town.asked)
    run(desk, db)
    assert len(town.asked) == asked
    assert lights(desk, desk.now)["evidence"][1].figures["lost"] == "3"
    lines = [renewing.told(desk.house, desk.site, each, desk.now) for each in (given_up, paper, proven)]
    assert [bool(each) for each in lines] == [False, False, True]
    renewing.nightly(desk.house, desk.site, {}, desk.now)
    assert [each.letter for each in desk.site.renewals] == [path(proven)]
    assert lights(desk, desk.now)["evidence"][1].figures["lost"] == "1"
    lose(desk, storage, proven)
    renewing.nightly(desk.house, desk.site, {}, desk.now)
    assert [renewing.state(each, desk.now) for each in desk.site.renewals] == ["lost"]


def test_every_state_of_evidence_has_its_word_on_the_page_and_in_the_shell():
    states = set(get_args(renewing.State)) - {"kept"}
    assert states == set(evidence_page.STATES) == set(command.WORDS)
    assert checks.ALARMS.keys() <= states


def test_nothing_half_written_stays_of_a_letter_that_breaks(desk, db, town, monkeypatch):
    letter = signed(desk)

    def breaks(*_):
        raise RuntimeError("too late")

    monkeypatch.setattr(renewing, "renewal", breaks)
    run(desk, db)
    assert len(files(letter)) == 1
    assert set(desk.site.signed) == {files(letter)[0].sha256}
    assert (due(desk, letter).tries, due(desk, letter).problem) == (1, "RuntimeError")


def test_a_letter_whose_evidence_cannot_be_stored_keeps_no_other_from_its_own(desk, db, clock, town, monkeypatch):
    broken, others = signed(desk), []
    for _ in range(2):
        clock.forward(minutes=10)
        others.append(signed(desk))
    real = renewing.state_of

    def spoils(house, site, letter):
        if letter.id == broken.id:
            letter.fields = {**letter.fields, "keyword": spoils}
        return real(house, site, letter)

    monkeypatch.setattr(renewing, "state_of", spoils)
    run(desk, db)
    assert [due(desk, each).stamps for each in others] == [1, 1]
    assert (len(files(broken)), due(desk, broken).stamps, due(desk, broken).broken) == (1, 0, True)
    assert next(desk.site.jobs.parked(), None) is None
    assert [each.tries for each in desk.site.jobs.pending() if each.name == renewing.JOB] == [0]
    monkeypatch.undo()
    clock.now = due(desk, broken).at
    run(desk, db)
    assert (due(desk, broken).stamps, due(desk, broken).broken) == (1, False)


def test_a_letter_that_is_opened_again_needs_no_evidence_until_it_is_signed_anew(desk, db, town):
    letter = signed(desk)
    register.give_up(desk.site, letter, {})
    assert due(desk, letter) is None
    assert renewing.told(desk.house, desk.site, letter, desk.now) == ""
    run(desk, db)
    assert next(desk.site.jobs.parked(), None) is None


def test_a_letter_that_is_signed_on_paper_after_all_is_not_told_to_lack_evidence(desk, db, town):
    letter = signed(desk)
    kept = due(desk, letter)
    letter.attachments.append(scan := delivery.final_file(letter))
    letter.frozen = scan.sha256
    person = desk.as_(SIGNATORY).person
    register.signed(
        EffectCall(desk.house, desk.site, letter, letter, "wet", {}, {}, letter.author, person, desk.now, {})
    )
    assert renewing.told(desk.house, desk.site, letter, desk.now) == ""
    desk.site.renewals.put(kept)  # as it was left before
    run(desk, db)
    assert due(desk, letter) is None
    assert renewing.told(desk.house, desk.site, letter, desk.now) == ""


def test_what_could_be_lost_first_comes_first(desk, db, town):
    letters = [signed(desk) for _ in range(3)]
    for letter, days in zip(letters, (300, 20, 100), strict=True):
        desk.site.renewals.put(dataclasses.replace(due(desk, letter), ends=desk.now + days * DAY))
    order = [each.letter for each in desk.site.renewals.due(desk.now)]
    assert order == [path(letters[1]), path(letters[2]), path(letters[0])]
    renewing.carry(desk.house, desk.site, {}, desk.now)
    assert [len(files(each)) for each in letters] == [1, 2, 1]
    run(desk, db)
    assert [len(files(each)) for each in letters] == [2, 2, 2]


def test_a_renewal_is_made_a_year_before_the_end(desk, db, clock, town):
    letter = signed(desk)
    run(desk, db)
    kept = due(desk, letter)
    assert kept.at == kept.ends - YEAR
    clock.now = kept.at - DAY
    renewing.nightly(desk.house, desk.site, {}, desk.now)
    run(desk, db)
    assert len(files(letter)) == 2
    own = town.servers[""].authority
    town.servers[""].authority = new_clock(own, clock() - DAY, clock() + 5 * YEAR)
    clock.now = kept.at
    assert renewing.state(kept, desk.now) == "due"
    renewing.nightly(desk.house, desk.site, {}, desk.now)
    run(desk, db)
    assert len(files(letter)) == 3
    assert due(desk, letter).stamps == 2


def test_a_signature_with_a_revoked_certificate_is_found_out_and_told(desk, db, town, told):
    letter = signed(desk)
    file = files(letter)[0]
    authority = town.servers[""].authority
    authority.revoked[int(file.verdict["signatures"][0]["certificate"], 16)] = desk.now - DAY
    run(desk, db)
    assert files(letter)[-1].verdict["overall"] == "tidak"
    assert renewing.state(due(desk, letter), desk.now) == "revoked"
    run(desk, db)
    assert [each.about for each in told if each.about == notices.EVIDENCE]


def test_between_two_signatures_no_evidence_is_made(desk, db, clock, town):
    letter = signed(desk)
    letter.attempts.append(SignAttempt(id="x", state="sending", started=desk.now))
    renewing.carry(desk.house, desk.site, {}, desk.now)
    assert len(files(letter)) == 1
    assert due(desk, letter).at == desk.now + DAY


def test_a_signature_here_carries_a_timestamp_and_is_made_without_one_when_nobody_answers(desk, db, town, pki):
    own = Pkcs12Provider(pki, timestamper=timestamping.of_house(desk.house))
    desk.house = dataclasses.replace(desk.house, providers={**desk.house.providers, "pkcs12": own})
    assert [each["timestamped"] for each in files(signed(desk))[0].verdict["signatures"]] == [True]
    town.away.add("/tsa")
    late = signed(desk)
    assert [each["timestamped"] for each in files(late)[0].verdict["signatures"]] == [False]
    town.away.clear()
    run(desk, db)
    assert files(late)[-1].verdict["overall"] == "sah"


def test_without_an_authority_in_the_settings_no_job_is_written(desk, db):
    letter = signed(desk)
    assert [each for each in desk.site.jobs.pending() if each.name == renewing.JOB] == []
    assert renewing.state(due(desk, letter), desk.now) == "missing"


def test_the_listing_names_what_is_missing_due_and_overdue():
    def line(name, **facts):
        return Due(name, "DINKES", NOW, NOW + 400 * DAY, NOW, **facts)

    dues = [
        line("/dinkes/a"),
        dataclasses.replace(line("/dinkes/b", tries=3, problem="tsa: status 503"), since=NOW - 2 * DAY),
        dataclasses.replace(line("/dinkes/c", stamps=1), at=NOW + 300 * DAY, since=NOW + 300 * DAY),
        dataclasses.replace(line("/dinkes/d"), ends=NOW - DAY),
    ]
    lines = list(command.listed([(renewing.state(each, NOW), each) for each in dues], NOW))
    assert [each.split()[:2] for each in lines[:3]] == [
        ["lost", "/dinkes/d"], ["missing", "/dinkes/a"], ["overdue", "/dinkes/b"],
    ]  # fmt: skip
    assert "tsa: status 503" in lines[2]
    assert lines[3] == (
        "surat evidence: 4 letters, 1 in order, 1 lost, 1 missing, 1 overdue, next renewal 2027-09-19 (as of 2026-11-23)"
    )


def test_the_calendar_keeps_one_line_a_letter():
    kept = Renewals()
    kept.put(Due("/a", "X", NOW, NOW + DAY, NOW))
    kept.put(Due("/a", "X", NOW + DAY, NOW + 2 * DAY, NOW))
    assert [each.at for each in kept] == [NOW + DAY]
    assert list(kept.due(NOW)) == []
    assert [each.letter for each in kept.due(NOW + DAY)] == ["/a"]
    kept.drop("/a")
    assert list(kept) == []


def test_keys_of_the_demo_are_kept_so_that_it_can_answer_tomorrow(tmp_path, pki):
    folder = shutil.copytree(pki, tmp_path / "ttd")
    again = issuing.kept(folder / issuing.KEPT)
    assert issuing.MARK in again.stamps.certificate.subject.rfc4514_string()
    again.revoke(again.stamps.certificate, NOW)
    issuing.keep(folder / issuing.KEPT, again)
    assert issuing.kept(folder / issuing.KEPT).revoked == {again.stamps.certificate.serial_number: NOW}


def looked(desk):
    return checks.look(desk.house, desk.site, checks.counted(desk.house, desk.site.renewals, desk.now), desk.now)


def lights(desk, now):
    found = checks.look(desk.house, desk.site, checks.counted(desk.house, desk.site.renewals, now), now)
    return {each.name: (each.light, each) for each in found.lines}


def test_the_lines_for_monitoring_turn_when_something_may_be_lost(desk, db, clock, town):
    letter = signed(desk)
    town.away.add("/tsa")
    run(desk, db)
    desk.site.jobs.seen = desk.now
    found = lights(desk, desk.now)
    assert {name: light for name, (light, _) in found.items()} == dict.fromkeys(found, "good")
    assert found["evidence"][1].figures["missing"] == "1"
    later = desk.now + 2 * DAY
    found = lights(desk, later)
    assert (found["evidence"][0], found["worker"][0]) == ("bad", "bad")
    assert found["evidence"][1].figures["late"] == "1"
    assert any(line.startswith("bad  evidence kept=0") for line in checks.told(each for _, each in found.values()))
    ends = checks.ends(desk.house, desk.now)
    assert ends == sorted(ends, key=lambda each: each.until)
    assert any("Akar" in each.what for each in ends)
    assert any("RSA 2048" in each.what for each in ends)
    soon = lights(desk, ends[0].until - 30 * DAY)
    assert soon["authorities"][0] == "warn"
    for light, line in (*found.values(), *soon.values()):
        assert (light == "good") == (line.todo == ""), line.name
        assert line.todo.startswith(("", "DKISP ")[light != "good"]), "who does what"
    overview = checks.counted(desk.house, desk.site.renewals, later)
    assert [(state, each.letter) for state, each in overview.open] == [("late", path(letter))]


def test_lost_and_revoked_letters_say_what_their_office_does(desk, town):
    of = Due("/dinkes/x/", "DINKES", NOW, NOW + YEAR, NOW, stamps=1)
    counted = checks.counted(desk.house, [dataclasses.replace(of, ends=NOW - DAY)], NOW)
    lost = checks.look(desk.house, desk.site, counted, NOW).lines[0]
    assert lost.says == "1 surat tidak dapat dibuktikan lagi sesudah sertifikatnya berakhir."
    assert lost.todo.startswith("Kantor penanda tangan menyimpan berkasnya")
    counted = checks.counted(desk.house, [dataclasses.replace(of, revoked=True)], NOW)
    revoked = checks.look(desk.house, desk.site, counted, NOW).lines[0]
    assert "Kantor penanda tangan memastikan siapa yang menandatangani" in revoked.todo


def test_the_letters_line_has_dates_in_words_and_says_when_nothing_is_to_be_done(desk, db, town):
    letter = signed(desk)
    waits = renewing.told(desk.house, desk.site, letter, desk.now)
    assert waits.endswith("Anda tidak perlu berbuat apa-apa.")
    run(desk, db)
    kept = renewing.told(desk.house, desk.site, letter, desk.now)
    ends = dates.long_date(desk.house.local(due(desk, letter).ends).date())
    assert kept.startswith(f"Bukti jangka panjang lengkap sampai {ends} dan diperbarui sendiri mulai ")
    assert kept.endswith("Anda tidak perlu berbuat apa-apa.")
    desk.site.renewals.put(dataclasses.replace(due(desk, letter), revoked=True))
    assert "tidak perlu" not in renewing.told(desk.house, desk.site, letter, desk.now)


def test_an_anchor_that_was_not_made_or_not_stamped_is_a_line_too(desk, clock, town):
    assert lights(desk, desk.now)["anchors"][0] == "good", "on the first day there is none yet"
    signed(desk)
    anchors.make(desk.house, desk.site, desk.now)
    assert lights(desk, desk.now)["anchors"][0] == "good"
    assert lights(desk, desk.now + DAY * 1.5)["anchors"][0] == "bad", "it waits for its timestamp for too long"
    anchors.outside(desk.house, desk.site, {}, desk.now)
    assert lights(desk, desk.now + DAY * 1.5)["anchors"][0] == "good"
    assert lights(desk, desk.now + DAY * 3)["anchors"][0] == "bad", "the next one was never made"


def test_keepers_are_told_of_an_anchor_without_a_timestamp(desk, db, clock, town, told):
    keeper = carries(desk, "arsiparis.bpkad")
    town.away.add("/tsa")
    anchors.schedule(desk.house, desk.site, desk.now)
    for _ in range(2):
        run(desk, db)
        clock.forward(days=1)
    run(desk, db)
    heard = [each for each in told if each.about == notices.KEEPING]
    assert {each.position for each in heard} == {keeper}
