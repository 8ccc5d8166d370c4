"""Actor headings and mentions: the table of cases, the vocabulary's own examples, and hostile input."""

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
from sopparse.normalize.mentions import find_mentions
from sopparse.normalize.text import fold, squeeze
from sopparse.normalize.titles import Title, expand, is_verb, lexicon, read_title, roles, word_set

CASES = json.loads((Path(__file__).parent / "cases" / "titles.json").read_text(encoding="utf-8"))
TITLES = vocab.load("titles")
WORDING = vocab.load("wording")
WORD_TABLES = ("part", "end", "not_verb", "not_title", "unit_word", "unit_join")


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_label(case: dict[str, Any]) -> None:
    expected = case["expected"]
    value = read_title(case["input"]).value
    assert value == Title(expected["role"], tuple(expected["role_alternatives"]), expected["unit"])


def test_nothing_to_read() -> None:
    assert read_title(" -- ").value is None


def test_fixes_are_recorded_only_where_something_changed() -> None:
    assert read_title("Kasubag Umum").fixes == ()
    assert read_title("Kasubag Keu.").fixes == ("unit-abbreviation",)
    assert read_title("Kasubbg").fixes == ("title-spelling",)
    assert read_title("Plt. Camat").fixes == ("acting-prefix",)


def test_a_misprint_is_less_sure() -> None:
    assert read_title("Kelapa Dinas").parse < read_title("Kepala Dinas").parse


@pytest.mark.parametrize("entry", TITLES["role"], ids=lambda e: e["id"])
def test_role_examples(entry: dict[str, Any]) -> None:
    assert entry["examples"]
    for example in entry["examples"]:
        value = read_title(example).value
        assert value is not None
        assert value.role == entry["id"], example


def test_each_form_belongs_to_one_role() -> None:
    owners: dict[str, str] = {}
    for entry in TITLES["role"]:
        for form in (*entry["forms"], *entry.get("acronyms", ()), *entry.get("label_forms", ())):
            assert owners.setdefault(squeeze(form), entry["id"]) == entry["id"], form


def test_roles_point_to_roles() -> None:
    for role in roles().values():
        for other in (role.head, role.member_of, *role.like):
            assert other is None or other in roles(), (role.id, other)


def test_every_form_is_found_in_running_text() -> None:
    for form, role in lexicon().text_forms.items():
        mentions = find_mentions(f"kepada {form} untuk")
        assert mentions, form
        assert mentions[0].title.role == role, form


@pytest.mark.parametrize("entry", TITLES["abbreviation"], ids=lambda e: e["long"])
def test_abbreviation_examples(entry: dict[str, Any]) -> None:
    for example in entry["examples"]:
        value = read_title(example).value
        assert value is not None
        assert entry["long"] in (value.unit or ""), example


@pytest.mark.parametrize("entry", TITLES["prefix"], ids=lambda e: e["id"])
def test_prefix_examples(entry: dict[str, Any]) -> None:
    for example in entry["examples"]:
        value = read_title(example).value
        assert value is not None
        assert value.role is not None


@pytest.mark.parametrize("table", WORD_TABLES)
def test_word_examples(table: str) -> None:
    for entry in WORDING[table]:
        assert entry["examples"]
        for example in entry["examples"]:
            assert word_set(table, entry["id"]) & set(fold(example).split()), (entry["id"], example)


def test_verb_examples() -> None:
    for example in WORDING["morphology"]["examples"]:
        assert is_verb(example)
    assert not is_verb("media")
    assert not is_verb("dinas")


MENTIONS = [
    ("Kasubag Arsip, Umum dan Aset Mengoreksi konsep", ["Kasubag Arsip, Umum dan Aset"]),
    ("diserahkan kepada kasubbag arsip, umum dan aset untuk diparaf", ["kasubbag arsip, umum dan aset"]),
    ("Kabid/PPK menelaah usulan dan menugaskan kasi/PPTK", ["Kabid/PPK", "kasi/PPTK"]),
    ("Kabid KPA dan Sekretariat Kasubbg membahas berkas", ["Kabid KPA", "Sekretariat Kasubbg"]),
    ("Ketua Tim Pengkaji, Memerintahkan anggota", ["Ketua Tim Pengkaji", "anggota"]),
    ("Camat menandatangani nota dinas", ["Camat"]),
    ("Staf Sub Bagian Aset mencatat", ["Staf Sub Bagian Aset"]),
    ("kepada Kasubag Umum, konsep surat dan lampiran", ["Kasubag Umum"]),
    ("disampaikan kepada Kepala Dinas dan Sekretaris", ["Kepala Dinas", "Sekretaris"]),
    ("bahan kedua dari hasil analisa kepada pihak", []),
    ("Mempelajari peraturan bupati", []),
    ("Kepela Bidang memeriksa", ["Kepela Bidang"]),
    ("Pendataan kebun kelapa sawit", []),
    ("diteruskan ke masing-masing bidang", ["bidang"]),
    ("menyerahkan kepada Sekretaris konsep undangan", ["Sekretaris"]),
    ("pa pun yang diminta PA", ["PA"]),
]


@pytest.mark.parametrize(("text", "expected"), MENTIONS)
def test_mentions(text: str, expected: list[str]) -> None:
    mentions = find_mentions(text)
    assert [mention.text for mention in mentions] == expected
    assert all(text[m.start : m.end] == m.text for m in mentions)


def test_unit_of_a_mention() -> None:
    (mention,) = find_mentions("Kasubag Arsip, Keu. dan Aset memeriksa")
    assert mention.title == Title("kepala-sub-bagian", (), "Arsip, Keuangan dan Aset")


@given(st.text(alphabet="KabidSt /.,&-umUdn1", max_size=60))
def test_expand_is_idempotent(text: str) -> None:
    assert expand(expand(text)) == expand(text)


@given(st.text(max_size=200))
def test_any_text_gives_mentions_in_order(text: str) -> None:
    read_title(text)
    mentions = find_mentions(text)
    assert all(a.end <= b.start for a, b in pairwise(mentions))


HOSTILE = ["kepala ", "a", "Kasubag Umum, ", "ka.", "Staf dan ", "/", "Kabid/", "kasubbg"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_long_input_is_read_in_time(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    start = time.process_time()
    find_mentions(text)
    read_title(text)
    assert time.process_time() - start < 1.0
