"""The shape of the house: rooms, fences, the five doors, sizes. Layers are checked by import-linter as well."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "intranet_surat"
MODULES = sorted(SOURCE.rglob("*.py"))
FLOORS = {
    "cli": 7, "app": 6, "config": 5, "building": 4, "building_signing": 3, "web": 2, "demo": 2,
    "services": 1, "resources": 0, "workflow": 0, "kinds": 0,
}  # fmt: skip

NETWORK = frozenset(
    {
        "socket",
        "socketserver",
        "ssl",
        "smtplib",
        "imaplib",
        "poplib",
        "ftplib",
        "telnetlib",
        "http.client",
        "http.server",
    }
    | {"urllib.request", "urllib3", "requests", "aiohttp", "httpx", "asyncio", "xmlrpc", "psycopg2"}
)
CHILDREN = frozenset({"subprocess", "multiprocessing", "pty", "concurrent.futures.process", "_posixsubprocess"})
PICKLES = frozenset({"pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "zodbpickle"})

# what may be imported only where; places are prefixes of "room/module"
FENCES = {
    "pyHanko": ({"pyhanko", "pyhanko_certvalidator"}, ("services/signing", "services/verifying", "services/timestamping", "services/evidence/", "services/providers/", "services/child/judge_pdf",
                "demo/bsre/signatures")),  # the stand-in rewrites files, as a service may
    "Pyramid": ({"pyramid", "pyramid_tm", "pyramid_retry", "pyramid_zodbconn", "pyramid_jinja2", "deform", "webob"},
                ("web/", "app.py", "config.py", "cli/", "__init__.py")),
    "persistence": ({"persistent", "BTrees"}, ("resources/", "services/search")),
    "the network": (NETWORK, ("services/outbound", "services/child/",
                              "services/signing_loop",  # pyHanko speaks asyncio, also without a network
                              "services/locks.py",  # advisory locks are held in PostgreSQL
                              "cli/serve.py")),  # asks whether its own port is free
    "other programs": (CHILDREN, ("services/children",)),
    "pickles": (PICKLES, ()),
}  # fmt: skip


def place(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> set[str]:
    """Every module name that is imported, with the names taken from it: ``a.b`` and ``a.b.c``."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place(path)}:{node.lineno}: relative import"
            found.add(str(node.module))
            found.update(f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "__import__":
            found.add("__import__")
    return found


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def texts(path: Path) -> list[str]:
    return [
        node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def docstrings(path: Path) -> set[str]:
    nodes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {ast.get_docstring(node, clean=False) or "" for node in ast.walk(tree(path)) if isinstance(node, nodes)}


def room(name: str) -> str | None:
    """The room of a module path or dotted name; None for `errors` and the data packages."""
    head = name.removeprefix("intranet_surat.").replace("/", ".").split(".")[0]
    return head if head in FLOORS else None


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_a_module_imports_only_from_a_floor_below_or_its_own_room(path):
    own = room(place(path))
    wrong = []
    for name in imports(path):
        other = room(name) if name.startswith("intranet_surat.") else None
        if own is None or other is None or own == other:
            continue
        if FLOORS[other] >= FLOORS[own]:
            wrong.append(name)
    assert wrong == []


def parts_of_workflow() -> dict[str, int]:
    """Module -> the place of its part in the list that the room's own docstring shows, from above."""
    found: dict[str, int] = {}
    place_in_list = -1
    for line in (ast.get_docstring(tree(SOURCE / "workflow" / "__init__.py")) or "").splitlines():
        begun = re.fullmatch(r"([a-z]+)?\s{2,}([a-z_, ]+)", line)
        if begun is not None:
            place_in_list += begun[1] is not None
            found.update(dict.fromkeys(re.findall(r"\w+", begun[2]), place_in_list))
    return found


def test_each_module_of_the_workflow_has_its_part_and_imports_only_parts_above():
    parts = parts_of_workflow()
    modules = {path.stem: path for path in MODULES if path.parent.name == "workflow" and path.stem != "__init__"}
    assert sorted(parts) == sorted(modules)
    wrong = [
        f"{module} imports {other}"
        for module, path in modules.items()
        for other in {name.split(".")[2] for name in imports(path) if name.startswith("intranet_surat.workflow.")}
        if parts[other] > parts[module]
    ]
    assert wrong == []


def test_settings_are_read_by_the_roof_only():
    roof = ("app.py", "building.py", "building_signing.py", "config.py", "cli/", "settings.py")
    readers = [
        place(each) for each in MODULES if any(name.startswith("intranet_surat.settings") for name in imports(each))
    ]
    assert [each for each in readers if not each.startswith(roof)] == []


@pytest.mark.parametrize("fence", FENCES)
def test_nobody_climbs_over_the_fence_around(fence):
    libraries, allowed = FENCES[fence]
    wrong = [
        f"{place(path)} imports {name}"
        for path in MODULES
        if not place(path).startswith(allowed or ("-",))
        for name in imports(path)
        if any(name == library or name.startswith(f"{library}.") for library in libraries)
    ]
    assert wrong == []


def test_nobody_starts_a_program_or_runs_a_text_in_another_way():
    forbidden_names = {"eval", "exec", "compile", "__import__"}
    forbidden_attributes = {("os", name) for name in ("system", "popen", "fork", "forkpty", "posix_spawn", "startfile")}
    forbidden_attributes |= {
        ("os", f"{verb}{end}") for verb in ("exec", "spawn") for end in ("l", "le", "lp", "v", "ve", "vp", "vpe")
    }
    forbidden_attributes |= {("yaml", "load"), ("yaml", "unsafe_load"), ("yaml", "full_load")}
    wrong = []
    for path in MODULES:
        for call in calls(path):
            match call.func:
                case ast.Name(id=name) if name in forbidden_names:
                    wrong.append(f"{place(path)}:{call.lineno}: {name}")
                case ast.Attribute(value=ast.Name(id=owner), attr=name) if (owner, name) in forbidden_attributes:
                    if not place(path).startswith(("services/children", "services/child/")):
                        wrong.append(f"{place(path)}:{call.lineno}: {owner}.{name}")
    assert wrong == []


def test_each_of_the_five_doors_exists_once():
    doors = {
        "services/outbound.py": "Outbound",
        "services/children.py": "run",
        "services/secret.py": "Secret",
        "web/errors.py": None,
        "web/headers.py": None,
        "services/secrecy.py": "may_know",
    }
    defined: dict[str, list[str]] = {}
    for path in MODULES:
        for node in tree(path).body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                defined.setdefault(node.name, []).append(place(path))
    for where, name in doors.items():
        assert (SOURCE / where).is_file(), where
        assert name is None or where in defined[name]
    for name in ("Outbound", "Secret"):
        assert len(defined[name]) == 1, f"{name} is defined in {defined[name]}"
    for where in defined["may_know"]:  # whoever remembers the answer for a request asked the one that knows
        assert where == "services/secrecy.py" or "secrecy.may_know(" in (SOURCE / where).read_text(encoding="utf-8")


def test_security_headers_are_set_by_the_one_tween():
    names = {
        "content-security-policy",
        "x-content-type-options",
        "x-frame-options",
        "referrer-policy",
        "permissions-policy",
    }
    wrong = [
        f"{place(path)}: {text}"
        for path in MODULES
        if place(path) != "web/headers.py"
        for text in texts(path)
        if text.lower() in names
    ]
    assert wrong == []


def test_error_pages_are_built_in_one_place():
    # Redirects are no errors; every refusal is raised as one of `errors` and answered by web/errors.
    refusals = (
        "HTTPBadRequest",
        "HTTPUnauthorized",
        "HTTPForbidden",
        "HTTPNotFound",
        "HTTPConflict",
        "HTTPInternalServerError",
    )
    answers = {"web/errors.py", "web/views/errors.py", "web/security.py"}  # the last refuses Pyramid's own `remember`
    wrong = [
        f"{place(path)} uses {name}"
        for path in MODULES
        if place(path).startswith("web/") and place(path) not in answers
        for name in imports(path)
        if name.startswith("pyramid.httpexceptions.") and name.rpartition(".")[2] in refusals
    ]
    assert wrong == []


def test_views_assign_to_no_resource():
    resources = {"letter", "item", "site", "office", "position", "person", "disposition", "delivery", "context"}
    wrong = []
    for path in MODULES:
        if not place(path).startswith("web/"):
            continue
        for node in ast.walk(tree(path)):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign)
                else []
            )
            for target in targets:
                match target:
                    case ast.Attribute(value=ast.Name(id=owner)) if owner in resources:
                        wrong.append(f"{place(path)}:{node.lineno}")
                    case ast.Attribute(value=ast.Attribute(attr=owner)) if owner in resources:
                        wrong.append(f"{place(path)}:{node.lineno}")
    assert wrong == []


