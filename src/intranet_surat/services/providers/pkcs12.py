"""Signs with a PKCS#12 file per person in one folder: the local provider, and the demo's."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from intranet_surat.services import signing_pades
from intranet_surat.services.providers.base import (
    BadInput,
    Capabilities,
    Refused,
    Signer,
    SignerNotReady,
    SignerStatus,
    SignResult,
    WrongSecret,
)
from intranet_surat.services.secret import Secret

FILE = Capabilities(identity=frozenset({"person", "nip", "email"}))
DEMO = replace(FILE, demo=True)
"""For keys of the demo authority: production refuses to start with them."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Pkcs12Provider:
    """Keys as ``<folder>/<person id>.p12``. A key lives for one call: nothing unlocked is kept."""

    folder: Path
    id: str = "pkcs12"
    title: str = "Sertifikat berkas (PKCS#12)"
    capabilities: Capabilities = FILE

    def status(self, signer: Signer, now: datetime) -> SignerStatus:  # noqa: ARG002 - dates are known only once unlocked
        """Whether a file exists for this person; its certificate is read with the passphrase only."""
        if self._path(signer).is_file():
            return SignerStatus(ready=True)
        return SignerStatus(ready=False, code="NO_CERTIFICATE", says=SignerNotReady.sentence)

    def sign(
        self, pdf: bytes, signer: Signer, secret: Secret, *, reason: str, location: str, now: datetime
    ) -> SignResult:
        """Unlock, sign, forget; raises SignerNotReady, WrongSecret, Refused or BadInput."""
        key, certificate, chain = self._unlock(self._path(signer), secret)
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise SignerNotReady("Sertifikat tanda tangan Anda sudah tidak berlaku. Hubungi DKISP untuk pembaruan.")
        try:
            loaded = signing_pades.LoadedKey(key, certificate, chain)
            signed = signing_pades.sign(pdf, loaded, reason=reason, location=location, now=now)
        except Exception as error:  # noqa: BLE001 - of the PDF library
            # Whatever the PDF library stumbles over, the signatory gets a sentence; nothing was sent anywhere.
            raise BadInput(detail=f"{type(error).__name__}: {error}") from None
        return SignResult(signed, f"{certificate.serial_number:x}")

    def _path(self, signer: Signer) -> Path:
        if not _NAME.fullmatch(signer.person):
            raise SignerNotReady(detail="the person's id is not a file name")
        return self.folder / f"{signer.person}.p12"

    def _unlock(self, path: Path, secret: Secret) -> tuple[rsa.RSAPrivateKey, x509.Certificate, list[x509.Certificate]]:
        try:
            with path.open("rb") as stream:
                data = stream.read(_LARGEST + 1)
        except OSError as error:
            raise SignerNotReady(detail=f"{path.name}: {error.strerror}") from None
        if len(data) > _LARGEST:
            raise SignerNotReady(detail=f"{path.name} is larger than a key file can be")
        try:
            key, certificate, chain = pkcs12.load_key_and_certificates(data, secret.reveal())
        except ValueError:
            # "from None": the frames below have held the passphrase.
            raise WrongSecret from None
        if not isinstance(key, rsa.RSAPrivateKey) or certificate is None:
            raise Refused(detail=f"{path.name} holds no RSA key with a certificate")
        return key, certificate, list(chain)
