"""How long it takes: each text sample, tables of growing length, the start of the program, and PDFs (`pages`).

python -m tests.bench.run
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import sopparse
from sopparse import errors
from sopparse.cli.words import table
from tests.bench import pages

ROOT = Path(__file__).parent.parent.parent
FORM = Path(__file__).parent / "form.txt"
REPEATS = 15
STARTS = 7
LENGTHS = (100, 300, 1000)


def spent_ms(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return (time.perf_counter() - begin) * 1000


def first_and_median_ms(action: Callable[[], object], repeats: int) -> tuple[float, float]:
    """The first run, which meets its texts for the first time, and the median of the repeats, which find them
    cached."""
    first = spent_ms(action)
    return first, statistics.median(spent_ms(action) for _ in range(repeats))


def long_table(steps: int) -> bytes:
    """The invented form with that many rows in its table."""
    head, row = FORM.read_text(encoding="utf-8").split("{rows}\n")
    rows = (row.format(number=number, minutes=5 * (number % 12 + 1)) for number in range(1, steps + 1))
    return (head + "".join(rows)).encode()


def parse_ms(content: bytes, name: str) -> tuple[float, float]:
    return first_and_median_ms(lambda: sopparse.parse(content, name=name), REPEATS)


def start_ms(*arguments: str) -> float:
    command = [sys.executable, "-m", "sopparse", *arguments]
    return first_and_median_ms(lambda: subprocess.run(command, capture_output=True, check=True), STARTS)[1]


def sample_rows() -> list[list[str]]:
    rows = []
    for path in sorted((ROOT / "samples").glob("*.txt")):
        content = path.read_bytes()
        with suppress(errors.SopError):
            rows.append(
                [path.name, f"{len(content) / 1000:.1f}", *(f"{ms:.1f}" for ms in parse_ms(content, path.name))]
            )
    return rows


def growth_rows() -> list[list[str]]:
    rows = []
    for steps in LENGTHS:
        content = long_table(steps)
        first, median = parse_ms(content, "long.txt")
        rows.append([str(steps), f"{len(content) / 1000:.1f}", f"{first:.1f}", f"{median:.1f}", f"{first / steps:.2f}"])
    return rows


def main() -> None:
    # Patterns and vocabulary are loaded once in a process: not part of any one document's time.
    loading = spent_ms(lambda: sopparse.parse(long_table(3), name="warm-up.txt"))
    rows = sample_rows()
    print(table([["sample", "kB", "first ms", "median ms"], *rows]))
    for column, label in ((2, "first"), (3, "median")):
        spent = [float(row[column]) for row in rows] or [0.0]
        print(
            f"{label}: median over {len(rows)} samples {statistics.median(spent):.1f} ms, slowest {max(spent):.1f} ms"
        )
    print()
    print(table([["steps", "kB", "first ms", "median ms", "first ms per step"], *growth_rows()]))
    print()
    starts = [[f"sopparse {option}", f"{start_ms(option):.0f}"] for option in ("--help", "--version")]
    print(table([["start", "median ms"], *starts, ["loading at the first parse", f"{loading:.0f}"]]))
    print()
    pages.report()


if __name__ == "__main__":
    main()
