"""Where one SOP ends and the next begins in a text that holds several: a header block, not a page, starts a new one."""

from __future__ import annotations

from collections.abc import Sequence

from sopparse.layout.anchors import anchors_of
from sopparse.layout.heads import is_heading
from sopparse.page import Document, Row

# The fields that stand at the top of every form; a second one of them after the lists opens the next document.
_OPENING = frozenset(("number", "title", "created"))
# Lines of the letterhead that may stand above the first label.
_LETTERHEAD = 8


def split(document: Document) -> tuple[tuple[Row, ...], ...]:
    """The rows of each SOP of the document; one where nothing says that there are more."""
    rows = [row for page in document.pages for row in page.rows]
    starts = [0]
    opened: set[str] = set()
    bodies = 0
    for i, row in enumerate(rows):
        if not row.cells:
            continue
        if row.ruled and is_heading(row):
            bodies += 1
            continue
        labels = [a.label for cell in row.cells for a in anchors_of(cell, cell.words, row.ruled)]
        bodies += sum(label.group == "section" for label in labels)
        names = {label.name for label in labels if label.group == "header"} & _OPENING
        if names & opened and bodies >= 2:
            starts.append(_top(rows, i, starts[-1]))
            opened, bodies = set(), 0
        opened |= names
    return tuple(tuple(rows[a:b]) for a, b in zip(starts, [*starts[1:], len(rows)], strict=True))


def _top(rows: Sequence[Row], label: int, floor: int) -> int:
    """The first line of the letterhead above a label."""
    start = label
    for i in range(label - 1, max(floor, label - 2 * _LETTERHEAD), -1):
        row = rows[i]
        if rows[i].page != rows[label].page:
            break
        if not row.cells:
            continue
        filled = [cell for cell in row.cells if cell.lines]
        text = row.text
        letters = [c for c in text if c.isalpha()]
        if len(filled) > 1 or not letters or sum(c.isupper() for c in letters) < 0.6 * len(letters):
            break
        start = i
    return start
