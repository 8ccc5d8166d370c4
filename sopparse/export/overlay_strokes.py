"""Lines, fills and letters in pixels: dashed lines, heads of arrows, hatching."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int, int]

# Drawn and left out, in points.
_PATTERNS = {"dashed": (4.0, 2.2), "dotted": (1.0, 1.6)}
# Between the lines of a hatching, in points.
_HATCH = 3.0


@lru_cache(maxsize=16)
def font(pixels: int) -> Any:
    """The font that Pillow brings along, so that a picture looks the same everywhere."""
    from PIL import ImageFont

    return ImageFont.load_default(pixels)


def rgba(colour: str, opacity: int) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16), opacity


def bounds(points: Sequence[Point]) -> tuple[Point, Point]:
    """The top left and bottom right corner of what holds all points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs), min(ys)), (max(xs), max(ys))


def corners(points: Sequence[Point], inset: float) -> list[Point]:
    """The four corners around the points, moved inwards as far as there is room."""
    (x0, y0), (x1, y1) = bounds(points)
    dx, dy = min(inset, (x1 - x0) / 3), min(inset, (y1 - y0) / 3)
    x0, y0, x1, y1 = x0 + dx, y0 + dy, x1 - dx, y1 - dy
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def polyline(brush: ImageDraw, points: Sequence[Point], ink: Colour, width: int, dash: str, scale: float) -> None:
    if dash:
        for piece in _dashes(points, _PATTERNS[dash][0] * scale, _PATTERNS[dash][1] * scale):
            brush.line(piece, fill=ink, width=width)
    else:
        brush.line(list(points), fill=ink, width=width, joint="curve" if len(points) > 2 and width > 2 else None)


def _dashes(points: Sequence[Point], drawn: float, gap: float) -> Iterator[list[Point]]:
    """The pieces of a dashed line; the pattern goes on around corners."""
    at = 0.0
    for (x0, y0), (x1, y1) in pairwise(points):
        length = hypot(x1 - x0, y1 - y0)
        if length == 0:
            continue
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        start = -(at % (drawn + gap))
        while start < length:
            low, high = max(start, 0.0), min(start + drawn, length)
            if low < high:
                yield [(x0 + ux * low, y0 + uy * low), (x0 + ux * high, y0 + uy * high)]
            start += drawn + gap
        at += length


def arrow_head(brush: ImageDraw, points: Sequence[Point], ink: Colour, size: float) -> list[Point]:
    """Draws the head at the last point; returns the line shortened to where the head begins."""
    x1, y1 = points[-1]
    x0, y0 = next(((x, y) for x, y in reversed(points) if hypot(x1 - x, y1 - y) > 0.01), (x1 - 1.0, y1))
    length = hypot(x1 - x0, y1 - y0)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    bx, by, half = x1 - ux * size, y1 - uy * size, size / 2
    brush.polygon([(x1, y1), (bx - uy * half, by + ux * half), (bx + uy * half, by - ux * half)], fill=ink)
    return [*points[:-1], (bx, by)] if length > size else list(points)


def cross(brush: ImageDraw, at: Point, ink: Colour, size: float, width: int) -> None:
    x, y = at
    brush.line([(x - size, y - size), (x + size, y + size)], fill=ink, width=width)
    brush.line([(x - size, y + size), (x + size, y - size)], fill=ink, width=width)


def hatch(brush: ImageDraw, box: tuple[Point, Point], ink: Colour, scale: float) -> None:
    """Lines from the lower left to the upper right."""
    (x0, y0), (x1, y1) = box
    step = max(_HATCH * scale, 2.0)
    for k in range(1, int((x1 - x0 + y1 - y0) / step) + 1):
        along = k * step
        start = (x0 + min(along, x1 - x0), y0 + max(along - (x1 - x0), 0.0))
        end = (x0 + max(along - (y1 - y0), 0.0), y0 + min(along, y1 - y0))
        brush.line([start, end], fill=ink, width=max(round(0.4 * scale), 1))
