"""A page picture to the pieces that are read: a cell, a label in a flow chart, a block of text outside the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sopparse.geometry import Box
from sopparse.readers.bits import labelled
from sopparse.readers.fills import fills_of
from sopparse.readers.image_rules import Ruling
from sopparse.readers.prepare import Picture, Prepared
from sopparse.readers.stamps import Area, fade_stamps, is_print, uncovered

# All lengths in points. Larger than this no letter is: symbols, lines, signatures.
TALLEST_LETTER = 24.0
WIDEST_LETTER = 34.0
# In flow charts nothing is a letter that is so many times as high as most letters of the page: pieces of connectors
# that ruling lines cut.
TALLER = 2.0
USUAL_LETTER = (4.0, 10.0)
# A line of ink: this flat, or this narrow.
FLAT = 2.6
# A rule is no thicker than this where a letter stands across it.
THROUGH = 1.2
# Smaller than this it is a speck.
SMALLEST_MARK = 0.8
# A letter has at least this height; a block without any holds dashes and dots only.
SMALL_LETTER = 3.2
# A lone mark this wide, and so many times wider than high, is a dash: no engine is asked.
DASH = (1.5, 9.0)
DASH_FLAT = 2.2
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


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of the page: its picture, and where its top left corner lies on the page (pixels)."""

    picture: Picture
    x: int
    y: int
    label: bool  # beside the lines of a flow chart or in its symbols
    bare: Picture | None = None  # where something larger than letters lies over it: the piece without that
    said: str | None = None  # what it says, where that is seen without reading
    cell: bool = False  # all that stands in a cell


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

    stamps: tuple[Area, ...]
    level: float
    point: float

    def stamp(self, x0: int, y0: int, x1: int, y1: int) -> bool:
        return any(x < x1 and y < y1 and x + w > x0 and y + h > y0 for x, y, w, h in self.stamps)


def cuts_of(page: Prepared, ruling: Ruling, dpi: float) -> list[Cut]:
    point = dpi / 72.0
    charts = chart_cells(ruling.cells)
    grey, text = _without_rules(page, ruling, dpi)
    stamps = fade_stamps(grey, text, _stamps(grey, text, page.level, point, ruling.cells, charts), page.level, point)
    marks = _marks(text, ruling.cells, charts, point)
    cuts: list[Cut] = []
    under = _Under(tuple(stamps), page.level, point)
    drawn: list[int] = []
    for k, cell in enumerate(ruling.cells):
        if k in charts and _is_drawn(marks, k, cell):
            drawn.append(k)
        else:
            cuts.extend(_of_cell(grey, marks, k, k in charts, under))
    cuts.extend(_labels(grey, marks, drawn, under))
    for picture, x, y in fills_of(page, [ruling.cells[k] for k in sorted(charts)], point):
        cuts.append(Cut(picture, x, y, True))
    cuts.extend(_outside(grey, marks, under))
    return cuts[:MOST_PIECES]


def _stamps(
    grey: Picture, text: Picture, level: float, point: float, cells: Sequence[Box], charts: set[int]
) -> list[Area]:
    """The boxes (x, y, width, height) of drawings larger than letters; in charts only of those lighter than print. A
    copy of half the size shows them."""
    import cv2
    import numpy as np

    half = np.ascontiguousarray(cv2.dilate(text, np.ones((2, 2), "uint8"))[::2, ::2])
    labels, stats = labelled(half)
    large = np.nonzero((2 * stats[:, 2:4] > TALLEST_LETTER * point).all(axis=1))[0]
    out = []
    for k in large[large > 0].tolist():
        x, y, w, h = (int(v) for v in stats[k, :4])
        own = grey[2 * y : 2 * (y + h) : 2, 2 * x : 2 * (x + w) : 2][labels[y : y + h, x : x + w] == k]
        box = Box(2 * x, 2 * y, 2 * (x + w), 2 * (y + h))
        if not (any(_touch(box, cells[i]) for i in charts) and is_print(own, level)):
            out.append((2 * x, 2 * y, 2 * w, 2 * h))
    return out


def _touch(box: Box, cell: Box) -> bool:
    return box.x0 < cell.x1 and cell.x0 < box.x1 and box.top < cell.bottom and cell.top < box.bottom


def chart_cells(cells: Sequence[Box]) -> set[int]:
    """The cells (their positions) that stand in rows of as many as tables with a flow chart have."""
    out = set()
    for k, cell in enumerate(cells):
        middle = (cell.top + cell.bottom) / 2
        beside = sum(1 for other in cells if other.top < middle < other.bottom)
        if beside >= CHART_COLUMNS:
            out.add(k)
    return out


