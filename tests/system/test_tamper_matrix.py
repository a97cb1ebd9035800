"""The tamper matrix: whatever is done to a signed file is refused, with the right value and for the right reason.

Each row says what was done, what our verdict is without knowing the file, and what poppler and qpdf see of it. With
the archive every row is refused, because the file is not the one that is kept. `docs/signing.md` shows this table.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import tampering as how

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "services"))

from evidence_stage import Town
from signed_pages import ANI, BUDI, NOW, Pki

from intranet_surat.services import verifying
from intranet_surat.services.providers.base import Refused
from intranet_surat.services.verifying_pdf import (
    ACTIVE,
    ADDED,
    BAD_TIMESTAMP,
    BROKEN,
    CHANGED,
    FILLED,
    NO_SIGNATURE,
    NOT_STANDARD,
    OUT_OF_TIME,
    UNCOVERED,
)

DOCS = Path(__file__).parents[2] / "docs" / "signing.md"
LATER = timedelta(days=800)
DAYS = timedelta(days=1)


@pytest.fixture(scope="module")
def stage():
    """Files as they come from signatories and from the evidence job: one and two signers, with and without evidence."""
    town = Town()
    key = {each.person: town.pki.signer(each) for each in (ANI, BUDI)}
    made = SimpleNamespace(town=town, key=key)
    made.sign = lambda pdf, person=ANI, **more: town.sign(pdf, person, signer=key[person.person], **more)
    made.page = how.prepared()
    made.one = made.sign(made.page, stamped=False)
    made.stamped = made.sign(made.page)
    made.two = made.sign(made.stamped, BUDI)
    made.kept, _ = town.augment(made.two)
    made.other = made.sign(how.prepared(pages=3), stamped=False)
    yield made
    town.close()


@dataclass(frozen=True)
class Row:
    """``now`` is how far from the signing it is looked at; ``pdfsig`` what poppler says; ``qpdf`` whether it objects."""

    does: Callable
    overall: str
    reason: str
    pdfsig: str
    qpdf: bool
    of: str = "one"
    now: timedelta = timedelta()


def place(data, pattern, number=0):
    return [each.start() for each in re.finditer(pattern, data)][number]


def at(find, of="one", mask=1):
    return lambda stage: how.flipped(getattr(stage, of), find(getattr(stage, of)), mask)


def digit(data, start):
    """The next hexadecimal digit that is one still when its last bit is turned."""
    return next(each for each in range(start, len(data)) if data[each] in b"01234567")


ROWS = {
    # A byte that differs, region by region.
    "byte in the header": Row(at(lambda d: 6), "tidak", CHANGED, True, False),
    "byte in a page": Row(at(lambda d: place(d, rb"100 rupiah")), "tidak", CHANGED, True, False),
    "byte in the cross-reference table": Row(at(lambda d: place(d, rb"00000 n") - 3), "tidak", CHANGED, True, False),
    "byte in the first of two revisions": Row(at(lambda d: place(d, rb"rupiah"), "two"), "tidak", CHANGED, True, False, "two"),
    "byte in the second of two revisions": Row(at(lambda d: how.ends(d)[1] + 30, "two"), "tidak", CHANGED, True, False, "two"),
    "byte in the certificates of a signature": Row(at(lambda d: digit(d, how.gap(d, 0)[0] + 2500)), "tidak", BROKEN, True, False),
    "byte in the value of a signature": Row(at(lambda d: digit(d, how.gap(d, 0)[0] + 2 * len(how.contents(d, 0)) - 100)), "tidak", CHANGED, True, False),
    "byte in the padding of a signature": Row(at(lambda d: digit(d, how.gap(d, 0)[1] - 20)), "belum", NOT_STANDARD, False, False),
    "byte in a document timestamp": Row(at(lambda d: digit(d, how.gap(d, 2)[0] + 2000), "kept"), "tidak", BROKEN, False, False, "kept"),
    "bytes behind the file": Row(lambda s: s.one + b"\n% catatan\n", "tidak", ADDED, True, False),
    "byte in the validation data": Row(at(lambda d: how.ends(d)[2] + 200, "kept"), "tidak", BAD_TIMESTAMP, False, False, "kept"),
    # Something added behind the signature.
    "visible stamp added": Row(lambda s: how.updated(s.one, how.stamp), "tidak", ADDED, False, False),
    "page content replaced": Row(lambda s: how.updated(s.one, how.replaced_text), "tidak", ADDED, False, False),
    "visible stamp between two signatures": Row(lambda s: s.sign(how.updated(s.one, how.stamp), BUDI), "tidak", ADDED, False, False),
    "pages in another order": Row(lambda s: how.updated(s.one, how.reordered), "tidak", ADDED, False, False),
    "title changed": Row(lambda s: how.updated(s.one, how.retitled), "tidak", ADDED, False, False),
    "object written twice": Row(lambda s: how.appended(s.one, how.other_content(s.one)), "tidak", ADDED, False, False),
    # Revisions.
    "revision of another file": Row(lambda s: s.two[: how.ends(s.two)[0]] + s.other[how.ends(s.other)[0] :], "tidak", BROKEN, True, True, "two"),
    "cut back to the first signature": Row(lambda s: how.signed_until(s.two, 0), "sah", "", False, False, "two"),
    "cut in the middle": Row(lambda s: s.one[:-40], "tidak", BROKEN, True, True),
    # Shadow attacks: prepared before signing, switched after.
    "shadow: prepared cover emptied": Row(lambda s: how.updated(s.sign(how.prepared(overlay=True)), how.uncovered), "tidak", ADDED, False, False),
    "shadow: font replaced": Row(lambda s: how.updated(s.one, how.refonted), "tidak", ADDED, False, False),
    "shadow: second page tree shown": Row(lambda s: how.updated(s.one, how.other_tree), "tidak", ADDED, False, False),
    # Layers and forms.
    "layer, signed as it is": Row(lambda s: s.sign(how.prepared(layer=True)), "belum", ACTIVE, False, False),
    "layer switched on after signing": Row(lambda s: how.updated(s.sign(how.prepared(layer=True)), how.layer_on), "tidak", ADDED, False, False),
    "form field changed": Row(lambda s: how.updated(s.sign(how.prepared(form=True)), how.refilled), "tidak", ADDED, False, False),
    "form field changed between two signatures": Row(
        lambda s: s.sign(how.updated(s.sign(how.prepared(form=True)), how.refilled), BUDI), "belum", FILLED, False, False
    ),
    # Signatures.
    "signature of another file": Row(lambda s: how.with_contents(s.one, 0, how.contents(s.other, 0)), "tidak", CHANGED, True, False),
    "foreign signer, authority of the same name": Row(lambda s: Pki().sign(s.page), "belum", "Penerbit", False, False),
    "timestamp stripped, the same day": Row(lambda s: how.without_timestamp(s.stamped), "sah", "", False, False, "stamped"),
    "timestamp stripped, looked at later": Row(lambda s: how.without_timestamp(s.stamped), "belum", OUT_OF_TIME, False, False, "stamped", LATER),
    "signature wrapping (SWA)": Row(lambda s: how.wrapped(s.one), "tidak", UNCOVERED, True, True),
    **{
        f"forgery (USF): {name} {word}": Row(
            lambda s, name=name, value=value: how.updated(s.one, how.value_changed(name, value)), "tidak", "", True, False
        )
        for name in ("/Contents", "/ByteRange")
        for word, value in how.NOTHING.items()
    },
    # Evidence.
    "DSS taken out": Row(lambda s: how.updated(s.kept, how.no_dss), "tidak", ADDED, False, False, "kept"),
    "DSS emptied": Row(lambda s: how.updated(s.kept, how.emptied_dss), "tidak", ADDED, False, False, "kept"),
    "document timestamp taken out": Row(lambda s: how.updated(s.kept, how.unstamped), "tidak", ADDED, False, False, "kept"),
    "evidence cut off, the same day": Row(lambda s: how.signed_until(s.kept, 1), "sah", "", False, False, "kept"),
    "evidence cut off, looked at later": Row(lambda s: how.signed_until(s.kept, 1), "belum", OUT_OF_TIME, False, False, "kept", LATER),
    "timestamp stripped below a document timestamp": Row(lambda s: how.without_timestamp(s.kept), "tidak", BAD_TIMESTAMP, False, False, "kept"),
}  # fmt: skip
