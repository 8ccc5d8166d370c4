"""Symbols that stand across column rules, or touch them with a corner."""

from __future__ import annotations

import numpy as np
import pytest

from sopparse.geometry import Box
from sopparse.readers.bridges import bridges
from sopparse.readers.raster import Rule, trace
from sopparse.readers.shapes import find_drawing

cv2 = pytest.importorskip("cv2")

# At 200 dots per inch: columns 100 pixels wide, at 140, 240 ...
RULES = range(40, 641, 100)
CELLS = [(40 + 100 * k, 40 + 160 * r, 140 + 100 * k, 200 + 160 * r) for k in range(6) for r in range(2)]


def diamond(x, y, wide, high):
    return [(x, y - high), (x + wide, y), (x, y + high), (x - wide, y)]


def capsule(x, y, wide, high):
    turn = np.linspace(-np.pi / 2, np.pi / 2, 30)
    right = [(x + wide - high + high * np.cos(a), y + high * np.sin(a)) for a in turn]
    return right + [(2 * x - px, 2 * y - py) for px, py in right]


def box(x, y, wide, high):
    return [(x - wide, y - high), (x + wide, y - high), (x + wide, y + high), (x - wide, y + high)]


STRADDLING = {
    "capsule from rule to rule": (capsule(190, 120, 50, 20), "terminator"),
    "capsule a little over both rules": (capsule(191, 120, 53, 20), "terminator"),
    "capsule over both rules": (capsule(192, 120, 58, 20), "terminator"),
    "diamond with its middle on a rule": (diamond(241, 120, 40, 30), "decision"),
    "diamond with its corner on a rule": (diamond(280, 120, 40, 30), "decision"),
    "diamond with its corner over a rule": (diamond(272, 120, 40, 30), "decision"),
    "diamond with much over a rule": (diamond(264, 120, 40, 30), "decision"),
    "diamond with its corner out of the table": (diamond(608, 120, 40, 30), "decision"),
    "box with its side on a rule": (box(270, 115, 30, 25), "process"),
    "box across a rule": (box(245, 115, 35, 25), "process"),
}


def found(outline, dpi, thick):
    """The symbols on a page with rules, and how far their box is from that of the outline (points)."""
    times, pixels = dpi / 200, dpi / 72
    paper = np.zeros((round(400 * times), round(680 * times)), np.uint8)
    cells = [Box(*(value * times for value in cell)) for cell in CELLS]
    for cell in cells:
        cv2.rectangle(paper, (round(cell.x0), round(cell.top)), (round(cell.x1), round(cell.bottom)), 255, thick)
    cv2.polylines(paper, [np.round(np.array(outline) * times).astype(np.int32)], True, 255, thick)
    paths = trace(paper, paper, cells, (), 1 / pixels)
    drawing = find_drawing(paths, (), [Box(*(v / pixels for v in (c.x0, c.top, c.x1, c.bottom))) for c in cells])
    return drawing, [path for path in paths if not path.closed]


@pytest.mark.parametrize(("dpi", "thick"), [(150, 2), (200, 2), (300, 3)])
@pytest.mark.parametrize("name", STRADDLING)
def test_symbols_over_rules(name, dpi, thick):
    outline, kind = STRADDLING[name]
    drawing, _ = found(outline, dpi, thick)
    (symbol,) = drawing.symbols
    assert symbol.kind == kind
    xs, ys = zip(*outline, strict=True)
    want = [v * 72 / 200 for v in (min(xs), min(ys), max(xs), max(ys))]
    got = [symbol.box.x0, symbol.box.top, symbol.box.x1, symbol.box.bottom]
    assert max(abs(a - b) for a, b in zip(want, got, strict=True)) < 3.2


@pytest.mark.parametrize("name", [name for name in STRADDLING if not name.startswith("box")])
def test_outlines_over_rules_are_no_lines(name):
    assert found(STRADDLING[name][0], 200, 2)[1] == []


def bridged(draw):
    """What is bridged of an upright rule, 4 pixels broad from 58 on."""
    ink = np.zeros((120, 120), np.uint8)
    draw(ink)
    plain = ink.copy()
    plain[:, 56:64] = 0
    ink[:, 58:62] = 255
    return bridges(ink & ~plain, plain, [Rule(True, 0, 120, 60.0, 0.0, 4.0)], 200 / 72)


def test_slanted_lines_are_bridged_and_level_ones_are_not():
    over = bridged(lambda ink: cv2.line(ink, (20, 90), (100, 30), 255, 2))
    rows = np.flatnonzero(over.any(axis=1))
    assert len(rows) >= 3
    assert rows[0] >= 52
    assert rows[-1] <= 68
    assert not bridged(lambda ink: cv2.line(ink, (20, 60), (100, 60), 255, 2)).any()
    assert not bridged(lambda ink: cv2.rectangle(ink, (20, 30), (100, 90), 255, 2)).any()


def test_sides_that_part_are_not_joined():
    def apart(ink):
        cv2.line(ink, (20, 60), (57, 40), 255, 2)
        cv2.line(ink, (20, 66), (57, 86), 255, 2)

    def meeting(ink):
        cv2.line(ink, (20, 35), (59, 57), 255, 2)
        cv2.line(ink, (20, 85), (59, 63), 255, 2)

    assert not bridged(apart).any()
    assert bridged(meeting)[58:62].any()
