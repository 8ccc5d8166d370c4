"""The letterhead of a procedure: government, agency, units, address and region, each with its place in the lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import regex

from sopparse import vocab
from sopparse.evidence import Issue, Reading, issue
from sopparse.normalize.agency_heads import WORD, Head, Sort, head_at, head_of, is_words, joiners, street_words
from sopparse.normalize.regions import CODED, FoundRegion, Region, find_regions, nation, region_named

# A letterhead is short; what comes after this many lines is not read as one.
_MOST_LINES = 60


class LinePart(NamedTuple):
    """Characters `start:end` of the line with that index."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Located:
    """A value in the document's own words, and the pieces of lines it was joined from."""

    text: str
    parts: tuple[LinePart, ...]


@dataclass(frozen=True, slots=True)
class AgencyLines:
    """What the lines hold. `units` go from the outermost to the innermost."""

    government: Located | None = None
    name: Located | None = None
    units: tuple[Located, ...] = ()
    address: Located | None = None
    region: Reading[Region] = field(default_factory=lambda: Reading(None, 0.0))
    region_parts: tuple[LinePart, ...] = ()
    noise: tuple[LinePart, ...] = ()
    parse: float = 1.0
    issues: tuple[Issue, ...] = ()


@dataclass(slots=True)
class _Segment:
    """A piece of the letterhead while it is put together; `national` heads tell the region."""

    sort: Sort
    parts: list[LinePart]
    national: bool = False
    repaired: bool = False
    closed: bool = False


_LETTERS = regex.compile(r"\p{L}")
_POSTCODE = regex.compile(r"\d{5}")
_EDGE = " \t*_|:;,.-–—"


def read_agency(lines: Sequence[str]) -> AgencyLines:
    """Reads the lines in order. A line that no known word begins goes on with the value before it, if it can."""
    shown = list(lines[:_MOST_LINES])
    segments: list[_Segment] = []
    found: list[tuple[Reading[FoundRegion], list[LinePart]]] = []
    for index, line in enumerate(shown):
        if line.strip():
            for start, end in _split(line):
                _place(shown, index, start, end, segments)
        elif segments and not _goes_on(_text(shown, segments[-1].parts)):
            segments[-1].closed = True
    for segment in segments:
        if segment.sort in ("government", "agency", "unit", "plain"):
            _part_region(shown, segment, found)
    return _assemble(shown, segments, found)


def _place(lines: list[str], index: int, start: int, end: int, segments: list[_Segment]) -> None:
    part = LinePart(index, start, end)
    text = lines[index][start:end]
    head = head_of(text)
    last = segments[-1] if segments else None
    if last is not None and last.sort == "address" and _POSTCODE.fullmatch(text.strip(_EDGE)):
        last.parts.append(part)
        return
    sort: Sort = head.sort if head is not None else "plain"
    if sort == "noise" and last is not None and last.sort == "address" and head is not None and not head.words:
        sort = "plain"
    if last is not None and last.sort != "noise" and not (sort == "noise" and not _goes_on(_text(lines, last.parts))):
        before = _text(lines, last.parts)
        if last.sort == "address" and (sort == "address" or (sort == "plain" and _address_goes_on(text))):
            last.parts.append(part)
            return
        if last.sort in ("agency", "unit", "government", "plain") and _joins(before, text, last, sort):
            last.parts.append(part)
            return
    national = sort == "agency" and _national(text)
    segments.append(_Segment(sort, [part], national, head.repaired if head is not None else False))


def _joins(before: str, text: str, last: _Segment, sort: Sort) -> bool:
    """Whether a line goes on with the value of the line before."""
    if sort == "address" or not _LETTERS.search(text):
        return False
    if _goes_on(before) or _begins_joined(text):
        return last.sort != "government"
    if sort != "plain" or last.closed:
        return False
    named = find_regions(text)
    if named and named[0].value is not None and named[0].value.start == 0:
        # "PEMERINTAH" / "KABUPATEN X" is one name; after a complete government the region is said again.
        return last.sort == "government" and not find_regions(before)
    regions = find_regions(before)
    to_the_end = regions and regions[-1].value is not None and regions[-1].value.end >= len(before.rstrip())
    if to_the_end or (not regions and last.sort == "government"):
        # The region's name itself may be broken: "KABUPATEN LAMPUNG" / "TENGAH", "PEMERINTAH KOTA" / "METRO".
        longer = find_regions(f"{before} {text}")
        return bool(longer) and longer[-1].value is not None and longer[-1].value.end > len(before)
    return last.sort in ("agency", "unit") and _same_case(before, text) and is_words(text)


