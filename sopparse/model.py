"""The published model: what every consumer can rely on. The JSON Schema is generated from these classes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

SCHEMA_VERSION: Literal["1.0"] = "1.0"
SCHEMA_ID = "https://sopparse.invalid/schemas/result.schema.json"

# The layout of the form of PermenPAN-RB 35/2012; every other layout is named and not forced into the model.
SOP_AP = "sop-ap"

RegulationType = Literal[
    "uu", "perppu", "pp", "perpres", "keppres", "inpres", "permen", "kepmen", "perda", "pergub", "perbup", "perwali",
    "kepgub", "kepbup", "kepwali", "peraturan-lembaga", "keputusan-lembaga", "se", "putusan", "other",
]  # fmt: skip
RegionLevel = Literal["provinsi", "kabupaten", "kota", "kecamatan", "desa", "kelurahan", "nasional"]
Unit = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "semester", "year"]
Symbol = Literal["terminator", "process", "decision", "document", "off-page", "on-page", "other"]
Grade = Literal["excellent", "good", "fair", "poor"]
Status = Literal["complete", "partial", "failed"]

# The printed text of a value is never the empty string: unknown is null.
Text = Annotated[str, Field(min_length=1)]
PartialDate = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Ocr(_Frozen):
    engine: Text
    version: Text
    languages: tuple[Text, ...]
    dpi: int


class Source(_Frozen):
    name: Text
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    media_type: Text
    pages: Annotated[int, Field(ge=1)]
    reading: Literal["text", "pdf", "ocr", "office", "mixed"]
    ocr: Ocr | None = None


class Approver(_Frozen):
    position: Text | None = None
    name: Text | None = None
    rank: Text | None = None
    nip: Annotated[str, Field(pattern=r"^\d{18}$")] | None = None


class Region(_Frozen):
    level: RegionLevel
    name: Text
    code: Text | None = None


class Agency(_Frozen):
    government: Text | None = None
    name: Text | None = None
    units: tuple[Text, ...] = ()
    region: Region | None = None
    address: Text | None = None


class Header(_Frozen):
    number: Text | None = None
    title: Text | None = None
    created: PartialDate | None = None
    revised: PartialDate | None = None
    effective: PartialDate | None = None
    approved: PartialDate | None = None
    revision: Text | None = None
    approver: Approver | None = None
    agency: Agency = Agency()


class RegulationStatus(_Frozen):
    state: Literal["in-force", "replaced", "unknown"]
    by: tuple[Text, ...] = ()
    as_of: Text


class Citation(_Frozen):
    text: Text
    type: RegulationType
    issuer: Text | None = None
    region: Text | None = None
    number: Text | None = None
    year: int | None = None
    about: Text | None = None
    id: Text | None = None
    status: RegulationStatus


class Actor(_Frozen):
    id: Text
    label: Text | None
    group: Text | None = None
    role: Text | None = None
    unit: Text | None = None


class DurationPart(_Frozen):
    min: int | float | None
    max: int | float | None
    unit: Unit
    working: bool = False
    approximate: bool = False
    scope: Text | None = None


class Duration(_Frozen):
    text: Text
    parts: tuple[DurationPart, ...] = ()
    minutes: tuple[int | float | None, int | float | None] | None = None
    iso8601: Text | None = None


class Step(_Frozen):
    number: Annotated[int, Field(ge=1)]
    printed_number: Text | None = None
    activity: Text | None = None
    actors: tuple[Text, ...] = ()
    requirements: tuple[Text, ...] = ()
    duration: Duration | None = None
    outputs: tuple[Text, ...] = ()
    note: Text | None = None


class Node(_Frozen):
    id: Text
    step: int | None
    actor: Text | None
    symbol: Symbol
    text: Text | None = None


class Edge(_Frozen):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)

    source: Annotated[Text, Field(alias="from")]
    target: Annotated[Text, Field(alias="to")]
    condition: Literal["yes", "no"] | None = None


class Flow(_Frozen):
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()


class Procedure(_Frozen):
    title: Text | None = None
    footnotes: tuple[Text, ...] = ()
    actors: tuple[Actor, ...] = ()
    steps: tuple[Step, ...] = ()
    flow: Flow = Flow()


class Sop(_Frozen):
    pages: tuple[int, ...]
    layout: Text
    header: Header
    legal_basis: tuple[Citation, ...] = ()
    qualifications: tuple[Text, ...] = ()
    related_sops: tuple[Text, ...] = ()
    equipment: tuple[Text, ...] = ()
    warnings: tuple[Text, ...] = ()
    records: tuple[Text, ...] = ()
    procedures: tuple[Procedure, ...] = ()


class Signals(_Frozen):
    read: Probability
    place: Probability
    parse: Probability


class Origin(_Frozen):
    page: Annotated[int, Field(ge=1)]
    box: tuple[float, float, float, float] | None = None
    span: tuple[int, int] | None = None


class FieldReport(_Frozen):
    confidence: Probability
    signals: Signals
    raw: str | None = None
    origins: tuple[Origin, ...] = ()
    fixes: tuple[Text, ...] = ()
    basis: Literal["printed", "symbol", "mark", "inferred", "corrected"] = "printed"
    absence: Literal["stated-none", "blank", "no-label", "illegible"] | None = None


class Finding(_Frozen):
    """`message` is Indonesian, `message_en` the same in English."""

    code: Text
    severity: Literal["note", "warning", "error"]
    path: str
    message: Text
    message_en: Text
    origins: tuple[Origin, ...] = ()


class Unplaced(_Frozen):
    text: Text
    page: int
    box: tuple[float, float, float, float] | None = None
    span: tuple[int, int] | None = None


class Coverage(_Frozen):
    """`pages_apart`: pages that belong to no SOP of the result (covers, decrees, attachments, blank ones)."""

    words: int
    placed: int
    pages_apart: tuple[int, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()


class Correction(_Frozen):
    """One operation of a JSON Patch (RFC 6902) by which a person corrected or confirmed the result."""

    op: Literal["add", "remove", "replace", "test"]
    path: str
    value: JsonValue = None


class SectionReport(_Frozen):
    confidence: Probability
    grade: Grade


class Report(_Frozen):
    """`sections`: the header, each list with items, each procedure and each flow, by JSON Pointer. `corrections`
    holds, in order, the operations that were applied to this result, or to an earlier one of the same source.
    """

    confidence: Probability
    grade: Grade
    sections: dict[str, SectionReport] = {}
    fields: dict[str, FieldReport]
    findings: tuple[Finding, ...]
    coverage: Coverage
    corrections: tuple[Correction, ...] = ()


class Result(_Frozen):
    schema_version: Literal["1.0"] = SCHEMA_VERSION
    source: Source
    status: Status
    sops: tuple[Sop, ...]
    report: Report


class Failure(_Frozen):
    """Why there is no result for a source. `kind` (published as `class`) is the name of the error in
    `sopparse.errors`; `command` is what a person types to see it happen."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)

    kind: Annotated[Text, Field(alias="class")]
    message: str
    next_step: str
    command: str


def result_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a result."""
    schema = Result.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}
