"""Print under stamps and signatures: what lies over it is taken away as far as it can be told apart."""

from __future__ import annotations

from collections.abc import Sequence

from sopparse.readers.ocr import Found
from sopparse.readers.prepare import Picture

# Print under a stamp or a signature: it has dots darker than this share of the way from ink to paper, and nothing
# lighter is farther from those than so many points.
CORE = 0.35
BODY = 0.42
STROKE = 0.5
# A drawing of which more than this share is as dark as print is print itself: lines and symbols of a chart (stamps have
# less than 0.3, a stamp on lines of a chart up to 0.52, charts from 0.66).
PRINTED = 0.6
EDGE = 0.72
# A bit of ink of which this share is near cores is print as a whole: its soft parts stay.
WHOLE = 0.6
SOFT = 0.65
# What is left of others is no letter where it is lower than this (points).
SCRAP = 3.0
# Letters on one line, this many, tell where print is.
LINE_LETTERS = 5
BASELINE = 1.2
BESIDE = 1.0
# A rule may part a stamp: it goes on so far beyond its largest piece (points).
AROUND_STAMP = 27.0
# Higher, or wider, than this (points) no letter is, nor letters that touch; smaller than the last it is dirt.
HIGHEST, WIDEST, DIRT = 18.0, 170.0, 0.8
# Letters have at least this height.
LETTER = 4.2
# A word that is less sure than this speaks against the way in which it was read.
EVEN = 0.5
# A line as it was read with the stamp on must weigh so many times more than without it, and so much where nothing is
# left of it without.
BARE, ALONE = 1.5, 2.0

Area = tuple[int, int, int, int]


def is_print(dots: Picture, level: float) -> bool:
    """Whether the dots of a drawing are as dark as print; those as light as paper, at its edges, do not count."""
    import numpy as np

    ink = dots < level + EDGE * (255 - level)
    core = dots < level + CORE * (255 - level)
    return bool(np.count_nonzero(core) > PRINTED * np.count_nonzero(ink))


def fade_stamps(grey: Picture, text: Picture, drawings: Sequence[Area], level: float, point: float) -> list[Area]:
    """Takes what is lighter than print out of the boxes of drawings that are, in place; these boxes (x, y, w, h)."""
    more = round(AROUND_STAMP * point)
    faded = []
    for x, y, w, h in drawings:
        rows, columns = slice(max(y - more, 0), y + h + more), slice(max(x - more, 0), x + w + more)
        part = grey[rows, columns]
        # Soft edges lighter than this may be those of the stamp.
        part[part > level + SOFT * (255 - level)] = 255
        part[:] = _print_of(part, text[rows, columns], level, point)
        text[rows, columns][part == 255] = 0
        faded.append((x - more, y - more, w + 2 * more, h + 2 * more))
    return faded


def _print_of(grey: Picture, ink: Picture, level: float, point: float) -> Picture:
    """The picture without what is lighter than print; bits of ink that are print but for a little stay as they are."""
    import cv2
    import numpy as np

    dark = near_cores(grey, level, point)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(ink), connectivity=8)
    left = np.bincount(labels[dark < 255], minlength=len(stats))
    whole = (left >= WHOLE * stats[:, 4]) & (left > 0)
    whole[0] = False
    _clear_bits(dark, whole[labels], point)
    # The soft edges of letters stay.
    soft = cv2.dilate(whole[labels].astype("uint8"), np.ones((3, 3), "uint8")) > 0
    return np.where(soft, grey, dark)


def _clear_bits(dark: Picture, whole: Picture, point: float) -> None:
    """Whitens what is left of a stamp: bits lower than letters."""
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(((dark < 255) & ~whole).astype("uint8"), connectivity=8)
    low = stats[:, 3] < SCRAP * point
    low[0] = False
    dark[low[labels]] = 255


