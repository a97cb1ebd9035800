"""Somebody who wants in: what he tried at the door, what he learned, what he left behind; named for what he saw."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from programs import JSON, PASSPHRASE, Program
from steps import (  # noqa: F401  fixtures
    INCOMING,
    OUTGOING,
    act,
    at_head,
    draft,
    form_with,
    initialled,
    keyed,
    pdf,
    position,
    register,
    signed,
    worker,
)
from webob import request
from webtest import TestApp, Upload

from intranet_surat.errors import Invalid
from intranet_surat.kinds import body as bodies
from intranet_surat.resources.folder import find
from intranet_surat.web.kept_files import KeptFiles

REGISTRAR, CLERK, STAFF, HEAD = "agendaris.dinkes", "tata-usaha.dinkes", "staf-kesmas.dinkes", "kepala.dinkes"
IN = "/dinkes/surat-masuk/@@tambah"
HERE = {"Origin": "http://localhost"}


def guess(app, login, address, status):
    headers = {**JSON, "X-Forwarded-For": address, "Forwarded": f"for={address}"}
    return TestApp(app).post_json("/@@masuk", {"nama": login, "sandi": "tebakan saja"}, headers=headers, status=status)


class TestTheBrake:
    def test_another_address_in_a_header_is_not_another_address(self, app):
        seen = [guess(app, f"orang-{at}.dinkes", f"10.9.8.{at}", "*").status_int for at in range(23)]
        assert seen[:20] == [401] * 20
        assert seen[-1] == 429

    def test_another_name_of_the_same_account_is_not_another_account(self, app):
        for at in range(6):
            guess(app, ("bupati", "bupati.kdh", " BUPATI ")[at % 3], "", 401)
        for name in ("bupati", "bupati.kdh"):
            guess(app, name, "", 429)


class TestLoggingOut:
    def test_a_session_ends_whatever_answer_was_asked_for(self, enter):
        browser = enter(STAFF)
        cookie = browser.test.cookies["surat_sesi"]
        browser.send("/@@keluar", headers=JSON)
        browser.test.set_cookie("surat_sesi", cookie)
        browser.json("/@@akun", status=401)

    def test_a_token_ends_whatever_answer_was_asked_for(self, app):
        program = Program(app, STAFF)
        program.test.post("/@@keluar", headers={**program.headers, "Accept": "text/html"}, status=303)
        program.get("/@@akun", 401)


@pytest.mark.parametrize("name", ["csrf_token", "nama", "sandi", "kembali"])
def test_a_file_in_place_of_a_text_at_the_door_is_no_incident(browser, name):
    values = {"nama": "bupati", "sandi": "x", "csrf_token": browser.token(), name: Upload("x.txt", b"x")}
    assert browser.test.post("/@@masuk", values, status="*").status_int in {303, 400, 401}


@pytest.mark.parametrize("name", ["kiriman", "_kunci", "_versi", "subject", "letter_date", "security", "lalu"])
def test_a_file_in_place_of_a_text_in_a_form_is_no_incident(enter, name):
    browser = enter(REGISTRAR)
    assert browser.send(IN, {**INCOMING, name: Upload("x.txt", b"x")}, status="*").status_int in {303, 400, 404}


class TestWhatIsTold:
    @pytest.fixture
    def reply(self, app, enter, site):
        """A reply that says nothing of its occasion, which was for the head alone; the paths of both."""
        occasion = at_head(enter, security="SR").removeprefix("http://localhost")
        values = {"kind": "surat-dinas", **OUTGOING, "signatory": position(site, HEAD), "reply_to": occasion}
        values["addressees"] = [{"kind": "office", "id": "BPKAD", "channel": "sistem"}]
        writer = Program(app, "sekretaris.dinkes")
        made = writer.post("/dinkes/surat-keluar/@@tambah", values, 201)["@id"]
        writer.act(made, "ajukan")
        return occasion, made

    def test_who_may_read_a_reply_is_not_told_of_the_secret_letter_that_it_answers(self, app, reply):
        occasion, made = reply
        clerk = Program(app, CLERK)
        clerk.get(occasion, 404)
        for url in (made, f"{made}@@riwayat", f"{made}@@banding"):
            if "banding" not in url:
                assert occasion.strip("/") not in json.dumps(clerk.get(url))
        for url in (made, f"{made}@@riwayat"):
            page = clerk.test.get(url, headers={**clerk.headers, "Accept": "text/html"})
            assert occasion.strip("/") not in page

    def test_who_may_read_both_is_told(self, app, reply):
        occasion, made = reply
        assert occasion in Program(app, "sekretaris.dinkes").get(made)["related"][0]["@id"]

    @pytest.mark.parametrize("security", ["T", "R", "SR"])
    def test_a_stranger_learns_of_a_letter_that_is_not_open_neither_who_nor_what(self, app, enter, keyed, security):  # noqa: ARG002, F811
        url = signed(enter, security=security)
        told = Program(app, HEAD).get(url)
        where = told["verification"]
        number = told["fields"]["number"]
        name = Program(app, HEAD).get("/@@akun")["title"]
        for headers in (JSON, {"Accept": "text/html"}):
            for got in (
                TestApp(app).get(where, headers=headers),
                TestApp(app).post(where, {"berkas": Upload("x.pdf", pdf())}, headers=headers, status="*"),
            ):
                for word in (OUTGOING["subject"], number, name, told["frozen"]):
                    assert word not in got.text, (headers, word)


@pytest.mark.parametrize("phrase", ["kenari-1", "kenari-1\ud800", ["kenari-1"], {"a": "kenari-1"}, "kenari-1" * 999])
def test_a_passphrase_stands_in_no_answer_no_log_and_no_record(app, enter, keyed, db, caplog, phrase):  # noqa: F811
    url = initialled(enter)
    head = Program(app, HEAD)
    frozen = head.act(url, "siapkan")["frozen"]
    told = head.act(url, "tanda_tangani", {"sidik": frozen, "frasa": phrase}, 400)
    page = enter(HEAD).send(
        f"{url}@@aksi/tanda_tangani", {"sidik": frozen, "frasa": str(phrase).encode("utf-8", "replace")}, status=400
    )
    for text in (json.dumps(told), page.text, caplog.text):
        assert "kenari-1" not in text
    assert "UnicodeEncodeError" not in caplog.text
    assert not [each for each in records(db) if b"kenari-1" in each]


@pytest.mark.parametrize("key", ["x", "kunci-dipakai-dua-kali"])
def test_a_key_that_cannot_be_used_never_reaches_the_authority(app, enter, keyed, monkeypatch, key):  # noqa: F811
    url = initialled(enter)
    head = Program(app, HEAD)
    frozen = head.act(url, "siapkan", Idempotency_Key="kunci-dipakai-dua-kali")["frozen"]
    called = type(app.registry.house.provider())
    monkeypatch.setattr(called, "sign", lambda *_a, **_k: pytest.fail("a signature that nothing can record"))
    head.act(url, "tanda_tangani", {"sidik": frozen, "frasa": PASSPHRASE}, 400, Idempotency_Key=key)
    assert head.get(f"{url}@@hasil-tanda-tangan")["attempt"] is None


def records(db):
    """What stands in the storage of this test, record by record."""
    return [record.data for change in db.storage.changes.iterator() for record in change if record.data]


class TestASecretDelivery:
    @pytest.fixture
    def form(self, enter, keyed, worker):  # noqa: ARG002, F811
        url = signed(enter, security="R")
        act(enter(CLERK), url, "kirim")
        worker()
        registrar = enter("agendaris.bpkad")
        page = registrar.get(registrar.get("/bpkad/kiriman/").html.select_one(".register td a")["href"])
        return registrar, form_with(page.click("Catat kiriman"), "sender")

    def test_is_not_registered_as_an_open_letter(self, form):
        _registrar, form = form
        form["security"] = "B"
        assert "tidak dapat diturunkan" in form.submit("diam", status=400)

    def test_and_not_made_one_later(self, form):
        registrar, form = form
        url = form.submit("diam", status=303).location.removesuffix("@@tercatat")
        later = form_with(registrar.get(url + "@@ubah"), "security")
        later["security"] = "T"
        assert "tidak dapat diturunkan" in later.submit("simpan", status=400)
        later["security"] = "SR"
        later.submit("simpan", status=303)


class TestWhatIsLeftBehind:
    def test_a_refused_act_leaves_no_number_without_a_line_in_the_history(self, app, enter, keyed, site):  # noqa: ARG002, F811
        url = initialled(enter)
        head = enter(HEAD)

        def refuses(*_facts):
            raise Invalid({"body": "Tidak dapat dicetak."})

        page = head.get(url)
        button = next(each for each in page.forms.values() if each.action.endswith("@@aksi/siapkan"))
        app.registry.house = replace(app.registry.house, renderers={"surat": refuses})
        assert button.submit(status="*").status_int == 400
        site._p_jar.sync()
        letter = find(site, url.removeprefix("http://localhost"))
        assert not letter.fields.get("number")
        assert letter.register is None

    def test_one_word_without_end_is_refused_before_it_spoils_every_page(self, app, site):
        values = {"kind": "surat-dinas", **OUTGOING, "body": "x" * 40_000, "signatory": position(site, HEAD)}
        told = Program(app, STAFF).post("/dinkes/surat-keluar/@@tambah", values, 400)
        assert "kata" in told["fields"]["body"]

    @pytest.mark.parametrize("body", ["x " * 4_000_000, {"v": 1, "blocks": [{"t": "p", "text": "x " * 4_000_000}]}])
    def test_a_text_of_many_megabytes_is_refused_unread(self, app, site, monkeypatch, body):
        monkeypatch.setattr(bodies, "_text_problems", lambda *_a, **_k: pytest.fail("looked at each letter"))
        values = {"kind": "surat-dinas", **OUTGOING, "body": body, "signatory": position(site, HEAD)}
        told = Program(app, STAFF).post("/dinkes/surat-keluar/@@tambah", values, 400)
        assert "terlalu panjang" in told["fields"]["body"]

    def test_forms_that_never_come_to_an_end_do_not_fill_the_disk(self, tmp_path):
        from intranet_surat.services.uploads import Upload as Accepted

        kept = KeptFiles(tmp_path, "ani")
        for at in range(60):
            source = tmp_path / "masuk"
            source.write_bytes(b"x")
            kept.keep(Accepted(source, f"{at:064x}", 1, "application/pdf", "a.pdf", 1))
        assert len([each for each in (tmp_path / "formulir" / "ani").iterdir() if not each.suffix]) <= 20
        assert kept.get(f"{59:064x}") is not None


def test_an_uploaded_name_is_text_wherever_it_is_shown(enter):
    name = 'a"><script>alert(1)</script>.pdf'
    browser = enter(REGISTRAR)
    form = form_with(browser.get(IN), "sender")
    for field, value in {**INCOMING, "subject": name}.items():
        form[field] = value
    form.set("berkas", Upload(name, pdf(), "text/html"), 0)
    url = form.submit("diam", status=303).location.removesuffix("@@tercatat")
    for where in (url, f"{url}@@riwayat", f"{url}@@tercatat", "/", "/dinkes/surat-masuk/"):
        assert "<script>alert" not in browser.get(where)
    file = browser.json(url).json["files"][0]["@id"]
    got = browser.get(file)
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert not set('<>"\r\n') & set(got.headers["Content-Disposition"])
    assert got.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize(
    "data", [b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<html><script>1</script>"]
)
def test_what_a_browser_would_run_is_not_taken_whatever_it_is_called(enter, data):
    for name in ("a.pdf", "a.png", "a.svg"):
        assert enter(REGISTRAR).send(IN, {**INCOMING, "pindai": Upload(name, data, "application/pdf")}, status=400)


class TestWhoBringsMuchWithoutASession:
    @pytest.fixture
    def parsed(self, monkeypatch):
        """How much there was in each form that was read."""
        found, real = [], request.cgi_FieldStorage

        def read(**told):
            found.append(int(told["environ"]["CONTENT_LENGTH"]))
            return real(**told)

        monkeypatch.setattr(request, "cgi_FieldStorage", read)
        return found

    def send(self, browser, url):
        values = {"subject": "Surat panjang", "berkas": Upload("besar.pdf", bytes(2 * 1024 * 1024))}
        return browser.test.post(url, values, headers=HERE, status="*")

    @pytest.mark.parametrize("url", [IN, "/dinkes/surat-masuk/2026/tidakada/@@ubah", "/tidak/ada/@@tambah", "/@@akun"])
    def test_nothing_of_it_is_read_whatever_stands_at_the_address(self, browser, parsed, url):
        assert self.send(browser, url).status_int == 303
        assert sum(parsed) == 0

    def test_at_the_door_itself_nothing_of_it_is_read_either(self, browser, parsed):
        assert self.send(browser, "/@@masuk").status_int == 400
        assert sum(parsed) == 0

    def test_who_was_in_before_still_finds_what_was_typed(self, enter, clock, parsed):
        browser = enter(REGISTRAR)
        clock.forward(minutes=45)
        page = self.send(browser, IN)
        assert (page.status_int, "Sesi Anda sudah berakhir" in page) == (401, True)
        assert max(parsed) > 2 * 1024 * 1024
        browser.test.set_cookie("surat_sesi", browser.test.cookies["surat_sesi"][:-1] + "x")
        assert self.send(browser, IN).status_int == 303, "a cookie that is not ours opens nothing"

    def test_a_small_form_is_carried_through_the_door(self, browser):
        page = browser.test.post(IN, {"subject": "Surat pendek"}, headers=HERE, status=401)
        assert "Yang Anda ketik belum hilang" in page
