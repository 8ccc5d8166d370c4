"""Questions that other rooms answer: the chain from step to step, the drafting rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sopparse.check.wording import about_the_same
from sopparse.compare.entries import Entry, Row, Terms
from sopparse.lint import lint
from sopparse.model import Result


def chain_breaks(entry: Entry, terms: Terms) -> Iterator[Row]:
    """A10. Steps whose output the next one does not require, where both are known."""
    for p, procedure in enumerate(entry.sop.procedures):
        for s, (step, after) in enumerate(pairwise(procedure.steps)):
            path, next_path = f"/procedures/{p}/steps/{s}/outputs", f"/procedures/{p}/steps/{s + 1}/requirements"
            known = step.outputs and after.requirements and entry.sure(f"{path}/0") and entry.sure(f"{next_path}/0")
            if known and not about_the_same(step.outputs, after.requirements):
                yield {
                    **entry.row(path),
                    "step": step.number,
                    "activity": step.activity,
                    "output": "; ".join(step.outputs),
                    "next_requirements": "; ".join(after.requirements),
                }


def violations(result: Result, entries: Sequence[Entry]) -> Iterator[Row]:
    """A13. Drafting rules that the SOPs of a result break; of what is unsure the rules say nothing."""
    by_pointer = {entry.pointer: entry for entry in entries}
    for breach in lint(result):
        entry = by_pointer.get("/".join(breach.path.split("/")[:3]))
        if entry is not None:
            yield {
                **entry.row(breach.path.removeprefix(entry.pointer)),
                "page": breach.page,
                "rule": breach.code,
                "severity": breach.severity,
                "message": breach.message,
                "message_en": breach.message_en,
            }
