"""Who approved: position, name, rank and number of a civil servant, out of one cell or signature block.

The text may have lost its lines. Where position and name run into each other and nothing marks the boundary, both
are unknown. Values are spans of the input, so that the caller can trace the words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from sopparse import vocab
from sopparse.evidence import Issue, Reading, issue
from sopparse.normalize.approvers import LETTERS, Token, approver_words
from sopparse.normalize.dates import find_dates
from sopparse.normalize.nip import NOTHING, find_nip, read_nip
from sopparse.normalize.regions import CODED, region_named
from sopparse.normalize.text import squeeze

__all__ = ["Official", "Span", "read_nip", "read_official"]

Span = tuple[int, int]

# How sure the boundary between position and name is, by what marks it; chosen, not fitted.
PARSE_OWN_LINE = 1.0
PARSE_TITLE_OR_CASE = 0.95  # a title such as `Drs.`, or small letters against capitals
PARSE_LAST_LINE = 0.8  # the last line, without a degree or a number below it
PARSE_VOCABULARY = 0.6  # the first word that is no word of an agency
LONGEST_NAME = 7  # words, without degrees
LONGEST_REGION = 4  # words of an official name
LONGEST_BLOCK = 2000  # characters; a signature block has a tenth of it

_TOKEN = re.compile(r"\S+")
_EDGE = " \t\n\r,;:_-–.…()[]*\"“”'‘’"


@dataclass(frozen=True, slots=True)
class Official:
    """Spans are character offsets in the input; `acting`: plt, plh, pj …; `parse`: how sure position and name are."""

    position: Span | None = None
    name: Span | None = None
    rank: Span | None = None
    nip: Span | None = None
    nip_value: Reading[str] = NOTHING
    acting: str | None = None
    parse: float = 1.0
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    tokens: tuple[Token, ...]
    signed: bool = False  # what belongs to a person follows: a rank or a number
    apart: bool = False  # an empty line or a mark of a signature stands before it


@lru_cache(maxsize=1024)
def read_official(text: str) -> Official:
    """The parts of an approver; lines kept as line breaks help, their loss is survived."""
    block = text[:LONGEST_BLOCK]
    masked = bytearray(len(block))
    nip_label, nip_span, nip = find_nip(block)
    rank_label, rank = _find_rank(block, nip_label)
    persons = [span for span in (nip_label, rank_label) if span is not None]
    for span in (*persons, *_noise(block), *_places_and_dates(block)):
        masked[span[0] : span[1]] = b"\x01" * (span[1] - span[0])
    lines = _lines(block, masked, min((span[0] for span in persons), default=None))
    split = _split(lines)
    position = _trimmed(block, _before(split.position, persons))
    name = _trimmed(block, _before(split.name, persons), name=True)
    acting = _acting(block[position[0] : position[1]]) if position else None
    return Official(position, name, rank, nip_span, nip, acting, split.parse, split.issues)


def _before(span: Span | None, persons: list[Span]) -> Span | None:
    """Cut where a rank or a number stands inside: what follows it is no part of the same value."""
    if span is None:
        return None
    end = min((start for start, _ in persons if span[0] <= start < span[1]), default=span[1])
    return (span[0], end) if end > span[0] else None


@cache
def _rank_pattern() -> re.Pattern[str]:
    data = vocab.load("ranks")
    forms = sorted((form for entry in data["rank"] for form in entry["forms"]), key=len, reverse=True)
    ranks = "|".join(_rank_form(form) for form in forms)
    labels = "|".join(re.escape(label) for label in sorted(data["labels"]["rank"], key=len, reverse=True))
    grade = r"\s{0,2}[,/\-–]?\s{0,2}(?:(?i:gol)\.?\s{0,2})?\(?\s{0,2}(?:IV|I{1,3}|[1-4])\s?[/.]?\s?[a-eA-E](?!\w)\)?"
    return re.compile(
        rf"(?P<label>(?i:(?<!\w)(?:{labels})\b[\w/. ]{{0,12}}[:\-]\s{{0,3}}))?"
        rf"(?<!\w)(?P<rank>(?i:{ranks})(?!\w)(?:{grade})?)"
        rf"|(?P<only>(?i:(?<!\w)(?:{labels})\b[\w/. ]{{0,12}}:[^\S\n]{{0,3}}))(?P<other>[^\n:]{{2,40}})"
    )


def _rank_form(form: str) -> str:
    """A pattern for a form of a rank; the figure that ends it is often read as a bar."""
    stem, figure = (form[:-1], "[I|]") if form.endswith(" I") else (form, "")
    return re.escape(stem).replace(r"\.", r"\.?").replace(r"\ ", r"\s{0,3}") + figure


def _find_rank(text: str, nip: Span | None) -> tuple[Span | None, Span | None]:
    """The rank with its label, and the rank alone. Unlabelled it must end a line or a person."""
    words = approver_words()
    for found in _rank_pattern().finditer(text):
        if found["only"]:
            end = min(found.end(), nip[0]) if nip and found.start() < nip[0] else found.end()
            value = _trimmed(text, (found.start("other"), end))
            if value is not None:
                return (found.start(), end), value
            continue
        rest = text[found.end() :].lstrip(" \t,;.")
        ends = (
            not rest or rest[0] in "\n\r" or (nip is not None and text[found.end() : nip[0]].strip(" \t\n,.;/-") == "")
        )
        following = _TOKEN.match(rest)
        continued = following is not None and not ends and words.is_agency(Token(0, 0, following.group()))
        if found["label"] or (ends and not continued):
            return (found.start(), found.end()), (found.start("rank"), found.end("rank"))
    return None, None


@cache
def _noise_pattern() -> re.Pattern[str]:
    data = vocab.load("ranks")
    phrases = [*data["noise"]["phrases"]]
    joined = "|".join(re.escape(p).replace(r"\ ", r"\s{1,3}") for p in sorted(phrases, key=len, reverse=True))
    labels = "|".join(re.escape(p) for p in (*data["labels"]["name"], *data["labels"]["position"]))
    return re.compile(rf"(?i)(?<!\w)(?:(?:{joined})(?!\w)\s?[:,]?|(?:{labels})\s{{0,3}}:)")


def _noise(text: str) -> list[Span]:
    return [found.span() for found in _noise_pattern().finditer(text)]


@cache
def _place_pattern() -> re.Pattern[str]:
    joined = "|".join(re.escape(p).replace(r"\ ", r"\s{1,3}") for p in vocab.load("ranks")["noise"]["place"])
    return re.compile(rf"(?i)(?<!\w)(?:{joined})(?!\w)[^\n]{{0,60}}")


def _places_and_dates(text: str) -> list[Span]:
    """Where and when it was signed: from the words that say so, or from the start of the line, to the date."""
    words = approver_words()
    spans: list[Span] = []
    done = 0
    for start, end, _ in find_dates(text):
        line = text.rfind("\n", 0, start) + 1
        begin = max(line, done)
        place = _place_pattern().search(text, begin, end)
        lead = [Token(0, 0, word) for word in text[begin:start].split()]
        if place is not None:
            begin = place.start()
        elif len(lead) > 4 or any(words.opens(token) for token in lead):
            begin = start
        spans.append((begin, end))
        done = end
    for found in _place_pattern().finditer(text):
        line_end = text.find("\n", found.start())
        if line_end > 0 and not any(a <= found.start() < b for a, b in spans):
            spans.append((found.start(), line_end))
    return spans


def _lines(text: str, masked: bytearray, person: int | None) -> list[_Line]:
    """What is left, line by line; a masked piece ends a line."""
    shown = "".join("\n" if hidden else char for char, hidden in zip(text, masked, strict=True))
    lines: list[_Line] = []
    position, previous_end = 0, 0
    for raw in shown.split("\n"):
        tokens = tuple(
            Token(position + t.start(), position + t.end(), t.group())
            for t in _TOKEN.finditer(raw)
            if squeeze(t.group())
        )
        position += len(raw) + 1
        if not tokens:
            continue
        between = shown[previous_end : tokens[0].start].count("\n")
        lines.append(_Line(tokens, False, bool(lines) and between > 1))
        previous_end = tokens[-1].end
    if person is not None:
        before = [i for i, line in enumerate(lines) if line.tokens[0].start < person]
        if before:
            last = before[-1]
            lines[last] = _Line(lines[last].tokens, True, lines[last].apart)
    return lines


class _Split(NamedTuple):
    position: Span | None = None
    name: Span | None = None
    parse: float = 1.0
    issues: tuple[Issue, ...] = ()


def _split(lines: list[_Line]) -> _Split:
    words = approver_words()
    first = next((i for i, line in enumerate(lines) if words.opens(line.tokens[0])), None)
    if first is None:
        named = next((line for line in lines if _has_degree(line) or line.signed), None)
        return _Split(None, _span(named.tokens)) if named is not None and not _agency_only(named) else _Split()
    for i in range(first + 1, len(lines)):
        if _has_degree(lines[i]) and not words.opens(lines[i].tokens[0]) and _name_words(lines[i].tokens):
            end = i + 2 if _name_goes_on(lines, i) else i + 1
            return _Split(_span(_tokens(lines[first:i])), _span(_tokens(lines[i:end])), PARSE_OWN_LINE)
    if first > 0 and _has_degree(lines[first - 1]):
        return _Split(_span(_tokens(lines[first:])), _span(lines[first - 1].tokens), PARSE_OWN_LINE)
    by_line = _name_on_own_line(lines, first)
    return by_line if by_line is not None else _one_line(lines, first)


def _name_goes_on(lines: list[_Line], i: int) -> bool:
    """Whether a name that begins with a title ends in the next line, with the degrees."""
    words = approver_words()
    if i + 1 >= len(lines) or lines[i].signed or any(words.is_degree(token) for token in lines[i].tokens[1:]):
        return False
    following = lines[i + 1].tokens
    begins = words.is_title(following[0]) or words.opens(following[0]) or words.is_agency(following[0])
    degree = any(words.is_degree(token) for token in following[1:])
    return degree and not begins and _name_words((*lines[i].tokens, *following))


def _name_on_own_line(lines: list[_Line], first: int) -> _Split | None:
    """A name without a degree: the line above the rank or number, below the gap of the signature, or the last."""
    signed = next((i for i, line in enumerate(lines) if line.signed), len(lines) - 1)
    last = lines[signed]
    if signed <= first or _has_degree(last) or any(_has_degree(line) for line in lines[first : signed + 1]):
        return None
    previous = lines[signed - 1].tokens[-1]
    words = approver_words()
    unfinished = previous.key in words.region_types or previous.key in ("dan", "&") or previous.text.endswith(",")
    bare = (
        not any(words.is_agency(token) or words.opens(token) for token in last.tokens)
        and len(last.tokens) <= LONGEST_NAME
    )
    if not bare or (unfinished and not last.apart and not previous.text.endswith(",")):
        return None
    if any(token.key in words.region_ends for token in last.tokens[-1:]) and not last.signed:
        return None
    sure = last.signed or last.apart
    if not sure and len(last.tokens) < 2:
        return None
    return _Split(_span(_tokens(lines[first:signed])), _span(last.tokens), PARSE_OWN_LINE if sure else PARSE_LAST_LINE)


def _one_line(lines: list[_Line], first: int) -> _Split:
    """Position and name without a line break between them."""
    signed = next((i for i, line in enumerate(lines) if line.signed and i >= first), None)
    tokens = _tokens(lines[first : signed + 1 if signed is not None else len(lines)])
    words = approver_words()
    title = next((i for i, token in enumerate(tokens) if i > 0 and words.is_title(token)), None)
    degree = next(
        (i for i, token in enumerate(tokens) if i > 1 and words.is_degree(token) and (title is None or i > title)), None
    )
    if title is not None and title + 1 < len(tokens):
        return _at(tokens, title, PARSE_TITLE_OR_CASE)
    end = degree if degree is not None else len(tokens)
    by_case = _by_case(tokens, end)
    if by_case is not None:
        return _at(tokens, by_case, PARSE_TITLE_OR_CASE)
    count = sum(1 for line in lines[first:] if line.tokens[0].start <= tokens[-1].start)
    return _by_vocabulary(tokens, end, degree is not None, signed is not None, count)


def _by_case(tokens: tuple[Token, ...], end: int) -> int | None:
    """Capitals after small letters, or the other way round: where the last run of one kind begins."""
    words = approver_words()
    capital = [token.text.strip(_EDGE).isupper() for token in tokens[:end]]
    if not capital or all(capital) or not any(capital):
        return None
    start = end
    while start > 0 and capital[start - 1] == capital[end - 1]:
        start -= 1
    # The abbreviation of an agency in capitals belongs to the position.
    while start < end and (words.is_agency(tokens[start]) or not re.search(r"(?i)[aeiouy]", tokens[start].text)):
        start += 1
    run = tokens[start:end]
    if start == 0 or not run or len(run) > LONGEST_NAME or any(words.is_agency(t) or words.opens(t) for t in run):
        return None
    return start if len(run) > 1 or end < len(tokens) else None


def _by_vocabulary(tokens: tuple[Token, ...], end: int, degree: bool, signed: bool, lines: int) -> _Split:
    """All in one case: the position ends with its last word known from agencies and regions."""
    words = approver_words()
    known = max((i for i in range(end) if i == 0 or words.is_agency(tokens[i]) or words.opens(tokens[i])), default=0)
    of_region = tokens[known].key in words.region_types or tokens[known].key in words.of_region
    region_end = _region_end(tokens, known, end) if of_region else known
    if region_end > known:
        known, of_region = region_end, False
    rest = end - known - 1
    if rest == 0 or (rest == 1 and known == 0 and not degree and not signed):
        # One word behind the opening one is the office ("KEPALA DPMPTSP"), never a whole name.
        return _Split(_span(tokens[:end]))
    if (
        not degree
        and not signed
        and (lines > 1 or (of_region and rest <= 2) or (rest == 1 and tokens[known].key in words.kinds))
    ):
        # Nothing but a position was written: names without degree or number stand on a line of their own.
        return _Split(_span(tokens[:end])) if rest <= 3 else _unclear(tokens)
    if of_region:
        # One word must be the region's; with more than two the boundary cannot be told.
        certain = {1: _Split(_span(tokens[:end])), 2: _at(tokens, known + 2, PARSE_VOCABULARY)}
        return certain.get(rest) or _unclear(tokens)
    if rest > LONGEST_NAME or (not degree and not signed and (rest == 1 or tokens[known].key in words.kinds)):
        return _unclear(tokens)
    return _at(tokens, known + 1, PARSE_VOCABULARY)


def _region_end(tokens: tuple[Token, ...], known: int, end: int) -> int:
    """The last word of the region's name after `known`: an official name, or one that ends as such names do."""
    words = approver_words()
    level = words.levels.get(tokens[known].key)
    for last in range(min(end - 1, known + LONGEST_REGION), known, -1) if level in CODED else ():
        name = " ".join(token.text.strip(_EDGE) for token in tokens[known + 1 : last + 1])
        region = region_named(name, level).value
        if region is not None and region.code is not None:
            return last
    return max((i for i in range(known + 1, end) if tokens[i].key in words.region_ends), default=known)


