"""The files of a letter: images of pages, downloads that no browser runs, and nothing for who may not see the letter."""

from __future__ import annotations

import hashlib

import pytest
from steps import draft, initialled, pdf, register

SCAN = pdf(2)


@pytest.fixture
def url(enter):
    return register(enter("agendaris.dinkes"), scan=SCAN)


SHA = hashlib.sha256(SCAN).hexdigest()


def test_the_original_comes_as_a_file_that_nothing_runs(enter, url):
    answer = enter("agendaris.dinkes").get(f"{url}@@berkas?sha={SHA}")
    assert answer.body == SCAN
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''pindai-0231.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("width", ["", "&lebar=640", "&lebar=1280", "&lebar=9999"])
def test_a_page_is_a_raster_of_a_known_width(enter, url, width):
    answer = enter("agendaris.dinkes").get(f"{url}@@halaman?berkas={SHA}&n=2{width}")
    assert answer.content_type == "image/png"
    assert answer.body.startswith(b"\x89PNG")


@pytest.mark.parametrize("query", ["n=3", "n=0", "n=-1", "n=x", "n=99999999999", "n=1&lebar=x"])
def test_a_page_that_does_not_exist_is_not_found(enter, url, query):
    enter("agendaris.dinkes").get(f"{url}@@halaman?berkas={SHA}&{query}", status=404)


@pytest.mark.parametrize("sha", ["", "x", "0" * 64, "../../etc/passwd"])
def test_another_hash_is_not_found(enter, url, sha):
    registrar = enter("agendaris.dinkes")
    registrar.get(f"{url}@@berkas?sha={sha}", status=404)
    registrar.get(f"{url}@@halaman?berkas={sha}&n=1", status=404)


def test_knowing_the_hash_opens_nothing_in_another_letter(enter, url):
    mine = draft(enter("staf-kesmas.dinkes"))
    enter("staf-kesmas.dinkes").get(f"{mine}@@berkas?sha={SHA}", status=404)
    enter("staf-kesmas.dinkes").get(f"/dinkes/surat-keluar/@@pratinjau?berkas={SHA}&n=1", status=404)


def test_who_may_not_see_the_letter_gets_none_of_its_files(enter, url):
    enter("agendaris.dinkes").get(f"{url}@@halaman?berkas={SHA}&n=1")
    for view in (f"@@berkas?sha={SHA}", f"@@halaman?berkas={SHA}&n=1", f"@@teks?berkas={SHA}&n=1"):
        enter("kepala.bpkad").get(url + view, status=404)


def test_the_words_of_a_page_come_as_plain_text(enter, url):
    answer = enter("agendaris.dinkes").get(f"{url}@@teks?berkas={SHA}&n=1")
    assert answer.content_type == "text/plain"
    assert "gambar" in answer.text


def test_the_pages_of_a_draft_are_drawn_by_version(enter):
    staff = enter("staf-kesmas.dinkes")
    url = draft(staff)
    assert staff.get(url + "@@pratinjau?v=1&n=1").content_type == "image/png"
    staff.get(url + "@@pratinjau?v=2&n=1", status=404)
    staff.get(url + "@@pratinjau?v=1&n=9", status=404)
    enter("staf-yankes.dinkes").get(url + "@@pratinjau?v=1&n=1", status=404)


def test_an_incoming_letter_has_no_draft_to_draw(enter, url):
    enter("agendaris.dinkes").get(url + "@@pratinjau", status=404)


def test_every_page_of_a_long_letter_of_ours_is_shown(enter):
    url = initialled(
        enter, classification="900.1.3", body="\n\n".join(["Kalimat panjang untuk mengisi halaman. " * 12] * 14)
    )
    page = enter("tata-usaha.dinkes").get(url)
    images = page.html.select(".paper-col img.paper")
    assert len(images) >= 2
