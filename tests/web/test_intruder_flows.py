"""Somebody who wants in by the pages of flows, of paper, of orders and of the calendar: what he tried."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import pytest
from programs import Program
from steps import at_head, form_with, position

from intranet_surat.web.views import flow_drafts

DESIGNER, APPROVER, STAFF, CLERK = (
    "kasubag-umum.dinkes",
    "kabag-organisasi.setda",
    "staf-kesmas.dinkes",
    "agendaris.dinkes",
)
FLOW = "surat-masuk-dinkes"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
SECONDS = 60
SHIPPED = Path(__file__).resolve().parents[2] / "workflows" / "surat_masuk.yaml"


@pytest.fixture
def program(app):
    known = {}
    return lambda login: known.setdefault(login, Program(app, login))


@pytest.fixture
def draft(enter):
    page = enter(DESIGNER).get(f"/dinkes/@@alur/{FLOW}")
    return form_with(page, "alur", "kantor").submit().location


def saved(browser, draft, text):
    form = form_with(browser.get(draft), "naskah")
    form["naskah"] = text
    return form.submit(status=303)


def own(text, title="Surat masuk percobaan"):
    """A flow of the office in its own words, beside the regency's."""
    head, _, _tests = text.partition("\ntests:\n")
    return head.replace("id: surat-masuk\n", "id: surat-masuk-coba\n").replace(
        "title: Surat masuk", f"title: {title}", 1
    )


class TestPosts:
    WRITES = (
        "/@@konsep-alur", "/@@konsep-alur/abc/simpan", "/@@tetapkan-wakil", "/@@sahkan-wakil", "/@@cabut-wakil",
        "/@@berhalangan", "/@@kembali-bertugas", "/@@serah-terima", "/@@sahkan-serah-terima", "/@@tolak-serah-terima",
        "/@@kalender",
    )  # fmt: skip

    @pytest.mark.parametrize("url", WRITES)
    def test_no_page_writes_without_the_token_of_its_form(self, enter, url):
        told = enter(DESIGNER).test.post(url, {"alur": FLOW, "kantor": "DINKES"}, status="*")
        assert told.status_int == 400
        assert "token" in told.text.lower() or "formulir" in told.text.lower()

    @pytest.mark.parametrize("way", ["@@dari-kertas/disposisi/x", "@@jawab-kertas/1"])
    def test_nor_does_a_letters(self, enter, way):
        url = at_head(enter)
        assert enter(CLERK).test.post(url + way, {"benar": "1"}, status="*").status_int == 400

    def test_half_an_address_is_a_missing_page_and_no_error_of_the_server(self, enter, program, draft):
        enter(DESIGNER).send(draft, status=404)
        enter(DESIGNER).send(draft + "/simpan/lagi", status=404)
        program(DESIGNER).post(draft, {}, 404)
        url = at_head(enter)
        enter(CLERK).send(f"{url}@@jawab-kertas/{'9' * 5000}", {"benar": "1"}, status=404)
        enter(CLERK).send(f"{url}@@jawab-kertas/../../x", {"benar": "1"}, status=404)

    @pytest.mark.parametrize(
        "values", [{"naskah": {"a": 1}}, {"naskah": None}, {"tersimpan": []}, {"naskah": "x" * 600_000}]
    )
    def test_a_program_that_sends_nonsense_changes_no_draft(self, program, draft, values):
        before = program(DESIGNER).get(draft)["text"]
        program(DESIGNER).post(draft + "/simpan", {"tersimpan": "1", **values}, range(200, 500))
        assert program(DESIGNER).get(draft)["text"] in (before, "")

    def test_an_hour_of_five_thousand_digits_is_a_wrong_hour(self, enter, write):
        def keep(site):
            seat = site.positions[position(site, STAFF)]
            seat.roles |= {"pengelola_kalender"}

        write(keep)
        sent = {"date": "1/12/2026", "name": "x", "kind": "jam-kerja", "opens": "9" * 5000 + ":00", "why": "coba"}
        enter(STAFF).send("/@@kalender", sent, status=400)


class TestStrangers:
    def test_a_draft_is_to_a_stranger_what_never_was(self, enter, draft):
        stranger = enter(STAFF)
        there = stranger.get(draft, status=404).text
        never = stranger.get("/@@konsep-alur/aaaaaaaaaaaaaaaa", status=404).text
        assert len(there) == len(never)
        for verb in ("simpan", "ganti", "ajukan", "setujui", "tolak"):
            stranger.send(f"{draft}/{verb}", {"naskah": "x", "alasan": "x", "tersimpan": "1"}, status=404)

    def test_nobody_but_its_keeper_changes_the_calendar(self, enter):
        sent = {"date": "1/12/2026", "name": "Libur saya", "kind": "libur-daerah", "why": "coba"}
        enter(STAFF).send("/@@kalender", sent, status=403)
        assert "Libur saya" not in enter(STAFF).get("/@@kalender")

    def test_explaining_tells_a_stranger_nothing(self, enter, program):
        url = at_head(enter, security="R")
        name = url.rstrip("/").rsplit("/", 1)[1]
        stranger = program("agendaris.kramatwatu")
        never = url.replace(name, name[::-1])
        for way in ("@@jelaskan", "@@jelaskan/disposisi", "@@dari-kertas/disposisi/x", "@@jawab-kertas/1"):
            assert stranger.get(url + way, 404).keys() == stranger.get(never + way, 404).keys()

    def test_an_action_that_is_none_is_explained_without_an_error_of_the_server(self, enter, program):
        url = at_head(enter)
        for name in ("otomatis", "tidak_ada", "%00", "../x"):
            asked = program(CLERK)
            told = asked.test.get(f"{url}@@jelaskan/{name}", headers=asked.headers, status="*")
            assert told.status_int < 500, (name, told.text)


