"""Pages with geometry to rows of cells: order, merged cells, broken words, running heads, and whole documents."""

from __future__ import annotations

import sopparse
from sopparse.layout.blocks import Laid, lay_out
from sopparse.page import Row, text_of
from sopparse.pipeline import parse
from sopparse.readers import read
from tests.pdf_writer import Pdf, PdfPage, line, rect, table, text, write

XS = (20, 50, 200, 270, 340, 420, 490, 580)
HEAD = ["No", "Kegiatan", "Staf Arsip", "Kepala Seksi", "Kelengkapan", "Waktu", "Output"]


def laid(*pages: str) -> Laid:
    return lay_out(read(write(Pdf([PdfPage(content) for content in pages])), "uji.pdf"))


def shown(rows: tuple[Row, ...]) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in rows if row.cells]


def test_lines_and_tables_stand_in_reading_order():
    content = text(50, 380, "PROSEDUR PEMINJAMAN") + table((50, 150, 300), (360, 330, 300), [["a", "b"], ["c", "d"]])
    content += text(50, 280, "Catatan: contoh")
    found = laid(content)
    assert shown(found.rows) == [["PROSEDUR PEMINJAMAN"], ["a", "b"], ["c", "d"], ["Catatan: contoh"]]
    assert [row.ruled for row in found.rows if row.cells] == [False, True, True, False]
    assert found.grids[0].page == 1


def test_wide_gaps_part_a_line_into_cells():
    content = text(50, 380, "Nomor SOP") + text(200, 380, ": 12/UJI/2031") + text(50, 368, "1.") + text(90, 368, "Buku")
    assert shown(laid(content).rows) == [["Nomor SOP", ": 12/UJI/2031"], ["1. Buku"]]
    (first, second), *_ = [row.cells for row in laid(content).rows if row.cells]
    assert second.words[0].column - first.words[-1].column > 20


def test_room_between_lines_is_a_blank_row():
    rows = laid(text(50, 380, "satu") + text(50, 368, "dua") + text(50, 330, "tiga")).rows
    assert [len(row.cells) for row in rows] == [1, 1, 0, 1]


def test_merged_cells_leave_blanks_and_repeat():
    across = [line(50, y, 350, y) for y in (360, 300)] + [line(50, 330, 150, 330), line(250, 330, 350, 330)]
    down = [line(x, 360, x, 300) for x in (50, 150, 350)] + [line(250, 330, 250, 300)]
    words = text(53, 348, "kiri") + text(53, 318, "bawah") + text(153, 348, "kepala") + text(253, 318, "akhir")
    # The heading over two columns; the cell below it is open to the row above.
    found = laid("".join([*across, *down]) + line(150, 330, 250, 330) + words)
    assert shown(found.rows) == [["kiri", "kepala", ""], ["bawah", "", "akhir"]]
    tall = table((50, 150, 350), (360, 300)) + line(150, 330, 350, 330)
    tall += text(53, 348, "logo") + text(153, 348, "Nomor SOP") + text(153, 318, "Judul")
    assert shown(laid(tall).rows) == [["logo", "Nomor SOP"], ["logo", "Judul"]]


def test_cells_know_their_place_in_each_row():
    tall = (
        table((50, 150, 350), (360, 300)) + line(150, 330, 350, 330) + text(53, 348, "logo") + text(153, 318, "Judul")
    )
    first, second = laid(tall).rows
    assert first.cells[0].box == (50, 40, 150, 70)
    assert second.cells[0].box == (50, 70, 150, 100)


def test_a_form_over_a_table_keeps_its_own_columns():
    content = table((50, 300, 550), (380, 350, 320), [["Dasar Hukum", "Peringatan"], ["1. Aturan", "Jika lupa"]])
    content += table(
        (50, 100, 250, 400, 550), (320, 290, 260), [["No", "Kegiatan", "Waktu", "Output"], ["1", "x", "y", "z"]]
    )
    assert [len(row) for row in shown(laid(content).rows)] == [2, 2, 4, 4]


