"""How round the corners of a box in an image are: its sides are found first, then what is missing where they meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sopparse.readers.areas import median

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

# Between these shares of its length a side is straight, whatever its corners are.
STRAIGHT = (0.22, 0.78)
# The radius (share of half the shorter side) of the arcs beyond which ink is looked for. Drawing programs begin with
# 0.33.
RADIUS = 0.38
# Arcs of a smaller radius (dots) cannot be told from corners.
LEAST_RADIUS = 1.5


def roundness(area: Mask, less: float = 0.0) -> float | None:
    """How much of the corners of an area (cut to its box) is cut off, as a share of what arcs of RADIUS cut off.

    About 0: its corners are square; about 1: round. None where it is too small to tell. Of the four corners the middle
    two count: a line that touches one, or print lost there, says nothing. `less`: by so many dots the area lies within
    the symbol, whose arcs are that much tighter there.
    """
    import numpy as np

    height, width = area.shape
    radius = RADIUS * (min(width, height) / 2 + less) - less
    reach = int(np.ceil(radius)) + 2
    if radius < LEAST_RADIUS or 2 * reach > min(width, height):
        return None
    at = np.arange(reach) + 0.5
    out = []
    # Each corner comes to the top left in its turn.
    for turned in (area, area[:, ::-1], area[::-1], area[::-1, ::-1]):
        u, v = np.meshgrid(at - _side(turned.T), at - _side(turned))
        beyond = np.hypot(np.maximum(radius - u, 0), np.maximum(radius - v, 0)) - radius
        weight = np.clip(beyond + 0.5, 0, 1) * np.clip(u + 0.5, 0, 1) * np.clip(v + 0.5, 0, 1)
        out.append(float(weight[turned[:reach, :reach] == 0].sum() / max(weight.sum(), 1e-6)))
    out.sort()
    return (out[1] + out[2]) / 2


def _side(area: Mask) -> float:
    """The row at which the upper side of an area runs."""
    length = area.shape[1]
    low = int(STRAIGHT[0] * length)
    part = area[:, low : max(int(STRAIGHT[1] * length), low + 2)]
    return median((part > 0).argmax(axis=0))
