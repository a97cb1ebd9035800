"""A kind that somebody else adds: one declaration, one template, a flow and a test like this one."""

import sys
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from letter_facts import facts, words

from intranet_surat.kinds import common, schema
from intranet_surat.kinds.model import KindField, LetterKind, Shape
from intranet_surat.services import rendering, rendering_facts, rendering_typst

NOW = datetime(2026, 11, 20, 2, 42, tzinfo=UTC)
HOUSE = SimpleNamespace(renderers={})
LISTS = {"classification": {"400": "Kesra"}, "positions": {"p1": "Kepala"}, "offices": {}, "villages": {}}
MINUTES = LetterKind(
    id="berita-acara",
    title="Berita acara",
    direction="keluar",
    group="khusus",
    template="paket_contoh:berita.typ",
    shape=Shape(paper="a4"),
    fields=(
        *common.HEAD,
        KindField("held_on", "Hari pelaksanaan", "date"),
        common.BODY,
        common.SIGNATORY,
        *common.OUTGOING_SYSTEM,
    ),
)
TEMPLATE = """#import "/surat-dasar.typ": *
#show: letter
#titled(data.title)
#pairs((("pada", data.fields.held_on),))
#blocks(data.blocks)
#signature()
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    found = tmp_path / "paket_contoh"
    found.mkdir()
    (found / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "paket_contoh", raising=False)
    rendering_typst._source.cache_clear()
    return found


def render(**changes):
    return rendering.pdf(HOUSE, facts(**changes), NOW)


def test_a_new_kind_is_a_declaration_and_a_template(package):
    (package / "berita.typ").write_text(TEMPLATE)
    typed = {
        "subject": "Serah terima aset",
        "classification": "400",
        "held_on": "20 Nov 2026",
        "body": "Telah diserahkan:\n\n1. laptop.",
        "signatory": "p1",
    }
    values = schema.validate(MINUTES, typed, LISTS)
    made = render(
        template=MINUTES.template,
        title=MINUTES.title,
        shape=MINUTES.shape,
        blocks=tuple(values["body"]["blocks"]),
        fields=rendering_facts.display(MINUTES, values, LISTS),
    )
    for part in ("BERITA ACARA", "pada : 20 November 2026", "1. laptop.", "Contoh Sarjana"):
        assert part in words(made)


def test_a_renderer_of_a_plugin_goes_first():
    house = SimpleNamespace(renderers={"surat": lambda given, now: f"{given.subject} {now.year}".encode()})
    assert rendering.pdf(house, facts(), NOW) == b"Penanganan darurat tanggul 2026"


@pytest.mark.parametrize(
    "source", ['#read("/../../../etc/passwd")', '#read("/etc/passwd")', '#image("../../../../x.png")', "#panic()"]
)
def test_a_template_reaches_no_file_outside_our_folder(package, source):
    (package / "jahat.typ").write_text(source)
    with pytest.raises(rendering_typst.typst.TypstError):
        render(template="paket_contoh:jahat.typ")


def test_a_template_that_wants_the_network_is_refused(package):
    (package / "jaring.typ").write_text('#import "@preview/cetz:0.3.0"')
    with pytest.raises(ValueError, match="network"):
        render(template="paket_contoh:jaring.typ")
    for ours in rendering_typst.folder().glob("*.typ"):
        assert "@preview" not in ours.read_text(), ours
