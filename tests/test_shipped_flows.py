"""The flows that are shipped: their own tests, and a walk over all that anybody may do in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from intranet_surat.errors import Invalid, NotAllowed, SuratError
from intranet_surat.workflow import engine, testing
from intranet_surat.workflow.answers import Asked
from intranet_surat.workflow.deeds import SIGNED, Case
from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.loader import load_all
from intranet_surat.workflow.model import Duration, Field, Flow
from intranet_surat.workflow.rehearsal import Piece, Stage, actor
from intranet_surat.workflow.road import ahead
from intranet_surat.workflow.view import Offer

FOLDER = Path(__file__).parents[1] / "workflows"
FLOWS: dict[str, Flow] = {}
for source, flow in load_all({str(path): path.read_text("utf-8") for path in sorted(FOLDER.rglob("*.yaml"))}).items():
    if isinstance(flow, FlowError):
        raise flow
    FLOWS[str(Path(source).relative_to(FOLDER))] = flow
WORDS = {"instruksi-disposisi": {"pelajari": "Pelajari", "tindak-lanjuti": "Tindak lanjuti", "pantau": "Pantau"}}


def test_the_flows_of_this_round_are_shipped() -> None:
    assert {(flow.id, flow.applies.direction) for flow in FLOWS.values()} == {
        ("surat-masuk", "masuk"),
        ("surat-masuk-kdh", "masuk"),
        ("surat-masuk-dinkes", "masuk"),
        ("surat-keluar", "keluar"),
        ("nota-dinas", "keluar"),
        ("surat-pengantar-desa", "keluar"),
        ("berita-acara", "keluar"),
        ("sertifikat", "keluar"),
    }


def test_every_outgoing_kind_has_one_flow() -> None:
    kinds = [kind for flow in FLOWS.values() if flow.applies.direction == "keluar" for kind in flow.applies.kinds or ()]
    assert sorted(kinds) == sorted(set(kinds))
    assert set(kinds) == {
        "surat-dinas",
        "undangan",
        "surat-keterangan",
        "surat-perintah-tugas",
        "nota-dinas",
        "surat-pengantar-desa",
        "berita-acara",
        "sertifikat",
    }


@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for name, flow in FLOWS.items() for number in range(len(flow.tests))]
)
def test_a_test_in_a_flow_file_passes(name: str, number: int) -> None:
    found = testing.run(FLOWS[name])[number]
    assert found.ok, f"{name}:{found.mark.line}: {found.name}: {found.message}"


@pytest.mark.parametrize("name", FLOWS)
def test_the_tests_of_a_flow_take_every_action_and_make_every_rule_refuse(name: str) -> None:
    actions, rules = testing.untried(FLOWS[name])
    assert actions == ()
    assert rules == ()


@pytest.mark.parametrize("name", FLOWS)
def test_every_field_that_is_asked_has_a_label(name: str) -> None:
    fields = [field for form in FLOWS[name].forms.values() for field in form.fields.values()]
    assert [field.name for field in fields if not field.title] == []


@pytest.mark.parametrize("name", [name for name, flow in FLOWS.items() if flow.applies.direction == "masuk"])
def test_a_disposition_that_was_read_is_not_taken_back(name: str) -> None:
    flow = FLOWS[name]
    on = Stage(flow, LittleOrg(flow, {"staff": {"pimpinan": ["kabid"]}}, {"scan": "a"}), vocabularies=WORDS)
    while on.letter.state != "menunggu_disposisi":
        first = next(iter(flow.states[on.letter.state].actions))
        form = {"catatan": "Lihat"} if first == "sampaikan" else {}
        on.act(on.letter, first, form, on.waits_for()[0])
    on.act(on.letter, "disposisi", {"kepada": ["kabid"], "instruksi": ["pelajari"]}, "pimpinan")
    (piece,) = on.letter.pieces
    piece.fields = {**piece.fields, "read": "2026-11-16T03:00:00+00:00"}
    with pytest.raises(NotAllowed, match="Disposisi sudah dibaca; minta penerima mengembalikannya"):
        on.act(piece, "tarik", {}, "pimpinan")


ORG = {
    "author": "staf",
    "superiors": ["kasi", "kabid", "sekdis", "kadis"],
    "agendaris": ["agendaris", "agendaris_dua"],
    "tata_usaha": ["tu_satu", "tu_dua"],
    "pemeriksa": ["tu_dua", "pemeriksa"],
    "staff": {"pimpinan": ["kabid_a", "kabid_b"], "kabid_a": ["kasi_a"], "kasi_a": ["staf_a"]},
}
# What a walk needs to get far stands first: hypothesis prefers it.
LETTERS = st.fixed_dictionaries(
    {
        "security": st.sampled_from(["B", "T", "R", "SR"]),
        "classification": st.sampled_from(["900.1.3", "400.7", "900", "9001"]),
        "signatory": st.sampled_from(["kadis", "kadis", "kabid", "staf", "kades"]),
        "addressees": st.just(["BPKAD"]),
        "scan": st.sampled_from(["pindai", "pindai", "pindai", ""]),
        "body": st.sampled_from(["isi", "isi", "isi", ""]),
        "purpose": st.sampled_from(["KTP", "KTP", "KTP", ""]),
    }
)


def stage(flow: Flow, letter: dict[str, Any]) -> Stage:
    org = dict(ORG) if flow.applies.direction == "keluar" else {key: ORG[key] for key in ("agendaris", "staff")}
    return Stage(flow, LittleOrg(flow, org, letter), vocabularies=WORDS)


def people(on: Stage) -> list[str]:
    """Everybody who could have anything to do with the letter, and a stranger."""
    org = on.org
    held = [each for group in (*org.roles.values(), *org.posts.values()) for each in group]
    fields = [value for value in on.letter.fields.values() if isinstance(value, str) and value.isidentifier()]
    return list(dict.fromkeys([org.author, *org.bosses, *org.bosses.values(), *held, *fields, "orang_luar"]))


def answer(draw: st.DataObject, field: Field, asked: Asked, values: dict[str, Any], busy: set[str]) -> Any:
    """A value that the field takes."""
    match field.type:
        case "position" | "positions":
            free = [each for each in asked.candidates(field, values) if each not in busy]
            some = draw.draw(st.lists(st.sampled_from(free), min_size=1, unique=True)) if free else []
            return some if field.type == "positions" else next(iter(some), None)
        case "choice" | "choices":
            return draw.draw(st.lists(st.sampled_from(sorted(asked.words(field))), min_size=1, max_size=2))
        case "date":
            return str(draw.draw(st.dates()))
        case "deadline":
            longest = field.at_most or Duration(14, "working days")
            return draw.draw(st.sampled_from(["1 working day", "3 working days", f"{longest.amount} {longest.unit}"]))
        case "yes-no":
            return draw.draw(st.booleans())
        case "file" | "files":
            return {"sha256": "aa", "filename": "pindai.pdf", "code": asked.item.letter.fields.get("print_code")}
        case _:
            return draw.draw(st.sampled_from(["Sudah", "Belum ada lampiran", "Bukan bidang kami"]))


def filled(draw: st.DataObject, on: Stage, piece: Piece, offer: Offer, who: str) -> dict[str, Any]:
    """Answers that the offer's form takes."""
    case = Case(on.flow, piece, actor(who), on.setting)
    deed = case.find(offer.action)
    assert deed is not None
    asked, values = case.asked(deed), dict[str, Any]()
    for field in asked.form.fields.values():
        if field.required or draw.draw(st.booleans()):
            value = answer(draw, field, asked, values, set(case.busy(deed)) if offer.fan_out else set())
            if value is not None:
                values[field.name] = value
    return values


