"""What a signing provider is: the protocol, its plain values and its typed errors. No provider lives here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from intranet_surat.errors import Invalid, NotAllowed, SuratError, Unavailable
from intranet_surat.services.secret import Secret


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do. ``asks`` is ``passphrase``, ``totp`` or ``nothing``; ``level`` is B, T or LT.

    ``identity`` tells by which facts of a person it finds him (``person``, ``nip``, ``email``, ``nik``).
    A ``certified`` provider's signatures count as *tersertifikasi*; ``demo`` ones never start in production.
    """

    identity: frozenset[str]
    asks: str = "passphrase"
    level: str = "B"
    certified: bool = False
    demo: bool = False
    batch: bool = False
    visible: bool = False
    seal: bool = False


@dataclass(frozen=True, slots=True)
class Signer:
    """The person who signs, as a provider may know him. Empty text means unknown."""

    person: str
    name: str
    nip: str = ""
    email: str = ""

    @property
    def serials(self) -> frozenset[str]:
        """The subject serial numbers that mean this person in a certificate."""
        return frozenset(each for each in (self.person, self.nip) if each)


@dataclass(frozen=True, slots=True)
class SignerStatus:
    """Whether a person can sign now; ``says`` is the Indonesian sentence when not ``ready``."""

    ready: bool
    code: str = "ISSUE"
    says: str = ""


@dataclass(frozen=True, slots=True)
class SignResult:
    """What a provider returned: the whole signed file and its own reference."""

    pdf: bytes
    reference: str


@runtime_checkable
class SigningProvider(Protocol):
    """Signs a file for a person who gives his secret now. Called outside any transaction, once, never repeated."""

    @property
    def id(self) -> str:
        """Name in settings, attempts and history."""

    @property
    def title(self) -> str:
        """Name shown to the signatory."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""

    def status(self, signer: Signer, now: datetime) -> SignerStatus:
        """Whether ``signer`` can sign; raises ProviderUnavailable."""

    def sign(
        self, pdf: bytes, signer: Signer, secret: Secret, *, reason: str, location: str, now: datetime
    ) -> SignResult:
        """Sign ``pdf`` by an incremental update; raises one of the errors of this module."""


class SigningError(SuratError):
    """Base of what a provider may answer; ``code`` is kept with the attempt, ``detail`` (English) goes to the log."""

    code = "refused"
    sentence = "Penyedia tanda tangan menolak berkas ini. Tidak ada tanda tangan yang dibuat."

    def __init__(self, message: str = "", *, detail: str = "") -> None:
        # Named, not super(): the second base of a subclass may take other arguments than a sentence.
        SuratError.__init__(self, message or self.sentence)
        self.detail = detail


class WrongSecret(SigningError, Invalid):
    """The passphrase or code was wrong; it is never tried again by software."""

    code = "wrong-secret"
    sentence = "Frasa sandi salah. Tidak ada tanda tangan yang dibuat; surat dan nomornya tetap."

    def __init__(self, message: str = "", *, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.fields = {"secret": self.message}


class SignerNotReady(SigningError, NotAllowed):
    """The person has no certificate, or one that cannot be used now."""

    code = "signer-not-ready"
    sentence = (
        "Sertifikat tanda tangan Anda belum ada atau tidak berlaku. Hubungi DKISP; surat menunggu dengan nomornya."
    )
    action = ""
    who: tuple[str, ...] = ()


class Refused(SigningError):
    """The provider refused, or returned something that is not our file signed by this person."""


class BadInput(SigningError):
    """The file could not be read by the provider."""

    code = "bad-input"
    sentence = "Berkas surat tidak dapat dibaca oleh penyedia tanda tangan. Siapkan kembali suratnya, lalu coba lagi."


class ProviderUnavailable(SigningError, Unavailable):
    """The provider did not answer and nothing was sent: nothing was signed."""

    code = "unavailable"
    sentence = "Layanan tanda tangan tidak dapat dihubungi. Surat menunggu dengan nomornya; coba lagi nanti."


class OutcomeUnknown(SigningError, Unavailable):
    """The request was sent and the answer was lost: a person decides, software never repeats it."""

    code = "unknown"
    sentence = "Hasil penandatanganan belum pasti. Jangan ulangi; tunggu pemeriksaan."
