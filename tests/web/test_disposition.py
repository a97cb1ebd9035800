"""Disposing: the first reading, the form made of the flow, the tree, and what each recipient may do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from steps import act, answer, at_head, buttons, position

KABID = "Kepala Bidang Kesehatan Masyarakat"


@pytest.fixture
def url(enter):
    return at_head(enter)


@pytest.fixture
def disposed(enter, url, site):
    """The letter, disposed by its head to two positions; the addresses of letter and items by log-in."""
    to = {login: position(site, login) for login in ("kabid-kesmas.dinkes", "sekretaris.dinkes")}
    answer(
        enter("kepala.dinkes"),
        url,
        "disposisi",
        {
            "kepada": list(to.values()),
            "instruksi": [_first_instruction(enter, url)],
            "catatan": "Tinjau lapangan.",
            "utama": to["kabid-kesmas.dinkes"],
        },
    )
    return url


def _first_instruction(enter, url):
    page = enter("kepala.dinkes").get(url + "@@aksi/disposisi")
    return page.html.select_one("input[name=instruksi]")["value"]


def item_of(browser):
    return browser.get("/").html.select_one("a.subject")["href"]


def test_the_addressee_reads_the_pages_before_he_decides(enter, url):
    page = enter("kepala.dinkes").get(url)
    assert page.html.select_one(".read .paper-col img.paper") is not None
    assert buttons(page) == ["Disposisi", "Cukup diketahui", "Kembalikan ke agendaris"]
    assert "Kepala Dinas Kesehatan" in page.html.find(id="baca").parent.get_text()


def test_nobody_below_sees_the_letter_before_it_is_disposed(enter, url):
    enter("kabid-kesmas.dinkes").get(url, status=404)


def test_the_form_offers_direct_subordinates_first_and_others_one_press_away(enter, url):
    page = enter("kepala.dinkes").get(url + "@@aksi/disposisi")
    open_ = [each.get_text(strip=True) for each in page.html.select("#kepada .choice")]
    folded = [each.get_text(strip=True) for each in page.html.select("fieldset details")[0].select(".choice")]
    assert KABID in open_
    assert "Sekretaris Dinas Kesehatan" in open_
    assert "Staf Kesehatan Masyarakat" in folded
    assert "Kepala Dinas Kesehatan" not in open_ + folded


def test_each_limit_carries_its_own_date_and_the_usual_one_is_chosen(enter, url):
    page = enter("kepala.dinkes").get(url + "@@aksi/disposisi")
    limits = {each.find("input")["value"]: each for each in page.html.select("#batas .choice")}
    assert "Kamis, 26 Nov" in limits["3 working days"].get_text()
    assert limits["3 working days"].find("input").has_attr("checked")
    assert "16.00" in limits["2026-11-23"].get_text()


def test_disposing_to_nobody_says_so_and_keeps_the_note(enter, url):
    page = answer(enter("kepala.dinkes"), url, "disposisi", {"catatan": "Tinjau lapangan."}, status=400)
    assert "harus diisi" in page.html.select_one("p.error").get_text()
    assert page.html.find("textarea", attrs={"name": "catatan"}).get_text() == "Tinjau lapangan."
    assert page.html.select_one("#galat a[href='#kepada']") is not None


def test_a_typed_date_wins_over_the_ticked_limit(enter, url, site):
    to = [position(site, "kabid-kesmas.dinkes")]
    values = {"kepada": to, "instruksi": [_first_instruction(enter, url)], "batas_tanggal": "1/12/2026"}
    answer(enter("kepala.dinkes"), url, "disposisi", values)
    assert "Selasa, 1 Des" in enter("kepala.dinkes").get(url)


def test_the_giver_sees_the_tree_with_states(enter, disposed):
    page = enter("kepala.dinkes").get(disposed)
    tree = page.html.select_one(".tree")
    assert tree.select_one(".node-mine h3").get_text(strip=True) == "Kepala Dinas Kesehatan"
    assert [each.get_text() for each in tree.select("li .state")] == ["Belum dibaca", "Belum dibaca"]
    assert "utama" in tree.get_text()
    assert "2 terbuka" in page
    assert "Didisposisi, 2 masih terbuka" in page


def test_reading_is_recorded_once_and_only_for_the_one_who_holds_it(enter, disposed):
    kabid = enter("kabid-kesmas.dinkes")
    item = item_of(kabid)
    kabid.get(item)
    kabid.get(item)
    history = kabid.json(disposed + "@@riwayat").json
    mine = [each for each in history["items"] if each["action"] == "dibaca" and each["who"]["title"] == KABID]
    assert len(mine) == 1
    states = [each.get_text() for each in enter("kepala.dinkes").get(disposed).html.select(".tree li .state")]
    assert sorted(states) == ["Belum dibaca", "Dikerjakan"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Dest": "image"},
    ],
)
def test_what_nobody_looks_at_is_not_read(enter, disposed, headers):
    kabid = enter("kabid-kesmas.dinkes")
    kabid.get(item_of(kabid), headers=headers)
    assert "Dikerjakan" not in enter("kepala.dinkes").get(disposed)


def test_the_recipient_sees_what_is_asked_of_him_before_the_paper(enter, disposed):
    kabid = enter("kabid-kesmas.dinkes")
    page = kabid.get(item_of(kabid))
    asked = page.html.select_one("section[aria-label^='Disposisi untuk']")
    assert "Tinjau lapangan." in asked.get_text()
    assert "pelaksana utama" in asked.get_text()
    assert buttons(page) == ["Teruskan", "Lapor selesai", "Bukan tugas saya", "Buat balasan"]


def test_a_report_closes_an_item_and_the_last_one_closes_the_letter(enter, disposed):
    for login in ("kabid-kesmas.dinkes", "sekretaris.dinkes"):
        browser = enter(login)
        answer(browser, item_of(browser), "selesaikan", {"isi": f"Selesai oleh {login}"})
    page = enter("kepala.dinkes").get(disposed)
    assert "Selesai oleh kabid-kesmas.dinkes" in page
    assert "2 selesai" in page
    assert "Keadaan" not in page.html.select_one(".letter-head").get_text()
    assert page.html.select_one(".letter-head .state").get_text() == "Selesai"


def test_a_return_carries_its_reason_and_goes_back_to_the_giver(enter, disposed):
    kabid = enter("kabid-kesmas.dinkes")
    item = item_of(kabid)
    page = answer(kabid, item, "bukan_tugas", {"alasan": ""}, status=400)
    assert "harus diisi" in page
    answer(kabid, item, "bukan_tugas", {"alasan": "Bukan kewenangan bidang kami"})
    page = enter("kepala.dinkes").get(disposed)
    assert "Bukan kewenangan bidang kami" in page
    assert "1 dikembalikan" in page


def test_an_unread_item_can_be_withdrawn_and_a_read_one_says_why_not(enter, disposed, site):
    head = enter("kepala.dinkes")
    nodes = head.get(disposed).html.select(".tree li .node h3 a")
    kabid = next(each["href"] for each in nodes if KABID in each.get_text())
    enter("kabid-kesmas.dinkes").get(kabid)
    page = head.get(kabid)
    assert "Tarik kembali" not in buttons(page)
    assert "sudah dibaca" in page.html.select_one(".refused").get_text()
    other = next(each["href"] for each in nodes if KABID not in each.get_text())
    act(head, other, "tarik")
    assert "Ditarik" in head.get(disposed)


def test_passing_on_makes_an_item_below(enter, disposed, site):
    kabid = enter("kabid-kesmas.dinkes")
    item = item_of(kabid)
    to = [position(site, "kasi-kesmas.dinkes")]
    answer(kabid, item, "teruskan", {"kepada": to, "instruksi": [_any(kabid, item)]})
    page = enter("kepala.dinkes").get(disposed)
    below = page.html.select_one(".tree ul ul .node h3").get_text(strip=True)
    assert below.startswith("Kepala Seksi Kesehatan Masyarakat")
    assert "Diteruskan" in page


def _any(browser, item):
    return browser.get(item + "@@aksi/teruskan").html.select_one("input[name=instruksi]")["value"]


def test_for_information_only_is_one_press(enter, url):
    act(enter("kepala.dinkes"), url, "cukup_diketahui")
    assert enter("kepala.dinkes").get(url).html.select_one(".letter-head .state").get_text() == "Selesai"


def test_the_same_button_pressed_twice_acts_once(enter, url):
    head = enter("kepala.dinkes")
    form = next(each for each in head.get(url).forms.values() if each.action.endswith("cukup_diketahui"))
    form.submit()
    second = form.submit()
    assert second.status_int == 303
    acts = head.json(url + "@@riwayat").json["items"]
    assert [each["action"] for each in acts].count("cukup_diketahui") == 1


def test_an_act_from_an_old_page_is_told_who_moved_the_letter_when_and_where_it_is(enter, url):
    head = enter("kepala.dinkes")
    act(head, url, "cukup_diketahui")
    page = head.send(url + "@@aksi/cukup_diketahui", {"_kunci": "kunci-yang-lain"}, status=409)
    assert page.html.find("h1").get_text() == "Surat ini sudah berpindah"
    told = page.html.find("main").get_text(" ", strip=True)
    assert (
        "'Cukup diketahui' tidak dapat dilakukan sekarang. Berpindah karena 'Cukup diketahui' oleh Kepala Dinas" in told
    )
    assert ", hari ini, 09.00; sekarang di 'Selesai'. Yang Anda kirim tidak dilakukan" in told


def test_a_page_of_an_act_that_is_over_leads_to_the_letter_and_says_who_moved_it(enter, url):
    head = enter("kepala.dinkes")
    act(head, url, "cukup_diketahui")
    told = head.get(url + "@@aksi/cukup_diketahui").follow().html.find("main").get_text(" ", strip=True)
    assert "tidak dapat dilakukan pada keadaan surat sekarang. Berpindah karena 'Cukup diketahui' oleh Kepala" in told


def test_an_unknown_action_is_nowhere(enter, url):
    enter("kepala.dinkes").get(url + "@@aksi/hapus", status=404)
    enter("kepala.dinkes").get(url + "@@aksi", status=404)


def test_the_sheet_prints_as_a_file(enter, disposed):
    answer_ = enter("kepala.dinkes").get(disposed + "@@lembar")
    assert answer_.content_type == "application/pdf"
    assert answer_.body.startswith(b"%PDF")
    assert "attachment" in answer_.headers["Content-Disposition"]


def test_without_dispositions_there_is_no_sheet(enter, url):
    enter("kepala.dinkes").get(url + "@@lembar", status=404)


def test_somebody_outside_the_path_gets_nothing_of_it(enter, disposed):
    outsider = enter("kepala.bpkad")
    missing = outsider.get("/dinkes/surat-masuk/2026/aaaaaaaaaaaaaaaa/", status=404)
    for view in (
        "",
        "@@aksi/disposisi",
        "@@riwayat",
        "@@lembar",
        "@@halaman?berkas=x",
        "@@banding",
        "@@pengiriman",
        "@@balas",
    ):
        found = outsider.get(disposed + view, status=404)
        assert len(found.body) == len(missing.body), view


def test_early_in_the_morning_today_is_still_offered_as_a_limit(enter, clock):
    """Before 07.00 in Serang it is still yesterday in UTC; "Hari ini" was missing then."""
    clock.now = clock.now.replace(hour=23, minute=30) - timedelta(days=1)  # 06.30 WIB
    url = at_head(enter)
    page = enter("kepala.dinkes").get(f"{url}@@aksi/disposisi")
    assert "Hari ini" in page.text


def test_a_limit_that_has_passed_is_told_as_passed(enter, disposed, clock):
    clock.forward(days=30)
    kabid = enter("kabid-kesmas.dinkes")
    text = kabid.get(item_of(kabid)).html.get_text(" ", strip=True)
    assert "sudah lewat." in text
    assert "paling lambat berubah" not in text
