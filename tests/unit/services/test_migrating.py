"""Letters of an older version move to a newer one: all of a letter or nothing, and nobody is stranded or forgotten."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
import random
import re
from datetime import date

import pytest
from flow_office import APPROVER, NEW, OLD, REGENCY_DESIGNER, check, publish, text, version, work_off
from lost_objects import lose
from signing_stage import SIGNATORY, prepared, sign
from two_desks import FIELDS, REPORT, SHEET, begin, disposed

from intranet_surat.cli.flow.publishing import planned
from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.resources import folder
from intranet_surat.resources.attempts import SignAttempt
from intranet_surat.resources.flows import ended, walk
from intranet_surat.resources.folder import path
from intranet_surat.resources.jobs import TRIES
from intranet_surat.resources.people import Holding
from intranet_surat.services import acting, apart, migrating, secrecy
from intranet_surat.services.flows import FlowShelf
from intranet_surat.services.itemview import descendants, flow_of, org_at
from intranet_surat.services.org import SiteOrg
from intranet_surat.services.proof import archive, form, judging, writing
from intranet_surat.web import history_page, initials_chain
from intranet_surat.workflow.loader import load

RENAME = (("didisposisi", "dibagikan"),)
MAP = "states: {didisposisi: dibagikan}"
VOIDS = "      hapus: {title: Hapus nomor, by: konseptor, ask: alasan, do: [{number: void}]}\n"


def scanned(site):
    """Which open items run which flow, found by reading the whole tree."""
    return {(item.flow.hash, path(item)) for item in walk(site) if not ended(item)}


def noted(site):
    return {(each, where) for each in site.running.flows() for where in site.running.of(each)}


def test_which_items_run_which_flow_is_known_without_reading_the_tree(desk, amount):
    chance = random.Random(7)
    letters = []
    for _ in range(amount(12, 200)):
        if not letters or chance.random() < 0.3:
            letters.append(desk.register("agendaris.kramatwatu", "KRAMATWATU"))
        letter = chance.choice(letters)
        login, item, action = chance.choice(possible(desk, letter))
        form = {**SHEET, "kepada": [desk.post(FIELDS[0])]} if action in ("disposisi", "tambah") else {}
        form = REPORT if action == "selesaikan" else form
        form = {"alasan": "Keliru"} if action in ("turunkan", "salah_alamat", "bukan_tugas") else form
        try:
            desk.act(login, item, action, form)
        except Invalid:
            continue
        assert noted(desk.site) == scanned(desk.site)
    assert noted(desk.site)


def possible(desk, letter):
    """Who can do what with a letter of Kramatwatu, or with nothing of it any more: then a new letter."""
    people = ("agendaris.kramatwatu", "camat.kramatwatu", *FIELDS)
    found = []
    for item in (letter, *desk.items(letter).values()):
        for login in people:
            found += [(login, item, action) for action in desk.titles(login, item) if action != "teruskan"]
    if found:
        return found
    fresh = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    return [("agendaris.kramatwatu", fresh, "naikkan")]


@pytest.fixture
def same_ids(monkeypatch):
    """The ids are the same in every run: whether a leaf of a tree must be split hangs on them."""
    monkeypatch.setattr(folder.secrets, "token_bytes", random.Random(7).randbytes)


def test_of_two_letters_that_end_and_fan_out_at_once_both_are_known(same_ids, two):
    """Neither waits for the other: what each writes of the set is put together.

    Only who takes the first pair out of its leaf collides; the later one is then done again. Here it is the second.
    """
    one, other = two
    two_letters = [one.register("agendaris.kramatwatu", "KRAMATWATU") for _ in range(2)]
    second, first = sorted(two_letters, key=lambda each: each.id)
    one.act("agendaris.kramatwatu", second, "naikkan")
    for each in two:
        each.tm.abort()
        each.tm.begin()
    begin(one, "agendaris.kramatwatu", first, "salah_alamat", {"alasan": "Untuk Dinas Sosial"})
    sheet = {**SHEET, "kepada": [other.post(each) for each in FIELDS[:2]]}
    begin(other, "camat.kramatwatu", second, "disposisi", sheet)
    one.commit()
    other.commit()
    one.tm.abort()
    one.tm.begin()
    assert noted(one.site) == scanned(one.site)
    assert len(noted(one.site)) == 3


def test_the_dry_run_names_every_letter_by_id_and_state_and_not_by_subject(desk):
    letter = disposed(desk, *FIELDS[:2])
    other = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    found = check(desk, text("surat_masuk.yaml", *RENAME, migrate=MAP))
    assert found.reasons == ()
    plan = found.plan
    told = {(each.track, each.old, each.new): set(each.letters) for each in plan.moves}
    assert told == {
        (None, "dicatat", "dicatat"): {other.id},
        (None, "didisposisi", "dibagikan"): {letter.id},
        ("disposisi", "diterima", "diterima"): {letter.id},
    }
    assert plan.letters == 2
    assert not plan.stranded
    assert "tanggul" not in repr(plan)


def test_the_real_run_does_what_the_dry_run_said(desk, db):
    moved = disposed(desk, *FIELDS[:2])
    before = [(each.id, each.state) for each in (moved, *moved.dispositions())]
    _, proofs = publish(desk, text("surat_masuk.yaml", *RENAME, migrate=MAP))
    goes = {name: each.new for each in proofs.plan.moves for name, _ in each.items}
    work_off(desk, db)
    items = (moved, *moved.dispositions())
    assert {each.id: each.state for each in items} == goes
    assert [each.id for each in items] == [name for name, _ in before]
    assert {each.flow.version for each in items} == {NEW}
    assert noted(desk.site) == scanned(desk.site)


def test_each_move_is_an_act_with_both_hashes_and_gives_its_designer_no_sight(desk, db):
    letter = disposed(desk, FIELDS[0])
    old = letter.flow.hash
    publish(desk, text("surat_masuk.yaml", *RENAME, migrate=MAP))
    work_off(desk, db)
    act = next(each for each in letter.history if each.action == "pindah_alur" and each.item == letter.id)
    facts = letter.history.entered(act.seq)["facts"]
    assert (act.state_from, act.state_to) == ("didisposisi", "dibagikan")
    assert (facts["flow_from"], facts["flow_to"]) == (old, letter.flow.hash)
    assert facts["flow_from"] != facts["flow_to"]
    assert letter.history.problems() == []
    for login in (REGENCY_DESIGNER, APPROVER):
        assert not secrecy.may_know(desk.house, desk.site, letter, desk.as_(login), desk.now)


def test_a_moved_letter_is_worked_on_to_its_end(desk, db):
    letter = disposed(desk, *FIELDS[:2])
    items = desk.items(letter)
    publish(desk, text("surat_masuk.yaml", *RENAME, migrate=MAP))
    work_off(desk, db)
    for login in FIELDS[:2]:
        desk.act(login, items[login], "selesaikan", REPORT)
    assert letter.state == "selesai"
    desk.act("agendaris.kramatwatu", letter, "berkaskan")
    assert letter.archived_at is not None
    assert noted(desk.site) == set()


def test_four_eyes_see_through_a_renamed_state(desk, db):
    """Who numbered a letter in the old state may not confirm its scan in the new version, whatever he holds."""
    letter = desk.initialled(classification="900.1.3")
    desk.act("tata-usaha.dinkes", letter, "nomori", {"tanggal_ttd": "2026-11-23"})
    publish(desk, text("surat_keluar.yaml", ("dinomori", "bernomor"), migrate="states: {dinomori: bernomor}"))
    work_off(desk, db)
    assert letter.state == "bernomor"
    code = letter.fields["print_code"]
    form = {"pindai": {"sha256": "f" * 64, "filename": "pindai.pdf", "code": code}}
    desk.act("tata-usaha.dinkes", letter, "unggah", form, uploads=(desk.upload("wet-scan", code),))
    checker = desk.site.positions[desk.post("pemeriksa.dinkes")]
    desk.site.positions.hold(checker, Holding(desk.as_("tata-usaha.dinkes").person, date(2026, 1, 1)))
    desk.commit()
    with pytest.raises(NotAllowed, match="harus orang lain"):
        desk.act("tata-usaha.dinkes", letter, "sahkan")
    desk.clock.forward(minutes=31)  # nobody runs the machine that compares
    desk.act("pemeriksa.dinkes", letter, "sahkan")
    assert letter.state == "siap_kirim"


def test_the_history_of_a_moved_letter_calls_its_old_states_by_their_titles(desk, db):
    """A reader saw "menunggu_disposisi" in the history where the page had always said "Menunggu disposisi"."""
    letter = disposed(desk, *FIELDS[:1])
    publish(desk, text("surat_masuk.yaml", *RENAME, migrate=MAP))
    work_off(desk, db)
    org = SiteOrg(desk.site, desk.now.date())
    rows = history_page.build(desk.house, desk.site, letter, org).rows
    told = [row.states for row in rows if row.states]
    assert "Dicatat ke Menunggu disposisi" in told
    assert not any("_" in each for each in told)


def test_a_state_without_target_is_refused_with_the_line_and_the_letters(desk):
    letter = disposed(desk, FIELDS[0])
    written = text("surat_masuk.yaml", *RENAME, migrate="")
    with pytest.raises(Invalid) as caught:
        publish(desk, written)
    line = written.splitlines().index(f"migrate: [{{from: {OLD}}}]") + 1
    assert f"uji.yaml:{line}:" in caught.value.message
    assert letter.id in caught.value.message
    assert "'didisposisi' tidak mempunyai tujuan" in caught.value.message


def test_a_letter_that_could_not_end_any_more_is_refused(desk):
    """The state is still there, but whoever could lead out of it is nobody."""
    letter = disposed(desk, FIELDS[0])
    written = text(
        "surat_masuk.yaml",
        ("pemegang: holder of item ", "pemegang: position juru-kunci of office #"),
        ("pemberi: giver of item\n", "pemberi: position juru-kunci of office\n"),
        migrate="",
    )
    found = check(desk, written)
    assert [(each.letter, each.track, each.state) for each in found.plan.stranded] == [
        (letter.id, "disposisi", "diterima")
    ]
    assert not found.ready


def test_without_migrate_letters_stay_on_their_version_and_new_ones_take_the_newest(desk, db):
    old = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    done, proofs = publish(desk, text("surat_masuk.yaml"))
    work_off(desk, db)
    new = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    assert (old.flow.version, new.flow.version) == (OLD, NEW)
    assert new.flow.hash == done.hash
    assert [each.rule for each in proofs.warnings] == ["stays"]
    assert proofs.warnings[0].message == (
        f"1 surat yang sedang berjalan tetap memakai versi {OLD}. Bila harus ikut versi ini, tambahkan "
        f"'migrate: [{{from: {OLD}}}]'; bila tidak, biarkan."
    )


def test_a_letter_that_is_being_signed_waits_and_moves_when_the_answer_is_known(desk, db):
    letter = desk.draft("kabid-kesmas.dinkes", "DINKES")
    letter.attempts.append(SignAttempt(id="a", state="sending"))
    desk.commit()
    _, proofs = publish(desk, text("surat_keluar.yaml", migrate=""))
    assert [each.letter for each in proofs.plan.waiting] == [letter.id]
    work_off(desk, db)
    assert letter.flow.version == version("surat_keluar.yaml")
    letter.attempts[0].state = "failed"
    desk.commit()
    desk.clock.forward(hours=2)
    work_off(desk, db)
    assert letter.flow.version == version("surat_keluar.yaml") + 1


def test_letters_move_in_batches_and_each_is_moved_once(desk, db, monkeypatch):
    monkeypatch.setattr(migrating, "BATCH", 3)
    letters = [desk.register("agendaris.kramatwatu", "KRAMATWATU") for _ in range(8)]
    publish(desk, text("surat_masuk.yaml", migrate=""))
    assert work_off(desk, db) >= 3
    for letter in letters:
        assert [act.action for act in letter.history].count("pindah_alur") == 1
    assert noted(desk.site) == scanned(desk.site)


def test_a_batch_that_is_killed_is_done_by_the_next_worker(desk, db, monkeypatch):
    letters = [desk.register("agendaris.kramatwatu", "KRAMATWATU") for _ in range(3)]
    publish(desk, text("surat_masuk.yaml", migrate=""))
    real, calls = migrating.move, itertools.count()

    def dies(*args):
        if next(calls) == 1:
            raise SystemExit("power cut")
        real(*args)

    monkeypatch.setattr(migrating, "move", dies)
    with pytest.raises(SystemExit):
        work_off(desk, db)
    desk.tm.abort()
    desk.tm.begin()
    assert {letter.flow.version for letter in letters} == {OLD}
    monkeypatch.setattr(migrating, "move", real)
    desk.clock.forward(minutes=10)
    work_off(desk, db)
    assert {letter.flow.version for letter in letters} == {NEW}
    assert [[act.action for act in each.history].count("pindah_alur") for each in letters] == [1, 1, 1]


def by_themselves(desk):
    """The jobs of letters that could not be moved with the others: what for, how often tried."""
    jobs = [*desk.site.jobs.pending(), *desk.site.jobs.parked()]
    return [(each.args["item"], each.tries) for each in jobs if each.name == migrating.JOB + apart.ALONE]


@pytest.mark.parametrize("how", ["lost", "not stored"])
def test_one_broken_letter_kept_those_behind_it_on_the_old_version(desk, db, storage, monkeypatch, how):
    monkeypatch.setattr(migrating, "BATCH", 2)
    letters = [disposed(desk, *FIELDS[:2]) for _ in range(5)]
    publish(desk, text("surat_masuk.yaml", migrate=""))
    broken, *others = sorted(letters, key=path)
    real = migrating.move

    def spoils(house, site, letter, *more):
        real(house, site, letter, *more)
        if letter.id == broken.id:
            letter.fields = {**letter.fields, "keyword": spoils}

    if how == "lost":
        mend = lose(desk, storage, broken.history)
    else:
        monkeypatch.setattr(migrating, "move", spoils)
        mend = monkeypatch.undo
    work_off(desk, db)
    assert {each.flow.version for each in others} == {NEW}
    assert broken.flow.version == OLD
    assert by_themselves(desk) == [(path(broken), 1)]
    for _ in range(TRIES - 1):
        desk.clock.forward(hours=7)
        work_off(desk, db)
    assert by_themselves(desk) == [(path(broken), TRIES)]
    (job,) = [each for each in desk.site.jobs.parked() if each.name == migrating.JOB + apart.ALONE]
    mend()
    desk.site.jobs.retry(job.id, desk.now)
    desk.commit()
    work_off(desk, db)
    assert {item.flow.version for letter in letters for item in (letter, *descendants(letter))} == {NEW}
    assert [[act.action for act in each.history].count("pindah_alur") for each in letters] == [3] * 5
    assert noted(desk.site) == scanned(desk.site)


@pytest.mark.parametrize("lost", ["letter", "history"])
def test_one_lost_letter_stopped_every_publication_of_its_flow(desk, db, storage, lost):
    broken, *others = sorted((disposed(desk, *FIELDS[:2]) for _ in range(3)), key=path)
    name, where = broken.id, path(broken)
    found = lose(desk, storage, broken if lost == "letter" else broken.history)
    _, proofs = publish(desk, text("surat_masuk.yaml", migrate=""))
    plan = proofs.plan
    assert (plan.letters, plan.stranded) == (2, ())
    assert [(each.letter, each.path, each.why) for each in plan.lost] == [(name, where, "tidak dapat dibaca")]
    (told,) = [each.message for each in proofs.warnings if each.rule == "lost"]
    assert told.startswith("1 surat tidak dapat dibaca dan tetap di versi lamanya")
    assert name in told
    assert f"  lost {where}: tidak dapat dibaca" in list(planned(plan))
    assert "surat yang tidak dapat dibaca: 1" in proofs.summary
    work_off(desk, db)
    assert {each.flow.version for each in others} == {NEW}
    assert by_themselves(desk) == [(where, 1)]
    found()
    desk.clock.forward(hours=1)
    work_off(desk, db)
    assert broken.flow.version == NEW


def test_letters_that_are_all_lost_hold_up_none_behind_them(desk, db, storage, monkeypatch):
    monkeypatch.setattr(migrating, "BATCH", 2)
    *broken, last = sorted((disposed(desk, *FIELDS[:2]) for _ in range(3)), key=path)
    publish(desk, text("surat_masuk.yaml", migrate=""))
    for each in broken:
        lose(desk, storage, each.history)
    work_off(desk, db)
    assert last.flow.version == NEW
    assert sorted(by_themselves(desk)) == sorted((path(each), 1) for each in broken)


def test_a_full_disk_ended_the_move_as_done_and_left_a_parked_job_for_each_letter(desk, db, monkeypatch):
    letters = [disposed(desk, *FIELDS[:2]) for _ in range(3)]
    publish(desk, text("surat_masuk.yaml", migrate=""))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migrating, "move", full)
    work_off(desk, db)
    assert by_themselves(desk) == []
    (whole,) = [each for each in desk.site.jobs.pending() if each.name == migrating.JOB]
    assert (whole.tries, whole.error) == (1, "OSError")
    monkeypatch.undo()
    desk.clock.forward(hours=1)
    work_off(desk, db)
    assert {each.flow.version for each in letters} == {NEW}


def test_a_letter_opened_again_after_its_signature_was_moved_to_where_no_act_is_possible_any_more(desk):
    """Its number stays its own: an end that only a letter without a number reaches is none."""
    sends = re.search(r"(?m)^      kirim:.*$", text("surat_keluar.yaml"))[0]
    opens = (sends, "      buka: {title: Buka lagi, by: tata_usaha, to: konsep}\n" + sends)
    submits = "      ajukan: {title: Ajukan paraf, by: konseptor, needs: "
    drops = "      batal: {title: Batalkan, by: konseptor, "
    without = (
        ("rules:\n", "rules:\n  tanpa: {if: letter.number is absent, says: Masih bernomor.}\n"),
        (submits + "lengkap", VOIDS + submits + "[lengkap, tanpa]"),
        (drops, drops + "needs: tanpa, "),
    )
    now = version("surat_keluar.yaml")
    old = load(text("surat_keluar.yaml", opens), "buka.yaml", desk.house.world)
    written = text("surat_keluar.yaml", opens, *without, migrate="").replace(f"from: {now}", f"from: {now + 1}")
    new = load(written.replace(f"version: {now + 1}\n", f"version: {now + 2}\n"), "tanpa.yaml", desk.house.world)
    desk.house = dataclasses.replace(desk.house, flows=FlowShelf([(None, old)]))
    fresh, letter = prepared(desk), prepared(desk)
    sign(desk, letter)
    desk.act("tata-usaha.dinkes", letter, "buka")
    desk.act(SIGNATORY, fresh, "tolak", {"alasan": "Salah alamat"})
    plan = migrating.plan(desk.house, desk.site, new, desk.now)
    assert [(each.letter, each.why) for each in plan.stranded] == [
        (letter.id, "dari 'konsep' surat ini tidak dapat lagi mencapai akhir")
    ]
    assert [each.letters for each in plan.moves] == [(fresh.id,)]


def test_a_letter_that_broke_and_then_waits_for_a_signature_moves_after_the_answer(desk, db, storage):
    letter = desk.draft("kabid-kesmas.dinkes", "DINKES")
    publish(desk, text("surat_keluar.yaml", migrate=""))
    found = lose(desk, storage, letter.history)
    work_off(desk, db)
    assert by_themselves(desk) == [(path(letter), 1)]
    found()
    letter.attempts.append(SignAttempt(id="a", state="sending"))
    desk.commit()
    for state in ("sending", "failed"):
        desk.clock.forward(hours=2)
        letter.attempts[0].state = state
        desk.commit()
        work_off(desk, db)
        moves = [act.action for act in letter.history].count("pindah_alur")
        assert (state, moves) in [("sending", 0), ("failed", 1)]
    assert by_themselves(desk) == []


def test_a_letter_that_moved_on_meanwhile_is_planned_again(desk, db):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    _, proofs = publish(desk, text("surat_masuk.yaml", *RENAME, migrate=MAP))
    assert [each.old for each in proofs.plan.moves] == ["dicatat"]
    desk.act("agendaris.kramatwatu", letter, "naikkan")
    desk.act("camat.kramatwatu", letter, "disposisi", {**SHEET, "kepada": [desk.post(FIELDS[0])]})
    work_off(desk, db)
    assert (letter.state, letter.flow.version) == ("dibagikan", NEW)


def test_a_letter_that_became_stranded_meanwhile_stays_on_its_version(desk, db):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    publish(desk, text("surat_masuk.yaml", *RENAME, migrate=""))
    desk.act("agendaris.kramatwatu", letter, "naikkan")
    desk.act("camat.kramatwatu", letter, "disposisi", {**SHEET, "kepada": [desk.post(FIELDS[0])]})
    work_off(desk, db)
    assert (letter.state, letter.flow.version) == ("didisposisi", OLD)
    flow = flow_of(desk.house, desk.site, desk.register("agendaris.kramatwatu", "KRAMATWATU"))
    plan = migrating.plan(desk.house, desk.site, flow, desk.now)
    assert [(each.letter, each.state) for each in plan.stranded] == [(letter.id, "didisposisi")]
    desk.act(FIELDS[0], desk.items(letter)[FIELDS[0]], "selesaikan", REPORT)
    assert letter.state == "selesai"


def chain(desk, letter):
    """The steps of initials as the letter's page shows them."""
    org = org_at(desk.house, desk.site, desk.now)
    return initials_chain.build(desk.house, desk.site, letter, org, desk.now)


