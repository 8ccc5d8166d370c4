"""One cell below the other: the lines between two durations -> output and note of one step, activity and requirement
of the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import accumulate, pairwise

from sopparse.layout.unweave_columns import CutRow, chain_bonus
from sopparse.layout.unweave_evidence import (
    ACTIVITY,
    NOTE,
    OUTPUT,
    REQUIREMENTS,
    WEIGHTS,
    Evidence,
    Keys,
    Line,
    Targets,
    count_beside,
    line_of,
)
from sopparse.layout.unweave_learning import refined
from sopparse.layout.unweave_lines import Physical, Sheet, durations_in, number_of, opens
from sopparse.layout.unweave_search import Solution, Span
from sopparse.page import Words

# Share of the lines with a duration that hold nothing else.
_ALONE = 0.6
# Ways to part a block whose chain is compared.
_WAYS = 16
# A block of more lines is no longer searched for notes.
_LONG_BLOCK = 24
# How sure the cells are: by the margin to the next best way, as for interleaved rows.
_PLACE = 0.9
_NO_TARGETS: Targets = (None, None, None, None)
_PASSES = 2
_SKIPPED = 3

# Where the block is cut: end of the output, end of the note, end of the activity.
Way = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines between two durations; `activity` is the place where a row number says that the next step begins."""

    lines: tuple[Line, ...]
    number: Words
    activity: int | None
    duration: Words  # that ends the block; empty in the last one


def is_stacked(body: Sequence[Physical]) -> bool:
    timed = [line for line in body if durations_in(line.words)]
    if not timed:
        # times without a unit
        return sum(len(line.words) == 1 and number_of(line.words) is not None for line in body) > 1
    alone = sum(1 for line in timed if _is_duration(line.words))
    return alone >= 2 and alone >= _ALONE * len(timed)


def _is_duration(words: Words) -> bool:
    found = durations_in(words)
    return bool(found) and found[0][0] == 0 and found[-1][1] == len(words)


def stacked_rows(sheet: Sheet) -> tuple[list[CutRow], Words, Words]:
    """The rows, the words before the first one, and the words that belong to none."""
    blocks, before = _blocks(sheet.body)
    lines = [line for block in blocks for line in block.lines]
    evidence = Evidence(WEIGHTS, (0.0, 0.0, 0.0, 0.0), count_beside(lines), notes=sheet.notes)
    rows: list[list[Line]] = []
    solutions: list[Solution] = []
    for _ in range(_PASSES):
        if rows:
            evidence = refined(rows, solutions, evidence)
        ways = [_best_way(block, i, len(blocks), evidence) for i, block in enumerate(blocks)]
        rows, solutions = _as_solutions(blocks, ways)
    found = []
    for i, (row, solution) in enumerate(zip(rows, solutions, strict=True)):
        cells: list[Words] = [(), (), (), ()]
        for line, spans in zip(row, solution.spans, strict=True):
            cells[spans[0][0]] += line.words
        a, r, o, n = cells
        found.append(CutRow(blocks[i].number, blocks[i].duration, (a, r, o, n), (_PLACE,) * 4))
    lost = tuple(w for piece in sheet.pieces for w in piece.words)
    return found, before, lost


def _blocks(body: Sequence[Physical]) -> tuple[list[_Block], Words]:
    blocks: list[_Block] = []
    lines: list[Line] = []
    before: Words = ()
    number: Words = ()
    activity: int | None = None
    last = 0
    for physical in body:
        words = physical.words
        if _is_duration(words):
            if not lines and blocks:
                # a duration of two lines
                blocks[-1] = _Block(
                    blocks[-1].lines, blocks[-1].number, blocks[-1].activity, blocks[-1].duration + words
                )
                continue
            blocks.append(_Block(tuple(lines), number, activity, words))
            lines, number, activity = [], (), None
            continue
        value = number_of(words)
        if value is not None and last < value <= last + 1 + _SKIPPED and (len(words) == 1 or opens(words[1:])):
            if not blocks:
                before = tuple(w for line in lines for w in line.words)
                lines = []
            if number:
                # the step before has no duration: its lines end here
                blocks.append(_Block(tuple(lines), number, activity, ()))
                lines = []
            number, activity, last = words[:1], len(lines), value
            words = words[1:]
            if not words:
                continue
        lines.append(line_of(words, WEIGHTS, spaced=physical.spaced))
    blocks.append(_Block(tuple(lines), (), None, ()))
    return blocks, before


