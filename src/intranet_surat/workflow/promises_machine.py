"""A flow as an abstract machine: every configuration a letter can be in, and what can happen next in it.

A configuration is the letter's state, what is known of its fields, and its children counted 0, 1 or many in
each state. It stands for many letters: what happens may happen to one of them, and ``sure`` tells what
cooperative people can make happen to each. How far the machine goes is decided in `workflow.promises_graph`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from intranet_surat.workflow import rules
from intranet_surat.workflow.chart import Deed, deeds
from intranet_surat.workflow.model import Action, Effect, Flow, Gather, State
from intranet_surat.workflow.overlay import start_of
from intranet_surat.workflow.promises_cases import Cases, tossed
from intranet_surat.workflow.promises_conf import MANY, Beyond, Conf, Kid, Move, Result, Work, by_track
from intranet_surat.workflow.promises_facts import Ask, Facts, View
from intranet_surat.workflow.promises_tracks import Tracks, Want


@dataclass(slots=True)
class _Letter:
    """A letter in the middle of an act: what it is on the way to."""

    conf: Conf
    view: View
    passed: list[str] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)
    entered: bool = False


class Abstract:
    """The machine of one flow; ``nevers`` are the expressions that must not become true."""

    def __init__(self, flow: Flow, nevers: tuple[rules.Node, ...], work: Work) -> None:
        self.flow = flow
        self.nevers = nevers
        self.tracks = Tracks(flow)
        trees = (*(rule.tree for rule in flow.rules.values()), *nevers)
        self.facts = Facts(flow, nevers, self.tracks.hidden(trees))
        asked = [part for tree in trees for part in rules.walk(tree) if isinstance(part, rules.Children)]
        self.cases = Cases(flow, self.facts, work)
        self.ended_seen = {part.track for part in asked if part.quantity == "all" or self._is_end(part)}
        self.named = {(part.track, part.state) for part in asked}
        self._deeds: dict[int, tuple[Deed, ...]] = {}

    def _is_end(self, part: rules.Children) -> bool:
        track = self.flow.tracks.get(part.track)
        state = track.states.get(part.state) if track is not None else None
        return part.state == "final" or (state is not None and state.final)

    def deeds(self, state: State) -> tuple[Deed, ...]:
        """All that can be done in a state."""
        if id(state) not in self._deeds:
            self._deeds[id(state)] = tuple(deeds(state))
        return self._deeds[id(state)]

    def start(self) -> Conf:
        """A letter that is about to be made."""
        return Conf("", self.facts.start())

    def broken(self, conf: Conf) -> frozenset[int]:
        """The expressions that may be true here; raises Ask."""
        found = set()
        for number, tree in enumerate(self.nevers):

            def holds(view: View, tree: rules.Node = tree) -> bool:
                return self.facts.judge(tree, view)

            if any(found_so for _, found_so in self.cases.of(None, holds, conf, conf.state)):
                found.add(number)
        return frozenset(found)

    def moves(self, conf: Conf) -> Iterator[Move]:
        """All that can happen next; raises Ask when the configuration must be split first."""
        if conf.state == "":
            wants = (Want("start", None, "", ""),)
            yield self.cases.move(wants, conf, None, lambda view: self._enters(conf, view, start_of(self.flow, None)))
            return
        state = self.flow.states[conf.state]
        for deed in self.deeds(state):
            yield self._deed(conf, state, deed)
        yield from self._edits(conf, state)
        for kid, many in conf.kids:
            if kid.phase == "open":
                yield from self._of_kid(conf, kid, many)

    def _deed(self, conf: Conf, state: State, deed: Deed) -> Move:
        action = deed.action
        want = Want(deed.kind, None, state.name, action.name)
        fan_out = action.fan_out
        busy = fan_out is not None and any(kid.track == fan_out.track and kid.phase == "open" for kid, _ in conf.kids)

        def run(view: View) -> Result | None:
            if deed.kind == "sign" and not conf.prepared:
                return None
            if not self._allowed(action, view):
                return None
            made = self._made(action, view)
            before = self.facts.changed(conf.facts, _signature(deed, state))
            here = conf._replace(facts=before, prepared=conf.prepared or deed.kind == "prepare")
            if action.to is None or deed.kind == "prepare":
                after = here._replace(facts=self.facts.changed(before, action.do))
                return self._with_kids(_Letter(after, view), made)
            return self._enters(here, view, action.to, action.do, made)

        return self.cases.move((want,), conf, action.ask, run, sure=not busy, actors=action.by)

    def _allowed(self, action: Action, view: View) -> bool:
        return all(self.facts.judge(self.flow.rules[name].tree, view) for name in action.needs)

    def _made(self, action: Action, view: View) -> tuple[tuple[Kid, int], ...]:
        """The children that an act makes: one or many, in the state where they begin."""
        if action.fan_out is None:
            return ()
        track = action.fan_out.track
        inner = replace(view, state="", track=track, kids=None)
        try:
            state, facts = self._inside(inner, track, start_of(self.flow, track), ()) or ("", ())
        except Ask as found:
            if found.kind != "coin":
                raise
            raise Beyond(f"awal jalur '{track}' bergantung pada hal di luar surat") from None
        if facts != view.facts:
            raise Beyond(f"anak surat di jalur '{track}' mengubah isian surat ketika dibuat")
        return ((Kid(track, state), MANY if tossed(view, ("made", track)) else 1),)

    def _inside(self, view: View, track: str, target: str, do: tuple[Effect, ...], new: int = 0) -> Any:
        """(state, facts) where a child comes to rest; None when it cannot go on."""
        states, visited, facts = self.flow.tracks[track].states, set[str](), view.facts
        while target in states and target not in visited:
            visited.add(target)
            state = states[target]
            facts = self.facts.changed(facts, (*do, *state.on_enter))
            view = view.then(facts, target)
            further = self._further(state, view, waits=True if new else None)
            if further is None:
                return target, facts
            target, do = further, ()
        return None

    def _further(self, state: State, view: View, *, waits: bool | None) -> str | None:
        """Where a state that was just entered leads by itself, or None when somebody must act.

        ``waits`` tells whether children are open that a gather waits for; None: that is not known.
        """
        if state.choose:
            for branch in state.choose:
                rule = self.flow.rules.get(branch.when) if branch.when is not None else None
                if branch.when is None or (rule is not None and self.facts.judge(rule.tree, view)):
                    return branch.to
            return ""
        if state.route is not None:
            return state.route.done if tossed(view, ("nobody", view.track, state.name)) else None
        if state.gather is not None:
            open_ones = waits if waits is not None else tossed(view, ("waits", view.track, state.name))
            return None if open_ones else state.gather.returned
        return None

    def _enters(
        self, conf: Conf, view: View, target: str, do: tuple[Effect, ...] = (), made: tuple[tuple[Kid, int], ...] = ()
    ) -> Result | None:
        """The letter goes to a state and on until somebody must act; None when it cannot."""
        letter = _Letter(conf, view)
        visited: set[str] = set()
        while target in self.flow.states and target not in visited:
            visited.add(target)
            state = self.flow.states[target]
            facts = self.facts.changed(letter.conf.facts, (*do, *state.entering(None)))
            letter.conf = letter.conf._replace(state=target, facts=facts, prepared=False)
            letter.view = letter.view.then(facts, target)
            track = state.gather.track if state.gather is not None else None
            waits = bool(made) or any(kid.track == track and kid.phase == "open" for kid, _ in conf.kids)
            further = self._further(state, letter.view, waits=waits)
            letter.passed.append(target)
            letter.entered = True
            if further is None:
                return self._with_kids(letter, made)
            self._passes(letter)
            target, do = further, ()
        return None

    def _passes(self, letter: _Letter) -> None:
        """Notes which promises a state breaks that is only passed."""
        view = replace(letter.view, form=None, acting=False)
        letter.broken |= {number for number, tree in enumerate(self.nevers) if self.facts.judge(tree, view)}

    def _with_kids(self, letter: _Letter, made: Iterable[tuple[Kid, int]]) -> Result:
        """The letter at rest, with the children it has then."""
        counted: dict[Kid, int] = {}
        for kid, many in (*letter.conf.kids, *made):
            if not (letter.entered and kid.phase == "counts"):
                counted[kid] = min(MANY, counted.get(kid, 0) + many)
        conf = letter.conf._replace(kids=tuple(sorted(counted.items())))
        return Result(conf, frozenset(letter.passed), frozenset(letter.broken), letter.entered)

    def _edits(self, conf: Conf, state: State) -> Iterator[Move]:
        """Whoever may correct the letter writes something else; a number that was not used is voided by night."""
        fields = self.facts.editable()
        if fields and (state.edit or (state.route is not None and state.route.edit)):
            free = self.facts.free()
            wide, narrow = (
                Result(conf._replace(facts=self._widened(conf, each), free=free & each)) for each in (fields, free)
            )
            yield Move((Want("edit", None, state.name, "ubah"),), (wide, narrow), ((narrow,),))
        if state.sign is not None and state.sign.number_at_end == "void":
            facts = self.facts.changed(conf.facts, (Effect("number", "void"),))
            if facts != conf.facts:
                anew = conf._replace(facts=facts, prepared=False)
                yield Move((Want("night", None, state.name, "akhir hari"),), (Result(anew),))

    def _widened(self, conf: Conf, fields: int) -> tuple[int, ...]:
        """The facts when nothing is known of these fields any more."""
        both = zip(conf.facts, self.facts.full, strict=True)
        return tuple(full if fields >> number & 1 else now for number, (now, full) in enumerate(both))

    def _of_kid(self, conf: Conf, kid: Kid, many: int) -> Iterator[Move]:
        """What can happen to one of these children."""
        state = self.flow.tracks[kid.track].states[kid.state]
        for deed in self.deeds(state):
            action = deed.action
            want = Want(deed.kind, kid.track, kid.state, action.name)

            def run(view: View, deed: Deed = deed, action: Action = action) -> Result | None:
                if (deed.kind == "sign" and not kid.prepared) or not self._allowed(action, view):
                    return None
                inner = view.then(self.facts.changed(view.facts, _signature(deed, state)), view.state)
                if action.to is None or deed.kind == "prepare":
                    facts = self.facts.changed(inner.facts, action.do)
                    stays = kid._replace(prepared=kid.prepared or deed.kind == "prepare")
                    return self._kid_moved(conf, kid, many, stays, facts, view)
                new = 1 if action.fan_out is not None else 0
                rest = self._inside(inner, kid.track, action.to, action.do, new)
                return self._kid_rests(conf, kid, many, rest, view)

            sure = action.fan_out is None
            yield self.cases.move((want,), conf, action.ask, run, sure=sure, actors=action.by, kid=kid, many=many)
        if state.gather is not None:
            yield from self._nested(conf, kid, many, state.gather)

    def _nested(self, conf: Conf, kid: Kid, many: int, gather: Gather) -> Iterator[Move]:
        """The children of a child end, which nobody follows one by one."""
        ends = self.tracks.ends(gather.track)
        ways: list[tuple[tuple[Want, ...], str]] = []
        if "done" in ends:
            ways.append((ends["done"], gather.done))
        without = [ends[each] for each in ("returned", "withdrawn") if each in ends]
        if without:
            ways.append((min(without, key=len), gather.returned))
        moves = []
        for wants, target in ways:

            def run(view: View, target: str = target) -> Result | None:
                return self._kid_rests(conf, kid, many, self._inside(view, kid.track, target, ()), view)

            moves.append(self.cases.move(wants, conf, None, run, kid=kid, many=many, acting=False))
        yield from (replace(move, sure=()) for move in moves)
        if moves and gather.track in self.tracks.ends_surely and all(move.sure for move in moves):
            both = tuple(result for move in moves for group in move.sure for result in group)
            yield Move(moves[0].wants, (), (both,))

    def _kid_rests(self, conf: Conf, kid: Kid, many: int, rest: Any, view: View) -> Result | None:
        if rest is None:
            return None
        name, facts = rest
        state = self.flow.tracks[kid.track].states[name]
        if not state.final:
            return self._kid_moved(conf, kid, many, Kid(kid.track, name), facts, view)
        return self._kid_moved(conf, kid, many, state, facts, view)

    def _ended(self, conf: Conf, track: str, state: State) -> Iterator[Kid]:
        """How a child that has ended is noted: only as far as somebody asks."""
        if track in self.ended_seen:
            yield Kid(track, state.name if (track, state.name) in self.named else "=", "ended")
        gather = self.flow.states[conf.state].gather
        if gather is not None and gather.track == track:
            counted = ("done", "returned") if gather.until == "most" else ("done",)
            if state.outcome in counted:
                yield Kid(track, f"={state.outcome}", "counts")

    def _kid_moved(
        self, conf: Conf, kid: Kid, many: int, after: Kid | State, facts: tuple[int, ...], view: View
    ) -> Result | None:
        """One of the children alike is now something else; the letter may go on because of it."""
        counted = dict(conf.kids)
        ended = isinstance(after, State)
        if after != kid:
            left = (MANY if tossed(view, ("left", kid)) else 1) if many == MANY else 0
            counted[kid] = left
        for each in (
            self._ended(conf, kid.track, after) if isinstance(after, State) else (after,) if after != kid else ()
        ):
            most = MANY if each.phase == "open" or self._exact(conf) else 1
            counted[each] = min(most, counted.get(each, 0) + 1)
        kids = tuple((each, number) for each, number in sorted(counted.items()) if number)
        here = conf._replace(facts=facts, kids=kids)
        gather = self.flow.states[conf.state].gather
        if ended and gather is not None and gather.track == kid.track:
            target = self._after(gather, kids, view)
            if target is not None:
                told = replace(view, facts=facts, track=None, form=None, acting=False, kids=by_track(kids))
                return self._enters(here, told, target)
        return self._with_kids(_Letter(here, view), ())

    def _exact(self, conf: Conf) -> bool:
        """Whether it matters how many children ended: one or many."""
        gather = self.flow.states[conf.state].gather
        return gather is not None and gather.until == "most"

    def _after(self, gather: Gather, kids: tuple[tuple[Kid, int], ...], view: View) -> str | None:
        """Where the children lead the letter that waits for them; as `passage.after_gather` has it."""
        counts = {"open": 0, "done": 0, "returned": 0}
        for kid, many in kids:
            what = kid.phase if kid.phase != "counts" else kid.state[1:]
            if kid.track == gather.track and what in counts:
                counts[what] += many
        done, waiting = counts["done"], counts["open"]
        enough = gather.until == "any" and done > 0
        if gather.until == "most" and done and waiting:
            exact = MANY not in [many for kid, many in kids if kid.track == gather.track]
            enough = 2 * done > sum(counts.values()) if exact else tossed(view, ("most", gather.track))
        if waiting and not enough:
            return None
        return gather.done if done else gather.returned


def _signature(deed: Deed, state: State) -> tuple[Effect, ...]:
    """What a signature writes into the letter before it goes on."""
    if deed.kind != "sign" or state.sign is None:
        return ()
    return (Effect("signed", state.sign.method),)
