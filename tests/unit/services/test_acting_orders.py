"""What follows from an order to act for a post: who is told, what is kept of it, what lists and files show, and its end."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from acting_stage import Scene, set_up
from lost_objects import lose
from signing_stage import prepared, sign
from transaction.interfaces import TransientError
from two_desks import SHEET, begin

from intranet_surat.cli import people
from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.resources.evolution import know_mandates
from intranet_surat.resources.folder import path
from intranet_surat.resources.lists import Closed
from intranet_surat.resources.mandates import Mandate
from intranet_surat.resources.people import Holding
from intranet_surat.services import absences, delivery, handover, mandates, search, signing_orders
from intranet_surat.services.mandate_rules import latest
from intranet_surat.services.notices import POST, UNATTENDED
from intranet_surat.services.work import run_due

PLH = "Plh. camat: sekcam, 23 Nov s.d. 27 Nov"


@pytest.fixture
def scene(desk):
    return Scene(desk)


@pytest.fixture
def told(scene, db):
    """Runs the due jobs and returns (what about, title, address of the page) of each notice."""
    found = []
    desk = scene.desk
    channels = {"uji": lambda _house, notice: found.append(notice)}
    desk.house = dataclasses.replace(desk.house, notice_channels=channels)

    def run():
        desk.commit()
        found.clear()
        run_due(desk.house, db, desk.now)
        desk.tm.abort()
        desk.tm.begin()
        return sorted((each.about, each.title, each.url) for each in found)

    return run


def test_both_parties_and_the_one_above_are_told_of_a_confirmed_order(scene, told):
    scene.propose("admin kecamatan", scene.order("Plh.", "camat", "sekcam", date(2026, 11, 23), date(2026, 11, 27)))
    told()
    scene.confirm("sekda")
    titles = {title for about, title, _ in told() if about == POST}
    assert titles == {"Camat Kramatwatu", "Sekretaris Kecamatan Kramatwatu", "Sekretaris Daerah"}


def test_those_who_may_confirm_are_told_of_a_proposal(scene, told):
    scene.propose("admin kecamatan", scene.order("Plh.", "camat", "sekcam", date(2026, 11, 23), date(2026, 11, 27)))
    titles = {title for about, title, _ in told() if about == POST}
    assert {"Camat Kramatwatu", "Sekretaris Daerah"} <= titles


def test_when_nobody_attends_to_a_post_its_office_is_told_without_the_letter(scene, told):
    set_up(scene, "camat cuti 23 Nov s.d. 27 Nov")
    told()
    set_up(scene, "surat masuk Biasa")
    [notice] = [each for each in told() if each[0] == UNATTENDED]
    assert notice == (UNATTENDED, "Kepala Subbagian Umum Kecamatan Kramatwatu", "http://127.0.0.1:6543/")


def test_with_a_stand_in_nobody_else_is_told(scene, told):
    set_up(scene, f"camat cuti 23 Nov s.d. 27 Nov; {PLH}; surat masuk Biasa")
    assert [each for each in told() if each[0] == UNATTENDED] == []


def test_a_stand_in_is_told_of_open_letters_and_not_of_secret_ones(scene, told):
    set_up(scene, PLH)
    told()
    set_up(scene, "surat masuk Biasa")
    assert len([each for each in told() if each[1] == "Camat Kramatwatu"]) == 2
    set_up(scene, "surat masuk Rahasia")
    assert len([each for each in told() if each[1] == "Camat Kramatwatu"]) == 1


def test_an_order_knows_what_was_done_by_it(scene):
    set_up(scene, f"{PLH}; surat masuk Biasa; sudah didisposisi sekcam kepada kasi pmd")
    house, site, now = scene.desk.house, scene.site, scene.desk.now
    found, total = mandates.acts(house, site, scene.mandate, scene.reader("camat"), now)
    assert [(each.action, each.capacity) for each in found] == [("disposisi", "Plh.")]
    assert mandates.acts(house, site, scene.mandate, scene.reader("kadis"), now) == ([], total)


def test_lists_counts_and_search_leave_out_what_an_order_does_not_open(scene):
    set_up(scene, f"{PLH}; surat masuk Rahasia; surat masuk Biasa; surat masuk Terbatas")
    holder = dataclasses.replace(scene.reader("camat"))
    acting = dataclasses.replace(scene.reader("sekcam"), position=holder.position)
    site = scene.site
    assert (search.counts(site, holder)["waiting"], search.counts(site, acting)["waiting"]) == (3, 2)
    assert search.counts(site, acting)["secret"] == 0
    shown = [each.security for each in search.tray(site, acting, "waiting")[0]]
    assert sorted(shown) == ["B", "T"]
    assert search.tray(site, acting, "waiting", 1, 1)[1] == 2
    assert search.find(site, acting, "tanggul")[1] == 2
    assert search.register(site, acting, "KRAMATWATU", "masuk", 2026)[1] == 2
    assert search.folders(site, acting) == {("KRAMATWATU", "masuk", 2026): 2}
    assert [each.security for each in search.closed(site, acting)] == ["R"]
    assert search.closed(site, holder) == []


def test_who_loses_the_order_while_he_acts_has_not_acted(two):
    desk, admin = two
    scene, other = Scene(desk), Scene(admin)
    set_up(scene, f"{PLH}; surat masuk Biasa")
    admin.tm.abort()
    admin.tm.begin()
    begin(desk, "sekretaris.kramatwatu", scene.letter, "disposisi", {**SHEET, "kepada": [scene.post("kasi pmd").id]})
    other.mandate = other.site.mandates[scene.mandate.id]
    mandates.revoke(admin.house, admin.site, other.mandate, other.reader("camat"), "Kembali", admin.now)
    admin.commit()
    with pytest.raises(TransientError):
        desk.commit()
    desk.tm.abort()
    desk.tm.begin()
    assert scene.letter.state == "menunggu_disposisi"


def loses_it(seat):
    seat.roles = frozenset()
    seat.superiors = ()


def gets_another(seat):
    seat.holders = ()


@pytest.mark.parametrize(("whose", "meanwhile"), [("sekda", loses_it), ("sekcam", gets_another)])
def test_an_order_whose_keeper_or_deputy_is_another_by_the_time_it_is_confirmed_does_not_begin(two, whose, meanwhile):
    desk, admin = two
    scene, other = Scene(desk), Scene(admin)
    scene.propose("admin kecamatan", scene.order("an", "camat", "sekcam", date(2026, 11, 23), None))
    admin.tm.abort()
    admin.tm.begin()
    mandates.confirm(desk.house, scene.site, scene.mandate, scene.reader("sekda"), desk.now)
    meanwhile(other.post(whose))
    admin.commit()
    with pytest.raises(TransientError):
        desk.commit()
    desk.tm.abort()
    desk.tm.begin()
    assert scene.mandate.state(date(2026, 11, 23)) == "proposed"


def test_who_loses_his_post_while_he_ends_an_absence_has_ended_nothing(two):
    desk, admin = two
    scene, other = Scene(desk), Scene(admin)
    absences.leave(
        desk.house, scene.site, scene.post("camat"), date(2026, 11, 23), date(2026, 11, 27), "", scene.reader("sekda"),
        desk.now,
    )  # fmt: skip
    desk.commit()
    admin.tm.abort()
    admin.tm.begin()
    absences.come_back(desk.house, scene.site, scene.post("camat"), scene.reader("sekda"), desk.now)
    loses_it(other.post("sekda"))
    admin.commit()
    with pytest.raises(TransientError):
        desk.commit()
    desk.tm.abort()
    desk.tm.begin()
    assert scene.post("camat").back_on(date(2026, 11, 24)) is not None


def test_an_order_that_ended_leaves_history_and_register(scene):
    set_up(scene, f"{PLH}; surat masuk Biasa; sudah didisposisi sekcam kepada kasi pmd; hari ini 30 Nov")
    assert scene.mandate.state(date(2026, 11, 30)) == "ended"
    act = next(each for each in scene.letter.history if each.action == "disposisi")
    assert (act.capacity, act.order, act.who["title"]) == ("Plh.", "800/12/2026", "Camat Kramatwatu")


def test_a_file_printed_for_the_stand_in_names_him_and_his_order(scene):
    set_up(
        scene,
        "Plh. kadis: sekretaris, 23 Nov s.d. 27 Nov; surat dinas dari staf di tanda tangan; sudah disiapkan sekretaris",
    )
    printed = scene.letter.rendition(scene.letter.frozen).signatory
    assert printed["person"] == scene.person("sekretaris")
    assert (printed["title"], printed["order"]) == ("Plh. Kepala Dinas Kesehatan", "800/12/2026")
    with pytest.raises(NotAllowed):
        signing_orders.printed_for(scene.site, scene.letter, scene.reader("kadis"))
    signing_orders.printed_for(scene.site, scene.letter, scene.reader("sekretaris"))


def test_a_file_signed_on_behalf_of_another_names_both_posts(scene):
    set_up(
        scene,
        "a.n. kadis: kabid; surat dinas dari staf di tanda tangan, penanda tangan kabid, bentuk a.n.; sudah disiapkan kabid",
    )
    printed = scene.letter.rendition(scene.letter.frozen).signatory
    assert printed["title"] == "a.n. KEPALA DINAS KESEHATAN Kepala Bidang Kesehatan Masyarakat"
    assert printed["order"] == "800/12/2026"


def test_an_order_without_file_or_number_is_not_taken(scene):
    order = scene.order("Plh.", "camat", "sekcam", date(2026, 11, 23), date(2026, 11, 27), number=" ")
    with pytest.raises(Invalid) as wrong:
        mandates.propose(scene.desk.house, scene.site, order, scene.reader("admin kecamatan"), scene.desk.now)
    assert set(wrong.value.fields) == {"number", "scan"}


def test_an_order_may_be_a_signed_letter_of_the_system_and_nothing_less(scene):
    set_up(scene, "surat dinas dari staf di tanda tangan; sudah disiapkan kadis")
    order = scene.order("Plh.", "kabid", "kasi", date(2026, 11, 23), date(2026, 11, 27))
    order = dataclasses.replace(order, letter=path(scene.letter))

    def propose(by):
        return mandates.propose(scene.desk.house, scene.site, by, scene.reader("kadis"), scene.desk.now)

    with pytest.raises(Invalid) as wrong:
        propose(order)
    assert wrong.value.fields == {"letter": "Surat ini belum ditandatangani."}
    with pytest.raises(Invalid) as wrong:
        propose(dataclasses.replace(order, letter="/tidak/ada"))
    assert set(wrong.value.fields) == {"letter"}
    scene.desk.tm.abort()
    scene.desk.tm.begin()
    sign(scene.desk, scene.letter)
    assert propose(order).letter == path(scene.letter)


def test_what_was_confirmed_is_not_confirmed_again(scene):
    set_up(scene, PLH)
    with pytest.raises(NotAllowed, match="sudah berlaku"):
        scene.confirm("camat")


def test_a_handover_ends_the_stand_in_and_what_the_old_holder_was_for_others(scene):
    set_up(scene, f"{PLH}; jabatan camat diserahkan kepada kadis oleh sekda")
    assert scene.mandate.state(date(2026, 11, 23)) == "revoked"
    assert scene.org.persons(scene.post("camat").id) == (scene.person("kadis"),)


def test_the_holder_himself_does_not_hand_over_his_own_post(scene):
    with pytest.raises(NotAllowed):
        set_up(scene, "jabatan camat diserahkan kepada kadis oleh camat")


def test_the_lists_of_a_closed_post_move_by_a_job(scene, db, monkeypatch):
    monkeypatch.setattr(handover, "BATCH", 2)
    for _ in range(3):
        set_up(scene, "surat masuk Biasa; sudah didisposisi camat kepada kasi pmd")
    old, new = scene.post("kasi pmd").id, scene.post("kasi trantib").id
    set_up(scene, "jabatan kasi pmd dihapus, dilanjutkan kasi trantib, oleh camat")
    for _ in range(3):
        run_due(scene.desk.house, db, scene.desk.now)
    scene.desk.tm.abort()
    scene.desk.tm.begin()
    assert scene.site.lists[old].counts()["waiting"] == 0
    assert scene.site.lists[new].counts()["waiting"] == 3


def test_one_broken_letter_kept_the_rest_of_a_closed_posts_work_from_moving(scene, db, storage, monkeypatch):
    monkeypatch.setattr(handover, "BATCH", 2)
    desk, letters = scene.desk, []
    for _ in range(3):
        set_up(scene, "surat masuk Biasa; sudah didisposisi camat kepada kasi pmd")
        letters.append(scene.letter)
    old, new = scene.post("kasi pmd").id, scene.post("kasi trantib").id
    first = min(scene.site.lists[old].rows(), key=lambda row: row.item)
    broken = next(each for each in letters if each.id == first.letter)
    found = lose(desk, storage, broken.history)
    set_up(scene, "jabatan kasi pmd dihapus, dilanjutkan kasi trantib, oleh camat")

    def waiting():
        run_due(desk.house, db, desk.now)
        desk.tm.abort()
        desk.tm.begin()
        return [scene.site.lists[each].counts()["waiting"] for each in (old, new)]

    assert waiting() == [1, 2]
    jobs = [each for each in scene.site.jobs.pending() if each.name.startswith(handover.JOB)]
    assert [(each.name, each.args["item"], each.tries) for each in jobs] == [("pindah-jabatan-surat", path(broken), 1)]
    found()
    desk.clock.forward(minutes=10)
    assert waiting() == [0, 3]


def delivered(desk, db):
    """A letter that came to the district and waits to be registered there."""
    district = {"kind": "office", "id": "KRAMATWATU", "name": "Camat", "place": "", "channel": "sistem", "email": ""}
    letter = prepared(desk, addressees=[district])
    sign(desk, letter)
    desk.act("tata-usaha.dinkes", letter, "kirim")
    run_due(desk.house, db, desk.now)
    desk.tm.abort()
    desk.tm.begin()
    return letter


def test_a_delivery_in_the_tray_of_a_closed_post_waits_for_who_registers_now(scene, db):
    """The whole move broke at it: the closed post's letters stayed where nobody sees them."""
    desk, letter = scene.desk, delivered(scene.desk, db)
    desk.register("agendaris.kramatwatu", "KRAMATWATU")
    old, new = scene.post("agendaris kecamatan").id, scene.post("kasi trantib").id
    scene.post("kasi trantib").roles |= {"agendaris"}
    assert sorted(row.direction for row in scene.site.lists[old].page("waiting")[0]) == ["kiriman", "masuk"]
    set_up(scene, "jabatan agendaris kecamatan dihapus, dilanjutkan kasi trantib, oleh admin kecamatan")
    run_due(desk.house, db, desk.now)
    desk.tm.abort()
    desk.tm.begin()
    assert scene.site.lists[old].counts()["waiting"] == 0
    rows = scene.site.lists[new].page("waiting")[0]
    assert sorted(row.direction for row in rows) == ["kiriman", "masuk"]
    assert letter.fields["subject"] in {row.subject for row in rows}


