"""A town with a certificate authority on a socket, which can be away, can lie, and can be followed by others."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from signed_pages import ANI, NOW, Pki, page

from intranet_surat.demo.authority import issuing
from intranet_surat.demo.authority.server import Server
from intranet_surat.services import signing_loop, signing_pades, timestamping, verifying, verifying_longterm
from intranet_surat.services.evidence import fetching, longterm
from intranet_surat.services.outbound import Outbound
from intranet_surat.services.verifying_roots import load_roots

HOST = issuing.URL.removeprefix("http://")
PAGE = page()


def new_clock(authority, begins, ends, key=None):
    """The same authority, whose clock has a new key."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    clock = issuing.stamping(authority.issuer, authority.issuer_key, authority.url, own, begins, ends)
    return replace(authority, stamps=clock)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


class Town:
    """``asked`` are the paths that were called; ``away`` and ``lies`` change what they get; authorities live at paths."""

    def __init__(self):
        self.now = NOW
        self.pki = Pki()
        self.servers = {"": Server(self.pki.authority, lambda: self.now)}
        self.roots = list(self.pki.roots)
        self.asked, self.away, self.lies = [], set(), {}
        self.listener = make_server("127.0.0.1", 0, self, handler_class=Quiet)
        threading.Thread(target=self.listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.address = f"127.0.0.1:{self.listener.server_port}"
        self.urls = [f"http://{self.address}/tsa"]
        self.hosts = {HOST: self.address}

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        self.asked.append(path)
        prefix = next(each for each in sorted(self.servers, reverse=True) if path.startswith(each))
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path = path.removeprefix(prefix)
        status, kind, answer = self.servers[prefix].answer(environ["REQUEST_METHOD"], path, body)
        if any(path.startswith(each) for each in self.away):
            status, kind, answer = "503 Service Unavailable", "text/html", b"<html>maaf</html>"
        answer = self.lies.get(path, lambda told: told)(answer)
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(answer)))])
        return [answer]

    def close(self):
        self.listener.shutdown()
        self.listener.server_close()

    @property
    def outbound(self):
        hosts = [each for host, address in self.hosts.items() for each in fetching.destinations(host, address)]
        return Outbound([*map(timestamping.destination, self.urls), *hosts])

    def stamper(self, clock=None):
        places = [timestamping.place(each) for each in self.urls]
        return timestamping.stamper(self.outbound, places, self.roots, clock or (lambda: self.now))

    def stamp(self, digest, **more):
        return signing_loop.run(self.stamper(**more).async_timestamp(digest, "sha256"))

    def sign(self, pdf=PAGE, person=ANI, *, stamped=True, signer=None):
        own = signer or self.pki.signer(person, NOW - timedelta(days=1), NOW + timedelta(days=700))
        clock = self.stamper() if stamped else None
        return signing_pades.sign(pdf, own, reason="Surat 1", location="Uji", now=self.now, timestamper=clock)

    def revoke(self, signer, since):
        self.pki.authority.revoke(x509.load_der_x509_certificate(signer.signing_cert.dump()), since)

    def source(self):
        return fetching.Source(self.outbound)

    def augment(self, pdf):
        return longterm.augment(pdf, self.roots, self.source(), self.stamper(), self.now)

    def verdict(self, pdf):
        return verifying.verdict(pdf, self.roots, now=self.now)

    def standings(self, pdf):
        reader, roots = longterm._reader(pdf), load_roots(self.roots)
        return [
            signing_loop.finish(verifying_longterm.standing(each, roots, self.now))
            for each in reader.embedded_regular_signatures
        ]

    def followed_by(self, number, years=10):
        """Another authority takes over; the ones before still tell about their certificates."""
        prefix = f"/{number}"
        made = issuing.new(self.now, years=years, name=f" {number}", url=f"{issuing.URL}{prefix}")
        self.servers[prefix] = Server(made, lambda: self.now)
        self.roots.append(made.root.public_bytes(Encoding.PEM))
        self.urls = [f"http://{self.address}{prefix}/tsa"]
        return made
