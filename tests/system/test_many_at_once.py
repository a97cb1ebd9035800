"""Many people at once, over HTTP and a FileStorage: numbers without gaps, nothing twice, nothing lost.

In `make test` the sizes are small; SURAT_SOAK=1 (`make soak`) takes the long ones. What two do between each
other's steps is in tests/unit/services/test_at_once.py; answers that are
lost on the way back in test_lost_answer.py.
"""

from __future__ import annotations

import os
import threading
import time

import pytest
from served import KELUAR, MASUK, Served, at_once, fill, good, incoming, letters_of, outgoing, where

from intranet_surat.resources.folder import find
from intranet_surat.services import numbering

pytestmark = pytest.mark.soak
SOAK = os.environ.get("SURAT_SOAK") == "1"
THREADS, LETTERS = (64, 2000) if SOAK else (32, 160)
ROUNDS = 200 if SOAK else 10
SHEET = {"instruksi": ["tindak-lanjuti"], "batas": "3 working days"}
REPORT = {"isi": "Sudah dikerjakan"}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("banyak")
    uri = f"file://{folder}/Data.fs?pool_size=80"
    fill(uri)
    made = Served(uri, folder)
    yield made
    made.close()


def test_agenda_numbers_of_many_registrars_at_once_have_no_gap_and_no_double(served):
    """What a registrar would see: two letters with number 17, or no letter with number 18."""
    head = served.post("camat.kramatwatu")
    before = len(letters_of(served, "KRAMATWATU"))
    programs = [served.program("agendaris.kramatwatu") for _ in range(THREADS if not SOAK else 8)]
    numbers = iter(range(LETTERS))
    guard = threading.Lock()
    answers = []

    def work(program):
        while True:
            with guard:
                number = next(numbers, None)
            if number is None:
                return
            answer = program.post(MASUK.format("kramatwatu"), incoming(head, number))
            with guard:
                answers.append(answer)

    wrong = [each for each in at_once([lambda n=n: work(programs[n % len(programs)]) for n in range(THREADS)]) if each]
    assert wrong == []
    paths = [where(served, told) for told in good(answers)]
    with served.site() as site:
        given = sorted(find(site, path).fields["agenda_number"] for path in paths)
        register = site.registers[numbering.key("KRAMATWATU", "agenda-masuk", 2026)]
        lines = list(register.lines())
    assert given == list(range(before + 1, before + LETTERS + 1))
    assert [line.number for line in lines] == list(range(1, before + LETTERS + 1))
    assert {line.state for line in lines} == {"used"}
    assert len(letters_of(served, "KRAMATWATU")) == before + LETTERS


def test_offices_that_register_at_once_count_each_for_itself(served):
    offices = {"KDH": ("kdh", "bupati.kdh"), "SETDA": ("setda", "sekda.setda"), "BPKAD": ("bpkad", "kepala.bpkad")}
    works = []
    for slug, head in offices.values():
        program, post = served.program(f"agendaris.{slug}"), served.post(head)
        works += [
            lambda program=program, slug=slug, post=post, n=n: program.post(MASUK.format(slug), incoming(post, n))
            for n in range(4)
        ]
    good(at_once(works))
    for office in offices:
        with served.site() as site:
            register = site.registers[numbering.key(office, "agenda-masuk", 2026)]
            assert [line.number for line in register.lines()] == [1, 2, 3, 4]


def disposed(served, *logins):
    """A letter that the head of the subdistrict has passed on; its path."""
    registrar, head = served.program("agendaris.kramatwatu"), served.program("camat.kramatwatu")
    values = incoming(served.post("camat.kramatwatu"), time.monotonic_ns())
    path = where(served, good([registrar.post(MASUK.format("kramatwatu"), values)])[0])
    with served.site() as site:
        find(site, path).fields = {**find(site, path).fields, "scan": "f" * 64}
    good([registrar.post(f"/{path}/@@aksi/naikkan")])
    form = {**SHEET, "kepada": [served.post(each) for each in logins]}
    good([head.post(f"/{path}/@@aksi/disposisi", form)])
    return path


def items(served, path):
    """The dispositions of a letter, all levels, by the log-in of their holder."""

    def ask(site):
        found, stack = {}, list(find(site, path).dispositions())
        while stack:
            each = stack.pop()
            stack.extend(each.dispositions())
            login = site.people[site.positions[each.holder].holders[0].person].login
            chain, above = [], each
            while above.__name__ != path.rsplit("/", 1)[-1]:
                chain.insert(0, above.__name__)
                above = above.__parent__
            found[login] = f"/{path}/{'/'.join(chain)}"
        return found

    return served.look(ask)


def closed(served, path):
    with served.site() as site:
        letter = find(site, path)
        automatic = [act.action for act in letter.history].count("otomatis")
        return letter.state, letter.open_children, automatic, letter.history.problems()


def test_siblings_that_report_at_once_close_the_letter_each_time(served):
    """What the head would see: all reports are there, and the letter waits for ever."""
    logins = ("kasi-pmd.kramatwatu", "kasi-trantib.kramatwatu", "sekretaris.kramatwatu")
    programs = {each: served.program(each) for each in logins}
    for number in range(ROUNDS):
        here = logins[: 2 + number % 2]
        path = disposed(served, *here)
        found = items(served, path)
        good(
            at_once(
                lambda each=each, found=found: programs[each].post(f"{found[each]}/@@aksi/selesaikan", REPORT)
                for each in here
            )
        )
        assert closed(served, path) == ("selesai", 0, 1, [])


