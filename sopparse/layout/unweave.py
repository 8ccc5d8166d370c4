"""Text without cell borders, in which the columns of a procedure table are woven into each other -> the table."""

from __future__ import annotations

from collections.abc import Sequence

from sopparse.layout.tables import Column, Role, Table, TableRow
from sopparse.layout.unweave_actors import stacked_actors, woven_actors, woven_names
from sopparse.layout.unweave_columns import ANCHOR_PLACE, CutRow, places, recut, solve, solve_again
from sopparse.layout.unweave_drift import settle
from sopparse.layout.unweave_evidence import WEIGHTS, Evidence, Line, line_of
from sopparse.layout.unweave_gutters import gutter_table, has_gutters
from sopparse.layout.unweave_lines import Physical, Sheet, read_sheet, top_rows
from sopparse.layout.unweave_numbered import numbered_rows
from sopparse.layout.unweave_search import Row, Solution, pieces
from sopparse.layout.unweave_stack import is_stacked, stacked_rows
from sopparse.layout.unweave_times import Reading, readings_of
from sopparse.page import Words

_ROLES: tuple[Role, ...] = ("number", "activity", "requirements", "duration", "output", "note")

# How sure a name in the heading is: one on each line; side by side (of 528 in generated scans 436 were right).
_STACKED_NAME, _WOVEN_NAME = 0.95, 0.83
# How sure it is that the columns of actors are empty.
_BLANK_PLACE = 0.9


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
        found = numbered_rows(sheet) or stacked_rows(sheet)
        return _table(sheet, *found, stacked_actors(sheet.heading), _STACKED_NAME)
    rows, before, lost = _interleaved(sheet)
    actors = woven_actors(woven_names(sheet, before), [row.cells[0] for row in rows])
    return _table(sheet, rows, before, lost, actors, _WOVEN_NAME)


def _interleaved(sheet: Sheet) -> tuple[list[CutRow], Words, Words]:
    rows, before = top_rows(sheet.body)
    readings = readings_of([row.lines for row in rows], sheet.label("duration"))
    chosen = [options[0] for options in readings]
    lines: list[Row] = [_lines(reading.lines) for reading in chosen]
    evidence = Evidence(WEIGHTS, (0.0, 0.0, 0.0, 0.0), {}, notes=sheet.notes, noted=sheet.notes)
    solved, evidence = solve(lines, evidence)
    best = [choices[0] for choices in solved]
    changed = _reread(readings, chosen, lines, best, evidence)
    settled, best, lost = settle(sheet.pieces, lines, best, evidence)
    if changed or any(len(new) > len(old) for new, old in zip(settled, lines, strict=True)):
        # rows that lacked a line may have misled their neighbours
        solved, _ = solve_again(settled, best, evidence)
    found = [
        CutRow(row.number, reading.duration, pieces(here, choices[0]), places(choices))
        for row, reading, here, choices in zip(rows, chosen, settled, solved, strict=True)
    ]
    return found, before, lost


def _reread(
    readings: Sequence[Sequence[Reading]],
    chosen: list[Reading],
    lines: list[Row],
    best: list[Solution],
    evidence: Evidence,
) -> bool:
    """Put other durations into rows that are the better for it; whether there were any."""
    changed = False
    for i, options in enumerate(readings):
        most = 0.0
        found: tuple[Reading, Row, Solution] | None = None
        for option in options[1:]:
            row = _lines(option.lines)
            solution, gain = recut(lines, best, i, row, evidence)
            gain += option.worth - options[0].worth
            if gain > most:
                most, found = gain, (option, row, solution)
        if found is not None:
            chosen[i], lines[i], best[i] = found
            changed = True
    return changed


def _lines(lines: Sequence[Physical]) -> list[Line]:
    return [line_of(line.words, WEIGHTS, line.at, line.spaced) for line in lines]


def _table(
    sheet: Sheet, rows: list[CutRow], before: Words, lost: Words, actors: Sequence[Words], certainty: float
) -> Table | None:
    """`before` are words between the heading and the first row, `lost` words that fit nowhere, `actors` the names in
    the heading, `certainty` how sure these are."""
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
        cells = (row.number, a, *((),) * len(actors), r, row.duration, o, n)
        place = (ANCHOR_PLACE, pa, *(_BLANK_PLACE,) * len(actors), pr, ANCHOR_PLACE, po, pn)
        made.append(TableRow(cells[: keep + len(actors)], place[: keep + len(actors)]))
    columns = [Column(role, sheet.label(role)) for role in _ROLES[:keep]]
    columns[2:2] = [Column("actor", name, (), certainty) for name in actors]
    return Table(
        columns=tuple(columns),
        rows=tuple(made),
        title=sheet.title,
        footnotes=sheet.footnotes,
        labels=_in_order(labels),
        stray=_in_order(stray),
        unwoven=True,
    )


def _in_order(words: Words) -> Words:
    return tuple(sorted(words, key=lambda w: (w.index, w.start)))