def _without_rules(page: Prepared, ruling: Ruling, dpi: float) -> tuple[Picture, Picture]:
    import cv2
    import numpy as np

    grown = cv2.dilate(ruling.mask, np.ones((3, 3), "uint8"))
    text = cv2.bitwise_and(page.ink, cv2.bitwise_not(grown))
    # A stroke that stands on both sides of a rule goes through it.
    reach = round(THROUGH * dpi / 72) + 3
    both = (cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones(size, "uint8")) for size in ((1, reach), (reach, 1)))
    through = cv2.bitwise_and(cv2.bitwise_or(*both), page.ink)
    return cv2.bitwise_or(page.grey, cv2.bitwise_and(grown, cv2.bitwise_not(through))), through


def _marks(text: Picture, cells: Sequence[Box], charts: set[int], point: float) -> _Marks:
    import numpy as np

    labels, stats = labelled(text)
    stats = stats.astype("int64")
    stats[0] = 0
    width, height = stats[:, 2], stats[:, 3]
    cell = _cells_of(stats, cells, text.shape)
    longest = np.maximum(width, height)
    line = ((height <= FLAT * point) | (width <= FLAT * point)) & (longest > WIDEST_LETTER * point)
    big = (height > TALLEST_LETTER * point) | line
    wide = (width > WIDEST_LETTER * point) & (stats[:, 4] < 0.22 * width * height)
    big |= wide
    # In the cells of charts letters are measured by the other letters of the page.
    letters = height[(height >= SMALL_LETTER * point) & ~big]
    usual = float(np.median(letters)) if len(letters) else USUAL_LETTER[1] * point
    most = TALLER * min(max(usual, USUAL_LETTER[0] * point), USUAL_LETTER[1] * point)
    charted = np.isin(cell, list(charts))
    thin = (np.minimum(width, height) <= FLAT * point) & (width > most)
    big |= charted & ((height > most) | thin)
    small = ~big & (longest >= SMALLEST_MARK * point)
    small[0] = big[0] = False
    return _Marks(stats, labels, big, small, cell)


def _cells_of(stats: Picture, cells: Sequence[Box], shape: tuple[int, int]) -> Picture:
    """The cell that holds the middle of each mark, -1 where none does."""
    import numpy as np

    # A quarter of the size will do.
    where = np.full((shape[0] // 2 + 1, shape[1] // 2 + 1), -1, "int16")
    for k, cell in enumerate(cells):
        where[round(cell.top / 2) : round(cell.bottom / 2), round(cell.x0 / 2) : round(cell.x1 / 2)] = k
    return where[(stats[:, 1] + stats[:, 3] // 2) // 2, (stats[:, 0] + stats[:, 2] // 2) // 2]


def _is_drawn(marks: _Marks, k: int, cell: Box) -> bool:
    """Whether the cell holds a drawing, and no more than its labels."""
    stats = marks.stats
    touching = (
        marks.big
        & (stats[:, 0] < cell.x1)
        & (stats[:, 0] + stats[:, 2] > cell.x0)
        & (stats[:, 1] < cell.bottom)
        & (stats[:, 1] + stats[:, 3] > cell.top)
    )
    return bool(touching.any()) and int((marks.small & (marks.cell == k)).sum()) <= MOST_MARKS


def _of_cell(grey: Picture, marks: _Marks, k: int, chart: bool, under: _Under) -> Iterator[Cut]:
    import numpy as np

    small = np.nonzero(marks.small & (marks.cell == k))[0]
    cut = _cut(grey, marks, small, under, chart) if len(small) else None
    if cut is not None:
        yield replace(cut, cell=True)


def _labels(grey: Picture, marks: _Marks, cells: Sequence[int], under: _Under) -> Iterator[Cut]:
    """What stands beside the lines of a chart: a word may stand across the border of two cells."""
    import numpy as np

    small = np.nonzero(marks.small & np.isin(marks.cell, list(cells)))[0]
    for group in _groups(marks.stats[small], LABEL_ACROSS * under.point, LABEL_DOWN * under.point):
        cut = _cut(grey, marks, small[group], under, True, True)
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
    bare = None
    if not chart and under.stamp(x0, y0, x1, y1):
        bare = picture.copy()
        bare[MARGIN:-MARGIN, MARGIN:-MARGIN] = uncovered(grey[y0:y1, x0:x1], under.level, point)
    inner[marks.big[labels]] = 255
    own = np.zeros(len(marks.stats), bool)
    own[chosen] = True
    near = cv2.dilate(own[labels].astype("uint8"), np.ones((5, 5), "uint8"))
    inner[near == 0] = 255
    said = "-" if bare is None and _is_dash(stats, point) else None
    return Cut(picture, x0 - MARGIN, y0 - MARGIN, label, bare, said)


def _is_dash(stats: Picture, point: float) -> bool:
    if len(stats) != 1:
        return False
    width, height = int(stats[0, 2]), int(stats[0, 3])
    return DASH[0] * point <= width <= DASH[1] * point and width >= DASH_FLAT * height
