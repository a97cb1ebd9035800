"""Signing many letters at once, as the signatory sees it: choosing, one passphrase, how far it came."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from steps import PASSPHRASE, act, answer, form_with, initialled, keyed  # noqa: F401

from intranet_surat.resources.folder import find
from intranet_surat.services.providers.base import OutcomeUnknown, ProviderUnavailable, Refused
from intranet_surat.services.secret import Secret
from intranet_surat.web.views import signing_batch

HEAD = "kepala.dinkes"
PAGE = "/@@tanda-tangani-banyak"
SECRET = "kata rahasia yang salah"


@pytest.fixture
def urls(enter, keyed):  # noqa: F811
    """Three letters that wait for the signature; two are prepared."""
    made = [initialled(enter) for _ in range(3)]
    head = enter(HEAD)
    for url in made[:2]:
        act(head, url, "siapkan")
    return made


@pytest.fixture
def meddled(app):
    """Puts another provider in the place of the demo's: ``meddled(sign=...)``; with its real one as ``real``."""

    def put(**ways):
        house = app.registry.house
        real = house.providers["pkcs12"]

        class Meddled:
            id, title, status, capabilities = real.id, real.title, real.status, replace(real.capabilities, calls=1)

        provider = Meddled()
        provider.real = real
        provider.sign = real.sign
        for name, way in ways.items():
            setattr(provider, name, way)
        app.registry.house = replace(house, providers={**house.providers, "pkcs12": provider})
        return provider

    return put


def finished():
    """Wait for what this process signs."""
    for thread in [each for each in threading.enumerate() if each.name.startswith("tanda-tangan-")]:
        thread.join(60)


def sign(head, passphrase=PASSPHRASE, **more):
    form = form_with(head.get(PAGE), "frasa", "surat")
    form["frasa"] = passphrase
    page = form.submit(**more)
    finished()
    return page


def states(page):
    return [each.get_text(strip=True) for each in page.html.select(".results .state")]


def test_the_desk_leads_to_the_page_when_several_letters_wait(enter, urls):
    assert enter(HEAD).get("/").html.find("a", string="Lihat dan tanda tangani")["href"].endswith(PAGE)


def test_the_page_shows_the_first_page_and_the_hash_of_each_prepared_letter(enter, urls):
    head = enter(HEAD)
    page = head.get(PAGE)
    boxes = page.html.select(".sign-item input[name=surat][checked]")
    frozen = [head.json(url).json["frozen"] for url in urls[:2]]
    assert sorted(each["value"].partition(" ")[0] for each in boxes[:2]) == sorted(frozen)
    shown = {each["src"].partition("berkas=")[2].partition("&")[0] for each in page.html.select(".look img")}
    assert shown == set(frozen)
    image = page.html.select_one(".look img")["src"]
    assert head.get(image).content_type == "image/png"


def test_several_letters_are_prepared_at_once(enter, urls):
    head = enter(HEAD)
    page = head.get(PAGE)
    form = next(each for each in page.forms.values() if each.action.endswith("@@siapkan-banyak"))
    after = form.submit().follow()
    assert "1 surat disiapkan" in after
    assert "3 surat siap ditandatangani" in after
    assert head.json(urls[2]).json["fields"]["number"]


def test_no_more_boxes_are_ticked_than_may_be_prepared_at_once(enter, keyed, monkeypatch):  # noqa: F811
    monkeypatch.setattr(signing_batch, "PREPARED_AT_ONCE", 1)
    for _ in range(2):
        initialled(enter)
    boxes = enter(HEAD).get(PAGE).html.select(".sign-item input[name=surat]")
    assert [each.has_attr("checked") for each in boxes] == [True, False]


def test_a_wrong_passphrase_for_many_counts_with_those_for_one_and_the_page_says_how_many_are_left(enter, urls, clock):
    head = enter(HEAD)
    for wrong in (1, 2, 3):
        assert f"Sudah salah {wrong} kali; masih dapat dicoba {5 - wrong} kali." in sign(head, SECRET).follow()
        assert f"masih dapat dicoba {5 - wrong} kali" in head.get(PAGE)
    single = form_with(head.get(urls[0] + "@@aksi/tanda_tangani"), "frasa")
    single["frasa"] = SECRET
    assert "Tinggal 1 kali" in single.submit(status=400)
    assert "Tinggal 1 kali" in head.get(PAGE)
    late = form_with(head.get(PAGE), "frasa", "surat")
    assert "Dapat dicoba lagi sesudah" in sign(head, SECRET).follow()
    page = head.get(PAGE)
    assert "Dapat dicoba lagi sesudah" in page
    assert page.html.find("input", {"name": "frasa"}) is None
    late["frasa"] = PASSPHRASE
    assert "Frasa sandi salah 5 kali. Tunggu 15 menit" in late.submit(status=403)
    assert len(head.json(PAGE).json["items"]) == 3
    clock.forward(minutes=16)
    assert "masih dapat dicoba" not in head.get(PAGE)
    sign(head)
    assert len(head.json(PAGE).json["items"]) == 1


