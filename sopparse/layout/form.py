"""The form around the tables, read from the top: which words are the letterhead, a field's value, a list's line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sopparse.layout.anchors import Anchor, LabelledRow, place_of, without_colon
from sopparse.layout.letterhead import goes_on, is_caption, names_official
from sopparse.layout.pairs import part_pair, part_queue
from sopparse.normalize.labels import cut_labels, whole_label
from sopparse.normalize.lines import is_footer
from sopparse.normalize.text import squeeze
from sopparse.page import Cell, Row, Word, Words

# Fields whose value may go on in the next line.
_LONG_FIELDS = frozenset(("title", "approver"))
# Columns of aligned text that differ by less than this are the same column (characters).
_SAME_COLUMN = 4
# Labels that follow each other before their items: the form has six lists, and some print one or two more.
_MAX_QUEUED = 9
# Words that reach this share of its width into the next column run across it; less is a box too wide.
_LEAST_ACROSS = 0.1
# From this many spaces on, a value stands in a column of its own behind its label.
_WIDE_GAP = 3


@dataclass(slots=True)
class OpenField:
    name: str
    label: Words
    x: int  # where its label stands
    value_x: int | None
    lines: list[Words]
    ruled: bool
    waiting: bool = True  # the label stood alone: the next line is the value
    place: float = 1.0


@dataclass(slots=True)
class OpenList:
    name: str
    label: Words
    x: int
    lines: list[Words]
    place: float = 1.0


class Form:
    """Walks down the rows outside the tables and keeps what is open."""

    def __init__(self) -> None:
        self.agency: list[Words] = []
        self.fields: list[OpenField] = []
        self.lists: list[OpenList] = []
        self.labels: list[Word] = []
        self.stray: list[Word] = []
        self.open_field: OpenField | None = None
        self.open_lists: list[OpenList] = []
        self.pair: list[Words] = []  # lines of two lists read as one
        self.queue: list[Words] = []  # lines below several labels that followed each other
        self.queued = False
        self.blank = False
        self.read: set[int] = set()  # the first words of the cells so far
        self.above: dict[int, OpenField] = {}  # fields whose labels stand side by side in the row above
        self.in_letterhead = True
        self.caption: Words = ()
        self.upper: dict[int, Words] = {}  # by column: the last line of the letterhead that is all of a cell
        self.kind_seen = False  # the line before said only what kind of document this is
        self.half: tuple[str, int] | None = None  # the end of a label cut over two lines, lines left to find it

    # -- one row ------------------------------------------------------------------------------------------------

    def take(self, labelled: LabelledRow) -> None:
        row = labelled.row
        # A cell merged over several rows stands in each of them; the form reads it once.
        new = [k for k, cell in enumerate(labelled.cells) if cell.lines[0][0].index not in self.read]
        cells = [labelled.cells[k] for k in new]
        if not cells:
            self.blank = True
            return
        self.read.update(cell.lines[0][0].index for cell in cells)
        if self._is_noise(row):
            return
        found = [labelled.found[k] for k in new]
        if any(found):
            self._labelled(row, cells, found)
        else:
            self._unlabelled(row, cells)
        self.blank = False

    def _is_noise(self, row: Row) -> bool:
        """Words that only say what kind of document or page this is."""
        text = row.text
        kind = whole_label(text, ("form",)) if len(text) < 90 else None
        if kind is not None:
            if not self.caption and not self.blank and self.agency and is_caption(self.agency[-1]):
                self.caption = self.agency.pop()
            self.kind_seen = not self.fields
        if kind is not None or is_footer(text):
            self.labels.extend(row.words)
            return True
        return False

    def _labelled(self, row: Row, cells: Sequence[Cell], found: Sequence[tuple[Anchor, ...]]) -> None:
        sections = [a for anchors in found for a in anchors if a.label.group == "section"]
        if sections:
            self._open_lists(row, cells, sections, len(cells) == 1)
        elif any(a.label.group == "header" for anchors in found for a in anchors):
            self.flush()
            self.open_lists = []
        last: Anchor | None = None
        for cell, anchors in zip(cells, found, strict=True):
            words = cell.words
            if not anchors:
                self._beside(cell, row, last)
                continue
            if anchors[0].start > 0:
                self._before_label(words[: anchors[0].start])
            for k, anchor in enumerate(anchors):
                end = anchors[k + 1].start if k + 1 < len(anchors) else len(words)
                label, value = words[anchor.start : anchor.end], without_colon(words[anchor.end : end], self.labels)
                self.labels.extend(label)
                lines = _lines_of(cell, value)
                if anchor.label.group == "header":
                    self._open_field(anchor, label, row.ruled)
                    if value:
                        gap = value[0].column - label[-1].column - len(label[-1].text)
                        for line in lines:
                            self._add_value(line, value[0].column if gap >= _WIDE_GAP and not row.ruled else None)
                else:
                    self._list_of(anchor, row.ruled).lines.extend(lines)
                last = anchor
        self._note_half(cells, found)
        headers = [anchors[0] for anchors in found if anchors and anchors[0].label.group == "header"]
        fields = self.fields[-len(headers) :] if headers else []
        if row.ruled and len(headers) >= max(2, len(cells) - 1) and all(field.waiting for field in fields):
            # Labels side by side: the values stand in the row below.
            self.above = {anchor.x: field for anchor, field in zip(headers, fields, strict=True)}

    def _below_labels(self, cells: Sequence[Cell]) -> bool:
        """Takes a row of values that stand below a row of labels."""
        above, self.above = self.above, {}
        if not above or not all(cell.column in above for cell in cells):
            return False
        for cell in cells:
            self.open_field = above[cell.column]
            for line in cell.lines:
                self._add_value(line, cell.column)
        return True

    def _beside(self, cell: Cell, row: Row, last: Anchor | None) -> None:
        """A cell without label in a row with labels: the value of the label to its left, or part of the letterhead."""
        lines = [line for part in cell.lines if (line := without_colon(part, self.labels))]
        if last is None:
            if self._take_half(cell.words):
                return
            if row.ruled and whole_label(cell.text, ("form",)) is not None:
                self._below_caption(cell)
            elif row.ruled and self._is_beside_letterhead(None, cell.column):
                self.stray.extend(cell.words)
            else:
                self._to_letterhead(lines)
        elif last.label.group == "header" and self.open_field is not None:
            for line in lines:
                self._add_value(line, place_of(cell, row.ruled))
        else:
            self._list_of(last, row.ruled).lines.extend(lines)

    def _is_beside_letterhead(self, field: OpenField | None, column: int) -> bool:
        """Whether the labels of fields stand in that column of the table, or their values: what is neither of the two
        there could not be read."""
        if field is not None and field.value_x is not None and column > field.x:
            return True
        labelled = any(one.ruled and one.label and column in (one.x, one.value_x) for one in self.fields)
        return labelled and column not in self.upper

    def _below_caption(self, cell: Cell) -> None:
        """The kind of document in the frame of the identity block; the procedure is named above it."""
        self.labels.extend(cell.words)
        above = self.upper.get(cell.column, ())
        if not self.caption and above in self.agency and is_caption(above):
            self.agency.remove(above)
            self.caption = above

    def _before_label(self, words: Words) -> None:
        if not self._take_half(words):
            self._to_letterhead((words,))

    def _unlabelled(self, row: Row, cells: Sequence[Cell]) -> None:
        if row.ruled and self._below_labels(cells):
            return
        kind_seen, self.kind_seen = self.kind_seen, False
        if kind_seen and not self.caption and len(cells) == 1 and is_caption(cells[0].words):
            self.caption = cells[0].words
            return
        if len(cells) == 1 and self._take_half(cells[0].words):
            return
        if self.open_lists and self._leaves_columns(row, cells):
            self.flush()
            self.open_lists, self.open_field = [], None
            for cell in cells:
                self.stray.extend(cell.words)
            return
        if self.open_lists:
            for cell in cells:
                self._to_list(cell, row)
            return
        field = self.open_field
        if field is not None and row.ruled and any(cell.column == field.x != field.value_x for cell in cells):
            # A label that could not be read begins another field.
            field = self.open_field = None
        for cell in cells:
            x = place_of(cell, row.ruled)
            if field is not None and self._goes_on(field, cell, x, row):
                for line in cell.lines:
                    self._add_value(line, x)
            elif self.lists or (row.ruled and self._is_beside_letterhead(field, x)):
                self.stray.extend(cell.words)
            elif row.ruled and not self.lists and names_official(cell):
                self.fields.append(OpenField("approver", (), x, x, list(cell.lines), True, False))
            else:
                self._to_letterhead(cell.lines)
                self.upper[x] = cell.lines[0] if len(cell.lines) == 1 else ()

    def _leaves_columns(self, row: Row, cells: Sequence[Cell]) -> bool:
        """Whether the text of a ruled row runs across the columns in which the open lists stand side by side."""
        if not row.ruled or len({part.x for part in self.open_lists}) < 2 or len(cells) > 1:
            return False
        if len(row.cells) == 1:
            return True
        cell = cells[0]
        columns = {part.x for part in self.open_lists}
        nexts = [other.box for other in row.cells if other.column > cell.column and other.column in columns]
        ends = [word.box.x1 for word in cell.words if word.box is not None]
        reached = nexts[0] if nexts else None
        return reached is not None and bool(ends) and max(ends) > reached.x0 + _LEAST_ACROSS * (reached.x1 - reached.x0)

    def _goes_on(self, field: OpenField, cell: Cell, x: int, row: Row) -> bool:
        """Whether a cell without label continues the value of the field above it."""
        if row.ruled != field.ruled:
            return False
        if row.ruled:
            return field.value_x is not None and x == field.value_x and field.name in _LONG_FIELDS
        if field.waiting:
            return not field.lines and (not self.blank or field.value_x is None) and x >= field.x - _SAME_COLUMN
        if field.name not in _LONG_FIELDS or self.blank:
            return False
        return field.value_x is None or abs(x - field.value_x) < _SAME_COLUMN or x > field.x + _SAME_COLUMN

    def _to_letterhead(self, lines: Sequence[Words]) -> None:
        """Lines of the letterhead; it ends where running text begins, as in a decree."""
        for line in lines:
            self.in_letterhead = self.in_letterhead and goes_on(self.agency, line)
            if self.in_letterhead:
                self.agency.append(line)
            else:
                self.stray.extend(line)

    # -- header -------------------------------------------------------------------------------------------------

    def _open_field(self, anchor: Anchor, label: Words, ruled: bool) -> None:
        self.open_field = OpenField(anchor.label.name, label, anchor.x, None, [], ruled, place=anchor.sure)
        self.fields.append(self.open_field)

    def _add_value(self, words: Words, x: int | None) -> None:
        field = self.open_field
        assert field is not None
        words = without_colon(words, self.labels)
        if not words:
            return
        field.lines.append(words)
        field.waiting = False
        if field.value_x is None:
            field.value_x = x

    def _note_half(self, cells: Sequence[Cell], found: Sequence[tuple[Anchor, ...]]) -> None:
        for cell in cells:
            key = squeeze(cell.text)
            for start, end, _ in cut_labels():
                if key == start:
                    self.half = (end, 3)

    def _take_half(self, words: Words) -> bool:
        """The second half of a label that was cut over two lines, with what stood before it on its line."""
        if self.half is None:
            return False
        end, left = self.half
        self.half = (end, left - 1) if left > 1 else None
        if squeeze(words[-1].text) != end:
            return False
        self.labels.append(words[-1])
        if len(words) > 1:
            self.agency.append(words[:-1])
        self.half = None
        return True

    # -- lists --------------------------------------------------------------------------------------------------

    def _open_lists(self, row: Row, cells: Sequence[Cell], anchors: Sequence[Anchor], one_cell: bool) -> None:
        opened = [OpenList(a.label.name, _label_words(cells, a), a.x, [], a.sure) for a in anchors]
        few = 0 < len(self.open_lists) < _MAX_QUEUED
        empty = few and not any(part.lines for part in self.open_lists) and not self.pair and not self.queue
        if empty and not row.ruled and one_cell and len(opened) == 1:
            # Label below label: their items follow one list after the other.
            self.open_lists = [*self.open_lists, *opened]
            self.queued = True
        else:
            self.flush()
            # Side by side, but not in one row: a label without items yet stays open in its own column.
            beside = {part.x for part in opened}
            waiting = [part for part in self.open_lists if row.ruled and not part.lines and part.x not in beside]
            self.open_lists = [*waiting, *opened]
            self.queued = False
        self.lists.extend(opened)
        self.open_field = None

    def _list_of(self, anchor: Anchor, ruled: bool) -> OpenList:
        for part in reversed(self.open_lists):
            if part.name == anchor.label.name:
                return part
        return self.open_lists[-1]

    def _to_list(self, cell: Cell, row: Row) -> None:
        if row.ruled and cell.column < min(part.x for part in self.open_lists):
            # The label over this column was not read.
            self.stray.extend(cell.words)
        elif len(self.open_lists) == 1:
            self.open_lists[0].lines.extend(cell.lines)
        elif self.queued:
            self.queue.extend(cell.lines)
        elif len({part.x for part in self.open_lists}) == 1 or self._read_as_one(row):
            self.pair.extend(cell.lines)
        else:
            x = place_of(cell, row.ruled)
            tolerance = 0 if row.ruled else _SAME_COLUMN
            left_of = [part for part in self.open_lists if part.x <= x + tolerance]
            target = max(left_of, key=lambda part: part.x) if left_of else self.open_lists[0]
            target.lines.extend(cell.lines)

    def _read_as_one(self, row: Row) -> bool:
        """Two labels on a line that was read with single spaces: positions say nothing about the columns."""
        if row.ruled or len(self.open_lists) != 2:
            return False
        left, right = self.open_lists
        return (
            bool(left.label and right.label)
            and right.label[0].column - left.label[-1].column < len(left.label[-1].text) + 3
        )

    def flush(self) -> None:
        """Parts the lines that were kept for several lists."""
        if self.pair and len(self.open_lists) >= 2:
            left, right = self.open_lists[0], self.open_lists[1]
            parted = part_pair(self.pair, left.name, right.name)
            left.lines.extend(parted.left)
            right.lines.extend(parted.right)
            self.labels.extend(parted.bars)
            left.place = right.place = 0.7 + 0.25 * parted.sure
        if self.queue:
            for part, lines in zip(
                self.open_lists, part_queue(self.queue, [p.name for p in self.open_lists]), strict=True
            ):
                part.lines.extend(lines)
                part.place = 0.85
        self.pair, self.queue = [], []


def _label_words(cells: Sequence[Cell], anchor: Anchor) -> Words:
    for cell in cells:
        words = cell.words[anchor.start : anchor.end]
        if words and (cell.column == anchor.x or words[0].column == anchor.x):
            return words
    return ()


def _lines_of(cell: Cell, words: Words) -> list[Words]:
    """The words, which are some of the cell's, line by line."""
    if len(cell.lines) < 2 or not words:
        return [words] if words else []
    line_of = {(word.index, word.start): i for i, line in enumerate(cell.lines) for word in line}
    lines: dict[int, list[Word]] = {}
    last = 0
    for word in words:
        last = line_of.get((word.index, word.start), last)
        lines.setdefault(last, []).append(word)
    return [tuple(line) for line in lines.values()]
