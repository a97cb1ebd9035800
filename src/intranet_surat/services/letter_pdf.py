"""A stored letter as the facts that its page prints; how they look is `services.rendering`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from intranet_surat.kinds.common import SIGNATORY
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.mandates import ON_BEHALF
from intranet_surat.resources.people import Person, Position
from intranet_surat.resources.site import Office, Site
from intranet_surat.services import private, rendering, vocabularies
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.org import SiteOrg
from intranet_surat.services.rendering_facts import (
    FOOTER,
    Letterhead,
    PrintedAddressee,
    RenderFacts,
    Signatory,
    SigningBlock,
    attachment,
    display,
    signing_block,
)
from intranet_surat.workflow.model_words import PADES, SEAL

OWN = "own"
PRINTED = {"Plt.": "plt", "Plh.": "plh", "Pj.": "pj", "Pjs.": "pjs"}
"""Capacities that stand before the title; whoever acts in one signs in no other form."""
POSTS_OF_STATE = "kepala-daerah"
TRIAL = "Dokumen ini ditandatangani dengan sertifikat UJI COBA dan tidak mempunyai kekuatan hukum."
UNCERTIFIED = "Dokumen ini telah ditandatangani secara elektronik."
SEALED = (
    "Dokumen ini telah disegel secara elektronik oleh instansi menggunakan sertifikat elektronik yang diterbitkan oleh "
    "BSrE, BSSN."
)
SEALED_TRIAL = "Dokumen ini disegel dengan sertifikat UJI COBA dan tidak mempunyai kekuatan hukum."
SEALED_UNCERTIFIED = "Dokumen ini telah disegel secara elektronik oleh instansi."


def render(house: House, site: Site, letter: Letter, now: datetime, *, method: str, person: str = "") -> bytes:
    """The letter's file; ``method`` is one of `rendering.METHODS`, ``person`` who signs it as `signatory` says.

    Raises Invalid when the text holds a sign that cannot be printed.
    """
    return rendering.pdf(house, facts(house, site, letter, now, method=method, person=person), now)


def facts(house: House, site: Site, letter: Letter, now: datetime, *, method: str, person: str = "") -> RenderFacts:
    """What the letter prints. Sealed values are whole on the final paper and masked on a draft."""
    kind = house.kinds[letter.kind]
    fields = letter.fields
    post = site.positions.get(fields.get("signatory") or "")
    office = site.codes[post.office if post is not None else letter.office]
    printed = signatory(house, site, letter, now, person)
    words = vocabularies.of_site(house, site)
    shown = {**fields, **opened(house, letter, whole=method != "draft")}
    return RenderFacts(
        template=kind.template,
        title=kind.title,
        shape=kind.shape,
        method=method,
        letterhead=letterhead(house, site, office),
        signatory=signed_by(site, org_at(house, site, now), post, fields, printed.get("person", "")),
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
        sender=post.title if post is not None else "",
        fields=display(kind, shown, words, timezone=house.settings.timezone),
        public_url=f"{house.settings.public_url}/v/{letter.token}",
        print_code=fields.get("print_code") or "",
        footer=footer(house, method),
        test_mark=house.settings.demo,
        signatories=tuple(each for each, _ in _places(house, site, letter, now, person)),
    )


def footer(house: House, method: str = PADES) -> tuple[str, ...]:
    """The formula at the foot: what the setting says, else what is true of the provider that signs or seals."""
    sealed = method == SEAL
    told = house.settings.seal_footer if sealed else house.settings.footer
    if told:
        return tuple(told.split("\n"))
    able = house.provider().capabilities
    if sealed:
        return (FOOTER[0], SEALED if able.certified else SEALED_TRIAL if able.demo else SEALED_UNCERTIFIED)
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


def signatory(house: House, site: Site, letter: Letter, now: datetime, person: str = "") -> dict[str, str]:
    """For whom the letter is printed: ``person`` when he holds the signing position, else who acts for it now.

    ``title`` is as printed, ``order`` the number of the order by which he signs in that form.
    """
    position = site.positions.get(str(letter.fields.get("signatory") or ""))
    if position is None:
        return {}
    org = org_at(house, site, now)
    who = person if person in org.persons(position.id) else org.acting(position.id)
    form = str(letter.fields.get("signing_form") or OWN)
    capacity, order = org.capacity_words(who, position.id)
    block = signed_by(site, org, position, letter.fields, who)
    level = str(letter.fields.get("security") or "B")
    on_behalf = org.authority(position.id, form, letter.kind, level)
    return {
        "person": who,
        "position": position.id,
        "title": " ".join(line.rstrip(",") for line in block.lines[:-1]) + f" {block.position}"
        if form in ON_BEHALF
        else block.position,
        "order": (on_behalf or "") if form in ON_BEHALF else order if capacity else "",
    }


def signatories(
    house: House, site: Site, letter: Letter, now: datetime, person: str = ""
) -> tuple[Mapping[str, str], ...]:
    """For whom each place is printed, of a kind that several sign: as `signatory`, with ``label`` and ``name``.

    ``person`` signs for the first position when he holds it. Empty for every other kind.
    """
    return tuple(told for _, told in _places(house, site, letter, now, person))


def _places(
    house: House, site: Site, letter: Letter, now: datetime, person: str
) -> Iterator[tuple[Signatory, Mapping[str, str]]]:
    signers = house.kinds[letter.kind].signers
    org = org_at(house, site, now)
    seen = set[str]()
    for field in signers if len(signers) > 1 else ():
        name = str(letter.fields.get(field.name) or "")
        position = site.positions.get(name)
        if position is None or name in seen:
            continue
        seen.add(name)
        mine = field.name == SIGNATORY.name and person in org.persons(name)
        who = person if mine else org.acting(name)
        block = signed_by(site, org, position, {}, who)
        capacity, order = org.capacity_words(who, name)
        told = {"person": who, "position": name, "title": block.position, "order": order if capacity else ""}
        yield Signatory(field.title, block), {**told, "name": block.name, "label": field.title}


def signed_by(site: Site, org: SiteOrg, position: Position | None, fields: Mapping[str, Any], who: str) -> SigningBlock:
    """The lines round the signature: the post, in which capacity, and the person who signs."""
    if position is None:
        return SigningBlock((), "", "")
    person: Person | None = site.people.get(who)
    form = str(fields.get("signing_form") or OWN)
    mandate = org.behalf(position.id, form)
    above = org.superior(position.id) or ""
    giver = mandate.position if mandate is not None else org.superior(above) if form == "ub" else above
    capacity = org.capacity_words(who, position.id)[0]
    return signing_block(
        form=PRINTED.get(capacity, form),
        position=position.title,
        code=position.code,
        name=person.name if person is not None else "",
        rank=person.rank if person is not None else "",
        nip=person.nip if person is not None else "",
        giver=org.title(giver or ""),
        middle=org.title(mandate.middle if mandate is not None and mandate.middle else above),
    )
