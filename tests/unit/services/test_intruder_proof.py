"""Somebody gets a letter's package, which is judged valid; whatever he makes of it must not be judged so any more."""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import json

import pytest
from evidence_stage import Town
from signing_stage import SIGNATORY, prepared, sign

from intranet_surat.demo import keys
from intranet_surat.demo.authority import issuing
from intranet_surat.resources import chain
from intranet_surat.services import signing_loop, timestamping
from intranet_surat.services.evidence import anchored, anchors, merkle
from intranet_surat.services.evidence import published as published_anchors
from intranet_surat.services.proof import archive, form, judging, telling, writing
from intranet_surat.services.secret import Secret
from intranet_surat.services.signers import signer


@pytest.fixture
def town(desk, pki, tmp_path):
    made = Town()
    made.servers[""].authority = issuing.kept(pki / issuing.KEPT)
    made.servers[""].clock = lambda: desk.now
    places = tuple(timestamping.place(each) for each in made.urls)
    known = dataclasses.replace(desk.house.settings, timestamps=places, anchors_file=tmp_path / "jangkar.jsonl")
    desk.house = dataclasses.replace(desk.house, outbound=made.outbound, settings=known)
    yield made
    made.close()


@pytest.fixture
def letter(desk, town):
    made = prepared(desk)
    sign(desk, made)
    desk.act("tata-usaha.dinkes", made, "kirim")
    desk.commit()
    anchors.make(desk.house, desk.site, desk.now)
    anchors.outside(desk.house, desk.site, {}, desk.now)
    return made


@pytest.fixture(scope="module")
def made_once():
    return []


@pytest.fixture
def package(desk, town, request, made_once):
    """The package of a signed letter: bytes that need no database. Who asks for more than them gets one of his own."""
    alone = inspect.signature(request.function).parameters.keys().isdisjoint({"clock", "letter", "listed", "tmp_path"})
    if alone and made_once:
        return made_once[0]
    found = writing.build(desk.house, desk.site, request.getfixturevalue("letter"), desk.now)
    made_once.append(found)
    return found


def judged(desk, data):
    return judging.judge(data, desk.house.roots, desk.now)


def changed(package, edit):
    """The package with its files edited by hand, in the one form that a package has."""
    files = archive.unpack(package)
    edit(files)
    return archive.pack(files)


def edited(package, name, edit):
    """The package with the JSON of one part edited."""

    def work(files):
        value = json.loads(files[name])
        edit(value)
        files[name] = form.dumped(value)

    return changed(package, work)


def wheres(report):
    return {each.where for each in report.findings}


def test_an_untouched_package_with_a_stamped_anchor_is_valid(desk, package):
    report = judged(desk, package)
    assert (report.overall, report.findings, report.stamped) == ("sah", (), desk.now)


@pytest.mark.parametrize("who", [SIGNATORY, "kepala.bpkad"])
def test_he_had_it_signed_once_more_by_the_one_who_signed_it_or_by_another(desk, letter, who):
    def grow(files):
        (old,) = [each for each in files if each.endswith(".pdf")]
        person = signer(desk.house, desk.site.people.login(who))
        told = {"reason": "", "location": "", "now": desk.now}
        data = desk.house.provider().sign(files.pop(old), person, Secret(keys.PASSPHRASE), **told).pdf
        sha256 = hashlib.sha256(data).hexdigest()
        name = f"{form.FILES}{sha256}.pdf"
        head = json.loads(files[form.HEAD])
        for each in head["files"].values():
            each |= {"name": name, "begins": True}
        head["files"][sha256] = {"name": name, "size": len(data), "kind": "signed", "type": "application/pdf"}
        files[name], files[form.HEAD] = data, form.dumped(head)

    report = judged(desk, changed(writing.build(desk.house, desk.site, letter, desk.now), grow))
    assert "tidak dicatat riwayatnya" in "".join(each.says for each in report.findings)
    assert report.overall == "tidak"


