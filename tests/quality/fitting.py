"""Curves from the product of the signals to the share that was right, and how far findings lower it.

One curve for each kind of value and medium: isotonic regression over a few blocks, smoothed towards the kind as a
whole, so that a rare kind in a rare medium is not certain of anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from sopparse.confidence import ANY, Knots, interpolate
from tests.quality.samples import Sample

# A curve needs so many values; a block so many; a curve has at most so many blocks. Neighbours whose joining costs
# less than this (squared error, summed) are one.
FEWEST, BIN, BLOCKS, ALIKE = 60, 25, 5, 0.01
# So many imagined values, as right as their kind is on the whole, stand in each block.
SMOOTHING = 3.0
# No confidence is higher: of 60 000 generated values that were surest, one in 500 was wrong.
HIGHEST = 0.998
# A finding bears on confidence where it was seen on so many values and lowers it by more than a twentieth; imagined
# values, of which this share is right, keep rare findings from deciding alone.
FEWEST_FLAGGED, BEARS, IMAGINED, IMAGINED_RIGHT, LOWEST_TRUST = 6, 0.95, 4.0, 0.8, 0.2

# One document in ten is taken to have a fault such as those that are planted: the others raise findings, too, and are
# right. An assumption: how many faults real documents have is not known.
FAULTY = 0.1

Key = tuple[str, str]
Weigh = Callable[[Sample], float]


@dataclass(slots=True)
class Table:
    """`trusts`: by code the trust, how many flagged values there were, how many of them right."""

    curves: dict[Key, Knots] = field(default_factory=dict)
    counts: dict[Key, int] = field(default_factory=dict)
    trusts: dict[str, tuple[float, int, int]] = field(default_factory=dict)
    default: Knots = ((1.0, 0.8),)

    def of(self, sample: Sample, findings: bool = True) -> float:
        kind = sample.kind or ""
        knots = self.curves.get((kind, sample.medium)) or self.curves.get((kind, ANY)) or self.default
        trust = min((self.trusts[c][0] for c in sample.codes if c in self.trusts), default=1.0)
        return interpolate(knots, sample.raw) * (trust if findings else 1.0)


def fit(samples: Sequence[Sample], weigh: Weigh, flagged: Sequence[Sample] = ()) -> Table:
    """`flagged`: values of documents with planted faults, for the findings alone."""
    table = Table()
    groups: dict[Key, list[Sample]] = defaultdict(list)
    for sample in samples:
        if sample.kind is not None:
            groups[sample.kind, ANY].append(sample)
            groups[sample.kind, sample.medium].append(sample)
    for key, group in sorted(groups.items()):
        if len(group) >= FEWEST:
            whole = groups[key[0], ANY]
            prior = sum(weigh(s) * s.right for s in whole) / sum(map(weigh, whole))
            table.curves[key] = curve([(s.raw, s.right, weigh(s)) for s in group], prior)
            table.counts[key] = len(group)
    table.trusts = trusts(table, samples, flagged)
    return table


@dataclass(frozen=True, slots=True)
class Block:
    """Values with products from `low` to `high`: their weight, and the share of them that is taken to be right."""

    low: float
    high: float
    weight: float
    share: float


def curve(points: Iterable[tuple[float, bool, float]], prior: float) -> Knots:
    """Level over each block, in a line from one to the next."""
    from sklearn.isotonic import IsotonicRegression

    blocks = list(_blocks(sorted(points), prior))
    weights = np.array([block.weight for block in blocks])
    shares = np.array([block.share for block in blocks])
    rising = IsotonicRegression(y_min=0.0, y_max=HIGHEST).fit_transform(
        np.arange(len(blocks)), shares, sample_weight=weights
    )
    level = [replace(block, share=float(share)) for block, share in zip(blocks, rising, strict=True)]
    knots: dict[float, float] = {}
    for block in _thinned(level):
        knots[round(block.low, 3)] = knots[round(block.high, 3)] = round(block.share, 4)
    return tuple(sorted(knots.items()))


def _blocks(points: list[tuple[float, bool, float]], prior: float) -> Iterator[Block]:
    """Neighbours; equal products stay together."""
    bins: list[list[tuple[float, bool, float]]] = []
    for point in points:
        if bins and (len(bins[-1]) < max(BIN, len(points) // 60) or bins[-1][-1][0] == point[0]):
            bins[-1].append(point)
        else:
            bins.append([point])
    if len(bins) > 1 and len(bins[-1]) < BIN:
        last = bins.pop()
        bins[-1] += last
    for one in bins:
        weight, right = sum(w for _, _, w in one), sum(w for _, right, w in one if right)
        yield Block(one[0][0], one[-1][0], weight, (right + SMOOTHING * prior) / (weight + SMOOTHING))


def _thinned(blocks: list[Block]) -> list[Block]:
    """Neighbours that say nearly the same become one, the most alike first."""
    while len(blocks) > 1:
        costs = [(b.share - a.share) ** 2 * a.weight * b.weight / (a.weight + b.weight) for a, b in pairwise(blocks)]
        at = int(np.argmin(costs))
        if len(blocks) <= BLOCKS and costs[at] > ALIKE:
            break
        a, b = blocks[at], blocks[at + 1]
        weight = a.weight + b.weight
        blocks[at : at + 2] = [Block(a.low, b.high, weight, (a.share * a.weight + b.share * b.weight) / weight)]
    return blocks


def trusts(
    table: Table, samples: Sequence[Sample], flagged: Sequence[Sample] = ()
) -> dict[str, tuple[float, int, int]]:
    """How often values were right that a finding points at, against what their curve promised."""
    sound, faulty = ({s.document for s in some} for some in (samples, flagged))
    rare = FAULTY / (1 - FAULTY) * len(sound) / len(faulty) if faulty else 0.0
    seen: dict[str, list[bool]] = defaultdict(list)
    right: dict[str, float] = defaultdict(float)
    promised: dict[str, float] = defaultdict(float)
    for some, weight in ((samples, 1.0), (flagged, rare)):
        for sample in some:
            for code in sample.codes:
                seen[code].append(sample.right)
                right[code] += weight * sample.right
                promised[code] += weight * table.of(sample, findings=False)
    found = {}
    for code in sorted(seen):
        trust = (right[code] + IMAGINED * IMAGINED_RIGHT) / (promised[code] + IMAGINED)
        if len(seen[code]) >= FEWEST_FLAGGED and trust < BEARS:
            found[code] = (round(max(trust, LOWEST_TRUST), 3), len(seen[code]), sum(seen[code]))
    return found
