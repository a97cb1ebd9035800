"""One whole letter as facts, for the tests that render."""

from datetime import date
from typing import Any

from intranet_surat.kinds import body
from intranet_surat.kinds.registry import by_id
from intranet_surat.services.rendering_facts import Letterhead, PrintedAddressee, RenderFacts, signing_block

HEAD = Letterhead("kantor", ("Pemerintah Kabupaten Serang", "Dinas Pekerjaan Umum"), ("Jalan Contoh Nomor 1",))
SIGNATORY = signing_block(form="own", position="Kepala Dinas Pekerjaan Umum", code="kepala", name="Contoh Sarjana, M.T.", rank="Pembina, IV/a", nip="196804111993031009")
TYPED = "Menjawab surat Saudara:\n\n1. satu;\na. dalam;\n1) lebih dalam;\na) terdalam.\n\n# Rincian\n\n| Bahan | Jumlah |\n| Batu | 45 |"
URL = "https://surat.contoh.go.id/v/3jd7f0aq9xw2m5t8k1zc4b6n0p"


def facts(kind: str = "surat-dinas", **changes: Any) -> RenderFacts:
    declared = by_id()[kind]
    values: dict[str, Any] = {
        "template": declared.template,
        "title": declared.title,
        "shape": declared.shape,
        "method": "pades",
        "letterhead": HEAD,
        "signatory": SIGNATORY,
        "number": "B/1/600.1.4.2/2026",
        "date": date(2026, 11, 20),
        "place": "Serang",
        "subject": "Penanganan darurat tanggul",
        "addressees": (PrintedAddressee("Camat Kragilan", "Kragilan"),),
        "blocks": tuple(body.parse(TYPED)["blocks"]),
        "closing": "Demikian disampaikan.",
        "carbon_copies": ("Bupati Serang", "Sekretaris Daerah"),
        "public_url": URL,
    }
    return RenderFacts(**{**values, **changes})
