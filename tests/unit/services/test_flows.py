"""The shelf: which flow a letter takes, and the text that it keeps."""

from __future__ import annotations

import dataclasses

import pytest

from intranet_surat.errors import SuratError
from intranet_surat.resources.letter import FlowRef
from intranet_surat.services.flows import FlowMismatch, FlowShelf


def other_text(flow):
    """The same id and version with another text, as after an edit that forgot to raise the version."""
    return dataclasses.replace(flow, text=flow.text + "# diubah\n", hash="0" * 64)


def test_an_offices_own_file_goes_before_the_regencys(desk):
    assert desk.house.flows.choose(desk.site, "DINKES", "masuk", "surat-masuk").id == "surat-masuk-dinkes"
    assert desk.house.flows.choose(desk.site, "SETDA", "masuk", "surat-masuk").id == "surat-masuk"


def test_a_flow_that_names_the_kind_goes_before_one_for_the_direction(desk):
    assert desk.house.flows.choose(desk.site, "SETDA", "keluar", "nota-dinas").id == "nota-dinas"


def test_a_kind_without_flow_is_told_with_its_name(desk):
    with pytest.raises(SuratError, match="notula"):
        desk.house.flows.choose(desk.site, "SETDA", "keluar", "notula")


def test_the_text_of_a_used_flow_stands_in_the_database_under_its_hash(desk):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    stored = desk.site.flow_texts[letter.flow.hash]
    assert (stored.id, stored.version) == ("surat-masuk", letter.flow.version)
    assert (
        FlowShelf([]).of(desk.site, letter.flow).states.keys()
        == desk.house.flows.of(desk.site, letter.flow).states.keys()
    )


def test_two_texts_of_one_version_do_not_stand_on_one_shelf(desk):
    flow = desk.house.flows.choose(desk.site, "SETDA", "masuk", "surat-masuk")
    with pytest.raises(FlowMismatch, match="Naikkan versi"):
        FlowShelf([(None, flow), ("SETDA", other_text(flow))])


def test_start_up_refuses_a_changed_text_with_an_old_version_and_names_both_hashes(desk):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    flow = desk.house.flows.of(desk.site, letter.flow)
    with pytest.raises(FlowMismatch) as caught:
        FlowShelf([(None, other_text(flow))]).verify(desk.site)
    assert flow.hash in caught.value.message
    assert "0" * 64 in caught.value.message


def test_an_altered_stored_text_is_refused(desk):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    desk.site.flow_texts[letter.flow.hash].text += "# tambahan"
    with pytest.raises(FlowMismatch, match="tidak utuh"):
        FlowShelf([]).of(desk.site, letter.flow)


def test_an_unknown_hash_is_refused(desk):
    with pytest.raises(FlowMismatch):
        desk.house.flows.of(desk.site, FlowRef("surat-masuk", 1, "1" * 64))
