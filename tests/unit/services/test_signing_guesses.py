"""The brake on guessing a signatory's secret: what counts, from when, until when, and what never counts."""

from __future__ import annotations

import contextlib
import dataclasses

import pytest
from signing_stage import SIGNATORY, prepared, sign
from transaction.interfaces import TransientError

from intranet_surat.demo import keys
from intranet_surat.resources.folder import path
from intranet_surat.services import breaker, signing_attempts, signing_batch, signing_run
from intranet_surat.services.providers.base import OutcomeUnknown, ProviderUnavailable, Refused, WrongSecret
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing_attempts import MustWait


@pytest.fixture
def provider(provider):
    """One call at a time, so that it is known which letter is the second."""
    provider.capabilities = dataclasses.replace(provider.capabilities, calls=1)
    return provider


@pytest.fixture
def letter(desk):
    return prepared(desk)


def patience(desk):
    desk.tm.abort()
    desk.tm.begin()
    return signing_attempts.patience(desk.site, desk.as_(SIGNATORY).person, desk.now)


def opened(desk, letters, key):
    chosen = [(path(each), each.frozen) for each in letters]
    batch, _ = signing_batch.opened(desk.house, desk.site, chosen, desk.as_(SIGNATORY), key, desk.now)
    desk.commit()
    return batch.id


def run(desk, db, batch, passphrase):
    signing_run.Run(desk.house, db, batch, desk.as_(SIGNATORY), Secret(passphrase)).carry_out()


def test_batches_begun_before_the_first_answer_sent_a_guess_each(desk, db, provider):
    letters = [prepared(desk, subject=f"Surat ke-{number}") for number in range(8)]
    left = [opened(desk, [each], f"formulir-{number:04d}") for number, each in enumerate(letters)]
    batches, real = list(left), provider.sign

    def sign_slowly(pdf, signer, secret, **facts):
        if left:  # the next one is sent while this one is not answered
            run(desk, db, left.pop(0), f"tebakan {len(left)}")
        return real(pdf, signer, secret, **facts)

    provider.sign = sign_slowly
    while left:
        run(desk, db, left.pop(0), "tebakan")
    assert len(provider.calls) == 5
    found = patience(desk)
    assert (found.wrong, found.unanswered, found.left) == (5, 0, 0)
    lines = [signing_batch.progress(desk.site, desk.site.batches[each], desk.now).lines[0] for each in batches]
    told = [each.sentence for each in lines if "belum dijawab" in each.sentence]
    assert told[0].startswith(
        "Frasa sandi 5 kali salah atau belum dijawab. Tunggu paling lama 15 menit, lalu coba lagi"
    )
    assert sum(bool(each.attempts) for each in letters) == 5


def test_many_letters_with_one_passphrase_are_one_guess_while_it_is_unanswered_and_none_afterwards(desk, db, provider):
    letters = [prepared(desk, subject=f"Surat ke-{number}") for number in range(7)]
    counted, real = [], provider.sign

    def watched(pdf, signer, secret, **facts):
        counted.append(patience(desk).unanswered)
        return real(pdf, signer, secret, **facts)

    provider.sign = watched
    run(desk, db, opened(desk, letters, "formulir-satu"), keys.PASSPHRASE)
    assert counted == [1, 0, 0, 0, 0, 0, 0]
    assert patience(desk).as_dict() == {"wrong": 0, "unanswered": 0, "left": 5, "until": None}
    assert {each.state for each in letters} == {"siap_kirim"}


@pytest.mark.parametrize("guess", [True, False])
def test_two_processes_began_the_fifth_and_the_sixth_guess_at_once(two, guess):
    first, second = two
    letters = [prepared(first, subject=f"Surat ke-{number}") for number in range(2)]
    second.tm.abort()
    second.tm.begin()
    others = [second.again(each) for each in letters]
    person = first.as_(SIGNATORY).person
    facts = {"position": "p", "person": person, "provider": "uji", "now": first.now, "guess": guess}
    signing_attempts.begin(first.site, letters[0], key="a", sha256=letters[0].frozen, **facts)
    signing_attempts.begin(second.site, others[1], key="b", sha256=others[1].frozen, **facts)
    first.commit()
    with pytest.raises(TransientError) if guess else contextlib.nullcontext():
        second.commit()


