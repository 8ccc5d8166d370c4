"""pdfminer's interpreter, taught what it drops: clipping, text that is not painted, opacity.

The one module that imports pdfminer at its top; it is imported by the function that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import resolve1, stream_value
from pdfminer.psparser import literal_name
from pdfminer.utils import apply_matrix_rect, mult_matrix

from sopparse.page import Path
from sopparse.readers.pdf_content import IDENTITY, Collected, Glyph, Painted, Picture
from sopparse.readers.pdf_paint import NO_CLIP, Quad, clean, clipped, darkness, direction_of, glyph_box, meet
from sopparse.readers.pdf_paths import flatten

# Text that is neither filled nor stroked; clipping only.
_INVISIBLE_MODES = frozenset((3, 7))


def numbers(value: Any) -> Any:
    """The numbers of an array that may hold references."""
    return tuple(float(resolve1(number)) for number in resolve1(value) or ())


class Device(PDFTextDevice):
    def __init__(self, manager: Any, found: Collected) -> None:
        super().__init__(manager)
        self.found = found
        self.clip: Quad = NO_CLIP
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
        direction = direction_of(matrix)
        if direction is None:
            found.tilted += 1
            return adv
        if font.is_vertical():
            box = glyph_box(matrix, -fontsize / 2, rise + adv, fontsize / 2, rise, direction)
        else:
            low = self.descents[id(font)] * fontsize + rise
            box = glyph_box(matrix, 0.0, low, adv, low + fontsize, direction)
        x0, y0, x1, y1 = box
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
            kept = clipped(points, self.clip, closed)
            if kept is None:
                continue
            drawn = Path(kept, closed, stroke, fill, curved, shade, width, dashed)
            self.found.drawings.append(Painted(drawn, order, self.opaque))

    def render_image(self, name: str, stream: Any) -> None:
        order = self.found.count()
        box = meet(apply_matrix_rect(self.ctm or IDENTITY, (0, 0, 1, 1)), self.clip)
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
            box = meet((min(xs), min(ys), max(xs), max(ys)), self.device.clip)
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
                matrix = mult_matrix(numbers(form.get("Matrix")) or IDENTITY, self.ctm)
                box = meet(apply_matrix_rect(matrix, numbers(form["BBox"])), clip)
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
