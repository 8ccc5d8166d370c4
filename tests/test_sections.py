"""Header fields and lists in the ways in which forms are printed: beside, below, in a queue, woven, cut."""

from __future__ import annotations

import pytest

from sopparse import model
from sopparse.layout.pairs import part_pair, part_queue
from sopparse.page import Words, text_of
from tests.factories import HEAD, ROWS, codes, document, form, parsed

LEGAL = "Undang-Undang Nomor 3 Tahun 2031 tentang Arsip Desa"
TABLE = f"{HEAD}\n{ROWS}\n"


def one(text: str) -> model.Sop:
    result = parsed(text)
    assert len(result.sops) == 1
    return result.sops[0]


def lists(found: model.Sop) -> dict[str, list[str]]:
    return {
        "legal_basis": [item.text for item in found.legal_basis],
        **{
            name: list(getattr(found, name))
            for name in ("qualifications", "related_sops", "equipment", "warnings", "records")
        },
    }


EXPECTED = {
    "legal_basis": [LEGAL],
    "qualifications": ["Mampu mengetik"],
    "related_sops": ["SOP Peminjaman Arsip"],
    "equipment": ["Komputer"],
    "warnings": ["Apabila terlambat maka layanan terhenti"],
    "records": ["Disimpan sebagai data manual"],
}
LABELS = {
    "legal_basis": "DASAR HUKUM", "qualifications": "KUALIFIKASI PELAKSANA", "related_sops": "KETERKAITAN",
    "equipment": "PERALATAN/PERLENGKAPAN", "warnings": "PERINGATAN", "records": "PENCATATAN DAN PENDATAAN",
}  # fmt: skip
HEADER = "NOMOR SOP : 12/ARSIP/2031\nNAMA SOP : Penerbitan Surat Izin\n"


def test_lists_side_by_side_in_a_table() -> None:
    assert lists(one(form())) == EXPECTED


def test_lists_side_by_side_in_html() -> None:
    pairs = list(LABELS)
    rows = "".join(
        f"<tr><td>{LABELS[a]}</td><td>{LABELS[b]}</td></tr><tr><td>{EXPECTED[a][0]}</td><td>{EXPECTED[b][0]}</td></tr>"
        for a, b in zip(pairs[::2], pairs[1::2], strict=True)
    )
    header = "<table><tr><td>Nomor SOP</td><td>12</td></tr><tr><td>Nama SOP</td><td>Pinjam Arsip</td></tr></table>"
    assert lists(one(f"{header}<table>{rows}</table>")) == EXPECTED


def test_lists_side_by_side_by_spaces() -> None:
    pairs = list(LABELS)
    text = "".join(
        f"{LABELS[a]:<70}{LABELS[b]}\n{EXPECTED[a][0]:<70}{EXPECTED[b][0]}\n"
        for a, b in zip(pairs[::2], pairs[1::2], strict=True)
    )
    assert lists(one(HEADER + text)) == EXPECTED


def test_lists_one_below_the_other() -> None:
    text = "".join(f"{LABELS[name]}\n1. {EXPECTED[name][0]}\n" for name in LABELS)
    assert lists(one(HEADER + text)) == EXPECTED


def test_label_and_value_in_one_row() -> None:
    text = "".join(f"{LABELS[name]}\t{EXPECTED[name][0]}\n" for name in LABELS)
    assert lists(one(form(lists=text.strip()))) == EXPECTED


def test_labels_before_a_colon_in_running_text() -> None:
    text = "".join(f"{LABELS[name].capitalize()} : {EXPECTED[name][0]}\n" for name in LABELS)
    assert lists(one(HEADER + text)) == EXPECTED


def test_labels_that_follow_each_other_before_their_items() -> None:
    queue = "DASAR HUKUM\nKUALIFIKASI PELAKSANA\nKETERKAITAN\n"
    items = f"1. {LEGAL}\n1. Mampu mengetik\n2. Memahami arsip\n1. SOP Peminjaman Arsip\n"
    found = lists(one(HEADER + queue + items))
    assert found["legal_basis"] == [LEGAL]
    assert found["qualifications"] == ["Mampu mengetik", "Memahami arsip"]
    assert found["related_sops"] == ["SOP Peminjaman Arsip"]


def test_two_labels_on_a_line_and_their_lines_woven() -> None:
    woven = (
        f"DASAR HUKUM KUALIFIKASI PELAKSANA\n1. {LEGAL} 1. Mampu mengetik\n"
        "2. Peraturan Bupati Nomor 4 Tahun 2032 2. Memahami arsip\n"
    )
    found = lists(one(HEADER + woven + "PERINGATAN\nApabila terlambat maka layanan terhenti\n"))
    assert found["legal_basis"] == [LEGAL, "Peraturan Bupati Nomor 4 Tahun 2032"]
    assert found["qualifications"] == ["Mampu mengetik", "Memahami arsip"]
    assert found["warnings"] == EXPECTED["warnings"]


