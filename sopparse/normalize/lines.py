"""Lines that say what they are by how they begin: totals, footnotes, titles of procedures, page footers."""

from __future__ import annotations

from functools import cache, lru_cache

import regex

from sopparse import vocab
from sopparse.normalize.text import fold

_PAGE_NUMBER = regex.compile(r"\d{1,3}(?: \d{1,3})?")
_STARRED = regex.compile(r"\*{1,3}\)?\s*\S")
_COLON = regex.compile(r"^\s*\S+(?:\s+\S+){0,2}\s*[:.]")


@cache
def _starts(kind: str) -> tuple[str, ...]:
    return tuple(sorted((fold(s) for s in vocab.load("lines")[kind]["starts"] if fold(s)), key=len, reverse=True))


def _begins(text: str, kind: str) -> bool:
    folded = fold(text)
    return any(folded == start or folded.startswith(start + " ") for start in _starts(kind))


@lru_cache(maxsize=4096)
def is_total(text: str) -> bool:
    """A row of a table that adds up: no step."""
    return _begins(text, "total")


@lru_cache(maxsize=4096)
def is_footnote(text: str) -> bool:
    """A line under a table that explains it."""
    if _STARRED.match(text) or is_total(text):
        return True
    return _begins(text, "footnote") and _COLON.match(text) is not None


@lru_cache(maxsize=4096)
def is_procedure_title(text: str) -> bool:
    """A line over a table that names a procedure."""
    return _begins(text, "procedure-title")


@lru_cache(maxsize=4096)
def is_footer(text: str) -> bool:
    """A line that belongs to the page and not to the document: page numbers, notes of scanners and signers."""
    folded = fold(text)
    words = [word for word in folded.split() if word not in vocab.load("lines")["footer"]["page"]]
    if words and _PAGE_NUMBER.fullmatch(" ".join(words)) and len(folded) < 24:
        return len(words) < len(folded.split())
    return any(part in folded for part in vocab.load("lines")["footer"]["contains"])