def test_the_form_with_the_fifth_wrong_passphrase_was_sent_twice_and_did_not_lead_to_what_became_of_it(enter, urls):
    head = enter(HEAD)
    for _ in range(4):
        sign(head, SECRET)
    form = form_with(head.get(PAGE), "frasa", "surat")
    form["frasa"] = SECRET
    first = form.submit()
    finished()
    again = form.submit(status=303)
    assert again.location == first.location
    assert "Dapat dicoba lagi sesudah" in again.follow()


def test_the_page_says_that_secrets_are_not_answered_yet(enter, urls, write, clock):
    def five(site):
        person = site.people.login(HEAD)
        person.unanswered = tuple((str(number), clock()) for number in range(5))

    write(five)
    head = enter(HEAD)
    page = head.get(PAGE)
    assert "sering salah atau belum dijawab. Dapat dicoba lagi paling lambat pada" in page
    assert page.html.find("input", {"name": "frasa"}) is None
    assert head.json(PAGE).json["patience"]["unanswered"] == 5


def test_who_was_never_wrong_is_not_told_that_the_next_one_would_be_wrong_again(enter, urls, write, clock):
    def four(site):
        person = site.people.login(HEAD)
        person.unanswered = tuple((str(number), clock()) for number in range(4))

    write(four)
    page = enter(HEAD).get(PAGE)
    assert "Tinggal 1 kali. Bila salah, tanda tangan Anda ditutup sementara" in page
    assert "salah lagi" not in page


@pytest.mark.parametrize("button", ["Siapkan", "Tanda tangani"])
def test_a_letter_that_left_the_list_meanwhile_does_not_end_in_a_page_that_is_not_there(enter, urls, write, button):
    page = enter(HEAD).get(PAGE)
    fields = ("frasa", "surat") if button == "Tanda tangani" else ("surat",)
    form = next(each for each in page.forms.values() if set(fields) <= set(each.fields) and button in each.text)
    gone = urls[0] if button == "Tanda tangani" else urls[2]
    write(lambda site: hide(site, gone))
    if "frasa" in fields:
        form["frasa"] = PASSPHRASE
    page = form.submit(status="*")
    assert page.status_int in {400, 409}
    assert "Ada surat yang tidak menunggu Anda lagi" in page
    assert PASSPHRASE not in page
    head = enter(HEAD)
    assert {each["state"] for each in (head.json(url).json for url in urls if url != gone)} == {"ttd_elektronik"}


def hide(site, url):
    """Take a letter from its place, as if it were nobody's to see any more."""
    path = url.removeprefix("http://localhost").strip("/").split("/")
    folder = find(site, "/".join(path[:-1]))
    del folder[path[-1]]


def test_what_was_not_picked_to_be_prepared_stays_so_when_another_is_refused(enter, keyed, monkeypatch):  # noqa: F811
    for _ in range(3):
        initialled(enter)
    page = enter(HEAD).get(PAGE)
    form = next(each for each in page.forms.values() if each.action.endswith("@@siapkan-banyak"))
    form.fields["surat"][1].checked = False
    monkeypatch.setattr(signing_batch, "PREPARED_AT_ONCE", 1)
    page = form.submit(status=400)
    assert "Paling banyak" in page
    form = next(each for each in page.forms.values() if each.action.endswith("@@siapkan-banyak"))
    assert [each.checked for each in form.fields["surat"]] == [True, False, True]


@pytest.mark.parametrize(("prepare", "choose"), [("siapkan-banyak", PAGE), ("siapkan-segel-banyak", "/@@segel-banyak")])
def test_the_address_of_a_refused_preparation_loaded_again_leads_to_the_choice(enter, prepare, choose):
    assert enter(HEAD).get(f"/@@{prepare}", status=303).location.endswith(choose)


