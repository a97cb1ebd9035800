"""Signing when something breaks: lost answers, spoiled results, conflicts, processes that die."""

# ruff: noqa: ARG005 - stand-ins keep the shape of what they stand for

from __future__ import annotations

import asyncio
import dataclasses
from contextlib import contextmanager
from datetime import timedelta

import pytest
from signing_stage import SIGNATORY, Through, prepared, sign
from transaction.interfaces import TransientError

from intranet_surat.demo import keys
from intranet_surat.errors import NotAllowed
from intranet_surat.resources.folder import path
from intranet_surat.services import (
    acting,
    delivery,
    signing,
    signing_attempts,
    signing_doubts,
    signing_loop,
    signing_results,
    verifying,
)
from intranet_surat.services.providers.base import (
    OutcomeUnknown,
    Refused,
    SignResult,
)
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing_orders import Wanted


@pytest.fixture
def letter(desk):
    return prepared(desk)


def test_a_lost_answer_is_left_to_a_person_and_never_sent_again(desk, letter, provider):
    def lost(pdf, signer, secret, **facts):
        provider.calls.append(pdf)
        raise OutcomeUnknown

    provider.sign = lost
    with pytest.raises(OutcomeUnknown, match="Jangan ulangi"):
        sign(desk, letter)
    with pytest.raises(NotAllowed, match="belum pasti"):
        sign(desk, letter)
    assert len(provider.calls) == 1
    assert letter.attempts[-1].state == "unknown"


def test_the_signatory_may_say_that_nothing_was_signed_and_try_again(desk, letter, provider):
    real, provider.sign = provider.sign, lambda *_, **__: (_ for _ in ()).throw(OutcomeUnknown())
    with pytest.raises(OutcomeUnknown):
        sign(desk, letter)
    attempt = letter.attempts[-1].id
    with pytest.raises(NotAllowed):
        signing_doubts.give_up(
            desk.house, desk.tm, desk.site, path(letter), desk.as_("tata-usaha.dinkes"), attempt, desk.now
        )
    signing_doubts.give_up(desk.house, desk.tm, desk.site, path(letter), desk.as_(SIGNATORY), attempt, desk.now)
    desk.commit()
    ended = letter.attempts[-1]
    assert (ended.decision, ended.decider) == ("abandoned", desk.as_(SIGNATORY).person), "it is kept who said so"
    provider.sign = real
    assert sign(desk, letter).verdict.overall == "sah"


def test_a_provider_that_breaks_leaves_the_outcome_unknown_and_its_text_unsaid(desk, letter, provider, caplog):
    def broken(pdf, signer, secret, **facts):
        raise RuntimeError(f"failed with {secret.reveal().decode()}")

    provider.sign = broken
    with pytest.raises(OutcomeUnknown) as caught:
        sign(desk, letter, "kenari-yang-rahasia")
    assert "kenari" not in caplog.text + str(caught.value) + caught.value.detail
    assert caught.value.__cause__ is None


def tampered(how):
    def sign_and_spoil(real):
        def sign(pdf, signer, secret, **facts):
            result = real(pdf, signer, secret, **facts)
            return SignResult(how(pdf, result.pdf, facts), result.reference)

        return sign

    return sign_and_spoil


@pytest.mark.parametrize(
    "how",
    [
        lambda before, after, facts: before,
        lambda before, after, facts: after[:-30],
        lambda before, after, facts: after + b"\n",
        lambda before, after, facts: b"%PDF-1.7 something else altogether",
        lambda before, after, facts: after.replace(b"/Reason", b"/Raison", 1),
    ],
    ids=["unsigned", "cut", "appended", "other", "altered"],
)
def test_a_result_that_is_not_our_file_signed_is_refused(desk, letter, provider, how):
    provider.sign = tampered(how)(provider.sign)
    with pytest.raises(Refused, match="tidak lolos pemeriksaan"):
        sign(desk, letter)
    assert (letter.state, letter.attempts[-1].state) == ("ttd_elektronik", "failed")
    assert delivery.final_file(letter) is None


def test_another_persons_signature_is_refused(desk, letter, provider):
    other = desk.site.people.login("sekda.setda")
    real = provider.sign
    provider.sign = lambda pdf, signer, secret, **facts: real(
        pdf, dataclasses.replace(signer, person=other.id), secret, **facts
    )
    with pytest.raises(Refused):
        sign(desk, letter)


def test_a_conflict_while_storing_is_met_without_a_second_signature(desk, letter, provider, monkeypatch):
    real, tries = acting.act, []

    def sometimes(*args, **more):
        tries.append(1)
        if len(tries) < 4:
            raise TransientError
        return real(*args, **more)

    monkeypatch.setattr(acting, "act", sometimes)
    assert sign(desk, letter).verdict.overall == "sah"
    assert (len(tries), len(provider.calls)) == (4, 1)
    assert [each.kind for each in letter.renditions].count("signed") == 1


def test_an_answer_of_the_database_that_was_lost_after_the_commit_is_no_second_act(desk, letter, provider, monkeypatch):
    real, commits = signing.acting.act, []

    def act_then_lose(*args, **more):
        result = real(*args, **more)
        if not commits:
            commits.append(1)
            letter.attempts[-1].result = delivery.final_file(letter).sha256
            letter.attempts[-1].state = "done"
            desk.tm.commit()
            desk.tm.begin()
            raise TransientError
        return result

    monkeypatch.setattr(acting, "act", act_then_lose)
    assert sign(desk, letter).verdict.overall == "sah"
    assert (letter.attempts[-1].state, len(provider.calls)) == ("done", 1)
    assert [each.action for each in letter.history].count("tanda_tangani") == 1


