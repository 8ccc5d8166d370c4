"""How the lines of a letterhead begin: the words that tell a government, an agency, a unit or an address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import regex
from rapidfuzz.distance import Levenshtein

from sopparse import vocab
from sopparse.normalize.match import best

Sort = Literal["government", "agency", "unit", "address", "noise", "plain"]

# Words of this length and more may be misread in a head: shorter ones have too many neighbours.
_REPAIRED_HEAD = 7
# The longest head in the vocabulary has four words.
_LONGEST_HEAD = 4

WORD = regex.compile(r"[\p{L}\p{N}&@]+")


@dataclass(frozen=True, slots=True)
class Head:
    sort: Sort
    words: int
    inner: bool = False
    repaired: bool = False


def is_words(text: str) -> bool:
    """Letters and the punctuation of names; at least one word of three letters: not the noise of a stamp or frame."""
    letters = sum(c.isalpha() for c in text)
    visible = sum(not c.isspace() for c in text)
    return letters >= 3 and letters / visible >= 0.85 and max(map(len, text.split())) >= 3


@lru_cache(maxsize=2048)
def head_of(text: str) -> Head | None:
    words = [(m.group(), m.start()) for m in WORD.finditer(text)]
    if not words:
        return Head("noise", 0)
    head = head_at(words, 0)
    if head is None or head.sort in ("unit", "agency"):
        folded = text.casefold()
        if any(mark in folded for mark in vocab.load("agencies")["address"]["marks"]) and any(
            c.isdigit() or c == "@" for c in text
        ):
            return Head("address", 1)
    if head is None and not is_words(text):
        return Head("noise", 0)
    return head


def head_at(words: list[tuple[str, int]], i: int) -> Head | None:
    """The longest head that begins at word i."""
    heads = _heads()
    for n in range(min(_LONGEST_HEAD, len(words) - i), 0, -1):
        head = heads.get(" ".join(w.casefold() for w, _ in words[i : i + n]))
        if head is not None:
            return head
    word = words[i][0].casefold()
    return _repaired(word) if len(word) >= _REPAIRED_HEAD else None


# "MERINTAH" lost two letters at the edge; more loss leaves too little to know the head by.
_MOST_CLIPPED = 3


@lru_cache(maxsize=2048)
def _repaired(word: str) -> Head | None:
    """A head misread in one letter, or whose first letters the edge of the scan cut off. Two letters are too many:
    "pengadaan" is not "pengadilan", "pemerintahan" not "pemerintah"."""
    match = best(word, _long_heads())
    entry = match.entry if match is not None and Levenshtein.distance(word, match.form) <= 1 else None
    if entry is None:
        clipped = [
            head for form, head in _long_heads().items() if 0 < len(form) - len(word) <= 3 and form.endswith(word)
        ]
        entry = clipped[0] if len(clipped) == 1 else None
    return None if entry is None else Head(entry.sort, 1, entry.inner, repaired=True)


@cache
def _heads() -> dict[str, Head]:
    data = vocab.load("agencies")
    heads: dict[str, Head] = {}
    listed: list[tuple[Sort, dict[str, list[str]], bool]] = [("government", data["government"], False)]
    listed += [("agency", entry, entry.get("inner", False)) for entry in data["agency"]]
    listed += [("unit", entry, entry.get("inner", False)) for entry in data["unit"]]
    listed += [("address", data["address"], False), ("noise", data["noise"], False)]
    for sort, entry, inner in listed:
        for form in entry["heads"]:
            heads[form] = Head(sort, len(form.split()), inner)
    return heads


@cache
def _long_heads() -> dict[str, Head]:
    return {form: head for form, head in _heads().items() if " " not in form and len(form) >= _REPAIRED_HEAD}


@cache
def joiners() -> frozenset[str]:
    return frozenset(vocab.load("agencies")["joiners"]["words"])


@cache
def street_words() -> frozenset[str]:
    return frozenset(vocab.load("agencies")["address"]["heads"])
