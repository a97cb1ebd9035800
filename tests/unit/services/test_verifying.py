"""The verdict on signed files: three values, and no byte that may differ."""

# ruff: noqa: ARG005 - stand-ins keep the shape of what they stand for

from __future__ import annotations

import hashlib
import re
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
import typst
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import DummyTimeStamper

from intranet_surat.errors import TooLarge, Unavailable
from intranet_surat.services import children, signing_loop, signing_pades, verifying, verifying_pdf, verifying_upload
from intranet_surat.services.providers import demo_authority
from intranet_surat.services.providers.base import Refused, Signer
from intranet_surat.services.verifying import Verdict, accepts, verdict

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ANI = Signer("ani", "Ani Uji", "197001011990012001", "ani@contoh.go.id")
BUDI = Signer("budi", "Budi Uji")


class Pki:
    """An authority and the keys of two people."""

    def __init__(self):
        self.authority = demo_authority.new(NOW)
        self.roots = (self.authority.root.public_bytes(Encoding.PEM),)
        self.keys = {each.person: demo_authority.new_key() for each in (ANI, BUDI)}

    def signer(self, person=ANI, begins=NOW - timedelta(days=1), ends=NOW + timedelta(days=700)):
        key = self.keys[person.person]
        certificate = self.authority.certificate(key, person, begins, ends)
        return signing_pades.LoadedKey(key, certificate, [self.authority.issuer, self.authority.root])

    def sign(self, pdf, person=ANI, **dates):
        return signing_pades.sign(pdf, self.signer(person, **dates), reason="Surat 1", location="Uji", now=NOW)


@pytest.fixture(scope="module")
def pki():
    return Pki()


@pytest.fixture(scope="module")
def pdf():
    return typst.compile(b"= Surat\n#lorem(40)\n#pagebreak()\nDua", pdf_standards=["a-2b"], timestamp=NOW)


@pytest.fixture(scope="module")
def signed(pki, pdf):
    return pki.sign(pdf)


def judge(pki, data, **more):
    return verdict(data, pki.roots, now=NOW, **more)


def test_a_whole_file_of_a_known_authority_is_valid_and_says_by_whom(pki, signed):
    judged = judge(pki, signed)
    assert (judged.overall, judged.label) == ("sah", "Sah")
    (only,) = judged.signatures
    assert (only.signer, only.subject_serial, only.emails) == ("Ani Uji (UJI COBA)", "ani", ("ani@contoh.go.id",))
    assert (only.field, only.whole_file, only.timestamped) == ("TTE_1", True, False)
    assert datetime.fromisoformat(only.signed_at) == NOW
    assert judged.sha256 == hashlib.sha256(signed).hexdigest()


def test_without_signature_it_is_undecided_and_says_so(pki, pdf):
    judged = judge(pki, pdf)
    assert judged.overall == "belum"
    assert judged.reasons[0].startswith("Tidak ada tanda tangan")


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"\x00" * 1000])
def test_what_is_no_pdf_is_undecided_and_raises_nothing(pki, data):
    assert judge(pki, data).overall == "belum"


def test_an_unknown_authority_is_undecided_and_named(pki, signed):
    judged = verdict(signed, (), now=NOW)
    assert judged.overall == "belum"
    assert "Penerbit Otoritas UJI COBA" in judged.reasons[0]
    stranger = Pki()
    assert verdict(signed, stranger.roots, now=NOW).overall == "belum", "a look-alike authority is another one"


def test_an_expired_certificate_is_undecided(pki, pdf):
    old = pki.sign(pdf, begins=NOW - timedelta(days=20), ends=NOW - timedelta(days=10))
    judged = judge(pki, old)
    assert judged.overall == "belum"
    assert "masa berlaku" in judged.reasons[0]


def test_two_signers_are_both_told_in_order(pki, signed):
    judged = judge(pki, pki.sign(signed, BUDI))
    assert judged.overall == "sah"
    assert [(each.subject_serial, each.whole_file) for each in judged.signatures] == [("ani", False), ("budi", True)]


