"""What the form of a letter kind offers: the lists of `services.vocabularies`, narrowed to whom an office writes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from intranet_surat.kinds.vocabularies import SIGNING_FORMS
from intranet_surat.resources.mandates import ON_BEHALF
from intranet_surat.resources.site import Office
from intranet_surat.services import vocabularies
from intranet_surat.services.house import House
from intranet_surat.services.org import VILLAGE, SiteOrg

Lists = Mapping[str, Mapping[str, str]]


def of(house: House, site: Any, office: Office, today: date) -> Lists:
    """Return all lists for a letter of ``office``: those of the site, the positions as this office picks from them."""
    own = {"positions": positions(site, office, SiteOrg(site, today)), "villages": villages(site)}
    return {**vocabularies.of_site(house, site), **own}


def positions(site: Any, office: Office, org: SiteOrg) -> dict[str, str]:
    """Return the positions of the office, its head first, then those above it and the heads of other offices."""
    found = {each: org.title(each) for each in org.positions_of(office.code)}
    above = org.superior(office.head) if office.head else None
    while above is not None and above not in found:
        found[above] = org.title(above)
        above = org.superior(above)
    for other in site.offices():
        if other.head and other.kind != VILLAGE and other.head not in found:
            found[other.head] = org.title(other.head)
    return found


def villages(site: Any) -> dict[str, str]:
    """Return the villages by code; names that occur twice carry their sub-district."""
    found = [each for each in site.offices() if each.kind == VILLAGE]
    names = [each.name for each in found]
    labels: dict[str, str] = {}
    for each in found:
        parent = site.office(each.parent) if each.parent else None
        twice = names.count(each.name) > 1 and parent is not None
        labels[each.code] = f"{each.name}, {parent.name}" if twice and parent is not None else each.name
    return labels


def narrow(office: Office, author: str, org: SiteOrg) -> Lists:
    """Return by field the positions that may stand in it: those who can sign, and those of the office itself."""
    own = {each: org.title(each) for each in org.positions_of(office.code)}
    signers = signatories(office, author, org)
    return {"signatory": signers, "addressee": own, "signing_form": signing_forms(signers, org)}


def signing_forms(signers: Iterable[str], org: SiteOrg) -> dict[str, str]:
    """Return the forms in which one of these can sign: on behalf of another only by a standing order."""
    behalf = {form for form in ON_BEHALF for each in signers if org.authority(each, form) is not None}
    return {form: title for form, title in SIGNING_FORMS.items() if form not in ON_BEHALF or form in behalf}


def signatories(office: Office, author: str, org: SiteOrg) -> dict[str, str]:
    """Return who can sign what a position writes: those above it, and the position itself when it leads its office."""
    found: dict[str, str] = {}
    if office.head == author:
        found[author] = org.title(author)
    above = org.superior(author)
    while above is not None and above not in found:
        found[above] = org.title(above)
        above = org.superior(above)
    return found
