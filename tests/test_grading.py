"""What confidence comes to in one word, for a document and for its sections."""

from __future__ import annotations

import pytest

from sopparse.grading import expected_right, grade, section_of, sections
from sopparse.model import FieldReport, Grade, Signals
from tests.factories import codes, form, parsed

SURE = Signals(read=1.0, place=1.0, parse=1.0)


def field(confidence: float, absence: str | None = None) -> FieldReport:
    return FieldReport(confidence=confidence, signals=SURE, absence=absence)


@pytest.mark.parametrize(
    ("confidence", "error", "expected"),
    [
        (1.0, False, "excellent"),
        (0.967, False, "excellent"),
        (0.95, False, "good"),
        (0.9, False, "fair"),
        (0.1, False, "poor"),
        (1.0, True, "fair"),
        (0.95, True, "fair"),
        (0.8, True, "fair"),
        (0.1, True, "poor"),
    ],
)
def test_grades(confidence: float, error: bool, expected: Grade) -> None:
    assert grade(confidence, error) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/sops/0/header/approver/nip", "/sops/0/header"),
        ("/sops/2/legal_basis/3", "/sops/2/legal_basis"),
        ("/sops/0/procedures/1/steps/3/duration", "/sops/0/procedures/1"),
        ("/sops/0/procedures/1/flow/nodes/3", "/sops/0/procedures/1/flow"),
        ("/sops/0/procedures/1/flow", "/sops/0/procedures/1/flow"),
        ("", None),
        ("/sops/0", None),
    ],
)
def test_section_of_a_pointer(path: str, expected: str | None) -> None:
    assert section_of(path) == expected


def test_a_section_is_the_mean_of_its_values() -> None:
    fields = {
        "/sops/0/header/title": field(1.0),
        "/sops/0/header/number": field(0.8),
        "/sops/0/header/revised": field(0.2, "blank"),
        "/sops/0/records": field(0.9, "no-label"),
        "/sops/0/procedures/0/steps/0/activity": field(0.99),
    }
    found = sections(fields, ["/sops/0/procedures/0/steps/0/activity"])
    assert {path: (one.confidence, one.grade) for path, one in found.items()} == {
        "/sops/0/header": (0.9, "fair"),
        "/sops/0/procedures/0": (0.99, "fair"),
    }


def test_nothing_read_is_nothing_right() -> None:
    assert expected_right([]) == 0.0


def test_a_result_has_its_sections_and_no_good_grade_beside_an_error() -> None:
    result = parsed(form(rows=""))
    assert "procedure.missing" in codes(result)
    assert result.report.grade in ("fair", "poor")
    assert {"/sops/0/header", "/sops/0/legal_basis"} <= set(result.report.sections)
    whole = parsed(form())
    assert "/sops/0/procedures/0" in whole.report.sections
