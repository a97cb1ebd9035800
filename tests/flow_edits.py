"""Random edits of flow files: what a designer may change in an afternoon, as YAML that the loader takes.

    text, done = edited(flow_text, random.Random(7), 3)    # three edits, each described by a word

The tests, promises, openings and moves of a file are left out: they speak of the flow as it was.
"""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Flow

Tree = dict[str, Any]


def tree_of(text: str) -> Tree:
    """A flow file as plain values: every scalar is text."""
    tree: Tree = yaml.load(text, yaml.CBaseLoader)
    return {key: value for key, value in tree.items() if key not in ("tests", "promises", "open", "migrate")}


def text_of(tree: Tree) -> str:
    """The file again."""
    return yaml.dump(tree, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=10_000)


def edited(text: str, dice: random.Random, times: int = 1) -> tuple[str, list[str]]:
    """The file after some edits, and which; one that the loader refuses is not made."""
    tree, done = tree_of(text), []
    for _ in range(200):
        if len(done) == times:
            break
        edit = dice.choice(EDITS)
        draft = copy.deepcopy(tree)
        said = edit(draft, dice)
        if said and draft != tree and loads(text_of(draft)):
            tree = draft
            done.append(f"{edit.__name__} {said}")
    return text_of(tree), done


def loads(text: str) -> Flow | None:
    """The flow, if it has no findings."""
    try:
        return load(text, "ubahan.yaml")
    except FlowError:
        return None


def machines(tree: Tree) -> list[dict[str, Any]]:
    """The states of the letter, then those of each track."""
    return [tree["states"], *(track["states"] for track in tree.get("tracks", {}).values())]


def _state(tree: Tree, dice: random.Random) -> tuple[dict[str, Any], str]:
    states = dice.choice(machines(tree))
    return states, dice.choice(list(states))


def _acts(tree: Tree) -> Iterator[Tree]:
    for states in machines(tree):
        for state in states.values():
            yield from state.get("actions", {}).values()


def _who(tree: Tree, dice: random.Random) -> str:
    return dice.choice([*tree["cast"], "head of office", "role arsiparis of office", "position sekretaris of office"])


def _targets(states: dict[str, Any]) -> Iterator[tuple[Tree, str]]:
    """Every place that names a state of this machine: the mapping and its key."""
    for state in states.values():
        for part in (
            *state.get("actions", {}).values(),
            *state.get("choose", []),
            *(state[key] for key in ("route", "sign", "gather") if key in state),
            *(state[key]["reject"] for key in ("route", "sign") if "reject" in state.get(key, {})),
        ):
            yield from ((part, key) for key in ("to", "done", "returned") if key in part)


def change_limit(tree: Tree, dice: random.Random) -> str:
    states, name = _state(tree, dice)
    if "final" in states[name]:
        return ""
    states[name]["deadline"] = {"within": dice.choice(["4 hours", "3 working days", "6 days"])}
    return name


def escalate(tree: Tree, dice: random.Random) -> str:
    states, name = _state(tree, dice)
    if "final" in states[name]:
        return ""
    do = dice.choice(["notify", "reassign"])
    one = {"after": "1 working day", "to": _who(tree, dice), "do": do}
    states[name]["deadline"] = {"within": "2 working days", "escalate": one}
    return f"{name} {do}"


def see(tree: Tree, dice: random.Random) -> str:
    states, name = _state(tree, dice)
    states[name]["see"] = _who(tree, dice)
    return name


def see_only(tree: Tree, dice: random.Random) -> str:
    states, name = _state(tree, dice)
    states[name]["see"] = f"only [{_who(tree, dice)}]"
    return name


def see_nothing(tree: Tree, dice: random.Random) -> str:
    states, name = _state(tree, dice)
    return name if states[name].pop("see", None) is not None else ""


def let_edit(tree: Tree, dice: random.Random) -> str:
    states, name = _state(tree, dice)
    states[name]["edit"] = _who(tree, dice)
    return name


def give_to_another(tree: Tree, dice: random.Random) -> str:
    act = dice.choice(list(_acts(tree)))
    act["by"] = dice.choice(
        [_who(tree, dice), [act["by"] if isinstance(act["by"], str) else act["by"][0], _who(tree, dice)]]
    )
    return str(act.get("title"))


def tighten(tree: Tree, dice: random.Random) -> str:
    act, name = dice.choice(list(_acts(tree))), f"syarat_{dice.randrange(1000)}"
    actors = dice.choice([key for states in machines(tree)[:1] for key in states if "actions" in states[key]])
    rule = dice.choice(
        [
            "letter.security not in [R, SR]",
            "letter.security is SR",
            "letter.urgency is segera",
            "letter.urgency is segera and letter.urgency is not segera",
            "letter.classification under '900' or letter.security is B",
            f"actor not among actors of {actors}",
            f"actor among actors of {actors}",
            "letter.body is present and letter.summary is absent",
        ]
    ).replace("'", '"')
    tree.setdefault("rules", {})[name] = {"if": rule, "says": f"Syarat {name}."}
    old = act.get("needs", [])
    act["needs"] = [*([old] if isinstance(old, str) else old), name]
    return rule


