"""Demo signing keys for everybody who signs letters, and for the seal; marked UJI COBA, refused in production."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from intranet_surat.demo import regency
from intranet_surat.demo.authority import issuing
from intranet_surat.services.providers.base import Signer
from intranet_surat.services.providers.pkcs12 import DEMO_PHRASE, SEAL
from intranet_surat.services.secret import Secret

SEALER = Signer(SEAL, "Pemerintah Kabupaten Serang")
PASSPHRASE = "frasa uji coba"  # noqa: S105  known to everybody on purpose, as the mark in each key says


def make(folder: Path, now: datetime, *, small: bool = False) -> Path:
    """Write an authority, a ``.p12`` for each signatory and one for the seal into ``folder``; answers it.

    The seal's passphrase lies beside it. Raises OSError.
    """
    signers = [Signer(each.id, each.name, each.nip) for each in regency.signatories(small=small)]
    issuing.equip(folder, [*signers, SEALER], Secret(PASSPHRASE.encode()), now)
    issuing.write(folder / DEMO_PHRASE, PASSPHRASE.encode())
    return folder
