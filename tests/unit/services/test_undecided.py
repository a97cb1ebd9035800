"""Attempts to sign that nobody knows the end of: what a person decided stays, what came back is kept, nobody is stuck."""

from __future__ import annotations

import dataclasses

import pytest
from flow_office import publish, text
from signing_stage import SIGNATORY, Through, prepared, sign
from test_signing_turns import record
from transaction.interfaces import TransientError

from intranet_surat.demo import keys
from intranet_surat.errors import NotAllowed
from intranet_surat.resources import evolution
from intranet_surat.resources.folder import path
from intranet_surat.services import (
    acting,
    letters,
    migrating,
    public,
    signing,
    signing_attempts,
    signing_doubts,
    undecided,
)
from intranet_surat.services.flows import FlowShelf
from intranet_surat.services.providers.base import OutcomeUnknown
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing_orders import Wanted
from intranet_surat.workflow.loader import load

CLERK = "tata-usaha.dinkes"
ACTS = [("siapkan", {}), ("tolak", {"alasan": "Ditunda"})]


class Forgetful(Through):
    """Signs, loses the answer, and hands the file out once more."""

    id = "pkcs12"

    def __init__(self, real):
        super().__init__(real)
        self.made, self.lose = {}, True

    def sign(self, pdf, signer, secret, **facts):
        got = super().sign(pdf, signer, secret, **facts)
        if not self.lose:
            return got
        self.made[f"hasil-{len(self.calls)}"] = got.pdf
        raise OutcomeUnknown(reference=f"hasil-{len(self.calls)}")

    def fetch(self, reference, now):  # noqa: ARG002
        return self.made.pop(reference)


@pytest.fixture
def lost(desk):
    made = Forgetful(desk.house.provider())
    desk.house = dataclasses.replace(desk.house, providers={**desk.house.providers, "pkcs12": made})
    return made


@pytest.fixture
def letter(desk, lost):
    made = prepared(desk)
    with pytest.raises(OutcomeUnknown):
        sign(desk, made)
    return made


@pytest.fixture
def both(two):
    first, second = two
    made = prepared(first)
    second.tm.abort()
    second.tm.begin()
    return first, made, second, second.again(made)


def place(desk, letter, login=SIGNATORY):
    return desk.house, desk.tm, desk.site, path(letter), desk.as_(login)


def give_up(desk, letter, login=SIGNATORY):
    says = signing_doubts.give_up(*place(desk, letter, login), letter.attempts[-1].id, desk.now)
    desk.commit()
    return says


def fetched(desk, letter, login=SIGNATORY):
    signing_doubts.fetch(*place(desk, letter, login), letter.attempts[-1].id, desk.now)
    desk.commit()
    return signing_attempts.evidence(letter, letter.attempts[-1])


def sent(desk, letter):
    """A signature begins: its attempt stands, and the provider has the file."""
    wanted = Wanted(path(letter), desk.as_(SIGNATORY), letter.frozen, next(desk.keys))
    with Secret(keys.PASSPHRASE) as secret:
        return signing.send(desk.house, desk.tm, desk.site, wanted, secret, desk.now)


def another(desk, letter):
    """Who was asked is not the one who holds the post now."""
    letter.attempts[-1].person = desk.as_(CLERK).person
    letter.attempts._p_changed = True
    desk.commit()


def undone(desk, letter, action, form, login=SIGNATORY):
    """An act that is decided and not yet stored."""
    acting.act(desk.house, desk.tm, desk.site, letter, action, form, desk.as_(login), desk.now, key=next(desk.keys))


# --- what came back


def test_a_signature_that_we_hold_cannot_be_called_not_signed_by_who_gave_it(desk, letter):
    assert fetched(desk, letter) is not None
    with pytest.raises(NotAllowed, match="memang tertanda tangani"):
        give_up(desk, letter)
    signing_doubts.use(*place(desk, letter), letter.attempts[-1].id, next(desk.keys), desk.now)
    assert (letter.state, [each.state for each in letter.attempts]) == ("siap_kirim", ["done"])


def test_who_came_to_the_post_sets_the_file_of_his_predecessor_aside_and_prepares_his_own(desk, letter, lost):
    kept = fetched(desk, letter)
    before = letter.attempts[-1].person
    another(desk, letter)
    number = letter.fields["number"]
    assert "tidak dipakai dan tetap disimpan" in give_up(desk, letter)
    assert letter.attempts[-1].decider == before
    assert signing_attempts.evidence(letter, letter.attempts[-1]) is kept
    lost.lose = False
    desk.act(SIGNATORY, letter, "siapkan")
    sign(desk, letter)
    assert (letter.state, letter.fields["number"]) == ("siap_kirim", number)