def test_a_lost_answer_counts_until_its_time_has_passed_and_no_longer(desk, letter, provider, clock):
    other = prepared(desk, subject="Surat kedua")
    for _ in range(4):
        with pytest.raises(WrongSecret):
            sign(desk, letter, "tebakan")
    real = provider.sign

    def lost(pdf, signer, secret, **facts):
        raise OutcomeUnknown

    provider.sign = lost
    with pytest.raises(OutcomeUnknown):
        sign(desk, letter, "tebakan")
    provider.sign = real
    found = patience(desk)
    assert (found.wrong, found.unanswered, found.left) == (4, 1, 0)
    with pytest.raises(MustWait, match="5 kali salah atau belum dijawab"):
        sign(desk, other)
    clock.forward(minutes=16)
    assert patience(desk).left == 5
    assert sign(desk, other).verdict.overall == "sah"


@pytest.mark.parametrize("comes", [True, False])
def test_how_long_to_wait_is_true_whether_the_answer_comes_or_is_lost(desk, letter, provider, clock, comes):
    letters = [letter, *(prepared(desk, subject=f"Surat ke-{number}") for number in range(5))]
    person = desk.as_(SIGNATORY).person
    facts = {"position": "p", "person": person, "provider": "uji", "now": desk.now}
    for each in letters[:5]:
        signing_attempts.begin(desk.site, each, key="k", sha256=each.frozen, **facts)
    desk.commit()
    with pytest.raises(MustWait) as told:
        sign(desk, letters[5])
    assert "jawabannya" not in told.value.message
    assert "Tunggu paling lama 15 menit, lalu coba lagi" in told.value.message
    clock.forward(minutes=9)
    for each in letters[:5]:
        attempt, error = each.attempts[-1], WrongSecret() if comes else OutcomeUnknown()
        signing_attempts.fail(attempt, error, desk.now)
        signing_attempts.judged(desk.site, attempt, desk.now)
    desk.commit()
    clock.forward(minutes=6)
    assert sign(desk, letters[5]).verdict.overall == "sah"


@pytest.mark.parametrize("error", [Refused(), ProviderUnavailable()])
def test_an_answer_that_does_not_speak_of_the_secret_is_held_against_nobody(desk, letter, provider, error):
    def refuse(pdf, signer, secret, **facts):
        raise error

    provider.sign = refuse
    with pytest.raises(type(error)):
        sign(desk, letter)
    found = patience(desk)
    assert (found.wrong, found.unanswered, found.left) == (0, 0, 5)


def test_a_batch_that_has_to_wait_begins_none_of_its_letters(desk, db, letter, provider):
    waiting = [prepared(desk, subject=f"Surat ke-{number}") for number in range(3)]
    batch = opened(desk, waiting, "formulir-satu")
    for _ in range(5):
        with pytest.raises(WrongSecret):
            sign(desk, letter, "tebakan")
    run(desk, db, batch, keys.PASSPHRASE)
    desk.tm.abort()
    desk.tm.begin()
    found = signing_batch.progress(desk.site, desk.site.batches[batch], desk.now)
    assert [each.state for each in found.lines] == ["failed", "left", "left"]
    assert "Tunggu 15 menit" in found.stopped
    assert len(provider.calls) == 5


def test_the_same_form_finds_its_batch_also_while_the_provider_is_away(desk, letter, monkeypatch):
    batch = opened(desk, [letter], "formulir-satu")

    def away(*_):
        raise ProviderUnavailable

    monkeypatch.setattr(breaker, "demand", away)
    assert opened(desk, [letter], "formulir-satu") == batch
    with pytest.raises(ProviderUnavailable):
        opened(desk, [letter], "formulir-dua")
