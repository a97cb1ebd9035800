"""A letter comes in: registered, read by the secretary, disposed by the head, worked on by those below."""

from __future__ import annotations

from dataclasses import dataclass

from browser import papers

SUBJECT = "Permohonan tenaga kesehatan posko banjir"
SENDER, NUMBER = "Yayasan Tanggap Bencana Contoh", "031/YTB/XI/2026"
KESMAS = "Kepala Bidang Kesehatan Masyarakat"
P2P = "Kepala Bidang Pencegahan dan Pengendalian Penyakit"
YANKES = "Kepala Bidang Pelayanan Kesehatan"


@dataclass
class Story:
    """What the life has come to: addresses that later steps and tests go to."""

    mark: str = ""  # makes subjects and numbers of one life different from those of another
    letter: str = ""
    reply: str = ""
    reply_number: str = ""
    signed: bytes = b""
    wet: str = ""
    record: str = ""
    village: str = ""

    @property
    def subject(self) -> str:
        return f"{SUBJECT} {self.mark}".strip()

    def need(self, name: str) -> str:
        value = getattr(self, name)
        assert value, f"an earlier step of this life did not come to {name!r}"
        return value


def typed(clerk, story: Story, *, date: str = "") -> None:
    """Type a letter of last days from its scan."""
    clerk.open("/dinkes/surat-masuk/")
    clerk.press("Catat surat")
    clerk.attach(papers.received(SENDER, NUMBER + story.mark, story.subject))
    clerk.fill(
        sender=SENDER, sender_number=NUMBER + story.mark, letter_date=date or clerk.today(days=-4), subject=story.subject,
        classification="400.7.1",
    )  # fmt: skip
    clerk.choose(urgency="segera")


def register(people, story: Story) -> None:
    """The registrar: a slip is shown beside its field and loses nothing; then the number is given."""
    clerk = people.at("agendaris.dinkes")
    typed(clerk, story, date="31/31/2026")
    clerk.press("Catat dan naikkan ke Sekretaris")
    assert clerk.sees("1 isian perlu diperbaiki")
    assert clerk.page.input_value("[name=subject]") == story.subject
    assert clerk.sees("Tersimpan pindaian.pdf, 1 halaman")
    assert clerk.pictures() == 1  # the page that is being typed from
    clerk.fill(letter_date=clerk.today(days=-4))
    clerk.press("Catat surat")
    assert clerk.sees("Tercatat sebagai agenda")
    clerk.press("Buka surat")
    story.letter = clerk.url


def duplicate(people, story: Story) -> None:
    """The same paper registered twice is pointed out, compared, and cancelled with a reason."""
    clerk = people.at("agendaris.dinkes")
    typed(clerk, story)
    clerk.press("Catat dan naikkan ke Sekretaris")
    assert clerk.sees("Mungkin surat yang sama")
    clerk.page.get_by_role("link", name="Bandingkan dengan agenda").click()
    clerk.look()
    assert clerk.sees("Sama: ")
    assert clerk.pictures() == 2
    clerk.press("Salah alamat")
    clerk.fill(alasan="Surat yang sama sudah tercatat")
    clerk.press("Salah alamat")
    assert clerk.sees("Dikembalikan ke pengirim")


def send_up(people, story: Story) -> None:
    """The flow of this office: first its secretary, who adds a note, then its head."""
    clerk = people.at("agendaris.dinkes")
    clerk.open(story.need("letter"))
    clerk.press("Naikkan ke Sekretaris")
    assert people.at("kepala.dinkes").open(story.letter) == 404
    secretary = people.at("sekretaris.dinkes")
    secretary.follow(story.subject)
    assert secretary.url == story.letter
    secretary.press("Sampaikan ke Kepala Dinas")
    secretary.fill(catatan="Posko sudah berdiri; tenaga tersedia di tiga bidang.")
    secretary.press("Sampaikan ke Kepala Dinas")


