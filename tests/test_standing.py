"""Regulations on a date: in force, replaced or unknown, and never replaced without a whole repeal."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any, get_args

import pytest

from sopparse import model, standing, vocab
from sopparse.standing import Certainty, Link, Relation, data_date, relations, signed_on, standing_of

CASES = json.loads((Path(__file__).parent / "cases/standing.json").read_text(encoding="utf-8"))
REPEALS = [row for row in relations() if row.link == "revokes"]


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_cases(case: dict[str, Any]) -> None:
    found = standing_of(case["id"], case["on"])
    for field in case.keys() - {"label", "id", "on"}:
        value = getattr(found, field)
        assert (list(value) if isinstance(value, tuple) else value) == case[field], field


@pytest.mark.parametrize("row", REPEALS, ids=[f"{row.object} by {row.subject}" for row in REPEALS])
def test_every_repeal_counts_from_its_time_on(row: Relation) -> None:
    start, _, end = (row.effective or row.subject.split("/")[-2]).partition("/")
    before = standing_of(row.object, str(int(start[:4]) - 1))
    assert before.state != "replaced" or row.subject not in before.by
    end = (end or start) + "-12-31"[len(end or start) - 4 :]
    after = standing_of(row.object, min(_next_day(end), data_date()))
    assert after.state == "replaced"
    assert row.subject in after.by
    assert row.source in str(after.source)


def _next_day(date: str) -> str:
    return (datetime.date.fromisoformat(date) + datetime.timedelta(days=1)).isoformat()


def test_rows_are_complete() -> None:
    for row in relations():
        assert row.link in get_args(Link)
        assert row.confidence in get_args(Certainty)
        assert row.source
        assert row.subject != row.object
        assert bool(row.object) != (row.link in ("in-force", "unknown"))
        for date in filter(None, row.effective.split("/")):
            assert datetime.date.fromisoformat(date).year >= int(row.subject.split("/")[-2])
    keys = [(row.subject, row.link, row.object) for row in relations()]
    assert len(keys) == len(set(keys))


def test_a_doubtful_source_never_replaces(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (Relation("pp/2032/1", "revokes", "pp/2030/9", None, "2032-05-05", "kabar", "low"),)
    monkeypatch.setattr(standing, "relations", lambda: rows)
    found = standing_of.__wrapped__("pp/2030/9", "2033")
    assert (found.state, found.reason, found.by, found.named) == ("unknown", "doubtful-source", (), ("pp/2032/1",))


def test_an_amendment_of_something_revoked_is_doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (
        Relation("pp/2031/4", "amends", "pp/2030/9", None, "", "judul", "high"),
        Relation("pp/2032/1", "revokes", "pp/2030/9", None, "2032-05-05", "Pasal 8", "high"),
    )
    monkeypatch.setattr(standing, "relations", lambda: rows)
    standing_of.cache_clear()
    assert standing_of("pp/2031/4", "2032-01-01").state == "in-force"
    found = standing_of("pp/2031/4", "2033-01-01")
    assert (found.state, found.reason) == ("unknown", "amended-regulation-revoked")
    standing_of.cache_clear()


def test_without_a_date_the_day_of_the_data_counts() -> None:
    assert standing_of("pp/2005/58") == standing_of("pp/2005/58", data_date())
    assert standing_of(None).reason == "no-data"


def test_the_sooner_known_date_of_a_header() -> None:
    assert signed_on(model.Header()) is None
    assert signed_on(model.Header(created="2031")) == ("2031", "created")
    assert signed_on(model.Header(created="2031", approved="2031-02")) == ("2031-02", "approved")
    assert signed_on(model.Header(created="2031", approved="2031-02", effective="2031-03-01")) == (
        "2031-03-01", "effective",
    )  # fmt: skip


def test_the_vocabulary_keeps_the_rows() -> None:
    assert len(vocab.rows("status")) == len(relations())
