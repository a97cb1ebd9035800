"""What strangers may know of a letter by its token."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from intranet_surat.demo import keys
from intranet_surat.resources.folder import path
from intranet_surat.services import delivery, public, signing, verifying
from intranet_surat.services.secret import Secret

SUBJECT = "kenari kuning"


def signed(desk, **fields):
    letter = desk.draft("kepala.dinkes", "DINKES", **{"subject": SUBJECT, **fields})
    desk.act("kepala.dinkes", letter, "ajukan")
    desk.act("tata-usaha.dinkes", letter, "lulus")
    desk.act("kepala.dinkes", letter, "siapkan")
    signing.sign(desk.house, desk.tm, desk.site, path(letter), desk.as_("kepala.dinkes"), Secret(keys.PASSPHRASE),
                 letter.frozen, next(desk.keys), desk.now)  # fmt: skip
    return letter


def told(desk, letter):
    return public.facts(desk.house, desk.site, letter.token, desk.now)


@pytest.fixture(autouse=True)
def fresh():
    public._verdicts.clear()


def test_of_an_open_letter_everything_that_identifies_it_is_told(desk):
    letter = signed(desk)
    facts = told(desk, letter)
    assert (facts.known, facts.masked, facts.status) == (True, False, "Terdaftar")
    assert (facts.number, facts.subject) == (letter.fields["number"], SUBJECT)
    assert facts.letter_date == letter.fields["letter_date"]
    assert facts.signatory_name == desk.site.people.login("kepala.dinkes").name
    assert facts.signatory_position == desk.site.positions[desk.post("kepala.dinkes")].title
    assert facts.sha256 == delivery.final_file(letter).sha256
    assert facts.verdict.overall == "sah"


@pytest.mark.parametrize("level", ["T", "R", "SR", "unknown"])
def test_of_a_closed_letter_only_that_it_is_registered(desk, level):
    letter = signed(desk)
    letter.fields = {**letter.fields, "security": level}
    facts = told(desk, letter)
    assert (facts.known, facts.masked, facts.status, facts.verdict.overall) == (True, True, "Terdaftar", "sah")
    assert facts.office
    assert facts.letter_date
    text = json.dumps(facts.as_dict())
    names = [desk.site.people.login("kepala.dinkes").name, desk.site.positions[letter.fields["signatory"]].title]
    for secret in (SUBJECT, letter.fields["number"], delivery.final_file(letter).sha256, *names):
        assert secret not in text


def test_an_unknown_token_gives_the_same_shape(desk):
    letter = signed(desk)
    nothing = public.facts(desk.house, desk.site, "A" * 22, desk.now)
    assert (nothing.known, nothing.status, nothing.verdict.overall) == (False, "Tidak terdaftar", "belum")
    assert set(nothing.as_dict()) == set(told(desk, letter).as_dict())


@pytest.mark.parametrize("token", ["", " ", "é", "x" * 10_000, "../../", "\0", "%00"])
def test_what_cannot_be_a_token_is_unknown_and_no_error(desk, token):
    assert public.facts(desk.house, desk.site, token, desk.now) == public.UNKNOWN


def test_letters_that_were_never_sent_out_are_unknown(desk):
    draft = desk.draft("kepala.dinkes", "DINKES")
    incoming = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    assert told(desk, draft) == told(desk, incoming) == public.UNKNOWN


def test_a_byte_that_changed_on_the_disk_is_told_at_the_next_look(desk):
    letter = signed(desk)
    assert told(desk, letter).verdict.overall == "sah"
    blob = Path(delivery.final_file(letter).blob.committed())
    blob.chmod(0o600)
    data = bytearray(blob.read_bytes())
    data[-1] ^= 1
    blob.write_bytes(data)
    assert told(desk, letter).verdict.reasons == (verifying.OTHER_BYTES,)
    blob.unlink()
    assert told(desk, letter).verdict.overall == "belum"


def test_a_certificate_that_ended_since_takes_nothing_from_an_archived_letter(desk, clock):
    letter = signed(desk)
    clock.forward(days=9 * 365)
    assert told(desk, letter).verdict.overall == "sah"


def test_unknown_roots_leave_it_undecided(desk):
    letter = signed(desk)
    desk.house = dataclasses.replace(desk.house, roots=())
    assert told(desk, letter).verdict.overall == "belum"


def test_a_letter_signed_with_ink_says_what_to_compare(desk):
    letter = signed(desk)
    letter.attachments.append(wet := delivery.final_file(letter))
    letter.fields = {**letter.fields, "signed": "wet"}
    letter.frozen = wet.sha256
    facts = told(desk, letter)
    assert (facts.method, facts.verdict.overall, facts.verdict.reasons) == ("wet", "belum", (public.WET,))


def test_a_file_brought_for_a_letter_must_be_its_file(desk, tmp_path):
    letter = signed(desk)
    right = delivery.final_file(letter).content()
    judge = lambda data, token="": public.judge(desk.house, desk.site, data, desk.now, token=token)  # noqa: E731
    assert judge(right).overall == "sah"
    assert judge(right, letter.token).overall == "sah"
    (tmp_path / "berkas.pdf").write_bytes(right)
    assert judge(tmp_path / "berkas.pdf", letter.token).overall == "sah"
    other = signed(desk)
    wrong = judge(right, other.token)
    assert (wrong.overall, wrong.reasons[0]) == ("tidak", public.OTHER_LETTER)
    assert judge(letter.rendition(letter.frozen).content(), letter.token).overall == "tidak"
