"""Ruling lines to tables: joints, cells, and the grid they stand in, with merged cells.

Every position between two borders that no line parts belongs to one cell. Rows and columns are counted over the whole
grid; a cell that is merged over several of them knows how many.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sopparse.geometry import Box
from sopparse.layout.rules import REACH, Rule, find_rules
from sopparse.page import Page

# Borders of one kind nearer than this are one (a doubled border, a head drawn a little beside its column).
SNAP = 3.2
# A border between two positions counts if at least this share of it is drawn.
DRAWN = 0.6
# Fewer cells are no table but a box.
LEAST_CELLS = 2


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell: its box, its first row and column (0-based), and over how many of each it is merged."""

    box: Box
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on a page: the places of its borders (`xs` from the left, `ys` from the top), its cells, its lines.

    `paths` are the positions of the paths in the page's list that only draw borders of this grid.
    """

    page: int
    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]
    rules: tuple[Rule, ...]
    paths: frozenset[int]

    def cell_at(self, x: float, y: float) -> GridCell | None:
        """The cell that holds the point; on a border, the one to the right and below."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if not (0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1):
            return None
        return self.cell(row, column)

    def cell(self, row: int, column: int) -> GridCell | None:
        """The cell that covers a row and column of the grid."""
        for one in self.cells:
            if one.row <= row < one.row + one.rows and one.column <= column < one.column + one.columns:
                return one
        return None


def find_grids(page: Page) -> tuple[Grid, ...]:
    """The tables of a page, from the top."""
    grids = []
    for rules in _components(find_rules(page.paths)):
        grid = _grid(rules, page.number)
        if grid is not None:
            grids.append(grid)
    grids.sort(key=lambda grid: (grid.box.top, grid.box.x0))
    return tuple(grids)


def _components(rules: Sequence[Rule]) -> Iterable[list[Rule]]:
    """Lines that meet, directly or over others."""
    parent = list(range(len(rules)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    upright = sorted((rule.at, i) for i, rule in enumerate(rules) if not rule.across)
    places = [at for at, _ in upright]
    for i, rule in enumerate(rules):
        if not rule.across:
            continue
        for _, j in upright[bisect_left(places, rule.start - REACH) : bisect_right(places, rule.end + REACH)]:
            other = rules[j]
            if other.start - REACH <= rule.at <= other.end + REACH:
                parent[root(i)] = root(j)
    groups: dict[int, list[Rule]] = {}
    for i, rule in enumerate(rules):
        groups.setdefault(root(i), []).append(rule)
    return groups.values()


def _grid(rules: Sequence[Rule], page: int) -> Grid | None:
    xs = _places(rule for rule in rules if not rule.across)
    ys = _places(rule for rule in rules if rule.across)
    if len(xs) < 2 or len(ys) < 2:
        return None
    cells = _cells(xs, ys, rules)
    if len(cells) < LEAST_CELLS:
        return None
    return Grid(
        page=page,
        box=Box(xs[0], ys[0], xs[-1], ys[-1]),
        xs=tuple(xs),
        ys=tuple(ys),
        cells=tuple(cells),
        rules=tuple(rules),
        paths=frozenset(path for rule in rules for path in rule.paths),
    )


def _places(rules: Iterable[Rule]) -> list[float]:
    """Where the lines stand; lines near each other share a place, weighed by their length."""
    out: list[float] = []
    group: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if group and rule.at - group[0].at > SNAP:
            out.append(_middle(group))
            group = []
        group.append(rule)
    if group:
        out.append(_middle(group))
    return out


def _middle(group: Sequence[Rule]) -> float:
    return sum(rule.at * rule.length for rule in group) / sum(rule.length for rule in group)


def _cells(xs: Sequence[float], ys: Sequence[float], rules: Sequence[Rule]) -> list[GridCell]:
    rows, columns = len(ys) - 1, len(xs) - 1
    above = _borders([r for r in rules if r.across], ys, xs)  # above[k][c]: a line at ys[k] over column c
    beside = _borders([r for r in rules if not r.across], xs, ys)  # beside[k][r]: a line at xs[k] along row r
    taken = [[False] * columns for _ in range(rows)]
    open_positions = _outside(rows, columns, above, beside)
    cells = []
    for r in range(rows):
        for c in range(columns):
            if taken[r][c] or (r, c) in open_positions:
                continue
            wide = 1
            while c + wide < columns and not beside[c + wide][r] and not taken[r][c + wide]:
                wide += 1
            high = 1
            while r + high < rows and _goes_on(r + high, c, wide, above, beside, taken):
                high += 1
            for i in range(r, r + high):
                for j in range(c, c + wide):
                    taken[i][j] = True
            cells.append(GridCell(Box(xs[c], ys[r], xs[c + wide], ys[r + high]), r, c, high, wide))
    return cells


Borders = Sequence[Sequence[bool]]


def _goes_on(row: int, column: int, wide: int, above: Borders, beside: Borders, taken: Borders) -> bool:
    """Whether a cell of this width goes on in the row: no line above it, none inside, and nothing else there."""
    return not any(
        above[row][j] or taken[row][j] or (j > column and beside[j][row]) for j in range(column, column + wide)
    )


def _borders(rules: Sequence[Rule], places: Sequence[float], ends: Sequence[float]) -> list[list[bool]]:
    """For each place and each stretch between two ends, whether a line is drawn there."""
    drawn = [[0.0] * (len(ends) - 1) for _ in places]
    for rule in rules:
        k = min(range(len(places)), key=lambda i: abs(places[i] - rule.at))
        for j in range(len(ends) - 1):
            drawn[k][j] += max(0.0, min(rule.end, ends[j + 1]) - max(rule.start, ends[j]))
    return [[length >= DRAWN * (ends[j + 1] - ends[j]) for j, length in enumerate(line)] for line in drawn]


def _outside(rows: int, columns: int, above: Borders, beside: Borders) -> set[tuple[int, int]]:
    """Positions that lie open to the outside of the grid."""
    waiting = [(r, c) for r in range(rows) for c in (0, columns - 1) if not beside[0 if c == 0 else columns][r]]
    waiting += [(r, c) for c in range(columns) for r in (0, rows - 1) if not above[0 if r == 0 else rows][c]]
    # A single column or row has two outer sides.
    waiting += [(r, 0) for r in range(rows) if columns == 1 and not beside[1][r]]
    waiting += [(0, c) for c in range(columns) if rows == 1 and not above[1][c]]
    found: set[tuple[int, int]] = set()
    while waiting:
        r, c = waiting.pop()
        if (r, c) in found:
            continue
        found.add((r, c))
        if r > 0 and not above[r][c]:
            waiting.append((r - 1, c))
        if r + 1 < rows and not above[r + 1][c]:
            waiting.append((r + 1, c))
        if c > 0 and not beside[c][r]:
            waiting.append((r, c - 1))
        if c + 1 < columns and not beside[c + 1][r]:
            waiting.append((r, c + 1))
    return found
