from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopparse import vocab
from sopparse.normalize.digits import words_to_number
from sopparse.normalize.durations import DurationValue, Part, duration_likeness, find_durations, read_duration
from sopparse.normalize.timelexicon import lexicon
from sopparse.normalize.timewords import terms

CASES = json.loads((Path(__file__).parent / "cases" / "durations.json").read_text(encoding="utf-8"))
TIMELIKE = st.text(alphabet="0123456789 lIOojamhriketnugbw½/-–.,()x±<>\n", max_size=40)
HOSTILE = [
    "1 " * 50_000,
    "l" * 100_000,
    "satu " * 20_000,
    "(" * 100_000,
    "1 hari " * 14_000,
    "1-" * 50_000,
    "1 (satu" * 14_000,
    "paling lambat " * 7_000,
    "1 hari -" * 12_000,
    "± " * 50_000,
]


def shown(value: DurationValue | None) -> dict[str, Any] | None:
    if value is None:
        return None
    minutes = value.minutes and list(value.minutes)
    return {"text": value.text, "parts": [row(p) for p in value.parts], "minutes": minutes, "iso8601": value.iso8601}


def row(part: Part) -> list[Any]:
    flags = ["working"] * part.working + ["approximate"] * part.approximate
    return [part.min, part.max, part.unit, *flags, *([{"scope": part.scope}] if part.scope else [])]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_cases(case: dict[str, Any]) -> None:
    reading = read_duration(case["input"])
    assert shown(reading.value) == case["expected"]
    assert list(reading.fixes) == case["fixes"]
    assert [found.code for found in reading.issues] == case["issues"]


def test_whole_numbers_stay_integers() -> None:
    value = read_duration("1,5 jam").value
    assert value is not None
    assert value.parts[0].min == 1.5
    whole = read_duration("3 x 24 jam").value
    assert whole is not None
    assert isinstance(whole.parts[0].min, int)


def test_a_shorter_day_changes_minutes_of_days_only() -> None:
    assert [r.minutes for t in ("2 hari", "2 jam", "2 hari kalender") if (r := read_duration(t, 300.0).value)] == [
        (600, 600),
        (120, 120),
        (2880, 2880),
    ]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("10 Menit", 1.0, 1.0),
        ("maks. 3 hari kerja", 1.0, 1.0),
        ("10 Menir", 0.9, 1.0),
        ("Setiap saat", 0.9, 0.9),
        ("2 hari untuk surat biasa dan 1 hari untuk surat segera", 0.5, 0.9),
        ("10", 0.3, 0.3),
        ("", 0.0, 0.0),
        ("-", 0.0, 0.0),
        ("Menyusun rekapitulasi kehadiran pegawai dalam 3 hari lalu menyerahkannya", 0.0, 0.0),
        ("Daftar hadir peserta", 0.0, 0.0),
        ("Buku agenda 2021", 0.0, 0.0),
        ("3 bulan sekali", 0.6, 0.8),
        ("Lembar disposisi", 0.0, 0.0),
    ],
)
def test_likeness(text: str, low: float, high: float) -> None:
    assert low <= duration_likeness(text) <= high


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Daftar Hadir 2 Hari Rekap", ["2 Hari"]),
        ("Surat 10 Menir Surat", ["10 Menir"]),
        ("a Paling lambat 17 hari kerja b", ["Paling lambat 17 hari kerja"]),
        ("x maks. 3 hari y", ["maks. 3 hari"]),
        ("Rekap 1 - 3 hari Surat 1 x 24 jam Buku", ["1 - 3 hari", "1 x 24 jam"]),
        ("Buku 1 0 Hari Kerja dan", ["1 0 Hari Kerja"]),
        ("Surat | l hari Map", ["l hari"]),
        ("Buku 3 (tiga) hari Map", ["3 (tiga) hari"]),
        ("Surat 1 jam 30 menit Map", ["1 jam 30 menit"]),
        ("Map 2 Hari\n10 Menit Map", ["2 Hari", "10 Menit"]),
        ("Pasal 3 hari", []),
        ("10 Januari 2020", []),
        ("tanggal 10 bulan depan", []),
        ("Nomor 5 Tahun 2014 dan UU 5 Tahun 20l4", []),
        ("tahun 2020 hari", []),
        ("pada hari jumat", []),
        ("3 (bulan n)", []),
        ("minggu ke-3 bulan berjalan", []),
        ("Triwulan I Bulan", []),
        ("setiap 3 bulan", []),
        ("salah satu bulan", []),
        ("2 bukan", []),
    ],
)
def test_spans_in_running_text(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in find_durations(text)] == expected


