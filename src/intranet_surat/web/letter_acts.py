"""What a reader may do with an item and what not yet, as plain data made from the engine's offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from intranet_surat.services.org import SiteOrg
from intranet_surat.web import remedy_words
from intranet_surat.web.letter_path import names
from intranet_surat.workflow.model import Form
from intranet_surat.workflow.view import Offer, Remedy

AGAIN = "Buat ulang berkas (nomor tetap)"
"""What the preparation is called once a file is ready: the number that was reserved stays."""


@dataclass(frozen=True, slots=True)
class Act:
    """One button. ``direct`` acts are posted at once, the others open the page that asks for more."""

    id: str
    title: str
    kind: str
    direct: bool
    main: bool
    fan_out: bool
    form: Form | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that cannot be done now: the flow's sentence, in words who can and what must happen first.

    ``named`` tells that the sentence says already who can.
    """

    id: str
    title: str
    says: str
    who: str
    positions: tuple[str, ...]
    first: tuple[str, ...] = ()
    remedy: Remedy | None = None
    far: bool = False  # several acts come before it
    named: bool = False


def acts(
    offers: Iterable[Offer], *, scan: bool = False, expected: str = "", mine: Iterable[str] = ()
) -> tuple[Act, ...]:
    """Return the allowed offers as buttons, the usual next one first and main.

    The flow lists its actions in their usual order; what sends a letter back never stands first. With a
    ``scan`` that waits to be compared with its print, no act is done without looking at both. When what is
    ``expected`` of one of the positions ``mine`` cannot be done yet, no other act takes its place as the main one.
    """
    offers, own = tuple(offers), set(mine)
    awaited = [each for each in offers if each.action == expected and each.kind == "action" and own & {*each.who}]
    blocked = any(not each.allowed for each in awaited)
    allowed = [offer for offer in offers if offer.allowed]
    prepared = any(offer.kind == "sign" for offer in allowed)
    # Once a file is ready to be signed, making it again is not the usual next act.
    allowed.sort(key=lambda offer: (offer.kind == "reject", prepared and offer.kind == "prepare"))
    found: list[Act] = []
    for offer in allowed:
        first = not found and offer.kind != "reject" and not blocked
        found.append(
            Act(
                id=offer.action,
                title=AGAIN if prepared and offer.kind == "prepare" else offer.title,
                kind=offer.kind,
                direct=offer.form is None and offer.kind != "sign" and not scan,
                main=first,
                fan_out=offer.fan_out,
                form=offer.form,
            )
        )
    return tuple(found)


def refusals(offers: Iterable[Offer], later: Iterable[Offer], org: SiteOrg, mine: Iterable[str]) -> tuple[Refusal, ...]:
    """Return what is refused and what a reader with the positions ``mine`` could expect to do, each action once.

    These are the actions that name one of his positions, and the one that the item waits for now.
    """
    found: dict[str, Refusal] = {}
    own = set(mine)
    for place, offer in enumerate((*offers, *later)):
        expected = place == 0 or bool(own & set(offer.who))
        if offer.allowed or offer.action in found or not expected:
            continue
        titles = [org.title(each) for each in offer.who]
        found[offer.action] = Refusal(
            id=offer.action,
            title=offer.title,
            says=offer.says,
            who=names(titles),
            positions=offer.who,
            first=remedy_words.words(offer.remedy, org, offer.says),
            remedy=offer.remedy,
            far=remedy_words.acts(offer.remedy) > 1,
            named=all(each in offer.says for each in titles),
        )
    return tuple(found.values())
