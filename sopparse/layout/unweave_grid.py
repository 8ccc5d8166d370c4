"""The grid of a text that kept its wide spaces: columns between gutters, rows around their anchors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from sopparse.layout.unweave_evidence import WEIGHTS, Evidence, trait
from sopparse.layout.unweave_lines import Physical, chunks, durations_in, number_of
from sopparse.page import Word, Words

# Share of the lines that may reach into a gutter.
_CROSSING = 0.04
# Fewer columns are no table.
_FEWEST = 4
# How much it counts, for each line, that a row's anchor stands away from the middle of its row: with 2 or 3 some more
# cells of generated tables were right than with 1.
_OFF_CENTRE = 2.0
# What it counts that lines above the first anchor would belong to no row.
_ORPHANED = 6.0
# What it counts for each anchor that all cells begin anew on the line of every anchor.
_ALL_OPEN = 1.0
# What an empty line says for a row border.
_BLANK_LINE = 4.0
# A duration is broken over so many lines at most.
_DURATION_LINES = 3
# Lines with a duration that the heading of the column outweighs.
_HEADED = 3
# Cells that are shorter on the average are marks, of a column without a known heading.
_MARK_LENGTH = 8
# A row border before its first line is searched at most this many lines above its anchor.
_FAR = 40

Interval = tuple[int, int]
# What a printed column holds, as far as the rows must know it.
Kind = Literal["number", "duration", "text", "mark"]


@dataclass(frozen=True, slots=True)
class Grid:
    """The body in columns: `cells[i][c]` are the words of line i in column c, `kinds` tells what the columns hold."""

    intervals: tuple[Interval, ...]
    kinds: tuple[Kind, ...]
    cells: tuple[tuple[Words, ...], ...]
    spaced: tuple[bool, ...]

    def at(self, kind: Kind) -> int | None:
        return self.kinds.index(kind) if kind in self.kinds else None


def grid_of(
    body: Sequence[Physical], intervals: Sequence[Interval], known: frozenset[int], headed: int | None
) -> Grid | None:
    """The lines in the printed columns `intervals`; `known` are those under a heading that is no name, `headed` is the
    one under the heading of the durations. None where no column holds durations."""
    if len(intervals) < _FEWEST:
        return None
    cells = [placed(line.words, intervals) for line in body]
    timed = [0] * len(intervals)
    numbered = [0] * len(intervals)
    filled = [0] * len(intervals)
    weight = [0] * len(intervals)
    for line in cells:
        for c, words in enumerate(line):
            if words:
                filled[c] += 1
                weight[c] += sum(len(w.text) for w in words)
                timed[c] += bool(durations_in(words))
                numbered[c] += len(words) == 1 and number_of(words) is not None
    # long times are sentences, and no durations: then the heading tells the column
    duration = max(range(len(intervals)), key=lambda c: (timed[c] + _HEADED * (c == headed), -weight[c]))
    if duration < 1:
        return None
    kinds: list[Kind] = [
        "mark" if weight[c] <= _MARK_LENGTH * filled[c] and c not in known else "text" for c in range(len(intervals))
    ]
    if numbered[0] and weight[0] <= 4 * max(1, numbered[0]):
        kinds[0] = "number"
    kinds[duration] = "duration"
    return Grid(tuple(intervals), tuple(kinds), tuple(cells), tuple(line.spaced for line in body))


def extent(words: Words) -> Interval:
    return words[0].column, words[-1].column + len(words[-1].text)


def body_intervals(body: Sequence[Physical]) -> list[Interval]:
    """The printed columns: where words stand, between gutters that (nearly) no line crosses."""
    extents = [extent(chunk) for line in body for chunk in chunks(line.words)]
    changes: dict[int, int] = {}
    for low, high in extents:
        changes[low] = changes.get(low, 0) + 1
        changes[high] = changes.get(high, 0) - 1
    limit = int(_CROSSING * len(body))
    found: list[Interval] = []
    covered, start = 0, None
    for x in sorted(changes):
        covered += changes[x]
        if covered > limit and start is None:
            start = x
        elif covered <= limit and start is not None:
            found.append((start, x))
            start = None
    return found


def touched(chunk: Words, intervals: Sequence[Interval]) -> list[int]:
    low, high = extent(chunk)
    return [c for c, (a, b) in enumerate(intervals) if min(high, b) > max(low, a)]


def placed(words: Words, intervals: Sequence[Interval]) -> tuple[Words, ...]:
    """The words of a line by column: a chunk goes where it overlaps most, one that spans a gutter word by word."""
    cells: list[Words] = [()] * len(intervals)
    for chunk in chunks(words):
        over = touched(chunk, intervals)
        if len(over) == 1:
            cells[over[0]] += chunk
            continue
        for word in chunk:
            cells[nearest(word, intervals)] += (word,)
    return tuple(cells)


def nearest(word: Word, intervals: Sequence[Interval]) -> int:
    middle = word.column + len(word.text) / 2
    return min(range(len(intervals)), key=lambda c: max(intervals[c][0] - middle, middle - intervals[c][1], 0.0))


def anchors_of(grid: Grid) -> list[int]:
    """The lines that hold the number of a row, or its duration where numbers are missing."""
    number, duration = grid.at("number"), grid.at("duration")
    timed = _timed([line[duration] for line in grid.cells]) if duration is not None else []
    if number is None:
        return timed
    numbered = [i for i, line in enumerate(grid.cells) if number_of(line[number]) is not None]
    if len(numbered) * 4 < len(timed) * 3:
        return timed
    return numbered


def _timed(cells: Sequence[Words]) -> list[int]:
    """The lines on which a duration begins; it may be broken over up to three lines."""
    found: list[int] = []
    i = 0
    while i < len(cells):
        words: Words = ()
        for j in range(i, min(i + _DURATION_LINES, len(cells))):
            if not cells[j] or (j > i and durations_in(cells[j])):
                break
            words += cells[j]
            if durations_in(words):
                found.append(i)
                i = j
                break
        i += 1
    return found


def row_borders(grid: Grid, anchors: Sequence[int]) -> tuple[list[int], bool]:
    """The first line of each row, and whether cells begin on that of their anchor (else they are centred on it)."""
    parted = _parted_starts(grid, anchors)
    if parted is not None:
        return parted, parted == list(anchors)
    evidence = Evidence(WEIGHTS, (0.0, 0.0, 0.0, 0.0), {})
    borders = [_border(grid, i, evidence) for i in range(len(grid.cells))]
    top = sum(borders[a] for a in anchors[1:])
    if all(_opens(grid, a) for a in anchors):
        top += _ALL_OPEN * len(anchors)
    starts, centred = _centred_starts(grid, anchors, borders)
    # lines above the first anchor can only belong to a centred row, or to the heading
    if centred > top + (-_ORPHANED if anchors[0] else 2 * _OFF_CENTRE):
        return starts, False
    return list(anchors), True


def _parted_starts(grid: Grid, anchors: Sequence[int]) -> list[int] | None:
    """The first lines of the rows, where exactly one empty line stands between any two anchors."""
    starts = [0]
    for above, below in pairwise(anchors):
        empty = [i for i in range(above + 1, below + 1) if grid.spaced[i]]
        if len(empty) != 1:
            return None
        starts += empty
    return starts if len(starts) > 1 else None


def _opens(grid: Grid, i: int) -> bool:
    """Whether no cell goes on in small letters on line i."""
    return not any(
        kind == "text" and cell and trait(cell[0].text).small
        for kind, cell in zip(grid.kinds, grid.cells[i], strict=True)
    )


def _border(grid: Grid, i: int, evidence: Evidence) -> float:
    """What speaks for a row border above line i: seams of cells that do not go on, an empty line."""
    if i == 0:
        return 0.0
    score = _BLANK_LINE if grid.spaced[i] else 0.0
    for c, kind in enumerate(grid.kinds):
        if kind != "text":
            continue
        above, here = grid.cells[i - 1][c], grid.cells[i][c]
        if above and here:
            last, first = trait(above[-1].text), trait(here[0].text)
            ends = evidence.closing(last) + evidence.opening(0, first, 0)
            # the next word would have fitted: the cell above was over
            low, high = grid.intervals[c]
            room = high - low - (above[-1].column + len(above[-1].text) - above[0].column) - 1 - len(here[0].text)
            slack = WEIGHTS.slack * room if room > 0 else -1.0
            score += ends + slack - (WEIGHTS.joined if last.joiner or first.small else 0.0)
        elif above or here:
            score += 0.3
    return score


def _centred_starts(grid: Grid, anchors: Sequence[int], borders: Sequence[float]) -> tuple[list[int], float]:
    """Row borders such that every anchor stands in the middle of its row, by dynamic programming along the anchors."""
    options: list[list[int]] = [[0]]
    for before, anchor in pairwise(anchors):
        options.append(list(range(max(before + 1, anchor - _FAR), anchor + 1)))
    options.append([len(grid.cells)])
    scores = [0.0]
    back: list[list[int]] = []
    for n, (here, after) in enumerate(pairwise(options)):
        sums, came = [], []
        for end in after:
            best, origin = float("-inf"), 0
            for j, start in enumerate(here):
                middle = (start + end - 1) / 2
                value = scores[j] - _OFF_CENTRE * max(0.0, abs(anchors[n] - middle) - 0.5)
                if value > best:
                    best, origin = value, j
            sums.append(best + (borders[end] if end < len(borders) else 0.0))
            came.append(origin)
        scores, back = sums, [*back, came]
    at, starts = 0, []
    for n in range(len(back) - 1, -1, -1):
        at = back[n][at]
        starts.append(options[n][at])
    return starts[::-1], scores[0]
