"""A one-time code for some letters: the signatory has his provider send it; nothing is kept of it here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.resources.site import Site
from intranet_surat.services import breaker
from intranet_surat.services.house import House
from intranet_surat.services.providers.base import CodeProvider
from intranet_surat.services.reader import Reader
from intranet_surat.services.signers import signer
from intranet_surat.services.signing_orders import letter_at, signatory
from intranet_surat.services.signing_transactions import commit

CHOOSE = "Centang paling sedikit satu surat, lalu minta kodenya."
NO_CODES = "Penyedia tanda tangan ini tidak mengirim kode."


def asked(house: House, tm: Any, site: Site, paths: Sequence[str], reader: Reader, now: datetime) -> str:
    """Have a code sent for these letters; answers what the signatory is told.

    The provider is called outside any transaction; a new one is open at the end. Raises Invalid, Unknown, NotAllowed,
    or a `SigningError`.
    """
    provider = house.provider()
    if "totp" not in provider.capabilities.secrets or not isinstance(provider, CodeProvider):
        raise NotAllowed(NO_CODES, action="sign")
    if not paths:
        raise Invalid({"surat": CHOOSE})
    breaker.demand(house, site, now)
    for path in paths:
        signatory(house, site, letter_at(house, site, path, reader, now), reader, now)
    who = signer(house, site.people[reader.person])
    commit(tm)
    provider.request_code(who, len(paths), now)
    return f"Kode untuk {len(paths)} surat sudah dikirim kepada Anda. Masukkan kodenya; kode hanya berlaku sekali."
