"""The six lists: items that stop in the middle, items that belong to another list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from sopparse import vocab
from sopparse.check.legal import title_is_cut
from sopparse.check.wording import fold, is_cut, lacks_predicate
from sopparse.evidence import Issue, issue
from sopparse.model import Sop

_LISTS = ("qualifications", "related_sops", "equipment", "warnings", "records")
# In these lists other kinds of items are usual: procedures are named in warnings, papers and registers in records.
_AT_HOME = {"related_sops": {"warnings"}, "equipment": {"records"}, "records": {"warnings", "equipment"}}
_NARROW = ("qualifications",)
# Where this share of the citations has its title, one without it was cut.
_USUALLY = 0.6
_NUMBERED = re.compile(r"\b\d+\b.*\b(?:19|20)\d\d\b")


def cut(sop: Sop) -> Iterator[tuple[str, Issue]]:
    titled = sum(cited.about is not None for cited in sop.legal_basis)
    for i, cited in enumerate(sop.legal_basis):
        if is_cut(cited.text, item=True) or _is_bare(cited.text) or title_is_cut(cited):
            yield f"/legal_basis/{i}", issue("list.item-cut")
        elif cited.number is not None and cited.about is None and titled >= _USUALLY * len(sop.legal_basis):
            yield f"/legal_basis/{i}", issue("legal.title-missing")
    for name in _LISTS:
        for i, item in enumerate(_items(sop, name)):
            if is_cut(item, item=True) or (name == "warnings" and lacks_predicate(item)):
                yield f"/{name}/{i}", issue("list.item-cut")


def _is_bare(text: str) -> bool:
    """Only the word with which the name of a regulation begins."""
    told = fold(text).split()
    return told[-1:] != [] and len(told) <= 2 and told[-1] in vocab.load("checks")["cut"]["bare"]


def foreign(sop: Sop) -> Iterator[tuple[str, Issue]]:
    for i, cited in enumerate(sop.legal_basis):
        if cited.number is None and cited.year is None and (home := _home(cited.text)) not in (None, "legal_basis"):
            yield f"/legal_basis/{i}", issue("list.item-foreign", home=home)
    for name in _LISTS:
        for i, item in enumerate(_items(sop, name)):
            home = _home(item) or _likely_home(item, name)
            if home is not None and home != name and name not in _AT_HOME.get(home, ()):
                yield f"/{name}/{i}", issue("list.item-foreign", home=home)


def _items(sop: Sop, name: str) -> Sequence[str]:
    items: Sequence[str] = getattr(sop, name)
    return items


def _home(item: str) -> str | None:
    """The list that an item belongs to by its first words, or None where they tell nothing."""
    told = fold(item)
    if not told:
        return None
    words = told.split()
    if words[0] in _starts("legal_basis") and _NUMBERED.search(told):
        return "legal_basis"
    if told in _nouns():
        return "equipment"
    for name in ("qualifications", "related_sops", "warnings", "records"):
        if words[0] in _starts(name) or " ".join(words[:2]) in _starts(name):
            return name
    return None


def _likely_home(item: str, name: str) -> str | None:
    """The only list whose items begin with this word, where those of its own list do not: asked of requirements of
    persons alone, which begin with few words."""
    first = fold(item).split()[:1]
    if name not in _NARROW or not first or first[0] in _may_begin(name):
        return None
    homes = [other for other in _LISTS if first[0] in _may_begin(other)]
    return homes[0] if homes and name not in homes else None


@cache
def _may_begin(name: str) -> frozenset[str]:
    lists = vocab.load("lists")[name]
    return frozenset((*lists["starts"], *lists["nouns"]))


@cache
def _starts(name: str) -> frozenset[str]:
    """First words that only items of this list have."""
    lists = vocab.load("lists")
    return frozenset(lists["legal_basis"]["starts"] if name == "legal_basis" else lists["strong"][name])


@cache
def _nouns() -> frozenset[str]:
    return frozenset(vocab.load("lists")["equipment"]["nouns"])
