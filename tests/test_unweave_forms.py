"""Small tables without borders, one or more for each form in which such text reaches us."""

from __future__ import annotations

from sopparse.layout.unweave import unweave
from sopparse.page import text_of
from tests.test_unweave import assert_conserved, cells_of
from tests.weaving import words_of

ACTORS = """
No   Kegiatan                      Pelaksana              Mutu Baku
                                   Staf      Kepala       Kelengkapan      Waktu      Output
                                             Kebun
     Menyusun daftar
1    bibit yang akan               V                      Permintaan       2 hari     Daftar bibit yang lengkap
     ditelaah
2    Menelaah daftar bibit                   V            Daftar bibit     1 jam      Daftar bibit
"""


def test_actor_columns_are_read_from_the_heading() -> None:
    table = unweave(words_of(ACTORS.splitlines()))
    assert table is not None
    assert [text_of(c.label) for c in table.columns if c.role == "actor"] == ["Staf", "Kepala Kebun"]
    assert [[text_of(cell) for cell in row.cells] for row in table.rows] == [
        [
            "1",
            "Menyusun daftar bibit yang akan ditelaah",
            "V",
            "",
            "Permintaan",
            "2 hari",
            "Daftar bibit yang lengkap",
        ],
        ["2", "Menelaah daftar bibit", "", "V", "Daftar bibit", "1 jam", "Daftar bibit"],
    ]


WRAPPED = """
No   Kegiatan                       Pelaksana                      Mutu Baku                            Ket
                          Front     Kepala                Kelengkapan     Waktu        Output
                          Office    Kebun     Pelaksana                   (menit)
                                    Bibit
1    Menyusun daftar                                      Permintaan      Minimal 30   Daftar bibit     Tiap awal
     bibit                                                Buku induk      menit                         bulan
No   Kegiatan                       Pelaksana                      Mutu Baku                            Ket
                          Front     Kepala                Kelengkapan     Waktu        Output
                          Office    Kebun     Pelaksana                   (menit)
                                    Bibit
2    Menelaah daftar                                      Daftar bibit                 Daftar bibit
     bibit                                                                             yang benar
3    Mengarsipkan                                         Daftar bibit    5            Arsip
                                                          yang benar
"""


def test_blank_columns_of_actors_and_the_heading_of_the_next_page() -> None:
    lines = words_of(WRAPPED.splitlines())
    table = unweave(lines)
    assert table is not None
    assert_conserved(lines, table)
    assert [text_of(c.label) for c in table.columns if c.role == "actor"] == [
        "Front Office",
        "Kepala Kebun Bibit",
        "Pelaksana",
    ]
    assert [list(cells.values()) for cells in cells_of(table)] == [
        ["1", "Menyusun daftar bibit", "Permintaan Buku induk", "Minimal 30 menit", "Daftar bibit", "Tiap awal bulan"],
        ["2", "Menelaah daftar bibit", "Daftar bibit", "", "Daftar bibit yang benar", ""],
        ["3", "Mengarsipkan", "Daftar bibit yang benar", "5", "Arsip", ""],
    ]


CELLS = """No|Kegiatan|Pelaku|Baku Mutu|Ket.|Pemohon|Petugas Kebun|Kepala Kebun|Kelengkapan|Waktu (menit)|Output
1|Menyampaikan permintaan bibit|Kartu tani|5|Permintaan bibit|SOP Persuratan
2|Mencatat permintaan|Permintaan bibit; Buku tamu|Daftar permintaan
3|Menyetujui permintaan|15|Persetujuan
4|Menyerahkan bibit kepada Pemohon|Persetujuan|Tanda terima|Tiap awal musim"""


def test_cells_one_below_the_other() -> None:
    lines = words_of(CELLS.replace("|", "\n").splitlines())
    table = unweave(lines)
    assert table is not None
    assert_conserved(lines, table)
    assert [text_of(c.label) for c in table.columns if c.role == "actor"] == [
        "Pemohon",
        "Petugas Kebun",
        "Kepala Kebun",
    ]
    assert [list(cells.values()) for cells in cells_of(table)] == [
        ["1", "Menyampaikan permintaan bibit", "Kartu tani", "5", "Permintaan bibit", "SOP Persuratan"],
        ["2", "Mencatat permintaan", "Permintaan bibit; Buku tamu", "", "Daftar permintaan", ""],
        ["3", "Menyetujui permintaan", "", "15", "Persetujuan", ""],
        ["4", "Menyerahkan bibit kepada Pemohon", "Persetujuan", "", "Tanda terima", "Tiap awal musim"],
    ]


TIMES = """
No Kegiatan Pelaksana Mutu Baku
Kepala Kebun Kasubbag Umum Pengelola Petugas
dan Keuangan Arsip Loket
Kelengkapan Waktu Output
1 Menyusun daftar bibit yang akan dibagikan kepada semua Permintaan bibit Paling cepat Daftar bibit
kelompok tani 30 menit
2 Menelaah daftar bibit dan mencocokkannya dengan buku Daftar bibit 1 jam 15 Daftar bibit yang
induk kebun menit diperiksa
3 Menandatangani daftar bibit Daftar bibit yang 14 hari Daftar bibit yang
diperiksa kerja ditandatangani
4 Menyerahkan bibit kepada kelompok tani Daftar bibit yang 10 Tanda terima
ditandatangani menit/orang
"""


def test_durations_of_several_lines_among_interleaved_cells() -> None:
    lines = words_of(TIMES.splitlines())
    table = unweave(lines)
    assert table is not None
    assert_conserved(lines, table)
    found = cells_of(table)
    assert [cells["duration"] for cells in found] == [
        "Paling cepat 30 menit",
        "1 jam 15 menit",
        "14 hari kerja",
        "10 menit/orang",
    ]
    assert [cells["output"] for cells in found] == [
        "Daftar bibit",
        "Daftar bibit yang diperiksa",
        "Daftar bibit yang ditandatangani",
        "Tanda terima",
    ]


def test_names_side_by_side_over_interleaved_cells() -> None:
    table = unweave(words_of(TIMES.splitlines()))
    assert table is not None
    assert [text_of(c.label) for c in table.columns if c.role == "actor"] == [
        "Kepala Kebun",
        "Kasubbag Umum dan Keuangan",
        "Pengelola Arsip",
        "Petugas Loket",
    ]
