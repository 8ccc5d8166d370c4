"""What the changed findings mean for the values that nobody corrected, and for the whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sopparse import check
from sopparse.confidence import calibrated, kind_of, medium_of, pointing_at
from sopparse.corrections.draft import told
from sopparse.grading import expected_right, grade, sections
from sopparse.model import SOP_AP, Correction, FieldReport, Finding, Result, Sop


def checks(sops: Sequence[Sop], fields: Mapping[str, FieldReport]) -> Iterator[Finding]:
    """The findings of all checks across fields; other forms are not checked."""
    for index, sop in enumerate(sops):
        for path, found in check.review(sop) if sop.layout == SOP_AP else ():
            pointer = f"/sops/{index}{path}"
            known = fields.get(pointer)
            yield told(found, pointer, known.origins if known is not None else ())


def judged(
    result: Result, before: Sequence[Finding], findings: Sequence[Finding], corrections: tuple[Correction, ...]
) -> Result:
    """The result with these findings instead of those before, and the confidence, status and grades that follow."""
    reports = dict(_reports(result, _pointed(before), _pointed(findings)))
    severities = [one.severity for one in findings]
    errors = [one.path for one in findings if one.severity == "error"]
    expected = expected_right(one.confidence for one in reports.values() if one.absence is None)
    report = result.report.model_copy(
        update={
            "confidence": round(expected, 3),
            "grade": grade(expected, bool(errors)),
            "sections": sections(reports, errors),
            "fields": reports,
            "findings": tuple(findings),
            "corrections": corrections,
        }
    )
    return result.model_copy(update={"status": check.status((), severities, result.sops), "report": report})


def _pointed(findings: Iterable[Finding]) -> Mapping[str, Collection[str]]:
    pointed: dict[str, set[str]] = {}
    for one in findings:
        pointed.setdefault(one.path, set()).add(one.code)
    return pointed


def _reports(
    result: Result, before: Mapping[str, Collection[str]], after: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, FieldReport]]:
    """A value that other findings point at now has another confidence; one that a person vouches for is certain."""
    for path, one in result.report.fields.items():
        codes = pointing_at(path, after)
        if one.basis == "corrected" or codes == pointing_at(path, before):
            yield path, one
            continue
        signals = one.signals
        raw = signals.read * signals.place * signals.parse
        medium = medium_of(result.source.reading, signals.read)
        confidence = calibrated(kind_of(path, one.basis, one.absence), medium, raw, codes)
        yield path, one.model_copy(update={"confidence": round(confidence, 3)})
