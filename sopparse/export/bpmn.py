"""One procedure as BPMN 2.0 with its diagram: opens in bpmn.io, Camunda and other editors.

What BPMN has no place for stands in elements of our own namespace. Their names are chosen so that readers which look at
the ends of names only (PM4Py does) take none of them for a task, gateway, flow or shape, and they have no `id`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sopparse.export import bpmn_text as text
from sopparse.export.bpmn_elements import Element, Elements, Flow, elements_of
from sopparse.export.bpmn_layout import Layout, layout_of
from sopparse.export.bpmn_routes import Point
from sopparse.export.chart import Chart, Place, Wording, chart_of
from sopparse.geometry import Box

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element as Xml

    from sopparse.model import Result, Step

SUFFIX = ".bpmn"

NAMESPACES = {
    "xmlns:bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "xmlns:bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC",
    "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
    "xmlns:bioc": "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "xmlns:color": "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    "xmlns:sop": "https://sopparse.invalid/bpmn/1",
}
TARGET = "https://sopparse.invalid/bpmn/process"
# Flows that the document does not show are drawn in grey.
GREY = "#8a8a8a"
# Longer names would make shapes larger than a screen; the whole text stands in the documentation.
LONGEST_TASK, LONGEST_LABEL, LONGEST_LANE, LONGEST_REMARK = 500, 110, 140, 240
TAGS = {
    "start": "bpmn:startEvent",
    "end": "bpmn:endEvent",
    "task": "bpmn:userTask",
    "gateway": "bpmn:exclusiveGateway",
    "event": "bpmn:intermediateThrowEvent",
}
# Everything that XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(result: Result, place: Place, words: Wording) -> str:
    from xml.etree import ElementTree

    chart = chart_of(result, place, words)
    elements = _shortened(elements_of(chart, words))
    lanes = [_flat(lane.name, LONGEST_LANE) for lane in chart.lanes]
    pool = _flat(chart.title or chart.number or "SOP", LONGEST_LANE)
    layout = layout_of(elements, lanes, pool, _data_name)
    root = ElementTree.Element("bpmn:definitions", {**NAMESPACES, "id": "Definitions_1", "targetNamespace": TARGET})
    root.set("exporter", "sopparse")
    _collaboration(root, chart, pool, words)
    _process(root, chart, lanes, elements, words)
    _diagram(root, chart, elements, layout)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _clip(value: str, limit: int) -> str:
    return text.clipped(_clean(value), limit)


def _flat(value: str, limit: int) -> str:
    return _clip(" ".join(value.split()), limit)


def _clean(value: str) -> str:
    return _FORBIDDEN.sub("\ufffd", value)


def _data_name(items: Sequence[str]) -> str:
    return _flat("; ".join(items), LONGEST_LABEL)


def _shortened(elements: Elements) -> Elements:
    """With names and remarks as they are drawn, so that the layout measures what the viewer shows."""
    from dataclasses import replace

    def short(element: Element) -> Element:
        limit = LONGEST_TASK if element.kind == "task" else LONGEST_LABEL
        name = None if element.name is None else _flat(element.name, limit)
        return replace(element, name=name, remark=element.remark and _clip(element.remark, LONGEST_REMARK))

    return Elements(tuple(map(short, elements.elements)), elements.flows)


def _add(parent: Xml, tag: str, content: str | None = None, **attributes: str | None) -> Xml:
    from xml.etree import ElementTree

    given = {key: _clean(value) for key, value in attributes.items() if value is not None}
    child = ElementTree.SubElement(parent, tag, given)
    child.text = None if content is None else _clean(content)
    return child


def _collaboration(root: Xml, chart: Chart, pool: str, words: Wording) -> None:
    collaboration = _add(root, "bpmn:collaboration", id="Collaboration_1")
    _add(collaboration, "bpmn:participant", id="Participant_1", name=pool, processRef="Process_1")
    if chart.inferred:
        _add(_add(collaboration, "bpmn:textAnnotation", id="Remark_order"), "bpmn:text", words.inferred)


def _process(root: Xml, chart: Chart, lanes: Sequence[str], elements: Elements, words: Wording) -> None:
    process = _add(root, "bpmn:process", id="Process_1", name=chart.title, isExecutable="false")
    about = _extension(process, "sop:document", number=chart.number, title=chart.title)
    if chart.inferred:
        _add(about, "sop:source", inferred="sequence")
    lane_set = _add(process, "bpmn:laneSet", id="LaneSet_1")
    for index, (lane, name) in enumerate(zip(chart.lanes, lanes, strict=True)):
        child = _add(lane_set, "bpmn:lane", id=f"Lane_{index + 1}", name=name)
        if lane.name != name:
            _add(child, "bpmn:documentation", lane.name)
        for element in elements.elements:
            if element.lane == index:
                _add(child, "bpmn:flowNodeRef", element.id)
    for element in elements.elements:
        _flow_node(process, element, elements.flows, chart, words)
    for element in elements.elements:
        for part, items in (("Needs", element.needs), ("Yields", element.yields)):
            if items:
                _data_object(process, f"{part}_{element.id}", items)
    for flow in elements.flows:
        _sequence_flow(process, flow)
    for element in elements.elements:
        if element.remark:
            note = _add(process, "bpmn:textAnnotation", id=f"Remark_{element.id}")
            _add(note, "bpmn:text", element.remark)
            link = {"sourceRef": element.id, "targetRef": f"Remark_{element.id}"}
            _add(process, "bpmn:association", id=f"Link_{element.id}", **link)


def _extension(parent: Xml, tag: str, **attributes: str | None) -> Xml:
    return _add(_add(parent, "bpmn:extensionElements"), tag, **attributes)


def _flow_node(process: Xml, element: Element, flows: Iterable[Flow], chart: Chart, words: Wording) -> None:
    xml = _add(process, TAGS[element.kind], id=element.id, name=element.name)
    step, node = element.step, element.node
    if element.kind == "task" and step is not None:
        _add(xml, "bpmn:documentation", _documentation(step, chart, words))
    extension = _add(xml, "bpmn:extensionElements")
    if node is None:
        _add(extension, "sop:source", inferred="symbol")
    else:
        _add(extension, "sop:source", node=node.id if node.drawn else None, symbol=node.symbol if node.drawn else None)
    if element.kind == "task" and step is not None:
        _add(extension, "sop:step", number=str(step.number), printed=step.printed_number)
        if step.duration is not None:
            _add(extension, "sop:baku", waktu=step.duration.iso8601, raw=step.duration.text)
    leaving = [flow for flow in flows if flow.source == element.id]
    if element.kind == "gateway":
        xml.set("gatewayDirection", "Diverging" if len(leaving) > 1 else "Unspecified")
    for flow in flows:
        if flow.target == element.id:
            _add(xml, "bpmn:incoming", flow.id)
    for flow in leaving:
        _add(xml, "bpmn:outgoing", flow.id)
    _data_links(xml, element)


def _documentation(step: Step, chart: Chart, words: Wording) -> str:
    actors = [chart.labels.get(actor, actor) for actor in step.actors]
    lines = [
        (words.actors, ", ".join(actors)),
        (words.requirements, "; ".join(step.requirements)),
        (words.duration, step.duration.text if step.duration else ""),
        (words.outputs, "; ".join(step.outputs)),
        (words.note, step.note or ""),
    ]
    return "\n".join([step.activity or "", *(f"{label}: {value}" for label, value in lines if value)]).strip()


def _data_links(xml: Xml, element: Element) -> None:
    """An input needs a target inside the task: by custom a property of that name, which editors know."""
    if element.needs:
        _add(xml, "bpmn:property", id=f"Property_{element.id}", name="__targetRef_placeholder")
        link = _add(xml, "bpmn:dataInputAssociation", id=f"Input_{element.id}")
        _add(link, "bpmn:sourceRef", f"Needs_{element.id}")
        _add(link, "bpmn:targetRef", f"Property_{element.id}")
    if element.yields:
        link = _add(xml, "bpmn:dataOutputAssociation", id=f"Output_{element.id}")
        _add(link, "bpmn:targetRef", f"Yields_{element.id}")


def _data_object(process: Xml, key: str, items: Sequence[str]) -> None:
    _add(process, "bpmn:dataObject", id=f"Object_{key}", isCollection="true" if len(items) > 1 else None)
    reference = _add(process, "bpmn:dataObjectReference", id=key, name=_data_name(items), dataObjectRef=f"Object_{key}")
    _add(reference, "bpmn:documentation", "\n".join(items))


def _sequence_flow(process: Xml, flow: Flow) -> None:
    xml = _add(process, "bpmn:sequenceFlow", id=flow.id, name=flow.name, sourceRef=flow.source, targetRef=flow.target)
    if flow.inferred or flow.via:
        inferred = "sequence" if flow.inferred else None
        _extension(xml, "sop:source", inferred=inferred, connectors=" ".join(flow.via) or None)


def _diagram(root: Xml, chart: Chart, elements: Elements, layout: Layout) -> None:
    diagram = _add(root, "bpmndi:BPMNDiagram", id="Diagram_1")
    plane = _add(diagram, "bpmndi:BPMNPlane", id="Plane_1", bpmnElement="Collaboration_1")
    _shape(plane, "Participant_1", layout.pool, isHorizontal="true")
    for index, lane in enumerate(layout.lanes, start=1):
        _shape(plane, f"Lane_{index}", lane, isHorizontal="true")
    if chart.inferred:
        left, top = layout.pool.x0, layout.pool.top
        _shape(plane, "Remark_order", Box(left, top - 44, left + 480, top - 14))
    for element in elements.elements:
        marker = "true" if element.kind == "gateway" else None
        _shape(plane, element.id, layout.shapes[element.id], layout.labels.get(element.id), isMarkerVisible=marker)
    for part, link, data in (("Needs", "Input", layout.needs), ("Yields", "Output", layout.yields)):
        for key, drawn in data.items():
            _shape(plane, f"{part}_{key}", drawn.box, drawn.label)
            _edge(plane, f"{link}_{key}", drawn.line if part == "Needs" else drawn.line[::-1])
    for key, (box, line) in layout.remarks.items():
        _shape(plane, f"Remark_{key}", box)
        _edge(plane, f"Link_{key}", line)
    for flow in elements.flows:
        edge = _edge(plane, flow.id, layout.flows[flow.id], layout.labels.get(flow.id))
        if flow.inferred:
            edge.set("bioc:stroke", GREY)
            edge.set("color:border-color", GREY)


def _shape(plane: Xml, key: str, box: Box, label: Box | None = None, **attributes: str | None) -> None:
    shape = _add(plane, "bpmndi:BPMNShape", id=f"{key}_di", bpmnElement=key, **attributes)
    _bounds(shape, box)
    if label is not None:
        _bounds(_add(shape, "bpmndi:BPMNLabel"), label)


def _edge(plane: Xml, key: str, points: Sequence[Point], label: Box | None = None) -> Xml:
    edge = _add(plane, "bpmndi:BPMNEdge", id=f"{key}_di", bpmnElement=key)
    for x, y in points:
        _add(edge, "di:waypoint", x=_number(x), y=_number(y))
    if label is not None:
        _bounds(_add(edge, "bpmndi:BPMNLabel"), label)
    return edge


def _bounds(parent: Xml, box: Box) -> None:
    size = {"width": _number(box.x1 - box.x0), "height": _number(box.bottom - box.top)}
    _add(parent, "dc:Bounds", x=_number(box.x0), y=_number(box.top), **size)


def _number(value: float) -> str:
    return f"{round(value):d}"
