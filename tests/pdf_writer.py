"""A small writer of PDF files for tests: content streams as a person would type them (points, bottom left)."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

# Widths of Helvetica do not matter here: every letter is 0.5 of the size wide.
_FONT = (
    "<< /Type /Font /Subtype /Type1 /BaseFont /Test /FirstChar 32 /LastChar 255 /Encoding /WinAnsiEncoding "
    f"/Widths [{' '.join(['500'] * 224)}] /FontDescriptor 4 0 R >>"
)
_DESCRIPTOR = (
    "<< /Type /FontDescriptor /FontName /Test /Flags 32 /Ascent 800 /Descent -200 /CapHeight 700 /ItalicAngle 0 "
    "/StemV 80 /FontBBox [0 -200 1000 800] >>"
)


@dataclass
class PdfPage:
    """`extra` goes into the page's dictionary; `resources` beside the font, which is /F1."""

    content: str = ""
    box: tuple[float, float, float, float] = (0, 0, 600, 400)
    extra: str = ""
    resources: str = ""


@dataclass
class Pdf:
    """`objects` are further bodies, numbered from 1000."""

    pages: list[PdfPage] = field(default_factory=list)
    objects: Sequence[bytes] = ()


def text(x: float, y: float, words: str, size: float = 10) -> str:
    shown = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F1 {size} Tf {x} {y} Td ({shown}) Tj ET\n"


def line(x0: float, y0: float, x1: float, y1: float, width: float = 0.5) -> str:
    return f"{width} w {x0} {y0} m {x1} {y1} l S\n"


def rect(x: float, y: float, w: float, h: float, paint: str = "S") -> str:
    return f"{x} {y} {w} {h} re {paint}\n"


def table(xs: Sequence[float], ys: Sequence[float], cells: Sequence[Sequence[str]] = ()) -> str:
    """A ruled table; `ys` from the top (large) to the bottom; the text of a cell stands at its top left."""
    out = [line(x, ys[0], x, ys[-1]) for x in xs] + [line(xs[0], y, xs[-1], y) for y in ys]
    for r, row in enumerate(cells):
        for c, words in enumerate(row):
            out += [text(xs[c] + 3, ys[r] - 12 - 12 * k, part) for k, part in enumerate(words.split("\n")) if part]
    return "".join(out)


def stream(content: str | bytes, dictionary: str = "") -> bytes:
    data = content.encode("cp1252") if isinstance(content, str) else content
    packed = zlib.compress(data)
    return f"<< {dictionary} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode() + packed + b"\nendstream"


def write(pdf: Pdf) -> bytes:
    bodies: dict[int, bytes] = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 3: _FONT.encode(), 4: _DESCRIPTOR.encode()}
    kids = []
    for i, page in enumerate(pdf.pages):
        number = 10 + 2 * i
        kids.append(f"{number} 0 R")
        box = " ".join(map(str, page.box))
        bodies[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents {number + 1} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> {page.resources} >> {page.extra} >>"
        ).encode()
        bodies[number + 1] = stream(page.content)
    bodies[2] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode()
    bodies.update({1000 + i: body for i, body in enumerate(pdf.objects)})
    out = bytearray(b"%PDF-1.7\n")
    offsets = {}
    for number, body in sorted(bodies.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n"
    for number, offset in sorted(offsets.items()):
        out += b"%d 1\n%010d 00000 n \n" % (number, offset)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (max(bodies) + 1, start)
    return bytes(out)


def one_page(content: str, **options: object) -> bytes:
    return write(Pdf([PdfPage(content, **options)]))  # type: ignore[arg-type]
