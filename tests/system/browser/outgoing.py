"""The reply goes out: drafted, initialled, checked, numbered, signed, sent, received, archived, verified."""

from __future__ import annotations

import re
import time

from browser import papers
from browser.incoming import Story
from browser.product import PASSPHRASE

REPLY = "Kesediaan tenaga kesehatan posko banjir"
BODY = """Menjawab surat Saudara, bersama ini kami sampaikan:

1. tenaga kesehatan yang tersedia:
a. dua perawat;
b. satu dokter.
2. jadwal jaga sebagaimana tabel berikut.

| Hari | Regu |
| Senin sampai Rabu | A |
| Kamis dan Jumat | B |

Petugas kami berangkat setelah surat ini Saudara terima."""
MAIL = "posko@contoh.example"
OFFICE, VILLAGE = "Badan Pengelolaan Keuangan dan Aset Daerah", "Desa Pejaten"
COURIER, MAILED, PRINTED = "Palang Contoh Kabupaten", "Posko Bencana Contoh", "Kecamatan Anyar"


def titled(story: Story) -> str:
    """The subject of the reply of this life."""
    return f"{REPLY} {story.mark}".strip()


def draft(people, story: Story) -> None:
    """Whoever was given the letter replies: fields pre-filled, the page previewed, five ways of sending."""
    author = people.at("staf-kesmas.dinkes")
    author.open(story.need("letter"))
    author.press("Buat balasan")
    assert author.page.input_value("[name=subject]")
    first = author.page.locator("[name=sel]")
    assert "Yayasan Tanggap Bencana" in first.nth(0).input_value()
    offered = author.page.locator(f"datalist#{first.nth(0).get_attribute('list')} option")
    assert {OFFICE, VILLAGE} <= {each.get_attribute("value") for each in offered.all()}
    author.fill(subject=titled(story), body=BODY)
    author.press_first("Tambah baris")
    rows = [(OFFICE, "Serang", "sistem"), (VILLAGE, "Kramatwatu", "sistem"), (MAILED, "Serang", MAIL)]
    rows += [(COURIER, "Serang", "kurir"), (PRINTED, "Anyar", "cetak")]
    assert author.page.input_value("[name=body]").replace("\r", "") == BODY
    for number, row in enumerate(rows[:3], 1):
        author.row(number, row)
    author.press_first("Tambah baris")
    for number, row in enumerate(rows[3:], 4):
        author.row(number, row)
    author.press("Perbarui pratinjau")
    assert author.pictures() >= 1
    author.press("Simpan konsep")
    assert author.sees("Konsep tersimpan")
    assert author.pictures() == 1
    story.reply = author.url
    author.press("Ajukan paraf")


def initials(people, story: Story) -> None:
    """The first tier returns it with a reason, the second corrects; versions stand side by side."""
    first = people.at("kasi-kesmas.dinkes")
    first.follow(titled(story))
    first.press("Kembalikan")
    first.fill(alasan="Sebut tanggal berangkat.")
    first.press("Kembalikan")
    author = people.at("staf-kesmas.dinkes")
    author.open(story.need("reply"))
    assert author.sees("Sebut tanggal berangkat.")
    author.press("Ubah naskah")
    author.fill(body=BODY.replace("setelah surat ini Saudara terima", "pada Senin, 23 November 2026"))
    author.press("Simpan perubahan")
    author.open(f"{story.reply}@@banding")
    assert author.page.locator("table.compare del").count()
    assert "23 November 2026" in " ".join(author.page.locator("table.compare ins").all_inner_texts())
    author.open(story.reply)
    author.press("Ajukan paraf")
    first.open(story.reply)
    first.press("Paraf")
    second = people.at("kabid-kesmas.dinkes")
    second.follow(titled(story))
    second.press("Ubah naskah")
    second.fill(closing="Atas perhatian Saudara diucapkan terima kasih.")
    second.press("Simpan perubahan")
    assert second.sees("Tersimpan sebagai versi 3.")
    second.press("Paraf")


