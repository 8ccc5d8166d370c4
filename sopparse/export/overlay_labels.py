"""Small labels beside what they name, where they hide least of the page and of one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Literal

from sopparse.export import overlay_strokes as strokes

if TYPE_CHECKING:
    from PIL.Image import Image

Point = tuple[float, float]
Rect = tuple[int, int, int, int]
Side = Literal["around", "along", "left"]

# The page shows through a label: opacity of its ground, 0 to 255.
_GROUND = 200
# Against the print that a place would hide (the deviation of its greys, 0 on paper and on coloured ground, up to 127):
# hiding another label is worse than any print, and each place further down the list is a little worse than the last.
_OVER_LABEL = 400.0
_LATER_PLACE = 2.0
# Labels are looked up by squares of this many pixels.
_SQUARE = 128


@dataclass(slots=True)
class _Label:
    text: str
    at: Rect
    colour: str


@dataclass(slots=True)
class Labels:
    """Collects labels for a page (`page`: its picture in grey), then draws them all on top."""

    page: Image
    pixels: int
    placed: list[_Label] = field(default_factory=list)
    squares: dict[tuple[int, int], list[Rect]] = field(default_factory=dict)

    def place(self, text: str, points: Sequence[Point], side: Side, colour: str) -> None:
        """Finds the place for a label: around a box, to the left of it, along a line (points in pixels)."""
        left, top, right, bottom = strokes.font(self.pixels).getbbox(text)
        width, height = round(right - left) + 3, round(bottom - top) + 3
        width, height = min(width, self.page.width), min(height, self.page.height)
        spots = _SIDES[side](points, width, height)
        best = min(
            (self._cost(rect, k), k, rect)
            for k, (x, y) in enumerate(spots)
            for rect in [self._kept_inside(round(x), round(y), width, height)]
        )[2]
        self.placed.append(_Label(text, best, colour))
        for square in _squares(best):
            self.squares.setdefault(square, []).append(best)

    def _kept_inside(self, x: int, y: int, width: int, height: int) -> Rect:
        x = max(0, min(x, self.page.width - width))
        y = max(0, min(y, self.page.height - height))
        return x, y, x + width, y + height

    def _cost(self, rect: Rect, place: int) -> float:
        from PIL import ImageStat

        area = (rect[2] - rect[0]) * (rect[3] - rect[1])
        hidden = 2.0 * ImageStat.Stat(self.page.crop(rect)).stddev[0]
        near = {other for square in _squares(rect) for other in self.squares.get(square, ())}
        over = sum(_shared(rect, other) for other in near) / area
        return hidden + _OVER_LABEL * over + _LATER_PLACE * place

    def draw(self, image: Image) -> None:
        """Draws the labels on a picture of the page (RGBA)."""
        from PIL import Image as Images
        from PIL import ImageDraw

        cover = Images.new("RGBA", image.size, (0, 0, 0, 0))
        brush = ImageDraw.Draw(cover)
        font = strokes.font(self.pixels)
        for label in self.placed:
            left, top, _, _ = font.getbbox(label.text)
            brush.rectangle(label.at, fill=(255, 255, 255, _GROUND))
            x, y = label.at[0], label.at[1]
            # A bar in the colour of the mark; the letters are black, since yellow on white nobody can read.
            brush.line([(x, y), (x, label.at[3])], fill=strokes.rgba(label.colour, 255), width=2)
            brush.text((x + 2 - left, y + 1 - top), label.text, fill=(0, 0, 0, 255), font=font)
        image.alpha_composite(cover)


def _around(points: Sequence[Point], width: int, height: int) -> Iterator[Point]:
    """Above, below, beside, and only then inside, at the corners."""
    (x0, y0), (x1, y1) = strokes.bounds(points)
    yield from ((x0, y0 - height - 1), (x1 - width, y0 - height - 1), (x0, y1 + 2), (x1 - width, y1 + 2))
    yield from ((x1 + 2, y0), (x0 - width - 2, y0), (x1 + 2, y1 - height), (x0 - width - 2, y1 - height))
    yield from (
        (x1 - width - 1, y0 + 1),
        (x1 - width - 1, y1 - height - 1),
        (x0 + 1, y1 - height - 1),
        (x0 + 1, y0 + 1),
    )


def _along(points: Sequence[Point], width: int, height: int) -> Iterator[Point]:
    """On both sides of the middle and the quarters of each piece, the longest piece first."""
    pieces = sorted(pairwise(points), key=lambda p: -hypot(p[1][0] - p[0][0], p[1][1] - p[0][1]))[:4]
    for (ax, ay), (bx, by) in pieces:
        level = abs(bx - ax) >= abs(by - ay)
        for part in (0.5, 0.25, 0.75):
            x, y = ax + (bx - ax) * part, ay + (by - ay) * part
            if level:
                yield from ((x - width / 2, y - height - 3), (x - width / 2, y + 3))
            else:
                yield from ((x + 4, y - height / 2), (x - width - 4, y - height / 2))
    if not pieces:
        yield points[0]


def _left(points: Sequence[Point], width: int, height: int) -> Iterator[Point]:
    (x0, y0), (_, y1) = strokes.bounds(points)
    yield from ((x0 - width - 3, (y0 + y1 - height) / 2), (x0 - width - 3, y0 + 1))


_SIDES = {"around": _around, "along": _along, "left": _left}


def _squares(rect: Rect) -> Iterator[tuple[int, int]]:
    for i in range(rect[0] // _SQUARE, rect[2] // _SQUARE + 1):
        for j in range(rect[1] // _SQUARE, rect[3] // _SQUARE + 1):
            yield i, j


def _shared(one: Rect, other: Rect) -> float:
    width, height = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return float(width * height) if width > 0 and height > 0 else 0.0
