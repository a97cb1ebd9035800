"""Entering a disposition from the leader's paper, and the leader's word about it, as both see it in the browser."""

from __future__ import annotations

import pytest
from steps import PASSWORD, answer, at_head, form_with, pdf, position
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


def test_everything_wrong_with_a_paper_is_told_at_once_beside_its_field(enter, url):
    form = form_with(paper_page(enter, url), "kepada", "lembar")
    form["tanggal_kertas"], form["catatan"] = "31/02/2026", "Segera ditinjau"
    answer = form.submit(status=400)
    text = answer.html.main.get_text(" ", strip=True)
    assert "Unggah pindaian kertas" in text
    assert len(answer.html.select(".field-bad, fieldset .error, .error")) >= 4, "date, scan, to whom and what to do"
    assert form_with(answer, "kepada", "lembar")["catatan"].value == "Segera ditinjau"


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


def test_the_desks_of_clerk_and_receiver_tell_of_a_dispute_until_the_disposition_is_withdrawn(enter, url, site):
    def news(login):
        found = enter(login).get("/").html.select_one("#kabar")
        return found.find_next("ul").get_text(" ", strip=True) if found is not None else ""

    sent(enter, url, site)
    assert news(CLERK) == ""
    form = form_with(enter(LEADER).get(url), "alasan")
    form["alasan"] = "Bukan untuk bidang ini"
    form.submit()
    for login in (CLERK, "kabid-kesmas.dinkes"):
        assert "Dibantah penulis kertasnya" in news(login), login
    assert news("kabid-yankes.dinkes") == ""
    below = enter("kabid-kesmas.dinkes").get("/").html.select_one("#kabar").find_next("a")["href"]
    answer(enter(LEADER), below, "tarik", {})
    assert news(CLERK) == news("kabid-kesmas.dinkes") == ""


def test_a_stranger_finds_no_such_page(enter, url):
    enter("agendaris.kramatwatu").get(url + "@@dari-kertas/disposisi/apa", status=404)


def test_the_history_names_leader_and_clerk(enter, url, site):
    sent(enter, url, site)
    text = enter(LEADER).get(url + "@@riwayat").html.get_text(" ", strip=True)
    assert "Dicatat dari kertas oleh" in text
    assert "Tertulis di kertas" in text


def test_the_page_says_whose_paper_it_takes_and_its_button_what_is_done(enter, url):
    page = paper_page(enter, url)
    assert page.html.h1.get_text() == "Disposisi tertulis Kepala Dinas Kesehatan"
    assert "Catat dari kertas" in page.html.main.get_text()


def test_the_scan_of_the_paper_is_called_by_an_indonesian_name(enter, url, site):
    sent(enter, url, site)
    page = enter(CLERK).get(url)
    assert "Kertas pimpinan: disposisi.pdf" in page
    assert "paper:" not in page


def test_the_history_writes_the_papers_date_in_words_and_the_note_under_its_own_title(enter, url, site):
    page = paper_page(enter, url)
    form = form_with(page, "kepada", "lembar")
    form["tanggal_kertas"], form["catatan"] = "23/11/2026", "Segera ditinjau"
    to = position(site, "kabid-kesmas.dinkes")
    next(each for each in form.fields["kepada"] if each._value == to).checked = True
    form.fields["instruksi"][0].checked = True
    form["lembar"] = Upload("disposisi.pdf", pdf(1))
    form.submit(status=303)
    rows = enter(LEADER).get(url + "@@riwayat").html.select("tbody tr")
    text = next(each for each in rows if "Dicatat dari kertas" in each.get_text()).get_text(" ", strip=True)
    assert "23 November 2026" in text
    assert "2026-11-23" not in text
    assert "Catatan: Segera ditinjau" in text


def test_a_paper_dated_before_the_letter_is_told_the_day_that_counts(enter, url, site):
    answer = sent(enter, url, site, written="1/11/2026")
    assert "Surat dicatat 23/11/2026" in answer.text


def test_a_disputed_disposition_says_that_it_goes_on_until_it_is_withdrawn(enter, url, site):
    sent(enter, url, site)
    form = form_with(enter(LEADER).get(url), "alasan")
    form["alasan"] = "Bukan untuk bidang ini"
    told = form.submit().follow()
    assert "tetap berjalan sampai Kepala Dinas Kesehatan menariknya" in told


def test_what_the_clerk_typed_too_late_can_still_be_copied_and_the_letter_is_one_press_away(enter, url, site):
    late = form_with(paper_page(enter, url), "kepada", "lembar")
    sent(enter, url, site)
    late["tanggal_kertas"], late["catatan"] = "23/11/2026", "Kalimat panjang dari kertas"
    late["lembar"] = Upload("disposisi.pdf", pdf(1))
    answer = late.submit(status=403)
    assert "Kalimat panjang dari kertas" in answer.html.main.get_text()
    assert answer.html.find("a", string="Kembali")["href"].endswith(url.split("localhost")[-1])


def test_who_alone_was_given_a_letter_is_not_called_the_main_one(enter, url, site):
    sent(enter, url, site)
    assert not enter(LEADER).get(url).html.select(".tree .tag")


def test_a_paper_form_survives_the_end_of_the_session(enter, clock, url):
    form = form_with(paper_page(enter, url), "kepada", "lembar")
    form["catatan"] = "Lama diketik dari kertas"
    clock.forward(minutes=45)
    door = form_with(form.submit(headers={"Origin": "http://localhost"}, status=401), "nama", "sandi")
    door["nama"], door["sandi"] = CLERK, PASSWORD
    page = door.submit(status=200).forms[0].submit(status=200)
    assert form_with(page, "kepada", "lembar")["catatan"].value == "Lama diketik dari kertas"


@pytest.mark.parametrize(("login", "page"), [(LEADER, "@@aksi/disposisi"), (CLERK, "@@dari-kertas/disposisi/{}")])
def test_the_back_button_after_sending_leads_to_the_letter_and_not_to_nothing(enter, url, site, login, page):
    sent(enter, url, site)
    address = url + page.format(position(site, LEADER))
    told = enter(login).get(address, status=303).follow()
    assert "tidak dapat dilakukan pada keadaan surat sekarang" in told
    enter(login).get(address.replace("disposisi", "apa-saja"), status=404)
