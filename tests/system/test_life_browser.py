"""The whole life of a letter in headless Chromium, each step by the right person at a browser of his own.

It is lived twice: at 1280 px with script, and at 320 px without. The tests of a life follow each other; a
later one says which earlier step it misses.
"""

from __future__ import annotations

import gzip

import pytest
from browser import incoming, keyboard, outgoing, people, record, village, wet
from browser.product import ROOT, Product

pytestmark = pytest.mark.needs("chromium")
LIVES = {"wide, with script": (1280, 900, True), "narrow, without script": (320, 640, False)}


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(**people.CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    running = Product(tmp_path_factory.mktemp("produk"))
    try:
        yield running.wait()
    finally:
        running.stop()


@pytest.fixture(scope="module", params=LIVES, ids=LIVES.keys())
def life(request):
    return request.param


@pytest.fixture(scope="module")
def everybody(chromium, product, life):
    width, height, script = LIVES[life]
    found = people.People(chromium, product.base, width=width, height=height, script=script)
    yield found
    found.close()


@pytest.fixture(scope="module")
def story(life):
    return incoming.Story(mark=life.partition(",")[0])


def test_a_letter_is_registered_with_its_scan_and_nothing_typed_is_lost(everybody, story):
    incoming.register(everybody, story)


def test_the_same_paper_twice_is_pointed_out_and_cancelled(everybody, story):
    story.need("letter")
    incoming.duplicate(everybody, story)


def test_the_offices_own_flow_leads_over_the_secretary_to_the_head(everybody, story):
    incoming.send_up(everybody, story)


def test_the_head_reads_the_pages_and_disposes_to_several(everybody, story):
    incoming.dispose(everybody, story)


def test_those_below_return_report_pass_on_and_the_unread_is_withdrawn(everybody, story):
    incoming.work_on(everybody, story)


def test_the_giver_sees_the_tree_with_states_and_prints_the_sheet(everybody, story):
    incoming.tree(everybody, story)


def test_a_reply_is_drafted_with_points_and_a_table_and_previewed(everybody, story):
    outgoing.draft(everybody, story)


def test_initials_return_once_correct_once_and_versions_are_compared(everybody, story):
    outgoing.initials(everybody, story)
    outgoing.check(everybody, story)


def test_exactly_the_bytes_shown_are_signed_and_a_wrong_passphrase_loses_nothing(everybody, story):
    outgoing.prepare(everybody, story)
    outgoing.sign(everybody, story)


def test_the_letter_goes_to_an_office_a_village_a_mailbox_a_courier_and_a_print(everybody, story, product):
    outgoing.send(everybody, story)
    outgoing.mailed(product, story)
    outgoing.received(everybody, story)


def test_the_last_report_finishes_the_letter_and_both_are_archived(everybody, story):
    incoming.report_up(everybody, story)
    outgoing.archive(everybody, story)


def test_the_code_on_the_paper_leads_to_the_verdict_and_a_flipped_byte_is_told(everybody, story):
    outgoing.verify(everybody, story)


def test_anybody_reports_a_letter_and_who_keeps_evidence_deals_with_it(everybody, story):
    outgoing.reported(everybody, story)


def test_a_record_is_signed_by_two_offices_in_turn_on_one_file(everybody, story):
    record.written(everybody, story)
    record.signed(everybody, story)


def test_a_letter_of_class_900_is_signed_in_ink_and_confirmed_by_another_person(everybody, story):
    wet.printed(everybody, story)
    wet.scanned(everybody, story)
    wet.confirmed(everybody, story)


def test_a_resident_waits_at_the_counter_and_the_nik_stands_on_paper_only(everybody, story):
    village.asked(everybody, story)
    village.signed(everybody, story)
    village.handed_over(everybody, story)


def test_every_other_page_opens_as_well(everybody):
    """The pages that no step of the life needed, at the width of this life."""
    year = people.Person.today()[-4:]
    for login, pages in {
        "kepala.dinkes": ("/@@cari?q=posko", "/@@map", "/@@akun", "/@@pintasan", "/?baki=sudah-dibaca", "/dinkes/"),
        "bupati": ("/", "/kdh/surat-masuk/"),
        "kabid-tik.dkisp": ("/@@akun",),
        "arsiparis.dinkes": (f"/dinkes/surat-masuk/{year}/", f"/dinkes/surat-keluar/{year}/"),
    }.items():
        for where in pages:
            assert everybody.at(login).open(where) == 200, where
    assert everybody.at("kepala.dinkes").open("/tidak-ada") == 404
    assert everybody.stranger().open("/") == 200


def test_nobody_met_a_refused_script_a_sideways_page_a_missing_picture_or_a_fault(everybody, product):
    assert everybody.complaints == []
    assert product.faults() == []


def test_every_page_with_its_style_weighs_less_than_40_kb(everybody):
    style = len(gzip.compress((ROOT / "templates/static/app.css").read_bytes()))
    assert len(everybody.looked) > 20
    assert {where: weight for where, weight in everybody.looked.items() if weight + style > people.BUDGET} == {}


def test_a_head_of_office_disposes_with_the_keyboard_alone(chromium, product):
    keyboard.dispose(people.People(chromium, product.base))
