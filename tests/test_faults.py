"""Faults planted in documents: a few of each kind. `make faults` measures more of them."""

from __future__ import annotations

from functools import cache

import pytest

from tests.faults.kinds import KINDS, LOST
from tests.faults.planting import Verdict, cases, judge, without_lost

COUNT = 5
# What nobody may notice who has only the document: another month that fits, a sentence that ends early and is whole.
HARD = frozenset(
    ("wrong-month", "cut-row", "wrong-unit", "broken-nip", "lost-item", "cut-list", "foreign-item", "lost-row")
)
# Share of the faults of the other kinds that may go unseen; and of all.
UNSEEN, UNSEEN_AT_ALL = 0.1, 0.25


@cache
def verdicts() -> tuple[Verdict, ...]:
    return tuple(map(judge, cases(COUNT)))


def share(found: list[Verdict]) -> float:
    return sum(not v.noticed for v in found) / len(found)


def test_there_is_something_of_every_kind() -> None:
    assert {v.case.kind for v in verdicts() if v.wrong} == set(KINDS)


def test_most_faults_are_noticed() -> None:
    harmful = [v for v in verdicts() if v.wrong]
    assert share([v for v in harmful if v.case.kind not in HARD]) <= UNSEEN
    assert share(harmful) <= UNSEEN_AT_ALL


@pytest.mark.parametrize("kind", ["swapped-dates", "shifted-row", "doubled-row", "foreign-columns"])
def test_what_is_always_noticed(kind: str) -> None:
    assert all(v.noticed for v in verdicts() if v.case.kind == kind and v.wrong)


@pytest.mark.parametrize(
    ("printed", "form", "expected"),
    [
        (f"1. Satu\n2. {LOST}\n3. Tiga", "stacked", "1. Satu\n3. Tiga"),
        (f"1. Satu 2. {LOST} 3. Tiga", "tabs", "1. Satu  3. Tiga"),
        (f"<ol><li>Satu<li>{LOST}<li>Tiga</ol>", "html", "<ol><li>Satu<li>Tiga</ol>"),
        (f"  2. {LOST}    Printer", "spaces", "               Printer"),
    ],
)
def test_lost_items_take_their_numbers_along(printed: str, form: str, expected: str) -> None:
    assert without_lost(printed, form) == expected
