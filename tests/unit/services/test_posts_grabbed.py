"""Somebody who wants more power than his post has: by orders, absences, handovers and other people's approvals."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from acting_stage import Scene
from flow_office import APPROVER, REGENCY_DESIGNER, text

from intranet_surat.errors import Changed, Invalid, NotAllowed
from intranet_surat.resources.folder import path
from intranet_surat.resources.people import Holding
from intranet_surat.services import absences, handover, mandates, people_notices, proxy, publishing

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


@pytest.fixture
def scene(desk):
    return Scene(desk)


def sits(scene, who, position):
    """Let somebody hold a further post in his own right."""
    scene.site.positions.hold(scene.post(position), Holding(scene.person(who), date(2025, 1, 1)))
    scene.desk.commit()


def signed_by(scene, who):
    """What he would be told about signing the letter now."""
    return scene.desk.titles(scene.login(who), scene.letter)


class TestOrders:
    @pytest.mark.parametrize("form", ["pengganti", "an"])
    def test_who_would_act_by_an_order_does_not_confirm_it_by_another_post_of_his(self, scene, form):
        """The deputy also keeps the office's posts, so that he may confirm orders of others."""
        more = {"signs": False} if form == "pengganti" else {}
        sits(scene, "sekcam", "admin kecamatan")
        scene.propose("camat", scene.order(form, "camat", "sekcam", MONDAY, FRIDAY, **more))
        with pytest.raises(NotAllowed, match="tidak dapat mengesahkan penunjukannya sendiri"):
            scene.confirm("sekcam")
        scene.desk.tm.abort()
        scene.desk.tm.begin()
        assert not mandates.may_confirm(scene.org, scene.mandate, scene.reader("sekcam"))

    @pytest.mark.parametrize(
        ("scope", "security", "may"),
        [
            ({}, "B", True),
            ({"kinds": frozenset({"undangan"})}, "B", False),
            ({"ceiling": "B"}, "T", False),
            ({}, "R", False),
            ({"signs": False}, "B", False),
        ],
    )
    def test_nobody_signs_on_behalf_of_another_what_his_order_does_not_cover(self, scene, scope, security, may):
        deputy = scene.post("kabid").id
        scene.propose("admin", scene.order("an", "kadis", "kabid", MONDAY, FRIDAY, **scope))
        scene.confirm("kadis")
        scene.letter = scene.desk.draft(
            scene.login("staf"), "DINKES", signatory=deputy, signing_form="an", security=security
        )
        order = scene.org.authority(deputy, "an")
        assert order == "800/12/2026"
        assert (scene.org.authority(deputy, "an", scene.letter.kind, security) == order) is may
        scene.desk.act(scene.login("staf"), scene.letter, "ajukan")
        scene.desk.act(scene.login("kasi"), scene.letter, "paraf")
        scene.desk.act(scene.login("tata usaha"), scene.letter, "lulus")
        assert ("siapkan" in signed_by(scene, "kabid")) is may

    def test_an_endless_number_or_reason_is_not_stored_with_the_post(self, scene):
        with pytest.raises(Invalid) as wrong:
            scene.propose("admin", scene.order("Plh.", "kadis", "sekretaris", MONDAY, FRIDAY, number="9" * 10_000))
        assert set(wrong.value.fields) == {"number"}
        with pytest.raises(Invalid):
            absences.leave(
                scene.desk.house, scene.site, scene.post("kadis"), MONDAY, FRIDAY, "x" * 10_000, scene.reader("admin"),
                scene.desk.now,
            )  # fmt: skip

    def test_who_confirms_does_not_learn_how_many_secret_letters_were_acted_on(self, scene):
        scene.propose("admin", scene.order("Plh.", "kadis", "sekretaris", MONDAY, FRIDAY, ceiling="SR"))
        scene.confirm("kadis")
        for security in ("B", "R"):
            letter = scene.desk.register("agendaris.dinkes", "DINKES", security=security)
            scene.mandate.note(scene.desk.now, path(letter), 0)
            scene.desk.commit()

        def told(who):
            return mandates.acts(scene.desk.house, scene.site, scene.mandate, scene.reader(who), scene.desk.now)[1]

        assert (told("admin"), told("sekretaris")) == (1, 1)


class TestAbsences:
    def test_a_standing_substitute_does_not_send_his_superior_away(self, scene):
        sits(scene, "sekcam", "admin kecamatan")
        scene.propose("camat", scene.order("pengganti", "camat", "sekcam", MONDAY, None, signs=False))
        with pytest.raises(NotAllowed, match="pengganti tetap"):
            self.leave(scene, "sekcam")
        self.leave(scene, "camat")

    def leave(self, scene, who):
        absences.leave(
            scene.desk.house, scene.site, scene.post("camat"), MONDAY, FRIDAY, "Sakit", scene.reader(who),
            scene.desk.now,
        )  # fmt: skip