def decide(on: Stage, piece: Piece, offer: Offer, who: str, form: dict[str, Any]) -> None:
    answers = {**form, SIGNED: True} if offer.kind == "sign" else form
    engine.act(on.flow, piece, offer.action, answers, actor(who), on.setting)


def check_everybody(draw: st.DataObject, on: Stage) -> list[tuple[Piece, Offer, str]]:
    """What is offered can be done, what is refused cannot, with the same sentence. Returns what can be done."""
    possible = []
    for piece in on.pieces():
        for who in people(on):
            for offer in engine.offers(on.flow, piece, actor(who), on.setting):
                if offer.allowed:
                    decide(on, piece, offer, who, filled(draw, on, piece, offer, who))
                    possible.append((piece, offer, who))
                else:
                    with pytest.raises(NotAllowed) as refused:
                        decide(on, piece, offer, who, {})
                    assert refused.value.message == offer.says
                    assert refused.value.who == offer.who
                assert (who in offer.who) or not offer.allowed
    return possible


def check_standing(on: Stage, possible: list[tuple[Piece, Offer, str]]) -> None:
    """Every item has somebody who can move it, is final, or waits for open items below it."""
    for piece in on.pieces():
        state = (on.flow.states if piece.track is None else on.flow.tracks[piece.track].states)[piece.state]
        movable = any(each is piece for each, _, _ in possible)
        waits = state.gather is not None and any(each.outcome is None for each in piece.pieces)
        assert state.final or waits or movable, f"{piece.id} is stuck in {piece.state}"
        assert not state.choose, f"{piece.id} waits in {piece.state}, where nobody waits"
        reads = {who for group in engine.readers(on.flow, piece, on.setting).values() for who in group}
        assert set(engine.waits_for(on.flow, piece, on.setting)) <= reads
        assert engine.can_act(on.flow, piece, on.setting) <= reads
        for who in people(on):
            later = engine.later(on.flow, piece, actor(who), on.setting)
            assert all(not each.allowed and each.says and who in each.who for each in later)


