"""Rings of stamps in black: copied or faxed, no colour tells them from print, but their form does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

# All lengths in points. Radius of a round stamp; no symbol is a circle as large as that.
RADIUS = (29.0, 64.0)
# Circles are looked for on a copy of so many dots per inch; a lower bar finds more, and more that are none.
SMALL_DPI, VOTES = 50.0, 26
MOST = 4
# A ring is drawn over this share of its way at least; lines that touch it by chance give 0.3. Inner rings may be as
# small as this share of the outer one; so much beside a ring goes with it.
DRAWN, INNER, BESIDE = 0.55, 0.4, 0.5


def without_rings(ink: Mask, pixels: float) -> Mask:
    """The ink without the rings of stamps; where lines cross them they get gaps of the ring's breadth."""
    import cv2
    import numpy as np

    scale = SMALL_DPI / 72 / pixels
    small = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    least, most = (round(r * pixels * scale) for r in RADIUS)
    if min(small.shape) < 2 * least:
        return ink
    found = cv2.HoughCircles(
        small, cv2.HOUGH_GRADIENT, 1, least, param1=120, param2=VOTES, minRadius=least, maxRadius=most
    )
    if found is None:
        return ink
    out = ink.copy()
    for x, y, radius in np.asarray(found[0][:MOST], float) / scale:
        for centre, axis, breadth in _rings(ink, (x, y), radius, pixels):
            cv2.circle(out, centre, axis, 0, breadth)
    return out


def _rings(ink: Mask, at: tuple[float, float], radius: float, pixels: float) -> list[tuple[tuple[int, int], int, int]]:
    """Middle, radius and breadth of the rings about a place; none where the outer one is not drawn."""
    import cv2
    import numpy as np

    middle, seen = at, np.zeros(0)
    # The middle found on the small copy is off by a dot of it: looked for coarsely, then finely.
    for step in (pixels * 72 / SMALL_DPI / 2, pixels * 72 / SMALL_DPI / 6):
        around = [(middle[0] + dx * step, middle[1] + dy * step) for dx in range(-2, 3) for dy in range(-2, 3)]
        top = -1.0
        for place in around:
            flat = cv2.warpPolar(ink, (round(1.12 * radius), 240), place, 1.12 * radius, cv2.WARP_POLAR_LINEAR)
            here = (flat > 100).mean(axis=0)
            sharp = float((here**2).sum())
            if sharp > top:
                top, middle, seen = sharp, place, here
    drawn = np.flatnonzero(seen >= DRAWN)
    drawn = drawn[drawn >= INNER * radius]
    if not len(drawn) or drawn[-1] < 0.85 * radius:
        return []
    centre = (round(middle[0]), round(middle[1]))
    runs = np.split(drawn, np.flatnonzero(np.diff(drawn) > 1) + 1)
    more = 2 * max(round(BESIDE * pixels), 1)
    return [(centre, round(float(run.mean())), len(run) + more) for run in runs]
