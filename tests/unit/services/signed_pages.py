"""Two invented people, their authority and a page that they sign, for the tests of the verdict."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import typst
from cryptography.hazmat.primitives.serialization import Encoding

from intranet_surat.demo.authority import issuing
from intranet_surat.services import signing_pades
from intranet_surat.services.providers.base import Signer
from intranet_surat.services.verifying import verdict

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ANI = Signer("ani", "Ani Uji", "197001011990012001", "ani@contoh.go.id")
BUDI = Signer("budi", "Budi Uji")


class Pki:
    """An authority and the keys of two people."""

    def __init__(self):
        self.authority = issuing.new(NOW)
        self.roots = (self.authority.root.public_bytes(Encoding.PEM),)
        self.keys = {each.person: issuing.new_key() for each in (ANI, BUDI)}

    def signer(self, person=ANI, begins=NOW - timedelta(days=1), ends=NOW + timedelta(days=700)):
        key = self.keys[person.person]
        certificate = self.authority.certificate(key, person, begins, ends)
        return signing_pades.LoadedKey(key, certificate, [self.authority.issuer, self.authority.root])

    def sign(self, pdf, person=ANI, **dates):
        return signing_pades.sign(pdf, self.signer(person, **dates), reason="Surat 1", location="Uji", now=NOW)


def page():
    """A PDF/A-2b of two pages."""
    return typst.compile(b"= Surat\n#lorem(40)\n#pagebreak()\nDua", pdf_standards=["a-2b"], timestamp=NOW)


def judge(pki, data, **more):
    """The verdict under the authority of ``pki``."""
    return verdict(data, pki.roots, now=NOW, **more)