def test_initials_stay_given_when_their_state_is_called_otherwise(desk, db):
    letter = desk.draft("staf-kesmas.dinkes", "DINKES")
    desk.act("staf-kesmas.dinkes", letter, "ajukan")
    desk.act("kasi-kesmas.dinkes", letter, "paraf")
    before = chain(desk, letter)
    renamed = (
        ("to: paraf}", "to: diparaf}"),
        ("  paraf:   ", "  diparaf:   "),
        ("states.paraf.route", "states.diparaf.route"),
    )
    publish(desk, text("surat_keluar.yaml", *renamed, migrate="states: {paraf: diparaf}"))
    work_off(desk, db)
    assert letter.state == "diparaf"
    assert chain(desk, letter) == before


def test_a_restarted_passage_forgets_initials(desk, db):
    letter = desk.draft("staf-kesmas.dinkes", "DINKES")
    desk.act("staf-kesmas.dinkes", letter, "ajukan")
    desk.act("kasi-kesmas.dinkes", letter, "paraf")
    assert len(letter.initials) == 1
    publish(desk, text("surat_keluar.yaml", migrate="restart: [paraf]"))
    work_off(desk, db)
    assert (letter.state, letter.initials) == ("paraf", ())
    assert [each.told for each in chain(desk, letter) if each.now] == ["Menunggu paraf"]
    assert not any(each.at for each in chain(desk, letter)[1:])
    assert "paraf" in desk.titles("kasi-kesmas.dinkes", letter)


