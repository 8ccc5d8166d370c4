"""Procedure tables whose cells have printed borders: where they start and end, and what their steps are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex
from rapidfuzz import fuzz

from sopparse.evidence import Issue, issue
from sopparse.layout.columns import column_roles
from sopparse.layout.heads import actor_heads, cell_label, head_votes, is_heading, is_numbering
from sopparse.layout.tables import Band, Column, Role, Table, TableRow
from sopparse.normalize.durations import duration_likeness
from sopparse.normalize.labels import whole_label
from sopparse.normalize.lines import is_total
from sopparse.page import Row, Words, text_of

# A cell reads as a duration from here on; an activity that mentions one stays below.
_DURATION = 0.7
# A heading is the same heading again (next page) from this similarity on; another procedure has other actors.
SAME_HEADING = 85
_MIN_CELLS = 3

_STEP_NUMBER = regex.compile(r"[(]?\s*(\d{1,3})\s*[.)]{0,2}")


@dataclass(frozen=True, slots=True)
class Region:
    """A table and the rows `start:end` of the document that it was made of."""

    start: int
    end: int
    table: Table


@dataclass(slots=True)
class _Draft:
    start: int
    heads: list[Row]
    body: list[Row]
    labels: list[Row]
    between: list[Row]
    end: int


def ruled_tables(rows: Sequence[Row]) -> tuple[Region, ...]:
    """The procedure tables among the rows, in order."""
    return tuple(Region(d.start, d.end, _table(d)) for d in _drafts(rows) if d.body)


def table_of(heads: Sequence[Row], body: Sequence[Row]) -> Table:
    """The table of these rows, headings and steps told apart already."""
    return _table(_Draft(0, list(heads), list(body), [], [], 0))


def _drafts(rows: Sequence[Row]) -> list[_Draft]:
    drafts: list[_Draft] = []
    current: _Draft | None = None
    pending: list[Row] = []
    i = 0
    while i < len(rows):
        row = rows[i]
        if not row.cells:
            pass
        elif row.ruled and is_heading(row):
            heads, end = _heading_rows(rows, i)
            if current is not None and _continues(current, heads, rows, end):
                current.labels.extend(heads)
                current.between.extend(pending)
                current.end = end
            else:
                current = _Draft(i, heads, [], [], [], end)
                drafts.append(current)
            pending = []
            i = end
            continue
        elif _is_body(row, current):
            if current is None:
                current = _Draft(i, [], [], [], [], i)
                drafts.append(current)
            (current.labels if is_numbering(row) else current.body).append(row)
            current.between.extend(pending)
            current.end = i + 1
            pending = []
        elif _ends_table(row):
            current, pending = None, []
        elif current is not None:
            pending.append(row)
        i += 1
    return drafts


def _heading_rows(rows: Sequence[Row], start: int) -> tuple[list[Row], int]:
    """The heading row at `start` and the rows of headings below it (labels of groups, names of actors)."""
    heads = [rows[start]]
    i = start + 1
    while i < len(rows) and len(heads) < 4:
        row = rows[i]
        if not row.cells:
            i += 1
            continue
        if not row.ruled or not (is_heading(row) or _is_lower_heading(row)):
            break
        heads.append(row)
        i += 1
    while not rows[i - 1].cells:
        i -= 1
    return heads, i


def _is_lower_heading(row: Row) -> bool:
    """A row of names only, under the first heading: nothing in the columns of number and activity, and no time."""
    filled = [cell for cell in row.cells if cell.lines]
    if len(row.cells) < _MIN_CELLS or not filled:
        return False
    if any(cell.column < 2 and cell_label(cell) is None for cell in filled):
        return False
    return not any(
        duration_likeness(cell.text) >= _DURATION or len(cell.text) > 80 for cell in filled
    ) and not is_numbering(row)


def _continues(draft: _Draft, heads: Sequence[Row], rows: Sequence[Row], after: int) -> bool:
    """Whether a heading only repeats that of the running table, as at the top of its next page."""
    if not draft.body or not draft.heads:
        return False
    if fuzz.ratio(" ".join(h.text for h in draft.heads), " ".join(h.text for h in heads)) < SAME_HEADING:
        return False
    following = next((row for row in rows[after:] if row.cells and not is_numbering(row)), None)
    number = _number(following) if following is not None else None
    return number is None or number != 1


def _number(row: Row) -> int | None:
    match = _STEP_NUMBER.fullmatch(row.cells[0].text) if row.cells and row.cells[0].lines else None
    return int(match.group(1)) if match else None


def _is_body(row: Row, current: _Draft | None) -> bool:
    if not row.ruled or len(row.cells) < _MIN_CELLS or _ends_table(row):
        return False
    if current is not None:
        width = max((len(r.cells) for r in (*current.heads, *current.body[:3])), default=0)
        return len(row.cells) >= min(width / 2, 4)
    # Without a heading a table shows itself by a time among at least four cells.
    return len(row.cells) > _MIN_CELLS and any(duration_likeness(cell.text) >= _DURATION for cell in row.cells)


def _ends_table(row: Row) -> bool:
    """A label of the header or of a list stands in a cell of its own: the form begins (again)."""
    for cell in row.cells:
        found = whole_label(cell.text, ("header", "section")) if cell.lines and len(cell.text) < 60 else None
        if found is not None and not found.weak and cell_label(cell) is None:
            return True
    return False


def _table(draft: _Draft) -> Table:
    width = _width(draft)
    body = [_padded(row, width) for row in draft.body]
    texts = [[text_of(words) for words in cells] for cells in body]
    steps = [t for t in texts if any(duration_likeness(c) >= _DURATION for c in t)] or texts
    roles = column_roles(steps, head_votes(draft.heads))
    actors = [j for j, (role, _) in enumerate(roles) if role == "actor"]
    heads = actor_heads(draft.heads, actors)
    columns = []
    for j, (role, place) in enumerate(roles):
        at = actors.index(j) if role == "actor" else None
        label = heads.labels[at] if at is not None else _label_words(draft.heads, role)
        if at is not None and not heads.aligned:
            place *= 0.95
        columns.append(Column(role, label, heads.groups[at] if at is not None else (), place))
    bands = [_band(row, width) for row in draft.body]
    rows, footnotes = _steps(body, texts, bands, [c.role for c in columns], [c.place for c in columns])
    named = {word for column in columns for word in (*column.label, *column.group) if column.role == "actor"}
    labels = [w for row in (*draft.heads, *draft.labels) for w in row.words if w not in named]
    return Table(
        columns=tuple(columns),
        rows=tuple(rows),
        footnotes=tuple(footnotes),
        labels=tuple(labels),
        stray=tuple(w for row in draft.between for w in row.words),
    )


def _label_words(heads: Sequence[Row], role: Role) -> Words:
    for row in heads:
        for cell in row.cells:
            label = cell_label(cell)
            if label is not None and label.name == role:
                return cell.words
    return ()


def _width(draft: _Draft) -> int:
    timed = [r for r in draft.body if any(duration_likeness(c.text) >= _DURATION for c in r.cells)] or draft.body
    width = max(Counter(max(c.column for c in r.cells if c.lines or c.column == 0) + 1 for r in timed).elements())
    # A column that only rows without a time fill, but that has a heading of its own: the notes.
    headed = {c.column for row in draft.heads for c in row.cells if c.lines and cell_label(c) is not None}
    filled = {c.column for row in draft.body for c in row.cells if c.lines}
    while width in headed and width in filled:
        width += 1
    return width


def _padded(row: Row, width: int) -> list[Words]:
    """The words of each column; what stands beyond the last column belongs to it."""
    cells: list[Words] = [cell.words for cell in row.cells[:width]]
    cells += [()] * (width - len(cells))
    for cell in row.cells[width:]:
        cells[-1] = (*cells[-1], *cell.words)
    return cells


def _band(row: Row, width: int) -> tuple[Band, ...]:
    boxes = [cell.box for cell in row.cells[:width]]
    if not any(boxes):
        return ()
    return (Band(row.page, (*boxes, *[None] * (width - len(boxes)))),)


def _steps(
    body: Sequence[list[Words]],
    texts: Sequence[Sequence[str]],
    bands: Sequence[tuple[Band, ...]],
    roles: Sequence[Role],
    places: Sequence[float],
) -> tuple[list[TableRow], list[Words]]:
    rows: list[TableRow] = []
    footnotes: list[Words] = []
    at = {role: roles.index(role) for role in set(roles)}
    sure = [t for t in texts if "duration" in at and t[at["duration"]]] or texts
    numbered = sum(bool(_STEP_NUMBER.fullmatch(t[at["number"]])) for t in sure) if "number" in at else 0
    for cells, text, band in zip(body, texts, bands, strict=True):
        filled = [j for j, t in enumerate(text) if t]
        if not filled:
            continue
        if is_total(" ".join(text[j] for j in filled)):
            footnotes.append(tuple(w for cell in cells for w in cell))
        elif rows and _same_step(rows[-1], cells, at):
            rows[-1] = _widened(rows[-1], cells, band)
        elif rows and not _starts_step(text, at, numbered > 0.8 * len(sure)):
            rows[-1] = _joined(rows[-1], cells, band)
        else:
            rows.append(TableRow(tuple(cells), tuple(places), bands=band))
    return rows, footnotes


def _starts_step(text: Sequence[str], at: dict[Role, int], all_numbered: bool) -> bool:
    """Whether a row is a step of its own or the rest of the one above (a cell broken over two rows)."""

    def has(role: Role) -> bool:
        return role in at and bool(text[at[role]])

    if has("number"):
        return True
    if not has("activity"):
        return False
    rest = sum(has(role) for role in ("requirements", "duration", "output"))
    starts_small = text[at["activity"]][:1].islower()
    if has("duration") and not starts_small:
        return True
    return rest >= 2 and not (starts_small and all_numbered)


def _same_step(row: TableRow, cells: Sequence[Words], at: dict[Role, int]) -> bool:
    """Whether number and activity are cells merged over this row and the one above: other cells are parted more."""
    activity = at.get("activity")
    if activity is None or not cells[activity] or cells[activity] != row.cells[activity]:
        return False
    number = at.get("number")
    return number is None or not cells[number] or cells[number] == row.cells[number]


def _widened(row: TableRow, cells: Sequence[Words], band: tuple[Band, ...]) -> TableRow:
    """The row with the words that are new in its second printed row."""
    known = {word for above in row.cells for word in above}
    joined = tuple(
        (*above, *(w for w in below if w not in known)) for above, below in zip(row.cells, cells, strict=True)
    )
    return replace(row, cells=joined, bands=(*row.bands, *band))


def _joined(row: TableRow, cells: Sequence[Words], band: tuple[Band, ...]) -> TableRow:
    joined: Issue = issue("step.row-joined")
    return TableRow(
        tuple((*above, *below) for above, below in zip(row.cells, cells, strict=True)),
        tuple(place * (0.9 if below else 1.0) for place, below in zip(row.place, cells, strict=True)),
        row.issues if joined in row.issues else (*row.issues, joined),
        (*row.bands, *band),
    )
