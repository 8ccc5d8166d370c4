"""The shipped table of confidence, how it is applied, and how such tables are fitted."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from sopparse import vocab
from sopparse.confidence import KINDS, calibrated, flaws, interpolate, kind_of, medium_of, pointing_at
from tests.factories import form, parsed
from tests.quality.fitting import HIGHEST, curve, fit
from tests.quality.samples import Sample


def test_the_shipped_table_is_sound() -> None:
    assert list(flaws()) == []


def test_the_shipped_table_says_what_it_was_fitted_to() -> None:
    table = vocab.load("calibration")
    assert set(table["curves"]) <= set(KINDS)
    assert sum(table["documents"].values()) > 100
    assert table["date"] >= "2026-11-21"


@pytest.mark.parametrize(
    ("label", "curves", "findings", "flaw"),
    [
        ("falling", {"date": {"text": [[0.5, 0.9], [1.0, 0.8]]}}, {}, "date.text: not monotone"),
        ("out of range", {"date": {"text": [[0.5, 0.9], [1.0, 1.2]]}}, {}, "date.text: out of range"),
        ("no order", {"date": {"text": [[0.5, 0.9], [0.5, 0.95]]}}, {}, "date.text: knots are not in order"),
        ("empty", {"date": {"text": []}}, {}, "date.text: no knots"),
        ("unknown kind", {"colour": {"any": [[1.0, 0.9]]}}, {}, "colour is no kind of value"),
        ("unknown medium", {"date": {"smoke": [[1.0, 0.9]]}}, {}, "date: smoke is no medium"),
        ("unknown finding", {}, {"no.such": {"trust": 0.5}}, "no.such is no finding"),
        ("no share", {}, {"step.repeated": {"trust": 1.5}}, "step.repeated: trust 1.5 is no share"),
    ],
)
def test_what_is_wrong_with_a_table(
    monkeypatch: pytest.MonkeyPatch, label: str, curves: object, findings: object, flaw: str
) -> None:
    known = vocab.load("findings")
    table = {"curves": curves, "default": {"knots": [[1.0, 0.8]]}, "findings": findings}
    monkeypatch.setattr(vocab, "load", lambda name: table if name == "calibration" else known)
    assert list(flaws()) == [flaw], label


@pytest.mark.parametrize(
    ("path", "basis", "absence", "kind"),
    [
        ("/sops/0/header/number", "printed", None, "number"),
        ("/sops/0/header/created", "printed", None, "date"),
        ("/sops/1/header/approver/nip", "printed", None, "official"),
        ("/sops/0/legal_basis/3", "printed", None, "citation"),
        ("/sops/0/related_sops/0", "printed", None, "list"),
        ("/sops/0/related_sops", "printed", "no-label", "absent"),
        ("/sops/0/procedures/0/steps/11/actors", "symbol", None, "performer"),
        ("/sops/0/procedures/0/steps/11/actors", "inferred", None, "performer-inferred"),
        ("/sops/0/procedures/0/steps/11/actors", "inferred", "blank", "performer-unknown"),
        ("/sops/0/procedures/0/flow/edges/2", "symbol", None, "arrow"),
        ("/sops/0/colour", "printed", None, None),
    ],
)
def test_kinds(path: str, basis: str, absence: str | None, kind: str | None) -> None:
    assert kind_of(path, basis, absence) == kind  # type: ignore[arg-type]


def test_every_value_of_a_document_has_a_kind() -> None:
    fields = parsed(form()).report.fields
    assert {path for path, field in fields.items() if kind_of(path, field.basis, field.absence) is None} == set()


@pytest.mark.parametrize(
    ("reading", "read", "medium"),
    [
        ("text", 1.0, "text"),
        ("pdf", 1.0, "drawn"),
        ("office", 1.0, "drawn"),
        ("ocr", 1.0, "scan"),
        ("mixed", 0.9, "scan"),
        ("mixed", 1.0, "drawn"),
    ],
)
def test_media(reading: str, read: float, medium: str) -> None:
    assert medium_of(reading, read) == medium


@pytest.mark.parametrize(
    ("raw", "expected"), [(0.0, 0.0), (0.25, 0.3), (0.5, 0.6), (0.75, 0.75), (1.0, 0.9), (1.2, 0.9)]
)
def test_between_knots(raw: float, expected: float) -> None:
    assert interpolate(((0.5, 0.6), (1.0, 0.9)), raw) == pytest.approx(expected)


def test_what_was_never_measured_is_not_sure() -> None:
    assert calibrated(None, "text", 1.0) <= 0.8


def test_confidence_never_falls_where_signals_rise() -> None:
    for kind in KINDS:
        for medium in ("text", "drawn", "scan"):
            found = [calibrated(kind, medium, k / 50) for k in range(51)]
            assert found == sorted(found), (kind, medium)


def test_a_finding_bears_on_what_it_points_at_and_on_what_that_holds() -> None:
    pointed = {"/sops/0/procedures/0/steps": {"a"}, "/sops/0/procedures/0/steps/1": {"b"}, "": {"c"}}
    assert pointing_at("/sops/0/procedures/0/steps/1/outputs", pointed) == {"a", "b"}
    assert pointing_at("/sops/0/procedures/0/steps/10", pointed) == {"a"}
    assert pointing_at("/sops/0/header/title", pointed) == frozenset()


def test_a_doubted_value_is_less_sure_than_its_signals_say() -> None:
    field = parsed(form().replace("1. Mampu mengetik", "1. Printer")).report.fields["/sops/0/qualifications/0"]
    signals = field.signals.read * field.signals.place * field.signals.parse
    assert field.confidence < calibrated("list", "text", signals) - 0.2


# -- fitting --------------------------------------------------------------------------------------------------------


def samples(count: int, kind: str = "date", codes: frozenset[str] = frozenset()) -> list[Sample]:
    """Values whose product is the share of them that is right, but for a constant error."""
    rng = Random(f"{kind}-{count}")
    made = []
    for k in range(count):
        raw = rng.choice((0.5, 0.7, 0.9, 1.0))
        right = rng.random() < raw * (0.4 if codes else 1.0)
        made.append(Sample(k % 40, "text", f"/{k}", kind, "text", raw, codes, raw, right))
    return made


def test_a_fitted_curve_is_near_the_truth_and_rises() -> None:
    knots = fit(samples(4000), lambda _: 1.0).curves["date", "text"]
    assert [interpolate(knots, raw) for raw in (0.5, 0.7, 0.9)] == pytest.approx([0.5, 0.7, 0.9], abs=0.04)
    assert interpolate(knots, 1.0) <= HIGHEST
    assert [share for _, share in knots] == sorted(share for _, share in knots)


def test_a_few_right_values_are_not_certain() -> None:
    assert interpolate(curve([(1.0, True, 1.0)] * 10, prior=0.7), 1.0) < 0.95


def test_a_rare_kind_has_no_curve_of_its_own() -> None:
    table = fit(samples(50), lambda _: 1.0)
    assert table.curves == {}
    assert table.of(samples(50)[0]) <= 0.8


def test_trust_of_a_finding_is_how_much_rarer_right_values_are() -> None:
    doubted = samples(400, codes=frozenset(("step.repeated",)))
    trust, seen, _ = fit([*samples(3000), *doubted], lambda _: 1.0).trusts["step.repeated"]
    assert seen == 400
    assert trust == pytest.approx(0.5, abs=0.15)


def test_faults_that_were_planted_count_as_rare() -> None:
    code = frozenset(("step.repeated",))
    right = [replace(one, codes=code, right=True) for one in samples(300)]
    wrong = [replace(one, codes=code, right=False) for one in samples(300)]
    often = fit([*samples(3000), *right, *wrong], lambda _: 1.0).trusts["step.repeated"][0]
    rarely = fit([*samples(3000), *right], lambda _: 1.0, wrong).trusts.get("step.repeated", (1.0,))[0]
    assert often < 0.8 < rarely
