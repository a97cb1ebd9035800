"""Independent judges over signed letters: poppler's pdfsig, OpenSSL and qpdf accept them and refuse what was changed."""

from __future__ import annotations

import hashlib
import subprocess
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from intranet_surat.demo.authority import issuing
from intranet_surat.kinds.registry import SHIPPED
from intranet_surat.services import rendering, verifying
from intranet_surat.services.providers.base import Signer
from intranet_surat.services.providers.pkcs12 import Pkcs12Provider
from intranet_surat.services.rendering_facts import Letterhead, PrintedAddressee, RenderFacts, SigningBlock
from intranet_surat.services.secret import Secret

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ANI, BUDI = Signer("ani", "Ani Uji"), Signer("budi", "Budi Uji")
PASSPHRASE = "frasa uji"
OUTGOING = [kind for kind in SHIPPED if kind.direction == "keluar"]


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ttd")
    issuing.equip(folder, [ANI, BUDI], Secret(PASSPHRASE), NOW)
    return folder


def sign(keys, pdf, signer=ANI):
    provider = Pkcs12Provider(keys)
    return provider.sign(pdf, signer, Secret(PASSPHRASE), reason="Surat nomor 1", location="Uji", now=NOW).pdf


def page(kind):
    return rendering.pdf(
        SimpleNamespace(renderers={}),
        RenderFacts(
            template=kind.template,
            title=kind.title,
            shape=kind.shape,
            method="pades",
            letterhead=Letterhead("kantor", ("PEMERINTAH KABUPATEN SERANG", "DINAS UJI"), ("Jalan Uji 1",)),
            signatory=SigningBlock(("Kepala Dinas,",), "Kepala Dinas", "Ani Uji", "Pembina", "197001011990012001"),
            number="400.7/1/UJI/2026",
            date=date(2026, 11, 23),
            place="Serang",
            subject="Uji tanda tangan",
            addressees=(PrintedAddressee("Kepala Dinas Lain", "Serang"),),
            blocks=({"t": "p", "text": "Satu dua tiga."}, {"t": "n", "level": 1, "text": "Butir."}),
            public_url="http://127.0.0.1:6543/v/" + "A" * 22,
            test_mark=True,
        ),
        NOW,
    )


@pytest.fixture(scope="module")
def papers(keys):
    """Each outgoing kind as a signed file, and one of them signed by two."""
    made = {kind.id: sign(keys, page(kind)) for kind in OUTGOING}
    made["dua-penanda-tangan"] = sign(keys, made["surat-dinas"], BUDI)
    return made


NAMES = [*(kind.id for kind in OUTGOING), "dua-penanda-tangan"]


def run(*command):
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def pdfsig(tmp_path, data):
    """How many signatures poppler finds, and how many of them it calls valid."""
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    _, told = run("pdfsig", "-nocert", str(path))
    return told.count("Signature #"), told.count("Signature is Valid.")


def parts(data, number=-1):
    """The signed ranges and the signature of one of the file's signatures, as OpenSSL wants them."""
    starts = [at for at in range(len(data)) if data.startswith(b"/Contents <", at)]
    start = starts[number] + len(b"/Contents ")
    end = data.index(b">", start) + 1
    ranges = data[data.index(b"/ByteRange", starts[number]) :].split(b"]")[0].split(b"[")[1].split()
    length = int(ranges[2]) + int(ranges[3])
    padded = bytes.fromhex(data[start + 1 : end - 1].decode())
    assert padded[:2] == b"\x30\x82", "a sequence whose length takes two bytes; what follows it is padding"
    return start, end, data[:start] + data[end:length], padded[: 4 + int.from_bytes(padded[2:4], "big")]


def openssl(tmp_path, keys, content, signature):
    """Whether OpenSSL accepts a detached CAdES signature under the demo's root."""
    (tmp_path / "isi").write_bytes(content)
    (tmp_path / "ttd.der").write_bytes(signature)
    code, _ = run(
        "openssl", "cms", "-verify", "-cades", "-inform", "DER", "-binary", "-purpose", "any", "-attime",
        str(int(NOW.timestamp())), "-in", str(tmp_path / "ttd.der"), "-content", str(tmp_path / "isi"),
        "-CAfile", str(keys / "akar.pem"), "-out", "/dev/null",
    )  # fmt: skip
    return code == 0


