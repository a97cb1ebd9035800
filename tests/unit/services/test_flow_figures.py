"""Live figures on a flow's picture: they count what runs, and tell nothing about secrets or about few."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intranet_surat.services import flow_figures
from intranet_surat.services.itemview import flow_of

DINKES = "agendaris.dinkes"


@pytest.fixture
def letters(desk):
    """Three open letters in BPKAD, one of them with the head and one with a disposition; one secret."""
    first = desk.register("agendaris.bpkad", "BPKAD")
    desk.register("agendaris.bpkad", "BPKAD")
    desk.register("agendaris.bpkad", "BPKAD", security="R")
    third = desk.register("agendaris.bpkad", "BPKAD")
    desk.clock.forward(hours=2)
    desk.act("agendaris.bpkad", first, "naikkan")
    desk.act("agendaris.bpkad", third, "naikkan")
    return first, third


def figures(desk, letters, login, **more):
    flow = flow_of(desk.house, desk.site, letters[0])
    return flow_figures.figures(desk.house, desk.site, flow, desk.as_(login), desk.now, **more)


def test_letters_are_counted_by_state_without_the_secret_ones(desk, letters):
    found = figures(desk, letters, "agendaris.bpkad", office="BPKAD")
    assert found.counts == {"dicatat": 1, "menunggu_disposisi": 2}


def test_a_disposition_is_counted_in_its_track(desk, letters):
    desk.act(
        "kepala.bpkad", letters[0], "disposisi", {"kepada": [desk.post("sekretaris.bpkad")], "instruksi": ["pelajari"]}
    )
    found = figures(desk, letters, "agendaris.bpkad", office="BPKAD")
    assert found.counts == {"dicatat": 1, "menunggu_disposisi": 1, "didisposisi": 1, "disposisi.diterima": 1}


def test_few_letters_of_another_office_are_not_told(desk, letters):
    assert figures(desk, letters, DINKES, office="BPKAD").counts == {"dicatat": "<5", "menunggu_disposisi": "<5"}
    for _ in range(4):
        desk.register("agendaris.bpkad", "BPKAD")
    assert figures(desk, letters, DINKES, office="BPKAD").counts["dicatat"] == 5


def test_few_letters_of_an_office_are_not_the_difference_of_two_drawings(desk, letters):
    """Whoever takes his own and a third office's letters from all would be left with those of BPKAD."""
    for _ in range(5):
        desk.register("agendaris.kramatwatu", "KRAMATWATU")
    desk.register(DINKES, "DINKES")
    known = figures(desk, letters, DINKES, office="KRAMATWATU").counts["dicatat"]
    assert known == 5
    assert figures(desk, letters, DINKES).counts["dicatat"] in (f"{known} dan <5", f"{known + 1} dan <5")


def test_the_median_is_office_time_between_entering_and_leaving(desk, letters):
    found = figures(desk, letters, "agendaris.bpkad", office="BPKAD")
    assert found.medians == {"dicatat": timedelta(hours=2)}


def test_a_median_of_few_letters_of_another_office_is_not_told(desk, letters):
    assert figures(desk, letters, DINKES, office="BPKAD").medians == {}


def test_secret_letters_count_neither_here_nor_in_the_medians(desk):
    letter = desk.register("agendaris.bpkad", "BPKAD", security="SR")
    desk.clock.forward(hours=1)
    desk.act("agendaris.bpkad", letter, "naikkan")
    found = figures(desk, (letter,), "agendaris.bpkad", office="BPKAD")
    assert (found.counts, found.medians) == ({}, {})


def test_a_stay_of_a_disposition_begins_with_the_act_that_made_it(desk, letters):
    where = {"kepada": [desk.post("sekretaris.bpkad")], "instruksi": ["pelajari"]}
    desk.act("kepala.bpkad", letters[0], "disposisi", where)
    began = desk.now
    desk.clock.forward(hours=3)
    (item,) = desk.items(letters[0]).values()
    desk.act("sekretaris.bpkad", item, "selesaikan", {"isi": "Sudah dipelajari"})
    stays = {spot: (since, until) for spot, since, until in flow_figures.passages(letters[0])}
    assert stays["disposisi.diterima"] == (began, desk.now)
