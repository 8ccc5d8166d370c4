"""Which rows of a document are tables, with titles and footnotes, and which the signature; the rest is the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from sopparse.layout.anchors import LabelledRow
from sopparse.layout.heads import cell_label
from sopparse.layout.ruled import SAME_HEADING, Region, ruled_tables
from sopparse.layout.tables import Table
from sopparse.layout.unweave import unweave
from sopparse.normalize.durations import find_durations
from sopparse.normalize.labels import label_prefix, whole_label
from sopparse.normalize.lines import is_footer, is_footnote, is_procedure_title
from sopparse.normalize.officials import read_official
from sopparse.normalize.text import capital_share, fold, squeeze
from sopparse.page import Row, Word, Words

# Lines above a heading that are looked at for a title, and the most a title may have.
_TITLE_REACH = 10
_TITLE_LENGTH = 220
_SHORTEST_TITLE = 8
# Headings of one table stand within this many lines; distinct headings that make a line or group of lines a head.
_HEAD_REACH = 4
_HEAD_LABELS = 3
# Where each cell has a line of its own, names of actors stand between the headings: few words a line, few lines.
_CELL_WORDS = 4
_MAX_NAMES = 12
# From this share of capitals on, a line is a heading.
_CAPITALS = 0.8
# Lines at the end of a document in which the signature is looked for.
_SIGNATURE_LINES = 14


@dataclass(frozen=True, slots=True)
class Outline:
    taken: tuple[bool, ...]  # for each row: it is no part of the form
    tables: tuple[Table, ...]
    signature: tuple[Words, ...]
    labels: Words
    stray: Words


def outline(labelled: Sequence[LabelledRow]) -> Outline:
    rows = [one.row for one in labelled]
    form = [bool(one.anchors) for one in labelled]
    named = _named_title(labelled)
    regions = list(ruled_tables(rows))
    regions += _woven_tables(rows, form, regions)
    regions.sort(key=lambda region: region.start)
    taken = [False] * len(rows)
    tables: list[Table] = []
    labels: list[Word] = []
    stray: list[Word] = []
    signature: tuple[Words, ...] = ()
    for region in regions:
        taken[region.start : region.end] = [True] * (region.end - region.start)
    for k, region in enumerate(regions):
        table = region.table
        if not table.title:
            title, used = _title_above(rows, form, region.start, taken, named)
            table = replace(table, title=title)
            for i in used:
                taken[i] = True
        after = regions[k + 1].start if k + 1 < len(regions) else len(rows)
        tail = _tail(rows, form, region.end, after, taken, named)
        footnotes, rest = _footnotes(rows, tail)
        table = replace(table, footnotes=(*table.footnotes, *footnotes))
        for i in tail:
            taken[i] = True
        if k + 1 == len(regions) and is_signature("\n".join(rows[i].text for i in rest)):
            signature = tuple(line for i in rest for cell in rows[i].cells for line in cell.lines)
        else:
            for i in rest:
                (labels if _says_nothing(rows[i].text) else stray).extend(rows[i].words)
        tables.append(table)
    return Outline(tuple(taken), tuple(tables), signature, tuple(labels), tuple(stray))


def is_signature(text: str) -> bool:
    """Whether the lines name who signed: a number or rank of a civil servant, or a position with a name."""
    official = read_official(text)
    return (
        official.nip is not None
        or official.rank is not None
        or (official.position is not None and official.name is not None)
    )


def _starts_with_position(text: str) -> bool:
    position = read_official(text).position
    return position is not None and position[0] == 0


def _says_nothing(text: str) -> bool:
    return is_footer(text) or whole_label(text, ("form",)) is not None


def _tail(
    rows: Sequence[Row], form: Sequence[bool], start: int, end: int, taken: Sequence[bool], named: str
) -> list[int]:
    """The rows below a table, up to the next table's title or the next label of the form."""
    tail = []
    for i in range(start, end):
        row = rows[i]
        if taken[i] or not row.cells:
            continue
        if form[i]:
            break
        tail.append(i)
    if end < len(rows):
        title, used = _title_above(rows, form, end, taken, named)
        tail = [i for i in tail if i not in used] if title else tail
    return tail


