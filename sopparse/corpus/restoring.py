"""Results made again from the tables, for whoever wants the model and not SQL. Streams: one result at a time."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel

from sopparse import model
from sopparse.corpus import store
from sopparse.rows import JOINT, LISTS, Row

# In which order the rows of a table were in the result, where its key does not say.
_ORDERS = {"actors": "procedure, position", "nodes": "procedure, position", "steps": "id", "fields": "path"}

_M = TypeVar("_M", bound=BaseModel)


def results(connection: sqlite3.Connection) -> Iterator[model.Result]:
    """In the order of their files, however the index came to hold them."""
    for row in store.rows(connection, "SELECT * FROM results ORDER BY file"):
        sops = list(store.rows(connection, "SELECT * FROM sops WHERE result = ? ORDER BY part", (row["result"],)))
        findings = store.rows(connection, "SELECT * FROM findings WHERE result = ? ORDER BY item", (row["result"],))
        fields: dict[str, model.FieldReport] = {}
        sections: dict[str, model.SectionReport] = {}
        for number, sop in enumerate(sops):
            for one in _of(connection, "fields", sop["sop"]):
                fields[f"/sops/{number}{one['path']}"] = _field(one)
            for one in _of(connection, "section_grades", sop["sop"]):
                sections[f"/sops/{number}{one['path']}"] = _taken(model.SectionReport, one)
        yield model.Result(
            schema_version=row["schema_version"],
            source=_source(row),
            status=row["status"],
            sops=tuple(_sop(connection, sop) for sop in sops),
            report=model.Report(
                confidence=row["confidence"],
                grade=row["grade"],
                sections=sections,
                fields=fields,
                findings=tuple(_finding(one) for one in findings),
                coverage=model.Coverage(
                    words=row["words"], placed=row["placed"], pages_apart=_numbers(row["pages_apart"])
                ),
            ),
        )


def _of(connection: sqlite3.Connection, table: str, sop: int) -> Iterator[Row]:
    order = f" ORDER BY {_ORDERS[table]}" if table in _ORDERS else ""
    return store.rows(connection, f"SELECT * FROM {table} WHERE sop = ?{order}", (sop,))


def _taken(kind: type[_M], row: Row, **more: Any) -> _M:
    """The model from the columns that are called like its fields."""
    return kind(**{name: row[name] for name in kind.model_fields if name in row}, **more)


def _source(row: Row) -> model.Source:
    ocr = None
    if row["ocr"] is not None:
        engine, version, languages, dpi = row["ocr"].rsplit(" ", 3)
        ocr = model.Ocr(engine=engine, version=version, languages=tuple(languages.split("+")), dpi=int(dpi))
    return model.Source(**{name: row[name] for name in ("name", "sha256", "media_type", "pages", "reading")}, ocr=ocr)


def _sop(connection: sqlite3.Connection, row: Row) -> model.Sop:
    sop = row["sop"]
    listed: dict[str, list[str]] = defaultdict(list)
    for one in _of(connection, "lists", sop):
        listed[one["section"]].append(one["text"])
    return model.Sop(
        pages=_numbers(row["pages"]),
        layout=row["layout"],
        header=_header(row, tuple(one["text"] for one in _of(connection, "units", sop))),
        legal_basis=tuple(_citation(one) for one in _of(connection, "citations", sop)),
        procedures=_procedures(connection, sop),
        **{name: tuple(listed[name]) for name in LISTS},
    )


def _header(row: Row, units: tuple[str, ...]) -> model.Header:
    known = {name: row[f"approver_{name}"] for name in model.Approver.model_fields}
    approver = None
    if any(value is not None for value in known.values()):
        # A masked number is no number of the model; it is kept as what it is.
        approver = model.Approver.model_construct(**known)
    region = None
    if row["region"] is not None:
        region = model.Region(level=row["region_level"], name=row["region"], code=row["region_code"])
    agency = model.Agency(
        government=row["government"], name=row["agency"], units=units, region=region, address=row["address"]
    )
    names = ("number", "title", "created", "revised", "effective", "approved", "revision")
    return model.Header(**{name: row[name] for name in names}, approver=approver, agency=agency)


def _citation(row: Row) -> model.Citation:
    by = tuple(row["replaced_by"].split(JOINT)) if row["replaced_by"] is not None else ()
    return _taken(model.Citation, row, status=model.RegulationStatus(state=row["state"], by=by, as_of=row["as_of"]))


def _procedures(connection: sqlite3.Connection, sop: int) -> tuple[model.Procedure, ...]:
    found: dict[str, dict[int, list[Row]]] = {}
    for table in (
        "footnotes",
        "actors",
        "steps",
        "step_actors",
        "requirements",
        "outputs",
        "durations",
        "nodes",
        "edges",
    ):
        found[table] = defaultdict(list)
        for row in _of(connection, table, sop):
            found[table][row["procedure"]].append(row)
    return tuple(
        model.Procedure(
            title=row["title"],
            footnotes=tuple(one["text"] for one in found["footnotes"][number]),
            actors=tuple(
                model.Actor(id=one["actor"], **{name: one[name] for name in ("label", "group", "role", "unit")})
                for one in found["actors"][number]
            ),
            steps=_steps({name: rows[number] for name, rows in found.items()}),
            flow=model.Flow(
                nodes=tuple(_taken(model.Node, one, id=one["node"]) for one in found["nodes"][number]),
                edges=tuple(_taken(model.Edge, one) for one in found["edges"][number]),
            ),
        )
        for row in _of(connection, "procedures", sop)
        for number in (row["procedure"],)
    )


def _steps(found: dict[str, list[Row]]) -> tuple[model.Step, ...]:
    def by_step(table: str) -> dict[int, list[Row]]:
        grouped: dict[int, list[Row]] = defaultdict(list)
        for row in found[table]:
            grouped[row["step"]].append(row)
        return grouped

    actors, requirements, outputs = by_step("step_actors"), by_step("requirements"), by_step("outputs")
    parts = by_step("durations")
    return tuple(
        model.Step(
            number=row["step"],
            printed_number=row["printed_number"],
            activity=row["activity"],
            actors=tuple(one["actor"] for one in actors[row["step"]]),
            requirements=tuple(one["text"] for one in requirements[row["step"]]),
            duration=_duration(row, parts[row["step"]]),
            outputs=tuple(one["text"] for one in outputs[row["step"]]),
            note=row["note"],
        )
        for row in found["steps"]
    )


def _duration(row: Row, parts: list[Row]) -> model.Duration | None:
    if row["duration"] is None:
        return None
    low, high = row["minutes_low"], row["minutes_high"]
    return model.Duration(
        text=row["duration"],
        parts=tuple(_taken(model.DurationPart, one) for one in parts),
        minutes=None if low is None and high is None else (low, high),
        iso8601=row["iso8601"],
    )


def _finding(row: Row) -> model.Finding:
    return _taken(model.Finding, row, origins=tuple(map(_origin, _numbers(row["pages"]))))


def _field(row: Row) -> model.FieldReport:
    return model.FieldReport(
        confidence=row["confidence"],
        signals=_signals(row["read"], row["place"], row["parse"]),
        origins=() if row["page"] is None else (_origin(row["page"]),),
        basis=row["basis"],
        absence=row["absence"],
    )


# Few differ: most values of a document are as sure as the others, and on the same pages.
@lru_cache(maxsize=4096)
def _signals(read: float, place: float, parse: float) -> model.Signals:
    return model.Signals(read=read, place=place, parse=parse)


@lru_cache(maxsize=4096)
def _origin(page: int) -> model.Origin:
    return model.Origin(page=page)


def _numbers(text: str | None) -> tuple[int, ...]:
    return () if text is None else tuple(int(number) for number in text.split(", "))
