"""Reading and showing one value of each field type; the sentences of what is wrong. Schema-free functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from intranet_surat.kinds import addressees, body, civil, dates, rows, vocabularies
from intranet_surat.kinds.model import KindField
from intranet_surat.kinds.text import LONGEST, TOO_LONG, TextError, clean

if TYPE_CHECKING:
    from intranet_surat.kinds.schema import Reading


def read(field: KindField, value: Any, reading: Reading) -> Any:
    """The stored form of what was typed or sent; raises ValueError with the Indonesian sentence."""
    if isinstance(value, dict | list) and len(str(value)) > LONGEST:
        raise TextError(TOO_LONG)
    return _READERS[field.type](field, value, reading)


def show(field: KindField, value: Any, reading: Reading) -> str:
    """The text of a stored value in the box of a form."""
    if field.type == "body":
        return body.text(value)
    if field.type == "rows":
        return rows.text(field, value)
    if field.type == "addressees":
        return addressees.text(value)
    if field.type == "yes-no":
        return "ya" if value else ""
    if field.type == "date":
        return date.fromisoformat(value).strftime("%d/%m/%Y")
    if field.type == "instant":
        local = datetime.fromisoformat(value).astimezone(ZoneInfo(reading.timezone))
        return local.strftime("%d/%m/%Y %H.%M")
    if field.type == "nip":
        return civil.show_nip(value)
    return str(value)


def require(field: KindField, reading: Reading) -> None:
    """Raises LookupError when the field's vocabulary was not handed in."""
    if field.vocabulary is not None:
        vocabularies.lookup(field.vocabulary, reading.vocabularies)
    elif field.type in ("choice", "position"):
        raise LookupError(f"field {field.name!r} of type {field.type} names no vocabulary")


def _text_of(field: KindField, value: Any) -> str:
    if not isinstance(value, str):
        raise TextError(f"{field.title} harus teks.")
    return value


def _read_text(field: KindField, value: Any, _reading: Reading) -> str:
    found = clean(_text_of(field, value), lines=field.type == "lines")
    if len(found) < field.minimum:
        raise ValueError(f"{field.title} paling pendek {field.minimum} huruf, ada {len(found)}.")
    if len(found) > field.maximum:
        raise ValueError(f"{field.title} paling panjang {field.maximum} huruf, ada {len(found)}. Ringkaslah.")
    if field.name == "subject" and found.endswith(".") and not found.endswith("..."):
        raise ValueError("Hal ditulis tanpa titik di akhir.")
    return found


def _read_date(field: KindField, value: Any, reading: Reading) -> str:
    return dates.parse_date(_text_of(field, value), today=reading.today).isoformat()


def _read_instant(field: KindField, value: Any, reading: Reading) -> str:
    return dates.parse_instant(_text_of(field, value), reading.timezone, today=reading.today).isoformat()


def _read_number(field: KindField, value: Any, _reading: Reading) -> int:
    if isinstance(value, str) and value.strip().isascii() and value.strip().lstrip("-").isdigit() and len(value) < 12:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        found = f", tertulis “{value.strip()[:20]}”" if isinstance(value, str) else ""
        raise TextError(f"{field.title} harus angka bulat{found}. Tulis misalnya 2.")
    if not field.minimum <= value <= field.maximum:
        raise ValueError(f"{field.title} harus {field.minimum} sampai {field.maximum}, tertulis {value}.")
    return value


def _read_yes_no(field: KindField, value: Any, _reading: Reading) -> bool:
    if isinstance(value, bool):
        return value
    plain = value.strip().casefold() if isinstance(value, str) else None
    if plain in ("ya", "true", "on", "1"):
        return True
    if plain in ("tidak", "false", "off", "0"):
        return False
    raise ValueError(f"{field.title}: jawab ya atau tidak.")


def _read_choice(field: KindField, value: Any, reading: Reading) -> str:
    listed = vocabularies.lookup(field.vocabulary or "", reading.vocabularies)
    typed = clean(_text_of(field, value))
    if typed in listed:
        return typed
    if field.vocabulary == "classification":
        code = typed.split(" ")[0]  # "600.1.4.2 Pengelolaan Irigasi dan Rawa", as the list shows it
        if code in listed:
            return code
        raise ValueError(
            f"Kode klasifikasi “{typed[:60]}” tidak ada dalam daftar. Tulis kode lain, atau kata pokok surat."
        )
    raise ValueError(f"{field.title}: “{typed[:60]}” tidak ada dalam daftar. Pilih dari daftar.")


