"""Full text in the index, and its tables as Parquet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pandas
import pytest

from sopparse.corpus import Index, build, open_index, write_parquet
from sopparse.errors import EngineMissing
from tests import factories
from tests.test_corpus import complete, save


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "index.sqlite"


@pytest.fixture
def searched(tmp_path: Path, target: Path) -> Iterator[Index]:
    first = factories.sop("Pelayanan Informasi", activities=("Memverifikasi berkas", "Menyerahkan surat/izin (asli)"))
    second = factories.sop("Verifikasi Bérkas", activities=("Mencatat berkas",))
    for name, sop in (("satu", first), ("dua", second)):
        save(tmp_path / "results", name, factories.result(sop, name=f"{name}.txt"))
    build(target, [str(tmp_path / "results")])
    with open_index(target) as index:
        yield index


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("BERKAS", {("satu.txt", 1), ("dua.txt", None), ("dua.txt", 1)}),
        ("verifikasi berkas", {("dua.txt", None)}),
        ("memveri* berkas", {("satu.txt", 1)}),
        ("surat/izin", {("satu.txt", 2)}),
        ("berkas OR surat", set()),
        ("NOT", set()),
        ('"', set()),
        ("* ( - :", set()),
        ("", set()),
    ],
)
def test_search(searched: Index, words: str, expected: set[tuple[str, int | None]]):
    assert {(hit.document, hit.step) for hit in searched.search(words)} == expected


def test_the_best_hits_come_first_and_no_more_than_asked_for(searched: Index):
    assert [hit.text for hit in searched.search("verifikasi", 1)] == ["Verifikasi Bérkas"]
    assert len(searched.search("berkas", 2)) == 2


def test_parquet_holds_the_tables(target: Path, tmp_path: Path):
    save(tmp_path / "results", "satu", complete())
    build(target, [str(tmp_path / "results")])
    written = write_parquet(target, tmp_path / "tables")
    with open_index(target) as index:
        assert [path.stem for path in written] == [name for name in index.tables() if name != "meta"]
        for path in written:
            frame = pandas.read_parquet(path)
            assert len(frame) == sum(1 for _ in index.rows(path.stem))
            assert list(frame.columns) == [row["name"] for row in index.query(f'PRAGMA table_info("{path.stem}")')]
    durations = pandas.read_parquet(tmp_path / "tables" / "durations.parquet")
    assert (durations["working"].dtype, durations["min"].dtype) == (bool, float)
    assert not [path for path in (tmp_path / "tables").iterdir() if path.suffix != ".parquet"]


def test_without_pyarrow_there_is_a_next_step(target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(EngineMissing) as told:
        write_parquet(target, tmp_path)
    assert "pip install" in told.value.next_step
