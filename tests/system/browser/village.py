"""The counter of a village: a resident waits while his letter is checked, signed, printed and handed over."""

from __future__ import annotations

from browser import papers
from browser.incoming import Story
from browser.product import PASSPHRASE

NIK, CARD = "3604055203910021", "3604050203910033"
COUNTER = "/desa/kramatwatu-pejaten/@@loket"


def asked(people, story: Story) -> None:
    """The operator enters the data; a slip loses nothing."""
    operator = people.at("operator.pejaten")
    operator.open("/")
    operator.press("Loket")
    operator.fill(
        nik="123", name=f"Sari Contoh {story.mark}".strip(), birth_place="Serang", birth_date="12/3/1991",
        occupation="Pedagang", family_card=CARD, address="Kampung Contoh RT 03 RW 01",
        purpose="Perekaman ulang KTP elektronik", valid_until=operator.today(days=30),
    )  # fmt: skip
    operator.choose(sex="P", religion="islam", marital_status="kawin")
    operator.press("Ajukan surat pengantar")
    assert operator.sees("NIK harus 16 angka")
    assert operator.page.input_value("[name=purpose]") == "Perekaman ulang KTP elektronik"
    operator.fill(nik=NIK)
    operator.press("Ajukan surat pengantar")
    assert operator.sees("Permohonan Sari")
    masked(operator)
    operator.page.locator(".queue a", has_text="Sari").last.click()
    operator.look()
    story.village = operator.url
    masked(operator)


def masked(person) -> None:
    """No page shows a whole NIK."""
    content = person.page.content()
    assert NIK not in content
    assert CARD not in content


def signed(people, story: Story) -> None:
    """The secretary checks, the head of the village signs."""
    secretary = people.at("sekdes.pejaten")
    secretary.open(story.need("village"))
    masked(secretary)
    secretary.press("Data benar")
    head = people.at("kades.pejaten")
    head.open(story.village)
    masked(head)
    head.press("Siapkan tanda tangan")
    if not head.page.locator("#frasa").count():
        head.press("Tanda tangani")
    head.page.fill("#frasa", PASSPHRASE)
    head.press("Tanda tangani")
    assert head.sees("Surat sudah ditandatangani")


def handed_over(people, story: Story) -> None:
    """Printed with its code while the resident waits; only the paper bears the whole NIK."""
    operator = people.at("operator.pejaten")
    operator.open(COUNTER)
    operator.page.locator("#siap + .queue a, section:has(#siap) .queue a", has_text="Sari").first.click()
    operator.look()
    masked(operator)
    paper = operator.file("Unduh untuk dicetak")
    assert NIK in papers.text(paper).replace(" ", "")
    operator.press("Sudah diserahkan")
    operator.fill(penerima="Sari Contoh")
    operator.press("Sudah diserahkan")
    assert operator.sees("Diserahkan kepada Sari Contoh")
    operator.open(COUNTER)
    assert operator.page.locator("section:has(#siap) .queue a", has_text="Sari").count() == 0  # nobody waits any more
    citizen = people.stranger()
    citizen.open(next(each for each in papers.codes(paper) if "/v/" in each))
    assert citizen.sees("Asli dan utuh")
    assert not citizen.sees("Sari")  # a restricted letter: the public sees neither whom nor what it is about
