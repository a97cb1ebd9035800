"""What would make a refused action possible, in words for the page of a letter."""

from __future__ import annotations

from typing import Any

from intranet_surat.services.org import SiteOrg
from intranet_surat.workflow.view import Make, Remedy

NO_WAY = "Tidak ada jalan lagi pada surat ini."
_ENDS = {"done": "selesai", "returned": "dikembalikan"}


def words(remedy: Remedy | None, org: SiteOrg, says: str) -> tuple[str, ...]:
    """What has to happen, a sentence each; nothing that ``says``, the reason, has told already."""
    if remedy is None:
        return ()
    if remedy.never:
        return (NO_WAY if remedy.never == says else f"{NO_WAY} {remedy.never}",)
    found: dict[str, None] = {}
    for make in remedy.make:
        told = _road(make.value, org) if make.what == "state" else make.says
        if told and told != says:
            found[told] = None
        places = _edited(make)
        if places:
            found[places] = None
    if remedy.then:
        found[remedy.then] = None
    return tuple(found)


def acts(remedy: Remedy | None) -> int:
    """How many acts of others come before it."""
    return sum(len(make.value) for make in remedy.make if make.what == "state") if remedy is not None else 0


def _road(legs: list[dict[str, Any]], org: SiteOrg) -> str:
    """The acts on the way, each with who does it."""
    return f"Langkah sebelumnya: {'; lalu '.join(_leg(each, org) for each in legs)}."


def _leg(leg: dict[str, Any], org: SiteOrg) -> str:
    if "track" in leg:
        return f"semua disposisi {_ENDS.get(leg['outcome'], 'berakhir')}"
    who = [org.title(each) for each in leg["as"]]
    more = f" atau {len(who) - 1} jabatan lain" if len(who) > 1 else ""
    return f"{leg['title']} ({who[0]}{more})" if who else str(leg["title"])


def _edited(make: Make) -> str:
    if make.what != "field" or not make.value.get("in"):
        return ""
    return "Isian itu dapat diubah setelah surat kembali ke tahap yang boleh mengubah naskah."
