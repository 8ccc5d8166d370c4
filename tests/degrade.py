"""What copiers, scanners and fax machines do to the picture of a page; the same seed damages in the same way.

A turned page is turned about its middle: set straight again, everything stands where it stood.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

# An array of bytes: grey or red-green-blue, 255 is paper.
Picture = Any
Rng = np.random.Generator

# The stamps of offices: blue, violet, and what a copier makes of them.
STAMP_INKS = ((40, 60, 170), (110, 60, 150), (90, 90, 90))


def degraded(picture: Picture, dpi: float, kind: str, seed: int) -> Picture:
    """The picture (red-green-blue) after damage of one of KINDS."""
    return KINDS[kind](np.ascontiguousarray(picture), dpi, np.random.default_rng([seed, len(kind), round(dpi)]))


# -- single damages -------------------------------------------------------------------------------------------------


def turned(picture: Picture, degrees: float) -> Picture:
    """Turned clockwise about its middle."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    paper = 255 if picture.ndim == 2 else (255, 255, 255)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper)


def blurred(picture: Picture, sigma: float) -> Picture:
    return cv2.GaussianBlur(picture, (0, 0), sigma)


def faded(picture: Picture, ink: float, paper: float) -> Picture:
    """Print no darker than `ink`, paper no lighter than `paper`."""
    return cv2.convertScaleAbs(picture, alpha=(paper - ink) / 255, beta=ink)


def grained(picture: Picture, strength: float, rng: Rng) -> Picture:
    noise = rng.normal(0, strength, picture.shape[:2]).astype("float32")
    return _added(picture, noise)


def compressed(picture: Picture, quality: int) -> Picture:
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return cv2.imdecode(data, cv2.IMREAD_GRAYSCALE if picture.ndim == 2 else cv2.IMREAD_COLOR)


def shaded(picture: Picture, rng: Rng) -> Picture:
    """Light from one side, and the shadow of the fold along one edge."""
    height, width = picture.shape[:2]
    x, y = np.linspace(-1, 1, width)[None, :], np.linspace(-1, 1, height)[:, None]
    angle = rng.uniform(0, 2 * np.pi)
    light = 0.82 + 0.16 * (np.cos(angle) * x + np.sin(angle) * y)
    light = light * (1 - 0.45 * np.exp(-(((x + rng.choice([-1, 1])) / 0.06) ** 2)))
    light = light.astype("float32")
    return np.clip(picture * (light if picture.ndim == 2 else light[..., None]), 0, 255).astype("uint8")


def bent(picture: Picture, dpi: float, rng: Rng) -> Picture:
    """Rules that bow by up to a point: paper that did not lie flat."""
    height, width = picture.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype="float32"), np.arange(height, dtype="float32"))
    bow = rng.uniform(0.4, 1.0) * dpi / 72
    mapped = y + np.float32(bow) * np.sin(x / width * np.float32(np.pi * rng.uniform(1, 2.5)))
    return cv2.remap(picture, x, mapped.astype("float32"), cv2.INTER_LINEAR, borderValue=(255, 255, 255))


def worn(picture: Picture, dpi: float, rng: Rng) -> Picture:
    """Specks of white, lines of dots that the sensor or the drum lost, patches that are pale."""
    out = picture.copy()
    height, width = out.shape[:2]
    point = dpi / 72
    inches = height * width / dpi**2
    for _ in range(int(rng.uniform(15, 30) * inches)):
        at = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.circle(out, at, max(round(rng.uniform(0.2, 1.0) * point), 1), (255, 255, 255), -1)
    for _ in range(int(rng.integers(2, 6))):
        thick = max(round(rng.uniform(0.2, 0.6) * point), 1)
        if rng.random() < 0.5:
            column = int(rng.integers(width))
            out[:, column : column + thick] = 255
        else:
            row = int(rng.integers(height))
            out[row : row + thick] = 255
    pale = np.zeros((height, width), "float32")
    for _ in range(int(rng.integers(2, 5))):
        centre = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.ellipse(
            pale, centre, (int(rng.uniform(20, 80) * point), int(rng.uniform(10, 40) * point)), 0, 0, 360, 1, -1
        )
    pale = cv2.GaussianBlur(pale, (0, 0), 8 * point) * np.float32(rng.uniform(70, 120))
    return _added(out, pale)


def stamped(picture: Picture, dpi: float, rng: Rng, over: tuple[float, float] | None = None) -> Picture:
    """Round stamps with letters, and the strokes of a signature; `over`: the middle of the first, as shares."""
    out = picture.astype("float32")
    for k in range(int(rng.integers(1, 3))):
        at = over if over is not None and not k else (rng.uniform(0.3, 0.85), rng.uniform(0.25, 0.9))
        mask = _stamp(out.shape[:2], at, dpi, rng)
        if rng.random() < 0.6:
            mask = np.maximum(mask, _signature(out.shape[:2], at, dpi, rng))
        ink: Picture = np.array(STAMP_INKS[int(rng.integers(3))], "float32")
        if out.ndim == 2:
            ink = np.float32(ink.mean())
        else:
            mask = mask[..., None]
        # Ink lies unevenly and does not cover print.
        cover = mask * np.float32(rng.uniform(0.55, 0.9))
        out = np.minimum(out, out * (1 - cover) + ink * cover)
    return out.astype("uint8")


