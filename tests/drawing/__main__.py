"""`python -m tests.drawing FOLDER` writes the committed sample PDFs with their truth."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tests.drawing.paper import make_paper
from tests.drawing.printing import print_papers

# Name: seed, whether connectors join its pages, style, pen. The seeds have invented regions, full forms, ways back.
SAMPLES = {"chart": (4505, False, "spreadsheet", 0), "chart-pages": (4377, True, "word", 1)}

# The same chart again as a scan, at this resolution.
SCANNED, SCAN_DPI = "scanned", 150


def samples() -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Name, bytes and truth of each committed sample."""
    made = {}
    for name, (seed, connected, style, pen) in SAMPLES.items():
        paper = make_paper(seed, full=True, connected=connected)
        if paper is None:
            raise RuntimeError(f"{name}: seed {seed} has no drawing any more; choose another")
        made[name] = print_papers([paper], style, pen), paper.truth
    return made


def scanned() -> tuple[bytes, dict[str, Any]]:
    """The chart sample as a copier gives it: two pictures in a PDF, a little askew and grainy. The bytes depend on the
    versions of the libraries that draw and compress."""
    import io

    import numpy as np
    import pypdfium2
    from PIL import Image

    from tests.degrade import degraded

    content, truth = samples()["chart"]
    pages = []
    with pypdfium2.PdfDocument(content) as file:
        for index in range(len(file)):
            picture = np.asarray(file[index].render(scale=SCAN_DPI / 72).to_pil().convert("RGB"))
            pages.append(Image.fromarray(degraded(picture, SCAN_DPI, "light", index)).convert("L"))
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=SCAN_DPI, quality=55)
    return out.getvalue(), truth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for name, (content, truth) in {**samples(), SCANNED: scanned()}.items():
        (folder / f"{name}.pdf").write_bytes(content)
        text = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{name}.truth.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
