"""Documents that the agency seals, as the responsible person sees them: one, many, a lost answer, and the public page."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import transaction
from steps import WRITE, act, bring, fill, final, form_with, keyed, position, signed, verification, worker  # noqa: F401
from webtest import Upload

from intranet_surat.demo.keys import SEAL_PASSPHRASE
from intranet_surat.resources.folder import find
from intranet_surat.resources.opening import connect, root_site
from intranet_surat.services import sealing
from intranet_surat.services.providers.base import OutcomeUnknown
from intranet_surat.services.providers.pkcs12 import DEMO, Pkcs12Provider

HEAD = "kepala.dinkes"
CERTIFICATE = {
    "subject": "Sertifikat bimbingan teknis",
    "classification": "400.7.1",
    "person_name": "Ani Rohani",
    "role": "peserta",
    "event": "Bimbingan Teknis Penyusunan Naskah Dinas",
    "held": "16 s.d. 18 November 2026 di Serang",
}


class Sealing:
    """The demo's provider with its seal; a test may let the seal fail."""

    id, title = "pkcs12", "Sertifikat berkas (PKCS#12)"

    def __init__(self, folder):
        phrase = folder / SEAL_PASSPHRASE
        self.real = Pkcs12Provider(folder, capabilities=replace(DEMO, seal=True), seal_passphrase_file=phrase)
        self.capabilities, self.sealer = self.real.capabilities, self.real.sealer
        self.status, self.sign, self.fails = self.real.status, self.real.sign, []

    def seal(self, pdf, **facts):
        if self.fails:
            raise self.fails.pop(0)
        return self.real.seal(pdf, **facts)


@pytest.fixture
def provider(keyed, pki):  # noqa: F811
    made, house = Sealing(pki), keyed.registry.house
    keyed.registry.house = replace(
        house,
        providers={**house.providers, "pkcs12": made},
        settings=replace(house.settings, sealed_kinds=frozenset({"sertifikat"})),
    )
    return made


@pytest.fixture
def certificate(enter, provider):
    return prepared(enter)


def waiting(enter, **changes):
    """A certificate that waits for the responsible person, who has not prepared it; its address."""
    writer = enter("staf-kesmas.dinkes")
    form = fill(form_with(writer.get(WRITE + "sertifikat"), "subject"), {**CERTIFICATE, **changes})
    for place, value in enumerate(("Ani Rohani", "Serang", "cetak")):
        form.set("sel", value, place)
    sent = form.submit("simpan", status="*")
    assert sent.status_int == 303, sent.text
    url = str(sent.location)
    act(writer, url, "ajukan")
    act(enter("tata-usaha.dinkes"), url, "lulus")
    return url


def prepared(enter, **changes):
    """The same when he has its page before him."""
    url = waiting(enter, **changes)
    act(enter(HEAD), url, "siapkan")
    return url


def seal(head, url, **more):
    return form_with(head.get(url + "@@aksi/segel"), "sidik").submit(**more)


def test_before_it_is_prepared_nobody_is_told_that_he_signs_what_is_sealed(enter, provider):
    page = enter(HEAD).get(waiting(enter) + "@@aksi/segel", status=403)
    assert "Lakukan 'Siapkan berkas' lebih dulu, agar Anda melihat yang disegel." in page.html.get_text()


def test_the_page_asks_for_no_passphrase_and_says_that_a_seal_is_no_signature(enter, certificate):
    page = enter(HEAD).get(certificate + "@@aksi/segel")
    assert page.html.find("input", {"type": "password"}) is None
    assert "Segel bukan tanda tangan Anda" in page
    assert "persis halaman ini" in page
    assert enter(HEAD).json(certificate + "@@aksi/segel").json["form"]["required"] == ["sidik"]


def test_one_press_seals_and_the_letter_calls_itself_sealed(enter, certificate):
    head = enter(HEAD)
    result = seal(head, certificate).follow()
    assert "Surat sudah disegel" in result
    assert "Disegel oleh" in result
    page = head.get(certificate)
    assert "Segel elektronik" in page
    assert "Surat bersegel elektronik" in page
    assert "Tanda tangan elektronik" not in page


