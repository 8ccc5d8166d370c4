"""Generated documents with exact truth: how much of it is read, form by form. Floors rise; the real documents' gate
is another (tests/quality)."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from typing import Any

import jsonschema
import pytest

from sopparse import pipeline
from sopparse.errors import SopError
from sopparse.evaluate import Evaluation, compare, scores, total
from tests.generator import FORMS, document
from tests.reference import schema_text

COUNT = 220
# Measured on seeds 0-219 and rounded down; the lowest are scans, where columns must be told by words alone.
FLOORS = {
    "beside": 0.98, "cells": 0.93, "csv": 0.98, "html": 0.97, "multi": 0.98, "pages": 0.98, "pipes": 0.98,
    "scan": 0.82, "scrambled": 0.98, "spaces": 0.92, "stacked": 0.98, "tabs": 0.98, "tags": 0.98,
}  # fmt: skip
OVERALL = 0.97
# A performer that a document states, read with this confidence, is wrong in no more than one of a hundred.
SURE = 0.8
MAX_WRONG = 0.01


@cache
def parsed() -> tuple[tuple[str, dict[str, Any], dict[str, Any]], ...]:
    out = []
    for seed in range(COUNT):
        form, source, truth = document(seed)
        try:
            result = json.loads(pipeline.parse(source, f"{form}-{seed}").model_dump_json(by_alias=True))
        except SopError:
            result = {"sops": []}
        out.append((form, truth, result))
    return tuple(out)


@cache
def evaluations() -> dict[str, list[Evaluation]]:
    by_form: dict[str, list[Evaluation]] = defaultdict(list)
    for form, truth, result in parsed():
        by_form[form].append(compare(truth, result))
    return by_form


def test_nearly_all_of_the_truth_is_read() -> None:
    everything = total([one for found in evaluations().values() for one in found])
    assert scores(everything)["[all]"].f1_soft >= OVERALL


@pytest.mark.parametrize("form", FORMS)
def test_each_form(form: str) -> None:
    assert scores(total(evaluations()[form]))["[all]"].f1_soft >= FLOORS[form]


def test_results_keep_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    # Every third: the validator takes longer than the parser.
    for _, _, result in parsed()[::3]:
        if result["sops"]:
            validator.validate(result)


def test_stated_performers_are_not_wrong_when_sure() -> None:
    right = wrong = 0
    for _, truth, result in parsed():
        for want, path, got in _performers(truth, result):
            field = result["report"]["fields"].get(path)
            if got and field is not None and field["confidence"] >= SURE:
                right, wrong = right + (want == got), wrong + (want != got)
    assert right >= 300
    assert wrong <= MAX_WRONG * (right + wrong)


def _performers(truth: dict[str, Any], result: dict[str, Any]) -> list[tuple[list[str], str, list[str]]]:
    """Stated labels, pointer and read labels of the performers of steps whose sentence was read."""
    found = []
    for s, (want, got) in enumerate(zip(truth["sops"], result["sops"], strict=False)):
        steps = {
            _key(step["activity"]): (f"/sops/{s}/procedures/{p}/steps/{i}/actors", step, procedure)
            for p, procedure in enumerate(got["procedures"])
            for i, step in enumerate(procedure["steps"])
        }
        for procedure in want["procedures"]:
            for step in procedure["steps"]:
                if step.get("actors") and _key(step["activity"]) in steps:
                    path, read, own = steps[_key(step["activity"])]
                    found.append((_names(step, procedure), path, _names(read, own)))
    return found


def _key(text: str | None) -> str:
    return "".join((text or "").split()).casefold()


def _names(step: dict[str, Any], procedure: dict[str, Any]) -> list[str]:
    labels = {actor["id"]: _key(actor["label"]) for actor in procedure["actors"]}
    return sorted(labels[one] for one in step["actors"])
