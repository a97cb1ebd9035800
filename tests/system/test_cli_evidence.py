"""`surat evidence`, `surat stand-ins` and the demo's authority beside `surat serve`, as DKISP types them."""

from __future__ import annotations

import json
import re
import shutil
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from cryptography import x509
from installation import Process, free_port
from office_work import Client

from intranet_surat.cli import ground, main
from intranet_surat.demo.regency import PASSWORD
from intranet_surat.services.evidence import anchors

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A small demo with its sample letters."""
    folder = tmp_path_factory.mktemp("bukti")
    shutil.copy(ROOT / "development.ini", folder / "development.ini")
    assert main(["demo", "--small", str(folder / "development.ini")]) == 0
    return folder


def said(capsys, *words):
    code = main([*words])
    return code, capsys.readouterr()


def test_a_fresh_demo_lacks_the_evidence_of_its_sample_letters_and_serving_it_makes_it(home, capsys):
    ini = str(home / "development.ini")
    code, told = said(capsys, "evidence", ini)
    assert code == 1
    assert "overdue  /dinkes/surat-keluar/" in told.out
    code, health = said(capsys, "check", ini)
    assert code == 2, health.out
    assert health.out.startswith("CRITICAL: evidence, worker\nbad  evidence kept=0 ")
    letter, port = re.search(r"/dinkes/surat-keluar/\S+", told.out)[0], free_port()
    server = Process(home, "server", "serve", ini, "--port", str(port), ready="serving http").wait()
    try:
        head = Client(port, "kepala.dinkes", PASSWORD)
        server.wait_until(lambda: [each["kind"] for each in head.get(letter)["files"]].count("signed") > 1)
    finally:
        server.stop()
    code, told = said(capsys, "evidence", ini)
    assert (code, "1 in order" in told.out) == (0, True), told.out
    code, health = said(capsys, "check", ini)
    assert (code, health.out.splitlines()[0]) == (1, "WARNING: keepers"), "nobody has the role in the small demo"
    assert "good evidence kept=1 " in health.out


def test_of_what_cannot_be_opened_the_health_is_unknown(tmp_path, capsys):
    code, told = said(capsys, "check", str(tmp_path / "tidak.ini"))
    assert (code, told.out, "not found" in told.err) == (3, "", True)


def test_the_anchors_of_a_fresh_demo_have_no_problems(home, capsys):
    code, told = said(capsys, "evidence", "anchors", str(home / "development.ini"))
    assert code == 0
    assert told.out == "surat evidence: 0 problems with the anchors; there is none yet\n"


def test_published_anchors_hold_nothing_of_the_letters(home, capsys):
    with ground.opened(ground.read(str(home / "development.ini"))[0]) as database, ground.writing(database) as opened:
        _, connection = opened
        site, house = ground.site_of(connection), ground.house(ground.read(str(home / "development.ini"))[0])
        anchor = anchors.make(house, site, ground.now())
        told = [letter for letter, _, _ in anchor.leaves]
    code, said_ = said(capsys, "evidence", "publish", str(home / "development.ini"))
    assert code == 0
    (line,) = said_.out.splitlines()
    assert set(json.loads(line)) == {"v", "number", "day", "previous", "root", "letters", "digest"}
    assert told
    assert not any(letter in said_.out for letter in told)
    code, found = said(capsys, "evidence", "anchors", str(home / "development.ini"))
    assert (code, "anchor 1 of" in found.out, "has no timestamp" in found.out) == (1, True, True)


def test_too_many_words_are_refused(home, capsys):
    code, told = said(capsys, "evidence", "letters", "x", str(home / "development.ini"))
    assert code == 1
    assert "expected: surat evidence [anchors | publish] [INI]" in told.err


def test_stand_ins_answer_on_loopback_until_they_are_stopped(home):
    port = free_port()
    made = Process(home, "luar", "stand-ins", "development.ini", "--port", str(port), ready="serving http").wait()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/crl/penerbit.crl", timeout=20) as answer:
            assert answer.headers["Content-Type"] == "application/pkix-crl"
            assert x509.load_der_x509_crl(answer.read()).is_signature_valid(_issuer(home).public_key())
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/otoritas/akar.pem", timeout=20)
    finally:
        made.stop()


def _issuer(home):
    return x509.load_pem_x509_certificate((home / "var" / "ttd" / "penerbit.pem").read_bytes())


def test_another_port_is_taken_when_the_usual_one_is_in_use_and_it_is_said(home, monkeypatch, capsys):
    from intranet_surat.cli import stand_ins

    _, values = ground.read(str(home / "development.ini"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        usual = taken.getsockname()[1]
        monkeypatch.setattr(ground, "STAND_INS", usual)
        port = stand_ins.beside(values)
    assert port not in {None, usual}
    assert f"port {usual} is in use; the demo's time stamps are on {port}" in capsys.readouterr().out


def test_stand_ins_are_refused_in_production_and_without_keys(home, capsys, tmp_path):
    ini = tmp_path / "production.ini"
    ini.write_text((home / "development.ini").read_text().replace("intranet_surat.demo = true\n", ""))
    code, told = said(capsys, "stand-ins", str(ini))
    assert code == 1
    assert "stand-ins are for a demo only" in told.err
    shutil.copy(home / "development.ini", tmp_path / "development.ini")
    code, told = said(capsys, "stand-ins", str(tmp_path / "development.ini"))
    assert code == 1
    assert "make one with `surat demo`" in told.err
