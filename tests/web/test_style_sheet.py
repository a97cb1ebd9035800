"""The style sheet and the pages know the same classes: no rule is left of what is gone, and none is misspelled."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHEET = (ROOT / "templates/static/app.css").read_text("utf-8")
SCRIPT = (ROOT / "templates/static/app.js").read_text("utf-8")
TEMPLATES = [each.read_text("utf-8") for each in sorted((ROOT / "templates").rglob("*.jinja2"))]
CODE = [each.read_text("utf-8") for each in sorted((ROOT / "src").rglob("*.py"))]
TESTS = "".join(each.read_text("utf-8") for each in sorted((ROOT / "tests").rglob("*.py")))
NAME = re.compile(r"(?<![\w-])[a-z][\w-]*")
CLASSES = re.compile(r"""class=(?:"((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"|'([^']*)')|_class %\}(.*?)\{% endblock""")
QUOTED = re.compile(r""""([^"\n]*)"|'([^'\n]*)'""")


def ruled():
    """The classes that the style sheet has rules for."""
    selectors = re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL))
    return set(re.findall(r"\.([a-z][\w-]*)", " ".join(selectors)))


def written(text):
    """What stands in the class attributes and blocks of a file."""
    return ["".join(each) for each in CLASSES.findall(text)]


def quoted(text):
    """The words of the texts in a program that hold nothing but names."""
    for each in QUOTED.findall(text):
        words = "".join(each).split()
        if all(map(NAME.fullmatch, words)):
            yield from words


def test_every_class_of_the_style_sheet_is_used_by_a_page():
    pages = [each for text in (*TEMPLATES, *CODE) for each in written(text)]
    inside = ["".join(re.findall(r"\{[{%].*?[%}]\}", text, re.DOTALL)) for text in TEMPLATES]
    used = {name for text in (*pages, SCRIPT) for name in NAME.findall(text)}
    used.update(name for text in (*inside, *CODE) for name in quoted(text))
    begun = {name for text in pages for name in re.findall(r"([a-z][\w-]*-)\{", text)}  # due-{{ it.css }}
    assert sorted(each for each in ruled() - used if not each.startswith(tuple(begun))) == []


def test_every_class_of_a_page_has_a_rule_or_is_what_a_test_looks_for():
    plain = {name for text in TEMPLATES for each in written(text) if "{" not in each for name in NAME.findall(each)}
    assert sorted(each for each in plain - ruled() if not re.search(rf"\.{each}(?![\w-])", TESTS)) == []