def test_an_odd_border_in_one_cell_makes_no_column():
    rows = [["1", "Menerima berkas", "5 menit"]] * 10
    content = table((50, 80, 300, 400), tuple(390 - 30 * k for k in range(11)), rows) + line(150, 390, 150, 360)
    assert {len(row) for row in shown(laid(content).rows)} == {3}


def test_broken_words_are_one_word():
    cells = [["Peraturan perundang-\nundangan", "Registra\nsi isi", "memo/\nsurat"]]
    content = table((50, 170, 214, 300), (380, 340), cells)
    found = laid(content + text(50, 300, "Petugas mencatat registrasi"))
    row = next(row for row in found.rows if row.ruled)
    assert [cell.text for cell in row.cells] == ["Peraturan perundang-undangan", "Registrasi isi", "memo/surat"]
    # The parts share the number of one word, and no word is lost.
    first, second = row.cells[1].lines
    assert (first[0].index, second[0].start) == (second[0].index, 8)
    assert {w.text for w in found.document.words} >= {"Registra", "si", "undangan"}


def test_short_words_below_each_other_stay_apart():
    cells = [["Surat\ndan berkas", "Kepala\nDinas", "lembar\ndisposisi"]]
    content = table((50, 120, 190, 260), (380, 340), cells)
    (row,) = laid(content).rows
    assert [cell.text for cell in row.cells] == ["Surat dan berkas", "Kepala Dinas", "lembar disposisi"]


def test_words_that_run_up_are_read_up():
    content = (
        table((50, 80, 300), (380, 300), [["", "Kegiatan"]])
        + "q 0 1 -1 0 68 310 cm\n"
        + text(0, 0, "kepala seksi")
        + "Q"
    )
    (row,) = laid(content).rows
    assert [cell.text for cell in row.cells] == ["kepala seksi", "Kegiatan"]


def test_running_heads_and_page_numbers_are_furniture():
    pages = [
        text(50, 385, "Buku Panduan Arsip") + text(50, 200, f"isi {n}") + text(300, 10, str(n)) for n in range(1, 5)
    ]
    found = laid(*pages)
    assert shown(found.rows) == [[f"isi {n}"] for n in range(1, 5)]
    assert text_of(found.furniture[:4]) == "Buku Panduan Arsip 1"
    # The letterhead of each document in an archive repeats as well.
    letterheads = [text(50, 385, "PEMERINTAH KABUPATEN SOPPENG") + text(50, 200, "isi") for _ in range(4)]
    assert laid(*letterheads).furniture == ()


def test_plain_text_is_left_as_it_is():
    document = read(b"Nomor SOP\t12\n", "uji.txt")
    assert lay_out(document).document is document


# -- whole documents ------------------------------------------------------------------------------------------------


def form() -> str:
    content = rect(20, 320, 560, 70) + line(300, 390, 300, 320) + line(400, 390, 400, 320)
    fields = ["Nomor SOP", "Tanggal Pembuatan", "Disahkan oleh", "Nama SOP"]
    values = ["07/ARSIP/2031", "3 Februari 2031", "Kepala Dinas Kearsipan", "Peminjaman Arsip Statis"]
    for k, (name, value) in enumerate(zip(fields, values, strict=True)):
        content += text(303, 378 - 17 * k, name, 8) + text(403, 378 - 17 * k, value, 8)
        content += line(300, 390 - 17.5 * k, 580, 390 - 17.5 * k)
    content += text(60, 370, "PEMERINTAH KABUPATEN SOPPENG", 8) + text(90, 355, "DINAS KEARSIPAN", 8)
    lists = [
        ["Dasar Hukum", "Kualifikasi Pelaksana"],
        [
            "1. Undang-Undang Nomor 43 Tahun\n2009 tentang Kearsipan",
            "1. Memahami tata kearsipan\n2. Mampu mengoperasikan komputer",
        ],
        ["Keterkaitan", "Peralatan/Perlengkapan"],
        ["", "1 Komputer\n2 Lemari"],
        ["Peringatan", "Pencatatan dan Pendataan"],
        ["Jika tidak dicatat maka arsip hilang", "Buku peminjaman"],
    ]  # fmt: skip
    return content + table((20, 300, 580), (310, 292, 260, 242, 210, 192, 160), lists)


