"""The quality gate: real documents are parsed, scored by the shared scorer, and held to pinned floors.

python -m tests.quality.gate [--raise]

The documents stand beside the checkout (../shared) and never in it; `floors.toml` holds only figures. A figure under
its floor fails. `--raise` lifts floors to what was reached and pins new documents; it never lowers one: that is done by
hand, with the reason in the commit.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sopparse.cli.words import table

ROOT = Path(__file__).parent.parent.parent
SHARED = ROOT.parent / "shared"
FLOORS = Path(__file__).parent / "floors.toml"
# The rows that are pinned for each document; all documents together are pinned field by field.
PINNED = ("[all]", "[header]", "[legal]", "[step]", "[flow]")
WORST = 3
# Figures are written with four decimals: below this nothing has changed.
ROUNDING = 0.00005

Floors = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    gold: Path
    source: Path

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.gold.read_bytes() + self.source.read_bytes()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Measured:
    """The scorer's rows for one document, or for all of them together (`digest` is then empty)."""

    name: str
    digest: str
    fields: dict[str, dict[str, float]]
    problem: str | None = None

    @property
    def worst_key(self) -> float:
        return self.fields["[all]"]["f1_soft"]


def documents() -> list[Document]:
    """Each document with its gold: gold/seed-NNN.json belongs to seeds/NNN_*.txt, any other to corpus/NAME.*."""
    found = []
    for gold in sorted((SHARED / "gold").glob("*.json")):
        seed = gold.stem.removeprefix("seed-")
        sources = sorted([*(SHARED / "seeds").glob(f"{seed}_*.txt"), *(SHARED / "corpus").glob(f"{gold.stem}.*")])
        found += [Document(gold.stem, gold, source) for source in sources[:1]]
    return found


