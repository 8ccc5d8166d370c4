"""Ruled rows that hold several labels of the form below each other, cut into one row for each.

A border between two rows is missing, or was not found: then one cell holds the whole identity block, or the end of one
list and the label of the next. A line that is a label begins a row of its own, in all columns at its height.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from sopparse.geometry import enclose
from sopparse.layout.heads import is_heading
from sopparse.normalize.labels import label_prefix, whole_label
from sopparse.page import Cell, Row, Words, text_of

# Lines whose middles differ by less than this share of a line's height stand side by side.
_SAME_HEIGHT = 0.6
# A form has two columns, each with a label and a value; a row of a procedure table has more filled cells.
_MOST_FILLED = 4
# Two labels of the identity block below each other are no accident; one may be part of a sentence.
_LEAST_LABELS = 2

_NUMBER = regex.compile(r"\(?\d{1,3}[.)]?")


@dataclass(frozen=True, slots=True)
class _Line:
    middle: float
    height: float


def unstacked(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows; those with labels below each other as several. A merged cell is cut only where it is first met."""
    seen: set[int] = set()
    for row in rows:
        filled = [cell for cell in row.cells if cell.lines]
        first = {cell.lines[0][0].index for cell in filled}
        yield from _cut(row, seen) if _may_stack(row, filled) else (row,)
        seen |= first


def _may_stack(row: Row, filled: Sequence[Cell]) -> bool:
    if not row.ruled or len(filled) > _MOST_FILLED or not any(len(cell.lines) > 1 for cell in filled):
        return False
    return _NUMBER.fullmatch(filled[0].text) is None and not is_heading(row)


def _cut(row: Row, seen: set[int]) -> Iterable[Row]:
    new = [cell for cell in row.cells if cell.lines and cell.lines[0][0].index not in seen]
    places = {id(cell): _places(cell) for cell in new}
    if any(found is None for found in places.values()) and len({len(cell.lines) for cell in new}) > 1:
        return (row,)
    starts: list[_Line] = []
    for cell in new:
        at = places[id(cell)] or [_Line(float(k), 1.0) for k in range(len(cell.lines))]
        starts += [at[k] for k in _label_lines(cell)]
    cuts = _apart(sorted(starts, key=lambda line: line.middle))
    if not cuts:
        return (row,)
    parts: list[list[Cell]] = [[] for _ in range(len(cuts) + 1)]
    for cell in row.cells:
        at = places.get(id(cell)) or [_Line(float(k), 1.0) for k in range(len(cell.lines))]
        lines: list[list[Words]] = [[] for _ in parts]
        for k, line in enumerate(cell.lines):
            lines[_part(at[k].middle, cuts) if id(cell) in places else 0].append(line)
        for part, some in zip(parts, lines, strict=True):
            part.append(replace(cell, lines=tuple(some)))
    return [replace(row, cells=tuple(part)) for part in parts if any(cell.lines for cell in part)]


def _places(cell: Cell) -> list[_Line] | None:
    """Where the lines of a cell stand; None where the source has no places."""
    found = []
    for line in cell.lines:
        boxes = [word.box for word in line if word.box is not None]
        if not boxes:
            return None
        box = enclose(boxes)
        found.append(_Line((box.top + box.bottom) / 2, box.bottom - box.top))
    return found


def _apart(starts: Sequence[_Line]) -> list[_Line]:
    """The heights at which rows begin, labels side by side as one."""
    cuts: list[_Line] = []
    for line in starts:
        if not cuts or line.middle - cuts[-1].middle > _SAME_HEIGHT * line.height:
            cuts.append(line)
    return cuts


def _part(middle: float, cuts: Sequence[_Line]) -> int:
    return sum(middle > cut.middle - _SAME_HEIGHT * cut.height for cut in cuts)


def _label_lines(cell: Cell) -> list[int]:
    """The lines of a cell at which a row begins: labels, and what stands below the label of a list."""
    names: dict[int, str] = {}
    starts: set[int] = set()
    for k, line in enumerate(cell.lines):
        text = text_of(line)
        if not text[:1].isupper():
            continue
        hit = whole_label(text, ("header",)) or label_prefix(tuple(word.text for word in line[:8]), ("header",))
        if hit is not None and not hit.weak:
            names[k] = hit.label.name
            continue
        found = whole_label(text, ("section",))
        if found is not None and not found.weak and found.label.name != "other" and len(cell.lines) > 1:
            starts |= {k, k + 1}
    if len(set(names.values())) >= _LEAST_LABELS:
        starts |= set(names)
    return sorted(k for k in starts if 0 < k < len(cell.lines))
