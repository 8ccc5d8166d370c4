"""Tables without borders, against generated ones with exact truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from random import Random

from rapidfuzz.distance import Levenshtein

from sopparse.layout.tables import Table
from sopparse.layout.unweave import unweave
from sopparse.normalize.text import fold
from sopparse.page import Word, text_of
from tests.weaving import DRIFTED, FIELDS, NOISY, PLAIN, Printer, invent, spread, stack, weave, words_of

SOFT = 0.9  # similarity from which a cell counts as right
TEXTS = ("activity", "requirements", "output")

FORMS: dict[str, Printer] = {
    "plain": partial(weave, damage=PLAIN),
    "noisy": partial(weave, damage=NOISY),
    "drifted": partial(weave, damage=DRIFTED),
    "spread": spread,
    "centred": partial(spread, centred=True),
    "stacked": stack,
}


def cells_of(table: Table) -> list[dict[str, str]]:
    return [{name: text_of(table.cell(row, name)) for name in FIELDS} for row in table.rows]


def soft(left: str, right: str) -> bool:
    return Levenshtein.normalized_similarity(fold(left), fold(right)) >= SOFT


def given_words(table: Table) -> list[tuple[int, int, str]]:
    """Every piece of a word that the table holds, in the order of the source."""
    groups = [
        table.title,
        table.labels,
        table.stray,
        *table.footnotes,
        *(cell for row in table.rows for cell in row.cells),
    ]
    return sorted((word.index, word.start, word.text) for words in groups for word in words)


def assert_conserved(lines: Sequence[tuple[Word, ...]], table: Table) -> None:
    joined: dict[int, str] = {}
    for index, start, text in given_words(table):
        assert len(joined.setdefault(index, "")) == start
        joined[index] += text
    assert joined == {word.index: word.text for line in lines for word in line}


def shares(printer: Printer, count: int, start: int = 0) -> dict[str, float]:
    right: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for seed in range(start, start + count):
        rng = Random(seed)
        woven = printer(rng, invent(rng))
        lines = words_of(woven.lines)
        table = unweave(lines)
        assert table is not None
        assert_conserved(lines, table)
        found = cells_of(table)
        wanted["rows"] += len(woven.steps)
        right["rows"] += min(len(found), len(woven.steps))
        for step, cells in zip(woven.steps, found, strict=False):
            for name in FIELDS:
                value = getattr(step, name)
                if value or cells[name]:
                    wanted[name] += 1
                    right[name] += soft(value, cells[name])
    return {name: right[name] / total for name, total in wanted.items()}
