"""How a picture of a page lies: on its side, leaning, seen from the side; and the way to make it straight."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sopparse.readers.bending import Sheet, bend_of
from sopparse.readers.bits import bits, labelled

# A picture is an array of numpy; `dots` are small copies with 1 for ink.
Picture = Any

# How far upright lines may lean when the others are level (degrees): a sheet that was drawn in askew, a photo.
LEAN_RANGE = 3.0
# Lines of this many dots are ruling lines; what is thicker than the other is none.
RULE_DOTS, BLOCK_DOTS = 22, 7
# The skew is searched in this range, and then more finely (degrees). Sheets lie in scanners more askew than this only
# where nobody looked.
SKEW_RANGE = 8.0
SKEW_STEPS = (0.5, 0.1, 0.02)
# Less skew than this changes nothing that is measured later (degrees): 0.5 pt over the width of a page.
STRAIGHT = 0.06
# A page whose lines are nearly as sharp when it is not turned at all stands straight.
NEARLY = 0.98
# This many dots say how a page leans.
SKEW_DOTS = 120_000
# A page lies on its side where this many times more words stand than lie; words are longer than high by this, and so
# many dots long.
SIDEWAYS = 1.5
LONGER = 1.4
WORD = (9, 120)
# Lines of a page that is seen from the side run apart: this many lines of this many dots, spread over this share of the
# page, show it; together they run apart by more than the one and less than the other (the difference of their slopes
# from one side of the page to the other), and no line is farther than the last from what the others say.
LINES, LINE_DOTS, SPREAD = 5, 60, 0.3
APART, FARTHEST = 0.02, 0.12
ASTRAY = 0.004
# Small letters reach above their line more often than below it (b d h k l t, capitals; g p y): the ink above the dense
# part of the lines outweighs that below by more than this share of both, over lines of so many dots of ink at least.
# Measured on 40 scanned and drawn pages: 0.2 to 0.8 where they stand, the same below zero upside down.
ABOVE = 0.10
LINE_INK = 300
DENSE = 0.5


def is_sideways(dots: Picture) -> bool:
    """Whether lines of text run up or down."""
    import cv2
    import numpy as np

    rules = cv2.morphologyEx(dots, cv2.MORPH_OPEN, np.ones((1, RULE_DOTS), "uint8"))
    upright = cv2.morphologyEx(dots, cv2.MORPH_OPEN, np.ones((RULE_DOTS, 1), "uint8"))
    text = cv2.subtract(dots, cv2.dilate(cv2.bitwise_or(rules, upright), np.ones((3, 3), "uint8")))
    _, stats = labelled(cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones((3, 3), "uint8")))
    width, height = stats[1:, 2], stats[1:, 3]
    words = (np.maximum(width, height) >= WORD[0]) & (np.maximum(width, height) <= WORD[1])
    lying = np.count_nonzero(words & (width > LONGER * height))
    standing = np.count_nonzero(words & (height > LONGER * width))
    return bool(standing > SIDEWAYS * lying + 5)


def straightening(dots: Picture) -> tuple[float, Sheet | None]:
    """By how many degrees the page leans (clockwise), and how it lies; None where it is straight and flat."""
    import numpy as np

    skew = skew_of(dots)
    lean = _lean_of(dots, skew)
    matrix = _turned_back(dots.shape, skew, lean)
    if max(abs(skew), abs(lean)) < STRAIGHT:
        matrix, level = np.eye(3), dots
    else:
        level = (straightened(255 - dots * 255, matrix) < 128).astype("uint8")
    seen = _from_the_side(level)
    if seen is not None:
        matrix = seen @ matrix
        level = (straightened(255 - dots * 255, matrix) < 128).astype("uint8")
    bends = bend_of(level), bend_of(np.ascontiguousarray(level.T))
    if level is dots and bends == (None, None):
        return skew, None
    return skew, Sheet(matrix, *bends)


def straightened(picture: Picture, matrix: Picture) -> Picture:
    """The picture made straight; what comes in from outside is paper."""
    import cv2

    size = (picture.shape[1], picture.shape[0])
    if abs(matrix[2, 0]) + abs(matrix[2, 1]) < 1e-12:
        return cv2.warpAffine(picture, matrix[:2], size, flags=cv2.INTER_LINEAR, borderValue=255)
    return cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_LINEAR, borderValue=255)


def scaled(matrix: Picture, scale: float) -> Picture:
    """The matrix of a small copy for the picture itself; `scale` is the size of the copy."""
    import numpy as np

    to = np.diag([scale, scale, 1.0])
    return np.linalg.inv(to) @ matrix @ to


def turning(degrees: int, width: int, height: int) -> Picture:
    """Leads from a picture that was turned clockwise back to the picture of that width and height."""
    import numpy as np

    if degrees == 90:
        return np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, height], [0.0, 0.0, 1.0]])
    if degrees == 180:
        return np.array([[-1.0, 0.0, width], [0.0, -1.0, height], [0.0, 0.0, 1.0]])
    return np.eye(3)


def skew_of(dots: Picture) -> float:
    """By how many degrees the lines of a page lean (clockwise is positive)."""
    import numpy as np

    y, x = np.nonzero(dots)
    if len(y) < 200:
        return 0.0
    if len(y) > SKEW_DOTS:
        chosen = np.random.default_rng(0).permutation(len(y))[:SKEW_DOTS]
        y, x = y[chosen], x[chosen]
    x = x.astype("float32") - dots.shape[1] / 2
    y = y.astype("float32")
    around, reach = 0.0, SKEW_RANGE
    for step in SKEW_STEPS:
        angles = np.arange(around - reach, around + reach + step / 2, step)
        sharp = [_sharpness(x, y, float(angle), step) for angle in angles]
        around, reach = float(angles[int(np.argmax(sharp))]), step
    if _sharpness(x, y, 0.0, SKEW_STEPS[-1]) >= NEARLY * _sharpness(x, y, around, SKEW_STEPS[-1]):
        return 0.0
    return around if abs(around) < SKEW_RANGE else 0.0


def _sharpness(x: Picture, y: Picture, angle: float, step: float) -> float:
    """How sharply the dots fall into rows along lines of that angle."""
    import numpy as np

    rows = (y - x * np.float32(np.tan(np.radians(angle)))) * (1.0 if step < 0.3 else 0.5)
    rows -= rows.min()
    counts = np.bincount(rows.astype("int32"))
    return float(np.square(counts.astype("float64")).sum())


def _lean_of(dots: Picture, skew: float) -> float:
    """By how many degrees upright lines lean (to the right at the bottom) once the others are level."""
    import cv2
    import numpy as np

    level = (straightened(255 - dots * 255, _turned_back(dots.shape, skew, 0.0)) < 128).astype("uint8")
    # Shadows and filled symbols are no lines, and where the page was turned their edges no longer stand upright.
    blocks = cv2.erode(level, np.ones((BLOCK_DOTS, BLOCK_DOTS), "uint8"))
    lines = cv2.subtract(level, cv2.dilate(blocks, np.ones((BLOCK_DOTS + 2, BLOCK_DOTS + 2), "uint8")))
    upright = cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((RULE_DOTS, 1), "uint8"))
    if np.count_nonzero(upright) < 10 * RULE_DOTS:
        return 0.0
    lean = skew_of(upright.T)
    return lean if abs(lean) <= LEAN_RANGE else 0.0


def _turned_back(shape: tuple[int, int], skew: float, lean: float) -> Picture:
    """Turns a page back by its skew and sets its upright lines upright."""
    import cv2
    import numpy as np

    height, width = shape
    matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0), [0.0, 0.0, 1.0]])
    if lean:
        shear = np.tan(np.radians(lean))
        matrix[0] -= shear * matrix[1]
        matrix[0, 2] += shear * height / 2
    return matrix


# -- seen from the side ---------------------------------------------------------------------------------------------


def _from_the_side(dots: Picture) -> Picture | None:
    """The matrix that makes lines parallel that run apart; None where they do not."""
    import cv2
    import numpy as np

    height, width = dots.shape
    flat, upright = _slopes(dots), _slopes(np.ascontiguousarray(dots.T))
    if flat == (0.0, 0.0) and upright == (0.0, 0.0):
        return None

    def corner(x: float, y: float) -> tuple[float, float]:
        """Where the flat line through the middle at `y` meets the upright one at `x`."""
        across = flat[0] + flat[1] * (y / height - 0.5)
        down = upright[0] + upright[1] * (x / width - 0.5)
        # y' = y + across (x' - width / 2), x' = x + down (y' - height / 2)
        top = (y + across * (x - down * height / 2 - width / 2)) / (1 - across * down)
        return x + down * (top - height / 2), top

    places = [(x * width, y * height) for x, y in ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))]
    seen = np.array([corner(x, y) for x, y in places], "float32")
    return cv2.getPerspectiveTransform(seen, np.array(places, "float32"))


def _slopes(dots: Picture) -> tuple[float, float]:
    """The slope of flat lines in the middle of the page, and by how much it grows from its top to its bottom."""
    import cv2
    import numpy as np

    # Thicker by a dot, lines stay whole though they slope.
    thick = cv2.dilate(dots, np.ones((3, 1), "uint8"))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, RULE_DOTS), "uint8"))
    found = []
    for bit in bits(runs):
        if bit.width < LINE_DOTS or bit.height > 6 + 0.1 * bit.width:
            continue
        rows, columns = np.nonzero(bit.of(runs))
        slope = float(np.polyfit(columns, rows, 1)[0])
        found.append(((bit.y + float(rows.mean())) / dots.shape[0] - 0.5, slope, float(bit.width)))
    if len(found) < LINES:
        return 0.0, 0.0
    at, slope, length = np.array(found).T
    for _ in range(3):
        if len(at) < LINES or np.ptp(at) < SPREAD:
            return 0.0, 0.0
        grows, middle = np.polyfit(at, slope, 1, w=np.sqrt(length))
        near = np.abs(slope - (middle + grows * at)) <= ASTRAY
        if near.all():
            break
        at, slope, length = at[near], slope[near], length[near]
    if not APART <= abs(grows) <= FARTHEST or len(at) < max(LINES, 0.6 * len(found)):
        return 0.0, 0.0
    return float(middle), float(grows)


# -- upside down ----------------------------------------------------------------------------------------------------


def above(pictures: Iterable[Picture], least: float) -> tuple[float, float]:
    """How much more ink stands above the dense part of lines of text than below it (-1 to 1), and how much it is
    altogether; the pictures are grey and straight, lines are at least so many dots high."""
    import numpy as np

    up = down = 0.0
    for picture in pictures:
        rows = np.count_nonzero(picture < 128, axis=1)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], (rows > 0).astype("int8"), [0]])))
        for first, end in zip(edges[::2], edges[1::2], strict=True):
            line = rows[first:end]
            if not least <= len(line) <= 5 * least or int(line.sum()) < LINE_INK:
                continue
            dense = np.flatnonzero(line >= DENSE * np.percentile(line, 90))
            up += float(line[: dense[0]].sum())
            down += float(line[dense[-1] + 1 :].sum())
    return (up - down) / max(up + down, 1.0), up + down
