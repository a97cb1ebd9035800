"""A flow as a picture: one SVG with a box for each state, its acts on the lines, tracks in frames of their own.

The look comes from the page's stylesheet by class; the few attributes beside them keep a picture that is
opened by itself readable. Where things stand is computed in `workflow.draw_layout`, what is written there in
`workflow.draw_text`.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import pairwise

from intranet_surat.workflow import draw_text
from intranet_surat.workflow.check_parts import Machine, machines
from intranet_surat.workflow.draw_layout import LINE, Box, Link, Point, column, lay_out
from intranet_surat.workflow.draw_text import Figures, Line
from intranet_surat.workflow.model import Flow, State
from intranet_surat.workflow.tell_words import words

_CHARACTER, _BOLD = 7.6, 8.8  # a generous width, so that no face runs over its box
_INSIDE = 14
_MARGIN = 12
_HEADING = 30
_LARGEST = 300  # boxes and lines that can be laid out in a second or two; beyond, boxes alone
_LATE = "!"  # begins the name of an escalation's box; no state is called so


def draw(flow: Flow, counts: Mapping[str, int | str] | None = None, medians: Mapping[str, str] | None = None) -> str:
    """The picture of a flow as SVG text.

    ``counts`` gives the number of letters by state (``track.state`` for items), ``medians`` how long they wait
    there, in words; the fullest state that is not final is marked. A flow too large for lines is shown as a
    column of its boxes.
    """
    figures = Figures(counts or {}, medians or {})
    drawn = [(machine, *_machine(flow, machine, figures)) for machine in machines(flow)]
    right = max(width for *_, width, _ in drawn) + 4 * _MARGIN
    bodies, y = list[str](), float(_MARGIN)
    for machine, body, width, height in drawn:
        if machine.track is None:
            bodies.append(_moved(body, (right - width) / 2, y))
            y += height + 2 * _MARGIN
        else:
            bodies.append(_frame(machine.track, y, right - 2 * _MARGIN, height + _HEADING + 2 * _MARGIN))
            bodies.append(_moved(body, (right - width) / 2, y + _HEADING + _MARGIN))
            y += height + _HEADING + 4 * _MARGIN
    return "".join([_opened(flow, figures, right, y), *bodies, "</svg>"])


def _opened(flow: Flow, figures: Figures, width: float, height: float) -> str:
    """The beginning of the picture: its size, its title and what it shows in words."""
    name = escape(flow.id or "alur")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graph" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" '
        f'role="img" aria-labelledby="judul-{name} uraian-{name}" font-family="sans-serif" font-size="14">'
        f'<title id="judul-{name}">{escape(flow.title)}</title>'
        f'<desc id="uraian-{name}">{escape(draw_text.described(flow, figures))}</desc>'
        f'<defs><marker id="panah-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0L8 4L0 8z" class="head"/></marker></defs>'
    )


def _moved(body: str, x: float, y: float) -> str:
    return f'<g class="machine" transform="translate({x:.0f} {y:.0f})">{body}</g>'


def _frame(track: str, y: float, width: float, height: float) -> str:
    """The frame of a track, with its name."""
    return (
        f'<rect x="{_MARGIN}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" rx="8" class="track" '
        'fill="none" stroke="gray"/>'
        f'<g class="btext"><text x="{2 * _MARGIN}" y="{y + 22:.0f}" class="nm">{escape(f"Jalur {words(track)}")}'
        "</text></g>"
    )


def _machine(flow: Flow, machine: Machine, figures: Figures) -> tuple[str, float, float]:
    """The inside of one machine: what to draw, its width and its height."""
    texts = {state.name: draw_text.box(state, figures.said(machine, state)) for state in machine.states.values()}
    links = [_link(tail, head, lines) for (tail, head), lines in draw_text.beside(machine).items()]
    if len(texts) + len(links) > _LARGEST:
        links = []
    else:
        for state in machine.states.values():
            late = draw_text.late(state)
            if late is not None:
                texts[_LATE + state.name] = late[0]
                links.append(_link(state.name, _LATE + state.name, [late[1]]))
    boxes = [Box(name, _box_width(lines), LINE * len(lines) + _INSIDE + 2) for name, lines in texts.items()]
    boxes.sort(key=lambda box: box.name not in machine.states or not machine.states[box.name].start)
    if not boxes:
        return "", 0, 0
    width, height = lay_out(boxes, links) if links else column(boxes)
    hot = figures.fullest(machine)
    edges = "".join(_curve(link, flow.id or "alur") for link in links)
    along = "".join(_beside(link) for link in links)
    rects = "".join(_rect(box, machine.states.get(box.name), hot=box.name == hot) for box in boxes)
    inside = "".join(_inside(box, texts[box.name]) for box in boxes)
    groups = (("edge", edges), ("etext", along), ("box", rects), ("btext", inside))
    return "".join(f'<g class="{name}">{body}</g>' for name, body in groups), width, height


def _link(tail: str, head: str, lines: list[str]) -> Link:
    return Link(tail, head, tuple(lines), max(_CHARACTER * len(line) for line in lines))


def _box_width(lines: list[Line]) -> float:
    return max(len(text) * (_BOLD if bold else _CHARACTER) for text, bold in lines) + 2 * _INSIDE


def _rect(box: Box, state: State | None, *, hot: bool) -> str:
    """The frame of a box; an escalation, which is no state, is dashed."""
    if state is None:
        kind = ' class="late" stroke-dasharray="4 4"'
    else:
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
    late = link.head.startswith(_LATE)
    kind = ' class="late"' if late else ' class="soft"' if link.back else ""
    dashed = ' stroke-dasharray="4 4"' if late or link.back else ""
    return (
        f'<path{kind} d="{_path(link.path)}" marker-end="url(#panah-{escape(name)})" fill="none" '
        f'stroke="black"{dashed}/>'
    )


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
