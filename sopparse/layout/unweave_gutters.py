"""Text that kept its wide spaces -> rows of cells, by its gutters; then it is read like a table with borders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sopparse.layout.heads import cell_label, is_numbering
from sopparse.layout.ruled import table_of
from sopparse.layout.tables import Table
from sopparse.layout.unweave_grid import (
    Grid,
    Interval,
    anchors_of,
    body_intervals,
    extent,
    grid_of,
    nearest,
    row_borders,
    touched,
)
from sopparse.layout.unweave_lines import Physical, Sheet, chunks, durations_in, number_of
from sopparse.page import Cell, Row, Word, Words

# Share of the lines with a duration or a number that must hold a wide gap.
_GAPPED = 0.6
# How much less sure cells are than between printed borders: on the line of their row's number, or centred on it.
_PLACE, _PLACE_CENTRED = 0.98, 0.95
# Headings of actors take at most this many lines more than the others.
_TAIL = 6
# Known headings that stand over several columns.
_GROUPS = frozenset(("actors", "quality"))


def has_gutters(body: Sequence[Physical]) -> bool:
    anchored = [line.words for line in body if durations_in(line.words) or number_of(line.words) is not None]
    gapped = sum(1 for words in anchored if len(chunks(words)) > 2)
    return gapped > 1 and gapped >= _GAPPED * len(anchored)


def gutter_table(sheet: Sheet) -> Table | None:
    """The table by its printed columns; None where they cannot be told from the text."""
    heading, again = _distinct(sheet.heading)
    body = sheet.body
    tail = _tail(heading, body)
    heading = (*heading, *(line.words for line in body[:tail]))
    printed = {_content(words) for words in heading}
    again += [line.words for line in body[tail:] if _content(line.words) in printed]
    body = tuple(line for line in body[tail:] if _content(line.words) not in printed)
    intervals, groups = _columns(heading, body)
    heads = _heads(heading, groups, intervals)
    known = {cell.column: label.name for cell in heads[-1].cells if (label := cell_label(cell))} if heads else {}
    timed = next((c for c, name in known.items() if name == "duration"), None)
    grid = grid_of(body, intervals, frozenset(known), timed)
    anchors = anchors_of(grid) if grid is not None else []
    if grid is None or not anchors:
        return None
    starts, top = row_borders(grid, anchors)
    rows = [_row(grid, a, b) for a, b in zip(starts, [*starts[1:], len(grid.cells)], strict=True)]
    table = table_of(heads, [row for row in rows if not is_numbering(row)])
    before = [w for line in grid.cells[: starts[0]] for cell in line for w in cell]
    labels = [w for words in (*heading, *again) for w in words]
    labels += [w for row in rows if is_numbering(row) for w in row.words]
    place = _PLACE if top else _PLACE_CENTRED
    return replace(
        table,
        rows=tuple(replace(row, place=tuple(place * one for one in row.place)) for row in table.rows),
        title=sheet.title,
        footnotes=(*table.footnotes, *sheet.footnotes),
        labels=_in_order((*labels, *(before if heading else ()))),
        stray=_in_order(
            (*sheet.stray, *(w for piece in sheet.pieces for w in piece.words), *(() if heading else before))
        ),
        unwoven=True,
    )


def _in_order(words: Sequence[Word]) -> Words:
    return tuple(sorted(words, key=lambda w: (w.index, w.start)))


def _content(words: Words) -> tuple[str, ...]:
    return tuple(word.text for word in words)


def _distinct(heading: Sequence[Words]) -> tuple[tuple[Words, ...], list[Words]]:
    """The lines of the heading, and those that only repeat one."""
    seen: set[tuple[str, ...]] = set()
    found: list[Words] = []
    again: list[Words] = []
    for words in heading:
        (again if _content(words) in seen else found).append(words)
        seen.add(_content(words))
    return tuple(found), again


def _tail(heading: Sequence[Words], body: Sequence[Physical]) -> int:
    """How many lines at the beginning of the body go on with the heading: they only add to names over the actors, or
    to known headings ("Persyaratan/" "Kelengkapan")."""
    if not heading:
        return 0
    count = 0
    for n in range(1, min(_TAIL, len(body) - 1) + 1):
        words = body[n - 1].words
        if number_of(words) is not None or durations_in(words):
            break
        intervals, groups = _columns((*heading, *(line.words for line in body[:n])), body[n:])
        before = _heads((*heading, *(line.words for line in body[: n - 1])), groups, intervals)
        after = _heads((*heading, *(line.words for line in body[:n])), groups, intervals)
        if not before or not _adds_names(before[-1], after[-1], intervals):
            break
        count = n
    return count


def _adds_names(before: Row, after: Row, intervals: Sequence[Interval]) -> bool:
    labels = [cell_label(cell) for cell in before.cells]
    named = [c for c, label in enumerate(labels) if label is not None]
    activity = next((c for c, label in enumerate(labels) if label is not None and label.name == "activity"), -1)
    for c, (old, new) in enumerate(zip(before.cells, after.cells, strict=True)):
        if len(new.words) == len(old.words):
            continue
        if labels[c] is not None:
            if cell_label(new) != labels[c]:
                return False
        elif not (c > activity and any(c < other for other in named)):
            return False
    return True


def _columns(heading: Sequence[Words], body: Sequence[Physical]) -> tuple[list[Interval], list[Words]]:
    """The printed columns of heading and body together, and the headings that stand over several of them.

    A column of actors may hold nothing below its heading.
    """
    found = body_intervals(body)
    groups: list[Words] = []
    known: set[str] = set()
    over_several = [chunk for words in heading for chunk in chunks(words) if _is_group(chunk, known)]
    for words in reversed(heading):
        for chunk in chunks(words):
            low, high = extent(chunk)
            over = touched(chunk, found)
            if len(over) > 1 or chunk in over_several:
                groups.append(chunk)
            elif over:
                a, b = found[over[0]]
                found[over[0]] = (min(a, low), max(b, high))
            else:
                found.append((low, high))
    return sorted(found), groups


def _is_group(chunk: Words, known: set[str]) -> bool:
    """Whether it is the heading of a group, and the first of its name: below it the same word is a name."""
    label = cell_label(Cell((chunk,)))
    if label is None or label.name not in _GROUPS or label.name in known:
        return False
    known.add(label.name)
    return True


def _heads(heading: Sequence[Words], groups: Sequence[Words], intervals: Sequence[Interval]) -> list[Row]:
    """The heading as rows of cells: headings over several columns, then those of one column, their lines joined."""
    above: list[list[Words]] = [[] for _ in intervals]
    below: list[list[Words]] = [[] for _ in intervals]
    over = set(groups)
    for words in heading:
        for chunk in chunks(words):
            if chunk not in over:
                below[nearest_chunk(chunk, intervals)].append(chunk)
    for words in heading:
        for chunk in chunks(words):
            if chunk in over:
                above[_first_under(chunk, below, intervals)].append(chunk)
    rows = [above, below] if any(above) else [below]
    return [
        Row(tuple(Cell(tuple(lines), column=c) for c, lines in enumerate(row)), ruled=True) for row in rows if any(row)
    ]


def nearest_chunk(chunk: Words, intervals: Sequence[Interval]) -> int:
    over = touched(chunk, intervals)
    return over[0] if over else nearest(chunk[0], intervals)


def _first_under(chunk: Words, below: Sequence[Sequence[Words]], intervals: Sequence[Interval]) -> int:
    """The leftmost column that a heading stands over: it is printed in the middle of its columns."""
    over = touched(chunk, intervals)
    low, high = extent(chunk)
    middle = (low + high) / 2
    first = over[0] if over else nearest(chunk[0], intervals)
    label = cell_label(Cell((chunk,)))
    names = [cell_label(Cell(tuple(lines))) if lines else None for lines in below]
    if label is not None and label.name == "quality":
        while first and (name := names[first - 1]) is not None and name.name in {"requirements", "duration", "output"}:
            first -= 1
    elif label is not None and label.name == "actors":
        while first and names[first - 1] is None and intervals[first - 1][0] < middle:
            first -= 1
    return first


def _row(grid: Grid, start: int, end: int) -> Row:
    lines = grid.cells[start:end]
    return Row(
        tuple(Cell(tuple(line[c] for line in lines if line[c]), column=c) for c in range(len(grid.intervals))),
        ruled=True,
    )
