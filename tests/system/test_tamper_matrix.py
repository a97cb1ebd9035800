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

from intranet_surat.services import signing_fields, verifying
from intranet_surat.services.providers.base import Refused
from intranet_surat.services.verifying_pdf import (
    ACTIVE,
    ADDED,
    BAD_TIMESTAMP,
    BROKEN,
    CHANGED,
    FILLED,
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
    "byte in the header": Row(at(lambda _: 6), "tidak", CHANGED, "refuses", True),
    "byte in a page": Row(at(lambda d: place(d, rb"100 rupiah")), "tidak", CHANGED, "refuses", False),
    "byte in the cross-reference table": Row(at(lambda d: place(d, rb"00000 n") - 3), "tidak", CHANGED, "refuses", False),
    "byte in the first of two revisions": Row(at(lambda d: place(d, rb"rupiah"), "two"), "tidak", CHANGED, "refuses", False, "two"),
    "byte in the second of two revisions": Row(at(lambda d: how.ends(d)[1] + 30, "two"), "tidak", CHANGED, "refuses", False, "two"),
    "byte in the certificates of a signature": Row(at(lambda d: digit(d, how.gap(d, 0)[0] + 2500)), "tidak", BROKEN, "refuses", False),
    "byte in the value of a signature": Row(at(lambda d: digit(d, how.gap(d, 0)[0] + 2 * len(how.contents(d, 0)) - 100)), "tidak", CHANGED, "refuses", False),
    "byte in the padding of a signature": Row(at(lambda d: digit(d, how.gap(d, 0)[1] - 20)), "belum", NOT_STANDARD, "not whole", False),
    "byte in a document timestamp": Row(at(lambda d: digit(d, how.gap(d, 2)[0] + 2000), "kept"), "tidak", BROKEN, "valid", False, "kept"),
    "bytes behind the file": Row(lambda s: s.one + b"\n% catatan\n", "tidak", ADDED, "not whole", False),
    "byte in the validation data": Row(at(lambda d: how.ends(d)[2] + 200, "kept"), "tidak", BAD_TIMESTAMP, "valid", False, "kept"),
    # Something added behind the signature.
    "visible stamp added": Row(lambda s: how.updated(s.one, how.stamp), "tidak", ADDED, "not whole", False),
    "page content replaced": Row(lambda s: how.updated(s.one, how.replaced_text), "tidak", ADDED, "not whole", False),
    "visible stamp between two signatures": Row(lambda s: s.sign(how.updated(s.one, how.stamp), BUDI), "tidak", ADDED, "valid", False),
    "pages in another order": Row(lambda s: how.updated(s.one, how.reordered), "tidak", ADDED, "not whole", True),
    "title changed": Row(lambda s: how.updated(s.one, how.retitled), "tidak", ADDED, "not whole", False),
    "object written twice": Row(lambda s: how.appended(s.one, how.other_content(s.one)), "tidak", ADDED, "not whole", True),
    # Revisions.
    "revision of another file": Row(lambda s: s.two[: how.ends(s.two)[0]] + s.other[how.ends(s.other)[0] :], "tidak", BROKEN, "refuses", True, "two"),
    "cut back to the first signature": Row(lambda s: how.signed_until(s.two, 0), "sah", "", "valid", False, "two"),
    "cut in the middle": Row(lambda s: s.one[:-40], "tidak", BROKEN, "refuses", True),
    # Shadow attacks: prepared before signing, switched after.
    "shadow: prepared cover emptied": Row(lambda s: how.updated(s.sign(how.prepared(overlay=True)), how.uncovered), "tidak", ADDED, "not whole", True),
    "shadow: font replaced": Row(lambda s: how.updated(s.one, how.refonted), "tidak", ADDED, "not whole", True),
    "shadow: second page tree shown": Row(lambda s: how.updated(s.one, how.other_tree), "tidak", ADDED, "not whole", False),
    # Layers and forms.
    "layer, signed as it is": Row(lambda s: s.sign(how.prepared(layer=True)), "belum", ACTIVE, "valid", False),
    "layer switched on after signing": Row(lambda s: how.updated(s.sign(how.prepared(layer=True)), how.layer_on), "tidak", ADDED, "not whole", True),
    "form field changed": Row(lambda s: how.updated(s.sign(how.prepared(form=True)), how.refilled), "tidak", ADDED, "not whole", True),
    "form field changed between two signatures": Row(
        lambda s: s.sign(how.updated(s.sign(how.prepared(form=True)), how.refilled), BUDI), "belum", FILLED, "valid", False
    ),
    # Signatures.
    "signature of another file": Row(lambda s: how.with_contents(s.one, 0, how.contents(s.other, 0)), "tidak", CHANGED, "refuses", False),
    "one of two signatories missing": Row(
        lambda s: s.sign(signing_fields.prepared(s.page, {"TTE_1": ANI, "TTE_2": BUDI})), "belum", "1 dari tanda tangan yang disiapkan", "refuses", False
    ),
    "foreign signer, authority of the same name": Row(lambda s: Pki().sign(s.page), "belum", "Penerbit", "valid", False),
    "timestamp stripped, the same day": Row(lambda s: how.without_timestamp(s.stamped), "sah", "", "valid", False, "stamped"),
    "timestamp stripped, looked at later": Row(lambda s: how.without_timestamp(s.stamped), "belum", OUT_OF_TIME, "valid", False, "stamped", LATER),
    "signature wrapping (SWA)": Row(lambda s: how.wrapped(s.one), "tidak", UNCOVERED, "not whole", False),
    **{
        f"forgery (USF): {name} {word}": Row(
            lambda s, name=name, value=value: how.updated(s.one, how.value_changed(name, value)), "tidak", "", "refuses", True
        )
        for name in ("/Contents", "/ByteRange")
        for word, value in how.NOTHING.items()
    },
    # Evidence.
    "DSS taken out": Row(lambda s: how.updated(s.kept, how.no_dss), "tidak", ADDED, "not whole", True, "kept"),
    "DSS emptied": Row(lambda s: how.updated(s.kept, how.emptied_dss), "tidak", ADDED, "not whole", True, "kept"),
    "document timestamp taken out": Row(lambda s: how.updated(s.kept, how.unstamped), "tidak", ADDED, "valid", True, "kept"),
    "evidence cut off, the same day": Row(lambda s: how.signed_until(s.kept, 1), "sah", "", "valid", False, "kept"),
    "evidence cut off, looked at later": Row(lambda s: how.signed_until(s.kept, 1), "belum", OUT_OF_TIME, "valid", False, "kept", LATER),
    "timestamp stripped below a document timestamp": Row(lambda s: how.without_timestamp(s.kept), "tidak", BAD_TIMESTAMP, "refuses", False, "kept"),
}  # fmt: skip


