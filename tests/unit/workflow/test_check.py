"""What is wrong with a flow that can be read: names of the world, shape, reach, circles, unused names."""

from pathlib import Path

import pytest

from intranet_surat.workflow.check import check
from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.world import World

FLOWS = Path(__file__).parent / "flows"
INCOMING = (FLOWS / "masuk.yaml").read_text()
OUTGOING = (FLOWS / "keluar.yaml").read_text()

HEAD = """\
flow: surat/1
id: kecil
version: 1
applies_to: {direction: masuk}
calendar: hari-kerja
cast: {a: role agendaris of office}
"""

SMALL_WORLD = World(
    fields={
        "masuk": frozenset({"scan", "addressee"}),
        "keluar": frozenset({"signatory", "classification", "print_code", "place"}),
        "surat-dinas": frozenset({"subject"}),
        "undangan": frozenset({"event_date"}),
    },
    effects={
        "number": frozenset(), "set": frozenset(), "signed": frozenset(), "pdf": frozenset({"code"}),
        "freeze": frozenset(), "archive": frozenset(), "notify": frozenset(), "send": frozenset(),
    },
    offices=frozenset({"SETDA"}),
    roles=frozenset({"agendaris", "arsiparis", "tata_usaha", "pemeriksa_basah"}),
    posts=frozenset({"sekretaris"}),
    vocabularies=frozenset({"instruksi-disposisi"}),
    series=frozenset({"agenda-masuk", "surat-keluar"}),
    calendars=frozenset({"hari-kerja"}),
    templates=frozenset({"naskah"}),
    archives=frozenset({"by-classification"}),
    sends=frozenset({"addressees"}),
)  # fmt: skip


def told(text, world=None):
    try:
        load(text, "uji.yaml", world or World())
    except FlowError as error:
        return error.findings
    return ()


def small(states, extra=""):
    return [(one.rule, one.message) for one in told(HEAD + extra + "states:\n" + states)]


def swap(text, old, new):
    assert text.count(old) == 1
    return text.replace(old, new)


@pytest.mark.parametrize("text", [INCOMING, OUTGOING])
def test_a_sound_flow_fits_its_world(text):
    assert told(text, SMALL_WORLD) == ()
    assert check(load(text, "uji.yaml"), SMALL_WORLD) == []


def test_a_loaded_flow_is_checked_against_a_world_that_changed():
    flow = load(INCOMING, "masuk.yaml", SMALL_WORLD)
    smaller = World(series=frozenset({"surat-keluar"}))
    (finding,) = check(flow, smaller)
    assert finding.rule == "unknown-series"
    assert INCOMING.splitlines()[finding.mark.line - 1][finding.mark.column - 1 :].startswith("agenda-masuk")


@pytest.mark.parametrize(
    ("text", "old", "new", "rule", "guess"),
    [
        (INCOMING, "calendar: hari-kerja", "calendar: hari-kerj", "unknown-calendar", "hari-kerja"),
        (
            INCOMING,
            "agendaris: role agendaris of office",
            "agendaris: role agenda of office",
            "unknown-role",
            "agendaris",
        ),
        (
            INCOMING,
            "agendaris: role agendaris of office",
            "agendaris: position sekertaris of office",
            "unknown-post",
            "sekretaris",
        ),
        (
            INCOMING,
            "agendaris: role agendaris of office",
            "agendaris: role agendaris of SEKDA",
            "unknown-office",
            "SETDA",
        ),
        (INCOMING, "letter.scan is present", "letter.scna is present", "unknown-field", "scan"),
        (INCOMING, "holder of letter.addressee", "holder of letter.adressee", "unknown-field", "addressee"),
        (INCOMING, "of: instruksi-disposisi", "of: instruksi-disposis", "unknown-vocabulary", "instruksi-disposisi"),
        (INCOMING, "{number: agenda-masuk}", "{number: agenda-msuk}", "unknown-series", "agenda-masuk"),
        (INCOMING, "archive: by-classification", "archive: by-klasifikasi", "unknown-archive", None),
        (INCOMING, "letter: {scan: pindai.pdf}", "letter: {scna: pindai.pdf}", "unknown-field", "scan"),
        (OUTGOING, "kinds: [surat-dinas, undangan]", "kinds: [surat-dinas, undngan]", "unknown-kind", "undangan"),
        (OUTGOING, "{pdf: naskah, code: true}", "{pdf: naska, code: true}", "unknown-template", "naskah"),
        (OUTGOING, "{send: addressees}", "{send: adressees}", "unknown-send", "addressees"),
        (OUTGOING, "{set: {place: Serang}}", "{set: {plce: Serang}}", "unknown-field", "place"),
    ],
)
def test_what_the_world_does_not_have_is_told_with_a_guess(text, old, new, rule, guess):
    (finding,) = told(swap(text, old, new), SMALL_WORLD)
    assert finding.rule == rule
    if guess is not None:
        assert finding.suggestion == guess


