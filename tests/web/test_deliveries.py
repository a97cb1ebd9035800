"""From one office to another: the tray, registering what arrived, the status that flows back, the dispatch log."""

from __future__ import annotations

import pytest
from steps import act, buttons, draft, form_with, keyed, signed, worker  # noqa: F401

CLERK, REGISTRAR = "tata-usaha.dinkes", "agendaris.bpkad"
TRAY = "/bpkad/kiriman/"


@pytest.fixture
def sent(enter, keyed, worker):  # noqa: F811
    url = signed(enter)
    act(enter(CLERK), url, "kirim")
    worker()
    return url


def one(browser):
    return browser.get(browser.get(TRAY).html.select_one(".register td a")["href"])


def test_the_receiver_finds_it_in_the_tray(enter, sent):
    page = enter(REGISTRAR).get(TRAY)
    assert "Satu kiriman menunggu dicatat" in page
    row = page.html.select_one(".register tbody tr").get_text(" ")
    for word in ("Penanganan darurat tanggul", "B/1/400.7.1/2026", "Dinas Kesehatan", "Belum dibuka"):
        assert word in row


def test_who_does_not_register_there_finds_nothing(enter, sent):
    assert "Tidak ada kiriman" in enter("staf-aset.bpkad").get(TRAY)
    address = enter(REGISTRAR).get(TRAY).html.select_one(".register td a")["href"]
    for login in ("staf-aset.bpkad", "kepala.dinkes", CLERK):
        enter(login).get(address, status=404)
        enter(login).get(address + "@@halaman", status=404)


def test_opening_it_tells_the_sender_that_it_was_received(enter, sent):
    registrar = enter(REGISTRAR)
    page = one(registrar)
    assert registrar.get(page.html.select_one("img.paper")["src"]).content_type == "image/png"
    row = enter(CLERK).get(sent + "@@pengiriman").html.select_one(".register tbody tr").get_text(" ")
    assert "Sampai, belum dicatat" in row


def test_prefetching_the_delivery_does_not_count_as_received(enter, sent, site):
    registrar = enter(REGISTRAR)
    address = registrar.get(TRAY).html.select_one(".register td a")["href"]
    registrar.get(address, headers={"Purpose": "prefetch"})
    assert "Belum dibuka" in registrar.get(TRAY)


@pytest.fixture
def registered(enter, sent):
    registrar = enter(REGISTRAR)
    form = form_with(one(registrar).click("Catat kiriman"), "sender")
    return form.submit("diam").location.removesuffix("@@tercatat")


def test_the_form_is_filled_from_what_was_sent(enter, sent):
    form = form_with(one(enter(REGISTRAR)).click("Catat kiriman"), "sender")
    assert form["sender"].value == "Dinas Kesehatan"
    assert form["sender_number"].value == "B/1/400.7.1/2026"
    assert form["letter_date"].value == "23/11/2026"
    assert form["classification"].value == "400.7.1"
    assert "berkas" not in form.fields


def test_registered_it_is_a_letter_of_its_own_with_the_same_bytes(enter, sent, registered):
    registrar = enter(REGISTRAR)
    mine = registrar.json(registered).json
    theirs = enter(CLERK).json(sent).json
    final = next(each["sha256"] for each in theirs["files"] if each["kind"] == "signed")
    assert mine["fields"]["scan"] == final
    assert mine["fields"]["agenda_number"] == 1
    assert "Naikkan ke pimpinan" in buttons(registrar.get(registered))
    enter(CLERK).get(registered, status=404)


def test_the_status_flows_back_to_the_sender(enter, sent, registered):
    page = enter(CLERK).get(sent + "@@pengiriman")
    assert "Dicatat" in page.html.select_one(".register tbody .state").get_text()
    assert "1 dari 1 sampai" in page


def test_registering_the_same_delivery_again_leads_to_the_same_letter(enter, sent):
    registrar = enter(REGISTRAR)
    address = one(registrar).html.find("a", string="Catat kiriman")["href"]
    forms = [form_with(registrar.get(address), "sender") for _ in range(2)]
    first, second = (each.submit("diam") for each in forms)
    assert first.location == second.location
    assert "Tidak ada kiriman yang menunggu" in registrar.get(TRAY)


def test_the_tray_speaks_json(enter, sent):
    registrar = enter(REGISTRAR)
    items = registrar.json(TRAY).json["items"]
    assert items[0]["fields"]["sender_number"] == "B/1/400.7.1/2026"
    assert items[0]["kiriman"].startswith("2026/")
    assert items[0]["registered"] is None


def test_a_delivery_that_is_not_there_cannot_be_registered(enter):
    enter(REGISTRAR).get("/bpkad/surat-masuk/@@tambah?kiriman=2026/tidakada", status=404)


class TestByCourier:
    @pytest.fixture
    def url(self, enter, keyed, worker):  # noqa: ARG002, F811
        url = signed(enter, to=("Polsek Kramatwatu", "Kramatwatu", "kurir"))
        act(enter(CLERK), url, "kirim")
        worker()
        return url

    def confirm(self, browser, url, **more):
        form = form_with(browser.get(url + "@@pengiriman"), "pembawa")
        form["pembawa"], form["penerima"] = "Kurir Udin", "Petugas jaga"
        return form.submit(**more)

    def test_the_clerk_enters_who_received_it(self, enter, url):
        clerk = enter(CLERK)
        assert "Menunggu kurir" in clerk.get(url + "@@pengiriman")
        self.confirm(clerk, url)
        row = clerk.get(url + "@@pengiriman").html.select_one(".register tbody tr").get_text(" ")
        assert "Diantar Kurir Udin, diterima Petugas jaga" in row
        assert "Diterima" in row

    def test_only_the_clerk_keeps_the_dispatch_log(self, enter, url):
        head = enter("kepala.dinkes")
        assert "Catat penerima" not in head.get(url + "@@pengiriman")
        number = enter(CLERK).get(url + "@@pengiriman").html.find("input", attrs={"name": "kiriman"})["value"]
        values = {"kiriman": number, "pembawa": "Kurir Udin", "penerima": "Petugas"}
        head.send(url + "@@pengiriman", values, status=403)

    def test_names_are_needed(self, enter, url):
        form = form_with(enter(CLERK).get(url + "@@pengiriman"), "pembawa")
        form.submit(status=400)


def test_a_letter_that_was_never_sent_has_no_deliveries(enter):
    url = draft(enter("staf-kesmas.dinkes"))
    assert "Pengiriman" not in enter("staf-kesmas.dinkes").get(url).html.select_one("main").get_text()
