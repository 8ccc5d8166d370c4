"""Text that another machine laid over the picture of a page: read anew where that is better, and said so."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from sopparse.page import Document
from sopparse.readers import mixed, pdf
from tests.scans import DPI, ROWS, SIZE, needs_engine, page_pdf, page_picture

# What engines of old made of print: words that could be words.
MISREAD = str.maketrans({"m": "rn", "l": "i", "t": "r", "g": "q"})
INVISIBLE, PAINTED = 3, 0


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def layered(mode: int, dpi: float = DPI, above: bool = False) -> bytes:
    """The table as a picture, with its misread words over it."""
    out = io.BytesIO()
    width, height = SIZE
    pen = Canvas(out, pagesize=SIZE)
    picture = ImageReader(Image.fromarray(page_picture(dpi)))
    pen.drawImage(picture, 0, 0, width, height)
    for word in pdf.read(page_pdf(), "page.pdf").words:
        assert word.box is not None
        text = pen.beginText(word.box.x0, height - word.box.bottom + 2)
        text.setFont("Helvetica", 10)
        text.setTextRenderMode(mode)
        text.textOut(word.text.translate(MISREAD))
        pen.drawText(text)
    if above:
        pen.drawString(600, height - 20, "Dipindai")
    pen.save()
    return out.getvalue()


def _codes(document: Document) -> list[str]:
    return [one.code for one in document.issues]


def _texts(document: Document) -> str:
    return " ".join(word.text for word in document.words)


@needs_engine
@pytest.mark.parametrize(
    ("label", "source"),
    [
        ("invisible words", layered(INVISIBLE)),
        ("invisible words, and a line of a scanner's own", layered(INVISIBLE, above=True)),
        ("painted words", layered(PAINTED)),
    ],
)
def test_a_layer_of_likely_words_is_read_anew(label: str, source: bytes) -> None:
    found = pdf.read(source, "scan.pdf")
    for _, activity, *_ in ROWS:
        assert all(word in _texts(found) for word in activity.split())
        assert not any(word.translate(MISREAD) in _texts(found).split() for word in activity.split() if len(word) > 6)
    assert [word.index for word in found.words] == list(range(len(found.words)))


@needs_engine
@pytest.mark.parametrize("mode", [INVISIBLE, PAINTED])
def test_a_finding_says_that_the_picture_was_read(mode: int) -> None:
    assert _codes(pdf.read(layered(mode), "scan.pdf")) == ["document.layer-replaced"]


@needs_engine
def test_a_layer_stays_where_the_picture_is_worse() -> None:
    found = pdf.read(layered(INVISIBLE, dpi=36), "scan.pdf")
    assert _codes(found) == ["document.page-image"]
    assert ROWS[0][1].split()[0].translate(MISREAD) in _texts(found)


def test_print_beside_the_words_of_a_picture_is_no_copy() -> None:
    page = pdf.read(page_pdf(), "page.pdf").pages[0]
    at = page.free[0].box
    assert at is not None
    assert mixed.without_copy(page, page, at._replace(x0=0.0, top=0.0, x1=SIZE[0], bottom=SIZE[1])).free == ()
    assert mixed.without_copy(page, page, at._replace(x0=400.0, top=300.0, x1=SIZE[0], bottom=SIZE[1])) == page