def _footnotes(rows: Sequence[Row], tail: Sequence[int]) -> tuple[list[Words], list[int]]:
    """Footnotes stand directly below the table; a line that goes on in small letters belongs to the one above."""
    notes: list[Words] = []
    rest = list(tail)
    while rest:
        words, text = rows[rest[0]].words, rows[rest[0]].text
        if is_footnote(text):
            notes.append(words)
        elif notes and text[:1].islower():
            notes[-1] = (*notes[-1], *words)
        else:
            break
        rest.pop(0)
    return notes, rest


def _title_above(
    rows: Sequence[Row], form: Sequence[bool], start: int, taken: Sequence[bool], named: str
) -> tuple[Words, list[int]]:
    """The lines just above a table that name its procedure, and their positions."""
    found: list[int] = []
    for i in range(start - 1, max(start - 1 - _TITLE_REACH, -1), -1):
        row = rows[i]
        if taken[i]:
            break
        if not row.cells:
            if found and not (_is_heading_line(rows[found[-1]].text) or _repeats(rows[found[-1]].text, named)):
                break
            continue
        filled = [cell for cell in row.cells if cell.lines]
        if len(filled) != 1 or form[i] or len(row.text) > _TITLE_LENGTH:
            break
        if not (_is_heading_line(row.text) or _is_dashes(row.text) or _repeats(row.text, named)):
            break
        found.append(i)
    lines = [i for i in reversed(found) if not _says_nothing(rows[i].text) and not _is_dashes(rows[i].text)]
    if not lines:
        return (), []
    return tuple(word for i in lines for word in rows[i].words), lines


def _named_title(labelled: Sequence[LabelledRow]) -> str:
    """The folded text of the row in which the SOP is named."""
    for one in labelled:
        if any(anchor.label.name == "title" for anchor in one.anchors):
            return squeeze(one.row.text)
    return ""


def _repeats(text: str, named: str) -> bool:
    """Whether a line says the name of the SOP again."""
    key = squeeze(text)
    return len(key) >= _SHORTEST_TITLE and key in named


def _is_dashes(text: str) -> bool:
    return not fold(text)


def _is_heading_line(text: str) -> bool:
    capital = capital_share(text) >= _CAPITALS
    return (capital and len(text.split()) >= 2) or is_procedure_title(text) or _says_nothing(text)


# -- tables without borders ---------------------------------------------------------------------------------------


def _woven_tables(rows: Sequence[Row], form: Sequence[bool], ruled: Sequence[Region]) -> list[Region]:
    blocked = [False] * len(rows)
    for region in ruled:
        blocked[region.start : region.end] = [True] * (region.end - region.start)
    heads = _head_lines(rows, [one or other for one, other in zip(blocked, form, strict=True)])
    regions: list[Region] = []
    while heads:
        (first, last), *heads = heads
        # The same heading again tops the next page of the same table.
        repeats = 0
        while repeats < len(heads) and _same_heading(rows, (first, last), heads[repeats]):
            repeats += 1
        again, heads = heads[:repeats], heads[repeats:]
        repeated = [i for a, b in again for i in range(a, b + 1)]
        start = _woven_start(rows, form, first, blocked, regions[-1].end if regions else 0)
        limit = _woven_start(rows, form, heads[0][0], blocked, max([last, *repeated]) + 1) if heads else len(rows)
        end = _woven_end(rows, form, max([last, *repeated]) + 1, limit, blocked)
        lines = [row.words for i, row in enumerate(rows[start:end], start) if row.cells and i not in repeated]
        table = unweave(lines)
        if table is not None and table.rows:
            headings = tuple(word for i in repeated for word in rows[i].words)
            regions.append(Region(start, end, replace(table, labels=(*table.labels, *headings))))
    return regions


def _same_heading(rows: Sequence[Row], one: tuple[int, int], other: tuple[int, int]) -> bool:
    left, right = (fold(" ".join(row.text for row in rows[a : b + 1])) for a, b in (one, other))
    return fuzz.ratio(left, right) >= SAME_HEADING


