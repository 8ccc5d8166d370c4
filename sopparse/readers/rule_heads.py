"""Arrowheads whose shaft runs along a ruling line: the rule hides the shaft, the head shows on both its sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from sopparse.readers.strokes import LONGEST_HEAD, SHORTEST_HEAD, Point, Stroke

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

# All sizes in points. So far to each side of a rule is looked; a head reaches out at least so far on both together,
# and by more than the last where it begins.
SIDE, LEAST_OUT, LEAST_MORE = 6.0, 2.0, 0.5
# How much farther the head may reach out on one side than on the other (share of both).
UNEVEN = 0.35
# How far the widths may be off those of a triangle (share of its back), and how much nearer they must be to it than to
# one that points the other way.
OFF, BETTER = 0.2, 1.6
# The widest and the slimmest head: back to length.
SLIM, BROAD = 0.35, 2.6
# A head is at least so much of its least width wider at its back than where it begins to show.
RISE = 0.7
# How thick the line is itself, is seen so far on both sides.
AROUND = 16.0
# The line hides the tip; so much of what is seen at most.
MOST_HIDDEN = 0.6
# So much of the shaft is given to the head.
SHAFT = 2.0


class Ruled(Protocol):
    """A rule of the picture (pixels): its middle is at `at(along)`."""

    @property
    def upright(self) -> bool: ...
    @property
    def low(self) -> int: ...
    @property
    def high(self) -> int: ...
    @property
    def thick(self) -> float: ...
    def at(self, along: float) -> float: ...


def heads_on_rules(ink: Mask, rules: Sequence[Ruled], pixels: float) -> list[Stroke]:
    """The heads in the ink (255; the rules in it, symbols not) that point along a rule, each with a bit of shaft."""
    import cv2
    import numpy as np

    turned = np.asarray(cv2.transpose(ink), np.uint8)
    found: dict[tuple[int, int], Stroke] = {}
    # Cells side by side share their borders.
    sides = {(rule.upright, rule.low, rule.high, round(rule.at(rule.low) / pixels)): rule for rule in rules}
    for rule in sides.values():
        for tip, back, half in _on(turned if rule.upright else ink, rule, pixels):
            stroke = _stroke(rule, tip, back, half, pixels)
            x, y = stroke.ends[0]
            found.setdefault((round(x / pixels), round(y / pixels)), stroke)
    return list(found.values())


def _on(picture: Mask, rule: Ruled, pixels: float) -> Iterator[tuple[float, float, float]]:
    """Where heads along the rule have their tip and their back, and half the width of that."""
    import numpy as np

    side = round(SIDE * pixels)
    along = np.arange(max(rule.low, 0), min(rule.high, picture.shape[1]))
    if len(along) < 2:
        return
    middle = np.round(np.array([rule.at(float(x)) for x in (along[0], along[-1])]) - 0.5)
    rows = np.round(np.linspace(middle[0], middle[1], len(along))).astype(int)
    if rows.min() < side or rows.max() >= picture.shape[0] - side:
        return
    if rows.min() == rows.max():
        band = picture[rows[0] - side : rows[0] + side + 1, along[0] : along[-1] + 1]
    else:
        band = picture[rows[None, :] + np.arange(-side, side + 1)[:, None], along[None, :]]
    out = [np.logical_and.accumulate(beside > 0).sum(axis=0) for beside in (band[side::-1], band[side:])]
    width = out[0] + out[1] - 1.0
    # Lines that cross the rule reach out of the picture.
    ends = (out[0] > side) | (out[1] > side)
    wide = np.flatnonzero((width >= rule.thick + LEAST_OUT * pixels) & ~ends)
    if not len(wide):
        return
    near = slice(max(wide[0] - 2 * round(AROUND * pixels), 0), wide[-1] + 2 * round(AROUND * pixels))
    along, width, ends = along[near], width[near], ends[near]
    uneven = np.abs(out[0].astype(float) - out[1])[near]
    # The shaft may be thicker than the rule that it runs along, and worn lines are thicker here and there.
    around = 2 * round(AROUND * pixels) + 1
    if len(along) <= around:
        return
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(width, around // 2, mode="edge"), around)
    thick = np.maximum(np.median(windows, axis=1), rule.thick)
    more = np.maximum(width - thick, 0.0)
    for start, end in _runs(more > max(1.0, LEAST_MORE * pixels)):
        if start < 2 or end > len(along) - 2 or ends[start:end].any():
            continue
        part = more[start:end]
        points_up = _points(part, float(thick[start:end].min()), pixels)
        if points_up is None or uneven[start:end].mean() > UNEVEN * part.max():
            continue
        widest = float(width[start:end].max())
        hidden = (end - start) * min(1 / (1 - float(thick[start:end].min()) / widest) - 1, MOST_HIDDEN)
        first, last = (start - hidden, end) if points_up else (end + hidden, start)
        yield float(along[0] + first), float(along[0] + last), widest / 2


def _points(part: NDArray[np.float64], thick: float, pixels: float) -> bool | None:
    """Whether what reaches out of a line is a triangle with its tip at the start, or at the end; None: it is none."""
    import numpy as np

    size, most = float(len(part)), float(part.max())
    if not SHORTEST_HEAD * pixels <= size <= LONGEST_HEAD * pixels:
        return None
    if most < LEAST_OUT * pixels or not SLIM <= (most + thick) / size <= BROAD:
        return None
    # The tip itself is hidden in the line.
    least = float(min(part[0], part[-1]))
    if most - least < RISE * LEAST_OUT * pixels:
        return None
    rising = least + (np.arange(len(part)) + 0.5) / size * (most - least)
    up, down = (float(np.abs(part - shape).mean()) for shape in (rising, rising[::-1]))
    if min(up, down) > OFF * most or max(up, down) < BETTER * min(up, down):
        return None
    return up < down


def _runs(wanted: NDArray[np.bool_]) -> Iterable[tuple[int, int]]:
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate([[0], wanted.astype(np.int8), [0]])))
    return zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _stroke(rule: Ruled, tip: float, back: float, half: float, pixels: float) -> Stroke:
    way = 1.0 if back > tip else -1.0

    def place(along: float, aside: float) -> Point:
        across = rule.at(along) + aside
        return (across, along) if rule.upright else (along, across)

    head = (place(tip, 0.0), place(back, -half), place(back, half))
    return Stroke((head[0], place(back + way * SHAFT * pixels, 0.0)), (head, None))
