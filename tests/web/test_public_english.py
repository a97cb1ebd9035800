"""The public page in English: every sentence of ours, and nothing that was written in a letter."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from steps import bring, form_with, keyed, pdf, signed, verification  # noqa: F401

from intranet_surat.services import public, reports, verifying, verifying_facts, verifying_pdf, verifying_upload
from intranet_surat.services.verifying_facts import SignatureFacts
from intranet_surat.web import body_bound, errors, public_english, public_page, views
from intranet_surat.web.pace import Pace
from intranet_surat.web.public_english import EnglishWords, Spoken
from intranet_surat.web.public_sentences import SENTENCES
from intranet_surat.web.words import Words

ROOT = Path(public_page.__file__).resolve().parents[3]
TEMPLATES = [
    ROOT / "templates" / f"{name}.jinja2"
    for name in ("public", "public_frame", "public_parts", "public_report", "public_error")
]


@pytest.fixture
def letter(enter, keyed):  # noqa: F811
    return signed(enter)


@pytest.fixture
def address(letter, enter):
    return verification(enter, letter)


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
    form = form_with(start, "kode")
    form["kode"] = address
    page = form.submit().follow()
    assert page.html.h1.get_text() == "Genuine and unchanged"
    judged = bring(browser, pdf(), to=f"{address}?bahasa=en")
    assert judged.html.h1.get_text() == "This is not the file of that letter"
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
    missing = [each for each in sentences(module) if each not in SENTENCES and each != verifying_facts.SEALED]
    assert missing == []


def test_every_sentence_of_the_templates_and_of_the_page_is_in_the_table():
    for path in TEMPLATES:
        text = path.read_text()
        for told in re.findall(r'\bt\("([^"]+)"\)', text):
            assert told in SENTENCES, told
        bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", text, flags=re.DOTALL)
        words = re.findall(r"[A-Za-z]{3,}", bare)
        assert set(words) <= {"Intranet", "Surat", "Pemerintah", "error"}, (
            f"{path.name} says something outside the table: {words}"
        )
    said = list(ours())
    assert "Belum lengkap ditandatangani" in said
    assert [each for each in said if each not in SENTENCES] == []


def ours():
    """What the page says by an `Ours`, as far as it is written where it is said."""
    for node in ast.walk(ast.parse(Path(public_page.__file__).read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Ours":
            yield from (
                each.value
                for each in ast.walk(node.args[0])
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )


def test_the_sentences_of_a_report_and_of_every_error_there_are_in_the_table_too():
    told = [reports.EMPTY, reports.FULL, reports.FULL_HERE, reports.SAME, reports.LONG, body_bound.TOO_LARGE]
    problems = [each for each in vars(errors).values() if isinstance(each, errors.Problem)]
    for each in problems:
        if each not in (errors.NOT_FOUND, errors.NOT_IN, errors.FORBIDDEN, errors.WITHDRAWN):  # of pages with a door
            told += [each.title, each.message]
    assert [each for each in (*told, errors.FAILED, errors.DAMAGED) if each not in SENTENCES] == []


def test_gaps_are_filled_with_what_stood_there():
    told = "Sertifikat diterbitkan oleh Nomor, yang tidak ada dalam daftar otoritas kami."
    said = "The certificate was issued by Nomor, which is not in our list of authorities."
    assert public_english.english(told) == said
    assert public_english.english("Apa saja {0} yang lain") == "Apa saja {0} yang lain"


@pytest.mark.parametrize("name", ["Sah", "Tanpa nama", "Kantor", "A, dibuktikan stempel waktu", "Nomor dan Hal"])
def test_what_people_are_called_is_never_put_into_english(name, clock):
    words = Words(clock())
    signature = SignatureFacts(
        field=name, signer=name, subject_serial="", emails=(), issuer=name, certificate=name,
        signed_at="2026-11-20T02:00:00+00:00", timestamped=False, whole_file=True, overall="sah", reasons=(),
        stamped_at="2026-11-20T02:00:00+00:00", stamped_by=name, post=name,
    )  # fmt: skip
    facts = public.PublicFacts(
        known=True, status="Terdaftar", verdict=verifying.Verdict("sah", (signature,), (), ""), office=name,
        number=name, subject=name, signatory_position=name, signatory_name=name, signatory_order=name,
    )  # fmt: skip
    shown = Spoken("en", words).shown(public_page.of_letter(facts, words))
    (line,) = shown.signatures
    assert line.who == name
    assert [value for _, value in shown.facts[:1] + shown.facts[1:6] if value] == [name] * 6
    theirs = dict(line.facts) | dict(line.details)
    for label in ("As certified", "Issued by", "Timestamp by", "Serial number", "Signature field"):
        assert theirs[label] == name
    assert str(shown.sentence) == f"This letter was signed by {name} and has not changed since."


def test_a_letter_signed_by_several_is_told_in_english_without_our_and(clock):
    english, ours = EnglishWords(clock()), Words(clock())
    several = tuple(public.Signatory(f"TTE_{n}", f"Kepala {n}", f"Nama {n}") for n in (1, 2, 3))
    facts = public.PublicFacts(
        known=True, status="Terdaftar", verdict=verifying.Verdict("sah", (), (), ""), signatories=several,
        signatory_position="Kepala 3",
    )  # fmt: skip
    assert Spoken("en", english).shown(public_page.of_letter(facts, english)).sentence == (
        "This letter was signed by Kepala 1, Kepala 2, and Kepala 3 and has not changed since."
    )
    assert Spoken("id", ours).shown(public_page.of_letter(facts, ours)).sentence == (
        "Surat ini ditandatangani Kepala 1, Kepala 2, dan Kepala 3 dan tidak berubah sejak itu."
    )


def test_the_page_of_an_error_is_in_the_language_of_the_page_and_has_no_door(browser):
    lost = browser.get("/v/a/b?bahasa=en", status=404)
    stale = browser.test.post("/v/?bahasa=en", status=400)
    for page, title in ((lost, "There is no such address"), (stale, "This form is too old")):
        assert page.html.html["lang"] == "en"
        assert page.html.h1.get_text() == title
        assert page.html.nav is None
        assert not page.html.find("input", attrs={"name": "sandi"})
    for path in ("/v/a/b", "/@@v/a/b", "/@@v/"):  # the proxy lets both spellings pass
        assert browser.get(path, status=404).html.h1.get_text() == "Alamat ini tidak ada", path


def test_too_many_looks_are_refused_in_english(browser, monkeypatch):
    monkeypatch.setattr(views.public, "LOOKS", Pace(1))
    browser.test.extra_environ["REMOTE_ADDR"] = "192.0.2.7"
    browser.get("/v/?bahasa=en")
    refused = browser.get("/v/?bahasa=en", status=429)
    assert refused.html.h1.get_text() == "Please wait"
    assert "Too many requests from this network. Wait 60 seconds" in refused
