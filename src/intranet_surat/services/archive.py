"""Filing: a finished letter joins a case file by classification, year and unit, with a snapshot of its retention rule.

Nothing is destroyed by the system; appraisal and destruction are acts of people that only propose here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from intranet_surat.resources.casefile import CaseFile
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Office, Site, section
from intranet_surat.services.house import House


def file_letter(house: House, site: Site, letter: Letter, now: datetime) -> CaseFile:
    """File a letter into the case file of its classification, made when there is none; filing twice is filing once."""
    office = site.codes[letter.office]
    code = str(letter.fields.get("classification") or "")
    year = house.local(letter.created_at or now).year
    name = f"{code or 'tanpa-kode'}-{year}"
    home = section(office, "berkas", year)
    if name not in home:
        known, rule = house.reference.classification(code), house.reference.retention(code)
        home[name] = CaseFile(
            id=name,
            classification=code,
            title=known.name if known is not None else "Tanpa klasifikasi",
            year=year,
            unit=office.short or office.name,
            office=office.code,
            rule=rule.snapshot() if rule is not None else {},
            opened_at=now,
        )
    case_file: CaseFile = home[name]
    case_file.file(path_of(letter))
    letter.case_file = path_of(case_file)
    for target in house.archive_targets.values():
        target(house, site, letter, case_file, now)
    return case_file


def case_files(office: Office) -> Iterator[CaseFile]:
    """The case files of an office, the newest year first."""
    drawer: Any = office.get("berkas")
    for year in sorted(drawer.keys(), reverse=True) if drawer is not None else ():
        yield from drawer[year].values()
