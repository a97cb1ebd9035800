"""What somebody has approved can be read, and a test compares it."""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
APPROVED = HERE / "approved"
LINES, BYTES = 300, 20 * 1024


def test_no_approved_file_is_longer_than_a_person_reads():
    sizes = {file.name: (file.read_text("utf-8").count("\n"), file.stat().st_size) for file in APPROVED.iterdir()}
    assert {name: size for name, size in sizes.items() if size[0] > LINES or size[1] > BYTES} == {}


def test_every_approved_file_is_one_that_a_test_compares():
    names = re.compile("|".join(f"(?:{each})" for path in sorted(HERE.glob("test_*.py")) for each in compared(path)))
    assert [file.name for file in sorted(APPROVED.iterdir()) if not names.fullmatch(file.name)] == []


def test_every_flow_told_as_approved_is_a_shipped_one():
    shipped = {each.stem for each in (HERE.parents[2] / "workflows").glob("*.yaml")}
    assert {each.stem for each in (HERE / "told").iterdir()} <= shipped


def compared(path: Path) -> Iterator[str]:
    """Patterns of the files that the tests of a module compare.

    A name is worked out from the parameters of its test; where it depends on more, anything may stand in its gaps.
    """
    for function in ast.walk(ast.parse(path.read_text("utf-8"))):
        for call in ast.walk(function) if isinstance(function, ast.FunctionDef) else ():
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "approved":
                test = getattr(importlib.import_module(path.stem), function.name)
                yield from worked_out(call.args[0], test) or [loosely(call.args[0])]


def worked_out(name: ast.expr, test: Any) -> list[str]:
    """The very names, one for each set of parameters; none when they depend on more than these."""
    code = compile(ast.Expression(name), "name", "eval")
    try:
        return [re.escape(eval(code, vars(sys.modules[test.__module__]) | each)) for each in parameters(test)]
    except NameError:
        return []


def parameters(test: Any) -> list[dict[str, Any]]:
    """The sets of parameters with which a test runs."""
    found: list[dict[str, Any]] = [{}]
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            names = (
                [each.strip() for each in mark.args[0].split(",")] if isinstance(mark.args[0], str) else mark.args[0]
            )
            rows = [each if len(names) > 1 else [each] for each in map(plain, mark.args[1])]
            found = [{**one, **dict(zip(names, row, strict=True))} for one in found for row in rows]
    return found


def plain(row: Any) -> Any:
    """A row of parameters, also of one that has an id."""
    return (row.values if len(row.values) > 1 else row.values[0]) if hasattr(row, "marks") else row


def loosely(name: ast.expr) -> str:
    """The name with gaps."""
    parts = name.values if isinstance(name, ast.JoinedStr) else [name]
    return "".join(re.escape(each.value) if isinstance(each, ast.Constant) else ".*" for each in parts)