def test_the_expected_person_is_found_by_id_or_mail_and_never_by_name(pki, signed):
    assert judge(pki, signed, expect=ANI).overall == "sah"
    assert judge(pki, signed, expect=Signer("x", "?", "ani")).overall == "sah"
    assert judge(pki, signed, expect=Signer("x", "?", email="ANI@contoh.go.id")).overall == "sah"
    namesake = judge(pki, signed, expect=Signer("other", "Ani Uji (UJI COBA)"))
    assert namesake.overall == "tidak"
    assert namesake.reasons[0] == verifying.OTHER_PERSON


def places(signed, before):
    """Every region of a signed file, thinly, and each byte next to a border."""
    start = signed.index(b"/Contents <") + len(b"/Contents ")
    end = signed.index(b">", start)
    der = len(bytes.fromhex(signed[start + 1 : end].decode()).rstrip(b"\0")) * 2
    yield from range(0, start, 997)
    yield from range(start - 2, start + 6)
    yield from range(start + 8, start + der, 211)
    yield from (start + der + 1, start + der + 2, start + der + 500, end - 1, end, end + 1)
    yield from range(end + 2, len(signed), 97)
    yield from (len(before) - 1, len(before), len(signed) - 1)


@pytest.mark.parametrize("mask", [0x01, 0x20])
def test_no_flipped_byte_is_valid_even_without_the_archive(pki, pdf, signed, mask):
    for place in places(signed, pdf):
        spoiled = bytearray(signed)
        spoiled[place] ^= mask
        judged = judge(pki, bytes(spoiled))
        assert judged.overall != "sah", f"byte {place} of {len(signed)}"


def test_every_flipped_byte_of_an_archived_file_is_invalid(pki, signed):
    archived = hashlib.sha256(signed).hexdigest()
    assert judge(pki, signed, archived=archived).overall == "sah"
    for place in range(len(signed)):
        spoiled = bytearray(signed)
        spoiled[place] ^= 1
        judged = judge(pki, bytes(spoiled), archived=archived)
        assert (judged.overall, judged.reasons) == ("tidak", (verifying.OTHER_BYTES,))


def test_the_name_of_the_issuer_beside_the_signature_may_not_change_its_case(pki, signed):
    """Authorities' names compare without case: found by flipping every byte of a signature."""
    start = signed.index(b"/Contents <") + len(b"/Contents <")
    issuer = b"Penerbit Otoritas UJI COBA".hex().encode()
    found = [match.start() for match in re.finditer(issuer, signed[start:], re.IGNORECASE)]
    assert len(found) == 4, "in the leaf, the issuer's own certificate, beside the signature, and among what is signed"
    at = start + found[2]
    spoiled = signed[:at] + b"70" + signed[at + 2 :]  # p instead of P
    assert judge(pki, spoiled).overall != "sah"


@pytest.mark.parametrize("tail", [b"\n", b" ", b"%%EOF", b"\n%%EOF\n", bytes(100)])
def test_bytes_behind_the_last_signature_are_invalid(pki, signed, tail):
    assert judge(pki, signed + tail).overall == "tidak"


def test_bytes_before_the_file_are_not_valid(pki, signed):
    assert judge(pki, b"\n" + signed).overall != "sah"


