"""One page of a PDF, interpreted: the characters, drawings and pictures on it in the order of painting.

Coordinates are those of pdfminer: points from the bottom left of the page as displayed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, NamedTuple

from sopparse.page import Path
from sopparse.readers.pdf_paint import NO_CLIP, Quad

# A page with more objects or a longer reading than this is a drawing or a bomb; the richest real procedure pages hold
# 8 000 characters and 2 500 paths, and take 0.5 s.
MAX_OBJECTS = 150_000
MAX_SECONDS = 20.0
# Decoded bytes of content of one page; 150 000 objects need less.
MAX_CONTENT = 24 * 1024 * 1024

IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class PageTooRich(Exception):
    """The page holds more than any procedure page does; what was read so far stays."""


class Glyph(NamedTuple):
    """A character: its box, the direction in which the text runs (degrees counter-clockwise), and how it was painted.

    `order` counts everything painted on the page; `shown` is False for text that is not painted at all.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    direction: int
    size: float
    order: int
    darkness: float
    shown: bool


class Painted(NamedTuple):
    path: Path
    order: int
    opaque: bool


class Picture(NamedTuple):
    box: Quad
    order: int
    opaque: bool


@dataclass(frozen=True, slots=True)
class Content:
    glyphs: tuple[Glyph, ...]
    drawings: tuple[Painted, ...]
    pictures: tuple[Picture, ...]
    clipped: int  # characters that lie outside the area to which painting was limited
    tilted: int  # characters of text that runs neither along nor across the page (watermarks)
    complete: bool


class Collected:
    """What a page gives while it is walked through, within the limits."""

    def __init__(self) -> None:
        self.glyphs: list[Glyph] = []
        self.drawings: list[Painted] = []
        self.pictures: list[Picture] = []
        self.order = 0
        self.clipped = 0
        self.tilted = 0
        self.deadline = time.monotonic() + MAX_SECONDS
        self.operations = 0

    def count(self) -> int:
        self.order += 1
        if self.order > MAX_OBJECTS:
            raise PageTooRich
        if not self.order & 255:
            self.look_at_clock()
        return self.order

    def look_at_clock(self) -> None:
        if time.monotonic() > self.deadline:
            raise PageTooRich

    def content(self, complete: bool) -> Content:
        return Content(
            tuple(self.glyphs), tuple(self.drawings), tuple(self.pictures), self.clipped, self.tilted, complete
        )


def read_content(manager: Any, page: Any) -> Content:
    """`manager` is pdfminer's resource manager of the file, `page` a PDFPage. A page that breaks off gives its part."""
    from sopparse.readers.pdf_device import Device, Interpreter

    found = Collected()
    device = Device(manager, found)
    if _decoded_size(page) > MAX_CONTENT:
        return found.content(False)
    interpreter = Interpreter(manager, device)
    try:
        interpreter.process_page(page)
        _annotations(interpreter, page)
    except Exception:
        # A page stops being readable in any way its bytes like; what was painted before counts.
        return found.content(False)
    return found.content(True)


def _decoded_size(page: Any) -> int:
    """Bytes of the page's content after decompression, counted no further than the limit."""
    import zlib

    from pdfminer.pdftypes import stream_value

    size = 0
    for one in page.contents or ():
        try:
            stream = stream_value(one)
            raw = stream.get_rawdata() or b""
            packed = [str(getattr(name, "name", name)) for name, _ in stream.get_filters()]
            if packed[:1] in (["FlateDecode"], ["Fl"]):
                size += len(zlib.decompressobj().decompress(raw, MAX_CONTENT + 1))
            else:
                size += len(raw)
        except Exception:
            continue
        if size > MAX_CONTENT:
            break
    return size


def _annotations(interpreter: Any, page: Any) -> None:
    """Paints what stamps, form fields and notes show: their normal appearance, fitted into their rectangle."""
    from pdfminer.pdftypes import PDFStream, resolve1
    from pdfminer.utils import apply_matrix_rect, mult_matrix

    from sopparse.readers.pdf_device import numbers

    for one in resolve1(page.annots) or ():
        try:
            note = resolve1(one)
            look = resolve1((resolve1(note.get("AP")) or {}).get("N"))
            if not isinstance(look, PDFStream) and isinstance(look, dict):
                look = resolve1(look.get(getattr(resolve1(note.get("AS")), "name", "")))
            hidden = int(resolve1(note.get("F")) or 0) & 0b100010
            if not isinstance(look, PDFStream) or hidden or "BBox" not in look:
                continue
            matrix = numbers(look.get("Matrix")) or IDENTITY
            x0, y0, x1, y1 = apply_matrix_rect(matrix, numbers(look["BBox"]))
            rect = numbers(note["Rect"])
            left, right, low, high = (
                min(rect[0], rect[2]),
                max(rect[0], rect[2]),
                min(rect[1], rect[3]),
                max(rect[1], rect[3]),
            )
            across = (right - left) / (x1 - x0) if x1 > x0 else 1.0
            up = (high - low) / (y1 - y0) if y1 > y0 else 1.0
            fit = (across, 0.0, 0.0, up, left - x0 * across, low - y0 * up)
            ctm = mult_matrix(mult_matrix(matrix, fit), page_matrix(page))
            interpreter.device.clip, interpreter.device.opaque = NO_CLIP, True
            interpreter.subinterp().render_contents(resolve1(look.get("Resources")) or {}, [look], ctm=ctm)
        except PageTooRich:
            raise
        except Exception:
            continue


def page_matrix(page: Any) -> Any:
    x0, y0, x1, y1 = page.mediabox
    turned: dict[int, tuple[float, ...]] = {
        90: (0, -1, 1, 0, -y0, x1),
        180: (-1, 0, 0, -1, x1, y1),
        270: (0, 1, -1, 0, y1, -x0),
    }
    return turned.get(page.rotate, (1, 0, 0, 1, -x0, -y0))