def test_ticked_letters_are_signed_by_one_passphrase(enter, urls):
    head = enter(HEAD)
    page = sign(head).follow()
    assert "2 dari 2 surat sudah ditandatangani" in page
    assert states(page) == ["Sudah", "Sudah"]
    assert not page.html.select('meta[http-equiv="refresh"]')
    assert [head.json(url).json["state"] for url in urls] == ["siap_kirim", "siap_kirim", "ttd_elektronik"]


def test_a_letter_that_is_not_ticked_waits(enter, urls):
    head = enter(HEAD)
    form = form_with(head.get(PAGE), "frasa", "surat")
    form["frasa"] = PASSPHRASE
    form.fields["surat"][0].checked = False
    left = form.fields["surat"][0]._value.partition(" ")[2]
    page = form.submit().follow()
    finished()
    assert len(states(head.get(page.request.path))) == 1
    assert head.json(left).json["state"] == "ttd_elektronik"


def test_a_wrong_passphrase_stops_after_the_first_letter(enter, urls):
    head = enter(HEAD)
    page = sign(head, SECRET).follow()
    assert states(page) == ["Gagal", "Belum dimulai"]
    assert "Frasa sandi salah" in page
    assert SECRET not in page.text
    assert "2 dari 2" in sign(head).follow()


def test_who_is_told_to_ask_before_trying_again_is_not_offered_to_try_again(enter, urls, meddled):
    def refused(*_args, **_facts):
        raise Refused("Hubungi DKISP sebelum mencoba lagi.")

    meddled(sign=refused)
    page = sign(enter(HEAD)).follow()
    assert states(page) == ["Gagal", "Belum dimulai"]
    assert "sebelum mencoba lagi" in page
    assert "Coba lagi yang belum" not in page


def test_what_a_provider_refused_is_told_where_it_would_be_tried_again(enter, urls, meddled):
    def refused(*_args, **_facts):
        raise Refused("Kuota habis. Hubungi DKISP.")

    provider = meddled(sign=refused)
    head = enter(HEAD)
    sign(head)
    finished()
    told = "Percobaan terakhir, hari ini, 09.00: Kuota habis. Hubungi DKISP."
    assert told in head.get(PAGE)
    tried = next(url for url in urls if told in head.get(f"{url}@@aksi/tanda_tangani", status="*"))
    provider.sign = provider.real.sign
    answer_ = form_with(head.get(f"{tried}@@aksi/tanda_tangani"), "frasa")
    answer_["frasa"] = PASSPHRASE
    answer_.submit()
    assert told not in head.get(PAGE)


def test_one_that_is_refused_in_the_middle_is_not_said_to_have_stopped_the_others(enter, urls, meddled):
    act(enter(HEAD), urls[2], "siapkan")
    seen = []

    def sometimes(pdf, signer, secret, **facts):
        seen.append(pdf)
        if len(seen) == 2:
            raise Refused("Kuota habis. Hubungi DKISP.")
        return provider.real.sign(pdf, signer, secret, **facts)

    provider = meddled(sign=sometimes)
    page = sign(enter(HEAD)).follow()
    assert sorted(states(page)) == ["Gagal", "Sudah", "Sudah"]
    assert "Selesai: 2 ditandatangani, 1 belum." in page
    assert "Berhenti" not in page


def test_a_letter_that_was_signed_from_another_page_is_not_called_failed(enter, urls):
    head = enter(HEAD)
    form = form_with(head.get(PAGE), "frasa", "surat")
    form["frasa"] = SECRET
    page = form.submit()
    finished()
    one = form_with(head.get(f"{urls[0]}@@aksi/tanda_tangani"), "frasa")
    one["frasa"] = PASSPHRASE
    one.submit()
    assert sorted(states(head.get(page.location))) in (
        ["Belum dimulai", "Sudah, dari halaman lain"],
        ["Gagal", "Sudah, dari halaman lain"],
    )


def test_one_that_is_not_decided_leads_from_the_choice_to_its_evidence(enter, urls, meddled):
    def lost(*_args, **_facts):
        raise OutcomeUnknown(reference="hasil-1")

    meddled(sign=lost)
    head = enter(HEAD)
    page = sign(head).follow()
    assert "Coba lagi yang belum" not in page or "Belum dimulai" in states(page)
    chosen = head.get(PAGE)
    assert "Percobaan yang belum pasti hasilnya" in chosen.click("Lihat buktinya", index=0)


