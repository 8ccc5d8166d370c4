"""Many SOPs in one table of rows: each is laid beside the rows of those before it, then once more beside all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from sopparse.compare.pairing import SAME_MOVED, pair
from sopparse.compare.traits import Traits
from sopparse.compare.weights import Floats

# How often each member is taken out and laid beside the rows of the others again, and up to how many members: with more
# of them a row no longer depends on the first ones.
ROUNDS = 1
MANY = 60

# The steps (or acts) of each member that has the row, by their index in the member.
Members = dict[int, tuple[int, ...]]


@dataclass(slots=True)
class Line:
    """A row in the making: the act of each member that has it, the sum of their vectors and of their places."""

    total: Floats
    acts: dict[int, int] = field(default_factory=dict)
    place: float = 0.0


class Layout:
    """The table while it grows. It is made of acts: of the two acts of "memeriksa dan memaraf" each has its row."""

    def __init__(self, traits: Traits, steps_of: Sequence[Sequence[int]]) -> None:
        edges = np.cumsum([0, *map(len, steps_of)]).tolist()
        self.traits = traits
        self.spans = [slice(a, b) for a, b in pairwise(edges)]
        self.lines: list[Line] = []

    def lay(self, member: int) -> None:
        """Put each act of the member into its row; an act without one opens a row behind that of the act before."""
        acts = self.traits.matrix[self.spans[member]]
        lines_of: dict[int, Line] = {}
        if self.lines:
            places = np.array([line.place / len(line.acts) for line in self.lines], dtype=np.float32)
            found = pair(self.traits, self._rows(), places, acts)
            lines_of = {match.act: self.lines[match.row] for match in found}
        previous: Line | None = None
        for act in range(len(acts)):
            line = lines_of.get(act)
            if line is None:
                line = Line(np.zeros(acts.shape[1], dtype=np.float32))
                following = lines_of.get(act + 1)
                at = self._index(previous) + 1 if previous else self._index(following) if following else 0
                self.lines.insert(at, line)
            line.acts[member] = act
            line.total = line.total + acts[act]
            line.place += self._place(member, act)
            previous = line

    def take_out(self, member: int) -> None:
        """The table as if the member had not been laid."""
        for line in self.lines:
            act = line.acts.pop(member, None)
            if act is not None:
                line.total = line.total - self.traits.matrix[self.spans[member].start + act]
                line.place -= self._place(member, act)
        self.lines = [line for line in self.lines if line.acts]

    def join_alike(self) -> None:
        """Rows that no member has both of, and that are as alike as an act and its row: one row, met in two orders."""
        while (found := self._alike()) is not None:
            keep, gone = self.lines[found[0]], self.lines[found[1]]
            if len(gone.acts) > len(keep.acts):
                keep, gone = gone, keep
            keep.total = keep.total + gone.total
            keep.place += gone.place
            keep.acts.update(gone.acts)
            del self.lines[self._index(gone)]

    def _alike(self) -> tuple[int, int] | None:
        rows = self._rows()
        alike = np.triu(self.traits.likeness(rows, rows), k=1)
        for at in np.argsort(-alike, axis=None, kind="stable"):
            first, second = divmod(int(at), len(rows))
            if alike[first, second] < SAME_MOVED:
                return None
            if not self.lines[first].acts.keys() & self.lines[second].acts.keys():
                return first, second
        return None

    def _rows(self) -> Floats:
        return self.traits.unit(np.stack([line.total for line in self.lines]))

    def _place(self, member: int, act: int) -> float:
        span = self.spans[member]
        return float((act + 0.5) / (span.stop - span.start))

    def _index(self, line: Line) -> int:
        return next(i for i, one in enumerate(self.lines) if one is line)


def lay_out(traits: Traits, steps_of: Sequence[Sequence[int]]) -> list[Members]:
    """Rows from first to last: the acts of each member that has it, by their index in the member."""
    layout = Layout(traits, steps_of)
    order = [member for member in _order(traits, layout.spans) if steps_of[member]]
    for member in order:
        layout.lay(member)
    layout.join_alike()
    for _ in range(ROUNDS if len(order) <= MANY else 0):
        for member in order:
            layout.take_out(member)
            layout.lay(member)
        layout.join_alike()
    rows: list[Members] = [{member: (act,) for member, act in line.acts.items()} for line in layout.lines]
    return _told_as_one(in_usual_order(_without_idle(rows, steps_of)), steps_of)


def _order(traits: Traits, spans: Sequence[slice]) -> list[int]:
    """The member nearest to the middle of all first."""
    sums = np.stack([traits.matrix[span].sum(axis=0) for span in spans])
    lengths = np.linalg.norm(sums, axis=1)
    near = (sums @ sums.sum(axis=0)) / np.where(lengths > 0, lengths, 1.0)
    return sorted(range(len(spans)), key=lambda member: (-round(float(near[member]), 5), member))


def _without_idle(rows: list[Members], steps_of: Sequence[Sequence[int]]) -> list[Members]:
    """Without rows all of whose steps also stand in other rows: acts that no agency has as a step of its own."""
    held = Counter(at for row in rows for at in _steps_in(row, steps_of))
    idle: list[Members] = []
    for row in sorted(rows, key=len):
        own = _steps_in(row, steps_of)
        if all(held[at] > 1 for at in own):
            held.subtract(own)
            idle.append(row)
    return [row for row in rows if not any(row is one for one in idle)]


def _steps_in(row: Members, steps_of: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
    return {(member, steps_of[member][act]) for member, acts in row.items() for act in acts}


def in_usual_order(rows: list[Members]) -> list[Members]:
    """Neighbouring rows change places while more members have them the other way round."""
    rows = list(rows)
    for _ in range(len(rows)):
        changed = False
        for at in range(len(rows) - 1):
            if _votes(rows[at], rows[at + 1]) < 0:
                rows[at], rows[at + 1] = rows[at + 1], rows[at]
                changed = True
        if not changed:
            break
    return rows


def _votes(first: Members, second: Members) -> int:
    """How many more members have the first before the second than the other way round."""
    return sum((first[one] < second[one]) - (first[one] > second[one]) for one in first.keys() & second.keys())


def _told_as_one(rows: list[Members], steps_of: Sequence[Sequence[int]]) -> list[Members]:
    """Two rows in a row that more members tell in one step than in two or by halves are one row."""
    made: list[Members] = []
    for row in rows:
        if made and _are_one(made[-1], row, steps_of):
            last = made[-1]
            made[-1] = {one: last.get(one, ()) + row.get(one, ()) for one in sorted(last.keys() | row.keys())}
        else:
            made.append(row)
    return made


def _are_one(first: Members, second: Members, steps_of: Sequence[Sequence[int]]) -> bool:
    in_one = _steps_in(first, steps_of) & _steps_in(second, steps_of)
    members = first.keys() | second.keys()
    return len({member for member, _ in in_one}) * 2 > len(members)
