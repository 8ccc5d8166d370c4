"""Numbers of steps that a machine misread: the order of the others tells what they are."""

from __future__ import annotations

from itertools import pairwise

import regex

from sopparse.layout.tables import Table
from sopparse.page import text_of

_NUMBER = regex.compile(r"\(?(\d{1,3})[.)]?")
# What a misread number looks like: one or two characters, perhaps with a point.
_SPECK = regex.compile(r"\W?\w{0,2}\W?")
# So many numbers, and this share of all, must stand in order before one of them is told by the others.
_LEAST, _SHARE = 3, 0.6


def misread_numbers(table: Table) -> dict[int, str]:
    """The numbers of rows (0-based) whose cell holds something else, read by a machine, between numbers that leave it
    no choice: those of the rows directly above and below, or of one of them where the table begins or ends."""
    cells = [table.cell(row, "number") for row in table.rows]
    read = [_number(text_of(words)) for words in cells]
    known = [(i, number) for i, number in enumerate(read) if number is not None]
    steady = all(b - a == j - i for (i, a), (j, b) in pairwise(known))
    if len(known) < max(_LEAST, _SHARE * len(cells)) or not steady:
        return {}
    first, start = known[0]
    return {
        i: str(start + i - first)
        for i, words in enumerate(cells)
        if read[i] is None
        and words
        and all(read[k] is not None for k in (i - 1, i + 1) if 0 <= k < len(cells))
        and start + i - first > 0
        and _SPECK.fullmatch(text_of(words))
        and all(word.read < 1.0 for word in words)
    }


def _number(text: str) -> int | None:
    found = _NUMBER.fullmatch(text)
    return int(found.group(1)) if found is not None else None