def _goes_on(text: str) -> bool:
    words = text.split()
    return text.rstrip().endswith((",", "&")) or (bool(words) and words[-1].casefold() in joiners())


def _begins_joined(text: str) -> bool:
    words = text.split()
    return bool(words) and words[0].casefold() in joiners()


def _same_case(left: str, right: str) -> bool:
    return left.isupper() == right.isupper()


def _address_goes_on(text: str) -> bool:
    """A line after an address: a place with its postal code, a telephone number, a mailbox."""
    return "@" in text or (any(c.isdigit() for c in text) and sum(c.isalpha() for c in text) >= 3)


def _text(lines: Sequence[str], parts: Sequence[LinePart]) -> str:
    return " ".join(" ".join(lines[p.line][p.start : p.end].split()) for p in parts)


def _split(line: str) -> list[tuple[int, int]]:
    """The pieces of a line, cut where another unit or agency begins within it."""
    words = [(m.group(), m.start()) for m in WORD.finditer(line)]
    first = head_at(words, 0) if words else None
    if not words or (first is not None and first.sort in ("address", "noise")):
        return _trimmed(line, 0, len(line))
    ends = [r.value.end for r in find_regions(line) if r.value is not None and r.value.region.level in CODED]
    cuts = [0]
    i = begun = first.words if first is not None else 1
    while i < len(words):
        word, start = words[i]
        head = head_at(words, i) if word[0].isupper() else None
        after_region = any(end <= start and not line[end:start].strip(_EDGE) for end in ends)
        if head is None or not _cuts(head, words, i, after_region, i == begun and first is not None):
            i += 1
            continue
        cuts.append(start)
        if head.sort == "address":
            break
        first = head
        i = begun = i + head.words
    return [span for a, b in zip(cuts, [*cuts[1:], len(line)], strict=True) for span in _trimmed(line, a, b)]


def _cuts(head: Head, words: list[tuple[str, int]], i: int, after_region: bool, after_head: bool) -> bool:
    """Whether a head within a line begins a new piece. Directly after a head it is one name: "BIDANG SEKRETARIAT"."""
    if head.sort == "address":
        return words[i][0].casefold() in street_words()
    if head.sort not in ("agency", "unit") or (after_head and head.sort == "unit" and not after_region):
        return False
    return after_region or (head.inner and words[i - 1][0].casefold() not in joiners())


def _trimmed(line: str, start: int, end: int) -> list[tuple[int, int]]:
    text = line[start:end]
    left = len(text) - len(text.lstrip(_EDGE))
    # A comma at the end tells that the next line goes on.
    right = len(text.rstrip(" \t*_|:;-–—"))
    return [(start + left, start + right)] if left < right else []


def _national(text: str) -> bool:
    folded = text.casefold()
    return any(folded.startswith(head) for head in vocab.load("agencies")["national"]["heads"])


def _part_region(lines: list[str], segment: _Segment, found: list[tuple[Reading[FoundRegion], list[LinePart]]]) -> None:
    """Takes the region out of the name of an agency or unit; leaves it in the name of a government."""
    text = _text(lines, segment.parts)
    if segment.sort == "government":
        reading = next((r for r in find_regions(text) if r.value is not None), None) or _bare_government(text)
        if reading is not None and reading.value is not None:
            found.append((reading, segment.parts))
            _cut(lines, segment, reading.value.end)
        return
    nation_at = regex.search(_nation_pattern(), text, flags=regex.IGNORECASE)
    if nation_at is not None and nation_at.end() == len(text):
        segment.national = True
        _cut(lines, segment, nation_at.start())
        text = text[: nation_at.start()].rstrip()
    for reading in find_regions(text):
        place = reading.value
        if place is None or (place.region.level not in CODED and not _small_region(segment, place, text)):
            continue
        found.append(
            (
                reading,
                _cut(lines, segment, place.start) if place.start or segment.sort == "plain" else list(segment.parts),
            )
        )
        if place.region.level in CODED:
            return


def _small_region(segment: _Segment, place: FoundRegion, text: str) -> bool:
    """A district or village is the agency itself where its name begins the line."""
    return segment.sort in ("agency", "plain") and place.start == 0 and place.end >= len(text)


@cache
def _nation_pattern() -> str:
    return r"\s*(?<!\p{L})(?:" + "|".join(vocab.load("regions")["nation"]["words"]) + r")"


