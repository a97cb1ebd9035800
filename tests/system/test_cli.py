"""The command `surat`: what it does, and one clean English line for what it cannot do."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from intranet_surat.cli import ground, main
from intranet_surat.demo.regency import PASSWORD
from intranet_surat.services import accounts, passwords

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def production(tmp_path):
    """production.ini, filled in, over a FileStorage."""
    (tmp_path / "kunci-data").write_bytes(bytes(32))
    text = (ROOT / "production.ini").read_text(encoding="utf-8")
    for name, value in {
        "zodbconn.uri": f"file://{tmp_path}/Data.fs",
        "intranet_surat.public_url": "https://surat.example.go.id",
        "intranet_surat.secret": "b3" * 32,
        "intranet_surat.private_key_file": f"{tmp_path}/kunci-data",
        "intranet_surat.var": str(tmp_path),
        "intranet_surat.signing_keys": f"{tmp_path}/ttd",
        "intranet_surat.roots": f"{tmp_path}/akar.pem",
    }.items():
        lines = [f"{name} = {value}" if line.startswith(f"{name} =") else line for line in text.splitlines()]
        assert "\n".join(lines) != text
        text = "\n".join(lines)
    path = tmp_path / "production.ini"
    path.write_text(text + "\n", encoding="utf-8")
    return path


@pytest.fixture
def as_service(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


def look(ini, question):
    """Ask something of the site behind an ini file."""
    raw, _ = ground.read(str(ini))
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        return question(ground.site_of(connection))


def test_demo_makes_a_regency_once(ini, surat):
    code, out, _ = surat("demo", "--small", "--no-letters", ini)
    assert code == 0
    assert PASSWORD in out
    assert look(ini, lambda site: site.office("DINKES").name) == "Dinas Kesehatan"
    key = ini.parent / "var" / "kunci-data"
    assert len(key.read_bytes()) == 32
    assert key.stat().st_mode & 0o077 == 0
    code, _, err = surat("demo", ini)
    assert code == 1
    assert "has a regency already" in err
    code, out, _ = surat("demo", "--if-absent", ini)
    assert (code, "nothing was changed" in out) == (0, True)


def test_demo_is_refused_outside_a_demo(production, surat, as_service):
    code, _, err = surat("demo", production)
    assert code == 1
    assert "does not say intranet_surat.demo = true" in err


def test_a_missing_ini_is_named(tmp_path, surat):
    code, _, err = surat("demo", tmp_path / "tidak.ini")
    assert (code, err) == (1, f"surat demo: configuration file {tmp_path}/tidak.ini not found\n")


def test_a_wrong_setting_is_named(ini, surat):
    ini.write_text(ini.read_text().replace("intranet_surat.worker", "intranet_surat.wroker"))
    code, _, err = surat("demo", ini)
    assert code == 1
    assert "intranet_surat.wroker: no such setting; did you mean intranet_surat.worker?" in err


@pytest.mark.parametrize("port", ["abc", "0", "70000"])
def test_a_wrong_port_is_named(ini, surat, monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    code, _, err = surat("serve", ini)
    assert (code, err) == (1, f"surat serve: PORT: expected a number from 1 to 65535, found {port!r}\n")


def test_a_busy_port_is_told_before_anything_is_made(ini, surat):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, err = surat("serve", "--demo", "--port", port, ini)
    assert code == 1
    assert f"port {port} is in use by another program; choose another one: PORT={port + 1} make run" in err
    assert not (ini.parent / "var").exists()


def test_public_url_follows_the_port(ini, monkeypatch):
    monkeypatch.setenv("PORT", "7777")
    assert ground.read(str(ini))[1]["public_url"] == "http://127.0.0.1:7777"


def test_a_database_in_use_is_told_in_one_line(ini, surat):
    raw, _ = ground.read(str(ini))
    with ground.opened(raw):
        code, _, err = surat("demo", ini)
    assert code == 1
    assert "Data.fs is in use by process" in err
    assert err.count("\n") == 1


def test_root_does_not_write_in_production(production, surat, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for words in (
        ("serve", production),
        ("worker", production),
        ("password", production, "x"),
        ("import-offices", production, "x"),
    ):
        code, _, err = surat(*words)
        assert code == 1
        assert "refusing to run as root" in err


def serve(path):
    """`surat serve` as a process of its own, on a free port, until it ends by itself; answers code and errors."""
    # The test may run as root, which production refuses before it looks at anything else.
    path.write_text(path.read_text().replace("[app:main]", "[app:main]\nintranet_surat.root_allowed = true"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "import sys; from intranet_surat.cli import main; sys.exit(main())"]
    done = subprocess.run(
        [*command, "serve", "--port", str(port), str(path)], capture_output=True, text=True, check=False, timeout=120
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


SERVED_FOR_LONG = """
import gc, weakref
from intranet_surat.cli import serve

