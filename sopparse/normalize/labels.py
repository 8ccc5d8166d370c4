"""Printed labels of the form: which words are a label, and which label."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import regex
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from sopparse import vocab
from sopparse.normalize.match import allowed_edits, best
from sopparse.normalize.misreadings import single_letters
from sopparse.normalize.text import squeeze

Group = Literal["header", "section", "column", "group", "form"]

# The longest label has six words; a torn one ("K E T E R K A I T A N") is not searched for.
_MAX_WORDS = 7
# A label glued to its value ("Nama SOPPengumpulan") must be at least this long to be cut off.
_MIN_GLUED = 6

# What a longer fuzzy form may be worse than a shorter exact one, and the letters it must have more.
_MAX_LOSS = 0.15
_MIN_WORD = 3

# Fewer letters than these say nothing about how a label begins.
_MIN_START = 4

_SEAM = regex.compile(
    r"(?<=:)(?=[^\s:])|(?<=\p{Ll})(?=[\p{Lu}\p{N}])|(?<=\p{Lu}{2})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{N})"
)


@dataclass(frozen=True, slots=True)
class Label:
    group: Group
    name: str


@dataclass(frozen=True, slots=True)
class FoundLabel:
    """A label at the start of some words: it takes `count` of them, of the last only `cut` characters (None: all)."""

    label: Label
    count: int
    cut: int | None
    similarity: float
    weak: bool
    colon: bool  # a colon follows or ends the label


@cache
def _forms(group: Group, weak: bool) -> dict[str, Label]:
    table = vocab.load("labels")[group]
    return {
        squeeze(form): Label(group, name)
        for name, entry in table.items()
        for form in entry["weak" if weak else "forms"]
    }


@cache
def cut_labels() -> tuple[tuple[str, str, Label], ...]:
    """Labels that are printed over two lines: beginning, end, label (folded)."""
    table = vocab.load("labels")["header"]
    return tuple(
        (squeeze(start), squeeze(end), Label("header", name))
        for name, entry in table.items()
        for start, end in entry.get("cut", ())
    )


@lru_cache(maxsize=16384)
def _look_up(key: str, group: Group) -> tuple[Label, float, bool] | None:
    """Label, similarity and whether the form is a weak one."""
    if not key:
        return None
    weak = _forms(group, True).get(key)
    if weak is not None:
        return weak, 1.0, True
    for seen in single_letters(key):
        # Two letters that look like one are one misread letter, not two edits.
        for common in (False, True):
            label = _forms(group, common).get(seen)
            if label is not None:
                return label, 1.0 - 1.0 / len(key), common
    # A figure at the end is a value that follows the label, not a misread letter of it.
    match = best(key, _forms(group, False)) if not key[-1].isdigit() or key in _forms(group, False) else None
    if match is None:
        return None
    return match.entry, match.similarity, False


@lru_cache(maxsize=32768)
def whole_label(text: str, groups: tuple[Group, ...]) -> FoundLabel | None:
    """The label that the whole text is."""
    found = [
        FoundLabel(hit[0], len(text.split()), None, hit[1], hit[2], text.rstrip().endswith(":"))
        for group in groups
        if (hit := _look_up(squeeze(text), group)) is not None
    ]
    return max(found, key=lambda f: (f.similarity, not f.weak)) if found else None


@cache
def _first_words(groups: tuple[Group, ...]) -> frozenset[str]:
    table = vocab.load("labels")
    return frozenset(
        squeeze(form.split()[0])
        for group in groups
        for entry in table[group].values()
        for form in (*entry["forms"], *entry["weak"])
    )


@lru_cache(maxsize=65536)
def may_start_label(word: str, groups: tuple[Group, ...]) -> bool:
    """Whether a label can begin with the word: a cheap question, asked of every word before the dear one."""
    key = squeeze(word)
    firsts = _first_words(groups)
    if key in firsts or any(seen in firsts for seen in single_letters(key)):
        return True
    if len(key) < _MIN_START:
        return False
    if any(key.startswith(first[:_MIN_START]) for first in firsts if len(first) >= _MIN_START):
        return True
    near_first = process.extractOne(key, firsts, scorer=Levenshtein.distance, processor=None, score_cutoff=2)
    if near_first is not None and near_first[1] <= allowed_edits(max(len(near_first[0]), 5)):
        return True
    # A whole label glued together and misread at its beginning.
    return len(key) >= 2 * _MIN_START and any(best(key, _forms(group, False)) is not None for group in groups)


@lru_cache(maxsize=16384)
def label_prefix(tokens: tuple[str, ...], groups: tuple[Group, ...]) -> FoundLabel | None:
    """The longest label with which the words begin; weak forms count only before a colon."""
    if not tokens or not may_start_label(tokens[0], groups):
        return None
    found: FoundLabel | None = None
    key = taken = ""
    for count, token in enumerate(tokens[:_MAX_WORDS], 1):
        key += squeeze(token)
        if len(key) > 40:
            break
        colon = token.rstrip().endswith(":") or (count < len(tokens) and tokens[count].startswith(":"))
        candidate = _seam_candidate(key, token, groups, count) or _candidate(key, groups, count, None, colon)
        if candidate is not None and (
            found is None
            or candidate.similarity >= found.similarity
            # A fuzzy form wins over an exact shorter one only if it is longer by a word, not by a swallowed digit.
            or (len(key) >= len(taken) + _MIN_WORD and candidate.similarity >= found.similarity - _MAX_LOSS)
        ):
            found, taken = candidate, key
        if colon:
            break
    return found


def _candidate(key: str, groups: tuple[Group, ...], count: int, cut: int | None, colon: bool) -> FoundLabel | None:
    for group in groups:
        hit = _look_up(key, group)
        if hit is not None and (colon or not hit[2]):
            return FoundLabel(hit[0], count, cut, hit[1], hit[2], colon)
    return None


def _seam_candidate(key: str, token: str, groups: tuple[Group, ...], count: int) -> FoundLabel | None:
    """A label that ends inside the token, where case or kind of character changes."""
    before = key[: len(key) - len(squeeze(token))]
    for match in _SEAM.finditer(token):
        part = before + squeeze(token[: match.start()])
        if len(part) < _MIN_GLUED:
            continue
        for group in groups:
            label = _forms(group, False).get(part)
            if label is not None:
                return FoundLabel(label, count, match.start(), 1.0, False, token[match.start() - 1] == ":")
    return None


def near(text: str, form: str) -> bool:
    """Whether the text is the form, give or take the edits that its length allows."""
    key, form = squeeze(text), squeeze(form)
    return Levenshtein.distance(key, form, score_cutoff=allowed_edits(len(form))) <= allowed_edits(len(form))
