"""Keys at a remote service: pyHanko's client speaks CSC over a socket with a stand-in that really signs."""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, datetime, timedelta

import pytest
import typst
from cryptography.hazmat.primitives import serialization
from waitress.server import create_server

from intranet_surat.demo.authority import issuing
from intranet_surat.demo.csc import Credential, Server
from intranet_surat.services import signing_fields, verifying
from intranet_surat.services.outbound import Outbound
from intranet_surat.services.outbound_destinations import Destination
from intranet_surat.services.providers import base
from intranet_surat.services.providers.base import SignerState
from intranet_surat.services.providers.csc import CscProvider
from intranet_surat.services.secret import Secret

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ANI = base.Signer("ani", "Ani Uji", "197001011990012001", "ani@contoh.go.id")
STRANGER = base.Signer("budi", "Budi Uji", "", "budi@contoh.go.id")
PIN = "frasa sandi ani"
TOKEN = "token-uji"


@pytest.fixture(scope="module")
def authority():
    return issuing.new(NOW)


@pytest.fixture
def service(authority):
    key = issuing.new_key()
    certificate = authority.certificate(key, ANI, NOW - timedelta(days=1), NOW + timedelta(days=700))
    return Server(TOKEN, {"kunci-1": Credential(ANI.email, PIN, key, (certificate, authority.issuer, authority.root))})


@pytest.fixture
def provider(service):
    server = create_server(service, host="127.0.0.1", port=0, threads=2)

    def serve():
        with contextlib.suppress(OSError):  # its socket is closed while it waits
            server.run()

    threading.Thread(target=serve, daemon=True).start()
    outbound = Outbound(
        [Destination("csc", "http", "127.0.0.1", int(server.effective_port), tls="none", internal=True, timeout=30)]
    )
    yield CscProvider(outbound, "csc", lambda: TOKEN)
    server.close()


@pytest.fixture(scope="module")
def pdf():
    return typst.compile(b"= Surat", pdf_standards=["a-2b"], timestamp=NOW)


def sign(provider, pdf, signer=ANI, secret=PIN, kind="passphrase"):
    return provider.sign(pdf, signer, Secret(secret, kind), reason="Surat 1", location="Kabupaten Uji", now=NOW)


def test_a_hash_goes_out_and_a_valid_letter_comes_of_it(provider, pdf, service, authority):
    result = sign(provider, pdf)
    roots = [each.public_bytes(serialization.Encoding.PEM) for each in (authority.root, authority.issuer)]
    assert verifying.accepts(pdf, result.pdf, ANI, roots, NOW).overall == "sah"
    assert service.calls["signatures/signHash"] == 1


def test_the_field_prepared_for_a_signatory_is_filled_and_no_other(provider, pdf, authority):
    roots = [each.public_bytes(serialization.Encoding.PEM) for each in (authority.root, authority.issuer)]
    several = signing_fields.prepared(pdf, {"TTE_1": ANI, "TTE_2": base.Signer("pp_budi", "Budi")})
    told = {"reason": "Berita acara 1", "location": "Kabupaten Uji", "now": NOW}
    made = provider.sign(several, ANI, Secret(PIN), **told, field="TTE_1").pdf
    assert verifying.accepts(several, made, ANI, roots, NOW, "TTE_1").signatures[-1].field == "TTE_1"
    with pytest.raises(base.BadInput):
        provider.sign(made, ANI, Secret(PIN), **told, field="TTE_1")


def test_a_wrong_pin_signs_nothing_and_is_not_quoted(provider, pdf, service):
    with pytest.raises(base.WrongSecret) as caught:
        sign(provider, pdf, secret="pin yang salah")
    assert "pin yang salah" not in f"{caught.value} {caught.value.detail}"
    assert "signatures/signHash" not in service.calls


def test_a_one_time_code_signs_once(provider, pdf, service):
    provider.request_code(ANI, 1, NOW)
    (code,) = service.credentials["kunci-1"].codes
    assert sign(provider, pdf, secret=code, kind="totp").pdf.startswith(pdf)
    with pytest.raises(base.WrongSecret) as caught:
        sign(provider, pdf, secret=code, kind="totp")
    assert caught.value.message == base.WrongSecret.wrong_code


def test_who_is_not_known_there_is_told_so(provider, pdf):
    assert provider.status(STRANGER, NOW).code is SignerState.NOT_REGISTERED
    with pytest.raises(base.SignerNotReady):
        sign(provider, pdf, STRANGER)


@pytest.mark.parametrize(
    ("status", "code"),
    [("expired", "EXPIRED"), ("revoked", "REVOKED"), ("suspended", "SUSPENDED"), ("aneh", "UNKNOWN")],
)
def test_a_certificate_that_cannot_be_used_is_told_by_its_state(provider, pdf, service, status, code):
    service.credentials["kunci-1"].status = status
    assert provider.status(ANI, NOW).code == code
    with pytest.raises(base.SignerNotReady):
        sign(provider, pdf)


def test_a_lost_answer_to_the_signature_is_unknown_and_never_asked_again(provider, pdf, service):
    service.fault = lambda endpoint: (503, {}) if endpoint == "signatures/signHash" else None
    with pytest.raises(base.OutcomeUnknown):
        sign(provider, pdf)
    assert service.calls["signatures/signHash"] == 1


@pytest.mark.parametrize("endpoint", ["credentials/list", "credentials/info", "credentials/authorize"])
def test_a_service_that_fails_before_the_signature_leaves_nothing_signed(provider, pdf, service, endpoint):
    service.fault = lambda asked: (503, {}) if asked == endpoint else None
    with pytest.raises(base.ProviderUnavailable):
        sign(provider, pdf)
    assert "signatures/signHash" not in service.calls


def test_a_service_that_is_not_there_is_told_before_anything_was_sent(pdf):
    away = Outbound([Destination("csc", "http", "127.0.0.1", 9, tls="none", internal=True)])
    with pytest.raises(base.ProviderUnavailable):
        sign(CscProvider(away, "csc", lambda: TOKEN), pdf)


def test_a_token_that_is_refused_is_the_administrators_matter(provider, pdf, service):
    service.token = "token-lain"
    with pytest.raises(base.Misconfigured):
        sign(provider, pdf)


def test_too_many_calls_wait_as_long_as_the_service_says(provider, pdf, service):
    service.fault = lambda _endpoint: (429, {"error": "slow_down"})
    with pytest.raises(base.RateLimited):
        sign(provider, pdf)


@pytest.mark.parametrize(
    "answer", [{}, {"signatures": []}, {"signatures": ["bukan base64!"]}, {"signatures": ["AAAA"]}]
)
def test_nonsense_instead_of_a_signature_never_becomes_a_letter(provider, pdf, service, authority, answer):
    service.fault = lambda endpoint: (200, answer) if endpoint == "signatures/signHash" else None
    roots = [each.public_bytes(serialization.Encoding.PEM) for each in (authority.root, authority.issuer)]
    with pytest.raises(base.SigningError):
        verifying.accepts(pdf, sign(provider, pdf).pdf, ANI, roots, NOW)
