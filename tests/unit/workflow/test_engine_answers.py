"""What may be entered at an action, field by field."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from engine_cases import WORDS, flow, only_decide, stage
from hypothesis import given
from hypothesis import strategies as st

from intranet_surat.errors import Invalid
from intranet_surat.workflow.answers import Asked
from intranet_surat.workflow.model import Field, Form
from intranet_surat.workflow.rehearsal import actor

FLOW = flow("""
forms:
  f:
    teks: {type: text}
    tanggal: {title: Tanggal surat, type: date}
    batas: {type: deadline, at_most: 5 working days}
    lapor: {type: yes-no}
    pilihan: {type: choice, of: instruksi-disposisi}
    banyak: {type: choices, of: instruksi-disposisi}
    jabatan: {type: position, from: staff under actor}
    para: {type: positions, from: staff under actor}
    berkas: {type: file, accept: [pdf, jpeg]}
    lampiran: {type: files}
  wajib: {alasan: {title: Alasan, type: text, required: true}, arah: {type: choice, of: kosong, required: true}}
  bawahan: {kepada: {title: Diteruskan kepada, type: positions, from: staff under actor, required: true}}
states:
  a:
    start: true
    actions:
      isi: {by: author, ask: f}
      tolak: {by: author, ask: wajib}
      bagi: {by: author, ask: bawahan}
      diam: {by: author, to: b}
  b: {final: true}
