"""Generated pages through the readers and the flow, with the table's geometry from the generator or from the grid."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sopparse.extract.charts import Band, Chart, Lane
from sopparse.extract.flow import Charted, extract_flow
from sopparse.geometry import Box
from sopparse.model import Actor, Step
from sopparse.readers import pdf
from sopparse.readers.shapes import find_drawing
from tests.drawing.sheet import Drawing


def read_charts(drawing: Drawing, source: bytes) -> list[Chart]:
    """The charts of a generated document; rows and columns as the generator drew them."""
    charts = []
    for page, sheet in zip(pdf.read(source, "drawing.pdf").pages, drawing.sheets, strict=True):
        cells = [Box(*cell) for cell in sheet.cells]
        charts.append(
            Chart(
                page.number,
                tuple(Lane(*lane) for lane in sheet.lanes),
                tuple(Band(*band) for band in sheet.bands),
                find_drawing(page.paths, page.words, cells),
            )
        )
    return charts


def read_flow(drawing: Drawing, source: bytes) -> Charted:
    plan = drawing.plan
    steps = [Step(number=s + 1, activity=text) for s, text in enumerate(plan.activities)]
    actors = [Actor(id=f"a{k + 1}", label=label) for k, label in enumerate(plan.actors)]
    return extract_flow(read_charts(drawing, source), steps, actors)


@dataclass(slots=True)
class Counts:
    """What was expected, found and right, for nodes, edges and conditions."""

    expected: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, want: Counter[Any], got: Counter[Any]) -> None:
        self.expected[name] += want.total()
        self.found[name] += got.total()
        self.right[name] += (want & got).total()

    def f1(self, name: str) -> float:
        return 2 * self.right[name] / max(1, self.expected[name] + self.found[name])


def compare(counts: Counts, truth: dict[str, Any], flow: dict[str, Any]) -> bool:
    """Adds one document to the counts; whether all of it is right. Nodes are known by step, actor and symbol."""

    def keys(one: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
        return {n["id"]: (n["step"], n["actor"], n["symbol"]) for n in one["nodes"]}

    want, got = keys(truth), keys(flow)
    pairs = {
        "nodes": (Counter(want.values()), Counter(got.values())),
        "edges": tuple(
            Counter((k[e["from"]], k[e["to"]]) for e in one["edges"]) for one, k in ((truth, want), (flow, got))
        ),
        "conditions": tuple(
            Counter((k[e["from"]], k[e["to"]], e["condition"]) for e in one["edges"] if e["condition"])
            for one, k in ((truth, want), (flow, got))
        ),
    }
    for name, (wanted, given) in pairs.items():
        counts.add(name, wanted, given)
    return all(wanted == given for wanted, given in pairs.values())
