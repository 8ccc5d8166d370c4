"""When two values count as the same: one judgement for each kind of value.

Texts are `exact` when equal after folding case, punctuation and space, and `soft` when similar enough. Codes, dates,
numbers and durations are only ever exact.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sopparse.evaluate.counts import Answer, Counts, Judgement, Miss

# Levenshtein similarity of folded texts from which a text counts as read: one slip in ten characters.
SOFT = 0.90
# Below this similarity two activities are not the same step, nor two labels the same actor.
ALIGNED = 0.40

_NOT_ALNUM = re.compile(r"[\W_]+")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    return _NOT_ALNUM.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def squeeze(value: object) -> str:
    """For codes: only letters and digits."""
    return fold(str(value)).replace(" ", "")


def similarity(left: object, right: object) -> float:
    """1 - edit distance / length of the longer, after folding."""
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.normalized_similarity(fold(str(left)), fold(str(right)))


def align(left: Sequence[str], right: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """The best pairs of indexes that keep the order on both sides; an index without partner stands beside None."""
    n, m = len(left), len(right)
    near = [[similarity(a, b) for b in right] for a in left]
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            together = best[i + 1][j + 1] + near[i][j] if near[i][j] >= ALIGNED else -1.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < n or j < m:
        if i < n and j < m and near[i][j] >= ALIGNED and best[i][j] == best[i + 1][j + 1] + near[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif i < n and (j == m or best[i][j] == best[i + 1][j]):
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    return pairs


def judge_value(
    field: str, want: Any, got: Any, path: str | None, exact: Callable[[], bool], soft: Callable[[], bool] | None = None
) -> Iterator[Judgement]:
    """One value; None is absent. The comparisons are asked only where both sides have a value."""
    if got is None:
        absent = (Answer((path,), want is None),) if path is not None else ()
        yield Judgement(field, Counts(int(want is not None)), (), _missed(field, path, want), absent)
        return
    both = want is not None and got is not None
    is_exact = both and exact()
    is_soft = is_exact or (both and soft is not None and soft())
    yield Judgement(
        field,
        Counts(int(want is not None), int(got is not None), int(is_exact), int(is_soft)),
        (Answer((path,), is_soft),) if got is not None and path is not None else (),
        () if is_soft else (Miss(field, path, want, got),),
    )


def _missed(field: str, path: str | None, want: Any) -> tuple[Miss, ...]:
    return () if want is None else (Miss(field, path, want, None),)


def judge_text(field: str, want: Any, got: Any, path: str | None) -> Iterator[Judgement]:
    want, got = want or None, got or None
    return judge_value(
        field,
        want,
        got,
        path,
        exact=lambda: fold(str(want)) == fold(str(got)),
        soft=lambda: similarity(want, got) >= SOFT,
    )


def judge_code(field: str, want: Any, got: Any, path: str) -> Iterator[Judgement]:
    return judge_value(field, want, got, path, exact=lambda: squeeze(want) == squeeze(got))


def judge_same(field: str, want: Any, got: Any, path: str) -> Iterator[Judgement]:
    return judge_value(field, want or None, got or None, path, exact=lambda: bool(want == got))


def judge_bag(field: str, want: Sequence[str], got: Sequence[str], path: str) -> Iterator[Judgement]:
    """Items in any order: the most similar pairs of free items are matched first."""
    pairs = sorted(((similarity(w, g), i, j) for i, w in enumerate(want) for j, g in enumerate(got)), reverse=True)
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for near, i, j in pairs:
        if near < SOFT:
            break
        if i not in taken and j not in partner:
            partner[j] = i
            taken.add(i)
    exact = sum(fold(want[i]) == fold(got[j]) for j, i in partner.items())
    missing = [Miss(field, path, w, None) for i, w in enumerate(want) if i not in taken]
    surplus = [Miss(field, f"{path}/{j}", None, g) for j, g in enumerate(got) if j not in partner]
    yield Judgement(
        field,
        Counts(len(want), len(got), exact, len(partner)),
        tuple(Answer((f"{path}/{j}", path), j in partner) for j in range(len(got))),
        (*missing, *surplus),
    )


def judge_set(
    field: str, want: Iterable[Hashable], got: Iterable[Hashable], path: str, paths: Sequence[str] = ()
) -> Iterator[Judgement]:
    """Keys that are either the same or not; repeated keys count as often as they stand there.

    `paths`: the pointer of each given key, where it has one.
    """
    given_keys = list(got)
    wanted, given = Counter(want), Counter(given_keys)
    both = (wanted & given).total()
    missing = [Miss(field, path, key, None) for key in (wanted - given).elements()]
    surplus = [Miss(field, path, None, key) for key in (given - wanted).elements()]
    counts = Counts(wanted.total(), given.total(), both, both)
    further = tuple(Answer((one,), key in wanted) for key, one in zip(given_keys, paths, strict=False))
    yield Judgement(field, counts, (), (*missing, *surplus), further)


def judge_presence(field: str, want: int, got: int) -> Iterator[Judgement]:
    both = min(want, got)
    if want or got:
        yield Judgement(field, Counts(want, got, both, both))
