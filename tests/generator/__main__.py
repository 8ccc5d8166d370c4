"""`python -m tests.generator OUTDIR --count N --seed S` writes random documents; with OUTDIR `samples` and no count,
the committed samples: one of each form."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tests.generator import FORMS, document, make_sop, render

# Chosen so that the samples differ in procedure, agency and number of steps.
SAMPLE_SEED = 4100
# Damage of the samples; the others are clean.
SAMPLE_DAMAGE = {"scan": 0.6, "tags": 0.2, "spaces": 0.2}


def samples() -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Name, bytes and truth of each committed sample; all in UTF-8."""
    made = {}
    for i, form in enumerate(FORMS):
        seed = SAMPLE_SEED + i
        made[form] = render(make_sop(seed), form, seed, SAMPLE_DAMAGE.get(form, 0.0), plain=True)
    return made


def write(folder: Path, name: str, content: bytes, truth: dict[str, Any]) -> None:
    (folder / f"{name}.txt").write_bytes(content)
    text = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
    (folder / f"{name}.truth.json").write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    wish = parser.parse_args()
    wish.folder.mkdir(parents=True, exist_ok=True)
    if wish.count is None:
        for form, (content, truth) in samples().items():
            write(wish.folder, form, content, truth)
    for seed in range(wish.seed, wish.seed + (wish.count or 0)):
        form, content, truth = document(seed)
        write(wish.folder, f"{seed:05}-{form}", content, truth)


if __name__ == "__main__":
    main()
