"""What the checks know of words: what a text is about, cut sentences, verbs, times. Compares; changes nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from sopparse import vocab
from sopparse.stems import stem

_NOT_ALNUM = re.compile(r"[\W_]+")
# The last item but one ends in "; and".
_AND = re.compile(r"[;,]\s*\w{3,4}\s*$")
# Two texts are about the same thing where this share of the shorter one's stems stands in the other.
SAME = 0.5


def fold(text: str | None) -> str:
    return _NOT_ALNUM.sub(" ", unicodedata.normalize("NFKC", text or "").casefold()).strip()


@cache
def words(table: str, key: str) -> frozenset[str]:
    """A list of `vocab/checks.toml`."""
    return frozenset(vocab.load("checks")[table][key])


@lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """The stems of the words that say what the text is about."""
    generic = words("generic", "words")
    return frozenset(stem(w) for w in fold(text).split() if len(w) > 2 and w not in generic and not w.isdigit())


def about_the_same(left: Iterable[str], right: Iterable[str]) -> bool:
    """Whether one of the texts on the left shares its matter with one on the right."""
    return any(_shared(a, b) >= SAME for a in left for b in right)


def _shared(left: str, right: str) -> float:
    a, b = stems(left), stems(right)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def is_cut(text: str, item: bool = False) -> bool:
    """Whether a sentence or an item of a list stops in the middle."""
    told = fold(_AND.sub("", text)).split()
    if not told:
        return False
    ends = words("cut", "ends") | words("cut", "ends_of_items") if item else words("cut", "ends")
    if item and told[-1] in words("cut", "attributes") and words("cut", "attributed").intersection(told[-3:-1]):
        return False
    if told[-1] in ends or text.rstrip().endswith((",", "/", "(")):
        return True
    if text.count("(") > text.count(")"):
        return True
    if item and _wants_object(told[-1]):
        return True
    if len(told) == 1:
        return item and told[0] in words("cut", "begins")
    unfinished = told[0] in words("cut", "conditions") and "," not in text
    return unfinished and not words("cut", "consequences").intersection(told[1:])


def lacks_predicate(text: str) -> bool:
    """A thing with a clause about it, of which then nothing is said: "papers that are not complete"."""
    told = fold(text).split()
    relative = words("cut", "relative").intersection(told[1:3])
    return bool(relative) and "," not in text and not words("cut", "consequences").intersection(told)


def _wants_object(word: str) -> bool:
    verbs = vocab.load("checks")["verbs"]
    return word.startswith(verbs["active"]) and word.endswith(verbs["transitive"]) and len(word) > verbs["shortest"]


def has_verb(text: str) -> bool:
    """Whether one of the words is a verb, or a noun made of one. Nothing is said of an empty text."""
    verbs = vocab.load("checks")["verbs"]
    begin, end = tuple(verbs["prefixes"]), tuple(verbs["suffixes"])
    told = fold(text).split()
    return not told or any(
        word in _acts() or (len(word) >= verbs["shortest"] and (word.startswith(begin) or word.endswith(end)))
        for word in told
    )


@cache
def _acts() -> frozenset[str]:
    return frozenset(form for act in vocab.load("wording")["act"] for form in act["forms"] if " " not in form)


def begins_sentence(text: str) -> bool:
    """Whether the text begins as only the sentence of a step does."""
    told = fold(text).split()
    if len(told) < 2 or told[0] in words("sentence", "nouns"):
        return False
    known = vocab.load("checks")
    return told[0].startswith(known["verbs"]["active"]) and len(told[0]) >= known["sentence"]["shortest"]


@cache
def _time() -> re.Pattern[str]:
    forms = sorted({form for unit in vocab.load("units")["unit"] for form in unit["forms"]}, key=len, reverse=True)
    number = r"\d+(?:[.,]\d+)?"
    return re.compile(rf"\W*{number}(?:\s*(?:-|–|x)\s*{number})?\s*(?:{'|'.join(map(re.escape, forms))})\W*", re.I)


def is_time(text: str) -> bool:
    """Whether the text is nothing but a number with a unit of time."""
    return _time().fullmatch(text) is not None
