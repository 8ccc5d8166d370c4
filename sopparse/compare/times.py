"""Questions about time and people: how long, who, how often the work changes hands.

Times are norms that the agency set itself, not measurements. Sums run over the steps in their order: branches and
returns are not followed ("straight path").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from sopparse.compare.entries import Entry, Row, Terms, actors_of
from sopparse.model import Duration, Procedure, Step

# Changes of hands are counted only where the actors of at least this share of the steps are known.
KNOWN = 0.5
# A time is an outlier from this many (normal-scaled) median absolute deviations on (Iglewicz and Hoaglin 1993), among
# at least so many times.
OUTLIER, FEWEST = 3.5, 4
MAD_TO_SIGMA = 1.4826


def total_time(entry: Entry, terms: Terms) -> Iterator[Row]:
    """A3. Working minutes from `low` to `high`; `high` is None where a step names only a least time."""
    for p, procedure in enumerate(entry.sop.procedures):
        times = [_minutes(entry, f"/procedures/{p}/steps/{s}", step) for s, step in enumerate(procedure.steps)]
        known = [time for time in times if time is not None]
        open_end = any(high is None for _, high in known)
        yield {
            **entry.row(f"/procedures/{p}"),
            "title": procedure.title or entry.sop.header.title,
            "low": sum(low or 0 for low, _ in known) if known else None,
            "high": sum(high or 0 for _, high in known) if known and not open_end else None,
            "steps": len(times),
            "timed": len(known),
            "untimed": len(times) - len(known),
            "minutes_per_day": _convention(procedure),
        }


def _minutes(entry: Entry, path: str, step: Step) -> tuple[float | None, float | None] | None:
    """Of a step, where they are known and sure."""
    minutes = step.duration.minutes if step.duration is not None else None
    if minutes is None or minutes == (None, None) or not entry.sure(f"{path}/duration"):
        return None
    return minutes


def _convention(procedure: Procedure) -> float | None:
    """The working minutes of a day under which the times of a procedure were computed, as far as they show it."""
    return next((found for step in procedure.steps if (found := _per_day(step.duration)) is not None), None)


def _per_day(duration: Duration | None) -> float | None:
    if duration is None or duration.minutes is None or len(duration.parts) != 1:
        return None
    part, high = duration.parts[0], duration.minutes[1]
    return high / part.max if part.unit == "day" and part.max and high else None


def step_times(entry: Entry, terms: Terms) -> Iterator[Row]:
    """A4. Each step's part of the whole; a cell merged over several steps counts in each."""
    for p, procedure in enumerate(entry.sop.procedures):
        labels = actors_of(procedure)
        paths = [f"/procedures/{p}/steps/{s}" for s in range(len(procedure.steps))]
        minutes = [_longest(_minutes(entry, path, step)) for path, step in zip(paths, procedure.steps, strict=True)]
        known = [value for value in minutes if value is not None]
        whole = sum(known)
        for path, step, value in zip(paths, procedure.steps, minutes, strict=True):
            first = labels.get(step.actors[0]) if step.actors and entry.sure(f"{path}/actors") else None
            yield {
                **entry.row(path),
                "step": step.number,
                "activity": step.activity,
                "actor": first.label if first else None,
                "role": first.role if first else None,
                "minutes": value,
                "share": round(value / whole, 4) if value is not None and whole else None,
                "longest": value is not None and value == max(known),
                "outlier": value is not None and _is_outlier(value, known),
            }


def _longest(time: tuple[float | None, float | None] | None) -> float | None:
    if time is None:
        return None
    return time[1] if time[1] is not None else time[0]


def _is_outlier(value: float, values: Sequence[float]) -> bool:
    if len(values) < FEWEST:
        return False
    middle = median(values)
    spread = median(abs(each - middle) for each in values)
    return spread > 0 and abs(value - middle) / (MAD_TO_SIGMA * spread) > OUTLIER


def hand_offs(entry: Entry, terms: Terms) -> Iterator[Row]:
    """A6. Changes of the actor from one step to the next where both are known; None below half of the steps known."""
    for p, procedure in enumerate(entry.sop.procedures):
        performers = [
            frozenset(step.actors) if step.actors and entry.sure(f"/procedures/{p}/steps/{s}/actors") else None
            for s, step in enumerate(procedure.steps)
        ]
        known = sum(one is not None for one in performers)
        coverage = known / len(performers) if performers else 0.0
        pairs = [(a, b) for a, b in pairwise(performers) if a is not None and b is not None]
        yield {
            **entry.row(f"/procedures/{p}"),
            "title": procedure.title or entry.sop.header.title,
            "hand_offs": sum(not a & b for a, b in pairs) if coverage >= KNOWN else None,
            "pairs": len(pairs),
            "coverage": round(coverage, 3),
        }


def actor_names(entry: Entry, terms: Terms) -> Iterator[Row]:
    """A11. What the agencies call those who do the work, and the role that stands behind the name."""
    for p, procedure in enumerate(entry.sop.procedures):
        for a, actor in enumerate(procedure.actors):
            path = f"/procedures/{p}/actors/{a}/label"
            if actor.label is not None:
                yield {
                    **entry.row(path),
                    "label": actor.label,
                    "role": actor.role,
                    "unit": actor.unit,
                    "steps": sum(actor.id in step.actors for step in procedure.steps),
                    "doubtful": not entry.sure(path),
                }
