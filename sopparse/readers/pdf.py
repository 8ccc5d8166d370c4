"""Born-digital PDFs to pages with words, their places, and what is drawn.

Coordinates are points from the top left of the page as displayed. Where most text of a page runs in another direction
(a landscape table on a portrait page), the page is turned until it stands upright, and `Page.turned` says so.
"""

from __future__ import annotations

import hashlib
import io
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import regex

from sopparse.errors import EngineMissing, SourceEmpty, SourceUnreadable
from sopparse.evidence import Issue, issue
from sopparse.geometry import Box, turned, turned_point
from sopparse.page import Document, Engine, Page, PageKind, Path, Reading, Word
from sopparse.readers.mixed import ReadPage, is_garbled, joined, read_again, with_pictures
from sopparse.readers.pdf_content import Content, Glyph, Painted, Picture, read_content
from sopparse.readers.pdf_words import Letter, Token, tokens_of

MEDIA_TYPE = "application/pdf"

# Bound volumes of procedures have up to 400 pages.
MAX_PAGES = 1000
# 200 inches, the limit of the format before UserUnit; no printer's sheet comes near.
MAX_SIDE = 14_400.0
MIN_SIDE = 36.0

# Share of the page that pictures cover: a logo takes 0.02, a page that is a picture 0.5 and more.
PICTURE_PAGE = 0.3
PICTURE_PART = 0.12
# A page of outlines without a letter: its text was turned into curves.
OUTLINED_PATHS = 300
# The words of a hidden layer were recognised by a machine that nobody checked.
HIDDEN_LAYER_READ = 0.7
# White text is seen only where something darker lies under it.
WHITE = 0.06
SHADE = 0.15
# A page is turned where at least this share of its letters runs in another direction.
TURN_SHARE = 0.6

_ROOT = regex.compile(rb"(\d{1,9})\s{1,8}(\d{1,5})\s{1,8}obj\s{0,8}<<[^>]{0,400}?/Type\s{0,8}/Catalog")


def read(source: bytes, name: str) -> Document:
    """The pages of a PDF. Raises SourceUnreadable, SourceEmpty or EngineMissing (all pages are pictures)."""
    repaired = False
    try:
        found = list(_read_pages(source, name))
    except _Damaged:
        found, repaired = _read_repaired(source, name), True
    pages = tuple(one.page for one in found)
    if not any(page.free for page in pages):
        _refuse(found, name)
    pictures = [one.page.number for one in found if one.page.kind == "image" and not (one.dpi and one.words)]
    dpi = next((one.dpi for one in found if one.dpi), 0)
    return Document(
        name=name,
        sha256=hashlib.sha256(source).hexdigest(),
        media_type=MEDIA_TYPE,
        reading=_reading(found),
        pages=pages,
        issues=((issue("document.repaired"),) if repaired else ()) + tuple(_issues(found, pictures)),
        engine=_engine(dpi) if dpi else None,
    )


def _reading(found: Sequence[ReadPage]) -> Reading:
    if all((one.dpi and one.page.kind == "image") or not one.page.free for one in found):
        return "ocr"
    return "mixed" if any((one.dpi or one.page.kind == "image") and one.page.free for one in found) else "pdf"


def _engine(dpi: int) -> Engine:
    from sopparse.readers.ocr import engine

    known = engine()
    return Engine("tesseract", known.version, known.languages, dpi)


def _read_repaired(source: bytes, name: str) -> list[ReadPage]:
    ended = _with_trailer(source)
    try:
        found = list(_read_pages(ended, name)) if ended is not None else []
    except _Damaged:
        found = []
    if not any(one.words for one in found):
        raise SourceUnreadable(
            f"{name}: the PDF is damaged or incomplete",
            "Get the file again, or repair it (`qpdf IN.pdf OUT.pdf`, or print it to a new PDF from a viewer).",
        )
    return found


def _refuse(found: Sequence[ReadPage], name: str) -> None:
    if any(one.page.kind == "image" and not one.dpi for one in found):
        raise EngineMissing(
            f"{name}: the pages are pictures, and Tesseract with Indonesian is not installed",
            "Run: sudo apt-get install tesseract-ocr tesseract-ocr-ind",
        )
    if any(not one.complete for one in found):
        raise SourceUnreadable(
            f"{name}: no page of this PDF can be read",
            "Open it in a viewer and print or export it to a new PDF, or take its text with `pdftotext -layout`.",
        )
    raise SourceEmpty(f"{name}: the PDF holds no word", "Check how the file was saved or exported.")


def _issues(found: Sequence[ReadPage], pictures: Sequence[int]) -> Iterator[Issue]:
    if pictures:
        yield issue("document.page-image", pages=_numbers(pictures))
    broken = [one.page.number for one in found if not one.complete]
    if broken:
        yield issue("document.page-broken", pages=_numbers(broken))
    replaced = [one.page.number for one in found if one.replaced]
    if replaced:
        yield issue("document.layer-replaced", pages=_numbers(replaced))
    hidden = sum(one.hidden for one in found)
    if hidden:
        yield issue("document.hidden-text", count=hidden)


