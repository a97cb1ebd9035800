"""The files that the stand-in returns: really signed, or wrong in the way that a fault names."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter, copy_into_new_writer

from intranet_surat.demo.bsre.accounts import Account, Register
from intranet_surat.services import signing_fields, signing_pades
from intranet_surat.services.providers.base import Signer

OWN = "esc_"
"""How its fields are called: the service makes one for each signature, and leaves prepared ones empty."""
SKEW = timedelta(hours=26)


class Signatures:
    """Signs for accounts with a clock; with a ``timestamper`` the level is B-T, as BSrE's is."""

    def __init__(self, register: Register, clock: Callable[[], datetime], timestamper: Any = None) -> None:
        self._register = register
        self._clock = clock
        self._timestamper = timestamper
        self._stranger = Account("Orang Lain", "orang.lain@contoh.invalid", "3200000000000099", "")

    def make(self, account: Account, pdf: bytes, reason: str, location: str, fault: str) -> bytes:
        """``pdf`` signed by the account. Raises what the PDF library raises for a file that it cannot read."""
        now = self._clock()

        def sign(data: bytes, whose: Account = account, when: datetime = now, stamps: Any = self._timestamper) -> bytes:
            key, certificate = self._register.certified(whose, now)
            loaded = signing_pades.LoadedKey(key, certificate, [self._register.authority.issuer])
            told: Any = {"reason": reason, "location": location, "now": when, "timestamper": stamps}
            field = _free_name(data)
            return signing_pades.sign(_with_field(data, field, whose), loaded, **told, field=field)

        match fault:
            case "unsigned":
                return pdf
            case "rewritten":
                return sign(_rewritten(pdf))
            case "other-signer":
                return sign(pdf, self._stranger)
            case "clock-skew":
                # A timestamp would tell the right time beside it: the clock is wrong and nobody stamps.
                return sign(pdf, account, now + SKEW, None)
            case "replay":
                return sign(_yesterday(), account, now - timedelta(days=1))
            case "two-signatures":
                return sign(sign(pdf))
            case "cut-pdf":
                return sign(pdf)[: len(pdf) + 500]
        return sign(pdf)


def _free_name(pdf: bytes) -> str:
    root: Any = PdfFileReader(io.BytesIO(pdf)).root
    present: list[str] = []
    with suppress(KeyError):  # an unsigned file has no form
        present = [str(each.get_object().get("/T", "")) for each in root["/AcroForm"]["/Fields"]]
    return f"{OWN}{sum(each.startswith(OWN) for each in present) + 1}"


def _with_field(pdf: bytes, name: str, account: Account) -> bytes:
    return signing_fields.prepared(pdf, {name: Signer("", account.name)})


def _rewritten(pdf: bytes) -> bytes:
    return _written(copy_into_new_writer(PdfFileReader(io.BytesIO(pdf))))


def _yesterday() -> bytes:
    made = PdfFileWriter()
    made.insert_page(PageObject(made.add_object(StreamObject(stream_data=b"")), media_box=(0, 0, 595, 842)))
    return _written(made)


def _written(made: PdfFileWriter) -> bytes:
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()