def parse(document: Document, target: Path) -> str | None:
    """What went wrong, if something did; a document without a result counts as wholly missed."""
    command = [sys.executable, "-m", "sopparse", "parse", str(document.source), "-o", str(target), "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    return None if done.returncode == 0 else f"exit code {done.returncode}: {done.stderr.strip()}"


def score(pairs: Sequence[Path]) -> dict[str, Any]:
    command = [sys.executable, str(SHARED / "eval/score.py"), "--json", *map(str, pairs)]
    summary: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return summary


def measure(folder: Path) -> tuple[list[Measured], Measured, dict[str, Any] | None]:
    parts: list[Measured] = []
    pairs: list[Path] = []
    for document in documents():
        target = folder / f"{document.name}.json"
        problem = parse(document, target)
        pairs += [document.gold, target]
        parts.append(Measured(document.name, document.digest, score(pairs[-2:])["fields"], problem))
    whole = score(pairs)
    return parts, Measured("together", "", whole["fields"]), whole["calibration"]


def pinned(measured: Measured) -> dict[str, list[float]]:
    """F1 exact and soft of the rows that have a floor; rows in brackets are sums over fields."""
    rows = PINNED if measured.digest else measured.fields
    return {
        row: [measured.fields[row]["f1_exact"], measured.fields[row]["f1_soft"]]
        for row in rows
        if row in measured.fields
    }


def compare(measured: Measured, floors: Floors) -> tuple[list[str], list[str]]:
    """What fell under its floor, and what rose above it."""
    floor = floors.get(measured.name, {})
    fallen: list[str] = []
    risen: list[str] = []
    found = pinned(measured)
    for row, low in floor.items():
        if row == "digest":
            continue
        for kind, was, now in zip(("exact", "soft"), low, found.get(row, [0.0, 0.0]), strict=True):
            line = f"{measured.name}  {row} F1 {kind}: {was:.4f} -> {now:.4f}"
            if now < was - ROUNDING:
                fallen.append(line)
            elif now > was + ROUNDING:
                risen.append(line)
    return fallen, risen


def raised(measured: Measured, floors: Floors) -> dict[str, Any]:
    """The floors of one document, each at the higher of what was pinned and what was reached."""
    old = floors.get(measured.name, {})
    new: dict[str, Any] = {"digest": measured.digest} if measured.digest else {}
    for row, now in pinned(measured).items():
        new[row] = [max(pair) for pair in zip(now, old.get(row, (0.0, 0.0)), strict=True)]
    return {**{row: value for row, value in old.items() if row not in new and row != "digest"}, **new}


def floors_text(floors: Floors) -> str:
    lines = ["# F1 exact and F1 soft that must be reached. Raised by `python -m tests.quality.gate --raise`."]
    for name, rows in floors.items():
        lines += [
            "",
            f"[{json.dumps(name)}]",
            *(f"{json.dumps(row)} = {json.dumps(value)}" for row, value in rows.items()),
        ]
    return "\n".join(lines) + "\n"


def show(parts: Sequence[Measured], whole: Measured, calibration: dict[str, Any] | None) -> None:
    heads = ["field", "expected", "found", "exact", "soft", "F1 exact", "F1 soft"]
    rows = [_row(name, counts) for name, counts in whole.fields.items()]
    print(table([heads, *rows]), "\n")
    names = [["document", *heads[1:]]]
    print(table(names + [_row(part.name, part.fields["[all]"]) for part in parts]), "\n")
    for part in sorted(parts, key=lambda p: p.worst_key)[:WORST]:
        weak = sorted((c["f1_soft"], name) for name, c in part.fields.items() if not name.startswith("["))[:5]
        print(f"worst: {part.name}: " + ", ".join(f"{name} {f1:.2f}" for f1, name in weak))
    if calibration is not None:
        print(f"calibration: {json.dumps(calibration)}")


def _row(name: str, counts: dict[str, float]) -> list[str]:
    whole = [str(counts[key]) for key in ("expected", "found", "exact", "soft")]
    return [name, *whole, f"{counts['f1_exact']:.3f}", f"{counts['f1_soft']:.3f}"]


def show_reliability(folder: Path) -> None:
    """The confidence that was published, against what was right; also on generated documents."""
    from tests.quality.documents import Asked, Read
    from tests.quality.reliability import published, quick, report, risk, samples_from

    read = []
    for one in documents():
        result = folder / f"{one.name}.json"
        if result.is_file():
            gold = json.loads(one.gold.read_text(encoding="utf-8"))
            read.append(Read(Asked("real", "real", 0, one.name), gold, json.loads(result.read_text(encoding="utf-8"))))
    groups = {
        "Real documents (the table was fitted to them, too: `make calibrate` leaves each out)": samples_from(read),
        "Generated texts and drawn pages that the table was not fitted to": quick(),
    }
    for title, samples in groups.items():
        report(title, samples, published)
        risk(samples, published)


def main(arguments: list[str]) -> int:
    if not documents():
        print(f"quality gate: no real documents at {SHARED}; nothing was measured")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        parts, whole, calibration = measure(Path(folder))
        show(parts, whole, calibration)
        show_reliability(Path(folder))
    floors: Floors = tomllib.loads(FLOORS.read_text()) if FLOORS.is_file() else {}
    fallen: list[str] = []
    risen: list[str] = []
    problems: list[str] = []
    for measured in (*parts, whole):
        down, up = compare(measured, floors)
        fallen += down
        risen += up
        if measured.problem is not None:
            problems.append(f"{measured.name}: {measured.problem}")
        if measured.digest and measured.name not in floors:
            print(f"new: {measured.name} has no floor yet (--raise pins it)")
        elif floors.get(measured.name, {}).get("digest", "") != measured.digest:
            print(f"changed: the source or the gold of {measured.name} is not what its floors were measured on")
    for line in risen:
        print(f"above its floor: {line}")
    for line in fallen:
        print(f"UNDER ITS FLOOR: {line}")
    for line in problems:
        print(f"NO RESULT: {line}")
    if "--raise" in arguments:
        FLOORS.write_text(floors_text({m.name: raised(m, floors) for m in (*parts, whole)}))
        print(f"floors raised: {FLOORS.relative_to(ROOT)}")
    verdict = "FAILED" if fallen or problems else "passed"
    print(f"quality gate: {verdict}; {len(parts)} documents, {len(fallen)} under a floor, {len(problems)} failures")
    return 0 if verdict == "passed" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
