"""Questions about the form: what is filled in, how old it is, how large, what of a service standard it shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sopparse.compare.entries import Entry, Row, Terms

# The parts of the form, and where each stands in the model.
PARTS = {
    "number_filled": "/header/number",
    "title_filled": "/header/title",
    "created": "/header/created",
    "revised": "/header/revised",
    "effective": "/header/effective",
    "approver": "/header/approver/position",
    "approver_name": "/header/approver/name",
    "agency_name": "/header/agency/name",
    "region": "/header/agency/region",
    "legal_basis": "/legal_basis",
    "qualifications": "/qualifications",
    "related_sops": "/related_sops",
    "equipment": "/equipment",
    "warnings": "/warnings",
    "records": "/records",
    "procedures": "/procedures",
}
# The date from which the age counts: the first of these that is known.
IN_FORCE = ("effective", "approved", "created")
# The guideline asks for an evaluation every year; no rule says when an SOP is stale. Five years is our convention.
STALE = 5.0
YEAR = 365.25


def completeness(entry: Entry, terms: Terms) -> Iterator[Row]:
    """A1. Of each part of the form: filled, doubtful, or why it is empty (stated-none, blank, no-label, illegible)."""
    states = {name: _state(entry, path) for name, path in PARTS.items()}
    filled = sum(state == "filled" for state in states.values())
    yield {**entry.row(), "title": entry.sop.header.title, **states, "filled": filled, "parts": len(states)}


def _state(entry: Entry, path: str) -> str:
    value = _value(entry.sop, path)
    if not value:
        return entry.absence(path) or "no-label"
    return "filled" if entry.sure(f"{path}/0" if isinstance(value, tuple) else path) else "doubtful"


def _value(part: Any, path: str) -> Any:
    for name in path.strip("/").split("/"):
        part = getattr(part, name, None)
    return part


def age(entry: Entry, terms: Terms) -> Iterator[Row]:
    """A2. Years since the SOP came into force and since its last revision, at least: an incomplete date counts as its
    last day. A revision that lies ahead is a planned one and no revision."""
    header = entry.sop.header
    dated_by = next((n for n in IN_FORCE if getattr(header, n) and entry.sure(f"/header/{n}")), None)
    since = None if dated_by is None else _years(getattr(header, dated_by), terms.today)
    revised = _years(header.revised, terms.today) if header.revised and entry.sure("/header/revised") else None
    if revised is not None and revised < 0:
        revised = None
    newest = min((years for years in (since, revised) if years is not None), default=None)
    yield {
        **entry.row(f"/header/{dated_by}" if dated_by else ""),
        "title": header.title,
        "dated_by": dated_by,
        "date": None if dated_by is None else getattr(header, dated_by),
        "years": since,
        "years_since_revision": revised,
        "stale": None if newest is None else newest >= STALE,
    }


def last_day(text: str) -> date:
    """The last day that a date of reduced precision may mean."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return date(*parts)
    year, month = parts[0], parts[1] if len(parts) == 2 else 12
    return date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)


def _years(text: str, today: date) -> float:
    return round((today - last_day(text)).days / YEAR, 2)


def size(entry: Entry, terms: Terms) -> Iterator[Row]:
    """A5. `decisions` and `returns` (arrows to an earlier step) are None where no flow chart was read."""
    for p, procedure in enumerate(entry.sop.procedures):
        flow = procedure.flow
        steps = {node.id: node.step for node in flow.nodes}
        read = bool(flow.edges)
        ways = [(steps.get(edge.source), steps.get(edge.target)) for edge in flow.edges]
        yield {
            **entry.row(f"/procedures/{p}"),
            "title": procedure.title or entry.sop.header.title,
            "steps": len(procedure.steps),
            "actors": len(procedure.actors),
            "decisions": sum(node.symbol == "decision" for node in flow.nodes) if read else None,
            "returns": sum(a is not None and b is not None and b < a for a, b in ways) if read else None,
            "arrows": len(flow.edges) if read else None,
        }


def service_proxy(entry: Entry, terms: Terms) -> Iterator[Row]:
    """A14. Which parts of a service standard (UU 25/2009, article 21) the SOP shows: a proxy, not a judgement."""
    sop = entry.sop
    steps = [step for procedure in sop.procedures for step in procedure.steps]
    shown = {
        "legal_basis": bool(sop.legal_basis),
        "requirements": any(step.requirements for step in steps),
        "procedure": bool(steps),
        "time": any(step.duration for step in steps),
        "product": any(step.outputs for step in steps),
        "facilities": bool(sop.equipment),
        "competence": bool(sop.qualifications),
    }
    yield {**entry.row(), "title": sop.header.title, **shown, "parts": sum(shown.values())}
