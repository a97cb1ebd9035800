"""What is told of a signature besides the verdict: whose clock, how far proven, changed or not; also of old authorities."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from evidence_stage import PAGE, Town
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from signed_pages import ANI, BUDI, NOW, Pki, judge

from intranet_surat.demo.authority import issuing
from intranet_surat.demo.authority.server import Server
from intranet_surat.services import signing_loop, verifying_pdf, verifying_roots
from intranet_surat.services.evidence import longterm
from intranet_surat.services.verifying_facts import SignatureFacts

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def town():
    made = Town()
    yield made
    made.close()


def with_data(town, signer=None):
    """A file of the level LT, as services make it: a timestamp and all data about certificates, no document timestamp."""
    context = longterm._context(verifying_roots.load_roots(town.roots), town.source(), town.now)
    meta = PdfSignatureMetadata(
        "TTE_1", subfilter=SigSeedSubFilter.PADES, embed_validation_info=True, validation_context=context
    )
    signer = PdfSigner(meta, signer or town.pki.signer(ANI), timestamper=town.stamper())
    return signing_loop.run(signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(PAGE)))).getvalue()


def levels(town, pdf):
    return [each.level for each in town.verdict(pdf).signatures]


def test_the_level_is_what_could_be_proven(town):
    assert levels(town, town.sign(stamped=False)) == ["B"]
    assert levels(town, town.sign()) == ["T"]
    assert levels(town, with_data(town)) == ["LT"]
    extended, _ = town.augment(town.sign(town.sign(stamped=False), BUDI))
    assert levels(town, extended) == ["LTA", "LTA"]


def test_whose_clock_it_was_is_told(town):
    (bare,) = town.verdict(town.sign(stamped=False)).signatures
    assert (bare.stamped_at, bare.stamped_by) == ("", "")
    (stamped,) = town.verdict(town.sign()).signatures
    assert datetime.fromisoformat(stamped.stamped_at) == NOW
    assert "Waktu" in stamped.stamped_by
    made = town.sign(stamped=False)
    town.now = NOW + HOUR
    (covered,) = town.verdict(town.augment(made)[0]).signatures
    assert datetime.fromisoformat(covered.stamped_at) == NOW + HOUR, "by the document timestamp"
    assert datetime.fromisoformat(covered.signed_at) == NOW


def test_a_timestamp_of_nobody_we_know_proves_no_time(town):
    made = town.sign()
    stranger = Pki()
    (only,) = judge(stranger, made).signatures
    assert (only.level, only.stamped_by, only.timestamped) == ("B", "", True)


def test_later_signatures_and_evidence_are_allowed_and_told_apart_from_change(town):
    one = town.sign()
    two, _ = town.augment(town.sign(one, BUDI))
    assert [each.changed for each in town.verdict(one).signatures] == ["no"]
    assert [each.changed for each in town.verdict(two).signatures] == ["allowed", "allowed"]
    spoiled = bytearray(one)
    spoiled[900] ^= 1
    assert [each.changed for each in town.verdict(bytes(spoiled)).signatures] == ["yes"]


def test_the_time_of_the_certificate_is_told(authority, signed):
    (only,) = judge(authority, signed).signatures
    assert datetime.fromisoformat(only.valid_from) < NOW < datetime.fromisoformat(only.valid_to)


def test_facts_kept_by_an_older_release_can_still_be_read(authority, signed):
    (only,) = judge(authority, signed).signatures
    new = ("level", "stamped_at", "stamped_by", "changed", "valid_from", "valid_to")
    old = {name: value for name, value in only.as_dict().items() if name not in new}
    assert SignatureFacts.from_dict(old).level == "B"


@pytest.fixture
def old_town(town):
    """The authority of the signers ends within two years, its root with it; stamps come from one that lives longer."""
    town.pki.authority = issuing.new(NOW, years=2)
    town.servers[""] = Server(town.pki.authority, lambda: town.now)
    town.roots = [town.pki.authority.root.public_bytes(Encoding.PEM)]
    town.followed_by(1, years=20)
    return town


def test_of_an_authority_that_ended_what_was_stamped_with_data_still_counts(old_town):
    made = with_data(old_town)
    old_town.now = NOW + 3 * 365 * DAY
    (only,) = old_town.verdict(made).signatures
    assert (only.overall, only.level) == ("sah", "LT")


def test_of_an_authority_that_ended_what_was_not_stamped_is_undecided(old_town):
    made = old_town.sign(stamped=False)
    old_town.now = NOW + 3 * 365 * DAY
    judged = old_town.verdict(made)
    assert (judged.overall, judged.reasons) == ("belum", (verifying_pdf.OUT_OF_TIME,))


def test_a_stamp_whose_own_authority_ended_proves_nothing_any_more(town):
    made = with_data(town)
    town.now = NOW + 30 * 365 * DAY
    assert town.verdict(made).overall == "belum"


@pytest.mark.parametrize(("since", "wanted"), [(-DAY, "tidak"), (HOUR, "sah")])
def test_of_an_authority_that_ended_a_revocation_counts_from_its_day(old_town, since, wanted):
    signer = old_town.pki.signer(ANI, NOW - 2 * DAY, NOW + 700 * DAY)
    made = old_town.sign(signer=signer)
    old_town.revoke(signer, NOW + since)
    old_town.now = NOW + 2 * HOUR
    extended, _ = old_town.augment(made)
    for day in (1, 3 * 365):
        old_town.now = NOW + day * DAY
        assert old_town.verdict(extended).overall == wanted
