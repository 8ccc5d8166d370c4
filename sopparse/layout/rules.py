"""Drawn paths to ruling lines: which straight pieces are borders of tables, and which are something else.

Borders come as strokes, as thin filled rectangles, as the sides of drawn cells, dashed, doubled, cut into pieces. What
tells them from boxes and connectors of a flow chart is that both their ends stand on other borders.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sopparse.page import Path

# A filled area thinner than this is a line (points); the thickest borders seen are 2.3.
THIN = 3.2
# Pieces of one line: off its axis by at most this, with gaps up to the next (dashes have gaps of up to 4).
SAME_AXIS = 1.2
GAP = 2.0
DASH_GAP = 5.0
# A line ends on another that is at most this far away (doubled borders, rounded corners of frames).
REACH = 2.6
# The two strands of a double line: how far apart they are at most (1.5 to 2 in word processors), and the share of the
# longer one that they run side by side; how many lines may stand at one place on a page.
DOUBLE = 2.6
DOUBLE_SHARE = 0.8
NEIGHBOURS = 40
# Shorter than this nothing is a border.
SHORTEST = 5.0
# Straight pieces may lean by this much (points per point).
LEAN = 0.01
# Lines that end at one place like this, with no border there, show an open side of a table.
OPEN_LINES = 3
OPEN_LENGTH = 60.0
OPEN_SHARE = 0.5
# A way of drawing is usual for borders if it makes up this share of their length; a line drawn otherwise must be at
# least this share as long as the longest, or go on a usual one.
USUAL_STYLE = 0.1
SHORT_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along one axis: `at` is where it stands on the other axis, `start` and `end` its extent.

    `paths` are the positions of the drawn paths it was made of, empty for the open side of a table.
    """

    across: bool  # horizontal
    at: float
    start: float
    end: float
    paths: frozenset[int] = frozenset()
    joints: tuple[float, ...] = ()  # where its pieces begin and end

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(slots=True)
class _Piece:
    across: bool
    at: float
    start: float
    end: float
    path: int
    dashed: bool


def find_rules(paths: Sequence[Path]) -> tuple[Rule, ...]:
    """The borders among the drawn paths; boxes, connectors and underlines are left out."""
    lines = _merged(_pieces(paths))
    lines = _undoubled([line for line in lines if line.length >= SHORTEST])
    lines = _without_boxes(_without_leaning_boxes(lines))
    lines += _open_sides(lines)
    held = _held(lines)
    trusted = _trusted(held, paths)
    return tuple(held if len(trusted) == len(held) else _held(trusted))


def _pieces(paths: Sequence[Path]) -> list[_Piece]:
    pieces: list[_Piece] = []
    for i, path in enumerate(paths):
        if path.darkness < 0.02:
            continue
        if path.filled:
            pieces.extend(_thin(path, i))
        if path.stroked and not path.curved:
            points = path.points
            # An open line with bends is a connector.
            if not path.closed and len(points) > 2 and not _straight(points):
                continue
            ends = zip(points, (*points[1:], points[0]) if path.closed else points[1:], strict=False)
            for (xa, ya), (xb, yb) in ends:
                piece = _piece(xa, ya, xb, yb, i, path.dashed)
                if piece is not None:
                    pieces.append(piece)
    return pieces


def _straight(points: Sequence[tuple[float, float]]) -> bool:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return max(xs) - min(xs) < SAME_AXIS or max(ys) - min(ys) < SAME_AXIS


def _thin(path: Path, i: int) -> Iterable[_Piece]:
    if path.curved or len(path.points) > 6:
        return
    xs, ys = [p[0] for p in path.points], [p[1] for p in path.points]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    across, down = x1 - x0, y1 - y0
    if across > THIN and down > THIN:
        return
    # The little square where two borders meet belongs to both.
    if down <= THIN and across >= down * 0.8:
        yield _Piece(True, (y0 + y1) / 2, x0, x1, i, path.dashed)
    if across <= THIN and down >= across * 0.8:
        yield _Piece(False, (x0 + x1) / 2, y0, y1, i, path.dashed)


def _piece(xa: float, ya: float, xb: float, yb: float, i: int, dashed: bool) -> _Piece | None:
    across, down = abs(xa - xb), abs(ya - yb)
    if down <= max(LEAN * across, 0.3) and across > down:
        return _Piece(True, (ya + yb) / 2, min(xa, xb), max(xa, xb), i, dashed)
    if across <= max(LEAN * down, 0.3) and down > across:
        return _Piece(False, (xa + xb) / 2, min(ya, yb), max(ya, yb), i, dashed)
    return None