def test_a_file_cut_short_is_invalid(pki, signed):
    for length in (len(signed) - 1, len(signed) - 20, len(signed) // 2):
        assert judge(pki, signed[:length]).overall != "sah"


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
def test_a_page_changed_after_the_signature_is_invalid(pki, signed, change):
    judged = judge(pki, updated(signed, change))
    assert judged.overall == "tidak"
    assert judged.reasons


def test_a_rewritten_file_is_not_valid(pki, signed):
    out = BytesIO()
    with pikepdf.open(BytesIO(signed)) as document:
        document.save(out)
    assert judge(pki, out.getvalue()).overall != "sah"


def test_accepts_takes_the_one_good_result(pki, pdf, signed):
    assert accepts(pdf, signed, ANI, pki.roots, NOW).overall == "sah"
    assert accepts(signed, pki.sign(signed, BUDI), BUDI, pki.roots, NOW).overall == "sah"


def field_visible(pki, pdf):
    meta = PdfSignatureMetadata(field_name="Lain")
    field = SigFieldSpec("Lain", on_page=0, box=(100, 100, 300, 200))
    signer = PdfSigner(meta, pki.signer(), new_field_spec=field)
    return signing_loop.run(signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))).getvalue()


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (lambda pki, pdf: pdf, "0 signatures were added"),
        (lambda pki, pdf: b"x" + pki.sign(pdf), "begin"),
        (lambda pki, pdf: pki.sign(pdf, BUDI), verifying.OTHER_PERSON),
        (lambda pki, pdf: pki.sign(pki.sign(pdf)), "2 signatures were added"),
        (lambda pki, pdf: pki.sign(updated(pdf, swap_page)), "more than a signature"),
        (lambda pki, pdf: pki.sign(updated(pdf, add_note)), "more than a signature"),
        (field_visible, "more than a signature"),
        (lambda pki, pdf: Pki().sign(pdf), "Penerbit"),
        (lambda pki, pdf: pki.sign(pdf)[:-1] + b"x", "Isi berkas berubah"),
        (lambda pki, pdf: updated(pki.sign(pdf), add_note), "more than a signature"),
    ],
    ids=["unsigned", "shifted", "other person", "twice", "page", "note", "visible", "authority", "spoiled", "later"],
)
def test_accepts_refuses_every_other_result(pki, pdf, how, why):
    with pytest.raises(Refused) as caught:
        accepts(pdf, how(pki, pdf), ANI, pki.roots, NOW)
    assert why in caught.value.detail


def test_a_signature_with_a_timestamp_tells_that_it_has_one(pki, pdf):
    key = demo_authority.new_key()
    stamp = DummyTimeStamper(
        tsa_cert=signing_pades.as_asn1(stamping(pki.authority, key)),
        tsa_key=as_asn1_key(key),
        fixed_dt=NOW,
    )
    signer = PdfSigner(PdfSignatureMetadata(field_name="T"), pki.signer(), timestamper=stamp)
    made = signing_loop.run(signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))).getvalue()
    (only,) = judge(pki, made).signatures
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


def test_judging_opens_no_connection(pki, signed, monkeypatch):
    def forbidden(*_, **__):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    assert judge(pki, signed).overall == "sah"
    assert verdict(signed, (), now=NOW).overall == "belum"


def test_a_verdict_survives_as_plain_values(pki, signed):
    judged = judge(pki, signed)
    assert Verdict.from_dict(judged.as_dict()) == judged
    with pytest.raises(ValueError):
        Verdict.from_dict({**judged.as_dict(), "overall": "great"})


def test_roots_are_taken_as_pem_der_or_several_in_one(pki, signed):
    der = pki.authority.root.public_bytes(Encoding.DER)
    both = pki.roots[0] + pki.authority.issuer.public_bytes(Encoding.PEM)
    for roots in ((der,), (both,)):
        assert verdict(signed, roots, now=NOW).overall == "sah"
    issuer_only = (pki.authority.issuer.public_bytes(Encoding.PEM),)
    assert verdict(signed, issuer_only, now=NOW).overall == "belum", "an issuing authority is no root"


def test_texts_of_a_certificate_are_cleaned_of_what_does_not_show(pki, pdf):
    odd = replace(ANI, name="Bu\u202epati\u200b Uji")
    (only,) = judge(pki, pki.sign(pdf, odd)).signatures
    assert only.signer.startswith("Bupati Uji")