def test_a_moved_letter_waits_in_the_lists_under_its_new_state(desk, db):
    disposed(desk, FIELDS[0])
    publish(desk, text("surat_masuk.yaml", ("title: Diterima", "title: Sudah diterima"), migrate=""))
    work_off(desk, db)
    rows, _ = desk.site.lists[desk.post(FIELDS[0])].page("waiting")
    assert [row.state_title for row in rows] == ["Sudah diterima"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("states: {diterimaa: dicatat}", f"Tidak ada keadaan 'diterimaa' di versi {OLD}"),
        ("states: {dicatat: dicatatt}", "Keadaan 'dicatatt' tidak ada"),
        ("tracks: {disposis: {diterima: diterima}}", "Jalur 'disposis' tidak ada"),
    ],
)
def test_a_map_that_names_what_is_not_there_is_a_finding(desk, line, says):
    desk.register("agendaris.kramatwatu", "KRAMATWATU")
    found = check(desk, text("surat_masuk.yaml", migrate=line))
    assert says in " ".join(each.message for each in found.findings)


def test_the_plan_and_the_page_of_a_person_agree_on_what_can_be_done(desk, db):
    """After the move the engine offers what the new version says."""
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    publish(desk, text("surat_masuk.yaml", ("naikkan: {title: Naikkan", "angkat: {title: Angkat"), migrate=""))
    work_off(desk, db)
    reader = desk.as_("agendaris.kramatwatu")
    offered = [each.action for each in acting.offers(desk.house, desk.site, letter, reader, desk.now)]
    assert "angkat" in offered
    assert "naikkan" not in offered


