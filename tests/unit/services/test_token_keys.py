"""Keys that stay in a token: SoftHSM2 stands in for the hardware, everything else is as it is in a regency."""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pkcs11
import pytest
import typst
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pkcs11 import Attribute, ObjectClass

from intranet_surat.demo.authority import issuing
from intranet_surat.services import signing_fields, verifying
from intranet_surat.services.providers import base
from intranet_surat.services.providers.pkcs11 import Pkcs11Provider
from intranet_surat.services.secret import Secret

pytestmark = pytest.mark.needs("softhsm2")

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "pin bupati 1234"
ANI = base.Signer("ani-rsa-token", "Ani Uji", "197001011990012001")
BUDI = base.Signer("", "Budi Uji", "198001012005011002")
CICI = base.Signer("cici-lewat", "Cici Uji")
DODI = base.Signer("dodi-tanpa-token", "Dodi Uji")
SEAL = base.Signer("segel-uji", "Pemerintah Kabupaten Uji")


@pytest.fixture(scope="module")
def authority():
    return issuing.new(NOW)


@pytest.fixture(scope="module")
def cabinet(tmp_path_factory, authority):
    """A token store with a token for Ani (RSA), Budi (P-256), Cici (certificate over) and the seal."""
    place = tmp_path_factory.mktemp("token")
    (place / "isi").mkdir()
    (place / "softhsm2.conf").write_text(f"directories.tokendir = {place / 'isi'}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(place / "softhsm2.conf")
    begins, ends = NOW - timedelta(days=1), NOW + timedelta(days=700)
    tokens = [
        (ANI.person, ANI, issuing.new_key(), begins, ends),
        (BUDI.nip, BUDI, ec.generate_private_key(ec.SECP256R1()), begins, ends),
        (CICI.person, CICI, issuing.new_key(), begins - timedelta(days=30), begins),
        (SEAL.person, SEAL, issuing.new_key(), begins, ends),
    ]
    for label, person, key, since, until in tokens:
        put_key(place, label, key)
        named = base.Signer(person.person or person.nip, person.name)
        put_certificate(label, authority.certificate(key, named, since, until))
    return place


def put_key(place: Path, label: str, key: object) -> None:
    pem = place / f"{label}.pem"
    pem.write_bytes(
        key.private_bytes(  # type: ignore[attr-defined]
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    for words in (
        ["--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "kepala-gudang"],
        ["--import", str(pem), "--token", label, "--label", "ttd", "--id", "01", "--pin", PIN],
    ):
        subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)
    pem.unlink()


def put_certificate(label: str, certificate: x509.Certificate) -> None:
    # In a process of its own: a library that is loaded here does not see tokens that are made later.
    program = f"""
import pkcs11, sys
from pkcs11 import Attribute, CertificateType, ObjectClass
token = next(s.get_token() for s in pkcs11.lib({str(LIBRARY)!r}).get_slots(True) if s.get_token().label == {label!r})
with token.open(rw=True, user_pin={PIN!r}) as session:
    session.create_object({{
        Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
        Attribute.TOKEN: True, Attribute.ID: bytes([1]), Attribute.LABEL: "ttd",
        Attribute.SUBJECT: bytes.fromhex({certificate.subject.public_bytes().hex()!r}),
        Attribute.VALUE: sys.stdin.buffer.read(),
    }})
"""
    der = certificate.public_bytes(serialization.Encoding.DER)
    subprocess.run([os.sys.executable, "-c", program], input=der, check=True, capture_output=True)


@pytest.fixture
def provider(cabinet, authority, tmp_path):
    pin = tmp_path / "pin-segel"
    pin.write_text(PIN + "\n")
    chain = (authority.issuer.public_bytes(serialization.Encoding.DER),)
    return Pkcs11Provider(LIBRARY, chain, sealer=SEAL, seal_token=SEAL.person, seal_pin_file=pin)


@pytest.fixture(scope="module")
def pdf():
    return typst.compile(b"= Surat", pdf_standards=["a-2b"], timestamp=NOW)


@pytest.fixture
def roots(authority):
    return [each.public_bytes(serialization.Encoding.PEM) for each in (authority.root, authority.issuer)]


def sign(provider, pdf, signer=ANI, pin=PIN):
    return provider.sign(pdf, signer, Secret(pin), reason="Surat 1", location="Kabupaten Uji", now=NOW)


@pytest.mark.parametrize("signer", [ANI, BUDI], ids=["RSA", "P-256"])
def test_a_letter_signed_by_a_token_is_valid_and_ours(provider, pdf, roots, signer):
    result = sign(provider, pdf, signer)
    expected = base.Signer(signer.person or signer.nip, signer.name)
    assert verifying.accepts(pdf, result.pdf, expected, roots, NOW).overall == "sah"


def test_several_sign_one_file_each_with_his_token_in_the_field_prepared_for_him(provider, pdf, roots):
    told = {"reason": "Berita acara 1", "location": "Kabupaten Uji", "now": NOW}
    before = signing_fields.prepared(pdf, {"TTE_1": ANI, "TTE_2": BUDI})
    for field, signer in (("TTE_1", ANI), ("TTE_2", BUDI)):
        after = provider.sign(before, signer, Secret(PIN), **told, field=field).pdf
        expected = base.Signer(signer.person or signer.nip, signer.name)
        judged = verifying.accepts(before, after, expected, roots, NOW, field)
        assert judged.signatures[-1].field == field
        if field == "TTE_1":
            with pytest.raises(base.Refused):
                verifying.accepts(before, after, expected, roots, NOW, "TTE_2")
            assert verifying.verdict(after, roots, now=NOW).overall == "belum", "another is still to sign"
        before = after
    assert verifying.verdict(before, roots, now=NOW).overall == "sah"


def test_a_wrong_pin_signs_nothing_and_is_not_quoted(provider, pdf):
    with pytest.raises(base.WrongSecret) as caught:
        sign(provider, pdf, pin="pin yang salah")
    assert "pin yang salah" not in repr(caught.value.__dict__)
    assert sign(provider, pdf).pdf.startswith(pdf), "the right one still works afterwards"


def test_who_has_no_token_is_told_so(provider, pdf):
    status = provider.status(DODI, NOW)
    assert not status.ready
    assert status.code is base.SignerState.NO_CERTIFICATE
    with pytest.raises(base.SignerNotReady):
        sign(provider, pdf, DODI)


def test_who_has_a_certificate_that_ended_is_told_so(provider, pdf):
    assert provider.status(CICI, NOW).code is base.SignerState.EXPIRED
    with pytest.raises(base.SignerNotReady) as caught:
        sign(provider, pdf, CICI)
    assert "kedaluwarsa" in caught.value.message


def test_the_token_is_closed_after_the_signature(provider, pdf):
    sign(provider, pdf)
    token = next(
        each.get_token() for each in pkcs11.lib(str(LIBRARY)).get_slots(True) if each.get_token().label == ANI.person
    )
    with token.open() as session:
        assert not list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})), "nobody is logged in"


