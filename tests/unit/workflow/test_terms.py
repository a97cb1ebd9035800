"""Deadlines, stand-ins, promises, openings and moves: what is read, and every slip with its place."""

from pathlib import Path

import pytest

from intranet_surat.workflow import rules
from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Duration
from intranet_surat.workflow.world import World

FLOWS = Path(__file__).parent / "flows"
TEXT = (FLOWS / "semua.yaml").read_text()
FLOW = load(TEXT, "semua.yaml", World())


def texts(whos):
    return [who.text for who in whos]


def told(old, new):
    assert TEXT.count(old) == 1, f"{old!r} stands {TEXT.count(old)} times in the flow"
    wrong = TEXT.replace(old, new)
    with pytest.raises(FlowError) as caught:
        load(wrong, "semua.yaml", World())
    lines = wrong.splitlines()
    return [(one.rule, lines[one.mark.line - 1][one.mark.column - 1 :], one) for one in caught.value.findings]


# --- what is read


def test_a_deadline_reminds_escalates_and_pauses():
    deadline = FLOW.states["konsep"].deadline
    assert deadline.within == Duration(3, "working days")
    assert [(texts(one.who), one.before) for one in deadline.remind] == [
        (["konseptor"], None),
        (["konseptor", "tata_usaha"], Duration(1, "working days")),
    ]
    escalate = deadline.escalate
    assert (escalate.after, texts(escalate.to), escalate.do) == (
        Duration(1, "working days"),
        ["tata_usaha"],
        "reassign",
    )
    assert isinstance(deadline.paused_while, rules.Named)


def test_a_level_of_initials_is_reminded_and_its_superior_told():
    deadline = FLOW.states["paraf"].route.deadline
    assert [texts(one.who) for one in deadline.remind] == [["level"]]
    assert (texts(deadline.escalate.to), deadline.escalate.do) == (["superior of level"], "notify")


def test_an_action_may_be_done_by_an_acting_holder_unless_it_says_no():
    actions = FLOW.states["konsep"].actions
    assert [(name, action.stand_in, texts(action.entered_by)) for name, action in actions.items()] == [
        ("ajukan", False, []),
        ("batal", True, ["tata_usaha"]),
    ]


def test_initials_and_signatures_are_not_for_acting_holders_unless_the_flow_says_so():
    route, sign = FLOW.states["paraf"].route, FLOW.states["ttd"].sign
    assert (route.stand_in, route.reject.stand_in) == (True, True)
    assert (sign.stand_in, sign.prepare.stand_in, sign.reject.stand_in) == (True, True, True)
    text = TEXT.replace("      stand_in: true\n", "")
    silent = load(text, "semua.yaml", World()).states
    assert (silent["paraf"].route.stand_in, silent["paraf"].route.reject.stand_in) == (False, False)
    sign = silent["ttd"].sign
    assert (sign.stand_in, sign.prepare.stand_in, sign.reject.stand_in) == (False, False, False)


def test_stand_ins_are_tried_in_order():
    assert [(line.stand_in, line.needs_order, texts(line.notify)) for line in FLOW.absence] == [
        ("plh", True, []),
        ("substitute", False, []),
        ("none", False, ["tata_usaha", "role admin of office"]),
    ]


def test_promises_of_each_kind_are_read():
    never, possible, within = FLOW.promises
    assert (never.kind, never.text, never.says) == (
        "never",
        "state is ttd and keuangan",
        "Surat 900 di jalur elektronik.",
    )
    assert isinstance(never.tree, rules.Both)
    assert (possible.kind, possible.states, possible.tree) == ("always_possible", ("diarsipkan", "dibatalkan"), None)
    assert (within.kind, within.within, within.states) == (
        "within",
        Duration(30, "working days"),
        ("diarsipkan", "dibatalkan"),
    )


