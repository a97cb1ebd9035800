"""A record of two offices: written at one, signed by the heads of both on one file, verified by anybody."""

from __future__ import annotations

from browser import papers
from browser.incoming import Story
from browser.product import PASSPHRASE

AUTHOR, FIRST, SECOND, CLERK = "kabid-aset.bpkad", "kepala.bpkad", "camat.kramatwatu", "tata-usaha.bpkad"
SUBJECT = "Serah terima gudang beras"


def written(people, story: Story) -> None:
    """The form asks for the parties in their order; nobody can be both."""
    author = people.at(AUTHOR)
    author.open("/bpkad/surat-keluar/@@tambah?jenis=berita-acara")
    author.fill(
        subject=f"{SUBJECT} {story.mark}".strip(), classification="000.2", body="PIHAK KESATU menyerahkan gudang."
    )
    first = author.value_of("signatory", "Kepala Badan Pengelolaan")
    author.choose(signatory=first, second_signatory=first)
    author.press("Simpan konsep")
    assert author.sees("Pihak kedua harus jabatan lain daripada pihak kesatu.")
    author.choose(second_signatory=author.value_of("second_signatory", "Camat Kramatwatu"))
    author.press("Simpan konsep")
    story.record = author.url
    author.press("Ajukan paraf")
    clerk = people.at(CLERK)
    clerk.open(story.record)
    clerk.press("Lulus periksa")


def signed(people, story: Story) -> None:
    """One after the other, on the same file; who comes too early is told who is awaited."""
    first, second = people.at(FIRST), people.at(SECOND)
    first.open(story.need("record"))
    first.press("Siapkan tanda tangan")
    first.open(f"{story.record}@@aksi/tanda_tangani")
    assert first.sees("Tanda tangan ke-1 dari 2 pada berkas ini")
    second.open(story.record)
    assert second.sees("Belum giliran Anda")
    first.page.fill("#frasa", PASSPHRASE)
    first.press("Tanda tangani")
    assert first.sees("Tanda tangan Anda sudah ada di berkas ini")
    assert first.sees("Berikutnya menandatangani berkas yang sama")
    half = first.file("Unduh berkas")
    second.follow(f"{SUBJECT} {story.mark}".strip())
    second.press("Tanda tangani")
    assert second.sees("Tanda tangan ke-2 dari 2 pada berkas ini")
    second.page.fill("#frasa", PASSPHRASE)
    second.press("Tanda tangani")
    assert second.sees("Surat sudah ditandatangani")
    whole = second.file("Unduh berkas")
    assert whole.startswith(half)
    verified(people, half, whole)


def verified(people, half: bytes, whole: bytes) -> None:
    """The code on the page leads to both names; of the file between them it is told that it came before."""
    address = next(each for each in papers.codes(whole) if "/v/" in each)
    citizen = people.stranger()
    citizen.open(address)
    for words in ("Asli dan utuh", "Penanda tangan 1", "Penanda tangan 2", "Camat Kramatwatu"):
        assert citizen.sees(words), words
    citizen.page.locator("summary", has_text="Punya berkas PDF").click()
    citizen.attach(half, "berita-acara.pdf")
    citizen.press("Periksa berkas")
    assert citizen.sees("minta berkas terbarunya")
