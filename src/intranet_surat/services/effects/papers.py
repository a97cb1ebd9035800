"""The effects `pdf` and `freeze`: the letter's file is made, and pinned so that all later steps see these bytes."""

from __future__ import annotations

import secrets

from intranet_surat.errors import SuratError
from intranet_surat.resources.document import Rendition
from intranet_surat.services import letter_pdf
from intranet_surat.services.house import EffectCall

PRINT = "cetak"


def pdf(call: EffectCall) -> None:
    """Render the letter; with ``code`` it is a print for ink that carries a code of its own."""
    letter = call.letter
    coded = call.options.get("code") in (True, "true")
    if coded and not letter.fields.get("print_code"):
        letter.fields = {**letter.fields, "print_code": secrets.token_hex(8).upper()}
    person = call.person if call.position == letter.fields.get("signatory") else ""
    printed = letter_pdf.signatory(call.house, call.site, letter, call.now, person)
    method = "wet" if coded else "pades"
    data = letter_pdf.render(call.house, call.site, letter, call.now, method=method, person=printed.get("person", ""))
    rendition = Rendition(
        data,
        kind=PRINT if coded else str(call.value),
        version=letter.version,
        filename=f"{letter.kind}.pdf",
        signatory=printed,
        created_at=call.now,
    )
    letter.renditions.append(rendition)
    call.facts["pdf"] = rendition.sha256


def freeze(call: EffectCall) -> None:
    """Pin the newest file (``file``) or the confirmed scan of the signed paper (``scan``) for this passage."""
    letter = call.letter
    if call.value == "scan":
        scans = [each for each in letter.attachments if each.place == "wet-scan"]
        if not scans:
            raise SuratError("Belum ada hasil pindai. Unggah hasil pindai lebih dulu.")
        letter.frozen = scans[-1].sha256
    else:
        if not letter.renditions:
            raise SuratError("Berkas surat belum dibuat, jadi tidak ada yang dapat dipakai.")
        letter.frozen = letter.renditions[-1].sha256
    call.facts["frozen"] = letter.frozen
