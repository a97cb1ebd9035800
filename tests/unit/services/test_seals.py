"""Documents that the agency seals in place of an official's signature: by whose act, under which rule, and what is told."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from sealing_stage import Sealing, drafted, seal
from signing_stage import SIGNATORY, prepared

from intranet_surat.demo import keys
from intranet_surat.errors import NotAllowed
from intranet_surat.resources.folder import path
from intranet_surat.services import (
    breaker,
    letter_pdf,
    notices,
    public,
    signers,
    signing_batch,
    signing_doubts,
    signing_run,
    verifying,
    work,
)
from intranet_surat.services.proof import archive, form, judging, telling, writing
from intranet_surat.services.providers.base import OutcomeUnknown, ProviderUnavailable, Signer
from intranet_surat.services.secret import Secret
from intranet_surat.services.verifying_facts import SEALED


@pytest.fixture
def provider(desk):
    made = Sealing(desk.house.provider())
    settings = dataclasses.replace(desk.house.settings, sealed_kinds=frozenset({"sertifikat"}))
    providers = {**desk.house.providers, settings.signing_provider: made}
    desk.house = dataclasses.replace(desk.house, settings=settings, providers=providers)
    return made


@pytest.fixture
def certificate(desk, provider):
    made = drafted(desk)
    desk.act(SIGNATORY, made, "siapkan")
    return made


def test_the_responsible_person_seals_without_a_passphrase(desk, certificate):
    result = seal(desk, certificate)
    assert result.verdict.overall == "sah"
    assert [each.subject_serial for each in result.verdict.signatures] == ["segel"]
    assert (certificate.state, certificate.fields["signed"]) == ("siap_kirim", "seal")
    assert list(certificate.history)[-1].action == "segel"


def test_the_page_says_that_it_was_sealed_and_not_that_somebody_signed(desk, certificate):
    facts = letter_pdf.facts(desk.house, desk.site, certificate, desk.now, method="seal")
    assert "disegel" in facts.footer[1]
    assert "ditandatangani" not in facts.footer[1]


def test_the_public_page_calls_it_sealed_by_the_agency(desk, certificate):
    seal(desk, certificate)
    told = public.facts(desk.house, desk.site, certificate.token, desk.now)
    assert told.method == "seal"
    assert told.verdict.overall == "sah"
    assert told.seals == {told.verdict.signatures[0].field}


def test_a_kind_that_the_regencys_rule_does_not_name_is_not_even_prepared(desk, provider):
    made = drafted(desk)
    desk.house = dataclasses.replace(
        desk.house, settings=dataclasses.replace(desk.house.settings, sealed_kinds=frozenset())
    )
    with pytest.raises(NotAllowed, match="belum boleh disegel"):
        desk.act(SIGNATORY, made, "siapkan")


def test_where_the_provider_has_no_seal_nothing_is_sent(desk, certificate, provider):
    provider.capabilities = dataclasses.replace(provider.capabilities, seal=False)
    with pytest.raises(NotAllowed, match="tidak mempunyai segel"):
        seal(desk, certificate)
    assert certificate.attempts == []


def test_a_lost_answer_is_the_responsible_persons_to_decide_and_is_never_repeated(desk, certificate, provider):
    provider.fails = [OutcomeUnknown()]
    with pytest.raises(OutcomeUnknown):
        seal(desk, certificate)
    assert certificate.attempts[-1].state == "unknown"
    with pytest.raises(NotAllowed, match="belum pasti"):
        seal(desk, certificate)
    assert len(provider.calls) == 1
    signing_doubts.give_up(
        desk.house, desk.tm, desk.site, path(certificate), desk.as_(SIGNATORY), certificate.attempts[-1].id, desk.now
    )
    desk.commit()
    assert seal(desk, certificate).verdict.overall == "sah"


def test_while_the_provider_is_away_documents_wait_with_their_numbers(desk, certificate, provider):
    provider.fails = [ProviderUnavailable() for _ in range(breaker.FAILURES)]
    for _ in range(breaker.FAILURES):
        with pytest.raises(ProviderUnavailable):
            seal(desk, certificate)
    with pytest.raises(ProviderUnavailable, match="tidak menjawab sejak"):
        seal(desk, certificate)
    assert len(provider.calls) == breaker.FAILURES
    assert certificate.state == "menunggu_segel"
    assert certificate.fields["number"]


def test_those_whom_the_flow_names_are_told_that_it_waits_and_when_the_provider_is_back(
    desk, db, clock, certificate, provider
):
    told = []
    channels = {"uji": lambda _house, notice: told.append((notice.about, notice.position))}
    desk.house = dataclasses.replace(desk.house, notice_channels=channels)
    works, provider.status = provider.status, silent
    provider.fails = [ProviderUnavailable() for _ in range(breaker.FAILURES)]
    for _ in range(breaker.FAILURES):
        with pytest.raises(ProviderUnavailable):
            seal(desk, certificate)
    worked(desk, db, clock, hours=2)
    away = {position for about, position in told if about == notices.AWAY}
    assert away == {desk.post("tata-usaha.dinkes"), certificate.author}
    provider.status = works
    for _ in range(3):
        worked(desk, db, clock, minutes=2)
    assert desk.post(SIGNATORY) in {position for about, position in told if about == notices.BACK}
    assert seal(desk, certificate).verdict.overall == "sah"


def silent(*_):
    raise ProviderUnavailable


def worked(desk, db, clock, **later):
    clock.now += timedelta(**later)
    desk.tm.abort()
    work.run_due(desk.house, db, clock())
    desk.tm.begin()


def test_many_are_sealed_by_one_act(desk, db, provider):
    made = [drafted(desk, person_name=f"Peserta {n}") for n in range(3)]
    for each in made:
        desk.act(SIGNATORY, each, "siapkan")
    chosen = [(path(each), each.frozen) for each in made]
    batch, _ = signing_batch.opened(
        desk.house, desk.site, chosen, desk.as_(SIGNATORY), "formulir-segel", desk.now, sealed=True
    )
    desk.commit()
    signing_run.Run(desk.house, db, batch.id, desk.as_(SIGNATORY), Secret("")).carry_out()
    desk.commit()
    assert signing_batch.progress(desk.site, batch, desk.now).count("done") == 3
    assert {each.fields["signed"] for each in made} == {"seal"}


def test_a_batch_of_signatures_takes_no_document_that_is_to_be_sealed(desk, certificate):
    with pytest.raises(NotAllowed, match="halaman yang berbeda"):
        signing_batch.opened(
            desk.house, desk.site, [(path(certificate), certificate.frozen)], desk.as_(SIGNATORY), "formulir", desk.now
        )


def test_the_sealed_file_is_not_taken_for_a_signature_of_the_responsible_person(desk, certificate):
    seal(desk, certificate)
    person = desk.site.people[desk.as_(SIGNATORY).person]
    data = public.delivery.final_file(certificate).content()
    last = verifying.verdict(data, desk.house.roots, now=desk.now).signatures[-1]
    assert not verifying.is_by(last, Signer(person.id, person.name, person.nip))


def test_the_sealed_file_alone_is_never_called_signed_by_surat_verify(desk, certificate):
    seal(desk, certificate)
    data = public.delivery.final_file(certificate).content()
    _, lines = telling.told("sertifikat.pdf", data, desk.house.roots, desk.now)
    told = "\n".join(lines)
    assert "Segel 1 (menurut berkas itu sendiri): SAH" in told
    assert "segel elektronik instansi" in told
    assert "penanda tangan" not in told
    assert "Tanda tangan" not in told


def test_an_officials_signature_that_calls_itself_a_seal_is_not_told_as_one(desk):
    pdf = prepared(desk).renditions[-1].content()
    who = signers.signer(desk.house, desk.site.people.login(SIGNATORY))
    reason = f"{SEALED}, surat nomor 1"
    made = desk.house.provider().sign(pdf, who, Secret(keys.PASSPHRASE), reason=reason, location="x", now=desk.now).pdf
    _, lines = telling.told("surat.pdf", made, desk.house.roots, desk.now)
    (heading,) = [each.strip() for each in lines if "1" in each and each.endswith(": SAH") and "surat.pdf" not in each]
    assert heading == "Segel 1 (menurut berkas itu sendiri): SAH"
    seen = public.compare(desk.house, desk.site, made, desk.now)
    assert (seen.verdict.overall, seen.seals) == ("sah", frozenset())
    assert "segel" not in " ".join(seen.as_dict()["reasons"]).lower()


@pytest.fixture
def package(desk, certificate):
    seal(desk, certificate)
    desk.act("tata-usaha.dinkes", certificate, "kirim")
    return writing.build(desk.house, desk.site, certificate, desk.now)


def test_the_package_of_a_sealed_document_proves_itself_and_says_seal(desk, package):
    report = judging.judge(package, desk.house.roots, desk.now)
    assert {each.overall for each in report.findings} <= {"belum"}
    assert [str(each) for each in report.findings] == [
        "jangkar.json: Riwayat ini belum dijangkarkan: jangkar dibuat setiap malam."
    ]
    told = "\n".join(telling.lines("paket.zip", report))
    assert "Segel 1: SAH" in told
    assert "segel elektronik instansi, atas tindakan Kepala Dinas Kesehatan" in told
    assert "Tanda tangan 1" not in told


def test_a_document_sealed_instead_is_refused_where_its_flow_asks_for_a_signature(desk, package):
    files = archive.unpack(package)
    (flow,) = [name for name in files if name.startswith(form.FLOWS)]
    files[flow] = files[flow].replace(b"method: seal", b"method: pades")
    report = judging.judge(archive.pack(files), desk.house.roots, desk.now)
    assert flow in {each.where for each in report.findings if each.overall == "tidak"}
