"""Symbols, lines and labels of a chart as DrawingML figures: what DOCX and XLSX have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random
from xml.sax.saxutils import escape

from tests.drawing.routes import Drawn, Point, Route, Spot
from tests.drawing.sheet import Sheet as Chart
from tests.office.paper import BLACK, GRADIENT, WHITE, Look, Paper

EMU = 12700  # in a point
# Word and Excel give a figure without breadth the least one that they know.
LEAST = 1.0 / EMU
DARK = ("000000", "4472C4")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure on its page, in points; `box` is that before it is turned."""

    kind: str  # symbol, line or label
    preset: str | None
    box: tuple[float, float, float, float]  # x, y, width, height
    turned: bool = False  # by 90 degrees, clockwise, after it was flipped
    across: bool = False
    upside: bool = False
    adjust: float | None = None
    points: tuple[Point, ...] = ()
    heads: tuple[bool, bool] = (False, False)  # at its start and its end
    text: str | None = None
    node: int | None = None
    # The symbols and sides that a connector is glued to at its start and end.
    glued: tuple[tuple[int, str] | None, tuple[int, str] | None] = (None, None)

    @property
    def outer(self) -> tuple[float, float, float, float]:
        """x, y, width, height as it stands."""
        x, y, width, height = self.box
        if not self.turned:
            return self.box
        return (x + width / 2 - height / 2, y + height / 2 - width / 2, height, width)


def figures(paper: Paper, chart: Chart) -> list[Figure]:
    """All that is drawn over the table on one page, lowest first."""
    look, plan = paper.look, paper.drawing.plan
    rng = Random(len(chart.arrows))
    drawn: list[Figure] = []
    for n, spot in chart.spots.items():
        node = plan.nodes[n]
        drawn.append(Figure("symbol", look.presets[node.shape], _around(spot), text=node.text, node=n))
    for arrow in chart.arrows:
        drawn.extend(_connector(look, arrow, chart.spots, rng))
    labels = {edge.label for edge in plan.edges}
    for text in chart.texts:
        if text.size == 6.0 and not text.centred and text.text in labels:
            width = 3.3 * len(text.text) + 5
            drawn.append(Figure("label", "rect", (text.x - 1.5, text.y - 6.5, width, 9.0), text=text.text))
    return drawn


def _around(spot: Spot) -> tuple[float, float, float, float]:
    x0, top, x1, bottom = spot.box
    return (x0, top, x1 - x0, bottom - top)


def _connector(look: Look, arrow: Drawn, spots: dict[int, Spot], rng: Random) -> Iterator[Figure]:
    route = arrow.route
    ends = (_side(arrow.source, route[0], spots), _side(arrow.target, route[-1], spots))
    pieces = [list(pair) for pair in pairwise(route)] if look.connectors == "pieces" else [route]
    for i, piece in enumerate(pieces):
        first, last = i == 0, i == len(pieces) - 1
        points = piece
        heads = (arrow.both and first, arrow.head and last)
        glued = (ends[0] if first else None, ends[1] if last else None)
        if look.reversed:
            points, heads, glued = points[::-1], heads[::-1], glued[::-1]
        points = _off(points, look, rng)
        drawn = _freeform(points) if len(points) > 2 and look.connectors == "freeform" else _preset(points)
        if look.plain_lines and drawn.preset == "straightConnector1":
            drawn = replace(drawn, preset="line")
        yield replace(drawn, heads=heads, glued=glued)


def _off(points: Route, look: Look, rng: Random) -> Route:
    """The line as a hand draws it: its ends stop short of what they mean, or run a little into it."""
    if not look.rough or (len(points) == 2 and look.connectors == "pieces"):
        return points
    out = list(points)
    for at, beside in ((0, 1), (-1, -2)):
        (x, y), (ox, oy) = points[at], points[beside]
        far = rng.uniform(-0.5, 1.0) * look.rough
        if abs(x - ox) > 3 * look.rough:
            out[at] = (x + far * (1 if ox > x else -1), y)
        elif abs(y - oy) > 3 * look.rough:
            out[at] = (x, y + far * (1 if oy > y else -1))
    return out


def _side(node: int, end: Point, spots: dict[int, Spot]) -> tuple[int, str] | None:
    """The symbol and its side, where the end of a line stands in the middle of it."""
    if node not in spots:
        return None
    for side in "tlbr":
        x, y = spots[node].port(side)
        if abs(x - end[0]) + abs(y - end[1]) < 0.1:
            return node, side
    return None


def _freeform(points: Route) -> Figure:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x, y = min(xs), min(ys)
    box = (x, y, max(max(xs) - x, LEAST), max(max(ys) - y, LEAST))
    own = tuple((px - x, py - y) for px, py in points)
    return Figure("line", None, box, points=own)


