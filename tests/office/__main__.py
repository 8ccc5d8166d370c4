"""`python -m tests.office [FOLDER]` writes all papers as PDF with their truth; it needs LibreOffice.

With `--keep` the office files are written, too.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from tests.office import PAGES
from tests.office.check import misplaced
from tests.office.docx import write_docx
from tests.office.export import export
from tests.office.paper import make_paper
from tests.office.xlsx import write_xlsx

WRITERS = {"docx": write_docx, "xlsx": write_xlsx}
# Documents of each kind; their charts take one to three pages.
COUNT = 32


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=PAGES)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--keep", action="store_true")
    wish = parser.parse_args()
    wish.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as room:
        files = []
        for kind, write in WRITERS.items():
            for k in range(wish.count):
                paper = make_paper(2 * k + (kind == "xlsx"))
                file = Path(room, f"{kind}-{k:02}.{kind}")
                file.write_bytes(write(paper))
                if wish.keep:
                    (wish.folder / file.name).write_bytes(file.read_bytes())
                text = json.dumps(paper.truth, ensure_ascii=False, separators=(",", ":")) + "\n"
                (wish.folder / f"{file.stem}.truth.json").write_text(text, encoding="utf-8")
                files.append((file, paper))
        export([file for file, _ in files], wish.folder, Path(room, "profile"))
    wrong = 0
    for file, paper in files:
        scale = paper.look.scale / 100 if file.suffix == ".xlsx" else 1.0
        for place in misplaced(paper, (wish.folder / f"{file.stem}.pdf").read_bytes(), scale):
            print(f"{file.stem}: {place} is not where the truth says")
            wrong += 1
    raise SystemExit(wrong > 0)


if __name__ == "__main__":
    main()
