"""What a closed outline is: which flow-chart symbol, an arrowhead, or a line drawn as a thin area."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from sopparse.geometry import Box
from sopparse.page import Points, SymbolKind

Point = tuple[float, float]

# A corner or middle of the bounding box counts as touched within this share of the shorter side (plus the half width
# of a stroke). Measured on drawn shapes: square corners 0, a slightly rounded box 0.05 and more, a capsule 0.2.
TOUCHED = 0.035
_TOUCHED_POINTS = 0.35
# How unlike the corners of a box may be drawn (points); small printed boxes with round corners differ by 0.1.
ALIKE = 0.15
# Shares of the bounding box that an outline fills: a diamond 0.5, an ellipse 0.785, a capsule 0.8-0.95.
DIAMOND_EXTENT = (0.4, 0.62)
ELLIPSE_EXTENT = (0.73, 0.835)
FULL_EXTENT = 0.92
ROUND_EXTENT = 0.7
# Corners of an outline are counted after bends flatter than this share of the shorter side are dropped.
BEND = 0.04
# The wave of a document leaves its lower corners at heights that differ by this share of the shorter side.
WAVE = 0.04
# A circle is as wide as high within this.
ROUND_ASPECT = 0.14


def box_of(points: Sequence[Point]) -> Box:
    xs = [p[0] for p in points]
    ys = [p[1] for p in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def area_of(points: Sequence[Point]) -> float:
    total = 0.0
    x0, y0 = points[-1]
    for x1, y1 in points:
        total += x0 * y1 - x1 * y0
        x0, y0 = x1, y1
    return abs(total) / 2


def length_of(points: Sequence[Point]) -> float:
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))


def distance_to_segment(x: float, y: float, a: Point, b: Point) -> float:
    ax, ay = a
    dx, dy = b[0] - ax, b[1] - ay
    square = dx * dx + dy * dy
    if square == 0.0:
        return hypot(x - ax, y - ay)
    t = ((x - ax) * dx + (y - ay) * dy) / square
    t = 0.0 if t < 0.0 else 1.0 if t > 1.0 else t
    return hypot(x - ax - t * dx, y - ay - t * dy)


def distance_to_line(x: float, y: float, points: Sequence[Point]) -> float:
    """To the nearest point of an open polyline."""
    return min(distance_to_segment(x, y, a, b) for a, b in pairwise(points))


def distance_to_outline(x: float, y: float, points: Sequence[Point]) -> float:
    best = distance_to_segment(x, y, points[-1], points[0])
    return min(best, distance_to_line(x, y, points))


def inside(x: float, y: float, points: Sequence[Point]) -> bool:
    """Whether the point lies within the closed outline (even-odd)."""
    within = False
    x0, y0 = points[-1]
    for x1, y1 in points:
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            within = not within
        x0, y0 = x1, y1
    return within


def hull(points: Sequence[Point]) -> list[Point]:
    """The convex hull, corners in order (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered

    def half(run: Sequence[Point]) -> list[Point]:
        out: list[Point] = []
        for p in run:
            while len(out) > 1 and _turn(out[-2], out[-1], p) <= 0:
                out.pop()
            out.append(p)
        return out[:-1]

    return half(ordered) + half(ordered[::-1])


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def corners(points: Sequence[Point], tolerance: float) -> list[Point]:
    """The corners of a closed outline: bends that stand out no more than `tolerance` are dropped (Douglas-Peucker)."""
    ring = [p for i, p in enumerate(points) if abs(p[0] - points[i - 1][0]) + abs(p[1] - points[i - 1][1]) > 1e-6]
    if len(ring) < 4:
        return ring
    cx, cy = sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    start = max(range(len(ring)), key=lambda i: (ring[i][0] - cx) ** 2 + (ring[i][1] - cy) ** 2)
    ring = ring[start:] + ring[:start]
    x, y = ring[0]
    far = max(range(len(ring)), key=lambda i: (ring[i][0] - x) ** 2 + (ring[i][1] - y) ** 2)
    ring.append(ring[0])
    kept = {0, far}
    todo = [(0, far), (far, len(ring) - 1)]
    while todo:
        low, high = todo.pop()
        if high - low < 2:
            continue
        worst, at = max((distance_to_segment(*ring[i], ring[low], ring[high]), i) for i in range(low + 1, high))
        if worst > tolerance:
            kept.add(at)
            todo += [(low, at), (at, high)]
    return [ring[i] for i in sorted(kept)]


# -- symbols --------------------------------------------------------------------------------------------------------


def classify(points: Points) -> SymbolKind:
    """The symbol that a closed outline draws, by how it fills and touches its bounding box."""
    box = box_of(points)
    width, height = box.x1 - box.x0, box.bottom - box.top
    short = min(width, height)
    extent = area_of(points) / (width * height)
    middle_x, middle_y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    edge = TOUCHED * short + _TOUCHED_POINTS

    def gap(x: float, y: float) -> float:
        return distance_to_outline(x, y, points)

    # Clockwise from the top left; the middle i lies between the corners i and i + 1.
    corner = [gap(box.x0, box.top), gap(box.x1, box.top), gap(box.x1, box.bottom), gap(box.x0, box.bottom)]
    middle = [gap(middle_x, box.top), gap(box.x1, middle_y), gap(middle_x, box.bottom), gap(box.x0, middle_y)]
    touched = [g <= edge for g in corner]
    if max(corner) - min(corner) <= ALIKE:
        # Corners that are all alike are rounded or square together; drawn arcs need no allowance for strokes.
        arcs = len(corners(points, 0.02 * short)) > 6
        touched = [sum(corner) / 4 <= (TOUCHED * short + ALIKE if arcs else edge)] * 4
    if all(touched):
        return "process" if extent >= FULL_EXTENT else "other"
    if not any(touched):
        return _cornerless(points, extent, short, all(g <= 2 * edge for g in middle))
    return _half_cornered(points, corner, middle, touched, extent, short)


def _cornerless(points: Points, extent: float, short: float, centred: bool) -> SymbolKind:
    if not centred:
        return "other"
    if DIAMOND_EXTENT[0] <= extent <= DIAMOND_EXTENT[1]:
        return "decision"
    if extent < ROUND_EXTENT:
        return "other"
    # Six straight sides are a preparation, not a capsule.
    return "other" if len(corners(points, BEND * short / 2)) <= 6 else "terminator"


def _half_cornered(
    points: Points, corner: list[float], middle: list[float], touched: list[bool], extent: float, short: float
) -> SymbolKind:
    """Outlines that touch some corners: a pentagon points to one side, a document has a wave below."""
    if sum(touched) == 3:
        # A slightly rounded or snipped corner, or the shallow wave of a document.
        wavy = (not touched[2] or not touched[3]) and len(corners(points, BEND * short / 2)) > 5
        return "document" if wavy else "process" if extent >= FULL_EXTENT else "other"
    for i in range(4):
        left, right = touched[i], touched[(i + 1) % 4]
        far, near = corner[(i + 2) % 4], corner[(i + 3) % 4]
        if not (left and right) or touched[(i + 2) % 4] or touched[(i + 3) % 4]:
            continue
        even = abs(far - near) <= WAVE * short + 0.3
        pointed = middle[(i + 2) % 4] <= 2 * (TOUCHED * short + _TOUCHED_POINTS)
        count = len(corners(points, BEND * short))
        if even and pointed:
            return "off-page" if count == 5 and extent > DIAMOND_EXTENT[1] else "other"
        if i == 0 and extent >= ROUND_EXTENT:
            return "document"
    return "other"


def is_circle(points: Points) -> bool:
    box = box_of(points)
    width, height = box.x1 - box.x0, box.bottom - box.top
    return (
        abs(width - height) <= ROUND_ASPECT * max(width, height)
        and ELLIPSE_EXTENT[0] <= area_of(points) / (width * height) <= ELLIPSE_EXTENT[1]
        and len(corners(points, 0.02 * width)) > 6
    )


# -- lines drawn as areas -------------------------------------------------------------------------------------------

# The widest stroke that is still a line and not a bar, in points; and how much longer than wide a line is at least.
LINE_WIDTH = 3.0
LINE_RATIO = 2.5


def thin_width(points: Sequence[Point]) -> float | None:
    """The width of the line that a filled outline draws; None where it draws something thicker."""
    area = area_of(points)
    around = length_of(points) + hypot(points[0][0] - points[-1][0], points[0][1] - points[-1][1])
    if around == 0.0:
        return None
    width = 2 * area / around
    return width if width <= LINE_WIDTH and around >= 2 * LINE_RATIO * max(width, 0.3) else None


def middle_lines(points: Sequence[Point], width: float) -> list[list[Point]]:
    """The middle of a line drawn as a thin area: its long sides are paired, each pair is one straight piece.

    Pieces that follow each other are one polyline with its bends.
    """
    sides = [
        (points[i - 1], points[i], hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]))
        for i in range(len(points))
    ]
    reach = 1.8 * width + 0.4
    pieces: list[tuple[Point, Point]] = []
    free = [side for side in sides if side[2] > max(1.2 * width, 0.6)]
    while free:
        side = free.pop(0)
        partner = next((other for other in free if _facing(side, other, reach)), None)
        if partner is None:
            continue
        free.remove(partner)
        pieces.append(_between(side, partner))
    return _chained(pieces, 2.5 * width + 1.0)


