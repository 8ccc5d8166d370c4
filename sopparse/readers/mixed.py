"""Pages of PDFs that are partly pictures: a text layer that is no text, tables pasted as pictures into text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import regex

from sopparse.errors import EngineMissing
from sopparse.geometry import Box, enclose
from sopparse.page import Page, Path, Word, read_of

# A word that could be one: letters only (with what stands around and between words), a vowel, no heap of consonants.
_WORD = regex.compile(
    r"[\p{P}\p{S}]*(?:\p{L}+(?:[-/.'’,&]\p{L}+)*|\d[\d.,:/-]*\p{L}{0,3}|[\p{L}\d]+(?:[-/.][\p{L}\d]+)+)[\p{P}\p{S}]*"
)
_VOWEL = regex.compile(r"[aeiouyAEIOUY]")
_HEAP = regex.compile(r"[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]{6,}")
_MIXED = regex.compile(r"\p{Ll}\p{Lu}+\p{Ll}")
# Words of fewer characters say little; so many words are enough to judge a page, of which this share could be words
# (pages of text and scans that were read had 0.92 and more; letters of a font with a broken encoding less than 0.3).
LEAST_LENGTH, LEAST_WORDS = 4, 20
PLAUSIBLE = 0.7
# It is kept where the picture gives less than this share of its words.
LAYER_SHARE = 0.6
# A picture with a table holds at least so many words, of this certainty; logos and photographs do not.
PICTURE_WORDS, PICTURE_READ = 8, 0.75
# A word whose middle lies in a picture is printed over it: more of them than this share of what the picture holds, and
# the text is already there.
OVER = 0.3
# Of the words that copy a picture at least this share stands where it has a word.
COPIED = 0.5


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page with the counts of its words and of hidden ones; `complete`: nothing of it was unreadable."""

    page: Page
    words: int
    hidden: int
    complete: bool
    dpi: int = 0  # of the picture that its words were read from
    replaced: int = 0  # words of a text layer that the words of the picture stand for
    pictures: tuple[Box, ...] = ()  # that may hold words


def plausible_share(words: Iterable[Word]) -> float | None:
    """Which share of the words could be words; None where there are too few to tell."""
    told = [word.text for word in words if len(word.text) >= LEAST_LENGTH]
    if len(told) < LEAST_WORDS:
        return None
    return sum(map(_is_plausible, told)) / len(told)


def is_garbled(words: Sequence[Word]) -> bool:
    share = plausible_share(words)
    return share is not None and share < PLAUSIBLE


def _is_plausible(text: str) -> bool:
    if _WORD.fullmatch(text) is None:
        return False
    letters = sum(c.isalpha() for c in text)
    if letters < 4 or letters < len(text) - 3:
        return True
    known = _VOWEL.search(text) is not None or (text.isupper() and letters <= 6)
    return known and _HEAP.search(text) is None and _MIXED.search(text) is None


def read_again(one: ReadPage, source: bytes, index: int, line: int) -> ReadPage:
    """The page again, read from its picture; as it was where no engine is installed, or its layer is worth more.

    A hidden layer is what another machine read: it stays where its words are many more, or ours are less sure than it
    is taken for."""
    from sopparse.readers.scan import Start, read_pdf_page

    page = one.page
    try:
        seen, dpi = read_pdf_page(source, Start(page.number, index, line))
    except EngineMissing:
        return one
    layer = plausible_share(page.free)
    if page.kind != "image" or (layer is not None and layer < PLAUSIBLE):
        if (plausible_share(seen.free) or 0.0) <= (layer or 0.0):
            return one
    elif page.free and (len(seen.free) < LAYER_SHARE * one.words or read_of(seen.free) < read_of(page.free)):
        return one
    return ReadPage(seen, len(seen.free), 0, one.complete, dpi, replaced=one.words)


def with_pictures(one: ReadPage, source: bytes) -> ReadPage:
    """The page with the words in its pictures; as it was where they hold none, or no engine is installed."""
    from sopparse.readers.scan import Start, read_pdf_page

    page, dpi, replaced = one.page, 0, 0
    for box in one.pictures:
        index = page.free[-1].index + 1
        line = max(word.line for word in page.free) + 1
        try:
            seen, own = read_pdf_page(source, Start(page.number, index, line), box)
        except EngineMissing:
            return one
        bare = without_copy(page, seen, box)
        more = with_picture(bare, seen, box)
        if more is not None:
            replaced += len(page.free) - len(bare.free)
            page, dpi = more, own
    first = one.page.free[0].index
    page = replace(page, free=tuple(replace(word, index=first + k) for k, word in enumerate(page.free)))
    return ReadPage(page, len(page.free), one.hidden, one.complete, dpi, replaced=replaced)


def without_copy(page: Page, seen: Page, at: Box) -> Page:
    """The page without the words that say over a picture what the picture shows: those of a machine that read it.

    They stand where words of the picture stand, most of them; print over a picture stands beside its words."""
    inside = [word for word in page.free if word.box is not None and _holds(at, word.box)]
    shown = [box for word in seen.free if (box := _moved(word.box, at)) is not None]
    over = sum(any(_holds(box, word.box) for box in shown) for word in inside if word.box is not None)
    if len(inside) < PICTURE_WORDS or over < COPIED * len(inside):
        return page
    return replace(page, free=tuple(word for word in page.free if word not in inside))


def with_picture(page: Page, seen: Page, at: Box) -> Page | None:
    """The page with what was read in a picture that stands on it at that place; None where that is no text.

    `seen` is the picture as a page of its own, numbered on from the words of the page."""
    sure = [word for word in seen.free if word.read >= PICTURE_READ and any(c.isalnum() for c in word.text)]
    if seen.turned or len(sure) < PICTURE_WORDS or len(sure) < 0.5 * len(seen.free):
        return None
    inside = [word for word in page.free if word.box is not None and _holds(at, word.box)]
    if len(inside) > OVER * len(sure):
        return None
    return replace(
        page,
        free=(*page.free, *(replace(word, box=_moved(word.box, at)) for word in seen.free)),
        paths=(*page.paths, *(_path_moved(path, at) for path in seen.paths)),
        kind="both",
    )


def _holds(box: Box, other: Box) -> bool:
    x, y = (other.x0 + other.x1) / 2, (other.top + other.bottom) / 2
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def _moved(box: Box | None, at: Box) -> Box | None:
    if box is None:
        return None
    return Box(*(round(v, 2) for v in (box.x0 + at.x0, box.top + at.top, box.x1 + at.x0, box.bottom + at.top)))


def _path_moved(path: Path, at: Box) -> Path:
    return replace(path, points=tuple((x + at.x0, y + at.top) for x, y in path.points))


def joined(boxes: Sequence[Box], least: float) -> list[Box]:
    """Pictures that touch each other as one (a picture often comes in strips), those of at least that area."""
    out: list[Box] = []
    for box in boxes:
        near = [other for other in out if _touch(box, other)]
        out = [other for other in out if other not in near] + [enclose([box, *near])]
    return [box for box in out if (box.x1 - box.x0) * (box.bottom - box.top) >= least]


def _touch(one: Box, other: Box) -> bool:
    return (
        one.x0 <= other.x1 + 1
        and other.x0 <= one.x1 + 1
        and one.top <= other.bottom + 1
        and other.top <= one.bottom + 1
    )
