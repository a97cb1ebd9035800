"""The agency's seal: put on the signed file by a job, judged before it is kept, and never twice."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from signing_stage import prepared, sign

from intranet_surat.demo import keys
from intranet_surat.demo.authority import issuing
from intranet_surat.errors import SuratError
from intranet_surat.resources.attempts import SignAttempt
from intranet_surat.services import notices, sealing, verifying, work
from intranet_surat.services.house import EffectCall
from intranet_surat.services.providers.base import (
    Misconfigured,
    OutcomeUnknown,
    ProviderUnavailable,
    Refused,
    Signer,
    SignResult,
)
from intranet_surat.services.secret import Secret

AGENCY = Signer("segel", "Kabupaten Uji")


class Sealing:
    """The demo's provider with a seal of the agency; tests may let it fail."""

    id, title = "pkcs12", "Uji"
    sealer = AGENCY

    def __init__(self, real, pki, folder, now):
        self.real, self.folder, self.calls, self.fails = real, folder, 0, []
        self.capabilities = dataclasses.replace(real.capabilities, seal=True)
        self.status, self.sign = real.status, real.sign
        authority, key = issuing.kept(pki / issuing.KEPT), issuing.new_key()
        certificate = authority.certificate(key, AGENCY, now - timedelta(days=1), now + timedelta(days=900))
        with Secret(keys.PASSPHRASE) as secret:
            (folder / "segel.p12").write_bytes(issuing.bundle(authority, key, certificate, secret))

    def seal(self, pdf, **facts):
        self.calls += 1
        if self.fails:
            raise self.fails.pop(0)
        from intranet_surat.services.providers.pkcs12 import Pkcs12Provider

        (self.folder / "frasa").write_text(keys.PASSPHRASE)
        sealer = Pkcs12Provider(self.folder, sealer=AGENCY, seal_passphrase_file=self.folder / "frasa")
        return sealer.seal(pdf, **facts)


@pytest.fixture
def provider(desk, pki, tmp_path, clock):
    made = Sealing(desk.house.provider(), pki, tmp_path, clock())
    desk.house = dataclasses.replace(desk.house, providers={**desk.house.providers, "pkcs12": made})
    return made


@pytest.fixture
def letter(desk, provider):
    made = prepared(desk)
    sign(desk, made)
    return made


@pytest.fixture
def told(desk):
    found = []
    channels = {"uji": lambda _house, notice: found.append(notice.about)}
    desk.house = dataclasses.replace(desk.house, notice_channels=channels)
    return found


def ordered(desk, letter):
    """The effect of a flow, in a transaction of its own."""
    call = EffectCall(
        house=desk.house, site=desk.site, letter=letter, item=letter, value="instansi", options={}, form={},
        position=letter.author, person="", now=desk.now, facts={},
    )  # fmt: skip
    desk.house.effects["seal"](call)
    desk.commit()


def worked(desk, db, clock, minutes=0):
    clock.now += timedelta(minutes=minutes)
    desk.tm.abort()
    work.run_due(desk.house, db, clock())
    desk.tm.begin()


def signed(letter):
    return [each for each in letter.renditions if each.kind == "signed"]


def test_the_signed_file_gets_the_seal_as_a_further_revision(desk, db, clock, letter):
    before = signed(letter)[-1]
    ordered(desk, letter)
    worked(desk, db, clock)
    sealed = signed(letter)[-1]
    assert sealed.previous == before.sha256
    assert sealed.content().startswith(before.content())
    assert sealed.verdict["sealed"]
    assert sealed.verdict["signatory"] == before.verdict["signatory"]
    found = verifying.verdict(sealed.content(), desk.house.roots, now=desk.now)
    assert found.overall == "sah"
    assert [each.subject_serial for each in found.signatures][-1] == "segel"
    assert letter.fields["signed"] == "pades"


def test_ordering_twice_seals_once(desk, db, clock, letter, provider):
    ordered(desk, letter)
    worked(desk, db, clock)
    first = signed(letter)
    sealing.put(
        desk.house, desk.site, {"letter": "/".join(["", *_path(letter)]), "sha256": letter.seals[0].key}, desk.now
    )
    assert provider.calls == 1
    assert signed(letter) == first


def _path(letter):
    from intranet_surat.resources.folder import path

    return path(letter).strip("/").split("/")


@pytest.mark.parametrize("error", [ProviderUnavailable, Misconfigured])
def test_a_provider_that_is_away_is_asked_again_later(desk, db, clock, letter, provider, error):
    provider.fails = [error()]
    ordered(desk, letter)
    worked(desk, db, clock)
    assert [each.state for each in letter.seals] == ["failed"]
    worked(desk, db, clock, minutes=2)
    assert [each.state for each in letter.seals] == ["failed", "done"]


def test_an_outcome_that_nobody_knows_is_told_and_never_repeated(desk, db, clock, letter, provider, told):
    provider.fails = [OutcomeUnknown()]
    ordered(desk, letter)
    worked(desk, db, clock)
    worked(desk, db, clock, minutes=600)
    assert provider.calls == 1
    assert [each.state for each in letter.seals] == ["unknown"]
    assert told.count(notices.SEAL) == 1


def test_a_result_that_is_not_our_file_with_the_agencys_seal_is_not_kept(desk, db, clock, letter, provider, told):
    real = provider.seal
    provider.seal = lambda pdf, **facts: SignResult(b"x" + real(pdf, **facts).pdf, "")
    before = signed(letter)
    ordered(desk, letter)
    worked(desk, db, clock)
    assert signed(letter) == before
    assert letter.seals[-1].error == Refused.code
    assert notices.SEAL in told


def test_a_seal_whose_process_died_is_not_asked_for_again(desk, db, clock, letter, provider):
    ordered(desk, letter)
    letter.seals = (SignAttempt(id="mati", key=signed(letter)[-1].sha256, started=desk.now),)
    desk.commit()
    worked(desk, db, clock)
    assert provider.calls == 0
    assert [each.state for each in letter.seals] == ["unknown"]


def test_a_frozen_file_without_a_signature_may_be_sealed_and_does_not_count_as_signed(desk, db, clock, provider):
    letter = prepared(desk)
    ordered(desk, letter)
    worked(desk, db, clock)
    assert signed(letter)[-1].previous == letter.frozen
    assert not letter.fields.get("signed")


def test_where_there_is_no_seal_the_act_is_refused(desk, provider):
    provider.capabilities = dataclasses.replace(provider.capabilities, seal=False)
    with pytest.raises(SuratError, match="tidak mempunyai segel"):
        ordered(desk, prepared(desk))


def test_without_a_file_there_is_nothing_to_seal(desk, provider):
    with pytest.raises(SuratError, match="Belum ada berkas"):
        ordered(desk, desk.draft("kepala.dinkes", "DINKES"))
