"""Labels of scanned forms that could not be read, told by their place: beside another label, or among the labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from sopparse import vocab
from sopparse.layout.anchors import Anchor, LabelledRow
from sopparse.normalize.labels import Label
from sopparse.normalize.text import squeeze
from sopparse.page import Cell, text_of

# The lists that the form prints side by side.
_RIGHT_OF = {"legal_basis": "qualifications", "related_sops": "equipment", "warnings": "records"}
_LEFT_OF = {right: left for left, right in _RIGHT_OF.items()}
_FIELDS = ("number", "title", "created", "revised", "effective", "approved", "approver")
# What is left of a label that could not be read: so few words, each less sure than this.
_FEW_WORDS = 3
_UNREAD = 0.6
# How sure a label is that was not read.
_BY_PLACE = 0.7
# Letters from which on a piece of a label tells which one it is; its last word may have one of so many letters wrong.
_LEAST_PIECE = 3
_LONG_WORD = 8
# From so many labels on, a column is that of the labels.
_LEAST_LABELS = 2


def told_by_place(rows: Sequence[LabelledRow]) -> list[LabelledRow]:
    """The rows of one SOP with the labels that their places tell. Only labels that it has nowhere else are told."""
    known = {anchor.label.name for one in rows for anchor in one.anchors}
    pairs = {tuple(a.x for a in one.anchors) for one in rows if one.row.ruled and _lists(one) == len(one.anchors) == 2}
    columns = Counter(a.x for one in rows if one.row.ruled for a in one.anchors if a.label.group == "header")
    labels = {x for x, count in columns.items() if count >= _LEAST_LABELS}
    told = []
    in_header = True
    for one in rows:
        in_header = in_header and not _lists(one)
        told.append(_among_labels(one, known, labels) if in_header else _beside_label(one, known, pairs))
    return told


def _lists(one: LabelledRow) -> int:
    return sum(anchor.label.group == "section" for anchor in one.anchors)


def _beside_label(one: LabelledRow, known: Set[str], pairs: Set[tuple[int, ...]]) -> LabelledRow:
    """The row with the label of the list that the form prints beside the one that was read."""
    anchors = one.anchors
    if not one.row.ruled or len(one.cells) != 2 or len(anchors) != 1 or anchors[0].label.group != "section":
        return one
    at = 1 if one.found[0] else 0
    name = (_RIGHT_OF if at else _LEFT_OF).get(anchors[0].label.name)
    cell, whole = one.cells[at], one.cells[1 - at]
    alone = anchors[0].end == len(whole.words) or len(whole.lines) == 1
    usual = tuple(other.column for other in one.cells) in pairs
    if name is None or name in known or not alone or not _is_unread(cell, 1.0 if usual else _UNREAD):
        return one
    anchor = Anchor(Label("section", name), 0, len(cell.words), cell.column, False, _BY_PLACE)
    return replace(one, found=((anchor,), one.found[1]) if at == 0 else (one.found[0], (anchor,)))


def _is_unread(cell: Cell, limit: float) -> bool:
    """A few words that a machine did not read surely, one by one."""
    return len(cell.words) <= _FEW_WORDS and all(word.read < limit for word in cell.words if len(word.text) > 1)


def _among_labels(one: LabelledRow, known: Set[str], columns: Set[int]) -> LabelledRow:
    """The row with the label of the field of which only a piece was read, in the column of the labels."""
    if not one.row.ruled or one.anchors:
        return one
    for k, cell in enumerate(one.cells):
        name = _by_piece(text_of(cell.words), known) if cell.column in columns and _is_unread(cell, 1.0) else None
        if name is not None:
            anchor = Anchor(Label("header", name), 0, len(cell.words), cell.column, False, _BY_PLACE)
            return replace(one, found=(*one.found[:k], (anchor,), *one.found[k + 1 :]))
    return one


def _by_piece(text: str, known: Set[str]) -> str | None:
    """The only field not found yet in whose label the text stands, or whose label ends with nearly that word."""
    key = squeeze(text)
    if len(key) < _LEAST_PIECE:
        return None
    names = [
        name
        for name in _FIELDS
        if name not in known and any(_is_piece(key, form) for form in vocab.load("labels")["header"][name]["forms"])
    ]
    return names[0] if len(names) == 1 else None


def _is_piece(key: str, form: str) -> bool:
    last = squeeze(form.split()[-1])
    return key in squeeze(form) or (len(last) >= _LONG_WORD and Levenshtein.distance(key, last, score_cutoff=1) <= 1)