def _preset(points: Route) -> Figure:
    """A straight or bent connector: the preset runs to the right, then down; flips and a turn make it fit."""
    (ax, ay), (bx, by) = points[0], points[-1]
    preset = ("straightConnector1", "bentConnector2", "bentConnector3")[len(points) - 2]
    width, height = abs(bx - ax), abs(by - ay)
    if len(points) == 2 or abs(points[0][1] - points[1][1]) < 0.05:
        box = (min(ax, bx), min(ay, by), max(width, LEAST), max(height, LEAST))
        share = (points[1][0] - ax) / (bx - ax or LEAST) if len(points) == 4 else None
        return Figure("line", preset, box, False, bx < ax, by < ay, share)
    # Down first: the preset is turned by a quarter, so that its width runs down the page.
    width, height = max(height, LEAST), max(width, LEAST)
    box = ((ax + bx) / 2 - width / 2, (ay + by) / 2 - height / 2, width, height)
    share = (points[1][1] - ay) / (by - ay or LEAST) if len(points) == 4 else None
    return Figure("line", preset, box, True, by < ay, bx > ax, share)


# -- as XML ---------------------------------------------------------------------------------------------------------


def emu(points: float) -> int:
    return round(points * EMU)


def properties(figure: Figure, look: Look, x: float, y: float) -> str:
    """The content of spPr, with the figure's upper left corner (before it is turned) at x, y."""
    _, _, width, height = figure.box
    attributes = ' rot="5400000"' if figure.turned else ""
    attributes += ' flipH="1"' if figure.across else ""
    attributes += ' flipV="1"' if figure.upside else ""
    place = f'<a:off x="{emu(x)}" y="{emu(y)}"/><a:ext cx="{emu(width)}" cy="{emu(height)}"/>'
    return f"<a:xfrm{attributes}>{place}</a:xfrm>{_geometry(figure)}{_fill(figure, look)}{_stroke(figure, look)}" + (
        '<a:effectLst><a:outerShdw blurRad="0" dist="25400" dir="2700000" algn="tl">'
        '<a:srgbClr val="808080"/></a:outerShdw></a:effectLst>'
        if look.shadow and figure.kind == "symbol"
        else ""
    )


def _geometry(figure: Figure) -> str:
    if figure.preset is not None:
        value = "" if figure.adjust is None else f'<a:gd name="adj1" fmla="val {round(figure.adjust * 100000)}"/>'
        return f'<a:prstGeom prst="{figure.preset}"><a:avLst>{value}</a:avLst></a:prstGeom>'
    _, _, width, height = figure.box
    steps = "".join(
        f'<a:{"lnTo" if i else "moveTo"}><a:pt x="{emu(x)}" y="{emu(y)}"/></a:{"lnTo" if i else "moveTo"}>'
        for i, (x, y) in enumerate(figure.points)
    )
    path = f'<a:path w="{emu(width)}" h="{emu(height)}" fill="none">{steps}</a:path>'
    frame = '<a:rect l="0" t="0" r="r" b="b"/>'
    return f"<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>{frame}<a:pathLst>{path}</a:pathLst></a:custGeom>"


def _solid(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'


def _fill(figure: Figure, look: Look) -> str:
    colour = look.fill if figure.kind == "symbol" else WHITE if figure.kind == "label" and look.boxed_labels else None
    if colour == GRADIENT:
        ends = ((0, WHITE), (100000, "A6A6A6"))
        stops = "".join(f'<a:gs pos="{at}"><a:srgbClr val="{one}"/></a:gs>' for at, one in ends)
        return f'<a:gradFill><a:gsLst>{stops}</a:gsLst><a:lin ang="5400000" scaled="0"/></a:gradFill>'
    return "<a:noFill/>" if colour is None else _solid(colour)


def _stroke(figure: Figure, look: Look) -> str:
    if figure.kind == "label":
        return "<a:ln><a:noFill/></a:ln>"
    dash = '<a:prstDash val="dash"/>' if look.dashed and figure.kind == "line" else ""
    end = "".join(
        f'<a:{tag} type="{look.head}" w="{look.head_size}" len="{look.head_size}"/>'
        for tag, headed in zip(("headEnd", "tailEnd"), figure.heads, strict=True)
        if headed
    )
    return f'<a:ln w="{emu(look.line)}">{_solid(look.ink)}{dash}<a:miter lim="800000"/>{end}</a:ln>'


def text_colour(figure: Figure, look: Look) -> str:
    return WHITE if figure.kind == "symbol" and look.fill in DARK else BLACK


def text_size(figure: Figure) -> float:
    """The size of the letters in a figure, so that they fit on one line."""
    if figure.kind == "label":
        return 6.0
    share = {"flowChartDecision": 0.5, "diamond": 0.5, "ellipse": 0.65}.get(figure.preset or "", 0.8)
    return max(3.5, min(6.0, int(2 * share * figure.box[2] / (0.75 * max(1, len(figure.text or "")))) / 2))


def attribute(name: str, value: object, wanted: bool = True) -> str:
    return f' {name}="{value}"' if wanted else ""


def quoted(text: str) -> str:
    return escape(text, {'"': "&quot;"})
