"""The table of keywords drives loader, schema, reference and runtime: none may know a key that another does not."""

import ast
import json
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import jsonschema
import pytest
import yaml

from intranet_surat.workflow import cast, durations, language
from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.language import KEYWORDS, PLACES, TYPES
from intranet_surat.workflow.loader import load_all
from intranet_surat.workflow.loader_block import Block
from intranet_surat.workflow.loader_values import READERS
from intranet_surat.workflow.model import Mark
from intranet_surat.workflow.nodes import Items, Pairs, marks, plain
from intranet_surat.workflow.printing import text_of
from intranet_surat.workflow.reference import page
from intranet_surat.workflow.schema import page as schema_page
from intranet_surat.workflow.schema import schema
from intranet_surat.workflow.world import World

FLOWS = Path(__file__).parent / "flows"
ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "src" / "intranet_surat"
WHOLE = {name: (FLOWS / name).read_text() for name in ("semua.yaml", "semua_kantor.yaml")}
SHIPPED = sorted((ROOT / "workflows").rglob("*.yaml"))

# Keys whose place in the model, or in the tree, has another name.
READ_AS = {
    ("flow", "flow"): "LANGUAGE", ("flow", "applies_to"): "applies", ("rule", "if"): "tree", ("field", "from"): "source",
    ("branch", "else"): "when", ("sign", "with"): "method", ("sign", "unsigned_at"): "number_at_end",
    ("unsigned_at", "end_of"): "number_at_end", ("unsigned_at", "number"): "number_at_end", ("promise", "never"): "tree",
    ("promise", "always_possible"): "states", ("promise", "to"): "states", ("move", "from"): "source",
    ("remind", "at"): "before",
}  # fmt: skip


# A closed list of one word, which is also the default: without it nothing changes, another word is refused.
ONLY_WORD = {("sign", "with"), ("with", "method")}


def every(keywords=KEYWORDS):
    return pytest.mark.parametrize("keyword", keywords, ids=lambda word: f"{word.where}.{word.key}")


def test_each_key_stands_once_in_its_place():
    pairs = [(keyword.where, keyword.key) for keyword in KEYWORDS]
    assert len(pairs) == len(set(pairs))


@every()
def test_a_keyword_is_complete(keyword):
    assert keyword.where in PLACES
    assert keyword.type in TYPES
    assert keyword.doc.endswith(".")
    assert bool(keyword.values) == (keyword.type in ("word", "words"))
    assert keyword.holds == "" or keyword.holds in PLACES


def test_every_type_has_a_reader_and_every_reader_a_type():
    assert set(READERS) == set(TYPES)


