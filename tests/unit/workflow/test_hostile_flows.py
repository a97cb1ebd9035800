"""Definitions made to hurt end with a clear finding, in seconds and in bounded memory."""

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from intranet_surat.workflow.draw import draw
from intranet_surat.workflow.findings import MOST_FINDINGS, FlowError, show
from intranet_surat.workflow.loader import load, load_all
from intranet_surat.workflow.nodes import LARGEST_FILE
from intranet_surat.workflow.world import World

SECONDS = 60  # not a measure of speed: what is unbounded takes hours
HEAD = "flow: surat/1\nid: jahat\nversion: 1\napplies_to: {direction: masuk}\ncalendar: hari-kerja\ncast: {a: author}\n"
STATES = "states: {x: {start: true, actions: {t: {by: a, to: z}}}, z: {final: true}}\n"


def refused(text):
    start = time.process_time()
    with pytest.raises(FlowError) as caught:
        load(text, "jahat.yaml", World())
    shown = [show(finding, text) for finding in caught.value.findings]
    assert time.process_time() - start < SECONDS
    assert 0 < len(shown) <= MOST_FINDINGS + 1
    assert all(len(one) < 4000 for one in shown)
    assert all(char.isprintable() or char == "\n" for one in shown for char in one)
    return {finding.rule for finding in caught.value.findings}


def told(text):
    """The findings; empty when the flow is sound, which is then drawn as well."""
    try:
        draw(load(text, "jahat.yaml", World()))
    except FlowError as error:
        return error.findings
    return ()


def rules_of(condition):
    return HEAD + f"rules: {{r: {{if: {condition!r}, says: Tidak.}}}}\n" + STATES.replace("to: z}", "to: z, needs: r}")


def test_the_frame_of_these_tests_is_itself_sound():
    assert load(HEAD + STATES, "baik.yaml", World()).states
    assert load(rules_of("letter.scan is present"), "baik.yaml", World()).rules


def bomb():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (bomb(), "anchor"),
        ("a: &a [*a]\n", "anchor"),
        ("a: " + "[" * 100_000, "size"),
        ("{a: " * 100_000, "size"),
        ("- " * 200_000, "size"),
        ("? " * 200_000, "size"),
        ("a: [" + "x," * 200_000 + "]", "size"),
        ("a: " + "x" * LARGEST_FILE, "size"),
        ("a: \x00", "characters"),
        ("\u200b" * 100_000, "characters"),
        ("a: !!python/object/apply:os.system [id]\n", "tag"),
        ("a: '" + "\ud800" + "'", "characters"),
        ("!" * 100_000, "tag"),
        ("'" * 100_001, "yaml"),
        ("a:\n" * 40_000, "duplicate-key"),
        ("a" * 2000 + ": b", "yaml"),
        ("a" * 1000 + ": b", "unknown-key"),
    ],
    ids=lambda _: None,
)
def test_a_bomb_of_yaml_is_refused(text, rule):
    assert rule in refused(text)


def test_ten_thousand_states_are_refused_in_bounded_time():
    states = "".join(f"  s{n}: {{actions: {{t{n}: {{by: a, to: s{n + 1}}}}}}}\n" for n in range(9_000))
    assert "size" in refused(HEAD + "states:\n" + states)


def test_ten_thousand_wrong_names_are_counted_and_not_all_told():
    states = "".join(
        f"  s{n}: {{edit: nobod{n}, see: nob{n}, actions: {{t: {{by: noone{n}, to: nowhere{n}}}}}}}\n"
        for n in range(300)
    )
    assert "too-many" in refused(HEAD + "states:\n" + states)


def test_the_largest_flow_that_is_accepted_is_checked_and_drawn_in_seconds():
    count = 150
    ways = "".join(
        f"  s{n}: {{actions: {{a{n}: {{by: a, to: s{n + 1}}}, b{n}: {{by: a, to: s{(n * 7) % count}}}}}}}\n"
        for n in range(1, count)
    )
    text = (
        HEAD
        + f"states:\n  s0: {{start: true, actions: {{a0: {{by: a, to: s1}}}}}}\n{ways}  s{count}: {{final: true}}\n"
    )
    start = time.process_time()
    flow = load(text, "besar.yaml", World())
    assert len(flow.states) == count + 1
    assert draw(flow).count("<rect") == count + 1
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize(
    "condition",
    [
        "(" * 400 + "letter.scan is present" + ")" * 400,
        "(" * 1000,
        "not " * 200 + "letter.scan is present",
        "not (" * 150 + "letter.scan is present",
        "letter.scan is present and " * 1000 + "letter.scan is present",
        "letter." + "a." * 400 + "b is present",
        "__import__('os').system('id') is present",
        "letter.__class__.__mro__ is present; import os",
        '"' * 900,
    ],
    ids=lambda _: None,
)
def test_an_expression_made_to_hurt_is_refused(condition):
    assert refused(rules_of(condition.replace("'", "")))


