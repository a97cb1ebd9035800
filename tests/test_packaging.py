"""The wheel has everything that the tree has, and runs in an environment where only it was installed."""

from __future__ import annotations

import ast
import configparser
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CARRIED = (
    "src",
    "templates",
    "workflows",
    "requirements",
    "setup.cfg",
    "pyproject.toml",
    "MANIFEST.in",
    "README.md",
    "LICENSE",
    "NOTICE",
)
IGNORED = shutil.ignore_patterns("__pycache__", "*.egg-info", "*.pyc")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy: building leaves traces in the tree."""
    tree = tmp_path_factory.mktemp("tree")
    for name in CARRIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=IGNORED)
        else:
            shutil.copy(source, tree / name)
    # what a developer's tree has beside the sources must not be carried along
    (tree / "templates" / "__pycache__").mkdir()
    (tree / "templates" / "__pycache__" / "__init__.cpython-311.pyc").write_bytes(b"x")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(tree / "dist"), str(tree)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    [found] = (tree / "dist").glob("*.whl")
    return found


def shipped_files():
    """What belongs into the package, by its name there."""
    roots = {"": ROOT / "src" / "intranet_surat", "templates/": ROOT / "templates", "workflows/": ROOT / "workflows"}
    return {
        f"intranet_surat/{prefix}{path.relative_to(root).as_posix()}"
        for prefix, root in roots.items()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def locked(name):
    """The distributions of a lock file."""
    text = (ROOT / "requirements" / f"{name}.lock").read_text()
    return {_plain(found) for found in re.findall(r"^([\w.\-]+)(?:\[.*?\])?==", text, re.MULTILINE)}


def _plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def imported():
    """Each library that the package imports somewhere, with where it comes from."""
    known = packages_distributions()
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names = [node.module] if isinstance(node, ast.ImportFrom) and not node.level else names
            for top in {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"intranet_surat"}:
                yield path.relative_to(ROOT).as_posix(), top, {_plain(each) for each in known.get(top, ())}


def test_make_run_installs_every_library_that_the_package_imports():
    """A newcomer's `make run` once ended at an import of what only the tests install."""
    here = "src/intranet_surat/services/"
    only_in_production = {(f"{here}locks.py", "psycopg2"), (f"{here}providers/pkcs11.py", "pkcs11")}
    run, production = locked("run"), locked("production")
    missing = {(path, top) for path, top, found in imported() if not found & run}
    assert missing == only_in_production
    assert all(found & production for path, top, found in imported() if (path, top) in only_in_production)


def test_the_wheel_holds_exactly_what_the_tree_holds(wheel):
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if not name.partition("/")[0].endswith(".dist-info")}
    assert packed == shipped_files()


def test_the_wheel_carries_its_licences(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {Path(name).name for name in archive.namelist() if ".dist-info/" in name}
        metadata = next(archive.read(name).decode() for name in archive.namelist() if name.endswith("/METADATA"))
    assert {"LICENSE", "NOTICE"} <= names
    assert "License: Apache-2.0" in metadata or "License-Expression: Apache-2.0" in metadata
    assert "Requires-Dist: pyramid<3,>=2.1" in metadata
    assert "Provides-Extra: postgresql" in metadata


def test_every_package_is_listed():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = set(config["options"]["packages"].split())
    found = {
        ".".join(path.parent.relative_to(ROOT / "src").parts)
        for path in (ROOT / "src" / "intranet_surat").rglob("__init__.py")
    }
    assert listed == found | {"intranet_surat.templates", "intranet_surat.workflows"}


def test_every_locked_library_has_a_hash_and_the_test_lock_holds_the_run_lock():
    pins = {}
    for name in ("run", "test"):
        text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8").replace("\\\n", " ")
        lines = [line.split("#")[0].strip() for line in text.splitlines()]
        required = [line for line in lines if line and not line.startswith("-")]
        assert all("--hash=sha256:" in line for line in required)
        pins[name] = {line.split()[0] for line in required}
    assert pins["run"] <= pins["test"]


@pytest.fixture
def installed(wheel, tmp_path):
    """An environment with the wheel; its libraries are lent by this one, so that nothing is fetched."""
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    python = venv / "bin" / "python"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--no-cache-dir",
    ]
    subprocess.run([*pip, str(wheel)], check=True)
    packages = next((venv / "lib").glob("python*/site-packages"))
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return venv


def test_the_installed_wheel_makes_a_regency_and_serves_a_page(installed, tmp_path):
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    where = subprocess.run(
        [str(installed / "bin" / "python"), "-c", "import intranet_surat, intranet_surat.templates as t; print(intranet_surat.__file__, t.__file__)"],
        capture_output=True, text=True, check=True, cwd=tmp_path, env=environment,
    ).stdout.split()  # fmt: skip
    assert all(each.startswith(str(installed)) for each in where)

    shutil.copy(ROOT / "development.ini", tmp_path / "development.ini")
    surat = str(installed / "bin" / "surat")
    checked = subprocess.run(
        [surat, "flow", "check"], capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    made = subprocess.run(
        [surat, "demo", "--small", "--no-letters", "development.ini"],
        capture_output=True, text=True, cwd=tmp_path, env=environment, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([surat, "serve", "--port", str(port), "development.ini"], cwd=tmp_path, env=environment)
    try:
        status, page = first_answer(f"http://127.0.0.1:{port}/", server)
        assert status == 200
        assert b"<html" in page
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


def first_answer(url: str, server: subprocess.Popen[bytes]) -> tuple[int, bytes]:
    """The first answer of a server that is starting."""
    for _ in range(300):
        assert server.poll() is None, f"the server ended with {server.returncode}"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return answer.status, answer.read()
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"no answer from {url}")