""")
ON = stage(FLOW, {}, {"author": "bos", "staff": {"bos": ["x", "y"]}})


def taken(**form: Any) -> dict[str, Any]:
    return dict(only_decide(ON, "bos", "isi", **form).form)


def refused(**form: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as wrong:
        only_decide(ON, "bos", "isi", **form)
    return wrong.value.fields


def taken_or_refused(form: dict[str, Any]) -> tuple[dict[str, Any] | None, dict[str, str]]:
    try:
        return taken(**form), {}
    except Invalid as wrong:
        return None, wrong.fields


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("teks", "  Rapat\r\nSenin  ", "Rapat\nSenin"),
        ("teks", "cafe\u0301", "caf\u00e9"),
        ("teks", "satu\tdua\rtiga", "satu\tdua\ntiga"),
        ("teks", "x" * 10_000, "x" * 10_000),
        ("tanggal", "2026-11-20", "2026-11-20"),
        ("tanggal", date(2026, 11, 20), "2026-11-20"),
        ("batas", "2026-11-20", "2026-11-20T09:00:00+00:00"),
        ("batas", "2026-11-17T10:00:00+07:00", "2026-11-17T03:00:00+00:00"),
        ("batas", "3 working days", "2026-11-19T09:00:00+00:00"),
        ("batas", date(2026, 11, 17), "2026-11-17T09:00:00+00:00"),
        ("lapor", "tidak", False),
        ("lapor", "on", True),
        ("lapor", False, False),
        ("pilihan", "pelajari", "pelajari"),
        ("pilihan", ["pelajari"], "pelajari"),
        ("banyak", "pelajari", ["pelajari"]),
        ("banyak", ["pelajari", "pelajari"], ["pelajari"]),
        ("banyak", ["pelajari"] * 500, ["pelajari"]),
        ("jabatan", "x", "x"),
        ("para", ("y", "x", "y"), ["y", "x"]),
        ("berkas", {"sha256": "aa", "filename": "Surat.PDF"}, {"sha256": "aa", "filename": "Surat.PDF"}),
        ("berkas", {"filename": "foto.jpg"}, {"filename": "foto.jpg"}),
        ("lampiran", [{"sha256": "aa"}, {"sha256": "bb"}], [{"sha256": "aa"}, {"sha256": "bb"}]),
        ("lampiran", {"sha256": "aa"}, [{"sha256": "aa"}]),
        ("lampiran", [{"sha256": "aa"}] * 500, [{"sha256": "aa"}] * 500),
        ("berkas", {"filename": None}, {"filename": None}),
    ],
)
def test_a_value_is_stored_in_its_form(name: str, value: Any, stored: Any) -> None:
    assert taken(**{name: value}) == {name: stored}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("teks", 7, "Isi dengan teks."),
        ("teks", "x" * 10_001, "Paling panjang 10000 huruf; ditemukan 10001."),
        ("teks", "a\u202eb", "Isian memuat tanda yang tidak terlihat."),
        ("teks", "a\u200bb", "Isian memuat tanda yang tidak terlihat."),
        ("teks", "a\x00b", "Isian memuat tanda yang tidak terlihat. Ketik ulang tanpa tanda itu."),
        ("teks", "a\ud800b", "Isian memuat tanda yang tidak terlihat."),
        ("teks", " " * 100_001, "Paling panjang 10000 huruf; ditemukan 100001."),
        ("tanggal", "20/11/2026", "Isi dengan tanggal yang ada di kalender."),
        ("tanggal", "2026-02-30", "Isi dengan tanggal yang ada di kalender."),
        ("tanggal", "2026-11-20T10:00:00", "Isi dengan tanggal yang ada di kalender."),
        ("batas", "besok", "Isi batas dengan tanggal, misalnya 20/11/2026."),
        ("batas", "2026-11-13", "Batas waktu sudah lewat. Pilih waktu sesudah sekarang."),
        ("batas", "2026-12-24", "Batas paling lama 5 hari kerja, yaitu 23/11/2026."),
        ("batas", 3, "Isi batas dengan tanggal."),
        ("lapor", "mungkin", "Pilih ya atau tidak."),
        ("pilihan", "telaah", "'telaah' tidak ada di daftar pilihan."),
        ("pilihan", ["pelajari", "tindak-lanjuti"], "Pilih satu saja."),
        ("banyak", ["pelajari", 7], "Pilih dari daftar."),
        ("banyak", ["pelajari"] * 501, "Pilih dari daftar."),
        ("banyak", ["y" * 90], f"'{'y' * 80}' tidak ada di daftar pilihan."),
        ("jabatan", "bos", "'Bos' tidak ada di daftar pilihan."),
        ("para", ["x", "orang_luar"], "'Orang luar' tidak ada di daftar pilihan."),
        ("para", [["x"]], "Pilih dari daftar."),
        ("berkas", "surat.pdf", "Unggah sebuah berkas."),
        ("berkas", [{"a": "1"}, {"b": "2"}], "Unggah satu berkas saja."),
        ("lampiran", [{"sha256": "aa"}] * 501, "Unggah satu berkas saja."),
        ("berkas", {"filename": "surat"}, "Berkas harus berjenis pdf, jpeg; ditemukan surat."),
        ("berkas", {"filename": "surat.docx"}, "Berkas harus berjenis pdf, jpeg; ditemukan docx."),
    ],
)
def test_a_wrong_value_is_told_at_its_field(name: str, value: Any, sentence: str) -> None:
    assert refused(**{name: value})[name].startswith(sentence)


def test_a_limit_lies_after_now_and_may_be_the_latest() -> None:
    now, latest = ON.setting.now, ON.setting.calendar.after(ON.setting.now, 5, "working days")
    assert refused(batas=now) == {"batas": "Batas waktu sudah lewat. Pilih waktu sesudah sekarang."}
    assert taken(batas=latest.replace(tzinfo=None)) == {"batas": latest.isoformat()}
    assert "batas" in refused(batas=latest + timedelta(seconds=1))


def test_what_must_be_filled_is_told_by_its_title_or_its_name() -> None:
    form = Form(
        "f", {name: Field(name, "text", title, required=True) for name, title in (("asal_surat", ""), ("b", "Isi"))}
    )
    with pytest.raises(Invalid) as wrong:
        Asked(form, FLOW, ON.letter, actor("bos"), ON.setting).check({"b": " "})
    assert wrong.value.fields == {"asal_surat": "Asal surat harus diisi.", "b": "Isi harus diisi."}


def test_a_field_may_take_its_choices_from_another_wherever_that_stands() -> None:
    form = Form("f", {"utama": Field("utama", "position", source="para"), **FLOW.forms["f"].fields})
    asked = Asked(form, FLOW, ON.letter, actor("bos"), ON.setting)
    assert asked.check({"utama": "x", "para": ["x"]}) == {"utama": "x", "para": ["x"]}
    assert [*asked.check({"para": ["x", "y"], "utama": "y"})] == ["utama", "para"]
    with pytest.raises(Invalid) as wrong:
        asked.check({"utama": "y", "para": ["x"]})
    assert wrong.value.fields == {"utama": "'Y' tidak ada di daftar pilihan."}


def test_a_key_that_the_form_does_not_ask_is_refused() -> None:
    assert refused(teks="a", signed="wet") == {"signed": "Isian ini tidak ditanyakan oleh alur."}
    with pytest.raises(Invalid):
        only_decide(ON, "bos", "diam", alasan="tidak ditanya")
    with pytest.raises(Invalid):
        only_decide(ON, "bos", "isi", _signed=True)


def test_all_fields_are_told_at_once() -> None:
    assert set(refused(lapor="x", jabatan="bos", lain="1")) == {"lapor", "jabatan", "lain"}


def test_what_nobody_filled_is_left_out() -> None:
    assert taken(teks="   ", tanggal="", para=[], lapor=None) == {}


def test_a_required_field_without_any_choice_takes_the_offer_away() -> None:
    on = stage(FLOW, {}, {"author": "bos", "staff": {}})
    asked = {name: Asked(FLOW.forms[name], FLOW, on.letter, actor("bos"), on.setting) for name in FLOW.forms}
    assert asked["f"].hopeless() is None
    assert asked["wajib"].hopeless() is FLOW.forms["wajib"].fields["arah"]
    assert asked["bawahan"].hopeless() is FLOW.forms["bawahan"].fields["kepada"]


def test_a_default_stands_in_for_what_was_not_entered() -> None:
    form = Form(
        "f", {"a": Field("a", "text", default="biasa", required=True), "b": Field("b", "yes-no", default=False)}
    )
    asked = Asked(form, FLOW, ON.letter, actor("bos"), ON.setting)
    assert asked.check({}) == {"a": "biasa", "b": False}
    assert asked.check({"a": " ", "b": True}) == {"a": "biasa", "b": True}


def test_the_words_of_a_vocabulary_are_those_of_the_setting() -> None:
    asked = Asked(FLOW.forms["f"], FLOW, ON.letter, actor("bos"), ON.setting)
    assert asked.words(FLOW.forms["f"].fields["pilihan"]) == WORDS["instruksi-disposisi"]
    assert asked.candidates(FLOW.forms["f"].fields["para"]) == ("x", "y")


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.datetimes()
    | st.binary(max_size=4),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=4), one, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*FLOW.forms["f"].fields, "lain"]), JUNK, max_size=5))
def test_whatever_is_sent_is_taken_or_refused_by_field(form: dict[str, Any]) -> None:
    stored, wrong = taken_or_refused(form)
    assert set(wrong) <= set(form)
    assert bool(wrong) is (stored is None)
    if stored is not None:
        assert taken(**stored) == stored


@given(st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_a_deadline_lies_after_now_and_before_the_latest(ahead: timedelta) -> None:
    now = ON.setting.now
    latest = ON.setting.calendar.after(now, 5, "working days")
    instant = (now + ahead).replace(microsecond=0)
    try:
        stored = taken(batas=instant.isoformat())["batas"]
    except Invalid:
        assert instant <= now or instant > latest
    else:
        assert now < datetime.fromisoformat(stored) == instant <= latest
        assert stored.endswith("+00:00")
        assert instant.tzinfo is UTC
