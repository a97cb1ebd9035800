"""Search over one's own rows."""

from __future__ import annotations

LOGIN = "agendaris.dinkes"


def test_a_letter_is_found_by_words_number_and_sender(enter, listed):
    listed(LOGIN, subject="Perbaikan tanggul Ciujung", sender="Kecamatan Kragilan", order=12)
    mine = enter(LOGIN)
    for asked in ("tanggul", "TANGGUL ciuj", "kragilan perbaikan", "600.1/12"):
        assert "Perbaikan tanggul Ciujung" in mine.get("/@@cari", {"q": asked}).text


def test_all_words_must_be_there(enter, listed):
    listed(LOGIN, subject="Perbaikan tanggul Ciujung")
    page = enter(LOGIN).get("/@@cari", {"q": "tanggul jembatan"})
    assert "Tidak ada surat Anda yang memuat semua kata" in page.text


def test_a_stranger_gets_the_same_page_whether_the_letter_exists_or_not(enter, listed):
    mine = enter("agendaris.bpkad")
    before = mine.get("/@@cari?q=kenari").body
    before_json = mine.json("/@@cari?q=kenari").body
    listed(LOGIN, subject="Kenari biru")
    assert mine.get("/@@cari?q=kenari").body == before
    assert mine.json("/@@cari?q=kenari").body == before_json


def test_an_empty_or_strange_question_is_answered_calmly(enter):
    mine = enter(LOGIN)
    for asked in ("", "   ", "***", "a" * 5000, "%00", '"><script>'):
        page = mine.get("/@@cari", {"q": asked}, status=200)
        assert "<script>alert" not in page.text
        assert '"><script>' not in page.text.replace("&#34;&gt;&lt;script&gt;", "")


def test_search_as_json_with_its_batches(enter, listed):
    for _ in range(30):
        listed(LOGIN, subject="Undangan rapat")
    body = enter(LOGIN).json("/@@cari?q=rapat").json
    assert body["items_total"] == 30
    assert body["batching"]["next"] == "http://localhost/@@cari?q=rapat&mulai=20"
