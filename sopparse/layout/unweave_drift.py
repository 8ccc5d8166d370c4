"""Pieces of cells that the reading of the page put above the table -> the cells in which they were printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import combinations

from sopparse.layout.unweave_columns import chain_bonus, recut
from sopparse.layout.unweave_evidence import (
    ACTIVITY,
    OUTPUT,
    REQUIREMENTS,
    WEIGHTS,
    Evidence,
    Line,
    Targets,
    line_of,
)
from sopparse.layout.unweave_lines import Physical
from sopparse.layout.unweave_search import Row, Solution
from sopparse.page import Words

# A piece that does not reach this stays out; pieces that were no part of a cell score far below.
_LEAST = 0.0
# Pieces that stood one after the other mostly come from one line of one row, left to right.
_SAME_LINE = 2.5
# An activity without a verb lacks something.
_VERB_FOUND = 2.0
# So many pieces can be the cells of one line; such places in the rows are tried in full; the least gain to believe it.
_ONE_LINE, _TRIED, _LEAST_TOGETHER = 3, 6, -2.0
# Pieces that are looked at; above a heading stands a title and a line or two.
_MOST = 40

_NO_TARGETS: Targets = (None, None, None, None)


@dataclass(frozen=True, slots=True)
class _Part:
    """The words of a line of a cell."""

    line: Line
    start: int
    end: int
    row_line: int

    @property
    def words(self) -> Words:
        return self.line.words[self.start : self.end]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(t.key for t in self.line.traits[self.start : self.end])


_Cells = list[list[_Part]]  # of the four columns


def settle(
    pieces: Sequence[Physical], rows: Sequence[Row], best: Sequence[Solution], evidence: Evidence
) -> tuple[list[Row], list[Solution], Words]:
    """The rows with the pieces put in as further lines, cut anew, and the words of the pieces that fit nowhere."""
    found_rows, found_best = list(rows), list(best)
    lines = [line_of(piece.words, WEIGHTS) for piece in pieces[:_MOST]]
    lost = tuple(word for piece in pieces[_MOST:] for word in piece.words)
    if not lines:
        return found_rows, found_best, lost
    cells = [_parts(row, solution) for row, solution in zip(rows, best, strict=True)]
    if len(lines) <= _ONE_LINE and _settle_together(lines, found_rows, found_best, cells, evidence):
        return found_rows, found_best, lost
    return found_rows, found_best, lost + _settle_singly(lines, found_rows, found_best, cells, evidence)


def _settle_together(
    lines: Sequence[Line], rows: list[Row], best: list[Solution], cells: Sequence[_Cells], evidence: Evidence
) -> bool:
    """Put the pieces into one row as its one missing line, if that makes sense of them."""
    sums = [evidence.sums(line, {}, _NO_TARGETS) for line in lines]
    chances: list[tuple[float, int, int]] = []
    for i in range(len(cells)):
        gains = [
            [_column_gains(line, here, cells, i, column, evidence, len(rows[i])) for column in range(3)]
            for line, here in zip(lines, sums, strict=True)
        ]
        for k in range(1, len(rows[i]) + 1):
            options = [
                sum(gains[p][column][k] for p, column in enumerate(columns))
                for columns in combinations(range(3), min(len(lines), 3))
            ]
            chances.append((max(options), i, k))
    chosen: tuple[float, int, Row, Solution] | None = None
    together = _joined(lines)
    for _, i, k in nlargest(_TRIED, chances):
        row = [*rows[i][:k], together, *rows[i][k:]]
        solution, gain = recut(rows, best, i, row, evidence)
        if chosen is None or gain > chosen[0]:
            chosen = (gain, i, row, solution)
    if chosen is None or chosen[0] < _LEAST_TOGETHER:
        return False
    _, i, rows[i], best[i] = chosen
    return True


def _joined(lines: Sequence[Line]) -> Line:
    """The pieces as one line; columns begin where pieces begin."""
    borders: list[int] = []
    words: Words = ()
    for line in lines:
        borders.append(len(words))
        words += line.words
    return replace(line_of(words, WEIGHTS), borders=frozenset(borders))


def _column_gains(
    line: Line,
    sums: Sequence[Sequence[float]],
    cells: Sequence[_Cells],
    i: int,
    column: int,
    evidence: Evidence,
    height: int,
) -> list[float]:
    """For each line of row i what it is worth to have the piece above it in the column; the last: below them all."""
    here = evidence.fit(column, line.width(0, len(line.traits))) + sums[column][-1]
    parts = cells[i][column]
    by_place = {
        at: gain + _meaning(line, cells, i, column, at, evidence) for at, gain in _gains(line, parts, column, evidence)
    }
    found = []
    for k in range(height + 1):
        at = sum(1 for part in parts if part.row_line < k)
        found.append(here + by_place.get(at, -evidence.weights.late))
    return found


def _settle_singly(
    lines: Sequence[Line], rows: list[Row], best: list[Solution], cells: Sequence[_Cells], evidence: Evidence
) -> Words:
    lost: Words = ()
    last: tuple[int, int, int] | None = None
    inserted: dict[int, list[tuple[int, Line]]] = {}
    for line in lines:
        place = _best_place(line, cells, evidence, last)
        if place is None:
            lost += line.words
            continue
        i, column, at = place
        row_line = cells[i][column][at - 1].row_line
        cells[i][column].insert(at, _Part(line, 0, len(line.traits), row_line))
        inserted.setdefault(i, []).append((row_line + 1, line))
        last = (i, row_line, column)
    for i, places in inserted.items():
        row = list(rows[i])
        for k in sorted({k for k, _ in places}, reverse=True):
            row.insert(k, _joined([line for at, line in places if at == k]))
        best[i], _ = recut(rows, best, i, row, evidence)
        rows[i] = row
    return lost


def _parts(row: Row, solution: Solution) -> _Cells:
    cells: _Cells = [[], [], [], []]
    for k, (line, spans) in enumerate(zip(row, solution.spans, strict=True)):
        for column, start, end in spans:
            cells[column].append(_Part(line, start, end, k))
    return cells


def _best_place(
    line: Line, cells: Sequence[_Cells], evidence: Evidence, last: tuple[int, int, int] | None
) -> tuple[int, int, int] | None:
    best, found = _LEAST, None
    sums = evidence.sums(line, {}, _NO_TARGETS)
    for i, row in enumerate(cells):
        for column in (ACTIVITY, REQUIREMENTS, OUTPUT):
            here = evidence.fit(column, line.width(0, len(line.traits))) + sums[column][-1]
            for at, gain in _gains(line, row[column], column, evidence):
                total = here + gain
                if last is not None and last[0] == i and last[1] == row[column][at - 1].row_line and last[2] < column:
                    total += _SAME_LINE
                if total + evidence.weights.chain + _VERB_FOUND <= best:
                    continue
                total += _meaning(line, cells, i, column, at, evidence)
                if total > best:
                    best, found = total, (i, column, at)
    return found


def _gains(line: Line, cell: Sequence[_Part], column: int, evidence: Evidence) -> Iterator[tuple[int, float]]:
    """For each place behind a line of the cell what the seams are worth with the piece there."""
    first, final = line.traits[0], line.traits[-1]
    width = line.width(0, len(line.traits))
    for at in range(1, len(cell) + 1):
        above = cell[at - 1]
        above_width, above_last = above.line.width(above.start, above.end), above.line.traits[above.end - 1]
        gain = evidence.continuing(column, above_width, above_last, first, None)
        if at < len(cell):
            below = cell[at].line.traits[cell[at].start]
            gain += evidence.continuing(column, width, final, below, None)
            gain -= evidence.continuing(column, above_width, above_last, below, None)
        else:
            gain += evidence.closing(final) - evidence.closing(above_last)
        yield at, gain


def _meaning(line: Line, cells: Sequence[_Cells], i: int, column: int, at: int, evidence: Evidence) -> float:
    """What the piece adds to the sense of the cell: a verb, or likeness to the neighbouring step."""
    parts = cells[i][column]
    if column == ACTIVITY:
        verbs = any(t.outside[0] for part in parts for t in part.line.traits[part.start : part.end])
        return _VERB_FOUND * (not verbs and any(t.outside[0] for t in line.traits))
    old = _keys(parts)
    new = _keys(parts[:at]) + tuple(t.key for t in line.traits) + _keys(parts[at:])
    gain = 0.0
    if column == REQUIREMENTS and i:
        before = _keys(cells[i - 1][OUTPUT])
        gain = chain_bonus(before, new, evidence) - chain_bonus(before, old, evidence)
    if column == OUTPUT and i + 1 < len(cells):
        after = _keys(cells[i + 1][REQUIREMENTS])
        gain = chain_bonus(new, after, evidence) - chain_bonus(old, after, evidence)
    return gain


def _keys(parts: Sequence[_Part]) -> tuple[str, ...]:
    return tuple(key for part in parts for key in part.keys)
