"""Who loses his position, or his account, while he acts: one of both is first, and the act stands whole or not at all."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from transaction.interfaces import TransientError
from two_desks import FIELDS, REPORT, SHEET, begin, disposed

from intranet_surat.errors import NotAllowed
from intranet_surat.services import acting, numbering
from intranet_surat.services.locks import Locks


def ended(desk, login):
    """The person does not hold his position any more, from today on."""
    post = desk.site.positions[desk.post(login)]
    post.holders = tuple(dataclasses.replace(each, until=desk.now.date()) for each in post.holders)
    desk.commit()


def test_who_loses_his_position_while_he_acts_has_not_acted(two):
    desk, admin = two
    letter = disposed(desk, FIELDS[0])
    item = desk.items(letter)[FIELDS[0]]
    begin(desk, FIELDS[0], item, "selesaikan", REPORT)
    ended(admin, FIELDS[0])
    with pytest.raises(TransientError):
        desk.commit()
    desk.tm.abort()
    desk.tm.begin()
    assert (item.state, letter.state) == ("diterima", "didisposisi")


def test_who_acts_before_he_loses_his_position_has_acted(two):
    desk, admin = two
    letter = disposed(desk, FIELDS[0])
    item = desk.items(letter)[FIELDS[0]]
    begin(desk, FIELDS[0], item, "selesaikan", REPORT)
    desk.commit()
    admin.tm.abort()
    admin.tm.begin()
    ended(admin, FIELDS[0])
    assert letter.state == "selesai"


def test_an_account_that_is_closed_while_its_person_acts_has_not_acted(two):
    desk, admin = two
    letter = disposed(desk, FIELDS[0])
    item = desk.items(letter)[FIELDS[0]]
    begin(desk, FIELDS[0], item, "selesaikan", REPORT)
    admin.site.people.login(FIELDS[0]).active = False
    admin.commit()
    with pytest.raises(TransientError):
        desk.commit()


class SlowLocks(Locks):
    """Locks for which one waits while something happens."""

    def __init__(self, meanwhile):
        super().__init__()
        self.meanwhile = meanwhile

    def take(self, names, timeout=None):
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()
        return super().take(names, timeout)


def slow(desk, meanwhile):
    desk.house = dataclasses.replace(desk.house, locks=SlowLocks(meanwhile))


def test_who_loses_his_position_while_he_waits_for_the_register_has_not_registered(two):
    desk, admin = two
    slow(desk, lambda: ended(admin, "agendaris.kramatwatu"))
    with pytest.raises(NotAllowed, match="tidak lagi memegang"):
        desk.register("agendaris.kramatwatu", "KRAMATWATU")
    desk.tm.abort()
    desk.tm.begin()
    assert numbering.key("KRAMATWATU", "agenda-masuk", 2026) not in desk.site.registers
    assert list(desk.site.public) == []


def test_whose_account_is_closed_while_he_waits_for_the_register_has_not_registered(two):
    desk, admin = two

    def close():
        admin.site.people.login("agendaris.kramatwatu").active = False
        admin.commit()

    slow(desk, close)
    with pytest.raises(NotAllowed):
        desk.register("agendaris.kramatwatu", "KRAMATWATU")


def test_who_loses_his_position_while_he_waits_for_a_number_has_not_prepared_the_signature(two):
    desk, admin = two
    letter = desk.draft("staf-kesmas.dinkes", "DINKES")
    desk.act("staf-kesmas.dinkes", letter, "ajukan")
    for login in ("kasi-kesmas.dinkes", "kabid-kesmas.dinkes", "sekretaris.dinkes"):
        if "paraf" in desk.titles(login, letter):
            desk.act(login, letter, "paraf")
    desk.act("tata-usaha.dinkes", letter, "lulus")
    admin.tm.abort()
    admin.tm.begin()
    slow(desk, lambda: ended(admin, "kepala.dinkes"))
    with pytest.raises(NotAllowed, match="tidak lagi memegang"):
        desk.act("kepala.dinkes", letter, "siapkan")
    assert letter.fields.get("number") is None


def test_the_day_of_the_holding_is_the_day_in_serang(desk, clock):
    """Since one o'clock at night of the first of December he holds the post; in UTC it is still November."""
    post = desk.site.positions[desk.post(FIELDS[0])]
    post.holders = tuple(
        dataclasses.replace(each, since=date(2026, 12, 1), capacity="Plt.", order="SP 12/2026") for each in post.holders
    )
    desk.commit()
    clock.now = clock.now.replace(month=11, day=30, hour=18)
    reader = dataclasses.replace(desk.as_("camat.kramatwatu"))
    assert reader.positions
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    desk.act("agendaris.kramatwatu", letter, "naikkan")
    desk.act("camat.kramatwatu", letter, "disposisi", {**SHEET, "kepada": [post.id]})
    person = desk.site.people[post.holders[0].person]
    item = letter.dispositions()[0]
    holder = dataclasses.replace(reader, person=person.id, positions=(post.id,), position=post.id)
    acting.act(desk.house, desk.tm, desk.site, item, "selesaikan", REPORT, holder, desk.now, key=next(desk.keys))
    last = [act for act in letter.history if act.action == "selesaikan"][-1]
    assert (last.capacity, last.order) == ("Plt.", "SP 12/2026")
