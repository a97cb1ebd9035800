"""The signature of a letter: committed attempts, one call of the provider, a judged result, one act."""

# ruff: noqa: ARG005 - stand-ins keep the shape of what they stand for

from __future__ import annotations

import dataclasses
import logging
import traceback
from contextlib import suppress
from pathlib import Path

import pytest
from signing_stage import SIGNATORY, prepared, sign

from intranet_surat.demo import keys
from intranet_surat.errors import Changed, NotAllowed, Unknown
from intranet_surat.resources.folder import path
from intranet_surat.services import delivery, public, signing
from intranet_surat.services.flows import FlowShelf
from intranet_surat.services.proof import judging, writing
from intranet_surat.services.providers.base import (
    ProviderUnavailable,
    SignerNotReady,
    SignerState,
    SignerStatus,
    WrongSecret,
)
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing_orders import Wanted
from intranet_surat.web import letter_files
from intranet_surat.workflow.loader import load


@pytest.fixture
def letter(desk):
    return prepared(desk)


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


@pytest.fixture
def returning(desk):
    """An office whose signed letters may come back to be written anew."""
    text = (Path(__file__).resolve().parents[3] / "workflows/surat_keluar.yaml").read_text()
    send = "      kirim: {title: Kirim,"
    back = "      kembali: {title: Tulis ulang, by: konseptor, to: konsep}\n"
    flow = load(text.replace(send, back + send), "surat_keluar.yaml", desk.house.world)
    desk.house = dataclasses.replace(desk.house, flows=FlowShelf([(None, flow)]))


def test_a_signed_letter_that_comes_back_is_signed_by_nobody_until_it_is_signed_again(desk, returning):
    letter = prepared(desk)
    first = sign(desk, letter)
    desk.act(SIGNATORY, letter, "kembali")
    assert (letter.state, letter.frozen, letter.fields["signed"]) == ("konsep", None, None)
    assert delivery.final_file(letter) is None
    assert letter_files.main(letter) is None or letter_files.main(letter).sha256 != first.sha256
    assert public.facts(desk.house, desk.site, letter.token, desk.now).method == ""
    desk.act(SIGNATORY, letter, "ajukan")
    if letter.state == "periksa_tu":
        desk.act("tata-usaha.dinkes", letter, "lulus")
    desk.act(SIGNATORY, letter, "siapkan")
    second = sign(desk, letter)
    assert (letter.state, letter.fields["signed"]) == ("siap_kirim", "pades")
    assert delivery.final_file(letter).sha256 == second.sha256 != first.sha256


def test_the_history_of_a_letter_that_came_back_after_its_signature_still_proves_itself(desk, returning):
    letter = prepared(desk)
    sign(desk, letter)
    desk.act(SIGNATORY, letter, "kembali")
    report = judging.judge(writing.build(desk.house, desk.site, letter, desk.now), desk.house.roots, desk.now)
    assert {each.overall for each in report.findings} <= {"belum"}


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
    assert (second.sha256, second.verdict.as_dict()) == (first.sha256, first.verdict.as_dict())
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
    provider.status = lambda signer, now: SignerStatus(SignerState.EXPIRED)
    with pytest.raises(SignerNotReady, match="kedaluwarsa"):
        sign(desk, letter)
    assert provider.calls == []


def test_the_secret_is_wiped_whatever_happens(desk, letter):
    for passphrase in ("salah", keys.PASSPHRASE):
        secret = Secret(passphrase)
        with suppress(WrongSecret):
            wanted = Wanted(path(letter), desk.as_(SIGNATORY), letter.frozen, next(desk.keys))
            signing.sign(desk.house, desk.tm, desk.site, wanted, secret, desk.now)
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
