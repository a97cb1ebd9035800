"""Trees as YAML text: the same text for the same tree, which reads back as the same tree."""

from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intranet_surat.workflow.findings import FlowError, Found
from intranet_surat.workflow.loader import load, load_all, resolved
from intranet_surat.workflow.model import Mark
from intranet_surat.workflow.nodes import FORBIDDEN, Entry, Items, Pairs, Text, compose, marks, plain
from intranet_surat.workflow.printing import text_of, with_origins
from intranet_surat.workflow.world import World

ROOT = Path(__file__).parents[3]
FLOWS = Path(__file__).parent / "flows"
SHIPPED = {str(path): path.read_text() for path in sorted((ROOT / "workflows").rglob("*.yaml"))}
SOUND = {**SHIPPED, **{str(path): path.read_text() for path in sorted(FLOWS.glob("*.yaml"))}}
HERE = Mark("x", 1, 1)


def without_marks(value):
    """The value with every place in a file left out, and what is only about the text itself."""
    if is_dataclass(value):
        kept = [
            one.name for one in fields(value) if one.name not in ("mark", "marks", "text", "hash", "written", "base")
        ]
        return (type(value).__name__, *(without_marks(getattr(value, name)) for name in kept))
    if isinstance(value, dict):
        return {key: without_marks(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [without_marks(one) for one in value]
    return value


def node(value):
    if isinstance(value, dict):
        return Pairs(HERE, {key: Entry(Text(key, HERE), node(one)) for key, one in value.items()})
    if isinstance(value, list):
        return Items(HERE, [node(one) for one in value])
    return Text(value, HERE)


@pytest.mark.parametrize("source", SOUND)
def test_a_printed_flow_is_the_same_flow(source):
    flow = load_all(SOUND, World())[source]
    again = load(text_of(resolved(SOUND[source], source, by_name)), source, World())
    assert without_marks(again) == without_marks(flow)
    assert text_of(marks(again.text, source)) == again.text


def by_name(flow_id, version):
    flows = [flow for flow in load_all(SOUND, World()).values() if not isinstance(flow, FlowError)]
    return next((flow for flow in flows if (flow.id, flow.version) == (flow_id, version)), None)


@pytest.mark.parametrize("source", SOUND)
def test_printing_with_origins_reads_back_as_the_same_tree(source):
    tree = marks(SOUND[source], source)
    shown = with_origins(tree)
    assert plain(marks(shown, source)) == plain(tree)
    lines = SOUND[source].splitlines()
    for line in shown.splitlines():
        if "  # " in line:
            value, place = line.rsplit("  # ", 1)
            word = value.rsplit(": ", 1)[-1].strip().removeprefix("- ").strip().strip('"[]{}')[:12]
            assert word in lines[int(place.rsplit(":", 1)[1]) - 1].replace("''", "'") or not word


SCALAR = st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cn")).filter(lambda char: not FORBIDDEN.match(char)), max_size=30
).filter(lambda text: text == __import__("unicodedata").normalize("NFC", text))
AWKWARD = st.sampled_from(
    ["", " ", "a: b", "a #b", "- a", "? a", "005", "no", "~", "'", '"', "\\", "{", "]", "*a", "&a", "!a", "%a", "@", "\t", "\n",
     "a\nb", "---", "...", "a ", " a", "x" * 200, "k" * 1100, "é", "0x1F", "<<", "="]
)  # fmt: skip
VALUE = st.recursive(
    SCALAR | AWKWARD,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALAR | AWKWARD, inner, max_size=4),
    max_leaves=25,
)


@given(st.dictionaries(SCALAR | AWKWARD, VALUE, min_size=1, max_size=5))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_any_tree_is_printed_so_that_it_reads_back(value):
    found = Found()
    text = text_of(node(value))
    again = compose(text, "x", found)
    assert not found, [one.message for one in found.sorted()]
    assert plain(again) == value
    assert text_of(again) == text
    assert plain(marks(with_origins(node(value)), "x")) == value
