"""A procedure table with known columns: what every way of finding a table ends in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sopparse.evidence import Issue
from sopparse.geometry import Box
from sopparse.page import Words

Role = Literal["number", "activity", "actor", "requirements", "duration", "output", "note"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its role, its heading as printed, the heading over several columns that it stands under."""

    role: Role
    label: Words = ()
    group: Words = ()
    place: float = 1.0  # how sure the role is


@dataclass(frozen=True, slots=True)
class Band:
    """A printed row on a page: the box of each column in it, None where no borders are drawn."""

    page: int
    boxes: tuple[Box | None, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One step: the words of each column, in the order of the table's columns.

    `bands` are the printed rows that it takes up on pages with geometry; a step may go on over a page break.
    """

    cells: tuple[Words, ...]
    place: tuple[float, ...]  # for each cell: how sure that these words belong to this row and column
    issues: tuple[Issue, ...] = ()
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    title: Words = ()
    footnotes: tuple[Words, ...] = ()
    labels: Words = ()  # words of headings and numbering rows
    stray: Words = ()  # words that could not be given to a cell
    unwoven: bool = False  # recovered from running text without cell borders

    def index(self, role: Role) -> int | None:
        """The position of the first column with that role."""
        return next((i for i, column in enumerate(self.columns) if column.role == role), None)

    def cell(self, row: TableRow, role: Role) -> Words:
        at = self.index(role)
        return row.cells[at] if at is not None else ()
