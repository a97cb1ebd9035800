"""The providers of BSrE against a stand-in that listens and really signs: v1, v2, codes, seals, and what is told."""

from __future__ import annotations

import base64
import http.client
import json
import logging

import pytest

from bsre_at_work import (
    ACTIVATION,
    ANI,
    BUDI,
    NIK,
    NOW,
    PASSPHRASE,
    PASSWORD,
    SEALER,
    SUBSCRIBER,
    client,
    listening,
    roots,
    stand_in,
)
from intranet_surat.demo.bsre.accounts import Account
from intranet_surat.demo.bsre.faults import Fault
from intranet_surat.demo.bsre.server import USER
from intranet_surat.services import signing_fields, verifying
from intranet_surat.services.providers import base, bsre_client
from intranet_surat.services.providers.bsre_v1 import BsreV1
from intranet_surat.services.providers.bsre_v2 import BsreV2, SealingBsreV2
from intranet_surat.services.secret import Secret


@pytest.fixture(scope="module")
def served():
    made = stand_in([Account(each.name, each.email, each.nik, PASSPHRASE) for each in (ANI, BUDI)])
    with listening(made) as port:
        made.port = port
        yield made


@pytest.fixture
def bsre(served, tmp_path):
    served.faults.clear()
    served.calls_before = served.faults.calls.copy()
    return client(served.port, tmp_path)


@pytest.fixture(params=["v1", "v2"])
def provider(request, bsre):
    return BsreV1(bsre) if request.param == "v1" else BsreV2(bsre)


def sign(provider, pdf, signer=ANI, secret=PASSPHRASE, kind="passphrase"):
    return provider.sign(pdf, signer, Secret(secret, kind), reason="Surat 1", location="Kabupaten Uji", now=NOW)


def status_of(served, state, email=ANI.email):
    account = served.register.find(email)
    before, account.status = account.status, state
    return account, before


def test_a_signature_of_bsre_passes_our_judgement(served, provider, pdf):
    assert provider.status(ANI, NOW).ready
    signed = sign(provider, pdf)
    judged = verifying.accepts(pdf, signed.pdf, ANI, (roots(served.register.authority),), NOW)
    assert (judged.overall, judged.signatures[-1].timestamped) == ("sah", True)
    again = sign(provider, signed.pdf, BUDI)
    assert verifying.accepts(signed.pdf, again.pdf, BUDI, (roots(served.register.authority),), NOW).overall == "sah"


def test_several_sign_one_file_in_fields_of_the_service_and_prepared_ones_stay_empty(served, provider, pdf):
    known = (roots(served.register.authority),)
    told = {"reason": "Berita acara 1", "location": "Kabupaten Uji", "now": NOW}
    before, seen = signing_fields.prepared(pdf, {"TTE_1": ANI, "TTE_2": BUDI}), []
    for field, signer in (("TTE_1", ANI), ("TTE_2", BUDI)):
        after = provider.sign(before, signer, Secret(PASSPHRASE), **told, field=field).pdf
        seen.append(verifying.accepts(before, after, signer, known, NOW, field).signatures[-1].field)
        assert verifying.verdict(after, known, now=NOW).overall == ("belum" if signer is ANI else "sah")
        before = after
    assert seen == ["esc_1", "esc_2"]


def test_both_are_providers_and_only_v1_hands_out_a_result_again(bsre):
    assert isinstance(BsreV1(bsre), base.SigningProvider)
    assert isinstance(BsreV2(bsre), base.CodeProvider)
    assert isinstance(BsreV1(bsre), base.KeepsResults)
    assert not isinstance(BsreV2(bsre), base.KeepsResults)


