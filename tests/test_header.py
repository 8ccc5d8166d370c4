"""The identity block: values, dates, the official who approved, and why a value is missing."""

from __future__ import annotations

import pytest

from sopparse.layout.formats import recognise
from sopparse.model import Header, Result
from sopparse.page import Cell, Row, Word
from sopparse.pipeline import parse
from tests.factories import codes, form, parsed
from tests.pdf_writer import Pdf, PdfPage, line, rect, table, text, write


def read(*rows: tuple[str, str], letterhead: str = "DINAS ARSIP") -> Result:
    first, *more = rows
    lines = [f"{letterhead}\t{first[0]}\t{first[1]}", *(f"\t{label}\t{value}" for label, value in more)]
    return parsed(form("\n".join(lines)))


def header(*rows: tuple[str, str]) -> Header:
    return read(*rows).sops[0].header


TITLE = ("NAMA SOP", "Pinjam Arsip")


@pytest.mark.parametrize(
    ("label", "value", "name", "expected"),
    [
        ("NOMOR SOP", "12/ARSIP/2031", "number", "12/ARSIP/2031"),
        ("Nomor SOP", ": 07", "number", "07"),
        ("Nornor SOP", ": 07", "number", "07"),
        ("No. SOP :", "SOP-001/17", "number", "SOP-001/17"),
        ("No. Revisi", "02", "revision", "02"),
        ("No. Revisi", "00", "revision", "00"),
        ("No. Revisi", "-", "revision", None),
        ("Tgl. Pembuatan", "9 Januari 2031", "created", "2031-01-09"),
        ("TANGGAL PEMBUATAN", ": 9 JANUARI 2031", "created", "2031-01-09"),
        ("Tanggal Revisi", "Februari 2031", "revised", "2031-02"),
        ("Tgl Efektif", "2031", "effective", "2031"),
        ("Tanggal Pengesahan", "9-1-2031", "approved", "2031-01-09"),
        ("Tanggal Efektir", "9 Januari 2031", "effective", "2031-01-09"),
    ],
)
def test_values(label: str, value: str, name: str, expected: str) -> None:
    assert getattr(header((label, value), TITLE), name) == expected


@pytest.mark.parametrize(
    ("value", "absence"),
    [("-", "stated-none"), ("", "blank"), (". . . . .", "blank"), ("......", "blank"), ("besok lusa", "illegible")],
)
def test_why_a_date_is_missing(value: str, absence: str) -> None:
    result = read(("NOMOR SOP", "12"), ("TANGGAL REVISI", value), TITLE)
    assert result.sops[0].header.revised is None
    assert result.report.fields["/sops/0/header/revised"].absence == absence
    assert result.report.fields["/sops/0/header/effective"].absence == "no-label"


@pytest.mark.parametrize(("value", "absence"), [("-", "stated-none"), ("", "blank"), ("..../..../....", "blank")])
def test_why_a_number_is_missing(value: str, absence: str) -> None:
    result = read(("NOMOR SOP", value), TITLE)
    assert result.sops[0].header.number is None
    assert result.report.fields["/sops/0/header/number"].absence == absence


def test_punctuation_of_the_label_is_no_part_of_the_value() -> None:
    result = read(("NOMOR SOP", ":: 12 |"), TITLE)
    assert result.sops[0].header.number == "12"
    assert result.report.coverage.unplaced == ()


def test_the_first_of_two_values_is_taken_and_the_other_is_not_lost() -> None:
    result = parsed(form("DINAS ARSIP\tNOMOR SOP\t12\n\tNOMOR SOP\t13\n\tNAMA SOP\tPinjam"))
    assert result.sops[0].header.number == "12"
    assert "13" in [word.text for word in result.report.coverage.unplaced]


def test_the_approver_of_a_cell() -> None:
    value = "Kepala Dinas Arsip<br>Ratna Prameswara, S.Sos<br>Pembina Tk. I<br>NIP. 19800101 200501 2 001"
    found = header(("NOMOR SOP", "12"), ("DISAHKAN OLEH", value), TITLE).approver
    assert found is not None
    assert found.position == "Kepala Dinas Arsip"
    assert found.name == "Ratna Prameswara, S.Sos"
    assert found.rank == "Pembina Tk. I"
    assert found.nip == "198001012005012001"


def test_a_blank_approver() -> None:
    result = read(("NOMOR SOP", "12"), ("DISAHKAN OLEH", ""), TITLE)
    assert result.sops[0].header.approver is None
    assert result.report.fields["/sops/0/header/approver"].absence == "blank"


def test_no_approver() -> None:
    assert read(TITLE).report.fields["/sops/0/header/approver"].absence == "no-label"


def test_a_wrong_nip_is_told() -> None:
    value = "Kepala Dinas Arsip<br>Ratna Prameswara, S.Sos<br>NIP. 19800101 2005"
    result = read(("NOMOR SOP", "12"), ("DISAHKAN OLEH", value), TITLE)
    approver = result.sops[0].header.approver
    assert approver is not None
    assert approver.nip is None
    assert "header.approver.nip-invalid" in codes(result)


