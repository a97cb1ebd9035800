"""The agency's seal: put on the signed file by a job, judged before it is kept, and never twice."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
from signing_stage import SIGNATORY, prepared, sign

from intranet_surat.demo import keys
from intranet_surat.demo.authority import issuing
from intranet_surat.errors import NotAllowed, SuratError
from intranet_surat.resources.attempts import SignAttempt
from intranet_surat.services import breaker, notices, sealing, sealing_doubts, verifying, work
from intranet_surat.services.flows import FlowShelf
from intranet_surat.services.house import EffectCall
from intranet_surat.services.proof import judging, telling, writing
from intranet_surat.services.providers.base import (
    Misconfigured,
    OutcomeUnknown,
    ProviderUnavailable,
    Refused,
    Signer,
    SignResult,
)
from intranet_surat.services.secret import Secret
from intranet_surat.workflow.loader import load

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
        position=letter.author, person=desk.as_(SIGNATORY).person, now=desk.now, facts={},
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
    assert sealed.verdict["signatory"] == before.verdict["signatory"]
    found = verifying.verdict(sealed.content(), desk.house.roots, now=desk.now)
    assert found.overall == "sah"
    assert [each.subject_serial for each in found.signatures][-1] == "segel"
    assert sealed.verdict["seals"] == [found.signatures[-1].field]
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
    assert [each.state for each in letter.seals] == ["failed", "ordered"]
    worked(desk, db, clock, minutes=2)
    assert [each.state for each in letter.seals] == ["failed", "done"]


def test_an_outcome_that_nobody_knows_is_told_and_never_repeated(desk, db, clock, letter, provider, told):
    provider.fails = [OutcomeUnknown()]
    ordered(desk, letter)
    worked(desk, db, clock)
    worked(desk, db, clock, minutes=600)
    assert provider.calls == 1
    assert [each.state for each in letter.seals] == ["unknown"]
    assert told.count(notices.SEAL) == 2, "the position that ordered it, and the administrator"


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


def silent(*_):
    raise ProviderUnavailable


def away(desk, db, clock, letter, provider):
    """Three calls in a row without an answer: the provider is known to be away."""
    provider.fails = [ProviderUnavailable() for _ in range(breaker.FAILURES)]
    provider.status = silent
    ordered(desk, letter)
    for _ in range(breaker.FAILURES):
        worked(desk, db, clock, minutes=10)
    assert provider.calls == breaker.FAILURES


def test_while_the_provider_is_away_the_seal_waits_and_those_concerned_are_told_once(
    desk, db, clock, letter, provider, told
):
    away(desk, db, clock, letter, provider)
    for _ in range(4):
        worked(desk, db, clock, minutes=10)
    assert provider.calls == breaker.FAILURES
    assert letter.seals[-1].state == "ordered"
    assert "dicoba lagi sendiri" in letter.seals[-1].sentence
    assert told.count(notices.SEAL_WAITS) == 2, "the position that ordered it, and the administrator"
    assert notices.SEAL not in told


def test_when_the_provider_is_back_the_seal_is_put_on_without_anybody(desk, db, clock, letter, provider):
    away(desk, db, clock, letter, provider)
    provider.status = provider.real.status
    for _ in range(3):
        worked(desk, db, clock, minutes=10)
    assert letter.seals[-1].state == "done"
    assert not desk.site.seals


def unknown(desk, db, clock, letter, provider):
    provider.fails = [OutcomeUnknown()]
    ordered(desk, letter)
    worked(desk, db, clock)
    return letter.seals[-1]


def test_who_ordered_a_seal_of_unknown_outcome_may_have_it_made_once_more(desk, db, clock, letter, provider):
    attempt = unknown(desk, db, clock, letter, provider)
    assert [each.id for _, each in sealing_doubts.all_of(desk.site)] == [attempt.id]
    sealing_doubts.once_more(desk.site, letter, attempt.id, "sesuatu", desk.now)
    desk.commit()
    worked(desk, db, clock, minutes=1)
    assert [each.state for each in letter.seals] == ["failed", "done"]
    assert letter.seals[0].decider == "sesuatu"
    assert list(sealing_doubts.all_of(desk.site)) == []


def test_a_sealed_file_that_is_brought_is_judged_like_every_result(desk, db, clock, letter, provider):
    attempt = unknown(desk, db, clock, letter, provider)
    before = signed(letter)[-1].content()
    with pytest.raises(Refused, match="bukan berkas yang dikirim"):
        sealing_doubts.bring(desk.house, desk.site, letter, attempt.id, before, "x", desk.now)
    good = provider.seal(before, reason="", location="", now=desk.now).pdf
    sealing_doubts.bring(desk.house, desk.site, letter, attempt.id, good, "x", desk.now)
    assert signed(letter)[-1].content() == good
    assert attempt.state == "done"


def test_a_letter_may_go_on_without_its_seal_and_the_decision_is_final(desk, db, clock, letter, provider):
    attempt = unknown(desk, db, clock, letter, provider)
    sealing_doubts.leave(desk.site, letter, attempt.id, "x", desk.now)
    assert sealing_doubts.undecided(letter) is None
    with pytest.raises(NotAllowed, match="sudah jelas"):
        sealing_doubts.once_more(desk.site, letter, attempt.id, "x", desk.now)


@pytest.fixture
def package(desk, db, clock, provider):
    """Of a letter in whose flow the signature orders the seal, as an office may have it."""
    text = (Path(__file__).resolve().parents[3] / "workflows/surat_keluar.yaml").read_text()
    sealing_flow = text.replace("title: Siap dikirim\n", "title: Siap dikirim\n    on_enter: [{seal: instansi}]\n")
    flow = load(sealing_flow, "surat_keluar.yaml", desk.house.world)
    desk.house = dataclasses.replace(desk.house, flows=FlowShelf([(None, flow)]))
    letter = prepared(desk)
    sign(desk, letter)
    worked(desk, db, clock)
    desk.act("tata-usaha.dinkes", letter, "kirim")
    return writing.build(desk.house, desk.site, letter, desk.now)


def test_the_package_tells_the_signature_and_the_seal_that_an_act_ordered(desk, package):
    report = judging.judge(package, desk.house.roots, desk.now)
    assert {each.overall for each in report.findings} <= {"belum"}
    told = "\n".join(telling.lines("paket.zip", report))
    assert "Tanda tangan 1: SAH" in told
    assert "Segel 2: SAH" in told
    assert "segel elektronik instansi" in told


def test_the_package_does_not_know_a_seal_that_no_act_ordered(desk, db, clock, letter):
    ordered(desk, letter)  # written straight into the database
    worked(desk, db, clock)
    report = judging.judge(writing.build(desk.house, desk.site, letter, desk.now), desk.house.roots, desk.now)
    assert "tidak dicatat riwayatnya" in "".join(each.says for each in report.findings)


def test_somebody_else_does_not_decide_about_a_seal(desk, db, clock, letter, provider):
    unknown(desk, db, clock, letter, provider)
    with pytest.raises(NotAllowed):
        sealing_doubts.demand(desk.house, desk.site, letter, desk.as_("tata-usaha.dinkes"), desk.now)


def test_where_there_is_no_seal_the_act_is_refused(desk, provider):
    provider.capabilities = dataclasses.replace(provider.capabilities, seal=False)
    with pytest.raises(SuratError, match="tidak mempunyai segel"):
        ordered(desk, prepared(desk))


def test_without_a_file_there_is_nothing_to_seal(desk, provider):
    with pytest.raises(SuratError, match="Belum ada berkas"):
        ordered(desk, desk.draft("kepala.dinkes", "DINKES"))
