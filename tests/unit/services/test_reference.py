"""The shipped tables and the look-ups in them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from intranet_surat.services import reference, tables


@pytest.fixture(scope="module")
def shipped():
    return reference.shipped()


def test_all_classification_codes_are_there_as_text(shipped):
    assert len(shipped.classifications) == 2982
    assert shipped.classification("000").name == "Umum"
    assert shipped.classification("0") is None
    assert shipped.classification("000.1.2").parent == "000.1"
    assert not shipped.classification("000").leaf


def test_every_parent_of_a_code_exists(shipped):
    orphans = [
        each.code
        for each in shipped.classifications.values()
        if each.parent and not shipped.classification(each.parent)
    ]
    assert orphans == []


def test_codes_are_found_by_their_beginning_and_by_words(shipped):
    assert shipped.find_classification("000.1.2")[0].code == "000.1.2"
    assert "000.1.2" in [each.code for each in shipped.find_classification("dalam perjalanan NEGERI", limit=50)]
    assert shipped.find_classification("  ") == []
    assert len(shipped.find_classification("0", limit=7)) == 7


@pytest.mark.parametrize(
    ("code", "rule"),
    [("000.1.2.1", "000.1.2.1"), ("000.1.2.2", "000.1.2"), ("000.1.9.9", "000.1"), ("000.10", None), ("999", None)],
)
def test_retention_is_the_codes_own_or_the_nearest_above(shipped, code, rule):
    found = shipped.retention(code)
    assert (found.code if found else None) == rule


def test_a_rule_can_be_kept_with_its_version(shipped):
    snapshot = shipped.retention("000.1.2.1").snapshot()
    assert snapshot["fate"] == "permanen"
    assert (snapshot["active_years"], snapshot["inactive_years"]) == (2, 3)
    assert snapshot["version"] == shipped.tables["jra"].version


def test_instructions_make_a_vocabulary(shipped):
    words = shipped.vocabularies()["instruksi-disposisi"]
    assert len(words) == 28
    assert words["tindak-lanjuti"] == "Tindak lanjuti"


def test_the_working_calendar_knows_weekends_and_holidays(shipped):
    zone = ZoneInfo("Asia/Jakarta")
    calendar = shipped.calendars()[reference.CALENDAR]
    before_christmas = datetime(2026, 12, 23, 10, 0, tzinfo=zone)  # Thursday and Friday off, then the weekend
    assert calendar.after(before_christmas, 1, "working days").astimezone(zone) == datetime(
        2026, 12, 28, 16, 0, tzinfo=zone
    )


def test_holidays_are_marked_as_demo_data_and_stand_once(shipped):
    rows = list(shipped.tables["hari_libur"])
    assert {row["basis"] for row in rows} == {"demo", "perkiraan"}
    assert len({row["date"] for row in rows}) == len(rows)
    assert shipped.holidays[date(2026, 8, 17)] == "Proklamasi Kemerdekaan"


def test_tables_are_stored_with_their_version_and_read_back(site, clock):
    before = reference.shipped()
    assert before.store(site, clock()) == []  # the demo regency has them
    again = reference.stored(site)
    assert again.tables == before.tables


def test_a_new_version_keeps_the_old_one_readable(site, clock):
    old = reference.shipped().tables["jra"]
    new = tables.read_table(
        "jra",
        b"code,name_id,trigger,active_years,inactive_years,fate,exception,basis\n000,Umum,dibuat,1,1,musnah,,demo\n",
    )
    assert reference.Reference([new]).store(site, clock() + timedelta(days=1)) == ["jra"]
    assert site.reference["jra"].version == new.version
    assert len(site.reference[f"jra@{old.version}"].rows) == 52
    assert reference.stored(site).retention("000.1.2").active_years == 1


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "jra: the table is empty"),
        (b"a,b\n1,2\n1,2,3\n", "jra:3: expected 2 columns (a, b), found 3"),
    ],
)
def test_a_broken_table_is_named_with_its_line(data, says):
    with pytest.raises(ValueError, match=r"^jra") as refused:
        tables.read_table("jra", data)
    assert says in str(refused.value)
