"""The type that holds a passphrase cannot be shown, compared, stored or copied by accident."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from intranet_surat.services.secret import MAXIMUM, Secret, secret_of

CANARY = "kenari-kuning"


@pytest.mark.parametrize("value", [CANARY, CANARY.encode(), bytearray(CANARY.encode())])
def test_a_secret_reveals_what_was_put_in(value):
    assert Secret(value).reveal() == CANARY.encode()


def test_a_secret_shows_nothing_of_itself():
    secret = Secret(CANARY)
    assert CANARY not in repr(secret) + str(secret) + repr([secret]) + repr({"secret": secret})


@pytest.mark.parametrize(
    "misuse",
    [
        lambda secret: f"{secret}",
        lambda secret: f"{secret:>10}",
        lambda secret: secret == Secret(CANARY),
        lambda secret: secret != CANARY,
        hash,
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        json.dumps,
        lambda secret: {secret: 1},
        vars,
    ],
)
def test_misuse_is_a_type_error_that_does_not_quote_the_secret(misuse):
    with pytest.raises(TypeError) as caught:
        misuse(Secret(CANARY))
    assert CANARY not in str(caught.value)


def test_after_the_block_the_bytes_are_gone_even_when_it_failed():
    secret = Secret(CANARY)
    buffer = secret._buffer
    assert not secret.wiped

    def fail():
        with secret:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert secret.wiped
    assert buffer == bytes(len(CANARY)), "the bytes themselves were overwritten"
    with pytest.raises(ValueError, match="wiped"):
        secret.reveal()


def test_wiping_twice_is_harmless():
    secret = Secret(CANARY)
    secret.wipe()
    secret.wipe()
    assert not secret


def test_the_callers_own_buffer_is_not_touched():
    mine = bytearray(CANARY.encode())
    Secret(mine).wipe()
    assert mine == CANARY.encode()


def test_an_empty_secret_is_false_and_a_long_one_is_refused_unquoted():
    assert not Secret("")
    assert Secret("a")
    with pytest.raises(ValueError) as caught:
        Secret("x" * (MAXIMUM + 1))
    assert "xx" not in str(caught.value)


def test_the_line_end_of_a_file_is_not_part_of_its_secret(tmp_path):
    for written in (b" kenari ", b" kenari \n", b" kenari \r\n"):
        (tmp_path / "sandi").write_bytes(written)
        assert secret_of(tmp_path / "sandi").reveal() == b" kenari "
