"""Makes the pictures of the README: lives a letter's life in the running product and photographs it.

Needs chromium and the test environment: ``.venv/bin/python tools/screenshots.py``. Writes docs/img/*.png.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "system"))

from browser import incoming, outgoing, people, village  # noqa: E402
from browser.product import Product  # noqa: E402

PICTURES = ROOT / "docs" / "img"
LARGEST, ALL = 150_000, 1_200_000
COLOURS = 224


def keep(person: people.Person, name: str, *, height: int | None = None) -> None:
    """Photograph the page from its head, ``height`` high, with few colours."""
    usual = person.people.size
    if height is not None:  # as tall as the picture, so that what sticks to an edge stands at its edge
        person.page.set_viewport_size({"width": usual["width"], "height": height})
    person.pictures()
    person.page.evaluate("scrollTo(0, 0)")
    shot = Image.open(io.BytesIO(person.page.screenshot())).convert("RGB")
    person.page.set_viewport_size(usual)
    path = PICTURES / f"{name}.png"
    for colours in (COLOURS, 96, 32):
        shot.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            break
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


def photograph(everybody: people.People, phones: people.People) -> None:
    """The life, with a picture wherever it is worth one."""
    story = incoming.Story()
    head = everybody.at("kepala.dinkes")
    incoming.register(everybody, story)
    incoming.send_up(everybody, story)
    head.open("/")
    keep(head, "meja")
    clerk = everybody.at("agendaris.dinkes")
    clerk.open(f"/dinkes/surat-masuk/{story.letter.split('/')[-3]}/")
    keep(clerk, "buku-agenda")
    phone = phones.at("kepala.dinkes")
    phone.open(f"{story.letter}@@aksi/disposisi")
    phone.tick(incoming.KESMAS, incoming.YANKES, "Tindak lanjuti")
    keep(phone, "disposisi-ponsel", height=1500)
    incoming.dispose(everybody, story)
    incoming.work_on(everybody, story)
    head.open(story.letter)
    keep(head, "surat", height=1180)
    outgoing.draft(everybody, story)
    outgoing.initials(everybody, story)
    author = everybody.at("staf-kesmas.dinkes")
    author.open(f"{story.reply}@@banding?dari=1&ke=3")
    keep(author, "banding", height=620)
    outgoing.check(everybody, story)
    draft(everybody)
    outgoing.prepare(everybody, story)
    keep(head, "tanda-tangan", height=1180)
    outgoing.sign(everybody, story)
    outgoing.send(everybody, story)
    outgoing.received(everybody, story)
    sender = everybody.at("tata-usaha.dinkes")
    keep(sender, "pengiriman", height=760)
    citizen = phones.stranger()
    citizen.open(next(each for each in outgoing.papers.codes(story.signed) if "/v/" in each))
    keep(citizen, "verifikasi-ponsel")
    citizen.open("/v/")
    keep(citizen, "periksa-ponsel")
    village.asked(everybody, story)
    operator = everybody.at("operator.pejaten")
    operator.open(village.COUNTER)
    operator.fill(name="Warga Contoh", birth_place="Serang", birth_date="17/5/1990", occupation="Wiraswasta")
    operator.choose(sex="L", religion="islam", marital_status="kawin")
    keep(operator, "loket", height=1000)
    designers(everybody)


def designers(everybody: people.People) -> None:
    """A flow as everybody reads it, and a draft with a finding beside its line."""
    designer = everybody.at("kasubag-umum.dinkes")
    designer.open("/dinkes/@@alur/surat-masuk-dinkes")
    keep(designer, "alur", height=1250)
    designer.press("Ubah alur ini")
    text = designer.page.input_value("#naskah")
    limit = "deadline.within, to: "
    designer.page.fill("#naskah", text.replace(f"{limit}1 working day}}", f"{limit}5 working days}}"))
    designer.press("Simpan dan periksa")
    keep(designer, "alur-konsep", height=1200)


def draft(everybody: people.People) -> None:
    """A draft with its preview beside it."""
    author = everybody.at("staf-yankes.dinkes")
    author.open("/dinkes/surat-keluar/@@tambah?jenis=surat-dinas")
    author.fill(subject="Jadwal regu jaga posko banjir", classification="400.7.1", body=outgoing.BODY)
    author.row(0, (outgoing.OFFICE, "Serang", "sistem"))
    author.press("Perbarui pratinjau")
    author.page.locator("main form").evaluate("each => each.scrollIntoView()")
    keep(author, "konsep", height=1500)


def main() -> int:
    """Start the product, make the pictures, and check their weight."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        product = Product(Path(folder))
        try:
            product.wait()
            browser = started.chromium.launch(**people.CHROMIUM)
            everybody = people.People(browser, product.base, height=800)
            phones = people.People(browser, product.base, width=390, height=844, sessions=everybody.sessions)
            photograph(everybody, phones)
            browser.close()
        finally:
            product.stop()
    weight = sum(each.stat().st_size for each in PICTURES.glob("*.png"))
    print(f"{weight:,} bytes in all")
    return int(weight > ALL or any(each.stat().st_size > LARGEST for each in PICTURES.glob("*.png")))


if __name__ == "__main__":
    sys.exit(main())
