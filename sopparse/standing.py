"""Whether a regulation is in force on a date, as far as `vocab/status.csv` knows.

Of three states, a wrong `replaced` is worse than `unknown`: only a whole repeal in a row that is not of low confidence
replaces, from the day it took effect. Where only the year of a repeal is known, dates inside that year are unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal, cast

from sopparse import vocab

if TYPE_CHECKING:
    from sopparse.model import Header

State = Literal["in-force", "replaced", "unknown"]
Certainty = Literal["high", "medium", "low"]
Link = Literal["revokes", "revokes-in-part", "amends", "implements", "superseded-by", "in-force", "unknown"]
Reason = Literal[
    "revoked",  # replaced
    "not-yet-revoked", "no-repeal-known",  # in force
    "revoked-in-part", "superseded", "doubtful-source", "amended-regulation-revoked",  # unknown: something is known
    "around-the-repeal", "around-its-issue", "not-yet-issued",  # unknown: the date does not decide
    "no-data",
]  # fmt: skip
Moment = Literal["effective", "approved", "created"]

_CERTAINTIES: tuple[Certainty, ...] = ("low", "medium", "high")
# Weaker rows are named as doubts and decide nothing.
_DECIDING = ("high", "medium")


@dataclass(frozen=True, slots=True)
class Relation:
    """One row: the newer regulation, what it does, the older one. `effective` may be a part of a date or a range."""

    subject: str
    link: Link
    object: str
    scope: str | None
    effective: str
    source: str
    confidence: Certainty


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a regulation on a date, according to the data as of `as_of`.

    `by` replaced it; `through` is what replaced those, in turn, until the date. `partly_by` revoked parts of it.
    `named` are the regulations that make the state doubtful. `since` is when the repeal took effect.
    """

    id: str | None
    on: str
    state: State
    reason: Reason
    as_of: str
    by: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    partly_by: tuple[str, ...] = ()
    amended_by: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    since: str | None = None
    source: str | None = None
    confidence: Certainty | None = None


def data_date() -> str:
    """The day up to which the data was kept."""
    return str(vocab.load("citations")["as_of"])


def signed_on(header: Header) -> tuple[str, Moment] | None:
    """The date at which a procedure's legal basis has to stand, and which of its dates that is."""
    if header.effective is not None:
        return header.effective, "effective"
    if header.approved is not None:
        return header.approved, "approved"
    return None if header.created is None else (header.created, "created")


@lru_cache(maxsize=16384)
def standing_of(id_: str | None, on: str | None = None) -> Standing:
    """The standing on a date (`2017-01-09`, `2017-01`, `2017`); by default on the day of the data."""
    as_of = data_date()
    on = as_of if on is None else on
    if id_ is None:
        return Standing(None, on, "unknown", "no-data", as_of)
    about = [row for row in relations() if row.object == id_]
    current = [row for row in about if not _lies_before(on, _effect(row))]
    state, reason, deciding = _decided(id_, on, about)
    subjects = tuple(dict.fromkeys(row.subject if row.object == id_ else row.object for row in deciding))
    return Standing(
        id=id_,
        on=on,
        state=state,
        reason=reason,
        as_of=as_of,
        by=subjects if state == "replaced" else (),
        through=tuple(_successors(subjects, on, (id_,))) if state == "replaced" else (),
        partly_by=tuple(row.subject for row in current if row.link == "revokes-in-part"),
        amended_by=tuple(row.subject for row in current if row.link == "amends"),
        named=subjects if state == "unknown" else (),
        since=min((_effect(row) for row in deciding), key=_first) if state == "replaced" else None,
        source="; ".join(dict.fromkeys(row.source for row in deciding)) or None,
        confidence=min((row.confidence for row in deciding), key=_CERTAINTIES.index, default=None),
    )


@cache
def relations() -> tuple[Relation, ...]:
    return tuple(
        Relation(
            subject=row["subject"],
            link=cast(Link, row["relation"]),
            object=row["object"],
            scope=row["scope"] or None,
            effective=row["effective"],
            source=row["source"],
            confidence=cast(Certainty, row["confidence"]),
        )
        for row in vocab.rows("status")
    )


