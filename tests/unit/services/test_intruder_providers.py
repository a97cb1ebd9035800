"""Whoever stands between us and a signing service, or is it: what its answers may not get from us."""

# ruff: noqa: ARG002 - stand-ins keep the shape of what they stand for

from __future__ import annotations

import json
import socket
import threading
import time
from dataclasses import replace

import pytest
from signing_stage import prepared, sign

from intranet_surat.errors import NotAllowed
from intranet_surat.resources.folder import path
from intranet_surat.services import signing
from intranet_surat.services.outbound import Answer, Outbound
from intranet_surat.services.outbound_destinations import Destination, OutboundError
from intranet_surat.services.providers import bsre_wire, csc_door
from intranet_surat.services.providers.base import (
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    SigningError,
    WrongSecret,
)
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing_orders import Wanted

PASSPHRASE = "Frasa#Rahasia 2026"


def answer(said, status=400, **headers):
    return Answer(status, {"content-type": "application/json", **headers}, json.dumps(said).encode())


@pytest.mark.parametrize("before", range(270, 305))
def test_it_got_the_first_half_of_a_passphrase_into_the_log(before):
    error = bsre_wire.refusal(answer({"error": "x" * before + PASSPHRASE}), Secret(PASSPHRASE))
    assert "Fr" not in error.detail


def test_it_got_the_passphrase_into_the_log_by_the_type_of_its_answer():
    told = Answer(400, {"content-type": f"text/{PASSPHRASE}"}, b"{}")
    assert PASSPHRASE not in bsre_wire.refusal(told, Secret(PASSPHRASE)).detail


@pytest.mark.parametrize("sentence", ["a" * 400_000, "a@" * 200_000, "a@ " * 100_000, "1" * 400_000])
def test_it_got_the_whole_process_to_read_one_sentence_for_minutes(sentence):
    begun = time.process_time()
    bsre_wire.refusal(answer({"error": sentence}), Secret(PASSPHRASE))
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("who", ["siti@contoh.go.id", "3604010101010001", "<siti@contoh.go.id>", "a@b@c.id"])
def test_it_got_a_person_into_the_log(who):
    assert who not in bsre_wire.refusal(answer({"error": f"Pengguna {who} salah"})).detail


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 4000, "٩" * 7])
def test_it_got_a_broken_program_by_a_number_without_end(number):
    error = bsre_wire.refusal(answer({"status_code": number}, 429, **{"retry-after": number}))
    assert isinstance(error, RateLimited)
    assert error.retry_after is None
    with pytest.raises(RateLimited) as caught:
        csc_door._read("credentials/info", answer({}, 429, **{"retry-after": number}))
    assert caught.value.retry_after is None


@pytest.mark.parametrize(("endpoint", "ends"), [(csc_door.SIGNS, OutcomeUnknown), ("list", ProviderUnavailable)])
def test_it_got_a_broken_program_by_an_answer_without_bottom(endpoint, ends):
    with pytest.raises(ends):
        csc_door._read(endpoint, Answer(200, {}, b"[" * 200_000))


@pytest.mark.parametrize("line", [PASSPHRASE, f"HTTP/{PASSPHRASE.replace(' ', '')} 200 OK"])
def test_it_got_the_passphrase_into_the_log_by_the_first_line_of_its_answer(line):
    listener = socket.create_server(("127.0.0.1", 0))

    def answer_once():
        there, _ = listener.accept()
        with there:
            there.recv(65536)
            there.sendall(f"{line}\r\n\r\n".encode())

    thread = threading.Thread(target=answer_once, daemon=True)
    thread.start()
    where = Destination("bsre", "http", "127.0.0.1", listener.getsockname()[1], tls="none", internal=True, timeout=30)
    with listener, pytest.raises(OutboundError) as caught:
        Outbound([where]).request("bsre", "POST", "/", body=b"x")
    thread.join(30)
    assert "Frasa#" not in caught.value.detail
    assert caught.value.sent


def test_it_got_a_token_into_the_log_that_was_saved_with_a_line_too_many():
    listener = socket.create_server(("127.0.0.1", 0))
    where = Destination("csc", "http", "127.0.0.1", listener.getsockname()[1], tls="none", internal=True, timeout=30)
    with listener, pytest.raises(OutboundError) as caught:
        Outbound([where]).request("csc", "POST", "/", headers={"Authorization": "Bearer rahasia\nbaris"}, body=b"x")
    assert "rahasia" not in caught.value.detail


def test_a_leaked_session_got_five_guesses_at_the_passphrase_on_each_letter(desk, clock):
    letters = [prepared(desk, subject=f"Surat {number}") for number in range(2)]
    for number in range(5):
        with pytest.raises(WrongSecret):
            sign(desk, letters[number % 2], f"tebakan {number}")
    with pytest.raises(NotAllowed, match="Tunggu 15 menit"):
        sign(desk, letters[0])
    with pytest.raises(NotAllowed, match="Tunggu 15 menit"):
        sign(desk, letters[1])
    clock.forward(minutes=16)
    assert sign(desk, letters[1]).verdict.overall == "sah"


class Lost:
    """A service that answers nothing, or something of its own."""

    id, title = "uji", "Uji"

    def __init__(self, real, error):
        self.capabilities, self.status, self.error = real.capabilities, real.status, error

    def sign(self, pdf, signer, secret, **facts):
        given = secret.reveal().decode()
        try:
            raise ConnectionError(given)
        except ConnectionError:
            raise self.error from None


def kept(error):
    """All that can be reached from an error by those who keep it: the frames that it and its causes came through."""
    while error is not None:
        trace = error.__traceback__
        while trace is not None:
            if "intranet_surat" in trace.tb_frame.f_code.co_filename or trace.tb_frame.f_code.co_name == "sign":
                yield from map(repr, trace.tb_frame.f_locals.values())
            trace = trace.tb_next
        yield str(error)
        error = error.__context__ or error.__cause__


@pytest.mark.parametrize("error", [WrongSecret(), OutcomeUnknown(), RuntimeError("uji")])
def test_whoever_keeps_the_error_of_a_signature_got_the_passphrase_with_it(desk, error):
    letter = prepared(desk)
    real = desk.house.provider()
    desk.house = replace(desk.house, providers={desk.house.settings.signing_provider: Lost(real, error)})
    given = Secret(PASSPHRASE)
    wanted = Wanted(path(letter), desk.as_("kepala.dinkes"), letter.frozen, next(desk.keys))
    with pytest.raises(SigningError) as caught:
        signing.sign(desk.house, desk.tm, desk.site, wanted, given, desk.now)
    assert given.wiped
    assert not [each for each in kept(caught.value) if "Rahasia" in each]
