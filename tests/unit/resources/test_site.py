from __future__ import annotations

import pytest
from resource_stage import committed
from ZODB.POSException import ConflictError

from intranet_surat.resources.opening import root_site
from intranet_surat.resources.site import Office, Year, new_site, section


@pytest.fixture
def site():
    return new_site("Surat", "Kabupaten Serang")


def test_an_office_is_found_by_its_code_wherever_it_hangs(site):
    office = site.add(Office(code="DINKES", slug="dinkes", kind="dinas"))
    village = site.add(Office(code="TONJONG", slug="kramatwatu-tonjong", kind="desa"))
    assert site["dinkes"] is office
    assert site["desa"]["kramatwatu-tonjong"] is village
    assert site.office("DINKES") is office
    assert site.office("TONJONG") is village
    assert site.office("TIDAK-ADA") is None
    assert list(site.offices()) == [office, village]


def test_an_office_code_is_given_once(site):
    site.add(Office(code="DINKES", slug="dinkes"))
    with pytest.raises(KeyError, match="DINKES"):
        site.add(Office(code="DINKES", slug="dinkes-2"))


def test_what_is_no_page_cannot_be_reached_by_a_name(site):
    for name in ("people", "positions", "jobs", "sessions", "registers", "lists", "public"):
        with pytest.raises(KeyError):
            site[name]


def test_a_year_is_made_once_and_on_demand(site):
    office = site.add(Office(code="DINKES", slug="dinkes"))
    year = section(office, "surat-masuk", 2026)
    assert isinstance(year, Year)
    assert section(office, "surat-masuk", "2026") is year
    assert office["surat-masuk"].direction == "masuk"


def test_a_drawer_that_no_office_has_is_refused(site):
    with pytest.raises(ValueError, match="no drawer 'arsip'"):
        section(site.add(Office(code="A", slug="a")), "arsip", 2026)


def test_two_who_make_the_same_year_at_once_collide_and_do_not_lose_letters(database, two):
    with database.transaction() as connection:
        root_site(connection).add(Office(code="DINKES", slug="dinkes"))
    for connection in two:
        connection.transaction_manager.abort()
        connection.transaction_manager.begin()
        section(root_site(connection).office("DINKES"), "surat-masuk", 2026)
    committed(two[0])
    with pytest.raises(ConflictError):
        two[1].transaction_manager.commit()
