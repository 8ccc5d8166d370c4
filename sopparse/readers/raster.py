"""The flow chart in the image of a page, as the paths that a drawing program would have written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sopparse.geometry import Box, enclose
from sopparse.page import Path
from sopparse.readers.areas import Shape, median, odd, straight
from sopparse.readers.bits import labelled
from sopparse.readers.bridges import bridges
from sopparse.readers.contours import Print, find_shapes
from sopparse.readers.rings import without_rings
from sopparse.readers.rule_heads import heads_on_rules
from sopparse.readers.strokes import Stroke, find_strokes, without_heads

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

# All sizes in points. How far beyond the cells is looked.
MARGIN = 10.0
# How far a rule may lie from the border of its cell, and how thick it may be.
ASIDE = 3.0
THICKEST_RULE = 2.4
# A rule is found in runs of this length, or of this share of a shorter border, with gaps up to `WORN`.
RULE_RUN = 8.0
RULE_SHARE = 0.4
WORN = 1.2
# A line that crosses a rule can be seen for so far on both sides.
CROSSING = 1.0
# An end this near to a rule lies on it.
AT_RULE = 1.4
# Letters are no larger than this; a line is longer than `LONG` and thinner than `THIN`.
LETTER = 14.0
LONG, THIN = 8.0, 1.8
# Letters in and beside charts are rarely larger than this.
SMALL_LETTER = 6.5
# Pieces of touching letters are shorter than this.
IN_WORD = 12.0
# Beside ink, so near, paper is pale.
EDGES = 0.5
# Dirt covers no more than this (square points).
DIRT = 0.3


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruling line along the border of a cell (pixels): its middle is at `start + slope * along`."""

    upright: bool
    low: int
    high: int
    start: float
    slope: float
    thick: float

    def at(self, along: float) -> float:
        return self.start + self.slope * along


def trace(binary: Mask, faint: Mask, cells: Sequence[Box], words: Sequence[Box], scale: float) -> tuple[Path, ...]:
    """The symbols, lines and arrowheads over these cells; rules on the borders of the cells and words are left out.

    `binary` is an upright page with ink = 255, `faint` the same with lighter ink and pale fills; cells and words are
    boxes in its pixels, `scale` is points per pixel.
    The paths are in points: closed outlines for symbols, filled triangles for heads, straight open pieces for lines.
    """
    import numpy as np

    if not cells or not binary.size:
        return ()
    pixels = 1 / scale
    area = enclose(cells)
    margin = MARGIN * pixels
    x0, y0 = int(max(area.x0 - margin, 0)), int(max(area.top - margin, 0))
    x1, y1 = int(min(area.x1 + margin, binary.shape[1])), int(min(area.bottom + margin, binary.shape[0]))
    if x1 - x0 < 8 or y1 - y0 < 8:
        return ()
    ink = np.ascontiguousarray(binary[y0:y1, x0:x1])
    inner = [_moved(cell, x0, y0) for cell in cells]
    rules = find_rules(ink, inner, pixels)
    plain = without_rules(ink, rules, pixels)
    ruled = ink & ~plain
    near = [_moved(word, x0, y0) for word in words]
    plain, dots = without_words(plain, near, pixels)
    plain = without_rings(plain, pixels)
    bridged = bridges(ruled, plain | dots, rules, pixels)
    paler = np.ascontiguousarray(faint[y0:y1, x0:x1])
    shapes = find_shapes(Print(plain, dots, bridged, ruled, paler, _fills(paler, ink, near, pixels)), pixels)
    bare = without_shapes(plain, shapes)
    lines = without_letters(bare, shapes, pixels)
    strokes = find_strokes(lines, pixels, lambda stroke: _to_rules(stroke, rules, pixels) != stroke)
    strokes = [_to_rules(stroke, rules, pixels) for stroke in strokes if not _in_word(stroke, near, pixels)]
    strokes = without_heads([*strokes, *heads_on_rules(bare | ruled, rules, pixels)], pixels)
    return tuple(_paths(shapes, strokes, (x0, y0), scale))


def _in_word(stroke: Stroke, words: Sequence[Box], pixels: float) -> bool:
    """Whether a short piece lies within a word: letters that touch each other or a line."""
    if stroke.length > IN_WORD * pixels:
        return False
    xs, ys = [x for x, _ in stroke.ends], [y for _, y in stroke.ends]
    return any(
        word.x0 - pixels <= min(xs)
        and max(xs) <= word.x1 + pixels
        and word.top - pixels <= min(ys)
        and max(ys) <= word.bottom + pixels
        for word in words
    )


def _moved(box: Box, x: float, y: float) -> Box:
    return Box(box.x0 - x, box.top - y, box.x1 - x, box.bottom - y)


