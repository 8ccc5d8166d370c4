"""The beginning of a citation: which kind of regulation, made by whom.

The names are compared letter by letter without spaces, so that torn, glued and hyphenated spellings are one form.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA

from sopparse import vocab

# "Peraturan Menteri Perencanaan Pembangunan Nasional/Kepala Badan Perencanaan Pembangunan Nasional" has eleven words.
_LONGEST_NAME = 16
# From this length on a word of a name may be misread in one letter, from nine on in two.
_REPAIRED_LENGTH = 6
_TWICE_REPAIRED_LENGTH = 9
# A form of up to this many letters (UU, PP, SE, KMA) is also a word or a fragment: it must be in capitals.
_SHORT_FORM = 3


@dataclass(frozen=True, slots=True)
class Kind:
    """`level` is the level of the region that must follow, "any" where the form does not tell it."""

    type: str
    issuer: str | None = None
    level: str | None = None
    by_code: bool = False
    unnumbered: bool = False
    open: bool = False  # the head of a family of issuers, none of which we know was named


@dataclass(frozen=True, slots=True)
class FoundKind:
    kind: Kind
    start: int
    end: int
    repaired: bool
    tokens: int


class Token(NamedTuple):
    text: str
    start: int
    end: int


_TOKEN = regex.compile(r"\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{L}|\p{N}+")
_BARRIER = regex.compile(r"[;:()\[\]|]")


def tokenize(text: str) -> tuple[Token, ...]:
    """Words of letters or of digits; a capital after a small letter begins a new word (glued words)."""
    return tuple(Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text))


def kind_at(text: str, tokens: tuple[Token, ...], i: int) -> FoundKind | None:
    """The longest known beginning of a citation at token i."""
    forms = _forms()
    joined, repaired, found = "", False, None
    last = min(i + _LONGEST_NAME, len(tokens))
    for j in range(i, last):
        token = tokens[j]
        if token.text[0].isdigit() or (j > i and _BARRIER.search(text, tokens[j - 1].end, token.start)):
            break
        word = canonical(token.text)
        if word in _ends():
            break
        if word in _dropped():
            if found is not None and found.tokens == j - i:
                found = FoundKind(found.kind, found.start, token.end, found.repaired, j + 1 - i)
            continue
        repaired = repaired or word != token.text.casefold()
        joined += word
        kind = forms.get(joined)
        if kind is not None and (len(joined) > _SHORT_FORM or _capital(text[tokens[i].start : token.end])):
            found = FoundKind(kind, tokens[i].start, token.end, repaired, j + 1 - i)
    return found


def _capital(word: str) -> bool:
    return word[0].isupper()


def starts_kind(token: Token) -> bool:
    """Whether a citation can begin with this word: the quick test before `kind_at`."""
    return token.text[0].isupper() and first_word(token.text) in _first_words()


@lru_cache(maxsize=16384)
def first_word(word: str) -> str:
    folded = word.casefold()
    return folded if folded in _first_words() else _repaired(folded, _long_first_words())


@lru_cache(maxsize=16384)
def canonical(word: str) -> str:
    """The word in small letters; a misread long word of a name as the name spells it."""
    folded = word.casefold()
    return folded if folded in _words() else _repaired(folded, _long_words())


def _repaired(folded: str, words: tuple[str, ...]) -> str:
    if len(folded) < _REPAIRED_LENGTH:
        return folded
    limit = 1 if len(folded) < _TWICE_REPAIRED_LENGTH else 2
    near = process.extract(folded, words, scorer=OSA.distance, score_cutoff=limit, limit=2)
    if not near or (len(near) > 1 and near[0][1] == near[1][1]):
        return folded
    return str(near[0][0])


def code_kind(parts: tuple[str, ...]) -> Kind | None:
    """The kind that the letters between the slashes of a number tell: 215/PMK.05/2016, PER/15/M.PAN/7/2008."""
    letters = ["".join(c for c in part.casefold() if c.isalpha()) for part in parts]
    firsts = [regex.sub(r"[^\p{L}].*", "", part.strip().casefold()) for part in parts]
    for code in vocab.load("citations")["code"]:
        if not any(word in code["parts"] for word in (*letters, *firsts)):
            continue
        if "type" in code:
            return Kind(code["type"], code.get("issuer"), level=level_of(code["type"]))
        kinds: dict[str, list[str]] = vocab.load("citations")["code_kinds"]
        named = next((kinds[word] for word in firsts if word in kinds), None)
        index = 1 if code.get("lower") else 0
        return Kind(named[index], code["issuer"]) if named is not None else Kind("other", code["issuer"], open=True)
    return None


def level_of(type_: str) -> str | None:
    return next((f.get("level") for f in vocab.load("citations")["form"] if f["type"] == type_), None)


@cache
def _forms() -> dict[str, Kind]:
    """All beginnings, squeezed. A form that is listed as such wins over one that is put together."""
    data = vocab.load("citations")
    forms: dict[str, Kind] = {}
    for form in data["form"]:
        takes = form.get("takes")
        for head in form["heads"]:
            if takes is None:
                forms[squeezed(head)] = _kind(form)
            elif takes == "ministry":
                forms.setdefault(squeezed(head), Kind(form["type"], open=True))
    for form in data["form"]:
        takes = form.get("takes")
        if takes is None:
            continue
        heads = [squeezed(head) for head in form["heads"]]
        for issuer in data["issuer"]:
            if issuer["kind"] == takes:
                kind = Kind(form["type"], issuer["id"])
                for name in map(squeezed, issuer["forms"]):
                    for head in heads:
                        forms.setdefault(head + name, kind)
    return forms


def _kind(form: dict[str, Any]) -> Kind:
    return Kind(
        form["type"],
        form.get("issuer"),
        form.get("level"),
        form.get("by_code", False),
        form.get("unnumbered", False),
        open=form["type"] in ("peraturan-lembaga", "keputusan-lembaga", "se") and "issuer" not in form,
    )


def squeezed(form: str) -> str:
    dropped = _dropped()
    return "".join(word for word in form.casefold().split() if word not in dropped)


@cache
def _dropped() -> frozenset[str]:
    return frozenset(vocab.load("citations")["dropped"])


@cache
def _ends() -> frozenset[str]:
    words = vocab.load("citations")["words"]
    return frozenset((*words["about"], *words["number"], *words["year"], *words["date"]))


@cache
def _words() -> frozenset[str]:
    data = vocab.load("citations")
    names = [head for form in data["form"] for head in form["heads"]]
    names += [name for issuer in data["issuer"] for name in issuer["forms"]]
    return frozenset((*(word for name in names for word in name.split()), *_ends()))


@cache
def _long_words() -> tuple[str, ...]:
    """The words that may be repaired: those of names in full. Abbreviations are one letter apart (kes, keu)."""
    data = vocab.load("citations")
    names = [head for form in data["form"] for head in form["heads"]]
    names += [name for issuer in data["issuer"] for name in issuer["forms"]]
    words = {word for name in names if " " in name for word in name.split()} | _ends()
    return tuple(sorted(word for word in words if len(word) >= _REPAIRED_LENGTH))


@cache
def _first_words() -> frozenset[str]:
    """First words of heads, also glued with the next ones; short heads also glued with the first word of an issuer."""
    data = vocab.load("citations")
    firsts: set[str] = set()
    for form in data["form"]:
        names = [name for i in data["issuer"] if i["kind"] == form.get("takes") for name in i["forms"]]
        follow = {name.split()[0] for name in names} | {name.replace(" ", "") for name in names if len(name) < 16}
        for head in form["heads"]:
            words = head.split()
            firsts.update("".join(words[:n]) for n in range(1, min(len(words), 3) + 1))
            if len(words) == 1:
                firsts.update(words[0] + name for name in follow)
    return frozenset(firsts)


@cache
def _long_first_words() -> tuple[str, ...]:
    """Words that begin a name in full and are long enough to be repaired."""
    heads = {head.split()[0] for form in vocab.load("citations")["form"] for head in form["heads"] if " " in head}
    return tuple(sorted(word for word in heads if len(word) >= _REPAIRED_LENGTH))