def test_a_result_of_v1_is_given_once(bsre, pdf):
    provider = BsreV1(bsre)
    signed = sign(provider, pdf)
    assert provider.fetch(signed.reference, NOW) == signed.pdf
    with pytest.raises(base.Refused, match="sudah pernah diambil"):
        provider.fetch(signed.reference, NOW)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("EXPIRED", "EXPIRED"),
        ("RENEW", "RENEW"),
        ("NEW", "NEW"),
        ("WAITING_FOR_VERIFICATION", "WAITING"),
        ("NO_CERTIFICATE", "NO_CERTIFICATE"),
        ("SUSPEND", "SUSPENDED"),
        ("REVOKE", "REVOKED"),
    ],
)
def test_each_status_that_keeps_a_person_from_signing_has_its_sentence(served, provider, state, code):
    account, before = status_of(served, state)
    try:
        found = provider.status(ANI, NOW)
    finally:
        account.status = before
    assert (found.ready, found.code) == (False, code)
    assert "BSrE" in found.says
    assert "BSrE" not in base.SignerState(code).sentence, "who signs by another provider knows no portal of BSrE"


def test_a_stranger_is_not_registered_and_a_person_without_address_is_told_so_unasked(served, bsre, provider):
    stranger = base.Signer("x", "X", email="x@contoh.go.id", nik="3200000000000077")
    assert provider.status(stranger, NOW).code == "NOT_REGISTERED"
    asked = served.faults.calls["status"]
    found = provider.status(base.Signer("x", "X"), NOW)
    assert "belum dicatat" in found.says
    assert served.faults.calls["status"] == asked


def test_a_person_without_address_sends_no_letter_away(served, provider, pdf):
    asked = served.faults.calls["sign"]
    with pytest.raises(base.SignerNotReady, match="belum dicatat"):
        sign(provider, pdf, base.Signer("x", "X"))
    assert served.faults.calls["sign"] == asked


