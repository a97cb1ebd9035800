"""What the answers of BSrE mean, in all the shapes that were met; and what is never taken for a success."""

from __future__ import annotations

import base64
import json

import pytest

from intranet_surat.services.outbound import Answer
from intranet_surat.services.providers import base, bsre_wire
from intranet_surat.services.secret import Secret

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
JSON = {"content-type": "application/json"}


def answer(said, status=200, **headers):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return Answer(status, {**JSON, **{key.replace("_", "-"): value for key, value in headers.items()}}, body)


def spring(status):
    return {
        "timestamp": "2026-09-17T10:00:00.000+00:00",
        "status": status,
        "error": "Error",
        "path": "/api/v2/sign/pdf",
    }


@pytest.mark.parametrize(
    ("said", "status", "error"),
    [
        ({"error": "Proses signing gagal : Passphrase anda salah 2031", "status_code": 400}, 400, base.WrongSecret),
        ({"status_code": 2031, "error": "Passphrase anda salah !!!"}, 400, base.WrongSecret),
        ({"status_code": "2031", "error": "Passphrase anda salah !!!"}, 200, base.WrongSecret),
        ({"message": "Passphrase anda salah 2031"}, 500, base.WrongSecret),
        ({"error": "Proses signing gagal : User tidak terdaftar 2011", "status_code": 400}, 400, base.SignerNotReady),
        ({"status_code": 1110, "error": "belum"}, 400, base.SignerNotReady),
        ({"status_code": "4711", "error": "Kuota habis"}, 400, base.Refused),
        ({"error": "lain", "status_code": 400}, 400, base.Refused),
        (b"User tidak ditemukan", 400, base.Refused),
        ({}, 413, base.BadInput),
        (spring(500), 500, base.BadInput),
        (b"<html>", 500, base.OutcomeUnknown),
        (spring(503), 503, base.OutcomeUnknown),
        (b"", 502, base.OutcomeUnknown),
        (b"", 504, base.OutcomeUnknown),
        (b"", 408, base.OutcomeUnknown),
        (spring(401), 401, base.Misconfigured),
        (b"", 403, base.Misconfigured),
        (spring(404), 404, base.Misconfigured),
        ({"error": "Too Many Requests"}, 429, base.RateLimited),
        (b"<!DOCTYPE html><title>masuk</title>", 200, base.OutcomeUnknown),
        (b'{"time": 812, "file": ["JVBER', 200, base.OutcomeUnknown),
        ({"time": 812}, 200, base.OutcomeUnknown),
        ({"time": 812, "message": "berhasil pada 2026"}, 200, base.OutcomeUnknown),
        ({"time": 812, "signedFile": [base64.b64encode(PDF).decode()]}, 200, base.OutcomeUnknown),
        ({"file": []}, 200, base.OutcomeUnknown),
        ({"file": ["", ""]}, 200, base.OutcomeUnknown),
        ({"file": ["!"]}, 200, base.OutcomeUnknown),
        ({"file": [7]}, 200, base.OutcomeUnknown),
        ({"file": base64.b64encode(PDF).decode()}, 200, base.OutcomeUnknown),
        ({"file": [base64.b64encode(PDF[:-6]).decode()]}, 200, base.OutcomeUnknown),
        (b"[]", 200, base.OutcomeUnknown),
        (b"[" * 100_000, 200, base.OutcomeUnknown),
        (b"\xff\xfe", 200, base.OutcomeUnknown),
    ],
)
def test_what_an_answer_to_a_signature_means(said, status, error):
    with pytest.raises(error) as caught:
        bsre_wire.one_file(answer(said, status))
    assert type(caught.value) is error
    assert f"HTTP {status}" in caught.value.detail


def test_one_file_is_a_success_whatever_stands_beside_it():
    said = {"time": "812", "file": [base64.b64encode(PDF).decode()], "message": "ok", "baru": {"x": 1}}
    assert bsre_wire.one_file(answer(said)) == PDF


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"status_code": 1111, "message": "…", "status": "ISSUE"}, "ISSUE"),
        ({"status_code": "1111", "message": "…"}, "ISSUE"),
        ({"status_code": "2021", "message": "…", "status": "NO_CERTIFICATE"}, "NO_CERTIFICATE"),
        ({"status_code": 2011, "message": "…", "status": "not_registered"}, "NOT_REGISTERED"),
        ({"status_code": 1110, "message": "…"}, "NOT_REGISTERED"),
        ({"status": "SUSPEND"}, "SUSPENDED"),
        ({"status": "SESUATU_YANG_BARU", "status_code": 2099}, "UNKNOWN"),
    ],
)
def test_how_a_person_stands(said, state):
    found = bsre_wire.state_of(answer(said))
    assert (found.code, found.ready) == (state, state == "ISSUE")


def test_a_person_s_state_may_come_with_an_error_and_anything_else_is_no_state():
    refused = answer({"error": "User tidak terdaftar 2011", "status_code": 400}, 400)
    assert bsre_wire.state_of(refused).code == "NOT_REGISTERED"
    for said, status, error in (
        (b"<html>", 200, base.ProviderUnavailable),
        ({}, 200, base.ProviderUnavailable),
        (spring(503), 503, base.ProviderUnavailable),
        (spring(500), 500, base.ProviderUnavailable),
        (spring(401), 401, base.Misconfigured),
        (b"", 429, base.RateLimited),
    ):
        with pytest.raises(error):
            bsre_wire.state_of(answer(said, status))


def test_an_error_about_a_code_is_a_wrong_code_only_when_a_code_was_given():
    said = answer({"error": "Kode TOTP tidak sesuai 2041", "status_code": 400}, 400)
    with Secret("123456", "totp") as code, Secret("frasa") as phrase:
        assert bsre_wire.refusal(said, code).message == base.WrongSecret.wrong_code
        assert type(bsre_wire.refusal(said, phrase)) is base.Refused


def test_the_secret_is_cut_out_of_what_the_service_wrote():
    said = answer({"error": "salah: kenari-7 milik 3200000000000001, ani@contoh.go.id", "status_code": 400}, 400)
    with Secret("kenari-7") as secret:
        detail = bsre_wire.refusal(said, secret).detail
    assert "salah: *** milik ***" in detail
    assert not [each for each in ("kenari", "3200", "ani@") if each in detail]


@pytest.mark.parametrize(("wait", "seconds"), [("30", 30), ("", None), ("Wed, 21 Oct 2026 07:28:00 GMT", None)])
def test_the_time_to_wait_is_read_when_it_is_a_number(wait, seconds):
    assert bsre_wire.refusal(answer(b"", 429, retry_after=wait)).retry_after == seconds
