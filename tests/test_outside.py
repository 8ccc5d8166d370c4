"""Other people's programs read what we write: bpmn-js and Mermaid in headless Chromium, PM4Py. `make outside`."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from sopparse.export import bpmn, mermaid, places
from sopparse.export.bpmn_elements import elements_of
from sopparse.export.chart import Chart, chart_of
from tests import charts
from tests.browser import answer_of, require

RESULTS = {
    name: charts.result(make(), title=charts.HOSTILE[1] * (name == "hostile") or "Peminjaman Alat")
    for name, make in charts.PROCEDURES.items()
}

# Imports every diagram and reports warnings, what is drawn, and texts that do not fit into their task.
BPMN = """
const answers = {};
for (const [name, xml] of Object.entries(data)) {
  const canvas = document.createElement('div');
  canvas.className = 'canvas';
  document.body.append(canvas);
  const viewer = new BpmnJS({container: canvas});
  const {warnings} = await viewer.importXML(xml);
  const elements = viewer.get('elementRegistry').getAll().filter(e => !e.labelTarget);
  const spilled = elements.filter(e => e.type === 'bpmn:UserTask').filter(e => {
    const text = viewer.get('elementRegistry').getGraphics(e).querySelector('text').getBBox();
    return text.height > e.height || text.width > e.width;
  });
  answers[name] = {
    warnings: warnings.map(String),
    drawn: elements.map(e => [e.type, e.id]),
    spilled: spilled.map(e => e.businessObject.name),
  };
  canvas.remove();
}
return answers;
"""

MERMAID = """
mermaid.initialize({startOnLoad: false});
const answers = {};
for (const [name, text] of Object.entries(data)) {
  const {diagramType} = await mermaid.parse(text);
  const {svg} = await mermaid.render('chart' + Object.keys(answers).length, text);
  const holder = document.createElement('div');
  holder.innerHTML = svg;
  const texts = selector => [...holder.querySelectorAll(selector)].map(e => e.textContent.trim());
  answers[name] = {
    type: diagramType,
    nodes: texts('.node .nodeLabel'),
    clusters: texts('.cluster .nodeLabel'),
    conditions: texts('.edgeLabel .edgeLabel').filter(Boolean),
    edges: holder.querySelectorAll('.flowchart-link').length,
    scripts: holder.querySelectorAll('script').length,
  };
}
return answers;
"""


def chart(name: str) -> Chart:
    return chart_of(*places([RESULTS[name]])[0], charts.WORDS)


@pytest.fixture(scope="module")
def viewed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    data = {name: bpmn.render(*places([result])[0], charts.WORDS) for name, result in RESULTS.items()}
    return answer_of("bpmn-js/dist/bpmn-viewer.production.min.js", BPMN, data, tmp_path_factory.mktemp("bpmn"))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Any:
    data = {name: mermaid.render(*places([result])[0], charts.WORDS) for name, result in RESULTS.items()}
    return answer_of("mermaid/dist/mermaid.min.js", MERMAID, data, tmp_path_factory.mktemp("mermaid"))


@pytest.mark.browser
@pytest.mark.parametrize("name", RESULTS)
def test_bpmn_js_draws_every_element(name: str, viewed: Any):
    assert "error" not in viewed, viewed
    elements = elements_of(chart(name), charts.WORDS)
    ids = {key for _, key in viewed[name]["drawn"]}
    assert viewed[name]["warnings"] == []
    assert {element.id for element in elements.elements} | {flow.id for flow in elements.flows} <= ids
    assert {f"Lane_{n}" for n in range(1, len(chart(name).lanes) + 1)} <= ids
    assert viewed[name]["spilled"] == []


@pytest.mark.browser
@pytest.mark.parametrize("name", RESULTS)
def test_mermaid_draws_every_symbol(name: str, drawn: Any):
    assert "error" not in drawn, drawn
    expected = chart(name)
    assert drawn[name]["type"].startswith("flowchart")
    assert len(drawn[name]["nodes"]) == len(expected.nodes)
    assert drawn[name]["edges"] == len(expected.arrows)
    assert len(drawn[name]["conditions"]) == sum(arrow.condition is not None for arrow in expected.arrows)
    assert len(drawn[name]["clusters"]) == len({node.lane for node in expected.nodes})
    assert drawn[name]["scripts"] == 0
    assert not any("Unsupported markdown" in text for text in drawn[name]["nodes"])


@pytest.mark.browser
def test_mermaid_shows_hostile_labels_as_they_are(drawn: Any):
    for number, text in enumerate(charts.HOSTILE, start=1):
        shown = "".join(character for character in text if character.isprintable() or character.isspace()).split()
        start = " ".join([f"{number}.", *shown])[:60].strip()
        if start != f"{number}.":
            assert any(
                label.replace("\ufffd", "").replace("\u200b", "").startswith(start)
                for label in drawn["hostile"]["nodes"]
            ), start


@pytest.mark.outside
@pytest.mark.parametrize("name", RESULTS)
def test_pm4py_reads_the_same_nodes_and_flows(name: str, tmp_path: Path):
    require(importlib.util.find_spec("pm4py") is not None, "PM4Py")
    import pm4py
    from pm4py.objects.bpmn.obj import BPMN as Bpmn

    path = tmp_path / "chart.bpmn"
    path.write_text(bpmn.render(*places([RESULTS[name]])[0], charts.WORDS), encoding="utf-8")
    read = pm4py.read_bpmn(str(path))
    elements = elements_of(chart(name), charts.WORDS)
    kinds = {Bpmn.StartEvent: "start", Bpmn.EndEvent: "end", Bpmn.ExclusiveGateway: "gateway"}
    nodes = {
        node.get_id(): next((kind for base, kind in kinds.items() if isinstance(node, base)), "task")
        for node in read.get_nodes()
        if not isinstance(node, Bpmn.TextAnnotation | Bpmn.Collaboration | Bpmn.Participant)
    }
    # Annotations, pool and collaboration are nodes to PM4Py in whatever file it reads.
    assert nodes == {element.id: element.kind for element in elements.elements}
    flows = {
        (flow.get_source().get_id(), flow.get_target().get_id(), flow.get_name())
        for flow in read.get_flows()
        if isinstance(flow, Bpmn.SequenceFlow)
    }
    assert flows == {(flow.source, flow.target, flow.name or "") for flow in elements.flows}