def test_an_answer_that_comes_after_a_person_decided_is_kept_beside_the_signed_letter_and_holds_nothing_back(
    both, clock
):
    first, made, second, other = both
    provider = Through(first.house.provider())
    first.house = dataclasses.replace(first.house, providers={**first.house.providers, "pkcs12": provider})

    def slowly(pdf, signer, secret, **facts):
        answer = provider.real.sign(pdf, signer, secret, **facts)
        second.tm.abort()
        second.tm.begin()
        clock.forward(minutes=11)
        assert signing_attempts.recover(second.site, second.now) == 1
        second.commit()
        give_up(second, other)
        sign(second, other)
        second.commit()
        return answer

    provider.sign = slowly
    with pytest.raises(OutcomeUnknown):
        sign(first, made)
    first.tm.abort()
    first.tm.begin()
    late, taken = made.attempts
    assert (late.state, late.decision, taken.state) == ("failed", "abandoned", "done")
    assert signing_attempts.evidence(made, late) is not None
    assert "memang tertanda tangani" in late.sentence
    assert undecided.of(made) is None
    first.act(CLERK, made, "kirim")
    assert made.state == "terkirim"


def test_of_an_attempt_that_a_person_ended_the_result_may_still_be_fetched_as_evidence(desk, letter):
    desk.act(SIGNATORY, letter, "tolak", {"alasan": "Keliru"})
    attempt = letter.attempts[-1]
    assert "tidak diketahui" in attempt.sentence
    kept = fetched(desk, letter)
    assert (attempt.state, attempt.decision) == ("failed", "given-up")
    assert "memang tertanda tangani" in attempt.sentence
    assert letter.state == "konsep"
    with pytest.raises(NotAllowed):
        signing_doubts.bring(*place(desk, letter), attempt.id, kept.content(), next(desk.keys), desk.now)


def test_whoever_refuses_a_letter_whose_signed_file_we_hold_is_told_so_in_its_history(desk, letter):
    fetched(desk, letter)
    desk.act(SIGNATORY, letter, "tolak", {"alasan": "Keliru"})
    attempt = letter.attempts[-1]
    assert "memang tertanda tangani" in attempt.sentence
    last = letter.history[len(letter.history) - 1]
    assert letter.history.entered(last.seq)["facts"]["attempts_ended"] == [attempt.id]


def test_a_stranger_who_brings_a_signed_file_that_no_letter_uses_is_warned(desk, letter):
    kept = fetched(desk, letter)
    seen = public.compare(desk.house, desk.site, kept.content(), desk.now)
    assert (seen.archive, seen.verdict.overall) == ("unused", "tidak")
    signing_doubts.use(*place(desk, letter), letter.attempts[-1].id, next(desk.keys), desk.now)
    seen = public.compare(desk.house, desk.site, kept.content(), desk.now)
    assert (seen.archive, seen.verdict.overall) == ("same", "sah")


def test_only_who_signed_or_decides_reads_a_signed_file_that_no_letter_uses(desk, letter):
    kept = fetched(desk, letter)
    for login, may in ((SIGNATORY, True), (CLERK, False), ("kasubag-umum.dinkes", False)):
        reader = desk.as_(login)
        assert signing_doubts.may_read(desk.house, desk.site, letter, kept, reader, desk.now) is may


# --- who decides


def test_while_the_post_is_empty_the_page_says_that_its_next_holder_decides(desk, letter):
    attempt = letter.attempts[-1]
    name = desk.site.people[attempt.person].name
    assert undecided.deciders(desk.house, desk.site, attempt, desk.now) == name
    post = desk.site.positions[attempt.position]
    another(desk, letter)
    assert undecided.deciders(desk.house, desk.site, attempt, desk.now) == f"{post.title} ({name})"
    post.holders = ()
    desk.commit()
    assert undecided.deciders(desk.house, desk.site, attempt, desk.now) == (
        f"pejabat {post.title} yang baru, atau Plt./Plh.-nya,"
    )


def test_an_attempt_that_no_worker_looks_after_is_not_said_to_run_for_ever(desk, letter, clock):
    attempt = letter.attempts[-1]
    attempt.state = "sending"
    assert "Tunggu sebentar" in undecided.waits(desk.house, desk.site, letter, attempt, desk.now)
    clock.forward(minutes=11)
    assert "Beri tahu DKISP" in undecided.waits(desk.house, desk.site, letter, attempt, desk.now)


def test_a_database_of_before_lists_what_waits_and_ends_what_was_given_up(desk, letter):
    other = prepared(desk, subject="Surat lain")
    with pytest.raises(OutcomeUnknown):
        sign(desk, other)
    desk.act(SIGNATORY, other, "tolak", {"alasan": "Keliru"})
    other.attempts[-1].state, other.attempts[-1].decision = "unknown", ""
    kept = fetched(desk, letter)
    del desk.site.doubts, desk.site.signed[kept.sha256]
    evolution.know_doubts(desk.site)
    assert dict(desk.site.doubts) == {path(letter): letter.attempts[-1].position}
    assert (other.attempts[-1].state, other.attempts[-1].decision) == ("failed", "given-up")
    assert desk.site.signed[kept.sha256] == path(letter)