class TestHandovers:
    def hand(self, scene, position, person, reader):
        wish = handover.Wish(scene.person(person), "", "SK 1/2026", MONDAY)
        handover.ask(scene.desk.house, scene.site, scene.post(position), wish, scene.reader(reader), scene.desk.now)

    def test_the_keeper_of_posts_does_not_take_the_heads_post_himself(self, scene):
        with pytest.raises(NotAllowed, match="diri sendiri"):
            self.hand(scene, "kadis", "admin", "admin")

    def test_nor_closes_it_in_favour_of_his_own(self, scene):
        with pytest.raises(NotAllowed, match="jabatan Anda sendiri"):
            handover.ask(
                scene.desk.house, scene.site, scene.post("kadis"),
                handover.Wish("", scene.post("admin").id, "", MONDAY), scene.reader("admin"), scene.desk.now,
            )  # fmt: skip

    def test_the_position_above_is_told_of_every_handover(self, scene):
        house = dataclasses.replace(scene.desk.house, notice_channels={"uji": lambda *_: None})
        wish = handover.Wish(scene.person("kabid"), "", "SK 1/2026", MONDAY)
        handover.ask(house, scene.site, scene.post("kadis"), wish, scene.reader("admin"), scene.desk.now)
        jobs = [each.args["position"] for each in scene.site.jobs.pending() if each.name == people_notices.JOB]
        assert scene.org.superior(scene.post("kadis").id) in jobs

    def test_who_asked_for_it_does_not_confirm_it(self, scene):
        self.hand(scene, "kadis", "kabid", "admin")
        with pytest.raises(NotAllowed, match="orang lain"):
            self.confirm(scene, "kadis", "admin")

    def test_who_gets_the_post_does_not_confirm_it_either(self, scene):
        sits(scene, "kabid", "sekda")
        self.hand(scene, "kadis", "kabid", "admin")
        with pytest.raises(NotAllowed, match="diri sendiri"):
            self.confirm(scene, "kadis", "kabid")

    def test_until_it_is_confirmed_the_holder_stays_and_then_a_day_that_has_passed_begins_today(self, scene):
        self.hand(scene, "kadis", "kabid", "admin")
        before = scene.post("kadis").holders
        scene.desk.clock.forward(days=3)
        assert scene.post("kadis").holders == before
        self.confirm(scene, "kadis", "kadis")
        holding = scene.post("kadis").holders[-1]
        assert (holding.person, holding.since) == (scene.person("kabid"), scene.desk.house.today(scene.desk.now))

    def test_a_second_wish_waits_until_the_first_is_answered_and_a_refusal_leaves_the_holder(self, scene):
        self.hand(scene, "kadis", "kabid", "admin")
        with pytest.raises(NotAllowed, match="menunggu orang kedua"):
            self.hand(scene, "kadis", "staf", "admin")
        kadis = scene.post("kadis")
        handover.refuse(scene.desk.house, scene.site, kadis, "SK belum terbit", scene.reader("kadis"), scene.desk.now)
        assert (kadis.asked, kadis.handovers[-1].reason) == (None, "SK belum terbit")
        assert len(kadis.holders) == 1

    def confirm(self, scene, position, reader):
        handover.confirm(scene.desk.house, scene.site, scene.post(position), scene.reader(reader), scene.desk.now)

    def test_the_memo_of_a_keeper_of_posts_is_the_same_with_and_without_a_secret_letter(self, scene):
        def memo():
            kadis = scene.post("kadis").id
            return handover.memo(scene.desk.house, scene.site, kadis, scene.reader("admin"), scene.desk.now)

        before = memo()
        letter = scene.desk.register("agendaris.dinkes", "DINKES", security="R")
        scene.desk.act("agendaris.dinkes", letter, "naikkan")
        assert memo() == before


