"""The life of a letter by JSON, from the counter to the archive; every address in every answer is fetched on the way."""

from __future__ import annotations

import pytest
from programs import Program, listed
from steps import NIK, RESIDENT, keyed, pdf, worker  # noqa: F401  fixtures

INCOMING = {
    "sender": "Badan Pengelolaan Keuangan dan Aset Daerah",
    "sender_number": "900/77/2026",
    "letter_date": "2026-11-20",
    "received_at": "2026-11-23T08:30:00+07:00",
    "subject": "Permintaan data sasaran posyandu",
    "security": "B",
    "urgency": "segera",
    "classification": "400.7.1",
}
IN, OUT = "/dinkes/surat-masuk/@@tambah", "/dinkes/surat-keluar/@@tambah"


@pytest.fixture
def program(keyed):  # noqa: F811
    """Programs that work with a token, one a log-in; each follows the addresses it is given."""
    known: dict[str, Program] = {}

    def program(login: str) -> Program:
        if login not in known:
            known[login] = Program(keyed, login, follow=True)
        return known[login]

    return program


def registered(program, **changes):
    registrar = program("agendaris.dinkes")
    values = {**INCOMING, "addressee": registrar.get(IN)["values"]["addressee"], **changes}
    return registrar.send(IN, values, 201, pindai=pdf(2))


def disposed(program):
    """A letter that the head gave to two fields; its address."""
    letter = registered(program)["@id"]
    assert program("agendaris.dinkes").act(letter, "naikkan")["state"] == "ditelaah"
    program("sekretaris.dinkes").act(letter, "sampaikan", {"catatan": "Mohon arahan."})
    head = program("kepala.dinkes")
    kepada = head.get(f"{letter}@@aksi/disposisi")["form"]["properties"]["kepada"]
    fields = [listed(kepada, f"Kepala Bidang {name}") for name in ("Kesehatan Masyarakat", "Pelayanan Kesehatan")]
    told = head.act(letter, "disposisi", {"kepada": fields, "utama": fields[0], "instruksi": ["tindak-lanjuti"]})
    assert (told["state"], told["items_total"]) == ("didisposisi", 2)
    assert {each["holder"] for each in told["items"]} == set(fields)
    return letter


def drafted(writer, url, kind, signatory, query="", **changes):
    form = writer.get(f"{url}?jenis={kind}{query}")
    signers = form["form"]["properties"]["signatory"]
    values = {**form["values"], "kind": kind, "signatory": listed(signers, signatory), **changes}
    return writer.post(url, values, 201)


