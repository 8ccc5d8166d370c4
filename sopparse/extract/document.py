"""The sections of one document to its part of the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sopparse.evidence import issue
from sopparse.extract.drawn import Sheet
from sopparse.extract.header import extract_header
from sopparse.extract.lists import split_items
from sopparse.extract.parts import Fields, Notes, Part, absent, printed, worded
from sopparse.extract.steps import extract_procedure
from sopparse.layout.formats import Form
from sopparse.layout.sections import Sections
from sopparse.model import SOP_AP, Citation, RegulationStatus, Sop
from sopparse.normalize.citations import Citation as Reference
from sopparse.normalize.citations import read_citation
from sopparse.normalize.regions import Region
from sopparse.page import Words, text_of

_LISTS = ("qualifications", "related_sops", "equipment", "warnings", "records")


def extract_sop(
    sections: Sections, form: Form, pages: Sequence[int], minutes_per_day: float, sheets: Mapping[int, Sheet]
) -> Part[Sop]:
    """`sheets`: the pages with geometry, by number, for what is drawn over the tables."""
    notes = Notes(labels=list(sections.labels), stray=list(sections.stray))
    header = notes.add("/header", extract_header(sections))
    if form.layout != SOP_AP:
        notes.issues.append(("", issue("document.foreign-form", family_id=form.names[0], family_en=form.names[1])))
        return notes.part(Sop(pages=tuple(pages), layout=form.layout, header=header))
    region = header.agency.region
    home = Region(region.level, region.name, region.code) if region is not None else None
    values: dict[str, object] = {"legal_basis": notes.add("/legal_basis", _legal_basis(sections, home))}
    for name in _LISTS:
        values[name] = notes.add(f"/{name}", _list(sections, name))
    procedures = [
        notes.add(f"/procedures/{i}", extract_procedure(table, minutes_per_day, sheets))
        for i, table in enumerate(sections.tables)
    ]
    own = _read_pages(pages, notes.fields)
    return notes.part(Sop(pages=own, layout=form.layout, header=header, procedures=tuple(procedures), **values))


def _read_pages(pages: Sequence[int], fields: Fields) -> tuple[int, ...]:
    """The pages up to the last one that gave a value: what follows (attachments, blank forms) is no part of the SOP."""
    last = max((origin.page for field in fields.values() for origin in field.origins), default=None)
    return tuple(page for page in pages if last is None or page <= last)


def _lines(sections: Sections, name: str) -> tuple[list[Words], float] | None:
    parts = sections.list(name)
    if not parts:
        return None
    return [line for part in parts for line in part.lines], min(part.place for part in parts)


def _list(sections: Sections, name: str) -> Part[tuple[str, ...]]:
    notes = Notes()
    found = _lines(sections, name)
    if found is None:
        notes.fields[""] = absent("no-label")
        return notes.part(())
    lines, place = found
    items = split_items(lines, name)
    notes.labels.extend(items.labels)
    notes.stray.extend(items.stray)
    if not items.items:
        notes.fields[""] = absent("stated-none" if items.stated_none else "blank", place)
    texts = []
    for i, item in enumerate(items.items):
        said = worded(item.words)
        texts.append(said.text)
        notes.fields[f"/{i}"] = said.printed(said.text, item.words, place=place * item.place, issues=item.issues)
    return notes.part(tuple(texts))


def _legal_basis(sections: Sections, home: Region | None) -> Part[tuple[Citation, ...]]:
    notes = Notes()
    found = _lines(sections, "legal_basis")
    if found is None:
        notes.fields[""] = absent("no-label")
        return notes.part(())
    lines, place = found
    items = split_items(lines, "legal_basis")
    notes.labels.extend(items.labels)
    notes.stray.extend(items.stray)
    if not items.items:
        notes.fields[""] = absent("stated-none" if items.stated_none else "blank", place)
    citations = []
    for i, item in enumerate(items.items):
        reading = read_citation(text_of(item.words), home)
        assert reading.value is not None
        citations.append(_published(reading.value))
        notes.fields[f"/{i}"] = printed(
            reading.value.text,
            item.words,
            place=place * item.place,
            parse=reading.parse,
            fixes=reading.fixes,
            issues=(*item.issues, *reading.issues),
        )
    return notes.part(tuple(citations))


def _published(reference: Reference) -> Citation:
    return Citation(
        text=reference.text,
        type=reference.type,
        issuer=reference.issuer,
        region=reference.region,
        number=reference.number,
        year=reference.year,
        about=reference.about,
        id=reference.id,
        status=RegulationStatus(state=reference.status_state, by=reference.status_by, as_of=reference.status_as_of),
    )
