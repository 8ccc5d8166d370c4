"""Outlines whose sides are drawn one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import hypot

from sopparse.page import Points
from sopparse.readers.outlines import Point

# Ends of the sides of one outline meet within this (points).
_SIDES_MEET = 1.0
# A side is no longer than this (points); an outline has no more sides, arcs included; ways tried for each side.
_LONGEST_SIDE = 160.0
_MOST_SIDES = 12
_LOOP_TRIES = 200
# On a page with more sides than this nothing is closed: it is a map or a hatched picture.
_MOST_LINES = 4000


def closed_outlines(lines: Sequence[list[Point]]) -> tuple[list[Points], set[int]]:
    """Sides drawn one by one: lines that meet end to end, always turn the same way, and come back to the start.

    The outlines, and the positions of the lines that draw them.
    """
    outlines: list[Points] = []
    if len(lines) > _MOST_LINES:
        return [], set()
    short = [i for i, line in enumerate(lines) if _span(line) <= _LONGEST_SIDE]
    ends: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for i in short:
        for end in (0, -1):
            x, y = lines[i][end]
            ends.setdefault((round(x / 2), round(y / 2)), []).append((i, end))

    def partners(x: float, y: float) -> Iterator[tuple[int, int]]:
        kx, ky = round(x / 2), round(y / 2)
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                for j, end in ends.get((kx + dx, ky + dy), ()):
                    if abs(lines[j][end][0] - x) <= _SIDES_MEET and abs(lines[j][end][1] - y) <= _SIDES_MEET:
                        yield j, end

    used: set[int] = set()
    for start in short:
        if start in used:
            continue
        for first in (lines[start], lines[start][::-1]):
            found = _loop(start, first, lines, partners, used)
            if found is not None:
                outlines.append(tuple(found[1]))
                used.update(found[0])
                break
    return outlines, used


def _span(line: Sequence[Point]) -> float:
    return max(abs(line[-1][0] - line[0][0]), abs(line[-1][1] - line[0][1]))


def _loop(
    start: int,
    first: list[Point],
    lines: Sequence[list[Point]],
    partners: Callable[[float, float], Iterator[tuple[int, int]]],
    used: set[int],
) -> tuple[list[int], list[Point]] | None:
    """A way from the line over others back to its start that only ever turns to the right."""
    todo: list[tuple[list[int], list[Point]]] = [([start], list(first))]
    tries = 0
    while todo and tries < _LOOP_TRIES:
        tries += 1
        path, points = todo.pop()
        x, y = points[-1]
        if len(path) > 1 and abs(x - first[0][0]) <= _SIDES_MEET and abs(y - first[0][1]) <= _SIDES_MEET:
            if len(points) > 3:
                return path, points[:-1]
            continue
        if len(path) >= _MOST_SIDES:
            continue
        for j, end in partners(x, y):
            if j in path or j in used:
                continue
            onward = lines[j] if end == 0 else lines[j][::-1]
            if _turns_right(points[-2], points[-1], onward[1]):
                todo.append(([*path, j], [*points, *onward[1:]]))
    return None


def _turns_right(a: Point, b: Point, c: Point) -> bool:
    ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]
    return ux * vy - uy * vx >= -0.05 * hypot(ux, uy) * hypot(vx, vy)
