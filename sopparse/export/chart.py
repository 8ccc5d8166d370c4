"""A procedure as a chart that any notation can draw: lanes, nodes in reading order, arrows from node to node.

Page connectors are joined away, steps without a symbol get one, and where the document has no arrows at all the steps
follow one another, each such arrow marked as inferred.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from sopparse import vocab
from sopparse.model import Actor, Edge, Node, Procedure, Result, Sop, Step, Symbol

CONNECTORS: tuple[Symbol, ...] = ("off-page", "on-page")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that a drawing adds to those of the document, in the document's language."""

    yes: str
    no: str
    start: str
    end: str
    unknown_actor: str
    unread_actor: str
    actors: str
    requirements: str
    duration: str
    outputs: str
    note: str
    inferred: str

    @classmethod
    def usual(cls) -> Wording:
        """The words of the vocabulary."""
        return cls.from_entries(vocab.load("exports"))

    @classmethod
    def from_entries(cls, entries: dict[str, Any]) -> Wording:
        """From tables with a `text` each."""
        return cls(**{field.name: entries[field.name]["text"] for field in fields(cls)})


class Place(NamedTuple):
    """Where a procedure stands in a result; both are 0-based."""

    sop_index: int
    procedure_index: int


@dataclass(frozen=True, slots=True)
class Lane:
    """`actor` is the id of the actor column; None for the lane of steps whose actor is unknown."""

    actor: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Symbolized:
    """One symbol to draw. `drawn` says whether the document has it; otherwise it stands for a step without symbol."""

    id: str
    lane: int
    symbol: Symbol
    step: Step | None
    text: str | None
    drawn: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """`via` names the page connectors that the arrow passes."""

    source: str
    target: str
    condition: Literal["yes", "no"] | None = None
    inferred: bool = False
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """`inferred`: the document shows no arrow, the order of the steps is all there is."""

    title: str | None
    number: str | None
    lanes: tuple[Lane, ...]
    nodes: tuple[Symbolized, ...]
    arrows: tuple[Arrow, ...]
    labels: Mapping[str, str]
    inferred: bool


def chart_of(result: Result, place: Place, words: Wording) -> Chart:
    sop = result.sops[place.sop_index]
    procedure = sop.procedures[place.procedure_index]
    pointer = f"/sops/{place.sop_index}/procedures/{place.procedure_index}"
    arrows = _joined(procedure.flow.nodes, _arrows(result, procedure, pointer))
    lanes = _lanes(procedure, words)
    nodes = _in_order(_nodes(procedure, arrows, lanes), arrows, procedure.steps)
    inferred = not procedure.flow.edges
    if inferred:
        arrows = [Arrow(a.id, b.id, inferred=True) for a, b in pairwise(nodes)]
    if all(node.lane != len(lanes) - 1 for node in nodes):
        lanes = lanes[:-1]
    labels = {lane.actor: lane.name for lane in lanes if lane.actor is not None}
    title = _title(sop, procedure)
    return Chart(title, sop.header.number, tuple(lanes), tuple(nodes), tuple(arrows), labels, inferred)


def _title(sop: Sop, procedure: Procedure) -> str | None:
    """The title of the table where the document has several, otherwise that of the document."""
    title = sop.header.title
    if procedure.title is None or (title is not None and len(sop.procedures) == 1):
        return title
    return procedure.title if title is None else f"{title}: {procedure.title}"


def _lanes(procedure: Procedure, words: Wording) -> list[Lane]:
    """One for each actor column, and at the end one for the unknown."""
    lanes = [Lane(actor.id, actor_label(actor, n, words)) for n, actor in enumerate(procedure.actors, start=1)]
    return [*lanes, Lane(None, words.unknown_actor)]


def actor_label(actor: Actor, number: int, words: Wording) -> str:
    label = actor.label or words.unread_actor.format(number=number)
    return label if actor.group is None else f"{actor.group}: {label}"


def _arrows(result: Result, procedure: Procedure, pointer: str) -> list[Arrow]:
    """The edges between nodes that exist, each once."""
    known = {node.id for node in procedure.flow.nodes}
    arrows: dict[tuple[str, str, str | None], Arrow] = {}
    for index, edge in enumerate(procedure.flow.edges):
        if edge.source in known and edge.target in known:
            arrows.setdefault(_key(edge), _arrow(result, edge, f"{pointer}/flow/edges/{index}"))
    return list(arrows.values())


def _key(edge: Edge) -> tuple[str, str, str | None]:
    return edge.source, edge.target, edge.condition


def _arrow(result: Result, edge: Edge, pointer: str) -> Arrow:
    report = result.report.fields.get(pointer)
    inferred = report is not None and report.basis == "inferred"
    return Arrow(edge.source, edge.target, edge.condition, inferred)


