"""Offices, flows and letters made at random, and somebody who applies a remedy: for the tests of `explain`."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.workflow import engine
from intranet_surat.workflow.calendar import WorkingCalendar
from intranet_surat.workflow.changing import Spot
from intranet_surat.workflow.chart import chart
from intranet_surat.workflow.deeds import SIGNED, Case
from intranet_surat.workflow.explain import Explanation, explain
from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Field, Flow
from intranet_surat.workflow.rehearsal import MONDAY, Piece, Stage
from intranet_surat.workflow.view import Actor, Capacity, Make

OFFICE = "KANTOR"
WORDS = {"instruksi-disposisi": {"pelajari": "Pelajari", "tindak-lanjuti": "Tindak lanjuti"}}
ROLES = ("agendaris", "tata_usaha", "pemeriksa_basah", "arsiparis", "lurah", "operator_loket")
POSTS = ("sekretaris", "staf-ahli", "sekda", "sekdes", "sekdin")


@dataclass(slots=True)
class Office:
    """An `Org` that can be changed: a tree of positions, some vacant, some held twice, some with stand-ins."""

    bosses: dict[str, str]
    holders: dict[str, str]
    roles: dict[str, list[str]]
    posts: dict[str, list[str]]
    deputies: dict[str, tuple[str, datetime, Capacity]]
    author: str
    fields: dict[str, Any]
    clock: datetime = MONDAY
    given: dict[str, Any] = field(default_factory=dict)

    def role(self, role: str, office: str) -> tuple[str, ...]:  # noqa: ARG002  protocol
        return tuple(self.roles.get(role, ()))

    def post(self, code: str, office: str) -> tuple[str, ...]:  # noqa: ARG002  protocol
        return tuple(self.posts.get(code, ()))

    def head(self, office: str) -> str | None:  # noqa: ARG002  protocol
        return "p0"

    def superior(self, position: str) -> str | None:
        return self.bosses.get(position)

    def staff(self, position: str) -> tuple[str, ...]:
        found: list[str] = []
        queue = [position]
        for boss in queue:
            below = [each for each, above in self.bosses.items() if above == boss and each not in (*found, position)]
            found.extend(below)
            queue.extend(below)
        return tuple(found)

    def persons(self, position: str) -> tuple[str, ...]:
        found = [self.holders[position]] if position in self.holders else []
        if position in self.deputies and self._begun(position):
            found.append(self.deputies[position][0])
        return tuple(dict.fromkeys(found))

    def capacity(self, person: str, position: str) -> Capacity | None:
        if self.holders.get(position) == person or position not in self.deputies:
            return None
        return self.deputies[position][2]

    def now(self, position: str) -> str:
        return position

    def authority(self, position: str, form: str, kind: str = "", level: str = "") -> str | None:  # noqa: ARG002  protocol
        return None

    def office_of(self, position: str) -> str | None:  # noqa: ARG002  protocol
        return OFFICE

    def title(self, position: str) -> str:
        return position.upper()

    def awaited(self, position: str) -> tuple[tuple[date, Office], ...]:
        if position not in self.deputies or self._begun(position):
            return ()
        at = self.deputies[position][1]
        return ((at.date(), replace(self, clock=at)),)

    def _begun(self, position: str) -> bool:
        return self.deputies[position][1].date() <= (self.clock + timedelta(hours=7)).date()

    def actors(self, name: str) -> tuple[Actor, ...]:
        """Acting is told as ``person@position``."""
        person, _, position = name.partition("@")
        return (Actor(person, position or person),)

    def people(self) -> list[Actor]:
        """Everybody for each of his positions, and a stranger."""
        held = [Actor(person, each) for each in (*self.bosses, "p0") for person in self.persons(each)]
        return [*dict.fromkeys(held), Actor("orang-luar", "luar")]


def office(random: Random, flow: Flow) -> Office:
    """An office of 4 to 9 positions."""
    size = random.randint(4, 9)
    names = [f"p{number}" for number in range(size)]
    bosses = {each: names[random.randrange(number)] for number, each in enumerate(names) if number}
    people = [f"o{number}" for number in range(max(2, size - 2))]
    holders = {each: random.choice(people) for each in names if random.random() < 0.92}
    deputies = {}
    for each in names:
        if random.random() < 0.3:
            begins = MONDAY + timedelta(days=random.choice([-3, 0, 2, 30]))
            kind = random.choice(["plh", "plt", "substitute"])
            order = random.choice(["", "800/1", "800/1", "800/1"])
            who = random.choice(people)
            deputies[each] = (who, begins, Capacity(kind, kind.capitalize() + ".", order, ceiling="SR"))

    def some(names_: list[str]) -> list[str]:
        return random.sample(names_, random.choice([0, 1, 1, 1, 1, 1, 1, 2, 3]))

    author = random.choice(names[1:])
    org = Office(
        bosses, holders, {role: some(names) for role in ROLES}, {post: some(names) for post in POSTS},
        deputies, author, {},
    )  # fmt: skip
    above = [each for each in names if author in org.staff(each)]
    org.fields = {
        "security": random.choice(["B", "T", "R", "SR"]),
        "classification": random.choice(["900.1", "400.7"]),
        "signatory": random.choice([*above, *above, random.choice(names), ""]),
        "addressee": random.choice(["p0", "p0", random.choice(names), ""]),
        "addressees": random.choice([["BPKAD"], ["BPKAD"], ["BPKAD"], []]),
        "scan": random.choice(["pindai"] * 4 + [""]),
        "body": random.choice(["isi"] * 4 + [""]),
        "purpose": random.choice(["KTP", "KTP", "KTP", ""]),
        "a": random.choice(["satu", "dua", "", None, ["satu", "tiga"]]),
        "tanggal": random.choice(["2026-11-10", "2026-12-10", ""]),
    }
    return org


class Walk:
    """A letter among generated people; walks it at random and applies remedies."""

    def __init__(self, flow: Flow, org: Office, random: Random) -> None:
        self.random = random
        self.stage = Stage(flow, org, vocabularies=WORDS, calendar=WorkingCalendar("uji"))  # type: ignore[arg-type]
        self.org = org
        self.appointed: tuple[str, ...] = ()
        self.known: dict[str, tuple[str, ...]] = {}

    @property
    def flow(self) -> Flow:
        return self.stage.flow

    def copy(self) -> Walk:
        return copy.deepcopy(self, {id(self.flow): self.flow})

    def asked(self, piece: Piece, actor: Actor, action: str) -> Explanation:
        return explain(self.flow, piece, actor, action, self.stage.setting)

    def answers(self, piece: Piece, actor: Actor, action: str, *, least: bool = False) -> dict[str, Any]:
        """Proper answers: those that the form takes and the rules allow."""
        case = Case(self.flow, piece, actor, self.stage.setting)
        deed = case.find(action)
        assert deed is not None
        asked = case.asked(deed)
        values: dict[str, Any] = {}
        busy = case.busy(deed)
        for each in sorted(asked.form.fields.values(), key=lambda one: isinstance(one.source, str)):
            per = deed.action.fan_out is not None and deed.action.fan_out.per == each.name
            if each.required or per or (not least and self.random.random() < 0.4):
                value = self.value(each, asked, values, busy if per else frozenset())
                if value not in (None, "", []):
                    values[each.name] = value
        return values | solved(case, deed, asked)

    def value(self, each: Field, asked: Any, values: dict[str, Any], busy: frozenset[str]) -> Any:
        match each.type:
            case "position" | "positions":
                free = [one for one in asked.candidates(each, values) if one not in busy]
                some = free[: self.random.choice([1, 1, 2])]
                return some if each.type == "positions" else next(iter(some), None)
            case "choice" | "choices":
                return [next(iter(asked.words(each)))] if each.type == "choices" else next(iter(asked.words(each)))
            case "date":
                return "2026-11-17"
            case "deadline":
                return "1 working day"
            case "yes-no":
                return self.random.random() < 0.5
            case "file" | "files":
                return {"sha256": "aa", "filename": "x.pdf", "code": asked.item.letter.fields.get("print_code")}
            case _:
                return "isian"

    def act(self, piece: Piece, actor: Actor, action: str, *, least: bool = False) -> None:
        """Do it with proper answers; raises as the engine does."""
        form = self.answers(piece, actor, action, least=least)
        self.stage.act(piece, action, form, f"{actor.person}@{actor.position}")

    def can(self, piece: Piece, actor: Actor, action: str) -> str:
        """Empty when the act succeeds with proper answers, else why not; changes nothing."""
        form = self.answers(piece, actor, action)
        case = Case(self.flow, piece, actor, self.stage.setting)
        signs = any(deed.kind == "sign" and deed.action.name == action for deed in case.deeds())
        try:
            engine.act(self.flow, piece, action, form | ({SIGNED: True} if signs else {}), actor, self.stage.setting)
        except (NotAllowed, Invalid) as refused:
            return f"{refused.message} {getattr(refused, 'fields', '')}"
        return ""

    def moves(self) -> list[tuple[Piece, Actor, str]]:
        """Whatever anybody may do now."""
        return [
            (piece, actor, offer.action)
            for piece in self.stage.pieces()
            for actor in self.org.people()
            for offer in engine.offers(self.flow, piece, actor, self.stage.setting)
            if offer.allowed
        ]

    def wander(self, steps: int) -> None:
        """Some acts at random."""
        for _ in range(steps):
            moves = self.moves()
            if not moves:
                return
            piece, actor, action = self.random.choice(moves)
            self.act(piece, actor, action)
            if self.random.random() < 0.3:
                below = [each for each in self.stage.pieces() if each.parent is not None and "read" not in each.fields]
                for each in below[:1]:
                    each.fields = {**each.fields, "read": self.stage.setting.now.isoformat()}

    def triples(self) -> Iterator[tuple[Piece, Actor, str]]:
        """Every person for each of his positions, every open item, every action of its flow or track."""
        for piece in self.stage.pieces():
            known = chart(self.flow, piece.track)
            names = dict.fromkeys(deed.action.name for state in known.states for deed in known.deeds(state))
            for actor in self.org.people():
                for name in names:
                    yield piece, actor, name

    # Applying a remedy

    def apply(self, piece: Piece, actor: Actor, action: str) -> tuple[str, int]:
        """Does what the remedy says, all of it in its order, and then the act. Asks again only where it says so.

        Answers what went wrong, if anything, and how often was asked.
        """
        for rounds in range(1, 40):
            found = self.asked(piece, actor, action)
            if found.allowed:
                return self.can(piece, actor, action), rounds
            remedy = found.remedy
            if remedy is None:
                return f"silent: {found.says}", rounds
            if remedy.never:
                return f"never on the way: {remedy.never}", rounds
            if not (remedy.as_ or remedy.at or remedy.make):
                return f"empty remedy: {found.says}", rounds
            self.known = {}
            for make in remedy.make:
                wrong = self.make(piece, make)
                if wrong:
                    return wrong, rounds
            if remedy.at is not None:
                self.time(remedy.at)
            if remedy.as_ or any(make.what == "position" for make in remedy.make):
                actor = self.one_of(piece, remedy.as_, action)
            if not remedy.then:
                again = self.asked(piece, actor, action)
                wrong = self.can(piece, actor, action) if again.allowed else f"{again.says} {again.remedy}"
                return wrong, rounds
        return "no end of remedies", rounds

    def one_of(self, piece: Piece, positions: tuple[str, ...], action: str) -> Actor:
        """The first who may; else the first. Where nobody is named, those who were appointed."""
        positions = positions or self.appointed
        people = [Actor(person, each) for each in positions for person in self.org.persons(each)]
        return next(
            (each for each in people if self.asked(piece, each, action).allowed), (people or [Actor("", "")])[0]
        )

    def time(self, at: datetime) -> None:
        if at < self.org.clock:
            return
        self.org.clock = at
        self.stage.at(at)

    def make(self, piece: Piece, make: Make) -> str:
        match make.what:
            case "field":
                self.enter(piece, make.of, make.value["example"])
            case "act":
                return self.step(piece, {"as": make.value["as"], "action": make.of})
            case "state":
                return next(filter(None, (self.step(piece, each) for each in make.value)), "")
            case "children":
                return self.end(
                    piece, make.of, make.value["state"], holds=make.value["holds"], quantity=make.value["quantity"]
                )
            case "position":
                self.appoint(make)
            case "holder":
                of = make.value["one_of"][0] if make.value else ""
                self.org.holders[make.of] = next(iter(self.org.persons(of)), f"baru-{make.of}")
                self.org.deputies.pop(make.of, None)
            case "provider":
                self.stage.provider(away=make.value["holds"])
            case other:
                return f"cannot make {other}"
        return ""

    def enter(self, piece: Piece, name: str, value: Any) -> None:
        root, *path = name.split(".")
        target = piece.letter if root == "letter" else piece
        value = value if len(path) == 1 else {path[1]: value}
        target.fields = {**target.fields, path[0]: value}

    def step(self, piece: Piece, leg: dict[str, Any]) -> str:
        if "track" in leg:
            return self.end(piece, leg["track"], "final", holds=True, quantity="all", outcome=leg["outcome"])
        if "at" in leg:
            self.time(datetime.fromisoformat(leg["at"]))
        actor = self.one_of(piece, tuple(leg["as"]), leg["action"])
        found = self.asked(piece, actor, leg["action"])
        if not found.allowed:
            return f"leg {leg}: {found.says}"
        self.act(piece, actor, leg["action"], least=True)
        return ""

    def end(self, piece: Piece, track: str, state: str, *, holds: bool, quantity: str, outcome: str = "") -> str:
        """The items below come to where they should be, by somebody's acts as far as they lead there."""
        known = chart(self.flow, track)
        mine = [each for each in piece.pieces if each.track == track]
        if quantity == "some" and holds and state == "open":
            return "no child opened"
        for each in [one for one in mine if one.outcome is None]:
            for name in known.far(each.state):
                there = known.states[name]
                fits = there.final if state in ("final", "open") else name == state
                if fits == (holds if quantity != "no" else state == "open") and not there.choose:
                    if (
                        outcome
                        and there.final
                        and there.outcome != outcome
                        and not (outcome == "returned" and there.outcome == "withdrawn")
                    ):
                        continue
                    self.put(each, name)
                    break
            if quantity == "some":
                break
        return ""

    def put(self, piece: Piece, name: str) -> None:
        """The item below stands there now, as if its people had acted."""
        state = chart(self.flow, piece.track).states[name]
        piece.state = name
        if state.final:
            for each in piece.pieces:
                if each.outcome is None:
                    each.outcome = "done"
            piece.outcome, piece.ended = state.outcome or "done", len(self.stage.acts)
            self.stage.acts.append(
                replace(self.stage.acts[-1], seq=len(self.stage.acts), item=piece.id, numbered=False)
            )
            assert piece.parent is not None
            closed = engine.gathered(self.flow, piece.parent, self.stage.setting)
            if closed is not None:
                self.stage._carry_out(piece.parent, closed, None)

    def appoint(self, make: Make) -> None:
        """Somebody is appointed whom the expression names."""
        if make.of in self.known:
            self.appointed = self.known[make.of]
            return
        value, before = make.value, {*self.org.holders}
        self.new_position(make, value)
        self.appointed = (*(each for each in self.org.holders if each not in before), *value.get("one_of", ())[:1])
        self.known[make.of] = self.appointed

    def new_position(self, make: Make, value: dict[str, Any]) -> None:
        fresh = f"n{len(self.org.holders)}-{self.random.randrange(10**6)}"
        if "chain" in value:
            below, top = value["chain"]
            self.org.bosses |= {below: fresh, fresh: top}
            self.org.bosses.pop(top, None)
            self.org.holders[fresh] = f"orang-{fresh}"
            return
        if value.get("one_of"):
            fresh = value["one_of"][0]
            self.org.holders.setdefault(fresh, f"orang-{fresh}")
            (self.org.roles if "role" in value else self.org.posts).setdefault(
                value.get("role") or value["position"], []
            ).append(fresh)
            return
        self.org.holders[fresh] = f"orang-{fresh}"
        for _ in range(int(value.get("need", 1))):
            if "role" in value:
                self.org.roles.setdefault(value["role"], []).append(fresh)
            elif "position" in value:
                self.org.posts.setdefault(value["position"], []).append(fresh)
            elif make.of.startswith("superior "):
                self.org.bosses[value["of"][0]] = fresh
            elif make.of.startswith("staff "):
                self.org.bosses[fresh] = value["of"][0]
            fresh = f"{fresh}x"
            self.org.holders[fresh] = f"orang-{fresh}"


