"""What the rules know of words: verbs and their voice, nouns, the names of performers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

from sopparse import vocab

_WORD = re.compile(r"[^\W\d_]+")
# The titles of posts have at most so many words.
_LONGEST_FORM = 6
# Shorter words that differ in a letter are different words.
_SHORTEST_SPELLING = 5


@cache
def known(key: str) -> Any:
    """An entry of `[words]` in `vocab/lint.toml`; lists of words as tuples."""
    entry = vocab.load("lint")["words"][key]
    return entry if not isinstance(entry, list) or isinstance(entry[0], list) else tuple(entry)


@lru_cache(maxsize=16384)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a sentence; a single letter before it numbers it."""
    told = _WORD.findall(text.casefold())
    while told and len(told[0]) == 1:
        del told[0]
    return tuple(told)


def is_active(word: str) -> bool:
    return len(word) >= known("shortest_verb") and word.startswith(known("active")) and word not in known("not_active")


def is_passive(word: str) -> bool:
    return (
        len(word) >= known("shortest_verb") and word.startswith(known("passive")) and word not in known("not_passive")
    )


def is_noun(word: str) -> bool:
    """A noun made of a verb, or one that stands for what is done."""
    if word in known("other_nouns"):
        return True
    return len(word) >= known("shortest_noun") and any(
        word.startswith(begin) and word.endswith(end) for begin, end in known("nouns")
    )


def names_activity(words: Iterable[str]) -> bool:
    return any(is_active(word) or is_noun(word) or word in known("activities") or word in _acts() for word in words)


@cache
def _acts() -> frozenset[str]:
    return frozenset(form for act in vocab.load("wording")["act"] for form in act["forms"] if " " not in form)


@cache
def _posts() -> frozenset[str]:
    """The forms of all roles, written together: torn and glued prints are one."""
    roles = (role for role in vocab.load("titles")["role"] if not role.get("label_only") and role["kind"] != "acting")
    return frozenset(form.replace(" ", "") for role in roles for form in role["forms"])


def performer_at(words: Sequence[str], labels: Iterable[str | None]) -> int:
    """How many of the first words name a performer: one of the table's columns, or a known post. 0: none does."""
    longest = max((_shared(words, words_of(form)) for label in labels for form in _forms(label or "")), default=0)
    counts = range(min(_LONGEST_FORM, len(words)), longest, -1)
    return next((count for count in counts if "".join(words[:count]) in _posts()), longest)


def _forms(label: str) -> tuple[str, ...]:
    """One column may be headed by two titles of the same person."""
    return (label, *label.split("/"))


def _shared(words: Sequence[str], label: Sequence[str]) -> int:
    """How many words both begin with; the first may be spelt a little differently."""
    if not words or not label or not _is_spelling(words[0], label[0]):
        return 0
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(words[1:], label[1:], strict=False))
    return 1 + sum(1 for _ in same)


def _is_spelling(word: str, other: str) -> bool:
    from rapidfuzz.distance import Levenshtein

    return word == other or (len(word) >= _SHORTEST_SPELLING and Levenshtein.distance(word, other) <= 1)
