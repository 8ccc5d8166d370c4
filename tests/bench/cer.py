"""How many characters are read wrongly: pages with exact text, drawn at several resolutions, clean and damaged.

python -m tests.bench.cer [PAPERS [DPI ...]]        table of character error rates; 6 papers at 150, 200 and 300 dpi
python -m tests.bench.cer --wrong [PAPERS [DPI ...]]    the cells that were read otherwise, too

The truth is the text of the page itself, cell by cell. A word that was read belongs to the cell that holds its middle.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz.distance import Levenshtein

from sopparse.cli.words import table
from sopparse.geometry import Box
from sopparse.layout.blocks import lay_out
from sopparse.page import Page, Word
from sopparse.readers import pdf
from sopparse.readers.ocr import caching
from sopparse.readers.scan import Start, read_picture
from tests.degrade import degraded
from tests.drawing.paper import make_paper
from tests.drawing.printing import print_papers

PAPERS = 6
RESOLUTIONS = (150, 200, 300)
# Letters per hundred that may be wrong.
BARS = {"clean": 0.2, "stamp": 0.8}
# Lines of a cell are this far apart, as a share of the height of their words.
NEXT_LINE = 0.6


@dataclass(slots=True)
class Errors:
    """Characters in the truth, wrong characters, cells, cells read exactly, and what was read otherwise."""

    characters: int = 0
    wrong: int = 0
    cells: int = 0
    exact: int = 0
    seconds: float = 0.0
    pages: int = 0
    cases: list[tuple[str, str]] = field(default_factory=list)

    def add(self, want: str, got: str) -> None:
        wrong = Levenshtein.distance(want, got)
        self.characters += len(want)
        self.wrong += wrong
        self.cells += 1
        self.exact += not wrong
        if wrong:
            self.cases.append((want, got))


def papers(count: int) -> Iterator[bytes]:
    """Files of generated SOPs in turn in both styles, each with a form and a table."""
    seed = made = 0
    while made < count:
        paper = make_paper(seed)
        seed += 1
        if paper is not None:
            yield print_papers([paper], ("spreadsheet", "word")[made % 2], made)
            made += 1


def measured(source: bytes, dpi: int, damage: str, errors: Errors, seed: int) -> None:
    """Adds the pages of a file to the errors."""
    import pypdfium2

    read = pdf.read(source, "truth.pdf")
    grids = lay_out(read).grids
    with pypdfium2.PdfDocument(source) as file:
        for page in read.pages:
            drawn = np.asarray(file[page.number - 1].render(scale=dpi / 72).to_pil().convert("RGB"))
            picture = degraded(drawn, dpi, damage, 100 * seed + page.number)
            begin = time.perf_counter()
            with caching(False):
                seen = read_picture(picture, (page.width, page.height), dpi, Start(page.number, 0, 0))
            errors.seconds += time.perf_counter() - begin
            errors.pages += 1
            boxes = [cell.box for grid in grids if grid.page == page.number for cell in grid.cells]
            for want, got in _cells(page, seen, boxes):
                errors.add(want, got)


def _cells(page: Page, seen: Page, boxes: Sequence[Box]) -> Iterator[tuple[str, str]]:
    """What stands in each cell, and what was read there; what stands outside all of them comes last."""
    want = _by_cell(page.free, boxes)
    got = _by_cell(seen.free, boxes)
    for k in sorted(want.keys() | got.keys()):
        yield _text(want.get(k, [])), _text(got.get(k, []))


def _by_cell(words: Sequence[Word], boxes: Sequence[Box]) -> dict[int, list[Word]]:
    out: dict[int, list[Word]] = {}
    for word in words:
        assert word.box is not None
        x, y = (word.box.x0 + word.box.x1) / 2, (word.box.top + word.box.bottom) / 2
        holder = [k for k, b in enumerate(boxes) if b.x0 <= x <= b.x1 and b.top <= y <= b.bottom]
        smallest = min(holder, key=lambda k: (boxes[k].x1 - boxes[k].x0) * (boxes[k].bottom - boxes[k].top), default=-1)
        out.setdefault(smallest, []).append(word)
    return out


def _text(words: Sequence[Word]) -> str:
    """The words line by line."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.box.top + w.box.bottom):  # type: ignore[union-attr]
        box = word.box
        last = lines[-1][-1].box if lines else None
        assert box is not None
        if last is not None and (box.top + box.bottom - last.top - last.bottom) / 2 <= NEXT_LINE * (
            last.bottom - last.top
        ):
            lines[-1].append(word)
        else:
            lines.append([word])
    return " ".join(w.text for line in lines for w in sorted(line, key=lambda w: w.box.x0))  # type: ignore[union-attr]


def main(arguments: Sequence[str]) -> None:
    shown = "--wrong" in arguments
    numbers = [int(value) for value in arguments if value.isdigit()]
    count, resolutions = (numbers[0] if numbers else PAPERS), (tuple(numbers[1:]) or RESOLUTIONS)
    rows = []
    for damage, bar in BARS.items():
        for dpi in resolutions:
            errors = Errors()
            for seed, source in enumerate(papers(count)):
                measured(source, dpi, damage, errors, seed)
            rate = 100 * errors.wrong / max(errors.characters, 1)
            rows.append(
                [
                    damage,
                    str(dpi),
                    str(errors.pages),
                    str(errors.characters),
                    f"{rate:.2f}",
                    f"{errors.exact}/{errors.cells}",
                    f"{errors.seconds / errors.pages:.2f}",
                    "" if rate <= bar else f"above {bar}",
                ]
            )
            if shown:
                for want, got in errors.cases:
                    print(f"{damage} {dpi}\n  - {want}\n  + {got}")
    heads = ["page", "dpi", "pages", "characters", "wrong %", "cells right", "s/page", ""]
    print(table([heads, *rows]))


if __name__ == "__main__":
    main(sys.argv[1:])