def _as_solutions(blocks: Sequence[_Block], ways: Sequence[Way]) -> tuple[list[list[Line]], list[Solution]]:
    """Rows and their cuts, in the form that the evidence is refined from."""
    rows: list[list[Line]] = []
    solutions: list[Solution] = []
    for i in range(len(blocks) - 1):
        _, n, a = ways[i]
        o2, n2, _ = ways[i + 1]
        here, after = blocks[i].lines, blocks[i + 1].lines
        row, solution = as_solution(
            ((ACTIVITY, here[n:a]), (REQUIREMENTS, here[a:]), (OUTPUT, after[:o2]), (NOTE, after[o2:n2]))
        )
        rows.append(row)
        solutions.append(solution)
    return rows, solutions


def as_solution(parts: Sequence[tuple[int, Sequence[Line]]]) -> tuple[list[Line], Solution]:
    """A row of whole lines, column by column, and its cut."""
    row: list[Line] = []
    spans: list[tuple[Span, ...]] = []
    keys: list[Keys] = [(), (), (), ()]
    for column, part in parts:
        for line in part:
            row.append(line)
            spans.append(((column, 0, len(line.traits)),))
            keys[column] += tuple(t.key for t in line.traits)
    return row, Solution(0.0, tuple(spans), (keys[0], keys[1], keys[2], keys[3]))


def _best_way(block: _Block, i: int, count: int, evidence: Evidence) -> Way:
    """How the lines of a block are shared between the step above and the step below its row border."""
    m = len(block.lines)
    if i == count - 1:
        begins: Sequence[int] = (m,)
    elif i == 0:
        begins = (0,)
    elif block.activity is not None:
        begins = (block.activity,)
    else:
        begins = range(m)
    score = CellScores(block.lines, evidence)
    ways: list[tuple[float, Way]] = []
    for n in begins:
        ends = range(n + 1) if evidence.notes and m <= _LONG_BLOCK else (n,)
        for o in ends:
            upper = 0.0 if i == 0 else score.cell(OUTPUT, 0, o) + score.cell(NOTE, o, n)
            for a in range(min(n + 1, m), m + 1):
                lower = 0.0 if i == count - 1 else score.cell(ACTIVITY, n, a) + score.cell(REQUIREMENTS, a, m)
                ways.append((upper + lower, (o, n, a)))
    best, found = float("-inf"), (0, 0, 0)
    for total, (o, n, a) in nlargest(_WAYS, ways):
        total += chain_bonus(keys_of(block.lines[:o]), keys_of(block.lines[a:]), evidence)
        if total > best:
            best, found = total, (o, n, a)
    return found


def keys_of(lines: Sequence[Line]) -> Keys:
    return tuple(t.key for line in lines for t in line.traits)


class CellScores:
    """What it is worth that lines `start:end` of a block are one cell; running sums make each question cheap."""

    def __init__(self, lines: Sequence[Line], evidence: Evidence) -> None:
        self.lines, self.evidence = lines, evidence
        whole = [evidence.sums(line, {}, _NO_TARGETS) for line in lines]
        self.inside: list[list[float]] = []
        self.seams: list[list[float]] = []
        for column in range(4):
            worth = [
                sums[column][-1] + evidence.fit(column, line.width(0, len(line.traits)))
                for sums, line in zip(whole, lines, strict=True)
            ]
            self.inside.append([0.0, *accumulate(worth)])
            seams = [0.0] * min(1, len(lines))
            for above, line in pairwise(lines):
                width = above.width(0, len(above.traits))
                seams.append(evidence.continuing(column, width, above.traits[-1], line.traits[0], None))
            self.seams.append([0.0, *accumulate(seams)])

    def cell(self, column: int, start: int, end: int) -> float:
        w = self.evidence.weights
        if start >= end:
            return -w.no_activity if column == ACTIVITY else 0.0 if column == NOTE else -w.missing
        first = self.lines[start].traits[0]
        score = self.evidence.opening(column, first, 0) + self.evidence.closing(self.lines[end - 1].traits[-1])
        if column == ACTIVITY and (first.outside[0] or first.outside[1]):
            score += w.start
        score += self.inside[column][end] - self.inside[column][start]
        return score + self.seams[column][end] - self.seams[column][start + 1]
