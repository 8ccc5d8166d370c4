"""A picture of a page made ready: upright, straight, on even white paper, stamps and bleed-through faded.

Pictures are arrays of bytes: 255 is paper in grey pictures, and ink in black-and-white ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sopparse.readers.inks import with_colours

# A picture is an array of numpy; its shape and type are said where it matters.
Picture = Any

# The light of the page is measured on a copy of about this many dots per inch: letters vanish, shadows stay.
LIGHT_DPI = 25
# Darker than this no paper is, whatever falls on it.
DARKEST = 60
# Everything lighter than this share of the way from ink to paper is paper: stamps, bleed-through, noise (0.65 reads
# stamped scans best; 0.55 loses thin strokes).
FADE = 0.65
# Drawn lines are thinner and lighter than letters: they count from here on.
DRAWN = 0.72
# Ruling lines of hair's breadth are lighter still; noise as light as this makes no long runs.
FAINT = 0.87
# Where paper is clean, down to so many times its noise below it, but at most this.
NOISE, FAINTEST = 6.0, 0.94
# Pictures of so few dots per inch have soft letters without a dark core.
SMALL_DPI, SMALL_FADE = 125.0, 0.85
# How far upright lines may lean when the others are level: a sheet that was drawn in askew, a photo from the side.
LEAN_RANGE = 3.0
# Lines of this many dots (at SKEW_DPI) are ruling lines.
RULE_DOTS = 22
# Ink darker than this share of all ink is full ink.
FULL_INK = 0.10
# Coloured by this much more (of 255) than the black print of the page is a stamp, a signature or a logo. Each step of
# colour makes it this many steps lighter: a blue stamp that a copier darkened keeps a colour of 14, print has 5.
COLOURED = 8
BLEACH = 4.0
BLACK = 60
# The skew is searched in this range, and then more finely (degrees). Sheets lie in scanners more askew than this only
# where nobody looked.
SKEW_RANGE = 8.0
SKEW_STEPS = (0.5, 0.1, 0.02)
# Less skew than this changes nothing that is measured later (degrees): 0.5 pt over the width of a page.
STRAIGHT = 0.04
# Dots per inch at which the skew and the direction of the text are looked for; this many dots say it.
SKEW_DPI = 100
SKEW_DOTS = 120_000
# A page lies on its side where this many times more words stand than lie; words are longer than high by this, and so
# many dots long (at SKEW_DPI).
SIDEWAYS = 1.5
LONGER = 1.4
WORD = (9, 120)
# Dark borders of a scanner: darker than this, reaching at most this share of the page inwards.
BORDER_DARK = 110
BORDER_REACH = 0.12


@dataclass(frozen=True, slots=True)
class Prepared:
    """`grey` is for reading: stamps faded, paper white. `ink` is all that is drawn (255), stamps in colour left out;
    `faint` holds the lightest strokes too, and noise, `drawn` all that is not light, in any colour.

    `turned` is by how many degrees clockwise the picture was turned, `skew` by how many it leaned clockwise before.
    """

    grey: Picture
    ink: Picture
    faint: Picture
    drawn: Picture
    turned: int
    skew: float
    level: float  # how dark full ink is


def prepare(picture: Picture, dpi: float) -> Prepared:
    """A picture of a page (grey, or red-green-blue) made ready for reading."""
    import cv2

    lit = even_light(picture, dpi)
    faded = fade_colour(lit)
    drawn = cv2.cvtColor(lit, cv2.COLOR_RGB2GRAY) if lit.ndim == 3 else faded.copy()
    del lit
    clean_borders(faded, dpi)
    level = _ink_level(faded)
    small = _shrunk(faded, dpi, SKEW_DPI)
    dots = (small < level + FADE * (255 - level)).astype("uint8")
    turned = 90 if _sideways(dots) else 0
    if turned:
        faded, dots, drawn = (cv2.rotate(each, cv2.ROTATE_90_CLOCKWISE) for each in (faded, dots, drawn))
    skew = skew_of(dots)
    lean = _lean_of(dots, skew)
    if max(abs(skew), abs(lean)) >= STRAIGHT:
        faded, drawn = straightened(faded, skew, lean), straightened(drawn, skew, lean)
    ink = (faded < level + DRAWN * (255 - level)).astype("uint8") * 255
    faint = (faded < min(level + _faint(faded) * (255 - level), 250)).astype("uint8") * 255
    drawn = with_colours(ink, (drawn < level + DRAWN * (255 - level)).astype("uint8") * 255, dpi)
    grey = faded
    share = FADE if dpi >= SMALL_DPI else SMALL_FADE
    grey[faded >= level + share * (255 - level)] = 255
    return Prepared(grey, ink, faint, drawn, turned, skew, level)


def even_light(picture: Picture, dpi: float) -> Picture:
    """The picture on white paper: each channel divided by the light that falls on the page there."""
    import cv2
    import numpy as np

    scale = min(LIGHT_DPI / dpi, 1.0)
    # The lightest around each dot is paper; INTER_AREA has averaged the noise away.
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    light = cv2.dilate(small, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    light = cv2.GaussianBlur(light, (0, 0), 5)
    light = np.maximum(light, DARKEST)
    height, width = picture.shape[:2]
    full = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(picture, full, scale=250)


def fade_colour(picture: Picture) -> Picture:
    """One channel: grey print as it is, coloured ink as light as its brightest channel, and lighter the more colour."""
    import cv2
    import numpy as np

    if picture.ndim == 2:
        return picture
    red, green, blue = cv2.split(picture)
    brightest = cv2.max(cv2.max(red, green), blue)
    colour = cv2.subtract(brightest, cv2.min(cv2.min(red, green), blue))
    black = colour[brightest < BLACK]
    # Lamps tint black too, and compression smears colour over print beside it: faint colour does not count.
    least = COLOURED + (float(np.median(black)) if len(black) else 0.0)
    return cv2.add(brightest, cv2.convertScaleAbs(np.clip(colour.astype("float32") - least, 0, 255), alpha=BLEACH))


def clean_borders(picture: Picture, dpi: float) -> None:
    """Whitens, in place, the dark edges that a scanner leaves where the sheet ends."""
    import cv2
    import numpy as np

    height, width = picture.shape
    small = _shrunk(picture, dpi, 50)
    dark = (small < BORDER_DARK).astype("uint8")
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    rows, columns = dark.shape
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[i])
        touches = x == 0 or y == 0 or x + w == columns or y + h == rows
        slim = min(w / columns, h / rows) <= BORDER_REACH
        if touches and slim and area >= 0.15 * max(rows, columns):
            mask = cv2.dilate((labels == i).astype("uint8"), np.ones((5, 5), "uint8"))
            picture[cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST) > 0] = 255


def _shrunk(picture: Picture, dpi: float, to: float) -> Picture:
    import cv2

    scale = min(to / dpi, 1.0)
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _ink_level(grey: Picture) -> float:
    """How dark full ink is."""
    import numpy as np

    counts = np.bincount(grey[::2, ::2].ravel(), minlength=256)
    dark = np.cumsum(counts[:180])
    return float(np.searchsorted(dark, FULL_INK * dark[-1])) if dark[-1] else 0.0


def _faint(grey: Picture) -> float:
    """Up to where (as a share of the way from ink to paper) strokes can be told from noise."""
    import numpy as np

    paper = grey[::3, ::3]
    paper = paper[paper > 200].astype("float32")
    if not len(paper):
        return FAINT
    middle = float(np.median(paper))
    noise = 1.48 * float(np.median(np.abs(paper - middle)))
    return min(max(FAINT, (middle - NOISE * max(noise, 1.0)) / 255), FAINTEST)


def _sideways(dots: Picture) -> bool:
    """Whether lines of text run up or down."""
    import cv2
    import numpy as np

    rules = cv2.morphologyEx(dots, cv2.MORPH_OPEN, np.ones((1, RULE_DOTS), "uint8"))
    upright = cv2.morphologyEx(dots, cv2.MORPH_OPEN, np.ones((RULE_DOTS, 1), "uint8"))
    text = cv2.subtract(dots, cv2.dilate(cv2.bitwise_or(rules, upright), np.ones((3, 3), "uint8")))
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones((3, 3), "uint8")))
    width, height = stats[1:, 2], stats[1:, 3]
    words = (np.maximum(width, height) >= WORD[0]) & (np.maximum(width, height) <= WORD[1])
    lying = np.count_nonzero(words & (width > LONGER * height))
    standing = np.count_nonzero(words & (height > LONGER * width))
    return bool(standing > SIDEWAYS * lying + 5)


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

    level = straightened(255 - dots * 255, skew, 0.0) < 128
    upright = cv2.morphologyEx(level.astype("uint8"), cv2.MORPH_OPEN, np.ones((RULE_DOTS, 1), "uint8"))
    if np.count_nonzero(upright) < 10 * RULE_DOTS:
        return 0.0
    lean = skew_of(upright.T)
    return lean if abs(lean) <= LEAN_RANGE else 0.0


def straightened(picture: Picture, skew: float, lean: float) -> Picture:
    """The picture turned back by its skew, its upright lines set upright; what comes in from outside is paper."""
    import cv2
    import numpy as np

    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    if lean:
        shear = np.tan(np.radians(lean))
        matrix[0] -= shear * matrix[1]
        matrix[0, 2] += shear * height / 2
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
