"""What a comparison found, read from what its child answered, and in the words of the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intranet_surat.services.children import ChildStopped

MOST = 60
"""Pages that are compared."""
_MARKS = 40
_TILTED = 1.5
KINDS = ("digit", "word", "added")
PROBLEM = "Mesin tidak dapat membandingkan pindaian ini. Bandingkan sendiri setiap halaman dengan cetakan."

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """One place that differs; the boxes are left, top, width, height in per mille of the page."""

    kind: str
    printed: str
    looks: str
    on_print: Box
    on_scan: Box

    @property
    def says(self) -> str:
        """The difference in a sentence."""
        if self.kind == "digit":
            return f"Pada “{self.printed}” satu angka tampak seperti {self.looks}."
        if self.kind == "added":
            return f"Di samping “{self.printed}” ada tanda yang tidak dicetak."
        return f"“{self.printed}” tampak lain atau tidak ada."


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One page of the scan: the page of the print that it is (0 for none), and what differs on it."""

    scan: int
    print: int
    blank: bool
    twice: bool
    share: float
    turned: float
    marks: tuple[Mark, ...]
    covered: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found; ``problem`` is a sentence when nothing could be compared, ``more`` that not all pages were."""

    printed: int
    pages: tuple[ScannedPage, ...]
    missing: tuple[int, ...]
    problem: str = ""
    more: bool = False

    @property
    def ordered(self) -> bool:
        """Whether the pages lie in the order of the print."""
        known = [each.print for each in self.pages if each.print]
        return known == sorted(known)

    @property
    def altered(self) -> bool:
        """Whether something must be looked at before the scan is confirmed."""
        return bool(self.problem or self.missing or self.more or not self.ordered) or any(
            each.marks or each.twice or not (each.print or each.blank) for each in self.pages
        )

    @property
    def share(self) -> float:
        """How many of the printed words were found on the pages that were matched, 0 to 1."""
        known = [each.share for each in self.pages if each.print]
        return sum(known) / len(known) if known else 0.0

    def warnings(self) -> tuple[str, ...]:
        """Everything that must be looked at, a sentence each."""
        if self.problem:
            return (self.problem,)
        found = [f"Halaman {number} cetakan tidak ada pada pindaian." for number in self.missing]
        if self.more:
            found.append(f"Hanya {MOST} halaman pertama dibandingkan mesin. Bandingkan sendiri halaman sesudahnya.")
        if not self.ordered:
            found.append("Urutan halaman pindaian tidak sama dengan cetakan.")
        for each in self.pages:
            if each.twice:
                found.append(f"Halaman {each.print} cetakan dipindai lebih dari sekali (pindaian halaman {each.scan}).")
            if not each.print and not each.blank:
                found.append(f"Halaman {each.scan} pindaian bukan halaman cetakan ini.")
            found += [f"Halaman {each.print}: {mark.says}" for mark in each.marks]
        return tuple(found)

    def notes(self) -> tuple[str, ...]:
        """What is worth a glance and alters nothing."""
        found = []
        for each in self.pages:
            if each.blank:
                found.append(f"Halaman {each.scan} pindaian kosong.")
            if abs(each.turned) >= _TILTED and each.print:
                found.append(f"Halaman {each.print} {_turned(each.turned)}.")
            if each.covered:
                found.append(f"Halaman {each.print}: {len(each.covered)} kata tertutup cap atau tinta.")
        return tuple(found)


def _turned(degrees: float) -> str:
    if abs(degrees) > 45:
        return "dipindai terbalik atau melintang"
    return f"miring {abs(round(degrees))} derajat"


def told(found: Findings | None) -> list[str]:
    """What stands in the history beside the decision."""
    if found is None:
        return ["Belum dibandingkan oleh mesin."]
    return list(found.warnings()) or [
        f"Pindaian sama dengan cetakan: {found.printed} halaman, teks tercetak {percent(found.share)}."
    ]


def percent(share: float) -> str:
    """A share as it is written here."""
    return f"{100 * share:.1f}".replace(".", ",").removesuffix(",0") + "%"


def read(value: Mapping[str, Any]) -> Findings:
    """Findings from plain values, those of a child or stored ones; raises ChildStopped for what cannot be."""
    if value.get("problem"):
        return Findings(0, (), (), PROBLEM)
    try:
        pages = tuple(_page(each) for each in value["pages"][:MOST])
        printed = _number(value["printed"])
        missing = tuple(_number(each) for each in value["missing"][:MOST])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ChildStopped("answer", type(error).__name__) from None
    return Findings(printed, pages, missing, more=value.get("more") is True)


def _page(value: Mapping[str, Any]) -> ScannedPage:
    return ScannedPage(
        scan=_number(value["scan"]),
        print=_number(value["print"]),
        blank=value["blank"] is True,
        twice=value["twice"] is True,
        share=min(1.0, max(0.0, float(value["share"]))),
        turned=min(180.0, max(-180.0, float(value["turned"]))),
        marks=tuple(_mark(each) for each in value["differences"][:_MARKS]),
        covered=tuple(_box(each) for each in value["covered"][:_MARKS]),
    )


def _mark(value: Mapping[str, Any]) -> Mark:
    kind, printed, looks = value["kind"], value["printed"], value["looks"]
    if kind not in KINDS or not isinstance(printed, str) or not isinstance(looks, str):
        raise ValueError("no difference")
    return Mark(kind, printed[:60], looks[:1], _box(value["on_print"]), _box(value["on_scan"]))


def _box(value: Any) -> Box:
    left, top, width, height = (min(1000.0, max(0.0, float(each))) for each in value)
    return left, top, width, height


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1000:
        raise ValueError("no number of a page")
    return value
