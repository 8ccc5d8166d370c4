"""Lines of a flow chart in an image: straight pieces and the arrowheads on their ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, hypot
from typing import TYPE_CHECKING

from sopparse.readers.areas import median, odd, straight
from sopparse.readers.bits import bits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

Point = tuple[float, float]

# All sizes in points. The shortest piece along an axis, and the gaps in it that are closed.
SHORTEST = 3.6
GAP = 1.3
# A line along an axis leaves it by no more than this on each side.
LEAN = 3.0
# The shortest slanting line; shorter ones are letters and dirt.
SHORTEST_SLANTING = 9.0
# A piece alone that is no longer than this is a letter.
ALONE = 6.5
# Where arrowheads are looked for: before and behind the end of a line, and to its sides.
BEFORE, BEHIND, BESIDE = 2.0, 13.0, 6.0
SHORTEST_HEAD, LONGEST_HEAD = 1.6, 11.5
# The back of a head is no narrower.
LEAST_BACK = 1.6
# Heads of bold lines: how long they may stay as wide as their back, as a share of the rest; how wide the tip may be.
BOLD, SHOULDER, BLUNT = 1.7, 0.8, 0.8
# So far behind the back of a head the line alone is seen.
HEAD_APART = 1.5


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight piece from one end to the other (pixels), and the triangles of its heads, tip first."""

    ends: tuple[Point, Point]
    heads: tuple[tuple[Point, Point, Point] | None, tuple[Point, Point, Point] | None] = (None, None)

    @property
    def length(self) -> float:
        (ax, ay), (bx, by) = self.ends
        return hypot(bx - ax, by - ay)


def find_strokes(ink: Mask, pixels: float, held: Callable[[Stroke], bool]) -> list[Stroke]:
    """The lines in an image of ink (255) without rules, symbols and words; `pixels` are those of one point.

    `held` says whether a short piece that no line is near is one all the same, because it ends at a rule.
    """
    import cv2
    import numpy as np

    thick = _thickness(ink, pixels)
    size = odd(max(SHORTEST * pixels, 2.2 * thick, 3.0))
    rest = ink.copy()
    found: list[tuple[Point, Point]] = []
    for upright in (False, True):
        picture = np.asarray(cv2.transpose(ink), np.uint8) if upright else ink
        runs = _runs(picture, size, odd(GAP * pixels + 0.5))
        pieces = _pieces(runs, pixels)
        found += [((ay, ax), (by, bx)) for (ax, ay), (bx, by) in pieces] if upright else pieces
        rest &= ~np.asarray(cv2.dilate(runs.T if upright else runs, np.ones((3, 3), np.uint8)), np.uint8)
    found += _slanting(rest, pixels, thick)
    strokes = [
        _one_head(Stroke(ends, (_head(ink, ends, 0, thick, pixels), _head(ink, ends, 1, thick, pixels))))
        for ends in found
    ]
    return _no_letters(without_heads(strokes, pixels), pixels, held)


def _thickness(ink: Mask, pixels: float) -> float:
    """The usual thickness of lines (pixels)."""
    import cv2
    import numpy as np

    out: list[float] = []
    long = odd(8 * pixels)
    for kernel in (np.ones((1, long), np.uint8), np.ones((long, 1), np.uint8)):
        runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)
        out += [cv2.countNonZero(bit.of(runs).view("uint8")) / max(bit.width, bit.height) for bit in bits(runs)]
    return float(np.median(out)) if out else 0.75 * pixels


def _runs(picture: Mask, size: int, gap: int) -> Mask:
    """What is left of the ink in level runs of at least `size`."""
    import cv2
    import numpy as np

    closed = cv2.morphologyEx(picture, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, size), np.uint8)), np.uint8)


def _pieces(runs: Mask, pixels: float) -> list[tuple[Point, Point]]:
    import numpy as np

    out: list[tuple[Point, Point]] = []
    for bit in bits(runs):
        x, y, w, h = bit.x, bit.y, bit.width, bit.height
        window = bit.of(runs)
        counts = window.sum(axis=0)
        # Where the line meets a thick one, its middle is not seen; what lies beside it is no part of it.
        along = np.flatnonzero((counts > 0) & (counts <= 1.5 * median(counts[counts > 0]) + 1))
        rows = (window * np.arange(h)[:, None]).sum(axis=0)[along] / counts[along]
        near = np.abs(rows - median(rows)) <= LEAN * pixels
        along, rows = along[near], rows[near]
        if not len(along):
            continue
        slope, start = 0.0, median(rows)
        if w > 12 * pixels:
            slope, start = straight(along, rows)
            if abs(slope) * w < 0.5 * pixels:
                slope, start = 0.0, median(rows)
        place = np.arange(w)
        middle = np.clip(np.round(start + slope * place), 0, h - 1).astype(int)
        seen = np.flatnonzero(
            window[middle, place]
            | window[np.maximum(middle - 1, 0), place]
            | window[np.minimum(middle + 1, h - 1), place]
        )
        low, high = (int(seen[0]), int(seen[-1]) + 1) if len(seen) else (0, w)
        out.append(((x + low, y + start + slope * low + 0.5), (x + high, y + start + slope * high + 0.5)))
    return out


