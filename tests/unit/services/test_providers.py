"""The providers that are shipped: PKCS#12 files, the demo authority that makes them, and ink."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import typst
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    load_der_private_key,
    pkcs12,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from intranet_surat.demo.authority import issuing
from intranet_surat.errors import Invalid, NotAllowed, SuratError, Unavailable
from intranet_surat.services import verifying
from intranet_surat.services.providers import basah, base, pkcs12_file
from intranet_surat.services.providers.pkcs12 import Pkcs12Provider
from intranet_surat.services.secret import Secret

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ANI = base.Signer("ani0000000000000", "Ani Uji", "197001011990012001", "ani@contoh.go.id")
PASSPHRASE = "frasa uji"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("ttd")
    issuing.equip(made, [ANI], Secret(PASSPHRASE), NOW)
    return made


@pytest.fixture(scope="module")
def pdf():
    return typst.compile(b"= Surat", pdf_standards=["a-2b"], timestamp=NOW)


@pytest.fixture
def provider(folder):
    return Pkcs12Provider(folder)


def sign(provider, pdf, signer=ANI, secret=PASSPHRASE, now=NOW):
    return provider.sign(pdf, signer, Secret(secret), reason="Surat 1", location="Kabupaten Uji", now=now)


def test_all_are_signing_providers(folder):
    assert isinstance(Pkcs12Provider(folder), base.SigningProvider)
    assert isinstance(basah.WetInk(), base.SigningProvider)


def test_a_signature_is_added_behind_our_bytes(provider, pdf):
    result = sign(provider, pdf)
    assert result.pdf.startswith(pdf)
    added = result.pdf[len(pdf) :]
    assert b"/ETSI.CAdES.detached" in added
    assert b"pdfaid" in added, "it says that it is PDF/A in its new metadata too"


def test_the_second_signature_takes_the_next_field(provider, pdf):
    twice = sign(provider, sign(provider, pdf).pdf).pdf
    assert [each.field for each in verifying.verdict(twice, (), now=NOW).signatures] == ["TTE_1", "TTE_2"]


@pytest.mark.parametrize("wrong", ["", "frasa", PASSPHRASE + " ", "kenari"])
def test_a_wrong_passphrase_is_told_without_quoting_it(provider, pdf, wrong):
    with pytest.raises(base.WrongSecret) as caught:
        sign(provider, pdf, secret=wrong)
    assert "kenari" not in str(caught.value) + caught.value.detail
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_status_tells_whether_there_is_a_key(provider):
    assert provider.status(ANI, NOW).ready
    missing = provider.status(base.Signer("budi", "Budi"), NOW)
    assert (missing.ready, missing.code) == (False, "NO_CERTIFICATE")
    assert base.SignerNotReady(status=missing).message.count(base.HELD) == 1


@pytest.mark.parametrize("person", ["budi", "../ani0000000000000", "a/b", "", ".hidden", "x" * 65])
def test_a_person_without_key_or_with_a_strange_id_gets_none(provider, pdf, person):
    with pytest.raises(base.SignerNotReady):
        sign(provider, pdf, signer=base.Signer(person, "Budi"))


def test_an_expired_certificate_does_not_sign(provider, pdf):
    with pytest.raises(base.SignerNotReady, match="sudah kedaluwarsa"):
        sign(provider, pdf, now=NOW + timedelta(days=6 * 365))


@pytest.mark.parametrize("data", [b"", b"not a pdf", b"%PDF-1.7\n%%EOF"])
def test_a_file_that_is_no_pdf_is_bad_input(provider, data):
    with pytest.raises(base.BadInput):
        sign(provider, data)


def test_a_key_file_of_another_sort_is_refused(tmp_path, pdf):
    authority = issuing.new(NOW)
    odd = pkcs12.serialize_key_and_certificates(
        b"", ec.generate_private_key(ec.SECP256R1()), None, [authority.root], BestAvailableEncryption(b"x")
    )
    (tmp_path / "ani0000000000000.p12").write_bytes(odd)
    with pytest.raises(base.Refused):
        sign(Pkcs12Provider(tmp_path), pdf, secret="x")
    (tmp_path / "ani0000000000000.p12").write_bytes(bytes(70_000))
    with pytest.raises(base.SignerNotReady):
        sign(Pkcs12Provider(tmp_path), pdf, secret="x")


def test_an_elliptic_key_signs_as_well(tmp_path, pdf):
    authority = issuing.new(NOW)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = authority.certificate(key, ANI, NOW - timedelta(days=1), NOW + timedelta(days=9))
    (tmp_path / f"{ANI.person}.p12").write_bytes(issuing.bundle(authority, key, certificate, Secret("x")))
    signed = sign(Pkcs12Provider(tmp_path), pdf, secret="x").pdf
    roots = [each.public_bytes(Encoding.PEM) for each in (authority.root, authority.issuer)]
    assert verifying.accepts(pdf, signed, ANI, roots, NOW).overall == "sah"


def test_a_file_that_was_opened_before_still_wants_its_passphrase(provider, pdf):
    sign(provider, pdf)
    for wrong in ("bukan itu", "", PASSPHRASE + " "):
        with pytest.raises(base.WrongSecret):
            sign(provider, pdf, secret=wrong)
    assert sign(provider, pdf).pdf.startswith(pdf)


def test_a_renewed_file_is_read_anew(tmp_path, pdf):
    file = tmp_path / f"{ANI.person}.p12"
    for passphrase in ("lama", "baru"):
        authority = issuing.equip(tmp_path, [ANI], Secret(passphrase), NOW)
        signed = sign(Pkcs12Provider(tmp_path), pdf, secret=passphrase).pdf
        roots = [each.public_bytes(Encoding.PEM) for each in (authority.root, authority.issuer)]
        assert verifying.verdict(signed, roots, now=NOW).overall == "sah"
        assert file.is_file()
    with pytest.raises(base.WrongSecret):
        sign(Pkcs12Provider(tmp_path), pdf, secret="lama")


def test_nothing_of_an_opened_key_is_kept(provider, pdf):
    sign(provider, pdf)
    for known in pkcs12_file._known.values():
        with pytest.raises(TypeError):
            load_der_private_key(known.locked, None)  # still encrypted


@pytest.fixture
def sealing(tmp_path):
    """The agency's seal beside the keys of people, and the file with its passphrase."""
    agency = base.Signer("segel", "Pemerintah Kabupaten Uji")
    authority = issuing.equip(tmp_path, [agency], Secret("frasa segel"), NOW)
    (tmp_path / "frasa-segel").write_text("frasa segel\n")
    return Pkcs12Provider(tmp_path, sealer=agency, seal_passphrase_file=tmp_path / "frasa-segel"), authority


