from __future__ import annotations

import datetime
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopparse import vocab
from sopparse.normalize.dates import find_dates, month_number, read_date, stated_none

CASES = json.loads((Path(__file__).parent / "cases" / "dates.json").read_text(encoding="utf-8"))
MONTHS = vocab.load("months")["month"]
DATELIKE = st.text(alphabet="0123456789 lIOJanuriFebMtApil/-.,:'\n", max_size=40)
HOSTILE = [
    "1 " * 50_000,
    "l" * 100_000,
    "1 Januari " * 10_000,
    "Januari 2020 " * 7_000,
    "1/1/2020 " * 11_000,
    "senin, " * 14_000,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_cases(case: dict[str, Any]) -> None:
    reading = read_date(case["input"])
    assert reading.value == case["expected"]
    assert list(reading.fixes) == case["fixes"]
    assert [found.code for found in reading.issues] == case["issues"]


@pytest.mark.parametrize("text", vocab.load("months")["empty"]["stated"])
def test_stated_none(text: str) -> None:
    assert stated_none(text)
    assert stated_none(f" : {text}")
    assert read_date(text).value is None
    assert not read_date(text).issues


@pytest.mark.parametrize("text", ["", "  ", "9 Januari 2017", "dd/mm/yyyy", "Revisi 1"])
def test_not_stated_none(text: str) -> None:
    assert not stated_none(text)


@pytest.mark.parametrize("entry", MONTHS, ids=lambda entry: str(entry["number"]))
def test_month_forms(entry: dict[str, Any]) -> None:
    for form in [*entry["forms"], *entry["examples"]]:
        assert month_number(form) == (entry["number"], False)
        assert read_date(f"3 {form} 2020").value == f"2020-{entry['number']:02}-03"
    for form in entry["scanned"]:
        assert month_number(form) == (entry["number"], True)


@pytest.mark.parametrize("entry", vocab.load("months")["weekday"], ids=lambda entry: str(entry["number"]))
def test_weekdays(entry: dict[str, Any]) -> None:
    monday = datetime.date(2024, 1, 1)
    for form in [*entry["forms"], *entry["examples"]]:
        assert not read_date(f"{form}, {monday.day + entry['number']} Januari 2024").issues


def test_dates_in_running_text() -> None:
    text = "Di Rantau pada tanggal 2 Januari 2024 Kepala Dinas, tahun 2020, 12-03-2019 dan Maret 2021; 31 Juni 2021"
    assert [(text[a:b], iso) for a, b, iso in find_dates(text)] == [
        ("2 Januari 2024", "2024-01-02"),
        ("12-03-2019", "2019-03-12"),
        ("Maret 2021", "2021-03"),
    ]


def test_other_words_lower_the_understanding() -> None:
    assert read_date("9 Januari 2017").parse == 1
    assert read_date("9 Januari 2017 Kepala Dinas").parse < 1


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:14])
def test_linear_on_hostile_text(text: str) -> None:
    start = time.process_time()
    find_dates(text)
    read_date(text)
    assert time.process_time() - start < 1


@settings(deadline=None)
@given(st.one_of(st.text(max_size=80), DATELIKE))
def test_any_text_gives_a_reading(text: str) -> None:
    reading = read_date(text)
    assert 0 <= reading.parse <= 1
    assert all(0 <= a < b <= len(text) for a, b, _ in find_dates(text))
    if reading.value is not None:
        assert read_date(reading.value).value == reading.value


@given(st.dates(datetime.date(1945, 1, 1), datetime.date(2099, 12, 31)), st.sampled_from(MONTHS), st.integers(0, 3))
def test_round_trip(date: datetime.date, entry: dict[str, Any], form: int) -> None:
    name = MONTHS[date.month - 1]["examples"][0]
    written = [f"{date.day} {name} {date.year}", f"{date:%d-%m-%Y}", f"{date:%d/%m/%Y}", date.isoformat()][form]
    assert read_date(written).value == date.isoformat()
