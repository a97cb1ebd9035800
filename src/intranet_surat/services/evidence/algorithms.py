"""Until when a hash, or a key of a size, may be relied on: the table `reference/algoritma.csv`, as pyHanko asks it.

Past its day an algorithm proves only what a stronger one has covered before. The table is a policy, not a fact of
nature: DKISP reads it over with each release, and a test may move a day.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from importlib.resources import files

from asn1crypto import algos, cms, keys, x509
from pyhanko_certvalidator.policy_decl import AlgorithmUsageConstraint, AlgorithmUsagePolicy

from intranet_surat.services.tables import Table, read_table

TABLE = "algoritma"
_OUTRIGHT = AlgorithmUsageConstraint(allowed=False, failure_reason="not in the table of algorithms")


@dataclass(frozen=True, slots=True)
class Line:
    """An algorithm from a key size on; ``until`` is the last instant, None when no end is foreseen."""

    name: str
    bits: int
    until: datetime | None


class Sunsets(AlgorithmUsagePolicy):
    """The table. What does not stand in it is not relied on at any time."""

    def __init__(self, lines: Iterable[Line], version: str = "") -> None:
        self.lines = tuple(sorted(lines, key=lambda each: -each.bits))
        self.version = version

    def digest_algorithm_allowed(
        self, algo: algos.DigestAlgorithm, moment: datetime | None
    ) -> AlgorithmUsageConstraint:
        """Whether a hash may be relied on at a moment."""
        return self._told(self._line(algo["algorithm"].native), moment)

    def signature_algorithm_allowed(
        self, algo: algos.SignedDigestAlgorithm, moment: datetime | None, public_key: keys.PublicKeyInfo | None
    ) -> AlgorithmUsageConstraint:
        """Whether a signature may be relied on at a moment: its key and its hash, whichever ends first."""
        found = [self._key(public_key)] if public_key is not None else []
        # One that does not name its hash ("rsassa_pkcs1v15") has it beside it, where it is asked for by itself.
        with contextlib.suppress(ValueError):
            found.append(self._line(algo.hash_algo))
        told = [self._told(each, moment) for each in found] or [_OUTRIGHT]
        return min(told, key=lambda each: (each.allowed, each.not_allowed_after or datetime.min.replace(tzinfo=UTC)))

    def ends(self, data: cms.SignedData, chain: Iterable[x509.Certificate]) -> datetime | None:
        """The first day on which one of the algorithms behind a signature ends; None when none is foreseen."""
        signer = data["signer_infos"][0]
        found = [self._line(signer["digest_algorithm"]["algorithm"].native)]
        for each in chain:
            found += [self._key(each.public_key), self._line(each["signature_algorithm"].hash_algo)]
        days = [each.until for each in found if each is not None and each.until is not None]
        if any(each is None for each in found):
            return datetime.min.replace(tzinfo=UTC)
        return min(days, default=None)

    def _key(self, key: keys.PublicKeyInfo) -> Line | None:
        return self._line("ecdsa" if key.algorithm == "ec" else key.algorithm.removesuffix("ssa_pss"), key.bit_size)

    def _line(self, name: str, bits: int = 0) -> Line | None:
        return next((each for each in self.lines if each.name == name and each.bits <= bits), None)

    @staticmethod
    def _told(line: Line | None, moment: datetime | None) -> AlgorithmUsageConstraint:
        if line is None:
            return _OUTRIGHT
        if line.until is None or (moment is not None and moment <= line.until):
            return AlgorithmUsageConstraint(allowed=True)
        return AlgorithmUsageConstraint(
            allowed=False, not_allowed_after=line.until, failure_reason=f"{line.name} from {line.bits} bits has ended"
        )


def read(table: Table) -> Sunsets:
    """The policy that a table says; raises ValueError for a line that cannot be read."""
    lines = [
        Line(
            row["name"],
            int(row["bits"] or 0),
            datetime.combine(date.fromisoformat(row["until"]), time.max, tzinfo=UTC) if row["until"] else None,
        )
        for row in table
    ]
    return Sunsets(lines, table.version)


@lru_cache(maxsize=1)
def shipped() -> Sunsets:
    """The policy that comes with the package."""
    return read(read_table(TABLE, files("intranet_surat.reference").joinpath(f"{TABLE}.csv").read_bytes()))
