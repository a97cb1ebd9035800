"""The stand-in as a WSGI application: both versions under ``/api``, and a door at ``/bsre/galat`` that makes it fail.

The door answers on loopback only. Passphrases and codes are compared and forgotten; nothing of a request is logged.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.policy import HTTP
from http import HTTPStatus
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from intranet_surat.demo.bsre.accounts import STATES, Account, Register
from intranet_surat.demo.bsre.answers import HTML, Reply, plain, refused, spring, verified, verified_old
from intranet_surat.demo.bsre.faults import Fault, Faults
from intranet_surat.demo.bsre.signatures import Signatures
from intranet_surat.services import verifying

USER = "surat"
LARGEST = 64 * 1024 * 1024
DOOR = "/bsre/galat"
TOTP_SENT = "Kode dikirim; buka aplikasi BeSign Mobile"


class StandIn:
    """WSGI over a register of accounts. ``faults`` is told from Python what the door is told over the line."""

    def __init__(
        self, register: Register, password: str, clock: Callable[[], datetime], timestamper: Any = None
    ) -> None:
        self.register = register
        self.faults = Faults()
        self._password = password
        self._clock = clock
        self._signatures = Signatures(register, clock, timestamper)
        self._results: dict[str, bytes] = {}
        self._routes: dict[tuple[str, str], tuple[str, Callable[[dict[str, Any], Fault], Reply]]] = {
            ("POST", "/api/v2/sign/pdf"): ("sign", self._sign_v2),
            ("POST", "/api/v2/sign/get/totp"): ("code", self._code),
            ("POST", "/api/v2/user/check/status"): ("status", self._status),
            ("POST", "/api/v2/verify/pdf"): ("verify", self._verify_v2),
            ("POST", "/api/v2/seal/get/totp"): ("seal-code", self._seal_code),
            ("POST", "/api/v2/seal/pdf"): ("seal", self._seal),
            ("POST", "/api/sign/pdf"): ("sign", self._sign_v1),
            ("POST", "/api/sign/verify"): ("verify", self._verify_v1),
        }

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        reply = self._answer(environ)
        if reply.hang_up:
            _hang_up(environ)
        headers = [("Content-Type", reply.kind), ("Content-Length", str(len(reply.body))), *reply.headers.items()]
        start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", headers)
        return [reply.body[: reply.cut]]

    def _answer(self, environ: dict[str, Any]) -> Reply:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
        if path == DOOR:
            return self._door(environ, method)
        if not self._knows(environ.get("HTTP_AUTHORIZATION", "")):
            return spring(401, path, self._clock())
        said = _said(environ)
        call, work = self._routes.get((method, path), ("", None))
        for prefix, name, found in (
            ("/api/user/status/", "status", self._status),
            ("/api/sign/download/", "download", self._download),
            ("/api/v2/user/certificate/chain/", "status", self._chain),
        ):
            if method == "GET" and path.startswith(prefix):
                call, work, said = name, found, {"nik": path.removeprefix(prefix)}
        if work is None:
            return spring(404, path, self._clock())
        fault = self.faults.met(call)
        return self._before(fault, said, path) or self._after(fault, work(said, fault))

    def _before(self, fault: Fault, said: dict[str, Any], path: str) -> Reply | None:
        """What goes wrong before anything is signed."""
        match fault.name:
            case "hang-before":
                self.faults.hang(fault)
                return Reply(hang_up=True)
            case "closed-before":
                return Reply(hang_up=True)
            case "429":
                return replace(plain({"error": "Too Many Requests"}, 429), headers={"Retry-After": "30"})
            case "401" | "404" | "500" | "503":
                return spring(int(fault.name), path, self._clock())
            case "html":
                return Reply(200, "text/html; charset=utf-8", HTML)
            case "redirect":
                return Reply(302, "text/html", b"", {"Location": "http://127.0.0.1/masuk"})
            case "echo":
                return plain({"status_code": 4999, "error": f"tidak dapat diolah: {_shown(said)}"}, 400)
            case "unknown-code":
                return plain({"status_code": "4711", "error": "Kuota tanda tangan habis"}, 400)
        return None

    def _after(self, fault: Fault, reply: Reply) -> Reply:
        """What goes wrong with an answer that stands already."""
        match fault.name:
            case "hang-after":
                self.faults.hang(fault)
                return Reply(hang_up=True)
            case "closed-after":
                return replace(reply, cut=len(reply.body) // 2)
            case "truncated":
                return replace(reply, body=reply.body[: len(reply.body) // 2])
            case "html-after":
                return Reply(200, reply.kind, HTML, reply.headers)
            case "no-file":
                return plain({"time": 812, "message": "Proses signing berhasil"})
            case "other-name":
                return replace(reply, body=reply.body.replace(b'"file"', b'"signedFile"'))
        return reply

    def _sign_v2(self, said: dict[str, Any], fault: Fault) -> Reply:
        account = self.register.find(str(said.get("email") or ""), str(said.get("nik") or ""))
        files = said.get("file")
        if not isinstance(files, list):
            return spring(500, "/api/v2/sign/pdf", self._clock())
        wrong = self._refuses(account, said, len(files))
        if wrong is not None or account is None:
            return wrong or refused("User tidak terdaftar", 2011)
        return self._signed_v2(account, said, files, fault, "/api/v2/sign/pdf")

    def _signed_v2(self, account: Account, said: dict[str, Any], files: list[Any], fault: Fault, path: str) -> Reply:
        properties = (said.get("signatureProperties") or [{}])[0]
        reason, location = str(properties.get("reason") or ""), str(properties.get("location") or "")
        try:
            made = [
                self._signatures.make(account, base64.b64decode(each, validate=True), reason, location, fault.name)
                for each in files
            ]
        except Exception:  # noqa: BLE001 - whatever a broken file does to the library, the container says 500
            return spring(500, path, self._clock())
        self.faults.made()
        return plain({"time": 812, "file": [base64.b64encode(each).decode() for each in made]})

    def _sign_v1(self, said: dict[str, Any], fault: Fault) -> Reply:
        account = self.register.find(nik=str(said.get("nik") or ""))
        wrong = self._refuses(account, said, 1)
        if wrong is not None or account is None:
            return wrong or refused("User tidak terdaftar", 2011, old=True)
        reason, location = str(said.get("reason") or ""), str(said.get("location") or "")
        try:
            made = self._signatures.make(account, said.get("file") or b"", reason, location, fault.name)
        except Exception:  # noqa: BLE001 - as above
            return spring(500, "/api/sign/pdf", self._clock())
        self.faults.made()
        name = secrets.token_hex(16)
        self._results[name] = made
        return Reply(200, "application/pdf", made, {"id_dokumen": name})

    def _refuses(self, account: Account | None, said: dict[str, Any], files: int) -> Reply | None:
        if account is None:
            return refused("User tidak terdaftar", 2011)
        if account.status != "ISSUE":
            code, text = STATES[account.status]
            return refused(text, code)
        if "totp" in said:
            good = self.register.takes_code(account, str(said["totp"]), files)
            return None if good else refused("Kode TOTP tidak sesuai", 2041)
        if hmac.compare_digest(str(said.get("passphrase", "")).encode(), account.passphrase.encode()):
            return None
        return refused("Passphrase anda salah !!!", 2031, old="signatureProperties" not in said)

    def _code(self, said: dict[str, Any], fault: Fault) -> Reply:  # noqa: ARG002 - one shape for all routes
        account = self.register.find(str(said.get("email") or ""), str(said.get("nik") or ""))
        if account is None:
            return refused("User tidak terdaftar", 2011)
        self.register.give_code(account, int(said.get("data") or 1))
        return plain({"success": True, "message": TOTP_SENT})

    def _status(self, said: dict[str, Any], fault: Fault) -> Reply:  # noqa: ARG002 - as above
        account = self.register.find(str(said.get("email") or ""), str(said.get("nik") or ""))
        status = account.status if account is not None else "NOT_REGISTERED"
        code, text = STATES[status]
        # One of them comes as text, as it was met.
        return plain({"status_code": str(code) if code == 2021 else code, "message": text, "status": status})

    def _chain(self, said: dict[str, Any], fault: Fault) -> Reply:  # noqa: ARG002 - as above
        account = self.register.find(nik=said["nik"])
        if account is None:
            return Reply(400, "application/json", b"User tidak ditemukan")
        _, own = self.register.certified(account, self._clock())
        chain = (own, self.register.authority.issuer, self.register.authority.root)
        return plain({"success": True, "data": [each.public_bytes(Encoding.PEM).decode() for each in chain]})

    def _download(self, said: dict[str, Any], fault: Fault) -> Reply:  # noqa: ARG002 - as above
        found = self._results.pop(said["nik"], None)
        if found is None:
            return plain({"status_code": 4044, "error": "Dokumen tidak ditemukan"}, 404)
        return Reply(200, "application/pdf", found)

    def _seal_code(self, said: dict[str, Any], fault: Fault) -> Reply:  # noqa: ARG002 - as above
        if said.get("idSubscriber") != self.register.seal.nik or said.get("totp") != self.register.activation:
            return refused("Aktivasi segel tidak sesuai", 2041)
        code = self.register.give_code(self.register.seal, int(said.get("data") or 1))
        return plain({"message": "OK", "totp": code, "expires": "300", "result": True})

    def _seal(self, said: dict[str, Any], fault: Fault) -> Reply:
        files, seal = said.get("file"), self.register.seal
        if said.get("idSubscriber") != seal.nik or not isinstance(files, list):
            return refused("Segel tidak terdaftar", 2011)
        if not self.register.takes_code(seal, str(said.get("totp")), len(files)):
            return refused("Kode TOTP tidak sesuai", 2041)
        return self._signed_v2(seal, said, files, fault, "/api/v2/seal/pdf")

    def _verify_v2(self, said: dict[str, Any], fault: Fault) -> Reply:  # noqa: ARG002 - as above
        try:
            pdf = base64.b64decode(str(said.get("file") or ""), validate=True)
        except binascii.Error:
            pdf = b""
        if not pdf.startswith(b"%PDF"):
            return spring(500, "/api/v2/verify/pdf", self._clock())
        return verified(self._judged(pdf), self._clock())

    def _verify_v1(self, said: dict[str, Any], fault: Fault) -> Reply:  # noqa: ARG002 - as above
        return verified_old(self._judged(said.get("signed_file") or b""), "surat.pdf")

    def _judged(self, pdf: bytes) -> verifying.Verdict:
        authority = self.register.authority
        known = [each.public_bytes(Encoding.PEM) for each in (authority.root, authority.issuer)]
        return verifying.verdict(pdf, known, now=self._clock(), midway=True)

    def _knows(self, header: str) -> bool:
        try:
            given = base64.b64decode(header.removeprefix("Basic "), validate=True)
        except binascii.Error:
            return False
        return hmac.compare_digest(given, f"{USER}:{self._password}".encode())

    def _door(self, environ: dict[str, Any], method: str) -> Reply:
        if not ipaddress.ip_address(environ.get("REMOTE_ADDR") or "0.0.0.0").is_loopback:  # noqa: S104 - nobody's
            return plain({"error": "hanya dari mesin ini"}, 403)
        if method == "DELETE":
            self.faults.clear()
        if method == "POST":
            said = _said(environ)
            try:
                self.faults.plan(Fault(**said))
            except (TypeError, ValueError) as error:
                return plain({"error": str(error)}, 400)
        return plain({"calls": dict(self.faults.calls), "signed": self.faults.signed})


def _said(environ: dict[str, Any]) -> dict[str, Any]:
    """The fields of a request: a JSON object, or a form with files as bytes; empty for anything else."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST:
        return {}
    body: bytes = environ["wsgi.input"].read(int(length))
    kind = environ.get("CONTENT_TYPE", "")
    if kind.startswith("multipart/form-data"):
        message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=HTTP)
        return {
            str(part.get_param("name", header="content-disposition")): _value(part) for part in message.iter_parts()
        }
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _value(part: Any) -> str | bytes:
    content: bytes = part.get_payload(decode=True) or b""
    return content if part.get_filename() else content.decode(errors="replace")


def _shown(said: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in said.items() if name != "file"})


def _hang_up(environ: dict[str, Any]) -> None:
    """Close the line without an answer. Only waitress lets an application do so; elsewhere the answer is empty."""
    asked = environ.get("waitress.client_disconnected")
    if asked is not None:
        both_ways = 2
        asked.__self__.socket.shutdown(both_ways)