def check(people, story: Story) -> None:
    """Tata usaha looks at form, code and addressees last."""
    clerk = people.at("tata-usaha.dinkes")
    clerk.follow(titled(story))
    assert clerk.url == story.need("reply")
    clerk.press("Lulus periksa")


def prepare(people, story: Story) -> None:
    """The number is reserved, and the page shows exactly the bytes that will be signed."""
    head = people.at("kepala.dinkes")
    head.open(story.need("reply"))
    head.press("Siapkan tanda tangan")
    if not head.page.locator("#frasa").count():
        head.press("Tanda tangani")
    assert head.pictures() == 2  # the letter, and the list of its addressees


def sign(people, story: Story) -> None:
    """A wrong passphrase says so and loses nothing; the right one signs what was shown."""
    head = people.at("kepala.dinkes")
    head.open(f"{story.need('reply')}@@aksi/tanda_tangani")
    shown = head.file("Unduh")
    assert papers.digest(shown) == head.page.locator("[name=sidik]").get_attribute("value")
    number = head.page.locator(".letter-head .num").inner_text()
    head.page.fill("#frasa", "bukan frasa saya")
    head.press("Tanda tangani")
    assert head.sees("Frasa sandi salah.")
    assert head.page.input_value("#frasa") == ""
    assert "bukan frasa saya" not in head.page.content()
    assert head.sees(number)
    assert papers.digest(head.file("Unduh")) == papers.digest(shown)
    head.page.fill("#frasa", PASSPHRASE)
    head.press("Tanda tangani")
    assert head.sees("Surat sudah ditandatangani")
    assert PASSPHRASE not in head.page.content()
    story.reply_number = number
    story.signed = head.file("Unduh berkas")
    assert story.signed.startswith(shown)  # what was shown, and one signature after it
    assert number in papers.text(story.signed)


def send(people, story: Story) -> None:
    """Tata usaha sends; what goes by hand gets its entry in the dispatch book."""
    clerk = people.at("tata-usaha.dinkes")
    clerk.open(story.need("reply"))
    clerk.press("Kirim")
    clerk.open(f"{story.reply}@@pengiriman")
    for name in (OFFICE, VILLAGE, MAILED, COURIER, PRINTED):
        assert clerk.sees(name), name
    clerk.page.locator("tr", has_text=COURIER).get_by_role("link", name="Catat penerima").click()
    entry = clerk.page.locator("section.on-ask", has_text=COURIER)
    entry.locator("[name=pembawa]").fill("Kurir Dinkes")
    entry.locator("[name=penerima]").fill("Petugas penerima tamu")
    entry.get_by_role("button", name="Catat penerima").click()
    clerk.look()
    assert clerk.sees("Petugas penerima tamu")


def mailed(product, story: Story) -> None:
    """The signed file came to the mail server, byte for byte; evidence may have been added behind it meanwhile."""

    def come():
        return [each for each in product.mail.letters(MAIL) if attached(each).startswith(story.signed)]

    found = until(come, "the e-mail")
    assert "Surat dinas dari Dinas Kesehatan" in found[0]["Subject"]
    assert "/v/" in found[0].get_body().get_content()


def attached(message) -> bytes:
    return next(message.iter_attachments()).get_content()


