"""The desk: trays, groups by time, what waits for other posts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from steps import initialled, keyed  # noqa: F401

from intranet_surat.resources.lists import PositionList

LOGIN = "sekretaris.dinkes"
TRAYS = [
    "Menunggu saya",
    "Belum dibaca",
    "Sudah dibaca",
    "Menunggu tanda tangan",
    "Internal",
    "Eksternal",
    "Sangat segera",
    "Tembusan",
    "Rahasia",
]


def test_an_empty_desk_says_so_and_shows_a_way_on(enter):
    page = enter(LOGIN).get("/")
    assert "Tidak ada surat yang menunggu" in page.text
    assert "@@map" in page.text


def test_the_trays_stand_in_their_fixed_order_also_at_nought(enter):
    text = enter(LOGIN).get("/").text
    places = [text.index(f"{title} <span") for title in TRAYS]
    assert places == sorted(places)


def test_the_heading_is_a_sentence_with_the_numbers_that_matter(enter, listed, clock):
    listed(LOGIN, due=clock() - timedelta(days=4))
    listed(LOGIN, due=clock() + timedelta(hours=3))
    listed(LOGIN)
    page = enter(LOGIN).get("/")
    assert "3 surat menunggu Sekretaris" in page.text
    assert "Satu lewat batas." in page.text
    assert "<title>Meja: 3 surat menunggu" in page.text


def test_rows_stand_in_groups_of_time_the_earliest_limit_first(enter, listed, clock):
    listed(LOGIN, subject="Tanpa batas waktu")
    listed(LOGIN, subject="Bulan depan", due=clock() + timedelta(days=30))
    listed(LOGIN, subject="Lusa saja", due=clock() + timedelta(days=3))
    listed(LOGIN, subject="Sudah terlambat", due=clock() - timedelta(days=3))
    text = enter(LOGIN).get("/").text
    order = ["Sekarang</h2>", "Sudah terlambat", "Minggu ini</h2>", "Lusa saja", "Nanti</h2>", "Bulan depan"]
    places = [text.index(each) for each in [*order, "Tanpa batas</h2>", "Tanpa batas waktu"]]
    assert places == sorted(places)


def test_twenty_rows_a_page_and_a_way_to_the_rest(enter, listed):
    for _ in range(25):
        listed(LOGIN)
    mine = enter(LOGIN)
    first = mine.get("/")
    assert first.text.count('class="subject"') == 20
    assert "Berikutnya: 21–25" in first.text
    second = mine.get("/?mulai=20")
    assert second.text.count('class="subject"') == 5
    assert "Sebelumnya: 1–20" in second.text


def test_a_tray_shows_its_own_rows(enter, listed):
    listed(LOGIN, subject="Yang terbuka", trays=frozenset({"waiting", "read", "internal"}), unread=False)
    listed(LOGIN, subject="Yang belum terbuka")
    page = enter(LOGIN).get("/?baki=sudah-dibaca")
    assert "Yang terbuka" in page.text
    assert "Yang belum terbuka" not in page.text


def test_an_unknown_tray_or_page_is_the_first(enter, listed):
    listed(LOGIN, subject="Masih ada")
    mine = enter(LOGIN)
    for query in ("?baki=tidak-ada", "?mulai=abc", "?mulai=-5", "?banyak=0", "?mulai=%D9%A3"):
        assert "Masih ada" in mine.get("/" + query, status=200).text


def test_letters_to_sign_are_called_out(enter, listed):
    listed(LOGIN, subject="Siap", path="/dinkes/surat-keluar/2026/siap", trays=frozenset({"waiting", "sign"}))
    page = enter(LOGIN).get("/")
    assert "1 surat menunggu tanda tangan" in page.text
    assert 'href="http://localhost/dinkes/surat-keluar/2026/siap/">Lihat dan tanda tangani' in page.text


def test_initials_are_complete_only_where_a_letter_has_some(enter, listed, keyed):  # noqa: F811
    listed(LOGIN, subject="Tanpa paraf", path="/dinkes/surat-keluar/2026/tanpa", trays=frozenset({"waiting", "sign"}))
    assert "Paraf lengkap" not in enter(LOGIN).get("/").text
    initialled(enter)
    assert "Paraf lengkap." in enter("kepala.dinkes").get("/").html.select_one(".sign-call").get_text()


def test_what_waits_for_the_seal_is_not_called_a_signature(enter, listed):
    sealed = {"trays": frozenset({"waiting", "sign"}), "seals": True}
    for number in "12":
        listed(LOGIN, subject=f"Sertifikat {number}", path=f"/dinkes/surat-keluar/2026/segel{number}", **sealed)
    call = enter(LOGIN).get("/").html.select_one(".sign-call")
    assert "2 surat menunggu segel" in call.get_text()
    assert "Paraf lengkap" not in call.get_text()
    assert (call.a.get_text(), call.a["href"]) == ("Lihat dan segel", "http://localhost/@@segel-banyak")
    listed(LOGIN, subject="Undangan", path="/dinkes/surat-keluar/2026/undangan", trays=frozenset({"waiting", "sign"}))
    call = enter(LOGIN).get("/").html.select_one(".sign-call")
    assert "3 surat menunggu tanda tangan atau segel" in call.get_text()
    assert call.a.get_text() == "Lihat dan tanda tangani"


def test_a_long_list_of_seals_is_not_called_all_seals_when_its_last_letter_waits_for_a_signature(enter, listed, clock):
    both = {"trays": frozenset({"waiting", "sign"}), "since": clock()}
    for number in range(101):
        sealed = {"due": clock() + timedelta(days=1), "seals": True}
        listed(LOGIN, subject="Sertifikat", path=f"/dinkes/surat-keluar/2026/segel{number}", **both, **sealed)
    call = enter(LOGIN).get("/").html.select_one(".sign-call")
    assert "101 surat menunggu segel" in call.get_text()
    listed(LOGIN, subject="Undangan", path="/dinkes/surat-keluar/2026/undangan", **both)
    call = enter(LOGIN).get("/").html.select_one(".sign-call")
    assert "102 surat menunggu tanda tangan atau segel" in call.get_text()
    assert call.a["href"] == "http://localhost/@@tanda-tangani-banyak"


def test_the_oldest_of_those_that_wait_for_a_signature_is_told_and_not_the_one_with_the_earliest_limit(
    enter, listed, clock
):
    trays = {"trays": frozenset({"waiting", "sign"})}
    path = "/dinkes/surat-keluar/2026/"
    listed(LOGIN, subject="Baru", path=path + "baru", since=clock(), due=clock() + timedelta(days=1), **trays)
    listed(LOGIN, subject="Lama", path=path + "lama", since=clock() - timedelta(days=9), **trays)
    told = enter(LOGIN).get("/").html.select_one(".sign-call").get_text()
    assert re.search(r"Tertua menunggu [67] hari kerja", told)


def test_the_desk_of_who_has_a_thousand_letters_to_sign_reads_no_more_rows_than_it_shows_and_says(
    enter, listed, write, clock, monkeypatch
):
    def many(site):
        mine = next(each for each in site.lists.values() if item in each)
        first = mine.get(item)
        for number in range(1, 1000):
            since = clock() - timedelta(hours=number)
            mine.put(replace(first, item=f"{item}-{number}", since=since, due=since if number % 2 else None))

    item = listed(LOGIN, path="/dinkes/surat-keluar/2026/satu", trays=frozenset({"waiting", "sign"}))
    write(many)
    read, found = [], PositionList._found
    monkeypatch.setattr(PositionList, "_found", lambda self, items: read.append(found(self, items)) or read[-1])
    call = enter(LOGIN).get("/").html.select_one(".sign-call").get_text()
    assert "1.000 surat menunggu tanda tangan" in call
    assert re.search(r"Tertua menunggu \d+ hari kerja", call)
    assert sum(map(len, read)) < 200


def test_who_has_signed_already_is_told_by_the_title_that_the_post_has_today(enter, listed, write):
    found = {}

    def post(site):
        person = next(each for each in site.people.values() if each.login == "kepala.dinkes")
        found["post"] = site.positions.held_by(person.id, date(2026, 11, 23))[0]
        found["id"] = found["post"].id

    def rename(site):
        site.positions[found["id"]].title = "Kepala Dinas Baru"

    write(post)
    row = {"trays": frozenset({"waiting", "sign"}), "path": "/dinkes/surat-keluar/2026/ba", "of": 3}
    listed(LOGIN, subject="Serah terima", place=2, signed=(found["id"],), **row)
    write(rename)
    told = "Sudah ditandatangani Kepala Dinas Baru; giliran Anda, ke-2 dari 3."
    assert told in enter(LOGIN).get("/").html.select_one(".sign-call").get_text()
    listed(LOGIN, subject="Serah terima", place=1, **{**row, "path": row["path"] + "2"})
    assert "Anda pertama dari 3 penanda tangan" in enter(LOGIN).get("/").text


def test_an_unread_row_says_so_to_eyes_and_ears(enter, listed):
    listed(LOGIN)
    page = enter(LOGIN).get("/")
    assert '<li class="unread">' in page.text
    assert "Belum dibaca: </span>" in page.text


def test_a_masked_row_never_shows_its_subject(enter, listed):
    listed(LOGIN, subject="Kenari biru", masked=True, security="R", number="", sender="", words=())
    mine = enter(LOGIN)
    for answer in (mine.get("/"), mine.json("/"), mine.get("/dinkes/surat-masuk/2026/", status="*")):
        assert "Kenari" not in answer.text
    assert "[rahasia]" in mine.get("/").text


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "<b>tebal</b>", "{{ 7*7 }}", "</title><img src=x>"])
def test_what_a_sender_wrote_is_never_markup(enter, listed, text):
    listed(LOGIN, subject=text, sender=text)
    page = enter(LOGIN).get("/").text
    assert text not in page or "<" not in text
    assert "<script>alert" not in page
    assert text in page or "{{" not in text


def test_many_letters_are_shown_one_line_a_row_and_the_choice_is_kept(enter, listed):
    for _ in range(31):
        listed(LOGIN)
    mine = enter(LOGIN)
    assert "items-dense" in mine.get("/").text
    assert "items-dense" not in mine.get("/?baris=longgar").text
    assert "items-dense" not in mine.get("/").text


def test_the_desk_as_json(enter, listed, clock):
    listed(LOGIN, subject="Tanggul", due=clock() + timedelta(days=1))
    for _ in range(24):
        listed(LOGIN)
    body = enter(LOGIN).json("/").json
    assert body["@type"] == "Desk"
    assert body["items_total"] == 25
    assert len(body["items"]) == 20
    assert body["items"][0]["title"] == "Tanggul"
    assert body["batching"]["next"] == "http://localhost/?mulai=20"
    assert "prev" not in body["batching"]
    assert [each["id"] for each in body["trays"]][:3] == ["menunggu", "belum-dibaca", "sudah-dibaca"]
    assert body["trays"][0]["count"] == 25


def test_a_dispositions_giver_sees_whom_he_waits_for(enter, listed, clock):
    listed(
        LOGIN,
        subject="Perbaikan atap puskesmas",
        sender="Kepala Bidang Sarana",
        item="d-1",
        direction="",
        trays=frozenset({"asked"}),
        unread=False,
        due=clock() + timedelta(days=2),
    )
    page = enter(LOGIN).get("/")
    aside = page.text.split("home-aside", 1)[1]
    assert "Perbaikan atap puskesmas" in aside
    assert "Kepala Bidang Sarana" in aside
