"""Words that stand together on a page: beside each other, or line under line."""

from __future__ import annotations

from collections.abc import Sequence

from sopparse.geometry import Box, enclose
from sopparse.page import Word, Words

# The lines of one phrase are flush or centred within this (points).
_FLUSH = 2.5


def phrases(words: Sequence[Word]) -> tuple[Words, ...]:
    """Words side by side are one phrase, and so are the lines of a phrase, one close under the other."""
    placed = sorted((w for w in words if w.box is not None), key=lambda w: w.index)
    runs: list[list[Word]] = []
    for word in placed:
        last = runs[-1][-1] if runs else None
        if last is not None and _follows(last.box, word.box):
            runs[-1].append(word)
        else:
            runs.append([word])
    joined: list[tuple[list[Word], Box]] = []
    for run in runs:
        box = _box(run)
        at = next((k for k in range(len(joined) - 1, max(-1, len(joined) - 9), -1) if _under(joined[k][1], box)), None)
        if at is not None:
            joined[at] = ([*joined[at][0], *run], enclose([joined[at][1], box]))
        else:
            joined.append((run, box))
    return tuple(tuple(run) for run, _ in joined)


def _box(words: Sequence[Word]) -> Box:
    return enclose([w.box for w in words if w.box is not None])


def _follows(left: Box | None, right: Box | None) -> bool:
    if left is None or right is None:
        return False
    height = max(left.bottom - left.top, 1.0)
    overlap = min(left.bottom, right.bottom) - max(left.top, right.top)
    return overlap > 0.5 * height and -0.3 * height <= right.x0 - left.x1 <= 0.6 * height


def _under(upper: Box, lower: Box) -> bool:
    """Whether a line goes on in the next: close below, and flush at one side or centred."""
    height = lower.bottom - lower.top
    if not -0.3 * height <= lower.top - upper.bottom <= 0.35 * height:
        return False
    left, right = abs(upper.x0 - lower.x0), abs(upper.x1 - lower.x1)
    return min(left, right, abs(upper.x0 + upper.x1 - lower.x0 - lower.x1) / 2) <= _FLUSH
