"""The signature of a letter: committed attempts, one call of the provider, a judged result, one act."""

# ruff: noqa: ARG005 - stand-ins keep the shape of what they stand for

from __future__ import annotations

import asyncio
import dataclasses
import logging
import traceback
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from transaction.interfaces import TransientError

from intranet_surat.demo import keys
from intranet_surat.errors import Changed, NotAllowed, Unknown
from intranet_surat.resources.folder import path
from intranet_surat.services import acting, delivery, signing, signing_loop, verifying
from intranet_surat.services.providers.base import (
    OutcomeUnknown,
    ProviderUnavailable,
    Refused,
    SignerNotReady,
    SignerStatus,
    SignResult,
    WrongSecret,
)
from intranet_surat.services.secret import Secret

SIGNATORY = "kepala.dinkes"


class Through:
    """A provider that hands on to the real one, and lets a test meddle with each step."""

    id, title = "uji", "Uji"

    def __init__(self, real):
        self.real, self.capabilities, self.calls = real, real.capabilities, []

    def status(self, signer, now):
        return self.real.status(signer, now)

    def sign(self, pdf, signer, secret, **facts):
        self.calls.append(pdf)
        return self.real.sign(pdf, signer, secret, **facts)


@pytest.fixture
def provider(desk):
    made = Through(desk.house.provider())
    desk.house = dataclasses.replace(desk.house, providers={**desk.house.providers, "pkcs12": made})
    return made


@pytest.fixture
def letter(desk):
    return prepared(desk)


def prepared(desk, **fields):
    """A letter of which the signatory has the final page before him."""
    made = desk.draft(SIGNATORY, "DINKES", **fields)
    desk.act(SIGNATORY, made, "ajukan")
    if made.state == "periksa_tu":
        desk.act("tata-usaha.dinkes", made, "lulus")
    desk.act(SIGNATORY, made, "siapkan")
    return made


def sign(desk, letter, passphrase=keys.PASSPHRASE, *, login=SIGNATORY, shown=None, key=None):
    return signing.sign(
        desk.house, desk.tm, desk.site, path(letter), desk.as_(login), Secret(passphrase),
        shown or letter.frozen, key or next(desk.keys), desk.now,
    )  # fmt: skip


def test_a_signed_letter_is_judged_numbered_and_moved_on(desk, letter):
    frozen = letter.frozen
    result = sign(desk, letter)
    signed = delivery.final_file(letter)
    assert (letter.state, letter.fields["signed"]) == ("siap_kirim", "pades")
    assert result.verdict.overall == "sah"
    assert (signed.sha256, signed.kind, signed.previous) == (result.sha256, "signed", frozen)
    assert signed.content().startswith(letter.rendition(frozen).content())
    assert signed.verdict["signatory"]["name"] == desk.site.people.login(SIGNATORY).name
    assert [each.state for each in letter.attempts] == ["done"]
    assert [each.action for each in letter.history][-1] == "tanda_tangani"
    register = desk.site.registers[letter.register]
    assert register.line(register.number(letter.id)).state == "used"


def test_the_attempt_is_committed_before_the_provider_is_called(desk, db, letter, provider):
    seen = []
    real = provider.sign

    def watch(pdf, signer, secret, **facts):
        with db.transaction() as other:
            from intranet_surat.resources.folder import find

            stored = find(other.root()["intranet_surat"], path(letter))
            seen.append([(each.state, each.sha256) for each in stored.attempts])
        return real(pdf, signer, secret, **facts)

    provider.sign = watch
    frozen = letter.frozen
    sign(desk, letter)
    assert seen == [[("sending", frozen)]]


def test_a_wrong_passphrase_says_so_and_loses_nothing(desk, letter):
    number, frozen = letter.fields["number"], letter.frozen
    with pytest.raises(WrongSecret, match="Frasa sandi salah") as caught:
        sign(desk, letter, "bukan ini")
    assert caught.value.fields == {"secret": caught.value.message}
    assert (letter.state, letter.fields["number"], letter.frozen) == ("ttd_elektronik", number, frozen)
    assert [(each.state, each.error) for each in letter.attempts] == [("failed", "wrong-secret")]
    assert sign(desk, letter).verdict.overall == "sah"
    assert letter.fields["number"] == number


def test_after_five_wrong_passphrases_the_sixth_has_to_wait(desk, letter, provider, clock):
    for _ in range(5):
        with pytest.raises(WrongSecret):
            sign(desk, letter, "tebakan")
    with pytest.raises(NotAllowed, match="Tunggu 15 menit"):
        sign(desk, letter)
    assert len(provider.calls) == 5
    clock.forward(minutes=16)
    assert sign(desk, letter).verdict.overall == "sah"


def test_other_bytes_than_those_shown_are_never_signed(desk, letter, provider):
    with pytest.raises(Changed, match="sudah berganti"):
        sign(desk, letter, shown="0" * 64)
    assert provider.calls == []
    assert list(letter.attempts) == []


def test_only_the_signatory_signs_and_strangers_find_nothing(desk, letter, provider):
    with pytest.raises(NotAllowed):
        sign(desk, letter, login="tata-usaha.dinkes")
    with pytest.raises(Unknown):
        sign(desk, letter, login="agendaris.kramatwatu")
    assert provider.calls == []


