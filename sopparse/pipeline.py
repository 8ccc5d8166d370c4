"""The way of a document, from bytes to a checked result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sopparse import check, model, vocab
from sopparse.confidence import calibrated, kind_of, medium_of, pointing_at
from sopparse.errors import NoProcedure
from sopparse.evidence import Field, Finding, Issue, Origin, issue
from sopparse.extract.document import extract_sop
from sopparse.extract.drawn import Sheet
from sopparse.extract.parts import Part
from sopparse.geometry import Box, projected, turned
from sopparse.grading import expected_right, grade, sections
from sopparse.layout.anchors import label_rows
from sopparse.layout.blocks import Laid, lay_out
from sopparse.layout.formats import recognise
from sopparse.layout.sections import find_sections
from sopparse.layout.split import split
from sopparse.page import Document, Engine, Page, Words
from sopparse.readers import read
from sopparse.readers.ocr import caching


@dataclass(frozen=True, slots=True)
class Options:
    """`minutes_per_day`: working minutes of a day, for durations in minutes (7.5 hours: Perpres 21/2023).
    `cached`: what was read from a picture before is not read again."""

    minutes_per_day: float = 450.0
    cached: bool = True


@dataclass(frozen=True, slots=True)
class Stages:
    """What the stages made of one source, for whoever wants to look inside. No `parts`: nothing in it is an SOP."""

    laid: Laid
    parts: tuple[Part[model.Sop], ...]


def stages(source: bytes, name: str, options: Options | None = None) -> Stages:
    """The way of one source file up to its values. Raises a SopError where it cannot be read."""
    options = options or Options()
    with caching(options.cached):
        laid = lay_out(read(source, name))
    return Stages(laid, tuple(extract(laid, options)))


def parse(source: bytes, name: str, options: Options | None = None) -> model.Result:
    """The checked result of one source file. Raises a SopError where there can be none."""
    done = stages(source, name, options)
    if not done.parts:
        raise no_procedure(name)
    return publish(done.laid.document, done.parts, done.laid.furniture)


def no_procedure(name: str) -> NoProcedure:
    return NoProcedure(
        f"{name}: nothing in this text looks like a procedure document (SOP)",
        "Check the file. If it is an SOP, its labels (Nomor SOP, Dasar Hukum, Kegiatan, Waktu ...) may be unreadable.",
    )


def extract(laid: Laid, options: Options) -> list[Part[model.Sop]]:
    """What is known of each SOP in the document; none where nothing in it looks like one."""
    parts: list[Part[model.Sop]] = []
    whole = recognise(laid.rows)
    if whole is None:
        return parts
    documents = split(label_rows(laid.rows))
    sheets = {
        page.number: Sheet(page, tuple(grid for grid in laid.grids if grid.page == page.number))
        for page in laid.document.pages
        if page.paths
    }
    for labelled in documents:
        form = recognise([one.row for one in labelled]) if len(documents) > 1 else whole
        if form is not None:
            pages = sorted({one.row.page for one in labelled})
            parts.append(extract_sop(find_sections(labelled), form, pages, options.minutes_per_day, sheets))
    return parts


def publish(document: Document, parts: Sequence[Part[model.Sop]], furniture: Words = ()) -> model.Result:
    """Parts values from what is known about them: the values are the model, the rest is the report.

    `furniture` are words that belong to no SOP (running heads, page numbers)."""
    fields: dict[str, Field[Any]] = {}
    findings = [Finding(one.code, "", one.details) for one in document.issues]
    for i, part in enumerate(parts):
        base = f"/sops/{i}"
        fields.update({base + path: field for path, field in part.fields.items()})
        found = [*part.issues, *check.review(part.value)] if part.value.layout == model.SOP_AP else list(part.issues)
        findings.extend(_finding(base + path, one, fields) for path, one in found)
    findings.extend(
        Finding(one.code, path, one.details, field.origins) for path, field in fields.items() for one in field.issues
    )
    shown = _Shown({page.number: page for page in document.pages if page.turned or page.shown is not None})
    coverage = _coverage(document, fields.values(), parts, furniture, shown)
    if coverage.pages_apart:
        apart = tuple(Origin(page, None, None) for page in coverage.pages_apart)
        findings.append(replace(_finding("", _apart(coverage.pages_apart), fields), origins=apart))
    findings.extend(
        Finding(one.code, "", one.details, tuple(Origin(page.number, box, None) for box in page.unread))
        for page in document.pages
        if page.unread
        for one in [issue("document.ink-unread", page=page.number, count=len(page.unread))]
    )
    if coverage.unplaced:
        findings.append(_finding("", issue("document.unplaced", count=len(coverage.unplaced)), fields))
    findings = list(dict.fromkeys(findings))
    severities = [_sentences(one.code)["severity"] for one in findings]
    errors = [one.path for one, severity in zip(findings, severities, strict=True) if severity == "error"]
    reports = dict(_field_reports(fields, findings, document.reading, shown))
    # What is absent says nothing about how well the values that are there were read.
    expected = expected_right(report.confidence for report in reports.values() if report.absence is None)
    return model.Result(
        source=model.Source(
            name=document.name,
            sha256=document.sha256,
            media_type=document.media_type,
            pages=len(document.pages),
            reading=document.reading,
            ocr=_engine(document.engine),
        ),
        status=check.status(findings, severities, [part.value for part in parts]),
        sops=tuple(part.value for part in parts),
        report=model.Report(
            confidence=round(expected, 3),
            grade=grade(expected, bool(errors)),
            sections=sections(reports, errors),
            fields=reports,
            findings=tuple(_published(one, shown) for one in findings),
            coverage=coverage,
        ),
    )


def _engine(engine: Engine | None) -> model.Ocr | None:
    if engine is None:
        return None
    return model.Ocr(engine=engine.name, version=engine.version, languages=engine.languages, dpi=engine.dpi)


def _finding(path: str, one: Issue, fields: dict[str, Field[Any]]) -> Finding:
    known = fields.get(path)
    return Finding(one.code, path, one.details, known.origins if known is not None else ())


def _sentences(code: str) -> dict[str, str]:
    entry: dict[str, str] = vocab.load("findings")[code]
    return entry


class _Details(dict[str, str]):
    """What fills the placeholders of a sentence; one that is not given is printed as its name."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class _Shown:
    """Places on pages as they are displayed: some were turned, or made straight, to be read."""

    def __init__(self, turned: Mapping[int, Page]) -> None:
        self.turned = turned

    def box(self, box: Box | None, number: int) -> Box | None:
        page = self.turned.get(number)
        if box is None or page is None:
            return box
        if page.shown is not None:
            return Box(*(round(value, 2) for value in projected(box, page.shown)))
        return turned(box, 360 - page.turned, page.width, page.height)

    def origins(self, origins: Iterable[Origin]) -> tuple[model.Origin, ...]:
        return tuple(model.Origin(page=o.page, box=self.box(o.box, o.page), span=o.span) for o in origins)


