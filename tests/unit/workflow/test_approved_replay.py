"""Letters with an eventful past played through their own flow and through drafts of it: all that is told, as approved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from past_lives import DRAFTS, LIVES, Life, flow
from told_once import named, once

from intranet_surat.workflow.calendar import WorkingCalendar
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.replay import Replayed, replay
from intranet_surat.workflow.replay_report import Tally
from intranet_surat.workflow.view import Setting

FLOW = flow()


def told(found: Replayed) -> Iterator[str]:
    """All of a second life: its acts, where it went otherwise, what it waited for, and how it stands at the end."""
    for each in found.lines:
        yield f"{at(each.at)} {each.item}: {each.action or '-'} {each.state_from or '-'} -> {each.state_to} batas {at(each.due)}"
    for each in found.differences:
        yield f"beda {at(each.at)} {each.item}: {each.kind} {each.action} di {each.state} {each.rule or '-'} {each.says}"
    for each in found.waits:
        limited = "berbatas" if each.limited else "tanpa batas"
        yield f"tunggu {at(each.at)} {each.item} {each.track or '-'}: {each.action} di {each.state} oleh {each.who} {each.office_time} {limited}"
    yield f"{found.letter} {'sama' if found.same else 'tidak sama'} berakhir {found.ended} berganti nama {found.renamed}"
    for each in found.item.all():
        yield f"{each.id}: {each.office} {each.kind} {each.track or '-'} {each.flow.id}@{each.flow.version} di bawah {each.parent and each.parent.id}"
        yield f"{each.id}: {each.state} {each.outcome or '-'} {each.ended} masuk {each.entered} {at(each.since)}"
        yield f"{each.id}: {each.giver} -> {each.holder} dahulu {each.held} ditugasi {each.assigned} diberitahu {each.told}"
        if each.due or each.pauses or each.paused_since:
            yield f"{each.id}: batas {at(each.due)} sejak {at(each.limit_since)} berhenti {[(at(a), at(b)) for a, b in each.pauses]} {at(each.paused_since)}"
        if each.initials or each.version != 1:
            yield f"{each.id}: paraf {[(one.position, one.version) for one in each.initials]} versi {each.version}"
        yield from (f"{each.id}: isian {name} {value!r}" for name, value in each.fields.items())
    for one in found.item.acts:
        yield f"{one.item}: {one.action} oleh {one.position}/{one.person} {one.numbered or ''}".rstrip()


def at(moment: Any) -> str:
    return f"{moment:%d/%m %H.%M}" if moment is not None else "-"


def against(file: str, before: list[str], new: list[str]) -> Iterator[str]:
    """The numbers of the lines in that file that are gone, and what came."""
    gone, come = Counter(before) - Counter(new), Counter(new) - Counter(before)
    lost = [str(number) for number, line in enumerate(before, 1) if line in gone]
    if lost:
        yield f"hilang dari {file}: baris '{named(lost, ())}'"
    yield from come.elements()


@pytest.fixture(scope="module", params=LIVES)
def lived(request: pytest.FixtureRequest) -> tuple[str, Life]:
    return request.param, LIVES[request.param](FLOW)


def test_an_eventful_past_comes_out_as_it_was(lived, approved):
    name, life = lived
    found = replay(FLOW, life.past(), life.world())
    assert [(each.at, each.item, each.state_to) for each in found.lines] == [
        (each.at, each.item, each.state_to) for each in life.acts
    ]
    assert (found.differences, found.waits, found.renamed) == ((), (), ())
    assert found.item.due == life.stage.letter.due
    approved(f"lived_{name}.txt", told(found))


def test_what_a_draft_makes_of_an_eventful_past_is_told_as_approved(lived, approved):
    name, life = lived
    before, said, tallies = [*told(replay(FLOW, life.past(), life.world()))], [], []
    for draft, changes in DRAFTS.items():
        to = flow(3, *changes)
        found = replay(to, life.past(), life.world())
        new = [line.replace("uji@3", "uji@1") for line in told(found)]
        said.append((draft, [*against(f"lived_{name}.txt", before, new)]))
        tally = Tally(to)
        tally.count(found, ended=FLOW.states[life.stage.letter.state].final)
        tallies.append((draft, [*map(str, summary(tally))]))
    approved(f"lived_otherwise_{name}.txt", once(said, numbered=True))
    approved(f"lived_report_{name}.txt", once(tallies))


def summary(tally: Tally) -> Iterator[Any]:
    found = tally.report()
    yield f"{found.flow}@{found.version}: {found.letters} surat, {found.same} sama, terhenti {found.stopped}, nama {found.renamed}, tidak dimainkan {found.left_out}"
    yield from found.added
    yield from found.refused


def test_the_report_of_many_letters_puts_the_most_frequent_first(approved):
    lives = [make(FLOW) for make in (*LIVES.values(), *LIVES.values(), LIVES["signed"])]
    said = []
    for draft in ("one tier more", "no tier without a limit", "a rule more", "renamed and said so", "nobody corrects"):
        to = flow(3, *DRAFTS[draft])
        tally = Tally(to)
        tally.left_out.update(["Surat lain", "Isian dihapus", "Isian dihapus"])
        for number, life in enumerate(lives):
            past = replace(life.past(), id=f"surat-{number}", acts=tuple(
                replace(each, item=f"surat-{number}" if each.item == "surat" else each.item) for each in life.acts
            ))  # fmt: skip
            tally.count(replay(to, past, life.world()), ended=FLOW.states[life.stage.letter.state].final)
        said += [f"== {draft}", *map(str, summary(tally))]
    approved("lived_report.txt", said)


def test_an_item_that_ran_on_the_flow_of_another_office_keeps_it(approved):
    life = LIVES["printed"](FLOW)
    other = flow(
        5,
        ("      baru:\n        title: Baru", "      baru:\n        title: Baru di sana"),
        ("within: item.batas", "within: 1 hour"),
    )
    neighbour = next(piece.id for piece in life.stage.pieces() if "tetangga" in (piece.holder, *piece.held))
    closed = WorkingCalendar("libur", holidays=frozenset({date(2026, 12, 1)}))

    def world(of: Flow, now: datetime) -> Setting:
        calendar = closed if of is other else life.stage.setting.calendar
        return replace(life.stage.setting, now=now, calendar=calendar)

    found = replay(flow(3), life.past(others={neighbour: other}), world)
    usual = told(replay(FLOW, life.past(), life.world()))
    approved(
        "lived_beside.txt",
        against("lived_printed.txt", [*usual], [line.replace("uji@3", "uji@1") for line in told(found)]),
    )
