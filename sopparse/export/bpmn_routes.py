"""Which way each flow takes through the grid, before anything has a size.

Every element has a column of its own; between the columns are gaps, above each lane a corridor. Nothing but flows is
drawn in gaps and corridors, and along the middle of a lane a flow runs only where no element stands: so no flow ever
crosses a shape. Flows that would lie upon one another get tracks side by side.

Positions are abstract: column c is at 2c + 1, the gap before it at 2c; lane n at 2n + 1, the corridor above it at 2n.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sopparse.export.bpmn_elements import Element, Flow

Point = tuple[float, float]

Side = Literal["right", "top", "bottom"]


@dataclass(frozen=True, slots=True)
class Run:
    """A straight piece in a gap or a corridor: `place` is its number, the ends are abstract positions across it.

    `rank` orders the tracks of a gap: what leaves (0) keeps to the left, what arrives (2) to the right.
    """

    place: int
    low: int
    high: int
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """Leaves its source at `side`, then as far as given: down the gap `leaving`, along the corridor or the middle of
    a lane, and down the gap `arriving` to the left of its target."""

    flow: Flow
    side: Side
    leaving: Run | None = None
    corridor: Run | None = None
    lane: int | None = None
    arriving: Run | None = None


@dataclass(frozen=True, slots=True)
class Tracks:
    """The track of each run by its flow, 0-based, and how many each gap and corridor has."""

    leaving: Mapping[str, int]
    arriving: Mapping[str, int]
    corridor: Mapping[str, int]
    gaps: Mapping[int, int]
    corridors: Mapping[int, int]


def routes_of(elements: Sequence[Element], flows: Iterable[Flow]) -> list[Route]:
    """In the order of the flows; short ways are given out first."""
    flows = list(flows)
    grid = _Grid(elements, flows)
    ordered = sorted(flows, key=lambda flow: (grid.span(flow), grid.column[flow.source], flow.id))
    found = {flow.id: grid.route(flow) for flow in ordered}
    return [found[flow.id] for flow in flows]


class _Grid:
    """What is taken while routes are given out: sides of gateways, and stretches along the middle of lanes."""

    def __init__(self, elements: Sequence[Element], flows: Iterable[Flow]) -> None:
        self.column = {element.id: index for index, element in enumerate(elements)}
        self.lane = {element.id: element.lane for element in elements}
        self.kind = {element.id: element.kind for element in elements}
        self._occupied = {(element.lane, index) for index, element in enumerate(elements)}
        self._stretches: dict[int, list[tuple[int, int, Flow]]] = {}
        self._sides: dict[str, set[Side]] = {}
        # Corners for the ways back, which look best when they leave upwards or downwards.
        self._reserved: dict[str, set[Side]] = {}
        for flow in flows:
            if self.span(flow)[0]:
                self._reserved.setdefault(flow.source, set()).add(self._detour_side(flow))

    def span(self, flow: Flow) -> tuple[bool, int]:
        distance = self.column[flow.target] - self.column[flow.source]
        return distance <= 0, abs(distance)

    def route(self, flow: Flow) -> Route:
        source, target = self.column[flow.source], self.column[flow.target]
        above, below = self.lane[flow.source], self.lane[flow.target]
        if target > source:
            start = 2 * source + 1
            if above == below and self._is_free(above, start, 2 * target + 1, flow):
                self._take(above, start, 2 * target + 1, flow)
                return Route(flow, self._side(flow, "right"))
            if above != below and self._is_free(below, start, 2 * target + 1, flow):
                return self._early(flow, source, target, above, below)
            if above != below and self._is_free(above, start, 2 * target, flow) and self._may_use(flow, "right"):
                return self._late(flow, source, target, above, below)
        return self._detour(flow, source, target, above, below)

    def _early(self, flow: Flow, source: int, target: int, above: int, below: int) -> Route:
        """Changes the lane at once, then straight to the target."""
        side = self._side(flow, "bottom" if below > above else "top")
        self._take(below, 2 * source + 1 if side != "right" else 2 * source + 2, 2 * target + 1, flow)
        if side != "right":
            return Route(flow, side, lane=below)
        low, high = sorted((2 * above + 1, 2 * below + 1))
        return Route(flow, side, leaving=Run(source + 1, low, high, 1 if target == source + 1 else 0), lane=below)

    def _late(self, flow: Flow, source: int, target: int, above: int, below: int) -> Route:
        """Stays in the lane of its source until just before the target."""
        self._take(above, 2 * source + 1, 2 * target, flow)
        low, high = sorted((2 * above + 1, 2 * below + 1))
        return Route(flow, self._side(flow, "right"), arriving=Run(target, low, high, 2), lane=above)

    def _detour(self, flow: Flow, source: int, target: int, above: int, below: int) -> Route:
        """Around everything, through the corridor nearest to the target."""
        corridor = _corridor(above, below)
        side = self._side(flow, self._detour_side(flow))
        start = 2 * source + 1
        leaving = None
        if side == "right":
            low, high = sorted((2 * above + 1, 2 * corridor))
            leaving = Run(source + 1, low, high, 0)
            start = 2 * source + 2
        low, high = sorted((start, 2 * target))
        across = sorted((2 * corridor, 2 * below + 1))
        return Route(flow, side, leaving, Run(corridor, low, high), None, Run(target, across[0], across[1], 2))

    def _side(self, flow: Flow, wanted: Side) -> Side:
        """Only gateways have corners to leave from, each for one flow; everything else leaves to the right."""
        if self.kind[flow.source] != "gateway":
            return "right"
        used = self._sides.setdefault(flow.source, set())
        kept = set() if self.span(flow)[0] else self._reserved.get(flow.source, set())
        side: Side = wanted if wanted not in used | kept else "right"
        used.add(side)
        return side

    def _detour_side(self, flow: Flow) -> Side:
        above = self.lane[flow.source]
        return "top" if _corridor(above, self.lane[flow.target]) <= above else "bottom"

    def _may_use(self, flow: Flow, side: Side) -> bool:
        return self.kind[flow.source] != "gateway" or side not in self._sides.get(flow.source, ())

    def _is_free(self, lane: int, start: int, end: int, flow: Flow) -> bool:
        """No element stands between, and no flow to another target lies there."""
        columns = range((start + 1) // 2, end // 2)
        if any((lane, column) in self._occupied for column in columns if 2 * column + 1 > start):
            return False
        taken = self._stretches.get(lane, ())
        return all(high <= start or low >= end or _merge(flow, other) for low, high, other in taken)

    def _take(self, lane: int, start: int, end: int, flow: Flow) -> None:
        self._stretches.setdefault(lane, []).append((start, end, flow))


def _corridor(above: int, below: int) -> int:
    """The corridor between the lanes that is nearest to the target's; within a lane the one above it."""
    return below + 1 if below < above else below


