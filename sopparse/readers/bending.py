"""Paper that did not lie flat: how its lines bend, and the way to make them straight.

Along each piece of a ruling line the height of its middle is known but for a constant. A smooth field of low order that
explains all of them at once is fitted by least squares; what single pieces say (slanting strokes, touching letters) is
left out where the others contradict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sopparse.readers.bits import bits

# A picture is an array of numpy; `dots` are small copies (100 dots per inch) with 1 for ink.
Picture = Any

# Pieces of lines are runs of so many dots, and count from this length on, measured every so many dots.
RUN_DOTS, PIECE_DOTS, WINDOW = 22, 60, 15
# The field has this degree along the lines: waves of the sheet have two bends and more.
DEGREE = 5
# So many places on lines that reach over this share of the page say how it bends.
PLACES, SPREAD = 40, 0.4
# Lines that bend by less than this are straight (dots, a point: laying a page flat blurs its letters a little); the
# field must leave no more than this share of it unexplained, and nothing bends by more than the last (dots).
BENT, LEFT, MOST = 1.5, 0.6, 25.0
# Places farther off than this from what the others say are no part of a line (dots).
ASTRAY = 1.5
# The field is computed in cells of this size (dots).
CELL = 10
# Holds the field down where no line is.
RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Bend:
    """How far lines lie from where they would be straight: coefficients over places scaled to -1 to 1.

    `middle` and `half` are those of the places along and across that were measured; beyond them it goes on evenly."""

    coefficients: Picture
    middle: tuple[float, float]
    half: tuple[float, float]

    def at(self, along: Picture, across: Picture) -> Picture:
        import numpy as np

        u = np.clip((along - self.middle[0]) / self.half[0], -1, 1)
        v = np.clip((across - self.middle[1]) / self.half[1], -1, 1)
        return _terms(u, v) @ self.coefficients


def bend_of(dots: Picture) -> Bend | None:
    """How level lines bend; None where they are straight or do not say it. For upright ones give the picture turned
    over its diagonal."""
    import numpy as np

    pieces = _measured(dots)
    if not pieces:
        return None
    number = np.repeat(np.arange(len(pieces)), [len(p) for p in pieces])
    along, across = np.vstack(pieces).T
    if len(along) < PLACES or np.ptp(along) < SPREAD * dots.shape[1]:
        return None
    middle = tuple(float((each.min() + each.max()) / 2) for each in (along, across))
    half = tuple(max(float(np.ptp(each) / 2), 1.0) for each in (along, across))
    terms = _terms((along - middle[0]) / half[0], (across - middle[1]) / half[1])
    good = np.ones(len(along), bool)
    for _ in range(4):
        known, wanted = _about(terms[good], number[good]), _about(across[good, None], number[good])[:, 0]
        ridge = RIDGE * len(known) * np.eye(terms.shape[1])
        found = np.linalg.solve(known.T @ known + ridge, known.T @ wanted)
        # What is left of each place, by the middle of its piece.
        off = np.abs(_about((across - terms @ found)[:, None], number)[:, 0])
        near = off <= max(ASTRAY, 3 * float(np.median(off)))
        if (near == good).all():
            break
        good = near
    if good.sum() < max(PLACES, 0.6 * len(good)):
        return None
    left, before = (float(np.sqrt(np.mean(np.square(one)))) for one in (wanted - known @ found, wanted))
    bend = Bend(found, (middle[0], middle[1]), (half[0], half[1]))
    most = float(np.abs(known @ found).max())
    return bend if left <= LEFT * before and BENT <= most <= MOST else None


def _terms(u: Picture, v: Picture) -> Picture:
    """Nothing that only depends on where a line stands: it moves lines, but does not bend them."""
    import numpy as np

    return np.stack([u**i * v**j for j in (0, 1, 2) for i in range(1, DEGREE + 1 - j)], axis=-1)


def _about(values: Picture, number: Picture) -> Picture:
    """The values about the mean of their piece."""
    import numpy as np

    count = np.maximum(np.bincount(number), 1)
    means = np.stack([np.bincount(number, column) / count for column in values.T], axis=-1)
    return values - means[number]


def _measured(dots: Picture) -> list[Picture]:
    """For each piece of a line the places on its middle (along, across)."""
    import cv2
    import numpy as np

    # Thicker by a dot, lines stay whole though they slope.
    thick = cv2.dilate(dots, np.ones((3, 1), "uint8"))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, RUN_DOTS), "uint8"))
    out = []
    for bit in bits(runs):
        if bit.width < PIECE_DOTS or bit.height > 6 + 0.1 * bit.width:
            continue
        part = bit.of(runs)
        heights = part.sum(axis=0)
        middle = (part * np.arange(bit.height)[:, None]).sum(axis=0) / np.maximum(heights, 1)
        middle[heights > 2 * np.median(heights) + 1] = np.nan
        count = bit.width // WINDOW
        windows = middle[: count * WINDOW].reshape(count, WINDOW)
        known = np.isfinite(windows).sum(axis=1) >= WINDOW / 2
        if known.sum() < 3:
            continue
        places = bit.x + (np.arange(count) + 0.5) * WINDOW
        out.append(np.stack([places[known], bit.y + np.nanmean(windows[known], axis=1)], axis=-1))
    return out


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a sheet lies: `matrix` leads from its small copy to the straight one, where level and upright lines still
    bend."""

    matrix: Picture
    level: Bend | None
    upright: Bend | None

    def places(self, x: Picture, y: Picture) -> tuple[Picture, Picture]:
        """Where on the small copy the places lie that are given on the flat one."""
        import numpy as np

        across = y + (self.level.at(x, y) if self.level is not None else 0.0)
        along = x + (self.upright.at(y, x) if self.upright is not None else 0.0)
        sx, sy, w = (row[0] * along + row[1] * across + row[2] for row in np.linalg.inv(self.matrix))
        return sx / w, sy / w


def flattened(picture: Picture, sheet: Sheet, scale: float) -> Picture:
    """The picture laid flat; `scale` is the size of its small copy. What comes in from outside is paper."""
    import cv2
    import numpy as np

    height, width = picture.shape[:2]
    # The field is smooth: it is computed in the middle of square cells, one more on each side, and spread from there.
    cell = round(CELL / scale)
    rows, columns = (-(-side // cell) + 2 for side in (height, width))
    y, x = ((np.arange(count) - 0.5) * cell * scale - 0.5 for count in (rows, columns))
    maps = [
        cv2.resize(((each + 0.5) / scale - 0.5).astype("float32"), (columns * cell, rows * cell))[
            cell : cell + height, cell : cell + width
        ]
        for each in sheet.places(*np.meshgrid(x, y))
    ]
    return cv2.remap(picture, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255)


def plane_of(sheet: Sheet, small: tuple[int, int], scale: float) -> Picture:
    """The matrix (3 x 3) that leads nearly where the sheet does, from the flat picture back to the given one; `small`
    is the shape of the copy and `scale` its size."""
    import cv2
    import numpy as np

    x, y = (each.ravel() for each in np.meshgrid(*(np.linspace(0, side, 12) for side in small[::-1])))
    flat = np.stack([x, y], axis=-1) / scale
    given = np.stack(sheet.places(x, y), axis=-1) / scale
    return cv2.findHomography(flat, given)[0]
