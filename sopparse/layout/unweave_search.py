"""One row of interleaved lines, cut into its columns: a beam search over the lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter

from sopparse.layout.unweave_evidence import (
    ACTIVITY,
    NOTE,
    OUTPUT,
    REQUIREMENTS,
    SPACE,
    Evidence,
    Homes,
    Keys,
    Line,
    Targets,
)
from sopparse.page import Words

# Kept partial solutions of a row and kept cuts of a line: on 100 generated tables twice as many raised the share of
# right cells by 0.001; 6 and 12, on 150, lowered it by 0.003.
_BEAM = 8
_CUTS = 16
# A cut of a line that is so much worse than the best one, taken alone, is not followed.
_WORSE = 12.0
# Whole solutions of a row that take part in the choice of the chain.
_CHOICES = 8
# The share of the cost of a gap that is given back where an empty line explains it.
_SPACED_GAP = 0.6
# No line of a printed table has more words: it is not cut.
_LONGEST = 80
# How far a line may reach beyond the estimated width of its column before the cut is not even tried.
_REACH = 1.25
_REACH_MORE = 3.0

# A span of a line in a column: column, first word, end.
Span = tuple[int, int, int]
# The ways to cut a line: score, spans.
Cut = tuple[float, tuple[Span, ...]]
# The last span of a column so far: line, first word, end.
State = tuple[int, int, int]
Row = Sequence[Line]
_Trail = tuple[tuple[Span, ...], "_Trail | None"]
_Partial = tuple[float, tuple[State | None, ...], _Trail | None]


@dataclass(frozen=True, slots=True)
class Solution:
    """A row cut into its columns: for each line the spans, left to right; the score without the chain."""

    score: float
    spans: tuple[tuple[Span, ...], ...]
    keys: tuple[Keys, Keys, Keys, Keys]


def search(row: Row, evidence: Evidence, targets: Targets, own: Homes, beam_width: int = _BEAM) -> list[Solution]:
    """The best ways to cut a row, by beam search over its lines."""
    beam: list[_Partial] = [(0.0, (None,) * 4, None)]
    for k, line in enumerate(row):
        cuts = _cuts(line, evidence, k == 0, evidence.sums(line, own, targets))
        starts: list[set[int]] = [set(), set(), set(), set()]
        for _, spans in cuts:
            for column, start, _ in spans:
                starts[column].add(start)
        ordered = [sorted(found) for found in starts]
        joints: dict[tuple[int, State | None], list[float]] = {}
        grown: list[tuple[float, int, int]] = []
        for h, (score, states, _) in enumerate(beam):
            # what closing every running cell would cost; taken back for the cells that go on
            joint: list[list[float]] = []
            for column, state in enumerate(states):
                key = (column, state)
                values = joints.get(key)
                if values is None:
                    values = joints[key] = _joints(row, k, column, state, evidence, targets, ordered[column])
                joint.append(values)
                score += values[-1]
            for c, (local, spans) in enumerate(cuts):
                total = score + local
                for column, start, _ in spans:
                    total += joint[column][start]
                if line.spaced and len(spans) == 1:
                    state = states[spans[0][0]]
                    if state is not None and state[0] < k - 1:
                        total += _SPACED_GAP * evidence.weights.gap
                grown.append((total, h, c))
        beam = [_grow(beam[h], total, k, cuts[c][1]) for total, h, c in nlargest(beam_width, grown, key=itemgetter(0))]
    done = []
    for score, states, trail in beam:
        for state in states:
            if state is not None and state[0] == len(row) - 1:
                score += evidence.closing(row[-1].traits[state[2] - 1])
        done.append((score, trail))
    return [_solution(row, score, trail) for score, trail in nlargest(_CHOICES, done, key=itemgetter(0))]


def _cuts(line: Line, evidence: Evidence, first: bool, sums: Sequence[Sequence[float]]) -> list[Cut]:
    """The ways to cut one line, best first by what the line alone says."""
    if len(line.traits) > _LONGEST:
        middle = line.at or 0
        halves = ((ACTIVITY, 0, middle), (OUTPUT, middle, len(line.traits)))
        return [(0.0, tuple(span for span in halves if span[1] < span[2]))]
    w, n, edges = evidence.weights, len(line.traits), line.edges
    traits = line.traits
    border = [0.0, *(evidence.border(traits[i - 1], traits[i]) for i in range(1, n)), 0.0]
    at = line.at
    if at is not None:
        border[at] = 0.0
    reach = [width * _REACH + _REACH_MORE for width in evidence.widths]
    found: list[Cut] = []
    for a in range(n + 1 if at is None else at + 1):
        if at is None and edges[a] > reach[ACTIVITY]:
            break
        one = sums[ACTIVITY][a] + border[a] + (evidence.fit(ACTIVITY, edges[a] - SPACE) if a else 0.0)
        if first and not a:
            one -= w.no_activity
        for r in range(a, n + 1) if at is None else (at,):
            two = one
            if r > a:
                width = edges[r] - edges[a] - SPACE
                if at is None and width > reach[REQUIREMENTS]:
                    break
                two += sums[REQUIREMENTS][r] - sums[REQUIREMENTS][a] + border[r] + evidence.fit(REQUIREMENTS, width)
            elif first:
                two -= w.missing
            for o in range(r, n + 1) if evidence.notes else (n,):
                three = two
                if o > r:
                    width = edges[o] - edges[r] - SPACE
                    if at is None and width > reach[OUTPUT]:
                        break
                    three += sums[OUTPUT][o] - sums[OUTPUT][r] + evidence.fit(OUTPUT, width)
                elif first:
                    three -= w.missing
                if n > o:
                    three += sums[NOTE][n] - sums[NOTE][o] + evidence.fit(NOTE, edges[n] - edges[o] - SPACE)
                    three += border[o] if o > r else 0.0
                spans = ((ACTIVITY, 0, a), (REQUIREMENTS, a, r), (OUTPUT, r, o), (NOTE, o, n))
                found.append((three, tuple([span for span in spans if span[1] < span[2]])))
    if line.borders is not None:
        found = [cut for cut in found if {start for _, start, _ in cut[1]} == line.borders]
    if not found:
        return [(0.0, ((ACTIVITY, 0, n),))]
    best = nlargest(_CUTS, found, key=itemgetter(0))
    floor = best[0][0] - _WORSE
    return [cut for cut in best if cut[0] >= floor]


def _grow(partial: _Partial, total: float, k: int, spans: tuple[Span, ...]) -> _Partial:
    states = list(partial[1])
    for column, start, end in spans:
        states[column] = (k, start, end)
    return total, tuple(states), (spans, partial[2])


def _joints(
    row: Row, k: int, column: int, state: State | None, evidence: Evidence, targets: Targets, starts: Sequence[int]
) -> list[float]:
    """For the words `starts` of line k what it is worth to go on with them in the column; last, what it costs to go on
    with none. The other values have the last one taken off."""
    target, traits = targets[column], row[k].traits
    values = [0.0] * (len(traits) + 1)
    if state is None:
        for i in starts:
            values[i] = evidence.opening(column, traits[i], k)
            if target and target[0] == traits[i].key:
                values[i] += evidence.weights.match
        return values
    before, start, end = state
    above = row[before]
    width, last = above.width(start, end), above.traits[end - 1]
    # a cell that goes on was not closed: what its closing cost is given back
    off = evidence.closing(last)
    if before == k - 1:
        values[-1] = off
    else:
        off += evidence.weights.gap
    for i in starts:
        values[i] = evidence.continuing(column, width, last, traits[i], target) - off
    return values


def _solution(row: Row, score: float, trail: _Trail | None) -> Solution:
    lines: list[tuple[Span, ...]] = []
    while trail is not None:
        lines.append(trail[0])
        trail = trail[1]
    lines.reverse()
    keys: list[list[str]] = [[], [], [], []]
    for line, spans in zip(row, lines, strict=True):
        for column, start, end in spans:
            keys[column].extend(t.key for t in line.traits[start:end])
    return Solution(score, tuple(lines), (tuple(keys[0]), tuple(keys[1]), tuple(keys[2]), tuple(keys[3])))


def pieces(row: Row, solution: Solution) -> tuple[Words, Words, Words, Words]:
    """The words of each column, line by line."""
    found: list[list[Words]] = [[], [], [], []]
    for line, spans in zip(row, solution.spans, strict=True):
        for column, start, end in spans:
            found[column].append(line.words[start:end])
    a, r, o, n = (tuple(word for part in column for word in part) for column in found)
    return a, r, o, n
