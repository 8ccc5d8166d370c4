"""Where everything stands: lanes as rows, one column for each element, flows at right angles between them.

Inside a lane, from the top: the corridor for flows, the remarks, the elements on one line, their data objects.
All measures are pixels of the viewer (96 to the inch).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sopparse.export import bpmn_text as text
from sopparse.export.bpmn_elements import Element, Elements
from sopparse.export.bpmn_routes import Point, Route, Side, Tracks, routes_of, straightened, tracks_of
from sopparse.geometry import Box

# Sizes that bpmn-js gives to new shapes; people know them.
EVENT, GATEWAY = 36.0, 50.0
DATA_WIDTH, DATA_HEIGHT = 36.0, 50.0
TASK_HEIGHT = 80.0
BAND = 30.0
# Tasks become wider where their texts are long, so that none is much higher than wide.
TASK_WIDTHS = ((90, 140.0), (180, 180.0), (320, 230.0))
WIDEST_TASK = 300.0
# The padding that viewers keep inside tasks and annotations, and some room for fonts that run wider.
PADDING = 10.0
# Above and below the text of a task, so that it keeps clear of the sign in the corner.
TASK_MARGIN = 22.0
LABEL_WIDTH = 90.0
TRACK = 14.0
GAP = 44.0
CORRIDOR = 16.0
MARGIN = 12.0
LEAST_LANE = 100.0
ORIGIN = (160.0, 80.0)
REMARK_MARGIN = 16.0


@dataclass(frozen=True, slots=True)
class Layout:
    """`needs`, `yields` and `remarks` by the id of the element they belong to, each a box and the line to it.

    `labels` holds the boxes of texts that stand outside of their shape, by the id of shape or flow; data objects have
    theirs under `needs`, `yields` with the id of the element.
    """

    pool: Box
    lanes: tuple[Box, ...]
    shapes: Mapping[str, Box]
    labels: Mapping[str, Box]
    needs: Mapping[str, Data]
    yields: Mapping[str, Data]
    remarks: Mapping[str, tuple[Box, tuple[Point, Point]]]
    flows: Mapping[str, tuple[Point, ...]]


@dataclass(frozen=True, slots=True)
class Data:
    """A data object: its sign, its label, and the line between it and its task, the task last."""

    box: Box
    label: Box
    line: tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Left edge and width of each column; of each lane the top, the line of the elements, and the bottom."""

    task_width: float
    columns: tuple[tuple[float, float], ...]
    lanes: tuple[tuple[float, float, float], ...]
    task_heights: tuple[float, ...]
    right: float
    tracks: Tracks
    leads: Mapping[int, float]


def layout_of(elements: Elements, lane_names: Sequence[str], pool_name: str, data_name: Callable[..., str]) -> Layout:
    routes = routes_of(elements.elements, elements.flows)
    grid = _grid(elements.elements, lane_names, pool_name, routes, data_name)
    shapes = {e.id: _shape(e, grid, *grid.columns[n]) for n, e in enumerate(elements.elements)}
    left, top = ORIGIN
    bottom = grid.lanes[-1][2]
    lanes = tuple(Box(left + BAND, lane[0], grid.right, lane[2]) for lane in grid.lanes)
    middles = {element.id: grid.lanes[element.lane][1] for element in elements.elements}
    flows = {route.flow.id: _points(route, grid, shapes, middles) for route in routes}
    labels = {route.flow.id: _flow_label(route, flows[route.flow.id]) for route in routes if route.flow.name}
    sides = _sides(routes)
    for element in elements.elements:
        if element.kind != "task" and element.name:
            labels[element.id] = _name_label(element, shapes[element.id], sides)
    needs, yields = {}, {}
    for element in elements.elements:
        box, both = shapes[element.id], bool(element.needs and element.yields)
        if element.needs:
            needs[element.id] = _data(box, data_name(element.needs), 0.25 if both else 0.5, grid.task_width, both)
        if element.yields:
            yields[element.id] = _data(box, data_name(element.yields), 0.75 if both else 0.5, grid.task_width, both)
    remarks = {e.id: _remark(e.remark, shapes[e.id]) for e in elements.elements if e.remark}
    return Layout(Box(left, top, grid.right, bottom), lanes, shapes, labels, needs, yields, remarks, flows)


