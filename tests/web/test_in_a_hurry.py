"""A clerk in a hurry: sessions that end, two tabs, slips of the finger. Nothing typed is lost, nothing is a riddle."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from steps import (
    COUNTER,
    INCOMING,
    PASSWORD,
    RESIDENT,
    TAMBAH,
    act,
    answer,
    at_head,
    buttons,
    draft,
    fill,
    form_with,
    initialled,
    keyed,  # noqa: F401
    pdf,
    position,
    register,
    register_page,
)
from webtest import Upload

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
HERE = {"Origin": "http://localhost"}
REGISTRAR, HEAD, STAFF = "agendaris.dinkes", "kepala.dinkes", "staf-kesmas.dinkes"


def come_in_again(page, login=REGISTRAR):
    """Fill the door that holds the form, and press "Lanjutkan mengisi"."""
    door = fill(form_with(page, "nama", "sandi"), {"nama": login, "sandi": PASSWORD})
    return door.submit(status=200).forms[0].submit(status="*")


def typed_form(registrar, **changes):
    return fill(form_with(registrar.get(TAMBAH), "sender", "subject"), {**INCOMING, **changes})


# --- the session ends while a long form is typed


def test_what_was_typed_when_the_session_ended_comes_back_after_the_log_in(enter, clock):
    registrar = enter(REGISTRAR)
    form = typed_form(registrar, subject="Surat yang lama sekali diketik")
    form.set("berkas", Upload("pindai.pdf", pdf()), 0)
    clock.forward(minutes=45)
    page = form.submit("lalu", headers=HERE, status=401)
    assert "Sesi Anda sudah berakhir" in page
    page = come_in_again(page)
    assert form_with(page, "sender", "subject")["subject"].value == "Surat yang lama sekali diketik"
    assert "perlu diperbaiki" not in page


def test_the_form_that_comes_back_has_not_registered_anything_yet(enter, clock, site):
    registrar = enter(REGISTRAR)
    form = typed_form(registrar)
    clock.forward(minutes=45)
    page = come_in_again(form.submit("lalu", headers=HERE, status=401))
    assert "surat-masuk" not in site.office("DINKES")
    sent = form_with(page, "sender", "subject").submit("diam")
    assert "Tercatat sebagai agenda 1" in sent.follow()


def test_a_wrong_password_on_the_way_back_keeps_the_form(enter, clock):
    registrar = enter(REGISTRAR)
    form = typed_form(registrar, subject="Masih ada sesudah salah sandi")
    clock.forward(minutes=45)
    page = form.submit("diam", headers=HERE, status=401)
    page = fill(form_with(page, "nama"), {"nama": REGISTRAR, "sandi": "keliru"}).submit(status=401)
    assert form_with(come_in_again(page), "subject")["subject"].value == "Masih ada sesudah salah sandi"


def test_who_came_in_again_in_another_tab_goes_on_with_the_form_of_the_first(enter, clock):
    registrar = enter(REGISTRAR)
    form = typed_form(registrar, subject="Diketik di tab pertama")
    clock.forward(minutes=45)
    registrar.come_in(REGISTRAR, status=303)
    page = form.submit("diam", headers=HERE, status=200)
    assert "Yang Anda ketik masih ada" in page
    assert form_with(page.forms[0].submit(), "subject")["subject"].value == "Diketik di tab pertama"


def test_the_note_of_a_disposition_survives_the_end_of_the_session(enter, clock, site):
    url = at_head(enter)
    head = enter(HEAD)
    page = head.get(url + "@@aksi/disposisi")
    form = next(each for each in page.forms.values() if each.action.endswith("@@aksi/disposisi"))
    form["catatan"] = "Tinjau lapangan besok pagi."
    clock.forward(minutes=45)
    page = come_in_again(form.submit(headers=HERE, status=401), HEAD)
    assert page.html.find("textarea", attrs={"name": "catatan"}).get_text(strip=True) == "Tinjau lapangan besok pagi."
    assert "Menunggu disposisi" in enter(HEAD).get(url)


def test_an_act_without_a_form_leads_back_to_its_letter(enter, clock):
    url = register(enter(REGISTRAR))
    registrar = enter(REGISTRAR)
    page = registrar.get(url)
    form = next(each for each in page.forms.values() if each.action.endswith("@@aksi/naikkan"))
    clock.forward(minutes=45)
    gone = form.submit(headers=HERE, status=303)
    assert "kembali=" in gone.location
    assert fill(form_with(gone.follow(), "nama"), {"nama": REGISTRAR, "sandi": PASSWORD}).submit().location == url


def test_a_passphrase_is_never_carried_through_the_door(enter, clock, keyed):  # noqa: F811
    url = initialled(enter)
    head = enter(HEAD)
    act(head, url, "siapkan")
    form = form_with(head.get(url + "@@aksi/tanda_tangani"), "frasa")
    form["frasa"] = "rahasia sekali"
    clock.forward(minutes=45)
    gone = form.submit(headers=HERE, status=303)
    assert "rahasia" not in gone.text + gone.location + gone.follow().text


def test_a_one_time_code_is_never_carried_through_the_door(enter, clock, keyed):  # noqa: F811
    url = initialled(enter)
    head = enter(HEAD)
    act(head, url, "siapkan")
    form = form_with(head.get(url + "@@aksi/tanda_tangani"), "frasa")
    sent = {name: form[name].value for name in ("csrf_token", "_kunci", "sidik")} | {"kode": "271828"}
    clock.forward(minutes=45)
    gone = head.post(url + "@@aksi/tanda_tangani", sent, headers=HERE, status=303)
    assert "271828" not in gone.text + gone.location + gone.follow().text


def test_one_word_typed_into_a_letter_that_left_ones_sight_is_offered_to_copy(enter, site):
    registrar = enter(REGISTRAR)
    url = at_head(enter)
    head = enter(HEAD)
    page = form_with(head.get(url + "@@aksi/turunkan"), "alasan")
    page["alasan"] = "Keliru"
    page.action = url.replace("/dinkes/", "/bpkad/") + "@@aksi/turunkan"
    gone = page.submit(status=404)
    assert [each.get_text() for each in gone.html.select(".typed")] == ["Keliru"]
    assert registrar.get(url).status_int == 200


def test_every_box_that_a_person_types_into_is_named_by_its_form():
    """A box that is not named would be lost on an error page; dates, searches, secrets and files are no loss."""
    free = ('type="hidden', 'type="checkbox', 'type="radio', 'type="file', 'type="password', "numeric", 'name="q"')
    found = {}
    for path in sorted(TEMPLATES.rglob("*.jinja2")):
        if path.name.startswith(("public", "door")) or path.parent.name == "forms":
            continue
        text = path.read_text("utf-8")
        boxes = re.findall(r"<(?:textarea|input)\b(?:\{[{%].*?[%}]\}|[^>])*>", text)
        typed = [each for each in boxes if " name=" in each and not any(word in each for word in free)]
        names = sorted(re.search(r' name="(.*?)"(?=[ >{])', each)[1] for each in typed)
        told = (
            each[1:-1] if each[0] == '"' else f"{{{{ {each} }}}}" for each in re.findall(r"m\.typed\((.*?)\)", text)
        )
        found[path.name] = (names, sorted(told))
    assert found["calendar.jinja2"][0] == ["why", "{{ name }}"]
    assert {name: each for name, each in found.items() if each[0] != each[1]} == {}


@pytest.mark.parametrize(("login", "address"), [(REGISTRAR, TAMBAH), (STAFF, ""), ("operator.pejaten", COUNTER)])
def test_every_line_of_a_form_of_fields_is_named_by_it(enter, keyed, login, address):  # noqa: F811
    """The templates of ``forms`` draw the boxes one by one; their form names all but dates and what is of a list."""
    person = enter(login)
    page = person.get(address or draft(person) + "@@ubah")
    (form,) = [each for each in page.html.find_all("form") if each.find(attrs={"name": "subject"})] or [
        each for each in page.html.find_all("form") if each.find(attrs={"name": "nik"})
    ]
    lines = form.select("textarea, :is(input:not([type]), [type=text]):not([inputmode]):not([list])")
    told = {each["value"] for each in form.select("input[name=__teks__]")}
    assert len(lines) > 1
    assert {each["name"] for each in lines} - told <= {"received_at"}  # a date and the hour


@pytest.mark.parametrize("origin", [{}, {"Origin": "http://jahat.example"}, {"Origin": "null"}])
def test_a_form_of_another_site_is_not_carried(enter, clock, origin):
    form = typed_form(enter(REGISTRAR), subject="Disusupkan situs lain")
    clock.forward(minutes=45)
    gone = form.submit("diam", headers=origin, status=303)
    assert "Disusupkan" not in gone.follow()


def test_a_carried_form_never_leads_to_another_host(browser):
    """``//host/...`` as the form's address would have sent the new session's token there."""
    values = {"subject": "Apa saja"}
    environ = {"PATH_INFO": "//jahat.example/@@tambah"}
    told = browser.test.post("/x/@@tambah", values, headers=HERE, extra_environ=environ, status="*")
    assert "Lanjutkan" not in told.text
    assert "_bawaan" not in told.text
    assert "//jahat.example" not in told.headers.get("Location", "").removeprefix("http:").replace("//localhost", "")


