"""What an order to act for a position must fulfil, each rule with its sentence; nothing is stored here."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from intranet_surat.errors import Invalid
from intranet_surat.kinds.dates import long_date
from intranet_surat.resources.mandates import ACTING, ON_BEHALF, SUBSTITUTE, Mandate
from intranet_surat.resources.site import Site
from intranet_surat.services.house import House
from intranet_surat.services.itemview import strategic
from intranet_surat.services.org import SiteOrg
from intranet_surat.workflow.standing import LEVELS

LONGEST = 200
"""Characters of the number of an order, and of a reason: they are kept with the post and read with it."""
PLT_MONTHS = 3
"""How long a Plt. may last, and once more as an extension: circular of the head of BKN on Plh. and Plt. (2019)."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it is entered; the fields as in `resources.mandates.Mandate`."""

    form: str
    position: str
    deputy: str
    person: str
    number: str
    dated: date | None
    since: date
    until: date | None
    kinds: frozenset[str] | None = None
    ceiling: str = "T"
    signs: bool = True
    letter: str = ""


def against(
    house: House, site: Site, order: Order, today: date, *, has_file: bool, known: Mandate | None = None
) -> dict[str, str]:
    """What is wrong with an order, a sentence for each field. ``known`` is the proposal when it is confirmed."""
    if order.position not in site.positions or site.positions[order.position].closed is not None:
        return {"position": "Jabatan ini tidak ada atau sudah dihapus."}
    org = SiteOrg(site, max(order.since, today))
    wrong: dict[str, str] = {}
    before = extended(site, order, known)
    for field, sentence in (
        *_form(order, org),
        *_deputy(order, org),
        *_paper(order, today, has_file=has_file),
        *_period(order, before, today, fresh=known is None),
        *_scope(house, order),
        *_doubled(site, order, org, known),
    ):
        wrong.setdefault(field, sentence)
    return wrong


def read(site: Site, order: Order) -> Iterator[object]:
    """The stored objects on which the answer of `against` rests: both posts, those above, the orders for the post."""
    named = {order.position, order.deputy}
    above = {tie.position for each in named for tie in site.positions[each].superiors}
    yield from (site.positions[each] for each in sorted(named | above))
    yield from site.mandates.of_position(order.position)
    if order.person:
        yield site.people[order.person]


def short(field: str, text: str) -> str:
    """The text without space around it. Raises Invalid when it is too long to be kept."""
    if len(text) > LONGEST:
        raise Invalid({field: f"Paling panjang {LONGEST} huruf."})
    return text.strip()


def on_behalf(org: SiteOrg, fields: Mapping[str, Any]) -> None:
    """Raise Invalid when a letter is to be signed a.n. or u.b. by a position without an order to do so."""
    form, signatory = str(fields.get("signing_form") or ""), str(fields.get("signatory") or "")
    if form in ON_BEHALF and org.authority(signatory, form) is None:
        says = f"{org.title(signatory)} belum mempunyai surat perintah untuk menandatangani {ON_BEHALF[form]}"
        raise Invalid({"signing_form": says})


def after(day: date) -> date:
    """The day after."""
    return day + timedelta(days=1)


def latest(since: date) -> date:
    """The last day of a Plt. that begins on a day."""
    months = since.month - 1 + PLT_MONTHS
    year, month = since.year + months // 12, months % 12 + 1
    return date(year, month, min(since.day, calendar.monthrange(year, month)[1])) - timedelta(days=1)


def _form(order: Order, org: SiteOrg) -> Iterator[tuple[str, str]]:
    """Plh. only where there is a holder, Plt. only where there is none; a.n. one level below, u.b. two."""
    title = org.title(order.position)
    owned = bool(org.owners(order.position))
    if order.form not in (*ACTING, SUBSTITUTE, *ON_BEHALF):
        yield "form", "Pilih salah satu bentuk."
    elif order.form == "Plh." and not owned:
        yield "form", f"Jabatan {title} kosong: tetapkan Plt., bukan Plh."
    elif order.form == "Plt." and owned:
        yield "form", f"Jabatan {title} masih ada pemegangnya: tetapkan Plh., bukan Plt."
    below = org.superior(order.deputy)
    if order.form == "an" and below != order.position:
        yield "deputy", f"a.n. hanya untuk jabatan tepat satu tingkat di bawah {title}."
    if order.form == "ub" and (below is None or org.superior(below) != order.position):
        yield "deputy", f"u.b. hanya untuk jabatan tepat dua tingkat di bawah {title}."


