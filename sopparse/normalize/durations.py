"""Durations of the Waktu column: what they say, how long that is in office minutes, where they stand in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import get_args

from sopparse.evidence import Issue, Reading, issue
from sopparse.normalize.digits import whole
from sopparse.normalize.text import fold
from sopparse.normalize.timelexicon import PARSE_TEXT_LEFT, Lexicon, Number, Unit, lexicon
from sopparse.normalize.timewords import Term, terms

UNITS: tuple[Unit, ...] = get_args(Unit)

# Presidential Regulation 21/2023: 37.5 office hours in five days. The share of calendar days is the whole day.
MINUTES_PER_DAY = 450.0
CALENDAR_MINUTES = {
    "day": 1440.0,
    "week": 10080.0,
    "month": 43200.0,
    "quarter": 129600.0,
    "semester": 259200.0,
    "year": 525600.0,
}

# How well a text was understood, by what had to be done to it; chosen, not fitted.
PARSE_REPAIRED = {"ocr-digits": 0.85, "unit-corrected": 0.8, "words-joined": 0.9, "label-punctuation": 1.0}
PARSE_WORDS_DIFFER = 0.5
PARSE_UNQUANTIFIED = 0.95
PARSE_NO_UNIT = 0.5
PARSE_NOTHING = 0.2

# A sentence that merely holds a duration has this many words beside it, or more.
SENTENCE_WORDS = 5
BARE_NUMBER_LIKENESS = 0.3
LONGEST_TEXT = 1000  # characters; more is no cell, and is not read
LONGEST_CELL = 300  # characters; the longest cell of times seen has about half of that
RECURRING_LIKENESS = 0.7

_SPACE = re.compile(r"\s+")
_BLANK = re.compile(r"[\s.…\-–—_:;|*]*")
_BARE_NUMBER = re.compile(r"[0-9OolI]{1,5}(?:\s?[-–.,]\s?[0-9OolI]{1,5})?")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Part:
    """One quantity. `min` or `max` None: that side is open. `scope`: what it holds for, as printed."""

    min: Number | None
    max: Number | None
    unit: Unit
    working: bool = False
    approximate: bool = False
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class DurationValue:
    """`minutes` are office minutes, lowest and highest; days said to be calendar days count 24 hours."""

    text: str
    parts: tuple[Part, ...] = ()
    minutes: tuple[float | None, float | None] | None = None
    iso8601: str | None = None


@lru_cache(maxsize=16384)
def read_duration(text: str, minutes_per_day: float = MINUTES_PER_DAY) -> Reading[DurationValue]:
    """The duration that a whole cell states; None only for a cell that is blank or says there is none."""
    collapsed = _SPACE.sub(" ", text).strip()
    if _BLANK.fullmatch(collapsed):
        return Reading(None)
    clean = collapsed.lstrip(":; ")
    clean = clean.rstrip(";:, ") if clean.endswith("..") else clean.rstrip(".;:, ")
    if _BLANK.fullmatch(clean):
        return Reading(None)
    fixes: tuple[str, ...] = ("label-punctuation",) if clean != collapsed else ()
    words = lexicon()
    found = terms(clean) if len(clean) <= LONGEST_TEXT else ()
    if not found or words.dated & set(fold(clean[: found[0].start]).split()):
        return _without_quantity(clean, fixes, words)
    combined = _combine(clean, found, words)
    if combined is None:
        return Reading(DurationValue(clean), PARSE_NOTHING, fixes, (issue("step.duration.unparsed", text=clean),))
    used = tuple(term for term, _ in combined.pairs)
    fixes += tuple(dict.fromkeys(fix for term in used for fix in term.fixes))
    parse = combined.parse * min((PARSE_REPAIRED[fix] for fix in fixes), default=1.0)
    issues = tuple(found for term in used for found in _issues(term))
    if any(term.words_differ for term in used):
        parse = min(parse, PARSE_WORDS_DIFFER)
    parts = tuple(part for _, part in combined.pairs)
    minutes = _minutes(combined, minutes_per_day)
    return Reading(DurationValue(clean, parts, minutes, _iso(parts, words)), parse, fixes, issues)


def find_durations(text: str) -> tuple[tuple[int, int], ...]:
    """Where durations stand in running text: with the words that qualify them, a sum in one piece."""
    words = lexicon()
    spans: list[tuple[int, int]] = []
    last: Term | None = None
    for term in terms(text, running=True):
        gap = text[spans[-1][1] : term.start] if spans else ""
        if (
            last is not None
            and "\n" not in gap
            and len(gap) <= 20
            and _joins(last, term, gap.strip().casefold(), words)
        ):
            spans[-1] = (spans[-1][0], term.end)
        else:
            spans.append((term.start, term.end))
        last = term
    return tuple(spans)


def _joins(last: Term, term: Term, gap: str, words: Lexicon) -> bool:
    """Two terms that are one value: the ends of a range, or a sum of falling units."""
    if gap in words.range_marks:
        return True
    return (not gap or gap in words.sum_marks) and UNITS.index(term.unit) < UNITS.index(last.unit)


@lru_cache(maxsize=16384)
def duration_likeness(text: str) -> float:
    """How much the whole cell looks like a value of the Waktu column, 0 to 1."""
    clean = _SPACE.sub(" ", text).strip(" :;.,|")
    if len(clean) > LONGEST_CELL or _BLANK.fullmatch(clean):
        return 0.0
    if not lexicon().may_hold_time(clean):
        return 0.0
    if _BARE_NUMBER.fullmatch(clean):
        return BARE_NUMBER_LIKENESS if any(c.isdigit() for c in clean) else 0.0
    words = lexicon()
    found = terms(clean)
    if not found:
        likeness = words.unquantified_likeness(fold(clean))
        return likeness or (RECURRING_LIKENESS if clean.count(" ") < SENTENCE_WORDS and words.recurs(clean) else 0.0)
    lead = [word for word in fold(clean[: found[0].start]).split() if word not in words.neutral]
    outside = len(lead)
    for term, following in zip(found, (*found[1:], None), strict=True):
        outside += len(_WORD.findall(clean[term.end : following.start if following else len(clean)]))
    if lead:
        beside = 0.6 if outside <= 2 else 0.3 if outside < SENTENCE_WORDS else 0.0
        return max(words.unquantified_likeness(fold(clean)), beside)
    repaired = any("unit-corrected" in term.fixes for term in found)
    return max(0.5, (0.95 if repaired else 1.0) - 0.04 * outside)


@dataclass(frozen=True, slots=True)
class _Combined:
    pairs: tuple[tuple[Term, Part], ...]
    summed: bool
    ranged: bool  # two ends of one range in units that no whole number converts
    rate: bool  # for each file or person: the total is unknown
    parse: float


def _without_quantity(clean: str, fixes: tuple[str, ...], words: Lexicon) -> Reading[DurationValue]:
    value = DurationValue(clean)
    if words.unquantified_likeness(fold(clean)) > 0 or words.recurs(clean):
        return Reading(value, PARSE_UNQUANTIFIED, fixes)
    if _BARE_NUMBER.fullmatch(clean) and any(c.isdigit() for c in clean):
        return Reading(value, PARSE_NO_UNIT, fixes, (issue("step.duration.no-unit", text=clean),))
    return Reading(value, PARSE_NOTHING, fixes, (issue("step.duration.unparsed", text=clean),))


def _issues(term: Term) -> list[Issue]:
    result = []
    if "unit-corrected" in term.fixes:
        result.append(issue("step.duration.unit-corrected", printed=term.printed_unit, unit=term.unit))
    if term.words_differ:
        result.append(issue("step.duration.words-mismatch", text=term.text))
    return result


def _part(term: Term, scope: str | None = None) -> Part:
    return Part(term.low, term.high, term.unit, term.working, term.approximate, scope)


def _combine(text: str, found: tuple[Term, ...], words: Lexicon) -> _Combined | None:
    """What several terms say together. None where they contradict each other."""
    if any(term.low is not None and term.high is not None and term.low > term.high for term in found):
        return None
    lead = words.without_neutral(text[: found[0].start])
    if lead and lead.rstrip(".")[-1:].isdigit():  # `1 5 menit`: a torn number, a lost dash or a row number
        return None
    gaps = [text[a.end : b.start].strip().casefold() for a, b in pairwise(found)]
    tail = text[found[-1].end :].strip(" .;,")
    if len(found) == 2 and gaps[0] in words.range_marks and not found[1].qualified:
        return _range(found[0], found[1], PARSE_TEXT_LEFT if lead or tail else 1.0)
    if any(gap in words.range_marks for gap in gaps):
        return None
    plain = all(not gap or gap in words.sum_marks for gap in gaps)
    falling = all(UNITS.index(b.unit) < UNITS.index(a.unit) for a, b in pairwise(found))
    if len(found) > 1 and plain and falling and "/" not in gaps:
        first = found[0]
        shared = (
            [replace(t, approximate=first.approximate) for t in found[1:]] if first.approximate else list(found[1:])
        )
        if first.low is None or first.high is None:  # a qualifier before a sum holds for the sum
            shared = [t.open_like(first) for t in shared]
        pairs = tuple((t, _part(t)) for t in (first, *shared))
        return _Combined(pairs, True, False, False, PARSE_TEXT_LEFT if lead or tail else 1.0)
    return _alternatives(text, found, lead, tail, words)


def _range(first: Term, second: Term, parse: float) -> _Combined | None:
    if first.low != first.high or second.low != second.high or first.low is None or second.low is None:
        return None
    approximate = first.approximate or second.approximate
    working = first.working or second.working
    scale = _whole_factor(first.unit, second.unit)
    if scale is None:
        low = Part(first.low, None, first.unit, working, approximate)
        high = Part(None, second.high, second.unit, working, approximate)
        return _Combined(((first, low), (second, high)), False, True, False, parse)
    if scale >= 1:
        low_value, high_value, unit = first.low, second.low * scale, first.unit
    else:
        low_value, high_value, unit = first.low * round(1 / scale), second.low, second.unit
    if low_value > high_value:
        return None
    part = Part(low_value, high_value, unit, working, approximate)
    fixes = tuple(dict.fromkeys(first.fixes + second.fixes))
    whole_term = replace(second if second.printed_unit and "unit-corrected" in second.fixes else first, fixes=fixes)
    return _Combined(((whole_term, part),), False, False, False, parse)


def _whole_factor(low: Unit, high: Unit) -> float | None:
    """How many of the unit `low` make one of `high`, where the calendar fixes it."""
    families = ({"second": 1, "minute": 60, "hour": 3600}, {"month": 1, "quarter": 3, "semester": 6, "year": 12})
    if low == high:
        return 1
    for family in families:
        if low in family and high in family:
            ratio = family[high] / family[low]
            return int(ratio) if ratio >= 1 else ratio
    return None


def _alternatives(text: str, found: tuple[Term, ...], lead: str, tail: str, words: Lexicon) -> _Combined:
    """Several values, each for its own case: the words after each are its scope, or the words before each are."""
    ends = [term.start for term in found[1:]] + [len(text)]
    after = [text[term.end : end] for term, end in zip(found, ends, strict=True)]
    scoped = [words.scope(piece) for piece in after]
    before_each = len(found) > 1 and bool(lead) and not tail
    if before_each:
        pieces = [lead, *after[:-1]]
        scopes: list[str | None] = [words.bare_scope(piece) for piece in pieces]
        left = False
    else:
        scopes = [s.text for s in scoped]
        left = bool(lead) or any(s.unread for s in scoped)
    rate = any(s.rate for s in scoped)
    pairs = tuple((term, _part(term, scope)) for term, scope in zip(found, scopes, strict=True))
    return _Combined(pairs, False, False, rate, PARSE_TEXT_LEFT if left else 1.0)


def _minutes(combined: _Combined, minutes_per_day: float) -> tuple[float | None, float | None] | None:
    if combined.rate:
        return None
    lows: list[float | None] = []
    highs: list[float | None] = []
    for term, part in combined.pairs:
        each = _unit_minutes(part.unit, term.calendar, minutes_per_day)
        lows.append(None if part.min is None else whole(round(part.min * each, 4)))
        highs.append(None if part.max is None else whole(round(part.max * each, 4)))
    if combined.ranged:
        return lows[0], highs[-1]
    known_low = [x for x in lows if x is not None]
    known_high = [x for x in highs if x is not None]
    low = None if len(known_low) < len(lows) else sum(known_low) if combined.summed else min(known_low)
    high = None if len(known_high) < len(highs) else sum(known_high) if combined.summed else max(known_high)
    return low, high


def _unit_minutes(unit: Unit, calendar: bool, minutes_per_day: float) -> float:
    if calendar and unit in CALENDAR_MINUTES:
        return CALENDAR_MINUTES[unit]
    entry = lexicon().measure[unit]
    return entry.minutes if entry.minutes is not None else entry.days * minutes_per_day


def _iso(parts: tuple[Part, ...], words: Lexicon) -> str | None:
    """Only for one part with one value; an open side is not a second value, an approximate value is not exact."""
    if len(parts) != 1 or parts[0].approximate:
        return None
    part = parts[0]
    values = {value for value in (part.min, part.max) if value is not None}
    if len(values) != 1:
        return None
    value = values.pop()
    entry = words.measure[part.unit]
    number = value * entry.months if entry.months else value
    if isinstance(number, float) and round(number, 4) != number:
        return None  # a third of an hour has no exact decimal
    return entry.iso.format(f"{number:g}" if isinstance(number, float) else number)
