"""A signing provider that does not answer: when it counts as away, who asks it again, who is told what and when."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from signing_stage import SIGNATORY, prepared, sign

from intranet_surat.errors import NotAllowed
from intranet_surat.services import breaker, notices, people_notices, work
from intranet_surat.services.evidence import keepers
from intranet_surat.services.providers.base import (
    Misconfigured,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    SignerState,
    SignerStatus,
    WrongSecret,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def told(desk):
    """What the notices told whom: pairs of what and position."""
    found = []
    channels = {"uji": lambda _house, notice: found.append((notice.about, notice.position))}
    desk.house = dataclasses.replace(desk.house, notice_channels=channels)
    return found


@pytest.fixture
def letter(desk):
    return prepared(desk)


def away(provider, error=ProviderUnavailable):
    """From now on the provider answers neither to signatures nor to questions."""

    def raising(*_args, **_facts):
        provider.calls.append("asked")
        raise error

    provider.sign = provider.status = raising


def back(provider):
    provider.sign, provider.status = type(provider).sign.__get__(provider), type(provider).status.__get__(provider)


def fails(desk, letter, error, times=3):
    for _ in range(times):
        with pytest.raises(error):
            sign(desk, letter)


def minute(desk, db, clock, minutes=1):
    """Time passes, and the worker does what is due."""
    for _ in range(minutes):
        clock.now += MINUTE
        desk.tm.abort()
        work.run_due(desk.house, db, clock())
        desk.tm.begin()


def outage(desk, login=SIGNATORY):
    return breaker.outage(desk.house, desk.site, desk.as_(login), desk.now)


def test_two_failures_are_bad_luck_and_three_are_an_outage(desk, letter, provider):
    away(provider)
    fails(desk, letter, ProviderUnavailable, 2)
    assert outage(desk) is None
    fails(desk, letter, ProviderUnavailable, 1)
    assert "tidak menjawab sejak" in outage(desk).says
    assert outage(desk).waiting == 1


def test_in_an_outage_nothing_is_sent_and_no_attempt_begins(desk, letter, provider):
    away(provider)
    fails(desk, letter, ProviderUnavailable)
    provider.calls.clear()
    with pytest.raises(ProviderUnavailable, match="Tidak ada yang dikirim"):
        sign(desk, letter)
    assert provider.calls == []
    assert len(letter.attempts) == 3
    assert letter.fields["number"]


def test_an_answer_in_between_begins_the_count_anew(desk, letter, provider):
    real = provider.status
    away(provider)
    fails(desk, letter, ProviderUnavailable, 2)
    provider.status = real

    def wrong(*_args, **_facts):
        raise WrongSecret

    provider.sign = wrong
    fails(desk, letter, WrongSecret, 1)
    away(provider)
    fails(desk, letter, ProviderUnavailable, 2)
    assert outage(desk) is None


@pytest.mark.parametrize("error", [RateLimited, Misconfigured])
def test_a_provider_that_is_busy_or_refuses_this_application_is_not_away(desk, letter, provider, error):
    away(provider, error)
    fails(desk, letter, error)
    assert outage(desk) is None


def test_lost_answers_count_too(desk, provider):
    provider.sign = lambda *_args, **_facts: (_ for _ in ()).throw(OutcomeUnknown())
    for each in [prepared(desk, subject=f"Surat {number}") for number in range(3)]:
        fails(desk, each, OutcomeUnknown, 1)
    assert outage(desk) is not None


def test_the_worker_asks_by_the_status_call_and_one_answer_lets_people_try(desk, db, clock, letter, provider):
    away(provider)
    fails(desk, letter, ProviderUnavailable)
    minute(desk, db, clock)
    assert not outage(desk).back
    back(provider)
    provider.calls.clear()
    minute(desk, db, clock)
    assert outage(desk).back
    assert "baru saja menjawab lagi, sesudah tidak menjawab sejak" in outage(desk).says
    assert provider.calls == []
    assert sign(desk, letter).verdict.overall == "sah"
    assert outage(desk) is None


def test_two_answers_in_a_row_end_the_outage(desk, db, clock, letter, provider):
    away(provider)
    fails(desk, letter, ProviderUnavailable)
    back(provider)
    minute(desk, db, clock, 2)
    assert outage(desk) is None
    assert desk.site.breakers["pkcs12"].failures == 0


def test_a_signatory_who_is_not_ready_is_an_answer_too(desk, db, clock, letter, provider):
    away(provider)
    fails(desk, letter, ProviderUnavailable)
    provider.status = lambda *_: SignerStatus(SignerState.EXPIRED)
    minute(desk, db, clock)
    assert outage(desk).back


def test_a_signature_that_fails_while_it_is_tried_closes_the_door_again(desk, db, clock, letter, provider):
    away(provider)
    fails(desk, letter, ProviderUnavailable)
    back(provider)
    minute(desk, db, clock)
    away(provider)
    fails(desk, letter, ProviderUnavailable, 1)
    assert not outage(desk).back


def test_whoever_waits_to_sign_is_told_once_that_it_is_back(desk, db, clock, letter, provider, told):
    away(provider)
    fails(desk, letter, ProviderUnavailable)
    back(provider)
    minute(desk, db, clock, 4)
    assert [each for each in told if each[0] == notices.BACK] == [(notices.BACK, desk.post(SIGNATORY))]


def test_whom_the_flow_names_is_told_once_after_its_time(desk, db, clock, letter, provider, told):
    away(provider)
    fails(desk, letter, ProviderUnavailable)
    minute(desk, db, clock, 3)
    assert [each for each in told if each[0] == notices.AWAY] == []
    clock.now += timedelta(days=1)
    minute(desk, db, clock, 3)
    found = [each[1] for each in told if each[0] == notices.AWAY]
    assert sorted(found) == sorted({desk.post("tata-usaha.dinkes"), desk.post(SIGNATORY)})


def test_a_notice_of_an_outage_names_no_letter(desk):
    for about in (notices.AWAY, notices.BACK):
        assert "{title}" in notices.SENTENCES[about]
    assert people_notices.JOB in desk.house.jobs


def test_the_wet_path_opens_only_while_it_is_away_and_the_act_remembers_it(desk, letter, provider):
    form = {"alasan": "Harus berangkat hari ini"}
    with pytest.raises(NotAllowed, match="tidak sedang padam"):
        desk.act("tata-usaha.dinkes", letter, "basah", form)
    away(provider)
    fails(desk, letter, ProviderUnavailable)
    desk.act("tata-usaha.dinkes", letter, "basah", form)
    assert letter.state == "dicetak"
    last = letter.history[len(letter.history) - 1]
    assert letter.history.entered(last.seq)["facts"]["provider_away"]


def test_a_letter_that_went_the_wet_way_in_an_outage_stands_up_to_an_audit_later(desk, letter, provider):
    from intranet_surat.services import rehearsing
    from intranet_surat.workflow.audit import audit

    away(provider)
    fails(desk, letter, ProviderUnavailable)
    desk.act("tata-usaha.dinkes", letter, "basah", {"alasan": "Harus berangkat hari ini"})
    desk.site.breakers.clear()
    past = rehearsing.past_of(desk.house, desk.site, letter)
    assert audit(past, rehearsing.settings_of(desk.house, desk.site), {}) == ()


def test_that_the_application_is_refused_is_told_to_those_who_keep_evidence(desk, db, clock, letter, provider, told):
    post = next(each for each in desk.site.positions.values() if "arsiparis" in each.roles)
    post.roles |= {keepers.KEEPER}
    desk.commit()
    away(provider, Misconfigured)
    fails(desk, letter, Misconfigured, 2)
    assert outage(desk) is None, "it answered"
    minute(desk, db, clock, 2)
    assert [each for each in told if each[0] == notices.PROVIDER] == [(notices.PROVIDER, post.id)]
