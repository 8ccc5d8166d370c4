"""Citations against the document, against themselves, and against the titles that are known."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from sopparse import vocab
from sopparse.check.wording import fold
from sopparse.evidence import Issue, issue
from sopparse.model import Citation, Sop

# A printed title is a known one from this similarity on (0-100); the known titles differ from each other by more.
_SAME_TITLE = 96.0
# A title as near as this to the one of its own number belongs to it, misprints and short forms included.
_NEAR_TITLE = 75.0
# A title of this share of the known one is its short form; what is shorter was cut (seeds of the list: 139 titles).
_SHORT_FORM = 0.5
# Fewer words are the beginning of many titles.
_FEWEST_WORDS = 2
_YEAR = r"((?:19|20)\d\d)"


def years(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """Nothing can be cited before it exists."""
    header = sop.header
    dates = [date for date in (header.created, header.effective, header.approved, header.revised) if date]
    latest = max((int(date[:4]) for date in dates), default=None)
    for i, cited in enumerate(sop.legal_basis):
        if cited.year is None:
            continue
        path = f"/legal_basis/{i}"
        gazette, named = _gazette_year(cited.text), _named_year(cited)
        if latest is not None and cited.year > latest:
            yield path, issue("legal.year-after-document", year=cited.year, document=latest)
        elif gazette is not None and gazette != cited.year:
            yield path, issue("legal.gazette-year-differs", year=cited.year, gazette=gazette)
        elif named is not None and named > cited.year:
            yield path, issue("legal.year-before-subject", year=cited.year, subject=named)


def _gazette_year(text: str) -> int | None:
    """The year of the gazette that printed the regulation, where just one is given."""
    dropped = frozenset(vocab.load("citations")["dropped"])
    told = " ".join(word for word in fold(text).split() if word not in dropped)
    found = {year for word in vocab.load("citations")["words"]["gazette"] for year in _years_after(fold(word), told)}
    return int(found.pop()) if len(found) == 1 else None


def _named_year(cited: Citation) -> int | None:
    """The latest year of a regulation that the title itself names."""
    return max(map(int, _years_after("", fold(cited.about))), default=None)


def _years_after(word: str, told: str) -> list[str]:
    """The years that the text gives behind a word."""
    return re.findall(rf"\b{word} ?(?:{'|'.join(vocab.load('citations')['words']['year'])}) {_YEAR}\b", told)


def titles(sop: Sop) -> Iterator[tuple[str, Issue]]:
    """A known title under a number or a year that is not its own, where the other of the two agrees."""
    for i, cited in enumerate(sop.legal_basis):
        if cited.id is None or cited.about is None or _bears(cited.id, fold(cited.about)):
            continue
        kind, *_ = cited.id.split("/")
        same = [id_ for id_ in _titled(kind, fold(cited.about)) if _half(id_, cited)]
        if len(same) == 1:
            yield f"/legal_basis/{i}", issue("legal.number-contradicts-title", cited=cited.id, known=same[0])


def _bears(id_: str, about: str) -> bool:
    """Whether the title is, as far as it goes, that of this regulation."""
    from rapidfuzz import fuzz

    own = _known().get(id_)
    return own is not None and max(fuzz.ratio(about, own), fuzz.token_set_ratio(about, own)) >= _NEAR_TITLE


def _half(id_: str, cited: Citation) -> bool:
    year, number = id_.split("/")[-2:]
    return (year == str(cited.year)) != (number == cited.number)


@cache
def _known() -> Mapping[str, str]:
    return {row["id"]: fold(row["title"]) for row in vocab.rows("regulations")}


@cache
def _families() -> Mapping[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for id_, told in _known().items():
        found[id_.split("/", 1)[0]].append((id_, told))
    return {kind: tuple(pairs) for kind, pairs in found.items()}


def _titled(kind: str, about: str) -> list[str]:
    from rapidfuzz import fuzz

    if len(about.split()) < _FEWEST_WORDS and len(about) < 8:
        return []
    return [id_ for id_, told in _families().get(kind, ()) if fuzz.ratio(about, told) >= _SAME_TITLE]


def repeated(sop: Sop) -> Iterator[tuple[str, Issue]]:
    seen: dict[str, int] = {}
    for i, cited in enumerate(sop.legal_basis):
        if cited.id is None:
            continue
        if cited.id in seen:
            yield f"/legal_basis/{i}", issue("legal.cited-twice", item=seen[cited.id] + 1)
        seen.setdefault(cited.id, i)


def title_is_cut(cited: Citation) -> bool:
    """Whether the title of a known regulation stops in the middle; half of it is a short form."""
    own, about = _known().get(cited.id or ""), fold(cited.about)
    if own is None or not about or about in _clauses(cited.id or ""):
        return False
    return len(about) < _SHORT_FORM * len(own) and own.startswith(about + " ")


@cache
def _clauses(id_: str) -> frozenset[str]:
    """The known title up to each of its commas: where a short form ends, and a cut hardly."""
    parts = next(row["title"] for row in vocab.rows("regulations") if row["id"] == id_).split(",")
    return frozenset(fold(",".join(parts[:k])) for k in range(1, len(parts)))
