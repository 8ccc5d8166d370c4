"""What a reading machine writes of a page without cell borders: the lines of neighbouring cells run together."""

from __future__ import annotations

import textwrap
from random import Random

from tests.generator.damage import blurred
from tests.generator.sheet import Grid, Sheet
from tests.generator.words import load

# Characters to a line in each column of the page.
WIDTHS = {"activity": 52, "requirements": 22, "duration": 12, "output": 20, "note": 22}
LEFT, RIGHT = 118, 60
NARROW = 14  # of an actor's column


def scan(sheet: Sheet, rng: Random, damage: float) -> str:
    if rng.random() < 0.3 * damage:
        _tear(sheet, rng)
    lines = _header(sheet, rng, damage)
    for pair in sheet.pairs:
        lines += _pair(sheet, pair, rng, damage)
    for grid in sheet.grids:
        lines += ["", "", *([grid.caption, ""] if grid.caption else []), *_table(grid, rng, damage)]
    if sheet.signature:
        lines += ["", *sheet.signature]
    return "\n".join(lines)


def _header(sheet: Sheet, rng: Random, damage: float) -> list[str]:
    """Agency lines run into the labels beside them, or stand before them."""
    agency = [*sheet.agency, *([sheet.address] if sheet.address else [])]
    right = [" ".join([_cut(label, value, rng, damage), *value]).strip() for label, value in sheet.fields]
    if rng.random() < 0.6:
        return [*agency, "", *right]
    rows = max(len(agency), len(right))
    pairs = [(agency[i] if i < len(agency) else "", right[i] if i < len(right) else "") for i in range(rows)]
    return [" ".join(part for part in pair if part) for pair in pairs]


def _cut(label: str, value: list[str], rng: Random, damage: float) -> str:
    """A label without a value may lose its first word."""
    return label.partition(" ")[2] if not value and " " in label and rng.random() < 0.5 * damage else label


def _tear(sheet: Sheet, rng: Random) -> None:
    """The top of the page is lost: the agency, and what stood in the first lines of the header."""
    sheet.agency, sheet.address = [], None
    header = sheet.truth["header"]
    header["agency"] = {}
    kept = sheet.fields[-1:]
    for name in ("number", "revision", "created", "revised", "effective", "approved"):
        header[name] = None
    if not sheet.signature:
        header["approver"] = None
    sheet.fields = kept if rng.random() < 0.5 else [(label, []) for label, _ in sheet.fields[-3:-1]] + kept


def _pair(sheet: Sheet, pair: tuple[str, str], rng: Random, damage: float) -> list[str]:
    shown = [(name, *sheet.lists[name]) for name in pair if name in sheet.lists]
    lines = [" ".join(label for _, label, _ in shown)]
    columns: list[list[str]] = []
    for (name, _, items), width in zip(shown, (LEFT, RIGHT), strict=False):
        # Beside another list even a single item has its number: nothing else parts the two.
        alone = len(items) == 1 and not (columns and columns[0])
        swallowed = name == "legal_basis" and rng.random() < damage
        column: list[str] = []
        for i, item in enumerate(items, 1):
            lost = swallowed and i > 1 and rng.random() < 0.5
            lead = "" if lost or alone else f"{i}{rng.choice((',', '.')) if damage > 0.4 else '.'} "
            column += textwrap.wrap(lead + item, width)
        columns.append(column)
    for k in range(max((len(column) for column in columns), default=0)):
        cells = [column[k] for column in columns if k < len(column)]
        bar = " | " if len(cells) == 2 and rng.random() < 0.2 * damage else " "
        lines.append(bar.join(cells))
    return lines


def _table(grid: Grid, rng: Random, damage: float) -> list[str]:
    lines = _heads(grid, rng, damage)
    rows = [_wrapped(row, grid) for row in grid.rows]
    drifted = _drift(rows, rng, damage)
    for row in rows:
        lines += _woven(row, rng, damage)
        if rng.random() < 0.12 * damage:
            lines.append(rng.choice(load("printing")["confusions"]["noise"]))
        elif rng.random() < 0.1:
            lines.append("")
    return [*drifted, *lines]


def _heads(grid: Grid, rng: Random, damage: float) -> list[str]:
    """Group heads on a line, then the actors' names line by line beside the other heads."""
    top = [cell for i, cell in enumerate(grid.first) if cell and i > 0]
    tail = grid.second[2 + grid.actors : 5 + grid.actors]
    labels = grid.second[2 : 2 + grid.actors]
    # More than two broken names could not be put together again by a reader.
    broken = rng.sample(range(len(labels)), min(2, len(labels)))
    wrapped = [textwrap.wrap(label, NARROW if i in broken else LEFT) for i, label in enumerate(labels)]
    height = max(len(label) for label in wrapped)
    if rng.random() < 0.4 * damage:
        _garble(wrapped, labels, grid, rng)
    lines = [" ".join(([grid.first[0]] if rng.random() < 0.7 else []) + top)]
    for k in range(height):
        names = [label[k] for label in wrapped if k < len(label)]
        line = " ".join([*names, *(tail if k == height // 2 else [])])
        lines.append(blurred(rng, line, 0.3 * damage))
    return lines


def _garble(wrapped: list[list[str]], labels: list[str], grid: Grid, rng: Random) -> None:
    """One name is lost in the head, where the steps still say it."""
    said = [i for i, label in enumerate(labels) if " " in label and any(label in row[1] for row in grid.rows)]
    if said:
        lost = rng.choice(said)
        wrapped[lost] = ["".join(rng.choice((c, c, "l", "(", "'", ":", "t")) for c in line) for line in wrapped[lost]]


def _wrapped(row: list[str], grid: Grid) -> list[list[str]]:
    names = ["activity", "requirements", "duration", "output", *(["note"] if grid.noted else [])]
    cells = [row[1], *row[2 + grid.actors :]]
    body = [textwrap.wrap(cell.replace("\n", " "), WIDTHS[name]) for cell, name in zip(cells, names, strict=True)]
    return [[row[0]] if row[0] else [], *body]


def _drift(rows: list[list[list[str]]], rng: Random, damage: float) -> list[str]:
    """Single lines of the last row that the machine put above the table."""
    if rng.random() >= damage:
        return []
    column = rng.choice((1, 4))
    last = rows[-1][column]
    if len(last) < 2:
        return []
    return [last.pop(), ""]


def _woven(row: list[list[str]], rng: Random, damage: float) -> list[str]:
    separators = load("printing")["confusions"]["separators"]
    lines = []
    for k in range(max(len(cell) for cell in row)):
        parts = [cell[k] for cell in row if k < len(cell)]
        if k == 0 and row[0]:
            bar = rng.choice(separators) if rng.random() < 0.7 * damage else ""
            parts = [parts[0], *([bar] if bar else []), *parts[1:]]
        lines.append(" ".join(parts))
    return lines