def test_of_letters_with_one_limit_the_most_urgent_stands_first_and_then_the_longest_waiting(enter, urls, clock):
    clock.forward(minutes=1)
    later, urgent = initialled(enter), initialled(enter, urgency="sangat-segera")
    for url in (later, urgent):
        act(enter(HEAD), url, "siapkan")
    looks = enter(HEAD).get(PAGE).html.select("form.sign .sign-item .look")
    found = [each["href"].partition("@@")[0] for each in looks]
    assert (found[0], {*found[1:3]}, found[3]) == (urgent, {*urls[:2]}, later)


def test_a_letter_put_aside_is_not_ticked_again_when_none_was(enter, urls):
    form = form_with(enter(HEAD).get(PAGE), "frasa", "surat")
    form["frasa"] = PASSPHRASE
    for box in form.fields["surat"]:
        box.checked = False
    page = form.submit(status=400)
    assert "Centang paling sedikit satu surat" in page
    assert not any(each.checked for each in form_with(page, "frasa").fields["surat"])


def test_trying_again_ticks_only_what_was_to_be_signed(enter, urls):
    head = enter(HEAD)
    form = form_with(head.get(PAGE), "frasa", "surat")
    form["frasa"] = SECRET
    form.fields["surat"][0].checked = False
    page = form.submit()
    finished()
    again = page.follow().click("Coba lagi yang belum")
    assert [each.checked for each in form_with(again, "frasa").fields["surat"]] == [False, True]


def test_without_a_passphrase_nothing_begins_and_the_ticks_stay(enter, urls, write):
    head = enter(HEAD)
    form = form_with(head.get(PAGE), "frasa", "surat")
    form.fields["surat"][1].checked = False
    page = form.submit(status=400)
    assert "Isi frasa sandi" in page
    assert [each.checked for each in form_with(page, "frasa").fields["surat"]] == [True, False]
    assert write(lambda site: len(site.batches)) == 0


def test_the_same_form_sent_twice_shows_the_same_batch(enter, urls, write):
    head = enter(HEAD)
    form = form_with(head.get(PAGE), "frasa", "surat")
    form["frasa"] = PASSPHRASE
    first, second = form.submit(), form.submit()
    finished()
    assert first.location == second.location
    assert write(lambda site: len(site.batches)) == 1
    letter = head.json(urls[0]).json
    assert [each["kind"] for each in letter["files"]].count("signed") == 1


def test_while_it_runs_the_page_comes_again_by_itself_and_says_how_far_it_is(enter, urls, meddled):
    hold = threading.Event()
    provider = meddled()

    def slow(pdf, signer, secret, **facts):
        hold.wait(30)
        return provider.real.sign(pdf, signer, secret, **facts)

    provider.sign = slow
    head = enter(HEAD)
    form = form_with(head.get(PAGE), "frasa", "surat")
    form["frasa"] = PASSPHRASE
    page = form.submit().follow()
    ends = time.monotonic() + 60
    while "Sedang berjalan" not in states(page) and time.monotonic() < ends:
        time.sleep(0.05)
        page = head.get(page.request.path)
    assert states(page) == ["Sedang berjalan", "Menunggu giliran"]
    assert page.html.select_one('meta[http-equiv="refresh"]')
    hold.set()
    finished()
    assert states(head.get(page.request.path)) == ["Sudah", "Sudah"]


def test_a_lost_answer_leads_to_its_evidence_and_leaves_the_rest(enter, urls, meddled):
    def lost(*_args, **_facts):
        raise OutcomeUnknown

    meddled(sign=lost)
    head = enter(HEAD)
    page = sign(head).follow()
    assert states(page) == ["Belum pasti", "Belum dimulai"]
    evidence = page.click("Lihat bukti")
    assert evidence.html.h1.get_text() == "Percobaan yang belum pasti hasilnya"
    assert "Berkas yang dikirim" in evidence


def test_the_passphrase_is_in_no_record_and_no_log(enter, urls, storage, caplog):
    caplog.set_level("DEBUG")
    head = enter(HEAD)
    sign(head, SECRET)
    sign(head)
    for record in (each for transaction in storage.changes.iterator() for each in transaction):
        assert SECRET.encode() not in record.data
        assert PASSPHRASE.encode() not in record.data
    assert SECRET not in caplog.text


def test_nobody_else_sees_how_far_it_came(enter, urls):
    head = enter(HEAD)
    page = sign(head).follow()
    enter("tata-usaha.dinkes").get(page.request.path, status=404)


