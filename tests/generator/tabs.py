"""Tab-separated text as exported from word processors and web pages."""

from __future__ import annotations

import re
from random import Random

from tests.generator.pages import Break, breaks, footer, head_again
from tests.generator.sheet import Grid, Sheet
from tests.generator.words import load

# Items that may be glued without a space: the seam must be a small letter or bracket against a capital.
_SEAM = re.compile(r"[a-z)][.;]?$")
_INNER_CAPITAL = re.compile(r"\s[A-Z]|[a-z][A-Z]")
OL = '<ol style="list-style-type: none">'


def tabs(sheet: Sheet, rng: Random, damage: float) -> str:
    lines = _blanks(rng) + _block(sheet, rng)
    lines += [f"{label}\t{' '.join(value)}" for label, value in sheet.fields]
    return _rest(sheet, rng, lines)


def beside(sheet: Sheet, rng: Random, damage: float) -> str:
    """The agency to the left of the header labels, line by line."""
    bold = rng.random() < 0.6
    agency = [f"<b>{line}</b>" if bold else line for line in sheet.agency]
    lines = _blanks(rng)
    rows = max(len(agency), len(sheet.fields))
    for i in range(rows):
        label, value = sheet.fields[i] if i < len(sheet.fields) else ("", [])
        left = agency[i] if i < len(agency) else ""
        shown = " ".join(
            f"<b>{part}</b>" if bold and len(value) > 1 and j < 2 else part for j, part in enumerate(value)
        )
        lines.append(f"{left}\t{label}\t{shown}".rstrip("\t"))
    if sheet.address:
        lines.append(sheet.address)
    return _rest(sheet, rng, lines)


def pages(sheet: Sheet, rng: Random, damage: float) -> str:
    """A word-processor text with a title page, page footers and tables broken between pages."""
    cover = [line.replace("{year}", str(rng.randrange(2015, 2025))) for line in load("printing")["pieces"]["cover"]]
    lines = [*cover, "", *(sheet.agency if rng.random() < 0.5 else []), "\f"]
    if rng.random() < 0.4:
        intro = load("printing")["pieces"]["intro"]
        lines += [
            intro.replace("{title}", sheet.truth["header"]["title"]).replace(
                "{agency}", sheet.truth["header"]["agency"]["name"]
            ),
            "",
        ]
    lines += _block(sheet, rng) + [f"{label}\t{' '.join(value)}" for label, value in sheet.fields]
    return _rest(sheet, rng, lines, paged=True)


def _blanks(rng: Random) -> list[str]:
    return [rng.choice(("", " ")) for _ in range(rng.choice((0, 0, 1, 4, 8)))]


def _block(sheet: Sheet, rng: Random) -> list[str]:
    agency = list(sheet.agency)
    if rng.random() < 0.5:
        agency[0], agency[-1] = f"**{agency[0]}", f"{agency[-1]}**"
    gap = ["", " ", ""] if rng.random() < 0.15 else [""]
    address = [sheet.address, ""] if sheet.address else []
    return [*agency, *gap, *address]


def _rest(sheet: Sheet, rng: Random, lines: list[str], paged: bool = False) -> str:
    if rng.random() < 0.6:
        lines.append("")
    lines += _sections(sheet, rng)
    if paged:
        lines += [footer(rng, 1), "\f"]
    for number, grid in enumerate(sheet.grids, 2):
        lines += ["", *table(grid, rng, paged, number)]
    if sheet.signature:
        lines += ["", *sheet.signature]
    if paged:
        lines += ["", footer(rng, len(sheet.grids) + 2)]
    return "\n".join(lines)


def _sections(sheet: Sheet, rng: Random) -> list[str]:
    middle = "\t\t" if rng.random() < 0.2 else "\t"
    style = rng.choice(("glued", "numbered", "spaced", "ol-numbered", "ol-spaced"))
    bold = "**" if rng.random() < 0.12 else ""
    lines = []
    for pair in sheet.pairs:
        shown = [sheet.lists[name] for name in pair if name in sheet.lists]
        if not shown:
            continue
        lines.append(middle.join(f"{bold}{label}{bold}" for label, _ in shown))
        lines.append(middle.join(list_cell(items, style, name) for (_, items), name in zip(shown, pair, strict=False)))
    return lines


def list_cell(items: list[str], style: str, name: str) -> str:
    """The items of a list in one cell; glued without numbers only where the seams stay visible."""
    opening = OL if style in ("glued", "ol-numbered", "ol-spaced") and items else ""
    if len(items) < 2:
        return opening * (style != "spaced") + "".join(items)
    if (
        style == "glued"
        and all(_SEAM.search(item) for item in items)
        and not any(re.search("[a-z][A-Z]", i) for i in items)
    ):
        return opening + "".join(items)
    if style == "ol-spaced" and (name == "legal_basis" or not any(_INNER_CAPITAL.search(item) for item in items)):
        return f"{opening} " + " ".join(items) + " "
    gap = "" if style == "ol-numbered" and all(_SEAM.search(item) for item in items) else " "
    return opening + gap.join(f"{i}. {item}" for i, item in enumerate(items, 1))


def heads(grid: Grid, rng: Random) -> list[list[str]]:
    first, second = list(grid.first), list(grid.second)
    chance = rng.random()
    if chance < 0.12:
        first[0:2] = [first[1], ""]  # one heading over number and activity
    elif chance < 0.24:
        # The second row is shifted against the data by a blank cell before the output.
        at = 2 + grid.actors + 2
        second.insert(at, "")
    return [first, second]


def table(grid: Grid, rng: Random, paged: bool = False, page: int = 2) -> list[str]:
    trimmed = rng.random() < 0.1
    top = heads(grid, rng)
    lines = _over(grid, rng)
    numbering = [str(i) for i in range(1, grid.width + 1)]
    rows = [row_line(row, trimmed) for row in top]
    if rng.random() < 0.08:
        rows.append("\t".join(numbering))
    cuts = breaks(len(grid.rows), rng, 0.9 if paged else 0.2)
    for i, row in enumerate(grid.rows):
        if i in cuts:
            rows += _break(cuts[i], top, numbering, rng, page)
        rows.append(row_line(row, trimmed))
    return lines + rows


def _over(grid: Grid, rng: Random) -> list[str]:
    """What stands above a table: a filler, the banner, the caption."""
    pieces = load("printing")["pieces"]
    lines = ["\t".join([pieces["filler"]] * 2), ""] if rng.random() < 0.04 else []
    if grid.caption and rng.random() < 0.15:
        lines += [pieces["banner"], ""]
    return [*lines, grid.caption, ""] if grid.caption else lines


def _break(kind: Break, top: list[list[str]], numbering: list[str], rng: Random, page: int) -> list[str]:
    middle = {"blank": [""], "feed": ["\f"], "footer": [footer(rng, page), "\f"]}[kind.gap]
    again = head_again(kind, [row_line(row, False) for row in top], "\t".join(numbering))
    return middle + again


def row_line(row: list[str], trimmed: bool) -> str:
    line = "\t".join(cell.replace("\n", " ") for cell in row)
    return line.rstrip("\t") if trimmed else line