def _published(finding: Finding, shown: _Shown) -> model.Finding:
    entry = _sentences(finding.code)
    details = _Details(finding.details)
    return model.Finding(
        code=finding.code,
        severity=entry["severity"],
        path=finding.path,
        message=entry["id"].format_map(details),
        message_en=entry["en"].format_map(details),
        origins=shown.origins(finding.origins),
    )


def _field_reports(
    fields: Mapping[str, Field[Any]], findings: Sequence[Finding], reading: str, shown: _Shown
) -> Iterator[tuple[str, model.FieldReport]]:
    """What is published about each value; its confidence from its signals and the findings that point at it."""
    pointed: dict[str, set[str]] = {}
    for one in findings:
        pointed.setdefault(one.path, set()).add(one.code)
    for path, field in fields.items():
        kind = kind_of(path, field.basis, field.absence)
        medium = medium_of(reading, field.signals.read)
        confidence = calibrated(kind, medium, field.signals.combined, pointing_at(path, pointed))
        yield path, _field_report(field, confidence, shown)


def _field_report(field: Field[Any], confidence: float, shown: _Shown) -> model.FieldReport:
    signals = field.signals
    return model.FieldReport(
        confidence=round(confidence, 3),
        signals=model.Signals(
            read=round(signals.read, 3), place=round(signals.place, 3), parse=round(signals.parse, 3)
        ),
        raw=field.raw,
        origins=shown.origins(field.origins),
        fixes=field.fixes,
        basis=field.basis,
        absence=field.absence,
    )


# -- coverage -------------------------------------------------------------------------------------------------------


def _apart(pages: Sequence[int]) -> Issue:
    """Pages that follow each other are named as a range."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1][1:] = [page]
        else:
            runs.append([page])
    return issue("document.pages-apart", pages=", ".join("-".join(map(str, run)) for run in runs))


def _coverage(
    document: Document,
    fields: Iterable[Field[Any]],
    parts: Sequence[Part[model.Sop]],
    furniture: Words,
    shown: _Shown,
) -> model.Coverage:
    """A word is placed when every character of it stands in a field or in a known label."""
    pieces: dict[int, set[tuple[int, int]]] = {}
    for field in fields:
        for origin in field.origins:
            for piece in origin.pieces:
                pieces.setdefault(piece.word, set()).add((piece.start, piece.end))
    for words_apart in (furniture, *(part.labels for part in parts)):
        for word in words_apart:
            pieces.setdefault(word.index, set()).add((word.start, word.end))
    unplaced = tuple(
        model.Unplaced(text=w.text, page=w.page, box=shown.box(w.box, w.page), span=w.span)
        for w in document.words
        if w.index not in pieces or _covered(pieces[w.index]) < len(w.text)
    )
    taken = {page for part in parts for page in part.value.pages}
    return model.Coverage(
        words=len(document.words),
        placed=len(document.words) - len(unplaced),
        pages_apart=tuple(page.number for page in document.pages if page.number not in taken),
        unplaced=unplaced,
    )


def _covered(ranges: Iterable[tuple[int, int]]) -> int:
    """How many characters lie in at least one of the ranges."""
    total = reached = 0
    for start, end in sorted(ranges):
        total += max(end - max(start, reached), 0)
        reached = max(reached, end)
    return total
