"""Lines of letters in which the engine saw no word, or not all: each is shown to it once more, alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sopparse.geometry import Box
from sopparse.readers.ocr import Found
from sopparse.readers.prepare import Picture
from sopparse.readers.stamps import weight

# Darker than this (of 255) is ink.
INK = 170
# All lengths in points. A letter is between so high and so high; letters are of one line where the middle of the one
# lies no more than this share of the other's height below it.
LETTER, HIGHEST = 2.2, 16.0
LEVEL = 0.5
# The box of a word holds a letter where it covers this share of it.
COVERED = 0.5
# Boxes of words are narrow at times: a letter no farther beside one (as a share of its height) belongs to it.
BESIDE = 0.5
# White paper around a line.
MARGIN = 10
# A line that was read again is surer by this weight (letters times certainty above an even chance) where something had
# been read; where nothing had, its words are at least so sure.
BETTER = 0.3
SURE = 0.6
# So much is left of the certainty of words beside which others could not be read; it falls no lower than this.
PARTLY, LEFT = 0.6, 0.1
# A word that is less sure than this was as good as not seen.
READ = 0.5


@dataclass(frozen=True, slots=True)
class Missed:
    """A line to read again: its picture, where that lies in the piece (pixels), between which rows it stands."""

    picture: Picture
    x: int
    y: int
    top: int
    bottom: int


def missed_lines(picture: Picture, found: Sequence[Found], point: float) -> Iterator[Missed]:
    """The lines with a letter that no word covers."""
    import cv2
    import numpy as np

    ink = (picture < INK).astype("uint8")
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    x, y, w, h, _ = stats.T
    letter = (h >= LETTER * point) & (h <= HIGHEST * point)
    letter[0] = False
    for one in found:
        if one.read < READ:
            continue
        x0, top, x1, bottom = one.box
        more = BESIDE * (bottom - top)
        across = np.minimum(x + w, x1 + more) - np.maximum(x, x0 - more)
        down = np.minimum(y + h, bottom) - np.maximum(y, top)
        letter &= ~((across >= COVERED * w) & (down >= COVERED * h))
    left = np.nonzero(letter)[0].tolist()
    while left:
        tall = max(left, key=lambda k: int(h[k]))
        top, bottom = int(y[tall]), int(y[tall] + h[tall])
        middle = y + h / 2
        line = (middle >= top) & (middle <= bottom + LEVEL * (bottom - top)) & (h <= HIGHEST * point)
        line[0] = False
        left = [k for k in left if not line[k]]
        own = stats[line]
        x0, x1 = int(own[:, 0].min()), int((own[:, 0] + own[:, 2]).max())
        high, low = int(own[:, 1].min()), int((own[:, 1] + own[:, 3]).max())
        rows, columns = slice(max(high - 1, 0), low + 1), slice(max(x0 - 1, 0), x1 + 1)
        near = cv2.dilate(line[labels[rows, columns]].astype("uint8"), np.ones((5, 5), "uint8"))
        part = np.where(near > 0, picture[rows, columns], 255).astype("uint8")
        shown = cv2.copyMakeBorder(part, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_CONSTANT, value=255)
        yield Missed(shown, columns.start - MARGIN, rows.start - MARGIN, top, bottom)


def with_line(found: Sequence[Found], line: Missed, again: Sequence[Found], point: float) -> list[Found]:
    """The words of a piece with a line of it as it was read again, where that is surer, and whole.

    Of what is written by hand a word here and there is read, and says something else; so such words are less sure."""
    new = [one._replace(box=_moved(one.box, line)) for one in again]
    new = [one for one in new if any(c.isalnum() for c in one.text)] if any(o.read >= SURE for o in new) else []
    old = [one for one in found if _level(one.box, line) or any(_cover(one.box, other.box) for other in new)]
    whole = next(missed_lines(line.picture, again, point), None) is None
    if not new or not whole or weight(new) <= (weight(old) + BETTER if old else 0.0):
        return [one._replace(read=_doubted(one.read)) if one in old else one for one in found]
    lines: dict[tuple[bool, int], list[Found]] = {}
    for one in (*(one for one in found if one not in old), *new):
        lines.setdefault((one in new, one.line), []).append(one)
    ordered = sorted(lines.values(), key=lambda words: min(one.box.top for one in words))
    return [one._replace(line=k) for k, words in enumerate(ordered) for one in words]


def _doubted(read: float) -> float:
    return max(round(read * PARTLY, 3), min(read, LEFT))


def _level(box: Box, line: Missed) -> bool:
    """Whether a word stands at the height of the line."""
    return (
        box.top <= (line.top + line.bottom) / 2 <= box.bottom or line.top <= (box.top + box.bottom) / 2 <= line.bottom
    )


def _cover(one: Box, other: Box) -> bool:
    """Whether two words stand at one place."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 0 and down > COVERED * min(one.bottom - one.top, other.bottom - other.top)


def _moved(box: Box, line: Missed) -> Box:
    return Box(box.x0 + line.x, box.top + line.y, box.x1 + line.x, box.bottom + line.y)
