"""Definitions made to hurt end with a clear finding, in seconds and in bounded memory."""

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from intranet_surat.workflow.draw import draw
from intranet_surat.workflow.findings import MOST_FINDINGS, FlowError, show
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.nodes import LARGEST_FILE
from intranet_surat.workflow.world import World

SECONDS = 8
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
        for text in (hostile.bomb(), "a: [" + "x," * 200_000 + "]", "a: " + "[" * 100_000, "- " * 200_000):
            try:
                load(text, "jahat.yaml")
            except FlowError:
                print("refused")
        """
    )
    where = __file__.rpartition("/")[0]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=where, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.count("refused") == 4, done.stderr
