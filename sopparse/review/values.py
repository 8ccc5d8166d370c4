"""The values of a result as a person checks them: where each stands, how it is edited, how doubtful it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from sopparse import model

# Below this a value is shown as doubtful: of the fields reported at or above it at least 98 in 100 are right.
DOUBT = 0.9

Kind = Literal["text", "long", "date", "nip", "number", "lines", "actors", "choice"]
LISTS = ("legal_basis", "qualifications", "related_sops", "equipment", "warnings", "records")
_DATES = ("created", "revised", "effective", "approved")
_CELLS: tuple[tuple[str, Kind], ...] = (
    ("printed_number", "text"), ("activity", "long"), ("actors", "actors"), ("requirements", "lines"),
    ("duration", "text"), ("outputs", "lines"), ("note", "long"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """`path` is what a correction replaces, `field` where it is reported, `gone` what is emptied or removed when the
    document does not have it. `unit` is corrected as a whole where several of its parts are, since some follow from
    others. `label` is a key of the wording, `place` what fills it."""

    path: str
    field: str
    kind: Kind
    shown: str
    label: str
    place: tuple[tuple[str, str], ...] = ()
    gone: str = ""
    unit: str = ""
    removes: bool = False
    options: tuple[str, ...] = ()
    confidence: float | None = None
    number: int | None = None  # among the doubtful ones
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value to look at, by its number; `severity` of the gravest finding about it."""

    number: int
    value: Value
    severity: str | None


def of_result(result: model.Result) -> Iterator[Value]:
    """All values, in the order of the page."""
    for s, sop in enumerate(result.sops):
        base = f"/sops/{s}"
        yield from header(sop, base)
        for name in LISTS:
            yield from items(sop, base, name)
        for p, procedure in enumerate(sop.procedures):
            yield from of_procedure(procedure, f"{base}/procedures/{p}")


def header(sop: model.Sop, base: str) -> Iterator[Value]:
    base, head = f"{base}/header", sop.header
    for name in ("number", "title", *_DATES, "revision"):
        kind: Kind = "date" if name in _DATES else "long" if name == "title" else "text"
        yield _value(f"{base}/{name}", kind, getattr(head, name), f"header.{name}")
    approver = head.approver or model.Approver()
    for name in ("position", "name", "rank", "nip"):
        kind = "nip" if name == "nip" else "text"
        yield _value(f"{base}/approver/{name}", kind, getattr(approver, name), f"header.approver.{name}")
    agency = head.agency
    for name in ("government", "name", "address"):
        yield _value(f"{base}/agency/{name}", "text", getattr(agency, name), f"header.agency.{name}")
    for i, unit in enumerate(agency.units):
        yield replace(_value(f"{base}/agency/units/{i}", "text", unit, "header.agency.units"), removes=True)
    for name in ("level", "name", "code"):
        shown = getattr(agency.region, name) if agency.region is not None else None
        value = _value(f"{base}/agency/region/{name}", "text", shown, f"header.agency.region.{name}")
        value = replace(value, unit=f"{base}/agency/region", gone=f"{base}/agency/region" if name != "code" else "")
        yield replace(value, kind="choice", options=get_args(model.RegionLevel)) if name == "level" else value


def items(sop: model.Sop, base: str, name: str) -> Iterator[Value]:
    for i, item in enumerate(getattr(sop, name)):
        path, place = f"{base}/{name}/{i}", (("number", str(i + 1)),)
        if isinstance(item, model.Citation):
            yield from citation(item, path, place)
        else:
            yield Value(path, path, "long", item, f"list.{name}", place, path, removes=True)


def citation(item: model.Citation, path: str, place: tuple[tuple[str, str], ...]) -> Iterator[Value]:
    yield Value(f"{path}/text", path, "long", item.text, "list.legal_basis", place, path, path, removes=True)
    for name in ("type", "number", "year", "about"):
        kind: Kind = "number" if name == "year" else "text"
        shown = getattr(item, name)
        value = Value(f"{path}/{name}", path, kind, "" if shown is None else str(shown), f"citation.{name}", place)
        value = replace(value, unit=path, gone="" if name == "type" else value.path)
        yield replace(value, kind="choice", options=get_args(model.RegulationType)) if name == "type" else value


