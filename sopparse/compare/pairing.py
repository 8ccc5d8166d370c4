"""The acts of one SOP beside the rows of a table: in order as far as they go, then what is left in any order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sopparse.compare.traits import Traits
from sopparse.compare.weights import Floats

# Likeness from which two steps can be the same. On 80 families of the develop half in the tests, pair F1 was 0.97 with
# 0.20, 0.95 with 0.30 and 0.92 with 0.40, precision 0.99 and more with each. In real documents, where all steps are
# about one and the same thing, lower values than this joined steps that share no more than its name.
SAME_STEP = 0.30
# The same out of order: nothing but the likeness speaks for it, so it must be greater.
SAME_MOVED = 0.42
# How much a place at the other end of the procedure speaks against two steps being the same (0 to 0.2: no difference
# on the families beyond half a point of F1).
DISTANCE = 0.10


class Match(NamedTuple):
    """A row and an act (indexes) that are the same."""

    row: int
    act: int


def pair(traits: Traits, rows: Floats, places: Floats, acts: Floats) -> list[Match]:
    """`rows` and `acts` have blocks of unit length; `places`: where in the procedure each row stands, 0-1."""
    if not len(rows) or not len(acts):
        return []
    alike = traits.likeness(rows, acts)
    usable = np.flatnonzero(alike.max(axis=1) >= SAME_STEP)
    own = (np.arange(len(acts)) + 0.5) / len(acts)
    gains = alike[usable] - DISTANCE * np.abs(places[usable, None] - own[None, :]) - SAME_STEP
    found = [Match(int(usable[row]), act) for row, act in _best(gains.tolist(), len(usable), len(acts))]
    return found + _moved(alike, found)


def _best(gains: list[list[float]], row_count: int, step_count: int) -> list[Match]:
    """The matches in order with the greatest gain together; leaving out costs nothing."""
    total = [[0.0] * (step_count + 1) for _ in range(row_count + 1)]
    for r in range(1, row_count + 1):
        above, own, won = total[r - 1], total[r], gains[r - 1]
        for s in range(1, step_count + 1):
            best = above[s] if above[s] >= own[s - 1] else own[s - 1]
            matched = above[s - 1] + won[s - 1]
            own[s] = matched if won[s - 1] > 0 and matched > best else best
    found: list[Match] = []
    r, s = row_count, step_count
    while r and s:
        if total[r][s] == total[r - 1][s]:
            r -= 1
        elif total[r][s] == total[r][s - 1]:
            s -= 1
        else:
            r, s = r - 1, s - 1
            found.append(Match(r, s))
    return found[::-1]


def _moved(alike: Floats, found: list[Match]) -> list[Match]:
    """Acts and rows left over that are the same all the same, the most alike first."""
    rows = {match.row for match in found}
    acts = {match.act for match in found}
    left = ((-float(alike[r, a]), int(r), int(a)) for r, a in zip(*np.nonzero(alike >= SAME_MOVED), strict=True))
    made: list[Match] = []
    for _, row, act in sorted(left):
        if row not in rows and act not in acts:
            rows.add(row)
            acts.add(act)
            made.append(Match(row, act))
    return made
