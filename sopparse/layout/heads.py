"""Headings of a procedure table: which rows are headings, what they vote for, and what the actor columns are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from sopparse.layout.tables import Role
from sopparse.normalize.labels import Label, whole_label
from sopparse.page import Cell, Row, Words

_NUMBERING_CELL = regex.compile(r"\(?\s*(\d{1,2})\s*[.)]?")
_ROLES: frozenset[str] = frozenset(("number", "activity", "requirements", "duration", "output", "note"))


def cell_label(cell: Cell) -> Label | None:
    """The column or group label that the cell is."""
    found = whole_label(cell.text, ("column", "group")) if cell.lines else None
    return found.label if found else None


# A row of a scan that numbers the columns: at least so many cells hold their number, most of all, and the others are
# at most so long (an end of the heading above, a speck).
LEAST_NUMBERED, NUMBERED_SHARE, MOST_FIGURES = 4, 0.6, 8


def is_heading(row: Row) -> bool:
    """Whether the cells of a ruled row are column headings: at least two of them are known ones."""
    labels = {label for cell in row.cells if (label := cell_label(cell)) is not None}
    if len(labels) < 2:
        return False
    others = sum(1 for cell in row.cells if cell.lines and cell_label(cell) is None)
    # In the second row of headings the actors outnumber the known labels.
    return others <= 3 * len(labels) + 2 and all(len(cell.text) < 80 for cell in row.cells)


def is_numbering(row: Row) -> bool:
    """Whether the row only numbers the columns: (1) (2) (3) ..."""
    cells = [cell for cell in row.cells if cell.lines]
    numbers = [_NUMBERING_CELL.fullmatch(cell.text) for cell in cells]
    if len(numbers) >= 3 and all(n is not None for n in numbers):
        values = [int(n.group(1)) for n in numbers if n is not None]
        if all(0 < b - a <= 2 for a, b in pairwise(values)) and values[0] <= 2:
            return True
    return _is_misread_numbering(cells, [n and int(n.group(1)) for n in numbers])


def _is_misread_numbering(cells: Sequence[Cell], numbers: Sequence[int | None]) -> bool:
    """Whether most cells of a scan hold the number of their column, and the others little."""
    if any(len(cell.text) > MOST_FIGURES for cell in cells):
        return False
    if all(word.read == 1.0 for cell in cells for word in cell.words):
        return False
    offsets = [number - k for k, number in enumerate(numbers) if number is not None]
    most = max(map(offsets.count, offsets)) if offsets else 0
    return most >= max(LEAST_NUMBERED, NUMBERED_SHARE * len(cells))


@dataclass(frozen=True, slots=True)
class HeadVotes:
    """What the headings say about each column: (column, role) pairs, exact."""

    votes: frozenset[tuple[int, Role]]
    width: int

    def at(self, column: int, role: Role) -> float:
        return 1.0 if (column, role) in self.votes else 0.0

    def beside(self, column: int, role: Role) -> float:
        return 1.0 if (column - 1, role) in self.votes or (column + 1, role) in self.votes else 0.0


def _heading_label(row: Row, cell: Cell, heads: Sequence[Row]) -> Label | None:
    """The label that a cell of a heading is. "Pelaksana" below or beside other names is itself the name of an actor."""
    label = cell_label(cell)
    if label is None or label.name != "actors" or row is heads[0]:
        return label
    names = sum(1 for other in row.cells if other.lines and other is not cell and cell_label(other) is None)
    above = any(_is_actors(c) for head in heads[: heads.index(row)] for c in head.cells if c.column <= cell.column)
    return None if names and above else label


def _is_actors(cell: Cell) -> bool:
    label = cell_label(cell)
    return label is not None and label.name == "actors"


def head_votes(heads: Sequence[Row]) -> HeadVotes:
    votes: set[tuple[int, Role]] = set()
    width = max((len(row.cells) for row in heads), default=0)
    for row in heads:
        group: str | None = None
        shift = _shift(row, heads)
        for cell in row.cells:
            label = _heading_label(row, cell, heads)
            column = cell.column + shift
            if label is None:
                if cell.lines:
                    # Any other heading is the name of an actor.
                    votes.add((column, "actor"))
                    group = None
                elif group == "actors":
                    votes.add((column, "actor"))
                continue
            group = label.name if label.group == "group" else None
            if label.name in _ROLES:
                votes.add((column, label.name))  # type: ignore[arg-type]
            elif label.name == "actors":
                votes.add((column, "actor"))
    return HeadVotes(frozenset(votes), width)


def _shift(row: Row, heads: Sequence[Row]) -> int:
    """How far a lower row of headings must move right because merged cells above it were not written out."""
    first = row.cells[0]
    if row is heads[0] or not first.lines or cell_label(first) is not None:
        return 0
    before = 0
    for cell in heads[0].cells:
        label = cell_label(cell)
        if label is not None and label.name in ("number", "activity"):
            before = cell.column + 1
    return before


@dataclass(frozen=True, slots=True)
class ActorHeads:
    """Label and group heading of each actor column, left to right, and whether they were matched by position."""

    labels: tuple[Words, ...]
    groups: tuple[Words, ...]
    aligned: bool


def actor_heads(heads: Sequence[Row], columns: Sequence[int]) -> ActorHeads:
    """The headings over the actor columns (0-based positions, ascending)."""
    rows = [
        {cell.column + _shift(row, heads): cell.words for cell in row.cells if _names_actor(row, cell, heads)}
        for row in heads
    ]
    rows = [row for row in rows if row]
    if not rows or not columns:
        return ActorHeads(((),) * len(columns), ((),) * len(columns), True)
    named = rows[-1]
    above = rows[-2] if len(rows) > 1 else {}
    merged = {**{c: w for c, w in above.items() if c not in named and _stands_alone(c, named, above)}, **named}
    if len(merged) == len(columns) and set(merged) != set(columns):
        ordered = tuple(merged[c] for c in sorted(merged))
        return ActorHeads(ordered, ((),) * len(columns), False)
    labels = tuple(merged.get(c, ()) for c in columns)
    groups = tuple(_group(c, above) if c in named else () for c in columns)
    return ActorHeads(labels, groups, True)


def _names_actor(row: Row, cell: Cell, heads: Sequence[Row]) -> bool:
    return bool(cell.lines) and _heading_label(row, cell, heads) is None


def _stands_alone(column: int, named: dict[int, Words], above: dict[int, Words]) -> bool:
    """Whether an upper heading has no heading below it up to the next upper one: it names a column itself."""
    following = min((c for c in above if c > column), default=1000)
    return not any(column <= c < following for c in named)


def _group(column: int, above: dict[int, Words]) -> Words:
    left = [c for c in above if c <= column]
    return above[max(left)] if left else ()