def test_the_state_of_a_letter_is_set_in_one_place_and_those_of_copies_in_memory_where_they_are_played():
    others = {"delivery", "attempt", "job", "draft", "self"}  # they have states of their own
    played = {"services/proving.py", "workflow/rehearsal.py", "workflow/replay_life.py"}
    setters = {
        place(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == "state"
        if not (isinstance(node.value, ast.Name) and node.value.id in others)
    }
    assert setters == {"services/carrying_out.py"} | played
    putting = {place(path) for path in MODULES if "intranet_surat.services.carrying_out.put" in imports(path)}
    assert putting == {"services/migrating.py"}  # all else goes where the engine says


def test_the_clock_is_passed_in_below_the_web():
    wrong = []
    for path in MODULES:
        if not place(path).startswith(("services/", "resources/", "workflow/", "kinds/", "demo/")):
            continue
        for call in calls(path):
            match call.func:
                case ast.Attribute(value=ast.Name(id="datetime" | "date"), attr="now" | "utcnow" | "today"):
                    wrong.append(f"{place(path)}:{call.lineno}")
                case ast.Attribute(value=ast.Name(id="time"), attr="time" | "localtime" | "gmtime"):
                    wrong.append(f"{place(path)}:{call.lineno}")
    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_a_module_is_small_and_says_what_lives_in_it(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 350
    assert ast.get_docstring(tree(path)), "no module docstring"
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60, f"{node.name} has {length} lines"


def test_half_of_the_modules_are_short():
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES)
    lengths = [each for each in lengths if each > 3]
    assert lengths[len(lengths) // 2] < 150


def test_no_module_promises_work_for_later():
    wrong = []
    for path in MODULES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if any(word in line for word in ("TODO", "FIXME", "XXX", "NotImplementedError")):
                wrong.append(f"{place(path)}:{number}")
    assert wrong == []


def test_names_are_not_bags():
    bags = {"utils", "util", "helpers", "helper", "manager", "managers"}
    assert [place(each) for each in MODULES if set(each.stem.split("_")) & bags] == []
