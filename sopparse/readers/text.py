"""Plain text to rows and cells: encodings, tab, pipe, CSV and HTML tables, aligned spaces, remains of markup.

Everything that is not a visible character is replaced in place by a character of its own meaning (see below), so
that every later position is still a position in the decoded text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice

import regex

from sopparse.errors import SourceEmpty, SourceNotText, SourceTooLarge
from sopparse.page import Cell, Document, Page, Row, Word, Words
from sopparse.readers.markup import BREAK, CELL, ENTITY, NOTHING, ROW, Markup, blank_markup
from sopparse.readers.separators import mark_separators

# Share of control characters above which bytes are no text; clean texts have none, broken dumps a few stray ones.
MAX_CONTROL_SHARE = 0.02

# Bound volumes of thirty procedures hold 60 000 words and as many cells. More than these are no such text, and would
# take longer than a person waits.
MAX_WORDS = 150_000
MAX_CELLS = 400_000
# Cells merged over rows stand in each of the rows. A real table repeats some hundred cells and words in this way; when
# this many are repeated, or a row has this many columns, the spans are nonsense and no longer followed.
MAX_REPEATED = 100_000
MAX_COLUMNS = 200

_WORD = regex.compile(rf"[^\s{NOTHING}](?:[^\s]*[^\s{NOTHING}])?")
_CONTROL = regex.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_INVISIBLE = regex.compile("[\u200b-\u200f\u2028\u2029\u2060\ufeff\u00ad]")
_NUMBERING = regex.compile(r"(?:\(?(?:\d{1,2}|[A-Za-z])[.)]|[-*•▪●\uf000-\uf0ff])$")


def decode(source: bytes, name: str) -> str:
    """The text of the bytes: UTF-8, UTF-16 (with or without mark), else Windows-1252."""
    text = _decode(source)
    if len(_CONTROL.findall(text)) > MAX_CONTROL_SHARE * len(text):
        raise SourceNotText(
            f"{name}: these bytes are neither text nor a known kind of document",
            "Check that this is the right file, and export it again as UTF-8 text.",
        )
    return text


def _decode(source: bytes) -> str:
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        return source.decode("utf-16", errors="replace")
    head = source[:4096]
    for parity, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        # Latin text in UTF-16 has a zero in every second byte.
        if (
            len(head) >= 4
            and head[parity::2].count(0) > 0.7 * len(head[parity::2])
            and not head[1 - parity :: 2].count(0)
        ):
            return source.decode(encoding, errors="replace")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        return source.decode("cp1252", errors="replace")


def read(source: bytes, name: str) -> Document:
    """The rows of a text; form feeds part it into pages."""
    text = decode(source, name)
    visible = _CONTROL.sub(" ", text)
    visible = _INVISIBLE.sub(NOTHING, visible).replace("\u00a0", " ")
    markup = blank_markup(visible)
    visible = mark_separators(markup.text)
    _check_size(visible, name)
    pages = tuple(_pages(visible, markup, text))
    if not any(row.cells for page in pages for row in page.rows):
        raise SourceEmpty(f"{name}: the file holds no word", "Check how the file was saved or exported.")
    return Document(
        name=name,
        sha256=hashlib.sha256(source).hexdigest(),
        media_type="text/html" if markup.spans else "text/plain",
        reading="text",
        pages=pages,
        text=text,
    )


def _check_size(visible: str, name: str) -> None:
    cells = visible.count(CELL) + visible.count(ROW) + visible.count(BREAK) + visible.count("\f")
    parted = visible.replace(CELL, " ").replace(BREAK, " ")
    words = sum(1 for _ in islice(_WORD.finditer(parted), MAX_WORDS + 1)) if len(parted) > 2 * MAX_WORDS else 0
    if words > MAX_WORDS or cells > MAX_CELLS:
        raise SourceTooLarge(
            f"{name}: more than {MAX_WORDS} words or {MAX_CELLS} cells, more than any collection of procedure texts",
            "Cut the file into its documents and parse them one by one.",
        )


def _pages(visible: str, markup: Markup, text: str) -> Iterator[Page]:
    cursor = _Cursor(visible, markup, text)
    start = 0
    for number, part in enumerate(visible.split("\f"), 1):
        cursor.page = number
        yield Page(number, tuple(cursor.rows(start, start + len(part))))
        start += len(part) + 1


class _Cursor:
    """Walks over the text once and numbers words and lines."""

    def __init__(self, visible: str, markup: Markup, text: str) -> None:
        self.visible = visible
        self.text = text
        self.markup = markup
        self.page = 1
        self.index = 0
        self.line = 0
        self.repeated = 0

    def rows(self, start: int, end: int) -> Iterator[Row]:
        hanging: dict[int, tuple[Cell, int]] = {}  # column -> cell merged over rows, rows still to fill
        for low, high in _split(self.visible, ROW, start, end):
            if self.visible.find(CELL, low, high) >= 0 or (hanging and low in self.markup.rows):
                row, hanging = self._ruled(low, high, hanging)
                yield row
                continue
            if self.visible[low:high].strip(NOTHING + " "):
                hanging = {}
            for part_low, part_high in _split(self.visible, BREAK, low, high):
                words = self._words(part_low, part_high, part_low, self.line)
                self.line += 1
                if words or part_low == low:
                    yield Row(_aligned(words), False, self.page)

    def _ruled(
        self, low: int, high: int, hanging: dict[int, tuple[Cell, int]]
    ) -> tuple[Row, dict[int, tuple[Cell, int]]]:
        line = self.line
        self.line += 1
        cells: list[Cell] = []
        left: dict[int, tuple[Cell, int]] = {}

        def fill() -> None:
            while len(cells) in hanging:
                cell, rows = hanging[len(cells)]
                self.repeated += 1 + len(cell.words)
                if rows > 1 and self.repeated < MAX_REPEATED:
                    left[len(cells)] = (cell, rows - 1)
                cells.append(cell)

        for cell_low, cell_high in _split(self.visible, CELL, low, high):
            fill()
            lines = (self._words(a, b, low, line) for a, b in _split(self.visible, BREAK, cell_low, cell_high))
            cell = Cell(tuple(words for words in lines if words), len(cells))
            columns, rows = self.markup.spans.get(cell_low, (1, 1))
            columns = max(min(columns, MAX_COLUMNS - len(cells)), 1) if self.repeated < MAX_REPEATED else 1
            self.repeated += columns - 1
            for extra in range(columns):
                if rows > 1:
                    left[len(cells)] = (Cell(cell.lines if extra == 0 else (), len(cells)), rows - 1)
                cells.append(cell if extra == 0 else Cell((), len(cells)))
        fill()
        return Row(tuple(cells) if any(c.lines for c in cells) else (), True, self.page), left

    def _words(self, low: int, high: int, row_start: int, line: int) -> Words:
        words = []
        hidden, seen = 0, row_start  # characters of markup in the line, up to where they were counted
        for match in _WORD.finditer(self.visible, low, high):
            text, (start, end) = match.group(), match.span()
            hidden += self.visible.count(NOTHING, seen, start)
            seen = start
            places = None
            if NOTHING in text:
                places = tuple(start + i for i, character in enumerate(text) if character != NOTHING)
                text = text.replace(NOTHING, "")
            if end < high and self.visible[end] == NOTHING and (entity := ENTITY.match(self.text, end - 1)) is not None:
                end = entity.end()
            column = start - row_start - hidden
            words.append(Word(text, self.index, self.page, 0, (start, end), None, line, column, places=places))
            self.index += 1
        return tuple(words)


def _aligned(words: Words) -> tuple[Cell, ...]:
    """Cells of a line without borders: words with wide gaps between them stand in different columns."""
    groups: list[list[Word]] = []
    for word in words:
        last = groups[-1][-1] if groups else None
        near = last is not None and word.column - (last.column + len(last.text)) < 2
        after_number = last is not None and _NUMBERING.match(last.text) is not None
        if near or after_number:
            groups[-1].append(word)
        else:
            groups.append([word])
    return tuple(Cell((tuple(group),), i) for i, group in enumerate(groups))


def _split(text: str, separator: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while True:
        at = text.find(separator, start, end)
        if at < 0:
            yield start, end
            return
        yield start, at
        start = at + 1
