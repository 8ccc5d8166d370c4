"""Where symbols stand and how the arrows run: upright lines that a person could tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

Point = tuple[float, float]
Route = list[Point]

# Lines of different arrows keep this far apart (points), except where they cross.
CLEAR = 3.4
# And from symbols they have no business with.
BESIDE = 3.2


@dataclass(slots=True)
class Spot:
    """A symbol on its page."""

    x: float
    y: float
    width: float
    height: float
    sides: set[str] = field(default_factory=set)

    @property
    def box(self) -> tuple[float, float, float, float]:
        return (self.x - self.width / 2, self.y - self.height / 2, self.x + self.width / 2, self.y + self.height / 2)

    def port(self, side: str) -> Point:
        x0, top, x1, bottom = self.box
        return {"l": (x0, self.y), "r": (x1, self.y), "t": (self.x, top), "b": (self.x, bottom)}[side]


@dataclass(slots=True)
class Drawn:
    source: int
    target: int
    route: Route
    head: bool = True
    merged: bool = False
    both: bool = False  # a head at each end


def segments(route: Route) -> Iterator[tuple[Point, Point]]:
    yield from pairwise(route)


def templates(
    rng: Random, a: Spot, b: Spot, channels: list[float], levels: list[float], free_exit: set[str]
) -> Iterator[tuple[str, str, Route]]:
    """Ways from a to b as people draw them: (side left, side entered, points)."""
    plain: list[tuple[str, str, Route]] = []
    if abs(a.x - b.x) < 3 and b.y > a.y:
        plain.append(("b", "t", [a.port("b"), (a.x, b.port("t")[1])]))
    if abs(a.y - b.y) < 3:
        plain.append(
            ("r", "l", [a.port("r"), (b.port("l")[0], a.y)])
            if b.x > a.x
            else ("l", "r", [a.port("l"), (b.port("r")[0], a.y)])
        )
    side = "r" if b.x > a.x else "l"
    into = "l" if b.x > a.x else "r"
    if abs(a.x - b.x) > max(a.width, b.width) / 2 + 6:
        if b.y - b.height / 2 - a.y > 8:
            plain.append((side, "t", [a.port(side), (b.x, a.y), b.port("t")]))
        if b.y - a.y - a.height / 2 > 8:
            plain.append(("b", into, [a.port("b"), (a.x, b.y), b.port(into)]))
        if a.y - a.height / 2 - b.y > 8:
            plain.append(("t", into, [a.port("t"), (a.x, b.y), b.port(into)]))
        if a.y - b.y - b.height / 2 > 8:
            plain.append((side, "b", [a.port(side), (b.x, a.y), b.port("b")]))
    rng.shuffle(plain)
    yield from (p for p in plain if p[0] in free_exit)
    more: list[tuple[str, str, Route]] = [
        ("b", "t", [a.port("b"), (a.x, y), (b.x, y), b.port("t")])
        for y in levels
        if a.port("b")[1] + 6 < y < b.port("t")[1] - 8 and abs(a.x - b.x) > 6
    ]
    for x in channels:
        for out in ("l", "r"):
            for enter in ("l", "r"):
                start, end = a.port(out), b.port(enter)
                if (
                    (x < start[0] - 5) == (out == "l")
                    and (x > start[0] + 5) == (out == "r")
                    and ((enter == "l" and x < end[0] - 10) or (enter == "r" and x > end[0] + 10))
                ):
                    more.append((out, enter, [start, (x, start[1]), (x, end[1]), end]))
    rng.shuffle(more)
    # Short ways first, as people do.
    more.sort(key=lambda m: sum(abs(p[0] - q[0]) + abs(p[1] - q[1]) for p, q in segments(m[2])) * rng.uniform(0.8, 1.2))
    yield from (m for m in more if m[0] in free_exit)


def merging(a: Spot, trunk: Route, channels: list[float], rng: Random) -> Iterator[Route]:
    """Ways from a to the middle of a line that is already there."""
    ways: list[Route] = []
    for (px, py), (qx, qy) in segments(trunk):
        if abs(px - qx) < 0.1 and abs(py - qy) > 18:
            low, high = min(py, qy) + 7, max(py, qy) - 7
            side = "r" if px > a.x else "l"
            if low < a.y < high and abs(px - a.x) > a.width / 2 + 8:
                ways.append([a.port(side), (px, a.y)])
            y = rng.uniform(low, high)
            if y > a.y + a.height / 2 + 6 and abs(px - a.x) > 6:
                ways.append([a.port("b"), (a.x, y), (px, y)])
        elif abs(py - qy) < 0.1 and abs(px - qx) > 18:
            low, high = min(px, qx) + 7, max(px, qx) - 7
            out = "b" if py > a.y else "t"
            if low < a.x < high and abs(py - a.y) > a.height / 2 + 8:
                ways.append([a.port(out), (a.x, py)])
            for x in channels:
                side = "r" if x > a.x else "l"
                if low < x < high and abs(x - a.x) > a.width / 2 + 5:
                    ways.append([a.port(side), (x, a.y), (x, py)])
    rng.shuffle(ways)
    yield from ways


def fits(
    route: Route, ends: tuple[int, int], spots: dict[int, Spot], drawn: list[Drawn], trunk: Drawn | None = None
) -> bool:
    """Whether a person could follow the line: it meets no other symbol and runs on no other line."""
    for n, spot in spots.items():
        x0, top, x1, bottom = spot.box
        # At its own symbols a line may touch the edge but not run through.
        grow = -0.8 if n in ends else BESIDE
        for (px, py), (qx, qy) in segments(route):
            if (
                max(px, qx) > x0 - grow
                and min(px, qx) < x1 + grow
                and max(py, qy) > top - grow
                and min(py, qy) < bottom + grow
            ):
                return False
    for other in drawn:
        if not _apart(route, other.route, other is trunk):
            return False
    return all(abs(p[0] - q[0]) + abs(p[1] - q[1]) > 4 for p, q in segments(route))


def _apart(one: Route, other: Route, joining: bool) -> bool:
    points = one[:-1] if joining else one
    if any(_near(p, a, b) for p in points for a, b in segments(other)):
        return False
    if any(_near(p, a, b) for p in other for a, b in segments(one)):
        return False
    crossings = 0
    for a, b in segments(one):
        for c, d in segments(other):
            crossings += _cross(a, b, c, d)
    return crossings <= (1 if joining else 4)


def _near(p: Point, a: Point, b: Point) -> bool:
    return (
        min(a[0], b[0]) - CLEAR < p[0] < max(a[0], b[0]) + CLEAR
        and min(a[1], b[1]) - CLEAR < p[1] < max(a[1], b[1]) + CLEAR
    )


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return (
        min(a[0], b[0]) <= max(c[0], d[0])
        and min(c[0], d[0]) <= max(a[0], b[0])
        and min(a[1], b[1]) <= max(c[1], d[1])
        and min(c[1], d[1]) <= max(a[1], b[1])
    )
