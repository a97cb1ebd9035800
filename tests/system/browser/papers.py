"""Paper of these tests: letters as a scanner gives them, prints signed in ink and scanned again, codes on paper."""

from __future__ import annotations

import hashlib
import io

import pypdfium2
import segno
import zxingcpp
from PIL import Image, ImageDraw

from intranet_surat.demo import scan


def received(sender: str, number: str, subject: str) -> bytes:
    """A letter on paper, scanned as PDF."""
    return scan.page(
        (sender.upper(), "CONTOH SURAT UNTUK PERAGAAN", "Alamat karangan, bukan lembaga sebenarnya"),
        (("Nomor", number), ("Hal", subject), ("Kepada", "Kepala Dinas Kesehatan Kabupaten Serang")),
        ("Dengan hormat kami memohon tenaga kesehatan untuk posko bencana selama dua pekan.",),
        ("Hormat kami,", "Nama karangan"),
    )


def drawn(pdf: bytes, scale: float = 2.0) -> list[Image.Image]:
    """The pages of a PDF as pictures."""
    document = pypdfium2.PdfDocument(pdf)
    return [each.render(scale=scale).to_pil().convert("RGB") for each in document]


def text(pdf: bytes) -> str:
    """What can be read in a PDF."""
    return "\n".join(each.get_textpage().get_text_bounded() for each in pypdfium2.PdfDocument(pdf))


def signed_in_ink(pdf: bytes) -> bytes:
    """The print, signed with a pen and laid a little crooked on the scanner."""
    pages = [each.convert("L") for each in drawn(pdf, scale=200 / 72)]
    width, height = pages[0].size
    wave = [(width * 0.55 + step * 11, height * 0.6 + (step % 3 - 1) * 26) for step in range(22)]
    ImageDraw.Draw(pages[0]).line(wave, fill=60, width=4)
    crooked = [each.rotate(0.6, fillcolor=244, resample=Image.Resampling.BICUBIC) for each in pages]
    out = io.BytesIO()
    crooked[0].save(out, "PDF", resolution=200.0, quality=75, save_all=True, append_images=crooked[1:])
    return out.getvalue()


def with_code(words: str) -> bytes:
    """A scanned page with somebody else's code on it."""
    code = io.BytesIO()
    segno.make(words).save(code, kind="png", scale=6)
    sheet = Image.new("L", (1654, 2339), 246)
    sheet.paste(Image.open(code).convert("L"), (200, 1800))
    out = io.BytesIO()
    sheet.save(out, "PDF", resolution=200.0)
    return out.getvalue()


def codes(pdf: bytes) -> list[str]:
    """The QR codes on the pages."""
    return [found.text for page in drawn(pdf, scale=3.0) for found in zxingcpp.read_barcodes(page)]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
