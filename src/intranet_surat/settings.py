"""The settings of the application: name, default and help in one table. Only the roof reads them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "intranet_surat."
DEMO_MARK = "UJI COBA"
KEY_BYTES = 32
DEMO_SECRET = "rahasia-uji-coba-bukan-untuk-produksi"  # noqa: S105  what production is to be kept from
_NEEDED = {"bsre-v1": "bsre_url", "bsre-v2": "bsre_url", "csc": "csc_url", "pkcs11": "pkcs11_module"}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingError(Exception):
    """The configuration cannot be used; the message lists every problem in English."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table; ``name`` is written after ``intranet_surat.`` in the ini file."""

    name: str
    default: str
    help: str
    read: Callable[[str], Any] = str


def _yes_no(text: str) -> bool:
    if text.strip().lower() in {"true", "yes", "on", "1"}:
        return True
    if text.strip().lower() in {"false", "no", "off", "0"}:
        return False
    raise ValueError("expected true or false")


def _count(text: str) -> int:
    if not text.strip().isdecimal() or int(text) < 1:
        raise ValueError("expected a whole number from 1")
    return int(text)


def _url(text: str) -> str:
    text = text.strip().rstrip("/")
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).netloc):
        raise ValueError("expected an address such as https://surat.example.go.id")
    return text


def _address(text: str) -> tuple[str, int] | None:
    if not text.strip():
        return None
    host, _, port = text.strip().rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError("expected host:port")
    return host, int(port)


def _urls(text: str) -> tuple[str, ...]:
    found = tuple(_url(each) for each in text.split())
    if any(urlsplit(each).query or urlsplit(each).username for each in found):
        raise ValueError("expected addresses without passwords and questions")
    return found


def _hosts(text: str) -> dict[str, str]:
    """Hosts as certificates name them, each with the address at which it is reached: its own unless one is written."""
    found = {}
    for each in text.lower().split():
        name, _, address = each.partition("=")
        if not all(re.fullmatch(r"[a-z0-9.-]+(:[0-9]{1,5})?", part) for part in (name, address or name)):
            raise ValueError("expected hosts, separated by spaces, each as host or host=address:port")
        found[name] = address
    return found


