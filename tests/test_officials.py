from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopparse import vocab
from sopparse.normalize.approvers import Token, approver_words
from sopparse.normalize.officials import Span, read_nip, read_official

CASES = json.loads((Path(__file__).parent / "cases" / "officials.json").read_text(encoding="utf-8"))
RANKS = vocab.load("ranks")
HOSTILE = [
    "NIP " * 30_000,
    "1 " * 50_000,
    "Kepala " * 14_000,
    "A.B. " * 20_000,
    "Ditetapkan di " * 7_000,
    "Pangkat : " * 10_000,
    "\n" * 100_000,
]


def cut(text: str, span: Span | None) -> str | None:
    return " ".join(text[span[0] : span[1]].split()) if span else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_cases(case: dict[str, Any]) -> None:
    text = case["input"]
    read = read_official(text)
    found = {
        "position": cut(text, read.position),
        "name": cut(text, read.name),
        "rank": cut(text, read.rank),
        "nip": read.nip_value.value,
        "acting": read.acting,
    }
    assert found == case["expected"]
    assert [i.code for i in (*read.issues, *read.nip_value.issues)] == case["issues"]


@pytest.mark.parametrize("entry", RANKS["rank"], ids=lambda entry: entry["class"])
def test_ranks(entry: dict[str, Any]) -> None:
    for example in entry["examples"]:
        text = f"Kepala Dinas Contoh\nBUDI SANTOSO, S.Sos\n{example}\nNIP. 19760218 200312 1 001"
        read = read_official(text)
        assert cut(text, read.rank) == example
        assert cut(text, read.name) == "BUDI SANTOSO, S.Sos"


def test_vocabulary_examples() -> None:
    words = approver_words()
    assert all(words.is_degree(Token(0, 0, example)) for example in RANKS["degrees"]["examples"])
    assert all(words.opens(Token(0, 0, example.split()[0])) for example in RANKS["positions"]["examples"])
    assert all(words.is_agency(Token(0, 0, example)) for example in RANKS["agencies"]["examples"])
    for example in RANKS["noise"]["examples"]:
        text = f"{example}\nKepala Dinas Contoh"
        assert cut(text, read_official(text).position) == "Kepala Dinas Contoh"


@pytest.mark.parametrize(
    ("text", "value", "reasons"),
    [
        ("NIP. 19760218 200312 2 001", "197602182003122001", []),
        ("19760218.200312.2.001", "197602182003122001", []),
        ("NIP.-19760218 2003122 001", "197602182003122001", []),
        ("1976O218 20031220Ol", "197602182003122001", []),
        ("198001012022211001", "198001012022211001", []),
        ("19761328 200312 2 001", "197613282003122001", ["birth"]),
        ("19760218 200315 2 001", "197602182003152001", ["service"]),
        ("19760218 198012 2 001", "197602181980122001", ["age"]),
        ("19760218 200312 3 001", "197602182003123001", ["sex"]),
        ("19760218 200312 2 000", "197602182003122000", ["serial"]),
        ("81020345", None, ["length"]),
        ("19760218 200312 2 0011", None, ["length"]),
        ("", None, []),
        ("NIP. -", None, []),
    ],
)
def test_nip(text: str, value: str | None, reasons: list[str]) -> None:
    reading = read_nip(text)
    assert reading.value == value
    assert [dict(i.details)["reason"] for i in reading.issues] == reasons


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:14])
def test_linear_on_hostile_text(text: str) -> None:
    start = time.process_time()
    read_official(text)
    read_nip(text)
    assert time.process_time() - start < 1


BLOCKS = st.lists(
    st.sampled_from(
        [
            "Kepala",
            "DINAS",
            "BUDI",
            "Santoso",
            "S.H.",
            "SH",
            ",",
            "\n",
            "NIP.",
            "19760218",
            "200312 2 001",
            "Pembina",
            "Tk. I",
            "Plt.",
            "(",
            ")",
            "ttd",
            "2 Mei 2020",
        ]
    ),
    max_size=14,
)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=120), BLOCKS.map(" ".join)))
def test_any_text_gives_spans_that_do_not_overlap(text: str) -> None:
    read = read_official(text)
    spans = sorted(span for span in (read.position, read.name, read.rank, read.nip) if span is not None)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert read.nip_value.value is None or len(read.nip_value.value) == 18
