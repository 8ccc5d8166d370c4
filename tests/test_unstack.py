"""Forms whose borders between rows are missing: labels below each other in one cell, text across the columns."""

from __future__ import annotations

import pytest

from sopparse import model
from sopparse.layout.anchors import label_rows
from sopparse.layout.heads import is_numbering
from sopparse.layout.sections import find_sections
from sopparse.page import Cell, Row, Word, text_of
from sopparse.pipeline import parse
from tests.pdf_writer import Pdf, PdfPage, table, text, write

FIELDS = {
    "Nomor SOP": "07/ARSIP/2031",
    "Tanggal Pembuatan": "3 Februari 2031",
    "Tanggal Revisi": "-",
    "Tanggal Efektif": "10 Februari 2031",
    "Disahkan oleh": "Kepala Dinas Kearsipan",
    "Nama SOP": "Peminjaman Arsip Statis",
}
LETTERHEAD = "PEMERINTAH KABUPATEN SOPPENG\nDINAS KEARSIPAN"
LEGAL = "1. Undang-Undang Nomor 43 Tahun 2009\ntentang Kearsipan"
SKILLS = "1 Memahami tata kearsipan\n2 Mampu memakai komputer"
LISTS = [
    ["Keterkaitan", "Peralatan/Perlengkapan"],
    ["1. SOP Pengembalian Arsip", "1. Komputer\n2. Lemari arsip"],
    ["Peringatan", "Pencatatan dan Pendataan"],
    ["Arsip hilang bila tidak dicatat", "Buku peminjaman"],
]
STEPS = [
    ["No", "Kegiatan", "Staf Arsip", "Kepala Seksi", "Kelengkapan", "Waktu", "Output"],
    ["1", "Menerima permohonan\npeminjaman arsip", "v", "", "Formulir", "5 menit", "Formulir isi"],
    ["2", "Mencari arsip di depo", "", "v", "Formulir isi", "30 menit", "Arsip"],
]
XS = (20, 50, 200, 270, 340, 420, 490, 580)


def lines(values: list[str]) -> str:
    return "\n".join(values)


def one_cell() -> str:
    """The identity block as lines in one cell, each a label, a colon and a value."""
    block = lines([f"{label} : {value}" for label, value in FIELDS.items()])
    return table((20, 300, 580), (395, 310), [[LETTERHEAD, block]]) + lists(310)


def two_cells() -> str:
    """All labels in one cell, all values in the next."""
    cells = [LETTERHEAD, lines(list(FIELDS)), lines([f": {value}" for value in FIELDS.values()])]
    return table((20, 300, 400, 580), (395, 310), [cells]) + lists(310)


def run_on() -> str:
    """No border between the identity block and the first two lists."""
    right = lines([f"{label} : {value}" for label, value in FIELDS.items()])
    left = f"{LETTERHEAD}\n\n\n\n\nDasar Hukum\n{LEGAL}"
    return table((20, 300, 580), (395, 285), [[left, f"{right}\nKualifikasi Pelaksana\n{SKILLS}"]]) + table(
        (20, 300, 580), (285, 265, 230, 210, 180), LISTS
    )


def own_labels() -> str:
    """Each list in a cell with its own label."""
    header = table((20, 300, 400, 580), tuple(395 - 14 * k for k in range(7)), [["", k, v] for k, v in FIELDS.items()])
    rows = [["Dasar Hukum", "Kualifikasi Pelaksana"], [LEGAL, SKILLS], *LISTS]
    cells = [[f"{a}\n{b}" for a, b in zip(rows[k], rows[k + 1], strict=True)] for k in (0, 2, 4)]
    return (
        header
        + text(60, 380, "PEMERINTAH KABUPATEN SOPPENG", 8)
        + text(60, 370, "DINAS KEARSIPAN", 8)
        + table((20, 300, 580), (305, 250, 200, 150), cells)
    )


def lists(top: float) -> str:
    rows = [["Dasar Hukum", "Kualifikasi Pelaksana"], [LEGAL, SKILLS], *LISTS]
    return table((20, 300, 580), tuple(top - y for y in (0, 16, 50, 66, 96, 112, 140)), rows)


def parsed(*pages: str) -> model.Result:
    return parse(write(Pdf([PdfPage(page) for page in pages])), "uji.pdf")


