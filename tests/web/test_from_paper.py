"""Entering a disposition from the leader's paper, and the leader's word about it, as both see it in the browser."""

from __future__ import annotations

import pytest
from steps import at_head, form_with, pdf, position
from webtest import Upload

CLERK, LEADER = "agendaris.dinkes", "kepala.dinkes"


@pytest.fixture
def url(enter):
    return at_head(enter)


def paper_page(enter, url):
    return enter(CLERK).get(url).click("Disposisi tertulis Kepala Dinas Kesehatan")


def sent(enter, url, site, *, sheet=True, written="23/11/2026"):
    page = paper_page(enter, url)
    form = form_with(page, "kepada", "lembar")
    form["tanggal_kertas"] = written
    to = position(site, "kabid-kesmas.dinkes")
    next(each for each in form.fields["kepada"] if each._value == to).checked = True
    form.fields["instruksi"][0].checked = True
    if sheet:
        form["lembar"] = Upload("disposisi.pdf", pdf(1))
    return form.submit(status="*")


def test_the_clerk_finds_the_leaders_disposition_among_further_acts_and_it_takes_the_paper(enter, url, site):
    answer = sent(enter, url, site)
    assert answer.status_int == 303, answer.text
    page = enter(CLERK).get(url)
    assert "belum dibenarkan Kepala Dinas Kesehatan" in page.text
    assert "Diteruskan kepada Kepala Bidang Kesehatan Masyarakat" in page.text


def test_a_form_without_its_paper_comes_back_with_all_that_was_typed(enter, url, site):
    answer = sent(enter, url, site, sheet=False)
    assert answer.status_int == 400
    assert "Unggah pindaian kertas" in answer.text
    assert form_with(answer, "kepada", "lembar")["tanggal_kertas"].value == "23/11/2026"


def test_the_leader_is_asked_and_says_yes_with_one_press(enter, url, site):
    sent(enter, url, site)
    page = enter(LEADER).get(url)
    assert "Apakah ini sesuai kertas Anda?" in page.text
    form_with(page, "benar").submit().follow()
    assert "Apakah ini sesuai kertas Anda?" not in enter(LEADER).get(url)
    assert "Dibenarkan penulisnya" in enter(LEADER).get(url + "@@riwayat")


def test_a_dispute_is_seen_by_the_one_who_received_it(enter, url, site):
    sent(enter, url, site)
    form = form_with(enter(LEADER).get(url), "alasan")
    form["alasan"] = "Bukan untuk bidang ini"
    form.submit().follow()
    assert "Dibantah Kepala Dinas Kesehatan" in enter("kabid-kesmas.dinkes").get(url)


def test_a_stranger_finds_no_such_page(enter, url):
    enter("agendaris.kramatwatu").get(url + "@@dari-kertas/disposisi/apa", status=404)


def test_the_history_names_leader_and_clerk(enter, url, site):
    sent(enter, url, site)
    text = enter(LEADER).get(url + "@@riwayat").html.get_text(" ", strip=True)
    assert "Dicatat dari kertas oleh" in text
    assert "Tertulis di kertas" in text
