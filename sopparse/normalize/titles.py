"""Column headings such as "Kasubag Umum & Kepeg." as a role and a unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

import regex
from rapidfuzz.distance import Levenshtein

from sopparse import vocab
from sopparse.evidence import Reading
from sopparse.normalize import match
from sopparse.normalize.text import squeeze

# No title in the vocabulary is printed in more words.
MAX_FORM_WORDS = 6
# A heading longer than this is no heading; the rest is left alone.
MAX_LABEL = 400
# A misprinted word of a title keeps its first letter and has one wrong letter, from ten letters two. In running text
# words of five letters are left alone: they have ordinary neighbours ("bahan" beside "badan").
REPAIR_FROM = 6
REPAIR_LABEL_FROM = 5
REPAIR_TWICE_FROM = 10


@dataclass(frozen=True, slots=True)
class Title:
    """`unit` is what is left of the heading, abbreviations written out."""

    role: str | None
    role_alternatives: tuple[str, ...] = ()
    unit: str | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        return () if self.role is None else (self.role, *self.role_alternatives)


@dataclass(frozen=True, slots=True)
class Role:
    """`rank`: 1 is the highest, None stands outside the ladder. `head` acts for the unit, `member_of` is its team."""

    id: str
    kind: str
    rank: float | None
    head: str | None
    member_of: str | None
    like: frozenset[str]
    not_after: frozenset[str]


class Token(NamedTuple):
    word: str  # folded
    start: int
    end: int
    capital: bool
    acronym: bool


class Found(NamedTuple):
    role: str
    after: int  # the index of the first token behind the title
    exact: bool


class Lexicon(NamedTuple):
    text_forms: dict[str, str]
    label_forms: dict[str, str]
    acronyms: dict[str, str]
    prefixes: frozenset[str]
    words: dict[str, tuple[str, ...]]  # title words long enough to be repaired, by first letter
    never: frozenset[str]


_WORD = regex.compile(r"[\p{L}\p{N}]+")
# Between the words of one title: "Ka. Sub.Bag", "PPK-SKPD".
_INSIDE = regex.compile(r"[\s.\-]{0,4}")
_AND = regex.compile(r"\s*&\s*")


@cache
def roles() -> dict[str, Role]:
    return {entry["id"]: _role(entry) for entry in vocab.load("titles")["role"]}


def _role(entry: dict[str, Any]) -> Role:
    return Role(
        id=entry["id"],
        kind=entry["kind"],
        rank=entry.get("rank"),
        head=entry.get("head"),
        member_of=entry.get("member_of"),
        like=frozenset(entry.get("like", ())),
        not_after=frozenset(entry.get("not_after", ())),
    )


@cache
def lexicon() -> Lexicon:
    text_forms: dict[str, str] = {}
    label_forms: dict[str, str] = {}
    acronyms: dict[str, str] = {}
    words: dict[str, set[str]] = {}
    for entry in vocab.load("titles")["role"]:
        for form in entry["forms"]:
            label_forms[squeeze(form)] = entry["id"]
            if entry.get("label_only"):
                continue
            text_forms[squeeze(form)] = entry["id"]
            for word in form.split():
                if len(word) >= REPAIR_LABEL_FROM:
                    words.setdefault(word[0], set()).add(word)
        for form in entry.get("acronyms", ()):
            acronyms[form] = label_forms[form] = entry["id"]
        for form in entry.get("label_forms", ()):
            label_forms[squeeze(form)] = entry["id"]
    wording = vocab.load("wording")
    never = {w for entry in (*wording["not_title"], *wording["end"], *wording["part"]) for w in entry["words"]}
    return Lexicon(
        text_forms,
        label_forms,
        acronyms,
        frozenset(form[:n] for form in label_forms for n in range(1, len(form) + 1)),
        {letter: tuple(sorted(found)) for letter, found in words.items()},
        frozenset(never),
    )


@cache
def word_set(table: str, name: str | None = None) -> frozenset[str]:
    """The words of the entries of one table of the wording vocabulary, or of the entry with that id."""
    entries = vocab.load("wording")[table]
    return frozenset(w for entry in entries if name is None or entry["id"] == name for w in entry["words"])


@cache
def _verb_prefixes() -> tuple[str, ...]:
    return tuple(vocab.load("wording")["morphology"]["verb_prefixes"])


@lru_cache(maxsize=16384)
def is_verb(word: str) -> bool:
    """Whether a folded word has the shape of a verb and is no known noun."""
    prefix = next((p for p in _verb_prefixes() if word.startswith(p)), None)
    # Two letters of prefix and a stem of three: "dini" and "meja" are no verbs.
    return prefix is not None and len(word) >= len(prefix) + 3 and word not in word_set("not_verb")


@lru_cache(maxsize=16384)
def repaired(word: str, label: bool = False) -> str | None:
    """The title word of which a folded word is a misprint; None where it is none, or may be of two."""
    if len(word) < (REPAIR_LABEL_FROM if label else REPAIR_FROM) or (is_verb(word) and not label):
        return None
    known = lexicon()
    limit = 2 if len(word) >= REPAIR_TWICE_FROM else 1
    if word in known.never:
        return None
    near = [
        (edits, form)
        for form in known.words.get(word[0], ())
        if abs(len(form) - len(word)) <= limit
        and (edits := Levenshtein.distance(word, form, score_cutoff=limit)) <= limit
    ]
    if not near:
        return None
    fewest = min(near)[0]
    forms = {form for edits, form in near if edits == fewest}
    known_roles = {known.text_forms.get(form) for form in forms}
    return min(forms) if len(forms) == 1 or (len(known_roles) == 1 and None not in known_roles) else None


@lru_cache(maxsize=512)
def tokens_of(text: str) -> tuple[Token, ...]:
    found = []
    for hit in _WORD.finditer(text):
        word = hit.group()
        found.append(Token(word.casefold(), hit.start(), hit.end(), word[0].isupper(), word.isupper()))
    return tuple(found)


def title_at(text: str, tokens: Sequence[Token], at: int, label: bool = False) -> Found | None:
    """The longest title that begins with token `at`, however its words are torn or glued."""
    known = lexicon()
    forms = known.label_forms if label else known.text_forms
    if tokens[at].word not in known.prefixes and repaired(tokens[at].word, label) is None:
        return None
    key, exact, found = "", True, None
    for j in range(at, min(at + MAX_FORM_WORDS, len(tokens))):
        if j > at and _INSIDE.fullmatch(text, tokens[j - 1].end, tokens[j].start) is None:
            break
        word = tokens[j].word
        if key + word not in known.prefixes:
            mended = repaired(word, label)
            if mended is None or key + mended not in known.prefixes:
                break
            word, exact = mended, False
        key += word
        if key in forms:
            found = Found(forms[key], j + 1, exact)
    if found is None and not label and tokens[at].acronym and tokens[at].word in known.acronyms:
        found = Found(known.acronyms[tokens[at].word], at + 1, True)
    if found is not None and at and tokens[at - 1].word in roles()[found.role].not_after:
        return None
    return found


@lru_cache(maxsize=4096)
def read_title(label: str) -> Reading[Title]:
    """The role and the unit of an actor heading; `role` None where no known title begins it."""
    tokens = tokens_of(label[:MAX_LABEL])
    if not tokens:
        return Reading(None, 0.0)
    prefixes = {entry["id"]: frozenset(entry["words"]) for entry in vocab.load("titles")["prefix"]}
    start, fixes = 0, []
    while start < len(tokens) - 1 and any(tokens[start].word in words for words in prefixes.values()):
        if tokens[start].word in prefixes["acting"] and "acting-prefix" not in fixes:
            fixes.append("acting-prefix")
        start += 1
    found = title_at(label, tokens, start, label=True) or _misprinted(tokens, start)
    if found is None:
        unit = expand(label.strip())
        return Reading(Title(None, (), unit), 0.5, ("unit-abbreviation",) if unit != label.strip() else ())
    alternatives, unit_text = _behind(label, tokens, found)
    unit = expand(unit_text)
    if not found.exact:
        fixes.append("title-spelling")
    if unit != unit_text:
        fixes.append("unit-abbreviation")
    # 0.9 for a misprint within the edits its length allows is set by hand: too few are known to measure it.
    return Reading(Title(found.role, alternatives, unit or None), 1.0 if found.exact else 0.9, tuple(fixes))


def _misprinted(tokens: Sequence[Token], start: int) -> Found | None:
    """The nearest title to the first words together, within the edits its length allows."""
    best: tuple[float, Found] | None = None
    key = ""
    for j in range(start, min(start + MAX_FORM_WORDS, len(tokens))):
        key += tokens[j].word
        near = match.best(key, lexicon().label_forms)
        if near is not None and (best is None or near.similarity >= best[0]):
            best = (near.similarity, Found(near.entry, j + 1, False))
    return best[1] if best else None


def _behind(label: str, tokens: Sequence[Token], first: Found) -> tuple[tuple[str, ...], str]:
    """Further titles of the heading ("Kabid/KPA"), and the text of the unit."""
    alternatives: list[str] = []
    cut, resume = len(label), first.after
    at = first.after
    while at < len(tokens):
        gap = label[tokens[at - 1].end : tokens[at].start]
        joined = tokens[at].word in word_set("part", "and") and at + 1 < len(tokens)
        begin = at + 1 if joined else at
        found = title_at(label, tokens, begin, label=True) if joined or begin == first.after or "/" in gap else None
        if found is None and ("," in gap or "&" in gap):
            found = title_at(label, tokens, begin, label=True)
            joined = True
        if found is not None and _is_alternative(first.role, found.role, "/" in gap, joined):
            if found.role != first.role and found.role not in alternatives:
                alternatives.append(found.role)
            cut = min(cut, tokens[at - 1].end)
            resume = at = found.after
            continue
        at += 1
    own = label[tokens[first.after - 1].end : cut]
    unit = _trim(own) or _trim(label[tokens[resume - 1].end :])
    return tuple(alternatives), unit


def _is_alternative(first: str, second: str, slash: bool, joined: bool) -> bool:
    """Whether a second title stands beside the first, or names the unit of the first ("Staf Bagian Hukum")."""
    if slash:
        return True
    kinds = roles()[first].kind, roles()[second].kind
    if joined:
        return kinds[1] in ("office", "hat", "team") or kinds[0] in ("unit", "external")
    return kinds[0] in ("office", "hat", "unit") and kinds[1] in ("office", "hat")


def _trim(text: str) -> str:
    return text.strip(" \t\r\n,;:/&-–()").lstrip(". ")


@cache
def _abbreviations() -> dict[str, str]:
    return {short: entry["long"] for entry in vocab.load("titles")["abbreviation"] for short in entry["short"]}


_ABBREVIATED = regex.compile(r"(\p{L}{2,10})\b\.?")


def expand(text: str) -> str:
    """Abbreviations of unit names written out; everything else stays as printed."""
    and_word = vocab.load("titles")["join"]
    and_word = and_word.upper() if text.isupper() else and_word

    def longer(hit: regex.Match[str]) -> str:
        long = _abbreviations().get(hit.group(1).casefold())
        if long is None:
            return hit.group()
        return long.upper() if text.isupper() and " " in text else long

    return _ABBREVIATED.sub(longer, " ".join(_AND.sub(f" {and_word} ", text).split()))
