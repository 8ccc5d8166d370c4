"""Procedure tables with borders: headings that are shifted, missing or repeated, and rows that are no steps."""

from __future__ import annotations

import pytest

from sopparse import model
from sopparse.layout.columns import column_roles
from sopparse.layout.heads import HeadVotes, is_heading, is_numbering
from tests.factories import HEAD, ROWS, codes, document, form, parsed

ACTIVITIES = ["Menerima berkas permohonan", "Memeriksa berkas permohonan", "Menandatangani surat izin"]


def procedures(text: str) -> tuple[model.Procedure, ...]:
    return parsed(text).sops[0].procedures


def only(text: str) -> model.Procedure:
    (found,) = procedures(text)
    return found


def assert_read(found: model.Procedure) -> None:
    assert [step.activity for step in found.steps] == ACTIVITIES
    assert [step.requirements for step in found.steps] == [("Berkas",), ("Berkas diterima",), ("Berkas lengkap",)]
    assert [step.duration.text for step in found.steps if step.duration] == ["5 menit", "10 menit", "1 hari"]
    assert [step.outputs for step in found.steps] == [("Berkas diterima",), ("Berkas lengkap",), ("Surat izin",)]


@pytest.mark.parametrize(
    ("label", "head"),
    [
        ("as printed", HEAD),
        ("one row", "No\tKegiatan\tStaf\tKepala Seksi\tKelengkapan\tWaktu\tOutput"),
        ("shifted by one", "No\tKegiatan\tPelaksana\tMutu Baku\n\tStaf\tKepala Seksi\tKelengkapan\tWaktu\tOutput"),
        (
            "merged cells not written out",
            "No\tKegiatan\tPelaksana\tMutu Baku\nStaf\tKepala Seksi\tKelengkapan\tWaktu\tOutput",
        ),
        ("missing", ""),
        ("garbled", "N0\tKegiatn\tPelaksan\t\tMutu Bku\t\t\n\t\tStaf\tKepala Seksi\tKelengkapn\tWaktu\tOutpul"),
        ("columns numbered", HEAD + "\n(1)\t(2)\t(3)\t(4)\t(5)\t(6)\t(7)"),
    ],
)
def test_headings(label: str, head: str) -> None:
    found = only(form(head=head))
    assert_read(found)
    if label in ("as printed", "one row", "columns numbered"):
        assert [actor.label for actor in found.actors] == ["Staf", "Kepala Seksi"]


def test_actors_are_missing_where_no_heading_names_them() -> None:
    found = only(form(head=""))
    assert all(actor.label is None or actor.label for actor in found.actors)


def test_a_heading_repeated_on_the_next_page() -> None:
    first, second = ROWS.rsplit("\n", 1)
    result = parsed(form(rows=f"{first}\n\n{HEAD}\n{second}"))
    (found,) = result.sops[0].procedures
    assert_read(found)
    assert result.report.coverage.unplaced == ()


def test_a_table_that_goes_on_after_a_blank_line() -> None:
    first, second = ROWS.rsplit("\n", 1)
    assert_read(only(form(rows=f"{first}\n\n\n{second}")))


def test_rows_without_number() -> None:
    rows = "\n".join(line if line.startswith("1") else line[1:] for line in ROWS.split("\n"))
    result = parsed(form(rows=rows))
    assert_read(result.sops[0].procedures[0])
    assert [step.printed_number for step in result.sops[0].procedures[0].steps] == ["1", None, None]
    assert "step.numbers-missing" in codes(result)


def test_a_step_that_goes_on_in_the_next_row() -> None:
    rows = (
        "1\tMenerima berkas\t\t\tBerkas\t5 menit\tBerkas\n\tpermohonan dari pemohon\t\t\t\t\t\n" + ROWS.split("\n")[1]
    )
    result = parsed(form(rows=rows))
    (found,) = result.sops[0].procedures
    assert found.steps[0].activity == "Menerima berkas permohonan dari pemohon"
    assert len(found.steps) == 2
    assert "step.row-joined" in codes(result)


def test_totals_and_footnotes_are_no_steps() -> None:
    found = only(form(rows=ROWS + "\n\tJumlah waktu\t\t\t\t15 menit\t") + "Ket: *) bila diperlukan\n")
    assert len(found.steps) == 3
    assert [note.split()[0] for note in found.footnotes] == ["Jumlah", "Ket:"]


