"""Ruling lines hold each other: each ends on another one. Sides of symbols, connectors and strokes of pens do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

# All lengths in points. A line ends on another one that is at most this far away, and goes beyond it by no more.
REACH = 5.0
NEARER = 0.03
BEYOND = 12.0
BEYOND_SHARE = 0.05
# One that is drawn for this share of the way from the last line it meets to the next ends on that, unless it only runs
# into the stem of a letter.
NEARLY, STEM = 0.6, 16.0
# Lines of this length that end below each other, this many, show a side of a table that is not drawn.
OPEN_LINES = 3
OPEN_LENGTH = 60.0
# One that a symbol hides at one end is cut back to the last line it meets, if it has this share of the longest.
LONG_SHARE = 0.4
# Two lines that both end here make a corner.
CORNER = 2.6


@dataclass(frozen=True, slots=True)
class Line:
    """A ruling line in pixels: `at` on the other axis, from `start` to `end`, so thick."""

    across: bool
    at: float
    start: float
    end: float
    thick: float
    first: float  # where it stands at its start and at its end: lines lean and bend a little
    last: float
    drawn: float  # how much of its length

    @property
    def length(self) -> float:
        return self.end - self.start


def barred_lines(lines: Sequence[Line], point: float) -> list[Line]:
    """The lines led on to where long ones end: cells have four corners, so that a line which ends within a table ends
    on one that goes on to the lines before and behind it, though it may be too pale there to be found."""
    out = list(lines)
    longest = {across: max((x.length for x in lines if x.across == across), default=0.0) for across in (True, False)}
    for line in lines:
        if line.length < LONG_SHARE * longest[line.across]:
            continue
        for end in (line.start, line.end):
            beside = [x for x in out if x.across != line.across and abs(x.at - end) <= CORNER * point]
            if len(beside) != 1 or _meet(line, beside[0], REACH * point):
                continue
            before, behind = _neighbours(line, end, lines, point)
            bar = beside[0]
            if before is None or behind is None:
                continue
            if abs(bar.start - behind) <= REACH * point or abs(bar.end - before) <= REACH * point:
                out[out.index(bar)] = replace(bar, start=min(bar.start, before), end=max(bar.end, behind))
    return out


def _neighbours(line: Line, end: float, lines: Sequence[Line], point: float) -> tuple[float | None, float | None]:
    """Where the lines beside this one stand that run past its end."""
    reach = REACH * point
    past = [x.at for x in lines if x.across == line.across and x.start < end - reach and x.end > end + reach]
    before = max((at for at in past if at < line.at - reach), default=None)
    behind = min((at for at in past if at > line.at + reach), default=None)
    return before, behind


def held_lines(lines: Sequence[Line], point: float) -> list[Line]:
    """The lines both of whose ends stand on other such lines, led up to them."""
    whole, left = list(lines), list(lines)
    while True:
        groups = _groups(left, point)
        kept = []
        for line, before, group in zip(left, whole, groups, strict=True):
            beside = [other for other, its in zip(left, groups, strict=True) if its == group]
            ends = _ends(line, beside, REACH * point, point)
            # A connector that crosses rules on its way goes on at both ends, cut back together or one after the other.
            if ends is not None and min(ends.start - before.start, before.end - ends.end) <= REACH * point:
                kept.append((ends, before))
        if [line for line, _ in kept] == left:
            return left
        left, whole = [line for line, _ in kept], [before for _, before in kept]


def _groups(lines: Sequence[Line], point: float) -> list[int]:
    """For each line the number of the net that it belongs to: lines that meet, and those that these meet."""
    group = list(range(len(lines)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    for i, one in enumerate(lines):
        for j in range(i):
            other = lines[j]
            if one.across != other.across and _meet(one, other, REACH * point):
                group[root(i)] = root(j)
    return [root(i) for i in range(len(lines))]


def _meet(one: Line, other: Line, reach: float) -> bool:
    return other.start - reach <= one.at <= other.end + reach and one.start - reach <= other.at <= one.end + reach


def _ends(line: Line, lines: Sequence[Line], reach: float, point: float) -> Line | None:
    # The shorter a line, the nearer its ends must be: strokes of a pen are as long as one row is high.
    reach = min(reach, 2.0 * point + NEARER * line.drawn) if line.drawn else reach
    met = [
        other.at
        for other in lines
        if other.across != line.across and _meet(line, other, reach) and not _inner_corner(line, other, lines, point)
    ]
    if len(met) < 2:
        return None
    low, high = min(met), max(met)
    if _is_long(high - low, line.across, lines):
        low, high = _nearly(line, lines, (low, high), reach, point)
    beyond = max(reach, min(BEYOND * point, BEYOND_SHARE * line.length))
    over = (low - line.start > beyond) + (line.end - high > beyond)
    if high - low < reach or (over and (over > 1 or not _is_long(high - low, line.across, lines))):
        return None
    if low == line.start and high == line.end:
        return line
    return replace(line, start=low, end=high)


def _nearly(
    line: Line, lines: Sequence[Line], met: tuple[float, float], reach: float, point: float
) -> tuple[float, float]:
    """Where the line ends if it is led on to the next line ahead that it nearly reaches; `met` is what it meets."""
    low, high = met
    ahead = [x.at for x in lines if x.across != line.across and x.start - reach <= line.at <= x.end + reach]
    above = max((at for at in ahead if at < line.start), default=None)
    below = min((at for at in ahead if at > line.end), default=None)
    if above is not None and low - line.start >= max(NEARLY * (low - above), STEM * point):
        low = above
    if below is not None and line.end - high >= max(NEARLY * (below - high), STEM * point):
        high = below
    return low, high


def _is_long(length: float, across: bool, lines: Sequence[Line]) -> bool:
    """Whether a line of that length is one even where a symbol hides one of its ends."""
    return length >= LONG_SHARE * max(line.length for line in lines if line.across == across)


def _inner_corner(line: Line, other: Line, lines: Sequence[Line], point: float) -> bool:
    """Whether both end where they meet, with other lines around that corner: that of a symbol, not of a table."""
    near = CORNER * point
    sides = []
    for one, at in ((line, other.at), (other, line.at)):
        if abs(one.start - at) <= near:
            sides.append(-1)
        elif abs(one.end - at) <= near:
            sides.append(1)
        else:
            return False

    def enclosed(one: Line, by: Line, side: int) -> bool:
        """Whether a line like `by` runs past the end of `one`, farther out."""
        return any(
            far.across == by.across
            and side * (far.at - by.at) > near
            and far.start < one.at - near
            and far.end > one.at + near
            for far in lines
        )

    return enclosed(line, other, sides[0]) and enclosed(other, line, sides[1])


def open_sides(lines: Sequence[Line], point: float) -> list[Line]:
    """Sides of tables that are missing between neighbouring long lines that end below each other."""
    out: list[Line] = []
    near = 3.0 * point
    for across in (True, False):
        some = sorted((x for x in lines if x.across == across and x.length >= OPEN_LENGTH * point), key=lambda x: x.at)
        for side in ("start", "end"):
            groups: list[list[Line]] = []
            for line in some:
                place = getattr(line, side)
                group = next((g for g in groups if abs(getattr(g[-1], side) - place) <= near), None)
                if group is None:
                    groups.append([line])
                else:
                    group.append(line)
            for group in groups:
                if len(group) >= OPEN_LINES:
                    out.extend(_missing(group, side, lines, point))
    return out


def _missing(group: Sequence[Line], side: str, lines: Sequence[Line], point: float) -> list[Line]:
    out = []
    for one, other in pairwise(group):
        at = (getattr(one, side) + getattr(other, side)) / 2
        crossing = [x for x in lines if x.across != one.across and x.start < other.at and x.end > one.at]
        drawn = sum(min(x.end, other.at) - max(x.start, one.at) for x in crossing if abs(x.at - at) <= REACH * point)
        # Where no line leads from the one to the other, the first closes one table, the second begins another.
        led = any(_meet(x, one, REACH * point) and _meet(x, other, REACH * point) for x in crossing)
        if led and drawn < other.at - one.at - 2 * REACH * point:
            out.append(Line(not one.across, at, one.at, other.at, point, at, at, 0.0))
    return out
