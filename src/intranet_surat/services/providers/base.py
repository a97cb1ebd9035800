"""What a signing provider is: the protocol, its plain values and its typed errors. No provider lives here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

from intranet_surat.errors import Invalid, NotAllowed, SuratError, Unavailable
from intranet_surat.services.secret import Secret


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do, as far as somebody asks before calling it.

    ``identity`` tells by which facts of a person it finds him (``person``, ``nip``, ``email``, ``nik``), ``secrets``
    what the signatory may give (``passphrase``, ``totp``; empty: nothing); ``calls`` calls may run at once.
    A ``certified`` provider's signatures count as *tersertifikasi*; ``demo`` ones never start in production.
    """

    identity: frozenset[str]
    secrets: frozenset[str] = frozenset({"passphrase"})
    certified: bool = False
    demo: bool = False
    calls: int = 1
    seal: bool = False


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, as a provider may know him; an agency that seals is one too. Empty text means unknown.

    ``nik`` is given to a provider that finds a person by nothing else, and is never shown or logged.
    """

    person: str
    name: str
    nip: str = ""
    email: str = ""
    nik: str = field(default="", repr=False)

    @property
    def serials(self) -> frozenset[str]:
        """The subject serial numbers that mean this person in a certificate."""
        return frozenset(each for each in (self.person, self.nip, self.nik) if each)


class SignerState(StrEnum):
    """How a person stands with a provider; all but ``ISSUE`` keep him from signing, each with its sentence."""

    ISSUE = "ISSUE"
    NOT_REGISTERED = "NOT_REGISTERED"
    NO_CERTIFICATE = "NO_CERTIFICATE"
    NEW = "NEW"
    WAITING = "WAITING"
    RENEW = "RENEW"
    EXPIRED = "EXPIRED"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"
    WET = "WET"
    UNKNOWN = "UNKNOWN"

    @property
    def sentence(self) -> str:
        """What the signatory is told, and what to do."""
        return _STATES[self]


_STATES = {
    SignerState.ISSUE: "",
    SignerState.NOT_REGISTERED: "Anda belum terdaftar pada penyedia tanda tangan. Hubungi DKISP.",
    SignerState.NO_CERTIFICATE: "Anda belum mempunyai sertifikat tanda tangan. Hubungi DKISP.",
    SignerState.NEW: "Akun tanda tangan Anda belum diaktifkan. Buka surel aktivasi dari penyedia tanda tangan.",
    SignerState.WAITING: "Pendaftaran tanda tangan Anda masih diverifikasi. Tanyakan kepada DKISP.",
    SignerState.RENEW: "Sertifikat Anda sedang diperbarui. Selesaikan pembaruannya, lalu coba lagi.",
    SignerState.EXPIRED: "Sertifikat Anda sudah kedaluwarsa. Hubungi DKISP untuk pembaruan.",
    SignerState.SUSPENDED: "Sertifikat Anda sedang dibekukan. Hubungi DKISP.",
    SignerState.REVOKED: "Sertifikat Anda sudah dicabut. Hubungi DKISP untuk penerbitan baru.",
    SignerState.WET: "Surat ini ditandatangani basah: cetak, tanda tangani, beri nomor, lalu unggah pindaiannya.",
    SignerState.UNKNOWN: "Penyedia tanda tangan menyebut keadaan akun Anda yang tidak kami kenal. Hubungi DKISP.",
}
HELD = "Surat menunggu dengan nomornya."


@dataclass(frozen=True, slots=True)
class SignerStatus:
    """How a person stands with a provider now; ``says`` is for the signatory, by default the state's sentence."""

    code: SignerState = SignerState.ISSUE
    says: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "says", self.says or self.code.sentence)

    @property
    def ready(self) -> bool:
        """Whether the person can sign now."""
        return self.code is SignerState.ISSUE


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
        """Whether ``signer`` can sign; raises ProviderUnavailable, RateLimited or Misconfigured."""

    def sign(
        self, pdf: bytes, signer: Signer, secret: Secret, *, reason: str, location: str, now: datetime, field: str = ""
    ) -> SignResult:
        """Sign ``pdf`` by an incremental update; raises one of the errors of this module.

        ``field`` names the empty signature field to fill; without one a new invisible field is made.
        """


@runtime_checkable
class CodeProvider(Protocol):
    """A provider whose ``secrets`` hold ``totp``: it sends the signatory a code when asked."""

    def request_code(self, signer: Signer, files: int, now: datetime) -> None:
        """Have a code for ``files`` files sent to ``signer``; raises what `SigningProvider.status` raises."""