def accused(desk, letter):
    """What the letter's own package is blamed for, by who examines it elsewhere."""
    package = writing.build(desk.house, desk.site, letter, desk.now)
    report = judging.judge(package, desk.house.roots, desk.now)
    return [str(each) for each in report.findings if each.overall == "tidak"]


def test_a_letter_whose_initials_begin_anew_in_a_new_version_still_proves_itself(desk, db):
    letter = desk.draft("staf-kesmas.dinkes", "DINKES")
    desk.act("staf-kesmas.dinkes", letter, "ajukan")
    desk.act("kasi-kesmas.dinkes", letter, "paraf")
    publish(desk, text("surat_keluar.yaml", migrate="restart: [paraf]"))
    work_off(desk, db)
    desk.act("kasi-kesmas.dinkes", letter, "paraf")
    assert accused(desk, letter) == []


def test_an_item_given_out_after_its_letter_was_moved_still_proves_itself(desk, db):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    desk.act("agendaris.kramatwatu", letter, "naikkan")
    renamed = (("      diterima:\n", "      tiba:\n"), ("returned: diterima}", "returned: tiba}"))
    publish(desk, text("surat_masuk.yaml", *renamed, migrate="tracks: {disposisi: {diterima: tiba}}"))
    work_off(desk, db)
    desk.act("camat.kramatwatu", letter, "disposisi", {**SHEET, "kepada": [desk.post(FIELDS[0])]})
    (item,) = descendants(letter)
    desk.act(FIELDS[0], item, "selesaikan", REPORT)
    assert (letter.state, accused(desk, letter)) == ("selesai", [])


