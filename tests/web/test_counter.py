"""The village counter: a resident's data once, the NIK masked from then on, and the paper while he waits."""

from __future__ import annotations

import pytest
from steps import COUNTER, NIK, RESIDENT, act, answer, buttons, fill, form_with, keyed, sign  # noqa: F401

OPERATOR, CHECKER, HEAD = "operator.pejaten", "sekdes.pejaten", "kades.pejaten"
MASKED = "3604**********07"


def ask(browser, button="lalu", **changes):
    form = fill(form_with(browser.get(COUNTER), "nik"), {**RESIDENT, **changes})
    return form.submit(button, status="*")


@pytest.fixture
def url(enter, keyed):  # noqa: F811
    operator = enter(OPERATOR)
    assert ask(operator).status_int == 303
    return operator.get(COUNTER).html.select_one(".queue a")["href"]


@pytest.fixture
def ready(enter, url):
    act(enter(CHECKER), url, "verifikasi")
    head = enter(HEAD)
    act(head, url, "siapkan")
    assert sign(head, url).status_int == 303
    return url


def test_the_operator_is_asked_only_for_what_the_resident_tells(enter, keyed):  # noqa: F811
    form = form_with(enter(OPERATOR).get(COUNTER), "nik")
    assert {"nik", "name", "purpose", "valid_until", "signatory"} <= set(form.fields)
    assert not {"security", "classification", "carbon_copies", "sel"} & set(form.fields)


def test_the_request_goes_at_once_to_who_checks(enter, url):
    queue = enter(OPERATOR).get(COUNTER).html.select(".queue li")
    assert "Sari C." in queue[0].get_text()
    assert "Diperiksa" in queue[0].get_text()
    assert buttons(enter(CHECKER).get(url))[0] == "Data benar"


def test_the_full_name_does_not_stand_in_the_queue(enter, url):
    assert "Sari Contoh" not in enter(OPERATOR).get(COUNTER)


def test_a_wrong_nik_is_asked_back_with_everything_else(enter, keyed):  # noqa: F811
    page = ask(enter(OPERATOR), nik="123")
    assert page.status_int == 400
    assert "16 angka" in page.html.select_one("p.error").get_text()
    assert form_with(page, "nik")["name"].value == "Sari Contoh"


def test_the_nik_is_masked_wherever_it_is_shown_and_stored_nowhere_in_clear(enter, ready, storage):
    operator = enter(OPERATOR)
    views = ("", "@@riwayat", "@@cetak", "@@banding", "@@hasil-tanda-tangan")
    pages = [operator.get(ready + view) for view in views] + [operator.get(COUNTER), operator.json(ready)]
    pages += [operator.json(ready + "@@riwayat"), enter(CHECKER).get(ready), enter(HEAD).get("/")]
    for page in pages:
        assert NIK not in page.text, page.request.url
    assert MASKED in pages[0]
    for record in (each for transaction in storage.changes.iterator() for each in transaction):
        assert NIK.encode() not in record.data


def test_only_who_signs_sees_the_page_whole(enter, url):
    act(enter(CHECKER), url, "verifikasi")
    head = enter(HEAD)
    act(head, url, "siapkan")
    sha = form_with(head.get(url + "@@aksi/tanda_tangani"), "frasa")["sidik"].value
    image = f"{url}@@halaman?berkas={sha}&n=1"
    assert head.get(image).content_type == "image/png"
    enter(OPERATOR).get(image, status=404)
    enter(OPERATOR).get(image.replace("@@halaman", "@@teks"), status=404)
    sign(head, url)
    head.get(image, status=404)


def test_the_ready_letter_calls_itself_and_is_whole_on_paper_only(enter, ready):
    operator = enter(OPERATOR)
    page = operator.get(COUNTER)
    assert "surat siap dicetak" in page
    page = operator.get(page.html.select_one("section[aria-labelledby=siap] a")["href"])
    assert "Surat Sari C. siap dicetak" in page
    assert "@@pratinjau" in page.html.select_one("img.paper")["src"]
    assert operator.get(page.html.select_one("img.paper")["src"]).content_type == "image/png"
    file = operator.get(page.html.find("a", string="Unduh untuk dicetak")["href"])
    assert file.body.startswith(b"%PDF")
    assert "attachment" in file.headers["Content-Disposition"]


def test_before_it_is_signed_there_is_nothing_to_print(enter, url):
    enter(OPERATOR).get(url + "@@cetak", status=404)


def test_handing_over_is_entered_with_the_receiver(enter, ready):
    answer(enter(OPERATOR), ready, "serahkan", {"penerima": "Pemohon sendiri"})
    assert "Pemohon sendiri" in enter(OPERATOR).get(ready + "@@riwayat")
    assert "Diserahkan" in enter(OPERATOR).get(ready).html.select_one(".letter-head").get_text()


def test_what_is_incomplete_comes_back_to_the_counter_and_keeps_the_nik(enter, url):
    answer(enter(CHECKER), url, "lengkapi", {"alasan": "Keperluan kurang jelas"})
    operator = enter(OPERATOR)
    form = form_with(operator.get(url + "@@ubah"), "purpose")
    assert "nik" not in form.fields
    form["purpose"] = "Perekaman ulang KTP elektronik di Disdukcapil"
    assert form.submit("simpan").status_int == 303
    page = operator.get(url)
    assert "Disdukcapil" in page
    assert MASKED in page


def test_an_office_that_is_no_village_has_no_counter(enter):
    enter("agendaris.dinkes").get("/dinkes/@@loket", status=404)


def test_another_village_s_operator_does_not_serve_here(enter, url):
    other = enter("operator.margasana")
    other.get(COUNTER, status=403)
    other.get(url, status=404)
