"""What mending misread words is worth: generated SOPs as damaged scans, read with Tesseract, truth exact.

python -m tests.bench.misreadings [SEED ...] [--kinds light stamp fax] [--dpi 150 200]

Texts of titles, lists, actors and steps are compared with the truth, as they were read and as they were mended: how
many became right, and how many became wrong that were right. Also: how many words of the lexicon would be mended (none
may).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from typing import Any
from unittest.mock import patch

import numpy as np

from sopparse import pipeline
from sopparse.cli.words import table
from sopparse.layout.blocks import lay_out
from sopparse.normalize.misreadings import lexicon, mended_word
from sopparse.page import Document
from tests.degrade import degraded
from tests.drawing.paper import make_paper
from tests.drawing.printing import print_papers

SEEDS = range(1, 13)
KINDS = ("light", "stamp", "fax")
DPIS = (150, 200)
LISTS = ("qualifications", "related_sops", "equipment", "warnings", "records")
Texts = dict[str, str]


def scanned(source: bytes, kind: str, dpi: int, seed: int) -> Document:
    import pypdfium2
    from PIL import Image

    from sopparse.readers.images import read

    with pypdfium2.PdfDocument(source) as file:
        drawn = [np.asarray(page.render(scale=dpi / 72).to_pil().convert("RGB")) for page in file]
    pages = [Image.fromarray(degraded(one, dpi, kind, 100 * seed + n)) for n, one in enumerate(drawn)]
    out = BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], dpi=(dpi, dpi))
    return read(out.getvalue(), "scan.tif")


def texts(result: dict[str, Any]) -> Texts:
    """The texts that are mended, by their places."""
    return {place: text for place, text in _texts(result) if text}


def _texts(result: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for sop in result["sops"][:1]:
        yield "title", sop["header"]["title"]
        for name in LISTS:
            yield from ((f"{name}/{i}", text) for i, text in enumerate(sop[name]))
        for procedure in sop["procedures"][:1]:
            yield from ((f"actors/{i}", actor["label"]) for i, actor in enumerate(procedure["actors"]))
            for step in procedure["steps"]:
                begin = f"steps/{step['number']}"
                yield f"{begin}/activity", step["activity"]
                yield f"{begin}/note", step["note"]
                for name in ("requirements", "outputs"):
                    yield from ((f"{begin}/{name}/{i}", text) for i, text in enumerate(step[name]))


def parsed(document: Document, mending: bool) -> Texts:
    laid = lay_out(document)
    if mending:
        parts = pipeline.extract(laid, pipeline.Options())
    else:
        with patch("sopparse.extract.parts.mended", lambda words: (words, ())):
            parts = pipeline.extract(laid, pipeline.Options())
    return texts(json.loads(pipeline.publish(document, parts, laid.furniture).model_dump_json(by_alias=True)))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("seeds", nargs="*", type=int, default=list(SEEDS))
    arguments.add_argument("--kinds", nargs="+", default=KINDS)
    arguments.add_argument("--dpi", nargs="+", type=int, default=DPIS)
    arguments.add_argument("--wrong", action="store_true", help="show the mended texts that are not right")
    asked = arguments.parse_args()
    rows = []
    for kind, dpi in product(asked.kinds, asked.dpi):
        counts = np.zeros(6, int)
        for seed in asked.seeds:
            paper = make_paper(seed)
            if paper is None:
                continue
            document = scanned(print_papers([paper], ("spreadsheet", "word")[seed % 2], seed), kind, dpi, seed)
            counts += compared(texts(paper.truth), parsed(document, False), parsed(document, True), asked.wrong)
        rows.append([kind, str(dpi), *map(str, counts)])
    print(table([["scan", "dpi", "texts", "right as read", "right mended", "mended", "won", "lost"], *rows]))
    print("words of the lexicon that are changed:", sum(mended_word(word) != word for word in lexicon()))


def compared(truth: Texts, read: Texts, mended: Texts, shown: bool) -> tuple[int, ...]:
    """Texts in the truth; right as read; right when mended; changed by mending; became right; became wrong."""
    before = {place for place, text in truth.items() if read.get(place) == text}
    after = {place for place, text in truth.items() if mended.get(place) == text}
    changed = {place for place in read.keys() | mended.keys() if read.get(place) != mended.get(place)}
    if shown:
        for place in sorted(changed - after):
            print(f"{place}\n  - {truth.get(place)}\n  r {read.get(place)}\n  m {mended.get(place)}")
    return len(truth), len(before), len(after), len(changed), len(after - before), len(before - after)


if __name__ == "__main__":
    main()
