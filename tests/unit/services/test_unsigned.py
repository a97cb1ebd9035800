"""A prepared letter that nobody signed until midnight."""

from __future__ import annotations

import pytest

from intranet_surat.errors import NotAllowed
from intranet_surat.services import acting, work
from intranet_surat.workflow.engine import SIGNED

RESIDENT = {
    "subject": "Surat pengantar warga", "classification": "400.12.2.1", "name": "Warga Contoh",
    "birth_place": "Serang", "birth_date": "1990-01-02", "sex": "P", "religion": "islam", "marital_status": "kawin",
    "occupation": "Pedagang", "nationality": "Indonesia", "address": "Kampung Contoh", "purpose": "Mengurus SKCK",
    "valid_until": "2026-12-31", "body": None, "addressees": [], "security": "T",
}  # fmt: skip


def village(desk):
    return next(each for each in desk.site.offices() if each.kind == "desa" and each.active)


def logins(desk):
    """Position code -> log-in, in the village."""
    found = {}
    for each in desk.site.positions.of_office(village(desk).code):
        found[each.code] = desk.site.people[each.holders[0].person].login
    return found


def prepared(desk):
    office, who = village(desk), logins(desk)
    letter = desk.draft(who["operator"], office.code, "surat-pengantar-desa", **{**RESIDENT, "signatory": office.head})
    desk.act(who["operator"], letter, "ajukan")
    desk.act(who["sekdes"], letter, "verifikasi")
    desk.act(who["kades"], letter, "siapkan")
    return letter


def test_the_number_is_void_after_midnight_and_says_why(desk, db):
    letter = prepared(desk)
    number, key = letter.fields["number"], letter.register
    work.run_due(desk.house, db, desk.now)
    desk.commit()
    assert letter.fields["number"] == number
    desk.clock.forward(hours=16)
    work.run_due(desk.house, db, desk.now)
    desk.commit()
    assert letter.fields["number"] is None
    line = next(desk.site.registers[key].lines())
    assert (line.state, line.reason) == ("void", "Tidak ditandatangani sampai akhir hari")
    assert letter.history.problems() == []


def test_it_must_be_prepared_anew_and_gets_another_number(desk, db):
    letter = prepared(desk)
    first = letter.fields["number"]
    desk.clock.forward(hours=16)
    work.run_due(desk.house, db, desk.now)
    desk.commit()
    head = logins(desk)["kades"]
    with pytest.raises(NotAllowed):
        acting.decide(desk.house, desk.site, letter, "tanda_tangani", {SIGNED: True}, desk.as_(head), desk.now)
    desk.act(head, letter, "siapkan")
    assert letter.fields["number"] not in {None, first}
