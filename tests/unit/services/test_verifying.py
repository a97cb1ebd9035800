"""The verdict on signed files: three values, and no byte that may differ."""

# ruff: noqa: ARG005 - stand-ins keep the shape of what they stand for

from __future__ import annotations

import hashlib
import socket
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from signed_pages import ANI, BUDI, NOW, Pki, judge

from intranet_surat.demo.authority import issuing
from intranet_surat.services import signing_loop, signing_pades, verifying
from intranet_surat.services.providers.base import Refused, Signer
from intranet_surat.services.verifying import Verdict, accepts, verdict


def test_a_whole_file_of_a_known_authority_is_valid_and_says_by_whom(authority, signed):
    judged = judge(authority, signed)
    assert (judged.overall, judged.label) == ("sah", "Sah")
    (only,) = judged.signatures
    assert (only.signer, only.subject_serial, only.emails) == ("Ani Uji (UJI COBA)", "ani", ("ani@contoh.go.id",))
    assert (only.field, only.whole_file, only.timestamped) == ("TTE_1", True, False)
    assert datetime.fromisoformat(only.signed_at) == NOW
    assert judged.sha256 == hashlib.sha256(signed).hexdigest()


def test_without_signature_it_is_undecided_and_says_so(authority, pdf):
    judged = judge(authority, pdf)
    assert judged.overall == "belum"
    assert judged.reasons[0].startswith("Tidak ada tanda tangan")


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"\x00" * 1000])
def test_what_is_no_pdf_is_undecided_and_raises_nothing(authority, data):
    assert judge(authority, data).overall == "belum"


def test_an_unknown_authority_is_undecided_and_named(authority, signed):
    judged = verdict(signed, (), now=NOW)
    assert judged.overall == "belum"
    assert "Penerbit Otoritas UJI COBA" in judged.reasons[0]
    stranger = Pki()
    assert verdict(signed, stranger.roots, now=NOW).overall == "belum", "a look-alike authority is another one"


def test_an_expired_certificate_is_undecided(authority, pdf):
    old = authority.sign(pdf, begins=NOW - timedelta(days=20), ends=NOW - timedelta(days=10))
    judged = judge(authority, old)
    assert judged.overall == "belum"
    assert "masa berlaku" in judged.reasons[0]


def test_two_signers_are_both_told_in_order(authority, signed):
    judged = judge(authority, authority.sign(signed, BUDI))
    assert judged.overall == "sah"
    assert [(each.subject_serial, each.whole_file) for each in judged.signatures] == [("ani", False), ("budi", True)]


def test_the_expected_person_is_found_by_id_or_mail_and_never_by_name(authority, signed):
    assert judge(authority, signed, expect=ANI).overall == "sah"
    assert judge(authority, signed, expect=Signer("x", "?", "ani")).overall == "sah"
    assert judge(authority, signed, expect=Signer("x", "?", email="ANI@contoh.go.id")).overall == "sah"
    namesake = judge(authority, signed, expect=Signer("other", "Ani Uji (UJI COBA)"))
    assert namesake.overall == "tidak"
    assert namesake.reasons[0] == verifying.OTHER_PERSON


