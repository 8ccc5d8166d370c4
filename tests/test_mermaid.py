"""Mermaid: labels that cannot break out of their quotes, sizes that it draws. `tests/test_outside.py` renders it."""

from __future__ import annotations

import json
import re

import pytest

from sopparse import model
from sopparse.export import mermaid, places
from tests import charts


def lines(procedure: model.Procedure, title: str | None = "Peminjaman Alat") -> list[str]:
    text = mermaid.render(*places([charts.result(procedure, title=title)])[0], charts.WORDS)
    return [line.strip() for line in text.splitlines()]


def test_lanes_are_subgraphs_and_symbols_have_their_shapes():
    drawn = lines(charts.loops())
    assert drawn[:4] == ["---", 'title: "Peminjaman Alat"', "---", "flowchart TD"]
    assert 'subgraph lane4["Kepala Bidang Sarana, Prasarana dan Pelaporan"]' in drawn
    assert any(re.fullmatch(r'n1\(\["1#46; Pemohon mengajukan .*"\]\)', line) for line in drawn)
    assert any(re.fullmatch(r'n2\{"2#46; Memeriksa .*<br/>Lengkap\?"\}', line) for line in drawn)
    assert {"n1 --> n2", 'n2 -->|"Tidak"| n1', 'n2 -->|"Ya"| n3'} <= set(drawn)


def test_inferred_arrows_are_dotted_and_said_so():
    drawn = lines(charts.plain(3))
    assert {"n1 -.-> n2", "n2 -.-> n3", f"%% {charts.WORDS.inferred}"} <= set(drawn)


def test_a_connector_that_leads_nowhere_is_a_circle():
    procedure = model.Procedure(
        actors=charts.actors("Staf"), steps=(charts.step(1),), flow=charts.flow("x/1/a1 p/1/a1/off-page/B", "x p")
    )
    assert 'n2(("B"))' in lines(procedure)


@pytest.mark.parametrize("text", charts.HOSTILE)
def test_labels_hold_nothing_that_means_something(text: str):
    label = mermaid._quoted(text, 300)
    rest = re.sub(r"#\d+;", "", label)
    assert not re.search(r"[\"'`#<>&;\[\]{}|\\*_~$%^@!=+:]|[\x00-\x1f]", rest)
    assert len(re.sub(r"#\d+;", "x", label)) <= 300


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("1. Satu", "1#46; Satu"),
        ("- butir", "#45; butir"),
        ("Surat (asli), 2 lembar", "Surat (asli), 2 lembar"),
        ('"a"', "#34;a#34;"),
        ("a\n b", "a b"),
        ("#35;", "#35;35#59;"),
    ],
)
def test_labels_are_escaped_by_number(text: str, label: str):
    assert mermaid._quoted(text, 300) == label


def test_titles_are_quoted():
    title = 'Uji: "kutip"\n--- # bukan komentar'
    assert json.loads(lines(charts.plain(2), title)[1].removeprefix("title: ")) == title
    assert lines(charts.plain(2), None)[0] == "flowchart TD"


def test_large_charts_stay_within_what_mermaid_draws():
    steps = tuple(charts.step(n, "Menyampaikan berkas permohonan " * 20) for n in range(1, 301))
    assert sum(map(len, lines(model.Procedure(steps=steps)))) < 50_000


def test_the_same_result_gives_the_same_text():
    assert lines(charts.crowded()) == lines(charts.crowded())
