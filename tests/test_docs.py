"""The documents say what is there: every directive, setting and word of the glossary."""

from __future__ import annotations

import re
from pathlib import Path

from intranet_surat import config, settings

ROOT = Path(__file__).resolve().parents[1]
SOURCE = "\n".join(each.read_text() for each in sorted((ROOT / "src").rglob("*.py")))


def test_every_directive_stands_on_the_page_for_plugins():
    headings = set(re.findall(r"^### `config\.(\w+)\(", (ROOT / "docs/plugins.md").read_text(), re.MULTILINE))
    assert headings == set(config.DIRECTIVES)


def test_every_setting_stands_on_the_page_for_deployment():
    page = (ROOT / "docs/deploy.md").read_text()
    assert [each.name for each in settings.SETTINGS if f"`{each.name}`" not in page] == []


def test_every_identifier_of_the_glossary_is_a_word_of_the_source():
    rows = re.findall(r"^\| .+? \| (.+?) \|", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)
    words = {word for row in rows for word in re.findall(r"`(\w+)`", row)}
    assert len(words) > 60
    assert sorted(word for word in words if not re.search(rf"\b{word}\b", SOURCE)) == []


def test_decisions_are_numbered_without_a_gap():
    numbers = sorted(int(each.name[:4]) for each in (ROOT / "docs/adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_file_that_a_page_names_exists():
    named = []
    for page in sorted((ROOT / "docs").glob("*.md")):
        for word in re.findall(r"`([\w./-]+\.(?:py|ini|conf|yaml|jinja2|service))`", page.read_text()):
            places = (
                ROOT / word,
                ROOT / "src/intranet_surat" / word,
                ROOT / "templates" / word,
                ROOT / "deploy" / word,
            )
            if "/" in word and not word.startswith("/") and not any(each.exists() for each in places):
                named.append(f"{page.name}: {word}")
    assert named == []
