"""Comparisons that can never hold, against the lists that this application really has: what is refused, what is told."""

from __future__ import annotations

import dataclasses
import logging
from pathlib import Path

import pytest

from intranet_surat.kinds.vocabularies import SECURITY, SIGNING_FORMS, URGENCY
from intranet_surat.services import flow_proofs
from intranet_surat.services.evidence import checks
from intranet_surat.services.flows import FlowShelf
from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.loader import load, load_all

BASE = """\
flow: surat/1
id: %(id)s
version: 1
applies_to: {direction: keluar, kinds: [%(kinds)s]}
calendar: hari-kerja-kabupaten
rules:
  khusus: {if: '%(rule)s', says: Bukan khusus.}
forms: {lapor: {selesai: {type: yes-no}}}
states:
  konsep: {start: true, edit: author, actions: {ajukan: {by: author, ask: lapor, to: pilih}}}
  pilih: {choose: [{when: khusus, to: a}, {else: true, to: b}]}
  a: {final: true}
  b: {final: true}
"""
OFFICE = """\
flow: surat/1
id: kantor
version: 1
extends: dasar@1
applies_to: {direction: keluar, kinds: [surat-perintah-tugas]}
"""


def text(rule: str, kinds: str = "surat-dinas", name: str = "dasar") -> str:
    return BASE % {"id": name, "kinds": kinds, "rule": rule}


def found(house, rule: str, kinds: str = "surat-dinas"):
    try:
        load(text(rule, kinds), "uji.yaml", house.world)
    except FlowError as error:
        return error.findings
    return ()


@pytest.mark.parametrize(
    ("rule", "words", "accepted"),
    [
        ("letter.security is rahasia", ["rahasia"], SECURITY),
        ("letter.urgency in [penting, segera, kilat]", ["penting", "kilat"], URGENCY),
        ("letter.signing_form is atas-nama", ["atas-nama"], SIGNING_FORMS),
    ],
)
def test_a_word_that_a_list_of_letters_does_not_have_is_refused_with_those_it_has(house, rule, words, accepted):
    told = found(house, rule)
    assert [each.word for each in told] == words
    assert {each.accepted for each in told} == {tuple(sorted(accepted))}
    assert {each.rule for each in told} == {"never-true"}


def test_an_archive_code_that_is_none_and_has_none_under_it_is_refused_with_the_topmost_codes(house):
    for rule in ("letter.classification under 901", 'letter.classification is "600.1.4.99"'):
        (told,) = found(house, rule)
        assert told.accepted == tuple(f"{number}00" for number in range(10)), rule
    assert found(house, "letter.classification under 901")[0].suggestion == "900"


@pytest.mark.parametrize(
    "rule",
    [
        "letter.security in [R, SR] or letter.urgency is segera or letter.signing_form is an",
        'letter.classification under "900" or letter.classification is "600.1.4.2"',
        "letter.classification under 270.04",  # no code of its own, but one stands under it
    ],
)
def test_words_and_codes_of_the_lists_are_taken(house, rule):
    assert found(house, rule) == ()


def both(house, *changes: str):
    kinds = "surat-perintah-tugas, sertifikat"
    texts = {"dasar.yaml": text("letter.basis is bebas", kinds), "kantor.yaml": OFFICE + "\n".join(changes)}
    return load_all(texts, house.world)


def test_an_office_that_takes_only_some_letters_of_a_flow_is_not_held_up_by_a_rule_for_the_others(house):
    assert [flow for flow in both(house).values() if isinstance(flow, FlowError)] == []


def test_what_an_office_writes_itself_is_asked_of_its_own_letters(house):
    base, office = both(house, "change: [{set: rules.lain, to: {if: letter.basis is bebas, says: Lain.}}]").values()
    assert not isinstance(base, FlowError)
    (told,) = [each for each in office.findings if each.rule == "never-true"]
    assert (told.mark.file, told.mark.line) == ("kantor.yaml", 6)
    assert "Isian 'letter.basis' tidak berisi satu kata" in told.message


@pytest.fixture
def started(tmp_path: Path, application, caplog):
    """An application with a directory of its own whose file, and an office's on it, were accepted by an older one."""
    where = tmp_path / "alur"
    (where / "DINKES").mkdir(parents=True)
    kinds = "surat-perintah-tugas, sertifikat"
    (where / "dasar.yaml").write_text(text("letter.security is rahasia or form.selesai is ya", kinds))
    (where / "DINKES" / "kantor.yaml").write_text(OFFICE)
    application.add_workflow_directory(str(where))
    with caplog.at_level(logging.WARNING, "intranet_surat.building"):
        application.commit()
    return application.registry.house


def test_an_application_starts_with_its_own_flows_that_were_accepted_before_and_says_where_a_rule_never_holds(
    started, caplog
):
    assert {"dasar", "kantor"} <= {flow.id for flow in started.flows.all()}
    said = [each.getMessage() for each in caplog.get_records("setup") if each.name == "intranet_surat.building"]
    assert [each.partition(": ")[0] for each in said] == ["alur/dasar.yaml:7:36", "alur/dasar.yaml:7:63"]
    assert all(each.endswith("[never-true]: stays in force, but is refused in a new version") for each in said)


def test_monitoring_is_told_of_flows_in_force_with_rules_that_never_hold_until_a_newer_one_is(started, desk):
    told = checks.flows(started, desk.site)
    assert (told.light, dict(told.figures)) == ("warn", {"refused": "2", "first": "alur/dasar.yaml:7:36"})
    mended = load(text("letter.security is R").replace("version: 1", "version: 2"), "alur/dasar2.yaml", started.world)
    newer = dataclasses.replace(
        started, flows=FlowShelf([*((None, each) for each in started.flows.all()), (None, mended)])
    )
    assert list(checks.told([checks.flows(newer, desk.site)])) == ["good flows refused=0"]


def test_a_new_version_of_such_a_flow_is_refused(started, desk):
    written = text("letter.security is rahasia").replace("version: 1", "version: 2")
    proofs = flow_proofs.check(started, desk.site, written, "dasar.yaml", None, desk.now)
    assert [each.rule for each in proofs.findings] == ["never-true"]
    assert not proofs.ready
