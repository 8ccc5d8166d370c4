"""Faults in documents: the sound print, the spoilt one, what of the values is wrong then; whether it was noticed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from sopparse import pipeline
from sopparse.errors import SopError
from sopparse.evaluate import compare
from tests.drawing.paper import Paper, make_paper
from tests.drawing.printing import print_papers
from tests.faults.kinds import KINDS, LOST, Printed
from tests.generator import FORMS, make_sop, render
from tests.generator.sheet import Sheet

Json = dict[str, Any]

# Whoever trusts a value from here on does not look it up.
TRUSTED = 0.9
# A confidence that fell less than this has not fallen.
DROP = 0.05
# Said of most text documents, whatever stands in them.
COMMONPLACE = frozenset(("step.actor-unknown", "flow.not-in-text"))
# Forms whose lists have printed numbers and whose table is whole; a document with two tables has two to spoil.
TEXTS = tuple(form for form in FORMS if form not in ("multi", "scan"))
_NUMBERED_LOST = re.compile(rf"(?:<li>)?(?:\(?\b[0-9a-z]{{1,2}}[.)] ?|[-•\uf0b7] )?{LOST};?(?:</li>)?")


@dataclass(frozen=True, slots=True)
class Case:
    kind: str
    form: str
    seed: int
    sound: bytes
    spoilt: bytes
    truth: Json


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wrong`: pointers of values that are wrong only with the fault; none: the fault did no harm."""

    case: Case
    wrong: tuple[str, ...]
    found: tuple[str, ...]  # codes of new findings about the part of the document that is wrong
    near: bool  # one of them points at a wrong value, or at what holds it
    dropped: bool

    @property
    def noticed(self) -> bool:
        return bool(self.found) or self.dropped


def cases(count: int, kinds: tuple[str, ...] = tuple(KINDS), pages: int = 0) -> Iterator[Case]:
    """`count` faults of each kind in texts, and `pages` of each kind in drawn pages."""
    for kind in kinds:
        yield from _some(kind, count, _in_text)
        yield from _some(kind, pages, _on_page)


def _some(kind: str, count: int, plant: Any) -> Iterator[Case]:
    made = seed = 0
    while made < count and seed < 60 * count:
        case = plant(kind, seed)
        made, seed = made + (case is not None), seed + 1
        if case is not None:
            yield case


def _in_text(kind: str, seed: int) -> Case | None:
    rng = Random(f"fault-{kind}-{seed}")
    form = rng.choice(TEXTS)
    truth = make_sop(70_000 + seed, tables=1)
    done: list[bool] = []

    def change(sheet: Sheet) -> None:
        grid = sheet.grids[0]
        first = 2 + grid.actors
        at = {"number": 0, "activity": 1, "requirements": first, "duration": first + 1, "output": first + 2}
        at |= {"note": first + 3} if grid.noted else {}
        heads = [grid.first, grid.second]
        done.append(KINDS[kind](rng, Printed(sheet.fields, sheet.lists, sheet.agency, grid.rows, at, heads)))

    sound, told = render(truth, form, seed, plain=True)
    spoilt, _ = render(truth, form, seed, plain=True, change=change)
    spoilt = without_lost(spoilt.decode(), form).encode()
    return Case(kind, form, seed, sound, spoilt, told) if done[0] and spoilt != sound else None


def without_lost(text: str, form: str) -> str:
    """The text without the items that were marked as lost; columns of spaces stay where they are."""
    lines = []
    for line in text.split("\n"):
        kept = _NUMBERED_LOST.sub(lambda m: " " * len(m.group()) if form == "spaces" else "", line)
        if kept == line or kept.strip():
            lines.append(kept)
    return "\n".join(lines)


def _on_page(kind: str, seed: int) -> Case | None:
    if kind in ("lost-item", "doubled-row", "lost-row", "foreign-columns"):
        return None  # what is drawn cannot follow
    paper = make_paper(80_000 + seed)
    if paper is None:
        return None
    rng = Random(f"fault-{kind}-{seed}")
    spoilt = deepcopy(paper)
    if not KINDS[kind](rng, _printed(spoilt)):
        return None
    pages = print_papers([paper]), print_papers([spoilt])
    return Case(kind, "drawn", seed, *pages, paper.truth) if pages[0] != pages[1] else None


def _printed(paper: Paper) -> Printed:
    at = {name: i for i, name in enumerate(("number", "activity", "requirements", "duration", "output", "note"))}
    form = paper.form
    return Printed(form.fields, form.lists, form.agency, paper.rows, at, [])


# -- judging --------------------------------------------------------------------------------------------------------


def judge(case: Case) -> Verdict:
    sound, spoilt = _parsed(case.sound, case), _parsed(case.spoilt, case)
    if not spoilt["sops"]:
        return Verdict(case, ("",), ("no-result",), True, False)
    before = Counter((miss.field, repr(miss.expected)) for miss in compare(case.truth, sound).misses)
    wrong = []
    for miss in compare(case.truth, spoilt).misses:
        key = (miss.field, repr(miss.expected))
        if before[key]:
            before[key] -= 1
            continue
        wrong.append(miss.path or "")
    known = Counter((f["code"], f["path"]) for f in sound["report"]["findings"])
    new = [
        (code, path)
        for code, path in (Counter((f["code"], f["path"]) for f in spoilt["report"]["findings"]) - known)
        if code not in COMMONPLACE and any(_part(path) in ("", _part(one)) for one in wrong)
    ]
    near = any(path and any(one.startswith(path) or path.startswith(one) for one in wrong if one) for _, path in new)
    dropped = any(_fell(one, sound["report"]["fields"], spoilt["report"]["fields"]) for one in wrong)
    return Verdict(case, tuple(wrong), tuple(code for code, _ in new), near, dropped)


def _parsed(source: bytes, case: Case) -> Json:
    try:
        result = pipeline.parse(source, "pages.pdf" if case.form == "drawn" else "text.txt")
    except SopError:
        return {"sops": [], "report": {"findings": [], "fields": {}}}
    parsed: Json = json.loads(result.model_dump_json(by_alias=True))
    return parsed


def _part(path: str) -> str:
    """The section that a pointer leads into: header, one of the lists, procedures."""
    return "/".join(path.split("/")[:4])


def _fell(path: str, before: Json, after: Json) -> bool:
    entry = after.get(path)
    if entry is None or entry["confidence"] >= TRUSTED:
        return False
    known = before.get(path)
    return known is None or known["confidence"] - entry["confidence"] >= DROP