def test_a_delivery_that_nobody_registers_any_more_stood_in_no_list_at_all(scene, db):
    """Its sender read that it was sent; whoever follows the closed post sees it now, and opens it."""
    desk, letter = scene.desk, delivered(scene.desk, db)
    old, new = scene.post("agendaris kecamatan").id, scene.post("kasi trantib").id
    (row,) = scene.site.lists[old].rows()
    scene.site.office("KRAMATWATU").head = ""
    desk.commit()
    set_up(scene, "jabatan agendaris kecamatan dihapus, dilanjutkan kasi trantib, oleh admin kecamatan")
    run_due(desk.house, db, desk.now)
    desk.tm.abort()
    desk.tm.begin()
    assert [each.item for each in scene.site.lists[new].rows()] == [row.item]
    assert list(scene.site.lists[old].rows()) == []
    (sent,) = delivery.of_letter(scene.site, letter)
    holder = scene.site.people[scene.post("kasi trantib").holder_ids(desk.house.today(desk.now))[0]].login
    delivery.open_delivery(desk.house, scene.site, sent, desk.as_(holder), desk.now)
    assert sent.state == "diterima"


def test_a_delivery_stays_in_the_list_of_a_closed_post_that_nobody_follows(scene, db):
    desk = scene.desk
    delivered(desk, db)
    post = scene.post("agendaris kecamatan")
    scene.site.office("KRAMATWATU").head, post.closed = "", desk.house.today(desk.now)
    handover.move(desk.house, scene.site, {"position": post.id, "after": ""}, desk.now)
    assert [each.direction for each in scene.site.lists[post.id].rows()] == ["kiriman"]