def _grid(
    elements: Sequence[Element],
    lane_names: Sequence[str],
    pool_name: str,
    routes: Sequence[Route],
    data_name: Callable[..., str],
) -> _Grid:
    task_width, tracks, leads = _task_width(elements), tracks_of(routes), _leads(routes)
    sides = _sides(routes)
    x = ORIGIN[0] + 2 * BAND
    columns = []
    for number, element in enumerate(elements):
        x += _gap_width(number, tracks, leads)
        size = _column_width(element, task_width, {(element.id, "top"), (element.id, "bottom")} <= sides)
        columns.append((x, size))
        x += size
    right = x + _gap_width(len(elements), tracks, leads)
    parts = [_lane_parts(n, elements, name, task_width, tracks, data_name) for n, name in enumerate(lane_names)]
    missing = _name_height(pool_name) - sum(above + tasks + below for above, tasks, below in parts)
    if missing > 0:
        parts = [
            (above + missing / len(parts) / 2, tasks, below + missing / len(parts) / 2) for above, tasks, below in parts
        ]
    tops = list(accumulate((above + tasks + below for above, tasks, below in parts), initial=ORIGIN[1]))
    lanes = tuple(
        (top, top + above + tasks / 2, top + above + tasks + below)
        for top, (above, tasks, below) in zip(tops, parts, strict=False)
    )
    return _Grid(task_width, tuple(columns), lanes, tuple(tasks for _, tasks, _ in parts), right, tracks, leads)


def _sides(routes: Sequence[Route]) -> set[tuple[str, Side]]:
    """At which of its sides flows leave an element."""
    return {(route.flow.source, route.side) for route in routes}


def _leads(routes: Sequence[Route]) -> dict[int, float]:
    """By how much the first track of a gap stands farther right, so that the label of a flow fits before it."""
    leads: dict[int, float] = {}
    for route in routes:
        if route.flow.name and route.side == "right" and route.leaving is not None:
            wanted = text.width(route.flow.name) * text.SMALL + 12 - GAP / 2
            leads[route.leaving.place] = max(wanted, leads.get(route.leaving.place, 0.0), 0.0)
    return leads


def _gap_width(number: int, tracks: Tracks, leads: Mapping[int, float]) -> float:
    return GAP + leads.get(number, 0.0) + TRACK * max(0, tracks.gaps.get(number, 0) - 1)


def _task_width(elements: Sequence[Element]) -> float:
    names = [element.name or "" for element in elements if element.kind == "task"]
    longest = max(map(len, names), default=0)
    broadest = max(map(text.widest_word, names), default=0.0) + 2 * PADDING
    wanted = next((size for limit, size in TASK_WIDTHS if longest <= limit), WIDEST_TASK)
    return min(max(wanted, broadest), WIDEST_TASK)


def _column_width(element: Element, task_width: float, corners: bool) -> float:
    """`corners`: flows leave above and below, so that the name must stand to one side of them."""
    if element.kind == "task":
        return task_width
    size = GATEWAY if element.kind == "gateway" else EVENT
    room = _label_room(element.name) if element.name else 0.0
    return max(size, 2 * (room + 6) if corners else room)


def _label_room(name: str) -> float:
    return min(LABEL_WIDTH, text.width(name) * text.SMALL + 8)


def _lane_parts(
    lane: int, elements: Sequence[Element], name: str, task_width: float, tracks: Tracks, data_name: Callable[..., str]
) -> tuple[float, float, float]:
    """The heights of a lane: above its elements, the highest element, below them."""
    own = [element for element in elements if element.lane == lane]
    tasks = max((_height(element, task_width) for element in own), default=EVENT)
    remarks = max((_remark_size(e.remark, task_width)[1] + REMARK_MARGIN for e in own if e.remark), default=0.0)
    data = max((_data_height(e, task_width, data_name) for e in own if e.needs or e.yields), default=0.0)
    # The label of an event or gateway stands below or above it and may reach beyond a low lane's edge.
    beyond = max(
        (_height(e, task_width) / 2 + _label_height(e) + 6 - tasks / 2 for e in own if e.kind != "task" and e.name),
        default=0.0,
    )
    corridor = CORRIDOR + TRACK * tracks.corridors.get(lane, 0)
    above, below = corridor + max(remarks, beyond, MARGIN), max(data, beyond, MARGIN) + MARGIN
    missing = max(LEAST_LANE, _name_height(name)) - (above + tasks + below)
    return (above + missing / 2, tasks, below + missing / 2) if missing > 0 else (above, tasks, below)


def _name_height(name: str) -> float:
    """How high a lane or pool must be so that its name, turned, takes no more than two lines of its band."""
    return max(text.width(name) / 2 + text.widest_word(name) / 2, text.widest_word(name)) + 2 * MARGIN


def _height(element: Element, task_width: float) -> float:
    if element.kind == "gateway":
        return GATEWAY
    if element.kind != "task":
        return EVENT
    return max(TASK_HEIGHT, text.height(element.name or "", task_width - 2 * PADDING) + 2 * TASK_MARGIN)


def _label_height(element: Element) -> float:
    return text.height(element.name or "", LABEL_WIDTH, text.SMALL)


