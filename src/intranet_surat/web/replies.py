"""What the draft of a reply takes from the letter that it answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from intranet_surat.kinds import dates
from intranet_surat.kinds.model import LetterKind
from intranet_surat.resources.letter import Letter


def prefilled(site: Any, source: Letter, kind: LetterKind) -> dict[str, Any]:
    """Return the fields that a reply begins with: to whom, about what, how urgent and secret, its first sentence."""
    fields = source.fields
    names = {each.name for each in kind.form_fields}
    subject = str(fields.get("subject", ""))
    found: dict[str, Any] = {
        "subject": f"Jawaban {subject[:1].lower()}{subject[1:]}"[:255],
        "security": fields.get("security", "B"),
        "urgency": fields.get("urgency", "biasa"),
        "classification": fields.get("classification", ""),
        "addressees": [addressee(site, source)],
    }
    if "body" in names:
        found["body"] = {"v": 1, "blocks": [{"t": "p", "text": opening(source)}]}
    return {name: value for name, value in found.items() if name in names and value}


def addressee(site: Any, source: Letter) -> dict[str, str]:
    """Return the sender as the one who is answered: his office when it is one of ours."""
    office = site.office(source.fields.get("sender_office") or "") or by_name(site, source)
    if office is None:
        return {
            "kind": "external",
            "id": "",
            "name": str(source.fields.get("sender", "")),
            "place": "Tempat",
            "channel": "cetak",
            "email": "",
        }
    kind = "village" if office.kind == "desa" else "office"
    return {"kind": kind, "id": office.code, "name": office.name, "place": "Tempat", "channel": "sistem", "email": ""}


def by_name(site: Any, source: Letter) -> Any:
    """Return the office whose full name stands on the letter, when there is exactly one."""
    name = str(source.fields.get("sender", "")).casefold()
    found = [each for each in site.offices() if each.name.casefold() == name]
    return found[0] if len(found) == 1 else None


def opening(source: Letter) -> str:
    """Return the usual first sentence."""
    fields = source.fields
    number, day = fields.get("sender_number"), fields.get("letter_date")
    told = ["Menjawab surat Saudara"]
    if number:
        told.append(f"Nomor {number}")
    if day:
        told.append(f"tanggal {dates.long_date(date.fromisoformat(day))}")
    return f"{' '.join(told)} hal {fields.get('subject', '')}, dengan ini disampaikan bahwa:"
