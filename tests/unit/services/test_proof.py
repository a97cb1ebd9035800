"""A letter in one file proves itself offline; whatever is touched in it is found, and named."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from dataclasses import replace

import pytest
from busy_office import BusyOffice
from signing_stage import prepared, sign

from intranet_surat.resources import chain
from intranet_surat.services.evidence import anchors
from intranet_surat.services.proof import archive, form, judging, writing


@pytest.fixture
def letter(desk):
    """A letter that was initialled, signed and sent, with its history anchored."""
    made = prepared(desk)
    sign(desk, made)
    desk.act("tata-usaha.dinkes", made, "kirim")
    desk.commit()
    anchors.make(desk.house, desk.site, desk.now)
    return made


@pytest.fixture
def package(desk, letter):
    return writing.build(desk.house, desk.site, letter, desk.now)


def judged(desk, data, roots=None):
    return judging.judge(data, desk.house.roots if roots is None else roots, desk.now)


def names(report):
    return {each.where for each in report.findings if each.overall == "tidak"}


def changed(package, edit):
    """The package with its files edited by hand: the frame is sound again, what it holds is not."""
    files = archive.unpack(package)
    edit(files)
    return archive.pack(files)


def rewritten(package, edit):
    """The package of somebody who can write the database: the history edited, and its chain computed anew."""

    def forge(files):
        lines = [json.loads(each) for each in files[form.HISTORY].decode().splitlines()]
        edit(lines)
        previous = chain.GENESIS
        for place, line in enumerate(lines):
            text = line["entered"]["text"]
            line["act"] |= {
                "seq": place,
                "prev": previous,
                "payload_digest": chain.payload_digest(bytes.fromhex(line["entered"]["salt"]), text),
            }
            previous = line["hash"] = chain.digest(line["act"])
        files[form.HISTORY] = form.lines(lines)
        head = json.loads(files[form.HEAD])
        head |= {"acts": len(lines), "head": previous}
        files[form.HEAD] = form.dumped(head)
        files.pop(form.ANCHOR, None)

    return changed(package, forge)


def test_an_untouched_package_is_undecided_only_about_the_timestamp_of_its_anchor(desk, package):
    report = judged(desk, package)
    assert report.overall == "belum"
    assert [str(each) for each in report.findings] == ["jangkar.json: Jangkar belum berstempel waktu."]
    (signature,) = report.signatures
    assert signature["action"] == "tanda_tangani"
    assert report.told["number"]


def test_the_package_of_every_letter_of_a_busy_office_finds_nothing_wrong(desk):
    busy = BusyOffice(desk, seed=11)
    busy.work(18)
    assert busy.letters
    for each in busy.letters:
        report = judged(desk, writing.build(desk.house, desk.site, each, desk.now))
        # This office signs without a file, under a hash of zeros.
        found = [str(found) for found in report.findings if not found.says.startswith(("Berkas", "Surat yang"))]
        assert found == ["jangkar.json: Riwayat ini belum dijangkarkan: jangkar dibuat setiap malam."]


def test_two_packages_of_one_moment_are_the_same_bytes(desk, letter, package):
    assert writing.build(desk.house, desk.site, letter, desk.now) == package


def test_any_flipped_byte_is_found_and_its_part_named(desk, package, amount):
    draw = random.Random(5)
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        starts = sorted((each.header_offset, each.filename) for each in opened.infolist())
        listing = opened.start_dir
    for _ in range(amount(150, 5000)):
        place = draw.randrange(len(package))
        touched = bytearray(package)
        touched[place] ^= 1 << draw.randrange(8)
        report = judged(desk, bytes(touched))
        assert report.overall == "tidak", place
        inside = [name for start, name in starts if start <= place][-1:]
        if place < listing:
            assert names(report) & {"paket", *inside}, (place, inside, report.findings)


@pytest.mark.parametrize("name", [form.HEAD, form.HISTORY, form.WITNESS])
def test_a_part_that_is_missing_is_named(desk, package, name):
    assert name in names(judged(desk, changed(package, lambda files: files.pop(name))))


def test_an_added_file_is_named(desk, package):
    report = judged(desk, changed(package, lambda files: files.update({"berkas/tambahan.pdf": b"%PDF-"})))
    assert names(report) == {"berkas/tambahan.pdf"}


def test_another_pdf_under_the_old_name_is_named(desk, package):
    (name,) = [each for each in archive.unpack(package) if each.endswith(".pdf")]
    report = judged(desk, changed(package, lambda files: files.update({name: files[name] + b"\n%ubah\n"})))
    assert name in names(report)


def test_a_dropped_act_is_named_by_the_line_that_no_longer_follows(desk, package):
    def drop(files):
        lines = files[form.HISTORY].splitlines(keepends=True)
        files[form.HISTORY] = b"".join(lines[:2] + lines[3:])

    assert f"{form.HISTORY}:3" in names(judged(desk, changed(package, drop)))


def test_two_acts_that_changed_places_are_named(desk, package):
    def swap(files):
        lines = files[form.HISTORY].splitlines(keepends=True)
        files[form.HISTORY] = b"".join([*lines[:1], lines[2], lines[1], *lines[3:]])

    assert {f"{form.HISTORY}:2", f"{form.HISTORY}:3"} <= names(judged(desk, changed(package, swap)))


def test_an_edited_answer_is_named(desk, package):
    def edit(files):
        lines = [json.loads(each) for each in files[form.HISTORY].decode().splitlines()]
        lines[0]["entered"]["text"] = lines[0]["entered"]["text"].replace("B", "T", 1)
        files[form.HISTORY] = form.lines(lines)

    assert f"{form.HISTORY}:1" in names(judged(desk, changed(package, edit)))


def test_a_swapped_flow_is_named(desk, package):
    def swap(files):
        (name,) = [each for each in files if each.startswith(form.FLOWS)]
        files[name] = files[name].replace(b"needs: lengkap, ", b"")

    (name,) = names(judged(desk, changed(package, swap)))
    assert name.startswith(form.FLOWS)


def test_a_flow_that_was_swapped_with_its_hash_no_longer_carries_the_acts(desk, package):
    """Whoever rewrites flow, acts and chain together meets the anchor; without one nothing is proved."""

    def swap(files):
        (name,) = [each for each in files if each.startswith(form.FLOWS)]
        text = files.pop(name).replace(b"needs: lengkap, ", b"")
        files[f"{form.FLOWS}{hashlib.sha256(text).hexdigest()}.yaml"] = text

    report = judged(desk, changed(package, swap))
    assert {f"{form.HISTORY}:{number}" for number in range(1, 5)} <= names(report)


def forged_check(lines):
    """The author passes his own letter in place of tata usaha."""
    line = next(each for each in lines if each["act"]["action"] == "lulus")
    line["act"] |= {"person": lines[0]["act"]["person"], "position": lines[0]["act"]["position"]}


def forged_leap(lines):
    """The letter leaps over the check by tata usaha."""
    place = next(number for number, each in enumerate(lines) if each["act"]["action"] == "lulus")
    del lines[place]


def forged_end(lines):
    """An act that no flow has, at the end."""
    last = json.loads(json.dumps(lines[-1]))
    last["act"] |= {"action": "hapus", "state_from": last["act"]["state_to"], "state_to": "dibatalkan"}
    lines.append(last)


@pytest.mark.parametrize("forge", [forged_check, forged_leap, forged_end])
def test_an_act_that_the_flow_did_not_allow_is_found_though_the_chain_was_computed_anew(desk, package, forge):
    report = judged(desk, rewritten(package, forge))
    assert report.overall == "tidak"
    assert any("Tidak diizinkan alur" in each.says for each in report.findings)


def test_a_chain_that_was_computed_anew_no_longer_fits_its_anchor(desk, package):
    anchor = archive.unpack(package)[form.ANCHOR]
    forged = rewritten(package, lambda lines: lines[0]["act"]["who"].update({"name": "Orang Lain"}))
    report = judged(desk, changed(forged, lambda files: files.update({form.ANCHOR: anchor})))
    assert names(report) == {form.ANCHOR}


def test_a_state_that_the_acts_do_not_lead_to_is_found(desk, package):
    def edit(files):
        head = json.loads(files[form.HEAD])
        head["stands"]["state"] = "diarsipkan"
        files[form.HEAD] = form.dumped(head)

    assert any("diarsipkan" in each.says for each in judged(desk, changed(package, edit)).findings)


def test_an_act_written_straight_into_the_database_is_found(desk, letter):
    history = letter.history
    history.add(
        at=desk.now, item=letter.id, state_from=letter.state, state_to="dibatalkan", action="batal",
        position=desk.post("kepala.dinkes"), person=desk.as_("kepala.dinkes").person, flow=letter.flow.hash,
        entered={"form": {}, "facts": {}, "items": []},
    )  # fmt: skip
    letter.state = "dibatalkan"
    report = judged(desk, writing.build(desk.house, desk.site, letter, desk.now))
    assert f"{form.HISTORY}:{len(history)}" in names(report)


def test_without_our_authorities_the_signature_is_undecided_and_nothing_else(desk, package):
    report = judged(desk, package, roots=())
    assert report.overall == "belum"
    assert any("tidak ada dalam daftar otoritas" in each.says for each in report.findings)


def test_what_was_erased_leaves_the_rest_verifiable(desk, letter):
    letter.history.erase(1)
    report = judged(desk, writing.build(desk.house, desk.site, letter, desk.now))
    assert report.overall == "belum"
    assert any(each.where == f"{form.HISTORY}:2" and "dihapus" in each.says for each in report.findings)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"bukan paket", b"\x00" * 1000])
def test_what_is_no_package_is_said_to_be_none(desk, data):
    report = judged(desk, data)
    assert (report.overall, report.told) == ("tidak", {})


def test_a_hostile_zip_is_not_unpacked(desk):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(form.HEAD, b"0" * 50_000_000)
    report = judged(desk, bomb.getvalue())
    assert report.overall == "tidak"
    assert replace(report, findings=()).told == {}


@pytest.mark.parametrize("value", [None, [], "teks", 7, {}])
def test_a_head_of_another_shape_gets_a_sentence(desk, package, value):
    def edit(files):
        head = json.loads(files[form.HEAD])
        head["files"] = value
        files[form.HEAD] = form.dumped(head)

    assert judged(desk, changed(package, edit)).overall == "tidak"
