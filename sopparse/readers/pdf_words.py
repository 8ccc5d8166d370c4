"""Characters to words and visual lines.

All of it happens in a frame in which the text runs to the right and the top is small; text in other directions is
turned into that frame first and its boxes are turned back afterwards.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

# Gaps in shares of the letter size. A space is 0.25 wide in common fonts, and shrinks to 0.16 in tight lines; letters
# of one word stand up to 0.1 apart, or overlap where they are slanted.
SPACE = 0.16
OVERLAP = 0.45
TOUCHING = 0.06
INSIDE = 0.03
# Middles of letters on one line differ by less than this (superscripts, other fonts).
SAME_LINE = 0.36
# A letter or word printed again this near is the same one, made bold.
DOUBLED = 0.16
# Single letters with gaps up to this are one spaced-out word, if there are that many of them.
SPACED_GAP = 1.3
SPACED_LETTERS = 4
# A wider gap than this many usual ones parts two spaced-out words.
SPACED_BREAK = 1.7


@dataclass(slots=True)
class Letter:
    """A character in the frame. `order` is when it was painted; `hidden` that a person does not see it."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    order: int
    darkness: float
    hidden: bool


@dataclass(slots=True)
class Token(Letter):
    """A word in the making; `spaced` if a space was printed behind it."""

    spaced: bool = False
    line: int = 0

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def tokens_of(letters: Iterable[Letter]) -> list[Token]:
    """The words, line by line from the top, each line from the left; `line` counts from 0."""
    tokens = _without_doubles(_runs(letters))
    lines = _lines(tokens)
    out: list[Token] = []
    for number, line in enumerate(lines):
        line.sort(key=lambda token: token.x0)
        for token in _unspaced(_touching(line)):
            token.line = number
            out.append(token)
    return out


def _runs(letters: Iterable[Letter]) -> Iterator[Token]:
    """Words as they were painted: letters that follow each other without a space."""
    token: Token | None = None
    last_x0 = 0.0
    last_text = ""
    for letter in letters:
        text = letter.text
        if not text:
            continue
        if text == " ":
            # A space inside the letter before it only fills up a ligature.
            if token is not None and letter.x1 > token.x1 + INSIDE * token.size:
                token.spaced = True
                yield token
                token = None
            continue
        if token is not None and token.hidden == letter.hidden:
            size = token.size if token.size > letter.size else letter.size
            gap = letter.x0 - token.x1
            level = abs((letter.top + letter.bottom) - (token.top + token.bottom)) < 2 * SAME_LINE * size
            if level and text == last_text and abs(letter.x0 - last_x0) < DOUBLED * size:
                continue
            if level and -OVERLAP * size < gap < SPACE * size and letter.x0 > last_x0 - 0.1 * size:
                token.text += text
                token.x1 = max(token.x1, letter.x1)
                token.top, token.bottom = min(token.top, letter.top), max(token.bottom, letter.bottom)
                last_x0, last_text = letter.x0, text
                continue
        if token is not None:
            yield token
        token = Token(
            text,
            letter.x0,
            letter.top,
            letter.x1,
            letter.bottom,
            letter.size,
            letter.order,
            letter.darkness,
            letter.hidden,
        )
        last_x0, last_text = letter.x0, text
    if token is not None:
        yield token


def _without_doubles(tokens: Iterable[Token]) -> list[Token]:
    seen: dict[tuple[str, int], list[Token]] = {}
    out = []
    for token in tokens:
        if not token.text.strip():
            continue
        band = int(token.top // 12)
        near = DOUBLED * token.size
        first = next(
            (
                other
                for k in (band - 1, band, band + 1)
                for other in seen.get((token.text, k), ())
                if abs(other.x0 - token.x0) < near and abs(other.top - token.top) < near
            ),
            None,
        )
        if first is not None and first.hidden == token.hidden:
            # What is painted last is what is seen.
            first.order, first.darkness, first.spaced = token.order, token.darkness, first.spaced or token.spaced
            continue
        seen.setdefault((token.text, band), []).append(token)
        out.append(token)
    return out


def _lines(tokens: Sequence[Token]) -> list[list[Token]]:
    """Tokens with nearly the same middle; compared with the first of the line, so that lines cannot creep."""
    lines: list[list[Token]] = []
    open_lines: list[tuple[float, int]] = []
    for token in sorted(tokens, key=lambda t: (t.middle, t.x0)):
        middle, reach = token.middle, SAME_LINE * token.size
        open_lines = [one for one in open_lines if middle - one[0] < 40.0]
        best = min(open_lines, key=lambda one: abs(one[0] - middle), default=None)
        if best is not None and abs(best[0] - middle) <= reach:
            lines[best[1]].append(token)
        else:
            insort(open_lines, (middle, len(lines)))
            lines.append([token])
    return lines


def _touching(line: Sequence[Token]) -> list[Token]:
    """Joins the parts of a word that were painted one by one."""
    out: list[Token] = []
    for token in line:
        last = out[-1] if out else None
        if last is not None and not last.spaced and last.hidden == token.hidden:
            gap = token.x0 - last.x1
            size = min(last.size, token.size)
            if -TOUCHING * size < gap < TOUCHING * size and token.x0 > last.x0:
                _append(last, token, "")
                continue
        out.append(token)
    return out


def _append(token: Token, other: Token, between: str) -> None:
    token.text += between + other.text
    token.x1 = max(token.x1, other.x1)
    token.top, token.bottom = min(token.top, other.top), max(token.bottom, other.bottom)
    token.spaced = other.spaced


def _unspaced(line: Sequence[Token]) -> Iterator[Token]:
    """Joins the letters of words that are set with wide gaps between all of them."""
    i = 0
    while i < len(line):
        j = i
        while j + 1 < len(line) and _spaced_letter(line[j]) and _spaced_letter(line[j + 1]):
            if line[j + 1].x0 - line[j].x1 > 2.5 * SPACED_GAP * line[j].size:
                break
            j += 1
        if j - i + 1 < SPACED_LETTERS:
            yield line[i]
            i += 1
            continue
        gaps = [b.x0 - a.x1 for a, b in zip(line[i:j], line[i + 1 : j + 1], strict=True)]
        usual = median(gaps)
        if usual > SPACED_GAP * line[i].size:
            yield from line[i : j + 1]
        else:
            token = line[i]
            for gap, other in zip(gaps, line[i + 1 : j + 1], strict=True):
                if gap > SPACED_BREAK * usual:
                    yield token
                    token = other
                else:
                    _append(token, other, "")
            yield token
        i = j + 1


def _spaced_letter(token: Token) -> bool:
    return len(token.text) == 1 and token.text.isalpha()
