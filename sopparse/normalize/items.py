"""How items of the six lists begin and which list a line fits."""

from __future__ import annotations

from functools import cache, lru_cache

from sopparse import vocab
from sopparse.normalize.text import fold


@cache
def starts(section: str) -> frozenset[str]:
    return frozenset(vocab.load("lists").get(section, {}).get("starts", ()))


@cache
def nouns(section: str) -> frozenset[str]:
    return frozenset(vocab.load("lists").get(section, {}).get("nouns", ()))


@cache
def strong_starts(section: str) -> frozenset[str]:
    """Words, or pairs of words, that begin an item even inside a line."""
    return frozenset(vocab.load("lists")["strong"].get(section, ()))


@cache
def open_words() -> frozenset[str]:
    """Words with which no item ends."""
    return frozenset(vocab.load("lists")["joints"]["open"])


@cache
def last_joints() -> frozenset[str]:
    """Words before the last of several things that commas part."""
    return frozenset(vocab.load("lists")["joints"]["last"])


@cache
def figure_words() -> frozenset[str]:
    """Words after which a figure is no list number."""
    return frozenset(vocab.load("lists")["joints"]["before_figure"])


@cache
def brands() -> frozenset[str]:
    """Words with an inner capital."""
    return frozenset(vocab.load("lists")["brands"]["nouns"])


@lru_cache(maxsize=8192)
def begins_item(text: str, section: str) -> bool:
    """Whether the text begins like an item of that list."""
    words = fold(text).split(" ", 2)
    if not words[0]:
        return False
    return words[0] in starts(section) or words[0] in nouns(section) or " ".join(words[:2]) in nouns(section)
