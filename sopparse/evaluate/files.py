"""Gold and results on disk: which belongs to which, and how they are read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sopparse.errors import SourceNotText, SourceUnreadable
from sopparse.evaluate.counts import Evaluation

Pair = tuple[Path, Path | None]

_FORM = "Gold is JSON with a list `sops` in the form of a result; see `sopparse schema`."


def pair_files(paths: Sequence[str], results: Sequence[str]) -> list[Pair]:
    """Gold files with their results, None where there is none.

    With `results`, or where both halves of `paths` are folders, files belong together by name; otherwise the
    first half of `paths` is gold and the second half its results in the same order. Raises ValueError where `paths`
    cannot be halved.
    """
    if results:
        return _by_stem(_files(paths), _files(results))
    half = len(paths) // 2
    if not paths or len(paths) % 2:
        raise ValueError("give as many results as gold, or name the results with --results")
    gold, found = paths[:half], paths[half:]
    if all(Path(path).is_dir() for path in paths):
        return _by_stem(_files(gold), _files(found))
    return [(Path(g), Path(f)) for g, f in zip(gold, found, strict=True)]


def _by_stem(gold: Iterable[Path], results: Iterable[Path]) -> list[Pair]:
    found = {_subject(path): path for path in results}
    return [(path, found.get(_subject(path))) for path in gold]


def _subject(path: Path) -> str:
    """The document that a file is about: `sop-07` for sop-07.json, sop-07.gold.json and sop-07.truth.json."""
    return path.stem.removesuffix(".gold").removesuffix(".truth")


def _files(paths: Iterable[str]) -> list[Path]:
    files: list[Path] = []
    for path in map(Path, paths):
        files += sorted(path.glob("*.json")) if path.is_dir() else [path]
    return files


def load_gold(path: Path) -> dict[str, Any]:
    try:
        gold = json.loads(path.read_bytes())
    except OSError as error:
        raise SourceUnreadable(f"{path}: {error.strerror}", "Check the path of the gold file.") from None
    except (ValueError, RecursionError) as error:
        raise SourceNotText(f"{path} is not JSON: {error}", _FORM) from None
    if not isinstance(gold, dict) or not isinstance(gold.get("sops"), list):
        raise SourceNotText(f"{path} has no list `sops`", _FORM)
    return gold


def load_result(path: Path | None) -> dict[str, Any] | None:
    """None where the file is missing or holds no result: then everything in the gold counts as missed."""
    if path is None:
        return None
    try:
        result = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return result if isinstance(result, dict) else None


def compare_files(gold: Path, result: Path | None) -> tuple[Evaluation, bool]:
    """The counts of one pair, and whether there was a result to compare.

    Raises SourceNotText where either side has not the form of the contract.
    """
    from sopparse.evaluate import compare

    truth, found = load_gold(gold), load_result(result)
    try:
        return compare(truth, found or {}), found is not None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # JSON of any shape can stand here; that it has another shape shows only where a value is used.
        raise SourceNotText(
            f"{gold} or {result} has not the form of a result ({type(error).__name__}: {error})", _FORM
        ) from None