def test_two_letters_at_once_take_turns_at_one_token(provider, pdf, roots):
    results = []
    threads = [threading.Thread(target=lambda: results.append(sign(provider, pdf).pdf)) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [verifying.verdict(each, roots, now=NOW).overall for each in results] == ["sah"] * 4


def test_the_agencys_seal_needs_no_person(provider, pdf, roots):
    sealed = provider.seal(pdf, reason="Surat massal", location="Kabupaten Uji", now=NOW)
    assert verifying.accepts(pdf, sealed.pdf, SEAL, roots, NOW).overall == "sah"


def test_a_seal_that_cannot_be_opened_is_the_administrators_matter(provider, pdf, tmp_path):
    (tmp_path / "pin-segel").write_text("salah")
    with pytest.raises(base.Misconfigured):
        provider.seal(pdf, reason="", location="", now=NOW)


def test_a_library_that_is_not_there_is_the_administrators_matter(pdf, tmp_path):
    with pytest.raises(base.Misconfigured):
        sign(Pkcs11Provider(tmp_path / "tidak-ada.so"), pdf)


def open_sessions():
    """How many sessions the library has open, asked of itself."""
    library, told = ctypes.CDLL(str(LIBRARY)), ctypes.create_string_buffer(256)
    return sum(library.C_GetSessionInfo(ctypes.c_ulong(handle), told) == 0 for handle in range(1, 500))


def test_who_guesses_a_pin_gets_no_session_that_stays_open_until_the_token_bears_no_more(provider, pdf):
    order = {"reason": "", "location": "", "now": NOW}
    for number in range(4):
        with pytest.raises(base.WrongSecret):
            provider.sign(pdf, ANI, Secret(f"tebakan {number}"), **order)
    assert open_sessions() == 0
    assert provider.sign(pdf, ANI, Secret(PIN), **order).pdf.startswith(pdf)
    assert open_sessions() == 0
