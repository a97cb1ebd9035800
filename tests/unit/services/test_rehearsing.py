"""Past letters of a busy office through flows: the same one gives back everything, a draft tells what changes."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from busy_office import BusyOffice
from two_desks import FIELDS, disposed

from intranet_surat.services import deadlines, rehearsing
from intranet_surat.services.itemview import descendants, flow_of
from intranet_surat.workflow import own_acts
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.replay import replay

FLOWS = Path(__file__).resolve().parents[3] / "workflows"
SERANG = ZoneInfo("Asia/Jakarta")
SECRETARY = """\
  paraf_sekretaris:
    title: Paraf Sekretaris
    route:
      act: paraf_sekretaris
      title: Paraf Sekretaris
      levels: [{who: position sekretaris of office}]
      deadline: {within: 1 working day}
      done: periksa_tu
  periksa_tu:
"""


@pytest.fixture
def busy(desk, amount):
    found = BusyOffice(desk, seed=3)
    found.work(amount(40, 600))
    return found


def draft(name, *changes):
    """A shipped flow, some versions on, with these changes."""
    text = (FLOWS / name).read_text(encoding="utf-8").partition("\ntests:\n")[0] + "\n"
    text = re.sub(r"\nversion: \d+\n", "\nversion: 99\n", text)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return load(text, name)


def of_flow(busy, flow):
    return [letter for letter in busy.letters if letter.flow.id == flow.id]


def stands(item):
    """How an item stands: its state, since when, until when, and by which initials."""
    initials = tuple((each.level, each.position, each.person, each.version) for each in item.initials)
    clock = (item.limit_since, item.paused_since, item.pauses, item.assigned, item.held)
    return item.state, item.entered, item.due, initials, item.outcome, item.ended, clock


def test_the_same_flow_gives_back_every_state_and_time(desk, busy):
    settings = rehearsing.settings_of(desk.house, desk.site)
    seen = Counter()
    for letter in busy.letters:
        past = rehearsing.past_of(desk.house, desk.site, letter)
        found = replay(flow_of(desk.house, desk.site, letter), past, settings)
        assert found.differences == ()
        assert found.waits == ()
        assert [(each.at, each.item, each.state_from, each.state_to) for each in found.lines] == [
            (each.at, each.item, each.state_from, each.state_to) for each in letter.history
        ]
        twins = {each.id: each for each in found.item.all()}
        for item in (letter, *descendants(letter)):
            assert stands(twins[item.id]) == stands(item)
            assert twins[item.id].since == item.state_since
        seen.update(each.action for each in past.acts)
    wanted = {"disposisi", "teruskan", "selesaikan", "paraf", "siapkan", "tanda_tangani", "nomori", "sahkan", "ubah"}
    assert wanted | {"dibaca", "otomatis", "berkaskan", "serahkan"} <= set(seen)


def opening(day, calendar):
    """The office hours of a day in Serang, or None."""
    if day.weekday() > 4 or day in calendar.holidays:
        return None
    opens, closes = calendar.hours.get(day, (calendar.opens, calendar.closes))
    return datetime.combine(day, opens, SERANG), datetime.combine(day, closes, SERANG)


def office_time(start, end, calendar):
    """Office time between two instants, day by day."""
    total, day = timedelta(), start.astimezone(SERANG).date()
    while day <= end.astimezone(SERANG).date():
        hours = opening(day, calendar)
        if hours is not None:
            total += max(min(hours[1], end) - max(hours[0], start), timedelta())
        day += timedelta(days=1)
    return total


def next_closing(start, calendar):
    """The end of the first working day after the day of an instant."""
    day = start.astimezone(SERANG).date() + timedelta(days=1)
    while opening(day, calendar) is None:
        day += timedelta(days=1)
    return opening(day, calendar)[1]


def test_one_more_tier_of_initials_shows_exactly_the_added_waits(desk, busy):
    flow = draft(
        "surat_keluar.yaml", ("      done: periksa_tu", "      done: paraf_sekretaris"), ("  periksa_tu:\n", SECRETARY)
    )
    settings, delayed = rehearsing.settings_of(desk.house, desk.site), 0
    for letter in of_flow(busy, flow):
        past = rehearsing.past_of(desk.house, desk.site, letter)
        calendar = settings(flow, desk.now).calendar
        found = replay(flow, past, settings)
        waits = iter(found.waits)
        lines = iter(found.lines)
        shift = timedelta()
        for seq, act in enumerate(past.acts):
            line = next(lines)
            while line.action == "paraf_sekretaris":
                line = next(lines)
            # What followed happened later by the added office time, exactly; before, at the very instant.
            assert line.at == act.at if not shift else line.at >= act.at
            assert office_time(act.at, line.at, calendar) == shift
            later = any(each.kind == "act" for each in past.acts[seq + 1 :])
            if act.state_from != "periksa_tu" and act.state_to == "periksa_tu" and act.kind == "act" and later:
                wait = next(waits)
                assert (wait.state, wait.limited) == ("paraf_sekretaris", True)
                assert wait.at == next_closing(line.at, calendar)
                assert wait.office_time == office_time(line.at, wait.at, calendar)
                shift += wait.office_time
                delayed += 1
        assert next(waits, None) is None
    assert delayed > 3
    report = rehearsing.rehearse(desk.house, desk.site, flow)
    (row,) = report.added
    assert (row.state, row.unlimited, report.letters) == ("paraf_sekretaris", 0, len(of_flow(busy, flow)))
    assert report.letters - report.same >= row.letters > 0


def test_a_stricter_rule_names_the_letters_that_it_would_have_stopped(desk, busy):
    flow = draft("surat_masuk.yaml", ("needs: ada_pindai,", "needs: [ada_pindai, bukan_rahasia],"))
    report = rehearsing.rehearse(desk.house, desk.site, flow)
    secret = {
        each.id
        for each in of_flow(busy, flow)
        if each.fields["security"] == "R" and any(act.action == "naikkan" for act in each.history)
    }
    (refused,) = [each for each in report.refused if each.kind == "refused"]
    assert (refused.action, refused.rule) == ("naikkan", "bukan_rahasia")
    assert set(refused.letters) == secret
    assert set(report.stopped) == {each.id for each in busy.letters if each.id in secret and each.archived_at}
    assert "Hal " not in str(report)


def test_a_letter_with_an_act_that_names_no_flow_is_not_left_out(desk):
    letter = disposed(desk, FIELDS[0])
    (item,) = descendants(letter)
    item.flow, kept = None, item.flow
    deadlines.note(desk.site, item, own_acts.MOVED, desk.now, {})
    item.flow = kept
    assert letter.history[len(letter.history) - 1].flow == ""
    report = rehearsing.rehearse(desk.house, desk.site, draft("surat_masuk.yaml"))
    assert (report.letters, report.same, report.left_out) == (1, 1, ())


def test_letters_can_be_narrowed_and_one_whose_history_was_erased_is_left_out(desk, busy):
    flow = draft("surat_masuk.yaml")
    letters = of_flow(busy, flow)
    assert rehearsing.rehearse(desk.house, desk.site, flow).letters == len(letters)
    assert rehearsing.rehearse(desk.house, desk.site, flow, limit=2).letters == 2
    ended = sum(1 for each in letters if each.archived_at)
    assert rehearsing.rehearse(desk.house, desk.site, flow, ended=True).letters == ended
    assert rehearsing.rehearse(desk.house, desk.site, flow, office="SETDA").letters == 0
    letters[0].history.erase(0)
    report = rehearsing.rehearse(desk.house, desk.site, flow)
    assert (report.letters, report.left_out) == (len(letters) - 1, ((rehearsing.ERASED, 1),))