def chosen(draw: st.DataObject, on: Stage, possible: list[tuple[Piece, Offer, str]]) -> tuple[Piece, Offer, str]:
    """What is done next; what leads back or ends the letter is chosen seldom, so that walks get far."""
    onward = [
        (piece, offer, who)
        for piece, offer, who in possible
        if offer.to not in ENDS and (offer.to is None or offer.to in {state.name for state in ahead(on.flow, piece)})
    ]
    seldom = not onward or draw.draw(st.integers(0, 4), label="seldom") == 4
    return draw.draw(st.sampled_from(possible if seldom else onward), label="act")


ENDS = {"dibatalkan", "ditolak"}
WALK = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.parametrize("name", FLOWS)
@given(draw=st.data(), letter=LETTERS)
@WALK
def test_on_every_walk_what_is_offered_can_be_done_and_nothing_gets_stuck(
    name: str, draw: st.DataObject, letter: dict[str, Any]
) -> None:
    on = stage(FLOWS[name], letter)
    for _ in range(14):
        possible = check_everybody(draw, on)
        check_standing(on, possible)
        if not possible:
            break
        piece, offer, who = chosen(draw, on, possible)
        on.act(piece, offer.action, filled(draw, on, piece, offer, who), who)
        on.minutes(draw.draw(st.sampled_from([1, 600, 3000])))
        if draw.draw(st.booleans()) and engine.editors(on.flow, on.letter, on.setting):
            on.letter.version += 1
        unread = [each for each in on.pieces() if each.parent is not None and "read" not in each.fields]
        opens: bool = draw.draw(st.booleans())
        if unread and opens:
            unread[0].fields = {**unread[0].fields, "read": on.setting.now.isoformat()}


JUNK = (
    st.none() | st.text(max_size=5) | st.lists(st.text(max_size=5), max_size=2) | st.integers() | st.just({"code": 1})
)


@pytest.mark.parametrize("name", FLOWS)
@given(draw=st.data(), letter=LETTERS)
@WALK
def test_whatever_is_sent_the_engine_acts_or_says_why_not(
    name: str, draw: st.DataObject, letter: dict[str, Any]
) -> None:
    on = stage(FLOWS[name], letter)
    names = [field for form in FLOWS[name].forms.values() for field in form.fields]
    every = [offer.action for state in FLOWS[name].states for offer in _offers_in(on, state)]
    assume(every)
    for _ in range(8):
        form = draw.draw(st.dictionaries(st.sampled_from([*names, "lain"]), JUNK, max_size=3))
        who, action = draw.draw(st.sampled_from(people(on))), draw.draw(st.sampled_from(every))
        assert all(sentences(on, action, form, who))


def sentences(on: Stage, action: str, form: dict[str, Any], who: str) -> list[str]:
    """Why it was refused, if it was."""
    try:
        on.act(on.letter, action, form, who)
    except Invalid as wrong:
        return [wrong.message, *wrong.fields.values()]
    except SuratError as refused:
        return [refused.message]
    return []


def _offers_in(on: Stage, state: str) -> tuple[Offer, ...]:
    standing = on.letter.state
    on.letter.state = state
    found = engine.offers(on.flow, on.letter, actor(on.org.author), on.setting)
    on.letter.state = standing
    return found
