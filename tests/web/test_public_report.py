"""Anybody reports a letter that looks wrong; who keeps evidence reads it, as text and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from steps import bring, keyed, pdf, signed, verification  # noqa: F401

from intranet_surat.services import reports
from intranet_surat.services.evidence import keepers
from intranet_surat.web.pace import Pace
from intranet_surat.web.views import public_report

TEXT = "Surat ini meminta uang <b>segera</b> lewat https://contoh.invalid/bayar"


@pytest.fixture
def keeper(enter, db):
    """The log-in of somebody whose post keeps the evidence of the regency."""
    with db.transaction() as connection:
        site = connection.root()["intranet_surat"]
        person = next(each for each in site.people.values() if each.login == "arsiparis.bpkad")
        posts = site.positions.values()
        post = next(each for each in posts if any(one.person == person.id for one in each.holders))
        post.roles |= {keepers.KEEPER}
    return enter("arsiparis.bpkad")


def waiting(db):
    with db.transaction() as connection:
        return [
            (each.text, each.code, each.sha256, each.verdict)
            for each in connection.root()["intranet_surat"].reports.open()
        ]


def report_form(page):
    return next(each for each in page.forms.values() if "isi" in each.fields)


def send(page, text=TEXT, **more):
    form = report_form(page)
    form["isi"] = text
    for name, value in more.items():
        form[name] = value
    return form.submit(status="*")


def test_a_suspicious_file_is_reported_with_its_fingerprint_and_without_a_name(browser, db, keeper):
    done = send(bring(browser, pdf())).follow()
    assert done.html.h1.get_text() == "Laporan terkirim"
    ((text, code, sha256, verdict),) = waiting(db)
    assert (text, code, len(sha256), verdict) == (TEXT, "", 64, "belum")
    tray = keeper.get("/@@laporan")
    assert TEXT in tray.html.main.get_text(), "as it was written"
    assert "https://contoh.invalid" not in [each.get("href") for each in tray.html.find_all("a")]
    assert not tray.html.main.select("p.typed b, p.typed a")
    assert sha256 in tray


def test_a_letter_is_reported_by_its_code(browser, db, enter, keyed, keeper):  # noqa: F811
    address = verification(enter, signed(enter))
    assert send(browser.get(address), kontak="0812 contoh").status_int == 303
    ((_, code, sha256, _),) = waiting(db)
    assert (address.endswith(code), bool(code), sha256) == (True, True, "")
    tray = keeper.get("/@@laporan")
    assert tray.html.find("a", string=code)["href"].endswith(address)
    assert "0812 contoh" in tray


def test_what_a_report_is_about_cannot_be_made_up(browser, db):
    page = browser.get("/v/lapor")
    assert send(page, tentang="eyJjb2RlIjogImFiYyJ9.abc").status_int == 303
    assert waiting(db) == [(TEXT, "", "", "")]


def test_too_short_a_report_keeps_what_was_typed(browser, db):
    page = send(browser.get("/v/lapor"), "aneh", kontak="saya")
    assert page.status_int == 400
    assert page.html.find(id="laporan-e").get_text() == "Tulis apa yang mencurigakan, sedikitnya satu kalimat pendek."
    assert (report_form(page)["isi"].value, report_form(page)["kontak"].value) == ("aneh", "saya")
    assert waiting(db) == []


def test_one_network_may_not_report_without_end(browser, db, monkeypatch):
    monkeypatch.setattr(public_report, "PACE", Pace(1))
    browser.test.extra_environ["REMOTE_ADDR"] = "192.0.2.7"
    assert send(browser.get("/v/lapor")).status_int == 303
    page = send(browser.get("/v/lapor?bahasa=en"))
    assert page.status_int == 429
    assert "Too many requests" in page
    assert len(waiting(db)) == 1


def test_one_network_cannot_fill_the_tray_alone_and_no_address_is_kept(browser, db, monkeypatch):
    monkeypatch.setattr(reports, "SHARE", 1)
    browser.test.extra_environ["REMOTE_ADDR"] = "192.0.2.7"
    assert send(browser.get("/v/lapor")).status_int == 303
    assert "yang sama sudah kami terima" in send(browser.get("/v/lapor"))
    browser.test.extra_environ["REMOTE_ADDR"] = "192.0.2.8"
    refused = send(browser.get("/v/lapor"), "Surat lain yang mencurigakan")
    assert (refused.status_int, "Kirim lagi besok" in refused) == (503, True)
    browser.test.extra_environ["REMOTE_ADDR"] = "198.51.100.7"
    assert send(browser.get("/v/lapor"), "Surat lain yang mencurigakan").status_int == 303
    with db.transaction() as connection:
        kept = [each.origin for each in connection.root()["intranet_surat"].reports.open()]
    assert len(set(kept)) == 2
    assert not [each for each in kept if "192.0" in each or "198.51" in each]


def test_a_flood_of_reports_is_closed_at_once_by_ticking_them(browser, db, keeper):
    for number in range(3):
        send(browser.get("/v/lapor"), f"Surat iseng nomor {number}")
    form = keeper.get("/@@laporan").forms["beberapa"]
    form["catatan"] = "Iseng"
    assert "Centang sedikitnya satu laporan" in form.submit(status=400)
    for box in form.fields["laporan"][:2]:
        box.checked = True
    form["catatan"] = ""
    wrong = form.submit(status=400)
    assert [box.checked for box in wrong.forms["beberapa"].fields["laporan"]] == [True, True, False]
    form["catatan"] = "Iseng"
    assert "2 laporan selesai ditangani" in form.submit(status=303).follow()
    assert len(waiting(db)) == 1


def test_a_form_larger_than_any_report_is_refused(browser, db):
    page = browser.get("/v/lapor")
    assert send(page, "x" * 70_000).status_int == 413
    assert waiting(db) == []


def test_a_report_without_a_form_token_is_refused(browser, db):
    browser.test.post("/v/lapor", {"isi": TEXT}, status=400)
    assert waiting(db) == []


def test_the_tray_is_for_keepers_only_and_they_say_what_was_done(browser, enter, db, keeper):
    send(browser.get("/v/lapor"))
    assert enter("kepala.dinkes").get("/@@laporan", status="*").status_int == 403
    assert enter("kepala.dinkes").get("/@@bukti", status="*").status_int == 403
    page = keeper.get("/@@laporan")
    assert "1 laporan" in page.html.select_one("nav.nav").get_text(" ", strip=True)
    form = next(each for each in page.forms.values() if "catatan" in each.fields)
    wrong = form.submit(status=400)
    assert "Tulis apa yang dilakukan" in wrong
    form["catatan"] = "Diteruskan ke Inspektorat"
    done = form.submit().follow()
    assert "Tidak ada laporan yang menunggu" in done
    assert "Diteruskan ke Inspektorat" in done
    assert waiting(db) == []


def test_how_evidence_stands_is_told_by_office_and_no_letter_by_name_to_who_may_not_know_it(enter, keyed, keeper):  # noqa: F811
    letter = signed(enter, subject="Perihal yang tidak untuk semua orang")
    number = enter("kepala.dinkes").json(letter).json["fields"]["number"]
    page = keeper.get("/@@bukti")
    text = page.html.main.get_text(" ")
    for word in ("Dinas Kesehatan", "Sedang dibuat", "RSA 2048", "Jangkar", "Pekerja"):
        assert word in text, word
    for word in (number, "Perihal yang tidak", letter):
        assert word not in page, word
    told = keeper.json("/@@bukti").json["items"]
    assert {each["name"] for each in told} == {"evidence", "anchors", "authorities", "provider", "worker"}
    assert next(each for each in told if each["name"] == "evidence")["figures"]["missing"] == "1"


@pytest.mark.parametrize(("level", "shown"), [("B", 1), ("T", 1), ("R", 0), ("SR", 0)])
def test_what_was_met_is_told_apart_from_the_letters_and_not_of_secret_ones(enter, keyed, db, keeper, level, shown):  # noqa: F811
    signed(enter, security=level)
    with db.transaction() as connection:
        renewals = connection.root()["intranet_surat"].renewals
        (due,) = list(renewals)
        renewals.put(replace(due, tries=3, problem="Nama Pejabat: PathError", since=due.since - timedelta(days=3)))
    page = keeper.get("/@@bukti")
    assert page.text.count("Nama Pejabat") == shown
    alarm = page.html.select_one("ul.checks li").get_text(" ", strip=True)
    assert alarm.startswith("Tangani Bukti jangka panjang 1 surat terlambat. DKISP memeriksa")
    assert alarm.endswith("Di server: surat evidence")
    assert "Terlambat" in page.html.select_one("table.register").get_text()
    assert "Nama Pejabat" not in page.html.select_one("table.register").get_text()
