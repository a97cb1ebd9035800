"""What offices write over a base: the lines of the flow that change, or what is wrong with the file; as approved."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import ndiff
from pathlib import Path

import pytest
from approved_values import finding
from told_once import once

from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.loader import load, load_all, resolved
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.nodes import plain
from intranet_surat.workflow.world import World

TEXT = (Path(__file__).parent / "flows" / "semua.yaml").read_text()
WORLD = World(
    words={"instruksi-disposisi": frozenset({"a", "b"}), "sedikit": frozenset({"a"}), "lain": frozenset({"c"})}
)
BASE = load(TEXT, "semua.yaml", WORLD)
HEAD = "flow: surat/1\nid: kantor\nversion: 2\nextends: semua-uji@3\n"


def bases(name: str, version: int) -> Flow | None:
    return BASE if (name, version) == ("semua-uji", 3) else None


def told(text: str, usual: list[str]) -> Iterator[str]:
    """The findings, or how the whole flow differs from one that changes nothing."""
    try:
        flow = load(text, "kantor.yaml", WORLD, bases)
    except FlowError as error:
        yield from (finding(one) for one in error.findings)
    else:
        yield from (line for line in ndiff(usual, flow.text.splitlines()) if line[0] in "+-")


def usual() -> list[str]:
    return load(HEAD, "kantor.yaml", WORLD, bases).text.splitlines()


STEP = "actions: {maju: {by: tata_usaha, to: paraf}}"
CHANGES = {
    "limits": ("set: states.konsep.title, to: Naskah", "set: states.konsep.deadline.within, to: 1 day", "set: states.konsep.deadline.within, to: 4 hours", "set: states.konsep.deadline.within, to: [4 hours]", "set: states.konsep.deadline.within, to: kata", "set: states.siap_ttd.deadline.escalate, to: {after: 1 day, to: tata_usaha}", "set: states.siap_ttd.deadline.escalate.after, to: 1 day"),
    "acts": ("set: states.dicetak.deadline.paused_while, to: ditahan", "remove: states.konsep.deadline.paused_while", "remove: states.konsep.deadline", "remove: states.konsep.title", "remove: states.paraf.title", "remove: states.terkirim.actions.teruskan.title", "remove: states.terkirim.actions.teruskan", "set: states.terkirim.actions.teruskan.by, to: author", "set: states.terkirim.actions.teruskan.needs, to: keuangan", "set: states.terkirim.actions.teruskan.baru, to: x", "set: states.terkirim.actions.teruskan.fan_out.per, to: form.batas"),
    "names": ("set: states.terkirim.actions.baru, to: {by: author}", "set: states.terkirim.actions.baru.by, to: author", "set: states.baru.title, to: X", "set: states.baru, to: {title: X}", "set: cast.ahli, to: head of office", "set: cast.ahli.x, to: y", "set: cast.konseptor, to: author", "set: cast.konseptor, to: tata_usaha", "remove: cast.konseptor", "remove: cast.ahli", "set: rules.baru, to: {if: letter.x is present, says: Isi.}", "set: rules.baru.if, to: letter.x is present", "set: forms.baru, to: {x: {type: text}}", "set: forms.baru.x, to: {type: text}", "set: forms.alasan.baru, to: {type: text}", "set: tracks.baru, to: {}", "set: tests.baru, to: {}"),
    "narrower": ("set: states.paraf.see, to: 'only [konseptor]'", "set: states.paraf.see, to: author", "set: states.konsep.see, to: author", "set: states.paraf.route.at_most, to: 2", "set: states.paraf.route.at_most, to: 9", "set: forms.teruskan.instruksi.of, to: sedikit", "set: forms.teruskan.instruksi.of, to: lain", "set: forms.teruskan.batas.at_most, to: 2 working days", "remove: forms.teruskan.batas.at_most"),
    "places": ("set: id, to: x", "remove: title", "set: flow, to: x", "set: applies_to.direction, to: masuk", "set: calendar, to: lain", "set: calender, to: lain", "set: open, to: []", "set: states.*.title, to: X", "set: states, to: {}", "set: states.konsep.*, to: X", "set: states.konsep.title.x, to: y", "set: states.konsep.actions.ajukan.title, to: X", "set: promises.0, to: x", "set: migrate, to: []", "set: absence, to: []", "remove: promises", "remove: rules.keuangan", "remove: tidak.ada"),
    "shapes": ("set: states.konsep.title", "to: X", "set: states.konsep.title, remove: states.paraf.title, to: X", "remove: states.paraf.title, to: X", "remove: states.paraf.title, state: x", "set: states.konsep.title, to: X, state: y", "set: States.x, to: y", "set: [states], to: y", "sett: states.konsep.title, to: X", "set: states.konsep.title, too: X", "set: states.konsep.title, to: ''", "set: states.konsep.title, to: {}", "set: states.konsep.title, to: *x"),
    "insertions": (f"insert_between: [konsep, paraf], state: telaah, {STEP}", f"insert_between: [konsep, paraf], state: telaah, title: Telaah, deadline: {{within: 1 day}}, see: author, edit: tata_usaha, on_enter: [{{notify: author}}], {STEP}", f"insert_between: [konsep, paraf], state: konsep, {STEP}", f"insert_between: [paraf, konsep], state: telaah, {STEP}", f"insert_between: [konsep, ttd], state: telaah, {STEP}", f"insert_between: [konsep], state: telaah, {STEP}", f"insert_between: [konsep, paraf], state: Telaah, {STEP}", f"insert_between: [konsep, paraf], {STEP}", f"insert_between: [konsep, paraf], state: telaah, to: x, {STEP}", f"insert_between: [konsep, paraf], state: telaah, judul: x, {STEP}", "insert_between: [konsep, paraf], state: telaah", "insert_between: [konsep, paraf], state: telaah, actions: {maju: {by: tata_usaha, to: dibatalkan}}", "insert_between: [konsep, paraf], state: telaah, final: true"),
}  # fmt: skip
PAIRS = (
    ("set: states.konsep.title, to: X", "set: states.konsep.title, to: Y"), ("set: states.konsep.title, to: X", "remove: states.konsep.title"), ("set: states.siap_ttd.deadline, to: {within: 1 day}", "set: states.siap_ttd.deadline.within, to: 2 days"), ("set: states.siap_ttd.deadline, to: {within: 1 day}", "set: states.siap_ttd.deadline.within, to: 2 hours"), ("set: cast.ahli, to: head of office", "set: cast.ahli, to: author"),
    (f"insert_between: [konsep, paraf], state: telaah, {STEP}", f"insert_between: [konsep, paraf], state: uji, {STEP}"), (f"insert_between: [konsep, paraf], state: telaah, {STEP}", "set: states.telaah.title, to: Telaah"), (f"insert_between: [konsep, paraf], state: telaah, {STEP}", "set: states.telaah.deadline, to: {within: 1 day}"), (f"insert_between: [konsep, paraf], state: telaah, {STEP}", "insert_between: [siap_ttd, ttd], state: lihat, actions: {maju: {by: tata_usaha, to: ttd}}"), ("set: cast.ahli, to: head of office", "set: states.paraf.see, to: 'only [ahli]'"), ("kata", "set: states.konsep.title, to: X"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "cases"), {**{name: [(each,) for each in cases] for name, cases in CHANGES.items()}, "two": PAIRS}.items()
)
def test_a_change_gives_these_lines_or_is_refused_in_this_way(name, cases, approved):
    found, before = [], usual()
    for changes in cases:
        lines = "".join(f"  - {{{change}}}\n" for change in changes)
        found.append((" lalu ".join(changes), [*told(f"{HEAD}change:\n{lines}", before)]))
    approved(f"offices_{name}.txt", once(found, numbered=True))


FILES = {
    "nothing": HEAD, "an own title": f"{HEAD}title: Kantor\n", "other letters": f"{HEAD}applies_to: {{direction: masuk}}\n", "fewer kinds": f"{HEAD}applies_to: {{direction: keluar, kinds: [undangan]}}\n", "more kinds": f"{HEAD}applies_to: {{direction: keluar, kinds: [undangan, edaran]}}\n", "no kinds": f"{HEAD}applies_to: {{direction: keluar}}\n", "no direction": f"{HEAD}applies_to: {{kinds: [undangan]}}\n",
    "the id of the base": HEAD.replace("kantor", "semua-uji"), "no id": HEAD.replace("id: kantor\n", ""), "no version": HEAD.replace("version: 2\n", ""), "no flow": HEAD.replace("flow: surat/1\n", ""), "a wrong id": HEAD.replace("kantor", "Kantor"), "an id that is a list": HEAD.replace("kantor", "[semua-uji]"),
    "another base": HEAD.replace("@3", "@4"), "a base without version": HEAD.replace("@3", ""), "a base that is a list": HEAD.replace("semua-uji@3", "[semua-uji@3]"),
    "its own states": f"{HEAD}states: {{x: {{final: true}}}}\n", "a strange key": f"{HEAD}sates: {{}}\nxyz: 1\n", "changes that are no list": f"{HEAD}change: kata\n", "a change that is a word": f"{HEAD}change: [kata, []]\n", "no changes": f"{HEAD}change: []\n", "a move": f"{HEAD}migrate: [{{from: 1, states: {{a: konsep}}}}]\n", "its own openings": f"{HEAD}open: [{{path: states.konsep, change: free}}]\n",
    "the tests of the base": f"{HEAD}tests: {{include: base}}\n", "tests of nobody": f"{HEAD}tests: {{include: dasar}}\n", "a test of its own": f"{HEAD}tests: {{satu: {{run: [{{wait: 1 day}}]}}}}\n", "both": f"{HEAD}tests:\n  include: base\n  satu: {{run: [{{wait: 1 day}}]}}\n", "a test that is called include": f"{HEAD}tests: {{include: {{run: [{{wait: 1 day}}]}}}}\n", "a test of the same name": f"{HEAD}tests:\n  include: base\n  sampai terkirim lalu diteruskan: {{run: []}}\n", "a test that is a word": f"{HEAD}tests: {{include: base, satu: kata}}\n", "tests that are a word": f"{HEAD}tests: kata\n",
    "tests that pass what is inserted": f"{HEAD}change:\n  - {{insert_between: [konsep, paraf], state: telaah, {STEP}}}\n  - {{insert_between: [siap_ttd, ttd], state: lihat, actions: {{maju: {{by: tata_usaha, to: ttd}}}}}}\ntests: {{include: base}}\n",
}  # fmt: skip


def test_a_file_gives_these_lines_or_is_refused_in_this_way(approved):
    before = usual()
    approved("offices_files.txt", once((name, told(text, before)) for name, text in FILES.items()))


def many(count: int) -> str:
    return f"{HEAD}change:\n" + "".join(f"  - {{set: cast.c{number}, to: author}}\n" for number in range(count))


def test_an_office_changes_so_much_and_no_more():
    with pytest.raises(FlowError) as refused:
        load(many(201), "kantor.yaml", None, bases)
    (last,) = [one for one in refused.value.findings if "perubahan" in one.message]
    assert finding(last) == "kantor.yaml:206:5 size: 'change' memuat lebih dari 200 perubahan; tulislah alur sendiri."
    with pytest.raises(FlowError) as several:
        load(many(203), "kantor.yaml", None, bases)
    assert len([one for one in several.value.findings if "perubahan" in one.message]) == 1
    with pytest.raises(FlowError) as other:
        load(f"{many(201)}applies_to: {{direction: masuk, kinds: [undangan]}}\n", "kantor.yaml", None, bases)
    assert [one.rule for one in other.value.findings if one.mark.line == 207] == ["not-narrower"]


def test_a_base_with_findings_and_a_base_of_a_base_are_refused_at_their_name():
    texts = {
        "a.yaml": TEXT.replace("to: paraf}", "to: parap}"),
        "b.yaml": HEAD,
        "c.yaml": HEAD.replace("id: kantor", "id: lain").replace("semua-uji@3", "kantor@2"),
    }
    found = load_all(texts, WORLD)
    assert [finding(one) for one in found["b.yaml"].findings] == [
        "b.yaml:4:10 extends: Alur dasar 'semua-uji@3' sendiri mempunyai temuan (a.yaml:38); perbaiki itu dulu."
    ]
    whole = load_all({**texts, "a.yaml": TEXT}, WORLD)
    assert isinstance(whole["b.yaml"], Flow)
    assert [finding(one) for one in whole["c.yaml"].findings] == [
        "c.yaml:4:10 extends: Alur 'kantor@2' sendiri mengubah semua-uji@3; ubahlah semua-uji@3 langsung. accepted semua-uji@3"
    ]
    assert list(whole) == ["a.yaml", "b.yaml", "c.yaml"]
    assert list(load_all(dict(reversed(texts.items())), WORLD)) == ["c.yaml", "b.yaml", "a.yaml"]


def test_a_base_is_looked_for_among_the_files_and_then_in_the_house():
    assert isinstance(load_all({"b.yaml": HEAD}, WORLD, bases)["b.yaml"], Flow)
    assert isinstance(load_all({"b.yaml": HEAD}, WORLD)["b.yaml"], FlowError)
    other = load_all({"b.yaml": HEAD, "a.yaml": TEXT.replace("Paraf", "Periksa")}, WORLD, bases)["b.yaml"]
    assert other.states["paraf"].title == "Periksa"


def test_the_whole_tree_of_a_file_without_its_base_is_what_stands_in_it():
    assert plain(resolved(HEAD, "kantor.yaml")) == plain(resolved(HEAD, "kantor.yaml", lambda *_: None))
    assert plain(resolved(HEAD, "kantor.yaml"))["extends"] == "semua-uji@3"
    assert plain(resolved(HEAD, "kantor.yaml", bases))["calendar"] == "hari-kerja"
    assert plain(resolved("[a]", "kantor.yaml")) == {}
