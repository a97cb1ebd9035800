"""Several signatories of one file: for whom which field was prepared, who is next, and how far it came.

Whose turn it is, the flow says (`workflow.turns`); here it is held against what was printed and signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intranet_surat.errors import NotAllowed
from intranet_surat.resources.document import SIGNED, Rendition
from intranet_surat.resources.letter import Letter
from intranet_surat.services import signing_fields

PARTLY = "sebagian"
"""Kind of a rendition that some have signed and others not yet: never sent, never published."""

UNLIKE = (
    "Menurut alur, yang menandatangani adalah {flow}; pada naskah tercetak tempat untuk {page}. "
    "Samakan keduanya, lalu siapkan lagi."
)
EMPTY = "Jabatan {title} belum ada pejabatnya, jadi berkas untuk tanda tangannya belum dapat disiapkan."


def prepare(
    places: Sequence[Mapping[str, str]], turns: Sequence[str], titles: Mapping[str, str]
) -> tuple[Mapping[str, str], ...]:
    """The printed places in the order of the turns, each with its field. Raises NotAllowed when they do not fit."""
    by_position = {each["position"]: each for each in places}
    if by_position.keys() != set(turns):
        told = [", ".join(titles[each] for each in some) or "tidak ada" for some in (turns, by_position)]
        raise NotAllowed(UNLIKE.format(flow=told[0], page=told[1]), action="prepare")
    found = [{**by_position[each], "field": signing_fields.name(n)} for n, each in enumerate(turns, 1)]
    empty = next((each for each in found if not each["person"]), None)
    if empty is not None:
        raise NotAllowed(EMPTY.format(title=empty["title"]), action="prepare")
    return tuple(found)


def of(letter: Letter) -> tuple[Mapping[str, str], ...]:
    """Those for whom the letter's frozen file was prepared, in their order; empty for a letter that one signs."""
    frozen = letter.rendition(str(letter.frozen))
    return frozen.signatories if frozen is not None else ()


def begun(letter: Letter) -> int:
    """How many have signed the frozen file, while it waits for others."""
    frozen = letter.rendition(str(letter.frozen))
    return int(frozen.signatures) if frozen is not None and frozen.kind == PARTLY else 0


def awaited(letter: Letter) -> Mapping[str, str]:
    """For whom the next signature on the frozen file was prepared; empty for a letter that one signs, or is signed."""
    grown = any(each.kind == SIGNED and each.previous == letter.frozen for each in letter.renditions)
    frozen = letter.rendition(str(letter.frozen))
    return next_on(frozen) if frozen is not None and not grown else {}


def next_on(file: Rendition) -> Mapping[str, str]:
    """For whom the next signature on a file was prepared; empty for a file that one signs."""
    begun = int(file.signatures) if file.kind == PARTLY else 0
    return next(iter(file.signatories[begun:]), {})


def after(file: Rendition) -> tuple[int, int, str]:
    """How many have signed a file, of how many, and who is next; zeros for a file that one signs."""
    every = file.signatories
    signed = min(file.signatures, len(every))
    return signed, len(every), named(next(iter(every[signed:]), {}))


def named(each: Mapping[str, str]) -> str:
    """One of them in words: the name, and as what he signs; empty for nobody."""
    return f"{each['name']} ({each['title']})" if each else ""
