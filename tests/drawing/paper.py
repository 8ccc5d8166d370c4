"""A whole SOP on paper: a generated one whose chart shows what its sentences say, and its exact truth."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.drawing.plan import Edge, Node, Plan
from tests.drawing.sheet import Drawing, lay_out
from tests.generator import make_sop
from tests.generator.sheet import LISTS, Needs
from tests.generator.sheet import Sheet as Form
from tests.generator.sheet import lay_out as lay_out_form
from tests.generator.words import load

Truth = dict[str, Any]
# Layouts tried for one procedure before its seed is given up.
TRIES = 200
YES, NO = "Ya", "Tidak"


@dataclass(frozen=True, slots=True)
class Paper:
    drawing: Drawing
    form: Form
    heads: list[str]  # of the upper row of the table's heading: number, activity, actors, quality, note
    columns: list[str]  # of its lower row: actors, requirements, duration, output
    rows: list[list[str]]  # number, activity, requirements, duration, output, and note where there is a column for it
    truth: Truth


def make_paper(seed: int, full: bool = True) -> Paper | None:
    """The paper of a seed; None where it has no clear drawing. `full`: and where a field or a list of it is empty."""
    sop = make_sop(seed, tables=1)["sops"][0]
    if full and not _is_full(sop):
        return None
    for attempt in range(TRIES):
        rng = Random(f"paper-{seed}-{attempt}")
        plan = _plan(rng, sop["procedures"][0])
        wanted = len(plan.edges)
        drawing = lay_out(rng, plan, messy=False)
        if drawing is None or len([e for e in plan.edges if "off-page" not in _kinds(plan, e)]) < wanted - _pairs(plan):
            continue
        paper = _fill(rng, deepcopy(sop), drawing)
        if fits(paper):
            return paper
    return None
