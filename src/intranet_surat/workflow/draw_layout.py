"""Where the boxes and lines of a flow's picture stand: layers from start to end, computed by grandalf.

Works on plain boxes and links; what is written in a box is decided in `workflow.draw`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from grandalf.graphs import Edge, Graph, Vertex
from grandalf.layouts import SugiyamaLayout

LINE = 18
_ROUNDS = 16
_SPACE_X, _SPACE_Y = 28, 38
_UPRIGHT = 10  # a line leaves and reaches a box upright for this long, so that its arrow points at it
_PORT = 24  # the width that one line takes of the side of a box
_ASIDE = 8  # from a line to the text beside it

Point = tuple[float, float]


@dataclass(slots=True)
class Box:
    """A box with its size; ``x`` and ``y`` are its upper left corner once it is laid out."""

    name: str
    width: float
    height: float
    x: float = 0
    y: float = 0


@dataclass(slots=True)
class Link:
    """A line between two boxes with the texts beside it, from ``tail`` to ``head``.

    ``back`` is true when it leads against the direction of the picture; ``path`` are the points of its
    curve, ``text_at`` is where its first text begins.
    """

    tail: str
    head: str
    texts: tuple[str, ...]
    width: float
    back: bool = False
    path: list[Point] = field(default_factory=list)
    text_at: Point = (0, 0)


@dataclass(slots=True)
class _View:
    """What grandalf asks of a vertex: its size; it sets ``xy``, the centre."""

    w: float
    h: float
    xy: Point = (0, 0)


def lay_out(boxes: Sequence[Box], links: Sequence[Link]) -> tuple[float, float]:
    """Places boxes and links, the first box at the top; returns width and height of the picture."""
    _turn_back(boxes, links)
    vertices = {box.name: Vertex(box) for box in boxes}
    ports = Counter(name for link in links for name in (link.tail, link.head))
    for box in boxes:
        # At worst all lines of a box are on one side of it.
        box.width = max(box.width, _PORT * ports[box.name])
        vertices[box.name].view = _View(box.width, box.height)
    texts = [Vertex(link) for link in links]
    edges = []
    for link, text in zip(links, texts, strict=True):
        text.view = _View(link.width + 2 * _ASIDE, LINE * max(1, len(link.texts)) + 6)
        upper, lower = (link.head, link.tail) if link.back else (link.tail, link.head)
        edges += [Edge(vertices[upper], text), Edge(text, vertices[lower])]
    left, bottom = 0.0, 0.0
    for part in Graph([*vertices.values(), *texts], edges).C:
        right, low = _Part(part, left).place()
        left, bottom = right + _SPACE_X, max(bottom, low)
    return left - _SPACE_X, bottom


def column(boxes: Sequence[Box]) -> tuple[float, float]:
    """Places the boxes one under the other; returns width and height."""
    low = 0.0
    for box in boxes:
        box.y, low = low, low + box.height + LINE
    return max(box.width for box in boxes), max(low - LINE, 0)


def _turn_back(boxes: Sequence[Box], links: Iterable[Link]) -> None:
    """Marks the links that would close a circle, seen from the first box on."""
    out: dict[str, list[Link]] = {box.name: [] for box in boxes}
    for link in links:
        out[link.tail].append(link)
    seen: set[str] = set()
    for box in boxes:
        if box.name not in seen:
            _walk(box.name, out, seen)


def _walk(first: str, out: dict[str, list[Link]], seen: set[str]) -> None:
    """Looks through what ``first`` leads to; a link to a box that is still open leads back."""
    seen.add(first)
    trail = {first: iter(out[first])}
    while trail:
        name = next(reversed(trail))
        link = next(trail[name], None)
        if link is None:
            del trail[name]
        elif link.head in trail:
            link.back = True
        elif link.head not in seen:
            seen.add(link.head)
            trail[link.head] = iter(out[link.head])


class _Part:
    """One connected part of the picture, laid out beside what stands to its left."""

    def __init__(self, part: Any, left: float) -> None:
        self.layout = SugiyamaLayout(part)
        self.layout.xspace, self.layout.yspace = _SPACE_X, _SPACE_Y
        self.layout.init_all(inverted_edges=[])  # it may look for some itself, but they are turned round already
        self.layout.draw(_ROUNDS)
        every = [one.view for layer in self.layout.layers for one in layer]
        self.move_x = left - min(view.xy[0] - view.w / 2 for view in every)
        self.right = max(view.xy[0] + view.w / 2 for view in every) + self.move_x
        # The band that each layer takes: lines turn only between two bands, never beside a box.
        half = [max(one.view.h for one in layer) / 2 for layer in self.layout.layers]
        half = [
            h + (_UPRIGHT if any(self._is_box(one) for one in layer) else 0)
            for h, layer in zip(half, self.layout.layers, strict=True)
        ]
        middle = [layer[0].view.xy[1] for layer in self.layout.layers]
        self.move_y = half[0] - middle[0]
        self.bands = [(y - h + self.move_y, y + h + self.move_y) for y, h in zip(middle, half, strict=True)]

    def place(self) -> tuple[float, float]:
        """Gives boxes and links their places; returns the right and the lower border."""
        vertices = list(self.layout.g.sV)
        for vertex in vertices:
            x = vertex.view.xy[0] - vertex.view.w / 2 + self.move_x
            y = vertex.view.xy[1] - vertex.view.h / 2 + self.move_y
            if isinstance(vertex.data, Box):
                vertex.data.x, vertex.data.y = x, y
            else:
                vertex.data.text_at = (x + 2 * _ASIDE, y)
        for vertex in vertices:
            if isinstance(vertex.data, Box):
                self._ports(vertex, vertex.e_out(), lower=True)
                self._ports(vertex, vertex.e_in(), lower=False)
        for vertex in vertices:
            if isinstance(vertex.data, Link):
                self._path(vertex)
        return self.right, self.bands[-1][1]

    @staticmethod
    def _is_box(one: Any) -> bool:
        return isinstance(getattr(one, "data", None), Box)

    def _ports(self, vertex: Any, edges: list[Any], *, lower: bool) -> None:
        """Spreads the lines of one side of a box over its width, in the order of where they come from."""
        box, rank = vertex.data, self.layout.grx[vertex].rank
        turns = [(self._turns(edge), edge) for edge in edges]
        turns.sort(key=lambda pair: pair[0][0 if lower else -1][0])
        for number, (_, edge) in enumerate(turns, start=1):
            x = box.x + box.width * number / (len(turns) + 1)
            if lower:
                edge.port = [(x, box.y + box.height), (x, self.bands[rank][1])]
            else:
                edge.port = [(x, self.bands[rank][0]), (x, box.y)]

    def _turns(self, edge: Any) -> list[Point]:
        """The points of an edge beside the box it is bound to: the bands it crosses, and its text."""
        upper, lower = edge.v
        text = upper if isinstance(upper.data, Link) else lower
        first, last = self.layout.grx[upper].rank, self.layout.grx[lower].rank
        control = self.layout.ctrls.get(edge, {})
        crossed = [(control[rank].view.xy[0] + self.move_x, rank) for rank in range(first + 1, last)]
        beside = (text.data.text_at[0] - _ASIDE, self.layout.grx[text].rank)
        crossed = [beside, *crossed] if text is upper else [*crossed, beside]
        return [(x, y) for x, rank in crossed for y in self.bands[rank]]

    def _path(self, vertex: Any) -> None:
        """The whole curve of a link: out of one box, past its text, into the other."""
        link = vertex.data
        (before,), (after,) = vertex.e_in(), vertex.e_out()
        link.path = [*before.port, *self._turns(before)[:-1], *self._turns(after)[1:], *after.port]
        if link.back:
            link.path.reverse()
