"""Eventful letters examined act by act: as they were nothing is wrong; forged in every way, each forgery has its line."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from past_lives import LIVES, flow
from told_once import once

from intranet_surat.workflow.audit import audit, audited
from intranet_surat.workflow.calendar import WorkingCalendar
from intranet_surat.workflow.own_acts import AUTOMATIC, CORRECTION, ESCALATED, MIGRATED, READ
from intranet_surat.workflow.replay_life import SecondLife
from intranet_surat.workflow.replay_past import Twin
from intranet_surat.workflow.replay_reading import Below, Frame, PastLine, past
from intranet_surat.workflow.view import Capacity
from intranet_surat.workflow.witness import (
    OrgRecorder,
    OrgWitness,
    UnwitnessedError,
    calendar_read,
    calendar_told,
    question,
)

SIGNATURE = {"signature": {"file": "0" * 64}}


def lived(name):
    """A life that was signed with a file, and its world."""
    life = LIVES[name](flow())
    acts = [
        replace(each, facts={**each.facts, **SIGNATURE}) if each.action == "tanda_tangani" else each
        for each in life.acts
    ]
    return replace(life.past(), acts=tuple(acts)), life.world()


def told(wrong):
    return [f"{each.line} {'? ' if each.undecided else ''}{each.action}: {each.says}" for each in wrong]


def told_of(number, act, wrong):
    """The same, without what is said already when it is this act that is wrong."""
    own = f"{number} {act.action}: "
    return [line.removeprefix(own) for line in told(wrong)]


def tree(item, depth=1):
    yield f"{'    ' * depth}{item.holder or 'surat'}: {item.state}, {item.outcome or 'belum berakhir'}, isi {dict(item.fields)}"
    for each in item.items:
        yield from tree(each, depth + 1)


@pytest.mark.parametrize("name", LIVES)
def test_nothing_is_wrong_with_a_letter_as_it_went(name, approved):
    found = audited(*lived(name), {})
    assert found.wrong == ()
    approved(f"audited_{name}.txt", tree(found.letter))


FORGED = {
    "somebody else": lambda act: replace(act, position="tetangga", person="tetangga"),
    "the author": lambda act: replace(act, position="staf", person="staf"),
    "an act of no flow": lambda act: replace(act, kind="note", action="lompat"),
    "an act of another state": lambda act: replace(act, kind="act", action="berkaskan"),
    "from elsewhere": lambda act: replace(act, state_from="arsip"),
    "to elsewhere": lambda act: replace(act, state_to="konsep" if act.state_to != "konsep" else "arsip"),
    "nothing entered": lambda act: replace(act, form={}),
    "nothing known": lambda act: replace(act, facts={}),
    "on no item": lambda act: replace(act, item="tak-ada"),
    "as a correction": lambda act: replace(act, kind="text", action=CORRECTION, form={"body": "lain"}),
    "as read": lambda act: replace(act, kind="read", action=READ),
    "as closed by itself": lambda act: replace(act, kind="closing", action=AUTOMATIC),
    "as late": lambda act: replace(act, kind="escalation", action=ESCALATED, facts={"told": ["kadis"]}),
    "as lapsed": lambda act: replace(act, kind="lapse", action="hangus"),
    "as the beginning": lambda act: replace(act, kind="start", state_from=""),
    "moved to a flow that is not there": lambda act: replace(act, kind="note", action=MIGRATED, facts={"flow_to": "x"}),
    "a year later": lambda act: replace(act, at=act.at + timedelta(days=365)),
}


@pytest.mark.parametrize("name", LIVES)
def test_what_is_said_of_each_forged_act_is_as_approved(name, approved):
    letter, world = lived(name)
    lines, acts_before = [], [f"{number}: {act.kind} {act.action}" for number, act in enumerate(letter.acts)]
    for number, act in enumerate(letter.acts):
        for how, forge in FORGED.items():
            acts = (*letter.acts[:number], forge(act), *letter.acts[number + 1 :])
            wrong = audit(replace(letter, acts=acts), world, {})
            lines.append(((how, str(number)), told_of(number, acts[number], wrong)))
        without = (*letter.acts[:number], *letter.acts[number + 1 :])
        if without and number:
            lines.append((("left out", str(number)), told(audit(replace(letter, acts=without), world, {}))))
    approved(f"forged_{name}.txt", [*acts_before, *once(lines)])


def test_a_letter_that_moved_to_another_version_goes_on_by_it():
    letter, world = lived("finished")
    changes = (
        ("  siap:\n", "  beres_semua:\n"), ("done: siap", "done: beres_semua"), ("to: siap}", "to: beres_semua}"),
        ("returned: siap", "returned: beres_semua"),
    )  # fmt: skip
    moves = "migrate: [{from: 1, states: {siap: beres_semua}%s}]\nstates:\n  konsep:"
    later = flow(2, *changes, ("states:\n  konsep:", moves % ""))
    place = next(number for number, each in enumerate(letter.acts) if each.state_from == "siap")
    renamed = [
        replace(
            each,
            state_from=each.state_from.replace("siap", "beres_semua") if each.state_from == "siap" else each.state_from,
            state_to="beres_semua" if each.state_to == "siap" else each.state_to,
        )
        for each in letter.acts[place:]
    ]
    move = replace(
        letter.acts[place], kind="note", action=MIGRATED, position="", person="", form={}, children={},
        state_from="siap", state_to="beres_semua", facts={"flow_to": later.hash},
    )  # fmt: skip
    acts = (*letter.acts[:place], move, *renamed)
    found = audited(replace(letter, acts=acts), world, {later.hash: later})
    assert told(found.wrong) == []
    assert found.letter.flow is later
    unknown = replace(move, state_to="tak_dikenal")
    wrong = audit(replace(letter, acts=(*letter.acts[:place], unknown, *renamed)), world, {later.hash: later})
    assert told(wrong)[0] == f"{place} {MIGRATED}: Versi alur yang baru tidak mengenal keadaan 'tak_dikenal'."

    def blamed(forged, by):
        forged = replace(forged, facts={**forged.facts, "flow_to": by.hash})
        return told(audit(replace(letter, acts=(*letter.acts[:place], forged, *renamed)), world, {by.hash: by}))[0]

    silent, anew = flow(2, *changes), flow(2, *changes, ("states:\n  konsep:", moves % ", restart: [beres_semua]"))
    again = replace(move, facts={**move.facts, "restarted": True})
    assert blamed(move, silent).endswith("Versi alur yang baru tidak memindahkan 'siap' ke 'beres_semua'.")
    assert blamed(replace(move, state_to="ttd"), later).endswith("tidak memindahkan 'siap' ke 'ttd'.")
    assert blamed(again, later).endswith("Menurut alur yang baru 'beres_semua' tidak dimulai dari awal.")
    assert blamed(move, anew).endswith("Menurut alur yang baru 'beres_semua' dimulai dari awal.")


def test_a_signature_without_a_file_is_no_signature():
    letter, world = lived("signed")
    acts = tuple(replace(each, facts={}) if each.action == "tanda_tangani" else each for each in letter.acts)
    (wrong,) = audit(replace(letter, acts=acts), world, {})
    assert wrong.action == "tanda_tangani"
    assert wrong.says == "Tindakan ini menandatangani, tetapi riwayat tidak menyebut berkas yang ditandatangani."


@pytest.mark.parametrize("name", LIVES)
def test_the_answers_that_were_noted_play_the_letter_alone(name):
    letter, world = lived(name)
    notes = {}

    def noting(of, now):
        asked = world(of, now)
        return replace(asked, org=OrgRecorder(asked.org, notes))

    def repeating(of, now):
        return replace(world(of, now), org=OrgWitness(kept))

    assert audit(letter, noting, {}) == ()
    kept = json.loads(json.dumps(notes))
    assert audit(letter, repeating, {}) == ()
    for key in list(kept):
        kept.pop(key)
    wrong = audit(letter, repeating, {})
    assert wrong[0].undecided
    assert wrong[0].says.startswith("Paket tidak memuat keterangan yang ditanyakan alur: ")


class Asked:
    """An organisation that answers each question by repeating it."""

    def __getattr__(self, name):
        many = {"role", "post", "staff", "persons"}
        return lambda *words: (name, *words) if name in many else "-".join((name, *words))


QUESTIONS = [
    ("role", "agendaris", "DINKES"), ("post", "kadis", "DINKES"), ("head", "DINKES"), ("superior", "kabid"), ("staff", "kabid"),
    ("persons", "kabid"), ("now", "kabid"), ("authority", "kabid", "an", "surat-dinas", "R"), ("office_of", "kabid"), ("title", "kabid"),
]  # fmt: skip


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda each: each[0])
def test_the_witness_says_what_the_recorder_heard_and_nothing_else(asked):
    name, *words = asked
    notes = {}
    heard = getattr(OrgRecorder(Asked(), notes), name)(*words)
    assert heard == getattr(Asked(), name)(*words)
    kept = json.loads(json.dumps(notes))
    assert list(kept) == [question(name, *words)]
    assert getattr(OrgWitness(kept), name)(*words) == heard
    with pytest.raises(UnwitnessedError) as unheard:
        getattr(OrgWitness({}), name)(*words)
    assert str(unheard.value) == question(name, *words)


class Nobody:
    """An organisation without anybody."""

    def __getattr__(self, name):
        return lambda *_words: None


@pytest.mark.parametrize(
    "asked",
    [("head", "X"), ("superior", "x"), ("office_of", "x"), ("capacity", "x", "y"), ("authority", "x", "an", "", "")],
)
def test_that_there_was_nobody_is_an_answer_too(asked):
    name, *words = asked
    notes = {}
    assert getattr(OrgRecorder(Nobody(), notes), name)(*words) is None
    assert getattr(OrgWitness(notes), name)(*words) is None


@pytest.mark.parametrize(
    "capacity",
    [
        Capacity("plh", "Plh."),
        Capacity(
            "plt", "Plt.", "800/1", date(2026, 12, 1), frozenset({"surat-dinas", "nota"}), "R", False, frozenset({"sk"})
        ),
    ],
)
def test_a_capacity_comes_back_as_it_was(capacity):
    class Standing(Asked):
        def capacity(self, _person, _position):
            return capacity

    notes = {}
    assert OrgRecorder(Standing(), notes).capacity("ani", "kadis") is capacity
    assert OrgWitness(json.loads(json.dumps(notes))).capacity("ani", "kadis") == capacity


def test_who_comes_later_is_not_kept():
    assert OrgRecorder(Asked(), {}).awaited("kadis") == "awaited-kadis"
    assert OrgWitness({}).awaited("kadis") == ()


def test_a_calendar_comes_back_as_it_was():
    whole = WorkingCalendar(
        "uji", "Asia/Makassar", frozenset({4, 5}), frozenset({date(2026, 8, 17), date(2026, 1, 1)}), time(7, 30), time(15),
        {date(2026, 3, 2): (time(8), time(14, 30)), date(2026, 3, 1): (time(9), time(12))},
    )  # fmt: skip
    values = calendar_told(whole)
    assert values == {
        "name": "uji", "timezone": "Asia/Makassar", "weekend": [4, 5], "holidays": ["2026-01-01", "2026-08-17"],
        "opens": "07:30:00", "closes": "15:00:00",
        "hours": {"2026-03-01": ["09:00:00", "12:00:00"], "2026-03-02": ["08:00:00", "14:30:00"]},
    }  # fmt: skip
    assert list(values["hours"]) == ["2026-03-01", "2026-03-02"]
    assert asdict(calendar_read(json.loads(json.dumps(values)))) == asdict(whole)
    for name in values:
        with pytest.raises(KeyError):
            calendar_read({key: value for key, value in values.items() if key != name})


AT = datetime(2026, 11, 23, 2, tzinfo=UTC)


def line(action, state_from, state_to, item="surat", **entered):
    return PastLine(AT, item, action, "posisi", "orang", state_from, state_to, entered)


def test_the_lines_of_a_history_are_sorted_by_what_they_were():
    of, other = flow(), flow(2)
    below = (Below("anak", "tugas", "juru-a", of), Below("cucu", "tugas", "magang", other))
    frame = Frame("surat", "DINKES", "surat-dinas", of, below, {2: "pindai-baru"}, "KODE")
    made = past(
        frame,
        [
            line("mulai", "", "konsep", form={"subject": "Uji"}),
            line(CORRECTION, "konsep", "konsep", form={"subject": "Lain"}, facts={"version": 2}),
            line(CORRECTION, "konsep", "konsep", form={}, facts={"version": 3}),
            line("ajukan", "konsep", "paraf", form={}, facts={"batas": "x"}),
            line(READ, "paraf", "paraf"),
            line(ESCALATED, "paraf", "paraf", facts={"told": ["kadis"]}),
            line("dialihkan", "paraf", "paraf"),
            line("bagikan", "siap", "dibagikan", form={}, items=["anak", "cucu", "tak-dikenal"]),
            line("lapor", "baru", "beres", item="anak"),
            line("bagikan", "baru", "baru", item="anak"),
            line(AUTOMATIC, "dibagikan", "arsip"),
            line(AUTOMATIC, "ttd", "ttd", facts={"number_void": "1"}),
            line("tak-ada", "ttd", "ttd"),
        ],
    )
    assert [each.kind for each in made.acts] == [
        "start", "text", "text", "act", "read", "escalation", "escalation", "act", "act", "note", "closing", "lapse", "note",
    ]  # fmt: skip
    assert made.acts[1].form == {"subject": "Lain", "scan": "pindai-baru"}
    assert made.acts[2].form == {}
    assert made.acts[3].facts == {"batas": "x"}
    assert made.acts[7].children == {"juru-a": "anak", "magang": "cucu"}
    assert (made.id, made.office, made.kind, made.fields, made.flow) == (
        "surat",
        "DINKES",
        "surat-dinas",
        {"subject": "Uji"},
        of,
    )
    assert made.others == {"cucu": other}
    assert made.print_code == "KODE"
    first = made.acts[0]
    assert (first.at, first.item, first.action, first.position, first.person, first.state_from, first.state_to) == (
        AT, "surat", "mulai", "posisi", "orang", "", "konsep",
    )  # fmt: skip


def test_a_letter_without_a_history_has_no_past():
    with pytest.raises(ValueError, match="a letter without a history has no past"):
        past(Frame("surat", "DINKES", "surat-dinas", flow()), [])


def test_an_item_that_moves_begins_a_limit_where_only_the_new_version_has_one():
    letter, world = lived("finished")
    life = SecondLife(flow(), letter, world)
    item, life.now = life.letter, letter.acts[-1].at
    item.state = "ttd"
    move = replace(letter.acts[-1], kind="note", action=MIGRATED, state_from="ttd", state_to="ttd")
    life.move(item, flow(2), move, again=False)
    assert item.due is None
    limited = flow(3, ("    title: Tanda tangan\n", "    title: Tanda tangan\n    deadline: {within: 1 working day}\n"))
    life.move(item, limited, move, again=False)
    begun = item.due
    assert begun is not None
    life.now += timedelta(days=3)
    life.move(item, limited, move, again=False)
    assert (item.due, item.entered) == (begun, 0), "the limit runs on, and so does the passage"
    life.move(item, limited, move, again=True)
    assert item.due > begun
    assert (item.entered, item.since) == (len(life.done) - 1, life.now)
    life.move(item, flow(4), move, again=False)
    assert item.due is None


def test_who_gave_an_item_sees_under_which_name_it_goes_on():
    letter, world = lived("finished")
    life = SecondLife(flow(), letter, world)
    child = Twin(
        "anak", "DINKES", "surat-dinas", "tugas", flow(), life.done, {}, "staf", parent=life.letter, state="baru"
    )
    life.letter.items.append(child)
    life.now = letter.acts[0].at
    assert [each.state for each in life.letter.children] == ["baru"]
    renamed = (
        ("  tugas:\n    states:\n      baru:", "  tugas:\n    states:\n      anyar:"),
        ("returned: baru", "returned: anyar"),
    )
    move = replace(letter.acts[-1], kind="note", item="anak", action=MIGRATED, state_from="baru", state_to="anyar")
    life.move(child, flow(2, *renamed), move, again=False)
    assert [each.state for each in life.letter.children] == ["anyar"]
