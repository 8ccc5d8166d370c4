from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopparse import vocab
from sopparse.normalize.citations import citation_likeness, citation_starts, clean_reference, read_citation
from sopparse.normalize.regions import Region
from sopparse.normalize.regulations import status_of, title_belongs_to

CASES = json.loads((Path(__file__).parent / "cases" / "citations.json").read_text(encoding="utf-8"))
STARTS = json.loads((Path(__file__).parent / "cases" / "citation_starts.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_reads(case: dict[str, Any]) -> None:
    home = Region(*case["home"]) if "home" in case else None
    reading = read_citation(case["input"], home)
    assert reading.value is not None
    for name, expected in case["expected"].items():
        found = reading.fixes if name == "fixes" else getattr(reading.value, name)
        assert (list(found) if isinstance(found, tuple) else found) == expected, name
    assert [one.code for one in reading.issues] == case["issues"]


@pytest.mark.parametrize("case", STARTS, ids=[case["label"] for case in STARTS])
def test_starts(case: dict[str, Any]) -> None:
    """The cases mark every start with ⟦."""
    parts = case["marked"].split("⟦")
    offsets, position = [], 0
    for part in parts[:-1]:
        position += len(part)
        offsets.append(position)
    assert citation_starts("".join(parts)) == tuple(offsets)


def test_vocabulary_examples() -> None:
    data = vocab.load("citations")
    for form in data["form"]:
        for example in form["examples"]:
            reading = read_citation(example)
            assert reading.value is not None
            assert reading.value.type == form["type"], example
            assert reading.issues == (), example
            assert "issuer" not in form or reading.value.issuer == form["issuer"], example
    for issuer in (*data["issuer"], *data["code"]):
        for example in issuer["examples"]:
            reading = read_citation(example)
            assert reading.value is not None
            assert reading.value.issuer == issuer.get("issuer", issuer.get("id")), example
            assert reading.issues == (), example


def test_forms_belong_to_one_issuer() -> None:
    seen: dict[tuple[str, str], str] = {}
    for issuer in vocab.load("citations")["issuer"]:
        for form in issuer["forms"]:
            assert seen.setdefault((issuer["kind"], form.replace(" ", "")), issuer["id"]) == issuer["id"], form


def test_no_registered_title_accuses_itself() -> None:
    for row in vocab.rows("regulations"):
        assert title_belongs_to(row["id"], row["title"]) is None
        assert title_belongs_to(row["id"], " ".join(row["title"].split()[:6])) is None


def test_status_is_the_standing_on_the_day_of_the_data() -> None:
    assert status_of("pp/2007/41").state == "replaced"
    assert status_of("pp/2007/41").by == ("pp/2016/18",)
    assert status_of("pp/2016/18").state == "in-force"
    assert status_of(None).state == "unknown"


def test_likeness() -> None:
    assert citation_likeness("1. Undang-Undang Nomor 5 Tahun 1990 tentang Konservasi") > 0.9
    assert citation_likeness("Komputer dan printer") == 0.0
    assert 0.3 < citation_likeness("Peraturan Menteri Sosial") < 0.7


@given(st.text(max_size=200))
def test_any_text_gives_a_citation(text: str) -> None:
    reading = read_citation(text)
    assert reading.value is not None
    assert 0.0 <= reading.parse <= 1.0
    starts = citation_starts(text)
    assert list(starts) == sorted(set(starts))
    assert all(0 <= start < len(text) for start in starts)


@given(st.text(alphabet="UuNndaogPpermt. 0129/-\n;()Tahun", max_size=120))
def test_cleaning_is_idempotent(text: str) -> None:
    once = clean_reference(text)
    assert clean_reference(once) == once


@given(
    st.sampled_from(["UU", "PP", "Perpres", "Permendagri", "Peraturan Menteri Sosial"]),
    st.integers(1, 250),
    st.integers(1946, 2025),
    st.sampled_from(
        ["Nomor {n} Tahun {y}", "No. {n} Tahun {y}", "{n} Tahun {y}", "No.{n}/{y}", "NOMOR : {n} TAHUN {y}"]
    ),
)
def test_number_and_year_survive_every_writing(kind: str, number: int, year: int, form: str) -> None:
    value = read_citation(f"{kind} {form.format(n=number, y=year)} tentang Tata Naskah").value
    assert value is not None
    assert (value.number, value.year, value.about) == (str(number), year, "Tata Naskah")


@pytest.mark.parametrize(
    "unit", ["Undang-", "Peraturan Menteri ", "Nomor ", "1/", "(", "PP 1 Tahun ", "a", "tentang ", "- "]
)
def test_long_input_is_quick(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.process_time()
    read_citation(text)
    citation_starts(text)
    citation_likeness(text)
    assert time.process_time() - started < 1.0
