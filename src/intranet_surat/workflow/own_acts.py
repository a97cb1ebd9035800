"""The acts that stand in a history and in no flow: their ids, which no action of a flow may have, and their words."""

from __future__ import annotations

from collections.abc import Mapping

FIRST = "mulai"
"""The act that makes a letter. It comes out of no state, so that actions of a flow may be called so too."""
CORRECTION = "ubah"
"""A new version of a text was stored."""
READ = "dibaca"
"""The position for which an item waits first opened it."""
CONFIRMED = "dikonfirmasi"
"""The author of an act that was entered from his paper says that it is right."""
DISPUTED = "dibantah"
"""The same author says that it is not."""
AUTOMATIC = "otomatis"
"""A passage that nobody chose: a parent that closed because its last child did."""
MIGRATED = "pindah_alur"
"""An item was moved to another version of its flow."""
REMINDED = "diingatkan"
ESCALATED = "dieskalasi"
REASSIGNED = "dialihkan"
MOVED = "batas"
"""A limit moved without a state being entered."""

NOBODYS = frozenset({AUTOMATIC, MIGRATED})
"""Acts that are nobody's work on the letter, whoever's act led to them."""
OF_TIME = frozenset({REMINDED, ESCALATED, REASSIGNED, MOVED})
"""The acts of time itself: nobody's, and none of them enters a state."""

WORDS: Mapping[str, str] = {
    "": "Dibuat",
    CORRECTION: "Naskah diubah",
    READ: "Dibaca",
    CONFIRMED: "Dibenarkan penulisnya",
    DISPUTED: "Dibantah penulisnya",
    AUTOMATIC: "Otomatis",
    MIGRATED: "Pindah versi alur",
    REMINDED: "Pengingat",
    ESCALATED: "Eskalasi",
    REASSIGNED: "Pekerjaan dialihkan",
    MOVED: "Batas berubah",
}
"""As a history tells them; the empty id stands for the act that makes a letter."""
RESERVED = frozenset(WORDS) - {""}
"""What no flow may call an action: whoever did it would be taken for the system."""
