"""One page of a PDF, interpreted: the characters, drawings and pictures on it in the order of painting.

pdfminer's interpreter (through pdfplumber) walks the content; this keeps what it drops: clipping, text that is not
painted, opacity. Coordinates are those of pdfminer: points from the bottom left of the page as displayed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sopparse.page import Path
from sopparse.readers.pdf_paths import flatten

# A page with more objects or a longer reading than this is a drawing or a bomb; the richest real procedure pages hold
# 8 000 characters and 2 500 paths, and take 0.5 s.
MAX_OBJECTS = 150_000
MAX_SECONDS = 20.0
# Decoded bytes of content of one page; 150 000 objects need less.
MAX_CONTENT = 24 * 1024 * 1024

_NO_CLIP = (-1e9, -1e9, 1e9, 1e9)
_INVISIBLE_MODES = frozenset((3, 7))  # neither filled nor stroked; clipping only

Quad = tuple[float, float, float, float]


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


class _Collected:
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
    device_class, interpreter_class = _classes()
    found = _Collected()
    device = device_class(manager, found)
    if _decoded_size(page) > MAX_CONTENT:
        return found.content(False)
    interpreter = interpreter_class(manager, device)
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


@cache
def _classes() -> tuple[Any, Any]:
    """The device and the interpreter; made at first use, since pdfminer is heavy."""
    from pdfminer.pdfdevice import PDFTextDevice
    from pdfminer.pdffont import PDFUnicodeNotDefined
    from pdfminer.pdfinterp import PDFPageInterpreter
    from pdfminer.pdftypes import resolve1, stream_value
    from pdfminer.psparser import literal_name
    from pdfminer.utils import apply_matrix_rect, mult_matrix

    class Device(PDFTextDevice):
        def __init__(self, manager: Any, found: _Collected) -> None:
            super().__init__(manager)
            self.found = found
            self.clip: Quad = _NO_CLIP
            self.opaque = True
            self.mode = 0
            self.glyph_sizes: dict[tuple[int, int], tuple[str, float]] = {}
            self.descents: dict[int, float] = {}
            self.fonts: list[Any] = []  # keeps the fonts alive whose ids are keys

        def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
            self.mode = textstate.render if isinstance(textstate.render, int) else 0
            self.shade = darkness(graphicstate.ncolor, getattr(ncs, "name", ""))
            super().render_string(textstate, seq, ncs, graphicstate)

        def render_char(
            self, matrix: Any, font: Any, fontsize: float, scaling: float, rise: float, cid: int, ncs: Any, state: Any
        ) -> float:
            key = (id(font), cid)
            known = self.glyph_sizes.get(key)
            if known is None:
                known = self.measure(font, cid)
                self.glyph_sizes[key] = known
            text, width = known
            adv = width * fontsize * scaling
            found = self.found
            order = found.count()
            a, b, c, d, e, f = matrix
            direction = _direction(a, b, c, d)
            if direction is None:
                found.tilted += 1
                return adv
            if font.is_vertical():
                left, low, right, high = -fontsize / 2, rise + adv, fontsize / 2, rise
            else:
                low = self.descents[id(font)] * fontsize + rise
                left, right, high = 0.0, adv, low + fontsize
            if direction in (0, 180):
                xs, ys = (a * left + c * low + e, a * right + c * low + e), (b * left + d * low + f, b * left + d * high + f)
            else:
                xs, ys = (c * low + e, c * high + e), (b * left + d * low + f, b * right + d * low + f)
            x0, x1 = (xs[0], xs[1]) if xs[0] <= xs[1] else (xs[1], xs[0])
            y0, y1 = (ys[0], ys[1]) if ys[0] <= ys[1] else (ys[1], ys[0])
            clip = self.clip
            middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
            if not (clip[0] <= middle_x <= clip[2] and clip[1] <= middle_y <= clip[3]):
                found.clipped += not text.isspace()
                return adv
            size = y1 - y0 if direction in (0, 180) else x1 - x0
            shown = self.mode not in _INVISIBLE_MODES
            found.glyphs.append(Glyph(text, x0, y0, x1, y1, direction, size, order, self.shade, shown))
            return adv

        def measure(self, font: Any, cid: int) -> tuple[str, float]:
            if id(font) not in self.descents:
                self.fonts.append(font)
                self.descents[id(font)] = font.get_descent()
            try:
                text = font.to_unichr(cid)
            except PDFUnicodeNotDefined:
                text = "\ufffd"
            return clean(str(text)), font.char_width(cid)

        def paint_path(self, state: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]) -> None:
            order = self.found.count()
            shade = (
                darkness(state.ncolor, getattr(state.ncs, "name", ""))
                if fill
                else darkness(state.scolor, getattr(state.scs, "name", ""))
            )
            scale = max(abs(self.ctm[0]), abs(self.ctm[1]), abs(self.ctm[2]), abs(self.ctm[3])) if self.ctm else 1.0
            width = (state.linewidth or 0.0) * scale if stroke and isinstance(state.linewidth, (int, float)) else 0.0
            dashed = bool(state.dash and state.dash[0])
            for points, closed, curved in flatten(path, self.ctm):
                kept = _clipped(points, self.clip, closed)
                if kept is None:
                    continue
                drawn = Path(kept, closed, stroke, fill, curved, shade, width, dashed)
                self.found.drawings.append(Painted(drawn, order, self.opaque))

        def render_image(self, name: str, stream: Any) -> None:
            order = self.found.count()
            box = _meet(apply_matrix_rect(self.ctm, (0, 0, 1, 1)), self.clip)
            if box is not None:
                masked = any(key in stream for key in ("SMask", "Mask", "ImageMask", "IM"))
                self.found.pictures.append(Picture(box, order, self.opaque and not masked))

        def begin_figure(self, name: str, bbox: Any, matrix: Any) -> None:
            self.found.count()
            self.found.look_at_clock()

    class Interpreter(PDFPageInterpreter):
        """Follows clipping paths and opacity as well."""

        device: Device

        def dup(self) -> Interpreter:
            return Interpreter(self.rsrcmgr, self.device)

        def get_current_state(self) -> Any:
            found = self.device.found
            found.operations += 1
            if not found.operations & 1023:
                found.look_at_clock()
            return (*super().get_current_state(), self.device.clip, self.device.opaque)

        def set_current_state(self, state: Any) -> None:
            super().set_current_state(state[:3])
            self.device.clip, self.device.opaque = state[3:]

        def do_W(self) -> None:
            xs: list[float] = []
            ys: list[float] = []
            a, b, c, d, e, f = self.ctm
            for segment in self.curpath:
                for x, y in zip(segment[1::2], segment[2::2], strict=False):
                    xs.append(a * x + c * y + e)
                    ys.append(b * x + d * y + f)
            if xs:
                box = _meet((min(xs), min(ys), max(xs), max(ys)), self.device.clip)
                self.device.clip = box if box is not None else (0.0, 0.0, -1.0, -1.0)

        do_W_a = do_W

        def do_gs(self, name: Any) -> None:
            try:
                states = resolve1(self.resources.get("ExtGState")) or {}
                state = resolve1(states.get(literal_name(name))) or {}
            except Exception:
                return
            if "ca" in state or "CA" in state:
                alphas = [resolve1(state[key]) for key in ("ca", "CA") if key in state]
                self.device.opaque = all(isinstance(alpha, (int, float)) and alpha >= 0.95 for alpha in alphas)
            mode = getattr(resolve1(state.get("BM")), "name", None)
            if mode is not None and mode not in ("Normal", "Compatible"):
                self.device.opaque = False

        def do_Do(self, name: Any) -> None:
            clip, opaque = self.device.clip, self.device.opaque
            try:
                form = stream_value(self.xobjmap[literal_name(name)])
                if "BBox" in form:
                    matrix = mult_matrix(tuple(resolve1(form.get("Matrix")) or (1, 0, 0, 1, 0, 0)), self.ctm)
                    box = _meet(apply_matrix_rect(matrix, [resolve1(n) for n in resolve1(form["BBox"])]), clip)
                    if box is None:
                        return
                    self.device.clip = box
            except KeyError:
                return
            # An image is painted in the unit square of the current matrix.
            self.device.set_ctm(self.ctm)
            super().do_Do(name)
            self.device.clip, self.device.opaque = clip, opaque
            self.device.set_ctm(self.ctm)

    return Device, Interpreter


def _annotations(interpreter: Any, page: Any) -> None:
    """Paints what stamps, form fields and notes show: their normal appearance, fitted into their rectangle."""
    from pdfminer.pdftypes import PDFStream, resolve1
    from pdfminer.utils import apply_matrix_rect, mult_matrix

    for one in resolve1(page.annots) or ():
        try:
            note = resolve1(one)
            look = resolve1((resolve1(note.get("AP")) or {}).get("N"))
            if not isinstance(look, PDFStream) and isinstance(look, dict):
                look = resolve1(look.get(getattr(resolve1(note.get("AS")), "name", "")))
            hidden = int(resolve1(note.get("F")) or 0) & 0b100010
            if not isinstance(look, PDFStream) or hidden or "BBox" not in look:
                continue
            matrix = tuple(resolve1(look.get("Matrix")) or (1, 0, 0, 1, 0, 0))
            x0, y0, x1, y1 = apply_matrix_rect(matrix, [resolve1(n) for n in resolve1(look["BBox"])])
            rect = [resolve1(n) for n in resolve1(note["Rect"])]
            left, right, low, high = min(rect[0], rect[2]), max(rect[0], rect[2]), min(rect[1], rect[3]), max(rect[1], rect[3])
            across = (right - left) / (x1 - x0) if x1 > x0 else 1.0
            up = (high - low) / (y1 - y0) if y1 > y0 else 1.0
            fit = (across, 0.0, 0.0, up, left - x0 * across, low - y0 * up)
            ctm = mult_matrix(mult_matrix(matrix, fit), page_matrix(page))
            interpreter.device.clip, interpreter.device.opaque = _NO_CLIP, True
            interpreter.subinterp().render_contents(resolve1(look.get("Resources")) or {}, [look], ctm=ctm)
        except PageTooRich:
            raise
        except Exception:
            continue


def page_matrix(page: Any) -> tuple[float, ...]:
    x0, y0, x1, y1 = page.mediabox
    turned: dict[int, tuple[float, ...]] = {90: (0, -1, 1, 0, -y0, x1), 180: (-1, 0, 0, -1, x1, y1), 270: (0, 1, -1, 0, y1, -x0)}
    return turned.get(page.rotate, (1, 0, 0, 1, -x0, -y0))


def _direction(a: float, b: float, c: float, d: float) -> int | None:
    """The quarter turn of text with this matrix; None where it is tilted by more than a few degrees."""
    if abs(b) <= 0.1 * abs(a):
        return 0 if a > 0 else 180
    if abs(a) <= 0.1 * abs(b):
        return 90 if b > 0 else 270
    return None


def _meet(one: Sequence[float], other: Quad) -> Quad | None:
    x0, y0, x1, y1 = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return (x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else None


def _clipped(
    points: tuple[tuple[float, float], ...], clip: Quad, closed: bool
) -> tuple[tuple[float, float], ...] | None:
    """The path inside the clipping box; None outside. Only rectangles and single lines are cut, others stay whole."""
    if clip is _NO_CLIP:
        return points
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
    if x0 >= clip[0] and x1 <= clip[2] and y0 >= clip[1] and y1 <= clip[3]:
        return points
    # A line along the border of its clip is painted by half its width.
    near = (clip[0] - 1.0, clip[1] - 1.0, clip[2] + 1.0, clip[3] + 1.0)
    box = _meet((x0, y0, x1, y1), near)
    if box is None:
        return None
    square = all(p[0] in (x0, x1) and p[1] in (y0, y1) for p in points)
    if len(points) == 2 and (x0 == x1 or y0 == y1):
        return ((box[0], box[1]), (box[2], box[3]))
    if closed and square and len(points) == 4:
        return ((box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3]))
    return points


def darkness(color: Any, space: str) -> float:
    """0 white to 1 black, of a colour in one of the device spaces; patterns and unknown spaces count as half dark."""
    values = color if isinstance(color, (tuple, list)) else (color,)
    numbers = [float(v) for v in values if isinstance(v, (int, float))]
    if len(numbers) != len(values) or not numbers:
        return 0.5
    if len(numbers) == 1:
        if space == "Indexed":
            return 0.5
        return _unit(numbers[0] if space in ("Separation", "DeviceN") else 1.0 - numbers[0])
    if len(numbers) == 3:
        if space == "Lab":
            return _unit(1.0 - numbers[0] / 100.0)
        return _unit(1.0 - (0.299 * numbers[0] + 0.587 * numbers[1] + 0.114 * numbers[2]))
    if len(numbers) == 4 and space not in ("DeviceN",):
        cyan, magenta, yellow, black = numbers
        return _unit(1.0 - (1.0 - black) * (1.0 - 0.299 * cyan - 0.587 * magenta - 0.114 * yellow))
    return _unit(max(numbers))


def _unit(value: float) -> float:
    return 0.0 if value < 0.0 else 1.0 if value > 1.0 else value


_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_NOT_SHOWN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x00"))
_NOT_SHOWN |= {ord(k): v for k, v in _LIGATURES.items()}  # type: ignore[misc]


def clean(text: str) -> str:
    """The letters that a glyph shows: ligatures as letters, marks without width gone, any space a space."""
    text = text.translate(_NOT_SHOWN)
    return " " if text and text.isspace() else "".join(c if c.isprintable() else " " for c in text)