def _numbers(pages: Sequence[int]) -> str:
    """Page numbers as a person lists them: 1, 4-6, 9."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _read_pages(source: bytes, name: str) -> Iterator[ReadPage]:
    import logging

    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfpage import PDFPage

    # pdfminer reports every oddity of a file; what matters becomes a finding.
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        file = pdfplumber.open(io.BytesIO(source))
        pages = PDFPage.create_pages(file.doc)
    except Exception as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (error, *error.args)):
            raise SourceUnreadable(
                f"{name}: the PDF is locked with a password",
                "Open it with the password and save it without (`qpdf --password=... --decrypt IN.pdf OUT.pdf`).",
            ) from None
        raise _Damaged from None
    index = line = 0
    for number in itertools.count(1):
        try:
            page = next(pages, None)
        except Exception:
            # The tree of pages breaks off here.
            if number == 1:
                raise _Damaged from None
            yield ReadPage(Page(number), 0, 0, False)
            return
        if page is None:
            return
        if number > MAX_PAGES:
            yield ReadPage(Page(number), 0, 0, False)
            return
        one = _read_page(file.rsrcmgr, page, number, index, line)
        if one.page.kind == "image" or is_garbled(one.page.free):
            one = read_again(one, source, index, line)
        elif one.pictures:
            one = with_pictures(one, source)
        index += one.words
        line = max((word.line for word in one.page.free), default=line - 1) + 1
        yield one


class _Damaged(Exception):
    """The file cannot be opened as it is."""


def _with_trailer(source: bytes) -> bytes | None:
    """A file that breaks off before its end, ended so that its objects can be searched; None without a root."""
    roots = _ROOT.findall(source)
    if not roots:
        return None
    number, generation = roots[-1]
    return source + b"\nendobj\ntrailer\n<< /Root %s %s R >>\nstartxref\n0\n%%%%EOF\n" % (number, generation)


def _read_page(manager: Any, page: Any, number: int, index: int, line: int) -> ReadPage:
    try:
        frame = _Frame(page)
    except Exception:
        frame = None
    if frame is None or not (MIN_SIDE <= frame.width <= MAX_SIDE and MIN_SIDE <= frame.height <= MAX_SIDE):
        return ReadPage(Page(number), 0, 0, False)
    content = read_content(manager, page)
    frame.turn = _turn(content.glyphs)
    directions = sorted((0, 90, 180, 270), key=lambda direction: (direction != frame.turn, direction))
    tokens = [pair for one in directions for pair in frame.tokens(content, one) if frame.inside(pair[1])]
    shown, hidden = _seen(tokens, content, frame)
    share = frame.share(content.pictures)
    kind: PageKind = "both" if share >= PICTURE_PART else "text"
    outlined = len(content.drawings) >= OUTLINED_PATHS
    read = 1.0
    if not shown and (share >= PICTURE_PAGE or outlined):
        kind = "image"
        if hidden and share >= PICTURE_PAGE:
            shown, hidden, read = hidden, [], HIDDEN_LAYER_READ
    words = tuple(_words(shown, number, index, line, read))
    paths = tuple(frame.path(one.path) for one in content.drawings)
    width, height = frame.size
    made = Page(number, (), words, width, height, paths, kind, frame.turn)
    boxes = [frame.box(*picture.box) for picture in content.pictures]
    large = joined(boxes, PICTURE_PART * width * height) if words and kind == "both" and not frame.turn else []
    return ReadPage(made, len(words), len(hidden), content.complete, pictures=tuple(large))


class _Frame:
    """The page as displayed: its crop box, and how it has to be turned to stand upright."""

    def __init__(self, page: Any) -> None:
        from pdfminer.utils import apply_matrix_rect

        from sopparse.readers.pdf_content import page_matrix

        matrix = page_matrix(page)
        media = apply_matrix_rect(matrix, page.mediabox)
        crop = apply_matrix_rect(matrix, page.cropbox)
        x0, y0, x1, y1 = max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3])
        if x1 - x0 < MIN_SIDE or y1 - y0 < MIN_SIDE:
            x0, y0, x1, y1 = media
        self.left, self.high = float(x0), float(y1)
        self.width, self.height = float(x1 - x0), float(y1 - y0)
        self.turn = 0

    @property
    def size(self) -> tuple[float, float]:
        return (self.height, self.width) if self.turn in (90, 270) else (self.width, self.height)

    def inside(self, box: Box) -> bool:
        width, height = self.size
        x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        return 0 <= x <= width and 0 <= y <= height

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A box of pdfminer's on the upright page."""
        shown = Box(x0 - self.left, self.high - y1, x1 - self.left, self.high - y0)
        return turned(shown, self.turn, self.width, self.height) if self.turn else shown

    def path(self, path: Path) -> Path:
        left, high, turn = self.left, self.high, self.turn
        points = tuple((x - left, high - y) for x, y in path.points)
        if turn:
            points = tuple(turned_point(x, y, turn, self.width, self.height) for x, y in points)
        return Path(points, path.closed, path.stroked, path.filled, path.curved, path.darkness, path.width, path.dashed)

    def share(self, pictures: Sequence[Picture]) -> float:
        """The share of the page that pictures cover (strips of one picture add up)."""
        area = 0.0
        for picture in pictures:
            x0, y0, x1, y1 = picture.box
            area += max(0.0, min(x1, self.left + self.width) - max(x0, self.left)) * max(
                0.0, min(y1, self.high) - max(y0, self.high - self.height)
            )
        return area / (self.width * self.height)

    def tokens(self, content: Content, direction: int) -> Iterator[tuple[Token, Box]]:
        """The words of text in one direction, with their boxes on the upright page."""
        letters = [g for g in content.glyphs if g.direction == direction]
        if not letters:
            return
        across = direction in (90, 270)
        width, height = (self.height, self.width) if across else (self.width, self.height)
        for token in tokens_of(self._letters(letters, direction)):
            box = Box(token.x0, token.top, token.x1, token.bottom)
            back = (self.turn - direction) % 360
            yield token, turned(box, back, width, height) if back else box

    def _letters(self, glyphs: Sequence[Glyph], direction: int) -> Iterator[Letter]:
        left, high = self.left, self.high
        for text, x0, y0, x1, y1, _, size, order, darkness, shown in glyphs:
            if direction == 0:
                yield Letter(text, x0 - left, high - y1, x1 - left, high - y0, size, order, darkness, not shown)
            else:
                box = turned(Box(x0 - left, high - y1, x1 - left, high - y0), direction, self.width, self.height)
                yield Letter(text, *box, size, order, darkness, not shown)


