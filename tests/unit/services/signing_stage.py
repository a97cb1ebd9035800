"""A letter with its final page before the signatory, and a provider that tests may meddle with."""

from __future__ import annotations

from intranet_surat.demo import keys
from intranet_surat.resources.folder import path
from intranet_surat.services import signing
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing_orders import Wanted

SIGNATORY = "kepala.dinkes"


class Through:
    """A provider that hands on to the real one, and lets a test meddle with each step."""

    id, title = "uji", "Uji"

    def __init__(self, real):
        self.real, self.capabilities, self.calls = real, real.capabilities, []

    def status(self, signer, now):
        return self.real.status(signer, now)

    def sign(self, pdf, signer, secret, **facts):
        self.calls.append(pdf)
        return self.real.sign(pdf, signer, secret, **facts)


def prepared(desk, **fields):
    """A letter of which the signatory has the final page before him."""
    made = desk.draft(SIGNATORY, "DINKES", **fields)
    desk.act(SIGNATORY, made, "ajukan")
    if made.state == "periksa_tu":
        desk.act("tata-usaha.dinkes", made, "lulus")
    desk.act(SIGNATORY, made, "siapkan")
    return made


def sign(desk, letter, passphrase=keys.PASSPHRASE, *, login=SIGNATORY, shown=None, key=None):
    wanted = Wanted(path(letter), desk.as_(login), shown or letter.frozen, key or next(desk.keys))
    return signing.sign(desk.house, desk.tm, desk.site, wanted, Secret(passphrase), desk.now)
