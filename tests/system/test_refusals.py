"""What production does not start with: one line each that names the setting and what to write there instead."""

from __future__ import annotations

import gc
import logging
import shutil
from datetime import UTC, datetime

import installation as inst
import pytest

from intranet_surat.cli import main
from intranet_surat.demo.authority import issuing
from intranet_surat.services.secret import Secret
from intranet_surat.settings import DEMO_SECRET


@pytest.fixture(autouse=True)
def logging_as_it_was():
    """A process of production sets up logging for itself; here it would write into a test that is over."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def production(tmp_path):
    """production.ini, filled in, over a file that no process holds."""
    shutil.copy(inst.ROOT / "production.ini", tmp_path / "production.ini")
    (tmp_path / "kunci").write_bytes(bytes(range(32)))
    ini = tmp_path / "production.ini"
    inst.set_lines(
        ini,
        zodbconn__uri=f"file://{tmp_path}/var/Data.fs",
        intranet_surat__public_url="https://surat.example.go.id",
        intranet_surat__secret="b3" * 32,
        intranet_surat__private_key_file=f"{tmp_path}/kunci",
        intranet_surat__var=f"{tmp_path}/var",
        intranet_surat__signing_keys=f"{tmp_path}/ttd",
        intranet_surat__roots=f"{tmp_path}/akar.pem",
    )
    ini.write_text(ini.read_text().replace("[app:main]", "[app:main]\nintranet_surat.root_allowed = true"))
    return ini


def told(capsys, *words):
    """What a command refuses with."""
    code = main([str(each) for each in words])
    err = capsys.readouterr().err
    assert code == 1, err
    assert "Traceback" not in err
    # What libraries log stands before it.
    return err[err.index(f"surat {words[0]}:") :]


def refused(capsys, production):
    """The lines about settings with which a process of production refuses to start."""
    lines = told(capsys, "worker", production, "--once").splitlines()
    assert lines[0] == "surat worker: refusing to start without intranet_surat.demo = true:"
    return [line.strip() for line in lines[1:]]


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        (
            "public_url",
            "",
            "intranet_surat.public_url is missing, QR codes would lead nowhere: write an address such as https://surat.example.go.id",
        ),
        (
            "public_url",
            "http://surat.example.go.id",
            "intranet_surat.public_url must begin with https://, found 'http://surat.example.go.id'",
        ),
        (
            "secret",
            DEMO_SECRET,
            "intranet_surat.secret is the one of the demo: write a random one, e.g. from `openssl rand -hex 32`",
        ),
        ("secret", "pendek", "intranet_surat.secret must have 32 characters or more, e.g. from `openssl rand -hex 32`"),
        (
            "private_key_file",
            "",
            "intranet_surat.private_key_file is missing: write 32 random bytes, readable by the service only",
        ),
        (
            "private_key_file",
            "/tidak/ada",
            "intranet_surat.private_key_file: /tidak/ada cannot be read: write 32 random bytes there, or name the file that holds them",
        ),
    ],
)
def test_a_setting_of_the_demo_or_none_is_named_in_one_line(production, capsys, name, value, line):
    inst.set_lines(production, **{f"intranet_surat__{name}": value})
    assert refused(capsys, production) == [line]


def test_a_key_of_another_length_is_named(production, capsys):
    (production.parent / "kunci").write_bytes(bytes(16))
    assert refused(capsys, production) == [
        f"intranet_surat.private_key_file: {production.parent}/kunci must hold exactly 32 bytes"
    ]


def test_authorities_of_the_demo_are_named_wherever_they_lie(production, capsys):
    home = production.parent
    issuing.equip(home / "ttd", [], Secret("frasa"), datetime.now(UTC))
    (home / "ttd" / "akar.pem").rename(home / "akar.pem")
    says = "is a demo key (UJI COBA): write the certificates of the real authority"
    assert refused(capsys, production) == [
        f"intranet_surat.roots: {home}/akar.pem {says}",
        f"intranet_surat.signing_keys: {home}/ttd/penerbit.pem {says}",
    ]


def test_keys_without_authorities_are_told_before_anybody_signs(production, capsys):
    home = production.parent
    (home / "ttd").mkdir()
    (home / "ttd" / "abc.p12").write_bytes(b"kunci")
    assert refused(capsys, production) == [
        f"intranet_surat.roots: {home}/akar.pem cannot be read: without authorities every signature counts as invalid"
    ]


def test_a_demo_database_is_refused_with_a_log_in_that_shows_it(production, capsys):
    demo = production.with_name("demo.ini")
    shutil.copy(inst.ROOT / "development.ini", demo)
    assert main(["demo", "--small", "--no-letters", str(demo)]) == 0
    shutil.rmtree(production.parent / "var" / "ttd")
    capsys.readouterr()
    [line] = told(capsys, "worker", production, "--once").splitlines()
    assert "log-ins still have the demo password, for example " in line
    assert "begin an empty one with `surat import-offices`" in line


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        (
            "intranet_surat__signing_provider",
            "bsre",
            "intranet_surat.signing_provider: expected one of: basah, pkcs12, found 'bsre'",
        ),
        ("zodbconn__uri", "", "zodbconn.uri is missing: write the address of the database"),
        (
            "zodbconn__uri",
            "postgres://surat",
            "database address 'postgres://surat': expected file://, zconfig:// or memory://",
        ),
    ],
)
def test_what_cannot_be_used_is_named_in_one_line(production, capsys, name, value, line):
    inst.set_lines(production, **{name: value})
    assert told(capsys, "worker", production, "--once") == f"surat worker: {line}\n"


def test_an_empty_database_is_told_what_to_do(production, capsys):
    told_ = told(capsys, "worker", production, "--once")
    assert told_.count("\n") == 1
    assert "the database is empty: run `surat demo` for a demo, or `surat import-offices` for a real regency" in told_


def test_a_password_is_for_one_log_in_or_for_all_without(production, capsys):
    for words in ((), ("kepala.dinsos", "--missing")):
        assert "name one log-in, or say --missing" in told(capsys, "password", production, *words)


def test_a_server_that_does_not_answer_is_told_in_one_line(production, capsys):
    home = production.parent
    shutil.copytree(inst.ROOT / "deploy", home / "deploy")
    inst.set_lines(home / "deploy" / "relstorage.conf", dsn=f"dbname=surat host={home}", blobcache=f"{home}/blobs")
    inst.set_lines(production, zodbconn__uri=f"zconfig://{home}/deploy/relstorage.conf#main")
    for words in (("worker", production, "--once"), ("people", production)):
        line = told(capsys, *words)
        assert line.count("\n") == 1
        assert f"the database server of {home}/deploy/relstorage.conf does not answer: " in line


def test_who_refuses_to_start_lets_go_of_the_database(production, capsys):
    gc.disable()
    try:
        for _ in range(2):
            assert "the database is empty" in told(capsys, "worker", production, "--once")
    finally:
        gc.enable()
