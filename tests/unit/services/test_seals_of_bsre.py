"""Sealing through the stand-in of BSrE over a socket: every fault leaves the document lawful, with its number."""

from __future__ import annotations

import dataclasses

import pytest
from sealing_stage import drafted, seal
from signing_stage import SIGNATORY

from bsre_at_work import ACTIVATION, SEALER, SUBSCRIBER, client, listening, roots, stand_in
from intranet_surat.demo.bsre.faults import AFTER, BEFORE, INSTEAD, Fault
from intranet_surat.services import public
from intranet_surat.services.providers.base import SigningError
from intranet_surat.services.providers.bsre_v2 import BSRE_WITH_SEAL, SealingBsreV2

SURELY_NOT = BEFORE - {"hang-before", "closed-before", "503", "html", "redirect"}
"""The service said that it did nothing; whatever else came, a seal may have been made."""


@pytest.fixture(scope="module")
def served():
    made = stand_in([])
    with listening(made) as port:
        made.port = port
        yield made
        made.faults.clear()


@pytest.fixture
def certificate(desk, served, tmp_path):
    """A certificate before the responsible person, in a house whose seal is BSrE's."""
    served.faults.clear()

    (tmp_path / "aktivasi").write_text(ACTIVATION)
    provider = SealingBsreV2(
        client(served.port, tmp_path, seconds=1.0), "email", BSRE_WITH_SEAL, subscriber=SUBSCRIBER,
        activation_file=tmp_path / "aktivasi", sealer=SEALER,
    )  # fmt: skip
    settings = dataclasses.replace(
        desk.house.settings, sealed_kinds=frozenset({"sertifikat"}), signing_provider=provider.id
    )
    desk.house = dataclasses.replace(
        desk.house,
        settings=settings,
        providers={**desk.house.providers, provider.id: provider},
        roots=(*desk.house.roots, roots(served.register.authority)),
    )
    made = drafted(desk)
    desk.act(SIGNATORY, made, "siapkan")
    return made


def test_a_document_is_sealed_without_anybodys_secret(desk, certificate, served):
    before = served.faults.calls.copy()
    assert seal(desk, certificate).verdict.overall == "sah"
    called = served.faults.calls - before
    assert (called["seal-code"], called["seal"], called["sign"]) == (1, 1, 0)
    assert public.facts(desk.house, desk.site, certificate.token, desk.now).signatory_name == SEALER.name


@pytest.mark.parametrize("fault", sorted(BEFORE | INSTEAD | AFTER))
def test_every_fault_leaves_the_document_where_it_was_with_its_number(desk, certificate, served, fault):
    number, calls = certificate.fields["number"], served.faults.calls["seal"]
    served.faults.plan(Fault(fault, "seal", seconds=30))
    with pytest.raises(SigningError) as told:
        seal(desk, certificate)
    served.faults.clear()
    attempt = certificate.attempts[-1]
    assert told.value.message
    assert certificate.state == "menunggu_segel"
    assert certificate.fields["number"] == number
    assert not certificate.fields.get("signed")
    assert served.faults.calls["seal"] == calls + 1
    if fault in AFTER or (fault in BEFORE and fault not in SURELY_NOT):
        assert attempt.state == "unknown"
    if fault in SURELY_NOT:
        assert attempt.state == "failed"


def test_where_no_code_for_the_seal_can_be_had_nothing_was_sealed_and_it_may_be_tried_again(desk, certificate, served):
    served.faults.plan(Fault("503", "seal-code"))
    with pytest.raises(SigningError):
        seal(desk, certificate)
    assert certificate.attempts[-1].state == "failed"
    assert seal(desk, certificate).verdict.overall == "sah"
