"""The difference in power for a real office: who there gains and loses, in posts and in people."""

from __future__ import annotations

from pathlib import Path

import pytest

from intranet_surat.errors import Unknown
from intranet_surat.services import powers
from intranet_surat.workflow.loader import load

FOLDER = Path(__file__).parents[3] / "workflows"
MASUK = (FOLDER / "surat_masuk.yaml").read_text("utf-8")


def masuk(*swaps):
    text = MASUK
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    return load(text, "surat_masuk.yaml")


LOOSE = (("needs: bukan_rahasia, ask", "ask"), ("  bukan_rahasia: {", "  # {"))


def test_division_heads_lose_forwarding_of_secret_letters_and_those_below_lose_the_sight(desk):
    found = powers.difference(desk.house, desk.site, masuk(*LOOSE), masuk(), "BPKAD", desk.now)
    lost = [group for group in found.grouped if group.action == "teruskan"]
    assert [group.levels for group in lost] == [("R", "SR")]
    assert lost[0].persons >= 4
    assert "surat rahasia dan sangat rahasia di “Diterima” (jalur disposisi)" in lost[0].text
    assert found.gained == frozenset()
    heads = {desk.post("kepala.bpkad"), *desk.site.positions.under(desk.post("kepala.bpkad"), desk.now.date())}
    blind = {power.position for power in found.lost if power.action == "melihat surat" and power.level == "R"}
    assert blind - {getattr(each, "id", each) for each in heads}


def test_an_office_that_does_not_exist_is_unknown(desk):
    with pytest.raises(Unknown):
        powers.difference(desk.house, desk.site, masuk(), masuk(), "TIDAKADA", desk.now)


def test_authors_are_the_drafters_of_the_office_and_its_head_where_there_are_none(desk):
    ground = powers.ground(desk.house, desk.site, "BPKAD", desk.now)
    assert set(ground.authors) == set(ground.org.role("pengonsep", "BPKAD"))
    head = powers.ground(desk.house, desk.site, "KDH", desk.now)
    assert head.authors == (head.org.role("pengonsep", "KDH") or (head.org.head("KDH"),))
