"""A stand-in for a remote signing service: as much of CSC v1.0.4 as a signature needs, with the demo authority."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

LARGEST = 64 * 1024
RSA_SHA256 = "1.2.840.113549.1.1.11"

Answer = tuple[int, dict[str, Any]]
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 503: "Service Unavailable"}


@dataclass
class Credential:
    """A person's key at the service; ``status`` is of the certificate, ``codes`` are one-time codes not yet used."""

    user: str
    pin: str
    key: rsa.RSAPrivateKey = field(repr=False)
    chain: tuple[x509.Certificate, ...]
    status: str = "valid"
    codes: set[str] = field(default_factory=set)


class Server:
    """WSGI over credentials by id. ``calls`` counts by endpoint; ``fault`` is asked before each answer."""

    def __init__(self, token: str, credentials: dict[str, Credential]) -> None:
        self.token = token
        self.credentials = credentials
        self.calls: dict[str, int] = {}
        self.fault: Callable[[str], Answer | None] = lambda _endpoint: None
        self._rights: dict[str, tuple[str, frozenset[str]]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        status, answer = self._answer(environ)
        body = json.dumps(answer).encode()
        head = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(f"{status} {_REASONS.get(status, 'Error')}", head)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        endpoint = environ.get("PATH_INFO", "").removeprefix("/csc/v1/")
        self.calls[endpoint] = self.calls.get(endpoint, 0) + 1
        if environ.get("HTTP_AUTHORIZATION") != f"Bearer {self.token}":
            return 401, {"error": "invalid_token", "error_description": "The access token is not known"}
        try:
            asked = json.loads(environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), LARGEST)))
            do = {
                "credentials/list": self._list,
                "credentials/info": self._info,
                "credentials/sendOTP": self._send_code,
                "credentials/authorize": self._authorize,
                "signatures/signHash": self._sign,
            }[endpoint]
        except KeyError:
            return 404, {"error": "not_found"}
        except ValueError:
            return 400, {"error": "invalid_request"}
        answer = do(asked)
        # The fault comes after the work, as when an answer is lost on its way.
        return self.fault(endpoint) or answer

    def _list(self, asked: dict[str, Any]) -> Answer:
        return 200, {"credentialIDs": [name for name, each in self.credentials.items() if each.user == asked["userID"]]}

    def _info(self, asked: dict[str, Any]) -> Answer:
        found = self.credentials.get(str(asked.get("credentialID")))
        if found is None:
            return 400, {"error": "invalid_request", "error_description": "Invalid parameter credentialID"}
        certificates = [base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in found.chain]
        return 200, {
            "key": {"status": "enabled", "algo": [RSA_SHA256], "len": found.key.key_size},
            "cert": {"status": found.status, "certificates": certificates},
            "authMode": "explicit",
            "SCAL": "2",
            "PIN": {"presence": "optional"},
            "OTP": {"presence": "optional", "type": "online"},
            "multisign": 1,
        }

    def _send_code(self, asked: dict[str, Any]) -> Answer:
        self.credentials[str(asked["credentialID"])].codes.add(f"{secrets.randbelow(10**6):06d}")
        return 200, {}

    def _authorize(self, asked: dict[str, Any]) -> Answer:
        found = self.credentials[str(asked["credentialID"])]
        if "OTP" in asked and asked["OTP"] not in found.codes:
            return 400, {"error": "invalid_otp", "error_description": "The OTP is invalid"}
        if "OTP" not in asked and asked.get("PIN") != found.pin:
            return 400, {"error": "invalid_pin", "error_description": "The PIN is invalid"}
        found.codes.discard(str(asked.get("OTP")))
        right = secrets.token_urlsafe(24)
        self._rights[right] = str(asked["credentialID"]), frozenset(asked["hash"])
        return 200, {"SAD": right, "expiresIn": 60}

    def _sign(self, asked: dict[str, Any]) -> Answer:
        credential, pinned = self._rights.pop(str(asked.get("SAD")), ("", frozenset()))
        if credential != asked.get("credentialID") or not set(asked["hash"]) <= pinned:
            return 400, {"error": "invalid_request", "error_description": "Invalid parameter SAD"}
        key = self.credentials[credential].key
        made = [
            key.sign(base64.b64decode(each), padding.PKCS1v15(), Prehashed(SHA256()))  # a hash is all that came
            for each in asked["hash"]
        ]
        return 200, {"signatures": [base64.b64encode(each).decode() for each in made]}
