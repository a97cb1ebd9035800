"""How the client service of BSrE (v1 and v2) speaks: what its answers mean as results and errors; nothing is sent here.

Its answers come in several shapes: a code as number or text, a code inside the sentence, errors of the container
itself (Spring), a JSON content type before something else. What is not understood is never taken for a success.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any

from intranet_surat.services.outbound import Answer
from intranet_surat.services.providers.base import (
    BadInput,
    Misconfigured,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    Refused,
    SignerNotReady,
    SignerState,
    SignerStatus,
    SigningError,
    WrongSecret,
)
from intranet_surat.services.secret import Secret

WRONG_PASSPHRASE = 2031
GONE = 4044
STATES: Mapping[str, SignerState] = {
    "ISSUE": SignerState.ISSUE,
    "EXPIRED": SignerState.EXPIRED,
    "RENEW": SignerState.RENEW,
    "WAITING_FOR_VERIFICATION": SignerState.WAITING,
    "NEW": SignerState.NEW,
    "NO_CERTIFICATE": SignerState.NO_CERTIFICATE,
    "NOT_REGISTERED": SignerState.NOT_REGISTERED,
    "SUSPEND": SignerState.SUSPENDED,
    "REVOKE": SignerState.REVOKED,
}
CODES: Mapping[int, SignerState] = {
    1111: SignerState.ISSUE,
    1110: SignerState.NOT_REGISTERED,
    2011: SignerState.NOT_REGISTERED,
    2021: SignerState.NO_CERTIFICATE,
}
"""Codes that tell how a person stands."""

_WAYS: Mapping[SignerState, str] = {
    SignerState.NOT_REGISTERED: "Anda belum terdaftar pada BSrE. Hubungi verifikator BSrE di DKISP.",
    SignerState.NO_CERTIFICATE: "Anda belum mempunyai sertifikat tanda tangan. Hubungi verifikator BSrE di DKISP.",
    SignerState.NEW: "Akun tanda tangan Anda belum diaktifkan. Buka surel aktivasi dari BSrE.",
    SignerState.WAITING: "Pendaftaran tanda tangan Anda masih diverifikasi. Tanyakan kepada verifikator BSrE di DKISP.",
    SignerState.RENEW: "Sertifikat Anda sedang diperbarui. Selesaikan pembaruan di portal BSrE, lalu coba lagi.",
    SignerState.EXPIRED: "Sertifikat Anda sudah kedaluwarsa. Perbarui di portal BSrE, lalu coba lagi.",
    SignerState.SUSPENDED: "Sertifikat Anda sedang dibekukan. Hubungi verifikator BSrE di DKISP.",
    SignerState.REVOKED: "Sertifikat Anda sudah dicabut. Hubungi verifikator BSrE di DKISP untuk penerbitan baru.",
}
"""What a person can do about his state here: BSrE has verifiers and a portal, other providers have not."""

_IN_TEXT = re.compile(r"\b(1\d{3}|2\d{3}|4\d{3})\b")
_ONE_TIME = re.compile(r"\b(totp|otp)\b", re.IGNORECASE)
_WHO = re.compile(r"\b\d{16}\b|(?<![^\s\"'<>@])[^\s\"'<>@]*+@[^\s\"'<>]+")
"""A NIK or an address. It looks at no character twice: a sentence may be as long as the service likes."""
_LONGEST = 300


def told(answer: Answer) -> dict[str, Any] | None:
    """The JSON object of an answer, whatever its content type says; None when there is none."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def code_of(said: Mapping[str, Any]) -> int | None:
    """The service's own code: ``status_code``, else a number inside its sentence.

    A ``status_code`` below 1000 repeats the HTTP status and tells nothing.
    """
    plain = str(said.get("status_code", ""))
    if plain.isdecimal() and len(plain) < 6 and 1000 <= int(plain) < 10_000:
        return int(plain)
    found = _IN_TEXT.search(sentence_of(said))
    return int(found[1]) if found else None


def sentence_of(said: Mapping[str, Any]) -> str:
    """What the service wrote for a person."""
    return " ".join(str(said[name]) for name in ("error", "message") if isinstance(said.get(name), str))


