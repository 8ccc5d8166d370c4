"""Roles of the columns of a ruled table, by what their cells hold and by their headings.

Headings are votes only: in real tables they are shifted against the data, merged, cut or missing. What the cells hold
decides: the column that reads as durations is the time, empty or marked columns before it are actors, and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations
from math import sqrt

import regex
from rapidfuzz import fuzz

from sopparse.layout.heads import HeadVotes
from sopparse.layout.tables import Role
from sopparse.normalize.durations import duration_likeness

_NUMBER = regex.compile(r"[(]?\s*(?:\d{1,3}|[IVX]{1,5}|[A-Za-z])\s*[.)]*\s*")

# A step's sentence is longer than this on average; requirements and outputs are usually shorter (five agencies).
_SENTENCE = 40
# Cells longer than this are no mark of a performer.
_MARK_LENGTH = 14

# Weight of an exact heading against content: a shifted heading must lose against four cells that read as durations.
_HEADING = 1.4
_HEADING_BESIDE = 0.35

_ROLES: tuple[Role, ...] = ("number", "activity", "actor", "requirements", "duration", "output", "note")
_MIDDLE: tuple[Role, ...] = ("requirements", "duration", "output")
# What another order of requirements, duration and output costs: only headings and content together may buy it.
_UNUSUAL_ORDER = 1.6


@dataclass(frozen=True, slots=True)
class _Content:
    """What the cells of one column hold, as shares of the rows."""

    filled: float
    number: float
    duration: float
    mark: float
    length: float  # mean number of characters of filled cells
    chained: float  # as output: how well its cells return as requirements of the next step (set later)


def column_roles(texts: Sequence[Sequence[str]], votes: HeadVotes) -> tuple[tuple[Role, float], ...]:
    """The role of each column and how sure it is. `texts` are the cells of the steps, row by row, all of one width."""
    width = len(texts[0]) if texts else votes.width
    contents = [_content([row[j] for row in texts]) for j in range(width)]
    scores = [
        {
            role: _score(role, content) + votes.at(j, role) * _HEADING + votes.beside(j, role) * _HEADING_BESIDE
            for role in _ROLES
        }
        for j, content in enumerate(contents)
    ]
    best: tuple[float, list[Role]] | None = None
    runner_up = -1e9
    for order in permutations(_MIDDLE):
        score, roles = _assign(contents, scores, order)
        score -= 0.0 if order == _MIDDLE else _UNUSUAL_ORDER
        score += _chain(texts, roles)
        if best is None or score > best[0]:
            if best is not None and best[1] != roles:
                runner_up = max(runner_up, best[0])
            best = (score, roles)
        elif roles != best[1]:
            runner_up = max(runner_up, score)
    assert best is not None
    margin = min(best[0] - runner_up, 1.0)
    return tuple((role, _sureness(role, contents[j], votes.at(j, role), margin)) for j, role in enumerate(best[1]))


def _content(cells: list[str]) -> _Content:
    filled = [c for c in cells if c]
    if not filled:
        return _Content(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    n = len(filled)
    return _Content(
        filled=n / len(cells),
        number=sum(_NUMBER.fullmatch(c) is not None for c in filled) / n,
        duration=sum(duration_likeness(c) for c in filled) / n,
        mark=sum(len(c) <= _MARK_LENGTH for c in filled) / n,
        length=sum(map(len, filled)) / n,
        chained=0.0,
    )


def _score(role: Role, c: _Content) -> float:
    text = c.filled * (1.0 - c.duration) * (1.0 - c.number)
    if role == "number":
        return 2.2 * c.number * sqrt(c.filled) - 0.9
    if role == "activity":
        return 2.0 * text * min(c.length / _SENTENCE, 1.3) - 0.6
    if role == "actor":
        return 0.9 - c.filled * (0.3 + 1.2 * (1.0 - c.mark)) - 1.5 * c.filled * max(c.duration - 0.5, 0.0)
    if role == "duration":
        return 3.0 * sqrt(c.filled) * c.duration - 0.8
    if role in ("requirements", "output"):
        return 0.9 * text * (1.0 if c.length <= 2.5 * _SENTENCE else 0.7) - 0.25
    return 0.25 * (1.0 - c.filled) + 0.3 * text


def _assign(
    contents: Sequence[_Content], scores: Sequence[dict[Role, float]], middle: Sequence[Role]
) -> tuple[float, list[Role]]:
    """The best roles in the order number, activity, actors, the three of the middle, note; only actors repeat."""
    order: list[Role] = ["number", "activity", "actor", *middle, "note"]
    # best[k]: score and roles so far with the last role at order[k]
    best: list[tuple[float, list[Role]] | None] = [None] * len(order)
    for j, row in enumerate(scores):
        new: list[tuple[float, list[Role]] | None] = [None] * len(order)
        for k, role in enumerate(order):
            here = row[role]
            previous: list[tuple[float, list[Role]]] = [b for b in best[:k] if b is not None]
            own = best[k]
            # A step's sentence or an output may be cut in two columns by a broken border; the second costs dear.
            if own is not None and role == "actor":
                previous.append(own)
            if j == 0:
                previous = [(0.0, [])]
            if previous:
                score, roles = max(previous, key=lambda b: b[0])
                new[k] = (score + here, [*roles, role])
        best = new
    complete = [b for b in best if b is not None and "activity" in b[1]]
    if not complete:
        # Too few columns for the form: the widest is the activity.
        widest = max(range(len(contents)), key=lambda j: contents[j].length * contents[j].filled)
        found: list[Role] = [
            "activity" if j == widest else "note" if j > widest else "number" for j in range(len(contents))
        ]
        return -5.0, _unique(found)
    return max(complete, key=lambda b: b[0])


def _unique(roles: list[Role]) -> list[Role]:
    return ["actor" if role in roles[:j] else role for j, role in enumerate(roles)]


def _chain(texts: Sequence[Sequence[str]], roles: Sequence[Role]) -> float:
    """How often the output of a step returns as requirement of the next (0 to 0.5)."""
    if "requirements" not in roles or "output" not in roles or len(texts) < 2:
        return 0.0
    needs, gives = roles.index("requirements"), roles.index("output")
    pairs = [(a[gives], b[needs]) for a, b in pairwise(texts[:200]) if a[gives] and b[needs]]
    if not pairs:
        return 0.0
    return 0.5 * sum(fuzz.ratio(a, b) >= 80 for a, b in pairs) / len(pairs)


def _sureness(role: Role, content: _Content, vote: float, margin: float) -> float:
    """A column is sure where heading and content agree; less so where only one speaks."""
    fit = max(_score(role, content), 0.0)
    sure = 0.86 + 0.1 * (vote > 0) + 0.04 * min(fit, 1.0)
    if vote <= 0 and fit <= 0.1:
        sure -= 0.2
    return max(0.3, min(sure, 1.0) - (0.1 if margin < 0.15 and role in _MIDDLE else 0.0))
