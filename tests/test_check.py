"""Each check raises its finding where it should, and only there."""

from __future__ import annotations

from typing import Any

import pytest

from sopparse import check
from sopparse.evidence import Finding
from sopparse.model import Duration, Header, Procedure, Sop, Step
from tests.factories import sop


def found(one: Sop) -> dict[str, str]:
    return {issue.code: path for path, issue in check.review(one)}


def with_header(**values: Any) -> Sop:
    return sop().model_copy(update={"header": Header(title="Pinjam Arsip", **values)})


def with_steps(*steps: Step) -> Sop:
    return sop().model_copy(update={"procedures": (Procedure(steps=steps),)})


def timed(*minutes: float | None) -> Sop:
    return with_steps(
        *(
            Step(number=i, duration=Duration(text="x", minutes=(m, m)) if m is not None else None)
            for i, m in enumerate(minutes, 1)
        )
    )


def numbered(*numbers: str | None) -> Sop:
    return with_steps(*(Step(number=i, printed_number=n) for i, n in enumerate(numbers, 1)))


def test_a_sound_document() -> None:
    assert found(sop()) == {}


@pytest.mark.parametrize(
    ("label", "given", "code", "path"),
    [
        ("no title", sop(None), "header.title-missing", "/header/title"),
        ("no steps", sop(activities=()), "procedure.missing", "/procedures"),
        (
            "effective too early",
            with_header(created="2031-05-02", effective="2031-05-01"),
            "header.effective-before-created",
            "/header/effective",
        ),
        (
            "revised too early",
            with_header(created="2031-05-02", revised="2030"),
            "header.revised-before-created",
            "/header/revised",
        ),
        ("a number left out", numbered("1.", "3."), "step.number-out-of-order", "/procedures/0/steps/1/printed_number"),
        ("a number twice", numbered("1", "1"), "step.number-out-of-order", "/procedures/0/steps/1/printed_number"),
        ("a step without number", numbered("1", None, "2"), "step.numbers-missing", "/procedures/0/steps"),
        ("an outlier", timed(5, 10, 15, 10, 27_000), "step.duration-outlier", "/procedures/0/steps/4/duration"),
        ("a time left out", timed(5, None, 10), "step.duration-missing", "/procedures/0/steps/1/duration"),
    ],
)
def test_what_is_found(label: str, given: Sop, code: str, path: str) -> None:
    assert found(given) == {code: path}, label


@pytest.mark.parametrize(
    ("label", "given"),
    [
        ("the same day", with_header(created="2031-05-02", effective="2031-05-02")),
        ("the same year, less precise", with_header(created="2031-05-02", effective="2031")),
        ("no numbers at all", numbered(None, None)),
        ("numbers in brackets", numbered("(1)", "(2)")),
        ("letters are not counted", numbered("a.", "c.")),
        ("a figure that is no number", numbered("²", "1")),
        ("too few times", timed(5, 10, 27_000)),
        ("many long times", timed(5, 5, 5, 5, 5, 900, 900, 900)),
        ("no times at all", timed(None, None)),
    ],
)
def test_what_is_not(label: str, given: Sop) -> None:
    assert {code for code in found(given) if code != "step.numbers-missing"} == set(), label


def test_a_check_never_fails_on_odd_values() -> None:
    odd = with_steps(
        Step(number=1, printed_number="٣"), Step(number=2, duration=Duration(text="x", minutes=(None, None)))
    )
    assert isinstance(found(odd), dict)


@pytest.mark.parametrize(
    ("severities", "sops", "expected"),
    [
        (["note", "warning"], [sop()], "complete"),
        (["error"], [sop()], "partial"),
        ([], [Sop(pages=(1,), layout="sop-ap", header=Header())], "failed"),
        ([], [], "failed"),
    ],
)
def test_status(severities: list[str], sops: list[Sop], expected: str) -> None:
    assert check.status([Finding("x", "")], severities, sops) == expected
