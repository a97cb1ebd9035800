"""What rules can tell apart: each field as a few classes of values, and rules judged on those still possible.

A rule that cannot be judged yet raises `Ask`; whoever asked splits the case in two and judges again. Fields
whose values cannot be followed (of child items, lists with many words, instants) answer both ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations, count
from typing import Any

from intranet_surat.workflow import cast, check_parts
from intranet_surat.workflow.model import Effect, Field, Flow, Form
from intranet_surat.workflow.model_words import WET
from intranet_surat.workflow.rehearsal import PRINT_CODE
from intranet_surat.workflow.rules import (
    Among,
    Away,
    Both,
    Children,
    Compare,
    Either,
    InState,
    Named,
    Node,
    Not,
    Ref,
    references,
    walk,
)

VOID = ("void",)
"""The class of a number that was given and voided: absent for rules, and never given back."""

ENGINE = ("number", "signed", "print_code")
"""Fields of a letter that nobody edits: absent at first, changed by effects and signatures alone."""

_UNDATED = ("letter_date", "agenda_number", "agenda_year", "read")
_SETTLED = ("security", "kind", "origin", "reply_to")
_MOST_WORDS = 4  # of a list whose combinations are told apart
_DEEPEST = 20
_SEVERAL = ("choices", "positions", "files")

Key = tuple[str, ...]
"""A field: its root (``letter`` or ``form``) and the names of its path."""


class Ask(Exception):
    """Whether a case lies in ``part`` of the classes of ``key`` decides; for a coin ``part`` says nothing."""

    def __init__(self, kind: str, key: Any, part: int = 0) -> None:
        self.kind = kind
        self.key = key
        self.part = part
        super().__init__()


@dataclass(slots=True)
class View:
    """One case of an item before a rule.

    ``facts`` are the possible classes of the letter's fields, ``form`` those of what is entered (None: nothing
    is), ``coins`` what cannot be followed. ``kids`` are (state, open) by track, None where they are unknown.
    """

    facts: tuple[int, ...]
    state: str
    track: str | None = None
    kids: Mapping[str, frozenset[tuple[str, bool]]] | None = None
    form: dict[Key, int] | None = None
    coins: dict[Any, bool] = field(default_factory=dict)
    acting: bool = False

    def then(self, facts: tuple[int, ...], state: str) -> View:
        """The same case further on."""
        return View(facts, state, self.track, self.kids, self.form, self.coins, self.acting)


class Facts:
    """The fields that the rules of a flow read, and their classes of values."""

    def __init__(self, flow: Flow, trees: Iterable[Node], loose: Iterable[Key] = ()) -> None:
        self.flow = flow
        every = [*(rule.tree for rule in flow.rules.values()), *trees]
        self.compares = [part for tree in every for part in walk(tree) if isinstance(part, Compare)]
        self.loose: set[Key] = {*loose, *(("letter", name) for name in _UNDATED)}
        if flow.applies.direction != "keluar":
            self.loose.add(("letter", "number"))
        forms = [each for form in flow.forms.values() for each in form.fields.values()]
        self.several: set[Key] = {("form", each.name) for each in forms if each.type in _SEVERAL}
        self.pools: dict[Key, tuple[Any, ...]] = {}
        self.guesses: dict[str, str] = {}  # a word for each field of the letter that cannot be followed
        self._group({key(ref) for tree in every for ref in references(tree)})
        self.letter = [each for each in sorted(self.pools) if each[0] == "letter"]
        self.at = {each: number for number, each in enumerate(self.letter)}
        self.full = tuple((1 << len(self.pools[each])) - 1 for each in self.letter)
        self._masks: dict[tuple[Any, ...], int] = {}

    def _group(self, keys: set[Key]) -> None:
        """Gives fields that are compared with each other the same classes."""
        groups = {each: {each} for each in keys}
        words: dict[Key, list[str]] = {each: [] for each in keys}
        tops = dict.fromkeys(str(each) for part in self.compares if part.op == "under" for each in part.values)
        for part in self.compares:
            left = key(part.left)
            for value in part.values:
                if isinstance(value, Ref) and part.op != "before":
                    joined = groups[left] | groups[key(value)]
                    groups.update(dict.fromkeys(joined, joined))
                elif isinstance(value, str):
                    words[left].append(value)
            if part.op == "none":
                words[left].append("none")
        for effect in _effects(self.flow):
            for name, value in effect.value.items() if effect.name == "set" else ():
                if ("letter", name) in words:
                    if value.startswith("form."):
                        self.loose.add(("letter", name))
                    else:
                        words["letter", name].append(value)
        for each in sorted(keys):
            group = groups[each]
            common = [word for one in sorted(group) for word in (*self._special(one), *words[one]) if word]
            common += [f"{top}.{_other(common)}" for top in tops if top in common]
            if self.loose & group or any(one[0] == "item" for one in group):
                self.loose |= group
            elif self.several & group:
                self._lists(each, common, alone=len(group) == 1)
            else:
                others = [f"{_other(common)}{number}" for number in range(1, len(group) + 1)]
                self.pools[each] = (None, *dict.fromkeys((*common, *others)))
        for each in self.loose:
            self.pools.pop(each, None)
        self.guesses = {
            each[1]: next(iter(words[each]), f"{_other(())}1")
            for each in sorted(self.loose & keys)
            if each[0] == "letter"
        }

    def _special(self, each: Key) -> tuple[Any, ...]:
        """The values that the engine itself gives to a field."""
        signs = (
            [state.sign.method for state in self.flow.states.values() if state.sign is not None]
            if each[-1] == "signed"
            else []
        )
        special = {"number": (VOID, "reserved", "used"), "signed": (WET, *signs), "print_code": (PRINT_CODE,)}
        return special.get(each[1], ()) if each[0] == "letter" else ()

    def _lists(self, each: Key, words: list[str], *, alone: bool) -> None:
        """The classes of a field with several values: every combination of a few words."""
        if not alone or len(words) > _MOST_WORDS:
            self.loose.add(each)
            return
        found = [*words, f"{_other(words)}1"]
        self.pools[each] = (None, *(some for n in range(1, len(found) + 1) for some in combinations(found, n)))

    def start(self) -> tuple[int, ...]:
        """A letter of which nothing is known but that no effect has touched it."""
        return tuple(1 if each[1] in ENGINE else full for each, full in zip(self.letter, self.full, strict=True))

    def editable(self) -> int:
        """The fields, as bits, that an editor of the letter may perhaps write."""
        return sum(1 << number for number, each in enumerate(self.letter) if each[1] not in ENGINE)

    def free(self) -> int:
        """Those that he can write as he likes: none that the flow sets, and none that is settled with the letter."""
        ours = {name for effect in _effects(self.flow) if effect.name == "set" for name in effect.value}
        return sum(1 << n for n, each in enumerate(self.letter) if each[1] not in {*ENGINE, *_SETTLED, *ours})

    def entered(self, form: Form | None) -> dict[Key, int]:
        """What can be entered in a form, before anything is known."""
        found: dict[Key, int] = {}
        for each, pool in self.pools.items():
            asked = form.fields.get(each[1]) if form is not None and each[0] == "form" else None
            if asked is not None:
                found[each] = _answers(asked, each, pool)
        return found

    def changed(self, facts: tuple[int, ...], effects: Iterable[Effect]) -> tuple[int, ...]:
        """The facts after effects."""
        for effect in effects:
            if effect.name == "set":
                for name, value in effect.value.items():
                    facts = self.put(facts, name, value)
            elif effect.name == "signed":
                facts = self.put(facts, "signed", effect.value)
                facts = self._number(facts, {} if effect.gives_up else {"reserved": "used"})
            elif effect.voids:
                facts = self._number(facts, {"reserved": VOID})
            elif effect.writes == "number":
                facts = self._number(facts, {None: "reserved", VOID: "reserved"})
            elif effect.name == "pdf" and effect.options.get("code"):
                facts = self.put(facts, "print_code", PRINT_CODE)
        return facts

    def _number(self, facts: tuple[int, ...], changes: Mapping[Any, Any]) -> tuple[int, ...]:
        number = self.at.get(("letter", "number"))
        if number is None:
            return facts
        now = self.pools["letter", "number"][facts[number].bit_length() - 1]
        return self.put(facts, "number", changes[now]) if now in changes else facts

    def put(self, facts: tuple[int, ...], name: str, value: Any) -> tuple[int, ...]:
        """The facts with one field of the letter known."""
        number = self.at.get(("letter", name))
        if number is None:
            return facts
        pool = self.pools["letter", name]
        bit = 1 << (pool.index(value) if value in pool else len(pool) - 1)
        return (*facts[:number], bit, *facts[number + 1 :])

    def judge(self, tree: Node, view: View, depth: int = 0) -> bool:
        """Whether the rule holds in this case; raises Ask when the case must be split first."""
        match tree:
            case Both(parts):
                return all(self.judge(part, view, depth) for part in parts)
            case Either(parts):
                return any(self.judge(part, view, depth) for part in parts)
            case Not(part):
                return not self.judge(part, view, depth)
            case Named(name):
                rule = self.flow.rules.get(name)
                return rule is not None and depth < _DEEPEST and self.judge(rule.tree, view, depth + 1)
            case InState(state):
                return view.state == state
            case Among(who):
                return view.acting and _coin(view, ("among", _is_actors(who, self.flow), who.text))
            case Children():
                return self._children(tree, view)
            case Away():
                return _coin(view, ("away",))
        return self._compare(tree, view)

    def _children(self, tree: Children, view: View) -> bool:
        if view.kids is None:
            return _coin(view, ("children", tree.quantity, tree.track, tree.state))
        here = view.kids.get(tree.track, frozenset())
        if tree.state in ("open", "final"):
            found = [is_open == (tree.state == "open") for _, is_open in here]
        else:
            found = [state == tree.state for state, _ in here]
        return {"all": all(found), "some": any(found), "no": not any(found)}[tree.quantity]

    def _compare(self, tree: Compare, view: View) -> bool:
        left = key(tree.left)
        refs = [key(each) for each in tree.values if isinstance(each, Ref)]
        if tree.op == "before" or self.loose & {left, *refs}:
            words = tuple(each for each in tree.values if isinstance(each, str))
            return _coin(view, ("compare", tree.op, left, words, *refs))
        mask = self._mask(view, left)
        if not refs:
            holds = self._truth(tree, left)
            return _within(left, mask, holds)
        return any(self._equal(view, left, refs, tree))

    def _equal(self, view: View, left: Key, refs: list[Key], tree: Compare) -> Iterable[bool]:
        """Whether the field has the value of another one, after both are known."""
        pool = self.pools[left]
        mine = pool[self._single(view, left)]
        for ref in refs:
            theirs = self.pools[ref][self._single(view, ref)]
            yield mine is not None and mine != VOID and mine == theirs
        yield mine in [each for each in tree.values if isinstance(each, str)]

    def _single(self, view: View, each: Key) -> int:
        mask = self._mask(view, each)
        if mask & (mask - 1):
            raise Ask(each[0], each, mask & -mask)
        return mask.bit_length() - 1

    def _mask(self, view: View, each: Key) -> int:
        if each[0] == "letter":
            return view.facts[self.at[each]]
        return (view.form or {}).get(each, 1)

    def _truth(self, tree: Compare, left: Key) -> int:
        """The classes of which a question about one field is true."""
        asked = (tree.op, left, tree.values)
        if asked not in self._masks:
            pool = self.pools[left]
            self._masks[asked] = sum(1 << n for n, each in enumerate(pool) if _true(tree, each))
        return self._masks[asked]


def _within(each: Key, mask: int, holds: int) -> bool:
    """Whether all that is possible lies in the classes that hold."""
    yes = mask & holds
    if yes and yes != mask:
        raise Ask(each[0], each, yes)
    return bool(yes)


def _other(words: Iterable[Any]) -> str:
    """The beginning of a word that none of these contains."""
    known = "\n".join(each for each in words if isinstance(each, str))
    return next(word for word in ("lain-" * times for times in count(1)) if word not in known)


def key(ref: Ref) -> Key:
    """The field that a reference names."""
    return (ref.root, *ref.path)


def _true(tree: Compare, found: Any) -> bool:
    """Whether a question is true of a value; as `workflow.judging` has it."""
    value = None if found == VOID else found
    if tree.op in ("absent", "present"):
        return (value is None) == (tree.op == "absent")
    if tree.op == "none":
        return value is None or value == "none"
    texts = () if value is None else value if isinstance(value, tuple) else (value,)
    tops = [str(each) for each in tree.values]
    if tree.op == "under":
        return any(text == top or text.startswith(top + ".") for text in texts for top in tops)
    return any(text in tops for text in texts)


def _coin(view: View, asked: Any) -> bool:
    """What cannot be followed: the same answer throughout one act."""
    if asked not in view.coins:
        raise Ask("coin", asked)
    return view.coins[asked]


def _is_actors(who: Any, flow: Flow) -> bool:
    """Whether these are the ones who acted somewhere."""
    named = flow.cast.get(str(who.args[0])) if who.op == "name" else who
    return named is not None and any(part.op == "actors" for part in cast.parts(named))


def _answers(asked: Field, each: Key, pool: tuple[Any, ...]) -> int:
    """The classes that may be entered in one field."""
    mask = (1 << len(pool)) - 1
    if len(each) > len(("form", "name")):
        return mask
    if asked.type == "yes-no":
        mask = sum(1 << n for n, value in enumerate(pool) if value in (None, "yes", "no"))
    return mask & ~1 if asked.required or asked.default is not None else mask


def _effects(flow: Flow) -> Iterable[Effect]:
    """Every effect of a flow."""
    for machine in check_parts.machines(flow):
        yield from (effect for effect, _ in check_parts.effects(machine))