def test_a_post_is_not_followed_by_itself(scene):
    with pytest.raises(Invalid):
        set_up(scene, "jabatan kasi pmd dihapus, dilanjutkan kasi pmd, oleh camat")


def test_posts_that_follow_each_other_in_a_circle_give_an_answer(scene):
    first, second = scene.post("kasi pmd"), scene.post("kasi trantib")
    first.closed = second.closed = date(2026, 11, 1)
    first.successor, second.successor = second.id, first.id
    scene.desk.commit()
    assert scene.org.now(first.id) in {first.id, second.id}


def test_an_imported_plt_without_a_mandate_acts_by_its_number(scene):
    set_up(scene, "jabatan camat kosong")
    holding = Holding(scene.person("sekcam"), date(2026, 11, 1), date(2026, 12, 1), "Plt.", "SK 1/2026")
    scene.site.positions.hold(scene.post("camat"), holding)
    scene.desk.commit()
    capacity = scene.org.capacity(scene.person("sekcam"), scene.post("camat").id)
    assert (capacity.kind, capacity.order, capacity.until, capacity.ceiling) == (
        "plt",
        "SK 1/2026",
        date(2026, 11, 30),
        "T",
    )


def test_a_pj_holds_the_post_in_his_own_right(scene):
    set_up(scene, "jabatan camat kosong")
    scene.site.positions.hold(scene.post("camat"), Holding(scene.person("sekcam"), date(2026, 11, 1), capacity="Pj."))
    scene.desk.commit()
    assert scene.org.capacity(scene.person("sekcam"), scene.post("camat").id) is None
    assert scene.org.capacity_words(scene.person("sekcam"), scene.post("camat").id)[0] == "Pj."


