"""How long PDFs take, against pdfplumber alone reading words, lines, rectangles and curves of the same pages.

python -m tests.bench.pages            all tables
python -m tests.bench.pages FILE       one parse of FILE: pages, seconds, largest memory in MB
"""

from __future__ import annotations

import io
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import sopparse
from sopparse import errors
from sopparse.cli.words import table

ROOT = Path(__file__).parent.parent.parent
# A picture that covers this share of its page is the page; looked at are the first pages of a file.
PICTURE = 0.5
MOST_LOOKED_AT = 3
CORPUS = ROOT.parent / "shared" / "corpus"
RUNS = 5
# What a page may cost, as a multiple of pdfplumber's time for it.
BAR = 1.6
PAGES = (20, 200)


def seconds(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def read_alone(source: bytes) -> int:
    """Pages, after pdfplumber read each of them."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(source)) as file:
        for page in file.pages:
            _ = page.extract_words(), page.lines, page.rects, page.curves
            page.close()
        return len(file.pages)


def parse(source: bytes, name: str) -> None:
    with suppress(errors.SopError):
        sopparse.parse(source, name=name)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: our first run, which meets the texts for the first time, and the medians of ours and pdfplumber's."""

    pages: int
    first: float
    ours: float
    alone: float


def compared(source: bytes, name: str) -> Times:
    """Both in turn, after a first run of each."""
    first = seconds(lambda: parse(source, name))
    count = read_alone(source)
    ours, alone = [], []
    for _ in range(RUNS):
        ours.append(seconds(lambda: parse(source, name)))
        alone.append(seconds(lambda: read_alone(source)))
    return Times(count, first, statistics.median(ours), statistics.median(alone))


def has_text(path: Path) -> bool:
    """Whether its pages are text, and none is a picture: recognising pictures is another work than reading."""
    import pdfplumber

    with pdfplumber.open(path) as file:
        pages = file.pages[:MOST_LOOKED_AT]
        letters = sum(len(page.chars) for page in pages)
        pictures = [
            image["width"] * image["height"] / (page.width * page.height) for page in pages for image in page.images
        ]
    return letters > 0 and max(pictures, default=0.0) < PICTURE


def ratio_rows(paths: list[Path]) -> list[list[str]]:
    times = [compared(path.read_bytes(), path.name) for path in paths]
    rows = [_row(path.name, one) for path, one in zip(paths, times, strict=True)]
    together = (sum(getattr(one, name) for one in times) for name in Times.__slots__)
    return [*rows, _row("together", Times(*together))] if rows else []


def _row(name: str, one: Times) -> list[str]:
    spent = [f"{one_run / one.pages * 1000:.0f}" for one_run in (one.first, one.ours, one.alone)]
    above = "above the bar" if one.ours > BAR * one.alone else ""
    return [name, str(one.pages), *spent, f"{one.ours / one.alone:.2f}", above]


def archive(pages: int) -> bytes:
    """A file of that many pages: generated SOPs one after the other, each a form and its table."""
    from tests.drawing.paper import make_paper
    from tests.drawing.printing import print_papers

    papers, count, seed = [], 0, 0
    while count < pages:
        paper = make_paper(seed)
        seed += 1
        # One page over is none: the shortest papers have two.
        if paper is not None and (count + len(paper.drawing.sheets) + 1) not in (pages - 1, pages + 1):
            papers.append(paper)
            count += len(paper.drawing.sheets) + 1
    return print_papers(papers)


def long_rows() -> list[list[str]]:
    rows = []
    for pages in PAGES:
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(archive(pages))
            file.flush()
            command = [sys.executable, "-m", "tests.bench.pages", file.name]
            said = json.loads(subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout)
        rows.append([str(said["pages"]), str(said["sops"]), f"{said['seconds']:.1f}", f"{said['megabytes']:.0f}"])
    return rows


def one(path: Path) -> None:
    """Parses one file in this process and says what it took, as JSON."""
    begin = time.perf_counter()
    result = sopparse.parse(path)
    spent = time.perf_counter() - begin
    # Kilobytes on Linux.
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = {"pages": result.source.pages, "sops": len(result.sops), "seconds": spent, "megabytes": megabytes}
    print(json.dumps(said))


def report() -> None:
    # Patterns and vocabulary are loaded once in a process.
    parse(archive(PAGES[0]), "warm-up.pdf")
    heads = ["first ms a page", "median", "pdfplumber", f"ratio (<= {BAR})", ""]
    samples = sorted((ROOT / "samples").glob("*.pdf"))
    print(table([["sample", "pages", *heads], *ratio_rows(samples)]))
    vectors = [path for path in sorted(CORPUS.glob("*.pdf")) if has_text(path)]
    if vectors:
        print()
        print(table([["document", "pages", *heads], *ratio_rows(vectors)]))
    print()
    print(table([["pages in one file", "SOPs", "seconds", "largest memory MB"], *long_rows()]))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        one(Path(sys.argv[1]))
    else:
        report()
