"""Letters on their way, drawn, compared and played again: all that people see of it, as approved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from approved_values import lines, place, powers, short
from benchmarks.past_letters import Diary
from engine_cases import MASUK, ORG, PELAJARI
from generated_office import Walk, office, shipped_flows
from told_once import beginning, once

from flow_edits import edited, text_of, tree_of
from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.workflow import engine
from intranet_surat.workflow.diff import diff
from intranet_surat.workflow.draw import draw
from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.matrix import matrix
from intranet_surat.workflow.matrix_little import little_ground
from intranet_surat.workflow.replay import replay
from intranet_surat.workflow.testing import report, untried
from intranet_surat.workflow.timers import ring, timers

FLOWS = Path(__file__).parent / "flows"
SHIPPED = {flow.id: flow for flow in shipped_flows()}
RICH = load((FLOWS / "lengkap.yaml").read_text("utf-8"), "lengkap.yaml")
WHOLE = frozenset({"act", "see", "acted", "holder", "cc"})
SIGHT = {"B": WHOLE, "R": WHOLE - {"see", "cc"}}
STEPS = 5
STORIES = [
    ("surat-masuk", 1), ("surat-masuk", 4), ("surat-masuk", 8), ("surat-keluar", 4), ("surat-keluar", 7),
    ("nota-dinas", 11),
]  # fmt: skip


def walked(name: str, seed: int) -> Walk:
    """A letter of a shipped flow among generated people."""
    flow, random = SHIPPED[name], Random(seed)
    while True:
        org = office(random, flow)
        org.fields |= {"scan": "pindai", "body": "isi", "addressees": ["BPKAD"], "purpose": "KTP"}
        if flow.applies.direction == "masuk":
            org.author, org.fields["addressee"] = (org.roles["agendaris"] or ["p1"])[0], "p0"
        try:
            made = Walk(flow, org, random)
        except NotAllowed:
            continue
        if made.moves():
            return made


def seen(on: Walk) -> Iterator[str]:
    """What everybody sees of a letter and its items now."""
    flow, setting, people = on.flow, on.stage.setting, on.org.people()
    for piece in on.stage.pieces():
        due = f", batas {piece.due:%d/%m %H.%M}" if piece.due is not None else ""
        yield f"{piece.id} {piece.track or ''} di {piece.state}{due}, nomor {on.stage.number}"
        readers = engine.readers(flow, piece, setting).items()
        yield "  " + "; ".join([
            f"menunggu {names(engine.waits_for(flow, piece, setting))}",
            f"dapat bertindak {names(sorted(engine.can_act(flow, piece, setting)))}",
            f"dapat mengubah {names(engine.editors(flow, piece, setting))}",
            *(f"dibaca ({why}) {names(sorted(who))}" for why, who in sorted(readers)),
        ])  # fmt: skip
        for timer in timers(flow, piece, piece.due, setting):
            yield f"  lonceng {short(timer, '')}: {short(ring(flow, piece, timer, setting), '')}"
        for each in engine.offers(flow, piece, people[0], setting):
            to = f" ke {each.to}" if each.to is not None else ""
            yield f"  {each.action} ({each.kind}{to}): {names(each.who)}"
        offered = [
            ((each.action, f"{actor.person}@{actor.position}"), [each.says or "boleh"])
            for actor in people
            for each in engine.offers(flow, piece, actor, setting)
        ]
        later = [
            ((each.action, f"{actor.person}@{actor.position}"), ["kelak"])
            for actor in people
            for each in engine.later(flow, piece, actor, setting)
        ]
        said = [*offered, *later]
        yield from (f"  {line}" for line in once(said)) if said else ()


def names(some: Iterable[str]) -> str:
    """Positions, or nobody."""
    return " ".join(some) or "tidak ada"


def moved(on: Walk) -> Iterator[tuple[Walk, str, Any]]:
    """The letter after one act more, as long as somebody can do something that does not end it."""
    while True:
        moves = on.moves()
        on.random.shuffle(moves)
        for piece, actor, action in moves:
            further = on.copy()
            mine = next(each for each in further.stage.pieces() if each.id == piece.id)
            form = further.answers(mine, actor, action)
            further.stage.minutes(90)
            try:
                outcome = further.stage.act(mine, action, form, f"{actor.person}@{actor.position}")
            except (NotAllowed, Invalid):
                continue
            if not on.flow.states[further.stage.letter.state].final:
                break
        else:
            return
        on = further
        yield on, f"{actor.person}@{actor.position}: {action} {form}", outcome


@pytest.mark.parametrize(("name", "seed"), STORIES)
def test_a_letter_on_its_way_is_seen_as_approved(name, seed, approved):
    on = walked(name, seed)
    found = [*seen(on)]
    for further, act, outcome in islice(moved(on), STEPS):
        found += [f"== {act}", *lines(outcome, "hasil"), f"diberitahu {names(further.stage.notified)}", *seen(further)]
    assert len(found) > 40
    approved(f"walk_{name}_{seed}.txt", found)


def test_the_picture_of_the_flow_with_every_keyword_is_drawn_as_approved(approved):
    counts = {"konsep": 3, "paraf": 12, "disposisi.diterima": 4}
    medians = {"paraf": "2 hari kerja", "disposisi.diterima": "5 jam kerja"}
    approved("picture_lengkap.svg", draw(RICH, counts, medians).replace("><", ">\n<").splitlines())


def group(of: Any) -> str:
    """A sentence about power with what a program reads of it."""
    who = " ".join(f"{name}:{many}" for name, many in of.who)
    return f"{'+' if of.gained else '-'} {of.action} di {' '.join(of.states)} {''.join(of.levels)} {of.how}: {who} = {' '.join(of.positions)}, {of.persons} orang; {of.shown}"


@pytest.mark.parametrize("flow", [RICH, SHIPPED["surat-masuk"], SHIPPED["surat-keluar"]], ids=lambda flow: flow.id)
def test_who_may_do_and_see_what_is_as_approved(flow, approved):
    approved(f"powers_{flow.id}.txt", powers(matrix(flow, little_ground(SIGHT, flow))))


@pytest.mark.parametrize("seeds", [range(2), range(2, 5)], ids=["1", "2"])
@pytest.mark.parametrize("name", ["surat_masuk", "surat_keluar"])
def test_an_edit_is_told_in_words_and_in_power_as_approved(name, seeds, approved):
    text = text_of(tree_of((Path(__file__).parents[3] / "workflows" / f"{name}.yaml").read_text("utf-8")))
    before, found = load(text, "sebelum.yaml"), []
    for seed in seeds:
        changed, done = edited(text, Random(seed), 3)
        after = load(changed, "sesudah.yaml")
        difference = diff(before, after, little_ground(SIGHT, before, after))
        found += [f"== {done}", *(f"{each} {place(each.mark)}" for each in difference.words)]
        found += [
            *(f"+ {each}" for each in powers(difference.gained)),
            *(f"- {each}" for each in powers(difference.lost)),
        ]
        found += [line for each in difference.grouped for line in (each.text, f"  {group(each)}")]
    approved(f"edits_{name}_{1 if 0 in seeds else 2}.txt", beginning(found, 80))


DRAFTS = {
    "same": (),
    "a rule more": (("needs: ada_pindai, to: menunggu", "needs: [ada_pindai, bukan_rahasia], to: menunggu"),),
    "a state renamed": (("menunggu:", "antre:"), ("to: menunggu}", "to: antre}"), ("returned: menunggu}", "returned: antre}")),
    "an act gone": (("lapor: {by: pemegang, to: selesai}", "lapor_lain: {by: pemegang, to: selesai}"),),
    "somebody else": (("disposisi: {title: Disposisi, by: pimpinan", "disposisi: {title: Disposisi, by: agendaris"),),
    "the first answer is enough": (("until: all, done: selesai, returned: menunggu", "until: any, done: selesai, returned: menunggu"),),
    "a shorter limit": (("deadline: {within: 1 working day}", "deadline: {within: 2 hours}"),),
    "children may not report": (("lapor: {by: pemegang, to: selesai}", "lapor: {by: pemberi, to: selesai}"),),
    "a reader is not needed": (("needs: belum_dibaca, ", ""),),
}  # fmt: skip


def past() -> Diary:
    """A letter disposed to three; one handed down, one came back, one was withdrawn."""
    day = Diary(MASUK, LittleOrg(MASUK, ORG, {"scan": "abc", "security": "B"}))

    def do(who: str, action: str, **form: Any) -> None:
        day.stage.minutes(75)
        day.act(day.stage.find(action, who), action, who, form)

    do("agendaris", "catat", alasan="Salah ketik")
    do("agendaris", "naikkan")
    do("pimpinan", "disposisi", kepada=["kabid-a", "kabid-b", "kabid-c"], batas="2 working days", **PELAJARI)
    do("kabid-a", "teruskan", kepada=["staf-a"], **PELAJARI)
    do("kabid-b", "balik", alasan="Bukan tugas kami")
    do("pimpinan", "tarik")
    do("staf-a", "lapor")
    return day


def test_a_past_letter_played_through_a_draft_is_told_as_approved(approved):
    day, said = past(), []
    for draft, changes in DRAFTS.items():
        text = MASUK.text.replace("version: 1", "version: 2")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        found = replay(load(text, "draf.yaml"), day.past(), lambda _, now: replace(day.stage.setting, now=now))
        told_ = [short(each, "") for each in (*found.lines, *found.differences, *found.waits)]
        told_.append(f"berakhir {found.ended}, berganti nama {found.renamed}")
        for each in found.item.all():
            told_.append(
                f"{each.id} {each.track} {each.state} {each.holder} {each.giver} {each.due} {each.outcome} {each.ended}"
            )
            told_.append(f"{each.id} {each.entered} {each.since} {each.limit_since} {each.fields}")
        said.append((draft, told_))
    approved("replay.txt", once(said))


def test_a_test_that_expects_something_else_is_told_as_approved(approved):
    """Every value in the tests of a flow changed, one at a time: what the designer reads of it."""
    whole = (FLOWS / "semua.yaml").read_text("utf-8")
    tests = next(value for key, value in yaml.compose(whole, yaml.CBaseLoader).value if key.value == "tests")
    found = []
    for node in scalars(tests):
        for new in ("pelaksana", "none"):
            text = whole[: node.start_mark.index] + new + whole[node.end_mark.index :]
            try:
                flow = load(text, "semua.yaml")
            except FlowError:
                continue
            told_ = report(flow, {})
            case = f"baris {node.start_mark.line + 1} {node.value}", new
            left = "belum dicoba: " + "; ".join(" ".join(each) for each in untried(flow, told_))
            found.append((case, [left, *(f"{each.name}: {each.message or 'lulus'}" for each in told_.results)]))
    approved("expectations.txt", once(found))


def scalars(node: Any) -> Iterator[Any]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    for one in node.value if not isinstance(node, yaml.ScalarNode) else ():
        for each in one if isinstance(one, tuple) else (one,):
            if not (isinstance(one, tuple) and each is one[0]):
                yield from scalars(each)
