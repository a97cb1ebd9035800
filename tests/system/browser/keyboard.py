"""Disposing without a mouse: only keys are pressed, and what has the focus is always seen to have it."""

from __future__ import annotations

SUBJECT = "Undangan pembukaan pekan imunisasi"
NAME = "each => (each.closest('label') || each).innerText || each.name || ''"
OUTLINE = "getComputedStyle(document.activeElement).outlineStyle"
LONGEST_WAY = 80


def focus(person, words: str, key: str = "Tab") -> None:
    """Press a key until something with these words has the focus."""
    for _ in range(LONGEST_WAY):
        person.page.keyboard.press(key)
        name = person.page.evaluate_handle("document.activeElement").as_element().evaluate(NAME)
        if words in name:
            return
    raise AssertionError(f"{words!r} was not reached with {key} on {person.where}")


def dispose(people) -> None:
    """From the desk to the letter, to the form, to the disposition sent."""
    head = people.at("kepala.dinkes")
    press = head.page.keyboard.press
    head.open("/")
    focus(head, SUBJECT, key="j")
    press("Enter")
    head.page.wait_for_url("**/surat-masuk/**")
    letter = head.url
    press("d")
    head.page.wait_for_url("**/@@aksi/disposisi")
    focus(head, "Kepala Bidang Kesehatan Masyarakat")
    assert head.page.evaluate(OUTLINE) != "none"
    press("Space")
    focus(head, "Isi lain")
    press("Enter")
    focus(head, "Wakili")
    press("Space")
    focus(head, "Kirim disposisi")
    press("Enter")
    head.page.wait_for_url(letter)
    head.look()
    for words in ("1 terbuka", "Kepala Bidang Kesehatan Masyarakat", "Wakili / hadiri dan laporkan"):
        assert head.sees(words), words
    assert people.complaints == []
