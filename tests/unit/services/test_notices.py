"""Positions are told that something waits; who holds them, and may know, is asked when the notice is carried."""

# ruff: noqa: ARG002 - stand-ins keep the shape of what they stand for

from __future__ import annotations

import dataclasses

import pytest

from intranet_surat.resources.people import Holding
from intranet_surat.services import mail, notices
from intranet_surat.services.outbound_destinations import OutboundError

CANARY = "kenari kuning"


class Channel(list):
    """Keeps what it was asked to carry."""

    def __call__(self, house, notice):
        self.append(notice)


@pytest.fixture
def channel(desk):
    made = Channel()
    desk.house = dataclasses.replace(desk.house, notice_channels={"uji": made})
    return made


def jobs(desk):
    return [each for each in desk.site.jobs.pending() if each.name == notices.JOB]


def carry(desk):
    for job in jobs(desk):
        notices.carry(desk.house, desk.site, job.args, desk.now)


def raised(desk, **fields):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU", **fields)
    desk.act("agendaris.kramatwatu", letter, "naikkan")
    return letter


def test_an_act_tells_those_on_whose_desk_the_letter_now_lies(desk, channel):
    raised(desk)
    carry(desk)
    assert {each.position for each in channel} == {desk.post("camat.kramatwatu")}
    assert channel[0].person == desk.as_("camat.kramatwatu").person


@pytest.mark.parametrize("level", ["B", "T", "R", "SR"])
def test_neither_job_nor_notice_names_the_letter(desk, channel, level):
    raised(desk, subject=CANARY, sender=CANARY, sender_number=CANARY, security=level)
    carry(desk)
    assert channel
    assert CANARY not in repr([each.args for each in jobs(desk)]) + repr(channel)


def test_telling_twice_of_the_same_state_makes_one_job(desk, channel):
    letter = raised(desk)
    before = len(jobs(desk))
    position = desk.post("camat.kramatwatu")
    for _ in range(2):
        notices.tell(desk.house, desk.site, letter, [position, position], desk.now)
    assert len(jobs(desk)) in {before, before + 1}
    keys = [each.key for each in jobs(desk)]
    assert len(keys) == len(set(keys))


def test_without_channels_nothing_is_queued(desk):
    desk.house = dataclasses.replace(desk.house, notice_channels={})
    raised(desk)
    assert jobs(desk) == []


def test_the_holder_at_the_time_of_carrying_is_told(desk, channel):
    raised(desk)
    position = desk.site.positions[desk.post("camat.kramatwatu")]
    new = desk.as_("sekretaris.kramatwatu").person
    position.holders = (Holding(new, desk.now.date()),)
    carry(desk)
    assert [each.person for each in channel] == [new]


def test_who_may_no_longer_know_of_the_letter_is_told_nothing(desk, channel):
    letter = raised(desk)
    stranger = desk.post("agendaris.dinkes")
    notices.tell(desk.house, desk.site, letter, [stranger], desk.now)
    carry(desk)
    assert stranger not in {each.position for each in channel}


def test_a_job_about_something_that_is_gone_does_nothing(desk, channel):
    position = desk.post("camat.kramatwatu")
    for args in ({"letter": "/tidak/ada", "position": position, "key": "k"},
                 {"letter": "/kramatwatu", "position": position, "key": "k"}):  # fmt: skip
        notices.carry(desk.house, desk.site, args, desk.now)
    assert channel == []


class Post:
    """Stands where the client stands; refuses as it is told."""

    def __init__(self, error=None):
        self.sent, self.error = [], error

    def __contains__(self, name):
        return name == mail.DESTINATION

    def send_mail(self, name, message):
        if self.error is not None:
            raise self.error
        self.sent.append(message)
        return "250"


def by_mail(desk, post, email="a@contoh.go.id"):
    settings = dataclasses.replace(desk.house.settings, mail_from="surat@contoh.go.id")
    house = dataclasses.replace(desk.house, outbound=post, settings=settings)
    notice = notices.Notice("k", "p", "Camat", "o", email, "http://127.0.0.1/x", desk.now)
    notices.by_mail(house, notice)
    return post.sent


def test_the_mail_channel_sends_one_mail_where_there_is_an_address(desk):
    (message,) = by_mail(desk, Post())
    assert message["To"] == "a@contoh.go.id"
    assert by_mail(desk, Post(), email="") == []
    assert by_mail(desk, Post(), email="bukan alamat") == []


def test_without_mail_server_the_mail_channel_is_silent(desk):
    notice = notices.Notice("k", "p", "Camat", "o", "a@contoh.go.id", "http://127.0.0.1/x", desk.now)
    notices.by_mail(desk.house, notice)


def test_a_dead_mailbox_does_not_hold_the_others_up_but_an_absent_server_does(desk):
    assert by_mail(desk, Post(OutboundError("surel", "550", permanent=True))) == []
    with pytest.raises(OutboundError):
        by_mail(desk, Post(OutboundError("surel", "away")))
