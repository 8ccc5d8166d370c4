"""An evaluation as rows of a table, as JSON and as a list of what was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sopparse.evaluate.counts import Calibration, Counts, Evaluation, calibrate, scores

HEADS = ("field", "expected", "found", "exact", "soft", "precision", "recall", "F1 exact", "F1 soft")


def field_rows(evaluation: Evaluation) -> list[tuple[str, ...]]:
    return [HEADS, *(_field_row(name, counts) for name, counts in scores(evaluation).items())]


def _field_row(name: str, counts: Counts) -> tuple[str, ...]:
    whole = (counts.expected, counts.found, counts.exact, counts.soft)
    rates = (counts.precision, counts.recall, counts.f1_exact, counts.f1_soft)
    return (name, *map(str, whole), *(f"{rate:.3f}" for rate in rates))


def calibration_rows(calibration: Calibration) -> list[tuple[str, ...]]:
    """For each tenth of confidence: how many values, what they promised, how many were right."""
    rows: list[tuple[str, ...]] = [("confidence", "values", "mean", "right")]
    rows += [
        (f"{b.low:.1f}-{b.low + 0.1:.1f}", str(b.values), f"{b.confidence:.3f}", f"{b.right:.3f}")
        for b in calibration.bins
    ]
    return rows


def calibration_line(calibration: Calibration) -> str:
    right = "-" if calibration.high_right is None else f"{calibration.high_right:.3f}"
    return (
        f"{calibration.count} values with a confidence: ECE {calibration.ece:.3f}, Brier {calibration.brier:.3f}; "
        f"{calibration.high_share:.1%} are at 0.9 or more, of these {right} right"
    )


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    fields = {
        name: {
            **asdict(counts),
            "precision": round(counts.precision, 4),
            "recall": round(counts.recall, 4),
            "f1_exact": round(counts.f1_exact, 4),
            "f1_soft": round(counts.f1_soft, 4),
        }
        for name, counts in scores(evaluation).items()
    }
    calibration = calibrate(evaluation.samples)
    return {"fields": fields, "calibration": None if calibration is None else _calibration_json(calibration)}


def _calibration_json(calibration: Calibration) -> dict[str, Any]:
    return {
        "count": calibration.count,
        "ece": round(calibration.ece, 4),
        "brier": round(calibration.brier, 4),
        "high_share": round(calibration.high_share, 4),
        "high_right": None if calibration.high_right is None else round(calibration.high_right, 4),
        "bins": [b._asdict() for b in calibration.bins],
    }


def miss_lines(evaluation: Evaluation) -> Iterator[str]:
    for miss in evaluation.misses:
        yield f"{miss.field}  {miss.path or ''}\n    gold    {miss.expected!r}\n    result  {miss.found!r}"
