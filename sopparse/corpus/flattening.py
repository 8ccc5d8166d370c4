"""A result as rows of the index's tables: those that every table of results shows (`rows`), and the finer ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sopparse.rows import TABLES, Part, Row, findings

if TYPE_CHECKING:
    from sopparse.model import Result, Step


def of_result(result: Result) -> Row:
    source, coverage, ocr = result.source, result.report.coverage, result.source.ocr
    return {
        **source.model_dump(include={"name", "sha256", "media_type", "pages", "reading"}),
        "ocr": ocr and f"{ocr.engine} {ocr.version} {'+'.join(ocr.languages)} {ocr.dpi}",
        "status": result.status,
        "grade": result.report.grade,
        "confidence": result.report.confidence,
        "words": coverage.words,
        "placed": coverage.placed,
        "pages_apart": ", ".join(map(str, coverage.pages_apart)) or None,
        "corrections": len(result.report.corrections),
        "schema_version": result.schema_version,
    }


def of_findings(result: Result, keys: dict[int, int]) -> Iterator[Row]:
    """`keys`: the key of each SOP by its number in the document."""
    for item, (number, row) in enumerate(findings(result), start=1):
        yield {"item": item, "sop": None if number is None else keys.get(number), **row}


def _units(part: Part) -> Iterator[Row]:
    for item, text in enumerate(part.sop.header.agency.units, start=1):
        yield {"sop": part.key, "item": item, "text": text}


def _procedures(part: Part) -> Iterator[Row]:
    for number, procedure in enumerate(part.sop.procedures, start=1):
        yield {"sop": part.key, "procedure": number, "title": procedure.title}


def _footnotes(part: Part) -> Iterator[Row]:
    for number, procedure in enumerate(part.sop.procedures, start=1):
        for item, text in enumerate(procedure.footnotes, start=1):
            yield {"sop": part.key, "procedure": number, "item": item, "text": text}


def _steps(part: Part) -> Iterator[tuple[Row, Step]]:
    """Each step with its key."""
    for number, procedure in enumerate(part.sop.procedures, start=1):
        for step in procedure.steps:
            yield {"sop": part.key, "procedure": number, "step": step.number}, step


def _step_actors(part: Part) -> Iterator[Row]:
    for key, step in _steps(part):
        for position, actor in enumerate(step.actors, start=1):
            yield {**key, "position": position, "actor": actor}


def _requirements(part: Part) -> Iterator[Row]:
    for key, step in _steps(part):
        for item, text in enumerate(step.requirements, start=1):
            yield {**key, "item": item, "text": text}


def _outputs(part: Part) -> Iterator[Row]:
    for key, step in _steps(part):
        for item, text in enumerate(step.outputs, start=1):
            yield {**key, "item": item, "text": text}


def _durations(part: Part) -> Iterator[Row]:
    for key, step in _steps(part):
        for item, one in enumerate(step.duration.parts if step.duration is not None else (), start=1):
            yield {**key, "item": item, **one.model_dump()}


def _fields(part: Part) -> Iterator[Row]:
    inside = f"{part.pointer}/"
    for path, report in part.result.report.fields.items():
        if path.startswith(inside):
            signals, origins = report.signals, report.origins
            yield {
                "sop": part.key,
                "path": path[len(part.pointer) :],
                "confidence": report.confidence,
                "read": signals.read,
                "place": signals.place,
                "parse": signals.parse,
                "basis": report.basis,
                "absence": report.absence,
                "page": origins[0].page if origins else None,
            }


def _section_grades(part: Part) -> Iterator[Row]:
    inside = f"{part.pointer}/"
    for path, report in part.result.report.sections.items():
        if path.startswith(inside):
            yield {"sop": part.key, "path": path[len(part.pointer) :], **report.model_dump()}


# In an order in which what is referred to comes first.
PARTS: dict[str, Callable[[Part], Iterator[Row]]] = {
    "units": _units,
    "citations": TABLES["citations"],
    "lists": TABLES["lists"],
    "procedures": _procedures,
    "footnotes": _footnotes,
    "actors": TABLES["actors"],
    "steps": TABLES["steps"],
    "step_actors": _step_actors,
    "requirements": _requirements,
    "outputs": _outputs,
    "durations": _durations,
    "nodes": TABLES["nodes"],
    "edges": TABLES["edges"],
    "fields": _fields,
    "section_grades": _section_grades,
}


def of_sop(part: Part) -> Row:
    return next(TABLES["sops"](part))
