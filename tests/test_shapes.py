from __future__ import annotations

from math import cos, pi, sin
from time import perf_counter

import pytest

from sopparse.geometry import Box
from sopparse.page import Path, Word
from sopparse.readers.arrowheads import open_head, triangle_head
from sopparse.readers.outlines import classify, is_circle, middle_lines, thin_width
from sopparse.readers.phrases import phrases
from sopparse.readers.shapes import find_drawing

CELLS = [Box(100.0 + 60 * k, 50.0 + 60 * r, 160.0 + 60 * k, 110.0 + 60 * r) for k in range(3) for r in range(3)]


def stroke(*points, closed=False, filled=False):
    return Path(tuple(map(tuple, points)), closed, stroked=not filled, filled=filled)


def box(x, y, width=30.0, height=16.0):
    return stroke((x, y), (x + width, y), (x + width, y + height), (x, y + height), closed=True)


def head(x, y, dx, dy, size=5.0):
    """A filled triangle whose tip is at (x, y)."""
    bx, by = x - dx * size, y - dy * size
    return stroke((x, y), (bx - dy * 2, by + dx * 2), (bx + dy * 2, by - dx * 2), closed=True, filled=True)


def grid():
    return [stroke((c.x0, c.top), (c.x1, c.top), (c.x1, c.bottom), (c.x0, c.bottom), closed=True) for c in CELLS]


def draw(*paths, words=()):
    return find_drawing([*grid(), *paths], words, CELLS)


def links(drawing):
    return [(c.source, c.target, c.headed) for c in drawing.connectors]


def ring(width, height, count=32, power=2.0):
    """A superellipse: power 2 an ellipse, more a rounded box."""
    out = []
    for i in range(count):
        a = 2 * pi * i / count
        c, s = cos(a), sin(a)
        out.append(
            (
                width / 2 * (1 if c >= 0 else -1) * abs(c) ** (2 / power),
                height / 2 * (1 if s >= 0 else -1) * abs(s) ** (2 / power),
            )
        )
    return tuple(out)


def capsule(width, height, radius):
    out = []
    for cx, cy, start in ((1, 1, 0), (-1, 1, 1), (-1, -1, 2), (1, -1, 3)):
        for i in range(9):
            a = (start + i / 8) * pi / 2
            out.append((cx * (width / 2 - radius) + radius * cos(a), cy * (height / 2 - radius) + radius * sin(a)))
    return tuple(out)


@pytest.mark.parametrize(
    ("points", "kind"),
    [
        (((0, 0), (30, 0), (30, 16), (0, 16)), "process"),
        (((15, 0), (30, 10), (15, 20), (0, 10)), "decision"),
        (((40, 0), (80, 8), (40, 16), (0, 8)), "decision"),
        (ring(30, 16), "terminator"),
        (ring(20, 20), "terminator"),
        (ring(17, 14), "terminator"),
        (capsule(36, 16, 8), "terminator"),
        (capsule(38, 26, 4.4), "terminator"),
        (capsule(8, 16, 3), "terminator"),
        (((0, 0), (16, 0), (16, 9), (8, 14), (0, 9)), "off-page"),
        (((0, 0), (10, 0), (16, 7), (10, 14), (0, 14)), "off-page"),
        (((0, 0), (30, 0), (30, 14), (26, 12), (21, 12), (15, 14), (8, 16), (3, 16), (0, 15)), "document"),
        (((6, 0), (36, 0), (30, 16), (0, 16)), "other"),
        (((6, 0), (30, 0), (36, 8), (30, 16), (6, 16), (0, 8)), "other"),
        (((0, 16), (15, 0), (30, 16)), "other"),
    ],
)
def test_outlines_are_classified(points, kind):
    assert classify(tuple((float(x), float(y)) for x, y in points)) == kind


def test_circles_are_told_from_ellipses():
    assert is_circle(ring(12, 12))
    assert not is_circle(ring(20, 12))
    assert not is_circle(((0.0, 0.0), (12.0, 0.0), (12.0, 12.0), (0.0, 12.0)))


