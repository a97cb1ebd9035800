"""An attempt of unknown outcome: its evidence on the screen, and what the signatory decides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from steps import PASSPHRASE, act, form_with, initialled, keyed, pdf, sign  # noqa: F401
from webtest import Upload

from intranet_surat.services.providers.base import OutcomeUnknown, Refused

HEAD = "kepala.dinkes"
TIMES = "Percobaan yang belum pasti hasilnya"


class Forgetful:
    """Signs, loses the answer, and may hand the file out once more."""

    id, title = "pkcs12", "Penyedia Uji"

    def __init__(self, real):
        self.real, self.capabilities, self.status = real, real.capabilities, real.status
        self.calls, self.made = 0, {}

    def sign(self, *args, **facts):
        self.calls += 1
        self.made[f"hasil-{self.calls}"] = self.real.sign(*args, **facts).pdf
        raise OutcomeUnknown(detail="TimeoutError: the answer did not come in time", reference=f"hasil-{self.calls}")

    def fetch(self, reference, now):  # noqa: ARG002
        if reference not in self.made:
            raise Refused("Hasil itu sudah pernah diambil.")
        return self.made.pop(reference)


@pytest.fixture
def url(enter, keyed):  # noqa: F811
    made = initialled(enter)
    act(enter(HEAD), made, "siapkan")
    return made


@pytest.fixture
def lost(enter, keyed, url):  # noqa: F811
    """A provider whose answer was lost once, and the page of that attempt."""
    house = keyed.registry.house
    made = Forgetful(house.provider())
    keyed.registry.house = replace(house, providers={**house.providers, "pkcs12": made})
    head = enter(HEAD)
    made.head, made.page = head, sign(head, url, status=503).click("Lihat buktinya")
    return made


def form_to(page, name):
    return next(form for form in page.forms.values() if form.action.endswith(name))


def test_the_page_shows_what_was_sent_when_and_what_came_back(lost, url):
    text = " ".join(lost.page.html.find("main").get_text(" ").split())
    assert TIMES in text
    sha = lost.head.json(url).json["frozen"]
    assert sha in text.replace(" ", "")
    for part in ("09.00", "Tidak ada berkas yang dapat dibaca", "hasil-1", "did not come in time", "Jangan ulangi"):
        assert part in text
    assert "B/1/400.7.1/2026" in text


def test_the_signed_file_that_the_person_got_ends_the_attempt(lost, url):
    form = form_with(lost.page, "berkas")
    form["berkas"] = Upload("hasil.pdf", lost.made["hasil-1"], "application/pdf")
    page = form.submit().follow()
    assert "Surat sudah ditandatangani" in page
    letter = lost.head.json(url).json
    assert (letter["state"], letter["fields"]["signed"], lost.calls) == ("siap_kirim", "pades", 1)


@pytest.mark.parametrize("what", ["another", "unsigned", "huge", "none"])
def test_another_file_is_refused_with_a_sentence_and_the_attempt_stays_unknown(lost, url, what):
    sent = lost.head.get(f"{url}@@berkas?sha={lost.head.json(url).json['frozen']}").body
    form = form_with(lost.page, "berkas")
    files = {"another": pdf(), "unsigned": sent, "huge": sent + bytes(2_000_000)}
    if what != "none":
        form["berkas"] = Upload("hasil.pdf", files[what], "application/pdf")
    page = form.submit(status="*")
    assert page.status_int >= 400
    assert ("Pilih berkas PDF" if what == "none" else "bukan surat yang dikirim waktu itu") in page
    assert TIMES in page
    assert "belum pasti" in sign(lost.head, url, status=403)
    assert lost.calls == 1


def test_the_provider_hands_the_file_out_once_and_it_waits_for_the_person(lost, url):
    page = form_to(lost.page, "percobaan-ambil").submit().follow()
    assert "lolos pemeriksaan" in page
    assert lost.head.json(url).json["state"] == "ttd_elektronik", "it is evidence until the signatory uses it"
    assert lost.made == {}
    page = form_with(page, "tersimpan").submit().follow()
    assert "Surat sudah ditandatangani" in page
    assert lost.head.json(url).json["state"] == "siap_kirim"


def test_a_result_that_the_provider_no_longer_has_is_said(lost):
    lost.made.clear()
    assert "sudah pernah diambil" in form_to(lost.page, "percobaan-ambil").submit(status="*")


def test_nothing_was_signed_and_the_letter_is_signed_again(lost, url, keyed):  # noqa: F811
    form_to(lost.page, "tanda-tangan-tidak-jadi").submit()
    keyed.registry.house = replace(
        keyed.registry.house, providers={**keyed.registry.house.providers, "pkcs12": lost.real}
    )
    assert sign(lost.head, url).status_int == 303


def test_others_see_the_evidence_or_nothing_and_decide_nothing(lost, enter, url):
    address = lost.page.request.url
    checker = enter("tata-usaha.dinkes")
    page = checker.get(address)
    assert TIMES in page
    assert not [form for form in page.forms.values() if "percobaan" in form.fields]
    enter("agendaris.kramatwatu").get(address, status=404)


def test_programs_read_and_decide_the_same(lost, url):
    told = lost.head.json(lost.page.request.url).json
    assert (told["state"], told["can_fetch"], told["kept"], told["came_back"]) == ("unknown", True, False, None)
    assert told["sent"]["sha256"] == lost.head.json(url).json["frozen"]
