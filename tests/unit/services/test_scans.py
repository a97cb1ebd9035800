"""A signed paper comes back as a scan: what was changed between print and scan is seen, and what was not, is not."""

import io

import paper_desk_a
import paper_desk_b
import paper_letters
import pypdfium2
import pytest
import scan_figures
from PIL import Image, ImageDraw, ImageFont

from intranet_surat.services import children
from intranet_surat.services.child import raster
from intranet_surat.services.children import ChildStopped
from intranet_surat.services.rendering_typst import folder
from intranet_surat.services.scans import comparing, findings, matching, printed, recognising

FIRST = {"a": 2_000, "b": 30_000}
"""Where the frozen sets begin; no seed of them was looked at while the comparer was written."""
LETTER = 5


def compared(pdf, scan):
    found = children.run("compare_scan", pdf + scan, limits=comparing.LIMITS, print_size=len(pdf), most=findings.MOST)
    return findings.read(found.value)


@pytest.fixture(scope="module")
def letter():
    """Two pages: each costs half a second of processor time whenever it is compared."""
    return paper_letters.paper(LETTER, long=False, change=False).pdf


def sheets(pdf):
    return [page.render(scale=200 / 72).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(pdf)]


def bound(pictures):
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=200)
    return out.getvalue()


@pytest.mark.parametrize("name", ["a", pytest.param("b", marks=pytest.mark.needs("pdftoppm"))])
def test_no_altered_scan_is_missed_and_hardly_a_clean_one_flagged(name, amount, record_property):
    desk = {"a": paper_desk_a, "b": paper_desk_b}[name]
    seeds = range(FIRST[name], FIRST[name] + amount(1, 500))
    altered, clean = scan_figures.altered(desk, seeds), scan_figures.clean(desk, seeds)
    record_property("altered", str(altered))
    record_property("clean", str(clean))
    assert not altered.wrong
    assert len(clean.wrong) <= clean.papers * 0.02


def test_the_papers_of_the_first_desk_are_the_same_every_time():
    assert paper_desk_a.clean(FIRST["a"]) == paper_desk_a.clean(FIRST["a"])


def test_pages_in_another_order_upside_down_and_an_empty_back_are_told(letter):
    one, two, *rest = sheets(letter)
    found = compared(letter, bound([two, one.rotate(180), Image.new("RGB", one.size, "white"), *rest]))
    assert not found.ordered
    assert found.missing == ()
    assert [each.print for each in found.pages][:3] == [2, 1, 0]
    assert any("terbalik" in each for each in found.notes())
    assert any("kosong" in each for each in found.notes())


def test_a_page_scanned_twice_and_a_foreign_one_are_told(letter):
    pictures = sheets(letter)
    strange = sheets(paper_letters.paper(LETTER + 1, long=False, change=False).pdf)[0]
    found = compared(letter, bound([pictures[0], *pictures, strange]))
    says = " ".join(found.warnings())
    assert "dipindai lebih dari sekali" in says
    assert f"Halaman {len(pictures) + 2} pindaian bukan halaman cetakan ini." in says


def test_a_sign_set_beside_a_number_and_a_word_painted_out_are_told(letter):
    pictures = sheets(letter)
    document = pypdfium2.PdfDocument(letter)
    for page, picture in zip(printed.pages(document, 9), pictures, strict=True):
        nip = next((each for each in page.words if each.text == "19680411"), None)
        if nip is not None:
            font = ImageFont.truetype(str(folder() / "fonts" / "LiberationSans-Regular.ttf"), 11 * 200 / 72)
            place = (nip.signs[0].cell[0] - 2, nip.signs[0].origin[1])
            ImageDraw.Draw(picture).text(place, "1", "black", font, "rs")
    longest = max(printed.pages(document, 1)[0].words, key=lambda each: len(each.text))
    ImageDraw.Draw(pictures[0]).rectangle(longest.box, fill="white")
    says = " ".join(compared(letter, bound(pictures)).warnings())
    assert "Di samping “19680411”" in says
    assert f"“{longest.text}” tampak lain" in says


def test_one_picture_is_a_scan_too(letter):
    page = sheets(letter)[0]
    out = io.BytesIO()
    page.save(out, "JPEG", quality=70)
    found = compared(letter, out.getvalue())
    assert found.pages[0].print == 1
    assert 2 in found.missing


@pytest.mark.parametrize(
    "scan", [b"", b"%PDF-1.4 broken", b"\xff\xd8\xff no picture", b"\x89PNG\r\n\x1a\n" + bytes(99)]
)
def test_what_is_no_scan_is_told_and_nothing_is_said_of_its_pages(letter, scan):
    found = compared(letter, scan)
    assert found.problem
    assert found.altered


def test_the_child_that_compares_has_no_network(letter):
    page = sheets(letter)[:1]
    made = children.run("compare_scan", letter + bound(page), limits=comparing.LIMITS, print_size=len(letter), most=1)
    assert made.network != "open"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"printed": 1, "missing": [], "pages": [{}]},
        {"printed": True, "missing": [], "pages": []},
        {"printed": 1, "missing": ["1"], "pages": []},
        {"printed": 1, "missing": [], "pages": 7},
    ],
)
def test_an_answer_that_cannot_be_is_not_believed(answer):
    with pytest.raises(ChildStopped):
        findings.read(answer)


@pytest.mark.needs("tesseract")
def test_the_program_that_reads_is_bounded_and_has_no_network():
    made = children.tool(
        ["/bin/sh", "-c", "read line; echo got $line; ulimit -t"],
        b"words\n",
        limits=recognising.READING,
        environment={},
    )
    assert made.split() == [b"got", b"words", str(recognising.READING.cpu).encode()]
    with pytest.raises(ChildStopped):
        children.tool(
            [__import__("sys").executable, "-c", "import socket; socket.socket()"],
            b"",
            limits=recognising.READING,
            environment={},
        )


def test_too_large_a_page_is_refused_by_the_matching_itself(letter):
    out = io.BytesIO()
    Image.new("1", (raster.MOST_PIXELS // 7_000 + 1, 7_000), 1).save(out, "PNG")
    assert compared(letter, out.getvalue()).problem
    with pytest.raises(ValueError, match="page-size"):
        matching.compare(letter, out.getvalue(), 1)


def test_no_digit_of_a_letter_with_personal_data_stands_in_what_was_found():
    mark = {"kind": "digit", "printed": "3604050101900019", "looks": "7"}
    found = comparing._masked({"pages": [{"scan": 1, "differences": [mark]}]})
    assert found["pages"][0]["differences"][0]["printed"] == "•" * 16
