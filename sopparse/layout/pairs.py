"""Two lists printed side by side and read as one: which words belong to the left one, which to the right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from sopparse.normalize.items import begins_item
from sopparse.page import Words, text_of

_NUMBER = regex.compile(r"\(?(\d{1,2})[.,)]\)?$")
_BAR = frozenset("|¦│")

# Scores of the evidence for a cut inside a line; a cut needs more than _ENOUGH. Chosen on generated scans' texts.
_BAR_SCORE = 3.0
_NEXT_NUMBER = 2.0
_FIRST_WORD = 0.8
_OTHER_FIRST_WORD = -0.6
_ENOUGH = 1.2


@dataclass(frozen=True, slots=True)
class Parted:
    left: tuple[Words, ...]
    right: tuple[Words, ...]
    bars: Words  # lines drawn between the two, read as characters
    sure: float  # share of lines of which the evidence tells the side


def part_pair(lines: Sequence[Words], left: str, right: str) -> Parted:
    """Parts lines of two lists whose lines were joined by single spaces, left before right.

    The evidence: a drawn line read as a bar, the next number of the right list inside a line, the way items of the
    lists begin.
    """
    lefts: list[Words] = []
    rights: list[Words] = []
    bars: list = []  # type: ignore[type-arg]
    next_left = next_right = 1
    told = 0
    side = "left"
    for words in lines:
        cut, score = _best_cut(words, right, next_right, next_left)
        a, b = words[:cut], words[cut:]
        if score > _ENOUGH:
            told += 1
        elif _belongs_right(words, left, right, next_left, next_right, side):
            a, b = (), words
            told += 1
        else:
            a, b = words, ()
            told += _number(words[0].text) == next_left or begins_item(text_of(words), left)
        bars += [w for w in (*a, *b) if w.text in _BAR]
        a = tuple(w for w in a if w.text not in _BAR)
        b = tuple(w for w in b if w.text not in _BAR)
        if a:
            lefts.append(a)
            next_left = _after(a, next_left)
        if b:
            rights.append(b)
            next_right = _after(b, next_right)
        side = "right" if b and not a else "left"
    sure = told / len(lines) if lines else 1.0
    if not rights and _all_fit(lefts, right, left):
        lefts, rights = [], lefts
    return Parted(tuple(lefts), tuple(rights), tuple(bars), sure)


def _all_fit(lines: Sequence[Words], section: str, other: str) -> bool:
    """Whether lines that were given to one list, the other being empty, are items of that other one."""
    texts = [text_of(line[1:] if _number(line[0].text) is not None and len(line) > 1 else line) for line in lines]
    fits = sum(begins_item(text, section) for text in texts)
    return 2 * fits > len(texts) and not any(begins_item(text, other) for text in texts)


def _number(text: str) -> int | None:
    match = _NUMBER.match(text)
    return int(match.group(1)) if match else None


def _after(words: Words, expected: int) -> int:
    """The number expected next, after a line of items."""
    for word in words:
        if _number(word.text) == expected:
            expected += 1
    first = _number(words[0].text)
    return max(expected, first + 1) if first is not None and first < 40 else expected


def _best_cut(words: Words, right: str, next_right: int, next_left: int) -> tuple[int, float]:
    best, best_score = len(words), 0.0
    for i in range(1, len(words)):
        score = 0.0
        start = i
        if words[i - 1].text in _BAR or words[i].text in _BAR:
            score += _BAR_SCORE
            start = i + (words[i].text in _BAR)
        if start >= len(words):
            continue
        number = _number(words[start].text)
        if number is not None:
            # A number inside a line starts an item only if a sentence could follow it.
            following = words[start + 1].text if start + 1 < len(words) else ""
            if number == next_right and (following[:1].isupper() or not following):
                score += _NEXT_NUMBER - (0.5 if number == next_left else 0.0)
            start += 1
        rest = text_of(words[start : start + 3])
        if rest[:1].isupper():
            score += _FIRST_WORD if begins_item(rest, right) else 0.0
        elif rest and number is None:
            score += _OTHER_FIRST_WORD
        if score > best_score:
            best, best_score = i, score
    return best, best_score


def _belongs_right(words: Words, left: str, right: str, next_left: int, next_right: int, side: str) -> bool:
    number = _number(words[0].text)
    if number is not None:
        if number != next_right or number != next_left:
            return number == next_right
        body = text_of(words[1:])
        return begins_item(body, right) and not begins_item(body, left)
    text = text_of(words)
    if begins_item(text, left):
        return False
    if begins_item(text, right) and text[:1].isupper():
        return True
    return side == "right" and text[:1].islower()


def part_queue(lines: Sequence[Words], sections: Sequence[str]) -> tuple[tuple[Words, ...], ...]:
    """Parts lines among lists whose labels were printed before all of their items: one run of lines each, in order.

    Of all ways to cut the run, the one in which most lines fit the list they fall to; blank lists are possible.
    """
    n, k = len(lines), len(sections)
    fits = [[_fit(line, section) for line in lines] for section in sections]
    # best[j][i]: the best score with the first i lines given to the first j lists
    best = [[0.0] * (n + 1) for _ in range(k + 1)]
    cuts = [[0] * (n + 1) for _ in range(k + 1)]
    for i in range(1, n + 1):
        best[0][i] = -1e9
    for j in range(1, k + 1):
        total = [0.0]
        for value in fits[j - 1]:
            total.append(total[-1] + value)
        leader, leader_at = -1e18, 0
        for i in range(n + 1):
            # An even share of the lines is the weakest of all evidence; it only breaks ties.
            candidate = best[j - 1][i] - total[i]
            if candidate > leader:
                leader, leader_at = candidate, i
            best[j][i] = leader + total[i]
            cuts[j][i] = leader_at
    parts: list[tuple[Words, ...]] = []
    end = n
    for j in range(k, 0, -1):
        start = cuts[j][end]
        parts.append(tuple(lines[start:end]))
        end = start
    return tuple(reversed(parts))


def _fit(line: Words, section: str) -> float:
    words = line[1:] if _number(line[0].text) is not None and len(line) > 1 else line
    text = text_of(words)
    return 1.0 if begins_item(text, section) else -0.2 if text[:1].isupper() else 0.0