def test_the_door_does_not_tell_whether_the_letter_of_a_form_exists(enter, browser):
    url = register(enter(REGISTRAR))
    sent = [
        browser.test.post(each + "@@ubah", {"subject": "Apa saja"}, headers=HERE, status=401).text
        for each in (url, url.rstrip("/")[:-4] + "zzzz/")
    ]
    assert all("Sesi Anda sudah berakhir" in each for each in sent)


def test_a_held_form_that_was_changed_on_the_way_is_dropped(enter, clock):
    registrar = enter(REGISTRAR)
    form = typed_form(registrar)
    clock.forward(minutes=45)
    door = form_with(form.submit("diam", headers=HERE, status=401), "nama")
    door["_bawaan"] = "A" + door["_bawaan"].value[1:]
    assert fill(door, {"nama": REGISTRAR, "sandi": PASSWORD}).submit(status=303).location == "http://localhost/"


# --- two tabs on one draft


def test_what_the_slower_of_two_tabs_typed_can_be_gone_on_with(enter):
    staff = enter(STAFF)
    url = draft(staff)
    slow, quick = (form_with(staff.get(url + "@@ubah"), "subject", "body") for _ in range(2))
    fill(quick, {"body": "Isi tab kedua."}).submit("simpan", status=303)
    page = fill(slow, {"body": "Isi tab pertama, lama diketik."}).submit("simpan", status=409)
    form = form_with(page, "_periksa").submit()
    form = form_with(form, "subject", "body")
    assert form["body"].value.strip() == "Isi tab pertama, lama diketik."
    assert form["_versi"].value == "2"
    assert "versi 3" in form.submit("simpan").follow()


