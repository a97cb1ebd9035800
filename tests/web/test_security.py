"""Who may: the form token, bearer tokens, and the one answer for what may not be known."""

from __future__ import annotations

from datetime import date

import pytest

LOGIN = "agendaris.dinkes"
JSON = {"Accept": "application/json"}
POSTS = ["/@@masuk", "/@@keluar", "/@@jabatan", "/@@akhiri-sesi"]


@pytest.mark.parametrize("url", POSTS)
def test_a_form_without_its_token_changes_nothing(enter, db, url):
    mine = enter(LOGIN)
    before = db.lastTransaction()
    answer = mine.post(url, {"nama": LOGIN, "sandi": "serang-uji-coba"}, status=400)
    assert "Formulir ini sudah kedaluwarsa" in answer.text
    assert db.lastTransaction() == before


def test_a_token_of_another_session_does_not_fit(enter):
    other = enter("agendaris.bpkad").token()
    enter(LOGIN).post("/@@keluar", {"csrf_token": other}, status=400)


def test_a_token_of_the_door_does_not_fit_inside(browser):
    at_the_door = browser.token()
    browser.come_in(LOGIN)
    browser.post("/@@keluar", {"csrf_token": at_the_door}, status=400)


OPEN = {"", "masuk", "v"}
"""The views that answer without log-in: the first page, the door, the check of a printed letter."""


def test_every_view_of_ours_says_who_may_see_it(wsgi):
    from pyramid.security import NO_PERMISSION_REQUIRED

    silent, open_to_all = set(), set()
    for each in wsgi.registry.introspector.get_category("views"):
        view = each["introspectable"]
        function = view["callable"]
        if not getattr(function, "__module__", "").startswith("intranet_surat") or view.get("exception_only"):
            continue
        said = {one["value"] for one in each["related"] if one.category_name == "permissions"}
        if not said:
            silent.add(f"{function.__module__}.{function.__name__}")
        if NO_PERMISSION_REQUIRED in said:
            open_to_all.add(view["name"])
    assert {each for each in silent if not each.startswith("intranet_surat.web.views.errors.")} == set()
    assert open_to_all <= OPEN


def token(browser, login=LOGIN):
    return browser.post_json("/@@masuk", {"nama": login, "sandi": "serang-uji-coba"}, headers=JSON, status=201).json


def test_a_bearer_token_opens_the_same_pages_without_a_form_token(browser, app):
    from webtest import TestApp

    given = token(browser)
    assert set(given) == {"token", "until"}
    assert "surat_sesi" not in browser.cookies
    program = TestApp(app)
    program.authorization = ("Bearer", given["token"])
    assert program.get("/@@akun", headers=JSON).json["title"]
    program.post("/@@keluar", headers=JSON, status=200)
    program.get("/@@akun", headers=JSON, status=401)


def test_a_token_is_no_cookie_and_a_cookie_no_token(enter, browser, app):
    from webtest import TestApp

    program = TestApp(app)
    program.authorization = ("Bearer", enter(LOGIN).cookies["surat_sesi"])
    program.get("/@@akun", headers=JSON, status=401)
    program.authorization = ("Bearer", "x" * 43)
    program.get("/@@akun", headers=JSON, status=401)


def test_a_wrong_log_in_by_json_is_401_with_a_sentence(browser):
    answer = browser.post_json("/@@masuk", {"nama": LOGIN, "sandi": "salah"}, headers=JSON, status=401)
    assert answer.json["type"] == "tidak-cocok"
    assert "tidak cocok" in answer.json["message"]


def test_a_log_in_by_json_says_what_is_missing(browser):
    answer = browser.post_json("/@@masuk", {"nama": 5}, headers=JSON, status=400)
    assert set(answer.json["fields"]) == {"nama", "sandi"}
    assert browser.post("/@@masuk", "{", headers=JSON, content_type="application/json", status=400).json["message"]


