"""How sure what is drawn in a picture is: how well symbols fit, how much of a line is seen, what they are tied to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import hypot, prod

from sopparse.page import Connector, Drawing, Path, Points, Symbol

# Nothing in a picture is surer than this: chosen, not measured; what such values are worth is fitted afterwards
# (`confidence`).
SYMBOL, LINE = 0.97, 0.93
# A symbol that no line is tied to may be an area between lines; a line without a head, where others have one, has lost
# it; a decision has two ways out.
APART, HEADLESS, ONE_EXIT = 0.7, 0.7, 0.9
HEADED_PAGE = 0.5
# Signs that something between its ends was not seen: a symbol that is no decision is left by several lines, a line has
# more corners than people draw, it passes a row in which no symbol was found, or nothing comes in where it begins or
# leaves where it ends. Of 480 lines in pages of heavy damage at 150 dpi wrong ones show each 2 to 20 times as often.
SPLIT, WINDING, PASSING, LOOSE_END = 0.7, 0.7, 0.6, 0.8
CORNERS = 4
# Where a way may begin or end on a page.
ENDS = ("terminator", "off-page", "on-page")
# A line is as sure as the share of it that is drawn: less than the first is a guess, the second leaves no doubt.
SEEN = (0.6, 0.97)
GUESSED = 0.5
# How far beside a line its strokes lie (points), and how far they are lengthened: corners and heads are no strokes.
ASIDE, LONGER = 1.6, 3.0


def doubted(drawing: Drawing, paths: Sequence[Path], rows: Sequence[tuple[float, float]]) -> Drawing:
    """The drawing of a picture, each part as sure as it is clear; `paths` are the strokes it was made of, `rows` where
    the rows of its table begin and end."""
    strokes = [path.points for path in paths if not path.closed and not path.filled]
    tied = Counter(i for line in drawing.connectors for i in (line.source, line.target) if i is not None)
    exits = Counter(line.source for line in drawing.connectors)
    symbols = []
    for i, symbol in enumerate(drawing.symbols):
        read = symbol.read * SYMBOL * (1.0 if tied[i] else APART)
        if symbol.kind == "decision" and exits[i] < 2:
            read *= ONE_EXIT
        symbols.append(replace(symbol, read=round(read, 3)))
    headed = sum(line.headed for line in drawing.connectors) > HEADED_PAGE * len(drawing.connectors)
    seen = _Seen(symbols, exits, Counter(line.target for line in drawing.connectors), _empty(rows, symbols))
    lines = tuple(
        replace(line, read=round(_read(line, strokes, symbols, headed) * _whole(line, seen), 3))
        for line in drawing.connectors
    )
    return Drawing(tuple(symbols), lines, drawing.labels)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The symbols, how many lines leave and reach each of them, and the rows without one."""

    symbols: Sequence[Symbol]
    exits: Mapping[int | None, int]
    entries: Mapping[int | None, int]
    empty: Sequence[tuple[float, float]]


def _empty(rows: Sequence[tuple[float, float]], symbols: Sequence[Symbol]) -> list[tuple[float, float]]:
    middles = [(symbol.box.top + symbol.box.bottom) / 2 for symbol in symbols]
    return [(top, bottom) for top, bottom in rows if not any(top <= y <= bottom for y in middles)]


def _whole(line: Connector, seen: _Seen) -> float:
    """How surely nothing is missing between the ends of a line."""
    sure = 1.0
    ys = [y for _, y in line.points]
    if any(min(ys) <= top and bottom <= max(ys) for top, bottom in seen.empty):
        sure *= PASSING
    if len(line.points) - 2 > CORNERS:
        sure *= WINDING
    if line.source is not None:
        if seen.symbols[line.source].kind != "decision" and seen.exits[line.source] > 1:
            sure *= SPLIT
        if seen.symbols[line.source].kind not in ENDS and not seen.entries[line.source]:
            sure *= LOOSE_END
    if line.target is not None and seen.symbols[line.target].kind not in ENDS and not seen.exits[line.target]:
        sure *= LOOSE_END
    return sure


def _read(line: Connector, strokes: Sequence[Points], symbols: Sequence[Symbol], headed: bool) -> float:
    ends = prod(symbols[i].read / SYMBOL for i in (line.source, line.target) if i is not None)
    seen = min(max((_seen(line.points, strokes) - SEEN[0]) / (SEEN[1] - SEEN[0]), 0.0), 1.0)
    read = line.read * LINE * ends * (GUESSED + (1 - GUESSED) * seen)
    return read * (HEADLESS if headed and not line.headed else 1.0)


def _seen(points: Points, strokes: Sequence[Points]) -> float:
    """The share of a line that strokes draw."""
    total = drawn = 0.0
    for a, b in pairwise(points):
        length = hypot(b[0] - a[0], b[1] - a[1])
        if length:
            total += length
            drawn += _covered(a, b, length, strokes)
    return drawn / total if total else 0.0


def _covered(a: tuple[float, float], b: tuple[float, float], length: float, strokes: Sequence[Points]) -> float:
    """How much of a straight piece lies on strokes along it."""
    ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    parts = []
    for stroke in strokes:
        along = [(x - a[0]) * ux + (y - a[1]) * uy for x, y in stroke]
        aside = [abs((y - a[1]) * ux - (x - a[0]) * uy) for x, y in stroke]
        if max(aside) <= ASIDE:
            parts.append((max(min(along) - LONGER, 0.0), min(max(along) + LONGER, length)))
    covered = reached = 0.0
    for low, high in sorted(parts):
        covered += max(high - max(low, reached), 0.0)
        reached = max(reached, high)
    return covered
