"""A result as tidy rows: one for each SOP, actor, step, citation, list item, symbol, arrow and finding.

`sop` is the key of a document part, as whoever makes the tables chose it; `procedure`, `step` and `item` are 1-based.
Times are in minutes under the convention of the result. Unknown is None. A table shows the columns that it wants.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sopparse.model import Duration, FieldReport, Procedure, Result, Sop

Row = dict[str, Any]

LISTS = ("qualifications", "related_sops", "equipment", "warnings", "records")
STEP_FIELDS = ("activity", "actors", "requirements", "duration", "outputs", "note")
# The values of the header whose confidence has a column of its own.
HEADER_FIELDS = {
    "number": "number",
    "title": "title",
    "created": "created",
    "revised": "revised",
    "effective": "effective",
    "approved": "approved",
    "approver_name": "approver/name",
    "agency": "agency/name",
}
JOINT = "; "


class Part(NamedTuple):
    """One SOP of one result, with its key and its JSON Pointer."""

    key: str | int
    result: Result
    sop: Sop
    pointer: str

    def report(self, path: str) -> FieldReport | None:
        return self.result.report.fields.get(self.pointer + path)

    def confidence(self, path: str) -> float | None:
        report = self.report(path)
        return None if report is None else report.confidence

    def basis(self, path: str) -> str | None:
        report = self.report(path)
        return None if report is None else report.basis


def _joined(items: Sequence[str | None]) -> str | None:
    return JOINT.join(item for item in items if item is not None) or None


def _sops(part: Part) -> Iterator[Row]:
    _, result, sop, pointer = part
    header, agency = sop.header, sop.header.agency
    approver, region = header.approver, agency.region
    severities = Counter(f.severity for f in result.report.findings if f"{f.path}/".startswith(f"{pointer}/"))
    yield {
        "sop": part.key,
        "document": result.source.name,
        "sha256": result.source.sha256,
        "reading": result.source.reading,
        "pages": ", ".join(map(str, sop.pages)),
        "status": result.status,
        "grade": result.report.grade,
        "confidence": result.report.confidence,
        "errors": severities["error"],
        "warnings": severities["warning"],
        "notes": severities["note"],
        "layout": sop.layout,
        **header.model_dump(include={"number", "title", "created", "revised", "effective", "approved", "revision"}),
        "approver_position": approver and approver.position,
        "approver_name": approver and approver.name,
        "approver_rank": approver and approver.rank,
        "approver_nip": approver and approver.nip,
        "government": agency.government,
        "agency": agency.name,
        "units": _joined(agency.units),
        "region": region and region.name,
        "region_level": region and region.level,
        "region_code": region and region.code,
        "address": agency.address,
        "procedures": len(sop.procedures),
        "steps": sum(len(procedure.steps) for procedure in sop.procedures),
        "actors": sum(len(procedure.actors) for procedure in sop.procedures),
        **{f"confidence_{name}": part.confidence(f"/header/{path}") for name, path in HEADER_FIELDS.items()},
    }


def _procedures(part: Part) -> Iterator[tuple[int, Procedure, str]]:
    for p, procedure in enumerate(part.sop.procedures):
        yield p + 1, procedure, f"/procedures/{p}"


def _actors(part: Part) -> Iterator[Row]:
    for number, procedure, path in _procedures(part):
        for a, actor in enumerate(procedure.actors):
            yield {
                "sop": part.key,
                "procedure": number,
                "actor": actor.id,
                "position": a + 1,
                **actor.model_dump(include={"label", "group", "role", "unit"}),
                "steps": sum(actor.id in step.actors for step in procedure.steps),
                "confidence": part.confidence(f"{path}/actors/{a}/label"),
            }


def _steps(part: Part) -> Iterator[Row]:
    for number, procedure, path in _procedures(part):
        labels = {actor.id: actor.label for actor in procedure.actors}
        for s, step in enumerate(procedure.steps):
            yield {
                "sop": part.key,
                "procedure": number,
                "procedure_title": procedure.title,
                "step": step.number,
                "printed_number": step.printed_number,
                "activity": step.activity,
                "actors": _joined([labels.get(actor) or actor for actor in step.actors]),
                "actor": step.actors[0] if step.actors else None,
                "requirements": _joined(step.requirements),
                **_duration(step.duration),
                "outputs": _joined(step.outputs),
                "note": step.note,
                "actors_basis": part.basis(f"{path}/steps/{s}/actors"),
                **{f"confidence_{field}": part.confidence(f"{path}/steps/{s}/{field}") for field in STEP_FIELDS},
            }


def _duration(duration: Duration | None) -> Row:
    """Numbers and unit only where one part says it all; several parts are summed in minutes only."""
    part = duration.parts[0] if duration is not None and len(duration.parts) == 1 else None
    low, high = (duration.minutes if duration is not None else None) or (None, None)
    return {
        "duration": duration and duration.text,
        "duration_min": part and part.min,
        "duration_max": part and part.max,
        "duration_unit": part and part.unit,
        "duration_working": part and part.working,
        "minutes_low": low,
        "minutes_high": high,
        "iso8601": duration and duration.iso8601,
    }


def _citations(part: Part) -> Iterator[Row]:
    for index, citation in enumerate(part.sop.legal_basis):
        yield {
            "sop": part.key,
            "item": index + 1,
            **citation.model_dump(exclude={"status"}),
            "state": citation.status.state,
            "replaced_by": _joined(citation.status.by),
            "as_of": citation.status.as_of,
            "confidence": part.confidence(f"/legal_basis/{index}"),
        }


def _lists(part: Part) -> Iterator[Row]:
    for section in LISTS:
        for number, item in enumerate(getattr(part.sop, section), start=1):
            confidence = part.confidence(f"/{section}/{number - 1}")
            yield {"sop": part.key, "section": section, "item": number, "text": item, "confidence": confidence}


def _nodes(part: Part) -> Iterator[Row]:
    for number, procedure, path in _procedures(part):
        labels = {actor.id: actor.label for actor in procedure.actors}
        for n, node in enumerate(procedure.flow.nodes):
            yield {
                "sop": part.key,
                "procedure": number,
                "position": n + 1,
                "node": node.id,
                "step": node.step,
                "actor": node.actor,
                "actor_label": labels.get(node.actor or ""),
                "symbol": node.symbol,
                "text": node.text,
                "confidence": part.confidence(f"{path}/flow/nodes/{n}"),
            }


def _edges(part: Part) -> Iterator[Row]:
    for number, procedure, path in _procedures(part):
        steps = {node.id: node.step for node in procedure.flow.nodes}
        for e, edge in enumerate(procedure.flow.edges):
            yield {
                "sop": part.key,
                "procedure": number,
                "position": e + 1,
                "source": edge.source,
                "target": edge.target,
                "source_step": steps.get(edge.source),
                "target_step": steps.get(edge.target),
                "condition": edge.condition,
                "basis": part.basis(f"{path}/flow/edges/{e}"),
                "confidence": part.confidence(f"{path}/flow/edges/{e}"),
            }


def findings(result: Result) -> Iterator[tuple[int | None, Row]]:
    """Each finding with the number of the SOP it is about; None: about the whole document."""
    for finding in result.report.findings:
        inside = finding.path.split("/")[:3]
        number = int(inside[2]) + 1 if inside[:2] == ["", "sops"] and inside[2:] and inside[2].isdecimal() else None
        row = finding.model_dump(include={"severity", "code", "path", "message", "message_en"})
        row["pages"] = ", ".join(map(str, sorted({origin.page for origin in finding.origins}))) or None
        yield number, row


TABLES: dict[str, Callable[[Part], Iterator[Row]]] = {
    "sops": _sops,
    "actors": _actors,
    "steps": _steps,
    "citations": _citations,
    "lists": _lists,
    "nodes": _nodes,
    "edges": _edges,
}
