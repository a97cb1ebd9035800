"""How print and scan of a signed paper stand beside each other: page by page, with what the machine found marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from intranet_surat.resources.letter import Letter
from intranet_surat.services.scans import comparing, findings
from intranet_surat.services.scans.findings import Box, Findings
from intranet_surat.web.letter_files import Paper


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the machine compared: ``mark`` is the class of its state."""

    words: str
    mark: str
    told: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A page of the print and the page of the scan that belongs to it; 0 for none. ``says`` are its differences."""

    printed: int
    scanned: int
    heading: str
    says: tuple[str, ...] = ()
    on_print: tuple[Box, ...] = ()
    on_scan: tuple[Box, ...] = ()
    stacked: bool = False


def pairs(letter: Letter, printed: Paper, scanned: Paper) -> tuple[Pair, ...]:
    """All pages, in the order of the print, then what belongs to none; by number while nothing was compared."""
    found = comparing.of(letter)
    if found is None or found.problem:
        most = max(printed.pages, scanned.pages, 1)
        return tuple(
            Pair(
                number if number <= max(printed.pages, 1) else 0,
                number if number <= max(scanned.pages, 1) else 0,
                f"Halaman {number}",
            )
            for number in range(1, most + 1)
        )
    return (*_known(found, stacked=letter.private is None), *_strange(found))


def _known(found: Findings, *, stacked: bool) -> list[Pair]:
    made = []
    for number in range(1, found.printed + 1):
        each = next((page for page in found.pages if page.print == number), None)
        if each is None:
            made.append(Pair(number, 0, f"Halaman {number}", ("Halaman ini tidak ada pada pindaian.",)))
            continue
        moved = f", pada pindaian halaman {each.scan}" if each.scan != number else ""
        made.append(
            Pair(
                number,
                each.scan,
                f"Halaman {number}{moved}",
                tuple(mark.says for mark in each.marks),
                tuple(mark.on_print for mark in each.marks),
                tuple(mark.on_scan for mark in each.marks),
                stacked=stacked,
            )
        )
    return made


def _strange(found: Findings) -> list[Pair]:
    shown = {next((page.scan for page in found.pages if page.print == number), 0) for number in range(1, 1000)}
    return [
        Pair(
            0,
            each.scan,
            f"Pindaian halaman {each.scan}",
            ("Halaman kosong.",)
            if each.blank
            else (f"Sekali lagi halaman {each.print}.",)
            if each.twice
            else ("Bukan halaman cetakan ini.",),
        )
        for each in found.pages
        if each.scan not in shown
    ]


def checks(letter: Letter, printed: Paper | None, scanned: Paper | None, now: datetime) -> tuple[Check, ...]:
    """What the machine compared between print and scan, a line each; or that it has not yet, and what to do."""
    if printed is None or scanned is None:
        return ()
    # Not by the hash alone: a print that was uploaded as it is has the hash of the print.
    scan = comparing.newest(letter)
    code = (scan.code if scan is not None else "") or ""
    wanted = str(letter.fields.get("print_code") or "")
    made = [
        Check("Cocok", "done", f"Kode QR {wanted}")
        if code == wanted and wanted
        else Check("Lihat", "warn", "Kode QR tidak terbaca pada pindaian")
    ]
    found = comparing.of(letter)
    if found is None:
        made += [_number(printed, scanned), _not_yet(scanned, now)]
    else:
        made += _compared(found)
    if scan is not None and scan.unread:
        made.append(Check("Lihat", "warn", scan.unread))
    return tuple(made)


def _not_yet(scanned: Paper, now: datetime) -> Check:
    if scanned.at is None or now - scanned.at < comparing.PATIENCE:
        return Check("Belum", "", "Isi halaman sedang dibandingkan oleh mesin. Muat ulang halaman ini sebentar lagi.")
    return Check(
        "Belum",
        "warn",
        "Mesin belum juga membandingkan isi halaman; pindaian ini tetap aman. Anda boleh memeriksanya sendiri, "
        "halaman demi halaman, lalu memutuskan. Beri tahu DKISP bila terjadi lagi.",
    )


def _number(printed: Paper, scanned: Paper) -> Check:
    if not printed.pages:
        return Check("Lihat", "warn", f"{scanned.pages} halaman; samakan jumlahnya dengan cetakan")
    if scanned.pages == printed.pages:
        return Check("Cocok", "done", f"{scanned.pages} halaman")
    return Check("Lihat", "warn", f"Dicetak {printed.pages} halaman, dipindai {scanned.pages}")


def _compared(found: Findings) -> list[Check]:
    made = [Check("Berbeda", "bad", each) for each in found.warnings()]
    if not found.problem and found.ordered and not found.missing:
        made.append(Check("Cocok", "done", f"{found.printed} halaman, urut"))
    if found.share and not any(each.marks for each in found.pages):
        made.append(Check("Cocok", "done", f"Teks tercetak {findings.percent(found.share)}"))
    return made + [Check("Lihat", "warn", each) for each in found.notes()]
