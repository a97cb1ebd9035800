from __future__ import annotations

from datetime import date

import pytest

from intranet_surat.resources.people import Holding, People, Person, Position, Positions, Tie

JANUARY, JUNE, JULY = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)


@pytest.fixture
def positions():
    found = Positions()
    found["head"] = Position(id="head", code="kepala", office="DINKES")
    found["sek"] = Position(
        id="sek",
        code="sekretaris",
        office="DINKES",
        superiors=(Tie("head", JANUARY),),
        holders=(Holding("ani", JANUARY, JULY), Holding("budi", JULY, None, "Plt.")),
    )
    return found


def test_a_holding_ends_before_its_last_date(positions):
    assert positions["sek"].holder_ids(JUNE) == ("ani",)
    assert positions["sek"].holder_ids(JULY) == ("budi",)
    assert positions["sek"].holder_ids(date(2025, 12, 31)) == ()
    assert [each.capacity for each in positions["sek"].holdings(JULY)] == ["Plt."]


def test_a_superior_is_asked_for_a_day(positions):
    assert positions["sek"].superior(JUNE) == "head"
    assert positions["sek"].superior(date(2025, 12, 31)) is None
    assert positions["head"].superior(JUNE) is None


def test_a_new_tie_ends_the_old_one_and_both_are_remembered(positions):
    positions["wakil"] = Position(id="wakil", office="DINKES")
    positions.tie(positions["sek"], Tie("wakil", JULY))
    assert positions["sek"].superior(JUNE) == "head"
    assert positions["sek"].superior(JULY) == "wakil"
    assert [each.id for each in positions.under("head", JUNE)] == ["sek"]
    assert positions.under("head", JULY) == ()
    assert [each.id for each in positions.under("wakil", JULY)] == ["sek"]


def test_the_positions_of_a_person_follow_the_day(positions):
    assert [each.id for each in positions.held_by("ani", JUNE)] == ["sek"]
    assert positions.held_by("ani", JULY) == ()
    positions.hold(positions["head"], Holding("ani", JULY))
    assert [each.id for each in positions.held_by("ani", JULY)] == ["head"]


def test_positions_of_an_office_come_in_the_order_in_which_they_were_made(positions):
    assert [each.id for each in positions.of_office("DINKES")] == ["head", "sek"]
    assert positions.of_office("KDH") == ()


def test_positions_assigned_by_hand_are_found_after_reindex(positions):
    positions["head"].holders = (Holding("citra", JANUARY),)
    assert positions.held_by("citra", JUNE) == ()
    positions.reindex(positions["head"])
    assert [each.id for each in positions.held_by("citra", JUNE)] == ["head"]


def test_a_person_is_found_by_log_in_which_nobody_else_gets():
    people = People()
    people["p1"] = ani = Person(id="p1", login="ani")
    people["p2"] = Person(id="p2")
    people["p3"] = Person(id="p3")
    assert people.login("ani") is ani
    assert people.login("") is None
    with pytest.raises(KeyError, match="ani"):
        people["p4"] = Person(id="p4", login="ani")
