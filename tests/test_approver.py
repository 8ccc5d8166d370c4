"""The approver of scans: two readings of one block, words that could not be read, words that could be mended."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sopparse.extract.approver import extract_approver
from sopparse.extract.header import extract_header
from sopparse.extract.parts import Part
from sopparse.layout.sections import FieldText, Sections
from sopparse.layout.tables import Table
from sopparse.model import Approver
from sopparse.page import Word, Words

LETTERHEAD = ["PEMERINTAH PROVINSI LEMBAH SUNYI", "DINAS PERPUSTAKAAN"]
CELL = ["KEPALA DINAS PERPUSTAKAAN", "PROVINSI LEMBAH SUNYI", "RATNA PRAMESWARA, S.Sos", "NIP. 19800101 200501 2 001"]


def lines(texts: Sequence[str], start: int = 0) -> tuple[Words, ...]:
    """Lines of words; "word~0.4" was read with that certainty, all others with 0.95."""
    found, index = [], start
    for n, text in enumerate(texts):
        line = []
        for part in text.split():
            word, _, read = part.partition("~")
            line.append(Word(word, index, line=n, read=float(read or 0.95)))
            index += 1
        found.append(tuple(line))
    return tuple(found)


def sections(cell: Sequence[str], signature: Sequence[str] = (), title: str = "", table: str = "") -> Sections:
    fields = [FieldText("approver", (), lines(cell, 100)), FieldText("title", (), lines([title], 300))]
    tables = (Table((), (), title=lines([table], 400)[0]),) if table else ()
    return Sections(lines(LETTERHEAD), tuple(fields), (), tables, (), lines(signature, 200), (), ())


def read(cell: Sequence[str], signature: Sequence[str] = ()) -> Part[Approver | None]:
    one = sections(cell, signature)
    return extract_approver(one, one.field("approver")[0])


def test_a_name_with_an_unsure_word_is_unknown_and_shown() -> None:
    part = read([*CELL[:2], "RATNA PRAM~0.5 S.Sos", CELL[3]])
    assert part.value is not None
    assert (part.value.name, part.value.nip) == (None, "198001012005012001")
    assert part.value.position == "KEPALA DINAS PERPUSTAKAAN PROVINSI LEMBAH SUNYI"
    field = part.fields["/name"]
    assert (field.absence, field.raw) == ("illegible", "RATNA PRAM S.Sos")
    assert [one.code for one in field.issues] == ["value.illegible"]


def test_the_signature_stands_in_for_what_cannot_be_read_in_the_cell() -> None:
    part = read([*CELL[:2], "RATNA PRAM~0.5 S.Sos"], CELL)
    assert part.value is not None
    assert part.value.name == "RATNA PRAMESWARA, S.Sos"


def test_of_two_readings_the_one_that_lost_no_words() -> None:
    part = read(["KEPALA DINAS PERPUSTAKAAN", "SUNYI", *CELL[2:]], CELL)
    assert part.value is not None
    assert part.value.position == "KEPALA DINAS PERPUSTAKAAN PROVINSI LEMBAH SUNYI"


def test_of_two_readings_of_a_name_the_surer() -> None:
    part = read([*CELL[:2], "RATNAIPRAMESWARA,~0.8 S.Sos", CELL[3]], CELL)
    assert part.value is not None
    assert part.value.name == "RATNA PRAMESWARA, S.Sos"


def test_another_person_signed_below_the_table() -> None:
    part = read(CELL, ["KEPALA SEKSI LAYANAN", "BAYU ADINATA, S.Kom"])
    assert part.value is not None
    assert (part.value.position, part.value.name) == (
        "KEPALA DINAS PERPUSTAKAAN PROVINSI LEMBAH SUNYI",
        "RATNA PRAMESWARA, S.Sos",
    )


def test_two_numbers_for_one_person_are_none() -> None:
    part = read(CELL, [*CELL[:3], "NIP. 19800107 200501 2 001"])
    assert part.value is not None
    assert part.value.nip is None
    assert part.fields["/nip"].absence == "illegible"


@pytest.mark.parametrize(
    ("line", "position"),
    [
        ("Pih.KEPALA~0.4 DINAS PERPUSTAKAAN", "Plh.KEPALA DINAS PERPUSTAKAAN"),
        ("KEPALA DINAS PERPUSTAKAAM~0.4", "KEPALA DINAS PERPUSTAKAAN"),
        ("KEPALA DINAS PERPUSTAKAAN~0.3", "KEPALA DINAS PERPUSTAKAAN"),
        ("KEPALA DINAS RERAUSTEKAIN~0.3", None),
        ("KEPALA~0.3 DINAS~0.3 PERPUSTAKAAN", None),
        ("KEPALA DINAS PERPUSTAKAAN SA |", None),
    ],
)
def test_a_position_is_mended_by_the_letterhead(line: str, position: str | None) -> None:
    part = read([line, *CELL[2:]])
    assert part.value is not None
    assert part.value.position == position


def test_what_was_read_surely_is_left_as_it_is() -> None:
    part = read(["Pih.KEPALA~1.0 DINAS~1.0 PERPUSTAKAAM~1.0", "RATNA~1.0 PRAMESWARA,~1.0 S.Sos~1.0"])
    assert part.value is not None
    assert part.value.position == "Pih.KEPALA DINAS PERPUSTAKAAM"


def test_a_bar_that_is_the_figure_of_a_rank() -> None:
    part = read([*CELL[:3], "PEMBINA TINGKAT |", CELL[3]])
    assert part.value is not None
    assert part.value.rank == "PEMBINA TINGKAT I"
    assert part.fields["/rank"].raw == "PEMBINA TINGKAT |"


def test_what_is_written_by_hand_is_not_blank() -> None:
    part = read(["EUPAT1~0.4 LEMEAH~0.5 SUNYI~0.5"])
    assert part.value is None
    assert part.fields[""].absence == "illegible"


def test_a_name_behind_a_stroke_has_lost_something() -> None:
    part = read(["KEPALA DINAS PERPUSTAKAAN", "RA | SWARA S.Sos", CELL[3]])
    assert part.value is not None
    assert part.value.name is None
    assert read(["KEPALA DINAS PERPUSTAKAAN", "RA | SWARA S.Sos"], CELL).value == read(CELL).value


def test_a_stroke_is_in_no_name() -> None:
    part = read(["KEPALA DINAS PERPUSTAKAAN", "Alur proses/kegiatan", CELL[3]])
    assert part.value is not None
    assert part.value.name is None


def test_figures_are_no_name() -> None:
    part = read(["KEPALA DINAS PERPUSTAKAAN", "NTP. 19800101 20050 2 001"])
    assert part.value is not None
    assert part.value.name is None


def test_a_title_that_cannot_be_read_is_that_of_the_table() -> None:
    part = extract_header(sections(CELL, title="PEMINJ~0.2 BUKU", table="SOP~0.3 PEMINJAMAN BUKU"))
    assert part.value.title == "SOP PEMINJAMAN BUKU"
    assert part.fields["/title"].basis == "inferred"
    alone = extract_header(sections(CELL, title="PEMINJ~0.2 BUKU"))
    assert (alone.value.title, alone.fields["/title"].absence) == (None, "illegible")
    marked = extract_header(sections(CELL, title='PEMINJ:"~0.8 BUKU'))
    assert marked.value.title is None
    unread = extract_header(sections(CELL, title="PEMINJ~0.2 BUKU", table="SOP PEMINJ~0.3 BUKU"))
    assert unread.value.title is None


@pytest.mark.parametrize(
    ("title", "value"),
    [("PEMINJAMAN BUKU -", "PEMINJAMAN BUKU"), ("Peminjaman Buku.", "Peminjaman Buku"), ("Buku dll.", "Buku dll.")],
)
def test_specks_behind_a_title(title: str, value: str) -> None:
    assert extract_header(sections(CELL, title=title)).value.title == value