def test_several_tables_with_titles() -> None:
    other = "1\tMencatat buku\t\t\tBuku\t7 menit\tCatatan\n2\tMengirim buku\t\t\tBuku\t8 menit\tBuku terkirim"
    head = HEAD.replace("Staf", "Arsiparis")
    text = form(rows="") + f"\nPROSEDUR PENERBITAN\n{HEAD}\n{ROWS}\n\nPROSEDUR PENCATATAN\n{head}\n{other}\n"
    found = procedures(text)
    assert [procedure.title for procedure in found] == ["PROSEDUR PENERBITAN", "PROSEDUR PENCATATAN"]
    assert_read(found[0])
    assert [actor.label for actor in found[1].actors] == ["Arsiparis", "Kepala Seksi"]
    assert len(found[1].steps) == 2


def test_marks_tell_who_performs() -> None:
    rows = ROWS.replace("permohonan\t\t\t", "permohonan\tx\t\t").replace("izin\t\t\t", "izin\t\tx\t")
    found = only(form(rows=rows))
    assert [step.actors for step in found.steps] == [("a1",), ("a1",), ("a2",)]


def test_a_cell_merged_over_rows_belongs_to_each_step() -> None:
    row = "<tr><td>{}</td><td>{}</td><td></td><td></td><td>Berkas</td>{}<td>Surat</td></tr>"
    body = row.format(1, "Menerima berkas", "<td rowspan=2>5 menit</td>") + row.format(2, "Mencatat berkas", "")
    head = "".join(
        f"<th>{c}</th>" for c in ("No", "Kegiatan", "Staf", "Kepala Seksi", "Kelengkapan", "Waktu", "Output")
    )
    found = only(form(rows="") + f"<table><tr>{head}</tr>{body}</table>")
    assert [step.duration.text for step in found.steps if step.duration] == ["5 menit", "5 menit"]


def test_the_unit_of_the_heading() -> None:
    rows = ROWS.replace("5 menit", "5").replace("10 menit", "10").replace("1 hari", "60")
    result = parsed(form(head=HEAD.replace("Waktu", "Waktu (menit)"), rows=rows))
    assert [step.duration.minutes for step in result.sops[0].procedures[0].steps if step.duration] == [
        (5, 5),
        (10, 10),
        (60, 60),
    ]
    assert "unit-from-heading" in result.report.fields["/sops/0/procedures/0/steps/0/duration"].fixes


@pytest.mark.parametrize(
    ("text", "heading", "numbering"),
    [
        ("No\tKegiatan\tWaktu", True, False),
        ("Kegiatan\tStaf", False, False),
        ("1\tMenerima\t5 menit", False, False),
        ("(1)\t(2)\t(3)\t(4)", False, True),
        ("1\t2\t3", False, True),
        ("1\t5\t9", False, False),
        ("No\tKegiatan\t" + "x" * 90, False, False),
    ],
)
def test_rows_of_headings(text: str, heading: bool, numbering: bool) -> None:
    row = document(text).pages[0].rows[0]
    assert (is_heading(row), is_numbering(row)) == (heading, numbering)


# -- columns --------------------------------------------------------------------------------------------------------

STEPS = [
    ["1", "Menerima berkas permohonan dari pemohon", "", "", "Berkas", "5 menit", "Berkas diterima", ""],
    ["2", "Memeriksa kelengkapan berkas permohonan", "", "", "Berkas diterima", "2 hari", "Berkas lengkap", ""],
    ["3", "Menandatangani surat izin yang lengkap", "", "", "Berkas lengkap", "1 jam", "Surat izin", "SOP Izin"],
]
ROLES = ["number", "activity", "actor", "actor", "requirements", "duration", "output", "note"]


def test_content_alone_tells_the_columns() -> None:
    assert [role for role, _ in column_roles(STEPS, HeadVotes(frozenset(), 8))] == ROLES


def test_content_wins_over_shifted_headings() -> None:
    shifted = HeadVotes(frozenset({(4, "duration"), (5, "output"), (6, "note")}), 8)
    assert [role for role, _ in column_roles(STEPS, shifted)] == ROLES


def test_agreement_makes_columns_surer() -> None:
    agreed = HeadVotes(frozenset((j, role) for j, role in enumerate(ROLES)), 8)  # type: ignore[misc]
    sure, unsure = column_roles(STEPS, agreed), column_roles(STEPS, HeadVotes(frozenset(), 8))
    assert all(0 < b <= a <= 1 for (_, a), (_, b) in zip(sure, unsure, strict=True))
    assert sum(a for _, a in sure) > sum(b for _, b in unsure)


def test_two_columns_are_no_form_but_have_an_activity() -> None:
    roles = [
        role for role, _ in column_roles([["Menerima berkas", ""], ["Mencatat berkas", ""]], HeadVotes(frozenset(), 2))
    ]
    assert "activity" in roles
