"""The lines of a table region by what they are: title, drifted pieces, heading, rows with their anchors, footnotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from sopparse import vocab
from sopparse.layout.unweave_evidence import lexicon, trait
from sopparse.normalize.durations import find_durations
from sopparse.normalize.labels import whole_label
from sopparse.normalize.text import fold
from sopparse.page import Word, Words, text_of

_NUMBER = regex.compile(r"\(?(\d{1,4})[.)]{0,2}")
_LOOSE = regex.compile(r"[^\p{L}\p{N}]+")
_QUOTES = "“”‘’\"'|`«»"
# A heading word stands in a window of at most this many words.
_LABEL_WORDS = 3
# Longer lines are no headings.
_HEADING_WORDS = 40
# Share of the rows with a duration that begin with a number, from which on numbers mark the rows.
_NUMBERED = 0.5
# A row number may skip this many: rows are lost, digits are misread.
_SKIPPED = 3


@dataclass(frozen=True, slots=True)
class Physical:
    """One line without its noise. `duration` holds its duration words, `at` their place among the other `words`."""

    words: Words
    spaced: bool = False
    number: Words = ()
    duration: Words = ()
    at: int | None = None

    @property
    def all_words(self) -> Words:
        at = self.at or 0
        return self.number + self.words[:at] + self.duration + self.words[at:]


@dataclass(frozen=True, slots=True)
class RowLines:
    number: Words
    duration: Words
    lines: tuple[Physical, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table region, read line by line. `pieces` are lines above the heading that are no title; `body` are the lines
    behind the heading, footnotes and repeated headings taken out."""

    body: tuple[Physical, ...]
    heading: tuple[Words, ...] = ()
    title: Words = ()
    pieces: tuple[Physical, ...] = ()
    footnotes: tuple[Words, ...] = ()
    stray: Words = ()
    named: tuple[tuple[str, Words], ...] = ()  # the heading words of each role

    def label(self, role: str) -> Words:
        return next((words for name, words in self.named if name == role), ())

    @property
    def notes(self) -> bool:
        """Whether a column of notes is possible."""
        return bool(self.label("note")) or not self.heading


def read_sheet(lines: Sequence[Words]) -> Sheet | None:
    """The lines sorted; None where they cannot hold a table."""
    clean, stray = _without_noise(lines)
    timed = [i for i, line in enumerate(clean) if durations_in(line.words)]
    heads = _heading_lines(clean, timed[0] if timed else len(clean))
    if len(timed) < 2 and not heads:
        return None
    heading: list[Words] = []
    named: dict[str, Words] = {}
    top: Sequence[Physical] = ()
    body: Sequence[Physical] = clean
    if heads:
        top, body = clean[: heads[0]], clean[heads[-1] + 1 :]
        for line in clean[heads[0] : heads[-1] + 1]:
            heading.append(line.words)
            for name, start, count in found_labels(line.words):
                named.setdefault(name, line.words[start : start + count])
    body, footnotes = _without_footnotes(body)
    heading.extend(line.words for line in body if _is_heading(line.words))
    body = [line for line in body if not _is_heading(line.words)]
    if not heads:
        starts = row_starts(body)
        top, body = body[: starts[0] if starts else 0], body[starts[0] if starts else 0 :]
    title, loose = _title(top)
    return Sheet(tuple(body), tuple(heading), title, tuple(loose), footnotes, stray, tuple(named.items()))


def top_rows(body: Sequence[Physical]) -> tuple[tuple[RowLines, ...], Words]:
    """The rows of lines in which every cell begins on the first line of its row, and the words before the first row."""
    starts = row_starts(body)
    if not starts:
        return (), tuple(word for line in body for word in line.words)
    rows = tuple(_row(body[a:b]) for a, b in zip(starts, [*starts[1:], len(body)], strict=True))
    return rows, tuple(word for line in body[: starts[0]] for word in line.words)


def _without_noise(lines: Sequence[Words]) -> tuple[list[Physical], Words]:
    """The lines that hold words, and the loose marks that a border or a speck was read as."""
    clean: list[Physical] = []
    stray: list[Words] = []
    spaced = True
    previous = -1
    for words in lines:
        if words and previous >= 0 and words[0].line > previous + 1:
            spaced = True
        if not words:
            spaced = True
            continue
        previous = words[-1].line
        if _is_remark(words):
            clean.append(Physical(words, spaced))
            spaced = False
            continue
        kept: list[Word] = []
        for i, word in enumerate(words):
            loose = _LOOSE.fullmatch(word.text) is not None
            inside = 0 < i < len(words) - 1 and word.text in {"-", "–", "&", "/", "+"}
            if loose and not inside:
                stray.append((word,))
            elif word.text[0] in _QUOTES and not any(c in _QUOTES for w in words[i:] for c in w.text[1:]):
                mark, rest = word.cut(1)
                stray.append((mark,))
                kept.append(rest)
            else:
                kept.append(word)
        if kept:
            clean.append(Physical(tuple(kept), spaced))
            spaced = False
    return clean, tuple(word for words in stray for word in words)


@lru_cache(maxsize=4096)
def _column_label(text: str) -> str | None:
    found = whole_label(text, ("column", "group"))
    return found.label.name if found is not None else None


