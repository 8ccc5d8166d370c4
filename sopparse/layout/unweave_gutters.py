"""Text that kept its wide spaces -> the table, by its grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sopparse.layout.tables import Column, Role, Table, TableRow
from sopparse.layout.unweave_grid import Grid, Interval, anchors_of, chunks, extent, grid_of, nearest, row_borders
from sopparse.layout.unweave_lines import Physical, Sheet, durations_in, found_labels, number_of
from sopparse.page import Word, Words

# Share of the lines with a duration or a number that must hold a wide gap.
_GAPPED = 0.6
# How sure cells and anchors are that were placed by their printed columns.
_PLACE, _PLACE_CENTRED = 0.95, 0.9


def has_gutters(body: Sequence[Physical]) -> bool:
    anchored = [line.words for line in body if durations_in(line.words) or number_of(line.words) is not None]
    gapped = sum(1 for words in anchored if len(chunks(words)) > 2)
    return gapped > 1 and gapped >= _GAPPED * len(anchored)


def gutter_table(sheet: Sheet) -> Table | None:
    """The table by its printed columns; None where they cannot be told from the text."""
    grid = grid_of(sheet.body, sheet.label("duration"))
    if grid is None:
        return None
    tail = _heading_tail(grid)
    if tail and sheet.heading:
        # headings of actors take more lines than the others
        heading = (*sheet.heading, *(line.words for line in sheet.body[:tail]))
        return gutter_table(replace(sheet, heading=heading, body=sheet.body[tail:]))
    anchors = anchors_of(grid)
    if not anchors:
        return None
    starts, top = row_borders(grid, anchors)
    place = _PLACE if top else _PLACE_CENTRED
    actors = _actor_labels(sheet, grid)
    columns = _columns(sheet, grid, actors)
    before: list[Word] = []
    rows = []
    if top:
        before = [w for line in grid.cells[: starts[0]] for cell in line for w in cell]
    for a, b in zip(starts, [*starts[1:], len(grid.cells)], strict=True):
        lines = grid.cells[a:b]
        cells = [tuple(w for line in lines for w in line[c]) for c in range(len(grid.roles))]
        cells = _with_actors(cells, grid, actors)
        rows.append(TableRow(tuple(cells), (place,) * len(cells)))
    labels = [w for words in sheet.heading for w in words] + (before if sheet.heading else [])
    stray = [*sheet.stray, *(w for piece in sheet.pieces for w in piece.words), *([] if sheet.heading else before)]
    return Table(
        columns=columns,
        rows=tuple(rows),
        title=sheet.title,
        footnotes=sheet.footnotes,
        labels=tuple(sorted(labels, key=_position)),
        stray=tuple(sorted(stray, key=_position)),
        unwoven=True,
    )


def _heading_tail(grid: Grid) -> int:
    """How many lines at the beginning hold words between activity and requirements only."""
    count = 0
    while count < len(grid.cells) and not any(
        cell for cell, role in zip(grid.cells[count], grid.roles, strict=True) if role != "actor"
    ):
        count += 1
    return count if count < len(grid.cells) else 0


def _position(word: Word) -> tuple[int, int]:
    return word.index, word.start


def _actor_labels(sheet: Sheet, grid: Grid) -> list[tuple[Interval, Words]]:
    """The headings between the activity and the requirements, each with its place: the actors, left to right."""
    activity, needs = grid.at("activity"), grid.at("requirements")
    if activity is None or needs is None:
        return []
    low = max(b for c, (_, b) in enumerate(grid.intervals) if grid.roles[c] == "activity")
    high = grid.intervals[needs][0]
    found: list[tuple[Interval, Words]] = []
    for words in sheet.heading:
        for chunk in chunks(words):
            a, b = extent(chunk)
            if a < low - 1 or b > high + 1 or found_labels(chunk):
                continue
            for n, ((x, y), label) in enumerate(found):
                if a < y and b > x:
                    found[n] = ((min(a, x), max(b, y)), label + chunk)
                    break
            else:
                found.append(((a, b), chunk))
    return sorted(found)


def _columns(sheet: Sheet, grid: Grid, actors: Sequence[tuple[Interval, Words]]) -> tuple[Column, ...]:
    order: list[Role] = ["number", "activity"]
    columns = [Column(role, sheet.label(role)) for role in order]
    group = sheet.label("actors")
    columns.extend(Column("actor", label, group) for _, label in actors)
    if not actors and "actor" in grid.roles:
        columns.append(Column("actor", (), group, 0.5))
    rest: list[Role] = ["requirements", "duration", "output"]
    rest += ["note"] if "note" in grid.roles else []
    columns.extend(Column(role, sheet.label(role)) for role in rest)
    return tuple(columns)


def _with_actors(cells: Sequence[Words], grid: Grid, actors: Sequence[tuple[Interval, Words]]) -> list[Words]:
    """The cells of a row in the order of the table's columns; marks go to the actor whose heading is nearest."""
    by_role: dict[Role, Words] = {}
    for role, words in zip(grid.roles, cells, strict=True):
        by_role[role] = by_role.get(role, ()) + words
    if sum(role == "activity" for role in grid.roles) > 1 or sum(role == "note" for role in grid.roles) > 1:
        by_role = {role: tuple(sorted(words, key=_position)) for role, words in by_role.items()}
    row = [by_role.get("number", ()), by_role.get("activity", ())]
    marks = by_role.get("actor", ())
    if actors:
        given: list[Words] = [()] * len(actors)
        places = [place for place, _ in actors]
        for word in marks:
            given[nearest(word, places)] += (word,)
        row.extend(given)
    elif "actor" in grid.roles:
        row.append(marks)
    row += [by_role.get("requirements", ()), by_role.get("duration", ()), by_role.get("output", ())]
    if "note" in grid.roles:
        row.append(by_role.get("note", ()))
    return row
