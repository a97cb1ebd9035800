"""Signing: exactly the frozen bytes, a passphrase that is used once and kept nowhere, and what came of it."""

from __future__ import annotations

import hashlib
import logging

import pytest
from steps import PASSPHRASE, act, answer, buttons, form_with, initialled, keyed, sign, signed  # noqa: F401

HEAD = "kepala.dinkes"
SECRET = "kata rahasia yang salah"


@pytest.fixture
def url(enter, keyed):  # noqa: F811
    made = initialled(enter)
    act(enter(HEAD), made, "siapkan")
    return made


def frozen_hash(page):
    return form_with(page, "frasa")["sidik"].value


def test_before_it_is_prepared_the_page_says_what_to_do(enter, keyed):  # noqa: F811
    url = initialled(enter)
    page = enter(HEAD).get(url + "@@aksi/tanda_tangani", status=403)
    assert "Siapkan tanda tangan" in page


def test_what_is_prepared_already_is_made_again_under_its_number_and_says_so(enter, url):
    head = enter(HEAD)
    page = head.get(url + "@@aksi/tanda_tangani")
    told = [each.get_text(strip=True) for each in page.html.select(".stack .btn")]
    assert "Siapkan tanda tangan" not in told
    again = next(each for each in page.forms.values() if each.action.endswith("@@aksi/siapkan"))
    assert "Buat ulang berkas (nomor tetap)" in told
    page = again.submit().follow()
    assert "Berkas dibuat ulang; nomornya tetap B/1/400.7.1/2026." in page
    assert form_with(page, "frasa")


def test_preparing_reserves_the_number_and_shows_it(enter, url):
    page = enter(HEAD).get(url)
    assert buttons(page)[0] == "Siapkan tanda tangan" or "Tanda tangani" in buttons(page)
    assert "B/1/400.7.1/2026" in page


def test_the_page_shows_exactly_the_bytes_that_are_signed(enter, url):
    head = enter(HEAD)
    page = head.get(url + "@@aksi/tanda_tangani")
    sha = frozen_hash(page)
    assert all(f"berkas={sha}" in each["src"] for each in page.html.select(".paper-col img"))
    assert hashlib.sha256(head.get(f"{url}@@berkas?sha={sha}").body).hexdigest() == sha
    assert head.json(url).json["frozen"] == sha


def test_the_box_for_the_passphrase_is_empty_and_not_remembered(enter, url):
    box = enter(HEAD).get(url + "@@aksi/tanda_tangani").html.find(id="frasa")
    assert box["type"] == "password"
    assert box["autocomplete"] == "off"
    assert not box.get("value")


def test_a_signature_moves_the_letter_on_and_shows_what_we_verified(enter, url):
    head = enter(HEAD)
    page = sign(head, url).follow()
    assert "Surat sudah ditandatangani" in page
    assert "UJI COBA" in page.html.find(id="pr").parent.get_text()
    letter = head.json(url).json
    assert letter["fields"]["signed"] == "pades"
    assert [each["kind"] for each in letter["files"]].count("signed") == 1
    assert ("Sudah", "Kepala Dinas Kesehatan") in [
        (each.select_one(".state").get_text(), each.b.get_text()) for each in head.get(url).html.select(".chain li")
    ]


def test_a_wrong_passphrase_says_so_and_loses_nothing(enter, url):
    head = enter(HEAD)
    page = sign(head, url, SECRET, status=400)
    assert "Frasa sandi salah" in page.html.find(id="frasa-e").get_text()
    assert page.html.find(id="frasa").has_attr("aria-invalid")
    assert head.json(url).json["fields"]["number"] == "B/1/400.7.1/2026"
    assert sign(head, url).status_int == 303


def test_before_the_last_try_the_page_says_so_and_afterwards_until_when_it_is_closed(enter, url, clock):
    head = enter(HEAD)
    for _ in range(3):
        assert "Tinggal 1 kali" not in sign(head, url, SECRET, status=400)
    assert "Tinggal 1 kali" in sign(head, url, SECRET, status=400)
    page = sign(head, url, SECRET, status=400)
    assert "Tinggal 1 kali" not in page
    told = "Dapat dicoba lagi sesudah"
    assert told in page.html.find("form", class_="pad").get_text()
    page = head.get(url + "@@aksi/tanda_tangani")
    assert told in page
    assert not page.html.select("input[name=frasa]"), "a secret that nobody may send now is not asked for"


