"""A new kind of letter takes four places and not a fifth: its declaration, its template, its flow, and a test.

The kind is the host's `notula`; this is the fourth place.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import host_app
import pytest
from host_app.notula import NOTULA
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationExecutionError

import intranet_surat
from intranet_surat.errors import SuratError
from intranet_surat.kinds import json_schema, schema
from intranet_surat.kinds.registry import SHIPPED
from intranet_surat.workflow.findings import FlowError

SETTINGS = {"intranet_surat.demo": "true", "intranet_surat.secret": "uji-coba-" * 5}
ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(intranet_surat.__file__).parent
HOST = Path(host_app.__file__).parent

NAMED_ON_PURPOSE = {
    ("web/letter_page.py", "surat-dinas"): "what a reply is when nobody chooses",
    ("web/counter_page.py", "surat-pengantar-desa"): "the counter of a village writes this one kind",
}
"""Where a page knows a kind by name. A section of an office is called surat-masuk like the one incoming kind."""


def house(tmp_path, add):
    config = Configurator(settings={**SETTINGS, "intranet_surat.var": str(tmp_path)})
    config.include("intranet_surat")
    add(config)
    config.commit()
    return config.registry.house


def flow(tmp_path):
    """A directory with the flow of the kind and nothing else."""
    folder = tmp_path / "alur"
    folder.mkdir()
    (folder / "notula.yaml").write_bytes((HOST / "workflows" / "notula.yaml").read_bytes())
    return str(folder)


def test_the_host_has_the_kind_in_four_places():
    """Declaration, template, flow, and the tests; and the line that hands the declaration in."""
    places = {
        path.relative_to(HOST).as_posix()
        for path in HOST.rglob("*")
        if path.suffix in {".py", ".typ", ".yaml", ".jinja2"}
        and "notula" in path.name + path.read_text(encoding="utf-8")
    }
    assert places == {"__init__.py", "notula.py", "letters/notula.typ", "workflows/notula.yaml"}


def test_nothing_of_ours_knows_the_kind():
    for folder in (SOURCE, ROOT / "templates", ROOT / "workflows"):
        for path in folder.rglob("*"):
            if path.suffix in {".py", ".jinja2", ".typ", ".yaml", ".js"}:
                assert "notula" not in path.read_text(encoding="utf-8").replace("_", "-"), path


def test_a_shipped_kind_is_named_by_its_family_its_template_and_its_flow_alone():
    """A page, a service or a list that names a kind would be a fifth place."""
    ids = {each.id for each in SHIPPED} - {"surat-masuk"}
    found = set()
    for path in SOURCE.rglob("*.py"):
        place = path.relative_to(SOURCE).as_posix()
        if place.startswith(("kinds/", "demo/")):
            continue
        texts = {
            each.value
            for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(each, ast.Constant)
        }
        found |= {(place, each) for each in texts & ids}
    assert found == set(NAMED_ON_PURPOSE)


def test_with_these_places_the_kind_is_whole(tmp_path):
    where = flow(tmp_path)

    def add(config):
        config.add_letter_kind(NOTULA)
        config.add_workflow_directory(where)

    made = house(tmp_path, add)
    assert made.kinds["notula"] is NOTULA
    assert "witness" in made.world.fields["notula"]
    assert [each.id for each in made.flows.all() if "notula" in (each.applies.kinds or ())] == ["notula"]


def test_its_form_and_its_json_schema_come_from_the_declaration():
    lists = {"classification": {"400": "Kesra"}, "positions": {"p1": "Kepala"}, "offices": {}, "villages": {}}
    typed = {
        "subject": "Serah terima aset",
        "classification": "400",
        "held_on": "20/11/2026",
        "witness": "Siti",
        "body": "Telah diserahkan.",
        "signatory": "p1",
        "addressees": "Kepala Balai | Serang | cetak",
    }
    values = schema.validate(NOTULA, typed, lists)
    assert (values["held_on"], values["witness"]) == ("2026-11-20", "Siti")
    assert {"held_on", "witness"} <= set(json_schema.kind_schema(NOTULA, lists)["properties"])


def test_without_its_declaration_the_flow_stops_the_start(tmp_path):
    where = flow(tmp_path)
    with pytest.raises(ConfigurationExecutionError, match="'notula'") as caught:
        house(tmp_path, lambda config: config.add_workflow_directory(where))
    assert isinstance(caught.value.evalue, FlowError)


def test_without_its_template_the_declaration_stops_the_start(tmp_path):
    with pytest.raises(ConfigurationExecutionError, match="neither a typst file nor a renderer"):
        house(tmp_path, lambda config: config.add_letter_kind(replace(NOTULA, template="berita")))


def test_without_its_flow_nobody_is_offered_the_kind(tmp_path, site):
    made = house(tmp_path, lambda config: config.add_letter_kind(NOTULA))
    with pytest.raises(SuratError, match="Belum ada alur untuk naskah 'notula'"):
        made.flows.choose(site, "DINKES", "keluar", "notula")
