"""Writing what goes out: the form of a kind, the real page as preview, versions, replies."""

from __future__ import annotations

import pytest
from steps import OUTGOING, WRITE, act, answer, at_head, buttons, draft, fill, form_with, pdf, position
from webtest import Upload

STAFF = "staf-kesmas.dinkes"


def words(page):
    return " ".join(page.html.select_one("main").get_text(" ").split())


def test_the_kinds_that_one_may_write_are_offered(enter):
    page = enter(STAFF).get("/dinkes/surat-keluar/@@tambah")
    for kind in ("surat-dinas", "nota-dinas", "undangan", "surat-perintah-tugas", "surat-keterangan"):
        assert page.html.select_one(f"a[href$='jenis={kind}']") is not None
    assert page.html.select_one("a[href$='jenis=surat-masuk']") is None


@pytest.mark.parametrize("kind", ["surat-dinas", "nota-dinas", "undangan", "surat-perintah-tugas", "surat-keterangan"])
def test_every_kind_has_its_own_form(enter, kind):
    page = enter(STAFF).get(WRITE + kind)
    assert form_with(page, "subject", "signatory", "classification")


def test_an_unknown_kind_and_the_incoming_kind_are_nowhere(enter):
    enter(STAFF).get(WRITE + "surat-cinta", status=404)
    enter(STAFF).get(WRITE + "surat-masuk", status=404)


def test_a_draft_is_stored_with_its_blocks_addressees_and_signatory(enter, site):
    staff = enter(STAFF)
    url = draft(staff)
    fields = staff.json(url).json["fields"]
    assert [each["t"] for each in fields["body"]["blocks"]] == ["p", "n", "n"]
    assert fields["addressees"][0]["kind"] == "office"
    assert fields["addressees"][0]["id"] == "BPKAD"
    assert fields["addressees"][0]["channel"] == "sistem"
    assert fields["signatory"] == position(site, "kepala.dinkes")
    assert buttons(staff.get(url))[:2] == ["Ajukan paraf", "Batalkan"]


def test_the_signatories_offered_are_those_above_the_writer(enter):
    page = enter(STAFF).get(WRITE + "surat-dinas")
    offered = [each.get_text() for each in page.html.select("select[name=signatory] option")]
    assert "Kepala Seksi Kesehatan Masyarakat" in offered
    assert "Kepala Dinas Kesehatan" in offered
    assert "Bupati Serang" in offered
    assert "Kepala Bidang Pelayanan Kesehatan" not in offered


def test_the_preview_is_the_real_page_and_stores_nothing(enter, site):
    staff = enter(STAFF)
    form = fill(form_with(staff.get(WRITE + "surat-dinas"), "subject"), OUTGOING)
    page = form.submit("lihat")
    image = page.html.select_one("section img.paper")["src"]
    assert staff.get(image).body.startswith(b"\x89PNG")
    assert form_with(page, "subject")["body"].value.startswith("Menjawab surat Saudara")
    enter("kepala.dinkes").get(image, status=404)
    assert "surat-keluar" not in site.office("DINKES")


def test_a_sign_that_cannot_be_printed_is_named_at_the_preview(enter):
    staff = enter(STAFF)
    form = fill(form_with(staff.get(WRITE + "surat-dinas"), "subject"), OUTGOING | {"body": "Selamat 🎉 semuanya"})
    form.set("sel", "Camat Ciomas", 0)
    for button in ("lihat", "simpan"):
        assert "🎉" in form.submit(button, status=400).html.select_one("p.error").get_text()


def test_a_row_more_keeps_everything_typed(enter):
    staff = enter(STAFF)
    form = fill(form_with(staff.get(WRITE + "surat-dinas"), "subject"), OUTGOING)
    form.set("sel", "Camat Ciomas", 0)
    before = len(form.fields["sel"])
    page = form.submit("_tambah", index=0)
    again = form_with(page, "subject")
    assert len(again.fields["sel"]) > before
    assert again.fields["sel"][0].value == "Camat Ciomas"
    assert again["subject"].value == OUTGOING["subject"]


def test_what_is_wrong_comes_back_with_everything_else(enter):
    staff = enter(STAFF)
    form = fill(form_with(staff.get(WRITE + "surat-dinas"), "subject"), OUTGOING | {"classification": "xyz"})
    form.set("sel", "Kepala Balai", 0)
    form.set("sel", "sistem", 2)
    page = form.submit("simpan", status=400)
    says = " ".join(each.get_text() for each in page.html.select("p.error"))
    assert "Kepala Balai" in says
    assert "klasifikasi" in says.lower()
    assert form_with(page, "subject")["body"].value.replace("\r", "") == OUTGOING["body"]


