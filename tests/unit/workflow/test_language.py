"""The table of keywords drives the loader and the reference page: none may know a key the other does not."""

from pathlib import Path

import pytest

from intranet_surat.workflow import cast, durations, language
from intranet_surat.workflow.language import KEYWORDS, PLACES, TYPES
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.loader_block import Block
from intranet_surat.workflow.loader_values import READERS
from intranet_surat.workflow.reference import page
from intranet_surat.workflow.world import World

FLOWS = Path(__file__).parent / "flows"
ROOT = Path(__file__).parents[3]
RUNNING = [keyword for keyword in KEYWORDS if not keyword.later]
LATER = {
    "extends",
    "change",
    "open",
    "absence",
    "batch",
    "stand_in",
    "remind",
    "escalate",
    "paused_while",
    "unavailable",
    "promises",
    "migrate",
    "seal",
}


def test_each_key_stands_once_in_its_place():
    pairs = [(keyword.where, keyword.key) for keyword in KEYWORDS]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("keyword", KEYWORDS, ids=lambda word: f"{word.where}.{word.key}")
def test_a_keyword_is_complete(keyword):
    assert keyword.where in PLACES
    assert keyword.type in TYPES
    assert keyword.doc.endswith(".")
    assert bool(keyword.values) == (keyword.type in ("word", "words"))
    assert (keyword.executed_by == "belum ada") == keyword.later


def test_every_type_has_a_reader_and_every_reader_a_type():
    assert set(READERS) == set(TYPES)


def test_the_keywords_that_are_not_run_yet_are_exactly_these():
    assert {keyword.key for keyword in KEYWORDS if keyword.later} - {"include", "escalated"} == LATER


def test_the_loader_reads_every_keyword_that_is_run(monkeypatch):
    """Effects are keys of their own kind: each is read when it stands in one of the two flows."""
    read = set()
    take, block = Block.take, Block.block

    def taken(self, key):
        read.add((self.where, key))
        return take(self, key)

    def blocked(self, key, where):
        read.add((self.where, key))
        return block(self, key, where)

    monkeypatch.setattr(Block, "take", taken)
    monkeypatch.setattr(Block, "block", blocked)
    for name in ("masuk.yaml", "keluar.yaml"):
        text = (FLOWS / name).read_text()
        text = text.replace(
            "levels: superiors of author below penandatangan", "levels: [{who: penandatangan, need: all}]"
        )
        flow = load(text, name, World())
        for state in flow.states.values():
            acts = [*state.actions.values(), *([state.sign.prepare] if state.sign else [])]
            for effect in (*state.on_enter, *(one for act in acts for one in act.do)):
                read |= {("effect", effect.name)} | {(effect.name, option) for option in effect.options}
    assert {(keyword.where, keyword.key) for keyword in RUNNING} == read


def test_asking_for_a_key_that_the_table_lacks_fails_at_once():
    from intranet_surat.workflow.findings import Found
    from intranet_surat.workflow.loader_reading import Reading
    from intranet_surat.workflow.nodes import compose

    found = Found()
    block = Block(Reading(found, None), compose("title: x", "u", found), "action", "uji")
    with pytest.raises(KeyError):
        block.take("warna")
    with pytest.raises(KeyError):
        block.block("warna", "deadline")


def test_the_reference_page_is_current():
    """Renew it with: python -m intranet_surat.workflow.reference > docs/flow-language.md."""
    assert (ROOT / "docs" / "flow-language.md").read_text() == page()


@pytest.mark.parametrize("keyword", KEYWORDS, ids=lambda word: f"{word.where}.{word.key}")
def test_the_reference_page_has_every_keyword_with_its_meaning(keyword):
    rows = [line for line in page().splitlines() if line.startswith(f"| `{keyword.key}` |") and keyword.doc in line]
    assert rows


def test_the_reference_page_knows_the_words_of_the_cast_and_of_durations():
    for word in (*cast.PHRASES, *cast.SIMPLE[:2]):
        assert word in page()
    assert any(unit in page() for unit in durations.UNITS)


def test_the_example_of_the_reference_page_is_a_sound_flow():
    example = page().split("```yaml\n")[1].split("```")[0]
    assert load(example, "contoh.yaml", World()).id == "contoh"


def test_keywords_of_a_place_are_found_by_key():
    assert language.at("gather")["until"].values == ("all", "any", "most")