@pytest.mark.parametrize(
    "who",
    [
        "superior of " * 80 + "author",
        "superior of " * 5000 + "author",
        "superiors of " * 50,
        "role",
        "of of of",
        "a" * 5000,
        "(" * 900,
        "author\\nactor",
    ],
    ids=lambda _: None,
)
def test_a_cast_expression_made_to_hurt_is_refused(who):
    assert refused(HEAD.replace("{a: author}", f'{{a: author, b: "{who}"}}') + STATES)


def test_a_thousand_cast_members_that_name_each_other_are_refused():
    cast = "".join(f"  c{n}: superior of c{n + 1}\n" for n in range(1000))
    assert refused(HEAD.replace("cast: {a: author}\n", f"cast:\n  a: author\n{cast}") + STATES) & {
        "size",
        "unknown-person",
    }


def test_cast_members_in_a_circle_are_refused():
    cast = "".join(f"  c{n}: superior of c{(n + 1) % 150}\n" for n in range(150))
    assert "circle" in refused(HEAD.replace("cast: {a: author}\n", f"cast:\n  a: c0\n{cast}") + STATES)


@pytest.mark.parametrize(
    "name",
    [
        "__class__",
        "__init__",
        "constructor()",
        "x y",
        "../x",
        "X",
        "1a",
        "a-b",
        '"a\\nb"',
        '"a\\tb"',
        "é",
        "a" * 65,
        "''",
    ],
)
def test_names_that_could_be_taken_for_something_else_are_refused(name):
    for place in ("x", "z", "t", "a"):
        text = HEAD + STATES
        text = text.replace(f"{place}:", f"{name}:") if place != "a" else text.replace("{a:", f"{{{name}:")
        assert refused(text) & {"name", "empty", "size", "type", "characters"}


@pytest.mark.parametrize("key", ["__class__", "__dict__", "<<", "''", "constructor", "to\u0020"])
def test_a_key_of_the_language_is_one_of_the_table(key):
    assert "unknown-key" in refused(HEAD + STATES.replace("{final: true}", f"{{final: true, {key!r}: x}}"))


def test_a_file_full_of_strange_keys_is_refused_in_bounded_time():
    assert "unknown-key" in refused(HEAD + STATES + "".join(f"titel{n}: x\n" for n in range(20_000)))


def test_every_cut_of_a_flow_gives_findings_and_never_another_error():
    whole = HEAD + STATES
    for end in range(len(whole)):
        findings = told(whole[:end])
        assert all(finding.message for finding in findings)
        assert findings or end >= len(whole.rstrip())


def test_every_value_swapped_for_every_shape_gives_findings_and_never_another_error():
    for name in ("masuk.yaml", "keluar.yaml"):
        text = (Path(__file__).parent / "flows" / name).read_text()
        for line in text.splitlines():
            key, colon, value = line.partition(": ")
            if not colon or not value:
                continue
            for shape in ("[]", "{}", "''", "[[x]]", "{x: {y: z}}", "[{x: y}]", "form.x", "only [", "0", "-"):
                wrong = text.replace(line, f"{key}: {shape}")
                assert all(show(finding, wrong) for finding in told(wrong))


def test_a_hostile_file_cannot_eat_the_memory():
    program = textwrap.dedent(
        """
        import resource
        from intranet_surat.workflow.findings import FlowError
        from intranet_surat.workflow.loader import load
        import test_hostile_flows as hostile
        load(hostile.HEAD + hostile.STATES, "baik.yaml")
        resource.setrlimit(resource.RLIMIT_AS, (600 * 2**20, 600 * 2**20))
        changes = "".join(f"  - {{set: cast.c{n}, to: author}}\\n" for n in range(9_000))
        office = hostile.OFFICE + "change:\\n" + changes
        flat = "a: [" + "x," * 200_000 + "]"
        for text in (hostile.bomb(), flat, "a: " + "[" * 100_000, "- " * 200_000, office):
            try:
                load(text, "jahat.yaml", None, lambda _id, _version: hostile.BASE)
            except FlowError:
                print("refused")
        """
    )
    where = __file__.rpartition("/")[0]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=where, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.count("refused") == 5, done.stderr


# --- an office's file made to hurt


BASE = load(
    HEAD
    + STATES
    + "open:\n  - {path: states.*.title, change: free}\n  - {path: states.*.deadline, change: shorter}\n  - {insert_between: [x, z]}\n",
    "dasar.yaml",
    World(),
)
OFFICE = "flow: surat/1\nid: kantor\nversion: 1\nextends: jahat@1\n"


