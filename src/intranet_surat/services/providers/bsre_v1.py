"""Signs with the client service of BSrE, version 1: multipart, known by NIK, with a result that has a name."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from intranet_surat.services.outbound import Answer
from intranet_surat.services.providers import bsre_client, bsre_wire
from intranet_surat.services.providers.base import (
    Capabilities,
    Refused,
    Signer,
    SignerStatus,
    SignResult,
)
from intranet_surat.services.providers.bsre_client import BsreClient
from intranet_surat.services.providers.bsre_v2 import BSRE
from intranet_surat.services.secret import Secret

SIGN = "/api/sign/pdf"
STATUS = "/api/user/status/"
DOWNLOAD = "/api/sign/download/"

BSRE_V1 = replace(BSRE, identity=frozenset({"nik"}), secrets=frozenset({"passphrase"}))
TAKEN = "Hasil itu sudah pernah diambil dari penyedia; penyedia memberikannya satu kali saja."


@dataclass(frozen=True, slots=True)
class BsreV1:
    """``bsre-v1``: a person is known by his NIK and gives his passphrase."""

    client: BsreClient
    capabilities: Capabilities = BSRE_V1
    id: str = "bsre-v1"
    title: str = "BSrE (Balai Sertifikasi Elektronik)"

    def status(self, signer: Signer, now: datetime) -> SignerStatus:  # noqa: ARG002 - the service has its own clock
        """How the person stands with BSrE; raises ProviderUnavailable, RateLimited or Misconfigured."""
        missing = bsre_client.unknown_to_us(signer, "nik")
        return missing or bsre_wire.state_of(self.client.ask("status v1", "GET", f"{STATUS}{signer.nik}"))

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
        bsre_client.demand_known(signer, "nik")
        fields = {
            "nik": signer.nik.encode(),
            "passphrase": secret.reveal(),
            "tampilan": b"invisible",
            "reason": reason.encode(),
            "location": location.encode(),
        }
        kind, body = multipart(fields, pdf)
        answer = self.client.ask("sign v1", "POST", SIGN, body=body, kind=kind, signs=True)
        name = bsre_client.reference(answer.headers)
        if not _is_pdf(answer):
            error = bsre_wire.refusal(answer, secret)
            error.reference = name
            raise error
        return SignResult(bsre_wire.whole(answer.body, answer, name), name)

    def fetch(self, reference: str, now: datetime) -> bytes:  # noqa: ARG002 - as above
        """The signed file of that name, which the service gives once. Raises Refused when it was taken before."""
        answer = self.client.ask("download v1", "GET", f"{DOWNLOAD}{reference}")
        if _is_pdf(answer):
            return bsre_wire.whole(answer.body, answer, reference)
        if answer.status == 404 or bsre_wire.code_of(bsre_wire.told(answer) or {}) == bsre_wire.GONE:
            raise Refused(TAKEN, detail=bsre_wire.seen(answer, "nothing to download"))
        raise bsre_wire.refusal(answer, signs=False)


def multipart(fields: Mapping[str, bytes], pdf: bytes) -> tuple[str, bytes]:
    """The content type and body of a form with a PDF; fields without a value are left out."""
    boundary = secrets.token_hex(24)
    parts = []
    for name, value in fields.items():
        if value:
            parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value)
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="surat.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n".encode()
        + pdf
    )
    return f"multipart/form-data; boundary={boundary}", b"\r\n".join([*parts, f"--{boundary}--\r\n".encode()])


def _is_pdf(answer: Answer) -> bool:
    kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    return answer.status == 200 and kind == "application/pdf"
