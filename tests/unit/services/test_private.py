"""Personal values are sealed for one field of one record, and masked for people."""

from __future__ import annotations

import stat

import pytest

from intranet_surat.errors import Unavailable
from intranet_surat.services import private

KEY = bytes(range(32))
NIK = "3604012345670001"


def test_sealed_values_open_again():
    record = private.seal(KEY, "surat1", {"nik": NIK, "nama": "Uji é"})
    assert private.unseal(KEY, "surat1", record) == {"nik": NIK, "nama": "Uji é"}


def test_no_record_means_no_values():
    assert private.unseal(KEY, "surat1", None) == {}


def test_a_sealed_value_tells_nothing_and_differs_each_time():
    first, second = (private.seal_one(KEY, "surat1", "nik", NIK) for _ in range(2))
    assert first != second
    assert NIK.encode() not in first


@pytest.mark.parametrize(
    ("key", "record", "field"),
    [(bytes(32), "surat1", "nik"), (KEY, "surat2", "nik"), (KEY, "surat1", "kk"), (KEY, "surat1n", "ik")],
)
def test_it_opens_only_with_its_key_in_its_record_and_field(key, record, field):
    sealed = private.seal_one(KEY, "surat1", "nik", NIK)
    with pytest.raises(Unavailable, match="tidak dapat dibuka"):
        private.open_one(key, record, field, sealed)


def test_no_bit_of_it_can_be_changed():
    sealed = private.seal_one(KEY, "surat1", "nik", NIK)
    for place in range(len(sealed)):
        spoiled = bytearray(sealed)
        spoiled[place] ^= 1
        with pytest.raises(Unavailable):
            private.open_one(KEY, "surat1", "nik", bytes(spoiled))
    for cut in (b"", sealed[:1], sealed[:13], sealed[:-1]):
        with pytest.raises(Unavailable):
            private.open_one(KEY, "surat1", "nik", cut)


def test_a_missing_key_is_an_error_and_not_a_weak_seal():
    with pytest.raises(ValueError, match="32 bytes"):
        private.seal(b"", "surat1", {"nik": NIK})


@pytest.mark.parametrize(
    ("nik", "shown"),
    [(NIK, "3604**********01"), ("", ""), ("123", "***"), ("3604012345670001x", "*" * 17), ("١٢٣٤" * 4, "*" * 16)],
)
def test_a_nik_shows_area_and_last_digits_only(nik, shown):
    assert private.mask_nik(nik) == shown


def test_the_key_is_made_once_for_its_owner_alone(tmp_path):
    path = tmp_path / "kunci"
    private.create_key(path)
    key = path.read_bytes()
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    private.create_key(path)
    assert path.read_bytes() == key
