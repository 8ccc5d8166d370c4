"""Dates as Indonesian forms print them, as ISO 8601 with the precision that was printed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from sopparse import vocab
from sopparse.evidence import Issue, Reading, issue
from sopparse.normalize.digits import scanned, scanned_letters
from sopparse.normalize.text import fold

# No procedure is older than the state; the upper end only keeps other numbers out.
FIRST_YEAR = 1945
LAST_YEAR = 2099
# Edits allowed between a printed month and its name, by the length of the name.
SHORT_MONTH, LONG_MONTH = 4, 7

PARSE_REPAIRED = 0.85
PARSE_TWO_DIGIT_YEAR = 0.7
PARSE_WEEKDAY_WRONG = 0.6
PARSE_NUMERIC_MONTH = 0.9  # 03/2018: month and year without a name
PARSE_TEXT_LEFT = 0.7
PARSE_MUCH_TEXT_LEFT = 0.5
MUCH_TEXT = 6  # words

_SPACE = re.compile(r"\s+")
_PLACEHOLDER_MARKS = re.compile(r"[\s./\-–—_…:,()\[\]]*")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Found:
    """A date, or what looks like one: `iso` None where no calendar has it."""

    start: int
    end: int
    iso: str | None
    parse: float = 1.0
    fixes: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()


class _Patterns(NamedTuple):
    named: re.Pattern[str]
    numeric: re.Pattern[str]
    iso: re.Pattern[str]
    numeric_month: re.Pattern[str]
    year: re.Pattern[str]
    weekday: re.Pattern[str]


def stated_none(text: str) -> bool:
    """Somebody wrote that there is no date: a dash, `nihil`, `00`. A blank field is not that."""
    return _SPACE.sub(" ", text).strip(" :.").casefold() in _stated()


@lru_cache(maxsize=4096)
def read_date(text: str) -> Reading[str]:
    """The one date of a field; None for a blank, a stated none or a form left unfilled, without an issue."""
    clean = _SPACE.sub(" ", text).strip()
    if stated_none(clean) or _is_placeholder(clean):
        return Reading(None)
    found = list(_scan(clean))
    if not found:
        return Reading(None, 0.0, (), (issue("header.date.unparsed", text=clean),))
    first = found[0]
    if len({one.iso for one in found}) > 1:
        return Reading(None, 0.0, (), (issue("header.date.unparsed", text=clean),))
    if first.iso is None:
        return Reading(None, 0.0, (), (issue("header.date.impossible", text=clean[first.start : first.end]),))
    around = [word for word in fold(clean[: first.start] + " " + clean[first.end :]).split() if word not in _neutral()]
    parse = first.parse
    if around:
        parse *= PARSE_TEXT_LEFT if len(around) < MUCH_TEXT else PARSE_MUCH_TEXT_LEFT
    marks = clean.strip(":;.,-– ") != clean
    fixes = ("label-punctuation",) * marks + first.fixes
    return Reading(first.iso, parse, fixes, first.issues)


def find_dates(text: str) -> tuple[tuple[int, int, str], ...]:
    """Dates with a day, or a month and a year, in running text: start, end, ISO 8601; no year alone."""
    return tuple((one.start, one.end, one.iso) for one in _scan(text, years=False) if one.iso is not None)


def _is_placeholder(text: str) -> bool:
    if _PLACEHOLDER_MARKS.fullmatch(text):
        return True
    rest = [word for word in fold(text).split() if word not in vocab.load("months")["empty"]["letters"]]
    return not rest


def _scan(text: str, years: bool = True) -> Iterator[_Found]:
    """All dates from left to right; a year alone only where it is the whole text."""
    patterns = _patterns()
    spans: list[_Found] = []
    taken = bytearray(len(text))  # characters of dates already found, so that no date is read twice
    for pattern, read in (
        (patterns.iso, _read_iso),
        (patterns.named, _read_named),
        (patterns.numeric, _read_numeric),
        (patterns.numeric_month, _read_numeric_month),
    ):
        position = 0
        while (match := pattern.search(text, position)) is not None:
            one = read(match)
            # A refused match may hide a date that begins inside it.
            position = match.end() if one is not None else match.start() + 1
            if one is not None and not any(taken[one.start : one.end]):
                spans.append(_with_weekday(text, one))
                taken[one.start : one.end] = b"\x01" * (one.end - one.start)
    if not spans and years:
        alone = patterns.year.fullmatch(text)
        if alone is not None and (found := _year(alone["year"])) is not None:
            repaired = ("ocr-digits",) * found[1]
            spans.append(
                _Found(
                    alone.start("year"), alone.end("year"), str(found[0]), PARSE_REPAIRED if repaired else 1.0, repaired
                )
            )
    yield from sorted(spans, key=lambda one: one.start)


def _read_named(match: re.Match[str]) -> _Found | None:
    month = month_number(match["month"])
    if month is None:
        return None
    number, month_repaired = month
    short = _short_year(match["year"])
    year = (short, False) if short is not None else _year(match["year"])
    day = _day(match["day"]) if match["day"] else (None, False)
    if year is None or day is None or (short is not None and not match["day"]):
        return None
    fixes = ("ocr-digits",) * (year[1] or day[1]) + ("month-corrected",) * month_repaired
    return _dated(match.start(), match.end(), year[0], number, day[0], fixes, short is not None)


def _read_numeric(match: re.Match[str]) -> _Found | None:
    short = _short_year(match["year"])
    year = (short, False) if short is not None else _year(match["year"])
    day, month = _day(match["day"]), _day(match["month"])
    if year is None or day is None or month is None:
        return None
    fixes = ("ocr-digits",) * (year[1] or day[1] or month[1])
    return _dated(match.start(), match.end(), year[0], month[0], day[0], fixes, short is not None)


def _read_iso(match: re.Match[str]) -> _Found | None:
    return _dated(match.start(), match.end(), int(match["year"]), int(match["month"]), int(match["day"]), (), False)


def _read_numeric_month(match: re.Match[str]) -> _Found | None:
    year, month = _year(match["year"]), int(match["month"])
    if year is None or not 1 <= month <= 12:
        return None
    return _Found(match.start(), match.end(), f"{year[0]:04}-{month:02}", PARSE_NUMERIC_MONTH)


def _dated(
    start: int, end: int, year: int, month: int, day: int | None, fixes: tuple[str, ...], short: bool
) -> _Found | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    parse = PARSE_REPAIRED if fixes else 1.0
    if day is None:
        return _Found(start, end, f"{year:04}-{month:02}", parse, fixes)
    try:
        iso = datetime.date(year, month, day).isoformat()
    except ValueError:
        return _Found(start, end, None)
    if not short:
        return _Found(start, end, iso, parse, fixes)
    return _Found(
        start, end, iso, min(parse, PARSE_TWO_DIGIT_YEAR), fixes, (issue("header.date.two-digit-year", year=year),)
    )


def _with_weekday(text: str, found: _Found) -> _Found:
    """The weekday before a date is its checksum."""
    before = _patterns().weekday.search(text, max(0, found.start - 24), found.start)
    if before is None or found.iso is None or len(found.iso) < 10:
        return found
    printed = before["weekday"]
    if _weekdays()[printed.casefold()] == datetime.date.fromisoformat(found.iso).weekday():
        return _Found(before.start(), found.end, found.iso, found.parse, found.fixes, found.issues)
    wrong = issue("header.date.weekday-mismatch", weekday=printed, date=found.iso)
    parse = min(found.parse, PARSE_WEEKDAY_WRONG)
    return _Found(before.start(), found.end, found.iso, parse, found.fixes, (*found.issues, wrong))


def _year(slot: str) -> tuple[int, bool] | None:
    repaired = slot.translate(scanned())
    if len(repaired) != 4 or not repaired.isdecimal() or not FIRST_YEAR <= int(repaired) <= LAST_YEAR:
        return None
    return int(repaired), repaired != slot


def _short_year(slot: str) -> int | None:
    """A year of two digits is of this century: no procedure of this kind is older than 2000."""
    digits = slot.lstrip("'’")
    return 2000 + int(digits) if len(digits) == 2 and digits.isdecimal() else None


def _day(slot: str) -> tuple[int, bool] | None:
    joined = slot.replace(" ", "")
    repaired = joined.translate(scanned())
    # Two letters without a digit are a word or a Roman number.
    if not repaired.isdecimal() or (len(joined) > 1 and not any(c.isdecimal() for c in joined)):
        return None
    return int(repaired), repaired != slot


@lru_cache(maxsize=4096)
def month_number(printed: str) -> tuple[int, bool] | None:
    """The month that a word names, and whether the word had to be repaired. Two months equally near are none."""
    forms, misread = _months()
    word = printed.casefold().strip(".")
    if word in forms:
        return forms[word], False
    if word in misread:
        return misread[word], True
    if word.isdecimal() or len(word) < 3:
        return None
    swaps = (("I", "l"), ("0", "o"), ("1", "l"), ("1", "i"), ("|", "l"), ("!", "i"))
    tried = {forms[w] for a, b in swaps if (w := printed.strip(".").replace(a, b).casefold()) in forms}
    if len(tried) == 1:
        return tried.pop(), True
    return _nearest(word, forms)


def _nearest(word: str, forms: dict[str, int]) -> tuple[int, bool] | None:
    best: dict[int, int] = {}
    for form, number in forms.items():
        if len(form) < SHORT_MONTH:
            continue
        limit = 2 if len(form) >= LONG_MONTH else 1
        edits = Levenshtein.distance(word, form, score_cutoff=limit)
        if edits <= limit and edits < best.get(number, limit + 1):
            best[number] = edits
    if not best:
        return None
    least = min(best.values())
    nearest = [number for number, edits in best.items() if edits == least]
    return (nearest[0], True) if len(nearest) == 1 else None


@cache
def _months() -> tuple[dict[str, int], dict[str, int]]:
    entries = vocab.load("months")["month"]
    forms = {form: entry["number"] for entry in entries for form in entry["forms"]}
    return forms, {form: entry["number"] for entry in entries for form in entry["scanned"]}


@cache
def _weekdays() -> dict[str, int]:
    return {form: entry["number"] for entry in vocab.load("months")["weekday"] for form in entry["forms"]}


@cache
def _stated() -> frozenset[str]:
    return frozenset(vocab.load("months")["empty"]["stated"])


@cache
def _neutral() -> frozenset[str]:
    return frozenset(vocab.load("months")["around"]["neutral"])


@cache
def _patterns() -> _Patterns:
    letters = scanned_letters()
    gap = r"[\s.,/\-–]{0,4}"
    slot = rf"[0-9lIO|][0-9{letters}]?"
    # A letter alone is a day only if it stands apart; a 0 before a letter is the first letter of a month.
    day = rf"(?!0[^\W\d_])[0-9][0-9{letters}]?|[0-3] [0-9]|[lIO][0-9]|[lI](?=[\s.,/\-])"
    long_year = rf"[12lIZ][0-9{letters}]{{3}}"
    year = rf"(?P<year>{long_year}|['’]?[0-9]{{2}})(?![\w/])"
    weekdays = "|".join(re.escape(form) for form in sorted(_weekdays(), key=len, reverse=True))
    between = "|".join(re.escape(word) for word in sorted(_neutral(), key=len, reverse=True))
    return _Patterns(
        named=re.compile(
            rf"(?<![^\W_])(?:(?P<day>{day}){gap})?(?P<month>(?![0-9]{{2}})[^\W_][^\W_]{{2,9}}?){gap}{year}"
        ),
        numeric=re.compile(
            rf"(?<![\w/.\-])(?P<day>{slot})\s?[./\-–]\s?(?P<month>{slot})\s?[./\-–]\s?{year}(?![./\-][0-9])"
        ),
        iso=re.compile(r"(?<![\w/.])(?P<year>[12][0-9]{3})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?![\w/])"),
        numeric_month=re.compile(r"(?<![\w/.\-])(?P<month>[0-9]{1,2})\s?[/\-]\s?(?P<year>[12][0-9]{3})(?![\w/\-])"),
        year=re.compile(rf"[\s:;.,\-–_…]{{0,40}}(?:(?i:{between})\s)?(?P<year>{long_year})[\s.;,]{{0,9}}"),
        weekday=re.compile(rf"(?i)(?<!\w)(?P<weekday>{weekdays})[\s,/]{{1,3}}(?:(?:{between})\s{{1,2}})?$"),
    )
