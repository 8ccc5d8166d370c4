"""What of a page's ink is drawing: black print, coloured lines and areas; no stamps, no signatures.

Pictures are arrays of bytes; ink is 255 in black-and-white ones.
"""

from __future__ import annotations

from typing import Any

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

    run = max(round(RUN * point), 3)
    level = cv2.morphologyEx(coloured, cv2.MORPH_OPEN, np.ones((1, run), "uint8"))
    upright = cv2.morphologyEx(coloured, cv2.MORPH_OPEN, np.ones((run, 1), "uint8"))
    straight = cv2.bitwise_or(level, upright)
    # Pieces of one ring that black lines part are one thing.
    gap = 2 * max(round(PARTED * point / 2), 1) + 1
    joined = cv2.morphologyEx(coloured, cv2.MORPH_CLOSE, np.ones((gap, gap), "uint8"))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    own = np.bincount(labels[coloured > 0], minlength=len(stats))
    lines = np.bincount(labels[straight > 0], minlength=len(stats))
    long, short = np.maximum(stats[:, 2], stats[:, 3]), np.minimum(stats[:, 2], stats[:, 3])
    large = (short > WIDE * point) & (long > LONG * point)
    stamps = np.flatnonzero(large & (lines < STRAIGHT * own))
    out = coloured
    for i in stamps:
        if not i:
            continue
        x, y, w, h = (int(v) for v in stats[i, :4])
        part = labels[y : y + h, x : x + w]
        inside = np.unique(part)
        held = [
            k
            for k in inside
            if k
            and stats[k, 0] >= x
            and stats[k, 1] >= y
            and stats[k, 0] + stats[k, 2] <= x + w
            and stats[k, 1] + stats[k, 3] <= y + h
        ]
        out[y : y + h, x : x + w][np.isin(part, held)] = 0
    return out
