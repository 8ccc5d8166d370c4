"""Provinces, regencies and cities with their codes; districts and villages as printed.

Codes: Kepmendagri 300.2.2-2430/2025, from `vocab/regions.csv`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple, cast

import regex
from rapidfuzz.distance import Levenshtein

from sopparse import vocab
from sopparse.evidence import Reading, issue
from sopparse.normalize.match import best

Level = Literal["provinsi", "kabupaten", "kota", "kecamatan", "desa", "kelurahan", "nasional"]
CODED: tuple[Level, ...] = ("provinsi", "kabupaten", "kota")

# The longest official name has five words ("Penukal Abab Lematang Ilir", "Ogan Komering Ulu Selatan"), some are torn.
_LONGEST_NAME = 6
# Shorter words for a level are one letter from a name: "kampung" and Lampung.
_REPAIRED_LEVEL = 8
# Names of villages are one to three words; more is running text.
_LONGEST_SMALL_NAME = 4


@dataclass(frozen=True, slots=True)
class Region:
    level: Level
    name: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class FoundRegion:
    """A region with the characters that name it, the word for its level included."""

    region: Region
    start: int
    end: int


class _Token(NamedTuple):
    text: str
    start: int
    end: int


_TOKEN = regex.compile(r"\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{L}|\p{N}+")
# Between the words of one name only these may stand.
_INSIDE_NAME = regex.compile(r"[\s.\-'’–]{0,4}")


def find_region(text: str) -> Reading[FoundRegion]:
    """The region that a text names with its level ("Kab. ...", "KOTA ..."), or that is the whole text.

    A regency or city is preferred to its province, and both to a district or village.
    """
    found = find_regions(text)
    if found:
        return min(found, key=lambda reading: _RANK[cast(FoundRegion, reading.value).region.level])
    whole = region_named(text)
    if whole.value is None:
        return Reading(None, whole.parse, whole.fixes, whole.issues)
    lead = len(text) - len(text.lstrip())
    return Reading(FoundRegion(whole.value, lead, len(text.rstrip())), whole.parse, whole.fixes, whole.issues)


_RANK: dict[Level, int] = {
    "kabupaten": 0,
    "kota": 0,
    "provinsi": 1,
    "kecamatan": 2,
    "kelurahan": 3,
    "desa": 3,
    "nasional": 4,
}


@lru_cache(maxsize=1024)
def find_regions(text: str) -> tuple[Reading[FoundRegion], ...]:
    """All regions named with their level, in the order of the text."""
    tokens = tuple(_Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text))
    found: list[Reading[FoundRegion]] = []
    i = 0
    while i < len(tokens):
        after, level = _level_at(tokens, i)
        reading = None
        if level is not None and after < len(tokens):
            reading = _coded_at(text, tokens, i, after, level) if level in CODED else None
            if reading is None and not (level in CODED and _generic(tokens[after].text)):
                reading = _printed_at(text, tokens, i, after, level)
        if reading is None or reading.value is None:
            i += 1
            continue
        found.append(reading)
        i = next((k for k in range(after, len(tokens)) if tokens[k].start >= reading.value.end), len(tokens))
    return tuple(found)


def _generic(word: str) -> bool:
    return word.casefold() in vocab.load("regions")["generic"]["words"]


def _level_at(tokens: tuple[_Token, ...], i: int) -> tuple[int, Level | None]:
    """The level whose word begins at token i, and the token after it."""
    words = _level_words()
    joined = ""
    result: tuple[int, Level | None] = (i, None)
    for j in range(i, min(i + 2, len(tokens))):
        joined += tokens[j].text.casefold()
        if joined in words and tokens[i].text[0].isupper():
            result = (j + 1, words[joined])
    if result[1] is None and len(tokens[i].text) >= _REPAIRED_LEVEL and tokens[i].text[0].isupper():
        match = best(tokens[i].text.casefold(), _long_level_words())
        result = (i + 1, match.entry) if match is not None else result
    return result


def _coded_at(
    text: str, tokens: tuple[_Token, ...], first: int, after: int, level: Level
) -> Reading[FoundRegion] | None:
    """The longest known name of that level from token `after`; misread letters are tolerated in the second try."""
    names = _names(level)
    runs = list(_runs(text, tokens, after))
    for joined, end in reversed(runs):
        region = names.get(joined)
        if region is not None:
            return Reading(FoundRegion(region, tokens[first].start, end))
    for joined, end in reversed(runs):
        region = _near(joined, level)
        if region is not None:
            return Reading(FoundRegion(region, tokens[first].start, end), 0.9, ("region-spelling",))
    if runs and runs[-1][1] == tokens[-1].end and (region := _clipped(runs[-1][0], level)) is not None:
        return Reading(FoundRegion(region, tokens[first].start, runs[-1][1]), 0.8, ("region-spelling",))
    return None


# At the edge of a scan the last letters are lost: up to four, where seven are left and only one name begins so.
_MOST_CLIPPED = 4


@lru_cache(maxsize=1024)
def _clipped(joined: str, level: Level) -> Region | None:
    if len(joined) < 7:
        return None
    begin = {region for form, region in _names(level).items() if form.startswith(joined)}
    if len(begin) != 1:
        return None
    region = begin.pop()
    return region if len(_squeezed(region.name)) - len(joined) <= _MOST_CLIPPED else None


def _runs(text: str, tokens: tuple[_Token, ...], after: int) -> Iterator[tuple[str, int]]:
    """The letters of 1, 2, ... words from token `after`, and where each run ends."""
    joined = ""
    spelling = vocab.load("regions")["spelling"]
    for j in range(after, min(after + _LONGEST_NAME, len(tokens))):
        if j > after and not _INSIDE_NAME.fullmatch(text, tokens[j - 1].end, tokens[j].start):
            return
        word = tokens[j].text.casefold()
        joined += spelling.get(word, word)
        yield joined, tokens[j].end


def _allowed(length: int) -> int:
    """Below seven letters two names are often one letter apart; two edits make one nine-letter name of another."""
    return 0 if length < 7 else 1 if length < 10 else 2


@lru_cache(maxsize=4096)
def _near(joined: str, level: Level) -> Region | None:
    limit = _allowed(len(joined))
    if limit == 0:
        return None
    near = sorted(
        (edits, region.code or "", region)
        for form, region in _names(level).items()
        if abs(len(form) - len(joined)) <= limit
        and (edits := Levenshtein.distance(joined, form, score_cutoff=limit)) <= limit
    )
    if not near or (len(near) > 1 and near[0][0] == near[1][0] and near[0][2] != near[1][2]):
        return None
    return near[0][2]


def _printed_at(
    text: str, tokens: tuple[_Token, ...], first: int, after: int, level: Level
) -> Reading[FoundRegion] | None:
    """A name that no list holds, as printed: capitalised words up to the next level word or the end of the phrase."""
    end = after
    for j in range(after, min(after + _LONGEST_SMALL_NAME, len(tokens))):
        token = tokens[j]
        if not token.text[0].isupper() or _level_at(tokens, j)[1] is not None:
            break
        if j > after and not _INSIDE_NAME.fullmatch(text, tokens[j - 1].end, token.start):
            break
        end = j + 1
    if end == after or len(tokens[after].text) < 3:
        return None
    # A regency that is not on the list is believed only where it is all that follows.
    if level in CODED and (end < len(tokens) or any(c.isdigit() for c in text)):
        return None
    name = " ".join(t.text for t in tokens[after:end]).title()
    region = Region(level, name)
    issues = (issue("header.region.unknown", name=name),) if level in CODED else ()
    return Reading(FoundRegion(region, tokens[first].start, tokens[end - 1].end), 0.6 if issues else 0.9, (), issues)


@lru_cache(maxsize=1024)
def region_named(name: str, level: Level | None = None) -> Reading[Region]:
    """The region with that name and nothing else; where a regency and a city share it, the level must be given."""
    joined = _squeezed(name)
    if not joined:
        return Reading(None, 0.0)
    levels = CODED if level is None else (level,)
    hits = {region for one in levels if one in CODED and (region := _names(one).get(joined)) is not None}
    if len(hits) == 1:
        return Reading(hits.pop())
    if hits:
        codes = ", ".join(sorted(region.code or "" for region in hits))
        return Reading(None, 0.3, (), (issue("header.region.ambiguous", name=name.strip(), codes=codes),))
    near = {region for one in levels if one in CODED and (region := _near(joined, one)) is not None}
    if len(near) == 1:
        return Reading(near.pop(), 0.85, ("region-spelling",))
    return Reading(None, 0.0)


def province_of(region: Region) -> Region | None:
    """The province that a regency or city lies in; a province itself."""
    if region.code is None:
        return None
    return next((r for r in _names("provinsi").values() if r.code == region.code[:2]), None)


def nation() -> Region:
    return Region("nasional", vocab.load("regions")["nation"]["name"])


@lru_cache(maxsize=4096)
def _squeezed(text: str) -> str:
    spelling = vocab.load("regions")["spelling"]
    words = [m.group().casefold() for m in _TOKEN.finditer(text[:200])]
    return "".join(spelling.get(word, word) for word in words)


@cache
def _level_words() -> dict[str, Level]:
    return {word.replace(" ", ""): level["name"] for level in vocab.load("regions")["level"] for word in level["words"]}


@cache
def _long_level_words() -> dict[str, Level]:
    return {word: level for word, level in _level_words().items() if len(word) >= _REPAIRED_LEVEL}


@cache
def _names(level: Level) -> dict[str, Region]:
    """The squeezed names and other names of one level."""
    words = [w for entry in vocab.load("regions")["level"] if entry["name"] == level for w in entry["words"]]
    prefixes = sorted((w for w in words if w.startswith(level)), key=len, reverse=True)
    names: dict[str, Region] = {}
    by_code: dict[str, Region] = {}
    for row in vocab.rows("regions"):
        if row["jenis"] != level:
            continue
        name = row["nama"].strip()
        for prefix in (*prefixes, level + " administrasi"):
            if name.casefold().startswith(prefix + " "):
                bare = name[len(prefix) + 1 :]
                if len(prefix.split()) > 1 or not bare.casefold().startswith("administrasi "):
                    name = bare
                    break
        region = Region(level, _spelled(name), row["kode"])
        by_code[row["kode"]] = region
        names[_squeezed(name)] = region
    for code, others in vocab.load("regions")["alias"].get(level, {}).items():
        for other in others:
            names.setdefault(_squeezed(other), by_code[code])
    return names


def _spelled(name: str) -> str:
    spelling = vocab.load("regions")["spelling"]
    return " ".join(spelling.get(w.rstrip(".").casefold(), w).title() if w.endswith(".") else w for w in name.split())
