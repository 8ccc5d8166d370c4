"""What readers yield: words with their places, and the rows and cells they stand in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Literal

from sopparse.evidence import Issue, Origin, Piece
from sopparse.geometry import Box, enclose

Reading = Literal["text", "pdf", "ocr", "office", "mixed"]
# Where the words of a page are: in its text, in pictures (nothing could be read there), or some in each.
PageKind = Literal["text", "image", "both"]


@dataclass(frozen=True, slots=True)
class Word:
    """A run of visible characters without space.

    `index` counts the words of the document; a glued word that was cut in two keeps its index, and `start` is the
    place of its first character in the source word. `span` is the range of characters in the decoded text, `box` the
    place on the page: plain text has only the one, a page only the other. `line` is the 0-based line of the source
    and `column` the 0-based character column in that line (plain text). `places` tells where in the decoded text each
    character stands, where markup or entities make the source longer than the word.
    """

    text: str
    index: int
    page: int = 1
    start: int = 0
    span: tuple[int, int] | None = None
    box: Box | None = None
    line: int = 0
    column: int = 0
    read: float = 1.0
    places: tuple[int, ...] | None = None

    def cut(self, at: int) -> tuple[Word, Word]:
        """The word as two, before and from character `at` (0 < at < length)."""
        left_span = right_span = None
        if self.span is not None:
            low, high = self.span
            middle = self.places[at] if self.places is not None else low + at
            left_span, right_span = (low, middle), (middle, high)
        left_places, right_places = (None, None) if self.places is None else (self.places[:at], self.places[at:])
        left = replace(self, text=self.text[:at], span=left_span, places=left_places)
        right = replace(
            self,
            text=self.text[at:],
            span=right_span,
            start=self.start + at,
            column=self.column + at,
            places=right_places,
        )
        return left, right

    @property
    def end(self) -> int:
        return self.start + len(self.text)


Words = tuple[Word, ...]


def glued(left: Word, right: Word) -> bool:
    """Whether the two are neighbouring parts of one source word."""
    return left.index == right.index and left.end == right.start


def text_of(words: Sequence[Word]) -> str:
    """The words as one string, single spaces between, parts of one source word joined again."""
    if not words:
        return ""
    parts = [words[0].text]
    for left, right in pairwise(words):
        if not glued(left, right):
            parts.append(" ")
        parts.append(right.text)
    return "".join(parts)


def read_of(words: Sequence[Word]) -> float:
    """The mean certainty of the characters."""
    return sum(w.read for w in words) / len(words) if words else 1.0


def least_read(words: Sequence[Word]) -> float:
    """The certainty of the word that was read worst: a value is as right as that. Punctuation alone does not count."""
    said = [w.read for w in words if any(c.isalnum() for c in w.text)]
    return min(said) if said else read_of(words)


def origins_of(words: Iterable[Word]) -> tuple[Origin, ...]:
    """One origin for each run of words on a line, in the order of the words."""
    runs: list[list[Word]] = []
    for word in words:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and last.page == word.page
            and last.line == word.line
            and last.index <= word.index <= last.index + 1
        ):
            runs[-1].append(word)
        else:
            runs.append([word])
    return tuple(_origin(run) for run in runs)


def _origin(run: list[Word]) -> Origin:
    boxes = [w.box for w in run if w.box is not None]
    first, last = run[0].span, run[-1].span
    return Origin(
        page=run[0].page,
        box=enclose(boxes) if boxes else None,
        span=(first[0], last[1]) if first is not None and last is not None else None,
        pieces=tuple(Piece(w.index, w.start, w.end) for w in run),
    )


def slice_words(words: Words, start: int, end: int) -> Words:
    """The words of characters `start:end` of `text_of(words)`."""
    return Sliced(words).between(start, end)


class Sliced:
    """Words that are cut in many places: knows where in `text_of(words)` each begins."""

    __slots__ = ("starts", "words")

    def __init__(self, words: Words) -> None:
        self.words = words
        self.starts: list[int] = []
        position = 0
        for i, word in enumerate(words):
            if i and not glued(words[i - 1], word):
                position += 1
            self.starts.append(position)
            position += len(word.text)

    def between(self, start: int, end: int) -> Words:
        """The words of characters `start:end`; those at the ends may be cut."""
        if start >= end:
            return ()
        first = max(bisect_right(self.starts, start) - 1, 0)
        found = list(self.words[first : bisect_left(self.starts, end)])
        if found and end - (low := self.starts[first + len(found) - 1]) < len(found[-1].text):
            found[-1], _ = found[-1].cut(end - low)
        if found and (at := start - self.starts[first]) > 0:
            if at >= len(found[0].text):
                del found[0]
            else:
                _, found[0] = found[0].cut(at)
        return tuple(found)


@dataclass(frozen=True)
class Cell:
    """Words that stand together, line by line; `column` is the 0-based position in its row, `box` its place where
    borders are drawn around it."""

    lines: tuple[Words, ...]
    column: int = 0
    box: Box | None = None

    @cached_property
    def words(self) -> Words:
        return self.lines[0] if len(self.lines) == 1 else tuple(word for line in self.lines for word in line)

    @cached_property
    def text(self) -> str:
        return text_of(self.words)


@dataclass(frozen=True)
class Row:
    """One line of cells. `ruled` rows have printed borders (tab, pipe, table cell); in the others the borders are
    guessed from wide gaps. A line of running text is a row of one cell."""

    cells: tuple[Cell, ...]
    ruled: bool
    page: int = 1

    @cached_property
    def words(self) -> Words:
        return tuple(word for cell in self.cells for word in cell.words)

    @cached_property
    def text(self) -> str:
        return text_of(self.words)


@dataclass(frozen=True, slots=True)
class Path:
    """Something drawn: an open line or a closed outline, flattened to straight pieces (points in page coordinates)."""

    points: tuple[tuple[float, float], ...]
    closed: bool
    stroked: bool
    filled: bool
    curved: bool = False  # some of it was a curve
    darkness: float = 1.0  # of the fill, or of the stroke where nothing is filled: 0 white, 1 black
    width: float = 0.0  # of the stroke
    dashed: bool = False
    read: float = 1.0  # how surely this is what is drawn: less than 1 in pictures


@dataclass(frozen=True, slots=True)
class Page:
    """One page. Of a plain text the reader knows the rows; of a page with geometry it knows words, size and paths, and
    the layout makes the rows. A plain text is one page without a size, or several where form feeds part it."""

    number: int
    rows: tuple[Row, ...] = ()
    free: Words = ()  # words whose rows are not known yet
    width: float = 0.0
    height: float = 0.0
    paths: tuple[Path, ...] = ()
    kind: PageKind = "text"
    # Degrees clockwise by which the page as displayed was turned so that its text stands upright; width, height and
    # all coordinates are those after turning.
    turned: int = 0
    # Where the page was made straight before it was read: the matrix (3 x 3, row by row) from its places to those on
    # the page as displayed. It includes the turning.
    shown: tuple[float, ...] | None = None
    unread: tuple[Box, ...] = ()  # cells of a scan with ink that gave no word

    @property
    def words(self) -> Words:
        return self.free or tuple(word for row in self.rows for word in row.words)


@dataclass(frozen=True, slots=True)
class Engine:
    """The program that read the pictures of text: at how many dots per inch (of the first page)."""

    name: str
    version: str
    languages: tuple[str, ...]
    dpi: int


@dataclass(frozen=True, slots=True)
class Document:
    """A source file, read. `text` is the decoded text that spans point into (plain text only)."""

    name: str
    sha256: str
    media_type: str
    reading: Reading
    pages: tuple[Page, ...]
    text: str | None = None
    issues: tuple[Issue, ...] = ()  # what could not be read, or was left out
    engine: Engine | None = None

    @property
    def words(self) -> Words:
        return tuple(word for page in self.pages for word in page.words)


Points = tuple[tuple[float, float], ...]
SymbolKind = Literal["terminator", "process", "decision", "document", "off-page", "on-page", "other"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A drawn symbol of a flow chart. `kind` is what its outline alone says; what it means may depend on the chart."""

    kind: SymbolKind
    box: Box
    outline: Points
    words: Words = ()  # printed inside
    read: float = 1.0


@dataclass(frozen=True, slots=True)
class Connector:
    """One way along drawn lines, from one end to another; lines that merge give one connector for each way.

    `source` and `target` are positions in the symbols of the drawing, None where the end hangs free. Without a head
    (`headed` is false) the drawing does not say which end is which.
    """

    points: Points
    source: int | None
    target: int | None
    headed: bool
    read: float = 1.0  # 1 where both ends touch; less where a gap was bridged


@dataclass(frozen=True, slots=True)
class Drawing:
    """The flow chart of one page; `labels` are the words beside the lines, phrase by phrase."""

    symbols: tuple[Symbol, ...] = ()
    connectors: tuple[Connector, ...] = ()
    labels: tuple[Words, ...] = ()
