"""How long a comparison takes, and how much memory: results of generated documents, copied until there are enough.

python -m tests.bench.compare [COUNT]
"""

from __future__ import annotations

import resource
import sys
import tempfile
from datetime import date
from pathlib import Path

from sopparse.cli.inputs import many_results
from sopparse.cli.words import table
from sopparse.compare.entries import Terms
from sopparse.compare.questions import Comparison, compare
from sopparse.compare.report import Wording, as_html, as_json, as_xlsx
from sopparse.privacy import Disclosure
from tests.bench.index import COUNT, DIFFERENT, fill, parsed, seconds

TODAY = date(2031, 12, 31)


def main(count: int = COUNT) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        fill(folder, parsed(min(count, DIFFERENT)), count)
        made: list[Comparison] = []
        lines = [["comparing", f"{seconds(lambda: made.append(_compared(folder))):.1f} s"]]
        (comparison,) = made
        wording, disclosure = Wording.of("id"), Disclosure()
        lines += [
            ["HTML", f"{seconds(lambda: as_html(comparison, disclosure, wording, '1.2.3')):.1f} s"],
            ["XLSX", f"{seconds(lambda: as_xlsx(comparison, disclosure, wording)):.1f} s"],
            ["JSON", f"{seconds(lambda: as_json(comparison, disclosure)):.1f} s"],
            ["SOPs", str(len(comparison.documents))],
            ["groups", str(len(comparison.groups))],
            ["peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"],
        ]
        print(table(lines))


def _compared(folder: Path) -> Comparison:
    return compare(many_results(str(folder), []), Terms(TODAY))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