def test_a_file_from_outside_is_judged_in_a_child(pki, signed):
    assert verifying_upload.judge(signed, pki.roots, NOW) == judge(pki, signed)
    spoiled = bytearray(signed)
    spoiled[900] ^= 1
    assert verifying_upload.judge(bytes(spoiled), pki.roots, NOW).overall == "tidak"
    assert verifying_upload.judge(b"no pdf", pki.roots, NOW).overall == "belum"


def test_an_upload_over_its_limits_is_refused_with_the_limit(pki, pdf):
    with pytest.raises(TooLarge, match="10 MB"):
        verifying_upload.judge(bytes(verifying_upload.LARGEST + 1), pki.roots, NOW)
    many = BytesIO()
    with pikepdf.new() as document:
        for _ in range(verifying_upload.PAGES + 1):
            document.add_blank_page()
        document.save(many)
    with pytest.raises(TooLarge, match="200 halaman"):
        verifying_upload.judge(many.getvalue(), pki.roots, NOW)


def test_a_child_that_is_stopped_leaves_it_undecided(pki, signed, monkeypatch):
    def stopped(*_, **__):
        raise children.ChildStopped("time")

    monkeypatch.setattr(children, "run", stopped)
    judged = verifying_upload.judge(signed, pki.roots, NOW)
    assert (judged.overall, judged.sha256) == ("belum", hashlib.sha256(signed).hexdigest())


def test_a_full_queue_is_told_at_once(pki, signed, monkeypatch):
    monkeypatch.setattr(verifying_upload._queue, "acquire", lambda **_: False)
    with pytest.raises(Unavailable, match="Tunggu sebentar"):
        verifying_upload.judge(signed, pki.roots, NOW)


def test_a_bomb_is_undecided_and_not_called_tampered(pki):
    bomb = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.Bomb = document.make_stream(bytes(120 * 1024 * 1024))
        document.Root.Note = pikepdf.String("/ByteRange")
        document.save(bomb, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert judge(pki, bomb.getvalue()).overall == "belum"


def test_trouble_of_our_own_machine_is_not_blamed_on_the_file(pki, signed, monkeypatch):
    def full(*_, **__):
        raise OSError("no more files")

    monkeypatch.setattr(verifying_pdf, "PdfFileReader", full)
    assert judge(pki, signed).overall == "belum"


def gap_of(signed):
    start = signed.index(b"/Contents <") + len(b"/Contents <")
    return start, signed.index(b">", start)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda der: der.replace(b"\x02\x01\x01\x31", b"\x02\x01\x03\x31", 1),  # the structure's version
        lambda der: der.replace(b"\x03\x82\x01\x01\x00", b"\x03\x82\x01\x01\x01", 2),  # unused bits of a signature
        lambda der: der[:2] + bytes([der[2] + 1]) + der[3:],  # a length that reaches into the padding
        lambda der: der[:-1] + b"\x01",  # the padding itself
        lambda der: der.replace(b"\x05\x00", b"\x04\x00", 1),  # parameters that are none
    ],
    ids=["version", "unused bits", "length", "padding", "parameters"],
)
def test_what_a_signature_does_not_bind_in_itself_may_not_differ_either(pki, signed, spoil):
    """Each was accepted once: found by flipping every byte of a signature with several masks."""
    start, end = gap_of(signed)
    der = bytes.fromhex(signed[start:end].decode())
    spoiled = spoil(der)
    assert spoiled != der
    assert judge(pki, signed[:start] + spoiled.hex().encode() + signed[end:]).overall != "sah"


def test_upper_case_digits_are_as_good_as_lower_and_mixed_are_not(pki, signed):
    start, end = gap_of(signed)
    digits = signed[start:end].upper()
    assert judge(pki, signed[:start] + digits + signed[end:]).overall == "sah"
    mixed = digits[:100] + digits[100:].lower()
    assert judge(pki, signed[:start] + mixed + signed[end:]).overall != "sah"