def _shape(element: Element, grid: _Grid, left: float, size: float) -> Box:
    middle = grid.lanes[element.lane][1]
    height = _height(element, grid.task_width)
    width = grid.task_width if element.kind == "task" else height
    # Tasks of one lane are equally high, as a person would draw them.
    if element.kind == "task":
        height = grid.task_heights[element.lane]
    x = left + (size - width) / 2
    return Box(x, middle - height / 2, x + width, middle + height / 2)


def _remark_size(remark: str, task_width: float) -> tuple[float, float]:
    return task_width, text.height(remark, task_width - 2 * PADDING) + PADDING


def _remark(remark: str, box: Box) -> tuple[Box, tuple[Point, Point]]:
    width, height = _remark_size(remark, box.x1 - box.x0)
    bottom = box.top - REMARK_MARGIN
    x = box.x0 + 24
    return Box(box.x0, bottom - height, box.x0 + width, bottom), ((x, box.top), (x, bottom))


def _data(box: Box, name: str, share: float, task_width: float, both: bool) -> Data:
    middle = box.x0 + share * (box.x1 - box.x0)
    top = box.bottom + 24
    room = _data_room(task_width, both)
    height = text.height(name, room, text.SMALL)
    sign = Box(middle - DATA_WIDTH / 2, top, middle + DATA_WIDTH / 2, top + DATA_HEIGHT)
    label = Box(middle - room / 2, sign.bottom + 4, middle + room / 2, sign.bottom + 4 + height)
    return Data(sign, label, ((middle, top), (middle, box.bottom)))


def _data_room(task_width: float, both: bool) -> float:
    return task_width / 2 - 4 if both else task_width


def _data_height(element: Element, task_width: float, data_name: Callable[..., str]) -> float:
    room = _data_room(task_width, bool(element.needs and element.yields))
    names = [data_name(items) for items in (element.needs, element.yields) if items]
    return 24 + DATA_HEIGHT + 4 + max(text.height(name, room, text.SMALL) for name in names)


def _name_label(element: Element, box: Box, sides: set[tuple[str, Side]]) -> Box:
    """Under an event; over a gateway, or where a flow leaves there, under it, or beside its top corner."""
    name = element.name or ""
    room = _label_room(name)
    height = text.height(name, room, text.SMALL)
    middle = (box.x0 + box.x1) / 2
    if element.kind != "gateway" or ((element.id, "top") in sides and (element.id, "bottom") not in sides):
        return Box(middle - room / 2, box.bottom + 4, middle + room / 2, box.bottom + 4 + height)
    if (element.id, "top") in sides:
        return Box(middle - 6 - room, box.top - height - 2, middle - 6, box.top - 2)
    return Box(middle - room / 2, box.top - 4 - height, middle + room / 2, box.top - 4)


def _flow_label(route: Route, points: Sequence[Point]) -> Box:
    """Beside the beginning of the flow, where a reader looks for it."""
    x, y = points[0]
    name = route.flow.name or ""
    width, height = text.width(name) * text.SMALL + 4, text.LINE * text.SMALL
    if route.side == "right":
        return Box(x + 4, y - height - 3, x + 4 + width, y - 3)
    top = y + 4 if route.side == "bottom" else y - height - 4
    return Box(x + 5, top, x + 5 + width, top + height)


def _points(route: Route, grid: _Grid, shapes: Mapping[str, Box], middles: Mapping[str, float]) -> tuple[Point, ...]:
    flow, tracks = route.flow, grid.tracks
    source, target = shapes[flow.source], shapes[flow.target]
    middle, arrival = middles[flow.source], middles[flow.target]
    centre = (source.x0 + source.x1) / 2
    x, y = {"right": (source.x1, middle), "top": (centre, source.top), "bottom": (centre, source.bottom)}[route.side]
    points = [(x, y)]
    if route.leaving is not None:
        x = _track_x(grid, route.leaving.place, tracks.leaving[flow.id])
        points.append((x, y))
    if route.corridor is not None:
        y = _track_y(grid, route.corridor.place, tracks.corridor[flow.id])
    elif route.lane is not None:
        y = grid.lanes[route.lane][1]
    points.append((x, y))
    if route.arriving is not None:
        x = _track_x(grid, route.arriving.place, tracks.arriving[flow.id])
        points += [(x, y), (x, arrival)]
    return straightened([*points, (target.x0, arrival)])


def _track_x(grid: _Grid, gap: int, track: int) -> float:
    if gap < len(grid.columns):
        left = grid.columns[gap][0] - _gap_width(gap, grid.tracks, grid.leads)
    else:
        left = sum(grid.columns[-1])
    return left + GAP / 2 + grid.leads.get(gap, 0.0) + TRACK * track


def _track_y(grid: _Grid, corridor: int, track: int) -> float:
    """The first track lies nearest to the elements of the lane, so that loops stand inside one another."""
    count = grid.tracks.corridors[corridor]
    return grid.lanes[corridor][0] + CORRIDOR / 2 + TRACK * (count - track - 0.5)
