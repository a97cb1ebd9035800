"""What the pages of orders show: rows of the register, one order with its acts, and the lists of the form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pyramid.request import Request

from intranet_surat.kinds.vocabularies import SECURITY
from intranet_surat.resources.mandates import ACTING, Mandate
from intranet_surat.services import mandates
from intranet_surat.services.itemview import org_at, strategic
from intranet_surat.services.org import VILLAGE, SiteOrg
from intranet_surat.web.layout import site_url

FORMS = {
    "Plh.": ("Plh., pelaksana harian", "Pejabat berhalangan sementara."),
    "Plt.": ("Plt., pelaksana tugas", "Jabatan kosong. Paling lama 3 bulan, sekali diperpanjang."),
    "pengganti": ("Pengganti tetap", "Setiap kali pejabat berhalangan; tidak menandatangani."),
    "an": ("a.n., atas nama", "Menandatangani untuk jabatan tepat di atasnya."),
    "ub": ("u.b., untuk beliau", "Menandatangani untuk jabatan dua tingkat di atasnya."),
}
STATE_CSS = {"proposed": "wait", "accepted": "work", "active": "done", "ended": "", "revoked": "back"}


@dataclass(frozen=True, slots=True)
class MandateRow:
    """One order as the register shows it."""

    id: str
    url: str
    title: str
    deputy: str
    person: str
    order: str
    period: str
    scope: tuple[str, ...]
    state: str
    state_title: str
    state_css: str
    form: str
    reason: str
    may_confirm: bool
    may_revoke: bool
    has_file: bool
    letter_url: str
    dated: str = ""
    confirmers: tuple[str, ...] = ()


def row(request: Request, mandate: Mandate) -> MandateRow:
    """An order in the words of the page."""
    site, words = request.site, request.words
    org = org_at(request.house, site, request.now)
    person = site.people.get(mandate.person)
    owners = [site.people[each].name for each in org.owners(mandate.deputy) if each in site.people]
    state = mandate.state(words.today)
    until = f" sampai {words.date(mandate.until)}" if mandate.until else ""
    may = mandates.may_register(org, request.reader, mandate.position)
    return MandateRow(
        id=mandate.id,
        url=f"{site_url(request)}@@wakil?surat={mandate.id}",
        title=mandates.acted_as(mandate.form if mandate.form in ACTING else "", org.title(mandate.position)),
        deputy=org.title(mandate.deputy),
        person=person.name if person is not None else ", ".join(owners),
        order=mandate.order,
        period=f"{words.date(mandate.since)}{until}",
        scope=scope(request, mandate),
        state=state,
        state_title=mandates.STATES[state],
        state_css=STATE_CSS[state],
        form=mandates.NAMES[mandate.form],
        reason=mandate.reason,
        may_confirm=state == "proposed" and may and mandates.may_confirm(org, mandate, request.reader),
        may_revoke=state in ("proposed", "accepted", "active") and may,
        has_file=mandate.scan is not None,
        letter_url=site_url(request) + mandate.letter.strip("/") + "/" if mandate.letter else "",
        dated=words.date(mandate.order_date) if mandate.order_date is not None else "",
        confirmers=mandates.confirmers(org, mandate) if state == "proposed" else (),
    )


def scope(request: Request, mandate: Mandate) -> tuple[str, ...]:
    """What the order covers, in short sentences."""
    kinds = request.house.kinds
    if mandate.kinds is None:
        what = "Semua jenis naskah yang boleh diwakilkan"
    else:
        what = ", ".join(sorted(kinds[each].title for each in mandate.kinds if each in kinds))
    ceiling = f"Surat bersifat {SECURITY.get(mandate.ceiling, mandate.ceiling)} dan di bawahnya"
    signs = "Boleh menandatangani" if mandate.signs else "Tidak menandatangani"
    return (what, ceiling, signs)


def seen(request: Request) -> list[Mandate]:
    """The orders that the reader may know, the newest first."""
    org = org_at(request.house, request.site, request.now)
    found = [each for each in request.site.mandates.values() if mandates.may_see(org, each, request.reader)]
    return sorted(found, key=lambda each: (each.since, each.id), reverse=True)


def posts(request: Request) -> dict[str, str]:
    """The positions for which the reader may register an order, by id: his own first, then those of his office."""
    site, reader = request.site, request.reader
    org = org_at(request.house, site, request.now)
    near = [position for each in reader.positions for position in _near(org, site, each)]
    return {
        each: org.title(each)
        for each in dict.fromkeys((*reader.positions, *near))
        if mandates.may_register(org, reader, each)
    }


def _near(org: SiteOrg, site: Any, position: str) -> Iterable[str]:
    yield from org.positions_of(org.office_of(position) or "")
    for each in site.offices():
        if each.head and each.kind != VILLAGE and each.active:
            yield each.head


def deputies(request: Request, position: str) -> dict[str, str]:
    """Who may be named: the office's own positions and those that stand beside it, each with its holder."""
    site = request.site
    org = org_at(request.house, site, request.now)
    above = org.superior(position)
    beside = [each for each in org.staff(above) if org.superior(each) == above] if above is not None else []
    found = {}
    for each in dict.fromkeys((*org.positions_of(org.office_of(position) or ""), *beside)):
        owners = org.owners(each)
        if each != position and owners:
            found[each] = f"{org.title(each)}: {site.people[owners[0]].name}"
    return found


def kinds(request: Request) -> dict[str, str]:
    """The kinds of letters that may be acted on for another."""
    closed = strategic(request.house)
    return {each.id: each.title for each in request.house.kinds.values() if each.id not in closed}


def as_json(found: MandateRow) -> dict[str, Any]:
    """One order for programs."""
    return {
        "@id": found.url, "@type": "Mandate", "id": found.id, "form": found.form, "title": found.title,
        "deputy": found.deputy, "person": found.person, "order": found.order, "period": found.period,
        "scope": list(found.scope), "state": found.state, "reason": found.reason, "dated": found.dated,
        "confirmers": list(found.confirmers),
    }  # fmt: skip


def day(words: Any, value: date | None) -> str:
    """A day as the form writes it."""
    return value.strftime("%d/%m/%Y") if value is not None else words.date(None)