def _facing(one: tuple[Point, Point, float], other: tuple[Point, Point, float], reach: float) -> bool:
    (ax, ay), (bx, by), length = one
    (cx, cy), (dx, dy), size = other
    ux, uy = (bx - ax) / length, (by - ay) / length
    if (ux * (dx - cx) + uy * (dy - cy)) / size > -0.98:
        return False
    if abs(ux * (cy - ay) - uy * (cx - ax)) > reach and abs(ux * (dy - ay) - uy * (dx - ax)) > reach:
        return False
    start, end = sorted((ux * (cx - ax) + uy * (cy - ay), ux * (dx - ax) + uy * (dy - ay)))
    return min(end, length) - max(start, 0.0) > 0.5 * min(length, size)


def _between(one: tuple[Point, Point, float], other: tuple[Point, Point, float]) -> tuple[Point, Point]:
    """The line half way between two facing sides, as long as both together."""
    (ax, ay), (bx, by), length = one
    ux, uy = (bx - ax) / length, (by - ay) / length
    shift = sum(ux * (y - ay) - uy * (x - ax) for x, y in other[:2]) / 4
    along = [0.0, length, *(ux * (x - ax) + uy * (y - ay) for x, y in other[:2])]
    ox, oy = ax - uy * shift, ay + ux * shift
    low, high = min(along), max(along)
    return (ox + ux * low, oy + uy * low), (ox + ux * high, oy + uy * high)


def _chained(pieces: list[tuple[Point, Point]], reach: float) -> list[list[Point]]:
    chains: list[list[Point]] = []
    for a, b in pieces:
        last = chains[-1] if chains else None
        if last is not None:
            if len(last) == 2 and _near(last[0], a, b) < _near(last[1], a, b):
                last.reverse()
            if _near(last[-1], a, b) <= reach:
                far = b if hypot(last[-1][0] - a[0], last[-1][1] - a[1]) <= reach else a
                last[-1] = _meet(last[-2], last[-1], a, b)
                last.append(far)
                continue
        chains.append([a, b])
    return chains


def _near(p: Point, a: Point, b: Point) -> float:
    return min(hypot(p[0] - a[0], p[1] - a[1]), hypot(p[0] - b[0], p[1] - b[1]))


def _meet(a: Point, b: Point, c: Point, d: Point) -> Point:
    """Where the lines a-b and c-d cross; b where they are parallel."""
    ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    cross = ux * vy - uy * vx
    if abs(cross) < 1e-6:
        return b
    t = ((c[0] - a[0]) * vy - (c[1] - a[1]) * vx) / cross
    return a[0] + t * ux, a[1] + t * uy
