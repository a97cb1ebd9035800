"""The shapes in which the stand-in answers, as they were met at real servers; who asks stands in `server`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from intranet_surat.services.verifying import Verdict

JSON = "application/json"
HTML = b"<!DOCTYPE html><html><head><title>Masuk jaringan</title></head><body>Silakan masuk.</body></html>"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. After ``cut`` bytes of the body the line is closed; ``hang_up`` closes it without a word."""

    status: int = 200
    kind: str = JSON
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    hang_up: bool = False


def plain(values: dict[str, Any], status: int = 200) -> Reply:
    """A JSON object."""
    return Reply(status, JSON, json.dumps(values).encode())


def refused(text: str, code: int, *, old: bool = False) -> Reply:
    """A refusal: the code in the text beside the HTTP status, or by itself as the older API gave it."""
    if old:
        return plain({"status_code": code, "error": text}, 400)
    return plain({"error": f"Proses signing gagal : {text} {code}", "status_code": 400}, 400)


def spring(status: int, path: str, now: datetime) -> Reply:
    """An error of the container itself."""
    names = {401: "Unauthorized", 404: "Not Found", 500: "Internal Server Error", 503: "Service Unavailable"}
    told = {
        "timestamp": f"{now:%Y-%m-%dT%H:%M:%S}.000+00:00",
        "status": status,
        "error": names.get(status, "Error"),
        "path": path,
    }
    return plain(told, status)


def verified(verdict: Verdict, now: datetime) -> Reply:
    """The answer of ``/api/v2/verify/pdf``, with the spelling of its keys."""
    signatures = [
        {
            "id": f"S-{each.certificate:0>64.64}",
            "signatureFormat": "PAdES-BASELINE-T" if each.timestamped else "PAdES-BASELINE-B",
            "signerName": each.signer,
            "signatureDate": _date(each.signed_at, now),
            "fieldName": each.field,
            "reason": None,
            "location": None,
            "certLevelCode": 0,
            "signatureAlgorithm": None,
            "digestAlgorithm": None,
            "timestampInfomation": None,
            "certificateDetails": [{"commonName": each.signer, "issuerName": each.issuer, "signatureAlgoritm": None}],
            "integrityValid": each.overall != "tidak",
            "certificateTrusted": each.overall == "sah",
            "lastSignature": False,
        }
        for each in verdict.signatures
    ]
    conclusion = "NO_SIGNATURE" if not signatures else "VALID" if verdict.overall == "sah" else "INVALID"
    return plain(
        {
            "conclusion": conclusion,
            "description": " ".join(verdict.reasons),
            "signatureCount": len(signatures),
            "signatureInformations": signatures,
        }
    )


def verified_old(verdict: Verdict, name: str) -> Reply:
    """The answer of ``/api/sign/verify``."""
    good = verdict.overall == "sah"
    details = [
        {
            "signature_field": each.field,
            "info_tsa": {"name": None, "tsa_cert_validity": None},
            "info_signer": {"issuer_dn": each.issuer, "signer_name": each.signer, "cert_user_certified": good},
            "signature_document": {"signed_in": each.signed_at, "document_integrity": each.overall != "tidak"},
        }
        for each in verdict.signatures
    ]
    return plain(
        {
            "nama_dokumen": name,
            "jumlah_signature": len(details),
            "notes": "Dokumen valid, Sertifikat yang digunakan terpercaya" if good else None,
            "summary": ("VALID" if good else "DOCUMENT NOT VALID !!!") if details else None,
            "details": details,
        }
    )


def _date(text: str, now: datetime) -> str:
    when = datetime.fromisoformat(text) if text else now
    return f"{when:%Y-%m-%dT%H:%M:%S}.000+00:00"
