"""Texts as sparse vectors over numbered terms, and the likeness of one to all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# A term is rare or common in comparison to a set of at least this size: in a set of five, all of one subject, no term
# of that subject may lose its weight. With 40, near neighbours in sets of eight fell together (develop half of the
# families in the tests, two by two).
LEAST_SET = 20
# The terms of most documents are multiplied as one matrix, the others document by document; so many columns at once.
MOST_COMMON = 512
AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class Vectors:
    """Rows of unit length. `columns` and `values` of row i lie between `starts[i]` and `starts[i + 1]`.

    `common`: the terms of most documents, one column each. `postings`: the rows and values of every other term.
    """

    starts: Ints
    columns: Ints
    values: Floats
    common: Floats
    postings: dict[int, tuple[Ints, Floats]]

    @property
    def count(self) -> int:
        return len(self.starts) - 1

    def like(self, rows: Ints) -> Floats:
        """The cosine of each of these rows with every other row."""
        found = self.common[rows] @ self.common.T
        for line, row in zip(found, rows, strict=True):
            for at in range(self.starts[row], self.starts[row + 1]):
                posting = self.postings.get(int(self.columns[at]))
                if posting is not None:
                    line[posting[0]] += self.values[at] * posting[1]
        return np.asarray(found, dtype=np.float32)

    def square(self, rows: Ints) -> Floats:
        """The cosine of these rows with one another."""
        spans = [slice(self.starts[row], self.starts[row + 1]) for row in rows]
        columns = np.concatenate([self.columns[span] for span in spans])
        own, number = np.unique(columns, return_inverse=True)
        line = np.repeat(np.arange(len(rows)), [span.stop - span.start for span in spans])
        values = np.concatenate([self.values[span] for span in spans])
        found = np.zeros((len(rows), len(rows)), dtype=np.float32)
        for start in range(0, len(own), AT_ONCE):
            inside = (number >= start) & (number < start + AT_ONCE)
            part = np.zeros((len(rows), min(AT_ONCE, len(own) - start)), dtype=np.float32)
            part[line[inside], number[inside] - start] = values[inside]
            found += part @ part.T
        return found


def rarity(documents: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """For each term how much it tells apart: 1 for a term of one document, towards 0 for one of all."""
    seen = Counter(term for document in documents for term in document)
    size = max(len(documents), LEAST_SET)
    most = np.log((size + 1) / 1.5)
    return {term: float(np.log((size + 1) / (count + 0.5)) / most) for term, count in seen.items()}


def vectors(documents: Sequence[Mapping[str, float]]) -> Vectors:
    """Each document's terms by their weight and rarity, with postings to find all documents of a term."""
    weight = rarity(documents)
    number = {term: i for i, term in enumerate(sorted(weight))}
    starts, columns, values = [0], list[int](), list[float]()
    for document in documents:
        row = sorted((number[term], value * max(weight[term], 0.0)) for term, value in document.items())
        length = float(np.sqrt(sum(value * value for _, value in row))) or 1.0
        columns.extend(column for column, _ in row)
        values.extend(value / length for _, value in row)
        starts.append(len(columns))
    flat, held = np.array(columns, dtype=np.int64), np.array(values, dtype=np.float32)
    common, postings = _by_term(np.array(starts), flat, held, len(number))
    return Vectors(np.array(starts, dtype=np.int64), flat, held, common, postings)


def _by_term(starts: Ints, columns: Ints, values: Floats, count: int) -> tuple[Floats, dict[int, tuple[Ints, Floats]]]:
    rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    order = np.argsort(columns, kind="stable")
    ends = np.searchsorted(columns[order], np.arange(count + 1))
    usual = np.argsort(-np.diff(ends), kind="stable")[:MOST_COMMON]
    common = np.zeros((len(starts) - 1, len(usual)), dtype=np.float32)
    for column, term in enumerate(usual):
        at = order[ends[term] : ends[term + 1]]
        common[rows[at], column] = values[at]
    others = {term: order[ends[term] : ends[term + 1]] for term in set(range(count)) - set(usual.tolist())}
    return common, {term: (rows[at], values[at]) for term, at in others.items() if len(at) > 1}
