"""Plain text as pages that marks can be drawn over: letters in a grid, with room above each line for labels."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sopparse.export import overlay_strokes as strokes
from sopparse.geometry import Box

if TYPE_CHECKING:
    from PIL.Image import Image

# Points: the room of a letter, of a line, the letters themselves, the margin around the text.
ADVANCE, PITCH, SIZE, MARGIN = 4.5, 16.0, 7.6, 14.0
# Where the letters stand in the room of their line: labels fit above them.
_LETTERS = 6.6
# Lines of more characters than this go on below; a sheet has at most so many lines.
WRAP, LINES = 170, 90
_TAB = 8


@dataclass(frozen=True, slots=True)
class _Line:
    """A line on the sheet: the characters `start` to `end` of the text, and the cell in which each of them stands."""

    start: int
    end: int
    cells: tuple[int, ...]  # one more than characters: where the next would stand


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of text; spans are ranges of characters of the whole text."""

    text: str
    lines: tuple[_Line, ...]

    @property
    def size(self) -> tuple[float, float]:
        """In points."""
        widest = max((line.cells[-1] for line in self.lines), default=0)
        return 2 * MARGIN + ADVANCE * max(widest, 80), 2 * MARGIN + PITCH * max(len(self.lines), 1)

    def boxes(self, span: tuple[int, int]) -> Iterator[Box]:
        """Where characters of the span stand on this sheet: one box for each line, without blanks at its ends."""
        first = max(bisect_right(self.lines, span[0], key=lambda line: line.start) - 1, 0)
        for number in range(first, len(self.lines)):
            line = self.lines[number]
            if line.start >= span[1]:
                return
            low, high = max(span[0], line.start), min(span[1], line.end)
            piece = self.text[low:high]
            low, high = low + len(piece) - len(piece.lstrip()), high - len(piece) + len(piece.rstrip())
            if low < high:
                top = MARGIN + PITCH * number + _LETTERS
                x0, x1 = line.cells[low - line.start], line.cells[high - line.start]
                yield Box(MARGIN + ADVANCE * x0, top, MARGIN + ADVANCE * x1, top + SIZE + 1.0)


def sheets_of(text: str) -> Iterator[Sheet]:
    """The text on sheets; a form feed begins a new one."""
    lines: list[_Line] = []
    start = 0
    for raw in text.splitlines(keepends=True):
        for line in _wrapped(raw, start):
            if len(lines) == LINES:
                yield Sheet(text, tuple(lines))
                lines = []
            lines.append(line)
        start += len(raw)
        if raw.endswith("\f") and lines:
            yield Sheet(text, tuple(lines))
            lines = []
    if lines:
        yield Sheet(text, tuple(lines))


def _wrapped(raw: str, start: int) -> Iterator[_Line]:
    cells, first, at = [0], 0, 0
    for i, letter in enumerate(raw):
        if at >= WRAP:
            yield _Line(start + first, start + i, tuple(cells))
            cells, first, at = [0], i, 0
        at = (at // _TAB + 1) * _TAB if letter == "\t" else at + 1
        cells.append(at)
    yield _Line(start + first, start + len(raw), tuple(cells))


def paint(sheet: Sheet, scale: float) -> Image:
    """The text, black on white, each letter in the middle of its cell."""
    from PIL import Image as Images
    from PIL import ImageDraw

    width, height = sheet.size
    image = Images.new("RGB", (round(width * scale), round(height * scale)), "white")
    brush = ImageDraw.Draw(image)
    font = strokes.font(max(round(SIZE * scale), 6))
    for number, line in enumerate(sheet.lines):
        y = (MARGIN + PITCH * number + _LETTERS) * scale
        for letter, cell in zip(sheet.text[line.start : line.end], line.cells, strict=False):
            if letter.isprintable() and letter != " ":
                x = (MARGIN + ADVANCE * (cell + 0.5)) * scale
                brush.text((x, y), letter, fill="black", font=font, anchor="ma")
    return image
