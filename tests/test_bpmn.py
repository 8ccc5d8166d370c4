"""BPMN: valid against the schema of the OMG, the symbols and arrows of the model, and a drawing without collisions."""

from __future__ import annotations

import importlib.util
import itertools
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from sopparse import model
from sopparse.export import bpmn, places
from sopparse.export.bpmn_elements import Element, Elements, elements_of
from sopparse.export.bpmn_layout import Layout, layout_of
from sopparse.export.chart import Chart, chart_of
from sopparse.geometry import Box
from tests import charts

NAMES = {prefix.partition(":")[2]: uri for prefix, uri in bpmn.NAMESPACES.items()}
OWN = NAMES["sop"]
# The ends of names by which PM4Py's reader knows elements.
SUFFIXES = (
    "collaboration", "participant", "textannotation", "process", "shape", "task", "event", "edge", "gateway", "flow",
    "association", "incoming", "outgoing", "waypoint", "label", "bounds",
)  # fmt: skip


def rendered(procedure: model.Procedure, **more: Any) -> Any:
    return etree.fromstring(text(procedure, **more).encode())


def text(procedure: model.Procedure, **more: Any) -> str:
    return bpmn.render(*places([charts.result(procedure, **more)])[0], charts.WORDS)


def chart(procedure: model.Procedure) -> Chart:
    return chart_of(*places([charts.result(procedure)])[0], charts.WORDS)


def elements(procedure: model.Procedure) -> Elements:
    return elements_of(chart(procedure), charts.WORDS)


def kinds(procedure: model.Procedure) -> list[str]:
    return [f"{element.kind} {element.name}" for element in elements(procedure).elements]


def drawn(nodes: str, links: str, steps: int = 2) -> model.Procedure:
    return model.Procedure(
        actors=charts.actors("Staf", "Kepala Seksi"),
        steps=tuple(charts.step(n, f"Langkah {n}") for n in range(1, steps + 1)),
        flow=charts.flow(nodes, links),
    )


@cache
def schema() -> Any:
    """The XSD of the OMG as SpiffWorkflow carries it."""
    package = importlib.util.find_spec("SpiffWorkflow")
    assert package is not None
    assert package.origin is not None
    return etree.XMLSchema(etree.parse(Path(package.origin).parent / "bpmn/parser/schema/BPMN20.xsd"))


@st.composite
def procedures(draw: st.DrawFn) -> model.Procedure:
    """Any lanes, symbols, several in a row, and arrows in any direction."""
    dice = draw(st.randoms(use_true_random=False))
    return random_procedure(dice)


def random_procedure(dice: random.Random) -> model.Procedure:
    steps, lanes = dice.randint(1, 12), dice.randint(1, 6)
    symbols = ["process", "process", "process", "decision", "decision", "terminator", "document", "off-page", "other"]
    texts = ["-", "7", "Lengkap"]
    nodes = [
        f"n{step}{letter}/{step}/a{dice.randint(1, lanes + 1)}/{dice.choice(symbols)}/{dice.choice(texts)}"
        for step in range(1, steps + 1)
        for letter in "abc"[: dice.choice([0, 1, 1, 1, 2, 3])]
    ]
    keys = [node.split("/")[0] for node in nodes]
    pairs = list(itertools.pairwise(keys)) + [
        (dice.choice(keys), dice.choice(keys)) for _ in range(dice.randint(0, 9)) if keys
    ]
    links = [f"{a} {b} {dice.choice(['', '', 'yes', 'no'])}" for a, b in pairs if dice.random() < 0.9]
    activities = ["Menerima berkas", "Meneliti kelengkapan berkas " * dice.randint(1, 9), "Katapanjangsekali" * 3]
    return model.Procedure(
        actors=charts.actors(*(f"Pelaksana pada unit kerja ke-{n}" for n in range(1, lanes + 1))),
        steps=tuple(
            charts.step(
                n,
                dice.choice(activities),
                requirements=dice.choice([(), ("Surat",), ("Lembar disposisi", "Berkas permohonan", "Komputer")]),
                outputs=dice.choice([(), ("Nota dinas yang sudah ditandatangani",)]),
                note=dice.choice([None, "Lihat SOP Pengarsipan pada unit yang bersangkutan"]),
                duration=dice.choice([None, charts.duration("30 menit")]),
            )
            for n in range(1, steps + 1)
        ),
        flow=charts.flow(" ".join(nodes), ", ".join(links)),
    )


