"""The same sheet as different programs write it: operators, pieces, arrowheads, fills, order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from itertools import pairwise
from math import hypot
from random import Random
from typing import Any

from tests.drawing.outlines import outline
from tests.drawing.pen import FILLS, HEADS, Pen, grid_lines, whole
from tests.drawing.routes import Point, Route, Spot
from tests.drawing.sheet import Drawing, Sheet


def write_pdf(drawing: Drawing, style: str, seed: int) -> bytes:
    """The drawing as a PDF in one of STYLES."""
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    page = Canvas(out, pagesize=drawing.size, pageCompression=0, invariant=True)
    draw_pages(page, drawing, style, seed)
    page.save()
    return out.getvalue()


def draw_pages(page: Any, drawing: Drawing, style: str, seed: int) -> None:
    """The pages of the drawing on a canvas whose pages have its size."""
    rng = Random(seed * 31 + len(style))
    pen = Pen(
        rng,
        page,
        drawing.size[1],
        drawing.messy,
        rng.choice(HEADS),
        rng.uniform(3.2, 6.5),
        rng.choice([0.25, 0.5, 0.5, 0.75, 1.0]),
        rng.choice([0.5, 0.75, 0.75, 1.0, 1.5]),
        rng.choice([(0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.27, 0.45, 0.77)]),
        rng.choice(FILLS),
        {n: node.shape for n, node in enumerate(drawing.plan.nodes)},
        {n: node.text for n, node in enumerate(drawing.plan.nodes)},
        rng.random() < 0.15,
        rng.choice([0.0, 0.0, 0.5]) if drawing.messy else 0.0,
        rng.choice([0.0, 0.8, 1.4]) if drawing.messy else 0.0,
        drawing.messy and rng.random() < 0.2,
        drawing.messy and rng.random() < 0.15,
    )
    for sheet in drawing.sheets:
        if drawing.messy:
            _decor(pen, sheet)
        STYLES[style](pen, sheet)
        _texts(pen, sheet)
        page.showPage()


def _decor(pen: Pen, sheet: Sheet) -> None:
    """What else stands on such pages: shaded headings, a frame, underlined words, a legend of the symbols, a stamp."""
    page, rng = pen.page, pen.rng
    if sheet.cells[0][3] < sheet.bands[0][1] + 1 and rng.random() < 0.4:
        page.setFillColorRGB(0.85, 0.85, 0.9)
        top, bottom = min(c[1] for c in sheet.cells), sheet.bands[0][1]
        pen.bar(min(c[0] for c in sheet.cells), top, max(c[2] for c in sheet.cells), bottom)
    page.setStrokeColorRGB(0, 0, 0)
    page.setLineWidth(0.5)
    if rng.random() < 0.3:
        page.rect(12, 12, page._pagesize[0] - 24, pen.height - 24, stroke=1, fill=0)
    if rng.random() < 0.5:
        for _, top, _bottom in sheet.bands[:2]:
            x = sheet.cells[0][0] + 40
            pen.path([(x, top + 12), (x + 30, top + 12)])
    low = max(c[3] for c in sheet.cells)
    if low < pen.height - 60 and rng.random() < 0.4:
        for k, shape in enumerate(("capsule", "process", "decision", "off-page")):
            whole(pen, outline(shape, Spot(60 + 70 * k, low + 28, 26, 14), pen.height), 1, 0)
        pen.path([(340, low + 28), (370, low + 28)])
    if low < pen.height - 90 and rng.random() < 0.3:
        page.circle(500, pen.height - low - 50, 26, stroke=1, fill=0)


def _texts(pen: Pen, sheet: Sheet) -> None:
    pen.page.setFillColorRGB(0, 0, 0)
    for text in sheet.texts:
        pen.page.setFont("Helvetica", text.size)
        draw = pen.page.drawCentredString if text.centred else pen.page.drawString
        draw(text.x, pen.height - text.y, text.text)
    dark = pen.fill is not None and sum(pen.fill) < 1.5
    if dark:
        pen.page.setFillColorRGB(1, 1, 1)
    for n, spot in sheet.spots.items():
        if pen.texts[n]:
            size = min(6.0, spot.width / (0.62 * len(pen.texts[n] or "")))
            pen.page.setFont("Helvetica", size)
            pen.page.drawCentredString(spot.x, pen.height - spot.y - size / 3, pen.texts[n])


# -- symbols -----------------------------------------------------------------------------------------------------------


def _sides(pen: Pen, operators: list[tuple[Any, ...]]) -> None:
    """Every side of a symbol as a path of its own."""
    first = at = operators[0][1:]
    for operator in [*operators[1:], ("l", *first)]:
        end = operator[-2:]
        if hypot(end[0] - at[0], end[1] - at[1]) > 0.01:
            whole(pen, [("m", *at), operator], 1, 0, close=False)
        at = end


def _symbols(pen: Pen, sheet: Sheet, how: str) -> None:
    page = pen.page
    page.setStrokeColorRGB(*pen.ink)
    page.setLineWidth(pen.line)
    for n, spot in sheet.spots.items():
        operators = outline(pen.shapes[n], spot, pen.height)
        if pen.shadow:
            page.setFillColorRGB(0.7, 0.7, 0.7)
            whole(
                pen, outline(pen.shapes[n], Spot(spot.x + 1.8, spot.y + 1.8, spot.width, spot.height), pen.height), 0, 1
            )
        page.setFillColorRGB(*(pen.fill or (1, 1, 1)))
        if how == "sides":
            if pen.fill is not None:
                whole(pen, operators, 0, 1)
            _sides(pen, operators)
        elif how == "twice":
            page.saveState()
            clip = page.beginPath()
            x0, top, x1, bottom = spot.box
            clip.rect(x0 - 3, pen.height - bottom - 3, x1 - x0 + 6, bottom - top + 6)
            page.clipPath(clip, stroke=0, fill=0)
            whole(pen, operators, 0, 1)
            page.restoreState()
            page.setStrokeColorRGB(*pen.ink)
            page.setLineWidth(pen.line)
            whole(pen, operators, 1, 0)
        else:
            whole(pen, operators, 1, 1)


# -- arrowheads -----------------------------------------------------------------------------------------------------


def _head(pen: Pen, tip: Point, before: Point) -> None:
    size = hypot(tip[0] - before[0], tip[1] - before[1]) or 1.0
    dx, dy = (tip[0] - before[0]) / size, (tip[1] - before[1]) / size
    length, half = pen.head_size, pen.head_size * 0.42
    base = (tip[0] - dx * length, tip[1] - dy * length)
    left, right = (base[0] - dy * half, base[1] + dx * half), (base[0] + dy * half, base[1] - dx * half)
    pen.page.setFillColorRGB(*pen.ink)
    pen.page.setStrokeColorRGB(*pen.ink)
    if pen.head == "open":
        if pen.rng.random() < 0.5:
            pen.path([left, tip, right])
        else:
            pen.path([left, tip])
            pen.path([right, tip])
    elif pen.head == "notched":
        notch = (tip[0] - dx * length * 0.75, tip[1] - dy * length * 0.75)
        pen.path([tip, left, notch, right], closed=True, stroke=0, fill=1)
    else:
        pen.path([tip, left, right], closed=True, stroke=pen.rng.choice([0, 0, 1]), fill=1)


def _heads(pen: Pen, route: Route, both: bool) -> None:
    _head(pen, route[-1], route[-2])
    if both:
        _head(pen, route[0], route[1])


def _rough(pen: Pen, route: Route, head: bool) -> Route:
    """The line as a hand draws it: short of the symbol, into it, a little askew."""
    if not pen.messy:
        return list(route)
    route = [(x + pen.rng.uniform(-1, 1) * pen.askew, y + pen.rng.uniform(-1, 1) * pen.askew) for x, y in route]
    for end in (0, -1):
        if end == 0 and pen.from_middle:
            (x, y), (px, py) = route[0], route[1]
            size = hypot(x - px, y - py)
            route[0] = (x + (x - px) / size * 5, y + (y - py) / size * 5)
        elif pen.rng.random() < 0.35:
            (x, y), (px, py) = route[end], route[1 if end == 0 else -2]
            size = hypot(x - px, y - py)
            give = pen.rng.uniform(-3.0, min(9.0 if pen.far else 5.0, size / 3))
            if end == -1 and head:
                give = max(give, 0.0)
            route[end] = (x - (x - px) / size * give, y - (y - py) / size * give)
    return route


def _cut(pen: Pen, route: Route) -> list[Route]:
    """A line in many pieces."""
    pieces: list[Route] = []
    for (ax, ay), (bx, by) in pairwise(route):
        size = hypot(bx - ax, by - ay)
        stops = sorted({0.0, 1.0, *(pen.rng.random() for _ in range(int(size / 25)))})
        for s, e in pairwise(stops):
            pieces.append([(ax + (bx - ax) * s, ay + (by - ay) * s), (ax + (bx - ax) * e, ay + (by - ay) * e)])
    return _missing(pen, pieces)


def _missing(pen: Pen, pieces: list[Route]) -> list[Route]:
    """The pieces of one line as they miss each other at the corners: too long or too short."""
    out = []
    for k, ((ax, ay), (bx, by)) in enumerate(pieces):
        size = hypot(bx - ax, by - ay) or 1.0
        start = pen.rng.uniform(-1, 1) * pen.loose if k and size > 6 else 0.0
        end = pen.rng.uniform(-1, 1) * pen.loose if k < len(pieces) - 1 and size > 6 else 0.0
        ux, uy = (bx - ax) / size, (by - ay) / size
        out.append([(ax + ux * start, ay + uy * start), (bx + ux * end, by + uy * end)])
    return out


def _shortened(route: Route, by: float) -> Route:
    (px, py), (x, y) = route[-2], route[-1]
    size = hypot(x - px, y - py)
    keep = max(size - by, 0.3 * size) / size
    return [*route[:-1], (px + (x - px) * keep, py + (y - py) * keep)]


# -- styles ---------------------------------------------------------------------------------------------------------


def _canvas(pen: Pen, sheet: Sheet) -> None:
    """Whole paths, stroked; symbols filled and stroked at once; lines to the very tip."""
    page = pen.page
    page.setStrokeColorRGB(0, 0, 0)
    page.setLineWidth(pen.rule)
    if pen.rng.random() < 0.5:
        for x0, top, x1, bottom in sheet.cells:
            page.rect(x0, pen.height - bottom, x1 - x0, bottom - top, stroke=1, fill=0)
    else:
        for a, b in grid_lines(sheet):
            pen.path([a, b])
    page.setStrokeColorRGB(*pen.ink)
    page.setLineWidth(pen.line)
    for arrow in sheet.arrows:
        route = _rough(pen, arrow.route, arrow.head)
        pen.path(route)
        if arrow.head:
            _heads(pen, route, arrow.both)
    _symbols(pen, sheet, "once")


def _word(pen: Pen, sheet: Sheet) -> None:
    """Borders cell by cell as thin bars with squares at the corners; fills and strokes apart; shafts as thin areas."""
    page = pen.page
    page.setFillColorRGB(0, 0, 0)
    rule = pen.rule
    for x0, top, x1, bottom in sheet.cells:
        pen.bar(x0, top, x0 + rule, top + rule)
        pen.bar(x0 + rule, top, x1, top + rule)
        pen.bar(x0, top + rule, x0 + rule, bottom)
        pen.bar(x1, top, x1 + rule, bottom)
        pen.bar(x0, bottom, x1 + rule, bottom + rule)
    _symbols(pen, sheet, "twice")
    page.setStrokeColorRGB(*pen.ink)
    page.setLineWidth(pen.line)
    for arrow in sheet.arrows:
        route = _rough(pen, arrow.route, arrow.head)
        closed = arrow.head and pen.head != "open"
        shaft = _shortened(route, pen.head_size * 0.8) if closed else route
        bends = _missing(pen, [[a, b] for a, b in pairwise(shaft)])
        for a, b in bends[:-1]:
            pen.path([a, b])
        page.setFillColorRGB(*pen.ink)
        _area(pen, list(bends[-1]))
        if arrow.head:
            _heads(pen, route, arrow.both)


def _spread(pen: Pen, sheet: Sheet) -> None:
    """As spreadsheets export: long bars for rules, every side and every piece of a line by itself."""
    page = pen.page
    page.setFillColorRGB(0, 0, 0)
    for (ax, ay), (bx, by) in grid_lines(sheet):
        half = pen.rule / 2
        pen.bar(ax - half, ay - half, bx + half, by + half)
    _symbols(pen, sheet, "sides")
    page.setStrokeColorRGB(*pen.ink)
    page.setLineWidth(pen.line)
    pieces: list[Callable[[], None]] = []
    for arrow in sheet.arrows:
        route = _rough(pen, arrow.route, arrow.head)
        pieces.extend(partial(pen.path, piece) for piece in _cut(pen, route))
        if arrow.head:
            pieces.append(partial(_heads, pen, route, arrow.both))
    pen.rng.shuffle(pieces)
    for draw in pieces:
        draw()


def _printed(pen: Pen, sheet: Sheet) -> None:
    """As printer drivers write: nothing is stroked; lines, rules and heads are filled areas."""
    page = pen.page
    page.setFillColorRGB(0, 0, 0)
    for (ax, ay), (bx, by) in grid_lines(sheet):
        half = pen.rule / 2
        pen.bar(ax - half, ay - half, bx + half, by + half)
    for arrow in sheet.arrows:
        route = _rough(pen, arrow.route, arrow.head)
        page.setFillColorRGB(*pen.ink)
        closed = arrow.head and pen.head != "open"
        _area(pen, _shortened(route, pen.head_size * 0.7) if closed else route)
        page.setLineWidth(0.5)
        if arrow.head:
            _heads(pen, route, arrow.both)
    _symbols(pen, sheet, "once")


def _area(pen: Pen, route: Route) -> None:
    """A line as the outline of its stroke."""
    half = max(pen.line / 2, 0.2)
    left: Route = []
    right: Route = []
    for i, (x, y) in enumerate(route):
        before = route[i - 1] if i else None
        after = route[i + 1] if i + 1 < len(route) else None
        nx = ny = 0.0
        for p, q in ((before, (x, y)), ((x, y), after)):
            if p is not None and q is not None:
                size = hypot(q[0] - p[0], q[1] - p[1]) or 1.0
                nx -= (q[1] - p[1]) / size
                ny += (q[0] - p[0]) / size
        left.append((x + nx * half, y + ny * half))
        right.append((x - nx * half, y - ny * half))
    pen.path([*left, *right[::-1]], closed=True, stroke=0, fill=1)


STYLES: dict[str, Callable[[Pen, Sheet], None]] = {
    "canvas": _canvas,
    "word": _word,
    "spreadsheet": _spread,
    "printer": _printed,
}
