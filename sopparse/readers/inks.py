"""What of a page's ink is drawing: black print, coloured lines and areas; no stamps, no signatures.

Pictures are arrays of bytes; ink is 255 in black-and-white ones.
"""

from __future__ import annotations

from typing import Any

from sopparse.readers.bits import Bit, bits

# All lengths in points. Compression leaves a coloured fringe of this breadth beside black lines.
FRINGE = 1.2
# A stamp or a signature is at least this long and wide, and less than this share of its ink stands in runs of `RUN`.
# Rings of stamps have 0.05-0.2, charts drawn in colour 0.5 and more.
LONG, WIDE, STRAIGHT, RUN = 62.0, 18.0, 0.35, 9.0
# Black lines part a stamp by no more than this.
PARTED = 4.0
# Ink in colour that covers less than this share of a page is none.
LEAST = 2e-5


def with_colours(ink: Any, dark: Any, dpi: float) -> Any:
    """The ink, and what else is dark on the page: lines and areas in colour, but not the fringes of black print."""
    import cv2
    import numpy as np

    coloured = cv2.subtract(dark, ink)
    if cv2.countNonZero(coloured) < LEAST * coloured.size:
        return ink
    size = 2 * max(round(FRINGE * dpi / 72 / 2), 1) + 1
    near = cv2.dilate(ink, np.ones((size, size), "uint8"))
    apart = cv2.subtract(coloured, near)
    if cv2.countNonZero(apart) < LEAST * apart.size:
        return ink
    apart = _without_stamps(apart, dpi / 72)
    # Up to the black lines that they touch.
    whole = cv2.bitwise_and(coloured, cv2.dilate(apart, np.ones((size, size), "uint8")))
    return cv2.bitwise_or(ink, cv2.bitwise_or(whole, apart))


def _without_stamps(coloured: Any, point: float) -> Any:
    """The coloured ink without large things that are hardly straight, and without what lies in their boxes."""
    import cv2
    import numpy as np

    # Pieces of one ring that black lines part are one thing.
    gap = 2 * max(round(PARTED * point / 2), 1) + 1
    joined = cv2.morphologyEx(coloured, cv2.MORPH_CLOSE, np.ones((gap, gap), "uint8"))
    things = bits(joined)
    large = [
        thing
        for thing in things
        if min(thing.width, thing.height) > WIDE * point and max(thing.width, thing.height) > LONG * point
    ]
    stamps = [thing for thing in large if _is_curved(coloured, joined, thing, point)]
    out = coloured
    for stamp in stamps:
        for thing in things:
            if _within(thing, stamp):
                thing.cut(out)[thing.of(joined)] = 0
    return out


def _is_curved(coloured: Any, joined: Any, thing: Bit, point: float) -> bool:
    """Whether less of the thing stands in straight runs than of drawings."""
    import cv2
    import numpy as np

    run = max(round(RUN * point), 3)
    around = thing.cut(coloured, 1)
    level = cv2.morphologyEx(around, cv2.MORPH_OPEN, np.ones((1, run), "uint8"))
    upright = cv2.morphologyEx(around, cv2.MORPH_OPEN, np.ones((run, 1), "uint8"))
    x, y = min(thing.x, 1), min(thing.y, 1)
    straight = cv2.bitwise_or(level, upright)[y : y + thing.height, x : x + thing.width]
    own = thing.of(joined)
    lines = np.count_nonzero(own & (straight > 0))
    return bool(lines < STRAIGHT * np.count_nonzero(own & (thing.cut(coloured) > 0)))


def _within(thing: Bit, other: Bit) -> bool:
    return (
        thing.x >= other.x
        and thing.y >= other.y
        and thing.x + thing.width <= other.x + other.width
        and thing.y + thing.height <= other.y + other.height
    )
