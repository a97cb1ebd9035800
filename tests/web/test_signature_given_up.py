"""A file that some had signed is given up: what its signers read, on the letter and on the desk."""

from __future__ import annotations

import re

import pytest
from steps import act, answer, draft, keyed, position, sign  # noqa: F401

FIRST, SECOND, LAST, CLERK = "kepala.dinkes", "kepala.bpkad", "sekda.setda", "tata-usaha.dinkes"
LOST = "Tanda tangan Anda tidak berlaku lagi"


def begun(enter, site, **more):
    """A record for three, prepared by the first of them; its address."""
    parties = {
        "signatory": position(site, FIRST),
        "second_signatory": position(site, SECOND),
        "acknowledged_by": position(site, LAST),
    }
    made = draft(enter(FIRST), "berita-acara", subject="Serah terima kendaraan dinas", **parties, **more)
    act(enter(FIRST), made, "ajukan")
    act(enter(CLERK), made, "lulus")
    act(enter(FIRST), made, "siapkan")
    return made


@pytest.fixture
def half(enter, keyed, site):  # noqa: F811
    """Signed by the first two."""
    made = begun(enter, site)
    sign(enter(FIRST), made)
    sign(enter(SECOND), made)
    return made


def said(page, css):
    return " ".join(" ".join(each.get_text(" ").split()) for each in page.html.select(css))


def chain(page):
    return [" ".join(each.get_text(" ").split()) for each in page.html.select(".chain li")][-3:]


@pytest.mark.parametrize(
    ("who", "action", "by"),
    [(LAST, "tolak", "Sekretaris Daerah"), (CLERK, "cabut", "Petugas Tata Usaha Dinkes")],
    ids=["refused", "withdrawn"],
)
def test_who_had_signed_reads_that_it_counts_no_more_by_whom_and_why(enter, half, who, action, by):
    answer(enter(who), half, action, {"alasan": "Jumlah barang keliru"})
    for login in (FIRST, SECOND):
        page = enter(login).get(half)
        told = said(page, ".banner")
        assert LOST in told
        assert f"tidak dipakai lagi sejak tindakan {by}: “Jumlah barang keliru”." in told
        assert [each.startswith("Gugur") for each in chain(page)] == [True, True, False]
        assert "Tanda tangan tidak berlaku lagi" not in chain(page)[2]
        assert "Pihak kedua: tanda tangan tidak berlaku lagi" in chain(page)[1]
        desk = enter(login).get("/")
        assert LOST in said(desk, ".home-aside")
        assert desk.html.select_one("#kabar").get_text() == "Kabar surat Anda", "nothing of it is his to do"
    assert LOST not in enter(CLERK).get(half)


def test_the_old_signature_is_forgotten_once_the_new_file_is_prepared(enter, half):
    answer(enter(CLERK), half, "cabut", {"alasan": "Serah terima ditunda"})
    act(enter(FIRST), half, "ajukan")
    act(enter(CLERK), half, "lulus")
    page = enter(SECOND).get(half)
    assert "tidak berlaku lagi" in chain(page)[1]
    act(enter(FIRST), half, "siapkan")
    page = enter(SECOND).get(half)
    assert "tidak berlaku lagi" not in page
    assert LOST not in enter(SECOND).get("/")


def test_the_letter_says_how_long_it_waits_for_him_whose_turn_it_is_and_not_for_all_before_him(
    enter, keyed, site, clock,  # noqa: F811
):  # fmt: skip
    url = begun(enter, site)
    clock.forward(days=3)
    sign(enter(FIRST), url)
    page = enter(SECOND).get(url)
    assert "Sudah kurang dari 1 menit." in said(page, ".path .now")
    clock.forward(hours=2)
    assert "Sudah 2 jam." in said(enter(SECOND).get(url), ".path .now")


