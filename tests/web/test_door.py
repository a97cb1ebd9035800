"""Coming in and going out."""

from __future__ import annotations

import pytest

LOGIN = "agendaris.dinkes"


def test_the_front_page_answers_without_log_in(browser):
    page = browser.get("/", status=200)
    assert "Kata sandi" in page.text
    assert "Pemerintah Kabupaten Serang" in page.text


def test_who_comes_in_stands_at_his_desk(browser):
    page = browser.come_in(LOGIN, status=303).follow(status=200)
    assert "menunggu" in page.text
    assert "Dinas Kesehatan" in page.text


def test_a_wrong_password_keeps_the_name_and_tells_neither_which_was_wrong(browser):
    page = browser.come_in(LOGIN, "bukan-sandinya", status=401)
    unknown = browser.come_in("tidak.ada", "bukan-sandinya", status=401)
    assert 'value="agendaris.dinkes"' in page.text
    assert "bukan-sandinya" not in page.text
    assert "tidak cocok" in page.text
    assert page.text.count("tidak cocok") == unknown.text.count("tidak cocok")


def test_after_many_guesses_the_door_asks_to_wait(browser):
    for _ in range(6):
        browser.come_in(LOGIN, "salah", status="*")
    assert browser.come_in(LOGIN, "salah", status="*").status_int == 429


def test_a_page_that_needs_log_in_leads_to_the_door_and_back(browser):
    door = browser.get("/@@cari?q=tanggul", status=303).follow(status=200)
    form = door.forms[0]
    form["nama"], form["sandi"] = LOGIN, "serang-uji-coba"
    answer = form.submit(status=303)
    assert answer.location == "http://localhost/@@cari?q=tanggul"


@pytest.mark.parametrize(
    "way",
    [
        "https://jahat.example/",
        "//jahat.example",
        "/\\jahat.example",
        "javascript:alert(1)",
        "/@@keluar",
        "/a b",
        "/\tx",
    ],
)
def test_the_way_back_never_leaves_the_site(browser, way):
    form = browser.get("/@@masuk", {"kembali": way}).forms[0]
    form["nama"], form["sandi"] = LOGIN, "serang-uji-coba"
    assert form.submit(status=303).location == "http://localhost/"


def test_a_new_session_at_each_log_in(browser):
    browser.come_in(LOGIN)
    first = browser.cookies["surat_sesi"]
    browser.send("/@@keluar")
    browser.come_in(LOGIN)
    assert browser.cookies["surat_sesi"].split(".")[0] != first.split(".")[0]


def test_after_log_out_the_old_cookie_opens_nothing(enter, app):
    mine = enter(LOGIN)
    stolen = mine.cookies["surat_sesi"]
    answer = mine.send("/@@keluar", status=303)
    assert "cache" in answer.headers["Clear-Site-Data"]
    mine.test.set_cookie("surat_sesi", stolen)
    mine.get("/@@akun", status=303)


def test_the_session_ends_after_half_an_hour_without_a_request(enter, clock):
    mine = enter(LOGIN)
    for _ in range(3):
        clock.forward(minutes=29)
        mine.get("/@@akun", status=200)
    clock.forward(minutes=31)
    mine.get("/@@akun", status=303)


def test_the_session_ends_after_twelve_hours_whatever_one_does(enter, clock):
    mine = enter(LOGIN)
    for _ in range(25):
        clock.forward(minutes=28)
        mine.get("/@@akun", status=200)
    clock.forward(minutes=21)
    mine.get("/@@akun", status=303)


def test_a_changed_cookie_is_no_session(enter):
    mine = enter(LOGIN)
    value = mine.cookies["surat_sesi"]
    mine.test.set_cookie("surat_sesi", value[:-2] + ("AA" if value[-2:] != "AA" else "BB"))
    mine.get("/@@akun", status=303)


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser):
    answer = browser.come_in(LOGIN)
    cookie = next(each for each in answer.headers.getall("Set-Cookie") if each.startswith("surat_sesi="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_https_the_cookie_is_tied_to_its_host(app):
    from webtest import TestApp

    test = TestApp(app, extra_environ={"wsgi.url_scheme": "https", "HTTP_HOST": "surat.example:443"})
    cookies = test.get("/").headers.getall("Set-Cookie")
    assert any(each.startswith("__Host-surat_pintu=") and "secure" in each.lower() for each in cookies)


def test_one_person_with_several_posts_changes_his_seat(enter, write):
    from datetime import date

    from intranet_surat.resources.people import Holding

    def give_second_post(site):
        person = next(each for each in site.people.values() if each.login == LOGIN)
        other = next(each for each in site.positions.of_office("DINKES") if each.code == "arsiparis")
        site.positions.hold(other, Holding(person.id, date(2026, 1, 1)))
        return other.id, other.title

    position, title = write(give_second_post)
    mine = enter(LOGIN)
    assert title in mine.get("/").text
    page = mine.send("/@@jabatan", {"jabatan": position}, status=303).follow()
    assert f"bekerja sebagai {title}" in page.text
    assert "bekerja sebagai" not in mine.get("/").text


def test_nobody_takes_a_seat_that_is_not_his(enter, write):
    bupati = write(lambda site: site.office("KDH").head)
    enter(LOGIN).send("/@@jabatan", {"jabatan": bupati}, status=400)


def test_the_account_page_ends_a_session_elsewhere(enter):
    here, there = enter(LOGIN), enter(LOGIN)
    page = here.get("/@@akun")
    mark = page.text.split('name="sesi" value="', 1)[1].split('"', 1)[0]
    here.send("/@@akhiri-sesi", {"sesi": mark}, status=303)
    there.get("/@@akun", status=303)
    here.get("/@@akun", status=200)
