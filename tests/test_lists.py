"""Lists to items: numbers, seams, first words, wrapped lines, and what is no item."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from sopparse.extract.lists import split_items
from sopparse.page import Words, text_of
from tests.factories import document

CASES = json.loads((Path(__file__).parent / "cases" / "lists.json").read_text(encoding="utf-8"))


def lines(texts: list[str]) -> list[Words]:
    return [
        tuple(word for word in row.words) for page in document("\n".join(texts)).pages for row in page.rows if row.words
    ]


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_items(case: dict[str, Any]) -> None:
    found = split_items(lines(case["input"]), case["section"])
    assert [text_of(item.words) for item in found.items] == case["expected"]
    assert found.stated_none is case.get("stated_none", False)
    assert [word.text for word in found.stray] == case.get("stray", [])


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_no_character_is_lost(case: dict[str, Any]) -> None:
    given = lines(case["input"])
    found = split_items(given, case["section"])
    pieces = sorted(
        (word.index, word.start, word.text)
        for words in (found.labels, found.stray, *(item.words for item in found.items))
        for word in words
    )
    assert "".join(text for *_, text in pieces) == "".join(word.text for line in given for word in line)


def test_a_very_long_item_is_doubted() -> None:
    found = split_items(lines(["Apabila " + "berkas yang tidak lengkap " * 12]), "warnings")
    assert [one.code for item in found.items for one in item.issues] == ["list.item-long"]
    assert found.items[0].place < 0.9


@pytest.mark.parametrize("unit", ["Laptop Printer ", "aaBb", "1. ", "- • ", "a) b) ", "Mampu mengetik ", "SOP ", ". "])
@pytest.mark.parametrize("section", ["equipment", "qualifications", "legal_basis"])
def test_long_lists_are_quick(unit: str, section: str) -> None:
    given = lines([unit * (60_000 // len(unit))])
    started = time.process_time()
    split_items(given, section)
    assert time.process_time() - started < 5
