"""Small pictures side by side on strips: an engine that looks for lines of text overlooks a lone digit or dash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sopparse.geometry import Box
from sopparse.readers.cuts import MARGIN
from sopparse.readers.ocr import Found
from sopparse.readers.prepare import Picture

# A picture goes on a strip if what it shows is no higher and no wider than this (points): a number, a dash. Words of
# other sizes beside them would set the measure of the line.
HIGHEST, WIDEST = 13.0, 15.0
# So many pictures on a strip, so far apart (points).
MOST = 12
APART = 14.0


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a picture stands: on which of the pictures to read, and how far from its corner."""

    picture: int
    x: int
    y: int
    width: int


def on_strips(pictures: Sequence[Picture], point: float) -> tuple[list[Picture], list[Slot]]:
    """The pictures to read, and the slot of each given one."""
    slots: list[Slot | None] = [None] * len(pictures)
    out: list[Picture] = []
    small = []
    for i, picture in enumerate(pictures):
        height, width = picture.shape
        if height - 2 * MARGIN <= HIGHEST * point and width - 2 * MARGIN <= WIDEST * point:
            small.append(i)
        else:
            slots[i] = Slot(len(out), 0, 0, width)
            out.append(picture)
    for start in range(0, len(small), MOST):
        _strip(pictures, small[start : start + MOST], round(APART * point), out, slots)
    return out, [slot for slot in slots if slot is not None]


def _strip(
    pictures: Sequence[Picture], chosen: Sequence[int], apart: int, out: list[Picture], slots: list[Slot | None]
) -> None:
    import numpy as np

    high = max(pictures[i].shape[0] for i in chosen)
    width = sum(pictures[i].shape[1] + apart for i in chosen) + apart
    strip = np.full((high, width), 255, "uint8")
    x = apart
    for i in chosen:
        h, w = pictures[i].shape
        # Letters stand on one line; a dash floats.
        y = high - h if h > 0.7 * high else (high - h) // 2
        strip[y : y + h, x : x + w] = pictures[i]
        slots[i] = Slot(len(out), x, y, w)
        x += w + apart
    out.append(strip)


def from_strips(found: Sequence[Sequence[Found]], slots: Sequence[Slot]) -> list[list[Found]]:
    """The words of each picture, placed in it."""
    on: dict[int, list[int]] = {}
    for i, slot in enumerate(slots):
        on.setdefault(slot.picture, []).append(i)
    out: list[list[Found]] = [[] for _ in slots]
    for k, words in enumerate(found):
        for word in words:
            middle = (word.box.x0 + word.box.x1) / 2
            owner = min(on[k], key=lambda i: abs(slots[i].x + slots[i].width / 2 - middle))
            slot = slots[owner]
            x0, top, x1, bottom = word.box
            out[owner].append(word._replace(box=Box(x0 - slot.x, top - slot.y, x1 - slot.x, bottom - slot.y)))
    return out
