"""No uploaded file makes us call anybody: neither by the addresses in its certificates nor by those in its pages."""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "services"))

from signed_pages import NOW, Pki, page

from intranet_surat.demo.authority import issuing
from intranet_surat.services import outbound, signing_loop, verifying, verifying_upload
from intranet_surat.services.evidence import fetching
from intranet_surat.services.evidence.fetching import NotFetched, Source
from intranet_surat.services.outbound import Outbound


@pytest.fixture
def listener():
    """A server of ours that stands for whoever a file would like us to call; ``seen`` are the requests."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{server.server_port}/lagi")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name that the library asks for

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    server.seen, server.url = seen, f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


def full_of_addresses(url):
    """A page that names ``url`` wherever a PDF can: links, actions, forms, streams in other files, XML."""
    name, text, table = pikepdf.Name, pikepdf.String, pikepdf.Dictionary
    entity = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY % a SYSTEM "{url}/dtd"> %a; <!ENTITY b SYSTEM "{url}/ent">]><x>&b;</x>'
    with pikepdf.open(BytesIO(page())) as document:
        root, first = document.Root, document.pages[0].obj
        link = table(S=name.URI, URI=text(f"{url}/uri"))
        away = table(Type=name.Filespec, FS=name.URL, F=text(f"{url}/berkas"))
        root.OpenAction = table(S=name.SubmitForm, F=away, Next=link)
        root.AA = table(WC=link, DP=table(S=name.GoToR, F=away, D=text("x")))
        root.URI = table(Base=text(url))
        root.Metadata = document.make_stream(entity.encode())
        root.Metadata.Type, root.Metadata.Subtype = name.Metadata, name.XML
        root.AcroForm = table(Fields=[], XFA=document.make_stream(entity.encode()), NeedAppearances=True)
        root.Names = table(
            JavaScript=table(Names=[text("a"), table(S=name.JavaScript, JS=text(f"app.launchURL('{url}')"))])
        )
        outside = document.make_stream(b"")
        outside.F, outside.FFilter = away, name.FlateDecode
        first.Contents = document.make_indirect(outside)
        first.Annots = [table(Type=name.Annot, Subtype=name.Link, Rect=[0, 0, 600, 800], A=link, PA=link)]
        out = BytesIO()
        document.save(out)
    return out.getvalue()


@pytest.fixture
def files(listener):
    """Files whose certificates and pages name the listener, and the authorities with which they would be trusted."""
    pki = Pki()
    pki.authority = issuing.new(NOW, url=listener.url)
    roots = (pki.authority.root.public_bytes(Encoding.PEM),)
    plain = pki.sign(page())
    assert listener.url.encode().hex().encode() in plain.lower(), "the addresses stand in the certificates"
    return roots, [plain, pki.sign(full_of_addresses(listener.url)), full_of_addresses(listener.url)]


def test_the_page_calls_nobody_whatever_a_file_names(listener, files):
    roots, brought = files
    for each in brought:
        for known in (roots, ()):
            assert verifying_upload.judge(each, known, NOW).overall in {"sah", "belum", "tidak"}
    assert verifying_upload.judge(brought[0], roots, NOW).overall == "sah"
    assert listener.seen == []


def test_the_command_calls_nobody_whatever_a_file_names(listener, files, surat, tmp_path, monkeypatch):
    roots, brought = files
    looked_up = []
    monkeypatch.setattr("socket.getaddrinfo", lambda *asked, **_: looked_up.append(asked) or [])
    (tmp_path / "akar.pem").write_bytes(roots[0])
    for each in brought:
        (tmp_path / "surat.pdf").write_bytes(each)
        surat("verify", tmp_path / "surat.pdf", "--roots", tmp_path / "akar.pem")
        surat("verify", tmp_path / "surat.pdf")
    assert (listener.seen, looked_up) == ([], [])


def test_a_file_full_of_scripts_is_never_called_valid(files):
    roots, brought = files
    assert verifying.verdict(brought[1], roots, now=NOW).overall != "sah"


def ask(destinations, url):
    return signing_loop.run(Source(Outbound(destinations)).get(url))


def test_evidence_is_fetched_from_no_other_host_port_or_scheme(listener):
    known = fetching.destinations("pki.contoh.go.id", f"127.0.0.1:{listener.server_port}")
    for url in (
        f"{listener.url}/crl",
        f"http://pki.contoh.go.id@127.0.0.1:{listener.server_port}/crl",
        f"http://pki.contoh.go.id:{listener.server_port}/crl",
        "http://pki.contoh.go.id.lain.id/crl",
        "ftp://pki.contoh.go.id/crl",
        "file:///etc/passwd",
        "http://[::1]/crl",
        "//pki.contoh.go.id/crl",
        "http://pki.contoh.go.id\\@127.0.0.1/crl",
        "",
    ):
        with pytest.raises(NotFetched):
            ask(known, url)
    assert listener.seen == []


def test_evidence_follows_no_redirect(listener):
    known = fetching.destinations("pki.contoh.go.id", f"127.0.0.1:{listener.server_port}")
    with pytest.raises(NotFetched, match="redirect"):
        ask(known, "http://pki.contoh.go.id/crl")
    assert listener.seen == ["/crl"]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0"]
)
def test_a_host_of_the_settings_that_resolves_inside_is_not_called(listener, monkeypatch, address):
    def inside(*_, **__):
        return [(2, 1, 6, "", (address, listener.server_port))]

    monkeypatch.setattr(outbound.socket, "getaddrinfo", inside)
    with pytest.raises(NotFetched):
        ask(fetching.destinations("pki.contoh.go.id"), "http://pki.contoh.go.id/crl")
    assert listener.seen == []
