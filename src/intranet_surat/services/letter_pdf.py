"""A stored letter as the facts that its page prints; how they look is `services.rendering`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from intranet_surat.resources.letter import Letter
from intranet_surat.resources.people import Person, Position
from intranet_surat.resources.site import Office, Site
from intranet_surat.services import private, rendering, vocabularies
from intranet_surat.services.house import House
from intranet_surat.services.rendering_facts import (
    FOOTER,
    Letterhead,
    PrintedAddressee,
    RenderFacts,
    SigningBlock,
    attachment,
    display,
    signing_block,
)

POSTS_OF_STATE = "kepala-daerah"
TRIAL = "Dokumen ini ditandatangani dengan sertifikat UJI COBA dan tidak mempunyai kekuatan hukum."
UNCERTIFIED = "Dokumen ini telah ditandatangani secara elektronik."


def render(house: House, site: Site, letter: Letter, now: datetime, *, method: str) -> bytes:
    """The letter's file; ``method`` is ``draft``, ``pades`` or ``wet``.

    Raises Invalid when the text holds a sign that cannot be printed.
    """
    return rendering.pdf(house, facts(house, site, letter, now, method=method), now)


def facts(house: House, site: Site, letter: Letter, now: datetime, *, method: str) -> RenderFacts:
    """What the letter prints. Sealed values are whole on the final paper and masked on a draft."""
    kind = house.kinds[letter.kind]
    fields = letter.fields
    signatory = site.positions.get(fields.get("signatory") or "")
    office = site.codes[signatory.office if signatory is not None else letter.office]
    words = vocabularies.of_site(house, site)
    shown = {**fields, **opened(house, letter, whole=method != "draft")}
    return RenderFacts(
        template=kind.template,
        title=kind.title,
        shape=kind.shape,
        method=method,
        letterhead=letterhead(house, site, office),
        signatory=signed_by(site, signatory, fields, house.today(now)),
        number=fields.get("number") or "",
        date=date.fromisoformat(fields["letter_date"]) if fields.get("letter_date") else None,
        place=fields.get("place") or place(house, office),
        security=fields.get("security", "B"),
        urgency=fields.get("urgency", "biasa"),
        subject=fields.get("subject", ""),
        attachment=attachment(fields.get("attachment_count"), fields.get("attachment_unit")),
        addressees=tuple(
            PrintedAddressee(each.get("name", ""), each.get("place", "")) for each in fields.get("addressees") or ()
        ),
        salutation=fields.get("salutation") or "",
        blocks=tuple((fields.get("body") or {}).get("blocks", ())),
        closing=fields.get("closing") or "",
        carbon_copies=tuple(each.get("name", "") for each in fields.get("carbon_copies") or ()),
        sender=signatory.title if signatory is not None else "",
        fields=display(kind, shown, words, timezone=house.settings.timezone),
        public_url=f"{house.settings.public_url}/v/{letter.token}",
        print_code=fields.get("print_code") or "",
        footer=footer(house),
        test_mark=house.settings.demo,
    )


def footer(house: House) -> tuple[str, ...]:
    """The formula at the foot: what the setting says, else what is true of the provider that signs."""
    if house.settings.footer:
        return tuple(house.settings.footer.split("\n"))
    able = house.provider().capabilities
    if able.certified:
        return FOOTER
    return (FOOTER[0], TRIAL if able.demo else UNCERTIFIED)


def opened(house: House, letter: Letter, *, whole: bool) -> Mapping[str, Any]:
    """The values of the private record, masked unless ``whole``."""
    if letter.private is None:
        return {}
    values = private.unseal(house.settings.private_key, letter.id, letter.private)
    return values if whole else {name: private.mask_nik(value) for name, value in values.items()}


def letterhead(house: House, site: Site, office: Office) -> Letterhead:
    """The head of an office's letters; the heads of the regency write under their post."""
    if office.kind == POSTS_OF_STATE:
        head = site.positions.get(office.head or "")
        return Letterhead("jabatan", (head.title if head is not None else office.name,))
    contact = [part for part in (office.phone, office.email, office.site_url) if part]
    address = tuple(line for line in (office.address, ", ".join(contact)) if line)
    lines: tuple[str, ...] = (f"Pemerintah {house.settings.regency}", office.name)
    if office.kind == "desa":
        above = site.office(office.parent) if office.parent else None
        lines = (lines[0], above.name, office.name) if above is not None else lines
    return Letterhead("kantor", lines, address)


def place(house: House, office: Office) -> str:
    """Where the office writes: the village's name, else the regency's seat."""
    if office.kind == "desa":
        return office.name.removeprefix("Desa ")
    return house.settings.regency.removeprefix("Kabupaten ")


def signed_by(site: Site, position: Position | None, fields: Mapping[str, Any], on: date) -> SigningBlock:
    """The lines round the signature: the post, and who holds it on that day."""
    if position is None:
        return SigningBlock((), "", "")
    holding = next(iter(position.holdings(on)), None)
    person: Person | None = site.people.get(holding.person) if holding is not None else None
    above = site.positions.get(position.superior(on) or "")
    higher = site.positions.get(above.superior(on) or "") if above is not None else None
    form = fields.get("signing_form") or "own"
    giver = higher if form == "ub" else above
    return signing_block(
        form=form,
        position=position.title,
        code=position.code,
        name=person.name if person is not None else "",
        rank=person.rank if person is not None else "",
        nip=person.nip if person is not None else "",
        giver=giver.title if giver is not None else "",
        middle=above.title if above is not None else "",
    )
