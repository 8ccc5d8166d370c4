"""The steps of the procedures of a group, side by side."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

import numpy as np

from sopparse.compare.grouping import Group, label_of
from sopparse.compare.progress import Members, lay_out
from sopparse.compare.spreads import actors, outputs, requirements, times
from sopparse.compare.subjects import Subject
from sopparse.compare.table import Alignment, Cell, Counts, Kind, Row, Spread, TimeSpread, added, missing, moved
from sopparse.compare.traits import Traits, traits
from sopparse.compare.weights import Floats

__all__ = ["Alignment", "Cell", "Counts", "Row", "Spread", "TimeSpread", "added", "align", "missing", "moved"]

# A row that at least this share of the agencies has is common.
COMMON = 0.5


def align(members: Group | Sequence[Subject]) -> Alignment:
    """The table of a group, the same in whatever order its members come."""
    found = members.members if isinstance(members, Group) else members
    ordered = tuple(sorted(found, key=lambda one: (one.place.sha256, one.place.pointer, one.place.document)))
    label = members.label if isinstance(members, Group) else label_of(ordered)
    told, steps_of = traits(ordered)
    rows = lay_out(told, steps_of) if any(steps_of) else []
    return Alignment(label, ordered, tuple(_rows(ordered, told, steps_of, rows)))


def _rows(
    members: tuple[Subject, ...], told: Traits, steps_of: Sequence[tuple[int, ...]], rows: list[Members]
) -> list[Row]:
    starts = np.cumsum([0, *map(len, steps_of)]).tolist()
    in_steps = [
        {one: tuple(dict.fromkeys(steps_of[one][act] for act in acts)) for one, acts in row.items()} for row in rows
    ]
    filled = Counter((member, step) for row in in_steps for member, steps in row.items() for step in steps)
    astray = {member: _out_of_order(rows, member) for member in range(len(members))}
    with_steps = sum(bool(member.steps) for member in members)
    made: list[Row] = []
    for number, (acts, steps) in enumerate(zip(rows, in_steps, strict=True)):
        alike = _similarities(told, starts, acts)
        cells = tuple(
            Cell(
                steps=tuple(members[member].steps[step] for step in steps[member]),
                similarity=alike.get(member),
                moved=number in astray[member],
                shared=any(filled[member, step] > 1 for step in steps[member]),
            )
            if member in steps
            else None
            for member in range(len(members))
        )
        made.append(_row(cells, with_steps))
    return made


def _row(cells: tuple[Cell | None, ...], members: int) -> Row:
    return Row(
        label=_label(cells),
        cells=cells,
        kind=_kind(sum(cell is not None for cell in cells), members),
        actors=actors(cells),
        times=times(cells),
        requirements=requirements(cells),
        outputs=outputs(cells),
    )


def _kind(count: int, members: int) -> Kind:
    if count == members:
        return "core"
    if count < 2:
        return "single"
    return "common" if count >= COMMON * members else "rare"


def _similarities(told: Traits, starts: list[int], acts: Members) -> dict[int, float]:
    """How like each cell is to the sum of the others."""
    if len(acts) < 2:
        return {}
    order = sorted(acts)
    own: Floats = np.stack([told.matrix[[starts[one] + act for act in acts[one]]].sum(axis=0) for one in order])
    own = told.unit(own)
    others = told.unit(own.sum(axis=0, keepdims=True) - own)
    found = told.likenesses(own, others)
    return {member: round(float(value), 3) for member, value in zip(order, found, strict=True)}


def _label(cells: Sequence[Cell | None]) -> str:
    """The wording of the cell nearest to the others; of equals the shortest. A step of its own before a shared one."""
    said = [
        (cell.shared or len(cell.steps) > 1, -(cell.similarity or 0.0), len(step.activity), step.activity)
        for cell in cells
        if cell
        for step in cell.steps
        if step.activity and "activity" not in step.doubtful
    ]
    return min(said)[-1] if said else ""


def _out_of_order(rows: list[Members], member: int) -> set[int]:
    """The rows this member has in another order: those outside the longest run that goes with the table."""
    held = [(number, row[member][0]) for number, row in enumerate(rows) if member in row]
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, act) in enumerate(held):
        size = bisect_right(tops, act)
        before.append(ends[size - 1] if size else -1)
        tops[size : size + 1] = [act]
        ends[size : size + 1] = [at]
    kept: set[int] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return {number for at, (number, _) in enumerate(held) if at not in kept}
