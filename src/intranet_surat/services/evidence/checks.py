"""How evidence stands as a whole, a line for each thing: for the page of its keepers, and for monitoring.

It only reads. Letters are counted and never named: whose evidence may be lost is told by office.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from intranet_surat.resources.renewals import Due
from intranet_surat.resources.site import Site
from intranet_surat.services import breaker
from intranet_surat.services.evidence import algorithms, keepers, renewing
from intranet_surat.services.house import House
from intranet_surat.services.verifying_roots import load_roots

Light = Literal["good", "warn", "bad"]
ORDER: tuple[Light, ...] = ("good", "warn", "bad")
WORKER = timedelta(minutes=15)
"""A worker that was not seen for so long is not running."""
NIGHT = timedelta(days=2)
"""An anchor is made each night: the newest one that is older was not."""
LASTS = timedelta(minutes=5)
MOST = 50
"""So many letters that are not in order are shown."""
SOON = timedelta(days=365)
"""Evidence is renewed a year before it ends; so long before an authority or algorithm ends somebody must know."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at: ``says`` is for people, ``figures`` for programs."""

    name: str
    title: str
    light: Light
    says: str
    figures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class End:
    """Something on which evidence stands, and when it ends; ``over`` when it has, ``soon`` within a year."""

    what: str
    until: datetime
    over: bool
    soon: bool

    @property
    def day(self) -> date:
        """The last day, as certificate and table say it."""
        return self.until.date()


@dataclass(frozen=True, slots=True)
class Overview:
    """All letters at a look: how many in which state, when they are renewed, and the first of those in danger."""

    states: Mapping[str, int]
    months: tuple[tuple[date, int], ...]
    open: tuple[tuple[renewing.State, Due], ...]


def overview(house: House, site: Site, now: datetime) -> Overview:
    """The letters, counted; some minutes old where there are many."""
    return house.lately.get(site, "evidence-overview", now, LASTS, lambda: counted(house, site.renewals, now)).answer


def counted(house: House, dues: Iterable[Due], now: datetime) -> Overview:
    """The same, counted now."""
    states: Counter[str] = Counter()
    months: Counter[date] = Counter()
    open_: list[tuple[renewing.State, Due]] = []
    for due in dues:
        state = renewing.state(due, now)
        states[state] += 1
        if state == "kept":
            months[house.local(due.at).date().replace(day=1)] += 1
        else:
            open_.append((state, due))
    first = sorted(open_, key=lambda each: (each[0] not in renewing.ALARMS, each[1].ends, each[1].letter))
    return Overview(dict(states), tuple(sorted(months.items())), tuple(first[:MOST]))


def checks(house: House, site: Site, found: Overview, now: datetime) -> tuple[Check, ...]:
    """Every line, in the order in which something may be lost."""
    return (
        _letters(house, found.states),
        _anchors(house, site, now),
        _ends(house, now),
        _provider(house, site),
        _worker(house, site, now),
    )


def keeping(site: Site) -> Check:
    """Whether anybody is told when something of it may be lost; asked by the command line only, as it is slow."""
    number = len(keepers.positions(site))
    says = f"{number} jabatan diberi tahu." if number else "Tidak ada jabatan dengan peran pengelola bukti."
    return Check("keepers", "Pengelola bukti", "good" if number else "warn", says, {"positions": str(number)})


def worst(found: Iterable[Check]) -> Light:
    """The worst light of them."""
    return max((each.light for each in found), key=ORDER.index, default="good")


def ends(house: House, now: datetime) -> list[End]:
    """Authorities of the settings and algorithms of the table, what ends first before the others."""
    roots = load_roots(house.roots)
    found = {
        str(each.subject.native.get("common_name", each.subject.human_friendly)): each.not_valid_after
        for each in (*roots.anchors, *roots.between)
    }
    for line in algorithms.shipped().lines:
        if line.until is not None:
            found[f"{line.name.upper()}{f' {line.bits} bit' if line.bits else ''}"] = line.until
    return sorted(
        (End(what, until, until <= now, now < until <= now + SOON) for what, until in found.items()),
        key=lambda each: (each.over, each.until),
    )