def test_a_number_may_always_be_voided():
    assert not [one for one in told(OUTGOING, SMALL_WORLD) if one.rule == "unknown-series"]


def test_a_flow_for_several_kinds_may_read_what_one_of_them_has():
    text = swap(OUTGOING, 'letter.classification under "900"', "letter.event_date is present")
    assert told(text, SMALL_WORLD) == ()
    text = swap(text, "kinds: [surat-dinas, undangan]", "kinds: [surat-dinas]")
    assert [one.rule for one in told(text, SMALL_WORLD)] == ["unknown-field"]


# --- shape


def test_a_flow_needs_one_start_and_an_end():
    assert [rule for rule, _ in small("  x: {actions: {t: {by: a, to: x}}}\n")] == ["start", "final"]
    twice = small(
        "  x: {start: true, actions: {t: {by: a, to: z}}}\n  y: {start: true, actions: {s: {by: a, to: z}}}\n  z: {final: true}\n"
    )
    assert [rule for rule, _ in twice] == ["start"]


def test_a_final_state_has_no_way_out_and_no_outcome_in_a_letter():
    rules = small(
        "  x: {start: true, actions: {t: {by: a, to: z}}}\n  z: {final: true, outcome: done, actions: {u: {by: a, to: x}}}\n"
    )
    assert {rule for rule, _ in rules} == {"final", "outcome"}


def test_a_final_state_of_a_track_says_its_outcome():
    text = swap(INCOMING, "{final: true, outcome: returned}", "{final: true}")
    (finding,) = told(text)
    assert finding.rule == "outcome"
    assert finding.accepted == ("done", "returned", "withdrawn")


def test_waiting_for_children_that_nobody_makes_is_a_finding():
    text = INCOMING.replace(", fan_out: {track: disposisi, per: form.kepada}", "")
    assert "fan-out" in [one.rule for one in told(text)]


def test_child_items_are_made_from_positions_that_are_asked():
    text = swap(
        INCOMING,
        "ask: lembar, fan_out: {track: disposisi, per: form.kepada}, to",
        "fan_out: {track: disposisi, per: form.kepada}, to",
    )
    assert [one.rule for one in told(text)] == ["fan-out"]
    text = swap(INCOMING, "per: form.kepada}, to", "per: form.instruksi}, to")
    assert [one.rule for one in told(text)] == ["unknown-field"]


# --- reach


def test_an_unreachable_state_is_told_at_its_name():
    states = "  x: {start: true, actions: {t: {by: a, to: z}}}\n  pulau: {actions: {u: {by: a, to: z}}}\n  z: {final: true}\n"
    (finding,) = told(HEAD + "states:\n" + states)
    assert finding.rule == "unreachable"
    assert (finding.mark.line, finding.mark.column) == (9, 3)


