"""The rows of the table: all there, in order, whole, with times that fit their neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sopparse import vocab
from sopparse.check.wording import fold, has_verb, is_cut, words
from sopparse.evidence import Issue, issue
from sopparse.model import Procedure, Sop, Step

# A time is an outlier from this many times the median of the same table on; 60 days among half hours.
OUTLIER = 20.0
_MIN_TIMES = 4
# Days and weeks stand among minutes everywhere, five of them, too; tens of them are minutes with a wrong unit.
_ODD_COUNT = 10
# A column that most rows fill has no empty cell by intention.
_USUALLY_FILLED = 0.75
_MIN_STEPS = 4
_MISSING = {"requirements": "step.requirements-missing", "outputs": "step.outputs-missing"}


def table(sop: Sop) -> Iterator[tuple[str, Issue]]:
    if not any(procedure.steps for procedure in sop.procedures):
        yield "/procedures", issue("procedure.missing")


def numbers(sop: Sop) -> Iterator[tuple[str, Issue]]:
    last = 0
    for p, procedure in enumerate(sop.procedures):
        printed = [
            (i, int(digits))
            for i, step in enumerate(procedure.steps)
            if step.printed_number and (digits := step.printed_number.strip(" .()")).isdecimal()
        ]
        # A further table may go on with the numbers of the one before.
        if printed and printed[0][0] == 0 and printed[0][1] not in (0, 1, last + 1):
            yield f"/procedures/{p}/steps/0/printed_number", issue("step.numbers-start", number=printed[0][1])
        for (_, before), (i, after) in pairwise(printed):
            if after != before + 1:
                path = f"/procedures/{p}/steps/{i}/printed_number"
                yield path, issue("step.number-out-of-order", before=before, after=after)
        if printed and len(printed) < len(procedure.steps):
            missing = len(procedure.steps) - len(printed)
            yield f"/procedures/{p}/steps", issue("step.numbers-missing", count=missing)
        last = printed[-1][1] if printed else 0


def times(sop: Sop) -> Iterator[tuple[str, Issue]]:
    for p, procedure in enumerate(sop.procedures):
        minutes = [(i, step, value) for i, step in enumerate(procedure.steps) if (value := _longest(step))]
        if len(minutes) < _MIN_TIMES:
            continue
        ordered = sorted(value for _, _, value in minutes)
        median = ordered[len(ordered) // 2]
        longest = [(i, step, value) for i, step, value in minutes if value > OUTLIER * median]
        # One or two of many are outliers; more are another kind of table.
        if len(longest) > max(1, len(minutes) // 6):
            continue
        for i, step, value in longest:
            if _looks_like_minutes(step):
                path = f"/procedures/{p}/steps/{i}/duration"
                yield path, issue("step.duration-outlier", minutes=f"{value:g}", median=f"{median:g}")


def _longest(step: Step) -> float | None:
    return step.duration.minutes[1] if step.duration and step.duration.minutes else None


def _looks_like_minutes(step: Step) -> bool:
    """Tens of days, weeks or months, by the five: as minutes are counted."""
    parts = step.duration.parts if step.duration else ()
    counts = [part.max for part in parts if part.unit not in ("second", "minute")]
    return not parts or any(count is not None and count >= _ODD_COUNT and count % 5 == 0 for count in counts)


def total(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """The printed sum of the times against the times."""
    for p, procedure in enumerate(sop.procedures):
        minutes = [_longest(step) for step in procedure.steps]
        if not minutes or any(value is None for value in minutes):
            continue
        added = sum(value for value in minutes if value is not None)
        for i, line in enumerate(procedure.footnotes):
            stated = _stated_total(line)
            if stated is not None and stated != added:
                yield (
                    f"/procedures/{p}/footnotes/{i}",
                    issue("procedure.total-differs", stated=f"{stated:g}", added=f"{added:g}"),
                )


def _stated_total(line: str) -> float | None:
    """The minutes that a line of sums states; other units are not judged."""
    told = fold(line)
    if not told.startswith(tuple(words("total", "words"))):
        return None
    unit = next(unit for unit in vocab.load("units")["unit"] if unit["name"] == "minute")
    found = re.findall(rf"\b(\d+) (?:{'|'.join(unit['forms'])})\b", told)
    return float(found[0]) if len(found) == 1 and len(re.findall(r"\d+", told)) == 1 else None


def needs(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """What most steps of a table have, and one has not."""
    for p, procedure in enumerate(sop.procedures):
        timed = any(step.duration for step in procedure.steps)
        for i, step in enumerate(procedure.steps):
            path = f"/procedures/{p}/steps/{i}"
            if timed and step.duration is None:
                yield f"{path}/duration", issue("step.duration-missing", step=step.number)
            for name, code in _MISSING.items():
                if not getattr(step, name) and _usual(procedure, name):
                    yield f"{path}/{name}", issue(code, step=step.number)


def _usual(procedure: Procedure, name: str) -> bool:
    filled = sum(bool(getattr(step, name)) for step in procedure.steps)
    return len(procedure.steps) >= _MIN_STEPS and filled >= _USUALLY_FILLED * len(procedure.steps)


def sentences(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """Activities that stop in the middle, and activities that say of nothing that it is done."""
    for p, procedure in enumerate(sop.procedures):
        acting = sum(has_verb(step.activity or "") for step in procedure.steps)
        for i, step in enumerate(procedure.steps):
            if step.activity is None:
                continue
            path = f"/procedures/{p}/steps/{i}/activity"
            if is_cut(step.activity) or _begins_late(step, procedure.steps):
                yield path, issue("step.activity-cut", step=step.number)
            elif not has_verb(step.activity) and acting >= _USUALLY_FILLED * len(procedure.steps):
                yield path, issue("step.activity-no-verb", step=step.number)


def _begins_late(step: Step, every: Sequence[Step]) -> bool:
    """A small letter at the beginning, where all other steps begin with a capital."""
    small = [one for one in every if one.activity and one.activity[:1].islower()]
    return small == [step] and len(every) >= _MIN_STEPS


def repeated(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """The same row twice: neighbours that say the same, with the same output."""
    for p, procedure in enumerate(sop.procedures):
        for i, (one, other) in enumerate(pairwise(procedure.steps), 1):
            if one.activity and fold(one.activity) == fold(other.activity) and one.outputs == other.outputs:
                yield f"/procedures/{p}/steps/{i}", issue("step.repeated", step=other.number)
