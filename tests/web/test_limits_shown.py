"""What a letter's page, its history and the lists tell of limits: reminders, escalations, a clock that stands still."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from steps import act, register

import limit_cases
from intranet_surat.services import calendars, work
from intranet_surat.services.calendars import Day, Edit
from intranet_surat.services.flows import FlowShelf
from intranet_surat.workflow.loader import load

LIMIT = "deadline: {within: 1 working day, remind: [{who: agendaris, at: due}]}"
PAUSED = """deadline:
      within: 1 working day
      remind: [{who: agendaris, at: due}]
      escalate: {after: 1 working day, to: sekretaris, do: notify}
      paused_while: letter.notes is tunda"""
ACTS = """actions:
      tunda: {title: Tunda, by: agendaris, do: [{set: {notes: tunda}}]}
      lanjut: {title: Lanjutkan, by: agendaris, do: [{set: {notes: lengkap}}]}
"""
assert LIMIT in limit_cases.FLOW
FLOW = limit_cases.FLOW.replace(LIMIT, PAUSED, 1).replace("actions:\n", ACTS, 1)


@pytest.fixture
def clerk(app, enter):
    app.registry.house = replace(app.registry.house, flows=FlowShelf([(None, load(FLOW, "uji_batas.yaml"))]))
    return enter("agendaris.dinkes")


@pytest.fixture
def until(app, db, clock, enter):
    """It becomes this instant (UTC) and the worker does what is due; a browser of who comes in then."""

    def until(when: str, login: str = "agendaris.dinkes"):
        clock.now = datetime.fromisoformat(when).replace(tzinfo=UTC)
        work.run_due(app.registry.house, db, clock.now)
        return enter(login)

    return until


def head(browser, url) -> str:
    return browser.get(url).html.select_one(".letter-head").get_text(" ", strip=True)


def rows(browser, url) -> list[str]:
    return [row.get_text(" ", strip=True) for row in browser.get(url + "@@riwayat").html.select("tbody tr")]


def test_a_late_letter_says_who_was_told_and_when(clerk, until):
    url = register(clerk)
    told = until("2026-11-25 09:01")
    assert "Sekretaris Dinas Kesehatan diberi tahu 25 Nov, 16.01." in head(told, url)
    assert "Sekretaris Dinas Kesehatan diberi tahu" in head(until("2026-11-26 02:00", "sekretaris.dinkes"), url)


def test_a_limit_that_has_passed_is_not_told_as_one_to_come(clerk, until):
    url = register(clerk)
    told = until("2026-11-25 09:01", "sekretaris.dinkes").get(url)
    assert "Karena batas lewat, Sekretaris Dinas Kesehatan diberi tahu" in told
    assert "paling lambat berubah" not in told


def test_what_time_did_stands_in_the_history_in_words(clerk, until):
    url = register(clerk)
    found = rows(until("2026-11-25 09:01"), url)
    begun = next(each for each in found if "Batas: sampai" in each)
    reminded, escalated = (each for each in found if "Sistem" in each)
    assert "Batas: sampai 24 November 2026, 16.00. 1 hari kerja sejak surat sampai di sini." in begun
    assert "Pengingat Sistem" in reminded
    assert "Diberi tahu: Agendaris Dinkes" in reminded
    assert "Eskalasi Sistem" in escalated
    assert "Diberi tahu: Sekretaris Dinas Kesehatan" in escalated


def test_a_clock_that_stands_still_says_since_when_and_while_what(clerk, until):
    url = register(clerk)
    act(clerk, url, "tunda", status=303)
    said = head(clerk, url)
    assert "Batas berhenti sejak hari ini, 09.00, selama" in said
    assert "Lewat" not in head(until("2026-11-26 02:00"), url)
    later = until("2026-11-26 02:00")
    assert "Batas berhenti" in later.get("/").text
    act(later, url, "lanjut", status=303)
    assert "Batas berhenti" not in head(later, url)
    moved = [each for each in rows(later, url) if "Batas berubah" in each]
    assert ["tidak berjalan. Batas berhenti." in each for each in moved] == [True, False]
    assert "sampai 27 November 2026, 16.00. Batas berjalan lagi." in moved[1]


def test_pages_count_working_days_by_the_calendar_of_today(clerk, until, write):
    url = register(clerk)
    before = head(until("2026-11-27 02:00"), url)
    assert "Lewat 3 hari kerja" in before
    write(
        lambda site: calendars.change(
            site, [Edit("add", Day(date(2026, 11, 26), "Hari jadi", "libur-daerah"))], "Perda", None,
            datetime(2026, 11, 27, 2, tzinfo=UTC),
        )
    )  # fmt: skip
    assert "Lewat 2 hari kerja" in head(until("2026-11-27 02:00"), url)
