"""Tables: what is in them, how Excel gets them, and that no cell is ever computed."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pandas
import pytest
from openpyxl import load_workbook

from sopparse import model
from sopparse.export.tables import csv_files, frames, render_csv, render_xlsx
from sopparse.privacy import Disclosure
from tests import charts, factories

NIP = "197209041992031001"
DANGEROUS = ("=1+1", "+62812", "-3", "@SUM(A1)", '=HYPERLINK("https://contoh.invalid";"klik")')


def rich(name: str = "alat.txt", sha256: str = factories.SHA) -> model.Result:
    """A result with something in every table."""
    citation = model.Citation(
        text="Peraturan Contoh Nomor 3 Tahun 2031", type="other", number="3", year=2031, about="Contoh",
        id="other/2031/3",
        status=model.RegulationStatus(state="replaced", by=("other/2032/1", "other/2033/2"), as_of="2026-11-20"),
    )  # fmt: skip
    hours = (model.DurationPart(min=1, max=1, unit="hour"), model.DurationPart(min=15, max=15, unit="minute"))
    half_hour = charts.duration("30 menit")
    steps = (
        charts.step(1, "Menerima", "a1", "a2", requirements=("Surat", "ATK"), outputs=("Agenda",), duration=half_hour),
        charts.step(2, duration=model.Duration(text="1 jam 15 menit", parts=hours, minutes=(75, 75))),
        charts.step(3, duration=model.Duration(text="kondisional"), note="Catatan"),
    )
    procedure = model.Procedure(
        actors=charts.actors("Staf", None), steps=steps, flow=charts.flow("x/1/a1 y/2/a2/decision", "x y, y x no")
    )
    header = model.Header(
        number="07", title="Peminjaman", agency=model.Agency(name="Dinas Arsip", units=("Sekretariat", "Umum"))
    )
    signals = model.Signals(read=1, place=1, parse=0.5)
    sop = model.Sop(
        pages=(1, 2), layout="sop-ap", header=header, legal_basis=(citation,), records=("Buku", "Kartu"),
        procedures=(procedure,),
    )  # fmt: skip
    report = model.FieldReport(confidence=0.5, signals=signals, basis="inferred")
    fields = dict.fromkeys(("/sops/0/procedures/0/steps/0/actors", "/sops/0/procedures/0/flow/edges/1"), report)
    result = factories.result(sop, name=name, fields=fields, findings=(factories.finding(),))
    return result.model_copy(update={"source": result.source.model_copy(update={"sha256": sha256})})


def rows(name: str, *results: model.Result) -> list[dict[str, Any]]:
    return frames(results or (rich(),))[name].to_dict("records")


def some(name: str, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in rows(name)]


def test_steps_have_one_row_each():
    assert some("steps", "sop", "procedure", "step", "activity") == [
        ("alat.txt#1", 1, 1, "Menerima"),
        ("alat.txt#1", 1, 2, "Menangani berkas 2"),
        ("alat.txt#1", 1, 3, "Menangani berkas 3"),
    ]
    assert some("steps", "actors", "actor", "requirements", "outputs")[0] == ("Staf; a2", "a1", "Surat; ATK", "Agenda")
    assert some("steps", "confidence_actors", "confidence_note")[0] == (0.5, None)


def test_durations_are_split_only_where_one_part_says_it_all():
    columns = ("duration", "duration_min", "duration_max", "duration_unit", "minutes_low", "minutes_high", "iso8601")
    assert some("steps", *columns) == [
        ("30 menit", 30, 30, "minute", 30, 30, "PT30M"),
        ("1 jam 15 menit", None, None, None, 75, 75, None),
        ("kondisional", None, None, None, None, None, None),
    ]


def test_the_other_tables():
    assert some("sops", "sop", "number", "units", "pages", "steps", "warnings") == [
        ("alat.txt#1", "07", "Sekretariat; Umum", "1, 2", 3, 1)
    ]
    assert some("actors", "actor", "position", "label", "steps") == [("a1", 1, "Staf", 1), ("a2", 2, None, 1)]
    assert some("citations", "item", "id", "state", "replaced_by") == [
        (1, "other/2031/3", "replaced", "other/2032/1; other/2033/2")
    ]
    assert some("lists", "section", "item", "text") == [("records", 1, "Buku"), ("records", 2, "Kartu")]
    assert some("nodes", "node", "step", "actor_label", "symbol") == [
        ("x", 1, "Staf", "process"),
        ("y", 2, None, "decision"),
    ]
    assert some("edges", "source", "target", "source_step", "target_step", "condition", "basis") == [
        ("x", "y", 1, 2, None, None), ("y", "x", 2, 1, "no", "inferred"),
    ]  # fmt: skip
    assert some("findings", "sop", "code", "severity") == [("alat.txt#1", "test.code", "warning")]


def test_keys_are_unique_over_results_of_one_name():
    same = rich(), rich(sha256="1" * 64), rich(), rich("lain.txt")
    assert [row["sop"] for row in rows("sops", *same)] == [
        "alat.txt@00000000#1", "alat.txt@11111111#1", "alat.txt@00000000(2)#1", "lain.txt#1",
    ]  # fmt: skip


def test_tables_without_rows_keep_their_columns():
    empty = factories.result(factories.sop(activities=()))
    assert list(frames([empty])["edges"].columns) == list(frames([rich()])["edges"].columns)


def test_csv_is_utf8_and_reads_back():
    with zipfile.ZipFile(io.BytesIO(render_csv([rich()]))) as archive:
        names = archive.namelist()
        steps = pandas.read_csv(io.BytesIO(archive.read("steps.csv")))
    assert names == [f"{name}.csv" for name in frames([rich()])]
    assert list(steps["minutes_low"])[:2] == [30, 75]
    assert steps["minutes_low"].isna()[2]


def test_csv_for_excel():
    content = csv_files([rich()], delimiter=";", bom=True)["lists.csv"]
    assert content.startswith(b"\xef\xbb\xbfsop;section;item;text;confidence\n")


@pytest.mark.parametrize("text", DANGEROUS)
def test_nothing_is_computed_when_a_table_is_opened(text: str):
    result = factories.result(factories.sop(title=text, activities=(text,)))
    activity = pandas.read_csv(io.BytesIO(csv_files([result])["steps.csv"]), dtype=str)["activity"][0]
    assert activity == f"'{text}"
    cell = sheet(result, "steps")[0]["activity"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.hyperlink is None


def sheet(result: model.Result, name: str) -> list[dict[str, Any]]:
    book = load_workbook(io.BytesIO(render_xlsx([result])))
    head, *body = book[name].iter_rows()
    return [{str(top.value): cell for top, cell in zip(head, row, strict=True)} for row in body]


def test_the_workbook_is_ready_to_use():
    book = load_workbook(io.BytesIO(render_xlsx([rich(), rich("lain.txt")])))
    assert book.sheetnames == list(frames([rich()]))
    for name, page in zip(book.sheetnames, book, strict=True):
        assert page.freeze_panes == "B2"
        assert page.auto_filter.ref == page.dimensions, name
        assert all(8 <= column.width <= 61 for column in page.column_dimensions.values())
    cell = book["steps"]["F2"]
    assert cell.value == "Menerima"
    assert cell.alignment.wrap_text
    assert book["steps"].max_row == 7


def test_numbers_stay_numbers_and_texts_texts():
    first = sheet(rich(), "steps")[0]
    assert (first["minutes_low"].value, first["minutes_low"].data_type) == (30, "n")
    assert first["duration_working"].value is False
    number = sheet(rich(), "sops")[0]["number"]
    assert (number.value, number.data_type) == ("07", "s")


def test_cells_hold_what_a_cell_can_hold():
    long = factories.result(factories.sop(activities=("kata " * 10_000, "a\x01b\x0b_x0041_ \ud7ff")))
    cells = [row["activity"].value for row in sheet(long, "steps")]
    assert len(cells[0]) == 32_767
    assert cells[0].endswith("…")
    assert "_x0041_" in cells[1]


@pytest.mark.parametrize("render", [render_csv, render_xlsx])
def test_the_same_results_give_the_same_bytes(render: Any):
    assert render([rich()]) == render([rich()])


def signed() -> model.Result:
    approver = model.Approver(name="Budi Contoh, S.Sos", nip=NIP)
    sop = factories.sop(activities=(f"Diparaf Budi Contoh (NIP. {NIP})",))
    return factories.result(sop.model_copy(update={"header": model.Header(approver=approver)}))


def test_numbers_of_persons_are_masked() -> None:
    table = frames([signed()])
    assert table["sops"]["approver_nip"][0] == "19720904******1***"
    assert table["steps"]["activity"][0] == "Diparaf Budi Contoh (NIP. 19720904******1***)"
    assert NIP not in "".join(str(content) for content in csv_files([signed()]).values())


def test_numbers_and_names_on_request() -> None:
    table = frames([signed()], Disclosure(nip=True, names=False))
    assert table["sops"]["approver_nip"][0] == NIP
    assert table["sops"]["approver_name"][0] is None
    assert table["steps"]["activity"][0] == f"Diparaf … (NIP. {NIP})"
