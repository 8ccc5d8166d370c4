"""The steps of a group as vectors: what is done, to what, by whom, with what, giving what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sopparse.compare.spelling import spellings
from sopparse.compare.subjects import Step, Subject
from sopparse.compare.terms import Wording, acts, alike, clauses, terms, words
from sopparse.compare.weights import Floats, rarity

# What each trait counts in the likeness of two steps, where both steps have it: what is done to what says most, who
# does it says little, for that is what differs between agencies. Not fitted.
SHARES = (("verb", 0.36), ("matter", 0.34), ("output", 0.16), ("actor", 0.10), ("requirement", 0.04))
# Two steps whose verbs have less than this in common do different things, however alike all else is; their likeness
# counts so much. Not zero: no list has all the verbs that offices use for one act.
NO_VERB = 0.1
STRANGE_VERB = 0.7
# What a word counts that stands in every step, against 1 for a word of one step.
EVERYWHERE = 0.4
# Traits whose words count more the fewer steps have them.
_RARE = ("matter", "output", "requirement")
# A verb by its stem, by the verbs alike, and by the kind of act; a verb of a purpose or relative clause counts less.
VERB_STEM, VERB_ALIKE, VERB_ACT, BESIDE = 0.6, 0.8, 0.35, 0.35
MATTER_ALIKE = 0.7
ROLE, RANK_CLASS = 0.6, 0.8


@dataclass(frozen=True, slots=True)
class Traits:
    """One row for each act, in blocks of columns, one block for each trait; of unit length, or zero if unknown."""

    matrix: Floats
    blocks: tuple[slice, ...]

    def unit(self, rows: Floats) -> Floats:
        """These rows with each block brought to unit length."""
        made = rows.copy()
        for block in self.blocks:
            length = np.linalg.norm(made[:, block], axis=1, keepdims=True)
            made[:, block] /= np.where(length > 0, length, 1.0)
        return made

    def likeness(self, first: Floats, second: Floats) -> Floats:
        """0-1 for each pair of rows, from the traits that both have; 0 where they have none in common."""
        total = np.zeros((len(first), len(second)), dtype=np.float32)
        shares = np.zeros_like(total)
        for block, (_, share) in zip(self.blocks, SHARES, strict=True):
            left, right = first[:, block], second[:, block]
            total += share * (left @ right.T)
            shares += share * np.outer(left.any(axis=1), right.any(axis=1))
        verbs = self.blocks[0]
        left, right = first[:, verbs], second[:, verbs]
        strange = (left @ right.T < NO_VERB) & np.outer(left.any(axis=1), right.any(axis=1))
        return _mean(total, shares, strange)

    def likenesses(self, first: Floats, second: Floats) -> Floats:
        """The same for each row of the one and the row of the other at that place."""
        total = np.zeros(len(first), dtype=np.float32)
        shares = np.zeros_like(total)
        for block, (_, share) in zip(self.blocks, SHARES, strict=True):
            left, right = first[:, block], second[:, block]
            total += share * np.einsum("ij,ij->i", left, right)
            shares += share * (left.any(axis=1) & right.any(axis=1))
        left, right = first[:, self.blocks[0]], second[:, self.blocks[0]]
        strange = (np.einsum("ij,ij->i", left, right) < NO_VERB) & left.any(axis=1) & right.any(axis=1)
        return _mean(total, shares, strange)


def _mean(total: Floats, shares: Floats, strange: NDArray[np.bool_]) -> Floats:
    mean = np.where(shares > 0, total / np.maximum(shares, 1e-6), 0.0)
    return np.asarray(mean * np.where(strange, STRANGE_VERB, 1.0), dtype=np.float32)


def traits(members: Sequence[Subject]) -> tuple[Traits, tuple[tuple[int, ...], ...]]:
    """The vectors of all acts of all steps in order, and for each member of which of its steps (index) each act is."""
    raw: list[tuple[dict[str, float], ...]] = []
    steps_of: list[tuple[int, ...]] = []
    for member in members:
        names = frozenset(word for column in member.columns for word in words(column))
        acts_of = [_acts_of(step, names) for step in member.steps]
        raw.extend(one for found in acts_of for one in found)
        steps_of.append(tuple(index for index, found in enumerate(acts_of) for _ in found))
    matrices = [_matrix([one[i] for one in raw], name in _RARE) for i, (name, _) in enumerate(SHARES)]
    edges = np.cumsum([0, *(matrix.shape[1] for matrix in matrices)])
    blocks = tuple(slice(int(a), int(b)) for a, b in pairwise(edges))
    return Traits(np.hstack(matrices), blocks), tuple(steps_of)


def _acts_of(step: Step, names: frozenset[str]) -> list[tuple[dict[str, float], ...]]:
    """The traits of each act that the step tells; what it needs and gives belongs to all of them."""
    said: tuple[Wording, ...] = (Wording(),)
    if step.activity and "activity" not in step.doubtful:
        said = clauses(step.activity, names)
    around = (
        _matter(() if "outputs" in step.doubtful else _stems(step.outputs)),
        {} if "actors" in step.doubtful else _actors(step),
        _matter(() if "requirements" in step.doubtful else _stems(step.requirements)),
    )
    return [(_verbs(one), _matter(one.terms), *around) for one in said]


def _stems(items: Iterable[str]) -> list[str]:
    return [stem for item in items for stem in terms(item)]


def _verbs(said: Wording) -> dict[str, float]:
    made: defaultdict[str, float] = defaultdict(float)
    for verb, weight in [*((one, 1.0) for one in said.verbs), *((one, BESIDE) for one in said.beside)]:
        made[verb] += weight * VERB_STEM
        for names, share, mark in ((alike(verb, verb=True), VERB_ALIKE, "="), (acts(verb), VERB_ACT, "~")):
            for name in names:
                made[mark + name] += weight * share
    return dict(made)


def _matter(stems: Iterable[str]) -> dict[str, float]:
    made: dict[str, float] = {}
    for one in stems:
        made[one] = 1.0
        for name in alike(one, verb=False):
            made[f"={name}"] = MATTER_ALIKE
    return made


def _actors(step: Step) -> dict[str, float]:
    made: dict[str, float] = {}
    for performer in step.performers:
        if performer.role:
            made[performer.role] = ROLE
            made[f"={performer.rank_class or performer.role}"] = RANK_CLASS
    return made


def _matrix(documents: list[dict[str, float]], rare: bool) -> Floats:
    """Rows of unit length over the terms of these documents, sorted; `rare`: terms of few steps count more."""
    fixes = spellings(documents) if rare else {}
    fixed: list[Mapping[str, float]] = (
        [{fixes.get(k, k): v for k, v in one.items()} for one in documents] if fixes else list(documents)
    )
    weight = rarity(fixed) if rare else {}
    number = {term: i for i, term in enumerate(sorted({term for one in fixed for term in one}))}
    matrix = np.zeros((len(fixed), len(number)), dtype=np.float32)
    for row, one in enumerate(fixed):
        for term, value in one.items():
            matrix[row, number[term]] = value * (EVERYWHERE + (1.0 - EVERYWHERE) * weight[term] if rare else 1.0)
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(length > 0, length, 1.0), dtype=np.float32)
