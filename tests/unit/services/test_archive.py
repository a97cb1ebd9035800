"""Filing: a finished letter joins the case file of its classification, year and unit."""

from __future__ import annotations

from intranet_surat.resources.folder import find
from intranet_surat.services import archive, letters


def filed(desk, **fields):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU", **fields)
    desk.act("agendaris.kramatwatu", letter, "naikkan")
    desk.act("camat.kramatwatu", letter, "cukup_diketahui")
    desk.act("agendaris.kramatwatu", letter, "berkaskan")
    return letter


def test_letters_of_one_matter_and_year_share_a_case_file(desk):
    first, second = filed(desk), filed(desk, sender_number="2")
    assert first.case_file == second.case_file
    assert len(list(find(desk.site, first.case_file).letters())) == 2


def test_a_case_file_keeps_a_snapshot_of_its_retention_rule(desk):
    letter = filed(desk, classification="000.1.2.3")
    rule = find(desk.site, letter.case_file).rule
    assert rule["fate"] in {"musnah", "permanen", "dinilai_kembali", "berkas_perseorangan"}
    assert rule["version"]


def test_a_classification_without_rule_is_filed_all_the_same(desk):
    letter = filed(desk, classification="600.1.4.2")
    (case_file,) = archive.case_files(desk.site.office("KRAMATWATU"))
    assert case_file.classification == "600.1.4.2"
    assert letter.archived_at == desk.now


def test_nobody_edits_a_filed_letter(desk):
    letter = filed(desk)
    for person in desk.site.people.values():
        assert letters.editor(desk.house, desk.site, letter, desk.as_(person.login), desk.now) is None


def test_filing_twice_is_filing_once(desk):
    letter = filed(desk)
    archive.file_letter(desk.house, desk.site, letter, desk.now)
    assert len(list(find(desk.site, letter.case_file).letters())) == 1
