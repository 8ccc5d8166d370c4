"""What stands in the head of a form beside its fields: the letterhead, the name of the procedure, who signs."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from sopparse.normalize.agencies import read_agency
from sopparse.normalize.officials import read_official
from sopparse.normalize.text import capital_share
from sopparse.page import Cell, Words, text_of

# The name of a procedure in title case has this share of capitals at least; a sentence has fewer.
_CAPTION_CAPITALS = 0.2
# A letterhead has no sentences (an address of one line has up to 20 words) and fits on a third of a page.
_MOST_WORDS = 24
_MOST_LINES = 30
# A list, or the considerations of a decree ("Menimbang : a. ...") are no letterhead.
_ITEM = regex.compile(r"(?:\p{L}+\s*:\s*)?\(?(?:\d{1,2}|[a-z])[.)]\s")


def goes_on(letterhead: Sequence[Words], line: Words) -> bool:
    """Whether a line can be the next one of the letterhead; it ends where running text begins, as in a decree."""
    return len(line) <= _MOST_WORDS and len(letterhead) < _MOST_LINES and _ITEM.match(text_of(line)) is None


def is_caption(words: Words) -> bool:
    """Whether a line can be the name of a procedure: a heading that names no agency, region or address."""
    text = text_of(words)
    if len(words) < 2 or not text[:1].isupper() or capital_share(text) < _CAPTION_CAPITALS:
        return False
    read = read_agency((text,))
    return not (read.government or read.name or read.units or read.address or read.region_parts)


def names_official(cell: Cell) -> bool:
    """Whether a cell without a label is a signature: a position, and below it the name of a person."""
    if len(cell.lines) < 2:
        return False
    official = read_official("\n".join(map(text_of, cell.lines)))
    return (
        official.position is not None
        and official.position[0] == 0
        and official.name is not None
        and official.parse == 1.0
    )
