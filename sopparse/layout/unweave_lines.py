"""The lines of a table region by what they are: title, drifted pieces, heading, rows with their anchors, footnotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

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
# Spaces between two words that part columns.
_GAP = 2
# Longer lines are no headings.
_HEADING_WORDS = 40
# Share of the rows with a duration that begin with a number, from which on numbers mark the rows.
_NUMBERED = 0.5
# A row number may skip this many: rows are lost, digits are misread; what each costs. What a number is worth, and what
# it is worth besides to stand before an activity.
_SKIPPED, _LOST = 3, 0.1
_STANDS, _ACTS = 0.4, 1.0


@dataclass(frozen=True, slots=True)
class Physical:
    """One line without its noise. `at` is the place among its words where a duration was taken out."""

    words: Words
    spaced: bool = False
    at: int | None = None


@dataclass(frozen=True, slots=True)
class RowLines:
    number: Words
    lines: tuple[Physical, ...]


@dataclass(frozen=True, slots=True)
class _Link:
    """A line with a row number, and the one with the number before."""

    line: int
    value: int
    before: _Link | None


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
def column_label(text: str) -> str | None:
    found = whole_label(text, ("column", "group"))
    return found.label.name if found is not None else None


def chunks(words: Words) -> list[Words]:
    """The words of a line, parted at wide spaces."""
    if not words:
        return []
    parts: list[list[Word]] = [[words[0]]]
    for left, right in pairwise(words):
        if right.column - (left.column + len(left.text)) >= _GAP:
            parts.append([])
        parts[-1].append(right)
    return [tuple(part) for part in parts]


def found_labels(words: Words) -> list[tuple[str, int, int]]:
    """Heading words of the line: role, first word, count; the longest first at every place."""
    found: list[tuple[str, int, int]] = []
    at = 0
    while at < len(words):
        for count in range(min(_LABEL_WORDS, len(words) - at), 0, -1):
            name = column_label(text_of(words[at : at + count]))
            if name is not None:
                found.append((name, at, count))
                at += count
                break
        else:
            at += 1
    return found


_TELLING = {"quality", "requirements", "duration"}


def _is_heading(words: Words) -> bool:
    if len(words) > _HEADING_WORDS or sum(column_label(word.text) is not None for word in words) < 2:
        return False
    found = found_labels(words)
    names = {name for name, _, _ in found}
    if durations_in(words):
        return False
    if len(names) < 2 or not names & _TELLING:
        return False
    # beside headings that stand alone may be any names
    parts = chunks(words)
    alone = sum(column_label(text_of(chunk)) is not None for chunk in parts)
    share = len(names) > 2 or sum(c for _, _, c in found) * 2 >= min(len(words), 8)
    return alone > 1 or (len(parts) == 1 and share)


def _is_label(words: Words) -> bool:
    """Whether the line is nothing but a heading; in small letters it is the end of a cell."""
    return len(words) <= _LABEL_WORDS and not trait(words[0].text).small and column_label(text_of(words)) is not None


def _heading_lines(lines: Sequence[Physical], end: int) -> list[int]:
    """The lines of the heading: those that hold several heading words, or nothing but one."""
    heads: list[int] = []
    for i, line in enumerate(lines[:end]):
        if heads and number_of(line.words) == 1:
            # the first row
            break
        if _is_heading(line.words) or _is_label(line.words):
            heads.append(i)
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
    if not lines:
        return []
    timed = [bool(durations_in(_unnumbered(line.words))) for line in lines]
    numbered = number_lines(lines)
    if len(numbered) < _NUMBERED * sum(timed):
        return [i for i, found in enumerate(timed) if found]
    starts: list[int] = []
    last = (-1, 0)
    for here in (*numbered, (len(lines), last[1])):
        # where numbers are lost, rows begin at lines that hold a duration
        lost = here[1] - last[1] - 1 if here[0] < len(lines) else timed[last[0]] * len(lines)
        starts += [i for i in range(last[0] + 1, here[0]) if timed[i] and opens(lines[i].words)][:lost]
        starts += [here[0]] if here[0] < len(lines) else []
        last = here
    return starts


def number_lines(lines: Sequence[Physical]) -> list[tuple[int, int]]:
    """The lines that begin with the number of a row, and the number: ascending ones, best before activities.

    A figure may be a duration too ("30" under minutes), so all chains of ascending numbers are compared.
    """
    chains: dict[int, tuple[float, _Link | None]] = {0: (0.0, None)}
    for i, line in enumerate(lines):
        value = number_of(line.words)
        if not value or (len(line.words) > 1 and (_starts_duration(line.words) or not opens(line.words[1:]))):
            continue
        rest = line.words[1:] or (lines[i + 1].words if i + 1 < len(lines) else ())
        first = trait(rest[0].text) if rest else None
        worth = _STANDS + (_ACTS if first is not None and (first.outside[0] or first.outside[1]) else 0.0)
        before = max(
            (
                (chains[v][0] - _LOST * (value - 1 - v), v)
                for v in range(value - 1, value - 2 - _SKIPPED, -1)
                if v in chains
            ),
            default=None,
        )
        if before is not None and (value not in chains or before[0] + worth >= chains[value][0]):
            chains[value] = (before[0] + worth, _Link(i, value, chains[before[1]][1]))
    link = max(chains.values(), key=lambda chain: chain[0])[1]
    found: list[tuple[int, int]] = []
    while link is not None:
        found.append((link.line, link.value))
        link = link.before
    return found[::-1]


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
    if number_of(first.words) is not None and len(first.words) > 1 and not _starts_duration(first.words):
        return RowLines(first.words[:1], (replace(first, words=first.words[1:]), *lines[1:]))
    return RowLines((), tuple(lines))


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
