"""A plan laid out on pages: rows, columns, symbols, routed arrows, labels, and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.drawing.plan import Edge, Node, Plan, make_plan, settle
from tests.drawing.routes import Drawn, Route, Spot, fits, merging, segments, templates

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Text:
    x: float
    y: float  # of the base line
    text: str
    size: float = 7.0
    centred: bool = False


@dataclass(slots=True)
class Sheet:
    """One page: everything to draw, in points from the top left."""

    cells: list[Box] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    spots: dict[int, Spot] = field(default_factory=dict)
    arrows: list[Drawn] = field(default_factory=list)
    lanes: list[tuple[int, float, float]] = field(default_factory=list)
    bands: list[tuple[int, float, float]] = field(default_factory=list)


@dataclass(slots=True)
class Drawing:
    plan: Plan
    sheets: list[Sheet]
    size: tuple[float, float]
    messy: bool

    def truth(self) -> dict[str, Any]:
        plan = self.plan
        steps = [
            {
                "number": s + 1,
                "activity": text,
                "actors": list(
                    dict.fromkeys(
                        f"a{n.lane + 1}" for n in plan.nodes if n.step == s and n.kind not in ("off-page", "on-page")
                    )
                ),
            }
            for s, text in enumerate(plan.activities)
        ]
        nodes = [
            {"id": f"n{i + 1}", "step": n.step + 1, "actor": f"a{n.lane + 1}", "symbol": n.kind, "text": n.text}
            for i, n in enumerate(plan.nodes)
        ]
        edges = [{"from": f"n{e.source + 1}", "to": f"n{e.target + 1}", "condition": e.condition} for e in plan.edges]
        actors = [
            {"id": f"a{k + 1}", "label": a, "group": g}
            for k, (a, g) in enumerate(zip(plan.actors, plan.groups, strict=True))
        ]
        return {
            "sops": [{"procedures": [{"actors": actors, "steps": steps, "flow": {"nodes": nodes, "edges": edges}}]}]
        }


def make_drawing(seed: int, messy: bool = False) -> Drawing:
    """The drawing of a seed; plans that no one could draw clearly are given up and drawn anew."""
    rng = Random(seed)
    for _ in range(60):
        plan = make_plan(rng, messy)
        drawing = lay_out(rng, plan, messy)
        if drawing is not None:
            settle(drawing.plan)
            return drawing
    raise RuntimeError(f"no drawable plan for seed {seed}")


def lay_out(rng: Random, plan: Plan, messy: bool) -> Drawing | None:
    """The plan on pages; None where an arrow or a label finds no room. Changes the plan (page connectors)."""
    wide, high = rng.choice([(842.0, 595.0), (1008.0, 612.0), (936.0, 612.0), (595.0, 842.0)])
    count = len(plan.actors)
    room = wide - 60
    lane = min(86.0, max(38.0 if not messy else 34.0, room * 0.5 / count)) * rng.uniform(0.9, 1.0)
    if lane * count > room * 0.62:
        return None
    rest = room - lane * count
    shares = [0.07, 0.38, 0.2, 0.13, 0.22]
    if rng.random() < 0.7:
        shares = [0.06, 0.34, 0.18, 0.12, 0.17, 0.13]
    widths = [rest * s for s in shares]
    columns = [*widths[:2], *[lane * rng.uniform(0.92, 1.08) for _ in range(count)], *widths[2:]]
    xs = [30.0]
    for width in columns:
        xs.append(xs[-1] + width)
    drawing = Drawing(plan, [], (max(wide, xs[-1] + 20), high), messy)
    heights = [rng.uniform(40, 74) if not messy else rng.uniform(31, 80) for _ in plan.activities]
    open_lanes = rng.random() < 0.12
    pages = _paginate(rng, heights, high)
    _break_edges(rng, plan, pages)
    for number, steps in enumerate(pages):
        sheet = _sheet(rng, plan, xs, steps, heights, number == 0 or rng.random() < 0.5, messy)
        if open_lanes:
            _open_lanes(sheet)
        drawing.sheets.append(sheet)
    for sheet in drawing.sheets:
        if not _route(rng, plan, sheet, xs, messy):
            return None
    _drop_undrawn(drawing)
    for sheet in drawing.sheets:
        if not _label(plan, sheet):
            return None
    return drawing


def _paginate(rng: Random, heights: list[float], high: float) -> list[list[int]]:
    pages: list[list[int]] = [[]]
    y = 90.0
    for step, height in enumerate(heights):
        if y + height > high - 60 and pages[-1]:
            pages.append([])
            y = 80.0
        pages[-1].append(step)
        y += height
    if len(pages) > 1 and len(pages[-1]) == 1 and len(pages[-2]) > 2:
        pages[-1].insert(0, pages[-2].pop())
    return pages


def _break_edges(rng: Random, plan: Plan, pages: list[list[int]]) -> None:
    """Arrows over page breaks: page connectors, or a line that the break cuts."""
    page_of = {step: p for p, steps in enumerate(pages) for step in steps}
    kept: list[Edge] = []
    for edge in plan.edges:
        source, target = plan.nodes[edge.source], plan.nodes[edge.target]
        p, q = page_of[source.step], page_of[target.step]
        if p == q:
            kept.append(edge)
        elif q == p + 1 and target.step == source.step + 1 and source.step == pages[p][-1]:
            if rng.random() < 0.6 and plan.one_shape is None:
                out = Node(source.step, source.lane, "off-page", rng.choice([None, "A"]), "off-page")
                into = Node(target.step, target.lane, "off-page", out.text, "off-page")
                plan.nodes += [out, into]
                one, two = len(plan.nodes) - 2, len(plan.nodes) - 1
                kept += [
                    Edge(edge.source, one, edge.condition, edge.label),
                    Edge(one, two, page_break="pair"),
                    Edge(two, edge.target),
                ]
            else:
                edge.page_break = "line"
                kept.append(edge)
        elif not edge.optional:
            kept.append(edge)
    plan.edges = kept


def _sheet(
    rng: Random, plan: Plan, xs: list[float], steps: list[int], heights: list[float], heading: bool, messy: bool
) -> Sheet:
    count = len(plan.actors)
    sheet = Sheet(lanes=[(k, xs[2 + k], xs[3 + k]) for k in range(count)])
    y = 50.0
    if heading:
        y = _heading(plan, sheet, xs, y)
    for step in steps:
        extra = sum(34 for n in plan.nodes if n.step == step and n.kind == "off-page")
        height = heights[step] + extra
        sheet.bands.append((step, y, y + height))
        sheet.cells += [(xs[k], y, xs[k + 1], y + height) for k in range(len(xs) - 1)]
        sheet.texts.append(Text(xs[0] + 3, y + 10, f"{step + 1}."))
        words = plan.activities[step].split()
        for k in range(0, len(words), 2):
            sheet.texts.append(Text(xs[1] + 3, y + 10 + 4.5 * k, " ".join(words[k : k + 2])))
        sheet.texts.append(Text(xs[2 + count] + 3, y + 10, "Berkas"))
        sheet.texts.append(Text(xs[3 + count] + 3, y + 10, "10 menit"))
        _spots(rng, plan, sheet, step, (y, y + height), messy)
        y += height
    return sheet


def _open_lanes(sheet: Sheet) -> None:
    """No rules between the rows in the columns of the actors."""
    top, bottom = sheet.bands[0][1], sheet.bands[-1][2]
    x0, x1 = sheet.lanes[0][1], sheet.lanes[-1][2]
    sheet.cells = [c for c in sheet.cells if not (c[0] >= x0 - 0.1 and c[2] <= x1 + 0.1 and c[1] >= top - 0.1)]
    sheet.cells += [(left, top, right, bottom) for _, left, right in sheet.lanes]


def _heading(plan: Plan, sheet: Sheet, xs: list[float], y: float) -> float:
    count = len(plan.actors)
    top, bottom = y + 14, y + 40
    for k, label in ((0, "No"), (1, "Kegiatan")):
        sheet.cells.append((xs[k], y, xs[k + 1], bottom))
        sheet.texts.append(Text((xs[k] + xs[k + 1]) / 2, y + 22, label, centred=True))
    sheet.cells.append((xs[2], y, xs[2 + count], top))
    sheet.texts.append(Text((xs[2] + xs[2 + count]) / 2, y + 10, "Pelaksana", centred=True))
    for k, label in enumerate(plan.actors):
        sheet.cells.append((xs[2 + k], top, xs[3 + k], bottom))
        for i, word in enumerate(label.split()):
            sheet.texts.append(Text((xs[2 + k] + xs[3 + k]) / 2, top + 9 + 8 * i, word, 6.5, centred=True))
    sheet.cells.append((xs[2 + count], y, xs[-1], top))
    sheet.texts.append(Text((xs[2 + count] + xs[-1]) / 2, y + 10, "Mutu Baku", centred=True))
    for k, label in zip(range(2 + count, len(xs) - 1), ("Kelengkapan", "Waktu", "Output", "Ket"), strict=False):
        sheet.cells.append((xs[k], top, xs[k + 1], bottom))
        sheet.texts.append(Text((xs[k] + xs[k + 1]) / 2, top + 9, label, 6, centred=True))
    return bottom


def _spots(rng: Random, plan: Plan, sheet: Sheet, step: int, band: tuple[float, float], messy: bool) -> None:
    here = [n for n, node in enumerate(plan.nodes) if node.step == step]
    off = [n for n in here if plan.nodes[n].kind == "off-page"]
    first_half = (
        bool(off)
        and step == sheet.bands[0][0]
        and any(e.target == n and e.page_break == "pair" for n in off for e in plan.edges)
    )
    top, bottom = band
    if off:
        top, bottom = (top + 32, bottom) if first_half else (top, bottom - 32)
    for n in here:
        node = plan.nodes[n]
        _, x0, x1 = sheet.lanes[node.lane]
        width, height = min(x1 - x0 - 16, rng.uniform(24, 40)), rng.uniform(13, 19)
        height = min(height, bottom - top - 20)
        if node.shape in ("decision", "ellipse"):
            height = min(height + 5, bottom - top - 16)
        if n in off:
            y = band[0] + 17 if first_half else band[1] - 17
            sheet.spots[n] = Spot((x0 + x1) / 2, y, 16, 14)
            continue
        x, y = (x0 + x1) / 2, (top + bottom) / 2
        if messy:
            y += rng.uniform(-1, 1) * max(0.0, (bottom - top - height) / 2 - 7)
            if rng.random() < 0.2:
                # Against a rule, or over it.
                x += rng.choice([-1, 1]) * ((x1 - x0 - width) / 2 + rng.choice([0.0, 3.0, -1.0]))
            else:
                x += rng.uniform(-1, 1) * max(0.0, (x1 - x0 - width) / 2 - 6)
            if len(here) == 1 and rng.random() < 0.06:
                # Wider than its column.
                x, width = (x0 + x1) / 2 + rng.uniform(-2, 2), (x1 - x0) * rng.uniform(1.1, 1.7)
        sheet.spots[n] = Spot(x, y, width, height)


def _route(rng: Random, plan: Plan, sheet: Sheet, xs: list[float], messy: bool) -> bool:
    edges = [e for e in plan.edges if e.source in sheet.spots and e.target in sheet.spots]
    top, bottom = sheet.bands[0][1], sheet.bands[-1][2]
    count = len(plan.actors)
    borders = xs[2 : 3 + count]
    channels = [x + d for x in borders for d in (rng.choice([4.5, 5.5]), rng.choice([-4.5, -6.0]))]
    levels = [band[2] + d for band in sheet.bands for d in (4.5, -5.0)]
    if messy:
        # Lines that run along rules.
        channels += borders * 2
        levels += [band[2] for band in sheet.bands[:-1]] * 2
    for edge in plan.edges:
        cut = edge.page_break == "line" and (edge.source in sheet.spots) != (edge.target in sheet.spots)
        if cut and not _cut_line(plan, sheet, edge, top, bottom):
            return False
    for edge in sorted(edges, key=lambda e: e.optional):
        if edge.page_break == "pair" or edge.drawn_by_twin:
            continue
        if _draw(rng, plan, sheet, edge, channels, levels, messy):
            continue
        if not edge.optional:
            return False
    return True


def _draw(
    rng: Random, plan: Plan, sheet: Sheet, edge: Edge, channels: list[float], levels: list[float], messy: bool
) -> bool:
    a, b = sheet.spots[edge.source], sheet.spots[edge.target]
    ends = (edge.source, edge.target)
    head = plan.heads
    trunk = next(
        (
            d
            for d in sheet.arrows
            if d.target == edge.target and not d.merged and not d.both and d.source in sheet.spots
        ),
        None,
    )
    if trunk is not None and edge.twin is None and rng.random() < 0.8 and plan.heads:
        for route in merging(a, trunk.route, channels, rng):
            if fits(route, ends, sheet.spots, sheet.arrows, trunk) and _side(a, route[0]) not in a.sides:
                a.sides.add(_side(a, route[0]))
                sheet.arrows.append(Drawn(*ends, route, head and rng.random() < 0.4, merged=True))
                return True
    free = {"l", "r", "t", "b"} - a.sides
    for out, into, route in templates(rng, a, b, channels, levels, free):
        if into in b.sides or not fits(route, ends, sheet.spots, sheet.arrows):
            continue
        a.sides.add(out)
        b.sides.add(into)
        sheet.arrows.append(Drawn(*ends, route, head, both=edge.twin is not None))
        return True
    return False


def _side(spot: Spot, point: tuple[float, float]) -> str:
    return min("lrtb", key=lambda s: abs(spot.port(s)[0] - point[0]) + abs(spot.port(s)[1] - point[1]))


def _cut_line(plan: Plan, sheet: Sheet, edge: Edge, top: float, bottom: float) -> bool:
    """The half of a line that is cut by the page break: down from the source, or from above into the target."""
    ends = (edge.source, edge.target)
    if edge.source in sheet.spots:
        spot = sheet.spots[edge.source]
        route: Route = [spot.port("b"), (spot.x, bottom - 3)]
        side = "b"
        if route[1][1] - route[0][1] < 9:
            return False
    else:
        spot = sheet.spots[edge.target]
        lane = plan.nodes[edge.source].lane
        _, x0, x1 = sheet.lanes[lane]
        if plan.nodes[edge.source].lane == plan.nodes[edge.target].lane:
            route, side = [(spot.x, top + 3), spot.port("t")], "t"
        else:
            x = (x0 + x1) / 2
            side = "l" if x < spot.x else "r"
            route = [(x, top + 3), (x, spot.y), spot.port(side)]
    if not fits(route, ends, sheet.spots, sheet.arrows):
        return False
    spot.sides.add(side)
    sheet.arrows.append(Drawn(*ends, route, plan.heads and edge.target in sheet.spots))
    return True


def _drop_undrawn(drawing: Drawing) -> None:
    drawn = {(d.source, d.target) for sheet in drawing.sheets for d in sheet.arrows}
    drawing.plan.edges = [
        e
        for e in drawing.plan.edges
        if e.page_break == "pair"
        or (e.source, e.target) in drawn
        or (e.drawn_by_twin and (e.target, e.source) in drawn)
    ]


def _label(plan: Plan, sheet: Sheet) -> bool:
    """The words beside the exits of decisions; false where there is no room for one."""
    taken: list[Box] = [spot.box for spot in sheet.spots.values()]
    for edge in plan.edges:
        if edge.label is None or edge.source not in sheet.spots:
            continue
        drawn = next((d for d in sheet.arrows if (d.source, d.target) == (edge.source, edge.target)), None)
        if drawn is None:
            return False
        spot = _room(edge.label, drawn.route, taken, sheet, drawn)
        if spot is None:
            return False
        x, y, box = spot
        taken.append(box)
        sheet.texts.append(Text(x, y, edge.label, 6.0))
    return True


def _room(label: str, route: Route, taken: list[Box], sheet: Sheet, own: Drawn) -> tuple[float, float, Box] | None:
    (px, py), (qx, qy) = route[0], route[1]
    width, height = 3.3 * len(label) + 1, 6.0
    if abs(py - qy) < 0.1:
        x = px + 2 if qx > px else px - 2 - width
        offers = [(x, py - 2.5), (x, py + 8.0)]
    else:
        y = py + 9 if qy > py else py - 4
        offers = [(px + 2.5, y), (px - 2.5 - width, y)]
    for x, y in offers:
        box = (x, y - height, x + width, y + 1)
        if any(_meet(box, other) for other in taken):
            continue
        if any(
            _meet(
                (box[0] - 3, box[1] - 3, box[2] + 3, box[3] + 3),
                (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])),
            )
            for d in sheet.arrows
            if d is not own
            for a, b in segments(d.route)
        ):
            continue
        return x, y, box
    return None


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
