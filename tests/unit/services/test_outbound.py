"""The one door to the network, against real servers on 127.0.0.1; and the mails that go through it."""

# ruff: noqa: ARG002, N802, N815 - stand-ins keep the shape of what they stand for

from __future__ import annotations

import base64
import dataclasses
import http.server
import re
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from intranet_surat.demo import keys
from intranet_surat.errors import Invalid
from intranet_surat.resources.folder import path
from intranet_surat.services import delivery, mail, signing
from intranet_surat.services.outbound import Answer, Outbound
from intranet_surat.services.outbound_destinations import Destination, OutboundError, addresses
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing_orders import Wanted

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SENDER = "surat@contoh.go.id"


class Box:
    """A mail server's handler that keeps what it took, and refuses what it is told to."""

    def __init__(self):
        self.taken, self.refuse, self.answer = [], "", "250 diterima sebagai A1"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == self.refuse:
            return "550 tidak ada kotak surat itu"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.answer


@pytest.fixture
def box():
    handler = Box()
    controller = Controller(handler, hostname="127.0.0.1", port=0)
    # With port 0 the controller cannot tell where it listens: take a free one first.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = handler.port = probe.getsockname()[1]
    controller.start()
    yield handler
    controller.stop()


def to(port, **more):
    known = {"scheme": "smtp", "tls": "none", "internal": True, "timeout": 30.0}
    return Destination(**{"name": "surel", "host": "127.0.0.1", "port": port, **known, **more})


def note(**more):
    return mail.notice_message(**{"key": "kabar:1", "sender": SENDER, "to": "a@contoh.go.id", "title": "Kepala Dinas",
                                  "url": "https://surat.contoh.go.id/x", "now": NOW, **more})  # fmt: skip


def read(content):
    return message_from_bytes(content, policy=default)


def test_a_mail_is_handed_over_and_the_servers_answer_comes_back(box):
    assert Outbound([to(box.port)]).send_mail("surel", note()) == "250 diterima sebagai A1"
    ((sender, recipients, content),) = box.taken
    assert (sender, recipients) == (SENDER, ["a@contoh.go.id"])
    message = read(content)
    assert message["Subject"] == "Ada surat untuk jabatan Anda"
    assert "Kepala Dinas" in message.get_content()


def test_a_refused_recipient_is_final_and_nothing_is_sent(box):
    box.refuse = "a@contoh.go.id"
    with pytest.raises(OutboundError) as caught:
        Outbound([to(box.port)]).send_mail("surel", note())
    assert caught.value.permanent
    assert "550" in caught.value.detail
    assert box.taken == []


def test_a_server_that_is_full_may_be_asked_again(box):
    box.answer = "452 penuh"
    with pytest.raises(OutboundError) as caught:
        Outbound([to(box.port)]).send_mail("surel", note())
    assert not caught.value.permanent


def test_nobody_there_may_be_asked_again():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        with pytest.raises(OutboundError) as caught:
            Outbound([to(probe.getsockname()[1])]).send_mail("surel", note())
    assert not caught.value.permanent
    assert "dapat dipakai sekarang" in caught.value.message


def test_a_server_that_says_nothing_is_left_after_the_timeout():
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(OutboundError):
        Outbound([to(silent.getsockname()[1], timeout=0.3)]).send_mail("surel", note())


def test_a_server_without_starttls_gets_no_mail(box):
    with pytest.raises(OutboundError):
        Outbound([to(box.port, tls="starttls")]).send_mail("surel", note())
    assert box.taken == []


def test_an_unknown_destination_is_refused_and_so_is_one_of_another_kind(box):
    client = Outbound([to(box.port)])
    assert "surel" in client
    for call in (lambda: client.send_mail("lain", note()), lambda: client.request("surel", "GET", "/")):
        with pytest.raises(OutboundError) as caught:
            call()
        assert caught.value.permanent


