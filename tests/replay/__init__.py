"""What the engine read once in pages drawn here, played again where no engine is installed.

python -m tests.replay      reads the pages anew (needs Tesseract) and writes their words beside this file
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sopparse.geometry import Box
from sopparse.readers.ocr import Found

FOLDER = Path(__file__).parent
# A picture that is played may be larger or smaller by so many dots than the one that was read: programs that draw and
# blur differ a little between versions.
NEARLY = 3


def played(name: str) -> Callable[[Sequence[Any], float], list[list[Found]]]:
    """Reads pictures by what is stored: the words of the next stored picture of that size."""
    left = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))

    def recognised(pictures: Sequence[Any], _: float) -> list[list[Found]]:
        return [_next(left, picture.shape) for picture in pictures]

    return recognised


def _next(left: list[Any], shape: tuple[int, int]) -> list[Found]:
    for k, (height, width, words) in enumerate(left):
        if abs(height - shape[0]) <= NEARLY and abs(width - shape[1]) <= NEARLY:
            del left[k]
            return [Found(text, Box(*box), read, line) for text, box, read, line in words]
    raise AssertionError(f"no stored picture of {shape}: `python -m tests.replay` reads the pages anew")


def recording(store: list[Any], real: Callable[[Sequence[Any], float], list[list[Found]]]) -> Callable[..., Any]:
    """Reads pictures with the engine and stores what it read."""

    def recognised(pictures: Sequence[Any], dpi: float) -> list[list[Found]]:
        found = real(pictures, dpi)
        store.extend([*picture.shape, words] for picture, words in zip(pictures, found, strict=True))
        return found

    return recognised