def _letters(house: House, counted: Mapping[str, int]) -> Check:
    states = Counter(counted)
    figures = {name: str(states[name]) for name in ("kept", "due", "missing", "late", "lost", "revoked")}
    alarms = sum(states[each] for each in renewing.ALARMS)
    if alarms:
        says = f"{alarms} surat buktinya terlambat, hilang, atau bersertifikat yang sudah dicabut."
        return Check("evidence", "Bukti jangka panjang", "bad", says, figures)
    if not house.settings.timestamps:
        says = "Otoritas stempel waktu belum disetel (timestamp_urls): bukti tidak dapat dibuat."
        return Check("evidence", "Bukti jangka panjang", "warn" if states else "good", says, figures)
    waits = states["missing"] + states["due"]
    says = f"{states['kept']} surat lengkap" + (f", {waits} sedang dikerjakan." if waits else ".")
    return Check("evidence", "Bukti jangka panjang", "good", says, figures)


def _anchors(house: House, site: Site, now: datetime) -> Check:
    last, open_ = site.anchors.last(), site.anchors.unstamped()
    figures = {"last": str(last.number) if last is not None else "0", "unstamped": str(len(open_))}
    if last is None:
        waits = any(True for _ in site.anchors.changed())
        says = "Belum ada; dibuat pada malam pertama." if waits else "Belum ada riwayat."
        return Check("anchors", "Jangkar", "good", says, figures)
    figures["day"] = last.day
    says = f"Terakhir nomor {last.number} untuk {_day(house, house.start_of(date.fromisoformat(last.day)))}"
    if last.made_at is not None and now - last.made_at > NIGHT:
        return Check("anchors", "Jangkar", "bad", f"{says}; sesudah itu tidak dibuat lagi.", figures)
    if open_ and open_[0].made_at is not None and now - open_[0].made_at > NIGHT / 2:
        return Check("anchors", "Jangkar", "bad", f"{says}; {len(open_)} belum berstempel waktu.", figures)
    return Check("anchors", "Jangkar", "good", says + ("; stempel waktunya ditunggu." if open_ else "."), figures)


def _ends(house: House, now: datetime) -> Check:
    soon = [each for each in ends(house, now) if each.soon]
    following = next((each for each in ends(house, now) if not each.over), None)
    figures = {"soon": str(len(soon)), "next": f"{following.until:%Y-%m-%d}" if following is not None else "none"}
    if following is None:
        return Check("authorities", "Otoritas dan algoritma", "warn", "Tidak ada otoritas yang berlaku.", figures)
    says = f"{following.what} berakhir {following.day:%d-%m-%Y}."
    return Check("authorities", "Otoritas dan algoritma", "warn" if soon else "good", says, figures)


def _provider(house: House, site: Site) -> Check:
    since = breaker.away_since(house, site)
    if since is None:
        return Check("provider", "Penyedia tanda tangan", "good", "Menjawab, sejauh yang diketahui.", {"away": "no"})
    says = f"Tidak menjawab sejak {_day(house, since)} {house.local(since):%H.%M}."
    return Check("provider", "Penyedia tanda tangan", "warn", says, {"away": f"{since:%Y-%m-%dT%H:%MZ}"})


def _worker(house: House, site: Site, now: datetime) -> Check:
    seen, parked = site.jobs.seen, sum(1 for _ in site.jobs.parked())
    figures = {"seen": f"{seen:%Y-%m-%dT%H:%MZ}" if seen is not None else "never", "given_up": str(parked)}
    if seen is None or now - seen > WORKER:
        when = f"sejak {_day(house, seen)} {house.local(seen):%H.%M}" if seen is not None else "belum pernah"
        return Check("worker", "Pekerja", "bad", f"Tidak terlihat {when}: tidak ada bukti yang dibuat.", figures)
    if parked:
        return Check("worker", "Pekerja", "warn", f"{parked} pekerjaan diserahkan kepada orang: `surat jobs`.", figures)
    return Check("worker", "Pekerja", "good", f"Terakhir terlihat {house.local(seen):%H.%M}.", figures)


def told(found: Iterable[Check]) -> Iterator[str]:
    """One line for each, for programs: its light, its name, its figures."""
    for each in found:
        yield " ".join((f"{each.light:4}", each.name, *(f"{name}={value}" for name, value in each.figures.items())))


def _day(house: House, at: datetime) -> str:
    return f"{house.local(at):%d-%m-%Y}"