def test_a_message_without_addresses_or_too_large_is_refused_before_the_call():
    with pytest.raises(OutboundError, match="surel"):
        Outbound([to(1)]).send_mail("surel", EmailMessage())
    with pytest.raises(OutboundError) as caught:
        Outbound([to(1, max_bytes=10)]).send_mail("surel", note())
    assert "bytes" in caught.value.detail


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"internal": False}, "internal"),
        ({"user": "x"}, "password"),
        ({"scheme": "ftp"}, "scheme"),
        ({"tls": "maybe"}, "tls"),
        ({"port": 0}, "port"),
        ({"timeout": 0}, "timeout"),
        ({"scheme": "https"}, "https"),
        ({"scheme": "http", "tls": "tls"}, "http"),
    ],
)
def test_unsafe_destinations_cannot_be_made(more, why):
    with pytest.raises(ValueError, match=why):
        to(**{"port": 25, **more})


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.5", "192.168.1.1", "172.16.0.1", "169.254.169.254", "::1", "fd00::1", "fe80::1",
     "::ffff:127.0.0.1", "0.0.0.0", "100.64.0.1", "224.0.0.1"],
)  # fmt: skip
def test_private_addresses_are_refused_unless_internal(monkeypatch, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(family, 1, 6, "", (address, 443))])
    outside = Destination("luar", "https", "contoh.go.id", 443)
    with pytest.raises(OutboundError, match="luar"):
        addresses(outside)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    answers = [(socket.AF_INET, 1, 6, "", (each, 443)) for each in ("8.8.8.8", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(OutboundError):
        addresses(Destination("luar", "https", "contoh.go.id", 443))


@contextmanager
def web(answer):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self)

        do_POST = do_GET

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Destination("jasa", "http", "127.0.0.1", server.server_port, "none", internal=True, timeout=30.0,
                          max_bytes=1000)  # fmt: skip
        server.shutdown()


def reply(status, body=b"", **headers):
    def answer(handler):
        handler.send_response(status)
        for key, value in headers.items():
            handler.send_header(key, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_an_http_answer_comes_back_whole():
    with web(reply(200, b"ya", X_Nomor="7")) as where:
        answer = Outbound([where]).request("jasa", "POST", "/tanda?x=1", body=b"data", headers={"Accept": "*/*"})
    assert (answer.status, answer.body, answer.headers["x_nomor"]) == (200, b"ya", "7")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://tsa.example/stempel", ("http", "tsa.example", 80, "none")),
        ("https://tsa.example", ("https", "tsa.example", 443, "tls")),
        ("https://tsa.example:8443", ("https", "tsa.example", 8443, "tls")),
    ],
)
def test_an_address_of_the_settings_is_called_by_its_scheme_and_port(url, told):
    found = Destination.at("tsa", url, internal=True)
    assert (found.scheme, found.host, found.port, found.tls) == told


@pytest.mark.parametrize(
    ("said", "seconds"),
    [({"retry-after": "30"}, 30), ({"retry-after": "Mon, 23 Nov 2026 02:00:00 GMT"}, None), ({}, None)],
)
def test_how_long_to_wait_is_known_when_it_was_said_in_seconds(said, seconds):
    assert Answer(429, said, b"").retry_after == seconds


def test_a_redirect_is_an_error_and_is_not_followed():
    asked = []

    def away(handler):
        asked.append(handler.path)
        reply(302, Location="/lain")(handler)

    with web(away) as where, pytest.raises(OutboundError, match="jasa") as caught:
        Outbound([where]).request("jasa", "GET", "/sini")
    assert asked == ["/sini"]
    assert "redirect" in caught.value.detail


def test_an_answer_over_the_limit_is_cut_off():
    with web(reply(200, bytes(2000))) as where, pytest.raises(OutboundError) as caught:
        Outbound([where]).request("jasa", "GET", "/")
    assert "too large" in caught.value.detail


def test_a_call_that_nobody_took_was_not_sent_and_one_whose_answer_is_lost_was():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = Destination("jasa", "http", "127.0.0.1", probe.getsockname()[1], "none", internal=True)
        with pytest.raises(OutboundError) as caught:
            Outbound([nobody]).request("jasa", "POST", "/", body=b"x")
    assert not caught.value.sent
    deaf = web(lambda handler: handler.connection.shutdown(socket.SHUT_RDWR))
    with deaf as where, pytest.raises(OutboundError) as caught:
        Outbound([where]).request("jasa", "POST", "/", body=b"x")
    assert caught.value.sent


def test_an_answer_that_breaks_off_is_an_error_with_the_headers_that_came():
    def half(handler):
        handler.send_response(200)
        handler.send_header("id_dokumen", "abc")
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"half")

    with web(half) as where, pytest.raises(OutboundError) as caught:
        Outbound([where]).request("jasa", "POST", "/", body=b"x")
    assert (caught.value.sent, caught.value.headers["id_dokumen"]) == (True, "abc")


