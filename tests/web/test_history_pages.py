"""The history: every act with person, post, time and what was entered, and a chain that is checked each time."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest
from steps import act, answer, at_head, register

from intranet_surat.services.proof import judging


@pytest.fixture
def url(enter):
    made = at_head(enter)
    answer(enter("kepala.dinkes"), made, "turunkan", {"alasan": "Lampiran kurang"})
    return made


def rows(page):
    return [" ".join(each.get_text(" ").split()) for each in page.html.select("tbody tr")]


def test_each_act_names_post_person_office_and_time(enter, url):
    found = rows(enter("agendaris.dinkes").get(url + "@@riwayat"))
    last = found[-1]
    for word in (
        "Kembalikan ke agendaris",
        "Kepala Dinas Kesehatan",
        "Dinas Kesehatan",
        "Hari ini, 09.00",
        "Lampiran kurang",
    ):
        assert word in last
    assert "Menunggu disposisi ke Dicatat" in last


def test_the_first_line_tells_what_was_registered_in_words(enter, url):
    first = rows(enter("agendaris.dinkes").get(url + "@@riwayat"))[0]
    assert "Dibuat" in first
    assert "Pengirim: Kecamatan Kramatwatu" in first
    assert "Klasifikasi: 600.1.4.2 Pengelolaan Irigasi" in first


def test_times_are_told_as_officials_write_them(enter, url):
    text = " ".join(rows(enter("agendaris.dinkes").get(url + "@@riwayat")))
    assert "Tanggal surat: 20 November 2026" in text
    assert "Diterima: 23 November 2026, 08.30" in text
    assert "+07:00" not in text


def test_the_chain_is_said_to_hold(enter, url):
    page = enter("agendaris.dinkes").get(url + "@@riwayat")
    assert page.html.select_one(".state.st-done").get_text() == "Utuh"


def test_a_changed_line_is_named_with_its_place(enter, url, write):
    def forge(site):
        letter = site.office("DINKES")["surat-masuk"]["2026"][url.rstrip("/").rsplit("/", 1)[-1]]
        chunk = letter.history.chunks[0]
        acts = list(chunk.acts)
        forged = acts[0]
        object.__setattr__(forged, "action", "lain")
        chunk.acts = tuple(acts)

    write(forge)
    page = enter("agendaris.dinkes").get(url + "@@riwayat")
    assert "Rantai riwayat rusak" in page
    assert "Baris 1" in page


def test_what_was_lawfully_destroyed_is_said_to_be_so(enter, url, write):
    def erase(site):
        letter = site.office("DINKES")["surat-masuk"]["2026"][url.rstrip("/").rsplit("/", 1)[-1]]
        letter.history.erase(len(letter.history) - 1)

    write(erase)
    page = enter("agendaris.dinkes").get(url + "@@riwayat")
    assert "dimusnahkan" in page
    assert "Lampiran kurang" not in page
    assert "Utuh" in page


def test_a_program_can_verify_the_chain_by_itself(enter, url):
    told = enter("agendaris.dinkes").json(url + "@@riwayat").json
    assert told["problems"] == []
    prev = "0" * 64
    import rfc8785

    for each in told["items"]:
        facts = {name: value for name, value in each.items() if name not in {"hash", "entered"}}
        assert each["prev"] == prev
        assert hashlib.sha256(rfc8785.dumps(facts)).hexdigest() == each["hash"]
        prev = each["hash"]
    assert told["head"] == prev
    assert json.dumps(told)


def test_files_of_an_act_are_named_by_their_hash(enter):
    url = register(enter("agendaris.dinkes"))
    page = enter("agendaris.dinkes").get(url + "@@riwayat")
    links = [each["href"] for each in page.html.select("tbody a")]
    assert any("@@berkas?sha=" in each for each in links)
    assert enter("agendaris.dinkes").get(links[0]).status_int == 200


def test_an_outsider_sees_no_history(enter, url):
    enter("kepala.bpkad").get(url + "@@riwayat", status=404)
    act(enter("agendaris.dinkes"), url, "naikkan")


def test_the_package_of_a_letter_is_offered_and_judged_sound(enter, url):
    page = enter("agendaris.dinkes").get(url + "@@riwayat")
    answer_ = page.click("Unduh paket bukti")
    assert answer_.content_type == "application/zip"
    assert ".zip" in answer_.headers["Content-Disposition"]
    report = judging.judge(answer_.body, [], datetime(2026, 11, 23, 2, tzinfo=UTC))
    assert [each.where for each in report.findings] == ["jangkar.json"]
    assert report.told["acts"] == len(page.html.select("tbody tr"))


def test_who_does_not_see_the_letter_gets_no_package(enter, url):
    enter("agendaris.bpkad").get(url + "@@paket", status=404)
