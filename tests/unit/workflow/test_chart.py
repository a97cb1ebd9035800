"""What follows from a flow alone, before there is any letter: for every machine of the flows that use all keywords."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_cases import flow
from told_once import beginning, once

from intranet_surat.workflow.chart import Chart, Deed, chart
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Flow

FLOWS = Path(__file__).parent / "flows"
ONCE = """
cast:
  pembuat: author
  camat: {camat}
rules:
  aturan: {{if: '{rule}', says: Belum.}}
states:
  konsep: {{start: true, {edit}actions: {{kirim: {{by: pembuat, {needs}{do}to: lanjut}}}}}}
  lanjut: {lanjut}
  akhir: {{final: true}}
"""


def known(of: Chart) -> Iterator[str]:
    """All that is known of the states of a letter, or of a track."""
    yield from whole(of)
    for name in of.states:
        yield f"{name}: jauh {of.far(name)}"
        yield from (done(of, deed) for deed in of.deeds(name))
        edited = {of.edited_from(name, target): target for target in of.far(name)}
        yield from (f"  diubah sampai {target}: {', '.join(names)}" for names, target in edited.items() if names)
    yield f"harus dipilih {[form for form in of.flow.forms if of.chooses(form)]}"


def whole(of: Chart) -> Iterator[str]:
    yield f"== {of.track or 'surat'} ditulis {sorted(of.written)} tetap {of.lasting} orang {sorted(of.people)}"
    yield f"dibaca {sorted(of.read)} pelaku {sorted(of.acted)} dijawab {of.answered}"
    yield f"bergantung isian {[rule for rule in of.flow.rules if of.asks(rule)]}"
    for field in ("number", "signed", "print_code", "place", "urgency", "scan"):
        if writers := [(at, each.name, each.value) for at, each in of.writers(next(iter(of.states)), field)]:
            yield f"menulis {field}: {writers}"


def done(of: Chart, deed: Deed) -> str:
    act = deed.action
    way = f"ke {act.to} oleh {[who.text for who in act.by]} wakil {act.stand_in} akibat {len(act.do)}"
    return f"  {deed.kind} {act.name} {act.title} {way} lurus {of.straight(deed)} memperbaiki {of.improves(deed)}"


def charts(of: Flow) -> Iterator[str]:
    for track in (None, *of.tracks):
        yield from known(chart(of, track))


@pytest.mark.parametrize("name", ["lengkap", "semua", "periksa", "kuasa", "masuk", "keluar"])
def test_what_follows_from_a_flow_alone_is_as_approved(name, approved):
    found = charts(load((FLOWS / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml"))
    approved(f"chart_{name}.txt", beginning(found, 30))


ACTION = "{actions: {selesai: {by: pembuat, to: akhir}}}"
RULES = {
    "a field": "letter.scan is present",
    "a field that is written": "letter.number is present",
    "a field that is written, behind not": "not (letter.signed is wet)",
    "children": "no tugas is open",
    "a state": "state is konsep",
    "who acted": "actor among actors of lanjut",
    "who acts": "actor among camat",
    "two fields": "letter.place equals letter.number",
    "the answer": "form.isi is present",
}
PARTS = {
    "nothing": {},
    "another reads the letter": {"camat": "holder of letter.signatory"},
    "another acted": {"camat": "actors of konsep"},
    "somebody edits": {"edit": "edit: pembuat, "},
    "a field is set": {"do": "do: [{set: {scan: ada}}], "},
    "the signatory is set": {"do": "do: [{set: {signatory: camat}}], ", "camat": "holder of letter.signatory"},
    "secrecy is set": {"do": "do: [{set: {security: R}}], "},
    "a number is taken": {"do": "do: [{number: keluar}], "},
    "it is signed": {"do": "do: [{signed: wet}], "},
    "somebody is told": {"do": "do: [{notify: pembuat}], "},
    "a choice follows": {"lanjut": "{choose: [{when: aturan, to: akhir}, {else: true, to: konsep}]}"},
    "initials follow": {"lanjut": "{route: {act: paraf, levels: superior of author, edit: true, done: akhir}}"},
    "a signature follows": {"lanjut": "{sign: {by: camat, act: sah, prepare: {act: siap, do: [{freeze: file}]}, done: akhir}}"},
    "something is written on entering": {"lanjut": "{on_enter: [{set: {scan: ada}}], actions: {selesai: {by: camat, to: akhir}}}"},
}  # fmt: skip


def test_what_each_part_of_a_flow_and_each_rule_bring_together_is_as_approved(approved):
    found = []
    tracks = "tracks: {tugas: {states: {a: {start: true, final: true, outcome: done}}}}\n"
    forms = "forms: {formulir: {isi: {type: text}}}\n"
    for rule, text in RULES.items():
        for name, parts in PARTS.items():
            needs = f"{'ask: formulir, ' if rule == 'the answer' else ''}needs: aturan, "
            given = {"camat": "head of office", "edit": "", "do": "", "needs": needs, "lanjut": ACTION, **parts}
            of = chart(flow(ONCE.format(rule=text, **given) + tracks + forms), None)
            found.append(((rule, name), [*whole(of), *(done(of, deed) for deed in of.deeds("konsep"))]))
    approved("chart_of_rules.txt", once(found))


def test_each_flow_has_one_chart_for_its_letter_and_one_for_each_track():
    of = load((FLOWS / "masuk.yaml").read_text("utf-8"), "masuk.yaml")
    again = load((FLOWS / "masuk.yaml").read_text("utf-8"), "masuk.yaml")
    assert chart(of, None) is chart(of, None)
    assert chart(of, "disposisi") is chart(of, "disposisi")
    assert chart(of, "disposisi").states is of.tracks["disposisi"].states
    assert chart(again, None) is not chart(of, None)
    assert (list(chart(of, None).deeds("lemari")), chart(of, None).far("lemari")) == ([], {})
