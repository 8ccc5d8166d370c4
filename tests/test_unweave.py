"""Tables without borders, against generated ones with exact truth."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from sopparse import vocab
from sopparse.layout.tables import Table
from sopparse.layout.unweave import unweave
from sopparse.layout.unweave_evidence import advance, is_verb, likely_width
from sopparse.normalize.text import fold
from sopparse.page import Word, text_of
from tests.weaving import DRIFTED, FIELDS, NOISY, PLAIN, Printer, invent, spread, stack, weave, words_of

SOFT = 0.9  # similarity from which a cell counts as right
TEXTS = ("activity", "requirements", "output")

FORMS: dict[str, Printer] = {
    "plain": partial(weave, damage=PLAIN),
    "noisy": partial(weave, damage=NOISY),
    "drifted": partial(weave, damage=DRIFTED),
    "spread": spread,
    "centred": partial(spread, centred=True),
    "stacked": stack,
}


def cells_of(table: Table) -> list[dict[str, str]]:
    return [{name: text_of(table.cell(row, name)) for name in FIELDS} for row in table.rows]


def soft(left: str, right: str) -> bool:
    return Levenshtein.normalized_similarity(fold(left), fold(right)) >= SOFT


def given_words(table: Table) -> list[tuple[int, int, str]]:
    """Every piece of a word that the table holds, in the order of the source."""
    groups = [
        table.title,
        table.labels,
        table.stray,
        *table.footnotes,
        *(cell for row in table.rows for cell in row.cells),
    ]
    return sorted((word.index, word.start, word.text) for words in groups for word in words)


def assert_conserved(lines: Sequence[tuple[Word, ...]], table: Table) -> None:
    joined: dict[int, str] = {}
    for index, start, text in given_words(table):
        assert len(joined.setdefault(index, "")) == start
        joined[index] += text
    assert joined == {word.index: word.text for line in lines for word in line}


def shares(printer: Printer, count: int, start: int = 0) -> dict[str, float]:
    right: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for seed in range(start, start + count):
        rng = Random(seed)
        woven = printer(rng, invent(rng))
        lines = words_of(woven.lines)
        table = unweave(lines)
        assert table is not None
        assert_conserved(lines, table)
        found = cells_of(table)
        wanted["rows"] += len(woven.steps)
        right["rows"] += min(len(found), len(woven.steps))
        for step, cells in zip(woven.steps, found, strict=False):
            for name in FIELDS:
                value = getattr(step, name)
                if value or cells[name]:
                    wanted[name] += 1
                    right[name] += soft(value, cells[name])
    return {name: right[name] / total for name, total in wanted.items()}


# Measured on these tables: 0.970, 0.966, 0.945, 0.999, 0.989, 0.995; the floors leave room for a changed word list.
FLOORS = {"plain": 0.95, "noisy": 0.95, "drifted": 0.90, "spread": 0.99, "centred": 0.97, "stacked": 0.98}


@pytest.mark.parametrize("form", FORMS)
def test_generated_tables(form: str) -> None:
    found = shares(FORMS[form], 200 if form == "plain" else 100)
    assert found["rows"] == 1.0
    assert found["duration"] >= 0.99
    assert sum(found[name] for name in TEXTS) / len(TEXTS) >= FLOORS[form]


SAMPLE = """PROSEDUR PENGELOLAAN KEBUN BIBIT

Melakukan pemeriksaan lapangan

yang telah ditelaah

lapangan

