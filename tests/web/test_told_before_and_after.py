"""What people are told before an act that cannot be undone, out of their turn, and when nothing is left to do."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2
import pytest
from programs import Program
from steps import act, answer, draft, initialled, keyed, position, sign  # noqa: F401

FIRST, SECOND, LAST, CLERK = "kepala.dinkes", "kepala.bpkad", "sekda.setda", "tata-usaha.dinkes"
MANY = "/@@tanda-tangani-banyak"
HEAD_TITLE, SECOND_TITLE = "Kepala Dinas Kesehatan", "Kepala Badan Pengelolaan Keuangan dan Aset Daerah"


@pytest.fixture
def record(enter, keyed, site):  # noqa: F811
    """A record for three, prepared by the first of them; its address."""
    parties = {
        "signatory": position(site, FIRST),
        "second_signatory": position(site, SECOND),
        "acknowledged_by": position(site, LAST),
    }
    made = draft(enter(FIRST), "berita-acara", subject="Serah terima kendaraan dinas", **parties)
    act(enter(FIRST), made, "ajukan")
    act(enter(CLERK), made, "lulus")
    act(enter(FIRST), made, "siapkan")
    return made


@pytest.fixture
def half(enter, record):
    """The same, signed by the first."""
    sign(enter(FIRST), record)
    return record


def said(page, css):
    return " ".join(" ".join(each.get_text(" ").split()) for each in page.html.select(css))


@pytest.mark.parametrize(("who", "action"), [(SECOND, "tolak"), (CLERK, "cabut")])
def test_who_gives_up_a_half_signed_record_reads_first_what_is_lost_and_where_it_goes(enter, half, who, action):
    number = enter(FIRST).json(half).json["fields"]["number"]
    warning = said(enter(who).get(f"{half}@@aksi/{action}"), ".banner-warn")
    assert f"Nomor {number} batal dan tidak dipakai lagi." in warning
    assert "Tanda tangan yang sudah diberikan tidak berlaku lagi: Jelita Adiwangsa (Kepala Dinas Kesehatan)." in warning
    assert f"Surat ini kembali ke keadaan “Konsep”, dan menunggu {HEAD_TITLE}." in warning
    answer(enter(who), half, action, {"alasan": "Jumlah barang keliru"})
    after = enter(FIRST).json(half).json
    assert (after["state"], after["fields"].get("number")) == ("konsep", None)


def test_what_was_only_prepared_is_told_to_be_lost_and_no_signature_is_named(enter, record):
    warning = said(enter(FIRST).get(f"{record}@@aksi/tolak"), ".banner-warn")
    assert "Berkas yang sudah disiapkan tidak dipakai lagi." in warning
    assert "Tanda tangan yang sudah diberikan" not in warning


def test_a_letter_of_another_flow_tells_its_own_way_and_no_loss_where_there_is_none(enter, keyed):  # noqa: F811
    url = draft(enter("staf-kesmas.dinkes"))
    act(enter("staf-kesmas.dinkes"), url, "ajukan")
    page = enter("kasi-kesmas.dinkes").get(url + "@@aksi/kembalikan")
    assert page.html.select_one(".banner-warn") is None
    assert "Surat ini kembali ke keadaan “Konsep”, dan menunggu Staf Kesehatan Masyarakat." in said(page, ".lead")
    cancelled = enter("kasi-kesmas.dinkes")
    answer(cancelled, url, "kembalikan", {"alasan": "Salah"})
    assert "Surat ini berakhir: Dibatalkan." in said(enter("staf-kesmas.dinkes").get(url + "@@aksi/batal"), ".lead")


def test_who_refuses_a_letter_that_he_alone_signs_reads_that_its_number_is_void(enter, keyed):  # noqa: F811
    url = initialled(enter)
    act(enter(FIRST), url, "siapkan")
    number = enter(FIRST).json(url).json["fields"]["number"]
    assert f"Nomor {number} batal" in said(enter(FIRST).get(url + "@@aksi/tolak"), ".banner-warn")


def test_who_is_not_yet_on_his_turn_reads_openly_whose_it_is_and_that_he_need_not_do_anything(enter, record):
    page = enter(SECOND).get(record)
    told = said(page, ".banner")
    assert "Belum giliran Anda" in told
    assert f"Sekarang giliran {HEAD_TITLE}, ke-1 dari 3; Anda ke-2." in told
    assert "Tidak ada yang perlu Anda lakukan sekarang. Begitu tiba giliran Anda, surat ini muncul di meja Anda" in told
    assert "Tanda tangani" not in said(page, ".refused")
    refused = enter(LAST).get(record + "@@aksi/tanda_tangani", status=403)
    assert "diberi tahu" in refused.html.main.get_text()


def test_whose_turn_it_is_reads_so_on_desk_and_letter_and_is_not_told_that_there_is_no_way_any_more(enter, half):
    desk = said(enter(SECOND).get("/"), ".home-list")
    assert f"Sudah ditandatangani {HEAD_TITLE}; giliran Anda, ke-2 dari 3" in desk
    assert "Paraf lengkap" not in desk
    page = enter(SECOND).get(half)
    assert "Giliran Anda: tanda tangan ke-2 dari 3" in said(page, ".banner")
    assert "Tidak ada jalan lagi" not in page


def test_who_has_signed_reads_who_comes_next_and_that_nothing_is_left_for_him(enter, half):
    told = said(enter(FIRST).get(half), ".banner")
    assert "Tanda tangan Anda sudah ada di berkas ini" in told
    assert f"Sekarang giliran {SECOND_TITLE}, ke-2 dari 3." in told
    assert "Tidak ada lagi yang perlu Anda lakukan." in told


def test_the_signing_page_names_who_signs_after_and_says_to_the_last_that_he_is_it(enter, record):
    first = said(enter(FIRST).get(record + "@@aksi/tanda_tangani"), ".banner")
    assert "Sesudah Anda berkas ini masih ditandatangani Tiara Lestariaji" in first
    for login in (FIRST, SECOND):
        sign(enter(login), record)
    page = enter(LAST).get(record + "@@aksi/tanda_tangani")
    assert "Anda yang terakhir." in said(page, ".banner")
    assert "Surat ini menuju keadaan “Lengkap ditandatangani”, dan menunggu Petugas Tata Usaha" in page.html.get_text()


def test_after_the_last_signature_one_reads_the_number_who_goes_on_and_that_one_is_done(enter, half):
    sign(enter(SECOND), half)
    result = sign(enter(LAST), half).follow()
    number = enter(FIRST).json(half).json["fields"]["number"]
    told = result.html.main.get_text(" ")
    assert f"Nomor {number} sekarang terpakai oleh surat ini." in told
    assert (
        "Berikutnya Petugas Tata Usaha Dinkes: “Kirim” atau “Berkaskan”. Tidak ada lagi yang perlu Anda lakukan."
        in told
    )


def test_the_page_of_a_half_signed_record_does_not_read_as_signed_by_all(enter, half):
    sha = enter(FIRST).json(half).json["frozen"]
    file = pypdfium2.PdfDocument(enter(FIRST).get(f"{half}@@berkas?sha={sha}").body)
    printed = " ".join(" ".join(each.get_textpage().get_text_bounded().split()) for each in file)
    assert printed.count("Ruas tanda tangan elektronik untuk:") == 3
    assert "Ditandatangani secara elektronik oleh" not in printed
    assert "Halaman ini tidak menunjukkan siapa yang sudah menandatangani." in printed


def test_a_record_whose_parties_changed_is_not_offered_as_ready_and_asks_for_no_passphrase(
    enter, half, site, write, clock
):
    last, successor = position(site, LAST), position(site, FIRST)

    def close(kept):
        post = kept.positions[last]
        post.closed, post.successor = clock().date() - timedelta(days=1), successor

    write(close)
    second = enter(SECOND)
    page = second.get(MANY)
    assert page.html.select(".sign-item input[name=surat]") == []
    assert "Kembalikan dengan alasan" in said(page, ".waits")
    alone = second.get(half + "@@aksi/tanda_tangani")
    assert "Kembalikan dengan alasan" in said(alone, "form .error")
    assert alone.html.find("input", {"type": "password"}) is None


def test_staff_read_no_jargon_for_where_signatures_are_made(enter, record):
    page = enter(FIRST).get(record + "@@aksi/tanda_tangani")
    assert "Layanan tanda tangan kantor" in page
    assert "PKCS" not in page


# --- programs are told the same


@pytest.mark.parametrize(("who", "action"), [(SECOND, "tolak"), (CLERK, "cabut"), (LAST, "tanda_tangani")])
def test_a_program_is_told_before_an_act_what_the_page_tells(enter, half, who, action):
    if who == LAST:
        sign(enter(SECOND), half)
    address = f"{half}@@aksi/{action}"
    told, page = enter(who).json(address).json["follows"], enter(who).get(address)
    shown = said(page, ".banner-warn, form")
    assert told["then"]
    assert bool(told["lost"]) == (page.html.select_one(".banner-warn") is not None)
    for sentence in (*told["lost"], *told["then"]):
        assert sentence in shown


def test_a_program_is_told_whose_turn_it_is_and_that_nothing_is_to_be_done_yet(enter, record, keyed):  # noqa: F811
    second = Program(keyed, SECOND)
    turn = second.get(record)["turn"]
    assert turn["title"] == "Belum giliran Anda"
    assert turn["says"] == f"Sekarang giliran {HEAD_TITLE}, ke-1 dari 3; Anda ke-2."
    assert turn["then"] in said(enter(SECOND).get(record), ".banner")
    assert Program(keyed, CLERK).get(record)["turn"] is None
    for refused in (second.get(record + "@@aksi/tanda_tangani", 403), second.sign(record, status=403)):
        assert turn["then"] in refused["message"]


def test_a_program_is_told_after_a_signature_who_goes_on_and_how_many_wrong_secrets_are_left(enter, half, keyed):  # noqa: F811
    second, address = Program(keyed, SECOND), half + "@@aksi/tanda_tangani"
    assert second.get(address)["patience"] == {"wrong": 0, "unanswered": 0, "left": 5, "until": None}
    second.sign(half, "salah sekali", 400)
    assert second.get(address)["patience"] == {"wrong": 1, "unanswered": 0, "left": 4, "until": None}
    assert second.get(MANY)["patience"]["left"] == 4
    done = second.sign(half)
    assert done["next"] == "Berikutnya Sekretaris Daerah: “Tanda tangani”. Tidak ada lagi yang perlu Anda lakukan."
    assert second.get(half + "@@hasil-tanda-tangan")["next"] == done["next"]
