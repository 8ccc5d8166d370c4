"""Pictures of pages to pages with words, their places, and what is drawn: scans, photos, image pages of PDFs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sopparse.geometry import Box
from sopparse.page import Page, Word
from sopparse.readers.cuts import Cut, cuts_of
from sopparse.readers.image_rules import find_ruling, paths_of
from sopparse.readers.ocr import Found, read_pictures
from sopparse.readers.prepare import Picture, prepare

# Words without a letter or digit are noise where they are less sure than this.
SURE_MARK = 0.6
# A label beside the lines of a chart that is less sure than this is a piece of the drawing.
SURE_LABEL = 0.5
# Less sure than this no word was read.
NOT_READ = 0.08


@dataclass(frozen=True, slots=True)
class Start:
    """Where the numbers of a page begin: that of the page (1-based), of its first word and of its first line."""

    number: int
    index: int
    line: int


def read_picture(picture: Picture, size: tuple[float, float], dpi: float, start: Start, cached: bool = True) -> Page:
    """A page from its picture; `size` in points as displayed, `dpi` as far as its print is as large as usual."""
    import cv2

    cv2.setNumThreads(1)
    prepared = prepare(picture, dpi)
    ruling = find_ruling(prepared.faint, dpi)
    cuts = cuts_of(prepared, ruling, dpi)
    found = read_pictures([cut.picture for cut in cuts], dpi, cached)
    width, height = (size[1], size[0]) if prepared.turned in (90, 270) else size
    scale = width / prepared.grey.shape[1]
    words = tuple(_words(cuts, found, ruling.cells, scale, start))
    paths = paths_of(ruling.lines, scale)
    return Page(start.number, (), words, width, height, paths, "image", prepared.turned)


@dataclass(slots=True)
class _Read:
    text: str
    box: Box
    read: float
    place: tuple[float, float]  # of its line: from the top, and from the left


def _words(
    cuts: Sequence[Cut], found: Sequence[Sequence[Found]], cells: Sequence[Box], scale: float, start: Start
) -> Iterator[Word]:
    """The words in order: cut by cut, those outside the tables line by line across the page."""
    index, line = start.index, start.line
    for cut, some in zip(cuts, found, strict=True):
        last: int | None = None
        for one in some:
            if not _seems_read(one, cut.label):
                continue
            if last is not None and one.line != last:
                line += 1
            last = one.line
            x0, top, x1, bottom = one.box
            box = Box(*(round(v * scale, 2) for v in (x0 + cut.x, top + cut.y, x1 + cut.x, bottom + cut.y)))
            yield Word(one.text, index, start.number, box=box, line=line, read=one.read)
            index += 1
        line += 1


def _seems_read(word: Found, label: bool) -> bool:
    if any(character.isalnum() for character in word.text):
        return word.read >= (SURE_LABEL if label else NOT_READ)
    return word.read >= SURE_MARK