def updated(data, change):
    """``data`` with an incremental update behind its signature."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def swap_page(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.root["/Pages"]["/Kids"][1].raw_get("/Contents")
    writer.mark_update(page.container_ref)


def add_note(writer):
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.generic import pdf_name

    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Text"),
         pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 90, 90))),
         pdf_name("/Contents"): generic.TextStringObject("Batal")}
    )  # fmt: skip
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", ()), writer.add_object(note)])
    writer.mark_update(page.container_ref)


@pytest.mark.parametrize("change", [swap_page, add_note])
def test_a_page_changed_after_the_signature_is_invalid(authority, signed, change):
    judged = judge(authority, updated(signed, change))
    assert judged.overall == "tidak"
    assert judged.reasons


def test_a_rewritten_file_is_not_valid(authority, signed):
    out = BytesIO()
    with pikepdf.open(BytesIO(signed)) as document:
        document.save(out)
    assert judge(authority, out.getvalue()).overall != "sah"


def test_accepts_takes_the_one_good_result(authority, pdf, signed):
    assert accepts(pdf, signed, ANI, authority.roots, NOW).overall == "sah"
    assert accepts(signed, authority.sign(signed, BUDI), BUDI, authority.roots, NOW).overall == "sah"


def field_visible(authority, pdf):
    meta = PdfSignatureMetadata(field_name="Lain")
    field = SigFieldSpec("Lain", on_page=0, box=(100, 100, 300, 200))
    signer = PdfSigner(meta, authority.signer(), new_field_spec=field)
    return signing_loop.run(signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))).getvalue()


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (lambda authority, pdf: pdf, "0 signatures were added"),
        (lambda authority, pdf: b"x" + authority.sign(pdf), "begin"),
        (lambda authority, pdf: authority.sign(pdf, BUDI), verifying.OTHER_PERSON),
        (lambda authority, pdf: authority.sign(authority.sign(pdf)), "2 signatures were added"),
        (lambda authority, pdf: authority.sign(updated(pdf, swap_page)), "more than a signature"),
        (lambda authority, pdf: authority.sign(updated(pdf, add_note)), "more than a signature"),
        (field_visible, "more than a signature"),
        (lambda authority, pdf: Pki().sign(pdf), "Penerbit"),
        (lambda authority, pdf: authority.sign(pdf)[:-1] + b"x", "Isi berkas berubah"),
        (lambda authority, pdf: updated(authority.sign(pdf), add_note), "more than a signature"),
    ],
    ids=["unsigned", "shifted", "other person", "twice", "page", "note", "visible", "authority", "spoiled", "later"],
)
def test_accepts_refuses_every_other_result(authority, pdf, how, why):
    with pytest.raises(Refused) as caught:
        accepts(pdf, how(authority, pdf), ANI, authority.roots, NOW)
    assert why in caught.value.detail


def test_a_signature_with_a_timestamp_tells_that_it_has_one(authority, pdf):
    key = issuing.new_key()
    stamp = DummyTimeStamper(
        tsa_cert=signing_pades.as_asn1(stamping(authority.authority, key)),
        tsa_key=as_asn1_key(key),
        fixed_dt=NOW,
    )
    signer = PdfSigner(PdfSignatureMetadata(field_name="T"), authority.signer(), timestamper=stamp)
    made = signing_loop.run(signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))).getvalue()
    (only,) = judge(authority, made).signatures
    assert only.timestamped


def stamping(authority, key):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    plain = authority.certificate(key, Signer("tsa", "Stempel"), NOW - timedelta(days=1), NOW + timedelta(days=9))
    usage = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING])
    builder = x509.CertificateBuilder(
        plain.issuer, plain.subject, plain.public_key(), plain.serial_number, plain.not_valid_before_utc,
        plain.not_valid_after_utc, list(plain.extensions),
    )  # fmt: skip
    return builder.add_extension(usage, critical=True).sign(authority.issuer_key, hashes.SHA256())


def as_asn1_key(key):
    from asn1crypto import keys
    from cryptography.hazmat.primitives import serialization

    plain = serialization.NoEncryption()
    return keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, serialization.PrivateFormat.PKCS8, plain))


def test_judging_opens_no_connection(authority, signed, monkeypatch):
    def forbidden(*_, **__):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    assert judge(authority, signed).overall == "sah"
    assert verdict(signed, (), now=NOW).overall == "belum"


def test_a_verdict_survives_as_plain_values(authority, signed):
    judged = judge(authority, signed)
    kept = Verdict.from_dict(judged.as_dict())
    assert kept.as_dict() == judged.as_dict()
    nameless = [replace(each, subject_serial="", emails=()) for each in judged.signatures]
    assert kept == replace(judged, signatures=tuple(nameless))
    with pytest.raises(ValueError):
        Verdict.from_dict({**judged.as_dict(), "overall": "great"})


def test_roots_are_taken_as_pem_der_or_several_in_one(authority, signed):
    der = authority.authority.root.public_bytes(Encoding.DER)
    both = authority.roots[0] + authority.authority.issuer.public_bytes(Encoding.PEM)
    for roots in ((der,), (both,)):
        assert verdict(signed, roots, now=NOW).overall == "sah"
    issuer_only = (authority.authority.issuer.public_bytes(Encoding.PEM),)
    assert verdict(signed, issuer_only, now=NOW).overall == "belum", "an issuing authority is no root"


def test_texts_of_a_certificate_are_cleaned_of_what_does_not_show(authority, pdf):
    odd = replace(ANI, name="Bu\u202epati\u200b Uji")
    (only,) = judge(authority, authority.sign(pdf, odd)).signatures
    assert only.signer.startswith("Bupati Uji")