Pelaksana Mutu Baku Keterangan
he Bagtan ll(ts:)::g Kepala
Staf Kebun Kelengkapan Waktu Output
dan Benih
1 | Staf menyusun konsep daftar bibit yang akan Surat permintaan 2 Hari Konsep daftar bibit
ditelaah oleh Kepala Kebun dan Benih
2 | Kepala Kebun dan Benih menelaah konsep daftar Konsep daftar bibit 30 Menir Konsep daftar bibit
bibit, bila salah dikembalikan kepada Staf untuk yang telah ditelaah
diperbaiki
3 Kepala Kebun dan Benih Konsep daftar bibit 1 Hari Laporan pemeriksaan
—
"""


def test_scanned_table_with_drifted_pieces() -> None:
    lines = words_of(SAMPLE.splitlines())
    table = unweave(lines)
    assert table is not None
    assert_conserved(lines, table)
    assert table.unwoven
    assert text_of(table.title) == "PROSEDUR PENGELOLAAN KEBUN BIBIT"
    assert text_of(table.labels).endswith("dan Benih")
    assert cells_of(table) == [
        {
            "number": "1",
            "activity": "Staf menyusun konsep daftar bibit yang akan ditelaah oleh Kepala Kebun dan Benih",
            "requirements": "Surat permintaan",
            "duration": "2 Hari",
            "output": "Konsep daftar bibit",
            "note": "",
        },
        {
            "number": "2",
            "activity": "Kepala Kebun dan Benih menelaah konsep daftar bibit, bila salah dikembalikan kepada Staf "
            "untuk diperbaiki",
            "requirements": "Konsep daftar bibit",
            "duration": "30 Menir",
            "output": "Konsep daftar bibit yang telah ditelaah",
            "note": "",
        },
        {
            "number": "3",
            "activity": "Kepala Kebun dan Benih Melakukan pemeriksaan lapangan",
            "requirements": "Konsep daftar bibit yang telah ditelaah",
            "duration": "1 Hari",
            "output": "Laporan pemeriksaan lapangan",
            "note": "",
        },
    ]


def test_total_row_and_remark_are_footnotes() -> None:
    rng = Random(5)
    steps = invent(rng, 4)
    lines = words_of([*weave(rng, steps).lines, "Jumlah waktu 90 menit", "Ket : *) dapat diwakilkan", "kepada staf"])
    table = unweave(lines)
    assert table is not None
    assert len(table.rows) == 4
    assert [text_of(note) for note in table.footnotes] == [
        "Jumlah waktu 90 menit",
        "Ket : *) dapat diwakilkan kepada staf",
    ]
    assert_conserved(lines, table)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "Pemerintah Kabupaten Antah Berantah\nDinas Kebun",
        "Laporan diserahkan dalam 3 hari\ndan dicatat",
        "| — ‘",
    ],
)
def test_no_table(text: str) -> None:
    assert unweave(words_of(text.splitlines())) is None


def test_certainty_is_higher_where_cells_are_right() -> None:
    right, wrong = [], []
    for seed in range(300, 360):
        rng = Random(seed)
        woven = weave(rng, invent(rng), NOISY)
        table = unweave(words_of(woven.lines))
        assert table is not None
        for step, row, cells in zip(woven.steps, table.rows, cells_of(table), strict=False):
            for name in TEXTS:
                at = [c.role for c in table.columns].index(name)  # type: ignore[arg-type]
                (right if soft(getattr(step, name), cells[name]) else wrong).append(row.place[at])
    assert sum(right) / len(right) > sum(wrong) / len(wrong) + 0.05


def test_same_result_again() -> None:
    rng = Random(8)
    lines = words_of(weave(rng, invent(rng), DRIFTED).lines)
    assert unweave(lines) == unweave(lines)


_VOCABULARY = """1 2 3 | — “Surat dan Menyusun surat, tugas 2 Hari 10 menit Waktu Kelengkapan Output Mutu Baku No
Kegiatan Ket: - Jumlah waktu 5 hari (tiga) SOP ATK ‘"""
_TOKENS = st.sampled_from(_VOCABULARY.split())


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.tuples(_TOKENS, st.integers(1, 4)), max_size=9), max_size=25))
def test_no_word_is_lost_or_doubled(tokens: list[list[tuple[str, int]]]) -> None:
    lines = words_of(["".join(text + " " * gap for text, gap in line) for line in tokens])
    table = unweave(lines)
    if table is not None:
        assert_conserved(lines, table)
        assert all(len(row.cells) == len(row.place) == len(table.columns) for row in table.rows)


def _seconds(lines: Sequence[tuple[Word, ...]]) -> float:
    start = time.process_time()
    unweave(lines)
    return time.process_time() - start


@pytest.mark.parametrize("form", ["plain", "spread", "centred", "stacked"])
def test_long_tables_take_time_in_proportion(form: str) -> None:
    # Vocabulary and caches are warm before the clock starts; of two runs the less disturbed one counts.
    times = {}
    for count in (50, 250, 1000):
        rng = Random(1)
        lines = words_of(FORMS[form](rng, invent(rng, count)).lines)
        times[count] = min(_seconds(lines) for _ in range(2))
    assert times[1000] < 8 * times[250] + 0.2


@pytest.mark.parametrize(
    "line", ["a " * 50_000, "1 hari " * 15_000, "x" * 100_000, "Waktu Output " * 8_000, "| " * 50_000]
)
def test_hostile_lines(line: str) -> None:
    rng = Random(2)
    made = list(weave(rng, invent(rng, 4)).lines)
    assert _seconds(words_of([*made[:-2], line, *made[-2:]])) < 2.0


def test_words_find_their_examples() -> None:
    for name, entry in vocab.load("unweave").items():
        assert entry["examples"]
        for example in entry["examples"]:
            text = fold(example)
            words = text.split()
            if name == "verbs":
                assert is_verb(words[0])
            elif name == "compounds":
                assert text in entry["pairs"]
            else:
                assert any(f" {word} " in f" {text} " for word in entry["words"]), (name, example)


def test_printed_width() -> None:
    assert advance("ill") < advance("aaa") < advance("MMM")


def test_likely_width_lies_in_most_intervals() -> None:
    assert 10.0 <= likely_width([(8.0, 12.0, 1.0), (10.0, 15.0, 1.0), (20.0, 22.0, 1.0)], 5.0) <= 12.0
    assert likely_width([], 5.0) == 5.0
