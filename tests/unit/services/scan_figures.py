"""How many altered scans are missed and how many clean ones flagged, over the papers of one desk."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from intranet_surat.services.scans import findings, matching


@dataclass(frozen=True)
class Figures:
    """What came of many papers; ``wrong`` are seeds, with what had been done, that were judged wrongly."""

    papers: int
    pages: int
    wrong: tuple[tuple[int, str], ...]
    seconds: float
    digest: str

    def __str__(self) -> str:
        return (
            f"{self.papers} papers, {self.pages} pages, {len(self.wrong)} wrong {list(self.wrong)}, "
            f"{self.seconds / max(1, self.pages):.2f} s of a core a page, sha256 {self.digest[:16]}"
        )


def clean(desk: Any, seeds: Iterable[int]) -> Figures:
    """Clean papers that were flagged."""
    return _over(((seed, *desk.clean(seed), "clean") for seed in seeds), flagged_is_wrong=True)


def altered(desk: Any, seeds: Iterable[int]) -> Figures:
    """Altered papers that were missed."""
    return _over(((seed, *desk.altered(seed)) for seed in seeds), flagged_is_wrong=False)


def _over(papers: Iterable[tuple[int, bytes, bytes, str]], *, flagged_is_wrong: bool) -> Figures:
    wrong, pages, count, seconds, digest = [], 0, 0, 0.0, hashlib.sha256()
    for seed, printed, scan, what in papers:
        digest.update(hashlib.sha256(scan).digest())
        begin = time.process_time()
        found = findings.read(matching.compare(printed, scan, findings.MOST))
        seconds += time.process_time() - begin
        count, pages = count + 1, pages + len(found.pages)
        if found.altered == flagged_is_wrong:
            wrong.append((seed, "; ".join((what, *found.warnings()))))
    return Figures(count, pages, tuple(wrong), seconds, digest.hexdigest())
