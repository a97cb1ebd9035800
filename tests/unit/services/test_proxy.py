"""What a leader wrote on paper and a clerk enters for him: whose act it is, what it needs, who answers for it."""

from __future__ import annotations

import pytest

from intranet_surat.errors import Invalid, NotAllowed, Unknown
from intranet_surat.services import proxy, search

CLERK, LEADER, FIELD = "agendaris.dinkes", "kepala.dinkes", "kabid-kesmas.dinkes"
TODAY = "2026-11-23"


@pytest.fixture
def raised(desk):
    """A letter that waits for the head of the office."""
    letter = desk.register(CLERK, "DINKES", letter_date="2026-11-20")
    desk.act(CLERK, letter, "naikkan")
    desk.act("sekretaris.dinkes", letter, "sampaikan")
    return letter


def enter(desk, letter, login=CLERK, *, written=TODAY, sheet=True, action="disposisi", key="", **answers):
    form = {"kepada": [desk.post(FIELD)], "instruksi": ["tindak-lanjuti"], proxy.WRITTEN: written, **answers}
    uploads = (desk.upload(proxy.PLACE),) if sheet else ()
    try:
        result = proxy.enter(
            desk.house, desk.tm, desk.site, letter, action, desk.post(LEADER), form, desk.as_(login), desk.now,
            key=key or next(desk.keys), uploads=uploads,
        )  # fmt: skip
    except Exception:
        desk.tm.abort()
        desk.tm.begin()
        raise
    desk.commit()
    return result


def said(desk, letter, login=LEADER, *, right=True, reason="", seq=None):
    paper = letter.papers[-1]
    told = proxy.answer(
        desk.house, desk.site, letter, paper.seq if seq is None else seq, desk.as_(login), desk.now,
        right=right, reason=reason, key=next(desk.keys),
    )  # fmt: skip
    desk.commit()
    return told


def expected(desk, login, letter):
    rows, _ = search.tray(desk.site, desk.as_(login), "waiting")
    return next((row.act_title for row in rows if row.letter == letter.id), None)


def test_the_disposition_is_the_leaders_and_the_history_names_who_typed_it(desk, raised):
    enter(desk, raised)
    act = list(raised.history)[-1]
    assert raised.state == "didisposisi"
    assert act.position == desk.post(LEADER)
    assert act.person == desk.as_(LEADER).person
    assert act.who["clerk"].endswith("Agendaris Dinkes")
    assert raised.history.entered(act.seq)["facts"]["paper_written"] == TODAY
    assert raised.attachments[-1].sha256 in act.files
    assert desk.items(raised)[FIELD].giver == desk.post(LEADER)


def test_without_a_scan_of_the_paper_nothing_is_entered(desk, raised):
    with pytest.raises(Invalid) as wrong:
        enter(desk, raised, sheet=False)
    assert proxy.SHEET in wrong.value.fields
    assert raised.state == "menunggu_disposisi"


@pytest.mark.parametrize("written", ["2026-11-24", "2026-11-01", "kemarin", ""])
def test_the_date_on_the_paper_lies_between_the_letters_coming_and_today(desk, raised, written):
    with pytest.raises(Invalid) as wrong:
        enter(desk, raised, written=written)
    assert proxy.WRITTEN in wrong.value.fields


def test_only_those_whom_the_flow_names_enter_for_the_leader(desk, raised):
    with pytest.raises(NotAllowed):
        enter(desk, raised, "sekretaris.dinkes")


def test_the_leader_himself_enters_nothing_for_himself_from_paper(desk, raised):
    assert proxy.offers(desk.house, desk.site, raised, desk.as_(LEADER), desk.now) == ()


def test_only_actions_that_the_flow_opens_for_it_are_entered_from_paper(desk, raised):
    with pytest.raises(NotAllowed):
        enter(desk, raised, action="cukup_diketahui")


def test_a_signature_or_an_initial_is_never_entered_from_paper(desk):
    letter = desk.draft("staf-kesmas.dinkes", "DINKES")
    desk.act("staf-kesmas.dinkes", letter, "ajukan")
    for login in (CLERK, "tata-usaha.dinkes", "kepala.dinkes"):
        assert proxy.offers(desk.house, desk.site, letter, desk.as_(login), desk.now) == ()


def test_what_was_entered_waits_for_the_leaders_word(desk, raised):
    enter(desk, raised)
    assert expected(desk, LEADER, raised) == search.CONFIRM
    said(desk, raised)
    assert expected(desk, LEADER, raised) is None
    assert list(raised.history)[-1].action == proxy.CONFIRMED


def test_a_disputed_paper_stays_marked_and_those_concerned_are_told(desk, raised):
    enter(desk, raised)
    said(desk, raised, right=False, reason="Saya menulis Bidang Sumber Daya.")
    assert raised.papers[-1].answer == proxy.DISPUTED
    assert raised.history.entered(len(raised.history) - 1)["form"] == {"alasan": "Saya menulis Bidang Sumber Daya."}
    told = {job.args["position"] for job in desk.site.jobs.pending() if job.name == "kabar"}
    assert {desk.post(CLERK), desk.post(FIELD)} <= told


def test_a_dispute_without_a_reason_asks_for_one(desk, raised):
    enter(desk, raised)
    with pytest.raises(Invalid):
        said(desk, raised, right=False)


def test_nobody_else_speaks_for_the_leader(desk, raised):
    enter(desk, raised)
    with pytest.raises(NotAllowed):
        said(desk, raised, CLERK)


def test_the_leader_says_it_once(desk, raised):
    enter(desk, raised)
    said(desk, raised)
    with pytest.raises(NotAllowed):
        said(desk, raised, right=False, reason="Ternyata tidak")


def test_the_same_form_sent_twice_enters_once(desk, raised):
    enter(desk, raised, key="kunci-kertas-yang-sama")
    count = len(raised.history)
    assert enter(desk, raised, key="kunci-kertas-yang-sama").repeated
    assert len(raised.history) == count


def test_a_leader_who_left_has_written_nothing(desk, raised):
    desk.site.positions[desk.post(LEADER)].holders = ()
    desk.commit()
    assert proxy.offers(desk.house, desk.site, raised, desk.as_(CLERK), desk.now) == ()


def test_a_secret_letter_is_not_entered_by_a_clerk_who_does_not_see_it(desk):
    letter = desk.register(CLERK, "DINKES", security="R")
    desk.act(CLERK, letter, "naikkan")
    desk.act("sekretaris.dinkes", letter, "sampaikan")
    with pytest.raises(Unknown):
        enter(desk, letter, "tata-usaha.dinkes")