def dispose(people, story: Story) -> None:
    """The head reads the pages and disposes to four, with instructions, limit, main executor and a note."""
    assert people.at("kabid-kesmas.dinkes").open(story.need("letter")) == 404  # nobody below sees it yet
    head = people.at("kepala.dinkes")
    head.follow(story.subject)
    assert head.pictures() == 1
    assert head.sees("Posko sudah berdiri")
    head.press("Disposisi")
    head.fill(catatan="Susun regu jaga, mulai Senin.")
    head.press_send()
    assert head.sees("2 isian perlu diperbaiki")
    assert head.page.input_value("[name=catatan]") == "Susun regu jaga, mulai Senin."
    head.tick(KESMAS, P2P, YANKES, "Sekretaris Dinas Kesehatan", "Tindak lanjuti", "5 hari kerja")
    head.choose(utama=head.value_of("utama", KESMAS))
    head.press_send()
    assert head.url == story.letter
    for title in (KESMAS, P2P, YANKES, "Sekretaris Dinas Kesehatan"):
        assert head.sees(title)
    assert head.sees("4 terbuka")


def work_on(people, story: Story) -> None:
    """One returns it, one reports, one passes it on twice; what nobody has read yet is withdrawn."""
    returning = people.at("kabid-p2p.dinkes")
    returning.follow(story.subject)
    assert returning.sees("Susun regu jaga")
    assert returning.control("Buat balasan").count() == 1  # who was given a letter may answer it at once
    returning.press("Bukan tugas saya")
    returning.fill(alasan="Tidak ada petugas surveilans bulan ini")
    returning.press("Bukan tugas saya")
    reporting = people.at("kabid-yankes.dinkes")
    reporting.follow(story.subject)
    reporting.press("Lapor selesai")
    reporting.fill(isi="Dua perawat dan satu dokter siap.")
    reporting.attach(papers.received("Daftar regu", "1", "Regu jaga posko"), "regu.pdf")
    reporting.press("Lapor selesai")
    for login, to in (
        ("kabid-kesmas.dinkes", "Kepala Seksi Kesehatan Masyarakat"),
        ("kasi-kesmas.dinkes", "Staf Kesehatan Masyarakat"),
    ):
        passing = people.at(login)
        passing.follow(story.subject)
        passing.press("Teruskan")
        passing.tick(to, "Siapkan bahan")
        passing.press_send()
    head = people.at("kepala.dinkes")
    head.open(story.need("letter"))
    head.page.locator(".node-head", has_text="Sekretaris Dinas Kesehatan").get_by_role("link").click()
    head.look()
    head.press("Tarik kembali")


def tree(people, story: Story) -> None:
    """The giver sees all of it with states, reasons and reports; the sheet is a PDF."""
    head = people.at("kepala.dinkes")
    head.open(story.need("letter"))
    for words in (
        "Dikembalikan", "Tidak ada petugas surveilans bulan ini", "Selesai", "Dua perawat dan satu dokter siap.",
        "Ditarik", "Diteruskan", "Staf Kesehatan Masyarakat", "utama",
    ):  # fmt: skip
        assert head.sees(words), words
    head.page.locator("details.more > summary").click()
    sheet = papers.text(head.file("Lembar disposisi (PDF)"))
    assert "DISPOSISI" in sheet.upper()
    assert "Susun regu jaga" in sheet


def report_up(people, story: Story) -> None:
    """Whoever holds the last open disposition reports; the letter is done and goes to its case file."""
    staff = people.at("staf-kesmas.dinkes")
    staff.open(story.need("letter"))
    staff.press("Disposisi untuk Anda")
    staff.press("Lapor selesai")
    staff.fill(isi="Jawaban sudah dikirim, regu berangkat Senin.")
    staff.press("Lapor selesai")
    head = people.at("kepala.dinkes")
    head.open(story.letter)
    assert head.sees("regu berangkat Senin")
    clerk = people.at("agendaris.dinkes")
    clerk.follow(story.subject)
    clerk.press("Berkaskan")
    assert clerk.sees("Diarsipkan")
