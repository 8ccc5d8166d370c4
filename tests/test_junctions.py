"""Which lines of a picture are rules: those that hold each other."""

from __future__ import annotations

from dataclasses import replace

from sopparse.readers.junctions import Line, barred_lines, held_lines, open_sides
from tests.bench.scans import Case, outcome


def line(across: bool, at: float, start: float, end: float) -> Line:
    return Line(across, at, start, end, 1.0, at, at, end - start)


def table() -> list[Line]:
    return [
        *(line(True, y, 40, 540) for y in (50, 100, 200, 300)),
        *(line(False, x, 50, 300) for x in (40, 140, 240, 540)),
    ]


def places(lines: list[Line]) -> set[tuple[bool, float]]:
    return {(one.across, one.at) for one in lines}


def test_the_lines_of_a_table_hold_each_other() -> None:
    assert held_lines(table(), 1.0) == table()


def test_sides_of_a_symbol_that_stands_on_a_rule_are_none() -> None:
    box = [line(True, 130, 190, 240), line(True, 160, 190, 240), line(False, 190, 130, 160)]
    assert places(held_lines([*table(), *box], 1.0)) == places(table())


def test_connectors_and_strokes_are_none() -> None:
    more = [line(False, 190, 160, 260), line(True, 260, 190, 400), line(True, 130, 150, 230)]
    assert places(held_lines([*table(), *more], 1.0)) == places(table())


def test_a_table_in_a_frame_keeps_its_corners() -> None:
    frame = [line(True, 10, 10, 580), line(True, 400, 10, 580), line(False, 10, 10, 400), line(False, 580, 10, 400)]
    assert places(held_lines([*table(), *frame], 1.0)) == places([*table(), *frame])


def test_a_rule_that_ends_behind_a_symbol_is_cut_back() -> None:
    lines = [one for one in table() if one.at != 240] + [line(False, 240, 50, 250)]
    (found,) = [one for one in held_lines(lines, 1.0) if not one.across and one.at == 240]
    assert (found.start, found.end) == (50, 200)


def test_the_open_side_of_a_table_is_closed_and_not_the_space_between_two() -> None:
    lines = [one for one in table() if one.across or one.at != 40]
    assert {(one.at, one.start, one.end) for one in open_sides(lines, 1.0)} == {
        (40, 50, 100),
        (40, 100, 200),
        (40, 200, 300),
    }
    other = [replace(one, at=one.at + 500) if one.across else replace(one, start=550, end=800) for one in table()]
    assert all(one.end <= 300 for one in open_sides([*lines, *other], 1.0))


def test_a_line_that_ends_in_a_table_ends_on_one_that_goes_on() -> None:
    """Headings over some columns: the side of the cell beside them is too pale to be found above the first row."""
    lines = [line(True, 70, 140, 540), *table()]
    lines[lines.index(line(False, 140, 50, 300))] = line(False, 140, 100, 300)
    (bar,) = [one for one in barred_lines(lines, 1.0) if not one.across and one.at == 140]
    assert (bar.start, bar.end) == (50, 300)
    assert barred_lines(table(), 1.0) == table()


def test_a_rule_that_nearly_reaches_the_next_ends_on_it() -> None:
    lines = [line(False, 240, 50, 275) if (one.across, one.at) == (False, 240) else one for one in table()]
    (found,) = [one for one in held_lines(lines, 1.0) if not one.across and one.at == 240]
    assert (found.start, found.end) == (50, 300)


def test_a_frame_around_a_table_is_no_side_of_it() -> None:
    """The left side of the frame begins by chance where the table does."""
    frame = [line(True, 10, 10, 580), line(True, 400, 10, 580), line(False, 10, 50, 400), line(False, 580, 10, 400)]
    assert open_sides([*table(), *frame], 1.0) == []


def test_a_connector_that_other_connectors_hold_for_a_while_is_none() -> None:
    """Its ends are cut back one after the other, as the connectors that held them fall away."""
    assert outcome(Case(seed=110, messy=False, dpi=200, kind="clean")).grid
