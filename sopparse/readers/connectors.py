"""Drawn lines to connectors: heads put on, pieces joined, ends tied to symbols, every way traced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import hypot

from sopparse.geometry import Box
from sopparse.page import Connector, Points
from sopparse.readers.arrowheads import Head, head_at
from sopparse.readers.network import Network, Terminal
from sopparse.readers.outlines import (
    Point,
    box_of,
    distance_to_outline,
    distance_to_segment,
    inside,
    length_of,
)

# All distances in points. Exporters round to 0.1-0.5; people leave gaps of up to 10 when they draw by hand.
TOUCH = 2.6  # an end this near to a symbol is at it
JOIN = 2.6  # two ends this near are one
TEE = 2.0  # an end this near to the middle of a line meets it
OVERSHOOT = 6.0  # two ends that cross this near to their tips were meant to meet
GAP = 8.0  # two ends that face each other across this gap are one line
AHEAD = 8.0  # an end that points at a line this far ahead meets it
REACH = 26.0  # an end that points at a symbol this far ahead means it
BESIDE = 10.0  # an end this near to a symbol that it does not point at
STUB = 8.0  # a loose end this short beyond a meeting is an overshoot
HEAD_NEAR = 3.0  # an end this near to an arrowhead carries it
_SAME_LINE = 0.7
_SAME_LINE_GAP = 1.2
# Cosines: an end and its head point the same way; two ends face each other.
_SAME_WAY = 0.6
_FACING = -0.9
# Trust in an end: it touches, it points at the symbol from afar, it is only near.
_POINTED, _NEAR = 0.95, 0.85


@dataclass(slots=True)
class Line:
    points: list[Point]
    heads: list[Head | None] = field(default_factory=lambda: [None, None])

    def end(self, which: int) -> Point:
        head = self.heads[which]
        return head.tip if head is not None else self.points[-which]

    def outward(self, which: int) -> Point:
        """The direction in which the line leaves at this end."""
        head = self.heads[which]
        if head is not None:
            return head.direction
        run = self.points if which else self.points[::-1]
        x, y = run[-1]
        for px, py in reversed(run[:-1]):
            size = hypot(x - px, y - py)
            if size > 1.0 or (px, py) == run[0]:
                return ((x - px) / size, (y - py) / size) if size else (0.0, 0.0)
        return 0.0, 0.0


def trace(
    pieces: Sequence[list[Point]], chains: Sequence[list[Point]], heads: Sequence[Head], outlines: Sequence[Points]
) -> tuple[Connector, ...]:
    """All connectors among the symbols with these outlines, top to bottom."""
    lines = [Line(points) for points in [*_joined_straight(pieces), *chains]]
    lines = _with_heads(lines, heads)
    boxes = [box_of(outline) for outline in outlines]
    terminals = [_terminal(line, which, outlines, boxes) for line in lines for which in (0, 1)]
    network = Network([line.points for line in lines], terminals)
    _connect(network, lines, terminals)
    _reach(network, lines, terminals, outlines, boxes)
    found = [Connector(tuple(w.points), w.source, w.target, w.headed, w.read) for w in network.ways(STUB)]
    found = [c for c in found if c.source is None or c.source != c.target]
    return tuple(sorted(_through(found, outlines, boxes), key=lambda c: (c.points[0][1], c.points[0][0])))


def _joined_straight(pieces: Sequence[list[Point]]) -> list[list[Point]]:
    """Straight pieces along the axes that touch or overlap on one line are one piece."""
    out: list[list[Point]] = []
    groups: tuple[list[list[Point]], list[list[Point]]] = ([], [])
    for piece in pieces:
        (ax, ay), (bx, by) = piece
        if abs(ay - by) <= 0.02 * abs(ax - bx) + 0.1:
            groups[0].append(sorted(piece))
        elif abs(ax - bx) <= 0.02 * abs(ay - by) + 0.1:
            groups[1].append(sorted(piece, key=lambda p: p[1]))
        else:
            out.append(piece)
    for along, group in enumerate(groups):
        across = 1 - along
        group.sort(key=lambda piece: (piece[0][across], piece[0][along]))
        open_runs: list[list[Point]] = []
        for piece in sorted(group, key=lambda piece: piece[0][along]):
            run = next(
                (
                    r
                    for r in open_runs
                    if abs(r[1][across] - piece[0][across]) <= _SAME_LINE
                    and piece[0][along] - r[1][along] <= _SAME_LINE_GAP
                ),
                None,
            )
            if run is None:
                open_runs.append(list(piece))
            elif piece[1][along] > run[1][along]:
                run[1] = piece[1]
        out.extend(open_runs)
    return out


# -- heads ----------------------------------------------------------------------------------------------------------


def _with_heads(lines: list[Line], heads: Sequence[Head]) -> list[Line]:
    """The lines with their heads; a line that runs on under a head is cut at the tip."""
    offers = []
    for h, head in enumerate(heads):
        for i, line in enumerate(lines):
            for which in (0, 1):
                x, y = line.points[-which]
                if abs(x - head.tip[0]) > 20 or abs(y - head.tip[1]) > 20:
                    continue
                fitted = _fits(head, x, y, line.outward(which))
                if fitted is not None:
                    offers.append((fitted[0], h, i, which, fitted[1]))
    taken: set[int] = set()
    for _, h, i, which, head in sorted(offers, key=lambda o: o[0]):
        if h not in taken and lines[i].heads[which] is None:
            lines[i].heads[which] = head
            taken.add(h)
    out = list(lines)
    for h, head in enumerate(heads):
        if h not in taken:
            _cut_at_head(out, head)
    return out


def _fits(head: Head, x: float, y: float, outward: Point) -> tuple[float, Head] | None:
    """How far an end lies from the head it may carry (None: it does not), and the head, turned the right way."""
    if head.open:
        distance = hypot(x - head.tip[0], y - head.tip[1])
    elif inside(x, y, head.shape):
        distance = 0.0
    else:
        distance = distance_to_outline(x, y, head.shape)
    if distance > HEAD_NEAR:
        return None
    for turned in (head, *_turned(head)):
        dx, dy = turned.direction
        if dx * outward[0] + dy * outward[1] >= _SAME_WAY:
            # The line comes in along the axis of the head.
            aside = abs(dx * (y - turned.back[1]) - dy * (x - turned.back[0]))
            return distance + aside, turned
    return None


def _turned(head: Head) -> Iterator[Head]:
    """The other ways in which a triangle of nearly equal sides may point."""
    if head.open:
        return
    sides = [hypot(a[0] - b[0], a[1] - b[1]) for a, b in zip(head.shape, head.shape[1:] + head.shape[:1], strict=True)]
    if max(sides) < 1.08 * min(sides):
        yield head_at(head.shape, 1)
        yield head_at(head.shape, 2)


def _cut_at_head(lines: list[Line], head: Head) -> None:
    for line in list(lines):
        for k in range(len(line.points) - 1):
            a, b = line.points[k], line.points[k + 1]
            if distance_to_segment(*head.tip, a, b) > 1.5 or distance_to_segment(*head.back, a, b) > 1.5:
                continue
            size = hypot(b[0] - a[0], b[1] - a[1])
            dx, dy = head.direction
            way = (dx * (b[0] - a[0]) + dy * (b[1] - a[1])) / size if size else 0.0
            if abs(way) < 0.9:
                continue
            before, after = [*line.points[: k + 1], head.tip], [head.tip, *line.points[k + 1 :]]
            first, second = Line(before, [line.heads[0], None]), Line(after, [None, line.heads[1]])
            if way > 0:
                first.heads[1] = head
            else:
                second.heads[0] = head
            lines.remove(line)
            lines += [part for part in (first, second) if length_of(part.points) > 1.0]
            return


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
        if i == but or not (
            box.x0 - limit <= x <= box.x1 + limit and box.top - limit <= y <= box.bottom + limit
        ):
            continue
        distance = 0.0 if inside(x, y, outline) else distance_to_outline(x, y, outline)
        if distance <= limit and (best is None or distance < best[0]):
            best = (distance, i)
    return best


def _connect(network: Network, lines: Sequence[Line], terminals: Sequence[Terminal]) -> None:
    """Joins the ends that no symbol holds: with each other, with the middle of a line, across small gaps."""
    free = [e for e, t in enumerate(terminals) if t.symbol is None]
    tails = [e for e in free if not terminals[e].headed]
    for n, e in enumerate(tails):
        for f in tails[n + 1 :]:
            if _apart(terminals, e, f) <= JOIN and e // 2 != f // 2:
                network.join(e, f)
    boxes = [box_of(line.points) for line in lines]
    for e in free:
        if network.joined(e):
            continue
        x, y = terminals[e].at
        best = None
        for i, line in enumerate(lines):
            box = boxes[i]
            if i == e // 2 or not (
                box.x0 - TEE <= x <= box.x1 + TEE and box.top - TEE <= y <= box.bottom + TEE
            ):
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
            network.join(e, f)
            terminals[e].read = min(terminals[e].read, _POINTED)


def _reach(
    network: Network,
    lines: Sequence[Line],
    terminals: Sequence[Terminal],
    outlines: Sequence[Points],
    boxes: Sequence[Box],
) -> None:
    """Ends that stop short of a symbol: the one they point at, else the nearest."""
    for e, terminal in enumerate(terminals):
        if terminal.symbol is not None or network.joined(e):
            continue
        other = terminals[e ^ 1].symbol
        x, y = terminal.at
        dx, dy = lines[e // 2].outward(e % 2)
        ahead = []
        for i, box in enumerate(boxes):
            if i == other:
                continue
            mx, my = (box.x0 + box.x1) / 2 - x, (box.top + box.bottom) / 2 - y
            half = (abs(dx) * (box.x1 - box.x0) + abs(dy) * (box.bottom - box.top)) / 2
            side = (abs(dy) * (box.x1 - box.x0) + abs(dx) * (box.bottom - box.top)) / 2
            gap = mx * dx + my * dy - half
            if -half <= gap <= REACH and abs(mx * dy - my * dx) <= side + 1.0:
                ahead.append((gap, i))
        limit = min(AHEAD, min(ahead)[0] if ahead else AHEAD)
        hits = [
            (*hit, i)
            for i, line in enumerate(lines)
            if i != e // 2 and (hit := _ahead(line, x, y, dx, dy, limit)) is not None
        ]
        if hits:
            _, piece, i = min(hits)
            network.meet(e, i, piece)
            continue
        if ahead:
            terminal.symbol, terminal.read = min(ahead)[1], _POINTED
            continue
        near = _nearest(x, y, outlines, boxes, BESIDE, other)
        if near is not None:
            terminal.symbol, terminal.read = near[1], _NEAR


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
            at = next((k for k in range(len(c.points) - 1) if distance_to_segment(x, y, *c.points[k : k + 2]) < reach), None)
            if at is not None:
                found.remove(c)
                middle = (x, y)
                found.append(Connector((*c.points[: at + 1], middle), c.source, i, c.headed, _POINTED * c.read))
                found.append(Connector((middle, *c.points[at + 1 :]), i, c.target, c.headed, _POINTED * c.read))
                break
    return found
