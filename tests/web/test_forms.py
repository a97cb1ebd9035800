"""Forms: what was typed stays, what is wrong stands beside its field, and all of it works without script."""

from __future__ import annotations

import re
from types import SimpleNamespace

import colander
import peppercorn
import pytest
from pyramid.testing import DummyRequest, setUp, tearDown
from webob.multidict import MultiDict

from intranet_surat.kinds.model import TYPES, KindField, LetterKind
from intranet_surat.kinds.registry import SHIPPED
from intranet_surat.kinds.schema import schema
from intranet_surat.kinds.vocabularies import HANDED_IN
from intranet_surat.web.forms import fail, make_form, wants_row
from intranet_surat.web.forms.widgets import Files
from intranet_surat.web.words import Words

LISTS = {name: {"400.7": "Kesehatan"} if name == "classification" else {"p1": "Kepala"} for name in HANDED_IN}
VOCABULARY = {"choice": "classification", "position": "positions"}


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


def drawn(request, *fields, draft=False, **options):
    """A form with these fields of a kind."""
    kind = LetterKind("contoh", "Contoh", "keluar", "contoh", fields)
    return made(request, kind, draft=draft, **options)


def made(request, kind, *, draft=False, **options):
    node = schema(kind, LISTS, timezone=request.words.timezone, today=request.words.today, draft=draft)
    return make_form(request, node, **options)


def sent(form, post):
    """The form as it comes back, read by the types of its kind; its problems stand beside the fields."""
    form.set_pstruct(peppercorn.parse(list(MultiDict(post).items())))
    try:
        return {name: value for name, value in form.schema.deserialize(form.cstruct).items() if value is not None}
    except colander.Invalid as wrong:
        return fail(form, {name.rpartition(".")[2]: says for name, says in wrong.asdict().items()})


def boxed():
    """A form's schema with a file box."""
    box = colander.SchemaNode(colander.String(), name="pindai", title="Berkas", missing=None)
    box.widget = Files(accept=".pdf")
    return colander.SchemaNode(colander.Mapping(), box)


NOTE = KindField("catatan", "Catatan", "lines", maximum=400)
DAY = KindField("batas", "Batas", "date")


def test_every_type_of_a_field_becomes_a_control(request_):
    fields = [
        KindField(f"isian_{each.replace('-', '_')}", f"Isian {each}", each, vocabulary=VOCABULARY.get(each))
        for each in TYPES
    ]
    html = drawn(request_, *fields, buttons=(("kirim", "Kirim surat"),)).render()
    for each in fields:
        assert each.title in html
        assert f'id="f-{each.name}"' in html
    assert 'type="checkbox" id="f-isian_yes_no" name="isian_yes_no" value="ya"' in html
    assert 'inputmode="numeric"' in html
    assert 'value="kirim">Kirim surat</button>' in html
    assert "<script" not in html
    assert "style=" not in html


def test_what_was_sent_is_read_as_it_is_stored(request_):
    lapor = KindField("lapor", "Lapor", "yes-no", required=False)
    assert sent(
        drawn(request_, NOTE, DAY, lapor), {"catatan": "Tinjau\r\nlapangan", "batas": "25/11/26", "lapor": "ya"}
    ) == {
        "catatan": "Tinjau\nlapangan",
        "batas": "2026-11-25",
        "lapor": True,
    }


def test_what_is_wrong_stands_between_label_and_control_and_what_was_typed_stays(request_):
    form = drawn(request_, NOTE, DAY)
    sent(form, {"catatan": "", "batas": "31/02/2026"})
    html = form.render()
    assert "2 isian perlu diperbaiki" in html
    assert html.index("Catatan belum diisi.") < html.index("<form")
    assert '<a href="#f-catatan">Catatan belum diisi.</a>' in html
    assert 'value="31/02/2026"' in html
    assert re.search(r'aria-invalid="true" aria-describedby="(f-batas-h )?f-batas-e"', html)
    assert html.index('<label for="f-catatan"') < html.index('id="f-catatan-e"') < html.index("<textarea")


def test_a_services_refusal_is_put_beside_its_field(request_):
    form = drawn(request_, DAY)
    assert sent(form, {"batas": "25/12/2026"}) == {"batas": "2026-12-25"}
    html = fail(form, {"batas": "Paling lama 14 hari kerja.", "lain": "Sudah ada."}).render()
    assert "Paling lama 14 hari kerja." in html
    assert "Sudah ada." in html
    assert 'value="25/12/2026"' in html


def test_hostile_text_is_never_markup(request_):
    evil = '"><script>alert(1)</script>'
    form = drawn(request_, KindField("alasan", evil, hint=evil), NOTE)
    sent(form, {"catatan": evil + "\x00", "alasan": evil})
    html = form.render()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_kept_file_is_told_and_its_hash_goes_along(request_):
    kept = SimpleNamespace(sha256="ab" * 32, filename="pindai.pdf", size=1_240_000, pages=4)
    html = make_form(request_, boxed(), kept={"pindai": kept}).render()
    assert "pindai.pdf, 4 halaman, 1,2 MB" in html
    assert f'name="tetap" value="{"ab" * 32}"' in html
    assert 'accept=".pdf"' in html
    assert 'enctype="multipart/form-data"' in html


def test_a_chosen_file_that_was_not_kept_must_be_chosen_again_and_the_form_says_so(request_):
    form = make_form(request_, boxed())
    assert "Pilih berkasnya lagi" not in form.render()
    upload = SimpleNamespace(filename="baru.pdf", file=None)
    form.set_pstruct({"pindai": {"berkas": upload}})
    assert "Pilih berkasnya lagi" in form.render()


@pytest.mark.parametrize("kind", SHIPPED, ids=lambda each: each.id)
def test_every_shipped_kind_has_a_form(request_, kind):
    html = made(request_, kind).render()
    for field in kind.form_fields:
        assert f'id="f-{field.name}"' in html
    for field in kind.fields:
        assert field.system is False or f'name="{field.name}"' not in html


def test_rows_are_typed_in_columns_and_read_as_lines(request_):
    kind = next(each for each in SHIPPED if any(field.type == "addressees" for field in each.form_fields))
    name = next(field.name for field in kind.form_fields if field.type == "addressees")
    form = made(request_, kind, draft=True)
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
    values = sent(form, post)
    assert [(each["name"], each["place"], each["channel"]) for each in values[name]] == [
        ("Camat Kragilan", "Kragilan", "cetak")
    ]


def test_one_more_row_keeps_what_was_typed_and_finds_no_fault(request_):
    kind = next(each for each in SHIPPED if any(field.type == "addressees" for field in each.form_fields))
    name = next(field.name for field in kind.form_fields if field.type == "addressees")
    form = made(request_, kind)
    before = form.render().count('name="sel"')
    post = MultiDict([("subject", "Undangan"), ("_tambah", name)])
    assert wants_row(form, post)
    html = form.render()
    assert html.count('name="sel"') > before
    assert "Undangan" in html
    assert "perlu diperbaiki" not in html
    assert not wants_row(form, MultiDict(subject="x"))


def test_the_key_of_a_form_is_new_on_each_page_and_stays_while_it_is_corrected(request_):
    first, second = drawn(request_, NOTE), drawn(request_, NOTE)
    assert first.key != second.key
    request_.POST = MultiDict(_kunci=first.key)
    assert drawn(request_, NOTE).key == first.key


def test_the_version_that_was_shown_goes_along(request_):
    assert 'name="_versi" value="7"' in drawn(request_, NOTE, version=7).render()
    assert "_versi" not in drawn(request_, NOTE).render()
