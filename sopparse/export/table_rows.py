"""The rows of the tables: one for each SOP, actor, step, citation, list item, symbol, arrow and finding.

The key of a document part is `sop` (`name#1`), unique over all results; `procedure`, `step` and `item` are 1-based.
Times are in minutes under the convention of the result. Unknown is None.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sopparse.model import Duration, Procedure, Result, Sop

Row = dict[str, Any]

LISTS = ("qualifications", "related_sops", "equipment", "warnings", "records")
STEP_FIELDS = ("activity", "actors", "requirements", "duration", "outputs", "note")
JOINT = "; "


class Part(NamedTuple):
    """One SOP of one result, with its key and its JSON Pointer."""

    key: str
    result: Result
    sop: Sop
    pointer: str

    def confidence(self, path: str) -> float | None:
        report = self.result.report.fields.get(self.pointer + path)
        return None if report is None else report.confidence


def documents(results: Sequence[Result]) -> Iterator[tuple[str, Result]]:
    """Each result with a name of its own: that of the source, with a part of its digest where two are called alike."""
    count = Counter(result.source.name for result in results)
    taken: set[str] = set()
    for result in results:
        name = result.source.name
        key = f"{name}@{result.source.sha256[:8]}" if count[name] > 1 else name
        unique = next(k for n in range(1, len(results) + 1) if (k := key if n == 1 else f"{key}({n})") not in taken)
        taken.add(unique)
        yield unique, result


def parts_of(results: Sequence[Result]) -> Iterator[Part]:
    for key, result in documents(results):
        for s, sop in enumerate(result.sops):
            yield Part(f"{key}#{s + 1}", result, sop, f"/sops/{s}")


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
    for number, procedure, _ in _procedures(part):
        labels = {actor.id: actor.label for actor in procedure.actors}
        for node in procedure.flow.nodes:
            yield {
                "sop": part.key,
                "procedure": number,
                "node": node.id,
                "step": node.step,
                "actor": node.actor,
                "actor_label": labels.get(node.actor or ""),
                "symbol": node.symbol,
                "text": node.text,
            }


def _edges(part: Part) -> Iterator[Row]:
    for number, procedure, path in _procedures(part):
        steps = {node.id: node.step for node in procedure.flow.nodes}
        for index, edge in enumerate(procedure.flow.edges):
            report = part.result.report.fields.get(f"{part.pointer}{path}/flow/edges/{index}")
            yield {
                "sop": part.key,
                "procedure": number,
                "source": edge.source,
                "target": edge.target,
                "source_step": steps.get(edge.source),
                "target_step": steps.get(edge.target),
                "condition": edge.condition,
                "basis": None if report is None else report.basis,
            }


def findings(key: str, result: Result) -> Iterator[Row]:
    for finding in result.report.findings:
        inside = finding.path.split("/")[:3]
        number = int(inside[2]) + 1 if inside[:2] == ["", "sops"] and inside[2:] and inside[2].isdecimal() else None
        yield {
            "sop": key if number is None else f"{key}#{number}",
            **finding.model_dump(include={"severity", "code", "path", "message", "message_en"}),
            "pages": ", ".join(map(str, sorted({origin.page for origin in finding.origins}))) or None,
        }


TABLES: dict[str, Callable[[Part], Iterator[Row]]] = {
    "sops": _sops,
    "actors": _actors,
    "steps": _steps,
    "citations": _citations,
    "lists": _lists,
    "nodes": _nodes,
    "edges": _edges,
}

# fmt: off
COLUMNS: dict[str, list[str]] = {
    "sops": [
        "sop", "document", "number", "title", "agency", "units", "government", "region", "region_level", "region_code",
        "address", "created", "revised", "effective", "approved", "revision", "approver_position", "approver_name",
        "approver_rank", "approver_nip", "procedures", "steps", "actors", "status", "grade", "confidence", "errors",
        "warnings", "notes", "layout", "reading", "pages", "sha256",
    ],
    "actors": ["sop", "procedure", "actor", "position", "label", "group", "role", "unit", "steps", "confidence"],
    "steps": [
        "sop", "procedure", "procedure_title", "step", "printed_number", "activity", "actors", "actor", "requirements",
        "duration", "duration_min", "duration_max", "duration_unit", "duration_working", "minutes_low", "minutes_high",
        "iso8601", "outputs", "note", *(f"confidence_{field}" for field in STEP_FIELDS),
    ],
    "citations": [
        "sop", "item", "text", "type", "issuer", "region", "number", "year", "about", "id", "state", "replaced_by",
        "as_of", "confidence",
    ],
    "lists": ["sop", "section", "item", "text", "confidence"],
    "nodes": ["sop", "procedure", "node", "step", "actor", "actor_label", "symbol", "text"],
    "edges": ["sop", "procedure", "source", "target", "source_step", "target_step", "condition", "basis"],
    "findings": ["sop", "severity", "code", "path", "message", "message_en", "pages"],
}
# fmt: on
