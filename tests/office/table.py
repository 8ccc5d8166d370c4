"""The form and the procedure table as cells, before they become a DOCX or XLSX table."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from tests.drawing.sheet import Sheet as Chart
from tests.office.paper import Paper, columns

# As the charts are laid out: the first row of the heading, and both.
TOP, UPPER, LOWER = 50.0, 14.0, 26.0
LEFT = 30.0
HEAD_SIZE = 6.5


@dataclass(slots=True)
class Cell:
    """A cell with its upper left place in the grid; text has one paragraph for each line."""

    row: int
    column: int
    text: str = ""
    rows: int = 1
    columns: int = 1
    centred: bool = False
    bold: bool = False
    size: float | None = None


@dataclass(slots=True)
class Table:
    widths: list[float]
    heights: list[float | None]  # None: as high as the words need
    cells: list[Cell] = field(default_factory=list)


def chart_table(paper: Paper, chart: Chart) -> Table:
    """The part of the procedure table that stands on the page of one chart."""
    xs = columns(chart)
    table = Table([b - a for a, b in pairwise(xs)], [])
    if headed(chart):
        table.heights += [UPPER, LOWER]
        table.cells += _heading(paper)
    count = len(paper.drawing.plan.actors)
    for step, top, bottom in chart.bands:
        at = len(table.heights)
        table.heights.append(bottom - top)
        number, activity, *rest = paper.rows[step]
        table.cells += [Cell(at, 0, number, centred=True), Cell(at, 1, activity)]
        table.cells += [Cell(at, 2 + k) for k in range(count)]
        table.cells += [Cell(at, 2 + count + k, text) for k, text in enumerate(rest[: 4 if paper.noted else 3])]
    return table


def headed(chart: Chart) -> bool:
    return chart.bands[0][1] > TOP + UPPER + LOWER - 1


def _heading(paper: Paper) -> list[Cell]:
    heads, actors = paper.heads, paper.drawing.plan.actors
    last = 2 + len(actors)

    def head(row: int, column: int, text: str, rows: int = 1, columns: int = 1) -> Cell:
        return Cell(row, column, text, rows, columns, True, True, HEAD_SIZE)

    cells = [head(0, 0, heads["number"], rows=2), head(0, 1, heads["activity"], rows=2)]
    cells.append(head(0, 2, heads["actors"], columns=len(actors)))
    cells.append(head(0, last, heads["quality"], columns=3))
    if paper.noted:
        cells.append(head(0, last + 3, heads["note"], rows=2))
    cells += [head(1, 2 + k, label) for k, label in enumerate(actors)]
    cells += [head(1, last + k, heads[name]) for k, name in enumerate(("requirements", "duration", "output"))]
    return cells


def form_table(paper: Paper, width: float) -> Table:
    """The form: letterhead beside the fields, then the lists in pairs."""
    form = paper.form
    fields = form.fields
    table = Table([width * 0.5, width * 0.18, width * 0.32], [None] * len(fields))
    letterhead = "\n".join(form.agency + ([form.address] if form.address else []))
    table.cells.append(Cell(0, 0, letterhead, rows=len(fields), centred=True, bold=True))
    for row, (label, lines) in enumerate(fields):
        table.cells += [Cell(row, 1, label), Cell(row, 2, "\n".join(lines))]
    for left, right in form.pairs:
        at = len(table.heights)
        table.heights += [None, None]
        for column, name in ((0, left), (1, right)):
            label, items = form.lists[name]
            listed = items == ["-"] or len(items) < 2
            text = "\n".join(items if listed else [f"{i}. {item}" for i, item in enumerate(items, 1)])
            table.cells.append(Cell(at, column, label, columns=1 + column, bold=True))
            table.cells.append(Cell(at + 1, column, text, columns=1 + column))
    return table