def test_moves_and_openings_are_read():
    (move,) = FLOW.migrate
    assert (move.source, move.states, move.tracks, move.restart) == (
        2,
        {"arsip": "diarsipkan"},
        {"tindak_lanjut": {"baru": "diterima"}},
        ("paraf",),
    )
    first, *_, last = FLOW.open
    assert (first.path, first.change, first.between) == (("states", "*", "deadline"), "shorter", None)
    assert last.between == ("siap_ttd", "ttd")


def test_a_flow_without_these_has_none_of_them():
    flow = load((FLOWS / "keluar.yaml").read_text(), "keluar.yaml")
    assert (flow.absence, flow.promises, flow.migrate, flow.open, flow.base) == ((), (), (), (), None)
    assert flow.written == flow.text


# --- what is refused


@pytest.mark.parametrize(
    ("old", "new", "rule", "at"),
    [
        ("at: due}, {who: [kons", "at: besok}, {who: [kons", "word", "besok"),
        ("at: 1 working day before", "at: 1 working dy before", "duration", "working dy before"),
        ("remind: [{who: konseptor, at: due},", "remind: [{at: due},", "missing-key", "{at: due}"),
        ("remind: [{who: konseptor, at: due},", "remind: [{who: konsptor, at: due},", "unknown-person", "konsptor"),
        ("remind: [{who: konseptor, at: due},", "remind: [{who: level, at: due},", "misplaced-word", "level"),
        ("remind: [{who: konseptor, at: due},", "remind: [{who: actor, at: due},", "misplaced-word", "actor"),
        ("remind: [{who: konseptor, at: due},", "remind: [{who: pemegang, at: due},", "misplaced-word", "pemegang"),
        ("to: tata_usaha, do: reassign", "to: siapa, do: reassign", "unknown-person", "siapa"),
        ("to: tata_usaha, do: reassign", "to: tata_usaha, do: alihkan", "word", "alihkan"),
        ("escalate: {after: 1 working day, to: tata_usaha", "escalate: {to: tata_usaha", "missing-key", "{to: tata_usaha"),
        ("to: superior of level}", "to: superior of level, do: reassign}", "reassign", "reassign"),
        ("paused_while: ditahan", "paused_while: ditaha", "unknown-rule", "ditaha"),
        ("paused_while: ditahan", "paused_while: ditahan and kode_cocok", "misplaced-word", "ditahan and"),
        ("paused_while: ditahan", "paused_while: ditahan and actor among konseptor", "misplaced-word", "ditahan and"),
        ("paused_while: ditahan", "paused_while: ditahan and item.batas is present", "misplaced-word", "ditahan and"),
        ("paused_while: ditahan", "paused_while: letter.x is", "rule", ""),
        ("stand_in: plh", "stand_in: plk", "word", "plk"),
        ("stand_in: substitute", "stand_in: plh", "absence", "plh"),
        ("stand_in: substitute}", "stand_in: none, notify: author}", "absence", "{stand_in: none, notify: [tata"),
        ("{stand_in: none, notify: [tata_usaha, role admin of office]}", "{stand_in: none}", "missing-key", "{stand_in: none}"),
        ("stand_in: substitute}", "stand_in: substitute, notify: author}", "absence", "author"),
        ("notify: [tata_usaha, role", "notify: [siapa, role", "unknown-person", "siapa"),
        ("notify: [tata_usaha, role", "needs_order: true, notify: [tata_usaha, role", "absence", "true, notify"),
        ("entered_by: tata_usaha", "entered_by: siapa", "unknown-person", "siapa"),
        ("entered_by: tata_usaha", "entered_by: actor", "misplaced-word", "actor"),
        ("by: tata_usaha, ask: hasil_pindai", "by: tata_usaha, entered_by: konseptor, ask: hasil_pindai", "entered-by", "entered_by"),
        ("act: paraf\n      title: Paraf\n", "act: paraf\n      entered_by: tata_usaha\n      title: Paraf\n", "unknown-key", "entered_by"),
        ("never: state is ttd and", "never: state is tt and", "unknown-state", "tt and"),
        ("never: state is ttd and keuangan, says: Surat 900 di jalur elektronik.", "never: state is ttd and keuangan", "missing-key", "{never"),
        ("never: state is ttd and keuangan", "never: item.batas is present", "misplaced-word", "item.batas"),
        ("never: state is ttd and keuangan", "never: kode_cocok", "misplaced-word", "kode_cocok"),
        ("always_possible: diarsipkan or dibatalkan", "always_possible: diarsipkan or dibatal", "unknown-state", "dibatal}"),
        ("always_possible: diarsipkan or dibatalkan", "always_possible: diarsipkan or diterima", "unknown-state", "diterima"),
        ("always_possible: diarsipkan or dibatalkan", "always_possible: diarsipkan and dibatalkan", "name", "diarsipkan and"),
        ("always_possible: diarsipkan or dibatalkan", "always_possible: diarsipkan, never: keuangan, says: X.", "state-shape", "{always"),
        ("to: [diarsipkan, dibatalkan], says", "to: [diarsipkan, batal], says", "unknown-state", "batal]"),
        ("to: [diarsipkan, dibatalkan], says", "says", "missing-key", "{within"),
        ("within: 30 working days", "within: sebulan", "duration", "sebulan"),
        ("from: 2,", "from: 3,", "migrate", "3,"),
        ("arsip: diarsipkan", "arsip: arsip", "unknown-state", "arsip}"),
        ("tindak_lanjut: {baru: diterima}", "tindak: {baru: diterima}", "unknown-track", "tindak: {baru"),
        ("baru: diterima", "baru: terima", "unknown-state", "terima}"),
        ("restart: [paraf]", "restart: [parf]", "unknown-state", "parf"),
        ("path: states.*.title", "path: states.*.judul", "open", "judul"),
        ("path: states.paraf.route", "path: states.paref.route", "open", "paref"),
        ("path: forms.teruskan.batas.at_most", "path: forms.teruskan.bats.at_most", "open", "bats"),
        ("path: states.*.see, change: narrower", "path: states.*.see, change: sempit", "word", "sempit"),
        ("path: states.*.see, change: narrower", "path: states.*.see", "missing-key", "{path: states.*.see}"),
        ("insert_between: [konsep, paraf]", "insert_between: [konsep, prf]", "unknown-state", "prf"),
        ("insert_between: [konsep, paraf]", "insert_between: [konsep, diterima]", "open", "{insert_between: [konsep"),
        ("insert_between: [konsep, paraf]", "insert_between: [konsep]", "type", "[konsep]"),
        ("through: [paraf]", "through: [parf]", "unknown-state", "parf"),
        ("{read: pelaksana}", "{read: pelaksana, form: {}}", "step", "{}"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_place(old, new, rule, at):
    found = told(old, new)
    assert found[0][0] == rule, found
    assert found[0][1].startswith(at), found
    assert len(found) == 1, found


def test_the_words_that_could_have_been_meant_are_told():
    ((_, _, finding),) = told("path: states.*.title", "path: states.*.titel")
    assert finding.suggestion == "title"
    ((_, _, finding),) = told("stand_in: substitute", "stand_in: subtitute")
    assert (finding.suggestion, finding.accepted) == ("substitute", ("plh", "plt", "substitute", "none"))


def test_an_escalation_may_reassign_only_where_nobody_signs():
    (found,) = told(
        "  ttd:\n", "  ttd:\n    deadline: {within: 1 day, escalate: {after: 1 day, to: tata_usaha, do: reassign}}\n"
    )
    assert found[0] == "reassign"


def test_what_only_these_parts_use_counts_as_used():
    text = TEXT.replace("notify: [tata_usaha, role admin of office]", "notify: pengganti")
    text = text.replace(
        "  pemegang: holder of item\n", "  pemegang: holder of item\n  pengganti: role admin of office\n"
    )
    assert load(text, "semua.yaml", World()).cast["pengganti"].op == "role"