@pytest.mark.parametrize("name", charts.PROCEDURES)
def test_output_is_valid_and_stable(name: str):
    procedure = charts.PROCEDURES[name]()
    assert schema().validate(rendered(procedure)), schema().error_log.last_error
    assert text(procedure) == text(procedure)


@given(procedures())
def test_any_procedure_is_valid(procedure: model.Procedure):
    if procedure.steps or procedure.flow.nodes:
        assert schema().validate(rendered(procedure)), schema().error_log.last_error


@given(procedures())
def test_symbols_and_arrows_are_those_of_the_model(procedure: model.Procedure):
    expected, found = chart(procedure), elements(procedure)
    owner = {element.id: element.node.id for element in found.elements if element.node is not None}
    assert list(dict.fromkeys(owner.values())) == [node.id for node in expected.nodes]
    # A start event has no way in: arrows to a capsule that is nothing else end at what follows it.
    shifted = {node.id for node in expected.nodes if node.symbol == "terminator"}
    names = {"yes": "Ya", "no": "Tidak", None: None}
    arrows = {(a.source, a.target, names[a.condition]) for a in expected.arrows if a.target not in shifted}
    flows = {(owner.get(f.source), owner.get(f.target), f.name) for f in found.flows}
    assert arrows <= flows
    kind = {element.id: element.kind for element in found.elements}
    steps = {(a.id, b.id) for n in expected.nodes for a, b in itertools.pairwise(_of(found, n.id))}
    for flow in found.flows:
        between = (owner.get(flow.source), owner.get(flow.target), flow.name)
        inserted = (flow.source, flow.target) in steps or flow.source == "Start_0" or flow.target == "End_0"
        assert between in arrows or inserted or any(a.target in shifted for a in expected.arrows)
        assert kind[flow.target] != "start" or any(a.target in shifted for a in expected.arrows)
        assert kind[flow.source] != "end"


def _of(found: Elements, node: str) -> list[Element]:
    return [element for element in found.elements if element.node is not None and element.node.id == node]


def test_capsules_carry_the_activity_where_nothing_else_does():
    alone = drawn("x/1/a1/terminator/1 y/2/a1/terminator/2", "x y")
    assert kinds(alone) == ["start Mulai", "task 1. Langkah 1", "task 2. Langkah 2", "end Selesai"]
    beside = drawn("s/1/a1/terminator/Awal x/1/a1 y/2/a1 e/2/a1/terminator/-", "s x, x y, y e")
    assert kinds(beside) == ["start Awal", "task 1. Langkah 1", "task 2. Langkah 2", "end Selesai"]


def test_a_way_back_to_the_first_capsule_ends_at_its_task():
    back = elements(charts.loops())
    flows = {(flow.source, flow.target, flow.name) for flow in back.flows}
    assert ("Gateway_2", "Task_1", "Tidak") in flows
    assert not any(flow.target.startswith("Start") for flow in back.flows)


def test_a_way_back_to_a_capsule_without_task_ends_at_what_follows():
    back = elements(
        drawn("s/1/a1/terminator/Mulai x/1/a1 y/2/a1/decision e/2/a2/terminator", "s x, x y, y s no, y e yes")
    )
    assert ("Gateway_3", "Task_2", "Tidak") in {(flow.source, flow.target, flow.name) for flow in back.flows}


