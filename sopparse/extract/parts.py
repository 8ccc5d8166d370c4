"""A part of the model with everything known about its values: what extraction yields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sopparse.evidence import Absence, Basis, Field, Issue, Signals
from sopparse.extract.charts import Chart
from sopparse.page import Words, origins_of, read_of, text_of

T = TypeVar("T")

# Of the values reported as absent on 300 generated documents, 99 in 100 were.
ABSENT = 0.98

Fields = Mapping[str, Field[Any]]


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """`fields` and `issues` by JSON Pointer, relative to the part; `labels` and `stray` are words found on the way."""

    value: T
    fields: Fields
    issues: tuple[tuple[str, Issue], ...] = ()
    labels: Words = ()
    stray: Words = ()
    charts: tuple[Chart, ...] = ()  # what is drawn over the tables


@dataclass(slots=True)
class Notes:
    """Collects what is known about the values of a part while it is made."""

    fields: dict[str, Field[Any]] = field(default_factory=dict)
    issues: list[tuple[str, Issue]] = field(default_factory=list)
    labels: list[Any] = field(default_factory=list)
    stray: list[Any] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)

    def add(self, pointer: str, part: Part[T]) -> T:
        """Takes over what is known about a smaller part; returns its value."""
        self.fields.update({pointer + path: value for path, value in part.fields.items()})
        self.issues.extend((pointer + path, found) for path, found in part.issues)
        self.labels.extend(part.labels)
        self.stray.extend(part.stray)
        self.charts.extend(part.charts)
        return part.value

    def part(self, value: T) -> Part[T]:
        return Part(value, self.fields, tuple(self.issues), tuple(self.labels), tuple(self.stray), tuple(self.charts))


def printed(
    value: T,
    words: Words,
    *,
    place: float = 1.0,
    parse: float = 1.0,
    fixes: tuple[str, ...] = (),
    issues: tuple[Issue, ...] = (),
    basis: Basis = "printed",
    absence: Absence | None = None,
) -> Field[T]:
    """A value that stands on the page in these words."""
    return Field(
        value=value,
        raw=text_of(words) or None,
        origins=origins_of(words),
        signals=Signals(read_of(words), place, parse),
        fixes=fixes,
        issues=issues,
        basis=basis,
        absence=absence,
    )


def absent(absence: Absence, place: float = ABSENT, issues: tuple[Issue, ...] = ()) -> Field[None]:
    """A value that the page does not have."""
    return Field(value=None, signals=Signals(1.0, place, 1.0), issues=issues, absence=absence)
