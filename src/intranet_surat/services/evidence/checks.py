"""How evidence stands as a whole, a line for each thing: for the page of its keepers, and for monitoring.

It only reads. Letters are counted and never named: whose evidence may be lost is told by office. What is not in order
says who does what about it, and the command by which he sees more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from intranet_surat.kinds.dates import long_date
from intranet_surat.resources.renewals import Due
from intranet_surat.resources.site import Site
from intranet_surat.services import breaker
from intranet_surat.services.evidence import algorithms, keepers, renewing
from intranet_surat.services.flows import slips
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

ALARMS: dict[renewing.State, tuple[str, str]] = {
    "late": ("terlambat", "DKISP memeriksa otoritas stempel waktu dan galat di bawah ini."),
    "broken": (
        "terhenti oleh galat pada sistem",
        "DKISP melihat galatnya di log pekerja; berkas yang hilang diambil dari cadangan, lalu dicoba lagi sendiri.",
    ),
    "lost": (
        "tidak dapat dibuktikan lagi sesudah sertifikatnya berakhir",
        "Kantor penanda tangan menyimpan berkasnya dan memutuskan apakah surat itu dibuat baru.",
    ),
    "revoked": (
        "bersertifikat yang sudah dicabut",
        "Kantor penanda tangan memastikan siapa yang menandatangani; DKISP menghubungi penerbit sertifikatnya.",
    ),
}
"""What somebody must do something about, in words, and who does what."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at: ``says`` and ``todo`` are for people, ``figures`` for programs.

    ``todo`` is who does what when it is not in order, ``command`` what he types on the server to see more.
    """

    name: str
    title: str
    light: Light
    says: str
    figures: Mapping[str, str] = field(default_factory=dict)
    todo: str = ""
    command: str = ""


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


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything at a look: the letters, what ends when, and a line for each thing."""

    letters: Overview
    ends: tuple[End, ...]
    lines: tuple[Check, ...]


def look(house: House, site: Site, letters: Overview, now: datetime) -> Seen:
    """Everything now, ``letters`` as they were counted; its lines in the order in which something may be lost."""
    found = tuple(ends(house, now))
    lines = (
        _letters(house, letters.states),
        _anchors(site, now),
        _ends(found),
        _provider(house, site),
        _worker(house, site, now),
    )
    return Seen(letters, found, lines)


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
    first = sorted(open_, key=lambda each: (each[0] not in ALARMS, each[1].ends, each[1].letter))
    return Overview(dict(states), tuple(sorted(months.items())), tuple(first[:MOST]))


def keeping(site: Site) -> Check:
    """Whether anybody is told when something of it may be lost; asked by the command line only, as it is slow."""
    number = len(keepers.positions(site))
    if number:
        return Check("keepers", "Pengelola bukti", "good", f"{number} jabatan diberi tahu.", {"positions": str(number)})
    says = "Tidak ada jabatan dengan peran pengelola bukti."
    return Check("keepers", "Pengelola bukti", "warn", says, {"positions": "0"}, "Admin memberi jabatan peran itu.")


def flows(house: House, site: Site) -> Check:
    """Whether flow files that are in force hold rules that would be refused today; asked by the command line only."""
    places = (None, *(each.code for each in site.offices()))
    newest = {flow.hash for place in places for flow in house.flows.at(site, place)}
    found = slips([each for each in house.flows.all() if each.hash in newest], house.world)
    if not found:
        return Check("flows", "Alur", "good", "Tidak ada yang akan ditolak dalam versi baru.", {"refused": "0"})
    mark = found[0].mark
    figures = {"refused": str(len(found)), "first": f"{mark.file}:{mark.line}:{mark.column}"}
    todo = "Perancang alur memperbaikinya dalam versi baru."
    return Check("flows", "Alur", "warn", found[0].message, figures, todo, "surat flow check")


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
    figures = {name: str(states[name]) for name in ("kept", "due", "missing", "late", "broken", "lost", "revoked")}

    def line(light: Light, says: str, todo: str = "", command: str = "") -> Check:
        return Check("evidence", "Bukti jangka panjang", light, says, figures, todo, command)

    alarms = [f"{states[each]} surat {says}" for each, (says, _) in ALARMS.items() if states[each]]
    if alarms:
        todo = " ".join(do for each, (_, do) in ALARMS.items() if states[each])
        return line("bad", f"{', '.join(alarms)}.", todo, "surat evidence")
    if not house.settings.timestamps:
        says = "Otoritas stempel waktu belum ditulis di setelan, jadi bukti tidak dapat dibuat."
        return line("warn" if states else "good", says, "DKISP mengisi setelan timestamp_urls." if states else "")
    waits = states["missing"] + states["due"]
    return line("good", f"{states['kept']} surat lengkap" + (f", {waits} sedang dikerjakan." if waits else "."))


