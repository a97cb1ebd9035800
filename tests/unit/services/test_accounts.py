"""Log-in, sessions, tokens and positions, with real argon2id on the demo regency."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from intranet_surat.demo.regency import PASSWORD, person_id, position_id
from intranet_surat.errors import Invalid
from intranet_surat.resources.people import Holding
from intranet_surat.services import accounts, passwords
from intranet_surat.services.passwords import Brake, TooManyAttempts

TODAY = date(2026, 11, 23)


@pytest.fixture
def come_in(site, clock):
    brake = Brake()

    def log_in(login="kepala.dinkes", password=PASSWORD, address="10.0.0.1", **more):
        return accounts.log_in(site, login, password, clock(), on=TODAY, address=address, brake=brake, **more)

    return log_in


def test_a_log_in_opens_a_session_for_the_position(site, clock, come_in):
    secret, session = come_in()
    assert accounts.session(site, secret, clock()) is session
    reader = accounts.reader(site, session, TODAY)
    assert reader.person == person_id("kepala.dinkes")
    assert reader.position == position_id("kepala", "DINKES")
    assert reader.positions == (reader.position,)


def test_the_secret_of_a_session_is_not_stored(site, come_in):
    secret, session = come_in()
    assert len(secret) >= 43
    assert secret not in site.sessions
    assert secret not in repr(vars(session))


@pytest.mark.parametrize("login", ["KEPALA.dinkes", "  kepala.dinkes "])
def test_case_and_blanks_of_a_log_in_do_not_matter(come_in, login):
    assert come_in(login)[1].person == person_id("kepala.dinkes")


@pytest.mark.parametrize(("short", "full"), [("bupati", "bupati.kdh"), ("sekda", "sekda.setda")])
def test_a_leader_may_leave_his_office_out(come_in, short, full):
    assert come_in(short)[1].person == person_id(full)


def test_wrong_name_and_wrong_password_say_the_same(come_in):
    with pytest.raises(accounts.WrongLogin) as unknown:
        come_in("tidak.ada")
    with pytest.raises(accounts.WrongLogin) as wrong:
        come_in(password="salah sekali ini")
    assert unknown.value.message == wrong.value.message


@pytest.mark.parametrize("password", ["", "x" * 1_000_000, PASSWORD.upper()])
def test_any_other_password_is_refused(come_in, password):
    with pytest.raises(accounts.WrongLogin):
        come_in(password=password)


def test_an_inactive_person_does_not_come_in(site, come_in):
    site.people.login("kepala.dinkes").active = False
    with pytest.raises(accounts.WrongLogin):
        come_in()


def test_a_person_without_a_position_today_does_not_come_in(site, come_in):
    head = site.positions[position_id("kepala", "DINKES")]
    head.holders = (Holding(person_id("kepala.dinkes"), date(2025, 1, 6), TODAY),)
    with pytest.raises(accounts.WrongLogin):
        come_in()


def test_guessing_waits_longer_and_longer(clock, come_in):
    for _ in range(6):
        with pytest.raises(accounts.WrongLogin):
            come_in(password="tebakan")
    with pytest.raises(TooManyAttempts) as first:
        come_in()  # even the right password waits
    clock.forward(seconds=first.value.seconds)
    with pytest.raises(accounts.WrongLogin):
        come_in(password="tebakan")
    with pytest.raises(TooManyAttempts) as second:
        come_in()
    assert second.value.seconds > first.value.seconds
    clock.forward(seconds=second.value.seconds)
    come_in()
    come_in()


def test_one_address_that_tries_many_names_waits_too(clock):
    brake = Brake(free=2)
    for number in range(9):
        brake.failed(f"orang{number}", "10.0.0.9", clock())
    with pytest.raises(TooManyAttempts):
        brake.check("orang-lain", "10.0.0.9", clock())
    brake.check("orang-lain", "10.0.0.10", clock())


def test_the_brake_remembers_a_bounded_number_of_names_and_forgets_after_an_hour(clock):
    brake = Brake(free=1, room=10)
    for number in range(50):
        brake.failed(f"orang{number}", f"10.0.0.{number}", clock())
    assert len(brake._known) <= 10
    brake.failed("saya", "10.0.1.1", clock())
    brake.failed("saya", "10.0.1.1", clock())
    clock.forward(hours=2)
    brake.failed("saya", "10.0.1.1", clock())
    brake.check("saya", "10.0.1.1", clock())


def test_a_session_ends_by_itself_and_by_log_out(site, clock, come_in):
    secret, _ = come_in()
    other, _ = come_in()
    accounts.log_out(site, secret, clock())
    assert accounts.session(site, secret, clock()) is None
    assert accounts.session(site, other, clock()) is not None
    clock.forward(hours=12)
    assert accounts.session(site, other, clock()) is None
    assert accounts.sweep(site, clock()) == 2
    assert accounts.sweep(site, clock()) == 0


def test_a_token_is_no_page_session_and_the_other_way_round(site, clock, come_in):
    token, _ = come_in(kind="token", label="curl")
    page, _ = come_in()
    assert accounts.session(site, token, clock()) is None
    assert accounts.session(site, token, clock(), kind="token").label == "curl"
    assert accounts.session(site, page, clock(), kind="token") is None


def test_positions_are_those_of_this_day(site, come_in):
    _, session = come_in("sekretaris.dinkes")
    extra = site.positions[position_id("kabid-p2p", "DINKES")]
    site.positions.hold(
        extra, Holding(person_id("sekretaris.dinkes"), date(2026, 11, 1), TODAY + timedelta(days=1), capacity="Plt.")
    )
    assert extra.id in accounts.reader(site, session, TODAY).positions
    assert extra.id not in accounts.reader(site, session, TODAY + timedelta(days=1)).positions


def test_one_sits_only_at_a_position_one_holds(site, clock, come_in):
    secret, session = come_in("sekretaris.dinkes")
    with pytest.raises(Invalid):
        accounts.sit_at(site, secret, position_id("kepala", "DINKES"), clock(), TODAY)
    extra = position_id("kabid-p2p", "DINKES")
    site.positions.hold(site.positions[extra], Holding(person_id("sekretaris.dinkes"), date(2026, 11, 1)))
    accounts.sit_at(site, secret, extra, clock(), TODAY)
    assert accounts.reader(site, session, TODAY).position == extra


def test_a_session_of_somebody_who_left_reads_nothing(site, come_in):
    _, session = come_in()
    site.positions[position_id("kepala", "DINKES")].holders = ()
    assert accounts.reader(site, session, TODAY) is None
    site.people.login("kepala.dinkes").active = False
    assert accounts.reader(site, session, TODAY) is None


@pytest.mark.parametrize("password", ["pendek", "aaaaaaaaaaaaaaaa", "rahasia123456", "kepala-12345678", "x" * 201])
def test_a_password_easy_to_guess_is_refused_with_a_sentence(site, password):
    person = site.people.login("kepala.dinkes")
    with pytest.raises(Invalid) as refused:
        accounts.set_password(person, password)
    assert "sandi" in refused.value.fields["password"]


def test_a_new_password_replaces_the_demo_one(site, come_in):
    assert "kepala.dinkes" in accounts.demo_logins(site)
    accounts.set_password(site.people.login("kepala.dinkes"), "empat kata biasa saja")
    assert "kepala.dinkes" not in accounts.demo_logins(site)
    come_in(password="empat kata biasa saja")
    with pytest.raises(accounts.WrongLogin):
        come_in(password=PASSWORD)


def test_hashes_are_argon2id_with_a_salt_each_and_nothing_stored_never_matches():
    first, second = passwords.hashed("kata sandi sama"), passwords.hashed("kata sandi sama")
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert passwords.matches(first, "kata sandi sama")
    assert not passwords.matches(None, "tidak ada orangnya")
    assert not passwords.matches("bukan hash", "apa saja")
    assert not passwords.is_outdated(first)


def test_a_person_sees_and_ends_only_his_own_sessions(site, clock, come_in):
    _secret, mine = come_in()
    _other_secret, other = come_in("agendaris.dinkes")
    assert accounts.sessions_of(site, mine.person, clock()) == [mine]
    assert not accounts.end_session(site, mine.person, other.id, clock())
    assert accounts.end_session(site, mine.person, mine.id, clock())
    assert accounts.sessions_of(site, mine.person, clock()) == []
    assert other.open(clock())