def state_of(answer: Answer) -> SignerStatus:
    """How a person stands, from the answer to a status call. Raises what `refusal` makes of everything else."""
    said = told(answer) or {}
    code = code_of(said)
    known = code in CODES
    if answer.status != 200 and not known:
        raise refusal(answer, signs=False)
    if answer.status == 200 and not known and "status" not in said and "status_code" not in said:
        raise ProviderUnavailable(detail=seen(answer, "no status in it"))
    state = STATES.get(str(said.get("status", "")).upper()) or CODES.get(code or 0, SignerState.UNKNOWN)
    return _standing(state)


def one_file(answer: Answer, secret: Secret | None = None) -> bytes:
    """The signed file of a v2 answer: exactly one, under ``file``. Raises what `refusal` makes of everything else."""
    said = told(answer)
    files = said.get("file") if said is not None else None
    if answer.status != 200 or not isinstance(files, list):
        raise refusal(answer, secret)
    try:
        (only,) = files
        pdf = base64.b64decode(only, validate=True)
    except (ValueError, TypeError, binascii.Error):
        raise OutcomeUnknown(detail=seen(answer, "no file that can be read")) from None
    return whole(pdf, answer)


def whole(pdf: bytes, answer: Answer, reference: str = "") -> bytes:
    """``pdf`` when it looks like one to its end. Raises OutcomeUnknown: something came, but not the file."""
    if not pdf.startswith(b"%PDF-") or b"%%EOF" not in pdf[-1024:]:
        raise OutcomeUnknown(detail=seen(answer, "not a whole PDF"), reference=reference)
    return pdf


def refusal(answer: Answer, secret: Secret | None = None, *, signs: bool = True) -> SigningError:
    """The error that an answer means; ``signs`` tells that the call would have made a signature.

    For such a call an answer that is not surely a refusal leaves the outcome unknown. The provider's own text is
    kept for the log without the secret, should it repeat it.
    """
    said = told(answer) or {}
    detail = seen(answer, sentence_of(said), secret)
    code = code_of(said)
    if answer.status == 429:
        return RateLimited(detail=detail, retry_after=answer.retry_after)
    if answer.status in {401, 403} or (answer.status in {404, 405} and code is None):
        return Misconfigured(detail=detail)
    if code == WRONG_PASSPHRASE:
        return WrongSecret(detail=detail)
    if (found := CODES.get(code or 0, SignerState.ISSUE)) is not SignerState.ISSUE:
        return SignerNotReady(detail=detail, status=_standing(found))
    if said and secret is not None and secret.kind == "totp" and _ONE_TIME.search(sentence_of(said)):
        return WrongSecret(WrongSecret.wrong_code, detail=detail)
    if 400 <= answer.status < 500 and answer.status != 408:
        return BadInput(detail=detail) if answer.status == 413 else Refused(detail=detail)
    if answer.status == 200 and code is not None and said.get("error"):
        return Refused(detail=detail)
    if not signs:
        return ProviderUnavailable(detail=detail)
    if answer.status == 500 and said.get("status") == 500:
        # The container's own error, met for files and properties that it cannot take.
        return BadInput(detail=detail)
    return OutcomeUnknown(detail=detail)


def seen(answer: Answer, what: str, secret: Secret | None = None) -> str:
    """An answer as the log may show it: what it was, and the service's own sentence without a person in it."""
    kind = answer.headers.get("content-type", "no content type").split(";")[0]
    # Cut last: of a secret that stands at the cut, the first half would stay.
    kind, says = _without(secret, kind)[:_LONGEST], _WHO.sub("***", _without(secret, what))[:_LONGEST]
    return f"HTTP {answer.status}, {kind}, {len(answer.body)} bytes: {says}"


def _standing(state: SignerState) -> SignerStatus:
    return SignerStatus(state, _WAYS.get(state, ""))


def _without(secret: Secret | None, text: str) -> str:
    if secret is None or not secret:
        return text
    return text.replace(secret.reveal().decode(errors="replace"), "***")
