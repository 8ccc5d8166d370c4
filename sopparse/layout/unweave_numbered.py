"""One cell below the other, each row behind its number: the lines between two numbers -> the cells of a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise

from sopparse.layout.unweave_columns import CutRow, chain_bonus
from sopparse.layout.unweave_evidence import (
    ACTIVITY,
    NOTE,
    OUTPUT,
    REQUIREMENTS,
    WEIGHTS,
    Evidence,
    Line,
    count_beside,
    line_of,
)
from sopparse.layout.unweave_learning import refined
from sopparse.layout.unweave_lines import Physical, Sheet, number_lines, number_of
from sopparse.layout.unweave_search import Solution
from sopparse.layout.unweave_stack import CellScores, as_solution, keys_of
from sopparse.normalize.durations import duration_likeness
from sopparse.page import Words, text_of

# How sure the cells of a row are whose next best reading is nearly as good, and of one that has no rival.
_PLACE_CLOSE, _PLACE = 0.8, 0.95
_CLOSE = 1.0
# What a whole line that is a duration is worth as one, and what a row without one costs.
_TIMED, _UNTIMED = 9.0, 3.0
# From here on a line can be a duration ("Setiap akhir semester" as well: then it is a matter of the other cells).
_DURATION = 0.45
# A figure alone is a duration where no line says a unit.
_BARE = 0.9
_DURATION_LINES = 3
# A cell takes one line in (nearly) all rows: then each line more costs.
_FEW_LINES, _MOST_ROWS, _SECOND_LINE = 4, 0.8, 5.0
# Ways to cut a row that are compared along the chain of rows; rows of more lines are not searched for notes; of still
# more, not at all.
_WAYS, _LONG, _LONGEST = 8, 18, 40
_PASSES = 2
# Numbers must stand before at least this many lines in a row, on the average.
_FEWEST_LINES = 2

# Where a row is cut: end of activity, requirements, duration, output; the rest is the note.
Way = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Block:
    number: Words
    lines: tuple[Line, ...]


def numbered_rows(sheet: Sheet) -> tuple[list[CutRow], Words, Words] | None:
    """The rows, the words before the first one, and the words that belong to none; None without row numbers."""
    starts = [i for i, _ in number_lines(sheet.body)]
    if len(starts) < 2 or len(sheet.body) < _FEWEST_LINES * len(starts):
        return None
    blocks = [_block(sheet.body[a:b]) for a, b in zip(starts, [*starts[1:], len(sheet.body)], strict=True)]
    lines = [line for block in blocks for line in block.lines]
    bare = not any(duration_likeness(text_of(line.words)) >= _BARE for line in lines)
    few = sum(len(block.lines) <= _FEW_LINES + sheet.notes for block in blocks) >= _MOST_ROWS * len(blocks)
    evidence = Evidence(WEIGHTS, (0.0, 0.0, 0.0, 0.0), count_beside(lines), notes=sheet.notes, noted=sheet.notes)
    rows: list[list[Line]] = []
    solutions: list[Solution] = []
    best: list[Way] = []
    places: list[float] = []
    for _ in range(_PASSES):
        if solutions:
            evidence = refined(rows, solutions, evidence)
        ways = [_ways(block, evidence, bare, _SECOND_LINE if few else 0.0) for block in blocks]
        best, places = _chained(blocks, ways, evidence)
        rows, solutions = _solutions(blocks, best)
    found = [_cut_row(block, way, place) for block, way, place in zip(blocks, best, places, strict=True)]
    before = tuple(w for line in sheet.body[: starts[0]] for w in line.words)
    return found, before, tuple(w for piece in sheet.pieces for w in piece.words)


def _block(lines: Sequence[Physical]) -> _Block:
    first = lines[0].words
    rest = [first[1:], *(line.words for line in lines[1:])]
    return _Block(first[:1], tuple(line_of(words, WEIGHTS) for words in rest if words))


def _time(words: Words, bare: bool) -> float:
    text = text_of(words)
    if bare and number_of(words) is not None and len(words) == 1:
        return _BARE
    likeness = duration_likeness(text)
    return likeness if likeness >= _DURATION else 0.0


def _ways(block: _Block, evidence: Evidence, bare: bool, more: float) -> list[tuple[float, Way]]:
    """The best ways to cut the lines of a row, best first."""
    m = len(block.lines)
    if m > _LONGEST:
        return [(0.0, (m, m, m, m))]
    times: list[tuple[int, int, float]] = []
    for r in range(m):
        for d in range(r + 1, min(r + _DURATION_LINES, m) + 1):
            likeness = _time(tuple(w for line in block.lines[r:d] for w in line.words), bare)
            if likeness:
                times.append((r, d, _TIMED * likeness))
    score = CellScores(block.lines, evidence)

    def cell(column: int, start: int, end: int) -> float:
        return score.cell(column, start, end) - (more * (end - start - 1) if end > start else 0.0)

    found: list[tuple[float, Way]] = []
    spans = [*times, *((r, r, -_UNTIMED) for r in range(m + 1))]
    for r, d, worth in spans:
        left = nlargest(2, ((cell(ACTIVITY, 0, a) + cell(REQUIREMENTS, a, r), a) for a in range(min(1, m), r + 1)))
        ends = range(d, m + 1) if evidence.notes and m <= _LONG else (m,)
        right = nlargest(3, ((cell(OUTPUT, d, o) + cell(NOTE, o, m), o) for o in ends))
        found += [(worth + x + y, (a, r, d, o)) for x, a in left for y, o in right]
    return nlargest(_WAYS, found) or [(0.0, (m, m, m, m))]


def _words(block: _Block, start: int, end: int) -> Words:
    return tuple(w for line in block.lines[start:end] for w in line.words)


def _chained(
    blocks: Sequence[_Block], ways: Sequence[Sequence[tuple[float, Way]]], evidence: Evidence
) -> tuple[list[Way], list[float]]:
    """The best way for each row, what a row makes and the next one needs considered; and how sure each is."""
    scores = [value for value, _ in ways[0]]
    back: list[list[int]] = []
    for (above, here), (upper, lower) in zip(pairwise(ways), pairwise(blocks), strict=True):
        sums, came = [], []
        for value, (a, r, _, _) in here:
            needs = keys_of(lower.lines[a:r])
            chances = [
                scores[j] + chain_bonus(keys_of(upper.lines[d:o]), needs, evidence)
                for j, (_, (_, _, d, o)) in enumerate(above)
            ]
            at = max(range(len(chances)), key=chances.__getitem__)
            sums.append(chances[at] + value)
            came.append(at)
        scores, back = sums, [*back, came]
    at = max(range(len(scores)), key=scores.__getitem__)
    chosen = [at]
    for came in reversed(back):
        at = came[at]
        chosen.append(at)
    chosen.reverse()
    places = []
    for options, at in zip(ways, chosen, strict=True):
        rival = max((value for j, (value, _) in enumerate(options) if j != at), default=options[at][0] - 2 * _CLOSE)
        places.append(_PLACE if options[at][0] - rival >= _CLOSE else _PLACE_CLOSE)
    return [options[at][1] for options, at in zip(ways, chosen, strict=True)], places


def _solutions(blocks: Sequence[_Block], ways: Sequence[Way]) -> tuple[list[list[Line]], list[Solution]]:
    rows, solutions = [], []
    for block, (a, r, d, o) in zip(blocks, ways, strict=True):
        lines = block.lines
        row, solution = as_solution(
            ((ACTIVITY, lines[:a]), (REQUIREMENTS, lines[a:r]), (OUTPUT, lines[d:o]), (NOTE, lines[o:]))
        )
        rows.append(row)
        solutions.append(solution)
    return rows, solutions


def _cut_row(block: _Block, way: Way, place: float) -> CutRow:
    a, r, d, o = way
    m = len(block.lines)
    cells = (_words(block, 0, a), _words(block, a, r), _words(block, d, o), _words(block, o, m))
    return CutRow(block.number, _words(block, r, d), cells, (place,) * 4)
