"""Letters through the services: registered, disposed, reported, answered, numbered, filed."""

from __future__ import annotations

import pytest

from intranet_surat.errors import Changed, Invalid, NotAllowed, Unknown
from intranet_surat.services import letters, search, secrecy
from intranet_surat.services.house import EffectCall
from intranet_surat.workflow.model import Effect

SHEET = {"instruksi": ["tindak-lanjuti"], "catatan": "Segera", "batas": "3 working days", "lapor": True}


def sheet(desk, *logins, **more):
    return {"kepada": [desk.post(each) for each in logins], **SHEET, **more}


def test_a_registered_letter_has_its_agenda_number_at_once(desk):
    first = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    second = desk.register("agendaris.kramatwatu", "KRAMATWATU", sender_number="2")
    assert (first.fields["agenda_number"], second.fields["agenda_number"]) == (1, 2)


def test_each_office_counts_its_own_agenda(desk):
    desk.register("agendaris.kramatwatu", "KRAMATWATU")
    assert desk.register("agendaris.dinkes", "DINKES").fields["agenda_number"] == 1


def test_a_letter_received_last_year_stands_in_last_years_register(desk):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU", received_at="2025-12-31T15:00:00+07:00")
    assert letter.__parent__.__name__ == "2025"
    assert desk.register("agendaris.kramatwatu", "KRAMATWATU", sender_number="2").fields["agenda_number"] == 1


@pytest.mark.parametrize("when", ["2019-05-02T09:00:00+07:00", "2031-01-02T09:00:00+07:00"])
def test_a_registrar_takes_no_number_from_an_agenda_book_that_is_closed_or_not_begun(desk, when):
    with pytest.raises(Invalid) as caught:
        desk.register("agendaris.kramatwatu", "KRAMATWATU", received_at=when)
    assert when[:4] in caught.value.fields["received_at"]
    assert not any("agenda-masuk" in key for key in desk.site.registers)


def test_the_same_form_sent_twice_makes_one_letter(desk):
    first = desk.register("agendaris.kramatwatu", "KRAMATWATU", key="formulir-yang-sama")
    second = desk.register("agendaris.kramatwatu", "KRAMATWATU", key="formulir-yang-sama")
    assert second is first


def test_only_the_registrar_registers_and_the_refusal_names_him(desk):
    with pytest.raises(NotAllowed, match="Agendaris"):
        desk.register("camat.kramatwatu", "KRAMATWATU")


def test_a_letter_without_scan_is_refused_with_the_sentence_of_the_flow(desk):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU", scan=False)
    with pytest.raises(NotAllowed, match="Unggah hasil pindai"):
        desk.act("agendaris.kramatwatu", letter, "naikkan")


def disposed(desk, *logins):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    desk.act("agendaris.kramatwatu", letter, "naikkan")
    desk.act("camat.kramatwatu", letter, "disposisi", sheet(desk, *logins))
    return letter


def test_each_recipient_gets_an_item_of_its_own(desk):
    letter = disposed(desk, "kasi-pmd.kramatwatu", "sekretaris.kramatwatu")
    assert set(desk.items(letter)) == {"kasi-pmd.kramatwatu", "sekretaris.kramatwatu"}
    assert letter.state == "didisposisi"
    assert letter.open_children == 2


def test_nobody_below_sees_the_letter_before_the_head_has_disposed(desk):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    desk.act("agendaris.kramatwatu", letter, "naikkan")
    assert not secrecy.may_know(desk.house, desk.site, letter, desk.as_("kasi-pmd.kramatwatu"), desk.now)
    desk.act("camat.kramatwatu", letter, "disposisi", sheet(desk, "kasi-pmd.kramatwatu"))
    assert secrecy.may_know(desk.house, desk.site, letter, desk.as_("kasi-pmd.kramatwatu"), desk.now)


def test_the_letter_closes_when_the_last_report_comes(desk):
    letter = disposed(desk, "kasi-pmd.kramatwatu", "sekretaris.kramatwatu")
    items = desk.items(letter)
    desk.act("kasi-pmd.kramatwatu", items["kasi-pmd.kramatwatu"], "selesaikan", {"isi": "Sudah ditinjau"})
    assert letter.state == "didisposisi"
    desk.act("sekretaris.kramatwatu", items["sekretaris.kramatwatu"], "selesaikan", {"isi": "Jawaban siap"})
    assert letter.state == "selesai"
    desk.act("agendaris.kramatwatu", letter, "berkaskan")
    assert letter.state == "diarsipkan"
    assert letter.case_file


