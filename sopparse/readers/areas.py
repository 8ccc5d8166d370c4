"""Areas of ink or paper that are symbols of a flow chart: what both hollow and solid ones have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

Point = tuple[float, float]

# Notches in an area (points): lines that end within the symbol, letters that touch its outline.
NOTCH = 1.8
# How much of the union of a symbol and its pattern both share, at least. Drawn symbols reach 0.93 and more at 150 dpi;
# areas between lines that happen to be closed mostly less than 0.85.
ALIKE = 0.88
# Sharing as much as the second, a symbol is as sure as can be; sharing no more than the first, as sure as `HARDLY`.
FITS, HARDLY = (ALIKE, 0.96), 0.7
# The longest symbol (points).
LONGEST = 190.0


@dataclass(frozen=True, slots=True)
class Shape:
    """A symbol: its outline (pixels, middle of the stroke), and the box and mask of all of its ink."""

    outline: tuple[Point, ...]
    curved: bool
    filled: bool
    place: tuple[int, int]  # column and row of the mask's first pixel
    mask: Mask
    rounded: float | None = None  # of a box: how round its corners are (`roundness`)
    frame: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)  # column, row, width, height of the outline
    sure: float = 1.0  # how well it fits its pattern, and how closed it is


def fit(share: float) -> float:
    """How sure a symbol is that shares so much with its pattern."""
    return HARDLY + (1 - HARDLY) * min(max((share - FITS[0]) / (FITS[1] - FITS[0]), 0.0), 1.0)


def odd(size: float) -> int:
    """The next odd number of pixels; OpenCV shifts a picture by half a pixel where a kernel is even."""
    return max(1, 2 * int(size / 2) + 1)


def whole(mask: Mask, pixels: float) -> Mask:
    """The area with what lies in it, and without notches."""
    import cv2
    import numpy as np

    size = max(3, odd(NOTCH * pixels))
    around = cv2.copyMakeBorder(mask, size, size, size, size, cv2.BORDER_CONSTANT, value=0)
    around = cv2.morphologyEx(around, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    mask = np.ascontiguousarray(around[size:-size, size:-size])
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    out = np.zeros_like(mask)
    cv2.drawContours(out, contours, -1, 1, cv2.FILLED)
    return out


def median(values: NDArray[Any]) -> float:
    """The middle of values, which must be some and numbers: what numpy says, at a tenth of its cost for a few."""
    import numpy as np

    low, high = (len(values) - 1) // 2, len(values) // 2
    parted = np.partition(values, (low, high))
    return float(parted[low]) if low == high else (float(parted[low]) + float(parted[high])) / 2


def straight(x: NDArray[Any], y: NDArray[Any]) -> tuple[float, float]:
    """The slope of the straight line nearest to the points, and where it stands at 0."""
    import numpy as np

    middle, level = float(x.mean()), float(y.mean())
    aside = x - middle
    slope = float(np.dot(aside, y - level)) / float(np.dot(aside, aside))
    return slope, level - slope * middle