def _merged(pieces: Sequence[_Piece]) -> list[Rule]:
    """Joins the pieces of one line."""
    out: list[Rule] = []
    for across in (True, False):
        some = sorted((p for p in pieces if p.across == across), key=lambda p: p.at)
        group: list[_Piece] = []
        for piece in some:
            if group and piece.at - group[-1].at > SAME_AXIS:
                out.extend(_runs(group))
                group = []
            group.append(piece)
        if group:
            out.extend(_runs(group))
    return out


def _runs(group: list[_Piece]) -> Iterable[Rule]:
    group.sort(key=lambda p: p.start)
    run = [group[0]]
    end = group[0].end
    for piece in group[1:]:
        if piece.start - end <= (DASH_GAP if piece.dashed else GAP):
            run.append(piece)
            end = max(end, piece.end)
            continue
        yield _rule(run, end)
        run, end = [piece], piece.end
    yield _rule(run, end)


def _rule(run: Sequence[_Piece], end: float) -> Rule:
    weight = sum(p.end - p.start for p in run) or 1.0
    at = sum(p.at * (p.end - p.start) for p in run) / weight if weight > 1e-9 else run[0].at
    joints = tuple(sorted({p.start for p in run} | {p.end for p in run}))
    return Rule(run[0].across, at, run[0].start, end, frozenset(p.path for p in run), joints)


def _undoubled(lines: Sequence[Rule]) -> list[Rule]:
    """Double lines as one: two that run side by side, nearly as long as each other."""
    out: list[Rule] = []
    double: set[int] = set()
    for line in sorted(lines, key=lambda line: (line.across, line.at)):
        near = range(len(out) - 1, max(len(out) - 1 - NEIGHBOURS, -1), -1)
        twin = next((k for k in near if _twins(out[k], line)), None)
        if twin is None:
            out.append(line)
            continue
        one = out[twin]
        joints = tuple(sorted({*one.joints, *line.joints}))
        at, start, end = (one.at + line.at) / 2, min(one.start, line.start), max(one.end, line.end)
        out[twin] = Rule(line.across, at, start, end, one.paths | line.paths, joints)
        double.add(twin)
    return [_led_to(line, [out[k] for k in double]) for line in out] if double else out


def _led_to(line: Rule, double: Sequence[Rule]) -> Rule:
    """The line with its ends moved to the middle of the double lines at whose nearer strand it stops."""
    for other in double:
        if other.across != line.across and other.start - REACH <= line.at <= other.end + REACH:
            if abs(other.at - line.start) <= REACH + DOUBLE / 2:
                line = replace(line, start=other.at, joints=(other.at, *line.joints[1:]))
            if abs(other.at - line.end) <= REACH + DOUBLE / 2:
                line = replace(line, end=other.at, joints=(*line.joints[:-1], other.at))
    return line


def _twins(one: Rule, other: Rule) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    longer = max(one.length, other.length)
    return one.across == other.across and abs(one.at - other.at) <= DOUBLE and shared >= DOUBLE_SHARE * longer


class _Shelf:
    """Lines of one direction by where they stand, to find those near a place."""

    def __init__(self, lines: Iterable[Rule]) -> None:
        self.lines = sorted(lines, key=lambda line: line.at)
        self.places = [line.at for line in self.lines]

    def near(self, at: float, reach: float = REACH) -> Sequence[Rule]:
        return self.lines[bisect_left(self.places, at - reach) : bisect_right(self.places, at + reach)]

    def between(self, low: float, high: float) -> Sequence[Rule]:
        return self.lines[bisect_left(self.places, low) : bisect_right(self.places, high)]


def _without_boxes(lines: Sequence[Rule]) -> list[Rule]:
    """Leaves out rectangles that stand alone: four sides that end at each other, and no border inside that goes from
    one side to the other."""
    flat, upright = _Shelf(x for x in lines if x.across), _Shelf(x for x in lines if not x.across)
    boxes: set[int] = set()
    for top in flat.lines:
        for left in upright.near(top.start):
            if abs(left.start - top.at) > REACH:
                continue
            for right in upright.near(top.end):
                if right is left or abs(right.start - top.at) > REACH or abs(right.end - left.end) > REACH:
                    continue
                for bottom in flat.near(left.end):
                    if bottom is top or abs(bottom.start - top.start) > REACH or abs(bottom.end - top.end) > REACH:
                        continue
                    if not _divided(flat, upright, top, bottom, left, right):
                        boxes.update(map(id, (top, left, right, bottom)))
    return [line for line in lines if id(line) not in boxes]


def _without_leaning_boxes(lines: Sequence[Rule]) -> list[Rule]:
    """Leaves out three sides of a rectangle whose fourth lies on a border that goes on beyond both its corners."""
    sides: dict[frozenset[int], list[Rule]] = {}
    for line in lines:
        sides.setdefault(line.paths, []).append(line)
    boxes: set[int] = set()
    for paths, own in sides.items():
        # The fill and the stroke of a box are two paths at most; a shadow makes them three.
        if len(own) != 3 or len(paths) > 3:
            continue
        single = [line for line in own if line.across == (sum(x.across for x in own) == 1)]
        if len(single) != 1:
            continue
        side = single[0]
        if any(
            line.across == side.across
            and paths < line.paths
            and line.start < side.start - REACH
            and line.end > side.end + REACH
            for line in lines
        ):
            boxes.update(map(id, own))
    return [line for line in lines if id(line) not in boxes]