def test_the_last_reports_at_once_from_below_close_a_deep_tree(served):
    heads = {"kasi-pmd": "staf-pmd", "kasi-pemerintahan": "staf-pemerintahan"}
    programs = {name: served.program(f"{name}.kramatwatu") for pair in heads.items() for name in pair}
    for _ in range(max(1, ROUNDS // 2)):
        path = disposed(served, *(f"{each}.kramatwatu" for each in heads))
        found = items(served, path)
        for above, below in heads.items():
            form = {**SHEET, "kepada": [served.post(f"{below}.kramatwatu")]}
            good([programs[above].post(f"{found[above + '.kramatwatu']}/@@aksi/teruskan", form)])
        found = items(served, path)
        good(
            at_once(
                lambda each=each, found=found: programs[each].post(
                    f"{found[each + '.kramatwatu']}/@@aksi/selesaikan", REPORT
                )
                for each in heads.values()
            )
        )
        assert closed(served, path) == ("selesai", 0, 3, [])


@pytest.mark.parametrize("times", [2, 8])
def test_the_same_form_sent_at_once_registers_one_letter(served, times):
    """What a registrar would see after an impatient double click: one paper with two agenda numbers."""
    program, head = served.program("agendaris.dinkes"), served.post("kepala.dinkes")
    before = len(letters_of(served, "DINKES"))
    key = f"klik-ganda-{times}"
    told = good(at_once([lambda: program.post(MASUK.format("dinkes"), incoming(head, times), key=key)] * times), (201,))
    assert len({each["@id"] for each in told}) == 1
    assert len(letters_of(served, "DINKES")) == before + 1


def test_the_same_draft_sent_at_once_is_written_once(served):
    program, head = served.program("staf-kesmas.dinkes"), served.post("kepala.dinkes")
    before = len(letters_of(served, "DINKES", "surat-keluar"))
    told = good(at_once([lambda: program.post(KELUAR.format("dinkes"), outgoing(head), key="konsep-sama")] * 4), (201,))
    assert len({each["@id"] for each in told}) == 1
    assert len(letters_of(served, "DINKES", "surat-keluar")) == before + 1


def test_drafts_of_many_writers_at_once_are_all_kept(served):
    logins = ("staf-kesmas.dinkes", "staf-p2p.dinkes", "staf-yankes.dinkes", "kabid-kesmas.dinkes")
    programs = [served.program(each) for each in logins]
    head = served.post("kepala.dinkes")
    before = len(letters_of(served, "DINKES", "surat-keluar"))
    times = 100 if SOAK else 2
    works = [lambda p=p: p.post(KELUAR.format("dinkes"), outgoing(head)) for p in programs for _ in range(times)]
    good([answer for at in range(0, len(works), 8) for answer in at_once(works[at : at + 8])])
    assert len(letters_of(served, "DINKES", "surat-keluar")) == before + len(works)


def test_the_same_act_sent_at_once_is_done_once(served):
    path = disposed(served, "kasi-pmd.kramatwatu")
    program, item = served.program("kasi-pmd.kramatwatu"), items(served, path)["kasi-pmd.kramatwatu"]
    form = {**SHEET, "kepada": [served.post("staf-pmd.kramatwatu")]}
    told = good(at_once([lambda: program.post(f"{item}/@@aksi/teruskan", form, key="satu-disposisi")] * 4))
    assert sorted(each["repeated"] for each in told) == [False, True, True, True]
    assert set(items(served, path)) == {"kasi-pmd.kramatwatu", "staf-pmd.kramatwatu"}


def test_who_loses_his_position_while_he_waits_for_the_register_is_refused(served, monkeypatch):
    """What the office would see: a letter registered by somebody who was no registrar any more."""
    program, head = served.program("operator.pejaten"), served.post("kades.pejaten")
    house = served.wsgi.registry.house
    key = numbering.key("DESA-PEJATEN", "agenda-masuk", 2026)
    post = served.post("operator.pejaten")
    held = house.locks.take([key])
    answers = []
    asked, take = threading.Event(), house.locks.take
    monkeypatch.setattr(house.locks, "take", lambda *args, **more: asked.set() or take(*args, **more))
    waiting = threading.Thread(
        target=lambda: answers.append(program.post("/desa/kramatwatu-pejaten/surat-masuk/@@tambah", incoming(head, 1)))
    )
    waiting.start()
    assert asked.wait(60)
    with served.site() as site:
        site.positions[post].holders = ()
    held.release()
    waiting.join(60)
    status, told = answers[0]
    assert status in {401, 403}, told
    assert letters_of(served, "DESA-PEJATEN") == []


def test_a_head_who_disposes_while_he_is_replaced_has_disposed_or_not_at_all(served):
    """Over many rounds either the act or the replacement is first, and never half of the act is there."""
    post = served.post("kasi-trantib.kramatwatu")
    program = served.program("kasi-trantib.kramatwatu")
    with served.site() as site:
        holders = site.positions[post].holders

    def replace_him():
        from transaction.interfaces import TransientError

        while True:
            try:
                with served.site() as site:
                    site.positions[post].holders = ()
            except TransientError:
                continue
            return 200, None

    for _ in range(ROUNDS):
        path = disposed(served, "kasi-trantib.kramatwatu")
        item = items(served, path)["kasi-trantib.kramatwatu"]
        (status, _), _ = at_once([lambda item=item: program.post(f"{item}/@@aksi/selesaikan", REPORT), replace_him])
        assert status in {200, 401, 403, 404}
        done = status == 200
        assert closed(served, path) == (("selesai", 0, 1, []) if done else ("didisposisi", 1, 0, []))
        with served.site() as site:
            site.positions[post].holders = holders
