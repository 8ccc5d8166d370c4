"""Where one SOP ends and the next begins in a text that holds several: a header block, not a page, starts a new one."""

from __future__ import annotations

from collections.abc import Sequence

from sopparse.layout.anchors import LabelledRow
from sopparse.layout.heads import is_heading
from sopparse.normalize.agencies import read_agency
from sopparse.normalize.text import capital_share

# The fields that stand at the top of every form; a second one of them after the lists opens the next document.
_OPENING = frozenset(("number", "title", "created", "approver", "effective"))
# From this share of capitals on, a line may belong to a letterhead.
_CAPITALS = 0.6
# Lines of the letterhead that may stand above the first label.
_LETTERHEAD = 8
# The header block of a form: this many of those fields within this many rows; for a further form after a whole one two
# are enough. One alone may stand in a blank form that is attached ("Nama: ....").
_BLOCK = 12
_BLOCK_LABELS = 3
_NEXT_LABELS = 2


def split(rows: Sequence[LabelledRow]) -> tuple[tuple[LabelledRow, ...], ...]:
    """The rows of each SOP among the rows of a document; one where nothing says that there are more."""
    rows = rows[_first(rows) :]
    starts = [0]
    opened: set[str] = set()
    bodies = 0
    for i, labelled in enumerate(rows):
        row = labelled.row
        if row.ruled and is_heading(row):
            bodies += 1
            continue
        labels = [anchor.label for anchor in labelled.anchors]
        bodies += sum(label.group == "section" for label in labels)
        names = {label.name for label in labels if label.group == "header"} & _OPENING
        if names & opened and bodies >= 2:
            if not _is_block(rows, i):
                continue
            starts.append(_top(rows, i, starts[-1]))
            opened, bodies = set(), 0
        opened |= names
    return tuple(tuple(rows[a:b]) for a, b in zip(starts, [*starts[1:], len(rows)], strict=True))


def _is_block(rows: Sequence[LabelledRow], start: int) -> bool:
    """Whether the fields that open a form stand from this row on, on its page."""
    names = {
        anchor.label.name
        for labelled in rows[start : start + _BLOCK]
        if labelled.row.page == rows[start].row.page
        for anchor in labelled.anchors
        if anchor.label.group == "header"
    }
    return len(names & _OPENING) >= _NEXT_LABELS


def _first(rows: Sequence[LabelledRow]) -> int:
    """Where the first form begins, if that is on a later page: what stands before it (cover, decree, annexes) is no
    part of it."""
    seen: list[tuple[int, str]] = []
    for i, labelled in enumerate(rows):
        if labelled.row.ruled and is_heading(labelled.row) and labelled.row.page == rows[0].row.page:
            return 0
        names = {anchor.label.name for anchor in labelled.anchors if anchor.label.group == "header"}
        seen = [(at, name) for at, name in seen if i - at <= _BLOCK and rows[at].row.page == labelled.row.page]
        seen += [(i, name) for name in names & _OPENING]
        if len({name for _, name in seen}) >= _BLOCK_LABELS:
            first = seen[0][0]
            return _top(rows, first, 0) if rows[first].row.page > rows[0].row.page else 0
    return 0


def _top(rows: Sequence[LabelledRow], label: int, floor: int) -> int:
    """The first line of the letterhead and the fields above a label."""
    start = label
    gap = False
    for i in range(label - 1, max(floor, label - 2 * _LETTERHEAD), -1):
        labelled = rows[i]
        if labelled.row.page != rows[label].row.page:
            break
        if not labelled.cells:
            gap = True
            continue
        if not any(anchor.label.group == "header" for anchor in labelled.anchors):
            capitals = capital_share(labelled.row.text) >= _CAPITALS
            if len(labelled.cells) > 1 or labelled.anchors:
                break
            # Beyond a blank line capitals may be those of the signature of the document before.
            if not ((capitals and not gap) or _is_letterhead(labelled.row.text)):
                break
        start, gap = i, False
    return _page_top(rows, start)


def _page_top(rows: Sequence[LabelledRow], start: int) -> int:
    """A few lines that stand above the form on its page (the title of an annex) belong to it."""
    page = rows[start].row.page
    if page == rows[0].row.page:
        return start
    top = start
    while top > 0 and rows[top - 1].row.page == page:
        top -= 1
    above = [one for one in rows[top:start] if one.cells]
    plain = not any(one.anchors or one.row.ruled for one in above)
    return top if plain and len(above) <= _LETTERHEAD // 2 else start


def _is_letterhead(text: str) -> bool:
    read = read_agency((text,))
    return read.government is not None or read.name is not None or read.address is not None or bool(read.units)
