"""SOPs that name each other: which of those named as related are in the set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sopparse.compare.entries import Entry, Row, Terms
from sopparse.compare.terms import title_terms

# From this similarity (0-1, of the stems, in any order) on a name means that SOP: one wrong or missing word in five.
SAME_NAME = 0.85


def named(entry: Entry, terms: Terms) -> Iterator[Row]:
    """A12, first half: the SOPs that one names."""
    for index, text in enumerate(entry.sop.related_sops):
        path = f"/related_sops/{index}"
        yield {**entry.row(path), "named": text, "doubtful": not entry.sure(path)}


def resolved(rows: Sequence[Row], documents: Sequence[Row]) -> list[Row]:
    """A12, second half: where each named SOP is; that of the same agency is preferred."""
    from rapidfuzz import fuzz, process

    titles = {row["sop"]: name_of(row["title"] or "") for row in documents}
    agencies = {row["sop"]: row["agency"] for row in documents}
    known = {name: name for name in set(titles.values()) if name}
    holders: dict[str, list[str]] = {}
    for key, name in titles.items():
        holders.setdefault(name, []).append(key)
    out: list[Row] = []
    for row in rows:
        name = name_of(row["named"])
        if not name:
            out.append({**row, "state": "no-sop", "found": None, "score": None})
            continue
        match = process.extractOne(name, known, scorer=fuzz.token_sort_ratio, score_cutoff=SAME_NAME * 100)
        others = [key for key in holders.get(match[0], ()) if key != row["sop"]] if match else []
        own = [key for key in others if agencies[key] == row["agency"]]
        found = next(iter(own or others), None)
        state = "missing" if found is None else "here" if own else "elsewhere"
        score = round(match[1] / 100, 3) if match and found is not None else None
        out.append({**row, "state": state, "found": found, "score": score})
    return out


def name_of(text: str) -> str:
    """What an SOP is about: the stems of its name, without the words that every name has."""
    return " ".join(title_terms(text))
