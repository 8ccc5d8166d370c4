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
BODY = 0.42
STROKE = 0.5
# Letters on one line, this many, tell where print is.
LINE_LETTERS = 5
BASELINE = 1.2
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
    stamped: bool = False  # something larger than letters lies over it


@dataclass(frozen=True, slots=True)
class _Marks:
    """The connected bits of ink: one row each of x, y, width, height, area; `big` tells drawings, `small` letters."""

    stats: Picture
    labels: Picture
    big: Picture
    small: Picture
    cell: Picture  # the cell that holds it, -1 outside


@dataclass(frozen=True, slots=True)
class _Under:
    """What lies over the print of a page: boxes of large drawings (pixels); `point` is pixels per point."""

    stamps: tuple[tuple[int, int, int, int], ...]
    level: float
    point: float

    def stamp(self, x0: int, y0: int, x1: int, y1: int) -> bool:
        return any(x < x1 and y < y1 and x + w > x0 and y + h > y0 for x, y, w, h in self.stamps)


def cuts_of(page: Prepared, ruling: Ruling, dpi: float) -> list[Cut]:
    point = dpi / 72.0
    grey, text = _without_rules(page, ruling)
    marks = _marks(text, ruling.cells, point)
    stamps = _fade_stamps(grey, text, marks, page.level, point)
    if stamps:
        marks = _marks(text, ruling.cells, point)
    cuts: list[Cut] = []
    under = _Under(tuple(stamps), page.level, point)
    charts = chart_cells(ruling.cells)
    for k, cell in enumerate(ruling.cells):
        cuts.extend(_of_cell(grey, marks, k, cell, k in charts, under))
    cuts.extend(_outside(grey, marks, under))
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


def _fade_stamps(
    grey: Picture, text: Picture, marks: _Marks, level: float, point: float
) -> list[tuple[int, int, int, int]]:
    """Takes what is lighter than print out of the boxes of large drawings, in place; their boxes."""
    drawings = marks.stats[marks.big]
    drawings = drawings[(drawings[:, 2] > TALLEST_LETTER * point) & (drawings[:, 3] > TALLEST_LETTER * point)]
    more = round(AROUND_STAMP * point)
    for x, y, w, h, _ in drawings.tolist():
        rows, columns = slice(max(y - more, 0), y + h + more), slice(max(x - more, 0), x + w + more)
        part = grey[rows, columns]
        part[:] = _near_cores(part, level, point)
        text[rows, columns][part == 255] = 0
    return [(x - more, y - more, w + 2 * more, h + 2 * more) for x, y, w, h, _ in drawings.tolist()]


def _near_cores(grey: Picture, level: float, point: float) -> Picture:
    import cv2
    import numpy as np

    core = (grey < level + CORE * (255 - level)).astype("uint8")
    reach = 2 * max(round(STROKE * point), 1) + 1
    near = cv2.dilate(core, np.ones((reach, reach), "uint8"))
    strokes = cv2.bitwise_and(near, (grey < level + BODY * (255 - level)).astype("uint8"))
    # The soft edges of letters stay.
    return np.where(cv2.dilate(strokes, np.ones((3, 3), "uint8")) > 0, grey, 255).astype("uint8")


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


def _of_cell(grey: Picture, marks: _Marks, k: int, cell: Box, chart: bool, under: _Under) -> Iterator[Cut]:
    import numpy as np

    point = under.point
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
            cut = _cut(grey, marks, small[group], under, True, True)
            if cut is not None:
                yield cut
        return
    cut = _cut(grey, marks, small, under, chart)
    if cut is not None:
        yield cut


def _outside(grey: Picture, marks: _Marks, under: _Under) -> Iterator[Cut]:
    import numpy as np

    point = under.point
    small = np.nonzero(marks.small & (marks.cell == -1))[0]
    for group in _groups(marks.stats[small], APART_ACROSS * point, APART_DOWN * point):
        cut = _cut(grey, marks, small[group], under, False)
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


def _cut(grey: Picture, marks: _Marks, chosen: Picture, under: _Under, chart: bool, label: bool = False) -> Cut | None:
    """The chosen marks as a picture of their own; None where there is no letter among them."""
    import cv2
    import numpy as np

    point = under.point
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
    if not chart and under.stamp(x0, y0, x1, y1):
        inner[:] = uncovered(grey[y0:y1, x0:x1], under.level, point)
        return Cut(picture, x0 - MARGIN, y0 - MARGIN, label, True)
    inner[marks.big[labels]] = 255
    own = np.zeros(len(marks.stats), bool)
    own[chosen] = True
    near = cv2.dilate(own[labels].astype("uint8"), np.ones((5, 5), "uint8"))
    inner[near == 0] = 255
    return Cut(picture, x0 - MARGIN, y0 - MARGIN, label)


# -- under stamps and signatures --------------------------------------------------------------------------------------


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