def test_a_decision_is_a_task_and_a_gateway_unless_a_task_of_its_row_leads_to_it():
    assert kinds(drawn("x/1/a1 y/2/a1/decision/Lengkap? z/2/a2", "x y, y z yes, y x no"))[2:4] == [
        "task 2. Langkah 2", "gateway Lengkap?",
    ]  # fmt: skip
    led = drawn("x/1/a1 y/2/a1 d/2/a1/decision z/2/a2/terminator", "x y, y d, d z yes, d x no")
    assert kinds(led) == ["start Mulai", "task 1. Langkah 1", "task 2. Langkah 2", "gateway None", "end Selesai"]


def test_conditions_make_a_gateway_whatever_the_shape():
    assert "gateway None" in kinds(drawn("x/1/a1 y/2/a1", "x y yes, x x no"))


def test_start_and_end_are_added_as_inferred():
    added = rendered(drawn("x/1/a1 y/2/a1", "x y"))
    sources = added.xpath("//bpmn:startEvent//sop:source | //bpmn:endEvent//sop:source", namespaces=NAMES)
    assert [source.attrib for source in sources] == [{"inferred": "symbol"}] * 2


def test_inferred_order_is_marked_on_every_flow_and_said_in_words():
    plain = rendered(charts.plain(3))
    flows = plain.xpath("//bpmn:sequenceFlow", namespaces=NAMES)
    assert all(flow.xpath(".//sop:source/@inferred", namespaces=NAMES) == ["sequence"] for flow in flows)
    assert charts.WORDS.inferred in plain.xpath("//bpmn:textAnnotation/bpmn:text/text()", namespaces=NAMES)
    loops = rendered(charts.loops())
    assert loops.xpath("//sop:source[@inferred]", namespaces=NAMES) == []


def test_what_belongs_to_a_step_is_kept():
    loops = rendered(charts.loops())
    task = loops.xpath("//bpmn:userTask[@id='Task_3']", namespaces=NAMES)[0]
    documentation = task.findtext("bpmn:documentation", namespaces=NAMES)
    for part in ("Petugas Pelayanan", "Buku agenda", "30 menit", "Hasil langkah 3", "Lihat SOP Pengarsipan Dokumen"):
        assert part in documentation
    assert task.xpath(".//sop:baku/@waktu", namespaces=NAMES) == ["PT30M"]
    assert task.xpath(".//sop:baku/@raw", namespaces=NAMES) == ["30 menit"]
    names = loops.xpath("//bpmn:dataObjectReference/@name", namespaces=NAMES)
    assert "Daftar alat; Kunci gudang; Berita acara serah terima alat" in names
    assert "Waktu: 30 menit\nLihat SOP Pengarsipan Dokumen" in loops.xpath("//bpmn:text/text()", namespaces=NAMES)


def test_page_connectors_stay_as_provenance():
    assert rendered(charts.paged()).xpath("//sop:source/@connectors", namespaces=NAMES) == ["p q"]


@pytest.mark.parametrize("name", charts.PROCEDURES)
def test_own_elements_cannot_be_taken_for_bpmn(name: str):
    for element in rendered(charts.PROCEDURES[name]()).iter(f"{{{OWN}}}*"):
        assert not etree.QName(element).localname.lower().endswith(SUFFIXES)
        assert "id" not in element.attrib


def test_everything_flows_in_exactly_one_lane_and_is_drawn():
    for make in charts.PROCEDURES.values():
        root = rendered(make())
        nodes = root.xpath("//bpmn:*[bpmn:incoming or bpmn:outgoing]/@id", namespaces=NAMES)
        assert sorted(root.xpath("//bpmn:flowNodeRef/text()", namespaces=NAMES)) == sorted(nodes)
        ids = set(root.xpath("//bpmn:*[not(self::bpmn:dataObject or self::bpmn:property)]/@id", namespaces=NAMES))
        hidden = {"Definitions_1", "Collaboration_1", "Process_1", "LaneSet_1"}
        assert set(root.xpath("//bpmndi:*/@bpmnElement", namespaces=NAMES)) - {"Collaboration_1"} == ids - hidden


