"""The identity block: number, title, dates, who approved, which agency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from sopparse.evidence import Field, Issue, Signals, issue
from sopparse.extract.agency import extract_agency
from sopparse.extract.parts import ABSENT, Notes, Part, absent, printed
from sopparse.layout.sections import FieldText, Sections
from sopparse.model import Approver, Header
from sopparse.normalize.approvers import Token, approver_words
from sopparse.normalize.dates import read_date, stated_none
from sopparse.normalize.officials import Official, Span, read_official
from sopparse.normalize.text import fold
from sopparse.page import Words, origins_of, read_of, slice_words, text_of

_EDGE = regex.compile(r"^[\s:;=|]+|[\s:;=|]+$")
_PLACEHOLDER = regex.compile(r"[\s._…/\-–—:;|]*")

# Fields whose every figure counts.
_FIGURES = ("number", "revision")
_DATES = ("created", "revised", "effective", "approved")
# A machine read a figure of a number or date that is less sure than this wrongly, in the scans that were looked at (of
# 27 numbers, dates and NIP there; those it read rightly had 0.85 and more): most are written by hand or stamped.
_LEGIBLE = 0.75
# Words of an official that are less sure than this are written by hand, and not all of them were read (0.28; print
# under stamps has 0.7 and more).
_HARDLY = 0.4
# A title found without its label, from the heading of the only procedure.
_TITLE_FROM_TABLE = 0.6
# A heading beside "standar operasional prosedur", where no label names the SOP.
_CAPTION = 0.8
# A value in a signature block is certain, but whether it approves the SOP is not said.
_SIGNATURE_PLACE = 0.9


def extract_header(sections: Sections) -> Part[Header]:
    notes = Notes()
    values: dict[str, object] = {}
    for name in ("number", "revision"):
        values[name] = notes.add(f"/{name}", _text(sections, name))
    values["title"] = notes.add("/title", _title(sections))
    for name in _DATES:
        values[name] = notes.add(f"/{name}", _date(sections, name))
    values["approver"] = notes.add("/approver", _approver(sections))
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
    if _PLACEHOLDER.fullmatch(text) or stated_none(text):
        none = bool(text) and stated_none(text)
        notes.fields[""] = printed(None, words, place=ABSENT, absence="stated-none" if none else "blank")
        return None
    return field, words


def _text(sections: Sections, name: str) -> Part[str | None]:
    notes = Notes()
    found = _printed_value(sections, name, notes)
    if found is None:
        return notes.part(None)
    field, words = found
    text = text_of(words)
    value = _EDGE.sub("", text)
    fixes = ("label-punctuation",) if value != text else ()
    if name in _FIGURES and not _is_legible(words):
        notes.fields[""] = _illegible(words, field.place)
        return notes.part(None)
    notes.fields[""] = printed(value, words, place=field.place, fixes=fixes)
    return notes.part(value)


def _is_legible(words: Words) -> bool:
    """Whether each word with a letter or figure was read surely enough to trust a figure."""
    return all(word.read >= _LEGIBLE for word in words if any(c.isalnum() for c in word.text))


def _illegible(words: Words, place: float) -> Field[None]:
    """What a machine could not read surely: unknown, and the place to look at."""
    seen = issue("value.illegible", text=text_of(words))
    return printed(None, words, place=place, issues=(seen,), absence="illegible")


def _title(sections: Sections) -> Part[str | None]:
    part = _text(sections, "title")
    if part.value is not None:
        return replace(part, stray=(*part.stray, *sections.caption))
    if sections.caption:
        value = _EDGE.sub("", text_of(sections.caption))
        return Part(value, {"": printed(value, sections.caption, place=_CAPTION)})
    titles = [table.title for table in sections.tables if table.title]
    if len(titles) != 1:
        return part
    # No label names the SOP, but the table is headed by the name of the procedure: quoted, not moved.
    notes = Notes()
    value = _EDGE.sub("", text_of(titles[0]))
    notes.fields[""] = Field(
        value=value,
        raw=value,
        origins=origins_of(titles[0]),
        signals=Signals(read_of(titles[0]), _TITLE_FROM_TABLE, 1.0),
        issues=(issue("header.title-from-table"),),
        basis="inferred",
    )
    return notes.part(value)


def _date(sections: Sections, name: str) -> Part[str | None]:
    notes = Notes()
    found = _printed_value(sections, name, notes)
    if found is None:
        return notes.part(None)
    field, words = found
    if not _is_legible(words):
        notes.fields[""] = _illegible(words, field.place)
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


# -- approver -------------------------------------------------------------------------------------------------------


def _approver(sections: Sections) -> Part[Approver | None]:
    notes = Notes()
    field = _chosen(sections, "approver", notes)
    lines = field.lines if field is not None else ()
    letterhead = frozenset(fold(word.text) for line in sections.agency for word in line)
    official, words = _official(lines, letterhead)
    signer, signed = _official(sections.signature, letterhead)
    values: dict[str, str | None] = {}
    used: list[tuple[Words, Span]] = []
    issues: list[Issue] = []
    for name in ("position", "name", "rank", "nip"):
        for source, these, place in ((official, words, 1.0), (signer, signed, _SIGNATURE_PLACE)):
            span: Span | None = getattr(source, name)
            if span is None or (name == "name" and not _names_person(slice_words(these, *span))):
                continue
            value, parse, found = _value(source, name, these, span)
            told = slice_words(these, *span)
            if read_of(told) < _HARDLY or (name == "nip" and not _is_legible(told)):
                notes.fields[f"/{name}"] = _illegible(told, place)
                value = None
            else:
                notes.fields[f"/{name}"] = printed(value, told, place=place, parse=parse, issues=tuple(found))
            used.append((these, span))
            values[name] = value
            break
    issues.extend((*official.issues, *(signer.issues if not values.get("name") else ())))
    notes.issues.extend(("", one) for one in issues)
    _rest(words, used, notes)
    _rest(signed, used, notes)
    if not any(values.values()):
        notes.fields[""] = absent("blank" if field is not None else "no-label")
        return notes.part(None)
    return notes.part(Approver.model_validate(values))


def _official(lines: Sequence[Words], letterhead: frozenset[str]) -> tuple[Official, Words]:
    """The official named in some lines; offsets are those of `text_of` over all the words."""
    words = tuple(word for line in lines for word in line)
    text = list(text_of(words))
    position = 0
    for line in lines:
        end = position + len(text_of(line))
        position += _position_end(line, letterhead)
        # A line that ends with a comma goes on: "…, S.Kom.," / "M.Kom.".
        ends = (position,) if line and line[-1].text.endswith(",") else (position, end)
        for at in ends:
            if at < len(text) and text[at] == " ":
                text[at] = "\n"
        position = end + 1
    return read_official("".join(text)), words


def _position_end(line: Words, letterhead: frozenset[str]) -> int:
    """Where the position ends in a line that goes on with a name: behind the words that the letterhead has too.

    0 where the letterhead does not tell.
    """
    agencies = approver_words().agencies | approver_words().region_types
    count = 1
    while count < len(line) and fold(line[count].text) in letterhead:
        count += 1
    if count == 1 or count >= len(line) or fold(line[count].text) in agencies or not line[count].text[:1].isupper():
        return 0
    return len(text_of(line[:count]))


def _names_person(words: Words) -> bool:
    """Degrees alone are what is left of a name that could not be read."""
    degrees = approver_words()
    return any(len(w.text) > 1 and not degrees.is_degree(Token(0, len(w.text), w.text)) for w in words)


def _value(source: Official, name: str, words: Words, span: Span) -> tuple[str | None, float, list[Issue]]:
    if name == "nip":
        reading = source.nip_value
        return reading.value, reading.parse, list(reading.issues)
    return text_of(slice_words(words, *span)), source.parse if name in ("position", "name") else 1.0, []


def _rest(words: Words, used: Sequence[tuple[Words, Span]], notes: Notes) -> None:
    """Labels such as NIP and Pangkat inside the block, and punctuation, are labels; other words stay unplaced."""
    spans = sorted(span for these, span in used if these is words)
    position = 0
    for low, high in [*spans, (len(text_of(words)), 0)]:
        for word in slice_words(words, position, low) if low > position else ():
            (notes.labels if spans and _is_label(word.text) else notes.stray).append(word)
        position = max(position, high)


def _is_label(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    return letters <= 3 or text.rstrip(" :.").casefold() in _official_labels()


def _official_labels() -> frozenset[str]:
    from sopparse import vocab

    return frozenset(vocab.load("labels")["inside"]["official"]["forms"])
