import pytest

from intranet_surat.kinds import addressees

LISTS = {
    "positions": {"p1": "Kepala Dinas Kesehatan"},
    "offices": {"BPKAD": "Badan Pengelolaan Keuangan dan Aset Daerah"},
    "villages": {"kramatwatu-kramatwatu": "Desa Kramatwatu"},
}


def only(text):
    (found,) = addressees.parse(text, LISTS)
    return found


def test_a_name_of_the_lists_is_linked_and_goes_by_the_system():
    assert only("1. Yth. kepala dinas kesehatan | di Serang") == {
        "kind": "position",
        "id": "p1",
        "name": "Kepala Dinas Kesehatan",
        "place": "Serang",
        "channel": "sistem",
        "email": "",
    }
    assert only("Badan Pengelolaan Keuangan dan Aset Daerah | Serang | kurir")["channel"] == "kurir"
    assert only("Desa Kramatwatu")["kind"] == "village"


def test_a_name_outside_the_lists_is_printed_or_mailed():
    assert only("PT Maju | Jakarta")["channel"] == "cetak"
    assert only("PT Maju | Jakarta | tu@maju.example")["email"] == "tu@maju.example"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("PT Maju | Jakarta | sistem", "tidak dapat lewat sistem"),
        ("PT Maju | Jakarta | surel", "membutuhkan alamat surel"),
        ("PT Maju | Jakarta | a@b", "membutuhkan alamat surel"),
        ("PT Maju | Jakarta | a@b.id\u200b", "Ada spasi tanpa lebar"),
        ("PT Maju | Jakarta | merpati", "saluran “merpati” tidak dikenal. Pilih sistem, surel, kurir, cetak"),
        (" | Serang", "nama tujuan belum diisi"),
        ("a | b | c | d", "paling banyak tiga kolom"),
        ("A" * 201, "paling panjang 200 huruf"),
    ],
)
def test_errors_say_what_to_do(line, says):
    with pytest.raises(ValueError) as caught:
        addressees.parse(f"Desa Kramatwatu\n{line}", LISTS)
    assert str(caught.value).startswith("Baris 2:")
    assert says in str(caught.value)


def test_a_link_to_what_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="tidak ada dalam daftar"):
        addressees.checked(1, {"kind": "position", "id": "p9", "name": "Kepala Dinas Kesehatan"}, LISTS)


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "god"},
        {"kind": "external", "name": "A", "url": "x"},
        {"kind": "external", "name": 1},
        {"kind": "external", "name": "A\r\nBcc: x"},
    ],
)
def test_rows_from_json_are_checked(row):
    with pytest.raises(ValueError, match="Baris 1"):
        addressees.checked(1, row, LISTS)


def test_a_linked_row_takes_its_name_from_the_list():
    assert addressees.checked(1, {"kind": "office", "id": "BPKAD"}, LISTS)["name"].startswith("Badan")


def test_what_is_shown_is_read_back():
    typed = "Kepala Dinas Kesehatan | Serang | sistem\nPT Maju | Jakarta | tu@maju.example\nCamat Lain |  | kurir"
    assert addressees.text(addressees.parse(typed, LISTS)) == typed
