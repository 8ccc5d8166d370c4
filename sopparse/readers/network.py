"""Lines as a network: where they join and meet, and every way through it from a tail to a head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot

from sopparse.readers.outlines import Point, length_of

# A way goes straight on where it turns by less than this cosine says (about 25 degrees).
_STRAIGHT = 0.9
# Meetings on one line closer than this are one.
_SAME_PLACE = 2.0
# A network with more loops than this is no flow chart; its ways are cut off.
_MAX_WAYS = 400
_MAX_STEPS = 4000


@dataclass(slots=True)
class Terminal:
    """One end of a line; `read` is how surely it belongs to the symbol."""

    at: Point
    headed: bool
    symbol: int | None
    read: float = 1.0


@dataclass(slots=True)
class Way:
    points: list[Point]
    source: int | None
    target: int | None
    headed: bool
    read: float


@dataclass(slots=True)
class _Edge:
    nodes: tuple[int, int]
    points: list[Point]
    # An end with a head that meets another line: the way leads only out of the edge there.
    one_way: tuple[bool, bool] = (False, False)


@dataclass(slots=True)
class _Walk:
    end: int
    points: list[Point]
    turns: int
    read: float  # how sure the joints on its way are


@dataclass(slots=True)
class Network:
    lines: list[list[Point]]
    terminals: Sequence[Terminal]
    group: dict[int, int] = field(default_factory=dict)
    meetings: dict[int, list[tuple[float, int]]] = field(default_factory=dict)
    edges: list[_Edge] = field(default_factory=list)
    around: dict[int, list[int]] = field(default_factory=dict)
    doubts: dict[int, float] = field(default_factory=dict)  # ends that were joined over a gap, and how surely

    def _root(self, end: int) -> int:
        while self.group.get(end, end) != end:
            end = self.group[end]
        return end

    def join(self, one: int, other: int, read: float = 1.0) -> None:
        self.group.setdefault(one, one)
        self.group.setdefault(other, other)
        self.group[self._root(one)] = self._root(other)
        if read < 1.0:
            self.doubts[one] = read

    def joined(self, end: int) -> bool:
        return end in self.group

    def meet(self, end: int, line: int, piece: int) -> None:
        """The end meets the line on its piece with that index."""
        points = self.lines[line]
        (ax, ay), (bx, by) = points[piece], points[piece + 1]
        x, y = self.terminals[end].at
        size = hypot(bx - ax, by - ay) or 1.0
        along = min(max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / size, 0.0), size)
        self.group.setdefault(end, end)
        self.meetings.setdefault(line, []).append((length_of(points[: piece + 1]) + along, end))

    # -- building -----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        for i in range(len(self.lines)):
            places = sorted(self.meetings.get(i, ()))
            for (low, one), (high, other) in pairwise(places):
                if high - low <= _SAME_PLACE:
                    self.group[self._root(one)] = self._root(other)
        for i, points in enumerate(self.lines):
            stops: list[tuple[float, int]] = [(0.0, 2 * i)]
            total = length_of(points)
            for along, end in sorted(self.meetings.get(i, ())):
                if self._root(end) == self._root(stops[-1][1]):
                    continue
                stops.append((min(along, total), end))
            stops.append((total, 2 * i + 1))
            for k in range(len(stops) - 1):
                (low, one), (high, other) = stops[k], stops[k + 1]
                if self._root(one) == self._root(other) and high - low < _SAME_PLACE:
                    continue
                first, last = k == 0, k == len(stops) - 2
                way = (
                    first and self.terminals[2 * i].headed and self.joined(2 * i),
                    last and self.terminals[2 * i + 1].headed and self.joined(2 * i + 1),
                )
                edge = _Edge((self._root(one), self._root(other)), _between(points, low, high), way)
                for node in set(edge.nodes):
                    self.around.setdefault(node, []).append(len(self.edges))
                self.edges.append(edge)

    def _prune(self, stub: float) -> None:
        """Drops loose ends that only overshoot a meeting."""
        for index, edge in enumerate(self.edges):
            if length_of(edge.points) > stub:
                continue
            for node, other in (edge.nodes, edge.nodes[::-1]):
                loose = len(self.around[node]) == 1 and node not in self.group
                terminal = self.terminals[node]
                if loose and terminal.symbol is None and not terminal.headed and len(self.around[other]) > 2:
                    self.around[node].remove(index)
                    self.around[other].remove(index)
                    break

    # -- walking ------------------------------------------------------------------------------------------------------

    def ways(self, stub: float) -> list[Way]:
        self._build()
        self._prune(stub)
        ends = [node for node, edges in self.around.items() if len(edges) == 1]
        done: set[int] = set()
        out: list[Way] = []
        for node in ends:
            if node in done:
                continue
            members = self._component(node)
            done |= members
            out.extend(self._ways_among([e for e in ends if e in members]))
        return out

    def _component(self, start: int) -> set[int]:
        seen, todo = {start}, [start]
        while todo:
            for index in self.around[todo.pop()]:
                for node in self.edges[index].nodes:
                    if node not in seen:
                        seen.add(node)
                        todo.append(node)
        return seen

    def _ways_among(self, ends: list[int]) -> list[Way]:
        heads = [e for e in ends if self.terminals[e].headed]
        tails = [e for e in ends if not self.terminals[e].headed]
        if not heads:
            return self._headless(tails)
        starts = tails or heads
        walks = {e: [w for w in self._walks(e) if w.end in heads and w.end != e] for e in starts}
        chosen = [
            (start, walk)
            for start, found in walks.items()
            for walk in found
            if len(heads) == 1 or len(starts) == 1 or walk.turns == min(w.turns for w in found)
        ]
        reached = {walk.end for _, walk in chosen}
        for head in heads:
            offers = [(w.turns, s, w) for s, found in walks.items() for w in found if w.end == head]
            if head not in reached and offers:
                _, start, walk = min(offers, key=lambda o: o[:2])
                chosen.append((start, walk))
        out = [self._way(start, walk, True) for start, walk in chosen]
        started = {start for start, _ in chosen}
        reached = {walk.end for _, walk in chosen}
        return out + [self._loose(end) for end in ends if end not in started and end not in reached]

    def _headless(self, ends: list[int]) -> list[Way]:
        if len(ends) == 1:
            return [self._loose(ends[0])]
        # Without heads all lines of a group are taken to lead to the lowest end.
        last = max(ends, key=lambda e: self.terminals[e].at[1])
        out = []
        for end in ends:
            walk = next((w for w in self._walks(end) if w.end == last), None)
            if end != last and walk is not None:
                out.append(self._way(end, walk, False))
        return out

    def _way(self, start: int, walk: _Walk, headed: bool) -> Way:
        a, b = self.terminals[start], self.terminals[walk.end]
        return Way(walk.points, a.symbol, b.symbol, headed, a.read * b.read * walk.read)

    def _loose(self, end: int) -> Way:
        """A line from or to one symbol whose other end was not found."""
        terminal = self.terminals[end]
        edge = self.edges[self.around[end][0]]
        points = edge.points if edge.nodes[0] == end else edge.points[::-1]
        if terminal.headed:
            return Way(points[::-1], None, terminal.symbol, True, terminal.read)
        return Way(points, terminal.symbol, None, False, terminal.read)

    def _walks(self, start: int) -> list[_Walk]:
        """All ways from an end to other ends that use no edge twice."""
        found: list[_Walk] = []
        edge = self.around[start][0]
        doubts: dict[int, float] = {}
        for end, read in self.doubts.items():
            doubts[self._root(end)] = min(read, doubts.get(self._root(end), 1.0))
        todo: list[tuple[int, int, list[Point], int, float, frozenset[int]]] = [(start, edge, [], 0, 1.0, frozenset())]
        steps = 0
        while todo and len(found) < _MAX_WAYS and steps < _MAX_STEPS:
            steps += 1
            node, index, points, turns, read, used = todo.pop()
            edge_ = self.edges[index]
            forward = edge_.nodes[0] == node
            piece = edge_.points if forward else edge_.points[::-1]
            after = edge_.nodes[1] if forward else edge_.nodes[0]
            points = points + (piece[1:] if points else piece)
            read *= doubts.get(after, 1.0)
            used = used | {index}
            onward = [k for k in self.around[after] if k not in used and self._may_enter(k, after)]
            if not onward:
                if len(self.around[after]) == 1:
                    found.append(_Walk(after, points, turns, read))
                continue
            straight = [k for k in onward if self._straight(points, k, after)]
            if len(self.around[after]) >= 4 and straight:
                onward = straight[:1]
            for k in onward:
                turn = len(self.around[after]) > 2 and k not in straight
                todo.append((after, k, points, turns + turn, read, used))
        return found

    def _may_enter(self, index: int, node: int) -> bool:
        edge = self.edges[index]
        return not edge.one_way[0 if edge.nodes[0] == node else 1]

    def _straight(self, points: list[Point], index: int, node: int) -> bool:
        edge = self.edges[index]
        run = edge.points if edge.nodes[0] == node else edge.points[::-1]
        ux, uy = points[-1][0] - points[-2][0], points[-1][1] - points[-2][1]
        vx, vy = run[1][0] - run[0][0], run[1][1] - run[0][1]
        size = hypot(ux, uy) * hypot(vx, vy)
        return size > 0 and (ux * vx + uy * vy) / size >= _STRAIGHT


def _between(points: list[Point], low: float, high: float) -> list[Point]:
    """The part of a polyline between two distances from its start."""
    out: list[Point] = []
    done = 0.0
    for a, b in pairwise(points):
        size = hypot(b[0] - a[0], b[1] - a[1])
        if size and done + size >= low and done <= high:
            start, end = max(low - done, 0.0) / size, min((high - done) / size, 1.0)
            first = (a[0] + start * (b[0] - a[0]), a[1] + start * (b[1] - a[1]))
            last = (a[0] + end * (b[0] - a[0]), a[1] + end * (b[1] - a[1]))
            if not out:
                out.append(first)
            if hypot(last[0] - out[-1][0], last[1] - out[-1][1]) > 1e-9:
                out.append(last)
        done += size
    return out if len(out) > 1 else [points[0], points[-1]]
