"""What the README promises is there: log-ins, files, pictures, and the words on the buttons of its tour."""

from __future__ import annotations

import re
from pathlib import Path

from intranet_surat.demo import keys, regency
from intranet_surat.resources.site import new_site
from intranet_surat.services import accounts

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
WRITTEN = [
    *(ROOT / "workflows").rglob("*.yaml"),
    *(ROOT / "templates").rglob("*.jinja2"),
    *(ROOT / "src/intranet_surat/web").rglob("*.py"),
]
LARGEST, ALL = 150_000, 1_200_000


def test_the_readme_opens_with_the_two_commands():
    first = re.findall(r"```\n(.*?)```", README, re.DOTALL)[0]
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make run", "make test"]


def lacking(*, small=False):
    """The log-ins that the README names and a demo has not."""
    site = new_site("Uji", "Kabupaten Serang")
    for plan in regency.layout.SMALL if small else regency.layout.ACTIVE:
        site.add(regency._office(plan))
    for person in regency.people(small=small).values():
        site.people[person.id] = person
    named = set(re.findall(r"`((?:[a-z0-9-]+\.)+[a-z0-9]+|bupati|sekda)`", README))
    logins = {each for each in named if not re.fullmatch(r"[\d.]+", each)}
    assert len(logins) > 15
    return {each for each in logins if accounts.person_by_login(site, each) is None}


def test_every_log_in_of_the_readme_exists_and_its_passwords_are_right():
    assert lacking() == set()
    assert f"`{regency.PASSWORD}`" in README
    assert f"`{keys.PASSPHRASE}`" in README


def test_the_log_ins_that_only_the_whole_regency_has_are_told_beside_the_small_one():
    told = re.search(r"`surat demo --small`.*?every log-in of this table but (.*?)\.\n", README, re.DOTALL)
    assert set(re.findall(r"`([^`]+)`", told[1])) == lacking(small=True)


def test_every_linked_file_exists_and_the_pictures_are_small():
    links = [each for each in re.findall(r"\]\(([^)]+)\)", README) if "://" not in each]
    assert [each for each in links if not (ROOT / each).exists()] == []
    sizes = [each.stat().st_size for each in (ROOT / "docs/img").glob("*.png")]
    assert len([each for each in links if each.endswith(".png")]) == len(sizes)
    assert max(sizes) <= LARGEST
    assert sum(sizes) <= ALL


def test_every_button_of_the_tour_is_a_word_of_the_product():
    tour = README[README.index("## The life") : README.index("## Where to read")]
    words = {each for each in re.findall(r"\*\*(.+?)\*\*", tour) if not each.endswith(".")}  # a step's head has a stop
    source = "\n".join(each.read_text() for each in WRITTEN)
    made = {"Catat dan naikkan ke Sekretaris": "Naikkan ke Sekretaris"}
    assert len(words) > 25
    assert sorted(each for each in words if made.get(each, each) not in source) == []
