"""Two people act at the same moment, one step of the one between two steps of the other: nothing may be lost.

Both read the same state over connections of their own; the first commits, the second collides and is run
again, as a request would be.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from transaction.interfaces import TransientError
from two_desks import FIELDS, REPORT, SHEET, begin, disposed

from intranet_surat.errors import NotAllowed, Unknown
from intranet_surat.services import letters
from intranet_surat.services.flows import FlowShelf
from intranet_surat.workflow.loader import load

WORKFLOWS = Path(__file__).resolve().parents[3] / "workflows"


def flow(name, **changes):
    """A shipped flow, without its own tests, in which some words are others."""
    text = (WORKFLOWS / name).read_text(encoding="utf-8").partition("\ntests:\n")[0] + "\n"
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return load(text, name)


def run_on(desks, *flows):
    for each in desks:
        each.house = dataclasses.replace(each.house, flows=FlowShelf((None, flow) for flow in flows))


def at_once(desks, first, second):
    """Both act before either commits; whoever collides is run again. Tells how often somebody collided."""
    one, two = desks
    for each in desks:
        each.tm.abort()
        each.tm.begin()
    begin(one, *first)
    begin(two, *second)
    one.commit()
    collided = 0
    while True:
        try:
            two.commit()
            break
        except TransientError:
            collided += 1
            assert collided < 3
            two.tm.abort()
            two.tm.begin()
            try:
                begin(two, *second)
            except (NotAllowed, Unknown):
                break
    two.tm.abort()
    two.tm.begin()
    one.tm.abort()
    one.tm.begin()
    return collided


def automatic(letter):
    """How often the letter went on because its children had ended."""
    return [act.action for act in letter.history].count("otomatis")


# until: the first two of three report at once; in which state the letter is then, and how many are still awaited
@pytest.mark.parametrize(
    ("until", "recipients", "state"),
    [
        ("all", 2, "selesai"),
        ("all", 3, "didisposisi"),
        ("any", 2, "selesai"),
        ("any", 3, "selesai"),
        ("most", 2, "selesai"),
        ("most", 3, "selesai"),
    ],
)
def test_two_who_report_at_once_close_the_letter_when_it_is_due_and_once(two, until, recipients, state):
    desk = two[0]
    run_on(two, flow("surat_masuk.yaml", until=("until: all", f"until: {until}")))
    letter = disposed(desk, *FIELDS[:recipients])
    items = desk.items(letter)
    collided = at_once(
        two,
        (FIELDS[0], items[FIELDS[0]], "selesaikan", REPORT),
        (FIELDS[1], items[FIELDS[1]], "selesaikan", REPORT),
    )
    assert collided == 1
    assert letter.state == state
    assert letter.open_children == recipients - 2
    assert automatic(letter) == (state == "selesai")
    assert [items[each].state for each in FIELDS[:2]] == ["selesai", "selesai"]
    assert letter.history.problems() == []


@pytest.mark.parametrize("until", ["all", "any", "most"])
def test_a_report_and_a_return_at_once_count_both(two, until):
    desk = two[0]
    run_on(two, flow("surat_masuk.yaml", until=("until: all", f"until: {until}")))
    letter = disposed(desk, *FIELDS[:2])
    items = desk.items(letter)
    at_once(
        two,
        (FIELDS[0], items[FIELDS[0]], "bukan_tugas", {"alasan": "Bukan bidang kami"}),
        (FIELDS[1], items[FIELDS[1]], "selesaikan", REPORT),
    )
    assert (letter.state, letter.open_children, automatic(letter)) == ("selesai", 0, 1)


def test_all_who_return_it_at_once_give_it_back_once(two):
    desk = two[0]
    letter = disposed(desk, *FIELDS[:2])
    items = desk.items(letter)
    reason = {"alasan": "Bukan bidang kami"}
    at_once(two, *((each, items[each], "bukan_tugas", reason) for each in FIELDS[:2]))
    assert (letter.state, letter.open_children, automatic(letter)) == ("menunggu_disposisi", 0, 1)


def test_the_last_of_two_branches_close_the_letter_from_below(two):
    desk = two[0]
    letter = disposed(desk, "kasi-pmd.kramatwatu", "kasi-pemerintahan.kramatwatu")
    for above, below in (("kasi-pmd", "staf-pmd"), ("kasi-pemerintahan", "staf-pemerintahan")):
        item = desk.items(letter)[f"{above}.kramatwatu"]
        desk.act(
            f"{above}.kramatwatu", item, "teruskan", {**SHEET, "kepada": [desk.post(f"{below}.kramatwatu")]}
        )  # fmt: skip
    items = desk.items(letter)
    at_once(
        two,
        *(
            (each, items[each], "selesaikan", REPORT)
            for each in ("staf-pmd.kramatwatu", "staf-pemerintahan.kramatwatu")
        ),
    )
    assert letter.state == "selesai"
    assert {each.state for each in items.values()} == {"selesai"}
    assert automatic(letter) == 3
    assert letter.history.problems() == []


def test_a_recipient_added_while_the_last_one_reports_is_waited_for_or_refused(two):
    desk = two[0]
    letter = disposed(desk, FIELDS[0])
    more = {**SHEET, "kepada": [desk.post(FIELDS[1])]}
    items = desk.items(letter)
    at_once(
        two,
        (FIELDS[0], items[FIELDS[0]], "selesaikan", REPORT),
        ("camat.kramatwatu", letter, "tambah", more),
    )
    assert (letter.state, letter.open_children, len(letter.dispositions())) == ("selesai", 0, 1)
    second = disposed(desk, FIELDS[0])
    items = desk.items(second)
    at_once(
        two,
        ("camat.kramatwatu", second, "tambah", more),
        (FIELDS[0], items[FIELDS[0]], "selesaikan", REPORT),
    )
    assert (second.state, second.open_children, len(second.dispositions())) == ("didisposisi", 1, 2)


def test_a_disposition_withdrawn_while_its_holder_reports_ends_once(two):
    desk = two[0]
    letter = disposed(desk, FIELDS[0])
    item = desk.items(letter)[FIELDS[0]]
    at_once(two, (FIELDS[0], item, "selesaikan", REPORT), ("camat.kramatwatu", item, "tarik"))
    assert (item.state, letter.state, letter.open_children) == ("selesai", "selesai", 0)


LEVELS = "levels: superiors of author below penandatangan"
HEADS = ("kabid-kesmas.dinkes", "kabid-p2p.dinkes", "kabid-yankes.dinkes")


# need: two heads of field give their initials at once; who is still awaited then
@pytest.mark.parametrize(
    ("need", "awaited"),
    [("all", ["kabid-yankes.dinkes"]), ("any", []), ("2", []), ("3", ["kabid-yankes.dinkes"])],
)
def test_two_initials_given_at_once_both_count(two, need, awaited):
    desk = two[0]
    levels = (LEVELS, f"levels: [{{who: role penelaah of office, need: {need}}}]")
    run_on(two, flow("surat_keluar.yaml", levels=levels))
    for each in HEADS:
        desk.site.positions[desk.post(each)].roles |= {"penelaah"}
    desk.commit()
    letter = desk.draft("staf-kesmas.dinkes", "DINKES")
    desk.act("staf-kesmas.dinkes", letter, "ajukan")
    collided = at_once(two, ("kabid-kesmas.dinkes", letter, "paraf"), ("kabid-p2p.dinkes", letter, "paraf"))
    assert collided == 1
    given = [act.action for act in letter.history].count("paraf")
    assert given == (1 if need == "any" else 2)  # one was enough: the other comes too late and is told so
    assert [each for each in HEADS if "paraf" in desk.titles(each, letter)] == awaited
    assert letter.state == ("paraf" if awaited else "periksa_tu")
    assert letter.history.problems() == []


def test_a_draft_taken_back_while_somebody_initials_it_is_one_of_both(two):
    desk = two[0]
    letter = desk.draft("staf-kesmas.dinkes", "DINKES")
    desk.act("staf-kesmas.dinkes", letter, "ajukan")
    at_once(two, ("staf-kesmas.dinkes", letter, "tarik"), ("kasi-kesmas.dinkes", letter, "paraf"))
    assert letter.state == "konsep"
    assert [act.action for act in letter.history] == ["mulai", "ajukan", "tarik"]


def test_the_same_form_sent_by_two_at_once_makes_one_draft(two):
    fields = {"subject": "Undangan rapat", "security": "B", "urgency": "biasa", "classification": "400.7"}
    for each in two:
        each.tm.abort()
        each.tm.begin()

    def create(desk):
        return letters.create(
            desk.house, desk.tm, desk.site, desk.site.office("DINKES"), "keluar", "surat-dinas", fields,
            desk.as_("staf-kesmas.dinkes"), desk.now, key="formulir-yang-sama",
        )  # fmt: skip

    first = create(two[0])
    create(two[1])
    two[0].commit()
    with pytest.raises(TransientError):
        two[1].commit()
    two[1].tm.abort()
    two[1].tm.begin()
    assert create(two[1]).id == first.id
    two[1].commit()
    assert len(two[1].site.public) == 1


def test_two_offices_number_at_once_without_meeting(two):
    for each in two:
        each.tm.abort()
        each.tm.begin()
    desks = dict(zip(("KRAMATWATU", "DINKES"), two, strict=True))
    for desk in two:
        desk.house = dataclasses.replace(desk.house, locks=two[0].house.locks)
    made = []
    for office, desk in desks.items():
        made.append(
            letters.create(
                desk.house, desk.tm, desk.site, desk.site.office(office), "masuk", "surat-masuk",
                {"sender": "Kecamatan Kragilan", "subject": "Permohonan data", "received_at": desk.now.isoformat()},
                desk.as_(f"agendaris.{office.lower()}"), desk.now, key=next(desk.keys),
            )
        )  # fmt: skip
    two[0].commit()
    try:
        two[1].commit()
    except TransientError:  # the first letters of all make folders and lists that both write
        pytest.fail("two offices that have nothing in common collided")
    assert [each.fields["agenda_number"] for each in made] == [1, 1]
