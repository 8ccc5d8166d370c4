"""Office holders, teams and units named in running text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from sopparse import vocab
from sopparse.normalize.titles import (
    Title,
    Token,
    expand,
    is_verb,
    roles,
    title_at,
    tokens_of,
    word_set,
)

# Unit names in running text: longer than this and the end was missed.
MAX_UNIT_WORDS = 9
# How far behind a comma the closing "dan" of a unit such as "Program, Aset dan Pelaporan" may stand.
LIST_REACH = 6


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters `start:end` of the text name an actor."""

    start: int
    end: int
    text: str
    title: Title


@lru_cache(maxsize=4096)
def find_mentions(text: str) -> tuple[Mention, ...]:
    """All mentions, left to right, without overlap; the unit belongs to the mention, a following verb does not."""
    tokens = tokens_of(text)
    found: list[Mention] = []
    at = 0
    while at < len(tokens):
        mention, at = _mention_at(text, tokens, at)
        if mention is not None:
            found.append(mention)
    return tuple(found)


def _mention_at(text: str, tokens: Sequence[Token], at: int) -> tuple[Mention | None, int]:
    first = title_at(text, tokens, at)
    if first is None:
        return None, at + 1
    alternatives: list[str] = []
    after = first.after
    while after < len(tokens):
        gap = text[tokens[after - 1].end : tokens[after].start]
        slash = gap.strip() == "/"
        if not slash and gap.strip():
            break
        second = title_at(text, tokens, after)
        if second is None or not (slash or _two_hats(first.role, second.role)):
            break
        if second.role != first.role:
            alternatives.append(second.role)
        after = second.after
    end = _unit_end(text, tokens, after, tokens[at].capital, roles()[first.role].kind)
    last = tokens[end - 1].end
    unit = " ".join(text[tokens[after].start : last].split()) if end > after else ""
    title = Title(first.role, tuple(alternatives), expand(unit) or None)
    start = tokens[at].start
    return Mention(start, last, text[start:last], title), end


def _two_hats(first: str, second: str) -> bool:
    """Two titles side by side name one actor ("Kasi PPTK"); a unit behind a post is that post's unit."""
    kinds = roles()[first].kind, roles()[second].kind
    return kinds[0] in ("office", "unit") and kinds[1] in ("office", "hat") and first != second


def _unit_end(text: str, tokens: Sequence[Token], begin: int, capital: bool, kind: str) -> int:
    """The index behind the last token of the unit name that begins at `begin`; `begin` where there is none."""
    end = at = begin
    joins = word_set("unit_join")
    while at < len(tokens) and at - begin < MAX_UNIT_WORDS:
        gap = text[tokens[at - 1].end : tokens[at].start].strip()
        if not _gap_inside(gap, tokens, at, begin):
            break
        word = tokens[at].word
        if word in joins or gap == "&":
            ahead = at + 1 if word in joins else at
            if at == begin or ahead >= len(tokens) or not _unit_like(text, tokens, ahead, capital, kind, joined=True):
                break
            at = end = ahead + 1
            continue
        if not _unit_like(text, tokens, at, capital, kind, joined=gap == "/"):
            break
        inner = title_at(text, tokens, at)
        at = end = inner.after if inner is not None else at + 1
    return end


def _gap_inside(gap: str, tokens: Sequence[Token], at: int, begin: int) -> bool:
    if gap in ("", "&", "-"):
        return True
    if gap == "/":
        return at > begin
    if gap == ".":
        return tokens[at - 1].word in _shortened()
    if gap in (",", ".,"):
        return at > begin and _list_follows(tokens, at)
    return False


def _list_follows(tokens: Sequence[Token], at: int) -> bool:
    """Whether the words behind a comma go on to a closing "dan", as the parts of a unit name do."""
    joins = word_set("unit_join")
    for token in tokens[at : at + LIST_REACH]:
        if token.word in joins:
            return token is not tokens[at]
        if is_verb(token.word) or token.word in word_set("end"):
            return False
    return False


@cache
def _shortened() -> frozenset[str]:
    return frozenset(short for entry in vocab.load("titles")["abbreviation"] for short in entry["short"])


def _unit_like(text: str, tokens: Sequence[Token], at: int, capital: bool, kind: str, joined: bool) -> bool:
    token = tokens[at]
    word = token.word
    inner = title_at(text, tokens, at)
    if inner is not None:
        return not joined and kind != "unit" and roles()[inner.role].kind == "unit"
    if word in word_set("end") or is_verb(word) or word[0].isdigit():
        return False
    if token.capital and capital:
        return True
    return word in word_set("unit_word") or word in _shortened() or _is_noun(word)


@lru_cache(maxsize=8192)
def _is_noun(word: str) -> bool:
    """The shape of "keuangan", "perencanaan", "pelaporan": names of tasks, of which units take theirs."""
    shape = vocab.load("wording")["morphology"]
    return len(word) > 6 and word.endswith(shape["noun_suffix"]) and word.startswith(tuple(shape["noun_prefixes"]))