# --- slips at the registrar's desk


def test_a_scan_that_is_too_large_costs_only_the_scan(enter):
    page = register_page(enter(REGISTRAR), scan=pdf(3) + b"%" * 51 * 1024 * 1024, letter_date="31/02/2026")
    assert page.status_int == 400
    says = " ".join(each.get_text() for each in page.html.select("p.error"))
    assert "Berkas pindaian paling besar 50 MB." in says
    assert "31/02/2026" in says
    assert form_with(page, "subject")["subject"].value == INCOMING["subject"]


def test_a_letter_dated_after_its_receipt_is_registered_told_and_not_sent_up(enter):
    registrar = enter(REGISTRAR)
    page = register_page(registrar, letter_date="25/11/2026", button="lalu").follow()
    assert "Tanggal surat 25 November 2026, padahal diterima 23 November 2026." in page
    assert page.html.select_one(".banner-warn a")["href"].endswith("@@ubah")
    assert "Keadaan: Dicatat." in page


def test_without_a_scan_no_other_act_takes_the_place_of_the_main_button(enter):
    registrar = enter(REGISTRAR)
    url = register(registrar, scan=False)
    page = registrar.get(url)
    assert "Salah alamat" in buttons(page)
    assert page.html.select(".act-bar .btn-main") == []
    assert "Naikkan" in page.html.select_one(".refused b").get_text()
    assert "Naikkan ke Sekretaris" in registrar.get("/").html.select_one(".act-kind").get_text()


def test_without_a_scan_the_result_says_why_the_letter_did_not_go_up(enter):
    page = register_page(enter(REGISTRAR), scan=None, button="lalu").follow()
    told = page.html.select_one(".banner-warn")
    assert "Unggah hasil pindai surat lebih dulu." in told.get_text()
    assert told.select_one("a").get_text() == "Unggah pindaian"


def test_all_attachments_wait_for_the_corrected_form(enter):
    registrar = enter(REGISTRAR)
    form = typed_form(registrar, subject="Tes")
    form.set("berkas", [Upload("satu.pdf", pdf(1)), Upload("dua.pdf", pdf(1, 5))], 1)
    page = form.submit("diam", status=400)
    assert [name in page.text for name in ("satu.pdf", "dua.pdf")] == [True, True]
    url = fill(form_with(page, "subject"), {"subject": INCOMING["subject"]}).submit("diam").location
    letter = registrar.get(url.removesuffix("@@tercatat"))
    assert [name in letter.text for name in ("satu.pdf", "dua.pdf")] == [True, True]


def test_the_desk_of_who_registers_begins_with_registering(enter):
    first = enter(REGISTRAR).get("/").html.select_one("main .btn-main")
    assert "Catat surat" in first.get_text()
    assert first["data-kunci"] == "n"
    assert "Buka loket" in enter("operator.pejaten").get("/").html.select_one("main .btn-main").get_text()
    assert "Catat surat" not in enter(HEAD).get("/")


