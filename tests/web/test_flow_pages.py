"""The designers' pages: reading a flow, writing a draft with its findings, asking for approval, approving."""

from __future__ import annotations

import pytest
from steps import PASSWORD, form_with

DESIGNER, APPROVER, STAFF = "kasubag-umum.dinkes", "kabag-organisasi.setda", "staf-kesmas.dinkes"
FLOW = "surat-masuk-dinkes"


def text_of(page):
    return form_with(page, "naskah")["naskah"].value


@pytest.fixture
def draft(enter):
    """The address of a draft of the office's flow, begun by its designer."""
    page = enter(DESIGNER).get(f"/dinkes/@@alur/{FLOW}")
    return form_with(page, "alur", "kantor").submit().location


def saved(enter, draft, text, status=303):
    form = form_with(enter(DESIGNER).get(draft), "naskah")
    form["naskah"] = text
    return form.submit(status=status)


def retitled(enter, draft, title="Surat masuk Dinkes yang baru"):
    text = text_of(enter(DESIGNER).get(draft))
    old = next(line for line in text.splitlines() if line.startswith("title:"))
    saved(enter, draft, text.replace(old, f"title: {title}"))


def test_everybody_reads_how_a_flow_goes(enter):
    page = enter(STAFF).get("/dinkes/@@alur").click("Surat masuk Dinas Kesehatan")
    assert page.html.select_one("svg") is not None
    assert len(page.html.select("#kalimat li")) > 10
    assert not page.html.select("form[action$='@@konsep-alur']")


def test_only_designers_and_approvers_find_the_flows_in_the_navigation(enter):
    def nav(login):
        return [each.get_text(strip=True) for each in enter(login).get("/").html.select("nav.nav a")]

    assert "Alur" in nav(DESIGNER)
    assert "Alur" not in nav(STAFF)


def test_a_draft_begins_with_the_text_in_force_and_the_next_version(enter, draft):
    page = enter(DESIGNER).get(draft)
    assert "Tanpa temuan" in page.text
    assert "version: 2" in text_of(page) or "version: 3" in text_of(page)


def test_a_mistake_is_shown_beside_its_line_with_the_word_that_was_meant(enter, draft):
    text = text_of(enter(DESIGNER).get(draft))
    saved(enter, draft, text.replace("extends: surat-masuk@", "extends: surat-masok@"))
    page = enter(DESIGNER).get(draft)
    assert page.html.select_one("li.bad mark") is not None
    assert "Belum dapat diterbitkan" in page.text


def test_one_press_puts_the_suggested_word_in_place(enter, draft):
    text = text_of(enter(DESIGNER).get(draft))
    saved(enter, draft, text.replace("title:", "titel:", 1))
    page = enter(DESIGNER).get(draft)
    form_with(page, "letak", "baru").submit().follow()
    assert text_of(enter(DESIGNER).get(draft)) == text


def test_a_text_that_cannot_be_a_flow_is_kept_as_it_was_typed(enter, draft):
    saved(enter, draft, "bukan: [alur")
    assert text_of(enter(DESIGNER).get(draft)).strip() == "bukan: [alur"


def test_two_tabs_do_not_overwrite_each_other_and_the_second_keeps_its_text(enter, draft):
    browser = enter(DESIGNER)
    first, second = (form_with(browser.get(draft), "naskah") for _ in range(2))
    first["naskah"] = first["naskah"].value + "# dari tab pertama\n"
    first.submit(status=303)
    second["naskah"] = second["naskah"].value + "# dari tab kedua\n"
    answer = second.submit(status=409)
    assert "sudah disimpan" in answer.text
    assert "# dari tab kedua" in text_of(answer)


def test_who_neither_writes_nor_approves_does_not_find_the_draft(enter, draft):
    enter(STAFF).get(draft, status=404)


def test_a_draft_goes_to_another_person_who_approves_it_and_new_letters_take_it(enter, draft, site):
    retitled(enter, draft)
    form = form_with(enter(DESIGNER).get(draft), "alasan")
    form["alasan"] = "Nama yang lebih jelas"
    form.submit(status=303)
    assert "Yang menulis tidak menyetujui sendiri" in enter(DESIGNER).get(draft)

    board = enter(APPROVER).get("/@@alur")
    assert "Menunggu persetujuan Anda" in board
    page = enter(APPROVER).get(draft)
    assert "Nama yang lebih jelas" in page
    approve = next(form for form in page.forms.values() if form.action.endswith("/setujui"))
    approve["sandi"] = PASSWORD
    told = approve.submit(status=303).follow()
    assert "Terbit: surat-masuk-dinkes" in told
    assert "Nama yang lebih jelas" in told


