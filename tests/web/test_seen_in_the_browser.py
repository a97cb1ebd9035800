"""What people met at a browser and should not meet again; each test is named for what was seen."""

from __future__ import annotations

import re
from pathlib import Path

from steps import (  # noqa: F401
    COUNTER,
    WRITE,
    act,
    answer,
    at_head,
    buttons,
    draft,
    fill,
    form_with,
    initialled,
    keyed,
    position,
    signed,
)
from test_counter import ask, ready, url  # noqa: F401

from intranet_surat.web.letter_tree import CLASSES

TEMPLATES = Path(__file__).parents[2] / "templates"


def test_the_operator_finds_the_counter_in_the_navigation(enter):
    page = enter("operator.pejaten").get(COUNTER)
    link = next(each for each in page.html.select(".nav a") if each.get_text(strip=True) == "Loket")
    assert link["href"].endswith(COUNTER)
    assert link["aria-current"] == "page"
    assert "Loket" not in enter("agendaris.dinkes").get("/").html.select_one(".nav").get_text()


def test_a_letter_that_was_handed_over_is_no_longer_ready_to_print(enter, ready):  # noqa: F811
    operator = enter("operator.pejaten")
    assert "Siap dicetak" in operator.get(COUNTER)
    answer(operator, ready, "serahkan", {"penerima": "Sari Contoh"})
    assert "Siap dicetak" not in operator.get(COUNTER)


def test_a_note_that_is_no_note_says_what_it_is(enter, ready):  # noqa: F811
    answer(enter("operator.pejaten"), ready, "serahkan", {"penerima": "Sari Contoh"})
    notes = enter("operator.pejaten").get(ready).html.select_one("section[aria-labelledby=catatan]")
    assert "Diserahkan kepada" in notes.get_text()


def test_short_fields_share_a_row_and_long_ones_do_not(enter):
    page = enter("staf-kesmas.dinkes").get(WRITE + "surat-dinas")
    pairs = [[each["name"] for each in row.select("select, input")] for row in page.html.select("form .fields")]
    assert ["security", "urgency"] in pairs
    assert all(len(each) == 2 for each in pairs)
    assert not any({"subject", "body"} & set(each) for each in pairs)


def test_names_of_offices_are_offered_while_addressees_are_typed(enter):
    page = enter("staf-kesmas.dinkes").get(WRITE + "surat-dinas")
    box = page.html.select_one("ol.rows input[name=sel]")
    offered = [each["value"] for each in page.html.select(f"#{box['list']} option")]
    assert "Badan Pengelolaan Keuangan dan Aset Daerah" in offered
    assert "Desa Pejaten" in offered
    assert len(offered) == len(set(offered))


def test_who_was_given_a_letter_may_answer_it_before_passing_it_on(enter, db):
    letter = at_head(enter)
    site = db.open().root()["intranet_surat"]
    values = {"kepada": [position(site, "kabid-kesmas.dinkes")], "instruksi": ["tindak-lanjuti"]}
    answer(enter("kepala.dinkes"), letter, "disposisi", values)
    field = enter("kabid-kesmas.dinkes")
    item = field.get("/").html.select_one("a.subject")["href"]
    assert buttons(field.get(item))[-1] == "Buat balasan"


def test_the_keys_of_the_page_of_shortcuts_lead_to_something_on_a_letter(enter):
    page = enter("kepala.dinkes").get(at_head(enter))
    assert page.html.select_one("[data-kunci=d]").get_text(strip=True) == "Disposisi"
    letter = draft(enter("staf-kesmas.dinkes"))
    act(enter("staf-kesmas.dinkes"), letter, "ajukan")
    assert enter("kasi-kesmas.dinkes").get(letter).html.select_one("[data-kunci=p]").name == "button"


def test_the_key_t_leads_to_the_signature(enter):
    head = enter("kepala.dinkes").get(initialled(enter))
    assert head.html.select_one("[data-kunci=t]").get_text(strip=True) == "Siapkan tanda tangan"


def test_the_history_speaks_of_a_changed_text_and_of_the_signature_in_words(enter, keyed):  # noqa: F811
    author = enter("staf-kesmas.dinkes")
    letter = draft(author)
    fill(form_with(author.get(letter + "@@ubah"), "closing"), {"closing": "Terima kasih."}).submit("simpan")
    rows = author.get(letter + "@@riwayat").html.select("tbody tr")
    assert "Penutup: Terima kasih." in rows[-1].get_text(" ", strip=True)
    told = (
        enter("staf-kesmas.dinkes")
        .get(signed(enter, subject="Surat yang lain") + "@@riwayat")
        .html.get_text(" ", strip=True)
    )
    assert "Tanda tangan: elektronik" in told


def test_what_is_tapped_on_a_phone_is_as_large_as_a_fingertip(enter, keyed):  # noqa: F811
    css = (TEMPLATES / "static" / "app.css").read_text("utf-8")
    assert "input[type=checkbox],input[type=radio]{width:1.5rem;height:1.5rem;" in css  # 24 px, and its label beside it
    narrow = css[css.index("@media (max-width:48rem)") :]
    assert re.search(r"\.tap\{[^}]*min-height:var\(--tap\)", narrow)
    letter = signed(enter)
    head = enter("kepala.dinkes")
    for page, link in ((letter, "@@riwayat"), (letter + "@@riwayat", "@@berkas?sha=")):
        links = [each for each in head.get(page).html.select("main p > a") if link in each["href"]]
        assert links
        assert all("tap" in each.get("class", ()) for each in links), links


def test_a_withdrawn_disposition_is_no_failure():
    assert CLASSES["withdrawn"] == ""
