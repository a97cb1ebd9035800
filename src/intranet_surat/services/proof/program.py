"""Makes the verifier as one file: our judging modules and three small libraries in a ZIP that Python runs.

What it needs besides Python is pyHanko, which judges the signatures.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from importlib.metadata import files as dist_files
from pathlib import Path

from intranet_surat.services.proof import archive

START = "intranet_surat.services.proof.telling"
OURS = "intranet_surat"
EMBEDDED = ("lark", "PyYAML", "rfc8785")
"""Distributions that are put in; all are pure Python, or work without their compiled part."""
TABLES = ("reference/algoritma.csv",)
MAIN = f"""import sys
from datetime import datetime, timezone

try:
    import pyhanko
except ImportError:
    sys.exit("Pemeriksa ini memerlukan pyHanko: python3 -m pip install pyHanko")
from {START} import main

sys.exit(main(sys.argv[1:], datetime.now(timezone.utc)))
"""


def build() -> bytes:
    """The program, as bytes; the same for the same release. Run it as ``python3 periksa_paket.pyz PAKET.zip``."""
    found = {"__main__.py": MAIN.encode()}
    home = Path(str(importlib.util.find_spec(OURS).origin)).parent  # type: ignore[union-attr]
    for name in sorted(_reached(START)):
        path = _source(name)
        found[f"{OURS}/{path.relative_to(home).as_posix()}"] = path.read_bytes()
    for grammar in sorted((home / "workflow").glob("*.lark")):
        found[f"{OURS}/workflow/{grammar.name}"] = grammar.read_bytes()
    for table in TABLES:
        found[f"{OURS}/{table}"] = (home / table).read_bytes()
    found[f"{OURS}/reference/__init__.py"] = (home / "reference/__init__.py").read_bytes()
    for distribution in EMBEDDED:
        found.update(_library(distribution))
    return archive.pack(found)


def _reached(name: str) -> set[str]:
    """The modules of ours that ``name`` loads, with the packages above them."""
    found: set[str] = set()
    todo = [name]
    while todo:
        module = todo.pop()
        if module in found:
            continue
        found.add(module)
        todo += [".".join(module.split(".")[:depth]) for depth in range(1, module.count(".") + 1)]
        todo += _imports(_source(module))
    return found


def _imports(path: Path) -> Iterator[str]:
    for node in _run(ast.parse(path.read_text(encoding="utf-8")).body):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.split(".")[0] == OURS)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == OURS:
            yield str(node.module)
            inside = (f"{node.module}.{each.name}" for each in node.names)
            yield from (each for each in inside if _is_module(each))


def _run(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that are run when a module is loaded or called; what is for type checkers only is not."""
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        for part in ("body", "orelse", "finalbody", "handlers"):
            yield from _run(getattr(node, part, []))


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _source(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(name)
    return Path(spec.origin)


def _library(distribution: str) -> Iterator[tuple[str, bytes]]:
    """The sources, grammars and licence of a library."""
    for each in dist_files(distribution) or ():
        name = each.as_posix()
        wanted = each.suffix in {".py", ".lark"} or "LICENSE" in each.name.upper()
        if wanted and not name.startswith(".."):
            yield name, each.locate().read_bytes()  # type: ignore[attr-defined]
