"""What is counted when a result is compared with gold, and the rates that follow from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

BINS = 10
# Values reported with at least this confidence are the ones that a reader will not look up again.
HIGH = 0.9
GROUPS = ("header", "legal", "step", "flow")


@dataclass(frozen=True, slots=True)
class Counts:
    expected: int = 0
    found: int = 0
    exact: int = 0
    soft: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.expected + other.expected, self.found + other.found, self.exact + other.exact, self.soft + other.soft
        )

    @property
    def precision(self) -> float:
        return self.soft / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.soft / self.expected if self.expected else 0.0

    @property
    def f1_soft(self) -> float:
        return self._f1(self.soft)

    @property
    def f1_exact(self) -> float:
        return self._f1(self.exact)

    def _f1(self, correct: int) -> float:
        return 2 * correct / (self.expected + self.found) if correct else 0.0


class Answer(NamedTuple):
    """A value of the result that was judged; its confidence stands under the first of the paths that has one."""

    paths: tuple[str, ...]
    correct: bool


class Sample(NamedTuple):
    confidence: float
    correct: bool


class Miss(NamedTuple):
    field: str
    path: str | None
    expected: object
    found: object


@dataclass(frozen=True, slots=True)
class Judgement:
    field: str
    counts: Counts
    answers: tuple[Answer, ...] = ()
    misses: tuple[Miss, ...] = ()
    further: tuple[Answer, ...] = ()  # members of sets and absent values: the shared scorer leaves them out


@dataclass(frozen=True, slots=True)
class Evaluation:
    counts: Mapping[str, Counts]
    samples: tuple[Sample, ...] = ()
    misses: tuple[Miss, ...] = ()

    @property
    def all(self) -> Counts:
        return sum(self.counts.values(), Counts())

    def group(self, name: str) -> Counts:
        """The sum of the fields whose name begins with `name`."""
        return sum((c for field, c in self.counts.items() if field.split(".")[0] == name), Counts())


class Bin(NamedTuple):
    low: float
    values: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """`ece`: mean distance between confidence and the share that was right (expected calibration error); `brier`:
    mean square of confidence minus 1 (right) or 0 (wrong)."""

    count: int
    ece: float
    brier: float
    high_share: float
    high_right: float | None
    bins: tuple[Bin, ...]


def total(evaluations: Iterable[Evaluation]) -> Evaluation:
    counts: dict[str, Counts] = defaultdict(Counts)
    samples: list[Sample] = []
    misses: list[Miss] = []
    for evaluation in evaluations:
        for field, count in evaluation.counts.items():
            counts[field] += count
        samples += evaluation.samples
        misses += evaluation.misses
    return Evaluation(dict(counts), tuple(samples), tuple(misses))


def calibrate(samples: Sequence[Sample]) -> Calibration | None:
    """None where no judged value carried a confidence."""
    if not samples:
        return None
    parts: dict[int, list[Sample]] = defaultdict(list)
    for sample in samples:
        parts[min(int(sample.confidence * BINS), BINS - 1)].append(sample)
    bins = tuple(
        Bin(k / BINS, len(part), sum(s.confidence for s in part) / len(part), sum(s.correct for s in part) / len(part))
        for k, part in sorted(parts.items())
    )
    high = [s.correct for s in samples if s.confidence >= HIGH]
    return Calibration(
        count=len(samples),
        ece=sum(abs(b.confidence - b.right) * b.values for b in bins) / len(samples),
        brier=sum((s.confidence - s.correct) ** 2 for s in samples) / len(samples),
        high_share=len(high) / len(samples),
        high_right=sum(high) / len(high) if high else None,
        bins=bins,
    )


def scores(evaluation: Evaluation) -> dict[str, Counts]:
    """The fields by name, then the groups and the whole in brackets."""
    present = {field.split(".")[0] for field in evaluation.counts}
    return {
        **dict(sorted(evaluation.counts.items())),
        **{f"[{name}]": evaluation.group(name) for name in GROUPS if name in present},
        "[all]": evaluation.all,
    }