@pytest.mark.parametrize("form", [one_cell, two_cells, run_on, own_labels])
def test_a_form_without_inner_borders_is_read_like_one_with_them(form) -> None:
    result = parsed(form(), table(XS, (390, 350, 300, 250), STEPS))
    (sop,) = result.sops
    header = sop.header
    assert (header.number, header.title) == ("07/ARSIP/2031", "Peminjaman Arsip Statis")
    assert (header.created, header.revised, header.effective) == ("2031-02-03", None, "2031-02-10")
    assert header.approver is not None
    assert header.approver.position == "Kepala Dinas Kearsipan"
    assert (header.agency.government, header.agency.name) == ("PEMERINTAH KABUPATEN SOPPENG", "DINAS KEARSIPAN")
    assert [item.id for item in sop.legal_basis] == ["uu/2009/43"]
    assert sop.qualifications == ("Memahami tata kearsipan", "Mampu memakai komputer")
    assert sop.related_sops == ("SOP Pengembalian Arsip",)
    assert sop.equipment == ("Komputer", "Lemari arsip")
    assert sop.warnings == ("Arsip hilang bila tidak dicatat",)
    assert sop.records == ("Buku peminjaman",)
    assert len(sop.procedures[0].steps) == 2
    assert not result.report.coverage.unplaced


def test_text_across_the_columns_belongs_to_no_list() -> None:
    rows = [["Peringatan", "Pencatatan dan Pendataan"], ["", ""]]
    across = table((20, 580), (250, 220)) + text(150, 232, "Ketentuan ini berlaku bagi semua peminjam arsip di depo")
    page = two_cells()[: -len(lists(310))] + table((20, 300, 580), (310, 290, 250), rows) + across
    found = parsed(page, table(XS, (390, 350, 300, 250), STEPS)).sops[0]
    assert (found.warnings, found.records) == ((), ())


def test_a_page_of_text_in_one_column_does_not_continue_the_lists() -> None:
    story = table((20, 580), (390, 300, 200), [["Arsip dicari\nlalu dibawa ke meja"], ["1. Petugas mencatat peminjam"]])
    result = parsed(two_cells(), story)
    found = result.sops[0]
    assert (found.warnings, found.records) == (("Arsip hilang bila tidak dicatat",), ("Buku peminjaman",))
    assert "mencatat" in {word.text for word in result.report.coverage.unplaced}


def test_labels_in_slightly_uneven_rows_stay_open_side_by_side() -> None:
    rows = [["Peringatan", ""], ["", "Pencatatan dan Pendataan"], ["Arsip hilang", "Buku peminjaman"]]
    page = two_cells()[: -len(lists(310))] + table((20, 300, 580), (310, 295, 280, 250), rows)
    found = parsed(page, table(XS, (390, 350, 300, 250), STEPS)).sops[0]
    assert (found.warnings, found.records) == (("Arsip hilang",), ("Buku peminjaman",))


def test_a_sentence_with_one_label_in_it_is_not_cut() -> None:
    cells = (Cell(((Word("Surat", 0),), (Word("Disahkan", 1), Word("oleh", 2), Word("kepala", 3))), 0),)
    (row,) = label_rows([Row(cells, True)])
    assert len(row.cells) == 1


def test_a_decree_has_no_letterhead_in_its_considerations() -> None:
    decree = [
        "BUPATI SOPPENG", "NOMOR : 12/2031", "Menimbang : a. bahwa untuk melaksanakan tugas",
        "Pemerintah Kabupaten Soppeng", "serta Bagian Hukum", "Mengingat : 1. Undang-Undang Nomor 43 Tahun 2009",
        "MEMUTUSKAN :", "Menetapkan : arsip",
    ]  # fmt: skip
    (sop,) = parse("\n".join(decree).encode(), "uji.txt").sops
    assert sop.layout == "peraturan"
    assert (sop.header.agency.government, sop.header.agency.units) == (None, ())


@pytest.mark.parametrize(
    ("cells", "numbering"),
    [
        (["1", "2", "3", "4", "5", "6", "Out 7"], True),
        (["1", "2", "3", "4", "s - -", "6", "?"], True),
        (["1", "Mencatat", "", "", "5", "6"], False),
        (["1", "2", "v", "v", "ATK", "5"], False),
    ],
)
def test_a_misread_row_of_column_numbers(cells: list[str], numbering: bool) -> None:
    row = Row(tuple(Cell(((Word(t, k, read=0.9),),) if t else (), k) for k, t in enumerate(cells)), True)
    assert is_numbering(row) is numbering


