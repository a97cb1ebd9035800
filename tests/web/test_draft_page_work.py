"""What the page of a draft costs: proved once for a while, so many letters and lines, and the rest counted."""

from __future__ import annotations

import pytest
from steps import PASSWORD, form_with, register, worker  # noqa: F401
from ZODB.POSException import POSKeyError

from intranet_surat.services import flow_proofs, migrating
from intranet_surat.web.views import flow_drafts

DESIGNER, APPROVER = "kasubag-umum.dinkes", "kabag-organisasi.setda"
FLOW = "surat-masuk-dinkes"
LESS = ("by: sekretaris, ask: telaahan", "by: agendaris, ask: telaahan")


@pytest.fixture
def draft(enter):
    page = enter(DESIGNER).get(f"/dinkes/@@alur/{FLOW}")
    return form_with(page, "alur", "kantor").submit().location


@pytest.fixture
def asked(monkeypatch):
    """How often the letters of today were asked about."""
    calls = []

    def plan(*args, **more):
        calls.append(args)
        return migrating_plan(*args, **more)

    migrating_plan = migrating.plan
    monkeypatch.setattr(migrating, "plan", plan)
    return calls


def written(enter, draft, *changes):
    form = form_with(enter(DESIGNER).get(draft), "naskah")
    text = form["naskah"].value.partition("\ntests:\n")[0] + "\n"
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    form["naskah"] = text
    form.submit(status=303)


def proposed(enter, draft):
    form = form_with(enter(DESIGNER).get(draft), "alasan")
    form["alasan"] = "Lebih cepat"
    form.submit(status=303)


def test_a_draft_that_is_looked_at_again_is_not_proved_again_until_some_minutes_have_passed(enter, draft, asked, clock):
    first = enter(DESIGNER).get(draft)
    assert ", hari ini, 09.00" in first
    asked.clear()
    assert enter(DESIGNER).get(draft).html.select_one("#uji").text == first.html.select_one("#uji").text
    assert asked == []
    clock.forward(minutes=3)
    enter(DESIGNER).get(draft)
    assert len(asked) == 1


def test_what_is_saved_is_proved_at_once_and_what_is_proposed_on_the_letters_of_that_moment(enter, draft, asked):
    written(enter, draft)
    enter(DESIGNER).get(draft)
    asked.clear()
    proposed(enter, draft)
    assert len(asked) == 1, "the page before it was kept; proposing looked for itself"


@pytest.fixture
def many(enter, draft, monkeypatch):
    """Three letters that the draft would move, where a request looks at one."""
    monkeypatch.setattr(flow_proofs, "MOST_LETTERS", 1)
    for number in ("1", "2", "3"):
        register(enter("agendaris.dinkes"), sender_number=number, button="lalu", subject=f"Surat {number} uji")
    before = form_with(enter(DESIGNER).get(draft), "naskah")["naskah"].value
    old = int(before.split("version: ")[1].split()[0]) - 1
    written(enter, draft, ("change:\n", f"migrate: [{{from: {old}}}]\nchange:\n"))


def test_letters_beyond_those_a_page_looks_at_are_counted_and_said_so(enter, draft, many):
    page = enter(DESIGNER).get(draft)
    assert "1 surat dapat pindah" in page
    assert "2 surat lagi belum diperiksa" in page
    assert enter(DESIGNER).json(draft).json["letters_unseen"] == 2


def test_who_approves_sees_how_far_the_look_at_all_letters_is_and_then_every_letter(enter, draft, many, worker):  # noqa: F811
    proposed(enter, draft)
    approver = enter(APPROVER)
    waiting = approver.get(draft)
    assert "0 dari 3 surat sudah diperiksa" in waiting.html.select_one("#terbit").get_text()
    assert "Dapat: Anda, sesudah semua surat diperiksa" in waiting
    assert not [form for form in waiting.forms.values() if form.action.endswith("/setujui")]
    worker()
    page = approver.get(draft)
    assert "3 surat dapat pindah" in page
    assert (
        len([line for line in page.click("Unduh daftar surat").text.splitlines() if line.startswith("pindah /")]) == 3
    )
    form = next(form for form in page.forms.values() if form.action.endswith("/setujui"))
    form["sandi"] = PASSWORD
    assert "Terbit" in form.submit(status=303).follow()


def test_while_the_worker_looks_at_all_letters_the_page_says_so_first_and_leads_to_how_far_it_is(
    enter,
    draft,
    many,
    worker,  # noqa: F811
):
    proposed(enter, draft)
    page = enter(DESIGNER).get(draft)
    told = page.html.select_one("main > .banner[role=status]:not(.told)")
    assert "Pemeriksaan surat berjalan: 0 dari 3 surat." in told.get_text()
    worker()
    after = page.click("Lihat kemajuan", index=0)
    assert "Semua surat diperiksa" in after
    assert "Pemeriksaan surat berjalan" not in after


@pytest.mark.parametrize(("level", "named"), [("B", True), ("T", True), ("R", False), ("SR", False)])
def test_the_list_of_letters_that_would_move_counts_secret_ones_that_are_not_for_its_reader(enter, draft, level, named):
    path = register(enter("agendaris.dinkes"), security=level, button="lalu").removeprefix("http://localhost")
    before = form_with(enter(DESIGNER).get(draft), "naskah")["naskah"].value
    old = int(before.split("version: ")[1].split()[0]) - 1
    written(enter, draft, ("change:\n", f"migrate: [{{from: {old}}}]\nchange:\n"))
    listed = enter(DESIGNER).get(f"{draft}/surat").text
    assert (path.strip("/") in listed) is named
    assert ("tidak disebut: 1 surat rahasia" in listed) is not named


