"""The ways in which rules come true: each a list of single tests that must all be as they say.

What a test asks of an item is judged in `workflow.judging`; what to do about one that fails, in `workflow.repairs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product

from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.rules import Among, Both, Children, Compare, Either, InState, Named, Node, Not

_MOST_WAYS = 64
_DEEPEST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Literal:
    """One test of a rule, and whether it must hold."""

    test: Compare | Among | InState | Children
    holds: bool


Ways = tuple[tuple[Literal, ...], ...]


def ways(tree: Node, flow: Flow, *, holds: bool = True) -> Ways:
    """The ways in which a rule comes true (or false): of each, all tests must be as they say."""
    return tuple(islice(dict.fromkeys(_ways(tree, flow, holds, 0)), _MOST_WAYS))


def _ways(node: Node, flow: Flow, wanted: bool, depth: int) -> Iterator[tuple[Literal, ...]]:
    match node:
        case Not(part):
            yield from _ways(part, flow, not wanted, depth)
        case Named(name):
            if name in flow.rules and depth < _DEEPEST_NAMES:
                yield from _ways(flow.rules[name].tree, flow, wanted, depth + 1)
            elif not wanted:
                yield ()
        case Both(parts) | Either(parts):
            if isinstance(node, Both) == wanted:
                every = (islice(_ways(part, flow, wanted, depth), _MOST_WAYS) for part in parts)
                for found in product(*every):
                    yield tuple(dict.fromkeys(literal for way in found for literal in way))
            else:
                for part in parts:
                    yield from _ways(part, flow, wanted, depth)
        case _:
            yield (Literal(node, wanted),)


def together(some: Iterable[Ways]) -> Ways:
    """The ways in which several rules come true at once."""
    found = (tuple(dict.fromkeys(each for way in one for each in way)) for one in product(*some))
    return tuple(islice(dict.fromkeys(found), _MOST_WAYS))
