"""What a table tells of itself: widths, company of words, capitals; before its rows are cut, and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import log

from sopparse.layout.unweave_evidence import (
    REQUIREMENTS,
    Evidence,
    Homes,
    Line,
    Pairs,
    count_beside,
    likely_width,
    likely_widths,
)
from sopparse.layout.unweave_search import Row, Solution

# The share of the activity in the widest line of activity and requirements, where nothing else is known.
_SHARE = 0.65
# Widths of the activity that are tried to begin with.
_STARTS = 2


def first_guesses(rows: Sequence[Row], evidence: Evidence) -> list[Evidence]:
    """Neighbours, capitals and column widths, before any row is cut."""
    beside = count_beside(line for row in rows for line in row)
    tails = [
        line.traits[line.at] for row in rows for line in row[:1] if line.at is not None and line.at < len(line.traits)
    ]
    capitals = sum(t.capital for t in tails) / len(tails) if tails else 1.0
    evidence = replace(evidence, beside=beside, capitals=capitals)
    outputs = [
        line.width(line.at, len(line.traits))
        for row in rows
        for line in row[:1]
        if line.at is not None and line.at < len(line.traits)
    ]
    heads = [(row, row[0]) for row in rows if row[0].at is not None]
    bounds: list[tuple[float, float, float]] = []
    for row, head in heads:
        if len(row) < 2:
            continue
        following = row[1].traits[0].width
        for cut in range(1, (head.at or 0) + 1):
            weight = 1.0
            if cut < (head.at or 0):
                opened = evidence.opening(REQUIREMENTS, head.traits[cut], 0)
                weight = 2.0 ** (opened + evidence.border(head.traits[cut - 1], head.traits[cut]))
            width = head.width(0, cut)
            bounds.append((width, width + 0.5 + following, weight))
    widest = max((head.width(0, head.at or 0) for _, head in heads), default=60.0)
    output = max(max(outputs, default=20.0), 10.0)
    found = []
    starts = likely_widths(bounds, widest * _SHARE, _STARTS)
    if all(abs(start - widest * _SHARE) > start / 8 for start in starts):
        starts.append(widest * _SHARE)
    for activity in starts:
        needed = max((r for r in (head.width(0, head.at or 0) - activity for _, head in heads)), default=20.0)
        found.append(replace(evidence, widths=(activity, max(needed, 10.0), output, 20.0)))
    return found


def note_widths(rows: Sequence[Row]) -> tuple[float, float] | None:
    """Widths of outputs and notes from the words behind the durations: a note begins with a word of remarks inside of
    them, or is an end that several rows share while their beginnings differ. None: nothing looks like a note."""
    tails = [(row[0], row[0].at) for row in rows if row[0].at is not None and row[0].at < len(row[0].traits)]
    ends = Counter(line.traits[-1].key for line, at in tails if len(line.traits) - at > 1)
    outputs, notes = [], []
    for line, at in tails:
        n = len(line.traits)
        cut = next((i for i in range(at + 1, n) if line.traits[i].note), None)
        if cut is None and ends[line.traits[-1].key] > 1 and line.traits[-1].capital and n - at > 2:
            cut = n - 1
        if cut is not None:
            outputs.append(line.width(at, cut))
            notes.append(line.width(cut, n))
    if not outputs:
        return None
    return max(outputs) * 1.1, max(*notes, 10.0)


def refined(rows: Sequence[Row], best: Sequence[Solution], evidence: Evidence) -> Evidence:
    """The evidence, once more after the rows are cut."""
    bounds: list[list[tuple[float, float, float]]] = [[], [], [], []]
    widest = [0.0] * 4
    cased = [[1.0, 1.0] for _ in range(4)]
    joined: Pairs = {}
    for row, solution in zip(rows, best, strict=True):
        last: dict[int, tuple[Line, int, int]] = {}
        for line, spans in zip(row, solution.spans, strict=True):
            for column, start, end in spans:
                widest[column] = max(widest[column], line.width(start, end))
                for t in line.traits[start:end]:
                    if t.plain:
                        cased[column][t.capital] += 1.0
                before = last.get(column)
                if before is not None:
                    above, s, e = before
                    left, right = above.traits[e - 1], line.traits[start]
                    pair = (left.key, right.key)
                    joined[pair] = joined.get(pair, 0) + 1
                    width = above.width(s, e)
                    bounds[column].append((width, width + 0.5 + right.width, 1.0))
                last[column] = (line, start, end)
    widths = [likely_width(b, max(w, 10.0)) for b, w in zip(bounds, widest, strict=True)]
    return replace(
        evidence,
        widths=(widths[0], widths[1], widths[2], widths[3]),
        joined=joined,
        homes=homes_of(best),
        cases=_cases(cased),
    )


def _cases(counts: Sequence[Sequence[float]]) -> tuple[tuple[float, float], ...]:
    """Log shares of small and capital words by column, relative to the mean of the three columns that all rows have."""
    logs = [(log(small / (small + capital)), log(capital / (small + capital))) for small, capital in counts]
    means = [sum(values) / 3 for values in zip(*logs[:3], strict=True)]
    return tuple((small - means[0], capital - means[1]) for small, capital in logs)


def homes_of(solutions: Iterable[Solution]) -> Homes:
    homes: Homes = {}
    for solution in solutions:
        for column, keys in enumerate(solution.keys):
            for key in keys:
                homes.setdefault(key, [0, 0, 0, 0])[column] += 1
    return homes
