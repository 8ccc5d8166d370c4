"""Arrowheads: small triangles, and two short strokes that meet in a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from sopparse.readers.outlines import Point, area_of, box_of, corners, hull

# An arrowhead is no longer than this (points); real ones measure 2.8 to 10.
LONGEST_HEAD = 14.5
SHORTEST_HEAD = 1.5
# A triangle fills half of its box; one that leans fills less, one whose corners are cut more.
_FILL = (0.3, 0.72)
# What is left of the hull when it is cut down to three corners; open heads of thick lines, drawn as areas, are blunt
# at the back and keep 0.69 (word processors and spreadsheets, lines of 2 points).
_TRIANGLE = 0.66
# The back of a head is at least this share of its length; anything slimmer is a piece of a line.
_SLIMMEST = 0.35
# The two strokes of an open head: how unequal, and the cosine of the angle between them.
_ARMS = 1.5
_ARM_ANGLE = (-0.4, 0.94)


@dataclass(frozen=True, slots=True)
class Head:
    """An arrowhead: where it points, the middle of its back, and its corners (the tip first)."""

    tip: Point
    back: Point
    shape: tuple[Point, ...]
    open: bool = False

    @property
    def length(self) -> float:
        return hypot(self.tip[0] - self.back[0], self.tip[1] - self.back[1])

    @property
    def direction(self) -> Point:
        length = self.length or 1.0
        return (self.tip[0] - self.back[0]) / length, (self.tip[1] - self.back[1]) / length


def triangle_head(points: Sequence[Point]) -> Head | None:
    """The arrowhead that a small closed outline draws; notched and cut triangles count by their hull."""
    box = box_of(points)
    width, height = box.x1 - box.x0, box.bottom - box.top
    if not (SHORTEST_HEAD <= max(width, height) <= LONGEST_HEAD) or min(width, height) < 0.8:
        return None
    outer = hull(points)
    area = area_of(outer)
    if len(outer) < 3 or not _FILL[0] <= area / (width * height) <= _FILL[1]:
        return None
    three = corners(outer, 0.0)
    if len(three) > 3:
        three = _three(outer)
    if area_of(three) < _TRIANGLE * area or area_of(three) < 0.25 * width * height:
        return None
    head = _pointed(three)
    base = hypot(head.shape[1][0] - head.shape[2][0], head.shape[1][1] - head.shape[2][1])
    return head if base >= _SLIMMEST * head.length else None


def _three(outer: list[Point]) -> list[Point]:
    kept = list(outer)
    while len(kept) > 3:
        del kept[min(range(len(kept)), key=lambda i: area_of([kept[i - 1], kept[i], kept[(i + 1) % len(kept)]]))]
    return kept


def _pointed(three: list[Point]) -> Head:
    """The tip is the corner between the two sides that are most alike."""

    def unlike(i: int) -> float:
        p, a, b = three[i], three[i - 1], three[(i + 1) % 3]
        return abs(hypot(p[0] - a[0], p[1] - a[1]) - hypot(p[0] - b[0], p[1] - b[1]))

    i = min(range(3), key=unlike)
    return head_at(three, i)


def head_at(three: Sequence[Point], i: int) -> Head:
    tip, a, b = three[i], three[i - 1], three[(i + 1) % 3]
    return Head(tip, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), (tip, a, b))


def open_head(a: Point, tip: Point, b: Point) -> Head | None:
    """The arrowhead that two strokes a-tip and tip-b draw, if they are short and alike."""
    ux, uy, vx, vy = a[0] - tip[0], a[1] - tip[1], b[0] - tip[0], b[1] - tip[1]
    one, two = hypot(ux, uy), hypot(vx, vy)
    if not (SHORTEST_HEAD <= one <= LONGEST_HEAD and SHORTEST_HEAD <= two <= LONGEST_HEAD):
        return None
    if max(one, two) > _ARMS * min(one, two):
        return None
    if not _ARM_ANGLE[0] <= (ux * vx + uy * vy) / (one * two) <= _ARM_ANGLE[1]:
        return None
    return Head(tip, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), (tip, a, b), open=True)


def open_heads(paths: Sequence[tuple[Point, ...]]) -> tuple[list[Head], set[int]]:
    """Heads drawn as strokes, and the positions of the paths that drew them.

    One path of three points whose middle is the tip, or two short slanting strokes that share an end. An upright elbow
    of a connector has arms along the axes; arms of a head slant, so only slanting arms count.
    """
    heads: list[Head] = []
    used: set[int] = set()
    ends: dict[tuple[int, int], list[tuple[int, Point, Point]]] = {}
    for i, points in enumerate(paths):
        if len(points) == 3:
            head = open_head(*points)
            if head is not None and _slanting(points[0], points[1]) and _slanting(points[1], points[2]):
                heads.append(head)
                used.add(i)
        elif len(points) == 2 and _slanting(*points):
            if hypot(points[1][0] - points[0][0], points[1][1] - points[0][1]) > LONGEST_HEAD:
                continue
            for at, other in (points, points[::-1]):
                ends.setdefault((round(at[0]), round(at[1])), []).append((i, at, other))
    for (x, y), group in ends.items():
        near = [one for dx in (-1, 0, 1) for dy in (-1, 0, 1) for one in ends.get((x + dx, y + dy), ())]
        for i, at, other in group:
            for j, at2, other2 in near:
                if j <= i or i in used or j in used or hypot(at[0] - at2[0], at[1] - at2[1]) > 1.0:
                    continue
                head = open_head(other, at, other2)
                if head is not None:
                    heads.append(head)
                    used |= {i, j}
    return heads, used


def _slanting(a: Point, b: Point) -> bool:
    dx, dy = abs(b[0] - a[0]), abs(b[1] - a[1])
    return min(dx, dy) > 0.12 * max(dx, dy)