def test_a_draft_that_is_sent_back_tells_its_writer_why(enter, draft):
    retitled(enter, draft)
    form = form_with(enter(DESIGNER).get(draft), "alasan")
    form["alasan"] = "Nama"
    form.submit(status=303)
    page = enter(APPROVER).get(draft)
    back = next(form for form in page.forms.values() if form.action.endswith("/tolak"))
    back["alasan"] = "Sebutkan dasarnya"
    back.submit(status=303)
    assert "Sebutkan dasarnya" in enter(DESIGNER).get(draft)
    desk = enter(DESIGNER).get("/").html.select_one("#kabar").find_next("ul")
    assert "Konsep alur dikembalikan" in desk.get_text()
    assert draft.endswith(desk.a["href"].removeprefix("http://localhost"))
    assert enter(STAFF).get("/").html.select_one("#kabar") is None


def test_a_draft_with_findings_is_not_proposed_and_says_so(enter, draft):
    saved(enter, draft, "flow: surat/1\n")
    page = enter(DESIGNER).get(draft)
    assert not any(form.action.endswith("/ajukan") for form in page.forms.values())
    answer = enter(DESIGNER)
    answer.test.post(draft + "/ajukan", {"alasan": "paksa", "tersimpan": "2", "csrf_token": answer.token()}, status=400)


def test_the_changes_are_told_in_words_and_in_power(enter, draft):
    retitled(enter, draft)
    page = enter(DESIGNER).get(draft)
    assert page.html.select("#beda .tell li")


def test_a_rehearsal_with_past_letters_says_what_would_have_been(enter, draft):
    from steps import register

    register(enter("agendaris.dinkes"))
    page = enter(DESIGNER).get(draft + "/gladi")
    assert "surat lama lewat" in page.text


def test_no_two_links_of_the_same_name_lead_to_different_places(enter, draft):
    for login in (DESIGNER, APPROVER):
        for address in (draft, draft + "/gladi", f"/dinkes/@@alur/{FLOW}"):
            links = enter(login).get(address).html.select(".nav a, .crumbs a")
            named = {(each.get_text(strip=True), each["href"]) for each in links if "Alur" in each.get_text()}
            assert len({text for text, _ in named}) == len(named), named
            assert ("Alur Dinkes", "http://localhost/dinkes/@@alur") in named


def test_programs_read_the_same(enter, draft):
    browser = enter(DESIGNER)
    answer = browser.test.get(draft, headers={"Accept": "application/json"}).json
    assert answer["@type"] == "FlowDraft"
    assert answer["ready"] is True
    flow = browser.test.get(f"/dinkes/@@alur/{FLOW}", headers={"Accept": "application/json"}).json
    assert flow["told"]


def test_an_office_without_a_file_of_its_own_begins_one_that_extends_the_regencys(enter):
    page = enter(DESIGNER).get("/dinkes/@@alur/nota-dinas")
    form = next(form for form in page.forms.values() if "cara" in form.fields)
    draft = form.submit().location
    page = enter(DESIGNER).get(draft)
    assert "extends: nota-dinas@" in text_of(page)
    assert "Tanpa temuan" in page.text


def resumed(page):
    door = form_with(page, "nama", "sandi")
    door["nama"], door["sandi"] = DESIGNER, PASSWORD
    return door.submit(status=200).forms[0].submit(status=200)


def test_a_long_file_typed_when_the_session_ended_comes_back_and_is_not_saved_yet(enter, draft, clock):
    form = form_with(enter(DESIGNER).get(draft), "naskah")
    before, form["naskah"] = form["naskah"].value, form["naskah"].value + "# sejam mengetik\n"
    clock.forward(minutes=45)
    page = resumed(form.submit(headers={"Origin": "http://localhost"}, status=401))
    assert "# sejam mengetik" in text_of(page)
    assert text_of(enter(DESIGNER).get(draft)) == before


def test_who_comes_back_to_a_draft_that_another_saved_is_told_before_he_overwrites_it(enter, draft, clock):
    form = form_with(enter(DESIGNER).get(draft), "naskah")
    form["naskah"] = form["naskah"].value + "# dari tab lama\n"
    clock.forward(minutes=45)
    page = form.submit(headers={"Origin": "http://localhost"}, status=401)
    retitled(enter, draft)
    told = resumed(page)
    assert "sudah disimpan lagi" in told
    assert "# dari tab lama" in text_of(told)


def test_a_kept_promise_is_a_sentence_that_says_what_is_kept(enter, draft):
    kept = [each.get_text(" ", strip=True) for each in enter(DESIGNER).get(draft).html.select("#uji li")]
    promises = [each for each in kept if each.startswith("Ditepati")]
    assert any("idak pernah terjadi" in each for each in promises)
    assert not any(" or " in each for each in promises)


def test_a_misspelt_place_of_insertion_is_put_right_with_one_press_too(enter, draft):
    text = text_of(enter(DESIGNER).get(draft))
    saved(enter, draft, text.replace("[dicatat, menunggu_disposisi]", "[dicatat, menunggu_disposis]", 1))
    form_with(enter(DESIGNER).get(draft), "letak", "baru").submit().follow()
    assert text_of(enter(DESIGNER).get(draft)) == text
