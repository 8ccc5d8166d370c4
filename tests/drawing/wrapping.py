"""Words in cells: how they break into lines, and how large they can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

FONT, BOLD = "Helvetica", "Helvetica-Bold"
SIZES = (8.0, 7.5, 7.0, 6.5, 6.0)
LEADING = 1.18
# Between words and rules (points).
INSET = 2.5


@dataclass(frozen=True, slots=True)
class Room:
    """A text and its cell, in points from the top left of the page."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float


def largest(rooms: Sequence[Room], font: str = FONT, sizes: Sequence[float] = SIZES) -> float | None:
    """The largest size with which every text fits its cell."""
    return next((size for size in sizes if all(_fits(room, font, size) for room in rooms)), None)


def lines(room: Room, font: str, size: float) -> list[str]:
    """The text broken at spaces; a word that is too long stays whole."""
    found: list[str] = []
    for paragraph in room.text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and width(longer, font, size) > _breadth(room):
                found.append(line)
                longer = word
            line = longer
        found.append(line)
    return found


@cache
def width(text: str, font: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, font, size))


def _fits(room: Room, font: str, size: float) -> bool:
    if any(width(word, font, size) > _breadth(room) for word in room.text.split()):
        return False
    return len(lines(room, font, size)) * size * LEADING + 2 * INSET <= room.bottom - room.top


def _breadth(room: Room) -> float:
    return room.x1 - room.x0 - 2 * INSET
