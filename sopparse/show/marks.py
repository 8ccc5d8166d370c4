"""What the stages made of a page, as marks: words, lines, cells, symbols, arrows, fields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from sopparse.evidence import Field, Piece
from sopparse.export.overlay import Mark
from sopparse.geometry import Box, enclose
from sopparse.layout.grid import Grid
from sopparse.model import Edge, Node
from sopparse.page import Drawing, Page, Points, Words
from sopparse.pipeline import Stages
from sopparse.show.styles import SYMBOLS

# Below this a field is marked as doubtful: on nine documents with known truth all 815 values at or above it were right,
# and 3 of the 37 below were wrong.
SURE = 0.8
# The parts of a JSON Pointer that make the label of a field.
LABEL_PARTS = 2
# Two boxes of one symbol differ by no more than this (points).
SAME = 0.5
# The arrow to a node on another page is drawn this far (points).
STUB = 14.0

Spot = tuple[float, float]

_SECTIONS = {
    "header": "fields.header",
    "legal_basis": "fields.legal_basis",
    "qualifications": "fields.lists",
    "related_sops": "fields.lists",
    "equipment": "fields.lists",
    "warnings": "fields.lists",
    "records": "fields.lists",
    "actors": "fields.actors",
    "steps": "fields.steps",
    "title": "fields.table",
    "footnotes": "fields.table",
}


@dataclass(frozen=True)
class Known:
    """All values of a document with their pointers, and which pieces of words they and the labels take up."""

    stages: Stages

    @cached_property
    def fields(self) -> Mapping[str, Field[Any]]:
        found: dict[str, Field[Any]] = {}
        for i, part in enumerate(self.stages.parts):
            found.update({f"/sops/{i}{path}": field for path, field in part.fields.items()})
        return found

    @cached_property
    def taken(self) -> Mapping[int, Collection[Piece]]:
        """By word, the pieces that stand in a field."""
        found: dict[int, set[Piece]] = {}
        for field in self.fields.values():
            for origin in field.origins:
                for piece in origin.pieces:
                    found.setdefault(piece.word, set()).add(piece)
        return found

    @cached_property
    def headings(self) -> Collection[int]:
        """The words of known headings and of what belongs to the sheet of paper only."""
        labels = [word for part in self.stages.parts for word in part.labels]
        return {word.index for word in (*labels, *self.stages.laid.furniture)}

    def word_kind(self, index: int) -> str:
        if index in self.taken:
            return "words.placed"
        return "words.heading" if index in self.headings else "words.unplaced"


# Where the characters of a span stand; only for documents without pages of their own.
Placing = Callable[[tuple[int, int]], Iterable[Box]]


def word_marks(known: Known, words: Words, placing: Placing | None) -> Iterator[Mark]:
    """One box for each word; of a text only the words that are in no field, since the others have their colour."""
    for word in words:
        kind = known.word_kind(word.index)
        if word.box is not None:
            yield Mark.around(word.box, kind)
        elif placing is not None and word.span is not None and kind != "words.placed":
            yield from (Mark.around(box, kind) for box in placing(word.span))


def rule_marks(grids: Iterable[Grid]) -> Iterator[Mark]:
    for grid in grids:
        for rule in grid.rules:
            ends = ((rule.start, rule.at), (rule.end, rule.at))
            yield Mark("line", "rules.line", ends if rule.across else tuple((y, x) for x, y in ends))


def cell_marks(grids: Iterable[Grid]) -> Iterator[Mark]:
    """The cells; merged ones say over how many rows and columns. Numbers in the margin count the rows of a grid."""
    for grid in grids:
        for row, (top, bottom) in enumerate(pairwise(grid.ys), start=1):
            yield Mark("line", "cells.row", ((grid.box.x0, top), (grid.box.x0, bottom)), str(row), margin=True)
        for cell in grid.cells:
            merged = cell.rows > 1 or cell.columns > 1
            size = f"{cell.rows}x{cell.columns}" if merged else ""
            yield Mark.around(cell.box, "cells.merged" if merged else "cells.cell", size)


def text_cell_marks(page: Page, placing: Placing) -> Iterator[Mark]:
    """The cells of the rows of a text, line by line."""
    for row in page.rows:
        for cell in row.cells:
            for line in cell.lines:
                if len(row.cells) > 1 and line and line[0].span is not None and line[-1].span is not None:
                    for box in placing((line[0].span[0], line[-1].span[1])):
                        yield Mark.around(box, "cells.cell")


# -- flow -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """A node of the flow with its place."""

    node: Node
    page: int
    box: Box
    doubtful: bool


def nodes_of(known: Known) -> dict[str, Shown]:
    """The nodes by their pointer without the number: `/sops/0/procedures/0 n1`."""
    found = {}
    for path, field in known.fields.items():
        origin = next((o for o in field.origins if o.box is not None), None)
        if isinstance(field.value, Node) and origin is not None and origin.box is not None:
            where = path[: path.index("/flow/")]
            shown = Shown(field.value, origin.page, origin.box, field.signals.combined < SURE)
            found[f"{where} {field.value.id}"] = shown
    return found


def symbol_marks(
    nodes: Iterable[Shown], drawings: Sequence[Drawing], page: int, letters: Mapping[str, str]
) -> Iterator[Mark]:
    """The symbols of a page with the id of their node; then those that were seen but are no part of a flow."""
    here = [node for node in nodes if node.page == page]
    symbols = [symbol for drawing in drawings for symbol in drawing.symbols]
    for shown in here:
        outline = next((s.outline for s in symbols if _same(s.box, shown.box)), ())
        kind = shown.node.symbol
        label = f"{shown.node.id} {letters[kind]}"
        points = outline or ((shown.box.x0, shown.box.top), (shown.box.x1, shown.box.bottom))
        yield Mark("outline" if outline else "box", SYMBOLS[kind], points, label, shown.doubtful)
    for symbol in symbols:
        if not any(_same(symbol.box, shown.box) for shown in here):
            yield Mark("outline", "symbols.outside", symbol.outline, letters[symbol.kind])


def _same(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= SAME for a, b in zip(one, other, strict=True))


def edge_marks(known: Known, nodes: Mapping[str, Shown], drawings: Sequence[Drawing], page: int) -> Iterator[Mark]:
    """The edges that begin or end on a page along their drawn line, and drawn lines that became no edge."""
    lines = set()
    for path, field in known.fields.items():
        edge = field.value
        if not isinstance(edge, Edge):
            continue
        where = path[: path.index("/flow/")]
        source, target = nodes.get(f"{where} {edge.source}"), nodes.get(f"{where} {edge.target}")
        if source is None or target is None or page not in (source.page, target.page):
            continue
        drawn = next((o.line for o in field.origins if o.line and o.page == page), ())
        if not drawn and source.page != target.page:
            drawn = _loose_end(drawings, source.box if source.page == page else target.box, source.page == page)
        lines.add(frozenset(drawn))
        points = drawn or _straight(source, target, page)
        kind = "edges.inferred" if field.basis == "inferred" else f"edges.{edge.condition or 'plain'}"
        label = f"{edge.source}>{edge.target}" + (f" {edge.condition}" if edge.condition else "")
        yield Mark("arrow", kind, points, label, field.signals.combined < SURE)
        for origin in field.origins:
            if origin.page == page and origin.pieces and origin.box is not None:
                yield Mark.around(origin.box, "edges.label")
    for drawing in drawings:
        for connector in drawing.connectors:
            if frozenset(connector.points) not in lines:
                yield Mark("arrow" if connector.headed else "line", "edges.loose", connector.points)


def _loose_end(drawings: Sequence[Drawing], box: Box, outgoing: bool) -> Points:
    """The line between a symbol and the break of the page, of which the other part stands on another page."""
    for drawing in drawings:
        for connector in drawing.connectors:
            ends = (connector.source, connector.target) if outgoing else (connector.target, connector.source)
            at, free = ends if connector.headed or ends[0] is not None else ends[::-1]
            if at is not None and free is None and _same(drawing.symbols[at].box, box):
                return connector.points
    return ()


def _straight(source: Shown, target: Shown, page: int) -> tuple[Spot, Spot]:
    """From edge to edge; where the other node stands on another page, a short piece towards it."""
    if source.page == target.page:
        a, b = source.box, target.box
        x, y = (a.x0 + a.x1) / 2, (a.top + a.bottom) / 2
        tx, ty = (b.x0 + b.x1) / 2, (b.top + b.bottom) / 2
        return _edge_of(a, tx, ty), _edge_of(b, x, y)
    box, down = (source.box, True) if source.page == page else (target.box, False)
    x, y = (box.x0 + box.x1) / 2, box.bottom if down else box.top
    return ((x, y), (x, y + STUB)) if down else ((x, y - STUB), (x, y))


def _edge_of(box: Box, x: float, y: float) -> Spot:
    """Where the line from the middle of a box towards a point leaves it."""
    mx, my = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    dx, dy = x - mx, y - my
    reach = max(abs(dx) / max((box.x1 - box.x0) / 2, 0.1), abs(dy) / max((box.bottom - box.top) / 2, 0.1), 1.0)
    return mx + dx / reach, my + dy / reach


# -- fields ---------------------------------------------------------------------------------------------------------


def field_marks(known: Known, page: int, placing: Placing | None) -> Iterator[Mark]:
    """The boxes of the values on a page, by section; the first of each carries the end of its pointer."""
    for path, field in known.fields.items():
        key = _section(path)
        if key is None or field.basis == "symbol":
            continue
        sure = field.signals.combined
        label = _end(path) + (f" {sure:.2f}" if sure < SURE else "")
        for box in _boxes(field, page, placing):
            yield Mark.around(box, key, label, doubtful=sure < SURE)
            label = ""


def _end(path: str) -> str:
    """What tells a field from its neighbours; the number of a step names the whole step."""
    return "/".join(path.removesuffix("/printed_number").split("/")[-LABEL_PARTS:])


def _section(path: str) -> str | None:
    parts = path.split("/")[3:]
    if parts and parts[0] == "procedures":
        parts = parts[2:]
    return _SECTIONS.get(parts[0]) if parts else None


def _boxes(field: Field[Any], page: int, placing: Placing | None) -> list[Box]:
    if placing is not None:
        return [box for o in field.origins if o.span is not None for box in placing(o.span)]
    return _blocks([o.box for o in field.origins if o.page == page and o.box is not None])


def _blocks(lines: Sequence[Box]) -> list[Box]:
    """Lines of one value that follow each other are one box."""
    out: list[Box] = []
    for box in lines:
        last = out[-1] if out else None
        height = box.bottom - box.top
        if last is not None and -height <= box.top - last.bottom <= height and box.x0 < last.x1 and last.x0 < box.x1:
            out[-1] = enclose((last, box))
        else:
            out.append(box)
    return out