def _slanting(rest: Mask, pixels: float, thick: float) -> list[tuple[Point, Point]]:
    """Long thin remains: the middle of their narrowest box."""
    import cv2
    import numpy as np

    out: list[tuple[Point, Point]] = []
    for bit in bits(rest):
        if max(bit.width, bit.height) < 0.7 * SHORTEST_SLANTING * pixels:
            continue
        ys, xs = np.nonzero(bit.of(rest))
        if len(xs) < SHORTEST_SLANTING * pixels * 0.5 * thick:
            continue
        (cx, cy), (one, two), angle = cv2.minAreaRect(np.column_stack((xs + bit.x, ys + bit.y)).astype(np.float32))
        long, short = max(one, two), min(one, two)
        if long < SHORTEST_SLANTING * pixels or short > max(2.2 * thick + 2, 0.04 * long):
            continue
        turn = np.deg2rad(angle if one >= two else angle + 90)
        dx, dy = float(np.cos(turn)) * long / 2, float(np.sin(turn)) * long / 2
        out.append(((cx - dx + 0.5, cy - dy + 0.5), (cx + dx + 0.5, cy + dy + 0.5)))
    return out


# -- heads ----------------------------------------------------------------------------------------------------------


def _head(
    ink: Mask, ends: tuple[Point, Point], which: int, thick: float, pixels: float
) -> tuple[Point, Point, Point] | None:
    """The arrowhead at an end, by how wide the ink is along the line: narrow, wider and wider, then a line again."""
    import cv2
    import numpy as np

    (x, y), (px, py) = ends[which], ends[1 - which]
    length = hypot(px - x, py - y)
    if length < 2.2 * pixels:
        return None
    dx, dy = (px - x) / length, (py - y) / length
    before, behind, side = round(BEFORE * pixels), round(BEHIND * pixels), round(BESIDE * pixels)
    # Columns run along the line, from before its end to behind it; the line is the middle row.
    place = np.array(
        [
            [dx, -dy, x - 0.5 - before * dx + side * dy],
            [dy, dx, y - 0.5 - before * dy - side * dx],
        ]
    )
    patch = cv2.warpAffine(
        ink, place, (before + behind + 1, 2 * side + 1), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    # Without ink as far aside as the least head reaches there is none.
    aside = ceil((LEAST_BACK * pixels - 1) / 2)
    if (patch[: side - aside + 1] <= 127).all() and (patch[side + aside :] <= 127).all():
        return None
    low, high = _sides((patch > 127).astype(np.uint8), side, before, round(0.8 * pixels))
    total = low + high + 1.0
    limit = 2 * side - 2
    bad = (np.abs(low - high) > 0.3 * total + 0.4 * pixels) | (low >= side - 1) | (high >= side - 1) | (total > limit)
    width = np.where(bad, np.nan, total)[before:]
    return _triangle(width, (x, y), (dx, dy), thick, pixels, length)


def _sides(patch: Mask, middle: int, end: int, start: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far the ink of the line reaches to either side of its middle, column by column."""
    import cv2
    import numpy as np

    count, labels = cv2.connectedComponents(patch)
    axis = labels[middle - 1 : middle + 2, end + start :]
    wanted = np.zeros(count, bool)
    wanted[axis] = True
    wanted[0] = False
    own = wanted[labels]
    distance = np.arange(patch.shape[0])[:, None] - middle
    low = np.where(own & (distance <= 0), -distance, 0).max(axis=0)
    high = np.where(own & (distance >= 0), distance, 0).max(axis=0)
    return low.astype(float), high.astype(float)


def _triangle(
    width: NDArray[np.float64], at: Point, inward: Point, thick: float, pixels: float, length: float
) -> tuple[Point, Point, Point] | None:
    import numpy as np

    first, last = round(0.8 * pixels), min(len(width), round(LONGEST_HEAD * pixels), int(length) + 2)
    if last - first < 2 or np.isnan(width[first:last]).all():
        return None
    base = first + int(np.nanargmax(width[first:last]))
    widest = float(width[base])
    # The line behind the head tells how thick a line is here.
    shaft = width[min(base + round(HEAD_APART * pixels), len(width) - 1) : min(len(width), int(length) + 2)]
    if len(shaft) and not np.isnan(shaft).all():
        thick = min(thick, float(np.nanmedian(shaft)))
    if widest < max(1.45 * thick + 0.8, thick + 0.9 * pixels, LEAST_BACK * pixels):
        return None
    # The farthest place that is nearly as wide is the back.
    near = np.flatnonzero(width[base:last] >= widest - max(1.0, 0.1 * widest))
    bold = thick >= BOLD * pixels
    more = max(1.2 * pixels, SHOULDER * base) if bold else 1.2 * pixels
    base += int(near[-1]) if len(near) and near[-1] <= more else 0
    size = float(base)
    if not SHORTEST_HEAD * pixels <= size or not 0.3 <= widest / size <= 2.6:
        return None
    tip = width[: max(2, round(0.35 * size))]
    middle = width[round(0.35 * size) : max(round(0.65 * size), round(0.35 * size) + 1)]
    after = width[base + 1 + round(0.3 * pixels) : base + 1 + round(0.3 * pixels + max(0.4 * size, 1.5 * pixels))]
    if not np.isnan(tip).all() and np.nanmean(tip) > (BLUNT if bold else 0.75) * widest:
        return None
    if not np.isnan(middle).all() and not 0.3 * widest <= np.nanmean(middle) <= 0.9 * widest:
        return None
    wide = width[round(0.65 * size) : max(round(0.9 * size), round(0.65 * size) + 1)]
    if not np.isnan(wide).all() and np.nanmean(wide) < 0.58 * widest:
        return None
    if len(after) and not np.isnan(after).all() and np.nanmin(after) > max(0.62 * widest, thick + 1):
        return None
    (x, y), (dx, dy) = at, inward
    bx, by, half = x + dx * size, y + dy * size, widest / 2
    return (x, y), (bx - dy * half, by + dx * half), (bx + dy * half, by - dx * half)


def _one_head(stroke: Stroke) -> Stroke:
    """Two heads that overlap are one, the shorter: the other only saw its back."""
    first, second = stroke.heads
    if first is None or second is None:
        return stroke
    sizes = [hypot(h[0][0] - (h[1][0] + h[2][0]) / 2, h[0][1] - (h[1][1] + h[2][1]) / 2) for h in (first, second)]
    if sum(sizes) < 0.95 * stroke.length:
        return stroke
    return Stroke(stroke.ends, (first, None) if sizes[0] <= sizes[1] else (None, second))


def without_heads(strokes: list[Stroke], pixels: float) -> list[Stroke]:
    """Drops the short pieces across an arrowhead that are only its back."""
    near = 0.8 * pixels
    heads = []
    for head in (head for stroke in strokes for head in stroke.heads if head is not None):
        xs, ys = [p[0] for p in head], [p[1] for p in head]
        wide = max(max(xs) - min(xs), max(ys) - min(ys))
        heads.append((min(xs) - near, max(xs) + near, min(ys) - near, max(ys) + near, 1.3 * wide + 2, head))
    out = []
    for stroke in strokes:
        mx = (stroke.ends[0][0] + stroke.ends[1][0]) / 2
        my = (stroke.ends[0][1] + stroke.ends[1][1]) / 2
        length = stroke.length
        for x0, x1, top, bottom, longest, head in heads:
            if length <= longest and x0 <= mx <= x1 and top <= my <= bottom and head not in stroke.heads:
                break
        else:
            out.append(stroke)
    return out


def _no_letters(strokes: list[Stroke], pixels: float, held: Callable[[Stroke], bool]) -> list[Stroke]:
    """Drops short pieces without a head that nothing long is near."""
    long = [s for s in strokes if s.length > ALONE * pixels or any(s.heads)]
    near = 2.5 * pixels

    def touches(stroke: Stroke) -> bool:
        xs, ys = [p[0] for p in stroke.ends], [p[1] for p in stroke.ends]
        return any(
            min(a[0], b[0]) - near <= max(xs)
            and min(xs) <= max(a[0], b[0]) + near
            and min(a[1], b[1]) - near <= max(ys)
            and min(ys) <= max(a[1], b[1]) + near
            for a, b in (other.ends for other in long)
        )

    kept = {id(s) for s in long}
    return [s for s in strokes if id(s) in kept or touches(s) or held(s)]
