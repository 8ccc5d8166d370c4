"""How a row's actors, times, inputs and outputs differ from agency to agency. Unsure values are left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from sopparse.compare.subjects import Performer, Step
from sopparse.compare.table import Cell, Spread, TimeSpread
from sopparse.compare.terms import terms

# Two wordings of an output or a requirement mean the same from this share of the words of the shorter on;
# "Konsep surat" and "Surat" do, "Konsep surat" and "Bukti kirim" do not.
SAME_WORDING = 0.5


def actors(cells: Sequence[Cell | None]) -> Spread:
    """By the class of those who act, "a + b" where one step has several."""
    said = [found for cell in cells if cell and (found := _performers(cell.steps))]
    counts = Counter(" + ".join(sorted(one)) for one in said)
    return Spread(_by_count(counts), len(said), differs=len(counts) > 1)


def _performers(steps: Sequence[Step]) -> set[str]:
    sure = [performer for step in steps if "actors" not in step.doubtful for performer in step.performers]
    return {name for one in sure if (name := _name(one))}


def _name(performer: Performer) -> str | None:
    return performer.rank_class or performer.role or performer.label


def times(cells: Sequence[Cell | None]) -> TimeSpread:
    """A step that also fills another row has no time of this row alone."""
    present = [cell for cell in cells if cell]
    spans = [found for cell in present if not cell.shared and (found := _minutes(cell.steps)) is not None]
    if not spans:
        return TimeSpread(None, None, 0, len(present), differs=False)
    lows, highs = [low for low, _ in spans], [high for _, high in spans]
    return TimeSpread(min(lows), max(highs), len(spans), len(present) - len(spans), differs=max(lows) > min(highs))


def _minutes(steps: Sequence[Step]) -> tuple[float, float] | None:
    """The sum of the steps; None if the time of one is not known."""
    low = high = 0.0
    for step in steps:
        if step.minutes is None or "duration" in step.doubtful or step.minutes == (None, None):
            return None
        least, most = step.minutes
        low += least if least is not None else most or 0.0
        high += most if most is not None else least or 0.0
    return low, high


def outputs(cells: Sequence[Cell | None]) -> Spread:
    return _wordings(cells, "outputs", lambda step: step.outputs)


def requirements(cells: Sequence[Cell | None]) -> Spread:
    return _wordings(cells, "requirements", lambda step: step.requirements)


def _wordings(cells: Sequence[Cell | None], name: str, items: Callable[[Step], Iterable[str]]) -> Spread:
    """Items in their most usual wording; the row differs if a cell has nothing that means the most usual one."""
    said = [
        [item for step in cell.steps if name not in step.doubtful for item in items(step)] for cell in cells if cell
    ]
    known = [found for found in said if found]
    prints: defaultdict[frozenset[str], Counter[str]] = defaultdict(Counter)
    counts: Counter[frozenset[str]] = Counter()
    for found in known:
        for item in found:
            prints[frozenset(terms(item))][item] += 1
        counts.update({frozenset(terms(item)) for item in found})
    shown = Counter({_by_count(prints[key])[0][0]: count for key, count in counts.items()})
    return Spread(_by_count(shown), len(known), _differ([[frozenset(terms(i)) for i in one] for one in known], counts))


def _differ(known: list[list[frozenset[str]]], counts: Counter[frozenset[str]]) -> bool:
    if len(known) < 2:
        return False
    usual = min(counts, key=lambda item: (-counts[item], sorted(item)))
    return not all(any(_same(usual, item) for item in items) for items in known)


def _same(first: frozenset[str], second: frozenset[str]) -> bool:
    shorter = min(len(first), len(second))
    return first == second or (shorter > 0 and len(first & second) / shorter >= SAME_WORDING)


def _by_count(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
