"""Several sign one file, one after the other, each in the field prepared for him; what is signed by some is never lost."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from acting_stage import Scene
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from signing_stage import Through, sign
from turns_stage import CLERK, FIRST, LAST, SECOND, STATE, THREE, checked, fields_of, record, signed_by

import bsre_at_work
from intranet_surat.demo import keys
from intranet_surat.demo.bsre.accounts import Account
from intranet_surat.demo.bsre.faults import Fault
from intranet_surat.errors import Changed, NotAllowed
from intranet_surat.resources import chain
from intranet_surat.resources.folder import path
from intranet_surat.services import (
    delivery,
    public,
    signatories,
    signing_batch,
    signing_doubts,
    signing_fields,
    signing_run,
    unsigned,
    verifying,
    work,
)
from intranet_surat.services.evidence import anchors
from intranet_surat.services.proof import archive, form, judging, writing
from intranet_surat.services.providers.base import OutcomeUnknown, Refused, Signer, SignResult, WrongSecret
from intranet_surat.services.providers.bsre_v2 import BsreV2
from intranet_surat.services.secret import Secret
from intranet_surat.services.signers import signer

REASON = {"alasan": "Jumlah barang keliru"}


def titles(desk, letter):
    from intranet_surat.services.itemview import StoredItem, flow_of, setting
    from intranet_surat.workflow import engine

    view = StoredItem(desk.house, desk.site, letter)
    found = engine.waits_for(
        flow_of(desk.house, desk.site, letter), view, setting(desk.house, desk.site, letter, desk.now)
    )
    return [desk.site.positions[each].title for each in found]


def kinds(letter):
    return [each.kind for each in letter.renditions]


@pytest.fixture
def letter(desk):
    return record(desk)


def test_the_file_is_made_with_one_empty_field_for_each_in_their_order(desk, letter):
    file = letter.rendition(letter.frozen)
    fields = [(name, value) for name, value, _ in enumerate_sig_fields(PdfFileReader(BytesIO(file.content())))]
    assert fields == [("TTE_1", None), ("TTE_2", None), ("TTE_3", None)]
    people = [desk.site.people.login(each).id for each in THREE]
    assert [(each["field"], each["person"]) for each in file.signatories] == list(zip(
        ["TTE_1", "TTE_2", "TTE_3"], people, strict=True,
    ))  # fmt: skip
    assert [each["label"] for each in file.signatories] == ["Pihak kesatu", "Pihak kedua", "Mengetahui"]


def test_each_signs_in_his_field_and_only_the_last_signature_moves_the_letter_on(desk, letter):
    prepared = letter.rendition(letter.frozen).content()
    register, waiting, seen = desk.site.registers[letter.register], [], []
    for login in THREE:
        waiting += titles(desk, letter)
        seen.append((letter.state, letter.fields.get("signed"), register.line(register.number(letter.id)).state))
        result = sign(desk, letter, login=login)
        assert result.verdict.overall == "sah"
    assert waiting == [
        "Kepala Dinas Kesehatan",
        "Kepala Badan Pengelolaan Keuangan dan Aset Daerah",
        "Sekretaris Daerah",
    ]
    assert seen == [(STATE, None, "reserved")] * 3
    assert (letter.state, letter.fields["signed"]) == ("ditandatangani", "pades")
    assert register.line(register.number(letter.id)).state == "used"
    assert fields_of(result) == ["TTE_1", "TTE_2", "TTE_3"]
    assert [each.signer.split(" (")[0] for each in result.verdict.signatures] == [
        desk.site.people.login(each).name for each in THREE
    ]
    files = [prepared, *(each.content() for each in letter.renditions if each.signatures)]
    assert all(after.startswith(before) for before, after in pairwise(files))
    assert kinds(letter) == ["naskah", "sebagian", "sebagian", "signed"]


def test_out_of_turn_is_refused_with_who_is_awaited(desk, letter, provider):
    with pytest.raises(
        NotAllowed, match=r"Belum giliran Anda: berkas ini ditandatangani Kepala Dinas Kesehatan lebih dulu"
    ):
        sign(desk, letter, login=SECOND)
    signed_by(desk, letter, FIRST)
    with pytest.raises(NotAllowed, match=r"Anda sudah menandatangani berkas ini; sekarang giliran Kepala Badan"):
        sign(desk, letter, login=FIRST)
    with pytest.raises(NotAllowed, match=r"ditandatangani Kepala Badan .* lebih dulu"):
        sign(desk, letter, login=LAST)
    assert len(provider.calls) == 1


def test_what_the_first_was_shown_is_not_what_the_second_signs(desk, letter, provider):
    before = letter.frozen
    signed_by(desk, letter, FIRST)
    with pytest.raises(Changed, match="sudah berganti"):
        sign(desk, letter, login=SECOND, shown=before)
    assert provider.calls[1:] == []


def test_a_signed_file_is_not_prepared_anew(desk, letter):
    desk.act(FIRST, letter, "siapkan")  # nobody has signed yet: it may be made again
    signed_by(desk, letter, FIRST)
    for login in (FIRST, SECOND):
        with pytest.raises(NotAllowed):
            desk.act(login, letter, "siapkan")
    assert kinds(letter)[-1] == "sebagian"


def test_a_wrong_passphrase_of_the_second_leaves_the_first_signature_as_it_was(desk, letter):
    (first,) = signed_by(desk, letter, FIRST)
    file = letter.frozen
    with pytest.raises(WrongSecret):
        sign(desk, letter, "bukan ini", login=SECOND)
    assert (letter.frozen, letter.state, kinds(letter)) == (file, STATE, ["naskah", "sebagian"])
    assert file == first.sha256
    assert signed_by(desk, letter, SECOND, LAST)[-1].verdict.overall == "sah"


def test_a_lost_answer_of_the_second_is_his_to_decide_and_the_first_signature_stays(desk, letter, provider):
    signed_by(desk, letter, FIRST)
    file, real = letter.frozen, provider.sign
    provider.sign = lambda *_, **__: (_ for _ in ()).throw(OutcomeUnknown())
    with pytest.raises(OutcomeUnknown):
        sign(desk, letter, login=SECOND)
    attempt = letter.attempts[-1].id
    with pytest.raises(NotAllowed):
        signing_doubts.give_up(desk.house, desk.tm, desk.site, path(letter), desk.as_(FIRST), attempt, desk.now)
    signing_doubts.give_up(desk.house, desk.tm, desk.site, path(letter), desk.as_(SECOND), attempt, desk.now)
    desk.commit()
    provider.sign = real
    assert letter.frozen == file
    assert fields_of(signed_by(desk, letter, SECOND)[0]) == ["TTE_1", "TTE_2"]


@pytest.mark.parametrize("how", ["in the field of the next", "by another", "twice", "over another file"])
def test_what_comes_back_for_the_second_is_judged_beside_the_first(desk, letter, provider, how):
    signed_by(desk, letter, FIRST)
    file, real, first = letter.frozen, provider.sign, letter.renditions[0].content()

    def spoiled(pdf, signer, secret, **facts):
        if how == "in the field of the next":
            return real(pdf, signer, secret, **{**facts, "field": "TTE_3"})
        if how == "over another file":
            return real(first, signer, secret, **{**facts, "field": "TTE_2"})
        once = real(pdf, signer, secret, **facts)
        if how == "by another":
            person = desk.site.people.login(LAST)
            return real(pdf, dataclasses.replace(signer, person=person.id, nip=person.nip), secret, **facts)
        return SignResult(real(once.pdf, signer, secret, **{**facts, "field": "TTE_3"}).pdf, "")

    provider.sign = spoiled
    with pytest.raises(Refused):
        sign(desk, letter, login=SECOND)
    assert (letter.frozen, kinds(letter)[:2], letter.attempts[-1].state) == (file, ["naskah", "sebagian"], "failed")
    provider.sign = real
    assert signed_by(desk, letter, SECOND, LAST)[-1].verdict.overall == "sah"


@pytest.mark.parametrize(("who", "action"), [(SECOND, "tolak"), (CLERK, "cabut")])
def test_a_half_signed_file_is_given_up_with_a_reason_and_the_next_has_a_new_number(desk, letter, who, action):
    signed_by(desk, letter, FIRST)
    number, file = letter.fields["number"], letter.rendition(letter.frozen)
    desk.act(who, letter, action, REASON)
    assert (letter.state, letter.fields["number"], letter.frozen) == ("konsep", None, None)
    desk.act(FIRST, letter, "ajukan")
    desk.act(CLERK, letter, "lulus")
    desk.act(FIRST, letter, "siapkan")
    assert letter.fields["number"] != number
    assert not letter.rendition(letter.frozen).content().startswith(file.content())
    result = signed_by(desk, letter, *THREE)[-1]
    assert [len(result.verdict.signatures), result.verdict.overall] == [3, "sah"]
    assert file.sha256 not in delivery.final_hashes(letter)
    assert len(delivery.final_hashes(letter)) == 3


def test_nothing_is_sent_sealed_or_published_before_the_last_has_signed(desk, letter):
    signed_by(desk, letter, FIRST, SECOND)
    half = letter.rendition(letter.frozen).content()
    assert delivery.final_file(letter) is None
    assert public.facts(desk.house, desk.site, letter.token, desk.now) == public.UNKNOWN
    seen = public.compare(desk.house, desk.site, half, desk.now)
    assert (seen.verdict.overall, seen.archive) == ("belum", "none")
    assert seen.verdict.reasons[0] == (
        "Berkas ini belum ditandatangani semua pihak: 1 dari tanda tangan yang disiapkan di dalamnya belum ada."
    )
    signed_by(desk, letter, LAST)
    seen = public.compare(desk.house, desk.site, half, desk.now)
    assert (seen.archive, seen.letter.known) == ("earlier", True)
    told = public.facts(desk.house, desk.site, letter.token, desk.now)
    assert told.verdict.overall == "sah"
    assert [each.name for each in told.signatories] == [desk.site.people.login(each).name for each in THREE]
    assert [each.position for each in told.signatories] == [each["title"] for each in signatories.of(letter)]


def closed(desk, login, successor):
    post = desk.site.positions[desk.post(login)]
    post.closed, post.successor = desk.house.today(desk.now) - timedelta(days=1), desk.post(successor)
    desk.commit()


def test_a_party_whose_post_was_closed_is_not_left_out_and_the_record_is_not_called_complete(desk, letter, provider):
    signed_by(desk, letter, FIRST)
    closed(desk, LAST, SECOND)
    with pytest.raises(
        NotAllowed, match=r"disiapkan untuk Kepala Badan .*, Sekretaris Daerah\. Kembalikan dengan alasan"
    ):
        sign(desk, letter, login=SECOND)
    assert (letter.state, letter.fields.get("signed"), kinds(letter), len(provider.calls)) == (
        STATE, None, ["naskah", "sebagian"], 1,
    )  # fmt: skip
    desk.act(SECOND, letter, "tolak", REASON)
    assert (letter.state, letter.frozen) == ("konsep", None)


def test_before_anybody_signed_a_file_for_a_closed_post_is_prepared_again(desk, letter, provider):
    closed(desk, LAST, SECOND)
    with pytest.raises(NotAllowed, match="Siapkan lagi berkasnya"):
        sign(desk, letter, login=FIRST)
    assert provider.calls == []


def test_a_post_that_is_closed_while_the_provider_signs_leaves_the_signature_to_a_person(desk, letter, provider):
    signed_by(desk, letter, FIRST)
    file, real = letter.frozen, provider.sign

    def meanwhile(pdf, signer, secret, **facts):
        made = real(pdf, signer, secret, **facts)
        closed(desk, LAST, SECOND)
        return made

    provider.sign = meanwhile
    with pytest.raises(OutcomeUnknown, match="Urutan penanda tangan berubah"):
        sign(desk, letter, login=SECOND)
    assert (letter.state, letter.fields.get("signed"), letter.frozen) == (STATE, None, file)
    assert kinds(letter)[:2] == ["naskah", "sebagian"]
    assert "signed" not in kinds(letter)
    assert (letter.attempts[-1].state, delivery.final_file(letter)) == ("unknown", None)


def test_a_record_that_was_signed_once_and_opened_again_is_signed_in_turn_like_any_other(desk, letter):
    letter.fields = {**letter.fields, "signed": "pades"}
    desk.commit()
    signed_by(desk, letter, FIRST)
    told = public.facts(desk.house, desk.site, letter.token, desk.now)
    assert (delivery.final_file(letter), told) == (None, public.UNKNOWN)
    result = signed_by(desk, letter, SECOND, LAST)[-1]
    assert (result.verdict.overall, fields_of(result)) == ("sah", ["TTE_1", "TTE_2", "TTE_3"])
    assert (letter.state, signatories.awaited(letter)) == ("ditandatangani", {})


@pytest.mark.parametrize("who", [FIRST, "camat.kramatwatu"], ids=["again by the first", "by somebody uninvolved"])
@pytest.mark.parametrize("field", ["", "TTE_2"], ids=["in a new field", "in the field of the second"])
def test_a_half_signed_file_that_another_hand_than_the_second_completes_is_not_called_valid(desk, who, field):
    letter = record(desk, last="")
    signed_by(desk, letter, FIRST)
    half, person = letter.rendition(letter.frozen).content(), desk.site.people.login(who)
    told = {"reason": "", "location": "", "now": desk.now} | ({"field": field} if field else {})
    made = desk.house.provider().sign(half, signer(desk.house, person), Secret(keys.PASSPHRASE), **told).pdf
    seen = verifying.verdict(made, desk.house.roots, now=desk.now)
    assert (len(seen.signatures), {each.overall for each in seen.signatures}) == (2, {"sah"})
    assert (seen.overall, public.compare(desk.house, desk.site, made, desk.now).verdict.overall) == ("belum", "belum")
    assert seen.reasons[0].endswith("1 dari tanda tangan yang disiapkan di dalamnya belum ada.")


def test_a_field_that_names_nobody_is_not_filled_by_the_certificate_that_signed_before(desk, letter):
    first, second = signed_by(desk, letter, FIRST, SECOND)[-1].verdict.signatures
    foreign = dict.fromkeys(("TTE_1", "TTE_2", "TTE_3"), frozenset())
    assert signing_fields.missing(foreign, (first, second)) == 1
    assert signing_fields.missing(foreign, (first, first, first)) == 2


def test_the_number_is_kept_at_the_end_of_the_day_once_somebody_has_signed(desk, letter, clock):
    signed_by(desk, letter, FIRST)
    person, position = desk.as_(FIRST).person, desk.post(FIRST)
    args = {"letter": path(letter), "number": letter.fields["number"], "position": position, "person": person}
    clock.forward(days=1)
    unsigned.end_of_day(desk.house, desk.site, args, desk.now)
    assert letter.fields["number"] == args["number"]
    assert letter.frozen is not None


def test_who_acts_for_a_party_signs_in_his_capacity(desk):
    scene = Scene(desk)
    scene.propose("admin kecamatan", scene.order("Plh.", "camat", "sekcam", date(2026, 11, 23), date(2026, 11, 27)))
    scene.confirm("sekda")
    letter = record(desk, second="camat.kramatwatu", last="")
    slot = letter.rendition(letter.frozen).signatories[1]
    assert (slot["title"], slot["order"]) == ("Plh. Camat Kramatwatu", "800/12/2026")
    signed_by(desk, letter, FIRST)
    with pytest.raises(NotAllowed, match="tidak dapat disiapkan lagi: tunggu pejabat itu"):
        sign(desk, letter, login="camat.kramatwatu")
    signed_by(desk, letter, "sekretaris.kramatwatu")
    told = delivery.final_file(letter).verdict["signatory"]
    assert (told["title"], told["order"]) == ("Plh. Camat Kramatwatu", "800/12/2026")
    act = [each for each in letter.history if each.action == "tanda_tangani"][-1]
    assert (act.capacity, act.order) == ("Plh.", "800/12/2026")


def test_a_party_without_anybody_is_told_before_the_file_is_made(desk):
    letter = checked(desk, second=SECOND, last="")
    position = desk.site.positions[desk.post(SECOND)]
    position.holders = ()
    desk.commit()
    with pytest.raises(NotAllowed, match="belum ada pejabatnya"):
        desk.act(FIRST, letter, "siapkan")
    assert letter.fields.get("number") is None


def test_a_batch_holds_such_letters_too(desk, db):
    letters = [record(desk, last="") for _ in range(3)]
    for login in (FIRST, SECOND):
        chosen = [(path(each), each.frozen) for each in letters]
        batch, _ = signing_batch.opened(desk.house, desk.site, chosen, desk.as_(login), f"borongan-{login}", desk.now)
        desk.commit()
        signing_run.Run(desk.house, db, batch.id, desk.as_(login), Secret(keys.PASSPHRASE)).carry_out()
        desk.commit()
        assert [line.state for line in signing_batch.progress(desk.site, batch, desk.now).lines] == ["done"] * 3
    assert {each.state for each in letters} == {"ditandatangani"}
    assert [len(each.renditions[-1].verdict["signatures"]) for each in letters] == [2] * 3


def test_evidence_covers_all_signers_and_is_made_after_the_last(desk, db, pki):
    from evidence_stage import Town

    from intranet_surat.demo.authority import issuing
    from intranet_surat.services import timestamping

    town = Town()
    town.servers[""].authority, town.servers[""].clock = issuing.kept(pki / issuing.KEPT), lambda: desk.now
    settings = dataclasses.replace(desk.house.settings, timestamps=tuple(map(timestamping.place, town.urls)))
    desk.house = dataclasses.replace(desk.house, outbound=town.outbound, settings=settings)
    try:
        letter = record(desk)
        signed_by(desk, letter, FIRST, SECOND)
        run(desk, db)
        assert kinds(letter) == ["naskah", "sebagian", "sebagian"]
        signed_by(desk, letter, LAST)
        run(desk, db)
        final = delivery.final_file(letter)
        judged = verifying.verdict(final.content(), desk.house.roots, now=desk.now)
        assert [each.level for each in judged.signatures] == ["LTA"] * 3
        assert judged.overall == "sah"
        letter.frozen = final.sha256
        assert [each["position"] for each in signatories.of(letter)] == [desk.post(each) for each in THREE]
    finally:
        town.close()


def run(desk, db):
    desk.commit()
    work.run_due(desk.house, db, desk.now)
    desk.tm.abort()
    desk.tm.begin()


def test_the_package_proves_every_signature_in_its_order(desk, letter):
    signed_by(desk, letter, FIRST)
    desk.act(SECOND, letter, "tolak", REASON)
    desk.act(FIRST, letter, "ajukan")
    desk.act(CLERK, letter, "lulus")
    desk.act(FIRST, letter, "siapkan")
    signed_by(desk, letter, *THREE)
    desk.commit()
    anchors.make(desk.house, desk.site, desk.now)
    report = judging.judge(writing.build(desk.house, desk.site, letter, desk.now), desk.house.roots, desk.now)
    assert [each for each in report.findings if each.overall == "tidak"] == []
    assert [each for each in report.findings if "belum ditandatangani semua" in each.says] == []
    assert [each["field"] for each in report.signatures] == ["TTE_1", "TTE_2", "TTE_3"]


def test_a_signature_out_of_turn_that_was_written_into_the_database_is_found(desk, letter):
    signed_by(desk, letter, *THREE)
    desk.commit()
    anchors.make(desk.house, desk.site, desk.now)
    files = archive.unpack(writing.build(desk.house, desk.site, letter, desk.now))
    lines = [json.loads(each) for each in files[form.HISTORY].decode().splitlines()]
    signed = [each for each in lines if each["act"]["action"] == "tanda_tangani"]
    for name in ("position", "person"):
        signed[0]["act"][name], signed[1]["act"][name] = signed[1]["act"][name], signed[0]["act"][name]
    previous = chain.GENESIS
    for line in lines:
        line["act"]["prev"] = previous
        previous = line["hash"] = chain.digest(line["act"])
    files[form.HISTORY] = form.lines(lines)
    files[form.HEAD] = form.dumped(json.loads(files[form.HEAD]) | {"head": previous})
    files.pop(form.ANCHOR, None)
    report = judging.judge(archive.pack(files), desk.house.roots, desk.now)
    assert any("Tidak diizinkan alur: Belum giliran Anda" in each.says for each in report.findings), report.findings


@pytest.mark.needs("pdfsig", "qpdf")
def test_other_programs_count_as_many_valid_signatures_as_have_signed(desk, letter, tmp_path):
    for number, login in enumerate(THREE, 1):
        signed_by(desk, letter, login)
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(letter.renditions[-1].content())
        told = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False).stdout
        assert told.count("Signature Validation: Signature is Valid.") == number
        assert told.count("The signature form field is not signed.") == 3 - number
        assert subprocess.run(["qpdf", "--check", str(file)], capture_output=True, check=False).returncode == 0


def test_the_fields_leave_the_archival_form_of_the_file_alone(desk, letter):
    reader = PdfFileReader(BytesIO(letter.rendition(letter.frozen).content()))
    assert b"pdfaid" in reader.root["/Metadata"].data
    form_of, page = reader.root["/AcroForm"], reader.root["/Pages"]["/Kids"][0]
    assert "/NeedAppearances" not in form_of
    for each in page["/Annots"]:
        widget = each.get_object()
        assert [int(number) for number in widget["/Rect"]] == [0, 0, 0, 0], "nothing is drawn"
        assert widget["/F"] & 4, "printed, as PDF/A wants"
        assert not widget["/F"] & (1 | 2 | 32), "neither invisible nor hidden nor without view"


def test_a_letter_that_one_signs_has_no_prepared_field(desk):
    from signing_stage import prepared

    made = prepared(desk)
    assert b"/AcroForm" not in letter_bytes(made)
    assert made.rendition(made.frozen).signatories == ()


def letter_bytes(letter):
    return letter.rendition(letter.frozen).content()


def test_places_and_turns_that_differ_are_told_to_who_prepares():
    places = [{"position": "a", "person": "p", "title": "A"}, {"position": "b", "person": "q", "title": "B"}]
    with pytest.raises(NotAllowed, match="yang menandatangani adalah A; pada naskah tercetak tempat untuk A, B"):
        signatories.prepare(places, ("a",), {"a": "A", "b": "B"})
    found = signatories.prepare(places, ("b", "a"), {"a": "A", "b": "B"})
    assert [(each["field"], each["position"]) for each in found] == [("TTE_1", "b"), ("TTE_2", "a")]


def test_a_form_with_fields_of_another_name_awaits_nobody(authority, signed):
    twice = signing_fields.prepared(signed, {"Paraf": Signer("pp_ani", "Ani")})
    assert signing_fields.awaited(PdfFileReader(BytesIO(twice)), ()) == 0


def test_the_national_service_signs_in_fields_of_its_own_and_each_result_is_judged_so(desk, db, tmp_path):
    accounts = [
        Account(each.name, each.email, "", bsre_at_work.PASSPHRASE) for each in map(desk.site.people.login, THREE)
    ]
    served = bsre_at_work.stand_in(accounts, lambda: desk.now)
    with bsre_at_work.listening(served) as port:
        real = BsreV2(bsre_at_work.client(port, tmp_path))
        desk.house = dataclasses.replace(
            desk.house,
            providers={**desk.house.providers, "pkcs12": real},
            roots=(bsre_at_work.roots(served.register.authority),),
        )
        letter = record(desk)
        signed_by(desk, letter, FIRST, passphrase=bsre_at_work.PASSPHRASE)
        served.faults.plan(Fault("hang-after", seconds=4))
        with pytest.raises(OutcomeUnknown):
            sign(desk, letter, bsre_at_work.PASSPHRASE, login=SECOND)
        served.faults.clear()
        half = letter.frozen
        signing_doubts.give_up(
            desk.house, desk.tm, desk.site, path(letter), desk.as_(SECOND), letter.attempts[-1].id, desk.now
        )
        desk.commit()
        result = signed_by(desk, letter, SECOND, LAST, passphrase=bsre_at_work.PASSPHRASE)[-1]
    assert letter.rendition(half).kind == "sebagian"
    assert (letter.state, result.verdict.overall) == ("ditandatangani", "sah")
    assert fields_of(result) == ["esc_1", "esc_2", "esc_3"]
    told = public.facts(desk.house, desk.site, letter.token, desk.now)
    assert [each.field for each in told.signatories] == ["esc_1", "esc_2", "esc_3"]


def test_a_provider_of_the_house_gets_the_field(desk, letter, provider):
    told = []
    real = provider.sign
    provider.sign = lambda pdf, signer, secret, **facts: (
        told.append(facts.get("field")) or real(pdf, signer, secret, **facts)
    )
    signed_by(desk, letter, *THREE)
    assert told == ["TTE_1", "TTE_2", "TTE_3"]
    assert isinstance(provider, Through)
