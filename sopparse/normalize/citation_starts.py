"""Where citations begin in running text: lists reach us glued, numbered, bracketed and broken."""

from __future__ import annotations

import regex

from sopparse import vocab
from sopparse.normalize.citation_heads import (
    HEAD_REACH,
    NUMBER_REACH,
    clean_reference,
    numbered_soon,
    patterns,
    read_head,
)
from sopparse.normalize.citation_numbers import find_about
from sopparse.normalize.citation_types import FoundKind, Token, kind_at, starts_kind, tokenize

# The longest list of legal bases seen has four pages and about forty citations; beyond this many it is no list.
_MOST_CANDIDATES = 2000


def citation_starts(text: str) -> tuple[int, ...]:
    """Offsets where a new citation begins, its list number included; none inside a title or an amendment."""
    tokens = tokenize(text)
    candidates = 0
    starts: list[int] = []
    opened, scanned = 0, 0  # the depth of brackets up to `scanned`
    i = 0
    while i < len(tokens) and candidates < _MOST_CANDIDATES:
        token = tokens[i]
        if not starts_kind(token) or (found := kind_at(text, tokens, i)) is None:
            i += 1
            continue
        candidates += 1
        for character in text[scanned : token.start]:
            opened = max(opened + (character == "(") - (character == ")"), 0)
        scanned = token.start
        start, strong = _marked(text, token.start)
        bracketed = opened > 0 and _closes(text, found.end)
        if _is_start(text, tokens, i, found, strong or opened > 0, bracketed):
            starts.append(start)
            opened = 0
        i += found.tokens
    return tuple(starts)


def _marked(text: str, start: int) -> tuple[int, bool]:
    """Where the list number before `start` begins, and whether something there says that an item begins."""
    low = max(start - 8, 0)
    before = text[low:start]
    marker = patterns()["marker"].search(before)
    if marker is not None and not patterns()["label"].search(text[max(low - 12, 0) : low + marker.start()]):
        return low + marker.start(), True
    stripped = before.rstrip(" \t")
    return start, not stripped or stripped[-1] in ";\n"


def _is_start(text: str, tokens: tuple[Token, ...], i: int, found: FoundKind, strong: bool, bracketed: bool) -> bool:
    if bracketed:
        return False
    if i:
        gap = text[tokens[i - 1].end : found.start]
        if gap in ("/", "-"):
            return False
        joint = vocab.load("citations")["words"]["joint"]
        if i > 1 and tokens[i - 1].text.casefold() in joint:
            gap = text[tokens[i - 2].end : found.start]
        parted = ";" in gap or ")" in gap or patterns()["marker"].search(gap) is not None
        if not parted and tokens[i - 1].text.casefold() in vocab.load("citations")["words"]["inside"]:
            return False
    if found.kind.unnumbered or numbered_soon(text, found):
        return True
    # Without a number: only a maker named in full, directly before the title.
    span = find_about(text, found.end, found.end + NUMBER_REACH)
    if span is None or found.kind.issuer is None or text[found.end : span[0]].strip(" .,:"):
        return False
    return strong or found.tokens >= _FULL_NAME


# "Peraturan Menteri Dalam Negeri": shorter ones are also said in passing.
_FULL_NAME = 4
_BRACKET = regex.compile(r"[()]")


def _closes(text: str, start: int) -> bool:
    """Whether the next bracket closes; else the open one before was never closed (cut text)."""
    bracket = _BRACKET.search(text, start, start + HEAD_REACH)
    return bracket is not None and bracket.group() == ")"


def citation_likeness(text: str) -> float:
    """How much a text looks like one citation: 0 no kind, 0.5 only the kind, 1 kind, number and year."""
    head = read_head(clean_reference(text[: 2 * HEAD_REACH])[:HEAD_REACH])
    if head is None or (head.kind.open and head.kind.type == "other"):
        return 0.0
    if head.kind.unnumbered:
        return 0.9 * head.parse
    numbered = head.numbered
    known = 0.0 if numbered is None else 0.3 * (numbered.number is not None) + 0.2 * (numbered.year is not None)
    return round((0.5 + known) * head.parse, 4)
