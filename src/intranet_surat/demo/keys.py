"""Demo signing keys for everybody who signs letters, and for the seal; marked UJI COBA, refused in production."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from intranet_surat.demo import regency
from intranet_surat.demo.authority import issuing
from intranet_surat.services.providers.base import Signer
from intranet_surat.services.providers.pkcs12 import SEAL
from intranet_surat.services.secret import Secret

SEALER = Signer(SEAL, "Pemerintah Kabupaten Serang")
SEAL_PASSPHRASE = f"{SEAL}.frasa"
"""Name of the file beside the keys that holds the passphrase of the seal, which needs no setting."""
PASSPHRASE = "frasa uji coba"  # noqa: S105  known to everybody on purpose, as the mark in each key says


def make(folder: Path, now: datetime, *, small: bool = False) -> Path:
    """Write an authority, a ``.p12`` for each signatory and one for the seal into ``folder``; answers it.

    The seal's passphrase lies beside it. Raises OSError.
    """
    signers = [Signer(each.id, each.name, each.nip) for each in regency.signatories(small=small)]
    issuing.equip(folder, [*signers, SEALER], Secret(PASSPHRASE.encode()), now)
    issuing.write(folder / SEAL_PASSPHRASE, PASSPHRASE.encode())
    return folder


def seal_passphrase(folder: Path) -> Path | None:
    """The file with the passphrase of the seal among these keys; None when they are not the demo's."""
    found = folder / SEAL_PASSPHRASE
    return found if found.is_file() else None