def test_a_label_over_two_lines() -> None:
    header = "DINAS ARSIP\tNOMOR SOP\t12\n\tDISAHKAN\tKepala Dinas Arsip\n"
    header += "\tOLEH\tRatna Prameswara, S.Sos\n\tNAMA SOP\tPinjam Arsip"
    approver = one(form(header)).header.approver
    assert approver is not None
    assert approver.position is not None
    assert approver.position.startswith("Kepala Dinas Arsip")


def test_a_value_below_its_label() -> None:
    header = one(
        "NOMOR SOP\n12/ARSIP/2031\nNAMA SOP\nPenerbitan Surat Izin\n"
        + "".join(f"{v}\n1. x y\n" for v in LABELS.values())
    ).header
    assert (header.number, header.title) == ("12/ARSIP/2031", "Penerbitan Surat Izin")


def test_a_title_that_goes_on() -> None:
    header = "DINAS ARSIP\tNAMA SOP\tPenerbitan Surat Izin\n\t\tPeminjaman Arsip Statis\n\tNOMOR SOP\t12"
    assert one(form(header)).header.title == "Penerbitan Surat Izin Peminjaman Arsip Statis"


def test_a_letterhead_cell_merged_over_rows_is_read_once() -> None:
    rows = "<tr><td rowspan=3>PEMERINTAH KABUPATEN TIRTAMUKTI<br>DINAS ARSIP</td><td>Nomor SOP</td><td>12</td></tr>"
    rows += "<tr><td colspan=2>Tanggal Revisi</td></tr><tr><td>Nama SOP</td><td>Pinjam Arsip</td></tr>"
    lists = "<tr><td>DASAR HUKUM</td><td>KETERKAITAN</td></tr><tr><td>x</td><td>SOP y</td></tr>"
    lists += "<tr><td>PERINGATAN</td><td>KUALIFIKASI PELAKSANA</td></tr><tr><td>Jika</td><td>Mampu</td></tr>"
    header = one(f"<table>{rows}</table><table>{lists}</table>").header
    assert header.agency.name == "DINAS ARSIP"
    assert header.title == "Pinjam Arsip"


def test_footers_and_names_of_the_kind_of_document_are_no_values() -> None:
    result = parsed("STANDAR OPERASIONAL PROSEDUR\n" + form() + "Halaman 1 dari 2\n")
    assert result.report.coverage.unplaced == ()
    assert "Halaman" not in result.model_dump_json(include={"sops"})


def test_a_signature_below_the_table() -> None:
    result = parsed(form() + "\nKepala Dinas Arsip\nRatna Prameswara, S.Sos\nNIP. 19800101 200501 2 001\n")
    approver = result.sops[0].header.approver
    assert approver is not None
    assert (approver.name, approver.nip) == ("Ratna Prameswara, S.Sos", "198001012005012001")
    assert "procedure.missing" not in codes(result)


# -- pairs and queues -----------------------------------------------------------------------------------------------


def lines(*texts: str) -> list[Words]:
    return [row.words for page in document("\n".join(texts)).pages for row in page.rows]


@pytest.mark.parametrize(
    ("label", "given", "left", "right"),
    [
        (
            "the next number inside the line",
            ["1. Undang-Undang Nomor 3 1. Mampu mengetik", "2. Peraturan Bupati 2. Memahami arsip"],
            ["1. Undang-Undang Nomor 3", "2. Peraturan Bupati"],
            ["1. Mampu mengetik", "2. Memahami arsip"],
        ),
        ("a drawn line", ["Undang-Undang | Mampu mengetik"], ["Undang-Undang"], ["Mampu mengetik"]),
        (
            "only the left one goes on",
            ["1. Undang-Undang 1. Mampu mengetik", "tentang arsip"],
            None,
            ["1. Mampu mengetik"],
        ),
        (
            "only the right one",
            ["Undang-Undang Nomor 3", "Mampu mengetik"],
            ["Undang-Undang Nomor 3"],
            ["Mampu mengetik"],
        ),
        ("nothing", [], [], []),
    ],
)
def test_two_lists_read_as_one(label: str, given: list[str], left: list[str] | None, right: list[str]) -> None:
    words = lines(*given) if given else []
    found = part_pair(words, "legal_basis", "qualifications")
    assert [text_of(line) for line in found.right] == right, label
    assert left is None or [text_of(line) for line in found.left] == left, label
    kept = sorted(w.index for line in (*found.left, *found.right, found.bars) for w in line)
    assert kept == sorted(w.index for line in words for w in line)
    assert 0 <= found.sure <= 1


def test_a_queue_is_parted_where_the_items_fit() -> None:
    words = lines("Undang-Undang Nomor 3", "Mampu mengetik", "Memahami arsip", "SOP Pinjam")
    found = part_queue(words, ["legal_basis", "qualifications", "related_sops", "equipment"])
    assert [[text_of(line) for line in part] for part in found] == [
        ["Undang-Undang Nomor 3"],
        ["Mampu mengetik", "Memahami arsip"],
        ["SOP Pinjam"],
        [],
    ]
