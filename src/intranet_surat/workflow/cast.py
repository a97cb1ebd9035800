"""The cast grammar: names for people, read from text and resolved to positions when needed.

``parse`` gives a `Who` whose ``args`` depend on its ``op``:

=============  ================================  ==========================================
op             written                           args
=============  ================================  ==========================================
``name``       ``pimpinan``                      the name of a cast member
``role``       ``role R of office``              role, `Who` of op ``office``
``position``   ``position P of office``          code of the post, `Who` of op ``office``
``head``       ``head of office``                `Who` of op ``office``
``office``     ``office`` or ``SETDA``           none (the item's office), or a code in capitals
``superior``   ``superior of X``                 `Who`
``superiors``  ``superiors of A below B``        two `Who`
``staff``      ``staff under A``                 `Who`
``holder``     ``holder of item``, ``... of X``  `Who` of op ``item``, ``letter``, ``form`` or ``name``
``giver``      ``giver of item``                 `Who` of op ``item``
``actors``     ``actors of S``                   name of a state
``letter``     ``letter.addressee``              the names of the path (also ``form``, ``item``)
``author``     ``author``                        none (also ``actor``, ``level``)
=============  ================================  ==========================================

Which persons hold a position is asked of the organisation elsewhere; rules about the actor live in
`workflow.rules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow.findings import Finding, FlowError, nearest, quoted
from intranet_surat.workflow.model import Flow, Mark, Who
from intranet_surat.workflow.view import Actor, Done, ItemView, Setting, content

SIMPLE = ("author", "actor", "level")
PHRASES = ("role", "position", "head", "superior", "superiors", "staff", "holder", "giver", "actors")
ROOTS = ("letter", "item", "form")

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_OFFICE = re.compile(r"[A-Z][A-Z0-9_-]*")
_REFERENCE = re.compile(r"(letter|item|form)((?:\.[A-Za-z][A-Za-z0-9_]*)+)")
_LONGEST = 40  # words of one expression; also bounds the depth of the recursion
_DEEPEST = 12  # cast names that lead to cast names


class Broken(NotAllowed):
    """A chain or a level that the organisation does not have today; ``lacks`` is the expression that names nobody.

    ``value`` tells a program what is missing: ``chain`` (from, to), or ``need`` (how many).
    """

    def __init__(self, message: str, who: Who, value: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.lacks = who
        self.value = dict(value or {})


def parse(text: str, mark: Mark) -> Who:
    """The cast expression that ``text`` holds; raises FlowError with the place of what is wrong."""
    return _Reader(text, mark).whole()


class _Reader:
    """Reads one expression word by word."""

    def __init__(self, text: str, mark: Mark) -> None:
        self.text = text
        self.mark = mark
        self.words = [(match[0], match.start()) for match in re.finditer(r"\S+", text)]
        self.at = 0

    def whole(self) -> Who:
        """The expression, with nothing left behind it."""
        if len(self.words) > _LONGEST:
            raise self.error("Ungkapan jabatan ini terlalu panjang; pecah menjadi beberapa nama di 'cast'.")
        who = self.expression()
        if self.at < len(self.words):
            raise self.error(f"Tidak mengerti {quoted(self.words[self.at][0])} sesudah ungkapan jabatan.")
        return who

    def error(self, message: str, accepted: tuple[str, ...] = (), found: str = "") -> FlowError:
        """A finding at the present word."""
        offset = self.words[self.at][1] if self.at < len(self.words) else len(self.text)
        place = Mark(self.mark.file, self.mark.line, self.mark.column + offset)
        return FlowError([Finding(place, message, accepted, nearest(found, accepted) if found else None, "cast")])

    def word(self, expected: str) -> str:
        """The next word."""
        if self.at >= len(self.words):
            raise self.error(f"Ungkapan jabatan terputus; seharusnya ada {expected}.")
        self.at += 1
        return self.words[self.at - 1][0]

    def keyword(self, wanted: str) -> None:
        """The next word, which must be ``wanted``."""
        found = self.words[self.at][0] if self.at < len(self.words) else ""
        if found != wanted:
            where = f"ditemukan {quoted(found)}" if found else "ungkapan terputus"
            raise self.error(f"Di sini seharusnya '{wanted}'; {where}.", (wanted,), found)
        self.at += 1

    def name(self, expected: str) -> str:
        """The next word, which must be a name."""
        word = self.word(expected)
        if not _NAME.fullmatch(word):
            self.at -= 1
            raise self.error(f"Di sini seharusnya {expected}; ditemukan {quoted(word)}.")
        return word

    def office(self) -> Who:
        """``office`` or the code of one."""
        start = self.at
        word = self.word("'office'")
        if word == "office":
            return self.made(start, "office")
        if _OFFICE.fullmatch(word):
            return self.made(start, "office", word)
        self.at -= 1
        message = f"Di sini seharusnya 'office' atau kode kantor dalam huruf besar; ditemukan {quoted(word)}."
        raise self.error(message, ("office",), word)

    def item(self) -> Who:
        """``item``."""
        self.keyword("item")
        return self.made(self.at - 1, "item")

    def made(self, start: int, op: str, *args: Any) -> Who:
        """What the words from ``start`` to here mean, with their place."""
        words = self.words[start : self.at]
        place = Mark(self.mark.file, self.mark.line, self.mark.column + words[0][1])
        return Who(op, args, " ".join(word for word, _ in words), place)

    def expression(self) -> Who:
        """One expression, as far as it reaches."""
        start = self.at
        word = self.word("nama atau ungkapan jabatan")
        if word in SIMPLE:
            return self.made(start, word)
        if word in ("role", "position"):
            name = self.name("nama peran" if word == "role" else "kode jabatan")
            self.keyword("of")
            office = self.office()
            return self.made(start, word, name, office)
        if word in PHRASES:
            args = self.phrase(word)
            return self.made(start, word, *args)
        reference = _REFERENCE.fullmatch(word)
        if reference is not None:
            return self.made(start, reference[1], *reference[2][1:].split("."))
        follows = self.words[self.at][0] if self.at < len(self.words) else ""
        if not _NAME.fullmatch(word) or follows not in ("", "below"):
            self.at -= 1
            accepted = (*SIMPLE, *PHRASES)
            raise self.error(f"{quoted(word)} bukan awal sebuah ungkapan jabatan.", accepted, word)
        return self.made(start, "name", word)

    def phrase(self, word: str) -> tuple[Any, ...]:
        """The args of the phrase that begins with ``word``."""
        self.keyword("under" if word == "staff" else "of")
        if word == "head":
            return (self.office(),)
        if word == "giver":
            return (self.item(),)
        if word == "actors":
            return (self.name("nama keadaan"),)
        if word == "holder" and self.at < len(self.words) and self.words[self.at][0] == "item":
            return (self.item(),)
        start, inner = self.at, self.expression()
        if word == "superiors":
            self.keyword("below")
            return (inner, self.expression())
        if word == "holder" and inner.op not in ("letter", "form", "item", "name"):
            self.at = start
            raise self.error("'holder of' diikuti 'item' atau sebuah isian surat, misalnya 'letter.addressee'.")
        return (inner,)


def parts(who: Who) -> Iterator[Who]:
    """The expression and everything inside it, outermost first."""
    yield who
    for arg in who.args:
        if isinstance(arg, Who):
            yield from parts(arg)


def positions(
    who: Who,
    flow: Flow,
    item: ItemView,
    setting: Setting,
    *,
    actor: Actor | None = None,
    form: Mapping[str, Any] | None = None,
    level: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """The positions that an expression means now, in order, none twice; of a closed one its successor.

    ``level`` are those whose turn it is in a route. A name that nobody bears gives nobody. Raises
    NotAllowed, with the sentence, when a chain of superiors does not lead where it should.
    """
    resolver = _Resolver(flow, item, setting, actor, form or {}, level)
    return tuple(dict.fromkeys(map(setting.org.now, resolver.resolve(who))))


def of_all(
    whos: Iterable[Who],
    flow: Flow,
    item: ItemView,
    setting: Setting,
    *,
    actor: Actor | None = None,
    level: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """The positions of several expressions together; a chain that leads nowhere counts as nobody."""
    found: dict[str, None] = {}
    for who in whos:
        try:
            found.update(dict.fromkeys(positions(who, flow, item, setting, actor=actor, level=level)))
        except NotAllowed:
            continue
    return tuple(found)


def field_of(who: Who, flow: Flow) -> str | None:
    """The field of the letter that an expression means, also through cast names; None for any other."""
    for _ in range(_DEEPEST):
        if who.op == "name" and who.args[0] in flow.cast:
            who = flow.cast[who.args[0]]
        elif who.op == "holder":
            who = who.args[0]
    return str(who.args[0]) if who.op == "letter" and len(who.args) == 1 else None


def acts_of(who: Who, flow: Flow, item: ItemView) -> tuple[Done, ...]:
    """The acts meant by ``actors of S``, also through a cast name; none for any other expression.

    Those of somebody in the state, on this item or its letter, since the last act that gave a number, that included.
    """
    for _ in range(_DEEPEST):
        if who.op != "name" or who.args[0] not in flow.cast:
            break
        who = flow.cast[who.args[0]]
    if who.op != "actors":
        return ()
    state = who.args[0]
    own = item.track is not None and item.track in flow.tracks and state in flow.tracks[item.track].states
    where = item.id if own else item.letter.id
    since = max((act.seq for act in item.acts if act.numbered), default=-1)
    done = (act for act in item.acts if act.item == where and act.state_from == state and act.seq >= since)
    return tuple(act for act in done if act.position)


def holders_in(found: Any) -> tuple[str, ...]:
    """The position ids that a field holds: one, a list, or addressees of kind ``position``."""
    if isinstance(found, str):
        return (found,) if found else ()
    if isinstance(found, Mapping):
        return holders_in(found.get("id")) if found.get("kind") == "position" else ()
    if isinstance(found, list | tuple):
        return tuple(each for one in found for each in holders_in(one))
    return ()


class _Resolver(NamedTuple):
    """One question for positions: all it needs beside the expression."""

    flow: Flow
    item: ItemView
    setting: Setting
    actor: Actor | None
    form: Mapping[str, Any]
    level: tuple[str, ...]

    def resolve(self, who: Who, depth: int = 0) -> Iterable[str]:
        """The positions of ``who``; ``depth`` counts cast names inside cast names."""
        found = _MEANT.get(who.op)
        return found(self, who, depth) if found is not None else ()

    def name(self, who: Who, depth: int) -> Iterable[str]:
        """Those of a member of the cast."""
        inner = self.flow.cast.get(who.args[0]) if depth < _DEEPEST else None
        return self.resolve(inner, depth + 1) if inner is not None else ()

    def staff(self, who: Who, depth: int) -> Iterable[str]:
        """All below."""
        return [one for each in self.resolve(who.args[0], depth) for one in self.setting.org.staff(each)]

    def superior(self, who: Who, depth: int) -> Iterable[str]:
        """Those directly above."""
        org = self.setting.org
        return [boss for each in self.resolve(who.args[0], depth) for boss in _some(org.superior(each))]

    def holder(self, who: Who, depth: int) -> Iterable[str]:
        """Who holds the item, or what a field says."""
        of = who.args[0]
        return _some(self.item.holder) if of.op == "item" else self.resolve(of, depth)

    def field(self, who: Who, _: int) -> Iterable[str]:
        """Those that a field holds."""
        return holders_in(content(self.item, self.form, who.op, who.args)) if who.args else ()

    def office(self, who: Who) -> str:
        """The code of the office meant."""
        return str(who.args[0]) if who.args else self.item.office

    def chain(self, who: Who, depth: int) -> tuple[str, ...]:
        """The superiors between two positions, lowest first, both left out."""
        org = self.setting.org
        of, below = (tuple(map(org.now, self.resolve(each, depth))) for each in who.args)
        if not below:
            raise Broken("Penanda tangan belum ditentukan. Pilih penanda tangan lebih dulu.", who.args[1])
        if not of or of[0] == below[0]:
            return ()
        found: list[str] = []
        at: str | None = org.superior(of[0])
        while at is not None and at != below[0] and at not in found:
            found.append(at)
            at = org.superior(at)
        if at != below[0]:
            top, start = org.title(below[0]), org.title(of[0])
            message = f"{top} bukan atasan {start}, jadi urutan paraf tidak ada. Pilih penanda tangan yang lain."
            raise Broken(message, who, {"chain": [of[0], below[0]]})
        return tuple(found)


def _some(position: str | None) -> tuple[str, ...]:
    return (position,) if position else ()


_MEANT: dict[str, Callable[[_Resolver, Who, int], Iterable[str]]] = {
    "name": _Resolver.name,
    "role": lambda self, who, _: self.setting.org.role(who.args[0], self.office(who.args[1])),
    "position": lambda self, who, _: self.setting.org.post(who.args[0], self.office(who.args[1])),
    "head": lambda self, who, _: _some(self.setting.org.head(self.office(who.args[0]))),
    "superior": _Resolver.superior,
    "superiors": _Resolver.chain,
    "staff": _Resolver.staff,
    "holder": _Resolver.holder,
    "giver": lambda self, *_: _some(self.item.giver),
    "actors": lambda self, who, _: [act.position for act in acts_of(who, self.flow, self.item)],
    "author": lambda self, *_: _some(self.item.letter.author),
    "actor": lambda self, *_: _some(self.actor.position if self.actor is not None else None),
    "level": lambda self, *_: self.level,
    **dict.fromkeys(ROOTS, _Resolver.field),
}
"""Who is meant, by the word that an expression begins with; nobody by any other."""