def poppler(path):
    """What `pdfsig` says: ``refuses``, ``not whole`` (of the last signature; as of every earlier one), or ``valid``."""
    told = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, timeout=60, check=False).stdout
    blocks = told.decode("utf-8", "replace").split("Signature #")[1:]
    good = [b for b in blocks if "Signature is Valid." in b or "Field Name: STEMPEL" in b]  # stamps it cannot check
    if not blocks or good != blocks:
        return "refuses"
    return "not whole" if "Not total document signed" in blocks[-1] else "valid"


def structure(path):
    """Whether `qpdf --check` has something to say."""
    return subprocess.run(["qpdf", "--check", path], capture_output=True, timeout=60, check=False).returncode != 0


@pytest.mark.parametrize("name", ["one", "stamped", "two", "kept"])
def test_what_nobody_touched_is_valid(stage, name):
    judged = verifying.verdict(getattr(stage, name), stage.town.roots, now=NOW)
    assert (judged.overall, {each.changed for each in judged.signatures} <= {"no", "allowed"}) == ("sah", True)


@pytest.mark.parametrize("name", ROWS)
def test_every_row_has_its_value_and_its_reason(stage, name):
    row = ROWS[name]
    spoiled = row.does(stage)
    assert spoiled != getattr(stage, row.of)
    judged = verifying.verdict(spoiled, stage.town.roots, now=NOW + row.now)
    assert judged.overall == row.overall, judged.reasons
    assert any(row.reason in each for each in judged.reasons), judged.reasons


@pytest.mark.parametrize("name", ROWS)
def test_with_the_archive_every_row_is_invalid(stage, name):
    row = ROWS[name]
    archived = hashlib.sha256(getattr(stage, row.of)).hexdigest()
    judged = verifying.verdict(row.does(stage), stage.town.roots, now=NOW + row.now, archived=archived)
    assert (judged.overall, judged.reasons) == ("tidak", (verifying.OTHER_BYTES,))


PLAIN = {"timestamp stripped, the same day", "timestamp stripped, looked at later", "cut back to the first signature"}
"""What is left here is a good signature over our file, of a lower level: a provider may return just that."""


@pytest.mark.parametrize("name", [each for each in ROWS if each not in PLAIN])
def test_no_row_is_taken_from_a_provider(stage, name):
    with pytest.raises(Refused):
        verifying.accepts(stage.page, ROWS[name].does(stage), ANI, stage.town.roots, NOW)


def test_yesterdays_answer_is_taken_for_no_other_letter(stage):
    today = how.prepared(pages=2).replace(b"100 rupiah", b"200 rupiah")
    with pytest.raises(Refused) as caught:
        verifying.accepts(today, stage.one, ANI, stage.town.roots, NOW)
    assert "does not begin with the bytes" in caught.value.detail
    with pytest.raises(Refused) as caught:
        verifying.accepts(stage.one, stage.one, ANI, stage.town.roots, NOW)
    assert "0 signatures were added" in caught.value.detail


def test_a_stripped_timestamp_is_told_by_the_level(stage):
    levels = [
        verifying.verdict(each, stage.town.roots, now=NOW).signatures[0].level
        for each in (stage.stamped, how.without_timestamp(stage.stamped))
    ]
    assert levels == ["T", "B"]


@pytest.mark.needs("pdfsig", "qpdf")
@pytest.mark.parametrize("name", ROWS)
def test_what_each_independent_judge_sees_of_it(stage, tmp_path, name):
    row = ROWS[name]
    path = tmp_path / "a.pdf"
    path.write_bytes(row.does(stage))
    assert (poppler(path), structure(path)) == (row.pdfsig, row.qpdf)


def test_the_documentation_shows_this_table():
    lines = [
        f"| {name} | {row.overall} | {row.pdfsig} | {'warns' if row.qpdf else '–'} |" for name, row in ROWS.items()
    ]
    assert "\n".join(lines) in DOCS.read_text(encoding="utf-8")