def test_heads():
    found = triangle_head(((10.0, 5.0), (4.0, 2.0), (4.0, 8.0)))
    assert found is not None
    assert found.tip == (10.0, 5.0)
    assert found.direction == (1.0, 0.0)
    # A notch does not matter; a box, a diamond and a slim piece of a line are no heads.
    assert triangle_head(((10.0, 5.0), (4.0, 2.0), (5.5, 5.0), (4.0, 8.0))) is not None
    assert triangle_head(((0.0, 0.0), (6.0, 0.0), (6.0, 6.0), (0.0, 6.0))) is None
    assert triangle_head(((5.0, 0.0), (10.0, 5.0), (5.0, 10.0), (0.0, 5.0))) is None
    assert triangle_head(((0.0, 0.0), (0.4, 6.0), (1.1, 6.0))) is None
    assert open_head((0.0, 0.0), (5.0, 2.0), (0.0, 4.0)) is not None
    assert open_head((0.0, 0.0), (50.0, 2.0), (0.0, 4.0)) is None


def test_lines_drawn_as_areas():
    elbow = ((0.0, 0.0), (40.0, 0.0), (40.0, 30.0), (39.0, 30.0), (39.0, 1.0), (0.0, 1.0))
    width = thin_width(elbow)
    assert width is not None
    (line,) = middle_lines(elbow, width)
    assert [(round(x, 1), round(y, 1)) for x, y in line] == [(0.0, 0.5), (39.5, 0.5), (39.5, 30.0)]
    assert thin_width(((0.0, 0.0), (30.0, 0.0), (30.0, 16.0), (0.0, 16.0))) is None


def test_a_line_with_a_head_leads_from_box_to_box():
    drawing = draw(box(115, 70), box(175, 130), stroke((145, 78), (190, 78), (190, 126)), head(190, 130, 0, 1))
    assert [s.kind for s in drawing.symbols] == ["process", "process"]
    assert links(drawing) == [(0, 1, True)]


def test_borders_are_no_connectors():
    assert draw(box(115, 70)).connectors == ()


def test_pieces_in_any_order_and_sides_drawn_one_by_one():
    sides = [
        stroke((115, 70), (145, 70)), stroke((145, 86), (115, 86)),
        stroke((145, 70), (145, 86)), stroke((115, 86), (115, 70)),
    ]  # fmt: skip
    pieces = [stroke((190, 100), (190, 126)), stroke((145, 78), (160, 78)), stroke((190, 78), (190, 100))]
    drawing = draw(*pieces, box(175, 130), *sides, stroke((190, 78), (160, 78)), head(190, 130, 0, 1))
    assert links(drawing) == [(0, 1, True)]


def test_a_diamond_of_four_lines_is_no_arrowhead():
    corner = [(130.0, 70.0), (142.0, 79.0), (130.0, 88.0), (118.0, 79.0)]
    drawing = draw(*(stroke(corner[i - 1], corner[i]) for i in range(4)))
    assert [s.kind for s in drawing.symbols] == ["decision"]


def test_crossing_lines_pass_each_other():
    drawing = draw(
        box(115, 70), box(235, 70), box(175, 55), box(175, 130),
        stroke((145, 78), (231, 78)), head(235, 78, 1, 0),
        stroke((190, 71), (190, 126)), head(190, 130, 0, 1),
    )  # fmt: skip
    by_box = {(c.source, c.target) for c in drawing.connectors}
    assert by_box == {(1, 2), (0, 3)}


def test_merged_lines_lead_from_each_tail_to_the_head():
    drawing = draw(
        box(115, 70), box(235, 70), box(175, 150),
        stroke((145, 78), (190, 78), (190, 146)), head(190, 150, 0, 1),
        stroke((235, 78), (190, 78)),
    )  # fmt: skip
    assert {(c.source, c.target) for c in drawing.connectors} == {(0, 2), (1, 2)}


def test_ends_short_of_their_symbols():
    drawing = draw(box(115, 70), box(235, 70), stroke((150, 78), (222, 78)), head(227, 78, 1, 0))
    assert links(drawing) == [(0, 1, True)]
    assert drawing.connectors[0].read < 1.0


