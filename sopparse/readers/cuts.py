"""A page picture to the pieces that are read: a cell, a label in a flow chart, a block of text outside the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sopparse.geometry import Box
from sopparse.readers.image_rules import Ruling
from sopparse.readers.prepare import Picture, Prepared

# All lengths in points. Larger than this no letter is: symbols, lines, signatures.
TALLEST_LETTER = 24.0
WIDEST_LETTER = 34.0
# A line of ink: this flat, or this narrow.
FLAT = 2.6
# Smaller than this it is a speck.
SMALLEST_MARK = 0.8
# A letter has at least this height; a block without any holds dashes and dots only.
SMALL_LETTER = 3.2
# Cells with a drawing in them and no more marks than this are cells of a flow chart.
MOST_MARKS = 26
# Number, activity, two actors and one more make the narrowest table with a flow chart.
CHART_COLUMNS = 5
# Words of a block outside the tables are at most this far apart.
APART_ACROSS, APART_DOWN = 14.0, 5.0
LABEL_ACROSS, LABEL_DOWN = 5.0, 2.5
# White paper around each piece (pixels).
MARGIN = 10
MOST_PIECES = 1500
# Print under a stamp or a signature: it has dots darker than this share of the way from ink to paper, and nothing
# lighter is farther from those than so many points.
CORE = 0.35
STROKE = 0.5
# Letters on one line, this many, tell where print is.
LINE_LETTERS = 4
BESIDE = 1.0
# A rule may part a stamp: it goes on so far beyond its largest piece.
AROUND_STAMP = 20.0


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of the page: its picture, and where its top left corner lies on the page (pixels)."""

    picture: Picture
    x: int
    y: int
    label: bool  # beside the lines of a flow chart or in its symbols


@dataclass(frozen=True, slots=True)
class _Marks:
    """The connected bits of ink: one row each of x, y, width, height, area; `big` tells drawings, `small` letters."""

    stats: Picture
    labels: Picture
    big: Picture
    small: Picture
    cell: Picture  # the cell that holds it, -1 outside


def cuts_of(page: Prepared, ruling: Ruling, dpi: float) -> list[Cut]:
    point = dpi / 72.0
    grey, text = _without_rules(page, ruling)
    marks = _marks(text, ruling.cells, point)
    if _fade_stamps(grey, text, marks, page.level, point):
        marks = _marks(text, ruling.cells, point)
    cuts: list[Cut] = []
    charts = chart_cells(ruling.cells)
    for k, cell in enumerate(ruling.cells):
        cuts.extend(_of_cell(grey, marks, k, cell, point, page.level, k in charts))
    cuts.extend(_outside(grey, marks, point, page.level))
    return cuts[:MOST_PIECES]


def chart_cells(cells: Sequence[Box]) -> set[int]:
    """The cells (their positions) that stand in rows of as many as tables with a flow chart have."""
    out = set()
    for k, cell in enumerate(cells):
        middle = (cell.top + cell.bottom) / 2
        beside = sum(1 for other in cells if other.top < middle < other.bottom)
        if beside >= CHART_COLUMNS:
            out.add(k)
    return out


def _fade_stamps(grey: Picture, text: Picture, marks: _Marks, level: float, point: float) -> bool:
    """Takes what is lighter than print out of the boxes of large drawings, in place; tells whether there were any."""
    drawings = marks.stats[marks.big]
    drawings = drawings[(drawings[:, 2] > TALLEST_LETTER * point) & (drawings[:, 3] > TALLEST_LETTER * point)]
    more = round(AROUND_STAMP * point)
    for x, y, w, h, _ in drawings.tolist():
        rows, columns = slice(max(y - more, 0), y + h + more), slice(max(x - more, 0), x + w + more)
        part = grey[rows, columns]
        part[:] = _near_cores(part, level, point)
        text[rows, columns][part == 255] = 0
    return len(drawings) > 0


def _near_cores(grey: Picture, level: float, point: float) -> Picture:
    import cv2
    import numpy as np

    core = (grey < level + CORE * (255 - level)).astype("uint8")
    reach = 2 * max(round(STROKE * point), 1) + 1
    near = cv2.dilate(core, np.ones((reach, reach), "uint8"))
    return np.where(near > 0, grey, 255).astype("uint8")


