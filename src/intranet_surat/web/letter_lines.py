"""A version of a letter's text as lines to compare: its head by the names of the fields, its body line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intranet_surat.kinds.model import LetterKind
from intranet_surat.services.house import House
from intranet_surat.services.org import SiteOrg
from intranet_surat.web import compare_page, letter_facts


def of(house: House, kind: LetterKind, fields: Mapping[str, Any], org: SiteOrg) -> list[tuple[str, str]]:
    """Return (name, line) pairs as `compare_page.compare` takes them; what the system writes by itself is left out."""
    found: list[tuple[str, str]] = []
    body: list[tuple[str, str]] = []
    for field in kind.fields:
        if field.secret or field.system:
            continue
        value = fields.get(field.name)
        if value in (None, "", [], {}):
            continue
        if field.type == "body":
            body = [("", line) for line in compare_page.numbered_lines(value.get("blocks", ()))]
        else:
            found.append((field.title, letter_facts.line(house, org, field, value)))
    return found + body
