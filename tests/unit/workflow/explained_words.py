"""What somebody is told about an action as a line that a person can read and approve."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from intranet_surat.workflow.explain import Explanation
from intranet_surat.workflow.view import Make


def line(answer: Explanation) -> str:
    """The sentence, and behind it the remedy; the sentence that comes with each part only where it is another one."""
    remedy = answer.remedy
    if remedy is None:
        return "boleh"
    if remedy.never:
        return f"{answer.says} | tidak pernah" + (f": {remedy.never}" if remedy.never != answer.says else "")
    parts = [part(make, answer.says) for make in remedy.make]
    if remedy.as_:
        parts.insert(0, f"sebagai {' '.join(remedy.as_)}")
    if remedy.at is not None:
        parts.append(f"mulai {remedy.at:%d/%m %H.%M}")
    return " | ".join([answer.says, *parts, *([f"lalu: {remedy.then}"] if remedy.then else [])])


def part(make: Make, says: str) -> str:
    """One thing that must come true."""
    if make.what == "state":
        value = ", ".join(map(step, make.value))
    elif make.what in ("field", "answer"):
        tests = [f"{'' if test['holds'] else 'bukan '}{test['op']} {test['values']}" for test in make.value["tests"]]
        where = f" di {make.value['in']}" if "in" in make.value else ""
        value = f"{make.value['example']!r} ({', '.join(tests)}){where}"
    else:
        value = json.dumps(make.value)
    return f"{make.what} {make.of}: {value}" + (f" '{make.says}'" if make.says != says else "")


def step(leg: Mapping[str, Any]) -> str:
    """One step of a way: what is done in which state and by whom, or how the items below end."""
    if "track" in leg:
        return f"{leg['track']} {leg['outcome']} ({leg['state']})"
    more = [f"{name} {value}" for name, value in leg.items() if name in ("at", "answers")]
    return " ".join([leg["action"], f"({' '.join([leg['state'], *leg['as']])})", *more])


def facts(answer: Explanation) -> str:
    """What the action is, whom the flow names for it, and by when the present state must be left."""
    here = "di sini" if answer.here else f"di {answer.state}"
    due = f", batas {answer.due:%d/%m %H.%M}" if answer.due is not None else ""
    return f"{answer.kind} {answer.title} {here}: {' '.join(answer.who) or 'tidak ada'}{due}"