def test_an_action_that_only_the_new_version_has_is_one_that_it_allows(desk, db):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    more = "      naikkan:"
    added = (more, "      langsung: {title: Langsung selesai, by: agendaris, to: selesai}\n" + more)
    publish(desk, text("surat_masuk.yaml", added, migrate=""))
    work_off(desk, db)
    desk.act("agendaris.kramatwatu", letter, "langsung")
    assert (letter.state, accused(desk, letter)) == ("selesai", [])


def test_an_item_of_another_office_that_was_moved_by_that_office_still_proves_itself(desk, db):
    letter = desk.register("agendaris.kdh", "KDH")
    desk.act("agendaris.kdh", letter, "naikkan")
    desk.act("sekda.setda", letter, "sampaikan", {"catatan": "Mohon arahan"})
    desk.act("bupati.kdh", letter, "disposisi", {**SHEET, "kepada": [desk.post("kepala.dinkes")]})
    assert accused(desk, letter) == [], "nobody there has touched it yet"
    publish(desk, text("DINKES/surat_masuk.yaml", migrate=""), office="DINKES")
    work_off(desk, db)
    (item,) = descendants(letter)
    assert item.flow.version == version("DINKES/surat_masuk.yaml") + 1
    assert accused(desk, letter) == []
    desk.act("kepala.dinkes", item, "selesaikan", REPORT)
    assert accused(desk, letter) == []


