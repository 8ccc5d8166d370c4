"""Indonesian words without their affixes, so that the forms of one word compare as equal.

After Nazief and Adriani's order of cutting, without their dictionary: the rules and the roots that the rules need are
in `vocab/stems.toml`. A stem is the same for all forms of a word; it need not be a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from sopparse.vocab import load

Kind = Literal["bare", "verb", "noun"]

# Letters left of a word behind a prefix: shorter rests ("di-nas", "be-ras") are chance. Behind "meng-" and "peng-"
# roots of three letters are common ("aju", "uji", "isi").
LEAST_ROOT = 4
LEAST_VOWEL_ROOT = 3
SHORTEST = 5


@dataclass(frozen=True, slots=True)
class _Prefix:
    form: str
    before: frozenset[str]
    gives: str
    roots: tuple[str, ...]
    verbal: bool
    needs: str


@dataclass(frozen=True, slots=True)
class _Suffix:
    """`kinds`: behind which words it may be cut."""

    form: str
    least: int
    kinds: frozenset[Kind]
    not_after: tuple[str, ...]
    bare_not_after: tuple[str, ...]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of a lower-case word."""
    whole, irregular = _exceptions()
    bare = _without_ending(word)
    if bare in irregular:
        return irregular[bare]
    if bare in whole or len(bare) < SHORTEST:
        return bare
    for prefix in _prefixes():
        root = _behind(bare, prefix)
        if root is not None:
            return root
    return _without_suffix(bare, "bare")


def _without_ending(word: str) -> str:
    whole, irregular = _exceptions()
    if word in whole or word in irregular:
        return word
    for form, least in _endings():
        if word.endswith(form) and len(word) - len(form) >= least:
            return word[: -len(form)]
    return word


def _behind(word: str, prefix: _Prefix) -> str | None:
    """What stands behind the prefix, without its suffix; None where the word does not have that prefix."""
    if not word.startswith(prefix.form) or not word.endswith(prefix.needs):
        return None
    rest = word[len(prefix.form) :]
    if not rest or rest[0] not in prefix.before:
        return None
    restored = next((root for root in prefix.roots if rest.startswith(root[1:])), None)
    rest = (restored[0] if restored is not None else prefix.gives) + rest
    least = LEAST_VOWEL_ROOT if prefix.form.endswith("ng") else LEAST_ROOT
    root = _without_suffix(rest, "verb" if prefix.verbal else "noun", least)
    return root if len(root) >= least else None


def _without_suffix(word: str, kind: Kind, least: int = LEAST_ROOT) -> str:
    whole, irregular = _exceptions()
    if word in irregular:
        return irregular[word]
    if word in whole:
        return word
    for suffix in _suffixes():
        rest = word[: -len(suffix.form)]
        barred = suffix.not_after + (suffix.bare_not_after if kind == "bare" else ())
        if kind not in suffix.kinds or not word.endswith(suffix.form) or len(rest) < min(suffix.least, least):
            continue
        if not barred or not rest.endswith(barred):
            return rest
    return word


@cache
def _exceptions() -> tuple[frozenset[str], dict[str, str]]:
    words = load("stems")
    return frozenset(words["whole"]), words["irregular"]


@cache
def _endings() -> tuple[tuple[str, int], ...]:
    return tuple((entry["form"], entry["least"]) for entry in load("stems")["ending"])


@cache
def _prefixes() -> tuple[_Prefix, ...]:
    begins = load("stems")["begins"]
    return tuple(
        _Prefix(
            entry["form"],
            frozenset(entry["before"]),
            entry.get("gives", ""),
            tuple(begins[entry["roots"]]) if "roots" in entry else (),
            entry.get("verbal", False),
            entry.get("needs", ""),
        )
        for entry in load("stems")["prefix"]
    )


@cache
def _suffixes() -> tuple[_Suffix, ...]:
    return tuple(
        _Suffix(
            entry["form"],
            entry["least"],
            frozenset[Kind](entry["behind"]),
            tuple(entry.get("not_after", ())),
            tuple(entry.get("bare_not_after", ())),
        )
        for entry in load("stems")["suffix"]
    )
