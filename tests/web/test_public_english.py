"""The public page in English: every sentence of ours, and nothing that was written in a letter."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from steps import keyed, pdf, signed  # noqa: F401
from webtest import Upload

from intranet_surat.services import public, reports, verifying, verifying_facts, verifying_pdf, verifying_upload
from intranet_surat.web import public_english, public_page, public_sentences

ROOT = Path(public_page.__file__).resolve().parents[3]
TEMPLATES = [
    ROOT / "templates" / f"{name}.jinja2" for name in ("public", "public_frame", "public_parts", "public_report")
]


@pytest.fixture
def letter(enter, keyed):  # noqa: F811
    return signed(enter)


@pytest.fixture
def address(letter, enter):
    return enter("kepala.dinkes").json(letter).json["verification"].removeprefix("http://localhost")


def test_a_letter_is_told_in_english_with_its_own_words_left_alone(browser, address):
    page = browser.get(address + "?bahasa=en")
    assert page.html.html["lang"] == "en"
    assert page.html.h1.get_text() == "Genuine and unchanged"
    text = page.html.main.get_text(" ")
    for word in ("B/1/400.7.1/2026", "23 November 2026", "Penanganan darurat tanggul", "Kepala Dinas Kesehatan",
                 "was signed by", "by the signer's clock", "Signed at", "Not changed", "Monday, 23"):  # fmt: skip
        assert word in text, word
    for word in ("tanda tangan", "Nomor", "menurut", "Rincian", "Senin"):
        assert word not in text, word
    assert page.click("Bahasa Indonesia").html.h1.get_text() == "Asli dan utuh"


def test_what_is_done_there_stays_in_english(browser, address):
    start = browser.get("/v/").click("English")
    form = next(each for each in start.forms.values() if "kode" in each.fields)
    form["kode"] = address
    page = form.submit().follow()
    assert page.html.h1.get_text() == "Genuine and unchanged"
    form = next(each for each in page.forms.values() if "berkas" in each.fields)
    form["berkas"] = Upload("surat.pdf", pdf())
    judged = form.submit()
    assert judged.html.h1.get_text() == "This file has been changed"
    assert "no electronic signature" in judged
    wrong = browser.get("/v/?bahasa=en&kode=*", status=400)
    assert "This code cannot be read" in wrong
    assert browser.get("/v/tidakada?bahasa=en", status=404).html.h1.get_text() == "Not registered"


def test_another_language_is_not_there(browser):
    assert browser.get("/v/?bahasa=fr").html.html["lang"] == "id"


def sentences(module):
    """The Indonesian sentences that a module has as constants, alone or in a table."""
    for name, value in vars(module).items():
        if name.isupper() and isinstance(value, str) and " " in value and not name.startswith("_"):
            yield value
        if name in {"ARCHIVE", "CHANGES", "LEVELS", "LABELS", "TOO_MANY"}:
            yield from value.values()


@pytest.mark.parametrize(
    "module",
    [public, verifying, verifying_facts, verifying_pdf, verifying_upload, public_page],
    ids=lambda m: m.__name__,
)
def test_every_sentence_that_the_page_may_show_has_its_english_one(module):
    missing = [each for each in sentences(module) if public_english.say(each) == each]
    assert missing == []


def test_every_sentence_of_the_templates_and_of_the_page_is_in_the_table():
    for path in TEMPLATES:
        text = path.read_text()
        for told in re.findall(r'\bt\("([^"]+)"\)', text):
            assert told in public_sentences.SENTENCES, told
        bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", text, flags=re.DOTALL)
        words = re.findall(r"[A-Za-z]{3,}", bare)
        assert set(words) <= {"Intranet", "Surat", "Pemerintah", "error"}, (
            f"{path.name} says something outside the table: {words}"
        )
    nodes = list(ast.walk(ast.parse(Path(public_page.__file__).read_text())))
    notes = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    told = {node.value for node in nodes if isinstance(node, ast.Constant) and id(node) not in notes}
    told = {each for each in told if isinstance(each, str)}
    titles = {each for each in told if re.fullmatch(r"[A-Z][a-z]+( [a-z]+)+\.?", each) and len(each) < 60}
    assert [each for each in titles if public_english.say(each) == each] == []


def test_the_sentences_of_a_report_are_there_too():
    for each in (reports.EMPTY, reports.FULL, reports.FULL_HERE, reports.SAME, reports.LONG.format(most=1000)):
        assert public_english.say(each) != each


def test_gaps_are_filled_with_what_stood_there():
    told = "Sertifikat diterbitkan oleh CA Lain, yang tidak ada dalam daftar otoritas kami."
    assert public_english.say(told) == "The certificate was issued by CA Lain, which is not in our list of authorities."
    assert public_english.say("Apa saja {0} yang lain") == "Apa saja {0} yang lain"
