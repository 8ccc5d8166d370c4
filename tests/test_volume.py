"""Bound volumes: each SOP with its own pages and values, and the pages of none named."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from sopparse import pipeline
from sopparse.evaluate import compare, scores
from sopparse.model import Result
from tests.factories import form, parsed
from tests.volume import Volume, make_volume

SEEDS = range(4)
# All text and drawings are printed cleanly.
FLOOR = 0.99


@cache
def volume(seed: int) -> tuple[Volume, Result]:
    made = make_volume(seed)
    return made, pipeline.parse(made.content, f"volume-{seed}.pdf")


@pytest.mark.parametrize("seed", SEEDS)
def test_each_sop_has_its_pages(seed: int) -> None:
    made, result = volume(seed)
    assert [list(sop.pages) for sop in result.sops] == [sop["pages"] for sop in made.sops]


@pytest.mark.parametrize("seed", SEEDS)
def test_pages_of_none_are_named(seed: int) -> None:
    made, result = volume(seed)
    assert result.report.coverage.pages_apart == made.apart
    (found,) = [one for one in result.report.findings if one.code == "document.pages-apart"]
    assert tuple(origin.page for origin in found.origins) == made.apart


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_of_a_neighbour_enters_a_value(seed: int) -> None:
    made, result = volume(seed)
    judged = scores(compare({"sops": list(made.sops)}, json.loads(result.model_dump_json(by_alias=True))))
    low: dict[str, Any] = {name: score.f1_soft for name, score in judged.items() if score.f1_soft < FLOOR}
    assert not low


def test_a_file_of_one_sop_has_no_pages_apart() -> None:
    result = parsed(form())
    assert result.report.coverage.pages_apart == ()
    assert not [one for one in result.report.findings if one.code == "document.pages-apart"]


def test_a_blank_form_behind_an_sop_starts_none() -> None:
    attached = "FORMULIR PINJAM\n\nNama : ..........\nAlamat : ..........\n"
    result = parsed(form() + "\f" + attached)
    assert [sop.pages for sop in result.sops] == [(1,)]
    assert result.report.coverage.pages_apart == (2,)
    assert "Alamat" in {word.text for word in result.report.coverage.unplaced}
