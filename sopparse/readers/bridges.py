"""Where slanted or round outlines run into rules: the ink of the rules that goes on between their parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sopparse.readers.raster import Rule

    Mask = NDArray[np.uint8]

# All lengths in points. The slant of a line is measured over so much beside the rule; flatter ones need no bridge.
MEASURED = 2.0
SLANTED = 0.15
# The two parts of a line that crosses a rule miss each other by no more than this, and this share of the way.
MISSED, MISSED_SHARE = 0.6, 0.4
# Sides that run towards each other meet in the rule, no farther apart than this.
APART = 16.0
# Ink is looked for so many pixels beside a rule: nearer it is taken out with the rule.
BESIDE = 2.5


@dataclass(frozen=True, slots=True)
class _End:
    """Where ink ends at a rule: from `low` to `high` along it, and how much farther along it were one pixel on."""

    low: float
    high: float
    slant: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


def bridges(ink: Mask, plain: Mask, rules: Sequence[Rule], pixels: float) -> Mask:
    """The ink of rules between slanted lines that cross them, or that meet in them; `plain` is the ink without rules.

    Outlines of symbols that stand over a rule, or touch it with a corner, are closed with it.
    """
    import cv2
    import numpy as np

    drawn = np.zeros_like(ink)
    pictures = {False: plain, True: np.ascontiguousarray(plain.T)}
    for rule in rules:
        picture = pictures[rule.upright]
        half = rule.thick / 2 + BESIDE
        before, after = (_ends(picture, rule, side * half, pixels) for side in (-1, 1))
        for (a, low), (b, high) in _joints(before, after, 2 * half, pixels):
            at = [(a, rule.at(a) + low * half), (b, rule.at(b) + high * half)]
            points = [(y, x) if rule.upright else (x, y) for x, y in at]
            one, other = ((round(x - 0.5), round(y - 0.5)) for x, y in points)
            cv2.line(drawn, one, other, 255, max(round(rule.thick), 2))
    return np.asarray(drawn & ink, np.uint8)


def _ends(picture: Mask, rule: Rule, beside: float, pixels: float) -> list[_End]:
    """The ends of slanted lines at one side of the rule."""
    import numpy as np

    along = np.arange(rule.low, rule.high)
    near = (rule.start + rule.slope * along + beside).astype(int)
    step = max(round(MEASURED * pixels), 2) * (1 if beside > 0 else -1)
    if min(near.min(), near.min() + step) < 0 or max(near.max(), near.max() + step) >= picture.shape[0]:
        return []
    here = picture[near, along] > 0
    if not here.any():
        return []
    out = []
    far = _runs(picture[near + step, along] > 0)
    for low, high in _runs(here):
        # The same line farther away: the nearest one to either side, if ink leads to it.
        reach = 3 * abs(step)
        partners = [run for run in far if run[0] <= high + reach and low - reach <= run[1]]
        if not partners:
            slant = 0.0
        else:
            run = min(partners, key=lambda run: abs(run[0] + run[1] - low - high))
            slant = (low + high - run[0] - run[1]) / 2 / abs(step)
        out.append(_End(rule.low + low, rule.low + high, slant))
    return out


def _runs(row: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First dot, and the one after the last, of each run."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([0], row.view(np.int8), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


Joint = tuple[tuple[float, float], tuple[float, float]]


def _joints(before: Sequence[_End], after: Sequence[_End], wide: float, pixels: float) -> Iterator[Joint]:
    """From where to where bridges lead: how far along the rule, and how far aside of its middle (-1, 1: beside it)."""
    for ends, others, side in ((before, after, -1), (after, before, 1)):
        slanted = [end for end in ends if abs(end.slant) >= SLANTED]
        for end in slanted:
            landing = end.middle + end.slant * wide
            miss = MISSED * pixels + MISSED_SHARE * abs(end.slant) * wide
            met = next((other for other in others if other.low - miss <= landing <= other.high + miss), None)
            if met is not None:
                yield (end.middle, side), (min(max(landing, met.low), met.high), -side)
        for one, other in pairwise(slanted):
            if not one.slant > 0 > other.slant or other.middle - one.middle > APART * pixels:
                continue
            tip = [end for end in others if one.low < end.high and end.low < other.high]
            if tip:
                yield (one.middle, side), (tip[0].low, -side)
                yield (other.middle, side), (tip[-1].high - 1, -side)
            elif (way := (other.middle - one.middle) / (one.slant - other.slant)) <= wide:
                # A corner within the rule.
                corner = (one.middle + one.slant * way, side * (1 - 2 * way / wide))
                yield (one.middle, side), corner
                yield (other.middle, side), corner
            else:
                yield (one.middle, side), (one.middle, 0)
                yield (one.middle, 0), (other.middle, 0)
                yield (other.middle, side), (other.middle, 0)
