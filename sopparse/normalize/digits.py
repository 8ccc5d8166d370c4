"""Numbers as scans and clerks write them: letters in the place of digits, fractions, numbers in words."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from sopparse import vocab
from sopparse.normalize import match

VULGAR = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
# Denominators that people write for a part of a day or an hour; 5/10 is more likely a lost dash.
_DENOMINATORS = ("2", "3", "4")


@cache
def scanned() -> dict[int, str]:
    """Translation of letters that stand for digits in scanned text."""
    return str.maketrans(dict(vocab.load("digits")["scanned"]))


def scanned_letters() -> str:
    """The same letters, to be put into a character class."""
    return re.escape("".join(vocab.load("digits")["scanned"]))


@cache
def number_words() -> dict[str, tuple[str, float]]:
    return {
        word: (entry["kind"], value)
        for entry in vocab.load("digits")["word"]
        for word, value in entry["values"].items()
    }


@lru_cache(maxsize=4096)
def words_to_number(text: str) -> int | float | None:
    """`dua puluh lima` -> 25. None as soon as one word is no number; a word one edit away is taken (scans)."""
    total: float = 0
    group: float = 0
    words = text.casefold().split()
    if not words or len(words) > 8:
        return None
    for word in words:
        found = match.best(word, number_words())
        if found is None:
            return None
        kind, value = found.entry
        if kind == "teen":
            group += value
        elif kind == "tens":
            hundreds, ones = divmod(group, 100)
            group = hundreds * 100 + ones * value
        elif kind == "hundreds":
            group = (group or 1) * value
        elif kind == "thousands":
            total += (group or 1) * value
            group = 0
        else:
            group += value
    return whole(total + group)


def whole(value: float) -> int | float:
    """3.0 -> 3: what was written without a fraction stays an integer."""
    return int(value) if value == int(value) else value


@lru_cache(maxsize=4096)
def slot_to_number(text: str) -> tuple[int | float | None, bool]:
    """The number written in a place where a number must stand, and whether misread characters were repaired.

    `1,5`, `1/2`, `1½`, `1.000`, `1 0`, `1O`. A comma before three digits can be read in two ways: None.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return int(text), False
    if text and text[-1] in VULGAR:
        head = text[:-1].strip()
        if head and not (head.isascii() and head.isdigit()):
            return None, False
        return int(head or 0) + VULGAR[text[-1]], False
    if "/" in text:
        return _fraction(text), False
    for mark in ",.":
        head, found, tail = text.partition(mark)
        if found and head.isascii() and tail.isascii() and head.isdigit() and tail.isdigit():
            if len(tail) < 3:
                return whole(float(f"{head}.{tail}")), False
            return (int(head + tail), False) if mark == "." and head != "0" else (None, False)
    repaired = text.replace(" ", "").translate(scanned())
    return (int(repaired), True) if repaired.isascii() and repaired.isdigit() else (None, False)


def _fraction(text: str) -> int | float | None:
    head, _, fraction = text.rpartition(" ")
    above, _, below = fraction.partition("/")
    known = above.isascii() and above.isdigit() and below in _DENOMINATORS and int(above) < int(below)
    if not known or (head and not (head.isascii() and head.isdigit())):
        return None
    return whole(int(head or 0) + int(above) / int(below))
