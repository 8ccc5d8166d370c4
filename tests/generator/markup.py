"""Real HTML, and text in which only some of the tags are left."""

from __future__ import annotations

import html
from random import Random

from tests.generator.sheet import Grid, Sheet
from tests.generator.tabs import row_line, tabs


def markup(sheet: Sheet, rng: Random, damage: float) -> str:
    whole, styled = rng.random() < 0.7, rng.random() < 0.5
    parts = _header(sheet, rng, styled)
    parts += ["<table border=1>", *_lists(sheet, rng), "</table>"]
    for grid in sheet.grids:
        parts += [f"<h3>{escape(grid.caption)}</h3>"] if grid.caption else []
        parts += _table(grid, rng, styled)
    parts += [f"<p>{'<br>'.join(map(escape, sheet.signature))}</p>"] if sheet.signature else []
    body = "\n".join(parts)
    if not whole:
        return body
    head = '<head><meta charset="utf-8"><title>SOP</title><style>td { border: 1px solid #000 }</style></head>'
    return f"<!DOCTYPE html>\n<html>{head}\n<body>\n{body}\n</body></html>"


def tags(sheet: Sheet, rng: Random, damage: float) -> str:
    """Tab text in which a cleaner left tags and entities behind."""
    lines = []
    for line in tabs(sheet, rng, damage).split("\n"):
        cells = line.split("\t")
        if len(cells) > 1 and rng.random() < 0.25:
            cells = [
                f"<{tag}>{cell}</{tag}>" if cell and (tag := rng.choice(("b", "p", "strong", "span"))) else cell
                for cell in cells
            ]
        elif rng.random() < 0.15:
            cells = [cell.replace(" ", "&nbsp;", 1) if "<" not in cell else cell for cell in cells]
        lines.append(row_line(cells, False).replace(" & ", " &amp; "))
    return "\n".join(lines)


def escape(text: str | None) -> str:
    return html.escape(text or "", quote=False).replace("\n", "<br>").replace("±", "&plusmn;").replace("½", "&frac12;")


def _header(sheet: Sheet, rng: Random, styled: bool) -> list[str]:
    """The agency in one cell over all rows of the header, or as paragraphs above."""
    agency = "<br>".join(f"<b>{escape(line)}</b>" for line in sheet.agency)
    agency += f"<br>{escape(sheet.address)}" if sheet.address else ""
    rows = []
    for label, value in sheet.fields:
        shown = "<br/>".join(map(escape, value)) or rng.choice(("", "&nbsp;"))
        rows.append(f"<td>{escape(label)}</td><td{' width=50%' if styled else ''}>{shown}</td>")
    if rows and rng.random() < 0.6:
        rows[0] = f'<td rowspan="{len(rows)}" align="center">{agency}</td>' + rows[0]
        return ["<table>", *(f"<tr>{row}</tr>" for row in rows), "</table>"]
    return [f"<p>{agency}</p>", "<table>", *(f"<tr>{row}</tr>" for row in rows), "</table>"]


def _lists(sheet: Sheet, rng: Random) -> list[str]:
    style = rng.choice(("ol", "br", "plain-ol"))
    rows = []
    for pair in sheet.pairs:
        shown = [sheet.lists[name] for name in pair if name in sheet.lists]
        if shown:
            rows.append("".join(f"<th>{escape(label)}</th>" for label, _ in shown))
            rows.append("".join(f"<td>{_items(items, style)}</td>" for _, items in shown))
    return [f"<tr>{row}</tr>" for row in rows]


def _items(items: list[str], style: str) -> str:
    if len(items) < 2:
        return "".join(map(escape, items))
    if style == "br":
        return "<br>".join(f"{i}. {escape(item)}" for i, item in enumerate(items, 1))
    end = "</li>" if style == "ol" else ""
    return "<ol>" + "".join(f"<li>{escape(item)}{end}" for item in items) + "</ol>"


def _table(grid: Grid, rng: Random, styled: bool) -> list[str]:
    cell = rng.choice(("td", "th"))
    spans = [(0, "rowspan=2"), (1, 'rowspan="2"'), (2, f'colspan="{grid.actors}"'), (2 + grid.actors, "colspan=3")]
    spans += [(grid.width - 1, "rowspan=2")] if grid.noted else []
    first = "".join(f"<{cell} {span}>{escape(grid.first[i])}</{cell}>" for i, span in spans)
    second = "".join(f"<{cell}>{escape(name)}</{cell}>" for name in grid.second[2 : 5 + grid.actors])
    style = ' style="vertical-align: top"' if styled else ""
    rows = [f"<tr>{first}</tr>", f"<tr>{second}</tr>", *_rows(grid, style, rng)]
    head, *body = ["<table>"], *rows
    return [*head, "<tbody>", *body, "</tbody>", "</table>"] if styled else [*head, *body, "</table>"]


def _rows(grid: Grid, style: str, rng: Random) -> list[str]:
    """Equal neighbours of the last column are merged over rows in some tables."""
    merged = grid.noted and rng.random() < 0.4
    rows, last = [], grid.width - 1
    for at, row in enumerate(grid.rows):
        cells = []
        for i, text in enumerate(row):
            over = 1
            if merged and i == last and text:
                if at and grid.rows[at - 1][i] == text:
                    continue
                while at + over < len(grid.rows) and grid.rows[at + over][i] == text:
                    over += 1
            span = f' rowspan="{over}"' if over > 1 else ""
            cells.append(f"<td{style}{span}>{escape(text)}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return rows
