"""Drawn lines to connectors: heads put on, pieces joined, ends tied to symbols, every way traced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import hypot

from sopparse.geometry import Box
from sopparse.page import Connector, Points
from sopparse.readers.arrowheads import Head
from sopparse.readers.lines import Line, ready_lines
from sopparse.readers.network import Network, Terminal
from sopparse.readers.outlines import (
    Point,
    box_of,
    distance_to_outline,
    distance_to_segment,
    inside,
)

# All distances in points. Exporters round to 0.1-0.5; people leave gaps of up to 10 when they draw by hand.
TOUCH = 2.6  # an end this near to a symbol is at it
JOIN = 2.6  # two ends this near are one
TEE = 2.0  # an end this near to the middle of a line meets it
OVERSHOOT = 6.0  # two ends that cross this near to their tips were meant to meet
GAP = 8.0  # two ends that face each other across this gap are one line
AHEAD = 10.5  # an end that points at a line this far ahead meets it
REACH = 26.0  # an end that points at a symbol this far ahead means it
BESIDE = 10.0  # an end this near to a symbol that it does not point at
STUB = 8.0  # a loose end this short beyond a meeting is an overshoot
# Two ends face each other (cosine).
_FACING = -0.9
# Trust in an end: it touches, it points at the symbol from afar, it is only near.
_POINTED, _NEAR = 0.95, 0.85


def trace(
    pieces: Sequence[list[Point]],
    chains: Sequence[list[Point]],
    heads: Sequence[Head],
    outlines: Sequence[Points],
    hidden: Callable[[Point, Point], bool],
) -> tuple[Connector, ...]:
    """All connectors among the symbols with these outlines, top to bottom.

    `hidden` says whether a straight piece between two points would not be seen, because a rule covers it.
    """
    lines = ready_lines(pieces, chains, heads)
    boxes = [box_of(outline) for outline in outlines]
    terminals = [_terminal(line, which, outlines, boxes) for line in lines for which in (0, 1)]
    network = Network([line.points for line in lines], terminals)

    def pointed(end: int) -> tuple[float, int] | None:
        return _pointed(lines[end // 2], end % 2, boxes, terminals[end ^ 1].symbol)

    _connect(network, lines, terminals, pointed)
    _bridge_hidden(network, terminals, hidden)
    _reach(network, lines, terminals, outlines, boxes, pointed)
    found = [Connector(tuple(w.points), w.source, w.target, w.headed, w.read) for w in network.ways(STUB)]
    found = [c for c in found if c.source is None or c.source != c.target]
    return tuple(sorted(_through(found, outlines, boxes), key=lambda c: (c.points[0][1], c.points[0][0])))


# -- ends -----------------------------------------------------------------------------------------------------------


def _terminal(line: Line, which: int, outlines: Sequence[Points], boxes: Sequence[Box]) -> Terminal:
    x, y = line.end(which)
    found = _nearest(x, y, outlines, boxes, TOUCH)
    return Terminal(line.end(which), line.heads[which] is not None, found[1] if found else None)


def _nearest(
    x: float, y: float, outlines: Sequence[Points], boxes: Sequence[Box], limit: float, but: int | None = None
) -> tuple[float, int] | None:
    best = None
    for i, (outline, box) in enumerate(zip(outlines, boxes, strict=True)):
        if i == but or not (box.x0 - limit <= x <= box.x1 + limit and box.top - limit <= y <= box.bottom + limit):
            continue
        distance = 0.0 if inside(x, y, outline) else distance_to_outline(x, y, outline)
        if distance <= limit and (best is None or distance < best[0]):
            best = (distance, i)
    return best


def _connect(
    network: Network,
    lines: Sequence[Line],
    terminals: Sequence[Terminal],
    pointed: Callable[[int], tuple[float, int] | None],
) -> None:
    """Joins the ends that no symbol holds: with each other, with the middle of a line, across small gaps."""
    free = [e for e, t in enumerate(terminals) if t.symbol is None]
    tails = [e for e in free if not terminals[e].headed]
    for n, e in enumerate(tails):
        for f in tails[n + 1 :]:
            if _apart(terminals, e, f) <= JOIN and e // 2 != f // 2:
                network.join(e, f)
    boxes = [box_of(line.points) for line in lines]
    for e in free:
        # A head close before a symbol means the symbol, even where it touches a line on its way.
        if network.joined(e) or (terminals[e].headed and (ahead := pointed(e)) is not None and ahead[0] <= AHEAD):
            continue
        x, y = terminals[e].at
        best = None
        for i, line in enumerate(lines):
            box = boxes[i]
            if i == e // 2 or not (box.x0 - TEE <= x <= box.x1 + TEE and box.top - TEE <= y <= box.bottom + TEE):
                continue
            for k in range(len(line.points) - 1):
                distance = distance_to_segment(x, y, line.points[k], line.points[k + 1])
                if distance <= TEE and (best is None or distance < best[0]):
                    best = (distance, i, k)
        if best is not None:
            network.meet(e, best[1], best[2])
    _bridge(network, lines, terminals, [e for e in tails if not network.joined(e)])


def _ahead(line: Line, x: float, y: float, dx: float, dy: float, limit: float) -> tuple[float, int] | None:
    """How far ahead of a point the line crosses its way, and on which of its pieces."""
    best = None
    for k in range(len(line.points) - 1):
        (ax, ay), (bx, by) = line.points[k], line.points[k + 1]
        ux, uy = bx - ax, by - ay
        cross = dx * uy - dy * ux
        if abs(cross) < 0.5 * hypot(ux, uy):
            continue
        distance = ((ax - x) * uy - (ay - y) * ux) / cross
        along = ((ax - x) * dy - (ay - y) * dx) / cross
        if 0 <= distance <= limit and 0 <= along <= 1 and (best is None or distance < best[0]):
            best = (distance, k)
    return best


def _apart(terminals: Sequence[Terminal], e: int, f: int) -> float:
    (ax, ay), (bx, by) = terminals[e].at, terminals[f].at
    return hypot(ax - bx, ay - by)


def _bridge(network: Network, lines: Sequence[Line], terminals: Sequence[Terminal], loose: list[int]) -> None:
    """Ends that overshoot their corner, and ends that face each other across a gap, nearest first."""
    offers = []
    for n, e in enumerate(loose):
        for f in loose[n + 1 :]:
            if abs(terminals[e].at[0] - terminals[f].at[0]) > GAP:
                continue
            distance = _apart(terminals, e, f)
            if distance > GAP or e // 2 == f // 2:
                continue
            (ux, uy), (vx, vy) = lines[e // 2].outward(e % 2), lines[f // 2].outward(f % 2)
            dx, dy = terminals[f].at[0] - terminals[e].at[0], terminals[f].at[1] - terminals[e].at[1]
            facing = ux * vx + uy * vy <= _FACING and abs(ux * dy - uy * dx) <= 1.5
            corner = abs(ux * vx + uy * vy) < 0.3 and distance <= OVERSHOOT
            if facing or corner:
                offers.append((distance, e, f))
    for _, e, f in sorted(offers):
        if not network.joined(e) and not network.joined(f):
            network.join(e, f, _POINTED)


def _bridge_hidden(network: Network, terminals: Sequence[Terminal], hidden: Callable[[Point, Point], bool]) -> None:
    """Loose ends on one rule: the line between them runs along the rule, nearest pairs first."""
    loose = [e for e, t in enumerate(terminals) if t.symbol is None and not t.headed and not network.joined(e)]
    offers = sorted(
        (_apart(terminals, e, f), e, f)
        for n, e in enumerate(loose)
        for f in loose[n + 1 :]
        if e // 2 != f // 2 and _in_line(terminals[e].at, terminals[f].at) and hidden(terminals[e].at, terminals[f].at)
    )
    for _, e, f in offers:
        if not network.joined(e) and not network.joined(f):
            network.join(e, f, _NEAR)


def _in_line(a: Point, b: Point) -> bool:
    return abs(a[0] - b[0]) <= JOIN or abs(a[1] - b[1]) <= JOIN


def _reach(
    network: Network,
    lines: Sequence[Line],
    terminals: Sequence[Terminal],
    outlines: Sequence[Points],
    boxes: Sequence[Box],
    pointed: Callable[[int], tuple[float, int] | None],
) -> None:
    """Ends that stop short of a symbol: the one they point at, else the nearest."""
    # A head says more about its symbol than a tail: heads first.
    for e in sorted(range(len(terminals)), key=lambda e: not terminals[e].headed):
        terminal = terminals[e]
        if terminal.symbol is not None or network.joined(e):
            continue
        x, y = terminal.at
        dx, dy = lines[e // 2].outward(e % 2)
        ahead = pointed(e)
        limit = min(AHEAD, ahead[0]) if ahead is not None else AHEAD
        certain = terminal.headed and ahead is not None and ahead[0] <= AHEAD
        hit = None if certain else _first_hit(lines, e, (x, y), (dx, dy), limit)
        if hit is None and ahead is None:
            hit = _first_hit(lines, e, (x, y), (-dx, -dy), OVERSHOOT)
        if hit is not None:
            network.meet(e, *hit)
            continue
        if ahead is not None:
            terminal.symbol, terminal.read = ahead[1], _POINTED
            continue
        near = _nearest(x, y, outlines, boxes, BESIDE, terminals[e ^ 1].symbol)
        if near is not None:
            terminal.symbol, terminal.read = near[1], _NEAR


def _first_hit(lines: Sequence[Line], end: int, at: Point, way: Point, limit: float) -> tuple[int, int] | None:
    """The line and its piece that one comes upon first on the way from an end."""
    hits = [
        (*hit, i)
        for i, line in enumerate(lines)
        if i != end // 2 and (hit := _ahead(line, *at, *way, limit)) is not None
    ]
    if not hits:
        return None
    _, piece, i = min(hits)
    return i, piece


def _pointed(line: Line, which: int, boxes: Sequence[Box], but: int | None) -> tuple[float, int] | None:
    """How far ahead of an end the nearest symbol lies that it points at, and which; `but` is none of them."""
    x, y = line.end(which)
    dx, dy = line.outward(which)
    best = None
    for i, box in enumerate(boxes):
        if i == but:
            continue
        mx, my = (box.x0 + box.x1) / 2 - x, (box.top + box.bottom) / 2 - y
        half = (abs(dx) * (box.x1 - box.x0) + abs(dy) * (box.bottom - box.top)) / 2
        side = (abs(dy) * (box.x1 - box.x0) + abs(dx) * (box.bottom - box.top)) / 2
        gap = mx * dx + my * dy - half
        if -half <= gap <= REACH and abs(mx * dy - my * dx) <= side + 1.0 and (best is None or gap < best[0]):
            best = (gap, i)
    return best


# -- lines under symbols --------------------------------------------------------------------------------------------


def _through(found: list[Connector], outlines: Sequence[Points], boxes: Sequence[Box]) -> list[Connector]:
    """A symbol without any connector that a line passes through: the line leads to it and on from it."""
    tied = {i for c in found for i in (c.source, c.target) if i is not None}
    for i, box in enumerate(boxes):
        if i in tied:
            continue
        x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        reach = 0.3 * min(box.x1 - box.x0, box.bottom - box.top)
        for c in found:
            at = next(
                (k for k in range(len(c.points) - 1) if distance_to_segment(x, y, *c.points[k : k + 2]) < reach), None
            )
            if at is not None:
                found.remove(c)
                middle = (x, y)
                found.append(Connector((*c.points[: at + 1], middle), c.source, i, c.headed, _POINTED * c.read))
                found.append(Connector((middle, *c.points[at + 1 :]), i, c.target, c.headed, _POINTED * c.read))
                break
    return found