def test_what_comes_next_is_named_the_same_on_the_desk_on_the_way_and_on_the_button(enter, keyed, site):  # noqa: F811
    named = {}
    for to in ((), ("Badan Pengelolaan Keuangan dan Aset Daerah", "Serang", "sistem")):
        url = begun(enter, site, to=to)
        ahead = [each.get_text(strip=True) for each in enter(CLERK).get(url).html.select(".path .next")]
        for login in (FIRST, SECOND, LAST):
            sign(enter(login), url)
        page, desk = enter(CLERK).get(url), enter(CLERK).get("/")
        way = [each.get_text(strip=True) for each in page.html.select(".path .next")]
        row = next(each for each in desk.html.select("ul.items li") if each.select_one(f"a[href='{url}']"))
        named[bool(to)] = (
            page.html.select_one(".act-bar .btn-main").get_text(strip=True),
            row.select_one(".act-kind").get_text(strip=True),
            way,
            ahead,
        )
    assert named == {
        True: ("Kirim", "Kirim", ["Terkirim", "Diarsipkan"], ["Lengkap ditandatangani", "Terkirim", "Diarsipkan"]),
        False: ("Berkaskan", "Berkaskan", ["Diarsipkan"], ["Lengkap ditandatangani", "Diarsipkan"]),
    }


@pytest.mark.parametrize(
    ("action", "words"),
    [("tolak", "Jumlah barang pada lampiran keliru"), ("tolak", "Keliru"), ("tanda_tangani", "rahasia-beliau")],
    ids=["a sentence", "one word", "the passphrase"],
)
def test_who_types_while_the_file_is_withdrawn_reads_so_and_keeps_his_words_and_learns_no_more(
    enter, half, action, words
):
    last = enter(LAST)
    page = last.get(f"{half}@@aksi/{action}")
    form = next(each for each in page.forms.values() if each.action.endswith(f"@@aksi/{action}"))
    form["alasan" if action == "tolak" else "frasa"] = words
    answer(enter(CLERK), half, "cabut", {"alasan": "Serah terima ditunda"})
    page = form.submit("", status=409)
    assert "Berkas ini dicabut oleh Petugas Tata Usaha Dinkes; tidak ada yang perlu Anda lakukan." in page
    assert said(page, ".typed") == (words if action == "tolak" else "")
    assert action == "tolak" or words not in page
    for hidden in ("Serah terima", "ditunda", "kendaraan"):
        assert hidden not in page
    assert last.json(half, status=409).json.keys() == {"type", "message"}


def test_whom_the_file_never_named_learns_nothing_of_its_end(enter, half):
    answer(enter(CLERK), half, "cabut", {"alasan": "Serah terima ditunda"})
    stranger = enter("camat.kramatwatu")
    page = stranger.get(half, status=404)
    assert "dicabut" not in page
    assert stranger.json(half, status=404).json["type"] == "tidak-ditemukan"


def test_who_was_named_is_told_of_the_withdrawn_file_only_until_there_is_a_new_one(enter, half):
    answer(enter(CLERK), half, "cabut", {"alasan": "Serah terima ditunda"})
    act(enter(FIRST), half, "ajukan")
    assert "dicabut oleh" in enter(LAST).get(half, status=409)
    act(enter(CLERK), half, "lulus")
    act(enter(FIRST), half, "siapkan")
    assert "Belum giliran Anda" in enter(LAST).get(half)


@pytest.mark.parametrize(("who", "action"), [(LAST, "tolak"), (CLERK, "cabut")], ids=["refused", "withdrawn"])
def test_the_history_tells_beside_the_act_whose_signatures_it_ended(enter, half, who, action):
    answer(enter(who), half, action, {"alasan": "Jumlah barang keliru"})
    page = enter(FIRST).get(f"{half}@@riwayat")
    rows = {row["id"]: " ".join(row.get_text(" ").split()) for row in page.html.select("tbody tr")}
    signed = [name[1:] for name, told in rows.items() if "Tanda tangani" in told]
    (told,) = [told for told in rows.values() if "Tanda tangan yang gugur:" in told]
    assert "Jumlah barang keliru" in told
    for number, title in zip(signed, ("Kepala Dinas Kesehatan", "Kepala Badan"), strict=True):
        assert re.search(rf"{title}[^;.]* \(peristiwa nomor {number}\)", told), told
    assert "Berkasnya tidak dipakai lagi." in told
