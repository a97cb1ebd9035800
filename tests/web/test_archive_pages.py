"""Filing: what waits, the case file with its rule, and who may read it from then on."""

from __future__ import annotations

import pytest
from steps import act, at_head, buttons

REGISTRAR = "agendaris.dinkes"
DRAWER = "/dinkes/berkas/"


@pytest.fixture
def finished(enter):
    url = at_head(enter)
    act(enter("kepala.dinkes"), url, "cukup_diketahui")
    return url


@pytest.fixture
def filed(enter, finished):
    act(enter(REGISTRAR), finished, "berkaskan")
    return finished


def test_a_finished_letter_waits_to_be_filed(enter, finished):
    page = enter(REGISTRAR).get(DRAWER)
    assert "Satu surat menunggu diberkaskan" in page
    assert page.html.select_one("table a")["href"] == finished


def test_what_is_still_at_work_does_not_wait_there(enter):
    at_head(enter)
    assert "Tidak ada surat yang menunggu diberkaskan" in enter(REGISTRAR).get(DRAWER)


def test_filing_makes_the_case_file_of_its_classification_with_the_retention_rule(enter, filed):
    registrar = enter(REGISTRAR)
    page = registrar.get(DRAWER)
    assert "Tidak ada surat yang menunggu diberkaskan" in page
    case = page.click("600.1.4.2", index=0)
    text = " ".join(case.html.select_one("main").get_text(" ").split())
    assert "Permohonan perbaikan tanggul" in text
    assert "Agenda 1" in text
    assert "aktif" in text
    assert "Nasib akhir" in text


def test_from_then_on_nobody_edits_and_nothing_can_be_done(enter, filed):
    registrar = enter(REGISTRAR)
    page = registrar.get(filed)
    assert buttons(page) == []
    registrar.get(filed + "@@ubah", status=403)
    assert "Diarsipkan" in page.html.select_one(".letter-head").get_text()
    assert page.html.find("dt", string="Berkas").find_next("a")["href"].endswith("/dinkes/berkas/2026/600.1.4.2-2026/")


def test_the_archivist_reads_what_is_filed(enter, finished):
    archivist = enter("arsiparis.dinkes")
    archivist.get(finished, status=404)
    act(enter(REGISTRAR), finished, "berkaskan")
    archivist.get(finished)
    assert "600.1.4.2" in archivist.get(DRAWER)


def test_a_case_file_without_a_letter_that_one_may_see_is_not_there(enter, filed):
    outsider = enter("kepala.bpkad")
    outsider.get("/dinkes/berkas/2026/600.1.4.2-2026/", status=404)
    assert "600.1.4.2" not in outsider.get(DRAWER)
    assert "0 surat sudah diberkaskan" in outsider.get(DRAWER)


def test_the_archive_speaks_json(enter, filed):
    registrar = enter(REGISTRAR)
    items = registrar.json(DRAWER).json["items"]
    assert items[0]["classification"] == "600.1.4.2"
    assert items[0]["letters"] == 1
    assert items[0]["rule"]["fate"]
    inside = registrar.json("/dinkes/berkas/2026/600.1.4.2-2026/").json
    assert inside["items"][0]["@id"] == filed
