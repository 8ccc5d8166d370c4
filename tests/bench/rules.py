"""How often `sopparse lint` accuses a generated document of what its truth is innocent of, and what it misses.

python -m tests.bench.rules [--seeds 91000 91250] [--drawn]

The rules are deterministic: run on the truth itself they say what they should say of the document. Performers of texts
are known to the truth, but not whether they were printed as ticks, so R03, R05 and R08 count in drawings only; and its
times have no minutes, so nothing is due of R14.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sopparse import model, pipeline
from sopparse.check import review
from sopparse.errors import SopError
from sopparse.lint import RULES, lint
from tests import factories
from tests.drawing.paper import make_paper
from tests.drawing.printing import print_papers
from tests.generator import document

BY_PERFORMER = ("R03", "R05", "R08")


class _Sure(dict[str, model.FieldReport]):
    """Of a truth everything is certain."""

    def __init__(self) -> None:
        super().__init__()
        signals = model.Signals(read=1, place=1, parse=1)
        self.report = model.FieldReport(confidence=1, signals=signals, basis="symbol")

    def get(self, key: str, default: Any = None) -> Any:
        return self.report


def documents(first: int, last: int, drawn: bool) -> Iterator[tuple[bytes, dict[str, Any]]]:
    for seed in range(first, last):
        if not drawn:
            _, content, truth = document(seed)
            yield content, truth
        elif (paper := make_paper(seed, full=True, connected=seed % 3 == 0)) is not None:
            yield print_papers([paper], "word" if seed % 2 else "spreadsheet", seed % 2), paper.truth


def ideal(truth: dict[str, Any]) -> model.Result:
    """The truth as a result with the findings of the checks, all of it certain."""
    sops = []
    for told in truth["sops"]:
        legal = [_citation(cited) for cited in told.get("legal_basis", [])]
        sops.append(model.Sop.model_validate({"pages": [1], "layout": "sop-ap", **told, "legal_basis": legal}))
    findings = tuple(
        factories.finding(found.code).model_copy(update={"path": f"/sops/{s}{path}"})
        for s, sop in enumerate(sops)
        for path, found in review(sop)
    )
    result = factories.result(*sops, findings=findings)
    return result.model_copy(update={"report": result.report.model_copy(update={"fields": _Sure()})})


def _citation(told: dict[str, Any]) -> dict[str, Any]:
    """With the key of a national regulation; that of a region nobody revokes in our data."""
    issuer = f"-{told['issuer']}" if told.get("issuer") else ""
    key = f"{told.get('type')}{issuer}/{told.get('year')}/{told.get('number')}"
    return {"type": "other", "id": key, **told, "status": {"state": "unknown", "as_of": "2026-11-20"}}


def accusations(result: model.Result) -> set[tuple[str, str]]:
    return {(breach.code, breach.path) for breach in lint(result)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs=2, default=(91000, 91250))
    parser.add_argument("--drawn", action="store_true")
    options = parser.parse_args()
    right, wrong, missed, read = Counter[str](), Counter[str](), Counter[str](), 0
    for content, truth in documents(*options.seeds, options.drawn):
        try:
            said = accusations(pipeline.parse(content, "contoh"))
        except SopError:
            continue
        read += 1
        due = accusations(ideal(truth))
        right.update(code for code, _ in said & due)
        wrong.update(code for code, _ in said - due)
        missed.update(code for code, _ in due - said)
    print(f"{read} documents\nrule  right  wrong  missed")
    for code in RULES:
        if options.drawn or code not in BY_PERFORMER:
            print(f"{code}  {right[code]:6} {wrong[code]:6} {missed[code]:7}")


if __name__ == "__main__":
    main()
