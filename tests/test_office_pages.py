"""Pages that LibreOffice exported from DOCX and XLSX with drawn shapes (tests/office): how much of them is read."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from sopparse import pipeline
from sopparse.errors import SopError
from sopparse.evaluate import Evaluation, compare, scores, total
from tests.office import PAGES

KINDS = ("docx", "xlsx")
# Measured on the committed pages and rounded down; text is printed cleanly there, so little may be lost.
FLOORS = {
    "flow.nodes": 0.995, "flow.edges": 0.99, "flow.conditions": 0.98, "step.actors": 0.99, "actor.label": 0.99,
    "step.activity": 0.99, "[header]": 0.98, "[legal]": 0.98, "[step]": 0.98,
}  # fmt: skip


@cache
def papers(kind: str) -> tuple[tuple[str, dict[str, Any], dict[str, Any]], ...]:
    """Name, truth and result of each document."""
    out = []
    for file in sorted(PAGES.glob(f"{kind}-*.pdf")):
        truth = json.loads(file.with_suffix(".truth.json").read_text(encoding="utf-8"))
        try:
            result = json.loads(pipeline.parse(file.read_bytes(), file.name).model_dump_json(by_alias=True))
        except SopError:
            result = {"sops": []}
        out.append((file.stem, truth, result))
    return tuple(out)


@cache
def evaluation(kind: str) -> Evaluation:
    return total(compare(truth, result) for _, truth, result in papers(kind))


def test_there_are_pages_enough() -> None:
    charts = {kind: sum(len(truth["sops"][0]["pages"]) - 1 for _, truth, _ in papers(kind)) for kind in KINDS}
    assert min(charts.values()) >= 30
    assert sum(charts.values()) >= 60


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("field", FLOORS)
def test_nearly_all_is_read(kind: str, field: str) -> None:
    misses = [f"{miss.path}: {miss.expected} {miss.found}" for miss in evaluation(kind).misses if miss.field == field]
    assert scores(evaluation(kind))[field].f1_soft >= FLOORS[field], misses[:20]


@pytest.mark.parametrize("kind", KINDS)
def test_every_document_has_one_procedure(kind: str) -> None:
    wrong = [name for name, _, result in papers(kind) if [len(sop["procedures"]) for sop in result["sops"]] != [1]]
    assert not wrong