def _turn(glyphs: Sequence[Glyph]) -> int:
    counts = Counter(g.direction for g in glyphs if g.text != " ")
    if not counts:
        return 0
    direction, count = counts.most_common(1)[0]
    return direction if count >= TURN_SHARE * counts.total() else 0


Placed = tuple[Token, Box]


def _seen(tokens: Sequence[Placed], content: Content, frame: _Frame) -> tuple[list[Placed], list[Placed]]:
    """The words that a person sees, and those that are not painted, white on white, or painted over."""
    shades = [(frame.box(*_bounds(d)), d.order) for d in content.drawings if d.path.filled and d.path.darkness > SHADE]
    shades += [(frame.box(*p.box), p.order) for p in content.pictures]
    covers = [(frame.box(*_bounds(d)), d.order) for d in content.drawings if _covers(d)]
    covers += [(frame.box(*p.box), p.order) for p in content.pictures if p.opaque and _tall(p.box)]
    shown: list[Placed] = []
    hidden: list[Placed] = []
    for token, box in tokens:
        x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        unseen = token.hidden
        if not unseen and token.darkness < WHITE:
            unseen = not any(o < token.order and _holds(b, x, y) for b, o in shades)
        if not unseen and covers:
            unseen = any(o > token.order and _hides(b, box) for b, o in covers)
        (hidden if unseen else shown).append((token, box))
    return shown, hidden


def _bounds(painted: Painted) -> tuple[float, float, float, float]:
    xs, ys = [p[0] for p in painted.path.points], [p[1] for p in painted.path.points]
    return min(xs), min(ys), max(xs), max(ys)


def _tall(box: tuple[float, float, float, float]) -> bool:
    """Whether it can hide a word: pictures often come in strips of a line of pixels each."""
    return box[2] - box[0] > 4 and box[3] - box[1] > 4


def _covers(painted: Painted) -> bool:
    """Whether it is an area as white as paper: darker ones over text are marks of a highlighter more often."""
    path = painted.path
    if not (path.filled and painted.opaque and path.darkness < WHITE and len(path.points) == 4):
        return False
    x0, y0, x1, y1 = _bounds(painted)
    return _tall((x0, y0, x1, y1)) and all(p[0] in (x0, x1) and p[1] in (y0, y1) for p in path.points)


def _holds(box: Box, x: float, y: float) -> bool:
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def _hides(cover: Box, box: Box) -> bool:
    """Whether most of a word's box lies under the cover."""
    across = min(cover.x1, box.x1) - max(cover.x0, box.x0)
    down = min(cover.bottom, box.bottom) - max(cover.top, box.top)
    return across >= 0.85 * (box.x1 - box.x0) and down >= 0.7 * (box.bottom - box.top)


def _words(tokens: Sequence[Placed], page: int, index: int, line: int, read: float) -> Iterator[Word]:
    """The words in order: upright lines from the top, then what runs in other directions."""
    last: int | None = None
    for token, box in tokens:
        if last is not None and token.line != last:
            line += 1
        last = token.line
        unknown = token.text.count("\ufffd")
        sure = read * (1.0 - unknown / len(token.text)) if unknown else read
        yield Word(token.text, index, page, box=Box(*(round(v, 2) for v in box)), line=line, read=sure)
        index += 1
