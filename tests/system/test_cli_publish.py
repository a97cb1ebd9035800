"""`surat flow publish`, `migrate --dry-run` and `versions` over a database, with letters that run the old version."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from intranet_surat.cli import ground
from intranet_surat.services import letters, migrating, work
from intranet_surat.services.reader import Reader

ROOT = Path(__file__).resolve().parents[2]
DESIGNER, APPROVER, CLERK = "staf-organisasi.setda", "kabag-organisasi.setda", "agendaris.kramatwatu"


@pytest.fixture
def ini(ini, surat):
    """A small demo with two letters in `dicatat`."""
    surat("demo", "--small", "--no-letters", ini)
    at_work(ini, begin_two)
    return ini


def at_work(ini, do):
    """Do something with house, manager and site in one transaction."""
    raw, _ = ground.read(str(ini))
    house = ground.house(raw)
    with ground.opened(raw) as database, ground.writing(database) as (manager, connection):
        return do(house, manager, ground.site_of(connection))


def begin_two(house, manager, site):
    clerk = site.people.login(CLERK)
    held = site.positions.held_by(clerk.id, ground.now().date())[0].id
    for number in ("1", "2"):
        fields = {
            "sender": "Kecamatan",
            "sender_number": number,
            "letter_date": "2026-11-20",
            "subject": "Rahasia kita",
        }
        letters.create(
            house, manager, site, site.office("KRAMATWATU"), "masuk", "surat-masuk", fields,
            Reader(clerk.id, (held,), held), ground.now(), key=f"kunci-uji-{number}",
        )  # fmt: skip


def changed(tmp_path, migrate, *changes):
    """The shipped flow as its next version, in a file."""
    written = (ROOT / "workflows" / "surat_masuk.yaml").read_text(encoding="utf-8").partition("\ntests:\n")[0] + "\n"
    now = int(re.search(r"(?m)^version: (\d+)$", written)[1])
    for old, new in ((f"\nversion: {now}\n", f"\nversion: {now + 1}\n"), *changes):
        assert old in written
        written = written.replace(old, new)
    path = tmp_path / "baru.yaml"
    path.write_text(f"{written}migrate: [{{from: {now}{migrate}}}]\n", encoding="utf-8")
    return path, now


def test_a_flow_is_published_by_two_people_and_the_worker_moves_its_letters(ini, tmp_path, surat):
    path, now = changed(tmp_path, ", states: {dicatat: tercatat}", ("dicatat", "tercatat"))
    code, out, _ = surat("flow", "migrate", "--dry-run", path, "--ini", ini)
    assert (code, out.splitlines()[0]) == (0, "2 letters in `dicatat` -> `tercatat`")
    assert out.count("  move /kramatwatu/surat-masuk/") == 2
    assert "Rahasia" not in out
    words = ("flow", "publish", path, "--regency", "--ini", ini, "--why", "Nama lebih jelas", "--by", DESIGNER)
    code, _, err = surat(*words, "--approved-by", DESIGNER)
    assert code == 1
    assert "nothing was published" in err
    code, out, _ = surat(*words, "--approved-by", APPROVER)
    assert code == 0
    assert f"published surat-masuk@{now + 1} " in out
    assert "the worker moves 2 letters" in out
    raw, _ = ground.read(str(ini))
    house = ground.house(raw)
    with ground.opened(raw) as database:
        work.run_due(house, database, ground.now())
    code, out, _ = surat("flow", "versions", "--ini", ini)
    assert code == 0
    old, new = (
        next(line for line in out.splitlines() if f"surat-masuk@{version} " in line) for version in (now, now + 1)
    )
    assert "running=0" in old
    assert "running=2 for=regency" in new
    assert new.endswith(f"by={DESIGNER} approved={APPROVER} why=Nama lebih jelas")


def test_letters_without_target_are_named_and_nothing_is_published(ini, tmp_path, surat):
    path, _ = changed(tmp_path, "", ("dicatat", "tercatat"))
    code, out, _ = surat("flow", "migrate", "--dry-run", path, "--ini", ini)
    assert code == 1
    assert out.startswith("2 letters in `dicatat` stay: keadaan 'dicatat' tidak mempunyai tujuan")
    assert out.count("  stay /kramatwatu/surat-masuk/") == 2
    line = len(path.read_text(encoding="utf-8").splitlines())
    words = ("flow", "publish", path, "--regency", "--ini", ini, "--why", "Uji", "--by", DESIGNER)
    code, out, _ = surat(*words, "--approved-by", APPROVER)
    assert code == 1
    assert f"baru.yaml:{line}:" in out
    assert "2 surat akan terdampar" in out
    code, out, _ = surat("flow", "versions", "--ini", ini)
    assert out.count("surat-masuk@") == 1


def test_who_is_nobody_is_told_in_one_line(ini, tmp_path, surat):
    path, _ = changed(tmp_path, "")
    words = ("flow", "publish", path, "--regency", "--ini", ini, "--why", "Uji", "--by", "tidak.ada")
    code, _, err = surat(*words, "--approved-by", APPROVER)
    assert (code, err) == (1, "surat flow: nobody with the log-in tidak.ada holds a position\n")


def test_a_file_with_a_mistake_shows_its_line_and_publishes_nothing(ini, tmp_path, surat):
    path, _ = changed(tmp_path, "", ("by: agendaris", "by: agendariss"))
    for words in (
        ("publish", "--regency", "--why", "x", "--by", DESIGNER, "--approved-by", APPROVER),
        ("migrate", "--dry-run"),
    ):
        code, out, _ = surat("flow", words[0], path, "--ini", ini, *words[1:])
        assert code == 1
        assert "agendariss" in out
        assert "^" in out


def test_publishing_proves_once(ini, tmp_path, surat, monkeypatch):
    asked = []
    plan = migrating.plan
    monkeypatch.setattr(migrating, "plan", lambda *args, **more: asked.append(args) or plan(*args, **more))
    path, _ = changed(tmp_path, ", states: {dicatat: tercatat}", ("dicatat", "tercatat"))
    words = ("flow", "publish", path, "--regency", "--ini", ini, "--why", "Nama", "--by", DESIGNER)
    code, out, _ = surat(*words, "--approved-by", APPROVER)
    assert (code, len(asked)) == (0, 1), out


def test_a_post_that_the_regency_does_not_have_is_found_when_its_database_is_asked(ini, tmp_path, surat):
    late, series = "to: position sekretaris of office", "{number: agenda-masuk}"
    path, _ = changed(tmp_path, "", (late, late.replace("ris of", "riss of")), (series, "{number: agenda-msuk}"))
    assert surat("flow", "check", path)[0] == 0
    code, out, _ = surat("flow", "check", path, "--ini", ini)
    assert code == 1
    line = next(no for no, each in enumerate(path.read_text().splitlines(), 1) if "sekretariss" in each)
    assert re.search(
        rf"baru\.yaml:{line}:\d+: Kode jabatan 'sekretariss' tidak ada; mungkin maksud Anda 'sekretaris'", out
    )
    assert "warning: " in out
    assert "Deret nomor 'agenda-msuk' belum ada di kabupaten ini" in out
    assert "1 of 1 files have findings" in out
