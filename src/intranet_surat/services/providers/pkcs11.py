"""Signs with a key that stays in a token (PKCS#11): one token per person, opened with his PIN for one call."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto import x509
from pkcs11 import Attribute, ObjectClass
from pkcs11 import exceptions as errors
from pyhanko.sign.pkcs11 import PKCS11Signer
from pyhanko.sign.timestamps import TimeStamper

from intranet_surat.services import signing_pades
from intranet_surat.services.providers.base import (
    HELD,
    BadInput,
    Capabilities,
    Misconfigured,
    ProviderUnavailable,
    Signer,
    SignerNotReady,
    SignerState,
    SignerStatus,
    SigningError,
    SignResult,
    WrongSecret,
)
from intranet_surat.services.secret import Secret, secret_of

TOKEN = Capabilities(identity=frozenset({"person", "nip"}))

AGENCY = Signer("segel", "")
_LOCKED = f"PIN perangkat kunci Anda terkunci. Hubungi DKISP untuk membukanya. {HELD}"

_turn = threading.Lock()
"""A login counts for the whole process, and few libraries bear two threads: one signature at a time."""


class _TokenKey(signing_pades.StampedIfPossible, PKCS11Signer):
    """pyHanko's signer for a token, whose signature stands without a timestamp when no authority answers."""


