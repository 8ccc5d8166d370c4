"""Ruling lines of a page picture: gaps bridged, slight bends made straight; and the cells that they enclose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sopparse.geometry import Box
from sopparse.page import Path
from sopparse.readers.bits import bits
from sopparse.readers.junctions import Line, barred_lines, held_lines, open_sides
from sopparse.readers.prepare import Picture

# All lengths in points. Runs of ink at least this long are pieces of lines: letters are shorter, rows are higher.
FLAT_RUN = 16.0
UPRIGHT_RUN = 11.0
# Faint ink must run as far as this: lines of small letters run together up to a word or two.
FAINT_FLAT = 150.0
FAINT_UPRIGHT = 30.0
# Lines are thinner than this; thicker is a filled symbol.
THICK = 4.5
# Gaps in a line that are bridged, and by how much its pieces may be off its axis.
GAP = 3.0
OFF_AXIS = 1.6
# Long pieces bridge gaps of this share of the shorter one, but of no more than so many points.
LONG_GAP = 0.35
LONGEST_GAP = 45.0
# Symbols hide so much of a line; it goes on behind them, if it is as long as this on one side, and no farther aside.
HIDDEN_GAP, HIDDEN_LENGTH, HIDDEN_ASIDE = 36.0, 60.0, 0.8
# At least this share of a line is drawn: stems of letters that stand below each other show less.
DRAWN = 0.7
# Shorter lines are none, nor smaller cells.
SHORTEST_FLAT = 18.0
SHORTEST_UPRIGHT = 11.0
SMALLEST_CELL = 5.0


@dataclass(frozen=True, slots=True)
class Ruling:
    """The lines of a page, the dots that draw them (255), and the cells between them (pixels)."""

    lines: tuple[Line, ...]
    mask: Picture
    cells: tuple[Box, ...]


def find_ruling(ink: Picture, faint: Picture, dpi: float) -> Ruling:
    """The lines in the ink of a page; `faint` is the ink with the lightest strokes."""
    import cv2

    point = dpi / 72.0
    dark, light = _without_blocks(ink, point), _without_blocks(faint, point)
    flat_mask = _strokes(dark, light, True, point)
    upright_mask = _strokes(dark, light, False, point)
    lines = [*_joined(_pieces(flat_mask, True, point), point), *_joined(_pieces(upright_mask, False, point), point)]
    lines = barred_lines(_without_boxes(lines, point), point)
    held = held_lines([*lines, *open_sides(lines, point)], point)
    mask = _drawn(held, cv2.bitwise_or(flat_mask, upright_mask), point)
    return Ruling(tuple(held), mask, cells_of(held, faint.shape, point))


def paths_of(lines: Sequence[Line], scale: float) -> tuple[Path, ...]:
    """The lines as drawn paths; `scale` is points per pixel."""
    return tuple(_path(line, scale) for line in lines)


def _path(line: Line, scale: float) -> Path:
    at, start, end = line.at * scale, line.start * scale, line.end * scale
    points = ((start, at), (end, at)) if line.across else ((at, start), (at, end))
    return Path(points, closed=False, stroked=True, filled=False, width=1.0)


def _without_blocks(ink: Picture, point: float) -> Picture:
    """The ink without what is thicker than a line."""
    import cv2

    size = max(round(THICK * point), 3)
    blocks = cv2.erode(ink, cv2.getStructuringElement(cv2.MORPH_RECT, (size, size)))
    if not blocks.any():
        return ink
    grown = cv2.dilate(blocks, cv2.getStructuringElement(cv2.MORPH_RECT, (size + 2, size + 2)))
    return cv2.subtract(ink, grown)


def _strokes(dark: Picture, light: Picture, across: bool, point: float) -> Picture:
    """Long runs of ink, and very long ones of faint ink: letters run together where it is faint."""
    strokes = _runs(dark, across, point)
    faint = _runs(light, across, point)
    least = (FAINT_FLAT if across else FAINT_UPRIGHT) * point
    for bit in bits(faint):
        if (bit.width if across else bit.height) >= least:
            bit.cut(strokes)[bit.of(faint)] = 255
    return strokes


def _runs(ink: Picture, across: bool, point: float) -> Picture:
    """The dots that stand in long straight runs."""
    import cv2

    length = max(round((FLAT_RUN if across else UPRIGHT_RUN) * point), 8)
    # A line that leans by a dot now and then stays one run when it is a dot thicker.
    thicker = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_RECT, (1, 3) if across else (3, 1)))
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (length, 1) if across else (1, length))
    opened = cv2.morphologyEx(thicker, cv2.MORPH_OPEN, kernel)
    return cv2.bitwise_and(opened, thicker, dst=opened)


def _pieces(mask: Picture, across: bool, point: float) -> list[Line]:
    import cv2

    out = []
    for bit in bits(mask):
        length, breadth = (bit.width, bit.height) if across else (bit.height, bit.width)
        part = bit.of(mask)
        thick = cv2.countNonZero(part.view("uint8")) / max(length, 1)
        if thick > (THICK + 1) * point:
            continue
        part, corner = (part, (bit.x, bit.y)) if across else (part.T, (bit.y, bit.x))
        if breadth <= max(3 * thick, 4 * point):
            out.append(_measured(part, corner, across, thick))
        else:
            # Lines that touch beside each other are cut apart where no dot is in a long row.
            out.extend(_cut_apart(part, corner, across, (FLAT_RUN if across else UPRIGHT_RUN) * point, point))
    return out


def _measured(part: Picture, corner: tuple[int, int], across: bool, thick: float) -> Line:
    """The line that the dots of `part` draw from left to right."""
    import numpy as np

    rows, columns = np.nonzero(part)
    start, at = corner
    end = part.shape[1]
    reach = max(end // 8, 3)
    first, last = rows[columns < reach], rows[columns >= end - reach]
    return Line(
        across,
        at + float(rows.mean()),
        float(start),
        float(start + end),
        thick,
        at + float(first.mean()),
        at + float(last.mean()),
        float(end),
    )


def _cut_apart(part: Picture, corner: tuple[int, int], across: bool, least: float, point: float) -> list[Line]:
    """The lines in a tangle of them: rows of dots that are long, each run of neighbouring rows one line."""
    import numpy as np

    rows = np.nonzero(part.sum(axis=1) >= 0.6 * least)[0]
    out = []
    for group in np.split(rows, np.nonzero(np.diff(rows) > 1)[0] + 1):
        if not len(group) or len(group) > (THICK + 2) * point:
            continue
        band = part[group[0] : group[-1] + 1]
        along = np.nonzero(band.any(axis=0))[0]
        for run in np.split(along, np.nonzero(np.diff(along) > 2)[0] + 1):
            if len(run) >= least:
                cut = band[:, run[0] : run[-1] + 1]
                here = (corner[0] + int(run[0]), corner[1] + int(group[0]))
                out.append(_measured(cut, here, across, float(cut.sum()) / len(run)))
    return out


def _joined(pieces: Sequence[Line], point: float) -> list[Line]:
    """Pieces of one line as one, where the gaps between them are small."""
    across = bool(pieces) and pieces[0].across
    shortest = (SHORTEST_FLAT if across else SHORTEST_UPRIGHT) * point
    runs: list[Line] = []
    done: list[Line] = []
    for piece in sorted(pieces, key=lambda p: p.start):
        still: list[Line] = []
        for run in runs:
            (still if piece.start - run.end <= LONGEST_GAP * point else done).append(run)
        near = [k for k, run in enumerate(still) if _goes_on(run, piece, point)]
        if near:
            k = min(near, key=lambda k: abs(still[k].last - piece.first))
            still[k] = _one(still[k], piece)
        else:
            still.append(piece)
        runs = still
    return [line for line in (*done, *runs) if line.length >= shortest and line.drawn >= DRAWN * line.length]


def _goes_on(run: Line, piece: Line, point: float) -> bool:
    gap = max(GAP * point, min(LONG_GAP * min(run.length, piece.length), LONGEST_GAP * point))
    aside = abs(run.last - piece.first)
    if aside <= HIDDEN_ASIDE * point and max(run.length, piece.length) >= HIDDEN_LENGTH * point:
        gap = HIDDEN_GAP * point
    return aside <= OFF_AXIS * point and -GAP * point <= piece.start - run.end <= gap


def _one(run: Line, piece: Line) -> Line:
    a, b = run.length, piece.length
    at = (run.at * a + piece.at * b) / (a + b)
    thick = (run.thick * a + piece.thick * b) / (a + b)
    last = piece.last if piece.end >= run.end else run.last
    return Line(run.across, at, run.start, max(run.end, piece.end), thick, run.first, last, run.drawn + piece.drawn)


def _without_boxes(lines: Sequence[Line], point: float) -> list[Line]:
    """Leaves out rectangles whose sides end at their own corners, and that nothing divides: symbols."""
    near = 2.6 * point
    flat = [line for line in lines if line.across]
    upright = [line for line in lines if not line.across]
    boxes: set[int] = set()
    for top in flat:
        lefts = [v for v in upright if abs(v.at - top.start) <= near and abs(v.start - top.at) <= near]
        rights = [v for v in upright if abs(v.at - top.end) <= near and abs(v.start - top.at) <= near]
        for left in lefts:
            for right in rights:
                if right is left or abs(right.end - left.end) > near:
                    continue
                for bottom in flat:
                    ends = abs(bottom.start - top.start) <= near and abs(bottom.end - top.end) <= near
                    if bottom is not top and ends and abs(bottom.at - left.end) <= near:
                        inner = _divided(lines, top, bottom, left, right, near)
                        if not inner:
                            boxes.update(map(id, (top, left, right, bottom)))
    return [line for line in lines if id(line) not in boxes]


def _divided(lines: Sequence[Line], top: Line, bottom: Line, left: Line, right: Line, near: float) -> bool:
    for line in lines:
        beside, along = ((top, bottom), (left, right)) if line.across else ((left, right), (top, bottom))
        within = beside[0].at + near < line.at < beside[1].at - near
        if within and line.start <= along[0].at + near and line.end >= along[1].at - near:
            return True
    return False


def _drawn(lines: Sequence[Line], dots: Picture, point: float) -> Picture:
    """The dots of the lines: what is found along each, a little wider than it is thick."""
    import cv2
    import numpy as np

    bands = np.zeros_like(dots)
    for line in lines:
        half = max(line.thick / 2, 1.0) + OFF_AXIS * point
        along = (round(line.start), round(line.end))
        beside = (round(line.at - half), round(line.at + half))
        x, y = (along, beside) if line.across else (beside, along)
        cv2.rectangle(bands, (x[0], y[0]), (x[1], y[1]), 255, -1)
    return cv2.bitwise_and(bands, dots)


def cells_of(lines: Sequence[Line], shape: tuple[int, int], point: float) -> tuple[Box, ...]:
    """The areas that the lines enclose, from the top."""
    import cv2
    import numpy as np

    if not lines:
        return ()
    # A smaller copy will do: cells are not smaller than this, and lines two dots thick cannot leak.
    scale = 100.0 / (72.0 * point)
    paper = np.full((round(shape[0] * scale) + 4, round(shape[1] * scale) + 4), 255, "uint8")
    for line in lines:
        a, b, at = (round(v * scale) + 1 for v in (line.start, line.end, line.at))
        cv2.line(paper, (a, at) if line.across else (at, a), (b, at) if line.across else (at, b), 0, 2)
    paper[0, :] = paper[:, 0] = paper[-1, :] = paper[:, -1] = 255
    count, labels, stats, _ = cv2.connectedComponentsWithStats(paper, connectivity=4)
    outside = labels[0, 0]
    least = SMALLEST_CELL * 100 / 72
    cells = []
    for i in range(1, count):
        x, y, w, h = (int(v) for v in stats[i][:4])
        if i != outside and w >= least and h >= least:
            cells.append(Box((x - 1) / scale, (y - 1) / scale, (x + w) / scale, (y + h) / scale))
    return tuple(sorted(cells, key=lambda c: (round(c.top / point / 3), c.x0)))
