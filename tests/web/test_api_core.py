"""The core of the JSON answers: which one is chosen, summaries, batches, words of dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pyramid.request import Request

from intranet_surat.web import api
from intranet_surat.web.layout import Batch
from intranet_surat.web.negotiation import wants_json
from intranet_surat.web.words import Words, number, size, working_days
from intranet_surat.workflow.sentences import joined

NOW = datetime(2026, 11, 20, 2, 42, tzinfo=UTC)  # Friday, 09.42 in Serang
WORDS = Words(NOW)


@pytest.mark.parametrize(
    ("accept", "json"),
    [
        (None, False),
        ("*/*", False),
        ("text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("application/json", True),
        ("application/json, text/html;q=0.5", True),
        ("application/json;q=0.1, text/html", False),
        ("image/png", False),
    ],
)
def test_json_is_for_those_who_prefer_it(accept, json):
    request = Request.blank("/", headers={"Accept": accept} if accept else {})
    assert wants_json(request) is json


def test_curl_gets_the_page_and_a_program_gets_json(enter):
    mine = enter("agendaris.dinkes")
    assert mine.get("/@@akun", headers={"Accept": "*/*"}).content_type == "text/html"
    assert mine.get("/@@akun", headers={"Accept": "application/json"}).content_type == "application/json"


def test_batching_names_only_neighbours_that_exist():
    first = api.batching(Batch(0, 20, 45, "http://x/y"))
    assert first == {
        "@id": "http://x/y",
        "first": "http://x/y",
        "last": "http://x/y?mulai=40",
        "next": "http://x/y?mulai=20",
    }
    middle = api.batching(Batch(20, 20, 45, "http://x/y", (("q", "a b"),)))
    assert middle["prev"] == "http://x/y?q=a+b"
    assert middle["next"] == "http://x/y?q=a+b&mulai=40"
    assert "next" not in api.batching(Batch(40, 20, 45, "http://x/y"))


def test_a_folder_that_fits_has_no_batching():
    found = api.folder("http://x/", "Register", "Register", [{"@id": "a"}], batch=Batch(0, 20, 1, "http://x/"))
    assert found == {
        "@id": "http://x/",
        "@type": "Register",
        "title": "Register",
        "items": [{"@id": "a"}],
        "items_total": 1,
    }


@pytest.mark.parametrize(
    ("due", "css", "text"),
    [
        (None, "none", "Tanpa batas"),
        (NOW - timedelta(hours=1), "late", "Lewat sejak 08.42"),
        (NOW - timedelta(days=1), "late", "Lewat 1 hari kerja"),
        (NOW - timedelta(days=9), "late", "Lewat 7 hari kerja"),
        (NOW + timedelta(hours=4), "soon", "Hari ini, 13.42"),
        (NOW + timedelta(days=3), "soon", "Senin, 23 Nov"),
        (NOW + timedelta(days=4), "ok", "Selasa, 24 Nov"),
        (NOW + timedelta(days=60), "ok", "19 Januari 2027"),
        ((NOW + timedelta(days=3)).isoformat(), "soon", "Senin, 23 Nov"),
    ],
)
def test_a_limit_in_words(due, css, text):
    assert (WORDS.due(due).css, WORDS.due(due).text) == (css, text)


def test_a_holiday_is_no_working_day():
    holiday = (NOW + timedelta(days=3)).date()
    words = Words(NOW, works=lambda day: day.weekday() < 5 and day != holiday)
    assert words.due(NOW + timedelta(days=4)).css == "soon"
    assert working_days(NOW.date(), (NOW + timedelta(days=4)).date(), words.works) == 1


def test_limits_late_by_years_are_counted_at_once():
    assert working_days(NOW.date() - timedelta(days=200_000), NOW.date()) > 100_000


def test_local_time_crosses_midnight():
    late = datetime(2026, 11, 19, 18, 30, tzinfo=UTC)
    assert WORDS.moment(late) == "Hari ini, 01.30"
    assert WORDS.moment_within(late) == "hari ini, 01.30"
    assert WORDS.moment_within(late - timedelta(days=3)) == WORDS.moment(late - timedelta(days=3))
    assert WORDS.full_moment(late) == "Jumat, 20 November 2026, 01.30 WIB"
    assert Words(NOW, "Asia/Jayapura").full_moment(late).endswith("03.30 WIT")


def test_groups_of_time():
    groups = [WORDS.group(each) for each in (None, NOW - timedelta(days=2), NOW, NOW + timedelta(days=7))]
    assert groups == ["Tanpa batas", "Sekarang", "Sekarang", "Minggu ini"]
    assert WORDS.group(NOW + timedelta(days=8)) == "Nanti"


def test_numbers_sizes_and_lists_in_words():
    assert (number(1284), number(3.14), number(1_000_000)) == ("1.284", "3,1", "1.000.000")
    assert (size(1), size(812_000), size(1_240_000), size(12_000_000)) == ("1 kB", "812 kB", "1,2 MB", "12 MB")
    assert (joined(["a"]), joined(["a", "b"]), joined(["a", "", "b", "c"])) == ("a", "a dan b", "a, b, dan c")
    assert WORDS.within(NOW) == "hari ini"
    assert WORDS.within(NOW - timedelta(days=2)) == "Rabu, 18 Nov"
