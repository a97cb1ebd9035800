from datetime import date

from intranet_surat.kinds.registry import by_id
from intranet_surat.kinds.warnings import warnings

KINDS = by_id()
LISTS = {"classification": {"400": "Kesra", "400.12": "Desa"}}
TODAY = date(2026, 11, 20)


def told(kind, **values):
    return warnings(KINDS[kind], values, LISTS, today=TODAY)


def test_a_letter_dated_after_it_came_is_told_with_both_dates():
    found = told("surat-masuk", letter_date="2026-11-21", received_at="2026-11-20T08:00:00+07:00")
    assert found == {
        "letter_date": "Tanggal surat 21 November 2026, padahal diterima 20 November 2026. Periksa tanggal pada surat."
    }


def test_the_day_of_receipt_is_counted_in_the_regency():
    assert told("surat-masuk", letter_date="2026-11-20", received_at="2026-11-19T18:00:00+00:00") == {}


def test_dates_to_come_are_told():
    assert set(told("surat-masuk", letter_date="2026-11-25", received_at="2026-11-26T08:00:00+07:00")) == {
        "letter_date",
        "received_at",
    }


def test_a_code_with_finer_codes_below_is_told():
    assert "rincian" in told("surat-dinas", classification="400")["classification"]
    assert told("surat-dinas", classification="400.12") == {}


def test_odd_numbers_of_persons_are_told():
    found = told("surat-pengantar-desa", nik="3604050101900019", sex="P", birth_date="1990-01-01")
    assert found["nik"].startswith("Jenis kelamin tidak cocok")
    rows = [{"name": "A", "nip": ""}, {"name": "B", "nip": "199001011993031009"}]
    assert told("surat-perintah-tugas", assignees=rows)["assignees"].startswith("Baris 2:")
    assert "umur" in told("surat-keterangan", person_nip="199001011993031009")["person_nip"]


def test_what_has_passed_is_told():
    assert "event_date" in told("undangan", event_date="2026-11-19")
    assert "valid_until" in told("surat-pengantar-desa", valid_until="2026-11-01")
    assert told("undangan", event_date="2026-11-20") == {}