def on_its_way(flow: Flow, random: Random) -> Walk | None:
    """A letter somewhere on its way among generated people; None when these cannot even begin it."""
    org = office(random, flow)
    if flow.applies.direction == "masuk":
        org.author = (org.roles["agendaris"] or ["p1"])[0]
    try:
        made = Walk(flow, org, random)
    except NotAllowed:
        return None
    made.wander(random.randint(0, 4))
    return made


def under_way(flow: Flow | None, first: int = 0) -> Iterator[tuple[int, Walk]]:
    """Letters of a flow, or each of a random one, that have not ended; with the number that chance began with."""
    for seed in range(first, first + 100):
        random = Random(seed)
        on = on_its_way(flow or flows(random), random)
        if on is not None and not on.flow.states[on.stage.letter.state].final:
            yield seed, on


def solved(case: Case, deed: Any, asked: Any) -> dict[str, Any]:
    """Answers that make the rules about answers true."""
    from intranet_surat.workflow.repairs import answers

    known = chart(case.flow, case.item.track)
    if not any(known.asks(name) for name in deed.action.needs):
        return {}
    spot = Spot(case.flow, case.item, case.actor, case.setting, case.item.state)
    found: dict[str, Any] = {}
    for name, value in (answers(known.ways(deed.action.needs), spot, asked) or {}).items():
        if len(name) == 2:
            found[name[1]] = value
        else:
            found.setdefault(name[1], {"sha256": "aa", "filename": "x.pdf"})[name[2]] = value
    return found


