"""The columns of all rows: each row by search, then the best chain of rows, then once more with what was learned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp
from operator import attrgetter

from rapidfuzz.distance import Indel

from sopparse.layout.unweave_evidence import OUTPUT, REQUIREMENTS, Evidence, Keys, Targets, target_of
from sopparse.layout.unweave_learning import first_guesses, homes_of, note_widths, refined
from sopparse.layout.unweave_search import Row, Solution, search
from sopparse.page import Words

# Kept partial solutions of a row while the widths are guesses.
_FIRST_BEAM = 4
# The rows on which several widths are tried to begin with.
_TRIAL_ROWS = 6
# How much better the rows must be explained with notes than without.
_NOTES_MARGIN = 2.0
# Certainty of a cell by the margin of its solution: at no margin, at a great one, and how fast it grows; see `places`.
# On 160 generated tables, of the cells at 0.5 were right 45 in 100, at 0.7 75, at 0.8 84, at 0.9 98, at 0.95 99; real
# tables were not enough to tell.
_SURE_AT_ZERO, _SURE, _MARGIN, _FAR = 0.5, 0.97, 2.0, 6.0
# How sure it is that a number or a duration on the first line of a row belongs to it.
ANCHOR_PLACE = 0.97

_NO_TARGETS: Targets = (None, None, None, None)


@dataclass(frozen=True, slots=True)
class CutRow:
    """A row of the table to be: its anchors, the words of the four text columns, how sure each of them is."""

    number: Words
    duration: Words
    cells: tuple[Words, Words, Words, Words]
    place: tuple[float, float, float, float]


def solve(rows: Sequence[Row], evidence: Evidence) -> tuple[list[list[Solution]], Evidence]:
    """For each row its solutions, best first, the chain of rows considered: `result[i][0]` is the answer."""
    notes = evidence.notes
    starts = first_guesses(rows, replace(evidence, notes=False))
    trial = rows[:_TRIAL_ROWS]
    tried = [(_once(trial, start), start) for start in starts]
    first, evidence = max(tried, key=lambda each: each[0][2])
    choices = first[0] + [search(row, evidence, _NO_TARGETS, {}, _FIRST_BEAM) for row in rows[_TRIAL_ROWS:]]
    best, total = _chained(choices, evidence)
    # The words behind the duration are outputs only, or outputs and notes: what explains the rows better.
    for shares in _shares(rows, evidence) if notes else ():
        other = replace(evidence, notes=True, widths=(*evidence.widths[:2], *shares))
        shared = _once(rows, other)
        if shared[2] > total + (0.0 if evidence.notes else _NOTES_MARGIN):
            evidence, (choices, best, total) = other, shared
    return solve_again(rows, best, evidence)


def _shares(rows: Sequence[Row], evidence: Evidence) -> list[tuple[float, float]]:
    """Widths that outputs and notes may have: as their words tell; about that of the requirements."""
    told = note_widths(rows)
    needed = evidence.widths[REQUIREMENTS]
    return ([told] if told is not None else []) + ([(needed, needed)] if evidence.noted else [])


def solve_again(
    rows: Sequence[Row], best: Sequence[Solution], evidence: Evidence
) -> tuple[list[list[Solution]], Evidence]:
    """As `solve`, starting from solutions that are mostly right."""
    evidence = refined(rows, best, evidence)
    choices, best, _ = _once(rows, evidence, best)
    return [[b, *(s for s in c if s is not b)] for b, c in zip(best, choices, strict=True)], evidence


def _once(
    rows: Sequence[Row], evidence: Evidence, before: Sequence[Solution] | None = None
) -> tuple[list[list[Solution]], list[Solution], float]:
    """All rows cut once: the choices of each, the chosen ones, their score. `before` are the solutions so far."""
    if before is None:
        choices = [search(row, evidence, _NO_TARGETS, {}, _FIRST_BEAM) for row in rows]
    else:
        known = Counter(keys for s in before for keys in s.keys[REQUIREMENTS : OUTPUT + 1])
        choices = [search(row, evidence, _targets(before, i), homes_of([before[i]])) for i, row in enumerate(rows)]
        choices = [
            sorted((_with_known(s, known, before[i], evidence) for s in found), key=attrgetter("score"), reverse=True)
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
    old = max(bonds(solution) for solution in search(rows[i], evidence, targets, own))
    found = max(search(row, evidence, targets, own), key=bonds)
    return found, bonds(found) - old


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
    for before, here in pairwise(choices):
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


def places(choices: Sequence[Solution]) -> tuple[float, float, float, float]:
    """For each column how far the answer is ahead of the best solution that has other words there."""
    answer = choices[0]
    found = []
    for column in range(4):
        others = [s.score for s in choices[1:] if s.keys[column] != answer.keys[column]]
        margin = answer.score - max(others) if others else _FAR
        found.append(_SURE_AT_ZERO + (_SURE - _SURE_AT_ZERO) * (1.0 - exp(-max(margin, 0.0) / _MARGIN)))
    return found[0], found[1], found[2], found[3]