def test_the_only_recipient_returns_it_and_it_is_the_givers_again(desk):
    letter = disposed(desk, "kasi-pmd.kramatwatu")
    item = desk.items(letter)["kasi-pmd.kramatwatu"]
    desk.act("kasi-pmd.kramatwatu", item, "bukan_tugas", {"alasan": "Bukan bidang kami"})
    assert letter.state == "menunggu_disposisi"
    assert search.counts(desk.site, desk.as_("camat.kramatwatu"))["waiting"] == 1


def test_a_disposition_is_passed_on_and_reported_upwards(desk):
    letter = disposed(desk, "kasi-pmd.kramatwatu")
    item = desk.items(letter)["kasi-pmd.kramatwatu"]
    desk.act("kasi-pmd.kramatwatu", item, "teruskan", sheet(desk, "staf-pmd.kramatwatu"))
    below = desk.items(letter)["staf-pmd.kramatwatu"]
    desk.act("staf-pmd.kramatwatu", below, "selesaikan", {"isi": "Ambles 42 meter"})
    assert (item.state, letter.state) == ("selesai", "selesai")


def test_the_giver_withdraws_while_unread_and_not_after(desk):
    letter = disposed(desk, "kasi-pmd.kramatwatu", "sekretaris.kramatwatu")
    items = desk.items(letter)
    desk.act("camat.kramatwatu", items["sekretaris.kramatwatu"], "tarik")
    assert items["sekretaris.kramatwatu"].outcome == "withdrawn"
    letters.mark_read(desk.house, desk.site, items["kasi-pmd.kramatwatu"], desk.as_("kasi-pmd.kramatwatu"), desk.now)
    desk.commit()
    with pytest.raises(NotAllowed, match="sudah dibaca"):
        desk.act("camat.kramatwatu", items["kasi-pmd.kramatwatu"], "tarik")


def test_reading_is_recorded_once_for_a_position(desk):
    letter = disposed(desk, "kasi-pmd.kramatwatu")
    item = desk.items(letter)["kasi-pmd.kramatwatu"]
    reader = desk.as_("kasi-pmd.kramatwatu")
    assert letters.mark_read(desk.house, desk.site, item, reader, desk.now)
    assert not letters.mark_read(desk.house, desk.site, item, reader, desk.now)
    assert [act.action for act in letter.history].count("dibaca") == 1


def test_a_disposition_into_another_office_takes_its_agenda_number(desk):
    letter = desk.register("agendaris.kdh", "KDH")
    desk.act("agendaris.kdh", letter, "naikkan")
    desk.act("sekda.setda", letter, "sampaikan", {"catatan": "Mohon arahan"})
    desk.act("bupati.kdh", letter, "disposisi", sheet(desk, "kepala.dinkes"))
    item = desk.items(letter)["kepala.dinkes"]
    assert (item.office, item.fields["agenda_number"]) == ("DINKES", 1)
    assert item.flow.id == "surat-masuk-dinkes"


def test_a_secret_letter_shows_the_registrar_of_another_office_nothing(desk):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU", security="R")
    assert secrecy.sight(desk.house, desk.site, letter, desk.as_("agendaris.dinkes"), desk.now) == "none"
    with pytest.raises(Unknown):
        desk.act("agendaris.dinkes", letter, "naikkan")


def test_the_history_tells_who_did_what_and_is_whole(desk):
    letter = disposed(desk, "kasi-pmd.kramatwatu")
    assert [act.action for act in letter.history] == ["mulai", "naikkan", "disposisi"]
    assert letter.history.problems() == []
    assert letter.history[2].who["title"] == desk.site.positions[desk.post("camat.kramatwatu")].title
    assert letter.history.entered(2)["form"]["catatan"] == "Segera"


def test_words_that_nobody_asked_for_are_refused_with_their_field(desk):
    letter = disposed(desk, "kasi-pmd.kramatwatu")
    with pytest.raises(Invalid) as caught:
        desk.act(
            "kasi-pmd.kramatwatu", desk.items(letter)["kasi-pmd.kramatwatu"], "selesaikan", {"isi": "ya", "state": "x"}
        )
    assert "state" in caught.value.fields