def _without_rules(page: Prepared, ruling: Ruling) -> tuple[Picture, Picture]:
    import cv2
    import numpy as np

    grown = cv2.dilate(ruling.mask, np.ones((3, 3), "uint8"))
    grey = page.grey.copy()
    grey[grown > 0] = 255
    return grey, cv2.bitwise_and(page.ink, cv2.bitwise_not(grown))


def _marks(text: Picture, cells: Sequence[Box], point: float) -> _Marks:
    import cv2
    import numpy as np

    _, labels, stats, _ = cv2.connectedComponentsWithStats(text, connectivity=8)
    stats = stats.astype("int64")
    stats[0] = 0
    width, height = stats[:, 2], stats[:, 3]
    line = ((height <= FLAT * point) | (width <= FLAT * point)) & (np.maximum(width, height) > WIDEST_LETTER * point)
    big = (height > TALLEST_LETTER * point) | line
    wide = (width > WIDEST_LETTER * point) & (stats[:, 4] < 0.22 * width * height)
    big |= wide
    small = ~big & (np.maximum(width, height) >= SMALLEST_MARK * point)
    small[0] = big[0] = False
    where = np.full(text.shape, -1, "int16")
    for k, cell in enumerate(cells):
        where[round(cell.top) : round(cell.bottom), round(cell.x0) : round(cell.x1)] = k
    x = np.minimum(stats[:, 0] + width // 2, text.shape[1] - 1)
    y = np.minimum(stats[:, 1] + height // 2, text.shape[0] - 1)
    return _Marks(stats, labels, big, small, where[y, x])


def _of_cell(
    grey: Picture, marks: _Marks, k: int, cell: Box, point: float, level: float, chart: bool
) -> Iterator[Cut]:
    import numpy as np

    small = np.nonzero(marks.small & (marks.cell == k))[0]
    if not len(small):
        return
    stats = marks.stats
    touching = (
        marks.big
        & (stats[:, 0] < cell.x1)
        & (stats[:, 0] + stats[:, 2] > cell.x0)
        & (stats[:, 1] < cell.bottom)
        & (stats[:, 1] + stats[:, 3] > cell.top)
    )
    if chart and touching.any() and len(small) <= MOST_MARKS:
        for group in _groups(stats[small], LABEL_ACROSS * point, LABEL_DOWN * point):
            cut = _cut(grey, marks, small[group], point, level, True)
            if cut is not None:
                yield cut
        return
    cut = _cut(grey, marks, small, point, level, False)
    if cut is not None:
        yield cut


def _outside(grey: Picture, marks: _Marks, point: float, level: float) -> Iterator[Cut]:
    import numpy as np

    small = np.nonzero(marks.small & (marks.cell == -1))[0]
    for group in _groups(marks.stats[small], APART_ACROSS * point, APART_DOWN * point):
        cut = _cut(grey, marks, small[group], point, level, False)
        if cut is not None:
            yield cut


def _groups(stats: Picture, across: float, down: float) -> list[Picture]:
    """The marks that lie near each other, as lists of positions, from the top."""
    import cv2
    import numpy as np

    if not len(stats):
        return []
    scale = min(4.0 / max(down, 1.0), 1.0)
    left, top = stats[:, 0].min(), stats[:, 1].min()
    width = (stats[:, 0] + stats[:, 2]).max() - left + 2 * across
    height = (stats[:, 1] + stats[:, 3]).max() - top + 2 * down
    paper = np.zeros((int(height * scale) + 3, int(width * scale) + 3), "uint8")
    for x, y, w, h, _ in stats:
        a = (int((x - left + across / 2) * scale), int((y - top + down / 2) * scale))
        b = (int((x + w - left + 1.5 * across) * scale), int((y + h - top + 1.5 * down) * scale))
        cv2.rectangle(paper, a, b, 255, -1)
    _, labels = cv2.connectedComponents(paper)
    x = ((stats[:, 0] + stats[:, 2] / 2 - left + across) * scale).astype("int64")
    y = ((stats[:, 1] + stats[:, 3] / 2 - top + down) * scale).astype("int64")
    owner = labels[np.minimum(y, paper.shape[0] - 1), np.minimum(x, paper.shape[1] - 1)]
    return [np.nonzero(owner == i)[0] for i in np.unique(owner) if i]


def _cut(grey: Picture, marks: _Marks, chosen: Picture, point: float, level: float, label: bool) -> Cut | None:
    """The chosen marks as a picture of their own; None where there is no letter among them."""
    import cv2
    import numpy as np

    stats = marks.stats[chosen]
    tall = stats[:, 3] >= SMALL_LETTER * point
    dash = (stats[:, 2] >= 1.5 * point) & (stats[:, 3] < SMALL_LETTER * point)
    if not (tall.any() or (not label and dash.any())):
        return None
    x0, y0 = int(stats[:, 0].min()), int(stats[:, 1].min())
    x1, y1 = int((stats[:, 0] + stats[:, 2]).max()), int((stats[:, 1] + stats[:, 3]).max())
    # A dot more on each side: letters are softer than their ink.
    x0, y0, x1, y1 = max(x0 - 2, 0), max(y0 - 2, 0), min(x1 + 2, grey.shape[1]), min(y1 + 2, grey.shape[0])
    picture = np.full((y1 - y0 + 2 * MARGIN, x1 - x0 + 2 * MARGIN), 255, "uint8")
    inner = picture[MARGIN:-MARGIN, MARGIN:-MARGIN]
    inner[:] = grey[y0:y1, x0:x1]
    labels = marks.labels[y0:y1, x0:x1]
    if not label and _troubled(marks.stats[np.unique(labels[marks.big[labels]])], point):
        inner[:] = uncovered(grey[y0:y1, x0:x1], level, point)
        return Cut(picture, x0 - MARGIN, y0 - MARGIN, label)
    inner[marks.big[labels]] = 255
    own = np.zeros(len(marks.stats), bool)
    own[chosen] = True
    near = cv2.dilate(own[labels].astype("uint8"), np.ones((5, 5), "uint8"))
    inner[near == 0] = 255
    return Cut(picture, x0 - MARGIN, y0 - MARGIN, label)


# -- under stamps and signatures --------------------------------------------------------------------------------------


def _troubled(drawings: Picture, point: float) -> bool:
    """Whether something larger than letters lies over the piece."""
    least = TALLEST_LETTER * point
    return bool(((drawings[:, 2] > least) & (drawings[:, 3] > least)).any())


def uncovered(grey: Picture, level: float, point: float) -> Picture:
    """The print in a picture without the lighter stamp on it, and without strokes that leave the lines of text."""
    import cv2
    import numpy as np

    out = _near_cores(grey, level, point)
    ink = (out < 255).astype("uint8")
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    stats[0] = 0
    width, height = stats[:, 2], stats[:, 3]
    big = (height > 0.75 * TALLEST_LETTER * point) | (width > 5 * WIDEST_LETTER * point)
    dirt = (np.maximum(width, height) < SMALLEST_MARK * point) | (stats[:, 4] < 0.5 * point * point)
    letters = ~big & (height >= 1.3 * SMALL_LETTER * point)
    bands = _bands(stats[letters], grey.shape[0])
    big[0] = dirt[0] = False
    out[big[labels] & ~bands[:, None]] = 255
    # What is drawn outside the lines of text belongs to the stamp too.
    wide = cv2.dilate(bands.astype("uint8")[:, None], np.ones((2 * int(BESIDE * point) + 1, 1), "uint8"))[:, 0] > 0
    out[~wide] = 255
    out[dirt[labels]] = 255
    return out


def _bands(letters: Picture, rows: int) -> Picture:
    """The rows of dots in which lines of text run."""
    import numpy as np

    change = np.zeros(rows + 1, "int32")
    np.add.at(change, letters[:, 1], 1)
    np.add.at(change, np.minimum(letters[:, 1] + letters[:, 3], rows), -1)
    inside = np.cumsum(change)[:rows] >= LINE_LETTERS
    return inside