def test_an_answer_that_trickles_is_ended_when_the_time_of_the_call_is_over():
    def trickle(handler):
        with suppress(OSError):
            for _ in range(600):
                handler.wfile.write(b"HTTP/1.0 200 OK\r\nX: y\r\n"[:1])
                time.sleep(0.1)

    begun = time.monotonic()
    with web(trickle) as where, pytest.raises(OutboundError) as caught:
        Outbound([where]).request("jasa", "GET", "/", timeout=0.5)
    assert time.monotonic() - begun < 30  # it would trickle for sixty
    assert (caught.value.sent, "in time" in caught.value.detail) == (True, True)


def test_a_password_goes_as_basic_authentication_and_without_tls_only_to_the_host_that_was_named(tmp_path):
    (tmp_path / "sandi").write_text("kenari\n")
    got = []

    def answer(handler):
        got.append(handler.headers["Authorization"])
        reply(200)(handler)

    with web(answer) as where:
        mine = dataclasses.replace(
            where, user="surat", password_file=tmp_path / "sandi", allow_insecure_http=where.host
        )
        Outbound([mine]).request("jasa", "GET", "/")
        assert base64.b64decode(got[0].removeprefix("Basic ")) == b"surat:kenari"
        for named in ("", "lain.contoh.go.id"):
            with pytest.raises(ValueError, match="without TLS"):
                dataclasses.replace(mine, allow_insecure_http=named)
        gone = dataclasses.replace(mine, password_file=tmp_path / "tidak-ada")
        with pytest.raises(OutboundError) as caught:
            Outbound([gone]).request("jasa", "GET", "/")
        assert not caught.value.sent


