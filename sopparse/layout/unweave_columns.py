"""Where the column borders run through interleaved lines: a beam search for each row, then the best chain of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from math import exp, log
from operator import itemgetter

from rapidfuzz.distance import Indel

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
    Pairs,
    Targets,
    count_beside,
    likely_width,
    target_of,
)
from sopparse.page import Words

# Kept partial solutions of a row and kept cuts of a line; more did not raise the score on generated tables.
_BEAM = 8
_CUTS = 16
# How often all rows are cut; a third time changed the score by less than 0.002.
_PASSES = 2
# No line of a printed table has more words: it is not cut.
_LONGEST = 80
# How much better the rows must be explained with notes than without.
_NOTES_MARGIN = 2.0
# A cut of a line that is so much worse than the best one, taken alone, is not followed.
_WORSE = 9.0
# Certainty of a cell by the margin of its solution: at no margin, at a great one, and how fast it grows; see `places`.
_SURE_AT_ZERO, _SURE, _MARGIN, _FAR = 0.6, 0.97, 2.0, 6.0
# Whole solutions of a row that take part in the choice of the chain.
_CHOICES = 8
# How far a line may reach beyond the estimated width of its column before the cut is not even tried.
_REACH = 1.25
_REACH_MORE = 3.0

# A span of a line in a column: column, first word, end.
Span = tuple[int, int, int]
# The ways to cut a line: score, spans.
Cut = tuple[float, tuple[Span, ...]]
# The last span of a column so far: line, first word, end.
State = tuple[int, int, int]
_NO_TARGETS: Targets = (None, None, None, None)


@dataclass(frozen=True, slots=True)
class Solution:
    """A row cut into its columns: for each line the spans, left to right; the score without the chain."""

    score: float
    spans: tuple[tuple[Span, ...], ...]
    keys: tuple[Keys, Keys, Keys, Keys]


@dataclass(frozen=True, slots=True)
class CutRow:
    """A row of the table to be: its anchors, the words of the four text columns, how sure each of them is."""

    number: Words
    duration: Words
    cells: tuple[Words, Words, Words, Words]
    place: tuple[float, float, float, float]


# How sure it is that a number or a duration on the first line of a row belongs to it.
ANCHOR_PLACE = 0.97

Row = Sequence[Line]
_Trail = tuple[tuple[Span, ...], "_Trail | None"]
_Partial = tuple[float, tuple[State | None, ...], _Trail | None]


def solve(rows: Sequence[Row], evidence: Evidence) -> tuple[list[list[Solution]], Evidence]:
    """For each row its solutions, best first, the chain of rows considered: `result[i][0]` is the answer."""
    notes = evidence.notes
    evidence = replace(first_evidence(rows, evidence), notes=False)
    choices, best, total = _once(rows, evidence)
    shares = _note_widths(rows) if notes else None
    if shares is not None:
        # The words behind the duration are outputs only, or outputs and notes: what explains the rows better.
        a, r, _, _ = evidence.widths
        other = replace(evidence, notes=True, widths=(a, r, *shares))
        shared = _once(rows, other)
        if shared[2] > total + _NOTES_MARGIN:
            evidence, (choices, best, total) = other, shared
    for _ in range(_PASSES - 1):
        evidence = refined(rows, best, evidence)
        choices, best, total = _once(rows, evidence, best)
    return [[b, *(s for s in c if s is not b)] for b, c in zip(best, choices, strict=True)], evidence


def _once(
    rows: Sequence[Row], evidence: Evidence, before: Sequence[Solution] | None = None
) -> tuple[list[list[Solution]], list[Solution], float]:
    """All rows cut once: the choices of each, the chosen ones, their score. `before` are the solutions so far."""
    if before is None:
        choices = [_search(row, evidence, _NO_TARGETS, {}) for row in rows]
    else:
        known = Counter(keys for s in before for keys in s.keys[REQUIREMENTS : OUTPUT + 1])
        choices = [_search(row, evidence, _targets(before, i), homes_of([before[i]])) for i, row in enumerate(rows)]
        choices = [
            sorted((_with_known(s, known, before[i], evidence) for s in found), key=_score, reverse=True)
            for i, found in enumerate(choices)
        ]
    return choices, *_chained(choices, evidence)


def recut(
    rows: Sequence[Row], best: Sequence[Solution], i: int, row: Row, evidence: Evidence
) -> tuple[Solution, float]:
    """The best solution of `row` in the place of row i, and how much the table gains by it."""
    own = homes_of([best[i]])

    def bonds(solution: Solution) -> float:
        before = chain_bonus(best[i - 1].keys[OUTPUT], solution.keys[REQUIREMENTS], evidence) if i else 0.0
        after = best[i + 1].keys[REQUIREMENTS] if i + 1 < len(best) else ()
        return before + chain_bonus(solution.keys[OUTPUT], after, evidence) + solution.score

    targets = _targets(best, i)
    old = max(bonds(solution) for solution in _search(rows[i], evidence, targets, own))
    found = max(_search(row, evidence, targets, own), key=bonds)
    return found, bonds(found) - old


def _score(solution: Solution) -> float:
    return solution.score


def _with_known(solution: Solution, known: Counter[Keys], own: Solution, evidence: Evidence) -> Solution:
    """The solution, better for each of its requirements and outputs that other rows have too."""
    bonus = 0.0
    for column in (REQUIREMENTS, OUTPUT):
        keys = solution.keys[column]
        if keys and known[keys] > (keys == own.keys[REQUIREMENTS]) + (keys == own.keys[OUTPUT]):
            bonus += evidence.weights.known * length_factor(keys)
    return replace(solution, score=solution.score + bonus) if bonus else solution


def length_factor(keys: Keys) -> float:
    """Long texts are alike by chance less often than short ones."""
    return min(1.0, 0.3 + 0.14 * len(keys))


def _targets(best: Sequence[Solution], i: int) -> Targets:
    before = target_of(best[i - 1].keys[OUTPUT]) if i else None
    after = target_of(best[i + 1].keys[REQUIREMENTS]) if i + 1 < len(best) else None
    return None, before, after, None


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


def _search(row: Row, evidence: Evidence, targets: Targets, own: Homes) -> list[Solution]:
    """The best ways to cut a row, by beam search over its lines."""
    beam: list[_Partial] = [(0.0, (None,) * 4, None)]
    for k, line in enumerate(row):
        cuts = _cuts(line, evidence, k == 0, evidence.sums(line, own, targets))
        joints: dict[tuple[int, State | None], list[float]] = {}
        grown: list[tuple[float, int, int]] = []
        for h, (score, states, _) in enumerate(beam):
            # what closing every running cell would cost; taken back for the cells that go on
            joint: list[list[float]] = []
            for column, state in enumerate(states):
                key = (column, state)
                values = joints.get(key)
                if values is None:
                    values = joints[key] = _joints(row, k, column, state, evidence, targets)
                joint.append(values)
                score += values[-1]
            for c, (local, spans) in enumerate(cuts):
                total = score + local
                for column, start, _ in spans:
                    total += joint[column][start]
                if len(spans) == 1 and line.spaced:
                    state = states[spans[0][0]]
                    if state is not None and state[0] < k - 1:
                        total += 0.6 * evidence.weights.gap
                grown.append((total, h, c))
        beam = [_grow(beam[h], total, k, cuts[c][1]) for total, h, c in nlargest(_BEAM, grown, key=itemgetter(0))]
    done = []
    for score, states, trail in beam:
        for state in states:
            if state is not None and state[0] == len(row) - 1:
                score += evidence.closing(row[-1].traits[state[2] - 1])
        done.append((score, trail))
    return [_solution(row, score, trail) for score, trail in nlargest(_CHOICES, done, key=itemgetter(0))]


def _grow(partial: _Partial, total: float, k: int, spans: tuple[Span, ...]) -> _Partial:
    states = list(partial[1])
    for column, start, end in spans:
        states[column] = (k, start, end)
    return total, tuple(states), (spans, partial[2])


def _joints(row: Row, k: int, column: int, state: State | None, evidence: Evidence, targets: Targets) -> list[float]:
    """For each word of line k what it is worth to go on with it in the column; last, what it costs to go on with none.

    The first values have the last one taken off.
    """
    target = targets[column]
    line = row[k]
    if state is None:
        values = [evidence.opening(column, t, k) for t in line.traits]
        if target:
            begin = target[0]
            values = [v + evidence.weights.match * (t.key == begin) for v, t in zip(values, line.traits, strict=True)]
        return [*values, 0.0]
    before, start, end = state
    above = row[before]
    width, last = above.width(start, end), above.traits[end - 1]
    closing = evidence.closing(last) if before == k - 1 else 0.0
    gap = evidence.weights.gap if before < k - 1 else 0.0
    values = [evidence.continuing(column, width, last, t, target) - gap - closing for t in line.traits]
    return [*values, closing]


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


def likeness(left: Keys, right: Keys) -> float:
    """1 for equal texts, 0 for unrelated ones."""
    return float(Indel.normalized_similarity(" ".join(left), " ".join(right)))


def chain_bonus(left: Keys, right: Keys, evidence: Evidence) -> float:
    """What it is worth that a step needs `right` after the one before made `left`: more, the longer the texts."""
    if not left or not right:
        return 0.0
    alike = likeness(left, right)
    if alike < 0.6:
        return 0.0
    return evidence.weights.chain * (alike - 0.6) / 0.4 * length_factor(min(left, right, key=len))


def _chained(choices: Sequence[Sequence[Solution]], evidence: Evidence) -> tuple[list[Solution], float]:
    """The best solution of every row, by dynamic programming along the rows."""
    if not choices:
        return [], 0.0
    scores = [s.score for s in choices[0]]
    back: list[list[int]] = []
    for before, here in zip(choices, choices[1:], strict=False):
        known: dict[tuple[Keys, Keys], float] = {}
        came: list[int] = []
        sums: list[float] = []
        for solution in here:
            best, origin = float("-inf"), 0
            for j, previous in enumerate(before):
                key = (previous.keys[OUTPUT], solution.keys[REQUIREMENTS])
                bond = known.get(key)
                if bond is None:
                    bond = known[key] = chain_bonus(*key, evidence)
                if scores[j] + bond > best:
                    best, origin = scores[j] + bond, j
            came.append(origin)
            sums.append(best + solution.score)
        back.append(came)
        scores = sums
    at = max(range(len(scores)), key=scores.__getitem__)
    path, total = [at], scores[at]
    for came in reversed(back):
        at = came[at]
        path.append(at)
    path.reverse()
    return [choice[i] for choice, i in zip(choices, path, strict=True)], total


def first_evidence(rows: Sequence[Row], evidence: Evidence) -> Evidence:
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
    activity = likely_width(bounds, widest * 0.65)
    output = max(outputs, default=20.0)
    needed = max((r for r in (head.width(0, head.at or 0) - activity for _, head in heads)), default=20.0)
    return replace(evidence, widths=(activity, max(needed, 10.0), max(output, 10.0), 20.0))


def _note_widths(rows: Sequence[Row]) -> tuple[float, float] | None:
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


def places(choices: Sequence[Solution]) -> tuple[float, float, float, float]:
    """For each column how far the answer is ahead of the best solution that has other words there."""
    answer = choices[0]
    found = []
    for column in range(4):
        others = [s.score for s in choices[1:] if s.keys[column] != answer.keys[column]]
        margin = answer.score - max(others) if others else _FAR
        found.append(_SURE_AT_ZERO + (_SURE - _SURE_AT_ZERO) * (1.0 - exp(-max(margin, 0.0) / _MARGIN)))
    return found[0], found[1], found[2], found[3]


def homes_of(solutions: Iterable[Solution]) -> Homes:
    homes: Homes = {}
    for solution in solutions:
        for column, keys in enumerate(solution.keys):
            for key in keys:
                homes.setdefault(key, [0, 0, 0, 0])[column] += 1
    return homes


def pieces(row: Row, solution: Solution) -> tuple[Words, Words, Words, Words]:
    """The words of each column, line by line."""
    found: list[list[Words]] = [[], [], [], []]
    for line, spans in zip(row, solution.spans, strict=True):
        for column, start, end in spans:
            found[column].append(line.words[start:end])
    a, r, o, n = (tuple(word for part in column for word in part) for column in found)
    return a, r, o, n
