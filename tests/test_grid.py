"""Borders however they are drawn, what is none of them, and the cells between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopparse.geometry import Box
from sopparse.layout.grid import Grid, find_grids
from sopparse.layout.gutters import with_columns
from sopparse.layout.rules import find_rules
from sopparse.page import Page, Path, Word

XS = (50.0, 80.0, 200.0, 260.0, 320.0, 400.0)
YS = (100.0, 130.0, 180.0, 230.0)


def stroke(x0: float, y0: float, x1: float, y1: float, width: float = 0.5, dashed: bool = False) -> Path:
    return Path(((x0, y0), (x1, y1)), False, True, False, width=width, dashed=dashed)


def area(x0: float, y0: float, x1: float, y1: float, stroked: bool = False, darkness: float = 1.0) -> Path:
    return Path(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), True, stroked, not stroked, darkness=darkness)


def lines(xs: Sequence[float] = XS, ys: Sequence[float] = YS) -> list[Path]:
    return [stroke(x, ys[0], x, ys[-1]) for x in xs] + [stroke(xs[0], y, xs[-1], y) for y in ys]


def thin(xs: Sequence[float] = XS, ys: Sequence[float] = YS) -> list[Path]:
    """As word processors print: each side of each cell a filled strip, the corners squares of their own."""
    out = [area(x - 0.24, y - 0.24, x + 0.24, y + 0.24) for x in xs for y in ys]
    for y in ys:
        out += [area(a + 0.24, y - 0.24, b - 0.24, y + 0.24) for a, b in pairwise(xs)]
    for x in xs:
        out += [area(x - 0.24, a + 0.24, x + 0.24, b - 0.24) for a, b in pairwise(ys)]
    return out


def boxed() -> list[Path]:
    return [area(a, c, b, d, stroked=True) for a, b in pairwise(XS) for c, d in pairwise(YS)]


def doubled() -> list[Path]:
    return lines() + lines([x + 1.6 for x in XS], [y + 1.6 for y in YS])


def dashed() -> list[Path]:
    out = []
    for path in lines():
        (x0, y0), (x1, y1) = path.points
        count = int(max(x1 - x0, y1 - y0) // 6)
        for k in range(count + 1):
            a, b = k * 6, min(k * 6 + 3, max(x1 - x0, y1 - y0))
            if b > a:
                out.append(stroke(x0 + (a if x1 > x0 else 0), y0 + (a if y1 > y0 else 0),
                                  x0 + (b if x1 > x0 else 0), y0 + (b if y1 > y0 else 0), dashed=True))  # fmt: skip
    return out


def grids(paths: Sequence[Path]) -> tuple[Grid, ...]:
    return find_grids(Page(1, width=600, height=400, paths=tuple(paths)))


def grid(paths: Sequence[Path]) -> Grid:
    (found,) = grids(paths)
    return found


def shape(found: Grid) -> tuple[int, int, int]:
    return len(found.ys) - 1, len(found.xs) - 1, len(found.cells)


@pytest.mark.parametrize(
    "paths", [lines(), thin(), boxed(), doubled(), dashed()], ids=["strokes", "strips", "boxes", "doubled", "dashed"]
)
def test_borders_are_found_however_they_are_drawn(paths: list[Path]):
    found = grid(paths)
    assert shape(found) == (3, 5, 15)
    assert all(abs(a - b) < 1.7 for a, b in zip(found.xs, XS, strict=True))
    assert all(cell.rows == cell.columns == 1 for cell in found.cells)


def test_merged_cells_know_their_rows_and_columns():
    paths = [stroke(x, YS[0], x, YS[-1]) for x in XS if x not in (260, 320)]
    paths += [stroke(x, 130, x, YS[-1]) for x in (260.0, 320.0)]  # a heading over three columns
    paths += [stroke(XS[0], y, XS[-1], y) for y in YS if y != 180]
    paths += [stroke(80, 180, XS[-1], 180)]  # a number over two rows
    found = grid(paths)
    merged = {(c.row, c.column): (c.rows, c.columns) for c in found.cells if c.rows * c.columns > 1}
    assert merged == {(0, 2): (1, 3), (1, 0): (2, 1)}
    assert found.cell_at(300, 110) == found.cell(0, 2)
    assert found.cell_at(60, 200) == found.cell(1, 0)
    assert found.cell_at(10, 10) is None


BOX = area(210, 140, 250, 170, stroked=True)
NEXT = area(270, 190, 310, 220, stroked=True)


@pytest.mark.parametrize(
    ("label", "drawn"),
    [
        ("boxes and an elbow", [BOX, NEXT, Path(((230, 170), (230, 205), (270, 205)), False, True, False)]),
        ("the elbow in two lines", [BOX, NEXT, stroke(230, 170, 230, 205), stroke(230, 205, 270, 205)]),
        ("a box of four lines", [
            stroke(210, 140, 250, 140), stroke(210, 170, 250, 170), stroke(210, 140, 210, 170),
            stroke(250, 140, 250, 170), stroke(230, 170, 230, 205)]),
        ("a line through a whole row", [BOX, stroke(230, 170, 230, 235)]),
        ("a line in pieces", [BOX, *[stroke(230, 170 + 5 * k, 230, 175 + 5 * k) for k in range(10)]]),
        ("a filled box", [area(210, 140, 250, 170)]),
        ("a rounded box", [Path(BOX.points, True, True, False, curved=True)]),
        ("a diamond", [Path(((230, 140), (250, 155), (230, 170), (210, 155)), True, True, False)]),
        ("an underline", [stroke(90, 120, 150, 120)]),
        ("a loose line outside", [stroke(50, 300, 400, 300)]),
        ("a white strip", [area(150, 100, 151, 230, darkness=0.0)]),
        ("a frame around the page", [area(20, 20, 580, 380, stroked=True)]),
    ],
)  # fmt: skip
def test_what_is_drawn_in_cells_makes_no_borders(label: str, drawn: list[Path]):
    for borders in (lines(), thin()):
        assert shape(grid([*borders, *drawn])) == (3, 5, 15)


def test_a_stub_that_ends_on_borders_is_told_by_how_it_is_drawn():
    # From border to border, but stroked where the borders are strips.
    assert shape(grid([*thin(), stroke(230, 180, 230, 230, width=1.5)])) == (3, 5, 15)


def test_a_connector_that_runs_on_from_a_border_does_not_break_it():
    assert shape(grid([*lines(), stroke(200, 230, 200, 280), area(180, 280, 220, 300, stroked=True)])) == (3, 5, 15)


def test_open_sides_are_closed():
    paths = [stroke(x, YS[0], x, YS[-1]) for x in XS[1:-1]] + [stroke(XS[0], y, XS[-1], y) for y in YS]
    found = grid(paths)
    assert shape(found) == (3, 5, 15)
    assert found.box == Box(50, 100, 400, 230)


def test_the_missing_corner_of_a_table_is_no_cell():
    paths = [stroke(x, YS[0], x, YS[-1]) for x in XS[1:]] + [stroke(50, 130, 50, 230)]
    paths += [stroke(80, 100, 400, 100), *[stroke(50, y, 400, y) for y in YS[1:]]]
    found = grid(paths)
    assert found.cell(0, 0) is None
    assert len(found.cells) == 14


def test_several_tables_stand_apart():
    below = lines((50, 200, 400), (260, 290, 320))
    first, second = grids([*below, *lines()])
    assert (shape(first), shape(second)) == ((3, 5, 15), (2, 2, 4))


def test_a_single_box_is_no_table():
    assert grids([area(50, 50, 300, 200, stroked=True)]) == ()
    assert grids([]) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(20, 80), min_size=2, max_size=9),
    st.lists(st.integers(15, 60), min_size=2, max_size=9),
    st.sampled_from([lines, thin]),
    st.randoms(use_true_random=False),
)
def test_any_table_is_found_whole(widths: list[int], heights: list[int], draw: object, random: object):
    xs = [50.0 + sum(widths[:k]) for k in range(len(widths) + 1)]
    ys = [60.0 + sum(heights[:k]) for k in range(len(heights) + 1)]
    paths = draw(xs, ys)  # type: ignore[operator]
    random.shuffle(paths)  # type: ignore[attr-defined]
    found = grid(paths)
    assert shape(found) == (len(heights), len(widths), len(heights) * len(widths))


def test_thousands_of_lines_take_no_time():
    many = [stroke(x, 10, x, 390) for x in range(10, 590, 2)] + [stroke(10, y, 590, y) for y in range(10, 390, 2)]
    assert find_rules(many)
    loose = [stroke(10 + k % 500, 10 + k % 300, 30 + k % 500, 10 + k % 300) for k in range(5000)]
    assert find_grids(Page(1, width=600, height=400, paths=tuple(loose))) is not None


# -- lines between rows only ----------------------------------------------------------------------------------------


def word(text: str, x: float, top: float, line: int) -> Word:
    return Word(text, line * 10 + int(x), box=Box(x, top, x + 5 * len(text), top + 10), line=line)


def test_columns_come_from_white_strips_where_no_borders_are_drawn():
    ys = [100.0 + 30 * k for k in range(6)]
    found = grid([stroke(50, y, 400, y) for y in ys])
    heads = [("No", 52), ("Kegiatan", 110), ("Staf", 230), ("Kepala", 290), ("Waktu", 360)]
    words = [word(text, x, 110, 0) for text, x in heads]
    for r in range(1, 5):
        words += [word(str(r), 55, 100 + 30 * r + 5, 2 * r), word("5", 360, 100 + 30 * r + 5, 2 * r)]
        words += [
            word(text, x, 100 + 30 * r + 5, 2 * r) for text, x in (("Menerima", 90), ("berkas", 133), ("baru", 166))
        ]
        words += [
            word("dan", 90, 100 + 30 * r + 17, 2 * r + 1),
            word("menyimpannya", 108, 100 + 30 * r + 17, 2 * r + 1),
        ]
    parted = with_columns(found, words)
    assert shape(parted) == (5, 5, 25)
    assert [parted.cell_at(x + 3, 112).column for _, x in heads] == [0, 1, 2, 3, 4]  # type: ignore[union-attr]


def test_paragraphs_in_boxes_are_no_columns():
    ys = [100.0 + 30 * k for k in range(6)]
    found = grid([stroke(50, y, 400, y) for y in ys])
    words = [word("paragraf", 60 + 43 * k + 7 * r, 105 + 30 * r, r) for r in range(5) for k in range(7)]
    assert with_columns(found, words) is found