@pytest.fixture(scope="module")
def vouched(tmp_path_factory):
    """A certificate and key for 127.0.0.1, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "esign")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    where = tmp_path_factory.mktemp("tls") / "server.pem"
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    where.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *plain) + made.public_bytes(serialization.Encoding.PEM)
    )
    return where


def test_a_password_goes_to_a_server_that_is_vouched_for_and_to_no_other(vouched, tmp_path):
    (tmp_path / "sandi").write_text("kenari")
    got = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            got.append(self.headers["Authorization"])
            reply(200, b"ya")(self)

        def log_message(self, *_):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(vouched)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None
        threading.Thread(target=server.serve_forever, daemon=True).start()
        known = Destination("jasa", "https", "127.0.0.1", server.server_port, internal=True, timeout=30.0, user="surat",
                            password_file=tmp_path / "sandi", ca_file=vouched)  # fmt: skip
        with pytest.raises(OutboundError) as caught:
            Outbound([dataclasses.replace(known, ca_file=None)]).request("jasa", "GET", "/")
        assert (got, caught.value.sent) == ([], False)
        assert Outbound([known]).request("jasa", "GET", "/").body == b"ya"
        server.shutdown()
    assert len(got) == 1


@pytest.mark.parametrize("where", ["", "x", "/a b", "/a\r\nX: y", "/é", "http://127.0.0.1/"])
def test_a_path_that_is_none_is_refused(where):
    with pytest.raises(OutboundError):
        Outbound([Destination("jasa", "https", "127.0.0.1", 1, internal=True)]).request("jasa", "GET", where)


def letter(**more):
    facts = {"security": "B", "number": "400.7/3/DINKES/2026", "subject": "Jawaban atas data"}
    return mail.letter_message(
        **{"key": "k", "sender": SENDER, "to": "balai@contoh.go.id", "office": "Dinas Kesehatan", "addressee": "Kepala",
           "facts": {**facts, **more.pop("facts", {})}, "url": "https://x/v/t", "pdf": b"%PDF", "now": NOW, **more}
    )  # fmt: skip


def test_an_open_letter_is_named_in_its_mail_and_attached():
    made = letter()
    assert "400.7/3/DINKES/2026" in made.get_body().get_content()
    (attached,) = made.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename(), attached.get_content()) == (
        "application/pdf", "surat.pdf", b"%PDF",
    )  # fmt: skip


@pytest.mark.parametrize("level", ["T", "R", "SR", "", "?"])
def test_a_mail_about_a_closed_letter_tells_nothing_of_it(level):
    text = bytes(letter(facts={"security": level, "number": "KENARI/1", "subject": "kenari kuning"})).decode()
    assert "KENARI" not in text
    assert "kenari" not in text


def test_the_same_job_has_the_same_message_id_and_another_has_not():
    first, same, other = note()["Message-ID"], note()["Message-ID"], note(key="kabar:2")["Message-ID"]
    assert first == same != other
    assert re.fullmatch(r"<[0-9a-f]{40}@contoh\.go\.id>", first)


@pytest.mark.parametrize(
    "address",
    ["", "x", "a@b", "a@b.c, d@e.f", "a@b.c\r\nBcc: x@y.z", "a@b.c\n", "A <a@b.c>", "a b@c.d", "a@b..c", "é@b.c",
     "a@b.c" * 60, "a@-b.c", "@b.c", ".a@b.c"],
)  # fmt: skip
def test_what_is_not_one_address_gets_no_mail(address):
    with pytest.raises(Invalid):
        note(to=address)
    with pytest.raises(Invalid):
        note(sender=address)


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: lain@contoh.id", "x\nSubject: lain", "x\0y", "x\u2028Bcc: a@b.c", "a\x85b"]
)
def test_names_cannot_add_headers_or_lines(box, evil):
    for message in (letter(office=evil, addressee=evil, facts={"subject": evil, "number": evil}), note(title=evil)):
        Outbound([to(box.port)]).send_mail("surel", message)
    assert len(box.taken) == 2
    for _, recipients, content in box.taken:
        made = read(content)
        assert len(recipients) == 1
        assert made["Bcc"] is None
        assert len(made.get_all("Subject")) == 1
        assert "\nBcc" not in content.decode("utf-8", "replace").split("--===")[0]


def outgoing(desk, box, **row):
    """A signed letter on its way by mail: the delivery and the house with a mail server."""
    settings = dataclasses.replace(desk.house.settings, mail_from=SENDER)
    desk.house = dataclasses.replace(desk.house, outbound=Outbound([to(box.port)]), settings=settings)
    addressee = {"kind": "external", "id": "", "name": "Kepala Balai", "place": "Serang", "channel": "surel", **row}
    made = desk.draft("kepala.dinkes", "DINKES", addressees=[addressee])
    desk.act("kepala.dinkes", made, "ajukan")
    desk.act("tata-usaha.dinkes", made, "lulus")
    desk.act("kepala.dinkes", made, "siapkan")
    wanted = Wanted(path(made), desk.as_("kepala.dinkes"), made.frozen, next(desk.keys))
    signing.sign(desk.house, desk.tm, desk.site, wanted, Secret(keys.PASSPHRASE), desk.now)
    desk.act("tata-usaha.dinkes", made, "kirim")
    (sent,) = delivery.of_letter(desk.site, made)
    return made, sent


def test_a_letter_is_mailed_once_and_the_server_s_answer_is_kept(desk, box):
    made, sent = outgoing(desk, box, email="balai@contoh.go.id")
    for _ in range(2):
        mail.send_letter(desk.house, desk.site, {"delivery": path(sent)}, desk.now)
    assert (sent.state, sent.note) == ("terkirim", "Diserahkan ke server surel: 250 diterima sebagai A1")
    ((_, recipients, content),) = box.taken
    assert recipients == ["balai@contoh.go.id"]
    (attached,) = read(content).iter_attachments()
    assert attached.get_content() == delivery.final_file(made).content()
    assert f"/v/{made.token}" in read(content).get_body().get_content()


def test_an_address_that_is_none_ends_the_delivery_with_its_reason(desk, box):
    _, sent = outgoing(desk, box, email="bukan alamat")
    mail.send_letter(desk.house, desk.site, {"delivery": path(sent)}, desk.now)
    assert sent.state == "gagal"
    assert "alamat surel" in sent.note


def test_while_the_server_is_away_the_delivery_waits(desk, box):
    box.answer = "451 nanti"
    _, sent = outgoing(desk, box, email="balai@contoh.go.id")
    with pytest.raises(OutboundError):
        mail.send_letter(desk.house, desk.site, {"delivery": path(sent)}, desk.now)
    assert sent.state == "antre"