def test_an_item_that_began_between_two_moves_still_proves_itself(desk, db):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    desk.act("agendaris.kramatwatu", letter, "naikkan")
    now = version("surat_masuk.yaml")
    first = text("surat_masuk.yaml", migrate="")
    publish(desk, first)
    work_off(desk, db)
    desk.act("camat.kramatwatu", letter, "disposisi", {**SHEET, "kepada": [desk.post(FIELDS[0])]})
    again = first.replace(f"\nversion: {now + 1}\n", f"\nversion: {now + 2}\n")
    publish(desk, again.replace(f"{{from: {now}}}", f"{{from: {now + 1}}}"))
    work_off(desk, db)
    (item,) = descendants(letter)
    assert (item.flow.version, accused(desk, letter)) == (now + 2, [])


def test_a_package_that_names_another_flow_for_a_disposition_is_refused(desk, db):
    letter = disposed(desk, FIELDS[0])
    (item,) = descendants(letter)
    desk.act(FIELDS[0], item, "selesaikan", REPORT)
    files = archive.unpack(writing.build(desk.house, desk.site, letter, desk.now))
    head = json.loads(files[form.HEAD])
    easier = desk.house.flows.of(desk.site, letter.flow).text.replace("title: Surat masuk", "title: Surat")
    other = hashlib.sha256(easier.encode()).hexdigest()
    head["below"][0]["flow"] = other
    files |= {form.HEAD: form.dumped(head), f"{form.FLOWS}{other}.yaml": easier.encode()}
    report = judging.judge(archive.pack(files), desk.house.roots, desk.now)
    told = [str(each) for each in report.findings if each.overall == "tidak"]
    assert [each for each in told if "untuk sebuah disposisi bukan yang dipakai" in each], told
