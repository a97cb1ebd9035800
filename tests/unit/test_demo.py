"""The demo regency: complete, deterministic, invented; and its sample letters through the real services."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from intranet_surat.demo import layout, names, regency, scan
from intranet_surat.services import passwords
from intranet_surat.services.org import SiteOrg

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def whole():
    return regency.build(datetime(2026, 11, 23, tzinfo=UTC))


def test_the_offices_of_the_issue_are_active_and_all_others_known(whole):
    active = {each.code for each in whole.offices() if each.active}
    assert active == {
        "KDH", "SETDA", "ITDA", "BAPPEDA", "PUPR", "DINKES", "BPKAD", "DKISP", "KRAMATWATU", "DESA-PEJATEN", "DESA-MARGASANA",
    }  # fmt: skip
    inactive = {each.code for each in whole.offices() if not each.active}
    assert {"DINDIKBUD", "KEC-CIRUAS", "DESA-KRAMATWATU"} <= inactive
    assert not inactive & set(layout.TABLE_CODES)
    assert len(list(whole.offices())) == 1 + 58 + 15  # Kepala Daerah, the table without its divisions, Kramatwatu


def test_every_office_has_a_head_and_everybody_its_flows_ask_for(whole):
    org = SiteOrg(whole, TODAY)
    for office in whole.offices():
        if not office.active:
            continue
        assert office.head in whole.positions
        for role in ("agendaris", "tata_usaha", "arsiparis", "pemeriksa_basah", "admin"):
            assert org.role(role, office.code), f"{office.code} has no {role}"
        scanner, checker = org.role("tata_usaha", office.code), org.role("pemeriksa_basah", office.code)
        assert set(scanner) != set(checker), "who scans may not be who checks"


def test_every_position_leads_up_to_the_bupati_or_a_village_head(whole):
    org = SiteOrg(whole, TODAY)
    tops = set()
    for position in whole.positions.values():
        top, steps = position.id, 0
        while above := org.superior(top):
            top, steps = above, steps + 1
            assert steps < 10
        tops.add(org.title(top))
    assert tops == {"Bupati Serang", "Kepala Desa Pejaten", "Kepala Desa Margasana"}


def test_one_office_lacks_a_tier(whole):
    def codes(office):
        return {each.code.partition("-")[0] for each in whole.positions.of_office(office)}

    assert "kasi" in codes("DINKES")
    assert "kasi" not in codes("BAPPEDA")


def test_a_vacant_post_is_held_by_an_acting_official(whole):
    vacant = whole.positions[regency.position_id("kabid-persandian", "DKISP")]
    [holding] = vacant.holdings(TODAY)
    assert (holding.capacity, holding.person) == ("Plt.", regency.person_id("kabid-tik.dkisp"))
    assert vacant.holdings(date(2026, 9, 30)) == ()
    assert len(SiteOrg(whole, TODAY).held_by(holding.person)) == 2


def test_everybody_has_a_log_in_by_position_and_the_demo_password(whole):
    people = list(whole.people.values())
    assert {"bupati.kdh", "kepala.dinkes", "kades.pejaten", "camat.kramatwatu"} <= {each.login for each in people}
    assert all(passwords.is_demo_hash(each.password) for each in people)
    assert passwords.matches(people[0].password, regency.PASSWORD)


def test_nobody_has_the_name_or_number_of_another(whole):
    people = list(whole.people.values())
    assert len({each.name for each in people}) == len(people)
    numbers = [each.nip for each in people if each.nip]
    assert len(set(numbers)) == len(numbers)


def test_staff_numbers_are_valid_and_the_elected_and_villages_have_none(whole):
    for person in whole.people.values():
        if person.login in {"bupati.kdh", "wakil.kdh"} or person.login.endswith((".pejaten", ".margasana")):
            assert person.nip == ""
            continue
        assert re.fullmatch(r"\d{8}\d{6}[12]\d{3}", person.nip), person.nip
        born, appointed = datetime.strptime(person.nip[:8], "%Y%m%d"), datetime.strptime(person.nip[8:14], "%Y%m")  # noqa: DTZ007
        assert 20 <= appointed.year - born.year <= 30
        assert appointed.year <= 2025
        assert person.nip[15:] != "000"


def test_the_same_demo_is_made_every_time_and_the_small_one_is_part_of_it(clock, whole):
    again, small = regency.build(clock()), regency.build(clock(), small=True)
    assert list(again.positions.keys()) == list(whole.positions.keys())
    for person in small.people.values():
        assert (person.name, person.nip) == (whole.people[person.id].name, whole.people[person.id].nip)
    assert names.fixed_id("position", "kepala@DINKES") == regency.position_id("kepala", "DINKES")


def test_whoever_signs_gets_a_key_and_the_agency_a_seal(pki):
    wanted = {each.id for each in regency.signatories(small=True)}
    assert {path.stem for path in pki.glob("*.p12")} == {*wanted, "segel"}
    assert regency.person_id("kepala.dinkes") in wanted
    assert regency.person_id("agendaris.dinkes") not in wanted
    assert (pki / "akar.pem").is_file()


def test_a_scan_is_one_page_without_text_of_its_own():
    page = scan.page(("KOP",), (("Nomor", "1"),), ("Isi surat " * 40,), ("Hormat kami,", "Nama"))
    assert page.startswith(b"%PDF")
    assert page.count(b"/Type /Page\n") + page.count(b"/Type /Page ") <= 1
    assert b"/Font" not in page
    assert 10_000 < len(page) < 400_000


def test_numbers_of_the_bupatis_letters_stand_in_the_book_of_the_setda(whole):
    assert whole.office("KDH").registers["surat-keluar"] == "SETDA"
