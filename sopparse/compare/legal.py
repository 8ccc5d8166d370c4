"""Questions about the law: what an SOP rests on, whether that stood when it was signed and stands today."""

from __future__ import annotations

from collections.abc import Iterator

from sopparse.compare.entries import Entry, Row, Terms
from sopparse.standing import Standing, signed_on, standing_of

# Findings of the reading about citations begin so.
LEGAL = "legal."


def citations(entry: Entry, terms: Terms) -> Iterator[Row]:
    """A7. Each citation at the day from which the SOP counts, and today. The states are those of sopparse's data."""
    signed = signed_on(entry.sop.header)
    moment = None if signed is None or not entry.sure(f"/header/{signed[1]}") else signed
    for index, citation in enumerate(entry.sop.legal_basis):
        path = f"/legal_basis/{index}"
        today = standing_of(citation.id, terms.today.isoformat())
        then = None if moment is None else standing_of(citation.id, moment[0])
        yield {
            **entry.row(path),
            "text": citation.text,
            "id": citation.id,
            "type": citation.type,
            "about": citation.about,
            "signed": None if moment is None else moment[0],
            "state_at_signing": None if then is None else then.state,
            "by_at_signing": None if then is None else _by(then),
            "state_today": today.state,
            "by_today": _by(today),
            "partly_by": "; ".join(today.partly_by) or None,
            "amended_by": "; ".join(today.amended_by) or None,
            "reason": today.reason,
            "source": today.source,
            "source_confidence": today.confidence,
            "doubtful": not entry.sure(path),
        }


def _by(standing: Standing) -> str | None:
    """What took its place, and what stands in the place of that today."""
    return " → ".join(["; ".join(standing.by), *standing.through]) or None


def citation_errors(entry: Entry, terms: Terms) -> Iterator[Row]:
    """A8. What is wrong with citations, as the checks noticed it."""
    for finding in entry.result.report.findings:
        if finding.code.startswith(LEGAL) and f"{finding.path}/".startswith(f"{entry.pointer}/"):
            path = finding.path.removeprefix(entry.pointer)
            yield {
                **entry.row(path),
                "code": finding.code,
                "id": _id_at(entry, path),
                "message": finding.message,
                "message_en": finding.message_en,
            }


def _id_at(entry: Entry, path: str) -> str | None:
    index = path.split("/")[2:3]
    known = entry.sop.legal_basis
    return known[int(index[0])].id if index and index[0].isdecimal() and int(index[0]) < len(known) else None
