"""A flow as a picture: one SVG with a box for each state, its acts on the lines, tracks as own groups.

The look comes from the page's stylesheet by class; the few attributes beside them keep a picture that is
opened by itself readable. Where things stand is computed in `workflow.draw_layout`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from html import escape
from itertools import pairwise

from intranet_surat.workflow.check_parts import Machine, machines
from intranet_surat.workflow.draw_layout import LINE, Box, Link, Point, column, lay_out
from intranet_surat.workflow.model import Action, Flow, State, Who

_CHARACTER, _BOLD = 7.6, 8.8  # a generous width, so that no face runs over its box
_INSIDE = 14
_WIDEST = 30
_MARGIN = 12
_HEADING = 30
_LARGEST = 300  # boxes and lines that can be laid out in a second or two; beyond, boxes alone


Line = tuple[str, bool]
"""One line of a box, and whether it belongs to the title."""


def draw(flow: Flow, counts: Mapping[str, int] | None = None) -> str:
    """The picture of a flow as SVG text.

    ``counts`` gives the number of letters by state (``track.state`` for items); the fullest state that is
    not final is marked. A flow too large for lines is shown as a column of its boxes.
    """
    parts, bodies = list[str](), list[str]()
    right, y = 0.0, float(_MARGIN)
    for machine in machines(flow):
        body, width, height = _machine(flow, machine, counts)
        heading = 0
        if machine.track is not None:
            heading = _HEADING
            bodies.append(_heading(machine, y))
        bodies.append(f'<g class="machine" transform="translate({_MARGIN} {y + heading:.0f})">{body}</g>')
        right, y = max(right, width), y + heading + height + 2 * _MARGIN
    name = escape(flow.id or "alur")
    parts.append(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graph" viewBox="0 0 {right + 2 * _MARGIN:.0f} {y:.0f}" '
        f'role="img" aria-labelledby="judul-{name} uraian-{name}" font-family="sans-serif" font-size="14">'
    )
    parts.append(f'<title id="judul-{name}">{escape(flow.title)}</title>')
    parts.append(f'<desc id="uraian-{name}">{escape(_described(flow, counts))}</desc>')
    parts.append(
        f'<defs><marker id="panah-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0L8 4L0 8z" class="head"/></marker></defs>'
    )
    return "".join([*parts, *bodies, "</svg>"])


def _heading(machine: Machine, y: float) -> str:
    title = f"Jalur {_words(machine.track or '')}"
    return f'<g class="btext"><text x="{_MARGIN}" y="{y + 18:.0f}" class="nm">{escape(title)}</text></g>'


def _described(flow: Flow, counts: Mapping[str, int] | None) -> str:
    """The picture in one sentence, for those who do not see it."""
    names = []
    for machine in machines(flow):
        for state in machine.states.values():
            count = _count(machine, state, counts)
            names.append(_title(state) + (f" {count} surat" if count is not None else ""))
    return ", ".join(names) + "."


def _machine(flow: Flow, machine: Machine, counts: Mapping[str, int] | None) -> tuple[str, float, float]:
    """The group of one machine: what to draw, its width and its height."""
    texts = {state.name: _lines(state, _count(machine, state, counts)) for state in machine.states.values()}
    boxes = [Box(name, _box_width(lines), LINE * len(lines) + _INSIDE + 2) for name, lines in texts.items()]
    boxes.sort(key=lambda box: not machine.states[box.name].start)
    links = _links(machine)
    if not boxes:
        return "", 0, 0
    if len(boxes) + len(links) > _LARGEST:
        links = []
    width, height = lay_out(boxes, links) if links else column(boxes)
    hot = _fullest(machine, counts)
    edges = "".join(_curve(link, flow.id or "alur") for link in links)
    along = "".join(_beside(link) for link in links)
    rects = "".join(_rect(box, machine.states[box.name], hot=box.name == hot) for box in boxes)
    inside = "".join(_inside(box, texts[box.name]) for box in boxes)
    groups = (("edge", edges), ("etext", along), ("box", rects), ("btext", inside))
    return "".join(f'<g class="{name}">{body}</g>' for name, body in groups), width, height


def _links(machine: Machine) -> list[Link]:
    """One link for each pair of states, with the titles of all ways between them."""
    titles: dict[tuple[str, str], list[str]] = {}
    for state in machine.states.values():
        for title, to in _ways(state):
            if to in machine.states and to != state.name:
                found = titles.setdefault((state.name, to), [])
                found += [line for line in textwrap.wrap(title, _WIDEST) or [title] if line not in found]
    return [
        Link(tail, head, tuple(lines), max(_CHARACTER * len(line) for line in lines))
        for (tail, head), lines in titles.items()
    ]


def _ways(state: State) -> Iterator[tuple[str, str]]:
    """(what stands on the line, the state it leads to) for everything that leads out of a state."""
    for branch in state.choose:
        yield (f"bila {_words(branch.when)}" if branch.when is not None else "selain itu"), branch.to
    if state.route is not None:
        yield "paraf lengkap", state.route.done
    if state.sign is not None:
        yield state.sign.title, state.sign.done
    if state.gather is not None:
        until = {"all": "semua berakhir", "any": "satu selesai", "most": "sebagian besar selesai"}
        yield until[state.gather.until], state.gather.done
        if state.gather.returned is not None:
            yield "semua dikembalikan", state.gather.returned
    for action in _acts(state):
        if action.to is not None:
            yield action.title, action.to


def _acts(state: State) -> Iterator[Action]:
    yield from state.actions.values()
    for part in (state.route, state.sign):
        if part is not None and part.reject is not None:
            yield part.reject


def _lines(state: State, count: int | None) -> list[Line]:
    """What stands in a box: the title, who acts there, what can be done without leaving, how many wait."""
    title = textwrap.wrap(_title(state), _WIDEST) or [state.name]
    rest = textwrap.wrap(_who(state), _WIDEST + 4)
    stays = [action.title for action in state.actions.values() if action.to is None]
    if state.sign is not None:
        stays.insert(0, state.sign.prepare.title)
    rest += [line for one in stays for line in textwrap.wrap(f"+ {one}", _WIDEST + 4)]
    rest += [f"{count} surat"] if count is not None else []
    return [*((line, True) for line in title), *((line, False) for line in rest)]


def _who(state: State) -> str:
    """Who acts in a state, in few words."""
    if state.final:
        return {"done": "akhir: selesai", "returned": "akhir: kembali", "withdrawn": "akhir: ditarik"}.get(
            state.outcome or "", "akhir"
        )
    if state.choose:
        return "otomatis"
    people: list[Who] = []
    first = ""
    if state.route is not None:
        levels = state.route.levels
        people += [levels] if isinstance(levels, Who) else [level.who for level in levels]
        first = "paraf: "
    elif state.sign is not None:
        people += state.sign.by
        first = "tanda tangan: "
    else:
        people += [who for action in state.actions.values() for who in action.by]
    if state.gather is not None:
        first = f"menunggu {_words(state.gather.track)}" + ("; " if people else "")
    return first + ", ".join(dict.fromkeys(_said(who) for who in people))


_PHRASES = {
    "author": "pembuat surat",
    "actor": "yang bertindak",
    "head": "kepala kantor",
    "superior": "atasan {0}",
    "superiors": "atasan {0} sampai di bawah {1}",
    "staff": "bawahan {0}",
    "holder": "pemegang {0}",
    "giver": "pemberi",
    "actors": "yang bertindak di {0}",
    "item": "disposisi",
}


def _said(who: Who) -> str:
    """A cast expression in few Indonesian words."""
    args = [_said(arg) if isinstance(arg, Who) else _words(str(arg)) for arg in who.args]
    return _PHRASES.get(who.op, "{0}").format(*args, *[who.text] * 2)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _title(state: State) -> str:
    return state.title if state.title != state.name else _words(state.name).capitalize()


def _count(machine: Machine, state: State, counts: Mapping[str, int] | None) -> int | None:
    name = state.name if machine.track is None else f"{machine.track}.{state.name}"
    return counts.get(name) if counts is not None else None


def _fullest(machine: Machine, counts: Mapping[str, int] | None) -> str | None:
    """The state that most letters wait in."""
    waiting = {name: _count(machine, state, counts) or 0 for name, state in machine.states.items() if not state.final}
    most = max(waiting, key=lambda name: waiting[name], default=None)
    return most if most is not None and waiting[most] else None


def _box_width(lines: list[Line]) -> float:
    return max(len(text) * (_BOLD if bold else _CHARACTER) for text, bold in lines) + 2 * _INSIDE


def _rect(box: Box, state: State, *, hot: bool) -> str:
    kind = ' class="end"' if state.final else ' class="hot"' if hot else ""
    return (
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{box.height:.0f}" rx="4"{kind} '
        'fill="white" stroke="black"/>'
    )


def _inside(box: Box, lines: list[Line]) -> str:
    texts = []
    for number, (line, bold) in enumerate(lines):
        y = box.y + _INSIDE / 2 + LINE * (number + 1) - 4
        name = ' class="nm" font-weight="bold"' if bold else ""
        texts.append(f'<text x="{box.x + _INSIDE:.0f}" y="{y:.0f}"{name}>{escape(line)}</text>')
    return "".join(texts)


def _beside(link: Link) -> str:
    x, y = link.text_at
    return "".join(
        f'<text x="{x:.0f}" y="{y + LINE * (number + 1) - 2:.0f}">{escape(line)}</text>'
        for number, line in enumerate(link.texts)
    )


def _curve(link: Link, name: str) -> str:
    kind = ' class="soft"' if link.back else ""
    return f'<path{kind} d="{_path(link.path)}" marker-end="url(#panah-{escape(name)})" fill="none" stroke="black"/>'


def _path(points: list[Point]) -> str:
    """Straight down where two points stand above each other, else a curve that leaves and arrives upright."""
    steps = [f"M{points[0][0]:.0f} {points[0][1]:.0f}"]
    for (x1, y1), (x2, y2) in pairwise(points):
        if abs(x1 - x2) < 1:
            steps.append(f"L{x2:.0f} {y2:.0f}")
        else:
            middle = (y1 + y2) / 2
            steps.append(f"C{x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} {y2:.0f}")
    return "".join(steps)
