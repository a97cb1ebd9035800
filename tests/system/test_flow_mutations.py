"""Definitions changed at random against live letters: refused with line and letters, or every letter still ends.

And the history of every letter that ended is one that its flows allow, played by who examines a package.

SURAT_SOAK=1 .venv/bin/python -m pytest -q -s tests/system/test_flow_mutations.py     # 10,000 mutations
"""

from __future__ import annotations

import copy
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flow_town import Town, distances, ended

from flow_edits import EDITS, delete, machines, text_of, tree_of
from intranet_surat.errors import Invalid
from intranet_surat.resources.folder import find, path, top_path
from intranet_surat.services import migrating, publishing, rehearsing
from intranet_surat.services.itemview import descendants
from intranet_surat.workflow.audit import audited

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"
FILES = ("surat_masuk.yaml", "surat_keluar.yaml")
DESIGNER, APPROVER = "staf-organisasi.setda", "kabag-organisasi.setda"
WHO = (
    "head of office", "role tata_usaha of office", "role agendaris of office", "position juru-kunci of office", "author",
    "superior of author", "holder of item", "holder of letter.addressee", "holder of letter.signatory",
)  # fmt: skip
PLACE = re.compile(r"(?m)^ubahan\.yaml:\d+(:\d+)?: ")


def recast(tree: dict[str, Any], dice: random.Random) -> str:
    """A cast name means somebody else, or nobody."""
    name = dice.choice(list(tree["cast"]))
    tree["cast"][name] = dice.choice(WHO)
    return name


def forget(tree: dict[str, Any], dice: random.Random) -> str:
    """A state is renamed everywhere in the file, and ``migrate`` says nothing of it."""
    states = dice.choice(machines(tree))
    old = dice.choice(list(states))
    written = re.sub(rf"\b{old}\b", f"lain_{old}", text_of(tree))
    tree.update(tree_of(written))
    return old


def mutate(tree: dict[str, Any], dice: random.Random) -> tuple[str, list[str]]:
    """The next version of a flow after some edits, sound or not, and a map that fits or does not."""
    old, tree, done = tree, copy.deepcopy(tree), []
    now = int(tree["version"])
    while not done or (len(done) < 5 and dice.random() < 0.6):
        edit = dice.choice((*EDITS, delete, recast, forget))
        said = edit(tree, dice)
        if said:
            done.append(f"{edit.__name__} {said}")
    tree["version"] = str(now + 1)
    line = (tree.pop("migrate", None) or [{}])[0]
    line["from"] = str(now)
    for track in (None, *old.get("tracks", {})):
        before, after = (each["states"] if track is None else each["tracks"][track]["states"] for each in (old, tree))
        names = {name: dice.choice(list(after)) for name in before if name not in after and dice.random() < 0.6}
        known = line.get("states", {}) if track is None else line.get("tracks", {}).get(track, {})
        if names and track is None:
            line["states"] = {**names, **known}
        elif names:
            line.setdefault("tracks", {})[track] = {**names, **known}
    if dice.random() < 0.1:
        line["restart"] = [dice.choice(list(tree["states"]))]
    tree["migrate"] = [line]
    return text_of(tree), done


@pytest.fixture
def town(db, tmp_path, amount):
    made = Town(db, tmp_path, 11)
    running = []  # in the order of their making: their ids are random, and what becomes of them is not
    for _ in range(amount(5, 30)):
        running.append(made.incoming("KRAMATWATU", "agendaris.kramatwatu"))
        running.append(made.incoming("BPKAD", "agendaris.bpkad"))
        running.append(made.outgoing("DINKES", "staf-kesmas.dinkes", "kepala.dinkes"))
        running.append(made.outgoing("DINKES", "kabid-p2p.dinkes", "kepala.dinkes"))
    for letter in running:
        # Part of the way, no letter to its end: the last step is left to the trials.
        for _ in range(made.dice.randrange(16)):
            made.trial()
            made.step(letter)
            if ended(letter):
                made.undo()
            else:
                made.commit()
    yield made
    made.tm.abort()
    made.connection.close()


def alive(town, flow_id):
    """The letters that run the shipped version of a flow."""
    flow = next(each for each in town.house.flows.all() if each.id == flow_id)
    tops = {top_path(where) for where in town.site.running.of(flow.hash)}
    return flow, [find(town.site, where) for where in sorted(tops)]