def _deputy(order: Order, org: SiteOrg) -> Iterator[tuple[str, str]]:
    """Only who holds a position of his own may act for another: no chain."""
    title = org.title(order.deputy)
    owners = org.owners(order.deputy)
    if order.deputy == order.position or not title:
        yield "deputy", "Pilih jabatan lain yang menjadi wakil."
    elif order.form in ACTING and order.person not in owners:
        acting = next((org.capacity(each, order.deputy) for each in org.persons(order.deputy)), None)
        if acting is not None:
            yield "deputy", f"{title} sendiri sedang dijabat {acting.title}; wakil tidak diteruskan kepada wakil lagi."
        else:
            yield "deputy", f"Jabatan {title} kosong pada tanggal itu."
    elif order.person and order.person in org.owners(order.position):
        yield "deputy", f"Orang yang sama sudah memegang jabatan {org.title(order.position)}."


def _paper(order: Order, today: date, *, has_file: bool) -> Iterator[tuple[str, str]]:
    if order.form == SUBSTITUTE:
        return
    if not 0 < len(order.number.strip()) <= LONGEST:
        yield "number", "Isi nomor surat perintah."
    if order.dated is None:
        yield "dated", "Isi tanggal surat perintah."
    elif order.dated > today:
        yield "dated", "Tanggal surat perintah tidak boleh sesudah hari ini."
    if not has_file:
        yield "scan", "Unggah surat perintah, atau pilih surat keluarnya."


def _period(order: Order, before: Mandate | None, today: date, *, fresh: bool) -> Iterator[tuple[str, str]]:
    if fresh and order.since < today:
        yield "since", "Mulai paling awal hari ini."
    if order.form in ACTING and order.until is None:
        yield "until", "Isi hari terakhirnya."
    if order.until is None:
        return
    if order.until < order.since:
        yield "until", "Hari terakhir tidak boleh sebelum hari mulai."
    if order.until < today:
        yield "until", "Hari terakhirnya sudah lewat."
    if order.form != "Plt.":
        return
    if order.until > latest(order.since):
        limit = long_date(latest(order.since))
        yield "until", f"Plt. paling lama {PLT_MONTHS} bulan; paling akhir {limit}."
    if before is not None and before.extends:
        yield "since", "Plt. ini sudah diperpanjang satu kali; tetapkan pejabat definitif atau Plt. yang lain."


def _scope(house: House, order: Order) -> Iterator[tuple[str, str]]:
    if order.form == SUBSTITUTE and order.signs:
        yield "signs", "Pengganti tetap tidak menandatangani; untuk itu perlu surat perintah Plh."
    if order.ceiling not in LEVELS:
        yield "ceiling", "Pilih salah satu sifat surat."
    for kind in sorted(order.kinds or ()):
        if kind not in house.kinds:
            yield "kinds", "Pilih jenis naskah dari daftar."
        elif kind in strategic(house):
            yield "kinds", f"{house.kinds[kind].title} tidak dapat diwakilkan (UU 30/2014 pasal 14)."


def _doubled(site: Site, order: Order, org: SiteOrg, known: Mandate | None) -> Iterator[tuple[str, str]]:
    """Two who act for one position at once would each believe to be the one."""
    if order.form not in ACTING:
        return
    for each in site.mandates.of_position(order.position):
        if each is not known and each.form in ACTING and each.overlaps(order.since, order.until):
            until = f" sampai {long_date(each.until)}" if each.until else ""
            yield "since", f"{org.title(order.position)} pada waktu itu sudah ada {each.form}{until}."


def extended(site: Site, order: Order, known: Mandate | None = None) -> Mandate | None:
    """The Plt. of the same person that ended on the day before, or later: this one extends it."""
    if order.form != "Plt.":
        return None
    earlier = (
        each
        for each in site.mandates.of_position(order.position)
        if each is not known
        and each.form == "Plt."
        and each.person == order.person
        and each.confirmed_at is not None
        and each.since < order.since
        and each.until is not None
        and after(each.until) >= order.since
    )
    return max(earlier, key=lambda each: each.since, default=None)
