"""Initials: the chain that the organisation gives, correcting on the way, and coming back with a reason."""

from __future__ import annotations

import pytest
from steps import OUTGOING, act, answer, buttons, draft, form_with

STAFF, SECTION, FIELD = "staf-kesmas.dinkes", "kasi-kesmas.dinkes", "kabid-kesmas.dinkes"


@pytest.fixture
def url(enter):
    made = draft(enter(STAFF))
    act(enter(STAFF), made, "ajukan")
    return made


def chain(page):
    return [
        (each.select_one(".state").get_text(), each.select_one("b").get_text())
        for each in page.html.select(".chain li")
    ]


def test_the_chain_shows_whose_turn_it_is(enter, url):
    assert chain(enter(STAFF).get(url)) == [
        ("Konsep", "Staf Kesehatan Masyarakat"),
        ("Sekarang", "Kepala Seksi Kesehatan Masyarakat"),
        ("Belum", "Kepala Bidang Kesehatan Masyarakat"),
        ("Belum", "Kepala Dinas Kesehatan"),
    ]


def test_only_the_tier_whose_turn_it_is_sees_and_initials(enter, url):
    assert buttons(enter(SECTION).get(url)) == ["Paraf", "Kembalikan", "Ubah naskah"]
    enter(FIELD).get(url, status=404)
    act(enter(SECTION), url, "paraf")
    assert chain(enter(FIELD).get(url))[1] == ("Paraf", "Kepala Seksi Kesehatan Masyarakat")
    assert buttons(enter(SECTION).get(url)) == []


def test_a_correction_marks_the_initials_given_before_it(enter, url):
    act(enter(SECTION), url, "paraf")
    field = enter(FIELD)
    form = form_with(field.get(url + "@@ubah"), "subject")
    form["body"] = OUTGOING["body"].replace("45", "60")
    form.submit("simpan")
    page = field.get(url)
    assert "diberikan pada versi 1" in page.html.select(".chain li")[1].get_text()
    act(field, url, "paraf")
    assert chain(field.get(url))[2] == ("Paraf", "Kepala Bidang Kesehatan Masyarakat")


def test_a_letter_sent_back_carries_the_note_of_who_sent_it_back(enter, url):
    act(enter(SECTION), url, "paraf")
    answer(enter(FIELD), url, "kembalikan", {"alasan": "Sebut panjang bronjong dan tanggal mulai."})
    page = enter(STAFF).get(url)
    note = page.html.select_one(".banner.note")
    assert "Catatan Kepala Bidang Kesehatan Masyarakat" in note.get_text()
    assert "Sebut panjang bronjong" in note.get_text()
    assert ("Dikembalikan", "Kepala Bidang Kesehatan Masyarakat") in chain(page)
    assert "Ajukan paraf" in buttons(page)


def test_the_note_is_gone_when_the_letter_goes_on(enter, url):
    answer(enter(SECTION), url, "kembalikan", {"alasan": "Salah tujuan"})
    act(enter(STAFF), url, "ajukan")
    page = enter(STAFF).get(url)
    assert page.html.select_one(".banner.note") is None
    assert chain(page)[1] == ("Sekarang", "Kepala Seksi Kesehatan Masyarakat")
    assert "Salah tujuan" in page.html.find(id="catatan").parent.get_text()


def test_a_return_without_reason_is_asked_back(enter, url):
    page = answer(enter(SECTION), url, "kembalikan", {"alasan": "  "}, status=400)
    assert "harus diisi" in page.html.select_one("p.error").get_text()


def test_the_writer_can_take_his_draft_back(enter, url):
    act(enter(STAFF), url, "tarik")
    assert "Ajukan paraf" in buttons(enter(STAFF).get(url))


def test_the_check_of_the_form_comes_last(enter, url):
    for login in (SECTION, FIELD):
        act(enter(login), url, "paraf")
    clerk = enter("tata-usaha.dinkes")
    assert buttons(clerk.get(url)) == ["Lulus periksa", "Kembalikan untuk diperbaiki"]
    enter("kepala.dinkes").get(url, status=404)
    act(clerk, url, "lulus")
    assert buttons(enter("kepala.dinkes").get(url)) == ["Siapkan tanda tangan", "Tolak"]


def test_what_lies_ahead_says_why_not_yet_and_who_can(enter, url):
    refused = enter(STAFF).get(url).html.select_one(".refused").get_text(" ")
    assert "Paraf" in refused
    assert "Ini tugas Kepala Seksi Kesehatan Masyarakat." in refused


def test_who_can_do_it_is_told_once(enter, url):
    refused = [each.get_text(" ") for each in enter(STAFF).get(url).html.select(".refused li")]
    assert [each.count("Kepala Seksi Kesehatan Masyarakat") for each in refused if "Ini tugas" in each] == [1]
    assert not [each for each in refused if "Ini tugas" in each and "Dapat:" in each]