def test_two_heads_lead_both_ways():
    drawing = draw(box(115, 70), box(235, 70), stroke((149, 78), (231, 78)), head(235, 78, 1, 0), head(145, 78, -1, 0))
    assert {(c.source, c.target) for c in drawing.connectors} == {(0, 1), (1, 0)}


def test_a_line_along_a_rule():
    drawing = draw(
        box(115, 70), box(115, 190),
        stroke((145, 78), (160, 78)), stroke((160, 78), (160, 198)), stroke((160, 198), (149, 198)),
        head(145, 198, -1, 0),
    )  # fmt: skip
    assert links(drawing) == [(0, 1, True)]


def test_a_line_hidden_by_a_rule_is_bridged():
    drawing = draw(
        box(115, 70), box(115, 190), stroke((145, 78), (160, 78)), stroke((160, 198), (149, 198)), head(145, 198, -1, 0)
    )
    assert links(drawing) == [(0, 1, True)]


def test_a_symbol_under_a_line_is_a_stop():
    drawing = draw(box(115, 70), box(175, 70), box(235, 70), stroke((145, 78), (231, 78)), head(235, 78, 1, 0))
    assert {(c.source, c.target) for c in drawing.connectors} == {(0, 1), (1, 2)}


def test_fill_stroke_and_shadow_are_one_symbol():
    fill = Path(box(115, 70).points, True, stroked=False, filled=True, darkness=1.0)
    shadow = Path(box(117, 72).points, True, stroked=False, filled=True, darkness=0.3)
    assert len(draw(shadow, fill, box(115, 70)).symbols) == 1


def test_white_fills_and_shaded_cells_are_no_symbols():
    white = Path(box(115, 70).points, True, stroked=False, filled=True, darkness=0.0)
    cell = CELLS[4]
    shade = Path(box(cell.x0, cell.top, 60, 60).points, True, stroked=False, filled=True, darkness=0.2)
    assert draw(white, shade).symbols == ()


def test_words_in_and_beside_symbols():
    words = (
        Word("Mulai", 0, box=Box(118, 74, 140, 82)),
        Word("Tidak", 1, box=Box(170, 60, 185, 67)),
        Word("lengkap", 2, box=Box(187, 60, 205, 67)),
    )
    drawing = draw(box(115, 70), words=words)
    assert [w.text for w in drawing.symbols[0].words] == ["Mulai"]
    assert [[w.text for w in phrase] for phrase in drawing.labels] == [["Tidak", "lengkap"]]


def test_lines_of_a_phrase_are_joined_where_they_are_flush():
    words = [
        Word("Tidak", 0, box=Box(10, 0, 25, 7)),
        Word("lengkap", 1, box=Box(10, 8, 32, 15)),
        Word("Berkas", 2, box=Box(50, 0, 70, 7)),
        Word("Ya", 3, box=Box(40, 8, 46, 15)),
    ]
    assert {" ".join(w.text for w in p) for p in phrases(words)} == {"Tidak lengkap", "Berkas", "Ya"}


def test_hostile_pages_end_soon():
    line = tuple((float(i % 97), float(i * 7 % 89)) for i in range(3000))
    some = [stroke((i % 50, i % 31), ((i * 3) % 53, (i * 5) % 47)) for i in range(400)]
    find_drawing([Path(line, False, True, False), *some, stroke((0, 0), (0, 0)), stroke((5, 5))], (), [])
    many = [stroke((i * 7 % 600, i * 13 % 800), (i * 11 % 600, i * 13 % 800)) for i in range(6000)]
    slanting = [stroke((i * 7 % 600, i * 13 % 800), (i * 7 % 600 + 6, i * 13 % 800 + 5)) for i in range(6000)]
    boxes = [box(i * 17 % 580, i * 29 % 780) for i in range(2000)]
    heads = [head(i * 19 % 580, i * 31 % 780, 1, 0) for i in range(1000)]
    before = perf_counter()
    find_drawing([*many, *slanting, *boxes, *heads], (), CELLS)
    assert perf_counter() - before < 10.0