def test_a_lone_step_and_a_lone_symbol_can_be_drawn():
    assert schema().validate(rendered(charts.plain(1)))
    assert schema().validate(rendered(model.Procedure(flow=charts.flow("x/-/-/terminator"))))


def layout(procedure: model.Procedure) -> tuple[Elements, Layout]:
    found, lanes = elements(procedure), [lane.name for lane in chart(procedure).lanes]
    return found, layout_of(found, lanes, "Peminjaman Alat Peraga", "; ".join)


def overlap(one: Box, other: Box) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.top < other.bottom and other.top < one.bottom


def segments(points: tuple[tuple[float, float], ...]) -> list[Box]:
    return [Box(min(a, c), min(b, d), max(a, c), max(b, d)) for (a, b), (c, d) in itertools.pairwise(points)]


def crosses(line: Box, box: Box) -> bool:
    """Whether the line runs through the inside of the box; touching its edge is how flows begin and end."""
    inner = Box(box.x0 + 1, box.top + 1, box.x1 - 1, box.bottom - 1)
    return line.x0 <= inner.x1 and inner.x0 <= line.x1 and line.top <= inner.bottom and inner.top <= line.bottom


@given(procedures())
def test_nothing_stands_upon_anything_else(procedure: model.Procedure):
    found, drawing = layout(procedure)
    boxes = dict(drawing.shapes)
    for part in (drawing.needs, drawing.yields):
        boxes |= {f"{key} {id(part)}": data.box for key, data in part.items()}
        boxes |= {f"{key} {id(part)} label": data.label for key, data in part.items()}
    boxes |= {f"remark of {key}": box for key, (box, _) in drawing.remarks.items()}
    boxes |= {f"name of {e.id}": drawing.labels[e.id] for e in found.elements if e.id in drawing.labels}
    for (one, box), (other, second) in itertools.combinations(boxes.items(), 2):
        assert not overlap(box, second), (one, other)
    for box in boxes.values():
        lanes = [lane for lane in drawing.lanes if overlap(lane, box)]
        assert len(lanes) == 1
        assert lanes[0].top <= box.top
        assert box.bottom <= lanes[0].bottom
        assert drawing.pool.x0 < box.x0
        assert box.x1 < drawing.pool.x1


@given(procedures())
def test_flows_are_orthogonal_and_run_through_nothing(procedure: model.Procedure):
    found, drawing = layout(procedure)
    boxes = [*drawing.shapes.values(), *(box for box, _ in drawing.remarks.values())]
    boxes += [
        box for part in (drawing.needs, drawing.yields) for data in part.values() for box in (data.box, data.label)
    ]
    for flow in found.flows:
        points = drawing.flows[flow.id]
        source, target = drawing.shapes[flow.source], drawing.shapes[flow.target]
        assert any(points[0][0] == pytest.approx(x) for x in (source.x1, (source.x0 + source.x1) / 2))
        assert points[-1] == pytest.approx((target.x0, (target.top + target.bottom) / 2))
        for line in segments(points):
            assert line.x0 == line.x1 or line.top == line.bottom
            assert not any(crosses(line, box) for box in boxes), flow


@given(procedures())
def test_flows_do_not_hide_one_another(procedure: model.Procedure):
    """Lines lie upon one another only where flows leave the same element or arrive at the same one."""
    found, drawing = layout(procedure)
    for one, other in itertools.combinations(found.flows, 2):
        if one.source == other.source or one.target == other.target:
            continue
        for line, second in itertools.product(segments(drawing.flows[one.id]), segments(drawing.flows[other.id])):
            upright = line.x0 == line.x1 == second.x0 == second.x1
            level = line.top == line.bottom == second.top == second.bottom
            assert not (upright and min(line.bottom, second.bottom) - max(line.top, second.top) > 1), (one, other)
            assert not (level and min(line.x1, second.x1) - max(line.x0, second.x0) > 1), (one, other)


def test_a_large_procedure_is_drawn_quickly():
    import time

    started = time.process_time()
    text(charts.plain(300))
    assert time.process_time() - started < 2
