"""Who wants in by the pages of signatures and of their proof: what he gets is a sentence."""

from __future__ import annotations

import pytest
from steps import at_head

from intranet_surat.services.verifying_facts import SignatureFacts
from intranet_surat.web.views import proof


@pytest.fixture
def url(enter):
    return at_head(enter)


def test_a_colleague_got_the_memory_of_the_server_by_asking_for_many_packages_at_once(enter, url, monkeypatch):
    monkeypatch.setattr(proof, "PATIENCE", 0.01)
    page = enter("agendaris.dinkes")
    with proof.AT_ONCE, proof.AT_ONCE:
        assert proof.BUSY in page.get(url + "@@paket", status=503).text
    assert page.get(url + "@@paket").content_type == "application/zip"


def test_a_colleague_got_a_place_kept_by_asking_for_what_he_may_not_see(enter, url, monkeypatch):
    monkeypatch.setattr(proof, "PATIENCE", 0.01)
    for _ in range(3):
        enter("agendaris.bpkad").get(url + "@@paket", status=404)
    assert enter("agendaris.dinkes").get(url + "@@paket").content_type == "application/zip"


def test_a_stranger_with_the_code_learns_no_address_and_no_number_of_the_signatory():
    """What the page tells programs holds neither the e-mail nor the serial number of the certificate."""
    facts = SignatureFacts(
        field="TTE_1", signer="Ani", subject_serial="3604012345670001", emails=("ani@contoh.go.id",), issuer="X",
        certificate="1", signed_at="", timestamped=False, whole_file=True, overall="sah", reasons=(),
    )  # fmt: skip
    told = facts.as_dict()
    assert "3604012345670001" not in repr(told)
    assert "ani@contoh.go.id" not in repr(told)
    old = {**told, "subject_serial": "3604012345670001", "emails": ["ani@contoh.go.id"]}
    assert SignatureFacts.from_dict(old) == SignatureFacts.from_dict(told)
