from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopparse import vocab
from sopparse.normalize.regions import Region, find_region, find_regions, nation, province_of, region_named

CASES = json.loads((Path(__file__).parent / "cases" / "regions.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_finds(case: dict[str, Any]) -> None:
    reading = find_region(case["input"])
    found = reading.value
    if case["expected"] is None:
        assert found is None or (case.get("any") and found.region.code is None)
    else:
        assert found is not None
        assert [found.region.level, found.region.name, found.region.code] == case["expected"]
        if "span" in case:
            assert case["input"][found.start : found.end] == case["span"]
    if not case.get("any"):
        assert [one.code for one in reading.issues] == case.get("issues", [])


def test_every_official_name_is_found_with_its_code() -> None:
    for row in vocab.rows("regions"):
        name = row["nama"] if row["jenis"] != "provinsi" else f"Provinsi {row['nama']}"
        found = find_region(name).value
        assert found is not None, name
        assert (found.region.level, found.region.code) == (row["jenis"], row["kode"]), name
        assert find_region(name.upper()).value is not None, name


def test_counts_are_those_of_the_decree() -> None:
    """Kepmendagri 300.2.2-2430/2025: 38 provinces, 416 regencies, 98 cities."""
    kinds = [row["jenis"] for row in vocab.rows("regions")]
    assert [kinds.count(one) for one in ("provinsi", "kabupaten", "kota")] == [38, 416, 98]


def test_vocabulary_examples() -> None:
    for level in vocab.load("regions")["level"]:
        for example in level["examples"]:
            found = find_region(example).value
            assert found is not None, example
            assert found.region.level == level["name"], example


def test_aliases_point_to_codes() -> None:
    codes = {row["kode"]: row["jenis"] for row in vocab.rows("regions")}
    for level, aliases in vocab.load("regions")["alias"].items():
        for code, names in aliases.items():
            assert codes[code] == level
            for name in names:
                assert region_named(name, level).value is not None, name


def test_province_and_nation() -> None:
    assert province_of(Region("kabupaten", "Ciamis", "32.07")) == Region("provinsi", "Jawa Barat", "32")
    assert province_of(Region("desa", "Mekarjaya")) is None
    assert nation().code is None


@given(st.text(max_size=120))
def test_spans_lie_inside_the_text(text: str) -> None:
    end = 0
    for reading in find_regions(text):
        assert reading.value is not None
        assert end <= reading.value.start < reading.value.end <= len(text)
        end = reading.value.end
    find_region(text)


@pytest.mark.parametrize("unit", ["Kabupaten ", "Kota X ", "a", "K", "Desa Desa ", "KAB."])
def test_long_input_is_quick(unit: str) -> None:
    started = time.process_time()
    find_region(unit * (100_000 // len(unit)))
    assert time.process_time() - started < 1.0
