"""Hostile text typed into a letter, and hostile files, end to end: through the real printer and the real child."""

import contextlib
import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
import pytest

from intranet_surat.errors import Invalid, SuratError
from intranet_surat.kinds import body
from intranet_surat.services import pages, rendering, uploads
from intranet_surat.services.rendering_facts import PrintedAddressee

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "services"))

from letter_facts import facts

NOW = datetime(2026, 11, 20, tzinfo=UTC)
HOSTILE = (
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    '#eval("1+1")',
    "#{panic()}",
    "$ x^2 $",
    "*tebal* _miring_ `kode`",
    "= Judul",
    "<label> @rujukan",
    "\\ \\u{41} ~ --- ...",
    '"}]} #set page(width: 1pt)',
    "// komentar /* x */",
    "</script><svg onload=alert(1)>",
    "https://contoh.id/#read",
)


def words(made):
    document = pypdfium2.PdfDocument(made)
    return "".join("".join(page.get_textpage().get_text_bounded() for page in document).split())


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "kind",
    ["surat-dinas", "nota-dinas", "undangan", "surat-perintah-tugas", "surat-keterangan", "surat-pengantar-desa"],
)
def test_markup_that_a_writer_types_is_printed_as_it_stands(kind, text):
    blocks = [
        {"t": "p", "text": text},
        {"t": "h", "text": text},
        {"t": "n", "level": 1, "text": text},
        {"t": "table", "head": [text], "rows": [[text]]},
    ]
    assert body.problems({"v": 1, "blocks": blocks}) == []
    made = rendering.pdf(
        SimpleNamespace(renderers={}),
        facts(
            kind, subject=text, blocks=tuple(blocks), closing=text, carbon_copies=(text,), addressees=(PrintedAddressee(text, text),), place=text, number=text,
            fields={"basis": [{"text": text}], "assignees": [{"name": text, "position": text}], "name": text, "person_name": text, "event": text, "purpose": text},
        ),
        NOW,
    )  # fmt: skip
    assert words(made).count("".join(text.split())) >= 3
    assert b"/URI" not in made
    assert b"root:x" not in made


def test_a_file_that_is_rubbish_in_many_ways_never_passes_and_never_breaks_us(tmp_path):
    house = SimpleNamespace(settings=SimpleNamespace(incoming=tmp_path / "unggahan", cache=tmp_path / "cache"))
    sound = rendering.pdf(SimpleNamespace(renderers={}), facts(), NOW)
    broken = [
        sound[: len(sound) // 2],
        sound.replace(b"/Pages", b"/Pegas"),
        b"%PDF-1.7\n" + bytes(range(256)) * 200,
        b"%PDF-" + b"[" * 100_000,
        b"\xff\xd8\xff" + b"\x00" * 1_000,
    ]
    for content in broken:
        with contextlib.suppress(Invalid):
            uploads.accept(house, io.BytesIO(content), "surat.pdf", "attachment").forget()
    for content in broken:
        try:
            drawn = pages.image(house, "0" * 64, lambda content=content: io.BytesIO(content), 1, 640)
        except SuratError:
            continue
        drawn.unlink()
    assert list(house.settings.incoming.iterdir()) == []


def test_a_page_tree_without_end_is_stopped(tmp_path):
    house = SimpleNamespace(settings=SimpleNamespace(incoming=tmp_path))
    loop = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999999>>endobj
trailer<</Root 1 0 R>>
%%EOF"""
    with pytest.raises(Invalid) as caught:
        uploads.accept(house, io.BytesIO(loop), "surat.pdf", "scan")
    assert caught.value.fields["file"]
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_unpacks_to_gigabytes_is_refused_by_its_head(tmp_path):
    import struct
    import zlib

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(10_000_000)))
        + chunk(b"IEND", b"")
    )
    house = SimpleNamespace(settings=SimpleNamespace(incoming=tmp_path))
    with pytest.raises(Invalid, match="ditandai") as caught:
        uploads.accept(house, io.BytesIO(bomb), "foto.png", "scan")
    assert "50 juta piksel" in caught.value.fields["file"]
