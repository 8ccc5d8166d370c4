"""How scans are read: places on the page as displayed, pages that lie wrong, mixed pages, what is kept."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

import sopparse
from sopparse.extract.lists import split_items
from sopparse.geometry import Box, projected
from sopparse.page import Page, Word
from sopparse.readers import ocr, pdf
from sopparse.readers.glyphs import mended
from sopparse.readers.image_rules import find_ruling
from sopparse.readers.mixed import is_garbled
from sopparse.readers.ocr import Found, caching
from sopparse.readers.prepare import prepare
from sopparse.readers.scan import Start, read_picture
from sopparse.readers.stamps import surer_lines
from tests.factories import codes
from tests.replay import played
from tests.scans import DPI, ROWS, SIZE, XS, YS, needs_engine, packed, page_pdf, page_picture, turned

CELLS = (len(XS) - 1) * (len(YS) - 1)
START = Start(1, 0, 0)
SENTENCE = (
    "Pemohon menyampaikan berkas permohonan kepada petugas loket; petugas mencatat berkas itu di buku agenda dan "
    "meneruskannya kepada kepala seksi, yang memeriksa kelengkapan dan menandatangani surat jawaban."
)
LINE = "Warga menyampaikan pengaduan kepada petugas di loket layanan"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "engine", lambda: ocr.Engine("stored", ("ind",)))
    monkeypatch.setattr(ocr, "_recognised", played("table"))


def _where(page: Page, text: str) -> list[tuple[float, float]]:
    """The middles of the words of that text on the page as displayed."""
    boxes = [word.box for word in page.free if word.text == text and word.box is not None]
    shown = [projected(box, page.shown) if page.shown is not None else box for box in boxes]
    return sorted(((b.x0 + b.x1) / 2, (b.top + b.bottom) / 2) for b in shown)


TRUE = pdf.read(page_pdf(), "page.pdf").pages[0]


# -- without the engine ---------------------------------------------------------------------------------------------


def test_stored_words_give_the_table(replayed: None) -> None:
    result = sopparse.parse(packed(page_picture(), dpi=(DPI, DPI)), name="scan.png")
    (procedure,) = result.sops[0].procedures
    assert [step.activity for step in procedure.steps] == [row[1] for row in ROWS]
    assert [step.duration.text for step in procedure.steps if step.duration] == [row[3] for row in ROWS]


def test_a_page_that_stands_straight_is_not_moved(replayed: None) -> None:
    assert read_picture(page_picture(), SIZE, DPI, START).shown is None


def test_cells_with_ink_that_gave_no_word_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = played("table")
    again: list[list[Found]] = []

    def recognised(pictures: Sequence[Any], dpi: float) -> list[list[Found]]:
        if any("warga" in (one.text for one in some) for some in again):  # the line that was overlooked, once more
            again.extend([] for _ in pictures)
            return [[] for _ in pictures]
        found = stored(pictures, dpi)
        again.extend(some for some in found if len(found) > 4 and any(one.text == "warga" for one in some))
        return [[] if some in again else some for some in found]

    monkeypatch.setattr(ocr, "engine", lambda: ocr.Engine("stored", ("ind",)))
    monkeypatch.setattr(ocr, "_recognised", recognised)
    result = sopparse.parse(packed(page_picture(), dpi=(DPI, DPI)), name="scan.png")
    assert again[1:] == [[]]
    (finding,) = [one for one in result.report.findings if one.code == "document.ink-unread"]
    (origin,) = finding.origins
    assert origin.page == 1
    assert origin.box is not None
    assert XS[1] < origin.box[0] < origin.box[2] < XS[2]
    assert YS[2] < origin.box[1] < origin.box[3] < YS[3]


def test_lines_that_run_apart_are_made_parallel() -> None:
    picture = page_picture()
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], "float32")
    seen = np.array([[40, 30], [width - 10, 0], [width - 60, height - 20], [0, height - 60]], "float32")
    photo = cv2.warpPerspective(
        picture, cv2.getPerspectiveTransform(corners, seen), (width, height), borderValue=(255, 255, 255)
    )
    page = prepare(photo, DPI)
    assert len(find_ruling(page.drawn, page.faint, DPI).cells) == CELLS
    inside = cv2.getPerspectiveTransform(corners, seen) @ np.array([width / 2, height / 2, 1.0])
    back = np.linalg.inv(page.back) @ (inside / inside[2])
    there = page.back @ (back / back[2])
    assert there[:2] / there[2] == pytest.approx(inside[:2] / inside[2], abs=0.1)


@pytest.mark.parametrize(
    ("label", "mark", "read", "expected"),
    [
        ("a semicolon read as a comma", "Publik;", "Publik,", "Publik;"),
        ("a semicolon read as a colon", "Publik;", "Publik:", "Publik;"),
        ("a comma stays", "Publik,", "Publik,", "Publik,"),
        ("a colon stays", "Publik:", "Publik:", "Publik:"),
        ("a full stop stays", "Publik.", "Publik.", "Publik."),
        ("plus-minus that was overlooked", "\u00b130", "30", "\u00b130"),
        ("plus-minus read as a letter", "\u00b130", "t30", "\u00b130"),
        ("a number alone", "30", "30", "30"),
        ("a plus is none", "+30", "430", "430"),
    ],
)
def test_marks_that_the_engine_has_no_letter_for(label: str, mark: str, read: str, expected: str) -> None:
    out = io.BytesIO()
    pen = Canvas(out, pagesize=(200, 40))
    pen.setFont("Helvetica", 10)
    pen.drawString(20, 18, mark)
    pen.save()
    import pypdfium2

    with pypdfium2.PdfDocument(out.getvalue()) as file:
        picture = np.asarray(file[0].render(scale=DPI / 72).to_pil().convert("L"))
    ink = np.argwhere(picture < 128)
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0) + 1
    if read == "30":
        # The engine leaves out what it does not know.
        left += 18 if mark[0] == "\u00b1" else 0
    found = Found(read, Box(float(left), float(top), float(right), float(bottom)), 0.9, 0)
    assert [one.text for one in mended([found], picture)] == [expected], label


def test_under_a_stamp_the_surer_line_counts() -> None:
    def line(text: str, read: float, number: int, top: float) -> Found:
        return Found(text, Box(0.0, top, 80.0, top + 10), read, number)

    covered = [line("Tanggal", 0.96, 0, 0.0), line("dqxz", 0.3, 1, 40.0)]
    bare = [line("berkas", 0.9, 0, 41.0)]
    assert [one.text for one in surer_lines(covered, bare)] == ["Tanggal", "berkas"]
    assert [one.text for one in surer_lines(covered, [])] == ["Tanggal"]


def test_text_layers_that_are_no_text() -> None:
    words = [Word(one, k) for k, one in enumerate(SENTENCE.split() * 3)]
    assert not is_garbled(words)
    shifted = [Word("".join(chr(33 + (ord(c) * 7) % 60) for c in one.text), one.index) for one in words]
    assert is_garbled(shifted)
    assert not is_garbled(shifted[:5])


def test_figures_that_were_not_read_surely_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from sopparse import pipeline
    from tests.factories import form

    source = form(
        "DINAS ARSIP\tNOMOR SOP\t12/ARSIP/2031\n\tTANGGAL PEMBUATAN\t9 Januari 2031\n\tNAMA SOP\tPinjam Arsip"
    ).encode()
    real = pipeline.read

    def doubtful(content: bytes, name: str) -> object:
        document = real(content, name)
        unsure = {"12/ARSIP/2031", "9"}

        def worse(page: Page) -> Page:
            rows = tuple(
                replace(
                    row,
                    cells=tuple(
                        replace(
                            cell,
                            lines=tuple(
                                tuple(replace(w, read=0.4) if w.text in unsure else w for w in line)
                                for line in cell.lines
                            ),
                        )
                        for cell in row.cells
                    ),
                )
                for row in page.rows
            )
            return replace(page, rows=rows)

        return replace(document, pages=tuple(map(worse, document.pages)))

    monkeypatch.setattr(pipeline, "read", doubtful)
    result = pipeline.parse(source, "uji.txt")
    header = result.sops[0].header
    assert (header.number, header.created, header.title) == (None, None, "Pinjam Arsip")
    field = result.report.fields["/sops/0/header/number"]
    assert (field.absence, field.raw) == ("illegible", "12/ARSIP/2031")
    (finding, _) = [one for one in result.report.findings if one.code == "value.illegible"]
    assert finding.origins == field.origins != ()


@pytest.mark.parametrize(
    "lines",
    [["1. Printer", "2 Komputer dan meja", "3. Kursi"], ["1 Printer", "2. Komputer dan meja", "3. Kursi"]],
)
def test_points_of_list_numbers_that_were_lost(lines: list[str]) -> None:
    words, k = [], 0
    for n, text in enumerate(lines):
        line = []
        for part in text.split():
            line.append(Word(part, k, line=n))
            k += 1
        words.append(tuple(line))
    found = split_items(words, "equipment")
    assert [" ".join(w.text for w in item.words) for item in found.items] == ["Printer", "Komputer dan meja", "Kursi"]


# -- what was read before -------------------------------------------------------------------------------------------


def _count(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    calls: list[int] = []

    def recognised(pictures: list[np.ndarray], _: float) -> list[list[Found]]:
        calls.append(len(pictures))
        return [[Found("kata", Box(0, 0, 9, 9), 0.9, 0)] for _ in pictures]

    monkeypatch.setattr(ocr, "engine", lambda: ocr.Engine("counted", ("ind",)))
    monkeypatch.setattr(ocr, "_recognised", recognised)
    return calls


def _grey(shade: int) -> np.ndarray:
    return np.full((20, 30), shade, "uint8")


def test_the_same_pictures_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = _count(monkeypatch)
    first = ocr.read_pictures([_grey(200)], 200)
    assert ocr.read_pictures([_grey(200)], 200) == first
    assert calls == [1]
    ocr.read_pictures([_grey(201)], 200)
    ocr.read_pictures([_grey(200)], 300)
    assert calls == [1, 1, 1]


def test_nothing_is_kept_without_a_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls = _count(monkeypatch)
    with caching(False), caching(True):
        ocr.read_pictures([_grey(200)], 200)
        ocr.read_pictures([_grey(200)], 200)
    assert calls == [1, 1]
    assert not list(tmp_path.rglob("*.json"))


def test_damaged_entries_are_read_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls = _count(monkeypatch)
    ocr.read_pictures([_grey(200)], 200)
    (entry,) = tmp_path.rglob("*.json")
    entry.write_text('[["half')
    assert ocr.read_pictures([_grey(200)], 200)[0][0].text == "kata"
    assert calls == [1, 1]


def test_the_cache_is_bounded_and_the_oldest_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _count(monkeypatch)
    monkeypatch.setattr(ocr, "LOOK_EVERY", 1)
    for shade in range(20):
        ocr.read_pictures([_grey(shade)], 200)
        for k, entry in enumerate(sorted(tmp_path.rglob("*.json"), key=lambda path: path.stat().st_mtime)):
            os.utime(entry, (1000 + k, 1000 + k))
    size = next(iter(tmp_path.rglob("*.json"))).stat().st_size
    monkeypatch.setattr(ocr, "CACHE_BYTES", 10 * size)
    ocr.read_pictures([_grey(99)], 200)
    assert len(list(tmp_path.rglob("*.json"))) == 8
    calls = _count(monkeypatch)
    ocr.read_pictures([_grey(99)], 200)
    assert calls == []


# -- with the engine ------------------------------------------------------------------------------------------------


@needs_engine
@pytest.mark.parametrize("degrees", [1.5, -0.8])
def test_places_lie_on_the_page_as_displayed(degrees: float) -> None:
    page = read_picture(turned(page_picture(), degrees), SIZE, DPI, START)
    angle = np.radians(degrees)
    for text in ("Menerima", "Memeriksa", "Menyimpan", "Kelengkapan", "menit"):
        (x, y), *_ = _where(TRUE, text)
        x, y = x - SIZE[0] / 2, y - SIZE[1] / 2
        wanted = (
            x * np.cos(angle) - y * np.sin(angle) + SIZE[0] / 2,
            x * np.sin(angle) + y * np.cos(angle) + SIZE[1] / 2,
        )
        (found,) = _where(page, text)
        assert found == pytest.approx(wanted, abs=3), text


@needs_engine
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_pages_that_lie_wrong_are_set_upright(quarters: int) -> None:
    size = SIZE if quarters == 2 else (SIZE[1], SIZE[0])
    page = read_picture(np.rot90(page_picture(), quarters).copy(), size, DPI, START)
    assert page.turned == quarters * 90
    assert (page.width, page.height) == pytest.approx(SIZE, abs=1)
    assert len(_where(page, "pengaduan")) == len(ROWS)
    # Where it stands on the picture as it was given.
    (x, y), *_ = _where(TRUE, "Kelengkapan")
    wanted = {1: (y, SIZE[0] - x), 2: (SIZE[0] - x, SIZE[1] - y), 3: (SIZE[1] - y, x)}[quarters]
    (found,) = _where(page, "Kelengkapan")
    assert found == pytest.approx(wanted, abs=3)


@needs_engine
def test_pages_of_few_dots_are_enlarged() -> None:
    page = read_picture(page_picture(100), SIZE, 100, START)
    assert len(_where(page, "pengaduan")) == len(ROWS)
    (x, y), *_ = _where(TRUE, "Kelengkapan")
    assert _where(page, "Kelengkapan") == [pytest.approx((x, y), abs=3)]


@needs_engine
def test_a_table_that_is_a_picture_in_a_page_of_text_is_read() -> None:
    out = io.BytesIO()
    width, height = SIZE
    pen = Canvas(out, pagesize=(width, height))
    pen.setFont("Helvetica", 11)
    pen.drawString(60, height - 30, "Tabel berikut memuat langkah penanganan pengaduan warga")
    part = Image.fromarray(page_picture()[round(0.05 * DPI) : round(320 / 72 * DPI)])
    pen.drawImage(ImageReader(part), 0, height - 450, width, 0.5 * height)
    pen.save()
    result = sopparse.parse(out.getvalue(), name="mixed.pdf")
    assert result.source.reading == "mixed"
    (procedure,) = result.sops[0].procedures
    assert [step.activity for step in procedure.steps] == [row[1] for row in ROWS]
    assert "document.page-image" not in codes(result)


@needs_engine
def test_photographs_in_a_page_of_text_add_no_words() -> None:
    out = io.BytesIO()
    pen = Canvas(out, pagesize=SIZE)
    pen.setFont("Helvetica", 11)
    for k in range(6):
        pen.drawString(60, SIZE[1] - 30 - 16 * k, LINE)
    noise = np.random.default_rng(3).integers(0, 255, (40, 60, 3)).astype("uint8")
    photo = Image.fromarray(cv2.resize(noise, (900, 600), interpolation=cv2.INTER_CUBIC))
    pen.drawImage(ImageReader(photo), 60, 60, 450, 300)
    pen.save()
    (page,) = pdf.read(out.getvalue(), "photo.pdf").pages
    assert {word.text for word in page.free} <= set(LINE.split())


@needs_engine
def test_words_in_filled_symbols_are_read() -> None:
    scale = DPI / 72
    image = Image.fromarray(page_picture())
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=7 * scale)
    pen.rectangle([round(v * scale) for v in (378, 180, 428, 205)], fill=(178, 84, 44))
    pen.text((386 * scale, 187 * scale), "Mulai", fill="white", font=font)
    page = read_picture(np.asarray(image), SIZE, DPI, START)
    (found,) = _where(page, "Mulai")
    assert found == pytest.approx((395, 192), abs=4)
