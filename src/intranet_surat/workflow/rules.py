"""Rules: the little total language of guards, read from text.

``parse`` gives a tree of the frozen nodes below; ``walk`` visits them, for the checker. The grammar stands
in ``rules.lark``; whether a rule holds is decided in `workflow.judging`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lark import Lark, Token, Tree, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from intranet_surat.workflow.findings import Finding, FlowError, nearest, quoted
from intranet_surat.workflow.model import Flow, Mark, Who

_LONGEST = 2000
_DEEPEST = 40
_WORDS = {
    "REFERENCE": "letter.x", "NAME": "nama", "WORD": "kata", "QUOTED": '"teks"', "LPAR": "(", "RPAR": ")",
    "LSQB": "[", "RSQB": "]", "COMMA": ",", "$END": "akhir rumus",
}  # fmt: skip

_QUANTITIES = {"every": "all", "some": "some", "no_child": "no"}
_OPERATIONS = {
    "is_word": ("is", False),
    "is_not_word": ("is", True),
    "is_present": ("present", False),
    "is_absent": ("absent", False),
    "is_none": ("none", False),
    "is_in": ("in", False),
    "is_not_in": ("in", True),
    "is_under": ("under", False),
    "equals": ("equals", False),
    "before": ("before", False),
}


@dataclass(frozen=True, slots=True)
class Ref:
    """A field: ``root`` is ``letter``, ``form`` or ``item``, ``path`` the names behind it."""

    root: str
    path: tuple[str, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Compare:
    """A question about a field: ``op`` is is, in, under, equals, before, present, absent or none.

    ``marks`` are the places of the values.
    """

    op: str
    left: Ref
    values: tuple[str | Ref, ...]
    mark: Mark
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Among:
    """The actor, as a person or as a position, is one of these; ``who`` is a cast expression."""

    who: Who
    mark: Mark


@dataclass(frozen=True, slots=True)
class InState:
    """The item stands in this state."""

    state: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Children:
    """``all``, ``some`` or ``no`` child of the item in ``track`` is in ``state`` (or open, or final)."""

    quantity: str
    track: str
    state: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Away:
    """The signing provider does not answer."""

    mark: Mark


@dataclass(frozen=True, slots=True)
class Named:
    """Another rule, by its name."""

    rule: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: Node


@dataclass(frozen=True, slots=True)
class Both:
    """All parts hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One part at least holds."""

    parts: tuple[Node, ...]


Node = Compare | Among | InState | Children | Away | Named | Not | Both | Either


def parse(text: str, mark: Mark) -> Node:
    """The rule that ``text`` holds; raises FlowError with the place of what is wrong."""
    if len(text) > _LONGEST or text.count("(") + text.split().count("not") > _DEEPEST:
        message = "Rumus ini terlalu panjang; pecah menjadi beberapa rumus bernama."
        raise FlowError([Finding(mark, message, (), None, "rule")])
    try:
        tree = _grammar().parse(text)
    except UnexpectedInput as error:
        raise FlowError([_finding(error, text, mark)]) from None
    return _Builder(text, mark).build(tree)


def walk(node: Node) -> Iterator[Node]:
    """The node and all nodes inside it."""
    yield node
    if isinstance(node, Not):
        yield from walk(node.part)
    elif isinstance(node, Both | Either):
        for part in node.parts:
            yield from walk(part)


def references(node: Node) -> Iterator[Ref]:
    """The fields that a rule reads itself, not those of the rules it names."""
    for part in walk(node):
        if isinstance(part, Compare):
            yield part.left
            yield from (value for value in part.values if isinstance(value, Ref))


def read_by(tree: Node, flow: Flow) -> Iterator[Ref]:
    """The fields that a rule reads, also through the rules it names."""
    for part in deep(tree, flow):
        if isinstance(part, Compare):
            yield part.left
            yield from (value for value in part.values if isinstance(value, Ref))


def asks_provider(tree: Node, flow: Flow) -> bool:
    """Whether a rule asks about the signing provider, also through the rules it names."""
    return any(isinstance(part, Away) for part in deep(tree, flow))


def deep(tree: Node, flow: Flow) -> Iterator[Node]:
    """The node and all nodes inside it, also those of the rules it names, each rule once."""
    seen: set[str] = set()
    waiting = [tree]
    while waiting:
        for part in walk(waiting.pop()):
            yield part
            if isinstance(part, Named) and part.rule in flow.rules and part.rule not in seen:
                seen.add(part.rule)
                waiting.append(flow.rules[part.rule].tree)


@cache
def _grammar() -> Lark:
    text = files("intranet_surat.workflow").joinpath("rules.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", propagate_positions=True)


class _Builder:
    """Turns lark's tree into the nodes above."""

    def __init__(self, text: str, mark: Mark) -> None:
        self.text = text
        self.mark = mark

    def build(self, tree: Tree[Token]) -> Node:
        """The node of one branch of the tree."""
        kids = tree.children
        if tree.data in ("any", "all"):
            parts = tuple(self.build(kid) for kid in kids if isinstance(kid, Tree))
            return Either(parts) if tree.data == "any" else Both(parts)
        if tree.data == "negation":
            return Not(self.build(_branch(kids[0])))
        if tree.data == "rule":
            return Named(str(kids[0]), self.at(kids[0]))
        if tree.data == "state_is":
            return InState(str(kids[0]), self.at(kids[0]))
        if tree.data == "away":
            return Away(self.mark)
        if tree.data in ("among", "not_among"):
            people = _branch(kids[0])
            name = people.children[0]
            op = "actors" if people.data == "actors_of" else "name"
            among = Among(Who(op, (str(name),), str(name), self.at(name)), self.at(name))
            return Not(among) if tree.data == "not_among" else among
        if tree.data in _QUANTITIES:
            state = _branch(kids[1]).children[0]
            return Children(_QUANTITIES[tree.data], str(kids[0]), str(state), self.at(kids[0]))
        return self.comparison(tree)

    def comparison(self, tree: Tree[Token]) -> Node:
        """A question about a field."""
        left, *values = (self.operand(_branch(kid)) for kid in tree.children)
        if not isinstance(left, Ref):
            raise TypeError(tree.data)
        op, opposite = _OPERATIONS[tree.data]
        places = tuple(self.at(_branch(kid).children[0]) for kid in tree.children[1:])
        compare = Compare(op, left, tuple(values), left.mark, places)
        return Not(compare) if opposite else compare

    def operand(self, tree: Tree[Token]) -> str | Ref:
        """A field or a value, with or without quotation marks."""
        token = tree.children[0]
        if tree.data == "reference":
            root, *path = str(token).split(".")
            return Ref(root, tuple(path), self.at(token))
        return str(token)[1:-1] if isinstance(token, Token) and token.type == "QUOTED" else str(token)

    def at(self, token: Token | Tree[Token]) -> Mark:
        """The place of a token in the file."""
        start = token.start_pos if isinstance(token, Token) else 0
        return _at(self.mark, self.text, start or 0)


def _branch(kid: Token | Tree[Token]) -> Tree[Token]:
    """A child that the grammar promises to be a branch."""
    if not isinstance(kid, Tree):
        raise TypeError(kid)
    return kid


def _finding(error: UnexpectedInput, text: str, mark: Mark) -> Finding:
    """What lark says, in the designer's words."""
    ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    start = len(text) if ended else error.pos_in_stream or 0
    found = text[start:].split(" ", maxsplit=1)[0]
    expected: set[str] = set()
    if isinstance(error, UnexpectedToken):
        expected = set(error.accepts or error.expected)
    elif isinstance(error, UnexpectedCharacters):
        expected = set(error.allowed or ())
    accepted = tuple(sorted({_WORDS.get(name, name.lower()) for name in expected}))
    message = "Rumus terputus di sini." if ended else f"Rumus tidak mengerti {quoted(found)} di sini."
    return Finding(_at(mark, text, start), message, accepted, nearest(found, accepted) if found else None, "rule")


def _at(mark: Mark, text: str, offset: int) -> Mark:
    """The place in the file; a text over several lines of the file is only known by its beginning."""
    return mark if "\n" in text else Mark(mark.file, mark.line, mark.column + offset)
