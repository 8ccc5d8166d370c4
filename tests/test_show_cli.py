"""`sopparse show` as a command: where the pictures go, and what is said when there are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from click import ClickException
from click.testing import CliRunner, Result
from PIL import Image

from sopparse import cli, errors, pipeline
from tests import factories
from tests.drawing.sheet import make_drawing
from tests.drawing.styles import write_pdf
from tests.pdf_writer import Pdf, PdfPage, table, text, write


@pytest.fixture(scope="module")
def chart() -> bytes:
    return write_pdf(make_drawing(3), "canvas", 3)


def run(*arguments: str, source: bytes | None = None) -> tuple[int, Result]:
    outcome = CliRunner().invoke(cli.commands, ["show", *arguments], input=source, standalone_mode=False)
    if isinstance(outcome.exception, ClickException | errors.SopError):
        return outcome.exception.exit_code, outcome
    if outcome.exception is not None:
        raise outcome.exception
    return outcome.return_value or 0, outcome


@pytest.fixture
def place(tmp_path, monkeypatch, chart) -> Path:
    """A folder with documents, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    form = table((50, 200, 400), (350, 300, 250), (("Nomor SOP", "12"), ("Nama SOP", "Peminjaman Arsip")))
    pages = [
        PdfPage(form),
        PdfPage(text(50, 300, "Dasar Hukum") + text(50, 280, "1. UU Nomor 3 Tahun 2031")),
        PdfPage(""),
    ]
    (tmp_path / "chart.pdf").write_bytes(chart)
    (tmp_path / "three.pdf").write_bytes(write(Pdf(pages)))
    (tmp_path / "sop.txt").write_text(factories.form())
    (tmp_path / "poem.txt").write_text("Berjalan di tepi pantai\nmelihat ombak datang\n")
    (tmp_path / "empty.txt").write_text("")
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.png"))


def test_one_picture_is_written_where_it_was_asked_for(place):
    code, printed = run("chart.pdf", "-o", "out.png", "--dpi", "50")
    assert (code, names(place), printed.stdout.split()) == (0, ["out.png"], ["out.png"])
    with Image.open(place / "out.png") as picture:
        assert picture.format == "PNG"


def test_several_pages_are_numbered(place):
    code, printed = run("three.pdf", "-o", "out.png", "--dpi", "40")
    assert names(place) == ["out-1.png", "out-2.png", "out-3.png"]
    assert printed.stdout.split() == names(place)
    assert code in (0, 8)


def test_one_page_of_several_keeps_the_name(place):
    run("three.pdf", "--page", "2", "-o", "out.png", "--dpi", "40")
    assert names(place) == ["out.png"]


def test_without_a_name_pictures_are_called_after_the_file(place):
    (place / "in").mkdir()
    (place / "three.pdf").rename(place / "in/three.pdf")
    _, printed = run("in/three.pdf", "--page", "3", "--dpi", "40")
    assert printed.stdout.split() == ["three.page-3.png"]
    assert (place / "three.page-3.png").is_file()


def test_a_folder_takes_pictures_under_their_own_names(place):
    run("chart.pdf", "-o", "new/", "--dpi", "40")
    assert (place / "new/chart.page-1.png").is_file()


def test_texts_are_drawn_line_by_line(place):
    code, printed = run("sop.txt", "--dpi", "72")
    assert (code, printed.stdout.split()) == (0, ["sop.page-1.png"])
    with Image.open(place / "sop.page-1.png") as picture:
        assert picture.convert("RGB").getcolors(1) is None


def test_standard_input_is_read(place):
    code, printed = run("-", "--dpi", "40", source=(place / "sop.txt").read_bytes())
    assert (code, printed.stdout.split()) == (0, ["stdin.page-1.png"])


def test_what_is_no_procedure_is_shown_all_the_same(place):
    code, printed = run("poem.txt", "--dpi", "40")
    assert code == 8
    assert names(place) == ["poem.page-1.png"]
    assert "poem.txt: berkas ini bukan SOP" in printed.stderr
    assert "  -> " in printed.stderr


@pytest.mark.parametrize(
    ("label", "arguments", "expected"),
    [
        ("no such file", ("missing.pdf",), 3),
        ("a folder", (".",), 3),
        ("no word", ("empty.txt",), 5),
        ("no such page", ("three.pdf", "--page", "4"), 2),
        ("page zero", ("three.pdf", "--page", "0"), 2),
        ("no such layer", ("three.pdf", "--layers", "words,colours"), 2),
        ("no layer", ("three.pdf", "--layers", ","), 2),
        ("not a picture", ("three.pdf", "-o", "out.pdf"), 2),
        ("too coarse", ("three.pdf", "--dpi", "5"), 2),
        ("no place to write", ("three.pdf", "-o", "sop.txt/out.png"), 10),
    ],
)
def test_errors_have_their_codes_and_write_nothing(place, label, arguments, expected):
    code, printed = run(*arguments)
    assert code == expected, label
    assert names(place) == []
    assert "Traceback" not in printed.stderr


def test_faults_of_the_program_are_told_apart(place, monkeypatch):
    monkeypatch.setattr(pipeline, "stages", lambda *_: 1 / 0)
    code, printed = run("sop.txt")
    assert code == 70
    assert "ZeroDivisionError" in printed.stderr
