"""The flow chart: one start, an end, decisions with two ways out, steps and performers that belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sopparse.evidence import Issue, issue
from sopparse.model import Flow, Sop

_LINKS = ("off-page", "on-page")


def _drawn(sop: Sop) -> Iterator[tuple[str, Flow]]:
    """The flows with arrows; where nothing was drawn there is nothing to check."""
    for p, procedure in enumerate(sop.procedures):
        if procedure.flow.nodes and procedure.flow.edges:
            yield f"/procedures/{p}/flow", procedure.flow


def ends(sop: Sop) -> Iterator[tuple[str, Issue]]:
    for path, flow in _drawn(sop):
        into, out = {edge.target for edge in flow.edges}, {edge.source for edge in flow.edges}
        starts = [n for n in flow.nodes if n.id not in into and n.id in out and n.symbol not in _LINKS]
        stops = [n for n in flow.nodes if n.id not in out and n.id in into and n.symbol not in _LINKS]
        first = flow.nodes[0]
        if not starts and first.symbol != "terminator":
            yield path, issue("flow.start-missing")
        elif len(starts) > 1:
            told = ", ".join(str(n.step) for n in starts if n.step is not None)
            yield path, issue("flow.starts-several", steps=told)
        if not stops and not any(n.symbol == "terminator" for n in flow.nodes[1:]):
            yield path, issue("flow.end-missing")


def decisions(sop: Sop) -> Iterator[tuple[str, Issue]]:
    for path, flow in _drawn(sop):
        ways = Counter(edge.source for edge in flow.edges)
        told: dict[str, list[str]] = {}
        for edge in flow.edges:
            told.setdefault(edge.source, []).append(edge.condition or "")
        for n, node in enumerate(flow.nodes):
            if node.symbol != "decision":
                continue
            conditions = [condition for condition in told.get(node.id, []) if condition]
            if ways[node.id] < 2:
                yield f"{path}/nodes/{n}", issue("flow.decision-exits", step=node.step, count=ways[node.id])
            elif len(conditions) > len(set(conditions)):
                yield f"{path}/nodes/{n}", issue("flow.decision-same-condition", step=node.step)


def performers(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """Columns of actors that do nothing, and steps that nobody does: where the chart was read."""
    for p, procedure in enumerate(sop.procedures):
        if not procedure.flow.nodes:
            continue
        acting = {actor for step in procedure.steps for actor in step.actors}
        acting |= {node.actor for node in procedure.flow.nodes if node.actor}
        for a, actor in enumerate(procedure.actors):
            if actor.id not in acting:
                yield f"/procedures/{p}/actors/{a}", issue("actor.without-step", label=actor.label or actor.id)
        shown = {node.step for node in procedure.flow.nodes}
        for i, step in enumerate(procedure.steps):
            if step.number not in shown:
                yield f"/procedures/{p}/steps/{i}", issue("step.without-symbol", step=step.number)
