"""Numbers: holding their registers so that no two writers meet, finding a register, and writing a number out.

What a register remembers of a number lives in `resources.register`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from datetime import date as Date  # noqa: N812  the parameter of `render` is called date
from typing import TYPE_CHECKING, Any

from transaction.interfaces import NoTransaction, TransientError

from intranet_surat.errors import Invalid, Unavailable
from intranet_surat.resources.register import NumberRegister, register_key
from intranet_surat.resources.site import Site
from intranet_surat.services.locks import Held

if TYPE_CHECKING:
    from intranet_surat.services.house import House

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
NAMES = ("klas", "no", "unit", "security", "month_roman", "month", "year", "kind")
_PLACE = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(r"no:0([1-9])d")


class Busy(TransientError):
    """A second register was asked for late, and somebody has it: the request is to be run again from its start."""


def hold(house: House, tm: Any, keys: Iterable[str]) -> None:
    """Make sure that nobody else writes these registers until the transaction of ``tm`` ends.

    The first thing that a numbering act does: the transaction is aborted, the locks are taken in sorted
    order, and a new one begins, so that everything is decided again on fresh data. The locks go back after
    commit and after abort. Held already: nothing happens. When others are held, what was done under them
    stays: the further locks are taken without waiting. Raises Unavailable when a register stays locked,
    Busy (retryable) when a further one is not free.
    """
    wanted = frozenset(keys)
    held = _held(house, tm)
    if held is not None and wanted <= held.names:
        return
    if held is not None and held.names:
        try:
            held.take_over(house.locks.take(wanted - held.names, timeout=0))
        except Unavailable:
            raise Busy(", ".join(sorted(wanted - held.names))) from None
        return
    said = _end(tm)
    try:
        fresh = house.locks.take(wanted)
    except BaseException:
        # The one who began the first transaction will want to abort one.
        _begin(tm, said)
        raise
    try:
        current = _begin(tm, said)
        current.addAfterCommitHook(_after_commit, (fresh,))
        current.addAfterAbortHook(fresh.release)
        current.set_data(house.locks, fresh)
    except BaseException:
        fresh.release()
        raise


def _held(house: House, tm: Any) -> Held | None:
    try:
        return tm.get().data(house.locks)
    except (KeyError, NoTransaction):
        return None


def _end(tm: Any) -> tuple[str, str, dict[str, Any]]:
    """Abort the transaction of ``tm`` and return what was noted on it. An abort that raises is not hidden."""
    try:
        current = tm.get()
    except NoTransaction:
        return "", "", {}
    said = current.user, current.description, dict(current.extension)
    try:
        tm.abort()
    except Exception:
        # While the server is away aborting raises; whoever began the transaction still wants one to abort.
        with contextlib.suppress(Exception):
            tm.begin()
        raise
    return said


def _begin(tm: Any, said: tuple[str, str, dict[str, Any]]) -> Any:
    current = tm.begin()
    current.user, current.description = said[0], said[1]
    current.extension.update(said[2])
    return current


def _after_commit(_committed: bool, held: Held) -> None:
    held.release()


def key(owner: str, series: str, year: int) -> str:
    """Return the key of a register, which is also the name of its lock."""
    return register_key(owner, series, year)


def register(site: Site, owner: str, series: str, year: int) -> NumberRegister:
    """Return the register of an office, a series and a year, made on demand; `hold` its key first."""
    name = register_key(owner, series, year)
    found = site.registers.get(name)
    if found is None:
        found = site.registers[name] = NumberRegister(owner, series, year)
    return found


def render(
    pattern: str, *, no: int, klas: str = "", unit: str = "", security: str = "", date: Date, kind: str = ""
) -> str:
    """Write a number out. Raises Invalid for a pattern that `check_pattern` refuses."""
    check_pattern(pattern)
    values = {
        "klas": klas,
        "no": str(no),
        "unit": unit,
        "security": security,
        "month_roman": ROMAN[date.month - 1],
        "month": f"{date.month:02d}",
        "year": str(date.year),
        "kind": kind,
    }

    def place(match: re.Match[str]) -> str:
        wide = _NUMBER.fullmatch(match[1])
        return str(no).zfill(int(wide[1])) if wide else values[match[1]]

    return _PLACE.sub(place, pattern)


def check_pattern(pattern: str) -> None:
    """Raise Invalid unless the pattern knows only the places of `NAMES` (and ``{no:03d}``) and has the number."""
    places = _PLACE.findall(pattern)
    rest = _PLACE.sub("", pattern)
    wrong = [each for each in places if each not in NAMES and not _NUMBER.fullmatch(each)]
    if wrong or "{" in rest or "}" in rest:
        what = f"{{{wrong[0]}}}" if wrong else "kurung kurawal yang tidak berpasangan"
        expected = ", ".join(f"{{{name}}}" for name in NAMES)
        raise Invalid({"pattern": f"Pola nomor memuat {what}. Yang dikenal: {expected}, {{no:03d}}."})
    if not any(each == "no" or _NUMBER.fullmatch(each) for each in places):
        raise Invalid({"pattern": "Pola nomor harus memuat {no} atau {no:03d}, tempat nomor urut."})
