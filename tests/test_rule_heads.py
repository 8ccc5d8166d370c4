"""Arrowheads that point along a ruling line."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from sopparse.readers.raster import Rule
from sopparse.readers.rule_heads import heads_on_rules

PIXELS = 200 / 72
RULE = Rule(upright=True, low=20, high=480, start=150.0, slope=0.0, thick=3.0)


def page(thick: int = 3):  # type: ignore[no-untyped-def]
    """An upright rule; from its middle down something as thick as said runs along it."""
    ink = np.zeros((500, 300), np.uint8)
    ink[20:480, 149:152] = 255
    ink[250:480, 150 - thick // 2 : 151 + thick // 2] = 255
    return ink


@pytest.mark.parametrize("thick", [3, 5])
@pytest.mark.parametrize("upwards", [True, False])
def test_a_head_on_a_rule_points_along_it(thick: int, upwards: bool) -> None:
    ink = page(thick)
    tip, back = (240, 258) if upwards else (258, 240)
    if not upwards:
        ink = np.ascontiguousarray(ink[::-1])
    cv2.fillPoly(ink, [np.array([(150, tip), (141, back), (159, back)])], 255)
    (head,) = heads_on_rules(ink, [RULE], PIXELS)
    (x, y), (_, end) = head.ends
    assert abs(x - 150) < 2
    assert abs(y - tip) < 6
    assert (end > y) is upwards
    assert head.heads[0] is not None


@pytest.mark.parametrize("label", ["nothing", "crossing", "box", "disc", "dirt on one side"])
def test_what_is_no_head(label: str) -> None:
    ink = page()
    if label == "crossing":
        cv2.line(ink, (20, 250), (280, 250), 255, 3)
    elif label == "box":
        cv2.rectangle(ink, (141, 240), (159, 258), 255, -1)
    elif label == "disc":
        cv2.circle(ink, (150, 250), 9, 255, -1)
    elif label == "dirt on one side":
        cv2.fillPoly(ink, [np.array([(150, 240), (150, 258), (161, 258)])], 255)
    assert heads_on_rules(ink, [RULE], PIXELS) == []
