"""Solid symbols of a flow chart in an image: areas of ink, with letters left white and lines that run up to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sopparse.readers.areas import ALIKE, LONGEST, Shape, fit, odd, whole
from sopparse.readers.bits import bits
from sopparse.readers.patterns import ROUNDED, Match, best_pattern, outline_of
from sopparse.readers.roundness import roundness

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

# All sizes in points. A solid area holds a disc of this size; the discs in arrowheads of 6.5 measure 3.6.
SOLID = 4.6
SMALLEST_SOLID = 6.5
# Holes in solid areas up to this breadth are pale print or dust and are filled.
HOLES = 1.0
# A square of this share of a disc lies in it.
INNER = 0.6
# So is a rectangle of this share of its sides in a disc or a diamond.
INNER_SIDE = 0.45
# How far the points of a solid symbol reach beyond its core, as a share of that.
POINTED = 0.5
# What thick arrowheads with round shoulders look like, up to this size.
LIKE_HEADS, LARGEST_HEAD = ("pentagon", "diamond", "document", "slanted", "trapezoid", "six"), 11.0
# A box with corners that are blurred is nearly all of its area; pentagons without their point are less.
BLURRED = 0.955
# Symbols that are joined come apart where what joins them is slimmer than this share of their height.
APART = 0.5
# What can be told from an area after a kernel of that form dropped all that is slimmer.
DIAMONDS = ("diamond",)
# How much ink that is left out counts against a pattern: arrowheads on a small box are a tenth of it. Beside diamonds,
# what is slimmer than this share of the shorter side does not count: rules run through the corners of their boxes.
LEFT_OUT, BULK = 0.35, 0.45
# What stands out over this share of a side is part of a symbol.
BROAD = 0.45
CORNERED = ("box", "round", "pentagon", "document", "slanted", "six")


def solid_shapes(ink: Mask, pixels: float) -> Iterator[Shape]:
    import cv2
    import numpy as np

    # Pale print and dust leave holes in solid areas.
    ink = np.asarray(
        cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((odd(HOLES * pixels + 0.5),) * 2, np.uint8)), np.uint8
    )
    size = max(3, odd(SOLID * pixels))
    core = solid(ink, size)
    if not core.any():
        return
    core = np.asarray(cv2.morphologyEx(core, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), np.uint8)
    for bit in bits(core):
        x, y, w, h = bit.x, bit.y, bit.width, bit.height
        own = bit.of(core).astype(np.uint8)
        shape = _shape(ink, own, (x, y), pixels)
        if shape is not None:
            yield shape
        elif max(w, h) > SMALLEST_SOLID * pixels:
            # Symbols that heads or thick lines join.
            apart = cv2.morphologyEx(
                own, cv2.MORPH_OPEN, np.ones((odd(APART * min(w, h)),) * 2, np.uint8), borderValue=0
            )
            parts, inner, places, _ = cv2.connectedComponentsWithStats(apart)
            for k in range(1, parts if parts > 2 else 1):
                px, py, pw, ph = (int(v) for v in places[k, :4])
                part = (inner[py : py + ph, px : px + pw] == k).astype(np.uint8)
                shape = _shape(ink, part, (x + px, y + py), pixels)
                if shape is not None:
                    yield shape


def solid(ink: Mask, size: int) -> Mask:
    """The ink that discs of that size cover."""
    import cv2
    import numpy as np

    disc = _disc(size)
    # Few places hold the square in the disc, which is found much sooner: the disc is looked for around them only.
    inner = odd(INNER * size)
    seeds = cv2.erode(ink, np.ones((inner, inner), np.uint8))
    core = np.zeros_like(ink)
    for seed in bits(seeds):
        eroded = np.asarray(cv2.erode(seed.cut(ink, size), disc), np.uint8)
        # Beyond the seed's own box ink was cut off.
        x, y = min(seed.x, size), min(seed.y, size)
        middles = np.zeros_like(eroded)
        middles[y : y + seed.height, x : x + seed.width] = eroded[y : y + seed.height, x : x + seed.width]
        window = seed.cut(core, size)
        np.bitwise_or(window, np.asarray(cv2.dilate(middles, disc), np.uint8), out=window)
    return core


def opened(mask: Mask, kernel: Mask) -> Mask:
    """What the kernel (odd sides) covers of the mask. Large kernels that are no rectangle cost much: a rectangle within
    the kernel tells where it may stand, and nothing is looked at elsewhere."""
    import cv2
    import numpy as np

    height, width = kernel.shape
    inner = np.ones((odd(INNER_SIDE * height), odd(INNER_SIDE * width)), np.uint8)
    top, left = ((side - own) // 2 for side, own in zip(kernel.shape, inner.shape, strict=True))
    within = kernel[top : height - top, left : width - left]
    if kernel.all() or not within.all():
        return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel), np.uint8)
    out = np.zeros_like(mask)
    x, y, w, h = cv2.boundingRect(cv2.erode(mask, inner))
    if not w:
        return out
    view = (slice(max(y - height // 2, 0), y + h + height // 2), slice(max(x - width // 2, 0), x + w + width // 2))
    middles = cv2.erode(mask[view], kernel)
    # Beyond the places of the rectangle what is needed was cut off.
    places = np.zeros_like(middles)
    own_place = (slice(y - view[0].start, y - view[0].start + h), slice(x - view[1].start, x - view[1].start + w))
    places[own_place] = middles[own_place]
    out[view] = cv2.dilate(places, kernel)
    return out


def _shape(ink: Mask, own: Mask, at: tuple[int, int], pixels: float) -> Shape | None:
    """The symbol whose core is `own`, which stands there in the ink."""
    import cv2
    import numpy as np

    (x, y), (h, w) = at, own.shape
    if min(w, h) < SMALLEST_SOLID * pixels or max(w, h) > LONGEST * pixels:
        return None
    # The core lacks the points of diamonds.
    wide, high = (round(2.5 * pixels + POINTED * side) for side in (w, h))
    x0, y0 = max(x - wide, 0), max(y - high, 0)
    window = (ink[y0 : y + h + high, x0 : x + w + wide] > 0).astype(np.uint8)
    core = np.zeros_like(window)
    core[y - y0 : y - y0 + h, x - x0 : x - x0 + w] = own
    # Letters in a solid symbol are holes in it. Thick lines that lead away are not followed far.
    slim = np.ones((max(3, odd(2.2 * pixels)),) * 2, np.uint8)
    near = round(2.5 * pixels) + 2
    body = np.asarray(cv2.morphologyEx(window, cv2.MORPH_OPEN, slim), np.uint8) | core
    body[: max(y - y0 - near, 0)] = body[y - y0 + h + near :] = 0
    body[:, : max(x - x0 - near, 0)] = body[:, x - x0 + w + near :] = 0
    return _from_body(_largest(whole(body, pixels)), whole(window, pixels), (x0, y0), pixels)


def _largest(mask: Mask) -> Mask:
    import cv2
    import numpy as np

    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    return np.asarray(labels == 1 + int(np.argmax(stats[1:, 4])), np.uint8) if len(stats) > 1 else mask


def _touching(mask: Mask, body: Mask) -> Mask:
    """The parts of a mask that meet the body."""
    import cv2
    import numpy as np

    _, labels = cv2.connectedComponents(mask)
    met = np.unique(labels[(body > 0) & (mask > 0)])
    return np.asarray(np.isin(labels, met[met > 0]), np.uint8)


def _from_body(body: Mask, around: Mask, at: tuple[int, int], pixels: float) -> Shape | None:
    """The symbol that a solid area is, with or without what stands out from it: lines and heads.

    `around` is all ink there: points of diamonds are as slim as lines.
    """
    import cv2
    import numpy as np

    wide, high = cv2.boundingRect(body)[2:]
    short = min(wide, high)
    best: tuple[float, Match, Mask, list[int]] | None = None
    bulk = opened(body, _disc(odd(BULK * short)))
    most, size = float(bulk.sum()), float(body.sum())
    # Diamond kernels keep diamonds, square ones boxes, round ones whatever is round; all drop what is slimmer.
    kernels = (
        *((around, _diamond(odd(share * wide), odd(share * high)), DIAMONDS) for share in (0.5, 0.35)),
        (body, np.ones((1, 1), np.uint8), ()),
        (body, np.ones((odd(0.4 * short),) * 2, np.uint8), CORNERED),
        (body, np.ones((odd(0.6 * short),) * 2, np.uint8), CORNERED),
        (body, _disc(odd(0.45 * short)), ()),
    )
    frames: dict[tuple[int, int, int, int], tuple[str, ...]] = {}
    for source, kernel, names in kernels:
        part = opened(source, kernel)
        x, y, w, h = cv2.boundingRect(part)
        if source is around:
            part = _touching(part, body)
            x, y, w, h = cv2.boundingRect(part)
        if min(w, h) < SMALLEST_SOLID * pixels:
            continue
        if source is body:
            frames.setdefault(_grown(body, x, y, w, h), names)
            continue
        match = best_pattern(part[y : y + h, x : x + w])
        share = match.share
        if match.pattern.name in names:
            if share >= ALIKE:
                size = max(size, float(part.sum()))
            share *= min(1.0, float(part.sum()) / max(1.0, most)) ** LEFT_OUT
            if best is None or share > best[0]:
                best = (share, match, part, [x, y, w, h])
    # Kernels change corners and points: they only say where the symbol ends, and what stands out from it begins.
    for (x, y, w, h), names in frames.items():
        part = np.zeros_like(body)
        part[y : y + h, x : x + w] = body[y : y + h, x : x + w]
        match = best_pattern(part[y : y + h, x : x + w])
        share = match.share
        if not names or match.pattern.name in names:
            share *= min(1.0, float(part.sum()) / max(1.0, size)) ** LEFT_OUT
            if best is None or share > best[0]:
                best = (share, match, part, [x, y, w, h])
    if best is None or best[0] < ALIKE - 0.03 or best[1].pattern.name == "triangle":
        return None
    if best[1].pattern.name in LIKE_HEADS and min(best[3][2:]) < LARGEST_HEAD * pixels:
        return None
    share, match, part, (x, y, w, h) = best
    pattern = match.pattern
    mask = np.asarray(cv2.dilate(part, np.ones((5, 5), np.uint8)) * 255, np.uint8)
    rounded = None
    if pattern.name in ("box", "round") and pattern.radius < ROUNDED:
        rounded = roundness(around[y : y + h, x : x + w])
    outline = tuple((x + at[0] + px * w, y + at[1] + py * h) for px, py in outline_of(pattern, w, h))
    frame = (float(x + at[0]), float(y + at[1]), float(w), float(h))
    return Shape(outline, len(outline) > 8, True, at, mask, rounded, frame, match.sure * fit(share))


def _grown(body: Mask, x: int, y: int, w: int, h: int) -> tuple[int, int, int, int]:
    """The box, larger by what stands out over nearly half of a side: points that a kernel cut off; no line or head."""
    import numpy as np

    rows = np.flatnonzero(body[:, x : x + w].mean(axis=1) < BROAD)
    columns = np.flatnonzero(body[y : y + h].mean(axis=0) < BROAD)
    (top, bottom), (left, right) = _around(rows, y, y + h, len(body)), _around(columns, x, x + w, body.shape[1])
    return left, top, right - left, bottom - top


def _around(ends: NDArray[np.intp], low: int, high: int, size: int) -> tuple[int, int]:
    """The stretch without ends around low to high."""
    before, after = ends[ends < low], ends[ends >= high]
    return (int(before[-1]) + 1 if len(before) else 0), (int(after[0]) if len(after) else size)


def _diamond(width: int, height: int) -> Mask:
    import cv2
    import numpy as np

    out = np.zeros((height, width), np.uint8)
    x, y = width // 2, height // 2
    cv2.fillConvexPoly(out, np.array([(x, 0), (width - 1, y), (x, height - 1), (0, y)], np.int32), 1)
    return out


def _disc(size: int) -> Mask:
    import cv2
    import numpy as np

    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)
