"""What one document holds and how it looks: a form, a procedure table, the chart over it, and the truth."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from tests.drawing.routes import fits
from tests.drawing.sheet import Drawing, make_drawing
from tests.drawing.sheet import Sheet as Chart
from tests.generator import make_sop
from tests.generator.sheet import Needs, Sheet, lay_out

Truth = dict[str, Any]

FONTS = ("Liberation Serif", "Liberation Sans", "Liberation Sans Narrow", "DejaVu Sans", "DejaVu Serif Condensed")
# Width of a letter to the size of its font, on the broad side.
BROADNESS = {"Liberation Serif": 0.48, "Liberation Sans": 0.53, "Liberation Sans Narrow": 0.44, "DejaVu Sans": 0.6}
SIZES = (8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0)
# Left and right of the words of a cell (points).
INSET = 2.0
PAPERS = {(842.0, 595.0): 9, (1008.0, 612.0): 5, (936.0, 612.0): 14, (595.0, 842.0): 9}
BLACK, WHITE = "000000", "FFFFFF"
# From white to grey.
GRADIENT = "gradient"
FILLS = ("D9D9D9", "4472C4", "000000", "FFF2CC", "DEEAF6", GRADIENT)


@dataclass(frozen=True, slots=True)
class Look:
    font: str
    size: float
    rule: float  # width of the table's rules
    line: float
    ink: str
    fill: str | None  # a colour or GRADIENT
    head: str
    head_size: str
    connectors: str  # one of CONNECTORS
    reversed: bool  # drawn from the target to the source, with the head at its start
    dashed: bool
    shadow: bool
    presets: dict[str, str]
    boxed_labels: bool
    anchor: str  # DOCX: what places are measured from
    scale: int  # XLSX: of the print, in percent
    rules: str  # of the table: one of RULES
    shaded: bool  # the heading of the table
    rough: float  # how far the ends of lines may lie off, in points
    plain_lines: bool  # XLSX: straight lines as the shape "line"


@dataclass(frozen=True, slots=True)
class Paper:
    drawing: Drawing
    form: Sheet
    heads: dict[str, str]
    rows: list[list[str]]  # number, activity, requirements, duration, output, note
    look: Look
    truth: Truth

    @property
    def noted(self) -> bool:
        """Whether the table has a column for notes."""
        return _noted(self.drawing)


# Single lines; a double frame around single lines; double, dotted or dashed lines.
RULES = ("single", "single", "single", "single", "frame", "double", "dotted", "dashed")
CONNECTORS = ("bent", "bent", "bent", "pieces", "freeform")


def make_paper(seed: int) -> Paper:
    """The paper of a seed; drawings that do not fit one sheet's width or are too large are passed over."""
    rng = Random(f"office-{seed}")
    while True:
        drawing = make_drawing(rng.randrange(10**9), rng.random() < 0.35)
        plan = drawing.plan
        if not (2 <= len(plan.actors) <= 6 and 3 <= len(plan.activities) <= 12 and drawing.size in PAPERS):
            continue
        if len(drawing.sheets) > 3 or _too_long(drawing):
            continue
        for chart in drawing.sheets:
            _halve(drawing, chart)
        font = rng.choice(FONTS)
        for _ in range(20):
            form, rows, heads = _content(rng, drawing)
            size = _largest(drawing, rows, font)
            if size is not None:
                return Paper(drawing, form, heads, rows, _look(rng, font, size), _truth(drawing, form))


def columns(chart: Chart) -> list[float]:
    """The places of the upright rules."""
    return sorted({x for cell in chart.cells for x in (cell[0], cell[2])})


def _halve(drawing: Drawing, chart: Chart) -> None:
    """Moves the middle part of lines to the half of their way, where that is as clear: as programs draw them."""
    labelled = {(edge.source, edge.target) for edge in drawing.plan.edges if edge.label}
    joined = {arrow.target for arrow in chart.arrows if arrow.merged}
    for arrow in chart.arrows:
        (ax, ay), (bx, by) = arrow.route[0], arrow.route[-1]
        if len(arrow.route) != 4 or (arrow.source, arrow.target) in labelled or arrow.target in joined:
            continue
        if abs(ay - arrow.route[1][1]) < 0.05:
            route = [(ax, ay), ((ax + bx) / 2, ay), ((ax + bx) / 2, by), (bx, by)]
        else:
            route = [(ax, ay), (ax, (ay + by) / 2), (bx, (ay + by) / 2), (bx, by)]
        others = [other for other in chart.arrows if other is not arrow]
        if fits(route, (arrow.source, arrow.target), chart.spots, others):
            arrow.route = route


def _too_long(drawing: Drawing) -> bool:
    return any(chart.bands[-1][2] > drawing.size[1] - 26 for chart in drawing.sheets)


def _noted(drawing: Drawing) -> bool:
    return len(columns(drawing.sheets[0])) - 1 == len(drawing.plan.actors) + 6