def test_a_wrong_passphrase_is_told_and_never_quoted(provider, pdf, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(base.WrongSecret, match="Frasa sandi salah") as caught:
        sign(provider, pdf, secret="kenari-salah")
    assert "kenari" not in caplog.text + str(caught.value) + caught.value.detail
    assert NIK not in caplog.text
    assert ANI.email not in caplog.text


def test_a_service_that_repeats_the_passphrase_is_not_quoted(served, provider, pdf, caplog):
    caplog.set_level(logging.DEBUG)
    served.faults.plan(Fault("echo"))
    with pytest.raises(base.Refused) as caught:
        sign(provider, pdf)
    assert "***" in caught.value.detail
    assert PASSPHRASE not in caplog.text + caught.value.detail


def test_a_one_time_code_is_for_its_number_of_files_and_once(served, bsre, pdf):
    provider = BsreV2(bsre, identity="nik")
    provider.request_code(ANI, 1, NOW)
    code, _ = served.register.codes[ANI.email]
    assert sign(provider, pdf, secret=code, kind="totp").pdf.startswith(pdf)
    with pytest.raises(base.WrongSecret, match="Kode sekali pakai"):
        sign(provider, pdf, secret=code, kind="totp")
    provider.request_code(ANI, 3, NOW)
    with pytest.raises(base.WrongSecret):
        sign(provider, pdf, secret=served.register.codes[ANI.email][0], kind="totp")


def test_a_code_for_somebody_unknown_is_refused(bsre):
    with pytest.raises(base.SignerNotReady, match="belum terdaftar"):
        BsreV2(bsre).request_code(base.Signer("x", "X", email="x@contoh.go.id"), 1, NOW)
    with pytest.raises(base.SignerNotReady, match="belum dicatat"):
        BsreV2(bsre).request_code(base.Signer("x", "X"), 1, NOW)


def test_the_agency_seals_with_a_code_that_nobody_types(served, bsre, pdf, tmp_path):
    (tmp_path / "aktivasi").write_text(f"{ACTIVATION}\n")
    sealing = SealingBsreV2(bsre, subscriber=SUBSCRIBER, activation_file=tmp_path / "aktivasi", sealer=SEALER)
    assert isinstance(sealing, base.SealingProvider)
    sealed = sealing.seal(pdf, reason="Surat massal", location="Uji", now=NOW)
    assert verifying.accepts(pdf, sealed.pdf, SEALER, (roots(served.register.authority),), NOW).overall == "sah"
    (tmp_path / "aktivasi").write_text("000000")
    with pytest.raises(base.Refused):
        sealing.seal(pdf, reason="Surat massal", location="Uji", now=NOW)
    (tmp_path / "aktivasi").unlink()
    with pytest.raises(base.Misconfigured):
        sealing.seal(pdf, reason="Surat massal", location="Uji", now=NOW)


def test_a_password_that_the_service_does_not_know_is_for_the_administrators(served, tmp_path, pdf):
    strange = BsreV2(client(served.port, tmp_path, password="lain"))
    with pytest.raises(base.Misconfigured, match="menolak aplikasi ini, bukan Anda"):
        strange.status(ANI, NOW)
    with pytest.raises(base.Misconfigured):
        sign(strange, pdf)


def test_nobody_there_is_unavailable_and_nothing_was_sent(tmp_path, pdf):
    gone = BsreV2(client(9, tmp_path))
    for call in (lambda: gone.status(ANI, NOW), lambda: sign(gone, pdf)):
        with pytest.raises(base.ProviderUnavailable, match="Surat menunggu dengan nomornya"):
            call()


def test_too_many_calls_are_told_with_the_time_to_wait(served, provider, pdf):
    served.faults.plan(Fault("429"))
    with pytest.raises(base.RateLimited) as caught:
        sign(provider, pdf)
    assert caught.value.retry_after == 30


def test_a_status_that_hangs_is_only_unavailable(served, provider, monkeypatch):
    monkeypatch.setattr(bsre_client, "STATUS_SECONDS", 0.3)
    served.faults.plan(Fault("hang-before", "status", seconds=3))
    with pytest.raises(base.ProviderUnavailable):
        provider.status(ANI, NOW)
    served.faults.clear()


def test_the_header_that_came_before_the_rest_was_lost_is_kept_with_v1(served, bsre, pdf):
    served.faults.plan(Fault("closed-after"))
    provider = BsreV1(bsre)
    with pytest.raises(base.OutcomeUnknown) as caught:
        sign(provider, pdf)
    assert provider.fetch(caught.value.reference, NOW).startswith(pdf)


def ask(served, method, path, body=b"", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    try:
        pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        connection.request(method, path, body, {"Authorization": f"Basic {pair}", **headers})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_the_stand_in_verifies_in_both_shapes(served, bsre, pdf):
    signed = sign(BsreV2(bsre), pdf).pdf
    for data, conclusion in ((signed, "VALID"), (pdf, "NO_SIGNATURE"), (signed[:-1] + b"x", "INVALID")):
        sent = json.dumps({"file": base64.b64encode(data).decode()}).encode()
        status, told = ask(served, "POST", "/api/v2/verify/pdf", sent)
        assert (status, told["conclusion"]) == (200, conclusion)
    assert ask(served, "POST", "/api/v2/verify/pdf", b'{"file":"eA=="}')[0] == 500
    body = (
        b'--x\r\nContent-Disposition: form-data; name="signed_file"; filename="a.pdf"\r\n\r\n'
        + signed
        + b"\r\n--x--\r\n"
    )
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    status, told = ask(served, "POST", "/api/sign/verify", body, **kind)
    assert (told["summary"], told["jumlah_signature"]) == ("VALID", 1)


def test_the_door_of_the_stand_in_plans_faults_counts_calls_and_refuses_nonsense(served, bsre):
    assert ask(served, "POST", "/bsre/galat", b'{"name": "503", "call": "status"}')[0] == 200
    with pytest.raises(base.ProviderUnavailable):
        BsreV2(bsre).status(ANI, NOW)
    assert BsreV2(bsre).status(ANI, NOW).ready
    for wrong in (b'{"name": "x"}', b'{"nama": "503"}'):
        assert ask(served, "POST", "/bsre/galat", wrong)[0] == 400
    assert ask(served, "DELETE", "/bsre/galat")[1]["calls"]["status"] >= 2


def test_a_person_s_chain_and_what_nobody_knows(served):
    status, told = ask(served, "GET", f"/api/v2/user/certificate/chain/{NIK}")
    assert (status, len(told["data"])) == (200, 3)
    assert ask(served, "GET", "/api/v3")[0] == 404
