"""A letter about money (class 900): printed with its code, signed in ink, numbered, scanned, confirmed by another."""

from __future__ import annotations

from browser import papers
from browser.incoming import Story
from browser.outgoing import until

SUBJECT = "Permohonan pergeseran anggaran vaksin"


def printed(people, story: Story) -> None:
    """The flow alone leads a letter of class 900 to paper."""
    author = people.at("kabid-p2p.dinkes")
    author.open("/dinkes/surat-keluar/")
    author.press("Buat konsep")
    author.press("Surat dinas")
    author.fill(
        subject=f"{SUBJECT} {story.mark}".strip(), classification="900.1.3", body="Kami memohon pergeseran anggaran."
    )
    author.row(0, ("Badan Pengelolaan Keuangan dan Aset Daerah", "Serang", "sistem"))
    author.press("Simpan konsep")
    story.wet = author.url
    author.press("Ajukan paraf")
    clerk = people.at("tata-usaha.dinkes")
    clerk.open(story.wet)
    clerk.press("Lulus periksa")
    assert clerk.sees("Dicetak untuk tanda tangan basah")


def scanned(people, story: Story) -> None:
    """Numbered after the ink; a scan with a foreign code is refused, the true one is taken."""
    clerk = people.at("tata-usaha.dinkes")
    clerk.open(story.need("wet"))
    paper = clerk.file("Unduh")
    assert papers.codes(paper)
    clerk.press("Sudah ditandatangani basah")
    clerk.fill(tanggal_ttd=clerk.today())
    clerk.press("Sudah ditandatangani basah")
    clerk.press("Unggah hasil pindai")
    clerk.attach(papers.with_code("https://contoh.example/surat-lain"))
    clerk.press("Unggah hasil pindai")
    assert clerk.sees("Kode QR pada hasil pindai bukan milik surat ini.")
    clerk.open(f"{story.wet}@@aksi/unggah")
    clerk.attach(papers.signed_in_ink(paper))
    clerk.fill(lokasi="Ruang arsip, lemari 2")
    clerk.press("Unggah hasil pindai")
    assert clerk.sees("Hasil pindai diperiksa")
    assert clerk.sees("(ruang, lemari, boks) Ruang arsip, lemari 2")


def confirmed(people, story: Story) -> None:
    """Who scanned cannot confirm; another looks at print and scan side by side and does."""
    clerk = people.at("tata-usaha.dinkes")
    clerk.open(story.need("wet"))
    assert clerk.control("Sahkan sesuai asli").count() == 0
    assert clerk.sees("Pemeriksa Hasil Pindai")
    assert clerk.open(f"{story.wet}@@aksi/sahkan") == 403
    checker = people.at("pemeriksa.dinkes")
    checker.follow(f"{SUBJECT} {story.mark}".strip())
    until(lambda: checker.open(story.wet) and checker.control("Sahkan sesuai asli").count(), "the comparison")
    checker.press("Sahkan sesuai asli")
    assert checker.pictures() == 2
    for tick in checker.page.locator("input[name=saya_periksa]").all():
        tick.check()
    checker.press("Sahkan sesuai asli")
    clerk.open(story.wet)
    clerk.press("Kirim")
    assert clerk.sees("Terkirim")
