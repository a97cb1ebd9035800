"""The rows of before the update: written anew by the worker, once, for those who may read what they tell."""

from __future__ import annotations

import dataclasses

import pytest
from lost_objects import lose
from sealing_stage import Sealing, drafted
from signing_stage import SIGNATORY
from turns_stage import FIRST, LAST, SECOND, record, signed_by
from ZODB.POSException import ConflictError

import limit_cases
from intranet_surat.cli import jobs as command
from intranet_surat.resources import evolution
from intranet_surat.resources.folder import path
from intranet_surat.resources.jobs import TRIES
from intranet_surat.resources.lists import LONGEST, SEALS
from intranet_surat.services import apart, open_letters, relisting, search, work

STEP = "turns-in-lists"


@pytest.fixture
def letters(desk):
    """A record that one has signed, and a certificate that waits for the seal."""
    settings = dataclasses.replace(desk.house.settings, sealed_kinds=frozenset({"sertifikat"}))
    made = Sealing(desk.house.provider())
    provided = {**desk.house.providers, settings.signing_provider: made}
    desk.house = dataclasses.replace(desk.house, settings=settings, providers=provided)
    half = record(desk)
    signed_by(desk, half, FIRST)
    certificate = drafted(desk)
    desk.act(SIGNATORY, certificate, "siapkan")
    return half, certificate


def of(desk, login, letter):
    return desk.site.lists[desk.post(login)].get(letter.id)


def as_before(desk):
    """Rows of before told neither of turns nor of seals, and the step had not run."""
    desk.site.evolved = tuple(each for each in desk.site.evolved if each != STEP)
    for each in desk.site.lists.values():
        for row in list(each.rows()):
            each.put(dataclasses.replace(row, seals=False, signed=(), place=0, of=0))


def updated(desk, db, clock):
    evolution.evolve(desk.site, desk.commit)
    desk.tm.abort()
    work.run_due(desk.house, db, clock())
    desk.tm.begin()


def test_letters_that_waited_at_the_update_tell_whose_turn_it_is_and_that_a_seal_is_waited_for(
    desk, db, clock, letters
):
    half, certificate = letters
    told = of(desk, SECOND, half), of(desk, SIGNATORY, certificate)
    as_before(desk)
    assert (of(desk, SECOND, half).of, of(desk, SIGNATORY, certificate).seals) == (0, False)
    updated(desk, db, clock)
    assert (of(desk, SECOND, half), of(desk, SIGNATORY, certificate)) == told
    assert (told[0].signed, told[0].place, told[0].of) == ((desk.post(FIRST),), 2, 3)
    assert told[1].seals


def test_only_whose_turn_it_is_has_in_his_row_who_has_signed(desk, letters):
    half, _ = letters
    rows = [each.get(half.id) for each in desk.site.lists.values()]
    assert [each.of for each in rows if each is not None and each.of] == [3]
    assert of(desk, LAST, half) is None or of(desk, LAST, half).signed == ()


def test_lists_longer_than_one_run_of_the_worker_are_written_to_their_end(desk, db, clock, letters, monkeypatch):
    monkeypatch.setattr(open_letters, "BATCH", 1)
    half, certificate = letters
    as_before(desk)
    updated(desk, db, clock)
    assert (of(desk, SECOND, half).of, of(desk, SIGNATORY, certificate).seals) == (3, True)


def test_a_step_that_runs_twice_lets_the_worker_write_once(desk, letters):
    as_before(desk)
    for _ in range(2):
        evolution.tell_turns(desk.site)
    assert [each.name for each in desk.site.jobs.pending()].count(relisting.JOB) == 1


def test_where_nothing_is_open_no_job_is_written(desk):
    evolution.tell_turns(desk.site)
    assert relisting.JOB not in [each.name for each in desk.site.jobs.pending()]


def test_what_waited_for_a_signature_before_the_update_is_found_by_how_long_it_waits(desk, letters):
    half, certificate = letters
    asked = [desk.site.lists[desk.post(each)] for each in (SECOND, SIGNATORY)]
    told = [(mine.page(LONGEST), mine.page(SEALS)) for mine in asked]
    assert [items(*each) for each in told] == [([half.id], []), ([certificate.id], [certificate.id])]
    for each in desk.site.lists.values():
        for row in list(each.rows()):
            each.put(dataclasses.replace(row, trays=row.trays - {LONGEST, SEALS}))
    assert [items(mine.page(LONGEST), mine.page(SEALS)) for mine in asked] == [([], []), ([], [])]
    evolution.know_longest_to_sign(desk.site)
    assert [(mine.page(LONGEST), mine.page(SEALS)) for mine in asked] == told


def items(*pages):
    return tuple([row.item for row in rows] for rows, _ in pages)


def parked(desk):
    """What `surat jobs` shows of lists that it gave up; other jobs of a broken letter fail too."""
    lines = command.listed(desk.site.jobs)
    return [line for line in lines if line.startswith("given up") and relisting.JOB in line]