def _column_labels(row: Row) -> set[str]:
    """The column headings in a line: cells that are one, or any words where the line was read with single spaces."""
    cells = [cell for cell in row.cells if cell.lines]
    if len(cells) > 1:
        return {label.name for cell in cells if (label := cell_label(cell)) is not None}
    found: dict[str, bool] = {}
    tokens = [w.text for w in row.words]
    i = 0
    while i < min(len(tokens), 40):
        capital = tokens[i][:1].isupper()
        hit = label_prefix(tuple(tokens[i : i + 4]), ("column", "group")) if capital else None
        whole = whole_label(tokens[i], ("column",)) if hit is None and capital else None
        if hit is not None:
            found[hit.label.name] = True
        elif whole is not None:
            found.setdefault(whole.label.name, False)
        i += hit.count if hit is not None else 1
    # A common word ("Hasil", "Bahan") is a heading only as the whole line or beside another heading.
    if len(tokens) > 1 and len(found) < 2 and not any(found.values()):
        return set()
    return set(found)


def _is_item(words: Words) -> bool:
    """Whether a line begins with the number of a list or of a row."""
    return len(words) > 1 and words[0].text[:1].isdigit() and any(c.isalpha() for c in words[1].text)


def _head_lines(rows: Sequence[Row], blocked: Sequence[bool]) -> list[tuple[int, int]]:
    """First and last line of each head among the lines without borders."""
    candidates = []
    for i, row in enumerate(rows):
        if blocked[i] or row.ruled or not row.cells or len(row.text) > 200 or _is_item(row.words):
            continue
        labels = _column_labels(row)
        if labels and not find_durations(row.text) and len(row.words) <= 6 * len(labels) + 4:
            candidates.append((i, labels))
    heads: list[tuple[int, int]] = []
    group: list[tuple[int, set[str]]] = []
    for candidate in candidates:
        if group and not _same_head(rows, group[-1][0], candidate[0]):
            _keep_head(group, heads, rows)
            group = []
        group.append(candidate)
    _keep_head(group, heads, rows)
    return heads


def _same_head(rows: Sequence[Row], above: int, below: int) -> bool:
    """Whether two lines with headings belong to one head: near each other, or with only names between them."""
    between = [row for row in rows[above + 1 : below] if row.cells]
    if len(between) < _HEAD_REACH:
        return True
    one_each = len(rows[above].words) <= _CELL_WORDS and len(rows[below].words) <= _CELL_WORDS
    return one_each and len(between) <= _MAX_NAMES and all(len(row.words) <= 2 * _CELL_WORDS for row in between)


def _keep_head(group: list[tuple[int, set[str]]], heads: list[tuple[int, int]], rows: Sequence[Row]) -> None:
    # Lines above the heading, a title or the end of another table, may hold one of its words.
    several = next((k for k, (_, labels) in enumerate(group) if len(labels) > 1), 0)
    while several and len(group[0][1]) == 1 and len(rows[group[0][0]].words) > 2:
        group, several = group[1:], several - 1
    distinct = set().union(*(labels for _, labels in group))
    if len(distinct) >= _HEAD_LABELS and distinct & {"duration", "quality", "requirements", "output"}:
        heads.append((group[0][0], group[-1][0]))


def _woven_start(rows: Sequence[Row], form: Sequence[bool], head: int, blocked: Sequence[bool], floor: int) -> int:
    """The first line that can belong to the table: its title, or what drifted above the heading."""
    start = head
    for i in range(head - 1, max(floor, head - 4 * _TITLE_REACH) - 1, -1):
        row = rows[i]
        if blocked[i] or form[i] or find_durations(row.text):
            break
        if row.cells and _is_heading_line(row.text) and (i == 0 or not rows[i - 1].cells):
            return i
    gap = 0
    for i in range(head - 1, floor - 1, -1):
        if blocked[i] or form[i] or find_durations(rows[i].text):
            break
        gap = 0 if rows[i].cells else gap + 1
        if gap >= 2:
            return i + gap
        if rows[i].cells and _is_heading_line(rows[i].text):
            start = i
    return start


def _woven_end(rows: Sequence[Row], form: Sequence[bool], start: int, limit: int, blocked: Sequence[bool]) -> int:
    """The table ends where the form begins again, or where somebody signs."""
    end = start
    while end < limit and not blocked[end]:
        if form[end] and not find_durations(rows[end].text):
            break
        end += 1
    filled = [i for i in range(start, end) if rows[i].cells]
    for size in range(min(_SIGNATURE_LINES, len(filled)), 1, -1):
        block = filled[-size:]
        text = "\n".join(rows[i].text for i in block)
        if any(find_durations(rows[i].text) for i in block):
            continue
        if is_signature(text) and (_is_heading_line(rows[block[0]].text) or _starts_with_position(text)):
            return block[0]
    return end
