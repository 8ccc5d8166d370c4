"""What archives cost: throughput by workers, overhead over bare parsing, memory, and whether kills lose anything.

python -m tests.bench.batch texts [COUNT]           generated texts (10 000), 1 and 2 workers, against a bare loop
python -m tests.bench.batch scans [COUNT]           generated scans (200)
python -m tests.bench.batch kills [COUNT] [KILLS]   2 000 files, 50 kills at random moments, against a run in peace

A busy machine distorts seconds, hardly the seconds of the processor (`cpu`).
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sopparse import manifest
from sopparse.cli.words import table
from sopparse.model import Result

BARE = """
import sys, sopparse
for path in open(sys.argv[1]).read().splitlines():
    try:
        sopparse.parse(path)
    except sopparse.errors.SopError:
        pass
"""
WATCH_SECONDS = 0.5
DPI = 200


@dataclass(slots=True)
class Spent:
    """`memory`: MB of the largest process that works, and of the one that supervises, from time to time."""

    seconds: float = 0.0
    cpu: float = 0.0
    memory: list[tuple[float, float]] = field(default_factory=list)


def spend(command: list[str], **environment: str) -> Spent:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    spent = Spent()
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, **environment}) as process:
        watcher = threading.Thread(target=_watch, args=(process, spent.memory))
        watcher.start()
        process.wait()
        watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent.seconds = time.perf_counter() - begin
    # Workers are ended, not waited for to the last: what they used is in the lines of the manifest, and here.
    spent.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent


def _watch(process: subprocess.Popen[bytes], memory: list[tuple[float, float]]) -> None:
    while process.poll() is None:
        children = [_megabytes(child) for child in _children(process.pid)]
        memory.append((max(children, default=0.0), _megabytes(process.pid)))
        time.sleep(WATCH_SECONDS)


def _children(parent: int) -> list[int]:
    try:
        return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    except OSError:
        return []


def _megabytes(process: int) -> float:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    except (OSError, IndexError):
        return 0.0


def batch(folder: Path, out: Path, workers: int) -> list[str]:
    command = [sys.executable, "-m", "sopparse", "batch", str(folder), str(out)]
    return [*command, "--workers", str(workers), "--timeout", "600"]


def texts(folder: Path, count: int) -> None:
    from tests.generator import document

    for seed in range(count):
        _, content, _ = document(seed)
        place = folder / f"{seed // 1000:03d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{seed:06d}.txt").write_bytes(content)


def scans(folder: Path, count: int) -> None:
    """Pages of generated SOPs as pictures: drawn, a little turned, printed grey on grey."""
    import io

    import pypdfium2
    from PIL import Image, ImageFilter

    from tests.drawing.paper import make_paper
    from tests.drawing.printing import print_papers

    folder.mkdir(parents=True, exist_ok=True)
    made = seed = 0
    while made < count:
        paper, seed = make_paper(seed), seed + 1
        if paper is None:
            continue
        with pypdfium2.PdfDocument(io.BytesIO(print_papers([paper]))) as pdf:
            for page in pdf:
                if made < count:
                    picture = page.render(scale=DPI / 72).to_pil().convert("L")
                    turned = picture.rotate(random.Random(made).uniform(-1, 1), fillcolor=255, expand=True)
                    shown = Image.eval(
                        turned.filter(ImageFilter.GaussianBlur(0.6)), lambda value: 30 + value * 200 // 255
                    )
                    shown.save(folder / f"{made:05d}.jpg", quality=70, dpi=(DPI, DPI))
                    made += 1


def throughput(make: Callable[[Path, int], None], count: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "in")
        make(folder, count)
        one = Path(place, "one")
        one.mkdir()
        first = next(path for path in sorted(folder.rglob("*")) if path.is_file())
        (one / first.name).write_bytes(first.read_bytes())
        names = Path(place, "names")
        names.write_text("\n".join(str(path) for path in sorted(folder.rglob("*")) if path.is_file()))
        # What Tesseract read once is not read again: each run gets an empty store.
        runs = {
            "bare": [sys.executable, "-c", BARE, str(names)],
            "1 worker": batch(folder, Path(place, "out1"), 1),
            "2 workers": batch(folder, Path(place, "out2"), 2),
            "again": batch(folder, Path(place, "out2"), 2),
        }
        spent = {name: spend(command, XDG_CACHE_HOME=f"{place}/cache-{name}") for name, command in runs.items()}
        start = {n: spend(batch(one, Path(place, f"start{n}"), n), XDG_CACHE_HOME=f"{place}/c{n}") for n in (1, 2)}
        rows = [
            [name, f"{s.seconds:.1f}", f"{s.cpu:.1f}", f"{count / s.seconds:.1f}", *_quarters(s.memory)]
            for name, s in spent.items()
        ]
        print(table([[f"{count} files", "seconds", "cpu", "files/s", "worker MB by quarter", "supervisor MB"], *rows]))
        bare, first_run, second = spent["bare"], spent["1 worker"], spent["2 workers"]
        print(f"start (one file): {start[1].seconds:.1f} s with one worker, {start[2].seconds:.1f} s with two")
        print(
            f"overhead: {first_run.seconds / bare.seconds - 1:+.1%} of the seconds, {_cpu(first_run, bare):+.1%} of cpu"
        )
        print(f"two workers: {first_run.seconds / second.seconds:.2f} times one")
        print(f"the same: {_lines(Path(place, 'out1')) == _lines(Path(place, 'out2'))}")


def _cpu(one: Spent, other: Spent) -> float:
    return one.cpu / max(other.cpu, 1e-6) - 1


def _quarters(memory: list[tuple[float, float]]) -> list[str]:
    """The largest of each quarter of the run."""
    step = max(len(memory) // 4, 1)
    parts = [memory[k * step : (k + 1) * step] or memory[-1:] for k in range(4)]
    return [" ".join(f"{max((m[i] for m in part), default=0):.0f}" for part in parts) for i in (0, 1)]


def _lines(out: Path) -> list[manifest.Line]:
    return [line.model_copy(update={"seconds": None}) for line in manifest.read(out)]


def _run_and_kill(command: list[str], rng: random.Random, most: int) -> None:
    """Kills it in its start, or a moment after it parsed up to `most` files."""
    start = rng.random() < 0.2
    after = 0 if start else rng.randrange(1, most)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        while after > 0 and (said := process.stdout.readline()):
            after -= json.loads(said).get("fresh", False)
        time.sleep(rng.uniform(0, 2 if start else 0.1))
        process.kill()


def kills(count: int, times: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder, whole, torn = Path(place, "in"), Path(place, "whole"), Path(place, "torn")
        texts(folder, count)
        calm = spend(batch(folder, whole, 2)).seconds
        print(f"{count} files in peace: {calm:.1f} s")
        rng = random.Random(1)
        way = []
        for _ in range(times):
            # All the killed runs together come about to the end.
            _run_and_kill([*batch(folder, torn, 2), "--json-log", "-"], rng, 2 * count // times)
            way.append(len(list(torn.glob("results/*/*.json"))))
        print(f"results after each of {times} kills: {way}")
        while spend(batch(folder, torn, 2)) and not (torn / manifest.MANIFEST).exists():
            time.sleep(0.1)
        lines = list(manifest.read(torn))
        names = {str(path) for path in folder.rglob("*") if path.is_file()}
        for path in torn.glob("results/*/*.json"):
            Result.model_validate_json(path.read_bytes())
        same = all(
            (torn / str(x.result)).read_bytes() == (whole / str(x.result)).read_bytes() for x in lines if x.result
        )
        said = {
            "each file once": len(lines) == len(names) == count and {line.name for line in lines} == names,
            "manifest as in peace": _lines(torn) == _lines(whole),
            "results as in peace": same,
            "nothing left over": not any((torn / ".parts").iterdir()),
        }
        print(json.dumps(said))


def main() -> None:
    what, *numbers = sys.argv[1:] or ["help"]
    given = [int(number) for number in numbers]
    if what == "texts":
        throughput(texts, *(given or [10_000]))
    elif what == "scans":
        throughput(scans, *(given or [200]))
    elif what == "kills":
        kills(*(given + [2_000, 50][len(given) :]))
    else:
        print(__doc__)


if __name__ == "__main__":
    main()
