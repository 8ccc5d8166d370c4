"""How long an index takes: all results, an update, a search, a view, Parquet, reading the results back.

Results of generated documents, each copied under other names and digests until there are enough of them.

python -m tests.bench.index [COUNT]
"""

from __future__ import annotations

import hashlib
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import sopparse
from sopparse.cli.words import table
from sopparse.corpus import build, open_index, write_parquet
from sopparse.errors import SopError
from tests.generator import document

COUNT = 10_000
# Documents that are really parsed.
DIFFERENT = 400
CHANGED = 100
SEARCHES = ("permohonan", "berkas permohonan", "surat izin", "menerima berkas", "lapor*", "tidak ada kata ini")
REPEATS = 15


def parsed(count: int) -> list[bytes]:
    found, seed = [], 0
    while len(found) < count:
        form, content, _ = document(seed)
        with suppress(SopError):
            result = sopparse.parse(content, name=f"{seed}-{form}.txt")
            found.append((result.model_dump_json(by_alias=True) + "\n").encode())
        seed += 1
    return found


def renamed(content: bytes, number: int) -> bytes:
    """The same result under another name and digest."""
    digest = hashlib.sha256(f"{number}".encode()).hexdigest()
    name, sha256 = (content.split(mark, 1)[1].split(b'"', 1)[0] for mark in (b'"name":"', b'"sha256":"'))
    return content.replace(sha256, digest.encode(), 1).replace(name, f"{number:05}.txt".encode(), 1)


def fill(folder: Path, results: list[bytes], count: int) -> None:
    for number in range(count):
        place = folder / f"{number % 256:02x}"
        place.mkdir(exist_ok=True)
        (place / f"{number:05}.json").write_bytes(renamed(results[number % len(results)], number))


def seconds(action: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def median_ms(action: Callable[[], Any]) -> float:
    return statistics.median(seconds(action) for _ in range(REPEATS)) * 1000


def main(count: int = COUNT) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, index = Path(name) / "results", Path(name) / "index.sqlite"
        folder.mkdir()
        results = parsed(min(DIFFERENT, count))
        fill(folder, results, count)
        rows = [["results", f"{count}, {sum(map(len, results)) / len(results) / 1000:.0f} kB each"]]
        rows.append(["index of all", f"{seconds(lambda: build(index, [str(folder)])):.1f} s"])
        rows.append(["index", f"{index.stat().st_size / 1e6:.0f} MB"])
        rows.append(["nothing changed", f"{seconds(lambda: build(index, [str(folder)])):.2f} s"])
        for number in range(CHANGED):
            place = folder / f"{number % 256:02x}" / f"{number:05}.json"
            place.write_bytes(renamed(results[(number + 1) % len(results)], count + number))
        rows.append([f"{CHANGED} changed", f"{seconds(lambda: build(index, [str(folder)])):.2f} s"])
        with open_index(index) as opened:
            for words in SEARCHES:
                spent = median_ms(lambda words=words: opened.search(words))
                rows.append([f"search: {words}", f"{spent:.1f} ms, {len(opened.search(words))} hits"])
            rows += [
                [f"view: {view}", f"{seconds(lambda view=view: sum(1 for _ in opened.rows(view))):.2f} s"]
                for view in opened.views()
            ]
            rows.append(["results read back", f"{seconds(lambda: sum(1 for _ in opened.results())):.1f} s"])
        rows.append(["Parquet", f"{seconds(lambda: write_parquet(index, Path(name) / 'tables')):.1f} s"])
        rows.append(["most memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB"])
        print(table(rows))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