def _decided(id_: str, on: str, about: list[Relation]) -> tuple[State, Reason, list[Relation]]:
    """The state, why, and the rows that say so."""
    repeals = [row for row in about if row.link == "revokes" and row.confidence in _DECIDING]
    if past := [row for row in repeals if _has_come(_effect(row), on)]:
        return "replaced", "revoked", past
    if around := [row for row in repeals if not _lies_before(on, _effect(row))]:
        return "unknown", "around-the-repeal", around
    for reason, doubts in _doubts(id_, on, about):
        if doubts:
            return "unknown", reason, doubts
    # What was revoked later, in whole or in part, was in force until then.
    alive = [row for row in about if row.link in ("revokes", "revokes-in-part") and row.confidence in _DECIDING]
    alive += [row for row in relations() if row.subject == id_ and row.link == "superseded-by"]
    until: Reason = "not-yet-revoked" if alive else "no-repeal-known"
    alive = alive or _signs_of_life(id_)
    issue = _issued(id_)
    if not alive or issue is None:
        return "unknown", "no-data", []
    if not _has_come(issue, on):
        return "unknown", "not-yet-issued" if _lies_before(on, issue) else "around-its-issue", []
    return "in-force", until, alive


def _doubts(id_: str, on: str, about: list[Relation]) -> Iterator[tuple[Reason, list[Relation]]]:
    own = [row for row in relations() if row.subject == id_]
    current = [row for row in about if not _lies_before(on, _effect(row))]
    yield "revoked-in-part", [row for row in current if row.link == "revokes-in-part"]
    yield "superseded", [row for row in own if row.link == "superseded-by" and not _lies_before(on, _year(row.object))]
    weak = [row for row in current if row.link == "revokes" and row.confidence not in _DECIDING]
    yield "doubtful-source", weak + [row for row in own if row.link == "unknown"]
    # An amendment usually falls with what it amends, but the repeal does not say so.
    bases = [row for row in own if row.link == "amends"]
    yield "amended-regulation-revoked", [row for row in bases if standing_of(row.object, on).state == "replaced"]


def _signs_of_life(id_: str) -> list[Relation]:
    """Rows by which a regulation counts as in force as long as no repeal is known."""
    return [
        row
        for row in relations()
        if (row.subject == id_ and row.link == "in-force")
        or (row.confidence == "high" and row.subject == id_ and row.link in ("revokes", "amends"))
        or (row.confidence == "high" and row.object == id_ and row.link == "amends")
    ]


def _successors(ids: tuple[str, ...], on: str, seen: tuple[str, ...]) -> Iterator[str]:
    """What replaced the replacing ones, until the date."""
    for id_ in ids:
        repeals = (row for row in relations() if row.object == id_ and row.link == "revokes")
        past = [row for row in repeals if row.confidence in _DECIDING and _has_come(_effect(row), on)]
        following = tuple(row.subject for row in past if row.subject not in seen)
        yield from following
        yield from _successors(following, on, (*seen, *following))


def _effect(row: Relation) -> str:
    """When a repeal took effect; one without a day lies in its year, and not after the day of the data."""
    year = _year(row.subject)
    return row.effective or (f"{year}-01-01/{data_date()}" if year and data_date() < _last(year) else year)


@cache
def _issued(id_: str) -> str | None:
    """By when a regulation was there: the day one of its repeals took effect, or the year in its key."""
    year = _year(id_)
    days = [row.effective for row in relations() if row.subject == id_ and row.effective[:4] == year]
    return min(days, key=_first) if days else year or None


def _year(id_: str) -> str:
    year = id_.split("/")[-2] if "/" in id_ else ""
    return year if len(year) == 4 and year.isdecimal() else ""


def _has_come(effect: str, on: str) -> bool:
    """Whether the effect was there on every day of the date. A year, a month or a range stands for all its days."""
    return bool(effect) and _last(effect) <= _first(on)


def _lies_before(on: str, effect: str) -> bool:
    return bool(effect) and _last(on) < _first(effect)


def _first(date: str) -> str:
    start = date.split("/")[0]
    return start + "-01-01"[len(start) - 4 :]


def _last(date: str) -> str:
    end = date.split("/")[-1]
    return end + "-12-31"[len(end) - 4 :]
