from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from intranet_surat.resources.evolution import SHIPPED, Step, Unfinished, check, evolve, ordered, unfinished
from intranet_surat.resources.folder import find, path
from intranet_surat.resources.opening import open_database, root_site
from intranet_surat.resources.site import new_site

FIRST = Path(__file__).with_name("first.fs")


def nothing(site) -> None:
    """A step that changes nothing."""


@pytest.fixture
def site():
    """A site for steps of the test's own: it knows none of the shipped ones."""
    made = new_site("Surat", "Kabupaten Serang")
    made.evolved = ()
    return made


def test_a_new_site_needs_nothing():
    site = new_site("Surat", "Kabupaten Serang")
    check(site)
    assert unfinished(site) == ()
    assert site.evolved == tuple(step.name for step in SHIPPED)


def test_an_unfinished_step_is_refused_by_name(site):
    with pytest.raises(Unfinished, match="needs these steps first: colour; run `surat evolve`"):
        check(site, [Step("colour", nothing)])


def test_a_database_of_a_newer_release_is_refused():
    site = new_site("Surat", "Kabupaten Serang")
    site.evolved = (*site.evolved, "from-the-future")
    with pytest.raises(Unfinished, match="newer release: from-the-future"):
        check(site)


def test_steps_run_after_those_they_name_each_in_its_own_commit(site):
    seen = []
    steps = [
        Step("b", lambda _site: seen.append("b"), after=("a",)),
        Step("c", lambda _site: seen.append("c"), after=("b", "a")),
        Step("a", lambda _site: seen.append("a")),
    ]
    assert evolve(site, lambda: seen.append("commit"), steps) == ("a", "b", "c")
    assert seen == ["a", "commit", "b", "commit", "c", "commit"]
    assert site.evolved == ("a", "b", "c")
    assert evolve(site, lambda: seen.append("commit"), steps) == ()
    check(site, steps)


def test_a_step_that_fails_is_not_noted_and_runs_again(site):
    def fail(site):
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        evolve(site, lambda: None, [Step("a", nothing), Step("b", fail, after=("a",))])
    assert site.evolved == ("a",)
    assert evolve(site, lambda: None, [Step("a", nothing), Step("b", nothing, after=("a",))]) == ("b",)


@pytest.mark.parametrize(
    "steps",
    [
        [Step("a", nothing, after=("b",)), Step("b", nothing, after=("a",))],
        [Step("a", nothing, after=("missing",))],
        [Step("a", nothing), Step("a", nothing)],
    ],
)
def test_circles_gaps_and_doubles_are_errors(steps):
    with pytest.raises(ValueError, match="evolution steps"):
        ordered(steps)


def test_the_first_database_ever_made_can_still_be_read(tmp_path):
    """``first.fs`` was written by the first release and is never written again."""
    shutil.copy(FIRST, tmp_path / "Data.fs")
    db = open_database(f"file://{tmp_path}/Data.fs")
    connection = db.open()
    site = root_site(connection)
    evolve(site, lambda: None)
    letter = find(site, "/dinkes/surat-masuk/2026/mfzwizltoq2gg2lo")
    assert letter.fields["subject"] == "Undangan rapat"
    assert letter.history.problems() == []
    assert letter.history.entered(0) == {"subject": "Undangan rapat"}
    assert [child.holder for child in letter.dispositions()] == ["sek"]
    assert site.people.login("kadis.dinkes").name == "dr. Uji Coba"
    assert site.positions["kadis"].holders[0].person == "p1"
    assert [line.letter for line in site.registers["DINKES/agenda/2026"].lines()] == [letter.id]
    assert [row.subject for row in site.lists["kadis"].page("waiting")[0]] == ["Undangan rapat"]
    assert [job.name for job in site.jobs.pending()] == ["kirim", "tulis-daftar"]
    assert list(site.running.of(letter.flow.hash)) == [path(letter)]
    assert (len(site.publications), len(site.drafts)) == (0, 0)
    connection.transaction_manager.abort()
    connection.close()
    db.close()