def _merge(flow: Flow, other: Flow) -> bool:
    """Flows to the same target may run into one another."""
    return flow.target == other.target


def tracks_of(routes: Sequence[Route]) -> Tracks:
    gaps: dict[int, list[tuple[str, str, Run]]] = {}
    corridors: dict[int, list[tuple[str, str, Run]]] = {}
    for route in routes:
        for part, run in (("leaving", route.leaving), ("arriving", route.arriving)):
            if run is not None:
                gaps.setdefault(run.place, []).append((route.flow.id, part, run))
        if route.corridor is not None:
            corridors.setdefault(route.corridor.place, []).append((route.flow.id, "corridor", route.corridor))
    chosen: dict[str, dict[str, int]] = {"leaving": {}, "arriving": {}, "corridor": {}}
    counts: dict[str, dict[int, int]] = {"gaps": {}, "corridors": {}}
    for name, places in (("gaps", gaps), ("corridors", corridors)):
        for place, runs in places.items():
            for (flow, part, _), track in _placed(runs):
                chosen[part][flow] = track
                counts[name][place] = max(counts[name].get(place, 0), track + 1)
    return Tracks(chosen["leaving"], chosen["arriving"], chosen["corridor"], counts["gaps"], counts["corridors"])


def _placed(runs: Sequence[tuple[str, str, Run]]) -> list[tuple[tuple[str, str, Run], int]]:
    """Each run on the first track on which it touches no other; of one rank, the shortest first."""
    ordered = sorted(runs, key=lambda item: (item[2].rank, item[2].high - item[2].low, item[2].low, item[0]))
    tracks: list[list[Run]] = []
    placed = []
    for item in ordered:
        run = item[2]
        # What arrives stays to the right of all that leaves and lies beside it.
        left = [n for n, others in enumerate(tracks) if any(o.rank < run.rank and _touch(run, o) for o in others)]
        first = left[-1] + 1 if left else 0
        free = (n for n in range(first, len(tracks)) if not any(_touch(run, other) for other in tracks[n]))
        track = next(free, len(tracks))
        if track == len(tracks):
            tracks.append([])
        tracks[track].append(run)
        placed.append((item, track))
    return placed


def _touch(run: Run, other: Run) -> bool:
    return run.low <= other.high and other.low <= run.high


def straightened(points: Sequence[Point]) -> tuple[Point, ...]:
    """Without repeated points and without points in the middle of a straight line."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) >= 2 and any(kept[-2][axis] == kept[-1][axis] == point[axis] for axis in (0, 1)):
            kept.pop()
        kept.append(point)
    return tuple(kept)