def office_refused(text):
    start = time.process_time()
    with pytest.raises(FlowError) as caught:
        load(text, "kantor.yaml", World(), lambda _id, _version: BASE)
    assert time.process_time() - start < SECONDS
    shown = [show(finding, {"kantor.yaml": text, "dasar.yaml": BASE.text}) for finding in caught.value.findings]
    assert 0 < len(shown) <= MOST_FINDINGS + 1
    assert all(len(one) < 4000 for one in shown)
    return {finding.rule for finding in caught.value.findings}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("".join(f"  - {{set: states.x.title, to: t{n}}}\n" for n in range(9_000)), "duplicate-key"),
        ("".join(f"  - {{set: cast.c{n}, to: author}}\n" for n in range(9_000)), "size"),
        ("".join(f"  - {{set: states.x{n}.title, to: t}}\n" for n in range(9_000)), "path"),
        (
            "".join(
                f"  - {{insert_between: [x, z], state: s{n}, actions: {{a{n}: {{by: a, to: z}}}}}}\n"
                for n in range(9_000)
            ),
            "size",
        ),
        (f"  - {{set: {'.'.join(['states'] * 1000)}, to: x}}\n", "size"),
        (f"  - {{set: {'a.' * 100}a, to: x}}\n", "path"),
        ("  - {set: states.x.title, to: " + "[" * 1000 + "]" * 1000 + "}\n", "size"),
        ("  - {set: states.x.title, to: " + "[" * 55 + "]" * 55 + "}\n", "type"),
        ("  - {set: states.x.deadline, to: {within: " + "1" * 5000 + " hours}}\n", "size"),
        ("  - {set: '..', to: x}\n", "path"),
        ("  - {set: '*', to: x}\n", "path"),
        ("  - {set: __class__.__init__, to: x}\n", "path"),
        ("  - {set: [a, b], to: x}\n", "type"),
        ("  - [set, to]\n", "type"),
        ("  - {remove: states}\n", "locked"),
        ('  - {set: "states.x\\n.title", to: x}\n', "type"),
        ("  - {set: states.x.title, to: !!python/object:os.system x}\n", "tag"),
        ("  - &a {set: states.x.title, to: *a}\n", "anchor"),
    ],
    ids=lambda _: None,
)
def test_a_list_of_changes_made_to_hurt_is_refused(change, rule):
    assert rule in office_refused(f"{OFFICE}change:\n{change}")


@pytest.mark.parametrize("base", ["jahat@1@1", "jahat@-1", "jahat@99999999999", "../jahat@1", "jahat", "[a, b]", "''"])
def test_a_strange_base_is_refused(base):
    assert office_refused(OFFICE.replace("jahat@1", base)) & {"extends", "type", "empty", "size"}


def test_a_flow_that_extends_itself_is_refused():
    text = OFFICE.replace("id: kantor", "id: jahat")
    assert load_all({"a.yaml": text}, World())["a.yaml"].findings[0].rule == "extends"


def test_an_office_that_outgrows_the_language_is_refused_before_it_is_stored():
    wide = "".join(f"f{n}: {{type: text, title: {'x' * 390}}}, " for n in range(190))
    changes = "".join(f"  - {{set: forms.g{n}, to: {{{wide}}}}}\n" for n in range(7))
    base = load(HEAD + STATES + "".join(f"# {'k' * 100}\n" for _ in range(100)), "dasar.yaml", World())
    text = f"{OFFICE}change:\n{changes}"
    if len(text) > LARGEST_FILE:
        text = f"{OFFICE}change:\n" + "".join(changes.splitlines(keepends=True)[:5])
    start = time.process_time()
    with pytest.raises(FlowError):
        load(text, "kantor.yaml", World(), lambda _id, _version: base)
    assert time.process_time() - start < SECONDS


# --- the other parts of the language made to hurt


@pytest.mark.parametrize(
    "extra",
    [
        "promises: [{never: '" + "letter.scan is present and " * 2000 + "letter.scan is present', says: X.}]\n",
        "promises: [{never: '" + "(" * 1000 + "', says: X.}]\n",
        "promises: [{never: '" + "not " * 39 + "letter.scan is', says: X.}]\n",
        "promises: [{always_possible: '" + " or ".join(["z"] * 5000) + "'}]\n",
        "promises: [{always_possible: '" + " " * 900 + "or" + " " * 90 + "'}]\n",
        "promises: [" + "{always_possible: z}, " * 5000 + "]\n",
        "promises: [{within: 99999999999 hours, to: z}]\n",
        "absence: [" + "{stand_in: plh}, " * 5000 + "]\n",
        "absence: {stand_in: plh}\n",
        "migrate: [" + "{from: 1}, " * 5000 + "]\n",
        "migrate: [{from: 1, states: {" + ", ".join(f"s{n}: z" for n in range(5000)) + "}}]\n",
        "open: [{path: " + ".".join(["*"] * 1000) + ", change: free}]\n",
        "open: [{path: '" + "*" * 200 + "', change: free}]\n",
        "open: [" + "{path: states.*.*.*.*.*.*.*.*.*.*.*.*.*.*, change: free}, " * 5000 + "]\n",
        "open: [{path: " + ".".join(["*"] * 16) + ", change: free}]\n",
        "tests: {t: {run: [" + "{read: a}, " * 5000 + "]}}\n",
        "tests: {t: {through: [" + "z, " * 5000 + "], run: []}}\n",
    ],
    ids=lambda _: None,
)
def test_a_part_made_to_hurt_is_refused(extra):
    assert refused(HEAD.replace("version: 1", "version: 1") + STATES + extra)


def test_a_deadline_with_thousands_of_reminders_is_refused():
    reminders = "{who: a, at: due}, " * 5000
    assert "size" in refused(
        HEAD + STATES.replace("{start: true,", f"{{start: true, deadline: {{within: 1 day, remind: [{reminders}]}},")
    )
