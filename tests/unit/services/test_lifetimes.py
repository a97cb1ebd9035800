"""A signed letter through thirty years: authorities end, clocks change keys, a certificate is revoked, algorithms fall.

The same years without renewals, side by side: what is kept stays proven, what is not kept is honestly undecided.
"""

from __future__ import annotations

from datetime import timedelta

import lta_judge
import pytest
from evidence_stage import Town, new_clock
from signed_pages import BUDI, NOW

from intranet_surat.demo.authority import issuing
from intranet_surat.services.evidence import algorithms, longterm, renewing
from intranet_surat.services.evidence.algorithms import Line, Sunsets

YEAR = timedelta(days=365)
YEARS = (1, 5, 12, 30)
FIRST, CLOCK = 5 * YEAR - timedelta(days=1), 5 * YEAR + timedelta(days=10)
LASTING = [Line("sha256", 0, None), Line("sha512", 0, None), Line("rsa", 2048, None), Line("ecdsa", 256, None)]


@pytest.fixture
def town():
    made = Town()
    yield made
    made.close()


@pytest.fixture
def table(monkeypatch):
    """The table of algorithms of this life; a test moves its days."""

    def say(**ends):
        lines = [Line(each.name, each.bits, ends.get(each.name, each.until)) for each in LASTING]
        monkeypatch.setattr(algorithms, "shipped", lambda: Sunsets(lines))

    say()
    return say


class Life:
    """One letter, signed by two; a new authority takes over each eight years, its clock changes keys each four."""

    def __init__(self, town):
        self.town = town
        self.budi = town.pki.signer(BUDI)
        town.servers[""].authority = new_clock(town.pki.authority, NOW - timedelta(days=1), NOW + FIRST)
        self.signed = town.sign(town.sign(), signer=self.budi)
        self.file, self.lasts = town.augment(self.signed)
        self.due = renewing.renewal(self.lasts, town.now)
        self.first = self.file
        self.renewals = []
        self.changes = {}

    def change(self, year, work):
        """Do something when that year comes."""
        self.changes[year] = work

    def go_to(self, year):
        """Live on until then, renewing whenever the calendar says so."""
        then = NOW + year * YEAR
        while self.town.now < then:
            renewal = self.due
            coming = min((NOW + each * YEAR for each in self.changes), default=then)
            self.town.now = min(then, max(renewal, self.town.now), max(coming, self.town.now))
            if self.town.now == coming and self.changes:
                self.changes.pop(min(self.changes))()
            elif self.town.now >= renewal:
                self.renew()

    def renew(self):
        before = self.file
        self.file, self.lasts = self.town.augment(self.file)
        assert self.file.startswith(before)
        self.due = renewing.renewal(self.lasts, self.town.now)
        self.renewals.append(self.town.now)

    def new_clock(self, own=None):
        server = self.town.servers[max(self.town.servers)]
        ends = min(self.town.now + CLOCK, server.authority.issuer.not_valid_after_utc)
        server.authority = new_clock(server.authority, self.town.now - timedelta(days=1), ends, own)

    def new_authority(self):
        self.town.followed_by(len(self.town.servers))
        self.new_clock()


@pytest.fixture
def life(town, table):
    made = Life(town)
    for year in range(3, 30, 4):
        made.change(year, made.new_authority if year % 8 == 7 else made.new_clock)
    return made


def test_with_renewals_a_letter_is_valid_after_thirty_years(life, town):
    for year in YEARS:
        life.go_to(year)
        judged = town.verdict(life.file)
        assert judged.overall == "sah", (year, judged.reasons)
        if year < 10:  # then the first hierarchy ends, and pyHanko's own way back with it
            assert lta_judge.judged(life.file, town.roots, town.now) == ["OK", "OK"]
    assert 6 <= len(life.renewals) <= 9
    assert town.pki.authority.root.not_valid_after_utc < town.now, "the first hierarchy has ended long ago"


def test_without_renewals_it_is_undecided_as_soon_as_its_timestamp_ends(life, town):
    told = {}
    for year in YEARS:
        town.now = NOW + year * YEAR
        told[year] = (town.verdict(life.first).overall, town.verdict(life.signed).overall)
    assert told == {1: ("sah", "sah"), 5: ("belum", "belum"), 12: ("belum", "belum"), 30: ("belum", "belum")}


def test_whom_the_authority_revokes_later_has_signed_all_the_same(life, town):
    town.revoke(life.budi, NOW + timedelta(days=20))
    for year in (1, 5):
        life.go_to(year)
        assert town.verdict(life.file).overall == "sah", year


def test_whom_the_authority_had_revoked_before_has_never_signed(town, table):
    town.revoke(budi := town.pki.signer(BUDI), NOW - timedelta(days=1))
    signed = town.sign(town.sign(), signer=budi)
    file, lasts = town.augment(signed)
    assert lasts.revoked == ("TTE_2",)
    for year in (1, 5, 9):
        town.now = NOW + year * YEAR
        if year == 5:
            file, lasts = town.augment(file)
            assert lasts.revoked == ("TTE_2",)
        assert [each.overall for each in town.verdict(file).signatures] == ["sah", "tidak"], year


def test_an_algorithm_that_falls_earlier_than_foreseen_is_outlived(town, table):
    life = Life(town)
    life.change(3, lambda: life.new_clock(issuing.new_key()))
    assert life.lasts.until == NOW + FIRST
    fallen = NOW + timedelta(days=3 * 365 + 200)
    town.now = NOW + 2 * YEAR
    table(ecdsa=fallen)
    assert longterm.lasting(life.file, town.roots, town.now).until == fallen, "the calendar moves with the table"
    life.lasts = longterm.lasting(life.file, town.roots, town.now)
    life.due = renewing.renewal(life.lasts, town.now)
    life.go_to(3)  # the clock that stamps from now on has a key of the kind that lasts
    life.renew()
    town.now = fallen + timedelta(days=1)
    assert town.verdict(life.file).overall == "sah"
    judged = town.verdict(life.first)
    assert judged.overall == "belum"
    assert any("sandi" in reason for reason in judged.reasons), judged.reasons


def test_a_weak_algorithm_is_not_made_good_by_a_weak_timestamp(town, table):
    life = Life(town)
    town.now = NOW + YEAR
    table(ecdsa=NOW + timedelta(days=100))
    with pytest.raises(longterm.NotYet):
        town.augment(life.file)
    assert town.verdict(life.file).overall == "belum"