@cache
def spoken(module):
    """The attributes, names and words that a module, or the modules of a package, speak of."""
    path = SOURCE.joinpath(*module.split("."))
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text()))]
    words = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    words |= {node.id for node in nodes if isinstance(node, ast.Name)}
    return words | {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@every()
def test_a_keyword_is_executed_by_the_module_that_it_names(keyword):
    """That module reads what the loader made of the key."""
    name = READ_AS.get((keyword.where, keyword.key), keyword.key)
    assert name in spoken(keyword.executed_by) or keyword.executed_by == "workflow.loader"


def test_the_loader_reads_every_keyword_that_is_run(monkeypatch):
    """Effects are keys of their own kind: each is read when it stands in one of the flows."""
    read = set()
    block = Block.block

    def blocked(self, key):
        read.add((self.where, key))
        return block(self, key)

    def noted(reader):
        def one(reading, keyword, node):
            read.add((keyword.where, keyword.key))
            return reader(reading, keyword, node)

        return one

    monkeypatch.setattr(Block, "block", blocked)
    for name, reader in READERS.items():
        monkeypatch.setitem(READERS, name, noted(reader))
    flows = load_all(WHOLE, World()).values()
    assert [flow.id for flow in flows] == ["semua-uji", "semua-kantor"]
    # ``set`` is read field by field.
    assert {(keyword.where, keyword.key) for keyword in KEYWORDS} - {("effect", "set")} <= read


def mappings(node, place):
    """Every mapping of a tree with the kind of mapping that the table says it is."""
    if isinstance(node, Pairs):
        yield place, node
    for entry in node if isinstance(node, Pairs) else ():
        word = language.at(place).get(entry.key.text)
        if word is None and place in ("tests", "change", "effect"):
            word = None if place == "change" else language.Keyword(place, "", "mapping", "", "", holds="test")
        if word is None or not word.holds:
            continue
        inner = [entry.value]
        if isinstance(entry.value, Items):
            inner = entry.value.items
        elif word.type in ("named", "forms"):
            for _ in range({"named": 1, "forms": 2}[word.type]):
                inner = [one.value for each in inner for one in each]
        holds = "tests" if word.type == "tests" else word.holds
        for one in inner:
            yield from mappings(one, holds)


def found_in(name, keyword):
    """The first mapping of this sample in which the keyword stands, and the whole tree."""
    tree = marks(WHOLE[name], name)
    for place, pairs in mappings(tree, language.ROOT):
        if keyword.where in (place, *language.BESIDE.get(place, ())) and keyword.key in pairs.entries:
            return tree, pairs
    return tree, None


def without(keyword):
    """The samples with the first occurrence of a keyword taken out of one of them, and that one's name."""
    for name in WHOLE:
        tree, pairs = found_in(name, keyword)
        if pairs is not None:
            del pairs.entries[keyword.key]
            return {**WHOLE, name: text_of(tree)}, name
    raise AssertionError(f"{keyword.where}.{keyword.key} stands in no sample")


def shape(flow):
    return repr(replace_marks(flow))


def replace_marks(value):
    if isinstance(value, Mark):
        return None
    if is_dataclass(value):
        skipped = ("text", "hash", "written", "source")
        return [replace_marks(getattr(value, one.name)) for one in fields(value) if one.name not in skipped]
    if isinstance(value, dict):
        return {key: replace_marks(one) for key, one in value.items()}
    return [replace_marks(one) for one in value] if isinstance(value, tuple | list) else value


@every()
def test_a_keyword_that_is_taken_out_is_missed(keyword):
    """Then the loaded flow is another one, or the loader says what is missing."""
    whole = load_all(WHOLE, World())
    if (keyword.where, keyword.key) in ONLY_WORD:
        wrong = WHOLE["semua.yaml"].replace("pades", "cades")
        assert load_all({"semua.yaml": wrong}, World())["semua.yaml"].findings
        return
    texts, name = without(keyword)
    flow = load_all(texts, World())[name]
    assert isinstance(flow, FlowError) or shape(flow) != shape(whole[name])


@every([keyword for keyword in KEYWORDS if keyword.required])
def test_a_required_keyword_that_is_taken_out_is_named(keyword):
    texts, name = without(keyword)
    findings = load_all(texts, World())[name].findings
    assert any(one.rule == "missing-key" and f"'{keyword.key}'" in one.message for one in findings)


def test_asking_for_a_key_that_the_table_lacks_fails_at_once():
    from intranet_surat.workflow.findings import Found
    from intranet_surat.workflow.loader_reading import Reading
    from intranet_surat.workflow.nodes import compose

    found = Found()
    block = Block(Reading(found, None), compose("title: x", "u", found), "action", "uji")
    with pytest.raises(KeyError):
        block.take("warna")
    with pytest.raises(KeyError):
        block.block("warna")


def test_the_reference_page_is_current():
    """Renew it with: python -m intranet_surat.workflow.reference > docs/flow-language.md."""
    assert (ROOT / "docs" / "flow-language.md").read_text() == page()


@every()
def test_the_reference_page_has_every_keyword_with_its_meaning(keyword):
    rows = [line for line in page().splitlines() if line.startswith(f"| `{keyword.key}` |") and keyword.doc in line]
    assert rows


def test_the_reference_page_knows_the_words_of_the_cast_and_of_durations():
    for word in (*cast.PHRASES, *cast.SIMPLE[:2]):
        assert word in page()
    assert any(unit in page() for unit in durations.UNITS)


def test_the_examples_of_the_reference_page_are_sound_flows():
    examples = [part.split("```")[0] for part in page().split("```yaml\n")[1:]]
    flows = load_all({f"contoh{number}.yaml": text for number, text in enumerate(examples)}, World())
    assert [flow.id for flow in flows.values()] == ["contoh", "contoh-rsud"]


def test_keywords_of_a_place_are_found_by_key():
    assert language.at("gather")["until"].values == ("all", "any", "most")


@pytest.mark.parametrize(
    ("path", "places"),
    [
        ("states", ("state*",)),
        ("states.x", ("state",)),
        ("states.x.deadline.escalate", ("escalate",)),
        ("states.*.route.reject", ("reject",)),
        ("forms.f.i", ("field",)),
        ("cast", ("*",)),
        ("cast.a", ("",)),
        ("title", ()),
    ],
)
def test_a_path_leads_from_place_to_place(path, places):
    found = (language.ROOT,)
    for word in path.split("."):
        found = language.inside(found, word)
    assert found == places


# --- the schema for editors


def test_the_schema_file_is_current():
    """Renew it with: python -m intranet_surat.workflow.schema > docs/surat-1.schema.json."""
    assert (ROOT / "docs" / "surat-1.schema.json").read_text() == schema_page()


def test_the_schema_is_a_schema():
    jsonschema.Draft7Validator.check_schema(schema())


class Dateless(yaml.SafeLoader):
    """YAML as an editor types it, but for dates, which JSON does not have."""


Dateless.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for key, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize("path", [*SHIPPED, *(FLOWS / name for name in WHOLE)], ids=lambda path: path.stem)
def test_a_sound_flow_fits_the_schema_read_as_text_and_read_with_types(path):
    text = path.read_text()
    for value in (plain(marks(text, "a.yaml")), yaml.load(text, Dateless)):
        errors = [error.message for error in jsonschema.Draft7Validator(schema()).iter_errors(value)]
        assert errors == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("calendar: hari-kerja\n", ""),
        ("version: 3", "version: tiga"),
        ("title: Alur dasar", "judul: Alur dasar"),
        ("stand_in: substitute", "stand_in: wakil"),
        ("until: most", "until: sebagian"),
        ("at: 1 working day before", "at: kemarin"),
        ("within: 3 working days\n", "within: 3 minggu\n"),
        ("per: form.kepada", "per: kepada"),
        ("insert_between: [konsep, paraf]", "insert_between: [konsep]"),
    ],
)
def test_a_slip_of_the_finger_does_not_fit_the_schema(old, new):
    text = WHOLE["semua.yaml"]
    assert text.count(old) == 1
    value = yaml.load(text.replace(old, new), Dateless)
    assert not jsonschema.Draft7Validator(schema()).is_valid(value)


@every()
def test_every_keyword_stands_in_the_schema_with_its_meaning(keyword):
    place = schema() if keyword.where == language.ROOT else schema()["definitions"][keyword.where]
    assert place["properties"][keyword.key]["description"] == keyword.doc
    assert json.dumps(place)
