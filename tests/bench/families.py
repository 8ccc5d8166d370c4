"""How well and how fast procedures are grouped and aligned.

python -m tests.bench.families [develop] [held] [--rounds N] [--many N]
"""

from __future__ import annotations

import argparse
import resource
import time
from itertools import combinations

from sklearn.metrics import adjusted_rand_score

from sopparse.compare.alignment import Alignment, align
from sopparse.compare.grouping import group
from sopparse.compare.subjects import Subject, subjects
from tests.families.build import Telling, families, telling
from tests.families.procedures import plans

Pair = tuple[int, int, int, int]


def true_pairs(family: tuple[Telling, ...]) -> set[Pair]:
    """(agency, step, other agency, its step) for all steps with a common atom."""
    return {
        (a, i, b, j)
        for (a, first), (b, second) in combinations(enumerate(family), 2)
        for i, own in enumerate(first.atoms)
        for j, other in enumerate(second.atoms)
        if own & other
    }


def found_pairs(family: tuple[Telling, ...], table: Alignment) -> set[Pair]:
    """The same of all steps that share a row."""
    number = {one.result.source.sha256: i for i, one in enumerate(family)}
    order = [number[member.place.sha256] for member in table.members]
    made: set[Pair] = set()
    for row in table.rows:
        held = sorted(
            (order[at], [step.number - 1 for step in cell.steps]) for at, cell in enumerate(row.cells) if cell
        )
        made |= {(a, i, b, j) for (a, own), (b, other) in combinations(held, 2) for i in own for j in other}
    return made


def subjects_of(family: tuple[Telling, ...]) -> list[Subject]:
    return [one for told in family for one in subjects(told.result)]


def counts(families: tuple[tuple[Telling, ...], ...]) -> tuple[int, int, int]:
    """Pairs right, found, expected."""
    right = found = expected = 0
    for family in families:
        truth, got = true_pairs(family), found_pairs(family, align(subjects_of(family)))
        right, found, expected = right + len(truth & got), found + len(got), expected + len(truth)
    return right, found, expected


def rand_index(families: tuple[tuple[Telling, ...], ...]) -> float:
    """Of all families in one set: 1 if the groups are the subjects, 0 if they are as good as chance."""
    truth = {one.result.source.sha256: one.subject for family in families for one in family}
    groups = group(subject for family in families for subject in subjects_of(family))
    got = {member.place.sha256: number for number, one in enumerate(groups) for member in one.members}
    keys = sorted(truth)
    return float(adjusted_rand_score([truth[key] for key in keys], [got[key] for key in keys]))


def many(count: int) -> None:
    """Time and memory for so many SOPs of all subjects."""
    every = plans("develop") + plans("held")
    known = [one for i in range(count) for one in subjects(telling(every[i % len(every)], f"many-{i}").result)]
    started, busy = time.perf_counter(), time.process_time()
    groups = group(known)
    grouped = time.perf_counter()
    tables = [align(one) for one in groups if len(one.members) > 1]
    ended = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} SOPs: {len(groups)} groups in {grouped - started:.1f} s", end=", ")
    print(f"{len(tables)} tables in {ended - grouped:.1f} s")
    print(f"  {time.process_time() - busy:.1f} s of processor time, at most {memory:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("half", nargs="*", default=["develop", "held"])
    parser.add_argument("--rounds", type=int, default=4, help="families of each subject")
    parser.add_argument("--many", type=int, help="only time so many SOPs")
    asked = parser.parse_args()
    if asked.many:
        return many(asked.many)
    for half in asked.half:
        made = families(half, asked.rounds)
        right, found, expected = counts(made)
        print(f"{half}: {len(made)} families, {sum(map(len, made))} SOPs")
        print(f"  steps: precision {right / found:.4f}, recall {right / expected:.4f}", end="")
        print(f", F1 {2 * right / (found + expected):.4f} ({right} right, {found} found, {expected} expected)")
        print(f"  groups: adjusted Rand index {rand_index(made):.4f}")
    return None


if __name__ == "__main__":
    main()
