"""The effects `pdf` and `freeze`: the letter's file is made, and pinned so that all later steps see these bytes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from intranet_surat.errors import SuratError
from intranet_surat.resources.document import Rendition
from intranet_surat.services import letter_pdf, seals, signatories, signing_fields
from intranet_surat.services.house import EffectCall
from intranet_surat.services.itemview import StoredItem, flow_of, setting, state_of
from intranet_surat.services.signers import signer
from intranet_surat.workflow import cast
from intranet_surat.workflow.model_words import PADES, SEAL, WET

PRINT = "cetak"


def pdf(call: EffectCall) -> None:
    """Render the letter; with ``code`` it is a print for ink that carries a code of its own."""
    letter = call.letter
    coded = call.options.get("code") in (True, "true")
    if coded and not letter.fields.get("print_code"):
        letter.fields = {**letter.fields, "print_code": secrets.token_hex(8).upper()}
    person = call.person if call.position == letter.fields.get("signatory") else ""
    printed = letter_pdf.signatory(call.house, call.site, letter, call.now, person)
    sealed = seals.instead(call.house, call.site, call.item)
    if sealed:
        seals.demand(call.house, letter)
    method = WET if coded else SEAL if sealed else PADES
    data = letter_pdf.render(call.house, call.site, letter, call.now, method=method, person=printed.get("person", ""))
    places = () if coded else _places(call, printed.get("person", ""))
    if places:
        people = call.site.people
        data = signing_fields.prepared(
            data, {each["field"]: signer(call.house, people[each["person"]]) for each in places}
        )
    rendition = Rendition(
        data,
        kind=PRINT if coded else str(call.value),
        version=letter.version,
        filename=f"{letter.kind}.pdf",
        signatory=printed,
        signatories=places,
        created_at=call.now,
    )
    letter.renditions.append(rendition)
    call.facts["pdf"] = rendition.sha256


def _places(call: EffectCall, person: str) -> tuple[Mapping[str, str], ...]:
    """For whom which field is prepared, where the flow has several sign the file in turn."""
    house, site, letter = call.house, call.site, call.letter
    sign = state_of(house, site, letter).sign
    if sign is None or not sign.in_turn:
        return ()
    asked = setting(house, site, letter, call.now)
    turns = cast.of_all(sign.by, flow_of(house, site, letter), StoredItem(house, site, letter), asked)
    printed = letter_pdf.signatories(house, site, letter, call.now, person)
    titles = {each: asked.org.title(each) for each in (*turns, *(one["position"] for one in printed))}
    return signatories.prepare(printed, turns, titles)


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
