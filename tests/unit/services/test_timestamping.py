from __future__ import annotations

import hashlib
import subprocess
from dataclasses import replace
from datetime import timedelta

import pytest
from asn1crypto import tsp
from evidence_stage import Town, new_clock
from signed_pages import NOW

from intranet_surat.demo.authority import issuing
from intranet_surat.services.timestamping import TimestampUnavailable

DIGEST = hashlib.sha256(b"surat").digest()


@pytest.fixture
def town():
    made = Town()
    yield made
    made.close()


def test_a_token_tells_the_time_of_what_was_sent(town):
    info = town.stamp(DIGEST)["content"]["encap_content_info"]["content"].parsed
    assert info["message_imprint"]["hashed_message"].native == DIGEST
    assert info["gen_time"].native == NOW


@pytest.mark.needs("openssl")
def test_openssl_accepts_the_token_and_refuses_it_for_other_bytes(town, tmp_path):
    (tmp_path / "token").write_bytes(town.stamp(DIGEST).dump())
    (tmp_path / "akar.pem").write_bytes(town.roots[0])
    for content, wanted in ((b"surat", 0), (b"surat lain", 1)):
        (tmp_path / "isi").write_bytes(content)
        done = subprocess.run(
            ["openssl", "ts", "-verify", "-in", "token", "-token_in", "-data", "isi", "-CAfile", "akar.pem",
             "-attime", str(int(NOW.timestamp()))], cwd=tmp_path, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == wanted, done.stderr


def test_the_next_authority_is_asked_when_the_first_is_away(town):
    town.urls.insert(0, f"http://{town.address}/mati/tsa")
    assert town.stamp(DIGEST)
    assert town.asked == ["/mati/tsa", "/tsa"]


def test_without_an_answer_there_is_a_typed_error_that_names_each_authority(town):
    town.away.add("/tsa")
    town.urls.append("http://127.0.0.1:1/tsa")
    with pytest.raises(TimestampUnavailable, match=r"status 503.*ConnectionRefusedError"):
        town.stamp(DIGEST)


def other_imprint(answer):
    reply = tsp.TimeStampResp.load(answer)
    info = reply["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
    info["message_imprint"]["hashed_message"] = hashlib.sha256(b"lain").digest()
    reply["time_stamp_token"]["content"]["encap_content_info"]["content"] = info
    return reply.dump(force=True)


def test_an_answer_that_lies_is_refused(town):
    old = []
    town.lies["/tsa"] = lambda answer: old.append(answer) or answer
    town.stamp(DIGEST)
    lies = {
        "another question's answer": lambda _answer: old[0],
        "a token over other bytes": other_imprint,
        "a token cut short": lambda answer: answer[:-40],
        "a spoiled signature": lambda answer: answer[:-1] + bytes([answer[-1] ^ 1]),
        "no token at all": lambda _answer: b"<html>sukses</html>",
    }
    believed = []
    for name, lie in lies.items():
        town.lies["/tsa"] = lie
        with pytest.raises(TimestampUnavailable, match="tsa:"):
            believed.append((name, town.stamp(DIGEST)))
    assert believed == []


def test_a_clock_that_is_wrong_is_refused(town):
    with pytest.raises(TimestampUnavailable, match="our clock"):
        town.stamp(DIGEST, clock=lambda: NOW + timedelta(minutes=11))


def test_an_authority_of_another_root_is_refused(town):
    town.servers[""].authority = issuing.new(NOW, name=" lain")
    with pytest.raises(TimestampUnavailable, match="not good"):
        town.stamp(DIGEST)


def test_an_authority_whose_certificate_has_ended_is_refused(town):
    ended = new_clock(town.pki.authority, NOW - timedelta(days=9), NOW - timedelta(days=2))
    town.servers[""].authority = ended
    with pytest.raises(TimestampUnavailable):
        town.stamp(DIGEST)


def test_a_certificate_that_is_not_for_stamping_is_refused(town):
    authority, key = town.pki.authority, issuing.new_key()
    plain = authority.certificate(key, issuing.Signer("x", "X"), NOW - timedelta(days=1), NOW + timedelta(days=9))
    town.servers[""].authority = replace(authority, stamps=issuing.Member(plain, key))
    with pytest.raises(TimestampUnavailable):
        town.stamp(DIGEST)
