"""SOPs that are about the same thing, by their titles and their steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sopparse.compare.linkage import linked
from sopparse.compare.spelling import spellings
from sopparse.compare.subjects import Subject
from sopparse.compare.terms import alike, terms, title_terms, wording, words
from sopparse.compare.weights import Floats, Ints, Vectors, vectors

# Mean likeness from which two groups are about the same thing. On the develop half of the families in the tests (236 to
# 1922 SOPs of 40 subjects) every value from 0.38 to 0.48 gave an adjusted Rand index of 0.95 to 0.99: below, near
# neighbours fall together, above, subjects fall apart.
SAME_SUBJECT = 0.42
# Likeness below which a pair cannot bring two SOPs into one group; well below the threshold, for it is only a mean.
LEAST_LINK = 0.30
LINK_STEP = 0.05
ROWS_AT_ONCE = 256
# Groups are made of at most so many candidates at once: a square of this size takes 256 MB.
MOST_AT_ONCE = 8000
# How much a word counts by where it stands, and what each tenfold of its occurrences adds. Not fitted.
IN_TITLE = 1.0
IN_ACTIVITY = 0.5
IN_VERB = 0.2
IN_OUTPUT = 0.3
AGAIN = 0.7
# What two words alike share, against 1 for the same word.
ALIKE = 0.7


@dataclass(frozen=True, slots=True)
class Group:
    """`label`: its most usual title. `cohesion`: the mean likeness of its pairs, None for a group of one."""

    label: str
    members: tuple[Subject, ...]
    cohesion: float | None


def group(known: Iterable[Subject], threshold: float = SAME_SUBJECT) -> tuple[Group, ...]:
    """The groups, largest first; the same whatever the order in which the subjects come."""
    ordered = sorted(known, key=lambda one: (one.place.sha256, one.place.pointer, one.place.document))
    if not ordered:
        return ()
    found = vectors(_documents(ordered))
    made = []
    for rows in _components(found, np.arange(len(ordered)), min(LEAST_LINK, threshold)):
        likeness = found.square(rows)
        for part in linked(likeness.copy(), threshold):
            members = tuple(ordered[rows[i]] for i in part)
            made.append(Group(label_of(members), members, _cohesion(likeness, part)))
    return tuple(sorted(made, key=lambda one: (-len(one.members), one.label, one.members[0].place.sha256)))


def _documents(ordered: list[Subject]) -> list[Mapping[str, float]]:
    documents = [_terms_of(subject) for subject in ordered]
    fixes = spellings(documents)
    return [_with_alike({fixes.get(term, term): weight for term, weight in one.items()}) for one in documents]


def _terms_of(subject: Subject) -> dict[str, float]:
    """Stems with the weight of the best place at which they stand, a little more where they come again."""
    counts: Counter[str] = Counter()
    best: dict[str, float] = {}

    def note(stems: Iterable[str], weight: float) -> None:
        for one in stems:
            counts[one] += 1
            best[one] = max(best.get(one, 0.0), weight)

    if subject.title and "title" not in subject.doubtful:
        note(title_terms(subject.title), IN_TITLE)
    names = frozenset(word for column in subject.columns for word in words(column))
    for step in subject.steps:
        if step.activity and "activity" not in step.doubtful:
            said = wording(step.activity, names)
            note(said.terms, IN_ACTIVITY)
            note(said.verbs, IN_VERB)
        if "outputs" not in step.doubtful:
            note((one for output in step.outputs for one in terms(output)), IN_OUTPUT)
    return {term: best[term] * (1.0 + AGAIN * float(np.log10(counts[term]))) for term in best}


def _with_alike(document: Mapping[str, float]) -> dict[str, float]:
    made: dict[str, float] = dict(document)
    for term, weight in document.items():
        for name in alike(term, verb=False) or alike(term, verb=True):
            made[f"={name}"] = max(made.get(f"={name}", 0.0), weight * ALIKE)
    return made


def _components(found: Vectors, rows: Ints, least: float) -> list[Ints]:
    """Sets of rows that no pair of at least that likeness joins, each small enough to be grouped at once."""
    label = np.arange(found.count)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        block = rows[start : start + ROWS_AT_ONCE]
        for row, line in zip(block, found.like(block)[:, rows] >= least, strict=True):
            _join(label, np.append(rows[line], row))
    roots = _roots(label)[rows]
    made: list[Ints] = []
    for root in np.unique(roots):
        part = rows[roots == root]
        made.extend([part] if len(part) <= MOST_AT_ONCE else _components(found, part, least + LINK_STEP))
    return made


def _join(label: Ints, rows: Ints) -> None:
    """Union: all roots of these rows get the smallest of them."""
    roots = label[rows]
    while True:
        above = label[roots]
        if np.array_equal(above, roots):
            break
        roots = above
    label[roots] = roots.min()
    label[rows] = roots.min()


def _roots(label: Ints) -> Ints:
    while True:
        above = label[label]
        if np.array_equal(above, label):
            return label
        label = above


def _cohesion(likeness: Floats, part: list[int]) -> float | None:
    if len(part) == 1:
        return None
    square = likeness[np.ix_(part, part)]
    count = len(part)
    return float((square.sum() - np.trace(square)) / (count * (count - 1)))


def label_of(members: tuple[Subject, ...]) -> str:
    """The most usual title; of equally usual ones the shortest."""
    titles = Counter(" ".join(one.title.split()) for one in members if one.title and "title" not in one.doubtful)
    return min(titles, key=lambda title: (-titles[title], len(title), title)) if titles else ""
