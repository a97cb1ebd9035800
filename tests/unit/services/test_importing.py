"""Offices, positions and persons from CSV: all or nothing, and each problem with its place."""

from __future__ import annotations

from datetime import date

import pytest

from intranet_surat.resources.site import new_site
from intranet_surat.services.importing import ImportProblems, Sheet, take
from intranet_surat.services.org import SiteOrg

TODAY = date(2026, 11, 23)
OFFICES = "code,name,kind,parent\nSETDA,Sekretariat Daerah,sekretariat,\nDINKES,Dinas Kesehatan,dinas,\nDESA-A,Desa A,desa,KEC-A\nKEC-A,Kecamatan A,kecamatan,\n"
POSITIONS = (
    "office,code,title,since,superior,roles,head\n"
    "DINKES,kepala,Kepala Dinas Kesehatan,2025-01-01,sekda@SETDA,,yes\n"
    "DINKES,agendaris,Agendaris,2025-01-01,kepala,agendaris tata_usaha,\n"
    "SETDA,sekda,Sekretaris Daerah,2025-01-01,,,yes\n"
)
PERSONS = (
    "login,name,nip,position,since,until,capacity\n"
    "kepala.dinkes,Orang Satu,196804111993031009,kepala@DINKES,2025-01-01,,\n"
    "kepala.dinkes,Orang Satu,196804111993031009,sekda@SETDA,2026-01-01,2027-01-01,Plt.\n"
)


def sheet(name, text):
    return Sheet(name, text.encode())


@pytest.fixture
def empty():
    return new_site("Surat", "Kabupaten Serang")


def everything():
    return sheet("kantor.csv", OFFICES), sheet("jabatan.csv", POSITIONS), sheet("orang.csv", PERSONS)


def test_three_sheets_make_an_organisation(empty):
    counts = take(empty, *everything())
    assert counts.added == {"offices": 4, "positions": 3, "persons": 1}
    org = SiteOrg(empty, TODAY)
    head = org.head("DINKES")
    assert org.title(org.superior(head)) == "Sekretaris Daerah"
    assert [org.title(each) for each in org.role("agendaris", "DINKES")] == ["Agendaris"]
    person = empty.people.login("kepala.dinkes")
    assert [org.title(each) for each in org.held_by(person.id)] == ["Kepala Dinas Kesehatan", "Sekretaris Daerah"]
    assert empty["desa"]["desa-a"].parent == "KEC-A"


def test_the_same_sheets_again_change_nothing_twice(empty):
    take(empty, *everything())
    ids = sorted(empty.positions.keys())
    counts = take(empty, *everything())
    assert counts.added == {"offices": 0, "positions": 0, "persons": 0}
    assert sorted(empty.positions.keys()) == ids
    head = empty.positions[empty.office("DINKES").head]
    assert len(head.holders) == len(head.superiors) == 1


def test_a_new_superior_ends_the_old_tie(empty):
    take(empty, *everything())
    take(
        empty,
        None,
        sheet(
            "jabatan.csv",
            POSITIONS.replace(
                "DINKES,agendaris,Agendaris,2025-01-01,kepala", "DINKES,agendaris,Agendaris,2026-06-01,sekda@SETDA"
            ),
        ),
        None,
    )
    [agendaris] = SiteOrg(empty, TODAY).role("agendaris", "DINKES")
    assert SiteOrg(empty, date(2026, 5, 31)).superior(agendaris) == empty.office("DINKES").head
    assert SiteOrg(empty, TODAY).superior(agendaris) == empty.office("SETDA").head


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("dinas,", "dines,", "kantor.csv:3:3: kind: expected one of kepala-daerah, "),
        ("Dinas Kesehatan", "", "kantor.csv:3:2: name: expected a text, found ''"),
        ("DINKES,", "dinkes,", "kantor.csv:3:1: code: expected a code such as DINKES"),
        ("KEC-A\n", "KEC-B\n", "kantor.csv:4:4: parent: expected the code of an office, found 'KEC-B'"),
        ("Desa A,desa", "Desa A", "kantor.csv:4:1: expected 4 cells, found 3"),
        ("KEC-A,Kecamatan", "SETDA,Kecamatan", "kantor.csv:5:1: code: SETDA stands in line 2 already"),
        ("Desa A", "Desa\u200bA", "kantor.csv:4:2: name: no control or invisible signs"),
        ("code,name,kind,parent", "code,nama,kind,parent", "kantor.csv:1:1: expected the columns code, name, kind"),
    ],
)
def test_a_problem_is_told_with_line_column_and_what_was_expected(empty, old, new, says):
    with pytest.raises(ImportProblems) as refused:
        take(empty, sheet("kantor.csv", OFFICES.replace(old, new, 1)), None, None)
    assert says in str(refused.value)
    assert list(empty.offices()) == []


@pytest.mark.parametrize(
    ("sheets", "says"),
    [
        ((None, "office,code,title,since,superior\nDINKES,x1,X,2025-13-01,bos\n", None), "since: expected a date such as 2026-01-31, found '2025-13-01'"),
        ((None, "office,code,title,since,superior\nDINKES,x1,X,2025-01-01,bos\n", None), "superior: expected a position such as sekda@SETDA, found 'bos'"),
        ((None, "office,code,title,since,roles\nDINKES,x1,X,2025-01-01,raja\n", None), "roles: expected words among agendaris"),
        ((None, None, "login,name,position,since,nip\nsaya.x,Saya,raja@DINKES,2025-01-01,\n"), "found 'raja@DINKES'"),
        ((None, None, "login,name,position,since,nip\nsaya.x,Saya,raja@DINKES,2025-01-01,196813111993031009\n"), "expected nothing or 18 digits"),
        ((None, None, "login,name,position,since\nSaya,Saya,raja@DINKES,2025-01-01\n"), "expected a log-in such as"),
    ],
)  # fmt: skip
def test_wrong_references_dates_roles_and_numbers_are_named(empty, sheets, says):
    with pytest.raises(ImportProblems) as refused:
        take(empty, *(None if each is None else sheet("x.csv", each) for each in sheets))
    assert says in str(refused.value)


def test_a_file_that_is_no_text_is_refused(empty):
    with pytest.raises(ImportProblems, match="expected CSV in UTF-8"):
        take(empty, Sheet("kantor.csv", b"PK\x03\x04\xff\xfe"), None, None)


def test_codes_stay_text(empty):
    take(empty, sheet("kantor.csv", "code,name,kind,unit_code\n005,Kantor,dinas,431.013\n"), None, None)
    assert empty.office("005").unit_code == "431.013"
