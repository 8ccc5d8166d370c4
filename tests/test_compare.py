"""The questions of auditors, and the reports that answer them."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from sopparse import vocab
from sopparse.cli import commands
from sopparse.compare.entries import Names, Terms
from sopparse.compare.figures import figures
from sopparse.compare.forms import last_day
from sopparse.compare.questions import ORDER, Comparison, compare
from sopparse.compare.report import Wording, as_html, as_json, as_xlsx
from sopparse.model import Result
from sopparse.privacy import Disclosure
from tests.factories import LISTS, form, parsed, result

NIP = "197209041992031001"
TODAY = date(2036, 6, 30)
HEADER = (
    "PEMERINTAH KABUPATEN TIRTAMUKTI\tNOMOR SOP\t{number}\nDINAS {agency}\tTGL. PEMBUATAN\t2 Januari 2030\n"
    "\tTGL. EFEKTIF\t{effective}\n\tDISAHKAN OLEH\tKepala Dinas {agency}\n\t\tBambang Sutrisno, S.Sos\n\t\tNIP. "
    + NIP
    + "\n"
    "\tNAMA SOP\t{title}"
)
ROWS = (
    "1\tStaf menerima berkas permohonan\t\t\tBerkas\t5 menit\tBerkas diterima\n"
    "2\tKepala Seksi memeriksa berkas permohonan\t\t\tBerkas diterima\t10 menit\tBerkas lengkap\n"
    "3\tKepala Seksi menandatangani surat izin\t\t\tBerkas lengkap\t1 hari\tSurat izin"
)
OTHER = (
    "1\tStaf menerima berkas permohonan izin\t\t\tBerkas\t15 menit\tBerkas diterima\n"
    "2\tStaf mencatat berkas dalam buku agenda\t\t\tBuku agenda\t5 menit\tAgenda\n"
    "3\tKepala Seksi memeriksa berkas permohonan\t\t\tBerkas diterima\tsesuai kebutuhan\tBerkas lengkap\n"
    "4\tKepala Seksi menandatangani surat izin\t\t\tBerkas lengkap\t2 hari\tSurat izin"
)
LAW = LISTS.replace(
    "Undang-Undang Nomor 3 Tahun 2031 tentang Arsip Desa",
    "Peraturan Pemerintah Nomor 41 Tahun 2007 tentang Organisasi Perangkat Daerah",
)


def one(name: str, agency: str, title: str, *, effective: str = "9 Januari 2031", rows: str = ROWS) -> Result:
    head = HEADER.format(agency=agency, title=title, effective=effective, number=f"12/{agency[:3]}/2031")
    return parsed(form(head, LAW, rows=rows), name)


@cache
def comparison() -> Comparison:
    results = (
        one("a.txt", "ARSIP", "Penerbitan Surat Izin"),
        one("b.txt", "SOSIAL", "SOP Penerbitan Surat Izin", rows=OTHER, effective="Maret 2035"),
        one("c.txt", "ARSIP", "Peminjaman Arsip", rows=ROWS.replace("surat izin", "bukti pinjam")),
    )
    return compare(results, Terms(TODAY))


def answers(code: str, **wanted: Any) -> list[dict[str, Any]]:
    return [row for row in comparison().answers[code] if all(row[key] == value for key, value in wanted.items())]


def test_every_question_has_its_rows() -> None:
    assert list(comparison().answers) == ORDER
    assert [code for code in ORDER if not comparison().answers[code]] in ([], ["A8"], ["A10"], ["A8", "A10"])


def test_every_row_leads_back_to_its_document() -> None:
    for code, rows in comparison().answers.items():
        for row in rows:
            assert row["pointer"].startswith("/sops/0"), code
            assert row["page"] == 1, code
            assert row.get("sop", row.get("document")), code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2031", date(2031, 12, 31)),
        ("2032-02", date(2032, 2, 29)),
        ("2031-12", date(2031, 12, 31)),
        ("2031-01-09", date(2031, 1, 9)),
    ],
)
def test_an_incomplete_date_counts_as_its_last_day(text: str, expected: date) -> None:
    assert last_day(text) == expected


def test_age() -> None:
    (old,) = answers("A2", sop="a.txt#1")
    assert (old["dated_by"], old["years"], old["stale"]) == ("effective", 5.47, True)
    (young,) = answers("A2", sop="b.txt#1")
    assert (young["date"], young["years"], young["stale"]) == ("2035-03", 1.25, False)


def test_completeness_tells_blank_from_missing() -> None:
    (row,) = answers("A1", sop="a.txt#1")
    assert row["legal_basis"] == row["number_filled"] == "filled"
    assert row["revised"] == "no-label"
    assert row["filled"] < row["parts"]


def test_times_are_intervals_and_say_what_is_left_out() -> None:
    (first,) = answers("A3", sop="a.txt#1")
    assert (first["low"], first["high"], first["untimed"], first["minutes_per_day"]) == (465, 465, 0, 450)
    (second,) = answers("A3", sop="b.txt#1")
    assert (second["high"], second["timed"], second["untimed"]) == (920, 3, 1)


def test_the_longest_step() -> None:
    assert [row["step"] for row in answers("A4", sop="a.txt#1") if row["longest"]] == [3]


def test_hand_offs_count_where_actors_are_known() -> None:
    (row,) = answers("A6", sop="a.txt#1")
    assert (row["hand_offs"], row["pairs"], row["coverage"]) == (1, 2, 1.0)


def test_doubtful_actors_are_no_hand_offs() -> None:
    strict = compare([one("a.txt", "ARSIP", "Penerbitan Surat Izin")], Terms(TODAY, least=0.999))
    assert strict.answers["A6"][0]["hand_offs"] is None


def test_a_decision_is_unknown_without_a_chart() -> None:
    assert {row["decisions"] for row in answers("A5")} == {None}


def test_legal_basis_at_signing_and_today() -> None:
    (row,) = answers("A7", sop="a.txt#1")
    assert (row["state_at_signing"], row["state_today"]) == ("replaced", "replaced")
    assert row["by_today"].split(" → ")[0] == "pp/2016/18"
    assert row["source"]


def test_the_same_procedure_is_found_and_aligned() -> None:
    (group,) = comparison().groups
    assert {member.place.document for member in group.members} == {"a.txt", "b.txt"}
    rows = answers("A9")
    common = {row["common_step"] for row in rows if row["kind"] == "core"}
    assert len(common) == 3
    assert [row["step"] for row in rows if row["kind"] == "single"] == [2]


def test_related_sops_in_the_set() -> None:
    (row,) = answers("A12", sop="a.txt#1")
    assert (row["state"], row["found"]) == ("here", "c.txt#1")
    (other,) = answers("A12", sop="b.txt#1")
    assert (other["state"], other["found"]) == ("elsewhere", "c.txt#1")


def test_equal_names_are_told_apart() -> None:
    names = Names()
    first, second = result(name="a.txt"), one("a.txt", "ARSIP", "Peminjaman Arsip")
    assert names.key(first) == "a.txt"
    assert names.key(second) == f"a.txt@{second.source.sha256[:8]}"
    assert names.key(first) == "a.txt"


def test_foreign_forms_are_counted_and_left_out() -> None:
    foreign = result(name="spo.txt").model_copy(
        update={"sops": (result().sops[0].model_copy(update={"layout": "spo-rumah-sakit"}),)}
    )
    made = compare([foreign], Terms(TODAY))
    assert (made.foreign, made.documents) == (1, ())


def test_figures_name_their_basis() -> None:
    made = {figure.name: figure for figure in figures(comparison())}
    assert made["overview"].basis == 3
    assert sorted(row["documents"] for row in made["overview"].rows) == [1, 2]
    assert made["regulations"].rows[0]["documents"] == 3


def rendered(disclosure: Disclosure | None = None, lang: str = "id") -> dict[str, str]:
    disclosure = disclosure or Disclosure()
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(comparison(), disclosure, Wording.of(lang))))
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    return {
        "html": as_html(comparison(), disclosure, Wording.of(lang), "1.2.3"),
        "json": as_json(comparison(), disclosure),
        "xlsx": "\n".join(cells),
    }


def test_reports_hold_no_nip() -> None:
    for form_, text in rendered().items():
        assert NIP not in text, form_


def test_every_heading_has_words_in_both_languages() -> None:
    words = vocab.load("compare")
    made = comparison()
    columns = {key for rows in made.answers.values() for row in rows for key in row}
    columns |= {key for figure in figures(made) for key in figure.columns} | set(made.documents[0])
    assert not columns - set(words["column"])
    assert not set(ORDER) - set(words["sheet"]) | set(ORDER) - set(words["explain"])
    for table in ("column", "sheet", "explain", "word", "plot", "differs"):
        assert all(entry["id"] and entry["en"] for entry in words[table].values())


def test_every_word_of_a_state_is_known() -> None:
    words = vocab.load("compare")
    worded = {name for name, entry in words["column"].items() if entry.get("form") == "word"}
    used = {
        value
        for rows in (*comparison().answers.values(), comparison().documents)
        for row in rows
        for name, value in row.items()
        if name in worded and isinstance(value, str)
    }
    assert not used - set(words["word"])


def test_the_page_loads_nothing_and_runs_only_its_own_script() -> None:
    page = rendered()["html"]
    assert "default-src 'none'" in page
    assert not re.search(r"<(?:img|link|iframe|script)[^>]+(?:src|href)=", page)
    assert page.count("<script") == 1


def test_text_of_documents_never_becomes_markup() -> None:
    rows = ROWS.replace("surat izin", "<script>alert(1)</script><b onclick=x>")
    hostile = compare(
        [one(name, "ARSIP", "Penerbitan Surat Izin", rows=rows) for name in ("a.txt", "b.txt")], Terms(TODAY)
    )
    page = as_html(hostile, Disclosure(), Wording.of("id"), "1.2.3")
    assert "<script>alert" not in page
    assert "onclick=x>" not in page.replace("onclick=x&gt;", "")


def test_the_workbook_has_a_sheet_for_each_question() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(comparison(), Disclosure(), Wording.of("id"))))
    assert [name.split()[0] for name in book.sheetnames if re.match(r"A\d", name)] == ORDER


def test_json_holds_every_row() -> None:
    made = json.loads(as_json(comparison(), Disclosure()))
    assert {code: len(rows) for code, rows in made["answers"].items()} == {
        code: len(rows) for code, rows in comparison().answers.items()
    }


def test_the_same_comparison_gives_the_same_page() -> None:
    assert rendered()["html"] == rendered()["html"]


def write_results(folder: Path) -> None:
    for made in (
        one("a.txt", "ARSIP", "Penerbitan Surat Izin"),
        one("b.txt", "SOSIAL", "Penerbitan Surat Izin", rows=OTHER),
    ):
        (folder / f"{made.source.name}.json").write_text(made.model_dump_json(by_alias=True), encoding="utf-8")


def test_command(tmp_path: Path) -> None:
    write_results(tmp_path)
    outputs = [str(tmp_path / f"out/report{suffix}") for suffix in (".html", ".xlsx", ".json")]
    options = [part for output in outputs for part in ("-o", output)]
    done = CliRunner().invoke(commands, ["compare", str(tmp_path), *options, "--as-of", "2036-06-30"])
    assert done.return_value == 0 or done.exit_code == 0, done.output
    assert json.loads(Path(outputs[2]).read_text(encoding="utf-8"))["today"] == "2036-06-30"
    assert all(Path(output).stat().st_size > 1000 for output in outputs)


def test_command_goes_on_after_a_broken_result(tmp_path: Path) -> None:
    write_results(tmp_path)
    (tmp_path / "c.json").write_text('{"schema_version": "1.0"}', encoding="utf-8")
    done = CliRunner().invoke(commands, ["compare", str(tmp_path)], standalone_mode=False)
    assert done.return_value == 1
    assert "DINAS ARSIP" in done.output
    assert "c.json" in done.output


def test_command_refuses_other_forms(tmp_path: Path) -> None:
    done = CliRunner().invoke(commands, ["compare", str(tmp_path), "-o", "report.docx"])
    assert done.exit_code == 2
    assert ".html" in done.output
