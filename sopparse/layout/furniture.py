"""What belongs to the sheet of paper and not to the document: running heads and feet, page numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import regex

from sopparse.normalize.agencies import read_agency
from sopparse.normalize.labels import whole_label
from sopparse.page import Page, Word, Words, text_of

# The strips at the top and bottom of a page in which running heads and feet stand.
TOP = 0.1
BOTTOM = 0.88
# A line that stands on this many pages at least runs through the file.
PAGES = 3
# Lines with letters of more than this many words are text.
LONGEST = 14

_PAGE_NUMBER = regex.compile(r"[-–—|\s]*(?:\d{1,4}|[ivxlc]{1,6})[-–—|\s]*")
_DIGITS = regex.compile(r"\d+")


def find_furniture(pages: Sequence[Page], lines: Mapping[int, Sequence[Words]]) -> Words:
    """The words of such lines. `lines` are the lines outside tables of each page, by its number."""
    at_edge: dict[str, set[int]] = {}
    edge: list[tuple[Page, Words, str]] = []
    for page in pages:
        for line in lines.get(page.number, ()):
            where = _edge(page, line)
            if where is not None:
                key = where + _DIGITS.sub("#", text_of(line))
                edge.append((page, line, key))
                at_edge.setdefault(key, set()).add(page.number)
    found: list[Word] = []
    for _, line, key in edge:
        text = text_of(line)
        repeated = len(at_edge[key]) >= PAGES and (not key.startswith("top") or not _names_something(text))
        if _PAGE_NUMBER.fullmatch(text) or repeated:
            found.extend(line)
    return tuple(found)


def _edge(page: Page, line: Words) -> str | None:
    """Which edge of the page a line stands at, as it is displayed before turning."""
    boxes = [word.box for word in line if word.box is not None]
    if not boxes or len(line) > LONGEST:
        return None
    x = (min(b.x0 for b in boxes) + max(b.x1 for b in boxes)) / 2 / page.width
    y = (min(b.top for b in boxes) + max(b.bottom for b in boxes)) / 2 / page.height
    if page.turned and max(b.bottom for b in boxes) - min(b.top for b in boxes) > max(b.x1 for b in boxes) - min(
        b.x0 for b in boxes
    ):
        # Lines that run up or down a turned page stand at its sides.
        return "side" if x < TOP or x > BOTTOM else None
    return "top" if y < TOP else "bottom" if y > BOTTOM else None


def _names_something(text: str) -> bool:
    """Letterheads and labels repeat as well at the top of pages where a file holds several documents."""
    if whole_label(text, ("header", "section", "column", "group", "form")) is not None:
        return True
    read = read_agency((text,))
    return read.government is not None or read.name is not None
