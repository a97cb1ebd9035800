"""Every directive: two that add the same are told both places, a host replaces what is shipped, mistakes stop the start."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import host_app
import pytest
from host_app.notula import NOTULA
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationConflictError, ConfigurationExecutionError

from intranet_surat.config import DIRECTIVES
from intranet_surat.workflow.findings import FlowError

SETTINGS = {"intranet_surat.demo": "true", "intranet_surat.secret": "uji-coba-" * 5}
OTHER = {
    "add_letter_kind": "(NOTULA)",
    "add_workflow_directory": "('host_app:workflows')",
    "add_workflow_effect": "('cap', print)",
    "add_signing_provider": "('loket', parts.PROVIDER)",
    "add_pdf_renderer": "('lembar', parts.render)",
    "add_archive_target": "('depo', parts.keep)",
    "add_job": "('depo', parts.deliver)",
    "add_notice_channel": "('papan', parts.pin)",
    "add_evolution_step": "(parts.STEP)",
}


@pytest.fixture
def plugins(tmp_path, monkeypatch):
    """Write plugins: ``plugins(first="config.add_...")``; each is a module of its own."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(**bodies):
        for name, body in bodies.items():
            monkeypatch.delitem(sys.modules, name, raising=False)
            (tmp_path / f"{name}.py").write_text(
                "from host_app import parts\nfrom host_app.notula import NOTULA\n"
                "from dataclasses import replace\n\n\n"
                f"def includeme(config):\n    config.include('intranet_surat')\n    {body}\n"
            )
        return tmp_path

    return write


def configure(tmp_path, *names, **settings):
    config = Configurator(settings={**SETTINGS, "intranet_surat.var": str(tmp_path), **settings})
    for name in names:
        config.include(name)
    config.commit()
    return config.registry


def test_every_directive_is_tried_here():
    assert set(OTHER) == set(DIRECTIVES)
    text = Path(host_app.__file__).read_text(encoding="utf-8")
    assert [each for each in DIRECTIVES if f"config.{each}(" not in text] == []


@pytest.mark.parametrize("directive", DIRECTIVES)
def test_two_plugins_that_add_the_same_are_told_both_places(plugins, directive):
    call = f"config.{directive}{OTHER[directive]}"
    folder = plugins(plugin_satu=call, plugin_dua=call)
    with pytest.raises(ConfigurationConflictError) as caught:
        configure(folder, "plugin_satu", "plugin_dua")
    told = str(caught.value)
    assert str(folder / "plugin_satu.py") in told
    assert str(folder / "plugin_dua.py") in told
    assert f"config.{directive}" in told


def test_a_host_replaces_what_is_shipped(plugins):
    folder = plugins(plugin_ganti="config.add_letter_kind(replace(NOTULA, id='nota-dinas', title='Nota kami'))")
    assert configure(folder, "plugin_ganti").house.kinds["nota-dinas"].title == "Nota kami"


def test_a_plugin_of_the_application_that_runs_by_itself_is_named_in_its_settings(plugins):
    folder = plugins(plugin_mandiri="config.add_letter_kind(NOTULA)")
    registry = configure(folder, "intranet_surat", **{"pyramid.includes": "plugin_mandiri"})
    assert registry.house.kinds["notula"] == NOTULA


def test_a_kind_without_its_paper_stops_the_start_and_names_it(plugins):
    folder = plugins(plugin_kosong="config.add_letter_kind(replace(NOTULA, template='host_app:letters/lupa.typ'))")
    with pytest.raises(ConfigurationExecutionError, match=r"'notula' names the template 'host_app:letters/lupa\.typ'"):
        configure(folder, "plugin_kosong")


def test_a_wrong_flow_of_a_plugin_stops_the_start_with_file_line_and_column(plugins, tmp_path):
    (tmp_path / "alur").mkdir()
    source = (Path(host_app.__file__).parent / "workflows" / "pengumuman.yaml").read_text(encoding="utf-8")
    (tmp_path / "alur" / "salah.yaml").write_text(source.replace("kinds: [pengumuman]", "kinds: [nota-dinas]"))
    folder = plugins(plugin_salah=f"config.add_workflow_directory({str(tmp_path / 'alur')!r})")
    with pytest.raises(ConfigurationExecutionError) as caught:
        configure(folder, "plugin_salah")
    assert isinstance(caught.value.evalue, FlowError)
    assert re.search(r"alur/salah\.yaml:\d+:\d+: .*'cap'", str(caught.value.evalue))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("config.add_workflow_directory('/tidak/ada')", "/tidak/ada is not a directory"),
        ("config.add_workflow_effect('cap', print, 'later')", "found 'later'"),
    ],
)
def test_a_directive_refuses_what_it_cannot_use(plugins, call, says):
    folder = plugins(plugin_tolak=call)
    with pytest.raises(ValueError, match=says):
        configure(folder, "plugin_tolak")
