"""How one document draws: its colours, widths and habits, and the operators it writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.drawing.routes import Point, Route
from tests.drawing.sheet import Sheet

HEADS = ("filled", "filled", "filled", "open", "notched")
FILLS = ((0.0, 0.0, 0.0), (0.85, 0.85, 0.85), (0.2, 0.35, 0.75), None, None, None)


@dataclass(slots=True)
class Pen:
    """How one document draws."""

    rng: Random
    page: Any
    height: float
    messy: bool
    head: str
    head_size: float
    rule: float
    line: float
    ink: tuple[float, float, float]
    fill: tuple[float, float, float] | None
    shapes: dict[int, str] = field(default_factory=dict)
    texts: dict[int, str | None] = field(default_factory=dict)
    from_middle: bool = False  # lines start well under the symbol
    askew: float = 0.0  # how far the corners of a line stand off
    loose: float = 0.0  # how far the pieces of a line miss each other
    far: bool = False  # ends stop well short of their symbols
    shadow: bool = False

    def path(self, points: Route, closed: bool = False, stroke: int = 1, fill: int = 0) -> None:
        path = self.page.beginPath()
        for i, (x, y) in enumerate(points):
            (path.lineTo if i else path.moveTo)(x, self.height - y)
        if closed:
            path.close()
        self.page.drawPath(path, stroke=stroke, fill=fill)

    def bar(self, x0: float, top: float, x1: float, bottom: float) -> None:
        self.page.rect(x0, self.height - bottom, x1 - x0, bottom - top, stroke=0, fill=1)


def whole(pen: Pen, operators: list[tuple[Any, ...]], stroke: int, fill: int, close: bool = True) -> None:
    path = pen.page.beginPath()
    for kind, *numbers in operators:
        {"m": path.moveTo, "l": path.lineTo, "c": path.curveTo}[kind](*numbers)
    if close:
        path.close()
    pen.page.drawPath(path, stroke=stroke, fill=fill)


def grid_lines(sheet: Sheet) -> list[tuple[Point, Point]]:
    """The borders of all cells as long lines."""
    upright: dict[float, list[tuple[float, float]]] = {}
    level: dict[float, list[tuple[float, float]]] = {}
    for x0, top, x1, bottom in sheet.cells:
        for x in (x0, x1):
            upright.setdefault(x, []).append((top, bottom))
        for y in (top, bottom):
            level.setdefault(y, []).append((x0, x1))
    lines: list[tuple[Point, Point]] = []
    for x, spans in upright.items():
        lines += [((x, a), (x, b)) for a, b in _union(spans)]
    for y, spans in level.items():
        lines += [((a, y), (b, y)) for a, b in _union(spans)]
    return lines


def _union(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    out: list[tuple[float, float]] = []
    for a, b in sorted(spans):
        if out and a <= out[-1][1] + 0.01:
            out[-1] = (out[-1][0], max(out[-1][1], b))
        else:
            out.append((a, b))
    return out
