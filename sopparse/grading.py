"""Grades: what the confidence of the values of a document, or of a section of it, comes to in one word.

The confidence of a whole is the mean over its values, those said to be absent aside: the share of them that is
expected to be right. The thresholds say how much work is left to whoever checks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sopparse.model import FieldReport, Grade, SectionReport

# excellent: at most one value in thirty is expected to be wrong; good: one in twelve, and the doubtful ones are marked;
# fair: one in four, to be checked as a whole; poor: quicker typed anew. Nothing better than fair beside an error.
GRADES: tuple[tuple[float, Grade], ...] = ((0.967, "excellent"), (0.917, "good"), (0.75, "fair"))

_SECTION = re.compile(r"/sops/\d+/(?:procedures/\d+(?:/flow(?=/|$))?|[a-z_]+)")


def grade(confidence: float, has_error: bool) -> Grade:
    reached: Grade = next((name for least, name in GRADES if confidence >= least), "poor")
    return "fair" if has_error and reached in ("excellent", "good") else reached


def expected_right(confidences: Iterable[float]) -> float:
    """The share of the values that is expected to be right; 0 where there is none."""
    known = list(confidences)
    return sum(known) / len(known) if known else 0.0


def section_of(path: str) -> str | None:
    """The section that a pointer leads into: the header, one of the lists, a procedure or its flow."""
    found = _SECTION.match(path)
    return found.group() if found is not None else None


def sections(fields: Mapping[str, FieldReport], errors: Iterable[str]) -> dict[str, SectionReport]:
    """Each section that has values, by its pointer. `errors`: the pointers of open error findings."""
    known: dict[str, list[float]] = {}
    for path, field in fields.items():
        section = section_of(path)
        if section is not None and field.absence is None:
            known.setdefault(section, []).append(field.confidence)
    wrong = {section_of(path) for path in errors}
    found = {}
    for section, confidences in known.items():
        confidence = round(expected_right(confidences), 3)
        found[section] = SectionReport(confidence=confidence, grade=grade(confidence, section in wrong))
    return found
