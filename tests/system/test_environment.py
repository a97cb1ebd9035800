"""tools/environment.py: what a newcomer's machine may lack, and that a second run does nothing."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tools" / "environment.py"


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """The script as a module over an empty checkout; instead of calling pip it notes what it would."""
    spec = importlib.util.spec_from_file_location("environment", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    for name in ("run", "production", "test"):
        (tmp_path / "requirements" / f"{name}.lock").write_text(f"# {name}\n")
        monkeypatch.setitem(module.LOCKS, name, tmp_path / "requirements" / f"{name}.lock")
    (tmp_path / "setup.cfg").write_text("[metadata]\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PROJECT", (tmp_path / "setup.cfg",))
    calls = []

    def pip(*arguments):
        calls.append(arguments)
        if "-e" in arguments:
            (tmp_path / ".venv" / "bin" / "surat").write_text("")

    def create():
        calls.append(("create",))
        (tmp_path / ".venv" / "bin").mkdir(parents=True)

    monkeypatch.setattr(module, "pip", pip)
    monkeypatch.setattr(module, "create", create)
    monkeypatch.setattr(module, "is_alive", (tmp_path / ".venv").exists)
    module.calls = calls
    return module


def test_it_needs_nothing_but_the_standard_library():
    tree = ast.parse(SCRIPT.read_text())
    names = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_old_python_can_read_it_far_enough_to_be_told():
    ast.parse(SCRIPT.read_text(), feature_version=(3, 7))


def test_the_first_run_makes_everything_from_hashed_wheels(environment):
    assert environment.main(["run"]) == 0
    assert environment.calls[0] == ("create",)
    libraries, project = environment.calls[1:]
    assert libraries[:4] == ("install", "--require-hashes", "--only-binary", ":all:")
    assert "--no-build-isolation" in project
    assert "--no-index" in project


def test_the_second_run_does_nothing(environment):
    environment.main(["run"])
    environment.calls.clear()
    environment.main(["run"])
    assert environment.calls == []


def test_after_the_test_environment_the_running_one_is_there_too(environment):
    environment.main(["test"])
    environment.calls.clear()
    environment.main(["run"])
    assert environment.calls == []


@pytest.mark.parametrize(("changed", "calls"), [("requirements/run.lock", 1), ("setup.cfg", 1)])
def test_what_changed_is_installed_again(environment, tmp_path, changed, calls):
    environment.main(["run"])
    environment.calls.clear()
    (tmp_path / changed).write_text("# other\n")
    environment.main(["run"])
    assert len(environment.calls) == calls


def test_an_interrupted_run_begins_again(environment, monkeypatch):
    whole = environment.pip

    def broken(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "pip", broken)
    with pytest.raises(KeyboardInterrupt):
        environment.main(["run"])
    monkeypatch.setattr(environment, "pip", whole)
    environment.calls.clear()
    environment.main(["run"])
    assert [each[0] for each in environment.calls] == ["install", "install"]


def test_an_old_python_is_told_in_one_line(environment, monkeypatch):
    monkeypatch.setattr(environment, "NEEDED", (99, 0))
    with pytest.raises(SystemExit, match=r"^environment: Python 3\.11 or newer is needed, this is 3\.\d+ \(.*\)$"):
        environment.main(["run"])


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_a_missing_ensurepip_names_the_package(environment, monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        environment.main(["run"])


def test_debians_half_venv_names_the_package_too(environment, monkeypatch):
    # Debian ships `venv` without `ensurepip` data: the module imports, and making the environment fails.
    spec = importlib.util.spec_from_file_location("environment", SCRIPT)
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    monkeypatch.setattr(fresh, "VENV", environment.VENV)
    answer = type("Done", (), {"returncode": 1, "stdout": "because ensurepip is not available.", "stderr": ""})
    monkeypatch.setattr(fresh.subprocess, "run", lambda *_, **__: answer)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        fresh.create()


@pytest.mark.parametrize("words", [[], ["all"], ["run", "test"]])
def test_other_words_are_refused(environment, words):
    with pytest.raises(SystemExit, match="run, production, test"):
        environment.main(words)
