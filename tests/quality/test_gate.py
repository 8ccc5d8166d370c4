"""The gate's own arithmetic, on invented figures; and no text of the real documents in the project."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.quality.gate import FLOORS, ROOT, SHARED, Measured, compare, floors_text, main, raised

# Eight words in a row are no accident; shorter runs are the common language of offices.
SHINGLE = 8


def measured(exact: float, soft: float, name: str = "doc-1") -> Measured:
    return Measured(name, "abc", {"[all]": {"f1_exact": exact, "f1_soft": soft}})


def test_a_figure_under_its_floor_is_named():
    fallen, risen = compare(measured(0.8, 0.9), {"doc-1": {"digest": "abc", "[all]": [0.81, 0.9]}})
    assert fallen == ["doc-1  [all] F1 exact: 0.8100 -> 0.8000"]
    assert risen == []


def test_a_row_that_vanished_fell():
    fallen, _ = compare(measured(0.8, 0.9), {"doc-1": {"[flow]": [0.5, 0.5]}})
    assert len(fallen) == 2


def test_floors_only_rise():
    floors = {"doc-1": {"digest": "old", "[all]": [0.85, 0.85], "[flow]": [0.5, 0.5]}}
    assert raised(measured(0.8, 0.9), floors) == {"digest": "abc", "[all]": [0.85, 0.9], "[flow]": [0.5, 0.5]}


def test_floors_survive_writing():
    floors = {"doc-1": {"digest": "abc", "[all]": [0.85, 1.0]}, "together": {"step.duration.text": [1.0, 1.0]}}
    assert tomllib.loads(floors_text(floors)) == floors


def test_the_pinned_floors_can_be_read():
    for rows in tomllib.loads(FLOORS.read_text()).values():
        assert all(
            len(value) == 2 and 0 <= min(value) <= max(value) <= 1 for key, value in rows.items() if key != "digest"
        )


def test_without_documents_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("tests.quality.gate.SHARED", tmp_path)
    assert main([]) == 0
    assert "nothing was measured" in capsys.readouterr().out


def strings(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            # Titles of regulations are public law and stand in many documents.
            if name != "legal_basis":
                yield from strings(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item, key)
    elif isinstance(value, str):
        yield value


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}


def squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def persons(gold: dict[str, Any]) -> Iterator[str]:
    """Names (without degrees) and service numbers of the officials who signed."""
    for sop in gold["sops"]:
        approver = (sop.get("header") or {}).get("approver") or {}
        yield from (squeezed(value.split(",")[0]) for value in (approver.get("name"), approver.get("nip")) if value)


def project_files() -> Iterator[tuple[str, str]]:
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    for name in subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.splitlines():
        if (ROOT / name).is_file():
            yield name, (ROOT / name).read_text(encoding="utf-8", errors="replace")


needs_gold = pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the real documents are not here")


def gold_documents() -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((SHARED / "gold").glob("*.json"))]


@needs_gold
def test_no_text_of_the_real_documents_is_in_the_project():
    taken = {shingle for gold in gold_documents() for text in strings(gold) for shingle in shingles(text)}
    found = [f"{name}: {' '.join(both)}" for name, text in project_files() for both in shingles(text) & taken]
    assert found == []


@needs_gold
def test_no_official_of_the_real_documents_is_in_the_project():
    people = {person for gold in gold_documents() for person in persons(gold)}
    found = []
    for name, text in project_files():
        plain = squeezed(text)
        found += [f"{name}: {person}" for person in people if person in plain]
    assert found == []