@dataclass(frozen=True, slots=True)
class Pkcs11Provider:
    """Tokens of the PKCS#11 library ``module``, found by a label that is the person's id or NIP.

    A token holds one private key and, under the same CKA_ID, its certificate. ``chain`` are the authorities that
    stand between it and the root (DER). The seal's token is ``seal_token``, its PIN stands in ``seal_pin_file``.
    """

    module: Path
    chain: tuple[bytes, ...] = ()
    id: str = "pkcs11"
    title: str = "Perangkat kunci tanda tangan"
    capabilities: Capabilities = TOKEN
    timestamper: TimeStamper | None = None
    sealer: Signer = AGENCY
    seal_token: str = ""
    seal_pin_file: Path | None = None

    def status(self, signer: Signer, now: datetime) -> SignerStatus:
        """Whether there is a token for this person with a certificate that is valid now. Raises ProviderUnavailable."""
        with _told(), _turn:
            token = self._token(_labels(signer))
            if token is None:
                return SignerStatus(SignerState.NO_CERTIFICATE)
            with token.open() as session:
                found = _certificates(session)
        if not found:
            return SignerStatus(SignerState.NO_CERTIFICATE)
        in_time = any(each.not_valid_before <= now <= each.not_valid_after for each in found.values())
        return SignerStatus(SignerState.ISSUE if in_time else SignerState.EXPIRED)

    def sign(
        self, pdf: bytes, signer: Signer, secret: Secret, *, reason: str, location: str, now: datetime, field: str = ""
    ) -> SignResult:
        """Log in with the PIN, sign, log out; raises SignerNotReady, WrongSecret, ProviderUnavailable or BadInput."""
        return self._sign(_labels(signer), secret, (pdf, reason, location, now, field))

    def seal(self, pdf: bytes, *, reason: str, location: str, now: datetime, field: str = "") -> SignResult:
        """Seal with the agency's token; raises Misconfigured, ProviderUnavailable or BadInput."""
        if not self.seal_token or self.seal_pin_file is None:
            raise Misconfigured(detail="no seal: pkcs11_seal_token and seal_passphrase_file are not both set")
        try:
            with secret_of(self.seal_pin_file) as pin:
                return self._sign((self.seal_token,), pin, (pdf, reason, location, now, field))
        except (OSError, ValueError, WrongSecret, SignerNotReady) as error:
            raise Misconfigured(detail=f"the seal cannot be opened: {type(error).__name__}") from None

    def _sign(self, labels: Sequence[str], secret: Secret, order: tuple[bytes, str, str, datetime, str]) -> SignResult:
        pdf, reason, location, now, field = order
        with _told(), _turn:
            token = self._token(labels)
            if token is None:
                raise SignerNotReady(status=SignerStatus(SignerState.NO_CERTIFICATE))
            with self._logged_in(token, secret) as session:
                key, certificate = self._key(session, now)
                try:
                    signed = signing_pades.sign(
                        pdf, key, reason=reason, location=location, now=now, field=field, timestamper=self.timestamper
                    )
                except TimeoutError:
                    # What the token may still finish never became a file.
                    raise ProviderUnavailable(detail="the token did not answer in time") from None
                except (SigningError, errors.PKCS11Error):
                    raise
                except Exception as error:  # noqa: BLE001 - of the PDF library
                    raise BadInput(detail=f"{type(error).__name__}: {error}") from None
        return SignResult(signed, f"{certificate.serial_number:x}")

    def _key(self, session: Any, now: datetime) -> tuple[_TokenKey, x509.Certificate]:
        found = _certificates(session)
        keys = {bytes(each[Attribute.ID]) for each in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})}
        both = [(name, certificate) for name, certificate in found.items() if name in keys]
        ready = [each for each in both if each[1].not_valid_before <= now <= each[1].not_valid_after]
        if not ready:
            code = SignerState.EXPIRED if both else SignerState.NO_CERTIFICATE
            raise SignerNotReady(status=SignerStatus(code))
        # Of two the later one: a renewed certificate lies beside the one it replaces.
        name, certificate = max(ready, key=lambda each: each[1].not_valid_after)
        elliptic = certificate.public_key.algorithm == "ec"
        key = _TokenKey(
            session,
            signing_cert=certificate,
            key_id=name,
            ca_chain=[x509.Certificate.load(each) for each in self.chain],
            other_certs_to_pull=(),
            embed_roots=False,
            # Few tokens hash for an elliptic key; all sign a hash that is given.
            use_raw_mechanism=elliptic,
        )
        return key, certificate

    def _logged_in(self, token: Any, secret: Secret) -> Any:
        """A session with the PIN given. One that was opened for a refused PIN is closed: a token bears few of them."""
        try:
            return token.open(user_pin=_pin(secret))
        except errors.PKCS11Error:
            with suppress(errors.PKCS11Error):
                # The library keeps that session to itself; it is our turn, so that no other is open.
                pkcs11.lib(str(self.module)).reinitialize()
            raise

    def _token(self, labels: Sequence[str]) -> Any:
        if not self.module.is_file():
            raise Misconfigured(detail=f"there is no PKCS#11 library {self.module}")
        library = pkcs11.lib(str(self.module))
        tokens = [slot.get_token() for slot in library.get_slots(token_present=True)]
        return next((each for label in labels for each in tokens if each.label == label), None)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the library raises into the errors of a provider."""
    try:
        yield
    except (errors.PinIncorrect, errors.PinLenRange, errors.PinInvalid):
        # "from None": the frames below have held the PIN.
        raise WrongSecret from None
    except (errors.PinLocked, errors.PinExpired, errors.UserPinNotInitialized) as error:
        raise SignerNotReady(_LOCKED, detail=type(error).__name__) from None
    except (errors.PKCS11Error, errors.MultipleTokensReturned) as error:
        raise ProviderUnavailable(detail=f"{type(error).__name__}: {error}".rstrip(": ")) from None


def _labels(signer: Signer) -> tuple[str, ...]:
    return tuple(each for each in (signer.person, signer.nip) if each)


def _pin(secret: Secret) -> str:
    try:
        return secret.reveal().decode()
    except UnicodeDecodeError:
        raise WrongSecret from None


def _certificates(session: Any) -> dict[bytes, x509.Certificate]:
    found = session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
    return {bytes(each[Attribute.ID]): x509.Certificate.load(bytes(each[Attribute.VALUE])) for each in found}
