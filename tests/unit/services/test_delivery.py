"""Sending: inside into the receiver's tray, outside by mail or courier; the status flows back."""

from __future__ import annotations

import pytest

from intranet_surat.errors import NotAllowed, SuratError, Unknown
from intranet_surat.resources.folder import find
from intranet_surat.services import delivery, letters, search, work

CAMAT = {"kind": "office", "id": "KRAMATWATU", "name": "Camat Kramatwatu", "place": "Kramatwatu", "channel": "sistem",
         "email": ""}  # fmt: skip
IDLE = {"kind": "office", "id": "SATPOLPP", "name": "Kepala Satpol PP", "place": "Serang", "channel": "sistem",
        "email": ""}  # fmt: skip
COURIER = {"kind": "external", "id": "", "name": "Kepala Balai Besar", "place": "Serang", "channel": "kurir",
           "email": ""}  # fmt: skip


def sent(desk, *addressees, **fields):
    """A letter of Dinas Kesehatan that was signed with ink and sent."""
    fields = {"classification": "900.1.3", "addressees": list(addressees), **fields}
    letter = desk.draft("staf-kesmas.dinkes", "DINKES", **fields)
    desk.act("staf-kesmas.dinkes", letter, "ajukan")
    for login in ("kasi-kesmas.dinkes", "kabid-kesmas.dinkes", "sekretaris.dinkes"):
        if "paraf" in desk.titles(login, letter):
            desk.act(login, letter, "paraf")
    desk.act("tata-usaha.dinkes", letter, "lulus")
    desk.act("tata-usaha.dinkes", letter, "nomori", {"tanggal_ttd": "2026-11-23"})
    code = letter.fields["print_code"]
    form = {"pindai": {"sha256": "f" * 64, "filename": "pindai.pdf", "code": code}}
    desk.act("tata-usaha.dinkes", letter, "unggah", form, uploads=(desk.upload("wet-scan", code),))
    desk.clock.forward(minutes=31)  # nobody runs the machine that compares
    desk.act("pemeriksa.dinkes", letter, "sahkan")
    desk.act("tata-usaha.dinkes", letter, "kirim")
    return letter


def carry(desk, db):
    work.run_due(desk.house, db, desk.now)
    desk.commit()


def test_a_letter_that_is_not_signed_is_not_sent(desk):
    letter = desk.draft("staf-kesmas.dinkes", "DINKES")
    with pytest.raises(SuratError, match="belum ditandatangani"):
        delivery.send(desk.house, desk.site, letter, desk.now)


def test_a_delivery_inside_stands_in_the_registrars_tray_once_it_was_carried(desk, db):
    letter = sent(desk, CAMAT)
    registrar = desk.as_("agendaris.kramatwatu")
    assert search.counts(desk.site, registrar)["waiting"] == 0
    carry(desk, db)
    (row,), total = search.tray(desk.site, registrar, "waiting")
    assert (total, row.subject) == (1, letter.fields["subject"])
    assert delivery.of_letter(desk.site, letter)[0].state == "terkirim"


def test_a_delivery_carried_twice_arrives_once(desk, db):
    letter = sent(desk, CAMAT)
    carry(desk, db)
    (one,) = delivery.of_letter(desk.site, letter)
    delivery.arrive(desk.house, desk.site, {"delivery": letter.deliveries[0]}, desk.now)
    assert one.state == "terkirim"
    assert search.counts(desk.site, desk.as_("agendaris.kramatwatu"))["waiting"] == 1


def test_registering_a_delivery_tells_the_sender(desk, db):
    letter = sent(desk, CAMAT)
    carry(desk, db)
    (one,) = delivery.of_letter(desk.site, letter)
    made = desk.register("agendaris.kramatwatu", "KRAMATWATU", **delivery.prefilled(desk.site, one), scan=False)
    delivery.registered(desk.house, desk.site, one, made, desk.now)
    desk.commit()
    assert one.state == "dicatat"
    assert find(desk.site, one.registered) is made
    assert made.fields["sender_number"] == letter.fields["number"]
    assert search.tray(desk.site, desk.as_("agendaris.kramatwatu"), "unread")[1] == 1  # the letter, not the delivery


def test_others_do_not_know_the_delivery(desk, db):
    letter = sent(desk, CAMAT)
    carry(desk, db)
    (one,) = delivery.of_letter(desk.site, letter)
    with pytest.raises(Unknown):
        delivery.open_delivery(desk.house, desk.site, one, desk.as_("agendaris.setda"), desk.now)


def test_an_office_that_does_not_use_the_system_yet_gets_a_print(desk, db):
    letter = sent(desk, IDLE)
    carry(desk, db)
    (one,) = delivery.of_letter(desk.site, letter)
    assert (one.channel, one.state) == ("cetak", "antre")
    assert "cetak" in one.note.lower()


def test_the_dispatch_log_is_kept_by_the_senders_office(desk, db):
    letter = sent(desk, COURIER)
    (one,) = delivery.of_letter(desk.site, letter)
    with pytest.raises(NotAllowed, match="tata usaha"):
        delivery.confirm(
            desk.house, desk.site, one, desk.as_("staf-p2p.dinkes"), desk.now, carrier="Kurir", receiver_name="Budi"
        )
    delivery.confirm(
        desk.house, desk.site, one, desk.as_("tata-usaha.dinkes"), desk.now, carrier="Kurir", receiver_name="Budi"
    )
    assert one.state == "diterima"
    assert "Budi" in one.note


def test_mail_without_a_server_fails_with_a_reason_and_not_in_silence(desk, db):
    letter = sent(desk, {**COURIER, "channel": "surel", "email": "balai@contoh.go.id"})
    carry(desk, db)
    (one,) = delivery.of_letter(desk.site, letter)
    assert one.state == "gagal"
    assert one.note


def test_a_secret_delivery_shows_only_that_it_came(desk, db):
    sent(desk, CAMAT, security="R")
    carry(desk, db)
    (row,), _total = search.tray(desk.site, desk.as_("agendaris.kramatwatu"), "waiting")
    assert (row.subject, row.number, row.masked) == ("[rahasia]", "", True)


def test_copies_are_deliveries_of_their_own(desk, db):
    letter = sent(desk, COURIER, carbon_copies=[CAMAT])
    assert [each.copy for each in delivery.of_letter(desk.site, letter)] == [False, True]


def test_the_answer_and_the_letter_it_answers_know_each_other(desk):
    first = desk.register("agendaris.dinkes", "DINKES")
    office = desk.site.office("DINKES")
    answer = letters.create(
        desk.house, desk.tm, desk.site, office, "keluar", "surat-dinas", {"subject": "Jawaban"},
        desk.as_("staf-kesmas.dinkes"), desk.now, key="balasan-01", reply_to="/dinkes/surat-masuk/2026/" + first.id,
    )  # fmt: skip
    assert first.related[0][0] == "dibalas-dengan"
    assert answer.related[0] == ("balasan-atas", "/dinkes/surat-masuk/2026/" + first.id)
