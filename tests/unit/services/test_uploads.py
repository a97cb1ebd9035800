import hashlib
import io
from dataclasses import replace
from types import SimpleNamespace

import pikepdf
import pytest
from PIL import Image, ImageFilter

from intranet_surat.errors import Invalid, TooLarge
from intranet_surat.services import qr, uploads
from intranet_surat.services.uploads import PLACES

CODE = "K7Q2-M94X-1311"


@pytest.fixture
def house(tmp_path):
    return SimpleNamespace(settings=SimpleNamespace(incoming=tmp_path / "unggahan"))


def pdf(pages=1, change=None, **options):
    made, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    if change:
        change(made)
    made.save(out, **options)
    return out.getvalue()


def picture(kind="PNG", size=(600, 800)):
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def scan(angle=0, noise=False, kind="PDF"):
    page = Image.new("L", (1654, 2339), "white")
    page.paste(Image.open(io.BytesIO(qr.png(CODE, scale=6))).convert("L"), (150, 1900))
    if noise:
        dirt = Image.effect_noise(page.size, 90)
        page = Image.blend(page, dirt, 0.3).filter(ImageFilter.GaussianBlur(1))
    out = io.BytesIO()
    page.rotate(angle, fillcolor="white", expand=True).save(out, kind, resolution=200)
    return out.getvalue()


def accept(house, content, filename="surat.pdf", place="scan", **more):
    return uploads.accept(house, io.BytesIO(content), filename, place, **more)


def refused(house, content, **more):
    with pytest.raises(Invalid) as caught:
        accept(house, content, field="pindai", **more)
    assert list(house.settings.incoming.iterdir()) == []
    assert list(caught.value.fields) == ["pindai"]
    return caught.value.fields["pindai"]


@pytest.mark.parametrize(
    ("content", "kind", "pages"),
    [(pdf(3), "application/pdf", 3), (picture(), "image/png", 1), (picture("JPEG"), "image/jpeg", 1)],
)
def test_a_file_is_kept_as_it_came(house, content, kind, pages):
    found = accept(house, content)
    assert found.path.read_bytes() == content
    assert found.path.stat().st_mode & 0o777 == 0o600
    assert (found.sha256, found.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (found.type, found.pages, found.flags, found.code) == (kind, pages, (), None)
    found.forget()
    found.forget()
    assert list(house.settings.incoming.iterdir()) == []


def test_the_content_tells_the_type_and_not_the_name(house):
    found = accept(house, picture(), "surat.pdf")
    assert found.filename == "surat.png"
    found.forget()
    assert "bukan salah satunya" in refused(house, b"MZ\x90\x00 program", filename="surat.pdf")
    assert "bukan salah satunya" in refused(house, b"<html><script>", filename="surat.pdf")


def test_an_empty_file_is_told(house):
    assert "kosong" in refused(house, b"")


def test_a_broken_file_is_told(house):
    assert "rusak" in refused(house, b"%PDF-1.7\nrubbish")
    assert "rusak" in refused(house, picture()[:60])


def test_a_type_that_the_place_does_not_take_is_told(house):
    assert (
        refused(house, picture(), place="verification")
        == "Di sini diterima PDF; berkas ini PNG. Simpan sebagai PDF lalu unggah lagi."
    )


def test_the_limit_of_pages_is_told_with_what_was_found(house):
    places = {"scan": replace(PLACES["scan"], pages=2)}
    assert refused(house, pdf(3), places=places) == "Berkas ini 3 halaman, paling banyak 2 halaman. Bagilah berkasnya."


def test_the_limit_of_size_stops_reading(house):
    places = {"scan": replace(PLACES["scan"], size=1024 * 1024)}

    class Endless:
        taken = 0

        def read(self, size):
            self.taken += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(TooLarge, match="paling besar 1 MB"):
        uploads.accept(house, stream, "a.pdf", "scan", places=places)
    assert stream.taken < 2 * 1024 * 1024
    assert list(house.settings.incoming.iterdir()) == []


def test_a_page_of_too_many_pixels_is_told(house):
    assert "paling besar 50 juta piksel" in refused(house, picture(size=(9_000, 6_000)))
    huge = pdf(
        change=lambda made: (
            made.pages[0].MediaBox.__setitem__(2, 14_000) or made.pages[0].MediaBox.__setitem__(3, 14_000)
        )
    )
    assert "Halaman 1 terlalu besar" in refused(house, huge)


def javascript(made):
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def launch(made):
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")


def embedded(made):
    made.attachments["x.exe"] = b"MZ"


def xfa(made):
    made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=made.make_stream(b"<xdp/>"))


@pytest.mark.parametrize(
    ("change", "flag"), [(javascript, "javascript"), (launch, "launch"), (embedded, "embedded"), (xfa, "xfa")]
)
@pytest.mark.parametrize("packed", [False, True])
def test_what_is_dangerous_is_taken_as_evidence_and_flagged(house, change, flag, packed):
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    found = accept(house, pdf(change=change, object_stream_mode=mode))
    assert flag in found.flags
    assert uploads.FLAG_SAYS[flag]


def test_a_locked_file_is_taken_and_flagged(house):
    found = accept(house, pdf(encryption=pikepdf.Encryption(owner="a", user="b")))
    assert (found.flags, found.pages) == (("encrypted",), 0)


@pytest.mark.parametrize(
    ("angle", "noise", "kind"),
    [
        (0, False, "PDF"),
        (7, False, "PDF"),
        (90, False, "PDF"),
        (180, True, "PDF"),
        (-4, True, "PDF"),
        (3, True, "JPEG"),
        (0, True, "PNG"),
    ],
)
def test_the_code_of_a_print_is_read_from_its_scan(house, angle, noise, kind):
    assert accept(house, scan(angle, noise, kind), place="wet-scan", read_code=True).code == CODE


def test_a_scan_without_a_code_has_none(house):
    assert accept(house, pdf(), read_code=True).code is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Temp\\Surat Dinas.PDF", "Surat Dinas.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        ("", "berkas.pdf"),
        ("x" * 300, "x" * 100 + ".pdf"),
        ('a"b;c\r\nd.pdf', "a-b-cd.pdf"),
        (".htaccess", "htaccess.pdf"),
    ],
)
def test_a_name_misleads_nobody(given, kept):
    assert uploads.safe_name(given, "pdf") == kept


def test_each_place_says_its_limits_beforehand():
    assert PLACES["scan"].sentence() == "PDF, JPEG, PNG; paling besar 50 MB, paling banyak 500 halaman."
    assert PLACES["requirement"].sentence() == "JPEG, PNG, PDF; paling besar 8 MB, paling banyak 20 halaman."