class TestPaper:
    def test_what_the_system_writes_about_a_paper_is_not_taken_from_a_form(self, enter, site):
        """Whose paper it is stands in the address; the leader's name in a field changes nothing."""
        url = at_head(enter)
        head = position(site, "kepala.dinkes")
        clerk = enter(CLERK)
        sent = {"author": head, "paper": "x", "clerk": head, "_signed": "1", "sheet": "0" * 64, "lembar": "0" * 64}
        clerk.send(f"{url}@@aksi/disposisi", {**sent, "kepada": position(site, STAFF)}, status=403)
        clerk.send(f"{url}@@dari-kertas/disposisi/{head}", {**sent, "tanggal_kertas": "23/11/2026"}, status=400)
        for other in (STAFF, CLERK):
            clerk.send(f"{url}@@dari-kertas/disposisi/{position(site, other)}", sent, status=403)

    def test_nobody_enters_for_the_leader_what_only_he_may_sign(self, enter, program, site):
        url = at_head(enter)
        for act in ("cukup_diketahui", "turunkan", "tanda_tangani", "paraf"):
            program(CLERK).post(f"{url}@@dari-kertas/{act}/{position(site, 'kepala.dinkes')}", {}, range(403, 405))


class TestDrafts:
    def test_a_title_with_a_script_stays_a_text_on_every_page_of_a_draft(self, enter, draft):
        browser = enter(DESIGNER)
        text = own(SHIPPED.read_text(encoding="utf-8"))
        text = text.replace("title: Surat masuk percobaan", f"title: '{HOSTILE}'")
        text = text.replace("title: Disposisi,", f"title: '{HOSTILE}',").replace("says: ", f"says: {HOSTILE} ")
        saved(browser, draft, text)
        for way in ("", "/gladi"):
            page = browser.get(draft + way, status="*")
            assert "<script>alert" not in page.text
            assert "<img src=x" not in page.text
        assert "&lt;script&gt;" in browser.get(draft).html.select_one("#gambar").decode()

    def test_tests_that_multiply_do_not_hold_the_web_process(self, enter, draft):
        """A letter with hundreds of dispositions, looked at hundreds of times: the tests stop and say why."""
        many = ", ".join(f"k{number}" for number in range(200))
        head, _, _tests = SHIPPED.read_text(encoding="utf-8").partition("\ntests:\n")
        steps = "      - {wait: 1 working days}\n" * 190
        tests = "".join(
            f"  uji {number}:\n    letter: {{security: B, scan: p.pdf}}\n    org: {{staff: {{pimpinan: [{many}]}}}}\n"
            "    run:\n      - {who: agendaris, act: naikkan}\n"
            f"      - {{who: pimpinan, act: disposisi, form: {{kepada: [{many}], instruksi: [pelajari]}}}}\n{steps}"
            for number in range(20)
        )
        text = head.replace("id: surat-masuk\n", "id: surat-masuk-berat\n") + "\ntests:\n" + tests
        browser = enter(DESIGNER)
        started = time.process_time()
        saved(browser, draft, text)
        page = browser.get(draft)
        assert time.process_time() - started < SECONDS
        assert "terlalu berat" in page.text

    def test_many_large_drafts_at_once_take_one_thread_and_not_all(self, enter, draft, monkeypatch):
        monkeypatch.setattr(flow_drafts, "PATIENCE", 0.01)
        taken, done = threading.Event(), threading.Event()

        def prove():
            with flow_drafts.in_turn():
                taken.set()
                done.wait(SECONDS)

        other = threading.Thread(target=prove)
        other.start()
        taken.wait(SECONDS)
        try:
            designer = enter(DESIGNER)
            assert "Konsep alur lain sedang diperiksa" in designer.get(draft, status=503)
            enter(STAFF).get(draft, status=404)
            designer.get("/dinkes/@@alur", status=200)
        finally:
            done.set()
            other.join()
        enter(DESIGNER).get(draft, status=200)

    def test_gladi_does_not_count_a_secret_letter(self, enter, draft):
        browser = enter(DESIGNER)
        at_head(enter, sender_number="600.1/1/2026")
        before = browser.get(draft + "/gladi").text
        at_head(enter, security="R", sender_number="600.1/2/2026")
        after = browser.get(draft + "/gladi").text
        assert body(before) == body(after)

    def test_the_drawing_does_not_count_a_secret_letter(self, enter):
        browser = enter(STAFF)
        before = browser.get(f"/dinkes/@@alur/{FLOW}").text
        at_head(enter, security="SR")
        assert body(browser.get(f"/dinkes/@@alur/{FLOW}").text) == body(before)


def body(text):
    """The main part of a page without what is random in any two answers."""
    return re.sub(r'name="(_kunci|csrf_token)" value="[^"]+"', "", text.split("<main", 1)[1])
