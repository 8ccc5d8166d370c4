"""Symbols of a flow chart in an image: white areas inside an outline, and solid black ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

Point = tuple[float, float]

# All sizes in points. The smallest and the largest inside of a symbol.
SMALLEST_INSIDE = 4.5
LONGEST_INSIDE, HIGHEST_INSIDE = 190.0, 110.0
# A solid area holds a disc of this size; the discs in arrowheads of 6.5 measure 3.6.
SOLID = 4.6
SMALLEST_SOLID = 6.5
# Gaps in outlines that are closed, pass by pass: none, those of noise, those of worn print and crossed rules.
GAPS = (0.0, 1.0, 2.2)
# Notches in the inside: lines that end within the symbol, letters that touch its outline.
NOTCH = 1.8
# The thickest outline.
THICKEST = 3.0
# How much of the union of a symbol and its pattern both share, at least. Drawn symbols reach 0.93 and more at 150 dpi;
# areas between lines that happen to be closed mostly less than 0.85.
ALIKE = 0.88
# Sides of a box go on beyond its corners, if ink lies there for so far: then it is an area between lines.
BEYOND = (1.2, 3.6)


@dataclass(frozen=True, slots=True)
class Shape:
    """A symbol: its outline (pixels, middle of the stroke), and the box and mask of all of its ink."""

    outline: tuple[Point, ...]
    curved: bool
    filled: bool
    place: tuple[int, int]  # column and row of the mask's first pixel
    mask: Mask


@dataclass(frozen=True, slots=True)
class Pattern:
    """An ideal outline in the unit square; `radius` is that of its corners as a share of half the shorter side."""

    name: str
    points: tuple[Point, ...] = ()
    radius: float = 0.0


def find_shapes(ink: Mask, pixels: float) -> list[Shape]:
    """The symbols in an image of ink (255) without rules; `pixels` are those of one point."""
    import cv2
    import numpy as np

    taken = np.zeros_like(ink)
    shapes = list(_solid(ink, pixels, taken))
    for gap in GAPS:
        size = round(gap * pixels)
        if gap and size < 2:
            continue
        closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((size + 1, size + 1), np.uint8)) if size else ink
        shapes += _hollow(closed, ink, pixels, taken)
    return shapes


def _paint(taken: Mask, shape: Shape) -> None:
    x, y = shape.place
    height, width = shape.mask.shape
    taken[y : y + height, x : x + width] |= shape.mask


# -- hollow ---------------------------------------------------------------------------------------------------------


def _hollow(closed: Mask, ink: Mask, pixels: float, taken: Mask) -> Iterator[Shape]:
    import cv2
    import numpy as np

    count, labels, stats, _ = cv2.connectedComponentsWithStats(255 - closed, connectivity=4)
    rows, columns = ink.shape
    x, y, w, h, area = (stats[:, k] for k in range(5))
    good = (
        (np.minimum(w, h) >= SMALLEST_INSIDE * pixels)
        & (w <= LONGEST_INSIDE * pixels)
        & (h <= HIGHEST_INSIDE * pixels)
        & (area >= 0.3 * w * h)
        & (x > 0)
        & (y > 0)
        & (x + w < columns)
        & (y + h < rows)
    )
    good[0] = False
    for i in np.flatnonzero(good):
        shape = _from_inside(labels, int(i), [int(v) for v in stats[i, :4]], closed, ink, pixels, taken)
        if shape is not None:
            _paint(taken, shape)
            yield shape


def _from_inside(
    labels: NDArray[np.int32], label: int, box: list[int], closed: Mask, ink: Mask, pixels: float, taken: Mask
) -> Shape | None:
    import cv2
    import numpy as np

    pad = int(round(THICKEST * pixels)) + 2
    x, y, w, h = box
    x0, y0 = max(x - pad, 0), max(y - pad, 0)
    x1, y1 = min(x + w + pad, ink.shape[1]), min(y + h + pad, ink.shape[0])
    inside = _whole((labels[y0:y1, x0:x1] == label).astype(np.uint8), pixels)
    if (taken[y0:y1, x0:x1][inside > 0] > 0).mean() > 0.3:
        return None
    bx, by, bw, bh = cv2.boundingRect(inside)
    if min(bw, bh) < SMALLEST_INSIDE * pixels:
        return None
    pattern, share = best_pattern(inside[by : by + bh, bx : bx + bw])
    if share < ALIKE or pattern.name == "triangle":
        return None
    stroke = _stroke(inside, closed[y0:y1, x0:x1], pixels)
    outer = (bx + x0 - stroke, by + y0 - stroke, bx + x0 + bw + stroke, by + y0 + bh + stroke)
    if pattern.name in ("box", "pentagon", "document") and _goes_on(ink, outer, stroke, pixels):
        return None
    half = stroke / 2
    outline = tuple(
        (bx + x0 - half + px * (bw + stroke), by + y0 - half + py * (bh + stroke))
        for px, py in outline_of(pattern, bw, bh)
    )
    grown = cv2.dilate(inside, np.ones((2 * stroke + 3, 2 * stroke + 3), np.uint8)) * 255
    return Shape(outline, len(outline) > 8, False, (x0, y0), grown)


def _whole(mask: Mask, pixels: float) -> Mask:
    """The area with what lies in it, and without notches."""
    import cv2
    import numpy as np

    size = max(3, round(NOTCH * pixels))
    around = cv2.copyMakeBorder(mask, size, size, size, size, cv2.BORDER_CONSTANT, value=0)
    around = cv2.morphologyEx(around, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    mask = np.ascontiguousarray(around[size:-size, size:-size])
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    out = np.zeros_like(mask)
    cv2.drawContours(out, contours, -1, 1, cv2.FILLED)
    return out


def _stroke(inside: Mask, closed: Mask, pixels: float) -> int:
    """How thick the outline around the area is (pixels): as far as most of the rings around it are ink."""
    import cv2
    import numpy as np

    cross = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
    area = inside
    for k in range(int(round(THICKEST * pixels))):
        wider = cv2.dilate(area, cross)
        ring = (wider > 0) & (area == 0)
        if not ring.any() or (closed[ring] > 0).mean() < 0.6:
            return max(k, 1)
        area = np.asarray(wider)
    return max(1, int(round(THICKEST * pixels)))


def _goes_on(ink: Mask, outer: tuple[int, int, int, int], stroke: int, pixels: float) -> bool:
    """Whether sides of the box go on beyond two of its corners or more."""
    x0, y0, x1, y1 = outer
    near, far = round(BEYOND[0] * pixels), round(BEYOND[1] * pixels)
    wide = stroke + 1
    corners = 0
    for right in (False, True):
        for low in (False, True):
            cx, cy = (x1 - wide if right else x0 - 1), (y1 - wide if low else y0 - 1)
            level = ink[max(cy, 0) : cy + wide + 1, slice(*((x1 + near, x1 + far) if right else _span(x0, near, far)))]
            upright = ink[slice(*((y1 + near, y1 + far) if low else _span(y0, near, far))), max(cx, 0) : cx + wide + 1]
            if (level.size and (level.max(axis=0) > 0).mean() > 0.8) or (
                upright.size and (upright.max(axis=1) > 0).mean() > 0.8
            ):
                corners += 1
    return corners >= 2


def _span(at: int, near: int, far: int) -> tuple[int, int]:
    return max(at - far, 0), max(at - near, 0)


# -- solid ----------------------------------------------------------------------------------------------------------


def _solid(ink: Mask, pixels: float, taken: Mask) -> Iterator[Shape]:
    import cv2
    import numpy as np

    size = max(3, round(SOLID * pixels))
    # Letters in a solid symbol are holes in it.
    core = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    if not core.any():
        return
    reach = round(40 * pixels)
    core = cv2.morphologyEx(core, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(core)
    slim = np.ones((max(3, round(2.2 * pixels)),) * 2, np.uint8)
    for i in range(1, count):
        x, y, w, h = (int(v) for v in stats[i, :4])
        pad = round(3 * pixels) + 2
        x0, y0 = max(x - pad, 0), max(y - pad, 0)
        window = ink[y0 : y + h + pad, x0 : x + w + pad]
        own = (labels[y0 : y + h + pad, x0 : x + w + pad] == i).astype(np.uint8)
        body = _whole(cv2.bitwise_or(cv2.morphologyEx((window > 0).astype(np.uint8), cv2.MORPH_OPEN, slim), own), 1.0)
        n, parts = cv2.connectedComponents(body)
        ids = np.unique(parts[own > 0])
        body = np.isin(parts, ids[ids > 0]).astype(np.uint8)
        bx, by, bw, bh = cv2.boundingRect(body)
        if min(bw, bh) < SMALLEST_SOLID * pixels or max(bw, bh) > 5 * reach or n == 0:
            continue
        pattern, share = best_pattern(body[by : by + bh, bx : bx + bw])
        if share < ALIKE - 0.03 or pattern.name == "triangle":
            continue
        outline = tuple((bx + x0 + px * bw, by + y0 + py * bh) for px, py in outline_of(pattern, bw, bh))
        shape = Shape(outline, len(outline) > 8, True, (x0, y0), cv2.dilate(body, np.ones((5, 5), np.uint8)) * 255)
        _paint(taken, shape)
        yield shape


# -- patterns -------------------------------------------------------------------------------------------------------


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
    for lean in (0.15, 0.25):
        slanted = ((lean, 0.0), (1.0, 0.0), (1 - lean, 1.0), (0.0, 1.0))
        out += [
            Pattern("slanted", slanted),
            Pattern("slanted", tuple((1 - x, y) for x, y in slanted)),
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
        out += [
            (cx + rx * cos((start + k / 8) * pi / 2), cy + ry * sin((start + k / 8) * pi / 2)) for k in range(9)
        ]
    return tuple(out)


def best_pattern(mask: Mask) -> tuple[Pattern, float]:
    """The pattern most like an area (cut to its box), and how much of their union both share."""
    import cv2
    import numpy as np

    height, width = mask.shape
    best: tuple[Pattern, float] = (patterns()[0], 0.0)
    own = int(np.count_nonzero(mask))
    for pattern in patterns():
        points: Any = np.array(outline_of(pattern, width, height)) * (width, height) * 16 - 8
        canvas = np.zeros_like(mask)
        cv2.fillPoly(canvas, [np.round(points).astype(np.int32)], 1, shift=4)
        both = int(np.count_nonzero(canvas & mask))
        share = both / max(1, own + int(np.count_nonzero(canvas)) - both)
        if share > best[1]:
            best = (pattern, share)
    return best
