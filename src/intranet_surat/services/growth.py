"""A letter's file and what grew out of it: signatures, seals and evidence only ever add bytes to the one before.

What counts is the line of the file that is frozen now; files of a passage that was given up stand beside it.
"""

from __future__ import annotations

from typing import Any

from intranet_surat.resources.document import SIGNED
from intranet_surat.resources.letter import Letter
from intranet_surat.services.signatories import PARTLY


def line(letter: Letter) -> tuple[Any, ...]:
    """The frozen file with what came before it and what has grown out of it, oldest first; empty when none is frozen.

    Where two grew out of the same file, a seal and then a signature, the later one goes on.
    """
    frozen = letter.rendition(str(letter.frozen))
    if frozen is None:
        return ()
    before = [frozen]
    while before[0].kind in (SIGNED, PARTLY) and (file := letter.rendition(before[0].previous)) is not None:
        before.insert(0, file)
    after = [frozen]
    while grown := [each for each in letter.renditions if each.kind == SIGNED and each.previous == after[-1].sha256]:
        after.append(grown[-1])
    return (*before, *after[1:])


def counts(letter: Letter, sha256: str) -> bool:
    """Whether a file is of that line: what is made of any other comes too late."""
    return any(each.sha256 == sha256 for each in line(letter))


def as_signed(letter: Letter) -> Any:
    """The signed letter as its last signature left it, before evidence or a seal was added; None while it is none."""
    return next((each for each in revisions(letter) if each.kind == SIGNED), None)


def newest(letter: Letter) -> Any:
    """The newest file of the line; None when none is frozen."""
    return next(reversed(line(letter)), None)


def revisions(letter: Letter) -> tuple[Any, ...]:
    """The files that count as the signed letter or led to it, oldest first; none while somebody is yet to sign."""
    found = line(letter)
    if not found or found[-1].kind != SIGNED:
        return ()
    return tuple(each for each in found if each.kind in (SIGNED, PARTLY))