def _joined(nodes: Sequence[Node], arrows: Sequence[Arrow]) -> list[Arrow]:
    """The arrows that remain when page connectors are passed through; a connector that leads nowhere stays."""
    passed = _passed_through(nodes, arrows)
    leaving: dict[str, list[Arrow]] = {}
    for arrow in arrows:
        leaving.setdefault(arrow.source, []).append(arrow)
    joined: dict[tuple[str, str, str | None], Arrow] = {}
    for first in arrows:
        if first.source in passed:
            continue
        waiting, seen = [first], set[str]()
        while waiting:
            arrow = waiting.pop(0)
            if arrow.target not in passed:
                joined.setdefault((arrow.source, arrow.target, arrow.condition), arrow)
            elif arrow.target not in seen:
                seen.add(arrow.target)
                waiting += [_continued(arrow, onward) for onward in leaving.get(arrow.target, ())]
    return list(joined.values())


def _continued(arrow: Arrow, onward: Arrow) -> Arrow:
    return replace(
        arrow,
        target=onward.target,
        condition=arrow.condition or onward.condition,
        inferred=arrow.inferred or onward.inferred,
        via=(*arrow.via, arrow.target),
    )


def _passed_through(nodes: Sequence[Node], arrows: Sequence[Arrow]) -> set[str]:
    """The connectors that some other symbol leads into and that lead to some other symbol."""
    connectors = {node.id for node in nodes if node.symbol in CONNECTORS}
    ahead = _reached(connectors, [(arrow.source, arrow.target) for arrow in arrows])
    behind = _reached(connectors, [(arrow.target, arrow.source) for arrow in arrows])
    return ahead & behind


def _reached(connectors: set[str], links: Sequence[tuple[str, str]]) -> set[str]:
    """The connectors from which a symbol that is no connector can be reached over connectors alone."""
    before: dict[str, list[str]] = {}
    for source, target in links:
        if source in connectors:
            before.setdefault(target, []).append(source)
    found: set[str] = set()
    waiting = [source for target, sources in before.items() if target not in connectors for source in sources]
    while waiting:
        connector = waiting.pop()
        if connector not in found:
            found.add(connector)
            waiting += before.get(connector, ())
    return found


def _nodes(procedure: Procedure, arrows: Iterable[Arrow], lanes: Sequence[Lane]) -> list[Symbolized]:
    """The symbols of the document without the connectors that were passed, and one for each step that has none."""
    lane_of = {lane.actor: index for index, lane in enumerate(lanes)}
    unknown = len(lanes) - 1
    steps = {step.number: step for step in procedure.steps}
    linked = {end for arrow in arrows for end in (arrow.source, arrow.target)}
    nodes = [
        Symbolized(node.id, lane_of.get(node.actor, unknown), node.symbol, _step(steps, node), node.text, drawn=True)
        for node in procedure.flow.nodes
        if node.symbol not in CONNECTORS or node.id in linked
    ]
    shown = {node.step.number for node in nodes if node.step is not None and node.symbol not in CONNECTORS}
    taken = {node.id for node in procedure.flow.nodes}
    for step in procedure.steps:
        if step.number not in shown:
            name = next(name for n in range(len(taken) + 1) if (name := f"step-{step.number}" + "-x" * n) not in taken)
            lane = lane_of.get(step.actors[0], unknown) if step.actors else unknown
            nodes.append(Symbolized(name, lane, "process", step, None, drawn=False))
    return nodes


def _step(steps: Mapping[int, Step], node: Node) -> Step | None:
    return None if node.step is None else steps.get(node.step)


def _in_order(nodes: Sequence[Symbolized], arrows: Sequence[Arrow], steps: Sequence[Step]) -> list[Symbolized]:
    """By row, within a row along the arrows; a symbol outside the rows stands beside what it leads to or comes from."""
    row_of_step = {step.number: float(row) for row, step in enumerate(steps)}
    rows = {node.id: row_of_step[node.step.number] for node in nodes if node.step is not None}
    for node in nodes:
        if node.step is None:
            after = [rows[a.target] for a in arrows if a.source == node.id and a.target in rows]
            before = [rows[a.source] for a in arrows if a.target == node.id and a.source in rows]
            rows[node.id] = max(before) + 0.5 if before else min(after) - 0.5 if after else float(len(steps))
    by_row: dict[float, list[Symbolized]] = {}
    for node in nodes:
        by_row.setdefault(rows[node.id], []).append(node)
    return [node for row in sorted(by_row) for node in _along(by_row[row], arrows)]


def _along(nodes: Sequence[Symbolized], arrows: Sequence[Arrow]) -> list[Symbolized]:
    """Predecessors first, as far as loops allow; otherwise as the document lists them."""
    left = {node.id: node for node in nodes}
    links = [(arrow.source, arrow.target) for arrow in arrows if arrow.source in left and arrow.target in left]
    ordered: list[Symbolized] = []
    while left:
        waiting = {target for source, target in links if source in left and source != target}
        chosen = next((key for key in left if key not in waiting), next(iter(left)))
        ordered.append(left.pop(chosen))
    return ordered
