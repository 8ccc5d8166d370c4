"""Lines in which no word was seen are shown to the engine once more."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sopparse.geometry import Box
from sopparse.readers.missed import MARGIN, missed_lines, with_line
from sopparse.readers.ocr import Found
from tests.scans import DPI

POINT = DPI / 72


def _picture(*lines: str) -> np.ndarray:
    """Each text on a line of its own, 40 dots high."""
    image = Image.new("L", (600, 40 * len(lines) + 20), 255)
    pen = ImageDraw.Draw(image)
    for k, text in enumerate(lines):
        pen.text((10, 10 + 40 * k), text, fill=0, font=ImageFont.load_default(24))
    return np.asarray(image)


def _line(k: int, read: float = 0.9, text: str = "alat") -> Found:
    return Found(text, Box(8, 10 + 40 * k, 590, 44 + 40 * k), read, k)


def test_a_line_without_a_word_is_missed():
    (line,) = missed_lines(_picture("daftar alat", "buku register"), [_line(0)], POINT)
    assert 50 <= line.top < line.bottom <= 84
    assert (line.picture < 128).any()
    assert line.picture.shape[0] < 40 + 2 * MARGIN


def test_a_word_that_is_hardly_sure_covers_nothing():
    assert len(list(missed_lines(_picture("daftar alat"), [_line(0, 0.2)], POINT))) == 1


def test_nothing_is_missed_where_words_cover_all():
    assert not list(missed_lines(_picture("daftar alat", "buku"), [_line(0), _line(1)], POINT))


def test_the_surer_reading_of_a_line_stays():
    (line,) = missed_lines(_picture("daftar alat", "buku"), [_line(0)], POINT)
    again = [Found("buku", Box(MARGIN, MARGIN, 590, MARGIN + 30), 0.95, 0)]
    assert [(one.text, one.line) for one in with_line([_line(0)], line, again, POINT)] == [("alat", 0), ("buku", 1)]
    unsure = [again[0]._replace(read=0.4)]
    assert with_line([_line(0)], line, unsure, POINT) == [_line(0)]


def test_a_line_is_not_there_twice():
    (line,) = missed_lines(_picture("buku"), [_line(0, 0.4, "bvku")], POINT)
    again = [Found("buku", Box(MARGIN, MARGIN, 590, MARGIN + 30), 0.95, 0)]
    assert [one.text for one in with_line([_line(0, 0.4, "bvku")], line, again, POINT)] == ["buku"]


def test_a_line_of_which_a_word_is_read_stays_unread():
    (line,) = missed_lines(_picture("buku register"), [], POINT)
    part = Found("buku", Box(MARGIN, MARGIN, MARGIN + 55, MARGIN + 30), 0.95, 0)
    assert with_line([], line, [part], POINT) == []
