"""Text without cell borders, in which the columns of a procedure table are woven into each other -> the table."""

from __future__ import annotations

from collections.abc import Sequence

from sopparse.layout.tables import Column, Role, Table, TableRow
from sopparse.layout.unweave_columns import ANCHOR_PLACE, CutRow, places, solve, solve_again
from sopparse.layout.unweave_drift import settle
from sopparse.layout.unweave_evidence import WEIGHTS, Evidence, line_of
from sopparse.layout.unweave_gutters import gutter_table, has_gutters
from sopparse.layout.unweave_lines import Sheet, read_sheet, top_rows
from sopparse.layout.unweave_search import pieces
from sopparse.layout.unweave_stack import is_stacked, stacked_rows
from sopparse.page import Words

_ROLES: tuple[Role, ...] = ("number", "activity", "requirements", "duration", "output", "note")


def unweave(lines: Sequence[Words]) -> Table | None:
    """The procedure table in these physical lines, or None where there is none.

    The lines may begin some lines before the heading (title, drifted pieces of cells) and end behind the table. Every
    word is in exactly one of: a cell, `labels`, `title`, `footnotes`, `stray`.
    """
    sheet = read_sheet(lines)
    if sheet is None:
        return None
    if has_gutters(sheet.body):
        table = gutter_table(sheet)
        if table is not None:
            return table
    if is_stacked(sheet.body):
        return _table(sheet, *stacked_rows(sheet))
    return _table(sheet, *_interleaved(sheet))


def _interleaved(sheet: Sheet) -> tuple[list[CutRow], Words, Words]:
    rows, before = top_rows(sheet.body)
    lines = [[line_of(line.words, WEIGHTS, line.at, line.spaced) for line in row.lines] for row in rows]
    evidence = Evidence(WEIGHTS, (0.0, 0.0, 0.0, 0.0), {}, notes=sheet.notes, noted=sheet.notes)
    solved, evidence = solve(lines, evidence)
    settled, best, lost = settle(sheet.pieces, lines, [choices[0] for choices in solved], evidence)
    if any(len(new) > len(old) for new, old in zip(settled, lines, strict=True)):
        # rows that lacked a line may have misled their neighbours
        solved, _ = solve_again(settled, best, evidence)
    found = [
        CutRow(row.number, row.duration, pieces(here, choices[0]), places(choices))
        for row, here, choices in zip(rows, settled, solved, strict=True)
    ]
    return found, before, lost


def _table(sheet: Sheet, rows: list[CutRow], before: Words, lost: Words) -> Table | None:
    """`before` are words between the heading and the first row, `lost` words that fit nowhere."""
    if not rows:
        return None
    labels = tuple(word for words in sheet.heading for word in words)
    stray = sheet.stray + lost
    if sheet.heading:
        labels += before
    else:
        stray += before
    keep = 6 if any(row.cells[3] for row in rows) else 5
    made = []
    for row in rows:
        a, r, o, n = row.cells
        pa, pr, po, pn = row.place
        cells = (row.number, a, r, row.duration, o, n)[:keep]
        made.append(TableRow(cells, (ANCHOR_PLACE, pa, pr, ANCHOR_PLACE, po, pn)[:keep]))
    return Table(
        columns=tuple(Column(role, sheet.label(role)) for role in _ROLES[:keep]),
        rows=tuple(made),
        title=sheet.title,
        footnotes=sheet.footnotes,
        labels=_in_order(labels),
        stray=_in_order(stray),
        unwoven=True,
    )


def _in_order(words: Words) -> Words:
    return tuple(sorted(words, key=lambda w: (w.index, w.start)))
