from datetime import UTC, date, datetime

import pypdfium2
from letter_facts import HEAD, fonts, pages, words

from intranet_surat.services import rendering
from intranet_surat.services.rendering_facts import SheetFacts, SheetOrder

NOW = datetime(2026, 11, 20, 2, 42, tzinfo=UTC)


def sheet(count=3, **changes):
    at = datetime(2026, 11, 16, 3, 5, tzinfo=UTC)
    states = [("Diteruskan", "working"), ("Selesai", "final"), ("Belum dibaca", "start"), ("Dikembalikan", "refused")]
    orders = tuple(
        SheetOrder(
            number % 5,
            f"Pemberi {number}",
            at,
            f"Penerima {number}",
            number == 0,
            ("Tindak lanjuti", "laporkan"),
            "Segera.",
            date(2026, 11, 23),
            *states[number % 4],
            "Sudah.",
        )
        for number in range(count)
    )
    values = {
        "letterhead": HEAD, "sender": "Camat Kragilan", "sender_number": "", "letter_date": date(2026, 11, 12), "received_at": datetime(2026, 11, 13, 1, 12, tzinfo=UTC), "agenda_number": "1.187",
        "security": "B", "urgency": "segera", "subject": "Perbaikan tanggul", "addressee": "Kepala Dinas", "orders": orders, "printed_by": "Agendaris",
    }  # fmt: skip
    return rendering.disposition_sheet(SheetFacts(**{**values, **changes}), NOW)


def test_the_disposition_sheet_is_half_folio_and_tells_the_tree():
    made = sheet()
    width, height = pypdfium2.PdfDocument(made).get_page_size(0)
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (215, 165)
    shown = words(made)
    for part in (
        "LEMBAR DISPOSISI",
        "tanpa nomor",
        "13 November 2026, 08.12",
        "1.187",
        "Penerima 0 (utama)",
        "Tindak lanjuti; laporkan",
        "“Segera.”",
        "23 Nov",
        "Diteruskan",
        "Laporan: Sudah.",
        "Dicetak Agendaris, 20 November 2026, 09.42 WIB.",
    ):
        assert part in shown
    assert all(fonts(made).values())
    assert made == sheet()


def test_a_long_tree_goes_on_over_pages_with_its_head():
    made = sheet(40)
    assert pages(made) > 1
    assert "Kepada" in words(made, 1)
    assert "UJI COBA" in words(sheet(0, test_mark=True))
    assert "Belum ada disposisi." in words(sheet(0))