def _content(rng: Random, drawing: Drawing) -> tuple[Sheet, list[list[str]], dict[str, str]]:
    count = len(drawing.plan.activities)
    while True:
        sop = make_sop(rng.randrange(10**6))["sops"][0]
        if len(sop["procedures"]) == 1 and len(sop["procedures"][0]["steps"]) >= count:
            break
    table = sop["procedures"][0]
    table["steps"] = table["steps"][:count]
    if not _noted(drawing):
        for step in table["steps"]:
            step["note"] = None
    form = lay_out(sop, rng, 0.0, Needs(ruled=False, odd=0.0, signature=0.0))
    grid = form.grids[0]
    first = 2 + grid.actors
    rows = [[*row[:2], *row[first : first + 3], row[first + 3] if grid.noted else ""] for row in grid.rows]
    names = ("number", "activity", "actors", "quality")
    heads = dict(zip(names, (*grid.first[:3], grid.first[first]), strict=True))
    heads |= dict(zip(("requirements", "duration", "output"), grid.second[first : first + 3], strict=True))
    heads["note"] = grid.first[-1] if grid.noted else "Keterangan"
    return form, rows, heads


def _truth(drawing: Drawing, form: Sheet) -> Truth:
    sop = form.truth
    drawn = drawing.truth()["sops"][0]["procedures"][0]
    steps = [
        {**step, "number": s + 1, "actors": drawn["steps"][s]["actors"]}
        for s, step in enumerate(sop["procedures"][0]["steps"])
    ]
    actors = [{**actor, "group": None} for actor in drawn["actors"]]
    made = {"title": None, "footnotes": [], "actors": actors, "steps": steps, "flow": drawn["flow"]}
    return {"sops": [{**sop, "pages": list(range(1, len(drawing.sheets) + 2)), "procedures": [made]}]}


def lines(text: str, width: float, size: float, font: str) -> int:
    """How many lines the text takes in a cell, on the long side."""
    room = max(1, int((width - 2 * INSET) / (BROADNESS.get(font, 0.56) * size)))
    count = 0
    for paragraph in text.split("\n"):
        left = 0
        for word in paragraph.split():
            if left < len(word):
                count += -(-len(word) // room)
                left = room - (len(word) - 1) % room
            else:
                left -= len(word)
            left -= 1
    return max(count, 1)


def _largest(drawing: Drawing, rows: list[list[str]], font: str) -> float | None:
    """The largest size of letters with which every cell holds its words."""
    xs = columns(drawing.sheets[0])
    count = len(drawing.plan.actors)
    places = [0, 1, *range(2 + count, len(xs) - 1)]
    heights = {step: bottom - top for chart in drawing.sheets for step, top, bottom in chart.bands}
    for size in SIZES:
        if all(
            lines(text, xs[k + 1] - xs[k], size, font) * 1.25 * size + 2 <= heights[s]
            and not _broken(text, xs[k + 1] - xs[k], size, font)
            for s, row in enumerate(rows)
            for k, text in zip(places, row, strict=False)
        ):
            return size
    return None


def _broken(text: str, width: float, size: float, font: str) -> bool:
    """Whether a word is too long for its cell."""
    room = int((width - 2 * INSET) / (BROADNESS.get(font, 0.56) * size))
    return any(len(word) > room for word in text.split())


def _look(rng: Random, font: str, size: float) -> Look:
    ink = rng.choice((BLACK, BLACK, BLACK, "4472C4", "1F4E79", "C00000"))
    plain = rng.random() < 0.5
    presets = {
        "process": "flowChartProcess" if rng.random() < 0.7 else "rect",
        "decision": "flowChartDecision" if rng.random() < 0.7 else "diamond",
        "document": "flowChartDocument",
        "off-page": "flowChartOffpageConnector",
        "capsule": "flowChartTerminator",
        "rounded": "roundRect" if rng.random() < 0.6 else "flowChartAlternateProcess",
        "ellipse": "ellipse",
        "terminator": "flowChartTerminator",
    }
    return Look(
        font=font,
        size=size,
        rule=rng.choice((0.25, 0.5, 0.5, 0.75, 1.0)),
        line=rng.choice((0.5, 0.75, 0.75, 1.0, 1.5, 2.0)),
        ink=ink,
        fill=rng.choice((None, WHITE) if plain else FILLS),
        head=rng.choice(("triangle", "triangle", "triangle", "arrow", "stealth")),
        head_size=rng.choice(("sm", "med", "med", "lg")),
        connectors=rng.choice(CONNECTORS),
        reversed=rng.random() < 0.15,
        dashed=rng.random() < 0.08,
        shadow=rng.random() < 0.08,
        presets=presets,
        boxed_labels=rng.random() < 0.25,
        anchor=rng.choice(("page", "paragraph", "row")),
        scale=rng.choice((100, 100, 95, 90, 80)),
        rules=rng.choice(RULES),
        shaded=rng.random() < 0.3,
        rough=rng.choice((0.0, 0.0, 0.0, 1.0, 1.8)),
        plain_lines=rng.random() < 0.2,
    )
