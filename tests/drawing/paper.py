"""A whole SOP on paper: a generated one, drawn as its sentences say, with its exact truth."""

from __future__ import annotations

import re
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.drawing.plan import Edge, Node, Plan
from tests.drawing.sheet import Drawing, Sheet, lay_out
from tests.drawing.wrapping import Room, largest
from tests.generator import make_sop
from tests.generator.sheet import LISTS, Needs
from tests.generator.sheet import Sheet as Form
from tests.generator.sheet import lay_out as lay_out_form
from tests.generator.words import load

Truth = dict[str, Any]
START, END, YES, NO = "Mulai", "Selesai", "Ya", "Tidak"
# Layouts tried for one procedure before its seed is given up.
TRIES = 60


@dataclass(frozen=True, slots=True)
class Paper:
    drawing: Drawing
    form: Form
    heads: list[str]  # upper row of the table's heading: number, activity, actors, quality
    names: list[str]  # lower row: actors, requirements, duration, output, note
    rows: list[list[str]]  # number, activity, requirements, duration, output, note
    size: float  # of the letters in the table
    truth: Truth


def make_paper(seed: int, full: bool = False, connected: bool = False) -> Paper | None:
    """The paper of a seed; None where it has no clear drawing.

    `full`: with every list and the main fields, and a decision. `connected`: with connectors between pages.
    """
    sop = make_sop(seed, tables=1)["sops"][0]
    decided = [i for i, step in enumerate(sop["procedures"][0]["steps"]) if _decides(step)]
    if full and not (_is_full(sop) and decided):
        return None
    for attempt in range(TRIES):
        rng = Random(f"paper-{seed}-{attempt}")
        plan = _plan(sop["procedures"][0])
        drawing = lay_out(rng, plan, messy=False)
        if drawing is None or not _is_whole(plan) or connected != any(n.kind == "off-page" for n in plan.nodes):
            continue
        paper = _paper(rng, deepcopy(sop), drawing)
        if paper is not None:
            return paper
    return None


def columns(sheet: Sheet) -> list[float]:
    """The places of the upright rules."""
    return sorted({x for cell in sheet.cells for x in (cell[0], cell[2])})


def rooms(drawing: Drawing, rows: list[list[str]]) -> list[tuple[int, Room]]:
    """What stands in the cells of the steps, with the index of the page."""
    count, found = len(drawing.plan.actors), []
    for page, sheet in enumerate(drawing.sheets):
        xs = columns(sheet)
        places = [0, 1, *range(2 + count, len(xs) - 1)]
        for step, top, bottom in sheet.bands:
            for k, text in zip(places, rows[step], strict=False):
                found.append((page, Room(text, xs[k], top, xs[k + 1], bottom)))
    return found


def _is_full(sop: Truth) -> bool:
    header = sop["header"]
    fields = [header[name] for name in ("number", "created", "effective", "approver")]
    return all(fields) and bool(header["approver"]["nip"]) and all(sop[name] for name in LISTS)


def _decides(step: Truth) -> bool:
    return re.search(load("printing")["pieces"]["decided"], step["activity"]) is not None


def _plan(table: Truth) -> Plan:
    """One symbol for each step; decisions go on, or back to the one who is named or did the step before."""
    labels = {actor["id"]: actor["label"] for actor in table["actors"]}
    lanes = {actor: k for k, actor in enumerate(labels)}
    steps = table["steps"]
    plan = Plan(list(labels.values()), [None] * len(labels), [step["activity"] for step in steps])
    last = len(steps) - 1
    for s, step in enumerate(steps):
        kind = "terminator" if s in (0, last) else "decision" if _decides(step) else "process"
        shape = "capsule" if kind == "terminator" else kind
        plan.nodes.append(Node(s, lanes[step["actors"][0]], kind, {0: START, last: END}.get(s), shape))
    for s in range(last):
        if plan.nodes[s].kind != "decision":
            plan.edges.append(Edge(s, s + 1))
            continue
        said = steps[s]["activity"].casefold()
        named = [k for k in range(s) if labels[steps[k]["actors"][0]].casefold() in said]
        plan.edges.append(Edge(s, s + 1, "yes", YES))
        plan.edges.append(Edge(s, named[-1] if named else s - 1, "no", NO, optional=True))
    return plan


def _is_whole(plan: Plan) -> bool:
    """Whether no arrow was given up."""
    ways = Counter(edge.source for edge in plan.edges)
    into = {edge.target for edge in plan.edges}
    last = len(plan.activities) - 1
    return all(
        ways[n] == (2 if node.kind == "decision" else 0 if n == last else 1) and (n in into or n == 0)
        for n, node in enumerate(plan.nodes)
    )


def _paper(rng: Random, sop: Truth, drawing: Drawing) -> Paper | None:
    """The words for the drawing; None where they do not fit into its cells."""
    count = len(drawing.plan.actors)
    noted = len(columns(drawing.sheets[0])) - 1 == count + 6
    if not noted:
        for step in sop["procedures"][0]["steps"]:
            step["note"] = None
    form = lay_out_form(sop, rng, 0.0, Needs(ruled=False, odd=0.0, signature=0.0))
    grid = form.grids[0]
    first = 2 + count
    rows = [[*row[:2], *row[first : first + 3], row[first + 3] if grid.noted else ""] for row in grid.rows]
    size = largest([room for _, room in rooms(drawing, rows)])
    if size is None:
        return None
    names = [*grid.second[2 : first + 3], grid.first[-1] if grid.noted else load("printing")["columns"]["note"][0]]
    return Paper(drawing, form, [*grid.first[:3], grid.first[first]], names, rows, size, _truth(drawing, form.truth))


def _truth(drawing: Drawing, sop: Truth) -> Truth:
    drawn = drawing.truth()["sops"][0]["procedures"][0]
    steps = [
        {**step, "number": s + 1, "actors": drawn["steps"][s]["actors"]}
        for s, step in enumerate(sop["procedures"][0]["steps"])
    ]
    actors = [
        {**told, "label": actor["label"]}
        for told, actor in zip(drawn["actors"], sop["procedures"][0]["actors"], strict=True)
    ]
    table = {"title": None, "footnotes": [], "actors": actors, "steps": steps, "flow": drawn["flow"]}
    return {"sops": [{**sop, "pages": list(range(1, len(drawing.sheets) + 2)), "procedures": [table]}]}