class TestTwoPersonsPublish:
    def draft(self, desk, login, draft=None, words="Perbaikan"):
        written = text("surat_masuk.yaml").replace("title: ", f"title: {words} ", 1)
        saved = draft.saved if draft is not None else 0
        found = publishing.save(
            desk.house, desk.site, None, written, "uji.yaml", desk.as_(login), desk.now, draft=draft, saved=saved
        )
        desk.commit()
        return found

    def both(self, desk, login):
        """Somebody who writes flows, at a post of his own, and approves them."""
        post = desk.site.positions[desk.post(login)]
        post.roles |= {publishing.WRITES_ALL, publishing.APPROVES}
        desk.commit()
        return login

    def test_who_wrote_in_a_draft_does_not_approve_it_after_another_saved_it_again(self, desk):
        schemer = self.both(desk, APPROVER)
        draft = self.draft(desk, schemer, words="Milik saya")
        draft = self.draft(desk, REGENCY_DESIGNER, draft)
        publishing.propose(
            desk.house, desk.site, draft, "Perlu", desk.as_(REGENCY_DESIGNER), desk.now, saved=draft.saved
        )
        with pytest.raises(NotAllowed):
            publishing.approve(desk.house, desk.site, draft, desk.as_(schemer), desk.now, saved=draft.saved)

    def test_nobody_proposes_a_text_that_was_changed_while_he_read_it(self, desk):
        draft = self.draft(desk, REGENCY_DESIGNER)
        read = draft.saved
        self.draft(desk, self.both(desk, APPROVER), draft, words="Milik saya")
        with pytest.raises(Changed):
            publishing.propose(desk.house, desk.site, draft, "Perlu", desk.as_(REGENCY_DESIGNER), desk.now, saved=read)

    def test_an_approver_who_loses_his_post_meanwhile_puts_nothing_into_force(self, two):
        from transaction.interfaces import TransientError

        one, other = two
        draft = self.draft(one, REGENCY_DESIGNER)
        publishing.propose(one.house, one.site, draft, "Perlu", one.as_(REGENCY_DESIGNER), one.now, saved=draft.saved)
        one.commit()
        other.tm.abort()
        other.tm.begin()
        publishing.approve(one.house, one.site, draft, one.as_(APPROVER), one.now, saved=draft.saved)
        seat = other.site.positions[other.post(APPROVER)]
        seat.roles = seat.roles - {publishing.APPROVES}
        other.commit()
        with pytest.raises(TransientError):
            one.commit()
        one.tm.abort()
        one.tm.begin()

    def test_a_reason_that_fills_the_database_is_not_kept(self, desk):
        draft = self.draft(desk, REGENCY_DESIGNER)
        with pytest.raises(Invalid):
            publishing.propose(
                desk.house, desk.site, draft, "x" * 100_000, desk.as_(REGENCY_DESIGNER), desk.now, saved=draft.saved
            )


class TestPaper:
    def raised(self, scene):
        scene.letter = scene.desk.register("agendaris.dinkes", "DINKES")
        scene.desk.act("agendaris.dinkes", scene.letter, "naikkan")
        scene.desk.act("sekretaris.dinkes", scene.letter, "sampaikan")
        return scene.letter

    def offered(self, scene, login):
        desk = scene.desk
        return [
            each.offer.action for each in proxy.offers(desk.house, desk.site, scene.letter, desk.as_(login), desk.now)
        ]

    @pytest.mark.parametrize(("kinds", "found"), [(None, ["disposisi"]), (frozenset({"undangan"}), [])])
    def test_a_clerk_who_only_acts_for_the_post_enters_what_his_order_covers(self, scene, kinds, found):
        clerk = scene.desk.post("agendaris.dinkes")
        scene.propose("agendaris", dataclasses.replace(
            scene.order("Plh.", "tata usaha", "staf", MONDAY, FRIDAY, kinds=kinds), position=clerk
        ))  # fmt: skip
        scene.confirm("admin")
        self.raised(scene)
        assert self.offered(scene, "staf-kesmas.dinkes") == found

    def test_the_next_holder_does_not_confirm_what_the_one_before_him_wrote(self, scene):
        desk, letter = scene.desk, self.raised(scene)
        form = {"kepada": [desk.post("kabid-kesmas.dinkes")], "instruksi": ["tindak-lanjuti"]}
        proxy.enter(
            desk.house, desk.tm, desk.site, letter, "disposisi", desk.post("kepala.dinkes"),
            {**form, proxy.WRITTEN: "2026-11-23"}, desk.as_("agendaris.dinkes"), desk.now,
            key="kunci-kertas-1", uploads=(desk.upload(proxy.PLACE),),
        )  # fmt: skip
        desk.commit()
        assert proxy.mine(desk.house, desk.site, letter, desk.as_("kepala.dinkes"), desk.now)
        TestHandovers().hand(scene, "kadis", "kabid lain", "sekda")
        TestHandovers().confirm(scene, "kadis", "admin")
        desk.commit()
        after = dataclasses.replace(desk.as_("kabid-p2p.dinkes"), position=scene.post("kadis").id)
        assert scene.post("kadis").id in after.positions
        assert proxy.mine(desk.house, desk.site, letter, after, desk.now) == ()
        with pytest.raises(NotAllowed):
            proxy.answer(
                desk.house, desk.site, letter, letter.papers[0].seq, after, desk.now, right=True, key="kunci-kertas-2"
            )
