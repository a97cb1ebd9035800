import io
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from letter_facts import HEAD, URL, facts, fonts, pages, words
from pyhanko.pdf_utils.reader import PdfFileReader

from intranet_surat.errors import Invalid
from intranet_surat.kinds import body
from intranet_surat.kinds.registry import SHIPPED, by_id
from intranet_surat.services import rendering, rendering_facts
from intranet_surat.services.rendering_facts import Letterhead, PrintedAddressee, signing_block

NOW = datetime(2026, 11, 20, 2, 42, tzinfo=UTC)
HOUSE = SimpleNamespace(renderers={})
OUTGOING = [kind.id for kind in SHIPPED if kind.direction == "keluar"]
LISTS = {"classification": {}, "positions": {}, "offices": {}, "villages": {}}
SPECIAL = {
    "undangan": {"event_date": "2026-11-24", "event_date_until": "2026-11-25", "event_time": "09.00 WIB", "event_place": "Aula", "event": "Rapat koordinasi", "event_notes": None},
    "surat-perintah-tugas": {
        "basis": [{"text": "Peraturan Bupati Contoh."}], "assignees": [{"name": "Petugas Satu", "nip": "196804111993031009", "rank": "", "position": "Staf"}, {"name": "Petugas Dua", "nip": "", "rank": "", "position": "Ahli"}],
        "task_place": "Kragilan", "date_from": "2026-11-23", "date_until": "2026-11-25", "cost_source": "DPA 2026",
    },
    "surat-keterangan": {"person_name": "Yang Diterangkan", "person_nip": "196804111993031009", "purpose": "kredit"},
    "surat-pengantar-desa": {"name": "Juju", "nik": "3604050101900019", "birth_place": "Serang", "birth_date": "1990-01-01", "sex": "P", "religion": "islam", "purpose": "KTP", "valid_until": "2026-12-20"},
}  # fmt: skip


def display(kind):
    return rendering_facts.display(by_id()[kind], SPECIAL.get(kind, {}), LISTS)


def render(kind="surat-dinas", **changes):
    return rendering.pdf(HOUSE, facts(kind, **{"fields": display(kind), **changes}), NOW)


@pytest.mark.parametrize("kind", OUTGOING)
def test_every_outgoing_kind_is_printed_as_pdf_a(kind):
    made = render(kind)
    with pikepdf.open(io.BytesIO(made)) as document:
        meta = document.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "B")
        assert "/AcroForm" not in document.Root
    shown = words(made)
    assert "Contoh Sarjana, M.T." in shown
    assert "B/1/600.1.4.2/2026" in shown
    assert "20 November 2026" in shown
    assert "DINAS PEKERJAAN UMUM" in shown


@pytest.mark.parametrize("kind", OUTGOING)
def test_all_fonts_are_embedded_and_ours(kind):
    found = fonts(render(kind))
    assert found
    assert all(found.values()), found
    assert all("LiberationSans" in name for name in found), found
    assert PdfFileReader(io.BytesIO(render(kind))).embedded_signatures == []


