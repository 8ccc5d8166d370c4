"""Whether what a machine read can be trusted as a value, and what is said where it cannot."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from itertools import pairwise

import regex

from sopparse.evidence import Field, issue
from sopparse.extract.parts import printed
from sopparse.normalize.text import fold
from sopparse.page import Word, Words, text_of

# A machine read a figure of a number or date that is less sure than this wrongly, in the scans that were looked at (of
# 27 numbers, dates and NIP there; those it read rightly had 0.85 and more): most are written by hand or stamped.
_FIGURE = 0.75
# Words of titles and names are longer and less alike. In the same scans, 9 of the 11 titles, names and positions with
# a word below this had lost or garbled words; of the 12 without one, 1 had.
UNSURE = 0.6
# Words of one line that stand farther apart than this (heights of their letters) have lost one between them; spaces are
# 0.3 to 0.7 in the same scans.
_APART = 2.0
# Marks in a word that no word has are letters that were misread ("Daft:"").
_MARKS = regex.compile(r"\p{L}[^\p{L}\p{N}\s.,/&()'’–-]{2}")


def figures_legible(words: Words) -> bool:
    """Whether each word with a letter or figure was read surely enough to trust a figure."""
    return all(word.read >= _FIGURE for word in words if _says_something(word.text))


def words_legible(words: Words, known: AbstractSet[str] = frozenset()) -> bool:
    """Whether each word was read surely enough to trust it as a word; `known` are words (folded) that the document
    has elsewhere, where they were read surely."""
    sure = all(
        (word.read >= UNSURE or fold(word.text) in known) and not (word.read < 1.0 and _MARKS.search(word.text))
        for word in words
        if _says_something(word.text)
    )
    return sure and not lost_between(words)


def lost_between(words: Words) -> bool:
    """Whether a machine left out a word: there is room for one between two words of a line."""
    return any(_room(left, right) for left, right in pairwise(words))


def _room(left: Word, right: Word) -> bool:
    if left.line != right.line or left.box is None or right.box is None or left.read == right.read == 1.0:
        return False
    height = max(left.box.bottom - left.box.top, right.box.bottom - right.box.top)
    return right.box.x0 - left.box.x1 > _APART * height


def _says_something(text: str) -> bool:
    return any(c.isalnum() for c in text)


def surely_read(lines: tuple[Words, ...]) -> frozenset[str]:
    """The words, folded, that were read surely enough to confirm the same word elsewhere."""
    return frozenset(fold(word.text) for line in lines for word in line if word.read >= _FIGURE)


def illegible(words: Words, place: float) -> Field[None]:
    """What a machine could not read surely: unknown, and the place to look at."""
    seen = issue("value.illegible", text=text_of(words))
    return printed(None, words, place=place, issues=(seen,), absence="illegible")