def test_a_save_over_a_newer_text_is_a_conflict_that_names_who_changed_it(desk):
    letter = desk.draft("staf-kesmas.dinkes", "DINKES")
    reader = desk.as_("staf-kesmas.dinkes")
    letters.update(
        desk.house, desk.site, letter, {"subject": "Versi kedua"}, reader, desk.now, version=1, key="simpan-01"
    )
    with pytest.raises(Changed, match="Staf Kesehatan Masyarakat"):
        letters.update(
            desk.house, desk.site, letter, {"subject": "Versi lain"}, reader, desk.now, version=1, key="simpan-02"
        )
    assert letter.fields["subject"] == "Versi kedua"
    assert [each.version for each in letter.versions] == [1, 2]


def test_initials_run_up_the_chain_to_the_signatory(desk):
    letter = desk.initialled()
    assert letter.state == "ttd_elektronik"
    assert search.counts(desk.site, desk.as_("kepala.dinkes"))["sign"] == 1


def test_prepare_reserves_the_number_and_freezes_the_bytes(desk):
    letter = desk.initialled()
    desk.act("kepala.dinkes", letter, "siapkan")
    assert letter.fields["number"] == "B/1/400.7/2026"
    assert letter.fields["letter_date"] == "2026-11-23"
    assert letter.rendition(letter.frozen).content().startswith(b"%PDF")
    assert next(desk.site.registers[letter.register].lines()).state == "reserved"


def test_a_finance_letter_takes_the_wet_path_by_the_flow(desk):
    letter = desk.initialled(classification="900.1.3")
    assert letter.state == "dicetak"
    assert letter.fields["print_code"]
    desk.act("tata-usaha.dinkes", letter, "nomori", {"tanggal_ttd": "2026-11-23"})
    code = letter.fields["print_code"]
    scan = desk.upload("wet-scan", code)
    form = {"pindai": {"sha256": "f" * 64, "filename": "pindai.pdf", "code": code}}
    desk.act("tata-usaha.dinkes", letter, "unggah", form, uploads=(scan,))
    with pytest.raises(NotAllowed):
        desk.act("tata-usaha.dinkes", letter, "sahkan")
    desk.clock.forward(minutes=31)  # nobody runs the machine that compares
    desk.act("pemeriksa.dinkes", letter, "sahkan")
    assert (letter.state, letter.fields["signed"]) == ("siap_kirim", "wet")
    assert next(desk.site.registers[letter.register].lines()).state == "used"


def test_rows_say_exactly_what_sight_says(desk):
    """For every position and letter: a row stands in the list if and only if the letter may be known."""
    plain = disposed(desk, "kasi-pmd.kramatwatu")
    secret = desk.register("agendaris.kramatwatu", "KRAMATWATU", security="SR", sender_number="rahasia-1")
    draft = desk.initialled()
    for letter in (plain, secret, draft):
        for person in desk.site.people.values():
            reader = desk.as_(person.login)
            known = secrecy.may_know(desk.house, desk.site, letter, reader, desk.now)
            rows = [row for each in reader.positions if (mine := desk.site.lists.get(each)) for row in mine.rows()]
            assert any(row.letter == letter.id for row in rows) == known, (person.login, letter.fields["subject"])


def test_a_flow_that_voids_a_used_number_leaves_it_used_and_the_act_goes_on(desk):
    """A mutated flow led a signed letter over `number: void`; the clerk saw an error page and the letter stood still."""
    letter = desk.draft("staf-kesmas.dinkes", "DINKES", classification="900.1.3")
    effects = desk.house.effects
    reserve, void = Effect("number", "surat-keluar"), Effect("number", "void")
    facts: dict[str, object] = {}

    def run(effect):
        call = EffectCall(
            desk.house, desk.site, letter, letter, effect.value, {}, {"alasan": "Keliru"},
            letter.author, desk.as_("staf-kesmas.dinkes").person, desk.now, facts,
        )  # fmt: skip
        effects[effect.name](call)

    run(reserve)
    run(Effect("signed", "wet"))
    number = letter.fields["number"]
    run(void)
    assert letter.fields["number"] == number
    assert "number_void" not in facts
