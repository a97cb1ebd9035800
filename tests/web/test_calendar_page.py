"""The page of the working calendar: everybody reads it, one role changes it, and pages count by it at once."""

from __future__ import annotations

import pytest
from steps import fill, form_with

from intranet_surat.services import calendars

PAGE = "/@@kalender"
NEW = {"date": "10/12/2026", "name": "Hari jadi Kabupaten", "basis": "Keputusan Bupati", "why": "Perda hari jadi"}


@pytest.fixture
def keeper(enter, db):
    with db.transaction() as connection:
        site = connection.root()["intranet_surat"]
        post = next(each for each in site.positions.values() if calendars.KEEPER in each.roles)
        login = site.people[post.holders[0].person].login
    return enter(login)


def rows(page) -> list[str]:
    return [row.get_text(" ", strip=True) for row in page.html.select("table.register tbody tr")]


def add(browser, **changes):
    return fill(form_with(browser.get(PAGE), "date"), {**NEW, **changes}).submit(status="*")


def test_everybody_reads_the_days_of_a_year(enter):
    page = enter("agendaris.dinkes").get(PAGE)
    assert any("Natal" in row for row in rows(page))
    assert not page.html.select("form [name=date]")
    assert any("2027" in row for row in rows(enter("agendaris.dinkes").get(PAGE + "?tahun=2027")))


def test_programs_get_all_days(enter):
    answer = enter("agendaris.dinkes").json(PAGE).json
    assert {"date": "2026-12-25", "name": "Natal"}.items() <= next(
        each for each in answer["items"] if each["date"] == "2026-12-25"
    ).items()


def test_who_keeps_the_calendar_adds_a_day_and_takes_it_out_again(keeper):
    page = add(keeper).follow()
    assert any("Hari jadi Kabupaten" in row and "Kamis, 10 Desember 2026" in row for row in rows(page))
    assert "Perda hari jadi" in page.html.select_one("#versi").find_next("ul").get_text()
    gone = keeper.send(PAGE, {"hapus": "2026-12-10", "why": "Batal"}).follow()
    assert not any("Hari jadi" in row for row in rows(gone))
    assert "Batal" in gone.text


def test_a_month_of_shorter_hours_is_entered_at_once(keeper):
    more = {"until": "9/3/2027", "kind": "jam-kerja", "opens": "8.00", "closes": "15.00"}
    page = add(keeper, date="8/2/2027", name="Ramadan", **more).follow()
    assert sum("Ramadan" in row and "08.00 sampai 15.00" in row for row in rows(page)) == 21


def test_what_is_wrong_stands_at_its_field_with_what_was_typed(keeper):
    page = add(keeper, date="kapan-kapan")
    assert page.status_int == 400
    assert page.html.select_one("#date-e")
    assert page.html.select_one("#name")["value"] == "Hari jadi Kabupaten"
    for field, value in (("why", ""), ("name", ""), ("until", "1/1/2026"), ("kind", "jam-kerja")):
        wrong = add(keeper, **{field: value})
        assert wrong.status_int == 400, field
        assert wrong.html.select_one("p.error").get_text(), field
    assert keeper.send(PAGE, {"hapus": "besok", "why": "x"}, status=400)


def test_everything_wrong_with_a_day_is_told_at_once(keeper):
    page = add(keeper, date="kapan-kapan", until="besok", name="", why="", kind="jam-kerja")
    wrong = {each["id"].removesuffix("-e") for each in page.html.select("p.error[id]")}
    assert wrong == {"date", "until", "name", "why", "opens"}
    page = add(keeper, date="25/12/2026", name="", why="")
    assert {each["id"] for each in page.html.select("p.error[id]")} == {"date-e", "name-e", "why-e"}


def test_nobody_else_changes_it(enter, write):
    before = write(lambda site: site.reference["hari_libur"].version)
    for login in ("agendaris.dinkes", "kasubag-umum.dinkes"):
        assert enter(login).send(PAGE, NEW, status=403)
        assert enter(login).send(PAGE, {"hapus": "2026-12-25", "why": "x"}, status=403)
    assert write(lambda site: site.reference["hari_libur"].version) == before


def test_strangers_are_sent_to_the_door(browser):
    assert browser.get(PAGE, status=303).location.startswith("http://localhost/@@masuk")


def test_a_day_typed_when_the_session_ended_comes_back_and_is_not_added_yet(keeper, clock):
    form = fill(form_with(keeper.get(PAGE), "date"), NEW)
    clock.forward(minutes=45)
    page = form.submit(headers={"Origin": "http://localhost"}, status=401)
    assert "Yang Anda ketik belum hilang" in page


def test_taking_a_day_out_says_which_day_in_words(keeper):
    add(keeper)
    told = keeper.send(PAGE, {"hapus": "2026-12-10", "why": "Batal"}).follow()
    assert "Kamis, 10 Desember 2026 dihapus" in told


def test_a_day_without_its_date_is_asked_for_in_plain_words(keeper):
    assert "Tanggal belum diisi." in add(keeper, date="")
