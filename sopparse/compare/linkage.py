"""Average linkage: two groups are joined while the mean likeness of their members is high enough."""

from __future__ import annotations

import numpy as np

from sopparse.compare.weights import Floats


def linked(likeness: Floats, threshold: float) -> list[list[int]]:
    """The groups of the rows, each sorted, in the order of their first member.

    By the chain of nearest neighbours (Murtagh 1983): the same dendrogram as joining the nearest pair each time, in
    quadratic time. Equal likeness goes to the earlier row, so the result depends on the order of the rows alone.
    `likeness` is used as working space.
    """
    size = len(likeness)
    np.fill_diagonal(likeness, -1.0)
    weight = np.ones(size)
    active = np.ones(size, dtype=bool)
    parent = list(range(size))
    chain: list[int] = []
    left = size
    while left > 1:
        if not chain:
            chain.append(int(np.argmax(active)))
        top = chain[-1]
        row = likeness[top]
        near = int(np.argmax(row))
        if len(chain) > 1 and row[chain[-2]] >= row[near]:
            near = chain[-2]
        if row[near] < threshold:
            # Nothing more can join this group: averages only fall.
            chain.pop()
            _retire(likeness, active, top)
            left -= 1
        elif len(chain) > 1 and near == chain[-2]:
            del chain[-2:]
            keep, gone = min(top, near), max(top, near)
            _merge(likeness, weight, keep, gone)
            _retire(likeness, active, gone)
            parent[gone] = keep
            left -= 1
        else:
            chain.append(near)
    return _groups(parent)


def _merge(likeness: Floats, weight: np.ndarray[tuple[int], np.dtype[np.float64]], keep: int, gone: int) -> None:
    share = weight[keep] / (weight[keep] + weight[gone])
    mean = share * likeness[keep] + (1.0 - share) * likeness[gone]
    mean[likeness[keep] < 0] = -1.0
    mean[keep] = -1.0
    likeness[keep] = mean
    likeness[:, keep] = mean
    weight[keep] += weight[gone]


def _retire(likeness: Floats, active: np.ndarray[tuple[int], np.dtype[np.bool_]], row: int) -> None:
    active[row] = False
    likeness[row] = -1.0
    likeness[:, row] = -1.0


def _groups(parent: list[int]) -> list[list[int]]:
    made: dict[int, list[int]] = {}
    for row in range(len(parent)):
        root = row
        while parent[root] != root:
            root = parent[root]
        made.setdefault(root, []).append(row)
    return sorted(made.values())
