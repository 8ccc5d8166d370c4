"""How sure a value is, and where it stood: kept beside every value until the result is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, Literal, NamedTuple, TypeVar

from sopparse.geometry import Box

T = TypeVar("T")

Basis = Literal["printed", "symbol", "mark", "inferred", "corrected"]
Absence = Literal["stated-none", "blank", "no-label", "illegible"]
Severity = Literal["note", "warning", "error"]


class Piece(NamedTuple):
    """Characters `start:end` of the source word with that index: the unit in which coverage is counted."""

    word: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Origin:
    """One place of a value: a box on a page, or a range of characters in a plain text.

    `line` is the way of a drawn connector, from its source to its target.
    """

    page: int
    box: Box | None
    span: tuple[int, int] | None
    pieces: tuple[Piece, ...] = ()
    line: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Signals:
    """Three questions, each answered between 0 and 1.

    read: are these the characters on the page? place: is this the right piece of the page for this field?
    parse: did we understand it?
    """

    read: float = 1.0
    place: float = 1.0
    parse: float = 1.0

    @property
    def combined(self) -> float:
        return self.read * self.place * self.parse


@dataclass(frozen=True, slots=True)
class Issue:
    """Something noticed about a value, before it is known where in the result the value will stand.

    `details` fill the placeholders of the sentence that the vocabulary holds for the code.
    """

    code: str
    details: tuple[tuple[str, str], ...] = ()


def issue(code: str, **details: object) -> Issue:
    return Issue(code, tuple((key, str(value)) for key, value in details.items()))


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a normalizer made of a text: the value, how well it was understood, what was repaired on the way."""

    value: T | None
    parse: float = 1.0
    fixes: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """A value of the model with everything that is known about it; split in two at the very end."""

    value: T
    raw: str | None = None
    origins: tuple[Origin, ...] = ()
    signals: Signals = field(default_factory=Signals)
    fixes: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    basis: Basis = "printed"
    absence: Absence | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """An issue with its place in the result: a JSON Pointer, and the origins of the value it is about."""

    code: str
    path: str
    details: tuple[tuple[str, str], ...] = ()
    origins: tuple[Origin, ...] = ()
