"""How long scans take against Tesseract alone on the same picture of the page, and how much memory.

python -m tests.bench.reading            table: pages drawn here, and real ones where ../shared holds them
python -m tests.bench.reading FILE       one parse of FILE: CPU seconds, largest memory in MB

Seconds are those of the processor, of the engine's process too: a busy machine does not change their ratio. Memory is
that of our process; the engine's own takes about 100 MB beside it.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np

import sopparse
from sopparse import errors
from sopparse.cli.words import table
from tests.bench.cer import papers
from tests.degrade import degraded

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
REAL = ("kalbar-permohonan-2024", "kalbar-pelanggaran-2023", "sumut-permohonan")
DPI = 300
RUNS = 3
# What a page may cost, as a multiple of Tesseract's time for it; and the largest memory of a worker (MB).
BAR, MEMORY = 1.0, 600
KINDS = ("clean", "light", "stamp")


def spent(action: Callable[[], object]) -> float:
    """Processor seconds of this process and its children; the least of some runs."""
    best = float("inf")
    for _ in range(RUNS):
        before = _used()
        action()
        best = min(best, _used() - before)
    return best


def _used() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def alone(picture: Path) -> None:
    command = ["tesseract", str(picture), "-", "-l", "ind", "--psm", "3"]
    subprocess.run(command, capture_output=True, check=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"})


def ours(source: bytes) -> None:
    with suppress(errors.SopError):
        sopparse.parse(source, name="page.png", cached=False)


def pages() -> Iterator[tuple[str, bytes]]:
    """Pages as PNG at 300 dots per inch, with a name."""
    for seed, source in enumerate(papers(len(KINDS))):
        for number, picture in enumerate(_pictures(source), 1):
            yield f"drawn, {KINDS[seed]}, {number}", _png(degraded(picture, DPI, KINDS[seed], seed))
    for name in REAL:
        path = CORPUS / f"{name}.pdf"
        if path.is_file():
            for number, picture in enumerate(_pictures(path.read_bytes()), 1):
                yield f"{name}, {number}", _png(picture)


def _pictures(source: bytes) -> Iterator[np.ndarray]:
    import pypdfium2

    with pypdfium2.PdfDocument(source) as file:
        for page in file:
            yield np.asarray(page.render(scale=DPI / 72).to_pil().convert("RGB"))


def _png(picture: np.ndarray) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG", dpi=(DPI, DPI), compress_level=1)
    return out.getvalue()


def report() -> None:
    os.environ["OMP_THREAD_LIMIT"] = "1"
    rows = []
    total = [0.0, 0.0]
    for name, source in pages():
        with tempfile.NamedTemporaryFile(suffix=".png") as file:
            file.write(source)
            file.flush()
            if not rows:
                ours(source)
            mine, plain = spent(partial(ours, source)), spent(partial(alone, Path(file.name)))
            command = [sys.executable, "-m", "tests.bench.reading", file.name]
            said = json.loads(subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout)
        total = [total[0] + mine, total[1] + plain]
        above = "above the bar" if mine > BAR * plain or said["megabytes"] > MEMORY else ""
        rows.append([name, f"{mine:.2f}", f"{plain:.2f}", f"{mine / plain:.2f}", f"{said['megabytes']:.0f}", above])
    rows.append(["together", f"{total[0]:.2f}", f"{total[1]:.2f}", f"{total[0] / total[1]:.2f}", "", ""])
    print(table([["page at 300 dpi", "s", "Tesseract", f"ratio (<= {BAR})", f"MB (<= {MEMORY})", ""], *rows]))


def one(path: Path) -> None:
    before = _used()
    ours(path.read_bytes())
    print(json.dumps({"seconds": _used() - before, "megabytes": _peak("self")}))


def _peak(process: str) -> float:
    """The most memory that a process of Linux held since its program began."""
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        one(Path(sys.argv[1]))
    else:
        report()