# --- at the same moment


@pytest.mark.parametrize(("action", "form"), ACTS)
def test_who_prepares_anew_or_refuses_while_a_signature_begins_has_to_look_again(both, action, form):
    first, made, second, other = both
    undone(second, other, action, form)
    sent(first, made)
    with pytest.raises(TransientError):
        second.commit()


@pytest.mark.parametrize(("action", "form"), ACTS)
def test_nothing_is_sent_of_a_file_that_another_page_gave_up_meanwhile(both, action, form, monkeypatch):
    first, made, second, other = both
    done, real = [], signing.commit

    def meanwhile(tm):
        if not done:
            done.append(action)
            undone(second, other, action, form)
            second.commit()
        real(tm)

    monkeypatch.setattr(signing, "commit", meanwhile)
    provider = Through(first.house.provider())
    first.house = dataclasses.replace(first.house, providers={**first.house.providers, "pkcs12": provider})
    with pytest.raises(TransientError):
        sign(first, made)
    assert provider.calls == []


def test_the_clerk_who_withdraws_a_file_while_its_signature_begins_has_to_look_again(two):
    first, second = two
    made = record(first)
    second.tm.abort()
    second.tm.begin()
    undone(second, second.again(made), "cabut", {"alasan": "Ditunda"}, CLERK)
    sent(first, made)
    with pytest.raises(TransientError):
        second.commit()


def test_a_letter_does_not_move_to_another_version_while_its_signature_begins(two):
    first, second = two
    made = prepared(first)
    publish(first, text("surat_keluar.yaml", ("done: siap_kirim", "done: diperiksa"), migrate=""))
    second.tm.abort()
    second.tm.begin()
    (job,) = [each for each in second.site.jobs.pending() if each.name == migrating.JOB]
    migrating.carry_on(second.house, second.site, job.args, second.now)
    before = made.flow.version
    sent(first, made)
    with pytest.raises(TransientError):
        second.commit()
    assert made.flow.version == before


# --- what else writes into the letter


def older(desk, *swaps):
    """A flow with acts that would be refused today, in force since before."""
    flow = load(text("surat_keluar.yaml", *swaps), "lama.yaml")
    desk.house = dataclasses.replace(desk.house, flows=FlowShelf([(None, flow)]))


VOIDS = (
    "      basah: {title: Tanda tangani basah,",
    "      lepas: {title: Lepas, by: tata_usaha, do: [{number: void}]}\n      basah: {title: Tanda tangani basah,",
)


def test_an_act_of_an_older_flow_that_voids_the_number_lets_go_of_the_page_that_bears_it(desk):
    older(desk, VOIDS)
    made = prepared(desk)
    desk.act(CLERK, made, "lepas")
    assert (made.fields["number"], made.frozen) == (None, None)
    desk.act(SIGNATORY, made, "siapkan")
    sign(desk, made)
    assert made.fields["number"]


def test_no_such_act_is_done_while_an_attempt_is_undecided(desk, lost):
    older(desk, VOIDS)
    made = prepared(desk)
    with pytest.raises(OutcomeUnknown):
        sign(desk, made)
    with pytest.raises(NotAllowed, match="belum pasti"):
        desk.act(CLERK, made, "lepas")


def test_a_text_that_may_be_corrected_while_it_waits_is_not_corrected_while_its_signature_begins(two):
    first, second = two
    opened = "    sign:\n      act: tanda_tangani", "    edit: konseptor\n    sign:\n      act: tanda_tangani"
    older(first, opened)
    older(second, opened)
    made = prepared(first)
    second.tm.abort()
    second.tm.begin()
    other, reader = second.again(made), second.as_(SIGNATORY)
    letters.update(
        second.house, second.site, other, {"subject": "Lain"}, reader, second.now,
        version=other.version, key=next(second.keys),
    )  # fmt: skip
    sent(first, made)
    with pytest.raises(TransientError):
        second.commit()


@pytest.mark.parametrize("security", ["B", "R"])
def test_the_signed_letter_itself_is_never_called_unused_also_before_its_evidence_and_when_it_is_secret(
    desk, lost, security
):
    lost.lose = False
    made = prepared(desk, security=security)
    sign(desk, made)
    signed = made.rendition(made.attempts[-1].result)
    made.renditions.append(signed.grown(signed.content() + b"\n", 1, dict(signed.verdict), desk.now))
    for each in made.renditions:
        if each.kind == "signed":
            desk.site.signed[each.sha256] = path(made)
            assert not public._unused(desk.site, each.sha256)
    seen = public.compare(desk.house, desk.site, signed.content(), desk.now)
    assert seen.archive == {"B": "without-evidence", "R": "none"}[security]