def test_a_letter_that_waits_for_no_signature_is_refused(desk):
    draft = desk.draft(SIGNATORY, "DINKES")
    with pytest.raises(NotAllowed, match="tidak sedang menunggu tanda tangan"):
        sign(desk, draft, shown="0" * 64)


def test_the_same_form_sent_twice_signs_once(desk, letter, provider):
    frozen = letter.frozen
    first = sign(desk, letter, key="formulir-tanda-tangan", shown=frozen)
    second = sign(desk, letter, key="formulir-tanda-tangan", shown=frozen)
    assert second.repeated
    assert (second.sha256, second.verdict) == (first.sha256, first.verdict)
    assert len(provider.calls) == 1


def test_while_one_attempt_runs_no_other_begins(desk, db, letter, provider):
    refused = []
    real = provider.sign

    def second(pdf, signer, secret, **facts):
        if not refused:
            refused.append("")
            with pytest.raises(NotAllowed, match="sedang berjalan"):
                sign(desk, letter)
        return real(pdf, signer, secret, **facts)

    provider.sign = second
    assert sign(desk, letter).verdict.overall == "sah"
    assert len(letter.attempts) == 1


def test_an_absent_provider_keeps_the_letter_and_its_number_waiting(desk, letter, provider):
    def down(signer, now):
        raise ProviderUnavailable

    provider.status = down
    with pytest.raises(ProviderUnavailable, match="Surat menunggu dengan nomornya"):
        sign(desk, letter)
    assert (letter.state, letter.attempts[-1].state) == ("ttd_elektronik", "failed")


def test_a_person_without_certificate_is_told_before_anything_is_sent(desk, letter, provider):
    provider.status = lambda signer, now: SignerStatus(ready=False, code="EXPIRED", says="Sertifikat kedaluwarsa.")
    with pytest.raises(SignerNotReady, match="kedaluwarsa"):
        sign(desk, letter)
    assert provider.calls == []


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
        signing.give_up(desk.house, desk.tm, desk.site, path(letter), desk.as_("tata-usaha.dinkes"), attempt, desk.now)
    signing.give_up(desk.house, desk.tm, desk.site, path(letter), desk.as_(SIGNATORY), attempt, desk.now)
    desk.commit()
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
            return SignResult(how(pdf, result.pdf, facts), result.reference, result.took_ms)

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
        assert signing.recover(desk.site, desk.now) == 0, "another process may still be signing"
        assert signing.recover(desk.site, clock.forward(minutes=11)) == 1
        assert letter.attempts[-1].state == "unknown"


def test_a_process_that_is_alone_need_not_wait(desk, letter, provider):
    with dying(desk, letter, provider):
        assert signing.recover(desk.site, desk.now, alone=True) == 1


def test_the_job_ends_an_attempt_that_nobody_ended_and_no_other(desk, letter, provider, clock):
    with dying(desk, letter, provider):
        job = next(each for each in desk.site.jobs.pending() if each.name == signing.JOB)
        assert job.at == desk.now + timedelta(minutes=10)
        signing.check(desk.house, desk.site, job.args, clock.forward(minutes=10))
        assert letter.attempts[-1].state == "unknown"
    done = prepared(desk, subject="Surat kedua")
    provider.sign = Through(provider.real).sign
    sign(desk, done)
    for job in [each for each in desk.site.jobs.pending() if each.name == signing.JOB]:
        signing.check(desk.house, desk.site, job.args, desk.now)
    assert done.attempts[-1].state == "done"


def test_the_secret_is_wiped_whatever_happens(desk, letter):
    for passphrase in ("salah", keys.PASSPHRASE):
        secret = Secret(passphrase)
        with suppress(WrongSecret):
            signing.sign(
                desk.house, desk.tm, desk.site, path(letter), desk.as_(SIGNATORY), secret, letter.frozen,
                next(desk.keys), desk.now,
            )  # fmt: skip
        assert secret.wiped


def test_the_passphrase_is_nowhere_afterwards(desk, letter, storage, caplog, tmp_path):
    canary = "kenari kuning tujuh"
    caplog.set_level(logging.DEBUG)
    with pytest.raises(WrongSecret) as caught:
        sign(desk, letter, canary)
    sign(desk, letter)
    told = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(vars(caught.value))
    stored = [record.data for record in storage.changes.iterator() for record in record]
    blobs = [each.content() for each in letter.renditions]
    files = [each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()]
    for secret in (canary, keys.PASSPHRASE):
        assert secret not in told
        for data in (*stored, *blobs, *files):
            assert secret.encode() not in (data or b"")
    assert len(stored) > 10, "the search must have looked at something"


def test_work_that_was_to_wait_for_nothing_may_not_wait():
    async def waits():
        await asyncio.sleep(0)

    async def ready():
        return 7

    assert signing_loop.finish(ready()) == 7
    with pytest.raises(RuntimeError, match="wanted to wait"):
        signing_loop.finish(waits())


def test_work_that_takes_too_long_is_ended():
    with pytest.raises(TimeoutError):
        signing_loop.run(asyncio.sleep(30), seconds=0.05)
