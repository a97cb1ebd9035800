"""A document that the agency seals in place of a signature, before who answers for it, and a provider that may fail."""

from __future__ import annotations

from signing_stage import SIGNATORY, Through

from intranet_surat.resources.folder import path
from intranet_surat.services import signing
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing_orders import Wanted

FIELDS = {
    "subject": "Sertifikat bimbingan teknis", "security": "B", "urgency": "biasa", "classification": "400.7",
    "person_name": "Ani Rohani", "person_nip": "", "person_office": "Puskesmas Kramatwatu", "role": "peserta",
    "event": "Bimbingan Teknis Penyusunan Naskah Dinas", "held": "16 s.d. 18 November 2026 di Serang", "basis": "",
    "addressees": [{"kind": "external", "id": "", "name": "Ani Rohani", "place": "Serang", "channel": "cetak",
                    "email": ""}],
}  # fmt: skip


class Sealing(Through):
    """The demo's provider; a test may let the seal fail."""

    def __init__(self, real):
        super().__init__(real)
        self.sealer, self.fails = real.sealer, []

    def seal(self, pdf, **facts):
        self.calls.append(pdf)
        if self.fails:
            raise self.fails.pop(0)
        return self.real.seal(pdf, **facts)


def drafted(desk, **fields):
    made = desk.draft(SIGNATORY, "DINKES", "sertifikat", **{**FIELDS, **fields})
    desk.act(SIGNATORY, made, "ajukan")
    desk.act("tata-usaha.dinkes", made, "lulus")
    return made


def seal(desk, letter):
    wanted = Wanted(path(letter), desk.as_(SIGNATORY), letter.frozen, next(desk.keys))
    return signing.sign(desk.house, desk.tm, desk.site, wanted, Secret(""), desk.now)