def test_a_letter_that_cannot_be_read_is_told_on_the_page_and_hinders_no_proposal(enter, draft, monkeypatch):
    where = register(enter("agendaris.dinkes"), button="lalu").removeprefix("http://localhost").rstrip("/")
    before = form_with(enter(DESIGNER).get(draft), "naskah")["naskah"].value
    old = int(before.split("version: ")[1].split()[0]) - 1

    def lost(*_):
        raise POSKeyError(bytes(8))

    monkeypatch.setattr(migrating, "sort_one", lost)
    written(enter, draft, ("change:\n", f"migrate: [{{from: {old}}}]\nchange:\n"))
    page = enter(DESIGNER).get(draft)
    assert "0 surat dapat pindah, 0 tertinggal, 1 tidak dapat dibaca." in page.html.get_text()
    assert f"{where}: tidak dapat dibaca, tetap di versinya" in page.html.get_text()
    assert "minta DKISP memulihkannya" in page
    assert enter(DESIGNER).json(draft).json["letters_lost"] == [where]
    assert f"tidak dapat dibaca {where}: tetap di versinya" in enter(DESIGNER).get(f"{draft}/surat")
    proposed(enter, draft)
    assert "Setujui dan terbitkan" in enter(APPROVER).get(draft)


def test_a_look_at_all_letters_that_stopped_says_so_and_can_be_begun_again(enter, draft, many, clock, worker):  # noqa: F811
    designer = enter(DESIGNER)
    form = next(each for each in designer.get(draft).forms.values() if each.action.endswith("/periksa"))
    page = form.submit(status=303).follow()
    assert "Anda boleh meninggalkan halaman ini" in page
    clock.forward(minutes=11)
    page = designer.get(draft)
    assert "Pemeriksaan terhenti pada 0 dari 3 surat" in page
    next(each for each in page.forms.values() if each.action.endswith("/periksa")).submit(status=303)
    worker()
    assert designer.json(draft).json["letters_trial"]["state"] == "done"


def test_a_long_list_of_powers_is_cut_and_counted_and_given_whole_as_a_file(enter, draft, monkeypatch):
    monkeypatch.setattr(flow_drafts, "SHOWN", 1)
    written(enter, draft, LESS)
    page = enter(DESIGNER).get(draft)
    assert len(page.html.select("#beda table.power tbody tr")) == 1
    whole = page.click("Unduh semua yang berubah", index=0)
    assert len([line for line in whole.text.splitlines() if line.startswith(("+ ", "- "))]) > 1
    assert any(line.startswith("Berubah: ") for line in whole.text.splitlines())
    assert whole.headers["Content-Disposition"].startswith("attachment")


def test_powers_of_a_flow_at_its_limits_are_given_up_and_the_page_says_who_compares_them(enter, draft, monkeypatch):
    monkeypatch.setattr(flow_proofs, "MOST_ASKED", 3)
    written(enter, draft, LESS)
    page = enter(DESIGNER).get(draft)
    assert "terlalu besar" in page.html.select_one("#beda").text
    assert page.html.select("#beda .tell li"), "what changes is still told in words"
    assert "tidak dibandingkan" in enter(DESIGNER).get(draft + "/beda")
    assert enter(DESIGNER).json(draft).json["powers_measured"] is False


def test_who_decides_reads_what_changes_first_then_the_proofs_then_decides(enter, draft):
    written(enter, draft, ("title: Surat masuk Dinas Kesehatan", "title: Surat masuk Dinkes"))
    proposed(enter, draft)
    order = [each["id"] for each in enter(APPROVER).get(draft).html.select(".flow > section")]
    assert order[:3] == ["beda", "uji", "terbit"]
    assert order[-1] == "yaml"
    assert next(each["id"] for each in enter(DESIGNER).get(draft).html.select(".flow > section")) == "yaml"


def test_a_session_left_open_is_not_enough_to_put_a_flow_into_force(enter, draft, write):
    written(enter, draft, ("title: Surat masuk Dinas Kesehatan", "title: Surat masuk Dinkes"))
    proposed(enter, draft)
    page = enter(APPROVER).get(draft)
    form = next(form for form in page.forms.values() if form.action.endswith("/setujui"))
    assert "Tulis kata sandi Anda sekali lagi" in form.submit(status=400)
    form["sandi"] = "bukan-sandi-saya"
    assert "Kata sandi tidak cocok" in form.submit(status=400)
    assert not write(lambda site: site.publications.get("DINKES"))
    form["sandi"] = PASSWORD
    form.submit(status=303)
    assert "Surat masuk Dinkes" in enter(DESIGNER).get(draft), "its text is read where it is kept, once"


def test_beginning_a_draft_twice_with_one_form_makes_one_draft(enter, write):
    form = form_with(enter(DESIGNER).get(f"/dinkes/@@alur/{FLOW}"), "alur", "kantor")
    assert form.submit().location == form.submit().location
    assert write(lambda site: len(site.drafts)) == 1


def test_a_drawing_does_not_read_the_letters_again_for_every_look(enter, monkeypatch, clock):
    from intranet_surat.services import flow_figures

    calls, running = [], flow_figures._running
    monkeypatch.setattr(flow_figures, "_running", lambda *args: calls.append(args) or running(*args))
    for _ in range(3):
        enter(DESIGNER).get(f"/dinkes/@@alur/{FLOW}")
    assert len(calls) == 1
    clock.forward(minutes=6)
    enter(DESIGNER).get(f"/dinkes/@@alur/{FLOW}")
    assert len(calls) == 2
