"""One whole letter as facts, and what stands in a rendered file, for the tests that render."""

import io
from datetime import date
from typing import Any

import pikepdf
import pypdfium2

from intranet_surat.kinds import body
from intranet_surat.kinds.registry import by_id
from intranet_surat.services.rendering_facts import Letterhead, PrintedAddressee, RenderFacts, signing_block

HEAD = Letterhead("kantor", ("Pemerintah Kabupaten Serang", "Dinas Pekerjaan Umum"), ("Jalan Contoh Nomor 1",))
SIGNATORY = signing_block(
    form="own",
    position="Kepala Dinas Pekerjaan Umum",
    code="kepala",
    name="Contoh Sarjana, M.T.",
    rank="Pembina, IV/a",
    nip="196804111993031009",
)
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


def words(made, page=None):
    document = pypdfium2.PdfDocument(made)
    found = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return " ".join((" ".join(found) if page is None else found[page]).replace("\r\n", " ").split())


def pages(made):
    return len(pypdfium2.PdfDocument(made))


def fonts(made):
    """Every font of the file, also those inside composite fonts and forms, with whether it is embedded."""
    found = {}
    with pikepdf.open(io.BytesIO(made)) as document:
        for each in document.objects:
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor":
                found[str(each.FontName)] = any(key in each for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    return found