def until(found, what: str, seconds: float = 90.0):
    """What comes about by itself within a while."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, f"{what} did not come within {seconds:.0f} s"
        time.sleep(0.25)
    return value


def received(people, story: Story) -> None:
    """An office and a village register the delivery; the sender sees that they did."""
    for login, drawer in (
        ("agendaris.bpkad", "/bpkad/kiriman/"),
        ("operator.pejaten", "/desa/kramatwatu-pejaten/kiriman/"),
    ):
        clerk = people.at(login)

        def arrived(clerk=clerk, drawer=drawer):
            clerk.open(drawer)
            return clerk.page.locator("tr", has_text=titled(story)).count()

        until(arrived, f"the delivery to {login}")
        clerk.page.locator("tr", has_text=titled(story)).first.locator("td a").first.click()
        clerk.look()
        assert clerk.pictures() >= 1
        clerk.press("Catat kiriman")
        assert clerk.page.input_value("[name=subject]") == titled(story)
        clerk.press("Catat surat")
        assert clerk.sees("Tercatat sebagai agenda")
    sender = people.at("tata-usaha.dinkes")
    sender.open(f"{story.need('reply')}@@pengiriman")
    for name in (OFFICE, VILLAGE):
        assert "Dicatat" in sender.page.locator("tr", has_text=name).inner_text()
    assert "Diserahkan ke server surel" in sender.page.locator("tr", has_text=MAILED).inner_text()


def archive(people, story: Story) -> None:
    """Filed by its code; from then on nobody edits, the path and the archivist read, others find nothing."""
    clerk = people.at("tata-usaha.dinkes")
    clerk.open(story.need("reply"))
    clerk.press("Berkaskan")
    assert clerk.sees("Diarsipkan")
    author = people.at("staf-kesmas.dinkes")
    author.open(story.reply)
    assert author.control("Ubah naskah").count() == 0
    assert author.open(f"{story.reply}@@ubah") in {403, 404}
    keeper = people.at("arsiparis.dinkes")
    keeper.open("/dinkes/berkas/")
    assert keeper.sees("Jadwal retensi berkas")
    keeper.page.locator(".folders a", has_text="400.7").first.click()
    keeper.look()
    keeper.page.locator("main .waits a", has_text=titled(story)).first.click()
    keeper.look()
    assert keeper.sees(story.reply_number)
    keeper.open(f"{story.reply}@@riwayat")
    assert keeper.sees("Utuh")
    assert keeper.sees("Penutup: Atas perhatian Saudara diucapkan terima kasih.")
    assert people.at("staf-aset.bpkad").open(story.reply) == 404


def verify(people, story: Story) -> None:
    """Anybody with the paper: the code on it leads to the verdict; a changed file is told as changed."""
    address = next(each for each in papers.codes(story.signed) if "/v/" in each)
    assert re.fullmatch(rf"{re.escape(people.base)}/v/[\w-]+", address)
    citizen = people.stranger()
    assert citizen.open(address) == 200
    for words in ("Asli dan utuh", story.reply_number, REPLY, "Kepala Dinas Kesehatan"):
        assert citizen.sees(words), words
    changed = bytearray(story.signed)
    changed[len(changed) // 3] ^= 1
    for data, verdict in ((story.signed, "Berkas ini asli dan utuh"), (bytes(changed), "Berkas ini sudah berubah")):
        citizen.open(address)
        citizen.page.locator("summary", has_text="Punya berkas PDF").click()
        citizen.attach(data, "surat.pdf")
        citizen.press("Periksa berkas")
        assert citizen.sees(verdict)


def reported(people, story: Story) -> None:
    """Who finds a letter odd says so without a name, in English if he likes; who keeps evidence reads it as text."""
    address = next(each for each in papers.codes(story.signed) if "/v/" in each)
    citizen = people.stranger()
    citizen.open(address)
    citizen.press("English")
    for words in ("Genuine and unchanged", story.reply_number, "was signed by Kepala Dinas Kesehatan"):
        assert citizen.sees(words), words
    citizen.page.locator("summary", has_text="Report this letter").click()
    citizen.fill(isi="Surat ini meminta uang <b>segera</b>.")
    citizen.press("Send the report")
    assert citizen.sees("Report sent")
    keeper = people.at("kabid-tik.dkisp")
    keeper.open("/")
    keeper.page.locator(".nav a", has_text="Bukti").click()
    keeper.look()
    for words in ("Bukti jangka panjang", "Otoritas dan algoritma", "Jangkar terakhir"):
        assert keeper.sees(words), words
    keeper.page.locator(".tabs a", has_text="Laporan").click()
    keeper.look()
    assert keeper.sees("Surat ini meminta uang <b>segera</b>.")
    assert keeper.sees(address.rpartition("/")[2])
    keeper.fill(catatan="Suratnya asli; pelapor tidak meninggalkan kontak.")
    keeper.press("Selesai ditangani")
    assert keeper.sees("Tidak ada laporan yang menunggu")