def found_labels(words: Words) -> list[tuple[str, int, int]]:
    """Heading words of the line: role, first word, count; the longest first at every place."""
    found: list[tuple[str, int, int]] = []
    at = 0
    while at < len(words):
        for count in range(min(_LABEL_WORDS, len(words) - at), 0, -1):
            name = _column_label(text_of(words[at : at + count]))
            if name is not None:
                found.append((name, at, count))
                at += count
                break
        else:
            at += 1
    return found


_TELLING = {"quality", "requirements", "duration"}


def _is_heading(words: Words) -> bool:
    if len(words) > _HEADING_WORDS or sum(_column_label(word.text) is not None for word in words) < 2:
        return False
    found = found_labels(words)
    names = {name for name, _, _ in found}
    if durations_in(words):
        return False
    return len(names) > 1 and bool(names & _TELLING) and sum(c for _, _, c in found) * 2 >= min(len(words), 8)


def _heading_lines(lines: Sequence[Physical], end: int) -> list[int]:
    """The lines of the heading: those that hold several heading words, or nothing but one."""
    heads = [
        i
        for i, line in enumerate(lines[:end])
        if _is_heading(line.words)
        or (len(line.words) <= _LABEL_WORDS and _column_label(text_of(line.words)) is not None)
    ]
    names = {name for i in heads for name, _, _ in found_labels(lines[i].words)}
    return heads if len(names) > 1 and names & _TELLING else []


@lru_cache(maxsize=1024)
def _duration_spans(text: str) -> tuple[tuple[int, int], ...]:
    return find_durations(text)


def durations_in(words: Words) -> list[tuple[int, int]]:
    """Word ranges of the durations in a line."""
    spans = _duration_spans(" ".join([word.text for word in words]))
    found: list[tuple[int, int]] = []
    i = position = 0
    for low, high in spans:
        while i < len(words) and position + len(words[i].text) <= low:
            position += len(words[i].text) + 1
            i += 1
        first = i
        while i < len(words) and position < high:
            position += len(words[i].text) + 1
            i += 1
        if i > first:
            found.append((first, i))
    return found


def number_of(words: Words) -> int | None:
    match = _NUMBER.fullmatch(words[0].text) if words else None
    return int(match[1]) if match is not None else None


def _is_remark(words: Words) -> bool:
    """Whether the line begins with the heading of remarks and a colon."""
    return fold(words[0].text) in lexicon("remarks") and any(":" in word.text for word in words[:2])


def _without_footnotes(lines: Sequence[Physical]) -> tuple[list[Physical], tuple[Words, ...]]:
    """The lines before the first footnote, and the footnotes. A total row may stand anywhere."""
    kept: list[Physical] = []
    notes: list[Words] = []
    totals = tuple(vocab.load("unweave")["totals"]["words"])
    for line in lines:
        text = fold(text_of(line.words[:3]))
        total = text.startswith(totals) and bool(durations_in(line.words))
        if total or _is_remark(line.words):
            notes.append(line.words)
        elif notes:
            notes[-1] += line.words
        else:
            kept.append(line)
    return kept, tuple(notes)


def row_starts(lines: Sequence[Physical]) -> list[int]:
    timed = [bool(durations_in(_unnumbered(line.words))) for line in lines]
    numbers = [number_of(line.words) for line in lines]
    with_number = sum(1 for t, n in zip(timed, numbers, strict=True) if t and n is not None)
    numbered = with_number >= _NUMBERED * sum(timed)
    starts: list[int] = []
    last = 0
    for i, line in enumerate(lines):
        number = numbers[i]
        follows = number is not None and last < number <= last + 1 + _SKIPPED and len(line.words) > 1
        if timed[i] and (not numbered or follows or opens(line.words)):
            starts.append(i)
            last = number if number is not None and follows else last + 1
        elif numbered and follows and number == last + 1 and opens(line.words[1:]):
            starts.append(i)
            last = number
    return starts


def _unnumbered(words: Words) -> Words:
    return words[1:] if number_of(words) is not None and len(words) > 1 else words


def opens(words: Words) -> bool:
    """Whether an activity may begin here."""
    if not words:
        return False
    first = trait(words[0].text)
    return first.capital or first.outside[0] or first.outside[1]


def _row(lines: Sequence[Physical]) -> RowLines:
    first = lines[0]
    number: Words = ()
    words = first.words
    if number_of(words) is not None and len(words) > 1 and not _starts_duration(words):
        number, words = words[:1], words[1:]
    found = durations_in(words)
    duration: Words = ()
    at = None
    if found:
        start, end = found[-1]
        duration, words, at = words[start:end], words[:start] + words[end:], start
    return RowLines(number, duration, (replace(first, words=words, at=at), *lines[1:]))


def _starts_duration(words: Words) -> bool:
    return any(start == 0 for start, _ in durations_in(words))


def _title(lines: Sequence[Physical]) -> tuple[Words, list[Physical]]:
    """The title, and the lines that are no part of it."""
    starters = lexicon("titles")
    title: Words = ()
    loose: list[Physical] = []
    for line in lines:
        text = text_of(line.words)
        shouted = text.isupper() and len(text) > 8
        if (shouted and not loose) or (not title and trait(line.words[0].text).key in starters):
            title += line.words
        else:
            loose.append(line)
    return title, loose
