"""Acts that the flow did not allow are found in a letter's history, whoever wrote them into the database."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest
from busy_office import BusyOffice

from intranet_surat.services import rehearsing
from intranet_surat.services.itemview import setting_for
from intranet_surat.workflow.audit import audit
from intranet_surat.workflow.calendar import WorkingCalendar
from intranet_surat.workflow.own_acts import AUTOMATIC
from intranet_surat.workflow.replay_past import PastAct
from intranet_surat.workflow.view import Setting
from intranet_surat.workflow.witness import OrgRecorder, OrgWitness, calendar_read, calendar_told


@pytest.fixture
def busy(desk):
    made = BusyOffice(desk, 7)
    made.work(30)
    return made


def recorded(desk, notes, calendars):
    """The settings of the office; what its organisation answers is noted by day."""

    def at(flow, now):
        found = setting_for(desk.house, desk.site, flow, now)
        calendars[flow.calendar] = calendar_told(found.calendar)
        return replace(found, org=OrgRecorder(found.org, notes.setdefault(now.date().isoformat(), {})))

    return at


def witnessed(desk, notes, calendars):
    """The same settings from the notes alone."""

    def at(flow, now):
        org = OrgWitness(notes.get(now.date().isoformat(), {}))
        words = desk.house.reference.vocabularies()
        return Setting(org, now, calendar_read(calendars[flow.calendar]), words)

    return at


def test_no_act_of_a_letter_that_went_its_way_is_found_wrong_here_or_elsewhere(desk, busy):
    seen = Counter()
    for letter in busy.letters:
        past = rehearsing.past_of(desk.house, desk.site, letter)
        assert audit(past, rehearsing.settings_of(desk.house, desk.site), {}) == ()
        seen.update(each.action for each in past.acts)
    assert {"disposisi", "paraf", "tanda_tangani", "ubah", "dibaca", "otomatis"} <= set(seen)
    # What the organisation answered is enough to play the letter elsewhere.
    for letter in busy.letters:
        past, notes, calendars = rehearsing.past_of(desk.house, desk.site, letter), {}, {}
        assert audit(past, recorded(desk, notes, calendars), {}) == ()
        notes, calendars = json.loads(json.dumps([notes, calendars]))
        assert audit(past, witnessed(desk, notes, calendars), {}) == ()
        day = max(notes, key=lambda each: len(notes[each]))
        assert isinstance(calendar_read(next(iter(calendars.values()))), WorkingCalendar)
        notes[day].clear()
        assert any(each.undecided for each in audit(past, witnessed(desk, notes, calendars), {})), (
            "not told, not guessed"
        )


def cases(past):
    """The same past with one act forged; the name tells how."""
    acts = past.acts
    done = [number for number, each in enumerate(acts) if each.kind == "act"]
    moved = [number for number in done if acts[number].state_to != acts[number].state_from]
    for number in done:
        yield "another position did it", number, replace(acts[number], position="orang-luar", person="orang-luar")
        yield "an act that the state does not have", number, replace(acts[number], action="lompat")
        yield "it came from elsewhere", number, replace(acts[number], state_from="entah")
    for number in moved:
        yield "it led elsewhere", number, replace(acts[number], state_to="entah")


def test_forged_and_dropped_acts_are_found_at_their_lines(desk, busy):
    settings, kinds = rehearsing.settings_of(desk.house, desk.site), Counter()
    for letter in busy.letters:
        past = rehearsing.past_of(desk.house, desk.site, letter)
        for kind, number, forged in cases(past):
            acts = (*past.acts[:number], forged, *past.acts[number + 1 :])
            wrong = audit(replace(past, acts=acts), settings, {})
            assert wrong, (kind, past.acts[number])
            assert wrong[0].line == number, (kind, past.acts[number], wrong)
            kinds[kind] += 1
    assert min(kinds.values()) > 20
    # A dropped one by what follows.
    found, all_ = 0, 0
    for letter in busy.letters:
        past = rehearsing.past_of(desk.house, desk.site, letter)
        for number, act in enumerate(past.acts):
            later = [each for each in past.acts[number + 1 :] if each.item == act.item and each.kind == "act"]
            if act.kind == "act" and act.state_from != act.state_to and later:
                all_ += 1
                found += bool(audit(replace(past, acts=past.acts[:number] + past.acts[number + 1 :]), settings, {}))
    assert all_ > 20
    assert found == all_
    # And a letter that closed before its children did.
    for letter in busy.letters:
        past = rehearsing.past_of(desk.house, desk.site, letter)
        closing = next((n for n, each in enumerate(past.acts) if each.action == AUTOMATIC), None)
        given = next((n for n, each in enumerate(past.acts) if each.children), None)
        if closing is None or given is None or closing < given + 2:
            continue
        closed = past.acts[closing]
        early = PastAct(
            "closing", past.acts[given].at, closed.item, AUTOMATIC, "", "", closed.state_from, closed.state_to
        )
        wrong = audit(replace(past, acts=(*past.acts[: given + 1], early, *past.acts[given + 1 :])), settings, {})
        assert wrong[0].line == given + 1
        return
    pytest.fail("no letter closed by itself")