def _paths(shapes: Sequence[Shape], strokes: Sequence[Stroke], at: tuple[int, int], scale: float) -> list[Path]:
    def placed(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
        return tuple((round((x + at[0]) * scale, 2), round((y + at[1]) * scale, 2)) for x, y in points)

    out = [
        Path(placed(s.outline), True, stroked=not s.filled, filled=s.filled, curved=s.curved, read=round(s.sure, 3))
        for s in shapes
    ]
    for stroke in strokes:
        out.append(Path(placed(stroke.ends), closed=False, stroked=True, filled=False))
        out += [
            Path(placed(head), closed=True, stroked=False, filled=True) for head in stroke.heads if head is not None
        ]
    return out


# -- rules ----------------------------------------------------------------------------------------------------------


def find_rules(ink: Mask, cells: Sequence[Box], pixels: float) -> list[Rule]:
    """The rules that can be seen along the borders of the cells."""
    import cv2
    import numpy as np

    turned = np.asarray(cv2.transpose(ink), np.uint8)
    area = enclose(cells)
    margin = (MARGIN + 1.0) * pixels
    sides: dict[tuple[bool, int, int, int], tuple[bool, float, float, float]] = {}
    for cell in cells:
        for upright, at, low, high in (
            (False, cell.top, cell.x0, cell.x1),
            (False, cell.bottom, cell.x0, cell.x1),
            (True, cell.x0, cell.top, cell.bottom),
            (True, cell.x1, cell.top, cell.bottom),
        ):
            key = (upright, round(at / pixels), round(low / pixels), round(high / pixels))
            sides.setdefault(key, (upright, at, low, high))

    def beyond(value: float, edges: tuple[float, float]) -> float:
        """Rules go on beyond the cells that are looked at."""
        return value - margin if value <= edges[0] + pixels else value + margin if value >= edges[1] - pixels else value

    for key, (upright, at, low, high) in sides.items():
        edges = (area.top, area.bottom) if upright else (area.x0, area.x1)
        sides[key] = (upright, at, beyond(low, edges), beyond(high, edges))
    found = [_rule(turned if side[0] else ink, *side, pixels) for side in sides.values()]
    return [rule for rule in found if rule is not None]


def _rule(picture: Mask, upright: bool, at: float, low: float, high: float, pixels: float) -> Rule | None:
    import cv2
    import numpy as np

    aside = ASIDE * pixels
    top, bottom = max(round(at - aside), 0), min(round(at + aside) + 1, picture.shape[0])
    left, right = max(round(low - pixels), 0), min(round(high + pixels) + 1, picture.shape[1])
    if bottom - top < 2 or right - left < 4:
        return None
    band = picture[top:bottom, left:right]
    gap, size = odd(WORN * pixels + 0.5), odd(min(RULE_RUN * pixels, RULE_SHARE * (right - left)))
    runs = cv2.morphologyEx(band, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    opened = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((1, max(size, 3)), np.uint8))
    line = np.asarray(opened > 0, bool)
    across = line.sum(axis=1)
    if not across.any():
        return None
    # The strongest row, nearer ones first; beside it only what a slight slope and the thickness explain.
    rows = np.arange(top, bottom)
    peak = int(np.argmax(across * (1 - 0.12 * np.abs(rows - at) / pixels)))
    near = np.abs(np.arange(len(rows)) - peak) <= 1.6 * pixels
    line &= near[:, None]
    # Whole numbers of this size are exact in floats, which are multiplied much faster.
    counts, sums = (np.stack((np.ones(len(rows)), rows)).astype("f4") @ line.astype("f4")).astype("f8")
    along = np.flatnonzero((counts > 0) & (counts <= THICKEST_RULE * pixels))
    if len(along) < 0.15 * len(counts):
        return None
    middle = sums[along] / counts[along]
    thick = median(counts[along])
    slope, start = 0.0, median(middle)
    if len(along) > 20 * pixels:
        good = np.abs(middle - start) <= 1.5 * pixels
        slope, start = straight(along[good], middle[good])
    return Rule(upright, left, right, start - slope * left + 0.5, slope, thick)


def without_rules(ink: Mask, rules: Sequence[Rule], pixels: float) -> Mask:
    """The ink without the rules; where something crosses a rule it stays whole."""
    import cv2
    import numpy as np

    if not rules:
        return ink
    masks = []
    for upright in (False, True):
        mask = np.zeros_like(ink)
        for rule in rules:
            if rule.upright == upright:
                half = rule.thick / 2 + 1.0
                corners: list[tuple[float, float]] = [
                    (rule.low, rule.at(rule.low) - half),
                    (rule.high, rule.at(rule.high) - half),
                    (rule.high, rule.at(rule.high) + half),
                    (rule.low, rule.at(rule.low) + half),
                ]
                if upright:
                    corners = [(y, x) for x, y in corners]
                points = np.round((np.array(corners) - 0.5) * 16).astype(np.int32)
                cv2.fillPoly(mask, [points], 255, shift=4)
        masks.append(mask)
    level, upright_ = masks
    plain = ink & ~(level | upright_)
    thick = float(np.percentile([rule.thick for rule in rules], 90))
    reach, seen = odd(thick + 5), max(3, odd(CROSSING * pixels))
    for mask, other, tall in ((level, upright_, True), (upright_, level, False)):
        ends = cv2.morphologyEx(plain, cv2.MORPH_OPEN, np.ones((seen, 1) if tall else (1, seen), np.uint8))
        joined = cv2.morphologyEx(ends, cv2.MORPH_CLOSE, np.ones((reach, 1) if tall else (1, reach), np.uint8))
        plain = plain | (np.asarray(joined, np.uint8) & mask & ~other)
    return np.asarray(plain, np.uint8)


def _to_rules(stroke: Stroke, rules: Sequence[Rule], pixels: float) -> Stroke:
    """The stroke, led on to the middle of a rule where it ends beside it: it may run on along the rule."""
    ends = list(stroke.ends)
    upright = abs(ends[0][0] - ends[1][0]) < abs(ends[0][1] - ends[1][1])
    for which in (0, 1):
        if stroke.heads[which] is not None:
            continue
        x, y = ends[which]
        along, across = (x, y) if upright else (y, x)
        for rule in rules:
            if rule.upright == upright or not rule.low <= along <= rule.high:
                continue
            middle = rule.at(along)
            if abs(across - middle) <= rule.thick / 2 + AT_RULE * pixels:
                ends[which] = (x, middle) if upright else (middle, y)
                break
    return Stroke((ends[0], ends[1]), stroke.heads)


# -- words ----------------------------------------------------------------------------------------------------------


def without_shapes(ink: Mask, shapes: Sequence[Shape]) -> Mask:
    out = ink.copy()
    for shape in shapes:
        x, y = shape.place
        height, width = shape.mask.shape
        out[y : y + height, x : x + width] &= ~shape.mask
    return out


def _fills(faint: Mask, ink: Mask, words: Sequence[Box], pixels: float) -> Mask:
    """Pale ink that is more than the edges of darker ink and of words."""
    import cv2
    import numpy as np

    pale = faint & ~np.asarray(cv2.dilate(ink, np.ones((odd(EDGES * pixels + 1),) * 2, np.uint8)), np.uint8)
    for word in words:
        x0, y0, x1, y1 = (max(round(v), 0) for v in (word.x0, word.top, word.x1, word.bottom))
        pale[y0:y1, x0:x1] = 0
    return pale


def without_letters(ink: Mask, shapes: Sequence[Shape], pixels: float) -> Mask:
    """The ink without small remains that are no part of a line and touch no symbol: letters that nobody read."""
    import cv2
    import numpy as np

    labels, stats = labelled(ink)
    long, short = np.maximum(stats[:, 2], stats[:, 3]), np.minimum(stats[:, 2], stats[:, 3])
    gone = (long <= SMALL_LETTER * pixels) & (long < 4 * short)
    gone[0] = False
    for shape in shapes:
        x, y = shape.place
        height, width = shape.mask.shape
        window = labels[max(y - 2, 0) : y + height + 2, max(x - 2, 0) : x + width + 2]
        rim = cv2.dilate(cv2.copyMakeBorder(shape.mask, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=0), np.ones((5, 5)))
        rim = rim[2 - min(y, 2) :, 2 - min(x, 2) :][: window.shape[0], : window.shape[1]]
        gone[np.unique(window[rim > 0])] = False
    if not gone.any():
        return ink
    table = np.where(gone, 0, 255).astype(np.uint8)
    table[0] = 0
    return np.asarray(np.take(table, labels), np.uint8)


def without_words(ink: Mask, words: Sequence[Box], pixels: float) -> tuple[Mask, Mask]:
    """The ink without dots, and without the letters in these boxes: what reaches out of a box is no letter; the dots.

    Dots are dirt, or what is left of thin lines.
    """
    import numpy as np

    labels, stats = labelled(ink)
    x, y, w, h, area = (stats[:, k] for k in range(5))
    tiny = area <= max(2.0, DIRT * pixels * pixels)
    gone = tiny.copy()
    small = (np.maximum(w, h) <= LETTER * pixels) & ~(
        (np.maximum(w, h) > LONG * pixels) & (np.minimum(w, h) < THIN * pixels)
    )
    slack = 0.8 * pixels
    for word in words:
        if word.x1 < 0 or word.bottom < 0 or word.x0 > ink.shape[1] or word.top > ink.shape[0]:
            continue
        gone |= (
            small
            & (x >= word.x0 - slack)
            & (x + w <= word.x1 + slack)
            & (y >= word.top - slack)
            & (y + h <= word.bottom + slack)
        )
    gone[0] = tiny[0] = False
    if not gone.any():
        return ink, np.zeros_like(ink)
    # 1 for what stays, 2 for dots.
    table = np.where(tiny, 2, np.where(gone, 0, 1)).astype(np.uint8)
    table[0] = 0
    kinds = np.take(table, labels)
    return np.asarray(kinds == 1, np.uint8) * 255, np.asarray(kinds == 2, np.uint8) * 255
