"""Ideal outlines of flow-chart symbols, to compare areas of an image with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

from sopparse.readers.roundness import roundness

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

Point = tuple[float, float]

# Of what arcs cut off at corners (`roundness`) so much is missing at square ones at most, at round ones at least:
# hollow boxes printed and damaged at 150-300 dpi reach 0.46, rounded ones 0.63 and more; solid ones 0.64, and 0.78.
HOLLOW_CORNERS, SOLID_CORNERS = (0.48, 0.62), (0.66, 0.76)
# Of what is seen of a hidden symbol, a box may explain this much less than another pattern.
SIMPLER = 0.03
# A smaller radius may be that of a square corner, blurred: its corners decide.
ROUNDED = 0.6


@dataclass(frozen=True, slots=True)
class Pattern:
    """An ideal outline in the unit square; `radius` is that of its corners as a share of half the shorter side."""

    name: str
    points: tuple[Point, ...] = ()
    radius: float = 0.0


@cache
def patterns() -> tuple[Pattern, ...]:
    box = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    out = [Pattern("box", box), Pattern("diamond", ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)))]
    out += [Pattern("round", (), radius) for radius in (0.3, 0.45, 0.6, 0.8, 1.0)]
    out.append(Pattern("ellipse", tuple((0.5 + cos(a) / 2, 0.5 + sin(a) / 2) for a in _angles(48))))
    for depth in (0.2, 0.33, 0.5):
        down = ((0.0, 0.0), (1.0, 0.0), (1.0, 1 - depth), (0.5, 1.0), (0.0, 1 - depth))
        for way in range(4):
            out.append(Pattern("pentagon", _turned(down, way)))
    for ends in ((0.802, 0.802, 1.107, 0.934), (0.775, 0.775, 1.14, 0.925), (0.86, 0.86, 1.08, 0.95)):
        out.append(Pattern("document", _wave(*ends)))
    for way in range(4):
        out.append(Pattern("triangle", _turned(((0.0, 0.0), (1.0, 0.0), (0.5, 1.0)), way)))
    for lean in (0.08, 0.15, 0.25):
        slanted = ((lean, 0.0), (1.0, 0.0), (1 - lean, 1.0), (0.0, 1.0))
        out += [
            Pattern("slanted", slanted),
            Pattern("slanted", tuple((1 - x, y) for x, y in slanted)),
            Pattern("trapezoid", ((lean, 0.0), (1 - lean, 0.0), (1.0, 1.0), (0.0, 1.0))),
            Pattern("trapezoid", ((0.0, 0.0), (1.0, 0.0), (1 - lean, 1.0), (lean, 1.0))),
            Pattern("six", ((lean, 0.0), (1 - lean, 0.0), (1.0, 0.5), (1 - lean, 1.0), (lean, 1.0), (0.0, 0.5))),
        ]
    return tuple(out)


def _angles(count: int) -> list[float]:
    return [2 * pi * i / count for i in range(count)]


def _turned(points: tuple[Point, ...], quarters: int) -> tuple[Point, ...]:
    for _ in range(quarters):
        points = tuple((1 - y, x) for x, y in points)
    return points


def _wave(right: float, one: float, two: float, left: float) -> tuple[Point, ...]:
    """A box whose lower side is a wave (cubic), as word processors draw a document; the lowest point is at 1."""
    lower = []
    for k in range(25):
        t = k / 24
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        lower.append((a + 0.5 * b + 0.5 * c, a * right + b * one + c * two + d * left))
    deepest = max(y for _, y in lower)
    return ((0.0, 0.0), (1.0, 0.0), *((x, y / deepest) for x, y in lower))


def outline_of(pattern: Pattern, width: float, height: float) -> tuple[Point, ...]:
    """The pattern in the unit square of a box with these sides."""
    if pattern.points:
        return pattern.points
    radius = pattern.radius * min(width, height) / 2
    rx, ry = radius / width, radius / height
    out = []
    for cx, cy, start in ((1 - rx, 1 - ry, 0), (rx, 1 - ry, 1), (rx, ry, 2), (1 - rx, ry, 3)):
        out += [(cx + rx * cos((start + k / 8) * pi / 2), cy + ry * sin((start + k / 8) * pi / 2)) for k in range(9)]
    return tuple(out)


def best_pattern(mask: Mask, hidden: Mask | None = None) -> tuple[Pattern, float]:
    """The pattern most like an area (cut to its box), and how much of their union both share.

    What is `hidden` counts neither way; then a box is taken where it is nearly as good.
    """
    import cv2
    import numpy as np

    height, width = mask.shape
    best: tuple[Pattern, float] = (patterns()[0], 0.0)
    own, square = int(np.count_nonzero(mask)), 0.0
    for pattern in patterns():
        points: Any = np.array(outline_of(pattern, width, height)) * (width, height) * 16 - 8
        canvas = np.zeros_like(mask)
        cv2.fillPoly(canvas, [np.round(points).astype(np.int32)], 1, shift=4)
        if hidden is not None:
            canvas[hidden > 0] = 0
        both = int(np.count_nonzero(canvas & mask))
        share = both / max(1, own + int(np.count_nonzero(canvas)) - both)
        if pattern.name == "box":
            square = share
        if share > best[1]:
            best = (pattern, share)
    if hidden is not None and square >= best[1] - SIMPLER:
        return patterns()[0], square
    if hidden is None and best[0].name in ("box", "round") and best[0].radius < ROUNDED:
        name = "box" if has_corners(mask) else "round"
        if name != best[0].name:
            best = (next(p for p in patterns() if p.name == name), best[1])
    return best


def has_corners(mask: Mask) -> bool:
    """Whether the corners of a solid box are square."""
    found = roundness(mask)
    return found is None or found <= sum(HOLLOW_CORNERS) / 2
