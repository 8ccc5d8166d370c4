"""One table for a group: the same step of each agency in one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sopparse.compare.subjects import Step, Subject

Kind = Literal["core", "common", "rare", "single"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one agency does in a row.

    `steps`: several where it does in several what others do in one. `similarity`: to the others of the row, None where
    there are none. `moved`: it stands in another order than in most. `shared`: the same step also fills another row.
    """

    steps: tuple[Step, ...]
    similarity: float | None
    moved: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """What is said in a row and in how many cells, the most usual first; `known`: how many cells say it surely."""

    values: tuple[tuple[str, int], ...]
    known: int
    differs: bool


@dataclass(frozen=True, slots=True)
class TimeSpread:
    """Working minutes, shortest and longest, of the cells whose time is known and is of this row alone."""

    low: float | None
    high: float | None
    known: int
    unknown: int
    differs: bool


@dataclass(frozen=True, slots=True)
class Row:
    """`cells`: one for each member, None where that agency does not have the step.

    `label`: the wording nearest to all. `kind`: in all | in at least half | in two or more | in one of the members that
    have steps. `actors`: by class (`subjects.class_name` has the names), otherwise by role or label.
    """

    label: str
    cells: tuple[Cell | None, ...]
    kind: Kind
    actors: Spread
    times: TimeSpread
    requirements: Spread
    outputs: Spread


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows by kind; cells that are moved or split; steps that fill several rows."""

    core: int
    common: int
    rare: int
    single: int
    moved: int
    split: int
    merged: int


@dataclass(frozen=True, slots=True)
class Alignment:
    label: str
    members: tuple[Subject, ...]
    rows: tuple[Row, ...]

    @property
    def counts(self) -> Counts:
        kinds = [row.kind for row in self.rows]
        cells = [(number, cell) for row in self.rows for number, cell in enumerate(row.cells) if cell]
        shared = {(number, step.place.pointer) for number, cell in cells if cell.shared for step in cell.steps}
        return Counts(
            core=kinds.count("core"),
            common=kinds.count("common"),
            rare=kinds.count("rare"),
            single=kinds.count("single"),
            moved=sum(cell.moved for _, cell in cells),
            split=sum(len(cell.steps) > 1 for _, cell in cells),
            merged=len(shared),
        )


def missing(alignment: Alignment, member: int) -> tuple[Row, ...]:
    """Rows that most agencies have and this one has not."""
    return tuple(row for row in alignment.rows if row.cells[member] is None and row.kind in ("core", "common"))


def added(alignment: Alignment, member: int) -> tuple[Row, ...]:
    """Rows that this agency has and most have not."""
    return tuple(row for row in alignment.rows if row.cells[member] is not None and row.kind in ("rare", "single"))


def moved(alignment: Alignment, member: int) -> tuple[Row, ...]:
    """Rows that this agency does in another order than most."""
    return tuple(row for row in alignment.rows if (cell := row.cells[member]) is not None and cell.moved)