def test_a_position_that_ended_yesterday_opens_nothing_today(enter, write):
    mine = enter(LOGIN)
    mine.get("/@@akun", status=200)

    def end(site):
        from dataclasses import replace

        person = next(each for each in site.people.values() if each.login == LOGIN)
        for position in site.positions.held_by(person.id, date(2026, 11, 23)):
            position.holders = tuple(replace(each, until=date(2026, 11, 23)) for each in position.holders)

    write(end)
    mine.get("/@@akun", status=303)


def test_a_person_who_left_is_out_at_once(enter, write):
    mine = enter(LOGIN)

    def leave(site):
        next(each for each in site.people.values() if each.login == LOGIN).active = False

    write(leave)
    mine.get("/@@akun", status=303)


@pytest.fixture
def letter(app, db, clock):
    """The path of a real incoming letter of the health office, made by its registrar."""
    import transaction

    from intranet_surat.services import letters
    from intranet_surat.services.reader import Reader

    manager = transaction.TransactionManager(explicit=True)
    connection = db.open(manager)
    manager.begin()
    site = connection.root()["intranet_surat"]
    person = next(each for each in site.people.values() if each.login == LOGIN)
    position = site.positions.held_by(person.id, clock().date())[0]
    fields = {
        "subject": "Kenari biru",
        "security": "B",
        "urgency": "biasa",
        "classification": "400.7",
        "letter_date": "2026-11-20",
        "sender": "Kecamatan Kramatwatu",
        "sender_number": "400.7/1/2026",
        "received_at": clock().isoformat(),
        "addressee": site.office("DINKES").head,
    }
    reader = Reader(person.id, (position.id,), position.id)
    made = letters.create(
        app.registry.house,
        manager,
        site,
        site.office("DINKES"),
        "masuk",
        "surat-masuk",
        fields,
        reader,
        clock(),
        key="kunci-percobaan-0001",
    )
    path = f"/dinkes/surat-masuk/2026/{made.id}"
    manager.commit()
    connection.close()
    return path


OUTSIDER = "kepala.bpkad"
MISSING = "/dinkes/surat-masuk/2026/aaaaaaaaaaaaaaaa"


@pytest.mark.parametrize("after", ["", "/", "/@@riwayat", "/@@berkas", "/@@aksi/naikkan", "/d-1", "/@@tidak-ada"])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_stranger_gets_one_answer_for_a_letter_and_for_none(enter, letter, after, accept):
    mine = enter(OUTSIDER)
    found = mine.get(letter + after, headers={"Accept": accept}, status=404)
    missing = mine.get(MISSING + after, headers={"Accept": accept}, status=404)
    assert same(found) == same(missing)
    assert "Kenari" not in found.text


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_strangers_post_gets_one_answer_too(enter, letter, accept):
    mine = enter(OUTSIDER)
    for values in ({}, {"csrf_token": mine.token()}):
        found = mine.post(letter + "/@@aksi/naikkan", values, headers={"Accept": accept}, status=404)
        missing = mine.post(MISSING + "/@@aksi/naikkan", values, headers={"Accept": accept}, status=404)
        assert same(found) == same(missing)


def test_at_the_door_both_lead_to_the_log_in(browser, letter):
    found, missing = browser.get(letter, status=303), browser.get(MISSING, status=303)
    assert found.location.replace(letter.rpartition("/")[2], "") == missing.location.replace("a" * 16, "")
    assert same(browser.json(letter, status=401)) == same(browser.json(MISSING, status=401))


def test_the_registrar_himself_sees_it(enter, letter):
    mine = enter(LOGIN)
    assert "Kenari biru" in mine.get(letter + "/", status=200).text
    assert mine.json(letter + "/").json["title"] == "Kenari biru"
    mine.get(letter + "/@@tidak-ada", status=404)


def same(answer):
    return answer.status_int, answer.body, sorted(each for each in answer.headerlist if each[0] != "Date")
