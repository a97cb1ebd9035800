"""Whether a rule holds: judges the trees of `workflow.rules` on an item, an actor and what was entered.

Total: a field that is not there makes a question false, never an error. ``is``, ``in``, ``under``,
``equals`` and ``before`` are false for an absent value, their ``not`` is true.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from intranet_surat.workflow import cast
from intranet_surat.workflow.calendar import day, moment
from intranet_surat.workflow.model import Flow, Who
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
)
from intranet_surat.workflow.view import Actor, Clock, ItemView, Setting, content

_DEEPEST_NAMES = 20  # rules that name rules; the checker refuses circles, this bounds one that slipped by


def holds(
    tree: Node,
    flow: Flow,
    item: ItemView,
    actor: Actor | None,
    setting: Setting,
    *,
    form: Mapping[str, Any] | None = None,
) -> bool:
    """Whether the rule is true of the item, for this actor and what was entered."""
    return _Judge(flow, item, actor, setting, form or {}).judge(tree, 0)


def value(ref: Ref, item: ItemView, form: Mapping[str, Any]) -> Any:
    """What stands in a field, or None."""
    return content(item, form, ref.root, ref.path)


class _Judge(NamedTuple):
    """One question: all it needs beside the tree."""

    flow: Flow
    item: ItemView
    actor: Actor | None
    setting: Setting
    form: Mapping[str, Any]

    def judge(self, tree: Node, depth: int) -> bool:
        """Whether ``tree`` holds; ``depth`` counts named rules inside named rules."""
        match tree:
            case Compare():
                return self._compare(tree)
            case Both(parts):
                return all(self.judge(part, depth) for part in parts)
            case Either(parts):
                return any(self.judge(part, depth) for part in parts)
            case Not(part):
                return not self.judge(part, depth)
            case Named(name):
                rule = self.flow.rules.get(name)
                return rule is not None and depth < _DEEPEST_NAMES and self.judge(rule.tree, depth + 1)
            case InState(state):
                return self.item.state == state
            case Children():
                return self._children(tree)
            case Among(who):
                return self._among(who)
            case Away():
                return self.setting.provider_away is not None

    def _among(self, who: Who) -> bool:
        if self.actor is None:
            return False
        done = cast.acts_of(who, self.flow, self.item)
        if any(act.person == self.actor.person for act in done):
            return True
        positions = cast.positions(who, self.flow, self.item, self.setting, actor=self.actor, form=self.form)
        if self.actor.position in positions:
            return True
        # Of those who acted, the persons of that time count (above), not those who hold the post today.
        return not done and any(self.actor.person in self.setting.org.persons(each) for each in positions)

    def _children(self, node: Children) -> bool:
        def fits(state: str, outcome: str | None) -> bool:
            if node.state in ("open", "final"):
                return (outcome is None) == (node.state == "open")
            return state == node.state

        found = [fits(child.state, child.outcome) for child in self.item.children if child.track == node.track]
        return {"all": all(found), "some": any(found), "no": not any(found)}[node.quantity]

    def _compare(self, node: Compare) -> bool:
        rights = [value(each, self.item, self.form) if isinstance(each, Ref) else each for each in node.values]
        return compared(node.op, value(node.left, self.item, self.form), rights, self.setting.calendar)


def compared(op: str, left: Any, rights: Sequence[Any], clock: Clock) -> bool:
    """Whether a question about a field has the answer yes, for what stands in it and beside it."""
    if op in ("absent", "present"):
        return (left is None or left in ("", [], {}, ())) == (op == "absent")
    if op == "none":
        return left is None or left == "none"
    if op == "before":
        return _before(left, rights[0], clock)
    mine = _texts(left)
    for right in rights:
        for text in _texts(right):
            if text in mine or (op == "under" and any(each.startswith(text + ".") for each in mine)):
                return True
    return False


def _texts(found: Any) -> tuple[str, ...]:
    """A value as the texts it is compared by: a list by each of its values, yes-no as yes or no."""
    if isinstance(found, str):
        return (found,)
    if found is None or isinstance(found, Mapping):
        return ()
    if isinstance(found, bool):
        return ("yes",) if found else ("no",)
    if isinstance(found, list | tuple):
        return tuple(text for each in found for text in _texts(each))
    return (str(found),)


def _before(left: Any, right: Any, clock: Clock) -> bool:
    """Whether a date or instant lies before another; where one is a date, the days are compared."""
    first, second = moment(left), moment(right)
    if first is None or second is None:
        return False
    if isinstance(first, datetime) and isinstance(second, datetime):
        return first < second
    return day(first, clock) < day(second, clock)
