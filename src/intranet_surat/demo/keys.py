"""Demo signing keys for everybody who signs letters; marked UJI COBA, refused in production."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from intranet_surat.demo import regency
from intranet_surat.services.providers import demo_authority
from intranet_surat.services.providers.base import Signer
from intranet_surat.services.secret import Secret

PASSPHRASE = "frasa uji coba"  # noqa: S105  known to everybody on purpose, as the mark in each key says


def make(folder: Path, now: datetime, *, small: bool = False) -> Path:
    """Write an authority and a ``.p12`` for each signatory into ``folder``; answers it. Raises OSError."""
    signers = [Signer(each.id, each.name, each.nip) for each in regency.signatories(small=small)]
    demo_authority.equip(folder, signers, Secret(PASSPHRASE.encode()), now)
    return folder