@pytest.mark.needs("pdffonts")
@pytest.mark.parametrize("kind", OUTGOING)
def test_pdffonts_finds_all_fonts_embedded(kind, tmp_path):
    (tmp_path / "surat.pdf").write_bytes(render(kind))
    lines = subprocess.run(
        ["pdffonts", tmp_path / "surat.pdf"], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    assert lines
    assert all(re.search(r"\byes yes\b", line) for line in lines), lines


@pytest.mark.parametrize("kind", OUTGOING)
def test_equal_facts_and_now_give_equal_bytes_in_any_thread(kind):
    with ThreadPoolExecutor(3) as pool:
        made = {each.result() for each in [pool.submit(render, kind) for _ in range(4)]}
    assert len(made) == 1
    later = rendering.pdf(HOUSE, facts(kind, fields=display(kind)), NOW + timedelta(seconds=1))
    assert later not in made


def test_each_kind_prints_its_own_fields():
    shown = {kind: words(render(kind)) for kind in SPECIAL}
    assert "Selasa s.d. Rabu, 24 s.d. 25 November 2026" in shown["undangan"]
    assert "Rapat koordinasi" in shown["undangan"]
    order = shown["surat-perintah-tugas"]
    for part in (
        "MEMERINTAHKAN:",
        "Peraturan Bupati Contoh.",
        "Petugas Satu",
        "19680411 199303 1 009",
        "Petugas Dua",
        "23 s.d. 25 November 2026",
        "DPA 2026",
        "Ditetapkan di",
    ):
        assert part in order
    assert "Yang Diterangkan" in shown["surat-keterangan"]
    village = shown["surat-pengantar-desa"]
    for part in (
        "Juju",
        "3604050101900019",
        "Serang, 1 Januari 1990",
        "Perempuan",
        "Islam",
        "sampai 20 Desember 2026",
        "Pemohon",
    ):
        assert part in village
    assert "nomor KK" not in village


def test_an_internal_note_names_its_sender_and_copies_in_the_head():
    shown = words(render("nota-dinas", sender="Kepala Bidang Air"))
    assert shown.index("Dari") < shown.index("Kepala Bidang Air") < shown.index("Menjawab")
    assert shown.count("Sekretaris Daerah.") == 1


def test_points_carry_the_labels_of_their_level():
    shown = words(render())
    for part in ("1. satu;", "a. dalam;", "1) lebih dalam;", "a) terdalam."):
        assert part in shown


def test_counting_starts_anew_after_a_paragraph():
    blocks = tuple(body.parse("1. a\n2. b\na. c\n\nputus\n\n1. d")["blocks"])
    assert [each.get("label") for each in rendering.numbered(blocks)] == ["1.", "2.", "a.", None, "1."]


@pytest.mark.parametrize(
    ("names", "printed"),
    [
        ((), []),
        (("A",), [("", "A.")]),
        (("A", "B"), [("1.", "A; dan"), ("2.", "B.")]),
        (("A", "B", "C"), [("1.", "A;"), ("2.", "B; dan"), ("3.", "C.")]),
    ],
)
def test_carbon_copies_end_as_usual(names, printed):
    assert [(each["label"], each["text"]) for each in rendering.copies(names)] == printed


def test_one_addressee_several_and_many():
    several = tuple(PrintedAddressee(f"Camat {number}", "Serang") for number in range(1, 6))
    assert "Yth. Camat Kragilan di Kragilan" in words(render())
    assert "Yth. 1. Camat 1 2. Camat 2" in words(render(addressees=several))
    many = render(addressees=(*several, PrintedAddressee("Camat 6", "Serang")))
    assert "Yth. (daftar terlampir)" in words(many, 0)
    assert "Camat 6" not in words(many, 0)
    last = words(many, pages(many) - 1)
    assert "Lampiran : Surat dinas Nomor : B/1/600.1.4.2/2026" in last
    assert "6. Camat 6 di Serang" in last
    assert "Contoh Sarjana" in last


def test_electronic_letters_carry_formula_and_code():
    made = render()
    shown = words(made)
    assert "Ditandatangani secara elektronik oleh:" in shown
    assert "UU ITE No. 11 Tahun 2008" in shown
    assert "BSrE, BSSN" in shown
    picture = pypdfium2.PdfDocument(made)[0].render(scale=2.5).to_pil()
    assert [each.text for each in zxingcpp.read_barcodes(picture)] == [URL]


def test_the_formula_is_a_setting():
    assert "Kalimat daerah." in words(render(footer=("Kalimat daerah.",)))


def test_a_print_for_ink_has_its_code_and_no_electronic_formula():
    made = render(method="wet", number="", date=None, print_code="K7Q2-M94X")
    shown = words(made)
    assert "elektronik" not in shown
    assert "UU ITE" not in shown
    assert "Kode cetakan: K7Q2-M94X" in shown
    assert "Contoh Sarjana" in shown
    picture = pypdfium2.PdfDocument(made)[0].render(scale=2.5).to_pil()
    assert [each.text for each in zxingcpp.read_barcodes(picture)] == ["K7Q2-M94X"]


def test_a_draft_says_what_is_still_missing():
    made = render(method="draft", number="", date=None)
    shown = words(made)
    assert "KONSEP" in shown
    assert "tanggal diisi saat nomor ditetapkan" in shown
    assert "UU ITE" not in shown
    assert zxingcpp.read_barcodes(pypdfium2.PdfDocument(made)[0].render(scale=2).to_pil()) == []


def test_a_trial_says_so_on_every_page():
    many = tuple(PrintedAddressee(f"Camat {number}") for number in range(7))
    made = render(test_mark=True, addressees=many)
    assert pages(made) > 1
    for number in range(pages(made)):
        assert "UJI COBA – bukan surat resmi" in words(made, number)
    assert "UJI COBA" not in words(render())


@pytest.mark.parametrize(
    ("level", "printed"), [("B", None), ("T", "TERBATAS"), ("R", "RAHASIA"), ("SR", "SANGAT RAHASIA")]
)
def test_the_level_stands_at_the_top_of_the_page(level, printed):
    shown = words(render(security=level))
    assert (printed in shown) if printed else ("RAHASIA" not in shown and "TERBATAS" not in shown)


def test_nature_names_level_and_urgency():
    assert "Sifat : Terbatas, sangat segera" in words(render(security="T", urgency="sangat-segera"))


@pytest.mark.parametrize(("paper", "size"), [("f4", (215, 330)), ("a4", (210, 297))])
def test_paper_is_a_setting_of_the_kind(paper, size):
    made = render(shape=replace(facts().shape, paper=paper, font="serif"))
    width, height = pypdfium2.PdfDocument(made).get_page_size(0)
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == size
    assert all("LiberationSerif" in name for name in fonts(made))


def test_the_head_of_a_post_has_the_emblem_above():
    made = render(letterhead=Letterhead("jabatan", ("Bupati Serang",)))
    assert words(made).startswith("BUPATI SERANG")


def head_sizes(name):
    made = render(letterhead=replace(HEAD, lines=("Pemerintah Kabupaten Serang", name)))
    page = pypdfium2.PdfDocument(made)[0].get_textpage()
    at = page.search(name.upper()[:12]).get_next()[0]
    assert name.upper() in words(made)
    return page.get_charbox(at)[3] - page.get_charbox(at)[1]


def test_a_long_name_of_an_office_is_printed_smaller_and_the_longest_takes_two_lines():
    short, long = head_sizes("Dinas Kesehatan Contoh"), head_sizes("Dinas Pekerjaan Umum dan Penataan Ruang")
    longest = head_sizes("Dinas Keluarga Berencana, Pemberdayaan Perempuan dan Perlindungan Anak")
    assert short > long > longest > 0.7 * short


@pytest.mark.parametrize(
    ("form", "lines"),
    [
        ("own", ("KEPALA DINAS X,",)), ("an", ("a.n. BUPATI SERANG", "Kepala Dinas X,")), ("plt", ("Plt. KEPALA DINAS X,",)), ("plh", ("Plh. KEPALA DINAS X,",)),
        ("ub", ("a.n. BUPATI SERANG", "Sekretaris Daerah", "u.b.", "Kepala Dinas X,")),
    ],
)  # fmt: skip
def test_the_lines_above_a_signature(form, lines):
    made = signing_block(
        form=form,
        position="Kepala Dinas X",
        code="kepala",
        name="A",
        rank="Pembina",
        nip="196804111993031009",
        giver="Bupati Serang",
        middle="Sekretaris Daerah",
    )
    assert made.lines == lines
    assert (made.rank, made.nip) == ("Pembina", "19680411 199303 1 009")


@pytest.mark.parametrize("code", ["bupati", "wakil", "sekda"])
@pytest.mark.parametrize("form", ["own", "plt", "pj"])
def test_rank_and_nip_are_not_printed_for_the_three_leaders(code, form):
    made = signing_block(form=form, position="X", code=code, name="A", rank="Pembina", nip="196804111993031009")
    assert (made.rank, made.nip) == ("", "")


def test_an_unknown_form_or_method_is_our_mistake():
    with pytest.raises(ValueError, match="signing form"):
        signing_block(form="xx", position="X", code="", name="A")
    with pytest.raises(ValueError, match="method"):
        render(method="fax")


def test_a_sign_that_no_font_has_is_told_before_and_while_printing():
    assert rendering.missing_glyphs(["Rapat “besar” – m² é Ω"]) == ()
    assert rendering.missing_glyphs(["a🙂b🙂", "中"]) == ("🙂", "中")
    says = rendering.unprintable({"subject": "baik 🙂", "body": body.parse("ya"), "copies": [{"name": "中"}]})
    assert set(says) == {"subject", "copies"}
    assert "“🙂” (slightly smiling face)" in says["subject"]
    assert says["subject"].endswith("Hapus atau ganti dengan kata.")
    with pytest.raises(Invalid) as caught:
        render(subject="baik 🙂")
    assert "🙂" in caught.value.fields["body"]
