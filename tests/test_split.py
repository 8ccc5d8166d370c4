"""Several SOPs in one text, and the family that each belongs to."""

from __future__ import annotations

import pytest

from sopparse.layout.formats import recognise
from tests.factories import HEAD, LISTS, ROWS, document, form, parsed


def letter(number: int, agency: str = "DINAS ARSIP") -> str:
    return f"{agency}\tNOMOR SOP\t{number}\n\tNAMA SOP\tPinjam Arsip {number}"


def titles(text: str) -> list[str | None]:
    return [one.header.title for one in parsed(text).sops]


@pytest.mark.parametrize("between", ["", "\n\n", "\f", "\n\n\f\n"])
def test_two_forms_one_after_the_other(between: str) -> None:
    text = form(letter(1)) + between + form(letter(2))
    assert titles(text) == ["Pinjam Arsip 1", "Pinjam Arsip 2"]
    assert [len(one.procedures[0].steps) for one in parsed(text).sops] == [3, 3]


def test_each_has_its_letterhead_and_its_findings() -> None:
    result = parsed(form(letter(1, "DINAS ARSIP")) + "\n" + form(letter(2, "DINAS SOSIAL"), rows=""))
    assert [one.header.agency.name for one in result.sops] == ["DINAS ARSIP", "DINAS SOSIAL"]
    assert [one.path for one in result.report.findings if one.code == "procedure.missing"] == ["/sops/1/procedures"]


def test_pages_of_each() -> None:
    result = parsed(form(letter(1)) + "\f" + form(letter(2)))
    assert [one.pages for one in result.sops] == [(1,), (2,)]


def test_a_letterhead_of_lines_above_the_first_label() -> None:
    second = "PEMERINTAH KABUPATEN SLEMAN\nDINAS SOSIAL\n" + form("NOMOR SOP\t2\nNAMA SOP\tPinjam Arsip 2")
    result = parsed(form(letter(1)) + "\n" + second)
    assert [one.header.agency.name for one in result.sops] == ["DINAS ARSIP", "DINAS SOSIAL"]


def test_a_form_repeated_over_its_lists_is_one() -> None:
    assert len(titles(form(letter(1) + "\n\tNOMOR SOP\t1"))) == 1


def test_several_tables_below_one_form_are_one_sop() -> None:
    assert len(titles(form(letter(1)) + f"\nPROSEDUR LAIN\n{HEAD}\n{ROWS}\n")) == 1


@pytest.mark.parametrize(
    ("label", "text", "layout"),
    [
        ("a form with its table", form(), "sop-ap"),
        ("a form without its table", form(rows=""), "sop-ap"),
        ("a table with two fields", form(lists=""), "sop-ap"),
        ("a table alone", form("", lists=""), "sop-ap"),
        ("lists alone", LISTS, "sop-ap"),
        ("nothing", "surat\nbiasa", None),
        ("one label", "NOMOR SOP\t12", None),
        ("labels inside sentences", "lihat nomor sop dan dasar hukum serta keterkaitan dan peringatan", None),
    ],
)
def test_family(label: str, text: str, layout: str | None) -> None:
    found = recognise([row for page in document(text).pages for row in page.rows])
    assert (found.layout if found is not None else None) == layout, label