def _one_of(*accepted: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.strip() not in accepted:
            raise ValueError(f"expected one of: {', '.join(accepted)}")
        return text.strip()

    return read


def _some_of(*accepted: str) -> Callable[[str], frozenset[str]]:
    def read(text: str) -> frozenset[str]:
        found = frozenset(text.split())
        if not found or found - set(accepted):
            raise ValueError(f"expected one or more of: {' '.join(accepted)}")
        return found

    return read


SETTINGS: tuple[Setting, ...] = (
    Setting("public_url", "", "address that people and QR codes use; never taken from a request", _url),
    Setting("var", "var", "directory of everything that is written besides the database", Path),
    Setting("demo", "false", "true allows demo keys, passwords and secrets; production leaves it out", _yes_no),
    Setting("secret", "", "text of 32 characters or more that signs the session cookie"),
    Setting("private_key_file", "", "file with the 32-byte key that seals personal data such as NIK"),
    Setting("timezone", "Asia/Jakarta", "zone of dates, years and working days"),
    Setting("regency", "Kabupaten Serang", "name of the regency on letterheads and pages"),
    Setting("session_idle_minutes", "30", "a session is over after so many minutes without a request", _count),
    Setting("signing_provider", "pkcs12", "name of the signing provider in use"),
    Setting("signing_keys", "", "directory of the .p12 files of provider pkcs12; empty: <var>/ttd"),
    Setting("bsre_url", "", "address of the regency's own eSign Client Service of BSrE; empty: not connected", _url),
    Setting("bsre_user", "", "application credential of that service"),
    Setting("bsre_password_file", "", "file with its password, read at each call"),
    Setting("bsre_ca_file", "", "authorities that vouch for that service; empty: those of the system"),
    Setting("bsre_identity", "email", "by what bsre-v2 knows a person: email or nik (bsre-v1 knows only nik)",
            _one_of("email", "nik")),
    Setting("bsre_secrets", "passphrase", "what signatories give to bsre-v2: passphrase, totp, or both with a space",
            _some_of("passphrase", "totp")),
    Setting("bsre_sign_seconds", "120", "a signature of BSrE may take so long before its outcome is unknown", _count),
    Setting("bsre_calls", "4", "so many calls to BSrE may run at once when many letters are signed", _count),
    Setting("bsre_seal_subscriber", "", "idSubscriber of the agency's seal; empty: nothing is sealed"),
    Setting("bsre_seal_activation_file", "", "file with the activation code of the seal, read at each seal"),
    Setting("sealer", "segel", "serial number or e-mail that names the agency in the certificate of its seal"),
    Setting("seal_passphrase_file", "", "file with the passphrase or PIN of the agency's seal, for pkcs12 and pkcs11"),
    Setting("sealed_kinds", "", "kinds of letters that the regency's own rule lets the agency seal in place of an "
            "official's signature; empty: none", lambda text: frozenset(text.split())),
    Setting("seal_footer", "", "text at the foot of documents that are sealed so; empty: the shipped formula"),
    Setting("pkcs11_module", "", "library of the key store, such as /usr/lib/softhsm/libsofthsm2.so"),
    Setting("pkcs11_seal_token", "", "label of the token that holds the agency's seal"),
    Setting("csc_url", "", "address of a remote signing service that speaks CSC v1; empty: not connected", _url),
    Setting("csc_token_file", "", "file with the access token of that service, read at each call"),
    Setting("csc_ca_file", "", "authorities that vouch for that service; empty: those of the system"),
    Setting("csc_identity", "email", "by what that service knows a person: email or nip", _one_of("email", "nip")),
    Setting("allow_insecure_http", "", "host to which passphrases may go without TLS, on a line that is yours alone"),
    Setting("roots", "", "PEM file of the certificate authorities that are trusted; empty: <signing_keys>/akar.pem"),
    Setting("timestamp_urls", "", "time-stamping authorities (RFC 3161), in the order in which they are asked", _urls),
    Setting("evidence_hosts", "", "hosts of known authorities that tell which certificates are revoked; nothing is "
            "fetched from any other; host=address:port when one is reached elsewhere", _hosts),
    Setting("anchors_file", "", "file that gets the daily anchor of all histories; empty: <var>/jangkar.jsonl"),
    Setting("smtp", "", "host:port of the mail server; empty: deliveries by mail fail with that reason", _address),
    Setting("smtp_tls", "none", "none (internal servers only), starttls or tls", _one_of("none", "starttls", "tls")),
    Setting("smtp_user", "", "log-in of the mail server; needs smtp_tls"),
    Setting("smtp_password_file", "", "file with its password, read at each mail"),
    Setting("smtp_ca_file", "", "authorities that vouch for the mail server; empty: those of the system"),
    Setting("mail_from", "", "sender address of mail"),
    Setting("footer", "", "text at the foot of electronically signed letters; empty: the shipped formula"),
    Setting("locks", "thread", "reach of number locks: thread, file or postgresql",
            _one_of("thread", "file", "postgresql")),
    Setting("postgresql", "", "connection string for locks = postgresql"),
    Setting("worker", "none", "thread runs jobs inside the web process; none leaves them to `surat worker`",
            _one_of("thread", "none")),
    Setting("root_allowed", "false", "true lets root run commands that write", _yes_no),
)  # fmt: skip


def read(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The settings by short name, typed; raises SettingError naming every line that cannot be taken."""
    known = {each.name: each for each in SETTINGS}
    problems = []
    values: dict[str, Any] = {}
    for key in sorted(raw):
        name = key.removeprefix(PREFIX)
        if key.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {PREFIX}{near[0]}?" if near else ""
            problems.append(f"{key}: no such setting{hint}")
    for each in SETTINGS:
        text = str(raw.get(PREFIX + each.name, each.default))
        try:
            values[each.name] = each.read(text)
        except ValueError as error:
            problems.append(f"{PREFIX}{each.name}: {error}, found {text!r}")
    if problems:
        raise SettingError("\n".join(problems))
    values["signing_keys"] = Path(values["signing_keys"] or values["var"] / "ttd")
    values["roots"] = Path(values["roots"] or values["signing_keys"] / "akar.pem")
    values["anchors_file"] = Path(values["anchors_file"] or values["var"] / "jangkar.jsonl")
    return values


def refuse_unsafe(values: Mapping[str, Any]) -> None:
    """Raise SettingError when settings fit for a demo are used without ``demo = true``.

    ``values`` is what `read` answered. Demo passwords stand in the database: ask
    `services.accounts.demo_logins` when it is open.
    """
    if values["demo"]:
        return
    problems = []
    url = urlsplit(values["public_url"])
    if not values["public_url"]:
        problems.append(
            "public_url is missing, QR codes would lead nowhere: write an address such as https://surat.example.go.id"
        )
    elif url.scheme != "https" and url.hostname not in _LOOPBACK:
        problems.append(f"public_url must begin with https://, found {values['public_url']!r}")
    if values["secret"] == DEMO_SECRET:
        problems.append("secret is the one of the demo: write a random one, e.g. from `openssl rand -hex 32`")
    elif len(values["secret"]) < 32:
        problems.append("secret must have 32 characters or more, e.g. from `openssl rand -hex 32`")
    if values["private_key_file"] and not Path(values["private_key_file"]).is_file():
        problems.append(
            f"private_key_file: {values['private_key_file']} cannot be read: write 32 random bytes there, or name "
            "the file that holds them"
        )
    elif not values["private_key_file"]:
        problems.append("private_key_file is missing: write 32 random bytes, readable by the service only")
    elif Path(values["private_key_file"]).stat().st_size != KEY_BYTES:
        problems.append(f"private_key_file: {values['private_key_file']} must hold exactly {KEY_BYTES} bytes")
    problems += [
        f"{name}: {path} is a demo key ({DEMO_MARK}): write the certificates of the real authority"
        for name, path in demo_keys(values)
    ]
    if not values["roots"].is_file() and (values["bsre_url"] or any(values["signing_keys"].glob("*.p12"))):
        problems.append(
            f"roots: {values['roots']} cannot be read: without authorities every signature counts as invalid"
        )
    if problems:
        lines = "\n".join(f"  {PREFIX}{each}" for each in problems)
        raise SettingError(f"refusing to start without {PREFIX}demo = true:\n{lines}")


def refuse_half_signing(values: Mapping[str, Any]) -> None:
    """Raise SettingError when a way to sign or seal is begun and cannot work; in a demo as in production."""
    chosen = values["signing_provider"]
    wanted = _NEEDED.get(chosen, "")
    problems = []
    if wanted and not values[wanted]:
        told = next(each.help for each in SETTINGS if each.name == wanted)
        problems.append(f"signing_provider = {chosen} needs {wanted}: {told}")
    problems += [problem for service in ("bsre", "csc") for problem in _half_service(service, values)]
    if values["bsre_url"] and not values["bsre_user"]:
        problems.append("bsre_user is missing: make an application credential at /login of the service")
    if values["bsre_url"] and values["bsre_seal_subscriber"] and not values["sealer"]:
        problems.append("sealer is missing: without it no seal can be told from another's")
    if values["pkcs11_module"] and not Path(values["pkcs11_module"]).is_file():
        problems.append(f"pkcs11_module: there is no library {values['pkcs11_module']}")
    files = {
        "bsre_password_file": values["bsre_url"],
        "bsre_seal_activation_file": values["bsre_url"] and values["bsre_seal_subscriber"],
        "csc_token_file": values["csc_url"],
        "seal_passphrase_file": values["pkcs11_seal_token"] or values["seal_passphrase_file"],
    }
    problems += [f"{name}: {found}" for name, used in files.items() if used and (found := _secret_file(values[name]))]
    if problems:
        raise SettingError("\n".join(f"{PREFIX}{each}" for each in problems))


def _half_service(service: str, values: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the address of a signing service and with who vouches for it."""
    url, named = urlsplit(values[f"{service}_url"]), values["allow_insecure_http"]
    if url.path or url.query or url.username:
        yield f"{service}_url: write scheme, host and port only; the paths of the service are known"
    if url.scheme == "http" and named != url.hostname:
        yield (
            f"{service}_url: passphrases are not sent over plain http. Put TLS before the service; or, when the line "
            f"between both machines is yours alone, write allow_insecure_http = {url.hostname}"
        )
    if url.scheme == "https" and named == url.hostname:
        yield f"allow_insecure_http: {named} is called with TLS, leave it out"
    if url.scheme and (path := values[f"{service}_ca_file"]) and not Path(path).is_file():
        yield f"{service}_ca_file: {path} cannot be read"


def _secret_file(name: str) -> str:
    path = Path(name)
    if not name or not path.is_file():
        return f"{name or 'no file'} cannot be read: name a file that holds the secret and nothing else"
    if path.stat().st_size == 0:
        return f"{path} is empty"
    if path.stat().st_mode & 0o007:
        return f"{path} may be read by everybody: chmod 0400, owner the service"
    return ""


def demo_keys(values: Mapping[str, Any]) -> list[tuple[str, Path]]:
    """The certificates in use, or lying beside the keys, that are marked as a demo's; each with its setting."""
    roots, folder = values["roots"].absolute(), values["signing_keys"].absolute()
    beside = sorted(folder.glob("*.pem")) if folder.is_dir() else []
    found = [("roots", roots)] if roots.is_file() and _is_demo(roots, "roots") else []
    return found + [("signing_keys", each) for each in beside if each != roots and _is_demo(each, "signing_keys")]


def _is_demo(path: Path, name: str) -> bool:
    from cryptography import x509  # noqa: PLC0415  only production looks into certificates here

    try:
        certificates = x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError as error:
        raise SettingError(f"{PREFIX}{name}: {path} holds no certificates in PEM form") from error
    except OSError as error:
        raise SettingError(f"{PREFIX}{name}: {path} cannot be read: {error.strerror}") from error
    return any(DEMO_MARK in each.subject.rfc4514_string().upper() for each in certificates)
