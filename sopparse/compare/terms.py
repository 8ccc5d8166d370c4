"""Sentences and titles as stems: what is done (verbs) and what it is done to (terms)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from sopparse.stems import stem
from sopparse.vocab import load

_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*|,")
# A bare "me-" or "di-" at the front of shorter words is chance ("meja", "dinas").
SHORTEST_VERB = 6
# Kinds of titles (titles.toml) that name a person in a sentence; of teams and applicants a step is often about.
_OFFICES = ("office", "hat", "staff")


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence as stems, in the order in which they stand. `beside`: verbs of a purpose or of a relative clause."""

    verbs: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


def words(text: str, commas: bool = False) -> list[str]:
    """The words in lower case, with short forms written out and split words joined."""
    shorts, joined, longest = _spellings()
    found: list[str] = []
    for word in _WORD.findall(text.casefold().replace("/", " ")):
        if commas or word != ",":
            found.extend(shorts.get(word, (word,)))
    if not any(first in joined for first in found):
        return found
    made: list[str] = []
    at = 0
    while at < len(found):
        for size in range(longest, 0, -1):
            same = joined.get(found[at], {}).get(tuple(found[at : at + size]))
            if same is not None:
                made.append(same)
                at += size
                break
        else:
            made.append(found[at])
            at += 1
    return made


@lru_cache(maxsize=100_000)
def terms(text: str) -> tuple[str, ...]:
    """The stems of all words that say something."""
    return tuple(stem(word) for word in words(text) if word not in _set("stop"))


@lru_cache(maxsize=50_000)
def title_terms(title: str) -> tuple[str, ...]:
    """The stems of a title without the words that any title has; with them where there is nothing else."""
    found = [word for word in words(title) if word not in _set("stop")]
    own = [word for word in found if word not in _set("generic")]
    return tuple(stem(word) for word in own or found)


def wording(activity: str, names: frozenset[str] = frozenset()) -> Wording:
    """The whole sentence. `names`: words of the headings of the actor columns, cut where they follow a title."""
    parts = clauses(activity, names)
    return Wording(
        tuple(verb for part in parts for verb in part.verbs),
        tuple(verb for part in parts for verb in part.beside),
        tuple(
            term
            for i, part in enumerate(parts)
            if part.terms not in [one.terms for one in parts[:i]]
            for term in part.terms
        ),
    )


@lru_cache(maxsize=100_000)
def clauses(activity: str, names: frozenset[str] = frozenset()) -> tuple[Wording, ...]:
    """The acts of a sentence that tells several: "Memeriksa dan memaraf konsep" are two, both about the draft."""
    found = _without_offices(_before_condition(words(activity, commas=True)), names)
    made: list[Wording] = []
    segment: list[str] = []
    is_aside = False
    for word in [*found, ","]:
        if word != "," and word not in _set("joiner"):
            segment.append(word)
            continue
        part, is_aside = _segment(segment, is_aside and word in (",", load("titles")["join"]))
        if made and not part.verbs:
            made[-1] = Wording(made[-1].verbs, made[-1].beside + part.beside, made[-1].terms + part.terms)
        elif made and not made[-1].verbs:
            made[-1] = Wording(part.verbs, made[-1].beside + part.beside, made[-1].terms + part.terms)
        else:
            made.append(part)
        segment = []
    return _completed(made, activity)


def _segment(found: list[str], is_aside: bool) -> tuple[Wording, bool]:
    verbs: list[str] = []
    beside: list[str] = []
    rest: list[str] = []
    noun: str | None = None
    opens = True
    for word in found:
        if word in _set("beside"):
            is_aside = opens = True
        elif word in _set("carrier"):
            opens, is_aside = True, False
        elif word not in _set("stop"):
            root = stem(word)
            is_verb = _looks_verbal(word)
            if is_verb and noun is not None:
                # "Pemeriksaan" alone is the act; in "data pemohon diperiksa" the first word is what it is done to.
                rest.append(noun)
                noun = None
            if is_verb:
                (beside if is_aside else verbs).append(root)
            elif opens and not verbs and noun is None and root in _verb_stems():
                noun = root
            else:
                rest.append(root)
            opens = False
    if noun is not None:
        (beside if is_aside else verbs).insert(0, noun)
    return Wording(tuple(verbs), tuple(beside), tuple(rest)), is_aside


