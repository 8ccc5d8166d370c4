"""The words of an approver: what begins a position, belongs to an agency, is a title or an academic degree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from sopparse import vocab
from sopparse.normalize.regions import Level
from sopparse.normalize.text import squeeze

LETTERS = re.compile(r"[^\W\d_]+")
_DOTTED_DEGREE = re.compile(r"[A-Z][A-Za-z]{0,3}\.\s?[A-Z][A-Za-z]{0,6}\.?(?:[A-Z]\w{0,4}\.?)?")


class Token(NamedTuple):
    start: int
    end: int
    text: str

    @property
    def key(self) -> str:
        return squeeze(self.text)


@dataclass(frozen=True, slots=True)
class ApproverWords:
    openers: frozenset[str]
    agencies: frozenset[str]
    noun: re.Pattern[str]
    region_types: frozenset[str]
    of_region: dict[str, str]
    levels: dict[str, Level]
    kinds: frozenset[str]
    region_ends: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    acting: dict[str, str]

    def opens(self, token: Token) -> bool:
        found = LETTERS.match(token.text)
        return token.key in self.openers or (
            found is not None and "." in token.text and found.group().casefold() in self.openers
        )

    def is_agency(self, token: Token) -> bool:
        pieces = [piece.casefold() for piece in LETTERS.findall(token.text)]
        return bool(pieces) and all(
            p in self.agencies or p in self.region_types or self.noun.fullmatch(p) for p in pieces
        )

    def is_title(self, token: Token) -> bool:
        found = LETTERS.match(token.text)
        if found is None or found.group().casefold() not in self.before:
            return False
        return len(found.group()) > 2 or token.text[found.end() : found.end() + 1] == "."

    def is_degree(self, token: Token) -> bool:
        text = token.text.strip(",;() ")
        if self.is_title(token) or self.opens(token) or text[:1].islower():
            return False
        if squeeze(text) in self.after and (text[:2].isupper() or "." in text):
            return True
        first = LETTERS.match(text)
        known = first is not None and (
            first.group().casefold() in self.region_types
            or first.group().casefold() in self.agencies - {"a", "b", "c", "i"}
        )
        return not known and _DOTTED_DEGREE.fullmatch(text) is not None and len(squeeze(text)) <= 9


@cache
def approver_words() -> ApproverWords:
    data = vocab.load("ranks")
    positions, agencies, degrees = data["positions"], data["agencies"], data["degrees"]
    return ApproverWords(
        openers=frozenset(positions["openers"]),
        agencies=frozenset(agencies["words"]),
        noun=re.compile(agencies["noun"]),
        region_types=frozenset(agencies["region_types"]),
        of_region=positions["of_region"],
        levels={**agencies["levels"], **positions["of_region"]},
        kinds=frozenset(agencies["kinds"]),
        region_ends=frozenset(agencies["region_ends"]),
        before=frozenset(degrees["before"]),
        after=frozenset(degrees["after"]),
        acting={form: name for name, forms in positions["acting"].items() for form in forms},
    )
