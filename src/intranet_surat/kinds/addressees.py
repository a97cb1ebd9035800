"""To whom a letter goes: addressees and carbon copies, typed one a line as ``name | place | channel``.

A name that stands in the lists of positions, offices or villages is linked to it; any other is somebody
outside. The third column is a channel (sistem, surel, kurir, cetak) or an e-mail address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from intranet_surat.kinds.text import clean
from intranet_surat.kinds.vocabularies import CHANNELS, Vocabulary

Addressee = dict[str, str]
KINDS = ("position", "office", "village", "external", "citizen")
_LISTS = {"position": "positions", "office": "offices", "village": "villages"}
_KEYS = ("kind", "id", "name", "place", "channel", "email")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
PATTERN = "Nama jabatan atau kantor | tempat | saluran atau alamat surel"
MOST = 400


def is_email(text: str) -> bool:
    """Whether the text is one plain e-mail address."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def parse(text: str, vocabularies: Mapping[str, Vocabulary]) -> list[Addressee]:
    """Read the typed lines; raises ValueError with the Indonesian sentence."""
    known = _known(vocabularies)
    found: list[Addressee] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.strip():
            found.append(_line(len(found) + 1, line, known, vocabularies))
    return found


def _known(vocabularies: Mapping[str, Vocabulary]) -> dict[str, tuple[str, str, str]]:
    """From the name, without regard to case, to kind, id and the printed name; positions go first."""
    found: dict[str, tuple[str, str, str]] = {}
    for kind, listed in _LISTS.items():
        for code, label in vocabularies.get(listed, {}).items():
            found.setdefault(label.casefold(), (kind, code, label))
    return found


def _line(
    number: int, line: str, known: Mapping[str, tuple[str, str, str]], vocabularies: Mapping[str, Vocabulary]
) -> Addressee:
    line = re.sub(r"^\s*(?:\d{1,3}[.)]\s+)?(?:Yth\.\s*)?", "", line)
    mark = "\t" if "\t" in line else "|"
    cells = [each.strip() for each in line.split(mark)]
    if len(cells) > 3:
        raise ValueError(f"Baris {number}: paling banyak tiga kolom, {PATTERN}.")
    name, place, way = [*cells, "", ""][:3]
    kind, code, name = known.get(name.casefold(), ("external", "", name))
    email = way if "@" in way else ""
    channel = "surel" if email else way.casefold() or ("cetak" if kind == "external" else "sistem")
    row = {"kind": kind, "id": code, "name": name, "place": place, "channel": channel, "email": email}
    return checked(number, row, vocabularies)


def checked(number: int, row: Any, vocabularies: Mapping[str, Vocabulary]) -> Addressee:
    """One addressee that came as a mapping, cleaned; raises ValueError with the Indonesian sentence."""
    if not isinstance(row, Mapping) or not set(row) <= set(_KEYS):
        raise ValueError(f"Baris {number}: tujuan terdiri dari {', '.join(_KEYS)}.")
    values = {key: row.get(key, "") for key in _KEYS}
    if not all(isinstance(each, str) for each in values.values()):
        raise ValueError(f"Baris {number}: setiap bagian tujuan harus teks.")
    try:
        values = {key: clean(each) for key, each in values.items()}
    except ValueError as error:
        raise ValueError(f"Baris {number}: {error}") from None
    _check_link(number, values, vocabularies)
    if not values["name"]:
        raise ValueError(f"Baris {number}: nama tujuan belum diisi. Urutannya {PATTERN}.")
    if "|" in values["name"] + values["place"]:
        raise ValueError(f"Baris {number}: nama dan tempat tidak dapat memuat tanda |.")
    for key, title, most in (("name", "nama tujuan", 200), ("place", "tempat", 120)):
        if len(values[key]) > most:
            raise ValueError(f"Baris {number}: {title} paling panjang {most} huruf, ada {len(values[key])}.")
    values["place"] = re.sub(r"^di[\s-]+", "", values["place"], flags=re.IGNORECASE)
    _check_channel(number, values)
    return values


def _check_link(number: int, values: Addressee, vocabularies: Mapping[str, Vocabulary]) -> None:
    values["kind"] = values["kind"] or "external"
    if values["kind"] not in KINDS:
        raise ValueError(f"Baris {number}: jenis tujuan harus salah satu dari {', '.join(KINDS)}.")
    listed = _LISTS.get(values["kind"])
    if listed is None:
        values["id"] = ""
        return
    label = vocabularies.get(listed, {}).get(values["id"])
    if label is None:
        raise ValueError(f"Baris {number}: tujuan “{values['name'] or values['id']}” tidak ada dalam daftar.")
    values["name"] = values["name"] or label


def _check_channel(number: int, values: Addressee) -> None:
    inside = values["kind"] in _LISTS
    values["channel"] = values["channel"] or ("sistem" if inside else "surel" if values["email"] else "cetak")
    channel = values["channel"]
    if channel not in CHANNELS:
        raise ValueError(f"Baris {number}: saluran “{channel}” tidak dikenal. Pilih {', '.join(CHANNELS)}.")
    if channel == "sistem" and not inside:
        raise ValueError(
            f"Baris {number}: “{values['name']}” tidak ada dalam daftar jabatan, kantor, dan desa, "
            "jadi tidak dapat lewat sistem. Pilih surel, kurir, atau cetak."
        )
    if channel == "surel" and not is_email(values["email"]):
        raise ValueError(f"Baris {number}: saluran surel membutuhkan alamat surel, misalnya kantor@contoh.go.id.")
    if channel != "surel":
        values["email"] = ""


def text(rows: list[Addressee]) -> str:
    """The text that `parse` reads back as ``rows`` when the lists are the same."""
    lines: list[str] = []
    for row in rows:
        way = row["email"] if row.get("channel") == "surel" else row.get("channel", "")
        lines.append(" | ".join((row["name"], row.get("place", ""), way)))
    return "\n".join(lines)
