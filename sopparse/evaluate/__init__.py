"""A result against gold: counts for each field first, rates from the summed counts, and how far confidence can be
trusted.

Gold is JSON in the form of a result and needs only `sops`. A key that the gold leaves out is not judged: so both sides
stay plain JSON here, where "absent" and "null" differ, and are not read into the model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sopparse.evaluate.counts import Calibration, Counts, Evaluation, Miss, Sample, calibrate, scores, total
from sopparse.evaluate.fields import judge_sops

__all__ = ["Calibration", "Counts", "Evaluation", "Miss", "Sample", "calibrate", "compare", "scores", "total"]

Json = Mapping[str, Any]


def compare(gold: Json, result: Json) -> Evaluation:
    counts: dict[str, Counts] = defaultdict(Counts)
    misses: list[Miss] = []
    samples: list[Sample] = []
    reported = (result.get("report") or {}).get("fields") or {}
    for judgement in judge_sops(gold["sops"], result.get("sops") or []):
        if judgement.counts != Counts() or not judgement.further:
            counts[judgement.field] += judgement.counts
        misses += judgement.misses
        for answer in judgement.answers:
            entry = next((reported[path] for path in answer.paths if path in reported), None)
            if entry is not None and entry.get("confidence") is not None:
                samples.append(Sample(float(entry["confidence"]), answer.correct))
    return Evaluation(dict(counts), tuple(samples), tuple(misses))
