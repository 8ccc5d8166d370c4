"""Borders of table cells: which drawn lines are rules, and which connectors merely run along one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sopparse.geometry import Box
from sopparse.readers.outlines import Point

# How far a line may lie beside a border (points): half of the thickest rule, and the rounding of exporters.
BESIDE = 1.6
# How far the end of a rule may lie from the corner of a cell.
CORNER = 2.2

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Borders:
    """Where cells have edges: for each upright and level coordinate the stretches of border on it."""

    upright: tuple[tuple[float, tuple[Interval, ...]], ...]
    level: tuple[tuple[float, tuple[Interval, ...]], ...]

    def along(self, a: Point, b: Point) -> tuple[bool, float, Interval] | None:
        """Whether the straight piece lies on a border: (upright, coordinate, stretch); None where it does not."""
        if abs(a[0] - b[0]) <= BESIDE and abs(a[1] - b[1]) > abs(a[0] - b[0]):
            return self._on(self.upright, True, (a[0] + b[0]) / 2, a[1], b[1])
        if abs(a[1] - b[1]) <= BESIDE:
            return self._on(self.level, False, (a[1] + b[1]) / 2, a[0], b[0])
        return None

    def _on(
        self, lines: tuple[tuple[float, tuple[Interval, ...]], ...], upright: bool, at: float, p: float, q: float
    ) -> tuple[bool, float, Interval] | None:
        low, high = min(p, q), max(p, q)
        start = bisect_left(lines, (at - BESIDE,))
        for where, stretches in lines[start:]:
            if where > at + BESIDE:
                break
            if any(s - CORNER <= low and high <= e + CORNER for s, e in stretches):
                return upright, where, (low, high)
        return None

    def hides(self, a: Point, b: Point) -> bool:
        """Whether a line from a to b would lie on a border inside the table, where nobody could see it."""
        found = self.along(a, b)
        if found is None:
            return False
        lines = self.upright if found[0] else self.level
        return lines[0][0] < found[1] < lines[-1][0]

    def at_joint(self, upright: bool, value: float) -> bool:
        """Whether a line along a border that ends at `value` ends at the corner of cells."""
        across = self.level if upright else self.upright
        i = bisect_left(across, (value - CORNER,))
        return i < len(across) and across[i][0] <= value + CORNER


def borders_of(cells: Iterable[Box]) -> Borders:
    upright: dict[float, list[Interval]] = {}
    level: dict[float, list[Interval]] = {}
    for cell in cells:
        for x in (cell.x0, cell.x1):
            upright.setdefault(round(x, 1), []).append((cell.top, cell.bottom))
        for y in (cell.top, cell.bottom):
            level.setdefault(round(y, 1), []).append((cell.x0, cell.x1))
    return Borders(_merged(upright), _merged(level))


def _merged(lines: dict[float, list[Interval]]) -> tuple[tuple[float, tuple[Interval, ...]], ...]:
    out: list[tuple[float, list[Interval]]] = []
    for at in sorted(lines):
        if out and at - out[-1][0] <= 1.0:
            out[-1][1].extend(lines[at])
        else:
            out.append((at, list(lines[at])))
    return tuple((at, tuple(_union(stretches))) for at, stretches in out)


def _union(stretches: list[Interval]) -> list[Interval]:
    out: list[Interval] = []
    for low, high in sorted(stretches):
        if out and low <= out[-1][1] + 2.0:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return out


def is_frame(box: Box, borders: Borders) -> bool:
    """Whether all four sides lie on borders: a cell, a group of cells, a shaded heading."""
    sides = (
        ((box.x0, box.top), (box.x1, box.top)),
        ((box.x0, box.bottom), (box.x1, box.bottom)),
        ((box.x0, box.top), (box.x0, box.bottom)),
        ((box.x1, box.top), (box.x1, box.bottom)),
    )
    return all(borders.along(a, b) is not None for a, b in sides)


def without_rules(pieces: Sequence[tuple[Point, Point]], borders: Borders) -> list[tuple[Point, Point]]:
    """The straight pieces that are no rules.

    A piece along a border is a rule, unless it ends somewhere between two corners of cells and the border it lies on is
    drawn anyway without it: then it is a connector that runs along a rule.
    """
    kept: list[tuple[Point, Point]] = []
    ruled: dict[tuple[bool, float], list[Interval]] = {}
    doubtful: list[tuple[tuple[Point, Point], tuple[bool, float], Interval]] = []
    for piece in pieces:
        found = borders.along(*piece)
        if found is None:
            kept.append(piece)
            continue
        upright, where, stretch = found
        if borders.at_joint(upright, stretch[0]) and borders.at_joint(upright, stretch[1]):
            ruled.setdefault((upright, where), []).append(stretch)
        else:
            doubtful.append((piece, (upright, where), stretch))
    unions = {key: _union(stretches) for key, stretches in ruled.items()}
    for piece, key, (low, high) in doubtful:
        stretches = unions.get(key, [])
        i = bisect_right(stretches, (low + CORNER, float("inf"))) - 1
        if i >= 0 and stretches[i][0] <= low + CORNER and high - CORNER <= stretches[i][1]:
            kept.append(piece)
    return kept