@pytest.mark.parametrize("asked", ["214/2026", "214", "no. 600.1/214", "agenda 1", "1/214/2026"])
def test_a_piece_of_a_number_finds_the_letter(enter, asked):
    registrar = enter(REGISTRAR)
    register(registrar)
    assert INCOMING["subject"] in registrar.get("/@@cari", {"q": asked})


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("received_at", "jam 9", "Tulis tanggal dan jam, misalnya 21/11/2026 09.42."),
        ("attachment_count", "dua", "tertulis “dua”. Tulis misalnya 2."),
        ("classification", "999.99.99", "tidak ada dalam daftar. Tulis kode lain, atau kata pokok surat."),
    ],
)
def test_a_refusal_says_what_was_found_and_what_to_write(enter, field, value, expected):
    page = register_page(enter(REGISTRAR), **{field: value})
    assert expected in page.html.select_one("p.error").get_text()


# --- the head on a telephone


def test_a_limit_typed_as_a_date_stays_in_its_box(enter):
    url = at_head(enter)
    page = answer(enter(HEAD), url, "disposisi", {"batas_tanggal": "31/02/2026"}, status=400)
    box = page.html.find("input", attrs={"name": "batas_tanggal"})
    assert box["value"] == "31/02/2026"
    assert box.find_parent("details").has_attr("open")


def test_withdrawing_the_only_order_leads_back_to_the_letter_and_its_next_act(enter, site):
    url = at_head(enter)
    head = enter(HEAD)
    first = head.get(url + "@@aksi/disposisi").html.select_one("input[name=instruksi]")["value"]
    to = position(site, "kabid-kesmas.dinkes")
    answer(head, url, "disposisi", {"kepada": [to], "instruksi": [first]})
    item = head.get(url).html.select(".tree a")[-1]["href"]
    sent = act(head, item, "tarik")
    assert sent.location == url
    assert buttons(sent.follow())[0] == "Disposisi"


def test_preparing_leads_straight_to_the_passphrase(enter, keyed):  # noqa: F811
    url = initialled(enter)
    head = enter(HEAD)
    sent = act(head, url, "siapkan")
    assert sent.location.endswith("@@aksi/tanda_tangani")
    assert buttons(head.get(url))[0] == "Tanda tangani"


# --- the counter, while a resident waits


def test_the_counter_proposes_a_month_of_validity(enter, keyed):  # noqa: F811
    form = form_with(enter("operator.pejaten").get(COUNTER), "nik")
    assert form["valid_from"].value
    assert form["valid_until"].value


def test_the_counter_keeps_the_papers_when_a_field_is_wrong(enter, keyed):  # noqa: F811
    form = fill(form_with(enter("operator.pejaten").get(COUNTER), "nik"), {**RESIDENT, "nik": "360401041"})
    form.set("berkas", [Upload("ktp.pdf", pdf(1)), Upload("kk.pdf", pdf(1, 5))])
    page = form.submit("lalu", status=400)
    assert "Tersimpan ktp.pdf" in page.html.select_one(".drop").get_text(" ", strip=True).replace("  ", " ")
    assert "kk.pdf" in page.html.select_one(".drop").get_text()


def test_a_nik_that_does_not_fit_the_birth_date_is_told_at_once_without_its_digits(enter, keyed):  # noqa: F811
    operator = enter("operator.pejaten")
    form = fill(form_with(operator.get(COUNTER), "nik"), {**RESIDENT, "birth_date": "9/9/1999"})
    told = form.submit("lalu").follow().html.select_one(".told").get_text()
    assert "Tanggal lahir tidak cocok dengan NIK. Cocokkan dengan KTP." in told
    assert RESIDENT["nik"] not in told


def test_the_checker_can_tell_one_residents_letter_from_the_next(enter, keyed):  # noqa: F811
    operator = enter("operator.pejaten")
    for purpose in ("Mengurus KTP hilang.", "Mengurus akta kelahiran"):
        fill(form_with(operator.get(COUNTER), "nik"), {**RESIDENT, "purpose": purpose}).submit("lalu")
    rows = [each.get_text() for each in enter("sekdes.pejaten").get("/").html.select("a.subject")]
    assert any("Surat pengantar: Mengurus KTP hilang" in each for each in rows)
    assert any("Surat pengantar: Mengurus akta kelahiran" in each for each in rows)


def test_a_piece_of_a_number_finds_the_letter_in_the_register_too(enter):
    registrar = enter(REGISTRAR)
    register(registrar)
    assert INCOMING["subject"] in registrar.get("/dinkes/surat-masuk/", {"q": "214/2026"})
    assert INCOMING["subject"] not in registrar.get("/dinkes/surat-masuk/", {"q": "215/2026"})
