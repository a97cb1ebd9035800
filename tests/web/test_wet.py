"""Ink on paper: print with a code, number, scan, and another person who confirms that scan and print are one."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image
from steps import act, answer, buttons, draft, form_with, initialled, keyed, pdf, worker  # noqa: F401
from webtest import Upload

from intranet_surat.resources import evolution
from intranet_surat.services.scans import printed as printed_pages
from intranet_surat.services.scans import recognising

AUTHOR, CLERK, CHECKER = "staf-kesmas.dinkes", "tata-usaha.dinkes", "pemeriksa.dinkes"


@pytest.fixture(autouse=True)
def unread(request, monkeypatch):
    """The words of a scan are recognised only for a test that needs the program: it takes longer than all else here."""
    if not any("tesseract" in each.args for each in request.node.iter_markers("needs")):
        monkeypatch.setattr(recognising, "PROGRAM", "tesseract-yang-tidak-ada")


@pytest.fixture
def url(enter, keyed):  # noqa: F811
    return initialled(enter, classification="900.1.3", to=("Balai Besar Wilayah Sungai", "Serang", "kurir"))


@pytest.fixture
def numbered(enter, url):
    answer(enter(CLERK), url, "nomori", {"tanggal_ttd": "23/11/2026"})
    return url


def printed(browser, url):
    files = browser.json(url).json["files"]
    sha = next(each["sha256"] for each in files if each["kind"] == "cetak")
    return browser.get(f"{url}@@berkas?sha={sha}").body


def upload(browser, url, content, **more):
    form = form_with(browser.get(url + "@@aksi/unggah"), "pindai")
    form["pindai"] = Upload("pindai-tertanda.pdf", content)
    return form.submit(**more)


def test_a_letter_under_900_is_printed_and_not_signed_electronically(enter, url):
    page = enter(CLERK).get(url)
    assert "Dicetak untuk tanda tangan basah" in page.html.select_one(".letter-head").get_text()
    assert buttons(page) == ["Sudah ditandatangani basah", "Tidak ditandatangani"]
    assert printed(enter(CLERK), url).startswith(b"%PDF")


def test_the_way_ahead_of_a_draft_under_900_leads_to_paper_and_that_of_another_to_the_signature(enter):
    ahead = []
    for classification in ("900.1.3", "600.1.4.2"):
        url = draft(enter(AUTHOR), classification=classification)
        ahead.append([each.get_text(strip=True) for each in enter(AUTHOR).get(url).html.select(".path .next")])
    assert ahead[0] == ["Paraf", "Diperiksa tata usaha", "Dicetak untuk tanda tangan basah", "Dinomori"]
    assert ahead[1] == ["Paraf", "Diperiksa tata usaha", "Menunggu tanda tangan", "Siap dikirim"]


def test_the_number_to_write_on_the_paper_is_shown(enter, numbered):
    page = enter(CLERK).get(numbered + "@@aksi/unggah")
    assert page.html.select_one(".stamped b").get_text() == "B/1/900.1.3/2026"
    assert "23 November 2026" in page.html.select_one(".stamped").get_text()
    code = enter(CLERK).json(numbered).json["fields"]["print_code"]
    assert f"Cetakan berkode {code}" in page


def test_a_date_that_cannot_be_read_is_asked_back(enter, url):
    page = answer(enter(CLERK), url, "nomori", {"tanggal_ttd": "31/11/2026"}, status=400)
    assert "31/11/2026" in page.html.select_one("p.error").get_text()
    assert form_with(page, "tanggal_ttd")["tanggal_ttd"].value == "31/11/2026"


def test_a_scan_of_another_paper_is_refused_and_nothing_changes(enter, numbered):
    clerk = enter(CLERK)
    page = upload(clerk, numbered, pdf(), status=403)
    assert "QR" in page.html.select_one(".banner-bad").get_text()
    assert "Tersimpan" in page
    assert clerk.json(numbered).json["state"] == "dinomori"


def test_without_a_file_it_says_so(enter, numbered):
    form = form_with(enter(CLERK).get(numbered + "@@aksi/unggah"), "pindai")
    assert "harus diisi" in form.submit(status=400).html.select_one("p.error").get_text()


@pytest.fixture
def scanned(enter, numbered):
    clerk = enter(CLERK)
    assert upload(clerk, numbered, printed(clerk, numbered)).status_int == 303
    return numbered


def test_the_checker_sees_print_and_scan_side_by_side(enter, scanned):
    page = enter(CHECKER).get(scanned + "@@aksi/sahkan")
    assert [each.get_text() for each in page.html.select("figcaption b")] == ["Dicetak", "Dipindai"]
    assert len(page.html.select(".pair-paper img")) == 2
    checks = [each.get_text() for each in page.html.select(".pairs .state")]
    assert checks == ["Cocok", "Cocok", "Belum"]
    assert len(page.html.select("input[name=saya_periksa][required]")) == 3


def test_before_the_machine_has_compared_a_scan_nobody_confirms_it_and_is_told_to_wait(enter, scanned, clock):
    checker = enter(CHECKER)
    page = checker.get(scanned + "@@aksi/sahkan")
    assert page.html.select("form[action$=sahkan] button") == []
    assert "Mesin masih membandingkan pindaian" in page.html.select_one("form[action$=sahkan]").get_text()
    assert "Mesin masih membandingkan" in checker.get(scanned).html.select_one(".refused").get_text()
    answer(checker, scanned, "sahkan", {}, status=403)
    assert enter(CLERK).json(scanned).json["state"] == "diperiksa"
    clock.forward(minutes=31)
    answer(enter(CHECKER), scanned, "sahkan", {})
    assert enter(CLERK).json(scanned).json["fields"]["signed"] == "wet"


def test_who_waits_in_vain_for_the_machine_is_told_to_compare_himself(enter, scanned, clock):
    clock.forward(minutes=31)
    page = enter(CHECKER).get(scanned + "@@aksi/sahkan")
    assert "Anda boleh memeriksanya sendiri, halaman demi halaman" in page.html.select_one(".pairs").get_text()


def test_a_scan_of_an_earlier_release_is_compared_after_the_database_was_brought_up_to_date(
    enter,
    scanned,
    write,
    worker,  # noqa: F811
):
    def forget(site):
        for job in list(site.jobs.pending()):
            site.jobs.done(site.jobs.lease(job.at, 60, job), job.lease, job.at)
        site.jobs.sweep(job.at)
        evolution.compare_scans(site)
        evolution.compare_scans(site)

    write(forget)
    worker()
    told = told_by_the_machine(enter(CHECKER).get(scanned + "@@aksi/sahkan"))
    assert not any(each.startswith("Belum") for each in told), told


def test_no_scan_is_confirmed_without_looking_at_it(enter, scanned, clock):
    clock.forward(minutes=31)
    page = enter(CHECKER).get(scanned)
    assert buttons(page) == ["Sahkan sesuai asli", "Pindai ulang"]
    assert not any(each.action.endswith("sahkan") for each in page.forms.values())


def test_another_person_must_confirm(enter, scanned):
    page = enter(CLERK).get(scanned)
    assert buttons(page) == []
    assert "Sahkan sesuai asli" in page.html.select_one(".refused").get_text()
    enter(CLERK).get(scanned + "@@aksi/sahkan", status=403)


def test_confirmed_it_counts_as_signed_with_ink(enter, scanned, clock):
    clock.forward(minutes=31)
    answer(enter(CHECKER), scanned, "sahkan", {})
    letter = enter(CLERK).json(scanned).json
    assert letter["fields"]["signed"] == "wet"
    assert letter["state"] == "siap_kirim"
    assert "Tanda tangan basah" in enter(CLERK).get(scanned).html.select_one(".chain").get_text()


def test_a_bad_scan_goes_back_with_a_reason(enter, scanned):
    answer(enter(CHECKER), scanned, "ulang", {"alasan": "Halaman miring"})
    page = enter(CLERK).get(scanned)
    assert "Unggah hasil pindai" in buttons(page)
    assert "Halaman miring" in page


def test_a_void_number_stays_in_the_history_with_its_reason(enter, numbered):
    answer(enter(CLERK), numbered, "gagal", {"alasan": "Salah ketik"})
    page = enter("staf-kesmas.dinkes").get(numbered + "@@riwayat")
    assert "Nomor batal" in page
    assert "B/1/900.1.3/2026" in page
    assert "Salah ketik" in page


def scan_of(content, forge=False):
    """The print as a scanner gives it back; with ``forge`` a digit of the number under the signature is another."""
    document = pypdfium2.PdfDocument(content)
    sheets = [page.render(scale=200 / 72).to_pil().convert("RGB") for page in document]
    if forge:
        at, four, one = next(
            (at, found["4"], found["1"])
            for at, page in enumerate(printed_pages.pages(document, 9))
            for word in page.words
            if len(word.text) == 8 and word.text.isdigit()
            for found in [{each.text: [round(place) for place in each.cell] for each in word.signs}]
            if {"1", "4"} <= found.keys()
        )
        piece = sheets[at].crop((four[0] - 2, four[1] - 2, four[0] + 14, four[3] + 2))
        sheets[at].paste(piece, (one[0] - 4, one[1] - 2))
    out = io.BytesIO()
    turned = [each.rotate(0.8, Image.Resampling.BILINEAR, fillcolor="white") for each in sheets]
    turned[0].save(out, "PDF", save_all=True, append_images=turned[1:], resolution=200, quality=80)
    return out.getvalue()


@pytest.fixture
def uploaded(enter, numbered, worker):  # noqa: F811
    def come(forge):
        clerk = enter(CLERK)
        assert upload(clerk, numbered, scan_of(printed(clerk, numbered), forge)).status_int == 303
        worker()
        return numbered

    return come


def told_by_the_machine(page):
    return [each.get_text(" ", strip=True) for each in page.html.select(".pairs li")]


def test_a_true_scan_is_said_to_be_like_the_print(enter, uploaded):
    url = uploaded(forge=False)
    page = enter(CHECKER).get(url + "@@aksi/sahkan")
    checks = told_by_the_machine(page)
    assert any(each.startswith("Cocok") and "halaman, urut" in each for each in checks)
    assert any("Teks tercetak" in each for each in checks)
    assert not any(each.startswith("Berbeda") for each in checks), checks
    assert not page.html.select(".marked")


def test_a_changed_digit_is_marked_on_both_pages_before_anybody_confirms(enter, uploaded):
    url = uploaded(forge=True)
    page = enter(CHECKER).get(url + "@@aksi/sahkan")
    assert any(
        each.startswith("Berbeda") and "satu angka tampak seperti 4" in each for each in told_by_the_machine(page)
    )
    assert len(page.html.select(".pair-paper .marked rect")) == 2
    before = page.html.select_one(".banner-bad").get_text(" ")
    assert "satu angka tampak seperti 4" in before
    assert "jangan disahkan: kembali ke surat" in before
    stack = page.html.find("a", string="Tumpuk keduanya")["href"]
    assert enter(CHECKER).get(stack).body.startswith(b"\x89PNG")


def test_he_decides_all_the_same_and_the_history_keeps_what_was_found(enter, uploaded):
    url = uploaded(forge=True)
    answer(enter(CHECKER), url, "sahkan", {})
    page = enter("staf-kesmas.dinkes").get(url + "@@riwayat")
    assert "Dibandingkan mesin" in page
    assert "satu angka tampak seperti 4" in page


def test_sent_back_the_history_keeps_what_was_found_too(enter, uploaded):
    url = uploaded(forge=True)
    answer(enter(CHECKER), url, "ulang", {"alasan": "Angka berubah"})
    assert "satu angka tampak seperti 4" in enter("staf-kesmas.dinkes").get(url + "@@riwayat")


def test_a_page_that_is_missing_is_told(enter, numbered, worker):  # noqa: F811
    clerk = enter(CLERK)
    whole = pypdfium2.PdfDocument(scan_of(printed(clerk, numbered)))
    whole.import_pages(pypdfium2.PdfDocument(pdf(1)))
    out = io.BytesIO()
    whole.save(out)
    upload(clerk, numbered, out.getvalue())
    worker()
    page = enter(CHECKER).get(numbered + "@@aksi/sahkan")
    assert "Halaman kosong." in page
    assert page.html.find(string="Tidak ada pada cetakan.")


def test_the_stack_of_pages_that_do_not_belong_together_is_not_there(enter, uploaded):
    url = uploaded(forge=False)
    enter(CHECKER).get(url + "@@tumpuk?n=1&pada=7", status=404)
    enter("agendaris.bpkad").get(url + "@@tumpuk?n=1&pada=1", status=404)


@pytest.mark.needs("tesseract")
def test_words_of_the_scan_are_found_by_search(enter, uploaded):
    url = uploaded(forge=False)
    page = enter(CHECKER).get(url + "@@aksi/sahkan")
    assert "Teks yang dikenali" in page
    assert "bronjong" in page.html.select_one("pre").get_text()
    assert url in enter(CLERK).get("/@@cari?q=bronjong").text


def test_without_tesseract_it_says_so(enter, uploaded):
    url = uploaded(forge=False)
    assert "tesseract tidak terpasang" in enter(CHECKER).get(url + "@@aksi/sahkan")