def flipped(data, place, mask=1):
    spoiled = bytearray(data)
    spoiled[place] ^= mask
    return bytes(spoiled)


@pytest.mark.needs("pdfsig")
@pytest.mark.parametrize("name", NAMES)
def test_pdfsig_accepts_every_signed_file(tmp_path, papers, name):
    wanted = 2 if name == "dua-penanda-tangan" else 1
    assert pdfsig(tmp_path, papers[name]) == (wanted, wanted)
    _, told = run("pdfsig", "-nocert", str(tmp_path / "a.pdf"))
    assert told.count("ETSI.CAdES.detached") == wanted
    assert "Total document signed" in told


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("name", NAMES)
def test_openssl_accepts_every_signature_as_cades(tmp_path, keys, papers, name):
    for number in range(2 if name == "dua-penanda-tangan" else 1):
        _, _, content, signature = parts(papers[name], number)
        assert openssl(tmp_path, keys, content, signature)


@pytest.mark.needs("qpdf")
@pytest.mark.parametrize("name", NAMES)
def test_qpdf_finds_nothing_wrong(tmp_path, papers, name):
    (tmp_path / "a.pdf").write_bytes(papers[name])
    code, told = run("qpdf", "--check", str(tmp_path / "a.pdf"))
    assert code == 0, told


@pytest.mark.needs("pdffonts")
@pytest.mark.parametrize("name", NAMES)
def test_all_fonts_are_still_embedded_and_the_file_still_says_pdf_a(tmp_path, papers, name):
    (tmp_path / "a.pdf").write_bytes(papers[name])
    _, told = run("pdffonts", str(tmp_path / "a.pdf"))
    fonts = told.splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), told
    assert papers[name].rindex(b"pdfaid") > papers[name].rindex(b"/Type /Metadata")


def places(data):
    """Bytes of the signed ranges, spread over the file, and those at its borders."""
    start, end, _, _ = parts(data)
    inside = [
        *range(0, start, max(1, start // 24)),
        start - 1,
        end,
        *range(end, len(data), max(1, (len(data) - end) // 8)),
    ]
    return [*inside, len(data) - 1]


def signature_places(data):
    """Hex digits of the signature value and of what is signed beside it: the end of the CMS structure."""
    start, _, _, signature = parts(data)
    value = start + 1 + 2 * (len(signature) - 256)
    return [*range(value, value + 512, 23), value + 511]


@pytest.mark.needs("pdfsig")
def test_pdfsig_refuses_any_flipped_byte(tmp_path, papers):
    data = papers["surat-dinas"]
    for place in (*places(data), *signature_places(data)):
        assert pdfsig(tmp_path, flipped(data, place))[1] == 0, f"byte {place}"


@pytest.mark.needs("openssl")
def test_openssl_refuses_any_flipped_byte(tmp_path, keys, papers):
    _, _, content, signature = parts(papers["surat-dinas"])
    for place in range(0, len(content), len(content) // 80):
        assert not openssl(tmp_path, keys, flipped(content, place), signature), f"signed byte {place}"
    for place in range(len(signature) - 256, len(signature)):
        assert not openssl(tmp_path, keys, content, flipped(signature, place)), f"signature byte {place}"


@pytest.mark.parametrize("name", NAMES)
def test_our_own_verdict_refuses_every_flipped_byte_of_an_archived_file(keys, papers, name):
    data, roots = papers[name], ((keys / "akar.pem").read_bytes(),)
    archived = hashlib.sha256(data).hexdigest()
    assert verifying.verdict(data, roots, now=NOW, archived=archived).overall == "sah"
    for place in range(0, len(data), 7):
        assert verifying.verdict(flipped(data, place), roots, now=NOW, archived=archived).overall == "tidak"


def test_without_the_archive_no_flipped_byte_is_valid_either(keys, papers):
    data, roots = papers["surat-dinas"], ((keys / "akar.pem").read_bytes(),)
    start, end, _, signature = parts(data)
    inside = range(start, start + 2 * len(signature) + 4, 499)
    for place in (*places(data)[::4], *signature_places(data)[::6], *inside, end - 2, end - 1):
        assert verifying.verdict(flipped(data, place), roots, now=NOW).overall != "sah", f"byte {place}"
