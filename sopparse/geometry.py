"""Boxes on a page, in PDF points from the top left of the page as displayed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Box(NamedTuple):
    x0: float
    top: float
    x1: float
    bottom: float


def enclose(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all the given ones (at least one)."""
    x0s, tops, x1s, bottoms = zip(*boxes, strict=True)
    return Box(min(x0s), min(tops), max(x1s), max(bottoms))


def turned(box: Box, degrees: int, width: float, height: float) -> Box:
    """The box on the page turned clockwise by 0, 90, 180 or 270 degrees; `width` and `height` are those before."""
    x0, top, x1, bottom = box
    if degrees == 90:
        return Box(height - bottom, x0, height - top, x1)
    if degrees == 180:
        return Box(width - x1, height - bottom, width - x0, height - top)
    if degrees == 270:
        return Box(top, width - x1, bottom, width - x0)
    return box


def turned_point(x: float, y: float, degrees: int, width: float, height: float) -> tuple[float, float]:
    """The point on the page turned clockwise by 0, 90, 180 or 270 degrees."""
    if degrees == 90:
        return height - y, x
    if degrees == 180:
        return width - x, height - y
    if degrees == 270:
        return y, width - x
    return x, y


def projected(box: Box, matrix: tuple[float, ...]) -> Box:
    """The smallest upright box around the box seen through a matrix (3 x 3, row by row, homogeneous)."""
    a, b, c, d, e, f, g, h, i = matrix
    points = []
    for x, y in ((box.x0, box.top), (box.x1, box.top), (box.x1, box.bottom), (box.x0, box.bottom)):
        depth = g * x + h * y + i
        points.append(((a * x + b * y + c) / depth, (d * x + e * y + f) / depth))
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))
