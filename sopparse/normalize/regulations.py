"""What is known of single regulations: the official title, and whether another has replaced it (`standing`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from sopparse import vocab
from sopparse.normalize.text import fold
from sopparse.standing import State, standing_of

# Titles are shortened, expanded and misspelt: the printed title is another one's only if it is nearly that title,
# far from its own, and no third one comes near. Chosen on the registered titles themselves: no registered title,
# cut after its first six words, is taken for another's.
_IS_TITLE = 92.0
_IS_NOT_OWN = 75.0
_CLEAR_LEAD = 8.0
# "Kecamatan" or "Kesehatan" alone says too little to accuse a number.
_SHORTEST_TITLE = 12
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Status:
    state: State
    by: tuple[str, ...]
    as_of: str


@lru_cache(maxsize=2048)
def status_of(id_: str | None) -> Status:
    """The standing on the day of the data."""
    standing = standing_of(id_)
    return Status(standing.state, standing.by, standing.as_of)


@cache
def _titles() -> Mapping[str, str]:
    return {row["id"]: fold(row["title"]) for row in vocab.rows("regulations")}


@cache
def _family(kind: str) -> Mapping[str, str]:
    return {id_: title for id_, title in _titles().items() if id_.split("/", 1)[0] == kind}


@lru_cache(maxsize=2048)
def title_belongs_to(id_: str, about: str) -> str | None:
    """The id of the regulation of the same kind whose title `about` is, where it clearly is not that of `id_`."""
    own = _titles().get(id_)
    words = fold(about)
    if own is None or len(words) < _SHORTEST_TITLE or len(words.split()) < _FEWEST_WORDS:
        return None
    if max(fuzz.ratio(words, own), fuzz.token_set_ratio(words, own)) >= _IS_NOT_OWN:
        return None
    near = process.extract(words, _family(id_.split("/", 1)[0]), scorer=fuzz.ratio, score_cutoff=_IS_TITLE, limit=2)
    if not near or (len(near) > 1 and near[0][1] - near[1][1] < _CLEAR_LEAD):
        return None
    return str(near[0][2])


def year_with_title(ids: Mapping[int, str], about: str) -> int | None:
    """Of several readings of a year, the one whose regulation bears this title."""
    words = fold(about)
    fits = [year for year, id_ in ids.items() if (own := _titles().get(id_)) and fuzz.ratio(words, own) >= _IS_TITLE]
    return fits[0] if len(fits) == 1 else None
