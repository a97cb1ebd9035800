"""The steps of a letter's life in a browser, as plain functions: each test goes as far as it needs."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from webtest import Upload

TAMBAH = "/dinkes/surat-masuk/@@tambah"
WRITE = "/dinkes/surat-keluar/@@tambah?jenis="
COUNTER = "/desa/kramatwatu-pejaten/@@loket"
PASSWORD = "serang-uji-coba"
PASSPHRASE = "frasa uji coba"
NIK = "3604010404910007"
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
OUTGOING = {
    "subject": "Penanganan darurat tanggul",
    "classification": "400.7.1",
    "body": "Menjawab surat Saudara:\n\n1. peninjauan lapangan;\n2. bronjong 45 meter.",
}
RESIDENT = {
    "nik": NIK,
    "name": "Sari Contoh",
    "birth_place": "Serang",
    "birth_date": "3/4/1991",
    "sex": "P",
    "religion": "islam",
    "marital_status": "kawin",
    "occupation": "Pedagang",
    "family_card": "3604010404910015",
    "address": "Kp. Contoh RT 003 RW 001",
    "purpose": "Pengantar perekaman ulang KTP",
    "valid_until": "20/12/2026",
}


@pytest.fixture
def keyed(app: Any, pki: Any) -> Any:
    """The application with the demo's keys and a key for personal data."""
    from intranet_surat.services.providers.pkcs12 import DEMO, Pkcs12Provider

    house = app.registry.house
    app.registry.house = replace(
        house,
        providers={**house.providers, "pkcs12": Pkcs12Provider(pki, capabilities=DEMO)},
        roots=((pki / "akar.pem").read_bytes(),),
        settings=replace(house.settings, private_key=bytes(range(32))),
    )
    return app


@pytest.fixture
def worker(app: Any, db: Any, clock: Any) -> Any:
    """Carries out what waits in the queue, as the worker would."""
    from intranet_surat.services import work

    return lambda: work.run_due(app.registry.house, db, clock())


def pdf(pages: int = 1, mark: int = 0) -> bytes:
    """A PDF with empty pages; ``mark`` makes another file of the same look."""
    made = pikepdf.Pdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(300 + mark, 420))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def form_with(page: Any, *names: str) -> Any:
    """The form of the page that has all these fields."""
    for form in page.forms.values():
        if all(name in form.fields for name in names):
            return form
    raise AssertionError(f"no form with {names} among {[list(f.fields) for f in page.forms.values()]}")


def fill(form: Any, values: dict[str, Any]) -> Any:
    """Put values into a form."""
    for name, value in values.items():
        form[name] = value
    return form


def register_page(browser: Any, url: str = TAMBAH, scan: Any = True, button: str = "diam", **changes: Any) -> Any:
    """Fill the form of an incoming letter and send it; the answer, whatever it is."""
    form = fill(form_with(browser.get(url), "sender", "subject"), {**INCOMING, **changes})
    if scan:
        form.set("berkas", Upload("pindai-0231.pdf", scan if isinstance(scan, bytes) else pdf(2)), 0)
    return form.submit(button, status="*")


def register(browser: Any, **changes: Any) -> str:
    """Register an incoming letter; its address."""
    answer = register_page(browser, **changes)
    assert answer.status_int == 303, answer.text
    return str(answer.location.removesuffix("@@tercatat"))


def act(browser: Any, url: str, action: str, **more: Any) -> Any:
    """Send an act that asks nothing, from its button on the page."""
    page = browser.get(url)
    for form in page.forms.values():
        if form.action.endswith(f"@@aksi/{action}"):
            return form.submit(**more)
    raise AssertionError(f"no button {action!r} on {url}: {buttons(page)}")


def answer(browser: Any, url: str, action: str, values: dict[str, Any], **more: Any) -> Any:
    """Open the page of an act, fill its form and send it."""
    page = browser.get(f"{url}@@aksi/{action}")
    form = next(each for each in page.forms.values() if each.action.endswith(f"@@aksi/{action}"))
    for name, value in values.items():
        if isinstance(value, list):
            for box in form.fields[name]:
                box.checked = box._value in value
        else:
            form[name] = value
    return form.submit(**more)


def buttons(page: Any) -> list[str]:
    """What one may do, as the page names it."""
    places = page.html.select(".act-bar .btn, .decide .btn")
    return [each.get_text(strip=True) for each in places if each.get_text(strip=True) != "Lainnya"]


def position(site: Any, login: str) -> str:
    """The id of the position whose holder has this log-in."""
    person = site.people.login(login)
    return str(next(each.id for each in site.positions.values() if any(h.person == person.id for h in each.holders)))


def at_head(enter: Any, **changes: Any) -> str:
    """A letter of the Dinas Kesehatan that waits for its head; its address."""
    url = register(enter("agendaris.dinkes"), button="lalu", **changes)
    answer(enter("sekretaris.dinkes"), url, "sampaikan", {})
    return url


def draft(
    browser: Any,
    kind: str = "surat-dinas",
    to: Any = ("Badan Pengelolaan Keuangan dan Aset Daerah", "Serang", "sistem"),
    **changes: Any,
) -> str:
    """Write a draft; its address."""
    form = form_with(browser.get(WRITE + kind), "subject")
    fill(form, {**OUTGOING, **changes})
    for place, value in enumerate(to or ()):
        form.set("sel", value, place)
    sent = form.submit("simpan", status="*")
    assert sent.status_int == 303, sent.text
    return str(sent.location)


def initialled(enter: Any, **changes: Any) -> str:
    """A letter that has all initials and passed the check of the form."""
    url = draft(enter("staf-kesmas.dinkes"), **changes)
    act(enter("staf-kesmas.dinkes"), url, "ajukan")
    for login in ("kasi-kesmas.dinkes", "kabid-kesmas.dinkes"):
        act(enter(login), url, "paraf")
    act(enter("tata-usaha.dinkes"), url, "lulus")
    return url


def sign(browser: Any, url: str, passphrase: str = PASSPHRASE, **more: Any) -> Any:
    """Open the signing page and send the passphrase."""
    form = form_with(browser.get(url + "@@aksi/tanda_tangani"), "frasa")
    form["frasa"] = passphrase
    return form.submit(**more)


def signed(enter: Any, **changes: Any) -> str:
    """A letter with its electronic signature."""
    url = initialled(enter, **changes)
    head = enter("kepala.dinkes")
    act(head, url, "siapkan")
    assert sign(head, url).status_int == 303
    return url


def verification(enter: Any, url: str) -> str:
    """The path of a signed letter's public page."""
    return str(enter("kepala.dinkes").json(url).json["verification"].removeprefix("http://localhost"))


def final(enter: Any, url: str) -> bytes:
    """The bytes of a letter that was signed."""
    head = enter("kepala.dinkes")
    sha = next(each["sha256"] for each in head.json(url).json["files"] if each["kind"] == "signed")
    return bytes(head.get(f"{url}@@berkas?sha={sha}").body)


def bring(browser: Any, content: bytes | None, name: str = "berkas", to: str = "/v/") -> Any:
    """Bring a file to the public page, or press its button without one."""
    form = form_with(browser.get(to), name)
    if content is not None:
        form[name] = Upload("surat.pdf", content)
    return form.submit(status="*")
