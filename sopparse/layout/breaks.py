"""Words broken over two lines of a cell, made whole: the second part becomes a part of the first one's word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sopparse.geometry import Box
from sopparse.page import Word, Words

# A line that leaves less room than this many of its letters was broken because nothing more fitted in.
NO_ROOM = 1.2
# The longest piece that a broken word leaves for the next line where nothing else proves the break.
SHORT_REST = 4
# Borders keep text at least this far away on each side (points), whatever the text itself shows.
LEAST_MARGIN = 1.0


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words that the document itself prints, in small letters and without punctuation."""

    counts: Counter[str]

    @classmethod
    def of(cls, words: Iterable[Word]) -> Spelling:
        return cls(Counter(bare(word.text) for word in words))

    def knows(self, text: str, but: int = 0) -> bool:
        return self.counts[text] > but


def bare(text: str) -> str:
    return text.strip(".,;:()[]\"'“”‘’/-").casefold()


def mended(lines: Sequence[Words], box: Box, spelling: Spelling) -> tuple[tuple[Words, ...], dict[int, Word]]:
    """The lines of a cell with broken words marked as parts of one word, and the changed words by their old index."""
    changed: dict[int, Word] = {}
    if len(lines) < 2:
        return tuple(lines), changed
    margin = _margin(lines, box)
    out = [lines[0]]
    for above, below in pairwise(lines):
        left, right = out[-1][-1], below[0]
        if _hyphen(left.text, right.text) or _broken(above, below, box, margin, spelling):
            joined = replace(right, index=left.index, start=left.end)
            changed[right.index] = joined
            below = (joined, *below[1:])
        out.append(below)
    return tuple(out), changed


def _hyphen(left: str, right: str) -> bool:
    """A line that ends in a hyphen or slash within a word."""
    return len(left) > 1 and left[-1] in "-/" and left[-2].isalpha() and right[:1].isalpha()


def _margin(lines: Sequence[Words], box: Box) -> float:
    """The free room between border and text, on the side where it is least."""
    boxes = [word.box for line in lines for word in line if word.box is not None]
    if not boxes:
        return LEAST_MARGIN
    return max(min(min(b.x0 for b in boxes) - box.x0, box.x1 - max(b.x1 for b in boxes)), LEAST_MARGIN)


def _broken(above: Words, below: Words, box: Box, margin: float, spelling: Spelling) -> bool:
    """A single word that fills its line, and a rest in the same letters: together a word, or each no word."""
    left, right = above[-1], below[0]
    if len(above) > 1 or left.box is None or not left.text[-1:].isalpha() or not right.text[:1].isalpha():
        return False
    if right.text[:1].isupper() and not left.text.isupper():
        return False
    width = (left.box.x1 - left.box.x0) / len(left.text)
    if box.x1 - margin - left.box.x1 > NO_ROOM * width:
        return False
    first, rest = bare(left.text), bare(right.text)
    if spelling.knows(first + rest):
        return True
    unknown = not spelling.knows(first, 1) and not spelling.knows(rest, 1)
    return unknown and len(rest) <= SHORT_REST
