"""How much room a text takes in the font that BPMN viewers use (Arial or a stand-in of its widths)."""

from __future__ import annotations

import re
from functools import lru_cache

# Pixels at 12 px, rounded up to the wider of Arial and Liberation Sans; measured in Chromium.
_NARROW, _WIDE, _CAPITAL, _OTHER = 4.0, 10.5, 8.7, 6.9
_NARROW_CHARACTERS = frozenset("iljtfrI.,:;'|!()[]/ -")
_WIDE_CHARACTERS = frozenset("mwMW@%&")
LINE = 14.4
# Labels outside of shapes are written smaller.
SMALL = 11 / 12


@lru_cache(maxsize=4096)
def width(text: str) -> float:
    return sum(map(_width_of, text))


def _width_of(char: str) -> float:
    if char in _NARROW_CHARACTERS:
        return _NARROW
    if char in _WIDE_CHARACTERS:
        return _WIDE
    # Everything beyond the European scripts counts as a full square.
    return 12.0 if char > "\u2e80" else _CAPITAL if char.isupper() else _OTHER


def lines(text: str, room: float) -> int:
    """How many lines the text takes in a column of that width; words longer than a line are broken."""
    return sum(_paragraph_lines(paragraph, room) for paragraph in text.split("\n"))


def _paragraph_lines(paragraph: str, room: float) -> int:
    count, used = 1, 0.0
    for word in paragraph.split():
        size = width(word)
        if used and used + width(" ") + size > room:
            count, used = count + 1, 0.0
        elif used:
            used += width(" ")
        used += size
        while used > room:
            count, used = count + 1, used - max(room - _OTHER, _OTHER)
    return count


def height(text: str, room: float, scale: float = 1.0) -> float:
    return lines(text, room / scale) * LINE * scale


def widest_word(text: str) -> float:
    return max(map(width, text.split()), default=0.0)


def clipped(text: str, limit: int) -> str:
    """The text in at most so many characters, cut between words; the sign of the cut is included."""
    flat = re.sub(r"[^\S\n]+", " ", text).strip()
    if len(flat) <= limit:
        return flat
    cut = flat[: limit - 1]
    space = cut.rfind(" ", limit // 2)
    return (cut if space < 0 else cut[:space]).rstrip(" ,;:") + "…"
