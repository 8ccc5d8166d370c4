"""A chart as BPMN flow elements: which event, task and gateway stands for a drawn symbol.

The form has five symbols (PermenPAN-RB 35/2012). A box is a task; a diamond a task and the gateway after it; a capsule
is a start or end event, and beside it a task where no other symbol of the row carries the activity.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from sopparse.export.chart import CONNECTORS, Chart, Symbolized, Wording
from sopparse.model import Step

Kind = Literal["start", "end", "task", "gateway", "event"]
_Link = tuple[str, str, str | None, bool, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Element:
    """`node` is the symbol that it stands for, None for an event that the document does not show.

    Only the first task of a step carries what it needs, only the last one what it yields.
    """

    id: str
    kind: Kind
    name: str | None
    lane: int
    node: Symbolized | None
    needs: tuple[str, ...] = ()
    yields: tuple[str, ...] = ()
    remark: str | None = None

    @property
    def step(self) -> Step | None:
        return None if self.node is None else self.node.step


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    source: str
    target: str
    name: str | None
    inferred: bool
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Elements:
    """`elements` in drawing order."""

    elements: tuple[Element, ...]
    flows: tuple[Flow, ...]


def elements_of(chart: Chart, words: Wording) -> Elements:
    parts = [_parts(node, chart, words) for node in chart.nodes]
    entries, exits = _entries(chart, parts), {node.id: own[-1].id for node, own in zip(chart.nodes, parts, strict=True)}
    flows: list[_Link] = [(a.id, b.id, None, False, ()) for own in parts for a, b in pairwise(own)]
    names = {"yes": words.yes, "no": words.no}
    for arrow in chart.arrows:
        name = None if arrow.condition is None else names[arrow.condition]
        flows.append((exits[arrow.source], entries[arrow.target], name, arrow.inferred, arrow.via))
    elements = _with_data([element for own in parts for element in own], words)
    elements, flows = _with_ends(elements, flows, words)
    numbered = tuple(Flow(f"Flow_{n}", *flow) for n, flow in enumerate(dict.fromkeys(flows), start=1))
    return Elements(tuple(elements), numbered)


def _parts(node: Symbolized, chart: Chart, words: Wording) -> list[Element]:
    """The elements of one symbol, in the order in which the flow passes them."""
    number = chart.nodes.index(node) + 1

    def element(kind: Kind, name: str | None) -> Element:
        return Element(f"{kind.capitalize()}_{number}", kind, name, node.lane, node)

    incoming = any(arrow.target == node.id for arrow in chart.arrows)
    outgoing = [arrow for arrow in chart.arrows if arrow.source == node.id]
    if node.symbol in CONNECTORS:
        return [element("event", node.text)]
    companions = [other for other in chart.nodes if other.step is not None and other.step is node.step]
    task = element("task", _task_name(node, len(companions)))
    if node.symbol == "terminator":
        kind = _terminator(node, chart, incoming, bool(outgoing))
        event = element(kind, _spoken(node.text) or {"start": words.start, "end": words.end}.get(kind))
        if node.step is None or any(other.symbol not in ("terminator", *CONNECTORS) for other in companions):
            return [event]
        return {"start": [event, task], "end": [task, event], "event": [task]}[kind]
    if node.symbol == "decision" or any(arrow.condition for arrow in outgoing):
        gateway = element("gateway", _spoken(node.text))
        bodies = {other.id for other in companions if other.symbol not in ("terminator", "decision", *CONNECTORS)}
        led = any(arrow.target == node.id and arrow.source in bodies for arrow in chart.arrows)
        return [gateway] if led and node.symbol == "decision" else [task, gateway]
    return [task]


def _terminator(node: Symbolized, chart: Chart, incoming: bool, outgoing: bool) -> Literal["start", "end", "event"]:
    """A capsule without a way in begins; so does the first one, into which a loop may lead back."""
    first = node is chart.nodes[0]
    if not incoming and (outgoing or first):
        return "start"
    if not outgoing and (incoming or node is chart.nodes[-1]):
        return "end"
    return "start" if first else "event"


def _spoken(text: str | None) -> str | None:
    """Numbers and marks inside a symbol name nothing."""
    return text if text is not None and any(char.isalpha() for char in text) else None


def _task_name(node: Symbolized, companions: int) -> str | None:
    if node.step is None:
        return node.text
    number = (node.step.printed_number or str(node.step.number)).rstrip(". ")
    # Where a row has several symbols, the words inside one say which part of the activity it is.
    words = _spoken(node.text) if companions > 1 and node.symbol != "decision" else None
    text = words or node.step.activity or _spoken(node.text)
    return number if text is None else f"{number}. {text}"


def _entries(chart: Chart, parts: Sequence[Sequence[Element]]) -> dict[str, str]:
    """Where an arrow to a symbol ends. Nothing may flow into a start event: it ends at what follows it."""
    by_id = dict(zip([node.id for node in chart.nodes], parts, strict=True))

    def entry(key: str, passed: frozenset[str]) -> str:
        own = [element for element in by_id[key] if element.kind != "start"]
        if own:
            return own[0].id
        onward = [arrow.target for arrow in chart.arrows if arrow.source == key and arrow.target not in passed]
        return entry(onward[0], passed | {key}) if onward else by_id[key][0].id

    return {node.id: entry(node.id, frozenset((node.id,))) for node in chart.nodes}


def _with_data(elements: Sequence[Element], words: Wording) -> list[Element]:
    tasks = [element for element in elements if element.kind == "task" and element.step is not None]
    firsts = {element.step.number: element.id for element in reversed(tasks) if element.step is not None}
    lasts = {element.step.number: element.id for element in tasks if element.step is not None}
    completed = []
    for element in elements:
        if (step := element.step) is not None and element.id == firsts.get(step.number):
            element = replace(element, needs=step.requirements, remark=_remark(step, words))
        if (step := element.step) is not None and element.id == lasts.get(step.number):
            element = replace(element, yields=step.outputs)
        completed.append(element)
    return completed


def _remark(step: Step, words: Wording) -> str | None:
    """What is written beside the task: how long it takes, and the note."""
    duration = None if step.duration is None else f"{words.duration}: {step.duration.text}"
    return "\n".join(line for line in (duration, step.note) if line is not None) or None


def _with_ends(
    elements: Sequence[Element], flows: Sequence[_Link], words: Wording
) -> tuple[list[Element], list[_Link]]:
    """A start and an end where the document shows none; they and their flows are inferred."""
    elements, flows = list(elements), list(flows)
    if not any(element.kind == "start" for element in elements):
        first = next(_without(elements, {target for _, target, *_ in flows}), elements[0])
        elements.insert(elements.index(first), Element("Start_0", "start", words.start, first.lane, None))
        flows.insert(0, ("Start_0", first.id, None, True, ()))
    if not any(element.kind == "end" for element in elements):
        last = next(_without(reversed(elements), {source for source, *_ in flows}), None)
        if last is not None:
            elements.insert(elements.index(last) + 1, Element("End_0", "end", words.end, last.lane, None))
            flows.append((last.id, "End_0", None, True, ()))
    return elements, flows


def _without(elements: Iterator[Element] | Sequence[Element], linked: set[str]) -> Iterator[Element]:
    return (element for element in elements if element.id not in linked)
