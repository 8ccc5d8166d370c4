"""One quantity of time in a text, such as `paling lambat 3 (tiga) hari kerja`: finding and reading it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import NamedTuple

from sopparse import vocab
from sopparse.normalize.digits import VULGAR, number_words, scanned_letters, slot_to_number, words_to_number
from sopparse.normalize.timelexicon import Number, Unit, lexicon

_GAP = r"[^\S\n]{0,3}"
# How far before a number its qualifier can begin, in characters.
LOOK_BACK = 40
# One letter can be a misread 1 or, with O, a 10; two letters without a digit are a Roman number.
_LETTERS_ONLY = re.compile(r"[lI](?:[oO]{1,2})?")
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Term:
    """One quantity and its unit at `start:end`; `qualified` if a word before it says maximum, minimum or about."""

    start: int
    end: int
    text: str
    low: Number | None
    high: Number | None
    unit: Unit
    printed_unit: str
    working: bool = False
    calendar: bool = False
    approximate: bool = False
    qualified: bool = False
    words_differ: bool = False
    fixes: tuple[str, ...] = ()

    def open_like(self, other: Term) -> Term:
        return replace(
            self, low=None if other.low is None else self.low, high=None if other.high is None else self.high
        )


class _Patterns(NamedTuple):
    core: re.Pattern[str]
    one: re.Pattern[str]
    tail: re.Pattern[str]
    counted: re.Pattern[str]
    before: re.Pattern[str]
    behind: re.Pattern[str]
    year: re.Pattern[str]
    recurring: re.Pattern[str]


def _any_of(forms: frozenset[str] | list[str] | tuple[str, ...]) -> str:
    """An alternation, longest first; a space in a form stands for any run of spaces."""
    return "|".join(re.escape(form).replace(r"\ ", r"[^\S\n]{1,3}") for form in sorted(forms, key=len, reverse=True))


@cache
def _patterns() -> _Patterns:
    data = vocab.load("units")
    words = lexicon()
    vulgar = "".join(VULGAR)
    letters = scanned_letters()
    word = _any_of(list(number_words()))
    number = (
        rf"(?:[0-9]{{1,3}}{_GAP}[{vulgar}]|[{vulgar}]|[0-9]{{1,3}} [0-9]/[0-9]{{1,2}}|[0-9]{{1,2}}/[0-9]{{1,2}}"
        rf"|[0-9]{{1,4}}[.,][0-9]{{1,3}}(?![0-9])|[0-9](?: [0Oo]){{1,2}}(?![0-9A-Za-z])|[0-9]{{1,4}}(?![0-9{letters}])"
        rf"|(?=[0-9lIO])[0-9{letters}]{{1,4}}(?![0-9])"
        rf"|(?i:(?:{word})(?:[^\S\n]{{1,3}}(?:{word})){{0,5}})(?!\w))"
    )
    spelled = rf"(?:{_GAP}\((?P<NAME>[^()\n]{{1,40}})\))?"
    marks = _any_of([*data["between"]["range"], *data["between"]["alternative"]])
    counted = _any_of(data["counting"]["working"] + data["counting"]["calendar"])
    core = (
        rf"(?<![\w/])(?:(?P<times>{number}){_GAP}[xX×*]{_GAP})?(?P<low>{number}){spelled.replace('NAME', 'low_words')}"
        rf"(?:{_GAP}(?P<mark>(?i:{marks})){_GAP}(?P<high>{number}){spelled.replace('NAME', 'high_words')})?"
        # "harikerja": how the days are counted may be glued to the unit.
        rf"{_GAP}(?P<unit>[^\W\d_][^\W_]{{1,10}}?)(?=(?i:{counted})?(?![^\W_]))(?P<dot>\.?)"
    )
    symbols = [form for form in words.bounds if not form[0].isalpha()]
    spelled_out = [form for form in words.bounds if form[0].isalpha()]
    qualifier = rf"(?:(?<![^\W_])(?:{_any_of(spelled_out)})|{_any_of(symbols)})"
    return _Patterns(
        core=re.compile(core),
        one=re.compile(rf"(?i)(?<!\w)(?P<unit>{_any_of(list(words.one))})(?!\w)"),
        tail=re.compile(rf"{_GAP}([^\W\d_]{{1,4}})(?![^\W_])"),
        counted=re.compile(rf"(?i){_GAP}({counted})(?!\w)"),
        before=re.compile(rf"(?i)(?P<form>{qualifier}){_GAP}[:(]?{_GAP}$"),
        behind=re.compile(rf"(?i){_GAP}\(?(?P<form>{_any_of(spelled_out)})\)?{_GAP}$"),
        year=re.compile(r"[\s,]{0,3}[12][0-9OolI]{3}(?![0-9])"),
        recurring=re.compile(rf"(?i){_GAP}(?:{_any_of(words.recurring_after)})(?!\w)"),
    )


@lru_cache(maxsize=16384)
def _cell_terms(text: str) -> tuple[Term, ...]:
    return tuple(_scan(text, running=False))


def terms(text: str, running: bool = False) -> tuple[Term, ...]:
    """The quantities of time in a cell, or in running text, where less is believed."""
    return tuple(_scan(text, True)) if running else _cell_terms(text)


def _scan(text: str, running: bool) -> Iterator[Term]:
    patterns = _patterns()
    position, last_end = 0, 0
    while (found := patterns.core.search(text, position)) is not None:
        read = _read(text, found, last_end, running)
        if not read:
            # What stood in the place of the unit may itself be a number: go on after the first number.
            position = found.end("low")
            continue
        yield from read
        position = last_end = read[-1].end
    if not running and last_end == 0:
        for single in patterns.one.finditer(text):
            term = _one(text, single)
            if term is not None:
                yield term
                return


def _one(text: str, found: re.Match[str]) -> Term | None:
    words = lexicon()
    if _excluded(text, found.start(), 0) or _patterns().recurring.match(text, found.end()):
        return None
    unit = words.one[found["unit"].casefold()]
    return _qualify(text, Term(found.start(), found.end(), found.group(), 1, 1, unit, found["unit"]), 0, False)


def _excluded(text: str, start: int, last_end: int) -> bool:
    """The word before says that this number counts something else."""
    # The word may be cut off at the start of the window; such a long word is none of the list.
    line = text[max(last_end, start - LOOK_BACK) : start].rpartition("\n")[2].rstrip(" .:(-–/\xa0")
    pieces = _NO_WORD.split(line[-20:])
    word = pieces[-1].casefold()
    words = lexicon()
    return word in words.never_after or word in words.recurring_before


def _read(text: str, found: re.Match[str], last_end: int, running: bool) -> tuple[Term, ...]:
    """The terms of one match: none, one, or two (`1 atau 2 hari`)."""
    words = lexicon()
    resolved = _unit(text, found, running)
    if resolved is None:
        return ()
    unit, printed, end, unit_fix = resolved
    slots = [found[name] for name in ("times", "low", "high")]
    if running and any(slot in ("l", "I", "O") for slot in slots) and unit not in ("minute", "hour", "day"):
        return ()
    times, low, high = (_number(slot) for slot in slots)
    if low is None or (slots[0] and times is None) or (slots[2] and high is None) or slots[1] == "O":
        return ()
    is_year = unit == "year" and _patterns().year.match(text, end) is not None
    if is_year or (slots[1].isdecimal() and 1900 <= low[0] <= 2100 and unit not in ("minute", "second")):
        return ()
    if _excluded(text, found.start(), last_end) or _patterns().recurring.match(text, end):
        return ()
    known = [value for value in (times, low, high) if value is not None]
    fixes = ("ocr-digits",) * any(repaired for _, repaired in known) + unit_fix
    differ = _differ(low[0], found["low_words"], running) or (
        high is not None and _differ(high[0], found["high_words"], running)
    )
    if differ is None:
        return ()
    factor = times[0] if times is not None else 1
    first = Term(
        found.start(),
        end,
        text[found.start() : end],
        low[0] * factor,
        low[0] * factor,
        unit,
        printed,
        words_differ=differ,
        fixes=fixes,
    )
    first = _counted(text, first)
    if high is None:
        return (_qualify(text, first, last_end, running),)
    top = high[0] * factor
    if found["mark"].casefold() in words.range_marks:
        return (_qualify(text, replace(first, high=top), last_end, running),)
    second = replace(first, start=found.start("high"), low=top, high=top)
    return (replace(first, end=found.end("low"), fixes=()), second)


def _number(slot: str | None) -> tuple[Number, bool] | None:
    if not slot:
        return None
    if slot[0].isalpha() and (spelled := words_to_number(slot)) is not None:
        return spelled, False
    if not any(c.isdigit() or c in VULGAR for c in slot) and not _LETTERS_ONLY.fullmatch(slot):
        return None
    value, repaired = slot_to_number(slot)
    return None if value is None else (value, repaired)


def _differ(value: Number, spelled: str | None, running: bool) -> bool | None:
    """Whether the words in brackets say another number; None where in running text they are no number at all."""
    if spelled is None:
        return False
    said = words_to_number(spelled) if not spelled.strip().isdecimal() else int(spelled)
    if said is None:
        return None if running else False
    return said != value


def _unit(text: str, found: re.Match[str], running: bool) -> tuple[Unit, str, int, tuple[str, ...]] | None:
    words = lexicon()
    printed = found["unit"]
    plain = words.unit(printed, running)
    if plain is not None:
        unit, repaired = plain
        # The point belongs to an abbreviation, not to the end of a sentence.
        end = found.end("dot") if len(printed) <= 3 and not running else found.end("unit")
        return unit, printed, end, ("unit-corrected",) * repaired
    tail = _patterns().tail.match(text, found.end("unit"))
    joined = words.exact.get((printed + tail[1]).casefold()) if tail is not None else None
    if tail is None or joined is None:
        return None
    return joined, printed + tail[1], tail.end(), ("words-joined",)


def _counted(text: str, term: Term) -> Term:
    counted = _patterns().counted.match(text, term.end)
    if counted is None:
        return term
    working = counted[1].casefold() in lexicon().working
    return replace(
        term, end=counted.end(), text=text[term.start : counted.end()], working=working, calendar=not working
    )


def _qualify(text: str, term: Term, last_end: int, running: bool) -> Term:
    """With the words before (or, in a cell, behind) that leave a side open or call the value approximate."""
    patterns, bounds, ends = _patterns(), lexicon().bounds, lexicon().bound_ends
    for _ in range(2):
        window = max(last_end, term.start - LOOK_BACK)
        near = text[window : term.start].rstrip(" :(")
        if not near or (near[-1].isalnum() and near[-24:].split()[-1].casefold().lstrip("(") not in ends):
            break
        before = patterns.before.search(text, window, term.start)
        if before is None or (last_end and before["form"] in lexicon().sum_marks):
            break
        start = before.start()
        term = _bounded(replace(term, start=start), bounds[_key(before["form"])])
    behind = None if running or term.qualified else patterns.behind.match(text, term.end)
    if behind is not None:
        term = _bounded(replace(term, end=behind.end()), bounds[_key(behind["form"])])
    return term


def _key(form: str) -> str:
    return " ".join(form.casefold().split())


def _bounded(term: Term, bound: str) -> Term:
    if bound == "about":
        return replace(term, approximate=True, qualified=True)
    if bound == "max":
        return replace(term, low=None, qualified=True)
    return replace(term, high=None, qualified=True)
