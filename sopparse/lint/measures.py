"""Rules about the columns beside the activity: each filled, plausible, and linked from step to step."""

from __future__ import annotations

from sopparse.lint.subject import SCANNED, Offences, Subject, called, offence

_UNREAD = ("illegible", "no-label")
# Where fewer steps have the value, the table has no such column, or rows of another table were taken for steps.
_USUAL = 1 / 3


def filled(subject: Subject) -> Offences:
    """R06. A cell of a scan may only look blank."""
    scanned = subject.part.result.source.reading in SCANNED
    for each in subject.findings("R06"):
        report = subject.part.report(each.path)
        absence = None if report is None else report.absence
        unread = scanned or absence in _UNREAD
        if (absence == "stated-none" or not unread) and _is_gap(subject, each.path):
            yield each


def _is_gap(subject: Subject, path: str) -> bool:
    """Whether a true step lacks what the pointer names, and the other steps of the table have it."""
    _, _, number, _, index, field, *_ = path.split("/")
    steps = subject.sop.procedures[int(number)].steps
    return subject.sure(f"/procedures/{number}/steps/{index}/activity") and (
        sum(bool(getattr(step, field)) for step in steps) >= _USUAL * len(steps)
    )


def chained(subject: Subject) -> Offences:
    """R07"""
    for each in subject.findings("R07"):
        if subject.seen(each.path):
            _, _, number, _, index, *_ = each.path.split("/")
            yield offence(each.path, "broken", step=called(subject.sop.procedures[int(number)].steps[int(index)]))


def plausible(subject: Subject) -> Offences:
    """R14"""
    for each in subject.findings("R14"):
        if subject.seen(each.path):
            yield each
