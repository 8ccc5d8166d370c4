"""What a run on a cluster costs, to size one: the processor's time of a page of each kind, and that of handing it out.

Seconds of the processor, not of the clock: a busy machine hardly changes them.

python -m tests.bench.cluster pages [COUNT]      one process, bare parsing: COUNT texts, drawn PDFs, scans
python -m tests.bench.cluster tasks [COUNT]      a scheduler and 2 workers: what each of COUNT texts costs everybody
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import sopparse
from sopparse import errors, pipeline
from sopparse.batch.cluster import cluster
from sopparse.batch.processes import Limits, Processes
from sopparse.batch.run import Settings, run
from sopparse.batch.work import work
from sopparse.cli.words import table
from tests.bench.batch import scans, texts

WORKERS = 2


def drawn(folder: Path, count: int) -> None:
    """Generated SOPs as PDF, with their charts."""
    from tests.drawing.paper import make_paper
    from tests.drawing.printing import print_papers

    folder.mkdir(parents=True, exist_ok=True)
    made = seed = 0
    while made < count:
        paper, seed = make_paper(seed), seed + 1
        if paper is not None:
            (folder / f"{made:05d}.pdf").write_bytes(print_papers([paper]))
            made += 1


def per_page(make: Callable[[Path, int], None], count: int) -> list[str]:
    with tempfile.TemporaryDirectory() as place:
        make(Path(place), count + 1)
        paths = sorted(path for path in Path(place).rglob("*") if path.is_file())
        with suppress(errors.SopError):
            sopparse.parse(paths.pop())  # What is loaded once is no page's.
        pages = read = size = 0
        begin, clock = processor(), time.perf_counter()
        for path in paths:
            with suppress(errors.SopError):
                result = sopparse.parse(path)
                pages += result.source.pages
                size += len(result.model_dump_json(by_alias=True))
            read += path.stat().st_size
        spent = processor() - begin
        clock = time.perf_counter() - clock
    return [str(len(paths)), str(pages), f"{spent / pages:.3f}", f"{clock / pages:.3f}", *_kilobytes(pages, read, size)]


def processor() -> float:
    """Seconds of the processor of this process and those that it started: Tesseract is a program of its own."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _kilobytes(pages: int, *sizes: int) -> list[str]:
    return [f"{size / pages / 1000:.0f}" for size in sizes]


def pages(count: int) -> None:
    os.environ["OMP_THREAD_LIMIT"] = "1"
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp()  # What was read once must be read again.
    head = ["kind", "files", "pages", "cpu s/page", "clock s/page", "source kB/page", "result kB/page"]
    kinds = {"text": (texts, count), "drawn PDF": (drawn, count), "scan": (scans, max(count // 10, 1))}
    print(table([head, *([name, *per_page(make, number)] for name, (make, number) in kinds.items())]))


def cpu_of(process: int) -> float:
    """Seconds of the processor that a process has had, without its children."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def tasks(count: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        texts(Path(place, "in"), count)
        dask = [sys.executable, "-m", "dask"]
        known = Path(place, "scheduler.json")
        quiet = {"stderr": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "cwd": place}
        arguments = [
            "scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--scheduler-file",
            str(known),
            "--no-dashboard",
        ]
        servers = [subprocess.Popen([*dask, *arguments], **quiet)]  # type: ignore[call-overload]
        while not known.is_file():
            time.sleep(0.1)
        time.sleep(0.5)
        address = json.loads(known.read_text())["address"]
        arguments = ["worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        servers += [subprocess.Popen([*dask, *arguments], **quiet) for _ in range(WORKERS)]  # type: ignore[call-overload]
        try:
            rows = _handed_out(Path(place), address, count, [server.pid for server in servers])
        finally:
            for server in servers:
                server.kill()
                server.wait()
        print(table([["", "files/s", "this process", "scheduler", "each worker without its parser"], *rows]))
        print(f"milliseconds of the processor for each of {count} texts")


def _handed_out(place: Path, address: str, count: int, servers: list[int]) -> list[list[str]]:
    def spent() -> list[float]:
        return [time.process_time(), *map(cpu_of, servers)]

    def row(name: str, before: list[float], clock: float) -> list[str]:
        ours, scheduler, *workers = [(now - then) * 1000 / count for now, then in zip(spent(), before, strict=True)]
        return [name, f"{count / clock:.0f}", f"{ours:.2f}", f"{scheduler:.2f}", f"{sum(workers):.2f}"]

    sources, options = [str(place / "in")], pipeline.Options()
    begin, before = time.perf_counter(), spent()
    for _ in run(sources, Settings(str(place / "near"), options), Processes(work, WORKERS)):
        pass
    near = row(f"{WORKERS} processes here", before, time.perf_counter() - begin)
    with cluster(address, work, str(place / "far"), Limits()) as crew:
        begin, before = time.perf_counter(), spent()
        for _ in run(sources, Settings(str(place / "far"), options), crew):
            pass
        return [near, row(f"{WORKERS} workers of a cluster", before, time.perf_counter() - begin)]


def main() -> None:
    what, *numbers = sys.argv[1:] or ["help"]
    if what in ("pages", "tasks"):
        {"pages": pages, "tasks": tasks}[what](*(map(int, numbers) if numbers else [400]))
    else:
        print(__doc__)


if __name__ == "__main__":
    main()
