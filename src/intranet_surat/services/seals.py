"""When the agency's seal (segel elektronik) stands in place of an official's signature, and who puts it on.

A flow says so (``sign.with.method: seal``), and the regency's own rule must let it (setting ``sealed_kinds``).
Sealing a file that is signed besides is `sealing`; nothing here calls a provider.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.resources.site import Site
from intranet_surat.services.house import House
from intranet_surat.services.itemview import state_of
from intranet_surat.services.providers.base import Capabilities, SealingProvider
from intranet_surat.services.verifying import is_by
from intranet_surat.services.verifying_facts import SignatureFacts
from intranet_surat.workflow.model_words import SEAL

NO_SEAL = "Penyedia tanda tangan di pemasangan ini tidak mempunyai segel elektronik. Hubungi DKISP."
NO_RULE = (
    "{kind} belum boleh disegel sebagai pengganti tanda tangan pejabat: pengaturan pemasangan ini belum memuatnya. "
    "Hubungi DKISP dan Bagian Hukum."
)


def instead(house: House, site: Site, item: Item) -> bool:
    """Whether the agency's seal is what the item's state waits for, and no official's signature."""
    sign = state_of(house, site, item).sign if item.state else None
    return sign is not None and sign.method == SEAL


def demand(house: House, letter: Letter) -> SealingProvider:
    """The provider that seals a letter in place of a signature. Raises NotAllowed where none does, or may."""
    if letter.kind not in house.settings.sealed_kinds:
        raise NotAllowed(NO_RULE.format(kind=house.kinds[letter.kind].title), action="sign")
    found = provider(house)
    if found is None:
        raise NotAllowed(NO_SEAL, action="sign")
    return found


def provider(house: House) -> SealingProvider | None:
    """The provider in use, when the agency has a seal there."""
    found = house.provider()
    return found if found.capabilities.seal and isinstance(found, SealingProvider) else None


def asked(house: House, *, sealed: bool) -> Capabilities:
    """What the provider in use can do and asks for; a seal needs no person's secret."""
    able = house.provider().capabilities
    return replace(able, secrets=frozenset()) if sealed else able


def fields(house: House, kept: Iterable[Any], signatures: Iterable[SignatureFacts]) -> frozenset[str]:
    """Which signatures of a letter's file are seals: those that were kept as such, and those of the agency of today."""
    noted = {name for each in kept for name in (each.verdict or {}).get("seals", ())}
    sealer = found.sealer if (found := provider(house)) is not None else None
    ours = {each.field for each in signatures if sealer and each.overall == "sah" and is_by(each, sealer)}
    return frozenset(noted | ours)