def _divided(flat: _Shelf, upright: _Shelf, top: Rule, bottom: Rule, left: Rule, right: Rule) -> bool:
    for line in upright.between(left.at + REACH, right.at - REACH):
        if abs(line.start - top.at) <= REACH and abs(line.end - bottom.at) <= REACH:
            return True
    return any(
        abs(line.start - left.at) <= REACH and abs(line.end - right.at) <= REACH
        for line in flat.between(top.at + REACH, bottom.at - REACH)
    )


def _open_sides(lines: Sequence[Rule]) -> list[Rule]:
    """Sides of tables that are not drawn: where several lines as long as the table end below each other."""
    out: list[Rule] = []
    for across in (True, False):
        some = [line for line in lines if line.across == across]
        if len(some) < OPEN_LINES:
            continue
        extent = max(line.end for line in some) - min(line.start for line in some)
        other = _Shelf(line for line in lines if line.across != across)
        alike: list[list[Rule]] = []
        for line in sorted(some, key=lambda line: line.at):
            if line.length < max(OPEN_SHARE * extent, OPEN_LENGTH):
                continue
            for group in alike:
                if abs(group[0].start - line.start) <= REACH and abs(group[0].end - line.end) <= REACH:
                    group.append(line)
                    break
            else:
                alike.append([line])
        for group in alike:
            if len(group) >= OPEN_LINES:
                out.extend(_undrawn(group, other, not across))
    return out


def _undrawn(group: Sequence[Rule], other: _Shelf, across: bool) -> Iterable[Rule]:
    low, high = group[0].at, group[-1].at
    for at in (group[0].start, group[0].end):
        drawn = sum(max(0.0, min(line.end, high) - max(line.start, low)) for line in other.near(at))
        if high - low >= SHORTEST and drawn < 0.5 * (high - low):
            yield Rule(across, at, low, high)


def _held(lines: Sequence[Rule]) -> list[Rule]:
    """The lines both of whose ends stand on other such lines."""
    left = list(lines)
    while True:
        flat, upright = _Shelf(x for x in left if x.across), _Shelf(x for x in left if not x.across)
        kept = [cut for line in left if (cut := _cut(line, upright if line.across else flat)) is not None]
        if len(kept) == len(left) and all(a is b for a, b in zip(kept, left, strict=True)):
            return left
        left = kept


def _cut(line: Rule, others: _Shelf) -> Rule | None:
    """The line, or what is left when its outer pieces are taken away that end nowhere: a connector may run on from a
    border. None where nothing is left."""
    met = [
        other.at
        for other in others.between(line.start - REACH, line.end + REACH)
        if other.start - REACH <= line.at <= other.end + REACH
    ]
    if len(met) < 2 or met[-1] - met[0] < SHORTEST:
        return None
    if abs(met[0] - line.start) <= REACH and abs(met[-1] - line.end) <= REACH:
        return line
    ends = [joint for joint in line.joints if any(abs(joint - at) <= REACH for at in met)]
    if len(ends) < 2 or ends[-1] - ends[0] < SHORTEST:
        return None
    joints = tuple(joint for joint in line.joints if ends[0] <= joint <= ends[-1])
    return Rule(line.across, line.at, ends[0], ends[-1], line.paths, joints)


def _trusted(lines: Sequence[Rule], paths: Sequence[Path]) -> list[Rule]:
    """Leaves out short lines drawn in another way than the long ones: stubs of connectors that happen to end on
    borders."""
    styles: dict[tuple[bool, bool, int], float] = {}
    for line in lines:
        if line.paths:
            style = _style(line, paths)
            styles[style] = styles.get(style, 0.0) + line.length
    total = sum(styles.values())
    usual = {style for style, length in styles.items() if length >= USUAL_STYLE * total}
    longest = {across: max((x.length for x in lines if x.across == across), default=0.0) for across in (True, False)}
    places = {(line.across, round(line.at)) for line in lines if not line.paths or _style(line, paths) in usual}
    return [
        line
        for line in lines
        if not line.paths
        or line.length >= SHORT_SHARE * longest[line.across]
        or any((line.across, round(line.at) + off) in places for off in (-1, 0, 1))
    ]


def _style(line: Rule, paths: Sequence[Path]) -> tuple[bool, bool, int]:
    path = paths[min(line.paths)]
    return path.stroked, path.dashed, round(2 * path.width)