def _read_email(field: KindField, value: Any, _reading: Reading) -> str:
    found = clean(_text_of(field, value))
    if not addressees.is_email(found):
        raise ValueError(f"{field.title} harus seperti nama@contoh.go.id.")
    return found


def _read_nip(field: KindField, value: Any, _reading: Reading) -> str:
    return civil.nip(_text_of(field, value))


def _read_nik(field: KindField, value: Any, _reading: Reading) -> str:
    try:
        return civil.nik(_text_of(field, value))
    except ValueError as error:
        raise ValueError(str(error).replace("NIK", field.title, 1)) from None


def _read_body(field: KindField, value: Any, reading: Reading) -> body.Tree:
    if isinstance(value, str):
        tree = body.parse(value)
    else:
        if found := body.problems(value):
            raise ValueError(found[0])
        tree = value
    if not tree["blocks"] and field.required and not reading.draft:
        raise ValueError(f"{field.title} belum diisi.")
    return tree


def _read_rows(field: KindField, value: Any, reading: Reading) -> list[rows.Row]:
    if isinstance(value, str):
        found = rows.parse(field, value)
    elif isinstance(value, list):
        if len(value) > field.maximum:
            raise ValueError(f"{field.title} paling banyak {field.maximum} baris, ada {len(value)}.")
        found = [rows.checked(field, number, row) for number, row in enumerate(value, 1)]
    else:
        raise TextError(f"{field.title} harus daftar baris.")
    return _counted(field, found, reading)


def _read_addressees(field: KindField, value: Any, reading: Reading) -> list[addressees.Addressee]:
    if isinstance(value, str):
        found = addressees.parse(value, reading.vocabularies)
    elif isinstance(value, list):
        found = [addressees.checked(number, row, reading.vocabularies) for number, row in enumerate(value, 1)]
    else:
        raise TextError(f"{field.title} harus daftar tujuan.")
    seen: set[tuple[str, str, str]] = set()
    for number, row in enumerate(found, 1):
        same = (row["kind"], row["id"], "" if row["id"] else row["name"].casefold())
        if same in seen:
            raise ValueError(f"Baris {number}: “{row['name']}” sudah disebut di atasnya.")
        seen.add(same)
    return _counted(field, found, reading)


def _counted(field: KindField, found: list[Any], reading: Reading) -> list[Any]:
    if len(found) > field.maximum:
        raise ValueError(f"{field.title} paling banyak {field.maximum} baris, ada {len(found)}.")
    if not found and field.required and not reading.draft:
        raise ValueError(f"{field.title} belum diisi.")
    return found


def across(values: Mapping[str, Any], signers: tuple[KindField, ...] = ()) -> dict[str, str]:
    """What is wrong between two fields, by the name of the field to correct; nobody is two of the ``signers``."""
    wrong = {
        last: says
        for first, last, says in _IN_ORDER
        if values.get(first) and values.get(last) and values[last] < values[first]
    }
    for number, field in enumerate(signers):
        mine = values.get(field.name)
        same = [each for each in signers[:number] if mine and values.get(each.name) == mine]
        if same:
            wrong[field.name] = f"{field.title} harus jabatan lain daripada {same[0].title.lower()}."
    return wrong


_IN_ORDER = (
    ("date_from", "date_until", "Tanggal selesai lebih awal daripada tanggal mulai."),
    ("event_date", "event_date_until", "Tanggal akhir acara lebih awal daripada tanggal mulainya."),
    ("valid_from", "valid_until", "Masa berlaku berakhir sebelum dimulai."),
)

_READERS: Mapping[str, Callable[[KindField, Any, Reading], Any]] = {
    "text": _read_text,
    "lines": _read_text,
    "date": _read_date,
    "instant": _read_instant,
    "number": _read_number,
    "yes-no": _read_yes_no,
    "choice": _read_choice,
    "position": _read_choice,
    "email": _read_email,
    "nip": _read_nip,
    "nik": _read_nik,
    "body": _read_body,
    "addressees": _read_addressees,
    "rows": _read_rows,
}
