"""Labels and values line by line, one list below another; and the dump with every cell on its own line."""

from __future__ import annotations

from random import Random

from tests.generator.sheet import LISTS, Sheet
from tests.generator.tabs import row_line, table

BULLETS = ("{i}. ", "{i}) ", "{letter}. ", "- ", "• ", "\uf0b7 ", "({i}) ", "{i}.")


def stacked(sheet: Sheet, rng: Random, damage: float) -> str:
    lines = _labelled(sheet, rng)
    for name in LISTS:
        if name in sheet.lists:
            lines += ["", *_section(*sheet.lists[name], rng)]
    return _end(sheet, rng, lines)


def scrambled(sheet: Sheet, rng: Random, damage: float) -> str:
    """Fields and sections in another order; the signature below the table."""
    rng.shuffle(sheet.fields)
    names = [name for name in LISTS if name in sheet.lists]
    rng.shuffle(names)
    lines = _labelled(sheet, rng)
    for name in names:
        lines += [*([""] if rng.random() < 0.7 else []), *_section(*sheet.lists[name], rng)]
    return _end(sheet, rng, lines)


def _labelled(sheet: Sheet, rng: Random) -> list[str]:
    between = rng.choice((" : ", ": ", "\t: ", " :\t"))
    values = []
    for label, value in sheet.fields:
        shown = " ".join(value).removeprefix(": ")
        values.append(f"{label}{between}{shown}".rstrip(" "))
    block = [*sheet.agency, *([sheet.address] if sheet.address else [])]
    return [*block, "", *values]


def _section(label: str, items: list[str], rng: Random) -> list[str]:
    bullet = rng.choice(BULLETS)
    if len(items) < 2:
        return [label, *items]
    return [label, *(bullet.format(i=i, letter=chr(96 + i)) + item for i, item in enumerate(items, 1))]


def _end(sheet: Sheet, rng: Random, lines: list[str]) -> str:
    for grid in sheet.grids:
        lines += ["", *table(grid, rng)]
    if sheet.signature:
        lines += ["", "", *sheet.signature]
    return "\n".join(lines)


def cells(sheet: Sheet, rng: Random, damage: float) -> str:
    """Copied out of a viewer: each cell is a line, cells without text leave nothing or a blank line."""
    gap, loose = rng.random() < 0.4, rng.random() < 0.3
    flat = [*sheet.agency, *([sheet.address] if sheet.address else [])]
    for label, value in sheet.fields:
        flat += [label, *value] if value else [label]
    for pair in sheet.pairs:
        # Without borders only a dash shows that the first of two lists is empty.
        shown = [
            (label, items or ["-"]) for label, items in (sheet.lists[name] for name in pair if name in sheet.lists)
        ]
        if rng.random() < 0.5:
            flat += [label for label, _ in shown]
            flat += [item for _, items in shown for item in _numbered(items)]
        else:
            flat += [item for label, items in shown for item in (label, *_numbered(items))]
    for grid in sheet.grids:
        flat += [grid.caption] if grid.caption else []
        for row in (grid.first, grid.second, *grid.rows):
            flat += [row_line([cell], False) for cell in row if cell or loose]
    flat += sheet.signature
    return ("\n\n" if gap and not loose else "\n").join(flat)


def _numbered(items: list[str]) -> list[str]:
    """Numbers even for one item: they alone tell two lists apart that follow each other."""
    return items if items == ["-"] else [f"{i}. {item}" for i, item in enumerate(items, 1)]