class Knot:
    pass

lasting = Knot()
lasting.itself = lasting
serve.seldom_collect()
seen = weakref.ref(lasting)
del lasting
alive, most = weakref.WeakSet(), 0
for _ in range(60_000):
    knot = Knot()
    knot.itself = knot
    alive.add(knot)
    most = max(most, len(alive))
gc.collect()
print(most, len(alive) <= 1, seen() is not None)
"""


def test_what_holds_itself_does_not_fill_the_memory_of_a_server_that_looks_for_it_seldom():
    told = subprocess.run(
        [sys.executable, "-c", SERVED_FOR_LONG], capture_output=True, text=True, check=True, timeout=60
    )
    most, gone, began_with_it = told.stdout.split()
    assert 700 < int(most) <= 5_500
    assert gone == "True"
    assert began_with_it == "True", "what is there at the start is never looked at again"


def test_production_as_shipped_does_not_start(tmp_path):
    shutil.copy(ROOT / "production.ini", tmp_path / "production.ini")
    code, err = serve(tmp_path / "production.ini")
    assert code == 1
    for name in ("public_url", "secret", "private_key_file"):
        assert f"intranet_surat.{name}" in err


def test_production_does_not_start_with_demo_people(ini, production, surat):
    surat("demo", "--small", "--no-letters", ini)
    for name in ("Data.fs", "Data.fs.blobs"):
        shutil.move(ini.parent / "var" / name, production.parent / name)
    code, err = serve(production)
    assert code == 1
    assert "still have the demo password" in err


def test_production_does_not_start_with_demo_keys(ini, production, surat):
    surat("demo", "--small", "--no-letters", ini)
    shutil.copy(ini.parent / "var" / "ttd" / "akar.pem", production.parent / "akar.pem")
    code, err = serve(production)
    assert code == 1
    assert "is a demo key (UJI COBA)" in err


def test_import_offices_begins_a_regency_and_gives_a_password(production, tmp_path, surat, as_service):
    (tmp_path / "kantor.csv").write_text("code,name,kind\nDINKES,Dinas Kesehatan,dinas\n")
    (tmp_path / "jabatan.csv").write_text("office,code,title,since,head\nDINKES,kepala,Kepala,2025-01-01,yes\n")
    (tmp_path / "orang.csv").write_text(
        "login,name,position,since\nkepala.dinkes,Orang Satu,kepala@DINKES,2025-01-01\n"
    )
    words = (
        "import-offices",
        production,
        tmp_path / "kantor.csv",
        "--positions",
        tmp_path / "jabatan.csv",
        "--persons",
        tmp_path / "orang.csv",
    )
    code, out, _ = surat(*words, "--check")
    assert (code, "checked only" in out) == (0, True)
    code, out, _ = surat(*words)
    assert (code, out) == (
        0,
        "surat import-offices: 1 offices added, 0 changed, 1 positions added, 0 changed, 1 persons added, 0 changed\n",
    )
    code, out, _ = surat("password", production, "kepala.dinkes", "--generate")
    assert code == 0
    secret = out.strip().rpartition(" ")[2]
    stored = look(production, lambda site: accounts.person_by_login(site, "kepala.dinkes").password)
    assert passwords.matches(stored, secret)


def test_import_offices_names_the_place_of_a_problem(production, tmp_path, surat, as_service):
    (tmp_path / "kantor.csv").write_text("code,name,kind\nDINKES,Dinas Kesehatan,dines\n")
    code, _, err = surat("import-offices", production, tmp_path / "kantor.csv")
    assert code == 1
    assert "kantor.csv:2:3: kind: expected one of" in err
    with pytest.raises(ground.CommandError, match="no regency yet"):
        look(production, lambda site: site)


def test_a_password_that_is_easy_to_guess_is_refused(ini, surat, monkeypatch):
    surat("demo", "--small", "--no-letters", ini)
    monkeypatch.setattr(sys, "stdin", open(os.devnull))  # noqa: PTH123, SIM115  an empty line
    code, _, err = surat("password", ini, "kepala.dinkes")
    assert code == 1
    assert "paling sedikit 12" in err
    code, _, err = surat("password", ini, "tidak.ada", "--generate")
    assert (code, err) == (1, "surat password: no active person has the log-in 'tidak.ada'\n")


def test_shipped_flows_are_clean_and_pass_their_tests(surat):
    assert surat("flow", "check")[0] == 0
    code, out, _ = surat("flow", "test")
    assert code == 0
    assert ", 0 failed" in out


def test_a_flow_with_a_mistake_is_shown_with_its_place(tmp_path, surat):
    text = (
        (ROOT / "workflows" / "surat_masuk.yaml")
        .read_text(encoding="utf-8")
        .replace("to: menunggu_disposisi}", "to: menunggu_disposis}", 1)
    )
    path = tmp_path / "salah.yaml"
    path.write_text(text, encoding="utf-8")
    code, out, _ = surat("flow", "check", path)
    assert code == 1
    assert f"{path}:" in out
    assert "menunggu_disposisi" in out
    assert "^" in out
    assert surat("flow", "test", path)[0] == 1
    code, _, err = surat("flow", "draw", path)
    assert (code, "has findings" in err) == (1, True)


def test_a_flow_is_drawn(tmp_path, surat):
    code, out, _ = surat("flow", "draw", ROOT / "workflows" / "surat_masuk.yaml")
    assert code == 0
    assert out.lstrip().startswith("<svg")
    assert surat("flow", "draw", ROOT / "workflows" / "surat_masuk.yaml", "-o", tmp_path / "a.svg")[0] == 0
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").strip() == out.strip()


def test_flows_are_checked_without_a_database_or_a_web(tmp_path):
    script = "import sys; from intranet_surat.workflow import loader, engine, check; print([m for m in sys.modules if m.split('.')[0] in ('pyramid', 'ZODB', 'persistent')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == "[]"


def test_verify_judges_a_file(tmp_path, surat):
    path = tmp_path / "surat.pdf"
    path.write_bytes(b"bukan pdf")
    code, out, _ = surat("verify", path)
    assert code in {1, 3}
    assert "SHA-256" in out
    code, _, err = surat("verify", tmp_path / "tidak.pdf")
    assert (code, "cannot be read" in err) == (2, True), "a file that is not there is not an invalid one"
    for words in (("--roots", path), ("--anchors", path), ("--ini", tmp_path / "tidak.ini")):
        assert surat("verify", path, *words)[0] == 2, words


def test_a_missing_zeo_configuration_is_named(tmp_path, surat):
    code, _, err = surat("zeo", tmp_path / "tidak.conf")
    assert (code, "tidak.conf not found" in err) == (1, True)


def test_without_words_it_says_what_it_can_do(capsys):
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "usage: surat" in capsys.readouterr().err


def test_the_worker_carries_out_what_the_demo_left_in_the_queue(ini, surat):
    made = subprocess.run(
        [sys.executable, "-c", "import sys; from intranet_surat.cli import main; sys.exit(main())", "demo", str(ini)],
        capture_output=True, text=True, check=False, cwd=ini.parent, timeout=300,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert "10 sample letters" in made.stdout
    ini.write_text(ini.read_text().replace("intranet_surat.worker = thread", "intranet_surat.worker = none"))
    worked = subprocess.run(
        [sys.executable, "-c", "import sys; from intranet_surat.cli import main; sys.exit(main())", "worker", "--once", str(ini)],
        capture_output=True, text=True, check=False, cwd=ini.parent, timeout=300,
    )  # fmt: skip
    assert worked.returncode == 0, worked.stderr
    told = re.search(r"(\d+) jobs done", worked.stdout)
    assert told
    assert int(told[1]) >= 1
    arrived = look(
        ini, lambda site: [each.state for year in site.office("BPKAD")["kiriman"].values() for each in year.values()]
    )
    assert arrived == ["terkirim"]


def test_evolve_runs_the_steps_of_a_plugin_and_only_then_the_application_starts(ini, surat, tmp_path, monkeypatch):
    (tmp_path / "plugin_langkah.py").write_text(
        "from intranet_surat.resources.evolution import Step\n\n\ndef run(site):\n    site.title = 'Sudah'\n\n\n"
        "def includeme(config):\n    config.include('intranet_surat')\n    config.add_evolution_step(Step('langkah', run))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    surat("demo", "--small", "--no-letters", ini)
    assert surat("evolve", ini)[:2] == (0, "surat evolve: nothing to do\n")
    ini.write_text(ini.read_text().replace("[app:main]\n", "[app:main]\npyramid.includes = plugin_langkah\n"))
    code, _, err = surat("worker", "--once", ini)
    assert (code, "langkah; run `surat evolve`" in err) == (1, True)
    assert surat("evolve", ini)[:2] == (0, "surat evolve: langkah\n")
    assert look(ini, lambda site: site.title) == "Sudah"
    assert surat("worker", "--once", ini)[0] == 0


def test_a_job_that_was_given_up_is_listed_with_its_reason_and_tried_again_on_request(ini, surat):
    from datetime import UTC, datetime

    from intranet_surat.resources.jobs import TRIES

    surat("demo", ini, "--small", "--no-letters")
    raw, _values = ground.read(str(ini))
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        queue = ground.site_of(connection).jobs
        job = queue.add("kirim-surel", {}, "sekali-01", datetime(2026, 11, 20, tzinfo=UTC))
        job.tries = TRIES
        taken = queue.lease(ground.now(), 60)
        assert taken is None
        name = job.id
    code, out, _err = surat("jobs", ini)
    assert code == 1
    assert f"given up  {name} kirim-surel" in out
    assert surat("jobs", ini, "--retry", "tidak-ada")[0] == 1
    code, out, _err = surat("jobs", ini, "--retry", name)
    assert code == 0
    assert f"waiting   {name} kirim-surel" in out


def test_jobs_tells_when_a_worker_was_last_there(ini, surat):
    surat("demo", ini, "--small", "--no-letters")
    assert surat("jobs", ini)[1].splitlines()[-1] == "worker never seen"
    words = [
        sys.executable,
        "-c",
        "import sys; from intranet_surat.cli import main; sys.exit(main())",
        "worker",
        "--once",
    ]
    subprocess.run([*words, str(ini)], capture_output=True, check=True, cwd=ini.parent, timeout=300)
    assert re.fullmatch(r"worker last seen 20\d\d-\d\d-\d\dT\d\d:\d\dZ", surat("jobs", ini)[1].splitlines()[-1])


def test_the_calendar_is_listed_and_changed_with_a_reason(ini, surat, tmp_path):
    surat("demo", ini, "--small", "--no-letters")
    assert "2026-12-25\tlibur-nasional\t-\tNatal" in surat("calendar", "list", ini)[1]
    assert surat("calendar", "add", ini, "2026-12-10", "Hari jadi", "--why", "Perda")[:2] == (
        0, "surat calendar: 1 days changed; the worker counts running limits anew\n",
    )  # fmt: skip
    out = surat("calendar", "list", ini, "--year", "2026")[1]
    assert "2026-12-10\tlibur-daerah\t-\tHari jadi" in out
    assert "2027-" not in out.split("version")[0]
    assert [line.split("\t")[-1] for line in out.splitlines() if line.startswith("version")] == ["Perda", "shipped"]
    hours = ("--kind", "jam-kerja", "--hours", "08:00-15:00", "--why", "Ramadan")
    assert surat("calendar", "add", ini, "2027-02-08..2027-03-09", "Ramadan", *hours)[0] == 0
    assert "2027-02-10\tjam-kerja\t08:00-15:00\tRamadan" in surat("calendar", "list", ini)[1]
    assert surat("calendar", "remove", ini, "2026-12-10", "--why", "Batal")[0] == 0
    assert "2026-12-10" not in surat("calendar", "list", ini)[1]
    sheet = tmp_path / "libur.csv"
    sheet.write_text(
        "date,name,kind,basis\n2026-12-25,Hari Natal,libur-nasional,SKB\n2028-01-01,Tahun baru,libur-nasional,SKB\n"
    )
    assert "2 days changed" in surat("calendar", "import", ini, sheet, "--why", "SKB")[1]
    assert "Hari Natal\tSKB" in surat("calendar", "list", ini)[1]
    assert look(ini, lambda site: [job.name for job in site.jobs.pending()].count("hitung-batas")) == 4


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "besok", "Hari", "--why", "x"), "expected a date YYYY-MM-DD, found 'besok'"),
        (("add", "2026-12-25", "Hari", "--why", "x"), "date: 25-12-2026 sudah ada di kalender: Natal."),
        (("add", "2026-12-10", "Hari", "--why", " "), "why: Isi alasan"),
        (("add", "2026-12-10", "Hari", "--kind", "lain", "--why", "x"), "kind: Pilih salah satu"),
        (("add", "2026-12-10..2026-12-01", "Hari", "--why", "x"), "until: Isi tanggal akhir"),
        (("remove", "2026-12-10", "--why", "x"), "tidak ada di kalender"),
        (("import", "tidak-ada.csv", "--why", "x"), "tidak-ada.csv cannot be read"),
    ],
)
def test_a_wrong_change_of_the_calendar_is_told_in_one_line_and_stores_nothing(ini, surat, words, says):
    surat("demo", ini, "--small", "--no-letters")
    code, _, err = surat("calendar", words[0], ini, *words[1:])
    assert (code, err.count("\n")) == (1, 1)
    assert says in err
    assert look(ini, lambda site: site.reference["hari_libur"].before) == ""


def test_a_file_with_a_wrong_day_is_named_with_its_line(ini, surat, tmp_path):
    surat("demo", ini, "--small", "--no-letters")
    sheet = tmp_path / "libur.csv"
    for text, says in (
        (
            "date,name,kind\n2026-12-10,Hari,libur-daerah\n2026-12-11,,libur-daerah\n",
            "libur.csv:3: name: Isi nama hari",
        ),
        ("tanggal,nama\n2026-12-10,Hari\n", "expected the columns date, name, kind"),
    ):
        sheet.write_text(text)
        code, _, err = surat("calendar", "import", ini, sheet, "--why", "x")
        assert (code, says in err) == (1, True), err