def test_an_incoming_letter_is_disposed_answered_sent_registered_and_filed(program, worker):  # noqa: F811
    letter = disposed(program)
    yankes, kesmas = program("kabid-yankes.dinkes"), program("kabid-kesmas.dinkes")
    report = yankes.send(f"{yankes.mine(letter)}@@aksi/selesaikan", {"isi": "Data terlampir."}, berkas=pdf())
    assert report["state"] == "selesai"
    assert kesmas.act(kesmas.mine(letter), "selesaikan", {"isi": "Dijawab dengan surat."})["state"] == "selesai"
    assert program("agendaris.dinkes").get(letter)["state"] == "selesai"

    body = {"v": 1, "blocks": [{"t": "p", "text": "Data sasaran:"}, {"t": "n", "level": 1, "text": "balita 312."}]}
    reply = drafted(
        kesmas, OUT, "surat-dinas", "Kepala Dinas Kesehatan", f"&balas={letter}", body=body, reply_to=letter
    )
    assert reply["title"] == "Jawaban permintaan data sasaran posyandu"
    assert reply["fields"]["addressees"][0]["id"] == "BPKAD"
    assert reply["related"] == [{"relation": "Balasan atas", "@id": letter}]
    sent = reply["@id"]
    assert kesmas.act(sent, "ajukan")["state"] == "periksa_tu"  # nobody stands between this writer and the signatory
    clerk, head = program("tata-usaha.dinkes"), program("kepala.dinkes")
    assert clerk.act(sent, "lulus")["state"] == "ttd_elektronik"
    prepared = head.act(sent, "siapkan")
    assert (prepared["state"], prepared["fields"].get("signed")) == ("ttd_elektronik", None)
    frozen = next(each for each in prepared["files"] if each["sha256"] == prepared["frozen"])
    assert head.raw(frozen["@id"]).content_type == "application/pdf"
    assert head.sign(sent, "salah", 400)["fields"].keys() == {"frasa"}
    signed = head.sign(sent)
    assert (signed["verdict"]["overall"], signed["state"]) == ("sah", "siap_kirim")
    assert head.get(f"{sent}@@hasil-tanda-tangan")["verdict"]["overall"] == "sah"

    assert clerk.act(sent, "kirim")["state"] == "terkirim"
    worker()
    receiver = program("agendaris.bpkad")
    [arrived] = receiver.get("/bpkad/kiriman/")["items"]
    assert arrived["number"] == signed["fields"]["number"]
    form = receiver.get(arrived["register"])
    taken = receiver.post(arrived["register"], form["values"], 201)
    assert (taken["state"], taken["files"][0]["sha256"]) == ("dicatat", signed["sha256"])
    assert clerk.get(f"{sent}@@pengiriman")["items"][0]["state"] == "dicatat"

    assert clerk.act(sent, "berkaskan")["state"] == "diarsipkan"
    filed = program("agendaris.dinkes").act(letter, "berkaskan")
    assert (filed["state"], filed["actions"], filed["editable"]) == ("diarsipkan", [], False)
    assert program("arsiparis.dinkes").get("/dinkes/berkas/")["items_total"] == 1
    assert kesmas.get(f"{sent}@@riwayat")["problems"] == []

    anybody = Program(clerk.test.app)
    told = anybody.get(clerk.get(sent)["verification"])
    assert (told["number"], told["verdict"]["overall"]) == (signed["fields"]["number"], "sah")
    public = clerk.get(sent)["verification"]
    assert anybody.send(public, {}, berkas=head.raw(frozen["@id"]).body)["file"]["overall"] != "sah"


def test_initials_go_up_and_a_text_that_changed_is_a_conflict(program):
    writer = program("staf-p2p.dinkes")
    to = [{"kind": "office", "id": "BPKAD"}]
    letter = drafted(writer, OUT, "surat-dinas", "Kepala Dinas Kesehatan", subject="Permintaan kendaraan",
                     classification="400.7", addressees=to, body="Mohon bantuan kendaraan.")["@id"]  # fmt: skip
    assert writer.act(letter, "ajukan")["state"] == "paraf"
    section, field = program("kasi-p2p.dinkes"), program("kabid-p2p.dinkes")
    form = section.get(f"{letter}@@ubah")
    assert section.post(f"{letter}@@ubah", form["values"], 400)["fields"].keys() == {"_versi"}
    changed = section.post(
        f"{letter}@@ubah", {**form["values"], "subject": "Permintaan ambulans", "_versi": form["version"]}
    )
    assert (changed["version"], changed["title"]) == (2, "Permintaan ambulans")
    late = section.act(letter, "paraf", {"_versi": 1}, 409)
    assert (late["type"], late["shown"], late["current"]) == ("sudah-berubah", 1, 2)
    assert section.get(f"{letter}@@banding?dari=1&ke=2")["changes"] == 1
    assert section.act(letter, "paraf", {"_versi": 2})["state"] == "paraf"
    assert field.act(letter, "kembalikan", {}, 400)["fields"].keys() == {"alasan"}
    assert field.act(letter, "paraf")["state"] == "periksa_tu"