def of_procedure(procedure: model.Procedure, base: str) -> Iterator[Value]:
    yield _value(f"{base}/title", "text", procedure.title, "procedure.title")
    for i, note in enumerate(procedure.footnotes):
        yield replace(_value(f"{base}/footnotes/{i}", "long", note, "procedure.footnotes"), removes=True)
    for k, actor in enumerate(procedure.actors):
        for name in ("label", "group", "role", "unit"):
            path = f"{base}/actors/{k}/{name}"
            value = _value(path, "text", getattr(actor, name), f"actor.{name}", number=str(k + 1))
            yield replace(value, unit=f"{base}/actors/{k}")
    names = {actor.id: actor.label or actor.id for actor in procedure.actors}
    for i, step in enumerate(procedure.steps):
        yield from cells(step, f"{base}/steps/{i}", names)
    yield from of_flow(procedure.flow, f"{base}/flow", names)


def cells(step: model.Step, base: str, names: Mapping[str, str]) -> Iterator[Value]:
    for name, kind in _CELLS:
        path, part = f"{base}/{name}", getattr(step, name)
        if name == "duration":
            text = part.text if part is not None else None
            value = _value(f"{path}/text", kind, text, "step.duration", number=str(step.number))
            yield replace(value, field=path, gone=path)
        else:
            shown = [names.get(one, one) for one in part] if name == "actors" else part
            yield _value(path, kind, shown, f"step.{name}", number=str(step.number))


def of_flow(flow: model.Flow, base: str, names: Mapping[str, str]) -> Iterator[Value]:
    steps = {node.id: node.id if node.step is None else str(node.step) for node in flow.nodes}
    for i, node in enumerate(flow.nodes):
        path, at = f"{base}/nodes/{i}", (("number", steps[node.id]),)
        symbol = Value(f"{path}/symbol", path, "choice", node.symbol, "node.symbol", at, path)
        yield replace(symbol, removes=True, options=get_args(model.Symbol))
        shown = names.get(node.actor, node.actor) if node.actor is not None else ""
        actor = Value(f"{path}/actor", path, "choice", shown, "node.actor", at, f"{path}/actor")
        yield replace(actor, options=tuple(names))
    for i, edge in enumerate(flow.edges):
        path = f"{base}/edges/{i}"
        place = (("source", steps.get(edge.source, edge.source)), ("target", steps.get(edge.target, edge.target)))
        value = Value(f"{path}/condition", path, "choice", edge.condition or "", "edge.condition", place, path)
        yield replace(value, removes=True, options=("", "yes", "no"))


def _value(path: str, kind: Kind, shown: Any, label: str, **place: str) -> Value:
    if isinstance(shown, (list, tuple)):
        shown = "; ".join(shown)
    return Value(path, path, kind, shown or "", label, tuple(place.items()), path)


# -- doubt ----------------------------------------------------------------------------------------------------------

_GRAVITY = ("note", "warning", "error")


def is_doubtful(report: model.FieldReport | None, severity: str | None) -> bool:
    if report is None:
        return severity is not None
    return report.basis != "corrected" and (report.confidence < DOUBT or severity is not None)


def severities(result: model.Result) -> dict[str, str]:
    """By pointer, the gravest finding that asks for a look."""
    found: dict[str, str] = {}
    for one in result.report.findings:
        if one.severity != "note" and _GRAVITY.index(one.severity) > _GRAVITY.index(found.get(one.path, "note")):
            found[one.path] = one.severity
    return found


def judged(result: model.Result) -> tuple[list[Value], list[Doubt]]:
    """All values with their confidence, and the doubtful ones, least sure first."""
    fields, grave = result.report.fields, severities(result)
    values: list[Value] = []
    doubtful: dict[str, tuple[float, int]] = {}
    for value in of_result(result):
        report = fields.get(value.field)
        if report is not None:
            value = replace(value, confidence=report.confidence, inferred=report.basis == "inferred")
        if value.field not in doubtful and is_doubtful(report, grave.get(value.field)):
            doubtful[value.field] = (value.confidence if value.confidence is not None else 0.0, len(values))
        values.append(value)
    doubts = []
    for number, (field, (_, at)) in enumerate(sorted(doubtful.items(), key=lambda item: item[1]), start=1):
        values[at] = replace(values[at], number=number)
        doubts.append(Doubt(number, values[at], grave.get(field)))
    return values, doubts
