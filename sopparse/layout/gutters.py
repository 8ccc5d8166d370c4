"""Tables with lines between their rows only: the columns from the white strips that run down between the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sopparse.geometry import Box
from sopparse.layout.grid import Grid, GridCell
from sopparse.page import Word

# A strip this wide (points) that almost no line of words crosses parts two columns.
STRIP = 5.0
CROSSED = 0.06
# Words nearer than this many letter heights belong together; the strip must not be one of their spaces.
TOGETHER = 0.7
# Fewer rows, lines or columns are a list of paragraphs.
ROWS = 3
LINES = 5
COLUMNS = 3


def with_columns(grid: Grid, words: Sequence[Word]) -> Grid:
    """The grid with columns where it has none, if its words stand in some; the same grid otherwise."""
    if len(grid.xs) != 2 or len(grid.ys) <= ROWS:
        return grid
    head = grid.ys[1]
    inked = _ink(words)
    if len(inked) < LINES:
        return grid
    # Columns for symbols have words in their heading only.
    named = _ink([word for word in words if word.box is not None and word.box.bottom <= head])
    places = _strips(inked, named[-1:], grid.box)
    if len(places) + 1 < COLUMNS:
        return grid
    xs = (grid.xs[0], *places, grid.xs[1])
    cells = tuple(
        GridCell(Box(xs[c], cell.box.top, xs[c + 1], cell.box.bottom), cell.row, c, cell.rows, 1)
        for cell in grid.cells
        for c in range(len(xs) - 1)
    )
    return replace(grid, xs=xs, cells=cells)


def _ink(words: Sequence[Word]) -> list[list[tuple[float, float]]]:
    """For each line, where its words stand, those that belong together as one."""
    lines: dict[int, list[Box]] = {}
    for word in words:
        if word.box is not None:
            lines.setdefault(word.line, []).append(word.box)
    out = []
    for boxes in lines.values():
        boxes.sort()
        runs = [(boxes[0].x0, boxes[0].x1)]
        for box in boxes[1:]:
            if box.x0 - runs[-1][1] < TOGETHER * (box.bottom - box.top):
                runs[-1] = (runs[-1][0], max(runs[-1][1], box.x1))
            else:
                runs.append((box.x0, box.x1))
        out.append(runs)
    return out


Ink = Sequence[Sequence[tuple[float, float]]]


def _strips(inked: Ink, named: Ink, box: Box) -> tuple[float, ...]:
    """The middles of the white strips; ink within them belongs to headings over several columns. `named` is the ink of
    the headings that name the columns: no strip runs through it."""
    most = CROSSED * len(inked)
    weighed = [(run, 1.0) for runs in inked for run in runs] + [(run, most + 1.0) for runs in named for run in runs]
    edges = sorted([(x0, weight) for (x0, _), weight in weighed] + [(x1, -weight) for (_, x1), weight in weighed])
    out = []
    depth, start = 0.0, None
    for x, change in edges:
        depth += change
        if depth <= most and start is None:
            start = x
        elif depth > most and start is not None:
            if x - start >= STRIP and start > box.x0 + STRIP:
                out.append((start + x) / 2)
            start = None
    return tuple(out)