def test_the_wet_path_needs_the_print_that_was_made_and_another_person(program, clock):
    writer, clerk, checker = (program(f"{each}.bpkad") for each in ("kabid-anggaran", "tata-usaha", "pemeriksa"))
    to = [{"kind": "external", "name": "Bank Contoh", "place": "Serang", "channel": "kurir"}]
    title = "Kepala Badan Pengelolaan Keuangan dan Aset Daerah"
    letter = drafted(writer, "/bpkad/surat-keluar/@@tambah", "surat-dinas", title, subject="Penyampaian pagu anggaran",
                     classification="900.1.3", addressees=to, body="Pagu terlampir.")["@id"]  # fmt: skip
    writer.act(letter, "ajukan")
    assert clerk.act(letter, "lulus")["state"] == "dicetak"
    told = clerk.act(letter, "nomori", {"tanggal_ttd": "2026-11-23"})
    forged = {"pindai": {"code": told["fields"]["print_code"], "filename": "x.pdf", "sha256": "0" * 64}}
    assert "multipart" in clerk.act(letter, "unggah", forged, 400)["fields"]["pindai"]
    printed = next(each for each in told["files"] if each["kind"] == "cetak")
    upload = f"{letter}@@aksi/unggah"
    assert "QR" in clerk.send(upload, {}, 403, pindai=pdf())["message"]
    assert clerk.send(upload, {"lokasi": "Lemari 2"}, pindai=clerk.raw(printed["@id"]).body)["state"] == "diperiksa"
    assert clerk.act(letter, "sahkan", {}, 403)["message"].startswith("Ini tugas ")
    assert checker.act(letter, "sahkan", {}, 403)["message"].startswith("Mesin masih membandingkan")
    clock.forward(minutes=31)
    assert checker.act(letter, "sahkan")["fields"]["signed"] == "wet"
    assert clerk.act(letter, "kirim")["state"] == "terkirim"
    [row] = clerk.get(f"{letter}@@pengiriman")["items"]
    log = {"kiriman": row["kiriman"], "pembawa": "Kurir"}
    assert clerk.post(f"{letter}@@pengiriman", log, 400)["fields"].keys() == {"penerima"}
    assert clerk.post(f"{letter}@@pengiriman", {**log, "penerima": "Petugas"})["items"][0]["state"] == "diterima"


def test_the_counter_of_a_village_by_json(program):
    operator = program("operator.pejaten")
    counter = "/desa/kramatwatu-pejaten/@@loket"
    form = operator.get(counter)
    assert form["form"]["properties"]["nik"]["writeOnly"] is True
    letter = operator.post(counter, {**form["values"], **RESIDENT}, 201)["@id"]
    operator.act(letter, "ajukan")
    assert [each["@id"] for each in operator.get(counter)["running"]] == [letter]
    program("sekdes.pejaten").act(letter, "verifikasi")
    head = program("kades.pejaten")
    head.act(letter, "siapkan")
    assert head.sign(letter)["state"] == "siap_diserahkan"
    assert operator.act(letter, "serahkan", {"penerima": "Warga sendiri"})["state"] == "diserahkan"
    for told in (operator.get(letter), operator.get(f"{letter}@@riwayat"), operator.get(counter)):
        assert NIK not in str(told)
    assert operator.act(letter, "berkaskan")["state"] == "diarsipkan"


def test_a_scan_that_was_missing_comes_later_and_attachments_come_with_a_draft(program):
    registrar = program("agendaris.dinkes")
    values = {**INCOMING, "addressee": registrar.get(IN)["values"]["addressee"]}
    letter = registrar.post(IN, values, 201)["@id"]
    assert registrar.act(letter, "naikkan", {}, 403)["message"] == "Unggah hasil pindai surat lebih dulu."
    form = registrar.get(f"{letter}@@ubah")
    assert [each["name"] for each in form["files"]] == ["pindai"]
    told = registrar.send(f"{letter}@@ubah", {**values, "_versi": form["version"]}, pindai=pdf())
    assert (told["version"], told["files"][0]["kind"]) == (2, "scan")
    assert registrar.act(letter, "naikkan", {"_versi": 2})["state"] == "ditelaah"

    writer = program("kabid-kesmas.dinkes")
    order = writer.get(f"{OUT}?jenis=surat-perintah-tugas")["form"]["properties"]
    typed = {
        "kind": "surat-perintah-tugas", "subject": "Penyuluhan di Kramatwatu", "classification": "800.1.11.1",
        "basis": "Rencana kerja\nUndangan camat", "assignees": "Contoh Satu | 196804111993031009 | Pembina | Staf",
        "body": "1. menyuluh;\n2. melapor.", "task_place": "Kramatwatu", "date_from": "2026-11-25",
        "date_until": "2026-11-25", "addressees": "Dinas Kesehatan | Serang | sistem",
        "signatory": listed(order["signatory"], "Kepala Dinas Kesehatan"),
    }  # fmt: skip
    draft = writer.send(OUT, typed, 201, lampiran=pdf())
    assert [each["kind"] for each in draft["files"]] == ["attachment"]
    assert draft["fields"]["basis"] == [{"text": "Rencana kerja"}, {"text": "Undangan camat"}]
    assert draft["fields"]["addressees"][0]["id"] == "DINKES"
