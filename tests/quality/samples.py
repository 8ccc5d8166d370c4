"""Values with what was known of them and whether they were right: what calibration is fitted to and measured on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sopparse.confidence import Medium, kind_of, medium_of, pointing_at
from sopparse.evaluate.fields import judge_sops
from tests.quality.documents import Read

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of one document. `codes`: of the findings that point at it or at what holds it."""

    document: int
    group: str
    path: str
    kind: str | None
    medium: Medium
    raw: float
    codes: frozenset[str]
    confidence: float  # as it was published
    right: bool


def samples_of(number: int, read: Read) -> Iterator[Sample]:
    """A value is right when everything that was judged about it is right; values said to be absent count, too."""
    report = read.result["report"]
    right: dict[str, bool] = {}
    for judgement in judge_sops(read.truth["sops"], read.result["sops"]):
        for answer in (*judgement.answers, *judgement.further):
            path = next((path for path in answer.paths if path in report["fields"]), None)
            if path is not None:
                right[path] = right.get(path, True) and answer.correct
    pointed: dict[str, set[str]] = {}
    for finding in report["findings"]:
        pointed.setdefault(finding["path"], set()).add(finding["code"])
    for path, correct in right.items():
        entry = report["fields"][path]
        signals = entry["signals"]
        yield Sample(
            number,
            read.asked.group,
            path,
            kind_of(path, entry["basis"], entry["absence"]),
            medium_of(read.result["source"]["reading"], signals["read"]),
            signals["read"] * signals["place"] * signals["parse"],
            pointing_at(path, pointed),
            entry["confidence"],
            correct,
        )


def untold(read: Read) -> int:
    """Values of the truth that are missing and of whose absence the report says nothing."""
    missed = sum(j.counts.expected - j.counts.soft for j in judge_sops(read.truth["sops"], read.result["sops"]))
    told = sum(not sample.right for sample in samples_of(0, read))
    return max(0, missed - told)
