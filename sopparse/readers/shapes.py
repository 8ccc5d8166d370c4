"""The flow chart of a page: drawn paths to symbols, connectors and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import hypot

from sopparse.geometry import Box, enclose
from sopparse.page import Drawing, Path, Points, Symbol, Word, Words
from sopparse.readers.arrowheads import Head, open_heads, triangle_head
from sopparse.readers.borders import Borders, borders_of, is_frame, without_rules
from sopparse.readers.connectors import trace
from sopparse.readers.loops import closed_outlines
from sopparse.readers.outlines import (
    Point,
    area_of,
    box_of,
    classify,
    corners,
    inside,
    is_circle,
    middle_lines,
    thin_width,
)
from sopparse.readers.phrases import phrases

# A fill lighter than this without a stroke cannot be seen.
_INVISIBLE = 0.03
# The smallest symbol (points); real ones measure 7.5 x 16 and more, on-page circles from 6.
SMALLEST_SYMBOL = 5.0
# More outlines than this are no flow chart (a page of 25 steps with 3 outlines for each symbol has 100).
MOST_SYMBOLS = 400
# How far drawing may lie outside the table (points).
_MARGIN = 14.0
# Two outlines are one symbol if they share this much of the smaller: fill and stroke, a double line, a shadow.
_SAME_SYMBOL = 0.7
# A circle much smaller than the other symbols is a connector on the page, not a step.
_SMALL_CIRCLE = 0.4


@dataclass(slots=True)
class _Ink:
    """What the paths of a page draw, sorted."""

    outlines: list[Points] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    pieces: list[tuple[Point, Point]] = field(default_factory=list)  # straight, may be rules
    chains: list[list[Point]] = field(default_factory=list)  # with bends
    reads: dict[Points, float] = field(default_factory=dict)  # of outlines that are not quite sure


def find_drawing(paths: Sequence[Path], words: Sequence[Word], cells: Sequence[Box]) -> Drawing:
    """The flow chart drawn over the cells of a table (all cells of that table on the page; none: the whole page).

    Lines on the borders of the cells are no part of it. Words that stand in a symbol are its text, the others labels.
    """
    borders = borders_of(cells)
    area = enclose(cells) if cells else None
    ink = _sort(paths, borders, area)
    ink.pieces = without_rules(ink.pieces, borders)
    ink.chains = [chain for chain in ink.chains if not _on_rules(chain, borders)]
    _close_outlines(ink)
    _take_open_heads(ink)
    symbols = _symbols(ink.outlines, cells, ink.reads)
    pieces = [[a, b] for a, b in ink.pieces if not _swallowed((a, b), symbols)]
    chains = [chain for chain in ink.chains if not _swallowed(chain, symbols)]
    symbols, labels = _with_words(symbols, words)
    connectors = trace(pieces, chains, ink.heads, [symbol.outline for symbol in symbols], borders.hides)
    return Drawing(tuple(symbols), connectors, labels)


# -- sorting --------------------------------------------------------------------------------------------------------


def _sort(paths: Sequence[Path], borders: Borders, area: Box | None) -> _Ink:
    ink = _Ink()
    for path in paths:
        points = path.points
        if len(points) < 2 or (path.darkness < _INVISIBLE and not path.stroked):
            continue
        box = box_of(points)
        if area is not None and (
            box.x0 > area.x1 + _MARGIN
            or box.x1 < area.x0 - _MARGIN
            or box.top > area.bottom + _MARGIN
            or box.bottom < area.top - _MARGIN
        ):
            continue
        if max(box.x1 - box.x0, box.bottom - box.top) < 0.4:
            continue
        first, last = points[0], points[-1]
        loop = len(points) > 3 and abs(first[0] - last[0]) + abs(first[1] - last[1]) <= 0.8
        if path.read < 1:
            ink.reads[points] = path.read
        if path.filled or path.closed or loop:
            _sort_area(points[:-1] if loop else points, box, borders, ink)
        else:
            _sort_line(points, ink)
    return ink


def _sort_area(points: Points, box: Box, borders: Borders, ink: _Ink) -> None:
    if len(points) < 3:
        _sort_line(points, ink)
        return
    width, height = box.x1 - box.x0, box.bottom - box.top
    if len(points) == 4 and min(width, height) <= 3.0 and area_of(points) >= 0.9 * width * height:
        # The commonest of all: a rule or a straight line as a thin rectangle.
        x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        if width >= height:
            ink.pieces.append(((box.x0, y), (box.x1, y)))
        else:
            ink.pieces.append(((x, box.top), (x, box.bottom)))
        return
    head = triangle_head(points)
    if head is not None:
        ink.heads.append(head)
        return
    thin = thin_width(points)
    if thin is not None:
        for line in middle_lines(points, thin):
            _sort_line(tuple(line), ink)
    elif is_frame(box, borders):
        corner = ((box.x0, box.top), (box.x1, box.top), (box.x1, box.bottom), (box.x0, box.bottom))
        ink.pieces.extend((corner[i - 1], corner[i]) for i in range(4))
    elif min(width, height) >= SMALLEST_SYMBOL:
        ink.outlines.append(points)


def _sort_line(points: Points, ink: _Ink) -> None:
    straight = [points[0]]
    for i, point in enumerate(points[1:], 1):
        if hypot(point[0] - straight[-1][0], point[1] - straight[-1][1]) < 0.05 and i < len(points) - 1:
            continue
        if len(straight) > 1 and _flat(straight[-2], straight[-1], point):
            straight.pop()
        straight.append(point)
    if len(straight) == 2:
        if hypot(straight[1][0] - straight[0][0], straight[1][1] - straight[0][1]) > 0.3:
            ink.pieces.append((straight[0], straight[1]))
    elif len(straight) > 2:
        ink.chains.append(straight)


def _flat(a: Point, b: Point, c: Point) -> bool:
    """Whether b lies straight between a and c."""
    ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]
    return abs(ux * vy - uy * vx) <= 0.02 * hypot(ux, uy) * hypot(vx, vy) and ux * vx + uy * vy >= 0


def _on_rules(chain: list[Point], borders: Borders) -> bool:
    """Whether a bent line is only the frame of cells."""
    for a, b in pairwise(chain):
        found = borders.along(a, b)
        if found is None:
            return False
        upright, _, stretch = found
        if not (borders.at_joint(upright, stretch[0]) and borders.at_joint(upright, stretch[1])):
            return False
    return True


def _take_open_heads(ink: _Ink) -> None:
    lines: list[Points] = [*ink.pieces, *(tuple(chain) for chain in ink.chains)]
    heads, used = open_heads(lines)
    ink.heads.extend(heads)
    count = len(ink.pieces)
    ink.pieces = [piece for i, piece in enumerate(ink.pieces) if i not in used]
    ink.chains = [chain for i, chain in enumerate(ink.chains) if i + count not in used]


# -- outlines -------------------------------------------------------------------------------------------------------


def _close_outlines(ink: _Ink) -> None:
    """Takes the lines that are sides of one outline out of the lines."""
    outlines, used = closed_outlines([list(piece) for piece in ink.pieces] + ink.chains)
    ink.outlines.extend(outlines)
    count = len(ink.pieces)
    ink.pieces = [piece for i, piece in enumerate(ink.pieces) if i not in used]
    ink.chains = [chain for i, chain in enumerate(ink.chains) if i + count not in used]


def _symbols(outlines: Sequence[Points], cells: Sequence[Box], reads: Mapping[Points, float]) -> list[Symbol]:
    """One symbol for each group of outlines that cover each other, from the largest outline that is no background."""
    found: list[tuple[float, Box, Points]] = []
    for points in outlines:
        box = box_of(points)
        if min(box.x1 - box.x0, box.bottom - box.top) < SMALLEST_SYMBOL or any(_holds(box, cell) for cell in cells):
            continue
        found.append(((box.x1 - box.x0) * (box.bottom - box.top), box, points))
    found.sort(key=lambda one: -one[0])
    del found[MOST_SYMBOLS:]
    kept: list[tuple[float, Box, Points]] = []
    for area, box, points in found:
        if any(_shared(box, other) > _SAME_SYMBOL * area for _, other, _ in kept):
            continue
        kept.append((area, box, points))
    kept.sort(key=lambda one: (one[1].top, one[1].x0))
    symbols = [
        Symbol(classify(points), box, tuple(corners(points, 0.05)), read=reads.get(points, 1.0))
        for _, box, points in kept
    ]
    return _small_circles(symbols)


def _holds(box: Box, cell: Box) -> bool:
    return box.x0 <= cell.x0 + 1 and box.top <= cell.top + 1 and box.x1 >= cell.x1 - 1 and box.bottom >= cell.bottom - 1


def _shared(one: Box, other: Box) -> float:
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return width * height if width > 0 and height > 0 else 0.0


def _small_circles(symbols: list[Symbol]) -> list[Symbol]:
    circles = [i for i, s in enumerate(symbols) if s.kind == "terminator" and is_circle(s.outline)]
    others = sorted(area_of(s.outline) for i, s in enumerate(symbols) if i not in circles)
    if not circles or not others:
        return symbols
    limit = _SMALL_CIRCLE * others[len(others) // 2]
    return [
        replace(s, kind="on-page") if i in circles and area_of(s.outline) < limit else s for i, s in enumerate(symbols)
    ]


def _swallowed(points: Sequence[Point], symbols: Sequence[Symbol]) -> bool:
    """Whether a line lies within one symbol or on its edge: an inner line, a second stroke."""
    for symbol in symbols:
        box = symbol.box
        if all(box.x0 - 1.2 <= x <= box.x1 + 1.2 and box.top - 1.2 <= y <= box.bottom + 1.2 for x, y in points):
            return True
    return False


# -- words ----------------------------------------------------------------------------------------------------------


def _with_words(symbols: list[Symbol], words: Sequence[Word]) -> tuple[list[Symbol], tuple[Words, ...]]:
    texts: list[list[Word]] = [[] for _ in symbols]
    free = []
    for word in words:
        if word.box is None:
            continue
        x, y = (word.box.x0 + word.box.x1) / 2, (word.box.top + word.box.bottom) / 2
        for symbol, text in zip(symbols, texts, strict=True):
            box = symbol.box
            if box.x0 <= x <= box.x1 and box.top <= y <= box.bottom and inside(x, y, symbol.outline):
                text.append(word)
                break
        else:
            free.append(word)
    filled = [replace(s, words=tuple(t)) if t else s for s, t in zip(symbols, texts, strict=True)]
    return filled, phrases(free)
