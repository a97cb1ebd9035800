"""Signs with a PKCS#12 file per person in one folder, seals with the agency's; the local provider and the demo's."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pyhanko.sign.timestamps import TimeStamper

from intranet_surat.services import signing_pades
from intranet_surat.services.providers import pkcs12_file
from intranet_surat.services.providers.base import (
    BadInput,
    Capabilities,
    Misconfigured,
    Refused,
    Signer,
    SignerNotReady,
    SignerState,
    SignerStatus,
    SignResult,
    WrongSecret,
)
from intranet_surat.services.providers.pkcs12_file import Opened
from intranet_surat.services.secret import Secret, secret_of

FILE = Capabilities(identity=frozenset({"person", "nip", "email"}), calls=2)
DEMO = replace(FILE, demo=True)
"""For keys of the demo authority: production refuses to start with them."""

SEAL = "segel"
"""Name of the agency's file in the folder; no person's id is like it."""
AGENCY = Signer(SEAL, "")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Pkcs12Provider:
    """Keys as ``<folder>/<person id>.p12``. A key lives for one call: nothing unlocked is kept.

    The agency's seal is ``<folder>/segel.p12``; its passphrase stands in ``seal_passphrase_file``. Who names that file
    says so in ``capabilities``.
    """

    folder: Path
    id: str = "pkcs12"
    title: str = "Layanan tanda tangan kantor"
    capabilities: Capabilities = FILE
    timestamper: TimeStamper | None = None
    sealer: Signer = AGENCY
    seal_passphrase_file: Path | None = None

    def status(self, signer: Signer, now: datetime) -> SignerStatus:  # noqa: ARG002 - dates are known only once unlocked
        """Whether a file exists for this person; its certificate is read with the passphrase only."""
        if self._path(signer).is_file():
            return SignerStatus()
        return SignerStatus(SignerState.NO_CERTIFICATE)

    def sign(
        self, pdf: bytes, signer: Signer, secret: Secret, *, reason: str, location: str, now: datetime, field: str = ""
    ) -> SignResult:
        """Unlock, sign, forget; raises SignerNotReady, WrongSecret, Refused or BadInput."""
        opened = self._unlock(self._path(signer), secret)
        if not opened.certificate.not_valid_before_utc <= now <= opened.certificate.not_valid_after_utc:
            raise SignerNotReady(status=SignerStatus(SignerState.EXPIRED))
        return self._signed(pdf, opened, reason, location, now, field)

    def seal(self, pdf: bytes, *, reason: str, location: str, now: datetime, field: str = "") -> SignResult:
        """Seal with the agency's key; raises Misconfigured or BadInput."""
        if self.seal_passphrase_file is None:
            raise Misconfigured(detail="no seal: seal_passphrase_file is not set")
        try:
            with secret_of(self.seal_passphrase_file) as secret:
                opened = self._unlock(self.folder / f"{SEAL}.p12", secret)
        except (OSError, ValueError, WrongSecret, SignerNotReady) as error:
            raise Misconfigured(detail=f"the seal cannot be opened: {type(error).__name__}") from None
        return self._signed(pdf, opened, reason, location, now, field)

    def _signed(self, pdf: bytes, opened: Opened, reason: str, location: str, now: datetime, field: str) -> SignResult:
        try:
            key = signing_pades.LoadedKey(opened.key, opened.certificate, opened.chain)
            signed = signing_pades.sign(
                pdf, key, reason=reason, location=location, now=now, field=field, timestamper=self.timestamper
            )
        except Exception as error:  # noqa: BLE001 - of the PDF library
            # Whatever the PDF library stumbles over, the signatory gets a sentence; nothing was sent anywhere.
            raise BadInput(detail=f"{type(error).__name__}: {error}") from None
        return SignResult(signed, f"{opened.certificate.serial_number:x}")

    def _path(self, signer: Signer) -> Path:
        if not _NAME.fullmatch(signer.person) or signer.person == SEAL:
            raise SignerNotReady(detail="the person's id is not a file name")
        return self.folder / f"{signer.person}.p12"

    def _unlock(self, path: Path, secret: Secret) -> Opened:
        try:
            with path.open("rb") as stream:
                data = stream.read(_LARGEST + 1)
        except OSError as error:
            raise SignerNotReady(detail=f"{path.name}: {error.strerror}") from None
        if len(data) > _LARGEST:
            raise SignerNotReady(detail=f"{path.name} is larger than a key file can be")
        try:
            return pkcs12_file.unlock(data, secret)
        except pkcs12_file.NoKeyError:
            raise Refused(detail=f"{path.name} holds no RSA or EC key with a certificate") from None
        except ValueError:
            # "from None": the frames below have held the passphrase.
            raise WrongSecret from None