def near_cores(grey: Picture, level: float, point: float) -> Picture:
    """The picture without what is lighter than print."""
    import cv2
    import numpy as np

    core = (grey < level + CORE * (255 - level)).astype("uint8")
    reach = 2 * max(round(STROKE * point), 1) + 1
    near = cv2.dilate(core, np.ones((reach, reach), "uint8"))
    strokes = cv2.bitwise_and(near, (grey < level + BODY * (255 - level)).astype("uint8"))
    # The soft edges of letters stay.
    return np.where(cv2.dilate(strokes, np.ones((3, 3), "uint8")) > 0, grey, 255).astype("uint8")


def uncovered(grey: Picture, level: float, point: float) -> Picture:
    """The print in a picture without the lighter stamp on it, and without strokes that leave the lines of text."""
    import cv2
    import numpy as np

    out = near_cores(grey, level, point)
    ink = (out < 255).astype("uint8")
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    stats[0] = 0
    width, height = stats[:, 2], stats[:, 3]
    big = (height > HIGHEST * point) | (width > WIDEST * point)
    dirt = (np.maximum(width, height) < DIRT * point) | (stats[:, 4] < 0.5 * point * point)
    letters = ~big & (height >= LETTER * point)
    bands = _bands(stats[letters], grey.shape[0], point)
    big[0] = dirt[0] = False
    out[big[labels] & ~bands[:, None]] = 255
    # What is drawn outside the lines of text belongs to the stamp too.
    wide = cv2.dilate(bands.astype("uint8")[:, None], np.ones((2 * int(BESIDE * point) + 1, 1), "uint8"))[:, 0] > 0
    out[~wide] = 255
    out[dirt[labels]] = 255
    return out


def _bands(letters: Picture, rows: int, point: float) -> Picture:
    """The rows of dots in which lines of text run: those with enough letters that stand on one baseline."""
    import numpy as np

    inside = np.zeros(rows, bool)
    tops, heights = letters[:, 1], letters[:, 3]
    for edges in (tops + heights, tops):
        for line in _level(edges, 0.5 * BASELINE * point):
            # Stamps have letters of all heights at one place by chance; a line has most at its own height.
            high = float(np.median(heights[line]))
            alike = line[np.abs(heights[line] - high) <= 0.2 * high]
            if len(alike) >= LINE_LETTERS:
                top, low = float(np.median(tops[alike])), float(np.median(tops[alike] + heights[alike]))
                inside[max(int(top - 0.35 * high), 0) : min(int(low + 0.35 * high), rows)] = True
    return inside


def _level(edges: Picture, near: float) -> list[Picture]:
    """Positions of edges that follow each other closely."""
    import numpy as np

    order = np.argsort(edges)
    return np.split(order, np.nonzero(np.diff(edges[order]) > near)[0] + 1) if len(order) else []


# -- read with the stamp and without it -------------------------------------------------------------------------------


def weight(found: Sequence[Found]) -> float:
    """How much was read: more for surer and longer words, less than nothing for words that are hardly sure."""
    return sum((one.read - EVEN) * sum(c.isalnum() for c in one.text) for one in found)


def surer_lines(covered: Sequence[Found], bare: Sequence[Found]) -> list[Found]:
    """The lines of a piece, each as it was read better: with the stamp over it, or without."""
    lines = {key: _line(bare, key) for key in dict.fromkeys(one.line for one in bare)}
    chosen = list(lines.values())
    for key in dict.fromkeys(one.line for one in covered):
        line = _line(covered, key)
        same = [other for other in chosen if _beside(line, other)]
        if weight(line) > (BARE * max(weight([one for other in same for one in other]), 0.0) + 1.0 if same else ALONE):
            chosen = [other for other in chosen if other not in same] + [line]
    chosen.sort(key=lambda line: min(one.box.top for one in line))
    return [one._replace(line=k) for k, line in enumerate(chosen) for one in line]


def _line(found: Sequence[Found], key: int) -> list[Found]:
    return [one for one in found if one.line == key]


def _beside(line: Sequence[Found], other: Sequence[Found]) -> bool:
    """Whether two lines stand at the same height."""
    (top, bottom), (high, low) = (
        (min(one.box.top for one in some), max(one.box.bottom for one in some)) for some in (line, other)
    )
    return min(bottom, low) - max(top, high) > 0.4 * min(bottom - top, low - high)