def test_a_post_with_two_holders_of_whom_one_is_away_is_attended(scene):
    also = scene.person("kasi pmd")
    scene.site.positions.hold(scene.post("camat"), Holding(also, date(2026, 11, 1)))
    scene.desk.commit()
    post = scene.post("camat")
    absences.leave(
        scene.desk.house,
        scene.site,
        post,
        date(2026, 11, 23),
        date(2026, 11, 27),
        "",
        scene.reader("camat"),
        scene.desk.now,
    )
    post.away = post.away[:1]
    scene.desk.commit()
    assert absences.says(scene.org, post.id) == ""


def test_an_older_database_gets_room_for_orders_and_marks_its_secret_rows(scene):
    set_up(scene, "surat masuk Rahasia")
    mine = scene.site.lists[scene.post("camat").id]
    for row in list(mine.rows()):
        mine.put(dataclasses.replace(row, trays=row.trays - {"sifat R"}))
    del scene.site.mandates
    assert mine.closed(Closed(frozenset({"R"}))) == {}
    know_mandates(scene.site)
    know_mandates(scene.site)
    assert len(mine.closed(Closed(frozenset({"R"})))) == 1
    assert list(scene.site.mandates.of_position("x")) == []


@pytest.mark.parametrize(
    ("since", "last"),
    [
        (date(2026, 11, 23), date(2027, 2, 22)),
        (date(2026, 11, 30), date(2027, 2, 27)),
        (date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_three_months_end_on_the_day_before(since, last):
    assert latest(since) == last


def test_a_period_that_was_cut_short_overlaps_only_what_it_covered():
    mandate = Mandate(since=date(2026, 11, 1), until=date(2026, 11, 30), ended_on=date(2026, 11, 10))
    assert mandate.overlaps(date(2026, 11, 9), None)
    assert not mandate.overlaps(date(2026, 11, 10), date(2026, 11, 20))
    assert not mandate.overlaps(date(2026, 10, 1), date(2026, 10, 31))


def test_the_shell_lists_orders_with_both_who_are_responsible(scene):
    set_up(scene, PLH)
    *_, line = people.orders(scene.site, scene.desk.now.date())
    assert line[:6] == (
        "active", "Plh.", "camat@KRAMATWATU", "sekretaris@KRAMATWATU", "sekretaris.kramatwatu", "800/12/2026",
    )  # fmt: skip
    assert line[-2:] == ("kasubag-umum.kramatwatu", "sekda.setda")


def test_the_holder_who_is_back_prepares_the_file_anew_and_signs_in_his_own_name(scene):
    set_up(scene, "Plh. kadis: sekretaris, 23 Nov s.d. 27 Nov; surat dinas dari staf di tanda tangan")
    set_up(scene, "sudah disiapkan sekretaris; kadis kembali bertugas")
    number = scene.letter.fields["number"]
    set_up(scene, "sudah disiapkan kadis")
    sign(scene.desk, scene.letter)
    letter = scene.desk.again(scene.letter)
    assert letter.fields["number"] == number
    assert letter.renditions[-1].verdict["signatory"]["title"] == "Kepala Dinas Kesehatan"
    assert letter.renditions[-1].verdict["signatory"]["order"] == ""