def test_a_state_nobody_can_leave_is_a_dead_end_and_its_callers_are_not_told():
    found = small(
        "  x: {start: true, actions: {t: {by: a, to: y}, u: {by: a, to: y2}}}\n  y: {see: a}\n  y2: {actions: {v: {by: a}}}\n  z: {final: true}\n"
    )
    assert [rule for rule, _ in found] == ["dead-end", "dead-end", "unreachable"]


def test_states_that_go_round_without_an_end_are_told():
    found = small(
        "  x: {start: true, actions: {t: {by: a, to: y}, e: {by: a, to: z}}}\n  y: {actions: {v: {by: a, to: y2}}}\n  y2: {actions: {w: {by: a, to: y}}}\n  z: {final: true}\n"
    )
    assert [rule for rule, _ in found] == ["no-end", "no-end"]


def test_automatic_states_that_lead_to_each_other_are_a_circle():
    found = small(
        "  x: {start: true, actions: {t: {by: a, to: p}}}\n"
        "  p: {choose: [{when: r, to: z}, {else: true, to: q}]}\n"
        "  q: {choose: [{when: r, to: z}, {else: true, to: p}]}\n"
        "  z: {final: true}\n",
        extra="rules: {r: {if: letter.scan is present, says: Ada.}}\n",
    )
    assert [rule for rule, _ in found] == ["circle"]
    assert "p -> q -> p" in found[0][1]


def test_choose_must_be_total():
    states = "  x: {start: true, actions: {t: {by: a, to: p}}}\n  p: {choose: [{when: r, to: z}]}\n  z: {final: true}\n"
    found = small(states, extra="rules: {r: {if: letter.scan is present, says: Ada.}}\n")
    assert [rule for rule, _ in found] == ["choose"]
    early = states.replace("[{when: r, to: z}]", "[{else: true, to: z}, {when: r, to: z}]")
    found = small(early, extra="rules: {r: {if: letter.scan is present, says: Ada.}}\n")
    assert {rule for rule, _ in found} == {"choose"}


# --- names that are not used, or explained by themselves


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("cast:\n", "cast:\n  sia_sia: author\n", "sia_sia"),
        ("rules:\n", "rules:\n  sia_sia: {if: letter.scan is present, says: Ada.}\n", "sia_sia"),
        ("forms:\n", "forms:\n  sia_sia: {x: {type: text}}\n", "sia_sia"),
        ("tracks:\n", "tracks:\n  sia_sia: {states: {s: {start: true, final: true, outcome: done}}}\n", "sia_sia"),
    ],
)
def test_a_name_that_nothing_uses_is_a_finding(old, new, name):
    (finding,) = told(swap(INCOMING, old, new))
    assert finding.rule == "unused"
    assert name in finding.message


def test_a_cast_name_used_only_inside_another_or_in_a_rule_counts_as_used():
    text = swap(INCOMING, "cast:\n", "cast:\n  kepala: head of office\n").replace(
        "pimpinan: holder of letter.addressee", "pimpinan: superior of kepala"
    )
    assert told(text) == ()
    text = swap(OUTGOING, "actor not among actors of dinomori", "actor not among tata_usaha")
    assert told(text) == ()


def test_a_renamed_cast_member_is_told_once_per_use_and_not_as_unused():
    text = swap(INCOMING, "  pemberi: giver of item", "  asal: giver of item")
    assert [one.rule for one in told(text)] == ["unknown-person"]


def test_cast_and_rules_may_not_be_explained_by_themselves():
    text = swap(INCOMING, "pimpinan: holder of letter.addressee", "pimpinan: superior of pimpinan")
    assert [one.rule for one in told(text)] == ["circle"]
    text = swap(INCOMING, "if: letter.scan is present", "if: not belum_dibaca").replace(
        "if: item.read is absent", "if: ada_pindai"
    )
    assert "circle" in [one.rule for one in told(text)]


# --- words that mean nothing where they stand