@runtime_checkable
class SealingProvider(Protocol):
    """A provider that seals for the agency; it needs no person, and what it needs is in the settings."""

    @property
    def sealer(self) -> Signer:
        """The agency, as its certificate names it."""

    def seal(self, pdf: bytes, *, reason: str, location: str, now: datetime, field: str = "") -> SignResult:
        """Seal ``pdf`` by an incremental update; raises one of the errors of this module."""


@runtime_checkable
class KeepsResults(Protocol):
    """A provider that hands out a signed file once more: evidence for a person after an answer was lost."""

    def fetch(self, reference: str, now: datetime) -> bytes:
        """The file with that reference; raises one of the errors of this module."""


class SigningError(SuratError):
    """Base of what a provider may answer; ``code`` is kept with the attempt, ``detail`` (English) goes to the log.

    ``ends`` is what the attempt becomes: ``failed`` when surely nothing was signed, else ``unknown``. An ``alarm``
    is for the administrators: nobody who signs can mend it. ``reference`` is what the provider named its result.
    """

    code = "refused"
    sentence = (
        f"Penyedia tanda tangan menolak berkas ini. Tidak ada tanda tangan yang dibuat. {HELD} Hubungi DKISP; sebabnya "
        "tercatat."
    )
    ends: Literal["failed", "unknown"] = "failed"
    alarm = False

    def __init__(self, message: str = "", *, detail: str = "", reference: str = "") -> None:
        # Named, not super(): the second base of a subclass may take other arguments than a sentence.
        SuratError.__init__(self, message or self.sentence)
        self.detail = detail
        self.reference = reference


class WrongSecret(SigningError, Invalid):
    """The passphrase or code was wrong; it is never tried again by software, and too many of them must wait."""

    code = "wrong-secret"
    sentence = "Frasa sandi salah. Tidak ada tanda tangan yang dibuat; surat dan nomornya tetap."
    wrong_code = "Kode sekali pakai salah atau sudah lewat. Tidak ada tanda tangan yang dibuat; minta kode baru."

    def __init__(self, message: str = "", *, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.fields = {"secret": self.message}


class SignerNotReady(SigningError, NotAllowed):
    """The person has no certificate, or one that cannot be used now; he is told which."""

    code = "signer-not-ready"
    sentence = f"Sertifikat tanda tangan Anda belum ada atau tidak berlaku. Hubungi DKISP. {HELD}"
    action = ""
    who: tuple[str, ...] = ()
    remedy = None

    def __init__(self, message: str = "", *, detail: str = "", status: SignerStatus | None = None) -> None:
        told = f"{status.says} {HELD}" if status is not None else message
        super().__init__(told, detail=detail or (status.code if status is not None else ""))
        self.status = status


class Refused(SigningError):
    """The provider refused, or returned something that is not our file signed by this person."""


class BadInput(SigningError):
    """The file could not be read by the provider."""

    code = "bad-input"
    sentence = "Berkas surat tidak dapat dibaca oleh penyedia tanda tangan. Siapkan kembali suratnya, lalu coba lagi."


class ProviderUnavailable(SigningError, Unavailable):
    """The provider did not answer and nothing was sent: nothing was signed, and a person may try again later."""

    code = "unavailable"
    sentence = f"Penyedia tanda tangan tidak dapat dihubungi. {HELD} Coba lagi nanti."


class RateLimited(SigningError, Unavailable):
    """The provider took nothing because too much was asked of it; ``retry_after`` is in seconds, when it said so."""

    code = "rate-limited"
    sentence = f"Penyedia tanda tangan sedang penuh dan belum menerima surat ini. {HELD} Coba lagi beberapa menit lagi."

    def __init__(self, message: str = "", *, detail: str = "", retry_after: int | None = None) -> None:
        super().__init__(message, detail=detail)
        self.retry_after = retry_after


class Misconfigured(SigningError, Unavailable):
    """The provider does not know this application: no signatory can help, an administrator must."""

    code = "misconfigured"
    sentence = f"Penyedia tanda tangan menolak aplikasi ini, bukan Anda. Hubungi DKISP; tidak perlu dicoba lagi. {HELD}"
    alarm = True


class OutcomeUnknown(SigningError, Unavailable):
    """The request was sent and the answer was lost: a person decides, software never repeats it."""

    code = "unknown"
    sentence = "Hasil penandatanganan belum pasti. Jangan ulangi; lihat bukti percobaannya, lalu putuskan."
    ends = "unknown"
