"""Where a table is broken between pages, and what stands there."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.generator.words import load


@dataclass(frozen=True, slots=True)
class Break:
    gap: str  # "blank" a blank line, "feed" a form feed, "footer" a page footer and a form feed
    again: str  # what is repeated: "head", "numbers" or "nothing"


def breaks(rows: int, rng: Random, chance: float) -> dict[int, Break]:
    """The rows (0-based) before which the page ends."""
    if rows < 4 or rng.random() >= chance:
        return {}
    at = rng.randrange(2, rows - 1)
    gap = rng.choice(("footer", "footer", "feed")) if chance > 0.5 else rng.choice(("blank", "blank", "feed"))
    return {at: Break(gap, rng.choice(("head", "head", "numbers", "nothing")))}


def head_again(kind: Break, head: list[str], numbers: str) -> list[str]:
    return {"head": head, "numbers": [numbers], "nothing": []}[kind.again]


def footer(rng: Random, page: int) -> str:
    pieces = load("printing")["pieces"]
    if rng.random() < 0.3:
        stamp: str = rng.choice(pieces["stamps"])
        return stamp
    text: str = rng.choice(pieces["footers"])
    return text.replace("{page}", str(page)).replace("{pages}", str(page + 1))