def test_an_attachment_goes_with_the_draft(enter):
    staff = enter(STAFF)
    form = fill(form_with(staff.get(WRITE + "surat-dinas"), "subject"), OUTGOING)
    for place, value in enumerate(("Badan Pengelolaan Keuangan dan Aset Daerah", "Serang", "sistem")):
        form.set("sel", value, place)
    form.set("berkas", [Upload("lampiran-data.pdf", pdf())], 0)
    url = form.submit("simpan").location
    assert "lampiran-data.pdf" in staff.get(url)


def test_a_correction_is_a_new_version_that_can_be_compared(enter):
    staff = enter(STAFF)
    url = draft(staff)
    form = form_with(staff.get(url + "@@ubah"), "subject")
    form["body"] = OUTGOING["body"].replace("bronjong 45 meter", "bronjong 60 meter")
    form.submit("simpan")
    assert "Versi 2" in staff.get(url + "@@ubah")
    page = staff.get(url).click("Bandingkan versi")
    assert page.html.select_one("del").get_text() == "45"
    assert page.html.select_one("ins").get_text() == "60"
    assert "1 perubahan: 1 bagian isi" in words(page)
    staff.get(url + "@@banding?dari=1&ke=9", status=404)


def test_saving_over_a_newer_version_shows_the_difference_and_overwrites_nothing(enter):
    staff = enter(STAFF)
    url = draft(staff)
    early, late = (form_with(staff.get(url + "@@ubah"), "subject") for _ in range(2))
    early["subject"] = "Penanganan darurat tanggul Ciujung"
    early.submit("simpan")
    late["subject"] = "Penanganan darurat jembatan"
    page = late.submit("simpan", status=409)
    assert "Surat ini sudah berubah" in page
    assert "Versi 1 dan versi 2" in words(page)
    assert staff.json(url).json["fields"]["subject"] == "Penanganan darurat tanggul Ciujung"


def test_an_act_on_a_text_that_has_changed_since_is_not_done(enter):
    staff = enter(STAFF)
    url = draft(staff)
    stale = next(each for each in staff.get(url).forms.values() if each.action.endswith("@@aksi/ajukan"))
    form = form_with(staff.get(url + "@@ubah"), "subject")
    form["subject"] = "Penanganan darurat tanggul Ciujung"
    form.submit("simpan")
    page = stale.submit(status=409)
    assert "Ciujung" in page.html.select_one("ins").get_text()
    assert staff.json(url).json["state"] == "konsep"


def test_nobody_else_edits_a_draft(enter):
    url = draft(enter(STAFF))
    enter("kepala.dinkes").get(url + "@@ubah", status=404)
    enter("staf-yankes.dinkes").get(url, status=404)


def test_a_cancelled_draft_keeps_its_reason(enter):
    staff = enter(STAFF)
    url = draft(staff)
    answer(staff, url, "batal", {"alasan": "Sudah dijawab lewat rapat"})
    assert "Sudah dijawab lewat rapat" in staff.get(url)


class TestReply:
    @pytest.fixture
    def url(self, enter):
        return at_head(enter)

    def test_nobody_replies_before_somebody_decided(self, enter, url):
        assert "Buat balasan" not in buttons(enter("kepala.dinkes").get(url))

    def test_the_fields_are_filled_from_the_letter_answered(self, enter, url):
        head = enter("kepala.dinkes")
        act(head, url, "cukup_diketahui")
        page = head.get(url).click("Buat balasan").follow()
        form = form_with(page, "subject", "body")
        assert form["subject"].value == "Jawaban permohonan perbaikan tanggul"
        assert form["classification"].value == "600.1.4.2"
        assert form["body"].value.startswith("Menjawab surat Saudara Nomor 600.1/214/2026 tanggal 20 November 2026")
        assert form.fields["sel"][0].value == "Kecamatan Kramatwatu"

    def test_both_letters_know_of_each_other(self, enter, url):
        head = enter("kepala.dinkes")
        act(head, url, "cukup_diketahui")
        form = form_with(head.get(url + "@@balas").follow(), "subject", "body")
        reply = form.submit("simpan").location
        assert "Balasan atas" in head.get(reply)
        assert "Dibalas dengan" in head.get(url)

    def test_a_letter_that_one_may_not_see_cannot_be_answered(self, enter, url):
        path = url.removeprefix("http://localhost")
        enter("staf-yankes.dinkes").get(f"{WRITE}surat-dinas&balas={path}", status=404)
