"""The committed sample PDFs: as their generator writes them, and read completely."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sopparse
from sopparse.evaluate import compare, scores, total
from tests.drawing.__main__ import SAMPLES, SCANNED, samples
from tests.drawing.paper import make_paper
from tests.drawing.printing import print_papers
from tests.drawing.styles import STYLES
from tests.scans import needs_engine

FOLDER = Path(__file__).parent.parent / "samples"


def test_committed_samples_are_current() -> None:
    for name, (content, truth) in samples().items():
        assert (FOLDER / f"{name}.pdf").read_bytes() == content, "run `make samples`"
        assert json.loads((FOLDER / f"{name}.truth.json").read_text(encoding="utf-8")) == truth


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_are_read_completely(name: str) -> None:
    truth = json.loads((FOLDER / f"{name}.truth.json").read_text(encoding="utf-8"))
    result = sopparse.parse(FOLDER / f"{name}.pdf")
    evaluation = compare(truth, json.loads(result.model_dump_json(by_alias=True)))
    assert [miss.path for miss in evaluation.misses] == []
    assert scores(evaluation)["[flow]"].f1_soft == 1.0
    assert result.status == "complete"


def test_the_samples_show_what_a_chart_can_hold() -> None:
    flows = {name: truth["sops"][0]["procedures"][0]["flow"] for name, (_, truth) in samples().items()}
    assert {node["symbol"] for node in flows["chart"]["nodes"]} == {"terminator", "process", "decision"}
    assert {edge["condition"] for edge in flows["chart"]["edges"]} == {None, "yes", "no"}
    assert sum(node["symbol"] == "off-page" for node in flows["chart-pages"]["nodes"]) == 2


def test_papers_can_be_printed_again() -> None:
    paper = next(paper for seed in range(50) if (paper := make_paper(seed)) is not None)
    assert print_papers([paper]) == print_papers([paper])


def test_whole_papers_are_read() -> None:
    """Form, lists, table and chart together, in all styles. Measured: 131 papers, flow 1.0, all fields 0.999."""
    evaluations = []
    for seed in range(9000, 9028):
        paper = make_paper(seed, connected=seed % 4 == 0)
        if paper is not None:
            source = print_papers([paper], list(STYLES)[seed % len(STYLES)], seed)
            result = sopparse.parse(source, name=f"{seed}.pdf").model_dump_json(by_alias=True)
            evaluations.append(compare(json.loads(json.dumps(paper.truth)), json.loads(result)))
    found = scores(total(evaluations))
    assert len(evaluations) >= 20
    assert found["[flow]"].f1_soft == 1.0
    assert found["[all]"].f1_soft >= 0.998


@needs_engine
def test_the_scanned_sample_is_read() -> None:
    truth = json.loads((FOLDER / f"{SCANNED}.truth.json").read_text(encoding="utf-8"))
    result = sopparse.parse(FOLDER / f"{SCANNED}.pdf")
    found = scores(compare(truth, json.loads(result.model_dump_json(by_alias=True))))
    assert result.source.reading == "ocr"
    assert found["[flow]"].f1_soft == 1.0
    assert found["[all]"].f1_soft >= 0.98
