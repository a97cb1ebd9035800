"""An attempt of unknown outcome: its evidence on the screen, and what the signatory decides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from steps import PASSPHRASE, act, form_with, initialled, keyed, pdf, sign  # noqa: F401
from webtest import Upload

from intranet_surat.resources.folder import find
from intranet_surat.services import unsigned
from intranet_surat.services.providers.base import OutcomeUnknown, Refused

HEAD = "kepala.dinkes"
TIMES = "Percobaan yang belum pasti hasilnya"


class Forgetful:
    """Signs, loses the answer, and may hand the file out once more."""

    id, title = "pkcs12", "Penyedia Uji"

    def __init__(self, real):
        self.real, self.capabilities, self.status = real, real.capabilities, real.status
        self.calls, self.made = 0, {}

    def sign(self, *args, **facts):
        self.calls += 1
        self.made[f"hasil-{self.calls}"] = self.real.sign(*args, **facts).pdf
        raise OutcomeUnknown(detail="TimeoutError: the answer did not come in time", reference=f"hasil-{self.calls}")

    def fetch(self, reference, now):  # noqa: ARG002
        if reference not in self.made:
            raise Refused("Hasil itu sudah pernah diambil.")
        return self.made.pop(reference)


@pytest.fixture
def url(enter, keyed):  # noqa: F811
    made = initialled(enter)
    act(enter(HEAD), made, "siapkan")
    return made


@pytest.fixture
def lost(enter, keyed, url):  # noqa: F811
    """A provider whose answer was lost once, and the page of that attempt."""
    house = keyed.registry.house
    made = Forgetful(house.provider())
    keyed.registry.house = replace(house, providers={**house.providers, "pkcs12": made})
    head = enter(HEAD)
    made.head, made.page = head, sign(head, url, status=503).click("Lihat buktinya")
    return made


def form_to(page, name):
    return next(form for form in page.forms.values() if form.action.endswith(name))


def test_the_page_shows_what_was_sent_when_and_what_came_back(lost, url):
    text = " ".join(lost.page.html.find("main").get_text(" ").split())
    assert TIMES in text
    sha = lost.head.json(url).json["frozen"]
    assert sha in text.replace(" ", "")
    for part in (
        "09.00",
        "Tidak ada berkas yang dapat dibaca",
        "hasil-1",
        "did not come in time",
        "Jangan ditandatangani lagi",
    ):
        assert part in text
    assert "B/1/400.7.1/2026" in text


def test_the_signed_file_that_the_person_got_ends_the_attempt(lost, url):
    form = form_with(lost.page, "berkas")
    form["berkas"] = Upload("hasil.pdf", lost.made["hasil-1"], "application/pdf")
    page = form.submit().follow()
    assert "Surat sudah ditandatangani" in page
    letter = lost.head.json(url).json
    assert (letter["state"], letter["fields"]["signed"], lost.calls) == ("siap_kirim", "pades", 1)


@pytest.mark.parametrize("what", ["another", "unsigned", "huge", "none"])
def test_another_file_is_refused_with_a_sentence_and_the_attempt_stays_unknown(lost, url, what):
    sent = lost.head.get(f"{url}@@berkas?sha={lost.head.json(url).json['frozen']}").body
    form = form_with(lost.page, "berkas")
    files = {"another": pdf(), "unsigned": sent, "huge": sent + bytes(2_000_000)}
    if what != "none":
        form["berkas"] = Upload("hasil.pdf", files[what], "application/pdf")
    page = form.submit(status="*")
    assert page.status_int >= 400
    assert ("Pilih berkas PDF" if what == "none" else "bukan surat yang dikirim waktu itu") in page
    assert TIMES in page
    assert "belum pasti" in lost.head.get(url)
    assert lost.calls == 1


def test_the_provider_hands_the_file_out_once_and_it_waits_for_the_person(lost, url):
    page = form_to(lost.page, "percobaan-ambil").submit().follow()
    assert "lolos pemeriksaan" in page
    assert lost.head.json(url).json["state"] == "ttd_elektronik", "it is evidence until the signatory uses it"
    assert lost.made == {}
    page = form_with(page, "tersimpan").submit().follow()
    assert "Surat sudah ditandatangani" in page
    assert lost.head.json(url).json["state"] == "siap_kirim"


def test_a_result_that_the_provider_no_longer_has_is_said(lost):
    lost.made.clear()
    assert "sudah pernah diambil" in form_to(lost.page, "percobaan-ambil").submit(status="*")


def test_nothing_was_signed_and_the_letter_is_signed_again(lost, url, keyed):  # noqa: F811
    form_to(lost.page, "tanda-tangan-tidak-jadi").submit()
    keyed.registry.house = replace(
        keyed.registry.house, providers={**keyed.registry.house.providers, "pkcs12": lost.real}
    )
    assert sign(lost.head, url).status_int == 303


def test_others_see_the_evidence_or_nothing_and_decide_nothing(lost, enter, url):
    address = lost.page.request.url
    checker = enter("tata-usaha.dinkes")
    page = checker.get(address)
    assert TIMES in page
    assert not [form for form in page.forms.values() if "percobaan" in form.fields]
    enter("agendaris.kramatwatu").get(address, status=404)


def test_programs_read_and_decide_the_same(lost, url):
    told = lost.head.json(lost.page.request.url).json
    assert (told["state"], told["can_fetch"], told["kept"], told["came_back"]) == ("unknown", True, False, None)
    assert told["sent"]["sha256"] == lost.head.json(url).json["frozen"]


def words(page):
    return " ".join(page.html.find("main").get_text(" ").split())


def posts(page):
    return [form.action.rsplit("/", 1)[-1] for form in page.forms.values()]


def in_json(browser, address, **values):
    return browser.send(address, values, headers={"Accept": "application/json"}, status="*")


def stored(db, url):
    """A letter as it is stored, by its address."""
    connection = db.open()
    return connection, find(connection.root()["intranet_surat"], url.removeprefix("http://localhost").rstrip("/"))


def refused(lost, db, url):
    """The letter goes back to who wrote it; the outcome of the attempt stays unknown to everybody."""
    page = lost.head.get(f"{url}@@aksi/tolak")
    form = form_with(page, "alasan")
    form["alasan"] = "Angkanya keliru."
    form.submit()
    return page


@pytest.mark.parametrize("by", ["button", "json", "batch"])
def test_the_file_is_not_made_anew_while_nobody_knows_whether_it_was_signed(lost, url, by):
    before = lost.head.json(url).json
    if by == "button":
        assert "@@aksi/siapkan" not in lost.head.get(url)
        said = lost.head.send(f"{url}@@aksi/siapkan", status=403).text
    elif by == "json":
        answer = in_json(lost.head, f"{url}@@aksi/siapkan")
        assert answer.status_int == 403
        said = answer.text
    else:
        where = url.removeprefix("http://localhost")
        said = lost.head.send("/@@siapkan-banyak", {"surat": where}, status="*").text
    if by != "batch":
        assert "sampai Jelita Adiwangsa melihat bukti" in said
    after = lost.head.json(url).json
    assert (after["frozen"], after["fields"]["number"]) == (before["frozen"], before["fields"]["number"])
    form = form_with(lost.page, "berkas")
    form["berkas"] = Upload("hasil.pdf", lost.made["hasil-1"], "application/pdf")
    assert "Surat sudah ditandatangani" in form.submit().follow()


def test_letter_desk_json_and_explanation_say_the_same_of_an_attempt_that_is_not_decided(lost, url):
    page = lost.head.get(url)
    assert "Percobaan terakhir belum pasti hasilnya" in words(page)
    assert [each.get_text() for each in page.html.select("main .btn-main")] == ["Lihat buktinya"]
    told = lost.head.json(url).json
    assert {each["id"] for each in told["actions"]} == {"tolak"}
    assert {"tanda_tangani", "siapkan"} <= {each["id"] for each in told["refused"]}
    assert (told["attempt"]["state"], told["attempt"]["decides"]) == ("unknown", True)
    explained = {each["id"]: each for each in lost.head.json(f"{url}@@jelaskan").json["items"]}
    for action in ("tanda_tangani", "siapkan"):
        assert not explained[action]["allowed"]
        assert "belum pasti" in explained[action]["why"]
    desk = lost.head.get("/")
    assert "Hasil tanda tangan belum pasti" in words(desk)
    assert "Lihat dan tanda tangani" not in desk
    assert [each["@id"] for each in lost.head.json("/").json["undecided"]] == [told["attempt"]["@id"]]


def test_the_desk_says_nothing_more_once_it_is_decided(lost, url):
    form_to(lost.page, "tanda-tangan-tidak-jadi").submit()
    assert "Hasil tanda tangan belum pasti" not in lost.head.get("/")
    assert lost.head.json("/").json["undecided"] == []
    assert "belum pasti" not in lost.head.get(url)


def test_the_sign_page_has_no_box_and_no_verdict_while_it_is_undecided(lost, url):
    page = lost.head.get(f"{url}@@aksi/tanda_tangani")
    assert "frasa" not in {name for form in page.forms.values() for name in form.fields}
    assert "@@tanda-tangan-tidak-jadi" not in posts(page)
    assert page.html.select("main .btn-main")[0].get_text() == "Lihat buktinya"
    assert words(page).count("jangan tanda tangani ulang") == 1


def test_what_the_program_noted_in_english_is_folded(lost):
    noted = lost.page.html.find("details", class_="plus")
    assert "did not come in time" in noted.get_text()
    assert "did not come in time" not in " ".join(each.get_text() for each in lost.page.html.select("dl"))


def test_who_refuses_is_told_first_what_becomes_of_the_attempt(lost, db, url):
    assert "bila berkas itu ternyata sudah ditandatangani" in words(refused(lost, db, url)).lower()
    page = lost.head.get(lost.page.request.url)
    assert "tidak dipakai lagi sejak tindakan" in words(page)
    assert lost.head.json(lost.page.request.url).json["error"] == "given-up"


def test_a_signature_on_a_file_that_was_given_up_is_told_as_such_and_kept(lost, db, url):
    refused(lost, db, url)
    before = lost.head.json(url).json
    page = lost.head.get(lost.page.request.url)
    form = form_with(page, "berkas")
    form["berkas"] = Upload("lain.pdf", pdf(), "application/pdf")
    assert "bukan surat yang dikirim waktu itu" in form.submit(status="*")
    form = form_with(lost.head.get(lost.page.request.url), "berkas")
    form["berkas"] = Upload("hasil.pdf", lost.made["hasil-1"], "application/pdf")
    page = form.submit().follow()
    assert "memang tertanda tangani" in words(page)
    assert "sudah jelas" not in page
    after = lost.head.json(url).json
    assert (after["state"], after["frozen"]) == (before["state"], before["frozen"])
    page = lost.head.get(lost.page.request.url)
    assert "ada pada kami" in words(page)
    assert "@@percobaan-pakai" not in posts(page)


def test_the_clerk_cannot_take_the_letter_to_paper_before_the_attempt_is_decided(lost, enter, url, keyed, db):  # noqa: F811
    from intranet_surat.services import undecided

    connection, letter = stored(db, url)
    try:
        site = connection.root()["intranet_surat"]
        said = undecided.against(keyed.registry.house, site, letter, "basah", keyed.registry.house.clock())
    finally:
        connection.close()
    assert said is not None
    assert "belum pasti" in said.says


def test_one_wrong_and_one_unanswered_are_told_apart(enter, keyed, url):  # noqa: F811
    house = keyed.registry.house
    head = enter(HEAD)
    sign(head, url, "salah", status="*")
    keyed.registry.house = replace(house, providers={**house.providers, "pkcs12": Forgetful(house.provider())})
    page = sign(head, url, status=503).click("Lihat buktinya")
    form_to(page, "tanda-tangan-tidak-jadi").submit()
    said = words(head.get(f"{url}@@aksi/tanda_tangani"))
    assert "Sudah salah 1 kali dan 1 belum dijawab; masih dapat dicoba 3 kali." in said


def test_after_too_many_wrong_ones_only_what_is_asked_for_is_named(enter, keyed, url):  # noqa: F811
    head = enter(HEAD)
    for _ in range(5):
        page = sign(head, url, "salah", status="*")
    said = words(page)
    assert "Frasa sandi sudah terlalu sering salah" in said
    assert "atau kode" not in said


def test_the_night_keeps_the_number_of_a_letter_that_may_be_signed(lost, url, keyed, db, clock):  # noqa: F811
    connection, letter = stored(db, url)
    try:
        site, number = connection.root()["intranet_surat"], letter.fields["number"]
        last = letter.history[len(letter.history) - 1]
        args = {"letter": url.removeprefix("http://localhost").rstrip("/"), "number": number}
        args |= {"position": last.position, "person": last.person}
        clock.forward(days=1)
        jobs = len([each for each in site.jobs.pending() if each.name == unsigned.JOB])
        unsigned.end_of_day(keyed.registry.house, site, args, clock())
        assert (letter.fields["number"], letter.frozen is not None) == (number, True)
        assert len([each for each in site.jobs.pending() if each.name == unsigned.JOB]) == jobs + 1
    finally:
        connection.transaction_manager.abort()
        connection.close()


def test_who_signs_for_the_post_now_may_say_that_nothing_was_signed(lost, enter, url, db, clock):
    """The one who was asked first is gone: without him nobody could sign the letter any more."""
    before = lost.head.json(url).json
    connection, letter = stored(db, url)
    try:
        letter.attempts[-1].person = connection.root()["intranet_surat"].positions[letter.author].holders[0].person
        letter.attempts[-1]._p_changed = True
        connection.transaction_manager.commit()
    finally:
        connection.close()
    page = lost.head.get(lost.page.request.url)
    assert "Periksa dulu, lalu putuskan" in words(page)
    assert "berkas" not in {name for form in page.forms.values() for name in form.fields}
    form_to(page, "tanda-tangan-tidak-jadi").submit()
    after = lost.head.json(url).json
    assert after["attempt"] is None
    assert "tanda_tangani" in {each["id"] for each in after["actions"]}
    assert (after["frozen"], after["fields"]["number"]) == (before["frozen"], before["fields"]["number"])


def test_nobody_refuses_while_the_answer_is_still_awaited(lost, url, db):
    connection, letter = stored(db, url)
    try:
        letter.attempts[-1].state = "sending"
        connection.transaction_manager.commit()
    finally:
        connection.close()
    assert lost.head.json(url).json["actions"] == []
    assert "sedang berjalan" in in_json(lost.head, f"{url}@@aksi/tolak", alasan="Keliru.").text
    page = lost.head.get(f"{url}@@aksi/tanda_tangani")
    assert "Penandatanganan sedang berjalan" in words(page)
    assert "belum pasti" not in words(page)
