"""Whether an exported page shows what the truth states: symbols in their places, lines over their corners."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from tests.drawing.routes import Point, Route
from tests.office.paper import Paper
from tests.office.table import LEFT, TOP

# Programs place figures to a fraction of a millimetre; borders add half their width (points).
NEAR = 3.0


def misplaced(paper: Paper, source: bytes, scale: float = 1.0) -> list[str]:
    """What stands elsewhere on the exported pages, in words; empty where everything is in its place."""
    import pdfplumber

    found = []
    with pdfplumber.open(io.BytesIO(source)) as file:
        charts = paper.drawing.sheets
        if len(file.pages) != len(charts) + 1:
            return [f"{len(file.pages)} pages instead of {len(charts) + 1}"]
        for number, (page, chart) in enumerate(zip(file.pages[1:], charts, strict=True), 2):
            paths = [[_unscaled(p, scale) for p in path] for path in _paths(page)]
            boxes = [_box(path) for path in paths]
            for n, spot in chart.spots.items():
                if not any(all(abs(a - b) < NEAR for a, b in zip(box, spot.box, strict=True)) for box in boxes):
                    found.append(f"page {number}: symbol {n + 1}")
            found += [
                f"page {number}: line {arrow.source + 1}-{arrow.target + 1}"
                for arrow in chart.arrows
                if not all(any(_meets(point, path) for path in paths) for point in arrow.route)
            ]
    return found


def _paths(page: Any) -> Iterator[Route]:
    for one in (*page.lines, *page.curves, *page.rects):
        yield [(x, y) for x, y in one["pts"]]


def _unscaled(point: Point, scale: float) -> Point:
    return LEFT + (point[0] - LEFT) / scale, TOP + (point[1] - TOP) / scale


def _box(path: Route) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in path], [y for _, y in path]
    return min(xs), min(ys), max(xs), max(ys)


def _meets(point: Point, path: Route) -> bool:
    return any(abs(x - point[0]) < NEAR and abs(y - point[1]) < NEAR for x, y in path)
