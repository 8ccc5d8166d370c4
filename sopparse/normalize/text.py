"""Folding for comparison, and repairs that say what they did."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex

_DASHES = regex.compile(r"[\u2010-\u2015\u2212]")
_NOT_ALNUM = regex.compile(r"[^\p{L}\p{N}]+")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Case, width, punctuation and repeated space removed: for comparing, never for showing."""
    return _NOT_ALNUM.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


@lru_cache(maxsize=65536)
def squeeze(text: str) -> str:
    """As `fold`, and without any space: labels are glued and torn in the sources."""
    return fold(text).replace(" ", "")


def plain_dashes(text: str) -> str:
    return _DASHES.sub("-", text)