def test_the_agencys_seal_needs_no_person(sealing, pdf):
    provider, authority = sealing
    sealed = provider.seal(pdf, reason="Surat massal", location="Kabupaten Uji", now=NOW).pdf
    roots = [each.public_bytes(Encoding.PEM) for each in (authority.root, authority.issuer)]
    assert verifying.accepts(pdf, sealed, provider.sealer, roots, NOW).overall == "sah"


def test_nobody_signs_a_letter_with_the_agencys_seal(sealing, pdf):
    provider, _ = sealing
    with pytest.raises(base.SignerNotReady):
        sign(provider, pdf, signer=provider.sealer, secret="frasa segel")


@pytest.mark.parametrize("written", ["bukan frasanya", "x" * 2000, None], ids=["wrong", "no passphrase", "missing"])
def test_a_seal_that_cannot_be_opened_is_the_administrators_matter(sealing, pdf, tmp_path, written):
    provider, _ = sealing
    (tmp_path / "frasa-segel").unlink() if written is None else (tmp_path / "frasa-segel").write_text(written)
    with pytest.raises(base.Misconfigured):
        provider.seal(pdf, reason="", location="", now=NOW)


class Silent(TimeStamper):
    """An authority that does not answer."""

    async def async_request_tsa_response(self, req):  # noqa: ARG002 - its signature
        raise TimestampRequestError("away")


def test_a_letter_is_signed_though_no_authority_stamps_the_time(folder, pdf):
    signed = sign(Pkcs12Provider(folder, timestamper=Silent()), pdf).pdf
    verdict = verifying.verdict(
        signed, [(folder / "akar.pem").read_bytes(), (folder / "penerbit.pem").read_bytes()], now=NOW
    )
    assert verdict.overall == "sah"
    assert not verdict.signatures[0].timestamped


def prepared(pdf, *names):
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    for name in names:
        fields.append_signature_field(writer, fields.SigFieldSpec(sig_field_name=name, on_page=0))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_each_signatory_fills_the_field_prepared_for_him(provider, pdf):
    paper = prepared(pdf, "TTE_1", "TTE_2")
    signed = provider.sign(paper, ANI, Secret(PASSPHRASE), reason="", location="", now=NOW, field="TTE_2").pdf
    assert [each.field_name for each in PdfFileReader(BytesIO(signed)).embedded_signatures] == ["TTE_2"]


@pytest.mark.parametrize("field", ["TTE_9", "TTE_1"], ids=["no such field", "already filled"])
def test_a_field_that_is_not_free_is_not_signed(provider, pdf, field):
    paper = provider.sign(
        prepared(pdf, "TTE_1"), ANI, Secret(PASSPHRASE), reason="", location="", now=NOW, field="TTE_1"
    ).pdf
    with pytest.raises(base.BadInput):
        provider.sign(paper, ANI, Secret(PASSPHRASE), reason="", location="", now=NOW, field=field)


def test_ink_says_what_to_do_instead(pdf):
    ink = basah.WetInk()
    assert "cetak" in ink.status(ANI, NOW).says
    with pytest.raises(base.Refused, match="tanda tangani"):
        sign(ink, pdf)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (base.WrongSecret, Invalid),
        (base.SignerNotReady, NotAllowed),
        (base.ProviderUnavailable, Unavailable),
        (base.RateLimited, Unavailable),
        (base.Misconfigured, Unavailable),
        (base.OutcomeUnknown, Unavailable),
        (base.Refused, SuratError),
        (base.BadInput, SuratError),
    ],
)
def test_each_error_is_of_the_kind_that_pages_know_and_has_a_sentence(error, kind):
    made = error()
    assert isinstance(made, kind)
    assert made.message.endswith(".")
    assert error("Lain.", detail="x").message == "Lain."


def test_errors_are_told_apart_and_only_a_lost_answer_is_for_a_person():
    kinds = [each for each in vars(base).values() if isinstance(each, type) and issubclass(each, base.SigningError)]
    assert len({each.code for each in kinds}) == len(kinds) - 1, "the base is what a refusal is"
    assert {each for each in kinds if each.ends == "unknown"} == {base.OutcomeUnknown}
    assert {each for each in kinds if each.alarm} == {base.Misconfigured}


def test_every_state_but_one_keeps_a_person_from_signing_and_says_what_to_do():
    for state in base.SignerState:
        found = base.SignerStatus(state)
        assert bool(found.says) != found.ready
        if not found.ready:
            assert base.SignerNotReady(status=found).message.startswith(found.says)
