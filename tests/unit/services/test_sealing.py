"""The agency's seal: put on the signed file by a job, judged before it is kept, and never twice."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
import turns_stage
from signing_stage import SIGNATORY, prepared, sign

from intranet_surat.demo import keys
from intranet_surat.demo.authority import issuing
from intranet_surat.errors import NotAllowed, SuratError
from intranet_surat.resources import evolution
from intranet_surat.resources.attempts import Decision, SignAttempt
from intranet_surat.services import (
    breaker,
    delivery,
    notices,
    public,
    sealing,
    sealing_doubts,
    signatories,
    verifying,
    work,
)
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
from intranet_surat.services.signers import signer as known
from intranet_surat.web import letter_files, seal_page
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


def test_a_job_whose_order_is_gone_seals_nothing_and_does_not_fail(desk, letter, provider, caplog):
    sealing.put(desk.house, desk.site, {"letter": "/".join(["", *_path(letter)]), "sha256": "0" * 64}, desk.now)
    assert (letter.seals, provider.calls) == ((), 0)
    assert "its order is gone" in caplog.text


def test_ordering_twice_seals_once(desk, db, clock, letter, provider):
    ordered(desk, letter)
    worked(desk, db, clock)
    first = signed(letter)
    sealing.put(
        desk.house, desk.site, {"letter": "/".join(["", *_path(letter)]), "sha256": letter.seals[0].key}, desk.now
    )
    assert provider.calls == 1
    assert signed(letter) == first


def test_a_seal_ordered_before_the_update_is_still_put_on(desk, db, clock, provider):
    letter = ordering(desk)
    as_before_the_registry(desk, letter)
    evolution.evolve(desk.site, desk.commit)
    assert [each.state for each in letter.seals] == ["ordered"]
    assert seal_page.line(desk.house, desk.site, letter, desk.as_(SIGNATORY), desk.now).says.endswith("menunggu.")
    desk.commit()
    worked(desk, db, clock)
    assert [each.state for each in letter.seals] == ["done"]
    assert not desk.site.seals


def test_a_seal_whose_outcome_was_unknown_before_the_update_is_decided_by_who_ordered_it(desk, db, clock, provider):
    provider.fails = [OutcomeUnknown()]
    letter = ordering(desk)
    worked(desk, db, clock)
    attempt, who = letter.seals[0], desk.as_(SIGNATORY)
    assert attempt.state == "unknown"
    as_before_the_registry(desk, letter, attempt)
    evolution.evolve(desk.site, desk.commit)
    assert [each.id for _, each in sealing_doubts.all_of(desk.site)] == [attempt.id]
    assert (attempt.position, attempt.person) == (who.position, who.person)
    assert seal_page.line(desk.house, desk.site, letter, who, desk.now).decide


def test_a_letter_left_without_its_seal_before_the_update_asks_nobody_again(desk, db, clock, letter, provider):
    attempt = unknown(desk, db, clock, letter, provider)
    attempt.state, attempt.error = "failed", "left"
    evolution.know_decisions(desk.site)
    assert (attempt.decision, attempt.error, attempt.outcome) == (Decision.LEFT, "", "left")
    assert sealing_doubts.undecided(letter) is None


def test_a_seal_ordered_before_is_put_on_where_the_first_part_of_the_update_had_already_run(desk, db, clock, provider):
    letter = ordering(desk)
    as_before_the_registry(desk, letter, done=("seals",))
    evolution.know_seals(desk.site)
    evolution.evolve(desk.site, desk.commit)
    worked(desk, db, clock)
    assert [(each.state, each.position) for each in letter.seals] == [("done", desk.as_(SIGNATORY).position)]


def test_a_step_that_runs_once_more_orders_no_seal_twice_and_asks_nobody_again(desk, db, clock, provider):
    provider.fails = [Refused()]
    letter, waits = ordering(desk), None
    as_before_the_registry(desk, letter)
    for _ in range(2):
        evolution.know_seals(desk.site)
        evolution.know_seal_orders(desk.site)
        assert [each.state for each in letter.seals] == ["ordered"]
        waits = waits or dict(desk.site.seals)
        assert dict(desk.site.seals) == waits
    desk.commit()
    worked(desk, db, clock)
    (attempt,) = letter.seals
    sealing_doubts.leave(desk.site, letter, attempt.id, desk.as_(SIGNATORY).person, desk.now)
    evolution.know_seal_orders(desk.site)
    assert letter.seals == (attempt,)
    assert not desk.site.seals


@pytest.mark.parametrize("kind", ["attempts", "seals"])
@pytest.mark.parametrize("decision", [None, *Decision])
def test_what_was_decided_before_the_update_is_told_as_decided_and_a_providers_error_as_an_error(
    desk, letter, kind, decision
):
    told = decision.value if decision is not None else "ProviderUnavailable"
    attempt = SignAttempt(id="lama", key="berkas", state="failed", error=told)
    setattr(letter, kind, (attempt,))
    for _ in range(2):
        evolution.know_decisions(desk.site)
        assert (attempt.decision, attempt.error) == (("", told) if decision is None else (decision, ""))
        assert attempt.outcome == told


def as_before_the_registry(desk, letter, *attempts, done=()):
    """What a database of before kept: attempts of nobody, and orders that were only jobs; ``done`` steps had run."""
    later = {"seals", "seal-orders", "decisions"} - {*done}
    desk.site.evolved = tuple(each for each in desk.site.evolved if each not in later)
    for each in attempts:
        each.position = each.person = ""
    letter.seals = attempts
    del desk.site.seals
    desk.commit()


def test_a_seal_that_comes_again_by_itself_is_told_to_nobody_however_often_the_letter_was_sealed(
    desk, db, clock, letter, provider, told
):
    earlier = [SignAttempt(id=f"lama{n}", key="berkas lama", state="failed") for n in range(sealing.TRIES)]
    letter.seals = tuple(earlier)
    provider.fails = [ProviderUnavailable()]
    ordered(desk, letter)
    worked(desk, db, clock)
    assert [each.state for each in letter.seals[sealing.TRIES :]] == ["failed", "ordered"]
    assert notices.SEAL not in told


def test_a_record_that_was_sealed_still_tells_for_whom_it_was_made_when_its_file_is_frozen_again(
    desk, db, clock, provider
):
    letter = turns_stage.record(desk, last="")
    named = signatories.of(letter)
    turns_stage.signed_by(desk, letter, turns_stage.FIRST, turns_stage.SECOND)
    ordered(desk, letter)
    worked(desk, db, clock)
    letter.frozen = signed(letter)[-1].sha256
    assert letter.seals[-1].state == "done"
    assert signatories.of(letter) == named
    assert [each["position"] for each in named] == [desk.post(turns_stage.FIRST), desk.post(turns_stage.SECOND)]


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


def test_a_half_signed_file_is_not_sealed_and_never_sent(desk, provider):
    letter = turns_stage.record(desk, last="")
    turns_stage.signed_by(desk, letter, turns_stage.FIRST)
    with pytest.raises(SuratError, match="masih menunggu tanda tangan"):
        ordered(desk, letter)
    assert delivery.final_file(letter) is None
    with pytest.raises(SuratError, match="belum ditandatangani"):
        delivery.send(desk.house, desk.site, letter, desk.now)


def test_a_file_prepared_for_several_is_not_sealed_before_the_first_of_them_signs(desk, provider):
    with pytest.raises(SuratError, match="masih menunggu tanda tangan"):
        ordered(desk, turns_stage.record(desk))


def test_a_seal_ordered_before_others_were_to_sign_is_given_up_while_they_do(desk, db, clock, provider):
    letter = turns_stage.record(desk, last="")
    sealing.again(desk.site, letter, letter.frozen, letter.author, "", desk.now, desk.now)
    desk.commit()
    turns_stage.signed_by(desk, letter, turns_stage.FIRST)
    worked(desk, db, clock)
    assert provider.calls == 0
    assert (letter.seals[-1].decision, letter.seals[-1].sentence) == (Decision.GIVEN_UP, sealing.HALF)


def test_a_file_that_was_sealed_but_that_nobody_signed_is_not_sent(desk, db, clock, provider):
    letter = prepared(desk)
    ordered(desk, letter)
    worked(desk, db, clock)
    with pytest.raises(SuratError, match="belum ditandatangani"):
        delivery.send(desk.house, desk.site, letter, desk.now)


def signed_anew(desk, letter):
    """The letter is refused, prepared again and signed; answers the signed file."""
    desk.act(SIGNATORY, letter, "tolak", {"alasan": "Keliru"})
    assert delivery.final_file(letter) is None
    desk.act(SIGNATORY, letter, "ajukan")
    if letter.state == "periksa_tu":
        desk.act("tata-usaha.dinkes", letter, "lulus")
    desk.act(SIGNATORY, letter, "siapkan")
    sign(desk, letter)
    return delivery.final_file(letter)


def test_a_late_seal_of_a_file_that_was_given_up_does_not_replace_the_letter_that_was_signed(desk, db, clock, provider):
    letter = prepared(desk)
    provider.fails = [ProviderUnavailable()]
    ordered(desk, letter)
    worked(desk, db, clock)
    good = signed_anew(desk, letter)
    worked(desk, db, clock, minutes=30)
    assert provider.calls == 1
    assert delivery.final_file(letter).sha256 == good.sha256
    assert [each.state for each in letter.seals] == ["failed", "failed"]
    assert (letter.seals[-1].decision, letter.seals[-1].sentence) == (Decision.GIVEN_UP, sealing.REPLACED)
    assert not desk.site.seals
    assert seal_page.line(desk.house, desk.site, letter, desk.as_(SIGNATORY), desk.now) == seal_page.Seal(
        "Segel elektronik instansi: tidak dipakai; berkasnya sudah diganti.", decide=False
    )
    told = public.facts(desk.house, desk.site, letter.token, desk.now)
    assert (told.sha256, told.verdict.overall) == (good.sha256, "sah")


def test_a_seal_that_comes_back_after_its_file_was_given_up_is_not_kept(desk, db, clock, provider):
    letter = prepared(desk)
    attempt, old = unknown(desk, db, clock, letter, provider), letter.rendition(letter.frozen).content()
    good = signed_anew(desk, letter)
    sealed = provider.seal(old, reason="", location="", now=desk.now)
    verdict = verifying.accepts(old, sealed.pdf, AGENCY, desk.house.roots, desk.now)
    sealing.keep(desk.house, desk.site, letter, attempt.id, sealed, verdict, desk.now)
    assert delivery.final_file(letter).sha256 == good.sha256
    assert attempt.decision == Decision.GIVEN_UP


def test_nobody_is_asked_about_a_seal_of_a_file_that_was_given_up(desk, db, clock, provider):
    letter = prepared(desk)
    attempt = unknown(desk, db, clock, letter, provider)
    signed_anew(desk, letter)
    assert sealing_doubts.undecided(letter) is None
    assert list(sealing_doubts.all_of(desk.site)) == []
    with pytest.raises(NotAllowed, match="tidak dipakai lagi"):
        sealing_doubts.once_more(desk.site, letter, attempt.id, "x", desk.now)
    with pytest.raises(NotAllowed, match="tidak dipakai lagi"):
        sealing_doubts.bring(desk.house, desk.site, letter, attempt.id, b"", "x", desk.now)


def test_a_file_of_an_earlier_passage_that_was_sealed_is_not_the_letter_and_not_genuine(desk, db, clock, provider):
    letter = prepared(desk)
    ordered(desk, letter)
    worked(desk, db, clock)
    old = signed(letter)[-1]
    signed_anew(desk, letter)
    assert old.sha256 not in delivery.final_hashes(letter)
    assert letter_files.main(letter).sha256 == delivery.final_file(letter).sha256
    told = public.facts(desk.house, desk.site, letter.token, desk.now)
    assert (len(told.verdict.signatures), told.seals) == (1, frozenset()), "the official signed, no agency sealed"


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
    return packed(desk, db, clock, ordering(desk))


def ordering(desk):
    """Such a letter, signed; its seal is ordered."""
    text = (Path(__file__).resolve().parents[3] / "workflows/surat_keluar.yaml").read_text()
    sealing_flow = text.replace("title: Siap dikirim\n", "title: Siap dikirim\n    on_enter: [{seal: instansi}]\n")
    flow = load(sealing_flow, "surat_keluar.yaml", desk.house.world)
    desk.house = dataclasses.replace(desk.house, flows=FlowShelf([(None, flow)]))
    letter = prepared(desk)
    sign(desk, letter)
    return letter


def packed(desk, db, clock, letter):
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


@pytest.mark.parametrize("who", [SIGNATORY, "kepala.bpkad"], ids=["the signatory once more", "another official"])
def test_in_a_package_a_signature_does_not_pass_for_the_seal_that_an_act_ordered(desk, db, clock, provider, who):
    letter = ordering(desk)
    provider.sealer = known(desk.house, desk.site.people.login(who))
    provider.seal = lambda pdf, **facts: provider.real.sign(pdf, provider.sealer, Secret(keys.PASSPHRASE), **facts)
    report = judging.judge(packed(desk, db, clock, letter), desk.house.roots, desk.now)
    assert report.overall == "tidak"
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
