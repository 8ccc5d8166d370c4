"""What the values of one procedure document say about each other: contradictions and gaps become findings.

A check looks at the model alone. It names what it saw and where; it changes no value and no confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from sopparse.evidence import Finding, Issue, issue
from sopparse.model import Grade, Sop, Status

# Grades by the confidence of the document (mean of its fields). Nothing better than fair beside an error finding.
GRADES: tuple[tuple[float, Grade], ...] = ((0.92, "excellent"), (0.8, "good"), (0.6, "fair"))

# A time is an outlier from this many times the median of the same table on; 60 days among half hours.
OUTLIER = 20.0
_MIN_TIMES = 4


def review(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """All findings of all checks, with pointers relative to the document's part of the result."""
    for check in CHECKS:
        yield from check(sop)


def grade(confidence: float, has_error: bool) -> Grade:
    reached: Grade = next((name for least, name in GRADES if confidence >= least), "poor")
    return "fair" if has_error and reached in ("excellent", "good") else reached


def status(findings: Sequence[Finding], severities: Sequence[str], sops: Sequence[Sop]) -> Status:
    """Never complete beside an error; failed where nothing of a procedure was found."""
    if not any(sop.procedures or sop.header.title or sop.header.number for sop in sops):
        return "failed"
    return "partial" if "error" in severities else "complete"


def _dates(sop: Sop) -> Iterator[tuple[str, Issue]]:
    header = sop.header
    if header.created and header.effective and _before(header.effective, header.created):
        yield (
            "/header/effective",
            issue("header.effective-before-created", effective=header.effective, created=header.created),
        )
    if header.created and header.revised and _before(header.revised, header.created):
        yield "/header/revised", issue("header.revised-before-created", revised=header.revised, created=header.created)


def _before(left: str, right: str) -> bool:
    """Whether a date of reduced precision certainly lies before another."""
    size = min(len(left), len(right))
    return left[:size] < right[:size]


def _title(sop: Sop) -> Iterator[tuple[str, Issue]]:
    if sop.header.title is None:
        yield "/header/title", issue("header.title-missing")


def _table(sop: Sop) -> Iterator[tuple[str, Issue]]:
    if not any(procedure.steps for procedure in sop.procedures):
        yield "/procedures", issue("procedure.missing")


def _numbers(sop: Sop) -> Iterator[tuple[str, Issue]]:
    for p, procedure in enumerate(sop.procedures):
        printed = [
            (i, int(digits))
            for i, step in enumerate(procedure.steps)
            if step.printed_number and (digits := step.printed_number.strip(" .()")).isdecimal()
        ]
        for (_, before), (i, after) in pairwise(printed):
            if after != before + 1:
                path = f"/procedures/{p}/steps/{i}/printed_number"
                yield path, issue("step.number-out-of-order", before=before, after=after)
        if printed and len(printed) < len(procedure.steps):
            missing = len(procedure.steps) - len(printed)
            yield f"/procedures/{p}/steps", issue("step.numbers-missing", count=missing)


def _times(sop: Sop) -> Iterator[tuple[str, Issue]]:
    for p, procedure in enumerate(sop.procedures):
        minutes = [
            (i, step.duration.minutes[1])
            for i, step in enumerate(procedure.steps)
            if step.duration and step.duration.minutes and step.duration.minutes[1]
        ]
        if len(minutes) < _MIN_TIMES:
            continue
        ordered = sorted(value for _, value in minutes if value is not None)
        median = ordered[len(ordered) // 2]
        longest = [(i, value) for i, value in minutes if value is not None and value > OUTLIER * median]
        # One or two of many are outliers; more are another kind of table.
        if len(longest) <= max(1, len(minutes) // 6):
            for i, value in longest:
                path = f"/procedures/{p}/steps/{i}/duration"
                yield path, issue("step.duration-outlier", minutes=f"{value:g}", median=f"{median:g}")


def _needs(sop: Sop) -> Iterator[tuple[str, Issue]]:
    for p, procedure in enumerate(sop.procedures):
        if not any(step.duration for step in procedure.steps):
            continue
        for i, step in enumerate(procedure.steps):
            if step.duration is None:
                yield f"/procedures/{p}/steps/{i}/duration", issue("step.duration-missing", step=step.number)


CHECKS: tuple[Callable[[Sop], Iterator[tuple[str, Issue]]], ...] = (_title, _dates, _table, _numbers, _times, _needs)
