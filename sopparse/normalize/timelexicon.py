"""The vocabulary of units and of the words around them, ready for look-up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from sopparse import vocab
from sopparse.normalize import match
from sopparse.normalize.digits import number_words
from sopparse.normalize.text import fold

Unit = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "semester", "year"]
Number = int | float

# A time without a quantity is a phrase; with more words the text is more likely a sentence of another column.
LONGEST_PHRASE = 7
SENTENCE_OPENS = 0.5  # beginnings up to this likeness are those of other sentences, too
PARSE_TEXT_LEFT = 0.85  # words beside the value that were not understood

_DIGIT = re.compile(r"[0-9½¼¾⅓⅔]|\b[lI][oO]?\b")


@dataclass(frozen=True, slots=True)
class Measure:
    """How long a unit is: fixed minutes or working days, and how ISO 8601 writes it."""

    minutes: float | None
    days: float
    months: int
    iso: str


class Scope(NamedTuple):
    text: str | None
    rate: bool  # for each of something
    unread: bool  # words that say neither


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The vocabulary of units, ready for look-up."""

    exact: dict[str, Unit]
    scanned: dict[str, Unit]
    fuzzy: dict[str, Unit]
    one: dict[str, Unit]
    never: frozenset[str]
    cell_only: frozenset[str]
    measure: dict[Unit, Measure]
    working: frozenset[str]
    bounds: dict[str, str]
    bound_ends: frozenset[str]
    range_marks: frozenset[str]
    sum_marks: frozenset[str]
    neutral: frozenset[str]
    after: dict[str, tuple[str, ...]]
    never_after: frozenset[str]
    dated: frozenset[str]
    recurring_before: frozenset[str]
    recurring_after: frozenset[str]
    openers: frozenset[str]
    quantities: frozenset[str]
    full: dict[str, float]
    starts: tuple[tuple[str, float], ...]

    def unit(self, printed: str, running: bool) -> tuple[Unit, bool] | None:
        """The unit of a word, and whether the word had to be repaired."""
        word = printed.casefold()
        if word in self.exact:
            return None if running and word in self.cell_only else (self.exact[word], False)
        if word in self.scanned:
            return self.scanned[word], True
        if word in self.never or not 5 <= len(word) <= 9:
            return None
        near = match.best(word, self.fuzzy)
        if near is None:
            return None
        longer = max(len(word), len(near.form))
        # One edit only: a second one reaches ordinary words.
        return (near.entry, True) if (1 - near.similarity) * longer < 1.5 else None

    def may_hold_time(self, text: str) -> bool:
        """A quick no for sentences without any number, which do not begin as a time without quantity does."""
        if _DIGIT.search(text) is not None:
            return True
        split = text.casefold().split()
        return split[0].strip(".,:;") in self.openers or not self.quantities.isdisjoint(split)

    def unquantified_likeness(self, folded: str) -> float:
        """0 unless the text begins as a time without a quantity does."""
        if folded in self.full:
            return self.full[folded]
        count = folded.count(" ") + 1
        for start, likeness in self.starts:
            if folded.startswith(start) and folded[len(start) : len(start) + 1] in ("", " "):
                return likeness if count <= LONGEST_PHRASE or likeness > SENTENCE_OPENS else likeness / 2
        return 0.0

    def recurs(self, text: str) -> bool:
        return any(word in self.recurring_before or word in self.recurring_after for word in fold(text).split())

    def without_neutral(self, lead: str) -> str:
        words = fold(lead).split()
        return "" if all(word in self.neutral for word in words) else lead.strip(" :;,(")

    def scope(self, piece: str) -> Scope:
        """What the words after a value say: what it is for, or for each of what, or from when it runs."""
        text = self._trim(piece)
        if not text:
            return Scope(None, False, False)
        opening, _, rest = text.partition(" ")
        opening = opening.casefold()
        if text.startswith("/"):
            return Scope(text, True, False)
        if opening in self.after["rate"]:
            return Scope(text, True, False)
        rest = rest.strip(" .,;")
        if opening in self.after["scope"] and rest:
            return Scope(rest, False, False)
        if text.startswith("(") and text.endswith(")") and len(text) > 2:
            inner = self.scope(text[1:-1])
            return inner if inner.text else Scope(text[1:-1].strip(), False, False)
        return Scope(None, False, opening not in self.after["start"])

    def bare_scope(self, piece: str) -> str | None:
        """The words before a value as its scope: `Bulanan: 2 hari`."""
        text = self._trim(piece).strip(":-=– ")
        opening, _, rest = text.partition(" ")
        return (rest if opening.casefold() in self.after["scope"] and rest else text).strip() or None

    def _trim(self, piece: str) -> str:
        """Without the conjunctions that lead to the next value."""
        text = piece.strip(" .,;")
        for _ in range(3):
            head, _, last = text.rpartition(" ")
            if last.casefold() in self.after["join"]:
                text = head.strip(" .,;")
            first, _, rest = text.partition(" ")
            if first.casefold() in self.after["join"]:
                text = rest.strip(" .,;")
        return text


@cache
def lexicon() -> Lexicon:
    data = vocab.load("units")
    units = data["unit"]
    exact: dict[str, Unit] = {form: u["name"] for u in units for form in u["forms"]}
    full = {fold(form): entry["likeness"] for entry in data["unquantified"] for form in entry.get("full", ())}
    starts = [(fold(form), entry["likeness"]) for entry in data["unquantified"] for form in entry.get("start", ())]
    return Lexicon(
        exact=exact,
        scanned={form: u["name"] for u in units for form in u["scanned"]},
        fuzzy={form: name for form, name in exact.items() if len(form) >= 5},
        one={form: u["name"] for u in units for form in u.get("one", ())},
        never=frozenset(data["never"]["words"]),
        cell_only=frozenset(data["cell_only"]["words"]),
        measure={
            u["name"]: Measure(u.get("minutes"), u.get("days", 0), u.get("months", 0), u.get("iso", "P{}M"))
            for u in units
        },
        working=frozenset(data["counting"]["working"]),
        bound_ends=frozenset(form.split()[-1] for entry in data["qualifier"] for form in entry["forms"]),
        bounds={form: entry["bound"] for entry in data["qualifier"] for form in entry["forms"]},
        range_marks=frozenset(data["between"]["range"]),
        sum_marks=frozenset(data["between"]["sum"]),
        neutral=frozenset(data["neutral"]["words"]),
        after={key: tuple(value) for key, value in data["after"].items()},
        never_after=frozenset(data["context"]["never_after"]),
        dated=frozenset(data["context"]["dated"]),
        recurring_before=frozenset(data["context"]["recurring_before"]),
        recurring_after=frozenset(data["context"]["recurring_after"]),
        openers=frozenset(form.split()[0] for form in (*full, *(start for start, _ in starts))),
        quantities=frozenset({*number_words(), *(form for u in units for form in u.get("one", ()))}),
        full=full,
        starts=tuple(sorted(starts, key=lambda item: -len(item[0]))),
    )