def test_programs_choose_sign_and_ask_how_far_it_is(enter, urls):
    head = enter(HEAD)
    headers = {"Accept": "application/json", "X-CSRF-Token": head.token()}
    found = head.json(PAGE).json
    chosen = [{"alamat": each["alamat"], "sidik": each["sidik"]} for each in found["items"] if each["kind"] == "ready"]
    begun = head.post_json(PAGE, {"surat": chosen, "frasa": PASSPHRASE}, headers=headers, status=202).json
    finished()
    over = head.json(begun["@id"]).json
    assert over["over"]
    assert [each["state"] for each in over["items"]] == ["done", "done"]
    wrong = head.post_json(PAGE, {"surat": chosen}, headers=headers, status=400).json
    assert "frasa" in wrong["fields"]
    odd = head.post_json(PAGE, {"surat": ["x"], "frasa": "y"}, headers=headers, status=400).json
    assert "surat" in odd["fields"]


def test_a_provider_that_does_not_answer_is_told_on_desk_and_pages_and_nothing_is_sent(enter, urls, meddled):
    calls = []

    def away(*_args, **_facts):
        calls.append(1)
        raise ProviderUnavailable

    meddled(sign=away)
    head = enter(HEAD)
    opened = form_with(head.get(PAGE), "frasa", "surat")
    for _ in range(3):
        sign(head)
    assert len(calls) == 3
    assert "tidak menjawab sejak" in head.get("/")
    assert "surat menunggu tanda tangan Anda" in head.get("/")
    page = head.get(PAGE)
    assert "tidak menjawab sejak" in page
    assert "Belum dapat sekarang." in page.html.select_one(".sign-box").get_text()
    assert not page.html.select("input[name=frasa]"), "a secret that nobody can use is not asked for"
    assert "frasa sandi Anda satu kali" not in page.html.main.get_text(), "nor told how to give it"
    assert page.html.h1.get_text().endswith("surat menunggu tanda tangan")
    opened["frasa"] = PASSPHRASE
    refused = opened.submit(status=503)
    assert "Tidak ada yang dikirim" in refused
    assert len(calls) == 3
    assert head.json("/").json["provider_away"].endswith(".")


def test_who_waits_for_no_signature_is_told_no_number_of_letters(enter, urls, meddled):
    def away(*_args, **_facts):
        raise ProviderUnavailable

    meddled(sign=away)
    for _ in range(3):
        sign(enter(HEAD))
    page = enter("arsiparis.dinkes").get("/")
    assert "tidak menjawab sejak" in page
    assert "surat menunggu tanda tangan" not in page


def test_while_the_provider_is_away_tata_usaha_may_have_it_signed_with_ink(enter, urls, meddled):
    def away(*_args, **_facts):
        raise ProviderUnavailable

    tata_usaha = enter("tata-usaha.dinkes")
    tata_usaha.get(urls[0] + "@@aksi/basah", status=403)
    meddled(sign=away)
    for _ in range(3):
        sign(enter(HEAD))
    answer(tata_usaha, urls[0], "basah", {"alasan": "Harus berangkat hari ini"})
    assert tata_usaha.json(urls[0]).json["state"] == "dicetak"


def test_one_code_is_asked_for_all_ticked_letters_and_signs_them(enter, urls, meddled):
    asked, given = [], []
    provider = meddled(request_code=lambda _signer, files, _now: asked.append(files))
    provider.capabilities = replace(provider.capabilities, secrets=frozenset({"totp"}))

    def by_code(pdf, signer, secret, **facts):
        given.append((secret.kind, secret.reveal()))
        return provider.real.sign(pdf, signer, Secret(PASSPHRASE), **facts)

    provider.sign = by_code
    head = enter(HEAD)
    form = form_with(head.get(PAGE), "kode", "surat")
    page = form.submit("minta", value="kode")
    assert asked == [2]
    assert "Kode untuk 2 surat" in page
    form = form_with(page, "kode", "surat")
    form["kode"] = "135791"
    page = form.submit().follow()
    finished()
    assert states(head.get(page.request.path)) == ["Sudah", "Sudah"]
    assert given == [("totp", b"135791")] * 2


def test_a_code_is_asked_for_a_single_letter_too(enter, urls, meddled):
    asked = []
    provider = meddled(request_code=lambda _signer, files, _now: asked.append(files))
    provider.capabilities = replace(provider.capabilities, secrets=frozenset({"passphrase", "totp"}))
    form = form_with(enter(HEAD).get(urls[0] + "@@aksi/tanda_tangani"), "kode")
    assert "Kode untuk 1 surat" in form.submit("minta", value="kode")
    assert asked == [1]