def _bare_government(text: str) -> Reading[FoundRegion] | None:
    """ "PEMERINTAH ACEH": a name without the word for its level, after the head."""
    head = head_of(text)
    words = list(WORD.finditer(text))
    start = words[head.words].start() if head is not None and head.words < len(words) else None
    if start is None:
        return None
    read = region_named(text[start:], "provinsi")
    return None if read.value is None else Reading(FoundRegion(read.value, start, len(text)), read.parse, read.fixes)


def _cut(lines: list[str], segment: _Segment, at: int) -> list[LinePart]:
    """Ends the segment before character `at` of its joined text; returns the parts cut off."""
    kept: list[LinePart] = []
    rest: list[LinePart] = []
    position = 0
    for part in segment.parts:
        length = len(_text(lines, [part]))
        if position + length <= at:
            kept.append(part)
        elif position >= at:
            rest.append(part)
        else:
            middle = _original_offset(lines[part.line], part, at - position)
            kept.append(LinePart(part.line, part.start, middle))
            rest.append(LinePart(part.line, middle, part.end))
        position += length + 1
    segment.parts = [p for p in (_tight(lines[p.line], p) for p in kept) if p.start < p.end]
    return [p for p in (_tight(lines[p.line], p) for p in rest) if p.start < p.end]


def _original_offset(line: str, part: LinePart, wanted: int) -> int:
    """Where character `wanted` of the text with single spaces stands in the line."""
    seen, blank = 0, True
    for offset in range(part.start, part.end):
        space = line[offset].isspace()
        if seen >= wanted and not space:
            return offset
        seen += 0 if space and blank else 1
        blank = space
    return part.end


def _tight(line: str, part: LinePart) -> LinePart:
    spans = _trimmed(line, part.start, part.end)
    return LinePart(part.line, *spans[0]) if spans else LinePart(part.line, part.end, part.end)


def _assemble(
    lines: list[str], segments: list[_Segment], found: list[tuple[Reading[FoundRegion], list[LinePart]]]
) -> AgencyLines:
    government = name = address = None
    units: list[Located] = []
    noise: list[LinePart] = []
    pending = False  # units read on the same line before the agency: innermost first
    for segment in segments:
        if not segment.parts:
            continue
        value = Located(_text(lines, segment.parts).strip(" ,"), tuple(segment.parts))
        if segment.sort == "government" and government is None:
            government = value
        elif segment.sort == "agency" and name is not None and _is_place(value.text):
            # The district of a village office is its address; a village below a district is the agency itself.
            if not _is_place(name.text) or _rank(value.text) < _rank(name.text):
                noise.extend(segment.parts)
            else:
                noise.extend(name.parts)
                name = value
        elif segment.sort == "agency" and name is None:
            name = value
            pending = bool(units) and units[-1].parts[-1].line == value.parts[0].line
        elif segment.sort in ("agency", "unit"):
            units.append(value)
        elif segment.sort == "address" and address is None:
            address = value
        else:
            noise.extend(segment.parts)
    if pending:
        units.reverse()
    region, parts, issues = _region_of(segments, found)
    parse = 0.9 if any(segment.repaired for segment in segments) else 1.0
    return AgencyLines(government, name, tuple(units), address, region, parts, tuple(noise), parse, issues)


def _is_place(text: str) -> bool:
    return _rank(text) >= 0


def _rank(text: str) -> int:
    """0 for a district, 1 for a village, -1 for anything else."""
    word = text.split()[0].casefold() if text else ""
    ranks: list[list[str]] = vocab.load("agencies")["places"]["ranks"]
    return next((rank for rank, words in enumerate(ranks) if word in words), -1)


def _region_of(
    segments: list[_Segment], found: list[tuple[Reading[FoundRegion], list[LinePart]]]
) -> tuple[Reading[Region], tuple[LinePart, ...], tuple[Issue, ...]]:
    """The regency or city that the letterhead names, else the province, else a village, else the nation."""
    readings = [(r.value.region, r, parts) for r, parts in found if r.value is not None]
    coded = [one for one in readings if one[0].level in ("kabupaten", "kota")]
    chosen = coded or [one for one in readings if one[0].level == "provinsi"] or readings
    parts = tuple(part for _, pieces in found for part in pieces)
    if not chosen:
        known = any(segment.national for segment in segments)
        return Reading(nation() if known else None, 0.9 if known else 0.0), parts, ()
    region, reading, _ = chosen[0]
    others = {one[0].name for one in chosen if one[0] != region}
    issues = list(reading.issues)
    if others and region.level in CODED:
        issues.append(issue("header.region.conflict", names=", ".join((region.name, *sorted(others)))))
    return Reading(region, reading.parse, reading.fixes, reading.issues), parts, tuple(issues)
