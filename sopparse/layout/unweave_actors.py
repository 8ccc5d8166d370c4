"""The names of the actors among the headings of a table without borders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise

import regex

from sopparse.layout.unweave_evidence import trait
from sopparse.layout.unweave_lines import Sheet, column_label, found_labels
from sopparse.normalize.text import squeeze
from sopparse.normalize.titles import lexicon, roles, title_at, tokens_of
from sopparse.page import Words, text_of

# No name of an actor has more words; no table more actors; no heading more words of names.
_LONGEST_NAME, _MOST_ACTORS, _MOST_WORDS = 8, 15, 60
# A name that begins with no known title, and a piece of a name on a lower line, in words.
_LONGEST_UNKNOWN, _LONGEST_PIECE = 2, 4
# Ways to part a line that are followed; the share of the words that must be of known titles.
_KEPT, _KNOWN = 12, 0.6
# What a name costs; what a word of a title that is a unit, one behind a title, an unknown one are worth or cost; what a
# second title inside of a name costs; what it is worth that the steps say the name. A word of another title counts 1.
_NAME, _UNIT, _MORE, _UNKNOWN, _INNER, _SAID = 0.8, 0.6, 0.3, 0.5, 1.0, 1.0
# From this rank on there are several of a kind in an agency, and their unit is mostly named; what that is worth.
_LOW, _OWN_UNIT = 5.2, 0.4
# Letters that no name holds.
_ODD = regex.compile(r"[':;|{}\[\]<>*!?\"]")


def woven_names(sheet: Sheet, before: Words) -> list[Words]:
    """The lines of the heading without its known headings, and the lines behind it up to the first row."""
    lines: list[Words] = []
    named = False
    for words in sheet.heading:
        labels = found_labels(words)
        taken = {
            i for name, start, count in labels if not (named and name == "actors") for i in range(start, start + count)
        }
        if named:
            lines.append(tuple(word for i, word in enumerate(words) if i not in taken))
        named = named or any(name == "actors" for name, _, _ in labels)
    below: dict[int, Words] = {}
    for word in before:
        below[word.line] = (*below.get(word.line, ()), word)
    return [*lines, *below.values()] if named else []


def stacked_actors(heading: Sequence[Words]) -> list[Words]:
    """Each name is a line, or goes on on the next in small letters or behind a word that cannot end it."""
    names: list[Words] = []
    known: set[str] = set()
    for words in heading:
        label = column_label(text_of(words))
        # below its heading, "Pelaksana" is a name
        if label is not None and not (label == "actors" and label in known):
            known.add(label)
            continue
        if "actors" not in known:
            continue
        first = trait(words[0].text)
        last = trait(names[-1][-1].text) if names else None
        if last is not None and (first.small or first.follower or last.joiner or last.comma):
            names[-1] += words
        else:
            names.append(words)
    if len(names) > _MOST_ACTORS or any(len(name) > _LONGEST_NAME for name in names):
        return []
    return names


@dataclass(frozen=True, slots=True)
class _Split:
    """Names side by side: their words, what speaks for each."""

    names: tuple[Words, ...]
    worth: float


def woven_actors(lines: Sequence[Words], body: Sequence[Words]) -> list[Words]:
    """The names in lines that run through all columns of actors, left to right.

    A name goes on directly below itself; which piece of a lower line belongs to which name, titles and the words of the
    steps tell. Nothing is found where a word is unreadable, or most are of no known title.
    """
    lines = [words for words in lines if words]
    if not lines or sum(map(len, lines)) > _MOST_WORDS:
        return []
    if any(_is_garbled(word.text) for words in lines for word in words):
        return []
    said = "\n".join(squeeze(text_of(words)) for words in body)
    splits = _splits(lines[0], said)
    for above, words in pairwise(lines):
        splits = sorted((_attached(split, words, above[0].line, said) for split in splits), key=lambda one: -one.worth)
    best = splits[0]
    names = list(best.names)
    known = sum(len(name) for name in names if _worth(text_of(name)) > 0.0)
    if known < _KNOWN * sum(map(len, names)) or len(names) > _MOST_ACTORS:
        return []
    return names


def _splits(words: Words, said: str) -> list[_Split]:
    """The best ways to part a line into names."""
    best: list[list[_Split]] = [[_Split((), 0.0)]]
    for end in range(1, len(words) + 1):
        found: list[_Split] = []
        for start in range(max(0, end - _LONGEST_NAME), end):
            if end - start > (_LONGEST_NAME if _opens(words[start].text) else _LONGEST_UNKNOWN):
                continue
            name = words[start:end]
            worth = _value(name, said)
            found += [_Split((*split.names, name), split.worth + worth) for split in best[start]]
        best.append(nlargest(_KEPT, found, key=lambda split: split.worth))
    return best[-1]


def _attached(split: _Split, words: Words, above: int, said: str) -> _Split:
    """The names with the words of the line below `above`, each piece put to the name where it says most."""
    # best[c]: worth and names once the words so far stand below the first c names
    count = len(split.names)
    best: list[tuple[float, tuple[Words, ...]] | None] = [(split.worth, split.names)] + [None] * count
    states: list[list[tuple[float, tuple[Words, ...]] | None]] = [best] + [[None] * (count + 1) for _ in words]
    for start in range(len(words)):
        for c in range(count + 1):
            state = states[start][c]
            if state is None:
                continue
            for end in range(start + 1, min(start + _LONGEST_PIECE, len(words)) + 1):
                for k in range(c, count):
                    name = state[1][k]
                    if name[-1].line != above:
                        # it ended on a line before
                        continue
                    longer = name + words[start:end]
                    worth = state[0] + _value(longer, said) - _value(name, said)
                    old = states[end][k + 1]
                    if old is None or worth > old[0]:
                        states[end][k + 1] = (worth, (*state[1][:k], longer, *state[1][k + 1 :]))
    found = max((state for state in states[-1] if state is not None), key=lambda state: state[0], default=None)
    return split if found is None else _Split(found[1], found[0])


def _value(name: Words, said: str) -> float:
    text = text_of(name)
    return _worth(text) + (_SAID if len(name) > 1 and squeeze(text) in said else 0.0)


def _is_garbled(text: str) -> bool:
    return _ODD.search(text) is not None or text.count("(") != text.count(")")


@lru_cache(maxsize=4096)
def _opens(text: str) -> bool:
    tokens = tokens_of(text)
    return (
        bool(tokens)
        and not _is_garbled(text)
        and (title_at(text, tokens, 0, True) is not None or tokens[0].word in lexicon().prefixes)
    )


@lru_cache(maxsize=8192)
def _worth(text: str) -> float:
    """What speaks for these words being one name."""
    words = text.split()
    tokens = tokens_of(text)
    found = title_at(text, tokens, 0, True) if tokens else None
    if found is None:
        return -_NAME - _UNKNOWN * len(words)
    kinds = roles()
    role = kinds[found.role]
    score = -_NAME + (_UNIT if role.kind == "unit" else 1.0) * found.after
    at = found.after
    if at < len(tokens) and role.kind == "office" and role.rank is not None and role.rank >= _LOW:
        score += _OWN_UNIT
    while at < len(tokens):
        inner = title_at(text, tokens, at, True)
        either = "/" in text[tokens[at - 1].end : tokens[at].start]
        if inner is not None and kinds[inner.role].kind != "unit":
            score += inner.after - at if either else _MORE * (inner.after - at) - _INNER
            at = inner.after
        else:
            score += _MORE
            at += 1
    first, last = trait(words[0]), trait(words[-1])
    return score - (3.0 if first.follower else 0.0) - (2.0 if last.joiner or last.comma else 0.0)