def _anchors(site: Site, now: datetime) -> Check:
    last, open_ = site.anchors.last(), site.anchors.unstamped()
    figures = {"last": str(last.number) if last is not None else "0", "unstamped": str(len(open_))}

    def line(light: Light, says: str, todo: str = "", command: str = "") -> Check:
        return Check("anchors", "Jangkar riwayat", light, says, figures, todo, command)

    if last is None:
        waits = any(True for _ in site.anchors.changed())
        return line("good", "Belum ada; dibuat pada malam pertama." if waits else "Belum ada riwayat.")
    figures["day"] = last.day
    says = f"Yang terakhir nomor {last.number}, untuk {long_date(date.fromisoformat(last.day))}"
    if last.made_at is not None and now - last.made_at > NIGHT:
        todo = "DKISP memeriksa mengapa pekerjanya berhenti."
        return line("bad", f"{says}; sesudah itu tidak dibuat lagi.", todo, "surat jobs")
    if open_ and open_[0].made_at is not None and now - open_[0].made_at > NIGHT / 2:
        todo = "DKISP memeriksa otoritas stempel waktu; sesudah menjawab, jangkar distempel sendiri."
        return line("bad", f"{says}; {len(open_)} belum berstempel waktu.", todo, "surat evidence anchors")
    return line("good", says + ("; stempel waktunya ditunggu." if open_ else "."))


def _ends(found: Iterable[End]) -> Check:
    following = [each for each in found if not each.over]
    soon = sum(each.soon for each in following)
    figures = {"soon": str(soon), "next": f"{following[0].until:%Y-%m-%d}" if following else "none"}

    def line(light: Light, says: str, todo: str = "") -> Check:
        return Check("authorities", "Otoritas dan algoritma", light, says, figures, todo)

    if not following:
        return line("warn", "Tidak ada otoritas yang berlaku.", "DKISP menambahkan sertifikatnya ke setelan roots.")
    says = f"{following[0].what} berakhir {long_date(following[0].day)}."
    return line("warn", says, "DKISP menyiapkan penggantinya sebelum hari itu.") if soon else line("good", says)


def _provider(house: House, site: Site) -> Check:
    since = breaker.away_since(house, site)
    if since is None:
        return Check("provider", "Penyedia tanda tangan", "good", "Menjawab, sejauh yang diketahui.", {"away": "no"})
    says = f"Tidak menjawab sejak {_moment(house, since)}. Surat menunggu dengan nomornya."
    todo = "DKISP menghubungi penyedianya; sesudah menjawab, yang menunggu diberi tahu sendiri."
    return Check("provider", "Penyedia tanda tangan", "warn", says, {"away": f"{since:%Y-%m-%dT%H:%MZ}"}, todo)


def _worker(house: House, site: Site, now: datetime) -> Check:
    seen, parked = site.jobs.seen, sum(1 for _ in site.jobs.parked())
    figures = {"seen": f"{seen:%Y-%m-%dT%H:%MZ}" if seen is not None else "never", "given_up": str(parked)}

    def line(light: Light, says: str, todo: str = "", command: str = "") -> Check:
        return Check("worker", "Pekerja", light, says, figures, todo, command)

    if seen is None or now - seen > WORKER:
        when = f"sejak {_moment(house, seen)}" if seen is not None else "sampai sekarang"
        says = f"Tidak terlihat {when}: tidak ada bukti yang dibuat."
        return line("bad", says, "DKISP menjalankannya.", "surat jobs")
    if parked:
        todo = "DKISP melihat sebabnya, lalu mencobanya lagi."
        return line("warn", f"{parked} pekerjaan gagal berulang kali dan menunggu orang.", todo, "surat jobs")
    return line("good", f"Terakhir terlihat {_moment(house, seen)}.")


def told(found: Iterable[Check]) -> Iterator[str]:
    """One line for each, for programs: its light, its name, its figures."""
    for each in found:
        yield " ".join((f"{each.light:4}", each.name, *(f"{name}={value}" for name, value in each.figures.items())))


def _moment(house: House, at: datetime) -> str:
    return f"{long_date(house.local(at).date())}, {house.local(at):%H.%M}"