def test_a_letter_whose_rows_cannot_be_written_keeps_no_other_and_is_given_up_by_itself(
    desk, db, storage, clock, letters
):
    half, certificate = letters
    told, where = of(desk, SECOND, half), path(certificate)
    as_before(desk)
    found = lose(desk, storage, certificate.history)
    updated(desk, db, clock)
    assert of(desk, SECOND, half) == told
    assert not of(desk, SIGNATORY, certificate).seals
    assert {each.name for each in desk.site.jobs.pending()} & {relisting.JOB} == set()
    for _ in range(TRIES - 1):  # it was tried by itself already, in the run of the others
        assert parked(desk) == []
        clock.forward(hours=7)
        desk.tm.abort()
        work.run_due(desk.house, db, clock())
        desk.tm.begin()
    (line,) = parked(desk)
    assert line.split()[3:5] == ["tulis-daftar-surat", f"tries={TRIES}"]
    assert line.endswith("POSKeyError")
    (job,) = [each for each in desk.site.jobs.parked() if each.name == relisting.JOB + apart.ALONE]
    assert job.args["item"] == where
    found()
    desk.site.jobs.retry(job.id, clock())
    desk.commit()
    work.run_due(desk.house, db, clock())
    desk.tm.abort()
    desk.tm.begin()
    assert of(desk, SIGNATORY, certificate).seals
    assert parked(desk) == []


@pytest.mark.parametrize("job", [relisting.carry, relisting.carry_one])
def test_a_letter_that_another_changed_meanwhile_is_not_broken_the_run_comes_again(desk, letters, monkeypatch, job):
    def taken(*_):
        raise ConflictError

    desk.commit()
    monkeypatch.setattr(search, "sync", taken)
    before = len(list(desk.site.jobs.pending()))
    with pytest.raises(ConflictError):
        job(desk.house, desk.site, {"for": STEP, "item": path(letters[0])}, desk.now)
    assert len(list(desk.site.jobs.pending())) == before


def test_the_rows_of_a_letter_and_its_dispositions_are_written_once(desk, monkeypatch):
    limit_cases.told(desk)
    made, written = limit_cases.letter(desk, "naikkan"), []
    for who in ("kabid-p2p.dinkes", "kabid-kesmas.dinkes"):
        limit_cases.ask(desk, made, who)
    assert len(list(desk.site.running.pairs())) == 3
    monkeypatch.setattr(search, "sync", lambda *given: written.append(given[2]))
    relisting.carry(desk.house, desk.site, {"for": STEP}, desk.now)
    assert written == [made]


def test_a_letter_that_was_deleted_is_passed_over_by_the_others_and_by_its_own_job(desk, letters):
    half, certificate = letters
    told, where = of(desk, SECOND, half), path(certificate)
    as_before(desk)
    del certificate.__parent__[certificate.__name__]
    desk.commit()
    relisting.carry(desk.house, desk.site, {"for": STEP}, desk.now)
    assert of(desk, SECOND, half) == told
    assert [each.name for each in desk.site.jobs.pending() if each.name.startswith(relisting.JOB)] == []
    relisting.carry_one(desk.house, desk.site, {"for": STEP, "item": where}, desk.now)


def tried(desk, db, clock, write):
    """Let the worker do something to all open letters; answers the jobs that are left of it."""
    jobs = {
        "uji": lambda _house, site, args, now: open_letters.go_on(site, "uji", args, "x", write, now),
        "uji" + apart.ALONE: lambda _house, site, args, _now: open_letters.alone(site, args, write),
    }
    desk.house = dataclasses.replace(desk.house, jobs={**desk.house.jobs, **jobs})
    desk.site.jobs.add("uji", {}, key="uji", at=clock())
    desk.commit()
    work.run_due(desk.house, db, clock())
    desk.tm.abort()
    desk.tm.begin()
    return [each for each in desk.site.jobs.pending() if each.name.startswith("uji")]


def test_a_letter_that_cannot_be_stored_keeps_no_other_from_being_written(desk, db, clock, letters):
    half, certificate = letters

    def write(letter):
        letter.fields = {**letter.fields, "keyword": write if letter.id == certificate.id else "ditulis"}

    left = tried(desk, db, clock, write)
    assert (half.fields.get("keyword"), certificate.fields.get("keyword")) == ("ditulis", None)
    assert [(each.name, each.args["item"], each.tries) for each in left] == [("uji-surat", path(certificate), 1)]


@pytest.mark.parametrize("how", ["breaks", "lost", "not stored"])
def test_a_broken_letter_with_dispositions_is_listed_by_the_shell_once(desk, db, storage, clock, how):
    limit_cases.told(desk)
    broken, whole = (limit_cases.letter(desk, "naikkan") for _ in range(2))
    for letter in (broken, whole):
        for who in ("kabid-p2p.dinkes", "kabid-kesmas.dinkes"):
            limit_cases.ask(desk, letter, who)
    where, name, done = path(broken), broken.id, []

    def write(letter):
        if letter.id != name:
            done.append(letter.id)
        elif how == "breaks":
            raise ValueError
        letter.fields = {**letter.fields, "keyword": write if letter.id == name and how == "not stored" else "ditulis"}

    if how == "lost":
        lose(desk, storage, broken)
    left = tried(desk, db, clock, write)
    assert [(each.name, each.args["item"], each.tries) for each in left] == [("uji-surat", where, 1)]
    assert set(done) == {whole.id}
    assert whole.fields["keyword"] == "ditulis"
