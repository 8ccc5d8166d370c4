"""Lines ready to be followed: straight pieces joined, arrowheads put on their ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import hypot

from sopparse.readers.arrowheads import Head, head_at
from sopparse.readers.outlines import Point, distance_to_outline, distance_to_segment, inside, length_of

# The busiest chart seen has 80 lines after joining; a page with more than this is a map or a hatched picture.
MOST_LINES = 600
# All distances in points.
HEAD_NEAR = 3.0  # an end this near to an arrowhead carries it
# Pieces on one line: how far aside, and how far apart.
_SAME_LINE = 0.7
_SAME_LINE_GAP = 1.2
# An end and its head point the same way (cosine).
_SAME_WAY = 0.6


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


def ready_lines(pieces: Sequence[list[Point]], chains: Sequence[list[Point]], heads: Sequence[Head]) -> list[Line]:
    """Straight pieces and bent chains as lines with their heads; of too many, the longest."""
    points = [*_joined_straight(pieces), *chains]
    if len(points) > MOST_LINES:
        points = sorted(points, key=length_of, reverse=True)[:MOST_LINES]
    return _with_heads([Line(one) for one in points], heads[:MOST_LINES])


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
        open_runs: dict[int, list[list[Point]]] = {}
        for piece in sorted(group, key=lambda piece: piece[0][along]):
            at = int(piece[0][across])
            near = (r for k in (at - 1, at, at + 1) for r in open_runs.get(k, ()))
            run = next(
                (
                    r
                    for r in near
                    if abs(r[1][across] - piece[0][across]) <= _SAME_LINE
                    and piece[0][along] - r[1][along] <= _SAME_LINE_GAP
                ),
                None,
            )
            if run is None:
                open_runs.setdefault(at, []).append(list(piece))
            elif piece[1][along] > run[1][along]:
                run[1] = piece[1]
        out.extend(run for runs in open_runs.values() for run in runs)
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
        if h not in taken and not _cut_at_head(out, head):
            # The shaft is too short to be seen beside the head.
            out.append(Line([head.back, head.tip], [None, head]))
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


def _cut_at_head(lines: list[Line], head: Head) -> bool:
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
            return True
    return False
