"""Who is registered with the stand-in, with which secrets; one-time codes are for a number of files and are used up."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from intranet_surat.demo.authority import issuing
from intranet_surat.demo.authority.issuing import Authority
from intranet_surat.services.providers.base import Signer

STATES = {
    "ISSUE": (1111, "User sudah terdaftar dan memiliki sertifikat dengan status ISSUE"),
    "EXPIRED": (2022, "Sertifikat sudah kedaluwarsa"),
    "RENEW": (2022, "Sertifikat sedang diperbarui"),
    "WAITING_FOR_VERIFICATION": (2022, "Menunggu verifikasi"),
    "NEW": (2022, "User belum aktif"),
    "NO_CERTIFICATE": (2021, "User belum memiliki sertifikat"),
    "NOT_REGISTERED": (2011, "User tidak terdaftar"),
    "SUSPEND": (2022, "Sertifikat dibekukan"),
    "REVOKE": (2022, "Sertifikat dicabut"),
}
"""The status and code of each; 2022 is invented here, what the real service says is not known."""


@dataclass(slots=True)
class Account:
    """A person, or an agency with its seal, as the stand-in knows it."""

    name: str
    email: str
    nik: str
    passphrase: str = field(repr=False)
    status: str = "ISSUE"
    key: rsa.RSAPrivateKey | None = field(default=None, repr=False)
    certificate: x509.Certificate | None = None


class Register:
    """The accounts, their keys (made when first needed) and the codes that are out."""

    def __init__(self, authority: Authority, accounts: Iterable[Account], seal: Account, activation: str) -> None:
        self.authority = authority
        self.accounts = list(accounts)
        self.seal = seal
        self.activation = activation
        self.codes: dict[str, tuple[str, int]] = {}
        self._lock = threading.Lock()

    def find(self, email: str = "", nik: str = "") -> Account | None:
        """The account of a person; None for one that nobody registered."""
        for each in self.accounts:
            if (email and each.email.casefold() == email.casefold()) or (nik and each.nik == nik):
                return each
        return None

    def certified(self, account: Account, now: datetime) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
        """The key and certificate of an account, valid for two years as BSrE's are."""
        with self._lock:
            if account.key is None or account.certificate is None:
                account.key = issuing.new_key()
                day = timedelta(days=1)
                # By its e-mail a certificate is known to be a person's: a NIK in it would be read by the whole world.
                named = Signer(f"UJI{secrets.randbelow(10**9):09}", account.name, email=account.email)
                account.certificate = self.authority.certificate(account.key, named, now - 2 * day, now + 728 * day)
            return account.key, account.certificate

    def give_code(self, account: Account, files: int) -> str:
        """A new code for ``files`` files; the one before it is void."""
        code = f"{secrets.randbelow(10**6):06}"
        with self._lock:
            self.codes[account.email] = (code, files)
        return code

    def takes_code(self, account: Account, code: str, files: int) -> bool:
        """Whether the code is the one that is out, for so many files; afterwards it is used up."""
        with self._lock:
            if self.codes.get(account.email) != (code, files):
                return False
            del self.codes[account.email]
            return True
