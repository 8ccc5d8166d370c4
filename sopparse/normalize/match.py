"""Fuzzy look-up of a text among known forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from rapidfuzz.distance import Levenshtein

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    entry: T
    form: str
    similarity: float  # 1 - edit distance / length of the longer
    runner_up: float  # the best similarity among forms of other entries


# Edits allowed by the length of the form: short words have too many neighbours to be repaired.
# 8 letters and 2 edits is the rule measured on scanned headings; below 5 letters nothing is repaired.
def allowed_edits(length: int) -> int:
    return 0 if length < 5 else 1 if length < 8 else 2 if length < 16 else length // 8


def best(query: str, forms: Mapping[str, T]) -> Match[T] | None:
    """The entry whose form is nearest to `query` (both already folded), within the edits its length allows.

    None where nothing is near enough, or where two entries are equally near: a tie is unknown.
    """
    exact = forms.get(query)
    if exact is not None:
        return Match(exact, query, 1.0, 0.0)
    limit = allowed_edits(len(query))
    if limit == 0:
        return None
    from rapidfuzz import process

    candidates = process.extract(
        query, forms.keys(), scorer=Levenshtein.distance, processor=None, score_cutoff=limit, limit=4
    )
    near = [(int(edits), form, forms[form]) for form, edits, _ in candidates if allowed_edits(len(form)) > 0]
    if not near:
        return None
    near.sort(key=lambda item: item[0])
    edits, form, entry = near[0]
    others = [(e, f) for e, f, other in near if other != entry]
    if others and others[0][0] == edits:
        return None
    runner_up = _similarity(query, others[0][1], others[0][0]) if others else 0.0
    return Match(entry, form, _similarity(query, form, edits), runner_up)


def _similarity(query: str, form: str, edits: int) -> float:
    return 1.0 - edits / max(len(query), len(form), 1)
