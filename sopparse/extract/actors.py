"""Which actor column a mention means, and which actors there are when their headings cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from sopparse.normalize.match import allowed_edits
from sopparse.normalize.mentions import Mention
from sopparse.normalize.text import fold, squeeze
from sopparse.normalize.titles import Title, Token, expand, read_title, roles, tokens_of, word_set

# How near two roles are: the same; the leader or a member of a team and the team; two names for one post; a unit and
# the one who acts for it. Set so that a nearer kind always wins over a better unit (invented tables in the tests).
SAME_ROLE = 1.0
TEAM_MEMBER = 0.85
LIKE_ROLE = 0.6
UNIT_HEAD = 0.6
# How near two units are: the same or one inside the other; one not named; half of the words shared; strangers.
UNIT_INSIDE = 0.97
UNIT_UNNAMED = 0.85
UNIT_HALF = 0.65
UNIT_OTHER = 0.2
# Less than this is no match.
LEAST_MATCH = 0.4


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    column: int
    score: float


def match_mention(mention: Mention, columns: Sequence[str]) -> tuple[ColumnMatch, ...]:
    """The actor columns that a mention may mean, best first; equal scores are a tie the caller must settle."""
    return _matches(mention.text, mention.title, tuple(columns))


@lru_cache(maxsize=4096)
def _matches(text: str, title: Title, columns: tuple[str, ...]) -> tuple[ColumnMatch, ...]:
    found = [ColumnMatch(i, affinity(text, title, label)) for i, label in enumerate(columns)]
    return tuple(sorted((m for m in found if m.score >= LEAST_MATCH), key=lambda m: -m.score))


def affinity(text: str, title: Title, label: str) -> float:
    """0-1: how well a mention fits one heading."""
    if squeeze(text) == squeeze(label):
        return 1.0
    column = read_title(label).value
    if column is None:
        return 0.0
    if column.role is None:
        return _shared(unit_words(column.unit), unit_words(expand(text)))
    nearness = [max(role_affinity(own, other) for other in column.roles) for own in title.roles]
    if not nearness:
        return 0.0
    # "Kabid/KPA" means the column "Kabid" even if no column is headed "KPA"; both named is better.
    role = 0.6 * max(nearness) + 0.4 * sum(nearness) / len(nearness)
    if len(column.roles) > len(title.roles):
        role *= 0.97
    return role * unit_affinity(title.unit, column.unit)


@lru_cache(maxsize=4096)
def role_affinity(one: str, other: str) -> float:
    if one == other:
        return SAME_ROLE
    first, second = roles()[one], roles()[other]
    if first.member_of == other or second.member_of == one:
        return TEAM_MEMBER
    if first.member_of is not None and first.member_of == second.member_of:
        return LIKE_ROLE
    if other in first.like or one in second.like:
        return LIKE_ROLE
    if first.head == other or second.head == one:
        return UNIT_HEAD
    return 0.0


@lru_cache(maxsize=4096)
def unit_words(unit: str | None) -> frozenset[str]:
    return frozenset(fold(unit).split()) - word_set("part", "and") if unit else frozenset()


@lru_cache(maxsize=4096)
def unit_affinity(one: str | None, other: str | None) -> float:
    first, second = unit_words(one), unit_words(other)
    if first == second:
        return 1.0
    if not first or not second:
        return UNIT_UNNAMED
    shared = _shared(first, second) if len(first) <= len(second) else _shared(second, first)
    return UNIT_INSIDE if shared == 1.0 else UNIT_HALF if shared >= 0.5 else UNIT_OTHER


def _shared(few: frozenset[str], many: frozenset[str]) -> float:
    """The share of the words of `few` that stand in `many`, misprints allowed."""
    hits = sum(1 for word in few if word in many or any(_alike(word, other) for other in many))
    return hits / len(few) if few else 0.0


@lru_cache(maxsize=8192)
def _alike(one: str, other: str) -> bool:
    limit = allowed_edits(min(len(one), len(other)))
    return limit > 0 and Levenshtein.distance(one, other, score_cutoff=limit) <= limit


@dataclass(frozen=True, slots=True)
class Named:
    """Characters `start:end` of an activity, and the columns they may mean, best first."""

    start: int
    end: int
    matches: tuple[ColumnMatch, ...]


def named_columns(mentions: Sequence[Mention], tokens: Sequence[Token], columns: tuple[str, ...]) -> tuple[Named, ...]:
    """The mentions with their columns, and the headings that occur word for word, left to right.

    A heading with an unknown title is only found word for word; a longer find wins over a shorter one inside it.
    """
    finds = [Named(m.start, m.end, match_mention(m, columns)) for m in mentions]
    finds += _literal(tokens, columns)
    finds.sort(key=lambda n: (-(n.end - n.start), -(n.matches[0].score if n.matches else 0.0), n.start))
    kept: list[Named] = []
    taken: set[int] = set()
    for find in finds:
        places = range(find.start, find.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(find)
    return tuple(sorted(kept, key=lambda n: n.start))


def _literal(tokens: Sequence[Token], columns: tuple[str, ...]) -> list[Named]:
    found = []
    places: dict[str, list[int]] = {}
    for i, token in enumerate(tokens):
        places.setdefault(token.word, []).append(i)
    for column, label in enumerate(columns):
        words = _label_words(label)
        if not words or sum(map(len, words)) < 4:
            continue
        for at in places.get(words[0], ()):
            run = tokens[at : at + len(words)]
            if len(run) == len(words) and all(t.word == w for t, w in zip(run, words, strict=True)):
                found.append(Named(run[0].start, run[-1].end, (ColumnMatch(column, 1.0),)))
    return found


@lru_cache(maxsize=2048)
def _label_words(label: str) -> tuple[str, ...]:
    return tuple(token.word for token in tokens_of(label))
