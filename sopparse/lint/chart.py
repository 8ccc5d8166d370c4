"""Rules about the flow chart and its columns. They speak only of charts that were read completely and surely."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import pairwise

from sopparse import vocab
from sopparse.lint.subject import SCANNED, Offences, Subject, called, offence
from sopparse.model import Node, Procedure, Step

_LINKS = ("off-page", "on-page")
# Ticks are a table's way of showing performers where at least so many of its steps have one.
_MOST_TICKED = 0.5
_FEWEST_TICKED = 2


def ends(subject: Subject) -> Offences:
    """R01"""
    for each in subject.findings("R01"):
        if _was_read(subject, each.path.rsplit("/flow", 1)[0]):
            yield each
    for path, procedure in subject.procedures():
        flow = procedure.flow
        into, out = {edge.target for edge in flow.edges}, {edge.source for edge in flow.edges}
        last = [n for n in flow.nodes if n.id in into and n.id not in out and n.symbol not in _LINKS]
        if len(last) > 1 and any(n.symbol != "terminator" for n in last) and _was_read(subject, path):
            steps = ", ".join(str(n.step) for n in last if n.step is not None)
            yield offence(f"{path}/flow", "ends", steps=steps)


def _was_read(subject: Subject, path: str) -> bool:
    """Whether a chart with arrows was read surely, nothing in it inferred, and nothing in it open.

    Of a scan nobody knows which arrows were not seen: a third of them may be wrong.
    """
    procedure = subject.sop.procedures[int(path.split("/")[2])]
    nodes = [f"{path}/flow/nodes/{n}" for n in range(len(procedure.flow.nodes))]
    return (
        bool(nodes and procedure.flow.edges)
        and subject.part.result.source.reading not in SCANNED
        and all(map(subject.sure, nodes))
        and all(_is_drawn(subject, f"{path}/flow/edges/{e}") for e in range(len(procedure.flow.edges)))
        and not subject.found(frozenset(vocab.load("lint")["doubts"]["chart"]), path)
    )


def _is_drawn(subject: Subject, path: str) -> bool:
    return subject.sure(path) and subject.part.basis(path) != "inferred"


def decisions(subject: Subject) -> Offences:
    """R09"""
    for each in subject.findings("R09"):
        if _was_read(subject, each.path.rsplit("/flow", 1)[0]):
            yield each
    for path, procedure in subject.procedures():
        told = {each.path for each in subject.findings("R09")}
        for n, node in enumerate(procedure.flow.nodes):
            place = f"{path}/flow/nodes/{n}"
            ways = [edge for edge in procedure.flow.edges if edge.source == node.id]
            silent = sum(edge.condition is None for edge in ways)
            if (
                node.symbol == "decision"
                and len(ways) > 1
                and silent
                and place not in told
                and _was_read(subject, path)
            ):
                yield offence(place, "unlabelled", step=node.step, count=silent)


def performers(subject: Subject) -> Offences:
    """R03"""
    for path, procedure in subject.procedures():
        labels = {actor.id: actor.label or actor.id for actor in procedure.actors}
        for i, step in enumerate(procedure.steps):
            acting = _acting(procedure, step)
            place = f"{path}/steps/{i}/actors"
            if len(acting) > 1 and _was_seen(subject, place):
                names = ", ".join(labels.get(actor, actor) for actor in acting)
                yield offence(place, "several", step=called(step), count=len(acting), actors=names)


def _acting(procedure: Procedure, step: Step) -> list[str]:
    """Who does the step: whoever has nothing but a capsule of the start or end, or a link to a page, does nothing."""
    nodes = [node for node in procedure.flow.nodes if node.step == step.number]
    passing = {node.actor for node in nodes if _is_passing(node)}
    doing = {node.actor for node in nodes if not _is_passing(node)}
    return [actor for actor in step.actors if actor not in passing or actor in doing]


def _is_passing(node: Node) -> bool:
    return node.symbol in _LINKS or (
        node.symbol == "terminator" and re.sub(r"\W+", " ", node.text or "").strip().casefold() in _capsules()
    )


@cache
def _capsules() -> frozenset[str]:
    """What a capsule says that is no activity."""
    words = vocab.load("flow")
    return frozenset((*words["start"]["forms"], *words["end"]["forms"]))


def _was_seen(subject: Subject, path: str) -> bool:
    """Whether the performers of a step are drawn. Marks of a scan may be figures or dirt."""
    drawn = ("symbol",) if subject.part.result.source.reading in SCANNED else ("symbol", "mark")
    return subject.sure(path) and subject.part.basis(path) in drawn


def columns(subject: Subject) -> Offences:
    """R05"""
    for path, procedure in subject.procedures():
        order = {actor.id: index for index, actor in enumerate(procedure.actors)}
        labels = [actor.label or actor.id for actor in procedure.actors]
        steps = [(i, step, _acting(procedure, step)) for i, step in enumerate(procedure.steps)]
        if not all(acting and _was_seen(subject, f"{path}/steps/{i}/actors") for i, _, acting in steps):
            continue
        # Of a step that several do, nobody knows who began it.
        first = list(dict.fromkeys(acting[0] for _, _, acting in steps if len(acting) == 1))
        acts = {actor: next(i for i, _, acting in steps if actor in acting) for actor in first}
        used = sorted(order[actor] for _, _, acting in steps for actor in acting if actor in order)
        if not first or not used or any(len(acting) > 1 for _, _, acting in steps):
            continue
        column = order.get(first[0])
        if column is not None and column > used[0]:
            place = f"{path}/steps/{acts[first[0]]}/actors"
            number = called(procedure.steps[acts[first[0]]])
            yield offence(place, "first", step=number, actor=labels[column], column=column + 1)
            continue
        for one, other in pairwise(first):
            if one in order and other in order and order[one] > order[other]:
                place = f"{path}/actors/{order[one]}"
                told = {"actor": labels[order[one]], "column": order[one] + 1, "other": labels[order[other]]}
                yield offence(place, "order", **told)
                break


def ticks(subject: Subject) -> Offences:
    """R08. Of a scan, arrowheads and circles look like ticks."""
    if subject.part.result.source.reading in SCANNED:
        return
    forms = frozenset(vocab.load("lint")["ticks"]["forms"])
    for path, procedure in subject.procedures():
        if procedure.flow.nodes:
            continue
        marks: Counter[str] = Counter()
        for i in range(len(procedure.steps)):
            report = subject.part.report(f"{path}/steps/{i}/actors")
            raw = (report.raw or "").strip().casefold() if report is not None and report.basis == "mark" else ""
            if raw in forms and subject.sure(f"{path}/steps/{i}/actors"):
                marks[raw] += 1
        count = marks.total()
        if count >= max(_FEWEST_TICKED, _MOST_TICKED * len(procedure.steps)):
            yield offence(path, "ticks", mark=marks.most_common(1)[0][0], count=count)
