"""Marks that the engine's Indonesian has no letter for (; ±), or takes for a line (I): seen in the picture itself."""

from __future__ import annotations

from collections.abc import Sequence

from sopparse.geometry import Box
from sopparse.readers.ocr import Found
from sopparse.readers.prepare import Picture

# What a semicolon is read as.
STOPS = ",:."
SEMICOLON = ";"
# Darker than this (of 255) is a letter.
INK = 150
# The lower part of a semicolon is so many times as high as its dot; dots are nearly as wide as high, and no higher
# than this share of the line.
TAIL, ROUND, DOT = 1.3, 1.9, 0.32
# What plus-minus is read as before a number, and how far before the digits it stands (heights of a digit).
PLUS_MINUS = "±"
MISREAD = "#t+4&£*"
BEFORE = 1.7
# The bars of plus-minus are full rows: this share of its width; the stem fills this share of the upper rows.
BAR, STEM = 0.8, 0.75
# A line that is a letter is as high as the others on its line (this much more or less), and not thicker than this
# share of its height.
UPRIGHT = "|"
LETTER_I = "I"
AS_HIGH, SLIM = 0.25, 0.4


def mended(found: Sequence[Found], picture: Picture) -> list[Found]:
    """The words with those marks put right."""
    lines: dict[int, list[Found]] = {}
    for one in found:
        lines.setdefault(one.line, []).append(one)
    out = []
    for words in lines.values():
        for k, one in enumerate(words):
            if one.text[-1:] in STOPS and _may_end(one.text) and _ends_in_semicolon(one.box, picture):
                one = one._replace(text=one.text[:-1] + SEMICOLON)
            elif one.text == UPRIGHT and _is_letter(one, words):
                one = one._replace(text=LETTER_I)
            if _is_number(one.text):
                left = words[k - 1].box.x1 if k else 0.0
                one = _with_plus_minus(one, picture, left)
            out.append(one)
    return out


def _may_end(text: str) -> bool:
    """Whether a semicolon may follow: not after the number of an item."""
    return len(text) > 1 and not (len(text) <= 3 and text[:-1].isdigit())


def _is_letter(one: Found, words: Sequence[Found]) -> bool:
    others = [word.box.bottom - word.box.top for word in words if len(word.text) > 1 and word is not one]
    high = one.box.bottom - one.box.top
    usual = sorted(others)[len(others) // 2] if others else 0.0
    return abs(high - usual) <= AS_HIGH * usual and one.box.x1 - one.box.x0 <= SLIM * high


def _parts(picture: Picture, x0: float, top: float, x1: float, bottom: float) -> tuple[list[list[int]], Picture]:
    """The bits of ink in an area, each x, y, width, height, area, and their labels."""
    import cv2

    y0, left = max(int(top), 0), max(int(x0), 0)
    ink = (picture[y0 : max(int(bottom) + 1, y0), left : max(int(x1) + 1, left)] < INK).astype("uint8")
    if not ink.size:
        return [], ink
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return [stats[i].tolist() for i in range(1, count)], labels


def _ends_in_semicolon(box: Box, picture: Picture) -> bool:
    """Whether the last glyph of a word is a dot above a comma."""
    high = box.bottom - box.top
    parts, _ = _parts(picture, box.x1 - 0.5 * high, box.top - 1, box.x1 + 2, box.bottom + 0.3 * high)
    if not parts:
        return False
    last = max(parts, key=lambda p: p[0] + p[2] / 2)
    glyph = sorted((p for p in parts if p[0] < last[0] + last[2] and p[0] + p[2] > last[0]), key=lambda p: p[1])
    if len(glyph) != 2:
        return False
    (_, y, w, h, _), (_, low, _, tall, _) = glyph
    is_dot = max(w, h) <= ROUND * min(w, h) and h <= DOT * high and h >= 2
    return is_dot and low > y + 1.5 * h and TAIL * h <= tall <= 4 * h


def _is_number(text: str) -> bool:
    return text[:1].isdigit() or (text[:1] in MISREAD and text[1:2].isdigit())


def _with_plus_minus(one: Found, picture: Picture, left: float) -> Found:
    """The number with the plus-minus that stands before it."""
    import numpy as np

    high = one.box.bottom - one.box.top
    edge = max(one.box.x0 - BEFORE * high, left)
    parts, labels = _parts(picture, edge, one.box.top - 1, one.box.x0 + high, one.box.bottom + 1)
    first = True
    for x, _, w, _, _ in sorted(parts):
        over = [i for i, p in enumerate(parts, 1) if p[0] < x + w and p[0] + p[2] > x]
        rows, columns = np.nonzero(np.isin(labels, over))
        glyph = np.isin(labels, over)[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        if first and _is_plus_minus(glyph) and glyph.shape[0] >= 0.5 * high:
            inside = edge + columns.max() > one.box.x0 + 1
            text = one.text[1:] if inside and not one.text[0].isdigit() else one.text
            text = one.text[1:] if inside and one.text[0] in MISREAD and len(one.text) > 1 else text
            box = Box(min(edge + float(columns.min()), one.box.x0), *one.box[1:])
            return one._replace(text=PLUS_MINUS + text, box=box)
        first = False
    return one


def _is_plus_minus(glyph: Picture) -> bool:
    """A cross above a bar."""
    height, width = glyph.shape
    if height < 7 or width < 5 or not 0.6 <= width / height <= 1.2:
        return False
    rows = glyph.mean(axis=1)
    full = rows >= BAR
    if not full[int(0.85 * height) :].any():
        return False
    middle = full[int(0.25 * height) : int(0.6 * height)]
    between = rows[int(0.6 * height) : int(0.88 * height)]
    upper = glyph[: int(0.3 * height), :]
    third = width // 3
    stem = upper[:, third : width - third].any(axis=1).mean()
    corners = upper[:, : max(third - 1, 1)].mean() + upper[:, width - max(third - 1, 1) :].mean()
    return bool(middle.any() and between.min() <= 0.5 and stem >= STEM and corners <= 0.3)
