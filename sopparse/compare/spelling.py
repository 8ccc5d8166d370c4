"""Misprints of words that the same set of documents has correctly and often."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import DamerauLevenshtein

from sopparse.compare.terms import acts, alike

# Shorter words have real neighbours at one letter's distance ("tanah", "tanam").
SHORTEST = 6
# A misprint is rarer than the word: "rekap" and "rekam" both live in a set, and are kept apart.
TIMES_RARER = 4


def spellings(documents: Sequence[Iterable[str]]) -> dict[str, str]:
    """Each stem that is a misprint, with the stem that was meant."""
    counts = Counter(term for document in documents for term in document)
    near: defaultdict[str, list[str]] = defaultdict(list)
    for term in sorted(counts):
        if len(term) >= SHORTEST - 1:
            for key in _shortened(term):
                near[key].append(term)
    fixes: dict[str, str] = {}
    for term in sorted(counts):
        if len(term) >= SHORTEST and not _is_known(term):
            meant = _meant(term, {one for key in _shortened(term) for one in near[key]}, counts)
            if meant is not None:
                fixes[term] = meant
    return fixes


def _meant(term: str, candidates: set[str], counts: Counter[str]) -> str | None:
    better = [one for one in candidates if one != term and counts[one] >= TIMES_RARER * counts[term]]
    close = [one for one in better if DamerauLevenshtein.distance(term, one) == 1]
    return min(close, key=lambda one: (-counts[one], one)) if close else None


def _is_known(term: str) -> bool:
    return bool(acts(term) or alike(term, verb=True) or alike(term, verb=False))


def _shortened(term: str) -> Iterator[str]:
    """The word and the word without each of its letters: two words one letter apart have one of these in common."""
    yield term
    for at in range(len(term)):
        if at == 0 or term[at] != term[at - 1]:
            yield term[:at] + term[at + 1 :]
