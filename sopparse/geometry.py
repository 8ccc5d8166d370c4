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