def shipped_flows() -> list[Flow]:
    """All flows of the house; those of offices stand on the regency's."""
    folder = Path(__file__).parents[3] / "workflows"
    known: dict[tuple[str, int], Flow] = {}
    for path in (*sorted(folder.glob("*.yaml")), *sorted(folder.glob("*/*.yaml"))):
        flow = load(path.read_text("utf-8"), str(path), bases=lambda name, version: known.get((name, version)))
        known[flow.id, flow.version] = flow
    return list(known.values())


# Random flows


def flows(random: Random) -> Flow:
    """A flow that the checker takes."""
    for _ in range(2000):
        try:
            return load(json.dumps(written(random), indent=1), "acak.yaml")
        except FlowError:
            continue
    raise AssertionError("the generator writes no flow that the checker takes")


def written(random: Random) -> dict[str, Any]:  # noqa: PLR0915  one flow, from top to bottom
    rules = {
        "r0": "letter.scan is present", "r1": "letter.a is satu", "r2": "letter.a in [satu, dua] and letter.b is absent",
        "r3": "not r1 or letter.classification under 900", "r4": "form.f1 is ya and letter.body is present",
        "r5": 'letter.tanggal before "2026-12-01"', "r6": "letter.flag is yes", "r7": "letter.b equals letter.a",
        "r8": "letter.signed is present or letter.number is absent", "r9": "no t is open", "r10": "some t is final",
        "r11": "actor not among actors of s0", "r12": "form.f1 is kuning or r0", "r13": "actor among bos",
    }  # fmt: skip
    who = ["aut", "ag", "bos", "tu", "kepala", "sek"]
    count = random.randint(3, 6)
    names = [f"s{number}" for number in range(count)]
    used: set[str] = set()

    def to(number: int) -> str:
        return random.choice([*names[number + 1 :], *names[number + 1 :], *names, "akhir", "akhir"])

    def action(name: str, number: int, *, track: bool = False) -> dict[str, Any]:
        made: dict[str, Any] = {"title": name.capitalize(), "by": random.choice(["hol", "giv"] if track else who)}
        needs = random.sample(
            [f"r{each}" for each in ((0, 1, 3) if track else range(14))], random.choice([0, 0, 1, 1, 2])
        )
        if needs:
            made["needs"] = needs
            used.update(needs)
        if any(each in ("r4", "r12") for each in needs):
            made["ask"] = "f"
        if not track and random.random() < 0.25:
            made["do"] = [{"set": {random.choice(["flag", "b"]): random.choice(["yes", "satu"])}}]
        return made

    def plain(number: int) -> dict[str, Any]:
        state: dict[str, Any] = {"title": f"Keadaan {number}", "actions": {}}
        for each in range(random.randint(1, 3)):
            made = action(f"a{number}_{each}", number)
            if random.random() < 0.85:
                made["to"] = to(number)
            state["actions"][f"a{number}_{each}"] = made
        if random.random() < 0.4:
            state["edit"] = random.choice(who)
        return state

    states: dict[str, Any] = {}
    for number, name in enumerate(names):
        kind = random.choice(["plain", "plain", "choose", "route", "sign", "gather", "fan"]) if number else "plain"
        state = plain(number)
        if kind == "choose":
            rule = random.choice(["r0", "r1", "r3", "r6", "r9"])
            used.add(rule)
            state = {"choose": [{"when": rule, "to": to(number)}, {"else": "true", "to": to(number)}]}
        elif kind == "route":
            levels: Any = random.choice(["superiors of aut below ttd", [{"who": "ag", "need": "any"}, {"who": "bos"}]])
            state["route"] = {
                "act": f"paraf{number}",
                "title": "Paraf",
                "levels": levels,
                "done": to(number),
                "edit": random.choice(["true", "false"]),
            }
            if random.random() < 0.5:
                state["route"]["reject"] = {"act": f"balik{number}", "title": "Balik", "to": to(number)}
        elif kind == "sign":
            state["sign"] = {
                "act": f"ttd{number}", "title": "Tanda tangan", "by": "ttd", "done": to(number), "with": {"method": "pades"},
                "prepare": {"act": f"siap{number}", "title": "Siapkan", "do": [{"number": "surat-keluar"}, {"freeze": "file"}]},
                "reject": {"act": f"tolak{number}", "title": "Tolak", "do": [{"number": "void"}], "to": to(number)},
            }  # fmt: skip
        elif kind == "fan":
            state["actions"][f"bagi{number}"] = {
                "title": "Bagi", "by": "kepala", "ask": "bagi", "to": to(number), "fan_out": {"track": "t", "per": "form.kepada"},
            }  # fmt: skip
        elif kind == "gather":
            state["gather"] = {"track": "t", "until": "all", "done": to(number), "returned": to(number)}
            state["actions"][f"bagi{number}"] = {
                "title": "Bagi", "by": "kepala", "ask": "bagi", "fan_out": {"track": "t", "per": "form.kepada"},
            }  # fmt: skip
        states[name] = state
    states["s0"]["start"] = "true"
    states["akhir"] = {"title": "Akhir", "final": "true"}
    track = {
        "baru": {"start": "true", "title": "Baru", "actions": {"x": {**action("x", 0, track=True), "to": "beres"}, "y": {"by": "hol", "title": "Y", "to": "balik"}}},
        "beres": {"final": "true", "title": "Beres", "outcome": "done"},
        "balik": {"final": "true", "title": "Balik", "outcome": "returned"},
    }  # fmt: skip
    for name in ("r3",):
        if name in used:
            used.add("r1")
    if "r12" in used:
        used.add("r0")
    return {
        "flow": "surat/1", "id": "acak", "version": "1", "title": "Acak", "applies_to": {"direction": "keluar"},
        "calendar": "hari-kerja-kabupaten", "absence": [{"stand_in": "plh", "needs_order": "true"}, {"stand_in": "plt"}],
        "cast": {"aut": "author", "ag": "role agendaris of office", "bos": "superior of author", "tu": "role tata_usaha of office",
                 "kepala": "head of office", "sek": "position sekretaris of office", "ttd": "holder of letter.signatory",
                 "hol": "holder of item", "giv": "giver of item"},
        "rules": {name: {"if": text, "says": f"Aturan {name}."} for name, text in rules.items() if name in used},
        "forms": {"f": {"f1": {"type": "text", "title": "F"}}, "bagi": {"kepada": {"type": "positions", "title": "Kepada", "from": "staff under actor", "required": "true"}}},
        "states": states, "tracks": {"t": {"states": track}},
    }  # fmt: skip
