"""How something is painted: which way, how dark, within which clip, and which letters a glyph shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Quad = tuple[float, float, float, float]

NO_CLIP: Quad = (-1e9, -1e9, 1e9, 1e9)


Matrix = tuple[float, float, float, float, float, float]


def glyph_box(matrix: Matrix, left: float, low: float, right: float, high: float, direction: int) -> Quad:
    """The box of a glyph on the page, from its box in its own coordinates; exact for quarter turns."""
    a, b, c, d, e, f = matrix
    if direction in (0, 180):
        xa, xb = a * left + c * low + e, a * right + c * low + e
        ya, yb = b * left + d * low + f, b * left + d * high + f
    else:
        xa, xb = c * low + e, c * high + e
        ya, yb = b * left + d * low + f, b * right + d * low + f
    return (xa if xa < xb else xb, ya if ya < yb else yb, xb if xa < xb else xa, yb if ya < yb else ya)


def direction_of(matrix: Matrix) -> int | None:
    """The quarter turn of text with this matrix; None where it is tilted by more than a few degrees."""
    a, b = matrix[0], matrix[1]
    if abs(b) <= 0.1 * abs(a):
        return 0 if a > 0 else 180
    if abs(a) <= 0.1 * abs(b):
        return 90 if b > 0 else 270
    return None


def meet(one: Sequence[float], other: Quad) -> Quad | None:
    x0, y0, x1, y1 = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return (x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else None


def clipped(
    points: tuple[tuple[float, float], ...], clip: Quad, closed: bool
) -> tuple[tuple[float, float], ...] | None:
    """The path inside the clipping box; None outside. Only rectangles and single lines are cut, others stay whole."""
    if clip is NO_CLIP:
        return points
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
    if x0 >= clip[0] and x1 <= clip[2] and y0 >= clip[1] and y1 <= clip[3]:
        return points
    # A line along the border of its clip is painted by half its width.
    near = (clip[0] - 1.0, clip[1] - 1.0, clip[2] + 1.0, clip[3] + 1.0)
    box = meet((x0, y0, x1, y1), near)
    if box is None:
        return None
    square = all(p[0] in (x0, x1) and p[1] in (y0, y1) for p in points)
    if len(points) == 2 and (x0 == x1 or y0 == y1):
        return ((box[0], box[1]), (box[2], box[3]))
    if closed and square and len(points) == 4:
        return ((box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3]))
    return points


def darkness(color: Any, space: str) -> float:
    """0 white to 1 black, of a colour in one of the device spaces; patterns and unknown spaces count as half dark."""
    values = color if isinstance(color, (tuple, list)) else (color,)
    numbers = [float(v) for v in values if isinstance(v, (int, float))]
    if len(numbers) != len(values) or not numbers:
        return 0.5
    if len(numbers) == 1:
        if space == "Indexed":
            return 0.5
        return _unit(numbers[0] if space in ("Separation", "DeviceN") else 1.0 - numbers[0])
    if len(numbers) == 3:
        if space == "Lab":
            return _unit(1.0 - numbers[0] / 100.0)
        return _unit(1.0 - (0.299 * numbers[0] + 0.587 * numbers[1] + 0.114 * numbers[2]))
    if len(numbers) == 4 and space not in ("DeviceN",):
        cyan, magenta, yellow, black = numbers
        return _unit(1.0 - (1.0 - black) * (1.0 - 0.299 * cyan - 0.587 * magenta - 0.114 * yellow))
    return _unit(max(numbers))


def _unit(value: float) -> float:
    return 0.0 if value < 0.0 else 1.0 if value > 1.0 else value


_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_NOT_SHOWN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x00"))
_NOT_SHOWN |= {ord(k): v for k, v in _LIGATURES.items()}


def clean(text: str) -> str:
    """The letters that a glyph shows: ligatures as letters, marks without width gone, any space a space."""
    text = text.translate(_NOT_SHOWN)
    return " " if text and text.isspace() else "".join(c if c.isprintable() else " " for c in text)
