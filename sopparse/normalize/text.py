"""Folding for comparison, and repairs that say what they did."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex

_DASHES = regex.compile(r"[\u2010-\u2015\u2212]")
_NOT_ALNUM = regex.compile(r"[^\p{L}\p{N}]+")


# Longer texts do not recur; remembering them would fill the memory.
_REMEMBERED = 400


def fold(text: str) -> str:
    """Case, width, punctuation and repeated space removed: for comparing, never for showing."""
    return _fold(text) if len(text) <= _REMEMBERED else _folded(text)


def squeeze(text: str) -> str:
    """As `fold`, and without any space: labels are glued and torn in the sources."""
    return _squeeze(text) if len(text) <= _REMEMBERED else _folded(text).replace(" ", "")


def _folded(text: str) -> str:
    return _NOT_ALNUM.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


@lru_cache(maxsize=65536)
def _fold(text: str) -> str:
    return _folded(text)


@lru_cache(maxsize=65536)
def _squeeze(text: str) -> str:
    return _fold(text).replace(" ", "")


def capital_share(text: str) -> float:
    """The share of the letters that are capitals; 0 where there is no letter."""
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) / len(letters) if letters else 0.0
