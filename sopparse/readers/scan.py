"""Pictures of pages to pages with words, their places, and what is drawn: scans, photos, image pages of PDFs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sopparse.geometry import Box
from sopparse.page import Page, Path, Word
from sopparse.readers.cuts import MARGIN, Cut, chart_cells, cuts_of
from sopparse.readers.glyphs import mended
from sopparse.readers.image_rules import Ruling, find_ruling, paths_of
from sopparse.readers.missed import missed_lines, with_line
from sopparse.readers.ocr import Found, read_pictures
from sopparse.readers.prepare import Picture, Prepared, prepare, upended
from sopparse.readers.stamps import surer_lines, weight
from sopparse.readers.strips import from_strips, on_strips
from sopparse.readers.upright import ABOVE, above

POINTS = 72.0
# Dots per inch at which pages of PDFs are drawn: as many as their picture has, within these bounds (A3 at 300 has 17
# million dots).
LEAST_DPI, MOST_DPI, USUAL_DPI = 100.0, 300.0, 200.0
MOST_PIXELS = 18_000_000
# The long side of the sheets that offices use (A5 to folio and A3), and A4 (inches).
SHEETS = (7.5, 14.6)
A4 = (8.27, 11.69)
# Where there are so many lines, one whose words have no more letters than this, all less sure than this, is a scrap.
SCRAP_LINES, SCRAP_LETTERS, SURE_SCRAP = 3, 2, 0.9
# Ink in a cell is worth a look where it is as high and wide as this (points).
UNREAD = 5.0
# Words without a letter or digit are noise where they are less sure than this.
SURE_MARK = 0.6
# A label beside the lines of a chart that is less sure than this is a piece of the drawing.
SURE_LABEL = 0.5
# Less sure than this no word was read.
NOT_READ = 0.08
# What dirt and strokes of a pen beside a word are read as, where the word is less sure than this.
DUST = "“”‘’\"'`*~^|«»,"
SURE_DUST = 0.7
# Under a stamp, short words less sure than this are pieces of it, and so are lines without one word as sure as this.
UNDER_STAMP, SCRAP = 0.5, 3
LINE_UNDER_STAMP = 0.6
# Lines of text are at least so many points high; with less ink than this (dots) around them they do not say which way
# is up, and so many pieces are read both ways.
LEAST_LINE = 4.0
# Pages of fewer dots per inch than the second number are enlarged to so many before anything else; below the first
# their letters are soft.
SOFT_DPI, SMALL_DPI, LARGER_DPI = 125.0, 145.0, 200.0
# Pictures of less or more dots per inch than these bounds are read at the upper one: small letters are read better
# enlarged; of large ones at most as many wrongly (drawn pages of 300 dots per inch, 225 to 300 tried), a tenth sooner.
ENLARGE_DPI, READ_DPI = 180.0, 250.0
# Lines in which a word was overlooked are read again at so many; more of them than this on a page are noise.
AGAIN_DPI, MOST_MISSED = 300.0, 60
MUCH_INK = 1500
TRIED = 4


@dataclass(frozen=True, slots=True)
class Start:
    """Where the numbers of a page begin: that of the page (1-based), of its first word and of its first line."""

    number: int
    index: int
    line: int


def read_picture(picture: Picture, size: tuple[float, float], dpi: float, start: Start) -> Page:
    """A page from its picture; `size` in points as displayed, `dpi` as far as its print is as large as usual."""
    import cv2

    cv2.setNumThreads(1)
    soft = dpi < SOFT_DPI
    if dpi < SMALL_DPI:
        # Lines and letters of a dot or two need room to be told apart.
        more = LARGER_DPI / dpi
        picture, dpi = cv2.resize(picture, None, fx=more, fy=more, interpolation=cv2.INTER_CUBIC), LARGER_DPI
    prepared, ruling, cuts = _standing(prepare(picture, dpi, soft), dpi)
    found = _read_cuts(cuts, dpi)
    width, height = (size[1], size[0]) if prepared.turned in (90, 270) else size
    scale = width / prepared.grey.shape[1]
    words = tuple(_words(cuts, found, scale, start))
    paths = paths_of(ruling.lines, scale) + _drawn(prepared, ruling, words, scale)
    shown = _shown(prepared.back, scale, size[0] / picture.shape[1])
    unread = tuple(_unread(cuts, found, dpi, scale))
    return Page(start.number, (), words, width, height, paths, "image", prepared.turned, shown, unread)


def _shown(back: Picture, scale: float, displayed: float) -> tuple[float, ...] | None:
    """The matrix `back` in points; None where nothing was moved."""
    import numpy as np

    if np.allclose(back, np.eye(3)):
        return None
    matrix = np.diag([displayed, displayed, 1.0]) @ back @ np.diag([1 / scale, 1 / scale, 1.0])
    return tuple(float(value) for value in matrix.ravel())


def _standing(page: Prepared, dpi: float) -> tuple[Prepared, Ruling, list[Cut]]:
    """The page on its feet, its ruling lines and its pieces."""
    ruling = find_ruling(page.drawn, page.faint, dpi)
    cuts = cuts_of(page, ruling, dpi)
    if _on_head(cuts, dpi):
        page = upended(page)
        ruling = find_ruling(page.drawn, page.faint, dpi)
        cuts = cuts_of(page, ruling, dpi)
    return page, ruling, cuts


def _on_head(cuts: Sequence[Cut], dpi: float) -> bool:
    """Whether the page stands upside down; where the shape of its lines does not say it, some are read both ways."""
    texts = [cut.picture for cut in cuts if not cut.label and cut.bare is None]
    share, ink = above(texts, LEAST_LINE * dpi / POINTS)
    if ink >= MUCH_INK and abs(share) >= ABOVE:
        return share < 0
    tried = sorted(texts, key=lambda picture: picture.shape[1], reverse=True)[:TRIED]
    if not tried:
        return False
    found = read_pictures([*tried, *(picture[::-1, ::-1].copy() for picture in tried)], dpi)
    upright, overturned = (sum(map(weight, some)) for some in (found[: len(tried)], found[len(tried) :]))
    return overturned > upright


def _read_cuts(cuts: Sequence[Cut], dpi: float) -> list[list[Found]]:
    """The words of each piece; of those under stamps as they are, or with the stamp taken off: what was read better."""
    asked = [k for k, cut in enumerate(cuts) if cut.said is None]
    bare = [(k, other) for k, cut in enumerate(cuts) if (other := cut.bare) is not None]
    pictures, slots = on_strips([*(cuts[k].picture for k in asked), *(other for _, other in bare)], dpi / POINTS)
    aim = dpi if ENLARGE_DPI <= dpi <= READ_DPI else READ_DPI
    read = from_strips(_read_at(pictures, dpi, aim), slots)
    found: list[list[Found]] = [[_seen(cut)] if cut.said is not None else [] for cut in cuts]
    for k, some in zip(asked, read, strict=False):
        found[k] = some
    for (k, _), some in zip(bare, read[len(asked) :], strict=True):
        found[k] = surer_lines(found[k], some)
    found = _read_missed(cuts, found, dpi)
    return [some if cut.said is not None else mended(some, cut.picture) for cut, some in zip(cuts, found, strict=True)]


def _read_missed(cuts: Sequence[Cut], found: Sequence[list[Found]], dpi: float) -> list[list[Found]]:
    """The words of each piece, with those of lines that were overlooked."""
    missed = [
        (k, line)
        for k, cut in enumerate(cuts)
        if cut.said is None and cut.bare is None
        for line in missed_lines(cut.picture, found[k], dpi / POINTS)
    ]
    if len(missed) > MOST_MISSED:
        return list(found)
    pictures, slots = on_strips([line.picture for _, line in missed], dpi / POINTS)
    again = from_strips(_read_at(pictures, dpi, max(dpi, AGAIN_DPI)), slots)
    out = list(found)
    for (k, line), some in zip(missed, again, strict=True):
        out[k] = with_line(out[k], line, some, dpi / POINTS)
    return out


def _read_at(pictures: Sequence[Picture], dpi: float, aim: float) -> list[list[Found]]:
    """The words of the pictures, read at `aim` dots per inch; their boxes are those at `dpi`."""
    import cv2

    if aim == dpi:
        return read_pictures(pictures, dpi)
    size = aim / dpi
    way = cv2.INTER_CUBIC if size > 1 else cv2.INTER_AREA
    scaled = [cv2.resize(each, None, fx=size, fy=size, interpolation=way) for each in pictures]
    found = read_pictures(scaled, aim)
    return [[one._replace(box=Box(*(v / size for v in one.box))) for one in some] for some in found]


def _seen(cut: Cut) -> Found:
    height, width = cut.picture.shape
    return Found(cut.said or "", Box(MARGIN, MARGIN, width - MARGIN, height - MARGIN), 1.0, 0)


def _drawn(page: Prepared, ruling: Ruling, words: Sequence[Word], scale: float) -> tuple[Path, ...]:
    """What is drawn over the cells of tables with many columns."""
    from sopparse.readers.raster import trace

    cells = [ruling.cells[k] for k in sorted(chart_cells(ruling.cells))]
    if not cells:
        return ()
    boxes = [Box(*(v / scale for v in word.box)) for word in words if word.box is not None]
    return trace(page.drawn, page.faint, cells, boxes, scale)


# -- where pictures come from ---------------------------------------------------------------------------------------


def read_pdf_page(source: bytes, start: Start, part: Box | None = None) -> tuple[Page, int]:
    """A page of a PDF, or a part of it, read from its picture, and its dots per inch."""
    import numpy as np
    import pypdfium2

    with pypdfium2.PdfDocument(source) as file:
        page = file[start.number - 1]
        size = (float(page.get_width()), float(page.get_height()))
        own = _own_dpi(page)
        picture = np.asarray(page.render(scale=own / POINTS, rev_byteorder=True).to_pil().convert("RGB"))
    if part is not None:
        x0, top, x1, bottom = (max(round(value * own / POINTS), 0) for value in part)
        picture, size = picture[top:bottom, x0:x1], (part.x1 - part.x0, part.bottom - part.top)
        return read_picture(picture, size, own, start), round(own)
    dpi = printed_dpi((picture.shape[1], picture.shape[0]), own)
    return read_picture(picture, size, dpi, start), round(dpi)


def _own_dpi(page: Any) -> float:
    """The dots per inch of the largest picture on the page, within bounds."""
    import pypdfium2.raw as pdfium

    best, area = USUAL_DPI, 0.0
    for part in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        known = part.get_metadata()
        if known.width * known.height > area:
            area = float(known.width * known.height)
            best = max(known.horizontal_dpi, known.vertical_dpi)
    sides = page.get_width() / POINTS * page.get_height() / POINTS
    return float(min(max(best, LEAST_DPI), MOST_DPI, (MOST_PIXELS / sides) ** 0.5))


def printed_dpi(shape: tuple[int, int], stated: float) -> float:
    """Dots per inch by which the print is as large as usual: sheets that claim to be much larger or smaller than those
    that offices use are taken for A4."""
    long, short = max(shape), min(shape)
    if SHEETS[0] <= long / stated <= SHEETS[1]:
        return stated
    # A sheet much longer than A4 is several in one picture: its width counts.
    return max(long / A4[1] if long < 1.7 * short else short / A4[0], 40.0)


# -- words ----------------------------------------------------------------------------------------------------------


def _words(cuts: Sequence[Cut], found: Sequence[Sequence[Found]], scale: float, start: Start) -> Iterator[Word]:
    """The words in order: cut by cut, those outside the tables line by line across the page."""
    index, line = start.index, start.line
    for cut, some in zip(cuts, found, strict=True):
        last: int | None = None
        some = _without_scraps(some)
        sure = _sure_lines(some)
        for one in some:
            if not _seems_read(one, cut, sure[one.line]):
                continue
            if last is not None and one.line != last:
                line += 1
            last = one.line
            text = one.text.strip(DUST) if one.read < SURE_DUST else one.text
            x0, top, x1, bottom = one.box
            box = Box(*(round(v * scale, 2) for v in (x0 + cut.x, top + cut.y, x1 + cut.x, bottom + cut.y)))
            yield Word(text or one.text, index, start.number, box=box, line=line, read=one.read)
            index += 1
        line += 1


def _unread(cuts: Sequence[Cut], found: Sequence[Sequence[Found]], dpi: float, scale: float) -> Iterator[Box]:
    """The cells with ink as high as letters in which no word could be read; stamps and logos reach out of cells."""
    least = UNREAD * dpi / POINTS
    for cut, some in zip(cuts, found, strict=True):
        sure = _sure_lines(some)
        height, width = (side - 2 * MARGIN for side in cut.picture.shape)
        if not cut.cell or cut.bare is not None or height < least or width < least:
            continue
        if not any(_seems_read(one, cut, sure[one.line]) for one in some):
            x, y = cut.x + MARGIN, cut.y + MARGIN
            yield Box(*(round(v * scale, 2) for v in (x, y, x + width, y + height)))


def _without_scraps(found: Sequence[Found]) -> Sequence[Found]:
    """The words without lines of single letters among other lines: pieces of a stamp or a drawing."""
    lines: dict[int, list[Found]] = {}
    for one in found:
        lines.setdefault(one.line, []).append(one)
    if len(lines) < SCRAP_LINES:
        return found
    scraps = {
        line
        for line, words in lines.items()
        if all(sum(c.isalnum() for c in one.text) <= SCRAP_LETTERS and one.read < SURE_SCRAP for one in words)
    }
    return [one for one in found if one.line not in scraps]


def _sure_lines(found: Sequence[Found]) -> dict[int, float]:
    """How sure the surest longer word of each line is."""
    sure: dict[int, float] = {}
    for one in found:
        if sum(character.isalnum() for character in one.text) > 1:
            sure[one.line] = max(sure.get(one.line, 0.0), one.read)
    return {one.line: sure.get(one.line, one.read) for one in found}


def _seems_read(word: Found, cut: Cut, line: float) -> bool:
    letters = sum(character.isalnum() for character in word.text)
    if cut.bare is not None and (line < LINE_UNDER_STAMP or (word.read < UNDER_STAMP and letters <= SCRAP)):
        return False
    if letters:
        return word.read >= (SURE_LABEL if cut.label else NOT_READ)
    return not cut.label and word.read >= SURE_MARK