def loosen(tree: Tree, dice: random.Random) -> str:
    act = dice.choice(list(_acts(tree)))
    old = act.pop("needs", None)
    _drop_unused(tree)
    return str(old or "")


def _drop_unused(tree: Tree) -> None:
    for name in list(tree.get("rules", {})):
        rest = {key: value for key, value in tree.items() if key != "rules"}
        others = {key: value for key, value in tree["rules"].items() if key != name}
        if not re.search(rf"\b{name}\b", text_of(rest) + text_of(others)):
            del tree["rules"][name]


def remove_act(tree: Tree, dice: random.Random) -> str:
    states, name = _state(tree, dice)
    acts = states[name].get("actions", {})
    if not acts:
        return ""
    gone = dice.choice(list(acts))
    del acts[gone]
    if not acts:
        del states[name]["actions"]
    _drop_unused(tree)
    return gone


def redirect(tree: Tree, dice: random.Random) -> str:
    states = dice.choice(machines(tree))
    part, key = dice.choice(list(_targets(states)))
    part[key] = dice.choice(list(states))
    return f"{key} {part[key]}"


def insert(tree: Tree, dice: random.Random) -> str:
    states = dice.choice(machines(tree))
    part, key = dice.choice(list(_targets(states)))
    name = f"sisipan_{dice.randrange(1000)}"
    act = {"title": "Teruskan saja", "by": _who(tree, dice), "to": part[key]}
    states[name] = {"title": "Sisipan", "actions": {f"lanjut_{name}": act}}
    part[key] = name
    return name


def delete(tree: Tree, dice: random.Random) -> str:
    states, name = _state(tree, dice)
    onward = [part[key] for part, key in _targets({name: states[name]}) if part[key] != name]
    if "start" in states[name] or not onward:
        return ""
    del states[name]
    for part, key in _targets(states):
        if part[key] == name:
            part[key] = onward[0]
    _drop_unused(tree)
    return name


def rename(tree: Tree, dice: random.Random) -> str:
    """A state gets another name, and the letters of this version come along by ``migrate``."""
    number = dice.randrange(len(machines(tree)))
    states = machines(tree)[number]
    old, new = dice.choice(list(states)), f"baru_{dice.randrange(1000)}"
    renamed = {new if name == old else name: state for name, state in states.items()}
    states.clear()
    states.update(renamed)
    for part, key in _targets(states):
        if part[key] == old:
            part[key] = new
    move: Tree = {"from": tree["version"]}
    if number:
        track = list(tree["tracks"])[number - 1]
        move["tracks"] = {track: {old: new}}
    else:
        move["states"] = {old: new}
    if "migrate" in tree:
        return ""
    tree["version"] = str(int(tree["version"]) + 1)
    for rule in tree.get("rules", {}).values():
        rule["if"] = re.sub(rf"\bactors of {old}\b", f"actors of {new}", rule["if"])
    tree["migrate"] = [move]
    return f"{old} {new}"


def stand_ins(tree: Tree, dice: random.Random) -> str:
    tree["absence"] = dice.choice(
        [[{"stand_in": "plh", "needs_order": "true"}], [{"stand_in": "none"}], [{"stand_in": "plt"}]]
    )
    act = dice.choice(list(_acts(tree)))
    act["stand_in"] = dice.choice(["true", "false"])
    return str(tree["absence"])


def from_paper(tree: Tree, dice: random.Random) -> str:
    act = dice.choice(list(_acts(tree)))
    act["entered_by"] = _who(tree, dice)
    return str(act.get("title"))


def fewer_tiers(tree: Tree, dice: random.Random) -> str:
    routes = [state["route"] for state in tree["states"].values() if "route" in state]
    if not routes:
        return ""
    if dice.random() < 0.5:
        routes[0]["at_most"] = str(dice.choice([1, 2]))
    else:
        routes[0]["levels"] = [{"who": _who(tree, dice), "need": "any"}, {"who": "head of office"}]
        routes[0].pop("at_most", None)
    return "route"


def forward_to(tree: Tree, dice: random.Random) -> str:
    fields = [
        field for form in tree.get("forms", {}).values() for field in form.values() if field["type"] == "positions"
    ]
    if not fields:
        return ""
    dice.choice(fields)["from"] = dice.choice(
        ["position sekretaris of office", "superior of actor", "role arsiparis of office"]
    )
    return "from"


EDITS: tuple[Callable[[Tree, random.Random], str], ...] = (
    change_limit, escalate, see, see_only, see_nothing, let_edit, give_to_another, tighten, loosen, remove_act, redirect,
    insert, delete, rename, stand_ins, from_paper, fewer_tiers, forward_to,
)  # fmt: skip