def _unclear(tokens: tuple[Token, ...]) -> _Split:
    text = " ".join(token.text for token in tokens)
    return _Split(None, None, 0.0, (issue("header.approver.unclear", text=text),))


def _at(tokens: tuple[Token, ...], start: int, parse: float) -> _Split:
    return _Split(_span(tokens[:start]), _span(tokens[start:]), parse)


def _tokens(lines: list[_Line]) -> tuple[Token, ...]:
    return tuple(token for line in lines for token in line.tokens)


def _span(tokens: tuple[Token, ...]) -> Span | None:
    return (tokens[0].start, tokens[-1].end) if tokens else None


def _has_degree(line: _Line) -> bool:
    words = approver_words()
    tokens = line.tokens
    return words.is_title(tokens[0]) or any(words.is_degree(token) for token in tokens[1:])


def _name_words(tokens: tuple[Token, ...]) -> bool:
    """The words before the degrees are those of a name."""
    words = approver_words()
    plain = [token for token in tokens if not words.is_degree(token) and not words.is_title(token)]
    return 0 < len(plain) <= LONGEST_NAME and not any(words.is_agency(token) for token in plain[:1])


def _agency_only(line: _Line) -> bool:
    return any(approver_words().is_agency(token) for token in line.tokens)


def _trimmed(text: str, span: Span | None, name: bool = False) -> Span | None:
    """Without punctuation at the edges; the point that ends a degree stays."""
    if span is None:
        return None
    start, end = span
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        of_degree = text[end - 1] == "." and (
            text[end - 3 : end - 2] in (".", " ", ",") or (name and text[end - 2].isalpha())
        )
        if of_degree or (text[end - 1] == ")" and "(" in text[start:end]):
            break
        end -= 1
    return (start, end) if start < end else None


def _acting(position: str) -> str | None:
    lowered = " ".join(LETTERS.findall(position.casefold())) + " "
    return next((name for form, name in approver_words().acting.items() if lowered.startswith(form + " ")), None)
