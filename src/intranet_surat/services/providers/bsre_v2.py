"""Signs and seals with the client service of BSrE, version 2: JSON, one invisible signature and one file a call."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from intranet_surat.services.providers import bsre_client, bsre_wire
from intranet_surat.services.providers.base import (
    Capabilities,
    Misconfigured,
    Signer,
    SignerStatus,
    SignResult,
)
from intranet_surat.services.providers.bsre_client import BsreClient
from intranet_surat.services.secret import Secret

SIGN = "/api/v2/sign/pdf"
CODE = "/api/v2/sign/get/totp"
STATUS = "/api/v2/user/check/status"
SEAL = "/api/v2/seal/pdf"
SEAL_CODE = "/api/v2/seal/get/totp"

BSRE = Capabilities(
    identity=frozenset({"email"}),
    secrets=frozenset({"passphrase", "totp"}),
    certified=True,
    calls=4,
)
BSRE_WITH_SEAL = replace(BSRE, seal=True)
NOBODY = Signer("", "")


@dataclass(frozen=True, slots=True)
class BsreV2:
    """``bsre-v2``. A person is known by his e-mail, or by his NIK where an installation must.

    The service makes the signature field itself: a prepared one stays empty. Nothing names its result, so a
    lost answer cannot be asked for again.
    """

    client: BsreClient
    identity: Literal["email", "nik"] = "email"
    capabilities: Capabilities = BSRE
    id: str = "bsre-v2"
    title: str = "BSrE (Balai Sertifikasi Elektronik)"

    def status(self, signer: Signer, now: datetime) -> SignerStatus:  # noqa: ARG002 - the service has its own clock
        """How the person stands with BSrE; raises ProviderUnavailable, RateLimited or Misconfigured."""
        missing = bsre_client.unknown_to_us(signer, self.identity)
        return missing or bsre_wire.state_of(self.client.post("status v2", STATUS, self._person(signer)))

    def request_code(self, signer: Signer, files: int, now: datetime) -> None:  # noqa: ARG002 - as above
        """Have a one-time code for ``files`` files sent to the person, by mail or to his telephone."""
        bsre_client.demand_known(signer, self.identity)
        answer = self.client.post("code v2", CODE, {**self._person(signer), "data": files})
        if answer.status != 200 or not (bsre_wire.told(answer) or {}).get("success"):
            raise bsre_wire.refusal(answer, signs=False)

    def sign(
        self,
        pdf: bytes,
        signer: Signer,
        secret: Secret,
        *,
        reason: str,
        location: str,
        now: datetime,  # noqa: ARG002 - the service has its own clock, which we judge
        field: str = "",  # noqa: ARG002 - it makes fields of its own
    ) -> SignResult:
        """Send the file once; raises every error of `base`."""
        bsre_client.demand_known(signer, self.identity)
        values = {
            **self._person(signer),
            secret.kind: secret.reveal().decode(errors="replace"),
            **_one_file(pdf, reason, location),
        }
        answer = self.client.post("sign v2", SIGN, values, signs=True)
        return SignResult(bsre_wire.one_file(answer, secret), "")

    def _person(self, signer: Signer) -> dict[str, Any]:
        return {"email": signer.email} if self.identity == "email" else {"nik": signer.nik}


@dataclass(frozen=True, slots=True)
class SealingBsreV2(BsreV2):
    """`BsreV2` of an agency that also has a seal (*segel elektronik*) there.

    ``activation_file`` holds the activation code that the subscriber got by mail; it is read for each seal.
    """

    capabilities: Capabilities = BSRE_WITH_SEAL
    subscriber: str = ""
    activation_file: Path = Path()
    sealer: Signer = NOBODY

    def seal(
        self,
        pdf: bytes,
        *,
        reason: str,
        location: str,
        now: datetime,  # noqa: ARG002 - the service has its own clock, which we judge
        field: str = "",  # noqa: ARG002 - it makes fields of its own
    ) -> SignResult:
        """Ask for a code for one file, then send it once; raises every error of `base`."""
        try:
            activation = self.activation_file.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise Misconfigured(detail=f"the activation code cannot be read: {type(error).__name__}") from None
        whose = {"idSubscriber": self.subscriber}
        answer = self.client.post("seal code v2", SEAL_CODE, {**whose, "data": 1, "totp": activation})
        code = (bsre_wire.told(answer) or {}).get("totp")
        if answer.status != 200 or not code:
            raise bsre_wire.refusal(answer, Secret(activation, "totp"), signs=False)
        with Secret(str(code), "totp") as secret:
            values = {**whose, "totp": str(code), **_one_file(pdf, reason, location)}
            sealed = self.client.post("seal v2", SEAL, values, signs=True)
            return SignResult(bsre_wire.one_file(sealed, secret), "")


def _one_file(pdf: bytes, reason: str, location: str) -> dict[str, Any]:
    # Facts that are missing are left out: the text "null" was seen printed where null was meant.
    said = {name: value for name, value in (("reason", reason), ("location", location)) if value}
    return {"signatureProperties": [{"tampilan": "INVISIBLE", **said}], "file": [base64.b64encode(pdf).decode()]}