def _completed(made: list[Wording], activity: str) -> tuple[Wording, ...]:
    """Each act with what it is done to: where only a neighbour says it, that of the next, or of the one before."""
    if not any(part.verbs for part in made):
        rest = tuple(term for part in made for term in part.terms)
        verbs = tuple(verb for part in made for verb in part.beside)
        return (Wording(verbs, (), rest or tuple(stem(word) for word in words(activity))),)
    whole: list[Wording] = []
    for at, part in enumerate(made):
        others = [one.terms for one in (*made[at + 1 :], *made[:at][::-1]) if one.terms]
        whole.append(part if part.terms or not others else Wording(part.verbs, part.beside, others[0]))
    return tuple(whole)


def _before_condition(found: list[str]) -> list[str]:
    """The sentence up to what happens otherwise; the whole where the condition comes first."""
    at = next((i for i, word in enumerate(found) if word in _set("condition")), 0)
    return found[:at] if at else found


def _looks_verbal(word: str) -> bool:
    front = load("comparison")["verbal"]
    if len(word) < SHORTEST_VERB or not word.startswith(tuple(front["prefixes"])):
        return False
    return stem(word) != word and not word.startswith(tuple(front["never"]))


def _without_offices(found: list[str], names: frozenset[str]) -> list[str]:
    """The words without titles of office and the words of their unit; all words where nothing would be left."""
    titles = _titles()
    kept: list[str] = []
    at = 0
    while at < len(found):
        opens = at == 0 or found[at - 1] in _set("stop") or found[at - 1] == ","
        forms = titles.get(found[at], ())
        size = next(
            (len(form) for form, sure in forms if tuple(found[at : at + len(form)]) == form and (sure or opens)), 0
        )
        if not size:
            kept.append(found[at])
            at += 1
            continue
        at += size
        while at < len(found) and _continues(found, at, names):
            at += 1
    return kept or found


def _continues(found: list[str], at: int, names: frozenset[str]) -> bool:
    """Whether the word there belongs to the name of the unit: one of its words, or what joins two of them."""
    if found[at] in names:
        return True
    joins = found[at] == "," or found[at] in _set("joiner")
    return joins and at + 1 < len(found) and found[at + 1] in names


@lru_cache(maxsize=10_000)
def alike(root: str, verb: bool) -> tuple[str, ...]:
    """The sets of words alike in which this stem is, of verbs or of other words."""
    return _alike()[verb].get(root, ())


@cache
def _alike() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    made: tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]] = ({}, {})
    for entry in load("comparison")["alike"]:
        table = made[entry.get("verb", False)]
        for form in entry["words"]:
            parts = [word for word in words(form) if word not in _set("stop")]
            if len(parts) == 1:
                known = table.get(stem(parts[0]), ())
                table[stem(parts[0])] = known if entry["id"] in known else (*known, entry["id"])
    return made


@lru_cache(maxsize=10_000)
def acts(root: str) -> tuple[str, ...]:
    """The acts of wording.toml that the stem of a verb may mean."""
    return _acts().get(root, ())


@cache
def _acts() -> dict[str, tuple[str, ...]]:
    made: dict[str, tuple[str, ...]] = {}
    for entry in load("wording")["act"]:
        for form in entry["forms"]:
            root = stem(form)
            if " " not in form and entry["id"] not in made.get(root, ()):
                made[root] = (*made.get(root, ()), entry["id"])
    return made


@cache
def _verb_stems() -> frozenset[str]:
    return frozenset(_alike()[True]) | frozenset(_acts())


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(load("comparison")[name]["words"])


@cache
def _spellings() -> tuple[dict[str, tuple[str, ...]], dict[str, dict[tuple[str, ...], str]], int]:
    """Short forms with their words; joined spellings by their first word; the most words of one."""
    words_of = load("comparison")
    shorts = {entry["form"]: tuple(entry["phrase"].split()) for entry in words_of["short"]}
    joined: dict[str, dict[tuple[str, ...], str]] = {}
    for phrase, word in words_of["joined"].items():
        parts = tuple(phrase.split())
        joined.setdefault(parts[0], {})[parts] = word
    return shorts, joined, max(len(phrase.split()) for phrase in words_of["joined"])


@cache
def _titles() -> dict[str, tuple[tuple[tuple[str, ...], bool], ...]]:
    """Titles by their first word, longest first, and whether they name a person wherever they stand.

    "Kasubag" always does; "bidan" only where a person is named, not in "izin praktik bidan".
    """
    entries = load("titles")["role"]
    forms = {
        form: entry["kind"] == "office" for entry in entries if entry.get("kind") in _OFFICES for form in entry["forms"]
    }
    forms.update(dict.fromkeys(load("comparison")["office"]["words"], True))
    table: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for form, sure in forms.items():
        parts = tuple(form.split())
        table.setdefault(parts[0], []).append((parts, sure))
    return {first: tuple(sorted(found, key=lambda one: (-len(one[0]), one[0]))) for first, found in table.items()}