def test_no_passphrase_is_asked_back(enter, url):
    assert "Isi frasa sandi" in sign(enter(HEAD), url, "", status=400)


def test_the_passphrase_is_in_no_page_no_log_and_no_record(enter, url, storage, caplog):
    caplog.set_level(logging.DEBUG)
    head = enter(HEAD)
    answers = [sign(head, url, SECRET, status="*"), sign(head, url, "x" * 2000, status="*")]
    answers += [head.get(url), head.get(url + "@@riwayat"), head.get(url + "@@hasil-tanda-tangan")]
    sign(head, url)
    for page in answers:
        assert SECRET not in page.text
        assert "x" * 200 not in page.text
    assert SECRET not in caplog.text
    for record in (each for transaction in storage.changes.iterator() for each in transaction):
        assert SECRET.encode() not in record.data
        assert PASSPHRASE.encode() not in record.data


def test_a_page_of_other_bytes_is_refused(enter, url):
    head = enter(HEAD)
    form = form_with(head.get(url + "@@aksi/tanda_tangani"), "frasa")
    form["sidik"] = "0" * 64
    form["frasa"] = PASSPHRASE
    assert "sudah berganti" in form.submit(status=409)
    assert head.json(url).json["fields"].get("signed") is None


def test_the_same_form_sent_twice_signs_once(enter, url):
    head = enter(HEAD)
    form = form_with(head.get(url + "@@aksi/tanda_tangani"), "frasa")
    form["frasa"] = PASSPHRASE
    form.submit()
    form.submit(status="*")
    letter = head.json(url).json
    assert [each["kind"] for each in letter["files"]].count("signed") == 1


def test_nobody_else_sees_the_signing_page(enter, url):
    enter("tata-usaha.dinkes").get(url + "@@aksi/tanda_tangani", status=403)
    enter("kabid-yankes.dinkes").get(url + "@@aksi/tanda_tangani", status=404)


def test_refusing_voids_the_number_and_goes_back_with_the_reason(enter, url):
    answer(enter(HEAD), url, "tolak", {"alasan": "Dasar hukumnya keliru"})
    page = enter("staf-kesmas.dinkes").get(url)
    assert "Dasar hukumnya keliru" in page
    assert enter("staf-kesmas.dinkes").json(url).json["fields"].get("number") is None


def test_signing_by_a_program_needs_the_passphrase_each_time(enter, url):
    head = enter(HEAD)
    sha = head.json(url).json["frozen"]
    headers = {"Accept": "application/json", "X-CSRF-Token": head.token()}
    wrong = head.post_json(url + "@@aksi/tanda_tangani", {"sidik": sha}, headers=headers, status=400)
    assert "frasa" in wrong.json["fields"]
    done = head.post_json(url + "@@aksi/tanda_tangani", {"sidik": sha, "frasa": PASSPHRASE}, headers=headers).json
    assert done["verdict"]["overall"] == "sah"
    assert done["state"] == "siap_kirim"


def test_an_attempt_of_unknown_outcome_is_never_repeated_by_itself(enter, url, keyed, write):  # noqa: F811
    from dataclasses import replace

    from intranet_surat.services.providers.base import OutcomeUnknown

    class Lost:
        id, title = "uji", "Uji"

        def __init__(self, real):
            self.real, self.capabilities, self.status = real, real.capabilities, real.status

        def sign(self, *_args, **_facts):
            raise OutcomeUnknown

    house = keyed.registry.house
    keyed.registry.house = replace(house, providers={**house.providers, "pkcs12": Lost(house.provider())})
    head = enter(HEAD)
    page_before = head.get(url + "@@aksi/tanda_tangani")
    page = sign(head, url, status=503)
    assert "belum pasti" in page
    keyed.registry.house = house
    stale = form_with(page_before, "frasa")
    stale["frasa"] = PASSPHRASE
    page = stale.submit(status=403)
    assert "belum pasti" in page
    give_up = next(form for form in page.click("Lihat buktinya").forms.values() if form.action.endswith("tidak-jadi"))
    give_up.submit()
    assert sign(head, url).status_int == 303
