"""Forms: what was typed stays, what is wrong stands beside its field, and all of it works without script."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pyramid.testing import DummyRequest, setUp, tearDown
from webob.multidict import MultiDict

from intranet_surat.kinds.registry import SHIPPED
from intranet_surat.kinds.vocabularies import HANDED_IN
from intranet_surat.web.forms import fail, form_from_flow, form_from_kind, submitted, wants_row
from intranet_surat.web.words import Words
from intranet_surat.workflow.model import Field, Form

LISTS = {name: {"400.7": "Kesehatan"} if name == "classification" else {"p1": "Kepala"} for name in HANDED_IN}


@pytest.fixture
def request_(clock):
    config = setUp()
    config.include("pyramid_jinja2")
    request = DummyRequest(post=None)
    request.words = Words(clock())
    request.page = SimpleNamespace(csrf="token")
    request.POST = MultiDict()

    def add(event):
        event["page"], event["words"] = request.page, request.words

    from pyramid.events import BeforeRender

    config.add_subscriber(add, BeforeRender)
    config.commit()
    yield request
    tearDown()


def asked(*fields):
    return Form("isian", {each.name: each for each in fields})


def test_every_type_of_a_flow_becomes_a_control(request_):
    fields = [
        Field("catatan", "text", "Catatan"),
        Field("tanggal", "date", "Tanggal"),
        Field("batas", "deadline", "Batas"),
        Field("lapor", "yes-no", "Minta laporan"),
        Field("alasan", "choice", "Alasan"),
        Field("isi", "choices", "Isi"),
        Field("utama", "position", "Pelaksana utama"),
        Field("kepada", "positions", "Kepada"),
        Field("berkas", "file", "Berkas", accept=("application/pdf",)),
        Field("lampiran", "files", "Lampiran"),
    ]
    choices = {name: [("a", "Satu", "petunjuk"), ("b", "Dua")] for name in ("alasan", "isi", "utama", "kepada")}
    html = form_from_flow(request_, asked(*fields), choices, title="Kirim disposisi").render()
    for each in fields:
        assert each.title in html
        assert f'id="f-{each.name}"' in html
    assert 'type="checkbox" name="isi" value="a"' in html
    assert 'type="radio" name="alasan" value="b"' in html
    assert 'accept="application/pdf"' in html
    assert 'enctype="multipart/form-data"' in html
    assert 'value="kirim">Kirim disposisi</button>' in html
    assert "<script" not in html
    assert "style=" not in html


def test_what_was_sent_comes_back_as_it_is_stored(request_):
    form = form_from_flow(
        request_,
        asked(
            Field("catatan", "text", "Catatan", required=True),
            Field("batas", "deadline", "Batas"),
            Field("lapor", "yes-no", "Lapor"),
            Field("kepada", "positions", "Kepada", required=True),
        ),
        {"kepada": [("p1", "Sekretaris"), ("p2", "Kabid")]},
    )
    post = MultiDict(
        [
            ("catatan", "Tinjau\r\nlapangan"),
            ("batas", "25/11/26"),
            ("lapor", "ya"),
            ("__start__", "kepada:sequence"),
            ("kepada", "p2"),
            ("kepada", "p1"),
            ("kepada", "p2"),
            ("__end__", "kepada:sequence"),
        ]
    )
    assert submitted(form, post) == {
        "catatan": "Tinjau\nlapangan",
        "batas": "2026-11-25",
        "lapor": True,
        "kepada": ["p2", "p1"],
    }


def test_what_is_wrong_stands_between_label_and_control_and_what_was_typed_stays(request_):
    fields = asked(Field("catatan", "text", "Catatan", required=True), Field("batas", "deadline", "Batas"))
    form = form_from_flow(request_, fields)
    assert submitted(form, MultiDict(catatan="", batas="31/02/2026")) is None
    html = form.render()
    assert "2 isian perlu diperbaiki" in html
    assert html.index("Catatan belum diisi.") < html.index("<form")
    assert '<a href="#f-catatan">Catatan belum diisi.</a>' in html
    assert 'value="31/02/2026"' in html
    assert 'aria-invalid="true" aria-describedby="f-batas-h f-batas-e"' in html
    field = html.split('id="f-catatan-e"')
    assert html.index('<label for="f-catatan"') < html.index(field[0][-20:])
    assert html.index('id="f-catatan-e"') < html.index("<textarea")


def test_a_value_that_was_not_offered_is_refused(request_):
    fields = asked(Field("kepada", "positions", "Kepada"), Field("alasan", "choice", "Alasan"))
    choices = {"kepada": [("p1", "Sekretaris")], "alasan": [("a", "Satu")]}
    form = form_from_flow(request_, fields, choices)
    sent = [("__start__", "kepada:sequence"), ("kepada", "p9"), ("__end__", "kepada:sequence"), ("alasan", "z")]
    assert submitted(form, MultiDict(sent)) is None
    assert len(form.problems) == 2


def test_a_services_refusal_is_put_beside_its_field(request_):
    form = form_from_flow(request_, asked(Field("batas", "deadline", "Batas")))
    post = MultiDict(batas="25/12/2026")
    assert submitted(form, post)
    html = fail(form, {"batas": "Paling lama 14 hari kerja.", "lain": "Sudah ada."}).render()
    assert "Paling lama 14 hari kerja." in html
    assert "Sudah ada." in html
    assert 'value="25/12/2026"' in html


def test_hostile_text_is_never_markup(request_):
    evil = '"><script>alert(1)</script>'
    form = form_from_flow(
        request_, asked(Field("alasan", "choice", evil), Field("c", "text", "C")), {"alasan": [("a", evil, evil)]}
    )
    submitted(form, MultiDict(c=evil + "\x00", alasan=evil))
    html = form.render()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_kept_file_is_told_and_its_hash_goes_along(request_):
    form = form_from_flow(request_, asked(Field("pindai", "file", "Berkas", required=True)))
    kept = SimpleNamespace(sha256="ab" * 32, filename="pindai.pdf", size=1_240_000, pages=4)
    form = form_from_flow(request_, asked(Field("pindai", "file", "Berkas", required=True)), kept={"pindai": kept})
    html = form.render()
    assert "pindai.pdf, 4 halaman, 1,2 MB" in html
    sent = [("__start__", "pindai:mapping"), ("tetap", "ab" * 32), ("berkas", ""), ("__end__", "pindai:mapping")]
    values = submitted(form, MultiDict(sent))
    assert values["pindai"].kept == "ab" * 32
    assert values["pindai"].file is None


def test_a_new_file_is_handed_over(request_):
    form = form_from_flow(request_, asked(Field("pindai", "file", "Berkas", required=True)))
    upload = SimpleNamespace(filename="baru.pdf", file=None)
    sent = [("__start__", "pindai:mapping"), ("berkas", upload), ("__end__", "pindai:mapping")]
    assert submitted(form, MultiDict(sent))["pindai"].file is upload


def test_a_file_field_without_a_file_says_so(request_):
    form = form_from_flow(request_, asked(Field("pindai", "file", "Berkas", required=True)))
    sent = [("__start__", "pindai:mapping"), ("berkas", b""), ("__end__", "pindai:mapping")]
    assert submitted(form, MultiDict(sent)) is None
    assert "Berkas belum dipilih." in form.render()


@pytest.mark.parametrize("kind", SHIPPED, ids=lambda each: each.id)
def test_every_shipped_kind_has_a_form(request_, kind):
    html = form_from_kind(request_, kind, LISTS).render()
    for field in kind.form_fields:
        assert f'id="f-{field.name}"' in html
    for field in kind.fields:
        assert field.system is False or f'name="{field.name}"' not in html


def test_rows_are_typed_in_columns_and_read_as_lines(request_):
    kind = next(each for each in SHIPPED if any(field.type == "addressees" for field in each.form_fields))
    name = next(field.name for field in kind.form_fields if field.type == "addressees")
    form = form_from_kind(request_, kind, LISTS, draft=True)
    post = MultiDict(
        [
            ("subject", "Undangan rapat"),
            ("__start__", f"{name}:sequence"),
            ("__start__", "baris:sequence"),
            ("sel", "Camat Kragilan"),
            ("sel", "Kragilan"),
            ("sel", "cetak"),
            ("__end__", "baris:sequence"),
            ("__start__", "baris:sequence"),
            ("sel", ""),
            ("sel", ""),
            ("sel", ""),
            ("__end__", "baris:sequence"),
            ("__end__", f"{name}:sequence"),
        ]
    )
    values = submitted(form, post)
    assert values is not None, form.problems
    assert [(each["name"], each["place"], each["channel"]) for each in values[name]] == [
        ("Camat Kragilan", "Kragilan", "cetak")
    ]


def test_one_more_row_keeps_what_was_typed_and_finds_no_fault(request_):
    kind = next(each for each in SHIPPED if any(field.type == "addressees" for field in each.form_fields))
    name = next(field.name for field in kind.form_fields if field.type == "addressees")
    form = form_from_kind(request_, kind, LISTS)
    before = form.render().count('name="sel"')
    post = MultiDict([("subject", "Undangan"), ("_tambah", name)])
    assert wants_row(form, post)
    html = form.render()
    assert html.count('name="sel"') > before
    assert "Undangan" in html
    assert "perlu diperbaiki" not in html
    assert not wants_row(form, MultiDict(subject="x"))


def test_the_key_of_a_form_is_new_on_each_page_and_stays_while_it_is_corrected(request_):
    first, second = form_from_flow(request_, None), form_from_flow(request_, None)
    assert first.key != second.key
    request_.POST = MultiDict(_kunci=first.key)
    assert form_from_flow(request_, None).key == first.key


def test_the_version_that_was_shown_goes_along(request_):
    assert 'name="_versi" value="7"' in form_from_flow(request_, None, version=7).render()
    assert "_versi" not in form_from_flow(request_, None).render()
