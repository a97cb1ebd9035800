"""Calls to the client service of BSrE: times for each kind of call, what a lost answer means, and a log without names.

It knows neither v1 nor v2; what the answers mean stands in `bsre_wire`.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intranet_surat.services.outbound import Answer, Outbound
from intranet_surat.services.outbound_destinations import OutboundError
from intranet_surat.services.providers.base import (
    Misconfigured,
    OutcomeUnknown,
    ProviderUnavailable,
    Signer,
    SignerNotReady,
    SignerState,
    SignerStatus,
)

DESTINATION = "bsre"
STATUS_SECONDS = 30.0
JSON = "application/json"

logger = logging.getLogger(__name__)

NO_MAIL = "Alamat surel Anda belum dicatat, padahal BSrE mengenali Anda darinya. Hubungi DKISP."
NO_NIK = "NIK Anda belum dicatat, padahal BSrE mengenali Anda darinya. Hubungi DKISP."


@dataclass(frozen=True, slots=True)
class BsreClient:
    """The one client service of the regency; ``sign_seconds`` is how long a signature may take."""

    outbound: Outbound
    sign_seconds: float = 120.0

    def ask(
        self, name: str, method: str, path: str, *, body: bytes = b"", kind: str = JSON, signs: bool = False
    ) -> Answer:
        """Call the service once. ``name`` is what the log calls it, for a path may hold a NIK.

        Raises ProviderUnavailable, Misconfigured; for a call that ``signs`` and was sent, OutcomeUnknown.
        """
        begun = time.monotonic()
        headers = {"Accept": "*/*", **({"Content-Type": kind} if body else {})}
        seconds = self.sign_seconds if signs else STATUS_SECONDS
        try:
            answer = self.outbound.request(DESTINATION, method, path, headers=headers, body=body, timeout=seconds)
        except OutboundError as error:
            logger.warning("bsre %s: %d bytes, sent %s: %s", name, len(body), error.sent, error.detail)
            if signs and error.sent:
                # Only v1 names its result in a header, and only then it can be asked for.
                raise OutcomeUnknown(detail=error.detail, reference=reference(error.headers)) from None
            if error.permanent:
                raise Misconfigured(detail=error.detail) from None
            raise ProviderUnavailable(detail=error.detail) from None
        took = time.monotonic() - begun
        logger.info(
            "bsre %s: %d bytes, HTTP %d, %d bytes, %.2f s", name, len(body), answer.status, len(answer.body), took
        )
        return answer

    def post(self, name: str, path: str, values: Mapping[str, Any], *, signs: bool = False) -> Answer:
        """POST JSON; raises as `ask` does."""
        return self.ask(name, "POST", path, body=json.dumps(values).encode(), signs=signs)


def reference(headers: Mapping[str, str]) -> str:
    """The name that v1 gives to its result; servers write it in two ways."""
    found = headers.get("id_dokumen") or headers.get("id-dokumen") or ""
    return found if found.replace("-", "").replace("_", "").isalnum() and len(found) <= 128 else ""


def unknown_to_us(signer: Signer, identity: str) -> SignerStatus | None:
    """Why the service cannot even be asked about this person; None when it can."""
    if identity == "email" and not signer.email:
        return SignerStatus(SignerState.NOT_REGISTERED, NO_MAIL)
    if identity == "nik" and not signer.nik:
        return SignerStatus(SignerState.NOT_REGISTERED, NO_NIK)
    return None


def demand_known(signer: Signer, identity: str) -> None:
    """Raise SignerNotReady for a person about whom the service cannot even be asked."""
    missing = unknown_to_us(signer, identity)
    if missing is not None:
        raise SignerNotReady(status=missing)
