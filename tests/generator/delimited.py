"""Pipe tables and semicolon or comma files."""

from __future__ import annotations

import csv
import io
from random import Random

from tests.generator.pages import breaks, head_again
from tests.generator.sheet import Grid, Sheet
from tests.generator.tabs import heads


def pipes(sheet: Sheet, rng: Random, damage: float) -> str:
    """Markdown as converters write it."""
    edges, ruled = rng.random() < 0.85, rng.random() < 0.8
    mark = rng.choice(("## ", "**", ""))
    end = "**" if mark == "**" else ""
    lines = [f"{mark}{line}{end}" for line in sheet.agency]
    lines += [sheet.address] if sheet.address else []
    lines.append("")
    rows = [[label, rng.choice(("<br>", " ")).join(value)] for label, value in sheet.fields]
    lines += [*pipe_rows(rows, edges, ruled), ""]
    for pair in sheet.pairs:
        shown = [sheet.lists[name] for name in pair if name in sheet.lists]
        if shown:
            rows = [[label for label, _ in shown], [_items(items, "<br>") for _, items in shown]]
            lines += pipe_rows(rows, edges, False)
    barred = rng.random() < 0.1
    for grid in sheet.grids:
        at = 2 + grid.actors
        for row in grid.rows if barred else []:
            row[at] = row[at].replace(", ", " | ")
        lines += ["", *([f"### {grid.caption}" if mark == "## " else grid.caption, ""] if grid.caption else [])]
        lines += pipe_rows([*heads(grid, rng), *grid.rows], edges, ruled)
    return "\n".join([*lines, *(["", *sheet.signature] if sheet.signature else [])])


def _items(items: list[str], gap: str) -> str:
    return gap.join(f"{i}. {item}" for i, item in enumerate(items, 1)) if len(items) > 1 else "".join(items)


def pipe_rows(rows: list[list[str]], edges: bool, ruled: bool) -> list[str]:
    lines = []
    for i, row in enumerate(rows):
        body = " | ".join(cell.replace("|", "\\|").replace("\n", "<br>") for cell in row)
        lines.append(f"| {body} |" if edges else body)
        if ruled and i == 0:
            body = "|".join("---" for _ in row)
            lines.append(f"|{body}|" if edges else body)
    return lines


def separated(sheet: Sheet, rng: Random, damage: float) -> str:
    """A sheet saved as CSV: every line has all columns, merged cells leave blanks."""
    width = max(grid.width for grid in sheet.grids)
    rows: list[list[str]] = [[line] for line in sheet.agency]
    rows += [[sheet.address]] if sheet.address else []
    left = rng.randrange(0, 3)
    rows += [["", *[""] * left, label, " ".join(value)] for label, value in sheet.fields]
    right = rng.randrange(1, 4)
    for pair in sheet.pairs:
        shown = [sheet.lists[name] for name in pair if name in sheet.lists]
        gap = [""] * right
        if shown:
            rows.append(_spread([label for label, _ in shown], gap))
            rows.append(_spread([_items(items, "\n") for _, items in shown], gap))
    for grid in sheet.grids:
        rows += [[], *([[grid.caption]] if grid.caption else []), *_csv_table(grid, rng)]
    rows += [[line] for line in sheet.signature]
    out = io.StringIO()
    delimiter = rng.choice((";", ";", ","))
    quoted = rng.random() < 0.5
    writer = csv.writer(
        out, delimiter=delimiter, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL, lineterminator="\n"
    )
    writer.writerows([*row, *[""] * (width - len(row))] for row in rows)
    return out.getvalue()


def _spread(cells: list[str], gap: list[str]) -> list[str]:
    return [cells[0], *gap, *cells[1:]]


def _csv_table(grid: Grid, rng: Random) -> list[list[str]]:
    numbering = [str(i) for i in range(1, grid.width + 1)]
    rows = [list(grid.first), list(grid.second)]
    if rng.random() < 0.15:
        rows.append(numbering)
    cuts = breaks(len(grid.rows), rng, 0.15)
    for i, row in enumerate(grid.rows):
        if i in cuts:
            rows.append([])
            if head_again(cuts[i], ["again"], ""):
                rows += [list(grid.first), list(grid.second)]
        rows.append(row)
    return rows
