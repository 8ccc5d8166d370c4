"""Steps of scanned tables: numbers that were misread, numbered things in a cell, notes that only some rows have."""

from __future__ import annotations

import pytest

from sopparse.extract.numbering import misread_numbers
from sopparse.extract.steps import extract_procedure
from sopparse.layout.ruled import table_of
from sopparse.layout.tables import Column, Table, TableRow
from sopparse.page import Cell, Row, Word, Words

ROLES = ("number", "activity", "requirements")


def words(text: str, read: float = 0.9, start: int = 0) -> Words:
    """Words of lines parted by a slash between spaces."""
    found = []
    for n, line in enumerate(text.split(" / ")):
        for part in line.split():
            found.append(Word(part, start + len(found), line=n, read=read))
    return tuple(found)


def table(numbers: list[str], needs: list[str] | None = None, read: float = 0.9) -> Table:
    columns = tuple(Column(role, (), (), 1.0) for role in ROLES)
    rows = [
        TableRow((words(number, read), words("Mencatat arsip"), words(need, read)), (1.0,) * 3)
        for number, need in zip(numbers, needs or [""] * len(numbers), strict=True)
    ]
    return Table(columns, tuple(rows))


@pytest.mark.parametrize(
    ("numbers", "misread"),
    [
        (["1", "2", "3", "4", "s"], {4: "5"}),
        (["1.", "2.", "3.", "a", "5."], {3: "4"}),
        (["l", "2", "3", "4"], {0: "1"}),
        (["1", "2", "3", "", "5"], {}),
        (["1", "2", "3", "4", "", "To"], {}),
        (["1", "2", "4", "s", "6"], {}),
        (["1", "a", "b", "c", "2"], {}),
        (["1", "2", "3", "Catatan lain"], {}),
    ],
)
def test_the_order_tells_a_misread_number(numbers: list[str], misread: dict[int, str]) -> None:
    assert misread_numbers(table(numbers)) == misread
    # What no machine read is as it is printed.
    assert misread_numbers(table(numbers, read=1.0)) == {}


def test_a_misread_number_is_inferred_and_says_so() -> None:
    part = extract_procedure(table(["1", "2", "3", "4", "s"]), 450.0, {})
    assert part.value.steps[4].printed_number == "5"
    field = part.fields["/steps/4/printed_number"]
    assert (field.raw, field.basis, field.fixes) == ("s", "inferred", ("number-by-order",))


@pytest.mark.parametrize(
    ("cell", "things"),
    [
        ("1. UU No, 14 / 2. Buku, pena / 3PP 62 Tahun 2030", ("UU No, 14", "Buku, pena", "PP 62 Tahun 2030")),
        ("1, Buku / 2. Meja / A Kursi / 4. Lampu", ("Buku", "Meja A Kursi", "Lampu")),
        ("Buku, pena / 2 Meja", ("Buku", "pena 2 Meja")),
        ("1. Buku, pena", ("Buku", "pena")),
        ("1 Buku", ("1 Buku",)),
    ],
)  # fmt: skip
def test_numbers_part_the_things_of_a_cell(cell: str, things: tuple[str, ...]) -> None:
    part = extract_procedure(table(["1"], [cell]), 450.0, {})
    assert part.value.steps[0].requirements == things


def row(*texts: str) -> Row:
    return Row(tuple(Cell((words(text, start=100 * k),) if text else (), k) for k, text in enumerate(texts)), True)


def test_a_note_in_a_row_without_a_time_stays_a_note() -> None:
    head = row("No", "Kegiatan", "Staf", "Kelengkapan", "Waktu", "Output", "Keterangan")
    body = [
        row("1", "Mencatat arsip yang dipinjam pemohon", "v", "Buku", "5 menit", "Catatan", ""),
        row("2", "Mencari arsip di depo bersama petugas", "v", "Catatan", "10 menit", "Arsip", ""),
        row("3", "Menyerahkan arsip kepada pemohon arsip", "v", "Arsip", "Lalu", "Tanda terima", "Dua rangkap"),
    ]  # fmt: skip
    part = extract_procedure(table_of([head], body), 450.0, {})
    last = part.value.steps[2]
    assert (last.outputs, last.note) == (("Tanda terima",), "Dua rangkap")
