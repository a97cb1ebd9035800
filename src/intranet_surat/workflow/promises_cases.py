"""The cases of one act: every answer in a form and everything that nobody can follow, and what of it is sure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from intranet_surat.workflow.cast import parts
from intranet_surat.workflow.model import Flow, Who
from intranet_surat.workflow.promises_conf import MANY, Beyond, Conf, Kid, Move, Result, Work, by_track
from intranet_surat.workflow.promises_facts import Ask, Facts, View
from intranet_surat.workflow.promises_tracks import Want

_MOST_CASES = 2000  # of one act


class Cases:
    """Looks at acts case by case."""

    def __init__(self, flow: Flow, facts: Facts, work: Work) -> None:
        self.flow = flow
        self.facts = facts
        self.work = work

    def move(
        self,
        wants: tuple[Want, ...],
        conf: Conf,
        ask: str | None,
        run: Callable[[View], Result | None],
        *,
        sure: bool = True,
        actors: tuple[Who, ...] = (),
        kid: Kid | None = None,
        many: int = 0,
        acting: bool = True,
    ) -> Move:
        """The act with all its cases, and what of it people have in their own hands."""
        where = kid.state if kid is not None else conf.state
        leaves = self.of(ask, run, conf, where, kid.track if kid is not None else None, acting=acting)
        made = 0
        for coins, result in leaves:
            if result is not None and any(coin[0] == "made" and up for coin, up in coins.items()):
                made = MANY
        results = tuple(dict.fromkeys(result for _, result in leaves if result is not None))
        if made:
            wants = (replace(wants[0], many=True), *wants[1:])
        groups: list[tuple[Result, ...]] = []
        if sure:
            several = any(self._several(who) for who in actors)
            groups = list(_sure(leaves, conf if many == MANY else None, several=several))
        return Move(wants, results, tuple(groups))

    def _several(self, who: Who) -> bool:
        """Whether more than one person can be meant, so that somebody else is there to do it."""
        named = self.flow.cast.get(str(who.args[0])) if who.op == "name" else who
        return named is not None and any(part.op == "role" for part in parts(named))

    def of(
        self,
        ask: str | None,
        run: Callable[[View], Any],
        conf: Conf,
        state: str,
        track: str | None = None,
        *,
        acting: bool = False,
    ) -> list[tuple[dict[Any, bool], Any]]:
        """Every case of one act with its outcome; raises Ask when fields of the letter decide."""
        asked = self.flow.forms.get(ask) if ask is not None else None
        form = self.facts.entered(asked) if asked is not None else None
        kids = by_track(conf.kids) if track is None else None
        waiting: list[tuple[dict[Any, int] | None, dict[Any, bool]]] = [(form, {})]
        leaves: list[tuple[dict[Any, bool], Any]] = []
        while waiting:
            entered, coins = waiting.pop()
            self.work.spend()
            if len(leaves) > _MOST_CASES:
                raise Beyond("sebuah tindakan bergantung pada terlalu banyak hal")
            try:
                view = View(conf.facts, state, track, kids, entered, coins, acting)
                leaves.append((coins, run(view)))
            except Ask as found:
                if found.kind == "letter":
                    raise
                if found.kind == "coin":
                    waiting += [(entered, {**coins, found.key: up}) for up in (True, False)]
                else:
                    known = entered or {}
                    rest = known[found.key] & ~found.part
                    waiting += [({**known, found.key: part}, coins) for part in (found.part, rest)]
        return leaves


def _sure(
    leaves: list[tuple[dict[Any, bool], Any]], same: Conf | None, *, several: bool
) -> Iterator[tuple[Result, ...]]:
    """Sets of results: whatever cannot be known, people can bring about one of each set.

    ``same`` is left out of a set: among many children, one after the other stops being there.
    """
    rest: list[Any] = []
    for coins, result in leaves:
        by_chance = [coin for coin in coins if coin[0] != "made" and not (coin[:2] == ("among", True) and several)]
        if not by_chance and not any(up for coin, up in coins.items() if coin[0] == "among"):
            if result is not None:
                yield (result,)
        elif not any(up for coin, up in coins.items() if coin[0] in ("made", "among") and coin not in by_chance):
            rest.append(result)
    if rest and None not in rest:
        yield tuple(dict.fromkeys(result for result in rest if result.conf != same))


def tossed(view: View, coin: Any) -> bool:
    """What cannot be followed goes one way or the other: the same throughout one act."""
    if coin not in view.coins:
        raise Ask("coin", coin)
    return view.coins[coin]
