"""The effects `number` and `signed`: numbers are reserved, used or void, and never given twice.

The register is locked before the transaction begins (`services.acting` asks `keys` first); here the number
is only taken from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from intranet_surat.errors import Invalid
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.resources.register import NumberRegister
from intranet_surat.resources.site import Site
from intranet_surat.services import given_up, numbering
from intranet_surat.services.house import EffectCall, House
from intranet_surat.workflow.model import Effect
from intranet_surat.workflow.model_words import AGENDA, WET

VOID = "void"


def owner(site: Site, item: Item, series: str) -> str:
    """Code of the office whose register numbers the item: the signatory's, or whom that office names for it."""
    code = item.office
    signatory = item.letter.fields.get("signatory") if item.letter.direction == "keluar" else None
    if signatory and signatory in site.positions:
        code = site.positions[signatory].office
    office = site.office(code)
    return str(office.registers.get(series, code)) if office is not None else code


def year(house: House, item: Item, series: str, now: datetime, on: str | None = None) -> int:
    """The register's year: of the receipt for agenda numbers, of the letter's date for all others."""
    if series == AGENDA and item.track is None:
        received = item.letter.fields.get("received_at")
        return house.local(datetime.fromisoformat(received)).year if received else house.today(now).year
    return date.fromisoformat(on).year if on else house.today(now).year


def keys(house: House, site: Site, item: Item, effects: Iterable[Effect], now: datetime, on: str | None) -> list[str]:
    """The registers that these effects will write, as keys to lock."""
    found = set()
    for effect in effects:
        if effect.name == "number" and effect.value != VOID:
            found.add(
                numbering.key(owner(site, item, effect.value), effect.value, year(house, item, effect.value, now, on))
            )
        elif effect.name in {"number", "signed"} and not effect.gives_up and item.letter.register:
            found.add(item.letter.register)
    return sorted(found)


def dated(house: House, item: Item, on: str | None, now: datetime) -> None:
    """Raise Invalid for a day of signing before the letter was begun or after today: numbers are not backdated."""
    begun = house.today(item.letter.created_at or now)
    if on and not begun <= date.fromisoformat(on) <= house.today(now):
        raise Invalid({"tanggal_ttd": f"Isi tanggal dari {begun:%d/%m/%Y}, hari konsep dibuat, sampai hari ini."})


def received(house: House, letter: Letter, now: datetime) -> None:
    """Raise Invalid for a receipt in another year than this one or the last: agenda books of old are closed."""
    this, found = house.today(now).year, year(house, letter, AGENDA, now)
    if letter.direction == "masuk" and found not in {this - 1, this}:
        raise Invalid(
            {"received_at": f"Surat diterima pada {this - 1} atau {this}; tertulis tahun {found}. Periksa tanggalnya."}
        )


def number(call: EffectCall) -> None:
    """Reserve (incoming: give) the letter's number in the series, or void the one it has with the reason entered."""
    if call.value == VOID:
        void(call)
        return
    if call.value == AGENDA:
        agenda(call)
        return
    letter: Letter = call.letter
    if letter.fields.get("number") and letter.register:
        call.facts["number"] = letter.fields["number"]
        return
    on = call.form.get("tanggal_ttd") or call.house.today(call.now).isoformat()
    office = owner(call.site, call.item, call.value)
    register = numbering.register(call.site, office, call.value, int(on[:4]))
    value = register.reserve(letter.id, call.now)
    kind = call.house.kinds[letter.kind]
    pattern = call.site.office(office).patterns.get(letter.kind) or kind.number_pattern
    text = numbering.render(
        pattern,
        no=value,
        klas=letter.fields.get("classification", ""),
        unit=call.site.office(office).unit_code or office,
        security=letter.fields.get("security", "B"),
        date=date.fromisoformat(on),
        kind=letter.kind,
    )
    letter.register = numbering.key(office, call.value, int(on[:4]))
    letter.fields = {**letter.fields, "number": text, "letter_date": on}
    call.facts["number"] = text


def agenda(call: EffectCall) -> None:
    """Give the agenda number of the item's office and year; once, however often the state is entered."""
    item: Item = call.item
    if item.fields.get("agenda_number"):
        return
    key_year = year(call.house, item, AGENDA, call.now)
    register = numbering.register(call.site, item.office, AGENDA, key_year)
    value = register.give(item.id, call.now)
    item.fields = {**item.fields, "agenda_number": value, "agenda_year": key_year}
    call.facts["number"] = value


def void(call: EffectCall) -> None:
    """Void the reserved number; its line stays in the register with the reason, the letter has none any more.

    A used number stays the letter's: what was signed under it went out, or may have.
    """
    letter: Letter = call.letter
    register = register_of(call.site, letter)
    if register is None or register.used(letter.id):
        return
    reason = str(call.form.get("alasan") or "Dibatalkan oleh alur")
    register.void(letter.id, reason)
    call.facts["number_void"] = letter.fields.get("number")
    letter.fields = {**letter.fields, "number": None, "letter_date": None}
    letter.register = None


def use(site: Site, letter: Letter) -> None:
    """The letter is signed: its number is used."""
    register = register_of(site, letter)
    if register is not None:
        register.use(letter.id)


def signed(call: EffectCall) -> None:
    """The letter is signed as the effect says (``wet``), and its number used."""
    if call.value == WET:
        call.site.renewals.drop(path_of(call.letter))
    call.letter.fields = {**call.letter.fields, "signed": call.value}
    use(call.site, call.letter)
    call.facts["signed"] = call.value


def give_up(site: Site, letter: Letter, facts: dict[str, Any]) -> None:
    """The text may be changed again: the file of before is not the letter any more, and nothing is signed."""
    letter.frozen = None
    site.renewals.drop(path_of(letter))
    if letter.fields.get("signed"):
        given_up.note(letter, facts)
        letter.fields = {**letter.fields, "signed": None}


def register_of(site: Site, letter: Letter) -> NumberRegister | None:
    """The register in which the letter's number stands; None while it has none."""
    return site.registers.get(letter.register) if letter.register else None
