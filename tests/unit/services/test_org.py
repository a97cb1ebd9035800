"""The organisation as the engine asks for it, on the demo regency."""

from __future__ import annotations

from datetime import date

import pytest

from intranet_surat.demo.regency import person_id, position_id
from intranet_surat.resources import lists, mandates
from intranet_surat.resources.people import Holding, Position, Tie
from intranet_surat.services import calendars, importing, publishing
from intranet_surat.services.org import SiteOrg
from intranet_surat.workflow import standing

TODAY = date(2026, 11, 23)


@pytest.fixture
def org(site):
    return SiteOrg(site, TODAY)


def names(site, ids):
    return [f"{site.positions[each].code}@{site.positions[each].office}" for each in ids]


def test_a_role_is_asked_of_one_office_only(site, org):
    assert names(site, org.role("agendaris", "DINKES")) == ["agendaris@DINKES"]
    assert names(site, org.role("pemeriksa_basah", "DINKES")) == ["pemeriksa@DINKES"]
    assert org.role("agendaris", "TIDAK-ADA") == ()
    assert org.role("raja", "DINKES") == ()


@pytest.mark.parametrize(
    ("code", "office", "expected"),
    [
        ("sekretaris", "DINKES", ["sekretaris@DINKES"]),
        ("sekda", "SETDA", ["sekda@SETDA"]),
        ("sekda", "KDH", ["sekda@SETDA"]),  # below the head
        ("sekda", "DINKES", ["sekda@SETDA"]),  # above the head
        ("bupati", "DINKES", ["bupati@KDH"]),  # two above
        ("wakil", "KDH", ["wakil@KDH"]),
        ("sekretaris", "KDH", []),  # an ordinary post of another office is never found
        ("asisten-1", "KDH", []),
        ("sekda", "DESA-PEJATEN", []),  # nobody stands above a village head
        ("kepala", "TIDAK-ADA", []),
    ],
)
def test_a_post_is_looked_for_in_the_office_then_around_its_head(site, org, code, office, expected):
    assert names(site, org.post(code, office)) == expected


def test_superiors_lead_from_a_clerk_to_the_bupati(site, org):
    chain = [position_id("staf-kesmas", "DINKES")]
    while above := org.superior(chain[-1]):
        chain.append(above)
    assert names(site, chain) == [
        "staf-kesmas@DINKES",
        "kasi-kesmas@DINKES",
        "kabid-kesmas@DINKES",
        "kepala@DINKES",
        "sekda@SETDA",
        "bupati@KDH",
    ]


def test_staff_of_a_head_is_the_whole_office_nearest_first(site, org):
    found = names(site, org.staff(position_id("kepala", "DINKES")))
    assert found[:4] == ["sekretaris@DINKES", "kabid-kesmas@DINKES", "kabid-p2p@DINKES", "kabid-yankes@DINKES"]
    assert len(found) == len(set(found)) == len(org.positions_of("DINKES")) - 1
    assert {each.partition("@")[2] for each in found} == {"DINKES"}


def test_staff_in_other_offices_is_heads_only_and_villages_never(site, org):
    found = names(site, org.staff(position_id("bupati", "KDH")))
    assert found == ["wakil@KDH", "sekda@SETDA", "kepala@DINKES", "kepala@BPKAD", "camat@KRAMATWATU"]
    below = names(site, org.staff(position_id("sekda", "SETDA")))
    assert "asisten-1@SETDA" in below
    assert "kepala@DINKES" in below
    assert "sekretaris@DINKES" not in below


def test_a_village_head_tied_under_the_camat_is_still_nobodys_staff(site):
    kades = site.positions[position_id("kades", "DESA-PEJATEN")]
    site.positions.tie(kades, Tie(position_id("camat", "KRAMATWATU"), date(2026, 1, 1)))
    found = SiteOrg(site, TODAY).staff(position_id("camat", "KRAMATWATU"))
    assert kades.id not in found


def test_a_circle_of_superiors_ends(site):
    head = site.positions[position_id("bupati", "KDH")]
    site.positions.tie(head, Tie(position_id("sekda", "SETDA"), date(2026, 1, 1)))
    org = SiteOrg(site, TODAY)
    assert head.id not in org.staff(head.id)
    assert org.post("tidak-ada", "DINKES") == ()


def test_yesterdays_holder_is_not_todays(site):
    head = site.positions[position_id("kepala", "DINKES")]
    old, new = person_id("kepala.dinkes"), person_id("sekretaris.dinkes")
    head.holders = (Holding(old, date(2025, 1, 6), TODAY),)
    site.positions.hold(head, Holding(new, TODAY, capacity="Plt."))
    assert SiteOrg(site, date(2026, 11, 22)).persons(head.id) == (old,)
    assert SiteOrg(site, TODAY).persons(head.id) == (new,)


def test_held_positions_come_oldest_first(site):
    person = person_id("sekretaris.dinkes")
    extra = position_id("kabid-p2p", "DINKES")
    site.positions.hold(site.positions[extra], Holding(person, date(2026, 3, 1), capacity="Plt."))
    org = SiteOrg(site, TODAY)
    assert org.held_by(person) == (position_id("sekretaris", "DINKES"), extra)
    assert SiteOrg(site, date(2026, 2, 1)).held_by(person) == (position_id("sekretaris", "DINKES"),)


def test_unknown_names_give_empty_answers(org):
    assert org.superior("tidak-ada") is None
    assert org.staff("tidak-ada") == ()
    assert org.persons("tidak-ada") == ()
    assert org.office_of("tidak-ada") is None
    assert org.title("tidak-ada") == ""
    assert org.head("TIDAK-ADA") is None
    assert org.held_by("tidak-ada") == ()


def test_a_vacant_post_is_still_part_of_the_staff(site):
    vacant = Position(
        id="kosong", code="staf-kosong", title="Kosong", office="DINKES",
        superiors=(Tie(position_id("sekretaris", "DINKES"), date(2026, 1, 1)),),
    )  # fmt: skip
    site.positions["kosong"] = vacant
    org = SiteOrg(site, TODAY)
    assert "kosong" in org.staff(position_id("kepala", "DINKES"))
    assert org.persons("kosong") == ()


def test_rooms_that_do_not_know_each_other_say_the_same_words():
    """What is stored and what is decided may not import each other, and speak of the same levels, forms and roles."""
    assert tuple(standing.LEVELS) == lists.LEVELS
    assert mandates.ON_BEHALF == standing.ON_BEHALF
    assert publishing.ROLES | {calendars.KEEPER} <= set(importing.ROLES)
