"""The style sheet and the pages know the same classes: no rule is left of what is gone, and none is misspelled."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/intranet_surat"
SHEET = (ROOT / "templates/static/app.css").read_text("utf-8")
TEMPLATES = [each.read_text("utf-8") for each in sorted((ROOT / "templates").rglob("*.jinja2"))]
DRAWING = (SOURCE / "workflow/draw.py").read_text("utf-8")
TESTS = [each.read_text("utf-8") for each in sorted((ROOT / "tests").rglob("*.py"))]
NAME = re.compile(r"(?<![\w-])[a-z][\w-]*")
CLASSES = re.compile(r"""class=(?:"((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"|'([^']*)')|_class %\}(.*?)\{% endblock""")
QUOTED = re.compile(r""""([^"\n]*)"|'([^'\n]*)'""")
CHOSEN = re.compile(r"""\b(?:columns|css|look) ?= ?"([^"]*)\"""")
"""A class that a macro is given by name."""
SOUGHT = re.compile(r"\b(?:select|select_one|locator|said)\((.*)")
"""Where a test names what it looks for, in quotes, by a selector."""
HANDED = {
    "acting": "web/layout.py",
    "leader": "web/layout.py",
    "ok": "web/initials_chain.py",
    "returned": "web/initials_chain.py",
    "edge": "workflow/draw.py",
    "etext": "workflow/draw.py",
}
"""The classes that no page writes, and the module that hands each to one."""


def ruled():
    """The classes that the style sheet has rules for."""
    selectors = re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL))
    return set(re.findall(r"\.([a-z][\w-]*)", " ".join(selectors)))


def quoted(text):
    """The texts between quotes in a piece of a program."""
    return " ".join("".join(each) for each in QUOTED.findall(text))


def written(text):
    """What stands in the class attributes and blocks of a file; of what is worked out there, only its texts."""
    for each in CLASSES.findall(text):
        yield re.sub(r"\{\{(.*?)\}\}", lambda it: "{" + quoted(it[1]), re.sub(r"\{%.*?%\}", " ", "".join(each)))


def test_every_class_of_the_style_sheet_is_used_by_a_page():
    pages = [each for text in (*TEMPLATES, DRAWING) for each in written(text)]
    chosen = [each for text in TEMPLATES for each in CHOSEN.findall(text)]
    used = {name for text in (*pages, *chosen) for name in NAME.findall(text)}
    begun = {name for text in pages for name in re.findall(r"([a-z][\w-]*-)\{", text)}  # due-{{ it.css }}
    assert sorted(each for each in ruled() - used - set(HANDED) if not each.startswith(tuple(begun))) == []


def test_every_class_that_a_module_hands_to_a_page_has_a_rule_and_is_handed():
    gone = [name for name, path in HANDED.items() if f'"{name}"' not in (SOURCE / path).read_text("utf-8")]
    assert (gone, sorted(set(HANDED) - ruled())) == ([], [])


def test_every_class_of_a_page_has_a_rule_or_is_what_a_test_looks_for():
    plain = {name for text in TEMPLATES for each in written(text) if "{" not in each for name in NAME.findall(each)}
    sought = " ".join(quoted(each) for text in TESTS for each in SOUGHT.findall(text))
    assert sorted(each for each in plain - ruled() if not re.search(rf"\.{each}(?![\w-])", sought)) == []
