"""How sure what is drawn in a picture is: how well symbols fit, how much of a line is seen, what they are tied to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import hypot

from sopparse.page import Connector, Drawing, Path, Points, Symbol

# Nothing in a picture is surer than this: chosen, not measured; what such values are worth is fitted afterwards
# (`confidence`).
SYMBOL, LINE = 0.97, 0.93
# A symbol that no line is tied to may be an area between lines; a line without a head, where others have one, has lost
# it; a decision has two ways out.
APART, HEADLESS, ONE_EXIT = 0.7, 0.7, 0.9
HEADED_PAGE = 0.5
# A line is as sure as the share of it that is drawn: less than the first is a guess, the second leaves no doubt.
SEEN = (0.6, 0.97)
GUESSED = 0.5
# How far beside a line its strokes lie (points), and how far they are lengthened: corners and heads are no strokes.
ASIDE, LONGER = 1.6, 3.0


def doubted(drawing: Drawing, paths: Sequence[Path]) -> Drawing:
    """The drawing of a picture, each part as sure as it is clear; `paths` are the strokes it was made of."""
    strokes = [path.points for path in paths if not path.closed and not path.filled]
    tied = Counter(i for line in drawing.connectors for i in (line.source, line.target) if i is not None)
    exits = Counter(line.source for line in drawing.connectors if line.source is not None)
    symbols = []
    for i, symbol in enumerate(drawing.symbols):
        read = symbol.read * SYMBOL * (1.0 if tied[i] else APART)
        if symbol.kind == "decision" and exits[i] < 2:
            read *= ONE_EXIT
        symbols.append(replace(symbol, read=round(read, 3)))
    headed = sum(line.headed for line in drawing.connectors) > HEADED_PAGE * len(drawing.connectors)
    lines = tuple(replace(line, read=_read(line, strokes, symbols, headed)) for line in drawing.connectors)
    return Drawing(tuple(symbols), lines, drawing.labels)


def _read(line: Connector, strokes: Sequence[Points], symbols: Sequence[Symbol], headed: bool) -> float:
    ends = [symbols[i].read / SYMBOL for i in (line.source, line.target) if i is not None]
    seen = min(max((_seen(line.points, strokes) - SEEN[0]) / (SEEN[1] - SEEN[0]), 0.0), 1.0)
    read = line.read * LINE * min(ends, default=1.0) * (GUESSED + (1 - GUESSED) * seen)
    return round(read * (HEADLESS if headed and not line.headed else 1.0), 3)


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
