"""Words in filled symbols of a flow chart: light on dark, or on a fill that is not paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sopparse.geometry import Box, enclose
from sopparse.readers.prepare import Picture, Prepared

# All lengths in points. A filled symbol holds a square of this size, and is no larger than these.
SOLID = 5.0
WIDEST, HIGHEST = 190.0, 110.0
SMALLEST = 9.0
# Letters differ from the fill by this (of 255), and are this high; the rim of the symbol is no letter.
CONTRAST = 60
LETTER = (2.8, 14.0)
RIM = 1.6
MARGIN = 10
# Fewer bits than this are no word; more are a pattern.
BITS = (2, 60)


def fills_of(page: Prepared, cells: Sequence[Box], point: float) -> Iterator[tuple[Picture, int, int]]:
    """The words in filled symbols as pictures of black on white, with their corner on the page (pixels)."""
    import cv2
    import numpy as np

    if not cells:
        return
    area = enclose(cells)
    x0, y0, x1, y1 = (max(int(v), 0) for v in area)
    step = max(int(point), 1)
    # A copy of a dot for each point is enough to see what is solid.
    small = cv2.resize(page.drawn[y0:y1, x0:x1], None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    size = max(round(SOLID * point / step), 2)
    dark = cv2.morphologyEx((small > 170).astype("uint8"), cv2.MORPH_OPEN, np.ones((size, size), "uint8"))
    if not dark.any():
        return
    dark = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((2 * size + 1, 2 * size + 1), "uint8"))
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark)
    for x, y, w, h, _ in stats[1:count].tolist():
        left, top, wide, high = x0 + x * step, y0 + y * step, w * step, h * step
        if SMALLEST * point <= wide <= WIDEST * point and SMALLEST * point <= high <= HIGHEST * point:
            found = _word(page.shade[top : top + high, left : left + wide], point)
            if found is not None:
                picture, across, down = found
                yield picture, left + across, top + down


def _word(shade: Picture, point: float) -> tuple[Picture, int, int] | None:
    """The letters in a fill, black on white, and where they begin."""
    import cv2
    import numpy as np

    fill = float(np.median(shade))
    apart = np.abs(shade.astype("float32") - fill)
    ink = (apart >= CONTRAST).astype("uint8")
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    rim = RIM * point
    chosen = [
        i
        for i in range(1, count)
        if stats[i, 0] > rim
        and stats[i, 1] > rim
        and stats[i, 0] + stats[i, 2] < shade.shape[1] - rim
        and stats[i, 1] + stats[i, 3] < shade.shape[0] - rim
        and stats[i, 3] <= LETTER[1] * point
    ]
    letters = [i for i in chosen if stats[i, 3] >= LETTER[0] * point]
    if not BITS[0] <= len(letters) <= BITS[1]:
        return None
    x0, y0 = int(min(stats[i, 0] for i in chosen)), int(min(stats[i, 1] for i in chosen))
    x1 = int(max(stats[i, 0] + stats[i, 2] for i in chosen))
    y1 = int(max(stats[i, 1] + stats[i, 3] for i in chosen))
    most = max(float(apart[np.isin(labels, letters)].max()), 1.0)
    part = np.clip(255 - apart[y0:y1, x0:x1] * (255 / most), 0, 255).astype("uint8")
    near = cv2.dilate(np.isin(labels[y0:y1, x0:x1], chosen).astype("uint8"), np.ones((3, 3), "uint8"))
    part[near == 0] = 255
    picture = np.full((y1 - y0 + 2 * MARGIN, x1 - x0 + 2 * MARGIN), 255, "uint8")
    picture[MARGIN:-MARGIN, MARGIN:-MARGIN] = part
    return picture, x0 - MARGIN, y0 - MARGIN
