"""A paper as PDF: the form on a page of its own, then the table with its chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from io import BytesIO
from typing import Any

from tests.drawing.paper import Paper, columns, rooms
from tests.drawing.sheet import Sheet, Text
from tests.drawing.styles import draw_pages
from tests.drawing.wrapping import BOLD, FONT, INSET, LEADING, Room, largest, lines

UPRIGHT = (595.0, 842.0)
MARGIN = 40.0
FORM_SIZE = 9.0
HEAD_SIZES = (7.0, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0)
# The heading of the table, as the sheets lay it out.
TOP, MIDDLE, BOTTOM = 50.0, 64.0, 90.0
# The words beside the exits of decisions.
LABEL_SIZE = 6.0


def print_papers(papers: Sequence[Paper], style: str = "spreadsheet", pen: int = 0) -> bytes:
    """All papers one after the other in one file, drawn in one of the styles; `pen` chooses colours and widths."""
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    # Not compressed: the same bytes with every version of zlib.
    page = Canvas(out, pageCompression=0, invariant=True)
    for number, paper in enumerate(papers, pen):
        _form(page, paper)
        worded = [replace(sheet, texts=_texts(paper, k, sheet)) for k, sheet in enumerate(paper.drawing.sheets)]
        page.setPageSize(paper.drawing.size)
        draw_pages(page, replace(paper.drawing, sheets=worded), style, number)
    page.save()
    return out.getvalue()


def _texts(paper: Paper, k: int, sheet: Sheet) -> list[Text]:
    """The words of the paper in place of those the sheet was laid out with; the labels of its arrows stay."""
    labels = [text for text in sheet.texts if text.size == LABEL_SIZE and not text.centred]
    return [*_words(paper, k, sheet), *labels]


def _words(paper: Paper, k: int, sheet: Sheet) -> Iterator[Text]:
    if sheet.bands[0][1] > TOP + 1:
        yield from _heading(paper, columns(sheet))
    for page, room in rooms(paper.drawing, paper.rows):
        if page == k:
            yield from _placed(room, paper.size)


def _heading(paper: Paper, xs: list[float]) -> Iterator[Text]:
    last = 2 + len(paper.drawing.plan.actors)
    number, activity, actors, quality = paper.heads
    cells = [Room(number, xs[0], TOP, xs[1], BOTTOM), Room(activity, xs[1], TOP, xs[2], BOTTOM)]
    cells += [Room(actors, xs[2], TOP, xs[last], MIDDLE), Room(quality, xs[last], TOP, xs[-1], MIDDLE)]
    for k, name in enumerate(paper.names[: len(xs) - 3], 2):
        cells.append(Room(name, xs[k], MIDDLE, xs[k + 1], BOTTOM))
    for cell in cells:
        size = largest([cell], BOLD, HEAD_SIZES) or HEAD_SIZES[-1]
        found = lines(cell, BOLD, size)
        top = (cell.top + cell.bottom - len(found) * size * LEADING) / 2
        for i, line in enumerate(found):
            yield Text((cell.x0 + cell.x1) / 2, top + (i + 0.85) * size * LEADING, line, size, centred=True)


def _placed(room: Room, size: float) -> Iterator[Text]:
    for i, line in enumerate(lines(room, FONT, size)):
        yield Text(room.x0 + INSET, room.top + INSET + (i + 0.85) * size * LEADING, line, size)


def _form(page: Any, paper: Paper) -> None:
    """Letterhead beside the fields, then the lists in pairs."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Table

    plain = ParagraphStyle("plain", fontName=FONT, fontSize=FORM_SIZE, leading=FORM_SIZE * LEADING)
    bold = ParagraphStyle("bold", plain, fontName=BOLD)
    middle = ParagraphStyle("middle", bold, alignment=1)

    def cell(texts: Sequence[str], style: Any = plain) -> list[Any]:
        return [Paragraph(escape(text), style) for text in texts]

    form = paper.form
    letterhead = form.agency + ([form.address] if form.address else [])
    rows = [["", cell([label]), cell(value)] for label, value in form.fields]
    rows[0][0] = cell(letterhead, middle)
    looks: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (0, 0), "MIDDLE"),
        ("SPAN", (0, 0), (0, len(rows) - 1)),
    ]
    for pair in form.pairs:
        names, items = zip(*(form.lists[name] for name in pair), strict=True)
        rows.append([cell([names[0]], bold), cell([names[1]], bold), ""])
        rows.append([cell(_numbered(items[0])), cell(_numbered(items[1])), ""])
        looks += [("SPAN", (1, row), (2, row)) for row in (len(rows) - 2, len(rows) - 1)]
    wide, high = UPRIGHT
    width = wide - 2 * MARGIN
    page.setPageSize(UPRIGHT)
    table = Table(rows, [0.5 * width, 0.17 * width, 0.33 * width], style=looks)
    _, height = table.wrapOn(page, width, high)
    table.drawOn(page, MARGIN, high - MARGIN - height)
    page.showPage()


def _numbered(items: Sequence[str]) -> list[str]:
    bare = len(items) < 2
    return list(items) if bare else [f"{i}. {item}" for i, item in enumerate(items, 1)]
