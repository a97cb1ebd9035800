"""Many letters by one secret: what each becomes, what a failure stops, and what is left when a process dies."""

from __future__ import annotations

import dataclasses
import threading
import time
from datetime import timedelta

import pytest
from signing_stage import SIGNATORY, prepared

from intranet_surat.demo import keys
from intranet_surat.errors import Invalid, NotAllowed, Unknown
from intranet_surat.resources.folder import path
from intranet_surat.services import signing_batch, signing_results, signing_run, verifying
from intranet_surat.services.providers.base import OutcomeUnknown, ProviderUnavailable, Refused
from intranet_surat.services.secret import Secret


@pytest.fixture
def provider(provider):
    """One call at a time, so that it is known which letter is the second."""
    provider.capabilities = dataclasses.replace(provider.capabilities, calls=1)
    return provider


@pytest.fixture
def letters(desk):
    return [prepared(desk, subject=f"Surat ke-{number}") for number in range(4)]


def opened(desk, letters, key="formulir-satu", login=SIGNATORY):
    chosen = [(path(each), each.frozen) for each in letters]
    batch, new = signing_batch.opened(desk.house, desk.site, chosen, desk.as_(login), key, desk.now)
    desk.commit()
    return batch, new


def run(desk, db, letters, passphrase=keys.PASSPHRASE):
    """Sign them all, as the thread of the request does; the batch, and the secret as it is afterwards."""
    batch, _ = opened(desk, letters)
    secret = Secret(passphrase)
    signing_run.Run(desk.house, db, batch.id, desk.as_(SIGNATORY), secret).carry_out()
    desk.commit()
    return batch, secret


def states(desk, batch):
    return [line.state for line in signing_batch.progress(desk.site, batch, desk.now).lines]


def failing(provider, number, error):
    """The provider's nth call ends in an error."""
    real = provider.sign

    def sign(pdf, signer, secret, **facts):
        if len(provider.calls) == number - 1:
            provider.calls.append(pdf)
            raise error
        return real(pdf, signer, secret, **facts)

    provider.sign = sign


def waiting(letters, found):
    """The letters that were not sent."""
    return [letter for letter, state in zip(letters, found, strict=True) if state == "left"]


def test_all_letters_are_signed_by_one_passphrase_which_is_wiped(desk, db, letters):
    batch, secret = run(desk, db, letters)
    assert states(desk, batch) == ["done"] * 4
    assert secret.wiped
    assert {each.state for each in letters} == {"siap_kirim"}
    assert len({each.attempts[-1].id for each in letters}) == 4


def test_a_wrong_passphrase_is_tried_on_one_letter_only(desk, db, letters, provider):
    batch, secret = run(desk, db, letters, "bukan frasanya")
    assert len(provider.calls) == 1
    assert states(desk, batch) == ["failed", "left", "left", "left"]
    assert "Frasa sandi salah" in signing_batch.progress(desk.site, batch, desk.now).stopped
    assert secret.wiped
    assert [len(each.attempts) for each in letters] == [1, 0, 0, 0]


def test_what_is_wrong_with_one_letter_leaves_the_others_alone(desk, db, letters, provider):
    failing(provider, 2, Refused())
    batch, _ = run(desk, db, letters)
    assert sorted(states(desk, batch)) == ["done", "done", "done", "failed"]


def test_a_lost_answer_in_the_middle_begins_no_further_letter(desk, db, letters, provider):
    failing(provider, 2, OutcomeUnknown())
    batch, secret = run(desk, db, letters)
    found = states(desk, batch)
    assert (found[0], sorted(found)) == ("done", ["done", "left", "left", "unknown"])
    assert secret.wiped
    for letter in waiting(letters, found):
        assert letter.fields["number"]
        assert letter.state == "ttd_elektronik"


def test_a_provider_that_goes_away_leaves_the_rest_as_they_were(desk, db, letters, provider):
    failing(provider, 3, ProviderUnavailable())
    batch, _ = run(desk, db, letters)
    found = states(desk, batch)
    assert sorted(found) == ["done", "done", "failed", "left"]
    assert [each.attempts for each in waiting(letters, found)] == [[]], "what was begun and not sent never was"
    assert len(provider.calls) == 3


def test_a_letter_that_was_prepared_anew_is_refused_and_the_others_are_signed(desk, db, letters):
    batch, _ = opened(desk, letters)
    desk.act(SIGNATORY, letters[1], "tolak", {"alasan": "Tunda"})
    signing_run.Run(desk.house, db, batch.id, desk.as_(SIGNATORY), Secret(keys.PASSPHRASE)).carry_out()
    desk.commit()
    assert states(desk, batch) == ["done", "failed", "done", "done"]


def test_an_error_that_is_not_of_a_provider_wipes_the_secret_and_says_nothing_of_it(
    desk, db, letters, provider, caplog
):
    def broken(*_args, **_facts):
        raise RuntimeError(keys.PASSPHRASE)

    provider.status = broken
    batch, secret = run(desk, db, letters)
    assert secret.wiped
    assert keys.PASSPHRASE not in caplog.text
    assert states(desk, batch) == ["failed", "left", "left", "left"]