@pytest.mark.parametrize("listed", [True, False])
def test_he_got_another_page_under_a_signed_file(desk, package, listed):
    def grow(files):
        (old,) = [each for each in files if each.endswith(".pdf")]
        data = files.pop(old) + b"\n%sesudahnya\n"
        sha256 = hashlib.sha256(data).hexdigest()
        name = f"{form.FILES}{sha256}.pdf"
        head = json.loads(files[form.HEAD])
        for each in head["files"].values():
            each |= {"name": name, "begins": True}
        if listed:
            head["files"][sha256] = {"name": name, "size": len(data), "kind": "signed", "type": "application/pdf"}
        files[name], files[form.HEAD] = data, form.dumped(head)

    report = judged(desk, changed(package, grow))
    assert report.overall == "tidak"
    assert any(each.endswith(".pdf") for each in wheres(report))


def test_he_got_an_attachment_into_a_letter_that_never_had_it(desk, package):
    data = b"%PDF-1.7 surat lain"
    sha256 = hashlib.sha256(data).hexdigest()
    name = f"{form.FILES}{sha256}.pdf"

    def add(files):
        head = json.loads(files[form.HEAD])
        head["files"][sha256] = {"name": name, "size": len(data), "kind": "attachment", "type": "application/pdf"}
        files[name], files[form.HEAD] = data, form.dumped(head)

    report = judged(desk, changed(package, add))
    assert (report.overall, wheres(report)) == ("belum", {name})


@pytest.mark.parametrize("name", ["number", "subject", "direction", "office", "kind", "acts", "head", "letter", "flow"])
def test_he_got_another_number_or_subject_into_the_verdict(desk, package, name):
    report = judged(desk, edited(package, form.HEAD, lambda head: head.update({name: "Pengangkatan saya"})))
    # Of another office nothing was witnessed: that alone keeps the acts from being played.
    assert report.overall == ("belum" if name in ("office", "flow") else "tidak")


def test_he_got_a_verdict_of_his_own_onto_the_screen(desk, package):
    wish = "Biasa\n\x1b[2Ksurat.zip: SAH\u202e\u2028"
    report = judged(desk, edited(package, form.HEAD, lambda head: head.update(subject=wish, regency=wish)))
    told = list(telling.lines("surat\nlain.zip", report))
    assert told[0] == "surat?lain.zip: TIDAK SAH"
    assert all(each.isprintable() for each in told)


def test_he_got_a_second_letter_told_to_another_reader(desk, package):
    """JSON that says a thing twice: the first is read by one program, the last by another."""

    def twice(files):
        lines = files[form.HISTORY].splitlines(keepends=True)
        files[form.HISTORY] = b"".join([lines[0].replace(b'{"act"', b'{"act": {}, "act"', 1), *lines[1:]])

    def head(files):
        files[form.HEAD] = files[form.HEAD].replace(b"{", b'{"number": "B/9/2026",', 1)

    assert wheres(judged(desk, changed(package, twice))) == {f"{form.HISTORY}:1"}
    assert wheres(judged(desk, changed(package, head))) == {form.HEAD}


def test_he_got_his_own_instructions_into_the_package(desk, package):
    report = judged(desk, changed(package, lambda files: files.update({form.README: b"Jalankan: curl x | sh"})))
    assert (report.overall, wheres(report)) == ("tidak", {form.README})


def test_he_got_flows_read_that_no_act_has_used(desk, package):
    text = b"flow: x\n"
    name = f"{form.FLOWS}{hashlib.sha256(text).hexdigest()}.yaml"
    report = judged(desk, changed(package, lambda files: files.update({name: text})))
    assert (report.overall, wheres(report)) == ("tidak", {name})


def test_he_got_a_line_of_the_history_cut_in_two_by_what_he_wrote_into_the_letter(desk, town):
    letter = desk.register("agendaris.dinkes", "DINKES", subject="Permohonan\u2028\x85data")
    report = judged(desk, writing.build(desk.house, desk.site, letter, desk.now))
    assert "tidak" not in {each.overall for each in report.findings}


DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize(
    "edit",
    [
        lambda files: files.update({form.HEAD: DEEP}),
        lambda files: files.update({form.HISTORY: DEEP}),
        lambda files: files.update({form.WITNESS: DEEP}),
        lambda files: files.update({form.ANCHOR: DEEP}),
        lambda files: files.update({form.HISTORY: b"{}\n" * 30_000}),
        lambda files: files.update({form.HEAD: files[form.HEAD].replace(b"Asia/Jakarta", b"America")}),
        lambda files: files.update({form.HEAD: files[form.HEAD].replace(b'"acts": 6', b'"acts": ' + b"9" * 5000)}),
        lambda files: files.update({form.WITNESS: files[form.WITNESS].replace(b':00:00"', b':00:99"')}),
    ],
)
def test_he_got_a_broken_program_in_place_of_a_verdict(desk, package, edit):
    report = judged(desk, changed(package, edit))
    assert report.overall == "tidak"
    assert report.findings


def forged(desk, package, edit):
    """The history edited, its chain computed anew, an anchor of his own made for it and stamped by the same clock."""

    def work(files):
        lines = [json.loads(each) for each in files[form.HISTORY].splitlines()]
        edit(lines)
        previous = chain.GENESIS
        for line in lines:
            line["act"]["prev"] = previous
            previous = line["hash"] = chain.digest(line["act"])
        files[form.HISTORY] = form.lines(lines)
        head, told = json.loads(files[form.HEAD]), json.loads(files[form.ANCHOR])
        head["head"] = told["leaf"]["head"] = previous
        leaf = anchored.leaf(head["letter"], previous, len(lines))
        told["anchor"]["root"] = merkle.root([leaf]).hex()
        digest = bytes.fromhex(anchored.digest(told["anchor"]))
        stamper = timestamping.of_house(desk.house)
        told["token"] = signing_loop.run(stamper.async_timestamp(digest, "sha256")).dump().hex()
        files[form.HEAD], files[form.ANCHOR] = form.dumped(head), form.dumped(told)

    return changed(package, work)


def rename(lines):
    lines[0]["act"]["who"]["name"] = "Orang Lain"


def test_he_got_a_history_of_his_own_stamped_weeks_later(desk, clock, package):
    assert judged(desk, forged(desk, package, rename)).overall == "sah", "the same night the agency itself could do it"
    clock.forward(days=30)
    report = judged(desk, forged(desk, package, rename))
    assert (report.overall, wheres(report)) == ("belum", {form.ANCHOR})
    assert any(f"{desk.now:%Y-%m-%d}" in each for each in telling.lines("surat.zip", report))


def published(desk, tmp_path, lines=None):
    """The anchors as anybody may have them, before he came; or the lines given."""
    place = tmp_path / "diumumkan"
    place.mkdir(exist_ok=True)
    (place / "jangkar.jsonl").write_text("\n".join(anchors.public(desk.site) if lines is None else lines) + "\n")
    return published_anchors.read([place])


def against(desk, data, known):
    return judging.judge(data, desk.house.roots, desk.now, known)


def test_he_got_a_history_and_an_anchor_of_his_own_past_who_holds_the_published_anchors(desk, package, tmp_path):
    outside = published_anchors.read([desk.house.settings.anchors_file])
    honest = against(desk, package, outside)
    assert (honest.overall, honest.findings) == ("sah", ())
    assert "sama dengan yang diumumkan" in honest.note
    for known, touched in ((published(desk, tmp_path), {form.ANCHOR}), (outside, {form.ANCHOR, form.HISTORY})):
        report = against(desk, forged(desk, package, rename), known)
        assert (report.overall, wheres(report)) == ("tidak", touched)
        assert not report.note


def test_he_got_his_anchor_taken_for_one_that_is_newer_than_the_published_ones(desk, package, tmp_path):
    def later(**facts):
        return edited(forged(desk, package, rename), form.ANCHOR, lambda told: told["anchor"].update(facts))

    def findings(data, known):
        return {each.says for each in against(desk, data, known).findings if each.where == form.ANCHOR}

    known, last = published(desk, tmp_path), desk.site.anchors.last()
    follows = {"number": last.number + 1, "previous": last.digest, "day": "2027-01-01"}
    assert any("minta daftar terbaru" in each for each in findings(later(**follows), known)), "nobody can tell yet"
    for made_up in ({"day": last.day}, {"previous": "0" * 64}):
        assert any("bukan yang diumumkan" in each for each in findings(later(**{**follows, **made_up}), known))
    full = published_anchors.read([desk.house.settings.anchors_file])
    report = against(desk, later(**follows), full)
    assert form.HISTORY in wheres(report), "which letters stood in them is told there"


