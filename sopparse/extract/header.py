"""The identity block: number, title, dates, who approved, which agency."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import regex

from sopparse import vocab
from sopparse.evidence import issue
from sopparse.extract.agency import extract_agency
from sopparse.extract.approver import extract_approver
from sopparse.extract.legible import figures_legible, illegible, words_legible
from sopparse.extract.parts import ABSENT, Notes, Part, Worded, absent, printed, worded
from sopparse.layout.sections import FieldText, Sections
from sopparse.model import Header
from sopparse.normalize.dates import read_date, stated_none
from sopparse.normalize.text import fold
from sopparse.page import Words, text_of

# Punctuation around a value: of its label, or specks behind it; the point of an abbreviation stays.
_EDGE = regex.compile(r"^[\s:;=|]+|(?:[\s:;=|]|\s[-–—_.~]+(?=\s*$))+$|(?<=\p{L}{4})\.$")
_PLACEHOLDER = regex.compile(r"[\s._…/\-–—:;|]*")

# Fields whose every figure counts.
_FIGURES = ("number", "revision")
_DATES = ("created", "revised", "effective", "approved")
# A title found without its label, from the heading of the only procedure.
_TITLE_FROM_TABLE = 0.6
# A heading beside "standar operasional prosedur", where no label names the SOP.
_CAPTION = 0.8


def extract_header(sections: Sections) -> Part[Header]:
    notes = Notes()
    values: dict[str, object] = {}
    for name in ("number", "revision"):
        values[name] = notes.add(f"/{name}", _text(sections, name))
    values["title"] = notes.add("/title", _title(sections))
    for name in _DATES:
        unsaid = name == "created" and not sections.field("created")
        values[name] = notes.add(f"/{name}", _date(sections, "dated" if unsaid else name))
    values["approver"] = notes.add("/approver", extract_approver(sections, _chosen(sections, "approver", notes)))
    values["agency"] = notes.add("/agency", extract_agency(sections.agency))
    return notes.part(Header.model_validate(values))


def _chosen(sections: Sections, name: str, notes: Notes) -> FieldText | None:
    """The field of that name: the first with a value; the words of others stay unplaced."""
    found = sections.field(name)
    filled = [f for f in found if any(f.lines)]
    chosen = filled[0] if filled else found[0] if found else None
    for other in found:
        if other is not chosen:
            notes.stray.extend(word for line in other.lines for word in line)
    return chosen


def _printed_value(sections: Sections, name: str, notes: Notes) -> tuple[FieldText, Words] | None:
    """The field of that name with the words of its value; None, and noted why, where there is no value."""
    field = _chosen(sections, name, notes)
    if field is None:
        notes.fields[""] = absent("no-label")
        return None
    words = tuple(word for line in field.lines for word in line)
    text = text_of(words)
    # The first edition of a document is its revision 00.
    none = bool(text) and stated_none(text) and not (name == "revision" and text.strip(" .:").isdigit())
    if _PLACEHOLDER.fullmatch(text) or none:
        notes.fields[""] = printed(None, words, place=ABSENT, absence="stated-none" if none else "blank")
        return None
    return field, words


def _text(sections: Sections, name: str) -> Part[str | None]:
    notes = Notes()
    found = _printed_value(sections, name, notes)
    if found is None:
        return notes.part(None)
    field, words = found
    said = worded(words) if name == "title" else Worded(words)
    value = _EDGE.sub("", said.text)
    fixes = ("label-punctuation",) if value != said.text else ()
    if not (figures_legible if name in _FIGURES else words_legible)(words):
        notes.fields[""] = illegible(words, field.place)
        return notes.part(None)
    stated = said.printed(value, words, place=field.place)
    notes.fields[""] = replace(stated, fixes=(*fixes, *stated.fixes))
    return notes.part(value)


def _title(sections: Sections) -> Part[str | None]:
    part = _text(sections, "title")
    if part.value is not None:
        return replace(part, stray=(*part.stray, *sections.caption))
    if sections.caption:
        said = worded(sections.caption)
        value = _EDGE.sub("", said.text)
        return Part(value, {"": said.printed(value, sections.caption, place=_CAPTION)})
    titles = [table.title for table in sections.tables if table.title]
    if len(titles) != 1 or not words_legible(titles[0], _kind_words()):
        return part
    # The SOP's name has no label or cannot be read, but the table is headed by it: quoted, not moved.
    unread = [word for field in sections.field("title") for line in field.lines for word in line]
    notes = Notes(stray=[*part.stray, *unread])
    said = worded(titles[0])
    value = _EDGE.sub("", said.text)
    found = said.printed(value, titles[0], place=_TITLE_FROM_TABLE, issues=(issue("header.title-from-table"),))
    notes.fields[""] = replace(found, raw=_EDGE.sub("", text_of(titles[0])), basis="inferred")
    return notes.part(value)


@cache
def _kind_words() -> frozenset[str]:
    """Words that say only what kind of document this is: badly read, they are still what they look like."""
    kind = vocab.load("labels")["form"]["kind"]
    return frozenset(fold(word) for form in (*kind["forms"], *kind["weak"]) for word in form.split())


def _date(sections: Sections, name: str) -> Part[str | None]:
    notes = Notes()
    found = _printed_value(sections, name, notes)
    if found is None:
        return notes.part(None)
    field, words = found
    if not figures_legible(words):
        notes.fields[""] = illegible(words, field.place)
        return notes.part(None)
    reading = read_date(text_of(words))
    notes.fields[""] = printed(
        reading.value,
        words,
        place=field.place,
        parse=reading.parse,
        fixes=reading.fixes,
        issues=reading.issues,
        absence=None if reading.value else "illegible",
    )
    return notes.part(reading.value)
