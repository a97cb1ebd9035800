"""Whoever signed a file that is used no more is told so, by whom and why, and nobody else learns anything."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from turns_stage import CLERK, FIRST, LAST, SECOND, record, signed_by

from intranet_surat.resources.folder import path
from intranet_surat.services import given_up, notices, search

REASON = {"alasan": "Jumlah barang keliru"}


@pytest.fixture
def told(desk):
    """Who was told of a file that is used no more, each time it is asked: the notices carried since the last."""
    carried = []
    desk.house = dataclasses.replace(desk.house, notice_channels={"uji": lambda _, notice: carried.append(notice)})
    done = set()

    def read():
        carried.clear()
        for job in list(desk.site.jobs.pending()):
            if job.name == notices.JOB and job.key not in done:
                done.add(job.key)
                notices.carry(desk.house, desk.site, job.args, desk.now)
        return sorted(each.position for each in carried if each.about == notices.GIVEN_UP)

    return read


def lying(desk, login):
    """What came back to a post, as its desk shows it."""
    return [row.item for row in search.tray(desk.site, desk.as_(login), "given-up")[0]]


@pytest.mark.parametrize(
    ("who", "action"), [(LAST, "tolak"), (CLERK, "cabut")], ids=["refused by the last", "withdrawn by the clerk"]
)
def test_all_who_had_signed_are_told_that_their_signatures_count_no_more_and_nobody_else(desk, told, who, action):
    letter = record(desk)
    signed_by(desk, letter, FIRST, SECOND)
    assert told() == []
    desk.act(who, letter, action, REASON)
    assert told() == sorted(desk.post(each) for each in (FIRST, SECOND))
    assert [lying(desk, each) for each in (FIRST, SECOND, LAST, CLERK)] == [[letter.id], [letter.id], [], []]


def test_a_file_that_nobody_had_signed_yet_is_given_up_in_silence(desk, told):
    letter = record(desk)
    desk.act(CLERK, letter, "cabut", REASON)
    assert (told(), lying(desk, FIRST)) == ([], [])


def test_it_lies_on_the_desk_until_the_next_file_is_prepared(desk):
    letter = record(desk)
    signed_by(desk, letter, FIRST)
    desk.act(SECOND, letter, "tolak", REASON)
    for login, action in ((FIRST, "ajukan"), (CLERK, "lulus")):
        desk.act(login, letter, action)
        assert lying(desk, FIRST) == [letter.id]
    desk.act(FIRST, letter, "siapkan")
    assert lying(desk, FIRST) == []
    signed_by(desk, letter, FIRST, SECOND, LAST)
    assert given_up.signers(desk.house, desk.site, letter, desk.now) == frozenset()


def test_of_a_record_that_ended_nothing_is_left_on_the_desk(desk):
    letter = record(desk)
    signed_by(desk, letter, FIRST)
    desk.act(CLERK, letter, "cabut", REASON)
    desk.act(FIRST, letter, "batal", REASON)
    assert lying(desk, FIRST) == []


def test_the_word_that_a_signature_counts_no_more_names_neither_letter_nor_reason(desk, told):
    letter = record(desk, security="R")
    signed_by(desk, letter, FIRST)
    desk.act(SECOND, letter, "tolak", REASON)
    (job,) = [each for each in desk.site.jobs.pending() if each.args.get("about") == notices.GIVEN_UP]
    assert job.args["letter"] == path(letter)
    text = f"{job.args}{notices.SENTENCES[notices.GIVEN_UP]}"
    assert "kendaraan" not in text
    assert REASON["alasan"] not in text
    assert told() == [desk.post(FIRST)]


def test_the_desk_of_the_second_counts_his_waiting_from_the_signature_before_his(desk, clock):
    letter = record(desk)

    def since(login):
        return next(row.since for row in search.tray(desk.site, desk.as_(login), "sign")[0] if row.item == letter.id)

    entered = letter.state_since
    assert since(FIRST) == entered
    clock.forward(hours=26)
    signed_by(desk, letter, FIRST)
    assert since(SECOND) - entered >= timedelta(hours=26)
    assert since(SECOND) == letter.history[len(letter.history) - 1].at