def only(town, flow, chosen):
    """For this trial the other letters do not exist for the flow."""
    kept = {path(letter) for letter in chosen}
    for where in list(town.site.running.of(flow.hash)):
        if top_path(where) not in kept:
            town.site.running.drop(find(town.site, where))


def publish(town, written):
    """The dry run with the publication, or the reasons of the refusal."""
    designer, second = town.reader(DESIGNER), town.reader(APPROVER)
    draft = publishing.save(town.house, town.site, None, written, "ubahan.yaml", designer, town.now)
    try:
        proofs = publishing.propose(town.house, town.site, draft, "Ubahan", designer, town.now, saved=draft.saved)
    except Invalid as refused:
        return refused.message, None
    return publishing.approve(town.house, town.site, draft, second, town.now, saved=draft.saved), proofs


def moved(town, done):
    """The move as the worker does it."""
    job = next(each for each in town.site.jobs.pending() if each.name == migrating.JOB)
    migrating.carry_on(town.house, town.site, job.args, town.now)
    assert job.args["flow"][2] == done.hash


def accused(town, letter):
    """What an examiner finds in the letter's history that its flows do not allow."""
    entered = (letter.history.entered(act.seq).get("facts", {}) for act in letter.history)
    versions = {facts["flow_to"] for facts in entered if "flow_to" in facts}
    flows = {each: rehearsing.flow_of_hash(town.house, town.site, each) for each in versions}
    past = rehearsing.past_of(town.house, town.site, letter)
    return audited(past, rehearsing.settings_of(town.house, town.site), flows).wrong


def one(town, tree, flow, letters, dice):
    """One mutation: what became of it, after everything is undone."""
    chosen = dice.sample(letters, min(len(letters), dice.choice((1, 2))))
    changed, edits = mutate(tree, dice)
    town.trial()
    try:
        only(town, flow, chosen)
        before = {each.id: each.state for letter in chosen for each in (letter, *descendants(letter))}
        done, proofs = publish(town, changed)
        if proofs is None:
            assert PLACE.match(done), (edits, done)
            stranded = [line for line in done.splitlines() if "[stranded]" in line]
            assert all(any(letter.id in line for letter in chosen) for line in stranded), (edits, stranded)
            return "stranded" if stranded else "refused"
        said = {name: each.new for each in proofs.plan.moves for name, _ in each.items}
        moved(town, done)
        for letter in chosen:
            items = (letter, *descendants(letter))
            assert {each.flow.hash for each in items} == {done.hash}, (edits, letter.state)
            assert {each.id: each.state for each in items if not ended(each)}.items() <= said.items(), edits
        assert said.keys() <= before.keys()
        for letter in chosen:
            assert town.ends(letter), (edits, letter.kind, before[letter.id], letter.state, changed)
            assert accused(town, letter) == (), (edits, letter.kind, before[letter.id])
        return "published"
    finally:
        town.undo()


def test_no_mutation_of_a_flow_strands_a_letter(town, amount, record_property):
    dice = random.Random(amount(3, 5))
    trees = [tree_of((WORKFLOWS / name).read_text(encoding="utf-8")) for name in FILES]
    living = [alive(town, tree["id"]) for tree in trees]
    told: Counter[str] = Counter()
    for number in range(amount(40, 10_000)):
        flow, letters = living[number % len(trees)]
        told[one(town, trees[number % len(trees)], flow, letters, dice)] += 1
    states = {
        (flow.id, item.state) for flow, letters in living for each in letters for item in (each, *descendants(each))
    }
    record_property("mutations", f"{dict(told)} on letters of {len(states)} states")
    assert len(states) >= amount(7, 13)
    assert told["published"] > 0
    assert told["stranded"] + told["refused"] > 0
    assert told["stranded"] >= amount(0, 100)


def test_the_driver_leads_every_letter_to_its_end_without_any_change(town):
    """Otherwise it would find nothing after one."""
    for name in FILES:
        flow, letters = alive(town, tree_of((WORKFLOWS / name).read_text(encoding="utf-8"))["id"])
        assert len({letter.state for letter in letters}) > 2
        assert distances(flow, None)
        for letter in letters:
            town.trial()
            assert town.ends(letter), (letter.kind, letter.state)
            town.undo()
