"""What the values of one procedure document say about each other: contradictions and gaps become findings.

A check looks at the model alone. It names what it saw and where, and changes no value; what its finding means for the
confidence of the value it points at is fitted with all other evidence (`evidence`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sopparse.check import chain, chart, columns, header, legal, lists, steps
from sopparse.check.completeness import status
from sopparse.evidence import Issue
from sopparse.grading import grade
from sopparse.model import Sop

__all__ = ["CHECKS", "grade", "review", "status"]

Found = Iterator[tuple[str, Issue]]


def review(sop: Sop) -> Found:
    """All findings of all checks, with pointers relative to the document's part of the result."""
    for check in CHECKS:
        yield from check(sop)


CHECKS: tuple[Callable[[Sop], Found], ...] = (
    header.title,
    header.dates,
    header.number,
    header.nip,
    header.regions,
    legal.years,
    legal.titles,
    legal.repeated,
    lists.cut,
    lists.foreign,
    steps.table,
    steps.numbers,
    steps.times,
    steps.total,
    steps.needs,
    steps.sentences,
    steps.repeated,
    columns.slipped,
    columns.swapped,
    columns.foreign,
    columns.topic,
    chain.links,
    chart.ends,
    chart.decisions,
    chart.performers,
)
