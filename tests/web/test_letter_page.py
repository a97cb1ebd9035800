"""The plain data behind the letter's page: texts compared, the way, the acts, the files, what a form asks."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from steps import act, at_head, buttons, register
from webob.multidict import MultiDict

from intranet_surat.errors import Invalid
from intranet_surat.services.uploads import Upload
from intranet_surat.web import asked_form, compare_page, letter_acts, letter_path, replies, similar_letters
from intranet_surat.web.counter_page import short_name
from intranet_surat.web.kept_files import KeptFiles
from intranet_surat.workflow.model import Branch, Duration, Field, Form, State
from intranet_surat.workflow.view import Offer

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def text(pieces, kind):
    return [each.text.strip() for each in pieces if each.kind == kind]


class TestComparing:
    def test_the_same_text_has_no_changes(self):
        found = compare_page.compare([("Hal", "Tanggul"), ("", "Isi")], [("Hal", "Tanggul"), ("", "Isi")])
        assert found.changes == 0
        assert found.summary == "Tidak ada perubahan di antara kedua versi."
        assert all(row.same for row in found.rows)

    def test_only_the_words_that_changed_are_marked(self):
        found = compare_page.compare([("", "bronjong 45 meter")], [("", "bronjong 60 meter")])
        (row,) = found.rows
        assert text(row.before, "del") == ["45"]
        assert text(row.after, "ins") == ["60"]
        assert text(row.before, "same") == ["bronjong", "meter"]

    def test_a_new_line_has_an_empty_side(self):
        found = compare_page.compare([("", "satu")], [("", "satu"), ("", "dua")])
        added = found.rows[-1]
        assert added.before == ()
        assert text(added.after, "ins") == ["dua"]

    def test_a_changed_subject_is_one_change_and_is_named(self):
        found = compare_page.compare([("Hal", "Tanggul"), ("", "a")], [("Hal", "Jembatan"), ("", "b")])
        assert found.changes == 2
        assert found.summary == "2 perubahan: 1 bagian isi dan hal."

    def test_points_carry_the_number_that_their_place_gives_them(self):
        blocks = [{"t": "n", "level": level, "text": "x"} for level in (1, 2, 2, 1, 3)]
        assert [each.split()[0] for each in compare_page.numbered_lines(blocks)] == ["1.", "a.", "b.", "2.", "1)"]

    def test_counting_starts_anew_after_a_paragraph(self):
        point = {"t": "n", "level": 1, "text": "x"}
        assert compare_page.numbered_lines([point, {"t": "p", "text": "y"}, point]) == ["1. x", "y", "1. x"]

    def test_a_table_is_compared_row_by_row(self):
        table = {"t": "table", "head": ["A", "B"], "rows": [["1", "2"]]}
        assert compare_page.numbered_lines([table]) == ["| A | B |", "| 1 | 2 |"]


class TestTheWay:
    @pytest.mark.parametrize(
        ("span", "words"),
        [
            (timedelta(seconds=20), "kurang dari 1 menit"),
            (timedelta(minutes=26), "26 menit"),
            (timedelta(hours=3, minutes=59), "3 jam"),
            (timedelta(hours=47), "47 jam"),
            (timedelta(days=4, hours=5), "4 hari"),
        ],
    )
    def test_a_stretch_of_time_is_told_in_the_unit_that_matters(self, span, words):
        assert letter_path.length(span) == words

    def test_many_titles_become_a_number(self):
        assert letter_path.names(["A", "B"]) == "A dan B"
        assert letter_path.names(["A", "B", "C"]) == "A, B, dan C"
        assert letter_path.names(["A", "B", "C", "D", "E"]) == "A, B, C, dan 2 jabatan lain"
        assert letter_path.names(["A", "A", ""]) == "A"

    def test_states_that_choose_are_passed_and_the_usual_branch_is_told(self):
        states = {
            "a": State("a", "A", actions={"x": SimpleNamespace(to="pilih")}),
            "pilih": State("pilih", "Pilih", choose=(Branch("basah", "b"), Branch(None, "c"))),
            "b": State("b", "B"),
            "c": State("c", "C", final=True),
        }
        assert [each.title for each in letter_path.ahead(states, states["a"])] == ["C"]

    def test_a_flow_that_goes_round_ends(self):
        states = {
            "a": State("a", "A", actions={"x": SimpleNamespace(to="b")}),
            "b": State("b", "B", actions={"y": SimpleNamespace(to="a")}),
        }
        assert [each.title for each in letter_path.ahead(states, states["a"])] == ["B"]


class TestActs:
    FORM = Form("alasan", {})

    def test_the_usual_act_is_main_and_sending_back_never(self):
        acts = letter_acts.acts([Offer("tolak", "Tolak", "reject", True), Offer("siapkan", "Siapkan", "prepare", True)])
        assert [(each.id, each.main) for each in acts] == [("siapkan", True), ("tolak", False)]

    def test_what_asks_for_more_is_never_done_at_once(self):
        acts = letter_acts.acts(
            [
                Offer("a", "A", "action", True),
                Offer("b", "B", "action", True, form=self.FORM),
                Offer("c", "C", "sign", True),
            ]
        )
        assert [each.direct for each in acts] == [True, False, False]

    def test_a_scan_is_never_confirmed_blindly(self):
        assert not letter_acts.acts([Offer("sahkan", "Sahkan", "action", True)], scan=True)[0].direct

    def test_only_what_one_could_expect_to_do_is_refused_aloud(self):
        org = SimpleNamespace(title=lambda each: each.upper())
        offers = [
            Offer("a", "A", "action", False, says="Ini tugas X.", who=("x",)),
            Offer("b", "B", "action", False, says="Belum dua hari.", who=("saya",)),
            Offer("c", "C", "action", False, says="Ini tugas Y.", who=("y",)),
        ]
        found = letter_acts.refusals(offers, [], org, ["saya"])
        assert [(each.id, each.who) for each in found] == [("a", "X"), ("b", "SAYA")]


class TestWhatIsTyped:
    FORM = Form(
        "f",
        {
            "kepada": Field("kepada", "positions"),
            "batas": Field("batas", "deadline", default=Duration(3, "working days")),
            "tanggal": Field("tanggal", "date"),
            "lapor": Field("lapor", "yes-no"),
            "catatan": Field("catatan", "text"),
        },
    )

    def read(self, *pairs):
        return asked_form.entered(self.FORM, MultiDict(pairs), NOW)

    def test_it_becomes_the_values_that_json_would_bring(self):
        found = self.read(
            ("kepada", "a"), ("kepada", "b"), ("kepada", "a"), ("batas", "3 working days"), ("tanggal", "20/11/26"),
            ("lapor", "ya"), ("catatan", " Tinjau lapangan "),
        )  # fmt: skip
        assert found == {
            "kepada": ["a", "b"],
            "batas": "3 working days",
            "tanggal": "2026-11-20",
            "lapor": True,
            "catatan": "Tinjau lapangan",
        }

    def test_what_was_left_empty_is_left_out_but_no_is_an_answer(self):
        assert self.read(("catatan", ""), ("tanggal", "  ")) == {"lapor": False}

    def test_defaults_stand_on_a_fresh_form_and_not_where_they_were_taken_away(self):
        form = Form(
            "f",
            {
                "catatan": Field("catatan", "text", default="Untuk diketahui"),
                "lapor": Field("lapor", "yes-no", default=True),
            },
        )
        note, report = asked_form.build(None, form, None, None, None)
        assert (note.value, report.options[0].chosen) == ("Untuk diketahui", True)
        sent = asked_form.typed(form, MultiDict(catatan="Tinjau"))
        note, report = asked_form.build(None, form, None, None, None, typed=sent)
        assert (note.value, report.options[0].chosen) == ("Tinjau", False)

    def test_a_date_beside_the_ticks_wins(self):
        assert self.read(("batas", "3 working days"), ("batas_tanggal", "1 Des"))["batas"] == "2026-12-01"

    def test_each_field_that_cannot_be_read_is_named(self):
        with pytest.raises(Invalid) as wrong:
            self.read(("tanggal", "kemarin"), ("batas_tanggal", "32/1/2026"), ("catatan", "a\u202eb"))
        assert set(wrong.value.fields) == {"tanggal", "batas", "catatan"}


class TestKeptFiles:
    def upload(self, tmp_path, letter="a", content=b"%PDF-1.4"):
        path = tmp_path / "masuk"
        path.write_bytes(content)
        return Upload(path, letter * 64, len(content), "application/pdf", "a.pdf", 1, ("signed",))

    def test_a_file_waits_for_its_own_person_only(self, tmp_path):
        sent = self.upload(tmp_path)
        kept = KeptFiles(tmp_path, "sari").keep(sent)
        assert dataclasses.replace(kept, path=sent.path) == sent
        assert KeptFiles(tmp_path, "sari").get("a" * 64, "scan") == dataclasses.replace(kept, place="scan")
        assert KeptFiles(tmp_path, "udin").get("a" * 64) is None

    @pytest.mark.parametrize("handle", ["", "x", "../sari/" + "a" * 64, "A" * 64])
    def test_a_handle_that_is_no_hash_is_nothing(self, tmp_path, handle):
        assert KeptFiles(tmp_path, "sari").get(handle) is None

    def test_what_waited_too_long_is_forgotten(self, tmp_path):
        import os

        kept = KeptFiles(tmp_path, "sari").keep(self.upload(tmp_path))
        for path in kept.path.parent.iterdir():
            os.utime(path, (0, 0))
        KeptFiles(tmp_path, "sari").keep(self.upload(tmp_path, "b"))
        assert KeptFiles(tmp_path, "sari").get("a" * 64) is None

    def test_what_found_its_letter_is_dropped(self, tmp_path):
        KeptFiles(tmp_path, "sari").keep(self.upload(tmp_path))
        KeptFiles(tmp_path, "sari").drop("a" * 64)
        assert KeptFiles(tmp_path, "sari").get("a" * 64) is None


@pytest.mark.parametrize(("name", "short"), [("Sari Contoh", "Sari C."), ("Rohim", "Rohim"), ("", "Warga")])
def test_names_are_shortened_in_the_queue(name, short):
    assert short_name(name) == short


def test_a_reply_begins_with_the_number_and_date_of_what_it_answers():
    letter = SimpleNamespace(fields={"sender_number": "1/2", "letter_date": "2026-11-20", "subject": "Tanggul"})
    assert replies.opening(letter) == (
        "Menjawab surat Saudara Nomor 1/2 tanggal 20 November 2026 hal Tanggul, dengan ini disampaikan bahwa:"
    )
    bare = SimpleNamespace(fields={"subject": "Tanggul"})
    assert replies.opening(bare).startswith("Menjawab surat Saudara hal Tanggul")


def test_a_masked_row_never_counts_as_the_same_letter(monkeypatch):
    row = SimpleNamespace(
        item="lain", masked=True, direction="masuk", office="DINKES", number="1/2", sender="Camat", subject="Hal"
    )
    monkeypatch.setattr(similar_letters.search, "find", lambda *_args: ([row], 1))
    letter = SimpleNamespace(id="ini", office="DINKES", fields={"sender_number": "1/2", "sender": "Camat"})
    assert similar_letters.find(None, None, letter) == []
    row.masked = False
    assert similar_letters.find(None, None, letter) == [row]


class TestThePage:
    def test_it_says_from_whom_to_whom_how_urgent_and_where_it_stands(self, enter):
        page = enter("agendaris.dinkes").get(register(enter("agendaris.dinkes")))
        head = " ".join(page.html.select_one(".letter-head").get_text(" ").split())
        assert "Kecamatan Kramatwatu untuk Kepala Dinas Kesehatan" in head
        assert "Segera" in head
        assert "Dicatat" in head

    def test_the_way_tells_who_had_it_and_what_comes_next(self, enter):
        url = at_head(enter)
        steps = [
            " ".join(each.get_text(" ").split()) for each in enter("kepala.dinkes").get(url).html.select(".path li")
        ]
        page = enter("agendaris.dinkes").get(url)
        steps = [" ".join(each.get_text(" ").split()) for each in page.html.select(".path li")]
        assert steps[0].startswith("Dicatat Agendaris Dinkes")
        assert any(each.startswith("Menunggu disposisi menunggu Kepala Dinas Kesehatan") for each in steps)
        assert steps[-1] == "Selesai" or "Diarsipkan" in steps[-1]

    def test_one_main_button_a_page(self, enter):
        for login, url in (
            ("agendaris.dinkes", register(enter("agendaris.dinkes"))),
            ("kepala.dinkes", at_head(enter, sender_number="9")),
        ):
            page = enter(login).get(url)
            assert len(page.html.select("main .btn-main")) == 1

    def test_hostile_words_are_only_words(self, enter):
        evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
        registrar = enter("agendaris.dinkes")
        url = register(registrar, subject=evil, sender=evil, sender_number=evil[:80])
        for view in ("", "@@tercatat", "@@riwayat", "@@ubah", "@@aksi/salah_alamat"):
            page = registrar.get(url + view)
            assert "<script>alert" not in page.text
            assert "<img src=x" not in page.text

    def test_no_page_carries_a_style_or_a_script_of_its_own(self, enter):
        url = at_head(enter)
        head = enter("kepala.dinkes")
        for view in ("", "@@aksi/disposisi", "@@riwayat"):
            soup = head.get(url + view).html
            assert not soup.select("[style], style, [onclick], [onload]")
            assert all(each.get("src") for each in soup.select("script"))

    def test_a_page_stays_within_its_weight(self, enter):
        import gzip

        url = at_head(enter)
        head = enter("kepala.dinkes")
        css = head.get(head.get(url).html.select_one("link[rel=stylesheet]")["href"]).body
        for view in ("", "@@aksi/disposisi"):
            assert len(gzip.compress(head.get(url + view).body)) + len(gzip.compress(css)) < 40_000

    def test_what_one_holds_is_linked_from_the_letter_itself(self, enter, site):
        from steps import answer, position

        url = at_head(enter)
        head = enter("kepala.dinkes")
        first = head.get(url + "@@aksi/disposisi").html.select_one("input[name=instruksi]")["value"]
        to = [position(site, "kabid-kesmas.dinkes")]
        answer(head, url, "disposisi", {"kepada": to, "instruksi": [first]})
        page = enter("kabid-kesmas.dinkes").get(url)
        assert "Disposisi untuk Anda" in buttons(page)
        assert "Lapor selesai" in buttons(page.click("Disposisi untuk Anda"))

    def test_a_final_letter_offers_nothing(self, enter):
        url = at_head(enter)
        act(enter("kepala.dinkes"), url, "cukup_diketahui")
        act(enter("agendaris.dinkes"), url, "berkaskan")
        assert buttons(enter("agendaris.dinkes").get(url)) == []
