import pytest

from intranet_surat.kinds import rows
from intranet_surat.kinds.registry import by_id

PEOPLE = by_id()["surat-perintah-tugas"].field("assignees")
BASIS = by_id()["surat-perintah-tugas"].field("basis")
ONE = {"name": "Contoh Satu, S.T.", "nip": "196804111993031009", "rank": "Penata, III/c", "position": "Staf"}


@pytest.mark.parametrize(
    "line",
    [
        "Contoh Satu, S.T. | 19680411 199303 1 009 | Penata, III/c | Staf",
        "| Contoh Satu, S.T. | 196804111993031009 | Penata, III/c | Staf |",
        "Contoh Satu, S.T.\t196804111993031009\tPenata, III/c\tStaf",
        "1. Contoh Satu, S.T.; 196804111993031009; Penata, III/c; Staf",
    ],
)
def test_a_person_is_one_line_however_the_columns_are_parted(line):
    assert rows.parse(PEOPLE, f"\n{line}\r\n\n") == [ONE]


def test_a_dash_stands_for_nothing():
    assert rows.parse(PEOPLE, "Contoh | - | - | Ahli") == [
        {"name": "Contoh", "nip": "", "rank": "", "position": "Ahli"}
    ]


def test_one_column_keeps_its_semicolons():
    assert rows.parse(BASIS, "Peraturan A; pasal 1;\n2. DPA 2026.") == [
        {"text": "Peraturan A; pasal 1;"},
        {"text": "DPA 2026."},
    ]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("A | - | - | B\nC | 123 | - | D", "Baris 2, NIP: NIP harus 18 angka, ada 3"),
        ("A | - | -", "Baris 1: Jabatan belum diisi. Urutannya Nama | NIP | Pangkat, golongan | Jabatan."),
        ("A | - | - | B | C", "Baris 1: ada 5 kolom, paling banyak 4"),
        ("A\u202e | - | - | B", "Baris 1, Nama: Ada tanda tak terlihat"),
        (f"{'A' * 161} | - | - | B", "paling panjang 160 huruf, ada 161"),
    ],
)
def test_errors_name_the_row_and_the_column(typed, says):
    with pytest.raises(ValueError) as caught:
        rows.parse(PEOPLE, typed)
    assert says in str(caught.value)


def test_what_is_shown_is_read_back():
    assert rows.parse(PEOPLE, rows.text(PEOPLE, [ONE])) == [ONE]


@pytest.mark.parametrize(
    "row", ["x", {"name": "A", "gaji": "1"}, {"name": 1, "position": "B"}, {"name": "A|B", "position": "C"}]
)
def test_a_row_from_json_is_checked_like_a_typed_one(row):
    with pytest.raises(ValueError, match="Baris 3"):
        rows.checked(PEOPLE, 3, row)
