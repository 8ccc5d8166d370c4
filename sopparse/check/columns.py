"""The columns of the table: values in a neighbour's column, columns that changed places, tables of another kind."""

from __future__ import annotations

from collections.abc import Iterator

from sopparse.check.wording import about_the_same, begins_sentence, fold, has_verb, is_time, stems, words
from sopparse.evidence import Issue, issue
from sopparse.model import Procedure, Sop, Step

# Shares of the rows from which a column as a whole is doubted.
_MOST, _SPOKEN = 0.5, 0.3
_MIN_STEPS = 3
# The outputs of a table return as requirements of the next step; where it is the other way round in so many more
# rows, the two columns changed places (300 generated tables: none).
_TURNED = 0.4


def slipped(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """Times among the things, and sentences of steps among the things."""
    for p, procedure in enumerate(sop.procedures):
        for i, step in enumerate(procedure.steps):
            path = f"/procedures/{p}/steps/{i}"
            for name in ("requirements", "outputs"):
                things: tuple[str, ...] = getattr(step, name)
                if any(map(is_time, things)):
                    yield f"{path}/{name}", issue("step.time-misplaced", text=next(filter(is_time, things)))
                elif any(map(begins_sentence, things)):
                    found = next(filter(begins_sentence, things))
                    yield f"{path}/{name}", issue("step.sentence-misplaced", text=found)
            if step.note is not None and is_time(step.note) and step.duration is None:
                yield f"{path}/note", issue("step.time-misplaced", text=step.note)
            if step.activity is not None and is_time(step.activity):
                yield f"{path}/activity", issue("step.time-misplaced", text=step.activity)


def swapped(sop: Sop) -> Iterator[tuple[str, Issue]]:
    for p, procedure in enumerate(sop.procedures):
        steps = procedure.steps
        if len(steps) < _MIN_STEPS:
            continue
        base = f"/procedures/{p}/steps"
        silent = sum(not has_verb(step.activity or "") for step in steps)
        spoken = sum(any(map(begins_sentence, (*step.requirements, *step.outputs))) for step in steps)
        if silent >= _MOST * len(steps) and spoken >= _SPOKEN * len(steps):
            yield base, issue("procedure.activities-no-verbs", count=silent)
        if _turned(procedure):
            yield base, issue("procedure.columns-swapped")
        turned = [i for i in range(1, len(steps) - 1) if _cells_turned(steps, i)]
        # One row is a slip; several are the way in which the table is kept.
        if len(turned) == 1:
            yield f"{base}/{turned[0]}", issue("step.cells-swapped", step=steps[turned[0]].number)


def _cells_turned(steps: tuple[Step, ...], i: int) -> bool:
    """A step that takes what the next one takes, and puts out what the one before put out: its two cells changed
    places."""
    before, here, after = ({*map(fold, s.outputs)} for s in steps[i - 1 : i + 2])
    took, next_took = ({*map(fold, s.requirements)} for s in steps[i : i + 2])
    return bool(before & here and took & next_took) and not (before & took or here & next_took) and bool(after)


def _turned(procedure: Procedure) -> bool:
    pairs = list(zip(procedure.steps, procedure.steps[1:], strict=False))
    forth = sum(about_the_same(one.outputs, other.requirements) for one, other in pairs)
    back = sum(about_the_same(one.requirements, other.outputs) for one, other in pairs)
    return len(pairs) >= _MIN_STEPS and back - forth >= _TURNED * len(pairs)


def foreign(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """Columns headed as those of another kind of table; tables without times, requirements and outputs."""
    for p, procedure in enumerate(sop.procedures):
        for a, actor in enumerate(procedure.actors):
            if fold(actor.label) in words("foreign_heads", "words"):
                yield f"/procedures/{p}/actors/{a}/label", issue("actor.label-foreign", label=actor.label)
        told = sum(step.activity is not None for step in procedure.steps)
        if told >= _MIN_STEPS and not any(step.duration or step.outputs for step in procedure.steps):
            yield f"/procedures/{p}/steps", issue("procedure.columns-missing")


def topic(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """Tables that share no word with the title of their document, where none of them does."""
    told = stems(sop.header.title or "")
    strange = []
    for p, procedure in enumerate(sop.procedures):
        if len(procedure.steps) < _MIN_STEPS:
            continue
        said = [text for s in procedure.steps for text in (s.activity or "", *s.requirements, *s.outputs, s.note or "")]
        matter = frozenset().union(*map(stems, said))
        # A table with a title of its own says what it is about.
        if not matter or matter & (told | stems(procedure.title or "")):
            return
        strange.append(p)
    for p in strange if told else ():
        yield f"/procedures/{p}/steps", issue("procedure.off-topic", title=sop.header.title)