def procedure() -> tuple[str, str]:
    heads = table(XS, (390, 350), [HEAD])
    one = heads + table(
        XS,
        (350, 290, 230),
        [
            ["1", "Menerima permohonan\npeminjaman arsip", "", "", "Formulir", "5 menit", "Formulir isi"],
            ["2", "Mencari arsip di depo", "", "", "Formulir isi", "30 menit", "Arsip"],
        ],
    )
    one += text(210, 320, "Mulai") + rect(205, 310, 50, 20)
    two = table(
        XS,
        (390, 350, 290),
        [
            ["", "lalu mengambil arsip dari\nraknya", "", "", "", "", "statis"],
            ["3", "Menyerahkan arsip kepada\npemohon", "", "", "Arsip statis", "10 menit", "Tanda terima"],
        ],
    )
    return one, two


def test_a_form_and_a_table_over_two_pages_are_parsed():
    one, two = procedure()
    result = parse(write(Pdf([PdfPage(form()), PdfPage(one), PdfPage(two)])), "uji.pdf")
    (sop,) = result.sops
    assert sop.header.number == "07/ARSIP/2031"
    assert sop.header.title == "Peminjaman Arsip Statis"
    assert sop.header.created == "2031-02-03"
    assert sop.header.agency.government == "PEMERINTAH KABUPATEN SOPPENG"
    assert sop.header.agency.name == "DINAS KEARSIPAN"
    assert [c.id for c in sop.legal_basis] == ["uu/2009/43"]
    assert sop.qualifications == ("Memahami tata kearsipan", "Mampu mengoperasikan komputer")
    assert sop.equipment == ("Komputer", "Lemari")
    assert sop.related_sops == ()
    assert sop.records == ("Buku peminjaman",)
    (found,) = sop.procedures
    assert [actor.label for actor in found.actors] == ["Staf Arsip", "Kepala Seksi"]
    assert [(step.printed_number, step.activity) for step in found.steps] == [
        ("1", "Menerima permohonan peminjaman arsip"),
        ("2", "Mencari arsip di depo lalu mengambil arsip dari raknya"),
        ("3", "Menyerahkan arsip kepada pemohon"),
    ]
    assert [step.duration.text for step in found.steps if step.duration] == ["5 menit", "30 menit", "10 menit"]
    assert found.steps[1].outputs == ("Arsip statis",)
    assert result.source.reading == "pdf"
    assert not result.report.coverage.unplaced


def test_boxes_in_the_report_are_those_of_the_page_as_displayed():
    def number_box(turn: str) -> tuple[float, ...]:
        one, two = procedure()
        pages = [PdfPage(form(), extra=turn), PdfPage(one), PdfPage(two)]
        report = sopparse.parse(write(Pdf(pages)), name="uji.pdf").report
        box = report.fields["/sops/0/header/number"].origins[0].box
        assert box is not None
        return tuple(round(value) for value in box)

    assert number_box("") == (403, 16, 455, 24)
    # The same sheet shown upside down (600 x 400).
    assert number_box("/Rotate 180") == (145, 376, 197, 384)


def test_archives_begin_with_the_form():
    one, two = procedure()
    cover = "".join(
        text(50, 350 - 20 * k, words) for k, words in enumerate(["Kata Pengantar", "Buku ini memuat prosedur"])
    )
    pages = [cover, form(), one, two, form(), one, two]
    result = parse(write(Pdf([PdfPage(content) for content in pages])), "uji.pdf")
    assert [sop.pages for sop in result.sops] == [(2, 3, 4), (5, 6, 7)]
    assert [len(sop.procedures[0].steps) for sop in result.sops] == [3, 3]