def test_a_signature_that_cannot_be_stored_is_kept_as_evidence(desk, letter, monkeypatch):
    def refuse(*args, **more):
        raise NotAllowed("Sudah ditolak.", action="tanda_tangani")

    monkeypatch.setattr(acting, "act", refuse)
    with pytest.raises(OutcomeUnknown, match="belum dapat dicatat"):
        sign(desk, letter)
    kept = letter.rendition(letter.attempts[-1].result)
    assert (letter.attempts[-1].state, kept.kind) == ("unknown", "tak-terpakai")
    assert verifying.verdict(kept.content(), desk.house.roots, now=desk.now).overall == "sah"
    assert delivery.final_file(letter) is None


@contextmanager
def dying(desk, letter, provider):
    """The process dies in the provider's call: nothing after it runs."""

    def die(pdf, signer, secret, **facts):
        raise KeyboardInterrupt

    provider.sign = die
    with pytest.raises(KeyboardInterrupt):
        sign(desk, letter)
    yield
    desk.tm.abort()
    desk.tm.begin()


def test_attempts_of_a_process_that_died_are_unknown_at_the_next_start(desk, letter, provider, clock):
    with dying(desk, letter, provider):
        assert signing_attempts.recover(desk.site, desk.now) == 0, "another process may still be signing"
        assert signing_attempts.recover(desk.site, clock.forward(minutes=11)) == 1
        assert letter.attempts[-1].state == "unknown"


def test_a_process_that_is_alone_need_not_wait(desk, letter, provider):
    with dying(desk, letter, provider):
        assert signing_attempts.recover(desk.site, desk.now, alone=True) == 1


def test_a_process_that_dies_while_judging_leaves_what_came_back_written_down(desk, letter, monkeypatch):
    def die(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(verifying, "accepts", die)
    with pytest.raises(KeyboardInterrupt):
        sign(desk, letter)
    desk.tm.abort()
    desk.tm.begin()
    left = letter.attempts[-1]
    assert (left.state, len(left.result), left.answered) == ("validating", 64, desk.now)
    assert left.returned_size > left.size > 0
    with pytest.raises(NotAllowed, match="sedang berjalan"):
        sign(desk, letter)
    assert signing_attempts.recover(desk.site, desk.now, alone=True) == 1
    assert left.state == "unknown"


def test_a_signature_that_comes_back_after_its_attempt_was_given_to_a_person_still_counts(desk, letter, monkeypatch):
    real = verifying.accepts

    def slowly(*args):
        assert signing_attempts.recover(desk.site, desk.now, alone=True) == 1
        desk.commit()
        return real(*args)

    monkeypatch.setattr(verifying, "accepts", slowly)
    assert sign(desk, letter).verdict.overall == "sah"
    assert [each.state for each in letter.attempts] == ["done"]


def test_a_secret_for_several_letters_is_kept_for_the_caller_to_wipe(desk, letter):
    second = prepared(desk, subject="Surat kedua")
    with Secret(keys.PASSPHRASE) as secret:
        for each in (letter, second):
            wanted = Wanted(path(each), desk.as_(SIGNATORY), each.frozen, next(desk.keys))
            order, returned = signing.send(desk.house, desk.tm, desk.site, wanted, secret, desk.now)
            assert signing_results.judged(desk.house, order, returned.pdf, desk.now, desk.now).overall == "sah"
        assert not secret.wiped
    assert secret.wiped


def test_two_that_begin_at_once_leave_one_attempt(two):
    first, second = two
    made = prepared(first)
    second.tm.abort()
    second.tm.begin()
    other = second.again(made)
    facts = {"sha256": made.frozen, "position": "p", "person": "x", "provider": "uji", "now": first.now}
    signing_attempts.begin(first.site, made, key="a", **facts)
    signing_attempts.begin(second.site, other, key="b", **facts)
    first.commit()
    with pytest.raises(TransientError):
        second.commit()


def test_the_job_ends_an_attempt_that_nobody_ended_and_no_other(desk, letter, provider, clock):
    with dying(desk, letter, provider):
        job = next(each for each in desk.site.jobs.pending() if each.name == signing_attempts.JOB)
        assert job.at == desk.now + timedelta(minutes=10)
        signing_attempts.check(desk.house, desk.site, job.args, clock.forward(minutes=10))
        assert letter.attempts[-1].state == "unknown"
    done = prepared(desk, subject="Surat kedua")
    provider.sign = Through(provider.real).sign
    sign(desk, done)
    for job in [each for each in desk.site.jobs.pending() if each.name == signing_attempts.JOB]:
        signing_attempts.check(desk.house, desk.site, job.args, desk.now)
    assert done.attempts[-1].state == "done"


def test_work_that_was_to_wait_for_nothing_may_not_wait():
    async def waits():
        await asyncio.sleep(0.01)

    async def ready():
        await asyncio.sleep(0)  # a turn for others, and nothing outside
        return 7

    assert signing_loop.finish(ready()) == 7
    with pytest.raises(RuntimeError, match="wanted to wait"):
        signing_loop.finish(waits())


def test_work_that_takes_too_long_is_ended():
    with pytest.raises(TimeoutError):
        signing_loop.run(asyncio.sleep(30), seconds=0.05)