def ruled(*texts: str, start: int, read: float = 0.9) -> Row:
    found, k = [], start
    for column, one in enumerate(texts):
        words = []
        for part in one.split():
            words.append(Word(part, k, read=read))
            k += 1
        found.append(Cell((tuple(words),) if words else (), column))
    return Row(tuple(found), True)


def test_a_label_that_could_not_be_read_is_no_letterhead() -> None:
    rows = [
        ruled("SUB BAGIAN ARSIP", "NOMOR SOP", "12/2031", start=0),
        Row((Cell((), 0), *ruled("", "ZS1 QEMBUKTIN", start=10).cells[1:]), True),
        Row((Cell((), 0), *ruled("", "NAMA SOP", "Pinjam Arsip", start=20).cells[1:]), True),
    ]
    found = find_sections(label_rows(rows))
    assert [text_of(line) for line in found.agency] == ["SUB BAGIAN ARSIP"]
    assert text_of(found.stray) == "ZS1 QEMBUKTIN"


def test_labels_below_each_other_that_were_misread_are_parted() -> None:
    stacked = Cell((tuple(ruled("ISL PEMBUATAN", start=0).words), tuple(ruled("TGL REMSI", start=5).words)), 1)
    (first, second) = label_rows([Row((Cell((), 0), stacked), True)])
    assert [one.anchors[0].label.name for one in (first, second)] == ["created", "revised"]


def lists_of(label: str, read: float, first: str = "Dasar Hukum") -> dict[str, list[str]]:
    rows = [
        ruled(first, "Kualifikasi Pelaksana", start=0),
        ruled("1. Aturan", "1. Teliti", start=10),
        Row((ruled(label, start=20, read=read).cells[0], ruled("", "Peralatan/Perlengkapan", start=30).cells[1]), True),
        ruled("SOP Pengembalian Arsip", "1. Lemari arsip", start=40),
    ]
    found = find_sections(label_rows(rows))
    return {part.name: [text_of(line) for line in part.lines] for part in found.lists}


def test_a_label_that_could_not_be_read_is_told_by_the_one_beside_it() -> None:
    found = lists_of("Kei", 0.3)
    assert (found["related_sops"], found["equipment"]) == (["SOP Pengembalian Arsip"], ["1. Lemari arsip"])


@pytest.mark.parametrize(
    ("label", "read", "first"),
    [("", 0.3, "Dasar Hukum"), ("Kei", 1.0, "Dasar Hukum"), ("Kei", 0.3, "Keterkaitan")],
    ids=["nothing was read", "not read by a machine", "printed elsewhere"],
)
def test_a_column_without_a_label_is_no_part_of_the_list_beside_it(label: str, read: float, first: str) -> None:
    found = lists_of(label, read, first)
    assert found["equipment"] == ["1. Lemari arsip"]
    assert "SOP Pengembalian Arsip" not in found.get("related_sops", [])


def fields_of(label: str, value: str, read: float = 0.8) -> dict[str, tuple[str, float]]:
    rows = [
        ruled("DINAS ARSIP", "Nomor Urut SOP", "12/2031", start=0),
        ruled("", "Tanggal Pembuatan", "3 Mei 2031", start=10),
        ruled("", "Disahkan oleh", "Kepala Dinas Arsip", start=20),
        ruled("", label, value, start=30, read=read),
        ruled("Dasar Hukum", "Kualifikasi Pelaksana", start=40),
    ]
    found = find_sections(label_rows(rows))
    return {one.name: (" ".join(text_of(line) for line in one.lines), one.place) for one in found.fields}


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("SOP", "title"),
        ("NAM", "title"),
        ("PENGEDAHAN", "approved"),
        ("EFEKTIE", None),
        ("XV", None),
        ("TGL ATAN", None),
    ],
)
def test_a_piece_of_a_label_tells_the_field(label: str, name: str | None) -> None:
    found = fields_of(label, "Peminjaman Arsip")
    assert found["approver"] == ("Kepala Dinas Arsip", 1.0)
    if name is None:
        assert set(found) == {"number", "created", "approver"}
    else:
        assert found[name][0] == "Peminjaman Arsip"
        assert found[name][1] < 1.0


def test_pieces_are_told_only_of_what_a_machine_read() -> None:
    assert "title" not in fields_of("SOP", "Peminjaman Arsip", read=1.0)
