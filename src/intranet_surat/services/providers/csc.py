"""Signs with a remote key through the Cloud Signature Consortium's API (v1): only a hash leaves this house.

The protocol is pyHanko's client; `csc_door` lets it call nothing but the one configured service.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.sign.general import SigningError as PdfSigningError
from pyhanko.sign.signers.csc_signer import (
    CSCAuthorizationInfo,
    CSCAuthorizationManager,
    CSCCredentialInfo,
    CSCServiceSessionInfo,
    CSCSigner,
    fetch_certs_in_csc_credential,
)
from pyhanko.sign.timestamps import TimeStamper

from intranet_surat.services import signing_loop, signing_pades
from intranet_surat.services.outbound import Outbound
from intranet_surat.services.providers.base import (
    BadInput,
    Capabilities,
    OutcomeUnknown,
    Refused,
    Signer,
    SignerNotReady,
    SignerState,
    SignerStatus,
    SigningError,
    SignResult,
)
from intranet_surat.services.providers.csc_door import Door
from intranet_surat.services.secret import Secret

REMOTE = Capabilities(
    identity=frozenset({"email", "nip"}),
    secrets=frozenset({"passphrase", "totp"}),
    certified=True,
    calls=4,
)
_KEY_STATES = {"disabled": SignerState.SUSPENDED}
_CERTIFICATE_STATES = {
    "expired": SignerState.EXPIRED,
    "revoked": SignerState.REVOKED,
    "suspended": SignerState.SUSPENDED,
}
_SECONDS = 120


@dataclass(frozen=True, slots=True)
class CscProvider:
    """A signing service that speaks CSC v1.0.4; people are known there by ``identity`` (``email`` or ``nip``).

    ``token`` reads the service's access token anew at each call; it is sent to ``destination`` only.
    """

    outbound: Outbound
    destination: str
    token: Callable[[], str]
    identity: str = "email"
    id: str = "csc"
    title: str = "Layanan tanda tangan jarak jauh"
    capabilities: Capabilities = REMOTE
    timestamper: TimeStamper | None = None

    def status(self, signer: Signer, now: datetime) -> SignerStatus:  # noqa: ARG002 - the service knows the dates
        """What the service says of the person's key. Raises ProviderUnavailable, RateLimited or Misconfigured."""
        return signing_loop.run(self._status(signer), _SECONDS)

    def request_code(self, signer: Signer, files: int, now: datetime) -> None:  # noqa: ARG002 - a code is for one call
        """Have a code sent to ``signer``; raises what `status` raises, and SignerNotReady."""
        signing_loop.run(self._send_code(signer), _SECONDS)

    def sign(
        self, pdf: bytes, signer: Signer, secret: Secret, *, reason: str, location: str, now: datetime, field: str = ""
    ) -> SignResult:
        """Have the hash of ``pdf`` signed and put the signature into it; raises any of the errors of a provider."""
        key, info = signing_loop.run(self._key(signer, secret), _SECONDS)
        try:
            signed = signing_pades.sign(
                pdf, key, reason=reason, location=location, now=now, field=field, timestamper=self.timestamper
            )
        except SigningError:
            raise
        except TimeoutError:
            raise OutcomeUnknown(detail="the service did not answer in time") from None
        except PdfSigningError as error:
            raise Refused(detail=f"{type(error).__name__}: {error}") from None
        except Exception as error:  # noqa: BLE001 - of the PDF library
            raise BadInput(detail=type(error).__name__) from None
        return SignResult(signed, f"{info.signing_cert.serial_number:x}")

    async def _status(self, signer: Signer) -> SignerStatus:
        door = self._door()
        credential = await self._credential(door, signer)
        if not credential:
            return SignerStatus(SignerState.NOT_REGISTERED)
        info = await self._info(door, credential)
        return SignerStatus(_state(info.response_data))

    async def _key(self, signer: Signer, secret: Secret) -> tuple[_RemoteKey, CSCCredentialInfo]:
        door = self._door()
        credential = await self._credential(door, signer)
        if not credential:
            raise SignerNotReady(status=SignerStatus(SignerState.NOT_REGISTERED))
        info = await self._info(door, credential)
        if (found := _state(info.response_data)) is not SignerState.ISSUE:
            raise SignerNotReady(status=SignerStatus(found))
        consent = _Consent(self._session(credential), info, door, secret)
        # A door is no aiohttp session; it has the one method that pyHanko calls.
        return _RemoteKey(door, consent, embed_roots=False), info  # type: ignore[arg-type]

    async def _send_code(self, signer: Signer) -> None:
        door = self._door()
        credential = await self._credential(door, signer)
        if not credential:
            raise SignerNotReady(status=SignerStatus(SignerState.NOT_REGISTERED))
        await door.ask("credentials/sendOTP", {"credentialID": credential})

    async def _credential(self, door: Door, signer: Signer) -> str:
        name = signer.email if self.identity == "email" else signer.nip
        if not name:
            return ""
        found = (await door.ask("credentials/list", {"userID": name})).get("credentialIDs")
        return str(found[0]) if isinstance(found, list) and found else ""

    async def _info(self, door: Door, credential: str) -> CSCCredentialInfo:
        try:
            info = await fetch_certs_in_csc_credential(door, self._session(credential))  # type: ignore[arg-type]
        except (PdfSigningError, KeyError, TypeError, ValueError) as error:
            raise Refused(detail=f"credentials/info: {type(error).__name__}") from None
        # The root is the verifier's own: what escapes the signature has no place in its file.
        return replace(info, chain=[each for each in info.chain if not _is_root(each)])

    def _session(self, credential: str) -> CSCServiceSessionInfo:
        return CSCServiceSessionInfo("", credential)

    def _door(self) -> Door:
        return Door(self.outbound, self.destination, self.token())


class _RemoteKey(signing_pades.StampedIfPossible, CSCSigner):
    """pyHanko's remote signer, whose signature stands without a timestamp when no authority answers."""


class _Consent(CSCAuthorizationManager):
    """Turns the signatory's secret into the right to sign exactly one hash."""

    def __init__(self, session: CSCServiceSessionInfo, info: CSCCredentialInfo, door: Door, secret: Secret) -> None:
        super().__init__(session, info)
        self._door = door
        self._secret = secret

    async def authorize_signature(self, hash_b64s: list[str]) -> CSCAuthorizationInfo:
        """Ask for the right to sign these hashes. Raises WrongSecret and the other errors of a provider."""
        given = self._secret.reveal().decode("utf-8", "replace")
        words: dict[str, str] = {"otp" if self._secret.kind == "totp" else "pin": given}
        asked = self.format_csc_auth_request(hash_b64s=hash_b64s, **words)  # type: ignore[arg-type]
        try:
            return self.parse_csc_auth_response(await self._door.ask("credentials/authorize", asked))
        except PdfSigningError:
            raise Refused(detail="credentials/authorize: no SAD") from None


def _state(answer: dict[str, Any]) -> SignerState:
    key, certificate = answer.get("key"), answer.get("cert")
    if isinstance(key, dict) and (found := _KEY_STATES.get(str(key.get("status", "enabled")))):
        return found
    status = str(certificate.get("status", "valid")) if isinstance(certificate, dict) else "valid"
    return SignerState.ISSUE if status == "valid" else _CERTIFICATE_STATES.get(status, SignerState.UNKNOWN)


def _is_root(certificate: x509.Certificate) -> bool:
    return bool(certificate.self_issued)