def test_an_act_that_anybody_could_do_is_refused():
    """With ``by: actor`` every position would be among those who may act."""
    text = swap(INCOMING, "by: agendaris, needs: ada_pindai", "by: actor, needs: ada_pindai")
    assert [one.rule for one in told(text)] == ["misplaced-word"]
    text = swap(INCOMING, "pimpinan: holder of letter.addressee", "pimpinan: superior of actor")
    assert {one.rule for one in told(text)} == {"misplaced-word"}


def test_sight_for_whoever_looks_is_refused():
    text = swap(INCOMING, "see: role arsiparis of office", "see: actor")
    assert [one.rule for one in told(text)] == ["misplaced-word"]


def test_item_belongs_to_tracks():
    text = swap(INCOMING, "edit: agendaris", "edit: pemegang")
    assert [one.rule for one in told(text)] == ["misplaced-word"]
    text = swap(INCOMING, "needs: ada_pindai", "needs: belum_dibaca")
    assert [one.rule for one in told(text)] == ["misplaced-word", "unused"]


def test_a_rule_may_read_only_the_form_that_is_asked():
    text = swap(OUTGOING, "ask: hasil_pindai, needs: kode_cocok", "ask: alasan, needs: kode_cocok")
    found = told(text)
    assert found[0].rule == "unknown-field"
    assert "form.pindai" in found[0].message


def test_a_rule_may_read_only_fields_of_its_own_track():
    extra = "  lain:\n    states:\n      l: {start: true, actions: {lanjut: {by: pemegang, needs: berbatas, to: m}}}\n      m: {final: true, outcome: done}\n"
    text = swap(INCOMING, "tests:\n", extra + "tests:\n")
    text = swap(text, "rules:\n", "rules:\n  berbatas: {if: item.batas is present, says: Isi batas.}\n")
    text = swap(text, "forms:\n", "forms:\n  kecil: {siapa: {type: position, from: staff under actor}}\n")
    text = swap(
        text,
        "      cukup_diketahui:",
        "      bagi: {by: pimpinan, ask: kecil, fan_out: {track: lain, per: form.siapa}}\n      cukup_diketahui:",
    )
    (finding,) = told(text)
    assert finding.rule == "unknown-field"
    assert "item.batas" in finding.message


def test_a_deadline_of_the_letter_cannot_come_from_an_item():
    text = swap(INCOMING, "within: 1 working day", "within: item.batas")
    assert [one.rule for one in told(text)] == ["misplaced-word"]


@pytest.mark.parametrize(
    ("head", "act", "state"),
    [
        ("", "by: x", ""),
        ("", "by: author, entered_by: x", ""),
        ("", "by: author, do: [{notify: x}]", ""),
        ("", "by: author", "edit: x,"),
        ("", "by: author", "see: x,"),
        ("", "by: author", "on_enter: [{notify: x}],"),
        ("", "by: author", "deadline: {within: 1 day, remind: [{who: x, at: due}]},"),
        ("", "by: author", "deadline: {within: 1 day, escalate: {after: 1 day, to: x, do: notify}},"),
        ("", "by: author", "deadline: {within: 1 day, paused_while: actor among x},"),
        ("absence: [{stand_in: none, notify: x}]", "by: author", ""),
        ("rules: {r: {if: actor among x, says: R.}}", "by: author, needs: r", ""),
        ("forms: {f: {kepada: {type: position, from: x}}}", "by: author, ask: f", ""),
    ],
)
def test_a_member_of_the_cast_may_be_named_in_one_place_alone(head, act, state):
    states = f"states: {{a: {{start: true, {state} actions: {{maju: {{{act}, to: b}}}}}}, b: {{final: true}}}}"
    cast = "cast: {x: role tata_usaha of office, y: role agendaris of office}"
    text = HEAD.replace("cast: {a: role agendaris of office}", f"{cast}\n{head}") + states + "\n"
    assert [one.message for one in told(text) if one.rule == "unused"] == [
        "Pelaku 'y' tidak pernah dipakai; hapus, atau sebut di alur."
    ]
