"""Columns aligned with spaces, as layout-keeping text extraction writes them."""

from __future__ import annotations

import textwrap
from random import Random

from tests.generator.pages import breaks, footer
from tests.generator.sheet import Grid, Sheet

GUTTER = 3  # spaces between columns; two are the least that still part columns
LEFT, RIGHT = 62, 56  # characters in the columns of two lists side by side
WIDTHS = {"number": 4, "activity": 34, "requirements": 20, "duration": 12, "output": 20, "note": 16}


def spaces(sheet: Sheet, rng: Random, damage: float) -> str:
    indent = " " * rng.choice((0, 0, 2, 6))
    lines = _header(sheet, rng)
    for pair in sheet.pairs:
        shown = [sheet.lists[name] for name in pair if name in sheet.lists]
        if shown:
            lines += ["", *_pair(shown)]
    for number, grid in enumerate(sheet.grids, 2):
        lines += [rng.choice(("", "\f")), *_table(grid, rng, number)]
    if sheet.signature:
        lines += ["", *(" " * 90 + line for line in sheet.signature)]
    return "\n".join(f"{indent}{line}".rstrip(" ") if line != "\f" else line for line in lines)


def _header(sheet: Sheet, rng: Random) -> list[str]:
    """The agency block to the left of the labels, values at one column."""
    left: list[str] = []
    for line in [*sheet.agency, *([sheet.address] if sheet.address else [])]:
        left += textwrap.wrap(line, 46)
    right: list[tuple[str, str]] = []
    for label, value in sheet.fields:
        wrapped = [part for line in value for part in textwrap.wrap(line, 48)] or [""]
        right += [(label, wrapped[0]), *(("", more) for more in wrapped[1:])]
    down = max(0, (len(right) - len(left)) // 2) if rng.random() < 0.6 else 0
    left = [""] * down + left
    label_width = max((len(label) for label, _ in right), default=0) + GUTTER
    lines = []
    for i in range(max(len(left), len(right))):
        label, shown = right[i] if i < len(right) else ("", "")
        agency = left[i] if i < len(left) else ""
        lines.append(f"{agency:<{50}}{label:<{label_width}}{shown}")
    return lines


def _pair(shown: list[tuple[str, list[str]]]) -> list[str]:
    columns = []
    for (label, items), width in zip(shown, (LEFT, RIGHT), strict=False):
        lines = [label]
        for i, item in enumerate(items, 1):
            lead = f"{i}. " if len(items) > 1 else ""
            lines += textwrap.wrap(lead + item, width, subsequent_indent=" " * len(lead))
        columns.append(lines)
    height = max(len(column) for column in columns)
    padded = [[*column, *[""] * (height - len(column))] for column in columns]
    widths = (LEFT + GUTTER, RIGHT)
    return ["".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=False)) for row in zip(*padded, strict=True)]


def _widths(grid: Grid) -> list[int]:
    names = ["requirements", "duration", "output", *(["note"] if grid.noted else [])]
    wished = [WIDTHS["number"], WIDTHS["activity"], *[11] * grid.actors, *(WIDTHS[name] for name in names)]
    longest = [
        max((len(word) for row in [grid.second, grid.first, *grid.rows] for word in row[i].split()), default=1)
        for i in range(grid.width)
    ]
    return [max(pair) for pair in zip(wished, longest, strict=True)]


def _table(grid: Grid, rng: Random, page: int) -> list[str]:
    widths = _widths(grid)
    centred, gap = rng.random() < 0.3, rng.random() < 0.5
    lines = [grid.caption.center(120).rstrip(), ""] if grid.caption else []
    top = [*_head(grid, widths), *_row(grid.second, widths, False)]
    lines += top
    cuts = breaks(len(grid.rows), rng, 0.4)
    for i, row in enumerate(grid.rows):
        if i in cuts:
            lines += ["", footer(rng, page), "\f"] if cuts[i].gap == "footer" else ["\f"]
            lines += top if cuts[i].again == "head" else []
        if gap or centred:
            lines.append("")
        lines += _row(row, widths, centred)
    return lines


def _head(grid: Grid, widths: list[int]) -> list[str]:
    """The first head row: group headings stand in the middle of the columns that they span."""
    spans = [(0, 1), (1, 2), (2, 2 + grid.actors), (2 + grid.actors, 5 + grid.actors)]
    spans += [(grid.width - 1, grid.width)] if grid.noted else []
    line = ""
    for start, end in spans:
        width = sum(widths[start:end]) + GUTTER * (end - start - 1)
        line += f"{grid.first[start].center(width) if end - start > 1 else grid.first[start]:<{width + GUTTER}}"
    return [line]


def _row(row: list[str], widths: list[int], centred: bool) -> list[str]:
    wrapped = []
    for cell, width in zip(row, widths, strict=True):
        wrapped.append([part for line in cell.split("\n") for part in textwrap.wrap(line, width)])
    height = max(1, *(len(cell) for cell in wrapped))
    down = [(height - len(cell)) // 2 if centred else 0 for cell in wrapped]
    lines = []
    for k in range(height):
        line = ""
        for parts, width, start in zip(wrapped, widths, down, strict=True):
            shown = parts[k - start] if 0 <= k - start < len(parts) else ""
            line += f"{shown:<{width + GUTTER}}"
        lines.append(line)
    return lines
