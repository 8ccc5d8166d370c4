"""A picture of a page made ready: upright, straight, on even white paper, stamps and bleed-through faded.

Pictures are arrays of bytes: 255 is paper in grey pictures, and ink in black-and-white ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sopparse.readers.bending import Sheet, flattened, plane_of
from sopparse.readers.inks import with_colours
from sopparse.readers.upright import is_sideways, scaled, straightened, straightening, turning

# A picture is an array of numpy; its shape and type are said where it matters.
Picture = Any

# The light of the page is measured on a copy of about this many dots per inch: letters vanish, shadows stay.
LIGHT_DPI = 25
# Darker than this no paper is, whatever falls on it.
DARKEST = 60
# The shadow of a fold runs from one side of the sheet to the other: so much of each row or column is print at most,
# and paper in a fold is darker than the first of these shares of the light around it, but lighter than the second.
PRINTED = 5.0
FOLDED, DARKEST_FOLD = 0.93, 0.3
# Everything lighter than this share of the way from ink to paper is paper: stamps, bleed-through, noise (0.65 reads
# stamped scans best; 0.55 loses thin strokes).
FADE = 0.65
# At fewer dots per inch than this the edges of letters, and dots of i, are lighter: up to this share, this near
# print (points; exact cells of light scans at 150: 310 of 332 against 292; no gain from 200 on).
EDGES_DPI, EDGES, NEAR = 180.0, 0.75, 1.0
# Drawn lines are thinner and lighter than letters: they count from here on.
DRAWN = 0.72
# Ruling lines of hair's breadth are lighter still; noise as light as this makes no long runs.
FAINT = 0.87
# Where paper is clean, down to so many times its noise below it, but at most this.
NOISE, FAINTEST = 6.0, 0.94
# Lines are thinner than this (points).
WIDEST_LINE = 5.0
# Runs of pale ink as long as this are lines (points).
PALE_RUN = 12.0
# Pictures of few dots have soft letters without a dark core.
SOFT_FADE = 0.85
# Lighter than this is paper.
PAPER = 200
# Ink darker than this share of all ink is full ink.
FULL_INK = 0.10
# Coloured by this much more (of 255) than the black print of the page is a stamp, a signature or a logo. Each step of
# colour makes it this many steps lighter: a blue stamp that a copier darkened keeps a colour of 14, print has 5.
COLOURED = 8
BLEACH = 4.0
BLACK = 60
# Dots per inch at which skew and direction are looked for.
SKEW_DPI = 100
# Pictures are made smaller by a whole number where it is this near.
NEARLY_WHOLE = 0.01
# So many rows fit into the fast memory of a processor.
BAND = 64
# Dark borders of a scanner: darker than this, reaching at most this share of the page inwards.
BORDER_DARK = 110
BORDER_REACH = 0.12


@dataclass(frozen=True, slots=True)
class Prepared:
    """`grey` is for reading: stamps faded, paper white. `ink` is all that is drawn (255), stamps in colour left out;
    `faint` holds the lightest strokes too, and noise, `drawn` all that is not light, in any colour, and `shade` is how
    light everything is.

    `turned` is by how many degrees clockwise the picture was turned, `skew` by how many it leaned clockwise before.
    `back` leads from places on the prepared page to those on the given picture (3 x 3, homogeneous).
    """

    grey: Picture
    ink: Picture
    faint: Picture
    drawn: Picture
    shade: Picture
    turned: int
    skew: float
    level: float  # how dark full ink is
    back: Picture


def prepare(picture: Picture, dpi: float, soft: bool = False) -> Prepared:
    """A picture of a page (grey, or red-green-blue) made ready for reading; `soft` pictures have few dots."""
    import cv2
    import numpy as np

    height, width = picture.shape[:2]
    lit = even_light(_one_channel(picture), dpi)
    faded = fade_colour(lit)
    shade = cv2.cvtColor(lit, cv2.COLOR_RGB2GRAY) if lit.ndim == 3 else faded.copy()
    alike = lit.ndim == 2
    del lit
    clean_borders(faded, dpi)
    level = _ink_level(faded)
    small = _shrunk(faded, dpi, SKEW_DPI)
    dots = (small < level + FADE * (255 - level)).astype("uint8")
    turned = 90 if is_sideways(dots) else 0
    if turned:
        faded, dots, shade = (cv2.rotate(each, cv2.ROTATE_90_CLOCKWISE) for each in (faded, dots, shade))
    skew, sheet = straightening(dots)
    back = turning(turned, width, height)
    if sheet is not None:
        alike = np.array_equal(faded, shade)
        faded, forth = _laid(faded, sheet, dots.shape)
        shade = faded if alike else _laid(shade, sheet, dots.shape)[0]
        back = back @ forth
    ink = _darker(faded, level + DRAWN * (255 - level))
    depth = (1 - _faint(faded)) * (255 - level)
    faint = _lines_of(faded, depth, dpi)
    if alike:
        drawn = _with_pale_lines(ink, faded, faint, dpi)
    else:
        dark = _darker(shade, level + DRAWN * (255 - level))
        drawn = with_colours(ink, _with_pale_lines(dark, shade, _lines_of(shade, depth, dpi), dpi), dpi)
    # What is lighter than print becomes paper.
    kept = _darker(faded, level + (SOFT_FADE if soft else FADE) * (255 - level))
    if dpi < EDGES_DPI and not soft:
        size = 2 * max(round(NEAR * dpi / 72), 1) + 1
        near = cv2.dilate(kept, np.ones((size, size), "uint8"))
        kept = cv2.bitwise_and(near, _darker(faded, level + EDGES * (255 - level)), dst=near)
    grey = cv2.bitwise_or(faded, cv2.bitwise_not(kept))
    return Prepared(grey, ink, faint, drawn, shade, turned, skew, level, back)


def _laid(picture: Picture, sheet: Sheet, small: tuple[int, int]) -> tuple[Picture, Picture]:
    """The picture laid straight and flat, and the matrix that leads back; `small` is the shape of its small copy."""
    import numpy as np

    scale = small[1] / picture.shape[1]
    if sheet.level is None and sheet.upright is None:
        full = scaled(sheet.matrix, scale)
        return straightened(picture, full), np.linalg.inv(full)
    return flattened(picture, sheet, scale), plane_of(sheet, small, scale)


def upended(page: Prepared) -> Prepared:
    """The page turned upside down."""
    import cv2

    height, width = page.grey.shape
    pictures = (page.grey, page.ink, page.faint, page.drawn, page.shade)
    grey, ink, faint, drawn, shade = (cv2.rotate(each, cv2.ROTATE_180) for each in pictures)
    back = page.back @ turning(180, width, height)
    return Prepared(grey, ink, faint, drawn, shade, (page.turned + 180) % 360, page.skew, page.level, back)


def even_light(picture: Picture, dpi: float) -> Picture:
    """The picture on white paper: each channel divided by the light that falls on the page there."""
    import cv2
    import numpy as np

    # The lightest around each dot is paper; the smaller copy has averaged the noise away.
    small = _shrunk(picture, dpi, LIGHT_DPI)
    light = cv2.dilate(small, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    light = cv2.GaussianBlur(light, (0, 0), 5)
    for axis in (0, 1):
        light = _with_folds(small, light, axis)
    light = np.maximum(light, DARKEST)
    height, width = picture.shape[:2]
    full = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
    # New memory costs more than what is done with it: here, and where pictures are gone through in bands.
    return cv2.divide(picture, full, dst=full, scale=250)


def _with_folds(small: Picture, light: Picture, axis: int) -> Picture:
    """The light with the shadows of folds that run along the axis: they are too narrow to be seen around each dot."""
    import cv2
    import numpy as np

    share = cv2.divide(small, light, scale=255)
    paper = np.percentile(share, 100 - PRINTED, axis=axis, keepdims=True) / 255
    paper[(paper > FOLDED) | (paper < DARKEST_FOLD)] = 1.0
    return light if (paper == 1.0).all() else (light * paper).astype(light.dtype)


def fade_colour(picture: Picture) -> Picture:
    """One channel: grey print as it is, coloured ink as light as its brightest channel, and lighter the more colour."""
    import cv2
    import numpy as np

    if picture.ndim == 2:
        return picture
    brightest = np.empty(picture.shape[:2], "uint8")
    colour = np.empty_like(brightest)
    for band in _bands(picture):
        red, green, blue = cv2.split(picture[band])
        most = cv2.max(cv2.max(red, green), blue, dst=brightest[band])
        cv2.subtract(most, cv2.min(cv2.min(red, green), blue), dst=colour[band])
    black = colour[brightest < BLACK]
    # Lamps tint black too, and compression smears colour over print beside it: faint colour does not count.
    least = COLOURED + (float(np.median(black)) if len(black) else 0.0)
    for band in _bands(picture):
        more = cv2.subtract(colour[band], np.full(1, round(least), "uint8"))
        cv2.add(brightest[band], cv2.convertScaleAbs(more, alpha=BLEACH), dst=brightest[band])
    return brightest


def _one_channel(picture: Picture) -> Picture:
    """A picture without colour as a grey one, others as they are."""
    import cv2
    import numpy as np

    if picture.ndim == 2:
        return picture
    grey = np.empty(picture.shape[:2], "uint8")
    for band in _bands(picture):
        red, green, blue = cv2.split(picture[band])
        if not (np.array_equal(red, green) and np.array_equal(red, blue)):
            return picture
        grey[band] = red
    return grey


def _bands(picture: Picture) -> Iterator[slice]:
    """Some rows of the picture after the others."""
    for top in range(0, picture.shape[0], BAND):
        yield slice(top, top + BAND)


def clean_borders(picture: Picture, dpi: float) -> None:
    """Whitens, in place, the dark edges that a scanner leaves where the sheet ends."""
    import cv2
    import numpy as np

    height, width = picture.shape
    small = _shrunk(picture, dpi, 50)
    dark = (small < BORDER_DARK).astype("uint8")
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    rows, columns = dark.shape
    x, y, w, h, area = stats.T
    touches = (x == 0) | (y == 0) | (x + w == columns) | (y + h == rows)
    slim = np.minimum(w / columns, h / rows) <= BORDER_REACH
    chosen = touches & slim & (area >= 0.15 * max(rows, columns))
    chosen[0] = False
    if chosen.any():
        mask = cv2.dilate(chosen[labels].astype("uint8") * 255, np.ones((5, 5), "uint8"))
        cv2.bitwise_or(picture, cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST), dst=picture)


def _darker(grey: Picture, limit: float) -> Picture:
    """255 where the picture is darker than the limit."""
    import cv2
    import numpy as np

    return cv2.threshold(grey, float(np.ceil(limit)) - 1, 255, cv2.THRESH_BINARY_INV)[1]


def _lines_of(grey: Picture, depth: float, dpi: float) -> Picture:
    """255 where the picture is darker by the depth than what lies on both sides (a black top-hat for level and for
    upright lines): on shaded ground thin lines are no lighter than the ground elsewhere."""
    import cv2
    import numpy as np

    size = round(WIDEST_LINE * dpi / 72) | 1
    out = None
    for shape in ((size, 1), (1, size)):
        ground = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones(shape, "uint8"))
        cv2.subtract(ground, grey, dst=ground)
        found = cv2.threshold(ground, max(depth, 5.0), 255, cv2.THRESH_BINARY)[1]
        out = found if out is None else cv2.bitwise_or(out, found, dst=out)
    return out


def _with_pale_lines(drawn: Picture, shade: Picture, faint: Picture, dpi: float) -> Picture:
    """What is drawn, with the darkest dots across long straight runs of lighter strokes: thin lines are pale where they
    fall between the dots of the scanner. Letters are not as long; no line becomes thicker."""
    import cv2
    import numpy as np

    long = round(PALE_RUN * dpi / 72)
    for across in (True, False):
        runs = cv2.morphologyEx(faint, cv2.MORPH_OPEN, np.ones((1, long) if across else (long, 1), "uint8"))
        darkest = cv2.erode(shade, np.ones((3, 1) if across else (1, 3), "uint8"))
        runs = cv2.bitwise_and(runs, cv2.compare(shade, darkest, cv2.CMP_LE))
        drawn = cv2.bitwise_or(drawn, runs)
    return drawn


def _shrunk(picture: Picture, dpi: float, to: float) -> Picture:
    import cv2

    scale = min(to / dpi, 1.0)
    # Whole numbers of dots are averaged much sooner; PNG files state 299.9994 dots per inch for 300.
    if abs(1 / scale - round(1 / scale)) < NEARLY_WHOLE:
        scale = 1 / round(1 / scale)
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _ink_level(grey: Picture) -> float:
    """How dark full ink is."""
    import numpy as np

    dark = np.cumsum(_counts(grey[::2, ::2])[:180])
    return float(np.searchsorted(dark, FULL_INK * dark[-1])) if dark[-1] else 0.0


def _faint(grey: Picture) -> float:
    """Up to where (as a share of the way from ink to paper) strokes can be told from noise."""
    import numpy as np

    counts = _counts(grey[::3, ::3])
    counts[: PAPER + 1] = 0
    if not counts.any():
        return FAINT
    middle = _median(counts)
    away = np.abs(np.arange(256) - middle)
    order = np.argsort(away, kind="stable")
    noise = 1.48 * float(away[order][int(_median(counts[order]))])
    return min(max(FAINT, (middle - NOISE * max(noise, 1.0)) / 255), FAINTEST)


def _counts(grey: Picture) -> Picture:
    """How many dots there are of each of 256 greys."""
    import cv2
    import numpy as np

    return cv2.calcHist([np.ascontiguousarray(grey)], [0], None, [256], [0, 256]).ravel().astype("int64")


def _median(counts: Picture) -> float:
    """The place in the middle of so many things at each place; the lower one of two."""
    import numpy as np

    total = np.cumsum(counts)
    return float(np.searchsorted(total, (total[-1] + 1) // 2))
