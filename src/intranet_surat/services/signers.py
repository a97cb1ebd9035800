"""A person as the signing provider in use may know him."""

from __future__ import annotations

from typing import Any

from intranet_surat.services import private
from intranet_surat.services.house import House
from intranet_surat.services.providers.base import Signer


def signer(house: House, person: Any) -> Signer:
    """What the provider is told of a person: the NIK is opened only for one that asks for it. Raises Unavailable."""
    nik = ""
    if person.nik and "nik" in house.provider().capabilities.identity:
        nik = private.open_one(house.settings.private_key, person.id, "nik", person.nik)
    return Signer(person.id, person.name, person.nip, person.email, nik)
