"""Pages with geometry to rows of cells in reading order, as plain text has them.

Each row of a table becomes a ruled row: a cell merged over columns leaves blank cells to its right, a cell merged over
rows stands in each of them. Lines outside tables become rows whose cells are parted by wide gaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import regex

from sopparse.geometry import Box, enclose
from sopparse.layout.breaks import Spelling, mended
from sopparse.layout.furniture import find_furniture
from sopparse.layout.grid import Grid, GridCell, find_grids
from sopparse.layout.gutters import with_columns
from sopparse.page import Cell, Document, Page, Row, Word, Words

# Words on a line with more room between them than this many letter heights stand in different columns; justified
# lines open gaps of up to 1.5.
COLUMN_GAP = 2.0
# More room than this many letter heights between two lines is a blank line.
BLANK_GAP = 2.2
# A border that fewer than this share of the rows of a table have is an accident of one cell.
RARE_BORDER = 0.12
RARE_ROWS = 8
# Higher than wide by this: a word that runs up or down.
UPRIGHT = 1.3

_NUMBERING = regex.compile(r"(?:\(?(?:\d{1,2}|[A-Za-z])[.)]|[-*•▪●\uf000-\uf0ff])$")


@dataclass(frozen=True, slots=True)
class Laid:
    """The document with rows on every page; the tables they come from; words that belong to the sheet of paper only
    (running heads, page numbers)."""

    document: Document
    grids: tuple[Grid, ...] = ()
    furniture: Words = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for page in self.document.pages for row in page.rows)


def lay_out(document: Document) -> Laid:
    """Rows for the pages that have geometry; pages of plain text have theirs already."""
    if not any(page.free for page in document.pages):
        return Laid(document)
    spelling = Spelling.of(document.words)
    tables = {page.number: _tables(page) for page in document.pages if page.free}
    outside = {page.number: _outside(page, tables[page.number]) for page in document.pages if page.free}
    furniture = find_furniture(document.pages, outside)
    left_out = {word.index for word in furniture}
    pages = []
    for page in document.pages:
        if page.free:
            lines = [line for line in outside[page.number] if line[0].index not in left_out]
            pages.append(_laid(page, tables[page.number], lines, spelling))
        else:
            pages.append(page)
    grids = tuple(grid for page in document.pages for grid in tables.get(page.number, ()))
    return Laid(replace(document, pages=tuple(pages)), grids, furniture)


def _tables(page: Page) -> tuple[Grid, ...]:
    grids = find_grids(page)
    if all(len(grid.xs) > 2 for grid in grids):
        return grids
    return tuple(with_columns(grid, [w for w in page.free if _inside(w, grid)]) for grid in grids)


def _inside(word: Word, grid: Grid) -> bool:
    return word.box is not None and _place(word, (grid,)) is not None


def _laid(page: Page, grids: Sequence[Grid], lines: Sequence[Words], spelling: Spelling) -> Page:
    changed: dict[int, Word] = {}
    blocks: list[tuple[float, list[Row]]] = []
    inside = _by_cell(page.free, grids)
    for k, grid in enumerate(grids):
        words = {cell: found for (at, cell), found in inside.items() if at == k}
        blocks.append((grid.box.top, _grid_rows(grid, words, spelling, changed)))
    unit = _letter_width(page.free)
    rows = _line_rows(lines, page.number, unit, [grid.box for grid in grids])
    blocks.extend(rows)
    blocks.sort(key=lambda block: block[0])
    free = tuple(changed.get(word.index, word) for word in page.free) if changed else page.free
    return replace(page, rows=tuple(row for _, some in blocks for row in some), free=free)


# -- words to cells -------------------------------------------------------------------------------------------------


def _by_cell(words: Words, grids: Sequence[Grid]) -> dict[tuple[int, GridCell], list[Word]]:
    """The words of each cell; where a table stands in a cell of another, the inner one has them."""
    found: dict[tuple[int, GridCell], list[Word]] = {}
    for word in words:
        place = _place(word, grids)
        if place is not None:
            found.setdefault(place, []).append(word)
    return found


def _outside(page: Page, grids: Sequence[Grid]) -> list[Words]:
    """The lines of words that stand in no table."""
    lines: dict[int, list[Word]] = {}
    for word in page.free:
        if _place(word, grids) is None:
            lines.setdefault(word.line, []).append(word)
    return [tuple(line) for line in lines.values()]


def _place(word: Word, grids: Sequence[Grid]) -> tuple[int, GridCell] | None:
    assert word.box is not None
    x, y = (word.box.x0 + word.box.x1) / 2, (word.box.top + word.box.bottom) / 2
    best: tuple[float, int, GridCell] | None = None
    for k, grid in enumerate(grids):
        if grid.box.x0 <= x <= grid.box.x1 and grid.box.top <= y <= grid.box.bottom:
            cell = grid.cell_at(x, y)
            if cell is not None:
                area = (cell.box.x1 - cell.box.x0) * (cell.box.bottom - cell.box.top)
                if best is None or area < best[0]:
                    best = (area, k, cell)
    return best[1:] if best is not None else None


def _lines(words: Sequence[Word]) -> list[Words]:
    """The printed lines of a cell. Lines are as the reader numbered them, those at one height joined."""
    lines: list[list[Word]] = []
    for word in words:
        last = lines[-1] if lines else None
        if last is not None and (last[-1].line == word.line or _level(last[-1], word)):
            last.append(word)
        else:
            lines.append([word])
    return [tuple(line) if _runs_upright(line) else tuple(sorted(line, key=_left)) for line in lines]


def _left(word: Word) -> float:
    return word.box.x0 if word.box is not None else 0.0


def _level(one: Word, other: Word) -> bool:
    a, b = one.box, other.box
    if a is None or b is None or _runs_upright((one,)) or _runs_upright((other,)):
        return False
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return shared > 0.6 * min(a.bottom - a.top, b.bottom - b.top)


def _runs_upright(words: Sequence[Word]) -> bool:
    """Whether the words of a line stand above each other: the text runs up or down."""
    boxes = [w.box for w in words if w.box is not None]
    if not boxes or sum(len(w.text) for w in words) < 2:
        return False
    around = enclose(boxes)
    return around.bottom - around.top > UPRIGHT * (around.x1 - around.x0)


# -- tables ---------------------------------------------------------------------------------------------------------


def _grid_rows(
    grid: Grid, words: Mapping[GridCell, Sequence[Word]], spelling: Spelling, changed: dict[int, Word]
) -> list[Row]:
    owner = {
        (r, c): cell
        for cell in grid.cells
        for r in range(cell.row, cell.row + cell.rows)
        for c in range(cell.column, cell.column + cell.columns)
    }
    lines: dict[GridCell, tuple[Words, ...]] = {}
    for cell, found in words.items():
        lines[cell], joined = mended(_lines(found), cell.box, spelling)
        changed.update(joined)
    rows = []
    for first, end, borders in _bands(grid, owner):
        for r in range(first, end):
            # A row in which no cell begins only repeats the one above.
            if any((r, c) in owner and owner[r, c].row == r for c in range(len(grid.xs) - 1)):
                rows.append(_row(grid, owner, lines, r, borders))  # noqa: PERF401
    return rows


def _bands(grid: Grid, owner: Mapping[tuple[int, int], GridCell]) -> list[tuple[int, int, list[int]]]:
    """Runs of rows that share their columns, with the borders of these: a form above a procedure table has others."""
    width = len(grid.xs) - 1
    bands: list[tuple[int, int, list[set[int]]]] = []
    union: set[int] = set()
    for r in range(len(grid.ys) - 1):
        borders = {0, width}
        for c in range(width):
            cell = owner.get((r, c))
            borders |= {cell.column, cell.column + cell.columns} if cell is not None else {c, c + 1}
        if bands and (borders <= union or union <= borders):
            bands[-1] = (bands[-1][0], r + 1, [*bands[-1][2], borders])
            union |= borders
        else:
            bands.append((r, r + 1, [borders]))
            union = set(borders)
    return [(first, end, _columns(some, width)) for first, end, some in bands]


def _columns(rows: Sequence[set[int]], width: int) -> list[int]:
    """The borders that make columns: not those of a single odd cell in a long table."""
    union = set().union(*rows)
    if len(rows) < RARE_ROWS:
        return sorted(union)
    least = RARE_BORDER * len(rows)
    return sorted(b for b in union if b in (0, width) or sum(b in row for row in rows) >= least)


def _row(
    grid: Grid,
    owner: Mapping[tuple[int, int], GridCell],
    lines: Mapping[GridCell, tuple[Words, ...]],
    r: int,
    borders: Sequence[int],
) -> Row:
    cells: list[Cell] = []
    shown: set[GridCell] = set()
    for k, (a, b) in enumerate(pairwise(borders)):
        here = [owner[r, c] for c in range(a, b) if (r, c) in owner]
        new = [cell for i, cell in enumerate(here) if cell not in shown and cell not in here[:i]]
        shown.update(new)
        # The place of a merged cell in this row and column only: what is drawn in it stands there.
        box = Box(grid.xs[a], grid.ys[r], grid.xs[b], grid.ys[r + 1]) if here else None
        cells.append(Cell(tuple(line for cell in new for line in lines.get(cell, ())), k, box))
    return Row(tuple(cells) if any(cell.lines for cell in cells) else (), True, grid.page)


# -- lines outside tables -------------------------------------------------------------------------------------------


def _letter_width(words: Words) -> float:
    widths = [(w.box.x1 - w.box.x0) / len(w.text) for w in words if w.box is not None and len(w.text) > 2]
    return max(median(widths), 1.0) if widths else 5.0


def _line_rows(lines: Iterable[Words], page: int, unit: float, tables: Sequence[Box]) -> list[tuple[float, list[Row]]]:
    """Each line as a block of its own, by its top; a blank row stands before a line with much room above."""
    level = [(enclose([w.box for w in line if w.box is not None]), line) for line in lines if not _runs_upright(line)]
    level.sort(key=lambda one: (one[0].top, one[0].x0))
    out: list[tuple[float, list[Row]]] = []
    last: Box | None = None
    for box, line in level:
        height = _height(line)
        rows = [Row(_cells(line, height, unit), False, page)]
        if last is not None and (box.top - last.bottom > (BLANK_GAP - 1.0) * height or _between(last, box, tables)):
            rows.insert(0, Row((), False, page))
        out.append((box.top, rows))
        last = box
    return out


def _between(above: Box, below: Box, tables: Sequence[Box]) -> bool:
    return any(above.bottom <= table.top + 2 and table.bottom - 2 <= below.top for table in tables)


def _height(line: Words) -> float:
    return median(w.box.bottom - w.box.top for w in line if w.box is not None)


def _cells(line: Words, height: float, unit: float) -> tuple[Cell, ...]:
    groups: list[list[Word]] = []
    end = -(10**6)
    edge = 0.0
    for word in line:
        assert word.box is not None
        column = max(round(word.box.x0 / unit), end + 1)
        after_number = bool(groups) and _NUMBERING.match(groups[-1][-1].text) is not None
        placed = replace(word, column=column)
        if groups and (word.box.x0 - edge <= COLUMN_GAP * height or after_number):
            groups[-1].append(placed)
        else:
            groups.append([placed])
        end, edge = column + len(word.text), word.box.x1
    return tuple(Cell((tuple(group),), i) for i, group in enumerate(groups))
