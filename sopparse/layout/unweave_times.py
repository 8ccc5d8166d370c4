"""Durations in a row of interleaved lines: which words of its first lines are the cell of the time column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice, pairwise

import regex

from sopparse import vocab
from sopparse.layout.unweave_lines import Physical, durations_in
from sopparse.normalize.durations import duration_likeness
from sopparse.normalize.text import fold
from sopparse.normalize.timelexicon import lexicon
from sopparse.page import Words

# A cell of the time column: words on a line, lines.
_LONGEST, _LINES = 6, 4
# From this likeness on words can be a duration; that of a figure alone, where the heading names the unit.
_LIKELY, _BARE = 0.45, 0.9
# What a duration is worth; what it costs that a word of times stays outside of it.
_WORTH = 9.0
_OUTSIDE = {"U": 2.5, "D": 2.5, "N": 2.5, "Q": 0.8, "W": 0.8, "R": 0.8, "P": 0.8}
# What it costs that the next word would have fitted on the line above; that a row has no duration.
_FITTED, _UNTIMED = 3.0, 4.0
# Readings of a row that are compared; by how much one may be worse than the best.
_RIVAL = 5.0
_READINGS = 5
_MOST_TRIED = 400

# Line, first word, end.
Piece = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Timing:
    """Words of a row that may be its duration, and what speaks for it."""

    pieces: tuple[Piece, ...]
    worth: float


# A duration by the kinds of its words: limits, figures (with their numeral in brackets, to another figure), unit, how
# days are counted; several one after the other.
_SHAPE = regex.compile(r"Q{0,3}(?:NP?(?:R{1,2}NP?){0,2}(?:U|DW?)R?){1,3}(?<!R)")
_FIGURE, _NUMERAL = regex.compile(r"[±~<>]?[\d½¼¾].*"), regex.compile(r"\(\p{L}+\)?|\p{L}+\)")
_TIMES_SIGN = regex.compile(r"[x×]")


@cache
def _time_words() -> dict[str, str]:
    """Words of durations: D days, U another unit, Q a limit, R what stands between figures, W how days are counted."""
    words = lexicon()
    counting = vocab.load("units")["counting"]
    found = {part: "R" for mark in words.range_marks for part in mark.split()}
    found |= {part: "Q" for form in words.bounds for part in (*form.split(), *form.replace(".", " ").split())}
    found |= dict.fromkeys((*counting["working"], *counting["calendar"]), "W")
    for form, unit in (*words.exact.items(), *words.scanned.items()):
        if form not in words.cell_only:
            found[form] = "D" if unit == "day" else "U"
    return found


@cache
def _phrase_words() -> frozenset[str]:
    """Words of times without a figure."""
    words = lexicon()
    return frozenset(part for phrase in (*words.full, *(start for start, _ in words.starts)) for part in phrase.split())


@lru_cache(maxsize=8192)
def _kind(text: str) -> str:
    """The kind of a word: N a figure, P a numeral in brackets, those of `_time_words`, F of a phrase, else a blank."""
    lower = text.casefold()
    key = lower.strip("().,:;")
    known = _time_words()
    if _FIGURE.fullmatch(text):
        return "N"
    found = known.get(lower) or known.get(key) or known.get(key.partition("/")[0])
    if found is not None:
        return found
    if _TIMES_SIGN.fullmatch(lower):
        return "R"
    return "P" if _NUMERAL.fullmatch(text) else "F" if fold(key) in _phrase_words() else " "


def timings(lines: Sequence[Physical], bare: bool, width: int) -> list[Timing]:
    """The readings, best first; the last resort is none. `bare`: figures are durations; `width`: characters that fit
    on a line of the column."""
    first = lines[:_LINES]
    kinds = ["".join(_kind(word.text) for word in line.words) for line in first]
    costs = [[_OUTSIDE.get(kind, 0.0) for kind in line] for line in kinds]
    whole = sum(map(sum, costs))
    found = [Timing((), -_UNTIMED - whole)]
    for pieces in islice(_paths(kinds, 0, ()), _MOST_TRIED):
        shape = "".join(kinds[k][a:b] for k, a, b in pieces)
        words = [word.text for k, a, b in pieces for word in first[k].words[a:b]]
        likeness = _likeness(shape, words, bare)
        if likeness < _LIKELY:
            continue
        used = sum(sum(costs[k][a:b]) for k, a, b in pieces)
        fitted = _FITTED * sum(
            _length(first[m].words[c:d]) + 1 + len(first[n].words[a].text) <= width
            for (m, c, d), (n, a, _) in pairwise(pieces)
        )
        found.append(Timing(pieces, _WORTH * likeness - (whole - used) - fitted))
    return sorted(found, key=lambda timing: -timing.worth)[:_READINGS]


def _likeness(shape: str, words: Sequence[str], bare: bool) -> float:
    if shape == "N" and bare:
        return _BARE
    if "N" in shape:
        return duration_likeness(" ".join(words)) if _SHAPE.fullmatch(shape) else 0.0
    phrase = all(kind == "F" or fold(word) in _phrase_words() for kind, word in zip(shape, words, strict=True))
    return duration_likeness(" ".join(words)) if phrase else 0.0


def _paths(kinds: Sequence[str], at: int, before: tuple[Piece, ...]) -> Iterator[tuple[Piece, ...]]:
    """All pieces of words of times on lines below each other, from line `at` on."""
    if at >= len(kinds):
        return
    here = kinds[at]
    for start in range(len(here)):
        for end in range(start + 1, min(start + _LONGEST, len(here)) + 1):
            if here[end - 1] == " ":
                break
            pieces = (*before, (at, start, end))
            yield pieces
            yield from _paths(kinds, at + 1, pieces)


def _length(words: Words) -> int:
    return sum(len(word.text) for word in words) + len(words) - 1


@dataclass(frozen=True, slots=True)
class Reading:
    """The lines of a row without the words of its duration, and these."""

    lines: tuple[Physical, ...]
    duration: Words
    worth: float


def readings_of(rows: Sequence[Sequence[Physical]], heading: Words) -> list[list[Reading]]:
    """For each row the readings that are worth comparing, best first."""
    counted = sum(bool(durations_in(line.words)) for row in rows for line in row)
    bare = counted * 2 < len(rows) and _has_unit(heading)
    width = 0
    found: list[list[Timing]] = []
    for _ in range(2):
        found = [timings(row, bare, width) for row in rows]
        width = max(
            (
                _length(row[k].words[a:b])
                for row, options in zip(rows, found, strict=True)
                for k, a, b in options[0].pieces
            ),
            default=0,
        )
    return [_readings(row, options) for row, options in zip(rows, found, strict=True)]


def _readings(row: Sequence[Physical], options: Sequence[Timing]) -> list[Reading]:
    made = [_without(row, timing) for timing in options if timing.worth > options[0].worth - _RIVAL]
    # a row is more than its duration
    return [reading for reading in made if reading.lines] or [_without(row, Timing((), 0.0))]


def _has_unit(heading: Words) -> bool:
    return any(_kind(word.text.strip("()")) in "UD" for word in heading[1:])


def _without(lines: Sequence[Physical], timing: Timing) -> Reading:
    rest = list(lines)
    words: Words = ()
    for k, a, b in timing.pieces:
        line = lines[k]
        words += line.words[a:b]
        rest[k] = replace(line, words=line.words[:a] + line.words[b:], at=a)
    return Reading(tuple(line for line in rest if line.words), words, timing.worth)
