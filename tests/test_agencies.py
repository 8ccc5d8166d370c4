from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopparse import vocab
from sopparse.normalize.agencies import Located, read_agency
from sopparse.normalize.agency_heads import head_of

CASES = json.loads((Path(__file__).parent / "cases" / "agencies.json").read_text(encoding="utf-8"))


def text_of(value: Located | None) -> str | None:
    return None if value is None else value.text


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_reads(case: dict[str, Any]) -> None:
    found = read_agency(case["lines"])
    assert text_of(found.government) == case["government"]
    assert text_of(found.name) == case["name"]
    assert [unit.text for unit in found.units] == case["units"]
    assert text_of(found.address) == case["address"]
    region = found.region.value
    assert (None if region is None else [region.level, region.name, region.code]) == case["region"]
    assert len(found.noise) == case["noise"]
    assert [one.code for one in found.issues] == case["issues"]


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_values_are_the_words_of_their_parts(case: dict[str, Any]) -> None:
    found = read_agency(case["lines"])
    for value in (found.government, found.name, found.address, *found.units):
        if value is not None:
            pieces = [case["lines"][p.line][p.start : p.end] for p in value.parts]
            assert " ".join(" ".join(pieces).split()).strip(" ,") == value.text


def test_vocabulary_examples() -> None:
    data = vocab.load("agencies")
    entries = [("government", data["government"]), ("address", data["address"]), ("noise", data["noise"])]
    entries += [("agency", entry) for entry in data["agency"]] + [("unit", entry) for entry in data["unit"]]
    for sort, entry in entries:
        for example in entry["examples"]:
            head = head_of(example)
            assert head is not None, example
            assert head.sort == sort, example


def test_every_head_belongs_to_one_sort() -> None:
    data = vocab.load("agencies")
    entries = [data["government"], data["address"], data["noise"], *data["agency"], *data["unit"]]
    heads = [head for entry in entries for head in entry["heads"]]
    assert len(heads) == len(set(heads))


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_lines_give_parts_inside_the_lines(lines: list[str]) -> None:
    found = read_agency(lines)
    values = [v for v in (found.government, found.name, found.address, *found.units) if v is not None]
    for part in (*found.noise, *found.region_parts, *(p for value in values for p in value.parts)):
        assert 0 <= part.start < part.end <= len(lines[part.line])


WORDS = st.sampled_from(
    ["DINAS", "SOSIAL", "KABUPATEN", "CIAMIS", "DAN", "SEKRETARIAT", "PEMERINTAH", "BIDANG", "KOTA", "Jl.", "5", ","]
)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=5).map(" ".join), max_size=6))
def test_no_character_is_in_two_values(lines: list[str]) -> None:
    found = read_agency(lines)
    values = [v for v in (found.government, found.name, found.address, *found.units) if v is not None]
    parts = sorted([*found.noise, *(p for value in values for p in value.parts)])
    for left, right in pairwise(parts):
        assert left.line != right.line or left.end <= right.start


@pytest.mark.parametrize("unit", ["DINAS ", "PEMERINTAH KABUPATEN ", "Jl. ", "DAN ", "x", "BIDANG A "])
def test_long_input_is_quick(unit: str) -> None:
    line = unit * (100_000 // len(unit))
    started = time.process_time()
    read_agency([line])
    read_agency([unit * 10] * 1000)
    assert time.process_time() - started < 1.0
