"""The steps of a letter's life in a browser, as plain functions: each test goes as far as it needs."""

from __future__ import annotations

import io

import pikepdf
from webtest import Upload

TAMBAH = "/dinkes/surat-masuk/@@tambah"
INCOMING = {
    "sender": "Kecamatan Kramatwatu",
    "sender_number": "600.1/214/2026",
    "letter_date": "20/11/2026",
    "received_at": "23/11/2026 08.30",
    "subject": "Permohonan perbaikan tanggul",
    "security": "B",
    "urgency": "segera",
    "classification": "600.1.4.2",
}


def pdf(pages=1, mark=0):
    """A PDF with empty pages; ``mark`` makes another file of the same look."""
    made = pikepdf.Pdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(300 + mark, 420))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def form_with(page, *names):
    """The form of the page that has all these fields."""
    for form in page.forms.values():
        if all(name in form.fields for name in names):
            return form
    raise AssertionError(f"no form with {names} among {[list(f.fields) for f in page.forms.values()]}")


def register_page(browser, url=TAMBAH, scan=True, **changes):
    """Fill the form of an incoming letter and send it; the answer, whatever it is."""
    button = changes.pop("button", "diam")
    form = form_with(browser.get(url), "sender", "subject")
    for name, value in {**INCOMING, **changes}.items():
        form[name] = value
    if scan:
        form.set("berkas", Upload("pindai-0231.pdf", scan if isinstance(scan, bytes) else pdf(2)), 0)
    return form.submit(button, status="*")


def register(browser, **changes):
    """Register an incoming letter; its address."""
    answer = register_page(browser, **changes)
    assert answer.status_int == 303, answer.text
    return answer.location.removesuffix("@@tercatat")


def press(browser, url, title, **more):
    """Press the button of a direct act on a page."""
    page = browser.get(url)
    for form in page.forms.values():
        if any(getattr(each, "tag", "") == "button" for each in form.html.find_all("button") if title in each.text):
            return form.submit(**more)
        if title in form.text and "@@aksi/" in form.action:
            return form.submit(**more)
    raise AssertionError(f"no button {title!r} on {url}")
