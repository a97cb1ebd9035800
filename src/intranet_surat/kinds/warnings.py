"""What is odd about values that are right in form: told beside the field, never a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from intranet_surat.kinds import civil, dates
from intranet_surat.kinds.model import LetterKind
from intranet_surat.kinds.vocabularies import Vocabulary


def warnings(
    kind: LetterKind,
    values: Mapping[str, Any],
    vocabularies: Mapping[str, Vocabulary],
    *,
    timezone: str = "Asia/Jakarta",
    today: date | None = None,
) -> dict[str, str]:
    """Field name to Indonesian sentence, for values that `schema.validate` gave back."""
    found: dict[str, str] = {}
    _dates(values, found, ZoneInfo(timezone), today)
    code = values.get("classification")
    if code and any(other.startswith(f"{code}.") for other in vocabularies.get("classification", ())):
        found["classification"] = (
            f"Kode {code} masih mempunyai rincian di bawahnya. Lebih baik pilih yang paling rinci."
        )
    for field in kind.form_fields:
        value = values.get(field.name)
        if field.type == "nip" and value and (says := civil.nip_warning(value)):
            found[field.name] = says
        elif field.type == "rows":
            _rows(field.name, value or (), found)
    if values.get("nik"):
        born = values.get("birth_date")
        says_of_nik = civil.nik_warnings(
            values["nik"], born=date.fromisoformat(born) if born else None, sex=values.get("sex") or ""
        )
        if says_of_nik:
            found["nik"] = " ".join(says_of_nik) + " Cocokkan dengan KTP."
    return found


def _dates(values: Mapping[str, Any], found: dict[str, str], zone: ZoneInfo, today: date | None) -> None:
    letter = date.fromisoformat(values["letter_date"]) if values.get("letter_date") else None
    received = datetime.fromisoformat(values["received_at"]) if values.get("received_at") else None
    if letter and received and received.astimezone(zone).date() < letter:
        at = received.astimezone(zone).date()
        found["letter_date"] = (
            f"Tanggal surat {dates.long_date(letter)}, padahal diterima {dates.long_date(at)}. "
            "Periksa tanggal pada surat."
        )
    elif letter and today and letter > today:
        found["letter_date"] = f"Tanggal surat {dates.long_date(letter)} belum tiba. Periksa tanggal pada surat."
    if received and today and received.astimezone(zone).date() > today:
        found["received_at"] = "Waktu diterima belum tiba. Periksa tanggalnya."
    if values.get("valid_until") and today and values["valid_until"] < today.isoformat():
        found["valid_until"] = "Masa berlakunya sudah lewat."
    if values.get("event_date") and today and values["event_date"] < today.isoformat():
        found["event_date"] = "Tanggal acara sudah lewat."


def _rows(name: str, rows: Any, found: dict[str, str]) -> None:
    for number, row in enumerate(rows, 1):
        if row.get("nip") and (says := civil.nip_warning(row["nip"])):
            found[name] = f"Baris {number}: {says}"
            return
