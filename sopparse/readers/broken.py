"""How much of an outline is drawn in an image, where print is worn or a fax left dots of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

Point = tuple[float, float]

# An outline is drawn where ink is as near as this (points).
NEARBY = 0.5
# Outlines of which little is left are looked for so far beside where they should be; so much is all of one.
ASKEW, CLOSED = 0.4, 0.97


@dataclass(frozen=True, slots=True)
class Drawn:
    """How much of an outline is ink, or has ink very near: as it is, and with gaps bridged, where it stands best: so
    far to the right, down, larger on every side (pixels)."""

    seen: float
    bridged: float
    right: float
    down: float
    larger: float


def find_outline(outline: Sequence[Point], ink: Mask, pixels: float, gap: float) -> Drawn:
    """Looks for the outline around where it should be: what is led back to broken lines may stand a little aside."""
    import cv2
    import numpy as np

    points: NDArray[np.float64] = np.array(outline)
    around = round(2.5 * pixels) + 2
    x0, y0 = (max(int(v) - around, 0) for v in points.min(axis=0))
    x1, y1 = (int(v) + around for v in points.max(axis=0))
    far = cv2.distanceTransform(255 - ink[y0:y1, x0:x1], cv2.DIST_L2, 3) > NEARBY * pixels + 0.3
    # A dot for every pixel along the outline.
    sides = np.roll(points, -1, axis=0) - points
    counts = np.maximum(np.abs(sides).max(axis=1).round().astype(int), 1)
    side = np.repeat(np.arange(len(points)), counts)
    along = (np.arange(len(side)) - np.repeat(counts.cumsum() - counts, counts)) / counts[side]
    dots = points[side] + sides[side] * along[:, None] - (x0, y0)
    middle = dots.mean(axis=0)
    half = np.abs(dots - middle).max(axis=0)
    step = max(ASKEW * pixels, 1.0)
    best, gaps = (-1.0, 0.0, 0.0, 0.0), np.ones(len(dots), bool)
    for larger, right, down in product((0.0, step, -step, 2 * step), (0.0, step, -step), (0.0, step, -step)):
        at = np.round(middle + (dots - middle) * (1 + larger / half) + (right, down)).astype(int)
        inner = (at >= 0).all(axis=1) & (at < (far.shape[1], far.shape[0])).all(axis=1)
        missed = np.ones(len(at), bool)
        missed[inner] = far[at[inner, 1], at[inner, 0]]
        seen = 1 - float(missed.mean())
        if seen > best[0]:
            best, gaps = (seen, right, down, larger), missed
        if seen > CLOSED:
            break
    return Drawn(best[0], _bridged(gaps, gap * pixels + 1), *best[1:])


def _bridged(gaps: NDArray[np.bool_], widest: float) -> float:
    """The share of an outline that is no gap wider than that (dots)."""
    import numpy as np

    if gaps.all():
        return 0.0
    ring = np.roll(gaps, -int(np.argmin(gaps))).astype(np.int8)
    ends = np.flatnonzero(np.diff(np.concatenate(([0], ring, [0]))))
    lengths = ends[1::2] - ends[::2]
    return 1 - float(lengths[lengths > widest].sum()) / len(gaps)