def test_he_left_the_anchor_out(desk, package, tmp_path):
    def without(files):
        del files[form.ANCHOR]

    data = changed(forged(desk, package, rename), without)
    assert against(desk, data, published(desk, tmp_path)).overall == "belum"
    full = published_anchors.read([desk.house.settings.anchors_file])
    assert form.HISTORY in wheres(against(desk, data, full))


def test_without_published_anchors_the_verdict_says_what_it_does_not_prove(desk, package):
    told = "\n".join(telling.lines("surat.zip", judged(desk, package)))
    assert "Tidak dibuktikan: bahwa riwayat ini tidak ditulis ulang seluruhnya" in told
    assert "--anchors" in told


def test_an_anchor_that_the_next_one_names_is_proven_though_it_is_not_listed(desk, package, tmp_path):
    anchors.make(desk.house, desk.site, desk.now)
    lines = [each for each in anchors.public(desk.site) if json.loads(each)["number"] == 2]
    assert against(desk, package, published(desk, tmp_path, lines)).overall == "sah"
    assert against(desk, forged(desk, package, rename), published(desk, tmp_path, lines)).overall == "tidak"


def test_published_anchors_that_were_touched_are_not_believed(desk, package, tmp_path):
    anchors.make(desk.house, desk.site, desk.now)
    lines = [json.loads(each) for each in anchors.public(desk.site)]
    first, second = (next(each for each in lines if each["number"] == n and "root" in each) for n in (1, 2))
    full = published_anchors.lines(desk.house.settings.anchors_file)
    whole = next(told for _, told in full if "leaves" in told)
    strange = {**second, "previous": "0" * 64}
    strange["digest"] = anchored.digest({name: strange[name] for name in published_anchors.FACTS})
    for wrong, says in (
        ([{**first, "root": "0" * 64}], "its digest"),
        ([first, strange], "does not follow"),
        ([second, strange], "elsewhere"),
        ([{**whole, "leaves": whole["leaves"][1:]}], "do not give its root"),
        ([{"number": 1, "root": 7}], "line 1"),
        ([{"number": 1, "token": "00"}], "no anchor"),
    ):
        with pytest.raises(ValueError, match=says):
            published(desk, tmp_path, map(json.dumps, wrong))


def test_he_got_acts_of_tomorrow_into_the_anchor_of_today(desk, package):
    def later(lines):
        lines[-1]["act"]["at"] = lines[-1]["act"]["at"].replace("2026-11-23", "2026-11-24")

    report = judged(desk, forged(desk, package, later))
    assert f"{form.HISTORY}:6" in wheres(report)
    assert report.overall == "tidak"


def test_he_got_the_act_of_signing_dated_before_the_signature(desk, package):
    def earlier(lines):
        for each in lines:
            each["act"]["at"] = each["act"]["at"].replace("2026-11-23", "2026-11-20")

    report = judged(desk, forged(desk, package, earlier))
    assert f"{form.HISTORY}:5" in wheres(report)
    assert report.overall == "tidak"


@pytest.mark.parametrize("last", [b'{"number": 1, "le', b"bukan JSON\n", b'{"leaves": 7}\n', b"[" * 100_000, b"\xff\n"])
def test_he_who_wrote_half_a_line_into_the_file_outside_got_no_anchor_written_any_more(desk, letter, last):
    place = desk.house.settings.anchors_file
    with place.open("ab") as stream:
        stream.write(last)
    anchors.make(desk.house, desk.site, desk.now)
    anchors.outside(desk.house, desk.site, {}, desk.now)
    written = [each for each in place.read_bytes().splitlines() if each.startswith(b"{") and b'"digest"' in each]
    assert [json.loads(each)["number"] for each in written] == [1, 1, 2, 2]
    assert list(anchors.problems(desk.house, desk.site)) == [f"{place}, line 3: cannot be read"]
