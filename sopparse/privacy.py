"""What of a person leaves in a report or a table: a civil servant's number (NIP) is masked, names can be dropped.

A NIP begins with the birth date: personal data (UU 27/2022). The result of parsing keeps it; what is made for others
shows it only on request. In doubt more is masked, not less. A masked text is as long as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sopparse import vocab

if TYPE_CHECKING:
    from sopparse.model import Result

MASK = "*"
# Instead of a name inside a sentence.
LEFT_OUT = "…"

LENGTH = 18
# What stays of the 18 digits: the birth date (8) and the sex (the 15th).
_KEPT = frozenset((*range(8), 14))
# The shortest number behind a label that is believed to be a person's (NRP: 8 digits).
_SHORTEST = 8
# Shorter names would take words out of sentences.
_SHORTEST_NAME = 4

# Letters that a scan shows for digits; one for one, so that places stay the same.
_LETTERS = str.maketrans("OoQlI|", "000111")
_GAP = r"[\s.\-–—|]{0,3}"
_TOKEN = r"[0-9OoQlI|]{1,26}+(?![^\W_])"
# Birth, first month of service (21 and more: contract staff), sex, serial number; a gap between any two of them.
_STRUCTURE = re.compile(
    rf"(?<!\w)(?:19[2-9]|20[01])\d{_GAP}(?:0[1-9]|1[0-2]){_GAP}(?:0[1-9]|[12]\d|3[01]){_GAP}"
    rf"(?:19[4-9]|20\d)\d{_GAP}\d\d{_GAP}[12]{_GAP}\d{{3}}(?!\w)|(?<!\w)\d{{18}}(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What of a person is shown."""

    nip: bool = False
    names: bool = True


@cache
def _labelled() -> re.Pattern[str]:
    labels = sorted(vocab.load("privacy")["labels"], key=len, reverse=True)
    forms = "|".join(re.escape(label).replace(r"\ ", r"\s*") for label in labels)
    return re.compile(
        rf"(?<![^\W_])(?i:{forms})(?![^\W\d])[\s.:;,\-–—_|/]{{0,8}}(?P<slot>{_TOKEN}(?:{_GAP}{_TOKEN}){{0,20}})"
        rf"(?!{_GAP}\{MASK})"
    )


def mask_nip(text: str) -> str:
    """The text with every NIP in it masked (`19720904******1***`), and with every other number behind its label."""
    if sum(map(str.isdigit, text)) < _SHORTEST // 2:
        return text
    digits = text.translate(_LETTERS)
    masked = list(text)
    for found in _labelled().finditer(text):
        _mask(masked, digits, found.start("slot"), found.end("slot"))
    for found in _STRUCTURE.finditer(digits):
        if MASK not in masked[found.start() : found.end()]:
            _mask(masked, digits, found.start(), found.end())
    return "".join(masked)


def mask_words(words: Sequence[str]) -> list[str]:
    """The same for words that stand apart, of which several may be one number."""
    masked = mask_nip(" ".join(words))
    ends = [sum(len(word) + 1 for word in words[: n + 1]) - 1 for n in range(len(words))] if words else []
    return [masked[end - len(word) : end] for word, end in zip(words, ends, strict=True)]


def _mask(masked: list[str], digits: str, start: int, end: int) -> None:
    places = [place for place in range(start, end) if digits[place].isdigit()]
    if len(places) < _SHORTEST:
        return
    if len(places) > LENGTH and not digits[places[LENGTH - 1] + 1].isdigit():
        places = places[:LENGTH]  # what follows is another number
    for index, place in enumerate(places):
        if len(places) != LENGTH or index not in _KEPT:
            masked[place] = MASK


def names_of(results: Iterable[Result]) -> frozenset[str]:
    """The names of persons that were read."""
    approvers = (sop.header.approver for result in results for sop in result.sops)
    return frozenset(approver.name for approver in approvers if approver is not None and approver.name is not None)


def drop_names(text: str, names: Iterable[str]) -> str:
    """The text without these names, with or without the degrees behind them."""
    for name in sorted(names, key=len, reverse=True):
        for form in (name, name.split(",", 1)[0]):
            if len(form.strip()) >= _SHORTEST_NAME:
                words = r"\s+".join(map(re.escape, form.split()))
                text = re.sub(rf"(?<!\w){words}(?!\w)", LEFT_OUT, text, flags=re.IGNORECASE)
    return text


def shown(value: Any, disclosure: Disclosure, names: Iterable[str] = ()) -> Any:
    """A value as it may leave: texts, and those inside of lists and tables. A text that is all a name becomes None."""
    if isinstance(value, str):
        text = value if disclosure.nip else mask_nip(value)
        if disclosure.names:
            return text
        left = drop_names(text, names)
        return None if left.strip(f"{LEFT_OUT} .,") == "" and left != text else left
    if isinstance(value, Mapping):
        return {key: shown(each, disclosure, names) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(shown(each, disclosure, names) for each in value)
    return value
