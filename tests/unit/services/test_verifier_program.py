"""The verifier as one file: run by a Python that has pyHanko and nothing of ours."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from forging import forged
from signing_stage import prepared, sign
from turns_stage import FIRST, SECOND, record, signed_by

from intranet_surat.services.evidence import anchors
from intranet_surat.services.proof import archive, program, writing


def closure(name, found=None):
    """A distribution and everything that it needs."""
    found = {} if found is None else found
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in found:
        return found
    try:
        found[key] = distribution(name)
    except PackageNotFoundError:
        return found
    for each in found[key].requires or ():
        if "extra ==" not in each:
            closure(re.match(r"[A-Za-z0-9_.-]+", each)[0], found)
    return found


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A place for modules that holds pyHanko with what it needs, and the program beside it."""
    place = tmp_path_factory.mktemp("elsewhere")
    (place / "site").mkdir()
    for each in closure("pyhanko").values():
        for file in each.files or ():
            top = place / "site" / file.parts[0]
            origin = Path(str(each.locate_file(file.parts[0])))
            if file.parts[0] not in ("..", "__pycache__") and origin.exists() and not top.exists():
                top.symlink_to(origin)
    (place / "periksa_paket.pyz").write_bytes(program.build())
    return place


@pytest.fixture
def paket(desk):
    """The package of a letter that was signed."""
    letter = prepared(desk)
    sign(desk, letter)
    return writing.build(desk.house, desk.site, letter, desk.now)


@pytest.fixture
def roots(pki):
    file = pki / "otoritas.pem"
    file.write_bytes((pki / "akar.pem").read_bytes() + (pki / "penerbit.pem").read_bytes())
    return file


def run(elsewhere, *words):
    # -S leaves our environment's libraries out; only those of `elsewhere` are there.
    return subprocess.run(
        [sys.executable, "-S", elsewhere / "periksa_paket.pyz", *words],
        cwd=elsewhere, env={"PYTHONPATH": str(elsewhere / "site")}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_nothing_of_ours_is_needed(elsewhere):
    asked = "import pyhanko, importlib.util as u; print([u.find_spec(n) for n in ('intranet_surat', 'lark', 'ZODB')])"
    done = subprocess.run(
        [sys.executable, "-S", "-c", asked],
        env={"PYTHONPATH": str(elsewhere / "site")}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[None, None, None]"


def test_the_program_judges_a_letter_of_the_demo_like_we_do(elsewhere, paket, roots):
    (elsewhere / "surat.zip").write_bytes(paket)
    done = run(elsewhere, "surat.zip", "--roots", str(roots))
    assert done.returncode == 3, done.stderr
    assert "belum dijangkarkan" in done.stdout
    for told in ("Tanda tangan 1: SAH", "Oleh ", "Sebagai   Kepala Dinas", "Tingkat   B", "Isi       Tidak berubah"):
        assert told in done.stdout, told
    assert "tidak sah" not in done.stdout


def test_the_program_compares_whose_signatures_an_act_says_to_have_ended(elsewhere, desk, roots):
    letter = record(desk)
    signed_by(desk, letter, FIRST)
    desk.act(SECOND, letter, "tolak", {"alasan": "Jumlah barang keliru"})
    package = writing.build(desk.house, desk.site, letter, desk.now)
    (elsewhere / "gugur.zip").write_bytes(package)
    (elsewhere / "lain.zip").write_bytes(forged(package, "tolak", [0]))
    whole, other = (run(elsewhere, name, "--roots", str(roots)) for name in ("gugur.zip", "lain.zip"))
    assert (whole.returncode, other.returncode) == (3, 1), whole.stdout + other.stdout
    assert "Tanda tangan yang disebut gugur karena tindakan ini bukan" in other.stdout


def test_the_program_names_what_was_touched(elsewhere, paket, roots):
    touched = bytearray(paket)
    place = touched.index(b'"payload_digest"') + 5
    touched[place] ^= 1
    (elsewhere / "rusak.zip").write_bytes(touched)
    done = run(elsewhere, "rusak.zip", "--roots", str(roots))
    assert done.returncode == 1
    assert "riwayat.jsonl" in done.stdout


def test_without_authorities_the_program_says_what_is_missing(elsewhere, paket):
    (elsewhere / "surat.zip").write_bytes(paket)
    done = run(elsewhere, "surat.zip")
    assert done.returncode == 3
    assert "--roots" in done.stderr


def test_the_program_judges_a_signed_pdf_and_compares_with_published_anchors(elsewhere, desk, paket, roots):
    files = archive.unpack(paket)
    (elsewhere / "surat.pdf").write_bytes(next(data for name, data in files.items() if name.endswith(".pdf")))
    done = run(elsewhere, "surat.pdf", "--roots", str(roots))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tanda tangan 1: SAH" in done.stdout
    assert ", menurut sertifikat" in done.stdout, "a PDF does not say as what he signed; the archive does"
    anchors.make(desk.house, desk.site, desk.now)
    (elsewhere / "jangkar.jsonl").write_text("\n".join(anchors.public(desk.site)))
    (elsewhere / "surat.zip").write_bytes(paket)
    assert "Tidak dibuktikan" in run(elsewhere, "surat.zip", "--roots", str(roots)).stdout
    done = run(elsewhere, "surat.zip", "--roots", str(roots), "--anchors", "jangkar.jsonl")
    assert done.returncode == 3, done.stderr
    assert "Tidak dibuktikan" not in done.stdout
    (elsewhere / "jangkar.jsonl").write_text("[]")
    assert run(elsewhere, "surat.zip", "--anchors", "jangkar.jsonl").returncode == 2


def test_a_file_that_is_not_there_is_told_in_one_line(elsewhere):
    done = run(elsewhere, "tidak-ada.zip")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 2)
    assert "tidak-ada.zip" in done.stderr


def test_the_same_release_makes_the_same_program():
    assert program.build() == program.build()
