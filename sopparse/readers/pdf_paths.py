"""Path operators to points: straight pieces, Béziers flattened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

# Straight pieces of one Bézier segment: enough to tell an ellipse from a rounded box.
PIECES = 8

Point = tuple[float, float]


def flatten(path: Sequence[Any], matrix: Any) -> Iterator[tuple[tuple[Point, ...], bool, bool]]:
    """Each subpath as (points, closed, curved), in the coordinates that the matrix leads to.

    A closed outline does not repeat its first point.
    """
    a, b, c, d, e, f = matrix
    points: list[Point] = []
    closed = curved = False
    for segment in path:
        kind = segment[0]
        try:
            numbers = [float(n) for n in segment[1:]]
        except (TypeError, ValueError):
            continue
        if kind == "m":
            if len(points) > 1:
                yield _ended(points, closed, curved)
            points, closed, curved = [], False, False
        ends = [(a * x + c * y + e, b * x + d * y + f) for x, y in zip(numbers[::2], numbers[1::2], strict=False)]
        if kind == "m":
            points = ends[:1]
        elif not points:
            continue
        elif kind == "l":
            points.extend(ends[:1])
        elif kind in "cvy":
            points.extend(_bezier(points[-1], ends, kind))
            curved = True
        elif kind == "h":
            closed = True
    if len(points) > 1:
        yield _ended(points, closed, curved)


def _ended(points: list[Point], closed: bool, curved: bool) -> tuple[tuple[Point, ...], bool, bool]:
    first, last = points[0], points[-1]
    if len(points) > 2 and abs(first[0] - last[0]) < 0.01 and abs(first[1] - last[1]) < 0.01:
        return tuple(points[:-1]), True, curved
    return tuple(points), closed and len(points) > 2, curved


def _bezier(start: Point, ends: list[Point], kind: str) -> list[Point]:
    if kind == "c" and len(ends) == 3:
        one, two, end = ends
    elif kind == "v" and len(ends) == 2:
        one, two, end = start, ends[0], ends[1]
    elif kind == "y" and len(ends) == 2:
        one, two, end = ends[0], ends[1], ends[1]
    else:
        return ends[-1:]
    out = []
    for i in range(1, PIECES + 1):
        t = i / PIECES
        s = 1.0 - t
        k0, k1, k2, k3 = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        out.append(
            (
                k0 * start[0] + k1 * one[0] + k2 * two[0] + k3 * end[0],
                k0 * start[1] + k1 * one[1] + k2 * two[1] + k3 * end[1],
            )
        )
    return out
