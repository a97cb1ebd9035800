"""What a page says of an act before it is done is what the act then does, over all that the shipped flows' tests do."""

from __future__ import annotations

from pathlib import Path

import pytest

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import engine, testing
from intranet_surat.workflow.loader import load_all
from intranet_surat.workflow.passage import Undecided
from intranet_surat.workflow.rehearsal import Stage

FOLDER = Path(__file__).parents[3] / "workflows"
FLOWS = load_all({str(path): path.read_text("utf-8") for path in sorted(FOLDER.rglob("*.yaml"))})


@pytest.fixture
def told(monkeypatch):
    """For each act of a flow's tests: what it is, where it was said to lead and where it led, each with who waits."""
    found, real = [], Stage.act

    def act(stage, piece, action, form, who):
        by = stage.actor(piece, action, who)
        try:
            reached = engine.foreseen(stage.flow, piece, action, by, stage.setting)
        except (NotAllowed, Undecided):
            return real(stage, piece, action, form, who)
        before = piece.state
        if reached is None:
            return real(stage, piece, action, form, who)
        waits = engine.waits_for(stage.flow, reached.item, stage.setting)
        stays = piece.entered == reached.item.entered
        outcome = real(stage, piece, action, form, who)
        after = engine.waits_for(stage.flow, piece, stage.setting) if piece.state == outcome.state else waits
        found.append((action, reached.state.name, outcome.state, waits, after))
        assert stays != outcome.entered
        assert (reached.state.name == before) or not stays
        return outcome

    monkeypatch.setattr(Stage, "act", act)
    return found


@pytest.mark.parametrize("source", sorted(FLOWS), ids=lambda source: str(Path(source).relative_to(FOLDER)))
def test_what_was_said_of_an_act_is_what_it_did(told, source):
    for result in testing.run(FLOWS[source]):
        assert result.ok, result
    assert len(told) > 3
    assert [each for each in told if each[1] != each[2]] == []
    assert [each for each in told if each[3] != each[4]] == []


def test_an_act_that_the_state_does_not_know_leads_nowhere(told):
    flow = next(flow for source, flow in FLOWS.items() if source.endswith("berita_acara.yaml"))
    stage = Stage(flow, testing.LittleOrg(flow, {"author": "staf"}, {}))
    assert (
        engine.foreseen(flow, stage.letter, "kirim", stage.actor(stage.letter, "kirim", "staf"), stage.setting) is None
    )
