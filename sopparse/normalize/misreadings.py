"""Words that a machine misread: told by letters that look alike and by the words that the domain has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

import regex

from sopparse import vocab
from sopparse.page import Words, glued
from sopparse.stems import stem

# Shorter words have too many neighbours ("mari" and "hari", "kita" and "kira"), and many are abbreviations: of the
# words of four letters that would be mended in 2200 pieces of scans, every second was another word.
_LEAST_LETTERS = 5
# Shorter roots are parts of many words.
_LEAST_STEM = 4
# So long a word may hold two misread places: no other word is near.
_TWO_PLACES = 8
# A machine's own certainty does not tell: half the misread words of generated scans had 0.88 or more. So every word
# that a machine read is asked, and none that it did not read.

# A word with the marks that may be letters of it; a mark at its beginning is none.
_WORD = regex.compile(r"[\p{L}\d][\p{L}\d!|]*")
_FIGURES = regex.compile(r"\d\D*\d")


class Misread(NamedTuple):
    """What a machine read, and what must have been printed."""

    read: str
    printed: str


def mended(words: Words) -> tuple[Words, tuple[Misread, ...]]:
    """The words as they must have been printed, and what was mended.

    For the text of a value only: a mended word may be longer or shorter than what stands in the source, so the place
    and the coverage of a value are those of the words as they were read.
    """
    out, found = list(words), []
    for at, word in enumerate(words):
        # A word that was cut is found again by its length.
        if word.read == 1.0 or (at + 1 < len(words) and glued(word, words[at + 1])):
            continue
        text = mended_word(word.text)
        if text != word.text:
            out[at] = replace(word, text=text)
            found.append(Misread(word.text, text))
    return tuple(out), tuple(found)


@lru_cache(maxsize=16384)
def mended_word(text: str) -> str:
    """A word that a machine read, with its punctuation, as it must have been printed."""
    return _WORD.sub(lambda match: _mended(match.group()), text)


def _mended(read: str) -> str:
    if len(read) < _LEAST_LETTERS or _FIGURES.search(read) or is_known(read.rstrip("!|")):
        return read
    for places in range(1, 2 + (len(read) >= _TWO_PLACES)):
        near = {one for one in _unconfused(read, places) if one.casefold() in _meant()}
        if near:
            meant = near.pop()
            return read if near else meant.upper() if read.isupper() else meant
    return read


def _unconfused(read: str, places: int) -> Iterator[str]:
    """What may have been printed where so many places were misread."""
    for at in range(len(read)):
        for seen, printed in _confusions().get(read[at], ()):
            if not read.startswith(seen, at):
                continue
            rest = read[at + len(seen) :]
            ends = [rest] if places == 1 else _unconfused(rest, places - 1)
            yield from (read[:at] + printed + end for end in ends)


def is_known(word: str) -> bool:
    """Whether it is a word that is never mended: one of the vocabulary, a form of one, or a name of a region."""
    key = word.casefold()
    return key in lexicon() or key in _others() or stem(key) in _stems()


def single_letters(key: str) -> Iterator[str]:
    """The text with two letters that look like one taken for that one, for each such pair: `nornor` -> `nomor`."""
    return (key.replace(two, one) for two, one in _pairs() if two in key)


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    table = ((entry["read"], entry["printed"]) for entry in vocab.load("misreadings")["confusion"])
    return tuple((read, printed) for read, printed in table if len(read) == 2 and len(printed) == 1)


@cache
def _confusions() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """By the first letter that is seen."""
    out: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in vocab.load("misreadings")["confusion"]:
        out[entry["read"][0]].append((entry["read"], entry["printed"]))
    return {first: tuple(pairs) for first, pairs in out.items()}


@cache
def lexicon() -> frozenset[str]:
    """The domain's own words, in small letters."""
    known = vocab.load("lexicon")
    texts = [text for name in known["vocabulary"]["files"] for text in _texts(vocab.load(name))]
    found = {word for text in texts for word in _words(text)} | set(known["office"]["words"])
    return frozenset(found.difference(known["vocabulary"]["kept"]))


@cache
def _meant() -> frozenset[str]:
    return frozenset(word for word in lexicon() if len(word) >= _LEAST_LETTERS)


@cache
def _others() -> frozenset[str]:
    known = vocab.load("lexicon")
    names = {word for row in vocab.rows("regions") for word in _words(row["nama"])}
    return frozenset(names.union(known["other"]["words"], known["vocabulary"]["kept"]))


@cache
def _stems() -> frozenset[str]:
    return frozenset(found for word in lexicon() | _others() if len(found := stem(word)) >= _LEAST_STEM)


def _words(text: str) -> Iterator[str]:
    return (word for word in regex.findall(r"\p{L}+", text.casefold()) if len(word) >= _LEAST_STEM)


def _texts(node: object) -> Iterator[str]:
    """The texts in the lists of a vocabulary, but for its examples: some of these are misread on purpose."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in ("examples", "example"):
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            if isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
