"""Sheets that did not lie flat."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from sopparse.readers.bending import bend_of
from sopparse.readers.image_rules import find_ruling
from sopparse.readers.prepare import prepare
from tests.scans import DPI, XS, YS, page_picture

CELLS = (len(XS) - 1) * (len(YS) - 1)
POINT = DPI / 72


def waved(picture: Any, points: float) -> Any:
    """Rows that rise and fall by so many points, more so at the bottom of the sheet."""
    height, width = picture.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype="float32"), np.arange(height, dtype="float32"))
    wave = points * POINT * np.sin(x / width * np.pi * 1.5) * (0.3 + y / height)
    return cv2.remap(picture, x, (y + wave).astype("float32"), cv2.INTER_LINEAR, borderValue=(255, 255, 255))


@pytest.mark.parametrize("points", [2.0, 6.0, 12.0])
@pytest.mark.parametrize("upright", [False, True])
def test_bent_lines_are_made_straight(points: float, upright: bool) -> None:
    picture = page_picture()
    bent = waved(picture.swapaxes(0, 1), points).swapaxes(0, 1) if upright else waved(picture, points)
    page = prepare(np.ascontiguousarray(bent), DPI)
    ruling = find_ruling(page.drawn, page.faint, DPI)
    assert len(ruling.cells) == CELLS
    assert all(abs(line.last - line.first) < 1.0 * POINT for line in ruling.lines)


def test_places_on_the_flat_page_lead_back_to_the_bent_one() -> None:
    picture = waved(page_picture(), 6.0)
    mark = (1500, 1250)
    cv2.circle(picture, mark, 14, (0, 0, 0), -1)
    page = prepare(picture, DPI)
    y, x = np.nonzero(cv2.erode(page.drawn, np.ones((15, 15), "uint8")))
    place = page.back @ np.array([x.mean(), y.mean(), 1.0])
    assert place[:2] / place[2] == pytest.approx(mark, abs=4 * POINT)


def test_straight_lines_and_text_do_not_bend() -> None:
    dots = (page_picture(100)[..., 0] < 150).astype("uint8")
    assert bend_of(dots) is None
    assert bend_of(np.ascontiguousarray(dots.T)) is None
    assert bend_of(np.zeros((900, 600), "uint8")) is None
