"""Labels of the form in a line or cell: the fixed points from which everything else is placed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sopparse.layout.unstack import unstacked
from sopparse.normalize.labels import FoundLabel, Group, Label, cut_labels, label_prefix, may_start_label, whole_label
from sopparse.normalize.text import squeeze
from sopparse.page import Cell, Row, Word, Words, text_of

_GROUPS: tuple[Group, ...] = ("header", "section")
# A cell longer than this is no label alone; no label has more words.
_LABEL_LENGTH = 60
_LABEL_WORDS = 8
# Outside of tables the word stands before other dates, too: that of a signature.
_ONLY_RULED = frozenset(("dated",))
# A label of the header inside a line of scanned text has at least this many letters ("NomorSOP", "Nama SOP").
_SURE_LENGTH = 7


@dataclass(frozen=True, slots=True)
class Anchor:
    """A label at words `start:end` of a cell; `x` is the column of its first word (see `place_of`)."""

    label: Label
    start: int
    end: int
    x: int
    colon: bool
    sure: float = 1.0  # less where the label was not read, but told by its place


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row, the cells of it that hold words, and the labels in each of these cells."""

    row: Row
    cells: tuple[Cell, ...]
    found: tuple[tuple[Anchor, ...], ...]

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        return tuple(anchor for anchors in self.found for anchor in anchors)


def label_rows(rows: Iterable[Row]) -> tuple[LabelledRow, ...]:
    """The rows with the labels in them. A label that runs over a wide gap joins the cells it was torn into, and a word
    that ends a label and begins its value is cut in two."""
    return tuple(_labelled(row) for row in unstacked(rows))


def _labelled(row: Row) -> LabelledRow:
    cells = [cell for cell in row.cells if cell.lines]
    if not row.ruled and len(cells) > 1:
        cells = _joined(cells)
    cells = [Cell((_cut(cell.words),), cell.column) if len(cell.lines) == 1 else cell for cell in cells]
    found = tuple(anchors_of(cell, cell.words, row.ruled) for cell in cells)
    return LabelledRow(row, tuple(cells), found)


def _joined(cells: list[Cell]) -> list[Cell]:
    out = [cells[0]]
    for cell in cells[1:]:
        left, right = out[-1].words, cell.words
        hit = label_prefix(tuple(w.text for w in (*left, *right)[:8]), _GROUPS) if len(left) <= 2 else None
        if hit is not None and not hit.weak and hit.count > len(left) and hit.count <= len(left) + len(right):
            out[-1] = Cell(((*left, *right),), out[-1].column)
        else:
            out.append(cell)
    return out


def _cut(words: Words) -> Words:
    out: list[Word] = []
    rest = list(words)
    i = 0
    while i < len(rest):
        found = _label_at(rest, i)
        count = found.count if found is not None else 1
        if found is None or found.cut is None:
            out.extend(rest[i : i + count])
            i += count
            continue
        out.extend(rest[i : i + count - 1])
        i += count - 1
        left, rest[i] = rest[i].cut(found.cut)
        out.append(left)
    return tuple(out)


def _label_at(words: Sequence[Word], i: int) -> FoundLabel | None:
    """The label that begins with the word at position `i`."""
    text = words[i].text
    if not (text[:1].isalpha() and may_start_label(text, _GROUPS)):
        return None
    return label_prefix(tuple(w.text for w in words[i : i + 8]), _GROUPS)


def anchors_of(cell: Cell, words: Words, ruled: bool) -> tuple[Anchor, ...]:
    """The labels in the words of a cell, in order. Labels of lists count only where they stand like labels: as the
    whole cell, before a colon, or behind another label; labels of the header count at any word of the first lines."""
    if not words:
        return ()
    text = cell.text
    if len(text) < _LABEL_LENGTH:
        whole = whole_label(text, _GROUPS)
        if (
            whole is not None
            and not (whole.label.name in _ONLY_RULED and not ruled)
            and (not whole.weak or ruled or whole.colon or _is_cut(text) or _heads_list(whole, text))
        ):
            return (Anchor(whole.label, 0, len(words), _x(cell, words, 0, ruled), whole.colon),)
    found: list[Anchor] = []
    i = 0
    while i < len(words):
        hit = _label_at(words, i)
        last = i + _LABEL_WORDS >= len(words) and found and found[-1].end == i
        if hit is None and last and found[-1].label.group == "section":
            # Behind the label of a list even a common word is the label of the list beside it.
            hit = whole_label(text_of(words[i:]), ("section",))
            if hit is not None:
                found.append(Anchor(hit.label, i, len(words), _x(cell, words, i, ruled), hit.colon))
                break
        if hit is not None and _counts(hit, words, i, found, ruled):
            end = i + hit.count
            while end < len(words) and not squeeze(words[end].text):
                end += 1
            found.append(Anchor(hit.label, i, end, _x(cell, words, i, ruled), hit.colon))
            i = end
        else:
            i += 1
    return tuple(found)


def _heads_list(found: FoundLabel, text: str) -> bool:
    """A common word that is all of a line and names a list ("Perlengkapan") is its label."""
    return found.label.group == "section" and found.label.name != "other" and text[:1].isupper()


def _is_cut(text: str) -> bool:
    key = squeeze(text)
    return any(key == start for start, _, _ in cut_labels())


def _counts(hit: FoundLabel, words: Words, i: int, before: list[Anchor], ruled: bool) -> bool:
    behind_label = bool(before) and before[-1].end == i
    at_start = i == 0
    end = i + hit.count
    at_end = end == len(words)
    if hit.weak and not (at_start and hit.colon):
        return False
    if hit.label.name in _ONLY_RULED and not ruled:
        return False
    if hit.label.group == "header":
        # Two-word labels are rare in sentences; one-word ones ("disahkan") and misread ones are not.
        printed = sum(len(w.text) for w in words[i : i + hit.count])
        exact = printed >= _SURE_LENGTH and hit.similarity == 1.0 and words[i].text[:1].isupper()
        return at_start or behind_label or (exact and not ruled)
    if at_end and (at_start or behind_label):
        return True
    if at_start or behind_label:
        following = words[end].text if not at_end else ""
        capital = words[i].text[:1].isupper()
        next_label = (
            label_prefix(tuple(w.text for w in words[end : end + 8]), _GROUPS) is not None
            or whole_label(text_of(words[end : end + 8]), ("section",)) is not None
        )
        return hit.colon or next_label or (capital and hit.count >= 2 and not following[:1].islower())
    return hit.colon and words[i].text[:1].isupper() and hit.count >= 2


def _x(cell: Cell, words: Words, i: int, ruled: bool) -> int:
    return cell.column if ruled else words[i].column


def place_of(cell: Cell, ruled: bool) -> int:
    """Where a cell begins: its number in ruled rows, the character column in aligned text."""
    return cell.column if ruled or not cell.lines else cell.lines[0][0].column


def without_colon(words: Words, labels: list[Word]) -> Words:
    """The words without the punctuation that parts a value from its label; that goes to the labels."""
    if not words:
        return ()
    first = words[0]
    if not squeeze(first.text) and first.text[:1] in ":=;.":
        labels.append(first)
        return words[1:]
    if first.text[0] in ":=" and len(first.text) > 1:
        colon, rest = first.cut(1)
        labels.append(colon)
        return (rest, *words[1:])
    return words
