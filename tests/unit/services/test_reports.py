"""What strangers report: bounded text in a tray of who keeps evidence, and nothing in it is followed."""

from __future__ import annotations

import dataclasses

import pytest

from intranet_surat.errors import Invalid, NotAllowed, Unavailable, Unknown
from intranet_surat.services import notices, reports, work
from intranet_surat.services.evidence import keepers
from intranet_surat.services.reader import Reader


@pytest.fixture
def keeper(desk):
    """Somebody whose post keeps the evidence of the regency."""
    post = next(each for each in desk.site.positions.values() if "arsiparis" in each.roles)
    post.roles |= {keepers.KEEPER}
    return Reader(post.holders[0].person, (post.id,), post.id)


def take(desk, text="Surat ini meminta transfer uang.", contact="", origin="", **about):
    return reports.take(desk.site, {"text": text, "contact": contact}, about, desk.now, origin=origin)


def test_a_report_waits_until_a_keeper_says_what_was_done(desk, keeper):
    made = take(desk, contact="0812 contoh", code="abcdefgh12", sha256="0" * 64, verdict="tidak")
    assert [each.text for each in desk.site.reports.open()] == ["Surat ini meminta transfer uang."]
    stranger = next(each for each in desk.site.positions.values() if keepers.KEEPER not in each.roles)
    with pytest.raises(NotAllowed):
        reports.close(desk.site, Reader("x", (stranger.id,), stranger.id), [made.id], "Beres", desk.now)
    with pytest.raises(Invalid):
        reports.close(desk.site, keeper, [made.id], " ", desk.now)
    with pytest.raises(Unknown):
        reports.close(desk.site, keeper, ["tidakada"], "Beres", desk.now)
    reports.close(desk.site, keeper, [made.id], "Diteruskan ke Inspektorat", desk.now)
    assert list(desk.site.reports.open()) == []
    (done,) = desk.site.reports.closed()
    assert (done.note, done.by, done.code) == ("Diteruskan ke Inspektorat", keeper.position, "abcdefgh12")


def test_what_does_not_show_is_left_out_and_lines_are_kept():
    assert reports.plain("Satu\r\nDua\u202e\x1b[31m\x00 tiga") == "Satu\nDua  [31m  tiga"
    assert reports.plain("a\nb", lines=False) == "a b"


@pytest.mark.parametrize(
    ("text", "contact", "field"),
    [("", "", "text"), ("\u200b" * 30, "", "text"), ("pendek", "", "text"), ("x" * 1001, "", "text"),
     ("Surat yang aneh sekali", "x" * 201, "contact")],
)  # fmt: skip
def test_too_little_and_too_much_are_refused_at_their_field(desk, text, contact, field):
    with pytest.raises(Invalid) as refused:
        take(desk, text, contact)
    assert set(refused.value.fields) == {field}
    assert list(desk.site.reports.open()) == []


def test_a_full_tray_takes_no_more_and_is_emptied_by_those_who_keep_it(desk, keeper, monkeypatch):
    monkeypatch.setattr(reports, "MOST", 2)
    first, _ = take(desk), take(desk, "Surat lain yang aneh")
    with pytest.raises(Unavailable, match="terlalu banyak"):
        take(desk, "Surat ketiga yang aneh")
    reports.close(desk.site, keeper, [first.id], "Iseng", desk.now)
    take(desk)


def test_keepers_hear_of_reports_once_an_hour(desk, db, clock, keeper):
    for number in range(3):
        take(desk, f"Surat mencurigakan nomor {number}")
    names = [each.name for each in desk.site.jobs.pending()]
    assert names.count(keepers.JOB) == 1
    told = []
    desk.house = dataclasses.replace(desk.house, notice_channels={"uji": lambda _house, it: told.append(it)})
    desk.commit()
    for _ in range(3):
        work.run_due(desk.house, db, desk.now)
    desk.tm.abort()
    desk.tm.begin()
    assert {each.position for each in told} == {keeper.position}
    assert {each.about for each in told} == {notices.REPORT}
    assert all("mencurigakan" in notices.SENTENCES[each.about] for each in told)


def test_only_so_many_that_are_done_are_kept(desk, keeper, monkeypatch):
    monkeypatch.setattr("intranet_surat.resources.reports.MOST_CLOSED", 2)
    for number in range(4):
        made = take(desk, f"Surat mencurigakan nomor {number}")
        reports.close(desk.site, keeper, [made.id], f"selesai {number}", desk.now)
    assert len(desk.site.reports.closed()) == 2


def test_one_network_cannot_fill_the_tray_for_all_others(desk, keeper, monkeypatch):
    monkeypatch.setattr(reports, "SHARE", 2)
    first, _ = take(desk, "Surat aneh pertama", origin="a"), take(desk, "Surat aneh kedua", origin="a")
    with pytest.raises(Unavailable, match="jaringan ini"):
        take(desk, "Surat aneh ketiga", origin="a")
    take(desk, "Surat aneh ketiga", origin="b")
    (done,) = reports.close(desk.site, keeper, [first.id], "Iseng", desk.now)
    assert done.origin == "", "where it came from is forgotten when it is done"
    take(desk, "Surat aneh keempat", origin="a")


def test_the_same_report_waits_once_but_another_letter_may_be_reported_in_the_same_words(desk):
    take(desk, code="abcdefgh12")
    with pytest.raises(Invalid) as refused:
        take(desk, "SURAT ini  meminta transfer uang.", code="abcdefgh12")
    assert refused.value.fields == {"text": reports.SAME}
    take(desk, code="abcdefgh13")


def test_several_reports_are_closed_with_one_note_and_those_already_done_keep_theirs(desk, keeper):
    made = [take(desk, f"Surat mencurigakan nomor {number}") for number in range(3)]
    reports.close(desk.site, keeper, [made[0].id], "Asli", desk.now)
    with pytest.raises(Invalid):
        reports.close(desk.site, keeper, [], "Iseng", desk.now)
    assert len(reports.close(desk.site, keeper, [each.id for each in made], "Iseng", desk.now)) == 2
    assert [each.note for each in made] == ["Asli", "Iseng", "Iseng"]
