"""How far confidence can be believed: the reliability table, the scores, and what is wrong among what is accepted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sopparse.cli.words import table
from sopparse.evaluate import Sample as Judged
from sopparse.evaluate import calibrate
from sopparse.evaluate.report import calibration_line, calibration_rows
from tests.quality.documents import Read, generated, read_all
from tests.quality.samples import Sample, samples_of

Predict = Callable[[Sample], float]

THRESHOLDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
# Generated documents for a quick look; scans take too long for that.
QUICK = {"texts": 160, "drawn": 40, "office": 10, "scans": 0}


def published(sample: Sample) -> float:
    return sample.confidence


def samples_from(read: Sequence[Read], first: int = 0) -> list[Sample]:
    return [sample for number, one in enumerate(read, first) for sample in samples_of(number, one)]


def quick() -> list[Sample]:
    """Values of generated documents that calibration was not fitted to."""
    return samples_from(read_all(list(generated("held", **QUICK))))


def report(title: str, samples: Sequence[Sample], predict: Predict) -> None:
    judged = [Judged(predict(s), s.right) for s in samples]
    found = calibrate(judged)
    print(f"\n{title}")
    if found is None:
        print("no values")
        return
    print(calibration_line(found))
    print(table(calibration_rows(found)))


def by_group(samples: Sequence[Sample], predict: Predict, of: Callable[[Sample], str]) -> None:
    rows = [("", "values", "right", "ECE", "Brier", ">= 0.9", "right of these")]
    for name in dict.fromkeys(of(s) for s in sorted(samples, key=of)):
        found = calibrate([Judged(predict(s), s.right) for s in samples if of(s) == name])
        if found is not None:
            right = sum(b.right * b.values for b in found.bins) / found.count
            high = "-" if found.high_right is None else f"{found.high_right:.3f}"
            figures = (f"{right:.3f}", f"{found.ece:.3f}", f"{found.brier:.3f}", f"{found.high_share:.3f}", high)
            rows.append((name, str(found.count), *figures))
    print(table(rows))


def risk(samples: Sequence[Sample], predict: Predict) -> None:
    """Of the values that are accepted unseen from a threshold on: their share of all, and how many are wrong."""
    rows = [("accepted from", "share", "values", "wrong", "error")]
    for threshold in THRESHOLDS:
        taken = [s.right for s in samples if predict(s) >= threshold]
        wrong = len(taken) - sum(taken)
        error = f"{wrong / len(taken):.4f}" if taken else "-"
        rows.append((f"{threshold:.2f}", f"{len(taken) / len(samples):.3f}", str(len(taken)), str(wrong), error))
    print(table(rows))
