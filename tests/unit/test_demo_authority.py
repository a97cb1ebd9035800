"""The authority of the demo: every name says UJI COBA, a key is its owner's alone."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

from intranet_surat.demo.authority import issuing
from intranet_surat.services.providers.base import Signer
from intranet_surat.services.secret import Secret

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ANI = Signer("ani0000000000000", "Ani Lestari, S.Sos.")
PASSPHRASE = "frasa uji"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("otoritas")
    issuing.equip(made, [ANI], Secret(PASSPHRASE), NOW)
    return made


def test_every_certificate_is_marked_and_names_the_person_by_id(folder):
    data = (folder / f"{ANI.person}.p12").read_bytes()
    _, certificate, chain = pkcs12.load_key_and_certificates(data, PASSPHRASE.encode())
    for each in (certificate, *chain):
        assert "UJI COBA" in each.subject.rfc4514_string()
    serial = certificate.subject.get_attributes_for_oid(x509.NameOID.SERIAL_NUMBER)
    assert [each.value for each in serial] == [ANI.person]
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.content_commitment, usage.key_cert_sign) == (True, False)


def test_keys_are_readable_by_their_owner_alone(folder):
    files = [each for each in folder.rglob("*") if each.is_file()]
    assert {each.name for each in folder.iterdir()} == {"akar.pem", "penerbit.pem", f"{ANI.person}.p12", "otoritas"}
    assert all(stat.S_IMODE(each.stat().st_mode) == 0o600 for each in files)


def test_a_long_name_still_makes_a_certificate():
    authority, key = issuing.new(NOW), issuing.new_key()
    made = authority.certificate(key, Signer("x", "N" * 200), NOW, NOW + timedelta(days=1))
    assert "UJI COBA" in made.subject.rfc4514_string()
