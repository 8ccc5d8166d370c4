"""The way of a document, from bytes to a checked result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sopparse import check, model, vocab
from sopparse.errors import NoProcedure
from sopparse.evidence import Field, Finding, Issue, Origin, Piece, issue
from sopparse.extract.document import extract_sop
from sopparse.extract.parts import Part
from sopparse.layout.anchors import label_rows
from sopparse.layout.formats import SOP_AP, recognise
from sopparse.layout.sections import find_sections
from sopparse.layout.split import split
from sopparse.page import Document, Word
from sopparse.readers import read


@dataclass(frozen=True, slots=True)
class Options:
    """`minutes_per_day`: working minutes of a day, for durations in minutes (7.5 hours: Perpres 21/2023)."""

    minutes_per_day: float = 450.0


def parse(source: bytes, name: str, options: Options | None = None) -> model.Result:
    """The checked result of one source file. Raises a SopError where there can be none."""
    options = options or Options()
    document = read(source, name)
    rows = [row for page in document.pages for row in page.rows]
    parts = []
    whole = recognise(rows)
    if whole is not None:
        documents = split(label_rows(rows))
        for labelled in documents:
            form = recognise([one.row for one in labelled]) if len(documents) > 1 else whole
            if form is not None:
                pages = sorted({one.row.page for one in labelled})
                parts.append(extract_sop(find_sections(labelled), form, pages, options.minutes_per_day))
    if not parts:
        raise NoProcedure(
            f"{name}: nothing in this text looks like a procedure document (SOP)",
            "Check the file. If it is an SOP, its labels (Nomor SOP, Dasar Hukum, Kegiatan, Waktu ...) may be unreadable.",
        )
    return publish(document, parts)


def publish(document: Document, parts: Sequence[Part[model.Sop]]) -> model.Result:
    """Parts values from what is known about them: the values are the model, the rest is the report."""
    fields: dict[str, Field[Any]] = {}
    findings: list[Finding] = []
    for i, part in enumerate(parts):
        base = f"/sops/{i}"
        fields.update({base + path: field for path, field in part.fields.items()})
        found = [*part.issues, *check.review(part.value)] if part.value.layout == SOP_AP else list(part.issues)
        findings.extend(_finding(base + path, one, fields) for path, one in found)
    findings.extend(Finding(one.code, path, one.details, field.origins) for path, field in fields.items() for one in field.issues)
    coverage = _coverage(document.words, fields.values(), parts)
    if coverage.unplaced:
        findings.append(_finding("", issue("document.unplaced", count=len(coverage.unplaced)), fields))
    findings = list(dict.fromkeys(findings))
    severities = [_sentences(one.code)["severity"] for one in findings]
    confidence = _mean([field.signals.combined for field in fields.values()])
    return model.Result(
        source=model.Source(
            name=document.name,
            sha256=document.sha256,
            media_type=document.media_type,
            pages=len(document.pages),
            reading=document.reading,
        ),
        status=check.status(findings, severities, [part.value for part in parts]),
        sops=tuple(part.value for part in parts),
        report=model.Report(
            confidence=round(confidence, 3),
            grade=check.grade(confidence, "error" in severities),
            fields={path: _field_report(field) for path, field in fields.items()},
            findings=tuple(_published(one) for one in findings),
            coverage=coverage,
        ),
    )


def _finding(path: str, one: Issue, fields: dict[str, Field[Any]]) -> Finding:
    known = fields.get(path)
    return Finding(one.code, path, one.details, known.origins if known is not None else ())


def _sentences(code: str) -> dict[str, str]:
    entry: dict[str, str] = vocab.load("findings")[code]
    return entry


def _published(finding: Finding) -> model.Finding:
    entry = _sentences(finding.code)
    details = dict(finding.details)
    return model.Finding(
        code=finding.code,
        severity=entry["severity"],  # type: ignore[arg-type]
        path=finding.path,
        message=entry["id"].format_map(details),
        message_en=entry["en"].format_map(details),
        origins=tuple(_origin(origin) for origin in finding.origins),
    )


def _origin(origin: Origin) -> model.Origin:
    return model.Origin(page=origin.page, box=origin.box, span=origin.span)


def _field_report(field: Field[Any]) -> model.FieldReport:
    signals = field.signals
    return model.FieldReport(
        confidence=round(signals.combined, 3),
        signals=model.Signals(
            read=round(signals.read, 3), place=round(signals.place, 3), parse=round(signals.parse, 3)
        ),
        raw=field.raw,
        origins=tuple(_origin(origin) for origin in field.origins),
        fixes=field.fixes,
        basis=field.basis,
        absence=field.absence,
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


# -- coverage -------------------------------------------------------------------------------------------------------


def _coverage(words: Sequence[Word], fields: Iterable[Field[Any]], parts: Sequence[Part[model.Sop]]) -> model.Coverage:
    """A word is placed when every character of it stands in a field or in a known label."""
    covered: dict[int, int] = {}
    pieces = {piece for field in fields for origin in field.origins for piece in origin.pieces}
    pieces |= {Piece(w.index, w.start, w.end) for part in parts for w in part.labels}
    for piece in pieces:
        covered[piece.word] = covered.get(piece.word, 0) + piece.end - piece.start
    unplaced = tuple(
        model.Unplaced(text=w.text, page=w.page, box=w.box, span=w.span)
        for w in words
        if covered.get(w.index, 0) < len(w.text)
    )
    return model.Coverage(words=len(words), placed=len(words) - len(unplaced), unplaced=unplaced)


def iter_words(document: Document) -> Iterator[Word]:
    yield from document.words