def test_as_many_calls_are_in_flight_as_the_provider_takes(desk, db, letters, provider):
    provider.capabilities = dataclasses.replace(provider.capabilities, calls=3)
    flying, most, guard, full, real = 0, 0, threading.Lock(), threading.Event(), provider.sign

    def sign(pdf, signer, secret, **facts):
        nonlocal flying, most
        with guard:
            flying += 1
            most = max(most, flying)
            proved = bool(provider.calls)
        if most == 3:
            full.set()
        if proved:  # the first letter proves the secret, alone
            full.wait(60)
        try:
            return real(pdf, signer, secret, **facts)
        finally:
            with guard:
                flying -= 1

    provider.sign = sign
    batch, _ = run(desk, db, letters)
    assert states(desk, batch) == ["done"] * 4
    assert most == 3


def test_the_next_letter_is_with_the_provider_while_the_last_one_is_judged(desk, db, letters, provider, monkeypatch):
    sending, judging, met, judge, sign = threading.Event(), threading.Event(), [], verifying.accepts, provider.sign

    def slowly(*args):
        # The first letter proves the secret; of the last nothing follows.
        if 1 < len(provider.calls) < len(letters):
            judging.set()
            met.append(sending.wait(60))
        return judge(*args)

    def signing(pdf, signer, secret, **facts):
        if len(provider.calls) == len(letters) - 1:
            judging.wait(60)  # the last is not sent before one of those before it is judged
        found = sign(pdf, signer, secret, **facts)
        if len(provider.calls) > 2:
            sending.set()
        return found

    monkeypatch.setattr(verifying, "accepts", slowly)
    provider.sign = signing
    batch, _ = run(desk, db, letters)
    assert states(desk, batch) == ["done"] * 4
    assert met
    assert all(met)


def test_the_passphrase_is_gone_before_the_last_result_is_judged(desk, db, letters, monkeypatch):
    batch, _ = opened(desk, letters)
    secret, judge, wiped = Secret(keys.PASSPHRASE), verifying.accepts, []

    def slowly(*args):
        limit = time.monotonic() + 60
        while len(wiped) == len(letters) - 1 and not secret.wiped and time.monotonic() < limit:
            time.sleep(0.01)
        wiped.append(secret.wiped)
        return judge(*args)

    monkeypatch.setattr(verifying, "accepts", slowly)
    signing_run.Run(desk.house, db, batch.id, desk.as_(SIGNATORY), secret).carry_out()
    assert wiped[-1]
    assert not wiped[0]


def test_a_result_that_cannot_be_stored_lets_few_others_begin(desk, db, letters, provider, monkeypatch):
    take, met = signing_results.take, []

    def broken(*args):
        met.append(args)
        if len(met) > 1:
            raise OutcomeUnknown
        return take(*args)

    monkeypatch.setattr(signing_results, "take", broken)
    provider.capabilities = dataclasses.replace(provider.capabilities, calls=1)
    batch, _ = run(desk, db, [*letters, *(prepared(desk, subject=f"Lain {n}") for n in range(6))])
    found = signing_batch.progress(desk.site, batch, desk.now)
    assert found.stopped
    assert found.count("left") >= 3


def test_the_same_form_makes_one_batch(desk, letters):
    first, new = opened(desk, letters)
    second, again = opened(desk, letters)
    assert (new, again) == (True, False)
    assert first.id == second.id


def test_nobody_else_sees_a_batch(desk, letters):
    batch, _ = opened(desk, letters)
    with pytest.raises(Unknown):
        signing_batch.of(desk.site, desk.as_("tata-usaha.dinkes"), batch.id)


def test_none_and_too_many_are_refused(desk, letters):
    with pytest.raises(Invalid) as none:
        opened(desk, [])
    assert "Centang" in none.value.fields["surat"]
    many = [(f"/dinkes/surat-keluar/2026/x{number}/", "0" * 64) for number in range(signing_batch.MOST + 1)]
    with pytest.raises(Invalid) as too_many:
        signing_batch.opened(desk.house, desk.site, many, desk.as_(SIGNATORY), "formulir-dua", desk.now)
    assert "Paling banyak" in too_many.value.fields["surat"]


def test_who_may_not_sign_a_letter_does_not_get_it_into_a_batch(desk, letters):
    with pytest.raises(NotAllowed):
        opened(desk, letters, login="tata-usaha.dinkes")


def test_a_batch_whose_process_died_is_over_when_no_attempt_can_be_open(desk, letters):
    batch, _ = opened(desk, letters)
    assert not signing_batch.progress(desk.site, batch, desk.now).over
    later = signing_batch.progress(desk.site, batch, desk.now + timedelta(minutes=11))
    assert later.over
    assert {line.state for line in later.lines} == {"left"}
    assert "terputus" in later.lines[0].sentence


def test_old_batches_are_forgotten(desk, letters):
    batch, _ = opened(desk, letters)
    signing_batch.forget(desk.site, desk.now)
    assert batch.id in desk.site.batches
    signing_batch.forget(desk.site, desk.now + timedelta(days=1))
    assert not desk.site.batches
