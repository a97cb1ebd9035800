"""The ways in which rules come true: each a list of single tests that must all be as they say.

What a test asks of an item is judged in `workflow.judging`; what to do about one that fails, in `workflow.repairs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import NamedTuple

from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.rules import Among, Away, Both, Children, Compare, Either, InState, Named, Node, Not, Ref

_MOST_WAYS = 64
_DEEPEST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Literal:
    """One test of a rule, and whether it must hold."""

    test: Compare | Among | InState | Children | Away
    holds: bool


Name = tuple[str, ...]
"""A field as root and path; a letter's own ``item.x`` is its ``letter.x``."""


class Test(NamedTuple):
    """A question about fields, and the answer that it must have; of ``rights``, a name is a field, a text a word."""

    op: str
    left: Name
    rights: tuple[str | Name, ...]
    holds: bool

    @property
    def names(self) -> tuple[Name, ...]:
        """The fields that it asks for."""
        return (self.left, *(each for each in self.rights if isinstance(each, tuple)))


class Way:
    """One way in which rules come true: the ``tests`` about fields, and ``others``.

    ``of`` are the tests of each field; ``apart`` tells that none of them is about two.
    """

    __slots__ = ("apart", "of", "others", "tests")

    def __init__(self, literals: Literals, *, letter: bool) -> None:
        self.others = tuple(each for each in literals if not isinstance(each.test, Compare))
        self.tests = tuple(
            _test(each.test, holds=each.holds, letter=letter) for each in literals if isinstance(each.test, Compare)
        )
        names = dict.fromkeys(name for test in self.tests for name in test.names)
        self.of = {name: tuple(test for test in self.tests if name in test.names) for name in names}
        self.apart = all(len(test.names) == 1 for test in self.tests)


def _test(compare: Compare, *, holds: bool, letter: bool) -> Test:
    rights = tuple(_name(each, letter=letter) if isinstance(each, Ref) else each for each in compare.values)
    return Test(compare.op, _name(compare.left, letter=letter), rights, holds)


def _name(ref: Ref, *, letter: bool) -> Name:
    return ("letter" if letter and ref.root == "item" else ref.root, *ref.path)


Literals = tuple[Literal, ...]
Ways = tuple[Literals, ...]


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
