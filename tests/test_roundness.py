from __future__ import annotations

import numpy as np
import pytest

from sopparse.readers.patterns import HOLLOW_CORNERS, outline_of, patterns
from sopparse.readers.roundness import roundness

cv2 = pytest.importorskip("cv2")

BOX = patterns()[0]
ROUNDED = next(pattern for pattern in patterns() if pattern.radius == 0.45)


def area(pattern, width, height):
    mask = np.zeros((height, width), np.uint8)
    points = np.array(outline_of(pattern, width, height)) * (width, height)
    cv2.fillPoly(mask, [np.round(points * 16 - 8).astype(np.int32)], 1, shift=4)
    return mask


def ragged(mask, seed):
    """Some dots of the edge go, some get a neighbour outside."""
    chance = np.random.default_rng(seed).random(mask.shape)
    grown, shrunk = (np.asarray(change(mask, np.ones((3, 3)))) for change in (cv2.dilate, cv2.erode))
    worn = np.where((shrunk == 0) & (mask > 0) & (chance < 0.12), 0, mask)
    return np.where((grown > 0) & (mask == 0) & (chance < 0.12), 1, worn).astype(np.uint8)


@pytest.mark.parametrize("height", [33, 40, 60])
@pytest.mark.parametrize("seed", range(6))
def test_ragged_edges_leave_corners_as_they_are(height, seed):
    for pattern, square in ((BOX, True), (ROUNDED, False)):
        mask = ragged(cv2.copyMakeBorder(area(pattern, 2 * height, height), 1, 1, 1, 1, cv2.BORDER_CONSTANT), seed)
        found = roundness(mask)
        assert found is not None
        assert found < HOLLOW_CORNERS[0] if square else found > HOLLOW_CORNERS[1]


def test_one_corner_does_not_count():
    mask = area(ROUNDED, 70, 30)
    mask[:12, :12] = 1
    assert (roundness(mask) or 0.0) > HOLLOW_CORNERS[1]
    mask = area(BOX, 70, 30)
    mask[:12, :12] = 0
    assert roundness(mask) == 0


def test_the_inner_edge_of_an_outline_is_tighter():
    outer, thick = area(ROUNDED, 80, 40), 3
    inner = cv2.erode(outer, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * thick + 1,) * 2))
    mask = inner[thick:-thick, thick:-thick]
    assert abs((roundness(mask, thick) or 0.0) - 1) < 0.25


def test_too_small_to_tell():
    assert roundness(area(BOX, 12, 6)) is None
