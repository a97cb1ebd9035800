"""What strangers may know of a letter by its token."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from intranet_surat.demo import keys
from intranet_surat.resources import evolution
from intranet_surat.resources.document import Rendition
from intranet_surat.resources.folder import path
from intranet_surat.services import delivery, public, signing, verifying
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing_orders import Wanted

SUBJECT = "kenari kuning"


def signed(desk, **fields):
    letter = desk.draft("kepala.dinkes", "DINKES", **{"subject": SUBJECT, **fields})
    desk.act("kepala.dinkes", letter, "ajukan")
    desk.act("tata-usaha.dinkes", letter, "lulus")
    desk.act("kepala.dinkes", letter, "siapkan")
    wanted = Wanted(path(letter), desk.as_("kepala.dinkes"), letter.frozen, next(desk.keys))
    signing.sign(desk.house, desk.tm, desk.site, wanted, Secret(keys.PASSPHRASE), desk.now)
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
    assert (facts.method, facts.verdict.overall, facts.verdict.reasons) == ("wet", "belum", (public.IN_INK,))


def test_a_file_brought_for_a_letter_must_be_its_file(desk, tmp_path):
    letter = signed(desk)
    right = delivery.final_file(letter).content()
    judge = lambda data, token="": public.compare(desk.house, desk.site, data, desk.now, token=token).verdict  # noqa: E731
    assert judge(right).overall == "sah"
    assert judge(right, letter.token).overall == "sah"
    (tmp_path / "berkas.pdf").write_bytes(right)
    assert judge(tmp_path / "berkas.pdf", letter.token).overall == "sah"
    other = signed(desk)
    wrong = judge(right, other.token)
    assert (wrong.overall, wrong.reasons[0]) == ("tidak", public.OTHER_LETTER)
    assert judge(letter.rendition(letter.frozen).content(), letter.token).overall == "tidak"


def brought(desk, data, token=""):
    return public.compare(desk.house, desk.site, data, desk.now, token=token)


def grown(desk, letter, signatures):
    """A later revision of the signed file, as evidence makes one; or a seal, when it has a signature more."""
    before = delivery.final_file(letter)
    later = Rendition(before.content() + b"\n% bukti\n", kind="signed", previous=before.sha256, verdict=before.verdict,
                      signatures=signatures, created_at=desk.now)  # fmt: skip
    letter.renditions.append(later)
    desk.site.signed[later.sha256] = path(letter)
    return before


def test_a_file_is_recognised_by_its_bytes_alone(desk):
    letter = signed(desk)
    seen = brought(desk, delivery.final_file(letter).content())
    assert (seen.archive, seen.verdict.overall, seen.letter.number) == ("same", "sah", letter.fields["number"])
    (post,) = seen.letter.signatories
    assert (post.field, post.position) == ("TTE_1", desk.site.positions[desk.post("kepala.dinkes")].title)


@pytest.mark.parametrize(("signatures", "archive"), [(1, "without-evidence"), (2, "earlier")])
def test_a_file_before_later_evidence_or_a_later_seal_is_still_genuine_and_told_apart(desk, signatures, archive):
    letter = signed(desk)
    before = grown(desk, letter, signatures)
    for token in ("", letter.token):
        seen = brought(desk, before.content(), token)
        assert (seen.archive, seen.verdict.overall) == (archive, "sah")


def test_a_file_of_the_archive_is_judged_as_of_the_day_it_came(desk, clock):
    content = delivery.final_file(signed(desk)).content()
    clock.forward(days=9 * 365)
    assert brought(desk, content).verdict.overall == "sah"
    assert brought(desk, content + b"\n").verdict.overall == "tidak"


@pytest.mark.parametrize("level", ["T", "R", "SR"])
def test_the_file_of_a_closed_letter_is_told_like_one_that_is_not_ours(desk, level):
    letter = signed(desk)
    content = delivery.final_file(letter).content()
    letter.fields = {**letter.fields, "security": level}
    ours = brought(desk, content)
    desk.site.signed.clear()
    assert ours == brought(desk, content)
    assert (ours.archive, ours.letter) == ("none", public.UNKNOWN)


def test_files_signed_before_this_release_are_found_after_the_step(desk):
    letter = signed(desk)
    sha = delivery.final_file(letter).sha256
    del desk.site.signed
    evolution.know_signed_files(desk.site)
    assert dict(desk.site.signed) == {sha: path(letter)}


@pytest.mark.parametrize("typed", ["{}", " {} ", "https://surat.contoh.go.id/v/{}", "http://x/surat/v/{}/"])
def test_a_code_is_read_alone_or_at_the_end_of_its_address(typed):
    assert public.code(typed.format("A" * 22)) == "A" * 22


@pytest.mark.parametrize("typed", ["", "pendek", "A" * 65, "A B" * 9, "https://x/y/" + "A" * 22, "/v/../" + "A" * 22])
def test_what_is_no_code_is_none(typed):
    assert public.code(typed) == ""
