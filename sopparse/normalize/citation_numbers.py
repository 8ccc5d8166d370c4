"""Number and year of a citation, in the ways in which they are written: "41 Tahun 2007", "215/PMK.05/2016", ...

Misread digits are repaired only in the slot of a number or a year, and only beside a real digit.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache

import regex

from sopparse import vocab

FIRST_YEAR = 1945
# No head of a citation is longer: the search for its number stays within these characters.
_REACH = 260

# What is read for a digit, as a class of characters for patterns.
_DIGIT = r"0-9OoDQAlIiLtZzSsbTB?!|}g"


@dataclass(frozen=True, slots=True)
class Numbered:
    """`start` and `end` enclose label, number and year; `parts` are what stands between the slashes."""

    number: str | None
    year: int | None
    start: int
    end: int
    parts: tuple[str, ...] = ()
    repaired: bool = False
    bad_year: str | None = None
    years: tuple[int, ...] = ()  # the candidates, where a misread letter leaves two


def _choice(words: list[str]) -> str:
    """One of the words, longest first; the look at the first letter spares most places of a text the alternatives."""
    firsts = "".join(sorted({c for word in words for c in (word[0], word[0].upper())}))
    return f"(?=[{firsts}])(?:" + "|".join(sorted(map(regex.escape, words), key=len, reverse=True)) + ")"


@cache
def _patterns() -> dict[str, regex.Pattern[str]]:
    words = vocab.load("citations")["words"]
    label, year, about = (_choice(words[name]) for name in ("number", "year", "about"))
    date = "|".join(words["date"])
    flags = regex.IGNORECASE
    return {
        "label": regex.compile(
            rf"(?:(?<![\p{{L}}\p{{N}}])|(?<=\p{{Ll}})(?=N))(?:{label})(?!\p{{L}})[\s.:]{{0,4}}", flags
        ),
        "about": regex.compile(rf"(?<!\p{{L}})(?:{about})(?!\p{{Ll}})|(?<=\d)(?:{about})(?!\p{{Ll}})", flags),
        "year": regex.compile(
            rf"(?<!\p{{L}})(?:{year})[\s.:,^]{{0,4}}"
            rf"((?=[^\d\s]{{0,3}}\d)[{_DIGIT}]{{4}}(?![{_DIGIT}])|\d{{2}}\s\d{{2}}(?!\d)|\d\s\d{{3}}(?!\d)|\d{{3}}\s\d(?!\d))",
            flags,
        ),
        "year_word": regex.compile(rf"(?<!\p{{L}})(?:{year})(?!\p{{Ll}})", flags),
        "date": regex.compile(
            rf"(?<!\p{{L}})(?:{date})[\s.:]{{1,3}}\d{{1,2}}[\s\-]{{1,2}}\p{{L}}{{3,10}}[\s\-]{{1,2}}(\d{{4}})", flags
        ),
        # A number chunk: parts joined by slashes, dashes and dots; spaces only around slashes and dashes.
        "chunk": regex.compile(
            r"(?:\p{Lu}{1,6}\p{Ll}{0,5}[.\s\-]{1,2}(?=[0-9OlI]))?"
            r"[\p{L}\p{N}.?!|}]{1,16}(?:\s?[/\-–]\s?[\p{L}\p{N}.?!|}\-]{1,24}){0,8}"
        ),
    }


def find_about(text: str, start: int, end: int | None = None) -> tuple[int, int] | None:
    """The first word "tentang" from `start`: where it begins and where the title begins."""
    match = _patterns()["about"].search(text, start, len(text) if end is None else end)
    return match.span() if match is not None else None


def find_number(text: str, start: int, end: int) -> Numbered | None:
    """The number in text[start:end], the part of a citation between its kind and its title."""
    end = min(end, start + _REACH)
    label = _patterns()["label"].search(text, start, end)
    while label is not None:
        found = _chunk_at(text, label.start(), label.end(), end)
        if found is not None:
            return found
        label = _patterns()["label"].search(text, label.end(), end)
    return _bare(text, start, end)


_CODE = regex.compile(r"(?<![\p{L}\p{N}/])[\p{L}\p{N}.\-]{0,16}\d[\p{L}\p{N}./\-]{0,40}")


def _bare(text: str, start: int, end: int) -> Numbered | None:
    """A number without label: what begins right here, or the word before a year, or a code with slashes."""
    at = _first_visible(text, start, end)
    if at is None:
        return None
    found = _chunk_at(text, at, at, end)
    if found is not None and (found.year is not None or found.bad_year is not None or found.parts):
        return found
    year = _patterns()["year_word"].search(text, start, end)
    stop = year.start() if year is not None else end
    for match in regex.finditer(
        r"(?<![\p{L}\p{N}/])[\p{L}\p{N}.\-]{0,16}\d[\p{L}\p{N}./\-]{0,40}", text, pos=start, endpos=stop
    ):
        if "/" in match.group() or (year is not None and not text[match.end() : stop].strip()):
            return _chunk_at(text, match.start(), match.start(), end)
    return None


def find_year(text: str, start: int, end: int) -> Numbered:
    """A year that stands without a number in text[start:end]."""
    return _year_after(text, start, end, ())


_VISIBLE = regex.compile(r"[^\s.,:\-–]")


def _first_visible(text: str, start: int, end: int) -> int | None:
    match = _VISIBLE.search(text, start, end)
    return match.start() if match is not None else None


def _chunk_at(text: str, start: int, at: int, end: int) -> Numbered | None:
    match = _patterns()["chunk"].match(text, at, end)
    if match is None:
        return None
    chunk, stop = match.group(), match.end()
    glued = _patterns()["year_word"].search(chunk)  # "41Tahun 2007": the year belongs to the pattern of years
    if glued is not None and glued.start() > 0:
        chunk, stop = chunk[: glued.start()], at + glued.start()
    chunk = chunk.rstrip(" .,-–")
    parts = tuple(part.strip() for part in chunk.split("/"))
    number, repaired = _serial(parts)
    if number is None:
        return None
    year = _year_after(text, stop, end, parts)
    if len(parts) == 1 and year.number is None and (dashed := _DASHED_YEAR.fullmatch(number)):
        year = Numbered(None, _plausible(int(dashed.group(2))), 0, stop)
        number = dashed.group(1)
    return Numbered(
        number,
        year.year,
        start,
        max(year.end, at + len(chunk)),
        parts if len(parts) > 1 else (),
        repaired or year.repaired,
        year.bad_year,
        year.years,
    )


_DASHED_YEAR = regex.compile(r"(\d+-\d+)-(\d{4})")
_CLASSIFIED = regex.compile(r"\d{2,3}(?:\.\d+)+|\p{L}{1,3}\.\d+(?:\.\d+)+")
_LAST_YEAR = regex.compile(rf"(?:.*\D)?((?=[{_DIGIT}]*\d)[{_DIGIT}]{{4}})")


def _serial(parts: tuple[str, ...]) -> tuple[str | None, bool]:
    """The serial: the first numeric part; after a classification code (188.45, HK.01.07) the next one."""
    numeric: list[tuple[str, bool, bool]] = []
    for i, part in enumerate(parts):
        number, repaired = _serial_of(part, alone=len(parts) == 1)
        if number is not None and not (i > 0 and _is_year(number)):
            classified = _CLASSIFIED.fullmatch(part) is not None
            numeric.append((number, repaired, classified))
    if not numeric:
        roman = len(parts) > 1 and _ROMAN.fullmatch(parts[0]) is not None
        return (parts[0] if roman else None), False
    chosen = numeric[0]
    if chosen[2]:
        chosen = next((n for n in numeric[1:] if not n[2]), chosen)
    return chosen[0], chosen[1]


def _is_year(number: str) -> bool:
    return len(number) == 4 and number.isdecimal() and FIRST_YEAR <= int(number) <= _last_year()


_PREFIXED = regex.compile(rf"(?:\p{{L}}{{1,6}}[.\s\-]{{1,2}}){{1,2}}(?=[{_DIGIT}]*\d)([{_DIGIT}]{{1,5}}[A-Da-d]?)")
_PLAIN = regex.compile(rf"(?=[{_DIGIT}]*\d)([{_DIGIT}]{{1,5}})([A-Da-d]?)")
_DOTTED = regex.compile(r"(?:\p{L}{1,3}\.)?\d[\d.\-]{0,20}")
_ROMAN = regex.compile(r"[IVXLC]{1,7}")


def _serial_of(part: str, alone: bool) -> tuple[str | None, bool]:
    part = part.strip(" .")
    if part.isdecimal():
        return part, False
    prefixed = _PREFIXED.fullmatch(part)
    if prefixed is not None:
        part = prefixed.group(1)
    plain = _PLAIN.fullmatch(part)
    if plain is not None:
        letters, suffix = plain.groups()
        # A last capital may be a suffix (5A) as well as a misread digit: it stays.
        if not suffix and letters[-1] in "ABDS" and letters[:-1].isdecimal():
            letters, suffix = letters[:-1], letters[-1]
        digits = "".join(_digit(c) for c in letters)
        return digits + suffix, digits != letters
    if any(c.isdigit() for c in part) and (alone or _DOTTED.fullmatch(part)):
        return part, False
    return None, False


def _year_after(text: str, at: int, end: int, parts: tuple[str, ...]) -> Numbered:
    match = _patterns()["year"].search(text, at, min(end, at + 60))
    if match is not None:
        return _year(match.group(1), match.end())
    if len(parts) > 1:
        last = parts[-1]
        if len(last) >= 4 and (tail := _LAST_YEAR.fullmatch(last)):
            return _year(tail.group(1), at)
    dated = _patterns()["date"].search(text, at, min(end, at + 60))
    if dated is not None:
        return _year(dated.group(1), dated.end())
    return Numbered(None, None, 0, at)


def _year(printed: str, end: int) -> Numbered:
    joined = "".join(printed.split())
    candidates = {""}
    for character in joined:
        undecided = vocab.load("citations")["undecided"].get(character)
        choices = undecided if undecided is not None else [_digit(character)]
        candidates = {known + choice for known in candidates for choice in choices}
    years = sorted(y for c in candidates if c.isdigit() and (y := _plausible(int(c))) is not None)
    repaired = bool(years) and str(years[0]) != printed
    if not years:
        return Numbered(None, None, 0, end, bad_year=printed)
    if len(years) > 1:
        return Numbered(None, None, 0, end, repaired=repaired, years=tuple(years))
    return Numbered(None, years[0], 0, end, repaired=repaired)


def _plausible(year: int) -> int | None:
    return year if FIRST_YEAR <= year <= _last_year() else None


@cache
def _last_year() -> int:
    """A regulation of next year may already be cited in December."""
    return datetime.date.today().year + 1


def _digit(character: str) -> str:
    return str(vocab.load("citations")["digits"].get(character, character))
