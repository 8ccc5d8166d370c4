"""A table and its pages to charts: where on each page its lanes and bands lie, and what is drawn over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sopparse.extract.charts import Band, Chart, Lane
from sopparse.extract.doubts import doubted
from sopparse.geometry import Box, enclose
from sopparse.layout.grid import Grid
from sopparse.layout.tables import Table
from sopparse.page import Page
from sopparse.readers.shapes import find_drawing


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with geometry and the grids on it."""

    page: Page
    grids: tuple[Grid, ...]


def charts_of(table: Table, sheets: Mapping[int, Sheet]) -> tuple[Chart, ...]:
    """The charts of a table, page by page; none where the source has no drawings."""
    numbers = sorted({band.page for row in table.rows for band in row.bands})
    return tuple(chart for n in numbers if n in sheets and (chart := _chart(table, sheets[n])) is not None)


def _chart(table: Table, sheet: Sheet) -> Chart | None:
    if not sheet.page.paths:
        return None
    bands: list[Band] = []
    lanes: dict[int, Lane] = {}
    boxes: list[Box] = []
    columns = [j for j, column in enumerate(table.columns) if column.role == "actor"]
    for step, row in enumerate(table.rows):
        for band in row.bands:
            printed = [box for box in band.boxes if box is not None]
            if band.page != sheet.page.number or not printed:
                continue
            boxes.extend(printed)
            bands.append(_band(step, table, band.boxes, printed))
            for actor, j in enumerate(columns):
                box = band.boxes[j] if j < len(band.boxes) else None
                if box is not None and actor not in lanes:
                    lanes[actor] = Lane(actor, box.x0, box.x1)
    if not bands or not lanes:
        return None
    cells = _cells(sheet.grids, enclose(boxes)) or boxes
    drawing = find_drawing(sheet.page.paths, sheet.page.words, cells)
    if sheet.page.kind == "image":
        drawing = doubted(drawing, sheet.page.paths, [(band.top, band.bottom) for band in bands])
    return Chart(sheet.page.number, tuple(lanes[a] for a in sorted(lanes)), tuple(bands), drawing)


def _band(step: int, table: Table, boxes: Sequence[Box | None], printed: Sequence[Box]) -> Band:
    at = table.index("activity")
    own = boxes[at] if at is not None and at < len(boxes) else None
    box = own if own is not None else printed[0]
    return Band(step, box.top, box.bottom)


def _cells(grids: Sequence[Grid], area: Box) -> list[Box]:
    """All cells of the grid that the rows stand in, its headings too."""
    x, y = (area.x0 + area.x1) / 2, (area.top + area.bottom) / 2
    for grid in grids:
        if grid.box.x0 <= x <= grid.box.x1 and grid.box.top <= y <= grid.box.bottom:
            return [cell.box for cell in grid.cells]
    return []