def test_a_title_without_label_is_that_of_the_only_table() -> None:
    text = form("DINAS ARSIP\tNOMOR SOP\t12").replace("No\tKegiatan", "\nPROSEDUR PEMINJAMAN ARSIP\nNo\tKegiatan")
    result = parsed(text)
    assert result.sops[0].header.title == "PROSEDUR PEMINJAMAN ARSIP"
    assert result.report.fields["/sops/0/header/title"].basis == "inferred"
    assert "header.title-from-table" in codes(result)


def test_the_letterhead() -> None:
    rows = [("NOMOR SOP", "12"), TITLE]
    letterhead = "PEMERINTAH KABUPATEN SLEMAN<br>DINAS PERPUSTAKAAN DAN KEARSIPAN<br>SEKRETARIAT<br>Jl. Merpati No. 1"
    agency = read(*rows, letterhead=letterhead).sops[0].header.agency
    assert agency.government == "PEMERINTAH KABUPATEN SLEMAN"
    assert agency.name == "DINAS PERPUSTAKAAN DAN KEARSIPAN"
    assert agency.units == ("SEKRETARIAT",)
    assert agency.address == "Jl. Merpati No. 1"
    assert agency.region is not None
    assert (agency.region.level, agency.region.name, agency.region.code) == ("kabupaten", "Sleman", "34.04")


def test_no_letterhead() -> None:
    result = parsed(form("NOMOR SOP\t12\nNAMA SOP\tPinjam"))
    assert result.sops[0].header.agency.name is None
    assert result.report.fields["/sops/0/header/agency/name"].absence == "no-label"


@pytest.mark.parametrize(
    ("fields", "created"),
    [
        ((("NOMOR SOP", "12"), ("TANGGAL", "9 Agustus 2031"), TITLE), "2031-08-09"),
        ((("NOMOR SOP", "12"), ("TANGGAL", "9 Agustus 2031"), ("TGL PEMBUATAN", "-"), TITLE), None),
    ],
)
def test_a_date_that_is_not_said_to_be_any(fields: tuple[tuple[str, str], ...], created: str | None) -> None:
    assert read(*fields).sops[0].header.created == created


FRAME = [
    ["", "PELAYANAN ARSIP KELUARGA", "", "", "Penanggungjawab\nKlinik\nDr. Ratna Prameswara\nWidyawati, Sp.P"],
    ["", "SOP", "Nomor Dokumen", "31/SOP/2031", ""],
    ["", "", "Nomor Revisi", "00", ""],
    ["", "", "Tanggal Terbit", "1 Agustus 2031", ""],
    ["KLINIK UTAMA\nLEMBAH SUNYI", "", "", "", ""],
]


def test_a_frame_with_the_title_above_and_the_signature_beside() -> None:
    """The identity block of a clinic: name of the procedure over the word SOP, who signs in a cell without label."""
    xs, ys = (20, 130, 180, 290, 400, 580), (395, 375, 355, 335, 315, 280)
    page = rect(20, 280, 560, 115) + "".join(line(x, 395, x, 280) for x in (130, 400))
    page += line(130, 375, 400, 375) + line(20, 315, 400, 315) + line(180, 375, 180, 315) + line(290, 375, 290, 315)
    page += "".join(line(180, y, 400, y) for y in (355, 335))
    for row, top in zip(FRAME, ys, strict=False):
        for cell, x in zip(row, xs, strict=False):
            for n, part in enumerate(cell.splitlines()):
                page += text(x + 3, top - 11 - 11 * n, part, 8)
    sections = [["1. Pengertian", "Arsip keluarga adalah arsip pasien"], ["2. Tujuan", "Sebagai acuan petugas arsip"]]
    page += table((20, 180, 580), (260, 230, 200), sections)
    page += table(
        (20, 180, 580), (200, 170, 140), [["3. Kebijakan", "Keputusan kepala klinik"], ["4. Diagram alir", "-"]]
    )
    (sop,) = parse(write(Pdf([PdfPage(page)])), "uji.pdf").sops
    header = sop.header
    assert sop.layout == "sop-puskesmas"
    assert (header.number, header.revision, header.effective) == ("31/SOP/2031", "00", "2031-08-01")
    assert header.title == "PELAYANAN ARSIP KELUARGA"
    assert header.agency.name == "KLINIK UTAMA LEMBAH SUNYI"
    assert header.approver is not None
    assert header.approver.position == "Penanggungjawab Klinik"
    assert header.approver.name == "Dr. Ratna Prameswara Widyawati, Sp.P"


def test_of_families_that_fit_alike_the_first_is_taken() -> None:
    labels = ["No. Dokumen", "No. Revisi", "Tanggal Terbit", "Halaman", "Pengertian", "Tujuan", "Kebijakan"]
    rows = [Row((Cell((tuple(Word(part, k) for part in label.split()),), 0),), True) for k, label in enumerate(labels)]
    found = recognise(rows)
    assert found is not None
    assert found.layout == "sop-puskesmas"
