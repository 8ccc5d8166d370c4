"""The flow of a procedure drawn as the form draws it: actors side by side, one row for each symbol.

The ways of the arrows are those of the BPMN drawing, turned: its lanes are columns here, its columns are rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sopparse.export.bpmn_elements import Element, Flow
from sopparse.export.bpmn_routes import Route, Run, Tracks, routes_of, straightened, tracks_of
from sopparse.export.chart import Chart, Place, Wording, chart_of
from sopparse.geometry import Box
from sopparse.model import Flow as ModelFlow
from sopparse.model import Result

# Pixels. A row is as high as a symbol and the gap above it; a column as wide as a symbol and its corridor.
ROW, SYMBOL_HEIGHT, SYMBOL_WIDTH = 34.0, 24.0, 62.0
GAP, TRACK, CORRIDOR = 14.0, 7.0, 12.0
HEAD, MARGIN, NUMBERS = 46.0, 6.0, 34.0
# A name of an actor is cut after so many letters on each of its lines.
LETTERS, LINES = 13, 3

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """`pointer` is that of the node in the result; None for a step without a drawn symbol. `row` is its step."""

    pointer: str | None
    symbol: str
    box: Box
    label: str
    row: int | None


@dataclass(frozen=True, slots=True)
class Arrow:
    """`label` stands at `at`, where the arrow begins."""

    pointer: str | None
    points: tuple[Point, ...]
    condition: str | None
    inferred: bool
    at: Point


@dataclass(frozen=True, slots=True)
class Column:
    x0: float
    x1: float
    lines: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Figure:
    width: float
    height: float
    columns: tuple[Column, ...]
    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...]
    inferred: bool


@dataclass(frozen=True, slots=True)
class _Grid:
    """Left edge and middle of each column; top and middle of each row; where gaps begin."""

    columns: tuple[tuple[float, float, float], ...]
    rows: tuple[float, ...]
    gaps: tuple[float, ...]
    width: float
    height: float


def figure_of(result: Result, place: Place, words: Wording) -> Figure | None:
    """None where the procedure has no step and no symbol."""
    chart = chart_of(result, place, words)
    if not chart.nodes:
        return None
    flow = result.sops[place.sop_index].procedures[place.procedure_index].flow
    base = f"/sops/{place.sop_index}/procedures/{place.procedure_index}/flow"
    elements = tuple(
        Element(n.id, "gateway" if n.symbol == "decision" else "task", None, n.lane, n) for n in chart.nodes
    )
    flows = [Flow(str(i), a.source, a.target, a.condition, a.inferred) for i, a in enumerate(chart.arrows)]
    routes = routes_of(elements, flows)
    tracks = tracks_of(routes)
    grid = _grid(chart, tracks)
    shapes = _shapes(chart, grid, {node.id: f"{base}/nodes/{i}" for i, node in enumerate(flow.nodes)})
    boxes = {node.id: shape.box for node, shape in zip(chart.nodes, shapes, strict=True)}
    edges = _edge_pointers(flow, base)
    arrows = []
    for route, arrow in zip(routes, chart.arrows, strict=True):
        points = _points(route, grid, tracks, boxes)
        pointer = edges.get((arrow.source, (arrow.via or (arrow.target,))[0]))
        arrows.append(Arrow(pointer, points, arrow.condition, arrow.inferred, _label_at(points)))
    columns = tuple(
        Column(x0, x1, _wrapped(lane.name), lane.name)
        for lane, (x0, _, x1) in zip(chart.lanes, grid.columns, strict=True)
    )
    return Figure(grid.width, grid.height, columns, tuple(shapes), tuple(arrows), chart.inferred)


def _edge_pointers(flow: ModelFlow, base: str) -> dict[tuple[str, str], str]:
    return {(edge.source, edge.target): f"{base}/edges/{i}" for i, edge in enumerate(flow.edges)}


def _grid(chart: Chart, tracks: Tracks) -> _Grid:
    columns, x = [], NUMBERS
    for lane in range(len(chart.lanes)):
        corridor = CORRIDOR + TRACK * tracks.corridors.get(lane, 0)
        x1 = x + corridor + SYMBOL_WIDTH + MARGIN
        columns.append((x, x + corridor + SYMBOL_WIDTH / 2, x1))
        x = x1
    rows, gaps, y = [], [], HEAD
    for number in range(len(chart.nodes)):
        gaps.append(y)
        y += GAP + TRACK * max(0, tracks.gaps.get(number, 0) - 1)
        rows.append(y + SYMBOL_HEIGHT / 2)
        y += SYMBOL_HEIGHT
    gaps.append(y)
    y += GAP + TRACK * tracks.gaps.get(len(chart.nodes), 0)
    return _Grid(tuple(columns), tuple(rows), tuple(gaps), x + MARGIN, y)


def _shapes(chart: Chart, grid: _Grid, pointers: Mapping[str, str]) -> list[Shape]:
    shapes = []
    for node, y in zip(chart.nodes, grid.rows, strict=True):
        x = grid.columns[node.lane][1]
        width = SYMBOL_WIDTH if node.symbol in ("process", "terminator", "decision") else SYMBOL_WIDTH * 0.8
        box = Box(x - width / 2, y - SYMBOL_HEIGHT / 2, x + width / 2, y + SYMBOL_HEIGHT / 2)
        number = node.step.number if node.step is not None else None
        shapes.append(Shape(pointers.get(node.id), node.symbol, box, str(number or ""), number))
    return shapes


def _points(route: Route, grid: _Grid, tracks: Tracks, boxes: Mapping[str, Box]) -> tuple[Point, ...]:
    """The way of an arrow. What leaves to the right in the BPMN drawing leaves downwards here, its top is the left."""
    source, target = boxes[route.flow.source], boxes[route.flow.target]
    middle, arrival = (source.x0 + source.x1) / 2, (target.x0 + target.x1) / 2
    level = (source.top + source.bottom) / 2
    start = {"right": (middle, source.bottom), "top": (source.x0, level), "bottom": (source.x1, level)}[route.side]
    points, (x, y) = [start], start
    if route.leaving is not None:
        y = _gap_y(grid, route.leaving, tracks.leaving[route.flow.id])
        points.append((x, y))
    if route.corridor is not None:
        x = _corridor_x(grid, tracks, route.corridor, tracks.corridor[route.flow.id])
    elif route.lane is not None:
        x = grid.columns[route.lane][1]
    points.append((x, y))
    if route.arriving is not None:
        y = _gap_y(grid, route.arriving, tracks.arriving[route.flow.id])
        points += [(x, y), (arrival, y)]
    return straightened([*points, (arrival, target.top)])


def _gap_y(grid: _Grid, run: Run, track: int) -> float:
    return grid.gaps[run.place] + GAP / 2 + TRACK * track - 2


def _corridor_x(grid: _Grid, tracks: Tracks, run: Run, track: int) -> float:
    count = tracks.corridors[run.place]
    return grid.columns[run.place][0] + CORRIDOR / 2 + TRACK * (count - track - 0.5)


def _label_at(points: tuple[Point, ...]) -> Point:
    """Beside the beginning of the arrow, on the side that it does not turn to."""
    (x, y), (next_x, next_y) = points[0], points[1]
    if y == next_y:
        return (x + 3, y - 3) if next_x > x else (x - 12, y - 3)
    return x + 3, y + 9


def _wrapped(name: str) -> tuple[str, ...]:
    """A name on few lines of a narrow column, cut with an ellipsis."""
    lines = [""]
    for word in name.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= LETTERS or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    shown = [line if len(line) <= LETTERS else line[: LETTERS - 1] + "…" for line in lines[:LINES]]
    if len(lines) > LINES:
        shown[-1] = shown[-1][: LETTERS - 1].rstrip("…") + "…"
    return tuple(shown)