@pytest.mark.parametrize("entry", vocab.load("units")["unit"], ids=lambda entry: entry["name"])
def test_unit_examples(entry: dict[str, Any]) -> None:
    for example in entry["examples"]:
        value = read_duration(example).value
        assert value is not None
        assert [part.unit for part in value.parts] == [entry["name"]]
    for form in entry["scanned"]:
        assert "unit-corrected" in read_duration(f"10 {form}").fixes


@pytest.mark.parametrize("entry", vocab.load("units")["qualifier"], ids=lambda entry: entry["bound"])
def test_qualifiers(entry: dict[str, Any]) -> None:
    for form in [*(f"{form} 3 hari" for form in entry["forms"]), *entry["examples"]]:
        value = read_duration(form).value
        assert value is not None
        assert len(value.parts) == 1
        part = value.parts[0]
        assert {"max": part.min is None, "min": part.max is None, "about": part.approximate}[entry["bound"]], form


@pytest.mark.parametrize("entry", vocab.load("units")["unquantified"], ids=lambda entry: str(entry["likeness"]))
def test_texts_without_quantity(entry: dict[str, Any]) -> None:
    for form in [*entry.get("full", []), *entry.get("start", []), *entry["examples"]]:
        reading = read_duration(form)
        assert reading.value is not None
        assert reading.value.parts == ()
        assert not reading.issues
        assert reading.parse > 0.9
    for example in entry["examples"]:
        assert duration_likeness(example) >= entry["likeness"]


def test_ordinary_words_are_no_units() -> None:
    data = vocab.load("units")["never"]
    assert not [word for word in data["words"] if lexicon().unit(word, running=False)]
    assert not [example for example in data["examples"] if terms(example)]


@pytest.mark.parametrize("entry", vocab.load("digits")["word"], ids=lambda entry: entry["kind"])
def test_number_words(entry: dict[str, Any]) -> None:
    for text, number in entry["examples"]:
        assert words_to_number(text) == number


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:14])
def test_linear_on_hostile_text(text: str) -> None:
    start = time.process_time()
    find_durations(text)
    assert time.process_time() - start < 1
    start = time.process_time()
    read_duration(text)
    duration_likeness(text)
    assert time.process_time() - start < 1


@settings(deadline=None)
@given(st.one_of(st.text(max_size=80), TIMELIKE))
def test_any_text_gives_a_reading(text: str) -> None:
    reading = read_duration(text)
    assert 0 <= duration_likeness(text) <= 1
    assert all(0 <= a < b <= len(text) for a, b in find_durations(text))
    if reading.value is None:
        return
    assert 0 <= reading.parse <= 1
    again = read_duration(reading.value.text)
    assert again.value is not None
    assert again.value.parts == reading.value.parts
    if not reading.value.parts:
        assert reading.value.minutes is None
        assert reading.value.iso8601 is None


@settings(deadline=None)
@given(st.text(alphabet=st.characters(blacklist_categories=["Nd", "Nl", "No"]), max_size=60))
def test_no_quantity_without_a_number(text: str) -> None:
    """A number must be printed: as digits, as a letter a scan shows for one, or as a word."""
    words = {word.casefold() for word in text.split()}
    value = read_duration(text).value
    if value is not None and value.parts:
        assert any(c in "lIO" for c in text) or words & lexicon().quantities