def _stamp(shape: tuple[int, int], at: tuple[float, float], dpi: float, rng: Rng) -> Picture:
    mask = np.zeros(shape, "uint8")
    point = dpi / 72
    x, y = round(at[0] * shape[1]), round(at[1] * shape[0])
    radius = rng.uniform(34, 52) * point
    for share, thick in ((1.0, 1.6), (0.93, 0.7), (0.62, 0.9)):
        cv2.circle(mask, (x, y), round(share * radius), 255, max(round(thick * point), 1))
    count = int(rng.integers(14, 24))
    for k in range(count):
        angle = 2 * np.pi * k / count
        place = (round(x + 0.78 * radius * np.cos(angle)), round(y + 0.78 * radius * np.sin(angle)))
        letter = chr(65 + int(rng.integers(26)))
        cv2.putText(mask, letter, place, cv2.FONT_HERSHEY_SIMPLEX, 0.22 * point, 255, max(round(0.5 * point), 1))
    for k in range(2):
        place = (round(x - 0.5 * radius), round(y + (k - 0.3) * 0.3 * radius))
        word = "".join(chr(65 + int(n)) for n in rng.integers(0, 26, 6))
        cv2.putText(mask, word, place, cv2.FONT_HERSHEY_SIMPLEX, 0.26 * point, 255, max(round(0.7 * point), 1))
    return mask.astype("float32") / 255


def _signature(shape: tuple[int, int], at: tuple[float, float], dpi: float, rng: Rng) -> Picture:
    mask = np.zeros(shape, "uint8")
    point = dpi / 72
    t = np.linspace(0, 1, 60)
    x = at[0] * shape[1] + point * (90 * (t - 0.5) + rng.uniform(4, 12) * np.sin(t * rng.uniform(20, 40)))
    y = at[1] * shape[0] + point * (rng.uniform(8, 20) * np.sin(t * rng.uniform(15, 35)) * (1 - t))
    points = np.column_stack((x, y)).astype("int32")
    cv2.polylines(mask, [points], False, 255, max(round(0.9 * point), 1))
    return mask.astype("float32") / 255


def faxed(picture: Picture, dpi: float, rng: Rng) -> Picture:
    """Black and white by one threshold, with specks, at no more than the 200 dpi of a fax."""
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    scale = min(200.0 / dpi, 1.0)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = grained(small, 14, rng)
    black = np.where(small < rng.uniform(135, 190), 0, 255).astype("uint8")
    specks = rng.random(black.shape)
    black[specks < 0.0006] = 0
    black[specks > 0.9985] = 255
    # Lines that the machine lost.
    for _ in range(int(rng.integers(0, 4))):
        black[int(rng.integers(black.shape[0]))] = 255
    black = cv2.resize(black, (width, height), interpolation=cv2.INTER_NEAREST)
    return black if picture.ndim == 2 else cv2.merge([black, black, black])


def _added(picture: Picture, change: Picture) -> Picture:
    return np.clip(picture + (change if picture.ndim == 2 else change[..., None]), 0, 255).astype("uint8")


# -- what happens together ------------------------------------------------------------------------------------------


def _clean(picture: Picture, dpi: float, rng: Rng) -> Picture:
    return picture


def _light(picture: Picture, dpi: float, rng: Rng) -> Picture:
    """A good scanner and a careful clerk."""
    picture = turned(picture, rng.uniform(-1, 1))
    picture = faded(
        blurred(picture, rng.uniform(0.4, 0.7) * max(dpi / 200, 0.8)), rng.uniform(5, 45), rng.uniform(238, 252)
    )
    return compressed(grained(picture, rng.uniform(3, 8), rng), int(rng.integers(55, 86)))


def _copied(picture: Picture, dpi: float, rng: Rng) -> Picture:
    """What heavier damage is added to: askew, soft, noisy."""
    picture = turned(picture, rng.uniform(-2, 2))
    picture = faded(
        blurred(picture, rng.uniform(0.5, 0.8) * max(dpi / 200, 0.8)), rng.uniform(15, 60), rng.uniform(230, 250)
    )
    return compressed(grained(picture, rng.uniform(6, 12), rng), int(rng.integers(40, 71)))


def _stamp_heavy(picture: Picture, dpi: float, rng: Rng) -> Picture:
    return _copied(stamped(picture, dpi, rng, (rng.uniform(0.35, 0.65), rng.uniform(0.3, 0.7))), dpi, rng)


def _fax_heavy(picture: Picture, dpi: float, rng: Rng) -> Picture:
    picture = blurred(turned(picture, rng.uniform(-2, 2)), 0.5 * max(dpi / 200, 0.8))
    return faxed(picture, dpi, rng)


def _worn_heavy(picture: Picture, dpi: float, rng: Rng) -> Picture:
    return _copied(bent(worn(picture, dpi, rng), dpi, rng), dpi, rng)


def _shadow_heavy(picture: Picture, dpi: float, rng: Rng) -> Picture:
    return compressed(shaded(_copied(picture, dpi, rng), rng), int(rng.integers(45, 76)))


KINDS: dict[str, Callable[[Picture, float, Rng], Picture]] = {
    "clean": _clean,
    "light": _light,
    "stamp": _stamp_heavy,
    "fax": _fax_heavy,
    "worn": _worn_heavy,
    "shadow": _shadow_heavy,
}
HEAVY = ("stamp", "fax", "worn", "shadow")
