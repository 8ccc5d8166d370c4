"""The words beside the exits of a decision: which way is yes, which is no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Literal

from sopparse.extract.charts import Chart, Place, branch_labels, read_branch
from sopparse.extract.links import Link
from sopparse.geometry import Box
from sopparse.page import Points, Words

Condition = Literal["yes", "no"]

# A label stands at most this far from the line it names (points). Near the exit counts more than along the way: each
# point along the line costs a share of a point beside it.
LABEL_REACH = 22.0
ALONG = 0.12
# The line is looked at in steps of this length, and no further than this from the decision.
_STEP = 3.0
_FARTHEST = 400.0


@dataclass(frozen=True, slots=True)
class Branch:
    """What an exit is called; without words it is the other of two."""

    condition: Condition
    words: Words = ()


def find_branches(charts: Sequence[Chart], places: Sequence[Place], links: Sequence[Link]) -> dict[int, Branch]:
    """The conditions of links by their position: each label names one exit, nearest first; of two exits with one label
    the other is the complement."""
    branches: dict[int, Branch] = {}
    for c, chart in enumerate(charts):
        exits = [
            k
            for k, link in enumerate(links)
            if places[link.source].chart == c and places[link.source].kind == "decision" and len(link.points) > 1
        ]
        branches.update(_named(branch_labels(chart), exits, links))
    by_source: dict[int, list[int]] = {}
    for k, link in enumerate(links):
        if places[link.source].kind == "decision":
            by_source.setdefault(link.source, []).append(k)
    for ways in by_source.values():
        named = [k for k in ways if k in branches]
        if len(ways) == 2 and len(named) == 1:
            other = ways[0] if ways[1] == named[0] else ways[1]
            branches[other] = Branch("no" if branches[named[0]].condition == "yes" else "yes")
    return branches


def _named(labels: Sequence[Words], exits: Sequence[int], links: Sequence[Link]) -> dict[int, Branch]:
    offers = []
    for n, words in enumerate(labels):
        condition = read_branch(words)
        box = _box(words)
        if condition is None or box is None:
            continue
        for k in exits:
            cost = _cost(box, links[k].points)
            if cost is not None:
                offers.append((cost, n, k, condition))
    found: dict[int, Branch] = {}
    used: set[int] = set()
    for _, n, k, condition in sorted(offers):
        twin = any(found[j].condition == condition for j in found if links[j].source == links[k].source)
        if n in used or k in found or twin:
            continue
        used.add(n)
        found[k] = Branch("yes" if condition == "yes" else "no", labels[n])
    return found


def _box(words: Words) -> Box | None:
    boxes = [word.box for word in words if word.box is not None]
    if not boxes:
        return None
    return Box(
        min(b.x0 for b in boxes), min(b.top for b in boxes), max(b.x1 for b in boxes), max(b.bottom for b in boxes)
    )


def _cost(box: Box, points: Points) -> float | None:
    """How far a label lies from a line, with the way to the nearest place along the line."""
    best = None
    done = 0.0
    for (ax, ay), (bx, by) in pairwise(points):
        size = hypot(bx - ax, by - ay)
        count = max(1, int(size / _STEP))
        for i in range(count + 1):
            x, y = ax + (bx - ax) * i / count, ay + (by - ay) * i / count
            beside = hypot(max(box.x0 - x, x - box.x1, 0.0), max(box.top - y, y - box.bottom, 0.0))
            if beside <= LABEL_REACH:
                cost = beside + ALONG * (done + size * i / count)
                best = cost if best is None else min(best, cost)
        done += size
        if done > _FARTHEST:
            break
    return best
