"""What one step puts out, the next one takes: where a table keeps to that, a break in the chain is a lost row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sopparse.check.wording import about_the_same
from sopparse.evidence import Issue, issue
from sopparse.model import Sop

# A table keeps to the rule where at least this share of its steps takes what the step before put out; and a break says
# something only where there are few of them. (To ask for the same words finds no more lost rows, but every misreading.)
_KEPT = 0.7
_MIN_PAIRS = 4


def links(sop: Sop) -> Iterator[tuple[str, Issue]]:
    for p, procedure in enumerate(sop.procedures):
        pairs = [
            (i, about_the_same(one.outputs, other.requirements))
            for i, (one, other) in enumerate(pairwise(procedure.steps), 1)
            if one.outputs and other.requirements
        ]
        broken = [i for i, linked in pairs if not linked]
        if len(pairs) < _MIN_PAIRS or len(pairs) - len(broken) < _KEPT * len(pairs):
            continue
        for i in broken:
            step = procedure.steps[i]
            path = f"/procedures/{p}/steps/{i}/requirements"
            yield path, issue("step.chain-broken", step=step.number, before=step.number - 1)