def test_the_public_page_says_sealed_by_the_agency_and_not_signed(enter, certificate, browser):
    head = enter(HEAD)
    seal(head, certificate)
    found = browser.get(head.json(certificate).json["verification"])
    assert found.html.select_one(".verdict-good")
    assert "disegel secara elektronik oleh" in found
    assert "bukan tanda tangan pejabat" in found
    assert "Surat ini ditandatangani" not in found


def test_the_public_page_of_a_sealed_file_names_no_clock_of_a_signatory(enter, certificate, browser):
    head = enter(HEAD)
    seal(head, certificate)
    text = browser.get(head.json(certificate).json["verification"]).html.main.get_text(" ")
    assert "menurut jam penyegel" in text
    assert "penanda tangan" not in text


def test_a_changed_file_of_a_sealed_document_is_not_called_signed_either(enter, certificate, browser):
    head = enter(HEAD)
    seal(head, certificate)
    changed = bytearray(final(enter, certificate))
    changed[len(changed) // 2] ^= 1
    page = bring(browser, bytes(changed), to=verification(enter, certificate))
    assert page.html.h1.get_text() == "Berkas ini sudah berubah"
    assert "tidak sama dengan yang disegel" in page.html.select_one(".verdict").get_text()


def test_the_signed_file_of_another_letter_is_not_called_sealed_by_the_agency_behind_the_code_of_a_sealed_one(
    enter, certificate, browser
):
    head = enter(HEAD)
    seal(head, certificate)
    other = final(enter, signed(enter))
    page = bring(browser, other, to=verification(enter, certificate))
    assert page.html.h1.get_text() == "Ini bukan berkas surat tersebut"
    assert "egel" not in page.html.select_one("details section").get_text()


def test_a_lost_answer_is_shown_with_its_evidence_and_decided_by_the_responsible_person(enter, certificate, provider):
    provider.fails = [OutcomeUnknown(detail="lost")]
    head = enter(HEAD)
    seal(head, certificate, status="*")
    page = head.get(certificate + "@@aksi/segel")
    assert "belum pasti hasilnya" in page
    evidence = page.click("Lihat buktinya")
    assert "riwayat segel instansi" in evidence
    form_with(evidence, "percobaan", "csrf_token")
    for form in evidence.forms.values():
        if form.action.endswith("@@tanda-tangan-tidak-jadi"):
            form.submit()
    assert "Surat sudah disegel" in seal(head, certificate).follow()


@pytest.fixture
def ordered(enter, provider, app, db, worker):  # noqa: F811
    """A signed letter whose seal was ordered and whose answer was lost; its address."""
    url = signed(enter)
    order(app, db, url)
    provider.fails = [OutcomeUnknown(detail="lost")]
    worker()
    return url


def order(app, db, url):
    """As the effect of an office's own flow does it, by the act of tata usaha."""
    tm = transaction.TransactionManager(explicit=True)
    connection = connect(db, tm)
    try:
        tm.begin()
        site = root_site(connection)
        letter = find(site, "/" + url.removeprefix("http://localhost").strip("/"))
        who = position(site, "tata-usaha.dinkes")
        person = site.people.login("tata-usaha.dinkes").id
        sealing.order(app.registry.house, site, letter, who, person, app.registry.house.clock())
        tm.commit()
    finally:
        connection.close()


def decide(browser, url, button, **more):
    page = browser.get(url + "@@segel")
    form = next(each for each in page.forms.values() if f'value="{button}"' in each.text)
    for name, value in more.items():
        form.set(name, value, 0)
    return form.submit("putusan", value=button, status="*")


def test_a_seal_of_unknown_outcome_is_shown_to_who_ordered_it_with_its_evidence(enter, ordered):
    page = enter("tata-usaha.dinkes").get(ordered)
    found = page.click("Lihat bukti dan putuskan")
    assert "Belum pasti" in found
    assert "Berkas yang dikirim" in found
    assert "lost" in found
    assert "Lihat bukti dan putuskan" not in enter(HEAD).get(ordered)


def test_who_ordered_it_has_it_sealed_once_more_and_the_page_says_both(enter, ordered, worker, browser):  # noqa: F811
    clerk = enter("tata-usaha.dinkes")
    assert decide(clerk, ordered, "lagi").status_int == 303
    worker()
    page = clerk.get(ordered)
    assert "Segel elektronik instansi: sudah dibubuhkan." in page
    assert "Surat bertanda tangan dan bersegel elektronik" in page
    public = browser.get(clerk.json(ordered).json["verification"])
    assert "Surat ini ditandatangani" in public
    assert "segel elektronik instansi, bukan tanda tangan pejabat" in public


def test_a_wrong_file_is_refused_and_the_letter_may_go_on_without_its_seal(enter, ordered):
    clerk = enter("tata-usaha.dinkes")
    wrong = decide(clerk, ordered, "pakai", berkas=Upload("segel.pdf", b"%PDF-1.7\n%%EOF\n"))
    assert wrong.status_int >= 400
    assert "bukan berkas yang dikirim" in wrong
    assert decide(clerk, ordered, "biarkan").status_int == 303
    assert "diputuskan tanpa segel" in clerk.get(ordered)
    assert "Yang dapat Anda putuskan" not in clerk.get(ordered + "@@segel")


def test_somebody_else_sees_the_evidence_and_decides_nothing(enter, ordered):
    head = enter(HEAD)
    page = head.get(ordered + "@@segel")
    assert "Menunggu putusan Petugas Tata Usaha Dinkes atau Kepala Subbagian Umum" in page
    assert "Tidak ada yang perlu Anda lakukan di sini." in page
    assert "Yang dapat Anda putuskan" not in page
    assert head.json(ordered + "@@segel").json["waits_for"]


def test_certificates_that_are_prepared_together_lead_back_to_the_page_of_seals(enter, provider):
    url = waiting(enter)
    head = enter(HEAD)
    page = head.get("/@@segel-banyak")
    form = next(each for each in page.forms.values() if each.action.endswith("@@siapkan-segel-banyak"))
    after = form.submit()
    assert after.location.endswith("/@@segel-banyak")
    assert "Lihat isinya, lalu segel." in after.follow()
    refused = head.send("/@@siapkan-segel-banyak", {}, status=400)
    assert refused.html.find("input", {"type": "password"}) is None
    assert head.json(url).json["fields"]["number"]


def test_many_are_sealed_at_once_and_stay_apart_from_what_is_signed(enter, provider):
    urls = [prepared(enter, person_name=f"Peserta {n}") for n in "ABC"]
    head = enter(HEAD)
    assert head.json("/@@tanda-tangani-banyak").json["items"] == []
    link = head.get("/@@tanda-tangani-banyak").follow()
    assert link.html.find("input", {"type": "password"}) is None
    form_with(link, "surat").submit()
    for thread in [each for each in threading.enumerate() if each.name.startswith("tanda-tangan-")]:
        thread.join(60)
    assert ["Segel elektronik" in head.get(url) for url in urls] == [True] * 3


@pytest.fixture
def locked(write, clock):
    """The responsible person gave five wrong passphrases a moment ago."""

    def wrong(site):
        site.people.login(HEAD).guesses = (clock(),) * 5

    write(wrong)


def test_wrong_passphrases_for_letters_closed_the_page_of_one_seal_too(enter, certificate, locked):
    head = enter(HEAD)
    assert "patience" not in head.json(certificate + "@@aksi/segel").json
    assert "Surat sudah disegel" in seal(head, certificate).follow()


def test_wrong_passphrases_for_letters_closed_the_page_of_many_seals_too(enter, certificate, locked):
    head = enter(HEAD)
    assert head.json("/@@segel-banyak").json["patience"] is None
    page = head.get("/@@segel-banyak")
    assert "terlalu sering salah" not in page
    form_with(page, "surat").submit(status=303)
    for thread in [each for each in threading.enumerate() if each.name.startswith("tanda-tangan-")]:
        thread.join(60)
    assert "Segel elektronik" in head.get(certificate)
