"""Symbols of a flow chart in an image: the areas inside outlines; solid ones come first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from sopparse.readers.areas import ALIKE, LONGEST, Shape, fit, odd, whole
from sopparse.readers.bits import holes
from sopparse.readers.broken import find_outline
from sopparse.readers.outlines import area_of
from sopparse.readers.patterns import HOLLOW_CORNERS, ROUNDED, SOLID_CORNERS, best_pattern, outline_of, patterns
from sopparse.readers.roundness import roundness
from sopparse.readers.solids import solid_shapes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

Point = tuple[float, float]

# All sizes in points. The smallest and the largest inside of a symbol.
SMALLEST_INSIDE = 4.5
HIGHEST_INSIDE = 110.0
# A larger circle is a stamp.
LARGEST_CIRCLE = 42.0
# Pass by pass: gaps in outlines that are closed, how sure a symbol is then, and whether rules are part of its outline.
# Gaps are those of noise, of worn print and crossed rules, of lost lines.
PASSES = ((0.0, 1.0, False), (1.0, 0.97, False), (0.0, 0.85, True), (2.2, 0.9, False), (3.8, 0.75, False))
# A symbol that another one covers in part: by so much of its box; both are of one size, within this factor; how sure.
COVERED, ALIKE_SIZE, BEHIND = (0.1, 0.6), 1.35, 0.7
# So much of an outline is drawn at least: the sides that rules are count, too.
SEEN = 0.82
# Of an outline that is but dots so much is seen, and its gaps are no wider than those that are closed; shaded cells are
# dots, too, and have holes up to this size (points).
DOTTED, LEAST_DOTTED = 0.5, 10.0
# Closing gaps cuts off points: an area may be so much less like its pattern, where so much of the outline is seen.
CUT, SURELY_SEEN = 0.04, 0.9
# Corners this far from the limit between square and round ones leave no doubt; nearer ones so much.
DOUBT, DOUBTED = 0.12, 0.75
# How sure symbols are of which only a pale fill can be seen.
PALE = 0.85
# A fill covers squares of that size (points) and this share of a symbol.
FILL, FILLED = 3.0, 0.5
# The thickest outline.
THICKEST = 3.0
# An area that shares more than this of its rim with other symbols lies between them.
RING_SHARED = 0.12
# Sides of a box go on beyond its corners, if ink lies there for so far: then it is an area between lines.
BEYOND = (1.2, 3.6)


@dataclass(frozen=True, slots=True)
class Print:
    """The image of a chart, sorted; ink is 255. `ink` has no rules and letters, `rules` are those taken out of it.

    `dots` may be the rest of outlines so thin that little was printed, `bridged` is what of rules goes on between parts
    of outlines. `faint` holds everything, the palest ink too, of which `pale` is what may fill a symbol.
    """

    ink: Mask
    dots: Mask
    bridged: Mask
    rules: Mask
    faint: Mask
    pale: Mask


def find_shapes(seen: Print, pixels: float) -> list[Shape]:
    """The symbols; `pixels` are those of one point."""
    import numpy as np

    # Which pixels belong to which symbol, from 1.
    ink, dots, rules = seen.ink, seen.dots, seen.rules
    taken = np.zeros(ink.shape, np.int16)
    shapes: list[Shape] = []
    for shape in solid_shapes(ink, pixels):
        _take(taken, shapes, shape)
    for gap, sure, ruled in PASSES:
        drawn = ink | dots | seen.bridged if gap else ink | seen.bridged
        _hollow(drawn | rules if ruled else drawn, ink, rules, pixels, taken, shapes, gap, sure, ruled)
    _filled(seen, pixels, taken, shapes)
    return _settled(shapes)


def _filled(seen: Print, pixels: float, taken: NDArray[np.int16], shapes: list[Shape]) -> None:
    """Adds symbols of which a pale fill can be seen, where their outlines are lost."""
    import cv2
    import numpy as np

    if not cv2.erode(seen.pale, np.ones((odd(FILL * pixels),) * 2, np.uint8)).any():
        return
    for shape in solid_shapes(seen.faint, pixels):
        x, y, w, h = (int(v) for v in shape.frame)
        fill = cv2.countNonZero(seen.pale[y : y + h, x : x + w])
        if fill >= FILLED * area_of(shape.outline) and not _overlaps(shape, taken):
            _take(taken, shapes, replace(shape, sure=PALE * shape.sure))


def _overlaps(shape: Shape, taken: NDArray[np.int16]) -> bool:
    """Whether a symbol found before stands there."""
    x, y, w, h = (int(v) for v in shape.frame)
    return bool((taken[y : y + h, x : x + w] > 0).mean() > 0.1)


def _settled(shapes: Sequence[Shape]) -> list[Shape]:
    """The boxes with square or with round corners: one limit for all hollow ones, one for all solid ones, where their
    corners differ most."""
    limits = {filled: _limit(shapes, filled) for filled in (False, True)}
    out = []
    for shape in shapes:
        if shape.rounded is not None:
            limit = limits[shape.filled]
            name = "box" if shape.rounded <= limit else "round"
            pattern = next(p for p in patterns() if p.name == name)
            x, y, w, h = shape.frame
            outline = tuple((x + px * w, y + py * h) for px, py in outline_of(pattern, w, h))
            clear = min(abs(shape.rounded - limit) / DOUBT, 1.0)
            sure = shape.sure * (DOUBTED + (1 - DOUBTED) * clear)
            shape = replace(shape, outline=outline, curved=name == "round", sure=sure)
        out.append(shape)
    return out


def _limit(shapes: Sequence[Shape], filled: bool) -> float:
    """How round corners are that are still square."""
    low, high = SOLID_CORNERS if filled else HOLLOW_CORNERS
    values = (s.rounded for s in shapes if s.rounded is not None and s.filled == filled)
    stops = [low, *sorted(value for value in values if low < value < high), high]
    _, limit = max((after - before, (before + after) / 2) for before, after in pairwise(stops))
    return limit


def _take(taken: NDArray[np.int16], shapes: list[Shape], shape: Shape) -> None:
    shapes.append(shape)
    x, y = shape.place
    height, width = shape.mask.shape
    taken[y : y + height, x : x + width][shape.mask > 0] = len(shapes)


# -- hollow ---------------------------------------------------------------------------------------------------------


def _hollow(
    closed: Mask,
    ink: Mask,
    rules: Mask,
    pixels: float,
    taken: NDArray[np.int16],
    shapes: list[Shape],
    gap: float,
    sure: float,
    ruled: bool,
) -> None:
    """Adds the areas that outlines enclose, with gaps up to `gap`; `ruled`: rules are part of the outlines."""
    import cv2
    import numpy as np

    # Thicker lines have no gaps; what they enclose is led back to the lines as they are. Closing gaps first would
    # leave those between ends that miss each other.
    wide = odd(gap * pixels + 0.5)
    thick = np.ones((wide, wide), np.uint8)
    sealed = cv2.dilate(closed, thick) if wide > 1 else closed
    least = max(SMALLEST_INSIDE * pixels - wide + 1, 3.0)
    sized = holes(sealed, least, LONGEST * pixels, HIGHEST_INSIDE * pixels)
    areas = [(int(own.sum()), box, own) for box, own in sized]
    # The small ones first: what lies between symbols and lines is larger than they are.
    for area, (x0, y0, width, height), own in sorted(areas, key=lambda found: (found[0], found[1][1], found[1][0])):
        if area < 0.3 * width * height:
            continue
        pad = round(THICKEST * pixels) + 2 + wide
        view = (slice(max(y0 - pad, 0), y0 + height + pad), slice(max(x0 - pad, 0), x0 + width + pad))
        inside = np.zeros(ink[view].shape, np.uint8)
        inside[y0 - view[0].start :, x0 - view[1].start :][:height, :width] = own
        if wide > 1:
            inside = cv2.dilate(inside, thick) & (closed[view] == 0)
        inside = whole(inside, pixels)
        if _crossed(inside, rules[view]):
            continue
        if _among_symbols(inside, taken[view], pixels):
            shape = None if ruled else _behind(inside, (view[1].start, view[0].start), taken[view], shapes, pixels)
            if shape is not None:
                _take(taken, shapes, shape)
            continue
        if ruled and not _on_one_rule(inside, ink[view], rules[view], pixels):
            continue
        at = (view[1].start, view[0].start)
        shape = _from_inside(inside, at, closed, ink, pixels, sure, gap)
        if shape is not None:
            _take(taken, shapes, shape)


def _among_symbols(inside: Mask, taken: NDArray[np.int16], pixels: float) -> bool:
    """Whether the area overlaps symbols or lies between them."""
    import cv2
    import numpy as np

    if not taken.any():
        return False
    if (taken[inside > 0] > 0).mean() > 0.3:
        return True
    around = cv2.dilate(inside, np.ones((2 * round(pixels) + 3,) * 2, np.uint8))
    counts = np.bincount(taken[(around > 0) & (inside == 0)])
    met = counts[1:][counts[1:] > 0]
    return len(met) > 1 or bool(met.sum() > RING_SHARED * counts.sum())


def _behind(
    inside: Mask, at: tuple[int, int], taken: NDArray[np.int16], shapes: Sequence[Shape], pixels: float
) -> Shape | None:
    """The symbol of which another one, drawn over it, leaves this area to be seen."""
    import cv2
    import numpy as np

    around = cv2.dilate(inside, np.ones((2 * round(pixels) + 3,) * 2, np.uint8))
    met = np.unique(taken[(around > 0) & (taken > 0)])
    if len(met) != 1:
        return None
    front = shapes[int(met[0]) - 1]
    x, y, w, h = cv2.boundingRect(inside)
    fx, fy, fw, fh = front.frame[0] - at[0], front.frame[1] - at[1], *front.frame[2:]
    if not (1 / ALIKE_SIZE <= w / max(fw, 1) <= ALIKE_SIZE and 1 / ALIKE_SIZE <= h / max(fh, 1) <= ALIKE_SIZE):
        return None
    shared = max(min(x + w, fx + fw) - max(x, fx), 0) * max(min(y + h, fy + fh) - max(y, fy), 0) / (w * h)
    if not COVERED[0] <= shared <= COVERED[1]:
        return None
    hidden = (taken[y : y + h, x : x + w] > 0).astype(np.uint8)
    area = inside[y : y + h, x : x + w] & (1 - hidden)
    match = best_pattern(np.asarray(area, np.uint8), hidden)
    pattern, share = match.pattern, match.share
    if share < ALIKE or pattern.name == "triangle":
        return None
    outline = tuple((x + at[0] + px * w, y + at[1] + py * h) for px, py in outline_of(pattern, w, h))
    grown = cv2.dilate(inside, np.ones((2 * round(pixels) + 3,) * 2, np.uint8)) * 255
    frame = (float(x + at[0]), float(y + at[1]), float(w), float(h))
    return Shape(outline, len(outline) > 8, False, at, np.asarray(grown, np.uint8), None, frame, BEHIND * fit(share))


def _crossed(inside: Mask, rules: Mask) -> bool:
    """Whether a level rule can be seen to run through the middle of the area."""
    import numpy as np

    rows = np.flatnonzero(inside.any(axis=1))
    height = len(rows)
    middle = slice(rows[0] + height // 5, rows[-1] + 1 - height // 5)
    across = inside[middle].sum(axis=1)
    seen = ((rules[middle] > 0) & (inside[middle] > 0)).sum(axis=1)
    return bool((seen > 0.6 * np.maximum(across, 1)).any())


def _on_one_rule(inside: Mask, ink: Mask, rules: Mask, pixels: float) -> bool:
    """Whether one side of the area is a rule, or touches one, and the others do not."""
    import cv2
    import numpy as np

    size = odd(1.2 * pixels + 2)
    ring = (cv2.dilate(inside, np.ones((size, size), np.uint8)) > 0) & (inside == 0)
    x, y, w, h = cv2.boundingRect(inside)
    ruled = (rules > 0) & (ink == 0) & ring
    parts = [ruled[:y], ruled[y + h :], ruled[:, :x], ruled[:, x + w :]]
    lengths = [w, w, h, h]
    seen = [int(part.any(axis=0 if k < 2 else 1).sum()) if part.size else 0 for k, part in enumerate(parts)]
    # The ends of a rule beside one side reach around its corners.
    return (
        int(ruled.sum()) > 2 and sum(one > size + 0.1 * length for one, length in zip(seen, lengths, strict=True)) <= 1
    )


def _from_inside(
    inside: Mask, at: tuple[int, int], closed: Mask, ink: Mask, pixels: float, sure: float, gap: float
) -> Shape | None:
    """The symbol with that inside; `closed` is the ink with rules, where they are part of the outline.

    `gap` is how wide the gaps in the outline were that have been closed (points).
    """
    import cv2
    import numpy as np

    bx, by, bw, bh = cv2.boundingRect(inside)
    if min(bw, bh) < SMALLEST_INSIDE * pixels:
        return None
    match = best_pattern(inside[by : by + bh, bx : bx + bw])
    pattern, share = match.pattern, match.share
    if share < ALIKE - (CUT if gap else 0.0) or pattern.name == "triangle":
        return None
    if pattern.name == "ellipse" and min(bw, bh) > LARGEST_CIRCLE * pixels and abs(bw - bh) < 0.15 * bw:
        return None
    around = closed[at[1] : at[1] + inside.shape[0], at[0] : at[0] + inside.shape[1]]
    stroke = _stroke(inside, around, pixels)
    rounded = None
    if pattern.name in ("box", "round") and pattern.radius < ROUNDED:
        rounded = _rounded(inside, (around > 0) | (inside > 0), stroke)
    bx, by = bx + at[0], by + at[1]
    outer = (bx - stroke, by - stroke, bx + bw + stroke, by + bh + stroke)
    if pattern.name not in ("diamond", "ellipse") and _goes_on(ink, outer, stroke, pixels):
        return None
    half = stroke / 2
    outline = tuple(
        (bx - half + px * (bw + stroke), by - half + py * (bh + stroke)) for px, py in outline_of(pattern, bw, bh)
    )
    drawn = find_outline(outline, closed, pixels, gap)
    if drawn.bridged < SEEN or drawn.seen < (SEEN if min(bw, bh) < LEAST_DOTTED * pixels else DOTTED):
        return None
    if share < ALIKE and drawn.seen < SURELY_SEEN:
        return None
    frame = (
        bx - half + drawn.right - drawn.larger,
        by - half + drawn.down - drawn.larger,
        bw + stroke + 2 * drawn.larger,
        bh + stroke + 2 * drawn.larger,
    )
    outline = tuple((frame[0] + px * frame[2], frame[1] + py * frame[3]) for px, py in outline_of(pattern, *frame[2:]))
    grown = cv2.dilate(inside, np.ones((2 * stroke + 3, 2 * stroke + 3), np.uint8)) * 255
    sure *= drawn.seen * match.sure * fit(share)
    return Shape(outline, len(outline) > 8, False, at, np.asarray(grown, np.uint8), rounded, frame, sure)


def _rounded(inside: Mask, covered: NDArray[np.bool_], stroke: int) -> float | None:
    """How round the corners are, at the inner and the outer edge of the outline together."""
    import cv2
    import numpy as np

    x, y, w, h = cv2.boundingRect(inside)
    top, left = max(y - stroke, 0), max(x - stroke, 0)
    outer = roundness(covered[top : y + h + stroke, left : x + w + stroke].astype(np.uint8))
    inner = roundness(inside[y : y + h, x : x + w], stroke)
    return outer if inner is None else inner if outer is None else (inner + outer) / 2


def _stroke(inside: Mask, closed: Mask, pixels: float) -> int:
    """How thick the outline around the area is (pixels): as far as most of the rings around it are ink."""
    import cv2
    import numpy as np

    cross = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
    area = inside
    for k in range(round(THICKEST * pixels)):
        wider = cv2.dilate(area, cross)
        ring = (wider > 0) & (area == 0)
        if not ring.any() or (closed[ring] > 0).mean() < 0.6:
            return max(k, 1)
        area = np.asarray(wider)
    return max(1, round(THICKEST * pixels))


def _goes_on(ink: Mask, outer: tuple[int, int, int, int], stroke: int, pixels: float) -> bool:
    """Whether sides of the box go on beyond two of its corners or more."""
    x0, y0, x1, y1 = outer
    near, far = round(BEYOND[0] * pixels), round(BEYOND[1] * pixels)
    wide = stroke + 1
    corners = 0
    for right in (False, True):
        for low in (False, True):
            cx, cy = (x1 - wide if right else x0 - 1), (y1 - wide if low else y0 - 1)
            level = ink[max(cy, 0) : cy + wide + 1, slice(*((x1 + near, x1 + far) if right else _span(x0, near, far)))]
            upright = ink[slice(*((y1 + near, y1 + far) if low else _span(y0, near, far))), max(cx, 0) : cx + wide + 1]
            if (level.size and (level.max(axis=0) > 0).mean() > 0.8) or (
                upright.size and (upright.max(axis=1) > 0).mean() > 0.8
            ):
                corners += 1
    return corners >= 2


def _span(at: int, near: int, far: int) -> tuple[int, int]:
    return max(at - far, 0), max(at - near, 0)
