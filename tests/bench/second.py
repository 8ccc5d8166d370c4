"""Whether a second engine reads the pieces better that Tesseract is unsure of: RapidOCR on the same pictures.

pip install rapidocr-onnxruntime          first: it is no part of the environment
python -m tests.bench.second [PAPERS]     wrong characters of both, by kind of damage and by how sure Tesseract was

Sopparse does not use it: see `docs/scans.md`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from sopparse.cli.words import table
from sopparse.layout.blocks import lay_out
from sopparse.readers import pdf, scan
from sopparse.readers.cuts import Cut
from sopparse.readers.ocr import Found
from tests.bench.cer import _by_cell, _text, papers
from tests.degrade import degraded

CASES = (("light", 150), ("stamp", 200), ("fax", 200))
PAPERS = 4
# Pieces are counted by the confidence of their least sure word; so many at most of each.
BOUNDS = (0.6, 0.8, 1.01)
MOST = 25
# White paper that the second engine needs around a piece, and the height of a line (pixels).
BORDER, LINE = 20, 15


@dataclass(slots=True)
class Count:
    pieces: int = 0
    characters: int = 0
    first: int = 0
    second: int = 0
    seconds: float = 0.0


def pieces(kind: str, dpi: int, count: int) -> Iterator[tuple[Cut, str, list[Found]]]:
    """Cells as pictures, what stands in them, and what Tesseract read."""
    import pypdfium2

    held: list[tuple[Sequence[Cut], list[list[Found]], float]] = []
    real = scan._read_cuts

    def kept(cuts: Sequence[Cut], dpi: float) -> list[list[Found]]:
        held.append((cuts, real(cuts, dpi), dpi))
        return held[-1][1]

    scan._read_cuts = kept
    try:
        for seed, source in enumerate(papers(count)):
            read = pdf.read(source, "truth.pdf")
            grids = lay_out(read).grids
            with pypdfium2.PdfDocument(source) as file:
                for page in read.pages:
                    drawn = np.asarray(file[page.number - 1].render(scale=dpi / 72).to_pil().convert("RGB"))
                    damaged = degraded(drawn, dpi, kind, 100 * seed + page.number)
                    scan.read_picture(damaged, (page.width, page.height), dpi, scan.Start(page.number, 0, 0))
                    boxes = [cell.box for grid in grids if grid.page == page.number for cell in grid.cells]
                    want = _by_cell(page.free, boxes)
                    for cut, found in zip(*held[-1][:2], strict=True):
                        height, width = cut.picture.shape
                        x, y = (72 / held[-1][2] * v for v in (cut.x + width / 2, cut.y + height / 2))
                        holders = [k for k, b in enumerate(boxes) if b.x0 <= x <= b.x1 and b.top <= y <= b.bottom]
                        if cut.cell and cut.said is None and len(holders) == 1 and holders[0] in want:
                            yield cut, _text(want[holders[0]]), found
    finally:
        scan._read_cuts = real


def second_reading(engine: Any, picture: Any) -> str:
    framed = cv2.copyMakeBorder(picture, *[BORDER] * 4, cv2.BORDER_CONSTANT, value=255)
    found, _ = engine(cv2.cvtColor(framed, cv2.COLOR_GRAY2BGR))
    return " ".join(one[1] for one in sorted(found or (), key=lambda one: (one[0][0][1] // LINE, one[0][0][0])))


def main(arguments: Sequence[str]) -> None:
    from rapidocr_onnxruntime import RapidOCR

    engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
    rows = []
    for kind, dpi in CASES:
        counts = {bound: Count() for bound in BOUNDS}
        for cut, want, found in pieces(kind, dpi, int(arguments[0]) if arguments else PAPERS):
            least = min((one.read for one in found), default=0.0)
            count = counts[next(bound for bound in BOUNDS if least < bound)]
            if count.pieces == MOST:
                continue
            begin = time.process_time()
            other = second_reading(engine, cut.picture)
            count.seconds += time.process_time() - begin
            count.pieces += 1
            count.characters += len(want)
            count.first += Levenshtein.distance(want, " ".join(one.text for one in found))
            count.second += Levenshtein.distance(want, other)
        for bound, count in counts.items():
            shares = [f"{100 * wrong / max(count.characters, 1):.2f}" for wrong in (count.first, count.second)]
            each = f"{count.seconds / max(count.pieces, 1):.2f}"
            rows.append([kind, str(dpi), f"< {min(bound, 1)}", str(count.pieces), *shares, each])
    print(table([["page", "dpi", "sure", "pieces", "Tesseract wrong %", "RapidOCR wrong %", "s/piece"], *rows]))


if __name__ == "__main__":
    main(sys.argv[1:])
