from datetime import date

import pytest

from intranet_surat.kinds import civil


def test_a_nip_is_stored_without_blanks_and_printed_with_them():
    assert civil.nip("19680411 199303 1 009") == "196804111993031009"
    assert civil.show_nip("196804111993031009") == "19680411 199303 1 009"


def test_a_pppk_number_carries_21_in_place_of_the_month():
    assert civil.nip("199001012022211001") == "199001012022211001"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("1968", "18 angka, ada 4"),
        ("19681311 199303 1 009", "tanggal lahir"),
        ("196804111993133009", "ke-15"),
        ("196804111993131009", "bulan pengangkatan"),
        ("١٩٦٨٠٤١١١٩٩٣٠٣١٠٠٩", "18 angka"),
    ],
)
def test_an_impossible_nip_is_refused_with_the_reason(typed, says):
    with pytest.raises(ValueError, match=says):
        civil.nip(typed)


def test_an_odd_nip_is_told_and_not_refused():
    assert "umur 3 tahun" in (civil.nip_warning("199001011993031009") or "")
    assert "000" in (civil.nip_warning("196804111993031000") or "")
    assert civil.nip_warning("196804111993031009") is None


def test_a_nik_needs_16_digits_and_a_serial():
    assert civil.nik("3604 0501 0190 0019") == "3604050101900019"
    with pytest.raises(ValueError, match="16 angka, ada 3"):
        civil.nik("123")
    with pytest.raises(ValueError, match="0000"):
        civil.nik("3604050101900000")


def test_a_refused_nik_is_not_repeated():
    with pytest.raises(ValueError) as caught:
        civil.nik("360405010190")
    assert "3604" not in str(caught.value)


def test_a_nik_that_does_not_fit_the_other_data_is_told():
    woman = "3604054101900019"
    assert civil.nik_warnings(woman, born=date(1990, 1, 1), sex="P") == []
    assert civil.nik_warnings(woman, born=date(1990, 1, 2), sex="L") == [
        "Jenis kelamin tidak cocok dengan NIK.",
        "Tanggal lahir tidak cocok dengan NIK.",
    ]
    assert civil.nik_warnings("3604059913900019") == ["NIK ini tidak memuat tanggal lahir yang mungkin."]
